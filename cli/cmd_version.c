#include "cli/command.h"
#include "seedbank/version.h"

static sb_status run(const sb_call *call, sb_error *err)
{
    (void)err;
    if (sb_args_has(call->args, SB_OPT_JSON))
        sb_output_format(call->output,
                         "{\"version\":\"%s\",\"format_version\":%d,\"content_version\":%d}\n",
                         SB_VERSION, SB_FORMAT_VERSION, SB_CONTENT_VERSION);
    else
        sb_output_format(call->output, "seedbank %s (format %d, content %d)\n", SB_VERSION,
                         SB_FORMAT_VERSION, SB_CONTENT_VERSION);
    return SB_OK;
}

const sb_command sb_cmd_version = {
    .operands = "",
    .run = run,
    .help = "usage: seedbank version [--json]\n"
            "Prints the versions of the program, of the file format and of the content. Of a\n"
            "spec every release with the same content version makes the same rows.\n"
            "\n"
            "  --json            as one JSON object\n"
            "\n"
            "example: seedbank version\n",
};
