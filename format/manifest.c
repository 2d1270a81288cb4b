#include "format/manifest.h"

#include <errno.h>
#include <msgpack.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/msgpack_writer.h"
#include "seedbank/version.h"

/* What docs/privacy.md says, in short. Stands in JSON as it is: no quotes, no backslashes. */
static const char privacy_text[] =
    "Every row is computed from a seed and from tables of public facts and frequencies; no record "
    "of a real person, company or account was used, so none can be found in it. Given and family "
    "names are drawn apart from each other; companies, banks, shops, airlines and devices are "
    "invented. Phone numbers, domains, network addresses, BICs, LEIs, cards and tax numbers lie in "
    "ranges that are kept for fiction, documentation or tests or that nobody has, where there are "
    "such; elsewhere a name or number may be somebody's by chance. See docs/privacy.md and "
    "docs/identifiers.md.";

struct sb_manifest_writer {
    FILE *file;   /* manifest.json */
    FILE *shards; /* shards.msgpack, or NULL */
    char path[4200];
    uint64_t kinds_written, shards_written, shard_kinds_left;
    bool first_in_shard;
};

/* ---- writing -------------------------------------------------------------------------------- */

static sb_status check_file(const sb_manifest_writer *writer, FILE *file, sb_error *err)
{
    return ferror(file)
               ? sb_fail(err, SB_EIO, "%s: cannot be written: %s", writer->path, strerror(errno))
               : SB_OK;
}

static sb_status write_json(sb_manifest_writer *writer, const char *key, const json_t *json,
                            sb_error *err)
{
    char *text = json_dumps(json, JSON_INDENT(2) | JSON_SORT_KEYS);
    if (text == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for the manifest");
    fprintf(writer->file, "  \"%s\": ", key);
    for (const char *c = text; *c != '\0'; c++) { /* nested one level deeper */
        putc(*c, writer->file);
        if (*c == '\n')
            fputs("  ", writer->file);
    }
    fputs(",\n", writer->file);
    free(text);
    return check_file(writer, writer->file, err);
}

sb_status sb_manifest_open(const char *path, const char *shards_path, const char *dataset,
                           const json_t *spec, const json_t *encoding, uint64_t shards,
                           sb_manifest_writer **out, sb_error *err)
{
    sb_manifest_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for the manifest");
    (void)snprintf(writer->path, sizeof writer->path, "%s", path);
    writer->file = fopen(path, "we");
    if (shards > SB_MANIFEST_SHARDS_MAX)
        writer->shards = fopen(shards_path, "we");
    if (writer->file == NULL || (shards > SB_MANIFEST_SHARDS_MAX && writer->shards == NULL)) {
        sb_status status = sb_fail(err, SB_EIO, "%s: cannot be made: %s", path, strerror(errno));
        if (writer->file != NULL)
            (void)fclose(writer->file);
        free(writer);
        return status;
    }
    fprintf(writer->file,
            "{\n  \"format\": \"seedbank-manifest\",\n  \"format_version\": %d,\n  "
            "\"content_version\": %d,\n"
            "  \"dataset\": \"%s\",\n",
            SB_FORMAT_VERSION, SB_CONTENT_VERSION, dataset);
    *out = writer;
    SB_TRY(write_json(writer, "spec", spec, err));
    SB_TRY(write_json(writer, "encoding", encoding, err));
    fprintf(writer->file, "  \"privacy\": \"%s\",\n  \"kinds\": {", privacy_text);
    return SB_OK;
}

sb_status sb_manifest_kind(sb_manifest_writer *writer, const char *kind,
                           const sb_manifest_piece *piece, uint64_t files, sb_error *err)
{
    char hash[33];
    sb_hash_text(piece->raw_hash, hash);
    fprintf(writer->file,
            "%s\n    \"%s\": {\"rows\": %llu, \"bytes\": %llu, \"raw_bytes\": %llu, \"raw_xxh3\": "
            "\"%s\", \"files\": [",
            writer->kinds_written++ > 0 ? "," : "", kind, (unsigned long long)piece->rows,
            (unsigned long long)piece->bytes, (unsigned long long)piece->raw_bytes, hash);
    if (files == 0)
        fprintf(writer->file, "\"%s.msgpack.zst\"", kind);
    for (uint64_t part = 0; part < files; part++)
        fprintf(writer->file, "%s\"%s/part-%05llu.msgpack.zst\"", part > 0 ? ", " : "", kind,
                (unsigned long long)part);
    fputs("]}", writer->file);
    return check_file(writer, writer->file, err);
}

static void pack_text(FILE *file, const char *text)
{
    uint8_t buffer[512];
    sb_rows rows = {.at = buffer};
    sb_rows_cstr(&rows, text);
    (void)fwrite(buffer, 1, (size_t)(rows.at - buffer), file);
}

static void pack_pair(FILE *file, const char *key, uint64_t value)
{
    uint8_t buffer[16];
    sb_rows rows = {.at = buffer};
    pack_text(file, key);
    sb_rows_uint(&rows, value);
    (void)fwrite(buffer, 1, (size_t)(rows.at - buffer), file);
}

static void pack_map(FILE *file, size_t pairs)
{
    uint8_t buffer[8];
    sb_rows rows = {.at = buffer};
    sb_rows_map(&rows, pairs);
    (void)fwrite(buffer, 1, (size_t)(rows.at - buffer), file);
}

sb_status sb_manifest_shard(sb_manifest_writer *writer, uint64_t shard, uint64_t first_group,
                            uint64_t group_count, uint32_t kind_count, sb_error *err)
{
    if (writer->shards != NULL) {
        if (writer->shards_written++ == 0)
            fputs("\n  },\n  \"shards_file\": \"shards.msgpack\"", writer->file);
        pack_map(writer->shards, 4);
        pack_pair(writer->shards, "shard", shard);
        pack_pair(writer->shards, "first_group", first_group);
        pack_pair(writer->shards, "group_count", group_count);
        pack_text(writer->shards, "kinds");
        pack_map(writer->shards, kind_count);
        return check_file(writer, writer->shards, err);
    }
    fprintf(writer->file,
            "%s\n    {\"shard\": %llu, \"first_group\": %llu, \"group_count\": %llu, \"kinds\": {",
            writer->shards_written++ == 0 ? "\n  },\n  \"shards\": [" : ",",
            (unsigned long long)shard, (unsigned long long)first_group,
            (unsigned long long)group_count);
    writer->first_in_shard = true;
    writer->shard_kinds_left = kind_count;
    return check_file(writer, writer->file, err);
}

static void pack_piece(FILE *file, const char *kind, const sb_manifest_piece *piece)
{
    char hash[33];
    pack_text(file, kind);
    pack_map(file, piece->has_ids ? 9 : 7);
    pack_pair(file, "first_row", piece->first_row);
    pack_pair(file, "rows", piece->rows);
    if (piece->has_ids) {
        pack_pair(file, "first_id", piece->first_id);
        pack_pair(file, "last_id", piece->last_id);
    }
    pack_pair(file, "offset", piece->offset);
    pack_pair(file, "bytes", piece->bytes);
    pack_pair(file, "raw_bytes", piece->raw_bytes);
    sb_hash_text(piece->raw_hash, hash);
    pack_text(file, "raw_xxh3");
    pack_text(file, hash);
    sb_hash_text(piece->packed_hash, hash);
    pack_text(file, "packed_xxh3");
    pack_text(file, hash);
}

sb_status sb_manifest_shard_kind(sb_manifest_writer *writer, const char *kind,
                                 const sb_manifest_piece *piece, sb_error *err)
{
    char raw[33], packed[33];
    FILE *file = writer->file;
    if (writer->shards != NULL) {
        pack_piece(writer->shards, kind, piece);
        return check_file(writer, writer->shards, err);
    }
    sb_hash_text(piece->raw_hash, raw);
    sb_hash_text(piece->packed_hash, packed);
    fprintf(file, "%s\n      \"%s\": {\"first_row\": %llu, \"rows\": %llu",
            writer->first_in_shard ? "" : ",", kind, (unsigned long long)piece->first_row,
            (unsigned long long)piece->rows);
    if (piece->has_ids)
        fprintf(file, ", \"first_id\": %llu, \"last_id\": %llu",
                (unsigned long long)piece->first_id, (unsigned long long)piece->last_id);
    fprintf(file,
            ", \"offset\": %llu, \"bytes\": %llu, \"raw_bytes\": %llu, \"raw_xxh3\": \"%s\", "
            "\"packed_xxh3\": \"%s\"}",
            (unsigned long long)piece->offset, (unsigned long long)piece->bytes,
            (unsigned long long)piece->raw_bytes, raw, packed);
    writer->first_in_shard = false;
    if (--writer->shard_kinds_left == 0)
        fputs("\n    }}", file);
    return check_file(writer, file, err);
}

static sb_status close_file(FILE *file, const char *path, sb_error *err)
{
    bool failed = fflush(file) != 0 || fsync(fileno(file)) != 0;
    int reason = errno;
    failed = fclose(file) != 0 || failed;
    if (!failed)
        return SB_OK;
    return sb_fail(err, reason == ENOSPC ? SB_ENOSPC : SB_EIO, "%s: cannot be written: %s", path,
                   strerror(reason));
}

sb_status sb_manifest_close(sb_manifest_writer *writer, sb_error *err)
{
    sb_status status = SB_OK;
    fputs(writer->shards != NULL       ? "\n}\n"
          : writer->shards_written > 0 ? "\n  ]\n}\n"
                                       : "\n  }\n}\n",
          writer->file);
    if (writer->shards != NULL)
        status = close_file(writer->shards, "shards.msgpack", err);
    sb_status closed = close_file(writer->file, writer->path, status == SB_OK ? err : NULL);
    free(writer);
    return status != SB_OK ? status : closed;
}

/* ---- reading -------------------------------------------------------------------------------- */

sb_status sb_manifest_read(const char *path, json_t **out, sb_error *err)
{
    char file[4200];
    struct stat info;
    json_error_t problem;
    int version = 0, content = 0;
    const char *format = NULL, *dataset = NULL;
    json_t *spec = NULL, *encoding = NULL, *kinds = NULL;
    if (stat(path, &info) != 0)
        return sb_fail(err, errno == ENOENT || errno == ENOTDIR ? SB_EUSAGE : SB_EIO,
                       "%s: cannot be opened: %s", path, strerror(errno));
    (void)snprintf(file, sizeof file, S_ISDIR(info.st_mode) ? "%s/manifest.json" : "%s", path);
    if (access(file, F_OK) != 0)
        return sb_fail(err, SB_EDAMAGED, "%s: no dataset here: manifest.json is missing", path);
    json_t *json = json_load_file(file, JSON_REJECT_DUPLICATES, &problem);
    if (json == NULL)
        return sb_fail(err, SB_EDAMAGED, "%s: line %d: damaged or foreign manifest: %s", file,
                       problem.line, problem.text);
    if (json_unpack(json, "{s:s, s:i, s:i, s:s, s:o, s:o, s:o}", "format", &format,
                    "format_version", &version, "content_version", &content, "dataset", &dataset,
                    "spec", &spec, "encoding", &encoding, "kinds", &kinds) != 0 ||
        strcmp(format, "seedbank-manifest") != 0 || !json_is_object(spec) ||
        !json_is_object(kinds)) {
        json_decref(json);
        return sb_fail(err, SB_EDAMAGED, "%s: this is no manifest of seedbank", file);
    }
    if (version != SB_FORMAT_VERSION || content != SB_CONTENT_VERSION) {
        json_decref(json);
        return sb_fail(
            err, SB_EDAMAGED,
            "%s: format %d, content %d; this release reads format %d, content %d: use the release "
            "that made it",
            file, version, content, SB_FORMAT_VERSION, SB_CONTENT_VERSION);
    }
    *out = json;
    return SB_OK;
}

static bool read_hash(const char *text, unsigned char out[SB_HASH_BYTES])
{
    if (strlen(text) != 2 * SB_HASH_BYTES)
        return false;
    for (int i = 0; i < SB_HASH_BYTES; i++) {
        unsigned value;
        if (sscanf(text + 2 * i, "%2x", &value) != 1)
            return false;
        out[i] = (unsigned char)value;
    }
    return true;
}

static sb_status read_piece(const json_t *json, uint64_t shard, const char *kind,
                            sb_manifest_piece *out, sb_error *err)
{
    json_int_t first_row, rows, offset, bytes, raw_bytes, first_id = -1, last_id = -1;
    const char *raw, *packed;
    if (json_unpack((json_t *)(uintptr_t)json, "{s:I, s:I, s:I, s:I, s:I, s:s, s:s, s?I, s?I}",
                    "first_row", &first_row, "rows", &rows, "offset", &offset, "bytes", &bytes,
                    "raw_bytes", &raw_bytes, "raw_xxh3", &raw, "packed_xxh3", &packed, "first_id",
                    &first_id, "last_id", &last_id) != 0 ||
        !read_hash(raw, out->raw_hash) || !read_hash(packed, out->packed_hash))
        return sb_fail(err, SB_EDAMAGED, "manifest: shard %llu: %s is missing or damaged",
                       (unsigned long long)shard, kind);
    out->first_row = (uint64_t)first_row;
    out->rows = (uint64_t)rows;
    out->offset = (uint64_t)offset;
    out->bytes = (uint64_t)bytes;
    out->raw_bytes = (uint64_t)raw_bytes;
    out->has_ids = first_id >= 0 && last_id >= 0;
    out->first_id = out->has_ids ? (uint64_t)first_id : 0;
    out->last_id = out->has_ids ? (uint64_t)last_id : 0;
    return SB_OK;
}

/* The few types that a shard's map is made of. */
static json_t *to_json(const msgpack_object *object)
{
    if (object->type == MSGPACK_OBJECT_POSITIVE_INTEGER)
        return json_integer((json_int_t)object->via.u64);
    if (object->type == MSGPACK_OBJECT_STR)
        return json_stringn(object->via.str.ptr, object->via.str.size);
    if (object->type != MSGPACK_OBJECT_MAP)
        return json_null();
    json_t *map = json_object();
    for (uint32_t i = 0; i < object->via.map.size; i++) {
        const msgpack_object_kv *pair = &object->via.map.ptr[i];
        if (pair->key.type == MSGPACK_OBJECT_STR)
            json_object_setn_new(map, pair->key.via.str.ptr, pair->key.via.str.size,
                                 to_json(&pair->val));
    }
    return map;
}

/* The nth map of shards.msgpack; owned by the caller, NULL when it cannot be had. */
static json_t *load_shard(const char *dir, uint64_t shard)
{
    char path[4200];
    msgpack_unpacker unpacker;
    msgpack_unpacked result;
    json_t *found = NULL;
    (void)snprintf(path, sizeof path, "%s/shards.msgpack", dir);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    if (!msgpack_unpacker_init(&unpacker, 1 << 16)) {
        (void)fclose(file);
        return NULL;
    }
    msgpack_unpacked_init(&result);
    uint64_t at = 0;
    for (bool more = true; more && found == NULL;) {
        if (!msgpack_unpacker_reserve_buffer(&unpacker, 1 << 16))
            break;
        size_t n = fread(msgpack_unpacker_buffer(&unpacker), 1, 1 << 16, file);
        more = n > 0;
        msgpack_unpacker_buffer_consumed(&unpacker, n);
        while (found == NULL && msgpack_unpacker_next(&unpacker, &result) == MSGPACK_UNPACK_SUCCESS)
            if (at++ == shard)
                found = to_json(&result.data);
    }
    msgpack_unpacked_destroy(&result);
    msgpack_unpacker_destroy(&unpacker);
    (void)fclose(file);
    return found;
}

sb_status sb_manifest_find_shard(const json_t *manifest, const char *dir, uint64_t shard,
                                 const char *kind, sb_manifest_piece *out, sb_error *err)
{
    json_t *own = NULL;
    const json_t *list = json_object_get(manifest, "shards"), *entry;
    if (list == NULL && json_object_get(manifest, "shards_file") != NULL)
        entry = own = load_shard(dir, shard);
    else
        entry = json_array_get(list, (size_t)shard);
    const json_t *piece = json_object_get(json_object_get(entry, "kinds"), kind);
    sb_status status =
        json_integer_value(json_object_get(entry, "shard")) != (json_int_t)shard || piece == NULL
            ? sb_fail(err, SB_EDAMAGED, "manifest: shard %llu has no %s", (unsigned long long)shard,
                      kind)
            : read_piece(piece, shard, kind, out, err);
    json_decref(own);
    return status;
}
