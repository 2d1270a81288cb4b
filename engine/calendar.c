#include "engine/calendar.h"

#include <stdlib.h>

#include "format/row_text.h"

enum { HOURS = 24, HOUR_STEPS = 256, GUIDE_BITS = 12, GUIDE_SIZE = 1 << GUIDE_BITS };

/* Card spending is highest by count on Friday and by value on Saturday; transfers are a matter of
 * working days, strongest at the start of the week. In percent of an average day. */
static const uint8_t weekday_weights[SB_CALENDAR_COUNT][7] = {
    [SB_CALENDAR_RETAIL] = {92, 93, 97, 103, 124, 116, 75},
    [SB_CALENDAR_BUSINESS] = {128, 126, 118, 114, 112, 36, 26},
};

/* Share of a day's activity by local hour, in per mille. Retail follows shop hours with a lunch and
 * an evening peak, business the office day with a first peak when standing batches run. */
static const uint8_t hour_weights[SB_CALENDAR_COUNT][HOURS] = {
    [SB_CALENDAR_RETAIL] = {6,  4,  3,  3,  4,  8,  18, 36, 48, 54, 60, 66,
                            76, 68, 60, 60, 66, 80, 88, 76, 50, 34, 20, 12},
    [SB_CALENDAR_BUSINESS] = {6,  5,  5,  5,  8,  14, 30, 58, 92, 98, 96, 88,
                              66, 72, 82, 78, 66, 50, 34, 26, 20, 14, 9,  6},
};

sb_civil sb_civil_of(int32_t days)
{
    sb_civil day;
    sb_civil_from_days(days, &day.year, &day.month, &day.day);
    return day;
}

struct sb_calendar {
    int32_t start_days, day_count;
    uint8_t *summer; /* a day's bits: 1 << sb_dst where that rule has summer time */
    /* Where each day begins, as a share of 2^64, and 2^96 by (just above) its length: day_count + 1
     * each; one owned piece for all. */
    uint64_t *begins[SB_CALENDAR_COUNT], *scales[SB_CALENDAR_COUNT];
    uint16_t guide[SB_CALENDAR_COUNT][GUIDE_SIZE + 1];  /* where to start looking for a day */
    uint32_t day_ms[SB_CALENDAR_COUNT][HOUR_STEPS + 1]; /* inverse of the cumulative hours */
};

static bool is_bank_holiday(int32_t days)
{
    int year, month, day;
    sb_civil_from_days(days, &year, &month, &day);
    return day == 1 ? month == 1 || month == 5 : month == 12 && (day == 25 || day == 26);
}

bool sb_is_working_day(int32_t days)
{
    return sb_weekday(days) < 5 && !is_bank_holiday(days);
}

/* A bank holiday is like a Sunday. */
static uint32_t weekday_weight(sb_calendar_kind kind, int32_t days)
{
    return weekday_weights[kind][is_bank_holiday(days) ? 6 : sb_weekday(days)];
}

/* The turn of the month and the days after payday are busier. */
static uint32_t month_weight(sb_calendar_kind kind, int32_t days)
{
    int year, month, day, next_day, y, m;
    sb_civil_from_days(days, &year, &month, &day);
    sb_civil_from_days(days + 2, &y, &m, &next_day);
    bool last_days = next_day <= 2;
    if (kind == SB_CALENDAR_BUSINESS)
        return last_days || day <= 2 ? 135 : day == 15 ? 115 : 100;
    return last_days || day <= 3 ? 118 : month == 12 && day >= 10 && day <= 23 ? 120 : 100;
}

static void build_days(sb_calendar *calendar, sb_calendar_kind kind)
{
    uint64_t *begins = calendar->begins[kind], *scales = calendar->scales[kind];
    uint64_t total = 0, sum = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int32_t day = 0; day < calendar->day_count; day++) {
            int32_t days = calendar->start_days + day;
            uint32_t weight = weekday_weight(kind, days) * month_weight(kind, days);
            begins[day] = pass > 0 ? (uint64_t)(((sb_u128)sum << 64) / total) : 0;
            *(pass > 0 ? &sum : &total) += weight;
        }
    begins[calendar->day_count] = UINT64_MAX;
    for (int32_t day = 0; day < calendar->day_count; day++)
        scales[day] =
            (uint64_t)(((sb_u128)1 << 96) / ((sb_u128)(begins[day + 1] - begins[day]) + 1));
    uint16_t day = 0;
    for (uint32_t i = 0; i <= GUIDE_SIZE; i++) {
        uint64_t target = i < GUIDE_SIZE ? (uint64_t)i << (64 - GUIDE_BITS) : UINT64_MAX;
        while (day + 1 < calendar->day_count && begins[day + 1] <= target)
            day++;
        calendar->guide[kind][i] = day;
    }
}

static void build_hours(sb_calendar *calendar, sb_calendar_kind kind)
{
    uint32_t total = 0, before = 0;
    int hour = 0;
    for (int h = 0; h < HOURS; h++)
        total += hour_weights[kind][h];
    for (uint32_t i = 0; i < HOUR_STEPS; i++) {
        uint32_t target = total * i; /* in units of 1 / HOUR_STEPS */
        while ((before + hour_weights[kind][hour]) * HOUR_STEPS <= target)
            before += hour_weights[kind][hour++];
        calendar->day_ms[kind][i] = (uint32_t)hour * 3600000u +
                                    (uint32_t)((uint64_t)(target - before * HOUR_STEPS) * 3600000u /
                                               (hour_weights[kind][hour] * (uint32_t)HOUR_STEPS));
    }
    calendar->day_ms[kind][HOUR_STEPS] = SB_MS_A_DAY;
}

sb_status sb_calendar_open(int32_t start_days, int32_t end_days, sb_calendar **out, sb_error *err)
{
    sb_calendar *calendar = calloc(1, sizeof *calendar);
    size_t length = (size_t)(end_days - start_days) + 1;
    uint64_t *memory = calloc(2 * SB_CALENDAR_COUNT * length, sizeof *memory);
    uint8_t *summer = calloc(length, 1);
    if (calendar == NULL || memory == NULL || summer == NULL) {
        free(calendar);
        free(memory);
        free(summer);
        return sb_fail(err, SB_ENOMEM, "no memory for a calendar");
    }
    calendar->start_days = start_days;
    calendar->day_count = end_days - start_days;
    calendar->summer = summer;
    for (int32_t day = 0; day < calendar->day_count; day++)
        for (int dst = SB_DST_US; dst <= SB_DST_AU; dst++)
            if (sb_clock_offset((sb_clock){0, (sb_dst)dst}, start_days + day) != 0)
                summer[day] |= (uint8_t)(1 << dst);
    for (int kind = 0; kind < SB_CALENDAR_COUNT; kind++) {
        calendar->begins[kind] = memory + 2 * (size_t)kind * length;
        calendar->scales[kind] = calendar->begins[kind] + length;
        build_days(calendar, (sb_calendar_kind)kind);
        build_hours(calendar, (sb_calendar_kind)kind);
    }
    *out = calendar;
    return SB_OK;
}

void sb_calendar_close(sb_calendar *calendar)
{
    if (calendar == NULL)
        return;
    free(calendar->begins[0]);
    free(calendar->summer);
    free(calendar);
}

/* The nth (1-based; 5: last) Sunday of a month. */
static int32_t sunday_of(int year, int month, int nth)
{
    if (nth == 5) {
        int32_t last = sb_days_from_civil(month == 12 ? year + 1 : year, month % 12 + 1, 1) - 1;
        return last - (sb_weekday(last) + 1) % 7;
    }
    int32_t first = sb_days_from_civil(year, month, 1);
    return first + (6 - sb_weekday(first)) + (nth - 1) * 7;
}

int32_t sb_clock_offset(sb_clock clock, int32_t days)
{
    int year, month, day;
    int32_t begin, end;
    if (clock.dst == SB_DST_NONE)
        return clock.standard_minutes;
    sb_civil_from_days(days, &year, &month, &day);
    if (clock.dst == SB_DST_US) { /* since 2007: second Sunday of March to first of November */
        begin = sunday_of(year, 3, 2);
        end = sunday_of(year, 11, 1);
    } else if (clock.dst == SB_DST_EU) { /* since 1996: last Sunday of March to last of October */
        begin = sunday_of(year, 3, 5);
        end = sunday_of(year, 10, 5);
    } else { /* Australia, since 2008: first Sunday of October to first of April, over New Year */
        begin = sunday_of(year, 10, 1);
        end = sunday_of(year, 4, 1);
        return clock.standard_minutes + (days >= begin || days < end ? 60 : 0);
    }
    return clock.standard_minutes + (days >= begin && days < end ? 60 : 0);
}

int64_t sb_calendar_moment(const sb_calendar *calendar, sb_calendar_kind kind, sb_clock clock,
                           uint64_t position)
{
    const uint64_t *begins = calendar->begins[kind];
    uint32_t day = calendar->guide[kind][position >> (64 - GUIDE_BITS)],
             last = (uint32_t)calendar->day_count - 1;
    while (day < last && begins[day + 1] <= position)
        day++;
    /* What is left, as a share of the day in 2^32. */
    uint32_t share =
        (uint32_t)((sb_u128)(position - begins[day]) * calendar->scales[kind][day] >> 64);
    const uint32_t *low = &calendar->day_ms[kind][share >> 24];
    uint32_t local_ms = low[0] + (uint32_t)((uint64_t)(low[1] - low[0]) * (share & 0xFFFFFF) >> 24);
    int32_t days = calendar->start_days + (int32_t)day;
    int32_t minutes = clock.standard_minutes + (calendar->summer[day] >> clock.dst & 1) * 60;
    int64_t moment = (int64_t)days * SB_MS_A_DAY + local_ms - (int64_t)minutes * 60000;
    /* Local days stick out of a period of UTC days by some hours: those rows keep their hour and
     * move by a day. */
    if (moment < (int64_t)calendar->start_days * SB_MS_A_DAY)
        moment += SB_MS_A_DAY;
    else if (moment >= (int64_t)(calendar->start_days + calendar->day_count) * SB_MS_A_DAY)
        moment -= SB_MS_A_DAY;
    return moment;
}
