#include "engine/flow.h"

#include <string.h>

#include "engine/distributions.h"
#include "engine/rates.h"

/* Draw numbers of a flow. */
enum { DRAW_WHAT, DRAW_AMOUNT, DRAW_STATUS, DRAW_OUTSIDE, DRAW_HABIT, DRAW_FROM = 8, DRAW_TO = 16 };

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

static sb_status no_room(sb_error *err)
{
    return sb_fail(err, SB_ENOMEM, "the arena is too small for the accounts of a cell");
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
    out->cores = sb_arena_take(maker->arena, out->layout.account_count * sizeof *out->cores);
    if (out->cores == NULL)
        return no_room(err);
    for (uint32_t role = 0; role < out->layout.account_count; role++)
        out->cores[role].made = false;
    uint32_t companies_end = out->layout.company_accounts,
             spend_end = sb_layout_spend_end(&out->layout);
    set_crowd(maker, out, SB_CROWD_SELLERS, 0, companies_end);
    set_crowd(maker, out, SB_CROWD_BUYERS, 0, companies_end);
    set_crowd(maker, out, SB_CROWD_SPENDERS, companies_end, spend_end);
    set_crowd(maker, out, SB_CROWD_FRIENDS, companies_end, spend_end);
    set_crowd(maker, out, SB_CROWD_KEEPERS, spend_end, out->layout.account_count);
    size_t stalls_bytes = out->crowds[SB_CROWD_SELLERS].ranking->count * sizeof *out->stalls;
    out->stalls = sb_arena_take(maker->arena, stalls_bytes);
    if (out->stalls == NULL)
        return no_room(err);
    memset(out->stalls, 0, stalls_bytes);
    return SB_OK;
}

/* ---- choosing ends -------------------------------------------------------------------------- */

static bool alive(const sb_core *core, int64_t time)
{
    return time > core->open_ms && time < core->close_ms;
}

/* One of the accounts that are open all through the period, known by arithmetic. */
static uint32_t always_open(const sb_layout *layout, uint64_t draw, uint32_t avoid)
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

/* sb_alias_draw() without its branch, which is guessed wrong one time in three. */
static inline uint32_t draw_rank(const sb_alias *ranking, uint64_t draw)
{
    sb_u128 product = (sb_u128)draw * ranking->count;
    uint32_t slot = (uint32_t)(product >> 64), other = ranking->other[slot];
    uint32_t keep = (uint32_t) - ((uint32_t)((uint64_t)product >> 32) < ranking->threshold[slot]);
    return other ^ ((slot ^ other) & keep);
}

/* The role of an account of the crowd that is open at the time: up to four tries by rank, then one
 * that always is. `avoid` is a role that may not be taken, or SB_OUTSIDE. */
static inline uint16_t pick(sb_maker *maker, sb_side *side, sb_crowd which, sb_key key,
                            uint32_t first_draw, int64_t time, uint16_t avoid)
{
    for (uint32_t nth = 0; nth < 4; nth++) {
        uint64_t draw = sb_draw(key, first_draw + nth);
        uint32_t role = side->crowds[which].begin + draw_rank(side->crowds[which].ranking, draw);
        if (role != avoid && alive(sb_side_core(maker, side, role), time))
            return (uint16_t)role;
    }
    return (uint16_t)always_open(&side->layout, sb_draw(key, first_draw + 4), avoid);
}

/* The same among sellers for somebody with a card, or a bill to pay: fourteen tries by rank, and
 * where those are firms with other customers or other bills, six among all of them. Sellers are the
 * roles from 0 on. */
enum { KNOWN_SHOPS = 14, SHOP_TRIES = 20 };

static void know_stall(sb_maker *maker, sb_side *side, uint32_t role)
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
        know_stall(maker, side, role);
    if ((uint8_t)(draw * 0x9E3779B97F4A7C15u >> 56) > stall->appeal[bill] || role == avoid)
        return false;
    return stall->is_always_open || alive(sb_side_core(maker, side, role), time);
}

static inline uint32_t nth_seller(const sb_alias *ranking, uint32_t nth, uint64_t draw)
{
    return nth < KNOWN_SHOPS ? draw_rank(ranking, draw) : (uint32_t)sb_below(draw, ranking->count);
}

/* Where none suits: the first of those that were open. */
static uint16_t pick_any_shop(sb_maker *maker, sb_side *side, sb_key key, int64_t time,
                              uint16_t avoid)
{
    const sb_alias *ranking = side->crowds[SB_CROWD_SELLERS].ranking;
    for (uint32_t nth = 0; nth < SHOP_TRIES; nth++) {
        uint32_t role = nth_seller(ranking, nth, sb_draw(key, DRAW_TO + nth));
        if (role != avoid && alive(sb_side_core(maker, side, role), time))
            return (uint16_t)role;
    }
    return (uint16_t)always_open(&side->layout, sb_draw(key, DRAW_TO + SHOP_TRIES), avoid);
}

static inline uint16_t pick_shop(sb_maker *maker, sb_side *side, bool bill, sb_key key,
                                 int64_t time, uint16_t avoid)
{
    const sb_alias *ranking = side->crowds[SB_CROWD_SELLERS].ranking;
    for (uint32_t nth = 0; nth < SHOP_TRIES; nth++) {
        uint64_t draw = sb_draw(key, DRAW_TO + nth);
        uint32_t role = nth_seller(ranking, nth, draw);
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

/* Where the ends of a purpose come from. `outside` ends are beyond the border. */
typedef struct recipe {
    sb_crowd from, to;
    bool from_outside, to_outside;
} recipe;

static const recipe recipes[SB_PURPOSE_COUNT] = {
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

/* Purposes by share. Found by counting the bounds that a draw of 0 .. 99 has reached, all of them,
 * since a search would be guessed wrong; bounds that are not needed are 100. */
enum { BOUNDS = sizeof(uint64_t) };
typedef struct mixture {
    uint8_t bounds[BOUNDS];
    uint8_t purposes[BOUNDS + 1];
} mixture;

static const mixture retail = {
    {49, 68, 77, 81, 100, 100, 100, 100},
    {SB_FOR_CARD, SB_FOR_CARD_ABROAD, SB_FOR_CASH_OUT, SB_FOR_CASH_IN, SB_FOR_BILL}};
static const mixture transfers = {{38, 48, 68, 71, 75, 81, 85, 94},
                                  {SB_FOR_FRIEND, SB_FOR_INVOICE, SB_FOR_SUPPLIER, SB_FOR_IMPORT,
                                   SB_FOR_EXPORT, SB_FOR_REFUND, SB_FOR_INCOMING, SB_FOR_SAVING,
                                   SB_FOR_UNSAVING}};
static const mixture links = {
    {38, 48, 72, 78, 96, 100, 100, 100},
    {SB_FOR_CARD, SB_FOR_BILL, SB_FOR_FRIEND, SB_FOR_INVOICE, SB_FOR_SUPPLIER, SB_FOR_REFUND}};

static uint8_t draw_purpose(const mixture *of, uint64_t draw)
{
    /* Eight comparisons in one subtraction: in each byte of a word 128 + share - bound, whose
     * highest bit says whether the bound is reached; the product adds the eight bits up. */
    const uint64_t ones = 0x0101010101010101u;
    uint64_t bounds, reached;
    memcpy(&bounds, of->bounds, sizeof bounds);
    reached = ((sb_below(draw, 100) * ones | ones << 7) - bounds) >> 7 & ones;
    return of->purposes[reached * ones >> 56];
}

/* Which end of a link pays. On chords either; what a hub sells, its satellites buy four times in
 * five, and it pays their people four times in five. */
static bool peer_pays(const sb_stream *stream, uint8_t purpose, uint64_t draw)
{
    bool to_hub = stream->first_index >= SB_CHORDS * stream->home->layout.link_rows;
    if (!to_hub)
        return (draw & 1) != 0;
    bool hub_sells = purpose == SB_FOR_CARD || purpose == SB_FOR_BILL ||
                     purpose == SB_FOR_INVOICE || purpose == SB_FOR_SUPPLIER;
    bool unusual = sb_below(draw, 5) == 0;
    return hub_sells ? unusual : purpose == SB_FOR_REFUND ? !unusual : (draw & 1) != 0;
}

/* People and firms pay the same ones again and again: so many payments of a hundred go to one of
 * the few that the payer is used to, the first of them more often. */
static const struct {
    uint8_t percent, circle;
} habits[SB_PURPOSE_COUNT] = {
    [SB_FOR_CARD] = {22, 12},   [SB_FOR_BILL] = {80, 6},     [SB_FOR_FRIEND] = {90, 5},
    [SB_FOR_INVOICE] = {25, 6}, [SB_FOR_SUPPLIER] = {50, 8}, [SB_FOR_REFUND] = {0, 0},
    [SB_FOR_SAVING] = {85, 3},  [SB_FOR_UNSAVING] = {85, 3},
};

static bool is_habit(uint8_t purpose, sb_key key)
{
    return sb_below(sb_draw(key, DRAW_HABIT), 100) < habits[purpose].percent;
}

/* What the payee is drawn with: the flow's own key, or, by habit, one that the payer's flows share.
 */
static sb_key payee_key(const sb_stream *stream, sb_key key, uint8_t purpose, uint16_t from,
                        bool from_peer)
{
    if (!is_habit(purpose, key))
        return key;
    uint64_t draw = sb_draw(key, DRAW_HABIT) << 20, circle = habits[purpose].circle;
    uint64_t a = sb_below(draw, circle), b = sb_below(draw << 20, circle);
    uint64_t whom = (uint64_t)from << 16 | (uint64_t)from_peer << 12 | (uint64_t)purpose << 4;
    return (sb_key){stream->key.low ^ (whom + (a < b ? a : b)) * 0xD6E8FEB86659FD93u,
                    stream->key.high + 1};
}

static inline void choose_ends(sb_maker *maker, const sb_stream *stream, sb_key key, sb_flow *flow)
{
    const recipe *how = &recipes[flow->purpose];
    bool link = stream->kind == SB_STREAM_LINK;
    flow->from_peer = link && peer_pays(stream, flow->purpose, sb_draw(key, DRAW_OUTSIDE));
    flow->to_peer = link && !flow->from_peer;
    flow->from = SB_OUTSIDE;
    flow->to = SB_OUTSIDE;
    if (!how->from_outside)
        flow->from = pick(maker, flow->from_peer ? stream->peer : stream->home, how->from, key,
                          DRAW_FROM, flow->time, SB_OUTSIDE);
    if (!how->to_outside) {
        sb_side *side = flow->to_peer ? stream->peer : stream->home;
        sb_key with = payee_key(stream, key, flow->purpose, flow->from, flow->from_peer);
        uint16_t avoid = link ? (uint16_t)SB_OUTSIDE : flow->from;
        bool bill = flow->purpose == SB_FOR_BILL;
        flow->to = bill || flow->purpose == SB_FOR_CARD
                       ? pick_shop(maker, side, bill, with, flow->time, avoid)
                       : pick(maker, side, how->to, with, DRAW_TO, flow->time, avoid);
    }
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
        uint16_t mcc =
            of->to != NULL
                ? of->to->mcc
                : sb_maker_merchant(maker, stream->home->home.locale, flow->outside)->mcc;
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

static inline uint32_t draw_outside_number(sb_key key)
{
    return (uint32_t)sb_below(sb_draw(key, DRAW_OUTSIDE), SB_OUTSIDE_MERCHANTS);
}

/* What and when. */
static inline void draw_what(sb_maker *maker, const sb_stream *stream, sb_key key, sb_flow *flow)
{
    uint64_t what = sb_draw(key, DRAW_WHAT), status = sb_draw(key, DRAW_STATUS);
    bool is_retail = stream->kind == SB_STREAM_RETAIL;
    const mixture *from = is_retail                            ? &retail
                          : stream->kind == SB_STREAM_TRANSFER ? &transfers
                                                               : &links;
    /* Of links, half of the moments follow shops and half offices. */
    bool shop_hours = is_retail || (stream->kind == SB_STREAM_LINK && (status & 1) != 0);
    flow->purpose = (uint32_t)draw_purpose(from, what << 32) & PURPOSE_BITS;
    flow->time = sb_calendar_moment(
        maker->world->calendar, shop_hours ? SB_CALENDAR_RETAIL : SB_CALENDAR_BUSINESS,
        stream->home->home.clock, sb_position(flow->k, (uint32_t)(what >> 32), stream->step));
    flow->status = (uint32_t)draw_status(status) & STATUS_BITS;
    flow->outside = draw_outside_number(key) & OUTSIDE_BITS;
}

/* All but the money. */
static void begin_drawn(sb_maker *maker, const sb_stream *stream, sb_key key, sb_flow *flow)
{
    draw_what(maker, stream, key, flow);
    choose_ends(maker, stream, key, flow);
}

static void finish_drawn(sb_maker *maker, const sb_stream *stream, sb_key key, sb_flow *flow)
{
    ends of = ends_of(maker, stream, flow);
    choose_amount(maker, stream, &of, sb_draw(key, DRAW_AMOUNT), flow);
    settle(maker, &of, sb_draw(key, DRAW_STATUS), flow);
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
    flow->outside = draw_outside_number(key) & OUTSIDE_BITS;
}

static inline void begin_flow(uint32_t k, sb_flow *out)
{
    *out = (sb_flow){.k = k & K_BITS, .status = SB_TX_STATUS_COMPLETED};
}

static inline void make_drawn(sb_maker *maker, const sb_stream *stream, sb_key key, uint32_t k,
                              sb_flow *out)
{
    begin_flow(k, out);
    begin_drawn(maker, stream, key, out);
    finish_drawn(maker, stream, key, out);
}

void sb_flow_make(sb_maker *maker, const sb_stream *stream, uint32_t k, sb_flow *out)
{
    sb_key key = sb_flow_key(stream, k);
    if (stream->kind == SB_STREAM_OPENED || stream->kind == SB_STREAM_CLOSED) {
        begin_flow(k, out);
        make_derived(maker, stream, key, out);
    } else {
        make_drawn(maker, stream, key, k, out);
    }
}

/* Keys some at a time: each is a long chain of multiplications, and a processor works on several of
 * them if nothing stands between. */
void sb_flows_make(sb_maker *maker, const sb_stream *stream, sb_flow *out)
{
    enum { KEYS = 32 };
    sb_key keys[KEYS];
    if (stream->kind == SB_STREAM_OPENED || stream->kind == SB_STREAM_CLOSED) {
        for (uint32_t k = 0; k < stream->count; k++)
            sb_flow_make(maker, stream, k, &out[k]);
        return;
    }
    for (uint32_t first = 0; first < stream->count; first += KEYS) {
        uint32_t count = stream->count - first < KEYS ? stream->count - first : KEYS;
        for (uint32_t i = 0; i < count; i++)
            keys[i] = sb_flow_key(stream, first + i);
        for (uint32_t i = 0; i < count; i++)
            make_drawn(maker, stream, keys[i], first + i, &out[first + i]);
    }
}

/* ---- flows of some accounts alone ----------------------------------------------------------- */

sb_status sb_watch_make(sb_maker *maker, sb_side *side, const uint16_t *roles, uint32_t count,
                        sb_watch *out, sb_error *err)
{
    uint32_t accounts = side->layout.account_count;
    uint8_t *watched = sb_arena_take(maker->arena, accounts);
    if (watched == NULL)
        return no_room(err);
    *out = (sb_watch){.side = side, .watched = watched};
    memset(watched, 0, accounts);
    for (uint32_t i = 0; i < count; i++) {
        watched[roles[i]] = 1;
        for (int crowd = 0; crowd < SB_CROWD_COUNT; crowd++) {
            uint32_t begin = side->crowds[crowd].begin;
            out->in_crowd[crowd] =
                out->in_crowd[crowd] ||
                (roles[i] >= begin && roles[i] - begin < side->crowds[crowd].ranking->count);
        }
    }
    return SB_OK;
}

/* A flow whose ends are looked at before the rest of it is made. Its moment matters only where an
 * account that was drawn is not open all through the period, so it is drawn then. */
typedef struct glance {
    sb_maker *maker;
    const sb_stream *stream;
    sb_key key;
    sb_flow *flow;
    bool has_time;
} glance;

static bool open_then(glance *at, sb_side *side, uint32_t role)
{
    const sb_core *core = sb_side_core(at->maker, side, role);
    if (core->life == SB_ALWAYS_OPEN)
        return true;
    if (!at->has_time)
        draw_what(at->maker, at->stream, at->key, at->flow);
    at->has_time = true;
    return alive(core, at->flow->time);
}

/* What pick() picks. With `any`, where nobody of the crowd is looked for, SB_OUTSIDE stands for all
 * of them. */
static uint16_t glance_pick(glance *at, sb_side *side, sb_crowd which, sb_key key,
                            uint32_t first_draw, uint16_t avoid, bool any)
{
    for (uint32_t nth = 0; nth < 4; nth++) {
        uint64_t draw = sb_draw(key, first_draw + nth);
        uint32_t role = side->crowds[which].begin + draw_rank(side->crowds[which].ranking, draw);
        if (role != avoid && open_then(at, side, role))
            return any ? (uint16_t)SB_OUTSIDE : (uint16_t)role;
    }
    return (uint16_t)always_open(&side->layout, sb_draw(key, first_draw + 4), avoid);
}

/* What pick_shop() picks, likewise. */
static uint16_t glance_shop(glance *at, sb_side *side, bool bill, sb_key key, uint16_t avoid,
                            bool any)
{
    const sb_alias *ranking = side->crowds[SB_CROWD_SELLERS].ranking;
    uint16_t last = SB_OUTSIDE;
    for (uint32_t nth = 0; nth < SHOP_TRIES; nth++) {
        uint64_t draw = sb_draw(key, DRAW_TO + nth);
        uint32_t role = nth_seller(ranking, nth, draw);
        sb_stall *stall = &side->stalls[role];
        if (!stall->known)
            know_stall(at->maker, side, role);
        if (role == avoid || !(stall->is_always_open || open_then(at, side, role)))
            continue;
        if (any)
            return SB_OUTSIDE;
        last = last == SB_OUTSIDE ? (uint16_t)role : last;
        if ((uint8_t)(draw * 0x9E3779B97F4A7C15u >> 56) <= stall->appeal[bill])
            return (uint16_t)role;
    }
    return last != SB_OUTSIDE
               ? last
               : (uint16_t)always_open(&side->layout, sb_draw(key, DRAW_TO + SHOP_TRIES), avoid);
}

/* Whether a watched account is at one of the ends of a flow. Nine in ten flows are of others, so
 * nothing is drawn that the answer does not need: not the moment, not the money, and of the end in
 * a cell that nobody asked about only what the other depends on. */
static bool touches(glance *at, const sb_watch *watch)
{
    const sb_stream *stream = at->stream;
    bool link = stream->kind == SB_STREAM_LINK, is_peer = link && stream->peer == watch->side;
    const mixture *from_mixture = stream->kind == SB_STREAM_RETAIL     ? &retail
                                  : stream->kind == SB_STREAM_TRANSFER ? &transfers
                                                                       : &links;
    uint8_t purpose = draw_purpose(from_mixture, sb_draw(at->key, DRAW_WHAT) << 32);
    const recipe *how = &recipes[purpose];
    bool from_peer = link && peer_pays(stream, purpose, sb_draw(at->key, DRAW_OUTSIDE));
    bool pays = !how->from_outside && (!link || from_peer == is_peer);
    bool is_paid = !how->to_outside && (!link || from_peer != is_peer);
    bool shop = purpose == SB_FOR_CARD || purpose == SB_FOR_BILL;
    bool payer_matters = is_paid && (!link || is_habit(purpose, at->key));
    uint16_t from = SB_OUTSIDE, to;
    if (pays || (payer_matters && !how->from_outside))
        from = glance_pick(at, from_peer ? stream->peer : stream->home, how->from, at->key,
                           DRAW_FROM, SB_OUTSIDE, false);
    if (pays && watch->watched[from])
        return true;
    if (!is_paid)
        return false;
    sb_side *side = from_peer || !link ? stream->home : stream->peer;
    sb_key with = payee_key(stream, at->key, purpose, from, from_peer);
    uint16_t avoid = link ? (uint16_t)SB_OUTSIDE : from;
    bool any = !watch->in_crowd[how->to];
    to = shop ? glance_shop(at, side, purpose == SB_FOR_BILL, with, avoid, any)
              : glance_pick(at, side, how->to, with, DRAW_TO, avoid, any);
    return to != SB_OUTSIDE && watch->watched[to];
}

static bool is_watched(const sb_watch *watch, const sb_side *side, uint16_t role)
{
    return role != SB_OUTSIDE && side == watch->side && watch->watched[role];
}

bool sb_flow_make_of(sb_maker *maker, const sb_stream *stream, uint32_t k, const sb_watch *watch,
                     sb_flow *out)
{
    sb_key key = sb_flow_key(stream, k);
    bool derived = stream->kind == SB_STREAM_OPENED || stream->kind == SB_STREAM_CLOSED;
    glance at = {maker, stream, key, out, false};
    begin_flow(k, out);
    if (derived)
        make_derived(maker, stream, key, out);
    else if (!touches(&at, watch))
        return false;
    else
        begin_drawn(maker, stream, key, out);
    if (!is_watched(watch, out->from_peer ? stream->peer : stream->home, out->from) &&
        !is_watched(watch, out->to_peer ? stream->peer : stream->home, out->to))
        return false;
    if (!derived)
        finish_drawn(maker, stream, key, out);
    return true;
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
