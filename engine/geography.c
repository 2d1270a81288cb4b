#include "engine/geography.h"

#include <stdlib.h>

#include "engine/screening.h"

/* ---- distances ------------------------------------------------------------------------------ */

/* The sine of an angle from -180 to 360 degrees (times 10^7), in 2^-20: the approximation of
 * Bhaskara, 4x(180-x) / (40500 - x(180-x)), off by less than two in a thousand. */
static int64_t sine(int64_t angle)
{
    int64_t x = angle / 10000; /* thousandths of a degree */
    if (x < 0)
        return -sine(-angle);
    if (x > 180000)
        return -sine(angle - 1800000000);
    int64_t product = x * (180000 - x);
    return (product << 22) / (INT64_C(40500000000) - product);
}

static int64_t cosine(int64_t angle)
{
    return sine(900000000 - (angle < 0 ? -angle : angle));
}

sb_spot sb_spot_of(sb_point point)
{
    int64_t flat = cosine(point.latitude);
    return (sb_spot){flat * cosine(point.longitude), flat * sine(point.longitude),
                     sine(point.latitude)};
}

/* A line that is at most three in a hundred
 * off between 1 and 4, scaled by a power of four, and two of Newton's steps from there: that is at
 * most one too many. */
int64_t sb_integer_root(int64_t value)
{
    if (value < 4)
        return value > 0;
    int half = (63 - __builtin_clzll((unsigned long long)value)) / 2;
    int64_t root = ((value >> half) + ((int64_t)2 << half)) * 703 / 2048 + 1;
    root = (root + value / root) / 2;
    root = (root + value / root) / 2;
    return root - (root * root > value);
}

/* From the chord the arc by the series c (1 + c^2 / 24 + 3 c^4 / 640). */
int64_t sb_square_km(int64_t square)
{
    int64_t chord = sb_integer_root(square);
    int64_t share = square >> 20; /* c^2 in 2^-20 */
    int64_t arc = chord + (chord * (share / 24 + (share * 3 / 640 * share >> 20)) >> 20);
    return arc * 6371 >> 20;
}

int64_t sb_distance_km(sb_point a, sb_point b)
{
    sb_spot one = sb_spot_of(a), other = sb_spot_of(b);
    return sb_square_km(sb_spot_square(&one, &other));
}

/* The least square that is so many kilometres. */
static int64_t least_square(int64_t km)
{
    int64_t least = 0, above = (int64_t)5 << 40; /* a diameter's is 4 */
    while (least < above) {
        int64_t middle = (least + above) / 2;
        if (sb_square_km(middle) < km)
            least = middle + 1;
        else
            above = middle;
    }
    return least;
}

/* ---- sets of countries ---------------------------------------------------------------------- */

bool sb_code_listed(const char *codes, const char code[2])
{
    for (const char *at = codes; *at != '\0'; at += at[2] == '\0' ? 2 : 3)
        if (at[0] == code[0] && at[1] == code[1])
            return true;
    return false;
}

static uint16_t lands_of(const char *code)
{
    static const char *const lands[] = {
        ("AD AT BE BG CH CZ DE DK EE ES FI FR GR HR HU IT LI LT LU LV MC NL NO PL PT RO RU SE SI "
         "SK "
         "TR UA"),
        "CN HK KP MM MY SG TH VN",
        "CA MX US",
        "AR BR CL CO PE VE",
        "AE BH IL IR KW OM QA SA SY YE",
        "EG LY SD",
        "KE SO",
        "FR GB", /* by the tunnel */
        "BE GB",
        "GB NL",
    };
    uint16_t bits = 0;
    for (size_t i = 0; i < sizeof lands / sizeof lands[0]; i++)
        if (sb_code_listed(lands[i], code))
            bits |= (uint16_t)(1 << i);
    return bits;
}

static uint8_t unions_of(const char *code)
{
    static const char *const unions[] = {
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK",
        "CH LI"};
    uint8_t bits = 0;
    for (size_t i = 0; i < sizeof unions / sizeof unions[0]; i++)
        if (sb_code_listed(unions[i], code))
            bits |= (uint8_t)(1 << i);
    return bits;
}

static uint8_t zones_of(const char *code)
{
    static const struct {
        const char *codes;
        uint8_t zone;
    } zones[] = {{"AD AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV "
                  "MC MT NL NO PL PT RO SE SI SK",
                  SB_ZONE_FREE},
                 {"DK EE FI LV NO SE", SB_ZONE_BALTIC},
                 {"CA MX US", SB_ZONE_NO_RAILS},
                 {"CN HK", SB_ZONE_CHINESE},
                 {"JP KR SG HK", SB_ZONE_STRONG},
                 {"IN NG EG KE SA VN", SB_ZONE_GUARDED}};
    uint8_t bits = 0;
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++)
        if (sb_code_listed(zones[i].codes, code))
            bits |= zones[i].zone;
    return bits;
}

/* ---- who is where --------------------------------------------------------------------------- */

bool sb_locale_in(const sb_maker *maker, uint32_t country, uint64_t draw, uint32_t *locale)
{
    const sb_country *in = &maker->geography->countries[country];
    const uint8_t *there = maker->geography->locales + in->first_locale;
    uint32_t first = (uint32_t)sb_below(draw, sb_tables_locale_count(maker->world->tables)), i = 0;
    while (i < in->locale_count && there[i] < first)
        i++;
    if (in->locale_count > 0)
        *locale = there[i < in->locale_count ? i : 0];
    return in->locale_count > 0;
}

static void list_locales(const sb_maker *maker, uint32_t country, uint32_t *listed,
                         sb_geography *out)
{
    sb_country *of = &out->countries[country];
    of->first_locale = (uint16_t)*listed;
    for (uint32_t i = 0; i < sb_tables_locale_count(maker->world->tables); i++)
        if (sb_locale_of(maker, i)->country_index == country) {
            out->locales[(*listed)++] = (uint8_t)i;
            of->locale_count++;
        }
}

static void list_airlines(const sb_table *airlines, int64_t country_mark, uint32_t country,
                          uint32_t *listed, sb_geography *out)
{
    enum { AIRLINE_COUNTRY = 2 };
    sb_country *of = &out->countries[country];
    of->first_airline = (uint16_t)*listed;
    for (uint32_t i = 0; i < airlines->count; i++)
        if (sb_table_mark(airlines, AIRLINE_COUNTRY, i) == country_mark) {
            out->airlines[(*listed)++] = (uint16_t)i;
            of->airline_count++;
        }
}

static sb_country country_of(const sb_table *countries, uint32_t row)
{
    const char *code = sb_table_text(countries, SB_COUNTRY_CODE, row).bytes;
    sb_point capital = {sb_table_int(countries, SB_COUNTRY_LATITUDE, row),
                        sb_table_int(countries, SB_COUNTRY_LONGITUDE, row)};
    int64_t from_equator = capital.latitude < 0 ? -capital.latitude : capital.latitude;
    uint8_t zones = zones_of(code);
    if (sb_table_int(countries, SB_COUNTRY_HIGH_RISK, row) != 0)
        zones |= SB_ZONE_HIGH_RISK;
    if (sb_table_int(countries, SB_COUNTRY_HAVEN, row) != 0)
        zones |= SB_ZONE_HAVEN;
    return (sb_country){.capital = sb_spot_of(capital),
                        .region_mark = sb_table_mark(countries, SB_COUNTRY_REGION, row),
                        .lands = lands_of(code),
                        .zones = zones,
                        .unions = unions_of(code),
                        .region = sb_table_text(countries, SB_COUNTRY_REGION, row).bytes[0],
                        .is_warm = from_equator < 435000000};
}

sb_geography *sb_geography_prepare(sb_maker *maker)
{
    static const int64_t kilometres[SB_REACH_COUNT] = {800, 2000, 3000, 4000, 5000};
    const sb_table *countries = sb_find(maker, 0, SB_TABLE_COUNTRIES);
    const sb_table *airlines = sb_find(maker, 0, SB_TABLE_AIRLINES);
    uint32_t locales = sb_tables_locale_count(maker->world->tables);
    uint32_t listed_locales = 0, listed_airlines = 0;
    sb_geography *made =
        calloc(1, sizeof *made + countries->count * sizeof(sb_country) +
                      airlines->count * sizeof *made->airlines + locales * sizeof *made->locales);
    if (made == NULL)
        return NULL;
    made->airlines = (uint16_t *)(made->countries + countries->count);
    made->locales = (uint8_t *)(made->airlines + airlines->count);
    for (int i = 0; i < SB_REACH_COUNT; i++)
        made->reach[i] = least_square(kilometres[i]);
    for (uint32_t row = 0; row < countries->count; row++) {
        made->countries[row] = country_of(countries, row);
        list_locales(maker, row, &listed_locales, made);
        list_airlines(airlines, sb_table_mark(countries, SB_COUNTRY_CODE, row), row,
                      &listed_airlines, made);
    }
    return made;
}
