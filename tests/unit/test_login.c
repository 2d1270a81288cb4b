/* Logins: runs of tries end inside or locked out, by who may open the account. */
#include "engine/login.h"

#include "engine/account.h"
#include "engine/company.h"
#include "engine/device.h"
#include "tests/unit/kind_rows.h"

static sb_cell_events make_events(engine *all, uint64_t cell)
{
    sb_error err = {0};
    sb_cell_events events;
    sb_arena_reset(all->maker->arena);
    fixture_ok(sb_cell_events_make(all->maker, SB_LOGINS, cell, sb_login_time, NULL, &events, &err),
               &err);
    return events;
}

static void make_row(sb_maker *maker, const sb_cell_events *of, uint32_t index, made_row *out)
{
    sb_rows rows = made_begin(out, SB_LOGINS);
    sb_login_put(maker, &rows, of, index);
    made_end(out, &rows);
}

static engine open_world(const char *logins)
{
    return engine_open("persons", "700", "companies", "120", "accounts", "1600", "transactions",
                       "9000", "devices", "1000", "logins", logins, "seed", "4");
}

/* ---- runs -------------------------------------------------------------------------------------
 */

/* Each index is of one run, and every row of a run says the same of it. */
static void runs_part_the_rows(void **state)
{
    engine all = open_world("20000");
    uint32_t by_length[SB_LOGIN_RUN_MAX + 1] = {0};
    (void)state;
    for (uint64_t cell = 0; cell < all.world->cell_count; cell++) {
        sb_cell_events of = make_events(&all, cell);
        for (uint32_t index = 0; index < of.count;) {
            sb_login_run run = sb_login_run_of(&of, index);
            assert_int_equal(run.first, index);
            assert_in_range(run.length, 1, SB_LOGIN_RUN_MAX);
            assert_true(run.first + run.length <= of.count);
            by_length[run.length]++;
            for (uint32_t i = 0; i < run.length; i++) {
                sb_login_run same = sb_login_run_of(&of, index + i);
                assert_int_equal(same.first, run.first);
                assert_int_equal(same.position, i);
                assert_int_equal(same.length, run.length);
            }
            index += run.length;
        }
    }
    uint32_t failures = by_length[2] + 2 * by_length[3] + 4 * by_length[4];
    assert_in_range(failures, 1000, 1400); /* six in a hundred */
    engine_close(&all);
}

/* From one row to several blocks: whatever the last run has room for. */
static void last_runs_are_cut_short(void **state)
{
    (void)state;
    for (uint32_t count = 1; count <= 40; count++) {
        char text[8];
        (void)snprintf(text, sizeof text, "%u", count);
        engine all = engine_open("persons", "20", "accounts", "30", "logins", text);
        sb_cell_events of = make_events(&all, 0);
        assert_int_equal(of.count, count);
        sb_login_run run = sb_login_run_of(&of, count - 1);
        assert_int_equal(run.first + run.length, count);
        for (uint32_t i = 0; i < count; i++)
            assert_true(of.times[i] >= all.world->start_ms && of.times[i] < all.world->end_ms);
        engine_close(&all);
    }
}

static void check_try(const sb_cell_events *of, const sb_login_run *run, const made_row *row)
{
    bool last = run->position + 1 == run->length;
    bool locked = run->position + 1 == SB_LOGIN_RUN_MAX;
    assert_true(made_is(row, "outcome", "locked") == locked);
    assert_true(made_is(row, "outcome", "success") == (last && !locked));
    assert_true(made_has(row, "session_seconds") == (last && !locked));
    if (made_is(row, "outcome", "wrong_password"))
        assert_string_equal(made_text(row, "method"), "password");
    if (made_is(row, "outcome", "wrong_code"))
        assert_string_equal(made_text(row, "method"), "one_time_code");
    if (run->position > 0) {
        int64_t gap =
            of->times[run->first + run->position] - of->times[run->first + run->position - 1];
        assert_in_range(gap, 1, 90000);
    }
}

/* All tries of a run are of one person at one place, seconds apart. */
static void tries_of_a_run_belong_together(void **state)
{
    static const char *const same[] = {"account_id", "person_id", "device_id", "ip",
                                       "country",    "channel",   "method"};
    engine all = open_world("9000");
    sb_cell_events of = make_events(&all, 0);
    made_row first;
    (void)state;
    for (uint32_t index = 0; index < of.count; index++) {
        sb_login_run run = sb_login_run_of(&of, index);
        made_row row;
        make_row(all.maker, &of, index, &row);
        check_try(&of, &run, &row);
        if (run.position == 0)
            first = row;
        for (size_t i = 0; i < COUNT(same); i++)
            assert_string_equal(made_text(&row, same[i]), made_text(&first, same[i]));
    }
    engine_close(&all);
}

/* ---- whose account ----------------------------------------------------------------------------
 */

/* The role of an account of the cell, and its core. */
static uint32_t role_of(engine *all, const sb_layout *layout, uint64_t account, sb_core *core)
{
    sb_home home = sb_maker_home(all->maker, layout->cell);
    uint32_t role = (uint32_t)sb_permute(&layout->role, account - layout->first_account);
    assert_in_range(account - layout->first_account, 0, layout->account_count - 1);
    sb_core_make(all->maker, layout, &home, role, core);
    return role;
}

static void check_person(engine *all, const sb_owner *owner, const made_row *row)
{
    int64_t person = 0;
    bool has = made_find(row, "person_id", &person);
    if (!owner->company) {
        assert_true(has);
        assert_true((uint64_t)person == owner->id);
        return;
    }
    sb_company company;
    sb_officer officers[SB_OFFICERS_MAX];
    sb_company_make(all->maker, owner->id, &company);
    uint32_t count = sb_company_officers(all->maker, &company, officers);
    bool known = !has;
    for (uint32_t i = 0; i < count; i++)
        known = known || (officers[i].person == (uint64_t)person &&
                          officers[i].since <= made_int(row, "executed_at") / SB_MS_A_DAY);
    assert_true(known);
}

static void check_device(engine *all, const made_row *row)
{
    int64_t id = 0;
    sb_device device;
    if (!made_find(row, "device_id", &id)) {
        assert_string_equal(made_text(row, "method"), "one_time_code");
        return;
    }
    sb_device_make(all->maker, (uint64_t)id, &device);
    assert_true((int64_t)device.owner == made_int(row, "person_id"));
    assert_true(sb_device_registered(all->world, &device) <=
                made_int(row, "executed_at") / SB_MS_A_DAY);
    if (made_is(row, "channel", "app"))
        assert_true(sb_device_is_mobile(&device));
    if (!device.is_trusted)
        assert_string_equal(made_text(row, "method"), "one_time_code");
}

static void check_world(engine *all)
{
    uint64_t cells = all->world->cell_count;
    for (uint64_t cell = 0; cell < cells; cell++) {
        sb_cell_events of = make_events(all, cell);
        sb_layout layout;
        sb_layout_make(all->world, sb_muldiv(cell, all->world->ledger_cell_count, cells), &layout);
        for (uint32_t index = 0; index < of.count; index++) {
            made_row row;
            sb_core core;
            make_row(all->maker, &of, index, &row);
            int64_t time = made_int(&row, "executed_at");
            uint32_t role = role_of(all, &layout, (uint64_t)made_int(&row, "account_id"), &core);
            sb_owner owner = sb_account_owner(&layout, role);
            assert_true(core.open_ms < time && time < core.close_ms);
            check_person(all, &owner, &row);
            check_device(all, &row);
            assert_in_range(made_int(&row, "risk_score"), 0, 10000);
        }
    }
    engine_close(all);
}

static void accounts_are_open_and_owned(void **state)
{
    engine ordinary = open_world("8000");
    engine many_cells = engine_open("persons", "40", "companies", "30000", "accounts", "60",
                                    "logins", "2000", "devices", "10");
    engine firms =
        engine_open("persons", "0", "companies", "90", "accounts", "300", "logins", "500");
    engine one = engine_open("persons", "1", "companies", "0", "accounts", "1", "logins", "300",
                             "devices", "1", "start", "2025-01-01", "end", "2025-01-02");
    (void)state;
    check_world(&ordinary);
    check_world(&many_cells);
    check_world(&firms);
    check_world(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_part_the_rows),
        cmocka_unit_test(last_runs_are_cut_short),
        cmocka_unit_test(tries_of_a_run_belong_together),
        cmocka_unit_test(accounts_are_open_and_owned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
