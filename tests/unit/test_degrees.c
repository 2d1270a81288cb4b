/* Degrees in a world of ten million accounts, none of whose rows are on a disk: an account's payers
 * are all known to the ledger of its cell, so a run of cells has the tails of the whole, and hubs
 * have payees of very many payers. */
#include "engine/ledger.h"

#include <math.h>

#include "engine/world.h"
#include "tests/unit/engine_fixture.h"

enum { ENOUGH_PAYERS = 10000, HUB_LINKS = 40, HUBS = 40, MOST_LOAD = 4, TAIL = 10 };

static engine open_world(void)
{
    engine all = engine_open("profile", "aml", "entities", "1020m", "seed", "11");
    assert_true(all.world->values.counts[SB_ACCOUNTS] >= 10000000);
    return all;
}

static bool is_hub(const sb_world *world, uint64_t cell)
{
    sb_link links[SB_LINKS_MAX];
    return sb_links_of(world, cell, links) >= HUB_LINKS;
}

static void make_ledger(const engine *all, uint64_t cell, sb_ledger *out)
{
    sb_error err = {0};
    sb_arena_reset(all->maker->arena);
    fixture_ok(sb_ledger_make(all->maker, cell, out, &err), &err);
}

/* ---- edges ------------------------------------------------------------------------------------
 */

/* One who pays or is paid, as a role of the cell, and the account at the other end. */
typedef struct edge {
    uint64_t other;
    uint32_t role;
} edge;

/* Sums over the accounts of a tail, for the maximum likelihood of its exponent. */
typedef struct tail {
    uint32_t most, count;
    double logs;
} tail;

static int compare_edges(const void *a, const void *b)
{
    const edge *x = a, *y = b;
    if (x->role != y->role)
        return x->role < y->role ? -1 : 1;
    return x->other < y->other ? -1 : x->other > y->other;
}

static void add_degree(tail *to, uint32_t degree)
{
    to->most = degree > to->most ? degree : to->most;
    if (degree < TAIL)
        return;
    to->count++;
    to->logs += log(degree / (TAIL - 0.5));
}

/* Adds how many different accounts pay each account of the cell (`into`), or are paid by it, in
 * rows of this cell and of others, whatever became of them. */
static void add_degrees(const engine *all, const sb_ledger *ledger, bool into, tail *to)
{
    edge *edges = malloc((ledger->flow_count + 1) * sizeof *edges);
    uint32_t count = 0, degree = 0;
    assert_non_null(edges);
    for (uint32_t i = 0; i < ledger->flow_count; i++) {
        const sb_flow *flow = &ledger->flows[i];
        uint16_t here = sb_flow_role(ledger, flow, !into);
        if (here != SB_OUTSIDE && (into ? flow->from : flow->to) != SB_OUTSIDE)
            edges[count++] = (edge){sb_flow_account(all->maker, ledger, flow, into), here};
    }
    qsort(edges, count, sizeof *edges, compare_edges);
    for (uint32_t i = 0; i < count; i++) {
        bool same_role = i > 0 && edges[i].role == edges[i - 1].role;
        if (!same_role && i > 0)
            add_degree(to, degree);
        degree = same_role ? degree + (edges[i].other != edges[i - 1].other) : 1;
    }
    add_degree(to, degree);
    free(edges);
}

/* ---- degrees ----------------------------------------------------------------------------------
 */

static void some_account_has_ten_thousand_payers(void **state)
{
    engine all = open_world();
    tail payers = {0};
    uint32_t hubs = 0;
    (void)state;
    for (uint64_t cell = 0; cell < all.world->ledger_cell_count && hubs < HUBS; cell++) {
        sb_ledger ledger;
        if (!is_hub(all.world, cell))
            continue;
        make_ledger(&all, cell, &ledger);
        add_degrees(&all, &ledger, true, &payers);
        hubs++;
    }
    engine_close(&all);
    print_message("the largest in-degree in %u hubs is %u\n", hubs, payers.most);
    assert_int_equal(hubs, HUBS);
    assert_true(payers.most >= ENOUGH_PAYERS);
}

/* LDBC FinBench's exponents, each within 0.2, in a run of cells with its hub. */
static void exponents_hold_in_a_large_world(void **state)
{
    engine all = open_world();
    tail payers = {0}, payees = {0};
    (void)state;
    for (uint64_t cell = SB_HUB_RUN; cell < 2 * SB_HUB_RUN; cell++) {
        sb_ledger ledger;
        make_ledger(&all, cell, &ledger);
        add_degrees(&all, &ledger, true, &payers);
        add_degrees(&all, &ledger, false, &payees);
    }
    engine_close(&all);
    double in = 1 + payers.count / payers.logs, out = 1 + payees.count / payees.logs;
    print_message("exponents: in %.3f of %u accounts, out %.3f of %u\n", in, payers.count, out,
                  payees.count);
    assert_true(payers.count > 5000 && payees.count > 5000);
    assert_true(fabs(in - 2.24) <= 0.2);
    assert_true(fabs(out - 1.72) <= 0.2);
}

/* ---- load -------------------------------------------------------------------------------------
 */

/* Rows a cell has to make: its own, and those of the links whose home is elsewhere. */
static uint64_t load_of(const sb_world *world, uint64_t cell, uint32_t *own)
{
    sb_link links[SB_LINKS_MAX];
    sb_layout layout;
    uint32_t count = sb_links_of(world, cell, links);
    sb_layout_make(world, cell, &layout);
    uint64_t load = *own = layout.transaction_count;
    for (uint32_t i = 0; i < count; i++)
        if (!links[i].home) {
            sb_layout_make(world, links[i].peer, &layout);
            load += layout.link_rows;
        }
    return load;
}

static void no_cell_handles_more_than_four_times_its_rows(void **state)
{
    engine all = open_world();
    uint32_t own = 0;
    (void)state;
    for (uint64_t cell = 0; cell < all.world->ledger_cell_count; cell++) {
        uint64_t load = load_of(all.world, cell, &own);
        if (load > (uint64_t)MOST_LOAD * own)
            fail_msg("cell %llu handles %llu rows and has %u", (unsigned long long)cell,
                     (unsigned long long)load, own);
    }
    engine_close(&all);
}

/* Nothing comes on top of what a cell's links say: in a hub, where they are most. */
static void the_load_is_what_the_ledger_makes(void **state)
{
    engine all = open_world();
    sb_ledger ledger;
    uint64_t cell = 0;
    uint32_t own = 0;
    (void)state;
    while (!is_hub(all.world, cell))
        cell++;
    make_ledger(&all, cell, &ledger);
    assert_true(ledger.flow_count <= load_of(all.world, cell, &own));
    assert_true(ledger.flow_count > 2 * own);
    engine_close(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(some_account_has_ten_thousand_payers),
        cmocka_unit_test(exponents_hold_in_a_large_world),
        cmocka_unit_test(no_cell_handles_more_than_four_times_its_rows),
        cmocka_unit_test(the_load_is_what_the_ledger_makes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
