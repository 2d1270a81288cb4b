/* What main.c knows of a command: one such thing stands in each cmd_<verb>.c. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"
#include "cli/output.h"
#include "cli/talk.h"
#include "seedbank/status.h"

typedef struct sb_call {
    const sb_args *args;
    sb_talk *talk;
    sb_output *output;
} sb_call;

typedef struct sb_command {
    const char *operands; /* their names, separated by blanks; "" for none */
    int operands_min;     /* how many of them must be there */
    const char *help;     /* fits a screen and shows one example */
    sb_status (*run)(const sb_call *call, sb_error *err);
} sb_command;

/* sb_cmd_generate, ... */
#define SB_COMMAND_EXTERN(id, name) extern const sb_command sb_cmd_##name;
SB_COMMAND_MAP(SB_COMMAND_EXTERN)
#undef SB_COMMAND_EXTERN

#endif
