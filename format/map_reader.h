/* Maps out of msgpack-c's unpacker, looked into by key, with complaints that name file and byte.
 *
 * The header and the row index are such maps. Neither may be believed: sb_map_unpack() walks the
 * bytes before msgpack-c allocates by the counts they claim. */
#ifndef FORMAT_MAP_READER_H
#define FORMAT_MAP_READER_H

#include <msgpack/unpack.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seedbank/status.h"

/* A map and where it stands. All borrowed. */
typedef struct sb_map {
    const char *path;
    uint64_t byte; /* of the file */
    const msgpack_object_map *pairs;
} sb_map;

/* "PATH: byte N: what is wrong", SB_EDAMAGED. */
SB_PRINTF(4, 5)
sb_status sb_damaged(const char *path, uint64_t byte, sb_error *err, const char *format, ...);

/* Unpacks bytes that hold one map and nothing else. `unpacked` was initialised by the caller, who
 * also destroys it; texts in the map borrow from `bytes`. */
SB_CHECK sb_status sb_map_unpack(const char *path, uint64_t byte, const uint8_t *bytes,
                                 size_t byte_count, msgpack_unpacked *unpacked, sb_map *out,
                                 sb_error *err);

bool sb_object_is_text(const msgpack_object *object, const char *text);

/* NULL when the map has no such key. */
const msgpack_object *sb_map_find(const sb_map *map, const char *key);

/* SB_EDAMAGED when the key is missing, or its value of another type or too large. */
SB_CHECK sb_status sb_map_get(const sb_map *map, const char *key, msgpack_object_type type,
                              const msgpack_object **out, sb_error *err);
SB_CHECK sb_status sb_map_get_uint(const sb_map *map, const char *key, uint64_t max, uint64_t *out,
                                   sb_error *err);

#endif
