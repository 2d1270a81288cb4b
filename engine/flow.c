#include "engine/flow.h"

#include <string.h>

#include "engine/distributions.h"
#include "engine/rates.h"

/* Draw numbers of a flow. */
enum { DRAW_WHAT, DRAW_AMOUNT, DRAW_STATUS, DRAW_OUTSIDE, DRAW_HABIT, DRAW_FROM = 8, DRAW_TO = 16 };

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
    out->names = NULL;
    out->known = NULL;
    bool none_made = sb_arena_is_fresh(maker->arena);
    out->cores = sb_arena_take(maker->arena, out->layout.account_count * sizeof *out->cores);
    if (out->cores == NULL)
        return no_room(err);
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
    return out->stalls != NULL ? SB_OK : no_room(err);
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
 * that always is. `avoid` is a role that may not be taken, or SB_OUTSIDE; `draw` is the key's draw
 * number first_draw. */
static inline uint16_t pick(sb_maker *maker, sb_side *side, sb_crowd which, sb_key key,
                            uint32_t first_draw, uint64_t draw, int64_t time, uint16_t avoid)
{
    for (uint32_t nth = 0; nth < 4; draw = sb_draw(key, first_draw + ++nth)) {
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
                                 uint64_t draw, int64_t time, uint16_t avoid)
{
    const sb_alias *ranking = side->crowds[SB_CROWD_SELLERS].ranking;
    for (uint32_t nth = 0; nth < SHOP_TRIES; draw = sb_draw(key, DRAW_TO + ++nth)) {
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

static const mixture *mixture_of(const sb_stream *stream)
{
    return stream->kind == SB_STREAM_RETAIL     ? &retail
           : stream->kind == SB_STREAM_TRANSFER ? &transfers
                                                : &links;
}

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

static bool goes_to_hub(const sb_stream *stream)
{
    return stream->first_index >= SB_CHORDS * stream->home->layout.link_rows;
}

static bool hub_sells(uint8_t purpose)
{
    return purpose == SB_FOR_CARD || purpose == SB_FOR_BILL || purpose == SB_FOR_INVOICE ||
           purpose == SB_FOR_SUPPLIER;
}

/* Which end of a link pays. On chords either; what a hub sells, its satellites buy four times in
 * five, and it pays their people four times in five. */
static bool peer_pays(const sb_stream *stream, uint8_t purpose, uint64_t draw)
{
    if (!goes_to_hub(stream))
        return (draw & 1) != 0;
    bool unusual = sb_below(draw, 5) == 0;
    return hub_sells(purpose) ? unusual : purpose == SB_FOR_REFUND ? !unusual : (draw & 1) != 0;
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

static bool is_habit(uint32_t purpose, uint64_t habit)
{
    return sb_below(habit, 100) < habits[purpose].percent;
}

/* What the payee is drawn with by habit: a key that the payer's flows share. */
static inline sb_key habit_key(const sb_stream *stream, uint64_t habit, uint32_t purpose,
                               uint32_t from, bool from_peer)
{
    uint64_t draw = habit << 20, circle = habits[purpose].circle;
    uint64_t a = sb_below(draw, circle), b = sb_below(draw << 20, circle);
    uint64_t whom = (uint64_t)from << 16 | (uint64_t)from_peer << 12 | (uint64_t)purpose << 4;
    return (sb_key){stream->key.low ^ (whom + (a < b ? a : b)) * 0xD6E8FEB86659FD93u,
                    stream->key.high + 1};
}

static inline uint16_t choose_payee(sb_maker *maker, const sb_stream *stream, const rolled *dice,
                                    const sb_flow *flow)
{
    sb_side *side = flow->to_peer ? stream->peer : stream->home;
    uint16_t avoid = stream->kind == SB_STREAM_LINK ? (uint16_t)SB_OUTSIDE : flow->from;
    bool bill = flow->purpose == SB_FOR_BILL;
    sb_key key = dice->key;
    uint64_t draw = dice->to;
    if (is_habit(flow->purpose, dice->habit)) {
        key = habit_key(stream, dice->habit, flow->purpose, flow->from, flow->from_peer);
        draw = sb_draw(key, DRAW_TO);
    }
    return bill || flow->purpose == SB_FOR_CARD
               ? pick_shop(maker, side, bill, key, draw, flow->time, avoid)
               : pick(maker, side, recipes[flow->purpose].to, key, DRAW_TO, draw, flow->time,
                      avoid);
}

static inline void choose_ends(sb_maker *maker, const sb_stream *stream, const rolled *dice,
                               sb_flow *flow)
{
    const recipe *how = &recipes[flow->purpose];
    bool link = stream->kind == SB_STREAM_LINK;
    flow->from_peer = link && peer_pays(stream, flow->purpose, dice->outside);
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
    flow->purpose = (uint32_t)draw_purpose(mixture_of(stream), dice->what << 32) & PURPOSE_BITS;
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

static void repeat_key(sb_key key, sb_keys *out)
{
    for (uint32_t i = 0; i < SB_LANES; i++) {
        out->low[i] = key.low;
        out->high[i] = key.high;
    }
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
        manners[i] = (uint8_t)(flows[i].purpose * 2u + is_habit(flows[i].purpose, habit));
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
    repeat_key(stream->key, &streams);
    for (uint32_t first = begin; first < end; first += BATCH) {
        uint32_t count = end - first < BATCH ? end - first : BATCH;
        for (uint32_t b = 0; b * SB_LANES < count; b++)
            roll_block(maker->lanes, &streams, first + b * SB_LANES, &blocks[b]);
        make_batch(maker, stream, blocks, first, count, &out[first - begin]);
    }
}

/* ---- flows of some accounts alone ----------------------------------------------------------- */

sb_status sb_side_know(sb_maker *maker, sb_side *side, sb_error *err)
{
    const sb_layout *layout = &side->layout;
    uint32_t accounts = layout->account_count;
    uint32_t special = layout->derived_count + layout->closed_before + layout->frozen;
    uint64_t roles[SB_LANES], lives[SB_LANES];
    if (side->known != NULL)
        return SB_OK;
    side->known = sb_arena_take(maker->arena, accounts);
    if (side->known == NULL)
        return no_room(err);
    for (uint32_t first = 0; first < accounts; first += SB_LANES) {
        uint32_t left = accounts - first;
        for (uint32_t i = 0; i < SB_LANES; i++) /* beyond the last: the last once more */
            roles[i] = lives[i] = first + (i < left ? i : left - 1);
        maker->lanes->permute(&layout->role, roles);
        maker->lanes->permute(&layout->life, lives);
        for (uint32_t i = 0; i < SB_LANES; i++) /* as always_open() goes the other way */
            side->known[roles[i]] = lives[i] >= special ? 0
                                    : lives[i] >= layout->derived_count
                                        ? SB_MAY_BE_SHUT | SB_IS_SHUT
                                        : SB_MAY_BE_SHUT;
    }
    return SB_OK;
}

/* Where nobody matters: a slot without marks. */
static const uint64_t NOBODY_SLOT = (uint64_t)0xFFF << SB_SLOT_KEPT | (uint64_t)0xFFF
                                                                          << SB_SLOT_OTHER;

/* The crowd's alias table, with roles and what is known of them, as the sieve reads it. */
static void add_slots(sb_watch *watch, sb_side *side, sb_crowd which)
{
    const sb_alias *ranking = side->crowds[which].ranking;
    uint32_t begin = side->crowds[which].begin;
    side->first_slots[which] = (uint16_t)watch->slot_count;
    for (uint32_t rank = 0; rank < ranking->count; rank++) {
        uint64_t kept = begin + rank, other = begin + ranking->other[rank];
        watch->slots[watch->slot_count++] = ranking->threshold[rank] | kept << SB_SLOT_KEPT |
                                            other << SB_SLOT_OTHER |
                                            (uint64_t)side->known[kept] << SB_SLOT_KEPT_MARKS |
                                            (uint64_t)side->known[other] << SB_SLOT_OTHER_MARKS;
    }
}

/* The sellers as those see them who look for a shop. */
static sb_status list_shops(sb_maker *maker, sb_side *side, sb_watch *watch, sb_error *err)
{
    uint32_t count = side->crowds[SB_CROWD_SELLERS].ranking->count;
    watch->shops = sb_arena_take(maker->arena, count * sizeof *watch->shops);
    if (watch->shops == NULL)
        return no_room(err);
    for (uint32_t role = 0; role < count; role++) {
        const sb_stall *stall = &side->stalls[role];
        if (!stall->known)
            know_stall(maker, side, role);
        watch->shops[role] = stall->appeal[false] | (uint64_t)stall->appeal[true] << 8 |
                             (uint64_t)side->known[role] << SB_SHOP_MARKS;
    }
    return SB_OK;
}

sb_status sb_watch_make(sb_maker *maker, sb_side *side, const uint16_t *roles, uint32_t count,
                        sb_watch *out, sb_error *err)
{
    /* Room for the crowds of the side, and for those of one other that pay; sides differ by one
     * account at most. */
    uint32_t most = 1 + (SB_CROWD_COUNT + 2) * (side->layout.account_count + 1);
    *out = (sb_watch){.side = side};
    SB_TRY(sb_side_know(maker, side, err));
    out->slots = sb_arena_take(maker->arena, most * sizeof *out->slots);
    if (out->slots == NULL)
        return no_room(err);
    for (uint32_t role = 0; role < side->layout.account_count; role++)
        side->known[role] &= (uint8_t)~SB_IS_WATCHED; /* of a watch before */
    for (uint32_t i = 0; i < count; i++) {
        side->known[roles[i]] |= SB_IS_WATCHED;
        for (int crowd = 0; crowd < SB_CROWD_COUNT; crowd++) {
            uint32_t begin = side->crowds[crowd].begin;
            out->in_crowd[crowd] =
                out->in_crowd[crowd] ||
                (roles[i] >= begin && roles[i] - begin < side->crowds[crowd].ranking->count);
        }
    }
    out->slots[out->slot_count++] = NOBODY_SLOT;
    for (int crowd = 0; crowd < SB_CROWD_COUNT; crowd++)
        add_slots(out, side, (sb_crowd)crowd);
    return out->in_crowd[SB_CROWD_SELLERS] ? list_shops(maker, side, out, err) : SB_OK;
}

bool sb_is_watched(const sb_watch *watch, const sb_side *side, uint16_t role)
{
    return role != SB_OUTSIDE && side == watch->side && (side->known[role] & SB_IS_WATCHED);
}

static bool ends_are_watched(const sb_stream *stream, const sb_watch *watch, const sb_flow *flow)
{
    return sb_is_watched(watch, flow->from_peer ? stream->peer : stream->home, flow->from) ||
           sb_is_watched(watch, flow->to_peer ? stream->peer : stream->home, flow->to);
}

/* The sieve: by far the most flows are between others, and that can be seen of a whole block at
 * once, since nearly always the first account that is drawn is one that is always open, and so is
 * the end. Only where it is watched, or may be shut, or is the payer himself, the flow is worth a
 * closer look. What passes may turn out to be a stranger's; what does not is one. */
typedef struct sieve {
    sb_sieve lanes;
    const sb_stream *stream;
    const mixture *mixture;
    const sb_stall *stalls; /* where watched accounts are sellers: see is_sold_by_watched() */
} sieve;

static uint64_t hole_of(const sb_side *side, sb_crowd which, uint64_t marks, uint64_t habit_marks)
{
    if ((marks | habit_marks) == 0)
        return 1; /* the first slot */
    return side->crowds[which].ranking->count |
           (uint64_t)side->first_slots[which] << SB_SIEVE_FIRST | marks << SB_SIEVE_MARKS;
}

/* Words of the tables for flows of a purpose that the home's side pays, or the peer's. */
static void make_holes(const sb_stream *stream, const sb_watch *watch, bool by_peer,
                       uint8_t purpose, uint64_t *from, uint64_t *to)
{
    const uint64_t all = SB_IS_WATCHED | SB_MAY_BE_SHUT;
    const recipe *how = &recipes[purpose];
    bool link = stream->kind == SB_STREAM_LINK;
    const sb_side *from_side = by_peer ? stream->peer : stream->home;
    const sb_side *to_side = link && !by_peer ? stream->peer : stream->home;
    uint64_t from_marks = from_side == watch->side && !how->from_outside ? all : 0;
    uint64_t to_marks = to_side == watch->side && !how->to_outside ? all : 0;
    /* Who is paid by habit depends on who pays, wherever that is. */
    bool has_habits = habits[purpose].percent > 0 && to_marks != 0;
    uint64_t habit_marks = has_habits ? from_marks | SB_MAY_BE_SHUT : from_marks;
    *from = hole_of(from_side, how->from, from_marks, habit_marks) |
            habit_marks << SB_SIEVE_HABIT_MARKS |
            (uint64_t)habits[purpose].percent << SB_SIEVE_PERCENT;
    *to = hole_of(to_side, how->to, to_marks, 0) |
          (uint64_t)habits[purpose].circle << SB_SIEVE_CIRCLE |
          (uint64_t)purpose << SB_SIEVE_PURPOSE;
}

static void make_sieve(const sb_stream *stream, sb_watch *watch, sieve *out)
{
    bool link = stream->kind == SB_STREAM_LINK;
    sb_side *side = stream->home == watch->side ? stream->home : stream->peer;
    sb_side *other = stream->home == watch->side ? stream->peer : stream->home;
    uint32_t own_slots = watch->slot_count;
    if (link) {
        add_slots(watch, other, SB_CROWD_SPENDERS);
        add_slots(watch, other, SB_CROWD_BUYERS);
        watch->slot_count = own_slots;
    }
    const mixture *shares = mixture_of(stream);
    *out = (sieve){.lanes = {.key = stream->key,
                             .what = DRAW_WHAT,
                             .habit = DRAW_HABIT,
                             .outside = DRAW_OUTSIDE,
                             .payer = DRAW_FROM,
                             .payee = DRAW_TO,
                             .is_link = link,
                             .slots = watch->slots},
                   .stream = stream,
                   .mixture = shares};
    memcpy(&out->lanes.bounds, shares->bounds, sizeof shares->bounds);
    for (uint32_t i = 0; i <= BOUNDS; i++) {
        uint8_t purpose = shares->purposes[i];
        if (link && goes_to_hub(stream)) {
            out->lanes.peer_seldom |= (uint32_t)hub_sells(purpose) << i;
            out->lanes.peer_often |= (uint32_t)(purpose == SB_FOR_REFUND) << i;
        }
        for (uint32_t by_peer = 0; by_peer < 2; by_peer++) {
            uint32_t place = by_peer * SB_SIEVE_PURPOSES + i;
            make_holes(stream, watch, by_peer, purpose, &out->lanes.from[place],
                       &out->lanes.to[place]);
        }
    }
    if (watch->shops != NULL)
        out->stalls = side->stalls;
}

/* A flow of a block, as the sieve saw it. */
typedef struct sifted {
    sb_key key;
    uint64_t from, habit; /* draws */
    uint8_t purpose;
    bool by_peer, by_habit;
} sifted;

static sifted sifted_at(const sieve *of, const sb_sifted *block, uint32_t lane)
{
    uint64_t place = block->place[lane];
    return (sifted){.key = sb_keys_at(&block->keys, lane),
                    .from = block->from[lane],
                    .habit = block->habit[lane],
                    .purpose = of->mixture->purposes[place % SB_SIEVE_PURPOSES],
                    .by_peer = place >= SB_SIEVE_PURPOSES,
                    .by_habit = block->by_habit[lane] != 0};
}

/* Who an end may turn out to be: those who are drawn one after the other, up to the first that is
 * always open. Whether the others are open at the time is not asked, since that takes a moment and
 * cores. */
typedef struct could_be {
    uint16_t roles[5];
    uint8_t count;
    bool watched; /* one of them */
} could_be;

static void add_role(const sb_side *side, uint32_t role, could_be *out)
{
    out->roles[out->count++] = (uint16_t)role;
    out->watched = out->watched || (side->known[role] & SB_IS_WATCHED);
}

/* Of what pick() picks. */
static void guess_pick(const sb_side *side, sb_crowd which, sb_key key, uint32_t first_draw,
                       uint64_t draw, uint16_t avoid, could_be *out)
{
    for (uint32_t nth = 0; nth < 4; draw = sb_draw(key, first_draw + ++nth)) {
        uint32_t role = side->crowds[which].begin + draw_rank(side->crowds[which].ranking, draw);
        if (role == avoid || (side->known[role] & SB_IS_SHUT))
            continue;
        add_role(side, role, out);
        if (!(side->known[role] & SB_MAY_BE_SHUT))
            return;
    }
    add_role(side, always_open(&side->layout, draw, avoid), out);
}

/* Whether pick_shop() could pick a watched account. Without `stalls`, where no seller is watched,
 * it is enough that one of the sellers will do. */
static bool guess_shop(const sb_side *side, const sb_stall *stalls, bool bill, sb_key key,
                       uint64_t draw, uint16_t avoid)
{
    const sb_alias *ranking = side->crowds[SB_CROWD_SELLERS].ranking;
    bool watched_as_last = false, has_last = false; /* the first of those that were open */
    for (uint32_t nth = 0; nth < SHOP_TRIES; draw = sb_draw(key, DRAW_TO + ++nth)) {
        uint32_t role = nth_seller(ranking, nth, draw);
        uint8_t known = side->known[role];
        if (role == avoid || (known & SB_IS_SHUT))
            continue;
        bool suits = stalls == NULL ||
                     (uint8_t)(draw * 0x9E3779B97F4A7C15u >> 56) <= stalls[role].appeal[bill];
        if (suits && (known & SB_IS_WATCHED))
            return true;
        if (suits && !(known & SB_MAY_BE_SHUT))
            return false;
        watched_as_last = watched_as_last || (!has_last && (known & SB_IS_WATCHED));
        has_last = has_last || !(known & SB_MAY_BE_SHUT);
    }
    return watched_as_last ||
           (!has_last && (side->known[always_open(&side->layout, draw, avoid)] & SB_IS_WATCHED));
}

/* Whether a watched account could be paid, if `payer` pays. */
static bool could_pay_watched(const sieve *of, const sifted *flow, const sb_side *to_side,
                              uint16_t payer)
{
    bool bill = flow->purpose == SB_FOR_BILL;
    uint16_t avoid = of->lanes.is_link ? (uint16_t)SB_OUTSIDE : payer;
    sb_key key = flow->key;
    if (flow->by_habit)
        key = habit_key(of->stream, flow->habit, flow->purpose, payer, flow->by_peer);
    uint64_t draw = sb_draw(key, DRAW_TO);
    if (bill || flow->purpose == SB_FOR_CARD)
        return guess_shop(to_side, of->stalls, bill, key, draw, avoid);
    could_be payees = {.count = 0};
    guess_pick(to_side, recipes[flow->purpose].to, key, DRAW_TO, draw, avoid, &payees);
    return payees.watched;
}

/* Whether a watched account could be at one of the ends of a flow. */
static bool could_touch(const sieve *of, const sb_watch *watch, const sifted *flow)
{
    const sb_stream *stream = of->stream;
    const recipe *how = &recipes[flow->purpose];
    bool link = of->lanes.is_link;
    const sb_side *from_side = flow->by_peer ? stream->peer : stream->home;
    const sb_side *to_side = link && !flow->by_peer ? stream->peer : stream->home;
    bool is_paid = !how->to_outside && to_side == watch->side;
    /* Who pays decides on who is paid: never himself, and by habit. */
    bool matters = is_paid && (!link || flow->by_habit);
    could_be payers = {.count = 0};
    if (!how->from_outside && (from_side == watch->side || matters))
        guess_pick(from_side, how->from, flow->key, DRAW_FROM, flow->from, SB_OUTSIDE, &payers);
    else
        payers.roles[payers.count++] = SB_OUTSIDE;
    if (payers.watched || !is_paid)
        return payers.watched;
    for (uint32_t i = 0; i < payers.count; i++)
        if (could_pay_watched(of, flow, to_side, payers.roles[i]))
            return true;
    return false;
}

/* Makes the flow if a watched account takes part in it. Returns how many were made. */
static uint32_t make_watched(sb_maker *maker, const sieve *of, const sb_watch *watch,
                             const sifted *flow, uint32_t k, sb_flow *out)
{
    if (!could_touch(of, watch, flow))
        return 0;
    sb_flow_make(maker, of->stream, k, out);
    return ends_are_watched(of->stream, watch, out);
}

/* Where sellers are watched, the first shop that is drawn says little, since many are none for the
 * purpose. So those who look for a shop, and whose payer is known, and thereby the key, are
 * followed through their tries, many at a time. */
static bool seeks_shop(const sieve *of, const sb_sifted *block, uint32_t lane)
{
    const uint64_t shut = (SB_MAY_BE_SHUT | SB_IS_SHUT) << SB_SEEN_PAYEE;
    uint64_t place = block->place[lane];
    uint8_t purpose = of->mixture->purposes[place % SB_SIEVE_PURPOSES];
    bool is_paid = (of->lanes.to[place] >> SB_SIEVE_MARKS & 0xFF) != 0;
    return (block->seen[lane] & ~shut) == 0 && is_paid &&
           (purpose == SB_FOR_CARD || purpose == SB_FOR_BILL);
}

/* Who finds no shop goes to the first that was open. If that is a stranger's for sure, the flow is
 * not asked for; else it is worth a closer look. */
enum { MAY_GO_BACK = SB_SEEKER_BILL + 1 };

static void add_seekers(const sieve *of, sb_sifted *block, uint32_t first, uint32_t count,
                        sb_seekers *out)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t purpose = of->mixture->purposes[block->place[i] % SB_SIEVE_PURPOSES];
        uint64_t avoid = of->lanes.is_link ? SB_OUTSIDE : block->payer[i];
        bool seeks = seeks_shop(of, block, i);
        uint32_t at = out->count;
        out->low[at] = block->payee_keys.low[i];
        out->high[at] = block->payee_keys.high[i];
        out->who[at] = first + i + (avoid << SB_SEEKER_AVOIDS) +
                       ((uint64_t)(purpose == SB_FOR_BILL) << SB_SEEKER_BILL) +
                       ((uint64_t)(block->seen[i] != 0) << MAY_GO_BACK);
        out->found[at] = 0;
        out->count += seeks;
        block->seen[i] = seeks ? 0 : block->seen[i];
    }
}

/* The same one by one, which is faster where there are no wide lanes. Of them only those who could
 * go to a watched shop are still seen after it. */
static void follow_each(const sieve *of, const sb_watch *watch, sb_sifted *block, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!seeks_shop(of, block, i))
            continue;
        uint64_t place = block->place[i];
        bool bill = of->mixture->purposes[place % SB_SIEVE_PURPOSES] == SB_FOR_BILL;
        uint16_t avoid = of->lanes.is_link ? (uint16_t)SB_OUTSIDE : (uint16_t)block->payer[i];
        sb_key key = sb_keys_at(&block->payee_keys, i);
        uint64_t draw = sb_draw(key, DRAW_TO);
        block->seen[i] = guess_shop(watch->side, of->stalls, bill, key, draw, avoid);
    }
}

/* What the sieve works out, of one flow. */
static sifted sifted_of(const sieve *of, uint32_t k)
{
    sb_key key = sb_flow_key(of->stream, k);
    uint64_t habit = sb_draw(key, DRAW_HABIT);
    uint8_t purpose = draw_purpose(of->mixture, sb_draw(key, DRAW_WHAT) << 32);
    return (sifted){.key = key,
                    .from = sb_draw(key, DRAW_FROM),
                    .habit = habit,
                    .purpose = purpose,
                    .by_peer = of->lanes.is_link &&
                               peer_pays(of->stream, purpose, sb_draw(key, DRAW_OUTSIDE)),
                    .by_habit = is_habit(purpose, habit)};
}

static uint32_t make_found(sb_maker *maker, const sieve *of, const sb_watch *watch, uint64_t who,
                           sb_flow *out)
{
    uint32_t k = (uint32_t)who;
    sifted flow = sifted_of(of, k);
    return make_watched(maker, of, watch, &flow, k, out);
}

/* Makes the flows of those who went to a watched shop, and forgets who has found one. */
static uint32_t take_found(sb_maker *maker, const sieve *of, const sb_watch *watch, sb_seekers *all,
                           sb_flow *out)
{
    uint32_t left = 0, made = 0;
    for (uint32_t i = 0; i < all->count; i++) {
        bool found = all->found[i] != 0;
        if (all->found[i] > SB_FOUND)
            made += make_found(maker, of, watch, all->who[i], &out[made]);
        all->low[left] = all->low[i];
        all->high[left] = all->high[i];
        all->who[left] = all->who[i];
        all->found[left] = 0;
        left += !found;
    }
    all->count = left;
    return made;
}

static uint32_t look_at_shops(sb_maker *maker, const sieve *of, const sb_watch *watch,
                              sb_seekers *all, sb_flow *out)
{
    const sb_shops shops = {hole_of(watch->side, SB_CROWD_SELLERS, SB_IS_WATCHED, 0), watch->shops};
    uint32_t made = 0;
    for (uint32_t nth = 0; nth < SHOP_TRIES; nth++) {
        maker->lanes->seek(&of->lanes, &shops, nth < KNOWN_SHOPS, all);
        if (nth % 2 == 1) /* dropping those who have found one costs as much as a try */
            made += take_found(maker, of, watch, all, &out[made]);
    }
    for (uint32_t i = 0; i < all->count; i++)
        if (all->who[i] >> MAY_GO_BACK & 1)
            made += make_found(maker, of, watch, all->who[i], &out[made]);
    all->count = 0;
    return made;
}

uint32_t sb_flows_make_of(sb_maker *maker, const sb_stream *stream, sb_watch *watch, sb_flow *out)
{
    sieve of;
    sb_seekers seekers;
    uint32_t made = 0;
    if (stream->kind == SB_STREAM_OPENED || stream->kind == SB_STREAM_CLOSED) {
        for (uint32_t k = 0; k < stream->count; k++) {
            sb_flow_make(maker, stream, k, &out[made]);
            made += ends_are_watched(stream, watch, &out[made]);
        }
        return made;
    }
    make_sieve(stream, watch, &of);
    seekers.count = 0;
    for (uint32_t first = 0; first < stream->count; first += SB_LANES) {
        sb_sifted block;
        uint32_t left = stream->count - first, count = left < SB_LANES ? left : SB_LANES;
        maker->lanes->sift(&of.lanes, first, &block);
        if (of.stalls != NULL && maker->lanes->is_wide)
            add_seekers(&of, &block, first, count, &seekers);
        else if (of.stalls != NULL)
            follow_each(&of, watch, &block, count);
        for (uint32_t i = 0; i < count; i++) {
            if (block.seen[i] == 0)
                continue;
            sifted flow = sifted_at(&of, &block, i);
            made += make_watched(maker, &of, watch, &flow, first + i, &out[made]);
        }
        if (seekers.count > SB_SEEKERS - SB_LANES - 1 || left <= SB_LANES)
            made += look_at_shops(maker, &of, watch, &seekers, &out[made]);
    }
    return made;
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
