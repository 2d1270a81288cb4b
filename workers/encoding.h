/* How a dataset is put into bytes: level, layout, shards. Depends on spec and options alone, never
 * on the machine. */
#ifndef WORKERS_ENCODING_H
#define WORKERS_ENCODING_H

#include <jansson.h>

#include "engine/world.h"
#include "format/packer.h"
#include "seedbank/seedbank.h"

enum { SB_LEVEL_DEFAULT = 1, SB_SHARDS_MAX = 100000 };

typedef struct sb_encoding {
    sb_encoder encoder;
    int level; /* of zstd; 1 for SB_ENCODER_TOKENS, which knows but one way */
    bool parts;
    uint64_t shards;
} sb_encoding;

/* Without a level rows are packed by tokens, where this libzstd can; a level asks for the generic
 * encoder. SB_EUSAGE for a level or number of shards out of range. */
SB_CHECK sb_status sb_encoding_resolve(const sb_world *world, const sb_run_options *options,
                                       sb_encoding *out, sb_error *err);
/* The manifest's "encoding"; NULL without memory. Owned by the caller. */
json_t *sb_encoding_json(const sb_encoding *encoding);
/* Back from a manifest. SB_EDAMAGED when it is not one of ours. */
SB_CHECK sb_status sb_encoding_read(const json_t *json, sb_encoding *out, sb_error *err);

/* Expected raw bytes of a kind's rows, and of its file, by measured sizes of rows. Of entries twice
 * the transactions is assumed. */
uint64_t sb_expected_rows(const sb_world *world, sb_kind kind);
uint64_t sb_expected_raw_bytes(const sb_world *world, sb_kind kind);
uint64_t sb_expected_bytes(const sb_world *world, sb_kind kind);
/* Expected peak memory of a worker. */
uint64_t sb_expected_worker_bytes(const sb_world *world, const sb_encoding *encoding);

/* The groups of a shard: from sb_shard_group(shard) to sb_shard_group(shard + 1). */
static inline uint64_t sb_shard_group(const sb_world *world, const sb_encoding *encoding,
                                      uint64_t shard)
{
    return sb_share_begin(shard, world->group_count, encoding->shards);
}

#endif
