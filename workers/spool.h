/* Compressed frames of one kind of one shard, on their way to the place they belong to: straight
 * there once it is known; until then in memory that all spools of a worker share, and beyond that
 * in a file without a name beside the output. */
#ifndef WORKERS_SPOOL_H
#define WORKERS_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/container.h"
#include "seedbank/status.h"

/* Memory that a worker's spools share, in chunks. Enough for most of a shard of the default kinds;
 * only a worker that waits for the lengths of earlier shards uses it. */
enum { SB_SPOOL_CHUNK_BYTES = 32 << 10, SB_SPOOL_CHUNKS = 32 };

typedef struct sb_spool_memory {
    unsigned char *bytes; /* owned */
    uint8_t free[SB_SPOOL_CHUNKS];
    uint32_t free_count;
} sb_spool_memory;

/* `touch`: pays for it at once, so that the worker's memory does not depend on how many shards it
 * makes. */
SB_CHECK sb_status sb_spool_memory_open(bool touch, sb_spool_memory *out, sb_error *err);
void sb_spool_memory_close(sb_spool_memory *memory);

typedef struct sb_spool {
    sb_spool_memory *memory; /* borrowed */
    const char *dir;         /* borrowed; where a file would be made */
    uint8_t chunks[SB_SPOOL_CHUNKS];
    size_t used_bytes; /* in chunks; behind what is in the file */
    int file;          /* -1: none */
    uint64_t file_begin, file_bytes;
    bool in_place;  /* the file is where the frames belong */
    bool owns_file; /* closes it */
} sb_spool;

/* `dir` is borrowed. */
void sb_spool_begin(sb_spool *spool, sb_spool_memory *memory, const char *dir);
/* Forgets the content, and gives its memory back. */
void sb_spool_clear(sb_spool *spool);
/* Whether it would like to know where its frames belong: nothing went to a file yet. */
static inline bool sb_spool_wants_place(const sb_spool *spool)
{
    return spool->file < 0;
}
/* Says where the frames belong, before any went to a file. */
void sb_spool_place(sb_spool *spool, int file, uint64_t begin, bool owns_file);
SB_CHECK sb_status sb_spool_add(sb_spool *spool, const void *data, size_t data_bytes,
                                sb_error *err);
/* Writes all of it to `file` at `offset`; `path` is named in errors. */
SB_CHECK sb_status sb_spool_write(const sb_spool *spool, int file, uint64_t offset,
                                  const char *path, sb_error *err);

/* ---- files ---------------------------------------------------------------------------------- */

/* SB_ENOSPC for a full disk or quota, SB_EIO else; the sentence names path and reason (of errno).
 */
SB_CHECK sb_status sb_fail_errno(sb_error *err, const char *path, const char *what);
/* All bytes, or an error. */
SB_CHECK sb_status sb_write_at(int file, const void *data, size_t data_bytes, uint64_t offset,
                               const char *path, sb_error *err);
/* Asks the kernel to begin putting those bytes on disk, while more are made, so that the fsync() at
 * the end has little left to wait for. A wish only: nothing is promised, no error is told (fsync()
 * does), and small ranges are left alone. */
void sb_sync_early(int file, uint64_t offset, uint64_t bytes);
/* Copies within the kernel where it can. */
SB_CHECK sb_status sb_copy_range(int from, uint64_t from_offset, int to, uint64_t to_offset,
                                 uint64_t bytes, const char *path, sb_error *err);
/* The XXH3-128 (canonical) of a range of a file; false when it cannot be read to its end. */
bool sb_hash_range(int file, uint64_t offset, uint64_t bytes, unsigned char out[SB_HASH_BYTES]);
SB_CHECK sb_status sb_sync_path(const char *path, sb_error *err);
/* Writes a whole small file under a temporary name, syncs it and renames it. */
SB_CHECK sb_status sb_write_file(const char *path, const void *data, size_t data_bytes,
                                 sb_error *err);
/* Removes a directory and all in it; what is not there is fine. */
void sb_remove_tree(const char *path);

#endif
