/* manifest.json: the recipe and the receipt of a dataset. Written as a stream, shard by shard,
 * because there may be very many; read whole. No clock, host or path in it. */
#ifndef FORMAT_MANIFEST_H
#define FORMAT_MANIFEST_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "format/container.h"
#include "seedbank/status.h"

enum { SB_MANIFEST_SHARDS_MAX = 10000 }; /* beyond, the list of shards is a file of its own */

/* One kind of one shard, or of the whole dataset (offset and ids unused). */
typedef struct sb_manifest_piece {
    uint64_t first_row, rows, first_id, last_id, offset, bytes, raw_bytes;
    bool has_ids;
    unsigned char raw_hash[SB_HASH_BYTES], packed_hash[SB_HASH_BYTES];
} sb_manifest_piece;

typedef struct sb_manifest_writer sb_manifest_writer;

/* Writes to `path` (and, beyond SB_MANIFEST_SHARDS_MAX shards, to `shards_path`), both temporary
 * names of the caller's. `spec` and `encoding` are borrowed for this call. */
SB_CHECK sb_status sb_manifest_open(const char *path, const char *shards_path, const char *dataset,
                                    const json_t *spec, const json_t *encoding, uint64_t shards,
                                    sb_manifest_writer **out, sb_error *err);
/* First every kind, in order; `files` is how many parts it has, 0 for one merged file. */
SB_CHECK sb_status sb_manifest_kind(sb_manifest_writer *writer, const char *kind,
                                    const sb_manifest_piece *piece, uint64_t files, sb_error *err);
/* Then every shard, in order: begin, its kinds, and so on. */
SB_CHECK sb_status sb_manifest_shard(sb_manifest_writer *writer, uint64_t shard,
                                     uint64_t first_group, uint64_t group_count,
                                     uint32_t kind_count, sb_error *err);
SB_CHECK sb_status sb_manifest_shard_kind(sb_manifest_writer *writer, const char *kind,
                                          const sb_manifest_piece *piece, sb_error *err);
/* Closes and syncs; the writer is gone whatever comes back. */
SB_CHECK sb_status sb_manifest_close(sb_manifest_writer *writer, sb_error *err);

/* Reads DIR/manifest.json, or the file itself when `path` is one. SB_EDAMAGED when it is not ours
 * or cut short. On SB_OK, *out is owned by the caller: json_decref(). */
SB_CHECK sb_status sb_manifest_read(const char *path, json_t **out, sb_error *err);

/* One shard of a manifest that was read: kinds[] filled by name; `dir` is where shards.msgpack is.
 */
SB_CHECK sb_status sb_manifest_find_shard(const json_t *manifest, const char *dir, uint64_t shard,
                                          const char *kind, sb_manifest_piece *out, sb_error *err);

#endif
