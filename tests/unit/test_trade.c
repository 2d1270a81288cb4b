/* Trades: in the hours of their exchange, on accounts that are open, at prices that agree. */
#include "engine/trade.h"

#include "engine/account.h"
#include "engine/person.h"
#include "format/row_cursor.h"
#include "format/row_text.h"
#include "tests/unit/engine_fixture.h"

/* ---- reading rows -----------------------------------------------------------------------------
 */

static uint8_t buffer[SB_ROW_BYTES_MAX];

/* The row of index `i`, in `buffer`; returns its bytes. */
static size_t put(engine *world, const sb_cell_events *of, uint32_t i)
{
    sb_rows rows = {.at = buffer};
    sb_error err = {0};
    sb_trade_put(world->maker, &rows, of, i);
    size_t row_bytes = (size_t)(rows.at - buffer);
    fixture_ok(sb_row_check(sb_schema(SB_TRADES), buffer, row_bytes, &err), &err);
    return row_bytes;
}

static sb_value value_of(const char *name, size_t row_bytes)
{
    sb_cursor cursor = {buffer, buffer + row_bytes};
    sb_value value;
    assert_true(sb_cursor_next(&cursor, &value));
    for (int skip = sb_record_find(sb_schema(SB_TRADES), name); skip > 0; skip--)
        assert_true(sb_cursor_skip(&cursor));
    assert_true(sb_cursor_next(&cursor, &value));
    return value;
}

static bool is_text(sb_value value, const char *text)
{
    return value.count == strlen(text) && memcmp(value.bytes, text, value.count) == 0;
}

static sb_cell_events events_of(engine *world, uint64_t cell)
{
    sb_error err = {0};
    sb_cell_events events;
    sb_arena_reset(world->maker->arena);
    fixture_ok(
        sb_cell_events_make(world->maker, SB_TRADES, cell, sb_trade_time, NULL, &events, &err),
        &err);
    return events;
}

static void for_each_row(engine *world,
                         void (*check)(engine *world, const sb_cell_events *of, size_t row_bytes))
{
    for (uint64_t cell = 0; cell < world->world->cell_count; cell++) {
        sb_cell_events events = events_of(world, cell);
        for (uint32_t i = 0; i < events.count; i++)
            check(world, &events, put(world, &events, i));
    }
}

/* ---- days --------------------------------------------------------------------------------------
 */

/* Every working day of the period is met, and no other; the ends of the position lie in it. */
static void positions_cover_the_working_days(void **state)
{
    (void)state;
    engine world = engine_open("persons", "5", "accounts", "5", "trades", "5", "start",
                               "2025-12-20", "end", "2026-01-11");
    const sb_spec_values *values = &world.world->values;
    bool seen[22] = {false};
    for (uint64_t n = 0; n <= 1000; n++) {
        int32_t day = sb_working_day(world.maker, n * (UINT64_MAX / 1000));
        assert_in_range(day, values->start_days, values->end_days - 1);
        assert_true(sb_is_working_day(day));
        seen[day - values->start_days] = true;
    }
    for (int32_t day = values->start_days; day < values->end_days; day++)
        assert_int_equal(seen[day - values->start_days], sb_is_working_day(day));
    engine_close(&world);
}

static void a_weekend_has_its_own_days(void **state)
{
    (void)state;
    engine world = engine_open("persons", "5", "accounts", "5", "trades", "5", "start",
                               "2025-03-29", "end", "2025-03-31");
    assert_int_equal(sb_working_day(world.maker, 0), world.world->values.start_days);
    assert_int_equal(sb_working_day(world.maker, UINT64_MAX), world.world->values.end_days - 1);
    engine_close(&world);
}

/* A window that sticks out of the period is cut, one outside it begins with the period. */
static void moments_stay_inside_the_period(void **state)
{
    (void)state;
    engine world = engine_open("persons", "5", "accounts", "5", "trades", "5", "start",
                               "2025-03-03", "end", "2025-03-04");
    const sb_world *w = world.world;
    sb_clock east = {600, SB_DST_NONE}, west = {-480, SB_DST_NONE};
    int32_t day = w->values.start_days;
    for (uint64_t n = 0; n <= 100; n++) {
        uint64_t share = n * (UINT64_MAX / 100);
        int64_t early = sb_working_moment(world.maker, east, day, 480, 1080, share);
        int64_t late = sb_working_moment(world.maker, west, day, 480, 1080, share);
        assert_true(early >= w->start_ms && early < w->start_ms + 8 * 3600000);
        assert_true(late >= w->start_ms + 16 * 3600000 && late < w->end_ms);
    }
    assert_true(sb_working_moment(world.maker, east, day - 3, 480, 1080, 7) == w->start_ms);
    engine_close(&world);
}

/* ---- rows --------------------------------------------------------------------------------------
 */

enum { OPEN_COLUMN = 8, CLOSE_COLUMN, UTC_COLUMN = 6, DST_COLUMN };

static void check_hours(engine *world, const sb_cell_events *of, size_t row_bytes)
{
    const sb_table *exchanges = sb_find(world->maker, 0, SB_TABLE_EXCHANGES);
    sb_value code = value_of("exchange", row_bytes);
    int64_t time = value_of("executed_at", row_bytes).number;
    uint32_t row = 0;
    (void)of;
    while (memcmp(sb_table_text(exchanges, 0, row).bytes, code.bytes, code.count) != 0 ||
           sb_table_text(exchanges, 0, row).byte_count != code.count)
        row++;
    assert_true(row < exchanges->count);
    assert_true(is_text(value_of("mic", row_bytes), sb_table_text(exchanges, 1, row).bytes));
    assert_true(is_text(value_of("currency", row_bytes), sb_table_text(exchanges, 5, row).bytes));
    char rule = sb_table_text(exchanges, DST_COLUMN, row).bytes[0];
    sb_clock clock = {(int32_t)sb_table_int(exchanges, UTC_COLUMN, row), rule == 'u'   ? SB_DST_US
                                                                         : rule == 'e' ? SB_DST_EU
                                                                         : rule == 'a'
                                                                             ? SB_DST_AU
                                                                             : SB_DST_NONE};
    int32_t near = (int32_t)((time + clock.standard_minutes * INT64_C(60000)) / SB_MS_A_DAY);
    int64_t local = time + sb_clock_offset(clock, near) * INT64_C(60000);
    int64_t minute = local % SB_MS_A_DAY / 60000;
    assert_true(time >= world->world->start_ms && time < world->world->end_ms);
    assert_true(sb_is_working_day((int32_t)(local / SB_MS_A_DAY)));
    assert_true(minute >= sb_table_int(exchanges, OPEN_COLUMN, row) &&
                minute < sb_table_int(exchanges, CLOSE_COLUMN, row));
    int64_t later = value_of("settlement_date", row_bytes).number - local / SB_MS_A_DAY;
    assert_in_range(later, 2, 6);
}

static void trades_are_in_the_hours_of_the_exchange(void **state)
{
    (void)state;
    engine world = engine_open("persons", "6000", "companies", "1200", "accounts", "12000",
                               "trades", "12000", "start", "2025-01-01", "end", "2026-01-01");
    for_each_row(&world, check_hours);
    engine_close(&world);
}

static void check_amount(engine *world, const sb_cell_events *of, size_t row_bytes)
{
    int64_t quantity = value_of("quantity", row_bytes).number;
    int64_t price = value_of("price", row_bytes).number;
    int64_t amount = value_of("amount", row_bytes).number;
    (void)world, (void)of;
    assert_true(quantity > 0 && price > 0 && value_of("commission", row_bytes).number > 0);
    if (is_text(value_of("asset_type", row_bytes), "bond"))
        assert_true(amount * 100 == quantity * price && quantity % 100 == 0);
    else
        assert_true(amount == quantity * price);
}

static void amounts_are_exact(void **state)
{
    (void)state;
    engine world =
        engine_open("persons", "6000", "companies", "1200", "accounts", "12000", "trades", "12000");
    for_each_row(&world, check_amount);
    engine_close(&world);
}

/* The account is open at the moment, belongs to the trader, and a person is of age. */
static void check_account(engine *world, const sb_cell_events *of, size_t row_bytes)
{
    const sb_world *w = world->world;
    int64_t id = value_of("account_id", row_bytes).number;
    int64_t time = value_of("executed_at", row_bytes).number;
    sb_value person = value_of("person_id", row_bytes), company = value_of("company_id", row_bytes);
    sb_layout layout;
    sb_core core;
    (void)of;
    uint64_t cell = sb_world_cell_of(w, SB_ACCOUNTS, (uint64_t)id);
    sb_layout_make(w, cell, &layout);
    sb_home home = sb_maker_home(world->maker, cell);
    uint32_t role = (uint32_t)sb_permute(&layout.role, (uint64_t)id - layout.first_account);
    sb_core_make(world->maker, &layout, &home, role, &core);
    assert_true(core.open_ms < time && time < core.close_ms);
    sb_owner owner = sb_account_owner(&layout, role);
    assert_int_equal(company.kind == SB_VALUE_INT, owner.company);
    assert_int_equal(person.kind == SB_VALUE_INT, !owner.company);
    assert_true((owner.company ? company : person).number == (int64_t)owner.id);
    if (!owner.company && w->values.counts[SB_PERSONS] > 100)
        assert_true(sb_person_birth(w, owner.id) + 6576 <= time / SB_MS_A_DAY);
}

static void accounts_are_open_and_the_traders(void **state)
{
    (void)state;
    engine world =
        engine_open("persons", "3000", "companies", "600", "accounts", "6600", "trades", "9000",
                    "transactions", "60000", "start", "2021-01-01", "end", "2026-01-01");
    for_each_row(&world, check_account);
    engine_close(&world);
    /* Ledger cells of their own, and the smallest there are. */
    world = engine_open("persons", "3000", "accounts", "40", "trades", "500");
    for_each_row(&world, check_account);
    engine_close(&world);
    world = engine_open("companies", "1", "accounts", "1", "trades", "50");
    for_each_row(&world, check_account);
    engine_close(&world);
}

static void rows_of_odd_periods_are_valid(void **state)
{
    static const char *const periods[][2] = {{"2025-03-30", "2025-03-31"}, /* a Sunday */
                                             {"2025-01-01", "2025-01-02"},
                                             {"2001-01-01", "2021-01-01"},
                                             {"2199-12-01", "2199-12-31"}};
    (void)state;
    for (size_t i = 0; i < COUNT(periods); i++) {
        engine world = engine_open("persons", "300", "companies", "60", "accounts", "700", "trades",
                                   "900", "start", periods[i][0], "end", periods[i][1]);
        for_each_row(&world, check_amount);
        engine_close(&world);
    }
}

/* A rule follows from the row alone: no more than three signs flag, and a score above 6,000. */
static void check_rules(engine *world, const sb_cell_events *of, size_t row_bytes)
{
    sb_value signs = value_of("indicators", row_bytes);
    int64_t score = value_of("risk_score", row_bytes).number;
    bool flagged = value_of("is_flagged", row_bytes).number != 0;
    (void)world, (void)of;
    assert_in_range(score, 0, 10000);
    assert_int_equal(flagged, score > 6000 || signs.count > 2);
    if (signs.count == 0)
        assert_true(score <= 500);
}

static void flags_follow_the_rules(void **state)
{
    (void)state;
    engine world =
        engine_open("persons", "3000", "companies", "600", "accounts", "6600", "trades", "9000");
    for_each_row(&world, check_rules);
    engine_close(&world);
}

/* ---- prices ------------------------------------------------------------------------------------
 */

/* A day moves a price by a few per cent, and years do not make it vanish. */
static void prices_wander_without_jumps(void **state)
{
    uint64_t random = 5;
    (void)state;
    for (int n = 0; n < 200; n++) {
        sb_key key = {fixture_random(&random), fixture_random(&random)};
        int32_t day = (int32_t)fixture_below(&random, 60000);
        int64_t before = sb_price_factor(key, day, 100);
        for (int32_t next = day + 1; next < day + 100; next++) {
            int64_t after = sb_price_factor(key, next, 100);
            assert_true(after > 65536 / 64 && after < 65536 * 64);
            assert_true(after * 100 > before * 88 && after * 100 < before * 114);
            before = after;
        }
        assert_in_range(sb_price_factor(key, day, 0), 65536, 65536);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positions_cover_the_working_days),
        cmocka_unit_test(a_weekend_has_its_own_days),
        cmocka_unit_test(moments_stay_inside_the_period),
        cmocka_unit_test(trades_are_in_the_hours_of_the_exchange),
        cmocka_unit_test(amounts_are_exact),
        cmocka_unit_test(accounts_are_open_and_the_traders),
        cmocka_unit_test(rows_of_odd_periods_are_valid),
        cmocka_unit_test(flags_follow_the_rules),
        cmocka_unit_test(prices_wander_without_jumps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
