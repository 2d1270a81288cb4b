/* The grammar of a language: how messages and remittance texts are said.
 *
 * A table row is one way to say a rule; a way is a run of pieces: plain text, variables, other
 * rules (engine/tables/README.md). Taken apart once (engine/grammar_parts.h) it is expanded by
 * draws: the nth choice within a text takes the nth draw, so a text is a function of its key. */
#ifndef ENGINE_GRAMMAR_H
#define ENGINE_GRAMMAR_H

#include "engine/draw.h"
#include "engine/grammar_parts.h"
#include "engine/line.h"
#include "engine/tables.h"

enum { SB_SAYING_BYTES = 4096 };
/* Parts of a text that are marked; those behind are not. */
enum { SB_SAYING_PARTS = 120, SB_SAYING_STEP = 8 };
/* Lines are copied in steps of as many bytes. */
enum { SB_SAYING_ROOM = 64 };

/* A text being said, and what was noticed on the way. */
typedef struct sb_saying {
    sb_key key;
    uint32_t next_draw; /* number of the next choice's draw */
    /* Appends a variable's value. */
    void (*fill)(void *user, sb_variable variable, struct sb_saying *saying);
    void *user;
    int32_t tone, tone_count;              /* sum of the tones that are not 0, and how many */
    bool financial;                        /* a term of money matters stood in it */
    uint16_t keywords[SB_SAYING_KEYWORDS]; /* rows of the shared keywords, each once */
    uint32_t keyword_count;
    uint32_t part_count;
    /* Where texts of the grammar and of variables begin; several are written at once. */
    uint16_t parts[SB_SAYING_PARTS + SB_SAYING_STEP];
    uint32_t length;
    char bytes[SB_SAYING_BYTES + SB_SAYING_ROOM]; /* room for pieces that are copied padded */
} sb_saying;

/* A grammar ready to be said. */
typedef struct sb_grammar sb_grammar;

/* The grammar of a locale: that of a compiled-in language is ready, another is taken apart. Owned
 * by the caller: sb_grammar_close(). NULL when memory ran out. Rules the table does not have say
 * nothing. */
sb_grammar *sb_grammar_prepare(sb_table_cache *cache, uint32_t locale);
void sb_grammar_close(sb_grammar *grammar);

/* Begins an empty text; the choices draw from `key`, numbers `first_draw` and up. */
void sb_saying_begin(sb_saying *saying, sb_key key, uint32_t first_draw,
                     void (*fill)(void *user, sb_variable variable, sb_saying *saying), void *user);
/* Appends a rule's text. What does not fit is left out. */
void sb_say(const sb_grammar *grammar, sb_rule rule, sb_saying *saying);

static inline void sb_saying_add(sb_saying *saying, const char *bytes, size_t byte_count)
{
    if (byte_count > 0 && byte_count <= SB_SAYING_BYTES - saying->length) {
        memcpy(saying->bytes + saying->length, bytes, byte_count);
        saying->length += (uint32_t)byte_count;
    }
}

/* A part begins. */
enum { SB_PART_VARIABLE = 0x8000 }; /* as part of `ahead`: names and numbers, often short */
static inline void sb_saying_part(sb_saying *saying, uint32_t ahead)
{
    saying->parts[saying->part_count] = (uint16_t)(saying->length + ahead);
    saying->part_count += saying->part_count < SB_SAYING_PARTS;
}

/* Appends a line, which can be read to its end whatever its length is. */
static inline void sb_saying_line(sb_saying *saying, const sb_line *line)
{
    if (line->length > SB_SAYING_ROOM || line->length > SB_SAYING_BYTES - saying->length) {
        sb_saying_add(saying, line->bytes, line->length);
        return;
    }
    memcpy(saying->bytes + saying->length, line->bytes, SB_SAYING_ROOM);
    saying->length += line->length;
}

/* Appends the text as a string, and marks where its parts begin: many were said before. */
static inline void sb_rows_saying(sb_rows *rows, const sb_saying *saying)
{
    uint32_t head = sb_str_head(saying->length);
    uint32_t begin = (uint32_t)((uintptr_t)rows->at + head), count = saying->part_count;
    size_t room = (size_t)(rows->mark_end - rows->mark);
    if (count > room)
        count = (uint32_t)room;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t part = saying->parts[i];
        uint32_t marking = part < SB_PART_VARIABLE ? SB_MARK_LONG : SB_MARK_SHORT;
        rows->mark[i] = (begin + (part & (SB_PART_VARIABLE - 1))) << SB_MARKING_BITS | marking;
    }
    rows->mark += count;
    sb_msgpack_str(rows, saying->length);
    for (uint32_t done = 0; done < saying->length; done += SB_SAYING_ROOM)
        memcpy(rows->at + done, saying->bytes + done, SB_SAYING_ROOM);
    rows->at += saying->length;
}

/* One way of a rule that is nothing but text, if the draw falls on such a one: its text, with its
 * token; else a text of no bytes. */
sb_text sb_grammar_plain(const sb_grammar *grammar, sb_rule rule, uint64_t draw);

#endif
