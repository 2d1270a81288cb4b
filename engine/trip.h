/* Trips: people who travel abroad. */
#ifndef ENGINE_TRIP_H
#define ENGINE_TRIP_H

#include "engine/events.h"
#include "engine/geography.h"

/* What sb_trip_time() found out: who travels, until when, and what for (SB_TRIP_PURPOSE_*). */
typedef struct sb_trip_note {
    uint64_t person;
    int64_t returns;
    int32_t purpose;
} sb_trip_note;

/* The moment of a row; see sb_event_clock. */
int64_t sb_trip_time(sb_maker *maker, const sb_cell_events *of, uint32_t index);

/* Appends one row. */
void sb_trip_put(sb_maker *maker, sb_rows *rows, const sb_cell_events *of, uint32_t index);

#endif
