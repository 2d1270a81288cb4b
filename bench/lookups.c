/* What does one entity cost in the library, picked anywhere, answered from the seed alone? Persons
 * and companies as finished rows; an account's statement as its row and the row of each of its
 * transactions, balances included. Prints one JSON object: microseconds, of persons and companies
 * the mean of batches, of statements each by itself.
 *
 * Usage: bench_lookups [option value]... with spec options, say: bench_lookups profile aml */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/spec_main.h"
#include "engine/account.h"
#include "engine/company.h"
#include "engine/ledger.h"
#include "engine/person.h"
#include "engine/transaction.h"
#include "format/cutter.h"

enum {
    BATCH_ROWS = 1000, /* a clock reading costs as much as a tenth of a row */
    BATCHES = 60,
    WARM_BATCHES = 10,
    STATEMENTS = 400,
    WARM_STATEMENTS = 40,
};

typedef struct bench {
    const sb_world *world;
    sb_maker *maker;
    sb_cutter cutter; /* room for rows; its kind does not matter here */
    uint64_t draws;
} bench;

/* Time of this thread alone: other work on the machine counts as little as can be. */
static double now_us(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec * 1e-3;
}

static sb_status drop_frame(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                            uint32_t row_count, sb_error *err)
{
    (void)user, (void)kind, (void)rows, (void)raw_bytes, (void)row_count, (void)err;
    return SB_OK;
}

/* An id that has nothing to do with the one before. */
static uint64_t any(bench *b, uint64_t count)
{
    uint64_t x = ++b->draws * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return (x ^ x >> 31) % count;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_times(const char *name, double *times, int count)
{
    qsort(times, (size_t)count, sizeof *times, by_value);
    printf("\"%s\": {\"min\": %.3f, \"median\": %.3f, \"p95\": %.3f, \"max\": %.3f}", name,
           times[0], times[count / 2], times[count * 95 / 100], times[count - 1]);
}

typedef void put_row(sb_maker *maker, sb_rows *rows, uint64_t id);

static sb_status measure_rows(bench *b, const char *name, put_row *put, uint64_t count,
                              sb_error *err)
{
    double times[BATCHES];
    for (int batch = -WARM_BATCHES; batch < BATCHES; batch++) {
        double begin = now_us();
        for (int i = 0; i < BATCH_ROWS; i++) {
            put(b->maker, &b->cutter.rows, any(b, count));
            SB_TRY(sb_cutter_row_done(&b->cutter, err));
        }
        if (batch >= 0)
            times[batch] = (now_us() - begin) / BATCH_ROWS;
    }
    print_times(name, times, BATCHES);
    return SB_OK;
}

static sb_status make_statement(bench *b, uint64_t id, uint64_t *rows_out, sb_error *err)
{
    uint64_t cell = sb_world_cell_of(b->world, SB_ACCOUNTS, id);
    sb_layout layout;
    sb_ledger ledger;
    sb_layout_make(b->world, cell, &layout);
    uint32_t role = (uint32_t)sb_permute(&layout.role, id - layout.first_account);
    sb_arena_reset(b->maker->arena);
    SB_TRY(sb_ledger_make_of(b->maker, cell, &(uint16_t){(uint16_t)role}, 1, &ledger, err));
    sb_account_put(b->maker, &b->cutter.rows, &ledger.side->layout, &ledger.side->home, role,
                   sb_side_core(b->maker, ledger.side, role), &ledger.balances[role]);
    SB_TRY(sb_cutter_row_done(&b->cutter, err));
    for (uint32_t i = 0; i < ledger.flow_count; i++) {
        const sb_flow *flow = &ledger.flows[ledger.order[i]];
        sb_ledger as_home = ledger;
        as_home.side = ledger.streams[flow->stream].home;
        sb_transaction_put(b->maker, &b->cutter.rows, &as_home, flow);
        SB_TRY(sb_cutter_row_done(&b->cutter, err));
    }
    *rows_out += ledger.flow_count;
    return SB_OK;
}

static sb_status measure_statements(bench *b, uint64_t count, sb_error *err)
{
    double times[STATEMENTS];
    uint64_t rows = 0;
    for (int i = -WARM_STATEMENTS; i < STATEMENTS; i++) {
        if (i == 0)
            rows = 0;
        double begin = now_us();
        SB_TRY(make_statement(b, any(b, count), &rows, err));
        if (i >= 0)
            times[i] = now_us() - begin;
    }
    print_times("statement", times, STATEMENTS);
    printf(", \"rows_a_statement\": %.1f", (double)rows / STATEMENTS);
    return SB_OK;
}

static sb_status measure(bench *b, sb_error *err)
{
    const uint64_t *counts = b->world->values.counts;
    if (counts[SB_PERSONS] == 0 || counts[SB_COMPANIES] == 0 || counts[SB_ACCOUNTS] == 0)
        return sb_fail(err, SB_EUSAGE, "the spec must have persons, companies and accounts");
    printf("{");
    SB_TRY(measure_rows(b, "person", sb_person_put, counts[SB_PERSONS], err));
    printf(", ");
    SB_TRY(measure_rows(b, "company", sb_company_put, counts[SB_COMPANIES], err));
    printf(", ");
    SB_TRY(measure_statements(b, counts[SB_ACCOUNTS], err));
    printf("}\n");
    return SB_OK;
}

static sb_status run(const sb_spec *spec, sb_error *err)
{
    sb_world *world = NULL;
    bench b = {0};
    sb_status status = sb_world_open(spec, &world, err);
    b.world = world;
    if (status == SB_OK)
        status = sb_maker_open(world, &b.maker, err);
    if (status == SB_OK)
        status = sb_cutter_open(SB_PERSONS, drop_frame, NULL, &b.cutter, err);
    if (status == SB_OK) {
        status = measure(&b, err);
        sb_cutter_close(&b.cutter);
    }
    sb_maker_close(b.maker);
    sb_world_close(world);
    return status;
}

int main(int argc, char **argv)
{
    return bench_spec_main("bench_lookups", argc, argv, run);
}
