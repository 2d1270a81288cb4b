#include "engine/place.h"

#include <assert.h>
#include <stdlib.h>
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

/* What stands at a place of a pattern. */
typedef enum hole {
    PLAIN,
    DIGITS, /* of the dice */
    STREET,
    NUMBER,
    BLOCK,
    LOT,
    AREA,
} hole;

typedef struct part {
    uint8_t hole;
    uint8_t begin, count; /* the bytes of plain text; how many digits */
} part;

/* A pattern taken apart, or several alternatives. It is a cell of a table: nothing in it can be
 * more than SB_CELL_BYTES_MAX. */
typedef struct pattern {
    const char *text; /* of the table; NULL: not read yet */
    uint8_t alternatives;
    uint8_t first[SB_CELL_BYTES_MAX + 2]; /* part of an alternative; where the last ends */
    part parts[SB_CELL_BYTES_MAX];
} pattern;

typedef struct hole_name {
    const char *name;
    hole hole;
} hole_name;

/* The hole whose name stands there, and how long that is. */
static hole find_hole(const char *at, const hole_name *names, size_t *length)
{
    for (; names->name != NULL; names++) {
        *length = strlen(names->name);
        if (strncmp(at, names->name, *length) == 0)
            return names->hole;
    }
    *length = 1;
    return PLAIN;
}

/* `mark` parts alternatives, NUL if there are none; `names` ends with NULL. */
static void read_pattern(pattern *out, const char *text, char mark, const hole_name *names)
{
    uint32_t parts = 0, begin = 0, length = (uint32_t)strlen(text);
    assert(length <= SB_CELL_BYTES_MAX);
    out->text = text;
    out->alternatives = 1;
    for (uint32_t at = 0; at < length;) {
        size_t taken;
        if (text[at] == mark) {
            out->first[out->alternatives++] = (uint8_t)parts;
            begin = parts;
            at++;
            continue;
        }
        hole which = find_hole(text + at, names, &taken);
        bool longer = parts > begin && out->parts[parts - 1].hole == which;
        if (which > DIGITS || !longer)
            out->parts[parts++] = (part){.hole = (uint8_t)which, .begin = (uint8_t)at};
        out->parts[parts - 1].count++;
        at += (uint32_t)taken;
    }
    out->first[out->alternatives] = (uint8_t)parts;
}

static void put_rolls(sb_line *line, uint32_t count, dice *by)
{
    uint32_t room = (uint32_t)sizeof line->bytes - line->length, fit = count < room ? count : room;
    char *at = line->bytes + line->length;
    for (uint32_t i = 0; i < fit; i++)
        at[i] = (char)('0' + roll(by, 10));
    line->length += fit;
}

/* Appends what patterns of all kinds have. */
static void put_common(sb_line *line, const pattern *from, const part *p, dice *by)
{
    if (p->hole == PLAIN)
        sb_line_padded(line, from->text + p->begin, p->count);
    else
        put_rolls(line, p->count, by);
}

/* ---- localities ----------------------------------------------------------------------------- */

/* What addresses and phone numbers of a locale are made of, ready. */
struct sb_locality {
    const sb_locale *locale; /* NULL: not ready yet */
    const sb_table *cities, *streets;
    bool by_blocks; /* how houses are numbered */
    pattern street; /* read with the locality, the others at first use */
    pattern landline, mobile;
};

struct sb_locality *sb_localities_open(uint32_t locale_count)
{
    return calloc(locale_count, sizeof(struct sb_locality));
}

static struct sb_locality *prepare_locality(sb_maker *maker, uint32_t locale)
{
    static const hole_name names[] = {
        {"{street}", STREET}, {"{number}", NUMBER}, {"{block}", BLOCK}, {"{lot}", LOT}, {0}};
    struct sb_locality *of = &maker->localities[locale];
    of->locale = sb_locale_of(maker, locale);
    of->cities = sb_find(maker, locale, SB_TABLE_CITIES);
    of->streets = sb_find(maker, locale, SB_TABLE_STREETS);
    of->by_blocks = strcmp(of->locale->calling_code, "+1") == 0;
    read_pattern(&of->street, of->locale->street_pattern, '\0', names);
    return of;
}

static struct sb_locality *locality_of(sb_maker *maker, uint32_t locale)
{
    struct sb_locality *of = &maker->localities[locale];
    return of->locale != NULL ? of : prepare_locality(maker, locale);
}

/* ---- addresses ------------------------------------------------------------------------------ */

/* How often a byte stands in a text: eight at a time. */
static uint32_t count_bytes(sb_text text, char wanted)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), low_bits = ones * 0x7F;
    uint32_t count = 0;
    for (uint32_t i = 0; i < text.byte_count; i += 8) {
        uint64_t differs = sb_load_eight(text.bytes + i) ^ ones * (unsigned char)wanted;
        /* The high bit of each byte that is nought; of the last bytes those behind the text fall
         * out at the top. */
        uint64_t same = ~(((differs & low_bits) + low_bits) | differs | low_bits);
        uint32_t left = text.byte_count - i;
        same = left < 8 ? same << (64 - 8 * left) : same;
        count += (uint32_t)((same >> 7) * ones >> 56);
    }
    return count;
}

/* The nth of a pattern's alternatives, which `mark` parts; which one, the dice say. */
static const char *choose_pattern(sb_text patterns, char mark, dice *from)
{
    const char *at = patterns.bytes;
    for (uint64_t skip = roll(from, count_bytes(patterns, mark) + 1); skip > 0; skip--)
        at = strchr(at, mark) + 1;
    return at;
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

/* There are as many patterns as cities, so they are not taken apart beforehand. */
static void make_postal_code(sb_text patterns, uint64_t draw, sb_line *out)
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
static uint64_t house_number(const struct sb_locality *of, sb_key key)
{
    uint64_t a = sb_below(sb_draw(key, 2), 240), b = sb_below(sb_draw(key, 3), 240);
    uint64_t number = 1 + (a < b ? a : b);
    return of->by_blocks ? number * 10 + 1 + sb_below(sb_draw(key, 4), 9) : number;
}

static void make_street(const struct sb_locality *of, sb_key key, sb_line *out)
{
    for (uint32_t i = 0; i < of->street.first[1]; i++) {
        const part *p = &of->street.parts[i];
        if (p->hole == STREET)
            sb_line_text(
                out, sb_table_text(of->streets, 0, sb_table_draw(of->streets, sb_draw(key, 1))));
        else if (p->hole == NUMBER)
            sb_line_digits(out, house_number(of, key), 1);
        else if (p->hole == BLOCK)
            sb_line_digits(out, 1 + sb_below(sb_draw(key, 8), 9), 1);
        else if (p->hole == LOT)
            sb_line_digits(out, 1 + sb_below(sb_draw(key, 9), 30), 1);
        else
            put_common(out, &of->street, p, NULL);
    }
}

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

/* Street and code are lines; city, region and country are cells. */
_Static_assert(2 * sizeof(sb_line) + 3 * SB_CELL_BYTES_MAX + 64 < SB_ADDRESS_BYTES,
               "the longest address fits");

void sb_address_make(sb_maker *maker, const sb_place *place, sb_address *out)
{
    const struct sb_locality *of = locality_of(maker, place->locale);
    const sb_table *cities = of->cities;
    sb_text postal = sb_table_text(cities, SB_CITY_POSTAL, place->city);
    sb_text region = sb_table_text(cities, SB_CITY_REGION, place->city);
    sb_rows at = {.at = out->bytes};
    sb_line street, code;
    out->place = *place;
    sb_line_begin(&street);
    make_street(of, place->key, &street);
    sb_rows_array(&at, SB_FIELD_COUNT(SB_ADDRESS_FIELDS));
    sb_rows_line(&at, &street);
    out->city = (uint16_t)(at.at - out->bytes);
    sb_rows_known(&at, sb_table_text(cities, SB_CITY_NAME, place->city));
    out->region = (uint16_t)(at.at - out->bytes);
    if (is_none(region))
        sb_rows_nil(&at);
    else
        sb_rows_known(&at, region);
    if (is_none(postal)) {
        sb_rows_nil(&at);
    } else {
        sb_line_begin(&code);
        make_postal_code(postal, sb_draw(place->key, 5), &code);
        sb_rows_line(&at, &code);
    }
    out->country = (uint16_t)(at.at - out->bytes);
    sb_rows_known(&at, of->locale->country);
    sb_rows_int(&at, sb_table_int(cities, SB_CITY_LATITUDE, place->city) +
                         spread(sb_draw(place->key, 6)));
    sb_rows_int(&at, sb_table_int(cities, SB_CITY_LONGITUDE, place->city) +
                         spread(sb_draw(place->key, 7)));
    out->byte_count = (uint16_t)(at.at - out->bytes);
}

void sb_rows_address(sb_rows *rows, const sb_address *address, int type)
{
    enum { FIRST = 96, STEP = 32 }; /* most have less than the first */
    sb_rows at = *rows;
    sb_rows_mark_ahead(&at, 1, SB_MARK_WORDS);
    sb_rows_mark_ahead(&at, address->city, SB_MARK_LONG);
    sb_rows_mark_ahead(&at, address->city + 1u, SB_MARK_SHORT); /* as in sentences */
    sb_rows_mark_ahead(&at, address->region, SB_MARK_SHORT);
    sb_rows_mark_ahead(&at, address->country, SB_MARK_SHORT);
    sb_rows_mark_ahead(&at, address->byte_count, SB_MARK_SHORT);
    memcpy(at.at, address->bytes, FIRST);
    for (uint32_t done = FIRST; done < address->byte_count; done += STEP)
        memcpy(at.at + done, address->bytes + done, STEP);
    at.at += address->byte_count;
    sb_rows_known(&at, sb_address_words[type]);
    *rows = at;
}

enum { ADDRESSES_KEPT = 4 };

sb_address *sb_addresses_open(void)
{
    return calloc(ADDRESSES_KEPT, sizeof(sb_address));
}

void sb_put_address(sb_maker *maker, sb_rows *rows, const sb_place *place, int type)
{
    sb_address *kept = &maker->addresses[place->key.low % ADDRESSES_KEPT];
    if (kept->byte_count == 0 || kept->place.key.low != place->key.low ||
        kept->place.key.high != place->key.high || kept->place.city != place->city ||
        kept->place.locale != place->locale)
        sb_address_make(maker, place, kept);
    sb_rows_address(rows, kept, type);
}

/* One of the locale's patterns (separated by commas): '#' is a digit, {area} the city's area code.
 */
void sb_make_phone(sb_maker *maker, const sb_place *place, bool mobile, uint64_t draw, sb_line *out)
{
    static const hole_name names[] = {{"#", DIGITS}, {"{area}", AREA}, {0}};
    struct sb_locality *of = locality_of(maker, place->locale);
    pattern *from = mobile ? &of->mobile : &of->landline;
    dice by = {draw};
    if (from->text == NULL)
        read_pattern(from, mobile ? of->locale->mobile : of->locale->landline, ',', names);
    uint64_t chosen = roll(&by, from->alternatives);
    for (uint32_t i = from->first[chosen]; i < from->first[chosen + 1]; i++) {
        const part *p = &from->parts[i];
        if (p->hole == AREA)
            sb_line_text(out, sb_table_text(of->cities, SB_CITY_AREA, place->city));
        else
            put_common(out, from, p, &by);
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

/* Most names are ASCII letters alone: those eight at a time. False, and nothing appended, for
 * others. */
static bool add_letters(sb_line *line, sb_text name)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high_bits = ones * 0x80;
    static const unsigned char counted[16] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
    if (name.byte_count > SB_TEXT_ROOM - 8 || line->length > sizeof line->bytes - SB_TEXT_ROOM)
        return false;
    for (uint32_t i = 0; i < name.byte_count; i += 8) {
        uint32_t left = name.byte_count - i;
        uint64_t bytes, wanted;
        memcpy(&bytes, name.bytes + i, 8);
        memcpy(&wanted, counted + 8 - (left < 8 ? left : 8), 8);
        uint64_t lower = (bytes | ones * 0x20) & ~high_bits;
        uint64_t letters = (lower + ones * (0x80 - 'a')) & ~(lower + ones * (0x7F - 'z')) & ~bytes;
        if ((letters & wanted) != wanted)
            return false;
        memcpy(line->bytes + line->length + i, &lower, 8);
    }
    line->length += name.byte_count;
    return true;
}

void sb_line_slug(sb_line *line, sb_text name)
{
    if (add_letters(line, name))
        return;
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
    sb_unique of = sb_unique_of(key, id);
    sb_line_unique_rank(line, &of, sb_permute(&of.order, of.place));
}
