/* What kinds of events share: the rows of a cell, their ids, moments and order.
 *
 * Row `index` of a cell has the id cell << bits | permuted(index) and a moment that is a function
 * of the kind, the cell and the index; rows stand in a file by (moment, id). A kind says what its
 * moments are; all else is here. */
#ifndef ENGINE_EVENTS_H
#define ENGINE_EVENTS_H

#include "engine/maker.h"

typedef struct sb_cell_events {
    sb_kind kind;
    uint64_t cell;
    sb_key key; /* of the stream; rows draw from sb_event_key() */
    sb_home home;
    sb_pool persons, companies; /* whom the cell draws on */
    sb_permutation ids;
    uint32_t count;
    uint64_t step;         /* 2^64 / count: see sb_position() */
    void *user;            /* what the kind's clock wants to know; borrowed */
    int64_t *times;        /* arena; by index */
    void *notes;           /* arena; by index: what the kind's clock found out for its rows */
    const uint32_t *order; /* arena; indices by (time, id) */
} sb_cell_events;

/* Draws of rows that come one after the other, made side by side (engine/lanes.h): all that a kind
 * needs for nearly every row. A row that is asked for out of turn uses one lane. */
enum { SB_EVENT_DRAWS = 32 };
typedef struct sb_event_draws {
    uint32_t count;
    uint32_t numbers[SB_EVENT_DRAWS]; /* see SB_DRAW_NUMBER() */
    uint64_t first_key; /* where the keys begin in the cell's stream: SB_EVENT_INDEX, mostly */
} sb_event_draws;

typedef struct sb_event_lanes {
    sb_kind kind; /* of these rows of this cell */
    uint64_t cell;
    uint32_t next, count; /* lanes of the row that comes next, and how many there are */
    uint32_t position;    /* of the row after them */
    uint32_t index[SB_LANES];
    uint64_t ids[SB_LANES];
    sb_keys keys;
    uint64_t draws[SB_EVENT_DRAWS][SB_LANES]; /* in the order of sb_event_draws */
} sb_event_lanes;

/* What a maker keeps of the kinds of events: for clocks, which ask by index and want no ids, and
 * for rows, which stand in order. */
typedef struct sb_event_desk {
    sb_event_lanes clock, rows;
    uint64_t own_draws[SB_EVENT_DRAWS][SB_LANES]; /* of these rows, by other keys of the kind's */
    struct {
        uint64_t cell; /* + 1; 0: none yet */
        uint32_t block, first, length;
    } long_run; /* of logins: of the block asked for last */
} sb_event_desk;

/* The moment of a row, in ms; inside the period. Called once a row, in the order of the indices. */
typedef int64_t (*sb_event_clock)(sb_maker *maker, const sb_cell_events *of, uint32_t index);

/* All memory is the maker's arena's: 16 bytes a row while it works, and its note. */
SB_CHECK sb_status sb_cell_events_make(sb_maker *maker, sb_kind kind, uint64_t cell,
                                       sb_event_clock clock, void *user, sb_cell_events *out,
                                       sb_error *err);
/* Arena bytes the largest cell of any kind of events takes. */
size_t sb_cell_events_bytes(const sb_world *world);

/* Keys of rows are those of the stream at these indices. */
#define SB_EVENT_INDEX ((uint64_t)1 << 41)

static inline uint64_t sb_event_id(const sb_world *world, const sb_cell_events *of, uint32_t index)
{
    return of->cell << world->id_bits[of->kind] | sb_permute(&of->ids, index);
}

static inline sb_key sb_event_key(const sb_cell_events *of, uint32_t index)
{
    return sb_row_key(of->key, SB_EVENT_INDEX | index);
}

/* Fill the lanes for a row, and, if it comes in turn, for those after it; return its lane. */
uint32_t sb_event_clock_fill(sb_maker *maker, const sb_cell_events *of, uint32_t index,
                             const sb_event_draws *draws);
uint32_t sb_event_row_fill(sb_maker *maker, const sb_cell_events *of, uint32_t index,
                           const sb_event_draws *draws);

/* The lane of a row, of maker->events->clock and of maker->events->rows. */
static inline bool sb_event_is_next(const sb_event_lanes *lanes, const sb_cell_events *of,
                                    uint32_t index)
{
    return lanes->next < lanes->count && lanes->index[lanes->next] == index &&
           lanes->cell == of->cell && lanes->kind == of->kind;
}
static inline uint32_t sb_event_clock_lane(sb_maker *maker, const sb_cell_events *of,
                                           uint32_t index, const sb_event_draws *draws)
{
    sb_event_lanes *lanes = &maker->events->clock;
    return sb_event_is_next(lanes, of, index) ? lanes->next++
                                              : sb_event_clock_fill(maker, of, index, draws);
}
static inline uint32_t sb_event_row_lane(sb_maker *maker, const sb_cell_events *of, uint32_t index,
                                         const sb_event_draws *draws)
{
    sb_event_lanes *lanes = &maker->events->rows;
    return sb_event_is_next(lanes, of, index) ? lanes->next++
                                              : sb_event_row_fill(maker, of, index, draws);
}

/* The moment by the calendar: the index-th of all the cell's rows, jittered by a draw. */
static inline int64_t sb_event_moment(sb_maker *maker, const sb_cell_events *of, uint32_t index,
                                      sb_calendar_kind calendar, uint64_t draw)
{
    return sb_calendar_moment(maker->world->calendar, calendar, of->home.clock,
                              sb_position(index, (uint32_t)draw, of->step));
}

#endif
