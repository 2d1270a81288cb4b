#include "format/container.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "format/container_internal.h"
#include "format/hashing.h"
#include "format/row_cursor.h"
#include "seedbank/version.h"

/* ---- bytes and hashes ----------------------------------------------------------------------- */

sb_status sb_bytes_reserve(sb_bytes *bytes, size_t more_bytes, sb_error *err)
{
    if (more_bytes <= bytes->capacity - bytes->length)
        return SB_OK;
    if (more_bytes > SIZE_MAX / 2 - bytes->length)
        return sb_fail(err, SB_ENOMEM, "no memory for %zu bytes more", more_bytes);
    size_t capacity = bytes->length + more_bytes;
    if (capacity < 2 * bytes->capacity) /* doubling keeps many small additions linear */
        capacity = 2 * bytes->capacity;
    unsigned char *data = realloc(bytes->data, capacity);
    if (data == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for %zu bytes", capacity);
    bytes->data = data;
    bytes->capacity = capacity;
    return SB_OK;
}

sb_status sb_bytes_add(sb_bytes *bytes, const void *data, size_t data_bytes, sb_error *err)
{
    if (data_bytes == 0)
        return SB_OK;
    SB_TRY(sb_bytes_reserve(bytes, data_bytes, err));
    memcpy(bytes->data + bytes->length, data, data_bytes);
    bytes->length += data_bytes;
    return SB_OK;
}

void sb_bytes_close(sb_bytes *bytes)
{
    free(bytes->data);
    *bytes = (sb_bytes){0};
}

void sb_hash(const void *data, size_t data_bytes, unsigned char out[SB_HASH_BYTES])
{
    XXH128_canonical_t canonical;
    _Static_assert(sizeof canonical.digest == SB_HASH_BYTES, "XXH3-128 fills a hash");
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(data, data_bytes));
    memcpy(out, canonical.digest, SB_HASH_BYTES);
}

void sb_hash_text(const unsigned char hash[SB_HASH_BYTES], char out[33])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < SB_HASH_BYTES; i++) {
        out[2 * i] = digits[hash[i] >> 4];
        out[2 * i + 1] = digits[hash[i] & 15];
    }
    out[2 * SB_HASH_BYTES] = '\0';
}

/* ---- the header's map ----------------------------------------------------------------------- */

/* A spec may be of any size, so unlike rows the header asks for room at every value, and keeps
 * sticky what went wrong: those who put values need not look. */
typedef struct header_writer {
    sb_rows rows;
    const uint8_t *end;
    bool full;
    bool deep;
} header_writer;

static bool has_room(header_writer *w, size_t byte_count)
{
    if (byte_count > (size_t)(w->end - w->rows.at))
        w->full = true;
    return !w->full;
}

static void put_map(header_writer *w, size_t pair_count)
{
    if (has_room(w, 5))
        sb_rows_map(&w->rows, pair_count);
}

static void put_array(header_writer *w, size_t item_count)
{
    if (has_room(w, 5))
        sb_rows_array(&w->rows, item_count);
}

static void put_uint(header_writer *w, uint64_t number)
{
    if (has_room(w, 9))
        sb_rows_uint(&w->rows, number);
}

static void put_text(header_writer *w, const char *text, size_t text_bytes)
{
    if (text_bytes <= UINT32_MAX && has_room(w, 5 + text_bytes))
        sb_rows_str(&w->rows, text, text_bytes);
    else
        w->full = true;
}

static void put_cstr(header_writer *w, const char *text)
{
    put_text(w, text, strlen(text));
}

static void put_json_plain(header_writer *w, const json_t *json)
{
    if (!has_room(w, 9))
        return;
    switch (json_typeof(json)) {
    case JSON_INTEGER:
        sb_rows_int(&w->rows, json_integer_value(json));
        return;
    case JSON_REAL:
        sb_msgpack_double(&w->rows, json_real_value(json));
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        sb_rows_bool(&w->rows, json_is_true(json));
        return;
    default:
        sb_rows_nil(&w->rows);
        return;
    }
}

/* Members stand in the order in which they were set, as they do in the manifest. */
static void put_json(header_writer *w, const json_t *json, int depth)
{
    if (json_is_string(json)) {
        put_text(w, json_string_value(json), json_string_length(json));
    } else if (!json_is_array(json) && !json_is_object(json)) {
        put_json_plain(w, json);
    } else if (depth == SB_DEPTH_MAX) {
        w->deep = true;
    } else if (json_is_array(json)) {
        put_array(w, json_array_size(json));
        for (size_t i = 0; i < json_array_size(json) && !w->full; i++)
            put_json(w, json_array_get(json, i), depth + 1);
    } else {
        put_map(w, json_object_size(json));
        const char *key;
        json_t *value;
        json_object_foreach((json_t *)json, key, value)
        {
            put_cstr(w, key);
            put_json(w, value, depth + 1);
        }
    }
}

static size_t word_count(const char *words)
{
    size_t count = 0;
    for (const char *at = words + strspn(words, " "); *at != '\0'; at += strspn(at, " ")) {
        at += strcspn(at, " ");
        count++;
    }
    return count;
}

static void put_words(header_writer *w, const char *words)
{
    put_array(w, word_count(words));
    for (const char *at = words + strspn(words, " "); *at != '\0'; at += strspn(at, " ")) {
        size_t word_bytes = strcspn(at, " ");
        put_text(w, at, word_bytes);
        at += word_bytes;
    }
}

/* These put a pair where there is something to say, and tell how many that makes. */
static unsigned put_text_pair(header_writer *w, const char *key, const char *text)
{
    if (text == NULL)
        return 0;
    put_cstr(w, key);
    put_cstr(w, text);
    return 1;
}

static unsigned put_uint_pair(header_writer *w, const char *key, uint64_t number)
{
    put_cstr(w, key);
    put_uint(w, number);
    return 1;
}

static void put_nil_pair(header_writer *w, const char *key)
{
    put_cstr(w, key);
    if (has_room(w, 1))
        sb_rows_nil(&w->rows);
}

static unsigned put_values_pair(header_writer *w, const char *values)
{
    if (values == NULL)
        return 0;
    put_cstr(w, "values");
    put_words(w, values);
    return 1;
}

static unsigned put_nullable_pair(header_writer *w, bool nullable)
{
    if (!nullable)
        return 0;
    put_cstr(w, "nullable");
    if (has_room(w, 1))
        sb_rows_bool(&w->rows, true);
    return 1;
}

static void put_fields(header_writer *w, const sb_record *record);

static unsigned put_fields_pair(header_writer *w, const sb_record *record)
{
    if (record == NULL)
        return 0;
    put_cstr(w, "fields");
    put_fields(w, record);
    return 1;
}

static void put_field(header_writer *w, const sb_field *field)
{
    /* Up to 15 pairs a map's head is one byte, which is set once the pairs are counted. */
    uint8_t *head = w->rows.at;
    unsigned pairs = 0;
    put_map(w, 0);
    pairs += put_text_pair(w, "name", field->name);
    pairs += put_uint_pair(w, "number", field->number);
    pairs += put_text_pair(w, "type", sb_type_name(field->type));
    pairs += put_text_pair(w, "logical", sb_logical_name(field->logical));
    if (field->scale > 0)
        pairs += put_uint_pair(w, "scale", field->scale);
    pairs += put_text_pair(w, "scale_by", field->scale_by);
    pairs += put_text_pair(w, "unit", field->unit);
    pairs += put_values_pair(w, field->values);
    pairs += put_text_pair(w, "references", field->references);
    if (field->type == SB_ARRAY)
        pairs += put_text_pair(w, "items", sb_type_name(field->items));
    pairs += put_fields_pair(w, field->record);
    pairs += put_nullable_pair(w, field->nullable);
    pairs += put_text_pair(w, "doc", field->doc);
    assert(pairs <= 15);
    if (!w->full)
        *head = (uint8_t)(0x80 | pairs);
}

static void put_fields(header_writer *w, const sb_record *record)
{
    put_array(w, record->field_count);
    for (size_t i = 0; i < record->field_count; i++)
        put_field(w, &record->fields[i]);
}

static void put_header(header_writer *w, sb_kind kind, const char *dataset, const json_t *spec,
                       uint64_t rows)
{
    put_map(w, 8);
    put_text_pair(w, "format", SB_FORMAT_NAME);
    put_uint_pair(w, "format_version", SB_FORMAT_VERSION);
    put_uint_pair(w, "content_version", SB_CONTENT_VERSION);
    put_text_pair(w, "kind", sb_kind_name(kind));
    put_text_pair(w, "dataset", dataset);
    put_cstr(w, "spec");
    put_json(w, spec, 1);
    if (rows == SB_ROWS_UNKNOWN)
        put_nil_pair(w, "rows");
    else
        put_uint_pair(w, "rows", rows);
    put_fields_pair(w, sb_schema(kind));
}

/* ---- the header frame ----------------------------------------------------------------------- */

/* nbWorkers is never set: any value but the default gives other bytes. */
static size_t compress(ZSTD_CCtx *cctx, int level, const void *raw, size_t raw_bytes, void *packed,
                       size_t packed_bytes_max)
{
    size_t n = ZSTD_CCtx_setParameter(cctx, ZSTD_c_compressionLevel, level);
    if (!ZSTD_isError(n))
        n = ZSTD_CCtx_setParameter(cctx, ZSTD_c_contentSizeFlag, 1);
    if (!ZSTD_isError(n))
        n = ZSTD_CCtx_setParameter(cctx, ZSTD_c_checksumFlag, 1);
    if (!ZSTD_isError(n))
        n = ZSTD_compress2(cctx, packed, packed_bytes_max, raw, raw_bytes);
    return n;
}

static sb_status add_frame(const void *raw, size_t raw_bytes, int level, sb_bytes *out,
                           sb_error *err)
{
    size_t packed_bytes_max = ZSTD_compressBound(raw_bytes);
    SB_TRY(sb_bytes_reserve(out, packed_bytes_max, err));
    ZSTD_CCtx *cctx = ZSTD_createCCtx();
    if (cctx == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory to compress the header");
    size_t n = compress(cctx, level, raw, raw_bytes, out->data + out->length, packed_bytes_max);
    ZSTD_freeCCtx(cctx);
    if (ZSTD_isError(n))
        return sb_fail(err, SB_EIO, "zstd cannot compress the header: %s", ZSTD_getErrorName(n));
    out->length += n;
    return SB_OK;
}

sb_status sb_header_frame(sb_kind kind, const char *dataset, const json_t *spec, uint64_t rows,
                          int level, sb_bytes *out, sb_error *err)
{
    uint8_t *raw = malloc(SB_HEADER_RAW_BYTES_MAX);
    if (raw == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for the header of %s", sb_kind_name(kind));
    header_writer w = {.rows = {.at = raw}, .end = raw + SB_HEADER_RAW_BYTES_MAX};
    put_header(&w, kind, dataset, spec, rows);
    sb_status st;
    if (w.full)
        st = sb_fail(err, SB_EUSAGE, "the spec is too large: a header holds %d bytes; shorten it",
                     SB_HEADER_RAW_BYTES_MAX);
    else if (w.deep)
        st = sb_fail(err, SB_EUSAGE, "the spec nests deeper than %d levels; flatten it",
                     SB_DEPTH_MAX - 1);
    else
        st = add_frame(raw, (size_t)(w.rows.at - raw), level, out, err);
    free(raw);
    return st;
}

sb_status sb_frame_describe(const void *frame, size_t packed_bytes, sb_frame_info *out,
                            sb_error *err)
{
    enum { DESCRIPTOR_AT = 4, DESCRIPTOR_CHECKSUM = 4 }; /* RFC 8878, 3.1.1.1.1 */
    const uint8_t *bytes = frame;
    unsigned long long raw_bytes = ZSTD_getFrameContentSize(frame, packed_bytes);
    bool whole = ZSTD_findFrameCompressedSize(frame, packed_bytes) == packed_bytes;
    if (!whole || sb_get_le32(bytes) != ZSTD_MAGICNUMBER || raw_bytes > UINT32_MAX ||
        (bytes[DESCRIPTOR_AT] & DESCRIPTOR_CHECKSUM) == 0)
        return sb_fail(err, SB_EDAMAGED, "%zu bytes are no zstd frame with size and checksum",
                       packed_bytes);
    /* A frame ends with the low half of its content's XXH64: what the seek table wants as well. */
    const uint8_t *checksum = bytes + packed_bytes - 4;
    *out = (sb_frame_info){.raw_bytes = (uint32_t)raw_bytes,
                           .packed_bytes = (uint32_t)packed_bytes,
                           .checksum = sb_get_le32(checksum)};
    return SB_OK;
}

/* ---- what stands behind the rows ------------------------------------------------------------ */

/* A file of 10 TB has some 30 million frames, so only what cannot be derived is kept of each. */
typedef struct tail_frame {
    uint32_t packed_bytes;
    uint32_t raw_bytes;
    uint32_t checksum;
    uint32_t row_count;
} tail_frame;
_Static_assert(sizeof(tail_frame) == 16, "a frame costs 16 bytes of memory");

struct sb_tail {
    tail_frame header;
    sb_bytes frames; /* of tail_frame */
};

static tail_frame tail_frame_of(const sb_frame_info *info)
{
    return (tail_frame){info->packed_bytes, info->raw_bytes, info->checksum, info->row_count};
}

static size_t tail_frame_count(const sb_tail *tail)
{
    return tail->frames.length / sizeof(tail_frame);
}

static const tail_frame *tail_frames(const sb_tail *tail)
{
    return (const tail_frame *)(const void *)tail->frames.data;
}

sb_status sb_tail_open(const sb_frame_info *header, sb_tail **out, sb_error *err)
{
    sb_tail *tail = calloc(1, sizeof *tail);
    if (tail == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for the list of frames");
    tail->header = tail_frame_of(header);
    *out = tail;
    return SB_OK;
}

sb_status sb_tail_add(sb_tail *tail, const sb_frame_info *frame, sb_error *err)
{
    assert(frame->row_count > 0 && frame->row_count <= frame->raw_bytes);
    assert(frame->raw_bytes <= SB_FRAME_RAW_BYTES_MAX);
    if (tail_frame_count(tail) + 2 == SB_TABLE_FRAMES_MAX) /* the header and the index count too */
        return sb_fail(err, SB_ENOSPC, "a file holds %d frames; write it in parts",
                       SB_TABLE_FRAMES_MAX);
    tail_frame compact = tail_frame_of(frame);
    return sb_bytes_add(&tail->frames, &compact, sizeof compact, err);
}

static void put_skippable_head(uint8_t *at, uint32_t magic, size_t content_bytes)
{
    assert(content_bytes <= UINT32_MAX);
    sb_put_le32(at, magic);
    sb_put_le32(at + 4, (uint32_t)content_bytes);
}

/* Returns the end of the map. */
static uint8_t *put_index(uint8_t *at, const sb_tail *tail, uint64_t first_row)
{
    const tail_frame *frames = tail_frames(tail);
    size_t frame_count = tail_frame_count(tail);
    uint64_t rows = 0;
    for (size_t i = 0; i < frame_count; i++)
        rows += frames[i].row_count;

    sb_rows w = {.at = at};
    sb_rows_map(&w, 4);
    sb_rows_cstr(&w, "format");
    sb_rows_cstr(&w, SB_INDEX_FORMAT_NAME);
    sb_rows_cstr(&w, "first_row");
    sb_rows_uint(&w, first_row);
    sb_rows_cstr(&w, "rows");
    sb_rows_uint(&w, rows);
    sb_rows_cstr(&w, "frames");
    sb_rows_array(&w, frame_count);
    uint64_t row = first_row;
    for (size_t i = 0; i < frame_count; i++) {
        sb_rows_uint(&w, row);
        row += frames[i].row_count;
    }
    return w.at;
}

static sb_status add_index(const sb_tail *tail, uint64_t first_row, sb_bytes *out, sb_error *err)
{
    size_t bytes_max = SB_SKIPPABLE_HEAD_BYTES + SB_INDEX_FIXED_BYTES +
                       SB_INDEX_FRAME_BYTES * tail_frame_count(tail);
    SB_TRY(sb_bytes_reserve(out, bytes_max, err));
    uint8_t *head = out->data + out->length;
    uint8_t *content = head + SB_SKIPPABLE_HEAD_BYTES;
    uint8_t *end = put_index(content, tail, first_row);
    assert((size_t)(end - head) <= bytes_max);
    put_skippable_head(head, SB_INDEX_MAGIC, (size_t)(end - content));
    out->length += (size_t)(end - head);
    return SB_OK;
}

static uint8_t *put_entry(uint8_t *at, const tail_frame *frame)
{
    sb_put_le32(at, frame->packed_bytes);
    sb_put_le32(at + 4, frame->raw_bytes);
    sb_put_le32(at + 8, frame->checksum);
    return at + SB_TABLE_ENTRY_BYTES;
}

static sb_status add_seek_table(const sb_tail *tail, size_t index_bytes, sb_bytes *out,
                                sb_error *err)
{
    const tail_frame *frames = tail_frames(tail);
    size_t frame_count = tail_frame_count(tail);
    size_t content_bytes = SB_TABLE_ENTRY_BYTES * (frame_count + 2) + SB_TABLE_FOOTER_BYTES;
    SB_TRY(sb_bytes_reserve(out, SB_SKIPPABLE_HEAD_BYTES + content_bytes, err));

    uint8_t *at = out->data + out->length;
    put_skippable_head(at, SB_TABLE_MAGIC, content_bytes);
    at = put_entry(at + SB_SKIPPABLE_HEAD_BYTES, &tail->header);
    for (size_t i = 0; i < frame_count; i++)
        at = put_entry(at, &frames[i]);
    /* The sizes must add up to where the table begins, so the index is listed too: a frame that
     * unpacks to nothing. */
    tail_frame index = {.packed_bytes = (uint32_t)index_bytes,
                        .checksum = (uint32_t)XXH64(NULL, 0, 0)};
    at = put_entry(at, &index);
    sb_put_le32(at, (uint32_t)(frame_count + 2));
    at[4] = SB_TABLE_DESCRIPTOR;
    sb_put_le32(at + 5, SB_TABLE_FOOTER_MAGIC);
    out->length += SB_SKIPPABLE_HEAD_BYTES + content_bytes;
    return SB_OK;
}

sb_status sb_tail_finish(sb_tail *tail, uint64_t first_row, sb_bytes *out, sb_error *err)
{
    size_t before = out->length;
    SB_TRY(add_index(tail, first_row, out, err));
    sb_status st = add_seek_table(tail, out->length - before, out, err);
    if (st != SB_OK)
        out->length = before;
    return st;
}

void sb_tail_close(sb_tail *tail)
{
    if (tail == NULL)
        return;
    sb_bytes_close(&tail->frames);
    free(tail);
}
