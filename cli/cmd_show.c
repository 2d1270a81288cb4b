#include <string.h>

#include "cli/setup.h"

static sb_status check(const sb_args *args, sb_error *err)
{
    static const char *const whats[] = {"person", "company", "account", "transaction"};
    enum { WHAT_COUNT = sizeof whats / sizeof whats[0] };
    const char *what = args->operands[0];
    bool known = false;
    for (size_t i = 0; i < WHAT_COUNT; i++)
        known = known || strcmp(what, whats[i]) == 0;
    if (!known) {
        const char *nearest = sb_nearest(what, whats, WHAT_COUNT);
        if (nearest != NULL)
            return sb_fail(err, SB_EUSAGE, "%s: cannot be shown; did you mean %s?", what, nearest);
        return sb_fail(err, SB_EUSAGE,
                       "%s: cannot be shown; choose from: person company account transaction",
                       what);
    }
    if (args->operand_count < 3)
        return SB_OK;
    SB_TRY(sb_args_refuse_spec(args, false,
                               "has no effect beside a path, which has its own spec; leave "
                               "one of them out",
                               err));
    return SB_OK;
}

static sb_status run(const sb_call *call, sb_error *err)
{
    const sb_args *args = call->args;
    sb_spec *spec;
    SB_TRY(check(args, err));
    if (args->operand_count == 3)
        SB_TRY(sb_spec_of_path(args->operands[2], args->values[SB_OPT_TABLES], &spec, err));
    else
        SB_TRY(sb_setup_spec(call, &spec, err));
    sb_status status = sb_show(spec, args->operands[0], args->operands[1],
                               sb_args_has(args, SB_OPT_JSON), sb_output_take, call->output, err);
    sb_spec_close(spec);
    return status;
}

const sb_command sb_cmd_show = {
    .operands = "WHAT ID DIR",
    .operands_min = 2,
    .run = run,
    .help = "usage: seedbank show person|company|account|transaction ID DIR [options]\n"
            "       seedbank show ... ID [spec options of seedbank generate] [options]\n"
            "Prints one entity with what belongs to it: owner, holders, accounts, messages,\n"
            "and an account's statement with its running balance. Only the spec is used, of\n"
            "the dataset in DIR or of the options; the data need not be there.\n"
            "\n"
            "  ID                id or uid (42, P42), of an account also number or IBAN\n"
            "  --json            as one JSON object\n"
            "  --tables DIR      the tables that the dataset was made with, if not ours\n"
            "  -q                do not tell the seed that --seed random drew\n"
            "\n"
            "example: seedbank show account 17 data\n",
};
