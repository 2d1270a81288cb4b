/* What does libzstd alone cost on the same bytes? Compresses files as a series of independent
 * frames of 1 MiB, as ours are (content size and checksum, one context for all), writes them to
 * files of the same names elsewhere, and syncs those: the yardstick of bench/versus_zstd.
 *
 * Usage: bench_zstd_frames [--level N (1)] DIRECTORY FILE... */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "format/container.h"

typedef struct press {
    ZSTD_CCtx *compressor;
    unsigned char *raw, *packed; /* owned */
    size_t packed_capacity;
} press;

static sb_status fail_errno(sb_error *err, const char *path, const char *what)
{
    return sb_fail(err, SB_EIO, "%s: %s: %s", path, what, strerror(errno));
}

/* Fills `buffer` as far as the file has bytes. */
static sb_status read_frame(int file, const char *path, unsigned char *buffer, size_t *bytes_out,
                            sb_error *err)
{
    size_t bytes = 0;
    while (bytes < SB_FRAME_RAW_BYTES) {
        ssize_t got = read(file, buffer + bytes, SB_FRAME_RAW_BYTES - bytes);
        if (got < 0)
            return fail_errno(err, path, "cannot be read");
        if (got == 0)
            break;
        bytes += (size_t)got;
    }
    *bytes_out = bytes;
    return SB_OK;
}

static sb_status write_all(int file, const char *path, const unsigned char *data, size_t bytes,
                           sb_error *err)
{
    while (bytes > 0) {
        ssize_t done = write(file, data, bytes);
        if (done < 0)
            return fail_errno(err, path, "cannot be written");
        data += done;
        bytes -= (size_t)done;
    }
    return SB_OK;
}

static sb_status press_file(press *p, const char *from, const char *to, int in, int out,
                            sb_error *err)
{
    for (;;) {
        size_t bytes = 0;
        SB_TRY(read_frame(in, from, p->raw, &bytes, err));
        if (bytes == 0)
            break;
        size_t packed = ZSTD_compress2(p->compressor, p->packed, p->packed_capacity, p->raw, bytes);
        if (ZSTD_isError(packed))
            return sb_fail(err, SB_EIO, "zstd: %s", ZSTD_getErrorName(packed));
        SB_TRY(write_all(out, to, p->packed, packed, err));
    }
    return fsync(out) == 0 ? SB_OK : fail_errno(err, to, "cannot be synced");
}

static sb_status take_file(press *p, const char *directory, const char *from, sb_error *err)
{
    const char *slash = strrchr(from, '/');
    char to[PATH_MAX];
    if (snprintf(to, sizeof to, "%s/%s.zst", directory, slash == NULL ? from : slash + 1) >=
        (int)sizeof to)
        return sb_fail(err, SB_EUSAGE, "%s: the name is too long", from);
    sb_status status = SB_OK;
    int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
    if (in < 0)
        return fail_errno(err, from, "cannot be opened");
    out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    status =
        out < 0 ? fail_errno(err, to, "cannot be made") : press_file(p, from, to, in, out, err);
    (void)close(in);
    if (out >= 0)
        (void)close(out);
    return status;
}

static sb_status run(int level, char **arguments, int count, sb_error *err)
{
    press p = {.packed_capacity = ZSTD_compressBound(SB_FRAME_RAW_BYTES)};
    sb_status status = SB_OK;
    p.compressor = ZSTD_createCCtx();
    p.raw = malloc(SB_FRAME_RAW_BYTES);
    p.packed = malloc(p.packed_capacity);
    if (p.compressor == NULL || p.raw == NULL || p.packed == NULL)
        status = sb_fail(err, SB_ENOMEM, "no memory for a compressor");
    else if (ZSTD_isError(ZSTD_CCtx_setParameter(p.compressor, ZSTD_c_compressionLevel, level)) ||
             ZSTD_isError(ZSTD_CCtx_setParameter(p.compressor, ZSTD_c_checksumFlag, 1)))
        status = sb_fail(err, SB_EUSAGE, "libzstd refuses level %d", level);
    for (int i = 1; i < count && status == SB_OK; i++)
        status = take_file(&p, arguments[0], arguments[i], err);
    free(p.packed);
    free(p.raw);
    ZSTD_freeCCtx(p.compressor);
    return status;
}

int main(int argc, char **argv)
{
    sb_error err = {0};
    int first = 1;
    long level = 1;
    if (argc > 2 && strcmp(argv[1], "--level") == 0) {
        char *end = NULL;
        level = strtol(argv[2], &end, 10);
        if (*end != '\0' || level < 1 || level > 19)
            argc = 0;
        first = 3;
    }
    if (argc < first + 2) {
        fputs("usage: bench_zstd_frames [--level 1..19] DIRECTORY FILE...\n", stderr);
        return 2;
    }
    sb_status status = run((int)level, argv + first, argc - first, &err);
    if (status != SB_OK)
        fprintf(stderr, "bench_zstd_frames: %s\n", err.text);
    return sb_status_exit(status);
}
