/* The tables of a dataset, and each worker's cache of prepared ones.
 *
 * sb_tables is read-only and shared by all workers: the compiled-in blob, and what --tables added.
 * sb_table_cache is a worker's own: a table is prepared (texts with tokens, integers, alias table)
 * when it is first used, and kept. */
#ifndef ENGINE_TABLES_H
#define ENGINE_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/alias.h"
#include "engine/table_text.h"
#include "format/msgpack_writer.h"
#include "seedbank/status.h"

enum { SB_LOCALES_MAX = 128 };

/* What locale.tsv says, ready to use. Texts are borrowed from the tables. */
typedef struct sb_locale {
    const char *name;
    sb_text language, country, currency;
    const char *calling_code;
    const char *phone_patterns; /* ranges kept for fiction; see engine/place.c */
    const char *decimal_point, *thousands_point;
    bool month_first; /* dates as month/day/year */
    bool number_before_street;
    bool has_iban;
    uint16_t currency_index; /* row of the shared currencies */
    uint32_t weight;         /* inhabitants in millions */
} sb_locale;

typedef struct sb_tables sb_tables;

/* Opens the tables of the locales named (separated by commas; NULL: all there are). `dir` may be
 * NULL; each sub-directory of it is a locale that is added or replaces one. SB_EUSAGE for an
 * unknown locale or a table that does not hold. On SB_OK, *out is owned by the caller. */
SB_CHECK sb_status sb_tables_open(const char *dir, const char *locales, sb_tables **out,
                                  sb_error *err);
void sb_tables_close(sb_tables *tables);

uint32_t sb_tables_locale_count(const sb_tables *tables);
const sb_locale *sb_tables_locale(const sb_tables *tables, uint32_t locale);
/* 32 hex digits over shared and chosen locales, in their order: part of a dataset's identity. */
const char *sb_tables_digest(const sb_tables *tables);
/* A cell of a table that is not prepared: for set-up code. `locale` is ignored for shared tables.
 */
const char *sb_tables_cell(const sb_tables *tables, uint32_t locale, sb_table_id id, uint32_t row,
                           const char *column);
uint32_t sb_tables_row_count(const sb_tables *tables, uint32_t locale, sb_table_id id);

/* A prepared table. */
typedef struct sb_table {
    uint32_t count;
    const sb_text *texts; /* [column * count + row]; integer columns too */
    const int64_t
        *ints;      /* same places; of a text that is no number its mark: see sb_table_mark() */
    sb_alias alias; /* count 0: the table has no weights */
} sb_table;

typedef struct sb_table_cache_stats {
    uint64_t hit_count;
    uint64_t miss_count; /* tables prepared */
    uint64_t bytes;
} sb_table_cache_stats;

/* The body is here because rows ask for tables field by field. */
typedef struct sb_table_cache {
    const sb_tables *tables; /* borrowed */
    sb_table *slots;         /* owned; [locale * SB_TABLE_COUNT + id]; count 0: not prepared yet */
    sb_table_cache_stats stats;
    bool failed;
} sb_table_cache;

SB_CHECK sb_status sb_table_cache_open(const sb_tables *tables, sb_table_cache **out,
                                       sb_error *err);
void sb_table_cache_close(sb_table_cache *cache);

/* Prepares a table that is not in the cache; see sb_table_cache_find(). */
const sb_table *sb_table_cache_prepare(sb_table_cache *cache, uint32_t locale, sb_table_id id);

/* Borrowed: valid until sb_table_cache_close(). Never NULL: when memory ran out it is a table of
 * one empty row, and sb_table_cache_check() says so at the end of the cell. */
static inline const sb_table *sb_table_cache_find(sb_table_cache *cache, uint32_t locale,
                                                  sb_table_id id)
{
    uint32_t group = (int)id < (int)SB_TABLE_FIRST_LOCAL ? 0 : locale;
    const sb_table *slot = &cache->slots[group * SB_TABLE_COUNT + id];
    if (slot->count == 0)
        return sb_table_cache_prepare(cache, group, id);
    cache->stats.hit_count++;
    return slot;
}
SB_CHECK sb_status sb_table_cache_check(const sb_table_cache *cache, sb_error *err);

sb_table_cache_stats sb_table_cache_statistics(const sb_table_cache *cache);

static inline sb_text sb_table_text(const sb_table *table, uint32_t column, uint32_t row)
{
    return table->texts[column * table->count + row];
}

static inline int64_t sb_table_int(const sb_table *table, uint32_t column, uint32_t row)
{
    return table->ints[column * table->count + row];
}

/* A hash of the text (which does not begin like a number): equal texts of two tables have equal
 * marks. */
static inline int64_t sb_table_mark(const sb_table *table, uint32_t column, uint32_t row)
{
    return sb_table_int(table, column, row);
}

/* A row by weight, or evenly where the table has none. */
static inline uint32_t sb_table_draw(const sb_table *table, uint64_t draw)
{
    return table->alias.count > 0 ? sb_alias_draw(&table->alias, draw)
                                  : (uint32_t)sb_below(draw, table->count);
}

/* Tokens below this are of fixed texts (enumerations); above, of tables. */
enum { SB_TOKEN_TABLES = 4096 };

#endif
