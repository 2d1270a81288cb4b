/* How far a run is: rows, speed and time left, for somebody who is watching.
 *
 * On a terminal one line is redrawn in place and wiped at the end; elsewhere nothing is written,
 * because cron mails whatever a job says. Only one process draws (the coordinator). Every line is
 * flushed at once, so a fork never duplicates half of one. Nothing here can fail a run: what cannot
 * be written is not shown. */
#ifndef WORKERS_PROGRESS_H
#define WORKERS_PROGRESS_H

#include <stdint.h>
#include <stdio.h>

#include "seedbank/status.h"

typedef enum sb_progress_mode {
    SB_PROGRESS_AUTO,   /* on a terminal; not when TERM is "dumb" or CI is set */
    SB_PROGRESS_ALWAYS, /* where no line can be redrawn, plain lines instead */
    SB_PROGRESS_NEVER,
} sb_progress_mode;

typedef struct sb_progress sb_progress;

/* `stream` (stderr) is borrowed until sb_progress_close(). `total_rows` 0: not known, no percentage
 * and no time left. On SB_OK, *out is owned by the caller, whatever the mode: the calls below do
 * nothing when nothing is to be shown. */
SB_CHECK sb_status sb_progress_open(sb_progress_mode mode, uint64_t total_rows, FILE *stream,
                                    sb_progress **out, sb_error *err);

/* Call as often as you like: it draws at most 5 times a second, or a plain line every 2 seconds.
 * Speed and time left count from the first call on, so rows that a resumed run found done don't
 * flatter it. */
void sb_progress_update(sb_progress *progress, uint64_t rows_done, uint64_t bytes_done);

/* Wipes the line so that a message can be written; the next update brings it back. */
void sb_progress_hide(sb_progress *progress);

/* Wipes the line. Where plain lines are written, the last state is the last line. NULL is fine. */
void sb_progress_close(sb_progress *progress);

#endif
