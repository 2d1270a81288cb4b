#include "engine/person.h"

#include "engine/company.h"
#include "engine/distributions.h"
#include "engine/words.h"

#define DRAW(field, nth) sb_draw(person->key, SB_DRAW_NUMBER(SB_PERSON_##field, nth))

/* ---- households ----------------------------------------------------------------------------- */

/* Sixteen neighbours in a row make up households of these sizes; which pattern, the block's key
 * says. Over all patterns: one person 38 %, two 36 %, three 14 %, four and more 12 % of the
 * households. */
static const uint8_t household_patterns[8][13] = {
    {1, 1, 2, 1, 2, 3, 1, 2, 1, 2, 0}, {2, 1, 1, 4, 2, 1, 2, 3, 0},
    {1, 2, 1, 1, 2, 1, 3, 2, 1, 2, 0}, {3, 1, 2, 2, 1, 1, 4, 2, 0},
    {1, 2, 2, 1, 5, 1, 2, 1, 1, 0},    {2, 2, 1, 3, 1, 2, 1, 2, 1, 1, 0},
    {1, 4, 2, 1, 1, 2, 3, 2, 0},       {2, 1, 1, 2, 1, 1, 2, 2, 1, 3, 0},
};

typedef struct household {
    uint64_t first;
    uint32_t index, size;
} household;

static household household_of(const sb_world *world, uint64_t id)
{
    sb_key block = sb_row_key(world->households, id / 16);
    const uint8_t *sizes = household_patterns[sb_draw(block, 0) >> 61];
    uint32_t at = 0, position = (uint32_t)(id % 16);
    while (at + *sizes <= position)
        at += *sizes++;
    return (household){id - position + at, position - at, *sizes};
}

/* ---- birth ---------------------------------------------------------------------------------- */

enum { ADULT_DAYS = 6576, AGED_DAYS = 34690, TEEN_DAYS = 5114 };

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
static int32_t age_of(const sb_world *world, const household *home, uint64_t id)
{
    sb_key key = sb_row_key(world->persons, id);
    if (home->index == 0)
        return own_age(world, key);
    int32_t head = own_age(world, sb_row_key(world->persons, home->first));
    uint64_t draw = sb_draw(key, SB_DRAW_NUMBER(SB_PERSON_date_of_birth, 1));
    if (home->index == 1)
        return fit_age(world, head + (int64_t)sb_below(draw, 3650) - 1825);
    int64_t child = head - 7300 - (int64_t)sb_below(draw, 5475);
    return child >= ADULT_DAYS ? fit_age(world, child) : own_age(world, key);
}

int32_t sb_person_birth(const sb_world *world, uint64_t id)
{
    household home = household_of(world, id);
    return world->values.end_days - age_of(world, &home, id);
}

/* ---- who ------------------------------------------------------------------------------------ */

static int draw_gender(const sb_person *person)
{
    uint64_t share = sb_below(DRAW(gender, 0), 1000);
    if (person->household_index < 2 && person->household_size > 1 && share < 960)
        return (sb_draw(person->household_key, 1) ^ person->household_index) & 1 ? SB_GENDER_FEMALE
                                                                                 : SB_GENDER_MALE;
    return share < 490   ? SB_GENDER_FEMALE
           : share < 980 ? SB_GENDER_MALE
           : share < 990 ? SB_GENDER_NON_BINARY
                         : SB_GENDER_UNSAID;
}

static sb_text given_name(sb_maker *maker, const sb_person *person, uint64_t draw)
{
    bool female = person->gender == SB_GENDER_FEMALE ||
                  (person->gender != SB_GENDER_MALE && (DRAW(gender, 1) & 1) != 0);
    const sb_table *names =
        sb_find(maker, person->culture, female ? SB_TABLE_GIVEN_FEMALE : SB_TABLE_GIVEN_MALE);
    return sb_table_text(names, 0, sb_table_draw(names, draw));
}

/* Three in four members of a household have its name. */
static sb_text family_name(sb_maker *maker, const sb_person *person)
{
    const sb_table *names = sb_find(maker, person->culture, SB_TABLE_FAMILY);
    bool shared = person->household_index == 0 || sb_chance(DRAW(last_name, 0), 750000);
    uint64_t draw = shared ? sb_draw(person->household_key, 2) : DRAW(last_name, 1);
    return sb_table_text(names, 0, sb_table_draw(names, draw));
}

/* Another locale than `own`, by inhabitants; own where there is no other. */
static uint32_t other_locale(const sb_world *world, uint32_t own, uint64_t draw)
{
    uint32_t locale = sb_alias_draw(&world->locale_alias, draw);
    return locale != own ? locale : (own + 1) % sb_tables_locale_count(world->tables);
}

/* Six in ten households live in the cell's city, most others elsewhere in its country, a few
 * abroad. */
static sb_place draw_place(sb_maker *maker, const sb_person *person, const sb_home *home)
{
    sb_key key = person->household_key;
    sb_place place = {home->locale, home->city, sb_row_key(key, 1)};
    uint64_t share = sb_below(sb_draw(key, 3), 1000);
    if (share < 620)
        return place;
    if (share >= 975)
        place.locale = other_locale(maker->world, home->locale, sb_draw(key, 4));
    place.city = sb_table_draw(sb_find(maker, place.locale, SB_TABLE_CITIES), sb_draw(key, 5));
    return place;
}

void sb_person_make(sb_maker *maker, uint64_t id, sb_person *out)
{
    const sb_world *world = maker->world;
    household home = household_of(world, id);
    sb_home place = sb_maker_home(maker, sb_maker_span(maker, SB_PERSONS, home.first).cell);
    out->id = id;
    out->key = sb_row_key(world->persons, id);
    out->household = home.first;
    out->household_index = home.index;
    out->household_size = home.size;
    /* Blocks of 16 use the even half of the stream's indices, households the odd one. */
    out->household_key = sb_row_key(world->households, (uint64_t)1 << 63 | home.first);
    out->home_locale = place.locale;
    out->culture = sb_chance(sb_draw(out->household_key, 6), 900000)
                       ? place.locale
                       : other_locale(world, place.locale, sb_draw(out->household_key, 7));
    out->place = draw_place(maker, out, &place);
    out->gender = draw_gender(out);
    out->birth = world->values.end_days - age_of(world, &home, id);
    out->first_name =
        given_name(maker, out, sb_draw(out->key, SB_DRAW_NUMBER(SB_PERSON_first_name, 0)));
    out->last_name = family_name(maker, out);
}

void sb_person_email(const sb_person *person, const sb_world *world, sb_line *out)
{
    static const char *const domains[] = {"@example.com", "@example.org", "@example.net"};
    sb_line_slug(out, person->first_name);
    sb_line_char(out, '.');
    sb_line_slug(out, person->last_name);
    sb_line_unique(out, world->persons, person->id);
    sb_line_cstr(out, domains[sb_below(DRAW(emails, 0), 3)]);
}

void sb_person_phone(sb_maker *maker, const sb_person *person, sb_line *out)
{
    sb_make_phone(maker, &person->place, DRAW(phones, 1), out);
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
    *market = (sb_market){.name = name, .first = first + begin, .count = end - begin};
    for (uint32_t i = 0; i < market->count; i++) {
        market->slots[i] = (uint8_t)job_slots(sb_company_employees(world, market->first + i));
        market->slot_total += market->slots[i];
        market->existing += market->first + i < there;
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
    uint32_t slot = (uint32_t)sb_permute(&market->order, place % BLOCK_PERSONS);
    if (market->slot_total >= BLOCK_PERSONS)
        slot = slot * market->slot_total / BLOCK_PERSONS;
    for (uint32_t i = 0; i < market->count; i++) {
        if (slot < market->slots[i]) {
            *employer = market->first + i;
            return i < market->existing;
        }
        slot -= market->slots[i];
    }
    return false;
}

/* An occupation of the employer's industry if one is drawn in eight tries. */
static uint32_t draw_occupation(const sb_table *occupations, sb_key key, const sb_company *employer)
{
    uint32_t row = 0;
    for (uint32_t nth = 0; nth < 8; nth++) {
        row = sb_table_draw(occupations,
                            sb_draw(key, SB_DRAW_NUMBER(SB_PERSON_employment, 16 + nth)));
        if (employer == NULL || sb_table_mark(occupations, 1, row) == employer->industry_mark)
            break;
    }
    return row;
}

/* Whole hundreds of the currency, and more with the years of work. */
static int64_t draw_income(const sb_table *occupations, uint32_t row, const sb_person *person,
                           int32_t age_years)
{
    int64_t median = sb_table_int(occupations, 3, row);
    int shape = sb_lognormal_shape((int)sb_table_int(occupations, 4, row));
    int64_t seniority = age_years < 25 ? 78 : age_years < 35 ? 94 : age_years < 55 ? 108 : 112;
    int64_t income = sb_lognormal_draw(median * seniority, shape, DRAW(annual_income, 0)) / 100;
    return (income < 600 ? 600 : income) / 100 * 100;
}

static int64_t minor_units(const sb_locale *locale, int64_t whole)
{
    int decimals = sb_currency_decimals(locale->currency.bytes, locale->currency.byte_count);
    for (; decimals > 0; decimals--)
        whole *= 10;
    return whole;
}

void sb_person_job(sb_maker *maker, const sb_person *person, sb_job *out)
{
    const sb_locale *locale = sb_locale_of(maker, person->place.locale);
    const sb_table *occupations = sb_find(maker, person->place.locale, SB_TABLE_OCCUPATIONS);
    int32_t age = (maker->world->values.end_days - person->birth) / 366;
    const sb_company *employer = NULL;
    *out = (sb_job){.retired = age >= 66 || (age >= 62 && sb_chance(DRAW(employment, 1), 400000))};
    bool willing = !out->retired && !(age < 22 && sb_chance(DRAW(employment, 2), 500000));
    out->inside = willing && find_employer(maker, person, &out->employer);
    if (out->inside)
        employer = &sb_firm_find(maker, out->employer)->company;
    out->employed = out->inside || (willing && sb_chance(DRAW(employment, 3), 480000));
    out->occupation = draw_occupation(occupations, person->key, employer);
    if (!out->employed && !out->retired)
        return;
    int64_t income = draw_income(occupations, out->occupation, person, age);
    out->income = minor_units(locale, out->retired ? income * 46 / 10000 * 100 : income);
}

/* ---- the row -------------------------------------------------------------------------------- */

/* What the put functions below share. */
typedef struct row {
    sb_maker *maker;
    const sb_person *person;
    const sb_locale *residence;
    sb_job job;
    bool is_pep;
} row;

#undef DRAW
#define DRAW(field, nth) sb_draw(r->person->key, SB_DRAW_NUMBER(SB_PERSON_##field, nth))

static void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->person->id);
}

static void put_gender(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_gender_words[r->person->gender]);
}

static void put_first_name(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, r->person->first_name);
}

static void put_middle_name(const row *r, sb_rows *rows)
{
    if (sb_chance(DRAW(middle_name, 0), 550000))
        sb_rows_text(rows, given_name(r->maker, r->person, DRAW(middle_name, 1)));
    else
        sb_rows_nil(rows);
}

static void put_last_name(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, r->person->last_name);
}

static void put_date_of_birth(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->person->birth);
}

static void put_nationality(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_locale_of(r->maker, r->person->culture)->country);
}

/* Foreigners by name have, one in three, become citizens of where they live. */
static void put_citizenship(const row *r, sb_rows *rows)
{
    sb_text own = sb_locale_of(r->maker, r->person->culture)->country;
    bool second = memcmp(own.bytes, r->residence->country.bytes, 2) != 0 &&
                  sb_chance(DRAW(citizenship, 0), 333333);
    sb_rows_array(rows, second ? 2 : 1);
    sb_rows_text(rows, own);
    if (second)
        sb_rows_text(rows, r->residence->country);
}

/* The mother tongue, the language of the cell's country (in which its people deal with each other),
 * and often English. */
static void put_languages(const row *r, sb_rows *rows)
{
    static const sb_text english = SB_WORD("en", 480);
    sb_text list[3] = {sb_locale_of(r->maker, r->person->culture)->language};
    uint32_t count = 1;
    sb_text home = sb_locale_of(r->maker, r->person->home_locale)->language;
    if (memcmp(home.bytes, list[0].bytes, 2) != 0)
        list[count++] = home;
    bool has_english = memcmp(list[0].bytes, "en", 2) == 0 || memcmp(home.bytes, "en", 2) == 0;
    if (!has_english && sb_chance(DRAW(languages, 0), 560000))
        list[count++] = english;
    sb_rows_array(rows, count);
    for (uint32_t i = 0; i < count; i++)
        sb_rows_text(rows, list[i]);
}

/* Which of the classes, given by their cumulative bounds of 100, a share falls into. */
static uint32_t class_of(const uint8_t *bounds, uint32_t count, uint64_t share)
{
    uint32_t i = 0;
    while (i + 1 < count && bounds[i] <= share)
        i++;
    return i;
}

static int marital_status(const row *r)
{
    static const uint8_t paired[] = {12, 97, 98, 99, 100}, alone[] = {58, 64, 80, 96, 100};
    const uint8_t *bounds =
        r->person->household_index < 2 && r->person->household_size > 1 ? paired : alone;
    return (int)class_of(bounds, SB_MARITAL_COUNT, sb_below(DRAW(marital_status, 0), 100));
}

static void put_marital_status(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_marital_words[marital_status(r)]);
}

static void put_dependents(const row *r, sb_rows *rows)
{
    static const uint8_t single[] = {80, 95, 100}, married[] = {20, 45, 75, 90, 100};
    bool is_married = marital_status(r) == SB_MARITAL_MARRIED;
    uint64_t share = sb_below(DRAW(dependents, 0), 100);
    sb_rows_uint(rows, class_of(is_married ? married : single, is_married ? 5 : 3, share));
}

static void put_education_level(const row *r, sb_rows *rows)
{
    static const uint8_t bounds[] = {38, 55, 82, 94, 97, 100};
    uint64_t share = sb_below(DRAW(education_level, 0), 100);
    sb_rows_text(rows, sb_education_words[class_of(bounds, SB_EDUCATION_COUNT, share)]);
}

static void put_addresses(const row *r, sb_rows *rows)
{
    bool second = sb_chance(DRAW(addresses, 0), 80000);
    sb_rows_array(rows, second ? 2 : 1);
    sb_put_address(r->maker, rows, &r->person->place, SB_ADDRESS_RESIDENTIAL);
    if (second) {
        sb_place mail = r->person->place;
        mail.key = sb_row_key(r->person->key, 1);
        sb_put_address(r->maker, rows, &mail, SB_ADDRESS_MAILING);
    }
}

/* No number twice: ranges kept for fiction are small. */
static void put_phones(const row *r, sb_rows *rows)
{
    uint64_t share = sb_below(DRAW(phones, 0), 100);
    uint32_t wanted = share < 62 ? 1 : share < 92 ? 2 : 3, count = 0;
    sb_line lines[3];
    for (uint32_t nth = 0; nth < 9 && count < wanted; nth++) {
        bool known = false;
        sb_line_begin(&lines[count]);
        sb_make_phone(r->maker, &r->person->place, DRAW(phones, 1 + nth), &lines[count]);
        for (uint32_t i = 0; i < count; i++)
            known = known || (lines[i].length == lines[count].length &&
                              memcmp(lines[i].bytes, lines[count].bytes, lines[i].length) == 0);
        count += !known;
    }
    sb_rows_array(rows, count);
    for (uint32_t i = 0; i < count; i++)
        sb_rows_line(rows, &lines[i]);
}

static void put_emails(const row *r, sb_rows *rows)
{
    bool second = sb_chance(DRAW(emails, 1), 350000);
    sb_line line;
    sb_line_begin(&line);
    sb_rows_array(rows, second ? 2 : 1);
    sb_person_email(r->person, r->maker->world, &line);
    sb_rows_line(rows, &line);
    if (!second)
        return;
    line.length = 0;
    sb_line_slug(&line, r->person->last_name);
    sb_line_digits(&line, sb_below(DRAW(emails, 2), 9000) + 1000, 4);
    sb_line_cstr(&line, "@mail.example");
    sb_rows_line(rows, &line);
}

static void put_job(const row *r, sb_rows *rows, bool current, int32_t start, int32_t end,
                    uint32_t nth)
{
    const sb_table *occupations = sb_find(r->maker, r->person->place.locale, SB_TABLE_OCCUPATIONS);
    uint32_t occupation = current || (r->job.retired && nth == 0)
                              ? r->job.occupation
                              : sb_table_draw(occupations, DRAW(employment, 32 + nth));
    sb_text industry = sb_table_text(occupations, 1, occupation);
    int64_t income = r->job.income;
    sb_line name;
    bool inside = current && r->job.inside;
    sb_line_begin(&name);
    if (inside) {
        const sb_company *employer = &sb_firm_find(r->maker, r->job.employer)->company;
        sb_company_name(r->maker, employer, true, &name);
        industry = employer->industry;
    } else {
        sb_outside_firm(r->maker, r->person->place.locale, DRAW(employment, 48 + nth), &name);
    }
    if (!current)
        income = minor_units(r->residence,
                             sb_lognormal_draw(sb_table_int(occupations, 3, occupation) * 8 / 10, 1,
                                               DRAW(employment, 64 + nth)) /
                                 100 * 100);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_EMPLOYMENT_FIELDS));
    if (inside)
        sb_rows_uint(rows, r->job.employer);
    else
        sb_rows_nil(rows);
    sb_rows_line(rows, &name);
    sb_rows_text(rows, sb_table_text(occupations, 0, occupation));
    sb_rows_text(rows, industry);
    sb_rows_int(rows, start);
    if (current)
        sb_rows_nil(rows);
    else
        sb_rows_int(rows, end);
    sb_rows_int(rows, income);
    sb_rows_text(rows, r->residence->currency);
}

/* The present job if there is one, and up to two before it, back to back but for some months
 * between, none before the 18th birthday. The present employer was there when the job began. */
static void put_employment(const row *r, sb_rows *rows)
{
    const sb_spec_values *values = &r->maker->world->values;
    int32_t begin[3], end[3], floor_days = r->person->birth + ADULT_DAYS;
    uint32_t count = 0, wanted = (uint32_t)sb_below(DRAW(employment, 4), 3) + r->job.employed;
    int32_t until = values->start_days - 30;
    if (r->job.retired && r->person->birth + 24045 < until) /* at 62 to 65, if that is over */
        until = r->person->birth + 22645 + (int32_t)sb_below(DRAW(employment, 5), 1400);
    for (uint32_t i = 0; i < 3 && count < wanted && until - 60 > floor_days; i++) {
        bool current = i == 0 && r->job.employed;
        int32_t oldest = floor_days;
        if (current && r->job.inside) {
            int32_t registered = sb_company_registered(r->maker->world, r->job.employer);
            oldest = registered > oldest ? registered : oldest;
        }
        int32_t years = 200 + (int32_t)sb_below(DRAW(employment, 6 + i), 3650);
        begin[count] = until - years > oldest ? until - years : oldest;
        if (begin[count] >= until)
            begin[count] = until - 1;
        end[count] = until;
        until = begin[count] - 30 - (int32_t)sb_below(DRAW(employment, 10 + i), 240);
        count++;
    }
    if (count == 0 && r->job.employed) { /* just 18: the first job began after the birthday */
        begin[0] = floor_days < values->end_days ? floor_days : values->end_days - 1;
        end[0] = 0;
        count = 1;
    }
    sb_rows_array(rows, count);
    for (uint32_t i = 0; i < count; i++)
        put_job(r, rows, i == 0 && r->job.employed, begin[i], end[i], i);
}

static void put_annual_income(const row *r, sb_rows *rows)
{
    if (r->job.income > 0)
        sb_rows_int(rows, r->job.income);
    else
        sb_rows_nil(rows);
}

static void put_income_currency(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, r->residence->currency);
}

static void put_is_pep(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->is_pep);
}

static void put_risk_level(const row *r, sb_rows *rows)
{
    uint64_t share = sb_below(DRAW(risk_level, 0), 1000) + (r->is_pep ? 900 : 0);
    int level = share < 880    ? SB_RISK_LOW
                : share < 985  ? SB_RISK_MEDIUM
                : share < 1900 ? SB_RISK_HIGH
                               : SB_RISK_CRITICAL;
    sb_rows_text(rows, sb_risk_words[level]);
}

void sb_person_put(sb_maker *maker, sb_rows *rows, uint64_t id)
{
    sb_person person;
    sb_person_make(maker, id, &person);
    row r = {.maker = maker, .person = &person};
    r.residence = sb_locale_of(maker, person.place.locale);
    sb_person_job(maker, &person, &r.job);
    r.is_pep = sb_chance(sb_draw(person.key, SB_DRAW_NUMBER(SB_PERSON_is_pep, 0)), 8000);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_PERSON_FIELDS));
#define PUT(number, name, ...) put_##name(&r, rows);
    SB_PERSON_FIELDS(PUT)
#undef PUT
}
