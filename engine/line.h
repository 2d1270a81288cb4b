/* A short text under construction, on the stack; what does not fit is cut. Begin with length 0: the
 * bytes need no clearing.
 *
 * Rows are made of texts of some ten bytes, and a call of memcpy() costs more than to copy such a
 * text. So what is short is copied in a fixed number of bytes, wherever there is room for as many:
 * in a line, and behind each text of a table (see SB_TEXT_ROOM). */
#ifndef ENGINE_LINE_H
#define ENGINE_LINE_H

#include "engine/table_text.h"
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

static inline void sb_line_cstr(sb_line *line, const char *text)
{
    sb_line_add(line, text, strlen(text));
}

/* "00" to "99". */
extern const char sb_digit_pairs[200];

/* How many digits a number has in decimal. */
static inline int sb_digit_count(uint64_t value)
{
    int count = 1;
    for (; value >= 10000; value /= 10000)
        count += 4;
    return count + (value >= 10) + (value >= 100) + (value >= 1000);
}

/* The last `count` digits of a number; `end` is behind the last. Returns what stands before them.
 */
static inline uint64_t sb_put_digits(char *end, uint64_t value, int count)
{
    for (; count >= 2; count -= 2, value /= 100)
        memcpy(end -= 2, sb_digit_pairs + value % 100 * 2, 2);
    if (count <= 0)
        return value;
    end[-1] = (char)('0' + value % 10);
    return value / 10;
}

/* `value` in decimal with at least `digits` (at most 20) digits. */
static inline void sb_line_digits(sb_line *line, uint64_t value, int digits)
{
    int count = sb_digit_count(value);
    if (count < digits)
        count = digits;
    if (line->length > sizeof line->bytes - 20) {
        char text[20];
        (void)sb_put_digits(text + count, value, count);
        sb_line_add(line, text, (size_t)count);
        return;
    }
    line->length += (uint32_t)count;
    (void)sb_put_digits(line->bytes + line->length, value, count);
}

/* MessagePack has strings below 32 bytes with one byte in front; rows always have room for more. */
static inline void sb_rows_line(sb_rows *rows, const sb_line *line)
{
    if (line->length >= 32) {
        sb_rows_str(rows, line->bytes, line->length);
        return;
    }
    rows->at[0] = (uint8_t)(0xA0 | line->length);
    memcpy(rows->at + 1, line->bytes, 32);
    rows->at += 1 + line->length;
}

#endif
