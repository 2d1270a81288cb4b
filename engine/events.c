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

/* ---- side by side --------------------------------------------------------------------------- */

/* So few rows are made one by one where lanes are no vectors. */
enum { FEW_ROWS = 16 };

static void fill_one(const sb_cell_events *of, const sb_event_draws *draws, sb_event_lanes *out)
{
    sb_key key = sb_row_key(of->key, draws->first_key | out->index[0]);
    out->keys.low[0] = key.low;
    out->keys.high[0] = key.high;
    for (uint32_t i = 0; i < draws->count; i++)
        out->draws[i][0] = sb_draw(key, draws->numbers[i]);
}

static void fill_all(const sb_maker *maker, const sb_cell_events *of, const sb_event_draws *draws,
                     sb_event_lanes *out)
{
    uint64_t indices[SB_LANES];
    for (uint32_t i = 0; i < SB_LANES; i++) {
        out->index[i] = out->index[i < out->count ? i : 0];
        indices[i] = draws->first_key | out->index[i];
    }
    sb_keys_repeat(of->key, &out->keys);
    maker->lanes->row_keys(&out->keys, indices, &out->keys);
    for (uint32_t i = 0; i < draws->count; i++)
        maker->lanes->draws(&out->keys, draws->numbers[i], out->draws[i]);
}

static void fill(const sb_maker *maker, const sb_cell_events *of, const sb_event_draws *draws,
                 sb_event_lanes *out)
{
    out->kind = of->kind;
    out->cell = of->cell;
    out->next = 1; /* the first is for who asked */
    if (out->count == 1 || (out->count < FEW_ROWS && !maker->lanes->is_wide)) {
        out->position -= out->count - 1;
        out->count = 1;
        fill_one(of, draws, out);
    } else {
        fill_all(maker, of, draws, out);
    }
}

uint32_t sb_event_clock_fill(sb_maker *maker, const sb_cell_events *of, uint32_t index,
                             const sb_event_draws *draws)
{
    sb_event_lanes *lanes = &maker->events->clock;
    uint32_t left = of->count - index;
    lanes->count = left < SB_LANES ? left : SB_LANES;
    for (uint32_t i = 0; i < lanes->count; i++)
        lanes->index[i] = index + i;
    fill(maker, of, draws, lanes);
    return 0;
}

/* Rows stand by time, so their moments and notes lie anywhere: those of the next lanes are asked
 * for while these are made. In place always: gcc takes a function that does no more than that for
 * one without effect, and leaves it out. */
SB_FIELD void ask_for_next(const sb_cell_events *of, uint32_t position)
{
    size_t bytes = note_bytes(of->kind);
    uint32_t left = of->count - position, count = left < SB_LANES ? left : SB_LANES;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = of->order[position + i];
        __builtin_prefetch(&of->times[index]);
        __builtin_prefetch((const char *)of->notes + index * bytes);
        __builtin_prefetch((const char *)of->notes + (index + 1) * bytes - 1);
    }
}

uint32_t sb_event_row_fill(sb_maker *maker, const sb_cell_events *of, uint32_t index,
                           const sb_event_draws *draws)
{
    sb_event_lanes *lanes = &maker->events->rows;
    bool same = lanes->cell == of->cell && lanes->kind == of->kind;
    if (!same || lanes->position >= of->count || of->order[lanes->position] != index)
        lanes->position = 0;
    lanes->count = 1;
    lanes->index[0] = index;
    if (of->order[lanes->position] == index) {
        uint32_t left = of->count - lanes->position;
        lanes->count = left < SB_LANES ? left : SB_LANES;
        for (uint32_t i = 1; i < lanes->count; i++)
            lanes->index[i] = of->order[lanes->position + i];
        lanes->position += lanes->count;
    }
    fill(maker, of, draws, lanes);
    if (lanes->count == 1) {
        lanes->ids[0] = sb_event_id(maker->world, of, index);
        return 0;
    }
    for (uint32_t i = 0; i < SB_LANES; i++)
        lanes->ids[i] = lanes->index[i];
    maker->lanes->permute(&of->ids, lanes->ids);
    ask_for_next(of, lanes->position);
    for (uint32_t i = 0; i < SB_LANES; i++)
        lanes->ids[i] |= of->cell << maker->world->id_bits[of->kind];
    return 0;
}

/* ---- the rows of a cell --------------------------------------------------------------------- */

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
