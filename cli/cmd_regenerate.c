#include "cli/setup.h"

static sb_status run(const sb_call *call, sb_error *err)
{
    const sb_args *args = call->args;
    SB_TRY(sb_args_require(args, SB_OPT_SHARD, err));
    SB_TRY(sb_args_require(args, SB_OPT_OUT, err));
    return sb_regenerate(args->operands[0], args->values[SB_OPT_TABLES],
                         args->numbers[SB_OPT_SHARD], args->values[SB_OPT_KIND],
                         args->values[SB_OPT_OUT], err);
}

const sb_command sb_cmd_regenerate = {
    .operands = "MANIFEST",
    .operands_min = 1,
    .run = run,
    .help = "usage: seedbank regenerate MANIFEST --shard K --out PATH [options]\n"
            "Makes one shard of a finished dataset again, byte for byte, from its manifest\n"
            "alone. The manifest says where in which file these bytes belong.\n"
            "\n"
            "  --shard K         which one, counted from 0\n"
            "  --kind KIND       only this kind; PATH is then a file, else a directory\n"
            "  --out PATH        must not be there yet\n"
            "  --tables DIR      the tables that the dataset was made with, if not ours\n"
            "\n"
            "example: seedbank regenerate data/manifest.json --shard 3 --out again\n",
};
