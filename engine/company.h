/* Companies: each a function of its number. */
#ifndef ENGINE_COMPANY_H
#define ENGINE_COMPANY_H

#include "engine/place.h"

/* How a number becomes a name; see company.c. */
typedef struct sb_name_parts {
    uint32_t first, other, second; /* rows of the first words, twice, and of the second ones */
    bool has_other;
    uint64_t number; /* 0: none */
} sb_name_parts;

typedef struct sb_company {
    uint64_t id;
    uint64_t cell;
    sb_key key;
    uint32_t locale;
    sb_place place;
    sb_name_parts name;
    uint32_t form; /* row of company_forms */
    sb_text industry;
    int64_t industry_mark; /* see sb_table_mark() */
    uint32_t line;         /* row of the shared sub-industries */
    bool is_public;
    uint32_t employee_count;
    int32_t registered; /* days since 1970, before the period */
    bool is_shell;
} sb_company;

void sb_company_make(sb_maker *maker, uint64_t id, sb_company *out);

/* A company and the name it trades under, kept: merchants and employers are asked for again and
 * again. */
typedef struct sb_firm {
    sb_company company;
    sb_line name; /* length 0: none yet */
} sb_firm;

/* Owned by the caller, who frees it; NULL when memory ran out. */
sb_firm *sb_firms_open(void);
/* What rows of neighbours are made with: the same. */
struct sb_companies *sb_companies_open(void);
/* Borrowed; valid until another firm is asked for. */
const sb_firm *sb_firm_find(sb_maker *maker, uint64_t id);

/* The number of employees and the day of registration alone. */
uint32_t sb_company_employees(const sb_world *world, uint64_t id);
int32_t sb_company_registered(const sb_world *world, uint64_t id);

/* The registered name, unique in the dataset; without the legal form it is how the firm trades. In
 * Latin letters where `latin` is set. */
void sb_company_name(sb_maker *maker, const sb_company *company, bool with_form, bool latin,
                     sb_line *out);
/* Who owns it: at most SB_OWNERS_MAX parts, in basis points that sum to 10,000. */
enum { SB_OWNERS_MAX = 5 };
typedef struct sb_share {
    uint64_t person, company; /* the one that has_... says */
    bool has_person, has_company;
    uint32_t share_bp;
} sb_share;
uint32_t sb_company_owners(sb_maker *maker, const sb_company *company, sb_share out[SB_OWNERS_MAX]);
/* Its officers: at most SB_OFFICERS_MAX people; returns how many. */
enum { SB_OFFICERS_MAX = 4 };
typedef struct sb_officer {
    uint64_t person;
    int role; /* SB_OFFICER_* */
    int32_t since;
} sb_officer;
uint32_t sb_company_officers(sb_maker *maker, const sb_company *company,
                             sb_officer out[SB_OFFICERS_MAX]);
/* Where it does business, as rows of the shared countries: its own first, and up to five others. */
enum { SB_COMPANY_COUNTRIES_MAX = 6 };
uint32_t sb_company_countries(sb_maker *maker, const sb_company *company,
                              uint32_t out[SB_COMPANY_COUNTRIES_MAX]);
/* The symbol of a listed company, unique among those of its exchange that the dataset has, and the
 * exchange's row in the shared table. */
void sb_company_ticker(sb_maker *maker, const sb_company *company, sb_line *out);
uint32_t sb_company_exchange(sb_maker *maker, const sb_company *company);
void sb_company_email(sb_maker *maker, const sb_company *company, sb_line *out);
void sb_company_phone(sb_maker *maker, const sb_company *company, sb_line *out);

/* Appends one row. */
void sb_company_put(sb_maker *maker, sb_rows *rows, uint64_t id);

/* An invented firm that is not in the dataset; of that industry, if the mark (see sb_table_mark) is
 * not 0. */
void sb_outside_firm(sb_maker *maker, uint32_t locale, int64_t industry_mark, uint64_t draw,
                     sb_line *out);

/* The same in its words, all of tables: a form of name stands around the others. */
typedef struct sb_outside_name {
    sb_text before, family, second, after;
    bool is_spaced; /* a blank between the family's name and the second word */
} sb_outside_name;
void sb_outside_firm_words(sb_maker *maker, uint32_t locale, int64_t industry_mark, uint64_t draw,
                           sb_outside_name *out);
/* Appends it as a string. */
void sb_line_outside_name(sb_line *line, const sb_outside_name *name);

#endif
