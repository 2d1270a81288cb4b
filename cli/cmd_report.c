#include "cli/command.h"
#include "seedbank/seedbank.h"

static sb_status run(const sb_call *call, sb_error *err)
{
    const sb_args *args = call->args;
    SB_TRY(sb_args_require(args, SB_OPT_OUT, err));
    return sb_report(args->operands[0], args->values[SB_OPT_OUT], err);
}

const sb_command sb_cmd_report = {
    .operands = "DIR",
    .operands_min = 1,
    .run = run,
    .help = "usage: seedbank report DIR -o FILE.html\n"
            "Shows what a finished dataset holds: one HTML page with charts and tables, which\n"
            "needs no network and no script, and prints.\n"
            "\n"
            "  -o, --out FILE    where to write; a page that is there is replaced, and only\n"
            "                    when the new one is complete\n"
            "\n"
            "example: seedbank report data -o data.html\n",
};
