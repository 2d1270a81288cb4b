/* Reads a data file: header, then any frame by number. Needs no generator, no spec, no seed. */
#ifndef FORMAT_READER_H
#define FORMAT_READER_H

#include <jansson.h>
#include <stdint.h>

#include "format/container.h"
#include "format/schema.h"
#include "seedbank/status.h"

typedef struct sb_reader sb_reader;

/* What the header frame says. The record is built from the file's own field list, so that files of
 * older and newer schemas can be read. Borrowed from the reader. */
typedef struct sb_file_header {
    int format_version;
    int content_version;
    const char *kind;    /* "persons" */
    const char *dataset; /* hex */
    const json_t *spec;
    uint64_t row_count; /* of the whole dataset, or SB_ROWS_UNKNOWN */
    const sb_record *record;
} sb_file_header;

typedef struct sb_frame_place {
    uint64_t offset; /* in the file, of the first compressed byte */
    uint64_t first_row;
    uint32_t packed_bytes;
    uint32_t raw_bytes;
    uint32_t row_count;
    uint32_t checksum;
} sb_frame_place;

/* Reads header, seek table and row index, and checks that they agree with each other and with the
 * file's length. A file that is not ours, is cut short or was changed there gives SB_EDAMAGED and a
 * sentence that names the file, what is wrong and the byte. On SB_OK, *out is owned by the caller.
 */
SB_CHECK sb_status sb_reader_open(const char *path, sb_reader **out, sb_error *err);
void sb_reader_close(sb_reader *reader);

const sb_file_header *sb_reader_header(const sb_reader *reader);
const char *sb_reader_path(const sb_reader *reader);
uint64_t sb_reader_frame_count(const sb_reader *reader);
/* Where the header frame ends, and where the data frames end. */
uint64_t sb_reader_data_begin(const sb_reader *reader);
uint64_t sb_reader_data_end(const sb_reader *reader);
uint64_t sb_reader_first_row(const sb_reader *reader);
uint64_t sb_reader_row_count(const sb_reader *reader); /* rows of this file */
sb_frame_place sb_reader_frame_place(const sb_reader *reader, uint64_t frame_index);
/* The frame that holds a row (numbered within the dataset's kind); frame_count when none does. */
uint64_t sb_reader_frame_find(const sb_reader *reader, uint64_t row);

/* Decompresses a frame into the reader's own memory, which the next call overwrites. SB_EDAMAGED
 * when zstd refuses it (checksum, truncation), names file, frame and byte. */
SB_CHECK sb_status sb_reader_frame(sb_reader *reader, uint64_t frame_index, const uint8_t **rows,
                                   size_t *raw_bytes, sb_error *err);

/* The same without a walk over the rows, which costs as much as unpacking them: for a caller that
 * will look at every row, or knows what they must be. It counts them, and where they are not as
 * many as the frame's place says, or one of them is none, sb_reader_check_rows() of the frame
 * unpacked last says what is wrong. */
SB_CHECK sb_status sb_reader_unpack(sb_reader *reader, uint64_t frame_index, const uint8_t **rows,
                                    size_t *raw_bytes, sb_error *err);
SB_CHECK sb_status sb_reader_check_rows(const sb_reader *reader, uint64_t frame_index,
                                        sb_error *err);
/* The compressed bytes of the frame unpacked last, as they stand in the file. Borrowed: valid until
 * the next call. */
const uint8_t *sb_reader_packed(const sb_reader *reader, size_t *packed_bytes);

#endif
