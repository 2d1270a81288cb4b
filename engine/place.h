/* Addresses, phones, e-mail: what stands on a letterhead. Parts of one address agree with each
 * other. */
#ifndef ENGINE_PLACE_H
#define ENGINE_PLACE_H

#include "engine/maker.h"

/* Columns of cities.tsv. */
enum {
    SB_CITY_NAME,
    SB_CITY_LATIN,
    SB_CITY_REGION,
    SB_CITY_POSTAL,
    SB_CITY_LATITUDE,
    SB_CITY_LONGITUDE,
    SB_CITY_POPULATION,
    SB_CITY_UTC,
    SB_CITY_DST,
    SB_CITY_AREA
};

/* Where somebody lives: a city of a locale, and a key that gives street and number. */
typedef struct sb_place {
    uint32_t locale;
    uint32_t city;
    sb_key key;
} sb_place;

/* An address as its record says it, but for the type, which stands last. */
enum { SB_ADDRESS_BYTES = 1280 };
typedef struct sb_address {
    sb_place place;
    uint16_t byte_count;            /* 0: none is kept */
    uint16_t city, region, country; /* where they begin */
    uint8_t bytes[SB_ADDRESS_BYTES];
} sb_address;

void sb_address_make(sb_maker *maker, const sb_place *place, sb_address *out);
/* Appends the record (SB_ADDRESS_FIELDS); `type` is one of SB_ADDRESS_*. */
void sb_rows_address(sb_rows *rows, const sb_address *address, int type);

/* Made ready at first use; owned by the caller, who frees it. NULL when memory ran out. */
struct sb_locality *sb_localities_open(uint32_t locale_count);
struct sb_address *sb_addresses_open(void);

/* Both of them; the addresses asked for last are kept. */
void sb_put_address(sb_maker *maker, sb_rows *rows, const sb_place *place, int type);

/* A number out of a range that the country keeps for fiction (or, where it has none, out of one it
 * has not given to anybody), in the city's plan. */
void sb_make_phone(sb_maker *maker, const sb_place *place, bool mobile, uint64_t draw,
                   sb_line *out);

/* The text in column `latin` of a row, or, where that is "-", the one in column `native`. */
sb_text sb_table_latin(const sb_table *table, uint32_t native, uint32_t latin, uint32_t row);

/* Lower-case ASCII letters and digits of a Latin name: how it is written in an address of the
 * Internet. */
void sb_line_slug(sb_line *line, sb_text name);

/* A number of five digits and more, another for every id: a keyed permutation inside classes of ids
 * (below 10^5: five digits, below 10^7: seven, below 10^12: twelve), so it neither repeats nor
 * shows the order of ids. `key` is the stream's. */
void sb_line_unique(sb_line *line, sb_key key, uint64_t id);

/* The same in steps, for who permutes more than that: the rank is sb_permute() of the place. */
typedef struct sb_unique {
    sb_permutation order;
    uint64_t begin, place;
    int digits;
} sb_unique;
static inline sb_unique sb_unique_of(sb_key key, uint64_t id)
{
    const uint64_t five = 100000, seven = 10000000, twelve = UINT64_C(1000000000000);
    if (id < five)
        return (sb_unique){{key, five, 8, 9}, 0, id, 5};
    if (id < seven)
        return (sb_unique){{key, seven - five, 12, 12}, five, id - five, 7};
    return (sb_unique){{key, twelve - seven, 20, 20}, seven, id - seven, 12};
}
static inline void sb_line_unique_rank(sb_line *line, const sb_unique *of, uint64_t rank)
{
    sb_line_digits(line, of->begin + rank, of->digits);
}

/* An IPv4 address of a private or shared range (10/8, 100.64/10, 198.18/15) or, one in eight, an
 * IPv6 one for documentation (2001:db8::/32). */
void sb_line_ip(sb_line *line, uint64_t draw);

#endif
