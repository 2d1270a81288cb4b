/* seedbank COMMAND ...: finds the command, reads its options, runs it, and turns how it ended into
 * one line and an exit status. */
#include <string.h>

#include "cli/command.h"

static const sb_command *const commands[SB_COMMAND_COUNT] = {
#define COMMAND(id, name) [SB_COMMAND_##id] = &sb_cmd_##name,
    SB_COMMAND_MAP(COMMAND)
#undef COMMAND
};

static const char overview[] =
    "usage: seedbank COMMAND [options]\n"
    "Synthetic banking data as a function of a spec and a seed.\n"
    "\n"
    "  generate     make a dataset\n"
    "  plan         what generate would do: rows, and bytes, memory, time to expect\n"
    "  regenerate   one shard again, byte for byte, from its manifest\n"
    "  verify       check every row against the seed\n"
    "  merge        part jobs, or a dataset of parts, to one file a kind\n"
    "  cat          rows as NDJSON, CSV or TSV, from files or straight from a spec\n"
    "  show         a person, company, account or transaction with what belongs to it\n"
    "  info         what a dataset or a file is: spec, counts, schema\n"
    "  report       a page with charts of what a dataset holds\n"
    "  version      versions of program, format and content\n"
    "  help COMMAND the options of a command\n"
    "\n"
    "Exit status: 0 done, 1 checked and found wrong, 2 usage, 3 system failure,\n"
    "4 damaged or foreign input, 75 stopped early: run again with --resume.\n"
    "\n"
    "example: seedbank generate --entities 100k --seed 1 --out data\n";

static sb_status print_help(const char *name, sb_output *output, sb_error *err)
{
    if (name == NULL) {
        sb_output_text(output, overview);
        return SB_OK;
    }
    sb_command_id id = sb_command_find(name);
    if (id == SB_COMMAND_COUNT)
        return sb_command_refuse(name, err);
    sb_output_text(output, commands[id]->help);
    return SB_OK;
}

/* "the ID is missing", for the first operand that is. */
static sb_status check_operands(const sb_args *args, const sb_command *command, sb_error *err)
{
    const char *at = command->operands;
    if (args->operand_count >= command->operands_min)
        return SB_OK;
    for (int i = 0; i < args->operand_count; i++)
        at += strcspn(at, " ") + 1;
    return sb_fail(err, SB_EUSAGE, "the %.*s is missing; see 'seedbank %s --help'",
                   (int)strcspn(at, " "), at, sb_command_name(args->command));
}

static sb_status run_command(sb_command_id id, int argc, char **argv, sb_talk *talk,
                             sb_output *output, sb_error *err)
{
    const sb_command *command = commands[id];
    sb_args args;
    talk->command = sb_command_name(id);
    talk->json = sb_args_want_json_log(argc, argv);
    SB_TRY(sb_args_parse(id, command->operands, argc, argv, &args, err));
    talk->quiet = sb_args_has(&args, SB_OPT_QUIET);
    talk->verbose = sb_args_has(&args, SB_OPT_VERBOSE);
    const sb_call call = {&args, talk, output};
    sb_status status = SB_OK;
    if (args.help)
        sb_output_text(output, command->help);
    else if ((status = check_operands(&args, command, err)) == SB_OK)
        status = command->run(&call, err);
    sb_args_close(&args);
    return status;
}

static sb_status dispatch(int argc, char **argv, sb_talk *talk, sb_output *output, sb_error *err)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    if (name == NULL || name[0] == '\0')
        return sb_fail(err, SB_EUSAGE, "no command; see 'seedbank help'");
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        if (argc > 3)
            return sb_fail(err, SB_EUSAGE, "help: '%s' is one argument too many; name one command",
                           argv[3]);
        return print_help(argc > 2 ? argv[2] : NULL, output, err);
    }
    if (strcmp(name, "--version") == 0)
        name = "version";
    sb_command_id id = sb_command_find(name);
    if (id == SB_COMMAND_COUNT)
        return sb_command_refuse(name, err);
    return run_command(id, argc - 2, argv + 2, talk, output, err);
}

int main(int argc, char **argv)
{
    sb_error err = {SB_OK, ""}, end_err = {SB_OK, ""};
    sb_talk talk = {0};
    sb_output output;
    sb_output_begin(&output);
    sb_status status = dispatch(argc, argv, &talk, &output, &err);
    sb_status end = sb_output_end(&output, &end_err);
    if (output.reader_gone && status == SB_ESTOPPED)
        return 0; /* cat | head: all that was wanted was printed */
    if (status == SB_OK && end != SB_OK) {
        status = end;
        err = end_err;
    }
    err.status = status;
    if (status != SB_OK)
        sb_talk_error(&talk, &err);
    return sb_status_exit(status);
}
