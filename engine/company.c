#include "engine/company.h"

#include <stdlib.h>
#include <string.h>

#include "engine/charter.h"
#include "engine/distributions.h"
#include "engine/geography.h"
#include "engine/person.h"
#include "engine/line.h"
#include "engine/screening.h"
#include "engine/words.h"

#define KEY_DRAW(key, field, nth) sb_draw(key, SB_DRAW_NUMBER(SB_COMPANY_##field, nth))

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
static sb_name_parts split_rank(const sb_charter *of, uint64_t id, uint64_t within)
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

/* Of which the rank in its class is the permuted place. */
static const sb_permutation *name_order(const sb_charter *of, uint64_t id)
{
    return id >= of->pairs ? &of->triple_order : &of->pair_order;
}

static uint64_t name_place(const sb_charter *of, uint64_t id)
{
    return id < of->pairs ? id : (id - of->pairs) % of->triples;
}

static sb_name_parts split_name(const sb_charter *of, uint64_t id)
{
    return split_rank(of, id, sb_permute(name_order(of, id), name_place(of, id)));
}

static sb_text name_word(const sb_table *words, uint32_t row, bool latin)
{
    return latin ? sb_table_latin(words, 0, 1, row) : sb_table_text(words, 0, row);
}

/* The words of the name, without the legal form. */
static void add_words(const sb_charter *of, const sb_name_parts *parts, bool latin, sb_line *out)
{
    bool spaced = latin || of->locale->spaced_names;
    sb_line_text(out, name_word(of->firsts, parts->first, latin));
    if (spaced)
        sb_line_char(out, ' ');
    if (parts->has_other) {
        sb_line_text(out, name_word(of->firsts, parts->other, latin));
        if (spaced)
            sb_line_char(out, ' ');
    }
    sb_line_text(out, name_word(of->seconds, parts->second, latin));
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
    sb_text form = name_word(of->forms, company->form, latin);
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
static inline void make_company(sb_maker *maker, const sb_home *home, sb_company *out)
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
    out->name = split_name(sb_charter_of(maker, home.locale), id);
    make_company(maker, &home, out);
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

static const char domain_end[] = ".example";
enum { DOMAIN_END = sizeof domain_end - 1 };

static void add_domain(sb_maker *maker, const sb_company *company, sb_line *out)
{
    const sb_table *firsts = sb_find(maker, company->locale, SB_TABLE_COMPANY_FIRST);
    sb_line_slug(out, sb_table_latin(firsts, 0, 1, company->name.first));
    sb_line_char(out, '-');
    sb_line_unique(out, maker->world->companies, company->id);
    sb_line_cstr(out, domain_end);
}

static void add_mailbox(const sb_company *company, sb_line *out)
{
    static const char *const boxes[] = {"info@", "office@", "accounts@", "contact@"};
    sb_line_cstr(out, boxes[KEY_DRAW(company->key, email, 0) >> 62]);
}

void sb_company_email(sb_maker *maker, const sb_company *company, sb_line *out)
{
    add_mailbox(company, out);
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
static bool find_parent(sb_maker *maker, const sb_company *company, uint64_t *parent)
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
static uint32_t list_owners(sb_maker *maker, const sb_company *company, bool has_parent,
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
    bool has_parent = find_parent(maker, company, &parent);
    return list_owners(maker, company, has_parent, parent, out);
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

enum { EXCHANGE_CODE, EXCHANGE_COUNTRY = 4 };

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

/* ---- the row -------------------------------------------------------------------------------- */

typedef struct row {
    sb_maker *maker;
    sb_company own;
    const sb_company *company; /* this one */
    const sb_address *home;    /* of the company; NULL: not made yet */
    const sb_charter *of;
    const sb_locale *locale;
    const sb_table *firsts, *seconds, *countries;
    sb_line domain;
    sb_unique unique;
    uint64_t unique_rank, tax_rank, registration_rank, lei;
    bool has_lei;
    bool has_parent;
    uint64_t parent;
    int64_t revenue; /* a year, minor units */
    bool is_sanctioned;
    uint32_t country_count, haven_count;
    uint32_t places[SB_COMPANY_COUNTRIES_MAX];
} row;

#define DRAW(field, nth) KEY_DRAW(r->company->key, field, nth)

SB_FIELD void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->company->id);
}

/* Marks the words of a name that begins `ahead` of what is written next. They stand in descriptions
 * and trading names again, without the blank before them. */
static inline uint32_t mark_words(const row *r, sb_rows *rows, bool latin, bool with_second,
                                  uint32_t ahead)
{
    const sb_name_parts *parts = &r->company->name;
    uint32_t blank = latin || r->locale->spaced_names ? 1 : 0;
    sb_rows_mark_ahead(rows, ahead, SB_MARK_SHORT);
    sb_rows_mark_ahead(rows, ahead + 1, SB_MARK_SHORT); /* as in the domain, in small letters */
    ahead += name_word(r->firsts, parts->first, latin).byte_count + blank;
    if (parts->has_other) {
        sb_rows_mark_ahead(rows, ahead, SB_MARK_SHORT);
        ahead += name_word(r->firsts, parts->other, latin).byte_count + blank;
    }
    if (with_second) {
        sb_rows_mark_ahead(rows, ahead, SB_MARK_SHORT);
        ahead += name_word(r->seconds, parts->second, latin).byte_count;
    }
    return ahead;
}

enum { FORM_END = 5 }; /* what a name ends with tells the type that follows */

SB_FIELD void put_name(const row *r, sb_rows *rows, bool latin)
{
    sb_text form = name_word(r->of->forms, r->company->form, latin);
    sb_form_hole hole = sb_charter_hole(r->of, r->company->form, latin, form);
    sb_line line;
    sb_line_begin(&line);
    sb_company_name(r->maker, r->company, true, latin, &line);
    if (hole.begin > 0)
        sb_rows_mark_ahead(rows, sb_str_head(line.length), SB_MARK_SHORT);
    uint32_t end = mark_words(r, rows, latin, true, sb_str_head(line.length) + hole.begin);
    sb_rows_mark_ahead(rows, end, SB_MARK_SHORT);
    sb_rows_mark_ahead(rows, sb_str_head(line.length) + line.length - FORM_END, SB_MARK_LONG);
    sb_rows_line(rows, &line);
}

SB_FIELD void put_legal_name(const row *r, sb_rows *rows)
{
    put_name(r, rows, false);
}

SB_FIELD void put_company_type(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_table_text(r->of->forms, SB_FORM_TYPE, r->company->form));
}

SB_FIELD void put_industry(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, r->company->industry);
}

SB_FIELD void put_registration_country(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, r->locale->country);
}

SB_FIELD void put_registration_date(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->company->registered);
}

/* Numbers beyond the capacity of the form are counted; where the country has no form, the country
 * and a number of ours. */
SB_FIELD void put_registration_number(const row *r, sb_rows *rows)
{
    const sb_number_form *form = &r->of->registration;
    sb_line line;
    sb_line_begin(&line);
    if (!r->of->has_registration) {
        sb_line_registration_number(&line, r->locale->country.bytes, r->of->identity,
                                    r->company->id);
    } else {
        if (r->of->shares_rank)
            sb_rows_mark_ahead(rows, 1, SB_MARK_SHORT);
        sb_line_number(&line, form, r->registration_rank);
        if (r->company->id >= form->order.size) {
            sb_line_char(&line, '-');
            sb_line_digits(&line, r->company->id / form->order.size, 1);
        }
    }
    sb_rows_line(rows, &line);
}

SB_FIELD void put_lei(const row *r, sb_rows *rows)
{
    sb_line line;
    if (!r->has_lei) {
        sb_rows_nil(rows);
        return;
    }
    sb_line_begin(&line);
    sb_line_lei(&line, r->lei);
    sb_rows_line(rows, &line);
}

SB_FIELD void put_addresses(const row *r, sb_rows *rows)
{
    uint32_t branches =
        r->company->employee_count < 50 ? 0 : (uint32_t)sb_below(DRAW(addresses, 2), 3);
    sb_rows_array(rows, 1 + branches);
    sb_rows far = *rows; /* see SB_FIELD */
    if (r->home != NULL)
        sb_rows_address(&far, r->home, SB_ADDRESS_HEADQUARTERS);
    else
        sb_put_address(r->maker, &far, &r->company->place, SB_ADDRESS_HEADQUARTERS);
    for (uint32_t i = 0; i < branches; i++) {
        const sb_table *cities = sb_find(r->maker, r->company->locale, SB_TABLE_CITIES);
        sb_place branch = {r->company->locale, sb_table_draw(cities, DRAW(addresses, 3 + i)),
                           sb_row_key(r->company->key, 2 + i)};
        sb_put_address(r->maker, &far, &branch, SB_ADDRESS_BRANCH);
    }
    *rows = far;
}

SB_FIELD void put_is_public(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->company->is_public);
}

SB_FIELD void put_employee_count(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->company->employee_count);
}

SB_FIELD void put_annual_revenue(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->revenue);
}

SB_FIELD void put_revenue_currency(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, r->locale->currency);
}

SB_FIELD void put_parent_id(const row *r, sb_rows *rows)
{
    if (r->has_parent)
        sb_rows_uint(rows, r->parent);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_officers(const row *r, sb_rows *rows)
{
    sb_officer officers[SB_OFFICERS_MAX];
    uint32_t count = sb_company_officers(r->maker, r->company, officers);
    sb_rows_array(rows, count);
    for (uint32_t i = 0; i < count; i++) {
        sb_rows_array(rows, SB_FIELD_COUNT(SB_OFFICER_FIELDS));
        sb_rows_uint(rows, officers[i].person);
        sb_rows_mark(rows, SB_MARK_LONG);
        sb_rows_known(rows, sb_officer_words[officers[i].role]);
        sb_rows_int(rows, officers[i].since);
    }
}

SB_FIELD void put_owners(const row *r, sb_rows *rows)
{
    sb_share owners[SB_OWNERS_MAX];
    uint32_t count = list_owners(r->maker, r->company, r->has_parent, r->parent, owners);
    sb_rows_array(rows, count);
    for (uint32_t i = 0; i < count; i++) {
        sb_rows_array(rows, SB_FIELD_COUNT(SB_OWNER_FIELDS));
        if (owners[i].has_person)
            sb_rows_uint(rows, owners[i].person);
        else
            sb_rows_nil(rows);
        if (owners[i].has_company)
            sb_rows_uint(rows, owners[i].company);
        else
            sb_rows_nil(rows);
        sb_rows_mark(rows, SB_MARK_SHORT);
        sb_rows_uint(rows, owners[i].share_bp);
    }
}

SB_FIELD void put_is_shell(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->company->is_shell);
}

/* The published rule (docs/model.md): points for what screening looks at, and up to 45 for all that
 * a bank knows besides. */
SB_FIELD void put_risk_level(const row *r, sb_rows *rows)
{
    uint64_t other = sb_below(DRAW(risk_level, 0), 1000);
    uint64_t points = other * other * 45 / 1000000;
    points += r->is_sanctioned ? 70 : 0;
    points += r->company->is_shell ? 30 : 0;
    points += r->haven_count > 0 ? 15 : 0;
    points += sb_table_int(r->countries, SB_COUNTRY_HIGH_RISK, r->places[0]) != 0 ? 10 : 0;
    points += sb_charters_of(r->maker)->takes_much_cash[r->company->line] ? 15 : 0;
    sb_rows_known(rows, sb_risk_words[points >= 70   ? SB_RISK_CRITICAL
                                      : points >= 50 ? SB_RISK_HIGH
                                      : points >= 30 ? SB_RISK_MEDIUM
                                                     : SB_RISK_LOW]);
}

/* Appends what stands before the domain, and the domain. */
SB_FIELD void put_address_of(const row *r, sb_rows *rows, sb_line *line)
{
    uint32_t begin = line->length;
    sb_line_add(line, r->domain.bytes, r->domain.length);
    uint32_t head = sb_str_head(line->length);
    sb_rows_mark_ahead(rows, head - 1, SB_MARK_SHORT); /* one as long may go on alike */
    sb_rows_mark_ahead(rows, head, SB_MARK_SHORT);
    sb_rows_mark_ahead(rows, head + begin, SB_MARK_SHORT);
    sb_rows_mark_ahead(rows, head + begin + 1, SB_MARK_SHORT);
    sb_rows_mark_ahead(rows, head + line->length - DOMAIN_END, SB_MARK_LONG);
    sb_rows_line(rows, line);
}

SB_FIELD void put_website(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    sb_line_cstr(&line, "https://www.");
    put_address_of(r, rows, &line);
}

SB_FIELD void put_email(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    add_mailbox(r->company, &line);
    put_address_of(r, rows, &line);
}

SB_FIELD void put_phone(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    sb_company_phone(r->maker, r->company, &line);
    sb_rows_line(rows, &line);
}

SB_FIELD void put_latin_name(const row *r, sb_rows *rows)
{
    sb_text first = sb_table_text(r->firsts, 1, r->company->name.first);
    if (first.byte_count == 1 && first.bytes[0] == '-')
        sb_rows_nil(rows);
    else
        put_name(r, rows, true);
}

/* One in three trades under its name without the legal form and the second word. */
SB_FIELD void put_trading_name(const row *r, sb_rows *rows)
{
    sb_line line;
    if (!sb_chance(DRAW(trading_name, 0), 330000)) {
        sb_rows_nil(rows);
        return;
    }
    sb_line_begin(&line);
    sb_line_text(&line, sb_table_text(r->firsts, 0, r->company->name.first));
    if (r->company->name.has_other) {
        if (r->locale->spaced_names)
            sb_line_char(&line, ' ');
        sb_line_text(&line, sb_table_text(r->firsts, 0, r->company->name.other));
    }
    (void)mark_words(r, rows, false, false, sb_str_head(line.length));
    sb_rows_line(rows, &line);
}

SB_FIELD void put_sub_industry(const row *r, sb_rows *rows)
{
    sb_rows_known(
        rows, sb_table_text(sb_find(r->maker, 0, SB_TABLE_SUB_INDUSTRIES), 0, r->company->line));
}

SB_FIELD void put_tax_id(const row *r, sb_rows *rows)
{
    sb_line line;
    if (!r->of->has_tax_id) {
        sb_rows_nil(rows);
        return;
    }
    sb_line_begin(&line);
    sb_line_number(&line, &r->of->tax_id, r->tax_rank);
    if (r->of->shares_rank) /* the digits stand in the register's number, too */
        for (uint32_t ahead = 1; ahead <= 5; ahead += 2)
            sb_rows_mark_ahead(rows, ahead, SB_MARK_SHORT);
    sb_rows_line(rows, &line);
}

SB_FIELD void put_ticker(const row *r, sb_rows *rows)
{
    sb_line line;
    if (!r->company->is_public) {
        sb_rows_nil(rows);
        return;
    }
    sb_line_begin(&line);
    sb_company_ticker(r->maker, r->company, &line);
    sb_rows_line(rows, &line);
}

SB_FIELD void put_exchange(const row *r, sb_rows *rows)
{
    if (r->company->is_public)
        sb_rows_known(rows, sb_table_text(sb_find(r->maker, 0, SB_TABLE_EXCHANGES), EXCHANGE_CODE,
                                          sb_company_exchange(r->maker, r->company)));
    else
        sb_rows_nil(rows);
}

/* One to ten years' revenue, in whole thousands. */
SB_FIELD void put_market_cap(const row *r, sb_rows *rows)
{
    int64_t percent = 100 + (int64_t)sb_below(DRAW(market_cap, 0), 900);
    if (r->company->is_public)
        sb_rows_int(rows, r->revenue / 100000 * percent * 1000);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_is_sanctioned(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->is_sanctioned);
}

SB_FIELD void put_sanction_lists(const row *r, sb_rows *rows)
{
    if (!r->is_sanctioned) { /* nearly all */
        sb_rows_array(rows, 0);
        return;
    }
    sb_rows far = *rows; /* see SB_FIELD */
    sb_put_sanction_lists(r->maker, &far, 2, DRAW(sanction_lists, 0));
    *rows = far;
}

SB_FIELD void put_operating_countries(const row *r, sb_rows *rows)
{
    sb_rows_array(rows, r->country_count);
    for (uint32_t i = 0; i < r->country_count; i++)
        sb_rows_known(rows, sb_table_text(r->countries, 0, r->places[i]));
}

SB_FIELD void put_tax_havens(const row *r, sb_rows *rows)
{
    sb_rows_array(rows, r->haven_count);
    for (uint32_t i = 0; i < r->country_count; i++)
        if (sb_table_int(r->countries, SB_COUNTRY_HAVEN, r->places[i]) != 0)
            sb_rows_known(rows, sb_table_text(r->countries, 0, r->places[i]));
}

static void fill_description(void *user, sb_variable variable, sb_saying *saying)
{
    const row *r = user;
    sb_text text = {0};
    if (variable == SB_VAR_trade)
        text = sb_table_text(r->seconds, 0, r->company->name.second);
    else if (variable == SB_VAR_city)
        text = sb_table_text(sb_find(r->maker, r->company->place.locale, SB_TABLE_CITIES),
                             SB_CITY_NAME, r->company->place.city);
    sb_saying_add(saying, text.bytes, text.byte_count);
}

SB_FIELD void put_description(const row *r, sb_rows *rows)
{
    const sb_grammar *grammar = sb_maker_grammar(r->maker, r->company->locale);
    sb_saying saying;
    sb_saying_begin(&saying, r->company->key, SB_DRAW_NUMBER(SB_COMPANY_description, 0),
                    fill_description, (void *)(uintptr_t)r);
    if (grammar != NULL)
        sb_say(grammar, SB_RULE_describe, &saying);
    sb_rows_saying(rows, &saying);
}

/* A head brings three times what it earns, more or less: a log-normal around that. A firm without
 * staff still has some turnover. */
static int64_t draw_revenue(const row *r)
{
    int64_t heads = r->company->employee_count + 1;
    int64_t revenue =
        sb_lognormal_draw(heads * r->locale->income * 3, 2, DRAW(annual_revenue, 0)) / 1000 * 1000;
    return revenue * r->of->scale;
}

/* The permuted numbers of a row, all at once: each is a chain of multiplications that wait for each
 * other. */
static void draw_numbers(row *r)
{
    const sb_charter *of = r->of;
    uint64_t id = r->company->id, ranks[4] = {0}, *found[4];
    const sb_permutation *orders[4];
    uint32_t count = 0;
    orders[count] = &r->unique.order;
    found[count] = &r->unique_rank;
    ranks[count++] = r->unique.place;
    r->tax_rank = 0;
    if (of->has_tax_id) {
        orders[count] = &of->tax_id.order;
        found[count] = &r->tax_rank;
        ranks[count++] = sb_number_place(&of->tax_id, id);
    }
    if (of->has_registration && !of->shares_rank) {
        orders[count] = &of->registration.order;
        found[count] = &r->registration_rank;
        ranks[count++] = sb_number_place(&of->registration, id);
    }
    if (r->has_lei) {
        orders[count] = &r->maker->world->leis;
        found[count] = &r->lei;
        ranks[count++] = id;
    }
    sb_permute_together(orders, ranks, count);
    for (uint32_t i = 0; i < count; i++)
        *found[i] = ranks[i];
    if (of->shares_rank)
        r->registration_rank = r->tax_rank;
}

/* What all fields of a row look at, but for the company, which is there, and its numbers. */
static void make_row(row *r)
{
    const sb_company *company = r->company;
    r->of = sb_charter_of(r->maker, company->locale);
    r->locale = r->of->locale;
    r->firsts = r->of->firsts;
    r->seconds = r->of->seconds;
    r->countries = sb_find(r->maker, 0, SB_TABLE_COUNTRIES);
    r->unique = sb_unique_of(r->maker->world->companies, company->id);
    r->has_lei = sb_chance(DRAW(lei, 0), 350000);
    r->has_parent = find_parent(r->maker, company, &r->parent);
    r->is_sanctioned = sb_chance(DRAW(is_sanctioned, 0), 1000);
    r->revenue = draw_revenue(r);
    r->country_count = sb_company_countries(r->maker, company, r->places);
    r->haven_count = 0;
    for (uint32_t i = 0; i < r->country_count; i++)
        r->haven_count += sb_table_int(r->countries, SB_COUNTRY_HAVEN, r->places[i]) != 0;
}

static void make_domain(row *r)
{
    sb_line_begin(&r->domain);
    sb_line_slug(&r->domain, sb_table_latin(r->firsts, 0, 1, r->company->name.first));
    sb_line_char(&r->domain, '-');
    sb_line_unique_rank(&r->domain, &r->unique, r->unique_rank);
    sb_line_cstr(&r->domain, domain_end);
}

/* ---- many rows ------------------------------------------------------------------------------ */

/* Numbers that are permuted. */
enum { LANE_NAME, LANE_UNIQUE, LANE_TAX_ID, LANE_REGISTRATION, LANE_LEI, LANE_COUNT };

/* The rows of neighbours, made step by step as those of persons are. */
struct sb_companies {
    bool is_whole;
    uint64_t first, next; /* of the block; the row that comes next when they follow each other */
    uint32_t count;
    const sb_charter *common; /* of the block's first cell, whose numbers are permuted together */
    sb_keys keys, place_keys;
    uint64_t ranks[LANE_COUNT][SB_LANES];
    row rows[SB_LANES];
    sb_address homes[SB_LANES];
};

struct sb_companies *sb_companies_open(void)
{
    return calloc(1, sizeof(struct sb_companies));
}

static void make_keys(const sb_maker *maker, struct sb_companies *all)
{
    sb_keys stream;
    uint64_t ids[SB_LANES], ones[SB_LANES];
    for (uint32_t i = 0; i < SB_LANES; i++) {
        stream.low[i] = maker->world->companies.low;
        stream.high[i] = maker->world->companies.high;
        ids[i] = all->first + i;
        ones[i] = 1;
    }
    maker->lanes->row_keys(&stream, ids, &all->keys);
    maker->lanes->row_keys(&all->keys, ones, &all->place_keys);
}

static void permute_form(const sb_maker *maker, const sb_number_form *form, uint64_t first,
                         uint64_t ranks[SB_LANES])
{
    for (uint32_t i = 0; i < SB_LANES; i++)
        ranks[i] = sb_number_place(form, first + i);
    maker->lanes->permute(&form->order, ranks);
}

/* Those of the common charter; ids of a block are of one class of unique numbers, whose bounds are
 * multiples of SB_LANES, and of one order of names but for the block where that changes. */
static void permute_numbers(const sb_maker *maker, struct sb_companies *all)
{
    const sb_charter *of = all->common;
    sb_unique unique = sb_unique_of(maker->world->companies, all->first);
    const sb_permutation *order = name_order(of, all->first);
    for (uint32_t i = 0; i < SB_LANES; i++) {
        all->ranks[LANE_NAME][i] = name_place(of, all->first + i);
        all->ranks[LANE_UNIQUE][i] = unique.place + i;
        all->ranks[LANE_LEI][i] = all->first + i;
    }
    if (order == name_order(of, all->first + SB_LANES - 1))
        maker->lanes->permute(order, all->ranks[LANE_NAME]);
    else
        for (uint32_t i = 0; i < SB_LANES; i++)
            all->ranks[LANE_NAME][i] =
                sb_permute(name_order(of, all->first + i), all->ranks[LANE_NAME][i]);
    maker->lanes->permute(&unique.order, all->ranks[LANE_UNIQUE]);
    maker->lanes->permute(&maker->world->leis, all->ranks[LANE_LEI]);
    if (of->has_tax_id)
        permute_form(maker, &of->tax_id, all->first, all->ranks[LANE_TAX_ID]);
    if (of->has_registration && !of->shares_rank)
        permute_form(maker, &of->registration, all->first, all->ranks[LANE_REGISTRATION]);
}

/* Cells take the locales in turn: by the time of a locale's next cell its tables are far. */
static void warm_tables(sb_maker *maker, uint32_t locale)
{
    static const sb_table_id used[] = {SB_TABLE_COMPANY_FIRST, SB_TABLE_COMPANY_SECOND,
                                       SB_TABLE_COMPANY_FORMS, SB_TABLE_CITIES, SB_TABLE_STREETS};
    for (size_t i = 0; i < sizeof used / sizeof *used; i++)
        sb_table_warm(sb_find(maker, locale, used[i]));
}

static void make_known_company(sb_maker *maker, const struct sb_companies *all, uint32_t lane,
                               sb_company *out)
{
    out->id = all->first + lane;
    out->cell = sb_maker_span(maker, SB_COMPANIES, out->id).cell;
    out->key = sb_keys_at(&all->keys, lane);
    out->place.key = sb_keys_at(&all->place_keys, lane);
    sb_home home = sb_maker_home(maker, out->cell);
    const sb_charter *of = sb_charter_of(maker, home.locale);
    out->name = of == all->common ? split_rank(of, out->id, all->ranks[LANE_NAME][lane])
                                  : split_name(of, out->id);
    make_company(maker, &home, out);
}

static void take_numbers(const struct sb_companies *all, uint32_t lane, row *r)
{
    if (r->of != all->common) {
        draw_numbers(r);
        return;
    }
    r->unique_rank = all->ranks[LANE_UNIQUE][lane];
    r->tax_rank = all->ranks[LANE_TAX_ID][lane];
    r->registration_rank = r->of->shares_rank ? r->tax_rank : all->ranks[LANE_REGISTRATION][lane];
    r->lei = all->ranks[LANE_LEI][lane];
}

static void begin_row(sb_maker *maker, struct sb_companies *all, uint32_t lane)
{
    row *r = &all->rows[lane];
    r->maker = maker;
    r->company = &r->own;
    r->home = NULL;
}

static void make_block(sb_maker *maker, uint64_t id, struct sb_companies *all)
{
    uint32_t locale = sb_maker_home(maker, sb_maker_span(maker, SB_COMPANIES, id).cell).locale;
    uint64_t left = maker->world->values.counts[SB_COMPANIES] - (id - id % SB_LANES);
    const sb_charter *of = sb_charter_of(maker, locale);
    all->first = id - id % SB_LANES;
    all->count = left < SB_LANES ? (uint32_t)left : SB_LANES;
    all->is_whole = true;
    if (all->common != of)
        warm_tables(maker, locale);
    all->common = of;
    make_keys(maker, all);
    permute_numbers(maker, all);
    for (uint32_t lane = 0; lane < all->count; lane++) {
        begin_row(maker, all, lane);
        make_known_company(maker, all, lane, &all->rows[lane].own);
    }
    for (uint32_t lane = 0; lane < all->count; lane++) {
        make_row(&all->rows[lane]);
        take_numbers(all, lane, &all->rows[lane]);
        make_domain(&all->rows[lane]);
    }
    for (uint32_t lane = 0; lane < all->count; lane++) {
        sb_address_make(maker, &all->rows[lane].own.place, &all->homes[lane]);
        all->rows[lane].home = &all->homes[lane];
    }
}

static void make_alone(sb_maker *maker, uint64_t id, struct sb_companies *all)
{
    uint32_t lane = (uint32_t)(id % SB_LANES);
    row *r = &all->rows[lane];
    all->is_whole = false;
    begin_row(maker, all, lane);
    sb_company_make(maker, id, &r->own);
    make_row(r);
    draw_numbers(r);
    make_domain(r);
}

/* The second of rows that are made one after the other makes a block. */
static const row *find_row(sb_maker *maker, uint64_t id)
{
    struct sb_companies *all = maker->companies;
    bool is_next = id == all->next && id > 0;
    all->next = id + 1;
    if (!all->is_whole || id - all->first >= SB_LANES) {
        if (is_next)
            make_block(maker, id, all);
        else
            make_alone(maker, id, all);
    }
    return &all->rows[id % SB_LANES];
}

void sb_company_put(sb_maker *maker, sb_rows *rows, uint64_t id)
{
    const row *r = find_row(maker, id);
    sb_rows out = *rows; /* see SB_FIELD */
    sb_rows_mark(&out, SB_MARK_SHORT);
    sb_rows_array(&out, SB_FIELD_COUNT(SB_COMPANY_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(&out, __VA_ARGS__) put_##name(r, &out);
    SB_COMPANY_FIELDS(PUT)
#undef PUT
    *rows = out;
}
