#include "workers/workspace.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/manifest.h"
#include "workers/spool.h"

static sb_status make_dir(const char *path, sb_error *err)
{
    struct stat info;
    if (mkdir(path, 0777) == 0)
        return SB_OK;
    if (errno == EEXIST && stat(path, &info) == 0) {
        if (S_ISDIR(info.st_mode))
            return SB_OK;
        errno = ENOTDIR;
    }
    return sb_fail_errno(err, path, "cannot be made a directory");
}

/* With all directories above it. */
static sb_status make_dirs(const char *path, sb_error *err)
{
    char above[SB_PATH_BYTES];
    for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        (void)snprintf(above, sizeof above, "%.*s", (int)(slash - path), path);
        struct stat info;
        if (stat(above, &info) != 0)
            SB_TRY(make_dir(above, err));
    }
    return make_dir(path, err);
}

/* ---- identity ------------------------------------------------------------------------------- */

/* Owned by the caller. */
static char *job_text(const sb_job *job)
{
    json_t *json =
        json_pack("{s:s, s:O, s:o, s:i, s:i}", "dataset", sb_spec_dataset(job->spec), "spec",
                  sb_spec_value(job->spec), "encoding", sb_encoding_json(&job->encoding), "part",
                  job->is_part ? (int)(job->options->part_index % job->options->part_count) : -1,
                  "parts", job->is_part ? (int)job->options->part_count : 0);
    char *text = json == NULL ? NULL : json_dumps(json, JSON_INDENT(2) | JSON_SORT_KEYS);
    json_decref(json);
    return text;
}

static sb_status write_identity(const sb_job *job, sb_error *err)
{
    char path[SB_PATH_BYTES];
    char *text = job_text(job);
    if (text == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for job.json");
    sb_job_path(job->workspace, "job.json", path);
    sb_status status = sb_write_file(path, text, strlen(text), err);
    free(text);
    return status;
}

/* Whether a workspace is of this job, or, with `any_part`, of another part of it. */
static bool same_identity(const sb_job *job, const char *workspace, bool any_part)
{
    char path[SB_PATH_BYTES];
    sb_job_path(workspace, "job.json", path);
    json_t *there = json_load_file(path, 0, NULL);
    char *text = job_text(job);
    json_t *own = text == NULL ? NULL : json_loads(text, 0, NULL);
    if (any_part) {
        (void)json_object_del(there, "part");
        (void)json_object_del(own, "part");
    }
    bool same = there != NULL && own != NULL && json_equal(there, own);
    json_decref(there);
    json_decref(own);
    free(text);
    return same;
}

/* --resume on a finished directory: fine if it is this spec in this encoding. */
static sb_status check_finished(const sb_job *job, sb_error *err)
{
    json_t *manifest = NULL;
    SB_TRY(sb_manifest_read(job->dir, &manifest, err));
    const char *dataset = json_string_value(json_object_get(manifest, "dataset"));
    sb_encoding encoding;
    sb_error unused;
    bool same = dataset != NULL && strcmp(dataset, sb_spec_dataset(job->spec)) == 0;
    bool readable =
        sb_encoding_read(json_object_get(manifest, "encoding"), &encoding, &unused) == SB_OK;
    bool same_bytes = readable && encoding.encoder == job->encoding.encoder &&
                      encoding.level == job->encoding.level &&
                      encoding.shards == job->encoding.shards &&
                      (encoding.parts == job->encoding.parts || job->is_part);
    json_decref(manifest);
    if (same && same_bytes)
        return SB_OK;
    return sb_fail(err, SB_EUSAGE,
                   "%s holds a finished dataset of another %s; choose another --out, or --force",
                   job->dir, same ? "encoding" : "spec");
}

/* ---- resuming ------------------------------------------------------------------------------- */

sb_status sb_workspace_load(const char *workspace, sb_board *board, int state,
                            uint32_t *journals_out, sb_error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(workspace, &entries, NULL, alphasort);
    sb_status status = SB_OK;
    *journals_out = 0;
    if (count < 0)
        return sb_fail_errno(err, workspace, "cannot be read");
    for (int i = 0; i < count; i++) {
        unsigned number;
        char path[4200];
        if (status == SB_OK && sscanf(entries[i]->d_name, "journal-%u", &number) == 1) {
            if (number + 1 > *journals_out)
                *journals_out = number + 1;
            sb_journal_path(workspace, number, path, sizeof path);
            bool found = true;
            for (uint64_t offset = 0, next, shard; status == SB_OK && found; offset = next) {
                sb_shard_kind kinds[SB_KIND_COUNT];
                sb_frame_info *frames = NULL;
                next = offset;
                status = sb_journal_read(path, offset, &found, &shard, kinds, &frames, &next, err);
                free(frames);
                if (status != SB_OK || !found || shard < board->begin || shard >= board->end)
                    continue;
                sb_slot *slot = sb_board_slot(board, shard);
                memcpy(slot->kinds, kinds, sizeof kinds);
                slot->journal = number;
                slot->journal_offset = offset;
                atomic_store(&slot->state, state);
            }
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

static bool hash_matches(int file, uint64_t offset, const sb_shard_kind *of)
{
    unsigned char hash[SB_HASH_BYTES];
    return sb_hash_range(file, offset, of->packed_bytes, hash) &&
           memcmp(hash, of->packed_hash, SB_HASH_BYTES) == 0;
}

static bool part_matches(const sb_job *job, sb_kind kind, uint64_t shard, const sb_shard_kind *of)
{
    char path[SB_PATH_BYTES];
    sb_part_path(job->workspace, kind, shard, path);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool same = file >= 0 && hash_matches(file, job->headers[kind].length, of);
    if (file >= 0)
        (void)close(file);
    return same;
}

/* A journal says what was written, not what reached the disk: every byte is read again, and what is
 * not as the journal says is made again. Lengths stay known, so nothing else moves. */
static void check_written(sb_job *job)
{
    uint64_t offsets[SB_KIND_COUNT];
    bool known = true;
    memcpy(offsets, job->data_begin, sizeof offsets);
    for (uint64_t shard = job->begin; shard < job->end; shard++) {
        sb_slot *slot = sb_board_slot(job->board, shard);
        if (atomic_load(&slot->state) != SB_SHARD_WRITTEN) {
            known = false;
            continue;
        }
        bool parts = job->encoding.parts && !job->is_part, right = parts || known;
        for (int kind = 0; kind < SB_KIND_COUNT && right; kind++)
            if (sb_job_has(job, kind))
                right = parts ? part_matches(job, (sb_kind)kind, shard, &slot->kinds[kind])
                              : hash_matches(job->files[kind], offsets[kind], &slot->kinds[kind]);
        for (int kind = 0; kind < SB_KIND_COUNT; kind++)
            offsets[kind] += slot->kinds[kind].packed_bytes;
        if (!right)
            atomic_store(&slot->state, SB_SHARD_FREE);
    }
}

/* A run may have been killed while it gave the files their names: they go back. */
static void take_back(const sb_job *job)
{
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        char from[SB_PATH_BYTES], to[SB_PATH_BYTES];
        sb_kind_path(job->dir, (sb_kind)kind, from);
        sb_kind_path(job->workspace, (sb_kind)kind, to);
        if (access(to, F_OK) != 0)
            (void)rename(from, to);
        sb_job_path(job->dir, sb_kind_name((sb_kind)kind), from);
        sb_job_path(job->workspace, sb_kind_name((sb_kind)kind), to);
        if (access(to, F_OK) != 0)
            (void)rename(from, to);
    }
}

/* ---- preparing ------------------------------------------------------------------------------ */

sb_status sb_workspace_open_files(sb_job *job, sb_error *err)
{
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        char path[SB_PATH_BYTES];
        if (!sb_job_has(job, kind))
            continue;
        if (job->encoding.parts && !job->is_part) {
            sb_job_path(job->workspace, sb_kind_name((sb_kind)kind), path);
            SB_TRY(make_dir(path, err));
            continue;
        }
        sb_kind_path(job->workspace, (sb_kind)kind, path);
        job->files[kind] = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (job->files[kind] < 0)
            return sb_fail_errno(err, path, "cannot be made");
    }
    return SB_OK;
}

static sb_status lock(const sb_job *job, int *out, sb_error *err)
{
    int file = open(job->workspace, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return sb_fail_errno(err, job->workspace, "cannot be opened");
    if (flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        (void)close(file);
        return sb_fail(err, SB_EUSAGE,
                       "%s: another run is writing here; wait for it, or choose another --out",
                       job->dir);
    }
    *out = file;
    return SB_OK;
}

static bool has_job(const sb_job *job)
{
    char path[SB_PATH_BYTES];
    sb_job_path(job->workspace, "job.json", path);
    return access(path, F_OK) == 0;
}

/* Parts of one dataset share a directory; a part of another spec or encoding would only be noticed
 * when all the work is done. */
static sb_status check_other_parts(const sb_job *job, sb_error *err)
{
    char dir[SB_PATH_BYTES], path[SB_PATH_BYTES];
    struct dirent **entries = NULL;
    sb_status status = SB_OK;
    sb_job_path(job->dir, ".seedbank", dir);
    int count = scandir(dir, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        sb_job_path(dir, entries[i]->d_name, path);
        if (status == SB_OK && strncmp(entries[i]->d_name, "part-", 5) == 0 &&
            strcmp(path, job->workspace) != 0 && !same_identity(job, path, true))
            status = sb_fail(err, SB_EUSAGE,
                             "%s: %s there is of another spec, encoding or number of parts; choose "
                             "another --out",
                             job->dir, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return status;
}

bool sb_part_is_done(const sb_job *job)
{
    char path[SB_PATH_BYTES];
    sb_job_path(job->workspace, "receipt", path);
    return job->is_part && access(path, F_OK) == 0;
}

/* What is there already, against what the options allow. */
static sb_status check_target(sb_job *job, bool *finished, sb_error *err)
{
    const sb_run_options *options = job->options;
    sb_dir_state state = sb_dir_look(job->dir);
    *finished = false;
    if (state == SB_DIR_FREE || options->force)
        return SB_OK;
    if (state == SB_DIR_FINISHED && options->resume) {
        *finished = true;
        return check_finished(job, err);
    }
    if (state == SB_DIR_FINISHED)
        return sb_fail(err, SB_EUSAGE,
                       "%s holds a finished dataset; choose another --out, or --force", job->dir);
    if (state == SB_DIR_FOREIGN)
        return sb_fail(err, SB_EUSAGE,
                       "%s holds data files without a manifest; choose another --out, or --force",
                       job->dir);
    if (job->is_part)
        SB_TRY(check_other_parts(job, err));
    if (sb_part_is_done(job) && !options->resume && same_identity(job, job->workspace, false))
        return sb_fail(err, SB_EUSAGE,
                       "%s: this part is finished; merge, or --force to make it again", job->dir);
    if (has_job(job) && !options->resume)
        return sb_fail(err, SB_EUSAGE,
                       "%s holds an unfinished run; --resume completes it, --force starts anew",
                       job->dir);
    if (!has_job(job) && !job->is_part && !options->resume)
        return sb_fail(err, SB_EUSAGE, "%s holds part jobs; merge them, or --force to start anew",
                       job->dir);
    if (has_job(job) && !same_identity(job, job->workspace, false))
        return sb_fail(err, SB_EUSAGE,
                       "%s holds an unfinished run of another spec or encoding; choose another "
                       "--out, or --force",
                       job->dir);
    return SB_OK;
}

static sb_status resume(sb_job *job, sb_error *err)
{
    take_back(job);
    SB_TRY(sb_workspace_open_files(job, err));
    SB_TRY(
        sb_workspace_load(job->workspace, job->board, SB_SHARD_WRITTEN, &job->first_journal, err));
    check_written(job);
    return SB_OK;
}

sb_status sb_workspace_prepare(sb_job *job, bool *finished, int *lock_out, sb_error *err)
{
    SB_TRY(check_target(job, finished, err));
    if (*finished)
        return SB_OK;
    SB_TRY(make_dirs(job->workspace, err));
    SB_TRY(lock(job, lock_out, err));
    if (job->options->resume && has_job(job))
        return resume(job, err);
    char inside[SB_PATH_BYTES];
    struct dirent **entries = NULL;
    int count = scandir(job->workspace, &entries, NULL, NULL);
    for (int i = 0; i < count; i++) {
        bool dots = strcmp(entries[i]->d_name, ".") == 0 || strcmp(entries[i]->d_name, "..") == 0;
        sb_job_path(job->workspace, entries[i]->d_name, inside);
        if (!dots &&
            (job->is_part || job->options->force || strncmp(entries[i]->d_name, "part-", 5) != 0))
            sb_remove_tree(inside);
        free(entries[i]);
    }
    free(entries);
    SB_TRY(write_identity(job, err));
    return sb_workspace_open_files(job, err);
}
