/* Finds in a frame of rows what stands there for the second time, by the marks that those who made
 * the rows left, as sequences for ZSTD_compressSequences().
 *
 * zstd looks at every second byte or so for something it has seen. Who made the rows knows where
 * that may be: where a text of a table begins, or the part of a row that one merchant always
 * writes, and marks it. So only those places are looked at. The token of a place is what stands
 * there, its first five or seven bytes; it is compared with where the same token stood last, and
 * the match taken as far as the bytes agree, beyond the text too. Nothing is believed: a bad mark
 * costs bytes on disk and never makes a wrong one.
 */
#ifndef FORMAT_SEQUENCES_H
#define FORMAT_SEQUENCES_H

#include <stddef.h>
#include <stdint.h>

#include "format/msgpack_writer.h"

enum {
    /* Blocks of zstd hold at most 128 KiB; sequences stay within one. */
    SB_BLOCK_BYTES = 128 * 1024,
    /* A match may not be shorter, for zstd (3) and since it costs some four bytes to name it. */
    SB_MATCH_BYTES_MIN = 5,
    SB_MATCH_SLOT_BITS = 15,
    SB_MATCH_PLACE_BITS = 21, /* a frame's bytes are counted by them */
};

/* A match of `match_bytes` that stands `offset` bytes before too, behind `literal_bytes` taken as
 * they are; match 0 ends a block. As ZSTD_Sequence, whose layout it shares. */
typedef struct sb_sequence {
    uint32_t offset, literal_bytes, match_bytes, reserved;
} sb_sequence;

/* Where tokens last stood in the frame: below, the place, above, what is left of the token's hash,
 * by which most that differ are told apart without a look at the frame. */
typedef struct sb_matcher {
    uint32_t last[1 << SB_MATCH_SLOT_BITS];
} sb_matcher;

/* The sequences of a frame of at most 2^SB_MATCH_PLACE_BITS bytes; what the matcher knew before is
 * forgotten. `sequences` has room for `capacity`, at least one a block and one; what does not fit
 * stays literal. Marks stand in order; those behind the frame are passed over. Returns how many
 * sequences there are; their bytes sum up to `raw_bytes`. Reads no byte outside the frame. */
size_t sb_matcher_find(sb_matcher *matcher, const uint8_t *rows, size_t raw_bytes,
                       const sb_mark *marks, size_t mark_count, sb_sequence *sequences,
                       size_t capacity);

#endif
