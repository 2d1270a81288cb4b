/* A short text under construction, on the stack; what does not fit is cut. Begin with length 0: the
 * bytes need no clearing.
 *
 * Rows are made of texts of some ten bytes, and a call of memcpy() costs more than to copy such a
 * text. So what is short is copied in a fixed number of bytes, wherever there is room for as many:
 * in a line, and behind each text of a table (see SB_TEXT_ROOM). */
#ifndef ENGINE_LINE_H
#define ENGINE_LINE_H

#include "engine/table_text.h"
#include "format/digits.h"
#include "format/msgpack_writer.h"

typedef struct sb_line {
    uint32_t length;
    char bytes[252];
} sb_line;

static inline void sb_line_begin(sb_line *line)
{
    line->length = 0;
}

static inline void sb_line_add(sb_line *line, const char *bytes, size_t byte_count)
{
    size_t room = sizeof line->bytes - line->length;
    if (byte_count > room) {
        memcpy(line->bytes + line->length, bytes, room);
        line->length = sizeof line->bytes;
        return;
    }
    memcpy(line->bytes + line->length, bytes, byte_count);
    line->length += (uint32_t)byte_count;
}

static inline void sb_line_char(sb_line *line, char c)
{
    if (line->length < sizeof line->bytes)
        line->bytes[line->length++] = c;
}

/* SB_TEXT_ROOM bytes can be read from `bytes` on, as in all texts that stand in tables. */
static inline void sb_line_padded(sb_line *line, const char *bytes, size_t byte_count)
{
    if (byte_count > SB_TEXT_ROOM || line->length > sizeof line->bytes - SB_TEXT_ROOM) {
        sb_line_add(line, bytes, byte_count);
        return;
    }
    memcpy(line->bytes + line->length, bytes, SB_TEXT_ROOM);
    line->length += (uint32_t)byte_count;
}

/* Of a table, or a word of words.h. */
static inline void sb_line_text(sb_line *line, sb_text text)
{
    sb_line_padded(line, text.bytes, text.byte_count);
}

/* Appends a line to another one. */
static inline void sb_line_join(sb_line *line, const sb_line *other)
{
    enum { MOST = 64 };
    if (other->length > MOST || line->length > sizeof line->bytes - MOST) {
        sb_line_add(line, other->bytes, other->length);
        return;
    }
    memcpy(line->bytes + line->length, other->bytes, MOST);
    line->length += other->length;
}

static inline void sb_line_cstr(sb_line *line, const char *text)
{
    sb_line_add(line, text, strlen(text));
}

/* The last `count` (1 .. 8) digits of a number below 10^8. `end` is behind the last one; the eight
 * bytes before it must be there, and those without a digit keep what they are. */
static inline void sb_put_digits(char *end, uint32_t value, uint32_t count)
{
    uint64_t mask = UINT64_MAX << (64 - 8 * count);
    uint64_t digits = sb_eight_digits(value) + sb_eight_noughts;
    sb_store_eight(end - 8, (sb_load_eight(end - 8) & ~mask) | (digits & mask));
}

/* The same for longer numbers and at the end of a line. */
void sb_line_long_digits(sb_line *line, uint64_t value, int digits);

/* `value` in decimal with at least `digits` (at most 20) digits. */
static inline void sb_line_digits(sb_line *line, uint64_t value, int digits)
{
    if (value >= 100000000 || digits > 8 || line->length > sizeof line->bytes - 8) {
        sb_line_long_digits(line, value, digits);
        return;
    }
    uint64_t all = sb_eight_digits((uint32_t)value);
    int noughts = __builtin_ctzll(all | UINT64_C(1) << 56) / 8; /* the last digit counts always */
    int skipped = noughts > 8 - digits ? 8 - digits : noughts;  /* seven at most */
    sb_store_eight(line->bytes + line->length, (all + sb_eight_noughts) >> (8 * skipped & 63));
    line->length += (uint32_t)(8 - skipped);
}

/* ---- into rows ------------------------------------------------------------------------------ */

/* For the functions that write the fields of a row: one of them all is made. Its writer is a local
 * variable whose address nobody else gets, so it can stay in a register. Else each byte waits for
 * the place that the byte before it left in memory. */
#define SB_FIELD static inline __attribute__((always_inline))

/* Texts that are readable up to a whole number of SB_TEXT_ROOM bytes are copied in such steps:
 * without a call and mostly without a branch. */
static inline void sb_copy_padded(void *to, const void *from, size_t byte_count)
{
    char *at = to;
    const char *source = from;
    for (size_t done = 0; done < byte_count; done += SB_TEXT_ROOM)
        memcpy(at + done, source + done, SB_TEXT_ROOM);
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

/* A text of a table, or a word of words.h. */
SB_FIELD void sb_rows_known(sb_rows *rows, sb_text text)
{
    if (text.byte_count > SB_TEXT_ROOM) {
        sb_rows_text(rows, text);
        return;
    }
    sb_msgpack_str(rows, text.byte_count);
    memcpy(rows->at, text.bytes, SB_TEXT_ROOM);
    rows->at += text.byte_count;
}

/* MessagePack has one byte in front of strings below 32 bytes, two in front of others below 256. To
 * guess which it is fails too often, so what may be either is written without a branch; rows always
 * have room for more. Returns where the string's own bytes go. */
static inline uint8_t *sb_rows_str_head(uint8_t *at, uint32_t length)
{
    uint32_t is_long = length >= 32;
    at[0] = (uint8_t)(is_long ? 0xD9 : 0xA0 | length);
    at[1] = (uint8_t)length;
    return at + 1 + is_long;
}

SB_FIELD void sb_rows_line(sb_rows *rows, const sb_line *line)
{
    enum { MOST = 64 };
    uint32_t length = line->length;
    if (length > MOST) {
        sb_rows_str(rows, line->bytes, length);
        return;
    }
    uint8_t *at = sb_rows_str_head(rows->at, length);
    memcpy(at, line->bytes, MOST);
    rows->at = at + length;
}

#endif
