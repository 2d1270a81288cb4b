/* Documents: sums that are exact, numbers that are unique, and routes the issuer really has. */
#include "engine/document.h"

#include "engine/company.h"
#include "engine/trade.h"
#include "format/row_cursor.h"
#include "format/row_text.h"
#include "tests/unit/engine_fixture.h"

/* ---- reading rows -----------------------------------------------------------------------------
 */

static uint8_t buffer[SB_ROW_BYTES_MAX];

static size_t put(engine *world, const sb_cell_events *of, uint32_t i)
{
    sb_rows rows = {.at = buffer};
    sb_document_put(world->maker, &rows, of, i);
    return (size_t)(rows.at - buffer);
}

static sb_cursor field_of(sb_kind kind, const char *name, const uint8_t *row, size_t row_bytes)
{
    sb_cursor cursor = {row, row + row_bytes};
    sb_value head;
    assert_true(sb_cursor_next(&cursor, &head));
    for (int skip = sb_record_find(sb_schema(kind), name); skip > 0; skip--)
        assert_true(sb_cursor_skip(&cursor));
    return cursor;
}

static sb_value value_of(const char *name, size_t row_bytes)
{
    sb_cursor cursor = field_of(SB_DOCUMENTS, name, buffer, row_bytes);
    sb_value value;
    assert_true(sb_cursor_next(&cursor, &value));
    return value;
}

static bool is_text(sb_value value, const char *text)
{
    return value.kind == SB_VALUE_STR && value.count == strlen(text) &&
           memcmp(value.bytes, text, value.count) == 0;
}

static bool same_text(sb_value a, sb_value b)
{
    return a.count == b.count && memcmp(a.bytes, b.bytes, a.count) == 0;
}

static sb_cell_events events_of(engine *world, uint64_t cell)
{
    sb_error err = {0};
    sb_cell_events events;
    sb_arena_reset(world->maker->arena);
    fixture_ok(sb_cell_events_make(world->maker, SB_DOCUMENTS, cell, sb_document_time, NULL,
                                   &events, &err),
               &err);
    return events;
}

static void for_each_row(engine *world, void (*check)(engine *world, size_t row_bytes))
{
    for (uint64_t cell = 0; cell < world->world->cell_count; cell++) {
        sb_cell_events events = events_of(world, cell);
        for (uint32_t i = 0; i < events.count; i++)
            check(world, put(world, &events, i));
    }
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static void check_valid(engine *world, size_t row_bytes)
{
    sb_error err = {0};
    fixture_ok(sb_row_check(sb_schema(SB_DOCUMENTS), buffer, row_bytes, &err), &err);
    sb_value issuer = value_of("issuer_id", row_bytes);
    sb_value recipient = value_of("recipient_id", row_bytes);
    int64_t companies = (int64_t)world->world->values.counts[SB_COMPANIES];
    int64_t time = value_of("executed_at", row_bytes).number;
    assert_true(issuer.number < companies && recipient.number < companies);
    assert_true(issuer.number != recipient.number);
    assert_true(time >= world->world->start_ms && time < world->world->end_ms);
}

static void rows_are_valid(void **state)
{
    (void)state;
    engine world = engine_open("companies", "2000", "documents", "20000");
    for_each_row(&world, check_valid);
    engine_close(&world);
    world = engine_open("companies", "2", "documents", "300", "start", "2025-03-30", "end",
                        "2025-03-31");
    for_each_row(&world, check_valid);
    engine_close(&world);
    /* More cells than companies. */
    world = engine_open("persons", "3000", "companies", "2", "documents", "300");
    for_each_row(&world, check_valid);
    engine_close(&world);
}

/* Lines: number, item, code, category, quantity, unit, price, amount. */
static void check_sums(engine *world, size_t row_bytes)
{
    sb_cursor cursor = field_of(SB_DOCUMENTS, "line_items", buffer, row_bytes);
    sb_value lines, head, field, number = {0}, quantity = {0}, price = {0}, amount = {0};
    int64_t total = 0;
    (void)world;
    assert_true(sb_cursor_next(&cursor, &lines));
    assert_in_range(lines.count, 1, 10);
    for (uint32_t i = 0; i < lines.count; i++) {
        assert_true(sb_cursor_next(&cursor, &head));
        for (uint32_t f = 0; f < head.count; f++)
            assert_true(sb_cursor_next(&cursor, f == 0   ? &number
                                                : f == 4 ? &quantity
                                                : f == 6 ? &price
                                                : f == 7 ? &amount
                                                         : &field));
        assert_true(number.number == i + 1 && quantity.number > 0 && price.number > 0);
        assert_true(amount.number == quantity.number * price.number);
        total += amount.number;
    }
    assert_true(value_of("total_amount", row_bytes).number == total);
}

static void sums_are_exact(void **state)
{
    (void)state;
    engine world = engine_open("companies", "4000", "documents", "20000");
    for_each_row(&world, check_sums);
    engine_close(&world);
}

static void check_meaning(engine *world, size_t row_bytes)
{
    sb_value due = value_of("due", row_bytes), incoterm = value_of("incoterm", row_bytes);
    sb_value transport = value_of("transport", row_bytes), type = value_of("type", row_bytes);
    int64_t day = value_of("executed_at", row_bytes).number / SB_MS_A_DAY;
    int64_t score = value_of("risk_score", row_bytes).number;
    bool abroad = !same_text(value_of("origin_country", row_bytes),
                             value_of("destination_country", row_bytes));
    (void)world;
    assert_int_equal(due.kind == SB_VALUE_INT, is_text(type, "invoice"));
    if (due.kind == SB_VALUE_INT)
        assert_true(due.number >= day - 1 && due.number <= day + 91);
    assert_int_equal(incoterm.kind, transport.kind);
    assert_int_equal(transport.kind == SB_VALUE_STR, abroad || is_text(type, "packing_list"));
    if (is_text(incoterm, "FOB") || is_text(incoterm, "CIF"))
        assert_true(is_text(transport, "sea"));
    if (is_text(type, "bill_of_lading") || is_text(type, "customs_declaration") ||
        is_text(type, "certificate_of_origin"))
        assert_true(abroad);
    assert_int_equal(value_of("is_flagged", row_bytes).number != 0,
                     score > 6000 || value_of("indicators", row_bytes).count > 2);
}

static void terms_agree_with_the_type(void **state)
{
    (void)state;
    engine world = engine_open("companies", "4000", "documents", "20000");
    for_each_row(&world, check_meaning);
    engine_close(&world);
}

/* ---- numbers -----------------------------------------------------------------------------------
 */

enum { NUMBER_BYTES = 24 };

static int compare_numbers(const void *a, const void *b)
{
    return memcmp(a, b, NUMBER_BYTES);
}

/* Without prefix and year, which would hide a repeated number. */
static void numbers_are_unique(void **state)
{
    (void)state;
    engine world = engine_open("companies", "3000", "documents", "130000");
    char(*all)[NUMBER_BYTES] = calloc(130000, NUMBER_BYTES);
    size_t count = 0;
    assert_non_null(all);
    for (uint64_t cell = 0; cell < world.world->cell_count; cell++) {
        sb_cell_events events = events_of(&world, cell);
        for (uint32_t i = 0; i < events.count; i++) {
            sb_value number = value_of("number", put(&world, &events, i));
            uint32_t at = number.count;
            while (number.bytes[at - 1] != '-')
                at--;
            assert_true(number.count - at < NUMBER_BYTES);
            memcpy(all[count++], number.bytes + at, number.count - at);
        }
    }
    assert_int_equal(count, 130000);
    qsort(all, count, NUMBER_BYTES, compare_numbers);
    for (size_t i = 1; i < count; i++)
        assert_true(compare_numbers(all[i - 1], all[i]) != 0);
    free(all);
    engine_close(&world);
}

/* ---- routes ------------------------------------------------------------------------------------
 */

static bool operates_in(engine *world, uint64_t company, sb_value country)
{
    static uint8_t row[SB_ROW_BYTES_MAX];
    sb_rows rows = {.at = row};
    sb_value list, code;
    sb_company_put(world->maker, &rows, company);
    sb_cursor cursor = field_of(SB_COMPANIES, "operating_countries", row, (size_t)(rows.at - row));
    assert_true(sb_cursor_next(&cursor, &list));
    for (uint32_t i = 0; i < list.count; i++) {
        assert_true(sb_cursor_next(&cursor, &code));
        if (same_text(code, country))
            return true;
    }
    return false;
}

/* Holds engine/document.c to the draws of engine/company.c. */
static void check_route(engine *world, size_t row_bytes)
{
    uint64_t issuer = (uint64_t)value_of("issuer_id", row_bytes).number;
    assert_true(operates_in(world, issuer, value_of("origin_country", row_bytes)));
    assert_true(operates_in(world, issuer, value_of("destination_country", row_bytes)));
}

static void goods_go_where_the_issuer_is_active(void **state)
{
    (void)state;
    engine world = engine_open("companies", "4000", "documents", "6000");
    for_each_row(&world, check_route);
    engine_close(&world);
}

/* Office hours by the clock of the cell. */
static void documents_are_written_in_office_hours(void **state)
{
    (void)state;
    engine world = engine_open("companies", "3000", "documents", "9000", "start", "2025-01-01",
                               "end", "2026-01-01");
    for (uint64_t cell = 0; cell < world.world->cell_count; cell++) {
        sb_cell_events events = events_of(&world, cell);
        sb_clock clock = events.home.clock;
        for (uint32_t i = 0; i < events.count; i++) {
            int64_t standard = events.times[i] + clock.standard_minutes * INT64_C(60000);
            int64_t local =
                events.times[i] +
                sb_clock_offset(clock, (int32_t)(standard / SB_MS_A_DAY)) * INT64_C(60000);
            assert_true(sb_is_working_day((int32_t)(local / SB_MS_A_DAY)));
            assert_in_range(local % SB_MS_A_DAY, 8 * 3600000, 18 * 3600000 - 1);
        }
    }
    engine_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_valid),
        cmocka_unit_test(sums_are_exact),
        cmocka_unit_test(terms_agree_with_the_type),
        cmocka_unit_test(numbers_are_unique),
        cmocka_unit_test(goods_go_where_the_issuer_is_active),
        cmocka_unit_test(documents_are_written_in_office_hours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
