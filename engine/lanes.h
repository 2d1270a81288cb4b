/* Draws of many rows at once.
 *
 * A key is ten rounds of multiplications, a permuted number six, a draw three, and each waits for
 * the one before. Here the rows of a block stand side by side, so a processor works on as many of
 * them as its vectors have lanes. There is one body (engine/lanes.c), compiled for several
 * instruction sets; which one is taken is decided at run time. The numbers are those of
 * engine/draw.h, whichever it is: tests/unit/test_lanes holds each to that. */
#ifndef ENGINE_LANES_H
#define ENGINE_LANES_H

#include "engine/draw.h"

enum {
    SB_LANES = 32, /* rows of a block */
    SB_SERIES = 8, /* draws of one row */
};

/* Keys, halves apart. */
typedef struct sb_keys {
    uint64_t low[SB_LANES], high[SB_LANES];
} sb_keys;

static inline sb_key sb_keys_at(const sb_keys *keys, uint32_t lane)
{
    return (sb_key){keys->low[lane], keys->high[lane]};
}

/* All work on whole blocks; lanes nobody uses must be set too, to anything. */
typedef struct sb_lanes {
    const char *name; /* of the instruction set */
    bool is_wide;     /* worth it even where not all of a block will be used */
    /* sb_row_key() of each stream and index; `out` may be `streams`. */
    void (*row_keys)(const sb_keys *streams, const uint64_t indices[SB_LANES], sb_keys *out);
    /* Draw `number` of each row. */
    void (*draws)(const sb_keys *rows, uint32_t number, uint64_t out[SB_LANES]);
    /* Draws of one row: `number`, and those that follow. */
    void (*series)(sb_key row, uint32_t number, uint64_t out[SB_SERIES]);
    /* sb_permute() of each, in place; all below the permutation's size. */
    void (*permute)(const sb_permutation *permutation, uint64_t x[SB_LANES]);
} sb_lanes;

/* The nth that this processor can run, the plainest first; NULL beyond them. */
const sb_lanes *sb_lanes_find(uint32_t nth);
/* The last of them, or what was asked for. */
const sb_lanes *sb_lanes_best(void);
/* From now on makers take the set of that name, for tests and for measuring. False, and nothing
 * changes, when this processor cannot run one of that name. */
bool sb_lanes_use(const char *name);

#endif
