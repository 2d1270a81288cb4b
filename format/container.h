/* The parts of a data file around its rows: header frame, row index, seek table.
 *
 *     +--------------+---------------+-----+---------------+-------------------+------------+
 *     | header frame | data frame 0  | ... | data frame n-1| row index         | seek table |
 *     | one map      | rows          |     | rows          | skippable frame   | skippable  |
 *     +--------------+---------------+-----+---------------+-------------------+------------+
 *
 * All parts of a kind share the same header frame: it speaks of the whole dataset. */
#ifndef FORMAT_CONTAINER_H
#define FORMAT_CONTAINER_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "format/schema.h"
#include "seedbank/status.h"

enum {
    /* A frame ends after the row with which it reaches this many raw bytes. Smaller frames seek
     * faster, larger ones compress better. Part of the format: another value gives other bytes. */
    SB_FRAME_RAW_BYTES = 1024 * 1024,
    SB_HASH_BYTES = 16,
};

/* One data frame, as its writer knows it. */
typedef struct sb_frame_info {
    uint32_t raw_bytes;
    uint32_t packed_bytes;
    uint32_t row_count;
    uint32_t checksum; /* low half of the XXH64 of the raw bytes: the seek table's */
    unsigned char hash[SB_HASH_BYTES]; /* XXH3-128 of the raw bytes, big-endian (canonical) */
} sb_frame_info;

/* A growing piece of memory. Owned: sb_bytes_close() frees it. All zero is empty. */
typedef struct sb_bytes {
    unsigned char *data;
    size_t length;
    size_t capacity;
} sb_bytes;

/* Makes room for `more_bytes` behind data + length, which the caller then fills. */
SB_CHECK sb_status sb_bytes_reserve(sb_bytes *bytes, size_t more_bytes, sb_error *err);
SB_CHECK sb_status sb_bytes_add(sb_bytes *bytes, const void *data, size_t data_bytes,
                                sb_error *err);
void sb_bytes_close(sb_bytes *bytes);

/* The XXH3-128 of one piece of memory in canonical (big-endian) form. */
void sb_hash(const void *data, size_t data_bytes, unsigned char out[SB_HASH_BYTES]);
/* `out` takes 33 bytes: 32 lower-case hex digits and the end. */
void sb_hash_text(const unsigned char hash[SB_HASH_BYTES], char out[33]);

/* Rows of a kind whose number is known only when all rows are made (entries): nil in the header, so
 * that the header can be written first. The row index and the manifest have the number. */
#define SB_ROWS_UNKNOWN UINT64_C(0x7FFFFFFFFFFFFFFF)

/* Appends the header frame (a complete zstd frame, content size and checksum set, level as given,
 * nbWorkers 0) of a file of `kind` to `out`. `spec` is the manifest's spec, `dataset` its hash,
 * `rows` the rows of the whole dataset or SB_ROWS_UNKNOWN. */
SB_CHECK sb_status sb_header_frame(sb_kind kind, const char *dataset, const json_t *spec,
                                   uint64_t rows, int level, sb_bytes *out, sb_error *err);

/* Sizes and checksum of one complete zstd frame that has both content size and checksum (as every
 * frame of ours), without unpacking it; row_count and hash are zero. What sb_tail_open() wants of
 * the header frame. */
SB_CHECK sb_status sb_frame_describe(const void *frame, size_t packed_bytes, sb_frame_info *out,
                                     sb_error *err);

/* Collects the frames of one file in order and, at the end, writes what stands behind them. */
typedef struct sb_tail sb_tail;

/* `header` describes the header frame (row_count 0, only its sizes and checksum count), which the
 * seek table lists as its first frame. */
SB_CHECK sb_status sb_tail_open(const sb_frame_info *header, sb_tail **out, sb_error *err);
SB_CHECK sb_status sb_tail_add(sb_tail *tail, const sb_frame_info *frame, sb_error *err);
/* Appends the row index frame and the seek table. `first_row` is the number, within the dataset's
 * kind, of the first row of the file (0 for a merged file). */
SB_CHECK sb_status sb_tail_finish(sb_tail *tail, uint64_t first_row, sb_bytes *out, sb_error *err);
void sb_tail_close(sb_tail *tail);

#endif
