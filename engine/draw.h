/* Draws: how a seed becomes numbers.
 *
 *     seed (128 bits) --BLAKE2b--> stream key --Philox4x32-10--> row key --mix--> a field's draws
 *
 * Every step is a function of names and numbers, never of what was drawn before, so any row can be
 * made alone. Only integers: no result here, nor anything made of it, passes through floating
 * point. */
#ifndef ENGINE_DRAW_H
#define ENGINE_DRAW_H

#include <stdbool.h>
#include <stdint.h>

typedef unsigned __int128 sb_u128;
typedef __int128 sb_i128;

/* 128 bits: of a stream or of a row. */
typedef struct sb_key {
    uint64_t low;
    uint64_t high;
} sb_key;

/* The seed as the user gave it; `low` alone for a plain number. */
typedef struct sb_seed {
    uint64_t low;
    uint64_t high;
} sb_seed;

/* The key of a stream: keyed BLAKE2b (libsodium) of its name, two numbers and the content version,
 * with the seed as key. Never of the spec, so specs of one seed share what they can. Some 300 ns:
 * for streams, not for rows. `name` is at most 31 bytes. */
sb_key sb_key_derive(sb_seed seed, const char *name, uint64_t a, uint64_t b);

/* Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC'11):
 * ten rounds over a counter of four words with a key of two. Held to the published known answers.
 */
static inline void sb_philox4x32(uint32_t counter[4], uint32_t key0, uint32_t key1)
{
    for (int round = 0; round < 10; round++) {
        uint64_t product0 = (uint64_t)0xD2511F53u * counter[0];
        uint64_t product1 = (uint64_t)0xCD9E8D57u * counter[2];
        uint32_t next0 = (uint32_t)(product1 >> 32) ^ counter[1] ^ key0;
        uint32_t next2 = (uint32_t)(product0 >> 32) ^ counter[3] ^ key1;
        counter[1] = (uint32_t)product1;
        counter[3] = (uint32_t)product0;
        counter[0] = next0;
        counter[2] = next2;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
}

/* The key of row `index` of a stream: 64 key bits of the stream key Philox, 64 stand in the
 * counter. */
static inline sb_key sb_row_key(sb_key stream, uint64_t index)
{
    uint32_t counter[4] = {(uint32_t)index, (uint32_t)(index >> 32), (uint32_t)stream.high,
                           (uint32_t)(stream.high >> 32)};
    sb_philox4x32(counter, (uint32_t)stream.low, (uint32_t)(stream.low >> 32));
    return (sb_key){counter[0] | (uint64_t)counter[1] << 32,
                    counter[2] | (uint64_t)counter[3] << 32};
}

/* Draw `number` of a row: 64 uniform bits. Three multiply-xorshift rounds (the shape of the
 * MurmurHash3 and SplitMix64 finishers) with the second half of the key folded in between; each
 * input bit flips each output bit with probability 1/2 (test unit.draw), and the stream passes
 * dieharder. */
static inline uint64_t sb_draw(sb_key row, uint32_t number)
{
    uint64_t z = row.low + number * 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 32) * 0xD6E8FEB86659FD93u;
    z = (z ^ z >> 29) + row.high;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 32) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* The draw number of the nth draw of a schema field: a field owns 256 numbers. */
#define SB_DRAW_NUMBER(field, nth) ((uint32_t)(field) << 8 | (uint32_t)(nth))

/* Uniform in 0 .. bound-1; the bias is below bound / 2^64. */
static inline uint64_t sb_below(uint64_t draw, uint64_t bound)
{
    return (uint64_t)((sb_u128)draw * bound >> 64);
}

/* True with probability per_million / 1,000,000. */
static inline bool sb_chance(uint64_t draw, uint32_t per_million)
{
    return sb_below(draw, 1000000) < per_million;
}

/* floor(a * b / c) without overflow in between; the caller knows that the result fits. */
static inline uint64_t sb_muldiv(uint64_t a, uint64_t b, uint64_t c)
{
    return (uint64_t)((sb_u128)a * b / c);
}

/* A number to divide by, again and again: by two multiplications instead of a division. */
typedef struct sb_divisor {
    uint64_t by;
    uint64_t inverse; /* 2^64 / by, rounded down */
} sb_divisor;

static inline sb_divisor sb_divisor_make(uint64_t by)
{
    return (sb_divisor){by, UINT64_MAX / by};
}

static inline uint64_t sb_divide(uint64_t value, const sb_divisor *divisor)
{
    uint64_t quotient = sb_below(value, divisor->inverse); /* or one less than it is */
    return quotient + (value - quotient * divisor->by >= divisor->by);
}

/* ---- keyed permutations of 0 .. size-1 ------------------------------------------------------ */

/* A six-round Feistel network on the bits that `size` needs, walking on until the result is inside
 * (fewer than two steps on average). */
typedef struct sb_permutation {
    sb_key key;
    uint64_t size;
    uint8_t high_bits; /* of the left half */
    uint8_t low_bits;  /* of the right half */
} sb_permutation;

static inline sb_permutation sb_permutation_make(sb_key key, uint64_t size)
{
    uint8_t bits = size > 1 ? (uint8_t)(64 - __builtin_clzll(size - 1)) : 0;
    if (bits > 63)
        bits = 63;
    return (sb_permutation){key, size, (uint8_t)(bits / 2), (uint8_t)(bits - bits / 2)};
}

static inline uint64_t sb_feistel_round(sb_key key, uint32_t round, uint64_t half)
{
    uint64_t z = (half + round * 0x9E3779B97F4A7C15u + key.low) * 0xD6E8FEB86659FD93u;
    z = (z ^ z >> 32 ^ key.high) * 0xBF58476D1CE4E5B9u;
    return z >> 20 ^ z >> 41;
}

static inline uint64_t sb_feistel(const sb_permutation *p, uint64_t x)
{
    uint64_t low_mask = ((uint64_t)1 << p->low_bits) - 1;
    uint64_t high_mask = ((uint64_t)1 << p->high_bits) - 1;
    uint64_t low = x & low_mask, high = x >> p->low_bits;
    for (uint32_t round = 0; round < 6; round += 2) {
        high = (high ^ sb_feistel_round(p->key, round, low)) & high_mask;
        low = (low ^ sb_feistel_round(p->key, round + 1, high)) & low_mask;
    }
    return high << p->low_bits | low;
}

static inline uint64_t sb_feistel_inverse(const sb_permutation *p, uint64_t x)
{
    uint64_t low_mask = ((uint64_t)1 << p->low_bits) - 1;
    uint64_t high_mask = ((uint64_t)1 << p->high_bits) - 1;
    uint64_t low = x & low_mask, high = x >> p->low_bits;
    for (uint32_t round = 6; round > 0; round -= 2) {
        low = (low ^ sb_feistel_round(p->key, round - 1, high)) & low_mask;
        high = (high ^ sb_feistel_round(p->key, round - 2, low)) & high_mask;
    }
    return high << p->low_bits | low;
}

/* Where x goes; x < size. */
static inline uint64_t sb_permute(const sb_permutation *p, uint64_t x)
{
    do
        x = sb_feistel(p, x);
    while (x >= p->size);
    return x;
}

/* Permutes several values, each by its own order. A permutation is a chain of multiplications that
 * wait for each other: with several chains at once the processor has something to do meanwhile. And
 * who has to walk on cannot be foretold of one, but nearly so of all together. */
enum { SB_LANES_MAX = 8 };
static inline void sb_permute_together(const sb_permutation *const orders[], uint64_t values[],
                                       uint32_t count)
{
    uint32_t outside[SB_LANES_MAX];
    for (uint32_t lane = 0; lane < count; lane++)
        outside[lane] = lane;
    while (count > 0) {
        uint32_t left = 0;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t lane = outside[i];
            values[lane] = sb_feistel(orders[lane], values[lane]);
            outside[left] = lane;
            left += values[lane] >= orders[lane]->size;
        }
        count = left;
    }
}

/* Where x came from; x < size. */
static inline uint64_t sb_permute_inverse(const sb_permutation *p, uint64_t x)
{
    do
        x = sb_feistel_inverse(p, x);
    while (x >= p->size);
    return x;
}

#endif
