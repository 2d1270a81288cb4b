/* Relationships: each once, between two who exist, and true of them. */
#include "engine/relationship.h"

#include "engine/company.h"
#include "engine/person.h"
#include "tests/unit/kind_rows.h"

typedef struct end {
    bool company;
    uint64_t id;
} end;

/* A row by what makes it different from others. */
typedef struct tie {
    char type[24];
    end from, to;
} tie;

static void make_row(sb_maker *maker, uint64_t id, made_row *out)
{
    sb_rows rows = made_begin(out, SB_RELATIONSHIPS);
    sb_relationship_put(maker, &rows, id);
    made_end(out, &rows);
}

/* Exactly one of the two fields is set, and names a row that exists. */
static end find_end(const engine *all, const made_row *row, const char *person, const char *company)
{
    int64_t person_id = 0, company_id = 0;
    bool is_person = made_find(row, person, &person_id);
    bool is_company = made_find(row, company, &company_id);
    assert_true(is_person != is_company);
    end found = {is_company, (uint64_t)(is_company ? company_id : person_id)};
    assert_true(found.id < all->world->values.counts[is_company ? SB_COMPANIES : SB_PERSONS]);
    return found;
}

static tie tie_of(const engine *all, const made_row *row)
{
    tie found = {.from = find_end(all, row, "from_person_id", "from_company_id"),
                 .to = find_end(all, row, "to_person_id", "to_company_id")};
    (void)snprintf(found.type, sizeof found.type, "%s", made_text(row, "type"));
    assert_false(found.from.company == found.to.company && found.from.id == found.to.id);
    return found;
}

static bool is_a(const tie *one, const char *type)
{
    return strcmp(one->type, type) == 0;
}

/* ---- truth ------------------------------------------------------------------------------------
 */

static void check_household(engine *all, const tie *one, const made_row *row)
{
    sb_person from, to;
    sb_person_make(all->maker, one->from.id, &from);
    sb_person_make(all->maker, one->to.id, &to);
    assert_true(from.household == to.household);
    if (is_a(one, "spouse"))
        assert_true(sb_person_has_spouse(&from) && from.household_index == 0 &&
                    to.household_index == 1);
    else
        assert_false(from.household_index == 0 && to.household_index == 1 &&
                     sb_person_has_spouse(&from));
    if (is_a(one, "parent")) {
        assert_true(to.birth - from.birth >= 5844);
        assert_int_equal(made_int(row, "since"), to.birth);
    }
}

static void check_employment(engine *all, const tie *one, const made_row *row)
{
    sb_person person;
    sb_job job, other;
    sb_person_make(all->maker, one->to.id, &person);
    sb_person_job(all->maker, &person, &job);
    assert_true(job.inside);
    int32_t begin = sb_person_job_begin(all->maker, &person, &job);
    if (is_a(one, "employer")) {
        assert_true(one->from.company && one->from.id == job.employer);
        assert_int_equal(made_int(row, "since"), begin);
        return;
    }
    assert_string_equal(one->type, "colleague");
    sb_person_make(all->maker, one->from.id, &person);
    sb_person_job(all->maker, &person, &other);
    assert_true(other.inside && other.employer == job.employer);
}

/* What the company says of its owners and officers. */
static void check_company(engine *all, const tie *one, const made_row *row)
{
    sb_company company;
    sb_share owners[SB_OWNERS_MAX];
    sb_officer officers[SB_OFFICERS_MAX];
    bool below = is_a(one, "subsidiary"), found = false;
    const end *owner = below ? &one->to : &one->from;
    sb_company_make(all->maker, below ? one->from.id : one->to.id, &company);
    uint32_t count = sb_company_owners(all->maker, &company, owners);
    for (uint32_t i = 0; i < count && !is_a(one, "director"); i++) {
        bool same = owner->company ? owners[i].has_company && owners[i].company == owner->id
                                   : owners[i].has_person && owners[i].person == owner->id;
        found = found || same;
        if (same && is_a(one, "shareholder"))
            assert_int_equal(made_int(row, "share_bp"), owners[i].share_bp);
    }
    count = is_a(one, "director") ? sb_company_officers(all->maker, &company, officers) : 0;
    for (uint32_t i = 0; i < count; i++)
        found =
            found || (officers[i].person == owner->id && officers[i].role == SB_OFFICER_DIRECTOR &&
                      officers[i].since == made_int(row, "since"));
    if (is_a(one, "beneficial_owner")) {
        assert_in_range(made_int(row, "share_bp"), 2500, 10000);
        found = found || !made_has(row, "since"); /* through a parent */
    }
    assert_true(found);
}

static void check_truth(engine *all, const tie *one, const made_row *row)
{
    int64_t since = 0;
    if (made_find(row, "since", &since))
        assert_true(since < all->world->values.end_days);
    assert_true(made_has(row, "share_bp") ==
                (is_a(one, "shareholder") || is_a(one, "beneficial_owner")));
    assert_in_range(made_int(row, "strength"), 0, 10000);
    if (made_is(row, "context", "household"))
        check_household(all, one, row);
    else if (made_is(row, "context", "employment"))
        check_employment(all, one, row);
    else if (made_is(row, "context", "ownership") || made_is(row, "context", "office"))
        check_company(all, one, row);
    else if (is_a(one, "business_partner"))
        assert_true(one->from.company && one->to.company);
    else
        assert_true((is_a(one, "friend") || is_a(one, "acquaintance")) && !one->from.company &&
                    !one->to.company);
}

/* ---- each once --------------------------------------------------------------------------------
 */

static int by_end(const end *a, const end *b)
{
    if (a->company != b->company)
        return a->company ? 1 : -1;
    return a->id < b->id ? -1 : a->id > b->id;
}

static int by_tie(const void *a, const void *b)
{
    const tie *one = a, *other = b;
    int order = strcmp(one->type, other->type);
    if (order == 0)
        order = by_end(&one->from, &other->from);
    return order != 0 ? order : by_end(&one->to, &other->to);
}

/* Between equals the order says nothing; friends and acquaintances are not both. */
static tie plain(const tie *one)
{
    static const char *const equals[] = {"spouse",    "sibling",          "friend",
                                         "colleague", "business_partner", "acquaintance"};
    bool equal = false, swap = one->from.id > one->to.id;
    for (size_t i = 0; i < COUNT(equals); i++)
        equal = equal || is_a(one, equals[i]);
    tie out = {.from = equal && swap ? one->to : one->from,
               .to = equal && swap ? one->from : one->to};
    (void)snprintf(out.type, sizeof out.type, "%s",
                   is_a(one, "acquaintance") ? "friend" : one->type);
    return out;
}

/* Takes the engine over. Returns how many types occur. */
static uint32_t check_all(engine all)
{
    static const char *const types[] = {
        "spouse",       "parent",   "sibling",     "colleague", "business_partner", "friend",
        "acquaintance", "employer", "shareholder", "director",  "beneficial_owner", "subsidiary"};
    uint64_t count = all.world->values.counts[SB_RELATIONSHIPS];
    uint32_t seen = 0;
    tie *ties = calloc(count, sizeof *ties);
    assert_non_null(ties);
    for (uint64_t id = 0; id < count; id++) {
        made_row row;
        make_row(all.maker, id, &row);
        assert_true((uint64_t)made_int(&row, "id") == id);
        tie one = tie_of(&all, &row);
        check_truth(&all, &one, &row);
        ties[id] = plain(&one);
        for (uint32_t t = 0; t < COUNT(types); t++)
            seen |= is_a(&one, types[t]) ? 1u << t : 0;
    }
    qsort(ties, count, sizeof *ties, by_tie);
    for (uint64_t i = 1; i < count; i++)
        assert_true(by_tie(&ties[i - 1], &ties[i]) < 0);
    free(ties);
    engine_close(&all);
    return (uint32_t)__builtin_popcount(seen);
}

static void rows_are_true_and_occur_once(void **state)
{
    (void)state;
    /* Many of each class; more than all classes have; many cells, few persons. */
    assert_int_equal(check_all(engine_open("persons", "3000", "companies", "600", "relationships",
                                           "9000", "seed", "21")),
                     12);
    assert_int_equal(check_all(engine_open("persons", "500", "companies", "100", "relationships",
                                           "30000", "seed", "22")),
                     12);
    check_all(engine_open("persons", "500", "companies", "20000", "relationships", "9000"));
    check_all(engine_open("persons", "400", "companies", "0", "relationships", "3000"));
}

static uint64_t most(uint64_t persons, uint64_t companies)
{
    uint64_t counts[SB_KIND_COUNT] = {[SB_PERSONS] = persons, [SB_COMPANIES] = companies};
    return sb_relationships_max(counts);
}

static void limits_are_those_of_pairs(void **state)
{
    (void)state;
    assert_int_equal(most(1, 0), 0);
    assert_int_equal(most(2, 0), 1);
    assert_int_equal(most(3, 0), 3);
    assert_int_equal(most(4, 0), 6);
    assert_int_equal(most(32, 0), 496);
    assert_int_equal(most(33, 0), 33 * 12); /* those next door are left out */
    assert_int_equal(most(34, 0), 34 * 12 + 17);
    assert_true(most(63, 1000000) == most(63, 0));
    assert_true(most(128, 1000000) == 2 * most(64, 0));
    assert_true(most(1000000, 0) > 20 * 1000000);
}

/* Up to the limit no pair of persons occurs twice. */
static void the_limit_can_be_reached(void **state)
{
    static const uint64_t persons[] = {2, 3, 4, 31, 32, 33, 34, 63, 64, 65, 128, 129};
    (void)state;
    for (size_t i = 0; i < COUNT(persons); i++) {
        sb_spec *spec = fixture_spec(NULL);
        fixture_number(spec, "persons", persons[i]);
        fixture_number(spec, "companies", i % 2 == 0 ? 0 : 5000);
        fixture_number(spec, "relationships", most(persons[i], i % 2 == 0 ? 0 : 5000));
        check_all(engine_of(spec));
    }
}

/* A row is the same whatever was made before it. */
static void rows_know_no_order(void **state)
{
    engine all = engine_open("persons", "2000", "companies", "300", "relationships", "6000"),
           other = engine_open("persons", "2000", "companies", "300", "relationships", "6000");
    uint64_t random = 3;
    (void)state;
    for (int n = 0; n < 60; n++) {
        uint64_t id = fixture_below(&random, 6000);
        made_row one, two;
        make_row(all.maker, id, &one);
        make_row(other.maker, 5999 - id, &two);
        make_row(other.maker, id, &two);
        assert_int_equal(one.length, two.length);
        assert_memory_equal(one.bytes, two.bytes, one.length);
    }
    engine_close(&all);
    engine_close(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_true_and_occur_once),
        cmocka_unit_test(limits_are_those_of_pairs),
        cmocka_unit_test(the_limit_can_be_reached),
        cmocka_unit_test(rows_know_no_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
