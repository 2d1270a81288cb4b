#include "format/map_reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "format/row_cursor.h"

sb_status sb_damaged(const char *path, uint64_t byte, sb_error *err, const char *format, ...)
{
    char what[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return sb_fail(err, SB_EDAMAGED, "%s: byte %" PRIu64 ": %s", path, byte, what);
}

sb_status sb_map_unpack(const char *path, uint64_t byte, const uint8_t *bytes, size_t byte_count,
                        msgpack_unpacked *unpacked, sb_map *out, sb_error *err)
{
    sb_cursor cursor = {bytes, bytes + byte_count};
    if (!sb_cursor_skip(&cursor) || cursor.at != cursor.end)
        return sb_damaged(path, byte, err, "this is not one MessagePack value");
    size_t offset = 0;
    msgpack_unpack_return result =
        msgpack_unpack_next(unpacked, (const char *)bytes, byte_count, &offset);
    if (result == MSGPACK_UNPACK_NOMEM_ERROR)
        return sb_fail(err, SB_ENOMEM, "%s: byte %" PRIu64 ": no memory to read it", path, byte);
    if (result != MSGPACK_UNPACK_SUCCESS || unpacked->data.type != MSGPACK_OBJECT_MAP)
        return sb_damaged(path, byte, err, "this is no MessagePack map");
    *out = (sb_map){path, byte, &unpacked->data.via.map};
    return SB_OK;
}

bool sb_object_is_text(const msgpack_object *object, const char *text)
{
    return object->type == MSGPACK_OBJECT_STR && object->via.str.size == strlen(text) &&
           memcmp(object->via.str.ptr, text, object->via.str.size) == 0;
}

const msgpack_object *sb_map_find(const sb_map *map, const char *key)
{
    for (uint32_t i = 0; i < map->pairs->size; i++)
        if (sb_object_is_text(&map->pairs->ptr[i].key, key))
            return &map->pairs->ptr[i].val;
    return NULL;
}

sb_status sb_map_get(const sb_map *map, const char *key, msgpack_object_type type,
                     const msgpack_object **out, sb_error *err)
{
    const msgpack_object *object = sb_map_find(map, key);
    if (object == NULL || object->type != type)
        return sb_damaged(map->path, map->byte, err, "\"%s\" is missing or of a wrong type", key);
    *out = object;
    return SB_OK;
}

sb_status sb_map_get_uint(const sb_map *map, const char *key, uint64_t max, uint64_t *out,
                          sb_error *err)
{
    const msgpack_object *object = NULL;
    SB_TRY(sb_map_get(map, key, MSGPACK_OBJECT_POSITIVE_INTEGER, &object, err));
    if (object == NULL || object->via.u64 > max)
        return sb_damaged(map->path, map->byte, err, "\"%s\" is larger than %" PRIu64, key, max);
    *out = object->via.u64;
    return SB_OK;
}
