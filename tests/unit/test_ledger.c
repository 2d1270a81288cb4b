/* Ledgers: every cell's, put together, are one set of books that closes to the cent. */
#include "engine/ledger.h"

#include "engine/entry.h"
#include "engine/rates.h"
#include "tests/unit/engine_fixture.h"

#define NOBODY UINT64_MAX /* an end outside the dataset */

/* A flow as a cell saw it, with nothing in it that is that cell's own. */
typedef struct seen {
    uint64_t id, from, to;
    int64_t time, amount, to_amount;
    uint32_t fee;
    uint16_t from_currency, to_currency;
    uint8_t status, purpose;
    bool is_own;
} seen;

/* All of a dataset: what each cell saw, and what its accounts gained. */
typedef struct books {
    engine all;
    seen *list;
    size_t count, room;
    uint64_t own, both_inside, account_count;
    uint64_t frozen;     /* with a balance */
    int64_t gained[256]; /* closing - opening, by currency */
} books;

/* ---- one cell ---------------------------------------------------------------------------------
 */

static void add_seen(books *of, const sb_ledger *ledger, const sb_flow *flow)
{
    sb_maker *maker = of->all.maker;
    const sb_stream *stream = &ledger->streams[flow->stream];
    seen one = {.id = sb_flow_id(of->all.world, ledger, flow),
                .from = NOBODY,
                .to = NOBODY,
                .time = flow->time,
                .amount = flow->amount,
                .to_amount = flow->to_amount,
                .fee = flow->fee,
                .status = flow->status,
                .purpose = flow->purpose,
                .is_own = sb_flow_is_own(ledger, flow)};
    if (flow->from != SB_OUTSIDE) {
        one.from = sb_flow_account(maker, ledger, flow, true);
        one.from_currency =
            sb_side_core(maker, flow->from_peer ? stream->peer : stream->home, flow->from)
                ->currency;
    }
    if (flow->to != SB_OUTSIDE) {
        one.to = sb_flow_account(maker, ledger, flow, false);
        one.to_currency =
            sb_side_core(maker, flow->to_peer ? stream->peer : stream->home, flow->to)->currency;
    }
    if (of->count == of->room) {
        of->room = of->room * 2 + 1024;
        of->list = realloc(of->list, of->room * sizeof *of->list);
        assert_non_null(of->list);
    }
    of->list[of->count++] = one;
}

/* A flow by itself: inside the period, between two open accounts, with amounts that agree. */
static void check_flow(books *of, const sb_ledger *ledger, const sb_flow *flow)
{
    const sb_world *world = of->all.world;
    const seen *one = &of->list[of->count - 1];
    const sb_stream *stream = &ledger->streams[flow->stream];
    bool derived = flow->purpose == SB_FOR_OPENING || flow->purpose == SB_FOR_PAYOUT;
    assert_true(flow->time >= world->start_ms && flow->time < world->end_ms);
    assert_true(one->from != NOBODY || one->to != NOBODY);
    assert_true(one->from != one->to);
    for (int end = 0; end < 2; end++) {
        uint16_t role = end == 0 ? flow->from : flow->to;
        bool on_peer = end == 0 ? flow->from_peer : flow->to_peer;
        if (role == SB_OUTSIDE)
            continue;
        const sb_core *core =
            sb_side_core(of->all.maker, on_peer ? stream->peer : stream->home, role);
        assert_true(flow->time >= core->open_ms + !derived &&
                    flow->time <= core->close_ms - !derived);
    }
    assert_true(flow->amount > 0 && flow->to_amount > 0);
    if (one->from == NOBODY || flow->status != SB_TX_STATUS_COMPLETED)
        assert_int_equal(flow->fee, 0);
    if (one->from == NOBODY || one->to == NOBODY || one->from_currency == one->to_currency) {
        assert_true(flow->amount == flow->to_amount);
    } else {
        int64_t rate = sb_rate(of->all.maker, one->from_currency, one->to_currency,
                               (int32_t)(flow->time / SB_MS_A_DAY));
        assert_true(flow->to_amount == sb_convert(flow->amount, rate));
    }
}

/* Walks the flows in order, and holds every account to what the ledger says of it. */
static void check_replay(books *of, const sb_ledger *ledger)
{
    uint32_t n = ledger->side->layout.account_count;
    int64_t *now = calloc(n + 1, sizeof *now), *low = calloc(n + 1, sizeof *low);
    sb_balances *sums = calloc(n + 1, sizeof *sums);
    __int128 *area = calloc(n + 1, sizeof *area); /* what moved, times the seconds it counted for */
    const sb_world *world = of->all.world;
    assert_true(now != NULL && low != NULL && sums != NULL && area != NULL);
    for (uint32_t role = 0; role < n; role++)
        now[role] = low[role] = ledger->balances[role].opening;
    for (uint32_t i = 0; i < ledger->flow_count; i++) {
        const sb_flow *flow = &ledger->flows[ledger->order[i]];
        uint16_t from = sb_flow_role(ledger, flow, true), to = sb_flow_role(ledger, flow, false);
        if (flow->status != SB_TX_STATUS_COMPLETED)
            continue;
        int64_t seconds = (world->end_ms - flow->time) / 1000;
        if (from != SB_OUTSIDE) {
            now[from] -= flow->amount + flow->fee;
            area[from] -= (__int128)(flow->amount + flow->fee) * seconds;
            sums[from].debit_total += flow->amount + flow->fee;
            sums[from].transaction_count++;
            low[from] = now[from] < low[from] ? now[from] : low[from];
        }
        if (to != SB_OUTSIDE) {
            now[to] += flow->to_amount;
            area[to] += (__int128)flow->to_amount * seconds;
            sums[to].credit_total += flow->to_amount;
            sums[to].transaction_count++;
        }
    }
    for (uint32_t role = 0; role < n; role++) {
        const sb_balances *told = &ledger->balances[role];
        const sb_core *core = sb_side_core(of->all.maker, ledger->side, role);
        assert_true(told->opening + told->credit_total - told->debit_total == told->closing);
        assert_true(told->closing == now[role]);
        assert_true(told->credit_total == sums[role].credit_total);
        assert_true(told->debit_total == sums[role].debit_total);
        assert_true(told->transaction_count == sums[role].transaction_count);
        assert_true(told->lowest == low[role]);
        assert_true(told->lowest >= -core->limit);
        assert_true(core->limit >= 0);
        assert_true(told->average ==
                    told->opening +
                        (int64_t)(area[role] / ((world->end_ms - world->start_ms) / 1000)));
        if (core->life == SB_OPENED_INSIDE)
            assert_int_equal(told->opening, 0);
        if (core->life == SB_CLOSED_INSIDE)
            assert_int_equal(told->closing, 0);
        if (core->life == SB_CLOSED_BEFORE)
            assert_true(told->opening == 0 && told->transaction_count == 0);
        if (core->life == SB_FROZEN) { /* has what it has */
            assert_true(told->transaction_count == 0 && told->closing == told->opening);
            assert_true(told->average == told->opening && told->lowest == told->opening);
            of->frozen += told->opening != 0;
        }
        of->gained[core->currency] += told->closing - told->opening;
    }
    free(now);
    free(low);
    free(sums);
    free(area);
}

/* Statement lines end where the ledger does, one balance after the other. */
static void check_entries(books *of, const sb_ledger *ledger)
{
    sb_error err = {0};
    const sb_layout *layout = &ledger->side->layout;
    sb_entry_walk walk;
    sb_entry entry;
    int64_t *balances = calloc(layout->account_count + 1, sizeof *balances), time = INT64_MIN;
    uint64_t *counts = calloc(layout->account_count + 1, sizeof *counts);
    assert_true(balances != NULL && counts != NULL);
    for (uint32_t role = 0; role < layout->account_count; role++)
        balances[role] = ledger->balances[role].opening;
    fixture_ok(sb_entries_begin(of->all.maker, ledger, &walk, &err), &err);
    while (sb_entries_next(&walk, &entry)) {
        uint64_t local = entry.account_id - layout->first_account;
        assert_true(local < layout->account_count);
        uint32_t role = (uint32_t)sb_permute(&layout->role, local);
        assert_true(entry.executed_at >= time);
        time = entry.executed_at;
        balances[role] += entry.amount;
        counts[role] += entry.line == SB_LINE_PRINCIPAL;
        assert_true(entry.balance_after == balances[role]);
        assert_true(balances[role] >= -sb_side_core(of->all.maker, ledger->side, role)->limit);
    }
    for (uint32_t role = 0; role < layout->account_count; role++) {
        assert_true(balances[role] == ledger->balances[role].closing);
        assert_true(counts[role] == ledger->balances[role].transaction_count);
    }
    free(balances);
    free(counts);
}

static void check_cell(books *of, uint64_t cell)
{
    sb_error err = {0};
    sb_ledger ledger;
    const sb_world *world = of->all.world;
    sb_arena_reset(of->all.maker->arena);
    fixture_ok(sb_ledger_make(of->all.maker, cell, &ledger, &err), &err);
    assert_true(sb_arena_peak_bytes(of->all.maker->arena) <= sb_maker_arena_bytes(world));
    assert_true(sb_arena_used_bytes(of->all.maker->arena) <= sb_ledger_bytes(world));
    uint64_t own = 0, before_id = 0;
    int64_t before = INT64_MIN;
    for (uint32_t i = 0; i < ledger.flow_count; i++) {
        const sb_flow *flow = &ledger.flows[ledger.order[i]];
        add_seen(of, &ledger, flow);
        check_flow(of, &ledger, flow);
        const seen *one = &of->list[of->count - 1];
        assert_true(one->time > before || (one->time == before && one->id > before_id));
        before = one->time;
        before_id = one->id;
        own += one->is_own;
        of->both_inside += one->is_own && one->from != NOBODY && one->to != NOBODY;
        if (one->is_own)
            assert_true(sb_world_cell_of_id(world, SB_TRANSACTIONS, one->id) == cell);
    }
    assert_true(own == sb_world_first_row(world, SB_TRANSACTIONS, cell + 1) -
                           sb_world_first_row(world, SB_TRANSACTIONS, cell));
    of->own += own;
    of->account_count += ledger.side->layout.account_count;
    check_replay(of, &ledger);
    check_entries(of, &ledger);
    fixture_ok(sb_maker_check(of->all.maker, &err), &err);
}

/* ---- all cells --------------------------------------------------------------------------------
 */

static int compare_seen(const void *a, const void *b)
{
    const seen *x = a, *y = b;
    return x->id != y->id ? (x->id < y->id ? -1 : 1) : (int)y->is_own - (int)x->is_own;
}

static uint64_t cell_of(const books *of, uint64_t account)
{
    return sb_world_cell_of(of->all.world, SB_ACCOUNTS, account);
}

static bool crosses_cells(const books *of, const seen *one)
{
    return one->from != NOBODY && one->to != NOBODY &&
           cell_of(of, one->from) != cell_of(of, one->to);
}

static void check_same(const seen *a, const seen *b)
{
    assert_true(a->time == b->time && a->from == b->from && a->to == b->to);
    assert_true(a->amount == b->amount && a->to_amount == b->to_amount);
    assert_true(a->fee == b->fee && a->status == b->status && a->purpose == b->purpose);
}

/* Each id is one row. A flow between two cells is seen from both ends, and is the same from either.
 */
static void check_ids(books *of)
{
    if (of->count > 0)
        qsort(of->list, of->count, sizeof *of->list, compare_seen);
    for (size_t i = 0; i < of->count;) {
        const seen *one = &of->list[i];
        size_t copies = 1;
        assert_true(one->is_own);
        for (; i + copies < of->count && one[copies].id == one->id; copies++) {
            assert_false(one[copies].is_own);
            check_same(one, &one[copies]);
        }
        assert_int_equal(copies, crosses_cells(of, one) ? 2 : 1);
        i += copies;
    }
}

/* What all accounts of a currency gain is what the rows bring them: nothing is made or lost on the
 * way. */
static void check_sums(books *of)
{
    for (size_t i = 0; i < of->count; i++) {
        const seen *one = &of->list[i];
        if (!one->is_own || one->status != SB_TX_STATUS_COMPLETED)
            continue;
        if (one->from != NOBODY)
            of->gained[one->from_currency] += one->amount + one->fee;
        if (one->to != NOBODY)
            of->gained[one->to_currency] -= one->to_amount;
    }
    for (size_t currency = 0; currency < COUNT(of->gained); currency++)
        assert_true(of->gained[currency] == 0);
}

/* Takes the spec over. Returns how many of a hundred rows have both ends in the dataset. */
static uint32_t check_books(sb_spec *spec)
{
    books of = {.all = engine_of(spec)};
    const uint64_t *counts = of.all.world->values.counts;
    for (uint64_t cell = 0; cell < of.all.world->ledger_cell_count; cell++)
        check_cell(&of, cell);
    assert_true(of.own == counts[SB_TRANSACTIONS]);
    assert_true(of.account_count == counts[SB_ACCOUNTS]);
    check_ids(&of);
    check_sums(&of);
    uint32_t inside = of.own > 0 ? (uint32_t)(of.both_inside * 100 / of.own) : 100;
    free(of.list);
    engine_close(&of.all);
    return inside;
}

#define books_of(...) check_books(fixture_spec(__VA_ARGS__, NULL))

/* Some accounts are frozen, and most of these have money. */
static void frozen_accounts_keep_their_balance(void **state)
{
    (void)state;
    books of = {.all = engine_open("entities", "60000", "seed", "5")};
    for (uint64_t cell = 0; cell < of.all.world->ledger_cell_count; cell++)
        check_cell(&of, cell);
    assert_in_range(of.frozen * 10000 / of.account_count, 5, 200);
    free(of.list);
    engine_close(&of.all);
}

/* ---- specs ------------------------------------------------------------------------------------
 */

static void one_cell_closes(void **state)
{
    (void)state;
    assert_in_range(books_of("entities", "7100"), 70, 100);
}

static void two_cells_close(void **state)
{
    (void)state;
    assert_in_range(
        books_of("persons", "800", "companies", "150", "accounts", "1500", "transactions", "9000"),
        70, 100);
}

static void the_smallest_ledger_closes(void **state)
{
    (void)state;
    books_of("persons", "1", "accounts", "2", "transactions", "1");
    books_of("persons", "1", "accounts", "2", "transactions", "5");
    books_of("persons", "2", "companies", "1", "accounts", "2", "transactions", "5");
    books_of("companies", "1", "accounts", "2", "transactions", "500");
    books_of("persons", "1", "companies", "1", "accounts", "3", "transactions", "60000");
}

static void a_ledger_without_transactions_closes(void **state)
{
    (void)state;
    books_of("persons", "10", "accounts", "1");
    books_of("persons", "3000", "companies", "100", "accounts", "3000");
    books_of("persons", "10", "companies", "10");
}

static void demo_closes(void **state)
{
    (void)state;
    assert_in_range(books_of("profile", "demo", "entities", "20000"), 70, 100);
    assert_in_range(books_of("profile", "demo", "entities", "100000", "seed", "77"), 70, 100);
}

static void aml_closes(void **state)
{
    (void)state;
    assert_in_range(books_of("profile", "aml", "entities", "150000"), 70, 100);
}

static void finbench_closes(void **state)
{
    (void)state;
    assert_in_range(books_of("profile", "finbench", "entities", "60000"), 70, 100);
}

static void persons_alone_close(void **state)
{
    (void)state;
    books_of("persons", "900", "accounts", "1800", "transactions", "12000");
}

static void companies_alone_close(void **state)
{
    (void)state;
    books_of("companies", "300", "accounts", "900", "transactions", "9000");
}

static void one_day_closes(void **state)
{
    (void)state;
    for (int days = 1; days <= 4; days++) {
        char end[16];
        (void)snprintf(end, sizeof end, "2025-03-%02d", 9 + days);
        books_of("entities", "10000", "start", "2025-03-09", "end", end);
    }
}

static void twenty_years_close(void **state)
{
    (void)state;
    assert_in_range(books_of("entities", "20000", "start", "2001-01-01", "end", "2021-01-01"), 70,
                    100);
}

static void many_accounts_of_few_persons_close(void **state)
{
    (void)state;
    books_of("persons", "3", "accounts", "5000", "transactions", "20000");
}

static void few_accounts_of_many_persons_close(void **state)
{
    (void)state;
    books_of("persons", "5000", "companies", "500", "accounts", "40", "transactions", "8000");
    books_of("persons", "100000", "accounts", "2", "transactions", "3000");
}

static void a_full_cell_closes(void **state)
{
    (void)state;
    assert_in_range(
        books_of("persons", "512", "companies", "102", "accounts", "1024", "transactions", "65536"),
        70, 100);
}

/* Enough cells for a hub of all its satellites, each of few rows. */
static void a_hub_and_its_satellites_close(void **state)
{
    (void)state;
    books_of("persons", "25600", "companies", "2500", "accounts", "51200", "transactions", "60000");
}

static void each_locale_closes_alone(void **state)
{
    (void)state;
    static const char *const locales[] = {"en_US", "de_DE", "ja_JP", "ar_SA", "zh_HK",
                                          "fr_BE", "ko_KR", "tr_TR", "no_NO"};
    for (size_t i = 0; i < COUNT(locales); i++)
        books_of("entities", "10000", "locales", locales[i]);
}

static void random_specs_close(void **state)
{
    uint64_t random = 16;
    (void)state;
    for (int n = 0; n < 40; n++) {
        uint64_t accounts = 2 + fixture_magnitude(&random, 4000), most = accounts * 20000;
        uint64_t days = 1 + fixture_magnitude(&random, 1500);
        char end[32];
        sb_spec *spec = fixture_spec("start", "2023-01-01", NULL);
        sb_error err = {0};
        uint64_t month = days / 28, persons = fixture_magnitude(&random, 3000);
        (void)snprintf(end, sizeof end, "%04d-%02d-%02d", (int)(2023 + month / 12),
                       (int)(month % 12 + 1), (int)(2 + days % 27));
        fixture_ok(sb_spec_set(spec, "end", end, &err), &err);
        fixture_number(spec, "seed", fixture_random(&random));
        fixture_number(spec, "persons", persons);
        fixture_number(spec, "companies", (persons == 0) + fixture_magnitude(&random, 500));
        fixture_number(spec, "accounts", accounts);
        fixture_number(spec, "transactions",
                       fixture_magnitude(&random, most < 15000 ? most : 15000));
        fixture_number(spec, "communications", fixture_magnitude(&random, 30000));
        check_books(spec);
    }
}

/* A cell is the same whatever the maker made before it. */
static void the_order_of_cells_does_not_matter(void **state)
{
    (void)state;
    books first = {.all = engine_open("entities", "40000")};
    books second = {.all = engine_open("entities", "40000")};
    uint64_t cells = first.all.world->ledger_cell_count;
    for (uint64_t cell = 0; cell < cells; cell++) {
        check_cell(&first, cell);
        check_cell(&second, cells - 1 - cell);
    }
    assert_int_equal(first.count, second.count);
    qsort(first.list, first.count, sizeof *first.list, compare_seen);
    qsort(second.list, second.count, sizeof *second.list, compare_seen);
    for (size_t i = 0; i < first.count; i++) {
        assert_true(first.list[i].id == second.list[i].id);
        check_same(&first.list[i], &second.list[i]);
    }
    free(first.list);
    free(second.list);
    engine_close(&first.all);
    engine_close(&second.all);
}

/* What a cell writes, and its balances, when flows of others are not kept. */
static void check_own(books *of, uint64_t cell)
{
    sb_error err = {0};
    sb_ledger whole, own;
    sb_maker *maker = of->all.maker, *other = NULL;
    fixture_ok(sb_maker_open(of->all.world, &other, &err), &err);
    sb_arena_reset(maker->arena);
    fixture_ok(sb_ledger_make(maker, cell, &whole, &err), &err);
    fixture_ok(sb_ledger_make_own(other, cell, &own, &err), &err);
    uint32_t at = 0;
    for (uint32_t i = 0; i < whole.flow_count; i++) {
        const sb_flow *a = &whole.flows[whole.order[i]];
        if (!sb_flow_is_own(&whole, a))
            continue;
        assert_true(at < own.flow_count);
        assert_memory_equal(a, &own.flows[own.order[at++]], sizeof *a);
    }
    assert_int_equal(at, own.flow_count);
    assert_memory_equal(whole.balances, own.balances,
                        whole.side->layout.account_count * sizeof *whole.balances);
    sb_maker_close(other);
}

/* Every tenth flow, and all deposits and payouts, are found by their id. */
static void check_found(books *of, uint64_t cell)
{
    sb_error err = {0};
    sb_ledger whole, found_in;
    sb_flow flow;
    bool found;
    sb_maker *maker = of->all.maker, *other = NULL;
    fixture_ok(sb_maker_open(of->all.world, &other, &err), &err);
    sb_arena_reset(maker->arena);
    fixture_ok(sb_ledger_make(maker, cell, &whole, &err), &err);
    for (uint32_t i = 0; i < whole.flow_count; i++) {
        const sb_flow *a = &whole.flows[i];
        uint64_t id = sb_flow_id(of->all.world, &whole, a);
        bool derived = a->purpose == SB_FOR_OPENING || a->purpose == SB_FOR_PAYOUT;
        if (!sb_flow_is_own(&whole, a) || !(derived || i % 10 == 0))
            continue;
        sb_arena_reset(other->arena);
        fixture_ok(sb_ledger_find(other, id, &found_in, &flow, &found, &err), &err);
        assert_true(found);
        assert_memory_equal(a, &flow, sizeof flow);
        assert_true(sb_flow_id(of->all.world, &found_in, &flow) == id);
        if (!derived)
            continue;
        uint16_t role = flow.purpose == SB_FOR_OPENING ? flow.to : flow.from;
        fixture_ok(sb_ledger_watch(other, &role, 1, &found_in, &err), &err); /* there is room */
        assert_memory_equal(&whole.balances[role], &found_in.balances[role],
                            sizeof *whole.balances);
    }
    fixture_ok(sb_ledger_find(other, UINT64_MAX / 2, &found_in, &flow, &found, &err), &err);
    assert_false(found);
    sb_maker_close(other);
}

static void a_flow_is_found_by_its_id(void **state)
{
    (void)state;
    books of = {.all = engine_open("persons", "500", "companies", "100", "accounts", "1500",
                                   "transactions", "9000")};
    for (uint64_t cell = 0; cell < of.all.world->ledger_cell_count; cell++)
        check_found(&of, cell);
    engine_close(&of.all);
    /* Few rows an account: most of the memory is that of the other ends of links. */
    of.all = engine_open("entities", "1000000");
    check_found(&of, 0);
    engine_close(&of.all);
}

/* The hub of the first 48 cells, whose links have more rows than are made at a time. */
static uint64_t busiest_cell(const sb_world *world)
{
    uint64_t best = 0;
    uint32_t most = 0;
    for (uint64_t cell = 0; cell < 48 && cell < world->ledger_cell_count; cell++) {
        sb_link links[SB_LINKS_MAX];
        uint32_t count = sb_links_of(world, cell, links);
        best = count > most ? cell : best;
        most = count > most ? count : most;
    }
    return best;
}

static void flows_of_others_need_not_be_kept(void **state)
{
    (void)state;
    sb_spec *specs[] = {
        fixture_spec("profile", "aml", "entities", "4m", NULL),
        fixture_spec("entities", "60000", NULL),
        /* Three days from a Saturday on: the two calendars have little in common. */
        fixture_spec("persons", "3000", "companies", "600", "accounts", "6000", "transactions",
                     "500000", "start", "2024-06-01", "end", "2024-06-04", NULL)};
    for (size_t n = 0; n < COUNT(specs); n++) {
        books of = {.all = engine_of(specs[n])};
        check_own(&of, busiest_cell(of.all.world));
        check_own(&of, of.all.world->ledger_cell_count - 1);
        engine_close(&of.all);
    }
}

/* What is asked for of some accounts is what the whole ledger has of them. */
static void compare_some(const books *of, const sb_ledger *whole, const sb_ledger *some,
                         const uint16_t *roles, uint32_t count)
{
    const sb_world *world = of->all.world;
    bool watched[SB_CELL_ACCOUNTS] = {false};
    for (uint32_t i = 0; i < count; i++)
        watched[roles[i]] = true;
    uint32_t at = 0;
    for (uint32_t i = 0; i < whole->flow_count; i++) {
        const sb_flow *a = &whole->flows[whole->order[i]];
        uint16_t payer = sb_flow_role(whole, a, true), payee = sb_flow_role(whole, a, false);
        if ((payer == SB_OUTSIDE || !watched[payer]) && (payee == SB_OUTSIDE || !watched[payee]))
            continue;
        assert_true(at < some->flow_count);
        const sb_flow *b = &some->flows[some->order[at++]];
        assert_true(sb_flow_id(world, whole, a) == sb_flow_id(world, some, b));
        assert_true(a->time == b->time && a->fee == b->fee && a->status == b->status);
        assert_true(sb_flow_role(some, b, true) == payer && sb_flow_role(some, b, false) == payee);
        assert_true(a->amount == b->amount && a->to_amount == b->to_amount);
    }
    assert_int_equal(at, some->flow_count);
    for (uint32_t i = 0; i < count; i++)
        assert_memory_equal(&whole->balances[roles[i]], &some->balances[roles[i]],
                            sizeof *some->balances);
}

/* With each instruction set; and asked again of the same ledger, after another account was. */
static void check_some(books *of, uint64_t cell, const uint16_t *roles, uint32_t count)
{
    sb_error err = {0};
    sb_ledger whole, some;
    sb_maker *maker = of->all.maker, *other = NULL;
    fixture_ok(sb_maker_open(of->all.world, &other, &err), &err);
    sb_arena_reset(maker->arena);
    fixture_ok(sb_ledger_make(maker, cell, &whole, &err), &err);
    for (uint32_t nth = 0; sb_lanes_find(nth) != NULL; nth++) {
        other->lanes = sb_lanes_find(nth);
        sb_arena_reset(other->arena);
        fixture_ok(sb_ledger_make_of(other, cell, roles, count, &some, &err), &err);
        compare_some(of, &whole, &some, roles, count);
    }
    uint16_t last = (uint16_t)(whole.side->layout.account_count - 1);
    fixture_ok(sb_ledger_watch(other, &last, 1, &some, &err), &err);
    compare_some(of, &whole, &some, &last, 1);
    fixture_ok(sb_ledger_watch(other, roles, count, &some, &err), &err);
    compare_some(of, &whole, &some, roles, count);
    sb_maker_close(other);
}

/* Somebody who sells, in the cell with the most links. */
static void an_account_of_a_hub_is_that_of_the_whole(void **state)
{
    (void)state;
    books of = {.all = engine_of(fixture_spec("profile", "aml", "entities", "4m", NULL))};
    uint64_t cell = busiest_cell(of.all.world);
    sb_layout layout;
    sb_layout_make(of.all.world, cell, &layout);
    uint16_t roles[] = {3, (uint16_t)(layout.company_accounts + 5)};
    check_some(&of, cell, roles, 1);
    check_some(&of, cell, roles + 1, 1);
    engine_close(&of.all);
}

static void some_accounts_alone_are_those_of_the_whole(void **state)
{
    (void)state;
    sb_spec *specs[] = {
        fixture_spec("entities", "60000", NULL),
        fixture_spec("profile", "aml", "entities", "80000", NULL),
        fixture_spec("persons", "25600", "companies", "2500", "accounts", "51200", "transactions",
                     "60000", NULL),
        fixture_spec("persons", "300", "accounts", "500", "transactions", "4000", NULL),
        fixture_spec("companies", "90", "accounts", "200", "transactions", "9000", NULL)};
    for (size_t n = 0; n < COUNT(specs); n++) {
        books of = {.all = engine_of(specs[n])};
        uint64_t cells = of.all.world->ledger_cell_count, random = 7 + n;
        for (uint64_t cell = 0; cell < cells; cell += 1 + cells / 4) {
            sb_layout layout;
            sb_layout_make(of.all.world, cell, &layout);
            uint16_t roles[6] = {0};
            for (int i = 0; i < 6; i++)
                roles[i] = (uint16_t)(fixture_random(&random) % layout.account_count);
            for (int i = 0; i < 6; i++)
                check_some(&of, cell, &roles[i], 1);
            check_some(&of, cell, roles, 6);
            roles[0] = 0; /* who is paid most */
            check_some(&of, cell, roles, 1);
        }
        engine_close(&of.all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flow_is_found_by_its_id),
        cmocka_unit_test(flows_of_others_need_not_be_kept),
        cmocka_unit_test(some_accounts_alone_are_those_of_the_whole),
        cmocka_unit_test(an_account_of_a_hub_is_that_of_the_whole),
        cmocka_unit_test(frozen_accounts_keep_their_balance),
        cmocka_unit_test(one_cell_closes),
        cmocka_unit_test(two_cells_close),
        cmocka_unit_test(the_smallest_ledger_closes),
        cmocka_unit_test(a_ledger_without_transactions_closes),
        cmocka_unit_test(demo_closes),
        cmocka_unit_test(aml_closes),
        cmocka_unit_test(finbench_closes),
        cmocka_unit_test(persons_alone_close),
        cmocka_unit_test(companies_alone_close),
        cmocka_unit_test(one_day_closes),
        cmocka_unit_test(twenty_years_close),
        cmocka_unit_test(many_accounts_of_few_persons_close),
        cmocka_unit_test(few_accounts_of_many_persons_close),
        cmocka_unit_test(a_full_cell_closes),
        cmocka_unit_test(a_hub_and_its_satellites_close),
        cmocka_unit_test(each_locale_closes_alone),
        cmocka_unit_test(random_specs_close),
        cmocka_unit_test(the_order_of_cells_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
