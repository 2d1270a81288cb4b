#include "engine/place.h"

#include <string.h>

#include "engine/words.h"

/* Columns of cities.tsv. */
enum {
    CITY_NAME,
    CITY_REGION,
    CITY_POSTAL_FIRST,
    CITY_POSTAL_LAST,
    CITY_LATITUDE,
    CITY_LONGITUDE,
    CITY_POPULATION,
    CITY_UTC,
    CITY_DST,
    CITY_AREA
};

static void make_street(sb_maker *maker, const sb_place *place, sb_line *out)
{
    const sb_table *streets = sb_find(maker, place->locale, SB_TABLE_STREETS);
    sb_text street = sb_table_text(streets, 0, sb_table_draw(streets, sb_draw(place->key, 1)));
    /* Short streets are more common than long ones: two draws, the smaller counts. */
    uint64_t a = sb_below(sb_draw(place->key, 2), 240), b = sb_below(sb_draw(place->key, 3), 240);
    uint64_t number = 1 + (a < b ? a : b);
    if (sb_locale_of(maker, place->locale)->number_before_street) {
        sb_line_digits(out, number * 10 + 1 + sb_below(sb_draw(place->key, 4), 9), 1);
        sb_line_char(out, ' ');
        sb_line_text(out, street);
    } else {
        sb_line_text(out, street);
        sb_line_char(out, ' ');
        sb_line_digits(out, number, 1);
    }
}

/* A code between the city's first and last: same length, letters kept from the first. */
static void make_postal_code(const sb_table *cities, uint32_t city, uint64_t draw, sb_line *out)
{
    sb_text first = sb_table_text(cities, CITY_POSTAL_FIRST, city);
    int64_t low = sb_table_int(cities, CITY_POSTAL_FIRST, city);
    int64_t high = sb_table_int(cities, CITY_POSTAL_LAST, city);
    bool digits = first.byte_count > 0;
    for (uint32_t i = 0; i < first.byte_count; i++)
        digits = digits && first.bytes[i] >= '0' && first.bytes[i] <= '9';
    if (!digits || high < low) {
        sb_line_text(out, first);
        return;
    }
    sb_line_digits(out, (uint64_t)low + sb_below(draw, (uint64_t)(high - low) + 1),
                   (int)first.byte_count);
}

/* Up to some 6 km from the centre, and nearer more often. In 10^-7 degrees. */
static int64_t spread(uint64_t draw)
{
    int64_t a = (int64_t)sb_below(draw, 600000),
            b = (int64_t)sb_below(draw << 32 | draw >> 32, 600000);
    return a - b;
}

void sb_put_address(sb_maker *maker, sb_rows *rows, const sb_place *place, int type)
{
    const sb_table *cities = sb_find(maker, place->locale, SB_TABLE_CITIES);
    sb_line street, postal;
    sb_line_begin(&street);
    sb_line_begin(&postal);
    sb_text region = sb_table_text(cities, CITY_REGION, place->city);
    make_street(maker, place, &street);
    make_postal_code(cities, place->city, sb_draw(place->key, 5), &postal);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_ADDRESS_FIELDS));
    sb_rows_line(rows, &street);
    sb_rows_text(rows, sb_table_text(cities, CITY_NAME, place->city));
    if (region.byte_count == 1 && region.bytes[0] == '-')
        sb_rows_nil(rows);
    else
        sb_rows_text(rows, region);
    sb_rows_line(rows, &postal);
    sb_rows_text(rows, sb_locale_of(maker, place->locale)->country);
    sb_rows_int(rows,
                sb_table_int(cities, CITY_LATITUDE, place->city) + spread(sb_draw(place->key, 6)));
    sb_rows_int(rows,
                sb_table_int(cities, CITY_LONGITUDE, place->city) + spread(sb_draw(place->key, 7)));
    sb_rows_text(rows, sb_address_words[type]);
}

/* One of the locale's patterns (separated by commas): '#' is a digit, {area} the city's area code.
 */
void sb_make_phone(sb_maker *maker, const sb_place *place, uint64_t draw, sb_line *out)
{
    const sb_locale *locale = sb_locale_of(maker, place->locale);
    const sb_table *cities = sb_find(maker, place->locale, SB_TABLE_CITIES);
    const char *pattern = locale->phone_patterns;
    uint64_t count = 1;
    for (const char *c = pattern; *c != '\0'; c++)
        count += *c == ',';
    for (uint64_t skip = sb_below(draw, count); skip > 0; skip--)
        pattern = strchr(pattern, ',') + 1;
    uint64_t digits = draw * 0x9E3779B97F4A7C15u;
    for (; *pattern != '\0' && *pattern != ','; pattern++)
        if (*pattern == '#') {
            sb_line_char(out, (char)('0' + sb_below(digits, 10)));
            digits *= 10;
        } else if (*pattern == '{' && strncmp(pattern, "{area}", 6) == 0) {
            sb_line_text(out, sb_table_text(cities, CITY_AREA, place->city));
            pattern += 5;
        } else {
            sb_line_char(out, *pattern);
        }
}

/* The letters that occur in Latin names, by their second UTF-8 byte after 0xC3. */
static const char *plain_letter(unsigned char second)
{
    switch (second) {
    case 0x84:
    case 0xA4:
        return "ae";
    case 0x96:
    case 0xB6:
        return "oe";
    case 0x9C:
    case 0xBC:
        return "ue";
    case 0x9F:
        return "ss";
    case 0x87:
    case 0xA7:
        return "c";
    case 0x91:
    case 0xB1:
        return "n";
    default:
        break;
    }
    if ((second >= 0x80 && second <= 0x86) || (second >= 0xA0 && second <= 0xA6))
        return "a";
    if ((second >= 0x88 && second <= 0x8B) || (second >= 0xA8 && second <= 0xAB))
        return "e";
    if ((second >= 0x8C && second <= 0x8F) || (second >= 0xAC && second <= 0xAF))
        return "i";
    if ((second >= 0x92 && second <= 0x98) || (second >= 0xB2 && second <= 0xB8))
        return "o";
    return (second >= 0x99 && second <= 0x9B) || (second >= 0xB9 && second <= 0xBB) ? "u" : "";
}

void sb_line_slug(sb_line *line, sb_text name)
{
    for (uint32_t i = 0; i < name.byte_count; i++) {
        unsigned char c = (unsigned char)name.bytes[i];
        unsigned char lower = c | 0x20;
        if (c == 0xC3 && i + 1 < name.byte_count)
            sb_line_cstr(line, plain_letter((unsigned char)name.bytes[++i]));
        else if ((c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z'))
            sb_line_char(line, (char)(c <= '9' ? c : lower));
    }
}

void sb_line_unique(sb_line *line, sb_key key, uint64_t id)
{
    static const struct {
        uint64_t end;
        int digits;
        uint8_t bits; /* of what is permuted: saves counting them */
    } classes[] = {{100000, 5, 17}, {10000000, 7, 24}, {UINT64_C(1000000000000), 12, 40}};
    uint64_t begin = 0;
    int i = 0;
    while (i < 2 && id >= classes[i].end)
        begin = classes[i++].end;
    uint8_t high_bits = classes[i].bits / 2;
    sb_permutation order = {key, classes[i].end - begin, high_bits,
                            (uint8_t)(classes[i].bits - high_bits)};
    sb_line_digits(line, begin + sb_permute(&order, id - begin), classes[i].digits);
}
