#include "format/header_reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format/container_internal.h"
#include "format/map_reader.h"
#include "format/row_cursor.h"
#include "seedbank/version.h"

/* A text or a list of fields, kept until the header is closed. */
typedef struct kept_block {
    struct kept_block *next;
    max_align_t bytes[];
} kept_block;

struct sb_header {
    sb_file_header file;
    json_t *spec;
    kept_block *kept;
};

/* What the functions below are all about: a map of the header (it or one of a field's) and the
 * header that is being filled from it. */
typedef struct source {
    sb_map map;
    sb_header *header;
} source;

static sb_status out_of_memory(const source *from, sb_error *err)
{
    return sb_fail(err, SB_ENOMEM, "%s: no memory for its header", from->map.path);
}

static sb_status odd(const source *from, const char *key, sb_error *err)
{
    return sb_damaged(from->map.path, from->map.byte, err, "\"%s\" is of a wrong type or value",
                      key);
}

/* Zeroed memory owned by the header, or NULL. */
static void *keep(sb_header *header, size_t byte_count)
{
    kept_block *block = calloc(1, sizeof *block + byte_count);
    if (block == NULL)
        return NULL;
    block->next = header->kept;
    header->kept = block;
    return block->bytes;
}

/* UTF-8 without a zero byte: what can be a C string. */
static bool is_clean_text(const msgpack_object *object)
{
    return object->type == MSGPACK_OBJECT_STR &&
           sb_utf8_check(object->via.str.ptr, object->via.str.size) &&
           memchr(object->via.str.ptr, '\0', object->via.str.size) == NULL;
}

static sb_status keep_text(const source *from, const char *key, const msgpack_object *object,
                           const char **out, sb_error *err)
{
    if (!is_clean_text(object))
        return odd(from, key, err);
    char *text = keep(from->header, (size_t)object->via.str.size + 1);
    if (text == NULL)
        return out_of_memory(from, err);
    memcpy(text, object->via.str.ptr, object->via.str.size);
    *out = text;
    return SB_OK;
}

/* Leaves *out alone when the key is absent. */
static sb_status take_text(const source *from, const char *key, const char **out, sb_error *err)
{
    const msgpack_object *object = sb_map_find(&from->map, key);
    return object == NULL ? SB_OK : keep_text(from, key, object, out, err);
}

/* A name that must be there. Names stand unescaped in output and in file names, so they consist of
 * letters, digits and underscores. */
static sb_status take_name(const source *from, const char *key, const char **out, sb_error *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    const msgpack_object *object;
    SB_TRY(sb_map_get(&from->map, key, MSGPACK_OBJECT_STR, &object, err));
    SB_TRY(keep_text(from, key, object, out, err));
    if (**out == '\0' || (*out)[strspn(*out, allowed)] != '\0')
        return odd(from, key, err);
    return SB_OK;
}

/* ---- the spec ------------------------------------------------------------------------------- */

static sb_status spec_value(const source *from, const msgpack_object *object, json_t **out,
                            sb_error *err);

static sb_status spec_array(const source *from, const msgpack_object_array *array, json_t *into,
                            sb_error *err)
{
    for (uint32_t i = 0; i < array->size; i++) {
        json_t *item = NULL;
        SB_TRY(spec_value(from, &array->ptr[i], &item, err));
        if (json_array_append_new(into, item) != 0)
            return out_of_memory(from, err);
    }
    return SB_OK;
}

static sb_status spec_object(const source *from, const msgpack_object_map *map, json_t *into,
                             sb_error *err)
{
    for (uint32_t i = 0; i < map->size; i++) {
        const char *key = NULL;
        json_t *member = NULL;
        SB_TRY(keep_text(from, "spec", &map->ptr[i].key, &key, err));
        SB_TRY(spec_value(from, &map->ptr[i].val, &member, err));
        if (json_object_set_new(into, key, member) != 0)
            return out_of_memory(from, err);
    }
    return SB_OK;
}

/* What JSON has a word for, and jansson a place. */
static bool is_json(const msgpack_object *object)
{
    switch (object->type) {
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
        return object->via.u64 <= INT64_MAX;
    case MSGPACK_OBJECT_FLOAT64:
        return isfinite(object->via.f64);
    case MSGPACK_OBJECT_STR:
        return sb_utf8_check(object->via.str.ptr, object->via.str.size);
    case MSGPACK_OBJECT_NIL:
    case MSGPACK_OBJECT_BOOLEAN:
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
    case MSGPACK_OBJECT_ARRAY:
    case MSGPACK_OBJECT_MAP:
        return true;
    default:
        return false;
    }
}

/* The value without what it contains. */
static json_t *spec_shell(const msgpack_object *object)
{
    switch (object->type) {
    case MSGPACK_OBJECT_BOOLEAN:
        return json_boolean(object->via.boolean);
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        return json_integer(object->via.i64);
    case MSGPACK_OBJECT_FLOAT64:
        return json_real(object->via.f64);
    case MSGPACK_OBJECT_STR:
        return json_stringn(object->via.str.ptr, object->via.str.size);
    case MSGPACK_OBJECT_ARRAY:
        return json_array();
    case MSGPACK_OBJECT_MAP:
        return json_object();
    default:
        return json_null();
    }
}

/* Recurses as deep as the header nests, which sb_map_unpack() has bounded. */
static sb_status spec_value(const source *from, const msgpack_object *object, json_t **out,
                            sb_error *err)
{
    if (!is_json(object))
        return odd(from, "spec", err);
    json_t *value = spec_shell(object);
    if (value == NULL)
        return out_of_memory(from, err);
    sb_status st = SB_OK;
    if (object->type == MSGPACK_OBJECT_ARRAY)
        st = spec_array(from, &object->via.array, value, err);
    else if (object->type == MSGPACK_OBJECT_MAP)
        st = spec_object(from, &object->via.map, value, err);
    if (st == SB_OK)
        *out = value;
    else
        json_decref(value);
    return st;
}

/* ---- fields --------------------------------------------------------------------------------- */

static sb_status take_type(const source *from, const char *key, sb_type *out, sb_error *err)
{
    const msgpack_object *object;
    SB_TRY(sb_map_get(&from->map, key, MSGPACK_OBJECT_STR, &object, err));
    for (int type = SB_INT; type <= SB_RECORD; type++) {
        if (sb_object_is_text(object, sb_type_name((sb_type)type))) {
            *out = (sb_type)type;
            return SB_OK;
        }
    }
    return odd(from, key, err);
}

/* A meaning that a newer writer added is no reason to refuse the file: its type still prints. */
static sb_logical logical_of(const source *from)
{
    const msgpack_object *object = sb_map_find(&from->map, "logical");
    if (object == NULL)
        return SB_PLAIN;
    for (int logical = SB_PLAIN + 1; logical < SB_LOGICAL_COUNT; logical++)
        if (sb_object_is_text(object, sb_logical_name((sb_logical)logical)))
            return (sb_logical)logical;
    return SB_PLAIN;
}

static sb_status take_scale(const source *from, uint8_t *out, sb_error *err)
{
    enum { SCALE_MAX = 18 }; /* an int64 has 18 digits that can take any value */
    uint64_t scale = 0;
    if (sb_map_find(&from->map, "scale") != NULL)
        SB_TRY(sb_map_get_uint(&from->map, "scale", SCALE_MAX, &scale, err));
    *out = (uint8_t)scale;
    return SB_OK;
}

static sb_status take_nullable(const source *from, bool *out, sb_error *err)
{
    const msgpack_object *object;
    if (sb_map_find(&from->map, "nullable") == NULL)
        return SB_OK;
    SB_TRY(sb_map_get(&from->map, "nullable", MSGPACK_OBJECT_BOOLEAN, &object, err));
    *out = object->via.boolean;
    return SB_OK;
}

/* A value of an enum becomes a word between blanks, so it may hold none. */
static bool is_word(const msgpack_object *object)
{
    return is_clean_text(object) && object->via.str.size > 0 &&
           memchr(object->via.str.ptr, ' ', object->via.str.size) == NULL;
}

static sb_status join_words(const source *from, const msgpack_object_array *words, const char **out,
                            sb_error *err)
{
    size_t byte_count = 1;
    for (uint32_t i = 0; i < words->size; i++)
        byte_count += (size_t)words->ptr[i].via.str.size + 1;
    char *at = keep(from->header, byte_count);
    if (at == NULL)
        return out_of_memory(from, err);
    *out = at;
    for (uint32_t i = 0; i < words->size; i++) {
        memcpy(at, words->ptr[i].via.str.ptr, words->ptr[i].via.str.size);
        at += words->ptr[i].via.str.size;
        *at++ = ' ';
    }
    return SB_OK;
}

static sb_status take_values(const source *from, const char **out, sb_error *err)
{
    const msgpack_object *list;
    if (sb_map_find(&from->map, "values") == NULL)
        return SB_OK;
    SB_TRY(sb_map_get(&from->map, "values", MSGPACK_OBJECT_ARRAY, &list, err));
    for (uint32_t i = 0; i < list->via.array.size; i++)
        if (!is_word(&list->via.array.ptr[i]))
            return odd(from, "values", err);
    return join_words(from, &list->via.array, out, err);
}

static sb_status take_record(const source *from, const char *name, const sb_record **out,
                             sb_error *err);

/* What an array holds, and what fields a record (or an array's record) has. */
static sb_status take_inside(const source *from, sb_field *field, sb_error *err)
{
    if (field->type == SB_ARRAY)
        SB_TRY(take_type(from, "items", &field->items, err));
    if (field->items == SB_ARRAY) /* no schema of ours has one, and no row could be printed by it */
        return odd(from, "items", err);
    if (field->type == SB_RECORD || field->items == SB_RECORD)
        SB_TRY(take_record(from, field->name, &field->record, err));
    return SB_OK;
}

static sb_status take_field(const source *from, sb_field *field, sb_error *err)
{
    uint64_t number = 0;
    SB_TRY(take_name(from, "name", &field->name, err));
    SB_TRY(sb_map_get_uint(&from->map, "number", UINT16_MAX, &number, err));
    field->number = (uint16_t)number;
    field->logical = logical_of(from);
    SB_TRY(take_type(from, "type", &field->type, err));
    SB_TRY(take_scale(from, &field->scale, err));
    SB_TRY(take_text(from, "scale_by", &field->scale_by, err));
    SB_TRY(take_text(from, "unit", &field->unit, err));
    SB_TRY(take_values(from, &field->values, err));
    SB_TRY(take_text(from, "references", &field->references, err));
    SB_TRY(take_inside(from, field, err));
    SB_TRY(take_nullable(from, &field->nullable, err));
    return take_text(from, "doc", &field->doc, err);
}

static sb_status take_record(const source *from, const char *name, const sb_record **out,
                             sb_error *err)
{
    const msgpack_object *list;
    SB_TRY(sb_map_get(&from->map, "fields", MSGPACK_OBJECT_ARRAY, &list, err));
    uint32_t field_count = list->via.array.size;
    sb_record *record = keep(from->header, sizeof *record);
    sb_field *fields = keep(from->header, field_count * sizeof *fields);
    if (record == NULL || fields == NULL)
        return out_of_memory(from, err);
    for (uint32_t i = 0; i < field_count; i++) {
        const msgpack_object *object = &list->via.array.ptr[i];
        if (object->type != MSGPACK_OBJECT_MAP)
            return odd(from, "fields", err);
        source inside = {{from->map.path, from->map.byte, &object->via.map}, from->header};
        SB_TRY(take_field(&inside, &fields[i], err));
    }
    *record = (sb_record){.name = name, .fields = fields, .field_count = field_count};
    *out = record;
    return SB_OK;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static sb_status take_versions(const source *from, sb_file_header *file, sb_error *err)
{
    const msgpack_object *format = sb_map_find(&from->map, "format");
    if (format == NULL || !sb_object_is_text(format, SB_FORMAT_NAME))
        return sb_damaged(from->map.path, from->map.byte, err, "this is no data file of seedbank");
    uint64_t version = 0;
    SB_TRY(sb_map_get_uint(&from->map, "format_version", INT32_MAX, &version, err));
    file->format_version = (int)version;
    if (file->format_version > SB_FORMAT_VERSION)
        return sb_damaged(from->map.path, from->map.byte, err,
                          "format version %d, known here up to %d; use a newer seedbank",
                          file->format_version, SB_FORMAT_VERSION);
    SB_TRY(sb_map_get_uint(&from->map, "content_version", INT32_MAX, &version, err));
    file->content_version = (int)version;
    return SB_OK;
}

static sb_status take_spec(const source *from, sb_error *err)
{
    const msgpack_object *object;
    SB_TRY(sb_map_get(&from->map, "spec", MSGPACK_OBJECT_MAP, &object, err));
    SB_TRY(spec_value(from, object, &from->header->spec, err));
    from->header->file.spec = from->header->spec;
    return SB_OK;
}

/* Derived fields are no part of a file: where the kind is known, they are those of this program. */
static sb_status add_derived(const source *from, sb_file_header *file, sb_error *err)
{
    sb_kind kind = sb_kind_find(file->kind);
    if (kind == SB_KIND_COUNT)
        return SB_OK;
    sb_record *record = keep(from->header, sizeof *record);
    if (record == NULL)
        return out_of_memory(from, err);
    *record = *file->record;
    record->derived = sb_schema(kind)->derived;
    record->derived_count = sb_schema(kind)->derived_count;
    file->record = record;
    return SB_OK;
}

/* nil where the number was not known when the header was written. */
static sb_status take_rows(const source *from, sb_file_header *file, sb_error *err)
{
    const msgpack_object *rows = sb_map_find(&from->map, "rows");
    file->row_count = SB_ROWS_UNKNOWN;
    if (rows != NULL && rows->type == MSGPACK_OBJECT_NIL)
        return SB_OK;
    return sb_map_get_uint(&from->map, "rows", INT64_MAX, &file->row_count, err);
}

static sb_status take_header(const source *from, sb_error *err)
{
    sb_file_header *file = &from->header->file;
    SB_TRY(take_versions(from, file, err));
    SB_TRY(take_name(from, "kind", &file->kind, err));
    SB_TRY(take_name(from, "dataset", &file->dataset, err));
    SB_TRY(take_spec(from, err));
    SB_TRY(take_rows(from, file, err));
    SB_TRY(take_record(from, file->kind, &file->record, err));
    return add_derived(from, file, err);
}

sb_status sb_header_open(const char *path, const uint8_t *raw, size_t raw_bytes, sb_header **out,
                         sb_error *err)
{
    sb_header *header = calloc(1, sizeof *header);
    if (header == NULL)
        return sb_fail(err, SB_ENOMEM, "%s: no memory for its header", path);
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    source from = {.header = header};
    sb_status st = sb_map_unpack(path, 0, raw, raw_bytes, &unpacked, &from.map, err);
    if (st == SB_OK)
        st = take_header(&from, err);
    msgpack_unpacked_destroy(&unpacked);
    if (st == SB_OK)
        *out = header;
    else
        sb_header_close(header);
    return st;
}

void sb_header_close(sb_header *header)
{
    if (header == NULL)
        return;
    while (header->kept != NULL) {
        kept_block *next = header->kept->next;
        free(header->kept);
        header->kept = next;
    }
    json_decref(header->spec);
    free(header);
}

const sb_file_header *sb_header_file(const sb_header *header)
{
    return &header->file;
}
