/* Dates and amounts as people of a locale write them. */
#include "engine/local_text.h"

#include "format/row_text.h"
#include "tests/unit/engine_fixture.h"

#define NBSP "\xC2\xA0"

static engine open_one(const char *locale)
{
    return engine_open("persons", "10", "locales", locale);
}

static void check_line(const sb_line *line, const char *expected, const char *locale)
{
    if (line->length != strlen(expected) || memcmp(line->bytes, expected, line->length) != 0)
        fail_msg("%s: '%.*s', not '%s'", locale, (int)line->length, line->bytes, expected);
}

static uint16_t currency_row(sb_maker *maker, const char *code)
{
    const sb_table *currencies = sb_find(maker, 0, SB_TABLE_CURRENCIES);
    for (uint32_t row = 0; row < currencies->count; row++)
        if (strcmp(sb_table_text(currencies, 0, row).bytes, code) == 0)
            return (uint16_t)row;
    fail_msg("no currency %s", code);
    return 0;
}

/* ---- dates ------------------------------------------------------------------------------------
 */

enum { DAY_2026_02_03 = 20487, DAY_2025_12_31 = 20453, DAY_2000_02_29 = 11016 };

static void dates_follow_the_locale(void **state)
{
    static const struct {
        const char *locale;
        int32_t days;
        const char *text;
    } cases[] = {
        {"de_DE", DAY_2026_02_03, "03.02.2026"}, {"de_DE", DAY_2025_12_31, "31.12.2025"},
        {"en_US", DAY_2026_02_03, "02/03/2026"}, {"en_GB", DAY_2026_02_03, "03/02/2026"},
        {"sv_SE", DAY_2000_02_29, "2000-02-29"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        sb_line line;
        engine all = open_one(cases[i].locale);
        sb_line_begin(&line);
        sb_line_date(&line, sb_locale_of(all.maker, 0), cases[i].days);
        check_line(&line, cases[i].text, cases[i].locale);
        engine_close(&all);
    }
}

/* Every placeholder, by a locale of the test's own. */
static void every_part_of_a_date_can_be_asked_for(void **state)
{
    static const struct {
        const char *pattern;
        int32_t days;
        const char *text;
    } cases[] = {
        {"{d}.{m}.{yy}", DAY_2026_02_03, "3.2.26"},
        {"{dd}.{mm}.{yyyy}", DAY_2026_02_03, "03.02.2026"},
        {"{d} de {month} de {yyyy}", DAY_2026_02_03, "3 de B de 2026"},
        {"{month}", DAY_2025_12_31, "L"},
        {"{yy}", DAY_2000_02_29, "00"},
        {"{yyyy}年{m}月{d}日", DAY_2000_02_29, "2000年2月29日"},
        {"{other} {d", DAY_2000_02_29, "{other} {d"}, /* no such: stays, for the eye to see */
        {"", 0, ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        sb_line line;
        sb_locale locale = {.date_pattern = cases[i].pattern,
                            .months_in_dates = "A|B|C|D|E|F|G|H|I|J|K|L"};
        sb_line_begin(&line);
        sb_line_date(&line, &locale, cases[i].days);
        check_line(&line, cases[i].text, cases[i].pattern);
    }
}

/* Read back in the order of the pattern, every day of three years of every locale is itself. */
static void dates_of_all_locales_tell_their_day(void **state)
{
    (void)state;
    engine all = engine_open("persons", "100");
    for (uint32_t l = 0; l < sb_tables_locale_count(all.world->tables); l++) {
        const sb_locale *locale = sb_locale_of(all.maker, l);
        sb_line before, line;
        sb_line_begin(&before);
        for (int32_t days = 19700; days < 20800; days++) {
            sb_line_begin(&line);
            sb_line_date(&line, locale, days);
            assert_in_range(line.length, 6, 60);
            assert_null(memchr(line.bytes, '{', line.length));
            assert_false(line.length == before.length &&
                         memcmp(line.bytes, before.bytes, line.length) == 0);
            before = line;
        }
    }
    engine_close(&all);
}

static void months_and_weekdays_come_out_of_their_list(void **state)
{
    sb_line line;
    (void)state;
    sb_line_begin(&line);
    sb_line_name(&line, "one|two|three", 0);
    sb_line_name(&line, "one|two|three", 2);
    check_line(&line, "onethree", "names");
    sb_line_begin(&line);
    sb_line_name(&line, "one|two|three", 9); /* the last where there are fewer */
    check_line(&line, "three", "names");
    sb_line_begin(&line);
    sb_line_month(&line, "A|B|C|D|E|F|G|H|I|J|K|L", DAY_2026_02_03);
    sb_line_month(&line, "A|B|C|D|E|F|G|H|I|J|K|L", DAY_2025_12_31);
    check_line(&line, "BL", "months");
}

/* ---- amounts ----------------------------------------------------------------------------------
 */

static void amounts_follow_the_locale(void **state)
{
    static const struct {
        const char *locale, *currency;
        int64_t minor;
        const char *text;
    } cases[] = {
        {"en_US", "USD", 123456789, "$1,234,567.89"},
        {"en_US", "USD", 0, "$0.00"},
        {"en_US", "USD", 5, "$0.05"},
        {"en_US", "USD", 99999, "$999.99"},
        {"en_US", "USD", 100000, "$1,000.00"},
        {"en_US", "USD", -123456, "$1,234.56"}, /* who got and who gave, the words say */
        {"de_DE", "EUR", 123456789, "1.234.567,89 €"},
        {"de_CH", "CHF", 123456789, "CHF 1'234'567.89"},
        {"sv_SE", "SEK", 123456789, "1" NBSP "234" NBSP "567,89 kr"},
        {"hi_IN", "INR", 99999, "₹999.99"},
        {"hi_IN", "INR", 100000, "₹1,000.00"},
        {"hi_IN", "INR", 10000000, "₹1,00,000.00"},
        {"hi_IN", "INR", 123456789, "₹12,34,567.89"},
        {"hi_IN", "INR", 123456789012, "₹1,23,45,67,890.12"},
        {"ja_JP", "JPY", 1234567, "¥1,234,567"},
        {"ko_KR", "KRW", 1000, "1,000원"},
        /* Other currencies: with their code, and their own decimals. */
        {"de_DE", "USD", 123456, "1.234,56 USD"},
        {"de_DE", "JPY", 123456, "123.456 JPY"},
        {"de_DE", "KWD", 1234567, "1.234,567 KWD"},
        {"en_US", "KWD", 5, "0.005 KWD"},
        {"en_US", "EUR", 123456, "1,234.56 EUR"},
        {"ja_JP", "USD", 123456, "1,234.56 USD"},
        {"hi_IN", "USD", 12345678900, "12,34,56,789.00 USD"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        sb_line line;
        engine all = open_one(cases[i].locale);
        sb_line_begin(&line);
        sb_line_amount(all.maker, &line, sb_locale_of(all.maker, 0),
                       currency_row(all.maker, cases[i].currency), cases[i].minor);
        check_line(&line, cases[i].text, cases[i].locale);
        engine_close(&all);
    }
}

/* Digits of the text are those of the number, in every locale and currency. */
static void amounts_of_all_locales_keep_their_digits(void **state)
{
    uint64_t random = 7;
    (void)state;
    engine all = engine_open("persons", "100");
    const sb_table *currencies = sb_find(all.maker, 0, SB_TABLE_CURRENCIES);
    for (uint32_t l = 0; l < sb_tables_locale_count(all.world->tables); l++)
        for (uint32_t currency = 0; currency < currencies->count; currency++) {
            char digits[64], expected[64];
            int count = 0;
            sb_line line;
            sb_text code = sb_table_text(currencies, 0, currency);
            int decimals = sb_currency_decimals(code.bytes, code.byte_count);
            int64_t minor = (int64_t)fixture_magnitude(&random, UINT64_C(1000000000000000));
            sb_line_begin(&line);
            sb_line_amount(all.maker, &line, sb_locale_of(all.maker, l), (uint16_t)currency, minor);
            for (uint32_t i = 0; i < line.length; i++)
                if (line.bytes[i] >= '0' && line.bytes[i] <= '9')
                    digits[count++] = line.bytes[i];
            digits[count] = '\0';
            (void)snprintf(expected, sizeof expected, "%0*lld", decimals + 1, (long long)minor);
            assert_string_equal(digits, expected);
        }
    engine_close(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_follow_the_locale),
        cmocka_unit_test(every_part_of_a_date_can_be_asked_for),
        cmocka_unit_test(dates_of_all_locales_tell_their_day),
        cmocka_unit_test(months_and_weekdays_come_out_of_their_list),
        cmocka_unit_test(amounts_follow_the_locale),
        cmocka_unit_test(amounts_of_all_locales_keep_their_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
