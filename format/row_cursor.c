#include "format/row_cursor.h"

#include <string.h>

const char *sb_value_kind_name(sb_value_kind kind)
{
    static const char *const names[] = {
        [SB_VALUE_NIL] = "nil",        [SB_VALUE_BOOL] = "a boolean",
        [SB_VALUE_INT] = "an integer", [SB_VALUE_HUGE] = "an integer beyond 63 bits",
        [SB_VALUE_REAL] = "a float",   [SB_VALUE_STR] = "a text",
        [SB_VALUE_BIN] = "bytes",      [SB_VALUE_ARRAY] = "an array",
        [SB_VALUE_MAP] = "a map",      [SB_VALUE_EXT] = "an extension",
    };
    return names[kind];
}

static bool take_big_endian(sb_cursor *cursor, size_t byte_count, uint64_t *out)
{
    if (byte_count > sb_cursor_left(cursor))
        return false;
    const uint8_t *at = cursor->at;
    uint64_t number = 0;
    if (sb_cursor_left(cursor) >= 8) { /* nearly always: without a loop over the bytes */
        uint64_t eight = (uint64_t)at[0] << 56 | (uint64_t)at[1] << 48 | (uint64_t)at[2] << 40 |
                         (uint64_t)at[3] << 32 | (uint64_t)at[4] << 24 | (uint64_t)at[5] << 16 |
                         (uint64_t)at[6] << 8 | at[7];
        number = eight >> (64 - 8 * byte_count);
    } else {
        for (size_t i = 0; i < byte_count; i++)
            number = number << 8 | at[i];
    }
    cursor->at += byte_count;
    *out = number;
    return true;
}

static bool take_uint(sb_cursor *cursor, size_t byte_count, sb_value *out)
{
    uint64_t number;
    if (!take_big_endian(cursor, byte_count, &number))
        return false;
    out->kind = number > INT64_MAX ? SB_VALUE_HUGE : SB_VALUE_INT;
    out->number = (int64_t)number;
    return true;
}

static bool take_int(sb_cursor *cursor, size_t byte_count, sb_value *out)
{
    uint64_t number;
    if (!take_big_endian(cursor, byte_count, &number))
        return false;
    uint64_t sign = UINT64_C(1) << (8 * byte_count - 1);
    out->kind = SB_VALUE_INT;
    out->number = (int64_t)((number ^ sign) - sign);
    return true;
}

/* A text, bytes or an extension: `head_bytes` of length, then `type_bytes` that are no content. */
static bool take_bytes(sb_cursor *cursor, sb_value_kind kind, size_t head_bytes, size_t type_bytes,
                       sb_value *out)
{
    uint64_t count;
    if (!take_big_endian(cursor, head_bytes, &count) || count + type_bytes > sb_cursor_left(cursor))
        return false;
    out->kind = kind;
    out->count = (uint32_t)count;
    out->bytes = cursor->at + type_bytes;
    cursor->at += type_bytes + count;
    return true;
}

static bool set_items(sb_cursor *cursor, sb_value_kind kind, uint64_t count, sb_value *out)
{
    /* No item is shorter than a byte: a count that cannot be true is refused before anybody loops
     * or allocates by it. */
    if (count > sb_cursor_left(cursor) / (kind == SB_VALUE_MAP ? 2 : 1))
        return false;
    out->kind = kind;
    out->count = (uint32_t)count;
    return true;
}

static bool take_items(sb_cursor *cursor, sb_value_kind kind, size_t head_bytes, sb_value *out)
{
    uint64_t count;
    return take_big_endian(cursor, head_bytes, &count) && set_items(cursor, kind, count, out);
}

static bool take_fixed(sb_cursor *cursor, sb_value_kind kind, size_t byte_count, sb_value *out)
{
    if (byte_count > sb_cursor_left(cursor))
        return false;
    out->kind = kind;
    out->count = (uint32_t)byte_count;
    out->bytes = cursor->at;
    cursor->at += byte_count;
    return true;
}

bool sb_cursor_next_long(sb_cursor *cursor, uint8_t head, sb_value *out)
{
    if (head <= 0x8f)
        return set_items(cursor, SB_VALUE_MAP, head & 0x0f, out);
    if (head <= 0x9f)
        return set_items(cursor, SB_VALUE_ARRAY, head & 0x0f, out);
    switch (head) {
    case 0xc2:
    case 0xc3:
        out->kind = SB_VALUE_BOOL;
        out->number = head & 1;
        return true;
    case 0xc4:
    case 0xc5:
    case 0xc6:
        return take_bytes(cursor, SB_VALUE_BIN, (size_t)1 << (head - 0xc4), 0, out);
    case 0xc7:
    case 0xc8:
    case 0xc9:
        return take_bytes(cursor, SB_VALUE_EXT, (size_t)1 << (head - 0xc7), 1, out);
    case 0xca:
    case 0xcb:
        return take_fixed(cursor, SB_VALUE_REAL, (size_t)4 << (head - 0xca), out);
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
        return take_uint(cursor, (size_t)1 << (head - 0xcc), out);
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
        return take_int(cursor, (size_t)1 << (head - 0xd0), out);
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8: /* the type of the extension, then 1 to 16 bytes */
        return take_fixed(cursor, SB_VALUE_EXT, 1 + ((size_t)1 << (head - 0xd4)), out);
    case 0xd9:
    case 0xda:
    case 0xdb:
        return take_bytes(cursor, SB_VALUE_STR, (size_t)1 << (head - 0xd9), 0, out);
    case 0xdc:
    case 0xdd:
        return take_items(cursor, SB_VALUE_ARRAY, (size_t)2 << (head - 0xdc), out);
    case 0xde:
    case 0xdf:
        return take_items(cursor, SB_VALUE_MAP, (size_t)2 << (head - 0xde), out);
    default: /* 0xc1, which MessagePack leaves unused */
        return false;
    }
}

static uint64_t children(const sb_value *value)
{
    if (value->kind == SB_VALUE_ARRAY)
        return value->count;
    return value->kind == SB_VALUE_MAP ? 2 * (uint64_t)value->count : 0;
}

/* The bytes of a value whose first byte tells them, or 0. Most values are of this sort. */
#define EIGHT(n) n, n, n, n, n, n, n, n
static const uint8_t whole_bytes[256] = {
    /* 0x00, positive integers */
    EIGHT(1), EIGHT(1), EIGHT(1), EIGHT(1), EIGHT(1), EIGHT(1), EIGHT(1), EIGHT(1), EIGHT(1),
    EIGHT(1), EIGHT(1), EIGHT(1), EIGHT(1), EIGHT(1), EIGHT(1), EIGHT(1),
    /* 0x80, maps and arrays: 0 */
    EIGHT(0), EIGHT(0), EIGHT(0), EIGHT(0),
    /* 0xa0, short texts */
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
    27, 28, 29, 30, 31, 32,
    /* 0xc0, nil and booleans */
    [0xc0] = 1, [0xc2] = 1, [0xc3] = 1,
    /* floats, integers */
    [0xca] = 5, [0xcb] = 9, [0xcc] = 2, [0xcd] = 3, [0xce] = 5, [0xcf] = 9, [0xd0] = 2, [0xd1] = 3,
    [0xd2] = 5, [0xd3] = 9,
    /* negative integers */
    [0xe0] = EIGHT(1), EIGHT(1), EIGHT(1), EIGHT(1)};

bool sb_cursor_skip(sb_cursor *cursor)
{
    uint64_t behind[SB_DEPTH_MAX]; /* of each container around the one at hand: values behind it */
    uint64_t left = 1;             /* values of the one at hand */
    int depth = 0;
    sb_value value;
    for (;;) {
        for (; left > 0; left--) {
            if (cursor->at == cursor->end)
                return false;
            size_t byte_count = whole_bytes[*cursor->at];
            if (byte_count != 0 && byte_count <= sb_cursor_left(cursor)) {
                cursor->at += byte_count;
                continue;
            }
            if (!sb_cursor_next(cursor, &value))
                return false;
            uint64_t more = children(&value);
            if (more > 0) {
                if (depth == SB_DEPTH_MAX)
                    return false;
                behind[depth++] = left - 1;
                left = more + 1; /* one is taken off at once */
            }
        }
        if (depth == 0)
            return true;
        left = behind[--depth];
    }
}

static bool is_continuation(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

size_t sb_utf8_length(const uint8_t *at, const uint8_t *end)
{
    size_t left = (size_t)(end - at);
    if (left == 0)
        return 0;
    uint8_t head = at[0];
    if (head < 0x80)
        return 1;
    if (left < 2 || !is_continuation(at[1]))
        return 0;
    if (head >= 0xc2 && head <= 0xdf) /* 0xc0 and 0xc1 would be overlong */
        return 2;
    if (left < 3 || !is_continuation(at[2]))
        return 0;
    if (head >= 0xe0 && head <= 0xef) {
        bool overlong = head == 0xe0 && at[1] < 0xa0;
        bool surrogate = head == 0xed && at[1] >= 0xa0;
        return overlong || surrogate ? 0 : 3;
    }
    if (left < 4 || !is_continuation(at[3]))
        return 0;
    if (head >= 0xf0 && head <= 0xf4) {
        bool overlong = head == 0xf0 && at[1] < 0x90;
        bool beyond = head == 0xf4 && at[1] >= 0x90; /* U+10FFFF is the last */
        return overlong || beyond ? 0 : 4;
    }
    return 0;
}

bool sb_utf8_check(const void *text, size_t text_bytes)
{
    const uint8_t *at = text;
    const uint8_t *end = at + text_bytes;
    while (at < end) {
        uint64_t eight;
        if (end - at >= 8 && (memcpy(&eight, at, 8), (eight & UINT64_C(0x8080808080808080)) == 0)) {
            at += 8;
            continue;
        }
        size_t length = sb_utf8_length(at, end);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}
