/* What is kept or prepared for many rows says the same as what is made anew for one. */
#include "engine/bourse.h"
#include "engine/company.h"
#include "engine/contact.h"
#include "engine/daybook.h"
#include "engine/device.h"
#include "engine/geography.h"
#include "engine/holder.h"
#include "engine/person.h"
#include "tests/unit/engine_fixture.h"

static engine open_all(void)
{
    return engine_of(fixture_spec("persons", "1500", "companies", "3000", "accounts", "4000",
                                  "transactions", "20000", NULL));
}

/* ---- days ------------------------------------------------------------------------------------ */

static void the_daybook_agrees_with_the_calendar(void **state)
{
    (void)state;
    engine all = open_all();
    const sb_daybook *book = sb_daybook_find(all.maker);
    const sb_spec_values *values = &all.world->values;
    assert_non_null(book);
    for (int32_t day = values->start_days - 60; day < values->end_days + 90; day++) {
        assert_true(sb_day_is_working(book, day) == sb_is_working_day(day));
        assert_true(sb_day_is_working(NULL, day) == sb_is_working_day(day));
        for (int dst = SB_DST_NONE; dst <= SB_DST_AU; dst++) {
            sb_clock clock = {-210, (sb_dst)dst};
            assert_int_equal(sb_day_offset(book, clock, day), sb_clock_offset(clock, day));
        }
    }
    engine_close(&all);
}

/* ---- contacts -------------------------------------------------------------------------------- */

static bool is_line(sb_text text, const sb_line *line)
{
    return text.byte_count == line->length && memcmp(text.bytes, line->bytes, line->length) == 0;
}

static void check_person(sb_maker *maker, uint64_t id)
{
    sb_contact spare;
    sb_contact *found = sb_contact_find(maker, &(sb_owner){false, id}, NULL, &spare);
    sb_person person;
    sb_line email, phone, passport, name, room;
    sb_person_make(maker, id, &person);
    sb_line_begin(&email);
    sb_line_begin(&phone);
    sb_line_begin(&passport);
    sb_line_begin(&name);
    sb_person_email(&person, maker->world, &email);
    sb_person_phone(maker, &person, &phone);
    (void)sb_person_passport(maker, &person, &passport);
    sb_person_name(maker, &person, &name);
    assert_true(found->person.id == id && found->person.birth == person.birth);
    assert_int_equal(found->locale, person.home_locale);
    assert_true(sb_contact_knows(found, sb_language_of(maker, person.culture)));
    for (int again = 0; again < 2; again++) {
        assert_true(is_line(sb_contact_email(maker, found, &room), &email));
        assert_true(is_line(sb_contact_phone(maker, found, &room), &phone));
        assert_true(is_line(sb_contact_passport(maker, found), &passport));
    }
    sb_line_begin(&room);
    sb_contact_name(maker, found, &room);
    assert_true(is_line((sb_text){room.bytes, room.length, 0}, &name));
}

static void check_company(sb_maker *maker, uint64_t id)
{
    sb_contact spare;
    sb_contact *found = sb_contact_find(maker, &(sb_owner){true, id}, NULL, &spare);
    sb_company company;
    sb_line email, phone, ip, room;
    sb_company_make(maker, id, &company);
    sb_line_begin(&email);
    sb_line_begin(&phone);
    sb_line_begin(&ip);
    sb_company_email(maker, &company, &email);
    sb_company_phone(maker, &company, &phone);
    sb_line_ip(&ip, sb_home_draw(maker->world, &(sb_owner){true, id}));
    assert_int_equal(found->locale, company.locale);
    for (int again = 0; again < 2; again++) {
        assert_true(is_line(sb_contact_email(maker, found, &room), &email));
        assert_true(is_line(sb_contact_phone(maker, found, &room), &phone));
        assert_true(is_line(sb_contact_ip(maker, found, &room), &ip));
    }
}

/* Some of them take each other's place. */
static void contacts_agree_with_people_and_companies(void **state)
{
    (void)state;
    engine all = open_all();
    for (uint64_t id = 0; id < 1500; id += 1 + id % 7) {
        check_person(all.maker, id);
        check_person(all.maker, 1499 - id);
        check_company(all.maker, id * 2);
    }
    engine_close(&all);
}

static void contacts_that_are_held_stay(void **state)
{
    (void)state;
    engine all = open_all();
    sb_contact spares[2];
    sb_contact *first = sb_contact_find(all.maker, &(sb_owner){false, 3}, NULL, &spares[0]);
    sb_contact *const held[2] = {first, NULL};
    for (uint64_t id = 4; id < 1500; id++) {
        sb_contact *other = sb_contact_find(all.maker, &(sb_owner){false, id}, held, &spares[1]);
        assert_true(other != first && other->person.id == id && first->person.id == 3);
    }
    engine_close(&all);
}

/* ---- holders --------------------------------------------------------------------------------- */

static void holders_agree_with_cores(void **state)
{
    (void)state;
    engine all = open_all();
    uint32_t limited = 0;
    for (uint64_t turn = 0; turn < 2 * all.world->ledger_cell_count; turn++) {
        uint64_t cell = turn % all.world->ledger_cell_count;
        const sb_layout *layout = sb_maker_layout(all.maker, cell);
        sb_home home = sb_maker_home(all.maker, cell);
        for (uint32_t role = 0; role < layout->account_count; role++) {
            sb_holder spare;
            const sb_holder *holder = sb_holder_find(all.maker, layout, role, &spare);
            sb_owner owner = sb_account_owner(layout, role);
            sb_core core;
            sb_core_make(all.maker, layout, &home, role, &core);
            assert_true(holder->account == layout->first_account + core.local);
            assert_true(holder->owner.company == owner.company && holder->owner.id == owner.id);
            assert_true(holder->open_ms == core.open_ms && holder->close_ms == core.close_ms);
            assert_true(holder->is_always_open ==
                        (core.open_ms == INT64_MIN && core.close_ms == INT64_MAX));
            limited += !holder->is_always_open;
        }
    }
    assert_true(limited > 0);
    engine_close(&all);
}

/* ---- listings -------------------------------------------------------------------------------- */

static uint64_t scan(sb_maker *maker, const sb_pool *pool, uint32_t exchange, uint64_t nth)
{
    for (uint64_t i = 0; i < pool->count; i++) {
        uint64_t id = pool->first + (nth + i) % pool->count;
        sb_company company;
        sb_company_make(maker, id, &company);
        if (company.is_public && sb_company_exchange(maker, &company) == exchange)
            return id + 1;
    }
    return 0;
}

static void listings_agree_with_companies(void **state)
{
    (void)state;
    engine all = open_all();
    sb_bourses *bourses = sb_bourses_find(all.maker);
    uint32_t found = 0;
    for (uint64_t first = 0; first + 90 <= 3000; first += 90) {
        sb_pool pool = {first, 90};
        for (uint32_t exchange = 0; exchange < bourses->count; exchange++)
            for (uint64_t nth = 0; nth < 90; nth += 29) {
                const sb_listing *one = sb_listing_find(all.maker, bourses, &pool, exchange, nth);
                uint64_t number = one != NULL ? one->company + 1 : 0;
                assert_true(number == scan(all.maker, &pool, exchange, nth));
                found += one != NULL;
            }
    }
    assert_true(found > 0);
    engine_close(&all);
}

/* ---- geography ------------------------------------------------------------------------------- */

static void reaches_are_where_kilometres_begin(void **state)
{
    static const int64_t kilometres[SB_REACH_COUNT] = {800, 2000, 3000, 4000, 5000};
    (void)state;
    engine all = open_all();
    for (int i = 0; i < SB_REACH_COUNT; i++) {
        int64_t square = all.maker->geography->reach[i];
        assert_true(sb_square_km(square) >= kilometres[i]);
        assert_true(sb_square_km(square - 1) < kilometres[i]);
    }
    int64_t last = 0; /* never fewer for a larger square: the reason why squares can be compared */
    for (int64_t square = 0; square < (int64_t)4 << 40; square += 1234567890) {
        assert_true(sb_square_km(square) >= last);
        last = sb_square_km(square);
    }
    engine_close(&all);
}

static void locales_of_a_country_are_all_found(void **state)
{
    (void)state;
    engine all = open_all();
    uint32_t locales = sb_tables_locale_count(all.world->tables);
    uint32_t countries = sb_find(all.maker, 0, SB_TABLE_COUNTRIES)->count;
    for (uint32_t country = 0; country < countries; country++)
        for (uint64_t nth = 0; nth < locales; nth++) {
            uint64_t draw = nth * (UINT64_MAX / locales) + 1000000;
            uint32_t expected = UINT32_MAX, locale = UINT32_MAX;
            uint32_t first = (uint32_t)sb_below(draw, locales);
            for (uint32_t i = 0; i < locales && expected == UINT32_MAX; i++)
                if (sb_locale_of(all.maker, (first + i) % locales)->country_index == country)
                    expected = (first + i) % locales;
            bool found = sb_locale_in(all.maker, country, draw, &locale);
            assert_true(found == (expected != UINT32_MAX));
            assert_true(!found || locale == expected);
        }
    engine_close(&all);
}

/* ---- persons --------------------------------------------------------------------------------- */

enum { ROWS = 1200, ROW_BYTES = 4096 };

static size_t put_person(sb_maker *maker, uint64_t id, uint8_t *out)
{
    sb_rows rows = {.at = out};
    sb_person_put(maker, &rows, id);
    assert_true((size_t)(rows.at - out) <= ROW_BYTES);
    return (size_t)(rows.at - out);
}

/* Rows one after the other, in jumps, and backwards: those in a row are made in blocks. The ids
 * lie around bounds between classes of unique numbers, and at both ends. */
static void persons_in_a_row_are_those_made_alone(void **state)
{
    static const uint64_t firsts[] = {0, 99000, 9999400, UINT64_C(1999998800)};
    uint8_t *in_order = malloc(SB_ROW_BYTES_MAX), *alone = malloc(SB_ROW_BYTES_MAX);
    engine one = engine_of(fixture_spec("persons", "2b", "companies", "400m", NULL));
    engine other = engine_of(fixture_spec("persons", "2b", "companies", "400m", NULL));
    (void)state;
    assert_true(in_order != NULL && alone != NULL);
    for (size_t f = 0; f < COUNT(firsts); f++)
        for (uint64_t i = 0; i < ROWS; i++) {
            uint64_t back = ROWS - 1 - i * 7 % ROWS; /* every row once, none after the one before */
            size_t bytes = put_person(one.maker, firsts[f] + i, in_order);
            assert_int_equal(put_person(other.maker, firsts[f] + i, alone), bytes);
            assert_memory_equal(in_order, alone, bytes);
            (void)put_person(other.maker, firsts[f] + back, alone);
        }
    free(in_order);
    free(alone);
    engine_close(&one);
    engine_close(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_daybook_agrees_with_the_calendar),
        cmocka_unit_test(persons_in_a_row_are_those_made_alone),
        cmocka_unit_test(contacts_agree_with_people_and_companies),
        cmocka_unit_test(contacts_that_are_held_stay),
        cmocka_unit_test(holders_agree_with_cores),
        cmocka_unit_test(listings_agree_with_companies),
        cmocka_unit_test(reaches_are_where_kilometres_begin),
        cmocka_unit_test(locales_of_a_country_are_all_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
