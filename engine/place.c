#include "engine/place.h"

#include <string.h>

#include "engine/words.h"

/* ---- patterns ------------------------------------------------------------------------------- */

/* A stream of small draws out of one. */
typedef struct dice {
    uint64_t state;
} dice;

static uint64_t roll(dice *from, uint64_t bound)
{
    from->state = from->state * 0x5851F42D4C957F2Du + 0x14057B7EF767814Fu;
    return sb_below((from->state ^ from->state >> 29) * 0xBF58476D1CE4E5B9u, bound);
}

/* The nth of a pattern's alternatives, which `mark` parts; which one, the dice say. */
static const char *choose_pattern(const char *patterns, char mark, dice *from)
{
    uint64_t count = 1;
    for (const char *c = patterns; *c != '\0'; c++)
        count += *c == mark;
    for (uint64_t skip = roll(from, count); skip > 0; skip--)
        patterns = strchr(patterns, mark) + 1;
    return patterns;
}

/* "{10115-14199}": a number of that range, padded to the width of the first. Returns what follows.
 */
static const char *add_range(const char *at, dice *from, sb_line *out)
{
    uint64_t low = 0, high = 0;
    int width = 0;
    for (at++; *at >= '0' && *at <= '9'; at++, width++)
        low = low * 10 + (uint64_t)(*at - '0');
    if (*at == '-')
        at++;
    for (; *at >= '0' && *at <= '9'; at++)
        high = high * 10 + (uint64_t)(*at - '0');
    sb_line_digits(out, high > low ? low + roll(from, high - low + 1) : low, width);
    return *at == '}' ? at + 1 : at;
}

static void make_postal_code(const char *patterns, uint64_t draw, sb_line *out)
{
    dice from = {draw};
    const char *at = choose_pattern(patterns, '|', &from);
    while (*at != '\0' && *at != '|') {
        if (*at == '{')
            at = add_range(at, &from, out);
        else if (*at == '#')
            sb_line_char(out, (char)('0' + roll(&from, 10))), at++;
        else if (*at == '@') /* letters that every country's codes allow at every place */
            sb_line_char(out, "AEHNPRTWX"[roll(&from, 9)]), at++;
        else
            sb_line_char(out, *at++);
    }
}

/* Short streets are more common than long ones: two draws, the smaller counts. In North America
 * numbers count by blocks. */
static uint64_t house_number(const sb_locale *locale, sb_key key)
{
    uint64_t a = sb_below(sb_draw(key, 2), 240), b = sb_below(sb_draw(key, 3), 240);
    uint64_t number = 1 + (a < b ? a : b);
    bool blocks = strcmp(locale->calling_code, "+1") == 0;
    return blocks ? number * 10 + 1 + sb_below(sb_draw(key, 4), 9) : number;
}

static bool takes(const char **at, const char *hole)
{
    size_t length = strlen(hole);
    if (strncmp(*at, hole, length) != 0)
        return false;
    *at += length;
    return true;
}

static void make_street(sb_maker *maker, const sb_place *place, sb_line *out)
{
    const sb_table *streets = sb_find(maker, place->locale, SB_TABLE_STREETS);
    const sb_locale *locale = sb_locale_of(maker, place->locale);
    sb_text street = sb_table_text(streets, 0, sb_table_draw(streets, sb_draw(place->key, 1)));
    for (const char *at = locale->street_pattern; *at != '\0';) {
        if (takes(&at, "{street}"))
            sb_line_text(out, street);
        else if (takes(&at, "{number}"))
            sb_line_digits(out, house_number(locale, place->key), 1);
        else if (takes(&at, "{block}"))
            sb_line_digits(out, 1 + sb_below(sb_draw(place->key, 8), 9), 1);
        else if (takes(&at, "{lot}"))
            sb_line_digits(out, 1 + sb_below(sb_draw(place->key, 9), 30), 1);
        else
            sb_line_char(out, *at++);
    }
}

/* ---- addresses ------------------------------------------------------------------------------ */

/* Up to some 6 km from the centre, and nearer more often. In 10^-7 degrees. */
static int64_t spread(uint64_t draw)
{
    int64_t a = (int64_t)sb_below(draw, 600000),
            b = (int64_t)sb_below(draw << 32 | draw >> 32, 600000);
    return a - b;
}

static bool is_none(sb_text text)
{
    return text.byte_count == 1 && text.bytes[0] == '-';
}

void sb_put_address(sb_maker *maker, sb_rows *rows, const sb_place *place, int type)
{
    const sb_table *cities = sb_find(maker, place->locale, SB_TABLE_CITIES);
    sb_text region = sb_table_text(cities, SB_CITY_REGION, place->city);
    sb_text postal = sb_table_text(cities, SB_CITY_POSTAL, place->city);
    sb_line street, code;
    sb_line_begin(&street);
    sb_line_begin(&code);
    make_street(maker, place, &street);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_ADDRESS_FIELDS));
    sb_rows_line(rows, &street);
    sb_rows_text(rows, sb_table_text(cities, SB_CITY_NAME, place->city));
    if (is_none(region))
        sb_rows_nil(rows);
    else
        sb_rows_text(rows, region);
    if (is_none(postal)) {
        sb_rows_nil(rows);
    } else {
        make_postal_code(postal.bytes, sb_draw(place->key, 5), &code);
        sb_rows_line(rows, &code);
    }
    sb_rows_text(rows, sb_locale_of(maker, place->locale)->country);
    sb_rows_int(rows, sb_table_int(cities, SB_CITY_LATITUDE, place->city) +
                          spread(sb_draw(place->key, 6)));
    sb_rows_int(rows, sb_table_int(cities, SB_CITY_LONGITUDE, place->city) +
                          spread(sb_draw(place->key, 7)));
    sb_rows_text(rows, sb_address_words[type]);
}

/* One of the locale's patterns (separated by commas): '#' is a digit, {area} the city's area code.
 */
void sb_make_phone(sb_maker *maker, const sb_place *place, bool mobile, uint64_t draw, sb_line *out)
{
    const sb_locale *locale = sb_locale_of(maker, place->locale);
    const sb_table *cities = sb_find(maker, place->locale, SB_TABLE_CITIES);
    dice from = {draw};
    const char *at = choose_pattern(mobile ? locale->mobile : locale->landline, ',', &from);
    while (*at != '\0' && *at != ',') {
        if (takes(&at, "{area}"))
            sb_line_text(out, sb_table_text(cities, SB_CITY_AREA, place->city));
        else if (*at == '#')
            sb_line_char(out, (char)('0' + roll(&from, 10))), at++;
        else
            sb_line_char(out, *at++);
    }
}

/* ---- addresses of the Internet -------------------------------------------------------------- */

sb_text sb_table_latin(const sb_table *table, uint32_t native, uint32_t latin, uint32_t row)
{
    sb_text text = sb_table_text(table, latin, row);
    return is_none(text) ? sb_table_text(table, native, row) : text;
}

/* The letters that occur in Latin names, by their second UTF-8 byte after 0xC3. */
static const char *plain_letter(unsigned char second)
{
    switch (second | 0x20) {
    case 0xA4:
    case 0xA6:
        return "ae";
    case 0xB6:
    case 0xB8:
        return "oe";
    case 0xBC:
        return "ue";
    case 0xA5:
        return "aa";
    case 0xA7:
        return "c";
    case 0xB1:
        return "n";
    case 0xBE:
        return "th";
    case 0xB0:
        return "d";
    default:
        break;
    }
    if (second == 0x9F)
        return "ss";
    second |= 0x20;
    return second <= 0xA6   ? "a"
           : second <= 0xAB ? "e"
           : second <= 0xAF ? "i"
           : second <= 0xB6 ? "o"
           : second <= 0xBB ? "u"
                            : "y";
}

void sb_line_slug(sb_line *line, sb_text name)
{
    /* The letters without marks of U+0100 to U+017F. */
    static const char extended[] =
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrr"
        "rrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    _Static_assert(sizeof extended == 129, "a letter each");
    for (uint32_t i = 0; i < name.byte_count; i++) {
        unsigned char c = (unsigned char)name.bytes[i];
        unsigned char next = i + 1 < name.byte_count ? (unsigned char)name.bytes[i + 1] : 0;
        unsigned char lower = c | 0x20;
        if (c == 0xC3 && next >= 0x80) {
            sb_line_cstr(line, plain_letter(next));
            i++;
        } else if ((c == 0xC4 || c == 0xC5) && next >= 0x80) {
            sb_line_char(line, extended[(c - 0xC4) * 64 + next - 0x80]);
            i++;
        } else if (c == 0xC8 && next >= 0x98 && next <= 0x9B) { /* Romanian, with a comma below */
            sb_line_char(line, next < 0x9A ? 's' : 't');
            i++;
        } else if ((c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z')) {
            sb_line_char(line, (char)(c <= '9' ? c : lower));
        }
    }
}

void sb_line_ip(sb_line *line, uint64_t draw)
{
    static const char hex[] = "0123456789abcdef";
    uint32_t low = (uint32_t)draw;
    if (draw >> 61 == 0) {
        sb_line_cstr(line, "2001:db8:");
        for (int i = 0; i < 4; i++)
            sb_line_char(line, hex[draw >> (i * 4) & 15]);
        sb_line_cstr(line, "::");
        sb_line_char(line, hex[1 + (draw >> 16 & 7)]);
        for (int i = 5; i < 8; i++)
            sb_line_char(line, hex[draw >> (i * 4) & 15]);
        return;
    }
    uint32_t kind = (uint32_t)(draw >> 58 & 7);
    uint32_t first = kind < 5 ? 10 : kind < 7 ? 100 : 198;
    uint32_t second = first == 10    ? low >> 24
                      : first == 100 ? 64 + (low >> 24 & 63)
                                     : 18 + (low >> 24 & 1);
    sb_line_digits(line, first, 1);
    sb_line_char(line, '.');
    sb_line_digits(line, second, 1);
    sb_line_char(line, '.');
    sb_line_digits(line, low >> 16 & 255, 1);
    sb_line_char(line, '.');
    sb_line_digits(line, 1 + (low >> 8 & 255) % 254, 1);
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
