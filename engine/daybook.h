/* What the calendar says of each day in and about the period, looked up instead of worked out. */
#ifndef ENGINE_DAYBOOK_H
#define ENGINE_DAYBOOK_H

#include "engine/calendar.h"
#include "engine/maker.h"

/* Days that settle or are delivered after the period. */
enum { SB_DAYBOOK_BEFORE = 8, SB_DAYBOOK_AFTER = 40 };

typedef struct sb_daybook {
    int32_t first_day;
    uint32_t count, weekday_count; /* the second: of the period */
    uint8_t *flags;     /* of each day: SB_DAY_WORKING, and a bit 1 << rule of summer time there */
    int32_t workdays[]; /* for each weekday of the period: it, or the working day nearest to it */
} sb_daybook;
enum { SB_DAY_WORKING = 1 }; /* no rule of summer time is number 0 */

/* Prepared at first use and kept. NULL when memory ran out, which sb_maker_check() then says. */
const sb_daybook *sb_daybook_find(sb_maker *maker);

/* sb_is_working_day() and sb_clock_offset(). */
static inline bool sb_day_is_working(const sb_daybook *book, int32_t day)
{
    uint32_t at = book != NULL ? (uint32_t)(day - book->first_day) : UINT32_MAX;
    if (book == NULL || at >= book->count)
        return sb_is_working_day(day);
    return (book->flags[at] & SB_DAY_WORKING) != 0;
}

static inline int32_t sb_day_offset(const sb_daybook *book, sb_clock clock, int32_t day)
{
    uint32_t at = book != NULL ? (uint32_t)(day - book->first_day) : UINT32_MAX;
    if (book == NULL || at >= book->count)
        return sb_clock_offset(clock, day);
    bool summer = clock.dst != SB_DST_NONE && (book->flags[at] >> clock.dst & 1) != 0;
    return clock.standard_minutes + (summer ? 60 : 0);
}

#endif
