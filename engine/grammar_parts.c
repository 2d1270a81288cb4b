#include "engine/grammar_parts.h"

#include <stdlib.h>
#include <string.h>

/* Columns of grammar.tsv and keywords.tsv. */
enum { GRAMMAR_RULE, GRAMMAR_TEXT, GRAMMAR_TONE, GRAMMAR_COLUMNS };
enum { KEYWORD_TEXT, KEYWORD_GROUP, KEYWORD_LANGUAGE, KEYWORD_COLUMNS };

const char *const sb_rule_names[SB_RULE_COUNT] = {
#define NAME(name) #name,
    SB_RULES(NAME)
#undef NAME
};

const char *const sb_variable_names[SB_VARIABLE_COUNT] = {
#define NAME(name) #name,
    SB_VARIABLES(NAME)
#undef NAME
};

/* What is being prepared: rules by name, in the order of the parts. */
typedef struct workshop {
    const sb_raw_table *table, *keywords;
    const char **names;    /* owned; of rules */
    uint32_t *hashes;      /* of the names; owned */
    uint32_t *rule_of_row; /* owned */
    uint16_t *listed;      /* owned */
    uint32_t rule_count, piece_count, keyword_count;
    /* The parts, as long as they are written; owned by the parts. */
    sb_rule_ways *rules;
    sb_way *ways;
    sb_grammar_piece *pieces;
    uint16_t *found;
    uint32_t by_letter[257]; /* of keywords of the language: see list_keywords() */
    uint8_t pairs[8192];     /* a bit for every two letters that one of them begins with */
} workshop;

static const char *cell(const sb_raw_table *table, uint32_t row, uint32_t column)
{
    return table->pool + table->cells[row * table->column_count + column];
}

/* ---- names of rules ------------------------------------------------------------------------- */

static uint32_t hash_name(const char *name, uint32_t name_bytes)
{
    uint32_t hash = name_bytes;
    for (uint32_t i = 0; i < name_bytes; i++)
        hash = hash * 31 + (unsigned char)name[i];
    return hash;
}

static uint32_t rule_index(workshop *shop, const char *name, uint32_t name_bytes, bool add)
{
    uint32_t hash = hash_name(name, name_bytes);
    for (uint32_t i = 0; i < shop->rule_count; i++)
        if (shop->hashes[i] == hash && strncmp(shop->names[i], name, name_bytes) == 0 &&
            shop->names[i][name_bytes] == '\0')
            return i;
    if (!add)
        return UINT32_MAX;
    shop->hashes[shop->rule_count] = hash;
    shop->names[shop->rule_count] = name;
    return shop->rule_count++;
}

/* Which rule each row is a way of; rows of a rule mostly stand together. */
static void index_rows(workshop *shop)
{
    for (uint32_t rule = 0; rule < SB_RULE_COUNT; rule++)
        (void)rule_index(shop, sb_rule_names[rule], (uint32_t)strlen(sb_rule_names[rule]), true);
    for (uint32_t row = 0; row < shop->table->row_count; row++) {
        const char *name = cell(shop->table, row, GRAMMAR_RULE);
        if (row > 0 && strcmp(name, shop->names[shop->rule_of_row[row - 1]]) == 0)
            shop->rule_of_row[row] = shop->rule_of_row[row - 1];
        else
            shop->rule_of_row[row] = rule_index(shop, name, (uint32_t)strlen(name), true);
        shop->rules[shop->rule_of_row[row]].count++;
    }
}

/* ---- keywords ------------------------------------------------------------------------------- */

/* The small letter of a capital one: ASCII, Latin-1 and Cyrillic, in UTF-8 byte by byte. `before`
 * is the byte before it. */
static unsigned char fold(unsigned char before, unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return (unsigned char)(c + 32);
    if (before == 0xC3 && c >= 0x80 && c <= 0x9E)
        return (unsigned char)(c + 32);
    if (before == 0xD0 && c >= 0x90 && c <= 0x9F)
        return (unsigned char)(c + 32);
    return c;
}

static bool begins_with(const char *text, unsigned char before, const char *keyword)
{
    for (; *keyword != '\0'; keyword++, text++) {
        if (fold(before, (unsigned char)*text) != (unsigned char)*keyword)
            return false;
        before = (unsigned char)*text;
    }
    return true;
}

/* Notes which keywords a way's text holds. Those of money matters only set a flag. */
static void note_keywords(workshop *shop, const char *text, sb_way *of)
{
    unsigned char before = 0;
    of->first_keyword = shop->keyword_count;
    for (; *text != '\0'; before = (unsigned char)*text++) {
        unsigned char letter = fold(before, (unsigned char)*text);
        uint32_t pair =
            (uint32_t)letter << 8 | fold((unsigned char)text[0], (unsigned char)text[1]);
        if (!(shop->pairs[pair >> 3] >> (pair & 7) & 1))
            continue; /* nearly always */
        for (uint32_t i = shop->by_letter[letter]; i < shop->by_letter[letter + 1]; i++) {
            uint16_t row = shop->listed[i];
            if (!begins_with(text, before, cell(shop->keywords, row, KEYWORD_TEXT)))
                continue;
            if (strcmp(cell(shop->keywords, row, KEYWORD_GROUP), "financial_terms") == 0)
                of->financial = true;
            else if (of->keyword_count < SB_SAYING_KEYWORDS)
                shop->found[of->first_keyword + of->keyword_count++] = row;
        }
    }
    shop->keyword_count += of->keyword_count;
}

/* Keywords of the language by their first letter: `listed` from by_letter[c] to by_letter[c + 1].
 */
static void list_keywords(workshop *shop, const char *language)
{
    const sb_raw_table *keywords = shop->keywords;
    uint32_t next[257] = {0}; /* by letter + 1 while counting */
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t row = 0; row < keywords->row_count; row++) {
            const char *text = cell(keywords, row, KEYWORD_TEXT);
            unsigned char letter = (unsigned char)text[0];
            uint32_t pair = (uint32_t)letter << 8 | (unsigned char)text[1];
            if (strncmp(cell(keywords, row, KEYWORD_LANGUAGE), language, 2) != 0)
                continue;
            shop->pairs[pair >> 3] |= (uint8_t)(1 << (pair & 7));
            if (pass == 0)
                next[letter + 1]++;
            else
                shop->listed[next[letter]++] = (uint16_t)row;
        }
        for (uint32_t letter = 0; pass == 0 && letter < 256; letter++)
            next[letter + 1] += next[letter];
        if (pass == 0)
            memcpy(shop->by_letter, next, sizeof next);
    }
}

/* ---- pieces --------------------------------------------------------------------------------- */

/* The hole that begins at `text`, without its braces; 0 bytes when there is none. */
static uint32_t hole_at(const char *text)
{
    const char *end = text[0] == '{' ? strchr(text, '}') : NULL;
    return end != NULL ? (uint32_t)(end - text) - 1 : 0;
}

static int find_variable(const char *name, uint32_t name_bytes)
{
    for (int i = 0; i < SB_VARIABLE_COUNT; i++)
        if (strncmp(sb_variable_names[i], name, name_bytes) == 0 &&
            sb_variable_names[i][name_bytes] == '\0')
            return i;
    return -1;
}

static void add_piece(workshop *shop, sb_way *of, sb_grammar_piece what)
{
    shop->pieces[shop->piece_count++] = what;
    of->piece_count++;
}

/* "\n" is two letters in the table and a line break in the text, which stands alone: no copy. */
static void split(workshop *shop, const char *text, sb_way *of)
{
    const char *begin = text;
    of->first_piece = shop->piece_count;
    while (*text != '\0') {
        uint32_t hole = hole_at(text);
        if (hole > 0) {
            int variable = find_variable(text + 1, hole);
            uint32_t other = variable < 0 ? rule_index(shop, text + 1, hole, false) : 0;
            if (variable >= 0)
                add_piece(shop, of, (sb_grammar_piece){SB_PIECE_VARIABLE, 0, (uint16_t)variable});
            else if (other != UINT32_MAX)
                add_piece(shop, of, (sb_grammar_piece){SB_PIECE_RULE, 0, (uint16_t)other});
            text += hole + 2;
        } else if (text[0] == '\\' && text[1] == 'n') {
            add_piece(shop, of, (sb_grammar_piece){SB_PIECE_BREAK, 0, 0});
            text += 2;
        } else {
            uint32_t plain = (uint32_t)strcspn(text + 1, "{\\") + 1;
            add_piece(shop, of,
                      (sb_grammar_piece){SB_PIECE_TEXT, (uint8_t)plain, (uint16_t)(text - begin)});
            text += plain;
        }
    }
}

/* Most pieces a table's texts have: a hole or a break makes two. */
static uint32_t count_pieces(const sb_raw_table *table)
{
    uint32_t count = 0;
    for (uint32_t row = 0; row < table->row_count; row++) {
        count += 1;
        for (const char *c = cell(table, row, GRAMMAR_TEXT); *c != '\0'; c++)
            count += *c == '{' || *c == '\\' ? 2 : 0;
    }
    return count;
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* Ways rule by rule, whatever their order in the table. */
static void fill_ways(workshop *shop)
{
    const sb_raw_table *table = shop->table;
    uint32_t filled = 0;
    for (uint32_t r = 0; r < shop->rule_count; r++) {
        shop->rules[r].first = filled;
        filled += shop->rules[r].count;
        shop->rules[r].count = 0;
    }
    for (uint32_t row = 0; row < table->row_count; row++) {
        sb_rule_ways *of = &shop->rules[shop->rule_of_row[row]];
        sb_way *made = &shop->ways[of->first + of->count++];
        const char *text = cell(table, row, GRAMMAR_TEXT);
        *made = (sb_way){.row = row,
                         .text = table->cells[row * GRAMMAR_COLUMNS + GRAMMAR_TEXT],
                         .tone = (int8_t)strtol(cell(table, row, GRAMMAR_TONE), NULL, 10)};
        split(shop, text, made);
        note_keywords(shop, text, made);
    }
}

static bool open_shop(workshop *shop)
{
    uint32_t rows = shop->table->row_count, rules = SB_RULE_COUNT + rows;
    uint32_t pieces = count_pieces(shop->table);
    shop->names = malloc(rules * sizeof *shop->names);
    shop->hashes = malloc(rules * sizeof *shop->hashes);
    shop->rule_of_row = malloc(rows * sizeof *shop->rule_of_row);
    shop->listed = malloc(shop->keywords->row_count * sizeof *shop->listed);
    shop->rules = calloc(1, rules * sizeof *shop->rules + rows * sizeof *shop->ways +
                                pieces * sizeof *shop->pieces +
                                (size_t)rows * SB_SAYING_KEYWORDS * sizeof *shop->found);
    if (shop->names == NULL || shop->hashes == NULL || shop->rule_of_row == NULL ||
        shop->listed == NULL || shop->rules == NULL)
        return false;
    shop->ways = (sb_way *)(shop->rules + rules);
    shop->pieces = (sb_grammar_piece *)(shop->ways + rows);
    shop->found = (uint16_t *)(shop->pieces + pieces);
    return true;
}

static void close_shop(workshop *shop)
{
    free(shop->names);
    free(shop->hashes);
    free(shop->rule_of_row);
    free(shop->listed);
}

bool sb_grammar_take_apart(const sb_raw_table *grammar, const sb_raw_table *keywords,
                           const char *language, sb_grammar_parts *out)
{
    workshop *shop = calloc(1, sizeof *shop);
    if (shop == NULL)
        return false;
    shop->table = grammar;
    shop->keywords = keywords;
    bool opened = open_shop(shop);
    if (opened) {
        index_rows(shop);
        list_keywords(shop, language);
        fill_ways(shop);
        *out = (sb_grammar_parts){.rules = shop->rules,
                                  .ways = shop->ways,
                                  .pieces = shop->pieces,
                                  .keywords = shop->found,
                                  .rule_count = shop->rule_count,
                                  .way_count = grammar->row_count,
                                  .piece_count = shop->piece_count,
                                  .keyword_count = shop->keyword_count};
    } else {
        free(shop->rules);
    }
    close_shop(shop);
    free(shop);
    return opened;
}

/* ---- checking ------------------------------------------------------------------------------- */

typedef struct inspection {
    const char *path;
    const char *const *cells; /* three a row */
    const uint32_t *lines;
    uint32_t row_count;
    uint32_t steps; /* so that no table keeps us for ever */
} inspection;

static const char *rule_of(const inspection *of, uint32_t row)
{
    return of->cells[row * 3 + GRAMMAR_RULE];
}

static bool is_rule(const inspection *of, const char *name, uint32_t name_bytes)
{
    for (uint32_t row = 0; row < of->row_count; row++)
        if (strncmp(rule_of(of, row), name, name_bytes) == 0 &&
            rule_of(of, row)[name_bytes] == '\0')
            return true;
    return false;
}

static sb_status check_text(const inspection *of, uint32_t row, sb_error *err)
{
    const char *text = of->cells[row * 3 + GRAMMAR_TEXT];
    for (const char *c = strpbrk(text, "{}"); c != NULL; c = strpbrk(c, "{}")) {
        uint32_t hole = hole_at(c);
        if (hole == 0)
            return sb_fail(err, SB_EUSAGE, "%s:%u: a brace stands alone in '%s'", of->path,
                           of->lines[row], text);
        if (find_variable(c + 1, hole) < 0 && !is_rule(of, c + 1, hole))
            return sb_fail(err, SB_EUSAGE, "%s:%u: {%.*s} is neither a variable nor a rule",
                           of->path, of->lines[row], (int)hole, c + 1);
        c += hole + 2;
    }
    return SB_OK;
}

/* How deep the rules below a rule nest; more than SB_GRAMMAR_DEPTH for one that comes back to
 * itself. Calls itself, and never deeper than that. */
static uint32_t depth_of(inspection *of, const char *name, uint32_t name_bytes, uint32_t depth,
                         uint32_t *line)
{
    uint32_t deepest = depth;
    if (depth > SB_GRAMMAR_DEPTH || ++of->steps > 200000)
        return depth;
    for (uint32_t row = 0; row < of->row_count && deepest <= SB_GRAMMAR_DEPTH; row++) {
        if (strncmp(rule_of(of, row), name, name_bytes) != 0 ||
            rule_of(of, row)[name_bytes] != '\0')
            continue;
        const char *c = of->cells[row * 3 + GRAMMAR_TEXT];
        while ((c = strchr(c, '{')) != NULL) {
            uint32_t hole = hole_at(c);
            if (find_variable(c + 1, hole) < 0) {
                uint32_t below = depth_of(of, c + 1, hole, depth + 1, line);
                deepest = below > deepest ? below : deepest;
                if (below > SB_GRAMMAR_DEPTH && *line == 0)
                    *line = of->lines[row];
            }
            c += hole + 2;
        }
    }
    return deepest;
}

sb_status sb_grammar_check(const char *path, const char *const *cells, const uint32_t *line_of_row,
                           uint32_t row_count, sb_error *err)
{
    inspection of = {path, cells, line_of_row, row_count, 0};
    for (uint32_t row = 0; row < row_count; row++)
        SB_TRY(check_text(&of, row, err));
    for (int r = 0; r < SB_RULE_COUNT; r++) {
        uint32_t bytes = (uint32_t)strlen(sb_rule_names[r]), line = 0;
        of.steps = 0;
        if (!is_rule(&of, sb_rule_names[r], bytes))
            return sb_fail(err, SB_EUSAGE, "%s: rule %s is missing; see engine/tables/README.md",
                           path, sb_rule_names[r]);
        if (depth_of(&of, sb_rule_names[r], bytes, 1, &line) > SB_GRAMMAR_DEPTH)
            return sb_fail(err, SB_EUSAGE, "%s:%u: rules nest more than %d deep below %s", path,
                           line, SB_GRAMMAR_DEPTH, sb_rule_names[r]);
    }
    return SB_OK;
}
