/* Marks: where in a row something begins that was likely written before, a text of a table, say, or
 * what one merchant always writes. The encoder that hands zstd its matches looks there and nowhere
 * else (format/sequences.h). A mark is a hint: what stands there is compared, never believed. */
#ifndef FORMAT_MARKING_H
#define FORMAT_MARKING_H

typedef enum sb_marking {
    SB_MARK_NONE,
    SB_MARK_LONG,  /* seven bytes from here on are expected to be the same, at least */
    SB_MARK_SHORT, /* five bytes */
    SB_MARK_WORDS, /* a string of words stands here; each may have been written before */
} sb_marking;

#endif
