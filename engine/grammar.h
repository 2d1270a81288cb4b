/* The grammar of a language: how messages and remittance texts are said.
 *
 * A table row is one way to say a rule; a way is a run of pieces: plain text, variables, other
 * rules (engine/tables/README.md). It is prepared once a locale and then expanded by draws: the nth
 * choice within a text takes the nth draw, so a text is a function of its key. */
#ifndef ENGINE_GRAMMAR_H
#define ENGINE_GRAMMAR_H

#include "engine/draw.h"
#include "engine/row_piece.h"
#include "engine/tables.h"

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

enum { SB_SAYING_BYTES = 4096, SB_SAYING_KEYWORDS = 8, SB_GRAMMAR_DEPTH = 8 };

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
    uint32_t length;
    char bytes[SB_SAYING_BYTES + SB_PADDING_BYTES]; /* room for pieces that are copied padded */
} sb_saying;

typedef struct sb_grammar sb_grammar;

/* Prepares the grammar of a locale out of its prepared tables. Owned by the caller: free(). NULL
 * when memory ran out. Rules the table does not have say nothing. */
sb_grammar *sb_grammar_prepare(sb_table_cache *cache, uint32_t locale);

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

/* One way of a rule that is nothing but text, if the draw falls on such a one: its text, with its
 * token; else a text of no bytes. */
sb_text sb_grammar_plain(const sb_grammar *grammar, sb_rule rule, uint64_t draw);

/* Says what is wrong with a grammar's table, if anything: `line_of_row` are its lines, for the
 * message. Used when tables are read. */
SB_CHECK sb_status sb_grammar_check(const char *path, const char *const *cells,
                                    const uint32_t *line_of_row, uint32_t row_count, sb_error *err);

#endif
