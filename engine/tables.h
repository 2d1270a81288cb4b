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

/* The middle names of a locale's people. */
typedef enum sb_middle {
    SB_MIDDLE_NONE,
    SB_MIDDLE_GIVEN,      /* a second given name */
    SB_MIDDLE_FATHER,     /* the father's given name */
    SB_MIDDLE_PATRONYMIC, /* ... made into a name of its own */
} sb_middle;

/* What locale.tsv and language.tsv say, ready to use. Texts are borrowed from the tables. */
typedef struct sb_locale {
    const char *name;
    sb_text language, country, currency;
    const char *calling_code;
    const char *mobile, *landline; /* patterns; see engine/place.c */
    const char *decimal_point, *thousands_point;
    const char *amount_pattern, *date_pattern, *street_pattern;
    const char *months, *months_in_dates, *weekdays; /* with '|' between them */
    sb_middle middle;
    uint32_t middle_permille;
    bool family_first, two_surnames, lakh_grouping;
    bool spaced_names;       /* blanks between the words of a company's name */
    uint16_t currency_index; /* row of the shared currencies */
    uint16_t country_index;  /* of the shared countries */
    uint32_t weight;         /* share of the cells */
    uint32_t price_level;    /* everyday prices in percent of those in the US */
    int64_t income;          /* median of a full-time year, whole units of the currency */
} sb_locale;

typedef struct sb_tables sb_tables;

/* Opens the tables of the locales named (separated by commas; NULL: all there are). `dir` may be
 * NULL; each sub-directory of it is a locale or a language that is added or replaces one; a locale
 * takes from its language what it does not have itself. SB_EUSAGE for an unknown locale or a table
 * that does not hold. On SB_OK, *out is owned by the caller. */
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
/* The first locale that has the very same table, as locales of one language do; else `locale`. */
uint32_t sb_tables_twin(const sb_tables *tables, uint32_t locale, sb_table_id id);

/* The texts themselves, and the token of the first cell: for who prepares something of a table. */
const sb_raw_table *sb_tables_raw(const sb_tables *tables, uint32_t locale, sb_table_id id);
uint32_t sb_tables_first_token(const sb_tables *tables, uint32_t locale, sb_table_id id);

/* A prepared table. Of those that are compiled in everything is shared by all workers; of a user's
 * a worker has integers and weights of its own. */

typedef struct sb_table {
    uint32_t count, columns;
    uint32_t first_token;                    /* of row 0, column 0 */
    const char *pool;                        /* see sb_raw_table */
    const uint32_t *cells;                   /* [row * columns + column] */
    const int64_t *ints;                     /* [slot * count + row]; see sb_table_int() */
    uint8_t int_slots[SB_TABLE_COLUMNS_MAX]; /* of a column; 255: it has no integers */
    sb_alias alias;                          /* count 0: the table has no weights */
    bool borrowed; /* compiled in, or of the slot of another locale with the same table */
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

/* A cell by its place among all: row * columns + column. */
static inline sb_text sb_table_cell_text(const sb_table *table, uint32_t cell)
{
    const char *text = table->pool + table->cells[cell];
    return (sb_text){text, (unsigned char)text[-1], /* NOLINT: a pool is never NULL */
                     table->first_token + cell};
}

static inline sb_text sb_table_text(const sb_table *table, uint32_t column, uint32_t row)
{
    return sb_table_cell_text(table, row * table->columns + column);
}

/* Fetches what draws from a table look at, for who will draw from it hundreds of times: fetched by
 * the draws themselves, each piece would have to be waited for. */
void sb_table_warm(const sb_table *table);

/* Of columns of integers. */
static inline int64_t sb_table_int(const sb_table *table, uint32_t column, uint32_t row)
{
    return table->ints[table->int_slots[column] * table->count + row];
}

/* A hash of the text (which does not begin like a number): equal texts of two tables have equal
 * marks. Of all columns of shared tables, and of those of locales that tables.c lists. */
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
