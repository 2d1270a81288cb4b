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

/* The moment of a row, in ms; inside the period. Called once a row, in the order of the indices. */
typedef int64_t (*sb_event_clock)(sb_maker *maker, const sb_cell_events *of, uint32_t index);

/* All memory is the maker's arena's: 16 bytes a row while it works, and its note. */
SB_CHECK sb_status sb_cell_events_make(sb_maker *maker, sb_kind kind, uint64_t cell,
                                       sb_event_clock clock, void *user, sb_cell_events *out,
                                       sb_error *err);
/* Arena bytes the largest cell of any kind of events takes. */
size_t sb_cell_events_bytes(const sb_world *world);

static inline uint64_t sb_event_id(const sb_world *world, const sb_cell_events *of, uint32_t index)
{
    return of->cell << world->id_bits[of->kind] | sb_permute(&of->ids, index);
}

/* The index, in the stream of the rows' keys. */
static inline uint64_t sb_event_key_index(uint32_t index)
{
    return (uint64_t)1 << 41 | index;
}

static inline sb_key sb_event_key(const sb_cell_events *of, uint32_t index)
{
    return sb_row_key(of->key, sb_event_key_index(index));
}

/* The moment by the calendar: the index-th of all the cell's rows, jittered by a draw. */
static inline int64_t sb_event_moment(sb_maker *maker, const sb_cell_events *of, uint32_t index,
                                      sb_calendar_kind calendar, uint64_t draw)
{
    return sb_calendar_moment(maker->world->calendar, calendar, of->home.clock,
                              sb_position(index, (uint32_t)draw, of->step));
}

#endif
