#include "engine/relationship.h"

#include <assert.h>
#include <stdlib.h>

#include "engine/company.h"
#include "engine/contact.h"
#include "engine/line.h"
#include "engine/words.h"

enum {
    CIRCLE_PERSONS_MIN = 64, /* fewer know each other too soon */
    CIRCLE_PERSONS_MAX = SB_CELL_PERSONS,
    /* Of more only the first are looked at: that takes far more companies than persons. */
    CIRCLE_COMPANIES_MAX = 128,
    /* People closer than this in the order may be of one household, and are no acquaintances. */
    HOUSEHOLD_REACH = 4,
    SMALL_CIRCLE = 32, /* so few persons that those pairs are needed, too */
    BENEFICIAL_MAX = 4,
    UNKNOWN_DAY = INT32_MIN,
    ADULT_DAYS = 6576,
};

/* Lists of edges; business partners and acquaintances are pairs by arithmetic. */
typedef enum edge_class {
    CLASS_HOUSEHOLD,
    CLASS_EMPLOYMENT,
    CLASS_COLLEAGUE,
    CLASS_OWNERSHIP,
    CLASS_LISTED, /* so many have lists */
    CLASS_PARTNER = CLASS_LISTED,
    CLASS_ACQUAINTANCE,
    CLASS_COUNT
} edge_class;

typedef enum context { HOUSEHOLD, EMPLOYMENT, OWNERSHIP, OFFICE, NEIGHBOURHOOD } context;

typedef struct edge {
    uint64_t from, to;
    int32_t since; /* UNKNOWN_DAY: not known */
    uint16_t share_bp;
    uint8_t type, context;
    bool from_company, to_company;
} edge;

/* How many edges lists can have: to each of up to four others of the household; one employer; two
 * colleagues; of a company its owners twice (a parent as such, too), and its director. */
enum {
    HOUSEHOLD_MAX = CIRCLE_PERSONS_MAX * HOUSEHOLD_REACH,
    EMPLOYMENT_MAX = CIRCLE_PERSONS_MAX,
    COLLEAGUE_MAX = CIRCLE_PERSONS_MAX * 2,
    OWNERSHIP_MAX = CIRCLE_COMPANIES_MAX * (SB_OWNERS_MAX + 1 + BENEFICIAL_MAX + 1),
    EDGES_MAX = HOUSEHOLD_MAX + EMPLOYMENT_MAX + COLLEAGUE_MAX + OWNERSHIP_MAX
};

static const uint16_t list_begins[CLASS_LISTED + 1] = {
    [CLASS_HOUSEHOLD] = 0,
    [CLASS_EMPLOYMENT] = HOUSEHOLD_MAX,
    [CLASS_COLLEAGUE] = HOUSEHOLD_MAX + EMPLOYMENT_MAX,
    [CLASS_OWNERSHIP] = HOUSEHOLD_MAX + EMPLOYMENT_MAX + COLLEAGUE_MAX,
    [CLASS_LISTED] = EDGES_MAX,
};

/* Draw numbers of a row. */
enum { DRAW_TYPE, DRAW_HAS_DAY, DRAW_DAY, DRAW_STRENGTH, DRAW_COUNT };

/* Rows that are made one after the other, side by side (see engine/lanes.h); one that is made alone
 * uses one lane. */
typedef struct lanes_block {
    uint64_t first;             /* the row */
    uint32_t count;             /* lanes used */
    uint64_t indices[SB_LANES]; /* the rows' numbers in the circle, permuted */
    uint64_t pairs[SB_LANES];   /* of people, by these */
    uint64_t draws[DRAW_COUNT][SB_LANES];
} lanes_block;

struct sb_circle {
    uint64_t name; /* the circle + 1; 0: none yet */
    sb_key key;
    uint64_t first_row, row_count;
    sb_pool persons, companies;
    sb_permutation rows;
    /* Pairs of people, and of companies; see pair_at(). */
    uint64_t apart, person_pairs, company_pairs;
    sb_divisor by_persons;
    sb_permutation person_pair_order, company_pair_order;
    lanes_block lanes;
    sb_permutation orders[CLASS_LISTED];
    uint32_t counts[CLASS_LISTED];
    uint32_t known_count; /* people who have been looked at */
    int32_t births[CIRCLE_PERSONS_MAX], job_begins[CIRCLE_PERSONS_MAX];
    uint64_t employers[CIRCLE_PERSONS_MAX]; /* the company + 1; 0: none in the dataset */
    edge edges[EDGES_MAX];
};

/* ---- pairs by number ------------------------------------------------------------------------ */

/* Members stand in a ring; a pair is one of them and the one `distance` further on, for distances
 * above `apart`. Halfway round an even ring each pair would come twice. */
static uint64_t pair_count(uint64_t members, uint64_t apart)
{
    if (members < 2)
        return 0;
    uint64_t half = (members - 1) / 2;
    return (half > apart ? members * (half - apart) : 0) + (members % 2 == 0 ? members / 2 : 0);
}

static void pair_at(const sb_divisor *members, uint64_t apart, uint64_t number, uint64_t *a,
                    uint64_t *b)
{
    uint64_t rounds = sb_divide(number, members), distance = apart + 1 + rounds;
    *a = number - rounds * members->by;
    *b = *a + distance; /* never twice round: nobody is farther away than halfway */
    *b -= *b >= members->by ? members->by : 0;
}

static uint64_t apart_of(uint64_t members)
{
    return members > SMALL_CIRCLE ? HOUSEHOLD_REACH : 0;
}

uint64_t sb_circle_count(const uint64_t counts[SB_KIND_COUNT])
{
    uint64_t cells = sb_cells_of_counts(counts), circles = counts[SB_PERSONS] / CIRCLE_PERSONS_MIN;
    return circles >= cells ? cells : circles > 0 ? circles : 1;
}

uint64_t sb_relationships_max(const uint64_t counts[SB_KIND_COUNT])
{
    uint64_t circles = sb_circle_count(counts), members = counts[SB_PERSONS] / circles;
    return circles * pair_count(members, apart_of(members));
}

/* ---- edges of a circle ---------------------------------------------------------------------- */

static void add_edge(struct sb_circle *circle, edge_class class, const edge *one)
{
    uint32_t at = list_begins[class] + circle->counts[class];
    assert(at < list_begins[class + 1]);
    if (at < list_begins[class + 1])
        circle->edges[at] = *one;
    circle->counts[class]++;
}

static int32_t later(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* Of the circle's own people who have been looked at it is known. */
static int32_t birth_of(const sb_maker *maker, const struct sb_circle *circle, uint64_t person)
{
    uint64_t local = person - circle->persons.first;
    return local < circle->known_count ? circle->births[local]
                                       : sb_person_birth(maker->world, person);
}

/* A day from `earliest` on, within `most` days and the dataset's time. */
static int32_t day_after(const sb_world *world, int32_t earliest, int32_t most, uint64_t draw)
{
    int32_t last = world->values.end_days - 1;
    if (earliest >= last)
        return last;
    int32_t span = last - earliest < most ? last - earliest : most;
    return earliest + (int32_t)sb_below(draw, (uint64_t)span + 1);
}

/* Grown children who live with the head of their household are 20 to 35 years younger. */
static bool is_child(int32_t head, int32_t other)
{
    return other - head >= 7300 && other - head <= 12775;
}

/* A member of a household as those who are listed before him see him. */
typedef struct member {
    uint64_t id;
    uint32_t index;
    int32_t birth;
} member;

/* Two who share a home: the type of their edge, or SB_RELATION_COUNT for one without a name, as
 * between a child and the head's new partner. `head` is the birth of the head. */
static int household_type(const member *one, const member *other, int32_t head, bool is_couple)
{
    enum { SIXTEEN_YEARS = 5844 };
    if (other->index == 1)
        return is_couple ? SB_RELATION_SPOUSE : SB_RELATION_FRIEND;
    if (!is_child(head, other->birth))
        return SB_RELATION_FRIEND;
    if (one->index >= 2)
        return is_child(head, one->birth) ? SB_RELATION_SIBLING : SB_RELATION_FRIEND;
    return other->birth - one->birth >= SIXTEEN_YEARS ? SB_RELATION_PARENT : SB_RELATION_COUNT;
}

/* People marry within twenty years of growing up; children are one's own since their birth. */
static int32_t household_since(const sb_world *world, int type, const member *one,
                               const member *other, uint64_t draw)
{
    int32_t younger = later(one->birth, other->birth);
    if (type == SB_RELATION_SPOUSE)
        return day_after(world, younger + ADULT_DAYS, 7300, draw);
    return type == SB_RELATION_FRIEND ? UNKNOWN_DAY : younger;
}

/* The edges from those of the household who are listed before the person. */
static void add_household(sb_maker *maker, struct sb_circle *circle, const sb_person *person)
{
    int32_t head =
        person->household_index == 0 ? person->birth : birth_of(maker, circle, person->household);
    member other = {person->id, person->household_index, person->birth};
    for (uint32_t i = 0; i < person->household_index; i++) {
        uint64_t id = person->household + i;
        member one = {id, i, i == 0 ? head : birth_of(maker, circle, id)};
        int type = household_type(&one, &other, head, sb_person_has_spouse(person));
        /* In a small circle those two may also be acquaintances. */
        if (type == SB_RELATION_COUNT || (type == SB_RELATION_FRIEND && circle->apart == 0))
            continue;
        uint64_t draw = sb_draw(person->household_key, 64 + person->household_index * 8 + i);
        edge own = {.from = id,
                    .to = person->id,
                    .type = (uint8_t)type,
                    .context = HOUSEHOLD,
                    .since = household_since(maker->world, type, &one, &other, draw)};
        add_edge(circle, CLASS_HOUSEHOLD, &own);
    }
}

/* The employer, and the two listed last who have the same one: they are not far, since a few dozen
 * neighbours share a job market. */
static void add_job(struct sb_circle *circle, uint32_t local)
{
    uint64_t employer = circle->employers[local];
    if (employer == 0)
        return;
    edge own = {.from = employer - 1,
                .from_company = true,
                .to = circle->persons.first + local,
                .type = SB_RELATION_EMPLOYER,
                .context = EMPLOYMENT,
                .since = circle->job_begins[local]};
    add_edge(circle, CLASS_EMPLOYMENT, &own);
    for (uint32_t i = local, found = 0; i > 0 && local - i < 128 && found < 2; i--) {
        if (circle->employers[i - 1] != employer)
            continue;
        edge colleague = {.from = circle->persons.first + i - 1,
                          .to = own.to,
                          .type = SB_RELATION_COLLEAGUE,
                          .context = EMPLOYMENT,
                          .since = later(own.since, circle->job_begins[i - 1])};
        add_edge(circle, CLASS_COLLEAGUE, &colleague);
        found++;
    }
}

static void add_person(sb_maker *maker, struct sb_circle *circle, uint32_t local)
{
    sb_contact spare;
    const sb_person *person =
        &sb_contact_find(maker, &(sb_owner){false, circle->persons.first + local}, NULL, &spare)
             ->person;
    sb_job job;
    sb_person_job(maker, person, &job);
    circle->births[local] = person->birth;
    circle->employers[local] = job.inside ? job.employer + 1 : 0;
    circle->job_begins[local] = job.inside ? sb_person_job_begin(maker, person, &job) : 0;
    add_household(maker, circle, person);
    add_job(circle, local);
    circle->known_count = local + 1;
}

/* Since when somebody owns a part: founders, almost every second one, since the registration if
 * they were of age. */
static int32_t owner_since(sb_maker *maker, const struct sb_circle *circle,
                           const sb_company *company, const sb_share *share, uint32_t nth)
{
    const sb_world *world = maker->world;
    int32_t other = share->has_company ? sb_company_registered(world, share->company)
                                       : birth_of(maker, circle, share->person) + ADULT_DAYS;
    sb_key key = sb_row_key(company->key, 4096 + nth);
    int32_t earliest = later(company->registered, other);
    bool founder = earliest == company->registered && sb_chance(sb_draw(key, 0), 450000);
    return day_after(world, earliest, founder ? 0 : INT32_MAX, sb_draw(key, 1));
}

/* Whether somebody is in a list of `count`. */
static bool is_among(const uint64_t *list, uint32_t count, uint64_t one)
{
    for (uint32_t i = 0; i < count; i++)
        if (list[i] == one)
            return true;
    return false;
}

/* The people who own a quarter or more, by their own shares and through parents, as accounts list
 * them. */
static void add_beneficial(sb_maker *maker, struct sb_circle *circle, const sb_company *company,
                           const sb_share own_owners[SB_OWNERS_MAX], uint32_t own_count)
{
    enum { LEVELS_MAX = 8, QUARTER_BP = 2500 };
    uint64_t people[BENEFICIAL_MAX];
    uint32_t known = 0;
    uint64_t part = 10000; /* basis points of the company that one above it owns */
    sb_company of = *company;
    for (uint32_t level = 0; level < LEVELS_MAX && part >= QUARTER_BP; level++) {
        sb_share owners[SB_OWNERS_MAX];
        uint32_t count = own_count;
        if (level > 0)
            count = sb_company_owners(maker, &of, owners);
        else
            memcpy(owners, own_owners, sizeof owners);
        uint64_t parent = 0, above = 0;
        for (uint32_t i = 0; i < count; i++) {
            uint64_t share = part * owners[i].share_bp / 10000;
            if (owners[i].has_company) {
                parent = owners[i].company;
                above = share;
            }
            if (!owners[i].has_person || share < QUARTER_BP || known == BENEFICIAL_MAX ||
                is_among(people, known, owners[i].person))
                continue;
            people[known++] = owners[i].person;
            edge own = {.from = owners[i].person,
                        .to = company->id,
                        .to_company = true,
                        .type = SB_RELATION_BENEFICIAL_OWNER,
                        .context = OWNERSHIP,
                        .share_bp = (uint16_t)share,
                        .since = level > 0 ? UNKNOWN_DAY
                                           : owner_since(maker, circle, company, &owners[i], i)};
            add_edge(circle, CLASS_OWNERSHIP, &own);
        }
        part = above;
        if (part >= QUARTER_BP)
            of = sb_firm_find(maker, parent)->company;
    }
}

static void add_owners(sb_maker *maker, struct sb_circle *circle, const sb_company *company,
                       const sb_share owners[SB_OWNERS_MAX], uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!owners[i].has_person && !owners[i].has_company)
            continue; /* outside the dataset */
        edge own = {.from = owners[i].has_company ? owners[i].company : owners[i].person,
                    .from_company = owners[i].has_company,
                    .to = company->id,
                    .to_company = true,
                    .type = SB_RELATION_SHAREHOLDER,
                    .context = OWNERSHIP,
                    .share_bp = (uint16_t)owners[i].share_bp,
                    .since = owner_since(maker, circle, company, &owners[i], i)};
        add_edge(circle, CLASS_OWNERSHIP, &own);
        if (!owners[i].has_company)
            continue;
        edge below = own;
        below.type = SB_RELATION_SUBSIDIARY;
        below.from = company->id;
        below.to = owners[i].company;
        add_edge(circle, CLASS_OWNERSHIP, &below);
    }
}

static void add_company(sb_maker *maker, struct sb_circle *circle, uint64_t id)
{
    sb_officer officers[SB_OFFICERS_MAX];
    sb_share owners[SB_OWNERS_MAX];
    sb_company company = sb_firm_find(maker, id)->company;
    uint32_t owner_count = sb_company_owners(maker, &company, owners);
    add_owners(maker, circle, &company, owners, owner_count);
    add_beneficial(maker, circle, &company, owners, owner_count);
    uint32_t count = sb_company_officers(maker, &company, officers);
    for (uint32_t i = 0; i < count; i++) {
        edge own = {.from = officers[i].person,
                    .to = id,
                    .to_company = true,
                    .type = SB_RELATION_DIRECTOR,
                    .context = OFFICE,
                    .since = officers[i].since};
        if (officers[i].role == SB_OFFICER_DIRECTOR)
            add_edge(circle, CLASS_OWNERSHIP, &own);
    }
}

/* ---- circles -------------------------------------------------------------------------------- */

static sb_pool pool_of(const sb_world *world, sb_kind kind, uint64_t circle, uint64_t circles)
{
    uint64_t rows = world->values.counts[kind], begin = sb_share_begin(circle, rows, circles);
    return (sb_pool){begin, sb_share_begin(circle + 1, rows, circles) - begin};
}

/* Everybody is looked at once, some 1 us each. */
static void gather(sb_maker *maker, uint64_t name, struct sb_circle *out)
{
    const sb_world *world = maker->world;
    uint64_t circles = sb_circle_count(world->values.counts);
    sb_pool rows = pool_of(world, SB_RELATIONSHIPS, name, circles);
    out->name = name + 1;
    out->key = sb_key_derive(world->values.seed, "relationships", name, 0);
    out->first_row = rows.first;
    out->row_count = rows.count;
    out->persons = pool_of(world, SB_PERSONS, name, circles);
    out->companies = pool_of(world, SB_COMPANIES, name, circles);
    assert(out->persons.count <= CIRCLE_PERSONS_MAX);
    if (out->companies.count > CIRCLE_COMPANIES_MAX)
        out->companies.count = CIRCLE_COMPANIES_MAX;
    out->apart = apart_of(out->persons.count);
    out->person_pairs = pair_count(out->persons.count, out->apart);
    out->by_persons = sb_divisor_make(out->persons.count > 0 ? out->persons.count : 1);
    out->company_pairs = pair_count(out->companies.count, 0);
    out->lanes.count = 0;
    out->known_count = 0;
    memset(out->counts, 0, sizeof out->counts);
    for (uint32_t i = 0; i < out->persons.count; i++)
        add_person(maker, out, i);
    for (uint64_t i = 0; i < out->companies.count; i++)
        add_company(maker, out, out->companies.first + i);
    out->rows = sb_permutation_make(sb_row_key(out->key, UINT64_MAX), out->row_count);
    out->person_pair_order =
        sb_permutation_make(sb_row_key(out->key, UINT64_MAX - 1), out->person_pairs);
    out->company_pair_order =
        sb_permutation_make(sb_row_key(out->key, UINT64_MAX - 2), out->company_pairs);
    for (uint32_t i = 0; i < CLASS_LISTED; i++)
        out->orders[i] =
            sb_permutation_make(sb_row_key(out->key, UINT64_MAX - 3 - i), out->counts[i]);
}

/* The circle that a row belongs to; NULL when memory ran out. */
static struct sb_circle *find_circle(sb_maker *maker, uint64_t row)
{
    const uint64_t *counts = maker->world->values.counts;
    if (maker->circle == NULL)
        maker->circle = calloc(1, sizeof *maker->circle);
    struct sb_circle *circle = maker->circle;
    if (circle == NULL)
        maker->out_of_memory = true;
    else if (row - circle->first_row >= circle->row_count)
        gather(maker, sb_share_of(row, counts[SB_RELATIONSHIPS], sb_circle_count(counts)), circle);
    return circle;
}

/* ---- the edge of a row ---------------------------------------------------------------------- */

/* Rows beyond the last pair of people begin again; specs that ask for them are refused. */
static uint64_t pair_number(const struct sb_circle *circle, uint64_t index)
{
    return index < circle->person_pairs ? index
           : circle->person_pairs > 0   ? index % circle->person_pairs
                                        : 0;
}

static void fill_one(const struct sb_circle *circle, lanes_block *out)
{
    uint64_t index = sb_permute(&circle->rows, out->first - circle->first_row);
    sb_key key = sb_row_key(circle->key, index);
    out->indices[0] = index;
    out->pairs[0] = circle->person_pairs > 0
                        ? sb_permute(&circle->person_pair_order, pair_number(circle, index))
                        : 0;
    for (uint32_t i = 0; i < DRAW_COUNT; i++)
        out->draws[i][0] = sb_draw(key, i);
}

static void fill_all(const sb_maker *maker, const struct sb_circle *circle, lanes_block *out)
{
    sb_keys keys;
    for (uint32_t i = 0; i < SB_LANES; i++)
        out->indices[i] = out->first - circle->first_row + (i < out->count ? i : 0);
    sb_keys_repeat(circle->key, &keys);
    maker->lanes->permute(&circle->rows, out->indices);
    maker->lanes->row_keys(&keys, out->indices, &keys);
    for (uint32_t i = 0; i < DRAW_COUNT; i++)
        maker->lanes->draws(&keys, i, out->draws[i]);
    for (uint32_t i = 0; i < SB_LANES; i++)
        out->pairs[i] = pair_number(circle, out->indices[i]);
    if (circle->person_pairs > 0)
        maker->lanes->permute(&circle->person_pair_order, out->pairs);
}

/* The lane of a row. One that follows the one before, or is its circle's first, is made with those
 * after it. */
static uint32_t find_lane(const sb_maker *maker, struct sb_circle *circle, uint64_t row)
{
    enum { FEW_ROWS = 16 };
    lanes_block *lanes = &circle->lanes;
    if (row - lanes->first < lanes->count)
        return (uint32_t)(row - lanes->first);
    uint64_t left = circle->first_row + circle->row_count - row;
    bool is_next = row == lanes->first + lanes->count || row == circle->first_row;
    lanes->first = row;
    lanes->count = 1;
    if (is_next && left > 1 && (left >= FEW_ROWS || maker->lanes->is_wide)) {
        lanes->count = left < SB_LANES ? (uint32_t)left : SB_LANES;
        fill_all(maker, circle, lanes);
    } else {
        fill_one(circle, lanes);
    }
    return 0;
}

/* Two firms that deal with each other, since both are there. */
static void make_partners(const sb_world *world, const struct sb_circle *circle, uint64_t number,
                          uint64_t draw, edge *out)
{
    uint64_t a, b;
    sb_divisor companies = sb_divisor_make(circle->companies.count);
    pair_at(&companies, 0, sb_permute(&circle->company_pair_order, number), &a, &b);
    *out = (edge){.from = circle->companies.first + a,
                  .to = circle->companies.first + b,
                  .from_company = true,
                  .to_company = true,
                  .type = SB_RELATION_BUSINESS_PARTNER,
                  .context = NEIGHBOURHOOD};
    int32_t both =
        later(sb_company_registered(world, out->from), sb_company_registered(world, out->to));
    out->since = day_after(world, both, INT32_MAX, draw);
}

/* Two of the neighbourhood. Friends are of an age, more or less, and know better since when: since
 * they were ten, at the earliest. */
static void make_acquaintances(const sb_world *world, const struct sb_circle *circle, uint32_t lane,
                               edge *out)
{
    enum { TEN_YEARS = 3652, FIFTEEN_YEARS = 5479 };
    const lanes_block *drawn = &circle->lanes;
    uint64_t a, b;
    pair_at(&circle->by_persons, circle->apart, drawn->pairs[lane], &a, &b);
    int32_t gap = circle->births[a] - circle->births[b];
    int32_t younger = later(circle->births[a], circle->births[b]);
    bool friends = gap < FIFTEEN_YEARS && gap > -FIFTEEN_YEARS &&
                   sb_chance(drawn->draws[DRAW_TYPE][lane], 500000);
    bool has_day = sb_chance(drawn->draws[DRAW_HAS_DAY][lane], friends ? 600000 : 350000);
    *out = (edge){.from = circle->persons.first + a,
                  .to = circle->persons.first + b,
                  .type = friends ? SB_RELATION_FRIEND : SB_RELATION_ACQUAINTANCE,
                  .context = NEIGHBOURHOOD,
                  .since = has_day ? day_after(world, younger + (friends ? TEN_YEARS : ADULT_DAYS),
                                               INT32_MAX, drawn->draws[DRAW_DAY][lane])
                                   : UNKNOWN_DAY};
}

/* Of sixteen rows three are of households, three of employment, two of colleagues, three of
 * ownership and office, one of firms that deal with each other, and four of acquaintance. */
static void make_edge(const sb_world *world, const struct sb_circle *circle, uint32_t lane,
                      edge *out)
{
    static const uint8_t firsts[CLASS_COUNT + 1] = {0, 3, 6, 8, 11, 12, 16};
    static const uint8_t classes[16] = {
        CLASS_HOUSEHOLD,    CLASS_HOUSEHOLD,    CLASS_HOUSEHOLD,    CLASS_EMPLOYMENT,
        CLASS_EMPLOYMENT,   CLASS_EMPLOYMENT,   CLASS_COLLEAGUE,    CLASS_COLLEAGUE,
        CLASS_OWNERSHIP,    CLASS_OWNERSHIP,    CLASS_OWNERSHIP,    CLASS_PARTNER,
        CLASS_ACQUAINTANCE, CLASS_ACQUAINTANCE, CLASS_ACQUAINTANCE, CLASS_ACQUAINTANCE};
    uint64_t index = circle->lanes.indices[lane];
    uint32_t slot = (uint32_t)(index % 16), class = classes[slot];
    uint64_t per_block = firsts[class + 1] - firsts[class];
    uint64_t nth = index / 16 * per_block + slot - firsts[class];
    if (class < CLASS_LISTED && nth < circle->counts[class])
        *out = circle->edges[list_begins[class] + sb_permute(&circle->orders[class], nth)];
    else if (class == CLASS_PARTNER && nth < circle->company_pairs)
        make_partners(world, circle, nth, circle->lanes.draws[DRAW_DAY][lane], out);
    else
        make_acquaintances(world, circle, lane, out);
}

/* ---- the row -------------------------------------------------------------------------------- */

typedef struct row {
    uint64_t id;
    uint64_t strength; /* what it is drawn with */
    edge edge;
} row;

SB_FIELD void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->id);
}

SB_FIELD void put_type(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_relation_words[r->edge.type]);
}

SB_FIELD void put_end(sb_rows *rows, bool has, uint64_t id)
{
    if (has)
        sb_rows_uint(rows, id);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_from_person_id(const row *r, sb_rows *rows)
{
    put_end(rows, !r->edge.from_company, r->edge.from);
}

SB_FIELD void put_from_company_id(const row *r, sb_rows *rows)
{
    put_end(rows, r->edge.from_company, r->edge.from);
}

SB_FIELD void put_to_person_id(const row *r, sb_rows *rows)
{
    if (!r->edge.to_company)
        sb_rows_mark(rows, SB_MARK_LONG); /* whom one knows others know too */
    put_end(rows, !r->edge.to_company, r->edge.to);
}

SB_FIELD void put_to_company_id(const row *r, sb_rows *rows)
{
    put_end(rows, r->edge.to_company, r->edge.to);
}

SB_FIELD void put_since(const row *r, sb_rows *rows)
{
    if (r->edge.since == UNKNOWN_DAY)
        sb_rows_nil(rows);
    else
        sb_rows_int(rows, r->edge.since);
}

static bool has_share(const row *r)
{
    return r->edge.type == SB_RELATION_SHAREHOLDER || r->edge.type == SB_RELATION_BENEFICIAL_OWNER;
}

SB_FIELD void put_share_bp(const row *r, sb_rows *rows)
{
    if (has_share(r))
        sb_rows_uint(rows, r->edge.share_bp);
    else
        sb_rows_nil(rows);
}

/* Of owners what they own, of others what is usual between such two. */
SB_FIELD void put_strength(const row *r, sb_rows *rows)
{
    static const struct {
        uint16_t least, span;
    } usual[SB_RELATION_COUNT] = {
        [SB_RELATION_SPOUSE] = {8000, 2001},           [SB_RELATION_PARENT] = {7000, 2501},
        [SB_RELATION_SIBLING] = {5000, 4001},          [SB_RELATION_COLLEAGUE] = {2500, 4001},
        [SB_RELATION_BUSINESS_PARTNER] = {2000, 5001}, [SB_RELATION_FRIEND] = {5000, 4001},
        [SB_RELATION_ACQUAINTANCE] = {500, 3501},      [SB_RELATION_EMPLOYER] = {4000, 4001},
        [SB_RELATION_DIRECTOR] = {6000, 3001},
    };
    if (has_share(r) || r->edge.type == SB_RELATION_SUBSIDIARY)
        sb_rows_uint(rows, r->edge.share_bp);
    else
        sb_rows_uint(rows,
                     usual[r->edge.type].least + sb_below(r->strength, usual[r->edge.type].span));
}

SB_FIELD void put_context(const row *r, sb_rows *rows)
{
    static const sb_text texts[] = {[HOUSEHOLD] = SB_WORD("household", 0),
                                    [EMPLOYMENT] = SB_WORD("employment", 0),
                                    [OWNERSHIP] = SB_WORD("ownership", 0),
                                    [OFFICE] = SB_WORD("office", 0),
                                    [NEIGHBOURHOOD] = SB_WORD("neighbourhood", 0)};
    sb_rows_known(rows, texts[r->edge.context]);
}

/* The row's number is permuted, so it does not tell the class. */
void sb_relationship_put(sb_maker *maker, sb_rows *rows, uint64_t id)
{
    struct sb_circle *circle = find_circle(maker, id);
    if (circle == NULL) /* said at the end of the cell */
        return;
    uint32_t lane = find_lane(maker, circle, id);
    row r = {.id = id, .strength = circle->lanes.draws[DRAW_STRENGTH][lane]};
    make_edge(maker->world, circle, lane, &r.edge);
    sb_rows out = *rows; /* see SB_FIELD */
    sb_rows_array(&out, SB_FIELD_COUNT(SB_RELATIONSHIP_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(&out, __VA_ARGS__) put_##name(&r, &out);
    SB_RELATIONSHIP_FIELDS(PUT)
#undef PUT
    *rows = out;
}
