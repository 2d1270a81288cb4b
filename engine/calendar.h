/* When things happen: from a uniform number to a moment of the period, by the weight of each day
 * (weekday, days around payday and the turn of the month) and of each hour of it. Rising with the
 * number, but for the hour in which clocks are put forward and for the two ends of the period. */
#ifndef ENGINE_CALENDAR_H
#define ENGINE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/draw.h"
#include "seedbank/status.h"

typedef enum sb_calendar_kind {
    SB_CALENDAR_RETAIL,
    SB_CALENDAR_BUSINESS,
    SB_CALENDAR_COUNT
} sb_calendar_kind;

/* Rules for the clock of a place. */
typedef enum sb_dst { SB_DST_NONE, SB_DST_US, SB_DST_EU, SB_DST_AU } sb_dst;

typedef struct sb_clock {
    int32_t standard_minutes; /* east of UTC */
    sb_dst dst;
} sb_clock;

enum { SB_MS_A_DAY = 86400000 };

/* A day of the calendar. */
typedef struct sb_civil {
    int year, month, day;
} sb_civil;

sb_civil sb_civil_of(int32_t days);

/* Full years from one day to the other. */
static inline int sb_years_between(const sb_civil *from, const sb_civil *to)
{
    bool before = to->month < from->month || (to->month == from->month && to->day < from->day);
    return to->year - from->year - before;
}

typedef struct sb_calendar sb_calendar;

/* [start_days, end_days): days since 1970, end exclusive. On SB_OK, *out is owned by the caller. */
SB_CHECK sb_status sb_calendar_open(int32_t start_days, int32_t end_days, sb_calendar **out,
                                    sb_error *err);
void sb_calendar_close(sb_calendar *calendar);

/* Minutes east of UTC that clocks show on that day at noon. */
int32_t sb_clock_offset(sb_clock clock, int32_t days);

/* The moment (ms since 1970, UTC) at which the share `position` (0 .. 2^64-1 for 0 .. 1) of the
 * kind's activity has happened at a place with that clock. Inside the period always. */
int64_t sb_calendar_moment(const sb_calendar *calendar, sb_calendar_kind kind, sb_clock clock,
                           uint64_t position);

/* 0 Monday .. 6 Sunday. */
static inline int sb_weekday(int32_t days)
{
    return (int)(((days + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

/* Monday to Friday, but for the days of fixed date on which TARGET, the euro's settlement system,
 * is closed: 1 January, 1 May, 25 and 26 December. Banks elsewhere close on most of them too. */
bool sb_is_working_day(int32_t days);

/* The k-th of n moments, spread: (k + jitter) / n as a share of 2^64; `step` is 2^64 / n. */
static inline uint64_t sb_position(uint64_t k, uint32_t jitter, uint64_t step)
{
    return (uint64_t)((sb_u128)(k << 32 | jitter) * step >> 32);
}

#endif
