#include "engine/events.h"

#include "engine/login.h"
#include "engine/order.h"
#include "engine/trade.h"
#include "engine/trip.h"

typedef struct ordering {
    const sb_world *world;
    const sb_cell_events *events;
} ordering;

static uint64_t id_of(const void *user, uint32_t index)
{
    const ordering *of = user;
    return sb_event_id(of->world, of->events, index);
}

/* What the clock of a kind leaves for a row. */
static size_t note_bytes(sb_kind kind)
{
    switch (kind) {
    case SB_LOGINS:
        return sizeof(sb_login_note);
    case SB_TRADES:
        return sizeof(sb_trade_note);
    case SB_TRIPS:
        return sizeof(sb_trip_note);
    default:
        return 0;
    }
}

sb_status sb_cell_events_make(sb_maker *maker, sb_kind kind, uint64_t cell, sb_event_clock clock,
                              void *user, sb_cell_events *out, sb_error *err)
{
    const sb_world *world = maker->world;
    const uint64_t *counts = world->values.counts;
    *out = (sb_cell_events){.kind = kind, .cell = cell, .user = user};
    out->key = sb_key_derive(world->values.seed, sb_kind_name(kind), cell, 1);
    out->home = sb_maker_home(maker, cell);
    out->persons = sb_pool_of(cell, counts[SB_PERSONS], world->cell_count);
    out->companies = sb_pool_of(cell, counts[SB_COMPANIES], world->cell_count);
    out->ids =
        sb_permutation_make(sb_row_key(out->key, UINT64_MAX), (uint64_t)1 << world->id_bits[kind]);
    out->count = (uint32_t)(sb_world_first_row(world, kind, cell + 1) -
                            sb_world_first_row(world, kind, cell));
    out->step = out->count > 0 ? UINT64_MAX / out->count : 0;
    out->times = sb_arena_take(maker->arena, out->count * sizeof *out->times);
    out->notes = sb_arena_take(maker->arena, out->count * note_bytes(kind));
    if (out->times == NULL || out->notes == NULL)
        return sb_fail(err, SB_ENOMEM, "the arena is too small for a cell's %s",
                       sb_kind_name(kind));
    for (uint32_t i = 0; i < out->count; i++)
        out->times[i] = clock(maker, out, i);
    ordering of = {world, out};
    sb_events events = {.times = out->times,
                        .stride_bytes = sizeof *out->times,
                        .count = out->count,
                        .start_ms = world->start_ms,
                        .end_ms = world->end_ms,
                        .id = id_of,
                        .user = &of};
    return sb_order_make(maker->arena, &events, &out->order, err);
}

size_t sb_cell_events_bytes(const sb_world *world)
{
    size_t most = 0;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        uint64_t rows = world->values.counts[kind], cells = sb_world_cells(world, (sb_kind)kind);
        size_t bytes = (rows / cells + 1) *
                       (sizeof(int64_t) + 2 * sizeof(uint32_t) + note_bytes((sb_kind)kind));
        if (kind != SB_TRANSACTIONS && sb_kind_is_event((sb_kind)kind) && bytes > most)
            most = bytes;
    }
    return most + 4096;
}
