#include <inttypes.h>

#include "format/text_put.h"
#include "workers/show_internal.h"

/* ---- writing -------------------------------------------------------------------------------- */

sb_status sb_view_text(sb_view *s, const char *text)
{
    return sb_sink_text(&s->sink, text, s->err);
}

static sb_status put_json_text(sb_view *s, const char *text)
{
    size_t length = strlen(text);
    SB_TRY(sb_bytes_reserve(&s->sink.bytes, SB_PUT_JSON_GROWTH * length + 2, s->err));
    char *at = (char *)s->sink.bytes.data + s->sink.bytes.length;
    *at++ = '"';
    at = sb_put_json_text(at, (const uint8_t *)text, length);
    *at++ = '"';
    s->sink.bytes.length = (size_t)(at - (char *)s->sink.bytes.data);
    return sb_sink_step(&s->sink, s->err);
}

sb_status sb_view_item(sb_view *s)
{
    bool first = s->first;
    s->first = false;
    return first ? SB_OK : sb_view_text(s, ",");
}

sb_status sb_view_key(sb_view *s, const char *name)
{
    SB_TRY(sb_view_item(s));
    return sb_sink_format(&s->sink, s->err, "\"%s\":", name);
}

sb_status sb_view_begin(sb_view *s, const char *bracket)
{
    s->first = true;
    return sb_view_text(s, bracket);
}

sb_status sb_view_end(sb_view *s, const char *bracket)
{
    s->first = false;
    return sb_view_text(s, bracket);
}

sb_status sb_view_member(sb_view *s, const char *name, const char *text)
{
    SB_TRY(sb_view_key(s, name));
    return text == NULL ? sb_view_text(s, "null") : put_json_text(s, text);
}

sb_status sb_view_number(sb_view *s, const char *name, uint64_t number)
{
    SB_TRY(sb_view_key(s, name));
    return sb_sink_format(&s->sink, s->err, "%" PRIu64, number);
}

sb_status sb_view_padded(sb_view *s, const char *text, int width)
{
    static const char blanks[] = "                                        ";
    int letters = 0;
    for (const char *at = text; *at != '\0'; at++)
        letters += (*at & 0xC0) != 0x80;
    SB_TRY(sb_view_text(s, text));
    return letters < width ? sb_view_text(s, blanks + sizeof blanks - 1 - (width - letters))
                           : SB_OK;
}

/* ---- rows ----------------------------------------------------------------------------------- */

sb_rows sb_view_row_begin(sb_made_row *row, sb_kind kind)
{
    row->kind = kind;
    return (sb_rows){.at = row->bytes};
}

void sb_view_row_end(sb_made_row *row, const sb_rows *rows)
{
    row->length = (size_t)(rows->at - row->bytes);
}

sb_status sb_view_field(sb_view *s, const sb_made_row *row, const char *name, const char **out)
{
    const sb_record *record = sb_schema(row->kind);
    s->value.length = 0;
    SB_TRY(sb_row_field_text(record, sb_record_find(record, name), false, row->bytes, row->length,
                             &s->value, s->err));
    SB_TRY(sb_bytes_add(&s->value, "", 1, s->err));
    *out = (const char *)s->value.data;
    return SB_OK;
}

/* In the order of the country, as cat prints it with --derived; then, where letters are others, in
 * Latin ones: "鈴木 花子 (Hanako Suzuki)". */
sb_status sb_view_name(sb_view *s, const sb_made_row *row, const char **out)
{
    json_t *object;
    SB_TRY(sb_view_row_tree(s, row, &object));
    const char *name = json_string_value(
        json_object_get(object, row->kind == SB_PERSONS ? "full_name" : "legal_name"));
    const char *latin = json_string_value(json_object_get(object, "latin_name"));
    s->name.length = 0;
    sb_status status = sb_bytes_add(&s->name, name, strlen(name), s->err);
    if (status == SB_OK && latin != NULL) {
        status = sb_bytes_add(&s->name, " (", 2, s->err);
        if (status == SB_OK)
            status = sb_bytes_add(&s->name, latin, strlen(latin), s->err);
        if (status == SB_OK)
            status = sb_bytes_add(&s->name, ")", 1, s->err);
    }
    if (status == SB_OK)
        status = sb_bytes_add(&s->name, "", 1, s->err);
    *out = (const char *)s->name.data;
    json_decref(object);
    return status;
}

sb_status sb_view_row_json(sb_view *s, const sb_made_row *row)
{
    sb_row_text_options options = {.format = SB_NDJSON,
                                   .derived = true,
                                   .end_days = s->world->values.end_days,
                                   .kind_letter = sb_kind_letter(row->kind)};
    SB_TRY(sb_row_text(sb_schema(row->kind), &options, row->bytes, row->length, &s->sink.bytes,
                       s->err));
    s->sink.bytes.length--; /* the line end */
    return sb_sink_step(&s->sink, s->err);
}

sb_status sb_view_row_tree(sb_view *s, const sb_made_row *row, json_t **out)
{
    sb_row_text_options options = {.format = SB_NDJSON,
                                   .derived = true,
                                   .end_days = s->world->values.end_days,
                                   .kind_letter = sb_kind_letter(row->kind)};
    s->value.length = 0;
    SB_TRY(sb_row_text(sb_schema(row->kind), &options, row->bytes, row->length, &s->value, s->err));
    *out = json_loadb((const char *)s->value.data, s->value.length, 0, NULL);
    return *out != NULL ? SB_OK : sb_fail(s->err, SB_ENOMEM, "no memory for a row");
}

static sb_status put_scalar(sb_view *s, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        return sb_view_text(s, json_string_value(value));
    case JSON_INTEGER:
        return sb_sink_format(&s->sink, s->err, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_REAL: /* a scaled integer: at most 15 digits */
        return sb_sink_format(&s->sink, s->err, "%.15g", json_real_value(value));
    case JSON_TRUE:
        return sb_view_text(s, "yes");
    case JSON_FALSE:
        return sb_view_text(s, "no");
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    return sb_view_text(s, "-");
}

/* A record on one line: "street 12 Main St, city Springfield, ..."; what is null is left out. */
static sb_status put_record(sb_view *s, const json_t *object)
{
    const char *name;
    json_t *value;
    bool first = true;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        if (json_is_null(value))
            continue;
        SB_TRY(sb_sink_format(&s->sink, s->err, "%s%s ", first ? "" : ", ", name));
        SB_TRY(put_scalar(s, value));
        first = false;
    }
    return SB_OK;
}

static sb_status put_array(sb_view *s, const json_t *array)
{
    size_t index;
    json_t *value;
    json_array_foreach((json_t *)(uintptr_t)array, index, value)
    {
        if (json_is_object(value)) {
            SB_TRY(sb_view_text(s, index > 0 ? "\n                        " : ""));
            SB_TRY(put_record(s, value));
        } else {
            SB_TRY(sb_view_text(s, index > 0 ? ", " : ""));
            SB_TRY(put_scalar(s, value));
        }
    }
    return json_array_size(array) > 0 ? SB_OK : sb_view_text(s, "-");
}

static sb_status put_row_text(sb_view *s, const json_t *object)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        if (strcmp(name, "uid") == 0) /* the title says it */
            continue;
        SB_TRY(sb_view_text(s, "  "));
        SB_TRY(sb_view_padded(s, name, 21));
        SB_TRY(sb_view_text(s, " "));
        SB_TRY(json_is_array(value)    ? put_array(s, value)
               : json_is_object(value) ? put_record(s, value)
                                       : put_scalar(s, value));
        SB_TRY(sb_view_text(s, "\n"));
    }
    return SB_OK;
}

sb_status sb_view_row(sb_view *s, const char *title, const sb_made_row *row)
{
    json_t *object;
    if (s->json) {
        SB_TRY(sb_view_key(s, title));
        return sb_view_row_json(s, row);
    }
    SB_TRY(sb_view_row_tree(s, row, &object));
    sb_status status = sb_sink_format(&s->sink, s->err, "%s %c%" JSON_INTEGER_FORMAT "\n", title,
                                      sb_kind_letter(row->kind),
                                      json_integer_value(json_object_get(object, "id")));
    if (status == SB_OK)
        status = put_row_text(s, object);
    json_decref(object);
    return status;
}

/* ---- parts of what is shown ----------------------------------------------------------------- */

sb_status sb_view_list_begin(sb_view *s, const char *member, const char *heading)
{
    if (!s->json)
        return sb_sink_format(&s->sink, s->err, "\n%s\n", heading);
    SB_TRY(sb_view_key(s, member));
    return sb_view_begin(s, "[");
}

sb_status sb_view_list_end(sb_view *s, uint64_t count)
{
    if (s->json)
        return sb_view_end(s, "]");
    return count == 0 ? sb_view_text(s, "  none\n") : SB_OK;
}

sb_status sb_view_row_line(sb_view *s, const sb_made_row *row, const char *const *columns,
                           const int *widths, int count)
{
    const char *text;
    int64_t id = 0;
    if (s->json) {
        SB_TRY(sb_view_item(s));
        return sb_view_row_json(s, row);
    }
    (void)sb_row_int(row->bytes, row->length, 0, &id);
    SB_TRY(sb_sink_format(&s->sink, s->err, "  %c%-14" PRId64, sb_kind_letter(row->kind), id));
    for (int i = 0; i < count; i++) {
        SB_TRY(sb_view_field(s, row, columns[i], &text));
        SB_TRY(sb_view_text(s, " "));
        SB_TRY(sb_view_padded(s, text, widths[i]));
    }
    return sb_view_text(s, "\n");
}
