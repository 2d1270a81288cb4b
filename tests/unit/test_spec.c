/* Specs: every option at its limits, what they make together, and the way through JSON and back. */
#include "engine/spec.h"

#include <unistd.h>

#include "format/row_text.h"
#include "seedbank/version.h"
#include "tests/unit/engine_fixture.h"

static void seal(sb_spec *spec)
{
    sb_error err = {0};
    fixture_ok(sb_spec_seal(spec, &err), &err);
}

/* The option is refused, and the sentence names it and says `what`. */
static void check_set_refused(const char *name, const char *value, const char *what)
{
    sb_error err = {0};
    sb_spec *spec = fixture_spec(NULL);
    sb_status status = sb_spec_set(spec, name, value, &err);
    if (status != SB_EUSAGE || strstr(err.text, name) == NULL || strstr(err.text, what) == NULL)
        fail_msg("--%s %s: status %d, \"%s\", without \"%s\"", name, value, (int)status, err.text,
                 what);
    sb_spec_close(spec);
}

/* The options can be set, but not sealed. Takes the spec over. */
static void check_seal_refused(sb_spec *spec, const char *what)
{
    sb_error err = {0};
    sb_status status = sb_spec_seal(spec, &err);
    if (status != SB_EUSAGE || strstr(err.text, what) == NULL)
        fail_msg("status %d, \"%s\", without \"%s\"", (int)status, err.text, what);
    sb_spec_close(spec);
}

static void check_values(sb_spec *spec, const uint64_t counts[SB_KIND_COUNT])
{
    seal(spec);
    const sb_spec_values *values = sb_spec_values_of(spec);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        assert_int_equal(values->counts[kind], counts[kind]);
    sb_spec_close(spec);
}

/* ---- counts -----------------------------------------------------------------------------------
 */

static uint64_t persons_of(const char *value)
{
    sb_spec *spec = fixture_spec("persons", value, "companies", "1", NULL);
    seal(spec);
    uint64_t count = sb_spec_values_of(spec)->counts[SB_PERSONS];
    sb_spec_close(spec);
    return count;
}

static void counts_are_read_exactly(void **state)
{
    static const struct {
        const char *text;
        uint64_t value;
    } good[] = {
        {"0", 0},
        {"1", 1},
        {"007", 7},
        {"1k", 1000},
        {"2.5k", 2500},
        {"2.5K", 2500},
        {"1m", 1000000},
        {"0.001m", 1000},
        {"1M", 1000000},
        {"1b", 1000000000},
        {"1g", 1000000000},
        {"1.000000001b", 1000000001},
        {"1.0", 1},
        {"999999999999", 999999999999},
        {"1000000000000", 1000000000000},
        {"1t", 1000000000000},
        {"0.000000000001t", 1},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        assert_int_equal(persons_of(good[i].text), good[i].value);
}

static void counts_have_a_limit(void **state)
{
    (void)state;
    check_set_refused("persons", "1000000000001", "limit");
    check_set_refused("persons", "1.000000000001t", "limit");
    check_set_refused("persons", "2t", "limit");
    check_set_refused("persons", "100000000000000000000", "limit"); /* 10^20: beyond 64 bits */
    check_set_refused("persons", "18446744073709551616", "limit");  /* 2^64 */
    check_set_refused("persons", "18446744073709551617", "limit");  /* would wrap to 1 */
    check_set_refused("persons", "18446744073709551615t", "limit");
    check_set_refused("persons", "340282366920938463463374607431768211457",
                      "limit"); /* 2^128 + 1 */
    check_set_refused("transactions", "1000000000001", "limit");
    check_set_refused("entities", "1000000000001", "limit");
    check_set_refused("accounts", "10000000001", "limit");
    sb_spec_close(fixture_spec("accounts", "10000000000", "entities", "1t", NULL));
}

static void counts_are_whole_rows(void **state)
{
    (void)state;
    check_set_refused("persons", "1.5", "whole");
    check_set_refused("persons", "1.0005k", "whole");
    check_set_refused("persons", "0.1", "whole");
    assert_int_equal(persons_of("1.0005m"), 1000500);
}

static void what_is_no_count_is_refused(void **state)
{
    static const char *const wrong[] = {"",    " ",   "-1",   "+1",    "1 ",  " 1",    "k",
                                        "1kk", "1kb", "1x",   "0x10",  "1e6", "1,000", ".",
                                        "1.",  ".k",  "1..2", "1.2.3", "1.k", "ten",   "\xd9\xa1"};
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++)
        check_set_refused("persons", wrong[i], "no count");
}

static void profiles_share_the_entities(void **state)
{
    static const uint64_t million[SB_KIND_COUNT] = {[SB_PERSONS] = 70422,
                                                    [SB_COMPANIES] = 14085,
                                                    [SB_ACCOUNTS] = 140845,
                                                    [SB_TRANSACTIONS] = 704225,
                                                    [SB_COMMUNICATIONS] = 70423};
    static const uint64_t small[SB_KIND_COUNT] = {[SB_PERSONS] = 50,
                                                  [SB_COMPANIES] = 10,
                                                  [SB_ACCOUNTS] = 100,
                                                  [SB_TRANSACTIONS] = 500,
                                                  [SB_COMMUNICATIONS] = 50};
    static const uint64_t aml[SB_KIND_COUNT] = {[SB_PERSONS] = 50,
                                                [SB_COMPANIES] = 10,
                                                [SB_ACCOUNTS] = 132,
                                                [SB_TRANSACTIONS] = 13200,
                                                [SB_COMMUNICATIONS] = 50};
    static const uint64_t finbench[SB_KIND_COUNT] = {[SB_PERSONS] = 80000,
                                                     [SB_COMPANIES] = 40000,
                                                     [SB_ACCOUNTS] = 264075,
                                                     [SB_TRANSACTIONS] = 3903566};
    (void)state;
    check_values(fixture_spec(NULL), million); /* what an empty spec is */
    check_values(fixture_spec("profile", "demo", "entities", "1m", NULL), million);
    check_values(fixture_spec("entities", "710", NULL), small);
    check_values(fixture_spec("entities", "13442", "profile", "aml", NULL), aml);
    check_values(fixture_spec("entities", "4287641", "profile", "finbench", NULL), finbench);
    check_set_refused("profile", "Demo", "unknown");
    check_set_refused("profile", "", "unknown");
}

static void shares_add_up_to_the_entities(void **state)
{
    static const char *const names[] = {"demo", "aml", "finbench"};
    uint64_t random = 7;
    (void)state;
    for (int n = 0; n < 150; n++) {
        uint64_t entities = 50000 + fixture_magnitude(&random, UINT64_C(60000000000)), sum = 0;
        sb_spec *spec = fixture_spec("profile", names[n % 3], NULL);
        fixture_number(spec, "entities", entities);
        seal(spec);
        for (int kind = 0; kind < SB_KIND_COUNT; kind++)
            sum += sb_spec_values_of(spec)->counts[kind];
        assert_true(sum == entities);
        sb_spec_close(spec);
    }
}

static void a_named_kind_alone_leaves_the_others_empty(void **state)
{
    static const uint64_t persons[SB_KIND_COUNT] = {[SB_PERSONS] = 5};
    static const uint64_t two[SB_KIND_COUNT] = {[SB_PERSONS] = 5, [SB_ACCOUNTS] = 7};
    (void)state;
    check_values(fixture_spec("persons", "5", NULL), persons);
    check_values(fixture_spec("persons", "5", "accounts", "7", NULL), two);
}

static void a_named_kind_replaces_its_share(void **state)
{
    static const uint64_t counts[SB_KIND_COUNT] = {[SB_PERSONS] = 5,
                                                   [SB_COMPANIES] = 10,
                                                   [SB_ACCOUNTS] = 100,
                                                   [SB_TRANSACTIONS] = 500,
                                                   [SB_COMMUNICATIONS] = 0};
    (void)state;
    check_values(fixture_spec("entities", "710", "persons", "5", "communications", "0", NULL),
                 counts);
    check_values(fixture_spec("persons", "5", "communications", "0", "entities", "710", NULL),
                 counts);
}

static void a_later_option_replaces_an_earlier_one(void **state)
{
    static const uint64_t counts[SB_KIND_COUNT] = {[SB_PERSONS] = 6};
    (void)state;
    check_values(fixture_spec("persons", "5", "persons", "6", NULL), counts);
}

/* ---- seeds ------------------------------------------------------------------------------------
 */

static void check_seed(const char *text, uint64_t high, uint64_t low)
{
    sb_spec *spec = fixture_spec("entities", "710", "seed", text, NULL);
    seal(spec);
    assert_true(sb_spec_values_of(spec)->seed.low == low);
    assert_true(sb_spec_values_of(spec)->seed.high == high);
    sb_spec_close(spec);
}

static void seeds_have_128_bits(void **state)
{
    (void)state;
    check_seed("0", 0, 0);
    check_seed("42", 0, 42);
    check_seed("18446744073709551615", 0, UINT64_MAX);
    check_seed("0x0", 0, 0);
    check_seed("0xfF", 0, 255);
    check_seed("0X10", 0, 16);
    check_seed("0x10000000000000000", 1, 0);
    check_seed("0x0123456789abcdef0123456789ABCDEF", 0x0123456789abcdefu, 0x0123456789abcdefu);
    check_seed("0xffffffffffffffffffffffffffffffff", UINT64_MAX, UINT64_MAX);
}

static void what_is_no_seed_is_refused(void **state)
{
    static const char *const wrong[] = {"",
                                        "-1",
                                        "+1",
                                        " 1",
                                        "1 ",
                                        "1.0",
                                        "x",
                                        "0x",
                                        "0xg",
                                        "0x 1",
                                        "18446744073709551616",
                                        "99999999999999999999999",
                                        "0x100000000000000000000000000000000",
                                        "0x-1",
                                        "ff"};
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++)
        check_set_refused("seed", wrong[i], "--seed");
}

static void an_equal_seed_written_otherwise_is_the_same_dataset(void **state)
{
    (void)state;
    sb_spec *a = fixture_spec("entities", "710", "seed", "255", NULL);
    sb_spec *b = fixture_spec("entities", "710", "seed", "0x0000ff", NULL);
    sb_spec *c = fixture_spec("entities", "710", "seed", "0xff0000000000000000", NULL);
    seal(a);
    seal(b);
    seal(c);
    assert_string_equal(sb_spec_dataset(a), sb_spec_dataset(b));
    assert_string_not_equal(sb_spec_dataset(a), sb_spec_dataset(c));
    sb_spec_close(a);
    sb_spec_close(b);
    sb_spec_close(c);
}

/* ---- the period -------------------------------------------------------------------------------
 */

static void check_period(const char *start, const char *end, int32_t days)
{
    sb_spec *spec = fixture_spec("entities", "710", "start", start, "end", end, NULL);
    seal(spec);
    assert_int_equal(sb_spec_values_of(spec)->end_days - sb_spec_values_of(spec)->start_days, days);
    sb_spec_close(spec);
}

static void dates_are_days_of_the_calendar(void **state)
{
    (void)state;
    check_period("2025-01-01", "2025-01-02", 1);
    check_period("2024-02-28", "2024-03-01", 2);
    check_period("2025-02-28", "2025-03-01", 1);
    check_period("2024-02-29", "2024-12-31", 306);
    check_period("1990-01-01", "1990-01-02", 1);
    check_period("2199-12-30", "2199-12-31", 1);
    check_set_refused("start", "2025-02-29", "no 2025-02-29");
    check_set_refused("start", "2100-02-29", "no 2100-02-29");
    check_set_refused("end", "2025-04-31", "no 2025-04-31");
    check_set_refused("end", "2025-13-01", "no 2025-13-01");
    check_set_refused("end", "2025-00-01", "no 2025-00-01");
    check_set_refused("end", "2025-01-00", "no 2025-01-00");
    check_set_refused("end", "2025-01-32", "no 2025-01-32");
    check_set_refused("start", "1989-12-31", "1990");
    check_set_refused("start", "2200-01-01", "2199");
}

static void what_is_no_date_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",           "2025",        "2025-1-1",    "2025-01-1",        "25-01-01",   "2025/01/01",
        "20250101",   "2025-01-01 ", " 2025-01-01", "2025-01-0x",       "-025-01-01", "2025--1-01",
        "2025-+1-01", "2025- 1-01",  "2025-01- 1",  "2025-01-01T00:00", "today"};
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++)
        check_set_refused("start", wrong[i], "no date");
}

static void the_period_is_never_empty(void **state)
{
    (void)state;
    check_seal_refused(fixture_spec("start", "2025-12-05", "end", "2025-12-05", NULL), "empty");
    check_seal_refused(fixture_spec("start", "2025-12-05", "end", "2025-12-04", NULL), "empty");
    check_seal_refused(fixture_spec("start", "2026-01-01", NULL), "empty"); /* demo ends there */
    sb_spec *spec = fixture_spec("entities", "710", "start", "2025-12-31", NULL);
    seal(spec);
    sb_spec_close(spec);
}

static void the_period_has_at_most_twenty_years(void **state)
{
    (void)state;
    check_period("2001-01-01", "2021-01-01", SB_PERIOD_DAYS_MAX);
    check_seal_refused(fixture_spec("start", "2001-01-01", "end", "2021-01-02", NULL), "20 years");
}

static void profiles_have_their_period(void **state)
{
    static const struct {
        const char *name;
        int days;
    } periods[] = {{"demo", 31}, {"aml", 365}, {"finbench", 1096}};
    (void)state;
    for (size_t i = 0; i < COUNT(periods); i++) {
        sb_spec *spec = fixture_spec("profile", periods[i].name, NULL);
        seal(spec);
        const sb_spec_values *values = sb_spec_values_of(spec);
        assert_int_equal(values->end_days - values->start_days, periods[i].days);
        sb_spec_close(spec);
    }
}

/* ---- what must hold together ------------------------------------------------------------------
 */

static void nothing_to_generate_is_refused(void **state)
{
    (void)state;
    check_seal_refused(fixture_spec("entities", "0", NULL), "nothing");
    check_seal_refused(fixture_spec("persons", "0", NULL), "nothing");
}

static void accounts_need_owners(void **state)
{
    (void)state;
    check_seal_refused(fixture_spec("accounts", "1", NULL), "owner");
    sb_spec *persons = fixture_spec("accounts", "1", "persons", "1", NULL);
    sb_spec *companies = fixture_spec("accounts", "1", "companies", "1", NULL);
    seal(persons);
    seal(companies);
    sb_spec_close(persons);
    sb_spec_close(companies);
}

static void transactions_need_two_accounts(void **state)
{
    (void)state;
    check_seal_refused(fixture_spec("transactions", "1", "persons", "1", NULL), "two accounts");
    check_seal_refused(fixture_spec("transactions", "1", "persons", "1", "accounts", "1", NULL),
                       "two accounts");
    sb_spec *spec = fixture_spec("transactions", "1", "persons", "1", "accounts", "2", NULL);
    seal(spec);
    sb_spec_close(spec);
}

static void an_account_has_at_most_20000_rows(void **state)
{
    (void)state;
    sb_spec *spec = fixture_spec("transactions", "40000", "persons", "1", "accounts", "2", NULL);
    seal(spec);
    sb_spec_close(spec);
    check_seal_refused(fixture_spec("transactions", "40001", "persons", "1", "accounts", "2", NULL),
                       "20000");
    check_seal_refused(
        fixture_spec("transactions", "1t", "persons", "1", "accounts", "49999999", NULL), "20000");
    spec = fixture_spec("transactions", "1t", "persons", "1", "accounts", "50m", NULL);
    seal(spec);
    sb_spec_close(spec);
}

static void messages_need_somebody_to_write(void **state)
{
    (void)state;
    check_seal_refused(fixture_spec("communications", "1", NULL), "write");
    sb_spec *spec = fixture_spec("communications", "1", "companies", "1", NULL);
    seal(spec);
    sb_spec_close(spec);
}

static void entries_need_transactions(void **state)
{
    (void)state;
    check_seal_refused(fixture_spec("entries", "true", "persons", "1", NULL), "entries");
    sb_spec *with = fixture_spec("entries", "true", "entities", "710", NULL);
    sb_spec *without = fixture_spec("entries", "false", "entities", "710", NULL);
    seal(with);
    seal(without);
    assert_true(sb_spec_has(with, SB_ENTRIES));
    assert_false(sb_spec_has(without, SB_ENTRIES));
    assert_int_equal(sb_spec_values_of(with)->counts[SB_ENTRIES], 0);
    assert_string_not_equal(sb_spec_dataset(with), sb_spec_dataset(without));
    sb_spec_close(with);
    sb_spec_close(without);
}

/* ---- optional kinds ---------------------------------------------------------------------------
 */

static const sb_kind optional_kinds[] = {SB_DEVICES, SB_LOGINS,    SB_TRADES,
                                         SB_TRIPS,   SB_DOCUMENTS, SB_RELATIONSHIPS};

/* They come on top of what a profile shares, and are there only when asked for. */
static void optional_kinds_come_on_top(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(optional_kinds); i++) {
        sb_kind kind = optional_kinds[i];
        sb_spec *with = fixture_spec("entities", "710", sb_kind_name(kind), "7", NULL);
        sb_spec *without = fixture_spec("entities", "710", NULL);
        sb_spec *none = fixture_spec("entities", "710", sb_kind_name(kind), "0", NULL);
        seal(with);
        seal(without);
        seal(none);
        assert_true(sb_kind_is_optional(kind));
        for (int other = 0; other < SB_KIND_COUNT; other++) {
            const uint64_t *counts = sb_spec_values_of(with)->counts;
            assert_int_equal(counts[other], (sb_kind)other == kind
                                                ? 7
                                                : sb_spec_values_of(without)->counts[other]);
            assert_true(sb_spec_has(with, (sb_kind)other) ==
                        (sb_spec_has(without, (sb_kind)other) || (sb_kind)other == kind));
        }
        assert_false(sb_spec_has(without, kind));
        assert_string_not_equal(sb_spec_dataset(with), sb_spec_dataset(without));
        assert_string_equal(sb_spec_dataset(none), sb_spec_dataset(without));
        sb_spec_close(with);
        sb_spec_close(without);
        sb_spec_close(none);
    }
    /* Alone they do not empty the others. */
    check_values(fixture_spec("trips", "5", NULL),
                 (const uint64_t[SB_KIND_COUNT]){[SB_PERSONS] = 70422,
                                                 [SB_COMPANIES] = 14085,
                                                 [SB_ACCOUNTS] = 140845,
                                                 [SB_TRANSACTIONS] = 704225,
                                                 [SB_COMMUNICATIONS] = 70423,
                                                 [SB_TRIPS] = 5});
}

static void all_kinds_count_by_persons(void **state)
{
    (void)state;
    check_values(fixture_spec("entities", "710", "all-kinds", "true", NULL),
                 (const uint64_t[SB_KIND_COUNT]){[SB_PERSONS] = 50,
                                                 [SB_COMPANIES] = 10,
                                                 [SB_ACCOUNTS] = 100,
                                                 [SB_TRANSACTIONS] = 500,
                                                 [SB_COMMUNICATIONS] = 50,
                                                 [SB_DEVICES] = 75,
                                                 [SB_LOGINS] = 500,
                                                 [SB_TRADES] = 500,
                                                 [SB_TRIPS] = 250,
                                                 [SB_DOCUMENTS] = 1000,
                                                 [SB_RELATIONSHIPS] = 150});
    /* A number that is given stays, in any order. */
    check_values(fixture_spec("trades", "3", "persons", "10", "companies", "2", "all-kinds", "true",
                              "accounts", "1", "documents", "0", NULL),
                 (const uint64_t[SB_KIND_COUNT]){[SB_PERSONS] = 10,
                                                 [SB_COMPANIES] = 2,
                                                 [SB_ACCOUNTS] = 1,
                                                 [SB_DEVICES] = 15,
                                                 [SB_LOGINS] = 100,
                                                 [SB_TRADES] = 3,
                                                 [SB_TRIPS] = 50,
                                                 [SB_RELATIONSHIPS] = 30});
    check_set_refused("all-kinds", "maybe", "maybe");
}

static void optional_kinds_need_whom_they_are_of(void **state)
{
    (void)state;
    check_seal_refused(fixture_spec("companies", "9", "devices", "1", NULL), "--persons");
    check_seal_refused(fixture_spec("companies", "9", "trips", "1", NULL), "--persons");
    check_seal_refused(fixture_spec("persons", "9", "logins", "1", NULL), "--accounts");
    check_seal_refused(fixture_spec("persons", "9", "trades", "1", NULL), "--accounts");
    check_seal_refused(fixture_spec("persons", "9", "companies", "1", "documents", "1", NULL),
                       "--companies");
    check_seal_refused(fixture_spec("persons", "1", "relationships", "1", NULL), "--persons");
    check_seal_refused(fixture_spec("companies", "9", "all-kinds", "true", NULL), "--persons");
}

/* 65,536 in each cell, no more. */
static void a_cell_holds_so_many_of_an_optional_kind(void **state)
{
    (void)state;
    static const char *const names[] = {"devices", "logins", "trades", "trips"};
    for (size_t i = 0; i < COUNT(names); i++) {
        sb_spec *most = fixture_spec("persons", "513", "accounts", "2", names[i], "131071", NULL);
        seal(most);
        sb_spec_close(most);
        check_seal_refused(
            fixture_spec("persons", "513", "accounts", "2", names[i], "131073", NULL), names[i]);
    }
}

static void entities_that_give_too_many_accounts_are_refused(void **state)
{
    (void)state;
    check_seal_refused(fixture_spec("entities", "1t", NULL), "10000000000");
    sb_spec *spec = fixture_spec("entities", "71b", NULL); /* ten billion accounts exactly */
    seal(spec);
    assert_true(sb_spec_values_of(spec)->counts[SB_ACCOUNTS] == SB_ACCOUNTS_MAX);
    sb_spec_close(spec);
}

static void other_options_are_refused_by_name(void **state)
{
    (void)state;
    check_set_refused("colour", "red", "no such option");
    check_set_refused("", "1", "no such option");
    check_set_refused("typologies", "all", "not in this release");
    check_set_refused("labels", "inline", "no effect");
    check_set_refused("labels", "maybe", "unknown");
    check_set_refused("entries", "maybe", "maybe");
    sb_spec_close(fixture_spec("typologies", "off", NULL));
    check_seal_refused(fixture_spec("locales", "en_GX", NULL), "en_GX");
    check_seal_refused(fixture_spec("tables", "/nonexistent", NULL), "/nonexistent");
}

/* "After it nothing can be set": whatever set answers, the dataset stays what it is. */
static void a_sealed_spec_stays_as_it_is(void **state)
{
    sb_error err = {0};
    char kept[33];
    (void)state;
    sb_spec *spec = fixture_spec("entities", "710", NULL);
    seal(spec);
    memcpy(kept, sb_spec_dataset(spec), sizeof kept);
    (void)!sb_spec_set(spec, "seed", "5", &err);
    (void)!sb_spec_set(spec, "persons", "5", &err);
    seal(spec);
    assert_string_equal(sb_spec_dataset(spec), kept);
    assert_int_equal(sb_spec_values_of(spec)->counts[SB_PERSONS], 50);
    assert_int_equal(sb_spec_values_of(spec)->seed.low, 0);
    sb_spec_close(spec);
}

static void a_refused_seal_can_be_put_right(void **state)
{
    sb_error err = {0};
    (void)state;
    sb_spec *spec = fixture_spec("accounts", "1", "locales", "en_US", NULL);
    assert_int_equal(sb_spec_seal(spec, &err), SB_EUSAGE);
    fixture_ok(sb_spec_set(spec, "persons", "1", &err), &err);
    seal(spec);
    sb_spec_close(spec);
}

/* ---- identity ---------------------------------------------------------------------------------
 */

static void the_order_of_options_is_no_part_of_it(void **state)
{
    (void)state;
    sb_spec *a = fixture_spec("seed", "9", "persons", "5", "accounts", "8", "start", "2025-01-01",
                              "end", "2025-02-01", "locales", "de_DE", NULL);
    sb_spec *b = fixture_spec("locales", "de_DE", "end", "2025-02-01", "start", "2025-01-01",
                              "accounts", "8", "persons", "5", "seed", "9", NULL);
    seal(a);
    seal(b);
    assert_int_equal(strlen(sb_spec_dataset(a)), 32);
    assert_int_equal(strspn(sb_spec_dataset(a), "0123456789abcdef"), 32);
    assert_string_equal(sb_spec_dataset(a), sb_spec_dataset(b));
    sb_spec_close(a);
    sb_spec_close(b);
}

static void defaults_written_out_are_the_same_dataset(void **state)
{
    (void)state;
    sb_spec *a = fixture_spec("entities", "710", NULL);
    sb_spec *b =
        fixture_spec("seed", "0", "profile", "demo", "persons", "50", "companies", "10", "accounts",
                     "100", "transactions", "500", "communications", "50", "start", "2025-12-01",
                     "end", "2026-01-01", "typologies", "off", "entries", "false", NULL);
    seal(a);
    seal(b);
    assert_string_equal(sb_spec_dataset(a), sb_spec_dataset(b));
    sb_spec_close(a);
    sb_spec_close(b);
}

static void every_option_is_part_of_it(void **state)
{
    static const char *const others[][2] = {
        {"seed", "1"},
        {"profile", "aml"},
        {"persons", "51"},
        {"companies", "11"},
        {"accounts", "99"},
        {"transactions", "1"},
        {"communications", "51"},
        {"entries", "true"},
        {"end", "2025-12-30"},
        {"start", "2025-12-02"},
        {"locales", "en_US"},
        {"devices", "7"},
        {"logins", "7"},
        {"trades", "7"},
        {"trips", "7"},
        {"documents", "7"},
        {"relationships", "7"},
        {"all-kinds", "true"},
    };
    char seen[COUNT(others) + 1][33];
    (void)state;
    for (size_t i = 0; i <= COUNT(others); i++) {
        sb_error err = {0};
        sb_spec *spec = fixture_spec("entities", "710", NULL);
        if (i > 0)
            fixture_ok(sb_spec_set(spec, others[i - 1][0], others[i - 1][1], &err), &err);
        seal(spec);
        memcpy(seen[i], sb_spec_dataset(spec), sizeof seen[i]);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(seen[i], seen[k]);
        sb_spec_close(spec);
    }
}

/* ---- JSON -------------------------------------------------------------------------------------
 */

static char json_path[64];

static void write_json(const char *text)
{
    FILE *out = fopen(json_path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static int make_json_path(void **state)
{
    (void)state;
    (void)snprintf(json_path, sizeof json_path, "/tmp/seedbank_spec_XXXXXX");
    int fd = mkstemp(json_path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_json_path(void **state)
{
    (void)state;
    return unlink(json_path);
}

static void check_load_refused(const char *text, const char *what)
{
    sb_error err = {0};
    sb_spec *spec = fixture_spec(NULL);
    write_json(text);
    sb_status status = sb_spec_load(spec, json_path, &err);
    if (status == SB_OK)
        status = sb_spec_seal(spec, &err);
    if (status != SB_EUSAGE || strstr(err.text, what) == NULL)
        fail_msg("%s: status %d, \"%s\", without \"%s\"", text, (int)status, err.text, what);
    sb_spec_close(spec);
}

/* Through JSON and back, bare and as part of a manifest: the same dataset. Takes the spec over. */
static void check_round_trip(sb_spec *spec)
{
    static char text[2][65536];
    sb_error err = {0};
    seal(spec);
    char *json = sb_spec_json(spec);
    assert_non_null(json);
    (void)snprintf(text[0], sizeof text[0], "%s", json);
    (void)snprintf(text[1], sizeof text[1], "{\"format_version\": 1, \"other\": [], \"spec\": %s}",
                   json);
    free(json);
    for (int as = 0; as < 2; as++) {
        sb_spec *back = fixture_spec(NULL);
        write_json(text[as]);
        fixture_ok(sb_spec_load(back, json_path, &err), &err);
        seal(back);
        assert_string_equal(sb_spec_dataset(back), sb_spec_dataset(spec));
        assert_memory_equal(sb_spec_values_of(back)->counts, sb_spec_values_of(spec)->counts,
                            sizeof sb_spec_values_of(spec)->counts);
        json = sb_spec_json(back);
        assert_non_null(json);
        assert_true(as != 0 || strcmp(json, text[0]) == 0);
        free(json);
        sb_spec_close(back);
    }
    sb_spec_close(spec);
}

static void json_gives_the_dataset_back(void **state)
{
    (void)state;
    check_round_trip(fixture_spec(NULL));
    check_round_trip(fixture_spec("seed", "18446744073709551615", "profile", "finbench", NULL));
    check_round_trip(
        fixture_spec("seed", "0x00000000000000010000000000000002", "entities", "710", NULL));
    check_round_trip(fixture_spec("persons", "1t", "companies", "1t", "accounts", "10b",
                                  "transactions", "1t", "communications", "1t", "entries", "true",
                                  "start", "2001-01-01", "end", "2021-01-01", "locales", "de_DE",
                                  NULL));
    check_round_trip(fixture_spec("persons", "1", "locales", "de_DE,en_US", NULL));
    check_round_trip(fixture_spec("entities", "710", "all-kinds", "true", NULL));
    check_round_trip(fixture_spec("persons", "1t", "devices", "1t", "trips", "5", NULL));
}

static void options_after_the_file_replace_it(void **state)
{
    sb_error err = {0};
    (void)state;
    write_json("{\"counts\": {\"persons\": 5}, \"seed\": 3, \"start\": \"2025-12-02\"}");
    sb_spec *spec = fixture_spec(NULL);
    fixture_ok(sb_spec_load(spec, json_path, &err), &err);
    fixture_ok(sb_spec_set(spec, "seed", "4", &err), &err);
    seal(spec);
    assert_int_equal(sb_spec_values_of(spec)->seed.low, 4);
    assert_int_equal(sb_spec_values_of(spec)->counts[SB_PERSONS], 5);
    assert_int_equal(sb_spec_values_of(spec)->start_days, sb_days_from_civil(2025, 12, 2));
    sb_spec_close(spec);
}

static void hand_written_json_may_say_little(void **state)
{
    sb_error err = {0};
    (void)state;
    write_json("{\"entities\": \"2.5k\", \"seed\": \"0xff\", \"entries\": true, \"locales\": "
               "[\"en_US\"]}");
    sb_spec *spec = fixture_spec(NULL);
    fixture_ok(sb_spec_load(spec, json_path, &err), &err);
    seal(spec);
    assert_int_equal(sb_spec_values_of(spec)->seed.low, 255);
    assert_true(sb_spec_values_of(spec)->entries);
    assert_int_equal(sb_tables_locale_count(sb_spec_tables(spec)), 1);
    sb_spec_close(spec);
}

static void json_that_is_none_is_refused(void **state)
{
    sb_error err = {0};
    (void)state;
    check_load_refused("", "line 1");
    check_load_refused("{\"seed\": 1,\n \"seed\": 2}", "line 2"); /* twice */
    check_load_refused("{\"seed\": 1} more", "line 1");
    check_load_refused("[1, 2]", "object");
    check_load_refused("7", "");
    sb_spec *spec = fixture_spec(NULL);
    assert_int_equal(sb_spec_load(spec, "/nonexistent.json", &err), SB_EUSAGE);
    assert_non_null(strstr(err.text, "/nonexistent.json"));
    sb_spec_close(spec);
}

static void keys_nobody_knows_are_refused(void **state)
{
    (void)state;
    check_load_refused("{\"sead\": 1}", "'sead'");
    check_load_refused("{\"counts\": {\"people\": 1}}", "counts.people");
    check_load_refused("{\"counts\": {\"entries\": 1}}", "counts.entries");
    check_load_refused("{\"spec\": {\"seed\": 1}}", "'spec'"); /* no manifest */
}

static void values_of_the_wrong_type_are_refused(void **state)
{
    static const char *const wrong[] = {
        "{\"seed\": 1.5}",
        "{\"seed\": -1}",
        "{\"seed\": null}",
        "{\"seed\": [1]}",
        "{\"seed\": true}",
        "{\"profile\": {}}",
        "{\"entities\": -5}",
        "{\"entities\": 1e3}",
        "{\"start\": false}",
        "{\"profile\": 3}",
        "{\"start\": 20250101}",
        "{\"entries\": {}}",
        "{\"entries\": 5}",
        "{\"entries\": \"maybe\"}",
        "{\"counts\": 5}",
        "{\"counts\": []}",
        "{\"counts\": {\"persons\": \"5\"}}",
        "{\"counts\": {\"persons\": -1}}",
        "{\"counts\": {\"persons\": 1.0}}",
        "{\"counts\": {\"persons\": 1000000000001}}",
        "{\"locales\": \"en_US\"}",
        "{\"locales\": []}",
        "{\"locales\": [1]}",
        "{\"tables\": \"abc\"}",
        "{\"tables\": 1}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++)
        check_load_refused(wrong[i], "");
}

static void another_content_version_is_refused(void **state)
{
    char text[128];
    (void)state;
    (void)snprintf(text, sizeof text, "{\"content_version\": %d}", SB_CONTENT_VERSION + 1);
    check_load_refused(text, "content_version");
    check_load_refused("{\"content_version\": \"1\"}", "content_version");
}

static void other_tables_are_refused(void **state)
{
    (void)state;
    check_load_refused("{\"tables\": \"00000000000000000000000000000000\"}", "other tables");
    check_load_refused("{\"tables\": \"0123456789abcdef0123456789abcde\"}", "32");
}

/* What was opened for a seal that was refused is not lost when it is tried again. */
static void a_seal_with_other_tables_can_be_put_right(void **state)
{
    sb_error err = {0};
    char text[128];
    (void)state;
    sb_spec *german = fixture_spec("persons", "5", "locales", "de_DE", NULL);
    seal(german);
    (void)snprintf(text, sizeof text, "{\"tables\": \"%s\", \"counts\": {\"persons\": 5}}",
                   sb_tables_digest(sb_spec_tables(german)));
    write_json(text);
    sb_spec *spec = fixture_spec(NULL);
    fixture_ok(sb_spec_load(spec, json_path, &err), &err);
    assert_int_equal(sb_spec_seal(spec, &err), SB_EUSAGE);
    fixture_ok(sb_spec_set(spec, "locales", "de_DE", &err), &err);
    seal(spec);
    assert_string_equal(sb_spec_dataset(spec), sb_spec_dataset(german));
    sb_spec_close(spec);
    sb_spec_close(german);
}

#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, make_json_path, remove_json_path)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_read_exactly),
        cmocka_unit_test(counts_have_a_limit),
        cmocka_unit_test(counts_are_whole_rows),
        cmocka_unit_test(what_is_no_count_is_refused),
        cmocka_unit_test(profiles_share_the_entities),
        cmocka_unit_test(shares_add_up_to_the_entities),
        cmocka_unit_test(a_named_kind_alone_leaves_the_others_empty),
        cmocka_unit_test(a_named_kind_replaces_its_share),
        cmocka_unit_test(a_later_option_replaces_an_earlier_one),
        cmocka_unit_test(seeds_have_128_bits),
        cmocka_unit_test(what_is_no_seed_is_refused),
        cmocka_unit_test(an_equal_seed_written_otherwise_is_the_same_dataset),
        cmocka_unit_test(dates_are_days_of_the_calendar),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(the_period_is_never_empty),
        cmocka_unit_test(the_period_has_at_most_twenty_years),
        cmocka_unit_test(profiles_have_their_period),
        cmocka_unit_test(nothing_to_generate_is_refused),
        cmocka_unit_test(accounts_need_owners),
        cmocka_unit_test(transactions_need_two_accounts),
        cmocka_unit_test(an_account_has_at_most_20000_rows),
        cmocka_unit_test(messages_need_somebody_to_write),
        cmocka_unit_test(entries_need_transactions),
        cmocka_unit_test(optional_kinds_come_on_top),
        cmocka_unit_test(all_kinds_count_by_persons),
        cmocka_unit_test(optional_kinds_need_whom_they_are_of),
        cmocka_unit_test(a_cell_holds_so_many_of_an_optional_kind),
        cmocka_unit_test(entities_that_give_too_many_accounts_are_refused),
        cmocka_unit_test(other_options_are_refused_by_name),
        cmocka_unit_test(a_sealed_spec_stays_as_it_is),
        cmocka_unit_test(a_refused_seal_can_be_put_right),
        cmocka_unit_test(the_order_of_options_is_no_part_of_it),
        cmocka_unit_test(defaults_written_out_are_the_same_dataset),
        cmocka_unit_test(every_option_is_part_of_it),
        WITH_FILE(json_gives_the_dataset_back),
        WITH_FILE(options_after_the_file_replace_it),
        WITH_FILE(hand_written_json_may_say_little),
        WITH_FILE(json_that_is_none_is_refused),
        WITH_FILE(keys_nobody_knows_are_refused),
        WITH_FILE(values_of_the_wrong_type_are_refused),
        WITH_FILE(another_content_version_is_refused),
        WITH_FILE(other_tables_are_refused),
        WITH_FILE(a_seal_with_other_tables_can_be_put_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
