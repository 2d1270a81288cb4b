#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "format/manifest.h"
#include "workers/job.h"
#include "workers/spool.h"
#include "workers/workspace.h"

static void work(void *user, uint32_t worker)
{
    sb_worker_run(user, worker);
}

static uint64_t rows_of(const sb_job *job)
{
    uint64_t rows = 0;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        rows += sb_job_has(job, kind) ? sb_expected_rows(job->world, (sb_kind)kind) : 0;
    return sb_muldiv(rows, job->end - job->begin, job->encoding.shards);
}

static void add_notes(const sb_board *board, sb_run_result *run)
{
    for (uint32_t worker = 0; worker < board->worker_count; worker++) {
        run->table_cache_hits += board->notes[worker].cache_hits;
        run->table_cache_misses += board->notes[worker].cache_misses;
        if (board->notes[worker].peak_bytes > run->worker_memory_bytes)
            run->worker_memory_bytes = board->notes[worker].peak_bytes;
    }
}

/* A part is done: its shards, synced, and a receipt that says so. */
static sb_status finish_part(sb_job *job, sb_run_result *run, sb_error *err)
{
    char path[SB_PATH_BYTES];
    uint32_t count = 0;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        if (!sb_job_has(job, kind))
            continue;
        sb_kind_result *of = &run->kinds[run->kind_count++];
        *of = (sb_kind_result){.name = sb_kind_name((sb_kind)kind)};
        for (uint64_t shard = job->begin; shard < job->end; shard++) {
            const sb_shard_kind *piece = &sb_board_slot(job->board, shard)->kinds[kind];
            of->rows += piece->rows;
            of->bytes += piece->packed_bytes;
            of->raw_bytes += piece->raw_bytes;
        }
        sb_kind_path(job->workspace, (sb_kind)kind, path);
        SB_TRY(sb_sync_path(path, err));
    }
    while (count < job->first_journal + job->board->worker_count) {
        sb_journal_path(job->workspace, count++, path, sizeof path);
        if (access(path, F_OK) == 0)
            SB_TRY(sb_sync_path(path, err));
    }
    sb_job_path(job->workspace, "receipt", path);
    SB_TRY(sb_write_file(path, "done\n", 5, err));
    return sb_sync_path(job->workspace, err);
}

/* What a finished dataset holds, by its manifest. */
static sb_status list_finished(const sb_job *job, sb_run_result *run, sb_error *err)
{
    json_t *manifest = NULL;
    SB_TRY(sb_manifest_read(job->dir, &manifest, err));
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        const json_t *listed =
            json_object_get(json_object_get(manifest, "kinds"), sb_kind_name((sb_kind)kind));
        const char *digest = json_string_value(json_object_get(listed, "raw_xxh3"));
        if (listed == NULL)
            continue;
        sb_kind_result *of = &run->kinds[run->kind_count++];
        *of = (sb_kind_result){
            .name = sb_kind_name((sb_kind)kind),
            .rows = (uint64_t)json_integer_value(json_object_get(listed, "rows")),
            .bytes = (uint64_t)json_integer_value(json_object_get(listed, "bytes")),
            .raw_bytes = (uint64_t)json_integer_value(json_object_get(listed, "raw_bytes"))};
        (void)snprintf(of->raw_digest, sizeof of->raw_digest, "%s", digest == NULL ? "" : digest);
    }
    json_decref(manifest);
    return SB_OK;
}

/* From an open job to shards that are all written. */
static sb_status run_job(sb_job *job, sb_run_result *run, bool *finished, int *lock, sb_error *err)
{
    uint64_t worker_bytes = sb_expected_worker_bytes(job->world, &job->encoding);
    uint64_t shards = job->end - job->begin;
    if (job->options->level == 0 && job->encoding.encoder == SB_ENCODER_GENERIC &&
        job->options->log != NULL)
        job->options->log(job->options->log_user, 0,
                          "libzstd here is older than 1.5.4 or takes no sequences: packing by its "
                          "own level 1, which is slower");
    SB_TRY(sb_crew_size(job->options, shards, worker_bytes, &run->workers, run->workers_reason,
                        sizeof run->workers_reason, err));
    SB_TRY(sb_board_open(job->begin, job->end, run->workers, &job->board, err));
    SB_TRY(sb_workspace_prepare(job, finished, lock, err));
    if (*finished || sb_part_is_done(job)) {
        run->nothing_to_do = true;
        return *finished ? list_finished(job, run, err) : SB_OK;
    }
    for (uint64_t shard = job->begin; shard < job->end; shard++)
        run->shards_made +=
            atomic_load(&sb_board_slot(job->board, shard)->state) != SB_SHARD_WRITTEN;
    sb_crew crew = {.board = job->board,
                    .options = job->options,
                    .workers = run->workers,
                    .total_rows = rows_of(job),
                    .body = work,
                    .user = job};
    sb_status status = run->shards_made == 0 ? SB_OK : sb_crew_run(&crew, err);
    run->workers_lost = crew.workers_lost;
    add_notes(job->board, run);
    return status;
}

sb_status sb_generate(const sb_spec *spec, const sb_run_options *options, sb_run_result *out,
                      sb_error *err)
{
    double begin = sb_now_seconds();
    sb_job job;
    bool finished = false;
    int lock = -1;
    SB_TRY(sb_job_open(spec, options, &job, err));
    sb_run_result run = {.shards = job.encoding.shards};
    (void)snprintf(run.dataset, sizeof run.dataset, "%s", sb_spec_dataset(spec));
    sb_status status = run_job(&job, &run, &finished, &lock, err);
    run.seconds = sb_now_seconds() - begin;
    if (status == SB_OK && run.nothing_to_do)
        *out = run;
    else if (status == SB_OK && job.is_part) {
        status = finish_part(&job, &run, err);
        *out = run;
    } else if (status == SB_OK)
        status = sb_job_commit(&job, &run, out, err);
    if (status == SB_OK)
        out->seconds = sb_now_seconds() - begin;
    if (lock >= 0)
        (void)close(lock);
    sb_job_close(&job);
    return status;
}
