/* What checking and printing of rows share: the walk along a record, and the rules about a value
 * that both must see alike. What row_check.c lets pass, row_text.c can print. */
#ifndef FORMAT_ROW_INTERNAL_H
#define FORMAT_ROW_INTERNAL_H

#include "format/row_cursor.h"
#include "format/row_text.h"

/* A record being walked. `first` stands at its first value, so that a money field finds its
 * currency wherever in the record that is. */
typedef struct sb_scope {
    const sb_record *record;
    sb_cursor first;
} sb_scope;

/* "persons.gender: what is wrong", SB_EDAMAGED. */
SB_PRINTF(4, 5)
sb_status sb_row_damaged(const sb_record *record, const sb_field *field, sb_error *err,
                         const char *format, ...);

/* Enters a record whose head was read: an array of as many values as there are fields. */
SB_CHECK sb_status sb_scope_open(const sb_record *record, const sb_value *head,
                                 const sb_cursor *cursor, sb_scope *out, sb_error *err);

/* The same for a row, head included; and that nothing is left behind one. */
SB_CHECK sb_status sb_row_open(const sb_record *record, sb_cursor *cursor, sb_scope *out,
                               sb_error *err);
SB_CHECK sb_status sb_row_end(const sb_record *record, const sb_cursor *cursor, sb_error *err);

/* Reads a value that must be of `type` (the field's, or its items'); nil passes as well. */
SB_CHECK sb_status sb_scope_next(const sb_scope *scope, const sb_field *field, sb_type type,
                                 sb_cursor *cursor, sb_value *out, sb_error *err);

/* The value of the field of that name, wherever in the record; false when there is none of that
 * kind. */
bool sb_scope_find(const sb_scope *scope, const char *name, sb_value_kind kind, sb_value *out);

/* The decimals of a money field's value by the currency beside it. `cursor` stands behind the
 * value. */
SB_CHECK sb_status sb_scope_decimals(const sb_scope *scope, const sb_field *field,
                                     const sb_cursor *cursor, int *out, sb_error *err);

/* Dates print as YYYY-MM-DD, so they are of the years 0000 to 9999. */
static inline bool sb_days_printable(int64_t days)
{
    enum { FIRST = -719528, LAST = 2932896 }; /* 0000-01-01 and 9999-12-31 */
    return days >= FIRST && days <= LAST;
}

/* The day of a time: rounds down, before 1970 too. */
static inline int64_t sb_days_of_ms(int64_t ms)
{
    enum { MS_PER_DAY = 24 * 60 * 60 * 1000 };
    int64_t days = ms / MS_PER_DAY;
    return ms % MS_PER_DAY < 0 ? days - 1 : days;
}

#endif
