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

/* One key in all lanes: that of the stream whose rows are wanted. */
static inline void sb_keys_repeat(sb_key key, sb_keys *out)
{
    for (uint32_t i = 0; i < SB_LANES; i++) {
        out->low[i] = key.low;
        out->high[i] = key.high;
    }
}

/* The sieve for flows: what one looks like from afar. Each is one of up to nine purposes, its ends
 * are two draws from crowds, and all that can be asked is whether either end has a mark.
 * engine/flow_sift.c says what for, and fills the tables; they are packed, since a processor with
 * vectors looks things up one word at a time.
 *
 * `from` and `to` stand at payer's side * 16 + purpose; bits of a word of them, and of a slot: */
enum {
    SB_SIEVE_PURPOSES = 16,
    /* Of `from`: members of the crowd (16 bits), its first slot (16), marks that count (8), marks
     * that count in flows by habit (8), percent of those (8). Of `to` the first three, and the
     * number of payees one is used to (8), and the purpose (8). */
    SB_SIEVE_FIRST = 16,
    SB_SIEVE_MARKS = 32,
    SB_SIEVE_HABIT_MARKS = 40,
    SB_SIEVE_PERCENT = 48,
    SB_SIEVE_CIRCLE = 40,
    SB_SIEVE_PURPOSE = 48,
    /* Of a slot of an alias table: its threshold (32), the role that keeps it (12), the other (12),
     * and their marks (4, 4). */
    SB_SLOT_KEPT = 32,
    SB_SLOT_OTHER = 44,
    SB_SLOT_KEPT_MARKS = 56,
    SB_SLOT_OTHER_MARKS = 60,
};

/* Marks of a role: it is watched; it may be shut; it is, all through the period. */
enum { SB_IS_WATCHED = 1, SB_MAY_BE_SHUT = 2, SB_IS_SHUT = 4 };

typedef struct sb_sieve {
    sb_key key;                   /* of the stream */
    uint8_t what, habit, outside; /* numbers of draws */
    uint8_t payer, payee;
    bool is_link;    /* else the home's side pays, and nobody himself */
    uint64_t bounds; /* of the purposes: see sb_draw_purpose() */
    /* Bits by purpose: the peer's side pays one time in five, or four times in five; else one in
     * two. */
    uint32_t peer_seldom, peer_often;
    uint64_t from[2 * SB_SIEVE_PURPOSES], to[2 * SB_SIEVE_PURPOSES];
    const uint64_t *slots;
} sb_sieve;

/* What the sieve sees of a block. */
typedef struct sb_sifted {
    sb_keys keys, payee_keys;
    uint64_t from[SB_LANES], to[SB_LANES], habit[SB_LANES]; /* draws */
    uint64_t place[SB_LANES];                               /* in the tables */
    uint64_t payer[SB_LANES], by_habit[SB_LANES];
    /* What is worth a closer look, 0 of most: marks of the payer, and above them those of the
     * payee; SB_SEEN_TWICE where both are one. */
    uint64_t seen[SB_LANES];
} sb_sifted;
enum { SB_SEEN_PAYEE = 4, SB_SEEN_TWICE = 256 };

/* Payers who look for a shop, try by try: see look_at_shops() in engine/flow_sift.c. */
enum { SB_SEEKERS = 8 * SB_LANES };
typedef struct sb_seekers {
    uint32_t count;
    uint64_t low[SB_SEEKERS], high[SB_SEEKERS]; /* keys, whose low half moves on with each try */
    /* The flow (32 bits), a role to avoid (16), whether with a bill, and a bit of the caller's. */
    uint64_t who[SB_SEEKERS];
    /* 0: not yet; SB_FOUND, and SB_IS_WATCHED. Shops that may be shut are passed by: where one is
     * not, it is nobody's that is watched. */
    uint64_t found[SB_SEEKERS];
} sb_seekers;

/* Where they look. */
typedef struct sb_shops {
    uint64_t crowd;       /* as a word of `to` */
    const uint64_t *list; /* by role: appeals without and with a bill (8, 8), marks (8) */
} sb_shops;
enum { SB_SHOP_MARKS = 16, SB_SEEKER_AVOIDS = 32, SB_SEEKER_BILL = 48, SB_FOUND = 256 };

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
    /* Flows `first` and those that follow. */
    void (*sift)(const sb_sieve *sieve, uint32_t first, sb_sifted *out);
    /* One more try of all who have not found a shop, `by_rank` or among all shops alike. */
    void (*seek)(const sb_sieve *sieve, const sb_shops *shops, bool by_rank, sb_seekers *seekers);
} sb_lanes;

/* The nth that this processor can run, the plainest first; NULL beyond them. */
const sb_lanes *sb_lanes_find(uint32_t nth);
/* The last of them, or what was asked for. */
const sb_lanes *sb_lanes_best(void);
/* From now on makers take the set of that name, for tests and for measuring. False, and nothing
 * changes, when this processor cannot run one of that name. */
bool sb_lanes_use(const char *name);

#endif
