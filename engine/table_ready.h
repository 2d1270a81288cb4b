/* What is worked out of a table before it is drawn from: its integers and marks, its alias table,
 * and, of a grammar, its parts.
 *
 * The table compiler does it for the tables that are compiled in, so that no process pays for it
 * and all workers share the memory. For tables of a user a worker does it at first use. */
#ifndef ENGINE_TABLE_READY_H
#define ENGINE_TABLE_READY_H

#include <stdint.h>

#include "engine/grammar_parts.h"
#include "engine/table_text.h"

typedef struct sb_ready_table {
    const int64_t *ints;               /* [slot * rows + row] */
    const uint32_t *threshold, *other; /* of the alias table; NULL: the table has no weights */
    const sb_grammar_parts *grammar;   /* of SB_TABLE_GRAMMAR, which has no integers then */
} sb_ready_table;

enum { SB_NO_SLOT = 0xFF };

/* Gives the columns that are asked for as integers or marks a slot: all of shared tables, which are
 * few, and of the others those of integers and those that are compared with shared ones. Returns
 * how many. `slots` is as long as the table has columns; SB_NO_SLOT: it has none. */
uint32_t sb_ready_slots(sb_table_id id, uint8_t *slots);

/* Fills ints[slot * rows + row] with the number a text begins with, or of other texts a mark. */
void sb_ready_ints(const sb_raw_table *raw, const uint8_t *slots, int64_t *ints);

#endif
