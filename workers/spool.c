#include "workers/spool.h"
#include "format/hashing.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- files ---------------------------------------------------------------------------------- */

sb_status sb_fail_errno(sb_error *err, const char *path, const char *what)
{
    int reason = errno;
    bool full = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
    return sb_fail(err, full ? SB_ENOSPC : SB_EIO, "%s: %s: %s%s", path, what, strerror(reason),
                   full ? "; make room and run again with --resume" : "");
}

sb_status sb_write_at(int file, const void *data, size_t data_bytes, uint64_t offset,
                      const char *path, sb_error *err)
{
    const char *at = data;
    while (data_bytes > 0) {
        ssize_t n = pwrite(file, at, data_bytes, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return sb_fail_errno(err, path, "cannot be written");
        at += n;
        offset += (uint64_t)n;
        data_bytes -= (size_t)n;
    }
    return SB_OK;
}

void sb_sync_early(int file, uint64_t offset, uint64_t bytes)
{
#ifdef SYNC_FILE_RANGE_WRITE
    enum { WORTH_A_CALL_BYTES = 256 * 1024 };
    if (bytes >= WORTH_A_CALL_BYTES)
        (void)sync_file_range(file, (off_t)offset, (off_t)bytes, SYNC_FILE_RANGE_WRITE);
#else
    (void)file;
    (void)offset;
    (void)bytes;
#endif
}

/* Through memory: for file systems that have no copy_file_range. */
static sb_status copy_by_hand(int from, uint64_t from_offset, int to, uint64_t to_offset,
                              uint64_t bytes, const char *path, sb_error *err)
{
    char buffer[65536];
    while (bytes > 0) {
        size_t want = bytes < sizeof buffer ? (size_t)bytes : sizeof buffer;
        ssize_t n = pread(from, buffer, want, (off_t)from_offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return sb_fail_errno(err, path, "its source cannot be read");
        if (n == 0)
            return sb_fail(err, SB_EDAMAGED, "%s: its source is cut short", path);
        SB_TRY(sb_write_at(to, buffer, (size_t)n, to_offset, path, err));
        from_offset += (uint64_t)n;
        to_offset += (uint64_t)n;
        bytes -= (uint64_t)n;
    }
    return SB_OK;
}

sb_status sb_copy_range(int from, uint64_t from_offset, int to, uint64_t to_offset, uint64_t bytes,
                        const char *path, sb_error *err)
{
    while (bytes > 0) {
        off_t in = (off_t)from_offset, out = (off_t)to_offset;
        size_t want = bytes < (1u << 30) ? (size_t)bytes : (1u << 30);
        ssize_t n = copy_file_range(from, &in, to, &out, want, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
            return sb_fail_errno(err, path, "cannot be written");
        if (n <= 0)
            return copy_by_hand(from, from_offset, to, to_offset, bytes, path, err);
        from_offset += (uint64_t)n;
        to_offset += (uint64_t)n;
        bytes -= (uint64_t)n;
    }
    return SB_OK;
}

bool sb_hash_range(int file, uint64_t offset, uint64_t bytes, unsigned char out[SB_HASH_BYTES])
{
    unsigned char buffer[65536];
    XXH128_canonical_t canonical;
    XXH3_state_t *state = XXH3_createState();
    bool readable = state != NULL;
    if (readable)
        XXH3_128bits_reset(state);
    while (readable && bytes > 0) {
        ssize_t n = pread(file, buffer, bytes < sizeof buffer ? (size_t)bytes : sizeof buffer,
                          (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        readable = n > 0;
        if (readable) {
            XXH3_128bits_update(state, buffer, (size_t)n);
            offset += (uint64_t)n;
            bytes -= (uint64_t)n;
        }
    }
    if (readable) {
        XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
        memcpy(out, canonical.digest, SB_HASH_BYTES);
    }
    (void)XXH3_freeState(state);
    return readable;
}

sb_status sb_sync_path(const char *path, sb_error *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return sb_fail_errno(err, path, "cannot be opened");
    int failed = fsync(file);
    int reason = errno;
    (void)close(file);
    errno = reason;
    /* Some file systems cannot sync a directory and say so. */
    return failed != 0 && reason != EINVAL && reason != EROFS
               ? sb_fail_errno(err, path, "cannot be synced")
               : SB_OK;
}

sb_status sb_write_file(const char *path, const void *data, size_t data_bytes, sb_error *err)
{
    char temporary[4200];
    (void)snprintf(temporary, sizeof temporary, "%s.tmp", path);
    int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0)
        return sb_fail_errno(err, temporary, "cannot be made");
    sb_status status = sb_write_at(file, data, data_bytes, 0, temporary, err);
    if (status == SB_OK && fsync(file) != 0)
        status = sb_fail_errno(err, temporary, "cannot be synced");
    if (close(file) != 0 && status == SB_OK)
        status = sb_fail_errno(err, temporary, "cannot be written");
    if (status == SB_OK && rename(temporary, path) != 0)
        status = sb_fail_errno(err, path, "cannot be renamed to");
    if (status != SB_OK)
        (void)unlink(temporary);
    return status;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *where)
{
    (void)info;
    (void)type;
    (void)where;
    (void)remove(path);
    return 0;
}

void sb_remove_tree(const char *path)
{
    (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- spools --------------------------------------------------------------------------------- */

sb_status sb_spool_memory_open(bool touch, sb_spool_memory *out, sb_error *err)
{
    const size_t bytes = (size_t)SB_SPOOL_CHUNKS * SB_SPOOL_CHUNK_BYTES;
    *out = (sb_spool_memory){.bytes = malloc(bytes), .free_count = SB_SPOOL_CHUNKS};
    if (out->bytes == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for compressed rows");
    if (touch)
        memset(out->bytes, 1, bytes); /* not 0: that would become a calloc, and touch nothing */
    for (int i = 0; i < SB_SPOOL_CHUNKS; i++)
        out->free[i] = (uint8_t)i;
    return SB_OK;
}

void sb_spool_memory_close(sb_spool_memory *memory)
{
    free(memory->bytes);
    memory->bytes = NULL;
}

void sb_spool_begin(sb_spool *spool, sb_spool_memory *memory, const char *dir)
{
    *spool = (sb_spool){.memory = memory, .dir = dir, .file = -1};
}

static uint32_t chunks_of(size_t bytes)
{
    return (uint32_t)((bytes + SB_SPOOL_CHUNK_BYTES - 1) / SB_SPOOL_CHUNK_BYTES);
}

static void give_back(sb_spool *spool)
{
    sb_spool_memory *memory = spool->memory;
    for (uint32_t i = chunks_of(spool->used_bytes); i > 0; i--)
        memory->free[memory->free_count++] = spool->chunks[i - 1];
    spool->used_bytes = 0;
}

void sb_spool_clear(sb_spool *spool)
{
    give_back(spool);
    if (spool->file >= 0 && spool->owns_file)
        (void)close(spool->file);
    spool->file = -1;
    spool->file_begin = spool->file_bytes = 0;
    spool->in_place = spool->owns_file = false;
}

void sb_spool_place(sb_spool *spool, int file, uint64_t begin, bool owns_file)
{
    spool->file = file;
    spool->file_begin = begin;
    spool->in_place = true;
    spool->owns_file = owns_file;
}

/* A file that is gone when nobody has it open any more. */
static sb_status open_file(sb_spool *spool, sb_error *err)
{
    char path[4200];
    (void)snprintf(path, sizeof path, "%s/spill-XXXXXX", spool->dir);
    spool->file = mkostemp(path, O_CLOEXEC);
    if (spool->file < 0)
        return sb_fail_errno(err, path, "cannot be made");
    spool->owns_file = true;
    (void)unlink(path);
    return SB_OK;
}

static sb_status write_chunks(const sb_spool *spool, int file, uint64_t offset, const char *path,
                              sb_error *err)
{
    for (size_t at = 0; at < spool->used_bytes; at += SB_SPOOL_CHUNK_BYTES) {
        size_t left = spool->used_bytes - at;
        const unsigned char *chunk =
            spool->memory->bytes +
            (size_t)spool->chunks[at / SB_SPOOL_CHUNK_BYTES] * SB_SPOOL_CHUNK_BYTES;
        SB_TRY(sb_write_at(file, chunk, left < SB_SPOOL_CHUNK_BYTES ? left : SB_SPOOL_CHUNK_BYTES,
                           offset + at, path, err));
    }
    return SB_OK;
}

/* To the file, behind what stood in memory so far. */
static sb_status add_to_file(sb_spool *spool, const void *data, size_t data_bytes, sb_error *err)
{
    uint64_t end = spool->file_begin + spool->file_bytes;
    SB_TRY(write_chunks(spool, spool->file, end, spool->dir, err));
    SB_TRY(sb_write_at(spool->file, data, data_bytes, end + spool->used_bytes, spool->dir, err));
    spool->file_bytes += spool->used_bytes + data_bytes;
    give_back(spool);
    return SB_OK;
}

static void add_to_memory(sb_spool *spool, const unsigned char *data, size_t data_bytes)
{
    sb_spool_memory *memory = spool->memory;
    while (data_bytes > 0) {
        uint32_t chunk = (uint32_t)(spool->used_bytes / SB_SPOOL_CHUNK_BYTES);
        size_t within = spool->used_bytes % SB_SPOOL_CHUNK_BYTES;
        size_t room = SB_SPOOL_CHUNK_BYTES - within;
        size_t taken = data_bytes < room ? data_bytes : room;
        if (within == 0)
            spool->chunks[chunk] = memory->free[--memory->free_count];
        memcpy(memory->bytes + (size_t)spool->chunks[chunk] * SB_SPOOL_CHUNK_BYTES + within, data,
               taken);
        spool->used_bytes += taken;
        data += taken;
        data_bytes -= taken;
    }
}

sb_status sb_spool_add(sb_spool *spool, const void *data, size_t data_bytes, sb_error *err)
{
    uint32_t more = chunks_of(spool->used_bytes + data_bytes) - chunks_of(spool->used_bytes);
    if (spool->file < 0 && more <= spool->memory->free_count) {
        add_to_memory(spool, data, data_bytes);
        return SB_OK;
    }
    if (spool->file < 0)
        SB_TRY(open_file(spool, err));
    return add_to_file(spool, data, data_bytes, err);
}

sb_status sb_spool_write(const sb_spool *spool, int file, uint64_t offset, const char *path,
                         sb_error *err)
{
    if (spool->file_bytes > 0 && !spool->in_place)
        SB_TRY(sb_copy_range(spool->file, 0, file, offset, spool->file_bytes, path, err));
    return write_chunks(spool, file, offset + spool->file_bytes, path, err);
}
