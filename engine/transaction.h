/* Transaction rows: a flow, dressed. */
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

#endif
