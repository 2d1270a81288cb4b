#include "cli/results.h"
#include "cli/setup.h"

static sb_status check(const sb_args *args, sb_error *err)
{
    SB_TRY(sb_args_require(args, SB_OPT_OUT, err));
    SB_TRY(sb_args_refuse_pair(args, SB_OPT_RESUME, SB_OPT_FORCE,
                               "one keeps what is there, the other replaces it; choose one", err));
    SB_TRY(sb_args_refuse_pair(args, SB_OPT_SHA256, SB_OPT_PART, "give it to seedbank merge", err));
    return SB_OK;
}

static sb_status run(const sb_call *call, sb_error *err)
{
    sb_run_options options;
    sb_run_result result;
    sb_spec *spec;
    SB_TRY(check(call->args, err));
    SB_TRY(sb_setup_run(call, &options, err));
    SB_TRY(sb_setup_spec(call, &spec, err));
    sb_status status = sb_generate(spec, &options, &result, err);
    sb_spec_close(spec);
    SB_TRY(status);
    sb_results_run(call, options.out, &result);
    return SB_OK;
}

const sb_command sb_cmd_generate = {
    .operands = "",
    .run = run,
    .help = "usage: seedbank generate --out DIR [options]\n"
            "Makes a dataset in DIR from a spec and a seed: a file a kind, manifest.json.\n"
            "\n"
            "What is made; the rows depend on nothing else:\n"
            "  --spec FILE       a spec or manifest (JSON); options replace what it says\n"
            "  --seed N|0xHEX|random (0)         --profile demo|aml|finbench (demo)\n"
            "  --entities N      of all kinds together: 50000, 2.5k, 1m (the default), 1b\n"
            "  --persons N --companies N --accounts N --transactions N --communications N\n"
            "  --devices N --logins N --trades N --trips N --documents N --relationships N\n"
            "  --all-kinds       these six too, so many a person\n"
            "  --entries         also a row for each booking of each account\n"
            "  --start DATE  --end DATE (exclusive)  --locales LIST  --tables DIR\n"
            "  --typologies off  --labels separate|inline|none\n"
            "How it is stored:\n"
            "  --level 1..19     --layout auto|merged|parts  --shards auto|N  --sha256\n"
            "  --part I/N        only part I of N, from 0 or from 1; see seedbank merge\n"
            "How it is run; the bytes do not depend on it:\n"
            "  --resume  complete a run that was stopped   --force  replace a dataset\n"
            "  --backend fork|omp|serial --workers auto|N --bind auto|none --memory SIZE\n"
            "  --json            the result as JSON      --progress auto|always|never\n"
            "  --log text|json   form of messages        -v more of them   -q errors only\n"
            "\n"
            "example: seedbank generate --entities 10m --seed 7 --out data\n",
};
