/* Single values as text. Each function writes at `at`, where the caller has made room, and returns
 * the place behind what it wrote. Never through floating point, never through printf. */
#ifndef FORMAT_TEXT_PUT_H
#define FORMAT_TEXT_PUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SB_PUT_NUMBER_BYTES_MAX = 32, /* of anything below that takes an integer */
    /* What one byte of a text can become: \u0001 as JSON, a replacement character as plain text. */
    SB_PUT_JSON_GROWTH = 6,
    SB_PUT_PLAIN_GROWTH = 3,
};

char *sb_put_uint(char *at, uint64_t number);
char *sb_put_int(char *at, int64_t number);
/* number times 10^-decimals with all its decimals, at most 19: -5 with 2 is "-0.05". */
char *sb_put_decimal(char *at, int64_t number, int decimals);
/* "2025-12-03", of days that sb_days_printable() allows. */
char *sb_put_date(char *at, int32_t days);
/* "2025-12-03T08:15:30.123Z", likewise. */
char *sb_put_timestamp(char *at, int64_t ms);
/* "T08:15:30.123Z", of milliseconds since midnight. */
char *sb_put_clock(char *at, uint32_t ms);
char *sb_put_hex(char *at, const uint8_t *bytes, size_t byte_count);

/* A text with every byte that is no UTF-8 replaced by U+FFFD; the first also escapes what JSON
 * wants escaped. Neither writes quotes. */
char *sb_put_json_text(char *at, const uint8_t *text, size_t text_bytes);
char *sb_put_plain_text(char *at, const uint8_t *text, size_t text_bytes);

/* Eight times a byte. */
#define SB_EACH(byte) (UINT64_C(0x0101010101010101) * (uint8_t)(byte))

/* The high bit of each of eight bytes that is printable ASCII and neither of two characters, which
 * are given eight times each. No sum carries into a neighbour, so each byte is told exactly. */
static inline uint64_t sb_clean_bits(uint64_t eight, uint64_t avoided, uint64_t avoided_too)
{
    uint64_t low_bits = eight & SB_EACH(0x7f);
    return (low_bits + SB_EACH(0x60)) & ((low_bits ^ avoided) + SB_EACH(0x7f)) &
           ((low_bits ^ avoided_too) + SB_EACH(0x7f)) & ~eight & SB_EACH(0x80);
}

/* Whether a text holds one of four ASCII characters: what makes a cell of CSV or TSV special. */
bool sb_text_has(const uint8_t *text, size_t text_bytes, const char characters[4]);

#endif
