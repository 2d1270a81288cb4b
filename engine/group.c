#include "engine/group.h"

#include "engine/communication.h"
#include "engine/company.h"
#include "engine/ledger.h"
#include "engine/person.h"
#include "engine/transaction.h"

sb_kind_set sb_spec_kinds(const sb_spec *spec)
{
    sb_kind_set kinds = 0;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        kinds |= sb_spec_has(spec, (sb_kind)kind) ? 1u << kind : 0;
    return kinds;
}

sb_status sb_press_open(const sb_world *world, sb_kind_set kinds, sb_frame_taker take, void *user,
                        sb_press *out, sb_error *err)
{
    *out = (sb_press){.kinds = kinds};
    sb_status status = sb_maker_open(world, &out->maker, err);
    for (int kind = 0; kind < SB_KIND_COUNT && status == SB_OK; kind++)
        if (kinds >> kind & 1)
            status = sb_cutter_open((sb_kind)kind, take, user, &out->cutters[kind], err);
    if (status != SB_OK)
        sb_press_close(out);
    return status;
}

void sb_press_close(sb_press *press)
{
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        sb_cutter_close(&press->cutters[kind]);
    sb_maker_close(press->maker);
    press->maker = NULL;
}

static bool makes(const sb_press *press, sb_kind kind)
{
    return press->kinds >> kind & 1;
}

static sb_status make_persons(sb_press *press, uint64_t cell, sb_error *err)
{
    sb_cutter *cutter = &press->cutters[SB_PERSONS];
    uint64_t end = sb_world_first_row(press->maker->world, SB_PERSONS, cell + 1);
    for (uint64_t id = sb_world_first_row(press->maker->world, SB_PERSONS, cell); id < end; id++) {
        sb_person_put(press->maker, &cutter->rows, id);
        SB_TRY(sb_cutter_row_done(cutter, err));
    }
    return SB_OK;
}

static sb_status make_companies(sb_press *press, uint64_t cell, sb_error *err)
{
    sb_cutter *cutter = &press->cutters[SB_COMPANIES];
    uint64_t end = sb_world_first_row(press->maker->world, SB_COMPANIES, cell + 1);
    for (uint64_t id = sb_world_first_row(press->maker->world, SB_COMPANIES, cell); id < end;
         id++) {
        sb_company_put(press->maker, &cutter->rows, id);
        SB_TRY(sb_cutter_row_done(cutter, err));
    }
    return SB_OK;
}

static sb_status make_accounts(sb_press *press, const sb_ledger *ledger, sb_error *err)
{
    sb_cutter *cutter = &press->cutters[SB_ACCOUNTS];
    const sb_layout *layout = &ledger->side->layout;
    for (uint32_t local = 0; local < layout->account_count; local++) {
        uint32_t role = (uint32_t)sb_permute(&layout->role, local);
        sb_account_put(press->maker, &cutter->rows, layout, &ledger->side->home, role,
                       sb_side_core(press->maker, ledger->side, role), &ledger->balances[role]);
        SB_TRY(sb_cutter_row_done(cutter, err));
    }
    return SB_OK;
}

static sb_status make_transactions(sb_press *press, const sb_ledger *ledger, sb_error *err)
{
    sb_cutter *cutter = &press->cutters[SB_TRANSACTIONS];
    for (uint32_t i = 0; i < ledger->flow_count; i++) {
        const sb_flow *flow = &ledger->flows[ledger->order[i]];
        if (!sb_flow_is_own(ledger, flow))
            continue;
        sb_transaction_put(press->maker, &cutter->rows, ledger, flow);
        SB_TRY(sb_cutter_row_done(cutter, err));
    }
    return SB_OK;
}

static sb_status make_entries(sb_press *press, const sb_ledger *ledger, sb_error *err)
{
    sb_cutter *cutter = &press->cutters[SB_ENTRIES];
    sb_entry_walk walk;
    sb_entry entry;
    SB_TRY(sb_entries_begin(press->maker, ledger, &walk, err));
    while (sb_entries_next(&walk, &entry)) {
        sb_entry_put(press->maker, &cutter->rows, &entry);
        SB_TRY(sb_cutter_row_done(cutter, err));
    }
    return SB_OK;
}

static sb_status make_communications(sb_press *press, uint64_t cell, sb_error *err)
{
    sb_cutter *cutter = &press->cutters[SB_COMMUNICATIONS];
    sb_mailbox box;
    SB_TRY(sb_mailbox_make(press->maker, cell, &box, err));
    for (uint32_t i = 0; i < box.count; i++) {
        sb_communication_put(press->maker, &cutter->rows, &box, box.order[i]);
        SB_TRY(sb_cutter_row_done(cutter, err));
    }
    return SB_OK;
}

static sb_status make_ledger_kinds(sb_press *press, uint64_t cell, sb_error *err)
{
    sb_ledger ledger;
    if (cell >= press->maker->world->ledger_cell_count)
        return SB_OK;
    SB_TRY(sb_ledger_make(press->maker, cell, &ledger, err));
    if (makes(press, SB_ACCOUNTS))
        SB_TRY(make_accounts(press, &ledger, err));
    if (makes(press, SB_TRANSACTIONS))
        SB_TRY(make_transactions(press, &ledger, err));
    if (makes(press, SB_ENTRIES))
        SB_TRY(make_entries(press, &ledger, err));
    return SB_OK;
}

sb_status sb_cell_make(sb_press *press, uint64_t cell, sb_error *err)
{
    sb_arena_reset(press->maker->arena);
    if (makes(press, SB_PERSONS))
        SB_TRY(make_persons(press, cell, err));
    if (makes(press, SB_COMPANIES))
        SB_TRY(make_companies(press, cell, err));
    if (press->kinds & (1u << SB_ACCOUNTS | 1u << SB_TRANSACTIONS | 1u << SB_ENTRIES))
        SB_TRY(make_ledger_kinds(press, cell, err));
    sb_arena_reset(press->maker->arena);
    if (makes(press, SB_COMMUNICATIONS))
        SB_TRY(make_communications(press, cell, err));
    return sb_maker_check(press->maker, err);
}

sb_status sb_group_make(sb_press *press, uint64_t group, sb_error *err)
{
    const sb_world *world = press->maker->world;
    for (uint64_t cell = group * SB_GROUP_CELLS;
         cell < (group + 1) * SB_GROUP_CELLS && cell < world->cell_count; cell++)
        SB_TRY(sb_cell_make(press, cell, err));
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (makes(press, (sb_kind)kind))
            SB_TRY(sb_cutter_flush(&press->cutters[kind], err));
    return SB_OK;
}
