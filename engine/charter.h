/* What the companies of a locale share, made once: tables, legal forms, how numbers become names
 * and identifiers. */
#ifndef ENGINE_CHARTER_H
#define ENGINE_CHARTER_H

#include "engine/identifier.h"
#include "engine/maker.h"

/* Columns of company_second.tsv, company_forms.tsv and sub_industries.tsv. */
enum { SB_SECOND_WORD, SB_SECOND_LATIN, SB_SECOND_INDUSTRY };
enum { SB_FORM_NAME, SB_FORM_LATIN, SB_FORM_WEIGHT, SB_FORM_TYPE, SB_FORM_SOLE };
enum { SB_LINE_NAME, SB_LINE_INDUSTRY };

enum { SB_FORMS_MAX = 64, SB_INDUSTRIES_MAX = 64 };

/* Where a form's text has the hole for the name. */
typedef struct sb_form_hole {
    uint8_t begin, end; /* the same: it has none, as only tables have that are refused */
} sb_form_hole;
sb_form_hole sb_form_hole_of(sb_text form);

typedef struct sb_charter {
    bool is_made;
    const sb_locale *locale;
    const sb_table *firsts, *seconds, *forms;
    /* The names as numbers; see company.c. */
    uint64_t pairs, triples;
    sb_divisor by_firsts, by_seconds, by_pairs;
    sb_permutation pair_order, triple_order;
    sb_form_hole holes[SB_FORMS_MAX][2]; /* of the first forms: in their own letters, in Latin */
    sb_key identity;                     /* of tax numbers and registers */
    bool has_tax_id, has_registration;
    bool shares_rank; /* the second is derived from the first */
    sb_number_form tax_id, registration;
    int64_t scale; /* minor units in a unit of the currency */
} sb_charter;

/* The hole of a form (a row of the table), whose text is at hand. */
static inline sb_form_hole sb_charter_hole(const sb_charter *of, uint32_t form, bool latin,
                                           sb_text text)
{
    return form < SB_FORMS_MAX ? of->holes[form][latin] : sb_form_hole_of(text);
}

/* Lines of business (rows of the shared table) of an industry, in their order. */
typedef struct sb_trade_lines {
    int64_t industry; /* see sb_table_mark() */
    uint32_t first, count;
} sb_trade_lines;

struct sb_charters {
    bool knows_lines;
    uint32_t industry_count;
    sb_trade_lines industries[SB_INDUSTRIES_MAX];
    uint8_t lines[SB_LINES_MAX];            /* industry by industry */
    bool takes_much_cash[SB_LINES_MAX + 1]; /* by line */
    sb_charter locales[];
};

/* Owned by the caller, who frees it; NULL when memory ran out. Filled in at first use. */
struct sb_charters *sb_charters_open(uint32_t locale_count);

/* Borrowed from the maker. */
const sb_charter *sb_charter_of(sb_maker *maker, uint32_t locale);
const struct sb_charters *sb_charters_of(sb_maker *maker);

/* The lines of an industry; NULL where it has none. */
const sb_trade_lines *sb_lines_of(const struct sb_charters *charters, int64_t industry);

#endif
