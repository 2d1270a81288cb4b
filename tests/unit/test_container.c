#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <msgpack.h>
#include <zstd.h>

#include "format/container_internal.h"
#include "format/hashing.h"
#include "format/header_reader.h"
#include "format/reader.h"
#include "format/row_cursor.h"
#include "format/row_text.h"
#include "seedbank/version.h"
#include "tests/unit/sample_rows.h"

#define DATASET "00112233445566778899aabbccddeeff"

enum { FRAMES_MAX = 8 };

/* A file in memory, and what its frames hold unpacked. */
typedef struct sample_file {
    sb_bytes bytes;
    sb_bytes raw; /* header and rows, one after the other */
    size_t raw_begin[FRAMES_MAX + 1];
    size_t header_bytes;
    sb_tail *tail;
} sample_file;

static char path[] = "/tmp/seedbank-test-container-XXXXXX";

/* ---- making files --------------------------------------------------------------------------- */

static json_t *make_spec(void)
{
    json_t *spec = json_pack("{s:I, s:s, s:[s, s], s:{s:b, s:n, s:f}, s:I}", "seed", (json_int_t)-1,
                             "profile", "demo", "locales", "en_US", "pt_BR", "nested", "yes", 1,
                             "nothing", "half", 0.5, "large", (json_int_t)INT64_MAX);
    assert_non_null(spec);
    return spec;
}

static void add_raw(sample_file *file, const void *raw, size_t raw_bytes)
{
    assert_int_equal(sb_bytes_add(&file->raw, raw, raw_bytes, NULL), SB_OK);
}

static void begin_file(sample_file *file, sb_kind kind, uint64_t rows)
{
    json_t *spec = make_spec();
    sb_frame_info info;
    *file = (sample_file){0};
    assert_int_equal(sb_header_frame(kind, DATASET, spec, rows, 3, &file->bytes, NULL), SB_OK);
    assert_int_equal(sb_frame_describe(file->bytes.data, file->bytes.length, &info, NULL), SB_OK);
    assert_int_equal(sb_tail_open(&info, &file->tail, NULL), SB_OK);
    file->header_bytes = file->bytes.length;

    assert_int_equal(sb_bytes_reserve(&file->raw, info.raw_bytes, NULL), SB_OK);
    file->raw.length =
        ZSTD_decompress(file->raw.data, info.raw_bytes, file->bytes.data, file->bytes.length);
    assert_int_equal(file->raw.length, info.raw_bytes);
    json_decref(spec);
}

/* Adds a frame that claims to hold `row_count` rows. */
static void add_frame(sample_file *file, const void *raw, size_t raw_bytes, uint32_t row_count)
{
    uint8_t *packed = malloc(ZSTD_compressBound(raw_bytes));
    ZSTD_CCtx *cctx = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(cctx, ZSTD_c_checksumFlag, 1);
    size_t packed_bytes =
        ZSTD_compress2(cctx, packed, ZSTD_compressBound(raw_bytes), raw, raw_bytes);
    sb_frame_info info = {.raw_bytes = (uint32_t)raw_bytes,
                          .packed_bytes = (uint32_t)packed_bytes,
                          .row_count = row_count,
                          .checksum = (uint32_t)XXH64(raw, raw_bytes, 0)};
    assert_int_equal(sb_tail_add(file->tail, &info, NULL), SB_OK);
    assert_int_equal(sb_bytes_add(&file->bytes, packed, packed_bytes, NULL), SB_OK);
    add_raw(file, raw, raw_bytes);
    ZSTD_freeCCtx(cctx);
    free(packed);
}

static void end_file(sample_file *file, uint64_t first_row)
{
    assert_int_equal(sb_tail_finish(file->tail, first_row, &file->bytes, NULL), SB_OK);
    sb_tail_close(file->tail);
}

static void close_file(sample_file *file)
{
    sb_bytes_close(&file->bytes);
    sb_bytes_close(&file->raw);
}

/* `frame_count` frames of 1, 2, 3, ... rows. */
static void make_file(sample_file *file, sb_kind kind, int frame_count, uint64_t first_row)
{
    uint64_t draws = 11 + (uint64_t)kind;
    uint64_t rows = (uint64_t)frame_count * ((uint64_t)frame_count + 1) / 2;
    begin_file(file, kind, first_row + rows);
    for (int i = 0; i < frame_count; i++) {
        static uint8_t raw[FRAMES_MAX * SB_ROW_BYTES_MAX];
        size_t raw_bytes = 0;
        for (int row = 0; row <= i; row++)
            raw_bytes += sample_row(raw + raw_bytes, sb_schema(kind), &draws);
        file->raw_begin[i] = file->raw.length;
        add_frame(file, raw, raw_bytes, (uint32_t)i + 1);
    }
    file->raw_begin[frame_count] = file->raw.length;
    end_file(file, first_row);
}

static void write_file(const void *bytes, size_t byte_count)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, byte_count, out), byte_count);
    assert_int_equal(fclose(out), 0);
}

static sb_reader *open_bytes(const sb_bytes *bytes)
{
    sb_reader *reader = NULL;
    sb_error err = {0};
    write_file(bytes->data, bytes->length);
    sb_status st = sb_reader_open(path, &reader, &err);
    assert_string_equal(err.text, "");
    assert_int_equal(st, SB_OK);
    return reader;
}

/* ---- bytes and hashes ----------------------------------------------------------------------- */

static void bytes_grow_and_keep_what_they_hold(void **state)
{
    (void)state;
    sb_bytes bytes = {0};
    assert_int_equal(sb_bytes_add(&bytes, NULL, 0, NULL), SB_OK);
    assert_null(bytes.data);
    for (unsigned i = 0; i < 5000; i++) {
        unsigned char c = (unsigned char)i;
        assert_int_equal(sb_bytes_add(&bytes, &c, 1, NULL), SB_OK);
    }
    for (unsigned i = 0; i < 5000; i++)
        assert_int_equal(bytes.data[i], (unsigned char)i);
    assert_int_equal(sb_bytes_reserve(&bytes, SIZE_MAX - 10, NULL), SB_ENOMEM);
    assert_int_equal(bytes.length, 5000);
    sb_bytes_close(&bytes);
    assert_null(bytes.data);
}

static void hash_is_canonical_xxh3(void **state)
{
    (void)state;
    unsigned char hash[SB_HASH_BYTES];
    char text[33];
    sb_hash("", 0, hash);
    sb_hash_text(hash, text);
    /* The published hash of the empty input. */
    assert_string_equal(text, "99aa06d3014798d86001c324468d497f");
}

/* ---- header --------------------------------------------------------------------------------- */

static void expect_same_text(const char *a, const char *b)
{
    assert_int_equal(a == NULL, b == NULL);
    if (a != NULL)
        assert_string_equal(a, b);
}

static void expect_same_record(const sb_record *a, const sb_record *b)
{
    assert_int_equal(a->field_count, b->field_count);
    for (size_t i = 0; i < a->field_count; i++) {
        const sb_field *x = &a->fields[i];
        const sb_field *y = &b->fields[i];
        assert_string_equal(x->name, y->name);
        assert_int_equal(x->number, y->number);
        assert_int_equal(x->type, y->type);
        assert_int_equal(x->items, y->items);
        assert_int_equal(x->logical, y->logical);
        assert_int_equal(x->scale, y->scale);
        assert_int_equal(x->nullable, y->nullable);
        expect_same_text(x->doc, y->doc);
        expect_same_text(x->scale_by, y->scale_by);
        expect_same_text(x->unit, y->unit);
        expect_same_text(x->values, y->values);
        expect_same_text(x->references, y->references);
        assert_int_equal(x->record == NULL, y->record == NULL);
        if (x->record != NULL)
            expect_same_record(x->record, y->record);
    }
}

static void header_tells_all_of_every_schema(void **state)
{
    (void)state;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        sample_file file;
        make_file(&file, (sb_kind)kind, 1, 0);
        sb_reader *reader = open_bytes(&file.bytes);
        const sb_file_header *header = sb_reader_header(reader);
        json_t *spec = make_spec();
        assert_int_equal(header->format_version, SB_FORMAT_VERSION);
        assert_int_equal(header->content_version, SB_CONTENT_VERSION);
        assert_string_equal(header->kind, sb_kind_name((sb_kind)kind));
        assert_string_equal(header->dataset, DATASET);
        assert_int_equal(header->row_count, 1);
        assert_true(json_equal(header->spec, spec));
        expect_same_record(header->record, sb_schema((sb_kind)kind));
        assert_ptr_equal(header->record->derived, sb_schema((sb_kind)kind)->derived);
        json_decref(spec);
        sb_reader_close(reader);
        close_file(&file);
    }
}

/* msgpack-c as the witness: it would write the same tree in the same bytes. */
static void header_is_shortest_and_in_order(void **state)
{
    (void)state;
    static const char *const keys[] = {
        "format", "format_version", "content_version", "kind", "dataset", "spec", "rows", "fields"};
    sample_file file;
    begin_file(&file, SB_PERSONS, 70000);
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    size_t offset = 0;
    assert_int_equal(
        msgpack_unpack_next(&unpacked, (char *)file.raw.data, file.raw.length, &offset),
        MSGPACK_UNPACK_SUCCESS);
    assert_int_equal(offset, file.raw.length);
    assert_int_equal(unpacked.data.via.map.size, 8);
    for (uint32_t i = 0; i < 8; i++) {
        msgpack_object_str key = unpacked.data.via.map.ptr[i].key.via.str;
        assert_int_equal(key.size, strlen(keys[i]));
        assert_memory_equal(key.ptr, keys[i], key.size);
    }
    msgpack_sbuffer again;
    msgpack_packer packer;
    msgpack_sbuffer_init(&again);
    msgpack_packer_init(&packer, &again, msgpack_sbuffer_write);
    msgpack_pack_object(&packer, unpacked.data);
    assert_int_equal(again.size, file.raw.length);
    assert_memory_equal(again.data, file.raw.data, again.size);
    msgpack_sbuffer_destroy(&again);
    msgpack_unpacked_destroy(&unpacked);
    sb_tail_close(file.tail);
    close_file(&file);
}

static void header_bytes_repeat(void **state)
{
    (void)state;
    json_t *spec = make_spec();
    sb_bytes out = {0};
    assert_int_equal(sb_header_frame(SB_ACCOUNTS, DATASET, spec, 5, 1, &out, NULL), SB_OK);
    size_t half = out.length;
    assert_int_equal(sb_header_frame(SB_ACCOUNTS, DATASET, spec, 5, 1, &out, NULL), SB_OK);
    assert_int_equal(out.length, 2 * half);
    assert_memory_equal(out.data, out.data + half, half);
    sb_bytes_close(&out);
    json_decref(spec);
}

static sb_status header_of(const json_t *spec)
{
    sb_bytes out = {0};
    sb_error err = {0};
    sb_status st = sb_header_frame(SB_ENTRIES, DATASET, spec, 0, 1, &out, &err);
    assert_int_equal(st == SB_OK, out.length > 0);
    assert_int_equal(st == SB_OK, err.text[0] == '\0');
    sb_bytes_close(&out);
    return st;
}

static void a_spec_too_large_is_refused(void **state)
{
    (void)state;
    static char text[SB_HEADER_RAW_BYTES_MAX + 1];
    memset(text, 'x', sizeof text - 1);
    /* Around the limit, whatever the rest of the header takes. */
    for (size_t length = sizeof text - 8000; length < sizeof text; length += 7) {
        json_t *spec =
            json_pack("{s:s%, s:[i, b, n, s]}", "long", text, length, "then", 70000, 1, "");
        sb_status st = header_of(spec);
        assert_true(st == SB_OK || st == SB_EUSAGE);
        json_decref(spec);
    }
    json_t *spec = json_pack("{s:s}", "long", text);
    assert_int_equal(header_of(spec), SB_EUSAGE);
    json_decref(spec);
}

static json_t *spec_of_depth(int depth)
{
    json_t *spec = json_object();
    for (int i = 1; i < depth; i++) {
        json_t *outer = json_object();
        json_object_set_new(outer, "in", spec);
        spec = outer;
    }
    return spec;
}

static void a_spec_as_deep_as_allowed_is_read_back(void **state)
{
    (void)state;
    json_t *spec = spec_of_depth(SB_DEPTH_MAX - 1);
    sb_bytes frame = {0};
    assert_int_equal(sb_header_frame(SB_ENTRIES, DATASET, spec, 0, 1, &frame, NULL), SB_OK);
    static uint8_t raw[SB_HEADER_RAW_BYTES_MAX];
    size_t raw_bytes = ZSTD_decompress(raw, sizeof raw, frame.data, frame.length);
    sb_header *header = NULL;
    assert_int_equal(sb_header_open("h", raw, raw_bytes, &header, NULL), SB_OK);
    assert_true(json_equal(sb_header_file(header)->spec, spec));
    sb_header_close(header);
    sb_bytes_close(&frame);
    json_decref(spec);

    spec = spec_of_depth(SB_DEPTH_MAX);
    assert_int_equal(header_of(spec), SB_EUSAGE);
    json_decref(spec);
}

/* Without the checksums, which would keep nearly every change away from the parser. */
static void flipped_header_bytes_never_crash(void **state)
{
    (void)state;
    sample_file file;
    uint64_t draws = 5;
    begin_file(&file, SB_COMMUNICATIONS, 9);
    for (int round = 0; round < 20000; round++) {
        size_t raw_bytes = file.raw.length;
        if (sample_below(&draws, 4) == 0)
            raw_bytes = sample_below(&draws, raw_bytes);
        uint8_t *raw = malloc(raw_bytes + 1);
        memcpy(raw, file.raw.data, raw_bytes);
        for (uint64_t flips = sample_below(&draws, 4); raw_bytes > 0 && flips > 0; flips--)
            raw[sample_below(&draws, raw_bytes)] = (uint8_t)sample_draw(&draws);
        sb_header *header = NULL;
        sb_status st = sb_header_open("h", raw, raw_bytes, &header, NULL);
        assert_true(st == SB_OK || st == SB_EDAMAGED);
        free(raw);
        if (st == SB_OK)
            assert_true(strlen(sb_header_file(header)->kind) > 0);
        sb_header_close(header);
    }
    sb_tail_close(file.tail);
    close_file(&file);
}

static void expect_header_refused(const char *from, const char *to, const char *sentence)
{
    sample_file file;
    sb_error err = {0};
    sb_header *header = NULL;
    begin_file(&file, SB_ENTRIES, 9);
    uint8_t *at = memmem(file.raw.data, file.raw.length, from, strlen(from));
    assert_non_null(at);
    memcpy(at, to, strlen(to));
    assert_int_equal(sb_header_open("h", file.raw.data, file.raw.length, &header, &err),
                     SB_EDAMAGED);
    assert_string_equal(err.text, sentence);
    sb_tail_close(file.tail);
    close_file(&file);
}

static void a_header_must_make_sense(void **state)
{
    (void)state;
    expect_header_refused("seedbank", "seedbang", "h: byte 0: this is no data file of seedbank");
    expect_header_refused("format_version\x01", "format_version\x02",
                          "h: byte 0: format version 2, known here up to 1; use a newer seedbank");
    expect_header_refused("entries", "../etc/", "h: byte 0: \"kind\" is of a wrong type or value");
    expect_header_refused("rows", "cows", "h: byte 0: \"rows\" is missing or of a wrong type");
    expect_header_refused("type\xa3int", "type\xa3inn",
                          "h: byte 0: \"type\" is of a wrong type or value");
    expect_header_refused("principal", "principa ",
                          "h: byte 0: \"values\" is of a wrong type or value");
}

static void frame_describe_wants_one_whole_frame(void **state)
{
    (void)state;
    sample_file file;
    sb_frame_info info;
    begin_file(&file, SB_ENTRIES, 9);
    assert_int_equal(sb_frame_describe(file.bytes.data, file.bytes.length, &info, NULL), SB_OK);
    assert_int_equal(info.packed_bytes, file.bytes.length);
    assert_int_equal(info.raw_bytes, file.raw.length);
    assert_int_equal(info.checksum, (uint32_t)XXH64(file.raw.data, file.raw.length, 0));
    for (size_t cut = 0; cut < file.bytes.length; cut++)
        assert_int_equal(sb_frame_describe(file.bytes.data, cut, &info, NULL), SB_EDAMAGED);
    sb_tail_close(file.tail);
    close_file(&file);
}

/* ---- whole files ---------------------------------------------------------------------------- */

static void rows_come_back_as_they_went(void **state)
{
    (void)state;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        sample_file file;
        make_file(&file, (sb_kind)kind, 5, 100);
        sb_reader *reader = open_bytes(&file.bytes);
        assert_int_equal(sb_reader_frame_count(reader), 5);
        assert_int_equal(sb_reader_first_row(reader), 100);
        assert_int_equal(sb_reader_row_count(reader), 15);
        for (uint64_t i = 0; i < 5; i++) {
            const uint8_t *rows;
            size_t raw_bytes;
            assert_int_equal(sb_reader_frame(reader, i, &rows, &raw_bytes, NULL), SB_OK);
            assert_int_equal(raw_bytes, file.raw_begin[i + 1] - file.raw_begin[i]);
            assert_memory_equal(rows, file.raw.data + file.raw_begin[i], raw_bytes);
        }
        sb_reader_close(reader);
        close_file(&file);
    }
}

static void places_say_where_frames_stand(void **state)
{
    (void)state;
    sample_file file;
    make_file(&file, SB_TRANSACTIONS, 4, 7);
    sb_reader *reader = open_bytes(&file.bytes);
    uint64_t offset = sb_reader_data_begin(reader);
    uint64_t row = 7;
    assert_int_equal(offset, file.header_bytes);
    for (uint64_t i = 0; i < 4; i++) {
        sb_frame_place place = sb_reader_frame_place(reader, i);
        assert_int_equal(place.offset, offset);
        assert_int_equal(place.first_row, row);
        assert_int_equal(place.row_count, i + 1);
        assert_int_equal(
            ZSTD_findFrameCompressedSize(file.bytes.data + offset, file.bytes.length - offset),
            place.packed_bytes);
        offset += place.packed_bytes;
        row += place.row_count;
    }
    assert_int_equal(sb_reader_data_end(reader), offset);
    assert_string_equal(sb_reader_path(reader), path);
    sb_reader_close(reader);
    close_file(&file);
}

static void find_gives_the_frame_of_each_row(void **state)
{
    (void)state;
    sample_file file;
    make_file(&file, SB_ENTRIES, 4, 7);
    sb_reader *reader = open_bytes(&file.bytes);
    for (uint64_t i = 0; i < 4; i++) {
        sb_frame_place place = sb_reader_frame_place(reader, i);
        for (uint64_t row = 0; row < place.row_count; row++)
            assert_int_equal(sb_reader_frame_find(reader, place.first_row + row), i);
    }
    assert_int_equal(sb_reader_frame_find(reader, 6), 4);
    assert_int_equal(sb_reader_frame_find(reader, 17), 4);
    assert_int_equal(sb_reader_frame_find(reader, UINT64_MAX), 4);
    sb_reader_close(reader);
    close_file(&file);
}

static void a_file_may_have_no_rows(void **state)
{
    (void)state;
    sample_file file;
    make_file(&file, SB_PERSONS, 0, 0);
    sb_reader *reader = open_bytes(&file.bytes);
    assert_int_equal(sb_reader_frame_count(reader), 0);
    assert_int_equal(sb_reader_row_count(reader), 0);
    assert_int_equal(sb_reader_frame_find(reader, 0), 0);
    assert_int_equal(sb_reader_data_begin(reader), sb_reader_data_end(reader));
    sb_reader_close(reader);
    close_file(&file);
}

static void many_frames_are_found(void **state)
{
    (void)state;
    enum { FRAMES = 2000 }; /* more than are read from the seek table at a time */
    static const uint8_t row[] = {0x91, 0x05};
    sample_file file;
    begin_file(&file, SB_PERSONS, FRAMES);
    for (int i = 0; i < FRAMES; i++)
        add_frame(&file, row, sizeof row, 1);
    end_file(&file, 0);
    sb_reader *reader = open_bytes(&file.bytes);
    assert_int_equal(sb_reader_frame_count(reader), FRAMES);
    for (uint64_t i = 0; i < FRAMES; i++) {
        const uint8_t *rows;
        size_t raw_bytes;
        assert_int_equal(sb_reader_frame_find(reader, i), i);
        assert_int_equal(sb_reader_frame(reader, i, &rows, &raw_bytes, NULL), SB_OK);
        assert_int_equal(raw_bytes, sizeof row);
    }
    sb_reader_close(reader);
    close_file(&file);
}

/* A frame of the largest size is read, one byte more is refused when the file is opened. */
static void frames_have_a_largest_size(void **state)
{
    (void)state;
    static uint8_t raw[SB_FRAME_RAW_BYTES_MAX] = {0};
    sample_file file;
    begin_file(&file, SB_PERSONS, SB_FRAME_RAW_BYTES_MAX);
    add_frame(&file, raw, sizeof raw, SB_FRAME_RAW_BYTES_MAX);
    end_file(&file, 0);
    sb_reader *reader = open_bytes(&file.bytes);
    const uint8_t *rows;
    size_t raw_bytes;
    assert_int_equal(sb_reader_frame(reader, 0, &rows, &raw_bytes, NULL), SB_OK);
    assert_int_equal(raw_bytes, SB_FRAME_RAW_BYTES_MAX);
    sb_reader_close(reader);

    uint8_t *entry =
        file.bytes.data + file.bytes.length - SB_TABLE_FOOTER_BYTES - 2 * SB_TABLE_ENTRY_BYTES;
    sb_put_le32(entry + 4, SB_FRAME_RAW_BYTES_MAX + 1);
    write_file(file.bytes.data, file.bytes.length);
    assert_int_equal(sb_reader_open(path, &reader, NULL), SB_EDAMAGED);
    close_file(&file);
}

/* zstd itself passes over what stands behind the rows. */
static void plain_zstd_reads_header_and_rows(void **state)
{
    (void)state;
    sample_file file;
    make_file(&file, SB_ACCOUNTS, 3, 0);
    uint8_t *raw = malloc(file.raw.length);
    size_t raw_bytes = ZSTD_decompress(raw, file.raw.length, file.bytes.data, file.bytes.length);
    assert_int_equal(raw_bytes, file.raw.length);
    assert_memory_equal(raw, file.raw.data, raw_bytes);
    free(raw);
    close_file(&file);
}

static void seek_table_is_as_its_format_says(void **state)
{
    (void)state;
    sample_file file;
    make_file(&file, SB_ACCOUNTS, 3, 0);
    const uint8_t *end = file.bytes.data + file.bytes.length;
    assert_int_equal(sb_get_le32(end - 4), 0x8F92EAB1);
    assert_int_equal(end[-5], 0x80);
    assert_int_equal(sb_get_le32(end - 9), 5);
    const uint8_t *table = end - 9 - 5 * 12;
    assert_int_equal(sb_get_le32(table - 8), 0x184D2A5E);
    assert_int_equal(sb_get_le32(table - 4), 5 * 12 + 9);
    uint64_t offset = 0;
    size_t raw_offset = 0;
    for (const uint8_t *entry = table; entry < end - 9; entry += 12) {
        uint32_t raw_bytes = sb_get_le32(entry + 4);
        const uint8_t *raw = file.raw.data + raw_offset;
        assert_int_equal(sb_get_le32(entry + 8), (uint32_t)XXH64(raw, raw_bytes, 0));
        assert_int_equal(
            ZSTD_findFrameCompressedSize(file.bytes.data + offset, file.bytes.length - offset),
            sb_get_le32(entry));
        offset += sb_get_le32(entry);
        raw_offset += raw_bytes;
    }
    assert_int_equal(offset, table - 8 - file.bytes.data);
    assert_int_equal(raw_offset, file.raw.length);
    close_file(&file);
}

/* ---- damage --------------------------------------------------------------------------------- */

static void a_file_cut_anywhere_is_refused(void **state)
{
    (void)state;
    sample_file file;
    make_file(&file, SB_PERSONS, 3, 0);
    write_file(file.bytes.data, file.bytes.length);
    for (size_t cut = file.bytes.length; cut-- > 0;) {
        sb_reader *reader = NULL;
        sb_error err = {0};
        assert_int_equal(truncate(path, (off_t)cut), 0);
        assert_int_equal(sb_reader_open(path, &reader, &err), SB_EDAMAGED);
        assert_non_null(strstr(err.text, path));
        assert_non_null(strstr(err.text, "byte "));
        assert_null(reader);
    }
    close_file(&file);
}

/* Opens the bytes and reads every frame; what is first found wrong. `hash` is of all that came. */
static sb_status read_through(const uint8_t *bytes, size_t byte_count, uint64_t *hash)
{
    sb_reader *reader = NULL;
    write_file(bytes, byte_count);
    sb_status st = sb_reader_open(path, &reader, NULL);
    *hash = st == SB_OK ? sb_reader_first_row(reader) : 0;
    for (uint64_t i = 0; st == SB_OK && i < sb_reader_frame_count(reader); i++) {
        const uint8_t *rows;
        size_t raw_bytes;
        st = sb_reader_frame(reader, i, &rows, &raw_bytes, NULL);
        if (st == SB_OK)
            *hash = XXH64(rows, raw_bytes, *hash + sb_reader_frame_place(reader, i).first_row);
    }
    sb_reader_close(reader);
    return st;
}

/* A few bits of a zstd frame mean nothing to its decoder: those pass, the rows being the same. */
static void no_flipped_bit_changes_a_row_unnoticed(void **state)
{
    (void)state;
    sample_file file;
    uint64_t right_hash, hash;
    make_file(&file, SB_ENTRIES, 3, 0);
    assert_int_equal(read_through(file.bytes.data, file.bytes.length, &right_hash), SB_OK);
    for (size_t i = 0; i < 8 * file.bytes.length; i++) {
        file.bytes.data[i / 8] ^= (uint8_t)(1 << i % 8);
        sb_status st = read_through(file.bytes.data, file.bytes.length, &hash);
        file.bytes.data[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_true(st == SB_EDAMAGED || (st == SB_OK && hash == right_hash));
    }
    close_file(&file);
}

static void changed_bytes_never_crash(void **state)
{
    (void)state;
    sample_file file;
    uint64_t draws = 3;
    make_file(&file, SB_TRANSACTIONS, 2, 0);
    uint8_t *copy = malloc(file.bytes.length);
    for (int round = 0; round < 5000; round++) {
        memcpy(copy, file.bytes.data, file.bytes.length);
        for (uint64_t changes = 1 + sample_below(&draws, 5); changes > 0; changes--) {
            /* Half of them near the end, where the numbers are. */
            size_t within = sample_below(&draws, 2) == 0 ? file.bytes.length : 160;
            size_t at = file.bytes.length - 1 - sample_below(&draws, within);
            copy[at] = (uint8_t)sample_draw(&draws);
        }
        uint64_t hash;
        sb_status st = read_through(copy, file.bytes.length, &hash);
        assert_true(st == SB_OK || st == SB_EDAMAGED);
    }
    free(copy);
    close_file(&file);
}

static void a_row_index_that_lies_is_noticed(void **state)
{
    (void)state;
    static const uint8_t rows[] = {0x91, 0x01, 0x91, 0x02};
    for (uint32_t claimed = 1; claimed <= 3; claimed++) {
        sample_file file;
        begin_file(&file, SB_PERSONS, 10);
        add_frame(&file, rows, sizeof rows, claimed);
        end_file(&file, 0);
        uint64_t hash;
        assert_int_equal(read_through(file.bytes.data, file.bytes.length, &hash),
                         claimed == 2 ? SB_OK : SB_EDAMAGED);
        close_file(&file);
    }
}

/* Unpacking does not look at rows; the check of its own says what reading says. */
static void unpacked_rows_are_checked_on_demand(void **state)
{
    (void)state;
    static const uint8_t whole[] = {0x91, 0x01, 0x91, 0x02}, cut[] = {0x91, 0x01, 0x92, 0x02};
    for (uint32_t claimed = 1; claimed <= 3; claimed++)
        for (int is_cut = 0; is_cut < 2; is_cut++) {
            sample_file file;
            sb_error read_err = {0}, check_err = {0};
            const uint8_t *rows;
            size_t raw_bytes = 0;
            begin_file(&file, SB_PERSONS, 10);
            add_frame(&file, is_cut ? cut : whole, sizeof whole, claimed);
            end_file(&file, 0);
            sb_reader *reader = open_bytes(&file.bytes);
            sb_status expected = claimed == 2 && !is_cut ? SB_OK : SB_EDAMAGED;
            assert_int_equal(sb_reader_frame(reader, 0, &rows, &raw_bytes, &read_err), expected);
            assert_int_equal(sb_reader_unpack(reader, 0, &rows, &raw_bytes, NULL), SB_OK);
            assert_int_equal(raw_bytes, sizeof whole);
            assert_memory_equal(rows, is_cut ? cut : whole, sizeof whole);
            assert_int_equal(sb_reader_check_rows(reader, 0, &check_err), expected);
            assert_string_equal(check_err.text, read_err.text);
            sb_reader_close(reader);
            close_file(&file);
        }
}

/* zstd verifies only what a frame carries; the seek table's checksum holds for all. */
static void a_frame_without_checksum_is_still_held_against_the_table(void **state)
{
    (void)state;
    static const uint8_t rows[] = {0x91, 0x01, 0x91, 0x02};
    for (int has_checksum = 0; has_checksum < 2; has_checksum++)
        for (uint32_t off = 0; off < 2; off++) {
            sample_file file;
            const uint8_t *there;
            size_t raw_bytes;
            uint8_t packed[128];
            begin_file(&file, SB_PERSONS, 10);
            ZSTD_CCtx *cctx = ZSTD_createCCtx();
            ZSTD_CCtx_setParameter(cctx, ZSTD_c_checksumFlag, has_checksum);
            size_t packed_bytes = ZSTD_compress2(cctx, packed, sizeof packed, rows, sizeof rows);
            ZSTD_freeCCtx(cctx);
            sb_frame_info info = {.raw_bytes = sizeof rows,
                                  .packed_bytes = (uint32_t)packed_bytes,
                                  .row_count = 2,
                                  .checksum = (uint32_t)XXH64(rows, sizeof rows, 0) ^ off};
            assert_int_equal(sb_tail_add(file.tail, &info, NULL), SB_OK);
            assert_int_equal(sb_bytes_add(&file.bytes, packed, packed_bytes, NULL), SB_OK);
            end_file(&file, 0);
            sb_reader *reader = open_bytes(&file.bytes);
            assert_int_equal(sb_reader_frame(reader, 0, &there, &raw_bytes, NULL),
                             off == 0 ? SB_OK : SB_EDAMAGED);
            sb_reader_close(reader);
            close_file(&file);
        }
}

static void a_file_cannot_have_more_rows_than_its_dataset(void **state)
{
    (void)state;
    static const uint8_t rows[] = {0x91, 0x01, 0x91, 0x02};
    for (uint64_t first_row = 7; first_row <= 9; first_row++) {
        sample_file file;
        begin_file(&file, SB_PERSONS, 10);
        add_frame(&file, rows, sizeof rows, 2);
        end_file(&file, first_row);
        uint64_t hash;
        assert_int_equal(read_through(file.bytes.data, file.bytes.length, &hash),
                         first_row <= 8 ? SB_OK : SB_EDAMAGED);
        close_file(&file);
    }
}

static void errors_name_frame_and_byte(void **state)
{
    (void)state;
    sample_file file;
    sb_error err = {0};
    make_file(&file, SB_ENTRIES, 2, 0);
    sb_reader *reader = open_bytes(&file.bytes);
    sb_frame_place place = sb_reader_frame_place(reader, 1);
    sb_reader_close(reader);
    file.bytes.data[place.offset + place.packed_bytes - 1] ^= 1;
    reader = open_bytes(&file.bytes);
    const uint8_t *rows;
    size_t raw_bytes;
    assert_int_equal(sb_reader_frame(reader, 0, &rows, &raw_bytes, NULL), SB_OK);
    assert_int_equal(sb_reader_frame(reader, 1, &rows, &raw_bytes, &err), SB_EDAMAGED);
    char expected[256];
    sprintf(expected, "frame 1: %s: byte %llu: ", path, (unsigned long long)place.offset);
    assert_memory_equal(err.text, expected, strlen(expected));
    sb_reader_close(reader);
    close_file(&file);
}

static void what_cannot_be_opened_is_said(void **state)
{
    (void)state;
    sb_reader *reader = NULL;
    sb_error err = {0};
    assert_int_equal(sb_reader_open("/nonexistent/file", &reader, &err), SB_EIO);
    assert_string_equal(err.text, "/nonexistent/file: No such file or directory");
    assert_int_equal(sb_reader_open("/", &reader, &err), SB_EDAMAGED);
    assert_int_equal(sb_reader_open("/dev/null", &reader, &err), SB_EDAMAGED);
    assert_null(reader);
}

static int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_grow_and_keep_what_they_hold),
        cmocka_unit_test(hash_is_canonical_xxh3),
        cmocka_unit_test(header_tells_all_of_every_schema),
        cmocka_unit_test(header_is_shortest_and_in_order),
        cmocka_unit_test(header_bytes_repeat),
        cmocka_unit_test(a_spec_too_large_is_refused),
        cmocka_unit_test(a_spec_as_deep_as_allowed_is_read_back),
        cmocka_unit_test(flipped_header_bytes_never_crash),
        cmocka_unit_test(a_header_must_make_sense),
        cmocka_unit_test(frame_describe_wants_one_whole_frame),
        cmocka_unit_test(rows_come_back_as_they_went),
        cmocka_unit_test(places_say_where_frames_stand),
        cmocka_unit_test(find_gives_the_frame_of_each_row),
        cmocka_unit_test(a_file_may_have_no_rows),
        cmocka_unit_test(many_frames_are_found),
        cmocka_unit_test(frames_have_a_largest_size),
        cmocka_unit_test(plain_zstd_reads_header_and_rows),
        cmocka_unit_test(seek_table_is_as_its_format_says),
        cmocka_unit_test(a_file_cut_anywhere_is_refused),
        cmocka_unit_test(no_flipped_bit_changes_a_row_unnoticed),
        cmocka_unit_test(changed_bytes_never_crash),
        cmocka_unit_test(a_row_index_that_lies_is_noticed),
        cmocka_unit_test(unpacked_rows_are_checked_on_demand),
        cmocka_unit_test(a_frame_without_checksum_is_still_held_against_the_table),
        cmocka_unit_test(a_file_cannot_have_more_rows_than_its_dataset),
        cmocka_unit_test(errors_name_frame_and_byte),
        cmocka_unit_test(what_cannot_be_opened_is_said),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
