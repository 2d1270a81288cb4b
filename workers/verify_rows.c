#include "workers/verify_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "format/row_text.h"

static sb_status name_field(const char *path, const sb_record *record, uint64_t row,
                            const uint8_t *expected, size_t expected_bytes, const uint8_t *there,
                            size_t there_bytes, sb_error *err)
{
    int field = sb_row_difference(record, expected, expected_bytes, there, there_bytes);
    sb_bytes want = {0}, have = {0};
    if (field < 0)
        return sb_fail(err, SB_EWRONG, "%s: row %llu differs from what the seed gives", path,
                       (unsigned long long)row);
    if (sb_row_field_text(record, field, false, expected, expected_bytes, &want, NULL) != SB_OK ||
        sb_row_field_text(record, field, false, there, there_bytes, &have, NULL) != SB_OK)
        want.length = have.length = 0;
    sb_status status = sb_fail(
        err, SB_EWRONG, "%s: row %llu, field %s: is '%.*s', the seed gives '%.*s'", path,
        (unsigned long long)row, record->fields[field].name,
        (int)(have.length < 120 ? have.length : 120), have.data == NULL ? "" : (char *)have.data,
        (int)(want.length < 120 ? want.length : 120), want.data == NULL ? "" : (char *)want.data);
    sb_bytes_close(&want);
    sb_bytes_close(&have);
    return status;
}

sb_status sb_name_difference(const char *path, const sb_record *record, uint64_t first_row,
                             const uint8_t *expected, size_t expected_bytes, const uint8_t *there,
                             size_t there_bytes, sb_error *err)
{
    size_t a = 0, b = 0;
    for (uint64_t row = first_row;; row++) {
        size_t a_bytes = 0, b_bytes = 0;
        if (a == expected_bytes || b == there_bytes)
            return sb_fail(err, SB_EWRONG, "%s: row %llu %s", path, (unsigned long long)row,
                           a == expected_bytes ? "is one too many" : "is missing");
        if (sb_row_length(there + b, there_bytes - b, &b_bytes, NULL) != SB_OK)
            return sb_fail(err, SB_EWRONG, "%s: row %llu is no complete MessagePack value", path,
                           (unsigned long long)row);
        SB_TRY(sb_row_length(expected + a, expected_bytes - a, &a_bytes, err));
        if (a_bytes != b_bytes || memcmp(expected + a, there + b, a_bytes) != 0)
            return name_field(path, record, row, expected + a, a_bytes, there + b, b_bytes, err);
        a += a_bytes;
        b += b_bytes;
    }
}

/* ---- reading without an index --------------------------------------------------------------- */

typedef struct stream {
    const char *path;
    FILE *file;
    ZSTD_DCtx *decoder;
    unsigned char packed[65536];
    ZSTD_inBuffer in;
    size_t hint; /* of zstd: 0 at the end of a frame */
    bool at_end;
    uint8_t *window; /* owned: as many rows as a frame may have, and one more */
    size_t window_bytes, window_used;
    const sb_record *record;
    uint64_t row;
} stream;

enum { WINDOW_BYTES = SB_FRAME_RAW_BYTES + 2 * SB_ROW_BYTES_MAX };

static sb_status refill(stream *s, sb_error *err)
{
    if (s->in.pos < s->in.size)
        return SB_OK;
    size_t n = fread(s->packed, 1, sizeof s->packed, s->file);
    if (n == 0 && ferror(s->file))
        return sb_fail(err, SB_EIO, "%s: cannot be read: %s", s->path, strerror(errno));
    s->in = (ZSTD_inBuffer){s->packed, n, 0};
    if (n > 0)
        return SB_OK;
    s->at_end = true;
    return s->hint != 0 ? sb_fail(err, SB_EDAMAGED, "%s: cut short at byte %lld, after row %llu",
                                  s->path, (long long)ftello(s->file), (unsigned long long)s->row)
                        : SB_OK;
}

/* Unpacks until `wanted` bytes are in the window, or the file ends. `one_frame`: or the frame does.
 */
static sb_status fill(stream *s, size_t wanted, bool one_frame, sb_error *err)
{
    while (s->window_used < wanted && !s->at_end) {
        SB_TRY(refill(s, err));
        if (s->at_end)
            break;
        ZSTD_outBuffer out = {s->window, wanted, s->window_used};
        s->hint = ZSTD_decompressStream(s->decoder, &out, &s->in);
        s->window_used = out.pos;
        if (ZSTD_isError(s->hint))
            return sb_fail(err, SB_EWRONG, "%s: the frame that should hold row %llu is damaged: %s",
                           s->path, (unsigned long long)s->row, ZSTD_getErrorName(s->hint));
        if (one_frame && s->hint == 0)
            break;
    }
    return SB_OK;
}

/* One frame of the seed's against as many bytes of the file's. */
static sb_status take_frame(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                            uint32_t row_count, sb_error *err)
{
    stream *s = user;
    (void)kind;
    SB_TRY(fill(s, raw_bytes, false, err));
    if (s->window_used < raw_bytes || memcmp(s->window, rows, raw_bytes) != 0) {
        SB_TRY(
            fill(s, raw_bytes + SB_ROW_BYTES_MAX, false, NULL)); /* a changed row may be longer */
        return sb_name_difference(s->path, s->record, s->row, rows, raw_bytes, s->window,
                                  s->window_used, err);
    }
    s->row += row_count;
    s->window_used = 0;
    return SB_OK;
}

static sb_status read_all(stream *s, const sb_world *world, sb_kind kind, uint64_t first_group,
                          uint64_t end_group, const char *reason, sb_error *err)
{
    sb_press press;
    SB_TRY(fill(s, WINDOW_BYTES, true, err)); /* the header frame */
    s->window_used = 0;
    SB_TRY(sb_press_open(world, 1u << kind, take_frame, s, &press, err));
    sb_status status = SB_OK;
    for (uint64_t group = first_group; group < end_group && status == SB_OK; group++)
        status = sb_group_make(&press, group, err);
    sb_press_close(&press);
    SB_TRY(status);
    SB_TRY(fill(s, 1, false, err));
    if (s->window_used > 0)
        return sb_fail(err, SB_EWRONG, "%s: row %llu is one too many", s->path,
                       (unsigned long long)s->row);
    return sb_fail(err, SB_EWRONG, "%s (all rows are right)", reason);
}

sb_status sb_verify_by_reading(const char *path, const sb_world *world, sb_kind kind,
                               uint64_t first_group, uint64_t end_group, const char *reason,
                               sb_error *err)
{
    stream *s = calloc(1, sizeof *s);
    sb_status status = SB_ENOMEM;
    if (s == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory to read %s", path);
    s->path = path;
    s->record = sb_schema(kind);
    s->row = kind == SB_ENTRIES ? 0 : sb_world_group_row(world, kind, first_group);
    s->window = malloc(WINDOW_BYTES);
    s->decoder = ZSTD_createDCtx();
    s->file = fopen(path, "re");
    if (s->window == NULL || s->decoder == NULL)
        status = sb_fail(err, SB_ENOMEM, "no memory to read %s", path);
    else if (s->file == NULL)
        status = sb_fail(err, SB_EDAMAGED, "%s: cannot be opened: %s", path, strerror(errno));
    else
        status = read_all(s, world, kind, first_group, end_group, reason, err);
    if (s->file != NULL)
        (void)fclose(s->file);
    ZSTD_freeDCtx(s->decoder);
    free(s->window);
    free(s);
    return status;
}
