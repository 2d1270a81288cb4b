#include "engine/charter.h"

#include <stdlib.h>
#include <string.h>

struct sb_charters *sb_charters_open(uint32_t locale_count)
{
    struct sb_charters *made;
    return calloc(1, sizeof *made + locale_count * sizeof made->locales[0]);
}

/* ---- of a locale ---------------------------------------------------------------------------- */

sb_form_hole sb_form_hole_of(sb_text form)
{
    const char *hole = strstr(form.bytes, "{name}");
    if (hole == NULL)
        return (sb_form_hole){0, 0};
    return (sb_form_hole){(uint8_t)(hole - form.bytes), (uint8_t)(hole - form.bytes + 6)};
}

static void prepare_names(const sb_world *world, sb_charter *of)
{
    uint64_t firsts = of->firsts->count, seconds = of->seconds->count;
    of->pairs = firsts * seconds;
    of->triples = firsts > 1 ? of->pairs * (firsts - 1) : of->pairs;
    of->by_firsts = sb_divisor_make(firsts);
    of->by_seconds = sb_divisor_make(seconds);
    of->by_pairs = sb_divisor_make(of->pairs);
    of->pair_order = sb_permutation_make(world->companies, of->pairs);
    of->triple_order = sb_permutation_make(world->companies, of->triples);
}

static void prepare_forms(sb_charter *of)
{
    for (uint32_t form = 0; form < of->forms->count && form < SB_FORMS_MAX; form++) {
        sb_text latin = sb_table_text(of->forms, SB_FORM_LATIN, form);
        bool same = latin.byte_count == 1 && latin.bytes[0] == '-';
        of->holes[form][0] = sb_form_hole_of(sb_table_text(of->forms, SB_FORM_NAME, form));
        of->holes[form][1] = same ? of->holes[form][0] : sb_form_hole_of(latin);
    }
}

static void prepare_numbers(const sb_world *world, sb_charter *of)
{
    const char *country = of->locale->country.bytes;
    of->identity = sb_row_key(world->companies, UINT64_MAX);
    of->has_tax_id = sb_number_form_make(&of->tax_id, SB_COMPANY_TAX_ID, country, of->identity);
    of->has_registration =
        sb_number_form_make(&of->registration, SB_REGISTRATION_NUMBER, country, of->identity);
    const sb_permutation *tax = &of->tax_id.order, *other = &of->registration.order;
    of->shares_rank = of->has_tax_id && of->has_registration && tax->size == other->size &&
                      tax->key.low == other->key.low && tax->key.high == other->key.high;
}

const sb_charter *sb_charter_of(sb_maker *maker, uint32_t locale)
{
    sb_charter *of = &maker->charters->locales[locale];
    if (of->is_made)
        return of;
    of->locale = sb_locale_of(maker, locale);
    of->firsts = sb_find(maker, locale, SB_TABLE_COMPANY_FIRST);
    of->seconds = sb_find(maker, locale, SB_TABLE_COMPANY_SECOND);
    of->forms = sb_find(maker, locale, SB_TABLE_COMPANY_FORMS);
    prepare_names(maker->world, of);
    prepare_forms(of);
    prepare_numbers(maker->world, of);
    of->scale = 1;
    for (int i = sb_currency_decimals(of->locale->currency.bytes, 3); i > 0; i--)
        of->scale *= 10;
    of->is_made = true;
    return of;
}

/* ---- of all --------------------------------------------------------------------------------- */

static void list_lines(const sb_table *lines, struct sb_charters *out)
{
    uint32_t listed = 0;
    for (uint32_t row = 0; row < lines->count && row < SB_LINES_MAX; row++) {
        int64_t industry = sb_table_mark(lines, SB_LINE_INDUSTRY, row);
        if (out->industry_count == SB_INDUSTRIES_MAX || sb_lines_of(out, industry) != NULL)
            continue;
        sb_trade_lines *of = &out->industries[out->industry_count++];
        *of = (sb_trade_lines){industry, listed, 0};
        for (uint32_t other = row; other < lines->count && other < SB_LINES_MAX; other++)
            if (sb_table_mark(lines, SB_LINE_INDUSTRY, other) == industry)
                out->lines[listed++] = (uint8_t)other;
        of->count = listed - of->first;
    }
}

static void mark_cash(sb_maker *maker, const sb_table *lines, struct sb_charters *out)
{
    enum { CASH_LINE = 2 };
    const sb_table *cash = sb_find(maker, 0, SB_TABLE_CASH_INDUSTRIES);
    for (uint32_t row = 0; row < lines->count && row < SB_LINES_MAX; row++)
        for (uint32_t i = 0; i < cash->count; i++)
            if (sb_table_mark(cash, CASH_LINE, i) == sb_table_mark(lines, SB_LINE_NAME, row))
                out->takes_much_cash[row] = true;
}

const struct sb_charters *sb_charters_of(sb_maker *maker)
{
    struct sb_charters *charters = maker->charters;
    if (!charters->knows_lines) {
        const sb_table *lines = sb_find(maker, 0, SB_TABLE_SUB_INDUSTRIES);
        list_lines(lines, charters);
        mark_cash(maker, lines, charters);
        charters->knows_lines = true;
    }
    return charters;
}

const sb_trade_lines *sb_lines_of(const struct sb_charters *charters, int64_t industry)
{
    for (uint32_t i = 0; i < charters->industry_count; i++)
        if (charters->industries[i].industry == industry)
            return &charters->industries[i];
    return NULL;
}
