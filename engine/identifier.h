/* Identifiers: cards, tax numbers, registers, papers; those of accounts are in iban.h. Pure
 * functions of their arguments, in integers.
 *
 * Form and check digits are those of the country. Where a country has a range that it keeps for
 * tests, that cannot be, or that nobody has been given, the values lie in it. Otherwise they are
 * made over the whole range. docs/identifiers.md says which, and how many there are.
 *
 * An id goes through a permutation that is keyed by the stream's key, the country and the kind, so
 * ids below the capacity never share a value; ids that are equal modulo the capacity do. Numbers
 * with a date of birth in them have few values a day and repeat earlier. */
#ifndef ENGINE_IDENTIFIER_H
#define ENGINE_IDENTIFIER_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/calendar.h"
#include "engine/draw.h"
#include "engine/line.h"

/* A payment card: 9999, eleven digits of `number`, Luhn. The major industry 9 is for national
 * bodies under the country's numeric code, and 999 is no country. Unique below 10^11. */
void sb_line_pan(sb_line *line, uint64_t number);

/* ISO 17442: 9999 (no issuer), 00, twelve digits of `number`, two to check. Unique below 10^12. */
void sb_line_lei(sb_line *line, uint64_t number);

/* The number by which tax offices know a person; false, and nothing appended, where the country
 * has none here. `birth_days` and `female` count where the number says them. */
bool sb_line_person_tax_id(sb_line *line, const char *country, sb_key key, uint64_t id,
                           int32_t birth_days, bool female);

/* The number for VAT, or for income tax where there is no VAT. */
bool sb_line_company_tax_id(sb_line *line, const char *country, sb_key key, uint64_t id);

/* The number in the register of companies. Where the tax number is derived from it, the two agree
 * for the same key and id. Unique without limit: beyond the capacity of the form a hyphen and a
 * count follow. Elsewhere the country, a hyphen, and a number of five digits and more. */
void sb_line_registration_number(sb_line *line, const char *country, sb_key key, uint64_t id);

/* Numbers of papers, in the country's form; in a form of our own elsewhere. Always true. */
bool sb_line_passport_number(sb_line *line, const char *country, sb_key key, uint64_t id);
bool sb_line_licence_number(sb_line *line, const char *country, sb_key key, uint64_t id);

typedef enum sb_identifier_kind {
    SB_PERSON_TAX_ID,
    SB_COMPANY_TAX_ID,
    SB_REGISTRATION_NUMBER,
    SB_PASSPORT_NUMBER,
    SB_LICENCE_NUMBER,
    SB_IDENTIFIER_KIND_COUNT
} sb_identifier_kind;

/* How many values of a kind there are before the first repeats; 0: none of that country. For
 * numbers with a date of birth: those of one day and sex. */
uint64_t sb_identifier_capacity(sb_identifier_kind kind, const char *country);

/* ---- many of a kind ------------------------------------------------------------------------- */

/* A run of places in a number: digits, or letters of one set. */
typedef struct sb_number_run {
    const char *letters; /* static; NULL: digits */
    sb_divisor size;     /* of the set; of digits 10^count */
    uint8_t at, count;
    bool is_free; /* one of nine digits that leave a check digit */
} sb_number_run;

/* What the functions above look up and work out before they write a number: for who writes many of
 * one country, kind and key. */
enum { SB_NUMBER_RUNS_MAX = 6 };
typedef struct sb_number_form {
    sb_permutation order;               /* of ids; as many as there are values */
    sb_divisor capacity;                /* so many */
    const struct sb_national *national; /* static; or */
    const struct sb_birth_number *born; /* static, of those with a date of birth; or neither */
    uint8_t run_count, count;
    char body[24];                          /* what stands in all numbers */
    sb_number_run runs[SB_NUMBER_RUNS_MAX]; /* last, since most numbers have one or two */
} sb_number_form;

/* False where the country has none. Some 100 ns. */
bool sb_number_form_make(sb_number_form *out, sb_identifier_kind kind, const char *country,
                         sb_key key);

/* Which of the values an id has: sb_permute() of this. */
static inline uint64_t sb_number_place(const sb_number_form *form, uint64_t id)
{
    return id - sb_divide(id, &form->capacity) * form->capacity.by;
}

static inline uint64_t sb_number_rank(const sb_number_form *form, uint64_t id)
{
    return sb_permute(&form->order, sb_number_place(form, id));
}

/* The value of that rank; of a person's tax number the second. */
void sb_line_number(sb_line *line, const sb_number_form *form, uint64_t rank);
void sb_line_born_number(sb_line *line, const sb_number_form *form, uint64_t rank,
                         const sb_civil *birth, bool female);

#endif
