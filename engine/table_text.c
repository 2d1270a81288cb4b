#include "engine/table_text.h"

#include <errno.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 16, LINE_BYTES_MAX = 4096 };

static const sb_table_shape shapes[SB_TABLE_COUNT] = {
#define SHAPE(name, file, columns, weight) [SB_TABLE_##name] = {file, columns, weight},
    SB_SHARED_TABLES(SHAPE) SB_LOCALE_TABLES(SHAPE)
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
    *store = (sb_table_store){0};
}

static sb_status store_cell(sb_table_store *store, const char *text, size_t text_bytes,
                            sb_error *err)
{
    if (store->pool_bytes + text_bytes + 1 > store->pool_capacity) {
        uint32_t capacity = store->pool_capacity * 2 + 65536;
        char *pool = realloc(store->pool, capacity);
        if (pool == NULL)
            return sb_fail(err, SB_ENOMEM, "no memory for tables");
        store->pool = pool;
        store->pool_capacity = capacity;
    }
    if (store->cell_count == store->cell_capacity) {
        uint32_t capacity = store->cell_capacity * 2 + 16384;
        uint32_t *cells = realloc(store->cells, capacity * sizeof *cells);
        if (cells == NULL)
            return sb_fail(err, SB_ENOMEM, "no memory for tables");
        store->cells = cells;
        store->cell_capacity = capacity;
    }
    store->cells[store->cell_count++] = store->pool_bytes;
    memcpy(store->pool + store->pool_bytes, text, text_bytes);
    store->pool[store->pool_bytes + text_bytes] = '\0';
    store->pool_bytes += (uint32_t)text_bytes + 1;
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

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Keys once, weights never below zero and not all zero. */
static sb_status check_table(const sb_table_store *store, const char *path, sb_table_id id,
                             uint32_t first_cell, uint32_t row_count, sb_error *err)
{
    uint32_t columns = sb_table_column_count(id);
    if (row_count == 0)
        return sb_fail(err, SB_EUSAGE, "%s: the table has no rows", path);
    if (shapes[id].weight[0] != '\0') {
        uint32_t weight = sb_table_column(id, shapes[id].weight);
        uint64_t total = 0;
        for (uint32_t row = 0; row < row_count; row++) {
            const char *text = store->pool + store->cells[first_cell + row * columns + weight];
            if (text[0] == '-' || strlen(text) > 10 || strtoull(text, NULL, 10) > INT32_MAX)
                return sb_fail(err, SB_EUSAGE, "%s: row %u: weight %s is out of range", path,
                               row + 1, text);
            total += strtoull(text, NULL, 10);
        }
        if (total == 0)
            return sb_fail(err, SB_EUSAGE, "%s: all weights are zero", path);
    }
    if (shapes[id].columns[0] == '*')
        return SB_OK;
    const char **keys = malloc(row_count * sizeof *keys);
    if (keys == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for tables");
    for (uint32_t row = 0; row < row_count; row++)
        keys[row] = store->pool + store->cells[first_cell + row * columns];
    qsort(keys, row_count, sizeof *keys, compare_texts);
    sb_status status = SB_OK;
    for (uint32_t row = 1; row < row_count && status == SB_OK; row++)
        if (strcmp(keys[row - 1], keys[row]) == 0)
            status = sb_fail(err, SB_EUSAGE, "%s: '%s' stands twice", path, keys[row]);
    free(keys);
    return status;
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
            ++*row_count;
        } else {
            SB_TRY(read_header(&where, line, id, err));
            header_seen = true;
        }
    }
    if (ferror(file))
        return sb_fail(err, SB_EIO, "%s: cannot be read: %s", path, strerror(errno));
    return SB_OK;
}

static sb_status read_table(sb_table_store *store, const char *dir, sb_table_id id,
                            sb_table_group *group, sb_error *err)
{
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/%s.tsv", dir, shapes[id].file) >= sizeof path)
        return sb_fail(err, SB_EUSAGE, "%s: the path is too long", dir);
    FILE *file = fopen(path, "r");
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
                                       sb_table_column_count(id)};
    return SB_OK;
}

sb_status sb_table_group_read(sb_table_store *store, const char *dir, const char *name,
                              sb_table_group *out, sb_error *err)
{
    bool shared = strcmp(name, "shared") == 0;
    sb_table_group group = {0};
    if (strlen(name) >= sizeof group.name)
        return sb_fail(err, SB_EUSAGE, "%s: a locale's name has at most %d bytes", dir,
                       SB_LOCALE_NAME_BYTES - 1);
    memcpy(group.name, name, strlen(name));
    int begin = shared ? 0 : SB_TABLE_FIRST_LOCAL;
    int end = shared ? SB_TABLE_FIRST_LOCAL : SB_TABLE_COUNT;
    uint32_t first_byte = store->pool_bytes;
    for (int id = begin; id < end; id++)
        SB_TRY(read_table(store, dir, (sb_table_id)id, &group, err));
    crypto_generichash(
        group.digest, sizeof group.digest, (const unsigned char *)store->pool + first_byte,
        store->pool_bytes - first_byte, (const unsigned char *)group.name, sizeof group.name);
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
