/* Runs workers: as forked processes, as OpenMP threads, or in turn in this one. */
#include <errno.h>
#include <omp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "workers/job.h"
#include "workers/limits.h"
#include "workers/progress.h"
#include "workers/topology.h"

sb_status sb_crew_size(const sb_run_options *options, uint64_t shards, uint64_t worker_bytes,
                       uint32_t *workers, char *reason, size_t reason_bytes, sb_error *err)
{
    sb_limits limits;
    if (options->memory_bytes > 0 && options->memory_bytes < worker_bytes)
        return sb_fail(err, SB_EUSAGE,
                       "--memory: %llu bytes are less than the %llu that one worker may need",
                       (unsigned long long)options->memory_bytes, (unsigned long long)worker_bytes);
    SB_TRY(sb_limits_read(NULL, NULL, &limits, err));
    uint32_t wanted = options->backend == SB_BACKEND_SERIAL ? 1 : options->workers;
    uint32_t count = sb_limits_workers(&limits, wanted, worker_bytes, options->memory_bytes, reason,
                                       reason_bytes);
    if (count > SB_WORKERS_MAX)
        count = SB_WORKERS_MAX;
    if (count > shards && shards > 0) {
        count = (uint32_t)shards;
        (void)snprintf(reason, reason_bytes, "number of shards");
    }
    *workers = count;
    return SB_OK;
}

static void say(const sb_crew *crew, int level, const char *line)
{
    if (crew->options->log != NULL)
        crew->options->log(crew->options->log_user, level, line);
}

static sb_status outcome(const sb_crew *crew, sb_error *err)
{
    const sb_error *failure = sb_board_failure(crew->board);
    if (failure != NULL)
        return sb_fail(err, failure->status, "%s", failure->text);
    if (atomic_load(&crew->board->stop) != 0)
        return sb_fail(err, SB_ESTOPPED, "stopped early; run again with --resume to complete it");
    return SB_OK;
}

static void show_progress(const sb_crew *crew, sb_progress *progress)
{
    if (progress != NULL)
        sb_progress_update(progress, atomic_load(&crew->board->rows_done),
                           atomic_load(&crew->board->raw_bytes_done));
}

static void pass_on_stop(const sb_crew *crew)
{
    if (crew->options->stop != NULL && *crew->options->stop != 0)
        atomic_store(&crew->board->stop, 1);
}

/* ---- forked --------------------------------------------------------------------------------- */

/* How long nothing is looked at while workers work: signals, progress, workers that were killed. */
enum { PAUSE_NS = 20000000 };

static void run_child(sb_crew *crew, sb_topology *topology, uint32_t worker, pid_t parent)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
    /* Only the coordinator hears signals; it tells us by the board. */
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
        (void)signal(ignored[i], SIG_IGN);
    /* If the coordinator dies, so do we: nobody would finish what we write. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(3);
    if (topology != NULL)
        (void)!sb_topology_bind(topology, worker, crew->workers, NULL);
    crew->body(crew->user, worker);
    _exit(0);
}

static sb_status start_child(sb_crew *crew, sb_topology *topology, uint32_t worker, pid_t *out,
                             sb_error *err)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0)
        return sb_fail(err, SB_EIO, "no worker can be started: %s", strerror(errno));
    if (pid == 0)
        run_child(crew, topology, worker, parent);
    *out = pid;
    return SB_OK;
}

/* A worker that did not end by itself: its shards go to another. */
static sb_status replace_child(sb_crew *crew, sb_topology *topology, uint32_t worker, int status,
                               pid_t *pid, sb_error *err)
{
    char line[160];
    uint64_t shard = 0;
    crew->workers_lost++;
    (void)snprintf(line, sizeof line, "worker %u was lost (%s %d); its shards go to another",
                   worker, WIFSIGNALED(status) ? "signal" : "exit status",
                   WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    say(crew, 0, line);
    if (!sb_board_release(crew->board, worker, &shard)) {
        atomic_store(&crew->board->stop, 1);
        return sb_fail(
            err, SB_EWORKER,
            "shard %llu: three workers in a row were lost on it; is there enough memory?",
            (unsigned long long)shard);
    }
    return start_child(crew, topology, worker, pid, err);
}

static sb_status run_forked(sb_crew *crew, sb_progress *progress, sb_error *err)
{
    sb_topology *topology = NULL;
    sb_status status = SB_OK;
    uint32_t living = 0;
    sigset_t children, before;
    pid_t *pids = calloc(crew->workers, sizeof *pids);
    if (pids == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for workers");
    /* A worker's end wakes us at once, where no other thread of the caller takes the signal: a run
     * of half a second would wait for nothing for one in fifty of them. */
    (void)sigemptyset(&children);
    (void)sigaddset(&children, SIGCHLD);
    (void)pthread_sigmask(SIG_BLOCK, &children, &before);
    if (!crew->options->bind_none && sb_topology_may_place(crew->workers) &&
        sb_topology_open(&topology, NULL) != SB_OK)
        topology = NULL; /* unbound workers are slower on large machines, not wrong */
    for (uint32_t w = 0; w < crew->workers && status == SB_OK; w++) {
        status = start_child(crew, topology, w, &pids[w], err);
        living += status == SB_OK;
    }
    if (status != SB_OK)
        atomic_store(&crew->board->stop, 1);
    while (living > 0) {
        for (uint32_t w = 0; w < crew->workers; w++) {
            int ended = 0;
            if (pids[w] <= 0 || waitpid(pids[w], &ended, WNOHANG) != pids[w])
                continue;
            pids[w] = 0;
            living--;
            if (WIFEXITED(ended) && WEXITSTATUS(ended) == 0)
                continue;
            if (status == SB_OK && atomic_load(&crew->board->stop) == 0)
                status = replace_child(crew, topology, w, ended, &pids[w], err);
            living += pids[w] > 0;
        }
        pass_on_stop(crew);
        show_progress(crew, progress);
        if (living > 0) {
            const struct timespec pause = {0, PAUSE_NS};
            (void)sigtimedwait(&children, NULL, &pause);
        }
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    sb_topology_close(topology);
    free(pids);
    return status != SB_OK ? status : outcome(crew, err);
}

/* ---- threads -------------------------------------------------------------------------------- */

static sb_status run_threads(sb_crew *crew, sb_progress *progress, sb_error *err)
{
    sb_topology *topology = NULL;
    atomic_uint ended = 0;
    if (!crew->options->bind_none && sb_topology_may_place(crew->workers) &&
        sb_topology_open(&topology, NULL) != SB_OK)
        topology = NULL;
        /* One thread more than workers: the coordinator's, which hears the stop flag and shows
         * progress. */
#pragma omp parallel num_threads(crew->workers + 1)
    {
        uint32_t team = (uint32_t)omp_get_num_threads(), me = (uint32_t)omp_get_thread_num();
        if (team == 1) { /* the runtime gave no threads: all in turn */
            for (uint32_t w = 0; w < crew->workers; w++)
                crew->body(crew->user, w);
        } else if (me == 0) {
            while (atomic_load(&ended) + 1 < team) {
                const struct timespec pause = {0, 2000000};
                pass_on_stop(crew);
                show_progress(crew, progress);
                (void)nanosleep(&pause, NULL);
            }
        } else {
            if (topology != NULL)
                (void)!sb_topology_bind(topology, me - 1, crew->workers, NULL);
            crew->body(crew->user, me - 1);
            atomic_fetch_add(&ended, 1);
        }
    }
    sb_topology_close(topology);
    return outcome(crew, err);
}

static sb_status run_serial(sb_crew *crew, sb_progress *progress, sb_error *err)
{
    crew->body(crew->user, 0);
    show_progress(crew, progress);
    return outcome(crew, err);
}

sb_status sb_crew_run(sb_crew *crew, sb_error *err)
{
    static const sb_progress_mode modes[] = {[SB_SHOW_PROGRESS_AUTO] = SB_PROGRESS_AUTO,
                                             [SB_SHOW_PROGRESS_ALWAYS] = SB_PROGRESS_ALWAYS,
                                             [SB_SHOW_PROGRESS_NEVER] = SB_PROGRESS_NEVER};
    sb_progress *progress = NULL;
    SB_TRY(
        sb_progress_open(modes[crew->options->progress], crew->total_rows, stderr, &progress, err));
    bool single = crew->board->end - crew->board->begin <= 1;
    sb_status status;
    if (crew->options->backend == SB_BACKEND_OMP && crew->workers > 1)
        status = run_threads(crew, progress, err);
    else if (crew->options->backend == SB_BACKEND_FORK && !single)
        status = run_forked(crew, progress, err);
    else
        status = run_serial(crew, progress, err);
    sb_progress_close(progress);
    return status;
}
