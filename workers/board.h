/* The board: what workers and coordinator share. In memory that forked children have in common;
 * threads use it the same way. Shards are taken by an atomic counter; what is known of each stands
 * in its slot. */
#ifndef WORKERS_BOARD_H
#define WORKERS_BOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "format/container.h"
#include "format/schema.h"
#include "seedbank/status.h"

/* One kind in one shard. */
typedef struct sb_shard_kind {
    uint64_t rows, raw_bytes, packed_bytes;
    uint64_t first_id, last_id; /* of rows that have an id; rows > 0 */
    unsigned char raw_hash[SB_HASH_BYTES], packed_hash[SB_HASH_BYTES];
    uint32_t frame_count;
} sb_shard_kind;

typedef enum sb_shard_state {
    SB_SHARD_FREE,
    SB_SHARD_TAKEN,  /* a worker makes it */
    SB_SHARD_MADE,   /* its lengths are known; its bytes are in the worker's memory */
    SB_SHARD_WRITTEN /* its bytes are at their place, its frames in the journal */
} sb_shard_state;

typedef struct sb_slot {
    atomic_int state;
    atomic_int owner; /* worker index */
    atomic_int attempts;
    uint32_t journal; /* where its frames are listed */
    uint64_t journal_offset;
    uint64_t offsets[SB_KIND_COUNT]; /* of part jobs being merged: in the part's file */
    sb_shard_kind kinds[SB_KIND_COUNT];
} sb_slot;

/* What a worker tells of itself when it is done. */
typedef struct sb_worker_note {
    uint64_t cache_hits, cache_misses, peak_bytes;
    uint64_t failed_shard;
    sb_error error; /* status SB_OK: none */
} sb_worker_note;

enum { SB_WORKERS_MAX = 4096 };

typedef struct sb_board {
    uint64_t begin, end; /* shards of this run */
    uint32_t worker_count;
    atomic_uint_least64_t next;
    atomic_uint_least64_t retries;       /* slots that were freed again */
    atomic_int stop;                     /* drop what is in hand and end */
    atomic_uint_least64_t lowest_failed; /* shard; UINT64_MAX: none */
    atomic_uint_least64_t rows_done, raw_bytes_done;
    size_t mapped_bytes;
    sb_worker_note *notes; /* worker_count */
    sb_slot *slots;        /* end - begin */
} sb_board;

SB_CHECK sb_status sb_board_open(uint64_t begin, uint64_t end, uint32_t workers, sb_board **out,
                                 sb_error *err);
void sb_board_close(sb_board *board);
static inline sb_slot *sb_board_slot(sb_board *board, uint64_t shard)
{
    return &board->slots[shard - board->begin];
}

/* The next shard for a worker; board->end when there is none left. */
uint64_t sb_board_take(sb_board *board, uint32_t worker);
/* A worker is gone: what it had and did not write is free again. False when a shard has now lost
 * its third worker: *shard_out is that shard. */
bool sb_board_release(sb_board *board, uint32_t worker, uint64_t *shard_out);
/* Notes a failure; the one with the lowest shard is what is reported. */
void sb_board_fail(sb_board *board, uint32_t worker, uint64_t shard, const sb_error *error);
/* The failure to report, or NULL. */
const sb_error *sb_board_failure(const sb_board *board);

#endif
