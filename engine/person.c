#include "engine/person.h"

#include <stdlib.h>

#include "engine/company.h"
#include "engine/distributions.h"
#include "engine/person_internal.h"
#include "engine/screening.h"
#include "format/row_text.h"

#define DRAW(field, nth) sb_draw(person->key, SB_DRAW_NUMBER(SB_PERSON_##field, nth))

/* ---- what is kept --------------------------------------------------------------------------- */

struct sb_people *sb_people_open(const sb_world *world)
{
    uint32_t locale_count = sb_tables_locale_count(world->tables);
    struct sb_people *people = calloc(1, sizeof *people + locale_count * sizeof people->customs[0]);
    if (people == NULL)
        return NULL;
    people->profile_key = sb_row_key(world->persons, UINT64_MAX - 8);
    people->end = sb_civil_of(world->values.end_days);
    return people;
}

/* Sums are rounded to less than a hundredth of the country's median income. */
static int64_t income_step(const sb_locale *locale)
{
    int64_t step = 1;
    while (step * 1000 <= locale->income)
        step *= 10;
    return step;
}

/* Columns of family.tsv. */
enum { FAMILY_NAME, FAMILY_LATIN, FAMILY_FEMALE, FAMILY_FEMALE_LATIN };

static bool is_none(sb_text text)
{
    return text.byte_count == 1 && text.bytes[0] == '-';
}

static bool has_female_names(const sb_table *families)
{
    for (uint32_t row = 0; row < families->count; row++)
        if (!is_none(sb_table_text(families, FAMILY_FEMALE, row)))
            return true;
    return false;
}

static void prepare_numbers(sb_customs *of, const sb_world *world)
{
    const char *country = of->locale->country.bytes;
    of->has_tax_id = sb_number_form_make(&of->tax_id, SB_PERSON_TAX_ID, country,
                                         sb_row_key(world->persons, UINT64_MAX));
    for (int type = 0; type < PAPER_COUNT; type++)
        (void)sb_number_form_make(
            &of->papers[type],
            type == SB_ID_DOCUMENT_DRIVING_LICENCE ? SB_LICENCE_NUMBER : SB_PASSPORT_NUMBER,
            country, sb_row_key(world->persons, UINT64_MAX - 1 - (uint64_t)type));
}

static void prepare_customs(sb_maker *maker, uint32_t locale, sb_customs *of)
{
    of->locale = sb_locale_of(maker, locale);
    of->given[MEN] = sb_find(maker, locale, SB_TABLE_GIVEN_MALE);
    of->given[WOMEN] = sb_find(maker, locale, SB_TABLE_GIVEN_FEMALE);
    of->families = sb_find(maker, locale, SB_TABLE_FAMILY);
    of->has_female_names = has_female_names(of->families);
    int decimals =
        sb_currency_decimals(of->locale->currency.bytes, of->locale->currency.byte_count);
    for (of->minor_units = 1; decimals > 0; decimals--)
        of->minor_units *= 10;
    of->income_step = sb_divisor_make((uint64_t)income_step(of->locale));
    of->worth_step = sb_divisor_make((uint64_t)of->minor_units * 100);
    of->is_high_risk = sb_country_is(maker, of->locale->country_index, SB_COUNTRY_HIGH_RISK);
    of->is_haven = sb_country_is(maker, of->locale->country_index, SB_COUNTRY_HAVEN);
    prepare_numbers(of, maker->world);
}

const sb_customs *sb_customs_of(sb_maker *maker, uint32_t locale)
{
    sb_customs *of = &maker->people->customs[locale];
    if (of->locale == NULL)
        prepare_customs(maker, locale, of);
    return of;
}

/* ---- households ----------------------------------------------------------------------------- */

/* Sixteen neighbours in a row make up households of these sizes; which pattern, the block's key
 * says. Over all patterns: one person 38 %, two 36 %, three 14 %, four and more 12 % of the
 * households. */
static const uint8_t household_patterns[8][13] = {
    {1, 2, 3, 1, 2, 4, 1, 2, 0}, {2, 4, 1, 2, 1, 3, 2, 1, 0},    {3, 1, 2, 2, 1, 4, 1, 2, 0},
    {1, 2, 4, 1, 3, 2, 2, 1, 0}, {5, 1, 2, 1, 3, 1, 3, 0},       {1, 3, 1, 3, 5, 2, 1, 0},
    {2, 1, 2, 5, 1, 2, 1, 2, 0}, {1, 2, 2, 1, 3, 2, 1, 2, 2, 0},
};

typedef struct household {
    uint64_t first;
    uint32_t index, size;
} household;

static const uint8_t *sizes_of(const sb_world *world, uint64_t block)
{
    return household_patterns[sb_draw(sb_row_key(world->households, block), 0) >> 61];
}

static household household_of(const sb_world *world, uint64_t id)
{
    const uint8_t *sizes = sizes_of(world, id / 16);
    uint32_t at = 0, position = (uint32_t)(id % 16);
    while (at + *sizes <= position)
        at += *sizes++;
    return (household){id - position + at, position - at, *sizes};
}

void sb_person_household(const sb_world *world, uint64_t id, sb_person *out)
{
    household home = household_of(world, id);
    out->household = home.first;
    out->household_index = home.index;
    out->household_size = home.size;
}

/* ---- birth ---------------------------------------------------------------------------------- */

/* Ages in days at the end of the period. Nobody is younger than 14 at its start, so that everybody
 * can hold an account all through it: that matters only for periods of more than four years. */
static int32_t fit_age(const sb_world *world, int64_t days)
{
    int64_t least = world->values.end_days - world->values.start_days + TEEN_DAYS;
    if (least < ADULT_DAYS)
        least = ADULT_DAYS;
    if (days < least)
        days = least + (least - days) % 3650;
    return (int32_t)(days > AGED_DAYS ? AGED_DAYS - days % 1500 : days);
}

static int32_t own_age(const sb_world *world, sb_key key)
{
    return fit_age(world,
                   sb_quantile(sb_ages, sb_draw(key, SB_DRAW_NUMBER(SB_PERSON_date_of_birth, 0))));
}

/* The head of a household is of any age, the second mostly the partner, the others mostly grown
 * children: those follow the head's age. */
static int32_t member_age(const sb_world *world, uint32_t index, sb_key key, int32_t head,
                          uint64_t draw)
{
    int64_t partner = head + (int64_t)sb_below(draw, 3650) - 1825;
    int64_t child = head - 7300 - (int64_t)sb_below(draw, 5475);
    if (index > 1 && child < ADULT_DAYS)
        return own_age(world, key);
    int32_t fit = fit_age(world, index == 1 ? partner : child);
    return index == 0 ? head : fit;
}

int32_t sb_person_birth(const sb_world *world, uint64_t id)
{
    household home = household_of(world, id);
    int32_t age = own_age(world, sb_row_key(world->persons, home.first));
    sb_key key = sb_row_key(world->persons, id);
    if (home.index > 0)
        age = member_age(world, home.index, key, age,
                         sb_draw(key, SB_DRAW_NUMBER(SB_PERSON_date_of_birth, 1)));
    return world->values.end_days - age;
}

/* ---- who ------------------------------------------------------------------------------------ */

/* Draws of who somebody is. */
typedef struct draws {
    uint64_t gender, birth, first_name, shares_name, last_name;
} draws;

static int draw_gender(const sb_person *person, uint64_t draw, uint64_t turn)
{
    uint64_t share = sb_below(draw, 1000);
    bool is_pair = (person->household_index < 2) & (person->household_size > 1);
    uint32_t turned = (uint32_t)(turn ^ person->household_index) & 1, female = share < 480;
    female ^= (female ^ turned) & is_pair; /* a branch would be guessed wrong */
    if (share < 960)
        return female ? SB_GENDER_FEMALE : SB_GENDER_MALE;
    /* Of couples, too, the rest is used for those who are neither or do not say. */
    return share < 970   ? SB_GENDER_FEMALE
           : share < 980 ? SB_GENDER_MALE
           : share < 990 ? SB_GENDER_NON_BINARY
                         : SB_GENDER_UNSAID;
}

/* A family name in the form the person bears. */
sb_text sb_family_form(const sb_customs *culture, uint32_t row, bool female, bool latin)
{
    const sb_table *names = culture->families;
    bool has_own =
        culture->has_female_names && female && !is_none(sb_table_text(names, FAMILY_FEMALE, row));
    uint32_t column = has_own ? FAMILY_FEMALE : FAMILY_NAME;
    return latin ? sb_table_latin(names, column, column + 1, row)
                 : sb_table_text(names, column, row);
}

/* Three in four members of a household have its name. Which draw counts would be guessed wrong too
 * often. */
static uint32_t family_row(const sb_person *person, const sb_table *names, const draws *drawn,
                           uint64_t family)
{
    uint64_t own = drawn->last_name;
    bool shared = (person->household_index == 0) | sb_chance(drawn->shares_name, 750000);
    return sb_table_draw(names, own ^ ((own ^ family) & -(uint64_t)shared));
}

static void draw_names(const sb_customs *culture, const draws *drawn, uint64_t family,
                       sb_person *person)
{
    bool female = sb_is_female(person);
    const sb_table *given = culture->given[female ? WOMEN : MEN];
    uint32_t first = sb_table_draw(given, drawn->first_name);
    uint32_t last = family_row(person, culture->families, drawn, family);
    person->first_name = sb_table_text(given, 0, first);
    person->first_latin = sb_table_latin(given, 0, 1, first);
    person->last_name = sb_family_form(culture, last, female, false);
    person->last_latin = sb_family_form(culture, last, female, true);
    person->is_latin = person->first_name.bytes == person->first_latin.bytes;
}

/* Another locale than `own`, by inhabitants; own where there is no other. */
static uint32_t other_locale(const sb_world *world, uint32_t own, uint64_t draw)
{
    uint32_t locale = sb_alias_draw(&world->locale_alias, draw);
    return locale != own ? locale : (own + 1) % sb_tables_locale_count(world->tables);
}

/* Six in ten households live in the cell's city, most others elsewhere in its country, a few
 * abroad. */
static void draw_place(sb_maker *maker, sb_key key, const sb_home *around, sb_place *out)
{
    uint64_t share = sb_below(sb_draw(key, 3), 1000);
    out->locale = around->locale;
    out->city = around->city;
    if (share < 620)
        return;
    if (share >= 975)
        out->locale = other_locale(maker->world, around->locale, sb_draw(key, 4));
    out->city = sb_table_draw(sb_find(maker, out->locale, SB_TABLE_CITIES), sb_draw(key, 5));
}

static void make_home_keys(const sb_maker *maker, uint64_t first, sb_kept_home *out)
{
    const sb_person_block *lanes = sb_person_lanes(maker, first);
    if (lanes != NULL) {
        out->key = sb_keys_at(&lanes->home_keys, (uint32_t)(first - lanes->first));
        out->head_key = sb_keys_at(&lanes->keys, (uint32_t)(first - lanes->first));
        out->place.key = sb_keys_at(&lanes->place_keys, (uint32_t)(first - lanes->first));
        return;
    }
    out->key = sb_row_key(maker->world->households, HOME_INDEX | first);
    out->head_key = sb_row_key(maker->world->persons, first);
    out->place.key = sb_row_key(out->key, 1);
}

static void make_home(sb_maker *maker, const household *of, sb_kept_home *out)
{
    const sb_world *world = maker->world;
    sb_home around = sb_maker_home(maker, sb_maker_span(maker, SB_PERSONS, of->first).cell);
    out->name = of->first + 1;
    out->size = of->size;
    make_home_keys(maker, of->first, out);
    out->turn = sb_draw(out->key, 1);
    out->family = sb_draw(out->key, 2);
    out->head_age = own_age(world, out->head_key);
    out->home_locale = around.locale;
    out->culture = sb_chance(sb_draw(out->key, 6), 900000)
                       ? around.locale
                       : other_locale(world, around.locale, sb_draw(out->key, 7));
    draw_place(maker, out->key, &around, &out->place);
}

static void read_block(sb_maker *maker, uint64_t block)
{
    struct sb_people *people = maker->people;
    uint32_t position = 0;
    for (const uint8_t *size = sizes_of(maker->world, block); *size > 0; size++)
        for (uint8_t index = 0; index < *size; index++, position++) {
            people->places[position].index = index;
            people->places[position].size = *size;
        }
    people->block = block + 1;
}

/* The home of a person, and the place in it. */
static const sb_kept_home *find_home(sb_maker *maker, uint64_t id, uint32_t *index)
{
    struct sb_people *people = maker->people;
    if (people->block != id / 16 + 1)
        read_block(maker, id / 16);
    *index = people->places[id % 16].index;
    household of = {id - *index, *index, people->places[id % 16].size};
    if (people->home.name != of.first + 1)
        make_home(maker, &of, &people->home);
    return &people->home;
}

static sb_key own_key(const sb_maker *maker, uint64_t id, const sb_kept_home *home, uint32_t index)
{
    return index == 0 ? home->head_key : sb_row_key(maker->world->persons, id);
}

void sb_person_origin(sb_maker *maker, uint64_t id, sb_origin *out)
{
    uint32_t index;
    const sb_kept_home *home = find_home(maker, id, &index);
    sb_key key = own_key(maker, id, home, index);
    int32_t age = member_age(maker->world, index, key, home->head_age,
                             sb_draw(key, SB_DRAW_NUMBER(SB_PERSON_date_of_birth, 1)));
    out->birth = maker->world->values.end_days - age;
    out->culture = home->culture;
    out->household_key = home->key;
}

static inline void make_person(sb_maker *maker, const sb_kept_home *home, uint32_t index,
                               sb_key key, const draws *drawn, sb_person *out)
{
    const sb_world *world = maker->world;
    out->household = home->name - 1;
    out->id = out->household + index;
    out->key = key;
    out->household_index = index;
    out->household_size = home->size;
    out->household_key = home->key;
    out->home_locale = home->home_locale;
    out->culture = home->culture;
    out->place = home->place;
    out->gender = draw_gender(out, drawn->gender, home->turn);
    out->birth =
        world->values.end_days - member_age(world, index, key, home->head_age, drawn->birth);
    draw_names(sb_customs_of(maker, out->culture), drawn, home->family, out);
}

void sb_person_make(sb_maker *maker, uint64_t id, sb_person *out)
{
    uint32_t index;
    const sb_kept_home *home = find_home(maker, id, &index);
    sb_key key = own_key(maker, id, home, index);
    draws drawn = {
        .gender = sb_draw(key, SB_DRAW_NUMBER(SB_PERSON_gender, 0)),
        .birth = sb_draw(key, SB_DRAW_NUMBER(SB_PERSON_date_of_birth, 1)),
        .first_name = sb_draw(key, SB_DRAW_NUMBER(SB_PERSON_first_name, 0)),
        .shares_name = sb_draw(key, SB_DRAW_NUMBER(SB_PERSON_last_name, 0)),
        .last_name = sb_draw(key, SB_DRAW_NUMBER(SB_PERSON_last_name, 1)),
    };
    make_person(maker, home, index, key, &drawn, out);
}

void sb_persons_make(sb_maker *maker, sb_person_block *lanes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index;
        const sb_kept_home *home = find_home(maker, lanes->first + i, &index);
        draws drawn = {
            .gender = lanes->draws[DRAWN_gender_0][i],
            .birth = lanes->draws[DRAWN_date_of_birth_1][i],
            .first_name = lanes->draws[DRAWN_first_name_0][i],
            .shares_name = lanes->draws[DRAWN_last_name_0][i],
            .last_name = lanes->draws[DRAWN_last_name_1][i],
        };
        make_person(maker, home, index, sb_keys_at(&lanes->keys, i), &drawn,
                    &lanes->rows[i].person);
    }
}

/* What stands first, and what behind it. */
static void add_in_order(const sb_locale *culture, sb_text given, sb_text family, sb_line *out)
{
    sb_line_text(out, culture->family_first ? family : given);
    if (culture->spaced_names)
        sb_line_char(out, ' ');
    sb_line_text(out, culture->family_first ? given : family);
}

void sb_person_name(const sb_maker *maker, const sb_person *person, sb_line *out)
{
    add_in_order(sb_locale_of(maker, person->culture), person->first_name, person->last_name, out);
}

void sb_outside_person(sb_maker *maker, uint32_t locale, uint64_t draw, sb_line *out)
{
    sb_key key = {draw, 0x706572736F6E73};
    bool female = (sb_draw(key, 2) & 1) != 0;
    const sb_customs *of = sb_customs_of(maker, locale);
    const sb_table *given = of->given[female ? WOMEN : MEN];
    sb_text first = sb_table_text(given, 0, sb_table_draw(given, sb_draw(key, 0)));
    sb_text last = sb_family_form(of, sb_table_draw(of->families, sb_draw(key, 1)), female, false);
    add_in_order(of->locale, first, last, out);
}

const sb_text *sb_email_domain(uint64_t draw)
{
    static const sb_text domains[] = {SB_WORD("@example.com", 0), SB_WORD("@example.org", 0),
                                      SB_WORD("@example.net", 0)};
    return &domains[sb_below(draw, 3)];
}

void sb_person_email(const sb_person *person, const sb_world *world, sb_line *out)
{
    sb_line_slug(out, person->first_latin);
    sb_line_char(out, '.');
    sb_line_slug(out, person->last_latin);
    sb_line_unique(out, world->persons, person->id);
    sb_line_text(out, *sb_email_domain(DRAW(emails, 0)));
}

void sb_person_phone(sb_maker *maker, const sb_person *person, sb_line *out)
{
    sb_make_phone(maker, &person->place, sb_chance(DRAW(phones, 16), 780000), DRAW(phones, 1), out);
}

/* ---- work ----------------------------------------------------------------------------------- */

enum { BLOCK_PERSONS = SB_CELL_PERSONS / SB_COMPANY_BLOCKS };

/* Jobs a firm gives to a block: its staff up to four, then slower, so that large firms have more
 * people of the dataset without having them all. Never more than it has employees. */
static uint32_t job_slots(uint32_t employees)
{
    uint32_t slots = employees < 4 ? employees : 4;
    for (uint32_t step = 8; step <= employees && slots < 40; step *= 2)
        slots += 3;
    return slots;
}

/* Of a cell's 512 places for persons 64 at a time share a job market with 12 or 13 of its 102
 * places for companies. A person's place in the market is permuted and falls on a slot of one firm,
 * so that no firm has more people than it says. Places, not counts, decide: more persons elsewhere
 * change nobody's job. */
static const sb_market *find_market(sb_maker *maker, const sb_span *cell, uint32_t block)
{
    const sb_world *world = maker->world;
    uint64_t name = cell->cell * SB_COMPANY_BLOCKS + block + 1;
    sb_market *market = &maker->markets[block % SB_MARKETS_KEPT];
    if (market->name == name)
        return market;
    uint32_t begin = block * SB_CELL_COMPANIES / SB_COMPANY_BLOCKS;
    uint32_t end = (block + 1) * SB_CELL_COMPANIES / SB_COMPANY_BLOCKS;
    uint64_t first = sb_world_first_row(world, SB_COMPANIES, cell->cell);
    uint64_t there = sb_world_first_row(world, SB_COMPANIES, cell->cell + 1);
    *market = (sb_market){.name = name, .first = first + begin};
    uint32_t ends[SB_CELL_COMPANIES / SB_COMPANY_BLOCKS + 1], count = end - begin, total = 0;
    for (uint32_t i = 0; i < count; i++) {
        total += job_slots(sb_company_employees(world, market->first + i));
        ends[i] = total;
        market->existing += market->first + i < there;
    }
    for (uint32_t place = 0, firm = 0; place < BLOCK_PERSONS; place++) {
        uint32_t slot = total >= BLOCK_PERSONS ? place * total / BLOCK_PERSONS : place;
        while (firm < count && ends[firm] <= slot)
            firm++;
        market->firms[place] = (uint8_t)firm;
    }
    market->order = sb_permutation_make(
        sb_row_key(sb_row_key(world->households, (uint64_t)1 << 62 | cell->cell), block),
        BLOCK_PERSONS);
    return market;
}

static bool find_employer(sb_maker *maker, const sb_person *person, uint64_t *employer)
{
    sb_span cell = sb_maker_span(maker, SB_PERSONS, person->id);
    uint64_t place = person->id - cell.begin;
    const sb_market *market = find_market(maker, &cell, (uint32_t)(place / BLOCK_PERSONS));
    uint32_t firm = market->firms[sb_permute(&market->order, place % BLOCK_PERSONS)];
    *employer = market->first + firm;
    return firm < market->existing;
}

/* A row by weight among those of an industry; of any where the industry has none. */
static uint32_t draw_within(sb_maker *maker, const sb_table *occupations, int64_t mark,
                            uint64_t draw)
{
    uint32_t trade = 0;
    while (trade < SB_TRADES_MAX && maker->trades[trade].mark != mark)
        trade++;
    if (trade == SB_TRADES_MAX || maker->trades[trade].weight == 0)
        return sb_table_draw(occupations, draw);
    int64_t left = (int64_t)sb_below(draw, maker->trades[trade].weight);
    uint32_t row = maker->trades[trade].first;
    while (left >= sb_table_int(occupations, OCCUPATION_WEIGHT, row))
        left -= sb_table_int(occupations, OCCUPATION_WEIGHT, row++);
    return row;
}

/* Draws of what somebody does. */
typedef struct job_draws {
    uint64_t retires, learns, elsewhere, own_trade, occupation, income;
} job_draws;

/* Of firms that have a job for him, three in four have one of their own industry, and the others
 * one that every firm has: in the office, at the door, in the canteen. None before the years of
 * life leave time to learn it, if such is drawn in eight tries. */
static uint32_t draw_occupation(sb_maker *maker, const sb_table *occupations, sb_key key,
                                const job_draws *drawn, int32_t age, const sb_company *employer)
{
    uint32_t row = 0;
    int64_t level = 1 + (age >= 20) + (age >= 22) + (age >= 27);
    bool own = sb_chance(drawn->own_trade, 780000);
    int64_t mark = employer != NULL && own ? employer->industry_mark
                   : employer != NULL      ? maker->common_trade
                                           : 0;
    for (uint32_t nth = 0; nth < 8; nth++) {
        uint64_t draw = nth == 0 ? drawn->occupation
                                 : sb_draw(key, SB_DRAW_NUMBER(SB_PERSON_employment, 16 + nth));
        row = mark != 0 ? draw_within(maker, occupations, mark, draw)
                        : sb_table_draw(occupations, draw);
        if (sb_table_int(occupations, OCCUPATION_LEVEL, row) <= level)
            return row;
    }
    while (sb_table_int(occupations, OCCUPATION_LEVEL, row) > level)
        row = (row + 1) % occupations->count; /* some occupation needs no training */
    return row;
}

/* Around the occupation's share of the country's median, and more with the years of work; in whole
 * units, rounded to a hundredth of the median. */
int64_t sb_draw_income(const sb_table *occupations, uint32_t row, const sb_customs *residence,
                       int32_t age_years, uint64_t draw)
{
    int64_t usual = residence->locale->income, least = usual / 50;
    int64_t median = usual * sb_table_int(occupations, OCCUPATION_INCOME, row) / 100;
    int shape = sb_lognormal_shape((int)sb_table_int(occupations, OCCUPATION_SIGMA, row));
    int64_t seniority =
        78 + 16 * (age_years >= 25) + 14 * (age_years >= 35) + 4 * (age_years >= 55);
    const sb_divisor *step = &residence->income_step;
    uint64_t income = (uint64_t)sb_lognormal_draw(median * seniority, shape, draw) / 100;
    int64_t rounded = (int64_t)(sb_divide(income + step->by / 2, step) * step->by);
    return rounded > least ? rounded : least;
}

static inline void make_job(sb_maker *maker, const sb_person *person, const job_draws *drawn,
                            sb_job *out)
{
    const sb_customs *residence = sb_customs_of(maker, person->place.locale);
    const sb_table *occupations = sb_find(maker, 0, SB_TABLE_OCCUPATIONS);
    int32_t age = (maker->world->values.end_days - person->birth) / 366;
    const sb_company *employer = NULL;
    *out = (sb_job){.retired = age >= 66 || (age >= 62 && sb_chance(drawn->retires, 400000))};
    bool willing = !out->retired && !(age < 22 && sb_chance(drawn->learns, 500000));
    out->inside = willing && find_employer(maker, person, &out->employer);
    if (out->inside)
        employer = &sb_firm_find(maker, out->employer)->company;
    out->employed = out->inside || (willing && sb_chance(drawn->elsewhere, 480000));
    out->occupation = draw_occupation(maker, occupations, person->key, drawn, age, employer);
    if (!out->employed && !out->retired)
        return;
    int64_t income = sb_draw_income(occupations, out->occupation, residence, age, drawn->income);
    out->income = (out->retired ? income * 46 / 100 : income) * residence->minor_units;
}

void sb_person_job(sb_maker *maker, const sb_person *person, sb_job *out)
{
    job_draws drawn = {
        .retires = DRAW(employment, 1),
        .learns = DRAW(employment, 2),
        .elsewhere = DRAW(employment, 3),
        .own_trade = DRAW(employment, 15),
        .occupation = DRAW(employment, 16),
        .income = DRAW(annual_income, 0),
    };
    make_job(maker, person, &drawn, out);
}

void sb_persons_job(sb_maker *maker, sb_person_block *lanes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        job_draws drawn = {
            .retires = lanes->draws[DRAWN_employment_1][i],
            .learns = lanes->draws[DRAWN_employment_2][i],
            .elsewhere = lanes->draws[DRAWN_employment_3][i],
            .own_trade = lanes->draws[DRAWN_employment_15][i],
            .occupation = lanes->draws[DRAWN_employment_16][i],
            .income = lanes->draws[DRAWN_annual_income_0][i],
        };
        make_job(maker, &lanes->rows[i].person, &drawn, &lanes->rows[i].job);
    }
}

int32_t sb_person_job_begin(sb_maker *maker, const sb_person *person, const sb_job *job)
{
    const sb_spec_values *values = &maker->world->values;
    int32_t oldest = person->birth + ADULT_DAYS, until = values->start_days - 30;
    if (until - 60 <= oldest) /* just 18: the first job began after the birthday */
        return oldest < values->end_days ? oldest : values->end_days - 1;
    int32_t registered =
        job->inside ? sb_firm_find(maker, job->employer)->company.registered : oldest;
    oldest = registered > oldest ? registered : oldest;
    int32_t begin = until - 200 - (int32_t)sb_below(DRAW(employment, 6), 3650);
    begin = begin > oldest ? begin : oldest;
    return begin < until ? begin : until - 1;
}
