/* Money of several currencies: scales, daily rates, and the rounding that everybody can repeat. */
#include "engine/rates.h"

#include "format/row_text.h"
#include "tests/unit/engine_fixture.h"

static engine world;

static int open_world(void **state)
{
    (void)state;
    world = engine_open("seed", "5", "persons", "1");
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    engine_close(&world);
    return 0;
}

static uint32_t currency_count(void)
{
    return sb_find(world.maker, 0, SB_TABLE_CURRENCIES)->count;
}

static uint32_t currency_of(const char *code)
{
    const sb_table *currencies = sb_find(world.maker, 0, SB_TABLE_CURRENCIES);
    for (uint32_t row = 0; row < currencies->count; row++)
        if (memcmp(sb_table_text(currencies, 0, row).bytes, code, 3) == 0)
            return row;
    fail_msg("no %s", code);
    return 0;
}

/* ---- the rounding rule ------------------------------------------------------------------------
 */

static void conversion_rounds_halves_up(void **state)
{
    (void)state;
    assert_int_equal(sb_convert(1, SB_RATE_SCALE), 1);
    assert_int_equal(sb_convert(1, SB_RATE_SCALE / 2), 1); /* exactly a half */
    assert_int_equal(sb_convert(1, SB_RATE_SCALE / 2 - 1), 0);
    assert_int_equal(sb_convert(3, SB_RATE_SCALE / 2), 2); /* 1.5: not to even, up */
    assert_int_equal(sb_convert(5, SB_RATE_SCALE / 2), 3); /* 2.5: up as well */
    assert_int_equal(sb_convert(0, INT64_MAX), 0);
    assert_int_equal(sb_convert(100, 1234567890), 123);
    assert_int_equal(sb_convert(1000000, 149999999), 150000);
}

static void conversion_does_not_overflow(void **state)
{
    (void)state;
    assert_true(sb_convert(INT64_MAX, SB_RATE_SCALE) == INT64_MAX);
    assert_true(sb_convert(INT64_C(1000000000000000), INT64_C(5000000000000)) ==
                INT64_C(5000000000000000000));
}

/* ---- scales -----------------------------------------------------------------------------------
 */

static void cents_are_cents(void **state)
{
    (void)state;
    assert_int_equal(sb_from_cents(world.maker, currency_of("USD"), 12345), 12345);
    assert_int_equal(sb_to_cents(world.maker, currency_of("USD"), 12345), 12345);
    assert_int_equal(sb_from_cents(world.maker, currency_of("USD"), 0), 0);
}

/* Ten dollars are some 1,500 yen (no decimals), some 3 dinar (3,000 fils), some 9 euro. */
static void other_scales_are_plausible(void **state)
{
    (void)state;
    assert_in_range(sb_from_cents(world.maker, currency_of("JPY"), 1000), 1000, 2000);
    assert_in_range(sb_from_cents(world.maker, currency_of("KWD"), 1000), 2500, 3500);
    assert_in_range(sb_from_cents(world.maker, currency_of("EUR"), 1000), 700, 1000);
}

static void scales_go_both_ways(void **state)
{
    (void)state;
    for (uint32_t currency = 0; currency < currency_count(); currency++)
        for (int64_t cents = 1000; cents <= INT64_C(1000000000000); cents *= 10) {
            int64_t minor = sb_from_cents(world.maker, currency, cents);
            int64_t back = sb_to_cents(world.maker, currency, minor);
            int64_t off = back > cents ? back - cents : cents - back;
            int64_t unit =
                sb_to_cents(world.maker, currency, 1) + 1; /* what one minor unit is worth */
            assert_true(minor > 0);
            assert_true(off <= unit + cents / 10000000);
        }
}

/* ---- rates ------------------------------------------------------------------------------------
 */

/* Not further off than what a rate's last digit is worth. */
static void rates_there_and_back_are_one(void **state)
{
    uint32_t count = currency_count();
    (void)state;
    for (uint32_t a = 0; a < count; a++)
        for (uint32_t b = 0; b < count; b++) {
            int64_t there = sb_rate(world.maker, a, b, 20425),
                    back = sb_rate(world.maker, b, a, 20425);
            assert_true(there > 0 && back > 0);
            double product = (double)there * (double)back / 1e18;
            double last_digit = 1.0 / (double)there + 1.0 / (double)back;
            assert_true(product < 1.000000001 && product > 1 - 2 * last_digit - 1e-9);
        }
}

static void a_currency_is_worth_itself(void **state)
{
    (void)state;
    for (uint32_t currency = 0; currency < currency_count(); currency++)
        assert_int_equal(sb_rate(world.maker, currency, currency, 20425), SB_RATE_SCALE);
}

static void the_yen_is_a_yen(void **state)
{
    uint32_t dollar = currency_of("USD"), yen = currency_of("JPY"), euro = currency_of("EUR");
    (void)state;
    for (int32_t day = 7305; day < 84000; day += 97) {
        assert_in_range(sb_rate(world.maker, dollar, yen, day), 900000000, 2400000000);
        assert_in_range(sb_rate(world.maker, euro, dollar, day), 750000000, 1700000000);
    }
}

/* Crossing over a third currency gives nothing for nothing. */
static void rates_leave_no_room_for_arbitrage(void **state)
{
    uint32_t dollar = currency_of("USD"), euro = currency_of("EUR"), pound = currency_of("GBP");
    (void)state;
    for (int32_t day = 18000; day < 19000; day++) {
        double round = (double)sb_rate(world.maker, dollar, euro, day) / 1e9 *
                       ((double)sb_rate(world.maker, euro, pound, day) / 1e9) *
                       ((double)sb_rate(world.maker, pound, dollar, day) / 1e9);
        assert_true(round > 0.99999998 && round < 1.00000001);
    }
}

static void neighbouring_days_have_similar_rates(void **state)
{
    uint32_t count = currency_count();
    int32_t moved = 0;
    (void)state;
    for (uint32_t currency = 1; currency < count; currency++)
        for (int32_t day = 12200; day < 12400;
             day++) { /* 12,288 is where a span of 4,096 days begins */
            int64_t today = sb_rate(world.maker, 0, currency, day);
            int64_t next = sb_rate(world.maker, 0, currency, day + 1);
            int64_t step = today > next ? today - next : next - today;
            assert_true(step * 100 < today * 3);
            moved += step > 0;
        }
    assert_true(moved > 150 * (int32_t)(count - 1)); /* but they do move */
}

static void neighbours_stay_close_for_two_centuries(void **state)
{
    uint32_t euro = currency_of("EUR"), yen = currency_of("JPY");
    int64_t before = sb_rate(world.maker, euro, yen, 7305);
    (void)state;
    for (int32_t day = 7306; day < 84000; day++) {
        int64_t today = sb_rate(world.maker, euro, yen, day);
        int64_t step = today > before ? today - before : before - today;
        assert_true(step * 100 < today * 3);
        before = today;
    }
}

/* Whatever was asked for before. */
static void a_rate_does_not_depend_on_what_was_asked_before(void **state)
{
    uint64_t random = 9;
    int32_t days[300];
    int64_t rates[300];
    uint32_t yen = currency_of("JPY"), pound = currency_of("GBP");
    (void)state;
    for (size_t i = 0; i < COUNT(days); i++) {
        days[i] = 20000 + (int32_t)fixture_below(&random, 7305);
        rates[i] = sb_rate(world.maker, yen, pound, days[i]);
    }
    for (size_t i = COUNT(days); i-- > 0;) {
        engine_close(&world);
        (void)open_world(NULL);
        for (size_t k = i; k < COUNT(days); k += 37)
            assert_true(sb_rate(world.maker, yen, pound, days[k]) == rates[k]);
        i -= i < 20 ? i : 20;
    }
}

static void rates_are_the_seeds_not_the_specs(void **state)
{
    uint32_t differing = 0;
    (void)state;
    engine same =
        engine_open("seed", "5", "entities", "7100", "start", "2024-01-01", "locales", "de_DE");
    engine other = engine_open("seed", "6", "persons", "1");
    for (uint32_t currency = 1; currency < currency_count(); currency++) {
        int64_t rate = sb_rate(world.maker, 0, currency, 20425);
        assert_true(rate == sb_rate(same.maker, 0, currency, 20425));
        differing += rate != sb_rate(other.maker, 0, currency, 20425);
    }
    assert_true(differing >= currency_count() - 2);
    engine_close(&same);
    engine_close(&other);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(conversion_rounds_halves_up),
        IN_WORLD(conversion_does_not_overflow),
        IN_WORLD(cents_are_cents),
        IN_WORLD(other_scales_are_plausible),
        IN_WORLD(scales_go_both_ways),
        IN_WORLD(rates_there_and_back_are_one),
        IN_WORLD(a_currency_is_worth_itself),
        IN_WORLD(the_yen_is_a_yen),
        IN_WORLD(rates_leave_no_room_for_arbitrage),
        IN_WORLD(neighbouring_days_have_similar_rates),
        IN_WORLD(neighbours_stay_close_for_two_centuries),
        IN_WORLD(a_rate_does_not_depend_on_what_was_asked_before),
        IN_WORLD(rates_are_the_seeds_not_the_specs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
