/* What the two files about flows share: flow.c, which makes them, and flow_sift.c, which finds
 * those of some accounts among all. */
#ifndef ENGINE_FLOW_INTERNAL_H
#define ENGINE_FLOW_INTERNAL_H

#include <string.h>

#include "engine/flow.h"

/* Draw numbers of a flow. */
enum { DRAW_WHAT, DRAW_AMOUNT, DRAW_STATUS, DRAW_OUTSIDE, DRAW_HABIT, DRAW_FROM = 8, DRAW_TO = 16 };

/* What fails where a side does not fit. */
static inline sb_status sb_no_room(sb_error *err)
{
    return sb_fail(err, SB_ENOMEM, "the arena is too small for the accounts of a cell");
}

/* ---- choosing ends -------------------------------------------------------------------------- */

/* One of the accounts that are open all through the period, known by arithmetic. */
uint32_t sb_always_open(const sb_layout *layout, uint64_t draw, uint32_t avoid);

/* sb_alias_draw() without its branch, which is guessed wrong one time in three. */
static inline uint32_t sb_draw_rank(const sb_alias *ranking, uint64_t draw)
{
    sb_u128 product = (sb_u128)draw * ranking->count;
    uint32_t slot = (uint32_t)(product >> 64), other = ranking->other[slot];
    uint32_t keep = (uint32_t) - ((uint32_t)((uint64_t)product >> 32) < ranking->threshold[slot]);
    return other ^ ((slot ^ other) & keep);
}

/* Somebody with a card, or a bill to pay, looks among sellers: fourteen tries by rank, and where
 * those are firms with other customers or other bills, six among all of them. Sellers are the roles
 * from 0 on. */
enum { KNOWN_SHOPS = 14, SHOP_TRIES = 20 };

/* The seller of try `nth`. */
static inline uint32_t sb_nth_seller(const sb_alias *ranking, uint32_t nth, uint64_t draw)
{
    return nth < KNOWN_SHOPS ? sb_draw_rank(ranking, draw)
                             : (uint32_t)sb_below(draw, ranking->count);
}

/* Makes the stall of a seller. */
void sb_know_stall(sb_maker *maker, sb_side *side, uint32_t role);

/* ---- what is drawn -------------------------------------------------------------------------- */

/* Where the ends of a purpose come from. `outside` ends are beyond the border. */
typedef struct sb_recipe {
    sb_crowd from, to;
    bool from_outside, to_outside;
} sb_recipe;
extern const sb_recipe sb_recipes[SB_PURPOSE_COUNT];

/* Purposes by share. Found by counting the bounds that a draw of 0 .. 99 has reached, all of them,
 * since a search would be guessed wrong; bounds that are not needed are 100. */
enum { BOUNDS = sizeof(uint64_t) };
typedef struct sb_mixture {
    uint8_t bounds[BOUNDS];
    uint8_t purposes[BOUNDS + 1];
} sb_mixture;

/* Of a stream of flows that are drawn. */
const sb_mixture *sb_mixture_of(const sb_stream *stream);

/* One of the mixture's purposes. */
static inline uint8_t sb_draw_purpose(const sb_mixture *of, uint64_t draw)
{
    /* Eight comparisons in one subtraction: in each byte of a word 128 + share - bound, whose
     * highest bit says whether the bound is reached; the product adds the eight bits up. */
    const uint64_t ones = 0x0101010101010101u;
    uint64_t bounds, reached;
    memcpy(&bounds, of->bounds, sizeof bounds);
    reached = ((sb_below(draw, 100) * ones | ones << 7) - bounds) >> 7 & ones;
    return of->purposes[reached * ones >> 56];
}

/* Whether the link goes to a hub; else it is a chord. */
static inline bool sb_goes_to_hub(const sb_stream *stream)
{
    return stream->first_index >= SB_CHORDS * stream->home->layout.link_rows;
}

/* What people and firms of its satellites pay a hub for. */
static inline bool sb_hub_sells(uint8_t purpose)
{
    return purpose == SB_FOR_CARD || purpose == SB_FOR_BILL || purpose == SB_FOR_INVOICE ||
           purpose == SB_FOR_SUPPLIER;
}

/* Which end of a link pays. On chords either; what a hub sells, its satellites buy four times in
 * five, and it pays their people four times in five. */
static inline bool sb_peer_pays(const sb_stream *stream, uint8_t purpose, uint64_t draw)
{
    if (!sb_goes_to_hub(stream))
        return (draw & 1) != 0;
    bool unusual = sb_below(draw, 5) == 0;
    return sb_hub_sells(purpose) ? unusual : purpose == SB_FOR_REFUND ? !unusual : (draw & 1) != 0;
}

/* People and firms pay the same ones again and again: so many payments of a hundred go to one of
 * the few that the payer is used to, the first of them more often. */
typedef struct sb_habit {
    uint8_t percent, circle;
} sb_habit;
extern const sb_habit sb_habits[SB_PURPOSE_COUNT];

/* Whether a flow with that draw is one by habit. */
static inline bool sb_is_habit(uint32_t purpose, uint64_t habit)
{
    return sb_below(habit, 100) < sb_habits[purpose].percent;
}

/* What the payee is drawn with by habit: a key that the payer's flows share. */
static inline sb_key sb_habit_key(const sb_stream *stream, uint64_t habit, uint32_t purpose,
                                  uint32_t from, bool from_peer)
{
    uint64_t draw = habit << 20, circle = sb_habits[purpose].circle;
    uint64_t a = sb_below(draw, circle), b = sb_below(draw << 20, circle);
    uint64_t whom = (uint64_t)from << 16 | (uint64_t)from_peer << 12 | (uint64_t)purpose << 4;
    return (sb_key){stream->key.low ^ (whom + (a < b ? a : b)) * 0xD6E8FEB86659FD93u,
                    stream->key.high + 1};
}

#endif
