/* A plan prints what sb_row_text() prints, and refuses what it refuses, with the same sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "format/digits.h"
#include "format/row_cursor.h"
#include "format/row_plan.h"
#include "format/text_put.h"
#include "tests/unit/sample_rows.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* As many bytes behind a row as a plan wants to see, to print it itself. */
enum { TAIL_BYTES = 32 };

static uint8_t buffer[4 * SB_ROW_BYTES_MAX];

/* Prints the row that begins `bytes` both ways. Returns whether the plan did it alone. */
static bool expect_same(const sb_record *record, const sb_row_text_options *options,
                        const uint8_t *bytes, size_t byte_count)
{
    sb_row_plan *plan;
    sb_bytes want = {0}, have = {0};
    sb_error want_err = {0}, have_err = {0};
    size_t row_bytes = 0;
    uint8_t *copy = malloc(byte_count + 1); /* of its own, so that reading on is noticed */
    memcpy(copy, bytes, byte_count);
    sb_status expected = sb_row_length(copy, byte_count, &row_bytes, &want_err);
    if (expected == SB_OK)
        expected = sb_row_text(record, options, copy, row_bytes, &want, &want_err);
    assert_int_equal(sb_row_plan_open(record, options, &plan, NULL), SB_OK);
    for (int round = 0; round < 2; round++) { /* the second finds caches filled */
        const uint8_t *at = copy;
        have.length = 0;
        assert_int_equal(sb_row_plan_print(plan, &at, copy + byte_count, &have, &have_err),
                         expected);
        assert_string_equal(have_err.text, want_err.text);
        assert_int_equal(have.length, want.length);
        if (want.length > 0)
            assert_memory_equal(have.data, want.data, want.length);
        assert_ptr_equal(at, copy + (expected == SB_OK ? row_bytes : 0));
    }
    bool alone = sb_row_plan_given_up(plan) == 0;
    sb_row_plan_close(plan);
    sb_bytes_close(&want);
    sb_bytes_close(&have);
    free(copy);
    return alone;
}

/* In every format, stored integers or not. Returns whether the plan did all of them alone. */
static bool expect_same_everywhere(const sb_record *record, const uint8_t *bytes, size_t byte_count)
{
    bool alone = true;
    for (int format = SB_NDJSON; format <= SB_TSV; format++)
        for (int raw = 0; raw < 2; raw++) {
            sb_row_text_options options = {.format = (sb_text_format)format, .raw = raw != 0};
            alone &= expect_same(record, &options, bytes, byte_count);
        }
    return alone;
}

static size_t with_tail(const sb_rows *rows)
{
    memset(rows->at, 0xc1, TAIL_BYTES); /* which MessagePack leaves unused */
    return (size_t)(rows->at - buffer) + TAIL_BYTES;
}

/* ---- rows of our kinds ---------------------------------------------------------------------- */

static void every_kind_prints_the_same(void **state)
{
    (void)state;
    uint64_t draws = 11;
    for (int round = 0; round < 6000; round++) {
        const sb_record *record = sb_schema((sb_kind)(round % SB_KIND_COUNT));
        size_t row_bytes = sample_row(buffer, record, &draws);
        sb_rows rows = {.at = buffer + row_bytes};
        assert_true(expect_same_everywhere(record, buffer, with_tail(&rows)));
        (void)expect_same_everywhere(record, buffer, row_bytes);
    }
}

static void derived_fields_print_the_same(void **state)
{
    (void)state;
    uint64_t draws = 12;
    for (int round = 0; round < 600; round++) {
        const sb_record *record = sb_schema((sb_kind)(round % SB_KIND_COUNT));
        size_t row_bytes = sample_row(buffer, record, &draws);
        sb_row_text_options options = {.format = (sb_text_format)(round % 3),
                                       .derived = true,
                                       .end_days = 20454,
                                       .kind_letter = 'P'};
        (void)expect_same(record, &options, buffer, row_bytes);
    }
}

static void flipped_bytes_are_refused_alike(void **state)
{
    (void)state;
    uint64_t draws = 13;
    for (int round = 0; round < 20000; round++) {
        const sb_record *record = sb_schema((sb_kind)(round % SB_KIND_COUNT));
        size_t row_bytes = sample_row(buffer, record, &draws);
        sb_rows rows = {.at = buffer + row_bytes};
        size_t byte_count = with_tail(&rows);
        for (uint64_t flips = 1 + sample_below(&draws, 4); flips > 0; flips--)
            buffer[sample_below(&draws, row_bytes)] ^= (uint8_t)(1 << sample_below(&draws, 8));
        sb_row_text_options options = {.format = (sb_text_format)sample_below(&draws, 3),
                                       .raw = sample_below(&draws, 4) == 0};
        (void)expect_same(record, &options, buffer, byte_count);
    }
}

static void a_row_cut_anywhere_is_refused_alike(void **state)
{
    (void)state;
    uint64_t draws = 14;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        const sb_record *record = sb_schema((sb_kind)kind);
        size_t row_bytes = sample_row(buffer, record, &draws);
        for (size_t cut = 0; cut < row_bytes; cut++)
            (void)expect_same_everywhere(record, buffer, cut);
    }
}

/* A run of rows, as a frame holds them: only the last ones are too near the end. */
static void a_run_of_rows_prints_one_by_one(void **state)
{
    (void)state;
    enum { ROWS = 300 };
    uint64_t draws = 15;
    const sb_record *record = sb_schema(SB_TRANSACTIONS);
    sb_row_text_options options = {.format = SB_NDJSON};
    sb_row_plan *plan;
    sb_bytes want = {0}, have = {0};
    size_t byte_count = 0;
    for (int i = 0; i < ROWS; i++) {
        size_t row_bytes = sample_row(buffer + byte_count, record, &draws);
        assert_int_equal(sb_row_text(record, &options, buffer + byte_count, row_bytes, &want, NULL),
                         SB_OK);
        byte_count += row_bytes;
    }
    uint8_t *copy = malloc(byte_count);
    memcpy(copy, buffer, byte_count);
    assert_int_equal(sb_row_plan_open(record, &options, &plan, NULL), SB_OK);
    int rows = 0;
    for (const uint8_t *at = copy; at < copy + byte_count; rows++)
        assert_int_equal(sb_row_plan_print(plan, &at, copy + byte_count, &have, NULL), SB_OK);
    assert_int_equal(rows, ROWS);
    assert_in_range(sb_row_plan_given_up(plan), 1, 2);
    assert_int_equal(have.length, want.length);
    assert_memory_equal(have.data, want.data, want.length);
    sb_row_plan_close(plan);
    sb_bytes_close(&want);
    sb_bytes_close(&have);
    free(copy);
}

/* ---- texts ---------------------------------------------------------------------------------- */

static const sb_field text_field = {.number = 1, .name = "t", .type = SB_STR, .nullable = true};
static const sb_field texts_field = {
    .number = 1, .name = "list", .type = SB_ARRAY, .items = SB_STR};
static const sb_record text_record = {"one", &text_field, 1, NULL, 0};
static const sb_record texts_record = {"many", &texts_field, 1, NULL, 0};

/* As a value, and as an item of an array. */
static bool expect_text(const char *text, size_t text_bytes)
{
    sb_rows one = {.at = buffer};
    sb_rows_array(&one, 1);
    sb_rows_str(&one, text, text_bytes);
    bool alone = expect_same_everywhere(&text_record, buffer, with_tail(&one));
    sb_rows many = {.at = buffer};
    sb_rows_array(&many, 1);
    sb_rows_array(&many, 2);
    sb_rows_str(&many, "x", 1);
    sb_rows_str(&many, text, text_bytes);
    return expect_same_everywhere(&texts_record, buffer, with_tail(&many)) && alone;
}

/* Each awkward byte at each place of words and halves of words, at every length around them. */
static void texts_are_escaped_wherever_it_is_needed(void **state)
{
    (void)state;
    static const char *const awkward[] = {"\"",
                                          "\\",
                                          ",",
                                          "\t",
                                          "\n",
                                          "\r",
                                          "\x01",
                                          "\x1f",
                                          " ",
                                          "\x7f",
                                          "\xc3\xa9",
                                          "\xe6\x97\xa5",
                                          "\xf0\x9f\x8c\xb1",
                                          "\x80",
                                          "\xff",
                                          "\xc3",
                                          "\xed\xa0\x80",
                                          "\xf4\x90\x80\x80"};
    for (size_t i = 0; i < COUNT(awkward); i++)
        for (size_t before = 0; before <= 34; before++)
            for (size_t behind = 0; behind <= 17; behind++) {
                char text[64];
                size_t awkward_bytes = strlen(awkward[i]);
                memset(text, 'a', sizeof text);
                memcpy(text + before, awkward[i], awkward_bytes);
                assert_true(expect_text(text, before + awkward_bytes + behind));
            }
}

static void every_byte_prints_the_same(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++)
        for (size_t at = 0; at < 18; at++) {
            char text[18];
            memset(text, 'z', sizeof text);
            text[at] = (char)byte;
            assert_true(expect_text(text, sizeof text));
        }
}

static void texts_of_every_length_print_the_same(void **state)
{
    (void)state;
    static char text[SB_ROW_BYTES_MAX];
    static const size_t lengths[] = {0, 1, 15, 16, 17, 31, 32, 33, 255, 256, 257, 4096, 8000};
    memset(text, 'b', sizeof text);
    for (size_t i = 0; i < COUNT(lengths); i++)
        assert_true(expect_text(text, lengths[i]));
    /* Beyond what a row may have: still right, by the longer way. */
    (void)expect_text(text, 65000);
    memset(text, '\x01', sizeof text);
    (void)expect_text(text, 65000);
    memset(text, '"', sizeof text);
    (void)expect_text(text, 65000);
    sb_rows nil = {.at = buffer};
    sb_rows_array(&nil, 1);
    sb_rows_nil(&nil);
    assert_true(expect_same_everywhere(&text_record, buffer, with_tail(&nil)));
}

/* What a text becomes, byte by byte. */
static size_t plain_loop(char *to, const uint8_t *text, size_t text_bytes, bool is_json)
{
    const uint8_t *end = text + text_bytes;
    char *at = to;
    while (text < end) {
        size_t length = sb_utf8_length(text, end);
        const char *name = *text < 0x20 ? strchr("\bb\tt\nn\ff\rr", *text) : NULL;
        if (length == 0)
            at += sprintf(at, "\xef\xbf\xbd");
        else if (is_json && (*text == '"' || *text == '\\'))
            at += sprintf(at, "\\%c", *text);
        else if (is_json && name != NULL && *text != 0)
            at += sprintf(at, "\\%c", name[1]);
        else if (is_json && *text < 0x20)
            at += sprintf(at, "\\u%04x", *text);
        else {
            memcpy(at, text, length);
            at += length;
        }
        text += length == 0 ? 1 : length;
    }
    return (size_t)(at - to);
}

static void texts_are_those_of_a_plain_loop(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "a",        "bc",       "plain and long", "\"",           "\\",
        "\n",       "\x02",     "\xc3\xa9",       "\xe6\x97\xa5", "\xf0\x9f\x8c\xb1",
        "\x80",     "\xe0\x80", "\xed\xa0\x80",   "\xf4\x90",     "\xc3",
        "\xe6\x97", "\x7f",     "\xef\xbf\xbd"};
    uint64_t draws = 18;
    for (int round = 0; round < 100000; round++) {
        uint8_t text[64];
        char want[64 * SB_PUT_JSON_GROWTH + 1], have[64 * SB_PUT_JSON_GROWTH];
        size_t text_bytes = 0;
        for (uint64_t count = sample_below(&draws, 12); count > 0; count--) {
            const char *piece = pieces[sample_below(&draws, COUNT(pieces))];
            if (text_bytes + strlen(piece) <= sizeof text) {
                memcpy(text + text_bytes, piece, strlen(piece));
                text_bytes += strlen(piece);
            }
        }
        uint8_t *copy = malloc(text_bytes + 1); /* of its own, so that reading on is noticed */
        memcpy(copy, text, text_bytes);
        for (int is_json = 0; is_json < 2; is_json++) {
            char *end = is_json ? sb_put_json_text(have, copy, text_bytes)
                                : sb_put_plain_text(have, copy, text_bytes);
            size_t want_bytes = plain_loop(want, text, text_bytes, is_json);
            assert_int_equal(end - have, want_bytes);
            assert_memory_equal(have, want, want_bytes);
        }
        free(copy);
    }
}

/* ---- numbers -------------------------------------------------------------------------------- */

/* An integer of one meaning, alone in its row, by itself and in an array. */
static void expect_int(sb_field field, int64_t number)
{
    sb_record record = {"one", &field, 1, NULL, 0};
    sb_rows rows = {.at = buffer};
    field.number = 1;
    field.name = "n";
    field.type = SB_INT;
    sb_rows_array(&rows, 1);
    sb_rows_int(&rows, number);
    (void)expect_same_everywhere(&record, buffer, with_tail(&rows));
    field.type = SB_ARRAY;
    field.items = SB_INT;
    rows.at = buffer;
    sb_rows_array(&rows, 1);
    sb_rows_array(&rows, 3);
    for (int i = 0; i < 3; i++)
        sb_rows_int(&rows, number);
    (void)expect_same_everywhere(&record, buffer, with_tail(&rows));
}

static void integers_of_every_length_print_the_same(void **state)
{
    (void)state;
    for (int scale = 0; scale <= 18; scale++) {
        sb_field field = {.scale = (uint8_t)scale};
        uint64_t power = 1;
        for (int digits = 0; digits < 19; digits++, power *= 10)
            for (int off = -1; off <= 1; off++) {
                expect_int(field, (int64_t)power + off);
                expect_int(field, -(int64_t)power - off);
            }
        expect_int(field, INT64_MAX);
        expect_int(field, INT64_MIN);
        for (int bits = 0; bits < 63; bits++) { /* where MessagePack takes a longer form */
            expect_int(field, (INT64_C(1) << bits) - 1);
            expect_int(field, -(INT64_C(1) << bits) - 1);
        }
    }
}

/* Both ways share their digits, so those are held against printf's. */
static void expect_digits(int64_t number)
{
    char want[48], have[SB_DIGITS_ROOM], digits[24];
    *sb_put_int(have, number) = '\0';
    (void)snprintf(want, sizeof want, "%lld", (long long)number);
    assert_string_equal(have, want);
    for (int decimals = 1; decimals <= 19; decimals++) {
        uint64_t magnitude = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
        int count =
            snprintf(digits, sizeof digits, "%0*llu", decimals + 1, (unsigned long long)magnitude);
        (void)snprintf(want, sizeof want, "%s%.*s.%s", number < 0 ? "-" : "", count - decimals,
                       digits, digits + count - decimals);
        *sb_put_decimal(have, number, decimals) = '\0';
        assert_string_equal(have, want);
    }
}

static void digits_are_those_of_printf(void **state)
{
    (void)state;
    uint64_t draws = 17, power = 1;
    for (int digits = 0; digits < 19; digits++, power *= 10)
        for (int off = -1; off <= 1; off++) {
            expect_digits((int64_t)power + off);
            expect_digits(-(int64_t)power - off);
        }
    for (int i = 0; i < 20000; i++)
        expect_digits((int64_t)sample_draw(&draws) >> sample_below(&draws, 64));
    for (int i = 0; i < 10000; i++) /* each pair of digits in both halves of eight */
        expect_digits((int64_t)i * 10000 + (9999 - i));
    expect_digits(INT64_MAX);
    expect_digits(INT64_MIN);
}

static void days_and_times_print_the_same(void **state)
{
    (void)state;
    static const int64_t days[] = {-719529, -719528, -719527, -1,      0,         1,
                                   255,     256,     512,     -256,    20425,     20425 + 256,
                                   11016,   2932895, 2932896, 2932897, INT64_MAX, INT64_MIN};
    static const int64_t clocks[] = {0, 1, 999, 1000, 59999, 60000, 3599999, 3600000, 86399999};
    for (size_t i = 0; i < COUNT(days); i++) {
        expect_int((sb_field){.logical = SB_DATE_DAYS}, days[i]);
        if (days[i] < -800000 || days[i] > 3000000)
            continue;
        for (size_t j = 0; j < COUNT(clocks); j++)
            expect_int((sb_field){.logical = SB_TIMESTAMP_MS}, days[i] * 86400000 + clocks[j]);
    }
    expect_int((sb_field){.logical = SB_TIMESTAMP_MS}, INT64_MIN);
    expect_int((sb_field){.logical = SB_TIMESTAMP_MS}, INT64_MAX);
}

/* Days that fall into one slot of the plan's memory, one after another, with one plan. */
static void days_do_not_take_each_others_place(void **state)
{
    (void)state;
    static const sb_field field = {
        .number = 1, .name = "n", .type = SB_INT, .logical = SB_DATE_DAYS};
    static const sb_record record = {"one", &field, 1, NULL, 0};
    static const sb_row_text_options options = {.format = SB_CSV};
    sb_row_plan *plan;
    sb_bytes want = {0}, have = {0};
    assert_int_equal(sb_row_plan_open(&record, &options, &plan, NULL), SB_OK);
    for (int i = 0; i < 5000; i++) {
        sb_rows rows = {.at = buffer};
        const uint8_t *at = buffer;
        sb_rows_array(&rows, 1);
        sb_rows_int(&rows, (i % 7 - 3) * 256 + i / 100);
        size_t row_bytes = (size_t)(rows.at - buffer);
        assert_int_equal(sb_row_plan_print(plan, &at, buffer + with_tail(&rows), &have, NULL),
                         SB_OK);
        assert_int_equal(sb_row_text(&record, &options, buffer, row_bytes, &want, NULL), SB_OK);
    }
    assert_int_equal(sb_row_plan_given_up(plan), 0);
    assert_int_equal(have.length, want.length);
    assert_memory_equal(have.data, want.data, want.length);
    sb_row_plan_close(plan);
    sb_bytes_close(&want);
    sb_bytes_close(&have);
}

/* ---- money ---------------------------------------------------------------------------------- */

/* Money before its currency, some values before it, and behind it. */
static const sb_field purse_fields[] = {
    {.number = 1, .name = "far", .type = SB_INT, .logical = SB_MONEY, .scale_by = "currency"},
    {.number = 2, .name = "tags", .type = SB_ARRAY, .items = SB_STR},
    {.number = 3, .name = "near", .type = SB_INT, .logical = SB_MONEY, .scale_by = "currency"},
    {.number = 4, .name = "currency", .type = SB_STR, .logical = SB_CURRENCY, .nullable = true},
    {.number = 5, .name = "after", .type = SB_INT, .logical = SB_MONEY, .scale_by = "currency"},
};
static const sb_record purse_record = {"purse", purse_fields, COUNT(purse_fields), NULL, 0};
static const sb_field purses_field = {
    .number = 1, .name = "purses", .type = SB_ARRAY, .items = SB_RECORD, .record = &purse_record};
static const sb_record purses_record = {"purses", &purses_field, 1, NULL, 0};

static void put_purse(sb_rows *rows, const char *currency, int64_t amount, int nil)
{
    sb_rows_array(rows, COUNT(purse_fields));
    for (size_t i = 0; i < COUNT(purse_fields); i++)
        if (nil >> i & 1)
            sb_rows_nil(rows);
        else if (i == 1) {
            sb_rows_array(rows, 1);
            sb_rows_cstr(rows, "a,\"b");
        } else if (i == 3)
            sb_rows_cstr(rows, currency);
        else
            sb_rows_int(rows, amount);
}

static void money_finds_its_currency_alike(void **state)
{
    (void)state;
    static const char *const codes[] = {"USD", "JPY", "KWD",  "EUR",  "XYZ",
                                        "",    "US",  "JPYX", "\0\0", "\xff\xff\xff"};
    static const int64_t amounts[] = {0,  1,        -1,        99,        100,       -5,
                                      -9, 99999999, 100000000, INT64_MAX, INT64_MIN, 1234};
    for (size_t i = 0; i < COUNT(codes); i++)
        for (size_t j = 0; j < COUNT(amounts); j++)
            for (int nil = 0; nil < 1 << COUNT(purse_fields); nil++) {
                sb_rows rows = {.at = buffer};
                put_purse(&rows, codes[i], amounts[j], nil);
                bool alone = expect_same_everywhere(&purse_record, buffer, with_tail(&rows));
                assert_true(alone || (nil & 1 << 3) != 0);
                rows.at = buffer;
                sb_rows_array(&rows, 1);
                sb_rows_array(&rows, 2);
                put_purse(&rows, codes[i], amounts[j], nil);
                put_purse(&rows, "EUR", amounts[j], 0);
                (void)expect_same_everywhere(&purses_record, buffer, with_tail(&rows));
            }
}

static void money_without_a_currency_field_is_refused_alike(void **state)
{
    (void)state;
    expect_int((sb_field){.logical = SB_MONEY}, 5);
    expect_int((sb_field){.logical = SB_MONEY, .scale_by = "n"}, 5);
    expect_int((sb_field){.logical = SB_MONEY, .scale_by = "nothing"}, 5);
}

/* ---- records that are not ours -------------------------------------------------------------- */

static void odd_records_print_the_same(void **state)
{
    (void)state;
    static const sb_record empty = {"empty", NULL, 0, NULL, 0};
    static const char long_name[] = "a_name_that_is_longer_than_what_is_copied_at_once_by_far";
    static const sb_field fields[] = {
        {.number = 1, .name = long_name, .type = SB_RECORD, .record = &empty, .nullable = true},
        {.number = 2, .name = long_name, .type = SB_STR, .nullable = true},
        {.number = 3, .name = long_name, .type = SB_BIN, .nullable = true},
        {.number = 4, .name = "b", .type = SB_ARRAY, .items = SB_BOOL, .nullable = true},
    };
    static const sb_record record = {"odd", fields, COUNT(fields), NULL, 0};
    uint64_t draws = 16;
    for (int round = 0; round < 200; round++) {
        size_t row_bytes = sample_row(buffer, &record, &draws);
        sb_rows rows = {.at = buffer + row_bytes};
        (void)expect_same_everywhere(&record, buffer, with_tail(&rows));
    }
    sb_rows none = {.at = buffer};
    sb_rows_array(&none, 0);
    (void)expect_same_everywhere(&empty, buffer, with_tail(&none));
}

/* Records in records, as deep as a plan goes and deeper. */
static void deep_records_print_the_same(void **state)
{
    (void)state;
    enum { DEEPEST = 12 };
    static sb_field fields[DEEPEST];
    static sb_record records[DEEPEST];
    for (int depth = 0; depth < DEEPEST; depth++) {
        fields[depth] = (sb_field){.number = 1, .name = "in", .type = SB_INT};
        if (depth > 0) {
            fields[depth].type = SB_RECORD;
            fields[depth].record = &records[depth - 1];
        }
        records[depth] = (sb_record){"deep", &fields[depth], 1, NULL, 0};
        sb_rows rows = {.at = buffer};
        for (int i = 0; i <= depth; i++)
            sb_rows_array(&rows, 1);
        sb_rows_int(&rows, 7);
        (void)expect_same_everywhere(&records[depth], buffer, with_tail(&rows));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_prints_the_same),
        cmocka_unit_test(derived_fields_print_the_same),
        cmocka_unit_test(flipped_bytes_are_refused_alike),
        cmocka_unit_test(a_row_cut_anywhere_is_refused_alike),
        cmocka_unit_test(a_run_of_rows_prints_one_by_one),
        cmocka_unit_test(texts_are_escaped_wherever_it_is_needed),
        cmocka_unit_test(every_byte_prints_the_same),
        cmocka_unit_test(texts_of_every_length_print_the_same),
        cmocka_unit_test(texts_are_those_of_a_plain_loop),
        cmocka_unit_test(integers_of_every_length_print_the_same),
        cmocka_unit_test(digits_are_those_of_printf),
        cmocka_unit_test(days_and_times_print_the_same),
        cmocka_unit_test(days_do_not_take_each_others_place),
        cmocka_unit_test(money_finds_its_currency_alike),
        cmocka_unit_test(money_without_a_currency_field_is_refused_alike),
        cmocka_unit_test(odd_records_print_the_same),
        cmocka_unit_test(deep_records_print_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
