#include "workers/encoding.h"

#include <string.h>
#include <zstd.h>

#include "engine/group.h"
#include "engine/maker.h"
#include "format/cutter.h"
#include "workers/spool.h"

/* Raw bytes a row, and a file's share of them in per mille, measured on the demo profile at 10^6
 * entities. Only expectations are made of them, and the choice of shards: changing one changes
 * where automatic shards are cut. */
static const struct {
    uint32_t raw_bytes, packed_permille;
} row_sizes[SB_KIND_COUNT] = {
    [SB_PERSONS] = {501, 371},      [SB_COMPANIES] = {424, 361}, [SB_ACCOUNTS] = {165, 357},
    [SB_TRANSACTIONS] = {165, 346}, [SB_ENTRIES] = {41, 402},    [SB_COMMUNICATIONS] = {277, 360},
    [SB_DEVICES] = {96, 437},       [SB_LOGINS] = {70, 295},     [SB_TRADES] = {94, 336},
    [SB_TRIPS] = {116, 341},        [SB_DOCUMENTS] = {310, 264}, [SB_RELATIONSHIPS] = {43, 305},
};

/* A shard of a merged file waits in a worker's memory until its place is known, and the last one
 * leaves the other workers idle, so it is small: a group, unless groups are smaller still. A part
 * is a file of its own, and file systems like few and large ones. */
static const uint64_t merged_shard_bytes = UINT64_C(4) << 20, part_bytes = UINT64_C(512) << 20,
                      merged_bytes_max = UINT64_C(4) << 30;
enum { AUTO_SHARDS_MAX = 8192 };

uint64_t sb_expected_rows(const sb_world *world, sb_kind kind)
{
    if (kind == SB_ENTRIES)
        return world->values.entries ? world->values.counts[SB_TRANSACTIONS] * 2 : 0;
    return world->values.counts[kind];
}

uint64_t sb_expected_raw_bytes(const sb_world *world, sb_kind kind)
{
    return sb_expected_rows(world, kind) * row_sizes[kind].raw_bytes;
}

uint64_t sb_expected_bytes(const sb_world *world, sb_kind kind)
{
    return sb_muldiv(sb_expected_raw_bytes(world, kind), row_sizes[kind].packed_permille, 1000) +
           4096;
}

uint64_t sb_expected_worker_bytes(const sb_world *world, const sb_encoding *encoding)
{
    uint64_t kinds = (uint64_t)__builtin_popcount(sb_spec_kinds(world->spec));
    uint64_t cutters = kinds * (uint64_t)(SB_FRAME_RAW_BYTES + SB_ROW_BYTES_MAX);
    if (encoding->encoder == SB_ENCODER_TOKENS)
        cutters += kinds * (uint64_t)(SB_FRAME_MARKS_MAX * sizeof(sb_mark));
    uint64_t packer = sb_packer_memory_bytes(encoding->encoder, encoding->level);
    uint64_t spools = (uint64_t)SB_SPOOL_CHUNKS * SB_SPOOL_CHUNK_BYTES;
    /* What a locale keeps ready, and programme, libraries and tables that all workers share. */
    uint64_t locales = sb_tables_locale_count(world->tables) * (UINT64_C(64) << 10);
    uint64_t shared = UINT64_C(8) << 20;
    return sb_maker_arena_bytes(world) + cutters + packer + spools + locales + shared;
}

static uint64_t auto_shards(const sb_world *world, bool parts)
{
    uint64_t total = 0, target = parts ? part_bytes : merged_shard_bytes;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        total += sb_expected_raw_bytes(world, (sb_kind)kind);
    uint64_t shards = total / target + 1;
    if (shards > AUTO_SHARDS_MAX)
        shards = AUTO_SHARDS_MAX;
    return shards < world->group_count ? shards : world->group_count;
}

sb_status sb_encoding_resolve(const sb_world *world, const sb_run_options *options,
                              sb_encoding *out, sb_error *err)
{
    sb_encoding encoding = {.level = options->level == 0 ? SB_LEVEL_DEFAULT : options->level};
    if (options->level == 0 && sb_packer_has_tokens())
        encoding.encoder = SB_ENCODER_TOKENS;
    if (encoding.level < 1 || encoding.level > 19)
        return sb_fail(err, SB_EUSAGE, "--level: %d is not between 1 and 19", encoding.level);
    encoding.parts = options->layout == SB_LAYOUT_PARTS;
    for (int kind = 0; kind < SB_KIND_COUNT && options->layout == SB_LAYOUT_AUTO; kind++)
        if (sb_expected_raw_bytes(world, (sb_kind)kind) > merged_bytes_max)
            encoding.parts = true;
    encoding.shards = options->shards > 0 ? options->shards : auto_shards(world, encoding.parts);
    if (encoding.shards > world->group_count)
        return sb_fail(err, SB_EUSAGE,
                       "--shards: %llu is more than the %llu groups of this dataset",
                       (unsigned long long)encoding.shards, (unsigned long long)world->group_count);
    if (encoding.shards > SB_SHARDS_MAX)
        return sb_fail(err, SB_EUSAGE, "--shards: %llu is more than the limit of %d",
                       (unsigned long long)encoding.shards, SB_SHARDS_MAX);
    *out = encoding;
    return SB_OK;
}

json_t *sb_encoding_json(const sb_encoding *encoding)
{
    return json_pack("{s:s, s:i, s:s, s:I, s:s}", "encoder", sb_encoder_name(encoding->encoder),
                     "level", encoding->level, "layout", encoding->parts ? "parts" : "merged",
                     "shards", (json_int_t)encoding->shards, "zstd", ZSTD_versionString());
}

sb_status sb_encoding_read(const json_t *json, sb_encoding *out, sb_error *err)
{
    const char *encoder, *layout;
    int level;
    json_int_t shards;
    if (json_unpack((json_t *)(uintptr_t)json, "{s:s, s:i, s:s, s:I}", "encoder", &encoder, "level",
                    &level, "layout", &layout, "shards", &shards) != 0 ||
        shards < 1 || shards > SB_SHARDS_MAX || level < 1 || level > 19 ||
        (strcmp(layout, "parts") != 0 && strcmp(layout, "merged") != 0))
        return sb_fail(err, SB_EDAMAGED, "manifest: encoding is missing or damaged");
    sb_encoder known = SB_ENCODER_GENERIC;
    while (known < SB_ENCODER_COUNT && strcmp(encoder, sb_encoder_name(known)) != 0)
        known++;
    if (known == SB_ENCODER_COUNT)
        return sb_fail(err, SB_EDAMAGED, "manifest: encoder '%s' is not known to this release",
                       encoder);
    *out = (sb_encoding){known, level, strcmp(layout, "parts") == 0, (uint64_t)shards};
    return SB_OK;
}
