/* Putting events in the order of (time, id). */
#ifndef ENGINE_ORDER_H
#define ENGINE_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "engine/arena.h"

/* Events to be ordered: `count` times, `stride_bytes` apart, all in [start_ms, end_ms). Ties are
 * rare and cost an id, so ids are asked for only then. */
typedef struct sb_events {
    const int64_t *times;
    size_t stride_bytes;
    uint32_t count;
    int64_t start_ms, end_ms;
    uint64_t (*id)(const void *user, uint32_t index);
    const void *user;
} sb_events;

/* The indices of the events in order; arena memory. One bucket an event by time, then insertion:
 * linear, because times are spread over the period. SB_ENOMEM when the arena is too small. */
SB_CHECK sb_status sb_order_make(sb_arena *arena, const sb_events *events, const uint32_t **out,
                                 sb_error *err);

#endif
