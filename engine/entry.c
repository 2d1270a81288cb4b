#include "engine/entry.h"

sb_status sb_entries_begin(sb_maker *maker, const sb_ledger *ledger, sb_entry_walk *out,
                           sb_error *err)
{
    uint32_t count = ledger->side->layout.account_count;
    *out = (sb_entry_walk){.maker = maker, .ledger = ledger};
    out->balances = sb_arena_take(maker->arena, count * sizeof *out->balances);
    if (out->balances == NULL)
        return sb_fail(err, SB_ENOMEM, "the arena is too small for a cell's entries");
    for (uint32_t role = 0; role < count; role++)
        out->balances[role] = ledger->balances[role].opening;
    return SB_OK;
}

static void book(sb_entry_walk *walk, const sb_flow *flow, uint64_t id, uint16_t role,
                 int64_t amount, uint8_t line)
{
    const sb_core *core = sb_side_core(walk->maker, walk->ledger->side, role);
    walk->balances[role] += amount;
    walk->pending[walk->pending_count++] =
        (sb_entry){.account_id = walk->ledger->side->layout.first_account + core->local,
                   .transaction_id = id,
                   .executed_at = flow->time,
                   .amount = amount,
                   .balance_after = walk->balances[role],
                   .currency = core->currency,
                   .line = line};
}

/* The next block of flows and their ids. Other cells' flows, a tenth, have permutations of their
 * own. */
static void take_flows(sb_entry_walk *walk)
{
    const sb_ledger *ledger = walk->ledger;
    const sb_layout *layout = &ledger->side->layout;
    uint32_t left = ledger->flow_count - walk->next;
    walk->block_count = left < SB_LANES ? left : SB_LANES;
    walk->block_at = 0;
    for (uint32_t i = 0; i < SB_LANES; i++) {
        const sb_flow *flow =
            &ledger->flows[ledger->order[walk->next + (i < walk->block_count ? i : 0)]];
        uint64_t index = ledger->streams[flow->stream].first_index + flow->k;
        walk->flows[i] = flow;
        walk->ids[i] = sb_flow_is_own(ledger, flow) ? index : 0;
    }
    walk->maker->lanes->permute(&layout->ids, walk->ids);
    for (uint32_t i = 0; i < walk->block_count; i++)
        walk->ids[i] = sb_flow_is_own(ledger, walk->flows[i])
                           ? sb_transaction_id_of(walk->maker->world, layout, walk->ids[i])
                           : sb_flow_id(walk->maker->world, ledger, walk->flows[i]);
    walk->next += walk->block_count;
}

bool sb_entries_next(sb_entry_walk *walk, sb_entry *out)
{
    while (walk->pending_at == walk->pending_count) {
        if (walk->block_at == walk->block_count) {
            if (walk->next == walk->ledger->flow_count)
                return false;
            take_flows(walk);
        }
        const sb_flow *flow = walk->flows[walk->block_at];
        uint64_t id = walk->ids[walk->block_at++];
        walk->pending_at = walk->pending_count = 0;
        if (flow->status != SB_TX_STATUS_COMPLETED)
            continue;
        uint16_t from = sb_flow_role(walk->ledger, flow, true),
                 to = sb_flow_role(walk->ledger, flow, false);
        if (from != SB_OUTSIDE) {
            book(walk, flow, id, from, -flow->amount, SB_LINE_PRINCIPAL);
            if (flow->fee > 0)
                book(walk, flow, id, from, -(int64_t)flow->fee, SB_LINE_FEE);
        }
        if (to != SB_OUTSIDE)
            book(walk, flow, id, to, flow->to_amount, SB_LINE_PRINCIPAL);
    }
    *out = walk->pending[walk->pending_at++];
    return true;
}

/* The row, field by field. */
typedef struct entry_row {
    sb_maker *maker;
    const sb_entry *entry;
} entry_row;

static void put_entry_account_id(const entry_row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->entry->account_id);
}

static void put_entry_transaction_id(const entry_row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->entry->transaction_id);
}

static void put_entry_executed_at(const entry_row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->entry->executed_at);
}

static void put_entry_line(const entry_row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->maker->words.lines[r->entry->line]);
}

static void put_entry_amount(const entry_row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->entry->amount);
}

static void put_entry_currency(const entry_row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->maker->currency_codes[r->entry->currency]);
}

static void put_entry_balance_after(const entry_row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->entry->balance_after);
}

void sb_entry_put(sb_maker *maker, sb_rows *rows, const sb_entry *entry)
{
    sb_rows at = *rows; /* in registers: see sb_transaction_put_known() */
    entry_row r = {maker, entry};
    sb_rows_array(&at, SB_FIELD_COUNT(SB_ENTRY_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(&at, __VA_ARGS__) put_entry_##name(&r, &at);
    SB_ENTRY_FIELDS(PUT)
#undef PUT
    *rows = at;
}
