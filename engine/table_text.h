/* Text tables: reading and checking the TSV files that names, streets, banks and phrases come from.
 *
 * Used twice: by the build (sb_tablec turns engine/tables/ into the compiled-in blob) and at run
 * time for
 * --tables DIR. Both give the same structure: one pool of texts, and a directory of where each cell
 * is. */
#ifndef ENGINE_TABLE_TEXT_H
#define ENGINE_TABLE_TEXT_H

#include <stdint.h>

#include "seedbank/status.h"

/* clang-format off */
/* T(NAME, file, columns, weight column or ""). A column that ends in ":int" holds integers; the first
 * column is the key, and unique, unless its name begins with '*' in the list. engine/tables/README.md
 * says what they hold. */
#define SB_SHARED_TABLES(T)                                                                        \
    T(CURRENCIES, "currencies", "code numeric name decimals:int usd_e6:int", "")                   \
    T(COUNTRIES, "countries",                                                                      \
      "code alpha3 name currency language calling_code haven:int high_risk:int region "            \
      "latitude_e7:int longitude_e7:int trade:int",                                                \
      "trade:int")                                                                                 \
    T(LANGUAGES, "languages", "code name native", "")                                              \
    T(INDUSTRIES, "industries", "key weight:int", "weight:int")                                    \
    T(SUB_INDUSTRIES, "sub_industries", "key industry weight:int mcc", "weight:int")                   \
    T(MCC, "mcc",                                                                                  \
      "mcc category weight:int median_cents:int sigma_e2:int online_permille:int industry",        \
      "weight:int")                                                                                \
    T(OCCUPATIONS, "occupations",                                                                  \
      "key isco industry weight:int income_e2:int sigma_e2:int level:int", "weight:int")           \
    T(KEYWORDS, "keywords", "*keyword group language", "")                                         \
    T(EXCHANGES, "exchanges",                                                                      \
      "code mic name city country currency utc_minutes:int dst open:int close:int", "")            \
    T(SANCTION_LISTS, "sanction_lists", "code name authority country weight:int", "weight:int")                                          \
    T(PEP_CATEGORIES, "pep_categories", "key weight:int title", "weight:int")                      \
    T(THRESHOLDS, "thresholds", "currency amount:int", "")                                         \
    T(GOODS, "goods", "item hs_code category unit median_cents:int sigma_e2:int", "")              \
    T(AIRLINES, "airlines", "code name country", "")                                               \
    T(CASH_INDUSTRIES, "cash_industries", "key industry sub_industry", "")

#define SB_LANGUAGE_TABLES(T)                                                                      \
    T(LANGUAGE, "language", "key value", "")                                                       \
    T(TITLES, "occupations", "key title female", "")                                               \
    T(COMPANY_FIRST, "company_first", "word latin", "")                                            \
    T(COMPANY_SECOND, "company_second", "word latin industry sub_industry", "")                                \
    T(MERCHANTS, "merchants", "*pattern mcc", "")                                                  \
    T(GRAMMAR, "grammar", "*rule text tone:int", "")

#define SB_LOCALE_TABLES(T)                                                                        \
    T(LOCALE, "locale", "key value", "")                                                           \
    T(GIVEN_FEMALE, "given_female", "name latin weight:int", "weight:int")                         \
    T(GIVEN_MALE, "given_male", "name latin weight:int", "weight:int")                             \
    T(FAMILY, "family", "name latin female female_latin weight:int", "weight:int")                 \
    T(PATRONYMICS, "patronymics", "male male_latin female female_latin weight:int", "weight:int")  \
    T(CITIES, "cities",                                                                            \
      "*city latin region postal latitude_e7:int longitude_e7:int population:int "                 \
      "utc_minutes:int dst area_code",                                                             \
      "population:int")                                                                            \
    T(STREETS, "streets", "name weight:int", "weight:int")                                         \
    T(COMPANY_FORMS, "company_forms", "form latin weight:int type sole:int", "weight:int")         \
    T(BANKS, "banks", "name latin code bic weight:int", "weight:int")

/* clang-format on */

typedef enum sb_table_id {
#define SB_TABLE_ENUM(name, file, columns, weight) SB_TABLE_##name,
    SB_SHARED_TABLES(SB_TABLE_ENUM) SB_LANGUAGE_TABLES(SB_TABLE_ENUM)
        SB_LOCALE_TABLES(SB_TABLE_ENUM)
#undef SB_TABLE_ENUM
            SB_TABLE_COUNT
} sb_table_id;

enum {
    SB_TABLE_FIRST_LOCAL = SB_TABLE_LANGUAGE, /* from here on each locale has its own */
    SB_TABLE_FIRST_OF_LOCALE = SB_TABLE_LOCALE,
    SB_TABLE_COLUMNS_MAX = 16,
    SB_CELL_BYTES_MAX = 200,
    /* So many bytes can be read from every byte of a text on, whatever stands there: behind the
     * last text there are that many. See engine/line.h. */
    SB_TEXT_ROOM = 32,
    SB_LOCALE_NAME_BYTES = 16
};

typedef struct sb_table_shape {
    const char *file;
    const char *columns;
    const char *weight;
} sb_table_shape;

/* Borrowed, static. */
const sb_table_shape *sb_table_shape_of(sb_table_id id);
/* The position of a column by its name without ":int"; the column must exist. */
uint32_t sb_table_column(sb_table_id id, const char *name);
uint32_t sb_table_column_count(sb_table_id id);

/* A table of texts: cell (row, column) begins at pool[cells[row * columns + column]] and ends with
 * NUL; the byte before it is its length. */
typedef struct sb_raw_table {
    const char *pool;
    const uint32_t *cells;
    uint32_t row_count;
    uint32_t column_count;
    const struct sb_ready_table *ready; /* of the compiled-in tables; NULL of others */
} sb_raw_table;

/* All tables of one locale or language, or the shared ones. */
typedef struct sb_table_group {
    char name[SB_LOCALE_NAME_BYTES];     /* "en_US", "en", or "shared" */
    sb_raw_table tables[SB_TABLE_COUNT]; /* row_count 0: not in this group */
    unsigned char digest[16];            /* BLAKE2b of all cells */
} sb_table_group;

struct sb_table_store;

/* Looks at a table that has just been read: sb_table_check(). */
typedef sb_status (*sb_table_checker)(const struct sb_table_store *store,
                                      const sb_table_group *group, const char *path, sb_table_id id,
                                      sb_error *err);

/* Memory that table groups read at run time live in. All zero is empty; sb_table_store_close()
 * frees. Equal texts are kept once. */
typedef struct sb_table_store {
    sb_table_checker check; /* or NULL: the table compiler comes before the engine that could */
    char *pool;
    uint32_t pool_bytes, pool_capacity;
    uint32_t *cells;
    uint32_t cell_count, cell_capacity;
    uint32_t *buckets; /* of texts by hash: offset + 1, or 0 */
    uint32_t bucket_count, text_count;
    uint32_t *row_lines; /* scratch: the lines of the table being read */
    uint32_t row_line_capacity;
} sb_table_store;

void sb_table_store_close(sb_table_store *store);

/* What a directory of tables is for, by its name: "shared", a language ("de"), else a locale. */
typedef enum sb_table_level { SB_LEVEL_SHARED, SB_LEVEL_LANGUAGE, SB_LEVEL_LOCALE } sb_table_level;
sb_table_level sb_table_level_of(const char *name);

/* Reads DIR/<file>.tsv of every table of the group and checks each; SB_EUSAGE names file and line.
 * Shared tables and those of a locale must all be there (but patronymics); a locale may have tables
 * of a language of its own, and a language only some. The group's tables borrow from the store and
 * are valid once sb_table_group_bind() was called after the last read. */
SB_CHECK sb_status sb_table_group_read(sb_table_store *store, const char *dir, const char *name,
                                       sb_table_group *out, sb_error *err);
void sb_table_group_bind(const sb_table_store *store, sb_table_group *group);

#endif
