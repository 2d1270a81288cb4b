#include "cli/results.h"

#include <unistd.h>

typedef unsigned long long ull;

/* ---- tables --------------------------------------------------------------------------------- */

static void print_head(sb_output *output)
{
    sb_output_format(output, "%-16s %16s %18s %18s\n", "kind", "rows", "bytes", "raw bytes");
}

static void print_line(sb_output *output, const char *name, uint64_t rows, uint64_t bytes,
                       uint64_t raw_bytes)
{
    sb_output_format(output, "%-16s %16llu %18llu %18llu\n", name, (ull)rows, (ull)bytes,
                     (ull)raw_bytes);
}

static void run_table(sb_output *output, const char *dir, const sb_run_result *result)
{
    char size[SB_SIZE_TEXT_BYTES];
    uint64_t rows = 0, bytes = 0, raw_bytes = 0;
    if (result->nothing_to_do) {
        sb_output_format(output, "%s is finished: nothing to do\n", dir);
        return;
    }
    print_head(output);
    for (uint32_t i = 0; i < result->kind_count; i++) {
        const sb_kind_result *kind = &result->kinds[i];
        print_line(output, kind->name, kind->rows, kind->bytes, kind->raw_bytes);
        rows += kind->rows;
        bytes += kind->bytes;
        raw_bytes += kind->raw_bytes;
    }
    print_line(output, "all", rows, bytes, raw_bytes);
    sb_output_format(output, "dataset %s in %s: %s in %.2f s, %u worker%s (%s)\n", result->dataset,
                     dir, sb_size_text(bytes, size), result->seconds, result->workers,
                     result->workers == 1 ? "" : "s", result->workers_reason);
}

static void plan_table(sb_output *output, const sb_plan_result *plan)
{
    char size[SB_SIZE_TEXT_BYTES], memory[SB_SIZE_TEXT_BYTES];
    uint64_t rows = 0;
    bool bound = false;
    print_head(output);
    for (uint32_t i = 0; i < plan->kind_count; i++) {
        const sb_plan_kind *kind = &plan->kinds[i];
        print_line(output, kind->name, kind->rows, kind->bytes, kind->raw_bytes);
        rows += kind->rows;
        bound = bound || kind->rows_are_a_bound;
    }
    print_line(output, "all", rows, plan->bytes, plan->raw_bytes);
    sb_output_format(output, "rows are exact%s, bytes expected: %s\n",
                     bound ? " (of entries at most)" : "", sb_size_text(plan->bytes, size));
    sb_output_format(output, "dataset %s: cells %llu, groups %llu, shards %llu, layout %s\n",
                     plan->dataset, (ull)plan->cells, (ull)plan->groups, (ull)plan->shards,
                     plan->parts_layout ? "parts" : "merged");
    sb_output_format(output, "%u worker%s (%s), %s each, about %.1f s\n", plan->workers,
                     plan->workers == 1 ? "" : "s", plan->workers_reason,
                     sb_size_text(plan->memory_bytes_per_worker, memory), plan->seconds);
    for (uint32_t i = 0; i < plan->repeat_count; i++)
        sb_output_format(output, "repeats: %s: %llu values for %llu uses\n", plan->repeats[i].what,
                         (ull)plan->repeats[i].values, (ull)plan->repeats[i].uses);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

/* ,"name":"text" */
static void json_text(sb_output *output, const char *name, const char *text)
{
    sb_output_format(output, ",\"%s\":", name);
    sb_output_json(output, text);
}

static void json_number(sb_output *output, const char *name, uint64_t number)
{
    sb_output_format(output, ",\"%s\":%llu", name, (ull)number);
}

static void run_json(sb_output *output, const char *dir, const sb_run_result *result)
{
    uint64_t rows = 0, bytes = 0, raw_bytes = 0;
    sb_output_text(output, "{\"dataset\":");
    sb_output_json(output, result->dataset);
    json_text(output, "out", dir);
    sb_output_format(output, ",\"seconds\":%.3f", result->seconds);
    json_number(output, "workers", result->workers);
    json_text(output, "workers_reason", result->workers_reason);
    json_number(output, "workers_lost", result->workers_lost);
    json_number(output, "shards", result->shards);
    json_number(output, "shards_made", result->shards_made);
    sb_output_format(output, ",\"nothing_to_do\":%s", result->nothing_to_do ? "true" : "false");
    sb_output_text(output, ",\"kinds\":{");
    for (uint32_t i = 0; i < result->kind_count; i++) {
        const sb_kind_result *kind = &result->kinds[i];
        sb_output_format(output, "%s\"%s\":{\"rows\":%llu,\"bytes\":%llu,\"raw_bytes\":%llu",
                         i > 0 ? "," : "", kind->name, (ull)kind->rows, (ull)kind->bytes,
                         (ull)kind->raw_bytes);
        json_text(output, "raw_digest", kind->raw_digest);
        sb_output_text(output, "}");
        rows += kind->rows;
        bytes += kind->bytes;
        raw_bytes += kind->raw_bytes;
    }
    sb_output_text(output, "}");
    json_number(output, "rows", rows);
    json_number(output, "bytes", bytes);
    json_number(output, "raw_bytes", raw_bytes);
    sb_output_format(output, ",\"table_cache\":{\"hits\":%llu,\"misses\":%llu}",
                     (ull)result->table_cache_hits, (ull)result->table_cache_misses);
    json_number(output, "memory_per_worker_bytes", result->worker_memory_bytes);
    sb_output_text(output, "}\n");
}

static void plan_json(sb_output *output, const sb_plan_result *plan)
{
    uint64_t rows = 0;
    sb_output_text(output, "{\"dataset\":");
    sb_output_json(output, plan->dataset);
    sb_output_text(output, ",\"kinds\":{");
    for (uint32_t i = 0; i < plan->kind_count; i++) {
        const sb_plan_kind *kind = &plan->kinds[i];
        sb_output_format(output, "%s\"%s\":{\"rows\":%llu,%s\"bytes\":%llu,\"raw_bytes\":%llu}",
                         i > 0 ? "," : "", kind->name, (ull)kind->rows,
                         kind->rows_are_a_bound ? "\"rows_are_a_bound\":true," : "",
                         (ull)kind->bytes, (ull)kind->raw_bytes);
        rows += kind->rows;
    }
    sb_output_text(output, "}");
    json_number(output, "rows", rows);
    json_number(output, "bytes", plan->bytes);
    json_number(output, "raw_bytes", plan->raw_bytes);
    json_number(output, "cells", plan->cells);
    json_number(output, "groups", plan->groups);
    json_number(output, "shards", plan->shards);
    json_text(output, "layout", plan->parts_layout ? "parts" : "merged");
    json_number(output, "workers", plan->workers);
    json_text(output, "workers_reason", plan->workers_reason);
    json_number(output, "memory_per_worker_bytes", plan->memory_bytes_per_worker);
    sb_output_format(output, ",\"seconds\":%.1f,\"repeats\":[", plan->seconds);
    for (uint32_t i = 0; i < plan->repeat_count; i++) {
        sb_output_text(output, i > 0 ? ",{\"what\":" : "{\"what\":");
        sb_output_json(output, plan->repeats[i].what);
        json_number(output, "values", plan->repeats[i].values);
        json_number(output, "uses", plan->repeats[i].uses);
        sb_output_text(output, "}");
    }
    sb_output_text(output, "]}\n");
}

void sb_results_run(const sb_call *call, const char *dir, const sb_run_result *result)
{
    if (sb_args_has(call->args, SB_OPT_JSON))
        run_json(call->output, dir, result);
    else if (call->talk->verbose || (isatty(STDOUT_FILENO) && !call->talk->quiet))
        run_table(call->output, dir, result);
}

void sb_results_plan(const sb_call *call, const sb_plan_result *result)
{
    if (sb_args_has(call->args, SB_OPT_JSON))
        plan_json(call->output, result);
    else
        plan_table(call->output, result);
}
