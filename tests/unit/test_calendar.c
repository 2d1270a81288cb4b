/* The calendar: moments stay inside the period, rise, and have the shape of a week and a day. */
#include "engine/calendar.h"

#include "format/row_text.h"
#include "tests/unit/engine_fixture.h"

enum { HOUR_MS = 3600000 };

static const sb_clock clocks[] = {
    {0, SB_DST_NONE},    {60, SB_DST_EU},     {-300, SB_DST_US},
    {-600, SB_DST_NONE}, {-720, SB_DST_NONE}, {840, SB_DST_NONE},
    {345, SB_DST_NONE},  {-720, SB_DST_US},   {840, SB_DST_EU},
};
static const sb_clock utc = {0, SB_DST_NONE};

static sb_calendar *open_calendar(int32_t start_days, int32_t day_count)
{
    sb_error err = {0};
    sb_calendar *calendar = NULL;
    fixture_ok(sb_calendar_open(start_days, start_days + day_count, &calendar, &err), &err);
    return calendar;
}

static int32_t day_of(int64_t ms)
{
    return (int32_t)(ms / SB_MS_A_DAY - (ms % SB_MS_A_DAY < 0));
}

static bool clocks_change_on(sb_clock clock, int32_t day)
{
    return sb_clock_offset(clock, day) != sb_clock_offset(clock, day - 1);
}

/* ---- clocks -----------------------------------------------------------------------------------
 */

static void check_change(sb_clock clock, int month, int day, int32_t before, int32_t after)
{
    int32_t days = sb_days_from_civil(2025, month, day);
    assert_int_equal(sb_clock_offset(clock, days - 1), before);
    assert_int_equal(sb_clock_offset(clock, days), after);
}

static void clocks_change_on_their_sundays(void **state)
{
    sb_clock new_york = {-300, SB_DST_US}, berlin = {60, SB_DST_EU};
    (void)state;
    check_change(new_york, 3, 9, -300, -240);
    check_change(new_york, 11, 2, -240, -300);
    check_change(berlin, 3, 30, 60, 120);
    check_change(berlin, 10, 26, 120, 60);
    check_change(utc, 3, 30, 0, 0);
}

static void check_day(int32_t days, int year, int month, int day)
{
    sb_civil civil = sb_civil_of(days);
    assert_true(civil.year == year && civil.month == month && civil.day == day);
}

/* From years before 0 to beyond 9999, and at both ends of the numbers. */
static void days_and_dates_agree(void **state)
{
    (void)state;
    for (int32_t days = -800000; days < 3000000; days++) {
        sb_civil civil = sb_civil_of(days);
        assert_int_equal(sb_days_from_civil(civil.year, civil.month, civil.day), days);
        assert_true(civil.month >= 1 && civil.month <= 12 && civil.day >= 1 && civil.day <= 31);
    }
    check_day(0, 1970, 1, 1);
    check_day(11016, 2000, 2, 29);
    check_day(-719469, 0, 2, 29);
    check_day(INT32_MIN, -5877641, 6, 23);
    check_day(INT32_MAX, 5881580, 7, 11);
}

/* Known from the laws: second Sunday of March and first of November; last ones of March and
 * October. */
static void clocks_change_twice_a_year(void **state)
{
    sb_clock american = {0, SB_DST_US}, european = {0, SB_DST_EU};
    (void)state;
    for (int year = 1990; year < 2200; year++) {
        int changes[2] = {0, 0};
        for (int32_t day = sb_days_from_civil(year, 1, 1); day < sb_days_from_civil(year + 1, 1, 1);
             day++) {
            int y, month, date;
            sb_civil_from_days(day, &y, &month, &date);
            if (clocks_change_on(american, day)) {
                changes[0]++;
                assert_int_equal(sb_weekday(day), 6);
                assert_true((month == 3 && date >= 8 && date <= 14) || (month == 11 && date <= 7));
            }
            if (clocks_change_on(european, day)) {
                changes[1]++;
                assert_int_equal(sb_weekday(day), 6);
                assert_true((month == 3 || month == 10) && date >= 25);
            }
        }
        assert_int_equal(changes[0], 2);
        assert_int_equal(changes[1], 2);
    }
}

static void weekdays_are_right(void **state)
{
    (void)state;
    assert_int_equal(sb_weekday(0), 3); /* a Thursday */
    assert_int_equal(sb_weekday(-1), 2);
    assert_int_equal(sb_weekday(-4), 6);
    assert_int_equal(sb_weekday(4), 0);
    assert_int_equal(sb_weekday(sb_days_from_civil(2025, 12, 25)), 3);
    assert_int_equal(sb_weekday(sb_days_from_civil(2000, 2, 29)), 1);
}

/* ---- moments ----------------------------------------------------------------------------------
 */

static void check_inside(int32_t start_days, int32_t day_count)
{
    enum { STEPS = 3000 };
    sb_calendar *calendar = open_calendar(start_days, day_count);
    int64_t start = (int64_t)start_days * SB_MS_A_DAY,
            end = start + (int64_t)day_count * SB_MS_A_DAY;
    for (int kind = 0; kind < SB_CALENDAR_COUNT; kind++)
        for (size_t c = 0; c < COUNT(clocks); c++)
            for (uint64_t k = 0; k <= STEPS; k++) {
                uint64_t position = k == STEPS ? UINT64_MAX : k * (UINT64_MAX / STEPS);
                int64_t moment =
                    sb_calendar_moment(calendar, (sb_calendar_kind)kind, clocks[c], position);
                if (moment < start || moment >= end)
                    fail_msg("%d days, kind %d, clock %zu, step %d: outside by %lld ms", day_count,
                             kind, c, (int)k,
                             (long long)(moment < start ? start - moment : moment - end + 1));
            }
    sb_calendar_close(calendar);
}

static void moments_are_inside_the_period(void **state)
{
    (void)state;
    check_inside(sb_days_from_civil(2025, 12, 1), 1);
    check_inside(sb_days_from_civil(2025, 3, 9), 1); /* clocks are put forward */
    check_inside(sb_days_from_civil(2025, 11, 2), 1);
    check_inside(sb_days_from_civil(2025, 3, 29), 2);
    check_inside(sb_days_from_civil(2025, 12, 1), 31);
    check_inside(sb_days_from_civil(2001, 1, 1), 7305);
    check_inside(sb_days_from_civil(1990, 1, 1), 3);
    check_inside(sb_days_from_civil(2199, 12, 28), 3);
}

/* Where no clock is put forward, and for all but the ends of the period, moments never go back. */
static void check_rising(int32_t start_days, int32_t day_count, sb_calendar_kind kind,
                         sb_clock clock)
{
    enum { STEPS = 40000 };
    sb_calendar *calendar = open_calendar(start_days, day_count);
    int64_t first = (int64_t)start_days * SB_MS_A_DAY + 25 * HOUR_MS;
    int64_t last = ((int64_t)start_days + day_count) * SB_MS_A_DAY - 25 * HOUR_MS;
    int64_t before = INT64_MIN;
    for (uint64_t k = 0; k < STEPS; k++) {
        int64_t moment = sb_calendar_moment(calendar, kind, clock, k * (UINT64_MAX / STEPS));
        if (moment < first || moment > last)
            continue;
        if (moment < before) {
            int32_t day = day_of(before + (int64_t)clock.standard_minutes * 60000 + 2 * HOUR_MS);
            assert_true(before - moment <= HOUR_MS);
            assert_true(clocks_change_on(clock, day) || clocks_change_on(clock, day + 1));
            continue;
        }
        before = moment;
    }
    sb_calendar_close(calendar);
}

static void moments_rise_with_the_position(void **state)
{
    (void)state;
    for (int kind = 0; kind < SB_CALENDAR_COUNT; kind++)
        for (size_t c = 0; c < COUNT(clocks); c++) {
            check_rising(sb_days_from_civil(2025, 12, 1), 31, (sb_calendar_kind)kind, clocks[c]);
            check_rising(sb_days_from_civil(2025, 1, 1), 365, (sb_calendar_kind)kind, clocks[c]);
        }
}

/* A clock without summer time and at UTC: rising from end to end, with no exception. */
static void moments_of_utc_rise_from_end_to_end(void **state)
{
    uint64_t random = 8;
    (void)state;
    for (int32_t days = 1; days <= 7305; days = days * 6 + 1) {
        sb_calendar *calendar = open_calendar(sb_days_from_civil(2001, 1, 1), days);
        for (int n = 0; n < 20000; n++) {
            uint64_t a = fixture_random(&random),
                     b = fixture_random(&random) >> fixture_below(&random, 64);
            uint64_t later = a + b < a ? UINT64_MAX : a + b;
            sb_calendar_kind kind = (sb_calendar_kind)(n % SB_CALENDAR_COUNT);
            assert_true(sb_calendar_moment(calendar, kind, utc, a) <=
                        sb_calendar_moment(calendar, kind, utc, later));
        }
        sb_calendar_close(calendar);
    }
}

static void one_day_fills_the_whole_day(void **state)
{
    int32_t day = sb_days_from_civil(2025, 12, 3);
    bool hours[24] = {false};
    (void)state;
    sb_calendar *calendar = open_calendar(day, 1);
    for (uint64_t k = 0; k < 20000; k++) {
        int64_t moment =
            sb_calendar_moment(calendar, SB_CALENDAR_RETAIL, utc, k * (UINT64_MAX / 20000));
        hours[(moment - (int64_t)day * SB_MS_A_DAY) / HOUR_MS] = true;
    }
    for (int hour = 0; hour < 24; hour++)
        assert_true(hours[hour]);
    sb_calendar_close(calendar);
}

/* Hours are local: they do not move when clocks do, nor with the place. */
static void hours_are_local_all_year(void **state)
{
    enum { STEPS = 200000 };
    (void)state;
    sb_calendar *calendar = open_calendar(sb_days_from_civil(2025, 1, 1), 365);
    for (size_t c = 0; c < 4; c++) {
        uint32_t noon[2] = {0}, all[2] = {0}, night = 0;
        for (uint64_t k = 0; k < STEPS; k++) {
            int64_t moment = sb_calendar_moment(calendar, SB_CALENDAR_BUSINESS, clocks[c],
                                                k * (UINT64_MAX / STEPS));
            int64_t standard = moment + (int64_t)clocks[c].standard_minutes * 60000;
            int32_t offset = sb_clock_offset(clocks[c], day_of(standard));
            int64_t local = moment + (int64_t)offset * 60000;
            int64_t hour = (local - (int64_t)day_of(local) * SB_MS_A_DAY) / HOUR_MS;
            bool summer = offset != clocks[c].standard_minutes;
            all[summer]++;
            noon[summer] += hour >= 8 && hour < 17;
            night += hour < 5;
        }
        for (int summer = 0; summer < 2; summer++)
            if (all[summer] > 0)
                assert_in_range(noon[summer] * 1000 / all[summer], 680, 780);
        assert_in_range(night * 1000 / STEPS, 10, 50);
    }
    sb_calendar_close(calendar);
}

static void banks_are_closed_on_weekends_and_four_days_a_year(void **state)
{
    uint32_t closed = 0;
    (void)state;
    for (int32_t day = sb_days_from_civil(2025, 1, 1); day < sb_days_from_civil(2026, 1, 1); day++)
        closed += !sb_is_working_day(day);
    assert_int_equal(closed, 104 + 4); /* in 2025 none of the four is at a weekend */
    assert_false(sb_is_working_day(sb_days_from_civil(2026, 1, 1)));
    assert_true(sb_is_working_day(sb_days_from_civil(2026, 1, 2)));
    assert_false(sb_is_working_day(sb_days_from_civil(2026, 1, 3)));
    assert_false(sb_is_working_day(sb_days_from_civil(2025, 5, 1)));
    assert_true(sb_is_working_day(sb_days_from_civil(2025, 12, 24)));
    assert_false(sb_is_working_day(sb_days_from_civil(2025, 12, 25)));
    assert_false(sb_is_working_day(sb_days_from_civil(2025, 12, 26)));
    assert_true(sb_is_working_day(sb_days_from_civil(2025, 12, 29)));
}

static void weekdays_have_their_weights(void **state)
{
    enum { STEPS = 100000, WEEKS = 52 };
    /* In 1000ths, if no day of the month counted. */
    static const uint32_t expected[SB_CALENDAR_COUNT][7] = {{131, 133, 139, 147, 177, 166, 107},
                                                            {194, 191, 179, 173, 170, 55, 39}};
    (void)state;
    sb_calendar *calendar = open_calendar(sb_days_from_civil(2025, 1, 6), 7 * WEEKS);
    for (int kind = 0; kind < SB_CALENDAR_COUNT; kind++) {
        uint32_t days[7] = {0};
        for (uint64_t k = 0; k < STEPS; k++)
            days[sb_weekday(day_of(sb_calendar_moment(calendar, (sb_calendar_kind)kind, utc,
                                                      k * (UINT64_MAX / STEPS))))]++;
        for (int day = 0; day < 7; day++)
            assert_in_range(days[day] * 1000 / STEPS, expected[kind][day] - 12,
                            expected[kind][day] + 12);
    }
    sb_calendar_close(calendar);
}

static void the_turn_of_the_month_is_busier(void **state)
{
    enum { STEPS = 200000 };
    uint32_t turn = 0, middle = 0;
    (void)state;
    sb_calendar *calendar = open_calendar(sb_days_from_civil(2025, 1, 1), 365);
    for (uint64_t k = 0; k < STEPS; k++) {
        int year, month, day;
        sb_civil_from_days(day_of(sb_calendar_moment(calendar, SB_CALENDAR_BUSINESS, utc,
                                                     k * (UINT64_MAX / STEPS))),
                           &year, &month, &day);
        turn += day <= 2;
        middle += day >= 9 && day <= 10;
    }
    assert_true(turn > middle * 115 / 100);
    sb_calendar_close(calendar);
}

/* ---- positions --------------------------------------------------------------------------------
 */

static void positions_rise_and_fit(void **state)
{
    static const uint64_t counts[] = {1, 2, 3, 10, 1000, 65536, 262144};
    (void)state;
    for (size_t i = 0; i < COUNT(counts); i++) {
        uint64_t n = counts[i], step = UINT64_MAX / n;
        assert_int_equal(sb_position(0, 0, step), 0);
        assert_true(sb_position(n - 1, UINT32_MAX, step) > UINT64_MAX - 2 * (step >> 32) - n - 2);
        for (uint64_t k = 0; k + 1 < n && k < 1000; k++)
            assert_true(sb_position(k, UINT32_MAX, step) <= sb_position(k + 1, 0, step));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_dates_agree),
        cmocka_unit_test(clocks_change_on_their_sundays),
        cmocka_unit_test(clocks_change_twice_a_year),
        cmocka_unit_test(weekdays_are_right),
        cmocka_unit_test(moments_are_inside_the_period),
        cmocka_unit_test(moments_rise_with_the_position),
        cmocka_unit_test(moments_of_utc_rise_from_end_to_end),
        cmocka_unit_test(one_day_fills_the_whole_day),
        cmocka_unit_test(hours_are_local_all_year),
        cmocka_unit_test(banks_are_closed_on_weekends_and_four_days_a_year),
        cmocka_unit_test(weekdays_have_their_weights),
        cmocka_unit_test(the_turn_of_the_month_is_busier),
        cmocka_unit_test(positions_rise_and_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
