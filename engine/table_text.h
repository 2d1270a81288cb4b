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
 * column is the key, and unique, unless its name begins with '*' in the list. */
#define SB_SHARED_TABLES(T)                                                                        \
    T(CURRENCIES, "currencies", "code numeric name decimals:int usd_e6:int", "")                   \
    T(COUNTRIES, "countries",                                                                      \
      "code alpha3 name currency language calling_code haven:int high_risk:int", "")               \
    T(INDUSTRIES, "industries", "key weight:int", "weight:int")                                    \
    T(MCC, "mcc",                                                                                  \
      "mcc category weight:int median_cents:int sigma_e2:int online_permille:int industry",        \
      "weight:int")

#define SB_LOCALE_TABLES(T)                                                                        \
    T(LOCALE, "locale", "key value", "")                                                           \
    T(GIVEN_FEMALE, "given_female", "name weight:int", "weight:int")                               \
    T(GIVEN_MALE, "given_male", "name weight:int", "weight:int")                                   \
    T(FAMILY, "family", "name weight:int", "weight:int")                                           \
    T(CITIES, "cities",                                                                            \
      "*city region postal_first postal_last latitude_e7:int longitude_e7:int population:int "     \
      "utc_minutes:int dst area_code",                                                             \
      "population:int")                                                                            \
    T(STREETS, "streets", "name weight:int", "weight:int")                                         \
    T(OCCUPATIONS, "occupations", "title industry weight:int income:int sigma_e2:int",             \
      "weight:int")                                                                                \
    T(COMPANY_FIRST, "company_first", "word", "")                                                  \
    T(COMPANY_SECOND, "company_second", "word industry", "")                                       \
    T(COMPANY_FORMS, "company_forms", "form weight:int type sole:int", "weight:int")               \
    T(BANKS, "banks", "name code bic weight:int", "weight:int")                                    \
    T(MERCHANTS, "merchants", "*pattern mcc", "")                                                  \
    T(PHRASES, "phrases", "*kind text", "")

/* clang-format on */

typedef enum sb_table_id {
#define SB_TABLE_ENUM(name, file, columns, weight) SB_TABLE_##name,
    SB_SHARED_TABLES(SB_TABLE_ENUM) SB_LOCALE_TABLES(SB_TABLE_ENUM)
#undef SB_TABLE_ENUM
        SB_TABLE_COUNT
} sb_table_id;

enum { SB_TABLE_FIRST_LOCAL = SB_TABLE_LOCALE, SB_CELL_BYTES_MAX = 200, SB_LOCALE_NAME_BYTES = 16 };

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

/* A table of texts: cell (row, column) begins at pool[cells[row * columns + column]], ends with
 * NUL. */
typedef struct sb_raw_table {
    const char *pool;
    const uint32_t *cells;
    uint32_t row_count;
    uint32_t column_count;
} sb_raw_table;

/* All tables of one locale, or the shared ones. */
typedef struct sb_table_group {
    char name[SB_LOCALE_NAME_BYTES];     /* "en_US", or "shared" */
    sb_raw_table tables[SB_TABLE_COUNT]; /* row_count 0: not in this group */
    unsigned char digest[16];            /* BLAKE2b of all cells */
} sb_table_group;

/* Memory that table groups read at run time live in. All zero is empty; sb_table_store_close()
 * frees. */
typedef struct sb_table_store {
    char *pool;
    uint32_t pool_bytes, pool_capacity;
    uint32_t *cells;
    uint32_t cell_count, cell_capacity;
} sb_table_store;

void sb_table_store_close(sb_table_store *store);

/* Reads DIR/<file>.tsv of every table of the group (the shared tables when `name` is "shared", else
 * the locale's) and checks each; SB_EUSAGE names file and line. The group's tables borrow from the
 * store and are valid once sb_table_group_bind() was called after the last read. */
SB_CHECK sb_status sb_table_group_read(sb_table_store *store, const char *dir, const char *name,
                                       sb_table_group *out, sb_error *err);
void sb_table_group_bind(const sb_table_store *store, sb_table_group *group);

#endif
