/* The table compiler, run by the build: reads engine/tables/, checks it, and writes one C file with
 * all texts in one read-only pool. Usage: sb_tablec TABLES_DIR OUT.c NAME... with
 * the names of languages and locales. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/table_text.h"

/* As string literals, which compilers read an order of magnitude faster than lists of numbers. */
static void write_pool(FILE *out, const sb_table_store *store)
{
    fprintf(out, "const char sb_blob_pool[%u] =\n", store->pool_bytes + SB_TEXT_ROOM);
    for (uint32_t begin = 0; begin < store->pool_bytes; begin += 32) {
        fprintf(out, "\"");
        for (uint32_t i = begin; i < begin + 32 && i < store->pool_bytes; i++)
            fprintf(out, "\\%03o", (unsigned char)store->pool[i]);
        fprintf(out, "\"\n");
    }
    fprintf(out, ";\nconst uint32_t sb_blob_cells[%u] = {\n", store->cell_count);
    for (uint32_t i = 0; i < store->cell_count; i++)
        fprintf(out, "%u,%s", store->cells[i], i % 16 == 15 ? "\n" : "");
    fprintf(out, "};\n");
}

static void write_group(FILE *out, const sb_table_group *group)
{
    fprintf(out, "    {.name = \"%s\",\n     .digest = {", group->name);
    for (size_t i = 0; i < sizeof group->digest; i++)
        fprintf(out, "%u,", group->digest[i]);
    fprintf(out, "},\n     .tables = {\n");
    for (int id = 0; id < SB_TABLE_COUNT; id++)
        if (group->tables[id].row_count > 0)
            fprintf(out, "      [%d] = {sb_blob_pool, sb_blob_cells + %u, %u, %u},\n", id,
                    (unsigned)(uintptr_t)group->tables[id].cells, group->tables[id].row_count,
                    group->tables[id].column_count);
    fprintf(out, "     }},\n");
}

static int compile(const char *dir, const char *out_path, char **names, int name_count)
{
    sb_table_store store = {0};
    sb_error err = {0};
    sb_table_group *groups = calloc((size_t)name_count + 1, sizeof *groups);
    if (groups == NULL)
        return 3;
    for (int i = 0; i <= name_count; i++) {
        char path[4096];
        const char *name = i == 0 ? "shared" : names[i - 1];
        (void)snprintf(path, sizeof path, "%s/%s", dir, name);
        if (sb_table_group_read(&store, path, name, &groups[i], &err) != SB_OK) {
            fprintf(stderr, "sb_tablec: %s\n", err.text);
            free(groups);
            return 2;
        }
    }
    FILE *out = fopen(out_path, "w");
    if (out == NULL) {
        fprintf(stderr, "sb_tablec: %s cannot be written\n", out_path);
        free(groups);
        return 3;
    }
    fprintf(out, "/* Made by sb_tablec out of engine/tables/; do not edit. */\n"
                 "#include \"engine/table_blob.h\"\n\n");
    write_pool(out, &store);
    fprintf(out, "const int sb_blob_group_count = %d;\nconst sb_table_group sb_blob_groups[] = {\n",
            name_count + 1);
    for (int i = 0; i <= name_count; i++)
        write_group(out, &groups[i]);
    fprintf(out, "};\n");
    sb_table_store_close(&store);
    free(groups);
    return fclose(out) == 0 ? 0 : 3;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: sb_tablec TABLES_DIR OUT.c NAME...\n");
        return 2;
    }
    if (sodium_init() < 0)
        return 3;
    return compile(argv[1], argv[2], argv + 3, argc - 3);
}
