/* A worker: takes a shard, makes its groups, compresses their frames into memory, and writes them
 * once the lengths of all earlier shards are known. While it waits for those it makes the next one.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "format/hashing.h"
#include "format/row_text.h"
#include "workers/job.h"
#include "workers/spool.h"

enum {
    HELD_MAX = 2, /* shards in a worker's memory: one being made, one waiting for its place */
};

/* A shard in memory. */
typedef struct held {
    bool used;
    uint64_t shard;
    sb_spool spools[SB_KIND_COUNT];
    sb_shard_kind kinds[SB_KIND_COUNT];
    sb_frame_info *frames[SB_KIND_COUNT]; /* owned, kept from shard to shard */
    uint32_t frame_capacity[SB_KIND_COUNT];
    XXH3_state_t *raw_state[SB_KIND_COUNT], *packed_state[SB_KIND_COUNT];
} held;

typedef struct worker {
    sb_job *job;
    uint32_t index;
    sb_press press;
    sb_packer *packer;
    sb_spool_memory spool_memory;
    held held[HELD_MAX];
    held *making;
    sb_journal journal;
    /* Lengths of the shards before `known`, summed up. */
    uint64_t known, offsets[SB_KIND_COUNT];
} worker;

/* ---- frames --------------------------------------------------------------------------------- */

static sb_status keep_frame(held *of, sb_kind kind, const sb_frame_info *frame, sb_error *err)
{
    uint32_t count = of->kinds[kind].frame_count;
    if (count == of->frame_capacity[kind]) {
        uint32_t capacity = of->frame_capacity[kind] * 2 + 64;
        sb_frame_info *frames = realloc(of->frames[kind], capacity * sizeof *frames);
        if (frames == NULL)
            return sb_fail(err, SB_ENOMEM, "no memory for a list of frames");
        of->frames[kind] = frames;
        of->frame_capacity[kind] = capacity;
    }
    of->frames[kind][count] = *frame;
    of->kinds[kind].frame_count = count + 1;
    return SB_OK;
}

static uint64_t row_id(const uint8_t *row, const uint8_t *end)
{
    int64_t id = 0;
    return sb_row_int(row, (size_t)(end - row), 0, &id) ? (uint64_t)id : 0;
}

static void count_rows(worker *w, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                       uint32_t row_count)
{
    sb_shard_kind *of = &w->making->kinds[kind];
    if (of->rows == 0)
        of->first_id = row_id(rows, rows + raw_bytes);
    of->last_id = row_id(w->press.cutters[kind].last_row, rows + raw_bytes);
    of->rows += row_count;
    of->raw_bytes += raw_bytes;
    atomic_fetch_add(&w->job->board->rows_done, row_count);
    atomic_fetch_add(&w->job->board->raw_bytes_done, raw_bytes);
}

static bool has_own_files(const sb_job *job)
{
    return job->encoding.parts && !job->is_part;
}

/* Sums up the lengths of shards that are known without a gap. True when all before `shard` are. */
static bool place_known(worker *w, uint64_t shard)
{
    if (w->known > shard) { /* a shard taken over from a worker that died */
        w->known = w->job->begin;
        memset(w->offsets, 0, sizeof w->offsets);
    }
    for (; w->known < shard; w->known++) {
        const sb_slot *slot = sb_board_slot(w->job->board, w->known);
        if (atomic_load(&slot->state) < SB_SHARD_MADE)
            return false;
        for (int kind = 0; kind < SB_KIND_COUNT; kind++)
            w->offsets[kind] += slot->kinds[kind].packed_bytes;
    }
    return true;
}

/* Frames go straight to where they belong, if that is known by now: the part's own file, or, with
 * the lengths of all earlier shards known, the shard's place. */
static sb_status place_spool(worker *w, sb_kind kind, sb_error *err)
{
    const sb_job *job = w->job;
    sb_spool *spool = &w->making->spools[kind];
    char path[SB_PATH_BYTES];
    if (!has_own_files(job)) {
        if (place_known(w, w->making->shard))
            sb_spool_place(spool, job->files[kind], job->data_begin[kind] + w->offsets[kind],
                           false);
        return SB_OK;
    }
    sb_part_path(job->workspace, kind, w->making->shard, path);
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0)
        return sb_fail_errno(err, path, "cannot be made");
    sb_spool_place(spool, file, job->headers[kind].length, true);
    return SB_OK;
}

/* Takes a frame from the press: compresses it into the shard's spool. */
static sb_status take_frame(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                            uint32_t row_count, sb_error *err)
{
    worker *w = user;
    sb_frame_info frame;
    const uint8_t *bytes;
    size_t packed;
    SB_TRY(
        sb_packer_pack(w->packer, &w->press.cutters[kind], rows, raw_bytes, &bytes, &packed, err));
    SB_TRY(sb_frame_describe(bytes, packed, &frame, err));
    frame.row_count = row_count;
    sb_hash(rows, raw_bytes, frame.hash);
    count_rows(w, kind, rows, raw_bytes, row_count);
    w->making->kinds[kind].packed_bytes += packed;
    XXH3_128bits_update(w->making->raw_state[kind], rows, raw_bytes);
    XXH3_128bits_update(w->making->packed_state[kind], bytes, packed);
    SB_TRY(keep_frame(w->making, kind, &frame, err));
    if (sb_spool_wants_place(&w->making->spools[kind]))
        SB_TRY(place_spool(w, kind, err));
    return sb_spool_add(&w->making->spools[kind], bytes, packed, err);
}

/* ---- places --------------------------------------------------------------------------------- */

/* A part is a file of its own. What stands behind its frames is written when the run is finished.
 */
static sb_status write_part(worker *w, const held *of, sb_kind kind, sb_error *err)
{
    const sb_bytes *header = &w->job->headers[kind];
    char path[SB_PATH_BYTES];
    sb_part_path(w->job->workspace, kind, of->shard, path);
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0)
        return sb_fail_errno(err, path, "cannot be made");
    sb_status status = sb_write_at(file, header->data, header->length, 0, path, err);
    if (status == SB_OK)
        status = sb_spool_write(&of->spools[kind], file, header->length, path, err);
    if (status == SB_OK && fsync(file) != 0)
        status = sb_fail_errno(err, path, "cannot be synced");
    (void)close(file);
    return status;
}

static sb_status write_kind(worker *w, const held *of, sb_kind kind, sb_error *err)
{
    const sb_job *job = w->job;
    char path[SB_PATH_BYTES];
    if (has_own_files(job))
        return write_part(w, of, kind, err);
    sb_kind_path(job->workspace, kind, path);
    uint64_t begin = job->data_begin[kind] + w->offsets[kind];
    SB_TRY(sb_spool_write(&of->spools[kind], job->files[kind], begin, path, err));
    sb_sync_early(job->files[kind], begin, of->kinds[kind].packed_bytes);
    return SB_OK;
}

static sb_status write_held(worker *w, held *of, sb_error *err)
{
    sb_slot *slot = sb_board_slot(w->job->board, of->shard);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (sb_job_has(w->job, kind))
            SB_TRY(write_kind(w, of, (sb_kind)kind, err));
    SB_TRY(sb_journal_add(&w->journal, of->shard, of->kinds,
                          (const sb_frame_info *const *)of->frames, &slot->journal_offset, err));
    slot->journal = w->job->first_journal + w->index;
    atomic_store(&slot->state, SB_SHARD_WRITTEN);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        sb_spool_clear(&of->spools[kind]); /* the shard being made can use the memory */
    of->used = false;
    return SB_OK;
}

/* Writes what can be written; lower shards first, since offsets only grow. */
static sb_status write_ready(worker *w, sb_error *err)
{
    for (;;) {
        held *lowest = NULL;
        for (int i = 0; i < HELD_MAX; i++)
            if (w->held[i].used && (lowest == NULL || w->held[i].shard < lowest->shard))
                lowest = &w->held[i];
        if (lowest == NULL)
            return SB_OK;
        if (!has_own_files(w->job) && !place_known(w, lowest->shard))
            return SB_OK;
        SB_TRY(write_held(w, lowest, err));
    }
}

static bool should_stop(const sb_job *job, uint64_t shard)
{
    const volatile int *stop = job->options->stop;
    if (job->options->backend == SB_BACKEND_SERIAL && stop != NULL && *stop != 0)
        atomic_store(&job->board->stop, 1);
    return atomic_load(&job->board->stop) != 0 || atomic_load(&job->board->lowest_failed) < shard;
}

/* A free place in memory, once one is; NULL when the run is over. */
static held *wait_for_room(worker *w, bool want_all, sb_error *err, sb_status *status)
{
    const struct timespec pause = {0, 200000};
    for (;;) {
        held *room = NULL;
        bool any = false;
        *status = write_ready(w, err);
        for (int i = 0; i < HELD_MAX; i++) {
            if (!w->held[i].used)
                room = &w->held[i];
            any = any || w->held[i].used;
        }
        if (*status != SB_OK || (want_all ? !any : room != NULL))
            return room;
        if (should_stop(w->job, UINT64_MAX))
            return NULL;
        (void)nanosleep(&pause, NULL);
    }
}

/* ---- shards --------------------------------------------------------------------------------- */

static sb_status make_shard(worker *w, held *of, uint64_t shard, sb_error *err)
{
    const sb_job *job = w->job;
    sb_slot *slot = sb_board_slot(job->board, shard);
    w->making = of;
    of->shard = shard;
    memset(of->kinds, 0, sizeof of->kinds);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (sb_job_has(job, kind)) {
            sb_spool_clear(&of->spools[kind]);
            XXH3_128bits_reset(of->raw_state[kind]);
            XXH3_128bits_reset(of->packed_state[kind]);
        }
    uint64_t end = sb_shard_group(job->world, &job->encoding, shard + 1);
    for (uint64_t group = sb_shard_group(job->world, &job->encoding, shard); group < end; group++) {
        if (should_stop(job, shard))
            return SB_ESTOPPED;
        SB_TRY(sb_group_make(&w->press, group, err));
    }
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (sb_job_has(job, kind)) {
            XXH128_canonical_t canonical;
            XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(of->raw_state[kind]));
            memcpy(of->kinds[kind].raw_hash, canonical.digest, SB_HASH_BYTES);
            XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(of->packed_state[kind]));
            memcpy(of->kinds[kind].packed_hash, canonical.digest, SB_HASH_BYTES);
        }
    of->used = true;
    memcpy(slot->kinds, of->kinds, sizeof slot->kinds);
    atomic_store(&slot->state, SB_SHARD_MADE);
    return SB_OK;
}

static sb_status work(worker *w, uint64_t *shard, sb_error *err)
{
    for (;;) {
        sb_status status = SB_OK;
        held *room = wait_for_room(w, false, err, &status);
        SB_TRY(status);
        if (room == NULL)
            return SB_ESTOPPED;
        *shard = sb_board_take(w->job->board, w->index);
        if (*shard >= w->job->board->end)
            break;
        SB_TRY(make_shard(w, room, *shard, err));
    }
    sb_status status = SB_OK;
    (void)wait_for_room(w, true, err, &status);
    return status;
}

static sb_status open_worker(worker *w, sb_error *err)
{
    const sb_job *job = w->job;
    SB_TRY(sb_packer_open(job->encoding.encoder, job->encoding.level, &w->packer, err));
    bool has_to_wait = job->board->worker_count > 1 && !has_own_files(job);
    SB_TRY(sb_spool_memory_open(has_to_wait, &w->spool_memory, err));
    for (int i = 0; i < HELD_MAX; i++)
        for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
            held *of = &w->held[i];
            of->raw_state[kind] = sb_job_has(job, kind) ? XXH3_createState() : NULL;
            of->packed_state[kind] = sb_job_has(job, kind) ? XXH3_createState() : NULL;
            if (sb_job_has(job, kind) &&
                (of->raw_state[kind] == NULL || of->packed_state[kind] == NULL))
                return sb_fail(err, SB_ENOMEM, "no memory for a hash");
            sb_spool_begin(&of->spools[kind], &w->spool_memory, job->workspace);
        }
    SB_TRY(sb_journal_open(job->workspace, job->first_journal + w->index, &w->journal, err));
    SB_TRY(sb_press_open(job->world, job->kinds, take_frame, w, &w->press, err));
    if (job->encoding.encoder == SB_ENCODER_TOKENS)
        SB_TRY(sb_press_want_marks(&w->press, err));
    return SB_OK;
}

static void close_worker(worker *w)
{
    struct rusage usage;
    sb_worker_note *note = &w->job->board->notes[w->index];
    if (w->press.maker != NULL) {
        sb_table_cache_stats stats = sb_table_cache_statistics(w->press.maker->cache);
        note->cache_hits += stats.hit_count;
        note->cache_misses += stats.miss_count;
    }
    if (getrusage(RUSAGE_SELF, &usage) == 0 && (uint64_t)usage.ru_maxrss * 1024 > note->peak_bytes)
        note->peak_bytes = (uint64_t)usage.ru_maxrss * 1024;
    for (int i = 0; i < HELD_MAX; i++)
        for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
            sb_spool_clear(&w->held[i].spools[kind]);
            free(w->held[i].frames[kind]);
            (void)XXH3_freeState(w->held[i].raw_state[kind]);
            (void)XXH3_freeState(w->held[i].packed_state[kind]);
        }
    sb_spool_memory_close(&w->spool_memory);
    sb_journal_close(&w->journal);
    sb_press_close(&w->press);
    sb_packer_close(w->packer);
}

void sb_worker_run(sb_job *job, uint32_t index)
{
    sb_error err = {0};
    uint64_t shard = job->begin;
    worker *w = calloc(1, sizeof *w);
    if (w == NULL) {
        (void)sb_fail(&err, SB_ENOMEM, "no memory for a worker");
        sb_board_fail(job->board, index, shard, &err);
        return;
    }
    w->job = job;
    w->index = index;
    w->known = job->begin;
    w->journal.file = -1;
    sb_status status = open_worker(w, &err);
    if (status == SB_OK)
        status = work(w, &shard, &err);
    if (status != SB_OK && status != SB_ESTOPPED) {
        err.status = status;
        sb_board_fail(job->board, index, shard, &err);
    }
    close_worker(w);
    free(w);
}
