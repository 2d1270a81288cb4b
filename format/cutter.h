/* Cuts a stream of rows into frames: the one place where the rule stands. */
#ifndef FORMAT_CUTTER_H
#define FORMAT_CUTTER_H

#include "format/container.h"
#include "format/msgpack_writer.h"
#include "format/schema.h"

/* Takes the raw bytes of one finished frame; they are gone when it returns. */
typedef sb_status (*sb_frame_taker)(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                                    uint32_t row_count, sb_error *err);

/* Marks kept of a frame: one in six bytes, more than the rows of any kind leave. */
enum { SB_FRAME_MARKS_MAX = SB_FRAME_RAW_BYTES / 6 };

typedef struct sb_cutter {
    sb_kind kind;
    uint8_t *buffer;   /* owned: SB_FRAME_RAW_BYTES + SB_ROW_BYTES_MAX */
    sb_mark *marks;    /* owned: SB_FRAME_MARKS_MAX, or NULL when nobody wants them */
    size_t mark_count; /* of the frame handed over, in order of their places */
    sb_rows rows;      /* where the next row goes */
    uint32_t row_count;
    const uint8_t *last_row, *next_row; /* of the frame: for takers that want the last id */
    sb_frame_taker take;
    void *user;
} sb_cutter;

SB_CHECK sb_status sb_cutter_open(sb_kind kind, sb_frame_taker take, void *user, sb_cutter *out,
                                  sb_error *err);
/* From now on frames have marks: `marks` and `mark_count`, for the taker of a frame. */
SB_CHECK sb_status sb_cutter_want_marks(sb_cutter *cutter, sb_error *err);
void sb_cutter_close(sb_cutter *cutter);

/* Hands over what there is; at the end of each group. */
SB_CHECK sb_status sb_cutter_flush(sb_cutter *cutter, sb_error *err);

/* After each row: hands the frame over once it is full. There is room for the next row always. */
SB_CHECK static inline sb_status sb_cutter_row_done(sb_cutter *cutter, sb_error *err)
{
    cutter->row_count++;
    cutter->last_row = cutter->next_row;
    cutter->next_row = cutter->rows.at;
    return (size_t)(cutter->rows.at - cutter->buffer) >= SB_FRAME_RAW_BYTES
               ? sb_cutter_flush(cutter, err)
               : SB_OK;
}

#endif
