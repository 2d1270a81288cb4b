#include "engine/ledger.h"

#include <assert.h>
#include <string.h>

#include "engine/distributions.h"
#include "engine/order.h"
#include "engine/rates.h"

enum {
    OWN_STREAMS = 5,
    STREAMS_MAX = SB_LINKS_MAX + OWN_STREAMS, /* sb_flow.stream has eight bits */
    /* Regular payments take at most 35 % of a cell's rows. */
    REGULAR_PERCENT = 35,
};

/* ---- memory --------------------------------------------------------------------------------- */

static uint64_t most_rows(uint64_t rows, uint64_t cells)
{
    return rows / cells + (rows % cells > 0);
}

/* At most one with every other cell. */
static uint64_t most_links(const sb_world *world)
{
    uint64_t others = world->ledger_cell_count - 1;
    return others < SB_LINKS_MAX ? others : SB_LINKS_MAX;
}

/* A cell handles its own rows and those of its links, one in 20 of another cell's each. */
static uint64_t most_flows(const sb_world *world)
{
    uint64_t own = most_rows(world->values.counts[SB_TRANSACTIONS], world->ledger_cell_count);
    return own + most_links(world) * (own / SB_LINK_SHARE + 1);
}

size_t sb_ledger_bytes(const sb_world *world)
{
    uint64_t flows = most_flows(world);
    uint64_t accounts = most_rows(world->values.counts[SB_ACCOUNTS], world->ledger_cell_count) + 1;
    uint64_t own = most_rows(world->values.counts[SB_TRANSACTIONS], world->ledger_cell_count);
    return flows * (sizeof(sb_flow) + 2 * sizeof(uint32_t)) +
           own * REGULAR_PERCENT / 100 * sizeof(sb_regular) +
           (most_links(world) + 1) *
               (sizeof(sb_side) + 40 + accounts * (sizeof(sb_core) + sizeof(sb_stall))) +
           STREAMS_MAX * sizeof(sb_stream) +
           accounts *
               (sizeof(sb_piece) + sizeof(sb_balances) + 8 * sizeof(int64_t) + sizeof(sb_i128)) +
           65536;
}

static sb_status no_room(sb_error *err)
{
    return sb_fail(err, SB_ENOMEM, "the arena is too small for a cell's ledger");
}

/* ---- streams -------------------------------------------------------------------------------- */

static void add_stream(sb_ledger *ledger, sb_stream *list, sb_stream_kind kind, sb_key key,
                       uint32_t count, uint32_t first_index, sb_side *home, sb_side *peer)
{
    if (count == 0)
        return;
    assert(ledger->stream_count < STREAMS_MAX);
    list[ledger->stream_count++] = (sb_stream){.kind = kind,
                                               .key = key,
                                               .count = count,
                                               .first_index = first_index,
                                               .step = UINT64_MAX / count,
                                               .home = home,
                                               .peer = peer};
}

/* The links of this cell; returns how many rows those at home here have. */
static sb_status add_links(sb_maker *maker, sb_ledger *ledger, sb_stream *list, uint32_t *home_rows,
                           sb_error *err)
{
    const sb_world *world = maker->world;
    sb_link links[SB_LINKS_MAX];
    uint32_t count = sb_links_of(world, ledger->side->layout.cell, links);
    *home_rows = 0;
    for (uint32_t i = 0; i < count; i++) {
        sb_side *other = sb_arena_take(maker->arena, sizeof *other);
        if (other == NULL)
            return no_room(err);
        SB_TRY(sb_side_make(maker, links[i].peer, other, err));
        sb_side *home = links[i].home ? ledger->side : other;
        sb_side *peer = links[i].home ? other : ledger->side;
        sb_key key = sb_key_derive(world->values.seed, "link", home->layout.cell, links[i].slot);
        bool abroad = links[i].slot < SB_CHORDS && home->country != peer->country;
        uint32_t rows = home->layout.link_rows / (abroad ? SB_ABROAD_SHARE : 1);
        add_stream(ledger, list, SB_STREAM_LINK, key, rows,
                   sb_link_index(&home->layout, links[i].slot, 0), home, peer);
        *home_rows += links[i].home ? rows : 0;
    }
    return SB_OK;
}

/* What happens inside: the derived rows, the regular ones, and the rest shared by retail and
 * transfers. */
static sb_status add_inside(sb_maker *maker, sb_ledger *ledger, sb_stream *list, uint32_t link_rows,
                            sb_error *err)
{
    sb_side *side = ledger->side;
    const sb_layout *layout = &side->layout;
    uint32_t rows = layout->transaction_count - layout->derived_count - link_rows;
    uint32_t limit = rows * REGULAR_PERCENT / 100;
    sb_regular *regulars = sb_arena_take(maker->arena, limit * sizeof *regulars);
    if (regulars == NULL)
        return no_room(err);
    uint32_t regular = limit > 0 ? sb_regulars_list(maker, side, regulars, limit) : 0;
    ledger->regulars = regulars;
    uint32_t retail = (rows - regular) * 60 / 100, transfer = rows - regular - retail;
    add_stream(ledger, list, SB_STREAM_OPENED, sb_row_key(layout->key, 16), layout->opened_inside,
               sb_derived_index(layout, 0), side, side);
    add_stream(ledger, list, SB_STREAM_CLOSED, sb_row_key(layout->key, 17), layout->closed_inside,
               sb_derived_index(layout, layout->opened_inside), side, side);
    add_stream(ledger, list, SB_STREAM_REGULAR, sb_row_key(layout->key, 18), regular,
               sb_inside_index(layout, 0), side, side);
    add_stream(ledger, list, SB_STREAM_RETAIL, sb_row_key(layout->key, 19), retail,
               sb_inside_index(layout, regular), side, side);
    add_stream(ledger, list, SB_STREAM_TRANSFER, sb_row_key(layout->key, 20), transfer,
               sb_inside_index(layout, regular + retail), side, side);
    return SB_OK;
}

/* How the flows of a stream touch this cell. */
static void place_flows(const sb_ledger *ledger, uint32_t stream_index, sb_flow *flows,
                        uint32_t count)
{
    const sb_stream *stream = &ledger->streams[stream_index];
    const bool here[2] = {stream->home == ledger->side, stream->peer == ledger->side};
    for (uint32_t i = 0; i < count; i++) {
        sb_flow *flow = &flows[i];
        flow->stream = (uint8_t)stream_index;
        flow->from_here = here[flow->from_peer] & (flow->from != SB_OUTSIDE);
        flow->to_here = here[flow->to_peer] & (flow->to != SB_OUTSIDE);
        flow->is_own = here[0];
    }
}

static bool is_own(const sb_ledger *ledger, const sb_stream *stream)
{
    return stream->home == ledger->side;
}

/* Of all streams, or of the cell's own. */
static sb_status make_flows(sb_maker *maker, sb_ledger *ledger, bool own_only, sb_error *err)
{
    uint32_t count = 0, at = 0;
    for (uint32_t s = 0; s < ledger->stream_count; s++)
        if (!own_only || is_own(ledger, &ledger->streams[s]))
            count += ledger->streams[s].count;
    ledger->flows = sb_arena_take(maker->arena, count * sizeof *ledger->flows);
    if (ledger->flows == NULL)
        return no_room(err);
    for (uint32_t s = 0; s < ledger->stream_count; s++) {
        const sb_stream *stream = &ledger->streams[s];
        sb_flow *flows = ledger->flows + at;
        if (own_only && !is_own(ledger, stream))
            continue;
        if (stream->kind == SB_STREAM_REGULAR)
            for (uint32_t k = 0; k < stream->count; k++)
                sb_flow_regular(maker, stream, &ledger->regulars[k], k, &flows[k]);
        else
            sb_flows_make(maker, stream, 0, stream->count, flows);
        place_flows(ledger, s, flows, stream->count);
        at += stream->count;
    }
    ledger->flow_count = count;
    return SB_OK;
}

static uint32_t make_regulars_of(sb_maker *maker, const sb_stream *stream, const sb_watch *watch,
                                 const sb_regular *regulars, sb_flow *out)
{
    uint32_t made = 0;
    for (uint32_t k = 0; k < stream->count; k++) {
        const sb_regular *of = &regulars[k];
        if (sb_is_watched(watch, stream->home, of->from) ||
            sb_is_watched(watch, stream->home, of->to))
            sb_flow_regular(maker, stream, of, k, &out[made++]);
    }
    return made;
}

/* Only the flows in which a watched account takes part. */
static sb_status make_flows_of(sb_maker *maker, sb_ledger *ledger, sb_watch *watch, sb_error *err)
{
    uint32_t count = 0;
    ledger->flow_count = 0;
    for (uint32_t s = 0; s < ledger->stream_count; s++)
        count += ledger->streams[s].count;
    for (uint32_t s = 0; s < ledger->stream_count; s++) {
        SB_TRY(sb_side_know(maker, ledger->streams[s].home, err));
        SB_TRY(sb_side_know(maker, ledger->streams[s].peer, err));
    }
    size_t used = sb_arena_used_bytes(maker->arena);
    ledger->flows = sb_arena_take(maker->arena, count * sizeof *ledger->flows);
    if (ledger->flows == NULL)
        return no_room(err);
    for (uint32_t s = 0; s < ledger->stream_count; s++) {
        const sb_stream *stream = &ledger->streams[s];
        sb_flow *flows = ledger->flows + ledger->flow_count;
        uint32_t made = stream->kind == SB_STREAM_REGULAR
                            ? make_regulars_of(maker, stream, watch, ledger->regulars, flows)
                            : sb_flows_make_of(maker, stream, watch, flows);
        place_flows(ledger, s, flows, made);
        ledger->flow_count += made;
    }
    /* Room for all was taken: what was not needed is given back. */
    sb_arena_rewind(maker->arena, used);
    ledger->flows = sb_arena_take(maker->arena, ledger->flow_count * sizeof *ledger->flows);
    return ledger->flows != NULL ? SB_OK : no_room(err);
}

/* ---- order ---------------------------------------------------------------------------------- */

/* What an id needs when two flows have the same time. */
typedef struct ordering {
    const sb_world *world;
    const sb_ledger *ledger;
    const sb_flow *others; /* of those of other cells; else NULL */
} ordering;

static uint64_t id_of(const void *user, uint32_t index)
{
    const ordering *of = user;
    return sb_flow_id(of->world, of->ledger, &of->ledger->flows[index]);
}

static sb_status sort_flows(sb_maker *maker, sb_ledger *ledger, sb_error *err)
{
    ordering of = {maker->world, ledger, NULL};
    sb_events events = {.times = &ledger->flows->time,
                        .stride_bytes = sizeof *ledger->flows,
                        .count = ledger->flow_count,
                        .start_ms = maker->world->start_ms,
                        .end_ms = maker->world->end_ms,
                        .id = id_of,
                        .user = &of};
    return sb_order_make(maker->arena, &events, &ledger->order, err);
}

/* ---- replay --------------------------------------------------------------------------------- */

/* Prefix sums of an account's flows: where they end, how low they get (never above zero), and what
 * they are made of. */
typedef struct sums {
    int64_t now, lowest, credit, debit;
    uint64_t count;
    sb_i128 area; /* what flows moved, times the seconds it counted for */
} sums;

static uint32_t role_or(bool here, uint32_t role, uint32_t outside)
{
    return outside ^ ((outside ^ role) & (uint32_t)-here);
}

/* `of` has one element more than the cell has accounts: what is outside it is summed up there, and
 * what is not completed counts nothing, since branches on either would be guessed wrong far too
 * often. */
static inline void replay_one(const sb_flow *flow, int64_t end_ms, uint32_t outside, sums *of)
{
    int64_t moves = flow->status == SB_TX_STATUS_COMPLETED;
    int64_t debit = (flow->amount + flow->fee) * moves, credit = flow->to_amount * moves;
    int64_t seconds = (end_ms - flow->time) / 1000; /* for which the new balance counts */
    sums *payer = &of[role_or(flow->from_here, flow->from, outside)];
    payer->now -= debit;
    payer->area -= (sb_i128)debit * seconds;
    payer->debit += debit;
    payer->count += (uint64_t)moves;
    payer->lowest = payer->now < payer->lowest ? payer->now : payer->lowest;
    sums *payee = &of[role_or(flow->to_here, flow->to, outside)];
    payee->now += credit;
    payee->area += (sb_i128)credit * seconds;
    payee->credit += credit;
    payee->count += (uint64_t)moves;
}

static void replay(const sb_ledger *ledger, int64_t end_ms, sums *of)
{
    uint32_t outside = ledger->side->layout.account_count;
    for (uint32_t i = 0; i < ledger->flow_count; i++)
        replay_one(&ledger->flows[ledger->order[i]], end_ms, outside, of);
}

/* ---- flows of others ------------------------------------------------------------------------ */

/* So many flows of other cells are made before those whose turn it is are replayed. */
enum { OTHERS_AT_A_TIME = 6144 };

/* Flows of others that wait for their turn, and how far each of their streams has been made. */
typedef struct others {
    sb_flow *waiting; /* arena; room for all, of which few pages are ever used */
    uint32_t count;
    uint32_t made[STREAMS_MAX];
} others;

/* No flow from `k` on is earlier. Moments rise with k in each of the two calendars, but for an hour
 * of summer time and for a day at the ends of the period. */
static int64_t earliest_from(const sb_maker *maker, const sb_stream *stream, uint32_t k)
{
    int64_t earliest = INT64_MAX;
    for (int kind = 0; kind < SB_CALENDAR_COUNT; kind++) {
        int64_t moment =
            sb_calendar_moment(maker->world->calendar, (sb_calendar_kind)kind,
                               stream->home->home.clock, sb_position(k, 0, stream->step));
        earliest = moment < earliest ? moment : earliest;
    }
    return earliest - 2 * (int64_t)SB_MS_A_DAY;
}

/* Makes the streams of others up to the share part / parts; returns the moment before which no flow
 * is missing. */
static int64_t make_others(sb_maker *maker, const sb_ledger *ledger, uint32_t part, uint32_t parts,
                           others *of)
{
    int64_t until = INT64_MAX;
    for (uint32_t s = 0; s < ledger->stream_count; s++) {
        const sb_stream *stream = &ledger->streams[s];
        if (is_own(ledger, stream))
            continue;
        uint32_t end = (uint32_t)((uint64_t)stream->count * part / parts);
        sb_flows_make(maker, stream, of->made[s], end, of->waiting + of->count);
        place_flows(ledger, s, of->waiting + of->count, end - of->made[s]);
        of->count += end - of->made[s];
        of->made[s] = end;
        int64_t earliest = end < stream->count ? earliest_from(maker, stream, end) : INT64_MAX;
        until = earliest < until ? earliest : until;
    }
    return until;
}

static uint64_t waiting_id(const void *user, uint32_t index)
{
    const ordering *of = user;
    return sb_flow_id(of->world, of->ledger, &of->others[index]);
}

static sb_status sort_others(sb_maker *maker, const sb_ledger *ledger, const others *all,
                             const uint32_t **order, sb_error *err)
{
    ordering of = {maker->world, ledger, all->waiting};
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (uint32_t i = 0; i < all->count; i++) {
        first = all->waiting[i].time < first ? all->waiting[i].time : first;
        last = all->waiting[i].time > last ? all->waiting[i].time : last;
    }
    sb_events events = {.times = &all->waiting->time,
                        .stride_bytes = sizeof *all->waiting,
                        .count = all->count,
                        .start_ms = all->count > 0 ? first : 0,
                        .end_ms = all->count > 0 ? last + 1 : 1,
                        .id = waiting_id,
                        .user = &of};
    return sb_order_make(maker->arena, &events, order, err);
}

static bool is_before(const sb_world *world, const sb_ledger *ledger, const sb_flow *a,
                      const sb_flow *b)
{
    return a->time != b->time ? a->time < b->time
                              : sb_flow_id(world, ledger, a) < sb_flow_id(world, ledger, b);
}

/* Replays what is before `until`, own flows from *own_next on and waiting ones by `order`, and
 * drops the latter. */
static void replay_until(const sb_world *world, const sb_ledger *ledger, int64_t until,
                         uint32_t *own_next, const uint32_t *order, others *all, sums *of)
{
    uint32_t outside = ledger->side->layout.account_count, next = 0, kept = 0;
    for (;;) {
        bool own_left = *own_next < ledger->flow_count, other_left = next < all->count;
        if (!own_left && !other_left)
            break;
        const sb_flow *own = own_left ? &ledger->flows[ledger->order[*own_next]] : NULL;
        const sb_flow *other = other_left ? &all->waiting[order[next]] : NULL;
        bool own_first = !other_left || (own_left && is_before(world, ledger, own, other));
        const sb_flow *first = own_first ? own : other;
        if (first->time >= until)
            break;
        replay_one(first, world->end_ms, outside, of);
        *own_next += own_first;
        next += !own_first;
    }
    for (uint32_t i = 0; i < all->count; i++)
        if (all->waiting[i].time >= until)
            all->waiting[kept++] = all->waiting[i];
    all->count = kept;
}

/* The replay of own flows together with those of others, of which only some are there at a time. */
static sb_status replay_all(sb_maker *maker, const sb_ledger *ledger, sums *of, sb_error *err)
{
    others all = {.count = 0};
    uint32_t total = 0, own_next = 0;
    for (uint32_t s = 0; s < ledger->stream_count; s++)
        total += is_own(ledger, &ledger->streams[s]) ? 0 : ledger->streams[s].count;
    size_t used = sb_arena_used_bytes(maker->arena);
    all.waiting = sb_arena_take(maker->arena, total * sizeof *all.waiting);
    if (all.waiting == NULL)
        return no_room(err);
    uint32_t parts = 1 + total / OTHERS_AT_A_TIME;
    for (uint32_t part = 1; part <= parts; part++) {
        const uint32_t *order;
        size_t before = sb_arena_used_bytes(maker->arena);
        int64_t until = make_others(maker, ledger, part, parts, &all);
        SB_TRY(sort_others(maker, ledger, &all, &order, err));
        replay_until(maker->world, ledger, until, &own_next, order, &all, of);
        sb_arena_rewind(maker->arena, before);
    }
    sb_arena_rewind(maker->arena, used);
    return SB_OK;
}

/* ---- balances ------------------------------------------------------------------------------- */

/* What an account of its type would have at the start, before it is known what it needs. Cards and
 * loans begin in debt. */
static int64_t draw_opening(sb_maker *maker, const sb_core *core, sb_key key)
{
    static const struct {
        int64_t median_cents;
        int shape;
    } usual[SB_ACCOUNT_COUNT] = {
        [SB_ACCOUNT_CHECKING] = {210000, 4},
        [SB_ACCOUNT_SAVINGS] = {900000, 5},
        [SB_ACCOUNT_INVESTMENT] = {2200000, 5},
        [SB_ACCOUNT_BUSINESS] = {3200000, 6},
    };
    uint64_t draw = sb_draw(key, SB_DRAW_NUMBER(SB_ACCOUNT_FIELD_opening_balance, 0));
    if (core->type == SB_ACCOUNT_CREDIT_CARD)
        return -(int64_t)sb_below(draw, (uint64_t)core->limit * 6 / 10 + 1);
    if (core->type == SB_ACCOUNT_LOAN || core->type == SB_ACCOUNT_MORTGAGE)
        return -(int64_t)(core->limit / 10 +
                          (int64_t)sb_below(draw, (uint64_t)core->limit * 8 / 10 + 1));
    int64_t cents = sb_lognormal_draw(usual[core->type].median_cents * core->affluence / 100 + 1,
                                      usual[core->type].shape, draw);
    return sb_from_cents(maker, core->currency, cents);
}

/* The mean over the period: the opening balance all through it, what each flow added for as long as
 * it did (`area`, times seconds), and the derived amount from its moment on. */
static int64_t average_of(const sb_world *world, int64_t opening, sb_i128 area, int64_t derived,
                          int64_t derived_ms)
{
    int64_t seconds = (world->end_ms - world->start_ms) / 1000;
    if (derived != 0)
        area += (sb_i128)derived * ((world->end_ms - derived_ms) / 1000);
    return opening + (int64_t)(area / seconds);
}

/* Closes one account. `sum` is of its flows; the derived one among them, if there is one, had no
 * amount yet and is settled here: what opens inside the period is lifted by its initial deposit,
 * what closes inside it is paid out. Returns the amount of that flow. */
static int64_t close_account(sb_maker *maker, const sb_layout *layout, const sb_core *core,
                             const sums *sum, sb_balances *out)
{
    *out = (sb_balances){
        .credit_total = sum->credit, .debit_total = sum->debit, .transaction_count = sum->count};
    if (core->life == SB_CLOSED_BEFORE)
        return 0;
    sb_key key = sb_row_key(maker->world->accounts, layout->first_account + core->local);
    uint64_t draw = sb_draw(key, SB_DRAW_NUMBER(SB_ACCOUNT_FIELD_opening_balance, 1));
    /* A keyed cushion: a lift to exactly the limit would mark the account. */
    int64_t cushion = 1 + sb_from_cents(maker, core->currency, sb_lognormal_draw(9000, 4, draw));
    int64_t usual = draw_opening(maker, core, key), needed = cushion - sum->lowest - core->limit;
    if (core->life == SB_OPENED_INSIDE) {
        int64_t deposit = usual > needed ? usual : needed;
        deposit = deposit > cushion ? deposit : cushion;
        out->credit_total += deposit;
        out->closing = deposit + sum->now;
        out->lowest = deposit + sum->lowest < 0 ? deposit + sum->lowest : 0;
        out->average = average_of(maker->world, 0, sum->area, deposit, core->open_ms);
        return deposit;
    }
    if (core->life == SB_CLOSED_INSIDE && usual < 0)
        usual = 0;
    out->opening = usual > needed ? usual : needed;
    out->lowest = out->opening + sum->lowest;
    out->closing = out->opening + sum->now;
    out->average = average_of(maker->world, out->opening, sum->area,
                              core->life == SB_CLOSED_INSIDE ? -out->closing : 0, core->close_ms);
    if (core->life != SB_CLOSED_INSIDE)
        return 0;
    int64_t payout = out->closing;
    out->debit_total += payout;
    out->closing = 0;
    out->lowest = 0;
    return payout;
}

static sb_status settle_accounts(sb_maker *maker, sb_ledger *ledger, bool own_only, sb_error *err)
{
    const sb_layout *layout = &ledger->side->layout;
    uint32_t n = layout->account_count;
    sums *of = sb_arena_take(maker->arena, (n + 1) * sizeof *of);
    int64_t *derived = sb_arena_take(maker->arena, n * sizeof *derived);
    ledger->balances = sb_arena_take(maker->arena, n * sizeof *ledger->balances);
    if (of == NULL || derived == NULL || ledger->balances == NULL)
        return no_room(err);
    memset(of, 0, (n + 1) * sizeof *of);
    if (own_only)
        SB_TRY(replay_all(maker, ledger, of, err));
    else
        replay(ledger, maker->world->end_ms, of);
    for (uint32_t role = 0; role < n; role++)
        derived[role] = close_account(maker, layout, sb_side_core(maker, ledger->side, role),
                                      &of[role], &ledger->balances[role]);
    sb_flow *first = ledger->flows;
    for (uint32_t s = 0; s < ledger->stream_count; s++) {
        const sb_stream *stream = &ledger->streams[s];
        if (own_only && !is_own(ledger, stream))
            continue;
        bool opened = stream->kind == SB_STREAM_OPENED;
        if (opened || stream->kind == SB_STREAM_CLOSED)
            for (uint32_t k = 0; k < stream->count; k++)
                first[k].amount = first[k].to_amount =
                    derived[opened ? first[k].to : first[k].from];
        first += stream->count;
    }
    return SB_OK;
}

/* `of` holds zeros. */
static void settle_watched(sb_maker *maker, sb_ledger *ledger, const sb_watch *watch, sums *of)
{
    const sb_layout *layout = &ledger->side->layout;
    replay(ledger, maker->world->end_ms, of);
    for (uint32_t role = 0; role < layout->account_count; role++) {
        if (!sb_is_watched(watch, ledger->side, (uint16_t)role))
            continue;
        int64_t derived = close_account(maker, layout, sb_side_core(maker, ledger->side, role),
                                        &of[role], &ledger->balances[role]);
        for (uint32_t i = 0; i < ledger->flow_count; i++) {
            sb_flow *flow = &ledger->flows[i];
            if ((flow->purpose == SB_FOR_OPENING && flow->to == role) ||
                (flow->purpose == SB_FOR_PAYOUT && flow->from == role))
                flow->amount = flow->to_amount = derived;
        }
    }
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* The side and the streams. */
sb_status sb_ledger_open(sb_maker *maker, uint64_t cell, sb_ledger *out, sb_error *err)
{
    uint32_t link_rows = 0;
    *out = (sb_ledger){0};
    out->side = sb_arena_take(maker->arena, sizeof *out->side);
    sb_stream *streams = sb_arena_take(maker->arena, STREAMS_MAX * sizeof *streams);
    if (out->side == NULL || streams == NULL)
        return no_room(err);
    out->streams = streams;
    SB_TRY(sb_side_make(maker, cell, out->side, err));
    sb_cores_make(maker, &out->side->layout, &out->side->home, out->side->cores);
    if (out->side->layout.account_count == 0 || maker->world->values.counts[SB_TRANSACTIONS] == 0)
        return SB_OK;
    SB_TRY(add_links(maker, out, streams, &link_rows, err));
    return add_inside(maker, out, streams, link_rows, err);
}

/* Room for what many rows of the cell repeat. */
static sb_status keep_pieces(sb_maker *maker, sb_side *side, sb_error *err)
{
    uint32_t count = side->layout.account_count, companies = side->layout.company_accounts;
    side->addresses = sb_arena_take(maker->arena, count * sizeof *side->addresses);
    side->names = sb_arena_take(maker->arena, companies * sizeof *side->names);
    if (side->addresses == NULL || side->names == NULL)
        return no_room(err);
    for (uint32_t role = 0; role < count; role++)
        side->addresses[role].byte_count = 0;
    for (uint32_t role = 0; role < companies; role++)
        side->names[role].byte_count = 0;
    return SB_OK;
}

static sb_status make_ledger(sb_maker *maker, uint64_t cell, bool own_only, sb_ledger *out,
                             sb_error *err)
{
    SB_TRY(sb_ledger_open(maker, cell, out, err));
    SB_TRY(keep_pieces(maker, out->side, err));
    SB_TRY(make_flows(maker, out, own_only, err));
    SB_TRY(sort_flows(maker, out, err));
    return settle_accounts(maker, out, own_only, err);
}

sb_status sb_ledger_make(sb_maker *maker, uint64_t cell, sb_ledger *out, sb_error *err)
{
    return make_ledger(maker, cell, false, out, err);
}

sb_status sb_ledger_make_own(sb_maker *maker, uint64_t cell, sb_ledger *out, sb_error *err)
{
    return make_ledger(maker, cell, true, out, err);
}

sb_status sb_ledger_watch(sb_maker *maker, const uint16_t *roles, uint32_t count, sb_ledger *ledger,
                          sb_error *err)
{
    sb_watch watch;
    uint32_t accounts = ledger->side->layout.account_count;
    /* Taken first: of memory that is there for the first time, what nobody asks for costs nothing.
     */
    sums *of = sb_arena_take_zeroed(maker->arena, (accounts + 1) * sizeof *of);
    ledger->balances = sb_arena_take_zeroed(maker->arena, accounts * sizeof *ledger->balances);
    if (of == NULL || ledger->balances == NULL)
        return no_room(err);
    SB_TRY(sb_watch_make(maker, ledger->side, roles, count, &watch, err));
    SB_TRY(make_flows_of(maker, ledger, &watch, err));
    SB_TRY(sort_flows(maker, ledger, err));
    settle_watched(maker, ledger, &watch, of);
    return SB_OK;
}

sb_status sb_ledger_make_of(sb_maker *maker, uint64_t cell, const uint16_t *roles, uint32_t count,
                            sb_ledger *out, sb_error *err)
{
    SB_TRY(sb_ledger_open(maker, cell, out, err));
    return sb_ledger_watch(maker, roles, count, out, err);
}

/* The amounts of deposits and payouts are known when all else of their account is. */
static sb_status find_derived(sb_maker *maker, uint32_t stream, sb_ledger *ledger, sb_flow *flow,
                              sb_error *err)
{
    uint16_t role = flow->purpose == SB_FOR_OPENING ? flow->to : flow->from;
    SB_TRY(sb_ledger_watch(maker, &role, 1, ledger, err));
    for (uint32_t i = 0; i < ledger->flow_count; i++)
        if (ledger->flows[i].stream == stream && ledger->flows[i].k == flow->k)
            *flow = ledger->flows[i];
    return SB_OK;
}

sb_status sb_ledger_find(sb_maker *maker, uint64_t id, sb_ledger *out, sb_flow *flow, bool *found,
                         sb_error *err)
{
    const sb_world *world = maker->world;
    uint64_t cell = sb_world_cell_of_id(world, SB_TRANSACTIONS, id);
    *found = false;
    if (cell >= world->ledger_cell_count || world->values.counts[SB_TRANSACTIONS] == 0)
        return SB_OK;
    SB_TRY(sb_ledger_open(maker, cell, out, err));
    uint64_t low = id & (((uint64_t)1 << world->id_bits[SB_TRANSACTIONS]) - 1);
    uint64_t index = sb_permute_inverse(&out->side->layout.ids, low);
    for (uint32_t s = 0; s < out->stream_count && !*found; s++) {
        const sb_stream *stream = &out->streams[s];
        if (!is_own(out, stream) || index < stream->first_index ||
            index - stream->first_index >= stream->count)
            continue;
        uint32_t k = (uint32_t)index - stream->first_index;
        if (stream->kind == SB_STREAM_REGULAR)
            sb_flow_regular(maker, stream, &out->regulars[k], k, flow);
        else
            sb_flow_make(maker, stream, k, flow);
        place_flows(out, s, flow, 1);
        *found = true;
        if (stream->kind == SB_STREAM_OPENED || stream->kind == SB_STREAM_CLOSED)
            SB_TRY(find_derived(maker, s, out, flow, err));
    }
    return SB_OK;
}

uint64_t sb_flow_id(const sb_world *world, const sb_ledger *ledger, const sb_flow *flow)
{
    const sb_stream *stream = &ledger->streams[flow->stream];
    return sb_transaction_id(world, &stream->home->layout, stream->first_index + flow->k);
}

uint64_t sb_flow_account(sb_maker *maker, const sb_ledger *ledger, const sb_flow *flow, bool payer)
{
    const sb_stream *stream = &ledger->streams[flow->stream];
    sb_side *side = (payer ? flow->from_peer : flow->to_peer) ? stream->peer : stream->home;
    return side->layout.first_account +
           sb_side_core(maker, side, payer ? flow->from : flow->to)->local;
}
