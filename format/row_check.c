#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "format/row_internal.h"

/* ---- shared with row_text.c ----------------------------------------------------------------- */

sb_status sb_row_damaged(const sb_record *record, const sb_field *field, sb_error *err,
                         const char *format, ...)
{
    char what[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return sb_fail(err, SB_EDAMAGED, "%s.%s: %s", record->name, field->name, what);
}

sb_status sb_scope_open(const sb_record *record, const sb_value *head, const sb_cursor *cursor,
                        sb_scope *out, sb_error *err)
{
    if (head->kind != SB_VALUE_ARRAY)
        return sb_fail(err, SB_EDAMAGED, "%s: %s where a row should stand", record->name,
                       sb_value_kind_name(head->kind));
    if (head->count != record->field_count)
        return sb_fail(err, SB_EDAMAGED, "%s: %u values for %zu fields", record->name, head->count,
                       record->field_count);
    *out = (sb_scope){record, *cursor};
    return SB_OK;
}

sb_status sb_row_open(const sb_record *record, sb_cursor *cursor, sb_scope *out, sb_error *err)
{
    sb_value head;
    if (!sb_cursor_next(cursor, &head))
        return sb_fail(err, SB_EDAMAGED, "%s: the row is cut short", record->name);
    return sb_scope_open(record, &head, cursor, out, err);
}

sb_status sb_row_end(const sb_record *record, const sb_cursor *cursor, sb_error *err)
{
    if (cursor->at == cursor->end)
        return SB_OK;
    return sb_fail(err, SB_EDAMAGED, "%s: %zu bytes behind the row", record->name,
                   sb_cursor_left(cursor));
}

static sb_value_kind kind_of(sb_type type)
{
    static const sb_value_kind kinds[] = {
        [SB_INT] = SB_VALUE_INT, [SB_STR] = SB_VALUE_STR,     [SB_BOOL] = SB_VALUE_BOOL,
        [SB_BIN] = SB_VALUE_BIN, [SB_ARRAY] = SB_VALUE_ARRAY, [SB_RECORD] = SB_VALUE_ARRAY,
    };
    return kinds[type];
}

sb_status sb_scope_next(const sb_scope *scope, const sb_field *field, sb_type type,
                        sb_cursor *cursor, sb_value *out, sb_error *err)
{
    if (!sb_cursor_next(cursor, out))
        return sb_row_damaged(scope->record, field, err, "cut short");
    if (out->kind != kind_of(type) && out->kind != SB_VALUE_NIL)
        return sb_row_damaged(scope->record, field, err, "%s where %s should stand",
                              sb_value_kind_name(out->kind), sb_value_kind_name(kind_of(type)));
    return SB_OK;
}

static bool next_at(sb_cursor cursor, int index, sb_value *out)
{
    for (int i = 0; i < index; i++)
        if (!sb_cursor_skip(&cursor))
            return false;
    return sb_cursor_next(&cursor, out);
}

bool sb_scope_find(const sb_scope *scope, const char *name, sb_value_kind kind, sb_value *out)
{
    int index = sb_record_find(scope->record, name);
    return index >= 0 && next_at(scope->first, index, out) && out->kind == kind;
}

/* Mostly a money field's currency comes soon behind it, where the cursor stands already. */
static bool find_currency(const sb_scope *scope, const sb_field *field, sb_cursor cursor,
                          sb_value *out)
{
    int own = (int)(field - scope->record->fields);
    int index = sb_record_find(scope->record, field->scale_by);
    if (index < 0)
        return false;
    bool is_ahead = index > own && field->type == SB_INT;
    return next_at(is_ahead ? cursor : scope->first, is_ahead ? index - own - 1 : index, out) &&
           out->kind == SB_VALUE_STR;
}

sb_status sb_scope_decimals(const sb_scope *scope, const sb_field *field, const sb_cursor *cursor,
                            int *out, sb_error *err)
{
    sb_value code;
    if (field->scale_by == NULL || !find_currency(scope, field, *cursor, &code))
        return sb_row_damaged(scope->record, field, err, "no currency beside it");
    *out = sb_currency_decimals((const char *)code.bytes, code.count);
    return SB_OK;
}

/* ---- checking a row ------------------------------------------------------------------------- */

/* `words` are separated by blanks; the last may be followed by one. */
static bool is_among(const char *words, const uint8_t *text, size_t text_bytes)
{
    while (*words != '\0') {
        size_t word_bytes = strcspn(words, " ");
        if (word_bytes == text_bytes && text != NULL && memcmp(words, text, text_bytes) == 0)
            return true;
        words += word_bytes;
        words += strspn(words, " ");
    }
    return false;
}

static sb_status check_text(const sb_scope *scope, const sb_field *field, const sb_value *value,
                            sb_error *err)
{
    if (!sb_utf8_check(value->bytes, value->count))
        return sb_row_damaged(scope->record, field, err, "the text is not UTF-8");
    if (field->values != NULL && !is_among(field->values, value->bytes, value->count))
        return sb_row_damaged(scope->record, field, err, "\"%.*s\" is none of its values",
                              (int)(value->count < 64 ? value->count : 64),
                              (const char *)value->bytes);
    return SB_OK;
}

static sb_status check_int(const sb_scope *scope, const sb_field *field, const sb_value *value,
                           const sb_cursor *cursor, sb_error *err)
{
    int decimals;
    if (field->logical == SB_MONEY)
        return sb_scope_decimals(scope, field, cursor, &decimals, err);
    bool printable = true;
    if (field->logical == SB_DATE_DAYS)
        printable = sb_days_printable(value->number);
    else if (field->logical == SB_TIMESTAMP_MS)
        printable = sb_days_printable(sb_days_of_ms(value->number));
    if (!printable)
        return sb_row_damaged(scope->record, field, err, "%lld is in no year from 0000 to 9999",
                              (long long)value->number);
    return SB_OK;
}

static sb_status check_next(const sb_scope *scope, const sb_field *field, sb_type type,
                            bool nullable, sb_cursor *cursor, sb_error *err);

static sb_status check_items(const sb_scope *scope, const sb_field *field, uint32_t count,
                             sb_cursor *cursor, sb_error *err)
{
    for (uint32_t i = 0; i < count; i++)
        SB_TRY(check_next(scope, field, field->items, false, cursor, err));
    return SB_OK;
}

static sb_status check_fields(const sb_scope *scope, sb_cursor *cursor, sb_error *err)
{
    for (size_t i = 0; i < scope->record->field_count; i++) {
        const sb_field *field = &scope->record->fields[i];
        SB_TRY(check_next(scope, field, field->type, field->nullable, cursor, err));
    }
    return SB_OK;
}

/* Recurses as deep as the record description nests. */
static sb_status check_next(const sb_scope *scope, const sb_field *field, sb_type type,
                            bool nullable, sb_cursor *cursor, sb_error *err)
{
    sb_value value = {0};
    sb_scope inside;
    SB_TRY(sb_scope_next(scope, field, type, cursor, &value, err));
    if (value.kind == SB_VALUE_NIL && !nullable)
        return sb_row_damaged(scope->record, field, err, "nil, which it must not be");
    if (value.kind == SB_VALUE_NIL)
        return SB_OK;
    switch (type) {
    case SB_INT:
        return check_int(scope, field, &value, cursor, err);
    case SB_STR:
        return check_text(scope, field, &value, err);
    case SB_ARRAY:
        return check_items(scope, field, value.count, cursor, err);
    case SB_RECORD:
        SB_TRY(sb_scope_open(field->record, &value, cursor, &inside, err));
        return check_fields(&inside, cursor, err);
    case SB_BOOL:
    case SB_BIN:
        break;
    }
    return SB_OK;
}

sb_status sb_row_check(const sb_record *record, const uint8_t *row, size_t row_bytes, sb_error *err)
{
    sb_cursor cursor = {row, row + row_bytes};
    sb_scope scope;
    SB_TRY(sb_row_open(record, &cursor, &scope, err));
    SB_TRY(check_fields(&scope, &cursor, err));
    return sb_row_end(record, &cursor, err);
}

/* ---- looking into rows ---------------------------------------------------------------------- */

sb_status sb_row_length(const uint8_t *bytes, size_t available, size_t *out, sb_error *err)
{
    sb_cursor cursor = {bytes, bytes + available};
    if (!sb_cursor_skip(&cursor))
        return sb_fail(err, SB_EDAMAGED, "no whole MessagePack value in the %zu bytes left",
                       available);
    *out = (size_t)(cursor.at - bytes);
    return SB_OK;
}

bool sb_row_int(const uint8_t *row, size_t row_bytes, int field_index, int64_t *out)
{
    sb_cursor cursor = {row, row + row_bytes};
    sb_value value;
    if (!sb_cursor_next(&cursor, &value) || value.kind != SB_VALUE_ARRAY || field_index < 0 ||
        (uint32_t)field_index >= value.count)
        return false;
    if (!next_at(cursor, field_index, &value) || value.kind != SB_VALUE_INT)
        return false;
    *out = value.number;
    return true;
}

/* Passes over one value of each row; false when they differ or one of them is no value. */
static bool skip_equal(sb_cursor *a, sb_cursor *b)
{
    const uint8_t *a_begin = a->at;
    const uint8_t *b_begin = b->at;
    if (!sb_cursor_skip(a) || !sb_cursor_skip(b))
        return false;
    size_t value_bytes = (size_t)(a->at - a_begin);
    return value_bytes == (size_t)(b->at - b_begin) && memcmp(a_begin, b_begin, value_bytes) == 0;
}

int sb_row_difference(const sb_record *record, const uint8_t *a, size_t a_bytes, const uint8_t *b,
                      size_t b_bytes)
{
    if (a_bytes == b_bytes && memcmp(a, b, a_bytes) == 0)
        return -1;
    sb_cursor a_cursor = {a, a + a_bytes};
    sb_cursor b_cursor = {b, b + b_bytes};
    sb_value a_head;
    sb_value b_head;
    /* Rows that are none differ from their first field on. */
    if (!sb_cursor_next(&a_cursor, &a_head) || a_head.kind != SB_VALUE_ARRAY ||
        !sb_cursor_next(&b_cursor, &b_head) || b_head.kind != SB_VALUE_ARRAY)
        return 0;
    uint32_t count = a_head.count < b_head.count ? a_head.count : b_head.count;
    int last = record->field_count == 0 ? 0 : (int)record->field_count - 1;
    for (int i = 0; i < last && (uint32_t)i < count; i++)
        if (!skip_equal(&a_cursor, &b_cursor))
            return i;
    /* What is left to differ: the last field, how many fields there are, or bytes behind them. */
    return count < (uint32_t)last ? (int)count : last;
}
