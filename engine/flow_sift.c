/* Flows of some accounts alone: a sieve that passes by nearly all that are between others. */
#include <string.h>

#include "engine/flow_internal.h"

/* ---- who is watched ------------------------------------------------------------------------- */

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
        return sb_no_room(err);
    for (uint32_t first = 0; first < accounts; first += SB_LANES) {
        uint32_t left = accounts - first;
        for (uint32_t i = 0; i < SB_LANES; i++) /* beyond the last: the last once more */
            roles[i] = lives[i] = first + (i < left ? i : left - 1);
        maker->lanes->permute(&layout->role, roles);
        maker->lanes->permute(&layout->life, lives);
        for (uint32_t i = 0; i < SB_LANES; i++) /* as sb_always_open() goes the other way */
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
        return sb_no_room(err);
    for (uint32_t role = 0; role < count; role++) {
        const sb_stall *stall = &side->stalls[role];
        if (!stall->known)
            sb_know_stall(maker, side, role);
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
        return sb_no_room(err);
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

/* ---- the sieve ------------------------------------------------------------------------------ */

/* The sieve: by far the most flows are between others, and that can be seen of a whole block at
 * once, since nearly always the first account that is drawn is one that is always open, and so is
 * the end. Only where it is watched, or may be shut, or is the payer himself, the flow is worth a
 * closer look. What passes may turn out to be a stranger's; what does not is one. */
typedef struct sieve {
    sb_sieve lanes;
    const sb_stream *stream;
    const sb_mixture *mixture;
    const sb_stall *stalls; /* where watched accounts are sellers */
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
    const sb_recipe *how = &sb_recipes[purpose];
    bool link = stream->kind == SB_STREAM_LINK;
    const sb_side *from_side = by_peer ? stream->peer : stream->home;
    const sb_side *to_side = link && !by_peer ? stream->peer : stream->home;
    uint64_t from_marks = from_side == watch->side && !how->from_outside ? all : 0;
    uint64_t to_marks = to_side == watch->side && !how->to_outside ? all : 0;
    /* Who is paid by habit depends on who pays, wherever that is. */
    bool has_habits = sb_habits[purpose].percent > 0 && to_marks != 0;
    uint64_t habit_marks = has_habits ? from_marks | SB_MAY_BE_SHUT : from_marks;
    *from = hole_of(from_side, how->from, from_marks, habit_marks) |
            habit_marks << SB_SIEVE_HABIT_MARKS |
            (uint64_t)sb_habits[purpose].percent << SB_SIEVE_PERCENT;
    *to = hole_of(to_side, how->to, to_marks, 0) |
          (uint64_t)sb_habits[purpose].circle << SB_SIEVE_CIRCLE |
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
    const sb_mixture *shares = sb_mixture_of(stream);
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
        if (link && sb_goes_to_hub(stream)) {
            out->lanes.peer_seldom |= (uint32_t)sb_hub_sells(purpose) << i;
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

/* ---- a closer look -------------------------------------------------------------------------- */

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
        uint32_t role = side->crowds[which].begin + sb_draw_rank(side->crowds[which].ranking, draw);
        if (role == avoid || (side->known[role] & SB_IS_SHUT))
            continue;
        add_role(side, role, out);
        if (!(side->known[role] & SB_MAY_BE_SHUT))
            return;
    }
    add_role(side, sb_always_open(&side->layout, draw, avoid), out);
}

/* Whether pick_shop() could pick a watched account. Without `stalls`, where no seller is watched,
 * it is enough that one of the sellers will do. */
static bool guess_shop(const sb_side *side, const sb_stall *stalls, bool bill, sb_key key,
                       uint64_t draw, uint16_t avoid)
{
    const sb_alias *ranking = side->crowds[SB_CROWD_SELLERS].ranking;
    bool watched_as_last = false, has_last = false; /* the first of those that were open */
    for (uint32_t nth = 0; nth < SHOP_TRIES; draw = sb_draw(key, DRAW_TO + ++nth)) {
        uint32_t role = sb_nth_seller(ranking, nth, draw);
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
           (!has_last && (side->known[sb_always_open(&side->layout, draw, avoid)] & SB_IS_WATCHED));
}

/* Whether a watched account could be paid, if `payer` pays. */
static bool could_pay_watched(const sieve *of, const sifted *flow, const sb_side *to_side,
                              uint16_t payer)
{
    bool bill = flow->purpose == SB_FOR_BILL;
    uint16_t avoid = of->lanes.is_link ? (uint16_t)SB_OUTSIDE : payer;
    sb_key key = flow->key;
    if (flow->by_habit)
        key = sb_habit_key(of->stream, flow->habit, flow->purpose, payer, flow->by_peer);
    uint64_t draw = sb_draw(key, DRAW_TO);
    if (bill || flow->purpose == SB_FOR_CARD)
        return guess_shop(to_side, of->stalls, bill, key, draw, avoid);
    could_be payees = {.count = 0};
    guess_pick(to_side, sb_recipes[flow->purpose].to, key, DRAW_TO, draw, avoid, &payees);
    return payees.watched;
}

/* Whether a watched account could be at one of the ends of a flow. */
static bool could_touch(const sieve *of, const sb_watch *watch, const sifted *flow)
{
    const sb_stream *stream = of->stream;
    const sb_recipe *how = &sb_recipes[flow->purpose];
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

/* ---- looking for a shop --------------------------------------------------------------------- */

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
    uint8_t purpose = sb_draw_purpose(of->mixture, sb_draw(key, DRAW_WHAT) << 32);
    return (sifted){.key = key,
                    .from = sb_draw(key, DRAW_FROM),
                    .habit = habit,
                    .purpose = purpose,
                    .by_peer = of->lanes.is_link &&
                               sb_peer_pays(of->stream, purpose, sb_draw(key, DRAW_OUTSIDE)),
                    .by_habit = sb_is_habit(purpose, habit)};
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

/* ---- all of it ------------------------------------------------------------------------------ */

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
