#include "engine/lanes.h"

#include <string.h>

#include <stddef.h>

#define BODY static inline __attribute__((always_inline)) void

/* sb_row_key() in words of 64 bits, whose upper halves mean nothing: compilers make better vectors
 * of it than of halves that are put together and taken apart. */
BODY row_keys(const sb_keys *streams, const uint64_t *indices, sb_keys *out)
{
    const uint64_t half = 0xFFFFFFFFu;
    for (uint32_t i = 0; i < SB_LANES; i++) {
        uint64_t key0 = streams->low[i], key1 = streams->low[i] >> 32;
        uint64_t a = indices[i], b = indices[i] >> 32;
        uint64_t c = streams->high[i], d = streams->high[i] >> 32;
        for (int round = 0; round < 10; round++) {
            uint64_t product0 = (a & half) * 0xD2511F53u, product1 = (c & half) * 0xCD9E8D57u;
            a = product1 >> 32 ^ b ^ key0;
            c = product0 >> 32 ^ d ^ key1;
            b = product1;
            d = product0;
            key0 += 0x9E3779B9u;
            key1 += 0xBB67AE85u;
        }
        out->low[i] = (a & half) | b << 32;
        out->high[i] = (c & half) | d << 32;
    }
}

BODY draws(const sb_keys *rows, uint32_t number, uint64_t *restrict out)
{
    for (uint32_t i = 0; i < SB_LANES; i++)
        out[i] = sb_draw((sb_key){rows->low[i], rows->high[i]}, number);
}

BODY series(sb_key row, uint32_t number, uint64_t *restrict out)
{
    for (uint32_t i = 0; i < SB_SERIES; i++)
        out[i] = sb_draw(row, number + i);
}

/* Those beyond the size walk on, as in sb_permute(), while the others stay where they are. */
BODY permute(const sb_permutation *permutation, uint64_t *restrict x)
{
    const sb_permutation p = *permutation;
    uint64_t beyond = 0;
    for (uint32_t i = 0; i < SB_LANES; i++) {
        x[i] = sb_feistel(&p, x[i]);
        beyond |= (uint64_t)(x[i] >= p.size);
    }
    while (beyond != 0) {
        beyond = 0;
        for (uint32_t i = 0; i < SB_LANES; i++) {
            uint64_t next = sb_feistel(&p, x[i]);
            x[i] = x[i] >= p.size ? next : x[i];
            beyond |= (uint64_t)(x[i] >= p.size);
        }
    }
}

/* Without vectors that multiply 64 bits: four numbers go through the same round side by side, as
 * many as have room in registers. 6 ns each instead of 9.6. */
static void permute_by_four(const sb_permutation *permutation, uint64_t *x)
{
    enum { FOUR = 4 };
    const sb_permutation p = *permutation;
    const uint64_t low_mask = ((uint64_t)1 << p.low_bits) - 1;
    const uint64_t high_mask = ((uint64_t)1 << p.high_bits) - 1;
    for (uint32_t first = 0; first < SB_LANES; first += FOUR) {
        uint64_t low[FOUR], high[FOUR];
        for (uint32_t i = 0; i < FOUR; i++) {
            low[i] = x[first + i] & low_mask;
            high[i] = x[first + i] >> p.low_bits;
        }
        for (uint32_t round = 0; round < 6; round += 2) {
            for (uint32_t i = 0; i < FOUR; i++)
                high[i] = (high[i] ^ sb_feistel_round(p.key, round, low[i])) & high_mask;
            for (uint32_t i = 0; i < FOUR; i++)
                low[i] = (low[i] ^ sb_feistel_round(p.key, round + 1, high[i])) & low_mask;
        }
        for (uint32_t i = 0; i < FOUR; i++) {
            uint64_t y = high[i] << p.low_bits | low[i];
            x[first + i] = y < p.size ? y : sb_permute(&p, y);
        }
    }
}

/* sb_below() of a bound below 2^32, in products of half words. */
static inline __attribute__((always_inline)) uint64_t below(uint64_t draw, uint64_t bound)
{
    const uint64_t half = 0xFFFFFFFFu;
    return ((draw >> 32) * bound + ((draw & half) * bound >> 32)) >> 32;
}

/* Which role the draw falls on in the crowd of a word of `from` or `to`, and with what marks. */
static inline __attribute__((always_inline)) uint64_t fall(const uint64_t *slots, uint64_t word,
                                                           uint64_t draw, uint64_t *role)
{
    const uint64_t half = 0xFFFFFFFFu;
    uint64_t count = word & 0xFFFF, first = word >> SB_SIEVE_FIRST & 0xFFFF;
    uint64_t product = (draw >> 32) * count + ((draw & half) * count >> 32);
    uint64_t slot = slots[first + (product >> 32)];
    bool kept = (product & half) < (slot & half);
    *role = slot >> (kept ? SB_SLOT_KEPT : SB_SLOT_OTHER) & 0xFFF;
    return slot >> (kept ? SB_SLOT_KEPT_MARKS : SB_SLOT_OTHER_MARKS) & 0xF;
}

/* As draw_what() and choose_ends() in engine/flow.c, but for the first account drawn alone. */
BODY sift(const sb_sieve *of, uint32_t first, sb_sifted *restrict out)
{
    const uint64_t ones = 0x0101010101010101u, half = 0xFFFFFFFFu;
    const sb_key key = of->key;
    const uint64_t *slots = of->slots, bounds = of->bounds;
    const uint64_t seldom = of->peer_seldom, often = of->peer_often, is_link = of->is_link;
    sb_keys streams;
    uint64_t indices[SB_LANES], what[SB_LANES], outside[SB_LANES];
    sb_keys_repeat(key, &streams);
    for (uint32_t i = 0; i < SB_LANES; i++)
        indices[i] = first + i;
    row_keys(&streams, indices, &out->keys);
    draws(&out->keys, of->what, what);
    draws(&out->keys, of->outside, outside);
    draws(&out->keys, of->habit, out->habit);
    draws(&out->keys, of->payer, out->from);
    for (uint32_t i = 0; i < SB_LANES; i++) {
        uint64_t share = (what[i] & half) * 100 >> 32;
        uint64_t reached = ((share * ones | ones << 7) - bounds) >> 7 & ones;
        uint64_t purpose = reached * ones >> 56;
        uint64_t coin = outside[i] & 1, unusual = outside[i] <= UINT64_MAX / 5;
        uint64_t rare = seldom >> purpose & 1, usual = often >> purpose & 1;
        uint64_t peer = (rare & unusual) | (usual & (unusual ^ 1)) | (coin & ~(rare | usual));
        uint64_t place = (peer & is_link) * SB_SIEVE_PURPOSES + purpose;
        uint64_t from = of->from[place], to = of->to[place];
        uint64_t habit = out->habit[i], circle = to >> SB_SIEVE_CIRCLE & 0xFF, payer;
        bool by_habit = below(habit, 100) < (from >> SB_SIEVE_PERCENT & 0xFF);
        uint64_t marks = fall(slots, from, out->from[i], &payer);
        out->seen[i] = marks & from >> (by_habit ? SB_SIEVE_HABIT_MARKS : SB_SIEVE_MARKS);
        uint64_t a = below(habit << 20, circle), b = below(habit << 40, circle);
        uint64_t whom = payer << 16 | (peer & is_link) << 12 | (to >> SB_SIEVE_PURPOSE & 0xFF) << 4;
        uint64_t shared = key.low ^ (whom + (a < b ? a : b)) * 0xD6E8FEB86659FD93u;
        out->payee_keys.low[i] = by_habit ? shared : out->keys.low[i];
        out->payee_keys.high[i] = by_habit ? key.high + 1 : out->keys.high[i];
        out->payer[i] = payer;
        out->place[i] = place;
        out->by_habit[i] = by_habit;
    }
    draws(&out->payee_keys, of->payee, out->to);
    for (uint32_t i = 0; i < SB_LANES; i++) {
        uint64_t to = of->to[out->place[i]], payee;
        uint64_t marks = fall(slots, to, out->to[i], &payee) & to >> SB_SIEVE_MARKS;
        bool twice = (payee == out->payer[i]) & !is_link;
        out->seen[i] |= marks << SB_SEEN_PAYEE | (twice ? SB_SEEN_TWICE : 0);
    }
}

/* As sb_nth_seller() and suits() in engine/flow.c. */
BODY seek_block(const sb_sieve *of, const sb_shops *shops, bool by_rank, uint64_t *restrict low,
                const uint64_t *restrict high, const uint64_t *restrict who,
                uint64_t *restrict found)
{
    const uint64_t *slots = of->slots, *list = shops->list;
    const uint64_t crowd = shops->crowd, members = crowd & 0xFFFF;
    const uint64_t rank_mask = -(uint64_t)by_rank;
    const uint32_t number = of->payee;
    for (uint32_t i = 0; i < SB_LANES; i++) {
        uint64_t draw = sb_draw((sb_key){low[i], high[i]}, number), ranked;
        (void)fall(slots, crowd, draw, &ranked);
        uint64_t any = below(draw, members), role = any ^ ((any ^ ranked) & rank_mask);
        uint64_t shop = list[role];
        uint64_t bill = who[i] >> SB_SEEKER_BILL & 1, marks = shop >> SB_SHOP_MARKS;
        uint64_t appeal = shop >> 8 * bill & 0xFF, watched = marks & SB_IS_WATCHED;
        uint64_t likes = (draw * 0x9E3779B97F4A7C15u >> 56) <= appeal;
        uint64_t may = role != (who[i] >> SB_SEEKER_AVOIDS & 0xFFFF);
        uint64_t stays = likes & may & (watched | (marks == 0));
        uint64_t now = stays != 0 ? SB_FOUND | watched : 0;
        found[i] = found[i] != 0 ? found[i] : now;
        low[i] += 0x9E3779B97F4A7C15u; /* the next draw's: see sb_draw() */
    }
}

BODY seek(const sb_sieve *of, const sb_shops *shops, bool by_rank, sb_seekers *all)
{
    for (size_t at = 0; at < all->count; at += SB_LANES)
        seek_block(of, shops, by_rank, all->low + at, all->high + at, all->who + at,
                   all->found + at);
}

/* The bodies for one instruction set. */
#define LANES(set, wide, attribute, permute)                                                       \
    attribute static void row_keys_##set(const sb_keys *streams, const uint64_t *indices,          \
                                         sb_keys *out)                                             \
    {                                                                                              \
        row_keys(streams, indices, out);                                                           \
    }                                                                                              \
    attribute static void draws_##set(const sb_keys *rows, uint32_t number, uint64_t *out)         \
    {                                                                                              \
        draws(rows, number, out);                                                                  \
    }                                                                                              \
    attribute static void series_##set(sb_key row, uint32_t number, uint64_t *out)                 \
    {                                                                                              \
        series(row, number, out);                                                                  \
    }                                                                                              \
    attribute static void permute_##set(const sb_permutation *permutation, uint64_t *x)            \
    {                                                                                              \
        permute(permutation, x);                                                                   \
    }                                                                                              \
    attribute static void sift_##set(const sb_sieve *sieve, uint32_t first, sb_sifted *out)        \
    {                                                                                              \
        sift(sieve, first, out);                                                                   \
    }                                                                                              \
    attribute static void seek_##set(const sb_sieve *sieve, const sb_shops *shops, bool by_rank,   \
                                     sb_seekers *all)                                              \
    {                                                                                              \
        seek(sieve, shops, by_rank, all);                                                          \
    }                                                                                              \
    static const sb_lanes set##_lanes = {#set,         wide,          row_keys_##set, draws_##set, \
                                         series_##set, permute_##set, sift_##set,     seek_##set};

LANES(plain, false, , permute_by_four)

enum { SETS = 2 };

/* AVX-512 multiplies 64 bits in each lane. Measured per row on a Zen 5, gcc 12: 1.4 ns instead of
 * 6 for a permuted number, 1.5 instead of 8.6 for a key, 0.2 instead of 1.3 for a draw. AVX2 has
 * no such multiplication: 6.8, 13.3 and 0.9. */
#if defined __x86_64__ && defined __GNUC__
LANES(avx512, true, __attribute__((target("avx2,avx512f,avx512dq,avx512vl"))), permute)

static uint32_t find_all(const sb_lanes *out[SETS])
{
    uint32_t count = 0;
    out[count++] = &plain_lanes;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        out[count++] = &avx512_lanes;
    return count;
}
#else
static uint32_t find_all(const sb_lanes *out[SETS])
{
    out[0] = &plain_lanes;
    return 1;
}
#endif

const sb_lanes *sb_lanes_find(uint32_t nth)
{
    const sb_lanes *all[SETS];
    uint32_t count = find_all(all);
    return nth < count ? all[nth] : NULL;
}

static const sb_lanes *asked_for;

bool sb_lanes_use(const char *name)
{
    const sb_lanes *lanes;
    for (uint32_t nth = 0; (lanes = sb_lanes_find(nth)) != NULL; nth++)
        if (strcmp(lanes->name, name) == 0)
            asked_for = lanes;
    return asked_for != NULL && strcmp(asked_for->name, name) == 0;
}

const sb_lanes *sb_lanes_best(void)
{
    const sb_lanes *all[SETS];
    uint32_t count = find_all(all);
    return asked_for != NULL ? asked_for : all[count - 1];
}
