/* What time it is where: the clocks of cities, for the hours that people know. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/tables.h"
#include "workers/report.h"

enum { PLACE_BYTES_MAX = 256 };

/* What clocks show in the cities of the compiled-in tables, by country and name; by the name alone
 * for those who order from abroad, unless cities of that name differ. */
typedef struct sb_report_clocks {
    sb_tally cities, names;
    sb_clock *of_cities, *of_names;
    bool *ambiguous;
    sb_clock *of_locations; /* of the report's locations, as they come up */
    bool *known;
    size_t location_capacity;
} clocks;

static bool same_clock(sb_clock a, sb_clock b)
{
    return a.standard_minutes == b.standard_minutes && a.dst == b.dst;
}

static sb_status learn_clock(clocks *c, const char *country, const char *city, sb_clock clock,
                             sb_error *err)
{
    char both[PLACE_BYTES_MAX];
    int index, length = snprintf(both, sizeof both, "%s\t%s", country, city);
    if (length < 0 || (size_t)length >= sizeof both)
        return SB_OK;
    SB_TRY(sb_tally_add(&c->cities, both, (size_t)length, &index, err));
    if (index >= 0)
        c->of_cities[index] = clock;
    SB_TRY(sb_tally_add(&c->names, city, strlen(city), &index, err));
    if (index < 0)
        return SB_OK;
    if (c->names.entries[index].count > 1 && !same_clock(c->of_names[index], clock))
        c->ambiguous[index] = true;
    c->of_names[index] = clock;
    return SB_OK;
}

static sb_clock clock_in_table(const sb_tables *tables, uint32_t locale, uint32_t city)
{
    const char *minutes = sb_tables_cell(tables, locale, SB_TABLE_CITIES, city, "utc_minutes");
    const char *dst = sb_tables_cell(tables, locale, SB_TABLE_CITIES, city, "dst");
    return (sb_clock){atoi(minutes), dst[0] == 'u'   ? SB_DST_US
                                     : dst[0] == 'e' ? SB_DST_EU
                                     : dst[0] == 'a' ? SB_DST_AU
                                                     : SB_DST_NONE};
}

sb_status sb_clocks_open(const sb_tables *tables, clocks **out, sb_error *err)
{
    clocks *c = *out = calloc(1, sizeof *c);
    size_t total = 0;
    for (uint32_t locale = 0; locale < sb_tables_locale_count(tables); locale++)
        total += 2 * sb_tables_row_count(tables, locale, SB_TABLE_CITIES);
    if (c != NULL) {
        c->of_cities = calloc(total + 1, sizeof *c->of_cities);
        c->of_names = calloc(total + 1, sizeof *c->of_names);
        c->ambiguous = calloc(total + 1, sizeof *c->ambiguous);
    }
    if (c == NULL || c->of_cities == NULL || c->of_names == NULL || c->ambiguous == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for the clocks of the report");
    for (uint32_t locale = 0; locale < sb_tables_locale_count(tables); locale++) {
        const char *country = sb_tables_locale(tables, locale)->country.bytes;
        uint32_t cities = sb_tables_row_count(tables, locale, SB_TABLE_CITIES);
        char code[3] = {country[0], country[1], '\0'};
        for (uint32_t city = 0; city < cities; city++) {
            const char *name = sb_tables_cell(tables, locale, SB_TABLE_CITIES, city, "city");
            SB_TRY(learn_clock(c, code, name, clock_in_table(tables, locale, city), err));
        }
    }
    return SB_OK;
}

void sb_clocks_close(clocks *c)
{
    if (c == NULL)
        return;
    sb_tally_close(&c->cities);
    sb_tally_close(&c->names);
    free(c->of_cities);
    free(c->of_names);
    free(c->ambiguous);
    free(c->of_locations);
    free(c->known);
    free(c);
}

/* `place` is "DE\tMünchen". */
static bool find_clock(const clocks *c, const char *place, sb_clock *out)
{
    int index = sb_tally_find(&c->cities, place);
    const char *tab = strchr(place, '\t');
    if (index >= 0) {
        *out = c->of_cities[index];
        return true;
    }
    index = tab == NULL ? SB_TALLY_NONE : sb_tally_find(&c->names, tab + 1);
    if (index < 0 || c->ambiguous[index])
        return false;
    *out = c->of_names[index];
    return true;
}

sb_status sb_clocks_of(clocks *c, const sb_tally *locations, int location, bool *known,
                       sb_clock *out, sb_error *err)
{
    *known = false;
    if (location < 0)
        return SB_OK;
    if ((size_t)location >= c->location_capacity) {
        size_t capacity = c->location_capacity == 0 ? 256 : 2 * c->location_capacity;
        sb_clock *grown = realloc(c->of_locations, capacity * sizeof *grown);
        if (grown != NULL)
            c->of_locations = grown;
        bool *known_grown = realloc(c->known, capacity * sizeof *known_grown);
        if (known_grown != NULL)
            c->known = known_grown;
        if (grown == NULL || known_grown == NULL)
            return sb_fail(err, SB_ENOMEM, "no memory for the clocks of the report");
        c->location_capacity = capacity;
    }
    if (locations->entries[location].count == 1)
        c->known[location] =
            find_clock(c, sb_tally_text(locations, (size_t)location), &c->of_locations[location]);
    *known = c->known[location];
    if (*known)
        *out = c->of_locations[location];
    return SB_OK;
}
