/* Rows of every kind: valid, short enough, the same whoever makes them, and true to each other. */
#include "engine/company.h"
#include "engine/group.h"
#include "engine/person.h"
#include "format/row_cursor.h"
#include "format/row_text.h"
#include "tests/unit/engine_fixture.h"

/* ---- all rows of a dataset --------------------------------------------------------------------
 */

typedef struct tally {
    uint64_t rows[SB_KIND_COUNT];
    size_t longest[SB_KIND_COUNT];
    sb_bytes bytes[SB_KIND_COUNT]; /* of all frames, if kept */
    bool keep;
} tally;

static void check_row(sb_kind kind, const uint8_t *row, size_t row_bytes)
{
    sb_error err = {0};
    fixture_ok(sb_row_check(sb_schema(kind), row, row_bytes, &err), &err);
    if (row_bytes >= SB_ROW_BYTES_MAX / 8)
        fail_msg("a row of %s has %zu bytes", sb_kind_name(kind), row_bytes);
}

static sb_status take_frame(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                            uint32_t row_count, sb_error *err)
{
    tally *all = user;
    size_t at = 0;
    uint32_t count = 0;
    for (; at < raw_bytes; count++) {
        size_t row_bytes = 0;
        SB_TRY(sb_row_length(rows + at, raw_bytes - at, &row_bytes, err));
        check_row(kind, rows + at, row_bytes);
        all->longest[kind] = row_bytes > all->longest[kind] ? row_bytes : all->longest[kind];
        at += row_bytes;
    }
    assert_int_equal(at, raw_bytes);
    assert_int_equal(count, row_count);
    all->rows[kind] += count;
    return all->keep ? sb_bytes_add(&all->bytes[kind], rows, raw_bytes, err) : SB_OK;
}

static void make_group(sb_press *press, uint64_t group)
{
    sb_error err = {0};
    fixture_ok(sb_group_make(press, group, &err), &err);
}

static sb_press open_press(const sb_world *world, sb_kind_set kinds, tally *into)
{
    sb_error err = {0};
    sb_press press;
    fixture_ok(sb_press_open(world, kinds, take_frame, into, &press, &err), &err);
    return press;
}

/* Every row of every kind is valid, and there are as many as were asked for. Takes the spec over.
 */
static void check_rows(sb_spec *spec)
{
    tally all = {0};
    engine world = engine_of(spec);
    sb_press press = open_press(world.world, sb_spec_kinds(spec), &all);
    for (uint64_t group = 0; group < world.world->group_count; group++)
        make_group(&press, group);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (kind != SB_ENTRIES)
            assert_true(all.rows[kind] == world.world->values.counts[kind]);
    assert_true(sb_spec_has(spec, SB_ENTRIES) || all.rows[SB_ENTRIES] == 0);
    sb_press_close(&press);
    engine_close(&world);
}

static void rows_of_profiles_are_valid(void **state)
{
    (void)state;
    check_rows(fixture_spec("entities", "10000", "entries", "true", NULL));
    check_rows(fixture_spec("entities", "30000", "profile", "aml", "entries", "true", NULL));
    check_rows(fixture_spec("entities", "20000", "profile", "finbench", NULL));
    check_rows(fixture_spec("entities", "10000", "all-kinds", "true", NULL));
    check_rows(fixture_spec("entities", "9000", "profile", "finbench", "all-kinds", "true", NULL));
}

static void rows_of_one_kind_are_valid(void **state)
{
    (void)state;
    check_rows(fixture_spec("persons", "1500", NULL));
    check_rows(fixture_spec("companies", "400", NULL));
    check_rows(fixture_spec("persons", "1", "communications", "500", NULL));
    check_rows(fixture_spec("companies", "1", "communications", "500", NULL));
    check_rows(fixture_spec("companies", "5", "accounts", "50", "transactions", "500", NULL));
    check_rows(fixture_spec("persons", "5", "accounts", "50", "transactions", "500", "entries",
                            "true", NULL));
    check_rows(fixture_spec("persons", "1", "companies", "1", "accounts", "2", "transactions", "3",
                            "communications", "1", "entries", "true", NULL));
    check_rows(fixture_spec("persons", "1", "devices", "9", "trips", "9", NULL));
    check_rows(fixture_spec("persons", "2", "relationships", "1", NULL));
    check_rows(fixture_spec("companies", "2", "documents", "500", NULL));
    check_rows(fixture_spec("persons", "1", "accounts", "1", "logins", "90", "trades", "90", NULL));
    check_rows(
        fixture_spec("companies", "1", "accounts", "1", "logins", "90", "trades", "90", NULL));
}

static void rows_of_extreme_periods_are_valid(void **state)
{
    (void)state;
    check_rows(fixture_spec("entities", "5000", "start", "2025-03-30", "end", "2025-03-31", NULL));
    check_rows(fixture_spec("entities", "5000", "start", "2001-01-01", "end", "2021-01-01", NULL));
    check_rows(fixture_spec("entities", "5000", "start", "1990-01-01", "end", "1990-02-01", NULL));
    check_rows(fixture_spec("entities", "5000", "start", "2199-12-01", "end", "2199-12-31", NULL));
    check_rows(fixture_spec("entities", "2000", "start", "2025-03-30", "end", "2025-03-31",
                            "all-kinds", "true", NULL)); /* a Sunday */
    check_rows(fixture_spec("entities", "2000", "start", "2001-01-01", "end", "2021-01-01",
                            "all-kinds", "true", NULL));
    check_rows(fixture_spec("entities", "2000", "start", "1990-01-01", "end", "1990-02-01",
                            "all-kinds", "true", NULL));
}

static void rows_of_random_specs_are_valid(void **state)
{
    uint64_t random = 17;
    (void)state;
    for (int n = 0; n < 12; n++) {
        uint64_t accounts = 2 + fixture_magnitude(&random, 2000), most = accounts * 20000;
        sb_spec *spec = fixture_spec("entries", "false", NULL);
        fixture_number(spec, "seed", fixture_random(&random));
        fixture_number(spec, "persons", 1 + fixture_magnitude(&random, 2000));
        fixture_number(spec, "companies", 2 + fixture_magnitude(&random, 500));
        fixture_number(spec, "accounts", accounts);
        fixture_number(spec, "transactions", fixture_magnitude(&random, most < 5000 ? most : 5000));
        fixture_number(spec, "communications", fixture_magnitude(&random, 5000));
        fixture_number(spec, "devices", fixture_magnitude(&random, 5000));
        fixture_number(spec, "logins", fixture_magnitude(&random, 5000));
        fixture_number(spec, "trades", fixture_magnitude(&random, 5000));
        fixture_number(spec, "trips", fixture_magnitude(&random, 5000));
        fixture_number(spec, "documents", fixture_magnitude(&random, 5000));
        check_rows(spec);
    }
}

/* Far out, where numbers are long: single persons, companies and cells of the largest dataset. */
static void rows_of_the_largest_dataset_are_valid(void **state)
{
    static uint8_t buffer[SB_ROW_BYTES_MAX];
    uint64_t random = 18;
    (void)state;
    engine world = engine_open("persons", "1t", "companies", "100b", "accounts", "10b",
                               "transactions", "100b", "communications", "1t", "devices", "1t",
                               "logins", "1t", "trades", "1t", "trips", "1t", "documents", "1t",
                               "relationships", "1t", "seed", "0xffffffffffffffffffffffffffffffff");
    const uint64_t *counts = world.world->values.counts;
    for (uint64_t n = 0; n < 500; n++) {
        sb_rows rows = {.at = buffer};
        sb_person_put(world.maker, &rows,
                      n < 10 ? counts[SB_PERSONS] - 1 - n
                             : fixture_below(&random, counts[SB_PERSONS]));
        check_row(SB_PERSONS, buffer, (size_t)(rows.at - buffer));
        rows.at = buffer;
        sb_company_put(world.maker, &rows,
                       n < 10 ? counts[SB_COMPANIES] - 1 - n
                              : fixture_below(&random, counts[SB_COMPANIES]));
        check_row(SB_COMPANIES, buffer, (size_t)(rows.at - buffer));
    }
    tally all = {0};
    sb_error err = {0};
    sb_press press = open_press(world.world, sb_spec_kinds(world.spec), &all);
    for (int n = 0; n < 2; n++) {
        uint64_t last = world.world->ledger_cell_count - 1;
        fixture_ok(sb_cell_make(&press, n == 0 ? last : fixture_below(&random, last), &err), &err);
        for (int kind = 0; kind < SB_KIND_COUNT; kind++)
            if (press.kinds >> kind & 1)
                fixture_ok(sb_cutter_flush(&press.cutters[kind], &err), &err);
    }
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        assert_true(all.rows[kind] > 0 || kind == SB_ENTRIES);
    sb_press_close(&press);
    engine_close(&world);
}

/* ---- whoever makes them -----------------------------------------------------------------------
 */

static void check_same_bytes(const tally *a, const tally *b, sb_kind kind)
{
    assert_int_equal(a->bytes[kind].length, b->bytes[kind].length);
    if (a->bytes[kind].length > 0)
        assert_memory_equal(a->bytes[kind].data, b->bytes[kind].data, a->bytes[kind].length);
}

static void close_tally(tally *all)
{
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        sb_bytes_close(&all->bytes[kind]);
}

/* A press that has made other groups, in any order, makes the same bytes as a fresh one; and a
 * press of one kind the same as one of all. */
static void a_group_does_not_depend_on_what_was_made_before(void **state)
{
    (void)state;
    engine world = engine_open("persons", "9000", "companies", "1500", "accounts", "16000",
                               "transactions", "20000", "communications", "9000", "entries", "true",
                               "devices", "9000", "logins", "9000", "trades", "9000", "trips",
                               "9000", "documents", "9000", "relationships", "9000");
    uint64_t groups = world.world->group_count;
    assert_true(groups >= 3);
    tally used = {0}, fresh, alone;
    sb_press old = open_press(world.world, sb_spec_kinds(world.spec), &used);
    for (uint64_t group = groups; group-- > 0;) {
        close_tally(&used);
        used = (tally){.keep = true};
        make_group(&old, group);
        fresh = (tally){.keep = true};
        sb_press press = open_press(world.world, sb_spec_kinds(world.spec), &fresh);
        make_group(&press, group);
        sb_press_close(&press);
        for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
            check_same_bytes(&used, &fresh, (sb_kind)kind);
            alone = (tally){.keep = true};
            press = open_press(world.world, 1u << kind, &alone);
            make_group(&press, group);
            sb_press_close(&press);
            check_same_bytes(&fresh, &alone, (sb_kind)kind);
            close_tally(&alone);
        }
        close_tally(&fresh);
    }
    close_tally(&used);
    sb_press_close(&old);
    engine_close(&world);
}

/* A worker stops with what its taker says. */
static sb_status refuse_frame(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                              uint32_t row_count, sb_error *err)
{
    (void)user, (void)rows, (void)raw_bytes, (void)row_count;
    return sb_fail(err, SB_ENOSPC, "no room for %s", sb_kind_name(kind));
}

static void a_taker_can_stop_a_group(void **state)
{
    sb_error err = {0};
    sb_press press;
    (void)state;
    engine world = engine_open("entities", "710");
    fixture_ok(
        sb_press_open(world.world, sb_spec_kinds(world.spec), refuse_frame, NULL, &press, &err),
        &err);
    assert_int_equal(sb_group_make(&press, 0, &err), SB_ENOSPC);
    assert_string_equal(err.text, "no room for persons");
    sb_press_close(&press);
    engine_close(&world);
}

/* ---- what specs share -------------------------------------------------------------------------
 */

/* The bytes of a person's row. */
static size_t put_person(engine *world, uint64_t id, uint8_t *buffer)
{
    sb_rows rows = {.at = buffer};
    sb_person_put(world->maker, &rows, id);
    return (size_t)(rows.at - buffer);
}

static void check_first_person_same(sb_spec *one, sb_spec *other)
{
    static uint8_t a[SB_ROW_BYTES_MAX], b[SB_ROW_BYTES_MAX];
    engine first = engine_of(one), second = engine_of(other);
    size_t a_bytes = put_person(&first, 0, a), b_bytes = put_person(&second, 0, b);
    int differ = sb_row_difference(sb_schema(SB_PERSONS), a, a_bytes, b, b_bytes);
    if (differ >= 0)
        fail_msg("the first persons differ in %s", sb_schema(SB_PERSONS)->fields[differ].name);
    engine_close(&first);
    engine_close(&second);
}

static void twice_the_dataset_has_the_same_first_person(void **state)
{
    (void)state;
    for (int seed = 0; seed < 30; seed++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", seed);
        check_first_person_same(fixture_spec("seed", text, "entities", "20k", NULL),
                                fixture_spec("seed", text, "entities", "40k", NULL));
        check_first_person_same(fixture_spec("seed", text, "entities", "1m", NULL),
                                fixture_spec("seed", text, "entities", "2m", NULL));
        check_first_person_same(
            fixture_spec("seed", text, "persons", "400", "companies", "100", NULL),
            fixture_spec("seed", text, "persons", "800", "companies", "100", NULL));
        check_first_person_same(
            fixture_spec("seed", text, "entities", "1m", NULL),
            fixture_spec("seed", text, "entities", "1m", "entries", "true", NULL));
    }
}

static int compare_hashes(const void *a, const void *b)
{
    return memcmp(a, b, SB_HASH_BYTES);
}

/* Without its id, no person of one seed is any person of the next. */
static void neighbouring_seeds_share_no_person(void **state)
{
    enum { PERSONS = 2000 };
    static uint8_t buffer[SB_ROW_BYTES_MAX];
    static unsigned char hashes[2 * PERSONS][SB_HASH_BYTES];
    size_t count = 0;
    (void)state;
    for (int n = 0; n < 2; n++) {
        engine world =
            engine_open("persons", "2000", "companies", "400", "seed", n == 0 ? "42" : "43");
        for (uint64_t id = 0; id < PERSONS; id++) {
            size_t row_bytes = put_person(&world, id, buffer);
            sb_cursor cursor = {buffer, buffer + row_bytes};
            sb_value head;
            assert_true(sb_cursor_next(&cursor, &head) && sb_cursor_skip(&cursor)); /* array, id */
            sb_hash(cursor.at, sb_cursor_left(&cursor), hashes[count++]);
        }
        engine_close(&world);
    }
    qsort(hashes, count, sizeof hashes[0], compare_hashes);
    for (size_t i = 1; i < count; i++)
        assert_true(compare_hashes(hashes[i - 1], hashes[i]) != 0);
}

/* ---- work -------------------------------------------------------------------------------------
 */

/* Puts the cursor on a top-level field of a row. */
static sb_cursor field_of(sb_kind kind, const char *name, const uint8_t *row, size_t row_bytes)
{
    sb_cursor cursor = {row, row + row_bytes};
    sb_value head;
    assert_true(sb_cursor_next(&cursor, &head));
    for (int skip = sb_record_find(sb_schema(kind), name); skip > 0; skip--)
        assert_true(sb_cursor_skip(&cursor));
    return cursor;
}

typedef struct work {
    int current; /* present jobs */
    bool inside; /* ... with a company of the dataset */
    uint64_t employer;
} work;

/* Jobs, as they stand in the row: employer first, end sixth. */
static work work_of(const uint8_t *row, size_t row_bytes, int32_t end_days)
{
    work of = {0};
    sb_cursor cursor = field_of(SB_PERSONS, "employment", row, row_bytes);
    sb_value jobs, job, employer = {0}, value, start = {0}, end = {0};
    assert_true(sb_cursor_next(&cursor, &jobs));
    for (uint32_t i = 0; i < jobs.count; i++) {
        assert_true(sb_cursor_next(&cursor, &job));
        for (uint32_t field = 0; field < job.count; field++)
            assert_true(sb_cursor_next(&cursor, field == 0   ? &employer
                                                : field == 4 ? &start
                                                : field == 5 ? &end
                                                             : &value));
        assert_true(start.number < end_days); /* nobody starts in the future */
        if (end.kind != SB_VALUE_NIL) {
            assert_true(end.number >= start.number);
            continue;
        }
        of.current++;
        of.inside = employer.kind == SB_VALUE_INT;
        of.employer = of.inside ? (uint64_t)employer.number : 0;
    }
    return of;
}

static void check_work(sb_spec *spec)
{
    static uint8_t buffer[SB_ROW_BYTES_MAX];
    engine world = engine_of(spec);
    const uint64_t *counts = world.world->values.counts;
    uint32_t *staff = calloc(counts[SB_COMPANIES] + 1, sizeof *staff);
    uint64_t employed = 0;
    assert_non_null(staff);
    for (uint64_t id = 0; id < counts[SB_PERSONS]; id++) {
        size_t row_bytes = put_person(&world, id, buffer);
        work of = work_of(buffer, row_bytes, world.world->values.end_days);
        assert_in_range(of.current, 0, 1);
        employed += (uint64_t)of.current;
        if (!of.inside)
            continue;
        assert_true(of.employer < counts[SB_COMPANIES]);
        staff[of.employer]++;
    }
    for (uint64_t id = 0; id < counts[SB_COMPANIES]; id++) {
        sb_rows rows = {.at = buffer};
        int64_t told = -1;
        sb_company_put(world.maker, &rows, id);
        assert_true(sb_row_int(buffer, (size_t)(rows.at - buffer),
                               sb_record_find(sb_schema(SB_COMPANIES), "employee_count"), &told));
        if ((int64_t)staff[id] > told)
            fail_msg("company %llu has %u of its %lld people", (unsigned long long)id, staff[id],
                     (long long)told);
    }
    if (counts[SB_PERSONS] >= 500)
        assert_in_range(employed * 100 / counts[SB_PERSONS], 25, 90);
    free(staff);
    engine_close(&world);
}

static void nobody_has_two_jobs_and_no_firm_too_many_people(void **state)
{
    (void)state;
    check_work(fixture_spec("entities", "30k", NULL));
    check_work(fixture_spec("persons", "2000", "companies", "1000", NULL));
    check_work(fixture_spec("persons", "3000", "companies", "7", NULL));
    check_work(fixture_spec("persons", "50", "companies", "2000", NULL));
    check_work(fixture_spec("persons", "1000", NULL));
    check_work(fixture_spec("persons", "2000", "companies", "400", "start", "2001-01-01", "end",
                            "2021-01-01", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_profiles_are_valid),
        cmocka_unit_test(rows_of_one_kind_are_valid),
        cmocka_unit_test(rows_of_extreme_periods_are_valid),
        cmocka_unit_test(rows_of_random_specs_are_valid),
        cmocka_unit_test(rows_of_the_largest_dataset_are_valid),
        cmocka_unit_test(a_group_does_not_depend_on_what_was_made_before),
        cmocka_unit_test(a_taker_can_stop_a_group),
        cmocka_unit_test(twice_the_dataset_has_the_same_first_person),
        cmocka_unit_test(neighbouring_seeds_share_no_person),
        cmocka_unit_test(nobody_has_two_jobs_and_no_firm_too_many_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
