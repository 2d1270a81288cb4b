/* The row of a company, field by field, and what many rows in a row are made with at once. */
#include <stdlib.h>

#include "engine/company_internal.h"
#include "engine/distributions.h"
#include "engine/screening.h"
#include "engine/words.h"

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
    ahead += sb_name_word(r->firsts, parts->first, latin).byte_count + blank;
    if (parts->has_other) {
        sb_rows_mark_ahead(rows, ahead, SB_MARK_SHORT);
        ahead += sb_name_word(r->firsts, parts->other, latin).byte_count + blank;
    }
    if (with_second) {
        sb_rows_mark_ahead(rows, ahead, SB_MARK_SHORT);
        ahead += sb_name_word(r->seconds, parts->second, latin).byte_count;
    }
    return ahead;
}

enum { FORM_END = 5 }; /* what a name ends with tells the type that follows */

SB_FIELD void put_name(const row *r, sb_rows *rows, bool latin)
{
    sb_text form = sb_name_word(r->of->forms, r->company->form, latin);
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
    uint32_t count = sb_company_list_owners(r->maker, r->company, r->has_parent, r->parent, owners);
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
    sb_company_mailbox(r->company, &line);
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
    r->has_parent = sb_company_parent(r->maker, company, &r->parent);
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
        ids[i] = all->first + i;
        ones[i] = 1;
    }
    sb_keys_repeat(maker->world->companies, &stream);
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
    const sb_permutation *order = sb_name_order(of, all->first);
    for (uint32_t i = 0; i < SB_LANES; i++) {
        all->ranks[LANE_NAME][i] = sb_name_place(of, all->first + i);
        all->ranks[LANE_UNIQUE][i] = unique.place + i;
        all->ranks[LANE_LEI][i] = all->first + i;
    }
    if (order == sb_name_order(of, all->first + SB_LANES - 1))
        maker->lanes->permute(order, all->ranks[LANE_NAME]);
    else
        for (uint32_t i = 0; i < SB_LANES; i++)
            all->ranks[LANE_NAME][i] =
                sb_permute(sb_name_order(of, all->first + i), all->ranks[LANE_NAME][i]);
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
    out->name = of == all->common ? sb_name_split_rank(of, out->id, all->ranks[LANE_NAME][lane])
                                  : sb_name_split(of, out->id);
    sb_company_make_rest(maker, &home, out);
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
