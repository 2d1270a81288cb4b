/* A job: one run over some shards of a dataset, in a workspace of its own. */
#ifndef WORKERS_JOB_H
#define WORKERS_JOB_H

#include "engine/group.h"
#include "engine/world.h"
#include "workers/board.h"
#include "workers/encoding.h"
#include "workers/journal.h"

enum { SB_PATH_BYTES = 4096 };

typedef struct sb_job {
    const sb_spec *spec;
    sb_world *world; /* owned */
    sb_encoding encoding;
    const sb_run_options *options;
    sb_kind_set kinds;
    char dir[SB_PATH_BYTES];       /* the dataset's */
    char workspace[SB_PATH_BYTES]; /* DIR/.seedbank, or a part's directory in it */
    uint64_t begin, end;           /* shards of this job */
    bool is_part;
    /* Of merged files: the header frame, and where data begins; of part jobs data begins at 0. */
    sb_bytes headers[SB_KIND_COUNT];
    uint64_t data_begin[SB_KIND_COUNT];
    int files[SB_KIND_COUNT]; /* merged: the temporary files; -1 else */
    uint32_t first_journal;   /* journals below are of runs before this one */
    sb_board *board;          /* owned */
} sb_job;

/* World, encoding, shards, headers; nothing on disk yet. */
SB_CHECK sb_status sb_job_open(const sb_spec *spec, const sb_run_options *options, sb_job *out,
                               sb_error *err);
void sb_job_close(sb_job *job);
/* A path below DIR or the workspace. */
void sb_job_path(const char *dir, const char *name, char out[SB_PATH_BYTES]);
/* A clock for how long things take; of this layer only, no row hears of it. */
double sb_now_seconds(void);
/* The file of a kind: "<dir>/persons.msgpack.zst", and of one of its parts. */
void sb_kind_path(const char *dir, sb_kind kind, char out[SB_PATH_BYTES]);
void sb_part_path(const char *dir, sb_kind kind, uint64_t part, char out[SB_PATH_BYTES]);
static inline bool sb_job_has(const sb_job *job, int kind)
{
    return job->kinds >> kind & 1;
}

/* ---- a worker (worker.c) -------------------------------------------------------------------- */

/* Makes shards until there are none left, or something fails; what went wrong stands on the board.
 */
void sb_worker_run(sb_job *job, uint32_t worker);

/* ---- running them (run.c) ------------------------------------------------------------------- */

/* Called for each worker; the body of a forked child or a thread. */
typedef void (*sb_worker_body)(void *user, uint32_t worker);

typedef struct sb_crew {
    sb_board *board;
    const sb_run_options *options;
    uint32_t workers;
    uint64_t total_rows; /* for progress; 0: unknown */
    sb_worker_body body;
    void *user;
    uint32_t workers_lost; /* out */
} sb_crew;

/* How many workers: min(option, affinity, quota, memory), and not more than there are shards. */
SB_CHECK sb_status sb_crew_size(const sb_run_options *options, uint64_t shards,
                                uint64_t worker_bytes, uint32_t *workers, char *reason,
                                size_t reason_bytes, sb_error *err);
/* Runs them all with the backend of the options; a forked worker that dies is replaced. Returns
 * what the board says failed, SB_ESTOPPED, or SB_OK. */
SB_CHECK sb_status sb_crew_run(sb_crew *crew, sb_error *err);

/* ---- finishing (commit.c) ------------------------------------------------------------------- */

/* All shards of the job are written: completes the files, puts them under their names, writes the
 * manifest, run.json and, if asked for, SHA256SUMS, and removes the workspace. */
SB_CHECK sb_status sb_job_commit(sb_job *job, const sb_run_result *run, sb_run_result *out,
                                 sb_error *err);

/* What a directory holds. */
typedef enum sb_dir_state {
    SB_DIR_FREE,
    SB_DIR_FOREIGN,
    SB_DIR_UNFINISHED,
    SB_DIR_FINISHED
} sb_dir_state;
sb_dir_state sb_dir_look(const char *dir);

#endif
