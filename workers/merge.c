/* Merging: finished part jobs, or the parts of a finished dataset, to one dataset. Frames do not
 * depend on shards or parts, so nothing is compressed again: ranges of bytes are copied to where
 * they belong, in parallel, inside the kernel where it can, and what stands around them is written
 * anew. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/manifest.h"
#include "format/reader.h"
#include "workers/job.h"
#include "workers/spool.h"
#include "workers/workspace.h"

enum { PARTS_MAX = 100000 };

typedef struct merging {
    sb_job job;
    uint32_t part_count; /* of part jobs; 0: the parts of a finished dataset */
} merging;

static void part_dir(const char *dir, uint32_t part, uint32_t count, char out[SB_PATH_BYTES])
{
    (void)snprintf(out, SB_PATH_BYTES, "%s/.seedbank/part-%05u-of-%05u", dir, part, count);
}

/* ---- part jobs ------------------------------------------------------------------------------ */

/* How many parts there should be, by the name of any part that is there; 0: no part jobs. */
static uint32_t count_parts(const char *dir)
{
    char path[SB_PATH_BYTES];
    uint32_t count = 0;
    struct dirent *entry;
    sb_job_path(dir, ".seedbank", path);
    DIR *parts = opendir(path);
    while (parts != NULL && (entry = readdir(parts)) != NULL) {
        unsigned part, of;
        if (sscanf(entry->d_name, "part-%u-of-%u", &part, &of) == 2 && of > 0 && of <= PARTS_MAX)
            count = of;
    }
    if (parts != NULL)
        (void)closedir(parts);
    return count;
}

/* All parts are there, done, and of one spec and encoding. *identity_out is that of the first. */
static sb_status check_parts(const char *dir, uint32_t count, json_t **identity_out, sb_error *err)
{
    json_t *first = NULL;
    for (uint32_t part = 0; part < count; part++) {
        char path[SB_PATH_BYTES], file[SB_PATH_BYTES + 16];
        part_dir(dir, part, count, path);
        (void)snprintf(file, sizeof file, "%s/receipt", path);
        if (access(file, F_OK) != 0) {
            json_decref(first);
            return sb_fail(err, SB_EUSAGE,
                           "%s: part %u of %u is not finished; run generate --part %u/%u", dir,
                           part, count, part, count);
        }
        (void)snprintf(file, sizeof file, "%s/job.json", path);
        json_t *identity = json_load_file(file, 0, NULL);
        json_object_del(identity, "part");
        if (first == NULL) {
            first = identity;
            continue;
        }
        bool same = json_equal(first, identity);
        json_decref(identity);
        if (!same) {
            json_decref(first);
            return sb_fail(err, SB_EUSAGE, "%s: part %u is of another spec or encoding than part 0",
                           dir, part);
        }
    }
    if (!json_is_object(json_object_get(first, "spec"))) {
        json_decref(first);
        return sb_fail(err, SB_EDAMAGED, "%s: the parts' job.json is damaged", dir);
    }
    *identity_out = first;
    return SB_OK;
}

/* The parts' records become one journal of the whole, and each slot knows where its bytes are. */
static sb_status load_part(merging *m, uint32_t part, sb_journal *journal, sb_error *err)
{
    sb_board *board = m->job.board;
    char dir[SB_PATH_BYTES];
    uint64_t begin = sb_share_begin(part, m->job.encoding.shards, m->part_count);
    uint64_t end = sb_share_begin((uint64_t)part + 1, m->job.encoding.shards, m->part_count);
    uint64_t offsets[SB_KIND_COUNT] = {0};
    uint32_t journals = 0;
    part_dir(m->job.dir, part, m->part_count, dir);
    SB_TRY(sb_workspace_load(dir, board, SB_SHARD_FREE, &journals, err));
    for (uint64_t shard = begin; shard < end; shard++) {
        sb_slot *slot = sb_board_slot(board, shard);
        sb_shard_kind kinds[SB_KIND_COUNT];
        sb_frame_info *frames = NULL;
        const sb_frame_info *lists[SB_KIND_COUNT];
        char path[4200];
        bool found = false;
        uint64_t there = 0, next;
        sb_journal_path(dir, slot->journal, path, sizeof path);
        SB_TRY(sb_journal_read(path, slot->journal_offset, &found, &there, kinds, &frames, &next,
                               err));
        if (!found || there != shard) {
            free(frames);
            return sb_fail(err, SB_EDAMAGED,
                           "%s: no record of shard %llu; run that part again with --force", dir,
                           (unsigned long long)shard);
        }
        const sb_frame_info *at = frames;
        for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
            lists[kind] = at;
            at += kinds[kind].frame_count;
            slot->offsets[kind] = offsets[kind];
            offsets[kind] += kinds[kind].packed_bytes;
        }
        sb_status status = sb_journal_add(journal, shard, kinds, lists, &slot->journal_offset, err);
        slot->journal = 0;
        free(frames);
        SB_TRY(status);
    }
    return SB_OK;
}

static uint64_t place_of(const sb_job *job, uint64_t shard, int kind)
{
    uint64_t offset = job->headers[kind].length;
    for (uint64_t before = 0; before < shard; before++)
        offset += sb_board_slot(job->board, before)->kinds[kind].packed_bytes;
    return offset;
}

/* A part file of the layout of parts, out of a part job's frames; its end is written with the
 * manifest. */
static sb_status write_part_file(const sb_job *job, uint64_t shard, int kind, int source,
                                 sb_error *err)
{
    const sb_slot *slot = sb_board_slot(job->board, shard);
    const sb_bytes *header = &job->headers[kind];
    char path[SB_PATH_BYTES];
    sb_part_path(job->workspace, (sb_kind)kind, shard, path);
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0)
        return sb_fail_errno(err, path, "cannot be made");
    sb_status status = sb_write_at(file, header->data, header->length, 0, path, err);
    if (status == SB_OK)
        status = sb_copy_range(source, slot->offsets[kind], file, header->length,
                               slot->kinds[kind].packed_bytes, path, err);
    if (status == SB_OK && fsync(file) != 0)
        status = sb_fail_errno(err, path, "cannot be synced");
    (void)close(file);
    return status;
}

static sb_status copy_kind(const merging *m, uint64_t shard, int kind, sb_error *err)
{
    const sb_job *job = &m->job;
    const sb_slot *slot = sb_board_slot(job->board, shard);
    char dir[SB_PATH_BYTES], path[SB_PATH_BYTES];
    uint32_t part = (uint32_t)sb_share_of(shard, job->encoding.shards, m->part_count);
    part_dir(job->dir, part, m->part_count, dir);
    sb_kind_path(dir, (sb_kind)kind, path);
    int source = open(path, O_RDONLY | O_CLOEXEC);
    if (source < 0)
        return sb_fail_errno(err, path, "cannot be read");
    sb_status status;
    if (job->encoding.parts)
        status = write_part_file(job, shard, kind, source, err);
    else
        status =
            sb_copy_range(source, slot->offsets[kind], job->files[kind], place_of(job, shard, kind),
                          slot->kinds[kind].packed_bytes, path, err);
    (void)close(source);
    return status;
}

/* ---- parts of a finished dataset ------------------------------------------------------------ */

/* Reads a part's frames again for their hashes (and so checks them), and copies them. */
static sb_status take_part(const merging *m, uint64_t shard, int kind, sb_shard_kind *of,
                           sb_frame_info **frames_out, sb_error *err)
{
    const sb_job *job = &m->job;
    char path[SB_PATH_BYTES];
    sb_reader *reader = NULL;
    sb_part_path(job->dir, (sb_kind)kind, shard, path);
    SB_TRY(sb_reader_open(path, &reader, err));
    uint64_t count = sb_reader_frame_count(reader);
    sb_frame_info *frames = calloc(count + 1, sizeof *frames);
    sb_status status =
        frames == NULL ? sb_fail(err, SB_ENOMEM, "no memory for a list of frames") : SB_OK;
    for (uint64_t i = 0; i < count && status == SB_OK; i++) {
        const uint8_t *rows;
        size_t raw_bytes;
        sb_frame_place place = sb_reader_frame_place(reader, i);
        status = sb_reader_frame(reader, i, &rows, &raw_bytes, err);
        frames[i] = (sb_frame_info){.raw_bytes = place.raw_bytes,
                                    .packed_bytes = place.packed_bytes,
                                    .row_count = place.row_count,
                                    .checksum = place.checksum};
        if (status == SB_OK)
            sb_hash(rows, raw_bytes, frames[i].hash);
    }
    of->frame_count = (uint32_t)count;
    int source = status == SB_OK ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (status == SB_OK && source < 0)
        status = sb_fail_errno(err, path, "cannot be read");
    if (status == SB_OK)
        status = sb_copy_range(source, sb_reader_data_begin(reader), job->files[kind],
                               place_of(job, shard, kind), of->packed_bytes, path, err);
    if (source >= 0)
        (void)close(source);
    sb_reader_close(reader);
    if (status != SB_OK)
        free(frames);
    else
        *frames_out = frames;
    return status;
}

static sb_status take_parts(merging *m, uint64_t shard, sb_journal *journal, sb_error *err)
{
    sb_slot *slot = sb_board_slot(m->job.board, shard);
    sb_frame_info *frames[SB_KIND_COUNT] = {0};
    sb_status status = SB_OK;
    for (int kind = 0; kind < SB_KIND_COUNT && status == SB_OK; kind++)
        if (sb_job_has(&m->job, kind))
            status = take_part(m, shard, kind, &slot->kinds[kind], &frames[kind], err);
    if (status == SB_OK)
        status = sb_journal_add(journal, shard, slot->kinds, (const sb_frame_info *const *)frames,
                                &slot->journal_offset, err);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        free(frames[kind]);
    return status;
}

/* Lengths and hashes of all shards, by the manifest. */
static sb_status load_manifest(merging *m, const json_t *manifest, sb_error *err)
{
    for (uint64_t shard = 0; shard < m->job.encoding.shards; shard++)
        for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
            sb_manifest_piece piece;
            if (!sb_job_has(&m->job, kind))
                continue;
            SB_TRY(sb_manifest_find_shard(manifest, m->job.dir, shard, sb_kind_name((sb_kind)kind),
                                          &piece, err));
            sb_shard_kind *of = &sb_board_slot(m->job.board, shard)->kinds[kind];
            *of = (sb_shard_kind){.rows = piece.rows,
                                  .raw_bytes = piece.raw_bytes,
                                  .packed_bytes = piece.bytes,
                                  .first_id = piece.first_id,
                                  .last_id = piece.last_id};
            memcpy(of->raw_hash, piece.raw_hash, SB_HASH_BYTES);
            memcpy(of->packed_hash, piece.packed_hash, SB_HASH_BYTES);
        }
    return SB_OK;
}

/* ---- workers -------------------------------------------------------------------------------- */

static sb_status merge_shards(merging *m, uint32_t worker, uint64_t *shard, sb_error *err)
{
    sb_board *board = m->job.board;
    sb_journal journal = {.file = -1};
    sb_status status = SB_OK;
    if (m->part_count == 0)
        SB_TRY(sb_journal_open(m->job.workspace, worker, &journal, err));
    while (status == SB_OK && atomic_load(&board->stop) == 0 &&
           atomic_load(&board->lowest_failed) == UINT64_MAX &&
           (*shard = sb_board_take(board, worker)) < board->end) {
        sb_slot *slot = sb_board_slot(board, *shard);
        for (int kind = 0; kind < SB_KIND_COUNT && status == SB_OK && m->part_count > 0; kind++)
            if (sb_job_has(&m->job, kind))
                status = copy_kind(m, *shard, kind, err);
        if (m->part_count == 0)
            status = take_parts(m, *shard, &journal, err);
        if (m->part_count == 0)
            slot->journal = worker;
        if (status == SB_OK)
            atomic_store(&slot->state, SB_SHARD_WRITTEN);
        for (int kind = 0; kind < SB_KIND_COUNT; kind++)
            atomic_fetch_add(&board->rows_done, slot->kinds[kind].rows);
    }
    sb_journal_close(&journal);
    return status;
}

static void merge_body(void *user, uint32_t worker)
{
    merging *m = user;
    sb_error err = {0};
    uint64_t shard = 0;
    sb_status status = merge_shards(m, worker, &shard, &err);
    if (status != SB_OK) {
        err.status = status;
        sb_board_fail(m->job.board, worker, shard, &err);
    }
}

/* ---- all of it ------------------------------------------------------------------------------ */

static sb_status prepare_workspace(merging *m, uint32_t part_count, sb_error *err)
{
    char path[SB_PATH_BYTES];
    sb_journal journal;
    if (access(m->job.workspace, F_OK) != 0 && mkdir(m->job.workspace, 0777) != 0)
        return sb_fail_errno(err, m->job.workspace, "cannot be made a directory");
    SB_TRY(sb_workspace_open_files(&m->job, err));
    for (uint32_t worker = 0; worker < m->job.board->worker_count;
         worker++) { /* of a merge cut short */
        sb_journal_path(m->job.workspace, worker, path, sizeof path);
        (void)unlink(path);
    }
    if (part_count == 0)
        return SB_OK;
    SB_TRY(sb_journal_open(m->job.workspace, 0, &journal, err));
    sb_status status = SB_OK;
    for (uint32_t part = 0; part < part_count && status == SB_OK; part++)
        status = load_part(m, part, &journal, err);
    sb_journal_close(&journal);
    return status;
}

static sb_status run_merge(merging *m, const json_t *manifest, sb_run_result *run, sb_error *err)
{
    sb_job *job = &m->job;
    uint64_t rows = 0;
    SB_TRY(sb_crew_size(job->options, job->encoding.shards, UINT64_C(8) << 20, &run->workers,
                        run->workers_reason, sizeof run->workers_reason, err));
    SB_TRY(sb_board_open(0, job->encoding.shards, run->workers, &job->board, err));
    if (manifest != NULL)
        SB_TRY(load_manifest(m, manifest, err));
    SB_TRY(prepare_workspace(m, m->part_count, err));
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        rows += sb_job_has(job, kind) ? sb_expected_rows(job->world, (sb_kind)kind) : 0;
    sb_crew crew = {.board = job->board,
                    .options = job->options,
                    .workers = run->workers,
                    .total_rows = rows,
                    .body = merge_body,
                    .user = m};
    sb_status status = sb_crew_run(&crew, err);
    run->shards = run->shards_made = job->encoding.shards;
    return status;
}

/* Opens the job that would have made the dataset in one run, in the given encoding. */
static sb_status open_job(merging *m, const sb_spec *spec, const json_t *encoding_json, bool merged,
                          sb_run_options *options, sb_error *err)
{
    sb_encoding encoding;
    SB_TRY(sb_encoding_read(encoding_json, &encoding, err));
    options->level = encoding.encoder == SB_ENCODER_TOKENS ? 0 : encoding.level;
    options->shards = encoding.shards;
    options->layout = encoding.parts && !merged ? SB_LAYOUT_PARTS : SB_LAYOUT_MERGED;
    options->part_count = 0;
    return sb_job_open(spec, options, &m->job, err);
}

static sb_status merge(const char *dir, const sb_spec *spec, const json_t *encoding,
                       const json_t *manifest, uint32_t part_count, const sb_run_options *given,
                       sb_run_result *out, sb_error *err)
{
    double begin = sb_now_seconds();
    merging m = {.part_count = part_count};
    sb_run_options options = *given;
    sb_run_result run = {0};
    options.out = dir;
    SB_TRY(open_job(&m, spec, encoding, manifest != NULL, &options, err));
    (void)snprintf(run.dataset, sizeof run.dataset, "%s", sb_spec_dataset(spec));
    sb_status status = run_merge(&m, manifest, &run, err);
    run.seconds = sb_now_seconds() - begin;
    if (status == SB_OK)
        status = sb_job_commit(&m.job, &run, out, err);
    sb_job_close(&m.job);
    return status;
}

static sb_status merge_part_jobs(const char *dir, uint32_t part_count,
                                 const sb_run_options *options, sb_run_result *out, sb_error *err)
{
    json_t *identity = NULL;
    sb_spec *spec = NULL;
    SB_TRY(check_parts(dir, part_count, &identity, err));
    sb_status status = sb_spec_open(&spec, err);
    if (status == SB_OK && options->tables_dir != NULL)
        status = sb_spec_set(spec, "tables", options->tables_dir, err);
    if (status == SB_OK)
        status = sb_spec_take(spec, json_object_get(identity, "spec"), dir, err);
    if (status == SB_OK)
        status = sb_spec_seal(spec, err);
    if (status == SB_OK)
        status = merge(dir, spec, json_object_get(identity, "encoding"), NULL, part_count, options,
                       out, err);
    sb_spec_close(spec);
    json_decref(identity);
    return status;
}

static sb_status merge_finished(const char *dir, const sb_run_options *options, sb_run_result *out,
                                sb_error *err)
{
    json_t *manifest = NULL;
    sb_spec *spec = NULL;
    sb_encoding encoding;
    SB_TRY(sb_manifest_read(dir, &manifest, err));
    sb_status status = sb_encoding_read(json_object_get(manifest, "encoding"), &encoding, err);
    if (status == SB_OK && !encoding.parts) {
        *out = (sb_run_result){.nothing_to_do = true, .shards = encoding.shards};
        json_decref(manifest);
        return SB_OK;
    }
    if (status == SB_OK)
        status = sb_spec_of_path(dir, options->tables_dir, &spec, err);
    if (status == SB_OK)
        status =
            merge(dir, spec, json_object_get(manifest, "encoding"), manifest, 0, options, out, err);
    sb_spec_close(spec);
    json_decref(manifest);
    return status;
}

sb_status sb_merge(const char *dir, const sb_run_options *options, sb_run_result *out,
                   sb_error *err)
{
    char path[SB_PATH_BYTES];
    uint32_t part_count = count_parts(dir);
    sb_job_path(dir, "manifest.json", path);
    if (part_count > 0)
        return merge_part_jobs(dir, part_count, options, out, err);
    if (access(path, F_OK) == 0)
        return merge_finished(dir, options, out, err);
    return sb_fail(
        err, access(dir, F_OK) != 0 ? SB_EUSAGE : SB_EDAMAGED,
        "%s: neither part jobs nor a dataset are here; make some with generate --part I/N", dir);
}
