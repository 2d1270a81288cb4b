/* Printing many rows of one record: NDJSON, CSV, TSV at the speed of decompression.
 *
 * What row_text.c finds out at every value (the text before it, whether it is quoted, where its
 * currency stands) depends on the record alone, so it is found out once and kept as a flat list of
 * steps. The list prints the ordinary row: whole, of the right types, far from the end of its
 * bytes. At anything else it gives the row up, and sb_row_text() prints it, or says what is wrong
 * with it. So both print the same bytes, and a test holds them against each other. */
#ifndef FORMAT_ROW_PLAN_H
#define FORMAT_ROW_PLAN_H

#include "format/row_text.h"

typedef struct sb_row_plan sb_row_plan;

/* The record is borrowed and must outlive the plan. On SB_OK, *out is owned by the caller; pair
 * with sb_row_plan_close(). */
SB_CHECK sb_status sb_row_plan_open(const sb_record *record, const sb_row_text_options *options,
                                    sb_row_plan **out, sb_error *err);
void sb_row_plan_close(sb_row_plan *plan);

/* Appends the row that begins at *row, and a line end, and steps behind it. SB_EDAMAGED, with *row
 * and `out` as they were, when there is no whole row before `end`, or none of this record. */
SB_CHECK sb_status sb_row_plan_print(sb_row_plan *plan, const uint8_t **row, const uint8_t *end,
                                     sb_bytes *out, sb_error *err);

/* How many rows were given up so far: for tests, which want to know what they tested. */
uint64_t sb_row_plan_given_up(const sb_row_plan *plan);

#endif
