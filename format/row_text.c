#include "format/row_text.h"

#include <string.h>

#include "format/row_internal.h"
#include "format/text_cell.h"
#include "format/text_put.h"

/* Where text goes, and how. `quoted` is JSON; without it a value stands bare, as in a cell of CSV.
 * Whatever is inside an array or a record is JSON in every format. */
typedef struct printer {
    sb_bytes *out;
    sb_cursor in;
    const sb_row_text_options *options;
    bool quoted;
    sb_error *err;
} printer;

/* ---- the output buffer ---------------------------------------------------------------------- */

/* The inlined half of sb_bytes_reserve(): nearly always there is room. */
static inline sb_status make_room(printer *p, size_t byte_count)
{
    if (byte_count <= p->out->capacity - p->out->length)
        return SB_OK;
    return sb_bytes_reserve(p->out, byte_count, p->err);
}

static inline char *place(printer *p)
{
    return (char *)p->out->data + p->out->length;
}

static inline sb_status advance_to(printer *p, const char *end)
{
    p->out->length = (size_t)(end - (char *)p->out->data);
    return SB_OK;
}

static inline char *put_quote(const printer *p, char *at)
{
    if (p->quoted)
        *at++ = '"';
    return at;
}

static sb_status put_char(printer *p, char c)
{
    SB_TRY(make_room(p, 1));
    p->out->data[p->out->length++] = (unsigned char)c;
    return SB_OK;
}

static sb_status put_bytes(printer *p, const char *bytes, size_t byte_count)
{
    SB_TRY(make_room(p, byte_count));
    return advance_to(p, (char *)memcpy(place(p), bytes, byte_count) + byte_count);
}

static sb_status put_nil(printer *p)
{
    return p->quoted ? put_bytes(p, "null", 4) : SB_OK;
}

/* ---- values --------------------------------------------------------------------------------- */

static sb_status put_text_body(printer *p, const sb_value *value)
{
    SB_TRY(make_room(p, (size_t)SB_PUT_JSON_GROWTH * value->count));
    if (p->quoted)
        return advance_to(p, sb_put_json_text(place(p), value->bytes, value->count));
    return advance_to(p, sb_put_plain_text(place(p), value->bytes, value->count));
}

static sb_status put_text(printer *p, const sb_value *value)
{
    SB_TRY(make_room(p, (size_t)SB_PUT_JSON_GROWTH * value->count + 2));
    advance_to(p, put_quote(p, place(p)));
    SB_TRY(put_text_body(p, value));
    return advance_to(p, put_quote(p, place(p)));
}

static sb_status put_bin(printer *p, const sb_value *value)
{
    SB_TRY(make_room(p, 2 * (size_t)value->count + 2));
    char *at = put_quote(p, place(p));
    return advance_to(p, put_quote(p, sb_put_hex(at, value->bytes, value->count)));
}

static sb_status put_bool(printer *p, bool value)
{
    return value ? put_bytes(p, "true", 4) : put_bytes(p, "false", 5);
}

static sb_status put_money(printer *p, const sb_scope *scope, const sb_field *field, int64_t number)
{
    int decimals = 0;
    SB_TRY(sb_scope_decimals(scope, field, &p->in, &decimals, p->err));
    char *at = put_quote(p, place(p));
    return advance_to(p, put_quote(p, sb_put_decimal(at, number, decimals)));
}

/* A date or a time. */
static sb_status put_time(printer *p, const sb_scope *scope, const sb_field *field, int64_t number)
{
    bool is_date = field->logical == SB_DATE_DAYS;
    if (!sb_days_printable(is_date ? number : sb_days_of_ms(number)))
        return sb_row_damaged(scope->record, field, p->err, "%lld is in no year from 0000 to 9999",
                              (long long)number);
    char *at = put_quote(p, place(p));
    at = is_date ? sb_put_date(at, (int32_t)number) : sb_put_timestamp(at, number);
    return advance_to(p, put_quote(p, at));
}

static sb_status put_int(printer *p, const sb_scope *scope, const sb_field *field, int64_t number)
{
    SB_TRY(make_room(p, SB_PUT_NUMBER_BYTES_MAX));
    if (p->options->raw)
        return advance_to(p, sb_put_int(place(p), number));
    if (field->logical == SB_MONEY)
        return put_money(p, scope, field, number);
    if (field->logical == SB_DATE_DAYS || field->logical == SB_TIMESTAMP_MS)
        return put_time(p, scope, field, number);
    return advance_to(p, sb_put_decimal(place(p), number, field->scale));
}

static sb_status put_items(printer *p, const sb_scope *scope, const sb_field *field,
                           uint32_t count);
static sb_status put_members(printer *p, const sb_scope *scope);

/* Arrays and records print as JSON, whatever stands around them. */
static sb_status put_nested(printer *p, const sb_scope *scope, const sb_field *field, sb_type type,
                            const sb_value *head)
{
    bool quoted = p->quoted;
    p->quoted = true;
    if (type == SB_ARRAY) {
        SB_TRY(put_items(p, scope, field, head->count));
    } else {
        sb_scope inside;
        SB_TRY(sb_scope_open(field->record, head, &p->in, &inside, p->err));
        SB_TRY(put_char(p, '{'));
        SB_TRY(put_members(p, &inside));
        SB_TRY(put_char(p, '}'));
    }
    p->quoted = quoted;
    return SB_OK;
}

/* Prints the next value. Recurses as deep as the record description nests. */
static sb_status put_next(printer *p, const sb_scope *scope, const sb_field *field, sb_type type)
{
    sb_value value;
    SB_TRY(sb_scope_next(scope, field, type, &p->in, &value, p->err));
    if (value.kind == SB_VALUE_NIL)
        return put_nil(p);
    switch (type) {
    case SB_INT:
        return put_int(p, scope, field, value.number);
    case SB_STR:
        return put_text(p, &value);
    case SB_BOOL:
        return put_bool(p, value.number != 0);
    case SB_BIN:
        return put_bin(p, &value);
    case SB_ARRAY:
    case SB_RECORD:
        break;
    }
    return put_nested(p, scope, field, type, &value);
}

static sb_status put_items(printer *p, const sb_scope *scope, const sb_field *field, uint32_t count)
{
    SB_TRY(put_char(p, '['));
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0)
            SB_TRY(put_char(p, ','));
        SB_TRY(put_next(p, scope, field, field->items));
    }
    return put_char(p, ']');
}

/* `"name":`; names need no escaping (schema.h's are identifiers, a header's are held to it). */
static sb_status put_key(printer *p, const char *name, bool is_first)
{
    size_t name_bytes = strlen(name);
    SB_TRY(make_room(p, name_bytes + 4));
    char *at = place(p);
    if (!is_first)
        *at++ = ',';
    *at++ = '"';
    memcpy(at, name, name_bytes);
    at += name_bytes;
    *at++ = '"';
    *at++ = ':';
    return advance_to(p, at);
}

static sb_status put_members(printer *p, const sb_scope *scope)
{
    for (size_t i = 0; i < scope->record->field_count; i++) {
        const sb_field *field = &scope->record->fields[i];
        SB_TRY(put_key(p, field->name, i == 0));
        SB_TRY(put_next(p, scope, field, field->type));
    }
    return SB_OK;
}

/* ---- derived fields ------------------------------------------------------------------------- */

static sb_status put_uid(printer *p, const sb_scope *scope)
{
    sb_value id;
    if (!sb_scope_find(scope, "id", SB_VALUE_INT, &id))
        return put_nil(p);
    SB_TRY(make_room(p, SB_PUT_NUMBER_BYTES_MAX));
    char *at = put_quote(p, place(p));
    *at++ = p->options->kind_letter;
    return advance_to(p, put_quote(p, sb_put_int(at, id.number)));
}

/* Countries whose people put the family name first, and what stands between the names there. */
static const char *family_first_gap(const sb_scope *scope)
{
    sb_value country;
    if (!sb_scope_find(scope, "nationality", SB_VALUE_STR, &country) || country.count != 2)
        return NULL;
    if (memcmp(country.bytes, "JP", 2) == 0)
        return " ";
    return memcmp(country.bytes, "CN", 2) == 0 || memcmp(country.bytes, "HK", 2) == 0 ||
                   memcmp(country.bytes, "KR", 2) == 0
               ? ""
               : NULL;
}

static sb_status put_full_name(printer *p, const sb_scope *scope)
{
    static const char *const usual[] = {"first_name", "middle_name", "last_name"};
    static const char *const reversed[] = {"last_name", "middle_name", "first_name"};
    const char *gap = family_first_gap(scope);
    const char *const *parts = gap != NULL ? reversed : usual;
    bool is_first = true;
    if (p->quoted)
        SB_TRY(put_char(p, '"'));
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        sb_value part;
        if (!sb_scope_find(scope, parts[i], SB_VALUE_STR, &part))
            continue;
        if (!is_first && (gap == NULL || gap[0] != '\0'))
            SB_TRY(put_char(p, ' '));
        is_first = false;
        SB_TRY(put_text_body(p, &part));
    }
    return p->quoted ? put_char(p, '"') : SB_OK;
}

int sb_full_years(int32_t from_days, int32_t to_days)
{
    int from_year, from_month, from_day, to_year, to_month, to_day;
    sb_civil_from_days(from_days, &from_year, &from_month, &from_day);
    sb_civil_from_days(to_days, &to_year, &to_month, &to_day);
    bool is_before_birthday =
        to_month < from_month || (to_month == from_month && to_day < from_day);
    return to_year - from_year - is_before_birthday;
}

static sb_status put_age(printer *p, const sb_scope *scope)
{
    sb_value birth;
    if (!sb_scope_find(scope, "date_of_birth", SB_VALUE_INT, &birth) ||
        !sb_days_printable(birth.number))
        return put_nil(p);
    SB_TRY(make_room(p, SB_PUT_NUMBER_BYTES_MAX));
    int age = sb_full_years((int32_t)birth.number, p->options->end_days);
    return advance_to(p, sb_put_int(place(p), age));
}

typedef sb_status derived_printer(printer *p, const sb_scope *scope);

/* NULL for a name unknown here: such a field is left out, in the header line as in the rows. */
static derived_printer *find_derived(const char *name)
{
    static const struct {
        const char *name;
        derived_printer *print;
    } known[] = {{"uid", put_uid}, {"full_name", put_full_name}, {"age", put_age}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].name, name) == 0)
            return known[i].print;
    return NULL;
}

static size_t derived_count(const sb_record *record, const sb_row_text_options *options)
{
    return options->derived ? record->derived_count : 0;
}

static sb_status put_derived_members(printer *p, const sb_scope *scope)
{
    for (size_t i = 0; i < derived_count(scope->record, p->options); i++) {
        const sb_field *field = &scope->record->derived[i];
        derived_printer *print = find_derived(field->name);
        if (print == NULL)
            continue;
        SB_TRY(put_key(p, field->name, scope->record->field_count + i == 0));
        SB_TRY(print(p, scope));
    }
    return SB_OK;
}

/* ---- cells ---------------------------------------------------------------------------------- */

static sb_status put_separator(printer *p)
{
    return put_char(p, p->options->format == SB_CSV ? ',' : '\t');
}

/* What stands from `begin` to the end becomes a cell. */
static sb_status finish_cell(printer *p, size_t begin)
{
    SB_TRY(make_room(p, p->out->length - begin + 2));
    char *cell = (char *)p->out->data + begin;
    return advance_to(p, p->options->format == SB_CSV ? sb_quote_csv(cell, place(p))
                                                      : sb_escape_tsv(cell, place(p)));
}

/* Numbers and booleans never hold what would have to be quoted. */
static bool may_need_quotes(sb_type type)
{
    return type == SB_STR || type == SB_ARRAY || type == SB_RECORD;
}

static sb_status put_cell(printer *p, const sb_scope *scope, const sb_field *field)
{
    enum { NIL = 0xc0 };
    size_t begin = p->out->length;
    bool is_nil = p->in.at < p->in.end && *p->in.at == NIL;
    SB_TRY(put_next(p, scope, field, field->type));
    return is_nil || !may_need_quotes(field->type) ? SB_OK : finish_cell(p, begin);
}

static sb_status put_derived_cells(printer *p, const sb_scope *scope)
{
    for (size_t i = 0; i < derived_count(scope->record, p->options); i++) {
        const sb_field *field = &scope->record->derived[i];
        derived_printer *print = find_derived(field->name);
        if (print == NULL)
            continue;
        if (scope->record->field_count + i > 0)
            SB_TRY(put_separator(p));
        size_t begin = p->out->length;
        SB_TRY(print(p, scope));
        if (may_need_quotes(field->type) && p->out->length > begin)
            SB_TRY(finish_cell(p, begin));
    }
    return SB_OK;
}

static sb_status put_cells(printer *p, const sb_scope *scope)
{
    for (size_t i = 0; i < scope->record->field_count; i++) {
        if (i > 0)
            SB_TRY(put_separator(p));
        SB_TRY(put_cell(p, scope, &scope->record->fields[i]));
    }
    return put_derived_cells(p, scope);
}

/* ---- lines ---------------------------------------------------------------------------------- */

static sb_status put_names(printer *p, const sb_record *record)
{
    for (size_t i = 0; i < record->field_count; i++) {
        if (i > 0)
            SB_TRY(put_separator(p));
        SB_TRY(put_bytes(p, record->fields[i].name, strlen(record->fields[i].name)));
    }
    for (size_t i = 0; i < derived_count(record, p->options); i++) {
        const char *name = record->derived[i].name;
        if (find_derived(name) == NULL)
            continue;
        if (record->field_count + i > 0)
            SB_TRY(put_separator(p));
        SB_TRY(put_bytes(p, name, strlen(name)));
    }
    return put_char(p, '\n');
}

static sb_status put_row(printer *p, const sb_record *record)
{
    sb_scope scope;
    SB_TRY(sb_row_open(record, &p->in, &scope, p->err));
    if (p->options->format == SB_NDJSON) {
        SB_TRY(put_char(p, '{'));
        SB_TRY(put_members(p, &scope));
        SB_TRY(put_derived_members(p, &scope));
        SB_TRY(put_char(p, '}'));
    } else {
        SB_TRY(put_cells(p, &scope));
    }
    SB_TRY(sb_row_end(record, &p->in, p->err));
    return put_char(p, '\n');
}

sb_status sb_row_text_begin(const sb_record *record, const sb_row_text_options *options,
                            sb_bytes *out, sb_error *err)
{
    if (options->format == SB_NDJSON)
        return SB_OK;
    printer p = {.out = out, .options = options, .err = err};
    return put_names(&p, record);
}

/* `out` never keeps half a row. */
sb_status sb_row_text(const sb_record *record, const sb_row_text_options *options,
                      const uint8_t *row, size_t row_bytes, sb_bytes *out, sb_error *err)
{
    size_t before = out->length;
    printer p = {.out = out,
                 .in = {row, row + row_bytes},
                 .options = options,
                 .quoted = options->format == SB_NDJSON,
                 .err = err};
    sb_status st = put_row(&p, record);
    if (st != SB_OK)
        out->length = before;
    return st;
}

static sb_status put_one_field(printer *p, const sb_record *record, int field_index)
{
    sb_scope scope;
    SB_TRY(sb_row_open(record, &p->in, &scope, p->err));
    const sb_field *field = &record->fields[field_index];
    for (int i = 0; i < field_index; i++)
        if (!sb_cursor_skip(&p->in))
            return sb_row_damaged(record, &record->fields[i], p->err, "cut short");
    return put_next(p, &scope, field, field->type);
}

sb_status sb_row_field_text(const sb_record *record, int field_index, bool raw, const uint8_t *row,
                            size_t row_bytes, sb_bytes *out, sb_error *err)
{
    size_t before = out->length;
    sb_row_text_options options = {.raw = raw};
    printer p = {.out = out, .in = {row, row + row_bytes}, .options = &options, .err = err};
    sb_status st = put_one_field(&p, record, field_index);
    if (st != SB_OK)
        out->length = before;
    return st;
}
