#include "workers/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/hashing.h"
#include "workers/spool.h"

enum { JOURNAL_MAGIC = 0x314A4253, RECORD_BYTES_MAX = 1 << 30 };

typedef struct record_head {
    uint32_t magic;
    uint32_t record_bytes; /* of the record, head and hash included */
    uint64_t shard;
    sb_shard_kind kinds[SB_KIND_COUNT];
} record_head;

void sb_journal_path(const char *dir, uint32_t number, char *out, size_t out_bytes)
{
    (void)snprintf(out, out_bytes, "%s/journal-%05u", dir, number);
}

sb_status sb_journal_open(const char *dir, uint32_t number, sb_journal *out, sb_error *err)
{
    struct stat info;
    sb_journal_path(dir, number, out->path, sizeof out->path);
    out->file = open(out->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (out->file < 0)
        return sb_fail_errno(err, out->path, "cannot be made");
    if (fstat(out->file, &info) != 0) {
        (void)close(out->file);
        return sb_fail_errno(err, out->path, "cannot be asked for its size");
    }
    out->end = (uint64_t)info.st_size;
    return SB_OK;
}

void sb_journal_close(sb_journal *journal)
{
    if (journal->file >= 0)
        (void)close(journal->file);
    journal->file = -1;
}

static uint64_t frame_total(const sb_shard_kind kinds[SB_KIND_COUNT])
{
    uint64_t total = 0;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        total += kinds[kind].frame_count;
    return total;
}

sb_status sb_journal_add(sb_journal *journal, uint64_t shard,
                         const sb_shard_kind kinds[SB_KIND_COUNT],
                         const sb_frame_info *const frames[SB_KIND_COUNT], uint64_t *offset_out,
                         sb_error *err)
{
    size_t frames_bytes = frame_total(kinds) * sizeof(sb_frame_info);
    size_t bytes = sizeof(record_head) + frames_bytes + sizeof(uint64_t);
    unsigned char *record = calloc(1, bytes);
    if (record == NULL || bytes > RECORD_BYTES_MAX) {
        free(record);
        return sb_fail(err, SB_ENOMEM, "no memory for a journal record");
    }
    record_head *head = (record_head *)record;
    *head = (record_head){.magic = JOURNAL_MAGIC, .record_bytes = (uint32_t)bytes, .shard = shard};
    memcpy(head->kinds, kinds, sizeof head->kinds);
    unsigned char *at = record + sizeof *head;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        size_t n = kinds[kind].frame_count * sizeof(sb_frame_info);
        if (n > 0)
            memcpy(at, frames[kind], n);
        at += n;
    }
    uint64_t hash = XXH3_64bits(record, bytes - sizeof hash);
    memcpy(at, &hash, sizeof hash);
    sb_status status = sb_write_at(journal->file, record, bytes, journal->end, journal->path, err);
    free(record);
    SB_TRY(status);
    *offset_out = journal->end;
    journal->end += bytes;
    return SB_OK;
}

/* The whole record in memory, or NULL where none begins. */
static unsigned char *load_record(int file, uint64_t offset, size_t *bytes_out)
{
    record_head head;
    if (pread(file, &head, sizeof head, (off_t)offset) != (ssize_t)sizeof head ||
        head.magic != JOURNAL_MAGIC || head.record_bytes > RECORD_BYTES_MAX ||
        head.record_bytes !=
            sizeof head + frame_total(head.kinds) * sizeof(sb_frame_info) + sizeof(uint64_t))
        return NULL;
    unsigned char *record = malloc(head.record_bytes);
    uint64_t hash;
    if (record == NULL)
        return NULL;
    if (pread(file, record, head.record_bytes, (off_t)offset) == (ssize_t)head.record_bytes) {
        memcpy(&hash, record + head.record_bytes - sizeof hash, sizeof hash);
        if (hash == XXH3_64bits(record, head.record_bytes - sizeof hash)) {
            *bytes_out = head.record_bytes;
            return record;
        }
    }
    free(record);
    return NULL;
}

sb_status sb_journal_read(const char *path, uint64_t offset, bool *found, uint64_t *shard_out,
                          sb_shard_kind kinds[SB_KIND_COUNT], sb_frame_info **frames,
                          uint64_t *next_out, sb_error *err)
{
    size_t bytes = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    *found = false;
    if (file < 0)
        return sb_fail_errno(err, path, "cannot be read");
    unsigned char *record = load_record(file, offset, &bytes);
    (void)close(file);
    if (record == NULL)
        return SB_OK;
    record_head head;
    memcpy(&head, record, sizeof head);
    size_t frames_bytes = frame_total(head.kinds) * sizeof **frames;
    memcpy(kinds, head.kinds, sizeof head.kinds);
    memmove(record, record + sizeof head, frames_bytes);
    *shard_out = head.shard;
    *frames = (sb_frame_info *)record;
    *next_out = offset + bytes;
    *found = true;
    return SB_OK;
}
