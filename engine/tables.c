#include "engine/tables.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/table_blob.h"

struct sb_tables {
    sb_table_store store; /* of --tables; empty without */
    sb_table_group shared;
    sb_table_group locals[SB_LOCALES_MAX];           /* the chosen locales, in the order given */
    uint32_t tokens[SB_LOCALES_MAX][SB_TABLE_COUNT]; /* token of a table's first cell */
    uint32_t shared_tokens[SB_TABLE_COUNT];
    sb_locale locales[SB_LOCALES_MAX];
    uint32_t locale_count;
    char digest[33];
};

/* ---- opening -------------------------------------------------------------------------------- */

static const sb_table_group *find_group(const sb_table_group *groups, int count, const char *name,
                                        size_t name_bytes)
{
    for (int i = 0; i < count; i++)
        if (strlen(groups[i].name) == name_bytes && strncmp(groups[i].name, name, name_bytes) == 0)
            return &groups[i];
    return NULL;
}

/* The locales a user adds: one group a sub-directory of `dir`, in the order of their names. */
static sb_status read_user_tables(sb_table_store *store, const char *dir, sb_table_group *groups,
                                  int *count, sb_error *err)
{
    struct dirent **entries = NULL;
    int entry_count = scandir(dir, &entries, NULL, alphasort);
    sb_status status = SB_OK;
    if (entry_count < 0)
        return sb_fail(err, SB_EUSAGE, "--tables %s: cannot be read: %s", dir, strerror(errno));
    for (int i = 0; i < entry_count; i++) {
        char path[4096];
        struct stat info;
        const char *name = entries[i]->d_name;
        (void)snprintf(path, sizeof path, "%s/%s", dir, name);
        if (status == SB_OK && name[0] != '.' && stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
            if (strcmp(name, "shared") == 0)
                status = sb_fail(err, SB_EUSAGE, "%s: the shared tables cannot be replaced", path);
            else if (*count == SB_LOCALES_MAX)
                status = sb_fail(err, SB_EUSAGE, "--tables %s: more than %d locales", dir,
                                 SB_LOCALES_MAX);
            else
                status = sb_table_group_read(store, path, name, &groups[(*count)++], err);
        }
        free(entries[i]);
    }
    free(entries);
    if (status == SB_OK && *count == 0)
        return sb_fail(err, SB_EUSAGE, "--tables %s: no locale directory in it", dir);
    return status;
}

static sb_status choose_locales(sb_tables *tables, const char *locales, const sb_table_group *user,
                                int user_count, sb_error *err)
{
    if (locales == NULL) {
        for (int i = 1; i < sb_blob_group_count; i++) {
            const sb_table_group *own = &sb_blob_groups[i];
            const sb_table_group *other =
                find_group(user, user_count, own->name, strlen(own->name));
            tables->locals[tables->locale_count++] = other != NULL ? *other : *own;
        }
        for (int i = 0; i < user_count; i++)
            if (find_group(sb_blob_groups, sb_blob_group_count, user[i].name,
                           strlen(user[i].name)) == NULL)
                tables->locals[tables->locale_count++] = user[i];
        return SB_OK;
    }
    for (const char *at = locales;; at++) {
        size_t n = strcspn(at, ",");
        const sb_table_group *group = find_group(user, user_count, at, n);
        if (group == NULL && n > 0 && strncmp(at, "shared", n) != 0)
            group = find_group(sb_blob_groups, sb_blob_group_count, at, n);
        if (group == NULL)
            return sb_fail(err, SB_EUSAGE,
                           "--locales: unknown locale '%.*s'; see seedbank info --locales", (int)n,
                           at);
        if (find_group(tables->locals, (int)tables->locale_count, at, n) != NULL)
            return sb_fail(err, SB_EUSAGE, "--locales: '%.*s' stands twice", (int)n, at);
        if (tables->locale_count == SB_LOCALES_MAX)
            return sb_fail(err, SB_EUSAGE, "--locales: more than %d", SB_LOCALES_MAX);
        tables->locals[tables->locale_count++] = *group;
        at += n;
        if (*at == '\0')
            return SB_OK;
    }
}

static void make_digest(sb_tables *tables)
{
    crypto_generichash_state state;
    unsigned char digest[16];
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    crypto_generichash_update(&state, tables->shared.digest, sizeof tables->shared.digest);
    for (uint32_t i = 0; i < tables->locale_count; i++)
        crypto_generichash_update(&state, tables->locals[i].digest,
                                  sizeof tables->locals[i].digest);
    crypto_generichash_final(&state, digest, sizeof digest);
    sodium_bin2hex(tables->digest, sizeof tables->digest, digest, sizeof digest);
}

/* Numbers every cell of every table: shared first, then locale by locale. */
static void number_tokens(sb_tables *tables)
{
    uint32_t next = SB_TOKEN_TABLES;
    for (int id = 0; id < SB_TABLE_COUNT; id++) {
        tables->shared_tokens[id] = next;
        next += tables->shared.tables[id].row_count * tables->shared.tables[id].column_count;
    }
    for (uint32_t locale = 0; locale < tables->locale_count; locale++)
        for (int id = 0; id < SB_TABLE_COUNT; id++) {
            const sb_raw_table *raw = &tables->locals[locale].tables[id];
            tables->tokens[locale][id] = next;
            next += raw->row_count * raw->column_count;
        }
}

static const char *locale_value(const sb_tables *tables, uint32_t locale, const char *key,
                                uint32_t *token)
{
    const sb_raw_table *raw = &tables->locals[locale].tables[SB_TABLE_LOCALE];
    for (uint32_t row = 0; row < raw->row_count; row++)
        if (strcmp(raw->pool + raw->cells[row * 2], key) == 0) {
            if (token != NULL)
                *token = tables->tokens[locale][SB_TABLE_LOCALE] + row * 2 + 1;
            return raw->pool + raw->cells[row * 2 + 1];
        }
    return NULL;
}

static sb_status locale_text(const sb_tables *tables, uint32_t locale, const char *key,
                             size_t bytes, sb_text *out, sb_error *err)
{
    uint32_t token = 0;
    const char *value = locale_value(tables, locale, key, &token);
    if (value == NULL || (bytes > 0 && strlen(value) != bytes))
        return sb_fail(err, SB_EUSAGE, "%s/locale.tsv: %s is missing or not %zu letters",
                       tables->locals[locale].name, key, bytes);
    *out = (sb_text){value, (uint32_t)strlen(value), token};
    return SB_OK;
}

/* Countries whose accounts have an IBAN; the structure of each stands in engine/account.c. */
static bool country_has_iban(sb_text country)
{
    return strcmp(country.bytes, "DE") == 0;
}

static sb_status read_locale(sb_tables *tables, uint32_t index, sb_error *err)
{
    sb_locale *locale = &tables->locales[index];
    sb_text text;
    locale->name = tables->locals[index].name;
    SB_TRY(locale_text(tables, index, "language", 2, &locale->language, err));
    SB_TRY(locale_text(tables, index, "country", 2, &locale->country, err));
    SB_TRY(locale_text(tables, index, "currency", 3, &locale->currency, err));
    SB_TRY(locale_text(tables, index, "calling_code", 0, &text, err));
    locale->calling_code = text.bytes;
    SB_TRY(locale_text(tables, index, "phone", 0, &text, err));
    locale->phone_patterns = text.bytes;
    SB_TRY(locale_text(tables, index, "decimal_point", 1, &text, err));
    locale->decimal_point = text.bytes;
    SB_TRY(locale_text(tables, index, "thousands_point", 1, &text, err));
    locale->thousands_point = text.bytes;
    SB_TRY(locale_text(tables, index, "date_order", 3, &text, err));
    locale->month_first = text.bytes[0] == 'm';
    SB_TRY(locale_text(tables, index, "street_order", 13, &text, err));
    locale->number_before_street = text.bytes[0] == 'n';
    SB_TRY(locale_text(tables, index, "weight", 0, &text, err));
    if (strspn(text.bytes, "0123456789") != text.byte_count || text.byte_count > 6)
        return sb_fail(err, SB_EUSAGE, "%s/locale.tsv: weight '%s' is no number of millions",
                       locale->name, text.bytes);
    locale->weight = (uint32_t)strtoul(text.bytes, NULL, 10);
    locale->has_iban = country_has_iban(locale->country);
    uint32_t count = tables->shared.tables[SB_TABLE_CURRENCIES].row_count;
    for (uint32_t row = 0; row < count; row++)
        if (strcmp(sb_tables_cell(tables, 0, SB_TABLE_CURRENCIES, row, "code"),
                   locale->currency.bytes) == 0) {
            locale->currency_index = (uint16_t)row;
            return locale->weight > 0
                       ? SB_OK
                       : sb_fail(err, SB_EUSAGE, "%s/locale.tsv: weight must be above 0",
                                 locale->name);
        }
    return sb_fail(err, SB_EUSAGE, "%s/locale.tsv: currency %s is not among the shared currencies",
                   locale->name, locale->currency.bytes);
}

static sb_status open_tables(sb_tables *tables, const char *dir, const char *locales, sb_error *err)
{
    sb_table_group *user = calloc(SB_LOCALES_MAX, sizeof *user);
    int user_count = 0;
    sb_status status = SB_OK;
    if (user == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for tables");
    if (dir != NULL)
        status = read_user_tables(&tables->store, dir, user, &user_count, err);
    for (int i = 0; i < user_count && status == SB_OK; i++)
        sb_table_group_bind(&tables->store, &user[i]);
    tables->shared = sb_blob_groups[0];
    if (status == SB_OK)
        status = choose_locales(tables, locales, user, user_count, err);
    free(user);
    SB_TRY(status);
    number_tokens(tables);
    make_digest(tables);
    for (uint32_t i = 0; i < tables->locale_count; i++)
        SB_TRY(read_locale(tables, i, err));
    return SB_OK;
}

sb_status sb_tables_open(const char *dir, const char *locales, sb_tables **out, sb_error *err)
{
    sb_tables *tables = calloc(1, sizeof *tables);
    if (tables == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for tables");
    sb_status status = open_tables(tables, dir, locales, err);
    if (status != SB_OK) {
        sb_tables_close(tables);
        return status;
    }
    *out = tables;
    return SB_OK;
}

void sb_tables_close(sb_tables *tables)
{
    if (tables == NULL)
        return;
    sb_table_store_close(&tables->store);
    free(tables);
}

uint32_t sb_tables_locale_count(const sb_tables *tables)
{
    return tables->locale_count;
}

const sb_locale *sb_tables_locale(const sb_tables *tables, uint32_t locale)
{
    return &tables->locales[locale];
}

const char *sb_tables_digest(const sb_tables *tables)
{
    return tables->digest;
}

static const sb_raw_table *raw_table(const sb_tables *tables, uint32_t locale, sb_table_id id)
{
    return (int)id < (int)SB_TABLE_FIRST_LOCAL ? &tables->shared.tables[id]
                                               : &tables->locals[locale].tables[id];
}

const char *sb_tables_cell(const sb_tables *tables, uint32_t locale, sb_table_id id, uint32_t row,
                           const char *column)
{
    const sb_raw_table *raw = raw_table(tables, locale, id);
    return raw->pool + raw->cells[row * raw->column_count + sb_table_column(id, column)];
}

uint32_t sb_tables_row_count(const sb_tables *tables, uint32_t locale, sb_table_id id)
{
    return raw_table(tables, locale, id)->row_count;
}

/* ---- a worker's cache ----------------------------------------------------------------------- */

sb_status sb_table_cache_open(const sb_tables *tables, sb_table_cache **out, sb_error *err)
{
    sb_table_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a table cache");
    cache->tables = tables;
    cache->slots = calloc((size_t)tables->locale_count * SB_TABLE_COUNT, sizeof *cache->slots);
    if (cache->slots == NULL) {
        free(cache);
        return sb_fail(err, SB_ENOMEM, "no memory for a table cache");
    }
    *out = cache;
    return SB_OK;
}

static void free_table(sb_table *table)
{
    free((void *)(uintptr_t)table->texts);
    free((void *)(uintptr_t)table->ints);
    free(table->alias.threshold);
    free(table->alias.other);
}

void sb_table_cache_close(sb_table_cache *cache)
{
    if (cache == NULL)
        return;
    for (uint32_t i = 0; i < cache->tables->locale_count * SB_TABLE_COUNT; i++)
        if (cache->slots[i].count > 0)
            free_table(&cache->slots[i]);
    free(cache->slots);
    free(cache);
}

static bool prepare_weights(sb_table *table, const int64_t *ints, uint32_t column)
{
    uint32_t n = table->count;
    uint64_t *scratch = malloc(2 * n * sizeof *scratch);
    table->alias.threshold = malloc(n * sizeof *table->alias.threshold);
    table->alias.other = malloc(n * sizeof *table->alias.other);
    bool done = scratch != NULL && table->alias.threshold != NULL && table->alias.other != NULL;
    if (done)
        sb_alias_build(&table->alias, ints + (size_t)column * n, n, scratch);
    free(scratch);
    return done;
}

/* The number a text begins with; of other texts FNV-1a, 64 bits. */
static int64_t number_or_mark(const char *text)
{
    char *end;
    int64_t number = strtoll(text, &end, 10);
    if (end != text)
        return number;
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001B3);
    return (int64_t)hash;
}

static bool prepare(sb_table_cache *cache, uint32_t locale, sb_table_id id, sb_table *out)
{
    const sb_raw_table *raw = raw_table(cache->tables, locale, id);
    uint32_t first_token = (int)id < (int)SB_TABLE_FIRST_LOCAL ? cache->tables->shared_tokens[id]
                                                               : cache->tables->tokens[locale][id];
    size_t cell_count = (size_t)raw->row_count * raw->column_count;
    sb_text *texts = malloc(cell_count * sizeof *texts);
    int64_t *ints = malloc(cell_count * sizeof *ints);
    sb_table table = {.count = raw->row_count, .texts = texts, .ints = ints};
    bool done = texts != NULL && ints != NULL;
    for (uint32_t row = 0; done && row < raw->row_count; row++)
        for (uint32_t column = 0; column < raw->column_count; column++) {
            uint32_t cell = row * raw->column_count + column;
            const char *text = raw->pool + raw->cells[cell];
            texts[column * raw->row_count + row] =
                (sb_text){text, (uint32_t)strlen(text), first_token + cell};
            ints[column * raw->row_count + row] = number_or_mark(text);
        }
    const char *weight = sb_table_shape_of(id)->weight;
    if (done && weight[0] != '\0')
        done = prepare_weights(&table, ints, sb_table_column(id, weight));
    if (!done) {
        free(texts);
        free(ints);
        free(table.alias.threshold);
        free(table.alias.other);
        return false;
    }
    *out = table; // NOLINT: its memory is the slot's from here on; the analyzer loses sight of it
    cache->stats.bytes +=
        cell_count * (sizeof *texts + sizeof *ints) + 8 * (size_t)table.alias.count;
    return true;
}

const sb_table *sb_table_cache_prepare(sb_table_cache *cache, uint32_t locale, sb_table_id id)
{
    static const sb_text no_texts[16];
    static const int64_t no_ints[16];
    static const sb_table nothing = {.count = 1, .texts = no_texts, .ints = no_ints};
    sb_table *slot = &cache->slots[locale * SB_TABLE_COUNT + id];
    cache->stats.miss_count++;
    if (!prepare(cache, locale, id, slot)) {
        cache->failed = true;
        return &nothing;
    }
    return slot;
}

sb_status sb_table_cache_check(const sb_table_cache *cache, sb_error *err)
{
    return cache->failed ? sb_fail(err, SB_ENOMEM, "no memory to prepare a table") : SB_OK;
}

sb_table_cache_stats sb_table_cache_statistics(const sb_table_cache *cache)
{
    return cache->stats;
}
