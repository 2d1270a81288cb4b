#include "engine/table_text.h"

#include <errno.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES_MAX = 4096 };

static const sb_table_shape shapes[SB_TABLE_COUNT] = {
#define SHAPE(name, file, columns, weight) [SB_TABLE_##name] = {file, columns, weight},
    SB_SHARED_TABLES(SHAPE) SB_LANGUAGE_TABLES(SHAPE) SB_LOCALE_TABLES(SHAPE)
#undef SHAPE
};

const sb_table_shape *sb_table_shape_of(sb_table_id id)
{
    return &shapes[id];
}

/* Walks the blank-separated columns of a shape: returns the bytes of the next name, 0 at the end.
 */
static size_t next_column(const char **at)
{
    *at += strspn(*at, " *");
    return strcspn(*at, " ");
}

uint32_t sb_table_column_count(sb_table_id id)
{
    uint32_t count = 0;
    const char *at = shapes[id].columns;
    for (size_t n; (n = next_column(&at)) > 0; at += n)
        count++;
    return count;
}

uint32_t sb_table_column(sb_table_id id, const char *name)
{
    uint32_t position = 0;
    size_t name_bytes = strlen(name);
    const char *at = shapes[id].columns;
    for (size_t n; (n = next_column(&at)) > 0; at += n, position++)
        if (strncmp(at, name, name_bytes) == 0 &&
            (n == name_bytes || strncmp(at + name_bytes, ":int", 4) == 0))
            return position;
    abort(); /* our own mistake: the caller names a column that is not in the list above */
}

void sb_table_store_close(sb_table_store *store)
{
    free(store->pool);
    free(store->cells);
    free(store->buckets);
    free(store->row_lines);
    *store = (sb_table_store){0};
}

static uint32_t hash_text(const char *text, size_t text_bytes)
{
    uint32_t hash = 0x811C9DC5u; /* FNV-1a */
    for (size_t i = 0; i < text_bytes; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x01000193u;
    return hash;
}

static uint32_t *find_bucket(const sb_table_store *store, const char *text, size_t text_bytes)
{
    uint32_t mask = store->bucket_count - 1;
    for (uint32_t at = hash_text(text, text_bytes) & mask;; at = (at + 1) & mask) {
        uint32_t *bucket = &store->buckets[at];
        if (*bucket == 0)
            return bucket;
        const char *known = store->pool + *bucket - 1;
        if (strncmp(known, text, text_bytes) == 0 && known[text_bytes] == '\0')
            return bucket;
    }
}

static sb_status grow_buckets(sb_table_store *store, sb_error *err)
{
    uint32_t old_count = store->bucket_count, *old = store->buckets;
    uint32_t count = old_count > 0 ? old_count * 2 : 16384;
    uint32_t *buckets = calloc(count, sizeof *buckets);
    if (buckets == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for tables");
    store->buckets = buckets;
    store->bucket_count = count;
    for (uint32_t i = 0; i < old_count; i++)
        if (old[i] != 0) {
            const char *text = store->pool + old[i] - 1;
            *find_bucket(store, text, strlen(text)) = old[i];
        }
    free(old);
    return SB_OK;
}

static sb_status append_text(sb_table_store *store, const char *text, size_t text_bytes,
                             sb_error *err)
{
    if (store->pool_bytes + text_bytes + 2 + SB_TEXT_ROOM > store->pool_capacity) {
        uint32_t capacity = store->pool_capacity * 2 + 65536;
        char *pool = realloc(store->pool, capacity);
        if (pool == NULL)
            return sb_fail(err, SB_ENOMEM, "no memory for tables");
        store->pool = pool;
        store->pool_capacity = capacity;
    }
    _Static_assert(SB_CELL_BYTES_MAX <= UINT8_MAX, "a length is one byte");
    char *at = store->pool + store->pool_bytes;
    at[0] = (char)(unsigned char)text_bytes;
    memcpy(at + 1, text, text_bytes);
    at[1 + text_bytes] = '\0';
    store->pool_bytes += (uint32_t)text_bytes + 2;
    store->text_count++;
    return SB_OK;
}

static sb_status store_cell(sb_table_store *store, const char *text, size_t text_bytes,
                            sb_error *err)
{
    if (store->text_count * 2 >= store->bucket_count)
        SB_TRY(grow_buckets(store, err));
    if (store->cell_count == store->cell_capacity) {
        uint32_t capacity = store->cell_capacity * 2 + 16384;
        uint32_t *cells = realloc(store->cells, capacity * sizeof *cells);
        if (cells == NULL)
            return sb_fail(err, SB_ENOMEM, "no memory for tables");
        store->cells = cells;
        store->cell_capacity = capacity;
    }
    uint32_t *bucket = find_bucket(store, text, text_bytes);
    if (*bucket == 0) {
        uint32_t begin = store->pool_bytes + 1; /* behind the length */
        SB_TRY(append_text(store, text, text_bytes, err));
        *bucket = begin + 1;
    }
    store->cells[store->cell_count++] = *bucket - 1;
    return SB_OK;
}

static bool is_integer(const char *text, size_t text_bytes)
{
    size_t digits = text_bytes > 0 && text[0] == '-' ? 1 : 0;
    if (text_bytes == digits || text_bytes > 18)
        return false;
    for (size_t i = digits; i < text_bytes; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

static bool is_utf8(const char *text, size_t text_bytes)
{
    const unsigned char *s = (const unsigned char *)text;
    for (size_t i = 0; i < text_bytes;) {
        size_t more = s[i] < 0x80       ? 0
                      : s[i] >> 5 == 6  ? 1
                      : s[i] >> 4 == 14 ? 2
                      : s[i] >> 3 == 30 ? 3
                                        : 9;
        if (more == 9 || i + more >= text_bytes + (more == 0) || s[i] < 0x20 || s[i] == 0x7F)
            return false;
        for (size_t k = 1; k <= more; k++)
            if (i + k >= text_bytes || s[i + k] >> 6 != 2)
                return false;
        /* Neither longer forms than needed, nor surrogates, nor beyond U+10FFFF. */
        if ((more == 1 && s[i] < 0xC2) || (more == 2 && s[i] == 0xE0 && s[i + 1] < 0xA0) ||
            (more == 2 && s[i] == 0xED && s[i + 1] > 0x9F) ||
            (more == 3 && s[i] == 0xF0 && s[i + 1] < 0x90) ||
            (more == 3 && (s[i] > 0xF4 || (s[i] == 0xF4 && s[i + 1] > 0x8F))))
            return false;
        i += more + 1;
    }
    return true;
}

/* Where a table is being read: for the sentence when something is wrong. */
typedef struct place {
    const char *path;
    int line;
} place;

static sb_status check_cell(const place *where, const char *column, size_t column_bytes,
                            const char *text, size_t text_bytes, sb_error *err)
{
    if (text_bytes == 0)
        return sb_fail(err, SB_EUSAGE, "%s:%d: column %.*s is empty; write - for none", where->path,
                       where->line, (int)column_bytes, column);
    if (text_bytes > SB_CELL_BYTES_MAX)
        return sb_fail(err, SB_EUSAGE, "%s:%d: column %.*s has %zu bytes; at most %d", where->path,
                       where->line, (int)column_bytes, column, text_bytes, SB_CELL_BYTES_MAX);
    if (!is_utf8(text, text_bytes))
        return sb_fail(err, SB_EUSAGE, "%s:%d: column %.*s is not UTF-8 text", where->path,
                       where->line, (int)column_bytes, column);
    bool integer = column_bytes > 4 && strncmp(column + column_bytes - 4, ":int", 4) == 0;
    if (integer && !is_integer(text, text_bytes))
        return sb_fail(err, SB_EUSAGE, "%s:%d: column %.*s holds '%.*s', not an integer",
                       where->path, where->line, (int)column_bytes, column, (int)text_bytes, text);
    return SB_OK;
}

static sb_status read_header(const place *where, const char *line, sb_table_id id, sb_error *err)
{
    char expected[256] = "";
    const char *at = shapes[id].columns;
    size_t length = 0;
    for (size_t n; (n = next_column(&at)) > 0; at += n)
        length += (size_t)snprintf(expected + length, sizeof expected - length, "%s%.*s",
                                   length > 0 ? "\t" : "", (int)n, at);
    if (strcmp(line, expected) != 0)
        return sb_fail(err, SB_EUSAGE, "%s:%d: the columns must be: %s", where->path, where->line,
                       shapes[id].columns);
    return SB_OK;
}

static sb_status read_row(sb_table_store *store, const place *where, const char *line,
                          sb_table_id id, sb_error *err)
{
    const char *column = shapes[id].columns;
    size_t column_bytes = next_column(&column);
    for (;;) {
        size_t cell_bytes = strcspn(line, "\t");
        if (column_bytes == 0)
            return sb_fail(err, SB_EUSAGE, "%s:%d: more than %u columns", where->path, where->line,
                           sb_table_column_count(id));
        SB_TRY(check_cell(where, column, column_bytes, line, cell_bytes, err));
        SB_TRY(store_cell(store, line, cell_bytes, err));
        column += column_bytes;
        column_bytes = next_column(&column);
        if (line[cell_bytes] == '\0')
            break;
        line += cell_bytes + 1;
    }
    if (column_bytes > 0)
        return sb_fail(err, SB_EUSAGE, "%s:%d: column %.*s is missing", where->path, where->line,
                       (int)column_bytes, column);
    return SB_OK;
}

/* A key and where it stands. */
typedef struct key {
    const char *text;
    uint32_t line;
} key;

static int compare_keys(const void *a, const void *b)
{
    const key *one = a, *other = b;
    int order = strcmp(one->text, other->text);
    return order != 0 ? order : (one->line > other->line) - (one->line < other->line);
}

/* Weights never below zero and not all zero. */
static sb_status check_weights(const sb_table_store *store, const char *path, sb_table_id id,
                               uint32_t first_cell, uint32_t row_count, sb_error *err)
{
    uint32_t columns = sb_table_column_count(id);
    uint32_t weight = sb_table_column(id, shapes[id].weight);
    uint64_t total = 0;
    for (uint32_t row = 0; row < row_count; row++) {
        const char *text = store->pool + store->cells[first_cell + row * columns + weight];
        if (text[0] == '-' || strlen(text) > 10 || strtoull(text, NULL, 10) > INT32_MAX)
            return sb_fail(err, SB_EUSAGE, "%s:%u: weight %s is out of range 0 to %d", path,
                           store->row_lines[row], text, INT32_MAX);
        total += strtoull(text, NULL, 10);
    }
    return total > 0 ? SB_OK : sb_fail(err, SB_EUSAGE, "%s: all weights are zero", path);
}

static sb_status check_keys(const sb_table_store *store, const char *path, sb_table_id id,
                            uint32_t first_cell, uint32_t row_count, sb_error *err)
{
    uint32_t columns = sb_table_column_count(id);
    key *keys = malloc(row_count * sizeof *keys);
    sb_status status = SB_OK;
    if (keys == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for tables");
    for (uint32_t row = 0; row < row_count; row++)
        keys[row] =
            (key){store->pool + store->cells[first_cell + row * columns], store->row_lines[row]};
    qsort(keys, row_count, sizeof *keys, compare_keys);
    for (uint32_t row = 1; row < row_count && status == SB_OK; row++)
        if (strcmp(keys[row - 1].text, keys[row].text) == 0)
            status = sb_fail(err, SB_EUSAGE, "%s:%u: '%s' stands in line %u already", path,
                             keys[row].line, keys[row].text, keys[row - 1].line);
    free(keys);
    return status;
}

static sb_status check_table(const sb_table_store *store, const char *path, sb_table_id id,
                             uint32_t first_cell, uint32_t row_count, sb_error *err)
{
    if (row_count == 0)
        return sb_fail(err, SB_EUSAGE, "%s: the table has no rows", path);
    if (shapes[id].weight[0] != '\0')
        SB_TRY(check_weights(store, path, id, first_cell, row_count, err));
    if (shapes[id].columns[0] == '*')
        return SB_OK;
    return check_keys(store, path, id, first_cell, row_count, err);
}

static sb_status note_line(sb_table_store *store, uint32_t row, int line, sb_error *err)
{
    if (row == store->row_line_capacity) {
        uint32_t capacity = store->row_line_capacity * 2 + 1024;
        uint32_t *lines = realloc(store->row_lines, capacity * sizeof *lines);
        if (lines == NULL)
            return sb_fail(err, SB_ENOMEM, "no memory for tables");
        store->row_lines = lines;
        store->row_line_capacity = capacity;
    }
    store->row_lines[row] = (uint32_t)line;
    return SB_OK;
}

static sb_status read_lines(sb_table_store *store, FILE *file, const char *path, sb_table_id id,
                            uint32_t *row_count, sb_error *err)
{
    char line[LINE_BYTES_MAX];
    place where = {path, 0};
    bool header_seen = false;
    while (fgets(line, sizeof line, file) != NULL) {
        size_t length = strlen(line);
        where.line++;
        if (length == sizeof line - 1)
            return sb_fail(err, SB_EUSAGE, "%s:%d: the line is too long", path, where.line);
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            line[--length] = '\0';
        if (length == 0 || line[0] == '#')
            continue;
        if (header_seen) {
            SB_TRY(read_row(store, &where, line, id, err));
            SB_TRY(note_line(store, (*row_count)++, where.line, err));
        } else {
            SB_TRY(read_header(&where, line, id, err));
            header_seen = true;
        }
    }
    if (ferror(file))
        return sb_fail(err, SB_EIO, "%s: cannot be read: %s", path, strerror(errno));
    return SB_OK;
}

static bool is_optional(sb_table_level level, int id)
{
    if (level == SB_LEVEL_LOCALE)
        return id < SB_TABLE_FIRST_OF_LOCALE || id == SB_TABLE_PATRONYMICS;
    return level == SB_LEVEL_LANGUAGE;
}

static sb_status read_table(sb_table_store *store, const char *dir, sb_table_level level,
                            sb_table_id id, sb_table_group *group, sb_error *err)
{
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/%s.tsv", dir, shapes[id].file) >= sizeof path)
        return sb_fail(err, SB_EUSAGE, "%s: the path is too long", dir);
    FILE *file = fopen(path, "r");
    if (file == NULL && errno == ENOENT && is_optional(level, id))
        return SB_OK;
    if (file == NULL)
        return sb_fail(err, SB_EUSAGE, "%s: cannot be read: %s; a locale needs all its tables",
                       path, strerror(errno));
    uint32_t first_cell = store->cell_count, row_count = 0;
    sb_status status = read_lines(store, file, path, id, &row_count, err);
    (void)fclose(file);
    SB_TRY(status);
    SB_TRY(check_table(store, path, id, first_cell, row_count, err));
    /* A pointer into the store would move as it grows: bind() adds the base later. */
    group->tables[id] = (sb_raw_table){NULL, (const uint32_t *)(uintptr_t)first_cell, row_count,
                                       sb_table_column_count(id), NULL};
    return store->check != NULL ? store->check(store, group, path, id, err) : SB_OK;
}

sb_table_level sb_table_level_of(const char *name)
{
    if (strcmp(name, "shared") == 0)
        return SB_LEVEL_SHARED;
    return strlen(name) == 2 ? SB_LEVEL_LANGUAGE : SB_LEVEL_LOCALE;
}

/* Over the texts of all cells, in order. */
static void digest_group(const sb_table_store *store, uint32_t first_cell, sb_table_group *group)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, (const unsigned char *)group->name, sizeof group->name,
                            sizeof group->digest);
    for (uint32_t i = first_cell; i < store->cell_count; i++) {
        const char *text = store->pool + store->cells[i];
        crypto_generichash_update(&state, (const unsigned char *)text, strlen(text) + 1);
    }
    crypto_generichash_final(&state, group->digest, sizeof group->digest);
}

sb_status sb_table_group_read(sb_table_store *store, const char *dir, const char *name,
                              sb_table_group *out, sb_error *err)
{
    sb_table_level level = sb_table_level_of(name);
    sb_table_group group = {0};
    if (strlen(name) >= sizeof group.name)
        return sb_fail(err, SB_EUSAGE, "%s: a locale's name has at most %d bytes", dir,
                       SB_LOCALE_NAME_BYTES - 1);
    memcpy(group.name, name, strlen(name));
    int begin = level == SB_LEVEL_SHARED ? 0 : SB_TABLE_FIRST_LOCAL;
    int end = level == SB_LEVEL_SHARED     ? SB_TABLE_FIRST_LOCAL
              : level == SB_LEVEL_LANGUAGE ? SB_TABLE_FIRST_OF_LOCALE
                                           : SB_TABLE_COUNT;
    uint32_t first_cell = store->cell_count;
    for (int id = begin; id < end; id++)
        SB_TRY(read_table(store, dir, level, (sb_table_id)id, &group, err));
    digest_group(store, first_cell, &group);
    *out = group;
    return SB_OK;
}

void sb_table_group_bind(const sb_table_store *store, sb_table_group *group)
{
    for (int id = 0; id < SB_TABLE_COUNT; id++)
        if (group->tables[id].row_count > 0) {
            group->tables[id].cells = store->cells + (uintptr_t)group->tables[id].cells;
            group->tables[id].pool = store->pool;
        }
}
