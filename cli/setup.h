/* From options to what the library takes: specs and run options. */
#ifndef CLI_SETUP_H
#define CLI_SETUP_H

#include "cli/command.h"
#include "seedbank/seedbank.h"

/* The sealed spec that the options describe: --spec first, then the others, wherever they stood. A
 * random seed is drawn here and told on stderr, since without it the rows could not be had again.
 * On SB_OK, owned by the caller; pair with sb_spec_close(). */
SB_CHECK sb_status sb_setup_spec(const sb_call *call, sb_spec **out, sb_error *err);

/* Fills in all options of running and encoding that were given, and makes signals stop the run.
 * SB_EUSAGE for options that contradict each other. */
SB_CHECK sb_status sb_setup_run(const sb_call *call, sb_run_options *out, sb_error *err);

#endif
