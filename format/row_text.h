/* Rows as text, for people and tools: NDJSON, CSV, TSV.
 *
 * Works on the raw MessagePack bytes of a row and a record description, nothing else, so it prints
 * rows of a file and rows fresh from the generator alike. Never through floating point: money and
 * reals are printed from the stored integers.
 *
 * By default times are ISO 8601 UTC ("2025-12-03T08:15:30.123Z"), dates "2025-12-03", money a JSON
 * string with the currency's decimals ("12.34"), reals unscaled JSON numbers (0.0123); with `raw`
 * the stored integers. CSV and TSV have a header line; nested values stand there as JSON. */
#ifndef FORMAT_ROW_TEXT_H
#define FORMAT_ROW_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "format/container.h"
#include "format/schema.h"
#include "seedbank/status.h"

typedef enum sb_text_format { SB_NDJSON, SB_CSV, SB_TSV } sb_text_format;

typedef struct sb_row_text_options {
    sb_text_format format;
    bool raw;
    bool derived;     /* also print record->derived (computed for names it knows) */
    int32_t end_days; /* the period's end, for derived ages: days since 1970 */
    char kind_letter; /* for uid */
} sb_row_text_options;

/* The length of the row that starts at `bytes`, found without building anything. SB_EDAMAGED when
 * the bytes are no complete MessagePack value. */
SB_CHECK sb_status sb_row_length(const uint8_t *bytes, size_t available, size_t *out,
                                 sb_error *err);

/* Checks one row against its record: an array of the right length, each value of its field's type,
 * nil only where nullable, texts valid UTF-8, enums among their values. SB_EDAMAGED names the
 * field. */
SB_CHECK sb_status sb_row_check(const sb_record *record, const uint8_t *row, size_t row_bytes,
                                sb_error *err);

/* Appends the header line of CSV or TSV (nothing for NDJSON) or one row and a line end. */
SB_CHECK sb_status sb_row_text_begin(const sb_record *record, const sb_row_text_options *options,
                                     sb_bytes *out, sb_error *err);
SB_CHECK sb_status sb_row_text(const sb_record *record, const sb_row_text_options *options,
                               const uint8_t *row, size_t row_bytes, sb_bytes *out, sb_error *err);

/* The value of top-level field `field_index` as it prints in NDJSON without quotes (a text as it
 * is, nil as ""): what --where compares and verify shows. */
SB_CHECK sb_status sb_row_field_text(const sb_record *record, int field_index, bool raw,
                                     const uint8_t *row, size_t row_bytes, sb_bytes *out,
                                     sb_error *err);

/* The first top-level field in which two rows of a record differ, or -1 when they are equal. */
int sb_row_difference(const sb_record *record, const uint8_t *a, size_t a_bytes, const uint8_t *b,
                      size_t b_bytes);

/* An integer field of a row; false when it is nil or no integer. */
bool sb_row_int(const uint8_t *row, size_t row_bytes, int field_index, int64_t *out);

/* Days since 1970 of a date of the proleptic Gregorian calendar, and back. Shared by the option
 * parser and the printers. */
int32_t sb_days_from_civil(int year, int month, int day);
void sb_civil_from_days(int32_t days, int *year, int *month, int *day);
/* Full years from one day to another: an age. */
int sb_full_years(int32_t from_days, int32_t to_days);

#endif
