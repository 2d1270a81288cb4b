#include "cli/setup.h"

static const struct {
    sb_option_id option;
    sb_info_what what;
} views[] = {
    {SB_OPT_SCHEMA, SB_INFO_SCHEMA},
    {SB_OPT_DIGEST, SB_INFO_DIGEST},
    {SB_OPT_RUN, SB_INFO_RUN},
    {SB_OPT_LOCALE_LIST, SB_INFO_LOCALES},
};
enum { VIEW_COUNT = sizeof views / sizeof views[0] };

static sb_status check(const sb_args *args, sb_error *err)
{
    for (size_t i = 0; i < VIEW_COUNT; i++)
        for (size_t j = 0; j < i; j++)
            SB_TRY(sb_args_refuse_pair(args, views[i].option, views[j].option, "choose one", err));
    if (args->operand_count == 0 && !sb_args_has(args, SB_OPT_SCHEMA) &&
        !sb_args_has(args, SB_OPT_LOCALE_LIST))
        return sb_fail(err, SB_EUSAGE,
                       "nothing to look at; give a DIR, a FILE, --schema or --locales");
    if (args->operand_count > 0 && sb_args_has(args, SB_OPT_LOCALE_LIST))
        return sb_fail(err, SB_EUSAGE,
                       "--locales: lists what this program has, whatever the path; leave "
                       "one of them out");
    return SB_OK;
}

static sb_status run(const sb_call *call, sb_error *err)
{
    const sb_args *args = call->args;
    sb_info_what what = SB_INFO_SUMMARY;
    const char *kind = args->numbers[SB_OPT_SCHEMA] != 0 ? args->values[SB_OPT_SCHEMA] : NULL;
    SB_TRY(check(args, err));
    for (size_t i = 0; i < VIEW_COUNT; i++)
        if (sb_args_has(args, views[i].option))
            what = views[i].what;
    return sb_info(args->operands[0], what, kind, sb_args_has(args, SB_OPT_JSON), sb_output_take,
                   call->output, err);
}

const sb_command sb_cmd_info = {
    .operands = "DIR|FILE",
    .run = run,
    .help = "usage: seedbank info DIR|FILE [options]\n"
            "       seedbank info --schema [KIND] | --locales\n"
            "Says what a dataset or one of its files is: spec, counts and sizes.\n"
            "\n"
            "  --schema [KIND]   the fields of all kinds or of one: number, name, ? where\n"
            "                    null may stand, type, meaning, unit, values, reference, how\n"
            "                    values are distributed and after what; without a path those\n"
            "                    that this release writes\n"
            "  --digest          the digests of the rows, one kind a line\n"
            "  --run             how the run went: clock, host, versions, timings\n"
            "  --locales         the locales in this release, and the share of each\n"
            "  --json            as JSON\n"
            "\n"
            "example: seedbank info data --schema accounts\n",
};
