/* Transaction and entry rows: a flow, dressed. */
#ifndef ENGINE_TRANSACTION_H
#define ENGINE_TRANSACTION_H

#include "engine/ledger.h"

/* The end-to-end reference of a transaction: twelve letters and digits, another for every id. */
enum { SB_REFERENCE_BYTES = 12 };
void sb_transaction_reference(const sb_world *world, uint64_t id, char out[SB_REFERENCE_BYTES]);

/* Appends the row of a flow that is the cell's own. */
void sb_transaction_put(sb_maker *maker, sb_rows *rows, const sb_ledger *ledger,
                        const sb_flow *flow);

/* A flow with what of its row can be known beforehand. */
typedef struct sb_transaction {
    const sb_flow *flow;
    uint64_t id;
    sb_key key;                              /* of the row */
    uint64_t posted, channel, text, address; /* draws */
    char reference[SB_REFERENCE_BYTES];
} sb_transaction;

/* The cell's own flows in order, a block at a time, from number *next of the ledger's order on.
 * Returns how many; 0 at the end. */
uint32_t sb_transactions_take(const sb_maker *maker, const sb_ledger *ledger, uint32_t *next,
                              sb_transaction out[SB_LANES]);
void sb_transaction_put_known(sb_maker *maker, sb_rows *rows, const sb_ledger *ledger,
                              const sb_transaction *what);

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
