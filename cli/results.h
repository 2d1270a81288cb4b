/* What runs and plans came to: a table for people, a JSON object for programs. */
#ifndef CLI_RESULTS_H
#define CLI_RESULTS_H

#include "cli/command.h"
#include "seedbank/seedbank.h"

/* Of generate and merge. JSON when asked for; else the table on a terminal or with -v, for a batch
 * job that went well has nothing to say. */
void sb_results_run(const sb_call *call, const char *dir, const sb_run_result *result);
void sb_results_plan(const sb_call *call, const sb_plan_result *result);

#endif
