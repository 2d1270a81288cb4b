/* What a dataset, a file of one, or this program is: spec, counts, sizes, schema. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/spec.h"
#include "workers/open.h"

enum { FRAMES_SHOWN = 10 };

typedef struct info {
    const char *path; /* NULL: of this program */
    const char *kind; /* NULL: all */
    bool json;
    sb_sink sink;
    sb_error *err;
} info;

static sb_status no_memory(const info *i)
{
    return sb_fail(i->err, SB_ENOMEM, "no memory for the answer");
}

/* Writes a JSON value on a line of its own and lets go of it; NULL: no memory. */
static sb_status put_object(info *i, json_t *object)
{
    if (object == NULL)
        return no_memory(i);
    sb_status status = sb_sink_json(&i->sink, object, i->err);
    json_decref(object);
    return status == SB_OK ? sb_sink_text(&i->sink, "\n", i->err) : status;
}

/* ---- spec ----------------------------------------------------------------------------------- */

static sb_status put_value(info *i, const json_t *value)
{
    const char *key;
    json_t *inner;
    size_t index;
    bool first = true;
    if (json_is_string(value))
        return sb_sink_text(&i->sink, json_string_value(value), i->err);
    if (json_is_array(value)) {
        json_array_foreach((json_t *)(uintptr_t)value, index, inner)
        {
            SB_TRY(sb_sink_text(&i->sink, index > 0 ? "," : "", i->err));
            SB_TRY(put_value(i, inner));
        }
        return SB_OK;
    }
    if (!json_is_object(value))
        return sb_sink_json(&i->sink, value, i->err);
    json_object_foreach((json_t *)(uintptr_t)value, key, inner)
    {
        SB_TRY(sb_sink_format(&i->sink, i->err, "%s%s ", first ? "" : ", ", key));
        SB_TRY(put_value(i, inner));
        first = false;
    }
    return SB_OK;
}

/* The members of an object, a line each, indented under a title. */
static sb_status put_block(info *i, const char *title, const json_t *object)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return SB_OK;
    SB_TRY(sb_sink_format(&i->sink, i->err, "%s\n", title));
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        SB_TRY(sb_sink_format(&i->sink, i->err, "  %-16s ", key));
        SB_TRY(put_value(i, value));
        SB_TRY(sb_sink_text(&i->sink, "\n", i->err));
    }
    return SB_OK;
}

/* ---- a directory ---------------------------------------------------------------------------- */

static uint64_t count_of(const json_t *object, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(object, key));
    return value > 0 ? (uint64_t)value : 0;
}

/* "3.04", of raw and packed bytes; "-" when nothing is packed. */
static void ratio_text(uint64_t raw_bytes, uint64_t bytes, char out[32])
{
    uint64_t hundredths =
        bytes == 0 ? 0 : (uint64_t)(((sb_u128)raw_bytes * 100 + bytes / 2) / bytes);
    (void)snprintf(out, 32, "%" PRIu64 ".%02" PRIu64, hundredths / 100, hundredths % 100);
    if (bytes == 0)
        (void)snprintf(out, 32, "-");
}

static sb_status put_sizes(info *i, const char *name, uint64_t rows, uint64_t bytes,
                           uint64_t raw_bytes, const char *digest)
{
    char ratio[32];
    ratio_text(raw_bytes, bytes, ratio);
    return sb_sink_format(
        &i->sink, i->err, "%-16s %14" PRIu64 " %16" PRIu64 " %16" PRIu64 " %7s%s%s\n", name, rows,
        bytes, raw_bytes, ratio, digest != NULL ? "  " : "", digest != NULL ? digest : "");
}

static sb_status put_kinds(info *i, const json_t *kinds)
{
    const char *name;
    json_t *kind;
    uint64_t rows = 0, bytes = 0, raw_bytes = 0;
    SB_TRY(sb_sink_format(&i->sink, i->err, "%-16s %14s %16s %16s %7s  %s\n", "kind", "rows",
                          "bytes", "raw bytes", "ratio", "raw digest (XXH3-128)"));
    json_object_foreach((json_t *)(uintptr_t)kinds, name, kind)
    {
        const char *digest = json_string_value(json_object_get(kind, "raw_xxh3"));
        SB_TRY(put_sizes(i, name, count_of(kind, "rows"), count_of(kind, "bytes"),
                         count_of(kind, "raw_bytes"), digest));
        rows += count_of(kind, "rows");
        bytes += count_of(kind, "bytes");
        raw_bytes += count_of(kind, "raw_bytes");
    }
    return put_sizes(i, "all", rows, bytes, raw_bytes, NULL);
}

/* The manifest without its shards, of which there may be thousands. */
static sb_status put_dir_json(info *i, const sb_dataset_dir *dir)
{
    json_t *copy = json_copy(dir->json);
    if (copy != NULL)
        (void)json_object_del(copy, "shards");
    return put_object(i, copy);
}

static sb_status summary_of_dir(info *i, const sb_dataset_dir *dir)
{
    const json_t *privacy = json_object_get(dir->json, "privacy");
    if (i->json)
        return put_dir_json(i, dir);
    SB_TRY(sb_sink_format(&i->sink, i->err, "dataset %s\n", dir->dataset));
    SB_TRY(put_block(i, "spec", dir->spec));
    SB_TRY(put_block(i, "encoding", json_object_get(dir->json, "encoding")));
    if (json_is_string(privacy))
        SB_TRY(sb_sink_format(&i->sink, i->err, "privacy\n  %s\n", json_string_value(privacy)));
    return put_kinds(i, dir->kinds);
}

static sb_status digest_of_dir(info *i, const sb_dataset_dir *dir)
{
    const char *name;
    json_t *kind, *all = json_object();
    sb_status status = SB_OK;
    bool found = false;
    json_object_foreach((json_t *)(uintptr_t)dir->kinds, name, kind)
    {
        const char *digest = json_string_value(json_object_get(kind, "raw_xxh3"));
        if (status != SB_OK || (i->kind != NULL && strcmp(i->kind, name) != 0))
            continue;
        found = true;
        if (digest == NULL)
            status = sb_fail(i->err, SB_EDAMAGED, "%s: \"kinds.%s.raw_xxh3\" is missing",
                             dir->manifest_path, name);
        else if (i->json)
            status =
                json_object_set_new(all, name, json_string(digest)) == 0 ? SB_OK : no_memory(i);
        else
            status = sb_sink_format(&i->sink, i->err, "%s  %s\n", digest, name);
    }
    if (status == SB_OK && i->kind != NULL && !found)
        status = sb_fail(i->err, SB_EUSAGE, "%s: the dataset has no %s", dir->dir, i->kind);
    if (status == SB_OK && i->json)
        return put_object(i, all);
    json_decref(all);
    return status;
}

static sb_status run_of_dir(info *i, const sb_dataset_dir *dir)
{
    json_error_t problem;
    struct stat info_of_file;
    char *path = sb_path_join(dir->dir, "run.json");
    if (path == NULL)
        return no_memory(i);
    if (stat(path, &info_of_file) != 0) {
        sb_status status = sb_fail(i->err, SB_EUSAGE,
                                   "%s: not there; it is no part of a dataset and may have "
                                   "been left behind when this one was copied",
                                   path);
        free(path);
        return status;
    }
    json_t *run = json_load_file(path, 0, &problem);
    sb_status status = run != NULL ? SB_OK
                                   : sb_fail(i->err, SB_EDAMAGED, "%s: line %d: %s", path,
                                             problem.line, problem.text);
    free(path);
    SB_TRY(status);
    if (i->json)
        return put_object(i, run);
    char *text = json_dumps(run, JSON_INDENT(2));
    status = text == NULL ? no_memory(i) : sb_sink_format(&i->sink, i->err, "%s\n", text);
    free(text);
    json_decref(run);
    return status;
}

/* ---- a file --------------------------------------------------------------------------------- */

typedef struct file_sizes {
    uint64_t bytes, raw_bytes;
} file_sizes;

static file_sizes sizes_of(const sb_reader *reader)
{
    file_sizes sizes = {0, 0};
    for (uint64_t frame = 0; frame < sb_reader_frame_count(reader); frame++) {
        sb_frame_place place = sb_reader_frame_place(reader, frame);
        sizes.bytes += place.packed_bytes;
        sizes.raw_bytes += place.raw_bytes;
    }
    return sizes;
}

static json_t *frame_json(sb_frame_place place)
{
    char checksum[16];
    (void)snprintf(checksum, sizeof checksum, "%08" PRIx32, place.checksum);
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:s}", "offset", (json_int_t)place.offset,
                     "first_row", (json_int_t)place.first_row, "rows", (json_int_t)place.row_count,
                     "bytes", (json_int_t)place.packed_bytes, "raw_bytes",
                     (json_int_t)place.raw_bytes, "checksum", checksum);
}

static sb_status put_file_json(info *i, const sb_reader *reader)
{
    const sb_file_header *header = sb_reader_header(reader);
    file_sizes sizes = sizes_of(reader);
    json_t *frames = json_array();
    for (uint64_t frame = 0; frame < sb_reader_frame_count(reader); frame++)
        if (json_array_append_new(frames, frame_json(sb_reader_frame_place(reader, frame))) != 0) {
            json_decref(frames);
            return no_memory(i);
        }
    json_t *rows = header->row_count == SB_ROWS_UNKNOWN
                       ? json_null()
                       : json_integer((json_int_t)header->row_count);
    return put_object(
        i, json_pack("{s:s, s:i, s:i, s:s, s:s, s:O, s:o, s:I, s:I, s:I, s:I, s:o}", "format",
                     "seedbank", "format_version", header->format_version, "content_version",
                     header->content_version, "kind", header->kind, "dataset", header->dataset,
                     "spec", (json_t *)(uintptr_t)header->spec, "dataset_rows", rows, "first_row",
                     (json_int_t)sb_reader_first_row(reader), "rows",
                     (json_int_t)sb_reader_row_count(reader), "bytes", (json_int_t)sizes.bytes,
                     "raw_bytes", (json_int_t)sizes.raw_bytes, "frames", frames));
}

static sb_status put_frames(info *i, const sb_reader *reader)
{
    uint64_t count = sb_reader_frame_count(reader);
    SB_TRY(sb_sink_format(&i->sink, i->err, "frames %" PRIu64 "\n  %14s %14s %10s %10s %10s  %s\n",
                          count, "offset", "first row", "rows", "bytes", "raw bytes", "checksum"));
    for (uint64_t frame = 0; frame < count && frame < FRAMES_SHOWN; frame++) {
        sb_frame_place place = sb_reader_frame_place(reader, frame);
        SB_TRY(sb_sink_format(&i->sink, i->err,
                              "  %14" PRIu64 " %14" PRIu64 " %10" PRIu32 " %10" PRIu32 " %10" PRIu32
                              "  %08" PRIx32 "\n",
                              place.offset, place.first_row, place.row_count, place.packed_bytes,
                              place.raw_bytes, place.checksum));
    }
    if (count <= FRAMES_SHOWN)
        return SB_OK;
    return sb_sink_format(&i->sink, i->err, "  ... and %" PRIu64 " more; --json lists all\n",
                          count - FRAMES_SHOWN);
}

static sb_status summary_of_file(info *i, const sb_reader *reader)
{
    const sb_file_header *header = sb_reader_header(reader);
    file_sizes sizes = sizes_of(reader);
    char ratio[32];
    char rows[32];
    if (i->json)
        return put_file_json(i, reader);
    (void)snprintf(rows, sizeof rows, "%" PRIu64, header->row_count);
    ratio_text(sizes.raw_bytes, sizes.bytes, ratio);
    SB_TRY(sb_sink_format(
        &i->sink, i->err,
        "%s of dataset %s\nformat %d, content %d\nrows %" PRIu64 ":%" PRIu64 " of %s"
        "\nbytes %" PRIu64 ", raw %" PRIu64 ", ratio %s\n",
        header->kind, header->dataset, header->format_version, header->content_version,
        sb_reader_first_row(reader), sb_reader_first_row(reader) + sb_reader_row_count(reader),
        header->row_count == SB_ROWS_UNKNOWN ? "a number the manifest knows" : rows, sizes.bytes,
        sizes.raw_bytes, ratio));
    SB_TRY(put_block(i, "spec", header->spec));
    return put_frames(i, reader);
}

/* Of a file the rows are hashed here: nothing in it says what they hash to. */
static sb_status digest_of_file(info *i, sb_reader *reader)
{
    char text[33];
    sb_raw_digest digest;
    sb_status status = sb_raw_digest_open(&digest, i->err);
    for (uint64_t frame = 0; frame < sb_reader_frame_count(reader) && status == SB_OK; frame++) {
        const uint8_t *rows;
        size_t raw_bytes;
        status = sb_reader_frame(reader, frame, &rows, &raw_bytes, i->err);
        if (status == SB_OK)
            sb_raw_digest_add(&digest, rows, raw_bytes);
    }
    if (status == SB_OK)
        sb_raw_digest_text(&digest, text);
    sb_raw_digest_close(&digest);
    SB_TRY(status);
    const char *kind = sb_reader_header(reader)->kind;
    if (i->json)
        return put_object(i, json_pack("{s:s}", kind, text));
    return sb_sink_format(&i->sink, i->err, "%s  %s\n", text, kind);
}

/* ---- schema --------------------------------------------------------------------------------- */

/* A record, and the program's own of that name if rows of the file were made by the same rules:
 * files say nothing about how values are spread and what the figures follow. */
typedef struct view {
    const sb_record *shown;
    const sb_record *own; /* or NULL */
} view;

static const sb_field *own_field(const sb_record *own, const sb_field *field)
{
    static const sb_field nothing;
    int at = own != NULL ? sb_record_find(own, field->name) : -1;
    return at >= 0 ? &own->fields[at] : &nothing;
}

static json_t *fields_json(const sb_field *fields, size_t count, const sb_record *own);

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        (void)json_object_set_new(object, key, json_string(text));
}

static json_t *values_json(const char *values)
{
    json_t *list = json_array();
    while (*values != '\0') {
        size_t length = strcspn(values, " ");
        (void)json_array_append_new(list, json_stringn(values, length));
        values += length;
        values += strspn(values, " ");
    }
    return list;
}

static json_t *field_json(const sb_field *field, const sb_field *own)
{
    json_t *object = json_object();
    set_text(object, "name", field->name);
    if (field->number > 0)
        (void)json_object_set_new(object, "number", json_integer(field->number));
    set_text(object, "type", sb_type_name(field->type));
    if (field->type == SB_ARRAY)
        set_text(object, "items", sb_type_name(field->items));
    set_text(object, "logical", sb_logical_name(field->logical));
    if (field->scale > 0)
        (void)json_object_set_new(object, "scale", json_integer(field->scale));
    set_text(object, "scale_by", field->scale_by);
    set_text(object, "unit", field->unit);
    if (field->values != NULL)
        (void)json_object_set_new(object, "values", values_json(field->values));
    set_text(object, "references", field->references);
    (void)json_object_set_new(object, "nullable", json_boolean(field->nullable));
    set_text(object, "doc", field->doc);
    set_text(object, "how", own->how);
    set_text(object, "source", own->source);
    if (own->record != NULL)
        set_text(object, "record", own->record->name);
    if (field->record != NULL)
        (void)json_object_set_new(
            object, "fields",
            fields_json(field->record->fields, field->record->field_count, own->record));
    return object;
}

static json_t *fields_json(const sb_field *fields, size_t count, const sb_record *own)
{
    json_t *list = json_array();
    for (size_t n = 0; n < count; n++)
        (void)json_array_append_new(list, field_json(&fields[n], own_field(own, &fields[n])));
    return list;
}

static json_t *record_json(const view *of)
{
    const sb_record *record = of->shown;
    return json_pack("{s:o, s:o}", "fields",
                     fields_json(record->fields, record->field_count, of->own), "derived",
                     fields_json(record->derived, record->derived_count, NULL));
}

/* "array of record", "int, money by currency", ... */
static void type_text(const sb_field *field, char out[96])
{
    const char *logical = sb_logical_name(field->logical);
    (void)snprintf(
        out, 96, "%s%s%s%s%s%s%s", sb_type_name(field->type), field->type == SB_ARRAY ? " of " : "",
        field->type == SB_ARRAY ? sb_type_name(field->items) : "", logical != NULL ? ", " : "",
        logical != NULL ? logical : "", field->scale_by != NULL ? " by " : "",
        field->scale_by != NULL ? field->scale_by : "");
    if (field->scale > 0)
        (void)snprintf(out, 96, "%s / 10^%u", sb_type_name(field->type), field->scale);
}

/* On lines below the field. */
static sb_status put_origin(info *i, const sb_field *field, int indent)
{
    if (field->how != NULL)
        SB_TRY(sb_sink_format(&i->sink, i->err, "%*show: %s\n", indent + 8, "", field->how));
    if (field->source != NULL)
        SB_TRY(sb_sink_format(&i->sink, i->err, "%*ssource: %s\n", indent + 8, "", field->source));
    return SB_OK;
}

static sb_status put_fields(info *i, const sb_field *fields, size_t count, const sb_record *own,
                            int indent)
{
    for (size_t n = 0; n < count; n++) {
        const sb_field *field = &fields[n];
        char type[96], number[8] = "-";
        type_text(field, type);
        if (field->number > 0)
            (void)snprintf(number, sizeof number, "%u", field->number);
        SB_TRY(sb_sink_format(&i->sink, i->err, "%*s%3s %-*s%c %-28s %s", indent, "", number,
                              22 - indent, field->name, field->nullable ? '?' : ' ', type,
                              field->doc != NULL ? field->doc : ""));
        if (field->unit != NULL)
            SB_TRY(sb_sink_format(&i->sink, i->err, "; in %s", field->unit));
        if (field->references != NULL)
            SB_TRY(sb_sink_format(&i->sink, i->err, "; -> %s", field->references));
        if (field->values != NULL) {
            int length = (int)strlen(field->values);
            length -= length > 0 && field->values[length - 1] == ' ';
            SB_TRY(sb_sink_format(&i->sink, i->err, "; one of: %.*s", length, field->values));
        }
        SB_TRY(sb_sink_text(&i->sink, "\n", i->err));
        SB_TRY(put_origin(i, own_field(own, field), indent));
        if (field->record != NULL)
            SB_TRY(put_fields(i, field->record->fields, field->record->field_count,
                              own_field(own, field)->record, indent + 4));
    }
    return SB_OK;
}

/* One kind: into `all`, or as text. */
static sb_status put_schema(info *i, const char *kind, const view *of, json_t *all)
{
    const sb_record *record = of->shown;
    if (i->json)
        return json_object_set_new(all, kind, record_json(of)) == 0 ? SB_OK : no_memory(i);
    SB_TRY(sb_sink_format(&i->sink, i->err, "%s\n", kind));
    SB_TRY(put_fields(i, record->fields, record->field_count, of->own, 2));
    if (record->derived_count > 0)
        SB_TRY(sb_sink_text(&i->sink, "  derived, printed on request\n", i->err));
    return put_fields(i, record->derived, record->derived_count, NULL, 2);
}

static bool is_wanted(const info *i, const char *kind)
{
    return i->kind == NULL || strcmp(i->kind, kind) == 0;
}

static sb_status own_schemas(info *i, json_t *all)
{
    if (i->kind != NULL && sb_kind_find(i->kind) == SB_KIND_COUNT)
        return sb_fail(i->err, SB_EUSAGE, "--schema: unknown kind '%s'", i->kind);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        view of = {sb_schema((sb_kind)kind), sb_schema((sb_kind)kind)};
        if (is_wanted(i, sb_kind_name((sb_kind)kind)))
            SB_TRY(put_schema(i, sb_kind_name((sb_kind)kind), &of, all));
    }
    return SB_OK;
}

static sb_status schema_of_file(info *i, const char *path, json_t *all)
{
    sb_reader *reader;
    SB_TRY(sb_reader_open(path, &reader, i->err));
    const sb_file_header *header = sb_reader_header(reader);
    sb_kind kind = sb_kind_find(header->kind);
    bool same_rules = header->content_version == SB_CONTENT_VERSION && kind != SB_KIND_COUNT;
    view of = {header->record, same_rules ? sb_schema(kind) : NULL};
    sb_status status = is_wanted(i, header->kind)
                           ? put_schema(i, header->kind, &of, all)
                           : sb_fail(i->err, SB_EUSAGE, "%s: a file of %s, not of %s", path,
                                     header->kind, i->kind);
    sb_reader_close(reader);
    return status;
}

static sb_status schemas_of_dir(info *i, const sb_dataset_dir *dir, json_t *all)
{
    const char *name;
    json_t *value;
    if (i->kind != NULL && json_object_get(dir->kinds, i->kind) == NULL)
        return sb_fail(i->err, SB_EUSAGE, "%s: the dataset has no %s", dir->dir, i->kind);
    json_object_foreach((json_t *)(uintptr_t)dir->kinds, name, value)
    {
        sb_file_list files;
        if (!is_wanted(i, name))
            continue;
        SB_TRY(sb_dataset_dir_files(dir, name, &files, i->err));
        sb_status status = schema_of_file(i, files.paths[0], all);
        sb_file_list_close(&files);
        SB_TRY(status);
    }
    return SB_OK;
}

/* Schemas of wherever `dir` (or else the path's file, or else this program) has them. */
static sb_status put_schemas(info *i, const sb_dataset_dir *dir)
{
    json_t *all = json_object();
    sb_status status = all == NULL       ? no_memory(i)
                       : i->path == NULL ? own_schemas(i, all)
                       : dir != NULL     ? schemas_of_dir(i, dir, all)
                                         : schema_of_file(i, i->path, all);
    if (status == SB_OK && i->json)
        return put_object(i, all);
    json_decref(all);
    return status;
}

/* ---- locales -------------------------------------------------------------------------------- */

/* The English name of a language, or its code where the shared table has it not. */
static const char *language_name(const sb_tables *tables, const char *code)
{
    for (uint32_t row = 0; row < sb_tables_row_count(tables, 0, SB_TABLE_LANGUAGES); row++)
        if (strcmp(sb_tables_cell(tables, 0, SB_TABLE_LANGUAGES, row, "code"), code) == 0)
            return sb_tables_cell(tables, 0, SB_TABLE_LANGUAGES, row, "name");
    return code;
}

static sb_status put_locale(info *i, const sb_tables *tables, uint32_t index, uint32_t all_weights,
                            json_t *list)
{
    const sb_locale *locale = sb_tables_locale(tables, index);
    const char *country =
        sb_tables_cell(tables, 0, SB_TABLE_COUNTRIES, locale->country_index, "name");
    if (!i->json) {
        uint32_t tenths =
            (locale->weight * 1000 + all_weights / 2) / (all_weights > 0 ? all_weights : 1);
        return sb_sink_format(&i->sink, i->err,
                              "%-6s  %-10s  %s  %2" PRIu32 ".%" PRIu32 " %%  %s\n", locale->name,
                              language_name(tables, locale->language.bytes), locale->currency.bytes,
                              tenths / 10, tenths % 10, country);
    }
    json_t *one = json_pack("{s:s, s:s, s:s, s:s, s:i}", "name", locale->name, "country",
                            locale->country.bytes, "language", locale->language.bytes, "currency",
                            locale->currency.bytes, "weight", (int)locale->weight);
    return json_array_append_new(list, one) == 0 ? SB_OK : no_memory(i);
}

/* With the share of the cells that each has where none are chosen. */
static sb_status put_locales(info *i)
{
    sb_tables *tables;
    uint32_t all_weights = 0;
    json_t *list = json_array();
    sb_status status = sb_tables_open(NULL, NULL, &tables, i->err);
    if (status != SB_OK) {
        json_decref(list);
        return status;
    }
    for (uint32_t n = 0; n < sb_tables_locale_count(tables); n++)
        all_weights += sb_tables_locale(tables, n)->weight;
    for (uint32_t n = 0; n < sb_tables_locale_count(tables) && status == SB_OK; n++)
        status = put_locale(i, tables, n, all_weights, list);
    sb_tables_close(tables);
    if (status == SB_OK && i->json)
        return put_object(i, list);
    json_decref(list);
    return status;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static sb_status of_dir(info *i, sb_info_what what)
{
    sb_dataset_dir dir;
    SB_TRY(sb_dataset_dir_open(i->path, &dir, i->err));
    sb_status status = what == SB_INFO_SCHEMA   ? put_schemas(i, &dir)
                       : what == SB_INFO_DIGEST ? digest_of_dir(i, &dir)
                       : what == SB_INFO_RUN    ? run_of_dir(i, &dir)
                                                : summary_of_dir(i, &dir);
    sb_dataset_dir_close(&dir);
    return status;
}

static sb_status of_file(info *i, sb_info_what what)
{
    sb_reader *reader;
    if (what == SB_INFO_SCHEMA)
        return put_schemas(i, NULL);
    if (what == SB_INFO_RUN)
        return sb_fail(i->err, SB_EUSAGE, "--run: %s is a file; name the dataset's directory",
                       i->path);
    SB_TRY(sb_reader_open(i->path, &reader, i->err));
    const char *kind = sb_reader_header(reader)->kind;
    sb_status status =
        !is_wanted(i, kind)
            ? sb_fail(i->err, SB_EUSAGE, "%s: a file of %s, not of %s", i->path, kind, i->kind)
        : what == SB_INFO_DIGEST ? digest_of_file(i, reader)
                                 : summary_of_file(i, reader);
    sb_reader_close(reader);
    return status;
}

static sb_status answer(info *i, sb_info_what what)
{
    sb_path_kind kind;
    if (what == SB_INFO_LOCALES)
        return put_locales(i);
    if (what == SB_INFO_SCHEMA && i->path == NULL)
        return put_schemas(i, NULL);
    if (i->path == NULL)
        return sb_fail(i->err, SB_EUSAGE, "info: name a dataset's directory or one of its files");
    if (i->kind != NULL && (what == SB_INFO_SUMMARY || what == SB_INFO_RUN))
        return sb_fail(i->err, SB_EUSAGE,
                       "info: a kind has an effect with --schema and --digest only");
    SB_TRY(sb_path_look(i->path, &kind, i->err));
    return kind == SB_PATH_FILE ? of_file(i, what) : of_dir(i, what);
}

sb_status sb_info(const char *path, sb_info_what what, const char *kind, bool json,
                  sb_text_taker take, void *user, sb_error *err)
{
    info i = {
        .path = path, .kind = kind, .json = json, .sink = {.take = take, .user = user}, .err = err};
    sb_status status = answer(&i, what);
    if (status == SB_OK)
        status = sb_sink_flush(&i.sink, err);
    sb_sink_close(&i.sink);
    return status;
}
