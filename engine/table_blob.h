/* The tables that are compiled in: shared first, then one group a language, then
 * one a locale; with all that engine/table_ready.h says, ready to use. Written by sb_tablec. */
#ifndef ENGINE_TABLE_BLOB_H
#define ENGINE_TABLE_BLOB_H

#include "engine/table_ready.h"

extern const char sb_blob_pool[];
extern const uint32_t sb_blob_cells[], sb_blob_seldom_cells[];
extern const int64_t sb_blob_ints[], sb_blob_seldom_ints[];
extern const uint32_t sb_blob_aliases[];
extern const int sb_blob_group_count;
extern const sb_table_group sb_blob_groups[];

#endif
