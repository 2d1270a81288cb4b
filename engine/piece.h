/* Texts that rows write again and again, kept with their MessagePack headers: they are copied with
 * a fixed number of bytes, whatever their length, since a copy of varying length is a call and is
 * guessed wrong. What is copied too much is overwritten by the next field; the room that every row
 * has (SB_ROW_BYTES_MAX) allows for it. */
#ifndef ENGINE_PIECE_H
#define ENGINE_PIECE_H

#include "format/msgpack_writer.h"

/* A word: at most 30 bytes. */
typedef struct sb_piece {
    uint8_t bytes[31];
    uint8_t byte_count; /* 0: none */
} sb_piece;
_Static_assert(sizeof(sb_piece) == 32, "a piece is copied as two words of 16 bytes");

/* A name: at most SB_LABEL_BYTES, more are not kept. */
enum { SB_LABEL_BYTES = 68 };
typedef struct sb_label {
    uint8_t bytes[SB_LABEL_BYTES + 3];
    uint8_t byte_count; /* 0: none */
} sb_label;

static inline sb_piece sb_piece_of(const char *text, size_t byte_count)
{
    sb_piece piece = {.byte_count = 0};
    sb_rows rows = {.at = piece.bytes};
    if (byte_count < sizeof piece.bytes) {
        sb_rows_str(&rows, text, byte_count);
        piece.byte_count = (uint8_t)(byte_count + 1);
    }
    return piece;
}

static inline sb_label sb_label_of(const char *text, size_t byte_count)
{
    sb_label label = {.byte_count = 0};
    sb_rows rows = {.at = label.bytes};
    if (byte_count <= SB_LABEL_BYTES) {
        sb_rows_str(&rows, text, byte_count);
        label.byte_count = (uint8_t)(rows.at - label.bytes);
    }
    return label;
}

static inline void sb_rows_piece(sb_rows *rows, const sb_piece *piece)
{
    memcpy(rows->at, piece->bytes, sizeof *piece);
    rows->at += piece->byte_count;
}

/* The bytes of a label that was kept; as many can be read as a label has. */
static inline void sb_rows_label_bytes(sb_rows *rows, const uint8_t *bytes, uint32_t byte_count)
{
    memcpy(rows->at, bytes, 32);
    if (byte_count > 32)
        memcpy(rows->at + 32, bytes + 32, sizeof(sb_label) - 32);
    rows->at += byte_count;
}

static inline void sb_rows_label(sb_rows *rows, const sb_label *label)
{
    sb_rows_label_bytes(rows, label->bytes, label->byte_count);
}

#endif
