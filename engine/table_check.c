#include "engine/table_check.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "engine/grammar.h"
#include "engine/table_blob.h"
#include "format/schema.h"

/* A table under examination. */
typedef struct subject {
    const sb_table_store *store;
    const sb_table_group *group;
    const char *path;
    sb_table_id id;
    sb_error *err;
} subject;

/* "FILE:LINE: ...", of a row. */
#define WRONG(of, row, format, ...) \
    sb_fail((of)->err, SB_EUSAGE, "%s:%u: " format, (of)->path, line_of((of), row), __VA_ARGS__)

static uint32_t line_of(const subject *of, uint32_t row)
{
    return of->store->row_lines[row];
}

static uint32_t row_count(const subject *of)
{
    return of->group->tables[of->id].row_count;
}

/* A cell of a table of the group, which may be another one, read before. */
static const char *cell_of(const subject *of, sb_table_id id, uint32_t row, uint32_t column)
{
    const sb_raw_table *raw = &of->group->tables[id];
    uint32_t first = (uint32_t)(uintptr_t)raw->cells;
    return of->store->pool + of->store->cells[first + row * raw->column_count + column];
}

static const char *cell(const subject *of, uint32_t row, const char *column)
{
    return cell_of(of, of->id, row, sb_table_column(of->id, column));
}

static int64_t number(const subject *of, uint32_t row, const char *column)
{
    return strtoll(cell(of, row, column), NULL, 10);
}

static bool is_none(const char *text)
{
    return strcmp(text, "-") == 0;
}

static bool is_among(const char *text, const char *const *choices)
{
    for (; *choices != NULL; choices++)
        if (strcmp(*choices, text) == 0)
            return true;
    return false;
}

static bool is_digits(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* Whether a text is a value of the schema's list, in which blanks part the values. */
static bool is_value(const char *text, const char *values)
{
    size_t length = strlen(text);
    for (size_t n; (n = strcspn(values, " ")) > 0; values += n + (values[n] == ' '))
        if (n == length && memcmp(values, text, n) == 0)
            return true;
    return false;
}

/* Whether the first column of a shared table, which no user replaces, has the text. */
static bool is_shared(sb_table_id id, const char *text)
{
    const sb_raw_table *raw = &sb_blob_groups[0].tables[id];
    for (uint32_t row = 0; row < raw->row_count; row++)
        if (strcmp(raw->pool + raw->cells[row * raw->column_count], text) == 0)
            return true;
    return false;
}

/* The value of a key of locale.tsv; NULL where there is none (or it was not read yet). */
static const char *locale_value(const subject *of, const char *key)
{
    for (uint32_t row = 0; row < of->group->tables[SB_TABLE_LOCALE].row_count; row++)
        if (strcmp(cell_of(of, SB_TABLE_LOCALE, row, 0), key) == 0)
            return cell_of(of, SB_TABLE_LOCALE, row, 1);
    return NULL;
}

/* ---- names ---------------------------------------------------------------------------------- */

static sb_status check_lengths(const subject *of)
{
    uint32_t columns = sb_table_column_count(of->id);
    if (of->id == SB_TABLE_LOCALE || of->id == SB_TABLE_LANGUAGE || of->id == SB_TABLE_GRAMMAR)
        return SB_OK;
    for (uint32_t row = 0; row < row_count(of); row++)
        for (uint32_t column = 0; column < columns; column++) {
            const char *text = cell_of(of, of->id, row, column);
            if (strlen(text) > SB_NAME_BYTES_MAX)
                return WRONG(of, row, "'%s' has %zu bytes; at most %d here", text, strlen(text),
                             SB_NAME_BYTES_MAX);
        }
    return SB_OK;
}

/* Latin letters with whatever marks (up to U+024F, U+1E00 to U+1EFF), digits, and dashes and
 * apostrophes of print. The text is UTF-8, which was checked. */
static bool is_latin(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        if (*c < 0x80)
            continue;
        bool extended = *c < 0xC9 || (*c == 0xC9 && c[1] < 0x90);
        bool vietnamese = *c == 0xE1 && c[1] >= 0xB8 && c[1] <= 0xBB;
        bool mark = *c == 0xE2 && c[1] == 0x80 && c[2] >= 0x93 && c[2] <= 0x99;
        if (!extended && !vietnamese && !mark)
            return false;
        c += *c < 0xE0 ? 1 : 2;
    }
    return true;
}

static bool is_ascii(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x7F)
            return false;
    return true;
}

static bool has_letter(const char *text)
{
    return strpbrk(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != NULL;
}

/* Every name has a form for passports, payments and mail addresses: itself or another. */
static sb_status check_latin(const subject *of, const char *native, const char *latin)
{
    for (uint32_t row = 0; row < row_count(of); row++) {
        const char *name = cell(of, row, native), *other = cell(of, row, latin);
        if (is_none(other) && !is_none(name) && !is_latin(name))
            return WRONG(of, row,
                         "'%s' is not in Latin letters: column %s must say how it is "
                         "written in them",
                         name, latin);
        if (!is_none(other) && (!is_ascii(other) || !has_letter(other)))
            return WRONG(of, row, "%s '%s' must be plain ASCII letters", latin, other);
    }
    return SB_OK;
}

/* Whether the braces of a text hold names of `known` only; else the end of what is wrong. */
static const char *wrong_brace(const char *text, const char *const *known)
{
    for (const char *c = strpbrk(text, "{}"); c != NULL; c = strpbrk(c, "{}")) {
        bool found = false;
        for (size_t i = 0; known[i] != NULL && !found; i++) {
            size_t length = strlen(known[i]);
            found = strncmp(c, known[i], length) == 0;
            c += found ? length : 0;
        }
        if (!found)
            return c;
    }
    return NULL;
}

/* ---- locale.tsv ----------------------------------------------------------------------------- */

typedef enum rule_kind { CHOICE, NUMBER, LETTERS, PATTERN, CALLING_CODE, PHONES } rule_kind;

/* What a key may say. */
typedef struct key_rule {
    const char *key;
    rule_kind kind;
    const char *const *choices; /* of CHOICE; the holes a PATTERN may have, the first it must */
    int64_t least, most;        /* of NUMBER; of LETTERS how many */
} key_rule;

static const char *const orders[] = {"given_family", "family_given", NULL};
static const char *const surname_counts[] = {"1", "2", NULL};
static const char *const middles[] = {"none", "given", "father", "patronymic", NULL};
static const char *const groupings[] = {"3", "3-2", NULL};
static const char *const decimal_points[] = {".", ",", NULL};
static const char *const thousands_points[] = {".", ",", "'", "space", "nbsp", "none", NULL};
static const char *const amount_holes[] = {"{amount}", NULL};
static const char *const street_holes[] = {"{street}", "{number}", "{block}", "{lot}", NULL};
static const char *const date_holes[] = {"{yy",  "{d}",    "{dd}",    "{m}", "{mm}",
                                         "{yy}", "{yyyy}", "{month}", NULL};

static const key_rule locale_rules[] = {
    {"language", LETTERS, NULL, 2, 0},
    {"country", LETTERS, NULL, 2, 0},
    {"currency", LETTERS, NULL, 3, 0},
    {"weight", NUMBER, NULL, 1, 10000},
    {"calling_code", CALLING_CODE, NULL, 0, 0},
    {"name_order", CHOICE, orders, 0, 0},
    {"surnames", CHOICE, surname_counts, 0, 0},
    {"middle", CHOICE, middles, 0, 0},
    {"middle_permille", NUMBER, NULL, 0, 1000},
    {"decimal_point", CHOICE, decimal_points, 0, 0},
    {"thousands_point", CHOICE, thousands_points, 0, 0},
    {"grouping", CHOICE, groupings, 0, 0},
    {"amount_pattern", PATTERN, amount_holes, 0, 0},
    {"date_pattern", PATTERN, date_holes, 0, 0},
    {"street_pattern", PATTERN, street_holes, 0, 0},
    {"mobile", PHONES, NULL, 0, 0},
    {"landline", PHONES, NULL, 0, 0},
    {"income", NUMBER, NULL, 100, INT64_C(10000000000)},
    {"price_level", NUMBER, NULL, 1, 300},
};
enum { LOCALE_KEYS = sizeof locale_rules / sizeof locale_rules[0] };

static sb_status check_choice(const subject *of, uint32_t row, const key_rule *rule)
{
    char list[160] = "";
    const char *value = cell(of, row, "value");
    if (is_among(value, rule->choices))
        return SB_OK;
    for (int i = 0; rule->choices[i] != NULL; i++) {
        size_t length = strlen(list);
        (void)snprintf(list + length, sizeof list - length, " %s", rule->choices[i]);
    }
    return WRONG(of, row, "%s '%s' is unknown; one of:%s", rule->key, value, list);
}

static sb_status check_number(const subject *of, uint32_t row, const key_rule *rule)
{
    const char *value = cell(of, row, "value");
    int64_t found = strlen(value) <= 12 && is_digits(value) ? strtoll(value, NULL, 10) : -1;
    if (found >= rule->least && found <= rule->most)
        return SB_OK;
    return WRONG(of, row, "%s '%s' is no number from %lld to %lld", rule->key, value,
                 (long long)rule->least, (long long)rule->most);
}

static sb_status check_letters(const subject *of, uint32_t row, const key_rule *rule)
{
    const char *value = cell(of, row, "value");
    const char *letters = strcmp(rule->key, "language") == 0 ? "abcdefghijklmnopqrstuvwxyz"
                                                             : "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (strlen(value) != (size_t)rule->least || strspn(value, letters) != (size_t)rule->least)
        return WRONG(of, row, "%s '%s' does not have %d letters %c to %c", rule->key, value,
                     (int)rule->least, letters[0], letters[25]);
    if (strcmp(rule->key, "country") == 0 && !is_shared(SB_TABLE_COUNTRIES, value))
        return WRONG(of, row, "country %s is not among the shared countries", value);
    if (strcmp(rule->key, "currency") == 0 && !is_shared(SB_TABLE_CURRENCIES, value))
        return WRONG(of, row, "currency %s is not among the shared currencies", value);
    return SB_OK;
}

static sb_status check_pattern(const subject *of, uint32_t row, const key_rule *rule)
{
    const char *value = cell(of, row, "value"), *brace = wrong_brace(value, rule->choices);
    bool dates = rule->choices == date_holes;
    if (dates)
        brace = wrong_brace(value, date_holes + 1);
    if (strlen(value) > SB_NAME_BYTES_MAX)
        return WRONG(of, row, "%s has %zu bytes; at most %d", rule->key, strlen(value),
                     SB_NAME_BYTES_MAX);
    if (strstr(value, rule->choices[0]) == NULL)
        return WRONG(of, row, "%s '%s' lacks %s%s", rule->key, value, rule->choices[0],
                     dates ? "} or {yyyy}" : "");
    if (brace != NULL)
        return WRONG(of, row, "%s '%s' has an unknown placeholder at '%s'", rule->key, value,
                     brace);
    return SB_OK;
}

static sb_status check_calling_code(const subject *of, uint32_t row)
{
    const char *value = cell(of, row, "value");
    if (value[0] != '+' || !is_digits(value + 1) || strlen(value) > 5)
        return WRONG(of, row, "calling_code '%s' is not + and one to four digits", value);
    return SB_OK;
}

/* Digits of one phone pattern, up to the comma, with an area code of `area_digits`; 0: it is none.
 */
static uint32_t phone_digits(const char *pattern, uint32_t area_digits)
{
    uint32_t digits = 0;
    if (*pattern++ != '+')
        return 0;
    while (*pattern != '\0' && *pattern != ',') {
        bool area = strncmp(pattern, "{area}", 6) == 0;
        if (!area && *pattern != '#' && (*pattern < '0' || *pattern > '9'))
            return 0;
        digits += area ? area_digits : 1;
        pattern += area ? 6 : 1;
    }
    return digits;
}

/* Runs over the patterns of a list; the first that is no number of E.164 with such an area code, or
 * NULL. */
static const char *wrong_phone(const char *patterns, const char *calling_code, uint32_t area_digits)
{
    for (;;) {
        uint32_t digits = phone_digits(patterns, area_digits);
        if (digits < 7 || digits > 15 || strncmp(patterns, calling_code, strlen(calling_code)) != 0)
            return patterns;
        patterns = strchr(patterns, ',');
        if (patterns++ == NULL)
            return NULL;
    }
}

/* Area codes have two digits here; their true length is checked in cities.tsv. */
static sb_status check_phones(const subject *of, uint32_t row, const key_rule *rule)
{
    const char *value = cell(of, row, "value"), *code = locale_value(of, "calling_code");
    const char *pattern = wrong_phone(value, code != NULL ? code : "+", 2);
    if (pattern == NULL)
        return SB_OK;
    return WRONG(of, row, "%s: '%.*s' is no pattern of E.164 numbers that begin with %s", rule->key,
                 (int)strcspn(pattern, ","), pattern, code != NULL ? code : "+");
}

static sb_status check_key(const subject *of, uint32_t row)
{
    const char *key = cell(of, row, "key");
    for (int i = 0; i < LOCALE_KEYS; i++) {
        const key_rule *rule = &locale_rules[i];
        if (strcmp(rule->key, key) != 0)
            continue;
        switch (rule->kind) {
        case CHOICE:
            return check_choice(of, row, rule);
        case NUMBER:
            return check_number(of, row, rule);
        case LETTERS:
            return check_letters(of, row, rule);
        case PATTERN:
            return check_pattern(of, row, rule);
        case CALLING_CODE:
            return check_calling_code(of, row);
        case PHONES:
            return check_phones(of, row, rule);
        }
    }
    return WRONG(of, row, "key %s is unknown; see engine/tables/README.md", key);
}

static sb_status check_locale(const subject *of)
{
    for (uint32_t row = 0; row < row_count(of); row++)
        SB_TRY(check_key(of, row));
    for (int i = 0; i < LOCALE_KEYS; i++)
        if (locale_value(of, locale_rules[i].key) == NULL)
            return sb_fail(of->err, SB_EUSAGE, "%s: key %s is missing", of->path,
                           locale_rules[i].key);
    return SB_OK;
}

/* ---- other tables of a locale --------------------------------------------------------------- */

/* What follows a range "{10115-14199}" that begins at `at`; NULL: it is none. */
static const char *after_range(const char *at)
{
    static const char digits[] = "0123456789";
    const char *low = at + 1, *high;
    size_t width = strspn(low, digits);
    if (width == 0 || width > 18 || low[width] != '-')
        return NULL;
    high = low + width + 1;
    if (strspn(high, digits) != width || high[width] != '}' || strncmp(low, high, width) > 0)
        return NULL;
    return high + width + 1;
}

static sb_status check_postal(const subject *of, uint32_t row)
{
    const char *pattern = cell(of, row, "postal"), *at = pattern;
    bool begins = true;
    for (; *at != '\0'; begins = at[-1] == '|') {
        if (begins && *at == '|')
            break;
        if (*at == '}')
            return WRONG(of, row, "postal pattern '%s': a brace stands alone", pattern);
        const char *next = *at == '{' ? after_range(at) : at + 1;
        if (next == NULL)
            return WRONG(of, row,
                         "postal pattern '%s': a range is {a-b} with a not above b and as many "
                         "digits",
                         pattern);
        at = next;
    }
    if (begins || *at != '\0')
        return WRONG(of, row, "postal pattern '%s': nothing stands beside a |", pattern);
    return SB_OK;
}

static sb_status check_area_code(const subject *of, uint32_t row)
{
    static const char *const keys[] = {"mobile", "landline"};
    const char *area = cell(of, row, "area_code"), *code = locale_value(of, "calling_code");
    if (!is_none(area) && !is_digits(area))
        return WRONG(of, row, "area code '%s' is neither digits nor -", area);
    for (int i = 0; i < 2 && code != NULL; i++) {
        const char *patterns = locale_value(of, keys[i]);
        if (patterns == NULL || strstr(patterns, "{area}") == NULL)
            continue;
        if (is_none(area))
            return WRONG(of, row, "an area code is needed: %s in locale.tsv has {area}", keys[i]);
        if (wrong_phone(patterns, code, (uint32_t)strlen(area)) != NULL)
            return WRONG(of, row, "area code %s makes %s in locale.tsv no number of 7 to 15 digits",
                         area, keys[i]);
    }
    return SB_OK;
}

static sb_status check_city(const subject *of, uint32_t row)
{
    static const char *const rules[] = {"none", "us", "eu", "au", NULL};
    int64_t latitude = number(of, row, "latitude_e7"), longitude = number(of, row, "longitude_e7");
    int64_t minutes = number(of, row, "utc_minutes");
    const char *dst = cell(of, row, "dst");
    if (latitude < -900000000 || latitude > 900000000 || longitude < -1800000000 ||
        longitude > 1800000000)
        return WRONG(of, row, "coordinates %lld, %lld are off the globe", (long long)latitude,
                     (long long)longitude);
    if (number(of, row, "population") <= 0)
        return WRONG(of, row, "population %s is not above 0", cell(of, row, "population"));
    if (minutes < -720 || minutes > 840 || minutes % 15 != 0)
        return WRONG(of, row, "utc_minutes %lld is no standard time", (long long)minutes);
    if (!is_among(dst, rules))
        return WRONG(of, row, "dst '%s' is none of none us eu au", dst);
    if (!is_none(cell(of, row, "postal")))
        SB_TRY(check_postal(of, row));
    return check_area_code(of, row);
}

static sb_status check_form(const subject *of, uint32_t row)
{
    static const char *const holes[] = {"{name}", NULL};
    static const char *const columns[] = {"form", "latin"};
    const sb_record *companies = sb_schema(SB_COMPANIES);
    const char *types = companies->fields[sb_record_find(companies, "company_type")].values;
    const char *sole = cell(of, row, "sole");
    for (int i = 0; i < 2; i++) {
        const char *text = cell(of, row, columns[i]);
        if (i > 0 && is_none(text))
            continue;
        if (strstr(text, holes[0]) == NULL || wrong_brace(text, holes) != NULL)
            return WRONG(of, row, "%s '%s' must hold {name} and no other brace", columns[i], text);
    }
    if (!is_value(cell(of, row, "type"), types))
        return WRONG(of, row, "type '%s' is unknown; one of: %s", cell(of, row, "type"), types);
    if (strcmp(sole, "0") != 0 && strcmp(sole, "1") != 0)
        return WRONG(of, row, "sole is %s, not 0 or 1", sole);
    return SB_OK;
}

/* XXXXCC?0 or XXXXCC?0YYY: the 0 makes it one for tests, that no bank has. */
static bool is_test_bic(const char *bic, const char *country)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char both[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    size_t length = strlen(bic);
    return (length == 8 || length == 11) && strspn(bic, letters) >= 4 &&
           strspn(bic, both) == length && strncmp(bic + 4, country, 2) == 0 && bic[7] == '0';
}

static sb_status check_bank(const subject *of, uint32_t row)
{
    const char *code = cell(of, row, "code"), *bic = cell(of, row, "bic");
    const char *country = locale_value(of, "country");
    if (code[strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")] != '\0')
        return WRONG(of, row, "code '%s' is not of letters A to Z and digits", code);
    for (uint32_t i = 0; i < row; i++)
        if (strcmp(cell(of, i, "code"), code) == 0)
            return WRONG(of, row, "code %s stands in line %u already", code, line_of(of, i));
    if (country != NULL && !is_test_bic(bic, country))
        return WRONG(of, row, "bic '%s' is no test BIC: XXXX%s?0 or XXXX%s?0YYY", bic, country,
                     country);
    return SB_OK;
}

static sb_status check_patronymics(const subject *of)
{
    const char *middle = locale_value(of, "middle");
    if (middle != NULL && strcmp(middle, "patronymic") != 0)
        return sb_fail(of->err, SB_EUSAGE, "%s: has no effect: middle is %s in locale.tsv",
                       of->path, middle);
    SB_TRY(check_latin(of, "male", "male_latin"));
    return check_latin(of, "female", "female_latin");
}

/* ---- tables of a language ------------------------------------------------------------------- */

static sb_status check_name_list(const subject *of, uint32_t row, uint32_t count)
{
    const char *key = cell(of, row, "key"), *names = cell(of, row, "value");
    uint32_t found = 0;
    for (const char *at = names;; at++) {
        size_t n = strcspn(at, "|");
        if (n == 0)
            return WRONG(of, row, "%s: an empty name", key);
        found++;
        at += n;
        if (*at == '\0')
            break;
    }
    if (found != count)
        return WRONG(of, row, "%s holds %u names, not %u", key, found, count);
    return SB_OK;
}

static sb_status check_language(const subject *of)
{
    static const char *const keys[] = {"months", "months_in_dates", "weekdays", "name_join", NULL};
    static const char *const joins[] = {"space", "none", NULL};
    uint32_t seen = 0;
    for (uint32_t row = 0; row < row_count(of); row++) {
        const char *key = cell(of, row, "key");
        if (!is_among(key, keys))
            return WRONG(of, row, "key %s is unknown; see engine/tables/README.md", key);
        seen++; /* keys stand once */
        if (strcmp(key, "name_join") != 0)
            SB_TRY(check_name_list(of, row, strcmp(key, "weekdays") == 0 ? 7 : 12));
        else if (!is_among(cell(of, row, "value"), joins))
            return WRONG(of, row, "name_join '%s' is neither space nor none",
                         cell(of, row, "value"));
    }
    for (uint32_t i = 0; keys[i] != NULL && seen < 4; i++) {
        uint32_t row = 0;
        while (row < row_count(of) && strcmp(cell(of, row, "key"), keys[i]) != 0)
            row++;
        if (row == row_count(of))
            return sb_fail(of->err, SB_EUSAGE, "%s: key %s is missing", of->path, keys[i]);
    }
    return SB_OK;
}

/* One for every occupation there is, since a firm may ask for any. */
static sb_status check_titles(const subject *of)
{
    const sb_raw_table *shared = &sb_blob_groups[0].tables[SB_TABLE_OCCUPATIONS];
    for (uint32_t row = 0; row < row_count(of); row++)
        if (!is_shared(SB_TABLE_OCCUPATIONS, cell(of, row, "key")))
            return WRONG(of, row, "%s is not among the shared occupations", cell(of, row, "key"));
    for (uint32_t s = 0; s < shared->row_count; s++) {
        const char *key = shared->pool + shared->cells[s * shared->column_count];
        uint32_t row = 0;
        while (row < row_count(of) && strcmp(cell(of, row, "key"), key) != 0)
            row++;
        if (row == row_count(of))
            return sb_fail(of->err, SB_EUSAGE, "%s: no title for %s", of->path, key);
    }
    return SB_OK;
}

/* The industry of a line of business; NULL: the shared table has no such line. */
static const char *industry_of(const char *line)
{
    const sb_raw_table *raw = &sb_blob_groups[0].tables[SB_TABLE_SUB_INDUSTRIES];
    uint32_t industry = sb_table_column(SB_TABLE_SUB_INDUSTRIES, "industry");
    for (uint32_t row = 0; row < raw->row_count; row++)
        if (strcmp(raw->pool + raw->cells[row * raw->column_count], line) == 0)
            return raw->pool + raw->cells[row * raw->column_count + industry];
    return NULL;
}

static sb_status check_second(const subject *of)
{
    for (uint32_t row = 0; row < row_count(of); row++) {
        const char *industry = cell(of, row, "industry"), *line = cell(of, row, "sub_industry");
        const char *of_line = is_none(line) ? "any" : industry_of(line);
        if (strcmp(industry, "any") != 0 && !is_shared(SB_TABLE_INDUSTRIES, industry))
            return WRONG(of, row, "industry '%s' is neither shared nor any", industry);
        if (of_line == NULL || strcmp(of_line, industry) != 0)
            return WRONG(of, row, "sub_industry '%s' is no line of business of %s", line, industry);
    }
    return check_latin(of, "word", "latin");
}

static sb_status check_merchant(const subject *of, uint32_t row)
{
    static const char *const holes[] = {"{family}", "{city}", "{first}", NULL};
    const char *pattern = cell(of, row, "pattern"), *mcc = cell(of, row, "mcc");
    if (!is_shared(SB_TABLE_MCC, mcc))
        return WRONG(of, row, "category %s is not in the shared mcc", mcc);
    if (wrong_brace(pattern, holes) != NULL)
        return WRONG(of, row, "'%s' may hold {family}, {city} and {first}, and no other brace",
                     pattern);
    return SB_OK;
}

/* ---- the grammar ---------------------------------------------------------------------------- */

static const char *const variable_names[SB_VARIABLE_COUNT] = {
#define NAME(name) #name,
    SB_VARIABLES(NAME)
#undef NAME
};
static const char *const engine_rules[SB_RULE_COUNT] = {
#define NAME(name) #name,
    SB_RULES(NAME)
#undef NAME
};

enum {
#define BIT(name) BIT_##name = 1 << SB_VAR_##name,
    SB_VARIABLES(BIT)
#undef BIT
        PAYMENT = BIT_amount | BIT_date | BIT_reference,
    EVERYTHING = (1 << SB_VARIABLE_COUNT) - 1
};

/* A rule of a grammar, under its number: what its texts say, with all rules they call. */
typedef struct grammar_rule {
    const char *name;
    uint32_t variables; /* bits of those that may stand in it */
    bool names_payment; /* always */
} grammar_rule;

typedef struct grammar_view {
    const subject *of;
    grammar_rule *rules;
    uint32_t *rule_of_row;
    uint32_t count;
} grammar_view;

static uint32_t rule_number(grammar_view *view, const char *name, size_t name_bytes, bool add)
{
    uint32_t i = 0;
    while (i < view->count && (strncmp(view->rules[i].name, name, name_bytes) != 0 ||
                               view->rules[i].name[name_bytes] != '\0'))
        i++;
    if (i == view->count && add)
        view->rules[view->count++] = (grammar_rule){name, 0, true};
    return i;
}

static uint32_t variable_bit(const char *name, size_t name_bytes)
{
    for (uint32_t i = 0; i < SB_VARIABLE_COUNT; i++)
        if (strlen(variable_names[i]) == name_bytes &&
            memcmp(variable_names[i], name, name_bytes) == 0)
            return UINT32_C(1) << i;
    return 0;
}

/* What a text may say, as far as its rules are known; whether it always names a payment. */
static uint32_t look_at(grammar_view *view, const char *text, bool *names_payment)
{
    uint32_t variables = 0;
    *names_payment = false;
    while ((text = strchr(text, '{')) != NULL) {
        size_t bytes = strcspn(++text, "}");
        uint32_t bit = variable_bit(text, bytes);
        if (bit == 0) {
            const grammar_rule *inner = &view->rules[rule_number(view, text, bytes, false)];
            *names_payment = *names_payment || inner->names_payment;
            variables |= inner->variables;
        }
        *names_payment = *names_payment || (bit & PAYMENT) != 0;
        variables |= bit;
    }
    return variables;
}

/* Which variables a rule may use, and whether each of its texts must name the payment: what the
 * engine has at hand when it asks for the rule. */
static uint32_t allowed(const char *name, bool *must_name)
{
    size_t length = strlen(name);
    const char *last = strrchr(name, '_');
    last = last != NULL ? last : name + length;
    bool paid = strcmp(last, "_paid") == 0 || strcmp(last, "_got") == 0;
    bool answers = strncmp(name, "reply", 5) == 0 || strncmp(name, "shortreply", 10) == 0 ||
                   strncmp(name, "subject", 7) == 0;
    *must_name = paid && !answers;
    if (strncmp(name, "remit_", 6) == 0)
        return BIT_number | BIT_month;
    if (strcmp(name, "describe") == 0)
        return BIT_trade | BIT_city;
    return paid ? EVERYTHING & ~BIT_trade : EVERYTHING & ~BIT_trade & ~PAYMENT;
}

/* Each round looks one rule deeper. A payment is named "always" until a text shows otherwise. */
static void look_through(grammar_view *view)
{
    for (int round = 0; round <= SB_GRAMMAR_DEPTH; round++)
        for (uint32_t row = 0; row < row_count(view->of); row++) {
            bool names;
            grammar_rule *rule = &view->rules[view->rule_of_row[row]];
            rule->variables |= look_at(view, cell(view->of, row, "text"), &names);
            rule->names_payment = rule->names_payment && names;
        }
}

static sb_status check_saying(grammar_view *view, uint32_t row)
{
    const char *name = view->rules[view->rule_of_row[row]].name;
    bool must_name, names;
    uint32_t variables = look_at(view, cell(view->of, row, "text"), &names);
    uint32_t odd = variables & ~allowed(name, &must_name);
    for (uint32_t i = 0; i < SB_VARIABLE_COUNT; i++)
        if (odd >> i & 1)
            return WRONG(view->of, row, "rule %s may not use {%s}", name, variable_names[i]);
    if (must_name && !names)
        return WRONG(view->of, row,
                     "every text of rule %s must name {amount}, {date} or {reference}", name);
    return SB_OK;
}

static sb_status check_sayings(grammar_view *view)
{
    const subject *of = view->of;
    for (uint32_t row = 0; row < row_count(of); row++) {
        const char *name = cell(of, row, "rule");
        int64_t tone = number(of, row, "tone");
        if (tone < -100 || tone > 100)
            return WRONG(of, row, "tone %lld is not from -100 to 100", (long long)tone);
        if (variable_bit(name, strlen(name)) != 0)
            return WRONG(of, row, "a rule cannot have the name of the variable {%s}", name);
        view->rule_of_row[row] = rule_number(view, name, strlen(name), true);
    }
    look_through(view);
    for (uint32_t row = 0; row < row_count(of); row++)
        for (int r = 0; r < SB_RULE_COUNT; r++)
            if (strcmp(cell(of, row, "rule"), engine_rules[r]) == 0)
                SB_TRY(check_saying(view, row));
    return SB_OK;
}

static sb_status check_grammar(const subject *of)
{
    uint32_t count = row_count(of);
    const char **cells = malloc((size_t)count * 3 * sizeof *cells);
    grammar_view view = {.of = of,
                         .rules = malloc(count * sizeof *view.rules),
                         .rule_of_row = malloc(count * sizeof *view.rule_of_row)};
    sb_status status = SB_OK;
    if (cells == NULL || view.rules == NULL || view.rule_of_row == NULL)
        status = sb_fail(of->err, SB_ENOMEM, "no memory for tables");
    for (uint32_t i = 0; status == SB_OK && i < count * 3; i++)
        cells[i] = cell_of(of, of->id, i / 3, i % 3);
    if (status == SB_OK)
        status = sb_grammar_check(of->path, cells, of->store->row_lines, count, of->err);
    if (status == SB_OK)
        status = check_sayings(&view);
    free(cells);
    free(view.rules);
    free(view.rule_of_row);
    return status;
}

/* ---- all of them ---------------------------------------------------------------------------- */

static sb_status check_rows(const subject *of, sb_status (*check)(const subject *of, uint32_t row))
{
    for (uint32_t row = 0; row < row_count(of); row++)
        SB_TRY(check(of, row));
    return SB_OK;
}

static sb_status check_contents(const subject *of)
{
    switch (of->id) {
    case SB_TABLE_LANGUAGE:
        return check_language(of);
    case SB_TABLE_TITLES:
        return check_titles(of);
    case SB_TABLE_COMPANY_FIRST:
        return check_latin(of, "word", "latin");
    case SB_TABLE_COMPANY_SECOND:
        return check_second(of);
    case SB_TABLE_MERCHANTS:
        return check_rows(of, check_merchant);
    case SB_TABLE_GRAMMAR:
        return check_grammar(of);
    case SB_TABLE_LOCALE:
        return check_locale(of);
    case SB_TABLE_GIVEN_FEMALE:
    case SB_TABLE_GIVEN_MALE:
        return check_latin(of, "name", "latin");
    case SB_TABLE_FAMILY:
        SB_TRY(check_latin(of, "name", "latin"));
        return check_latin(of, "female", "female_latin");
    case SB_TABLE_PATRONYMICS:
        return check_patronymics(of);
    case SB_TABLE_CITIES:
        SB_TRY(check_rows(of, check_city));
        return check_latin(of, "city", "latin");
    case SB_TABLE_COMPANY_FORMS:
        SB_TRY(check_rows(of, check_form));
        return check_latin(of, "form", "latin");
    case SB_TABLE_BANKS:
        SB_TRY(check_rows(of, check_bank));
        return check_latin(of, "name", "latin");
    default:
        return SB_OK;
    }
}

sb_status sb_table_check(const sb_table_store *store, const sb_table_group *group, const char *path,
                         sb_table_id id, sb_error *err)
{
    subject of = {store, group, path, id, err};
    SB_TRY(check_lengths(&of));
    return check_contents(&of);
}
