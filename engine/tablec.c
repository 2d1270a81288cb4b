/* The table compiler, run by the build: reads engine/tables/, checks it, and writes one C file with
 * all texts in one read-only pool, and what is worked out of them. Usage: sb_tablec TABLES_DIR
 * OUT.c NAME... with the names of languages and locales. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/alias.h"
#include "engine/table_ready.h"

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
    fprintf(out, ";\n");
}

/* ---- what is ready before it is used -------------------------------------------------------- */

/* What the arrays that are written one after the other hold so far. */
typedef struct output {
    FILE *file;
    const sb_table_store *store;
    const sb_table_group *groups;
    int group_count;
    bool seldom; /* which of two arrays is being written */
    uint32_t cell_counts[2], int_counts[2], alias_count;
} output;

static bool has_weights(int id)
{
    return sb_table_shape_of((sb_table_id)id)->weight[0] != '\0';
}

/* Calls `each` for every table there is, in the order of groups and ids; false when one says so. */
static bool for_tables(output *out, bool (*each)(output *out, const sb_table_group *group, int id))
{
    for (int i = 0; i < out->group_count; i++)
        for (int id = 0; id < SB_TABLE_COUNT; id++)
            if (out->groups[i].tables[id].row_count > 0 && !each(out, &out->groups[i], id))
                return false;
    return true;
}

/* What no run reads stands apart, so that it costs no memory: the cells of grammars, which are
 * taken apart, and weights, of which alias tables were made. */
static bool has_seldom_cells(int id)
{
    return id == SB_TABLE_GRAMMAR;
}

static bool has_seldom_ints(int id)
{
    uint8_t slots[SB_TABLE_COLUMNS_MAX];
    return id >= (int)SB_TABLE_FIRST_LOCAL && has_weights(id) &&
           sb_ready_slots((sb_table_id)id, slots) == 1;
}

static bool write_cells(output *out, const sb_table_group *group, int id)
{
    const sb_raw_table *raw = &group->tables[id];
    uint32_t count = raw->row_count * raw->column_count;
    for (uint32_t i = 0; has_seldom_cells(id) == out->seldom && i < count; i++)
        fprintf(out->file, "%u,%s", raw->cells[i], i % 16 == 15 ? "\n" : "");
    return true;
}

static int64_t *make_ints(const sb_raw_table *raw, int id, uint8_t slots[], uint32_t *count)
{
    *count = sb_ready_slots((sb_table_id)id, slots) * raw->row_count;
    int64_t *ints = calloc((size_t)*count + 1, sizeof *ints);
    if (ints != NULL)
        sb_ready_ints(raw, slots, ints);
    return ints;
}

static bool write_ints(output *out, const sb_table_group *group, int id)
{
    uint8_t slots[SB_TABLE_COLUMNS_MAX];
    uint32_t count;
    if (has_seldom_ints(id) != out->seldom)
        return true;
    int64_t *ints = make_ints(&group->tables[id], id, slots, &count);
    for (uint32_t i = 0; ints != NULL && i < count; i++)
        fprintf(out->file, "(int64_t)%lluu,%s", (unsigned long long)ints[i],
                i % 8 == 7 ? "\n" : "");
    bool done = ints != NULL;
    free(ints);
    return done;
}

/* Thresholds, then the others. */
static bool write_alias(output *out, const sb_table_group *group, int id)
{
    const sb_raw_table *raw = &group->tables[id];
    uint8_t slots[SB_TABLE_COLUMNS_MAX];
    uint32_t count, n = raw->row_count;
    if (!has_weights(id))
        return true;
    int64_t *ints = make_ints(raw, id, slots, &count);
    uint32_t *made = calloc((size_t)2 * n, sizeof *made);
    uint64_t *scratch = calloc((size_t)2 * n, sizeof *scratch);
    bool done = ints != NULL && made != NULL && scratch != NULL;
    if (done) {
        uint32_t weight =
            sb_table_column((sb_table_id)id, sb_table_shape_of((sb_table_id)id)->weight);
        sb_alias alias = {0, made, made + n};
        sb_alias_build(&alias, ints + (size_t)slots[weight] * n, n, scratch);
        for (uint32_t i = 0; i < 2 * n; i++)
            fprintf(out->file, "%u,%s", made[i], i % 16 == 15 ? "\n" : "");
    }
    free(ints);
    free(made);
    free(scratch);
    return done;
}

/* The language of a group that has a grammar: its name, or what its locale table says. */
static const char *language_of(const sb_table_group *group)
{
    const sb_raw_table *raw = &group->tables[SB_TABLE_LOCALE];
    for (uint32_t row = 0; row < raw->row_count; row++)
        if (strcmp(raw->pool + raw->cells[2 * row], "language") == 0)
            return raw->pool + raw->cells[2 * row + 1];
    return group->name;
}

static void write_parts(FILE *file, const char *name, const sb_grammar_parts *of)
{
    fprintf(file, "static const sb_rule_ways rules_%s[] = {\n", name);
    for (uint32_t i = 0; i < of->rule_count; i++)
        fprintf(file, "{%u,%u},%s", of->rules[i].first, of->rules[i].count,
                i % 16 == 15 ? "\n" : "");
    fprintf(file, "};\nstatic const sb_way ways_%s[] = {\n", name);
    for (uint32_t i = 0; i < of->way_count; i++)
        fprintf(file, "{%u,%u,%u,%u,%u,%u,%d,%d},\n", of->ways[i].row, of->ways[i].text,
                of->ways[i].first_piece, of->ways[i].first_keyword, of->ways[i].piece_count,
                of->ways[i].keyword_count, of->ways[i].tone, of->ways[i].financial);
    fprintf(file, "};\nstatic const sb_grammar_piece pieces_%s[] = {\n", name);
    for (uint32_t i = 0; i < of->piece_count; i++)
        fprintf(file, "{%u,%u,%u},%s", of->pieces[i].kind, of->pieces[i].byte_count,
                of->pieces[i].what, i % 8 == 7 ? "\n" : "");
    fprintf(file, "};\nstatic const uint16_t keywords_%s[] = {\n", name);
    for (uint32_t i = 0; i < of->keyword_count; i++)
        fprintf(file, "%u,%s", of->keywords[i], i % 16 == 15 ? "\n" : "");
    fprintf(file,
            "0};\nstatic const sb_grammar_parts grammar_%s = {rules_%s, ways_%s, pieces_%s, "
            "keywords_%s, %u, %u, %u, %u};\n",
            name, name, name, name, name, of->rule_count, of->way_count, of->piece_count,
            of->keyword_count);
}

static bool write_grammar(output *out, const sb_table_group *group, int id)
{
    sb_grammar_parts parts;
    if (id != SB_TABLE_GRAMMAR)
        return true;
    if (!sb_grammar_take_apart(&group->tables[id], &out->groups[0].tables[SB_TABLE_KEYWORDS],
                               language_of(group), &parts))
        return false;
    write_parts(out->file, group->name, &parts);
    free((void *)(uintptr_t)parts.rules);
    return true;
}

static bool write_ready(output *out, const sb_table_group *group, int id)
{
    uint8_t slots[SB_TABLE_COLUMNS_MAX];
    uint32_t rows = group->tables[id].row_count;
    bool seldom = has_seldom_ints(id);
    fprintf(out->file, "static const sb_ready_table ready_%s_%d = {.ints = sb_blob_%sints + %u",
            group->name, id, seldom ? "seldom_" : "", out->int_counts[seldom]);
    if (has_weights(id)) {
        fprintf(out->file, ", .threshold = sb_blob_aliases + %u, .other = sb_blob_aliases + %u",
                out->alias_count, out->alias_count + rows);
        out->alias_count += 2 * rows;
    }
    if (id == SB_TABLE_GRAMMAR)
        fprintf(out->file, ", .grammar = &grammar_%s", group->name);
    fprintf(out->file, "};\n");
    out->int_counts[seldom] += sb_ready_slots((sb_table_id)id, slots) * rows;
    return true;
}

/* An array of what `each` writes, and another of what is seldom read. */
static bool write_arrays(output *out, const char *type, const char *name,
                         bool (*each)(output *out, const sb_table_group *group, int id))
{
    bool done = true;
    for (int seldom = 0; seldom < 2 && done; seldom++) {
        out->seldom = seldom != 0;
        fprintf(out->file, "const %s sb_blob_%s%s[] = {\n", type, seldom ? "seldom_" : "", name);
        done = for_tables(out, each);
        fprintf(out->file, "0};\n");
    }
    return done;
}

static bool write_all_ready(output *out)
{
    bool done = write_arrays(out, "uint32_t", "cells", write_cells) &&
                write_arrays(out, "int64_t", "ints", write_ints);
    fprintf(out->file, "const uint32_t sb_blob_aliases[] = {\n");
    done = done && for_tables(out, write_alias);
    fprintf(out->file, "0};\n");
    return done && for_tables(out, write_grammar) && for_tables(out, write_ready);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void write_table(output *out, const sb_table_group *group, int id)
{
    const sb_raw_table *raw = &group->tables[id];
    bool seldom = has_seldom_cells(id);
    fprintf(out->file, "      [%d] = {sb_blob_pool, sb_blob_%scells + %u, %u, %u, &ready_%s_%d},\n",
            id, seldom ? "seldom_" : "", out->cell_counts[seldom], raw->row_count,
            raw->column_count, group->name, id);
    out->cell_counts[seldom] += raw->row_count * raw->column_count;
}

static void write_group(output *out, const sb_table_group *group)
{
    fprintf(out->file, "    {.name = \"%s\",\n     .digest = {", group->name);
    for (size_t i = 0; i < sizeof group->digest; i++)
        fprintf(out->file, "%u,", group->digest[i]);
    fprintf(out->file, "},\n     .tables = {\n");
    for (int id = 0; id < SB_TABLE_COUNT; id++)
        if (group->tables[id].row_count > 0)
            write_table(out, group, id);
    fprintf(out->file, "     }},\n");
}

static bool write_blob(output *out)
{
    fprintf(out->file, "/* Made by sb_tablec out of engine/tables/; do not edit. */\n"
                       "#include \"engine/table_blob.h\"\n\n");
    write_pool(out->file, out->store);
    if (!write_all_ready(out))
        return false;
    fprintf(out->file,
            "const int sb_blob_group_count = %d;\nconst sb_table_group sb_blob_groups[] = {\n",
            out->group_count);
    for (int i = 0; i < out->group_count; i++)
        write_group(out, &out->groups[i]);
    fprintf(out->file, "};\n");
    return true;
}

static int read_groups(sb_table_store *store, const char *dir, char **names, sb_table_group *groups,
                       int count)
{
    sb_error err = {0};
    for (int i = 0; i < count; i++) {
        char path[4096];
        const char *name = i == 0 ? "shared" : names[i - 1];
        (void)snprintf(path, sizeof path, "%s/%s", dir, name);
        if (sb_table_group_read(store, path, name, &groups[i], &err) != SB_OK) {
            fprintf(stderr, "sb_tablec: %s\n", err.text);
            return 2;
        }
    }
    for (int i = 0; i < count; i++)
        sb_table_group_bind(store, &groups[i]);
    return 0;
}

static int compile(const char *dir, const char *out_path, char **names, int name_count)
{
    sb_table_store store = {0};
    int count = name_count + 1;
    sb_table_group *groups = calloc((size_t)count, sizeof *groups);
    int status = groups == NULL ? 3 : read_groups(&store, dir, names, groups, count);
    FILE *file = status == 0 ? fopen(out_path, "w") : NULL;
    if (status == 0 && file == NULL) {
        fprintf(stderr, "sb_tablec: %s cannot be written\n", out_path);
        status = 3;
    }
    output out = {.file = file, .store = &store, .groups = groups, .group_count = count};
    if (status == 0 && !write_blob(&out)) {
        fprintf(stderr, "sb_tablec: no memory\n");
        status = 3;
    }
    if (file != NULL && fclose(file) != 0)
        status = 3;
    sb_table_store_close(&store);
    free(groups);
    return status;
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
