/* A small dataset on disk for tests of readers: made by the engine, written through format/, and,
 * if a test wants that, with one value changed before the checksums are taken. */
#ifndef TESTS_UNIT_DATASET_FILES_H
#define TESTS_UNIT_DATASET_FILES_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <zstd.h>

#include "engine/group.h"
#include "format/row_cursor.h"
#include "format/row_text.h"
#include "workers/open.h"

/* The value of a row's field becomes a number, a text or nil. */
typedef struct row_edit {
    sb_kind kind;
    uint64_t row;
    const char *field;
    enum { EDIT_NOTHING, EDIT_ADD, EDIT_SET, EDIT_TEXT, EDIT_NIL } how;
    int64_t number;
    const char *text;
} row_edit;

typedef struct kind_file {
    sb_bytes data;
    sb_frame_info *frames;
    uint32_t frame_count;
    uint64_t rows, raw_bytes;
    uint64_t part_row; /* rows before the part at hand */
    uint32_t part_count;
    uint64_t file_bytes;
    sb_raw_digest digest;
} kind_file;

typedef struct dataset_files {
    char dir[64];
    sb_spec *spec;
    row_edit edit;
    bool parts; /* one a group */
    kind_file kinds[SB_KIND_COUNT];
} dataset_files;

/* "entities=10k seed=7", each word an option of the spec. */
static inline sb_spec *make_test_spec(const char *options)
{
    sb_spec *spec;
    char copy[512], *rest = copy;
    (void)snprintf(copy, sizeof copy, "%s", options);
    assert_int_equal(sb_spec_open(&spec, NULL), SB_OK);
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        char *equals = strchr(word, '=');
        *equals = '\0';
        assert_int_equal(sb_spec_set(spec, word, equals + 1, NULL), SB_OK);
    }
    assert_int_equal(sb_spec_seal(spec, NULL), SB_OK);
    return spec;
}

/* ---- editing -------------------------------------------------------------------------------- */

static inline size_t edit_row(const row_edit *edit, const uint8_t *row, size_t row_bytes,
                              uint8_t *out)
{
    sb_cursor cursor = {row, row + row_bytes};
    sb_value head;
    int64_t number = edit->number, old = 0;
    int index = sb_record_find(sb_schema(edit->kind), edit->field);
    assert_true(index >= 0);
    assert_true(sb_cursor_next(&cursor, &head));
    for (int i = 0; i < index; i++)
        assert_true(sb_cursor_skip(&cursor));
    size_t before = (size_t)(cursor.at - row);
    if (edit->how == EDIT_ADD) {
        assert_true(sb_row_int(row, row_bytes, index, &old));
        number += old;
    }
    assert_true(sb_cursor_skip(&cursor));
    memcpy(out, row, before);
    sb_rows rows = {.at = out + before};
    if (edit->how == EDIT_TEXT)
        sb_rows_cstr(&rows, edit->text);
    else if (edit->how == EDIT_NIL)
        sb_rows_nil(&rows);
    else
        sb_rows_int(&rows, number);
    sb_rows_append(&rows, cursor.at, (size_t)(row + row_bytes - cursor.at));
    return (size_t)(rows.at - out);
}

/* The frame with the edit made in it; owned by the caller. */
static inline uint8_t *edit_frame(const row_edit *edit, uint64_t first_row, const uint8_t *rows,
                                  size_t *raw_bytes)
{
    uint8_t *out = malloc(*raw_bytes + SB_ROW_BYTES_MAX);
    const uint8_t *end = rows + *raw_bytes;
    size_t at = 0, row_bytes = 0;
    for (uint64_t row = first_row; rows < end; row++, rows += row_bytes) {
        assert_int_equal(sb_row_length(rows, (size_t)(end - rows), &row_bytes, NULL), SB_OK);
        if (edit->how != EDIT_NOTHING && row == edit->row) {
            at += edit_row(edit, rows, row_bytes, out + at);
        } else {
            memcpy(out + at, rows, row_bytes);
            at += row_bytes;
        }
    }
    *raw_bytes = at;
    return out;
}

/* ---- writing -------------------------------------------------------------------------------- */

static inline sb_status take_test_frame(void *user, sb_kind kind, const uint8_t *rows,
                                        size_t raw_bytes, uint32_t row_count, sb_error *err)
{
    dataset_files *d = user;
    kind_file *file = &d->kinds[kind];
    row_edit edit = d->edit;
    if (edit.kind != kind)
        edit.how = EDIT_NOTHING;
    uint8_t *raw = edit_frame(&edit, file->rows, rows, &raw_bytes);
    ZSTD_CCtx *cctx = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(cctx, ZSTD_c_checksumFlag, 1);
    size_t bound = ZSTD_compressBound(raw_bytes);
    assert_int_equal(sb_bytes_reserve(&file->data, bound, err), SB_OK);
    uint8_t *packed = file->data.data + file->data.length;
    size_t packed_bytes = ZSTD_compress2(cctx, packed, bound, raw, raw_bytes);
    assert_false(ZSTD_isError(packed_bytes));
    ZSTD_freeCCtx(cctx);
    file->frames = realloc(file->frames, (file->frame_count + 1) * sizeof *file->frames);
    sb_frame_info *info = &file->frames[file->frame_count++];
    assert_int_equal(sb_frame_describe(packed, packed_bytes, info, err), SB_OK);
    info->row_count = row_count;
    file->data.length += packed_bytes;
    file->rows += row_count;
    file->raw_bytes += raw_bytes;
    sb_raw_digest_add(&file->digest, raw, raw_bytes);
    free(raw);
    return SB_OK;
}

static inline void write_bytes(FILE *file, const sb_bytes *bytes)
{
    if (bytes->length > 0)
        assert_int_equal(fwrite(bytes->data, 1, bytes->length, file), bytes->length);
}

static inline void kind_path(const dataset_files *d, sb_kind kind, char path[256])
{
    (void)snprintf(path, 256, "%s/%s", d->dir, sb_kind_name(kind));
    if (d->parts) {
        (void)mkdir(path, 0777);
        (void)snprintf(path + strlen(path), 64, "/part-%05u.msgpack.zst",
                       d->kinds[kind].part_count);
    } else {
        (void)snprintf(path + strlen(path), 64, ".msgpack.zst");
    }
}

/* Writes the file of what was gathered, and begins the next. */
static inline void write_kind(dataset_files *d, sb_kind kind)
{
    kind_file *of = &d->kinds[kind];
    const sb_spec_values *values = sb_spec_values_of(d->spec);
    uint64_t rows = kind == SB_ENTRIES ? SB_ROWS_UNKNOWN : values->counts[kind];
    sb_bytes header = {0}, end = {0};
    sb_frame_info info;
    sb_tail *tail;
    char path[256];
    kind_path(d, kind, path);
    assert_int_equal(sb_header_frame(kind, sb_spec_dataset(d->spec), sb_spec_value(d->spec), rows,
                                     1, &header, NULL),
                     SB_OK);
    assert_int_equal(sb_frame_describe(header.data, header.length, &info, NULL), SB_OK);
    assert_int_equal(sb_tail_open(&info, &tail, NULL), SB_OK);
    for (uint32_t i = 0; i < of->frame_count; i++)
        assert_int_equal(sb_tail_add(tail, &of->frames[i], NULL), SB_OK);
    assert_int_equal(sb_tail_finish(tail, kind == SB_ENTRIES ? 0 : of->part_row, &end, NULL),
                     SB_OK);
    sb_tail_close(tail);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    write_bytes(file, &header);
    write_bytes(file, &of->data);
    write_bytes(file, &end);
    assert_int_equal(fclose(file), 0);
    of->file_bytes += header.length + of->data.length + end.length;
    of->part_row = of->rows;
    of->part_count++;
    of->frame_count = 0;
    of->data.length = 0;
    sb_bytes_close(&header);
    sb_bytes_close(&end);
}

static inline void write_manifest(dataset_files *d)
{
    json_t *kinds = json_object();
    char path[256];
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        kind_file *of = &d->kinds[kind];
        char digest[33], name[64];
        json_t *files = json_array();
        if (!sb_spec_has(d->spec, (sb_kind)kind)) {
            json_decref(files);
            continue;
        }
        sb_raw_digest_text(&of->digest, digest);
        for (uint32_t part = 0; part < of->part_count; part++) {
            (void)snprintf(name, sizeof name,
                           d->parts ? "%s/part-%05u.msgpack.zst" : "%s.msgpack.zst",
                           sb_kind_name((sb_kind)kind), part);
            json_array_append_new(files, json_string(name));
        }
        json_object_set_new(kinds, sb_kind_name((sb_kind)kind),
                            json_pack("{s:I, s:I, s:I, s:s, s:o}", "rows", (json_int_t)of->rows,
                                      "bytes", (json_int_t)of->file_bytes, "raw_bytes",
                                      (json_int_t)of->raw_bytes, "raw_xxh3", digest, "files",
                                      files));
    }
    json_t *json = json_pack(
        "{s:s, s:i, s:i, s:s, s:O, s:{s:s, s:i, s:s, s:i}, s:s, s:o}", "format",
        "seedbank-manifest", "format_version", SB_FORMAT_VERSION, "content_version",
        SB_CONTENT_VERSION, "dataset", sb_spec_dataset(d->spec), "spec",
        (json_t *)(uintptr_t)sb_spec_value(d->spec), "encoding", "encoder", "generic", "level", 1,
        "layout", d->parts ? "parts" : "merged", "shards", 1, "privacy", "none", "kinds", kinds);
    assert_non_null(json);
    (void)snprintf(path, sizeof path, "%s/manifest.json", d->dir);
    assert_int_equal(json_dump_file(json, path, JSON_INDENT(2)), 0);
    json_decref(json);
}

/* Writes the dataset under a new directory; pair with remove_dataset(). */
static inline void make_dataset(dataset_files *d, const char *options, bool parts, row_edit edit)
{
    sb_world *world;
    sb_press press;
    *d = (dataset_files){.dir = "/tmp/seedbank-test-dataset-XXXXXX", .edit = edit, .parts = parts};
    assert_non_null(mkdtemp(d->dir));
    d->spec = make_test_spec(options);
    assert_int_equal(sb_world_open(d->spec, &world, NULL), SB_OK);
    assert_int_equal(sb_press_open(world, sb_spec_kinds(d->spec), take_test_frame, d, &press, NULL),
                     SB_OK);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        assert_int_equal(sb_raw_digest_open(&d->kinds[kind].digest, NULL), SB_OK);
    for (uint64_t group = 0; group < world->group_count; group++) {
        assert_int_equal(sb_group_make(&press, group, NULL), SB_OK);
        bool last = group + 1 == world->group_count;
        for (int kind = 0; kind < SB_KIND_COUNT; kind++)
            if (sb_spec_has(d->spec, (sb_kind)kind) && (parts || last))
                write_kind(d, (sb_kind)kind);
    }
    write_manifest(d);
    sb_press_close(&press);
    sb_world_close(world);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        sb_raw_digest_close(&d->kinds[kind].digest);
        sb_bytes_close(&d->kinds[kind].data);
        free(d->kinds[kind].frames);
    }
}

static inline void remove_tree(const char *path)
{
    DIR *dir = opendir(path);
    if (dir == NULL) {
        (void)unlink(path);
        return;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        char *inner = sb_path_join(path, entry->d_name);
        assert_non_null(inner);
        remove_tree(inner);
        free(inner);
    }
    (void)closedir(dir);
    (void)rmdir(path);
}

static inline void remove_dataset(dataset_files *d)
{
    remove_tree(d->dir);
    sb_spec_close(d->spec);
}

/* ---- text ----------------------------------------------------------------------------------- */

static inline sb_status take_text(void *user, const char *text, size_t text_bytes, sb_error *err)
{
    return sb_bytes_add(user, text, text_bytes, err);
}

static inline size_t count_lines(const sb_bytes *text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text->length; i++)
        lines += text->data[i] == '\n';
    return lines;
}

static inline bool text_has(const sb_bytes *text, const char *part)
{
    return memmem(text->data, text->length, part, strlen(part)) != NULL;
}

#endif
