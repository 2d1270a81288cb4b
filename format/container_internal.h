/* What container.c writes and reader.c must find again. */
#ifndef FORMAT_CONTAINER_INTERNAL_H
#define FORMAT_CONTAINER_INTERNAL_H

#include <stdint.h>

#include "format/container.h"
#include "format/msgpack_writer.h"

/* zstd's skippable frames begin with a magic of their own and the length of what they hold. */
#define SB_INDEX_MAGIC UINT32_C(0x184D2A5D)
#define SB_TABLE_MAGIC UINT32_C(0x184D2A5E)        /* of the seek table's skippable frame */
#define SB_TABLE_FOOTER_MAGIC UINT32_C(0x8F92EAB1) /* the last four bytes of the file */

enum {
    SB_SKIPPABLE_HEAD_BYTES = 8,
    SB_TABLE_ENTRY_BYTES = 12,       /* packed bytes, raw bytes, checksum */
    SB_TABLE_FOOTER_BYTES = 9,       /* frame count, descriptor, magic */
    SB_TABLE_DESCRIPTOR = 0x80,      /* every entry has a checksum, nothing else is said */
    SB_TABLE_FRAMES_MAX = 0x8000000, /* the seekable format's own limit */

    /* Raw bytes of the largest data frame: the last row begins before the limit. */
    SB_FRAME_RAW_BYTES_MAX = SB_FRAME_RAW_BYTES + SB_ROW_BYTES_MAX,
    /* Raw bytes of the largest header: the fields of a kind and their sentences take some 5 KiB. */
    SB_HEADER_RAW_BYTES_MAX = 256 * 1024,
    /* The row index: names and the two numbers, and then a number of at most 9 bytes a frame. */
    SB_INDEX_FIXED_BYTES = 96,
    SB_INDEX_FRAME_BYTES = 9,
};

#define SB_FORMAT_NAME "seedbank"
#define SB_INDEX_FORMAT_NAME "seedbank-index"

static inline void sb_put_le32(uint8_t *at, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(number >> (8 * i));
}

static inline uint32_t sb_get_le32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

#endif
