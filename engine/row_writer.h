/* Ways to append to rows that a benchmark asked for. */
#ifndef ENGINE_ROW_WRITER_H
#define ENGINE_ROW_WRITER_H

#include "format/msgpack_writer.h"

/* For the functions that write a row's fields. A writer that is a local variable of the function
 * that puts the row, and whose address no call gets hold of, stays in a register; else every byte
 * waits for the position that the byte before it left in memory, which takes half of a row's time.
 */
#define SB_FIELD static inline __attribute__((always_inline))

/* Texts that are readable up to a whole number of these are copied in such steps: without a call
 * and mostly without a branch. Rows have the room. */
enum { SB_PADDING_BYTES = 32 };

static inline void sb_copy_padded(void *to, const void *from, size_t byte_count)
{
    char *at = to;
    const char *source = from;
    for (size_t done = 0; done < byte_count; done += SB_PADDING_BYTES)
        memcpy(at + done, source + done, SB_PADDING_BYTES);
}

static inline void sb_rows_padded(sb_rows *rows, const char *bytes, uint32_t byte_count)
{
    sb_msgpack_str(rows, byte_count);
    sb_copy_padded(rows->at, bytes, byte_count);
    rows->at += byte_count;
}

/* The bytes of a string that stand before its own. */
static inline uint32_t sb_str_head(uint32_t byte_count)
{
    return byte_count < 32 ? 1 : byte_count < 256 ? 2 : 3;
}

#endif
