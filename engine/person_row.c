/* The row of a person, field by field, and what many rows in a row are made with at once. */
#include "engine/company.h"
#include "engine/distributions.h"
#include "engine/person_internal.h"
#include "engine/screening.h"
#include "format/row_text.h"

/* ---- the row -------------------------------------------------------------------------------- */

enum { PLATFORMS = 4 };

/* What the put functions below share. */
typedef struct row {
    sb_maker *maker;
    const sb_person *person;
    const sb_customs *residence, *culture;
    sb_job job;
    int32_t age; /* full years at the end of the period */
    sb_civil birth;
    bool is_pep, is_sanctioned, is_female;
    uint32_t paper_count, profile_count;
    uint32_t papers[PAPER_COUNT], profiles[PLATFORMS]; /* types of those that there are */
    uint32_t online_score;
    int marital_status;
    sb_line first_slug, last_slug; /* the names as they are written in addresses */
    const sb_person_block *lanes;
    const uint64_t *drawn; /* the column of this row in lanes->draws; see DRAWN() */
    uint64_t ranks[LANE_COUNT];
} row;

#define DRAW(field, nth) sb_draw(r->person->key, SB_DRAW_NUMBER(SB_PERSON_##field, nth))
/* The same of ROW_DRAWS, without the work. */
#define DRAWN(field, nth) r->drawn[(DRAWN_##field##_##nth) * SB_LANES]
/* And of one of several that follow each other there. */
#define DRAWN_AFTER(field, nth, distance) r->drawn[(DRAWN_##field##_##nth + (distance)) * SB_LANES]

SB_FIELD void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->person->id);
}

SB_FIELD void put_gender(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_gender_words[r->person->gender]);
}

SB_FIELD void put_first_name(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, r->person->first_name);
}

/* What stands between given and family name: in the native letters or in Latin ones; no bytes for
 * who has none. */
static sb_text middle_name(const row *r, bool latin)
{
    const sb_locale *culture = r->culture->locale;
    uint64_t draw = DRAWN(middle_name, 1);
    if (culture->middle == SB_MIDDLE_NONE ||
        sb_below(DRAWN(middle_name, 0), 1000) >= culture->middle_permille)
        return (sb_text){NULL, 0, 0};
    if (culture->middle == SB_MIDDLE_PATRONYMIC) {
        const sb_table *names = sb_find(r->maker, r->person->culture, SB_TABLE_PATRONYMICS);
        uint32_t column = (r->is_female ? 2 : 0) + (latin ? 1 : 0);
        return sb_table_text(names, column, sb_table_draw(names, draw));
    }
    bool female = r->is_female && culture->middle == SB_MIDDLE_GIVEN;
    const sb_table *names = r->culture->given[female ? WOMEN : MEN];
    uint32_t name = sb_table_draw(names, draw);
    if (sb_table_text(names, 0, name).bytes == r->person->first_name.bytes)
        name = (name + 1) % names->count; /* nobody is called Anna Anna */
    return latin ? sb_table_latin(names, 0, 1, name) : sb_table_text(names, 0, name);
}

SB_FIELD void put_middle_name(const row *r, sb_rows *rows)
{
    sb_text name = middle_name(r, false);
    if (name.byte_count > 0)
        sb_rows_known(rows, name);
    else
        sb_rows_nil(rows);
}

/* The mother's surname, where people bear two. */
static sb_text second_surname(const row *r, bool latin)
{
    if (!r->culture->locale->two_surnames)
        return (sb_text){NULL, 0, 0};
    uint32_t mothers = sb_table_draw(r->culture->families, DRAW(last_name, 2));
    return sb_family_form(r->culture, mothers, false, latin);
}

SB_FIELD void put_last_name(const row *r, sb_rows *rows)
{
    sb_text second = second_surname(r, false);
    sb_line line;
    if (second.byte_count == 0) {
        sb_rows_known(rows, r->person->last_name);
        return;
    }
    sb_line_begin(&line);
    sb_line_text(&line, r->person->last_name);
    sb_line_char(&line, ' ');
    sb_line_text(&line, second);
    sb_rows_line(rows, &line);
}

SB_FIELD void put_date_of_birth(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->person->birth);
}

SB_FIELD void put_nationality(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, r->culture->locale->country);
}

/* Foreigners by name have, one in three, become citizens of where they live. */
SB_FIELD void put_citizenship(const row *r, sb_rows *rows)
{
    sb_text own = r->culture->locale->country;
    bool second = memcmp(own.bytes, r->residence->locale->country.bytes, 2) != 0 &&
                  sb_chance(DRAW(citizenship, 0), 333333);
    sb_rows_array(rows, second ? 2 : 1);
    sb_rows_mark_ahead(rows, 2, SB_MARK_LONG); /* the languages go with the country */
    sb_rows_known(rows, own);
    if (second)
        sb_rows_known(rows, r->residence->locale->country);
}

/* The mother tongue, the language of the cell's country (in which its people deal with each other),
 * and often English. */
SB_FIELD void put_languages(const row *r, sb_rows *rows)
{
    static const sb_text english = SB_WORD("en", 480);
    sb_text mother = r->culture->locale->language, list[3] = {mother};
    uint32_t count = 1;
    sb_text home = sb_locale_of(r->maker, r->person->home_locale)->language;
    if (memcmp(home.bytes, mother.bytes, 2) != 0)
        list[count++] = home;
    bool has_english = memcmp(mother.bytes, "en", 2) == 0 || memcmp(home.bytes, "en", 2) == 0;
    if (!has_english && sb_chance(DRAWN(languages, 0), 560000))
        list[count++] = english;
    sb_rows_array(rows, count);
    for (uint32_t i = 0; i < count; i++)
        sb_rows_known(rows, list[i]);
}

/* Which of six classes, given by their cumulative bounds of 100, a share falls into. All bounds are
 * looked at: that is guessed right, where a search would not be. */
typedef uint8_t class_bounds[6];
static uint32_t class_of(const class_bounds bounds, uint64_t share)
{
    uint32_t class = 0;
    for (uint32_t i = 0; i < 5; i++)
        class += bounds[i] <= share;
    return class;
}

static int pair_status(const sb_person *person)
{
    static const class_bounds paired = {14, 97, 98, 99, 100, 100};
    uint64_t share = sb_below(sb_draw(person->household_key, 8), 100);
    return (int)class_of(paired, share);
}

bool sb_person_has_spouse(const sb_person *person)
{
    return person->household_size > 1 && pair_status(person) == SB_MARITAL_MARRIED;
}

/* The two who head a household are what they are together; those who live alone are single, and
 * with the years divorced or widowed. */
static int draw_marital_status(const row *r)
{
    static const class_bounds young = {94, 96, 98, 98, 100, 100},
                              middle = {60, 63, 92, 95, 100, 100}, old = {22, 25, 50, 98, 100, 100};
    const uint8_t *bounds = r->age < 30 ? young : r->age < 60 ? middle : old;
    int alone = (int)class_of(bounds, sb_below(DRAWN(marital_status, 0), 100));
    int paired = pair_status(r->person);
    return r->person->household_index < 2 && r->person->household_size > 1 ? paired : alone;
}

SB_FIELD void put_marital_status(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_marital_words[r->marital_status]);
}

/* Children below 18, mostly: of people between 24 and 58, and by twos and threes of the married. */
SB_FIELD void put_dependents(const row *r, sb_rows *rows)
{
    static const class_bounds single = {82, 95, 100, 100, 100, 100},
                              married = {24, 48, 80, 93, 98, 100};
    bool is_married = r->marital_status == SB_MARITAL_MARRIED;
    bool parent_age = r->age >= 24 && r->age <= 58;
    uint64_t share = sb_below(DRAWN(dependents, 0), 100);
    uint32_t count = class_of(is_married ? married : single, share);
    if (!parent_age)
        count = r->age > 58 && share >= 97 ? 1 : 0;
    sb_rows_uint(rows, r->age < 30 && count > 2 ? 2 : count);
}

/* What the occupation asks for, or a little more, as far as there was time to learn it. */
SB_FIELD void put_education_level(const row *r, sb_rows *rows)
{
    static const class_bounds bounds[5] = {
        {46, 66, 88, 97, 98, 100}, /* without a job */
        {88, 95, 99, 100, 100, 100}, {50, 88, 97, 99, 99, 100},
        {2, 7, 58, 96, 99, 100},     {0, 0, 4, 34, 62, 100},
    };
    static const int youngest[SB_EDUCATION_COUNT] = {0, 20, 21, 23, 27, 24};
    const sb_table *occupations = sb_find(r->maker, 0, SB_TABLE_OCCUPATIONS);
    bool worked = r->job.employed || r->job.retired;
    int64_t level = worked ? sb_table_int(occupations, OCCUPATION_LEVEL, r->job.occupation) : 0;
    uint64_t share = sb_below(DRAWN(education_level, 0), 100);
    uint32_t education = class_of(bounds[level < 0 || level > 4 ? 0 : level], share);
    while (r->age < 27 && education > 0 && r->age < youngest[education])
        education = education == SB_EDUCATION_PROFESSIONAL ? SB_EDUCATION_BACHELOR : education - 1;
    sb_rows_known(rows, sb_education_words[education]);
}

/* By value: see SB_FIELD. */
static sb_rows put_address(sb_maker *maker, sb_rows rows, const sb_place *place, int type)
{
    sb_put_address(maker, &rows, place, type);
    return rows;
}

SB_FIELD void put_addresses(const row *r, sb_rows *rows)
{
    uint64_t share = sb_below(DRAWN(addresses, 0), 100);
    uint32_t count = 1 + (share >= 90) + (share >= 98);
    sb_rows_array(rows, count);
    *rows = put_address(r->maker, *rows, &r->person->place, SB_ADDRESS_RESIDENTIAL);
    for (uint32_t i = 1; i < count; i++) {
        sb_place other = r->person->place;
        other.key = sb_row_key(r->person->key, i);
        *rows =
            put_address(r->maker, *rows, &other, i == 1 ? SB_ADDRESS_MAILING : SB_ADDRESS_BUSINESS);
    }
}

/* No number twice: ranges kept for fiction are small. */
SB_FIELD void put_phones(const row *r, sb_rows *rows)
{
    uint64_t share = sb_below(DRAWN(phones, 0), 100);
    uint32_t wanted = 1 + (share >= 62) + (share >= 92), count = 0;
    sb_line lines[3];
    for (uint32_t nth = 0; nth < 9 && count < wanted; nth++) {
        bool known = false;
        sb_line_begin(&lines[count]);
        sb_make_phone(r->maker, &r->person->place, sb_chance(DRAW(phones, 16 + nth), 780000),
                      DRAW(phones, 1 + nth), &lines[count]);
        for (uint32_t i = 0; i < count; i++)
            known = known || (lines[i].length == lines[count].length &&
                              memcmp(lines[i].bytes, lines[count].bytes, lines[i].length) == 0);
        count += !known;
    }
    sb_rows_array(rows, count);
    for (uint32_t i = 0; i < count; i++) {
        sb_rows_mark(rows, SB_MARK_LONG);
        sb_rows_line(rows, &lines[i]);
    }
}

SB_FIELD void put_emails(const row *r, sb_rows *rows)
{
    static const sb_text boxes[] = {SB_WORD("@mail.example", 0), SB_WORD("@post.example", 0),
                                    SB_WORD("@work.example", 0)};
    uint64_t share = sb_below(DRAWN(emails, 1), 100);
    uint32_t count = 1 + (share >= 62) + (share >= 92);
    sb_line line;
    sb_line_begin(&line);
    sb_rows_array(rows, count);
    sb_write_email(r->person, &r->first_slug, &r->last_slug, &r->lanes->email, r->ranks[LANE_EMAIL],
                   &line);
    uint32_t head = sb_str_head(line.length);
    sb_rows_mark(rows, SB_MARK_WORDS);
    /* The family name stands in profiles again, without the full stop before it. */
    sb_rows_mark_ahead(rows, head + r->first_slug.length + 1, SB_MARK_SHORT);
    sb_rows_line(rows, &line);
    for (uint32_t i = 1; i < count; i++) {
        sb_line_begin(&line);
        sb_line_join(&line, &r->last_slug);
        sb_line_digits(&line, sb_below(DRAW(emails, 2 + i), 9000) + 1000, 4);
        sb_line_text(&line, boxes[i == 2 ? 2 : DRAW(emails, 5) >> 63]);
        sb_rows_mark(rows, SB_MARK_WORDS);
        sb_rows_line(rows, &line);
    }
}

/* What somebody did before: the same as now, one time in two, or something that asked for no more.
 */
static uint32_t earlier_occupation(const row *r, const sb_table *occupations, uint32_t nth)
{
    uint64_t draw = DRAW(employment, 32 + nth);
    uint32_t other = sb_table_draw(occupations, draw << 1);
    bool worked = r->job.employed || r->job.retired;
    int64_t level = worked ? sb_table_int(occupations, OCCUPATION_LEVEL, r->job.occupation) : 2;
    if (worked && (draw >> 63 != 0 || sb_table_int(occupations, OCCUPATION_LEVEL, other) > level))
        return r->job.occupation;
    for (; sb_table_int(occupations, OCCUPATION_LEVEL, other) > level;)
        other = (other + 1) % occupations->count;
    return other;
}

/* The writer comes and goes by value: see SB_FIELD. */
static sb_rows put_job(const row *r, sb_rows at_first, bool current, int32_t start, int32_t end,
                       uint32_t nth)
{
    sb_rows own = at_first, *rows = &own;
    const sb_table *occupations = sb_find(r->maker, 0, SB_TABLE_OCCUPATIONS);
    uint32_t occupation = current || (r->job.retired && nth == 0)
                              ? r->job.occupation
                              : earlier_occupation(r, occupations, nth);
    sb_text industry = sb_table_text(occupations, OCCUPATION_INDUSTRY, occupation);
    int64_t income = r->job.income;
    sb_line name;
    bool inside = current && r->job.inside;
    sb_line_begin(&name);
    if (inside) {
        const sb_company *employer = &sb_firm_find(r->maker, r->job.employer)->company;
        sb_company_name(r->maker, employer, true, false, &name);
        industry = employer->industry;
    } else {
        sb_outside_firm(r->maker, r->person->place.locale,
                        sb_table_mark(occupations, OCCUPATION_INDUSTRY, occupation),
                        DRAW(employment, 48 + nth), &name);
    }
    if (!current)
        income =
            sb_draw_income(occupations, occupation, r->residence, 24, DRAW(employment, 64 + nth)) *
            r->residence->minor_units;
    sb_rows_array(rows, SB_FIELD_COUNT(SB_EMPLOYMENT_FIELDS));
    if (inside)
        sb_rows_uint(rows, r->job.employer);
    else
        sb_rows_nil(rows);
    sb_rows_mark(rows, SB_MARK_WORDS);
    sb_rows_line(rows, &name);
    sb_rows_mark(rows, SB_MARK_WORDS);
    sb_rows_known(rows,
                  sb_maker_title(r->maker, r->person->place.locale, occupation, r->is_female));
    sb_rows_mark(rows, SB_MARK_SHORT);
    sb_rows_known(rows, industry);
    sb_rows_int(rows, start);
    if (current)
        sb_rows_nil(rows);
    else
        sb_rows_int(rows, end);
    sb_rows_mark(rows, SB_MARK_LONG);
    sb_rows_int(rows, income);
    sb_rows_mark(rows, SB_MARK_LONG);
    sb_rows_known(rows, r->residence->locale->currency);
    return own;
}

/* The present job if there is one, and up to two before it, back to back but for some months
 * between, none before the 18th birthday. The present employer was there when the job began. */
SB_FIELD void put_employment(const row *r, sb_rows *rows)
{
    const sb_spec_values *values = &r->maker->world->values;
    int32_t begin[3], end[3], floor_days = r->person->birth + ADULT_DAYS;
    uint32_t count = 0, wanted = (uint32_t)sb_below(DRAWN(employment, 4), 3) + r->job.employed;
    int32_t until = values->start_days - 30;
    if (r->job.retired && r->person->birth + 24045 < until) /* at 62 to 65, if that is over */
        until = r->person->birth + 22645 + (int32_t)sb_below(DRAW(employment, 5), 1400);
    for (uint32_t i = 0; i < 3 && count < wanted && until - 60 > floor_days; i++) {
        int32_t years = 200 + (int32_t)sb_below(DRAW(employment, 6 + i), 3650);
        begin[count] = until - years > floor_days ? until - years : floor_days;
        if (begin[count] >= until)
            begin[count] = until - 1;
        if (i == 0 && r->job.employed)
            begin[count] = sb_person_job_begin(r->maker, r->person, &r->job);
        end[count] = until;
        until = begin[count] - 30 - (int32_t)sb_below(DRAW(employment, 10 + i), 240);
        count++;
    }
    if (count == 0 && r->job.employed) {
        begin[0] = sb_person_job_begin(r->maker, r->person, &r->job);
        end[0] = 0;
        count = 1;
    }
    sb_rows_array(rows, count);
    for (uint32_t i = 0; i < count; i++)
        *rows = put_job(r, *rows, i == 0 && r->job.employed, begin[i], end[i], i);
}

SB_FIELD void put_annual_income(const row *r, sb_rows *rows)
{
    if (r->job.income > 0)
        sb_rows_int(rows, r->job.income);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_income_currency(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, r->residence->locale->currency);
}

SB_FIELD void put_is_pep(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->is_pep);
}

/* The published rule (docs/model.md): points for what screening looks at, and up to 42 for all that
 * a bank knows besides. */
SB_FIELD void put_risk_level(const row *r, sb_rows *rows)
{
    uint64_t other = sb_below(DRAWN(risk_level, 0), 1000);
    uint64_t points = other * other * 42 / 1000000;
    points += r->is_sanctioned ? 70 : 0;
    points += r->is_pep ? 35 : 0;
    points += r->culture->is_high_risk ? 8 : 0;
    points += r->residence->is_haven ? 8 : 0;
    points += r->culture != r->residence ? 4 : 0;
    sb_rows_known(rows, sb_risk_words[points >= 70   ? SB_RISK_CRITICAL
                                      : points >= 45 ? SB_RISK_HIGH
                                      : points >= 30 ? SB_RISK_MEDIUM
                                                     : SB_RISK_LOW]);
}

/* Given, middle and family names as in a passport. */
SB_FIELD void put_latin_name(const row *r, sb_rows *rows)
{
    sb_text middle = middle_name(r, true), second = second_surname(r, true);
    sb_line line;
    if (r->person->is_latin) {
        sb_rows_nil(rows);
        return;
    }
    sb_line_begin(&line);
    sb_line_text(&line, r->person->first_latin);
    if (middle.byte_count > 0) {
        sb_line_char(&line, ' ');
        sb_line_text(&line, middle);
    }
    sb_line_char(&line, ' ');
    sb_line_text(&line, r->person->last_latin);
    if (second.byte_count > 0) {
        sb_line_char(&line, ' ');
        sb_line_text(&line, second);
    }
    sb_rows_line(rows, &line);
}

SB_FIELD void put_tax_id(const row *r, sb_rows *rows)
{
    const sb_customs *of = r->residence;
    sb_line line;
    if (!of->has_tax_id) {
        sb_rows_nil(rows);
        return;
    }
    sb_line_begin(&line);
    sb_line_born_number(&line, &of->tax_id, r->ranks[LANE_TAX_ID], &r->birth, r->is_female);
    sb_rows_line(rows, &line);
}

/* ---- papers --------------------------------------------------------------------------------- */

/* Papers as years of validity, and the age from which one has them. */
static const struct {
    int32_t valid_years, age_days;
} papers[SB_ID_DOCUMENT_COUNT] = {
    [SB_ID_DOCUMENT_PASSPORT] = {10, 5844},
    [SB_ID_DOCUMENT_DRIVING_LICENCE] = {15, 6640},
    [SB_ID_DOCUMENT_NATIONAL_ID] = {10, 5844},
};

static bool has_paper(uint32_t type, uint64_t draw)
{
    static const uint32_t per_million[SB_ID_DOCUMENT_COUNT] = {700000, 780000, 450000};
    return sb_chance(draw, per_million[type]);
}

/* A licence is of the country where somebody lives, other papers are of the one of birth. */
static const sb_customs *issuer(const sb_customs *residence, const sb_customs *culture, int type)
{
    return type == SB_ID_DOCUMENT_DRIVING_LICENCE ? residence : culture;
}

bool sb_person_passport(sb_maker *maker, const sb_person *person, sb_line *out)
{
    const uint32_t passport = SB_ID_DOCUMENT_PASSPORT;
    uint64_t draw = sb_draw(person->key, SB_DRAW_NUMBER(SB_PERSON_documents, passport));
    if (!has_paper(passport, draw))
        return false;
    const sb_number_form *form =
        &sb_customs_of(maker, person->culture)->papers[SB_ID_DOCUMENT_PASSPORT];
    sb_line_begin(out);
    sb_line_number(out, form, sb_number_rank(form, person->id));
    return true;
}

/* Issued within its years of validity before the end of the period, and not before it could be. */
SB_FIELD void put_paper(const row *r, sb_rows *rows, int type)
{
    int32_t end = r->maker->world->values.end_days, valid = papers[type].valid_years * 365;
    int32_t earliest = end - valid + 30, youngest = r->person->birth + papers[type].age_days;
    if (earliest < youngest)
        earliest = youngest;
    if (earliest > end - 1)
        earliest = end - 1;
    /* Before the period, where it can be, so that it is there for all of the period's trips. */
    int32_t latest = r->maker->world->values.start_days;
    if (latest <= earliest)
        latest = earliest + 1;
    int32_t issued = earliest + (int32_t)sb_below(DRAWN_AFTER(documents, 8, type),
                                                  (uint64_t)(latest - earliest));
    const sb_customs *by = issuer(r->residence, r->culture, type);
    sb_line line;
    sb_line_begin(&line);
    sb_line_number(&line, &by->papers[type], r->ranks[LANE_PAPER + type]);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_ID_DOCUMENT_FIELDS));
    sb_rows_mark(rows, SB_MARK_LONG);
    sb_rows_known(rows, sb_id_document_words[type]);
    sb_rows_line(rows, &line);
    sb_rows_mark(rows, SB_MARK_SHORT);
    sb_rows_known(rows, by->locale->country);
    sb_rows_int(rows, issued);
    sb_rows_int(rows, issued + valid);
}

SB_FIELD void put_documents(const row *r, sb_rows *rows)
{
    sb_rows_array(rows, r->paper_count);
    for (uint32_t i = 0; i < r->paper_count; i++)
        put_paper(r, rows, (int)r->papers[i]);
}

/* ---- standing ------------------------------------------------------------------------------- */

/* A log-normal around what the years of earning leave, in whole hundreds of an income's thousandth.
 */
SB_FIELD void put_net_worth(const row *r, sb_rows *rows)
{
    int64_t years = r->age > 22 ? r->age - 22 : 1;
    if (r->job.income <= 0) {
        sb_rows_nil(rows);
        return;
    }
    int64_t worth = sb_lognormal_draw(r->job.income * years / 12, 5, DRAWN(net_worth, 0));
    const sb_divisor *step = &r->residence->worth_step;
    sb_rows_int(rows, (int64_t)(sb_divide((uint64_t)worth, step) * step->by));
}

SB_FIELD void put_pep_details(const row *r, sb_rows *rows)
{
    if (!r->is_pep) {
        sb_rows_nil(rows);
        return;
    }
    const sb_table *categories = sb_find(r->maker, 0, SB_TABLE_PEP_CATEGORIES);
    uint32_t category = sb_table_draw(categories, DRAW(pep_details, 0));
    int32_t end = r->maker->world->values.end_days, earliest = r->person->birth + 9132;
    if (earliest < end - 9132)
        earliest = end - 9132;
    int32_t since = earliest + (int32_t)sb_below(DRAW(pep_details, 1), (uint64_t)(end - earliest));
    int32_t until = since + 400 + (int32_t)sb_below(DRAW(pep_details, 2), 5000);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_PEP_FIELDS));
    sb_rows_known(rows, sb_table_text(categories, 0, category));
    sb_rows_known(rows, sb_table_text(categories, 2, category));
    sb_rows_known(rows, r->residence->locale->country);
    sb_rows_int(rows, since);
    if (until < end)
        sb_rows_int(rows, until);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_is_sanctioned(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->is_sanctioned);
}

static sb_rows put_lists(const row *r, sb_rows rows)
{
    sb_put_sanction_lists(r->maker, &rows, 3, DRAW(sanction_lists, 0));
    return rows;
}

SB_FIELD void put_sanction_lists(const row *r, sb_rows *rows)
{
    if (r->is_sanctioned)
        *rows = put_lists(r, *rows);
    else
        sb_rows_array(rows, 0);
}

/* ---- life online ---------------------------------------------------------------------------- */

/* 0 to 10,000: some 8,000 in youth, falling with age, and everybody differs. */
static uint32_t draw_online_score(const row *r)
{
    int64_t usual = 8300 - (int64_t)(r->age - 18) * 75;
    int64_t a = (int64_t)sb_below(DRAWN(online_activity_score, 0), 1900),
            b = (int64_t)sb_below(DRAWN(online_activity_score, 1), 1900);
    int64_t score = usual + a - b;
    return (uint32_t)(score < 0 ? 0 : score > 10000 ? 10000 : score);
}

SB_FIELD void put_social_profiles(const row *r, sb_rows *rows)
{
    static const struct {
        sb_text name, address;
    } platforms[PLATFORMS] = {
        {SB_WORD("twitter", 527), SB_WORD("https://twitter.example/", 0)},
        {SB_WORD("linkedin", 528), SB_WORD("https://linkedin.example/", 0)},
        {SB_WORD("facebook", 529), SB_WORD("https://facebook.example/", 0)},
        {SB_WORD("instagram", 530), SB_WORD("https://instagram.example/", 0)},
    };
    sb_line handle;
    sb_rows_array(rows, r->profile_count);
    if (r->profile_count == 0)
        return;
    sb_line_begin(&handle);
    sb_line_join(&handle, &r->first_slug);
    sb_line_join(&handle, &r->last_slug);
    sb_line_unique_rank(&handle, &r->lanes->profile, r->ranks[LANE_PROFILE]);
    for (uint32_t i = 0; i < r->profile_count; i++) {
        sb_line line;
        sb_line_begin(&line);
        sb_line_text(&line, platforms[r->profiles[i]].address);
        sb_line_join(&line, &handle);
        sb_rows_array(rows, SB_FIELD_COUNT(SB_PROFILE_FIELDS));
        sb_rows_mark(rows, SB_MARK_LONG);
        sb_rows_known(rows, platforms[r->profiles[i]].name);
        uint32_t at = sb_str_head(line.length) + line.length - handle.length;
        sb_rows_mark(rows, SB_MARK_WORDS);
        sb_rows_mark_ahead(rows, at + r->first_slug.length, SB_MARK_SHORT);
        sb_rows_line(rows, &line);
    }
}

SB_FIELD void put_online_activity_score(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->online_score);
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* What somebody has several of: lists, made without a branch for each that there may be. */
static void choose_things(row *r)
{
    r->paper_count = r->profile_count = 0;
    for (uint32_t type = 0; type < PAPER_COUNT; type++) {
        r->papers[r->paper_count] = type;
        r->paper_count += has_paper(type, DRAWN_AFTER(documents, 0, type));
    }
    for (uint32_t i = 0; i < PLATFORMS; i++) {
        r->profiles[r->profile_count] = i;
        r->profile_count += sb_below(DRAWN_AFTER(social_profiles, 0, i), 20000) < r->online_score;
    }
}

/* Ranks that are not known already, permuted together. */
typedef struct unknown {
    const sb_permutation *orders[LANE_COUNT];
    uint64_t ranks[LANE_COUNT];
    sb_person_lane lanes[LANE_COUNT];
    uint32_t count;
} unknown;

static void add_unknown(unknown *all, sb_person_lane which, const sb_permutation *order,
                        uint64_t place)
{
    all->orders[all->count] = order;
    all->ranks[all->count] = place;
    all->lanes[all->count++] = which;
}

/* The rank that an id has in the order of a number: known where the form is the common one. */
static void find_rank(row *r, unknown *all, sb_person_lane which, const sb_customs *of,
                      const sb_number_form *form)
{
    uint64_t id = r->person->id;
    if (r->lanes->is_whole && of == r->lanes->common)
        r->ranks[which] = r->lanes->ranks[which][id % SB_LANES];
    else
        add_unknown(all, which, &form->order, sb_number_place(form, id));
}

static void find_ranks(row *r)
{
    unknown all = {.count = 0};
    const sb_person_block *lanes = r->lanes;
    uint64_t at = r->person->id % SB_LANES;
    if (lanes->is_whole) {
        r->ranks[LANE_EMAIL] = lanes->ranks[LANE_EMAIL][at];
        r->ranks[LANE_PROFILE] = lanes->ranks[LANE_PROFILE][at];
    } else {
        add_unknown(&all, LANE_EMAIL, &lanes->email.order, lanes->email.place);
        add_unknown(&all, LANE_PROFILE, &lanes->profile.order, lanes->profile.place);
    }
    if (r->residence->has_tax_id)
        find_rank(r, &all, LANE_TAX_ID, r->residence, &r->residence->tax_id);
    for (uint32_t i = 0; i < r->paper_count; i++) {
        uint32_t type = r->papers[i];
        const sb_customs *of = issuer(r->residence, r->culture, (int)type);
        find_rank(r, &all, LANE_PAPER + (sb_person_lane)type, of, &of->papers[type]);
    }
    sb_permute_together(all.orders, all.ranks, all.count);
    for (uint32_t i = 0; i < all.count; i++)
        r->ranks[all.lanes[i]] = all.ranks[i];
}

/* ---- many rows ------------------------------------------------------------------------------ */

static const uint32_t draw_numbers[DRAWN_COUNT] = {
#define ROW_DRAW(field, nth) SB_DRAW_NUMBER(SB_PERSON_##field, nth),
    ROW_DRAWS(ROW_DRAW)
#undef ROW_DRAW
};

static void permute_numbers(const sb_maker *maker, const sb_number_form *form, uint64_t first,
                            uint64_t ranks[SB_LANES])
{
    for (uint32_t i = 0; i < SB_LANES; i++)
        ranks[i] = sb_number_place(form, first + i);
    maker->lanes->permute(&form->order, ranks);
}

/* Ids of a block are of one class: their bounds are multiples of SB_LANES. */
static void permute_unique(const sb_maker *maker, const sb_unique *of, uint64_t ranks[SB_LANES])
{
    for (uint32_t i = 0; i < SB_LANES; i++)
        ranks[i] = of->place + i;
    maker->lanes->permute(&of->order, ranks);
}

static void make_keys(const sb_maker *maker, sb_person_block *out)
{
    const sb_world *world = maker->world;
    sb_keys persons, households;
    uint64_t ids[SB_LANES], homes[SB_LANES], ones[SB_LANES];
    for (uint32_t i = 0; i < SB_LANES; i++) {
        persons.low[i] = world->persons.low;
        persons.high[i] = world->persons.high;
        households.low[i] = world->households.low;
        households.high[i] = world->households.high;
        ids[i] = out->first + i;
        homes[i] = HOME_INDEX | ids[i];
        ones[i] = 1;
    }
    maker->lanes->row_keys(&persons, ids, &out->keys);
    maker->lanes->row_keys(&households, homes, &out->home_keys);
    maker->lanes->row_keys(&out->home_keys, ones, &out->place_keys);
}

/* Cells take the locales in turn, so by the time of a locale's next cell its tables are no longer
 * near. */
static void warm_tables(sb_maker *maker, uint32_t locale)
{
    static const sb_table_id used[] = {
        SB_TABLE_GIVEN_MALE, SB_TABLE_GIVEN_FEMALE,   SB_TABLE_FAMILY,        SB_TABLE_STREETS,
        SB_TABLE_CITIES,     SB_TABLE_COMPANY_SECOND, SB_TABLE_COMPANY_FORMS, SB_TABLE_TITLES};
    for (size_t i = 0; i < sizeof used / sizeof *used; i++)
        sb_table_warm(sb_find(maker, locale, used[i]));
}

static void make_lanes(sb_maker *maker, uint64_t id, sb_person_block *out)
{
    uint32_t locale = sb_maker_home(maker, sb_maker_span(maker, SB_PERSONS, id).cell).locale;
    out->first = id - id % SB_LANES;
    if (out->common != sb_customs_of(maker, locale))
        warm_tables(maker, locale);
    out->common = sb_customs_of(maker, locale);
    make_keys(maker, out);
    for (uint32_t i = 0; i < DRAWN_COUNT; i++)
        maker->lanes->draws(&out->keys, draw_numbers[i], out->draws[i]);
    out->email = sb_unique_of(maker->world->persons, out->first);
    out->profile = sb_unique_of(maker->people->profile_key, out->first);
    permute_unique(maker, &out->email, out->ranks[LANE_EMAIL]);
    permute_unique(maker, &out->profile, out->ranks[LANE_PROFILE]);
    if (out->common->has_tax_id)
        permute_numbers(maker, &out->common->tax_id, out->first, out->ranks[LANE_TAX_ID]);
    for (uint32_t type = 0; type < PAPER_COUNT; type++)
        permute_numbers(maker, &out->common->papers[type], out->first,
                        out->ranks[LANE_PAPER + type]);
    out->is_whole = true;
}

/* Of a row that is made alone. */
static void make_lane(sb_maker *maker, const sb_person *person, sb_person_block *out)
{
    for (uint32_t i = 0; i < DRAWN_COUNT; i++)
        out->draws[i][person->id % SB_LANES] = sb_draw(person->key, draw_numbers[i]);
    out->email = sb_unique_of(maker->world->persons, person->id);
    out->profile = sb_unique_of(maker->people->profile_key, person->id);
}

/* The second of rows that are made one after the other makes a block. */
static void begin_row(sb_maker *maker, uint64_t id)
{
    struct sb_people *people = maker->people;
    if (sb_person_lanes(maker, id) == NULL) {
        people->lanes.is_whole = false;
        if (maker->lanes->is_wide && id == people->next && id > 0)
            make_lanes(maker, id, &people->lanes);
    }
    people->next = id + 1;
}

void sb_person_put(sb_maker *maker, sb_rows *rows, uint64_t id)
{
    sb_person person;
    row own, *r = &own;
    begin_row(maker, id);
    sb_person_make(maker, id, &person);
    if (!maker->people->lanes.is_whole)
        make_lane(maker, &person, &maker->people->lanes);
    r->lanes = &maker->people->lanes;
    r->drawn = &r->lanes->draws[0][id % SB_LANES];
    r->maker = maker;
    r->person = &person;
    r->residence = sb_customs_of(maker, person.place.locale);
    r->culture = sb_customs_of(maker, person.culture);
    r->is_female = sb_is_female(&person);
    r->birth = sb_civil_of(person.birth);
    r->age = sb_years_between(&r->birth, &maker->people->end);
    r->marital_status = draw_marital_status(r);
    sb_person_job(maker, &person, &r->job);
    r->is_pep = r->age >= 27 && sb_chance(DRAWN(is_pep, 0), 8000);
    r->is_sanctioned = sb_chance(DRAWN(is_sanctioned, 0), 1000);
    r->online_score = draw_online_score(r);
    sb_line_begin(&r->first_slug);
    sb_line_begin(&r->last_slug);
    sb_line_slug(&r->first_slug, person.first_latin);
    sb_line_slug(&r->last_slug, person.last_latin);
    choose_things(r);
    find_ranks(r);
    sb_rows at = *rows;
    sb_rows_mark(&at, SB_MARK_SHORT);
    sb_rows_array(&at, SB_FIELD_COUNT(SB_PERSON_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(&at, __VA_ARGS__) put_##name(r, &at);
    SB_PERSON_FIELDS(PUT)
#undef PUT
    *rows = at;
}
