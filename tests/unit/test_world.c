/* The world: who owns which row, and who is linked to whom, by arithmetic alone. */
#include "engine/world.h"

#include "tests/unit/engine_fixture.h"

typedef struct plan {
    sb_spec *spec;
    sb_world *world;
} plan;

/* Takes the spec over. Without a maker: of worlds too large to be made. */
static plan plan_of(sb_spec *spec)
{
    sb_error err = {0};
    plan all = {.spec = spec};
    fixture_ok(sb_spec_seal(all.spec, &err), &err);
    fixture_ok(sb_world_open(all.spec, &all.world, &err), &err);
    return all;
}

#define plan_open(...) plan_of(fixture_spec(__VA_ARGS__, NULL))

static void plan_close(plan *all)
{
    sb_world_close(all->world);
    sb_spec_close(all->spec);
}

/* ---- shares -----------------------------------------------------------------------------------
 */

static void check_shares(uint64_t rows, uint64_t cells, uint64_t *random)
{
    assert_int_equal(sb_share_begin(0, rows, cells), 0);
    assert_true(sb_share_begin(cells, rows, cells) == rows);
    assert_true(sb_share_begin(cells + 9, rows, cells) == rows);
    for (int n = 0; n < 100; n++) {
        uint64_t row = n == 0 ? 0 : n == 1 ? rows - 1 : fixture_below(random, rows);
        uint64_t cell = sb_share_of(row, rows, cells);
        assert_true(cell < cells);
        assert_true(sb_share_begin(cell, rows, cells) <= row);
        assert_true(row < sb_share_begin(cell + 1, rows, cells));
        uint64_t other = fixture_below(random, cells);
        assert_true(sb_share_begin(other, rows, cells) ==
                    (uint64_t)((sb_u128)other * rows / cells));
    }
}

static void shares_are_exact_up_to_the_limit(void **state)
{
    static const uint64_t edges[] = {1,
                                     2,
                                     3,
                                     1023,
                                     1024,
                                     (UINT64_C(1) << 40) - 1,
                                     UINT64_C(1) << 40,
                                     (UINT64_C(1) << 40) + 1,
                                     999999999999u,
                                     SB_ROWS_MAX};
    uint64_t random = 10;
    (void)state;
    for (size_t i = 0; i < COUNT(edges); i++)
        for (size_t k = 0; k < COUNT(edges); k++)
            check_shares(edges[i], edges[k], &random);
    for (int n = 0; n < 500; n++)
        check_shares(1 + fixture_magnitude(&random, SB_ROWS_MAX - 1),
                     1 + fixture_magnitude(&random, UINT64_C(4000000000)), &random);
}

static void everybody_has_a_pool(void **state)
{
    uint64_t random = 11;
    (void)state;
    for (int n = 0; n < 2000; n++) {
        uint64_t rows = 1 + fixture_magnitude(&random, SB_ROWS_MAX - 1);
        uint64_t cells = 1 + fixture_magnitude(&random, UINT64_C(4000000000));
        uint64_t cell = n % 3 == 0 ? cells - 1 : fixture_below(&random, cells);
        sb_pool pool = sb_pool_of(cell, rows, cells);
        assert_true(pool.count > 0);
        assert_true(pool.first + pool.count <= rows);
    }
    assert_int_equal(sb_pool_of(3, 0, 5).count, 0);
}

/* ---- rows of cells ----------------------------------------------------------------------------
 */

static const sb_kind row_kinds[] = {SB_PERSONS, SB_COMPANIES, SB_ACCOUNTS, SB_TRANSACTIONS,
                                    SB_COMMUNICATIONS};

static void check_cell(const sb_world *world, sb_kind kind, uint64_t cell)
{
    static const uint64_t quotas[SB_KIND_COUNT] = {[SB_PERSONS] = SB_CELL_PERSONS,
                                                   [SB_COMPANIES] = SB_CELL_COMPANIES,
                                                   [SB_ACCOUNTS] = SB_CELL_ACCOUNTS,
                                                   [SB_TRANSACTIONS] = SB_CELL_TRANSACTIONS,
                                                   [SB_COMMUNICATIONS] = SB_CELL_COMMUNICATIONS};
    uint64_t begin = sb_world_first_row(world, kind, cell);
    uint64_t end = sb_world_first_row(world, kind, cell + 1);
    assert_true(begin <= end);
    assert_true(end - begin <= quotas[kind]);
    if (begin == end)
        return;
    assert_true(sb_world_cell_of(world, kind, begin) == cell);
    assert_true(sb_world_cell_of(world, kind, end - 1) == cell);
}

static void check_groups(const sb_world *world, sb_kind kind)
{
    uint64_t groups = world->group_count, sum = 0;
    assert_int_equal(sb_world_group_row(world, kind, 0), 0);
    assert_true(sb_world_group_row(world, kind, groups) == world->values.counts[kind]);
    for (uint64_t group = 0; group < groups && group < 3000; group++) {
        uint64_t begin = sb_world_group_row(world, kind, group);
        uint64_t end = sb_world_group_row(world, kind, group + 1);
        assert_true(begin <= end);
        sum += end - begin;
    }
    if (groups <= 3000)
        assert_true(sum == world->values.counts[kind]);
}

static void check_kind(const sb_world *world, sb_kind kind, uint64_t *random)
{
    uint64_t cells = sb_world_cells(world, kind), rows = world->values.counts[kind];
    assert_true(cells >= 1 && cells <= world->cell_count);
    assert_int_equal(sb_world_first_row(world, kind, 0), 0);
    assert_true(sb_world_first_row(world, kind, cells) == rows);
    assert_true(sb_world_first_row(world, kind, cells + 100) == rows);
    for (uint64_t n = 0; n < 300 && n < cells; n++) {
        check_cell(world, kind, n);
        check_cell(world, kind, cells - 1 - n);
        check_cell(world, kind, fixture_below(random, cells));
    }
    for (int n = 0; n < 100 && rows > 0; n++) {
        uint64_t row = fixture_below(random, rows), cell = sb_world_cell_of(world, kind, row);
        assert_true(cell < cells);
        assert_true(sb_world_first_row(world, kind, cell) <= row);
        assert_true(row < sb_world_first_row(world, kind, cell + 1));
    }
    check_groups(world, kind);
}

/* Ids have room for what comes on top, lead back to their cell, and do not reach the next one's. */
static void check_layout(const sb_world *world, uint64_t cell)
{
    sb_layout layout;
    sb_layout_make(world, cell, &layout);
    uint32_t roles = layout.company_accounts + layout.current_accounts + layout.card_accounts +
                     layout.second_accounts + layout.savings_accounts + layout.investment_accounts;
    assert_true(roles <= layout.account_count);
    assert_true(sb_layout_spend_end(&layout) <= layout.account_count);
    assert_true(layout.derived_count == layout.opened_inside + layout.closed_inside);
    assert_true(layout.derived_count <= layout.transaction_count);
    /* At least seven in ten accounts are open all through. */
    assert_true((layout.derived_count + layout.closed_before + layout.frozen) * 10 <=
                3 * layout.account_count);
    if (layout.account_count > 0)
        assert_true(layout.persons.count + layout.companies.count > 0);
    uint64_t room = (uint64_t)1 << world->id_bits[SB_TRANSACTIONS];
    uint64_t last = sb_inside_index(&layout, layout.transaction_count - layout.derived_count);
    assert_true(last <= room);
    assert_true(layout.transaction_count <= room / 2);
    for (uint32_t index = 0; index < last; index += 1 + index / 2) {
        uint64_t id = sb_transaction_id(world, &layout, index);
        assert_true(sb_world_cell_of_id(world, SB_TRANSACTIONS, id) == cell);
        assert_true(sb_permute_inverse(&layout.ids, id & (room - 1)) == index);
        assert_true(id < (uint64_t)1 << 60); /* references are permuted on that many bits */
    }
}

/* A cell uses at most half of the indices that its ids have room for, but needs the bits. */
static void check_room(const sb_world *world, sb_kind kind, uint64_t *random)
{
    uint64_t cell = fixture_below(random, world->cell_count);
    uint64_t rows =
        sb_world_first_row(world, kind, cell + 1) - sb_world_first_row(world, kind, cell);
    uint64_t most = world->values.counts[kind] / world->cell_count + 1;
    assert_true(rows <= ((uint64_t)1 << world->id_bits[kind]) / 2);
    assert_true(world->id_bits[kind] <= 1 || (uint64_t)1 << (world->id_bits[kind] - 1) < 2 * most);
}

/* Accounts numbered within their locale: each number leads back. */
static void check_local_indices(const sb_world *world, uint64_t *random)
{
    uint64_t count = world->values.counts[SB_ACCOUNTS];
    for (int n = 0; n < 20 && count > 0; n++) {
        uint64_t account = n == 0 ? count - 1 : fixture_below(random, count);
        uint64_t cell = sb_world_cell_of(world, SB_ACCOUNTS, account);
        uint32_t locale = world->locale_pattern[cell % SB_LOCALE_PATTERN];
        uint64_t index = sb_world_local_index(world, account);
        assert_true(sb_world_local_account(world, locale, index) == account);
    }
}

/* The pattern of locales has each of them, and those first that weigh most. */
static void every_locale_has_a_slot(void **state)
{
    (void)state;
    plan all = plan_open("persons", "1");
    const sb_world *world = all.world;
    uint32_t count = sb_tables_locale_count(world->tables), seen[SB_LOCALES_MAX] = {0};
    assert_true(count > 1 && count <= SB_LOCALE_PATTERN);
    for (uint32_t slot = 0; slot < SB_LOCALE_PATTERN; slot++) {
        uint32_t locale = world->locale_pattern[slot];
        assert_true(locale < count);
        assert_true(slot >= count || seen[locale] == 0); /* once each, before any comes again */
        assert_int_equal(world->pattern_rank[slot], seen[locale]);
        seen[locale]++;
    }
    for (uint32_t locale = 0; locale < count; locale++) {
        assert_true(seen[locale] > 0);
        assert_int_equal(world->pattern_slots[locale], seen[locale]);
    }
    plan_close(&all);
}

static void check_world(const sb_world *world, uint64_t *random)
{
    assert_true(world->ledger_cell_count <= world->cell_count);
    assert_true(world->group_count == (world->cell_count + 7) / 8);
    for (size_t i = 0; i < COUNT(row_kinds); i++)
        check_kind(world, row_kinds[i], random);
    for (int n = 0; n < 8; n++)
        check_layout(world, n == 0 ? 0 : fixture_below(random, world->ledger_cell_count));
    check_layout(world, world->ledger_cell_count - 1);
    uint64_t beyond = world->ledger_cell_count << world->id_bits[SB_TRANSACTIONS];
    assert_true(sb_world_cell_of_id(world, SB_TRANSACTIONS, beyond) == world->ledger_cell_count);
    assert_true(sb_world_cell_of_id(world, SB_TRANSACTIONS, UINT64_MAX) ==
                world->ledger_cell_count);
    static const sb_kind events[] = {SB_COMMUNICATIONS, SB_LOGINS, SB_TRADES, SB_TRIPS,
                                     SB_DOCUMENTS};
    for (size_t i = 0; i < COUNT(events); i++) {
        assert_true(sb_kind_is_event(events[i]));
        beyond = world->cell_count << world->id_bits[events[i]];
        assert_true(sb_world_cell_of_id(world, events[i], beyond) == world->cell_count);
        assert_true(sb_world_cell_of_id(world, events[i], beyond - 1) == world->cell_count - 1);
        check_room(world, events[i], random);
    }
    check_local_indices(world, random);
}

/* Everything between nothing and 10^12, in any mixture that holds together. */
static sb_spec *random_spec(uint64_t *random)
{
    uint64_t persons = fixture_magnitude(random, SB_ROWS_MAX);
    uint64_t companies = fixture_magnitude(random, SB_ROWS_MAX);
    uint64_t accounts = fixture_magnitude(random, SB_ACCOUNTS_MAX);
    uint64_t most = accounts < SB_ROWS_MAX / 20000 ? accounts * 20000 : SB_ROWS_MAX;
    sb_spec *spec = fixture_spec(NULL);
    if (persons + companies == 0)
        persons = 1;
    fixture_number(spec, "persons", persons);
    fixture_number(spec, "companies", companies);
    fixture_number(spec, "accounts", accounts);
    fixture_number(spec, "transactions", accounts < 2 ? 0 : fixture_magnitude(random, most));
    fixture_number(spec, "communications", fixture_magnitude(random, SB_ROWS_MAX));
    return spec;
}

static void rows_of_random_worlds_are_covered_once(void **state)
{
    uint64_t random = 12;
    (void)state;
    for (int n = 0; n < 200; n++) {
        plan all = plan_of(random_spec(&random));
        check_world(all.world, &random);
        plan_close(&all);
    }
}

static void rows_at_the_limits_are_covered_once(void **state)
{
    uint64_t random = 13;
    plan all[] = {
        plan_open("persons", "1"),
        plan_open("communications", "1", "companies", "1"),
        plan_open("persons", "512", "companies", "102", "accounts", "1024", "transactions", "65536",
                  "communications", "8192"),
        plan_open("persons", "513"),
        plan_open("companies", "103"),
        plan_open("persons", "1", "accounts", "1025"),
        plan_open("persons", "1", "accounts", "4", "transactions", "65537"),
        plan_open("persons", "1", "communications", "8193"),
        plan_open("persons", "1t", "companies", "1t", "accounts", "10b", "transactions", "1t",
                  "communications", "1t"),
        plan_open("persons", "1t", "accounts", "2", "transactions", "40000"),
        plan_open("companies", "1", "accounts", "10b", "transactions", "1t"),
        plan_open("companies", "1", "accounts", "50m", "transactions", "1t"),
    };
    (void)state;
    for (size_t i = 0; i < COUNT(all); i++) {
        check_world(all[i].world, &random);
        plan_close(&all[i]);
    }
}

static uint64_t cells_of(const char *kind, const char *count)
{
    plan all = plan_open(kind, count, "persons", "1");
    uint64_t cells = all.world->cell_count;
    plan_close(&all);
    return cells;
}

/* One cell up to the quota, two beyond it. */
static void quotas_decide_how_many_cells(void **state)
{
    (void)state;
    assert_int_equal(cells_of("companies", "102"), 1);
    assert_int_equal(cells_of("companies", "103"), 2);
    assert_int_equal(cells_of("accounts", "1024"), 1);
    assert_int_equal(cells_of("accounts", "1025"), 2);
    assert_int_equal(cells_of("communications", "8192"), 1);
    assert_int_equal(cells_of("communications", "8193"), 2);
    assert_int_equal(cells_of("companies", "0"), 1);
}

/* Each kind of account has owners: companies' accounts where there are companies, and so on. */
static void roles_have_owners(void **state)
{
    uint64_t random = 14;
    (void)state;
    for (int n = 0; n < 300; n++) {
        plan all = plan_of(random_spec(&random));
        sb_layout layout;
        sb_layout_make(all.world, fixture_below(&random, all.world->ledger_cell_count), &layout);
        if (layout.companies.count == 0)
            assert_int_equal(layout.company_accounts, 0);
        if (layout.persons.count == 0)
            assert_int_equal(layout.company_accounts, layout.account_count);
        if (layout.persons.count > 0 && layout.companies.count > 0 && layout.account_count > 1)
            assert_in_range(layout.company_accounts, 1, layout.account_count - 1);
        plan_close(&all);
    }
}

/* ---- homes ------------------------------------------------------------------------------------
 */

static void homes_are_cities_of_the_locales(void **state)
{
    (void)state;
    engine all = engine_open("persons", "60000");
    uint32_t locales = sb_tables_locale_count(all.world->tables);
    uint32_t of[SB_LOCALES_MAX] = {0};
    for (uint64_t cell = 0; cell < all.world->cell_count; cell++) {
        sb_home home = sb_home_of(all.world, all.maker->cache, cell);
        assert_true(home.locale < locales);
        assert_true(home.city <
                    sb_tables_row_count(all.world->tables, home.locale, SB_TABLE_CITIES));
        sb_home kept = sb_maker_home(all.maker, cell);
        assert_true(kept.locale == home.locale && kept.city == home.city);
        of[home.locale]++;
        if (cell + 1 == locales) /* a small dataset spans them all */
            for (uint32_t i = 0; i < locales; i++)
                assert_int_equal(of[i], 1);
    }
    for (uint32_t i = 0; i < locales; i++)
        assert_true(of[i] > 0);
    engine_close(&all);
}

/* ---- links ------------------------------------------------------------------------------------
 */

enum { ALL_CELLS_MAX = 5000 };

static plan plan_of_cells(uint64_t cells)
{
    sb_spec *spec = fixture_spec("persons", "1", NULL);
    fixture_number(spec, "accounts", cells * SB_CELL_ACCOUNTS);
    fixture_number(spec, "transactions", cells * 20000);
    fixture_number(spec, "seed", cells);
    plan all = plan_of(spec);
    assert_true(all.world->ledger_cell_count == cells);
    return all;
}

static const sb_link *find_link(const sb_link *links, uint32_t count, uint64_t peer)
{
    for (uint32_t i = 0; i < count; i++)
        if (links[i].peer == peer)
            return &links[i];
    return NULL;
}

/* No link to itself, none twice, no slot used twice at home (its rows would have the same ids), and
 * each seen from the other end in the same slot, with the home there where it is not here. */
static uint32_t check_links(const sb_world *world, uint64_t cell, sb_link links[SB_LINKS_MAX])
{
    uint32_t count = sb_links_of(world, cell, links), slots = 0;
    assert_true(count <= SB_LINKS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        sb_link others[SB_LINKS_MAX];
        assert_true(links[i].peer < world->ledger_cell_count);
        assert_true(links[i].peer != cell);
        assert_true(links[i].slot < SB_LINK_SLOTS);
        assert_ptr_equal(find_link(links, count, links[i].peer), &links[i]);
        if (links[i].home) {
            assert_int_equal(slots >> links[i].slot & 1, 0);
            slots |= 1u << links[i].slot;
        }
        const sb_link *back = find_link(others, sb_links_of(world, links[i].peer, others), cell);
        assert_non_null(back);
        assert_int_equal(back->slot, links[i].slot);
        assert_true(back->home == !links[i].home);
    }
    return count;
}

static uint32_t root_of(uint32_t *parents, uint32_t cell)
{
    while (parents[cell] != cell)
        cell = parents[cell] = parents[parents[cell]];
    return cell;
}

/* All cells: links as above, one connected graph, and nobody handles more than four times its own
 * rows. */
static void check_graph(uint64_t cells)
{
    static uint32_t parents[ALL_CELLS_MAX], link_rows[ALL_CELLS_MAX];
    plan all = plan_of_cells(cells);
    uint32_t parts = (uint32_t)cells;
    for (uint32_t cell = 0; cell < cells; cell++) {
        sb_layout layout;
        sb_layout_make(all.world, cell, &layout);
        link_rows[cell] = layout.link_rows;
        parents[cell] = cell;
    }
    for (uint32_t cell = 0; cell < cells; cell++) {
        sb_link links[SB_LINKS_MAX];
        uint32_t count = check_links(all.world, cell, links);
        uint64_t own = 20000, handled = own;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t a = root_of(parents, cell), b = root_of(parents, (uint32_t)links[i].peer);
            parts -= a != b;
            parents[a] = b;
            handled += links[i].home ? 0 : link_rows[links[i].peer];
        }
        if (handled > 4 * own)
            fail_msg("cell %u of %llu handles %llu rows", cell, (unsigned long long)cells,
                     (unsigned long long)handled);
    }
    assert_int_equal(parts, 1);
    plan_close(&all);
}

static void few_cells_are_linked(void **state)
{
    (void)state;
    for (uint64_t cells = 1; cells <= 60; cells++)
        check_graph(cells);
}

static void cells_around_a_run_of_hubs_are_linked(void **state)
{
    static const uint64_t counts[] = {95,   96,   97,   102,  144,  145,  500,  2303, 2304,
                                      2305, 2306, 2310, 2316, 2352, 2353, 4608, 4609, 5000};
    (void)state;
    for (size_t i = 0; i < COUNT(counts); i++)
        check_graph(counts[i]);
}

static void one_cell_has_no_links(void **state)
{
    sb_link links[SB_LINKS_MAX];
    (void)state;
    plan all = plan_of_cells(1);
    assert_int_equal(sb_links_of(all.world, 0, links), 0);
    plan_close(&all);
}

static void two_cells_have_one_link(void **state)
{
    sb_link links[SB_LINKS_MAX];
    (void)state;
    plan all = plan_of_cells(2);
    assert_int_equal(sb_links_of(all.world, 0, links), 1);
    assert_int_equal(sb_links_of(all.world, 1, links), 1);
    plan_close(&all);
}

static void many_cells_are_linked_the_same(void **state)
{
    uint64_t random = 15;
    sb_link links[SB_LINKS_MAX];
    uint32_t most = 0;
    (void)state;
    plan small = plan_of_cells(100000);
    for (int n = 0; n < 2000; n++) {
        uint32_t count = check_links(small.world, fixture_below(&random, 100000), links);
        most = count > most ? count : most;
        assert_true(count >= 5);
    }
    assert_true(most > 48); /* hubs are among them */
    plan_close(&small);
    plan large = plan_open("persons", "1", "accounts", "10b", "transactions", "1t");
    for (int n = 0; n < 500; n++)
        check_links(large.world, fixture_below(&random, large.world->ledger_cell_count), links);
    for (uint64_t n = 1; n <= 100; n++)
        check_links(large.world, large.world->ledger_cell_count - n, links);
    plan_close(&large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_exact_up_to_the_limit),
        cmocka_unit_test(everybody_has_a_pool),
        cmocka_unit_test(every_locale_has_a_slot),
        cmocka_unit_test(rows_of_random_worlds_are_covered_once),
        cmocka_unit_test(rows_at_the_limits_are_covered_once),
        cmocka_unit_test(quotas_decide_how_many_cells),
        cmocka_unit_test(roles_have_owners),
        cmocka_unit_test(homes_are_cities_of_the_locales),
        cmocka_unit_test(few_cells_are_linked),
        cmocka_unit_test(cells_around_a_run_of_hubs_are_linked),
        cmocka_unit_test(one_cell_has_no_links),
        cmocka_unit_test(two_cells_have_one_link),
        cmocka_unit_test(many_cells_are_linked_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
