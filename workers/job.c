#include "workers/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

void sb_job_path(const char *dir, const char *name, char out[SB_PATH_BYTES])
{
    (void)snprintf(out, SB_PATH_BYTES, "%s/%s", dir, name);
}

void sb_kind_path(const char *dir, sb_kind kind, char out[SB_PATH_BYTES])
{
    (void)snprintf(out, SB_PATH_BYTES, "%s/%s.msgpack.zst", dir, sb_kind_name(kind));
}

void sb_part_path(const char *dir, sb_kind kind, uint64_t part, char out[SB_PATH_BYTES])
{
    (void)snprintf(out, SB_PATH_BYTES, "%s/%s/part-%05llu.msgpack.zst", dir, sb_kind_name(kind),
                   (unsigned long long)part);
}

double sb_now_seconds(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Parts may be counted from 0 to N-1 or from 1 to N: part N is part 0. */
static void choose_shards(sb_job *job)
{
    uint32_t count = job->options->part_count;
    job->begin = 0;
    job->end = job->encoding.shards;
    if (count == 0)
        return;
    uint32_t index = job->options->part_index % count;
    job->is_part = true;
    job->begin = sb_share_begin(index, job->encoding.shards, count);
    job->end = sb_share_begin((uint64_t)index + 1, job->encoding.shards, count);
    (void)snprintf(job->workspace, sizeof job->workspace, "%s/.seedbank/part-%05u-of-%05u",
                   job->options->out, index, count);
}

static sb_status make_headers(sb_job *job, sb_error *err)
{
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        if (!sb_job_has(job, kind))
            continue;
        uint64_t rows = kind == SB_ENTRIES ? SB_ROWS_UNKNOWN : job->world->values.counts[kind];
        SB_TRY(sb_header_frame((sb_kind)kind, sb_spec_dataset(job->spec), sb_spec_value(job->spec),
                               rows, job->encoding.level, &job->headers[kind], err));
        job->data_begin[kind] = job->is_part ? 0 : job->headers[kind].length;
    }
    return SB_OK;
}

/* SEEDBANK_LANES forces the instruction set of engine/lanes.h: the tests hold each to the same
 * bytes. */
static sb_status choose_lanes(sb_error *err)
{
    const char *name = getenv("SEEDBANK_LANES");
    if (name == NULL || name[0] == '\0' || sb_lanes_use(name))
        return SB_OK;
    return sb_fail(err, SB_EUSAGE,
                   "SEEDBANK_LANES: this processor knows no '%s'; unset it, or set it to plain",
                   name);
}

sb_status sb_job_open(const sb_spec *spec, const sb_run_options *options, sb_job *out,
                      sb_error *err)
{
    *out = (sb_job){.spec = spec, .options = options};
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        out->files[kind] = -1;
    if (strlen(options->out) > SB_PATH_BYTES / 2)
        return sb_fail(err, SB_EUSAGE, "--out: the path is longer than %d bytes",
                       SB_PATH_BYTES / 2);
    (void)snprintf(out->dir, sizeof out->dir, "%s", options->out);
    (void)snprintf(out->workspace, sizeof out->workspace, "%s/.seedbank", options->out);
    out->kinds = sb_spec_kinds(spec);
    SB_TRY(choose_lanes(err));
    sb_status status = sb_world_open(spec, &out->world, err);
    if (status == SB_OK)
        status = sb_encoding_resolve(out->world, options, &out->encoding, err);
    if (status == SB_OK && options->part_count > out->encoding.shards)
        status = sb_fail(err, SB_EUSAGE,
                         "--part: %u parts of %llu shards; ask for fewer, or more --shards",
                         options->part_count, (unsigned long long)out->encoding.shards);
    if (status == SB_OK) {
        choose_shards(out);
        status = make_headers(out, err);
    }
    if (status != SB_OK)
        sb_job_close(out);
    return status;
}

void sb_job_close(sb_job *job)
{
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        sb_bytes_close(&job->headers[kind]);
        if (job->files[kind] >= 0)
            (void)close(job->files[kind]);
        job->files[kind] = -1;
    }
    sb_board_close(job->board);
    sb_world_close(job->world);
    job->board = NULL;
    job->world = NULL;
}
