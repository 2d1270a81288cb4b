#include "engine/company.h"

#include <stdlib.h>
#include <string.h>

#include "engine/company_internal.h"
#include "engine/distributions.h"
#include "engine/person.h"
#include "engine/words.h"

/* ---- what others ask for alone -------------------------------------------------------------- */

static bool draw_shell(sb_key key)
{
    return sb_chance(KEY_DRAW(key, is_shell, 0), 20000);
}

/* The last of the quantiles are too far apart for a line between them: there the law is applied
 * once more, to itself. */
static uint32_t draw_size(uint64_t draw)
{
    if (draw >> 54 < SB_QUANTILES - 2)
        return sb_quantile(sb_company_sizes, draw);
    uint64_t size =
        (uint64_t)sb_company_sizes[SB_QUANTILES - 2] * sb_quantile(sb_company_sizes, draw << 10);
    return (uint32_t)(size < 100000 ? size : 100000);
}

static uint32_t draw_employees(sb_key key)
{
    return draw_shell(key) ? (uint32_t)sb_below(KEY_DRAW(key, employee_count, 1), 3)
                           : draw_size(KEY_DRAW(key, employee_count, 0));
}

uint32_t sb_company_employees(const sb_world *world, uint64_t id)
{
    return draw_employees(sb_row_key(world->companies, id));
}

/* At least a year before the period; half of all firms are younger than eleven years, none dates
 * from before 1950. */
static int32_t draw_registered(const sb_world *world, sb_key key)
{
    enum { JANUARY_1950 = -7305 };
    int64_t age = 365 + sb_lognormal_draw(4000, 3, KEY_DRAW(key, registration_date, 0));
    int64_t oldest = world->values.start_days - JANUARY_1950;
    if (age > oldest)
        age = 365 + (int64_t)sb_below(KEY_DRAW(key, registration_date, 1), (uint64_t)oldest - 365);
    return (int32_t)(world->values.start_days - age);
}

int32_t sb_company_registered(const sb_world *world, uint64_t id)
{
    return draw_registered(world, sb_row_key(world->companies, id));
}

/* ---- names ---------------------------------------------------------------------------------- */

/* How a number becomes a name that no other number of the language gets: a keyed permutation inside
 * the class of numbers that share a form of name.
 *
 *     first x second              Harlow Logistics
 *     first x other x second      Harlow Reed Logistics
 *     the same, numbered          Harlow Reed Logistics 2 */
sb_name_parts sb_name_split_rank(const sb_charter *of, uint64_t id, uint64_t within)
{
    sb_name_parts parts = {.has_other = id >= of->pairs};
    if (parts.has_other && id - of->pairs >= of->triples)
        parts.number = (id - of->pairs) / of->triples + 1;
    uint64_t firsts = sb_divide(within, &of->by_seconds);
    parts.second = (uint32_t)(within - firsts * of->by_seconds.by);
    parts.first = (uint32_t)(firsts - sb_divide(firsts, &of->by_firsts) * of->by_firsts.by);
    parts.other = (uint32_t)sb_divide(within, &of->by_pairs);
    parts.other += parts.has_other && parts.other >= parts.first && of->by_firsts.by > 1;
    return parts;
}

sb_name_parts sb_name_split(const sb_charter *of, uint64_t id)
{
    return sb_name_split_rank(of, id, sb_permute(sb_name_order(of, id), sb_name_place(of, id)));
}

/* The words of the name, without the legal form. */
static void add_words(const sb_charter *of, const sb_name_parts *parts, bool latin, sb_line *out)
{
    bool spaced = latin || of->locale->spaced_names;
    sb_line_text(out, sb_name_word(of->firsts, parts->first, latin));
    if (spaced)
        sb_line_char(out, ' ');
    if (parts->has_other) {
        sb_line_text(out, sb_name_word(of->firsts, parts->other, latin));
        if (spaced)
            sb_line_char(out, ' ');
    }
    sb_line_text(out, sb_name_word(of->seconds, parts->second, latin));
    if (parts->number > 0) {
        sb_line_char(out, ' ');
        sb_line_digits(out, parts->number, 1);
    }
}

void sb_company_name(sb_maker *maker, const sb_company *company, bool with_form, bool latin,
                     sb_line *out)
{
    const sb_charter *of = sb_charter_of(maker, company->locale);
    if (!with_form) {
        add_words(of, &company->name, latin, out);
        return;
    }
    sb_text form = sb_name_word(of->forms, company->form, latin);
    sb_form_hole hole = sb_charter_hole(of, company->form, latin, form);
    sb_line_padded(out, form.bytes, hole.begin);
    if (hole.end > 0) /* else it is refused when tables are read */
        add_words(of, &company->name, latin, out);
    sb_line_padded(out, form.bytes + hole.end, form.byte_count - hole.end);
}

static bool is_one_of(sb_text word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], word.bytes) == 0)
            return true;
    return false;
}

/* Public bodies, societies and foundations are found in some industries only. */
static bool form_fits(sb_text type, sb_text industry)
{
    static const char *const public_ones[] = {"education", "healthcare", "energy",
                                              "transportation"};
    static const char *const non_profits[] = {"education", "healthcare", "entertainment",
                                              "agriculture"};
    static const char *const trusts[] = {"financial_services", "real_estate", "education"};
    switch (type.bytes[0]) {
    case 'g':
        return is_one_of(industry, public_ones, sizeof public_ones / sizeof *public_ones);
    case 'n':
        return is_one_of(industry, non_profits, sizeof non_profits / sizeof *non_profits);
    case 't':
        return is_one_of(industry, trusts, sizeof trusts / sizeof *trusts);
    default:
        return true;
    }
}

/* A word that stands for the industry, if such is drawn in 24 tries more: the last one otherwise.
 * There are some twenty industries, so tries are many; all words weigh the same. Tries of a series
 * are all looked at: which is the first that fits is guessed wrong. */
static uint32_t draw_second(const sb_lanes *lanes, const sb_table *seconds, int64_t industry_mark,
                            sb_key key)
{
    uint32_t count = seconds->count, second = (uint32_t)sb_below(sb_draw(key, 1), count);
    const int64_t *marks = seconds->ints + (size_t)seconds->int_slots[SB_SECOND_INDUSTRY] * count;
    if (industry_mark == 0 || marks[second] == industry_mark)
        return second;
    for (uint32_t number = 8; number < 32; number += SB_SERIES) {
        uint64_t draws[SB_SERIES];
        uint32_t fit = 0;
        lanes->series(key, number, draws);
        for (uint32_t i = 0; i < SB_SERIES; i++)
            fit |= (uint32_t)(marks[sb_below(draws[i], count)] == industry_mark) << i;
        if (fit != 0)
            return (uint32_t)sb_below(draws[__builtin_ctz(fit)], count);
        second = (uint32_t)sb_below(draws[SB_SERIES - 1], count);
    }
    return second;
}

/* A family's firm: such a name no company of the dataset has. */
void sb_outside_firm_words(sb_maker *maker, uint32_t locale, int64_t industry_mark, uint64_t draw,
                           sb_outside_name *out)
{
    const sb_charter *of = sb_charter_of(maker, locale);
    const sb_table *families = sb_find(maker, locale, SB_TABLE_FAMILY);
    sb_key key = {draw, 0x6F757473696465};
    uint32_t second = draw_second(maker->lanes, of->seconds, industry_mark, key);
    uint32_t form_row = sb_table_draw(of->forms, sb_draw(key, 2));
    sb_text industry = sb_table_text(of->seconds, SB_SECOND_INDUSTRY, second);
    for (uint32_t nth = 0;
         nth < 6 && !form_fits(sb_table_text(of->forms, SB_FORM_TYPE, form_row), industry); nth++)
        form_row = sb_table_draw(of->forms, sb_draw(key, 40 + nth));
    sb_text form = sb_table_text(of->forms, SB_FORM_NAME, form_row);
    sb_form_hole hole = sb_charter_hole(of, form_row, false, form);
    out->before = (sb_text){form.bytes, hole.begin, 0};
    out->family = sb_table_text(families, 0, sb_table_draw(families, sb_draw(key, 0)));
    out->second = sb_table_text(of->seconds, SB_SECOND_WORD, second);
    out->after = (sb_text){form.bytes + hole.end, hole.end > 0 ? form.byte_count - hole.end : 0, 0};
    out->is_spaced = of->locale->spaced_names;
}

void sb_line_outside_name(sb_line *line, const sb_outside_name *name)
{
    sb_line_text(line, name->before);
    sb_line_text(line, name->family);
    if (name->is_spaced)
        sb_line_char(line, ' ');
    sb_line_text(line, name->second);
    sb_line_text(line, name->after);
}

void sb_outside_firm(sb_maker *maker, uint32_t locale, int64_t industry_mark, uint64_t draw,
                     sb_line *out)
{
    sb_outside_name name;
    sb_outside_firm_words(maker, locale, industry_mark, draw, &name);
    sb_line_outside_name(out, &name);
}

/* ---- making --------------------------------------------------------------------------------- */

/* What the name says, or by the industries' weights where it says nothing. */
static void draw_industry(sb_maker *maker, sb_company *company)
{
    const sb_table *from = sb_find(maker, company->locale, SB_TABLE_COMPANY_SECOND);
    uint32_t column = SB_SECOND_INDUSTRY, row = company->name.second;
    sb_text named = sb_table_text(from, column, row);
    if (named.byte_count == 3 && memcmp(named.bytes, "any", 3) == 0) {
        from = sb_find(maker, 0, SB_TABLE_INDUSTRIES);
        column = 0;
        row = sb_table_draw(from, KEY_DRAW(company->key, industry, 0));
    }
    company->industry = sb_table_text(from, column, row);
    company->industry_mark = sb_table_mark(from, column, row);
}

/* What the name says, or a line of business of the industry; those that stand first in the table
 * more often. */
static uint32_t draw_line(sb_maker *maker, const sb_company *company)
{
    const sb_table *lines = sb_find(maker, 0, SB_TABLE_SUB_INDUSTRIES);
    uint32_t named = sb_maker_line(maker, company->locale, company->name.second);
    int64_t industry = company->industry_mark;
    if (named < lines->count && sb_table_mark(lines, SB_LINE_INDUSTRY, named) == industry)
        return named;
    const struct sb_charters *charters = sb_charters_of(maker);
    const sb_trade_lines *of = sb_lines_of(charters, industry);
    if (of == NULL)
        return 0;
    uint64_t a = sb_below(KEY_DRAW(company->key, sub_industry, 0), of->count),
             b = sb_below(KEY_DRAW(company->key, sub_industry, 1), of->count);
    return charters->lines[of->first + (a < b ? a : b)];
}

/* The first letter of a form's type tells it from the others: corporation, partnership, ... */
static char type_of(sb_maker *maker, const sb_company *company, uint32_t form)
{
    const sb_table *forms = sb_find(maker, company->locale, SB_TABLE_COMPANY_FORMS);
    return sb_table_text(forms, SB_FORM_TYPE, form).bytes[0];
}

/* A form for few people where few work, another where many do, and one that fits the industry, if
 * such is drawn in twelve tries. Only the shares of corporations are listed. */
static uint32_t draw_form(sb_maker *maker, const sb_company *company)
{
    const sb_table *forms = sb_find(maker, company->locale, SB_TABLE_COMPANY_FORMS);
    uint32_t row = 0;
    if (company->is_public)
        for (row = 0; row < forms->count; row++)
            if (type_of(maker, company, row) == 'c')
                return row;
    for (uint32_t nth = 0; nth < 12; nth++) {
        row = sb_table_draw(forms, KEY_DRAW(company->key, company_type, nth));
        if ((company->employee_count <= 10 || sb_table_int(forms, SB_FORM_SOLE, row) == 0) &&
            form_fits(sb_table_text(forms, SB_FORM_TYPE, row), company->industry))
            break;
    }
    return row;
}

/* All but what is known of it: keys, and the parts of the name. */
void sb_company_make_rest(sb_maker *maker, const sb_home *home, sb_company *out)
{
    const sb_world *world = maker->world;
    out->locale = out->place.locale = home->locale;
    out->place.city = home->city;
    if (sb_chance(KEY_DRAW(out->key, addresses, 0), 250000))
        out->place.city = sb_table_draw(sb_find(maker, home->locale, SB_TABLE_CITIES),
                                        KEY_DRAW(out->key, addresses, 1));
    out->is_shell = draw_shell(out->key);
    out->employee_count = draw_employees(out->key);
    out->registered = draw_registered(world, out->key);
    draw_industry(maker, out);
    out->line = draw_line(maker, out);
    out->is_public =
        out->employee_count > 60 && sb_chance(KEY_DRAW(out->key, is_public, 0), 350000);
    out->form = draw_form(maker, out);
}

void sb_company_make(sb_maker *maker, uint64_t id, sb_company *out)
{
    out->id = id;
    out->cell = sb_maker_span(maker, SB_COMPANIES, id).cell;
    out->key = sb_row_key(maker->world->companies, id);
    out->place.key = sb_row_key(out->key, 1);
    sb_home home = sb_maker_home(maker, out->cell);
    out->name = sb_name_split(sb_charter_of(maker, home.locale), id);
    sb_company_make_rest(maker, &home, out);
}

sb_firm *sb_firms_open(void)
{
    return calloc(SB_FIRMS_KEPT, sizeof(sb_firm));
}

const sb_firm *sb_firm_find(sb_maker *maker, uint64_t id)
{
    sb_firm *firm = &maker->firms[id % SB_FIRMS_KEPT];
    if (firm->company.id != id || firm->name.length == 0) {
        sb_company_make(maker, id, &firm->company);
        sb_line_begin(&firm->name);
        sb_company_name(maker, &firm->company, false, false, &firm->name);
    }
    return firm;
}

static void add_domain(sb_maker *maker, const sb_company *company, sb_line *out)
{
    const sb_table *firsts = sb_find(maker, company->locale, SB_TABLE_COMPANY_FIRST);
    sb_line_slug(out, sb_table_latin(firsts, 0, 1, company->name.first));
    sb_line_char(out, '-');
    sb_line_unique(out, maker->world->companies, company->id);
    sb_line_cstr(out, domain_end);
}

void sb_company_mailbox(const sb_company *company, sb_line *out)
{
    static const char *const boxes[] = {"info@", "office@", "accounts@", "contact@"};
    sb_line_cstr(out, boxes[KEY_DRAW(company->key, email, 0) >> 62]);
}

void sb_company_email(sb_maker *maker, const sb_company *company, sb_line *out)
{
    sb_company_mailbox(company, out);
    add_domain(maker, company, out);
}

void sb_company_phone(sb_maker *maker, const sb_company *company, sb_line *out)
{
    sb_make_phone(maker, &company->place, false, KEY_DRAW(company->key, phone, 0), out);
}

/* ---- people behind it ----------------------------------------------------------------------- */

static sb_pool persons_of(const sb_world *world, const sb_company *company)
{
    return sb_pool_of(company->cell, world->values.counts[SB_PERSONS], world->cell_count);
}

/* A parent has a lower number in the cell, so the relation cannot have a cycle. */
bool sb_company_parent(sb_maker *maker, const sb_company *company, uint64_t *parent)
{
    uint64_t first = sb_maker_span(maker, SB_COMPANIES, company->id).begin;
    uint64_t before = company->id - first;
    if (before == 0 || !sb_chance(KEY_DRAW(company->key, parent_id, 0), 180000) ||
        type_of(maker, company, company->form) == 's')
        return false;
    *parent = first + sb_below(KEY_DRAW(company->key, parent_id, 1), before);
    return true;
}

/* Officers are adults of the neighbourhood who were so when appointed, and the company there. */
uint32_t sb_company_officers(sb_maker *maker, const sb_company *company,
                             sb_officer out[SB_OFFICERS_MAX])
{
    const sb_world *world = maker->world;
    sb_pool persons = persons_of(world, company);
    uint32_t count = company->employee_count < 10 ? 1 : company->employee_count < 100 ? 2 : 4;
    if (count > persons.count)
        count = (uint32_t)persons.count;
    sb_permutation order = sb_permutation_make(company->key, persons.count);
    int32_t latest = world->values.end_days - 1;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t person = persons.first + sb_permute(&order, i);
        int32_t earliest = sb_person_birth(world, person) + 6576;
        if (earliest < company->registered)
            earliest = company->registered;
        uint64_t draw = KEY_DRAW(company->key, officers, i);
        out[i] = (sb_officer){
            .person = person,
            .role = count == 1 ? SB_OFFICER_DIRECTOR : (int)i,
            .since = earliest >= latest
                         ? latest
                         : earliest + (int32_t)sb_below(draw, (uint64_t)(latest - earliest))};
    }
    return count;
}

/* A subsidiary belongs to its parent by more than half; the rest is shared by people of the
 * neighbourhood, of listed firms by holders outside the dataset. A sole proprietor is also the
 * first officer, a partnership has at least two owners. */
uint32_t sb_company_list_owners(sb_maker *maker, const sb_company *company, bool has_parent,
                                uint64_t parent, sb_share out[SB_OWNERS_MAX])
{
    sb_pool persons = persons_of(maker->world, company);
    uint64_t parts = 1 + sb_below(KEY_DRAW(company->key, owners, 0), 3);
    uint32_t count = 0, left = 10000;
    char type = type_of(maker, company, company->form);
    bool sole = type == 's';
    if (has_parent) {
        uint32_t share =
            5100 +
            (uint32_t)sb_below(KEY_DRAW(company->key, owners, 1), type == 'p' ? 49 : 50) * 100;
        out[count++] = (sb_share){.company = parent, .has_company = true, .share_bp = share};
        left -= share;
    }
    if (sole || (parts == 1 && type == 'p'))
        parts = sole ? 1 : 2;
    bool outside = company->is_public || persons.count == 0;
    if (outside || left < 1000 || parts > persons.count)
        parts = 1; /* below a tenth there is nothing to share */
    sb_permutation order =
        sb_permutation_make(sole ? company->key : sb_row_key(company->key, 9), persons.count);
    for (uint64_t i = 0; left > 0 && i < parts; i++) {
        uint32_t share = i + 1 == parts ? left : left / 2 / 100 * 100;
        out[count] = (sb_share){.has_person = !outside, .share_bp = share};
        if (!outside)
            out[count].person = persons.first + sb_permute(&order, i);
        count++;
        left -= share;
    }
    return count;
}

uint32_t sb_company_owners(sb_maker *maker, const sb_company *company, sb_share out[SB_OWNERS_MAX])
{
    uint64_t parent = 0;
    bool has_parent = sb_company_parent(maker, company, &parent);
    return sb_company_list_owners(maker, company, has_parent, parent, out);
}

/* ---- where it does business ----------------------------------------------------------------- */

/* The larger the more countries, by their weight in trade; a shell anywhere. */
uint32_t sb_company_countries(sb_maker *maker, const sb_company *company,
                              uint32_t out[SB_COMPANY_COUNTRIES_MAX])
{
    const sb_table *countries = sb_find(maker, 0, SB_TABLE_COUNTRIES);
    uint32_t heads = company->employee_count, count = 1;
    uint64_t share = sb_below(KEY_DRAW(company->key, operating_countries, 0), 100) +
                     (heads > 250 ? 45 : 0) + (heads > 20 ? 20 : 0) + (company->is_shell ? 30 : 0);
    uint32_t wanted = share < 60    ? 1
                      : share < 90  ? 2
                      : share < 115 ? 3
                      : share < 135 ? 4
                      : share < 150 ? 5
                                    : 6;
    out[0] = sb_locale_of(maker, company->locale)->country_index;
    for (uint32_t nth = 1; nth < 12 && count < wanted; nth++) {
        uint64_t draw = KEY_DRAW(company->key, operating_countries, nth);
        uint32_t other = company->is_shell ? (uint32_t)sb_below(draw, countries->count)
                                           : sb_table_draw(countries, draw);
        bool known = false;
        for (uint32_t i = 0; i < count; i++)
            known = known || out[i] == other;
        if (!known)
            out[count++] = other;
    }
    return count;
}

/* ---- listings ------------------------------------------------------------------------------- */

/* The exchange of its country, or, where there is none, one of the large ones. */
uint32_t sb_company_exchange(sb_maker *maker, const sb_company *company)
{
    const sb_table *exchanges = sb_find(maker, 0, SB_TABLE_EXCHANGES);
    sb_text country = sb_locale_of(maker, company->locale)->country;
    uint64_t draw = KEY_DRAW(company->key, exchange, 0);
    uint32_t found = 0, chosen = (uint32_t)sb_below(draw, 3);
    for (uint32_t row = 0; row < exchanges->count; row++) {
        if (memcmp(sb_table_text(exchanges, EXCHANGE_COUNTRY, row).bytes, country.bytes, 2) != 0)
            continue;
        found++; /* of several in a country each is as likely */
        if (sb_below(sb_draw(company->key, SB_DRAW_NUMBER(SB_COMPANY_exchange, found)), found) == 0)
            chosen = row;
    }
    return chosen;
}

/* Three to six capital letters: the id, permuted, in base 26. */
void sb_company_ticker(sb_maker *maker, const sb_company *company, sb_line *out)
{
    static const uint64_t ends[] = {17576, 474552, 12355928, UINT64_C(321271704)};
    uint64_t begin = 0;
    int digits = 3, i = 0;
    while (i < 3 && company->id >= ends[i]) {
        begin = ends[i++];
        digits++;
    }
    uint64_t size = ends[i] - begin, id = (company->id - begin) % size;
    sb_permutation order = sb_permutation_make(
        sb_row_key(maker->world->companies, UINT64_MAX - 1 - (uint64_t)i), size);
    uint64_t rest = sb_permute(&order, id);
    char text[6];
    for (int d = digits - 1; d >= 0; d--, rest /= 26)
        text[d] = (char)('A' + rest % 26);
    sb_line_add(out, text, (size_t)digits);
}
