/* Addresses, phones, e-mail: what stands on a letterhead. Parts of one address agree with each
 * other. */
#ifndef ENGINE_PLACE_H
#define ENGINE_PLACE_H

#include "engine/maker.h"

/* Where somebody lives: a city of a locale, and a key that gives street and number. */
typedef struct sb_place {
    uint32_t locale;
    uint32_t city;
    sb_key key;
} sb_place;

/* Appends an address record (SB_ADDRESS_FIELDS). `type` is one of SB_ADDRESS_*. */
void sb_put_address(sb_maker *maker, sb_rows *rows, const sb_place *place, int type);

/* A number out of a range that the country keeps for fiction (or, where it has none, out of one it
 * has not given to anybody), in the city's plan. */
void sb_make_phone(sb_maker *maker, const sb_place *place, uint64_t draw, sb_line *out);

/* Lower-case ASCII letters and digits of a name: how it is written in an address of the Internet.
 */
void sb_line_slug(sb_line *line, sb_text name);

/* A number of five digits and more, another for every id: a keyed permutation inside classes of ids
 * (below 10^5: five digits, below 10^7: seven, below 10^12: twelve), so it neither repeats nor
 * shows the order of ids. `key` is the stream's. */
void sb_line_unique(sb_line *line, sb_key key, uint64_t id);

#endif
