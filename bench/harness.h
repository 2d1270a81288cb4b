/* Times pieces of work: warm-up, as many calls a round as the clock needs, rounds, and one line of
 * JSON a benchmark. Statistics are made of it by scripts/bench.
 *
 * A benchmark does not say how much it does: each call counts the rows and bytes it really made,
 * and sums up something of their content. So no work can be optimized away, and the harness refuses
 * a benchmark whose first call gives another sum when it is repeated. */
#ifndef BENCH_HARNESS_H
#define BENCH_HARNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "seedbank/status.h"

/* What calls did, added up. */
typedef struct bench_made {
    uint64_t count; /* of the benchmark's unit */
    uint64_t bytes; /* raw bytes of rows, or of text; 0: nothing that is counted in bytes */
    uint64_t sum;   /* of content */
} bench_made;

static inline void bench_count(bench_made *made, uint64_t count, uint64_t bytes, uint64_t content)
{
    made->count += count;
    made->bytes += bytes;
    made->sum = (made->sum ^ content) * 0x9E3779B97F4A7C15u;
}

/* Further numbers of a benchmark, for the JSON. */
enum { BENCH_NOTES_MAX = 8 };
typedef struct bench_notes {
    struct {
        const char *name; /* borrowed, static */
        double value;
    } items[BENCH_NOTES_MAX];
    int count;
} bench_notes;
void bench_note(bench_notes *notes, const char *name, double value);

/* Where temporary files go, and the command that is measured as a process. */
typedef struct bench_places {
    const char *scratch, *seedbank;
} bench_places;

typedef struct bench_case {
    const char *group, *name;
    const char *what; /* one line */
    const char *unit; /* what a call counts: "rows", "draws", ... */
    /* Each call answers another question, so it is a round of its own, and percentiles are held
     * against the limit; else rounds are of as many calls as the clock needs. */
    bool questions;
    double limit_seconds;   /* of a round; 0: none */
    double limit_bytes;     /* of peak memory; 0: none */
    const void *of;         /* what functions shared by several benchmarks work on */
    bool (*possible)(void); /* whether libraries here can do it; NULL: always */
    sb_status (*open)(const struct bench_case *one, const bench_places *places, void **state,
                      sb_error *err);
    /* `turn` counts calls from 0: which rows, which question. */
    sb_status (*run)(void *state, uint64_t turn, bench_made *made, sb_error *err);
    /* After each call, not timed: a round is then one call. May be NULL, as may what follows. */
    sb_status (*clear)(void *state, sb_error *err);
    /* The call was timed elsewhere (in a process of its own): its seconds. */
    double (*seconds)(const void *state);
    void (*tell)(const void *state, bench_notes *notes);
    void (*close)(void *state);
} bench_case;

typedef struct bench_options {
    double warmup_seconds, max_seconds;
    uint64_t rounds; /* 0: as many as fit into max_seconds, at least five */
    /* Time is what processors spent on it, not what passed: for machines with other work. */
    bool cpu_clock;
    bench_places places;
} bench_options;

double bench_now(void);

/* Measures one and prints its line to stdout. */
SB_CHECK sb_status bench_measure(const bench_case *one, const bench_options *options,
                                 sb_error *err);

/* ---- the benchmarks, by file ---------------------------------------------------------------- */

typedef struct bench_list {
    const bench_case *cases;
    int count;
} bench_list;

bench_list bench_reference_list(void);
bench_list bench_graph_list(void);
bench_list bench_micro_list(void);
bench_list bench_files_list(void);
bench_list bench_frames_list(void);
bench_list bench_machine_list(void);

/* What a process that measures its own memory does; see reference.c. */
int bench_probe(const char *what);

#endif
