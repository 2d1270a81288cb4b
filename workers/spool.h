/* Compressed frames of one kind of one shard, kept until the place they belong to is known: in memory up
 * to a fixed size, beyond it in a file without a name beside the output. */
#ifndef WORKERS_SPOOL_H
#define WORKERS_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "seedbank/status.h"

enum { SB_SPOOL_BYTES_MAX = 4 << 20 };

typedef struct sb_spool {
    const char *dir; /* borrowed; where a file would be made */
    unsigned char *memory;
    size_t used_bytes, capacity_bytes;
    int file; /* -1: none */
    uint64_t file_bytes;
} sb_spool;

void sb_spool_open(sb_spool *spool, const char *dir);
void sb_spool_close(sb_spool *spool);
/* Forgets the content, keeps the memory. */
void sb_spool_clear(sb_spool *spool);
SB_CHECK sb_status sb_spool_add(sb_spool *spool, const void *data, size_t data_bytes, sb_error *err);
/* Writes all of it to `file` at `offset`; `path` is named in errors. */
SB_CHECK sb_status sb_spool_write(const sb_spool *spool, int file, uint64_t offset, const char *path,
                                  sb_error *err);
static inline uint64_t sb_spool_bytes(const sb_spool *spool)
{
    return spool->file_bytes + spool->used_bytes;
}

/* ---- files ---------------------------------------------------------------------------------- */

/* SB_ENOSPC for a full disk or quota, SB_EIO else; the sentence names path and reason (of errno). */
SB_CHECK sb_status sb_fail_errno(sb_error *err, const char *path, const char *what);
/* All bytes, or an error. */
SB_CHECK sb_status sb_write_at(int file, const void *data, size_t data_bytes, uint64_t offset,
                               const char *path, sb_error *err);
/* Copies within the kernel where it can. */
SB_CHECK sb_status sb_copy_range(int from, uint64_t from_offset, int to, uint64_t to_offset, uint64_t bytes,
                                 const char *path, sb_error *err);
SB_CHECK sb_status sb_sync_path(const char *path, sb_error *err);
/* Writes a whole small file under a temporary name, syncs it and renames it. */
SB_CHECK sb_status sb_write_file(const char *path, const void *data, size_t data_bytes, sb_error *err);
/* Removes a directory and all in it; what is not there is fine. */
void sb_remove_tree(const char *path);

#endif
