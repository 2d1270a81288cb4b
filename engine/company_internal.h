/* What the two files about companies share: what is known of one (company.c), and the row that
 * tells it (company_row.c). */
#ifndef ENGINE_COMPANY_INTERNAL_H
#define ENGINE_COMPANY_INTERNAL_H

#include "engine/charter.h"
#include "engine/company.h"
#include "engine/line.h"

#define KEY_DRAW(key, field, nth) sb_draw(key, SB_DRAW_NUMBER(SB_COMPANY_##field, nth))

/* Of which the rank in its class is the permuted place. */
static inline const sb_permutation *sb_name_order(const sb_charter *of, uint64_t id)
{
    return id >= of->pairs ? &of->triple_order : &of->pair_order;
}

static inline uint64_t sb_name_place(const sb_charter *of, uint64_t id)
{
    return id < of->pairs ? id : (id - of->pairs) % of->triples;
}

/* The name of a number, and the same where its rank in the class is known. */
sb_name_parts sb_name_split(const sb_charter *of, uint64_t id);
sb_name_parts sb_name_split_rank(const sb_charter *of, uint64_t id, uint64_t within);

/* A word of a name or a legal form, in its own letters or in Latin ones. */
static inline sb_text sb_name_word(const sb_table *words, uint32_t row, bool latin)
{
    return latin ? sb_table_latin(words, 0, 1, row) : sb_table_text(words, 0, row);
}

/* All but what is known of it: number, cell, keys, and the parts of the name. */
void sb_company_make_rest(sb_maker *maker, const sb_home *home, sb_company *out);

/* What every domain ends with. */
static const char domain_end[] = ".example";
enum { DOMAIN_END = sizeof domain_end - 1 };

/* Appends what stands before the domain in the e-mail address. */
void sb_company_mailbox(const sb_company *company, sb_line *out);

/* Whether it belongs to another company, and to which. */
bool sb_company_parent(sb_maker *maker, const sb_company *company, uint64_t *parent);

/* As sb_company_owners(), where the parent is known; returns how many. */
uint32_t sb_company_list_owners(sb_maker *maker, const sb_company *company, bool has_parent,
                                uint64_t parent, sb_share out[SB_OWNERS_MAX]);

/* Columns of shared/exchanges.tsv. */
enum { EXCHANGE_CODE, EXCHANGE_COUNTRY = 4 };

#endif
