/* The dataset as a graph, asked in process, answered from the seed alone: no file is read and
 * nothing was made beforehand but tables.
 *
 * Sixteen operations, each call of which asks something else. The limits are those that users of
 * graph databases hold such operations to: 50 ms for a vertex, an edge or an index, 500 ms for
 * traversals of several hops, 300 ms for an aggregation, 2 s for a batch of 1,000. */
#include <stdlib.h>

#include "bench/fixture.h"
#include "bench/harness.h"
#include "engine/company.h"
#include "engine/ledger.h"
#include "engine/person.h"
#include "engine/transaction.h"

enum {
    KNOWN = 4096, /* transactions and IBANs to ask for */
    BATCH = 1000,
    /* Wanted accounts of a cell up to which theirs alone is made of the ledger. */
    SOME_OF_A_CELL = 64,
};

#define GRAPH_SPEC "seed 42 entities 1m"

typedef struct graph {
    bench_world all;
    const sb_world *world; /* borrowed from `all`, as is the maker */
    sb_maker *maker;
    uint64_t persons, companies, accounts; /* how many there are */
    uint8_t *row;                          /* owned: SB_ROW_BYTES_MAX */
    uint64_t *transactions;                /* owned; [KNOWN]: ids to ask for */
    char (*ibans)[64];                     /* owned; [KNOWN] */
    uint64_t *ids, *next;                  /* owned; [accounts]: of traversals and batches */
    uint32_t id_count, next_count;
    uint8_t *seen; /* owned; a bit an account */
    bench_made *made;
} graph;

/* ---- rows ----------------------------------------------------------------------------------- */

static void count_row(graph *g, const sb_rows *rows)
{
    size_t row_bytes = (size_t)(rows->at - g->row);
    bench_count(g->made, 1, row_bytes, bench_content(g->row, row_bytes));
}

static void put_person(graph *g, uint64_t id)
{
    sb_rows rows = {.at = g->row};
    sb_person_put(g->maker, &rows, id);
    count_row(g, &rows);
}

static void put_company(graph *g, uint64_t id)
{
    sb_rows rows = {.at = g->row};
    sb_company_put(g->maker, &rows, id);
    count_row(g, &rows);
}

static void put_account(graph *g, const sb_ledger *ledger, uint32_t role)
{
    sb_rows rows = {.at = g->row};
    sb_account_put(g->maker, &rows, &ledger->side->layout, &ledger->side->home, role,
                   sb_side_core(g->maker, ledger->side, role), &ledger->balances[role]);
    count_row(g, &rows);
}

static void put_transaction(graph *g, const sb_ledger *ledger, const sb_flow *flow)
{
    sb_rows rows = {.at = g->row};
    sb_transaction_put(g->maker, &rows, ledger, flow);
    count_row(g, &rows);
}

/* ---- where things are ----------------------------------------------------------------------- */

static sb_status whole_cell(graph *g, uint64_t cell, sb_ledger *ledger, sb_error *err)
{
    sb_arena_reset(g->maker->arena);
    return sb_ledger_make(g->maker, cell, ledger, err);
}

static uint32_t role_of(const sb_layout *layout, uint64_t account)
{
    return (uint32_t)sb_permute(&layout->role, account - layout->first_account);
}

/* The ledger as one account sees it. */
static sb_status account_ledger(graph *g, uint64_t id, sb_ledger *ledger, uint32_t *role,
                                sb_error *err)
{
    uint64_t cell = sb_world_cell_of(g->world, SB_ACCOUNTS, id);
    sb_layout layout;
    sb_layout_make(g->world, cell, &layout);
    *role = role_of(&layout, id);
    sb_arena_reset(g->maker->arena);
    return sb_ledger_make_of(g->maker, cell, &(uint16_t){(uint16_t)*role}, 1, ledger, err);
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Where the run of ids (in order, accounts all) ends that are of the same cell as ids[begin]. */
static uint32_t end_of_cell(const graph *g, uint32_t begin, uint64_t *cell)
{
    *cell = sb_world_cell_of(g->world, SB_ACCOUNTS, g->ids[begin]);
    uint64_t first_beyond = sb_world_first_row(g->world, SB_ACCOUNTS, *cell + 1);
    uint32_t end = begin;
    while (end < g->id_count && g->ids[end] < first_beyond)
        end++;
    return end;
}

/* The ledger as the accounts ids[begin, end) of a cell see it; where these are many, the whole. */
static sb_status accounts_ledger(graph *g, uint64_t cell, uint32_t begin, uint32_t end,
                                 sb_ledger *ledger, sb_error *err)
{
    uint16_t roles[SOME_OF_A_CELL];
    sb_layout layout;
    if (end - begin > SOME_OF_A_CELL)
        return whole_cell(g, cell, ledger, err);
    sb_layout_make(g->world, cell, &layout);
    for (uint32_t i = begin; i < end; i++)
        roles[i - begin] = (uint16_t)role_of(&layout, g->ids[i]);
    sb_arena_reset(g->maker->arena);
    return sb_ledger_make_of(g->maker, cell, roles, end - begin, ledger, err);
}

static const sb_flow *find_flow(const graph *g, const sb_ledger *ledger, uint64_t id)
{
    uint64_t low = id & (((uint64_t)1 << g->world->id_bits[SB_TRANSACTIONS]) - 1);
    uint64_t index = sb_permute_inverse(&ledger->side->layout.ids, low);
    for (uint32_t i = 0; i < ledger->flow_count; i++) {
        const sb_flow *flow = &ledger->flows[i];
        if (sb_flow_is_own(ledger, flow) &&
            ledger->streams[flow->stream].first_index + flow->k == index)
            return flow;
    }
    return NULL;
}

static sb_status transaction_flow(graph *g, uint64_t id, sb_ledger *ledger, const sb_flow **flow,
                                  sb_error *err)
{
    SB_TRY(whole_cell(g, sb_world_cell_of_id(g->world, SB_TRANSACTIONS, id), ledger, err));
    *flow = find_flow(g, ledger, id);
    return *flow != NULL ? SB_OK : sb_fail(err, SB_EWRONG, "a transaction was not found");
}

/* ---- opening -------------------------------------------------------------------------------- */

/* Ids of transactions, so many of each cell. */
static sb_status know_transactions(graph *g, sb_error *err)
{
    uint64_t known = 0, cells = g->world->ledger_cell_count;
    for (uint64_t cell = 0; cell < cells; cell++) {
        sb_ledger ledger;
        SB_TRY(whole_cell(g, cell, &ledger, err));
        uint64_t until = (cell + 1) * KNOWN / cells;
        for (uint64_t n = 0; n < ledger.flow_count && known < until; n++) {
            const sb_flow *flow = &ledger.flows[n * 7919 % ledger.flow_count];
            if (sb_flow_is_own(&ledger, flow))
                g->transactions[known++] = sb_flow_id(g->world, &ledger, flow);
        }
    }
    return known == KNOWN ? SB_OK : sb_fail(err, SB_EWRONG, "too few transactions are known");
}

static void know_ibans(graph *g)
{
    uint32_t known = 0;
    for (uint64_t n = 0; known < KNOWN; n++) {
        uint64_t id = bench_random(n) % g->accounts;
        sb_home home =
            sb_home_of(g->world, g->maker->cache, sb_world_cell_of(g->world, SB_ACCOUNTS, id));
        sb_line line;
        sb_line_begin(&line);
        sb_account_iban(g->maker, home.locale, id, &line);
        if (line.length == 0 || line.length >= sizeof g->ibans[0])
            continue; /* a country without */
        memcpy(g->ibans[known], line.bytes, line.length);
        g->ibans[known++][line.length] = '\0';
    }
}

static void close_graph(void *state)
{
    graph *g = state;
    free(g->row);
    free(g->transactions);
    free(g->ibans);
    free(g->ids);
    free(g->next);
    free(g->seen);
    bench_world_close(&g->all);
    free(g);
}

static sb_status open_graph(const bench_case *one, const bench_places *places, void **state,
                            sb_error *err)
{
    graph *g = calloc(1, sizeof *g);
    (void)one;
    (void)places;
    if (g == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a benchmark");
    *state = g;
    SB_TRY(bench_world_open(GRAPH_SPEC, &g->all, err));
    g->world = g->all.world;
    g->maker = g->all.maker;
    g->persons = g->world->values.counts[SB_PERSONS];
    g->companies = g->world->values.counts[SB_COMPANIES];
    g->accounts = g->world->values.counts[SB_ACCOUNTS];
    g->row = malloc(SB_ROW_BYTES_MAX);
    g->transactions = malloc(KNOWN * sizeof *g->transactions);
    g->ibans = malloc(KNOWN * sizeof *g->ibans);
    g->ids = malloc((g->accounts + BATCH) * sizeof *g->ids);
    g->next = malloc((g->accounts + BATCH) * sizeof *g->next);
    g->seen = malloc(g->accounts / 8 + 1);
    if (g->row == NULL || g->transactions == NULL || g->ibans == NULL || g->ids == NULL ||
        g->next == NULL || g->seen == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a benchmark");
    know_ibans(g);
    return know_transactions(g, err);
}

/* ---- vertices ------------------------------------------------------------------------------- */

static sb_status vertex_person(graph *g, uint64_t ask, sb_error *err)
{
    (void)err;
    put_person(g, ask % g->persons);
    return SB_OK;
}

static sb_status vertex_company(graph *g, uint64_t ask, sb_error *err)
{
    (void)err;
    put_company(g, ask % g->companies);
    return SB_OK;
}

/* With its balances, which only its statement gives. */
static sb_status account_by_id(graph *g, uint64_t id, sb_error *err)
{
    sb_ledger ledger;
    uint32_t role;
    SB_TRY(account_ledger(g, id, &ledger, &role, err));
    put_account(g, &ledger, role);
    return SB_OK;
}

static sb_status vertex_account(graph *g, uint64_t ask, sb_error *err)
{
    return account_by_id(g, ask % g->accounts, err);
}

static sb_status vertex_transaction(graph *g, uint64_t ask, sb_error *err)
{
    sb_ledger ledger;
    const sb_flow *flow;
    SB_TRY(transaction_flow(g, g->transactions[ask % KNOWN], &ledger, &flow, err));
    put_transaction(g, &ledger, flow);
    return SB_OK;
}

/* ---- edges ---------------------------------------------------------------------------------- */

static sb_status edge_owner(graph *g, uint64_t ask, sb_error *err)
{
    uint64_t id = ask % g->accounts;
    sb_layout layout;
    (void)err;
    sb_layout_make(g->world, sb_world_cell_of(g->world, SB_ACCOUNTS, id), &layout);
    sb_owner owner = sb_account_owner(&layout, role_of(&layout, id));
    if (owner.company)
        put_company(g, owner.id);
    else
        put_person(g, owner.id);
    return SB_OK;
}

static sb_status edge_ends(graph *g, uint64_t ask, sb_error *err)
{
    sb_ledger ledger;
    const sb_flow *flow;
    SB_TRY(transaction_flow(g, g->transactions[ask % KNOWN], &ledger, &flow, err));
    for (int payer = 0; payer < 2; payer++)
        if ((payer ? flow->from : flow->to) != SB_OUTSIDE)
            bench_count(g->made, 1, 0, sb_flow_account(g->maker, &ledger, flow, payer));
    return SB_OK;
}

/* The accounts that an account of the ledger paid, or was paid by; completed rows only, as on a
 * statement. Those not seen yet are added to `next`. */
static void add_neighbours(graph *g, const sb_ledger *ledger, const bool *is_wanted)
{
    for (uint32_t i = 0; i < ledger->flow_count; i++) {
        const sb_flow *flow = &ledger->flows[i];
        if (flow->status != SB_TX_STATUS_COMPLETED || flow->from == SB_OUTSIDE ||
            flow->to == SB_OUTSIDE)
            continue;
        for (int payer = 0; payer < 2; payer++) {
            uint16_t role = sb_flow_role(ledger, flow, payer);
            if (role == SB_OUTSIDE || !is_wanted[role])
                continue;
            uint64_t other = sb_flow_account(g->maker, ledger, flow, !payer);
            uint8_t bit = (uint8_t)(1u << (other & 7));
            if (g->seen[other >> 3] & bit)
                continue;
            g->seen[other >> 3] |= bit;
            g->next[g->next_count++] = other;
        }
    }
}

/* Neighbours of ids[begin, end), all of one cell. */
static sb_status expand_cell(graph *g, uint64_t cell, uint32_t begin, uint32_t end, sb_error *err)
{
    bool is_wanted[SB_CELL_ACCOUNTS + 1] = {false};
    sb_ledger ledger;
    SB_TRY(accounts_ledger(g, cell, begin, end, &ledger, err));
    for (uint32_t i = begin; i < end; i++)
        is_wanted[role_of(&ledger.side->layout, g->ids[i])] = true;
    add_neighbours(g, &ledger, is_wanted);
    return SB_OK;
}

/* Replaces ids by their neighbours. */
static sb_status hop(graph *g, sb_error *err)
{
    g->next_count = 0;
    qsort(g->ids, g->id_count, sizeof *g->ids, by_number);
    for (uint32_t begin = 0, end; begin < g->id_count; begin = end) {
        uint64_t cell;
        end = end_of_cell(g, begin, &cell);
        SB_TRY(expand_cell(g, cell, begin, end, err));
    }
    uint64_t *reached = g->next;
    g->next = g->ids;
    g->ids = reached;
    g->id_count = g->next_count;
    return SB_OK;
}

/* All accounts within so many payments of one. */
static sb_status traverse(graph *g, uint64_t ask, int hops, sb_error *err)
{
    uint64_t id = ask % g->accounts;
    memset(g->seen, 0, g->accounts / 8 + 1);
    g->seen[id >> 3] |= (uint8_t)(1u << (id & 7));
    g->ids[0] = id;
    g->id_count = 1;
    for (int i = 0; i < hops; i++) {
        SB_TRY(hop(g, err));
        bench_count(g->made, g->id_count, 0, g->id_count > 0 ? g->ids[g->id_count - 1] : 0);
    }
    return SB_OK;
}

static sb_status edge_neighbours(graph *g, uint64_t ask, sb_error *err)
{
    return traverse(g, ask, 1, err);
}

/* ---- queries -------------------------------------------------------------------------------- */

static sb_status query_two_hops(graph *g, uint64_t ask, sb_error *err)
{
    return traverse(g, ask, 2, err);
}

static sb_status query_three_hops(graph *g, uint64_t ask, sb_error *err)
{
    return traverse(g, ask, 3, err);
}

/* By what they were for: how many payments, and how much went out and came in. */
static sb_status query_aggregation(graph *g, uint64_t ask, sb_error *err)
{
    struct {
        uint64_t count;
        int64_t paid, received;
    } groups[SB_PURPOSE_COUNT] = {{0, 0, 0}};
    sb_ledger ledger;
    uint32_t role;
    SB_TRY(account_ledger(g, ask % g->accounts, &ledger, &role, err));
    for (uint32_t i = 0; i < ledger.flow_count; i++) {
        const sb_flow *flow = &ledger.flows[i];
        bool pays = sb_flow_role(&ledger, flow, true) == role;
        bool is_paid = sb_flow_role(&ledger, flow, false) == role;
        if (flow->status != SB_TX_STATUS_COMPLETED || (!pays && !is_paid))
            continue;
        groups[flow->purpose].count++;
        groups[flow->purpose].paid += pays ? flow->amount + (int64_t)flow->fee : 0;
        groups[flow->purpose].received += is_paid ? flow->to_amount : 0;
    }
    for (int purpose = 0; purpose < SB_PURPOSE_COUNT; purpose++)
        bench_count(g->made, groups[purpose].count, 0,
                    (uint64_t)(groups[purpose].received - groups[purpose].paid));
    return SB_OK;
}

/* ---- batches -------------------------------------------------------------------------------- */

static sb_status batch_persons(graph *g, uint64_t ask, sb_error *err)
{
    (void)err;
    for (uint64_t i = 0; i < BATCH; i++)
        put_person(g, bench_random(ask + i) % g->persons);
    return SB_OK;
}

/* In the order of ids, so that each cell's ledger is made once. */
static sb_status batch_accounts(graph *g, uint64_t ask, sb_error *err)
{
    for (uint64_t i = 0; i < BATCH; i++)
        g->ids[i] = bench_random(ask + i) % g->accounts;
    g->id_count = BATCH;
    qsort(g->ids, BATCH, sizeof *g->ids, by_number);
    for (uint32_t begin = 0, end; begin < BATCH; begin = end) {
        sb_ledger ledger;
        uint64_t cell;
        end = end_of_cell(g, begin, &cell);
        SB_TRY(accounts_ledger(g, cell, begin, end, &ledger, err));
        for (uint32_t i = begin; i < end; i++)
            put_account(g, &ledger, role_of(&ledger.side->layout, g->ids[i]));
    }
    return SB_OK;
}

static sb_status batch_transactions(graph *g, uint64_t ask, sb_error *err)
{
    sb_ledger ledger;
    uint64_t made_cell = UINT64_MAX;
    for (uint64_t i = 0; i < BATCH; i++)
        g->ids[i] = g->transactions[bench_random(ask + i) % KNOWN];
    qsort(g->ids, BATCH, sizeof *g->ids, by_number);
    for (uint64_t i = 0; i < BATCH; i++) {
        uint64_t cell = sb_world_cell_of_id(g->world, SB_TRANSACTIONS, g->ids[i]);
        if (cell != made_cell)
            SB_TRY(whole_cell(g, cell, &ledger, err));
        made_cell = cell;
        const sb_flow *flow = find_flow(g, &ledger, g->ids[i]);
        if (flow == NULL)
            return sb_fail(err, SB_EWRONG, "a transaction was not found");
        put_transaction(g, &ledger, flow);
    }
    return SB_OK;
}

/* ---- indexes -------------------------------------------------------------------------------- */

static sb_status index_iban(graph *g, uint64_t ask, sb_error *err)
{
    uint64_t id = sb_account_by_iban(g->maker, g->ibans[ask % KNOWN]);
    return id < g->accounts ? account_by_id(g, id, err)
                            : sb_fail(err, SB_EWRONG, "an IBAN was not found");
}

static sb_status index_number(graph *g, uint64_t ask, sb_error *err)
{
    uint64_t number = sb_account_number(g->world, ask % g->accounts);
    uint64_t id = sb_account_by_number(g->world, number);
    return id == ask % g->accounts ? account_by_id(g, id, err)
                                   : sb_fail(err, SB_EWRONG, "an account number was not found");
}

/* The accounts of a person: which they are is arithmetic, their balances take a ledger. */
static sb_status index_owner(graph *g, uint64_t ask, sb_error *err)
{
    uint64_t person = ask % g->persons;
    uint64_t cell = sb_share_of(person, g->persons, g->world->ledger_cell_count);
    uint16_t roles[SB_CELL_ACCOUNTS];
    uint32_t count = 0;
    sb_layout layout;
    sb_ledger ledger;
    sb_layout_make(g->world, cell, &layout);
    for (uint32_t role = layout.company_accounts; role < layout.account_count; role++)
        if (sb_account_owner(&layout, role).id == person)
            roles[count++] = (uint16_t)role;
    sb_arena_reset(g->maker->arena);
    SB_TRY(sb_ledger_make_of(g->maker, cell, roles, count, &ledger, err));
    for (uint32_t i = 0; i < count; i++)
        put_account(g, &ledger, roles[i]);
    return SB_OK;
}

/* ---- the list ------------------------------------------------------------------------------- */

typedef sb_status answer(graph *g, uint64_t ask, sb_error *err);

typedef struct graph_case {
    graph *g;
    answer *answer;
} graph_case;

static sb_status open_case(const bench_case *one, const bench_places *places, void **state,
                           sb_error *err)
{
    graph_case *c = calloc(1, sizeof *c);
    void *opened = NULL;
    if (c == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a benchmark");
    *state = c;
    memcpy(&c->answer, one->of, sizeof c->answer);
    sb_status status = open_graph(one, places, &opened, err);
    c->g = opened;
    return status;
}

static sb_status run_case(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    graph_case *c = state;
    c->g->made = made;
    SB_TRY(c->answer(c->g, bench_random(turn) >> 1, err));
    return sb_maker_check(c->g->maker, err);
}

static void close_case(void *state)
{
    graph_case *c = state;
    if (c->g != NULL)
        close_graph(c->g);
    free(c);
}

#define VERTEX_SECONDS 0.05
#define TRAVERSAL_SECONDS 0.5
#define AGGREGATION_SECONDS 0.3
#define BATCH_SECONDS 2.0

/* G(name, function, limit, unit, what) */
#define GRAPH_CASES(G)                                                                             \
    G(vertex_person_by_id, vertex_person, VERTEX_SECONDS, "rows", "a person by id")                \
    G(vertex_company_by_id, vertex_company, VERTEX_SECONDS, "rows", "a company by id")             \
    G(vertex_account_by_id, vertex_account, VERTEX_SECONDS, "rows",                                \
      "an account by id, with the balances of its statement")                                      \
    G(vertex_transaction_by_id, vertex_transaction, VERTEX_SECONDS, "rows", "a transaction by id") \
    G(edge_owner_of_account, edge_owner, VERTEX_SECONDS, "rows",                                   \
      "the person or company an account belongs to")                                               \
    G(edge_ends_of_transaction, edge_ends, VERTEX_SECONDS, "edges",                                \
      "the accounts at both ends of a transaction")                                                \
    G(edge_neighbours_of_account, edge_neighbours, VERTEX_SECONDS, "accounts",                     \
      "the accounts that an account paid or was paid by")                                          \
    G(query_two_hops, query_two_hops, TRAVERSAL_SECONDS, "accounts",                               \
      "all accounts within two payments of one")                                                   \
    G(query_three_hops, query_three_hops, TRAVERSAL_SECONDS, "accounts",                           \
      "all accounts within three payments of one")                                                 \
    G(query_aggregation_of_account, query_aggregation, AGGREGATION_SECONDS, "payments",            \
      "number and sums of the payments of an account, by what they were for")                      \
    G(batch_1000_persons, batch_persons, BATCH_SECONDS, "rows", "1000 persons by id")              \
    G(batch_1000_accounts, batch_accounts, BATCH_SECONDS, "rows",                                  \
      "1000 accounts by id, with their balances")                                                  \
    G(batch_1000_transactions, batch_transactions, BATCH_SECONDS, "rows",                          \
      "1000 transactions by id")                                                                   \
    G(index_account_by_iban, index_iban, VERTEX_SECONDS, "rows", "an account by its IBAN")         \
    G(index_account_by_number, index_number, VERTEX_SECONDS, "rows", "an account by its number")   \
    G(index_accounts_by_owner, index_owner, VERTEX_SECONDS, "rows", "the accounts of a person")

#define GRAPH_ANSWER(name_, function_, ...) static answer *const answer_##name_ = function_;
GRAPH_CASES(GRAPH_ANSWER)

#define GRAPH_CASE(name_, function_, limit_, unit_, what_) \
    {.group = "graph",                                     \
     .name = #name_,                                       \
     .what = what_,                                        \
     .unit = unit_,                                        \
     .questions = true,                                    \
     .limit_seconds = limit_,                              \
     .of = &answer_##name_,                                \
     .open = open_case,                                    \
     .run = run_case,                                      \
     .close = close_case},
static const bench_case cases[] = {GRAPH_CASES(GRAPH_CASE)};

bench_list bench_graph_list(void)
{
    return (bench_list){cases, sizeof cases / sizeof cases[0]};
}
