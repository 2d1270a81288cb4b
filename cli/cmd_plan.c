#include "cli/results.h"
#include "cli/setup.h"

static sb_status run(const sb_call *call, sb_error *err)
{
    sb_run_options options;
    sb_plan_result result;
    sb_spec *spec;
    SB_TRY(sb_setup_run(call, &options, err));
    SB_TRY(sb_setup_spec(call, &spec, err));
    sb_status status = sb_plan(spec, &options, &result, err);
    sb_spec_close(spec);
    SB_TRY(status);
    sb_results_plan(call, &result);
    return SB_OK;
}

const sb_command sb_cmd_plan = {
    .operands = "",
    .run = run,
    .help = "usage: seedbank plan [options]\n"
            "Says what seedbank generate would do with these options, and writes nothing:\n"
            "exact rows, bytes, memory and time to expect, which identifiers will repeat.\n"
            "\n"
            "What would be made (see seedbank help generate):\n"
            "  --spec FILE --seed N|0xHEX|random --profile demo|aml|finbench --entities N\n"
            "  --persons N --companies N --accounts N --transactions N --communications N\n"
            "  --devices N --logins N --trades N --trips N --documents N --relationships N\n"
            "  --all-kinds  --entries  --start DATE  --end DATE  --locales LIST  --tables DIR\n"
            "  --typologies off  --labels separate|inline|none\n"
            "How:\n"
            "  --level 1..19  --layout auto|merged|parts  --shards auto|N\n"
            "  --backend fork|omp|serial  --workers auto|N  --memory SIZE\n"
            "  --json            the plan as JSON        -v  more messages   -q  errors only\n"
            "\n"
            "example: seedbank plan --profile aml --entities 1b\n",
};
