/* Nothing in a file is believed before it is checked: sizes are held against the file's length,
 * counts against the bytes that would have to hold them, the parts against each other. So no input
 * makes the reader crash, or allocate more than a small multiple of the file and of the format's
 * own limits. */
#include "format/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "format/container_internal.h"
#include "format/hashing.h"
#include "format/header_reader.h"
#include "format/map_reader.h"
#include "format/row_cursor.h"

/* Where a frame begins; it ends where the next does. One more of these stands behind the last. */
typedef struct frame_start {
    uint64_t offset;
    uint64_t first_row;
    uint32_t raw_bytes;
    uint32_t checksum;
} frame_start;

/* What the seek table says of one frame. */
typedef struct table_entry {
    uint32_t packed_bytes;
    uint32_t raw_bytes;
    uint32_t checksum;
} table_entry;

struct sb_reader {
    int fd;
    char *path;
    uint64_t file_bytes;
    uint64_t table_offset; /* where the seek table's frame begins, and the row index ends */
    table_entry header_entry;
    table_entry index_entry;
    uint64_t frame_count; /* data frames */
    frame_start *frames;
    uint64_t first_row;
    uint64_t row_count;
    sb_header *header;
    ZSTD_DCtx *dctx;
    sb_bytes packed;
    sb_bytes raw;
};

/* ---- bytes of the file ---------------------------------------------------------------------- */

static sb_status read_at(const sb_reader *reader, uint64_t offset, size_t byte_count, void *out,
                         sb_error *err)
{
    uint8_t *at = out;
    while (byte_count > 0) {
        ssize_t n = pread(reader->fd, at, byte_count, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return sb_fail(err, SB_EIO, "%s: byte %" PRIu64 ": %s", reader->path, offset,
                           strerror(errno));
        if (n == 0)
            return sb_damaged(reader->path, offset, err,
                              "the file became shorter while it was read");
        at += n;
        offset += (uint64_t)n;
        byte_count -= (size_t)n;
    }
    return SB_OK;
}

/* The low half of the XXH64 of the rows just unpacked. A frame may carry it as its last four bytes,
 * and then zstd has computed it and found it right: all of ours do. */
static uint32_t frame_checksum(const sb_reader *reader)
{
    enum { DESCRIPTOR_AT = 4, CHECKSUM_FLAG = 1 << 2 }; /* of a frame's header, RFC 8878 */
    const uint8_t *packed = reader->packed.data;
    if ((packed[DESCRIPTOR_AT] & CHECKSUM_FLAG) == 0)
        return (uint32_t)XXH64(reader->raw.data, reader->raw.length, 0);
    return sb_get_le32(packed + reader->packed.length - 4);
}

/* Reads a zstd frame and unpacks it into reader->raw, which then holds exactly entry->raw_bytes. */
static sb_status read_frame(sb_reader *reader, uint64_t offset, const table_entry *entry,
                            sb_error *err)
{
    reader->packed.length = 0;
    reader->raw.length = 0;
    SB_TRY(sb_bytes_reserve(&reader->packed, entry->packed_bytes, err));
    SB_TRY(sb_bytes_reserve(&reader->raw, entry->raw_bytes, err));
    void *packed = reader->packed.data;
    SB_TRY(read_at(reader, offset, entry->packed_bytes, packed, err));

    size_t packed_bytes = ZSTD_findFrameCompressedSize(packed, entry->packed_bytes);
    if (packed_bytes != entry->packed_bytes ||
        ZSTD_getFrameContentSize(packed, entry->packed_bytes) != entry->raw_bytes)
        return sb_damaged(reader->path, offset, err,
                          "the frame is not of the size the seek table gives");
    size_t n = ZSTD_decompressDCtx(reader->dctx, reader->raw.data, entry->raw_bytes, packed,
                                   entry->packed_bytes);
    if (ZSTD_isError(n))
        return sb_damaged(reader->path, offset, err, "zstd refuses the frame: %s",
                          ZSTD_getErrorName(n));
    reader->packed.length = entry->packed_bytes;
    reader->raw.length = n;
    if (n != entry->raw_bytes || frame_checksum(reader) != entry->checksum)
        return sb_damaged(reader->path, offset, err, "the frame does not match its checksum");
    return SB_OK;
}

/* ---- seek table ----------------------------------------------------------------------------- */

static sb_status read_table_footer(sb_reader *reader, uint64_t *entry_count_out, sb_error *err)
{
    uint8_t footer[SB_TABLE_FOOTER_BYTES];
    if (reader->file_bytes < SB_SKIPPABLE_HEAD_BYTES + SB_TABLE_FOOTER_BYTES)
        return sb_damaged(reader->path, reader->file_bytes, err,
                          "the file ends here, too short for a data file");
    uint64_t footer_offset = reader->file_bytes - sizeof footer;
    SB_TRY(read_at(reader, footer_offset, sizeof footer, footer, err));
    if (sb_get_le32(footer + 5) != SB_TABLE_FOOTER_MAGIC || footer[4] != SB_TABLE_DESCRIPTOR)
        return sb_damaged(reader->path, footer_offset, err,
                          "no seek table at the end: the file is cut short, or not ours");
    uint64_t entry_count = sb_get_le32(footer);
    uint64_t table_bytes =
        SB_SKIPPABLE_HEAD_BYTES + entry_count * SB_TABLE_ENTRY_BYTES + SB_TABLE_FOOTER_BYTES;
    if (entry_count < 2 || entry_count > SB_TABLE_FRAMES_MAX || table_bytes > reader->file_bytes)
        return sb_damaged(reader->path, footer_offset, err,
                          "the seek table cannot have %" PRIu64 " frames", entry_count);
    reader->table_offset = reader->file_bytes - table_bytes;
    *entry_count_out = entry_count;
    return SB_OK;
}

static sb_status read_table_head(const sb_reader *reader, sb_error *err)
{
    uint8_t head[SB_SKIPPABLE_HEAD_BYTES];
    SB_TRY(read_at(reader, reader->table_offset, sizeof head, head, err));
    uint64_t content_bytes = reader->file_bytes - reader->table_offset - sizeof head;
    if (sb_get_le32(head) != SB_TABLE_MAGIC || sb_get_le32(head + 4) != content_bytes)
        return sb_damaged(reader->path, reader->table_offset, err,
                          "the seek table does not begin here");
    return SB_OK;
}

static sb_status check_zstd_entry(const sb_reader *reader, uint64_t offset,
                                  const table_entry *entry, uint32_t raw_bytes_max, sb_error *err)
{
    if (entry->raw_bytes == 0 || entry->raw_bytes > raw_bytes_max ||
        entry->packed_bytes > ZSTD_compressBound(entry->raw_bytes))
        return sb_damaged(reader->path, offset, err,
                          "the seek table gives a frame of %" PRIu32 " bytes, %" PRIu32 " unpacked",
                          entry->packed_bytes, entry->raw_bytes);
    return SB_OK;
}

static sb_status check_index_entry(const sb_reader *reader, uint64_t offset, sb_error *err)
{
    const table_entry *entry = &reader->index_entry;
    uint64_t bytes_max =
        SB_SKIPPABLE_HEAD_BYTES + SB_INDEX_FIXED_BYTES + SB_INDEX_FRAME_BYTES * reader->frame_count;
    if (entry->raw_bytes != 0 || entry->checksum != (uint32_t)XXH64(NULL, 0, 0) ||
        entry->packed_bytes < SB_SKIPPABLE_HEAD_BYTES || entry->packed_bytes > bytes_max)
        return sb_damaged(reader->path, offset, err, "the seek table does not end in a row index");
    return SB_OK;
}

/* Takes entry `entry_index`, whose frame begins at `offset`. */
static sb_status take_entry(sb_reader *reader, uint64_t entry_index, uint64_t offset,
                            const table_entry *entry, sb_error *err)
{
    if (entry_index == 0) {
        reader->header_entry = *entry;
        return check_zstd_entry(reader, offset, entry, SB_HEADER_RAW_BYTES_MAX, err);
    }
    frame_start *start = &reader->frames[entry_index - 1];
    *start =
        (frame_start){.offset = offset, .raw_bytes = entry->raw_bytes, .checksum = entry->checksum};
    if (entry_index <= reader->frame_count)
        return check_zstd_entry(reader, offset, entry, SB_FRAME_RAW_BYTES_MAX, err);
    reader->index_entry = *entry;
    return check_index_entry(reader, offset, err);
}

static sb_status read_table_entries(sb_reader *reader, uint64_t entry_count, sb_error *err)
{
    enum { CHUNK_ENTRIES = 512 }; /* 6 KiB at a time: a big table is never held twice */
    uint8_t chunk[CHUNK_ENTRIES * SB_TABLE_ENTRY_BYTES];
    uint64_t at = reader->table_offset + SB_SKIPPABLE_HEAD_BYTES;
    uint64_t offset = 0;
    for (uint64_t i = 0; i < entry_count; i++) {
        const uint8_t *bytes = chunk + i % CHUNK_ENTRIES * SB_TABLE_ENTRY_BYTES;
        if (bytes == chunk) {
            uint64_t left = entry_count - i;
            size_t entries = left < CHUNK_ENTRIES ? (size_t)left : CHUNK_ENTRIES;
            SB_TRY(read_at(reader, at, entries * SB_TABLE_ENTRY_BYTES, chunk, err));
            at += sizeof chunk;
        }
        table_entry entry = {sb_get_le32(bytes), sb_get_le32(bytes + 4), sb_get_le32(bytes + 8)};
        SB_TRY(take_entry(reader, i, offset, &entry, err));
        offset += entry.packed_bytes;
    }
    if (offset != reader->table_offset)
        return sb_damaged(reader->path, reader->table_offset, err,
                          "the frames take %" PRIu64 " bytes, but the seek table begins here",
                          offset);
    return SB_OK;
}

static sb_status read_seek_table(sb_reader *reader, sb_error *err)
{
    uint64_t entry_count = 0;
    SB_TRY(read_table_footer(reader, &entry_count, err));
    SB_TRY(read_table_head(reader, err));
    reader->frame_count = entry_count - 2;
    /* The file holds 12 bytes of each of these 24. */
    reader->frames = calloc((size_t)reader->frame_count + 1, sizeof *reader->frames);
    if (reader->frames == NULL)
        return sb_fail(err, SB_ENOMEM, "%s: no memory for its seek table", reader->path);
    return read_table_entries(reader, entry_count, err);
}

/* ---- row index ------------------------------------------------------------------------------ */

static sb_status take_first_rows(sb_reader *reader, const sb_map *index, sb_error *err)
{
    const msgpack_object *list;
    SB_TRY(sb_map_get(index, "frames", MSGPACK_OBJECT_ARRAY, &list, err));
    if (list->via.array.size != reader->frame_count)
        return sb_damaged(reader->path, index->byte, err,
                          "the row index has %" PRIu32 " frames, the seek table %" PRIu64,
                          list->via.array.size, reader->frame_count);
    for (uint32_t i = 0; i < list->via.array.size; i++) {
        const msgpack_object *first = &list->via.array.ptr[i];
        if (first->type != MSGPACK_OBJECT_POSITIVE_INTEGER)
            return sb_damaged(reader->path, index->byte, err,
                              "the row index has no row for frame %" PRIu32, i);
        reader->frames[i].first_row = first->via.u64;
    }
    reader->frames[reader->frame_count].first_row = reader->first_row + reader->row_count;
    return SB_OK;
}

/* Every frame holds a row at least, and a row is a byte at least. */
static sb_status check_first_rows(const sb_reader *reader, uint64_t byte, sb_error *err)
{
    if (reader->frames[0].first_row != reader->first_row)
        return sb_damaged(reader->path, byte, err, "the row index does not begin at its first row");
    for (uint64_t i = 0; i < reader->frame_count; i++) {
        const frame_start *frame = &reader->frames[i];
        uint64_t next = frame[1].first_row;
        if (next <= frame->first_row || next - frame->first_row > frame->raw_bytes)
            return sb_damaged(reader->path, byte, err,
                              "the row index is wrong about frame %" PRIu64, i);
    }
    return SB_OK;
}

static sb_status take_index(sb_reader *reader, const sb_map *index, sb_error *err)
{
    const msgpack_object *format = sb_map_find(index, "format");
    if (format == NULL || !sb_object_is_text(format, SB_INDEX_FORMAT_NAME))
        return sb_damaged(reader->path, index->byte, err, "this is no row index");
    uint64_t dataset_rows = sb_header_file(reader->header)->row_count;
    SB_TRY(sb_map_get_uint(index, "first_row", dataset_rows, &reader->first_row, err));
    SB_TRY(
        sb_map_get_uint(index, "rows", dataset_rows - reader->first_row, &reader->row_count, err));
    SB_TRY(take_first_rows(reader, index, err));
    return check_first_rows(reader, index->byte, err);
}

/* Leaves the row index's whole frame in reader->packed. */
static sb_status read_index_frame(sb_reader *reader, uint64_t offset, sb_error *err)
{
    uint32_t frame_bytes = reader->index_entry.packed_bytes;
    reader->packed.length = 0;
    SB_TRY(sb_bytes_reserve(&reader->packed, frame_bytes, err));
    const uint8_t *head = reader->packed.data;
    SB_TRY(read_at(reader, offset, frame_bytes, reader->packed.data, err));
    reader->packed.length = frame_bytes;
    if (sb_get_le32(head) != SB_INDEX_MAGIC ||
        sb_get_le32(head + 4) != frame_bytes - SB_SKIPPABLE_HEAD_BYTES)
        return sb_damaged(reader->path, offset, err, "the row index does not begin here");
    return SB_OK;
}

static sb_status read_index(sb_reader *reader, sb_error *err)
{
    uint64_t offset = sb_reader_data_end(reader);
    SB_TRY(read_index_frame(reader, offset, err));
    sb_map index;
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    sb_status st =
        sb_map_unpack(reader->path, offset, reader->packed.data + SB_SKIPPABLE_HEAD_BYTES,
                      reader->packed.length - SB_SKIPPABLE_HEAD_BYTES, &unpacked, &index, err);
    if (st == SB_OK)
        st = take_index(reader, &index, err);
    msgpack_unpacked_destroy(&unpacked);
    return st;
}

/* ---- header --------------------------------------------------------------------------------- */

static sb_status read_header(sb_reader *reader, sb_error *err)
{
    SB_TRY(read_frame(reader, 0, &reader->header_entry, err));
    return sb_header_open(reader->path, reader->raw.data, reader->raw.length, &reader->header, err);
}

/* ---- open and close ------------------------------------------------------------------------- */

static sb_status open_file(sb_reader *reader, const char *path, sb_error *err)
{
    struct stat stat;
    reader->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not hang us */
    if (reader->fd < 0 || fstat(reader->fd, &stat) != 0)
        return sb_fail(err, SB_EIO, "%s: %s", path, strerror(errno));
    if (!S_ISREG(stat.st_mode))
        return sb_fail(err, SB_EDAMAGED, "%s: no regular file; copy it to one first", path);
    reader->file_bytes = (uint64_t)stat.st_size;
    reader->path = strdup(path);
    reader->dctx = ZSTD_createDCtx();
    if (reader->path == NULL || reader->dctx == NULL)
        return sb_fail(err, SB_ENOMEM, "%s: no memory to read it", path);
    return SB_OK;
}

static sb_status read_all_but_rows(sb_reader *reader, const char *path, sb_error *err)
{
    SB_TRY(open_file(reader, path, err));
    SB_TRY(read_seek_table(reader, err));
    SB_TRY(read_header(reader, err));
    return read_index(reader, err);
}

sb_status sb_reader_open(const char *path, sb_reader **out, sb_error *err)
{
    sb_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return sb_fail(err, SB_ENOMEM, "%s: no memory to read it", path);
    reader->fd = -1;
    sb_status st = read_all_but_rows(reader, path, err);
    if (st == SB_OK)
        *out = reader;
    else
        sb_reader_close(reader);
    return st;
}

void sb_reader_close(sb_reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->fd >= 0)
        close(reader->fd);
    sb_header_close(reader->header);
    ZSTD_freeDCtx(reader->dctx);
    sb_bytes_close(&reader->packed);
    sb_bytes_close(&reader->raw);
    free(reader->frames);
    free(reader->path);
    free(reader);
}

/* ---- what an open file tells ---------------------------------------------------------------- */

const sb_file_header *sb_reader_header(const sb_reader *reader)
{
    return sb_header_file(reader->header);
}

const char *sb_reader_path(const sb_reader *reader)
{
    return reader->path;
}

uint64_t sb_reader_frame_count(const sb_reader *reader)
{
    return reader->frame_count;
}

uint64_t sb_reader_data_begin(const sb_reader *reader)
{
    return reader->header_entry.packed_bytes;
}

uint64_t sb_reader_data_end(const sb_reader *reader)
{
    return reader->frames[reader->frame_count].offset;
}

uint64_t sb_reader_first_row(const sb_reader *reader)
{
    return reader->first_row;
}

uint64_t sb_reader_row_count(const sb_reader *reader)
{
    return reader->row_count;
}

sb_frame_place sb_reader_frame_place(const sb_reader *reader, uint64_t frame_index)
{
    const frame_start *frame = &reader->frames[frame_index];
    return (sb_frame_place){
        .offset = frame->offset,
        .first_row = frame->first_row,
        .packed_bytes = (uint32_t)(frame[1].offset - frame->offset),
        .raw_bytes = frame->raw_bytes,
        .row_count = (uint32_t)(frame[1].first_row - frame->first_row),
        .checksum = frame->checksum,
    };
}

uint64_t sb_reader_frame_find(const sb_reader *reader, uint64_t row)
{
    if (row < reader->first_row || row - reader->first_row >= reader->row_count)
        return reader->frame_count;
    uint64_t low = 0; /* begins at or before the row; `high` begins behind it */
    uint64_t high = reader->frame_count;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (reader->frames[middle].first_row <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The row index carries no checksum of its own, so it is held against the rows. */
static sb_status check_rows(const sb_reader *reader, const sb_frame_place *place, sb_error *err)
{
    sb_cursor cursor = {reader->raw.data, reader->raw.data + reader->raw.length};
    for (uint32_t i = 0; i < place->row_count; i++)
        if (!sb_cursor_skip(&cursor))
            return sb_damaged(reader->path, place->offset, err,
                              "no row %" PRIu64 " where it should stand", place->first_row + i);
    if (cursor.at != cursor.end)
        return sb_damaged(reader->path, place->offset, err,
                          "more than %" PRIu32 " rows in the frame", place->row_count);
    return SB_OK;
}

/* Puts the number of the frame before a sentence that has file and byte already. */
static sb_status name_frame(sb_status status, uint64_t frame_index, sb_error *err)
{
    if (status == SB_OK || err == NULL)
        return status;
    char text[SB_ERROR_TEXT_BYTES];
    memcpy(text, err->text, sizeof text);
    return sb_fail(err, status, "frame %" PRIu64 ": %s", frame_index, text);
}

sb_status sb_reader_unpack(sb_reader *reader, uint64_t frame_index, const uint8_t **rows,
                           size_t *raw_bytes, sb_error *err)
{
    sb_frame_place place = sb_reader_frame_place(reader, frame_index);
    table_entry entry = {place.packed_bytes, place.raw_bytes, place.checksum};
    SB_TRY(name_frame(read_frame(reader, place.offset, &entry, err), frame_index, err));
    *rows = reader->raw.data;
    *raw_bytes = reader->raw.length;
    return SB_OK;
}

const uint8_t *sb_reader_packed(const sb_reader *reader, size_t *packed_bytes)
{
    *packed_bytes = reader->packed.length;
    return reader->packed.data;
}

sb_status sb_reader_check_rows(const sb_reader *reader, uint64_t frame_index, sb_error *err)
{
    sb_frame_place place = sb_reader_frame_place(reader, frame_index);
    return name_frame(check_rows(reader, &place, err), frame_index, err);
}

sb_status sb_reader_frame(sb_reader *reader, uint64_t frame_index, const uint8_t **rows,
                          size_t *raw_bytes, sb_error *err)
{
    SB_TRY(sb_reader_unpack(reader, frame_index, rows, raw_bytes, err));
    return sb_reader_check_rows(reader, frame_index, err);
}
