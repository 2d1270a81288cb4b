/* What a report counts with: tallies by text, heavy tails, sets of 64-bit keys, and the graph of
 * accounts. None of it keeps rows; what could grow with the data is bounded, and says so.
 *
 * Unlike in the generator, floating point is allowed here: a report is for eyes. It is still the
 * same page for the same rows, since everything is summed in the order of rows. */
#ifndef WORKERS_REPORT_COUNT_H
#define WORKERS_REPORT_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/container.h"
#include "seedbank/status.h"

/* ---- tallies -------------------------------------------------------------------------------- */

/* How often each text was seen, and up to two sums for each (money, or a place's coordinates). */
typedef struct sb_tally_entry {
    uint64_t hash;
    size_t text_at; /* in the tally's texts */
    uint32_t text_bytes;
    uint64_t count;
    double sums[2];
} sb_tally_entry;

/* All zero is empty. Texts beyond SB_TALLY_TEXTS_MAX different ones are only counted together. */
typedef struct sb_tally {
    sb_tally_entry *entries; /* owned; in the order they were first seen */
    uint32_t *slots;         /* owned; index + 1 by hash, 0: free */
    size_t count, capacity, slot_count;
    sb_bytes texts; /* owned; each ends with NUL */
    uint64_t total, others;
} sb_tally;

enum { SB_TALLY_TEXTS_MAX = 1 << 19, SB_TALLY_NONE = -1 };

/* Counts a text; *index (may be NULL) is its entry, or SB_TALLY_NONE when it is one too many. */
SB_CHECK sb_status sb_tally_add(sb_tally *tally, const void *text, size_t text_bytes, int *index,
                                sb_error *err);
void sb_tally_close(sb_tally *tally);
/* Borrowed, until the next text is added. */
const char *sb_tally_text(const sb_tally *tally, size_t index);
/* The entry of a text, or SB_TALLY_NONE. */
int sb_tally_find(const sb_tally *tally, const char *text);

typedef enum sb_tally_by { SB_BY_COUNT, SB_BY_SUM } sb_tally_by;
/* Fills `order` with the entries' indices, the largest first, equal ones by text. Returns how many
 * there are, at most order_max. `begins_with` (may be NULL) leaves out texts that do not. */
size_t sb_tally_rank(const sb_tally *tally, sb_tally_by by, const char *begins_with,
                     uint32_t *order, size_t order_max);

/* ---- heavy tails ---------------------------------------------------------------------------- */

enum {
    SB_HEAVY_EXACT = 64,  /* values below have a bin each */
    SB_HEAVY_OCTAVE = 16, /* bins of every doubling above */
    SB_HEAVY_BINS = SB_HEAVY_EXACT + 58 * SB_HEAVY_OCTAVE,
    SB_HEAVY_LEAST = 10, /* exponents are fitted from here on */
};

/* How many things have a size of k or more, for the double logarithmic plots. */
typedef struct sb_heavy {
    uint64_t bins[SB_HEAVY_BINS];
    uint64_t count, zeros, largest;
    uint64_t fitted; /* with SB_HEAVY_LEAST or more */
    double log_sum;  /* of them: ln(k / (SB_HEAVY_LEAST - 1/2)) */
} sb_heavy;

void sb_heavy_add(sb_heavy *tail, uint64_t size);
/* The least size that falls into a bin. */
uint64_t sb_heavy_least(int bin);
/* The exponent a of p(k) ~ k^-a for k >= SB_HEAVY_LEAST by maximum likelihood (Clauset, Shalizi and
 * Newman 2009, their approximation for integers); 0 where fewer than 50 things are that large. */
double sb_heavy_exponent(const sb_heavy *tail);

/* ---- sets of keys --------------------------------------------------------------------------- */

/* 64-bit keys, open addressing; 0 is no key. With counts where they were asked for. */
typedef struct sb_key_set {
    uint64_t *keys;   /* owned */
    uint32_t *counts; /* owned; NULL: none */
    size_t count, slot_count;
    bool counted;
} sb_key_set;

/* *is_new says whether the key was not there before. */
SB_CHECK sb_status sb_key_set_add(sb_key_set *set, uint64_t key, bool *is_new, sb_error *err);
bool sb_key_set_has(const sb_key_set *set, uint64_t key);
void sb_key_set_close(sb_key_set *set);

/* A hash of a piece of memory that is no key's 0. */
uint64_t sb_key_of(const void *data, size_t data_bytes);

/* ---- the graph of accounts ------------------------------------------------------------------ */

typedef struct sb_degree {
    uint32_t out, in, partners; /* different payees, payers, and both together */
} sb_degree;

/* Who paid whom. Beyond SB_LINK_ROWS_MAX transactions one account of every `stride`, drawn by hash,
 * is followed with all its links, so that memory stays bounded and each degree is still exact. */
typedef struct sb_links {
    uint64_t account_count;
    uint64_t stride;
    sb_degree *degrees; /* owned; of the accounts followed */
    uint64_t followed;
    sb_key_set edges;
    uint64_t edge_count; /* different payer and payee, of the accounts followed */
} sb_links;

#define SB_LINK_ROWS_MAX UINT64_C(20000000)

SB_CHECK sb_status sb_links_open(uint64_t accounts, uint64_t transactions, sb_links *out,
                                 sb_error *err);
void sb_links_close(sb_links *links);
/* Both are below account_count. */
SB_CHECK sb_status sb_links_add(sb_links *links, uint64_t from, uint64_t to, sb_error *err);
/* The id of the account that is followed at an index; UINT64_MAX when the last run has none. */
uint64_t sb_links_account(const sb_links *links, uint64_t index);

#endif
