/* What does a row of the ledger cost, alone? Streams of the cell and its links, ends, lifetimes,
 * account cores, order, both replays; no rows are dressed, encoded or compressed.
 *
 * Usage: bench_ledger [option value]... with spec options, say: bench_ledger profile aml entities
 * 5m */
#include <stdio.h>
#include <time.h>

#include "bench/spec_main.h"
#include "engine/ledger.h"

static double now_seconds(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static sb_status measure(const sb_spec *spec, sb_error *err)
{
    sb_world *world = NULL;
    sb_maker *maker = NULL;
    uint64_t handled = 0, own = 0;
    sb_status status = sb_world_open(spec, &world, err);
    if (status == SB_OK)
        status = sb_maker_open(world, &maker, err);
    double begin = now_seconds();
    for (uint64_t cell = 0; status == SB_OK && cell < world->ledger_cell_count; cell++) {
        sb_ledger ledger;
        sb_arena_reset(maker->arena);
        status = sb_ledger_make(maker, cell, &ledger, err);
        if (status == SB_OK) {
            handled += ledger.flow_count;
            own += ledger.side->layout.transaction_count;
        }
    }
    double seconds = now_seconds() - begin;
    if (status == SB_OK)
        printf("cells %llu, rows handled %llu, own %llu: %.1f ns a row handled, %.1f ns a row of "
               "its own, arena %zu "
               "bytes\n",
               (unsigned long long)world->ledger_cell_count, (unsigned long long)handled,
               (unsigned long long)own, seconds * 1e9 / (double)handled,
               seconds * 1e9 / (double)own, sb_arena_peak_bytes(maker->arena));
    sb_maker_close(maker);
    sb_world_close(world);
    return status;
}

int main(int argc, char **argv)
{
    return bench_spec_main("bench_ledger", argc, argv, measure);
}
