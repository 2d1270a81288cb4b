/* What the command says to people: lines on stderr, as text or as JSON objects. Data and results go
 * to stdout (output.h). */
#ifndef CLI_TALK_H
#define CLI_TALK_H

#include <stdbool.h>

#include "seedbank/status.h"

typedef struct sb_talk {
    const char *command; /* borrowed; NULL before one is known */
    bool json;
    bool quiet;   /* errors only */
    bool verbose; /* information too, not only warnings */
} sb_talk;

/* One line of the library: level 0 a warning, 1 information. Fits sb_run_options.log; `user` is an
 * sb_talk. */
void sb_talk_log(void *user, int level, const char *line);
/* Something the user will want to know whatever the verbosity, -q excepted. */
void sb_talk_note(const sb_talk *talk, const char *line);
/* The line a failed command ends with. */
void sb_talk_error(const sb_talk *talk, const sb_error *error);

#endif
