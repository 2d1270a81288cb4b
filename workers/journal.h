/* Journals: what workers have written, a record a shard, so that the coordinator can finish files
 * without holding their frames in memory and an interrupted run can be resumed.
 *
 * A record: magic, length, shard, the shard's kinds, all their frames kind by kind, and the XXH3-64
 * of it all. Native byte order: a journal never leaves the machine's file system and is gone when a
 * run is done. */
#ifndef WORKERS_JOURNAL_H
#define WORKERS_JOURNAL_H

#include "workers/board.h"

typedef struct sb_journal {
    char path[4200];
    int file;
    uint64_t end; /* offset of the next record */
} sb_journal;

/* `dir`/journal-<number>; made when it is not there, appended to when it is. */
SB_CHECK sb_status sb_journal_open(const char *dir, uint32_t number, sb_journal *out,
                                   sb_error *err);
void sb_journal_close(sb_journal *journal);

/* Appends a record; *offset_out is where it begins. frames[kind] has kinds[kind].frame_count
 * entries. */
SB_CHECK sb_status sb_journal_add(sb_journal *journal, uint64_t shard,
                                  const sb_shard_kind kinds[SB_KIND_COUNT],
                                  const sb_frame_info *const frames[SB_KIND_COUNT],
                                  uint64_t *offset_out, sb_error *err);

/* Reads the record at `offset`. *found is false at the end of the journal, or where it is broken
 * off. The frames are the caller's: free(). *next_out is where the next record begins. */
SB_CHECK sb_status sb_journal_read(const char *path, uint64_t offset, bool *found,
                                   uint64_t *shard_out, sb_shard_kind kinds[SB_KIND_COUNT],
                                   sb_frame_info **frames, uint64_t *next_out, sb_error *err);

void sb_journal_path(const char *dir, uint32_t number, char *out, size_t out_bytes);

#endif
