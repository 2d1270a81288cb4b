/* One row at a time, as its put function wrote it: valid, and its fields by name. */
#ifndef TESTS_UNIT_KIND_ROWS_H
#define TESTS_UNIT_KIND_ROWS_H

#include "format/msgpack_writer.h"
#include "format/row_text.h"
#include "tests/unit/engine_fixture.h"

typedef struct made_row {
    sb_kind kind;
    size_t length;
    uint8_t bytes[8192];
} made_row;

static inline sb_rows made_begin(made_row *row, sb_kind kind)
{
    row->kind = kind;
    return (sb_rows){.at = row->bytes};
}

static inline void made_end(made_row *row, const sb_rows *rows)
{
    sb_error err = {0};
    row->length = (size_t)(rows->at - row->bytes);
    assert_true(row->length <= sizeof row->bytes);
    fixture_ok(sb_row_check(sb_schema(row->kind), row->bytes, row->length, &err), &err);
}

static inline int made_index(const made_row *row, const char *field)
{
    int index = sb_record_find(sb_schema(row->kind), field);
    if (index < 0)
        fail_msg("no field %s", field);
    return index;
}

/* False where it is nil. */
static inline bool made_find(const made_row *row, const char *field, int64_t *out)
{
    return sb_row_int(row->bytes, row->length, made_index(row, field), out);
}

static inline int64_t made_int(const made_row *row, const char *field)
{
    int64_t value = 0;
    if (!made_find(row, field, &value))
        fail_msg("%s is nil", field);
    return value;
}

static inline bool made_has(const made_row *row, const char *field)
{
    int64_t value;
    return made_find(row, field, &value);
}

/* Valid until the fourth call from here: four texts at a time can be compared. */
static inline const char *made_text(const made_row *row, const char *field)
{
    static char kept[4][256];
    static int next;
    sb_error err = {0};
    sb_bytes text = {0};
    char *out = kept[next++ % 4];
    fixture_ok(sb_row_field_text(sb_schema(row->kind), made_index(row, field), true, row->bytes,
                                 row->length, &text, &err),
               &err);
    (void)snprintf(out, sizeof kept[0], "%.*s", (int)text.length,
                   text.length > 0 ? (const char *)text.data : "");
    sb_bytes_close(&text);
    return out;
}

static inline bool made_is(const made_row *row, const char *field, const char *text)
{
    return strcmp(made_text(row, field), text) == 0;
}

#endif
