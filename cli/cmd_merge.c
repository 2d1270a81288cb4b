#include "cli/results.h"
#include "cli/setup.h"

static sb_status run(const sb_call *call, sb_error *err)
{
    sb_run_options options;
    sb_run_result result;
    SB_TRY(sb_setup_run(call, &options, err));
    options.out = call->args->operands[0];
    sb_status status = sb_merge(options.out, &options, &result, err);
    if (status == SB_ESTOPPED)
        return sb_fail(err, status, "stopped early; run seedbank merge %s again", options.out);
    SB_TRY(status);
    sb_results_run(call, options.out, &result);
    return SB_OK;
}

const sb_command sb_cmd_merge = {
    .operands = "DIR",
    .operands_min = 1,
    .run = run,
    .help = "usage: seedbank merge DIR [options]\n"
            "Joins what the jobs of seedbank generate --part I/N left in DIR to the dataset\n"
            "one run would make; or the parts of a finished one to one file a kind.\n"
            "\n"
            "  --sha256          also write SHA256SUMS\n"
            "  --backend fork|omp|serial --workers auto|N --bind auto|none --memory SIZE\n"
            "  --json            the result as JSON      --progress auto|always|never\n"
            "  --log text|json   form of messages        -v more of them   -q errors only\n"
            "\n"
            "example: seedbank merge data\n",
};
