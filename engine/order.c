#include "engine/order.h"

#include <stdbool.h>

#include "engine/draw.h"

static int64_t time_of(const sb_events *events, uint32_t index)
{
    return *(const int64_t *)((const char *)events->times + (size_t)index * events->stride_bytes);
}

static bool before(const sb_events *events, uint32_t a, uint32_t b)
{
    int64_t x = time_of(events, a), y = time_of(events, b);
    if (x != y)
        return x < y;
    return events->id(events->user, a) < events->id(events->user, b);
}

static uint32_t bucket_of(const sb_events *events, uint64_t scale, uint32_t index)
{
    uint64_t share = (uint64_t)(time_of(events, index) - events->start_ms) * scale;
    return (uint32_t)sb_below(share, events->count);
}

sb_status sb_order_make(sb_arena *arena, const sb_events *events, const uint32_t **out,
                        sb_error *err)
{
    uint32_t n = events->count;
    uint64_t scale = UINT64_MAX / (uint64_t)(events->end_ms - events->start_ms);
    uint32_t *order = sb_arena_take(arena, n * sizeof *order);
    uint32_t *ends = sb_arena_take(arena, ((size_t)n + 1) * sizeof *ends);
    if (order == NULL || ends == NULL)
        return sb_fail(err, SB_ENOMEM, "the arena is too small to order %u events", n);
    for (uint32_t i = 0; i <= n; i++)
        ends[i] = 0;
    for (uint32_t i = 0; i < n; i++)
        ends[bucket_of(events, scale, i) + 1]++;
    for (uint32_t i = 0; i < n; i++)
        ends[i + 1] += ends[i];
    for (uint32_t i = 0; i < n; i++)
        order[ends[bucket_of(events, scale, i)]++] = i;
    int64_t latest = n > 0 ? time_of(events, order[0]) : 0;
    for (uint32_t i = 1; i < n; i++) {
        uint32_t event = order[i], at = i;
        int64_t time = time_of(events, event);
        if (time > latest) { /* as nearly all: after all before it */
            latest = time;
            continue;
        }
        for (; at > 0 && before(events, event, order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = event;
    }
    *out = order;
    return SB_OK;
}
