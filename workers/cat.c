/* Rows as text, of files or of a spec.
 *
 * Either way rows come as runs of raw MessagePack in row order, and a filter prints those that are
 * asked for. What is asked for is first turned into a range of rows, so that only the frames or
 * cells that hold it are unpacked or made; and once the last row is printed, the source is told to
 * stop. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/group.h"
#include "format/row_plan.h"
#include "format/row_text.h"
#include "workers/open.h"

/* One --where, resolved against the record of the kind being printed. */
typedef struct condition {
    const char *field; /* borrowed; field_bytes long */
    size_t field_bytes;
    const char *value;
    int index;
    bool has_raw_form; /* the stored integer prints otherwise than the value */
} condition;

typedef struct cat {
    const sb_cat_options *options;
    sb_sink sink;
    condition *conditions; /* owned; options->where_count */
    uint64_t printed;
    bool header_printed;
    char id_letter;
    uint64_t id;
    sb_bytes scratch; /* owned */
    /* Of the kind being printed. */
    const sb_record *record;
    size_t field_count; /* of the record */
    sb_row_text_options text;
    sb_row_plan *plan; /* owned; of that record */
    int id_index;
    uint64_t next_row;           /* of the next run of rows */
    uint64_t begin_row, end_row; /* wanted */
    uint64_t base_row;           /* of the file: what its first row counts from */
    bool id_seen;
    bool finished; /* no row behind is wanted */
} cat;

/* ---- options -------------------------------------------------------------------------------- */

static sb_status split_conditions(cat *c, sb_error *err)
{
    const sb_cat_options *options = c->options;
    c->conditions = calloc(options->where_count + 1, sizeof *c->conditions);
    if (c->conditions == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for --where");
    for (size_t i = 0; i < options->where_count; i++) {
        const char *equals = strchr(options->where[i], '=');
        if (equals == NULL || equals == options->where[i])
            return sb_fail(err, SB_EUSAGE, "--where %s: write field=value", options->where[i]);
        c->conditions[i] = (condition){.field = options->where[i],
                                       .field_bytes = (size_t)(equals - options->where[i]),
                                       .value = equals + 1};
    }
    return SB_OK;
}

static sb_status read_id(cat *c, sb_error *err)
{
    if (c->options->id == NULL)
        return SB_OK;
    if (c->options->range_given)
        return sb_fail(err, SB_EUSAGE,
                       "--rows and --id: one row needs no range; leave one of them out");
    if (!sb_id_read(c->options->id, &c->id_letter, &c->id))
        return sb_fail(err, SB_EUSAGE, "--id %s: no id; write a number or a uid such as P42",
                       c->options->id);
    return SB_OK;
}

static sb_status open_cat(const sb_cat_options *options, sb_text_taker take, void *user, cat *c,
                          sb_error *err)
{
    static const sb_text_format formats[] = {
        [SB_PRINT_NDJSON] = SB_NDJSON, [SB_PRINT_CSV] = SB_CSV, [SB_PRINT_TSV] = SB_TSV};
    *c = (cat){.options = options, .sink = {.take = take, .user = user}};
    c->text.format = formats[options->format];
    c->text.raw = options->raw;
    c->text.derived = options->derived;
    c->finished = options->head_given && options->head == 0;
    if (options->range_given && options->first_row > options->end_row)
        return sb_fail(err, SB_EUSAGE,
                       "--rows %" PRIu64 ":%" PRIu64 ": the end is before the beginning",
                       options->first_row, options->end_row);
    SB_TRY(read_id(c, err));
    return split_conditions(c, err);
}

/* What was printed before a failure is still the caller's. */
static sb_status close_cat(cat *c, sb_status status, sb_error *err)
{
    sb_status flushed = sb_sink_flush(&c->sink, status == SB_OK ? err : NULL);
    sb_sink_close(&c->sink);
    sb_bytes_close(&c->scratch);
    sb_row_plan_close(c->plan);
    free(c->conditions);
    return status == SB_OK ? flushed : status;
}

/* The kind a uid names, when no other is given. */
static const char *wanted_kind(const cat *c)
{
    if (c->options->kind == NULL && c->id_letter != 0)
        for (int kind = 0; kind < SB_KIND_COUNT; kind++)
            if (sb_kind_letter((sb_kind)kind) == c->id_letter)
                return sb_kind_name((sb_kind)kind);
    return c->options->kind;
}

static sb_status check_all_kinds(const cat *c, sb_error *err)
{
    if (c->options->format != SB_PRINT_NDJSON)
        return sb_fail(err, SB_EUSAGE,
                       "CSV and TSV hold one kind: name it with --kind, or print NDJSON");
    if (c->options->range_given)
        return sb_fail(err, SB_EUSAGE, "--rows counts the rows of one kind: name it with --kind");
    if (c->options->id != NULL)
        return sb_fail(err, SB_EUSAGE,
                       "--id %s: name the kind with --kind, or write a uid such as P42",
                       c->options->id);
    return SB_OK;
}

/* ---- a kind --------------------------------------------------------------------------------- */

static sb_status find_field(condition *one, const sb_record *record, sb_error *err)
{
    for (size_t i = 0; i < record->field_count; i++) {
        const sb_field *field = &record->fields[i];
        if (strlen(field->name) != one->field_bytes ||
            memcmp(field->name, one->field, one->field_bytes) != 0)
            continue;
        one->index = (int)i;
        one->has_raw_form = field->type == SB_ARRAY || field->type == SB_RECORD ||
                            field->scale > 0 || field->logical == SB_MONEY ||
                            field->logical == SB_DATE_DAYS || field->logical == SB_TIMESTAMP_MS;
        return SB_OK;
    }
    return sb_fail(err, SB_EUSAGE,
                   "--where %.*s: %s has no field of that name; see seedbank info --schema %s",
                   (int)one->field_bytes, one->field, record->name, record->name);
}

static sb_status find_fields(cat *c, const sb_record *record, sb_error *err)
{
    for (size_t i = 0; i < c->options->where_count; i++)
        SB_TRY(find_field(&c->conditions[i], record, err));
    return SB_OK;
}

/* Whether the kind is one of dense ids, whose rows are where their numbers say. */
static bool is_dense(sb_kind kind)
{
    return kind == SB_PERSONS || kind == SB_COMPANIES || kind == SB_ACCOUNTS;
}

static sb_status no_such_row(const cat *c, const char *kind, sb_error *err)
{
    return sb_fail(err, SB_EUSAGE, "--id %s: %s has no such row", c->options->id, kind);
}

static sb_status set_record(cat *c, const sb_record *record, sb_error *err)
{
    c->record = record;
    sb_row_plan_close(c->plan);
    c->plan = NULL;
    return sb_row_plan_open(record, &c->text, &c->plan, err);
}

/* Begins a kind of `rows` rows (UINT64_MAX: not known). */
static sb_status begin_kind(cat *c, const sb_record *record, const char *name, uint64_t rows,
                            int32_t end_days, sb_error *err)
{
    const sb_cat_options *options = c->options;
    sb_kind kind = sb_kind_find(name);
    c->text.end_days = end_days;
    c->text.kind_letter = kind == SB_KIND_COUNT ? '?' : sb_kind_letter(kind);
    SB_TRY(set_record(c, record, err));
    c->id_index = sb_record_find(record, "id");
    c->id_seen = false;
    c->begin_row = options->range_given ? options->first_row : 0;
    bool open_end = !options->range_given || options->end_row == UINT64_MAX;
    c->end_row = open_end ? rows : options->end_row;
    SB_TRY(find_fields(c, record, err));
    if (options->range_given && open_end && options->first_row > rows)
        return sb_fail(err, SB_EUSAGE, "--rows %" PRIu64 ":: %s has rows 0:%" PRIu64,
                       options->first_row, name, rows);
    if (!open_end && rows != UINT64_MAX && options->end_row > rows)
        return sb_fail(err, SB_EUSAGE, "--rows %" PRIu64 ":%" PRIu64 ": %s has rows 0:%" PRIu64,
                       options->first_row, options->end_row, name, rows);
    if (options->id != NULL && c->id_index < 0)
        return sb_fail(err, SB_EUSAGE, "--id: %s have no id; use --where", name);
    if (options->id != NULL && c->id_letter != 0 && c->id_letter != c->text.kind_letter)
        return sb_fail(err, SB_EUSAGE, "--id %s: that is no uid of %s, which begin with %c",
                       options->id, name, c->text.kind_letter);
    if (options->id != NULL && is_dense(kind)) {
        if (c->id >= rows)
            return no_such_row(c, name, err);
        c->begin_row = c->id;
        c->end_row = c->id + 1;
    }
    if (c->header_printed)
        return SB_OK;
    c->header_printed = true;
    return sb_row_text_begin(record, &c->text, &c->sink.bytes, err);
}

static sb_status end_kind(const cat *c, const char *name, sb_error *err)
{
    if (c->options->id != NULL && !c->id_seen && !(c->options->head_given && c->options->head == 0))
        return no_such_row(c, name, err);
    return SB_OK;
}

/* An event's id says which cell wrote it, and the cell which rows. */
static void narrow_to_cell(cat *c, const sb_world *world, sb_kind kind)
{
    if (c->options->id == NULL || !sb_kind_is_event(kind))
        return;
    uint64_t cell = sb_world_cell_of_id(world, kind, c->id);
    c->begin_row = sb_world_first_row(world, kind, cell);
    c->end_row = sb_world_first_row(world, kind, cell + 1);
}

/* ---- rows ----------------------------------------------------------------------------------- */

static bool equals_scratch(const cat *c, const char *value)
{
    return strlen(value) == c->scratch.length &&
           memcmp(value, c->scratch.data, c->scratch.length) == 0;
}

static sb_status matches(cat *c, const condition *one, const uint8_t *row, size_t row_bytes,
                         bool *out, sb_error *err)
{
    c->scratch.length = 0;
    SB_TRY(sb_bytes_reserve(&c->scratch, 64, err));
    SB_TRY(sb_row_field_text(c->record, one->index, false, row, row_bytes, &c->scratch, err));
    *out = equals_scratch(c, one->value);
    if (*out || !one->has_raw_form)
        return SB_OK;
    c->scratch.length = 0;
    SB_TRY(sb_row_field_text(c->record, one->index, true, row, row_bytes, &c->scratch, err));
    *out = equals_scratch(c, one->value);
    return SB_OK;
}

static bool has_id(cat *c, const uint8_t *row, size_t row_bytes)
{
    int64_t id;
    if (!sb_row_int(row, row_bytes, c->id_index, &id) || id < 0 || (uint64_t)id != c->id)
        return false;
    c->id_seen = c->finished = true;
    return true;
}

static sb_status take_row(cat *c, const uint8_t *row, size_t row_bytes, sb_error *err)
{
    if (c->options->id != NULL && !has_id(c, row, row_bytes))
        return SB_OK;
    for (size_t i = 0; i < c->options->where_count; i++) {
        bool match = false;
        SB_TRY(matches(c, &c->conditions[i], row, row_bytes, &match, err));
        if (!match)
            return SB_OK;
    }
    SB_TRY(sb_row_plan_print(c->plan, &row, row + row_bytes, &c->sink.bytes, err));
    c->printed++;
    if (c->options->head_given && c->printed >= c->options->head)
        c->finished = true;
    return sb_sink_step(&c->sink, err);
}

/* Whether each of these rows is to be printed, so that none needs a look before. */
static bool wants_all(const cat *c, uint64_t first_row, uint64_t row_count)
{
    const sb_cat_options *options = c->options;
    return options->id == NULL && options->where_count == 0 && !options->head_given &&
           first_row >= c->begin_row && first_row + row_count <= c->end_row;
}

static sb_status take_all_rows(cat *c, const uint8_t *rows, const uint8_t *end, sb_error *err)
{
    for (; rows < end; c->next_row++, c->printed++) {
        SB_TRY(sb_row_plan_print(c->plan, &rows, end, &c->sink.bytes, err));
        SB_TRY(sb_sink_step(&c->sink, err));
    }
    return SB_OK;
}

/* A run of rows, the first of them c->next_row. */
static sb_status take_rows(cat *c, const uint8_t *rows, size_t raw_bytes, uint64_t row_count,
                           sb_error *err)
{
    const uint8_t *end = rows + raw_bytes;
    if (wants_all(c, c->next_row, row_count))
        return take_all_rows(c, rows, end, err);
    while (rows < end && !c->finished) {
        size_t row_bytes = 0;
        if (c->next_row >= c->end_row) {
            c->finished = true;
            break;
        }
        SB_TRY(sb_row_length(rows, (size_t)(end - rows), &row_bytes, err));
        if (c->next_row >= c->begin_row)
            SB_TRY(take_row(c, rows, row_bytes, err));
        rows += row_bytes;
        c->next_row++;
    }
    return SB_OK;
}

/* ---- of files ------------------------------------------------------------------------------- */

static sb_status cat_reader(cat *c, sb_reader *reader, sb_error *err)
{
    uint64_t base = c->base_row, frame_count = sb_reader_frame_count(reader);
    uint64_t first = base + sb_reader_first_row(reader), end = first + sb_reader_row_count(reader);
    if (c->begin_row > first)
        first = c->begin_row;
    if (c->end_row < end)
        end = c->end_row;
    if (first >= end)
        return SB_OK;
    for (uint64_t frame = sb_reader_frame_find(reader, first - base);
         frame < frame_count && !c->finished; frame++) {
        const uint8_t *rows;
        size_t raw_bytes;
        sb_frame_place place = sb_reader_frame_place(reader, frame);
        if (base + place.first_row >= end)
            break;
        c->next_row = base + place.first_row;
        uint64_t next_row = c->next_row + place.row_count;
        bool all = wants_all(c, c->next_row, place.row_count);
        SB_TRY(all ? sb_reader_unpack(reader, frame, &rows, &raw_bytes, err)
                   : sb_reader_frame(reader, frame, &rows, &raw_bytes, err));
        sb_status status = take_rows(c, rows, raw_bytes, place.row_count, err);
        if (all && (status == SB_EDAMAGED || (status == SB_OK && c->next_row != next_row)))
            SB_TRY(sb_reader_check_rows(reader, frame, err));
        if (status == SB_EDAMAGED && err != NULL) {
            sb_error inner = *err;
            return sb_fail(err, status, "%s: row %" PRIu64 ": %.900s", sb_reader_path(reader),
                           c->next_row, inner.text);
        }
        SB_TRY(status);
    }
    return SB_OK;
}

/* Where the spec can be used (same tables, same content version), the cell of an id is known; else
 * the whole kind is searched. */
static void narrow_by_spec(cat *c, const char *path, const sb_file_header *header)
{
    sb_kind kind = sb_kind_find(header->kind);
    sb_spec *spec = NULL;
    sb_world *world = NULL;
    if (c->options->id == NULL || !sb_kind_is_event(kind))
        return;
    if (sb_spec_of_json(header->spec, path, NULL, header->dataset, &spec, NULL) == SB_OK &&
        sb_world_open(spec, &world, NULL) == SB_OK)
        narrow_to_cell(c, world, kind);
    sb_world_close(world);
    sb_spec_close(spec);
}

static sb_status begin_file_kind(cat *c, const sb_reader *reader, uint64_t rows, sb_error *err)
{
    const sb_file_header *header = sb_reader_header(reader);
    int32_t end_days = 0;
    (void)sb_spec_json_days(header->spec, "end", &end_days);
    SB_TRY(begin_kind(c, header->record, header->kind, rows, end_days, err));
    narrow_by_spec(c, sb_reader_path(reader), header);
    return SB_OK;
}

static sb_status cat_file(cat *c, sb_reader *reader, sb_error *err)
{
    const sb_file_header *header = sb_reader_header(reader);
    const char *kind = wanted_kind(c);
    if (kind != NULL && strcmp(kind, header->kind) != 0)
        return sb_fail(err, SB_EUSAGE, "%s: a file of %s, not of %s", sb_reader_path(reader),
                       header->kind, kind);
    uint64_t first = sb_reader_first_row(reader), end = first + sb_reader_row_count(reader);
    uint64_t rows = header->row_count == SB_ROWS_UNKNOWN ? end : header->row_count;
    SB_TRY(begin_file_kind(c, reader, rows, err));
    if (c->options->range_given && c->options->end_row == UINT64_MAX)
        c->end_row = end;
    if (c->options->range_given && (c->begin_row < first || c->end_row > end))
        return sb_fail(err, SB_EUSAGE,
                       "--rows %" PRIu64 ":%" PRIu64 ": %s holds rows %" PRIu64 ":%" PRIu64
                       " of the dataset",
                       c->begin_row, c->end_row, sb_reader_path(reader), first, end);
    SB_TRY(cat_reader(c, reader, err));
    return end_kind(c, header->kind, err);
}

/* A part must go on where the one before ended. Parts of a kind whose rows were not known
 * beforehand count their own from 0. */
static sb_status check_part(cat *c, const sb_dataset_dir *dir, const char *kind,
                            const sb_reader *reader, uint64_t row, uint64_t rows, sb_error *err)
{
    const sb_file_header *header = sb_reader_header(reader);
    const char *path = sb_reader_path(reader);
    bool unknown = header->row_count == SB_ROWS_UNKNOWN;
    uint64_t first = sb_reader_first_row(reader);
    if (strcmp(header->kind, kind) != 0 || strcmp(header->dataset, dir->dataset) != 0)
        return sb_fail(err, SB_EDAMAGED, "%s: %s of dataset %s, but the manifest wants %s of %s",
                       path, header->kind, header->dataset, kind, dir->dataset);
    if (!unknown && header->row_count != rows)
        return sb_fail(err, SB_EDAMAGED, "%s: of %" PRIu64 " rows, but the manifest has %" PRIu64,
                       path, header->row_count, rows);
    if (first != row && !(unknown && first == 0))
        return sb_fail(err, SB_EDAMAGED, "%s: begins with row %" PRIu64 ", but %" PRIu64 " is next",
                       path, first, row);
    c->base_row = row - first;
    return SB_OK;
}

static sb_status cat_part(cat *c, const sb_dataset_dir *dir, const char *kind, sb_reader *reader,
                          uint64_t *row, uint64_t rows, sb_error *err)
{
    size_t fields = c->record != NULL ? c->field_count : 0;
    SB_TRY(check_part(c, dir, kind, reader, *row, rows, err));
    if (c->record == NULL)
        SB_TRY(begin_file_kind(c, reader, rows, err));
    SB_TRY(set_record(c, sb_reader_header(reader)->record, err)); /* every part brings its own */
    c->field_count = c->record->field_count;
    if (fields > 0 && fields != c->field_count)
        return sb_fail(err, SB_EDAMAGED, "%s: other fields than the parts before",
                       sb_reader_path(reader));
    *row += sb_reader_row_count(reader);
    return cat_reader(c, reader, err);
}

static sb_status cat_files(cat *c, const sb_dataset_dir *dir, const char *kind,
                           const sb_file_list *files, sb_error *err)
{
    uint64_t rows =
        (uint64_t)json_integer_value(json_object_get(json_object_get(dir->kinds, kind), "rows"));
    uint64_t row = 0;
    c->record = NULL;
    for (size_t i = 0; i < files->count && !(c->finished && i > 0); i++) {
        sb_reader *reader;
        SB_TRY(sb_reader_open(files->paths[i], &reader, err));
        sb_status status = cat_part(c, dir, kind, reader, &row, rows, err);
        sb_reader_close(reader);
        SB_TRY(status);
    }
    if (!c->finished && row != rows)
        return sb_fail(err, SB_EDAMAGED, "%s: the files of %s end with row %" PRIu64 " of %" PRIu64,
                       dir->dir, kind, row, rows);
    return end_kind(c, kind, err);
}

static sb_status cat_dir_kind(cat *c, const sb_dataset_dir *dir, const char *kind, sb_error *err)
{
    sb_file_list files;
    SB_TRY(sb_dataset_dir_files(dir, kind, &files, err));
    sb_status status = cat_files(c, dir, kind, &files, err);
    sb_file_list_close(&files);
    return status;
}

/* A field that only some kinds have is refused before anything is printed. */
static sb_status check_fields(cat *c, const sb_dataset_dir *dir, const char *kind, sb_error *err)
{
    sb_file_list files;
    sb_reader *reader = NULL;
    SB_TRY(sb_dataset_dir_files(dir, kind, &files, err));
    sb_status status = sb_reader_open(files.paths[0], &reader, err);
    if (status == SB_OK)
        status = find_fields(c, sb_reader_header(reader)->record, err);
    sb_reader_close(reader);
    sb_file_list_close(&files);
    return status;
}

static sb_status cat_dir(cat *c, const sb_dataset_dir *dir, sb_error *err)
{
    const char *kind = wanted_kind(c);
    json_t *value, *kinds = (json_t *)(uintptr_t)dir->kinds;
    if (kind != NULL)
        return cat_dir_kind(c, dir, kind, err);
    SB_TRY(check_all_kinds(c, err));
    if (c->options->where_count > 0)
        json_object_foreach(kinds, kind, value) SB_TRY(check_fields(c, dir, kind, err));
    json_object_foreach(kinds, kind, value)
    {
        bool head_reached = c->options->head_given && c->printed >= c->options->head;
        if (head_reached)
            break;
        c->finished = false;
        SB_TRY(cat_dir_kind(c, dir, kind, err));
    }
    return SB_OK;
}

static sb_status cat_path(cat *c, const char *path, sb_error *err)
{
    sb_path_kind kind;
    SB_TRY(sb_path_look(path, &kind, err));
    if (kind == SB_PATH_FILE) {
        sb_reader *reader;
        SB_TRY(sb_reader_open(path, &reader, err));
        sb_status status = cat_file(c, reader, err);
        sb_reader_close(reader);
        return status;
    }
    sb_dataset_dir dir;
    SB_TRY(sb_dataset_dir_open(path, &dir, err));
    sb_status status = cat_dir(c, &dir, err);
    sb_dataset_dir_close(&dir);
    return status;
}

sb_status sb_cat_path(const char *path, const sb_cat_options *options, sb_text_taker take,
                      void *user, sb_error *err)
{
    cat c;
    sb_status status = open_cat(options, take, user, &c, err);
    if (status == SB_OK)
        status = cat_path(&c, path, err);
    return close_cat(&c, status, err);
}

/* ---- of a spec ------------------------------------------------------------------------------ */

/* Takes a frame from the press; what it returns other than SB_OK ends the making. */
static sb_status take_frame(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                            uint32_t row_count, sb_error *err)
{
    cat *c = user;
    (void)kind;
    SB_TRY(take_rows(c, rows, raw_bytes, row_count, err));
    return c->finished ? SB_ESTOPPED : SB_OK;
}

static sb_status make_cells(cat *c, const sb_world *world, sb_kind kind, sb_press *press,
                            sb_error *err)
{
    bool counted =
        kind == SB_ENTRIES; /* their rows are counted by making them, from the first on */
    uint64_t cell = 0, end_cell = sb_world_cells(world, kind);
    c->next_row = 0;
    if (c->begin_row >= c->end_row)
        return SB_OK;
    if (!counted) {
        cell = sb_world_cell_of(world, kind, c->begin_row);
        end_cell = sb_world_cell_of(world, kind, c->end_row - 1) + 1;
        c->next_row = sb_world_first_row(world, kind, cell);
    }
    for (; cell < end_cell && !c->finished; cell++) {
        sb_status status = sb_cell_make(press, cell, err);
        if (status == SB_OK)
            status = sb_cutter_flush(&press->cutters[kind], err);
        if (c->finished && status == SB_ESTOPPED && !c->sink.refused)
            return SB_OK;
        SB_TRY(status);
    }
    if (counted && c->options->range_given && c->options->end_row != UINT64_MAX && !c->finished &&
        c->next_row < c->end_row)
        return sb_fail(err, SB_EUSAGE,
                       "--rows %" PRIu64 ":%" PRIu64 ": entries has rows 0:%" PRIu64, c->begin_row,
                       c->end_row, c->next_row);
    return SB_OK;
}

static sb_status cat_spec_kind(cat *c, const sb_world *world, sb_kind kind, sb_error *err)
{
    const sb_spec_values *values = &world->values;
    const char *name = sb_kind_name(kind);
    if (!sb_spec_has(world->spec, kind))
        return sb_fail(err, SB_EUSAGE, "--kind %s: not part of this spec; add --%s", name, name);
    SB_TRY(begin_kind(c, sb_schema(kind), name,
                      kind == SB_ENTRIES ? UINT64_MAX : values->counts[kind], values->end_days,
                      err));
    narrow_to_cell(c, world, kind);
    if (c->finished)
        return SB_OK;
    sb_press press;
    SB_TRY(sb_press_open(world, 1u << kind, take_frame, c, &press, err));
    sb_status status = make_cells(c, world, kind, &press, err);
    sb_press_close(&press);
    SB_TRY(status);
    return end_kind(c, name, err);
}

static sb_status cat_spec_all(cat *c, const sb_world *world, sb_error *err)
{
    SB_TRY(check_all_kinds(c, err));
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (sb_spec_has(world->spec, (sb_kind)kind))
            SB_TRY(find_fields(c, sb_schema((sb_kind)kind), err));
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        bool head_reached = c->options->head_given && c->printed >= c->options->head;
        if (head_reached || !sb_spec_has(world->spec, (sb_kind)kind))
            continue;
        c->finished = false;
        SB_TRY(cat_spec_kind(c, world, (sb_kind)kind, err));
    }
    return SB_OK;
}

static sb_status cat_spec(cat *c, const sb_spec *spec, sb_error *err)
{
    const char *name = wanted_kind(c);
    sb_kind kind = name == NULL ? SB_KIND_COUNT : sb_kind_find(name);
    sb_world *world;
    if (name != NULL && kind == SB_KIND_COUNT)
        return sb_fail(err, SB_EUSAGE, "--kind: unknown '%s'; see seedbank info --schema", name);
    SB_TRY(sb_world_open(spec, &world, err));
    sb_status status =
        name != NULL ? cat_spec_kind(c, world, kind, err) : cat_spec_all(c, world, err);
    sb_world_close(world);
    return status;
}

sb_status sb_cat_spec(const sb_spec *spec, const sb_cat_options *options, sb_text_taker take,
                      void *user, sb_error *err)
{
    cat c;
    sb_status status = open_cat(options, take, user, &c, err);
    if (status == SB_OK)
        status = cat_spec(&c, spec, err);
    return close_cat(&c, status, err);
}
