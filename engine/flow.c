#include "engine/flow.h"

#include <string.h>

#include "engine/distributions.h"
#include "engine/flow_internal.h"
#include "engine/rates.h"

/* What nearly every flow draws. */
typedef struct rolled {
    sb_key key;
    uint64_t what, amount, status, outside, habit, from, to;
} rolled;

static inline rolled roll(sb_key key)
{
    return (rolled){.key = key,
                    .what = sb_draw(key, DRAW_WHAT),
                    .amount = sb_draw(key, DRAW_AMOUNT),
                    .status = sb_draw(key, DRAW_STATUS),
                    .outside = sb_draw(key, DRAW_OUTSIDE),
                    .habit = sb_draw(key, DRAW_HABIT),
                    .from = sb_draw(key, DRAW_FROM),
                    .to = sb_draw(key, DRAW_TO)};
}

/* ---- sides ---------------------------------------------------------------------------------- */

/* Where a cell has nobody of a crowd, all its accounts stand in. */
static void set_crowd(sb_maker *maker, sb_side *side, sb_crowd which, uint32_t begin, uint32_t end)
{
    static const sb_ranks ranks[SB_CROWD_COUNT] = {[SB_CROWD_SELLERS] = SB_RANKS_PAYEE,
                                                   [SB_CROWD_BUYERS] = SB_RANKS_PAYER,
                                                   [SB_CROWD_SPENDERS] = SB_RANKS_SPENDER,
                                                   [SB_CROWD_FRIENDS] = SB_RANKS_MILD,
                                                   [SB_CROWD_KEEPERS] = SB_RANKS_MILD};
    uint32_t count = end > begin ? end - begin : side->layout.account_count;
    side->crowds[which].begin = end > begin ? begin : 0;
    side->crowds[which].ranking = sb_maker_ranking(maker, ranks[which], count);
}

sb_status sb_side_make(sb_maker *maker, uint64_t cell, sb_side *out, sb_error *err)
{
    sb_layout_make(maker->world, cell, &out->layout);
    out->home = sb_maker_home(maker, cell);
    const sb_locale *locale = sb_locale_of(maker, out->home.locale);
    out->country = locale->country_index;
    out->in_us = memcmp(locale->country.bytes, "US", 2) == 0;
    sb_text city =
        sb_table_text(sb_find(maker, out->home.locale, SB_TABLE_CITIES), 0, out->home.city);
    out->location = sb_label_of(city.bytes, city.byte_count);
    out->addresses = NULL;
    out->names = NULL;
    out->known = NULL;
    bool none_made = sb_arena_is_fresh(maker->arena);
    out->cores = sb_arena_take(maker->arena, out->layout.account_count * sizeof *out->cores);
    if (out->cores == NULL)
        return sb_no_room(err);
    for (uint32_t role = 0; role < out->layout.account_count && !none_made; role++)
        out->cores[role].made = false;
    uint32_t companies_end = out->layout.company_accounts,
             spend_end = sb_layout_spend_end(&out->layout);
    set_crowd(maker, out, SB_CROWD_SELLERS, 0, companies_end);
    set_crowd(maker, out, SB_CROWD_BUYERS, 0, companies_end);
    set_crowd(maker, out, SB_CROWD_SPENDERS, companies_end, spend_end);
    set_crowd(maker, out, SB_CROWD_FRIENDS, companies_end, spend_end);
    set_crowd(maker, out, SB_CROWD_KEEPERS, spend_end, out->layout.account_count);
    size_t stalls_bytes = out->crowds[SB_CROWD_SELLERS].ranking->count * sizeof *out->stalls;
    out->stalls = sb_arena_take_zeroed(maker->arena, stalls_bytes);
    return out->stalls != NULL ? SB_OK : sb_no_room(err);
}

/* ---- choosing ends -------------------------------------------------------------------------- */

static bool alive(const sb_core *core, int64_t time)
{
    return time > core->open_ms && time < core->close_ms;
}

uint32_t sb_always_open(const sb_layout *layout, uint64_t draw, uint32_t avoid)
{
    uint32_t special = layout->derived_count + layout->closed_before + layout->frozen;
    uint32_t count = layout->account_count - special;
    uint32_t pick = (uint32_t)sb_below(draw, count);
    for (uint32_t i = 0;; i++) {
        uint32_t local = (uint32_t)sb_permute_inverse(&layout->life, special + (pick + i) % count);
        uint32_t role = (uint32_t)sb_permute(&layout->role, local);
        if (role != avoid || i == count)
            return role;
    }
}

/* The role of an account of the crowd that is open at the time: up to four tries by rank, then one
 * that always is. `avoid` is a role that may not be taken, or SB_OUTSIDE; `draw` is the key's draw
 * number first_draw. */
static inline uint16_t pick(sb_maker *maker, sb_side *side, sb_crowd which, sb_key key,
                            uint32_t first_draw, uint64_t draw, int64_t time, uint16_t avoid)
{
    for (uint32_t nth = 0; nth < 4; draw = sb_draw(key, first_draw + ++nth)) {
        uint32_t role = side->crowds[which].begin + sb_draw_rank(side->crowds[which].ranking, draw);
        if (role != avoid && alive(sb_side_core(maker, side, role), time))
            return (uint16_t)role;
    }
    return (uint16_t)sb_always_open(&side->layout, sb_draw(key, first_draw + 4), avoid);
}

void sb_know_stall(sb_maker *maker, sb_side *side, uint32_t role)
{
    const sb_core *core = sb_side_core(maker, side, role);
    const sb_category *category = &maker->categories[core->mcc];
    side->stalls[role] =
        (sb_stall){{category->appeal, category->bills}, true, core->life == SB_ALWAYS_OPEN};
}

/* Whether the seller that was drawn is one to go to. */
static inline bool suits(sb_maker *maker, sb_side *side, bool bill, uint32_t role, uint64_t draw,
                         int64_t time, uint16_t avoid)
{
    sb_stall *stall = &side->stalls[role];
    if (!stall->known)
        sb_know_stall(maker, side, role);
    if ((uint8_t)(draw * 0x9E3779B97F4A7C15u >> 56) > stall->appeal[bill] || role == avoid)
        return false;
    return stall->is_always_open || alive(sb_side_core(maker, side, role), time);
}

/* Where none suits: the first of those that were open. */
static uint16_t pick_any_shop(sb_maker *maker, sb_side *side, sb_key key, int64_t time,
                              uint16_t avoid)
{
    const sb_alias *ranking = side->crowds[SB_CROWD_SELLERS].ranking;
    for (uint32_t nth = 0; nth < SHOP_TRIES; nth++) {
        uint32_t role = sb_nth_seller(ranking, nth, sb_draw(key, DRAW_TO + nth));
        if (role != avoid && alive(sb_side_core(maker, side, role), time))
            return (uint16_t)role;
    }
    return (uint16_t)sb_always_open(&side->layout, sb_draw(key, DRAW_TO + SHOP_TRIES), avoid);
}

static inline uint16_t pick_shop(sb_maker *maker, sb_side *side, bool bill, sb_key key,
                                 uint64_t draw, int64_t time, uint16_t avoid)
{
    const sb_alias *ranking = side->crowds[SB_CROWD_SELLERS].ranking;
    for (uint32_t nth = 0; nth < SHOP_TRIES; draw = sb_draw(key, DRAW_TO + ++nth)) {
        uint32_t role = sb_nth_seller(ranking, nth, draw);
        if (suits(maker, side, bill, role, draw, time, avoid))
            return (uint16_t)role;
    }
    return pick_any_shop(maker, side, key, time, avoid);
}

/* ---- amounts -------------------------------------------------------------------------------- */

typedef struct price {
    int64_t median_cents;
    int shape;
    int64_t round_cents; /* whole multiples of this in the currency's scale; 0: as drawn */
    bool notes;          /* paid in bank notes: never less than one */
} price;

static const price prices[SB_PURPOSE_COUNT] = {
    [SB_FOR_CASH_OUT] = {9000, 3, 1000, true},  [SB_FOR_CASH_IN] = {60000, 4, 1000, false},
    [SB_FOR_BILL] = {8200, 3, 0, false},        [SB_FOR_FRIEND] = {5200, 4, 500, false},
    [SB_FOR_INVOICE] = {24000, 4, 0, false},    [SB_FOR_SUPPLIER] = {120000, 5, 0, false},
    [SB_FOR_IMPORT] = {260000, 5, 0, false},    [SB_FOR_EXPORT] = {300000, 5, 0, false},
    [SB_FOR_REFUND] = {9000, 4, 0, false},      [SB_FOR_INCOMING] = {30000, 4, 0, false},
    [SB_FOR_SAVING] = {25000, 3, 5000, false},  [SB_FOR_UNSAVING] = {60000, 3, 10000, false},
    [SB_FOR_STANDING] = {12000, 3, 500, false}, [SB_FOR_INTEREST] = {900, 4, 0, false},
};

/* Rounded to a step that a person of that currency would call round. */
static int64_t round_amount(int64_t amount, int64_t step)
{
    int64_t rounded = (amount + step / 2) / step * step;
    return rounded > 0 ? rounded : step;
}

/* What a machine gives at most at a time. */
enum { NOTES_MAX_CENTS = 200000 };

/* `affluence` stretches the median, in percent. */
static inline int64_t draw_amount(const sb_maker *maker, const price *of, uint16_t currency,
                                  uint32_t affluence, uint64_t draw)
{
    int64_t cents = sb_lognormal_draw(of->median_cents * affluence / 100 + 1, of->shape, draw);
    if (of->notes && cents > NOTES_MAX_CENTS)
        cents = NOTES_MAX_CENTS / 2 + cents % (NOTES_MAX_CENTS / 2);
    int64_t amount = sb_from_cents(maker, currency, cents);
    int64_t step = of->round_cents * maker->money[currency].round_factor;
    while (!of->notes && step >= 5 && amount < 4 * step) /* small sums are round by smaller steps */
        step /= 5;
    if (step > 0)
        amount = round_amount(amount, step);
    return amount > 0 ? amount : 1;
}

/* By the merchant's category, and less by the payer's affluence than other amounts. */
static inline int64_t draw_card_amount(const sb_maker *maker, uint16_t mcc, uint16_t currency,
                                       const sb_core *payer, uint64_t draw)
{
    const sb_category *category = &maker->categories[mcc];
    price of = {category->median_cents, category->shape, 0, false};
    return draw_amount(maker, &of, currency, (payer->affluence + payer->price_level) / 2, draw);
}

/* ---- finishing a flow ----------------------------------------------------------------------- */

/* Completed 92 %, pending 5 %, failed 2 %, reversed 1 %. */
static uint8_t draw_status(uint64_t draw)
{
    static const uint8_t statuses[] = {SB_TX_STATUS_COMPLETED, SB_TX_STATUS_PENDING,
                                       SB_TX_STATUS_FAILED, SB_TX_STATUS_REVERSED};
    uint64_t share = sb_below(draw, 100);
    return statuses[(share >= 92) + (share >= 97) + (share >= 99)];
}

/* The accounts at the ends of a flow; NULL: outside. */
typedef struct ends {
    const sb_core *from, *to;
    const sb_side *from_side, *to_side;
} ends;

static inline ends ends_of(sb_maker *maker, const sb_stream *stream, const sb_flow *flow)
{
    sb_side *from_side = flow->from_peer ? stream->peer : stream->home;
    sb_side *to_side = flow->to_peer ? stream->peer : stream->home;
    return (ends){flow->from != SB_OUTSIDE ? sb_side_core(maker, from_side, flow->from) : NULL,
                  flow->to != SB_OUTSIDE ? sb_side_core(maker, to_side, flow->to) : NULL, from_side,
                  to_side};
}

int64_t sb_flow_rate(sb_maker *maker, const sb_core *from, const sb_core *to, int64_t time)
{
    return from->currency != to->currency
               ? sb_rate(maker, from->currency, to->currency, (int32_t)(time / SB_MS_A_DAY))
               : 0;
}

/* Currencies and fee, once ends and amount are known. `amount` is in the payer's currency, or,
 * where the payer is outside, in the payee's. A cross-border payment costs half a percent, at least
 * 0.25 and at most 60 dollars' worth; one cash withdrawal in four 3; nothing that did not happen
 * costs anything. */
static inline void settle(sb_maker *maker, const ends *of, uint64_t draw, sb_flow *flow)
{
    const sb_core *from = of->from, *to = of->to;
    flow->to_amount = flow->amount;
    if (from != NULL && to != NULL && from->currency != to->currency) {
        int64_t rate = sb_flow_rate(maker, from, to, flow->time);
        flow->to_amount = sb_convert(flow->amount, rate);
        if (flow->to_amount == 0) { /* never less than the payee's smallest coin */
            flow->amount = (SB_RATE_SCALE + rate - 1) / rate;
            flow->to_amount = sb_convert(flow->amount, rate);
        }
    }
    if (from == NULL || flow->status != SB_TX_STATUS_COMPLETED)
        return;
    if (to != NULL && of->from_side->country != of->to_side->country &&
        flow->purpose != SB_FOR_CARD) {
        int64_t least = sb_from_cents(maker, from->currency, 25);
        int64_t most = sb_from_cents(maker, from->currency, 6000);
        int64_t fee = flow->amount / 200;
        flow->fee = (uint32_t)(fee < least ? least : fee > most ? most : fee);
    } else if (flow->purpose == SB_FOR_CASH_OUT && (draw & 3) == 0) {
        flow->fee = (uint32_t)sb_from_cents(maker, from->currency, 300);
    }
}

/* ---- what is drawn -------------------------------------------------------------------------- */

const sb_recipe sb_recipes[SB_PURPOSE_COUNT] = {
    [SB_FOR_CARD] = {SB_CROWD_SPENDERS, SB_CROWD_SELLERS, false, false},
    [SB_FOR_CARD_ABROAD] = {SB_CROWD_SPENDERS, SB_CROWD_SELLERS, false, true},
    [SB_FOR_CASH_OUT] = {SB_CROWD_SPENDERS, SB_CROWD_SELLERS, false, true},
    [SB_FOR_CASH_IN] = {SB_CROWD_SPENDERS, SB_CROWD_SELLERS, true, false},
    [SB_FOR_BILL] = {SB_CROWD_SPENDERS, SB_CROWD_SELLERS, false, false},
    [SB_FOR_FRIEND] = {SB_CROWD_SPENDERS, SB_CROWD_FRIENDS, false, false},
    [SB_FOR_INVOICE] = {SB_CROWD_SPENDERS, SB_CROWD_SELLERS, false, false},
    [SB_FOR_SUPPLIER] = {SB_CROWD_BUYERS, SB_CROWD_SELLERS, false, false},
    [SB_FOR_IMPORT] = {SB_CROWD_BUYERS, SB_CROWD_SELLERS, false, true},
    [SB_FOR_EXPORT] = {SB_CROWD_BUYERS, SB_CROWD_SELLERS, true, false},
    [SB_FOR_REFUND] = {SB_CROWD_BUYERS, SB_CROWD_FRIENDS, false, false},
    [SB_FOR_INCOMING] = {SB_CROWD_SPENDERS, SB_CROWD_FRIENDS, true, false},
    [SB_FOR_SAVING] = {SB_CROWD_SPENDERS, SB_CROWD_KEEPERS, false, false},
    [SB_FOR_UNSAVING] = {SB_CROWD_KEEPERS, SB_CROWD_FRIENDS, false, false},
};

static const sb_mixture retail = {
    {49, 68, 77, 81, 100, 100, 100, 100},
    {SB_FOR_CARD, SB_FOR_CARD_ABROAD, SB_FOR_CASH_OUT, SB_FOR_CASH_IN, SB_FOR_BILL}};
static const sb_mixture transfers = {{38, 48, 68, 71, 75, 81, 85, 94},
                                     {SB_FOR_FRIEND, SB_FOR_INVOICE, SB_FOR_SUPPLIER, SB_FOR_IMPORT,
                                      SB_FOR_EXPORT, SB_FOR_REFUND, SB_FOR_INCOMING, SB_FOR_SAVING,
                                      SB_FOR_UNSAVING}};
static const sb_mixture links = {
    {38, 48, 72, 78, 96, 100, 100, 100},
    {SB_FOR_CARD, SB_FOR_BILL, SB_FOR_FRIEND, SB_FOR_INVOICE, SB_FOR_SUPPLIER, SB_FOR_REFUND}};

const sb_mixture *sb_mixture_of(const sb_stream *stream)
{
    return stream->kind == SB_STREAM_RETAIL     ? &retail
           : stream->kind == SB_STREAM_TRANSFER ? &transfers
                                                : &links;
}

const sb_habit sb_habits[SB_PURPOSE_COUNT] = {
    [SB_FOR_CARD] = {22, 12},   [SB_FOR_BILL] = {80, 6},     [SB_FOR_FRIEND] = {90, 5},
    [SB_FOR_INVOICE] = {25, 6}, [SB_FOR_SUPPLIER] = {50, 8}, [SB_FOR_REFUND] = {0, 0},
    [SB_FOR_SAVING] = {85, 3},  [SB_FOR_UNSAVING] = {85, 3},
};

static inline uint16_t choose_payee(sb_maker *maker, const sb_stream *stream, const rolled *dice,
                                    const sb_flow *flow)
{
    sb_side *side = flow->to_peer ? stream->peer : stream->home;
    uint16_t avoid = stream->kind == SB_STREAM_LINK ? (uint16_t)SB_OUTSIDE : flow->from;
    bool bill = flow->purpose == SB_FOR_BILL;
    sb_key key = dice->key;
    uint64_t draw = dice->to;
    if (sb_is_habit(flow->purpose, dice->habit)) {
        key = sb_habit_key(stream, dice->habit, flow->purpose, flow->from, flow->from_peer);
        draw = sb_draw(key, DRAW_TO);
    }
    return bill || flow->purpose == SB_FOR_CARD
               ? pick_shop(maker, side, bill, key, draw, flow->time, avoid)
               : pick(maker, side, sb_recipes[flow->purpose].to, key, DRAW_TO, draw, flow->time,
                      avoid);
}

static inline void choose_ends(sb_maker *maker, const sb_stream *stream, const rolled *dice,
                               sb_flow *flow)
{
    const sb_recipe *how = &sb_recipes[flow->purpose];
    bool link = stream->kind == SB_STREAM_LINK;
    flow->from_peer = link && sb_peer_pays(stream, flow->purpose, dice->outside);
    flow->to_peer = link && !flow->from_peer;
    flow->from = SB_OUTSIDE;
    flow->to = SB_OUTSIDE;
    if (!how->from_outside)
        flow->from = pick(maker, flow->from_peer ? stream->peer : stream->home, how->from,
                          dice->key, DRAW_FROM, dice->from, flow->time, SB_OUTSIDE);
    if (!how->to_outside)
        flow->to = choose_payee(maker, stream, dice, flow);
    if (!link && flow->from == flow->to) /* only where the cell has no second open account */
        flow->to = SB_OUTSIDE;
}

static inline void choose_amount(sb_maker *maker, const sb_stream *stream, const ends *of,
                                 uint64_t draw, sb_flow *flow)
{
    const sb_core *core = of->from != NULL ? of->from : of->to;
    if (core == NULL) /* both outside: no recipe has that */
        return;
    if (flow->purpose == SB_FOR_CARD || flow->purpose == SB_FOR_CARD_ABROAD) {
        uint16_t mcc = of->to != NULL
                           ? of->to->mcc
                           : sb_maker_merchant_mcc(maker, stream->home->home.locale, flow->outside);
        flow->amount = draw_card_amount(maker, mcc, core->currency, core, draw);
    } else {
        flow->amount =
            draw_amount(maker, &prices[flow->purpose], core->currency, core->affluence, draw);
    }
}

/* Said to the compiler: these fit. */
enum {
    PURPOSE_BITS = 31,
    STATUS_BITS = 3,
    OUTSIDE_BITS = SB_OUTSIDE_MERCHANTS - 1,
    K_BITS = 131071
};

static inline uint32_t outside_number(uint64_t draw)
{
    return (uint32_t)sb_below(draw, SB_OUTSIDE_MERCHANTS) & OUTSIDE_BITS;
}

/* What and when. */
static inline void draw_what(sb_maker *maker, const sb_stream *stream, const rolled *dice,
                             sb_flow *flow)
{
    bool is_retail = stream->kind == SB_STREAM_RETAIL;
    /* Of links, half of the moments follow shops and half offices. */
    bool shop_hours = is_retail || (stream->kind == SB_STREAM_LINK && (dice->status & 1) != 0);
    flow->purpose =
        (uint32_t)sb_draw_purpose(sb_mixture_of(stream), dice->what << 32) & PURPOSE_BITS;
    flow->time = sb_calendar_moment(
        maker->world->calendar, shop_hours ? SB_CALENDAR_RETAIL : SB_CALENDAR_BUSINESS,
        stream->home->home.clock, sb_position(flow->k, (uint32_t)(dice->what >> 32), stream->step));
    flow->status = (uint32_t)draw_status(dice->status) & STATUS_BITS;
    flow->outside = outside_number(dice->outside) & OUTSIDE_BITS;
}

/* All but the money. */
static inline void begin_drawn(sb_maker *maker, const sb_stream *stream, const rolled *dice,
                               sb_flow *flow)
{
    draw_what(maker, stream, dice, flow);
    choose_ends(maker, stream, dice, flow);
}

static inline void finish_drawn(sb_maker *maker, const sb_stream *stream, const rolled *dice,
                                sb_flow *flow)
{
    ends of = ends_of(maker, stream, flow);
    choose_amount(maker, stream, &of, dice->amount, flow);
    settle(maker, &of, dice->status, flow);
}

/* Initial deposits and payouts: the amount is the ledger's, once it is known. */
static void make_derived(sb_maker *maker, const sb_stream *stream, sb_key key, sb_flow *flow)
{
    const sb_layout *layout = &stream->home->layout;
    bool opened = stream->kind == SB_STREAM_OPENED;
    uint64_t local =
        sb_permute_inverse(&layout->life, opened ? flow->k : layout->opened_inside + flow->k);
    uint16_t role = (uint16_t)sb_permute(&layout->role, local);
    const sb_core *core = sb_side_core(maker, stream->home, role);
    flow->purpose = opened ? SB_FOR_OPENING & PURPOSE_BITS : SB_FOR_PAYOUT & PURPOSE_BITS;
    flow->time = opened ? core->open_ms : core->close_ms;
    flow->from = opened ? SB_OUTSIDE : role;
    flow->to = opened ? role : SB_OUTSIDE;
    flow->outside = outside_number(sb_draw(key, DRAW_OUTSIDE)) & OUTSIDE_BITS;
}

static inline void begin_flow(uint32_t k, sb_flow *out)
{
    *out = (sb_flow){.k = k & K_BITS, .status = SB_TX_STATUS_COMPLETED};
}

static inline void make_drawn(sb_maker *maker, const sb_stream *stream, const rolled *dice,
                              uint32_t k, sb_flow *out)
{
    begin_flow(k, out);
    begin_drawn(maker, stream, dice, out);
    finish_drawn(maker, stream, dice, out);
}

void sb_flow_make(sb_maker *maker, const sb_stream *stream, uint32_t k, sb_flow *out)
{
    sb_key key = sb_flow_key(stream, k);
    if (stream->kind == SB_STREAM_OPENED || stream->kind == SB_STREAM_CLOSED) {
        begin_flow(k, out);
        make_derived(maker, stream, key, out);
    } else {
        rolled dice = roll(key);
        make_drawn(maker, stream, &dice, k, out);
    }
}

/* The dice of a block of flows, each die for all of them. */
typedef struct rolled_block {
    sb_keys keys;
    uint64_t what[SB_LANES], amount[SB_LANES], status[SB_LANES], outside[SB_LANES], habit[SB_LANES],
        from[SB_LANES], to[SB_LANES];
} rolled_block;

static void roll_block(const sb_lanes *lanes, const sb_keys *streams, uint32_t first,
                       rolled_block *out)
{
    uint64_t indices[SB_LANES];
    for (uint32_t i = 0; i < SB_LANES; i++)
        indices[i] = first + i;
    lanes->row_keys(streams, indices, &out->keys);
    lanes->draws(&out->keys, DRAW_WHAT, out->what);
    lanes->draws(&out->keys, DRAW_AMOUNT, out->amount);
    lanes->draws(&out->keys, DRAW_STATUS, out->status);
    lanes->draws(&out->keys, DRAW_OUTSIDE, out->outside);
    lanes->draws(&out->keys, DRAW_HABIT, out->habit);
    lanes->draws(&out->keys, DRAW_FROM, out->from);
    lanes->draws(&out->keys, DRAW_TO, out->to);
}

static rolled dice_at(const rolled_block *block, uint32_t lane)
{
    return (rolled){.key = sb_keys_at(&block->keys, lane),
                    .what = block->what[lane],
                    .amount = block->amount[lane],
                    .status = block->status[lane],
                    .outside = block->outside[lane],
                    .habit = block->habit[lane],
                    .from = block->from[lane],
                    .to = block->to[lane]};
}

/* Flows that are made together. */
enum { BATCH_BLOCKS = 4, BATCH = BATCH_BLOCKS * SB_LANES };

/* Puts the flows of a batch in an order in which those of one purpose, and within it those by
 * habit, stand together. */
static void sort_by_manner(const sb_flow *flows, const rolled_block *blocks, uint32_t count,
                           uint8_t order[BATCH])
{
    uint8_t manners[BATCH], places[2 * SB_PURPOSE_COUNT + 1] = {0};
    for (uint32_t i = 0; i < count; i++) {
        uint64_t habit = blocks[i / SB_LANES].habit[i % SB_LANES];
        manners[i] = (uint8_t)(flows[i].purpose * 2u + sb_is_habit(flows[i].purpose, habit));
        places[manners[i] + 1]++;
    }
    for (uint32_t manner = 0; manner < 2 * SB_PURPOSE_COUNT; manner++)
        places[manner + 1] = (uint8_t)(places[manner + 1] + places[manner]);
    for (uint32_t i = 0; i < count; i++)
        order[places[manners[i]]++] = (uint8_t)i;
}

/* First what each flow is, then, purpose by purpose, between whom and how much: what one purpose
 * needs is guessed right all through its run. */
static void make_batch(sb_maker *maker, const sb_stream *stream, const rolled_block *blocks,
                       uint32_t first, uint32_t count, sb_flow *out)
{
    uint8_t order[BATCH];
    for (uint32_t i = 0; i < count; i++) {
        rolled dice = dice_at(&blocks[i / SB_LANES], i % SB_LANES);
        begin_flow(first + i, &out[i]);
        draw_what(maker, stream, &dice, &out[i]);
    }
    sort_by_manner(out, blocks, count, order);
    for (uint32_t nth = 0; nth < count; nth++) {
        uint32_t i = order[nth];
        rolled dice = dice_at(&blocks[i / SB_LANES], i % SB_LANES);
        choose_ends(maker, stream, &dice, &out[i]);
        finish_drawn(maker, stream, &dice, &out[i]);
    }
}

void sb_flows_make(sb_maker *maker, const sb_stream *stream, uint32_t begin, uint32_t end,
                   sb_flow *out)
{
    rolled_block blocks[BATCH_BLOCKS];
    sb_keys streams;
    if (stream->kind == SB_STREAM_OPENED || stream->kind == SB_STREAM_CLOSED) {
        for (uint32_t k = begin; k < end; k++)
            sb_flow_make(maker, stream, k, &out[k - begin]);
        return;
    }
    sb_keys_repeat(stream->key, &streams);
    for (uint32_t first = begin; first < end; first += BATCH) {
        uint32_t count = end - first < BATCH ? end - first : BATCH;
        for (uint32_t b = 0; b * SB_LANES < count; b++)
            roll_block(maker->lanes, &streams, first + b * SB_LANES, &blocks[b]);
        make_batch(maker, stream, blocks, first, count, &out[first - begin]);
    }
}

/* ---- regular payments ----------------------------------------------------------------------- */

void sb_flow_regular(sb_maker *maker, const sb_stream *stream, const sb_regular *regular,
                     uint32_t k, sb_flow *out)
{
    begin_flow(k, out);
    out->time = regular->time;
    out->amount = regular->amount;
    out->from = regular->from;
    out->to = regular->to;
    out->outside = (uint32_t)regular->outside & OUTSIDE_BITS;
    out->purpose = (uint32_t)regular->purpose & PURPOSE_BITS;
    ends of = ends_of(maker, stream, out);
    settle(maker, &of, 1, out);
}
