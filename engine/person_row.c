/* The row of a person, field by field. */
#include "engine/company.h"
#include "engine/distributions.h"
#include "engine/person_row_internal.h"
#include "engine/screening.h"
#include "format/row_text.h"

/* ---- the row -------------------------------------------------------------------------------- */

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
    const sb_locale *culture = r->of->culture->locale;
    uint64_t draw = DRAWN(middle_name, 1);
    if (culture->middle == SB_MIDDLE_NONE ||
        sb_below(DRAWN(middle_name, 0), 1000) >= culture->middle_permille)
        return (sb_text){NULL, 0, 0};
    if (culture->middle == SB_MIDDLE_PATRONYMIC) {
        const sb_table *names = sb_find(r->maker, r->person->culture, SB_TABLE_PATRONYMICS);
        uint32_t column = (r->of->is_female ? 2 : 0) + (latin ? 1 : 0);
        return sb_table_text(names, column, sb_table_draw(names, draw));
    }
    bool female = r->of->is_female && culture->middle == SB_MIDDLE_GIVEN;
    const sb_table *names = r->of->culture->given[female ? WOMEN : MEN];
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
    if (!r->of->culture->locale->two_surnames)
        return (sb_text){NULL, 0, 0};
    uint32_t mothers = sb_table_draw(r->of->culture->families, DRAW(last_name, 2));
    return sb_family_form(r->of->culture, mothers, false, latin);
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
    sb_rows_known(rows, r->of->culture->locale->country);
}

/* Foreigners by name have, one in three, become citizens of where they live. */
SB_FIELD void put_citizenship(const row *r, sb_rows *rows)
{
    sb_text own = r->of->culture->locale->country;
    bool second = memcmp(own.bytes, r->of->residence->locale->country.bytes, 2) != 0 &&
                  sb_chance(DRAW(citizenship, 0), 333333);
    sb_rows_array(rows, second ? 2 : 1);
    sb_rows_mark_ahead(rows, 2, SB_MARK_LONG); /* the languages go with the country */
    sb_rows_known(rows, own);
    if (second)
        sb_rows_known(rows, r->of->residence->locale->country);
}

/* The mother tongue, the language of the cell's country (in which its people deal with each other),
 * and often English. */
SB_FIELD void put_languages(const row *r, sb_rows *rows)
{
    static const sb_text english = SB_WORD("en", 480);
    sb_text mother = r->of->culture->locale->language, list[3];
    uint32_t count = 0;
    list[count++] = mother;
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

SB_FIELD void put_marital_status(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_marital_words[r->of->marital_status]);
}

/* Children below 18, mostly: of people between 24 and 58, and by twos and threes of the married. */
SB_FIELD void put_dependents(const row *r, sb_rows *rows)
{
    static const class_bounds single = {82, 95, 100, 100, 100, 100},
                              married = {24, 48, 80, 93, 98, 100};
    bool is_married = r->of->marital_status == SB_MARITAL_MARRIED;
    bool parent_age = r->of->age >= 24 && r->of->age <= 58;
    uint64_t share = sb_below(DRAWN(dependents, 0), 100);
    uint32_t count = sb_class_of(is_married ? married : single, share);
    if (!parent_age)
        count = r->of->age > 58 && share >= 97 ? 1 : 0;
    sb_rows_uint(rows, r->of->age < 30 && count > 2 ? 2 : count);
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
    bool worked = r->of->job.employed || r->of->job.retired;
    int64_t level = worked ? sb_table_int(occupations, OCCUPATION_LEVEL, r->of->job.occupation) : 0;
    uint64_t share = sb_below(DRAWN(education_level, 0), 100);
    uint32_t education = sb_class_of(bounds[level < 0 || level > 4 ? 0 : level], share);
    while (r->of->age < 27 && education > 0 && r->of->age < youngest[education])
        education = education == SB_EDUCATION_PROFESSIONAL ? SB_EDUCATION_BACHELOR : education - 1;
    sb_rows_known(rows, sb_education_words[education]);
}

/* By value: see SB_FIELD. */
static sb_rows put_address(sb_maker *maker, sb_rows rows, const sb_place *place, int type)
{
    sb_put_address(maker, &rows, place, type);
    return rows;
}

/* Of a block all addresses of households are there; nobody else needs the one of a row that is made
 * alone. */
static sb_rows put_home(const row *r, sb_rows rows)
{
    uint32_t first = (uint32_t)(r->person->household % SB_LANES);
    if (r->lanes->is_whole)
        sb_rows_address(&rows, &r->lanes->addresses[first], SB_ADDRESS_RESIDENTIAL);
    else
        sb_put_address(r->maker, &rows, &r->person->place, SB_ADDRESS_RESIDENTIAL);
    return rows;
}

SB_FIELD void put_addresses(const row *r, sb_rows *rows)
{
    uint64_t share = sb_below(DRAWN(addresses, 0), 100);
    uint32_t count = 1 + (share >= 90) + (share >= 98);
    sb_rows_array(rows, count);
    *rows = put_home(r, *rows);
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
        uint64_t which = nth == 0 ? DRAWN(phones, 16) : DRAW(phones, 16 + nth);
        uint64_t draw = nth == 0 ? DRAWN(phones, 1) : DRAW(phones, 1 + nth);
        sb_make_phone(r->maker, &r->person->place, sb_chance(which, 780000), draw, &lines[count]);
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

/* ---- texts that have the name in them ------------------------------------------------------- */

static void add_slug(sb_line *line, const sb_slug *slug, sb_text name)
{
    if (slug->byte_count == SB_SLUG_LONG)
        sb_line_slug(line, name);
    else
        sb_line_add(line, slug->bytes, slug->byte_count);
}

SB_FIELD uint8_t *copy_padded(uint8_t *at, const char *bytes, uint32_t byte_count)
{
    memcpy(at, bytes, SB_TEXT_ROOM);
    return at + byte_count;
}

/* As many digits as it has: at most sixteen. */
SB_FIELD uint8_t *copy_digits(uint8_t *at, uint64_t value, uint32_t digits)
{
    uint32_t last = digits;
    if (digits > 8) {
        uint64_t high = value / SB_TEN_TO_THE_8;
        sb_store_eight((char *)at,
                       (sb_eight_digits((uint32_t)high) + sb_eight_noughts) >> (8 * (16 - digits)));
        at += digits - 8;
        value -= high * SB_TEN_TO_THE_8;
        last = 8;
    }
    sb_store_eight((char *)at,
                   (sb_eight_digits((uint32_t)value) + sb_eight_noughts) >> (8 * (8 - last)));
    return at + last;
}

/* A text around the name: what stands before it, given name (if any), a point or nothing, family
 * name, a number of so many digits, what stands behind. Written straight into the row: put together
 * elsewhere it would be read again before it is in memory. */
typedef struct named_text {
    const sb_text *before, *after; /* NULL: nothing */
    bool has_first, has_point;
    uint64_t number;
    uint32_t digits;
} named_text;

static sb_rows put_long_named(const row *r, sb_rows rows, const named_text *text)
{
    sb_line line;
    sb_line_begin(&line);
    if (text->before != NULL)
        sb_line_text(&line, *text->before);
    if (text->has_first)
        add_slug(&line, &r->of->first_slug, r->person->first_latin);
    if (text->has_point)
        sb_line_char(&line, '.');
    add_slug(&line, &r->of->last_slug, r->person->last_latin);
    sb_line_digits(&line, text->number, (int)text->digits);
    if (text->after != NULL)
        sb_line_text(&line, *text->after);
    sb_rows_line(&rows, &line);
    return rows;
}

SB_FIELD void put_named(const row *r, sb_rows *rows, const named_text *text)
{
    const sb_slug *first = &r->of->first_slug, *last = &r->of->last_slug;
    uint32_t length = (text->before != NULL ? text->before->byte_count : 0) +
                      (text->has_first ? first->byte_count : 0) + text->has_point +
                      last->byte_count + text->digits +
                      (text->after != NULL ? text->after->byte_count : 0);
    if (length >= SB_SLUG_LONG || last->byte_count == SB_SLUG_LONG) {
        *rows = put_long_named(r, *rows, text);
        return;
    }
    uint8_t *at = sb_rows_str_head(rows->at, length);
    if (text->has_first) { /* the family name stands in profiles again, without a full stop */
        uint32_t head = (uint32_t)(at - rows->at);
        uint32_t before = text->before != NULL ? text->before->byte_count : 0;
        sb_rows_mark_ahead(rows, head + before + first->byte_count + text->has_point,
                           SB_MARK_SHORT);
    }
    rows->at = at + length;
    if (text->before != NULL)
        at = copy_padded(at, text->before->bytes, text->before->byte_count);
    if (text->has_first)
        at = copy_padded(at, first->bytes, first->byte_count);
    if (text->has_point)
        *at++ = '.';
    at = copy_padded(at, last->bytes, last->byte_count);
    at = copy_digits(at, text->number, text->digits);
    if (text->after != NULL)
        copy_padded(at, text->after->bytes, text->after->byte_count);
}

SB_FIELD void put_emails(const row *r, sb_rows *rows)
{
    static const sb_text boxes[] = {SB_WORD("@mail.example", 0), SB_WORD("@post.example", 0),
                                    SB_WORD("@work.example", 0)};
    const sb_unique *unique = &r->lanes->email;
    uint64_t share = sb_below(DRAWN(emails, 1), 100);
    uint32_t count = 1 + (share >= 62) + (share >= 92);
    named_text main = {.has_first = true,
                       .has_point = true,
                       .number = unique->begin + r->of->ranks[LANE_EMAIL],
                       .digits = (uint32_t)unique->digits,
                       .after = sb_email_domain(DRAWN(emails, 0))};
    sb_rows_array(rows, count);
    sb_rows_mark(rows, SB_MARK_WORDS);
    put_named(r, rows, &main);
    for (uint32_t i = 1; i < count; i++) {
        named_text other = {.number = sb_below(DRAW(emails, 2 + i), 9000) + 1000,
                            .digits = 4,
                            .after = &boxes[i == 2 ? 2 : DRAW(emails, 5) >> 63]};
        sb_rows_mark(rows, SB_MARK_WORDS);
        put_named(r, rows, &other);
    }
}

/* All words are copied in steps of SB_TEXT_ROOM bytes, straight into the row: put together
 * elsewhere they would be read again before they are in memory. */
SB_FIELD void put_outside_name(sb_rows *rows, const sb_outside_name *name)
{
    enum { MOST = 64 };
    uint32_t spaced = name->is_spaced;
    uint32_t length = name->before.byte_count + name->family.byte_count + spaced +
                      name->second.byte_count + name->after.byte_count;
    bool are_short = (name->before.byte_count | name->family.byte_count | name->second.byte_count |
                      name->after.byte_count) < SB_TEXT_ROOM;
    if (length > MOST || !are_short) {
        sb_line line;
        sb_line_begin(&line);
        sb_line_outside_name(&line, name);
        sb_rows_line(rows, &line);
        return;
    }
    uint8_t *at = sb_rows_str_head(rows->at, length);
    rows->at = at + length;
    memcpy(at, name->before.bytes, SB_TEXT_ROOM);
    at += name->before.byte_count;
    memcpy(at, name->family.bytes, SB_TEXT_ROOM);
    at += name->family.byte_count;
    *at = ' ';
    at += spaced;
    memcpy(at, name->second.bytes, SB_TEXT_ROOM);
    at += name->second.byte_count;
    memcpy(at, name->after.bytes, SB_TEXT_ROOM);
}

SB_FIELD void put_employer(const row *r, sb_rows *rows, const sb_post *post)
{
    sb_line name;
    if (!post->is_inside) {
        put_outside_name(rows, &post->employer);
        return;
    }
    sb_line_begin(&name);
    sb_company_name(r->maker, &sb_firm_find(r->maker, r->of->job.employer)->company, true, false,
                    &name);
    sb_rows_line(rows, &name);
}

/* The writer comes and goes by value: see SB_FIELD. */
static sb_rows put_job(const row *r, sb_rows at_first, const sb_post *post)
{
    sb_rows own = at_first, *rows = &own;
    sb_rows_array(rows, SB_FIELD_COUNT(SB_EMPLOYMENT_FIELDS));
    if (post->is_inside)
        sb_rows_uint(rows, r->of->job.employer);
    else
        sb_rows_nil(rows);
    sb_rows_mark(rows, SB_MARK_WORDS);
    put_employer(r, rows, post);
    sb_rows_mark(rows, SB_MARK_WORDS);
    sb_rows_known(rows, post->title);
    sb_rows_mark(rows, SB_MARK_SHORT);
    sb_rows_known(rows, post->industry);
    sb_rows_int(rows, post->begin);
    if (post->is_current)
        sb_rows_nil(rows);
    else
        sb_rows_int(rows, post->end);
    sb_rows_mark(rows, SB_MARK_LONG);
    sb_rows_int(rows, post->income);
    sb_rows_mark(rows, SB_MARK_LONG);
    sb_rows_known(rows, r->of->residence->locale->currency);
    return own;
}

SB_FIELD void put_employment(const row *r, sb_rows *rows)
{
    sb_rows_array(rows, r->of->post_count);
    for (uint32_t i = 0; i < r->of->post_count; i++)
        *rows = put_job(r, *rows, &r->of->posts[i]);
}

SB_FIELD void put_annual_income(const row *r, sb_rows *rows)
{
    if (r->of->job.income > 0)
        sb_rows_int(rows, r->of->job.income);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_income_currency(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, r->of->residence->locale->currency);
}

SB_FIELD void put_is_pep(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->of->is_pep);
}

/* The published rule (docs/model.md): points for what screening looks at, and up to 42 for all that
 * a bank knows besides. */
SB_FIELD void put_risk_level(const row *r, sb_rows *rows)
{
    uint64_t other = sb_below(DRAWN(risk_level, 0), 1000);
    uint64_t points = other * other * 42 / 1000000;
    points += r->of->is_sanctioned ? 70 : 0;
    points += r->of->is_pep ? 35 : 0;
    points += r->of->culture->is_high_risk ? 8 : 0;
    points += r->of->residence->is_haven ? 8 : 0;
    points += r->of->culture != r->of->residence ? 4 : 0;
    sb_rows_known(rows, sb_risk_words[points >= 70   ? SB_RISK_CRITICAL
                                      : points >= 45 ? SB_RISK_HIGH
                                      : points >= 30 ? SB_RISK_MEDIUM
                                                     : SB_RISK_LOW]);
}

/* Given, middle and family names as in a passport. */
SB_FIELD void put_latin_name(const row *r, sb_rows *rows)
{
    sb_line line;
    if (r->person->is_latin) {
        sb_rows_nil(rows);
        return;
    }
    sb_text middle = middle_name(r, true), second = second_surname(r, true);
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
    const sb_customs *of = r->of->residence;
    sb_line line;
    if (!of->has_tax_id) {
        sb_rows_nil(rows);
        return;
    }
    sb_line_begin(&line);
    sb_line_born_number(&line, &of->tax_id, r->of->ranks[LANE_TAX_ID], &r->of->birth,
                        r->of->is_female);
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
    const sb_customs *by = sb_paper_issuer(r->of->residence, r->of->culture, type);
    sb_line line;
    sb_line_begin(&line);
    sb_line_number(&line, &by->papers[type], r->of->ranks[LANE_PAPER + type]);
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
    sb_rows_array(rows, r->of->paper_count);
    for (uint32_t i = 0; i < r->of->paper_count; i++)
        put_paper(r, rows, (int)r->of->papers[i]);
}

/* ---- standing ------------------------------------------------------------------------------- */

/* A log-normal around what the years of earning leave, in whole hundreds of an income's thousandth.
 */
SB_FIELD void put_net_worth(const row *r, sb_rows *rows)
{
    int64_t years = r->of->age > 22 ? r->of->age - 22 : 1;
    if (r->of->job.income <= 0) {
        sb_rows_nil(rows);
        return;
    }
    int64_t worth = sb_lognormal_draw(r->of->job.income * years / 12, 5, DRAWN(net_worth, 0));
    const sb_divisor *step = &r->of->residence->worth_step;
    sb_rows_int(rows, (int64_t)(sb_divide((uint64_t)worth, step) * step->by));
}

SB_FIELD void put_pep_details(const row *r, sb_rows *rows)
{
    if (!r->of->is_pep) {
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
    sb_rows_known(rows, r->of->residence->locale->country);
    sb_rows_int(rows, since);
    if (until < end)
        sb_rows_int(rows, until);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_is_sanctioned(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->of->is_sanctioned);
}

static sb_rows put_lists(const row *r, sb_rows rows)
{
    sb_put_sanction_lists(r->maker, &rows, 3, DRAW(sanction_lists, 0));
    return rows;
}

SB_FIELD void put_sanction_lists(const row *r, sb_rows *rows)
{
    if (r->of->is_sanctioned)
        *rows = put_lists(r, *rows);
    else
        sb_rows_array(rows, 0);
}

/* ---- life online ---------------------------------------------------------------------------- */

SB_FIELD void put_social_profiles(const row *r, sb_rows *rows)
{
    static const struct {
        sb_text name, address;
    } platforms[SB_PROFILES_MAX] = {
        {SB_WORD("twitter", 527), SB_WORD("https://twitter.example/", 0)},
        {SB_WORD("linkedin", 528), SB_WORD("https://linkedin.example/", 0)},
        {SB_WORD("facebook", 529), SB_WORD("https://facebook.example/", 0)},
        {SB_WORD("instagram", 530), SB_WORD("https://instagram.example/", 0)},
    };
    const sb_unique *unique = &r->lanes->profile;
    sb_rows_array(rows, r->of->profile_count);
    for (uint32_t i = 0; i < r->of->profile_count; i++) {
        named_text address = {.before = &platforms[r->of->profiles[i]].address,
                              .has_first = true,
                              .number = unique->begin + r->of->ranks[LANE_PROFILE],
                              .digits = (uint32_t)unique->digits};
        sb_rows_array(rows, SB_FIELD_COUNT(SB_PROFILE_FIELDS));
        sb_rows_mark(rows, SB_MARK_LONG);
        sb_rows_known(rows, platforms[r->of->profiles[i]].name);
        sb_rows_mark(rows, SB_MARK_WORDS);
        put_named(r, rows, &address);
    }
}

SB_FIELD void put_online_activity_score(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->of->online_score);
}

/* ---- all of it ------------------------------------------------------------------------------ */

void sb_person_put(sb_maker *maker, sb_rows *rows, uint64_t id)
{
    sb_person_row_begin(maker, id);
    row own = sb_person_row_of(maker, (uint32_t)(id % SB_LANES)), *r = &own;
    sb_rows at = *rows;
    sb_rows_mark(&at, SB_MARK_SHORT);
    sb_rows_array(&at, SB_FIELD_COUNT(SB_PERSON_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(&at, __VA_ARGS__) put_##name(r, &at);
    SB_PERSON_FIELDS(PUT)
#undef PUT
    *rows = at;
}
