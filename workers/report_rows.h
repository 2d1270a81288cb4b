/* Reading the rows of a dataset for its report: whatever their schema, the fields that are wanted
 * are found by name, once a file, and what is not there reads as nil. */
#ifndef WORKERS_REPORT_ROWS_H
#define WORKERS_REPORT_ROWS_H

#include <string.h>

#include "format/row_cursor.h"
#include "workers/report.h"

enum {
    SB_ROW_FIELDS_MAX = 96, /* of a row that are looked at */
    SB_WANTED_MAX = 16,     /* of them that a kind's report needs */
};

/* A kind's files being read. The wanted fields are found once a file. */
typedef struct sb_reading {
    sb_survey *survey;
    const char *kind;
    const char *const *wanted;
    const char *path;
    const sb_record *record;
    int at[SB_WANTED_MAX]; /* field of each wanted one, or -1 */
    uint64_t row;
    const uint8_t *row_end;
    sb_value values[SB_ROW_FIELDS_MAX];       /* of an array or record: its head */
    const uint8_t *begins[SB_ROW_FIELDS_MAX]; /* behind that head */
    sb_error *err;
} sb_reading;

typedef sb_status sb_row_taker(sb_reading *r);

/* Gives `take` every row of a kind; of a kind that the dataset does not have, none. SB_EDAMAGED
 * when files, rows and manifest do not agree. */
SB_CHECK sb_status sb_rows_read(sb_survey *survey, sb_kind kind, const char *const *wanted,
                                sb_row_taker *take, sb_error *err);

/* Gives `take` one row of r->kind by its number, for a name here and there; r has its survey, kind,
 * wanted and err. */
SB_CHECK sb_status sb_rows_fetch(sb_reading *r, uint64_t row, sb_row_taker *take);

/* SB_EDAMAGED, with file and row. */
SB_CHECK sb_status sb_reading_damaged(const sb_reading *r, const char *what);

/* A record's members: those that are asked for by name, in one pass. Moves the cursor behind it. */
bool sb_row_members(const sb_record *record, sb_cursor *cursor, const char *const *names,
                    sb_value *out, int count);

/* ---- the wanted fields of a row ------------------------------------------------------------- */

static inline const sb_value *sb_row_value(const sb_reading *r, int wanted)
{
    static const sb_value nothing = {.kind = SB_VALUE_NIL};
    return r->at[wanted] >= 0 ? &r->values[r->at[wanted]] : &nothing;
}

static inline bool sb_row_has(const sb_reading *r, int wanted)
{
    return r->at[wanted] >= 0;
}

static inline bool sb_row_has_int(const sb_reading *r, int wanted, int64_t *out)
{
    const sb_value *value = sb_row_value(r, wanted);
    *out = value->number;
    return value->kind == SB_VALUE_INT;
}

static inline bool sb_row_is_true(const sb_reading *r, int wanted)
{
    const sb_value *value = sb_row_value(r, wanted);
    return value->kind == SB_VALUE_BOOL && value->number != 0;
}

static inline bool sb_row_is_text(const sb_reading *r, int wanted, const char *text)
{
    const sb_value *value = sb_row_value(r, wanted);
    return value->kind == SB_VALUE_STR && value->count == strlen(text) &&
           memcmp(value->bytes, text, value->count) == 0;
}

#endif
