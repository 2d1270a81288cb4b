/* A grammar taken apart: which rules there are, the ways to say each, and the pieces of a way. Flat
 * arrays without pointers, so that the table compiler can write out those of the compiled-in
 * languages; only a grammar that comes with --tables is taken apart at run time. */
#ifndef ENGINE_GRAMMAR_PARTS_H
#define ENGINE_GRAMMAR_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/table_text.h"

/* clang-format off */
/* Rules the engine asks for. */
#define SB_RULES(R)                                                                                \
    R(subject_formal_paid) R(subject_formal_got) R(subject_formal_plain)                           \
    R(subject_informal_paid) R(subject_informal_got) R(subject_informal_plain)                     \
    R(email_formal_paid) R(email_formal_got) R(email_formal_plain)                                 \
    R(email_informal_paid) R(email_informal_got) R(email_informal_plain)                           \
    R(short_formal_paid) R(short_formal_got) R(short_formal_plain)                                 \
    R(short_informal_paid) R(short_informal_got) R(short_informal_plain)                           \
    R(reply_formal_paid) R(reply_formal_got) R(reply_formal_plain) R(reply_formal_more)            \
    R(reply_informal_paid) R(reply_informal_got) R(reply_informal_plain) R(reply_informal_more)    \
    R(shortreply_formal_paid) R(shortreply_formal_got) R(shortreply_formal_plain)                  \
    R(shortreply_formal_more) R(shortreply_informal_paid) R(shortreply_informal_got)               \
    R(shortreply_informal_plain) R(shortreply_informal_more)                                       \
    R(call_paid) R(call_got) R(call_plain) R(social) R(sensitive) R(describe)                      \
    R(remit_transfer) R(remit_invoice) R(remit_energy) R(remit_phone) R(remit_insurance)           \
    R(remit_housing) R(remit_bill) R(remit_salary) R(remit_rent)                                   \
    R(remit_standing) R(remit_saving) R(remit_cash) R(remit_deposit) R(remit_interest)             \
    R(remit_refund) R(remit_payout) R(remit_opening)

#define SB_VARIABLES(V)                                                                            \
    V(given) V(sender) V(amount) V(date) V(reference) V(number) V(time) V(weekday) V(month)        \
    V(city) V(company) V(trade)
/* clang-format on */

#define SB_RULE_ENUM(name) SB_RULE_##name,
typedef enum sb_rule { SB_RULES(SB_RULE_ENUM) SB_RULE_COUNT } sb_rule;
#define SB_VARIABLE_ENUM(name) SB_VAR_##name,
typedef enum sb_variable { SB_VARIABLES(SB_VARIABLE_ENUM) SB_VARIABLE_COUNT } sb_variable;

enum { SB_SAYING_KEYWORDS = 8, SB_GRAMMAR_DEPTH = 8 };

extern const char *const sb_rule_names[SB_RULE_COUNT];
extern const char *const sb_variable_names[SB_VARIABLE_COUNT];

typedef enum sb_grammar_piece_kind {
    SB_PIECE_TEXT,
    SB_PIECE_BREAK, /* a line break, two letters in the table */
    SB_PIECE_VARIABLE,
    SB_PIECE_RULE,
} sb_grammar_piece_kind;

typedef struct sb_grammar_piece {
    uint8_t kind;
    uint8_t byte_count; /* of text */
    uint16_t what;      /* a variable or a rule; of text: where it begins in the way's cell */
} sb_grammar_piece;

typedef struct sb_way {
    uint32_t row;  /* of the table */
    uint32_t text; /* its cell, an offset in the pool */
    uint32_t first_piece, first_keyword;
    uint8_t piece_count, keyword_count;
    int8_t tone;
    bool financial;
} sb_way;

typedef struct sb_rule_ways {
    uint32_t first, count;
} sb_rule_ways;

_Static_assert(SB_CELL_BYTES_MAX <= UINT8_MAX, "places, lengths and counts of pieces are one byte");

typedef struct sb_grammar_parts {
    const sb_rule_ways *rules; /* the engine's, in its order; then the table's own */
    const sb_way *ways;
    const sb_grammar_piece *pieces;
    const uint16_t *keywords; /* rows of the shared table */
    uint32_t rule_count, way_count, piece_count, keyword_count;
} sb_grammar_parts;

/* Rows of grammar.tsv, and the shared keywords, of which those of the language are looked for.
 * The arrays stand in one block of memory that begins with `rules`, owned by the caller: free().
 * False when memory ran out. */
bool sb_grammar_take_apart(const sb_raw_table *grammar, const sb_raw_table *keywords,
                           const char *language, sb_grammar_parts *out);

/* Says what is wrong with a grammar's table, if anything: `line_of_row` are its lines, for the
 * message. Used when tables are read. */
SB_CHECK sb_status sb_grammar_check(const char *path, const char *const *cells,
                                    const uint32_t *line_of_row, uint32_t row_count, sb_error *err);

#endif
