/* Standard output: rows, results, help. Failures stick and are reported at the end, so that
 * printing needs no branches; rows, which may go on for hours, learn of them at once. A reader that
 * went away (cat | head) is no failure. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "seedbank/status.h"

typedef struct sb_output {
    bool reader_gone;
    int error; /* errno of the first failure, or 0 */
} sb_output;

void sb_output_begin(sb_output *output);
/* An sb_text_taker; `user` is an sb_output. SB_ESTOPPED when the reader went away. */
sb_status sb_output_take(void *user, const char *text, size_t text_bytes, sb_error *err);
void sb_output_text(sb_output *output, const char *text);
SB_PRINTF(2, 3) void sb_output_format(sb_output *output, const char *format, ...);
/* A JSON string with its quotes. */
void sb_output_json(sb_output *output, const char *text);
/* Writes out what is buffered. SB_EIO or SB_ENOSPC for anything that failed since the beginning. */
SB_CHECK sb_status sb_output_end(sb_output *output, sb_error *err);

/* Writes a JSON string with its quotes to any stream; what is no valid UTF-8 becomes U+FFFD. */
void sb_json_write(FILE *stream, const char *text);

enum { SB_SIZE_TEXT_BYTES = 32 };
/* "12.3 MB": powers of 1,000. Returns `out`. */
const char *sb_size_text(uint64_t bytes, char out[SB_SIZE_TEXT_BYTES]);

#endif
