#include "engine/daybook.h"

#include <stdlib.h>

_Static_assert((int)SB_DST_NONE == 0, "bit 0 of a day's flags is free");

static uint8_t flags_of(int32_t day)
{
    static const sb_dst rules[] = {SB_DST_US, SB_DST_EU, SB_DST_AU};
    uint8_t flags = sb_is_working_day(day) ? SB_DAY_WORKING : 0;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (sb_clock_offset((sb_clock){0, rules[i]}, day) != 0)
            flags |= (uint8_t)(1 << rules[i]);
    return flags;
}

/* Weekdays from the Monday on or before the first day of the period. */
static uint32_t weekdays_before(int32_t monday, int32_t day)
{
    uint32_t days = (uint32_t)(day - monday), rest = days % 7;
    return days / 7 * 5 + (rest < 5 ? rest : 5);
}

/* A weekday of the period, or the next working day if it is none; the one before at its end. */
static int32_t workday_of(const sb_daybook *book, const sb_spec_values *values, int32_t day)
{
    for (int32_t later = day; later < values->end_days && later < day + 7; later++)
        if (sb_day_is_working(book, later))
            return later;
    for (int32_t earlier = day; earlier >= values->start_days && earlier > day - 7; earlier--)
        if (sb_day_is_working(book, earlier))
            return earlier;
    return day;
}

const sb_daybook *sb_daybook_find(sb_maker *maker)
{
    const sb_spec_values *values = &maker->world->values;
    if (maker->daybook != NULL)
        return maker->daybook;
    uint32_t count =
        (uint32_t)(values->end_days - values->start_days) + SB_DAYBOOK_BEFORE + SB_DAYBOOK_AFTER;
    int32_t monday = values->start_days - sb_weekday(values->start_days);
    uint32_t before = weekdays_before(monday, values->start_days);
    uint32_t weekdays = weekdays_before(monday, values->end_days) - before;
    sb_daybook *made = malloc(sizeof *made + weekdays * sizeof made->workdays[0] + count);
    if (made == NULL) {
        maker->out_of_memory = true;
        return NULL;
    }
    made->first_day = values->start_days - SB_DAYBOOK_BEFORE;
    made->count = count;
    made->weekday_count = weekdays;
    made->flags = (uint8_t *)(made->workdays + weekdays);
    for (uint32_t i = 0; i < count; i++)
        made->flags[i] = flags_of(made->first_day + (int32_t)i);
    for (uint32_t i = 0; i < weekdays; i++) {
        uint32_t nth = before + i;
        made->workdays[i] = workday_of(made, values, monday + (int32_t)(nth / 5 * 7 + nth % 5));
    }
    maker->daybook = made;
    return made;
}
