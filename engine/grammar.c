#include "engine/grammar.h"

#include <stdlib.h>
#include <string.h>

#include "engine/table_ready.h"

enum { GRAMMAR_TEXT = 1 }; /* the column */

struct sb_grammar {
    sb_grammar_parts parts;
    const char *pool;     /* borrowed from the table */
    uint32_t first_token; /* of the table */
    uint32_t columns;
    bool owns_parts;
};

sb_grammar *sb_grammar_prepare(sb_table_cache *cache, uint32_t locale)
{
    const sb_raw_table *table = sb_tables_raw(cache->tables, locale, SB_TABLE_GRAMMAR);
    const sb_raw_table *keywords = sb_tables_raw(cache->tables, 0, SB_TABLE_KEYWORDS);
    sb_grammar *grammar = calloc(1, sizeof *grammar);
    if (grammar == NULL)
        return NULL;
    grammar->pool = table->pool;
    grammar->first_token = sb_tables_first_token(cache->tables, locale, SB_TABLE_GRAMMAR);
    grammar->columns = table->column_count;
    if (table->ready != NULL) {
        grammar->parts = *table->ready->grammar;
        return grammar;
    }
    grammar->owns_parts = sb_grammar_take_apart(
        table, keywords, sb_tables_locale(cache->tables, locale)->language.bytes, &grammar->parts);
    if (grammar->owns_parts)
        return grammar;
    free(grammar);
    return NULL;
}

void sb_grammar_close(sb_grammar *grammar)
{
    if (grammar != NULL && grammar->owns_parts)
        free((void *)(uintptr_t)grammar->parts.rules);
    free(grammar);
}

/* ---- saying --------------------------------------------------------------------------------- */

void sb_saying_begin(sb_saying *saying, sb_key key, uint32_t first_draw,
                     void (*fill)(void *user, sb_variable variable, sb_saying *saying), void *user)
{
    saying->key = key;
    saying->next_draw = first_draw;
    saying->fill = fill;
    saying->user = user;
    saying->tone = 0;
    saying->tone_count = 0;
    saying->financial = false;
    saying->keyword_count = 0;
    saying->part_count = 0;
    saying->length = 0;
}

static void notice_keywords(const sb_grammar *grammar, const sb_way *said, sb_saying *saying)
{
    for (uint32_t i = 0; i < said->keyword_count; i++) {
        uint16_t keyword = grammar->parts.keywords[said->first_keyword + i];
        uint32_t k = 0;
        while (k < saying->keyword_count && saying->keywords[k] != keyword)
            k++;
        if (k == saying->keyword_count && k < SB_SAYING_KEYWORDS)
            saying->keywords[saying->keyword_count++] = keyword;
    }
}

/* Shorter texts are not worth a mark. */
enum { SHORT_PART = 4, PART_STEP = 8 };

/* Every eighth byte begins a part that is long enough. As many as a step has are written at once:
 * how many there are is guessed wrong. */
static inline void mark_parts(sb_saying *saying, uint32_t byte_count)
{
    uint32_t count = (byte_count + PART_STEP - SHORT_PART) / PART_STEP;
    for (uint32_t done = 0; done < count; done += SB_SAYING_STEP) {
        uint16_t *parts = saying->parts + saying->part_count;
        uint32_t begin = saying->length + done * PART_STEP, left = count - done;
        for (uint32_t i = 0; i < SB_SAYING_STEP; i++)
            parts[i] = (uint16_t)(begin + i * PART_STEP);
        saying->part_count += left < SB_SAYING_STEP ? left : SB_SAYING_STEP;
        if (saying->part_count > SB_SAYING_PARTS)
            saying->part_count = SB_SAYING_PARTS;
    }
}

static inline void add_said(sb_saying *saying, const char *bytes, uint32_t byte_count)
{
    if (byte_count > SB_SAYING_BYTES - saying->length)
        return;
    mark_parts(saying, byte_count);
    sb_copy_padded(saying->bytes + saying->length, bytes, byte_count);
    saying->length += byte_count;
}

static const char line_break[SB_TEXT_ROOM] = "\n";

/* Calls itself for a rule within a rule, at most SB_GRAMMAR_DEPTH deep. */
static void say(const sb_grammar *grammar, uint32_t which, uint32_t depth, sb_saying *saying)
{
    const sb_rule_ways *of = &grammar->parts.rules[which];
    if (of->count == 0 || depth > SB_GRAMMAR_DEPTH)
        return;
    uint64_t draw = sb_draw(saying->key, saying->next_draw++);
    const sb_way *said = &grammar->parts.ways[of->first + sb_below(draw, of->count)];
    const char *text = grammar->pool + said->text;
    saying->financial |= said->financial;
    saying->tone += said->tone;
    saying->tone_count += said->tone != 0;
    if (said->keyword_count > 0)
        notice_keywords(grammar, said, saying);
    const sb_grammar_piece *part = &grammar->parts.pieces[said->first_piece];
    for (const sb_grammar_piece *end = part + said->piece_count; part < end; part++) {
        if (part->kind <= SB_PIECE_BREAK) { /* as one: which it is is guessed wrong */
            bool is_break = part->kind == SB_PIECE_BREAK;
            add_said(saying, is_break ? line_break : text + part->what,
                     is_break ? 1 : part->byte_count);
        } else if (part->kind == SB_PIECE_VARIABLE) {
            sb_saying_part(saying, SB_PART_VARIABLE);
            saying->fill(saying->user, (sb_variable)part->what, saying);
        } else
            say(grammar, part->what, depth + 1, saying);
    }
}

void sb_say(const sb_grammar *grammar, sb_rule which, sb_saying *saying)
{
    say(grammar, (uint32_t)which, 1, saying);
}

sb_text sb_grammar_plain(const sb_grammar *grammar, sb_rule which, uint64_t draw)
{
    const sb_rule_ways *of = &grammar->parts.rules[which];
    if (of->count == 0)
        return (sb_text){"-", 1, 0};
    const sb_way *said = &grammar->parts.ways[of->first + sb_below(draw, of->count)];
    const sb_grammar_piece *only = &grammar->parts.pieces[said->first_piece];
    if (said->piece_count != 1 || only->kind != SB_PIECE_TEXT)
        return (sb_text){NULL, 0, 0};
    return (sb_text){grammar->pool + said->text + only->what, only->byte_count,
                     grammar->first_token + said->row * grammar->columns + GRAMMAR_TEXT};
}
