#include "workers/open.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/spec.h"
#include "format/hashing.h"
#include "format/manifest.h"
#include "format/row_text.h"

/* ---- paths ---------------------------------------------------------------------------------- */

char *sb_path_join(const char *dir, const char *name)
{
    size_t dir_bytes = strlen(dir), name_bytes = strlen(name);
    char *path = malloc(dir_bytes + name_bytes + 2);
    if (path == NULL)
        return NULL;
    while (dir_bytes > 1 && dir[dir_bytes - 1] == '/')
        dir_bytes--;
    memcpy(path, dir, dir_bytes);
    if (dir_bytes > 0 && dir[dir_bytes - 1] != '/')
        path[dir_bytes++] = '/';
    memcpy(path + dir_bytes, name, name_bytes + 1);
    return path;
}

static bool begins_like_json(const char *path)
{
    FILE *file = fopen(path, "rb");
    int c = EOF;
    if (file != NULL) {
        do
            c = getc(file);
        while (c == ' ' || c == '\t' || c == '\n' || c == '\r');
        (void)fclose(file);
    }
    return c == '{';
}

sb_status sb_path_look(const char *path, sb_path_kind *out, sb_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return sb_fail(err, errno == ENOENT || errno == ENOTDIR ? SB_EUSAGE : SB_EIO, "%s: %s",
                       path, strerror(errno));
    if (S_ISDIR(info.st_mode))
        *out = SB_PATH_DIR;
    else /* never opens a FIFO, which would hang */
        *out = S_ISREG(info.st_mode) && begins_like_json(path) ? SB_PATH_JSON : SB_PATH_FILE;
    return SB_OK;
}

static bool is_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* ---- manifests ------------------------------------------------------------------------------ */

static sb_status foreign(const sb_dataset_dir *dir, const char *what, sb_error *err)
{
    return sb_fail(err, SB_EDAMAGED, "%s: %s", dir->manifest_path, what);
}

/* Kinds become file names. */
static bool is_kind_name(const char *name)
{
    return *name != '\0' && name[strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789")] == '\0';
}

static sb_status check_manifest_kinds(const sb_dataset_dir *dir, sb_error *err)
{
    const char *name;
    json_t *value;
    if (!json_is_object(dir->kinds))
        return foreign(dir, "\"kinds\" is missing or no object", err);
    json_object_foreach((json_t *)(uintptr_t)dir->kinds, name, value)
    {
        if (!is_kind_name(name))
            return foreign(dir, "\"kinds\" has a name that is none", err);
        const json_t *rows = json_object_get(value, "rows");
        if (!json_is_integer(rows) || json_integer_value(rows) < 0)
            return sb_fail(err, SB_EDAMAGED, "%s: \"kinds.%s.rows\" is missing or no count",
                           dir->manifest_path, name);
    }
    return SB_OK;
}

static sb_status check_manifest(sb_dataset_dir *dir, sb_error *err)
{
    /* sb_dataset_dir_close() frees the strings; the analyzer does not see that from here. */
    // NOLINTNEXTLINE(clang-analyzer-unix.Malloc)
    sb_status status = sb_manifest_read(dir->manifest_path, &dir->json, err);
    if (status != SB_OK)
        return status;
    dir->dataset = json_string_value(json_object_get(dir->json, "dataset"));
    dir->spec = json_object_get(dir->json, "spec");
    dir->kinds = json_object_get(dir->json, "kinds");
    if (dir->dataset == NULL || strlen(dir->dataset) != 32 ||
        strspn(dir->dataset, "0123456789abcdef") != 32)
        return foreign(dir, "\"dataset\" is missing or no hash", err);
    if (!json_is_object(dir->spec))
        return foreign(dir, "\"spec\" is missing or no object", err);
    return check_manifest_kinds(dir, err);
}

static sb_status load_manifest(sb_dataset_dir *dir, sb_error *err)
{
    if (!is_file(dir->manifest_path))
        return sb_fail(
            err, SB_EDAMAGED,
            "%s: no manifest.json: not a dataset, or one that generate --resume must finish first",
            dir->dir);
    return check_manifest(dir, err);
}

/* The directory a file stands in. Owned by the caller. */
static char *parent_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL   ? strdup(".")
           : slash == path ? strdup("/")
                           : strndup(path, (size_t)(slash - path));
}

sb_status sb_dataset_dir_open(const char *path, sb_dataset_dir *out, sb_error *err)
{
    sb_path_kind kind;
    *out = (sb_dataset_dir){0};
    SB_TRY(sb_path_look(path, &kind, err));
    if (kind == SB_PATH_FILE)
        return sb_fail(err, SB_EDAMAGED, "%s: neither a dataset's directory nor its manifest",
                       path);
    out->dir = kind == SB_PATH_DIR ? strdup(path) : parent_of(path);
    out->manifest_path = kind == SB_PATH_DIR ? sb_path_join(path, "manifest.json") : strdup(path);
    sb_status status = out->dir == NULL || out->manifest_path == NULL
                           ? sb_fail(err, SB_ENOMEM, "%s: no memory to open it", path)
                           : load_manifest(out, err);
    if (status != SB_OK)
        sb_dataset_dir_close(out);
    return status;
}

void sb_dataset_dir_close(sb_dataset_dir *dir)
{
    json_decref(dir->json);
    free(dir->manifest_path);
    free(dir->dir);
    *dir = (sb_dataset_dir){0};
}

/* ---- files of a kind ------------------------------------------------------------------------ */

void sb_file_list_close(sb_file_list *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->paths[i]);
    free(files->paths);
    *files = (sb_file_list){0};
}

/* Adds "dir/name"; the list has room. */
static sb_status add_file(const char *dir, const char *name, sb_file_list *list, sb_error *err)
{
    char *path = sb_path_join(dir, name);
    if (path == NULL)
        return sb_fail(err, SB_ENOMEM, "%s: no memory for its list of files", dir);
    list->paths[list->count++] = path;
    return is_file(path)
               ? SB_OK
               : sb_fail(err, SB_EDAMAGED,
                         "%s: missing, or no regular file, but the manifest has it", path);
}

static sb_status make_room(const char *dir, size_t count, sb_file_list *list, sb_error *err)
{
    list->paths = calloc(count + 1, sizeof *list->paths);
    return list->paths != NULL
               ? SB_OK
               : sb_fail(err, SB_ENOMEM, "%s: no memory for its list of files", dir);
}

/* A name that leads out of the directory is not followed. */
static bool stays_inside(const char *name)
{
    return name != NULL && name[0] != '\0' && name[0] != '/' && strstr(name, "..") == NULL;
}

static sb_status listed_files(const sb_dataset_dir *dir, const char *kind, const json_t *list,
                              sb_file_list *out, sb_error *err)
{
    size_t index;
    json_t *value;
    SB_TRY(make_room(dir->dir, json_array_size(list), out, err));
    json_array_foreach((json_t *)(uintptr_t)list, index, value)
    {
        const char *name = json_string_value(value);
        if (!stays_inside(name))
            return sb_fail(err, SB_EDAMAGED,
                           "%s: \"kinds.%s.files\" has an entry that is no file of it",
                           dir->manifest_path, kind);
        SB_TRY(add_file(dir->dir, name, out, err));
    }
    return SB_OK;
}

static int is_part(const struct dirent *entry)
{
    static const char prefix[] = "part-";
    const char *rest = entry->d_name + sizeof prefix - 1;
    if (strncmp(entry->d_name, prefix, sizeof prefix - 1) != 0)
        return 0;
    size_t digits = strspn(rest, "0123456789");
    return digits > 0 && strcmp(rest + digits, ".msgpack.zst") == 0;
}

/* By number: one of more digits comes later. */
static int by_part(const struct dirent **a, const struct dirent **b)
{
    size_t a_bytes = strlen((*a)->d_name), b_bytes = strlen((*b)->d_name);
    return a_bytes != b_bytes ? (a_bytes < b_bytes ? -1 : 1) : strcmp((*a)->d_name, (*b)->d_name);
}

static sb_status scanned_parts(const char *dir, const char *kind, sb_file_list *out, sb_error *err)
{
    struct dirent **entries = NULL;
    char *parts_dir = sb_path_join(dir, kind);
    int count = parts_dir == NULL ? -1 : scandir(parts_dir, &entries, is_part, by_part);
    sb_status status =
        count > 0 ? make_room(dir, (size_t)count, out, err)
                  : sb_fail(err, SB_EDAMAGED,
                            "%s: neither %s.msgpack.zst nor parts in %s/, but the manifest "
                            "has the kind",
                            dir, kind, kind);
    for (int i = 0; i < count; i++) {
        if (status == SB_OK)
            status = add_file(parts_dir, entries[i]->d_name, out, err);
        free(entries[i]);
    }
    free(entries);
    free(parts_dir);
    return status;
}

static sb_status scanned_files(const char *dir, const char *kind, sb_file_list *out, sb_error *err)
{
    char name[128];
    (void)snprintf(name, sizeof name, "%s.msgpack.zst", kind);
    char *merged = sb_path_join(dir, name);
    bool has_merged = merged != NULL && is_file(merged);
    free(merged);
    if (!has_merged)
        return scanned_parts(dir, kind, out, err);
    SB_TRY(make_room(dir, 1, out, err));
    return add_file(dir, name, out, err);
}

sb_status sb_dataset_dir_files(const sb_dataset_dir *dir, const char *kind, sb_file_list *out,
                               sb_error *err)
{
    const json_t *entry = json_object_get(dir->kinds, kind);
    const json_t *list = json_object_get(entry, "files");
    *out = (sb_file_list){0};
    if (entry == NULL)
        return sb_fail(err, SB_EUSAGE, "%s: the dataset has no %s%s", dir->dir, kind,
                       strcmp(kind, "entries") == 0 ? "; it was made without --entries" : "");
    sb_status status = json_is_array(list) && json_array_size(list) > 0
                           ? listed_files(dir, kind, list, out, err)
                           : scanned_files(dir->dir, kind, out, err);
    if (status != SB_OK)
        sb_file_list_close(out);
    return status;
}

/* ---- specs ---------------------------------------------------------------------------------- */

/* What a manifest or header says that no spec can is damage, not the caller's mistake; but that the
 * tables are others is for the caller to mend. */
static sb_status fill_spec(sb_spec *spec, const json_t *json, const char *where,
                           const char *tables_dir, const char *dataset, sb_error *err)
{
    sb_error why = {0};
    if (sb_spec_take(spec, json, where, &why) != SB_OK)
        return sb_fail(err, why.status == SB_EUSAGE ? SB_EDAMAGED : why.status, "%s", why.text);
    if (tables_dir != NULL)
        SB_TRY(sb_spec_set(spec, "tables", tables_dir, err));
    SB_TRY(sb_spec_seal(spec, err));
    if (dataset != NULL && strcmp(sb_spec_dataset(spec), dataset) != 0)
        return sb_fail(err, SB_EDAMAGED, "%s: its spec is that of dataset %s, but it says %s",
                       where, sb_spec_dataset(spec), dataset);
    return SB_OK;
}

sb_status sb_spec_of_json(const json_t *json, const char *where, const char *tables_dir,
                          const char *dataset, sb_spec **out, sb_error *err)
{
    sb_spec *spec;
    SB_TRY(sb_spec_open(&spec, err));
    sb_status status = fill_spec(spec, json, where, tables_dir, dataset, err);
    if (status == SB_OK)
        *out = spec;
    else
        sb_spec_close(spec);
    return status;
}

static sb_status spec_of_file(const char *path, const char *tables_dir, sb_spec **out,
                              sb_error *err)
{
    sb_reader *reader;
    SB_TRY(sb_reader_open(path, &reader, err));
    const sb_file_header *header = sb_reader_header(reader);
    sb_status status = sb_spec_of_json(header->spec, path, tables_dir, header->dataset, out, err);
    sb_reader_close(reader);
    return status;
}

sb_status sb_spec_of_path(const char *path, const char *tables_dir, sb_spec **out, sb_error *err)
{
    sb_path_kind kind;
    sb_dataset_dir dir;
    SB_TRY(sb_path_look(path, &kind, err));
    if (kind == SB_PATH_FILE)
        return spec_of_file(path, tables_dir, out, err);
    SB_TRY(sb_dataset_dir_open(path, &dir, err));
    sb_status status =
        sb_spec_of_json(dir.spec, dir.manifest_path, tables_dir, dir.dataset, out, err);
    sb_dataset_dir_close(&dir);
    return status;
}

bool sb_spec_json_days(const json_t *spec, const char *key, int32_t *out)
{
    const char *text = json_string_value(json_object_get(spec, key));
    int year, month, day, consumed = 0;
    if (text == NULL || strlen(text) != 10 ||
        sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &consumed) != 3 || consumed != 10 ||
        month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    *out = sb_days_from_civil(year, month, day);
    return true;
}

const char *sb_kind_by_index(uint32_t index)
{
    return index < SB_KIND_COUNT ? sb_kind_name((sb_kind)index) : NULL;
}

/* ---- the raw digest of a kind --------------------------------------------------------------- */

sb_status sb_raw_digest_open(sb_raw_digest *out, sb_error *err)
{
    *out = (sb_raw_digest){.state = XXH3_createState()};
    if (out->state == NULL || XXH3_128bits_reset(out->state) == XXH_ERROR)
        return sb_fail(err, SB_ENOMEM, "no memory for a digest");
    return SB_OK;
}

void sb_raw_digest_close(sb_raw_digest *digest)
{
    (void)XXH3_freeState(digest->state);
    digest->state = NULL;
}

void sb_raw_digest_add(sb_raw_digest *digest, const uint8_t *rows, size_t raw_bytes)
{
    sb_hash(rows, raw_bytes, digest->only);
    (void)XXH3_128bits_update(digest->state, digest->only, sizeof digest->only);
    digest->frame_count++;
}

void sb_raw_digest_text(const sb_raw_digest *digest, char out[33])
{
    XXH128_canonical_t all;
    XXH128_canonicalFromHash(&all, XXH3_128bits_digest(digest->state));
    sb_hash_text(digest->frame_count == 1 ? digest->only : all.digest, out);
}

/* ---- text on its way out -------------------------------------------------------------------- */

sb_status sb_sink_flush(sb_sink *sink, sb_error *err)
{
    size_t length = sink->bytes.length;
    sink->bytes.length = 0;
    if (length == 0 || sink->refused)
        return SB_OK;
    sb_status status = sink->take(sink->user, (const char *)sink->bytes.data, length, err);
    sink->refused = status != SB_OK;
    return status;
}

void sb_sink_close(sb_sink *sink)
{
    sb_bytes_close(&sink->bytes);
}

sb_status sb_sink_text(sb_sink *sink, const char *text, sb_error *err)
{
    SB_TRY(sb_bytes_add(&sink->bytes, text, strlen(text), err));
    return sb_sink_step(sink, err);
}

sb_status sb_sink_format(sb_sink *sink, sb_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int needed = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (needed < 0)
        return sb_fail(err, SB_EIO, "a line could not be written as text");
    SB_TRY(sb_bytes_reserve(&sink->bytes, (size_t)needed + 1, err));
    va_start(args, format);
    (void)vsnprintf((char *)sink->bytes.data + sink->bytes.length, (size_t)needed + 1, format,
                    args);
    va_end(args);
    sink->bytes.length += (size_t)needed;
    return sb_sink_step(sink, err);
}

static int add_piece(const char *text, size_t text_bytes, void *user)
{
    return sb_bytes_add(user, text, text_bytes, NULL) == SB_OK ? 0 : -1;
}

sb_status sb_sink_json(sb_sink *sink, const json_t *json, sb_error *err)
{
    if (json_dump_callback(json, add_piece, &sink->bytes, JSON_COMPACT | JSON_ENCODE_ANY) != 0)
        return sb_fail(err, SB_ENOMEM, "no memory for JSON");
    return sb_sink_step(sink, err);
}

/* ---- ids ------------------------------------------------------------------------------------ */

bool sb_id_read(const char *text, char *letter, uint64_t *id)
{
    char first = 0;
    uint64_t value = 0;
    if (isalpha((unsigned char)*text))
        first = (char)toupper((unsigned char)*text++);
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (!isdigit((unsigned char)*text) || value > (uint64_t)(INT64_MAX - 9) / 10)
            return false;
        value = value * 10 + (uint64_t)(*text - '0');
    }
    *letter = first;
    *id = value;
    return true;
}
