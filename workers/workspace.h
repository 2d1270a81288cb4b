/* The workspace of a job: DIR/.seedbank (or a part's directory in it) with temporary files,
 * journals, and job.json, which says what is being made, so that only the same job can go on with
 * it. */
#ifndef WORKERS_WORKSPACE_H
#define WORKERS_WORKSPACE_H

#include "workers/job.h"

/* Makes or takes over the workspace, as the options say (resume, force), locks it, opens the files,
 * and, on resume, marks on the board what is written already. *finished: --resume found a finished
 * dataset of this very spec. `lock_out` is closed by the caller when the job is over. */
SB_CHECK sb_status sb_workspace_prepare(sb_job *job, bool *finished, int *lock_out, sb_error *err);

/* Whether a part job has its receipt: nothing is left to make. */
bool sb_part_is_done(const sb_job *job);

/* Opens the temporary data files of a merged job. */
SB_CHECK sb_status sb_workspace_open_files(sb_job *job, sb_error *err);

/* Reads all journals of a workspace into the board: slots get kinds, journal and offset, and
 * `state`. Records of shards outside the board are left alone. *journals_out: one more than the
 * highest number. */
SB_CHECK sb_status sb_workspace_load(const char *workspace, sb_board *board, int state,
                                     uint32_t *journals_out, sb_error *err);

#endif
