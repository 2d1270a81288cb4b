#include "engine/tables.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/table_blob.h"
#include "engine/table_check.h"
#include "engine/table_ready.h"

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

/* What a user adds: one group a sub-directory of `dir`, in the order of their names. */
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
                status = sb_fail(err, SB_EUSAGE, "--tables %s: more than %d directories", dir,
                                 SB_LOCALES_MAX);
            else
                status = sb_table_group_read(store, path, name, &groups[(*count)++], err);
        }
        free(entries[i]);
    }
    free(entries);
    if (status == SB_OK && *count == 0)
        return sb_fail(err, SB_EUSAGE, "--tables %s: no directory of a locale or language in it",
                       dir);
    return status;
}

/* Groups by name: the user's first, then those compiled in. */
typedef struct library {
    const sb_table_group *user;
    int user_count;
} library;

static const sb_table_group *look_up(const library *from, const char *name, size_t name_bytes)
{
    const sb_table_group *group = find_group(from->user, from->user_count, name, name_bytes);
    return group != NULL ? group
                         : find_group(sb_blob_groups, sb_blob_group_count, name, name_bytes);
}

static bool is_locale(const sb_table_group *group)
{
    return sb_table_level_of(group->name) == SB_LEVEL_LOCALE;
}

static sb_status choose_locales(sb_tables *tables, const char *locales, const library *from,
                                sb_error *err)
{
    if (locales == NULL) {
        for (int i = 0; i < sb_blob_group_count; i++) {
            const char *name = sb_blob_groups[i].name;
            if (is_locale(&sb_blob_groups[i]))
                tables->locals[tables->locale_count++] = *look_up(from, name, strlen(name));
        }
        for (int i = 0; i < from->user_count; i++) {
            const char *name = from->user[i].name;
            if (!is_locale(&from->user[i]) ||
                find_group(sb_blob_groups, sb_blob_group_count, name, strlen(name)) != NULL)
                continue;
            if (tables->locale_count == SB_LOCALES_MAX)
                return sb_fail(err, SB_EUSAGE, "--tables: more than %d locales", SB_LOCALES_MAX);
            tables->locals[tables->locale_count++] = from->user[i];
        }
        return SB_OK;
    }
    for (const char *at = locales;; at++) {
        size_t n = strcspn(at, ",");
        const sb_table_group *group = n > 0 ? look_up(from, at, n) : NULL;
        if (group == NULL || !is_locale(group))
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

static const char *locale_value(const sb_tables *tables, uint32_t locale, sb_table_id id,
                                const char *key, uint32_t *token)
{
    const sb_raw_table *raw = &tables->locals[locale].tables[id];
    for (uint32_t row = 0; row < raw->row_count; row++)
        if (strcmp(raw->pool + raw->cells[row * 2], key) == 0) {
            if (token != NULL)
                *token = tables->tokens[locale][id] + row * 2 + 1;
            return raw->pool + raw->cells[row * 2 + 1];
        }
    return NULL;
}

/* Companies are numbered over all locales of a language, and names follow from numbers: with as
 * many words everywhere no name comes up twice. */
static sb_status check_name_words(const sb_table_group *local, const sb_table_group *const *sources,
                                  sb_error *err)
{
    static const sb_table_id words[] = {SB_TABLE_COMPANY_FIRST, SB_TABLE_COMPANY_SECOND};
    for (int w = 0; w < 2; w++)
        for (int s = 0; s < 2; s++) {
            const sb_raw_table *theirs = sources[s] != NULL ? &sources[s]->tables[words[w]] : NULL;
            uint32_t rows = local->tables[words[w]].row_count;
            if (theirs != NULL && theirs->row_count > 0 && theirs->row_count != rows)
                return sb_fail(err, SB_EUSAGE,
                               "%s/%s.tsv: %u rows, but its language has %u: names of companies "
                               "would stand twice; give both as many",
                               local->name, sb_table_shape_of(words[w])->file, rows,
                               theirs->row_count);
        }
    return SB_OK;
}

/* Gives a locale the tables of its language that it has not itself, and mixes their digest into its
 * own: what a dataset is made of decides its identity. */
static sb_status borrow_language(sb_tables *tables, uint32_t index, const library *from,
                                 sb_error *err)
{
    sb_table_group *local = &tables->locals[index];
    const char *name = locale_value(tables, index, SB_TABLE_LOCALE, "language", NULL);
    const sb_table_group *sources[2] = {NULL, NULL};
    bool borrowed[2] = {false, false};
    if (name != NULL) {
        sources[0] = find_group(from->user, from->user_count, name, strlen(name));
        sources[1] = find_group(sb_blob_groups, sb_blob_group_count, name, strlen(name));
    }
    for (int id = SB_TABLE_FIRST_LOCAL; id < SB_TABLE_FIRST_OF_LOCALE; id++) {
        for (int s = 0; s < 2 && local->tables[id].row_count == 0; s++)
            if (sources[s] != NULL && sources[s]->tables[id].row_count > 0) {
                local->tables[id] = sources[s]->tables[id];
                borrowed[s] = true;
            }
        if (local->tables[id].row_count == 0)
            return sb_fail(err, SB_EUSAGE,
                           "%s: no table %s.tsv, neither there nor of the language %s", local->name,
                           sb_table_shape_of((sb_table_id)id)->file, name != NULL ? name : "?");
    }
    SB_TRY(check_name_words(local, sources, err));
    for (int s = 0; s < 2; s++)
        for (size_t i = 0; borrowed[s] && i < sizeof local->digest; i++)
            local->digest[i] = (unsigned char)(local->digest[i] * 31 + sources[s]->digest[i] + 1);
    return SB_OK;
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
            uint32_t twin = sb_tables_twin(tables, locale, (sb_table_id)id);
            tables->tokens[locale][id] = twin < locale ? tables->tokens[twin][id] : next;
            next += twin < locale ? 0 : raw->row_count * raw->column_count;
        }
}

uint32_t sb_tables_twin(const sb_tables *tables, uint32_t locale, sb_table_id id)
{
    uint32_t twin = 0;
    while (twin < locale &&
           tables->locals[twin].tables[id].cells != tables->locals[locale].tables[id].cells)
        twin++;
    return twin;
}

/* A key of locale.tsv or language.tsv; `bytes` 0: of any length. */
static sb_status locale_text(const sb_tables *tables, uint32_t locale, sb_table_id id,
                             const char *key, size_t bytes, sb_text *out, sb_error *err)
{
    uint32_t token = 0;
    const char *value = locale_value(tables, locale, id, key, &token);
    if (value == NULL)
        return sb_fail(err, SB_EUSAGE, "%s/%s.tsv: key %s is missing", tables->locals[locale].name,
                       sb_table_shape_of(id)->file, key);
    if (bytes > 0 && strlen(value) != bytes)
        return sb_fail(err, SB_EUSAGE, "%s/%s.tsv: %s '%s' does not have %zu letters",
                       tables->locals[locale].name, sb_table_shape_of(id)->file, key, value, bytes);
    *out = (sb_text){value, (uint32_t)strlen(value), token};
    return SB_OK;
}

static sb_status locale_number(const sb_tables *tables, uint32_t locale, const char *key,
                               int64_t least, int64_t most, int64_t *out, sb_error *err)
{
    sb_text text = {0};
    SB_TRY(locale_text(tables, locale, SB_TABLE_LOCALE, key, 0, &text, err));
    if (strspn(text.bytes, "0123456789") != text.byte_count || text.byte_count > 12 ||
        strtoll(text.bytes, NULL, 10) < least || strtoll(text.bytes, NULL, 10) > most)
        return sb_fail(err, SB_EUSAGE, "%s/locale.tsv: %s '%s' is no number from %lld to %lld",
                       tables->locals[locale].name, key, text.bytes, (long long)least,
                       (long long)most);
    *out = strtoll(text.bytes, NULL, 10);
    return SB_OK;
}

/* The position of a key's value among `choices`, which end with NULL. */
static sb_status locale_choice(const sb_tables *tables, uint32_t locale, sb_table_id id,
                               const char *key, const char *const *choices, int *out, sb_error *err)
{
    sb_text text = {0};
    SB_TRY(locale_text(tables, locale, id, key, 0, &text, err));
    for (int i = 0; choices[i] != NULL; i++)
        if (strcmp(choices[i], text.bytes) == 0) {
            *out = i;
            return SB_OK;
        }
    return sb_fail(err, SB_EUSAGE, "%s/%s.tsv: %s '%s' is unknown; see engine/tables/README.md",
                   tables->locals[locale].name, sb_table_shape_of(id)->file, key, text.bytes);
}

static sb_status locale_point(const sb_tables *tables, uint32_t locale, const char *key,
                              const char **out, sb_error *err)
{
    static const char *const names[] = {".", ",", "'", "space", "nbsp", "none", NULL};
    static const char *const points[] = {".", ",", "'", " ", "\xC2\xA0", ""};
    int choice = 0;
    SB_TRY(locale_choice(tables, locale, SB_TABLE_LOCALE, key, names, &choice, err));
    *out = points[choice];
    return SB_OK;
}

static sb_status find_row(const sb_tables *tables, uint32_t locale, sb_table_id id,
                          const char *code, uint16_t *out, sb_error *err)
{
    uint32_t count = tables->shared.tables[id].row_count;
    for (uint32_t row = 0; row < count; row++)
        if (strcmp(sb_tables_cell(tables, 0, id, row, "code"), code) == 0) {
            *out = (uint16_t)row;
            return SB_OK;
        }
    return sb_fail(err, SB_EUSAGE, "%s/locale.tsv: %s is not among the shared %s",
                   tables->locals[locale].name, code, sb_table_shape_of(id)->file);
}

/* A text that must hold a placeholder. */
static sb_status locale_pattern(const sb_tables *tables, uint32_t index, const char *key,
                                const char *hole, const char **out, sb_error *err)
{
    sb_text text = {0};
    SB_TRY(locale_text(tables, index, SB_TABLE_LOCALE, key, 0, &text, err));
    if (strstr(text.bytes, hole) == NULL)
        return sb_fail(err, SB_EUSAGE, "%s/locale.tsv: %s '%s' lacks %s",
                       tables->locals[index].name, key, text.bytes, hole);
    *out = text.bytes;
    return SB_OK;
}

/* Names with '|' between them, as many as there must be. */
static sb_status language_names(const sb_tables *tables, uint32_t index, const char *key,
                                uint32_t count, const char **out, sb_error *err)
{
    sb_text text = {0};
    SB_TRY(locale_text(tables, index, SB_TABLE_LANGUAGE, key, 0, &text, err));
    uint32_t found = 1;
    for (const char *c = text.bytes; *c != '\0'; c++)
        found += *c == '|';
    if (found != count)
        return sb_fail(err, SB_EUSAGE, "%s/language.tsv: %s holds %u names, not %u",
                       tables->locals[index].name, key, found, count);
    *out = text.bytes;
    return SB_OK;
}

static sb_status read_numbers(sb_tables *tables, uint32_t index, sb_error *err)
{
    sb_locale *locale = &tables->locales[index];
    int64_t weight = 0, permille = 0, level = 0;
    SB_TRY(locale_number(tables, index, "weight", 1, 10000, &weight, err));
    SB_TRY(locale_number(tables, index, "middle_permille", 0, 1000, &permille, err));
    SB_TRY(locale_number(tables, index, "price_level", 1, 300, &level, err));
    SB_TRY(locale_number(tables, index, "income", 100, INT64_C(10000000000), &locale->income, err));
    locale->weight = (uint32_t)weight;
    locale->middle_permille = (uint32_t)permille;
    locale->price_level = (uint32_t)level;
    return SB_OK;
}

static sb_status read_choices(sb_tables *tables, uint32_t index, sb_error *err)
{
    static const char *const orders[] = {"given_family", "family_given", NULL};
    static const char *const surnames[] = {"1", "2", NULL};
    static const char *const groupings[] = {"3", "3-2", NULL};
    static const char *const joins[] = {"none", "space", NULL};
    static const char *const middles[] = {"none", "given", "father", "patronymic", NULL};
    sb_locale *locale = &tables->locales[index];
    int choice = 0;
    SB_TRY(locale_choice(tables, index, SB_TABLE_LOCALE, "name_order", orders, &choice, err));
    locale->family_first = choice == 1;
    SB_TRY(locale_choice(tables, index, SB_TABLE_LOCALE, "surnames", surnames, &choice, err));
    locale->two_surnames = choice == 1;
    SB_TRY(locale_choice(tables, index, SB_TABLE_LOCALE, "grouping", groupings, &choice, err));
    locale->lakh_grouping = choice == 1;
    SB_TRY(locale_choice(tables, index, SB_TABLE_LANGUAGE, "name_join", joins, &choice, err));
    locale->spaced_names = choice == 1;
    SB_TRY(locale_choice(tables, index, SB_TABLE_LOCALE, "middle", middles, &choice, err));
    locale->middle = (sb_middle)choice;
    if (locale->middle == SB_MIDDLE_PATRONYMIC &&
        tables->locals[index].tables[SB_TABLE_PATRONYMICS].row_count == 0)
        return sb_fail(err, SB_EUSAGE, "%s/patronymics.tsv: missing, and locale.tsv asks for it",
                       locale->name);
    return SB_OK;
}

static sb_status read_locale(sb_tables *tables, uint32_t index, sb_error *err)
{
    sb_locale *locale = &tables->locales[index];
    sb_text text;
    locale->name = tables->locals[index].name;
    SB_TRY(locale_text(tables, index, SB_TABLE_LOCALE, "language", 2, &locale->language, err));
    SB_TRY(locale_text(tables, index, SB_TABLE_LOCALE, "country", 2, &locale->country, err));
    SB_TRY(locale_text(tables, index, SB_TABLE_LOCALE, "currency", 3, &locale->currency, err));
    SB_TRY(locale_text(tables, index, SB_TABLE_LOCALE, "calling_code", 0, &text, err));
    locale->calling_code = text.bytes;
    SB_TRY(locale_pattern(tables, index, "mobile", "+", &locale->mobile, err));
    SB_TRY(locale_pattern(tables, index, "landline", "+", &locale->landline, err));
    SB_TRY(
        locale_pattern(tables, index, "amount_pattern", "{amount}", &locale->amount_pattern, err));
    SB_TRY(locale_pattern(tables, index, "date_pattern", "{", &locale->date_pattern, err));
    SB_TRY(
        locale_pattern(tables, index, "street_pattern", "{street}", &locale->street_pattern, err));
    SB_TRY(locale_point(tables, index, "decimal_point", &locale->decimal_point, err));
    SB_TRY(locale_point(tables, index, "thousands_point", &locale->thousands_point, err));
    SB_TRY(language_names(tables, index, "months", 12, &locale->months, err));
    SB_TRY(language_names(tables, index, "months_in_dates", 12, &locale->months_in_dates, err));
    SB_TRY(language_names(tables, index, "weekdays", 7, &locale->weekdays, err));
    SB_TRY(read_choices(tables, index, err));
    SB_TRY(read_numbers(tables, index, err));
    SB_TRY(find_row(tables, index, SB_TABLE_CURRENCIES, locale->currency.bytes,
                    &locale->currency_index, err));
    return find_row(tables, index, SB_TABLE_COUNTRIES, locale->country.bytes,
                    &locale->country_index, err);
}

static sb_status open_tables(sb_tables *tables, const char *dir, const char *locales, sb_error *err)
{
    sb_table_group *user = dir != NULL ? calloc(SB_LOCALES_MAX, sizeof *user) : NULL;
    int user_count = 0;
    sb_status status = SB_OK;
    if (dir != NULL && user == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for tables");
    tables->store.check = sb_table_check;
    if (dir != NULL)
        status = read_user_tables(&tables->store, dir, user, &user_count, err);
    for (int i = 0; i < user_count && status == SB_OK; i++)
        sb_table_group_bind(&tables->store, &user[i]);
    tables->shared = sb_blob_groups[0];
    library from = {user, user_count};
    if (status == SB_OK)
        status = choose_locales(tables, locales, &from, err);
    for (uint32_t i = 0; i < tables->locale_count && status == SB_OK; i++)
        status = borrow_language(tables, i, &from, err);
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

const sb_raw_table *sb_tables_raw(const sb_tables *tables, uint32_t locale, sb_table_id id)
{
    return (int)id < (int)SB_TABLE_FIRST_LOCAL ? &tables->shared.tables[id]
                                               : &tables->locals[locale].tables[id];
}

uint32_t sb_tables_first_token(const sb_tables *tables, uint32_t locale, sb_table_id id)
{
    return (int)id < (int)SB_TABLE_FIRST_LOCAL ? tables->shared_tokens[id]
                                               : tables->tokens[locale][id];
}

const char *sb_tables_cell(const sb_tables *tables, uint32_t locale, sb_table_id id, uint32_t row,
                           const char *column)
{
    const sb_raw_table *raw = sb_tables_raw(tables, locale, id);
    return raw->pool + raw->cells[row * raw->column_count + sb_table_column(id, column)];
}

uint32_t sb_tables_row_count(const sb_tables *tables, uint32_t locale, sb_table_id id)
{
    return sb_tables_raw(tables, locale, id)->row_count;
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
    free((void *)(uintptr_t)table->ints);
    free(table->alias.threshold);
    free(table->alias.other);
}

void sb_table_cache_close(sb_table_cache *cache)
{
    if (cache == NULL)
        return;
    for (uint32_t i = 0; i < cache->tables->locale_count * SB_TABLE_COUNT; i++)
        if (cache->slots[i].count > 0 && !cache->slots[i].borrowed)
            free_table(&cache->slots[i]);
    free(cache->slots);
    free(cache);
}

static bool prepare_weights(sb_table *table, const int64_t *weights)
{
    uint32_t n = table->count; /* of a table that is read, at least 1 */
    if (n == 0)
        return false;
    uint64_t *scratch = malloc(2 * n * sizeof *scratch);
    table->alias.threshold = malloc(n * sizeof *table->alias.threshold);
    table->alias.other = malloc(n * sizeof *table->alias.other);
    bool done = scratch != NULL && table->alias.threshold != NULL && table->alias.other != NULL;
    if (done)
        sb_alias_build(&table->alias, weights, n, scratch);
    free(scratch);
    return done;
}

/* Integers and weights in memory of the slot's own. */
static bool prepare_own(sb_table_cache *cache, const sb_raw_table *raw, sb_table_id id,
                        uint32_t slots, sb_table *table)
{
    size_t int_count = (size_t)slots * raw->row_count;
    int64_t *ints = malloc((int_count + 1) * sizeof *ints); /* never of no bytes */
    const char *weight = sb_table_shape_of(id)->weight;
    if (ints == NULL)
        return false;
    table->ints = ints;
    sb_ready_ints(raw, table->int_slots, ints);
    if (weight[0] != '\0' &&
        !prepare_weights(table, ints + (size_t)table->int_slots[sb_table_column(id, weight)] *
                                           raw->row_count)) {
        free_table(table);
        return false;
    }
    cache->stats.bytes += int_count * sizeof *ints + 8 * (size_t)table->alias.count;
    return true;
}

static bool prepare(sb_table_cache *cache, uint32_t locale, sb_table_id id, sb_table *out)
{
    const sb_raw_table *raw = sb_tables_raw(cache->tables, locale, id);
    sb_table table = {.count = raw->row_count,
                      .columns = raw->column_count,
                      .pool = raw->pool,
                      .cells = raw->cells,
                      .first_token = sb_tables_first_token(cache->tables, locale, id),
                      .borrowed = raw->ready != NULL};
    uint32_t slots = sb_ready_slots(id, table.int_slots);
    if (raw->ready != NULL) {
        const sb_ready_table *ready = raw->ready;
        table.ints = ready->ints;
        table.alias = (sb_alias){ready->other != NULL ? raw->row_count : 0,
                                 (uint32_t *)(uintptr_t)ready->threshold,
                                 (uint32_t *)(uintptr_t)ready->other};
    } else if (!prepare_own(cache, raw, id, slots, &table)) {
        return false;
    }
    *out = table; // NOLINT: its memory is the slot's from here on; the analyzer loses sight of it
    return true;
}

const sb_table *sb_table_cache_prepare(sb_table_cache *cache, uint32_t locale, sb_table_id id)
{
    static const uint32_t no_cells[SB_TABLE_COLUMNS_MAX] = {1, 1, 1, 1, 1, 1, 1, 1,
                                                            1, 1, 1, 1, 1, 1, 1, 1};
    static const int64_t no_ints[SB_TABLE_COLUMNS_MAX];
    static const char no_texts[1 + SB_TEXT_ROOM];
    static const sb_table nothing = {.count = 1,
                                     .columns = SB_TABLE_COLUMNS_MAX,
                                     .pool = no_texts,
                                     .cells = no_cells,
                                     .ints = no_ints};
    sb_table *slot = &cache->slots[locale * SB_TABLE_COUNT + id];
    uint32_t twin =
        (int)id < (int)SB_TABLE_FIRST_LOCAL ? locale : sb_tables_twin(cache->tables, locale, id);
    cache->stats.miss_count++;
    if (twin < locale) {
        const sb_table *theirs = sb_table_cache_find(cache, twin, id);
        if (cache->failed)
            return &nothing;
        *slot = *theirs;
        slot->borrowed = true;
        return slot;
    }
    if (!prepare(cache, locale, id, slot)) {
        cache->failed = true;
        return &nothing;
    }
    return slot;
}

static void warm(const void *memory, size_t byte_count)
{
    enum { LINE = 64 };
    for (size_t at = 0; at < byte_count; at += LINE)
        __builtin_prefetch((const char *)memory + at);
}

void sb_table_warm(const sb_table *table)
{
    enum { TEXTS_MAX = 32 * 1024 }; /* texts of a table stand together, but for those seen before */
    size_t count = table->count;
    uint32_t first = table->cells[0], last = table->cells[(count - 1) * table->columns];
    warm(table->cells, count * table->columns * sizeof *table->cells);
    if (table->alias.count > 0) {
        warm(table->alias.threshold, count * sizeof *table->alias.threshold);
        warm(table->alias.other, count * sizeof *table->alias.other);
    }
    if (first < last && last - first < TEXTS_MAX)
        warm(table->pool + first, last - first);
}

sb_status sb_table_cache_check(const sb_table_cache *cache, sb_error *err)
{
    return cache->failed ? sb_fail(err, SB_ENOMEM, "no memory to prepare a table") : SB_OK;
}

sb_table_cache_stats sb_table_cache_statistics(const sb_table_cache *cache)
{
    return cache->stats;
}
