/* Compressed frames of one kind of one shard, kept until the place they belong to is known: in
 * memory up to a fixed size, beyond it at their place, if it is known by then, else in a file
 * without a name beside the output. */
#ifndef WORKERS_SPOOL_H
#define WORKERS_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/container.h"
#include "seedbank/status.h"

/* Memory a spool has: one frame of rows as they usually compress. A worker has two for each kind.
 * Paid for and touched at the start, so that its memory does not depend on how many shards it
 * makes. */
enum { SB_SPOOL_BYTES_MAX = 576 << 10 };

typedef struct sb_spool {
    const char *dir; /* borrowed; where a file would be made */
    unsigned char *memory;
    size_t used_bytes;
    int file; /* -1: none; beyond the memory */
    uint64_t file_begin, file_bytes;
    bool in_place;  /* the file is where the frames belong */
    bool owns_file; /* closes it */
} sb_spool;

SB_CHECK sb_status sb_spool_open(sb_spool *spool, const char *dir, sb_error *err);
void sb_spool_close(sb_spool *spool);
/* Forgets the content, keeps the memory. */
void sb_spool_clear(sb_spool *spool);
/* Whether adding so many bytes needs a file that is not there yet. */
static inline bool sb_spool_overflows(const sb_spool *spool, size_t data_bytes)
{
    return spool->file < 0 && spool->used_bytes + data_bytes > SB_SPOOL_BYTES_MAX;
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
