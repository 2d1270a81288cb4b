/* Dates and amounts as a locale writes them. */
#ifndef ENGINE_LOCAL_TEXT_H
#define ENGINE_LOCAL_TEXT_H

#include "engine/maker.h"

/* The name out of a list with '|' between its names; 0 is the first. */
void sb_line_name(sb_line *line, const char *names, uint32_t which);
/* The name of a day's month, out of sb_locale.months. `days` since 1970. */
void sb_line_month(sb_line *line, const char *months, int32_t days);
/* A day by the locale's date_pattern. */
void sb_line_date(sb_line *line, const sb_locale *locale, int32_t days);
/* Minor units of a currency (a row of the shared table) with the locale's signs: by its
 * amount_pattern, or, where the currency is not the locale's own, with the code behind. */
void sb_line_amount(sb_maker *maker, sb_line *line, const sb_locale *locale, uint16_t currency,
                    int64_t minor);

#endif
