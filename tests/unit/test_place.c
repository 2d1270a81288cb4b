/* Addresses, phones, mail names and network addresses: inside their ranges, in every locale. */
#include "engine/place.h"

#include "format/row_cursor.h"
#include "tests/unit/engine_fixture.h"

/* Appends bytes as a text that ends with NUL. */
static const char *ended(sb_line *line)
{
    assert_true(line->length < sizeof line->bytes);
    line->bytes[line->length] = '\0';
    return line->bytes;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- postal codes -----------------------------------------------------------------------------
 */

/* Whether a text is one that the pattern can give, up to its '|'. The engine writes such texts;
 * this reads them. */
static bool fits_one(const char *pattern, const char *text)
{
    for (; *pattern != '\0' && *pattern != '|'; pattern++) {
        if (*pattern == '{') {
            size_t width = strspn(pattern + 1, "0123456789");
            uint64_t low = strtoull(pattern + 1, NULL, 10), found = 0;
            uint64_t high = strtoull(pattern + width + 2, NULL, 10);
            for (size_t i = 0; i < width; i++, text++) {
                if (!digit(*text))
                    return false;
                found = found * 10 + (uint64_t)(*text - '0');
            }
            if (found < low || found > high)
                return false;
            pattern = strchr(pattern, '}');
        } else if (*pattern == '#'   ? !digit(*text)
                   : *pattern == '@' ? *text == '\0' || strchr("AEHNPRTWX", *text) == NULL
                                     : *text != *pattern) {
            return false;
        } else {
            text++;
        }
    }
    return *text == '\0';
}

static bool fits(const char *pattern, const char *text)
{
    for (; pattern != NULL; pattern = strchr(pattern, '|'), pattern += pattern != NULL)
        if (fits_one(pattern, text))
            return true;
    return false;
}

typedef struct address {
    char parts[8][256]; /* "" of nil */
    int64_t numbers[8];
} address;

enum { STREET, CITY, REGION, POSTAL, COUNTRY, LATITUDE, LONGITUDE, TYPE };

static address make_address(sb_maker *maker, const sb_place *place)
{
    static uint8_t bytes[4096];
    address made = {0};
    sb_value value;
    sb_rows rows = {.at = bytes};
    sb_put_address(maker, &rows, place, SB_ADDRESS_RESIDENTIAL);
    sb_cursor cursor = {bytes, rows.at};
    assert_true(sb_cursor_next(&cursor, &value));
    assert_int_equal(value.count, 8);
    for (int i = 0; i < 8; i++) {
        assert_true(sb_cursor_next(&cursor, &value));
        if (value.kind == SB_VALUE_STR) {
            assert_true(value.count > 0 && value.count < sizeof made.parts[i]);
            assert_true(sb_utf8_check(value.bytes, value.count));
            memcpy(made.parts[i], value.bytes, value.count);
        } else if (value.kind == SB_VALUE_INT) {
            made.numbers[i] = value.number;
        }
    }
    assert_ptr_equal(cursor.at, rows.at);
    return made;
}

static const char *city_cell(const engine *all, uint32_t locale, uint32_t city, const char *column)
{
    return sb_tables_cell(all->world->tables, locale, SB_TABLE_CITIES, city, column);
}

static bool is_none(const char *text)
{
    return strcmp(text, "-") == 0;
}

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

static void check_address(const engine *all, const sb_place *place, const address *made)
{
    const char *region = city_cell(all, place->locale, place->city, "region");
    const char *postal = city_cell(all, place->locale, place->city, "postal");
    const sb_locale *locale = sb_tables_locale(all->world->tables, place->locale);
    assert_string_equal(made->parts[CITY], city_cell(all, place->locale, place->city, "city"));
    assert_string_equal(made->parts[REGION], is_none(region) ? "" : region);
    assert_memory_equal(made->parts[COUNTRY], locale->country.bytes, 3);
    assert_string_equal(made->parts[TYPE], "residential");
    if (is_none(postal) ? made->parts[POSTAL][0] != '\0' : !fits(postal, made->parts[POSTAL]))
        fail_msg("%s, %s: '%s' is not in %s", locale->name, made->parts[CITY], made->parts[POSTAL],
                 postal);
    if (strpbrk(made->parts[STREET], "{}") != NULL || made->parts[STREET][0] == '\0')
        fail_msg("%s: street '%s'", locale->name, made->parts[STREET]);
    /* Some six kilometres: less than a tenth of a degree. */
    assert_true(distance(made->numbers[LATITUDE], atoll(city_cell(all, place->locale, place->city,
                                                                  "latitude_e7"))) < 600000);
    assert_true(distance(made->numbers[LONGITUDE], atoll(city_cell(all, place->locale, place->city,
                                                                   "longitude_e7"))) < 600000);
}

static void every_city_has_addresses_of_its_own(void **state)
{
    (void)state;
    engine all = engine_open("persons", "100");
    for (uint32_t locale = 0; locale < sb_tables_locale_count(all.world->tables); locale++) {
        uint32_t cities = sb_tables_row_count(all.world->tables, locale, SB_TABLE_CITIES);
        for (uint32_t city = 0; city < cities; city++)
            for (uint64_t key = 0; key < 40; key++) {
                sb_place place = {locale, city, {key * 0x9E3779B97F4A7C15u, key}};
                address made = make_address(all.maker, &place);
                check_address(&all, &place, &made);
            }
    }
    engine_close(&all);
}

/* The whole of the ranges comes up, with their ends: every code that fits, if one looks long
 * enough. */
static void postal_codes_fill_their_ranges(void **state)
{
    static uint8_t seen[100000];
    uint32_t distinct = 0, expected = 0, city = 0;
    char code[8];
    (void)state;
    engine all = engine_open("persons", "100", "locales", "de_DE");
    while (strcmp(city_cell(&all, 0, city, "city"), "Berlin") != 0)
        city++;
    for (uint32_t number = 0; number < 100000; number++) {
        (void)snprintf(code, sizeof code, "%05u", number);
        expected += fits(city_cell(&all, 0, city, "postal"), code);
    }
    assert_in_range(expected, 1000, 5000);
    for (uint64_t key = 0; key < 120000; key++) {
        sb_place place = {0, city, {key * 0x9E3779B97F4A7C15u, key}};
        address made = make_address(all.maker, &place);
        distinct += seen[strtoul(made.parts[POSTAL], NULL, 10)]++ == 0;
    }
    assert_int_equal(distinct, expected);
    engine_close(&all);
}

/* The test's own reader of patterns can say no. */
static void what_does_not_fit_is_seen(void **state)
{
    (void)state;
    assert_true(fits("{100-199}", "100"));
    assert_true(fits("{005-199}", "017"));
    assert_true(fits("9#|8# {1-2}", "83 2"));
    assert_true(fits("EC1@ #@", "EC1A 3X"));
    assert_false(fits("{100-199}", "200"));
    assert_false(fits("{100-199}", "1000"));
    assert_false(fits("{100-199}", "10"));
    assert_false(fits("{100-199}", ""));
    assert_false(fits("9#|8# {1-2}", "83 3"));
    assert_false(fits("EC1@ #@", "EC1B 3X"));
}

static void an_address_is_a_function_of_its_key(void **state)
{
    uint32_t alike = 0;
    (void)state;
    engine all = engine_open("persons", "100", "locales", "fr_FR");
    address before = {0};
    for (uint64_t key = 0; key < 200; key++) {
        sb_place place = {0, 0, {key, key + 1}};
        address one = make_address(all.maker, &place), two = make_address(all.maker, &place);
        assert_memory_equal(&one, &two, sizeof one);
        alike += strcmp(one.parts[STREET], before.parts[STREET]) == 0;
        before = one;
    }
    assert_true(alike < 10);
    engine_close(&all);
}

/* ---- phones -----------------------------------------------------------------------------------
 */

/* Whether a number is one of the locale's patterns with the area code. */
static bool fits_phone(const char *patterns, const char *area, const char *number)
{
    while (patterns != NULL) {
        const char *p = patterns, *n = number;
        size_t area_bytes = strlen(area);
        while (*p != '\0' && *p != ',') {
            if (strncmp(p, "{area}", 6) == 0) {
                if (strncmp(n, area, area_bytes) != 0)
                    break;
                n += area_bytes;
                p += 6;
            } else if (*p == '#' ? !digit(*n) : *p != *n) {
                break;
            } else {
                p++;
                n++;
            }
        }
        if ((*p == '\0' || *p == ',') && *n == '\0')
            return true;
        patterns = strchr(patterns, ',');
        patterns += patterns != NULL;
    }
    return false;
}

static void check_phone(const engine *all, const sb_place *place, bool mobile, uint64_t draw)
{
    sb_line line;
    const sb_locale *locale = sb_tables_locale(all->world->tables, place->locale);
    const char *area = city_cell(all, place->locale, place->city, "area_code");
    sb_line_begin(&line);
    sb_make_phone(all->maker, place, mobile, draw, &line);
    const char *number = ended(&line);
    size_t digits = strspn(number + 1, "0123456789");
    if (number[0] != '+' || number[1] == '0' || number[digits + 1] != '\0' || digits < 7 ||
        digits > 15)
        fail_msg("%s: %s is no number of E.164", locale->name, number);
    if (strncmp(number, locale->calling_code, strlen(locale->calling_code)) != 0)
        fail_msg("%s: %s does not begin with %s", locale->name, number, locale->calling_code);
    if (!fits_phone(mobile ? locale->mobile : locale->landline, area, number))
        fail_msg("%s, %s: %s is of no pattern", locale->name,
                 city_cell(all, place->locale, place->city, "city"), number);
}

static void phones_of_every_city_are_of_their_country(void **state)
{
    uint64_t random = 11;
    (void)state;
    engine all = engine_open("persons", "100");
    for (uint32_t locale = 0; locale < sb_tables_locale_count(all.world->tables); locale++) {
        uint32_t cities = sb_tables_row_count(all.world->tables, locale, SB_TABLE_CITIES);
        for (uint32_t city = 0; city < cities; city++)
            for (int i = 0; i < 20; i++) {
                sb_place place = {locale, city, {city, 1}};
                check_phone(&all, &place, i % 2 == 0, fixture_random(&random));
            }
    }
    engine_close(&all);
}

/* The shared table has the codes of countries too: the two agree. */
static void calling_codes_are_those_of_the_country(void **state)
{
    (void)state;
    engine all = engine_open("persons", "100");
    for (uint32_t i = 0; i < sb_tables_locale_count(all.world->tables); i++) {
        const sb_locale *locale = sb_tables_locale(all.world->tables, i);
        const char *code = sb_tables_cell(all.world->tables, 0, SB_TABLE_COUNTRIES,
                                          locale->country_index, "calling_code");
        assert_string_equal(code[0] == '+' ? code + 1 : code, locale->calling_code + 1);
    }
    engine_close(&all);
}

/* Americans of films: 555-0100 to 555-0199. */
static void american_numbers_are_for_fiction(void **state)
{
    (void)state;
    engine all = engine_open("persons", "100", "locales", "en_US");
    for (uint64_t draw = 0; draw < 2000; draw++) {
        sb_line line;
        sb_place place = {0, (uint32_t)draw % 100, {draw, 1}};
        sb_line_begin(&line);
        sb_make_phone(all.maker, &place, draw % 2 == 0, draw * 0x9E3779B97F4A7C15u, &line);
        assert_memory_equal(ended(&line) + 5, "55501", 5);
    }
    engine_close(&all);
}

/* ---- mail names -------------------------------------------------------------------------------
 */

static void check_slugs(const engine *all, uint32_t locale, sb_table_id id, const char *native,
                        const char *latin)
{
    const sb_table *table = sb_find(all->maker, locale, id);
    for (uint32_t row = 0; row < table->count; row++) {
        sb_line line;
        sb_text text =
            sb_table_latin(table, sb_table_column(id, native), sb_table_column(id, latin), row);
        if (strcmp(text.bytes, "-") == 0) /* a family name without another form for women */
            continue;
        sb_line_begin(&line);
        sb_line_slug(&line, text);
        const char *slug = ended(&line);
        if (line.length == 0 || strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789") != line.length)
            fail_msg("%s: '%s' becomes '%s'", sb_tables_locale(all->world->tables, locale)->name,
                     text.bytes, slug);
    }
}

static void every_name_gives_a_mail_name(void **state)
{
    (void)state;
    engine all = engine_open("persons", "100");
    for (uint32_t locale = 0; locale < sb_tables_locale_count(all.world->tables); locale++) {
        check_slugs(&all, locale, SB_TABLE_GIVEN_FEMALE, "name", "latin");
        check_slugs(&all, locale, SB_TABLE_GIVEN_MALE, "name", "latin");
        check_slugs(&all, locale, SB_TABLE_FAMILY, "name", "latin");
        check_slugs(&all, locale, SB_TABLE_FAMILY, "female", "female_latin");
        check_slugs(&all, locale, SB_TABLE_COMPANY_FIRST, "word", "latin");
        check_slugs(&all, locale, SB_TABLE_BANKS, "name", "latin");
    }
    engine_close(&all);
}

static void letters_lose_their_marks(void **state)
{
    static const struct {
        char name[SB_TEXT_ROOM + 16]; /* with the room that texts of tables have */
        const char *slug;
    } cases[] = {
        {"Müller", "mueller"},
        {"Jürgen", "juergen"},
        {"Großmann", "grossmann"},
        {"Åse", "aase"},
        {"Øystein", "oeystein"},
        {"Łukasz", "lukasz"},
        {"Żółć", "zolc"},
        {"Şahin", "sahin"},
        {"İbrahim", "ibrahim"},
        {"O'Brien-Smith", "obriensmith"},
        {"de la Cruz", "delacruz"},
        {"Núñez", "nunez"},
        {"Çelik", "celik"},
        {"Ștefan", "stefan"},
        {"Featherstonehaugh", "featherstonehaugh"},
        {"Abcdefgh", "abcdefgh"},
        {"@Ab[z`{", "abz"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        sb_line line;
        sb_line_begin(&line);
        sb_line_slug(&line, (sb_text){cases[i].name, (uint32_t)strlen(cases[i].name), 0});
        assert_string_equal(ended(&line), cases[i].slug);
    }
}

/* ---- network addresses ------------------------------------------------------------------------
 */

/* Private (RFC 1918), shared (RFC 6598) or for benchmarks (RFC 2544). */
static bool is_reserved_v4(unsigned a, unsigned b)
{
    return a == 10 || (a == 100 && b >= 64 && b <= 127) || (a == 198 && (b == 18 || b == 19));
}

static void addresses_lie_in_reserved_ranges(void **state)
{
    enum { DRAWS = 200000 };
    uint32_t ten = 0, shared = 0, bench = 0, six = 0;
    uint64_t random = 5;
    (void)state;
    for (int i = 0; i < DRAWS; i++) {
        unsigned a, b, c, d;
        char rest = 0, again[64];
        sb_line line;
        sb_line_begin(&line);
        sb_line_ip(&line, fixture_random(&random));
        const char *text = ended(&line);
        if (sscanf(text, "%u.%u.%u.%u%c", &a, &b, &c, &d, &rest) == 4) {
            (void)snprintf(again, sizeof again, "%u.%u.%u.%u", a, b, c, d);
            assert_string_equal(again, text); /* no noughts in front */
            if (!is_reserved_v4(a, b) || b > 255 || c > 255 || d < 1 || d > 254)
                fail_msg("%s is not in a reserved range", text);
            ten += a == 10;
            shared += a == 100;
            bench += a == 198;
        } else {
            unsigned group, host;
            assert_int_equal(sscanf(text, "2001:db8:%x::%x%c", &group, &host, &rest), 2);
            assert_true(group <= 0xffff && host >= 1 && host <= 0xffff);
            six++;
        }
    }
    assert_in_range(six, DRAWS / 8 - 1500, DRAWS / 8 + 1500);
    assert_true(ten > DRAWS / 3 && shared > DRAWS / 10 && bench > DRAWS / 20);
}

/* ---- unique numbers ---------------------------------------------------------------------------
 */

static void unique_numbers_do_not_repeat(void **state)
{
    static uint8_t seen[10000000 / 8];
    sb_key key = {1, 2};
    (void)state;
    memset(seen, 0, sizeof seen);
    for (uint64_t id = 0; id < 300000; id++) {
        sb_line line;
        sb_line_begin(&line);
        sb_line_unique(&line, key, id);
        const char *text = ended(&line);
        assert_int_equal(line.length, id < 100000 ? 5 : 7);
        uint32_t number = (uint32_t)strtoul(text, NULL, 10);
        assert_true(id < 100000 ? number < 100000 : number >= 100000 && number < 10000000);
        assert_false(seen[number / 8] >> number % 8 & 1);
        seen[number / 8] |= (uint8_t)(1 << number % 8);
    }
    sb_line first, last;
    sb_line_begin(&first);
    sb_line_unique(&first, key, 10000000);
    assert_int_equal(first.length, 12);
    sb_line_begin(&last);
    sb_line_unique(&last, key, UINT64_C(999999999999));
    assert_int_equal(last.length, 12);
    assert_string_not_equal(ended(&first), ended(&last));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_city_has_addresses_of_its_own),
        cmocka_unit_test(postal_codes_fill_their_ranges),
        cmocka_unit_test(what_does_not_fit_is_seen),
        cmocka_unit_test(an_address_is_a_function_of_its_key),
        cmocka_unit_test(phones_of_every_city_are_of_their_country),
        cmocka_unit_test(calling_codes_are_those_of_the_country),
        cmocka_unit_test(american_numbers_are_for_fiction),
        cmocka_unit_test(every_name_gives_a_mail_name),
        cmocka_unit_test(letters_lose_their_marks),
        cmocka_unit_test(addresses_lie_in_reserved_ranges),
        cmocka_unit_test(unique_numbers_do_not_repeat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
