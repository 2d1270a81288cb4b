/* Entry rows: the lines of the statements of a cell's accounts, as the flows come by. */
#ifndef ENGINE_ENTRY_H
#define ENGINE_ENTRY_H

#include "engine/ledger.h"

/* One statement line. */
typedef struct sb_entry {
    uint64_t account_id, transaction_id;
    int64_t executed_at, amount, balance_after;
    uint16_t currency; /* row of the shared currencies */
    uint8_t line;      /* SB_LINE_* */
} sb_entry;

/* Walks the completed flows of a cell in order and gives out each line of each of its accounts.
 * `balances` is scratch of account_count, filled with the openings here. */
typedef struct sb_entry_walk {
    sb_maker *maker;
    const sb_ledger *ledger;
    int64_t *balances;
    uint32_t next; /* in the ledger's order */
    const sb_flow *flows[SB_LANES];
    uint64_t ids[SB_LANES];
    uint32_t block_count, block_at;
    sb_entry pending[4];
    uint32_t pending_count, pending_at;
} sb_entry_walk;

SB_CHECK sb_status sb_entries_begin(sb_maker *maker, const sb_ledger *ledger, sb_entry_walk *out,
                                    sb_error *err);
/* False at the end. */
bool sb_entries_next(sb_entry_walk *walk, sb_entry *out);

void sb_entry_put(sb_maker *maker, sb_rows *rows, const sb_entry *entry);

#endif
