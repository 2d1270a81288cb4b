#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "format/row_cursor.h"
#include "format/row_text.h"
#include "tests/unit/sample_rows.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* One field of every sort. The money stands before its currency at the top, behind it inside. */
static const sb_field price_fields[] = {
    {.number = 1, .name = "currency", .type = SB_STR, .logical = SB_CURRENCY},
    {.number = 2, .name = "price", .type = SB_INT, .logical = SB_MONEY, .scale_by = "currency"},
};
static const sb_record price_record = {"price", price_fields, COUNT(price_fields), NULL, 0};

enum { ID, FLAG, NAME, AMOUNT, CURRENCY, AT, ON, RATE, BLOB, TAGS, HOME, PRICES, SIZE, FIELDS };

static const sb_field sample_fields[FIELDS] = {
    [ID] = {.number = 1, .name = "id", .type = SB_INT, .logical = SB_ID},
    [FLAG] = {.number = 2, .name = "flag", .type = SB_BOOL},
    [NAME] = {.number = 3, .name = "name", .type = SB_STR, .nullable = true},
    [AMOUNT] = {.number = 4,
                .name = "amount",
                .type = SB_INT,
                .logical = SB_MONEY,
                .scale_by = "currency"},
    [CURRENCY] = {.number = 5, .name = "currency", .type = SB_STR, .logical = SB_CURRENCY},
    [AT] = {.number = 6, .name = "at", .type = SB_INT, .logical = SB_TIMESTAMP_MS},
    [ON] = {.number = 7, .name = "on", .type = SB_INT, .logical = SB_DATE_DAYS},
    [RATE] = {.number = 8, .name = "rate", .type = SB_INT, .scale = 9, .nullable = true},
    [BLOB] = {.number = 9, .name = "blob", .type = SB_BIN},
    [TAGS] = {.number = 10, .name = "tags", .type = SB_ARRAY, .items = SB_STR},
    [HOME] = {.number = 11,
              .name = "home",
              .type = SB_RECORD,
              .record = &price_record,
              .nullable = true},
    [PRICES] = {.number = 12,
                .name = "prices",
                .type = SB_ARRAY,
                .items = SB_RECORD,
                .record = &price_record},
    [SIZE] = {.number = 13, .name = "size", .type = SB_STR, .values = "small large "},
};
static const sb_record sample = {"sample", sample_fields, FIELDS, NULL, 0};

/* What most tests vary one value of. */
typedef struct sample_values {
    int64_t amount;
    int64_t at;
    int64_t on;
    const char *currency;
    const char *name; /* NULL is nil */
    const char *size;
} sample_values;

static const sample_values ordinary = {1234, 1764749730123, 20425, "USD", "Ann", "large"};

static uint8_t row_bytes_of[SB_ROW_BYTES_MAX];

static void put_price(sb_rows *rows, const char *currency, int64_t price)
{
    sb_rows_array(rows, 2);
    sb_rows_cstr(rows, currency);
    sb_rows_int(rows, price);
}

static size_t make_row(sample_values values)
{
    sb_rows rows = {.at = row_bytes_of};
    sb_rows_array(&rows, FIELDS);
    sb_rows_int(&rows, 42);
    sb_rows_bool(&rows, true);
    if (values.name == NULL)
        sb_rows_nil(&rows);
    else
        sb_rows_cstr(&rows, values.name);
    sb_rows_int(&rows, values.amount);
    sb_rows_cstr(&rows, values.currency);
    sb_rows_int(&rows, values.at);
    sb_rows_int(&rows, values.on);
    sb_rows_int(&rows, 1100000000);
    sb_rows_bin(&rows, "\x00\xff", 2);
    sb_rows_array(&rows, 2);
    sb_rows_cstr(&rows, "x");
    sb_rows_cstr(&rows, "y\"");
    put_price(&rows, "KWD", -1);
    sb_rows_array(&rows, 2);
    put_price(&rows, "JPY", 700);
    put_price(&rows, "USD", 700);
    sb_rows_cstr(&rows, values.size);
    return (size_t)(rows.at - row_bytes_of);
}

/* The row as text, terminated; the caller frees it. */
static char *text_of(const sb_record *record, sb_row_text_options options, const uint8_t *row,
                     size_t row_bytes)
{
    sb_bytes out = {0};
    sb_error err = {0};
    sb_status st = sb_row_text(record, &options, row, row_bytes, &out, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(st, SB_OK);
    assert_int_equal(sb_bytes_add(&out, "", 1, NULL), SB_OK);
    return (char *)out.data;
}

static void expect_text(sample_values values, sb_row_text_options options, const char *expected)
{
    size_t row_bytes = make_row(values);
    char *text = text_of(&sample, options, row_bytes_of, row_bytes);
    assert_string_equal(text, expected);
    free(text);
}

static void expect_field(sample_values values, int field_index, const char *expected)
{
    size_t row_bytes = make_row(values);
    sb_bytes out = {0};
    assert_int_equal(
        sb_row_field_text(&sample, field_index, false, row_bytes_of, row_bytes, &out, NULL), SB_OK);
    assert_int_equal(sb_bytes_add(&out, "", 1, NULL), SB_OK);
    assert_string_equal((char *)out.data, expected);
    sb_bytes_close(&out);
}

static void expect_refused(const sb_record *record, const uint8_t *row, size_t row_bytes,
                           const char *sentence)
{
    sb_error err = {0};
    assert_int_equal(sb_row_check(record, row, row_bytes, &err), SB_EDAMAGED);
    assert_string_equal(err.text, sentence);
}

/* ---- the three formats ---------------------------------------------------------------------- */

static void every_type_prints_as_json(void **state)
{
    (void)state;
    expect_text(ordinary, (sb_row_text_options){.format = SB_NDJSON},
                "{\"id\":42,\"flag\":true,\"name\":\"Ann\",\"amount\":\"12.34\","
                "\"currency\":\"USD\",\"at\":\"2025-12-03T08:15:30.123Z\",\"on\":\"2025-12-03\","
                "\"rate\":1.100000000,\"blob\":\"00ff\",\"tags\":[\"x\",\"y\\\"\"],"
                "\"home\":{\"currency\":\"KWD\",\"price\":\"-0.001\"},"
                "\"prices\":[{\"currency\":\"JPY\",\"price\":\"700\"},"
                "{\"currency\":\"USD\",\"price\":\"7.00\"}],\"size\":\"large\"}\n");
}

static void raw_prints_the_stored_integers(void **state)
{
    (void)state;
    expect_text(ordinary, (sb_row_text_options){.format = SB_NDJSON, .raw = true},
                "{\"id\":42,\"flag\":true,\"name\":\"Ann\",\"amount\":1234,"
                "\"currency\":\"USD\",\"at\":1764749730123,\"on\":20425,"
                "\"rate\":1100000000,\"blob\":\"00ff\",\"tags\":[\"x\",\"y\\\"\"],"
                "\"home\":{\"currency\":\"KWD\",\"price\":-1},"
                "\"prices\":[{\"currency\":\"JPY\",\"price\":700},"
                "{\"currency\":\"USD\",\"price\":700}],\"size\":\"large\"}\n");
}

static void csv_holds_json_in_its_cells(void **state)
{
    (void)state;
    expect_text(ordinary, (sb_row_text_options){.format = SB_CSV},
                "42,true,Ann,12.34,USD,2025-12-03T08:15:30.123Z,2025-12-03,1.100000000,00ff,"
                "\"[\"\"x\"\",\"\"y\\\"\"\"\"]\","
                "\"{\"\"currency\"\":\"\"KWD\"\",\"\"price\"\":\"\"-0.001\"\"}\","
                "\"[{\"\"currency\"\":\"\"JPY\"\",\"\"price\"\":\"\"700\"\"},"
                "{\"\"currency\"\":\"\"USD\"\",\"\"price\"\":\"\"7.00\"\"}]\",large\n");
}

static void tsv_escapes_json_in_its_cells(void **state)
{
    (void)state;
    expect_text(
        ordinary, (sb_row_text_options){.format = SB_TSV},
        "42\ttrue\tAnn\t12.34\tUSD\t2025-12-03T08:15:30.123Z\t2025-12-03\t1.100000000\t00ff\t"
        "[\"x\",\"y\\\\\"\"]\t{\"currency\":\"KWD\",\"price\":\"-0.001\"}\t"
        "[{\"currency\":\"JPY\",\"price\":\"700\"},"
        "{\"currency\":\"USD\",\"price\":\"7.00\"}]\tlarge\n");
}

static void only_csv_and_tsv_have_a_header_line(void **state)
{
    (void)state;
    static const char *const lines[] = {
        [SB_NDJSON] = "",
        [SB_CSV] = "currency,price\n",
        [SB_TSV] = "currency\tprice\n",
    };
    for (int format = SB_NDJSON; format <= SB_TSV; format++) {
        sb_bytes out = {0};
        sb_row_text_options options = {.format = (sb_text_format)format};
        assert_int_equal(sb_row_text_begin(&price_record, &options, &out, NULL), SB_OK);
        assert_int_equal(out.length, strlen(lines[format]));
        if (out.length > 0)
            assert_memory_equal(out.data, lines[format], out.length);
        sb_bytes_close(&out);
    }
}

/* A record of one text, printed. */
static void expect_cell(sb_text_format format, const char *text, size_t text_bytes,
                        const char *expected)
{
    static const sb_field field = {.number = 1, .name = "t", .type = SB_STR, .nullable = true};
    static const sb_record record = {"one", &field, 1, NULL, 0};
    sb_rows rows = {.at = row_bytes_of};
    sb_rows_array(&rows, 1);
    if (text == NULL)
        sb_rows_nil(&rows);
    else
        sb_rows_str(&rows, text, text_bytes);
    char *line = text_of(&record, (sb_row_text_options){.format = format}, row_bytes_of,
                         (size_t)(rows.at - row_bytes_of));
    assert_string_equal(line, expected);
    free(line);
}

static void csv_quotes_only_what_needs_it(void **state)
{
    (void)state;
    expect_cell(SB_CSV, "plain text; it's fine", 21, "plain text; it's fine\n");
    expect_cell(SB_CSV, "a,b", 3, "\"a,b\"\n");
    expect_cell(SB_CSV, "\"", 1, "\"\"\"\"\n");
    expect_cell(SB_CSV, "say \"hi\"", 8, "\"say \"\"hi\"\"\"\n");
    expect_cell(SB_CSV, "a\nb", 3, "\"a\nb\"\n");
    expect_cell(SB_CSV, "a\rb", 3, "\"a\rb\"\n");
    expect_cell(SB_CSV, "back\\slash", 10, "back\\slash\n");
}

static void csv_tells_nil_from_an_empty_text(void **state)
{
    (void)state;
    expect_cell(SB_CSV, NULL, 0, "\n");
    expect_cell(SB_CSV, "", 0, "\"\"\n");
}

static void tsv_escapes_what_would_break_a_line(void **state)
{
    (void)state;
    expect_cell(SB_TSV, "a\tb\nc\\d\re", 9, "a\\tb\\nc\\\\d\\re\n");
    expect_cell(SB_TSV, "a,\"b\"", 5, "a,\"b\"\n");
    expect_cell(SB_TSV, NULL, 0, "\n");
}

static void json_escapes_what_it_must(void **state)
{
    (void)state;
    expect_cell(SB_NDJSON, "\"\\/\b\f\n\r\t\x01\x1f\x7f", 11,
                "{\"t\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"}\n");
    expect_cell(SB_NDJSON, "a\0b", 3, "{\"t\":\"a\\u0000b\"}\n");
    expect_cell(SB_NDJSON, NULL, 0, "{\"t\":null}\n");
    /* The same byte at every place of the eight that are looked at together. */
    for (size_t i = 0; i < 16; i++) {
        char text[17] = "aaaaaaaaaaaaaaaa";
        char expected[40];
        text[i] = '"';
        sprintf(expected, "{\"t\":\"%.*s\\\"%s\"}\n", (int)i, text, text + i + 1);
        expect_cell(SB_NDJSON, text, 16, expected);
    }
}

static void bytes_that_are_no_utf8_are_replaced(void **state)
{
    (void)state;
    static const char *const bad[] = {"\x80",
                                      "\xc0\xaf",
                                      "\xc3",
                                      "\xe2\x82",
                                      "\xed\xa0\x80",
                                      "\xf4\x90\x80\x80",
                                      "\xf8\x88\x80\x80\x80",
                                      "\xe0\x80\xaf"};
    expect_cell(SB_NDJSON, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x8c\xb1\xf4\x8f\xbf\xbf", 13,
                "{\"t\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x8c\xb1\xf4\x8f\xbf\xbf\"}\n");
    for (size_t i = 0; i < COUNT(bad); i++) {
        char expected[64] = "{\"t\":\"x";
        char text[16] = "x";
        strcat(text, bad[i]);
        for (size_t j = 0; j < strlen(bad[i]); j++)
            strcat(expected, "\xef\xbf\xbd");
        strcat(expected, "y\"}\n");
        strcat(text, "y");
        expect_cell(SB_NDJSON, text, strlen(text), expected);
        expect_cell(SB_CSV, "\xff", 1, "\xef\xbf\xbd\n");
        assert_false(sb_utf8_check(text, strlen(text)));
    }
}

/* ---- money, dates --------------------------------------------------------------------------- */

static void expect_money(const char *currency, int64_t amount, const char *expected)
{
    sample_values values = ordinary;
    values.currency = currency;
    values.amount = amount;
    expect_field(values, AMOUNT, expected);
}

static void money_has_its_currencys_decimals(void **state)
{
    (void)state;
    expect_money("USD", -5, "-0.05");
    expect_money("USD", 0, "0.00");
    expect_money("EUR", 100, "1.00");
    expect_money("JPY", 1234, "1234");
    expect_money("JPY", -1, "-1");
    expect_money("KWD", 1234, "1.234");
    expect_money("KWD", -999, "-0.999");
    expect_money("XYZ", 7, "0.07");
}

static void money_holds_every_int64(void **state)
{
    (void)state;
    expect_money("USD", INT64_MAX, "92233720368547758.07");
    expect_money("USD", INT64_MIN, "-92233720368547758.08");
    expect_money("JPY", INT64_MIN, "-9223372036854775808");
    expect_money("KWD", INT64_MAX, "9223372036854775.807");
}

static void money_without_a_currency_is_refused(void **state)
{
    (void)state;
    sb_rows rows = {.at = row_bytes_of};
    sb_rows_array(&rows, 2);
    sb_rows_nil(&rows);
    sb_rows_int(&rows, 5);
    size_t row_bytes = (size_t)(rows.at - row_bytes_of);
    sb_bytes out = {0};
    sb_error err = {0};
    assert_int_equal(sb_row_text(&price_record, &(sb_row_text_options){.format = SB_NDJSON},
                                 row_bytes_of, row_bytes, &out, &err),
                     SB_EDAMAGED);
    assert_string_equal(err.text, "price.price: no currency beside it");
    assert_int_equal(out.length, 0);
    sb_bytes_close(&out);
}

static void expect_times(int64_t at, const char *at_text, int64_t on, const char *on_text)
{
    sample_values values = ordinary;
    values.at = at;
    values.on = on;
    expect_field(values, AT, at_text);
    expect_field(values, ON, on_text);
}

static void times_before_1970_count_back(void **state)
{
    (void)state;
    expect_times(0, "1970-01-01T00:00:00.000Z", 0, "1970-01-01");
    expect_times(-1, "1969-12-31T23:59:59.999Z", -1, "1969-12-31");
    expect_times(-86400000, "1969-12-31T00:00:00.000Z", -25567, "1900-01-01");
    expect_times(-86400001, "1969-12-30T23:59:59.999Z", -25509, "1900-02-28");
}

static void times_fit_four_digits_or_are_refused(void **state)
{
    (void)state;
    expect_times(-62167219200000, "0000-01-01T00:00:00.000Z", -719528, "0000-01-01");
    expect_times(253402300799999, "9999-12-31T23:59:59.999Z", 2932896, "9999-12-31");
    static const int64_t beyond[] = {-62167219200001, 253402300800000, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < COUNT(beyond); i++) {
        sample_values values = ordinary;
        sb_bytes out = {0};
        values.at = beyond[i];
        size_t row_bytes = make_row(values);
        assert_int_equal(sb_row_check(&sample, row_bytes_of, row_bytes, NULL), SB_EDAMAGED);
        assert_int_equal(sb_row_field_text(&sample, AT, false, row_bytes_of, row_bytes, &out, NULL),
                         SB_EDAMAGED);
        assert_int_equal(sb_row_field_text(&sample, AT, true, row_bytes_of, row_bytes, &out, NULL),
                         SB_OK);
        sb_bytes_close(&out);
    }
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && is_leap);
}

/* Against a calendar that counts day by day. */
static void calendar_agrees_with_counting(void **state)
{
    (void)state;
    int32_t expected = sb_days_from_civil(1600, 1, 1);
    assert_int_equal(expected, -135140);
    for (int year = 1600; year <= 2400; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= days_in_month(year, month); day++, expected++) {
                int y, m, d;
                assert_int_equal(sb_days_from_civil(year, month, day), expected);
                sb_civil_from_days(expected, &y, &m, &d);
                assert_true(y == year && m == month && d == day);
            }
        }
    }
    assert_int_equal(sb_days_from_civil(1970, 1, 1), 0);
}

static void calendar_holds_every_int32(void **state)
{
    (void)state;
    static const int32_t days[] = {INT32_MIN, INT32_MIN + 1, -719529, -719468, INT32_MAX};
    for (size_t i = 0; i < COUNT(days); i++) {
        int y, m, d;
        sb_civil_from_days(days[i], &y, &m, &d);
        assert_int_equal(sb_days_from_civil(y, m, d), days[i]);
    }
}

static void integers_print_at_every_length(void **state)
{
    (void)state;
    static const sb_field field = {.number = 1, .name = "n", .type = SB_INT};
    static const sb_record record = {"one", &field, 1, NULL, 0};
    static const sb_row_text_options csv = {.format = SB_CSV};
    uint64_t magnitude = 1;
    for (int digits = 1; digits <= 19; digits++, magnitude *= 10) {
        int64_t numbers[] = {(int64_t)magnitude, -(int64_t)magnitude, (int64_t)magnitude - 1,
                             INT64_MIN, INT64_MAX};
        for (size_t i = 0; i < COUNT(numbers); i++) {
            char expected[32];
            sb_rows rows = {.at = row_bytes_of};
            sb_rows_array(&rows, 1);
            sb_rows_int(&rows, numbers[i]);
            sprintf(expected, "%lld\n", (long long)numbers[i]);
            char *text = text_of(&record, csv, row_bytes_of, (size_t)(rows.at - row_bytes_of));
            assert_string_equal(text, expected);
            free(text);
        }
    }
}

/* ---- derived fields ------------------------------------------------------------------------- */

static const sb_field human_fields[] = {
    {.number = 1, .name = "id", .type = SB_INT, .logical = SB_ID},
    {.number = 2, .name = "first_name", .type = SB_STR},
    {.number = 3, .name = "middle_name", .type = SB_STR, .nullable = true},
    {.number = 4, .name = "last_name", .type = SB_STR},
    {.number = 5, .name = "date_of_birth", .type = SB_INT, .logical = SB_DATE_DAYS},
};
static const sb_field human_derived[] = {{.name = "uid", .type = SB_STR},
                                         {.name = "shoe_size", .type = SB_INT},
                                         {.name = "full_name", .type = SB_STR},
                                         {.name = "age", .type = SB_INT}};
static const sb_record human = {"human", human_fields, COUNT(human_fields), human_derived,
                                COUNT(human_derived)};

static void expect_human(sb_text_format format, const char *middle, int32_t end_days,
                         const char *expected)
{
    sb_rows rows = {.at = row_bytes_of};
    sb_rows_array(&rows, 5);
    sb_rows_int(&rows, 7);
    sb_rows_cstr(&rows, "Ann");
    if (middle == NULL)
        sb_rows_nil(&rows);
    else
        sb_rows_cstr(&rows, middle);
    sb_rows_cstr(&rows, "O\"Hara");
    sb_rows_int(&rows, sb_days_from_civil(2000, 2, 29));
    sb_row_text_options options = {
        .format = format, .derived = true, .end_days = end_days, .kind_letter = 'P'};
    char *text = text_of(&human, options, row_bytes_of, (size_t)(rows.at - row_bytes_of));
    assert_string_equal(text, expected);
    free(text);
}

static void derived_fields_follow_the_stored(void **state)
{
    (void)state;
    int32_t end_days = sb_days_from_civil(2026, 1, 1);
    expect_human(SB_NDJSON, NULL, end_days,
                 "{\"id\":7,\"first_name\":\"Ann\",\"middle_name\":null,"
                 "\"last_name\":\"O\\\"Hara\",\"date_of_birth\":\"2000-02-29\","
                 "\"uid\":\"P7\",\"full_name\":\"Ann O\\\"Hara\",\"age\":25}\n");
    expect_human(SB_CSV, "B", end_days,
                 "7,Ann,B,\"O\"\"Hara\",2000-02-29,P7,\"Ann B O\"\"Hara\",25\n");
}

static void the_header_line_names_the_derived_fields_known(void **state)
{
    (void)state;
    static const char line[] =
        "id\tfirst_name\tmiddle_name\tlast_name\tdate_of_birth\tuid\tfull_name\tage\n";
    sb_bytes out = {0};
    sb_row_text_options options = {.format = SB_TSV, .derived = true};
    assert_int_equal(sb_row_text_begin(&human, &options, &out, NULL), SB_OK);
    assert_int_equal(out.length, sizeof line - 1);
    assert_memory_equal(out.data, line, out.length);
    sb_bytes_close(&out);
}

static void age_rises_on_the_birthday(void **state)
{
    (void)state;
    static const char start[] = "7\tAnn\t\tO\"Hara\t2000-02-29\tP7\tAnn O\"Hara\t";
    static const struct {
        int year, month, day;
        const char *age;
    } ends[] = {{2024, 2, 28, "23\n"},
                {2024, 2, 29, "24\n"},
                {2025, 2, 28, "24\n"},
                {2025, 3, 1, "25\n"},
                {2000, 2, 29, "0\n"}};
    for (size_t i = 0; i < COUNT(ends); i++) {
        char expected[80];
        sprintf(expected, "%s%s", start, ends[i].age);
        expect_human(SB_TSV, NULL, sb_days_from_civil(ends[i].year, ends[i].month, ends[i].day),
                     expected);
    }
}

/* ---- checks --------------------------------------------------------------------------------- */

static void check_passes_a_right_row(void **state)
{
    (void)state;
    sample_values values = ordinary;
    assert_int_equal(sb_row_check(&sample, row_bytes_of, make_row(values), NULL), SB_OK);
    values.name = NULL;
    values.size = "small";
    assert_int_equal(sb_row_check(&sample, row_bytes_of, make_row(values), NULL), SB_OK);
}

static void check_names_the_field(void **state)
{
    (void)state;
    sample_values values = ordinary;
    values.size = "larg";
    expect_refused(&sample, row_bytes_of, make_row(values),
                   "sample.size: \"larg\" is none of its values");
    values = ordinary;
    values.name = "\xff";
    expect_refused(&sample, row_bytes_of, make_row(values), "sample.name: the text is not UTF-8");
}

/* Rows of the two fields of a price. */
static void check_refuses_wrong_types(void **state)
{
    (void)state;
    static const uint8_t nil[] = {0x92, 0xc0, 0x05};
    static const uint8_t text[] = {0x92, 0xa3, 'U', 'S', 'D', 0xa1, '5'};
    static const uint8_t real[] = {0x92, 0xa3, 'U', 'S', 'D', 0xca, 0, 0, 0, 0};
    static const uint8_t huge[] = {0x92, 0xa3, 'U', 'S', 'D', 0xcf, 0x80, 0, 0, 0, 0, 0, 0, 0};
    static const uint8_t one[] = {0x91, 0xa3, 'U', 'S', 'D'};
    static const uint8_t map[] = {0x81, 0xa3, 'U', 'S', 'D', 0x05};
    static const uint8_t behind[] = {0x92, 0xa3, 'U', 'S', 'D', 0x05, 0xc0};
    expect_refused(&price_record, nil, sizeof nil, "price.currency: nil, which it must not be");
    expect_refused(&price_record, text, sizeof text,
                   "price.price: a text where an integer should stand");
    expect_refused(&price_record, real, sizeof real,
                   "price.price: a float where an integer should stand");
    expect_refused(&price_record, huge, sizeof huge,
                   "price.price: an integer beyond 63 bits where an integer should stand");
    expect_refused(&price_record, one, sizeof one, "price: 1 values for 2 fields");
    expect_refused(&price_record, map, sizeof map, "price: a map where a row should stand");
    expect_refused(&price_record, behind, sizeof behind, "price: 1 bytes behind the row");
}

static void a_row_cut_anywhere_is_refused(void **state)
{
    (void)state;
    size_t row_bytes = make_row(ordinary);
    for (size_t cut = 0; cut < row_bytes; cut++) {
        uint8_t *copy = malloc(cut + 1); /* of its own, so that reading on is noticed */
        sb_bytes out = {0};
        size_t length;
        memcpy(copy, row_bytes_of, cut);
        assert_int_equal(sb_row_check(&sample, copy, cut, NULL), SB_EDAMAGED);
        assert_int_equal(sb_row_length(copy, cut, &length, NULL), SB_EDAMAGED);
        for (int format = SB_NDJSON; format <= SB_TSV; format++) {
            sb_row_text_options options = {.format = (sb_text_format)format};
            assert_int_equal(sb_row_text(&sample, &options, copy, cut, &out, NULL), SB_EDAMAGED);
            assert_int_equal(out.length, 0);
        }
        sb_bytes_close(&out);
        free(copy);
    }
}

/* What sb_row_check() passes prints in every format. */
static void flipped_bytes_never_crash(void **state)
{
    (void)state;
    uint64_t draws = 1;
    sb_bytes out = {0};
    for (int round = 0; round < 30000; round++) {
        const sb_record *record = sb_schema((sb_kind)(round % SB_KIND_COUNT));
        size_t row_bytes = sample_row(row_bytes_of, record, &draws);
        uint8_t *copy = malloc(row_bytes);
        memcpy(copy, row_bytes_of, row_bytes);
        for (uint64_t flips = sample_below(&draws, 4); flips > 0; flips--)
            copy[sample_below(&draws, row_bytes)] ^= (uint8_t)(1 << sample_below(&draws, 8));
        sb_status checked = sb_row_check(record, copy, row_bytes, NULL);
        for (int format = SB_NDJSON; format <= SB_TSV; format++) {
            sb_row_text_options options = {
                .format = (sb_text_format)format, .derived = true, .kind_letter = 'X'};
            out.length = 0;
            sb_status printed = sb_row_text(record, &options, copy, row_bytes, &out, NULL);
            assert_true(printed == SB_OK || (printed == SB_EDAMAGED && checked == SB_EDAMAGED));
        }
        (void)sb_row_difference(record, row_bytes_of, row_bytes, copy, row_bytes);
        free(copy);
    }
    sb_bytes_close(&out);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    uint8_t deep[SB_DEPTH_MAX + 2];
    size_t length = 0;
    memset(deep, 0x91, sizeof deep);
    deep[SB_DEPTH_MAX] = 0xc0;
    assert_int_equal(sb_row_length(deep, SB_DEPTH_MAX + 1, &length, NULL), SB_OK);
    assert_int_equal(length, SB_DEPTH_MAX + 1);
    deep[SB_DEPTH_MAX] = 0x91;
    deep[SB_DEPTH_MAX + 1] = 0xc0;
    assert_int_equal(sb_row_length(deep, SB_DEPTH_MAX + 2, &length, NULL), SB_EDAMAGED);
}

static void counts_that_cannot_be_true_are_refused(void **state)
{
    (void)state;
    static const uint8_t heads[] = {0xc6, 0xc9, 0xdb, 0xdd, 0xdf};
    for (size_t i = 0; i < COUNT(heads); i++) {
        uint8_t bytes[] = {heads[i], 0xff, 0xff, 0xff, 0xff, 0x00};
        size_t length;
        assert_int_equal(sb_row_length(bytes, sizeof bytes, &length, NULL), SB_EDAMAGED);
    }
}

static void length_knows_every_messagepack_type(void **state)
{
    (void)state;
    static const struct {
        uint8_t head;
        size_t bytes; /* all further bytes being zero */
    } types[] = {{0x00, 1},  {0x7f, 1}, {0x80, 1}, {0x90, 1}, {0xa0, 1}, {0xbf, 32}, {0xc0, 1},
                 {0xc2, 1},  {0xc4, 2}, {0xc5, 3}, {0xc6, 5}, {0xc7, 3}, {0xc8, 4},  {0xc9, 6},
                 {0xca, 5},  {0xcb, 9}, {0xcc, 2}, {0xcd, 3}, {0xce, 5}, {0xcf, 9},  {0xd0, 2},
                 {0xd1, 3},  {0xd2, 5}, {0xd3, 9}, {0xd4, 3}, {0xd5, 4}, {0xd6, 6},  {0xd7, 10},
                 {0xd8, 18}, {0xd9, 2}, {0xda, 3}, {0xdb, 5}, {0xdc, 3}, {0xdd, 5},  {0xde, 3},
                 {0xdf, 5},  {0xe0, 1}, {0xff, 1}};
    for (size_t i = 0; i < COUNT(types); i++) {
        uint8_t bytes[40] = {types[i].head};
        size_t length = 0;
        assert_int_equal(sb_row_length(bytes, types[i].bytes, &length, NULL), SB_OK);
        assert_int_equal(length, types[i].bytes);
        assert_int_equal(sb_row_length(bytes, types[i].bytes - 1, &length, NULL), SB_EDAMAGED);
    }
    uint8_t unused = 0xc1;
    size_t length;
    assert_int_equal(sb_row_length(&unused, 1, &length, NULL), SB_EDAMAGED);
}

/* ---- looking into rows ---------------------------------------------------------------------- */

static void field_text_is_bare(void **state)
{
    (void)state;
    sample_values values = ordinary;
    expect_field(values, ID, "42");
    expect_field(values, NAME, "Ann");
    expect_field(values, FLAG, "true");
    expect_field(values, TAGS, "[\"x\",\"y\\\"\"]");
    expect_field(values, SIZE, "large");
    values.name = "say \"hi\", \\ and\nmore";
    expect_field(values, NAME, "say \"hi\", \\ and\nmore");
    values.name = NULL;
    expect_field(values, NAME, "");
}

static void difference_finds_the_first_field(void **state)
{
    (void)state;
    static uint8_t other[SB_ROW_BYTES_MAX];
    size_t other_bytes = make_row(ordinary);
    memcpy(other, row_bytes_of, other_bytes);
    sample_values values = ordinary;
    assert_int_equal(sb_row_difference(&sample, other, other_bytes, row_bytes_of, make_row(values)),
                     -1);
    values.size = "small";
    assert_int_equal(sb_row_difference(&sample, other, other_bytes, row_bytes_of, make_row(values)),
                     SIZE);
    values.name = "Anna";
    assert_int_equal(sb_row_difference(&sample, other, other_bytes, row_bytes_of, make_row(values)),
                     NAME);
    assert_int_equal(
        sb_row_difference(&sample, other, other_bytes, row_bytes_of, make_row(ordinary) - 1), SIZE);
    assert_int_equal(sb_row_difference(&sample, other, other_bytes, NULL, 0), 0);
}

static void row_int_reads_only_integers(void **state)
{
    (void)state;
    size_t row_bytes = make_row(ordinary);
    int64_t number = 0;
    assert_true(sb_row_int(row_bytes_of, row_bytes, ID, &number));
    assert_int_equal(number, 42);
    assert_true(sb_row_int(row_bytes_of, row_bytes, AT, &number));
    assert_true(number == ordinary.at);
    assert_false(sb_row_int(row_bytes_of, row_bytes, NAME, &number));
    assert_false(sb_row_int(row_bytes_of, row_bytes, FIELDS, &number));
    assert_false(sb_row_int(row_bytes_of, row_bytes, -1, &number));
}

/* jansson as the witness: every row of every kind is a JSON object of all its fields. */
static void rows_of_every_kind_are_json(void **state)
{
    (void)state;
    uint64_t draws = 7;
    for (int round = 0; round < 3000; round++) {
        sb_kind kind = (sb_kind)(round % SB_KIND_COUNT);
        const sb_record *record = sb_schema(kind);
        size_t row_bytes = sample_row(row_bytes_of, record, &draws);
        assert_int_equal(sb_row_check(record, row_bytes_of, row_bytes, NULL), SB_OK);
        sb_row_text_options options = {
            .format = SB_NDJSON, .derived = true, .kind_letter = sb_kind_letter(kind)};
        char *text = text_of(record, options, row_bytes_of, row_bytes);
        json_error_t why = {0};
        json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &why);
        assert_string_equal(why.text, "");
        assert_non_null(json);
        assert_int_equal(json_object_size(json), record->field_count + record->derived_count);
        for (size_t i = 0; i < record->field_count; i++)
            assert_non_null(json_object_get(json, record->fields[i].name));
        assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
        json_decref(json);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_prints_as_json),
        cmocka_unit_test(raw_prints_the_stored_integers),
        cmocka_unit_test(csv_holds_json_in_its_cells),
        cmocka_unit_test(tsv_escapes_json_in_its_cells),
        cmocka_unit_test(only_csv_and_tsv_have_a_header_line),
        cmocka_unit_test(csv_quotes_only_what_needs_it),
        cmocka_unit_test(csv_tells_nil_from_an_empty_text),
        cmocka_unit_test(tsv_escapes_what_would_break_a_line),
        cmocka_unit_test(json_escapes_what_it_must),
        cmocka_unit_test(bytes_that_are_no_utf8_are_replaced),
        cmocka_unit_test(money_has_its_currencys_decimals),
        cmocka_unit_test(money_holds_every_int64),
        cmocka_unit_test(money_without_a_currency_is_refused),
        cmocka_unit_test(times_before_1970_count_back),
        cmocka_unit_test(times_fit_four_digits_or_are_refused),
        cmocka_unit_test(calendar_agrees_with_counting),
        cmocka_unit_test(calendar_holds_every_int32),
        cmocka_unit_test(integers_print_at_every_length),
        cmocka_unit_test(derived_fields_follow_the_stored),
        cmocka_unit_test(the_header_line_names_the_derived_fields_known),
        cmocka_unit_test(age_rises_on_the_birthday),
        cmocka_unit_test(check_passes_a_right_row),
        cmocka_unit_test(check_names_the_field),
        cmocka_unit_test(check_refuses_wrong_types),
        cmocka_unit_test(a_row_cut_anywhere_is_refused),
        cmocka_unit_test(flipped_bytes_never_crash),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(counts_that_cannot_be_true_are_refused),
        cmocka_unit_test(length_knows_every_messagepack_type),
        cmocka_unit_test(field_text_is_bare),
        cmocka_unit_test(difference_finds_the_first_field),
        cmocka_unit_test(row_int_reads_only_integers),
        cmocka_unit_test(rows_of_every_kind_are_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
