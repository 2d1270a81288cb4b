#include "format/cutter.h"

#include <stdlib.h>

sb_status sb_cutter_open(sb_kind kind, sb_frame_taker take, void *user, sb_cutter *out,
                         sb_error *err)
{
    uint8_t *buffer = malloc(SB_FRAME_RAW_BYTES + SB_ROW_BYTES_MAX);
    if (buffer == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a frame of %s", sb_kind_name(kind));
    *out = (sb_cutter){.kind = kind,
                       .buffer = buffer,
                       .rows = {.at = buffer},
                       .next_row = buffer,
                       .take = take,
                       .user = user};
    return SB_OK;
}

sb_status sb_cutter_want_marks(sb_cutter *cutter, sb_error *err)
{
    cutter->marks = malloc(SB_FRAME_MARKS_MAX * sizeof *cutter->marks);
    if (cutter->marks == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for marks of %s", sb_kind_name(cutter->kind));
    cutter->rows.mark = cutter->marks;
    cutter->rows.mark_end = cutter->marks + SB_FRAME_MARKS_MAX;
    return SB_OK;
}

void sb_cutter_close(sb_cutter *cutter)
{
    free(cutter->buffer);
    free(cutter->marks);
    *cutter = (sb_cutter){0};
}

sb_status sb_cutter_flush(sb_cutter *cutter, sb_error *err)
{
    size_t raw_bytes = (size_t)(cutter->rows.at - cutter->buffer);
    uint32_t row_count = cutter->row_count;
    cutter->mark_count = (size_t)(cutter->rows.mark - cutter->marks);
    cutter->rows.at = cutter->buffer;
    cutter->rows.mark = cutter->marks;
    cutter->row_count = 0;
    cutter->next_row = cutter->buffer;
    return row_count == 0 ? SB_OK
                          : cutter->take(cutter->user, cutter->kind, cutter->buffer, raw_bytes,
                                         row_count, err);
}
