#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "engine/group.h"
#include "format/manifest.h"
#include "workers/encoding.h"
#include "workers/job.h"
#include "workers/spool.h"

/* Frames of one shard on their way into files. */
typedef struct printer {
    sb_packer *packer;
    sb_press press;
    int files[SB_KIND_COUNT];
    uint64_t offsets[SB_KIND_COUNT];
    const char *path;
} printer;

static sb_status take_frame(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                            uint32_t row_count, sb_error *err)
{
    printer *p = user;
    (void)row_count;
    const uint8_t *bytes;
    size_t packed;
    SB_TRY(
        sb_packer_pack(p->packer, &p->press.cutters[kind], rows, raw_bytes, &bytes, &packed, err));
    SB_TRY(sb_write_at(p->files[kind], bytes, packed, p->offsets[kind], p->path, err));
    p->offsets[kind] += packed;
    return SB_OK;
}

static sb_status open_new(const char *path, int *out, sb_error *err)
{
    *out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (*out >= 0)
        return SB_OK;
    if (errno == EEXIST)
        return sb_fail(err, SB_EUSAGE, "--out %s: exists already; choose another path", path);
    return sb_fail_errno(err, path, "cannot be made");
}

static sb_status open_files(printer *p, sb_kind_set kinds, bool one, const char *out, sb_error *err)
{
    if (!one && mkdir(out, 0777) != 0 && errno != EEXIST)
        return sb_fail_errno(err, out, "cannot be made a directory");
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        char path[SB_PATH_BYTES];
        if (!(kinds >> kind & 1))
            continue;
        if (!one)
            sb_kind_path(out, (sb_kind)kind, path);
        SB_TRY(open_new(one ? out : path, &p->files[kind], err));
    }
    return SB_OK;
}

static sb_status print_shard(const sb_world *world, const sb_encoding *encoding, uint64_t shard,
                             sb_kind_set kinds, printer *p, sb_error *err)
{
    SB_TRY(sb_press_open(world, kinds, take_frame, p, &p->press, err));
    sb_status status =
        encoding->encoder == SB_ENCODER_TOKENS ? sb_press_want_marks(&p->press, err) : SB_OK;
    uint64_t end = sb_shard_group(world, encoding, shard + 1);
    for (uint64_t group = sb_shard_group(world, encoding, shard); group < end && status == SB_OK;
         group++)
        status = sb_group_make(&p->press, group, err);
    sb_press_close(&p->press);
    return status;
}

static sb_status check_version(const json_t *manifest, sb_error *err)
{
    const char *zstd =
        json_string_value(json_object_get(json_object_get(manifest, "encoding"), "zstd"));
    if (zstd != NULL && strcmp(zstd, ZSTD_versionString()) == 0)
        return SB_OK;
    return sb_fail(
        err, SB_EUSAGE,
        "the dataset was compressed by zstd %s, here is %s: the rows would be the same, the bytes "
        "might not; use that zstd, or verify, which compares rows",
        zstd != NULL ? zstd : "unknown", ZSTD_versionString());
}

static sb_status regenerate(const sb_spec *spec, const json_t *manifest, uint64_t shard,
                            const char *kind, const char *out, sb_error *err)
{
    sb_encoding encoding;
    sb_kind_set kinds = sb_spec_kinds(spec);
    sb_world *world = NULL;
    printer p = {.path = out};
    for (int i = 0; i < SB_KIND_COUNT; i++)
        p.files[i] = -1;
    SB_TRY(sb_encoding_read(json_object_get(manifest, "encoding"), &encoding, err));
    SB_TRY(check_version(manifest, err));
    if (shard >= encoding.shards)
        return sb_fail(err, SB_EUSAGE, "--shard: %llu; the dataset has shards 0 to %llu",
                       (unsigned long long)shard, (unsigned long long)encoding.shards - 1);
    if (kind != NULL) {
        sb_kind found = sb_kind_find(kind);
        if (found == SB_KIND_COUNT || !(kinds >> found & 1))
            return sb_fail(err, SB_EUSAGE, "--kind: the dataset has no '%s'", kind);
        kinds = 1u << found;
    }
    SB_TRY(sb_world_open(spec, &world, err));
    sb_status status = sb_packer_open(encoding.encoder, encoding.level, &p.packer, err);
    if (status == SB_OK)
        status = open_files(&p, kinds, kind != NULL, out, err);
    if (status == SB_OK)
        status = print_shard(world, &encoding, shard, kinds, &p, err);
    for (int i = 0; i < SB_KIND_COUNT; i++)
        if (p.files[i] >= 0 && close(p.files[i]) != 0 && status == SB_OK)
            status = sb_fail_errno(err, out, "cannot be written");
    sb_packer_close(p.packer);
    sb_world_close(world);
    return status;
}

sb_status sb_regenerate(const char *manifest_path, const char *tables_dir, uint64_t shard,
                        const char *kind, const char *out, sb_error *err)
{
    json_t *manifest = NULL;
    sb_spec *spec = NULL;
    SB_TRY(sb_manifest_read(manifest_path, &manifest, err));
    sb_status status = sb_spec_of_path(manifest_path, tables_dir, &spec, err);
    if (status == SB_OK)
        status = regenerate(spec, manifest, shard, kind, out, err);
    sb_spec_close(spec);
    json_decref(manifest);
    return status;
}
