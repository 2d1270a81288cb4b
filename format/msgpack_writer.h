/* MessagePack rows, written through msgpack-c's own template with our append inlined.
 *
 * The hot path writes without asking for room at every byte: the caller promises SB_ROW_BYTES_MAX
 * of room when a row begins (the frame cutter keeps that slack behind the last full frame), and no
 * row is longer. That is the difference between some 180 and some 30 ns for a row of twenty fields.
 */
#ifndef FORMAT_MSGPACK_WRITER_H
#define FORMAT_MSGPACK_WRITER_H

#include <msgpack/pack_define.h>
#include <msgpack/timestamp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "format/marking.h"

/* No row may be longer. Cells of text tables are at most 255 bytes, a row has at most some hundred
 * of them; tests/unit/test_rows holds every kind to it. */
enum { SB_ROW_BYTES_MAX = 64 * 1024 };

/* A mark: the low bits of the address, for a frame is far smaller than 1 GiB, and, lowest, an
 * sb_marking. */
typedef uint32_t sb_mark;
enum { SB_MARKING_BITS = 2 };

typedef struct sb_rows {
    uint8_t *at;              /* where the next byte goes; borrowed */
    sb_mark *mark, *mark_end; /* where the next mark goes; both NULL when nobody wants marks */
} sb_rows;

static inline void sb_rows_append(sb_rows *rows, const void *bytes, size_t byte_count)
{
    memcpy(rows->at, bytes, byte_count);
    rows->at += byte_count;
}

/* Marks what stands `ahead` bytes on. Marks past the end are dropped: they save bytes, they carry
 * none. */
static inline void sb_rows_mark_ahead(sb_rows *rows, size_t ahead, sb_marking marking)
{
    if (rows->mark < rows->mark_end)
        *rows->mark++ =
            (sb_mark)((uintptr_t)rows->at + ahead) << SB_MARKING_BITS | (sb_mark)marking;
}

/* Marks what is written next. */
static inline void sb_rows_mark(sb_rows *rows, sb_marking marking)
{
    sb_rows_mark_ahead(rows, 0, marking);
}

#define msgpack_pack_inline_func(name) static inline void sb_msgpack##name
#define msgpack_pack_inline_func_cint(name) static inline void sb_msgpack##name
#define msgpack_pack_inline_func_fixint(name) static inline void sb_msgpack_fixed##name
#define msgpack_pack_user sb_rows *
#define msgpack_pack_append_buffer(user, bytes, byte_count) sb_rows_append(user, bytes, byte_count)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#include <msgpack/pack_template.h>
#pragma GCC diagnostic pop

/* A text that stands in a table. `token` is its identity, the same for the same entry of the same
 * table however often it is written, and 0 is "no table": a text made for this row alone. */
typedef struct sb_text {
    const char *bytes; /* borrowed, not terminated */
    uint32_t byte_count;
    uint32_t token;
} sb_text;

static inline void sb_rows_array(sb_rows *rows, size_t count)
{
    sb_msgpack_array(rows, count);
}

static inline void sb_rows_map(sb_rows *rows, size_t count)
{
    sb_msgpack_map(rows, count);
}

static inline void sb_rows_uint(sb_rows *rows, uint64_t value)
{
    sb_msgpack_uint64(rows, value);
}

static inline void sb_rows_int(sb_rows *rows, int64_t value)
{
    sb_msgpack_int64(rows, value);
}

static inline void sb_rows_bool(sb_rows *rows, bool value)
{
    if (value)
        sb_msgpack_true(rows);
    else
        sb_msgpack_false(rows);
}

static inline void sb_rows_nil(sb_rows *rows)
{
    sb_msgpack_nil(rows);
}

static inline void sb_rows_str(sb_rows *rows, const char *bytes, size_t byte_count)
{
    sb_msgpack_str(rows, byte_count);
    sb_rows_append(rows, bytes, byte_count);
}

static inline void sb_rows_cstr(sb_rows *rows, const char *text)
{
    sb_rows_str(rows, text, strlen(text));
}

static inline void sb_rows_bin(sb_rows *rows, const void *bytes, size_t byte_count)
{
    sb_msgpack_bin(rows, byte_count);
    sb_rows_append(rows, bytes, byte_count);
}

/* The only door by which table texts reach a row. */
static inline void sb_rows_text(sb_rows *rows, sb_text text)
{
    sb_rows_str(rows, text.bytes, text.byte_count);
}

#endif
