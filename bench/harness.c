#include "bench/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum {
    ROUNDS_MIN = 5,
    ROUNDS_MAX = 2000,
    ITERATIONS_MAX = 1 << 24,
};

/* A round lasts at least so long: the clock's own cost, some 30 ns, is then below a thousandth. */
#define ROUND_SECONDS_MIN 100e-6

double bench_now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Of this process and of those it started that have ended. */
static double cpu_seconds(void)
{
    struct timespec time;
    struct rusage children;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    (void)getrusage(RUSAGE_CHILDREN, &children);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9 +
           (double)(children.ru_utime.tv_sec + children.ru_stime.tv_sec) +
           (double)(children.ru_utime.tv_usec + children.ru_stime.tv_usec) * 1e-6;
}

static double now_by(const bench_options *options)
{
    return options->cpu_clock ? cpu_seconds() : bench_now();
}

void bench_note(bench_notes *notes, const char *name, double value)
{
    if (notes->count == BENCH_NOTES_MAX)
        return;
    notes->items[notes->count].name = name;
    notes->items[notes->count].value = value;
    notes->count++;
}

typedef struct measurement {
    const bench_case *one;
    const bench_options *options;
    void *state;
    uint64_t turn;       /* the next call's */
    uint64_t iterations; /* calls a round */
    double *rounds;      /* owned; seconds a call */
    uint64_t round_count;
    double cpu;
    bench_made made; /* by all timed calls */
    uint64_t first_sum;
} measurement;

/* A round: its seconds in all. */
static sb_status run_round(measurement *m, uint64_t iterations, bench_made *made, double *seconds,
                           sb_error *err)
{
    const bench_case *one = m->one;
    double begin = now_by(m->options);
    for (uint64_t i = 0; i < iterations; i++)
        SB_TRY(one->run(m->state, m->turn++, made, err));
    *seconds = now_by(m->options) - begin;
    if (one->seconds != NULL)
        *seconds = one->seconds(m->state);
    return one->clear != NULL ? one->clear(m->state, err) : SB_OK;
}

static bool one_call_a_round(const bench_case *one)
{
    return one->questions || one->clear != NULL || one->seconds != NULL;
}

/* Warms up, and finds how many calls make a round. */
static sb_status prepare(measurement *m, sb_error *err)
{
    double begin = bench_now(), seconds = 0;
    bench_made made = {0};
    m->iterations = 1;
    SB_TRY(run_round(m, 1, &made, &seconds, err));
    m->first_sum = made.sum;
    for (;;) {
        bool warm = bench_now() - begin >= m->options->warmup_seconds;
        bool long_enough = one_call_a_round(m->one) || seconds >= ROUND_SECONDS_MIN ||
                           m->iterations >= ITERATIONS_MAX;
        if (warm && long_enough)
            return SB_OK;
        if (!long_enough)
            m->iterations *= 2;
        SB_TRY(run_round(m, m->iterations, &made, &seconds, err));
    }
}

static bool has_enough(const measurement *m, double spent)
{
    if (m->options->rounds > 0)
        return m->round_count >= m->options->rounds;
    return m->round_count >= ROUNDS_MIN && spent >= m->options->max_seconds;
}

static sb_status measure_rounds(measurement *m, sb_error *err)
{
    double spent = 0, cpu = cpu_seconds();
    for (; m->round_count < ROUNDS_MAX && !has_enough(m, spent); m->round_count++) {
        double seconds = 0;
        SB_TRY(run_round(m, m->iterations, &m->made, &seconds, err));
        m->rounds[m->round_count] = seconds / (double)m->iterations;
        spent += seconds;
    }
    m->cpu = cpu_seconds() - cpu;
    return SB_OK;
}

/* The same turn gives the same rows, whatever was made in between. */
static sb_status check_repeats(measurement *m, sb_error *err)
{
    bench_made made = {0};
    double seconds = 0;
    m->turn = 0;
    SB_TRY(run_round(m, 1, &made, &seconds, err));
    return made.sum == m->first_sum
               ? SB_OK
               : sb_fail(err, SB_EWRONG, "%s: the first call gave something else when repeated",
                         m->one->name);
}

static void print_line(const measurement *m, const bench_notes *notes)
{
    double calls = (double)(m->round_count * m->iterations);
    printf("{\"group\":\"%s\",\"name\":\"%s\",\"unit\":\"%s\",\"what\":\"%s\",\"questions\":%s,"
           "\"iterations\":%llu,\"count\":%.12g,\"bytes\":%.12g,\"cpu\":%.9g",
           m->one->group, m->one->name, m->one->unit, m->one->what,
           m->one->questions ? "true" : "false", (unsigned long long)m->iterations,
           (double)m->made.count / calls, (double)m->made.bytes / calls, m->cpu / calls);
    if (m->one->limit_seconds > 0)
        printf(",\"limit_seconds\":%.9g", m->one->limit_seconds);
    if (m->one->limit_bytes > 0)
        printf(",\"limit_bytes\":%.12g", m->one->limit_bytes);
    for (int i = 0; i < notes->count; i++)
        printf(",\"%s\":%.12g", notes->items[i].name, notes->items[i].value);
    printf(",\"data\":[");
    for (uint64_t i = 0; i < m->round_count; i++)
        printf("%s%.9g", i > 0 ? "," : "", m->rounds[i]);
    printf("]}\n");
    (void)fflush(stdout);
}

sb_status bench_measure(const bench_case *one, const bench_options *options, sb_error *err)
{
    measurement m = {.one = one, .options = options};
    bench_notes notes = {.count = 0};
    m.rounds = malloc(ROUNDS_MAX * sizeof *m.rounds);
    if (m.rounds == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for the rounds");
    sb_status status = one->open(one, &options->places, &m.state, err);
    if (status == SB_OK)
        status = prepare(&m, err);
    if (status == SB_OK)
        status = measure_rounds(&m, err);
    if (status == SB_OK)
        status = check_repeats(&m, err);
    if (status == SB_OK && one->tell != NULL)
        one->tell(m.state, &notes);
    if (status == SB_OK)
        print_line(&m, &notes);
    if (m.state != NULL && one->close != NULL)
        one->close(m.state);
    free(m.rounds);
    return status;
}
