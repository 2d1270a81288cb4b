/* Finishing a run: tails, names, manifest. The manifest is written last, so having one means done.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

#include "format/hashing.h"
#include "format/manifest.h"
#include "workers/job.h"
#include "workers/spool.h"

/* ---- what a directory holds ----------------------------------------------------------------- */

static bool exists(const char *dir, const char *name)
{
    char path[SB_PATH_BYTES];
    sb_job_path(dir, name, path);
    return access(path, F_OK) == 0;
}

sb_dir_state sb_dir_look(const char *dir)
{
    if (exists(dir, "manifest.json"))
        return SB_DIR_FINISHED;
    if (exists(dir, ".seedbank"))
        return SB_DIR_UNFINISHED;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        char name[64];
        (void)snprintf(name, sizeof name, "%s.msgpack.zst", sb_kind_name((sb_kind)kind));
        if (exists(dir, name) || exists(dir, sb_kind_name((sb_kind)kind)))
            return SB_DIR_FOREIGN;
    }
    return SB_DIR_FREE;
}

/* ---- collecting ----------------------------------------------------------------------------- */

/* Sums over a kind's frames, shard after shard, while files are finished. */
typedef struct total {
    sb_manifest_piece piece;
    XXH3_state_t *digest; /* over the frames' hashes */
    uint64_t frames;
    unsigned char only_hash[SB_HASH_BYTES];
    sb_tail *tail; /* of merged files */
} total;

static void close_totals(total totals[SB_KIND_COUNT])
{
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        (void)XXH3_freeState(totals[kind].digest);
        sb_tail_close(totals[kind].tail);
    }
}

static sb_status open_totals(const sb_job *job, total totals[SB_KIND_COUNT], sb_error *err)
{
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        sb_frame_info head;
        if (!sb_job_has(job, kind))
            continue;
        totals[kind].digest = XXH3_createState();
        if (totals[kind].digest == NULL)
            return sb_fail(err, SB_ENOMEM, "no memory for a hash");
        XXH3_128bits_reset(totals[kind].digest);
        if (job->encoding.parts)
            continue;
        SB_TRY(sb_frame_describe(job->headers[kind].data, job->headers[kind].length, &head, err));
        SB_TRY(sb_tail_open(&head, &totals[kind].tail, err));
    }
    return SB_OK;
}

static sb_status add_frames(total *of, const sb_shard_kind *kind, const sb_frame_info *frames,
                            sb_error *err)
{
    for (uint32_t i = 0; i < kind->frame_count; i++) {
        XXH3_128bits_update(of->digest, frames[i].hash, SB_HASH_BYTES);
        memcpy(of->only_hash, frames[i].hash, SB_HASH_BYTES);
        if (of->tail != NULL)
            SB_TRY(sb_tail_add(of->tail, &frames[i], err));
    }
    of->frames += kind->frame_count;
    of->piece.rows += kind->rows;
    of->piece.raw_bytes += kind->raw_bytes;
    of->piece.bytes += kind->packed_bytes;
    return SB_OK;
}

/* Row index and seek table of one part, behind its frames; which row of the kind it begins with is
 * known by now for every kind. */
static sb_status finish_part(const sb_job *job, sb_kind kind, uint64_t shard, uint64_t first_row,
                             const sb_shard_kind *of, const sb_frame_info *frames, sb_error *err)
{
    const sb_bytes *header = &job->headers[kind];
    char path[SB_PATH_BYTES];
    sb_frame_info head;
    sb_tail *tail = NULL;
    sb_bytes bytes = {0};
    uint64_t end = header->length + of->packed_bytes;
    sb_part_path(job->workspace, kind, shard, path);
    SB_TRY(sb_frame_describe(header->data, header->length, &head, err));
    SB_TRY(sb_tail_open(&head, &tail, err));
    int file = open(path, O_WRONLY | O_CLOEXEC);
    sb_status status = file < 0 ? sb_fail_errno(err, path, "cannot be opened") : SB_OK;
    for (uint32_t i = 0; i < of->frame_count && status == SB_OK; i++)
        status = sb_tail_add(tail, &frames[i], err);
    if (status == SB_OK)
        status = sb_tail_finish(tail, first_row, &bytes, err);
    if (status == SB_OK)
        status = sb_write_at(file, bytes.data, bytes.length, end, path, err);
    if (status == SB_OK && (ftruncate(file, (off_t)(end + bytes.length)) != 0 || fsync(file) != 0))
        status = sb_fail_errno(err, path, "cannot be cut to its length and synced");
    if (file >= 0)
        (void)close(file);
    sb_tail_close(tail);
    sb_bytes_close(&bytes);
    return status;
}

/* Reads the frames of all shards, in order, from the journals. */
static sb_status collect(const sb_job *job, total totals[SB_KIND_COUNT], sb_error *err)
{
    for (uint64_t shard = job->begin; shard < job->end; shard++) {
        const sb_slot *slot = sb_board_slot(job->board, shard);
        sb_shard_kind kinds[SB_KIND_COUNT];
        sb_frame_info *frames = NULL;
        bool found;
        uint64_t read_shard = 0, next;
        char path[4200];
        sb_journal_path(job->workspace, slot->journal, path, sizeof path);
        SB_TRY(sb_journal_read(path, slot->journal_offset, &found, &read_shard, kinds, &frames,
                               &next, err));
        if (!found || read_shard != shard) {
            free(frames);
            return sb_fail(err, SB_EIO, "%s: record of shard %llu is gone; run again with --resume",
                           path, (unsigned long long)shard);
        }
        sb_status status = SB_OK;
        const sb_frame_info *at = frames;
        for (int kind = 0; kind < SB_KIND_COUNT && status == SB_OK; kind++) {
            if (sb_job_has(job, kind) && job->encoding.parts)
                status = finish_part(job, (sb_kind)kind, shard, totals[kind].piece.rows,
                                     &kinds[kind], at, err);
            if (sb_job_has(job, kind) && status == SB_OK)
                status = add_frames(&totals[kind], &kinds[kind], at, err);
            at += kinds[kind].frame_count;
        }
        free(frames);
        SB_TRY(status);
    }
    return SB_OK;
}

/* One frame: its hash; several: the hash of their hashes; none: of nothing. Independent of shards.
 */
static void finish_digest(total *of)
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(of->digest));
    memcpy(of->piece.raw_hash, of->frames == 1 ? of->only_hash : canonical.digest, SB_HASH_BYTES);
}

/* ---- data files ----------------------------------------------------------------------------- */

/* Header and tail of a merged file around the data that is there already. */
static sb_status finish_file(sb_job *job, sb_kind kind, total *of, sb_error *err)
{
    char path[SB_PATH_BYTES];
    sb_bytes bytes = {0};
    const sb_bytes *header = &job->headers[kind];
    uint64_t end = header->length + of->piece.bytes;
    sb_kind_path(job->workspace, kind, path);
    sb_status status = sb_tail_finish(of->tail, 0, &bytes, err);
    if (status == SB_OK)
        status = sb_write_at(job->files[kind], header->data, header->length, 0, path, err);
    if (status == SB_OK)
        status = sb_write_at(job->files[kind], bytes.data, bytes.length, end, path, err);
    if (status == SB_OK && ftruncate(job->files[kind], (off_t)(end + bytes.length)) != 0)
        status = sb_fail_errno(err, path, "cannot be cut to its length");
    if (status == SB_OK && fsync(job->files[kind]) != 0)
        status = sb_fail_errno(err, path, "cannot be synced");
    of->piece.bytes = end + bytes.length;
    sb_bytes_close(&bytes);
    return status;
}

/* Bytes of all parts of a kind, from the files themselves. */
static sb_status measure_parts(const sb_job *job, sb_kind kind, total *of, sb_error *err)
{
    char path[SB_PATH_BYTES];
    struct stat info;
    of->piece.bytes = 0;
    for (uint64_t part = 0; part < job->encoding.shards; part++) {
        sb_part_path(job->workspace, kind, part, path);
        if (stat(path, &info) != 0)
            return sb_fail_errno(err, path, "cannot be found");
        of->piece.bytes += (uint64_t)info.st_size;
    }
    sb_job_path(job->workspace, sb_kind_name(kind), path);
    return sb_sync_path(path, err);
}

/* Removes what an earlier dataset left under our names: --force was given, or a killed run is
 * resumed. */
static void clear_target(const sb_job *job)
{
    static const char *const others[] = {"manifest.json", "shards.msgpack", "run.json",
                                         "SHA256SUMS"};
    char path[SB_PATH_BYTES];
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        sb_job_path(job->dir, others[i], path);
        (void)unlink(path);
    }
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        sb_kind_path(job->dir, (sb_kind)kind, path);
        (void)unlink(path);
        sb_job_path(job->dir, sb_kind_name((sb_kind)kind), path);
        sb_remove_tree(path);
    }
}

static sb_status publish(const sb_job *job, const char *name, sb_error *err)
{
    char from[SB_PATH_BYTES], to[SB_PATH_BYTES];
    sb_job_path(job->workspace, name, from);
    sb_job_path(job->dir, name, to);
    return rename(from, to) != 0 ? sb_fail_errno(err, to, "cannot be renamed to") : SB_OK;
}

static sb_status publish_data(const sb_job *job, sb_error *err)
{
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        char name[64];
        if (!sb_job_has(job, kind))
            continue;
        (void)snprintf(name, sizeof name, job->encoding.parts ? "%s" : "%s.msgpack.zst",
                       sb_kind_name((sb_kind)kind));
        SB_TRY(publish(job, name, err));
    }
    return sb_sync_path(job->dir, err);
}

/* ---- manifest ------------------------------------------------------------------------------- */

static sb_status write_shards(const sb_job *job, sb_manifest_writer *writer, sb_error *err)
{
    uint64_t offsets[SB_KIND_COUNT], first_rows[SB_KIND_COUNT] = {0};
    uint32_t kind_count = 0;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        offsets[kind] = job->headers[kind].length;
        kind_count += sb_job_has(job, kind);
    }
    for (uint64_t shard = job->begin; shard < job->end; shard++) {
        const sb_slot *slot = sb_board_slot(job->board, shard);
        uint64_t group = sb_shard_group(job->world, &job->encoding, shard);
        uint64_t end = sb_shard_group(job->world, &job->encoding, shard + 1);
        SB_TRY(sb_manifest_shard(writer, shard, group, end - group, kind_count, err));
        for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
            const sb_shard_kind *of = &slot->kinds[kind];
            if (!sb_job_has(job, kind))
                continue;
            sb_manifest_piece piece = {.first_row = first_rows[kind],
                                       .rows = of->rows,
                                       .first_id = of->first_id,
                                       .last_id = of->last_id,
                                       .offset = offsets[kind],
                                       .bytes = of->packed_bytes,
                                       .raw_bytes = of->raw_bytes,
                                       .has_ids = of->rows > 0 && kind != SB_ENTRIES};
            memcpy(piece.raw_hash, of->raw_hash, SB_HASH_BYTES);
            memcpy(piece.packed_hash, of->packed_hash, SB_HASH_BYTES);
            SB_TRY(sb_manifest_shard_kind(writer, sb_kind_name((sb_kind)kind), &piece, err));
            first_rows[kind] += of->rows;
            if (!job->encoding.parts)
                offsets[kind] += of->packed_bytes;
        }
    }
    return SB_OK;
}

static sb_status fill_manifest(const sb_job *job, const total totals[SB_KIND_COUNT],
                               sb_manifest_writer *writer, sb_error *err)
{
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (sb_job_has(job, kind))
            SB_TRY(sb_manifest_kind(writer, sb_kind_name((sb_kind)kind), &totals[kind].piece,
                                    job->encoding.parts ? job->encoding.shards : 0, err));
    return write_shards(job, writer, err);
}

static sb_status write_manifest(const sb_job *job, const total totals[SB_KIND_COUNT], sb_error *err)
{
    char path[SB_PATH_BYTES], shards_path[SB_PATH_BYTES];
    sb_manifest_writer *writer = NULL;
    json_t *encoding = sb_encoding_json(&job->encoding);
    sb_job_path(job->workspace, "manifest.json", path);
    sb_job_path(job->workspace, "shards.msgpack", shards_path);
    sb_status status =
        sb_manifest_open(path, shards_path, sb_spec_dataset(job->spec), sb_spec_value(job->spec),
                         encoding, job->encoding.shards, &writer, err);
    json_decref(encoding);
    if (status == SB_OK)
        status = fill_manifest(job, totals, writer, err);
    sb_status closed =
        writer == NULL ? SB_OK : sb_manifest_close(writer, status == SB_OK ? err : NULL);
    return status != SB_OK ? status : closed;
}

/* ---- side files ----------------------------------------------------------------------------- */

static void time_text(char out[32])
{
    time_t now = time(NULL);
    struct tm parts;
    (void)gmtime_r(&now, &parts);
    (void)strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

/* How this run went; not part of the dataset. */
static sb_status write_run(const sb_job *job, const sb_run_result *run, sb_error *err)
{
    static const char *const backends[] = {"fork", "omp", "serial"};
    char path[SB_PATH_BYTES], finished[32];
    struct utsname host = {0};
    (void)uname(&host);
    time_text(finished);
    json_t *json = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:f, s:i, s:s, s:i, s:I, s:I, s:I, s:{s:I, s:I}, s:s, s:s}",
        "version", SB_VERSION, "dataset", run->dataset, "finished", finished, "host", host.nodename,
        "machine", host.machine, "seconds", run->seconds, "workers", (int)run->workers,
        "workers_reason", run->workers_reason, "workers_lost", (int)run->workers_lost, "shards",
        (json_int_t)run->shards, "shards_made", (json_int_t)run->shards_made,
        "memory_per_worker_bytes", (json_int_t)run->worker_memory_bytes, "table_cache", "hits",
        (json_int_t)run->table_cache_hits, "misses", (json_int_t)run->table_cache_misses, "backend",
        backends[job->options->backend], "zstd", ZSTD_versionString());
    char *text = json == NULL ? NULL : json_dumps(json, JSON_INDENT(2));
    json_decref(json);
    if (text == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for run.json");
    sb_job_path(job->dir, "run.json", path);
    sb_status status = sb_write_file(path, text, strlen(text), err);
    free(text);
    return status;
}

static sb_status hash_file(const char *path, char out[65], sb_error *err)
{
    crypto_hash_sha256_state state;
    unsigned char digest[crypto_hash_sha256_BYTES], buffer[65536];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return sb_fail_errno(err, path, "cannot be read");
    crypto_hash_sha256_init(&state);
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, file)) > 0)
        crypto_hash_sha256_update(&state, buffer, n);
    bool failed = ferror(file) != 0;
    (void)fclose(file);
    if (failed)
        return sb_fail_errno(err, path, "cannot be read");
    crypto_hash_sha256_final(&state, digest);
    sodium_bin2hex(out, 65, digest, sizeof digest);
    return SB_OK;
}

static sb_status add_sum(const sb_job *job, const char *name, sb_bytes *sums, sb_error *err)
{
    char path[SB_PATH_BYTES], digest[65], line[SB_PATH_BYTES];
    sb_job_path(job->dir, name, path);
    SB_TRY(hash_file(path, digest, err));
    int length = snprintf(line, sizeof line, "%s  %s\n", digest, name);
    return sb_bytes_add(sums, line, (size_t)length, err);
}

/* In the form of sha256sum -c. */
static sb_status write_sums(const sb_job *job, sb_error *err)
{
    char path[SB_PATH_BYTES], name[128];
    sb_bytes sums = {0};
    sb_status status = add_sum(job, "manifest.json", &sums, err);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        uint64_t files = job->encoding.parts ? job->encoding.shards : 1;
        for (uint64_t part = 0; part < files && status == SB_OK && sb_job_has(job, kind); part++) {
            if (job->encoding.parts)
                (void)snprintf(name, sizeof name, "%s/part-%05llu.msgpack.zst",
                               sb_kind_name((sb_kind)kind), (unsigned long long)part);
            else
                (void)snprintf(name, sizeof name, "%s.msgpack.zst", sb_kind_name((sb_kind)kind));
            status = add_sum(job, name, &sums, err);
        }
    }
    if (status == SB_OK && job->encoding.shards > SB_MANIFEST_SHARDS_MAX)
        status = add_sum(job, "shards.msgpack", &sums, err);
    sb_job_path(job->dir, "SHA256SUMS", path);
    if (status == SB_OK)
        status = sb_write_file(path, sums.data, sums.length, err);
    sb_bytes_close(&sums);
    return status;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static sb_status finish_data(sb_job *job, total totals[SB_KIND_COUNT], sb_error *err)
{
    SB_TRY(open_totals(job, totals, err));
    SB_TRY(collect(job, totals, err));
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        if (!sb_job_has(job, kind))
            continue;
        finish_digest(&totals[kind]);
        if (job->encoding.parts)
            SB_TRY(measure_parts(job, (sb_kind)kind, &totals[kind], err));
        else
            SB_TRY(finish_file(job, (sb_kind)kind, &totals[kind], err));
    }
    return SB_OK;
}

static void report(const sb_job *job, const total totals[SB_KIND_COUNT], sb_run_result *out)
{
    out->kind_count = 0;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        if (!sb_job_has(job, kind))
            continue;
        sb_kind_result *of = &out->kinds[out->kind_count++];
        of->name = sb_kind_name((sb_kind)kind);
        of->rows = totals[kind].piece.rows;
        of->bytes = totals[kind].piece.bytes;
        of->raw_bytes = totals[kind].piece.raw_bytes;
        sb_hash_text(totals[kind].piece.raw_hash, of->raw_digest);
    }
}

static sb_status commit(sb_job *job, total totals[SB_KIND_COUNT], const sb_run_result *run,
                        sb_run_result *out, sb_error *err)
{
    SB_TRY(finish_data(job, totals, err));
    SB_TRY(write_manifest(job, totals, err));
    *out = *run;
    report(job, totals, out);
    clear_target(job);
    SB_TRY(publish_data(job, err));
    SB_TRY(write_run(job, out, err));
    if (job->encoding.shards > SB_MANIFEST_SHARDS_MAX)
        SB_TRY(publish(job, "shards.msgpack", err));
    SB_TRY(publish(job, "manifest.json", err));
    if (job->options->sha256)
        SB_TRY(write_sums(job, err));
    char workspace[SB_PATH_BYTES];
    sb_job_path(job->dir, ".seedbank", workspace);
    sb_remove_tree(workspace);
    return sb_sync_path(job->dir, err);
}

sb_status sb_job_commit(sb_job *job, const sb_run_result *run, sb_run_result *out, sb_error *err)
{
    total totals[SB_KIND_COUNT] = {0};
    sb_status status = commit(job, totals, run, out, err);
    close_totals(totals);
    return status;
}
