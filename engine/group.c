#include "engine/group.h"

#include "engine/communication.h"
#include "engine/company.h"
#include "engine/device.h"
#include "engine/document.h"
#include "engine/entry.h"
#include "engine/ledger.h"
#include "engine/login.h"
#include "engine/person.h"
#include "engine/relationship.h"
#include "engine/trade.h"
#include "engine/transaction.h"
#include "engine/trip.h"

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

sb_status sb_press_want_marks(sb_press *press, sb_error *err)
{
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (press->kinds >> kind & 1)
            SB_TRY(sb_cutter_want_marks(&press->cutters[kind], err));
    return SB_OK;
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

/* Kinds whose rows are functions of their numbers alone. */
static sb_status make_static(sb_press *press, sb_kind kind, uint64_t cell,
                             void (*put)(sb_maker *maker, sb_rows *rows, uint64_t id),
                             sb_error *err)
{
    sb_cutter *cutter = &press->cutters[kind];
    uint64_t end = sb_world_first_row(press->maker->world, kind, cell + 1);
    for (uint64_t id = sb_world_first_row(press->maker->world, kind, cell); id < end; id++) {
        put(press->maker, &cutter->rows, id);
        SB_TRY(sb_cutter_row_done(cutter, err));
    }
    return SB_OK;
}

static sb_status make_accounts(sb_press *press, const sb_ledger *ledger, sb_error *err)
{
    sb_cutter *cutter = &press->cutters[SB_ACCOUNTS];
    const sb_layout *layout = &ledger->side->layout;
    sb_account taken[SB_LANES];
    uint32_t count;
    for (uint32_t first = 0; (count = sb_accounts_take(press->maker, layout, first, taken)) > 0;
         first += count)
        for (uint32_t i = 0; i < count; i++) {
            uint32_t role = taken[i].role;
            sb_account_put_known(press->maker, &cutter->rows, layout, &ledger->side->home,
                                 &taken[i], sb_side_core(press->maker, ledger->side, role),
                                 &ledger->balances[role]);
            SB_TRY(sb_cutter_row_done(cutter, err));
        }
    return SB_OK;
}

static sb_status make_transactions(sb_press *press, const sb_ledger *ledger, sb_error *err)
{
    sb_cutter *cutter = &press->cutters[SB_TRANSACTIONS];
    sb_transaction taken[SB_LANES];
    uint32_t next = 0, count;
    while ((count = sb_transactions_take(press->maker, ledger, &next, taken)) > 0)
        for (uint32_t i = 0; i < count; i++) {
            sb_transaction_put_known(press->maker, &cutter->rows, ledger, &taken[i]);
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

/* `ledger`: of the cell, where it was made. */
static sb_status make_communications(sb_press *press, uint64_t cell, const sb_ledger *ledger,
                                     sb_error *err)
{
    sb_cutter *cutter = &press->cutters[SB_COMMUNICATIONS];
    sb_mailbox box;
    SB_TRY(sb_mailbox_make(press->maker, cell, ledger, &box, err));
    sb_messages taken;
    uint32_t count;
    for (uint32_t first = 0; (count = sb_messages_take(press->maker, &box, first, &taken)) > 0;
         first += count)
        for (uint32_t lane = 0; lane < count; lane++) {
            sb_message_put(press->maker, &cutter->rows, &taken, lane);
            SB_TRY(sb_cutter_row_done(cutter, err));
        }
    return SB_OK;
}

/* Optional kinds of events. */
static const struct {
    sb_kind kind;
    sb_event_clock clock;
    void (*put)(sb_maker *maker, sb_rows *rows, const sb_cell_events *of, uint32_t index);
} event_kinds[] = {
    {SB_LOGINS, sb_login_time, sb_login_put},
    {SB_TRADES, sb_trade_time, sb_trade_put},
    {SB_TRIPS, sb_trip_time, sb_trip_put},
    {SB_DOCUMENTS, sb_document_time, sb_document_put},
};

static sb_status make_events(sb_press *press, uint64_t cell, sb_error *err)
{
    for (size_t i = 0; i < sizeof event_kinds / sizeof event_kinds[0]; i++) {
        sb_cutter *cutter = &press->cutters[event_kinds[i].kind];
        sb_cell_events events;
        if (!makes(press, event_kinds[i].kind))
            continue;
        sb_arena_reset(press->maker->arena);
        SB_TRY(sb_cell_events_make(press->maker, event_kinds[i].kind, cell, event_kinds[i].clock,
                                   NULL, &events, err));
        for (uint32_t row = 0; row < events.count; row++) {
            event_kinds[i].put(press->maker, &cutter->rows, &events, events.order[row]);
            SB_TRY(sb_cutter_row_done(cutter, err));
        }
    }
    return SB_OK;
}

static sb_status make_ledger_kinds(sb_press *press, const sb_ledger *ledger, sb_error *err)
{
    if (makes(press, SB_ACCOUNTS))
        SB_TRY(make_accounts(press, ledger, err));
    if (makes(press, SB_TRANSACTIONS))
        SB_TRY(make_transactions(press, ledger, err));
    if (makes(press, SB_ENTRIES))
        SB_TRY(make_entries(press, ledger, err));
    return SB_OK;
}

/* What needs the cell's ledger: its own kinds, and the messages about its payments. */
static sb_status make_ledger_and_mail(sb_press *press, uint64_t cell, sb_error *err)
{
    const sb_kind_set of_ledger = 1u << SB_ACCOUNTS | 1u << SB_TRANSACTIONS | 1u << SB_ENTRIES;
    const sb_world *world = press->maker->world;
    bool has_ledger = (press->kinds & of_ledger) != 0 && cell < world->ledger_cell_count;
    bool same_cells = world->ledger_cell_count == world->cell_count;
    sb_ledger ledger;
    if (has_ledger) {
        SB_TRY(makes(press, SB_ENTRIES) ? sb_ledger_make(press->maker, cell, &ledger, err)
                                        : sb_ledger_make_own(press->maker, cell, &ledger, err));
        SB_TRY(make_ledger_kinds(press, &ledger, err));
    }
    if (!makes(press, SB_COMMUNICATIONS))
        return SB_OK;
    if (!has_ledger || !same_cells)
        sb_arena_reset(press->maker->arena);
    return make_communications(press, cell, has_ledger && same_cells ? &ledger : NULL, err);
}

sb_status sb_cell_make(sb_press *press, uint64_t cell, sb_error *err)
{
    if (makes(press, SB_PERSONS))
        SB_TRY(make_static(press, SB_PERSONS, cell, sb_person_put, err));
    if (makes(press, SB_COMPANIES))
        SB_TRY(make_static(press, SB_COMPANIES, cell, sb_company_put, err));
    sb_arena_reset(press->maker->arena);
    SB_TRY(make_ledger_and_mail(press, cell, err));
    if (makes(press, SB_DEVICES))
        SB_TRY(make_static(press, SB_DEVICES, cell, sb_device_put, err));
    if (makes(press, SB_RELATIONSHIPS))
        SB_TRY(make_static(press, SB_RELATIONSHIPS, cell, sb_relationship_put, err));
    SB_TRY(make_events(press, cell, err));
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
