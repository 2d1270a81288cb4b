/* What the rows of persons are written from: made for many at once, or for one alone. */
#include "engine/company.h"
#include "engine/person_row_internal.h"

/* ---- what somebody is ----------------------------------------------------------------------- */

static int pair_status(const sb_person *person)
{
    static const class_bounds paired = {14, 97, 98, 99, 100, 100};
    uint64_t share = sb_below(sb_draw(person->household_key, 8), 100);
    return (int)sb_class_of(paired, share);
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
    const uint8_t *bounds = r->of->age < 30 ? young : r->of->age < 60 ? middle : old;
    int alone = (int)sb_class_of(bounds, sb_below(DRAWN(marital_status, 0), 100));
    int paired = pair_status(r->person);
    return r->person->household_index < 2 && r->person->household_size > 1 ? paired : alone;
}

/* 0 to 10,000: some 8,000 in youth, falling with age, and everybody differs. */
static uint32_t draw_online_score(const row *r)
{
    int64_t usual = 8300 - (int64_t)(r->of->age - 18) * 75;
    int64_t a = (int64_t)sb_below(DRAWN(online_activity_score, 0), 1900),
            b = (int64_t)sb_below(DRAWN(online_activity_score, 1), 1900);
    int64_t score = usual + a - b;
    return (uint32_t)(score < 0 ? 0 : score > 10000 ? 10000 : score);
}

static sb_slug slug_of(sb_text name)
{
    sb_slug slug = {.byte_count = SB_SLUG_LONG};
    sb_line line;
    sb_line_begin(&line);
    sb_line_slug(&line, name);
    if (line.length > sizeof slug.bytes)
        return slug;
    memcpy(slug.bytes, line.bytes, sizeof slug.bytes);
    slug.byte_count = line.length;
    return slug;
}

/* ---- what somebody did ---------------------------------------------------------------------- */

/* What somebody did before: the same as now, one time in two, or something that asked for no more.
 */
static uint32_t earlier_occupation(const row *r, const sb_table *occupations, uint32_t nth)
{
    uint64_t draw = DRAWN_AFTER(employment, 32, nth);
    uint32_t other = sb_table_draw(occupations, draw << 1);
    bool worked = r->of->job.employed || r->of->job.retired;
    int64_t level = worked ? sb_table_int(occupations, OCCUPATION_LEVEL, r->of->job.occupation) : 2;
    if (worked && (draw >> 63 != 0 || sb_table_int(occupations, OCCUPATION_LEVEL, other) > level))
        return r->of->job.occupation;
    for (; sb_table_int(occupations, OCCUPATION_LEVEL, other) > level;)
        other = (other + 1) % occupations->count;
    return other;
}

static void make_post(const row *r, uint32_t nth, sb_post *out)
{
    const sb_table *occupations = sb_find(r->maker, 0, SB_TABLE_OCCUPATIONS);
    const sb_job *job = &r->of->job;
    uint32_t locale = r->person->place.locale;
    uint32_t occupation = out->is_current || (job->retired && nth == 0)
                              ? job->occupation
                              : earlier_occupation(r, occupations, nth);
    out->is_inside = out->is_current && job->inside;
    out->income = job->income;
    if (!out->is_current)
        out->income = sb_draw_income(occupations, occupation, r->of->residence, 24,
                                     DRAWN_AFTER(employment, 64, nth)) *
                      r->of->residence->minor_units;
    out->title = sb_maker_title(r->maker, locale, occupation, r->of->is_female);
    if (out->is_inside) {
        out->industry = sb_firm_find(r->maker, job->employer)->company.industry;
        return;
    }
    out->industry = sb_table_text(occupations, OCCUPATION_INDUSTRY, occupation);
    sb_outside_firm_words(r->maker, locale,
                          sb_table_mark(occupations, OCCUPATION_INDUSTRY, occupation),
                          DRAWN_AFTER(employment, 48, nth), &out->employer);
}

/* The present job if there is one, and up to two before it, back to back but for some months
 * between, none before the 18th birthday. The present employer was there when the job began. */
static void make_posts(const row *r)
{
    const sb_spec_values *values = &r->maker->world->values;
    const sb_job *job = &r->of->job;
    sb_post *posts = r->of->posts;
    int32_t floor_days = r->person->birth + ADULT_DAYS, until = values->start_days - 30;
    uint32_t count = 0, wanted = (uint32_t)sb_below(DRAWN(employment, 4), 3) + job->employed;
    if (job->retired && r->person->birth + 24045 < until) /* at 62 to 65, if that is over */
        until = r->person->birth + 22645 + (int32_t)sb_below(DRAW(employment, 5), 1400);
    for (uint32_t i = 0; i < SB_POSTS_MAX && count < wanted && until - 60 > floor_days; i++) {
        int32_t years = 200 + (int32_t)sb_below(DRAWN_AFTER(employment, 6, i), 3650);
        int32_t begin = until - years > floor_days ? until - years : floor_days;
        if (begin >= until)
            begin = until - 1;
        if (i == 0 && job->employed)
            begin = sb_person_job_begin(r->maker, r->person, job);
        posts[count].begin = begin;
        posts[count].end = until;
        until = begin - 30 - (int32_t)sb_below(DRAWN_AFTER(employment, 10, i), 240);
        count++;
    }
    if (count == 0 && job->employed) {
        posts[0].begin = sb_person_job_begin(r->maker, r->person, job);
        count = 1;
    }
    r->of->post_count = count;
    for (uint32_t i = 0; i < count; i++) {
        posts[i].is_current = i == 0 && job->employed;
        make_post(r, i, &posts[i]);
    }
}

/* ---- what somebody has ---------------------------------------------------------------------- */

static bool has_paper(uint32_t type, uint64_t draw)
{
    static const uint32_t per_million[SB_ID_DOCUMENT_COUNT] = {700000, 780000, 450000};
    return sb_chance(draw, per_million[type]);
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

/* What somebody has several of: lists, made without a branch for each that there may be. */
static void choose_things(const row *r)
{
    r->of->paper_count = r->of->profile_count = 0;
    for (uint32_t type = 0; type < PAPER_COUNT; type++) {
        r->of->papers[r->of->paper_count] = type;
        r->of->paper_count += has_paper(type, DRAWN_AFTER(documents, 0, type));
    }
    for (uint32_t i = 0; i < SB_PROFILES_MAX; i++) {
        r->of->profiles[r->of->profile_count] = i;
        r->of->profile_count +=
            sb_below(DRAWN_AFTER(social_profiles, 0, i), 20000) < r->of->online_score;
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

static void add_number(const row *r, unknown *all, sb_person_lane which, const sb_number_form *form)
{
    add_unknown(all, which, &form->order, sb_number_place(form, r->person->id));
}

/* Where all of a person is of the cell's country, as with nearly all, the block has the ranks. */
static void find_ranks(const row *r)
{
    const sb_person_block *lanes = r->lanes;
    sb_person_row *of = r->of;
    unknown all;
    all.count = 0;
    for (uint32_t which = 0; lanes->is_whole && which < LANE_COUNT; which++)
        of->ranks[which] = lanes->ranks[which][r->person->id % SB_LANES];
    if (lanes->is_whole && of->residence == lanes->common && of->culture == lanes->common)
        return;
    if (!lanes->is_whole) {
        add_unknown(&all, LANE_EMAIL, &lanes->email.order, lanes->email.place);
        add_unknown(&all, LANE_PROFILE, &lanes->profile.order, lanes->profile.place);
    }
    if (of->residence->has_tax_id)
        add_number(r, &all, LANE_TAX_ID, &of->residence->tax_id);
    for (uint32_t i = 0; i < of->paper_count; i++) {
        int type = (int)of->papers[i];
        add_number(r, &all, LANE_PAPER + (sb_person_lane)type,
                   &sb_paper_issuer(of->residence, of->culture, type)->papers[type]);
    }
    sb_permute_together(all.orders, all.ranks, all.count);
    for (uint32_t i = 0; i < all.count; i++)
        of->ranks[all.lanes[i]] = all.ranks[i];
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
        ids[i] = out->first + i;
        homes[i] = HOME_INDEX | ids[i];
        ones[i] = 1;
    }
    sb_keys_repeat(world->persons, &persons);
    sb_keys_repeat(world->households, &households);
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

/* What all fields of a row look at, but for person and job, which are there. */
static void make_row(const row *r)
{
    sb_person_row *of = r->of;
    of->residence = sb_customs_of(r->maker, r->person->place.locale);
    of->culture = sb_customs_of(r->maker, r->person->culture);
    of->is_female = sb_is_female(r->person);
    of->birth = sb_civil_of(r->person->birth);
    of->age = sb_years_between(&of->birth, &r->maker->people->end);
    of->marital_status = draw_marital_status(r);
    of->is_pep = of->age >= 27 && sb_chance(DRAWN(is_pep, 0), 8000);
    of->is_sanctioned = sb_chance(DRAWN(is_sanctioned, 0), 1000);
    of->online_score = draw_online_score(r);
    of->first_slug = slug_of(r->person->first_latin);
    of->last_slug = slug_of(r->person->last_latin);
    choose_things(r);
    find_ranks(r);
}

static void make_numbers(sb_maker *maker, sb_person_block *out)
{
    out->email = sb_unique_of(maker->world->persons, out->first);
    out->profile = sb_unique_of(maker->people->profile_key, out->first);
    permute_unique(maker, &out->email, out->ranks[LANE_EMAIL]);
    permute_unique(maker, &out->profile, out->ranks[LANE_PROFILE]);
    if (out->common->has_tax_id)
        permute_numbers(maker, &out->common->tax_id, out->first, out->ranks[LANE_TAX_ID]);
    for (uint32_t type = 0; type < PAPER_COUNT; type++)
        permute_numbers(maker, &out->common->papers[type], out->first,
                        out->ranks[LANE_PAPER + type]);
}

/* Step by step for all: the code of a step is near when it goes through many rows, and while one
 * row waits for its texts the next can be worked on. */
static void make_block(sb_maker *maker, uint64_t id, sb_person_block *out)
{
    uint32_t locale = sb_maker_home(maker, sb_maker_span(maker, SB_PERSONS, id).cell).locale;
    uint64_t left = maker->world->values.counts[SB_PERSONS] - (id - id % SB_LANES);
    uint32_t count = left < SB_LANES ? (uint32_t)left : SB_LANES;
    out->first = id - id % SB_LANES;
    if (out->common != sb_customs_of(maker, locale))
        warm_tables(maker, locale);
    out->common = sb_customs_of(maker, locale);
    make_keys(maker, out);
    for (uint32_t i = 0; i < DRAWN_COUNT; i++)
        maker->lanes->draws(&out->keys, draw_numbers[i], out->draws[i]);
    make_numbers(maker, out);
    out->is_whole = true;
    sb_persons_make(maker, out, count);
    sb_persons_job(maker, out, count);
    for (uint32_t lane = 0; lane < count; lane++)
        if (out->rows[lane].person.household_index == 0)
            sb_address_make(maker, &out->rows[lane].person.place, &out->addresses[lane]);
    for (uint32_t lane = 0; lane < count; lane++) {
        row r = sb_person_row_of(maker, lane);
        make_row(&r);
    }
    for (uint32_t lane = 0; lane < count; lane++) {
        row r = sb_person_row_of(maker, lane);
        make_posts(&r);
    }
}

/* A row that is made alone. */
static void make_alone(sb_maker *maker, uint64_t id, sb_person_block *out)
{
    uint32_t lane = (uint32_t)(id % SB_LANES);
    row r = sb_person_row_of(maker, lane);
    out->is_whole = false;
    sb_person_make(maker, id, &r.of->person);
    for (uint32_t i = 0; i < DRAWN_COUNT; i++)
        out->draws[i][lane] = sb_draw(r.person->key, draw_numbers[i]);
    out->email = sb_unique_of(maker->world->persons, id);
    out->profile = sb_unique_of(maker->people->profile_key, id);
    sb_person_job(maker, r.person, &r.of->job);
    make_row(&r);
    make_posts(&r);
}

/* The second of rows that are made one after the other makes a block. */
void sb_person_row_begin(sb_maker *maker, uint64_t id)
{
    struct sb_people *people = maker->people;
    if (sb_person_lanes(maker, id) == NULL) {
        if (id == people->next && id > 0)
            make_block(maker, id, &people->lanes);
        else
            make_alone(maker, id, &people->lanes);
    }
    people->next = id + 1;
}
