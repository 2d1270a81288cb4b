#include "engine/company.h"

#include <stdlib.h>

#include "engine/distributions.h"
#include "engine/person.h"
#include "engine/words.h"

#define KEY_DRAW(key, field, nth) sb_draw(key, SB_DRAW_NUMBER(SB_COMPANY_##field, nth))

/* ---- what others ask for alone -------------------------------------------------------------- */

static bool draw_shell(sb_key key)
{
    return sb_chance(KEY_DRAW(key, is_shell, 0), 20000);
}

static uint32_t draw_employees(sb_key key)
{
    return draw_shell(key) ? (uint32_t)sb_below(KEY_DRAW(key, employee_count, 1), 3)
                           : sb_quantile(sb_company_sizes, KEY_DRAW(key, employee_count, 0));
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

/* How a number becomes a name that no other number of the locale gets: a keyed permutation inside
 * the class of numbers that share a form of name. first x second             Harlow Logistics first
 * x family x second    Harlow & Reed Logistics the same, numbered         Harlow & Reed Logistics 2
 */
static const sb_name_space *name_space_of(sb_maker *maker, uint32_t locale)
{
    sb_name_space *space = &maker->names[locale];
    if (space->pairs == 0) {
        space->firsts = sb_find(maker, locale, SB_TABLE_COMPANY_FIRST)->count;
        space->seconds = sb_find(maker, locale, SB_TABLE_COMPANY_SECOND)->count;
        space->pairs = space->firsts * space->seconds;
        space->triples = space->pairs * sb_find(maker, locale, SB_TABLE_FAMILY)->count;
        space->pair_order = sb_permutation_make(maker->world->companies, space->pairs);
        space->triple_order = sb_permutation_make(maker->world->companies, space->triples);
    }
    return space;
}

static sb_name_parts split_name(sb_maker *maker, uint32_t locale, uint64_t id)
{
    const sb_name_space *space = name_space_of(maker, locale);
    sb_name_parts parts = {.has_family = id >= space->pairs};
    uint64_t within = id;
    if (parts.has_family) {
        uint64_t round = (id - space->pairs) / space->triples;
        within = sb_permute(&space->triple_order, id - space->pairs - round * space->triples);
        parts.number = round > 0 ? round + 1 : 0;
    } else {
        within = sb_permute(&space->pair_order, id);
    }
    parts.second = (uint32_t)(within % space->seconds);
    parts.first = (uint32_t)(within / space->seconds % space->firsts);
    parts.family = (uint32_t)(within / space->pairs);
    return parts;
}

void sb_company_name(sb_maker *maker, const sb_company *company, bool with_form, sb_line *out)
{
    uint32_t locale = company->locale;
    const sb_name_parts *parts = &company->name;
    sb_line_text(out,
                 sb_table_text(sb_find(maker, locale, SB_TABLE_COMPANY_FIRST), 0, parts->first));
    if (parts->has_family) {
        sb_line_cstr(out, " & ");
        sb_line_text(out, sb_table_text(sb_find(maker, locale, SB_TABLE_FAMILY), 0, parts->family));
    }
    sb_line_cstr(out, " ");
    sb_line_text(out,
                 sb_table_text(sb_find(maker, locale, SB_TABLE_COMPANY_SECOND), 0, parts->second));
    if (parts->number > 0) {
        sb_line_cstr(out, " ");
        sb_line_digits(out, parts->number, 1);
    }
    if (with_form) {
        sb_line_cstr(out, " ");
        sb_line_text(
            out, sb_table_text(sb_find(maker, locale, SB_TABLE_COMPANY_FORMS), 0, company->form));
    }
}

void sb_outside_firm(sb_maker *maker, uint32_t locale, uint64_t draw, sb_line *out)
{
    const sb_table *families = sb_find(maker, locale, SB_TABLE_FAMILY);
    const sb_table *seconds = sb_find(maker, locale, SB_TABLE_COMPANY_SECOND);
    const sb_table *forms = sb_find(maker, locale, SB_TABLE_COMPANY_FORMS);
    sb_key key = {draw, 0x6F757473696465};
    sb_line_text(out, sb_table_text(families, 0, sb_table_draw(families, sb_draw(key, 0))));
    sb_line_cstr(out, " ");
    sb_line_text(out, sb_table_text(seconds, 0, sb_table_draw(seconds, sb_draw(key, 1))));
    sb_line_cstr(out, " ");
    sb_line_text(out, sb_table_text(forms, 0, sb_table_draw(forms, sb_draw(key, 2))));
}

/* ---- making --------------------------------------------------------------------------------- */

/* What the name says, or by the industries' weights where it says nothing. */
static void draw_industry(sb_maker *maker, sb_company *company)
{
    const sb_table *from = sb_find(maker, company->locale, SB_TABLE_COMPANY_SECOND);
    uint32_t column = 1, row = company->name.second;
    sb_text named = sb_table_text(from, column, row);
    if (named.byte_count == 3 && memcmp(named.bytes, "any", 3) == 0) {
        from = sb_find(maker, 0, SB_TABLE_INDUSTRIES);
        column = 0;
        row = sb_table_draw(from, KEY_DRAW(company->key, industry, 0));
    }
    company->industry = sb_table_text(from, column, row);
    company->industry_mark = sb_table_mark(from, column, row);
}

/* A form for few people where few work, another where many do. */
static uint32_t draw_form(sb_maker *maker, const sb_company *company)
{
    const sb_table *forms = sb_find(maker, company->locale, SB_TABLE_COMPANY_FORMS);
    uint32_t row = 0;
    for (uint32_t nth = 0; nth < 8; nth++) {
        row = sb_table_draw(forms, KEY_DRAW(company->key, company_type, nth));
        if (company->employee_count <= 10 || sb_table_int(forms, 3, row) == 0)
            break;
    }
    return row;
}

void sb_company_make(sb_maker *maker, uint64_t id, sb_company *out)
{
    const sb_world *world = maker->world;
    out->id = id;
    out->cell = sb_maker_span(maker, SB_COMPANIES, id).cell;
    out->key = sb_row_key(world->companies, id);
    sb_home home = sb_maker_home(maker, out->cell);
    out->locale = home.locale;
    out->place = (sb_place){home.locale, home.city, sb_row_key(out->key, 1)};
    if (sb_chance(KEY_DRAW(out->key, addresses, 0), 250000))
        out->place.city = sb_table_draw(sb_find(maker, home.locale, SB_TABLE_CITIES),
                                        KEY_DRAW(out->key, addresses, 1));
    out->is_shell = draw_shell(out->key);
    out->employee_count = draw_employees(out->key);
    out->registered = draw_registered(world, out->key);
    out->name = split_name(maker, out->locale, id);
    draw_industry(maker, out);
    out->form = draw_form(maker, out);
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
        sb_company_name(maker, &firm->company, false, &firm->name);
    }
    return firm;
}

static void put_domain(sb_maker *maker, const sb_company *company, sb_line *out)
{
    const sb_table *firsts = sb_find(maker, company->locale, SB_TABLE_COMPANY_FIRST);
    sb_line_slug(out, sb_table_text(firsts, 0, company->name.first));
    sb_line_cstr(out, "-");
    sb_line_unique(out, maker->world->companies, company->id);
    sb_line_cstr(out, ".example");
}

void sb_company_email(sb_maker *maker, const sb_company *company, sb_line *out)
{
    static const char *const boxes[] = {"info@", "office@", "accounts@", "contact@"};
    sb_line_cstr(out, boxes[KEY_DRAW(company->key, email, 0) >> 62]);
    put_domain(maker, company, out);
}

void sb_company_phone(sb_maker *maker, const sb_company *company, sb_line *out)
{
    sb_make_phone(maker, &company->place, KEY_DRAW(company->key, phone, 0), out);
}

/* ---- the row -------------------------------------------------------------------------------- */

typedef struct row {
    sb_maker *maker;
    const sb_company *company;
    const sb_locale *locale;
    uint64_t first_in_cell;
    sb_pool persons;
    bool has_parent;
    uint64_t parent;
    bool is_public;
} row;

#define DRAW(field, nth) KEY_DRAW(r->company->key, field, nth)

static void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->company->id);
}

static void put_legal_name(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    sb_company_name(r->maker, r->company, true, &line);
    sb_rows_line(rows, &line);
}

static void put_company_type(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_table_text(sb_find(r->maker, r->company->locale, SB_TABLE_COMPANY_FORMS),
                                     2, r->company->form));
}

static void put_industry(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, r->company->industry);
}

static void put_registration_country(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, r->locale->country);
}

static void put_registration_date(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->company->registered);
}

static void put_registration_number(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    sb_line_text(&line, r->locale->country);
    sb_line_cstr(&line, "-");
    sb_line_unique(&line, sb_row_key(r->maker->world->companies, UINT64_MAX), r->company->id);
    sb_rows_line(rows, &line);
}

/* ISO 17442: four digits of an issuer (9999 is nobody's), 00, twelve of the entity, two to check.
 */
static void put_lei(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    if (!sb_chance(DRAW(lei, 0), 350000)) {
        sb_rows_nil(rows);
        return;
    }
    sb_line_cstr(&line, "999900");
    sb_line_digits(&line, sb_permute(&r->maker->world->leis, r->company->id), 12);
    uint64_t rest = 0;
    for (uint32_t i = 0; i < 18; i++)
        rest = (rest * 10 + (uint64_t)(line.bytes[i] - '0')) % 97;
    sb_line_digits(&line, 98 - rest * 100 % 97, 2);
    sb_rows_line(rows, &line);
}

static void put_addresses(const row *r, sb_rows *rows)
{
    uint32_t branches =
        r->company->employee_count < 50 ? 0 : (uint32_t)sb_below(DRAW(addresses, 2), 3);
    sb_rows_array(rows, 1 + branches);
    sb_put_address(r->maker, rows, &r->company->place, SB_ADDRESS_HEADQUARTERS);
    for (uint32_t i = 0; i < branches; i++) {
        const sb_table *cities = sb_find(r->maker, r->company->locale, SB_TABLE_CITIES);
        sb_place branch = {r->company->locale, sb_table_draw(cities, DRAW(addresses, 3 + i)),
                           sb_row_key(r->company->key, 2 + i)};
        sb_put_address(r->maker, rows, &branch, SB_ADDRESS_BRANCH);
    }
}

static void put_is_public(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->is_public);
}

static void put_employee_count(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->company->employee_count);
}

/* Per head 60,000 to 400,000 of the currency's main unit. */
static void put_annual_revenue(const row *r, sb_rows *rows)
{
    int64_t heads = r->company->employee_count + 1;
    int64_t revenue = sb_lognormal_draw(heads * 160000, 2, DRAW(annual_revenue, 0)) / 1000 * 1000;
    int decimals = sb_currency_decimals(r->locale->currency.bytes, 3);
    for (; decimals > 0; decimals--)
        revenue *= 10;
    sb_rows_int(rows, revenue);
}

static void put_revenue_currency(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, r->locale->currency);
}

static void put_parent_id(const row *r, sb_rows *rows)
{
    if (r->has_parent)
        sb_rows_uint(rows, r->parent);
    else
        sb_rows_nil(rows);
}

/* An officer is an adult of the neighbourhood who was one when appointed. */
static void put_officer(const row *r, sb_rows *rows, uint64_t person, int role, uint64_t draw)
{
    const sb_world *world = r->maker->world;
    int32_t earliest = sb_person_birth(world, person) + 6576;
    if (earliest < r->company->registered)
        earliest = r->company->registered;
    int32_t latest = world->values.end_days - 1;
    sb_rows_array(rows, SB_FIELD_COUNT(SB_OFFICER_FIELDS));
    sb_rows_uint(rows, person);
    sb_rows_text(rows, sb_officer_words[role]);
    sb_rows_int(rows, earliest >= latest
                          ? latest
                          : earliest + (int32_t)sb_below(draw, (uint64_t)(latest - earliest)));
}

static void put_officers(const row *r, sb_rows *rows)
{
    uint32_t count = r->company->employee_count < 10 ? 1 : r->company->employee_count < 100 ? 2 : 4;
    if (count > r->persons.count)
        count = (uint32_t)r->persons.count;
    sb_permutation order = sb_permutation_make(r->company->key, r->persons.count);
    sb_rows_array(rows, count);
    for (uint32_t i = 0; i < count; i++)
        put_officer(r, rows, r->persons.first + sb_permute(&order, i),
                    count == 1 ? SB_OFFICER_DIRECTOR : (int)i, DRAW(officers, i));
}

static void put_owner(sb_rows *rows, const uint64_t *person, const uint64_t *company,
                      uint64_t share)
{
    sb_rows_array(rows, SB_FIELD_COUNT(SB_OWNER_FIELDS));
    if (person != NULL)
        sb_rows_uint(rows, *person);
    else
        sb_rows_nil(rows);
    if (company != NULL)
        sb_rows_uint(rows, *company);
    else
        sb_rows_nil(rows);
    sb_rows_uint(rows, share);
}

/* A subsidiary belongs to its parent by more than half; the rest is shared by people of the
 * neighbourhood, of listed firms by holders outside the dataset. */
static void put_owners(const row *r, sb_rows *rows)
{
    uint64_t left = 10000, parts = 1 + sb_below(DRAW(owners, 0), 3);
    uint64_t parent_share = r->has_parent ? 5100 + sb_below(DRAW(owners, 1), 50) * 100 : 0;
    left -= parent_share;
    bool outside = r->is_public || r->persons.count == 0;
    if (outside || left < 1000 ||
        parts > r->persons.count) /* below a tenth there is nothing to share */
        parts = 1;
    sb_permutation order = sb_permutation_make(sb_row_key(r->company->key, 9), r->persons.count);
    sb_rows_array(rows, (r->has_parent ? 1 : 0) + (left > 0 ? parts : 0));
    if (r->has_parent)
        put_owner(rows, NULL, &r->parent, parent_share);
    for (uint64_t i = 0; left > 0 && i < parts; i++) {
        uint64_t share = i + 1 == parts ? left : left / 2 / 100 * 100;
        if (outside) {
            put_owner(rows, NULL, NULL, share);
        } else {
            uint64_t person = r->persons.first + sb_permute(&order, i);
            put_owner(rows, &person, NULL, share);
        }
        left -= share;
    }
}

static void put_is_shell(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->company->is_shell);
}

static void put_risk_level(const row *r, sb_rows *rows)
{
    uint64_t share = sb_below(DRAW(risk_level, 0), 1000) + (r->company->is_shell ? 700 : 0);
    sb_rows_text(rows, sb_risk_words[share < 860    ? SB_RISK_LOW
                                     : share < 980  ? SB_RISK_MEDIUM
                                     : share < 1600 ? SB_RISK_HIGH
                                                    : SB_RISK_CRITICAL]);
}

static void put_website(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    sb_line_cstr(&line, "https://www.");
    put_domain(r->maker, r->company, &line);
    sb_rows_line(rows, &line);
}

static void put_email(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    sb_company_email(r->maker, r->company, &line);
    sb_rows_line(rows, &line);
}

static void put_phone(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    sb_company_phone(r->maker, r->company, &line);
    sb_rows_line(rows, &line);
}

void sb_company_put(sb_maker *maker, sb_rows *rows, uint64_t id)
{
    const sb_world *world = maker->world;
    sb_company company;
    sb_company_make(maker, id, &company);
    row r = {.maker = maker, .company = &company, .locale = sb_locale_of(maker, company.locale)};
    r.first_in_cell = sb_maker_span(maker, SB_COMPANIES, id).begin;
    r.persons = sb_pool_of(company.cell, world->values.counts[SB_PERSONS], world->cell_count);
    /* A parent has a lower number in the cell, so the relation cannot have a cycle. */
    uint64_t before = id - r.first_in_cell;
    r.has_parent = before > 0 && sb_chance(KEY_DRAW(company.key, parent_id, 0), 180000);
    if (r.has_parent)
        r.parent = r.first_in_cell + sb_below(KEY_DRAW(company.key, parent_id, 1), before);
    r.is_public =
        company.employee_count > 250 && sb_chance(KEY_DRAW(company.key, is_public, 0), 300000);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_COMPANY_FIELDS));
#define PUT(number, name, ...) put_##name(&r, rows);
    SB_COMPANY_FIELDS(PUT)
#undef PUT
}
