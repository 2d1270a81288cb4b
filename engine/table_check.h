/* The rules of engine/tables/README.md that go beyond the form of a cell: what a table of a locale
 * or language must say so that the engine can work with it and its rows stay what they promise.
 *
 * engine/table_text.c calls this for each table it has read, if the store asks for it: those of
 * --tables DIR are checked so; the compiled-in ones by a test. */
#ifndef ENGINE_TABLE_CHECK_H
#define ENGINE_TABLE_CHECK_H

#include "engine/table_text.h"

/* Texts but those of grammar.tsv, language.tsv and locale.tsv: so that three words and a legal form
 * fit an sb_line. */
enum { SB_NAME_BYTES_MAX = 60 };

/* Table `id` of the group was read last, so store->row_lines are its lines; its cells and those of
 * the tables before it count from the start of the store. SB_EUSAGE names file and line. */
SB_CHECK sb_status sb_table_check(const sb_table_store *store, const sb_table_group *group,
                                  const char *path, sb_table_id id, sb_error *err);

#endif
