/* Trips: nobody is on two at once, and papers, places and times agree with the person. */
#include "engine/trip.h"

#include "engine/person.h"
#include "engine/screening.h"
#include "format/row_cursor.h"
#include "format/row_text.h"
#include "tests/unit/engine_fixture.h"

/* ---- reading rows -----------------------------------------------------------------------------
 */

static uint8_t buffer[SB_ROW_BYTES_MAX];

static size_t put(engine *world, const sb_cell_events *of, uint32_t i)
{
    sb_rows rows = {.at = buffer};
    sb_error err = {0};
    sb_trip_put(world->maker, &rows, of, i);
    size_t row_bytes = (size_t)(rows.at - buffer);
    fixture_ok(sb_row_check(sb_schema(SB_TRIPS), buffer, row_bytes, &err), &err);
    return row_bytes;
}

static sb_value value_of(const char *name, size_t row_bytes)
{
    sb_cursor cursor = {buffer, buffer + row_bytes};
    sb_value value;
    assert_true(sb_cursor_next(&cursor, &value));
    for (int skip = sb_record_find(sb_schema(SB_TRIPS), name); skip > 0; skip--)
        assert_true(sb_cursor_skip(&cursor));
    assert_true(sb_cursor_next(&cursor, &value));
    return value;
}

static bool is_text(sb_value value, const char *text, size_t text_bytes)
{
    return value.kind == SB_VALUE_STR && value.count == text_bytes &&
           memcmp(value.bytes, text, text_bytes) == 0;
}

static sb_cell_events events_of(engine *world, uint64_t cell)
{
    sb_error err = {0};
    sb_cell_events events;
    sb_arena_reset(world->maker->arena);
    fixture_ok(sb_cell_events_make(world->maker, SB_TRIPS, cell, sb_trip_time, NULL, &events, &err),
               &err);
    return events;
}

/* ---- geography ---------------------------------------------------------------------------------
 */

static sb_point point(double latitude, double longitude)
{
    return (sb_point){(int64_t)(latitude * 1e7), (int64_t)(longitude * 1e7)};
}

static void distances_are_about_right(void **state)
{
    static const struct {
        double a[2], b[2];
        int64_t km;
    } known[] = {
        {{52.52, 13.405}, {48.857, 2.352}, 878},      /* Berlin, Paris */
        {{51.507, -0.128}, {40.713, -74.006}, 5570},  /* London, New York */
        {{35.69, 139.692}, {37.567, 126.978}, 1155},  /* Tokyo, Seoul */
        {{35.69, 139.692}, {34.052, -118.244}, 8815}, /* over the date line */
        {{1.29, 103.85}, {51.507, -0.128}, 10850},    /* Singapore, London */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(known); i++) {
        sb_point a = point(known[i].a[0], known[i].a[1]), b = point(known[i].b[0], known[i].b[1]);
        int64_t km = sb_distance_km(a, b);
        assert_in_range(km, known[i].km * 96 / 100 - 10, known[i].km * 104 / 100 + 10);
        assert_true(sb_distance_km(b, a) == km);
        assert_true(sb_distance_km(a, a) == 0);
    }
    assert_in_range(sb_distance_km(point(90, 0), point(-90, 0)), 15000, 20100);
}

static void codes_are_found_at_either_end(void **state)
{
    (void)state;
    assert_true(sb_code_listed("DE FR IT", "DE"));
    assert_true(sb_code_listed("DE FR IT", "IT"));
    assert_false(sb_code_listed("DE FR IT", "EF"));
    assert_false(sb_code_listed("", "DE"));
}

static void islands_are_not_reached_by_road(void **state)
{
    (void)state;
    engine world = engine_open("persons", "10", "trips", "5");
    uint32_t de = sb_country_find(world.maker, "DE"), fr = sb_country_find(world.maker, "FR");
    uint32_t gb = sb_country_find(world.maker, "GB"), ie = sb_country_find(world.maker, "IE");
    assert_true(sb_same_land(world.maker, de, fr));
    assert_true(sb_same_land(world.maker, gb, fr)); /* by the tunnel */
    assert_false(sb_same_land(world.maker, de, gb));
    assert_false(sb_same_land(world.maker, gb, ie));
    engine_close(&world);
}

/* ---- travellers --------------------------------------------------------------------------------
 */

typedef struct journey {
    int64_t person, departs, returns;
} journey;

static int compare_journeys(const void *a, const void *b)
{
    const journey *one = a, *other = b;
    if (one->person != other->person)
        return one->person < other->person ? -1 : 1;
    return one->departs < other->departs ? -1 : one->departs > other->departs;
}

static void check_no_overlap(engine *world)
{
    const sb_world *w = world->world;
    uint64_t count = 0;
    journey *all = calloc(w->values.counts[SB_TRIPS] + 1, sizeof *all);
    assert_non_null(all);
    for (uint64_t cell = 0; cell < w->cell_count; cell++) {
        sb_cell_events events = events_of(world, cell);
        for (uint32_t i = 0; i < events.count; i++) {
            size_t row_bytes = put(world, &events, i);
            journey one = {value_of("person_id", row_bytes).number,
                           value_of("executed_at", row_bytes).number,
                           value_of("returned_at", row_bytes).number};
            assert_true(one.departs >= w->start_ms && one.departs < w->end_ms);
            assert_true(one.departs == events.times[i] && one.returns >= one.departs);
            assert_true(one.returns - one.departs < INT64_C(22) * SB_MS_A_DAY);
            all[count++] = one;
        }
    }
    qsort(all, count, sizeof *all, compare_journeys);
    for (uint64_t i = 1; i < count; i++)
        if (all[i].person == all[i - 1].person && all[i].departs < all[i - 1].returns)
            fail_msg("person %lld is on two trips at once", (long long)all[i].person);
    free(all);
    engine_close(world);
}

static void nobody_is_on_two_trips_at_once(void **state)
{
    (void)state;
    engine world = engine_open("persons", "4000", "trips", "12000", "start", "2025-01-01", "end",
                               "2026-01-01");
    check_no_overlap(&world);
    world = engine_open("persons", "2000", "trips", "10000"); /* as --all-kinds has it */
    check_no_overlap(&world);
    world = engine_open("persons", "1500", "trips", "200");
    check_no_overlap(&world);
    world = engine_open("persons", "3", "trips", "3000");
    check_no_overlap(&world);
    world = engine_open("persons", "1", "trips", "40", "start", "2025-03-30", "end", "2025-03-31");
    check_no_overlap(&world);
    world =
        engine_open("persons", "1000", "trips", "9000", "start", "2006-01-01", "end", "2026-01-01");
    check_no_overlap(&world);
}

/* ---- papers ------------------------------------------------------------------------------------
 */

static void check_row(engine *world, size_t row_bytes)
{
    sb_person person;
    sb_line passport;
    sb_person_make(world->maker, (uint64_t)value_of("person_id", row_bytes).number, &person);
    const sb_locale *home = sb_tables_locale(world->world->tables, person.place.locale);
    sb_value from = value_of("departure_country", row_bytes);
    sb_value to = value_of("arrival_country", row_bytes);
    sb_value number = value_of("passport_number", row_bytes);
    int64_t departs = value_of("executed_at", row_bytes).number;
    assert_true(is_text(from, home->country.bytes, 2));
    assert_false(is_text(to, home->country.bytes, 2));
    assert_true(is_text(value_of("currency", row_bytes), home->currency.bytes, 3));
    sb_line_begin(&passport);
    bool has_passport = sb_person_passport(world->maker, &person, &passport);
    assert_int_equal(number.kind == SB_VALUE_STR, has_passport);
    if (has_passport)
        assert_true(is_text(number, passport.bytes, passport.length));
    else /* a citizen of Europe in Europe */
        assert_true(sb_code_listed("AD AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT "
                                   "LU LV MC MT NL NO PL PT RO SE SI SK",
                                   (const char *)to.bytes));
    assert_true(person.birth + 6576 <= departs / SB_MS_A_DAY);
    int64_t ahead = departs / SB_MS_A_DAY - value_of("booked", row_bytes).number;
    assert_in_range(ahead, 1, 120);
    assert_int_equal(value_of("visa_obtained", row_bytes).kind == SB_VALUE_NIL,
                     value_of("visa_required", row_bytes).number == 0);
    bool flies = is_text(value_of("transport", row_bytes), "air", 3);
    assert_int_equal(value_of("carrier", row_bytes).kind == SB_VALUE_STR, flies);
    assert_int_equal(value_of("flight_number", row_bytes).kind == SB_VALUE_STR, flies);
    assert_true(value_of("cost", row_bytes).number > 0);
    int64_t score = value_of("risk_score", row_bytes).number;
    assert_int_equal(value_of("is_flagged", row_bytes).number != 0,
                     score > 6000 || value_of("indicators", row_bytes).count > 2);
}

static void papers_are_the_travellers(void **state)
{
    (void)state;
    engine world = engine_open("persons", "9000", "trips", "18000", "start", "2025-01-01", "end",
                               "2026-01-01");
    for (uint64_t cell = 0; cell < world.world->cell_count; cell++) {
        sb_cell_events events = events_of(&world, cell);
        for (uint32_t i = 0; i < events.count; i++)
            check_row(&world, put(&world, &events, i));
    }
    engine_close(&world);
}

/* A cell of one person sends him, with a passport or without, of age or not. */
static void rows_of_lone_travellers_are_valid(void **state)
{
    (void)state;
    for (int seed = 0; seed < 40; seed++) {
        sb_spec *spec = fixture_spec("persons", "1", "trips", "5", "start", "2010-01-01", "end",
                                     "2026-01-01", NULL);
        fixture_number(spec, "seed", (uint64_t)seed);
        engine world = engine_of(spec);
        sb_cell_events events = events_of(&world, 0);
        for (uint32_t i = 0; i < events.count; i++) {
            size_t row_bytes = put(&world, &events, i);
            sb_value from = value_of("departure_country", row_bytes);
            assert_false(
                is_text(value_of("arrival_country", row_bytes), (const char *)from.bytes, 2));
        }
        engine_close(&world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_about_right),
        cmocka_unit_test(codes_are_found_at_either_end),
        cmocka_unit_test(islands_are_not_reached_by_road),
        cmocka_unit_test(nobody_is_on_two_trips_at_once),
        cmocka_unit_test(papers_are_the_travellers),
        cmocka_unit_test(rows_of_lone_travellers_are_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
