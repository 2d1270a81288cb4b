/* The benchmarks, as a program that prints a line of JSON each; scripts/bench drives it, makes
 * statistics of it, saves and compares.
 *
 * Usage: seedbank_bench [--list] [--group GROUP]... [--name NAME]... [--rounds N]
 *                       [--warmup SECONDS] [--max-time SECONDS] [--clock wall|cpu]
 *                       [--scratch DIR] [--seedbank FILE] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/harness.h"

enum { WANTED_MAX = 64 };

typedef struct request {
    const char *groups[WANTED_MAX], *names[WANTED_MAX];
    int group_count, name_count;
    bool list;
    bench_options options;
} request;

static bool is_among(const char *text, const char *const *list, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(text, list[i]) == 0)
            return true;
    return count == 0;
}

static sb_status run_list(const request *wanted, bench_list list, int *run_count, sb_error *err)
{
    for (int i = 0; i < list.count; i++) {
        const bench_case *one = &list.cases[i];
        if (!is_among(one->group, wanted->groups, wanted->group_count) ||
            !is_among(one->name, wanted->names, wanted->name_count) ||
            (one->possible != NULL && !one->possible()))
            continue;
        ++*run_count;
        if (wanted->list)
            printf("%s\t%s\t%s\n", one->group, one->name, one->what);
        else
            SB_TRY(bench_measure(one, &wanted->options, err));
    }
    return SB_OK;
}

static sb_status run_all(const request *wanted, sb_error *err)
{
    const bench_list lists[] = {bench_reference_list(), bench_graph_list(),  bench_files_list(),
                                bench_micro_list(),     bench_frames_list(), bench_machine_list()};
    int run_count = 0;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        SB_TRY(run_list(wanted, lists[i], &run_count, err));
    return run_count > 0 ? SB_OK
                         : sb_fail(err, SB_EUSAGE, "no such benchmark; --list names them all");
}

static bool take_number(const char *text, double most, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && *out >= 0 && *out <= most;
}

/* One option with its value; false when it is not one of ours. */
static bool take_option(request *wanted, const char *name, const char *value)
{
    double number = 0;
    bench_options *options = &wanted->options;
    if (strcmp(name, "--group") == 0 && wanted->group_count < WANTED_MAX)
        wanted->groups[wanted->group_count++] = value;
    else if (strcmp(name, "--name") == 0 && wanted->name_count < WANTED_MAX)
        wanted->names[wanted->name_count++] = value;
    else if (strcmp(name, "--rounds") == 0 && take_number(value, 2000, &number) && number >= 1)
        options->rounds = (uint64_t)number;
    else if (strcmp(name, "--warmup") == 0 && take_number(value, 3600, &number))
        options->warmup_seconds = number;
    else if (strcmp(name, "--max-time") == 0 && take_number(value, 3600, &number))
        options->max_seconds = number;
    else if (strcmp(name, "--clock") == 0 &&
             (strcmp(value, "wall") == 0 || strcmp(value, "cpu") == 0))
        options->cpu_clock = strcmp(value, "cpu") == 0;
    else if (strcmp(name, "--scratch") == 0)
        options->places.scratch = value;
    else if (strcmp(name, "--seedbank") == 0)
        options->places.seedbank = value;
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    request wanted = {.options = {.warmup_seconds = 0.2, .max_seconds = 1.0}};
    sb_error err = {0};
    wanted.options.places = (bench_places){.scratch = "/tmp", .seedbank = NULL};
    if (argc == 3 && strcmp(argv[1], "--probe") == 0)
        return bench_probe(argv[2]);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--list") == 0) {
            wanted.list = true;
            continue;
        }
        if (i + 1 == argc || !take_option(&wanted, argv[i], argv[i + 1])) {
            fprintf(stderr, "seedbank_bench: %s: unknown, without its value, or out of range\n",
                    argv[i]);
            return sb_status_exit(SB_EUSAGE);
        }
        i++;
    }
    sb_status status = run_all(&wanted, &err);
    if (status != SB_OK)
        fprintf(stderr, "seedbank_bench: %s\n", err.text);
    return sb_status_exit(status);
}
