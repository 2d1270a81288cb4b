#include "cli/setup.h"

static sb_status check(const sb_args *args, sb_error *err)
{
    SB_TRY(sb_args_refuse_pair(args, SB_OPT_SAMPLE, SB_OPT_SHARD, "choose one", err));
    SB_TRY(sb_args_refuse_pair(args, SB_OPT_SAMPLE, SB_OPT_INDEPENDENT,
                               "references lead to every shard; leave it out", err));
    SB_TRY(sb_args_refuse_pair(args, SB_OPT_SHARD, SB_OPT_INDEPENDENT,
                               "references lead to every shard; leave it out", err));
    return SB_OK;
}

static void print_json(sb_output *output, const sb_verify_result *result)
{
    sb_output_format(
        output,
        "{\"dataset\":\"%s\",\"ok\":true,\"rows\":%llu,\"raw_bytes\":%llu,\"shards\":%llu,"
        "\"workers\":%u,\"seconds\":%.3f}\n",
        result->dataset, (unsigned long long)result->rows, (unsigned long long)result->raw_bytes,
        (unsigned long long)result->shards, result->workers, result->seconds);
}

/* That something is wrong is a result too. */
static void print_json_wrong(sb_output *output, const sb_error *err)
{
    sb_output_text(output, "{\"ok\":false,\"wrong\":");
    sb_output_json(output, err->text);
    sb_output_text(output, "}\n");
}

static void print_line(const sb_call *call, const sb_verify_result *result)
{
    if (call->talk->quiet)
        return;
    sb_output_format(call->output, "verified %llu rows in %.2f s: %s\n",
                     (unsigned long long)result->rows, result->seconds,
                     sb_args_has(call->args, SB_OPT_INDEPENDENT) ? "references and ledger hold"
                                                                 : "all as the seed says");
}

static sb_status run(const sb_call *call, sb_error *err)
{
    const sb_args *args = call->args;
    bool json = sb_args_has(args, SB_OPT_JSON);
    sb_verify_options options = {
        .tables_dir = args->values[SB_OPT_TABLES],
        .independent = sb_args_has(args, SB_OPT_INDEPENDENT),
        .sample = args->numbers[SB_OPT_SAMPLE],
        .one_shard = sb_args_has(args, SB_OPT_SHARD),
        .shard = args->numbers[SB_OPT_SHARD],
    };
    sb_verify_result result;
    SB_TRY(check(args, err));
    SB_TRY(sb_setup_run(call, &options.run, err));
    sb_status status = sb_verify(args->operands[0], &options, &result, err);
    if (status == SB_ESTOPPED)
        return sb_fail(err, status, "stopped early, nothing wrong so far; run it again");
    if (status == SB_EWRONG && json)
        print_json_wrong(call->output, err);
    SB_TRY(status);
    if (json)
        print_json(call->output, &result);
    else
        print_line(call, &result);
    return SB_OK;
}

const sb_command sb_cmd_verify = {
    .operands = "DIR",
    .operands_min = 1,
    .run = run,
    .help = "usage: seedbank verify DIR [options]\n"
            "Makes every row of a dataset again from its seed and compares; names the first\n"
            "wrong row and field. Exit status 0: all right, 1: wrong, 4: damaged or foreign.\n"
            "\n"
            "  --independent     without the seed: references, uniqueness and ledger\n"
            "  --sample N        only N shards, spread evenly\n"
            "  --shard K         only this shard, counted from 0\n"
            "  --tables DIR      the tables that the dataset was made with, if not ours\n"
            "  --backend fork|omp|serial --workers auto|N --bind auto|none --memory SIZE\n"
            "  --json            the result as JSON      --progress auto|always|never\n"
            "  --log text|json   form of messages        -v more of them   -q errors only\n"
            "\n"
            "example: seedbank verify data\n",
};
