/* The ledger of a cell: all flows that touch its accounts, in order, and balances that close.
 *
 * Balances are derived, never kept: the first replay finds each account's lowest prefix sum, the
 * opening balance is drawn and lifted to cover it, and then opening + credits - debits = closing,
 * never below the limit, by construction. */
#ifndef ENGINE_LEDGER_H
#define ENGINE_LEDGER_H

#include "engine/flow.h"

typedef struct sb_ledger {
    sb_side *side; /* this cell */
    const sb_stream *streams;
    uint32_t stream_count;
    const sb_regular *regulars; /* of the stream of that kind */
    sb_flow *flows;
    const uint32_t *order; /* of flow_count: indices in the order of (time, id) */
    uint32_t flow_count;
    sb_balances *balances; /* by role */
} sb_ledger;

/* Arena bytes that any ledger of this world may take. */
size_t sb_ledger_bytes(const sb_world *world);

/* All memory is the maker's arena's; valid until it is reset. */

/* The side, the streams and the regular payments alone: any other flow of theirs can then be made
 * by sb_flow_make(). */
SB_CHECK sb_status sb_ledger_open(sb_maker *maker, uint64_t cell, sb_ledger *out, sb_error *err);

SB_CHECK sb_status sb_ledger_make(sb_maker *maker, uint64_t cell, sb_ledger *out, sb_error *err);

/* The same, but the flows are only those that this cell writes: flows of others, of which a hub's
 * cell has three times as many, are replayed and forgotten. Balances are the same. */
SB_CHECK sb_status sb_ledger_make_own(sb_maker *maker, uint64_t cell, sb_ledger *out,
                                      sb_error *err);

/* The same for some accounts alone, by their roles: their flows, and their balances (those of other
 * roles are zero). A fraction of the work and of the memory, for statements. The first is for a
 * ledger that is open; it may be asked again for others. */
SB_CHECK sb_status sb_ledger_watch(sb_maker *maker, const uint16_t *roles, uint32_t count,
                                   sb_ledger *ledger, sb_error *err);
SB_CHECK sb_status sb_ledger_make_of(sb_maker *maker, uint64_t cell, const uint16_t *roles,
                                     uint32_t count, sb_ledger *out, sb_error *err);

/* The flow that is the transaction of that id, alone; *found is false where there is none. The
 * ledger is opened for it, with no flows or, of a deposit or payout, those of its account. */
SB_CHECK sb_status sb_ledger_find(sb_maker *maker, uint64_t id, sb_ledger *out, sb_flow *flow,
                                  bool *found, sb_error *err);

/* The transaction id of a flow, and the account ids of its ends (the caller knows which are
 * outside). */
uint64_t sb_flow_id(const sb_world *world, const sb_ledger *ledger, const sb_flow *flow);
uint64_t sb_flow_account(sb_maker *maker, const sb_ledger *ledger, const sb_flow *flow, bool payer);

/* Whether this cell writes the row. */
static inline bool sb_flow_is_own(const sb_ledger *ledger, const sb_flow *flow)
{
    (void)ledger;
    return flow->is_own;
}

/* The role, in this cell, of the payer or payee; SB_OUTSIDE when it is outside or in another cell.
 */
static inline uint16_t sb_flow_role(const sb_ledger *ledger, const sb_flow *flow, bool payer)
{
    (void)ledger;
    uint16_t role = payer ? flow->from : flow->to;
    return (payer ? flow->from_here : flow->to_here) ? role : (uint16_t)SB_OUTSIDE;
}

#endif
