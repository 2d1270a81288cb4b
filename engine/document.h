/* Documents: what companies write to each other about goods. */
#ifndef ENGINE_DOCUMENT_H
#define ENGINE_DOCUMENT_H

#include "engine/events.h"

/* The moment of a row; see sb_event_clock. */
int64_t sb_document_time(sb_maker *maker, const sb_cell_events *of, uint32_t index);

/* Appends one row. */
void sb_document_put(sb_maker *maker, sb_rows *rows, const sb_cell_events *of, uint32_t index);

#endif
