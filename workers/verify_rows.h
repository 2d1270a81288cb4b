/* Naming what differs between the rows a file holds and the rows the seed gives. */
#ifndef WORKERS_VERIFY_ROWS_H
#define WORKERS_VERIFY_ROWS_H

#include "engine/group.h"
#include "format/schema.h"
#include "workers/encoding.h"

/* Both frames row by row, to the first that differs. SB_EWRONG always: `err` names path, row and
 * field. */
sb_status sb_name_difference(const char *path, const sb_record *record, uint64_t first_row,
                             const uint8_t *expected, size_t expected_bytes, const uint8_t *there,
                             size_t there_bytes, sb_error *err);

/* For a file whose index cannot be used: reads its frames one after another, whatever its tables
 * say, and compares their rows with those of the groups [first_group, end_group). SB_EWRONG names
 * the first wrong row; or, where all rows are right, says that only the tables are wrong.
 * SB_EDAMAGED when the file is cut short or is no file of ours. Never SB_OK. `reason` is what was
 * wrong with the tables. */
sb_status sb_verify_by_reading(const char *path, const sb_world *world, sb_kind kind,
                               uint64_t first_group, uint64_t end_group, const char *reason,
                               sb_error *err);

#endif
