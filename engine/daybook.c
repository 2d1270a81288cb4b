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

const sb_daybook *sb_daybook_find(sb_maker *maker)
{
    const sb_spec_values *values = &maker->world->values;
    if (maker->daybook != NULL)
        return maker->daybook;
    uint32_t count =
        (uint32_t)(values->end_days - values->start_days) + SB_DAYBOOK_BEFORE + SB_DAYBOOK_AFTER;
    sb_daybook *made = malloc(sizeof *made + count);
    if (made == NULL) {
        maker->out_of_memory = true;
        return NULL;
    }
    made->first_day = values->start_days - SB_DAYBOOK_BEFORE;
    made->count = count;
    for (uint32_t i = 0; i < count; i++)
        made->flags[i] = flags_of(made->first_day + (int32_t)i);
    maker->daybook = made;
    return made;
}
