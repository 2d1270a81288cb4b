#include "cli/setup.h"

_Static_assert(SB_PRINT_NDJSON == 0 && SB_PRINT_CSV == 1 && SB_PRINT_TSV == 2, "as in options.c");

static sb_status check(const sb_args *args, sb_error *err)
{
    SB_TRY(
        sb_args_refuse_pair(args, SB_OPT_ID, SB_OPT_HEAD, "an id has one row; leave it out", err));
    if (args->operand_count > 0)
        return sb_args_refuse_spec(args, true,
                                   "has no effect beside a path, which has its own spec; "
                                   "leave one of them out",
                                   err);
    if (!sb_args_has(args, SB_OPT_KIND))
        return sb_fail(err, SB_EUSAGE, "nothing to print; give a DIR, a FILE or --kind KIND");
    return SB_OK;
}

static sb_status cat_spec(const sb_call *call, const sb_cat_options *options, sb_error *err)
{
    sb_spec *spec;
    SB_TRY(sb_setup_spec(call, &spec, err));
    sb_status status = sb_cat_spec(spec, options, sb_output_take, call->output, err);
    sb_spec_close(spec);
    return status;
}

static sb_status run(const sb_call *call, sb_error *err)
{
    const sb_args *args = call->args;
    const sb_cat_options options = {
        .kind = args->values[SB_OPT_KIND],
        .range_given = sb_args_has(args, SB_OPT_ROWS),
        .first_row = args->numbers[SB_OPT_ROWS],
        .end_row = args->seconds[SB_OPT_ROWS],
        .id = args->values[SB_OPT_ID],
        .where = args->wheres,
        .where_count = args->where_count,
        .head_given = sb_args_has(args, SB_OPT_HEAD),
        .head = args->numbers[SB_OPT_HEAD],
        .format = (sb_print_format)args->numbers[SB_OPT_TO],
        .raw = sb_args_has(args, SB_OPT_RAW),
        .derived = sb_args_has(args, SB_OPT_DERIVED),
    };
    SB_TRY(check(args, err));
    if (args->operand_count == 0)
        return cat_spec(call, &options, err);
    return sb_cat_path(args->operands[0], &options, sb_output_take, call->output, err);
}

const sb_command sb_cmd_cat = {
    .operands = "DIR|FILE",
    .run = run,
    .help = "usage: seedbank cat DIR|FILE [options]\n"
            "       seedbank cat --kind KIND [spec options of seedbank generate] [options]\n"
            "Prints rows: of a dataset, of one of its files, or straight from a spec with no\n"
            "data on disk. Times are ISO 8601 UTC, money has its decimals.\n"
            "\n"
            "  --to ndjson|csv|tsv (ndjson)\n"
            "  --kind KIND       persons, companies, accounts, transactions, entries,\n"
            "                    communications, devices, logins, trades, trips, documents or\n"
            "                    relationships\n"
            "  --rows A:B        by place in the kind, from 0, B exclusive; A: and :B too\n"
            "  --id ID           the row with this id\n"
            "  --where FIELD=VALUE  rows whose field prints as VALUE; repeated: all must hold\n"
            "  --head N          no more than N rows\n"
            "  --raw             integers as they are stored\n"
            "  --derived         also fields computed for printing: uid, full_name, age\n"
            "  -q                do not tell the seed that --seed random drew\n"
            "\n"
            "example: seedbank cat data --kind transactions --where channel=atm --head 5\n",
};
