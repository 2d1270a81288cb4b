/* Money of several currencies: scales and daily exchange rates, integers throughout. */
#ifndef ENGINE_RATES_H
#define ENGINE_RATES_H

#include "engine/maker.h"

enum { SB_RATE_SCALE = 1000000000 };

/* A random walk by midpoint displacement: the ends of a span of 4,096 days first, then halves down
 * to the day, so any day can be had without the days before. The steps of each level are at most
 * those given, in parts per million; for a walk they shrink by the square root of two. */
enum { SB_WALK_BITS = 12 };
typedef struct sb_walk {
    int32_t ends;
    int32_t steps[SB_WALK_BITS];
} sb_walk;

/* Where the walk with that key is on a day, in parts per million. */
int64_t sb_walk_at(const sb_walk *walk, sb_key key, uint32_t day);

/* The same in two steps, for who asks for days near each other again and again: the halves down to
 * SB_WALK_NEAR_DAYS days once, and from there to the day. */
enum { SB_WALK_NEAR_BITS = 5, SB_WALK_NEAR_DAYS = 1 << SB_WALK_NEAR_BITS };
typedef struct sb_walk_span {
    uint32_t begin;      /* its first day, a multiple of SB_WALK_NEAR_DAYS */
    int32_t left, right; /* where the walk is on that day, and on the one behind the last */
} sb_walk_span;
sb_walk_span sb_walk_near(const sb_walk *walk, sb_key key, uint32_t day);
int64_t sb_walk_in(const sb_walk *walk, sb_key key, const sb_walk_span *span, uint32_t day);

/* Minor units of a currency that are worth as much as `cents` US cents in an ordinary year: what
 * amounts are drawn in, so that a loaf of bread costs neither 3 yen nor 3,000 dinar. By fixed-point
 * factors: a division of 128 bits costs more than all the rest of an amount. */
static inline int64_t sb_from_cents(const sb_maker *maker, uint32_t currency, int64_t cents)
{
    return (int64_t)((sb_u128)(uint64_t)cents * (uint64_t)maker->money[currency].from_cents >>
                     SB_MONEY_BITS);
}
/* The other way round. Neither takes less than 0. */
static inline int64_t sb_to_cents(const sb_maker *maker, uint32_t currency, int64_t minor)
{
    return (int64_t)((sb_u128)(uint64_t)minor * (uint64_t)maker->money[currency].to_cents >>
                     SB_MONEY_BITS);
}

/* Minor units of `to` per minor unit of `from` on a day, times 10^9. Currencies are rows of the
 * shared table. Each currency's deviation from its ordinary value is drawn by bisection over spans
 * of 4,096 days, so any day's rate can be had without the days before. */
int64_t sb_rate(sb_maker *maker, uint32_t from, uint32_t to, int32_t day);

/* What the payee gets: floor((amount * rate + 500,000,000) / 10^9). */
static inline int64_t sb_convert(int64_t amount, int64_t rate)
{
    return (int64_t)(((sb_i128)amount * rate + SB_RATE_SCALE / 2) / SB_RATE_SCALE);
}

#endif
