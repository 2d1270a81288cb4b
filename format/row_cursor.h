/* A cursor over MessagePack bytes that nobody has checked yet.
 *
 * Rows are printed and checked by walking them where they lie: nothing is allocated, nothing
 * copied, and no byte is read beyond the end, whatever a count or a length claims. Trees (the
 * header, the row index) are read by msgpack-c instead, after sb_cursor_skip() has found them whole
 * and not too deep. */
#ifndef FORMAT_ROW_CURSOR_H
#define FORMAT_ROW_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How deep values may nest. Our rows need 4, a spec some 6; msgpack-c's unpacker holds 32. */
enum { SB_DEPTH_MAX = 32 };

typedef enum sb_value_kind {
    SB_VALUE_NIL,
    SB_VALUE_BOOL,
    SB_VALUE_INT,
    SB_VALUE_HUGE, /* an unsigned integer above INT64_MAX: nothing we write */
    SB_VALUE_REAL, /* likewise */
    SB_VALUE_STR,
    SB_VALUE_BIN,
    SB_VALUE_ARRAY,
    SB_VALUE_MAP, /* likewise */
    SB_VALUE_EXT, /* likewise */
} sb_value_kind;

typedef struct sb_value {
    sb_value_kind kind;
    uint32_t count;       /* bytes of a text, items of an array, pairs of a map */
    int64_t number;       /* of an integer; 0 or 1 of a boolean */
    const uint8_t *bytes; /* of a text; borrowed from the row */
} sb_value;

typedef struct sb_cursor {
    const uint8_t *at;
    const uint8_t *end;
} sb_cursor;

/* For a sentence: "nil", "an integer", "a text", ... Borrowed, static. */
const char *sb_value_kind_name(sb_value_kind kind);

/* The part of sb_cursor_next() that frequent short values do not need. */
bool sb_cursor_next_long(sb_cursor *cursor, uint8_t head, sb_value *out);

/* Passes over one whole value. False when it is cut short or nests deeper than SB_DEPTH_MAX. */
bool sb_cursor_skip(sb_cursor *cursor);

/* The bytes of the well-formed UTF-8 sequence at `at`, or 0. Reads nothing at or behind `end`. */
size_t sb_utf8_length(const uint8_t *at, const uint8_t *end);
bool sb_utf8_check(const void *text, size_t text_bytes);

static inline size_t sb_cursor_left(const sb_cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

/* Reads one value; of an array or a map only its head, after which the items follow. False when the
 * bytes end before the value does, or cannot possibly hold the items it announces. */
static inline bool sb_cursor_next(sb_cursor *cursor, sb_value *out)
{
    if (cursor->at == cursor->end)
        return false;
    uint8_t head = *cursor->at++;
    if (head < 0x80 || head >= 0xe0) {
        out->kind = SB_VALUE_INT;
        out->number = (int8_t)head;
        return true;
    }
    if (head >= 0xa0 && head <= 0xbf) {
        out->kind = SB_VALUE_STR;
        out->count = head & 0x1f;
        out->bytes = cursor->at;
        if (out->count > sb_cursor_left(cursor))
            return false;
        cursor->at += out->count;
        return true;
    }
    if (head == 0xc0) {
        out->kind = SB_VALUE_NIL;
        return true;
    }
    return sb_cursor_next_long(cursor, head, out);
}

#endif
