#include "engine/grammar.h"

#include <stdlib.h>
#include <string.h>

/* Columns of grammar.tsv and keywords.tsv. */
enum { GRAMMAR_RULE, GRAMMAR_TEXT, GRAMMAR_TONE };
enum { KEYWORD_TEXT, KEYWORD_GROUP, KEYWORD_LANGUAGE };

static const char *const rule_names[SB_RULE_COUNT] = {
#define NAME(name) #name,
    SB_RULES(NAME)
#undef NAME
};

static const char *const variable_names[SB_VARIABLE_COUNT] = {
#define NAME(name) #name,
    SB_VARIABLES(NAME)
#undef NAME
};

typedef enum piece_kind { PIECE_TEXT, PIECE_VARIABLE, PIECE_RULE } piece_kind;

typedef struct piece {
    const char *bytes; /* of text; borrowed from the table */
    uint16_t what;     /* a variable, or a rule: index in `rules` */
    uint16_t byte_count;
    uint8_t kind;
    bool is_padded; /* see sb_copy_padded() */
} piece;

typedef struct way {
    uint32_t first_piece, first_keyword;
    uint16_t piece_count;
    int16_t tone;
    uint32_t token; /* of the whole text */
    uint8_t keyword_count;
    bool financial;
} way;

typedef struct rule {
    uint32_t first_way, way_count;
} rule;

/* One block of memory: the arrays stand behind the struct. */
struct sb_grammar {
    rule *rules; /* those of the engine first, in its order; then the table's own */
    way *ways;
    piece *pieces;
    uint16_t *keywords; /* rows of the shared table */
};

/* ---- taking texts apart --------------------------------------------------------------------- */

/* The hole that begins at `text`, without its braces; 0 bytes when there is none. */
static uint32_t hole_at(const char *text)
{
    const char *end = text[0] == '{' ? strchr(text, '}') : NULL;
    return end != NULL ? (uint32_t)(end - text) - 1 : 0;
}

static int find_name(const char *const *names, int count, const char *name, uint32_t name_bytes)
{
    for (int i = 0; i < count; i++)
        if (strncmp(names[i], name, name_bytes) == 0 && names[i][name_bytes] == '\0')
            return i;
    return -1;
}

/* What is being prepared: rules by name, in the order of the struct. */
typedef struct workshop {
    const char **names; /* owned; of rules */
    uint32_t *hashes;   /* of the names; owned */
    uint32_t rule_count;
    sb_grammar *grammar;
    uint32_t piece_count, keyword_count;
    const char *padded_end; /* texts that end before it are padded */
    const sb_table *keywords;
    uint32_t by_letter[257]; /* of keywords of the language: see list_keywords() */
    struct opening *listed;  /* owned */
    uint8_t pairs[8192];     /* a bit for every two letters that one of them begins with */
} workshop;

/* A keyword's row and its first letters, up to four, as they stand in memory: a look at a word of
 * the text tells whether it can be there. */
typedef struct opening {
    uint32_t letters, mask;
    uint16_t row;
} opening;

/* A text in small letters, with room behind it to look at four at a time. */
enum { FOLDED_BYTES = 256 };
typedef struct folded {
    uint32_t length;
    unsigned char bytes[FOLDED_BYTES + 4];
} folded;

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

static void fold_text(const char *text, folded *out)
{
    unsigned char before = 0;
    out->length = 0;
    for (; *text != '\0' && out->length < FOLDED_BYTES; before = (unsigned char)*text++)
        out->bytes[out->length++] = fold(before, (unsigned char)*text);
    memset(out->bytes + out->length, 0, 4);
}

static bool holds(const folded *text, uint32_t at, const opening *one, sb_text keyword)
{
    uint32_t letters;
    memcpy(&letters, text->bytes + at, sizeof letters);
    return (letters & one->mask) == one->letters && keyword.byte_count <= text->length - at &&
           memcmp(text->bytes + at, keyword.bytes, keyword.byte_count) == 0;
}

static void note_keyword(workshop *shop, uint16_t row, way *of)
{
    sb_text group = sb_table_text(shop->keywords, KEYWORD_GROUP, row);
    if (group.bytes[0] == 'f' && strcmp(group.bytes, "financial_terms") == 0)
        of->financial = true;
    else if (of->keyword_count < SB_SAYING_KEYWORDS)
        shop->grammar->keywords[of->first_keyword + of->keyword_count++] = row;
}

/* Notes which keywords a way's text holds. Those of money matters only set a flag. */
static void note_keywords(workshop *shop, const char *text, way *of)
{
    folded small;
    fold_text(text, &small);
    of->first_keyword = shop->keyword_count;
    for (uint32_t at = 0; at < small.length; at++) {
        uint32_t letter = small.bytes[at], pair = letter << 8 | small.bytes[at + 1];
        if (!(shop->pairs[pair >> 3] >> (pair & 7) & 1))
            continue; /* nearly always */
        for (uint32_t i = shop->by_letter[letter]; i < shop->by_letter[letter + 1]; i++) {
            const opening *one = &shop->listed[i];
            if (holds(&small, at, one, sb_table_text(shop->keywords, KEYWORD_TEXT, one->row)))
                note_keyword(shop, one->row, of);
        }
    }
    shop->keyword_count += of->keyword_count;
}

static void add_piece(workshop *shop, way *of, piece what)
{
    shop->grammar->pieces[shop->piece_count++] = what;
    of->piece_count++;
}

static void add_text(workshop *shop, way *of, const char *bytes, uint32_t byte_count, bool padded)
{
    add_piece(shop, of,
              (piece){.bytes = bytes,
                      .byte_count = (uint16_t)byte_count,
                      .kind = PIECE_TEXT,
                      .is_padded = padded});
}

/* "\n" is two letters in the table and a line break in the text, which stands alone: no copy. */
static void split(workshop *shop, const char *text, way *of)
{
    static const char line_break[SB_PADDING_BYTES] = "\n";
    of->first_piece = shop->piece_count;
    while (*text != '\0') {
        uint32_t hole = hole_at(text);
        if (hole > 0) {
            int variable = find_name(variable_names, SB_VARIABLE_COUNT, text + 1, hole);
            uint32_t other = variable < 0 ? rule_index(shop, text + 1, hole, false) : 0;
            if (variable >= 0)
                add_piece(shop, of, (piece){.kind = PIECE_VARIABLE, .what = (uint16_t)variable});
            else if (other != UINT32_MAX)
                add_piece(shop, of, (piece){.kind = PIECE_RULE, .what = (uint16_t)other});
            text += hole + 2;
        } else if (text[0] == '\\' && text[1] == 'n') {
            add_text(shop, of, line_break, 1, true);
            text += 2;
        } else {
            uint32_t plain = (uint32_t)strcspn(text + 1, "{\\") + 1;
            add_text(shop, of, text, plain, text + plain <= shop->padded_end);
            text += plain;
        }
    }
}

static opening opening_of(sb_text keyword, uint16_t row)
{
    opening made = {.row = row};
    uint32_t count = keyword.byte_count < 4 ? keyword.byte_count : 4;
    memcpy(&made.letters, keyword.bytes, count);
    memset(&made.mask, 0xFF, count);
    return made;
}

/* Keywords of the language by their first letter: `listed` from by_letter[c] to by_letter[c + 1].
 */
static void list_keywords(workshop *shop, sb_text language)
{
    const sb_table *keywords = shop->keywords;
    uint32_t next[257] = {0}; /* by letter + 1 while counting */
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t row = 0; row < keywords->count; row++) {
            const char *text = sb_table_text(keywords, KEYWORD_TEXT, row).bytes;
            unsigned char letter = (unsigned char)text[0];
            uint32_t pair = (uint32_t)letter << 8 | (unsigned char)text[1];
            if (memcmp(sb_table_text(keywords, KEYWORD_LANGUAGE, row).bytes, language.bytes, 2) !=
                0)
                continue;
            shop->pairs[pair >> 3] |= (uint8_t)(1 << (pair & 7));
            if (pass == 0)
                next[letter + 1]++;
            else
                shop->listed[next[letter]++] =
                    opening_of(sb_table_text(keywords, KEYWORD_TEXT, row), (uint16_t)row);
        }
        for (uint32_t letter = 0; pass == 0 && letter < 256; letter++)
            next[letter + 1] += next[letter];
        if (pass == 0)
            memcpy(shop->by_letter, next, sizeof next);
    }
}

/* Most pieces a table's texts have: a hole or a break makes two. */
static uint32_t count_pieces(const sb_table *table)
{
    uint32_t count = 0;
    for (uint32_t row = 0; row < table->count; row++) {
        count += 1;
        for (const char *c = sb_table_text(table, GRAMMAR_TEXT, row).bytes; *c != '\0'; c++)
            count += *c == '{' || *c == '\\' ? 2 : 0;
    }
    return count;
}

/* Texts that end this far before the last one of the table are readable for so many bytes more. */
static const char *padded_end_of(const sb_table *table)
{
    const char *end = NULL;
    for (uint32_t row = 0; row < table->count; row++)
        for (uint32_t column = 0; column < table->columns; column++) {
            sb_text text = sb_table_text(table, column, row);
            end = end == NULL || text.bytes + text.byte_count > end ? text.bytes + text.byte_count
                                                                    : end;
        }
    return end != NULL ? end - SB_PADDING_BYTES : NULL;
}

static sb_grammar *take_memory(const sb_table *table)
{
    uint32_t rules = SB_RULE_COUNT + table->count, pieces = count_pieces(table);
    size_t bytes = sizeof(sb_grammar) + rules * sizeof(rule) + table->count * sizeof(way) +
                   pieces * sizeof(piece) +
                   (size_t)table->count * SB_SAYING_KEYWORDS * sizeof(uint16_t);
    sb_grammar *grammar = calloc(1, bytes);
    if (grammar == NULL)
        return NULL;
    grammar->pieces = (piece *)(grammar + 1); /* what needs most alignment first */
    grammar->ways = (way *)(grammar->pieces + pieces);
    grammar->rules = (rule *)(grammar->ways + table->count);
    grammar->keywords = (uint16_t *)(grammar->rules + rules);
    return grammar;
}

static bool same_text(sb_text a, const char *b)
{
    return strncmp(a.bytes, b, a.byte_count) == 0 && b[a.byte_count] == '\0';
}

/* Which rule each row is a way of; rows of a rule mostly stand together. */
static void index_rows(workshop *shop, const sb_table *table, uint16_t *rule_of_row)
{
    for (uint32_t row = 0; row < table->count; row++) {
        sb_text name = sb_table_text(table, GRAMMAR_RULE, row);
        if (row > 0 && same_text(name, shop->names[rule_of_row[row - 1]]))
            rule_of_row[row] = rule_of_row[row - 1];
        else
            rule_of_row[row] = (uint16_t)rule_index(shop, name.bytes, name.byte_count, true);
        shop->grammar->rules[rule_of_row[row]].way_count++;
    }
}

/* Ways rule by rule, whatever their order in the table. */
static void fill_rules(workshop *shop, const sb_table *table, uint16_t *rule_of_row)
{
    uint32_t filled = 0;
    index_rows(shop, table, rule_of_row);
    for (uint32_t r = 0; r < shop->rule_count; r++) {
        rule *of = &shop->grammar->rules[r];
        of->first_way = filled;
        filled += of->way_count;
        of->way_count = 0;
    }
    for (uint32_t row = 0; row < table->count; row++) {
        rule *of = &shop->grammar->rules[rule_of_row[row]];
        sb_text text = sb_table_text(table, GRAMMAR_TEXT, row);
        way *made = &shop->grammar->ways[of->first_way + of->way_count++];
        made->token = text.token;
        made->tone = (int16_t)sb_table_int(table, GRAMMAR_TONE, row);
        split(shop, text.bytes, made);
        note_keywords(shop, text.bytes, made);
    }
}

static void close_workshop(workshop *shop)
{
    free(shop->listed);
    free(shop->hashes);
    free(shop->names);
}

sb_grammar *sb_grammar_prepare(sb_table_cache *cache, uint32_t locale)
{
    const sb_table *table = sb_table_cache_find(cache, locale, SB_TABLE_GRAMMAR);
    const sb_table *keywords = sb_table_cache_find(cache, 0, SB_TABLE_KEYWORDS);
    size_t rules = SB_RULE_COUNT + (size_t)table->count;
    workshop shop = {.names = malloc(rules * sizeof *shop.names),
                     .hashes = malloc(rules * sizeof *shop.hashes),
                     .listed = malloc(keywords->count * sizeof *shop.listed),
                     .rule_count = SB_RULE_COUNT,
                     .padded_end = padded_end_of(table),
                     .keywords = keywords};
    uint16_t *rule_of_row = malloc(table->count * sizeof *rule_of_row);
    shop.grammar = take_memory(table);
    if (shop.names != NULL && shop.hashes != NULL && shop.listed != NULL && rule_of_row != NULL &&
        shop.grammar != NULL) {
        for (uint32_t i = 0; i < SB_RULE_COUNT; i++) {
            shop.names[i] = rule_names[i];
            shop.hashes[i] = hash_name(rule_names[i], (uint32_t)strlen(rule_names[i]));
        }
        list_keywords(&shop, sb_tables_locale(cache->tables, locale)->language);
        fill_rules(&shop, table, rule_of_row);
    } else {
        free(shop.grammar);
        shop.grammar = NULL;
    }
    free(rule_of_row);
    close_workshop(&shop);
    return shop.grammar;
}

/* ---- saying --------------------------------------------------------------------------------- */

void sb_saying_begin(sb_saying *saying, sb_key key, uint32_t first_draw,
                     void (*fill)(void *user, sb_variable variable, sb_saying *saying), void *user)
{
    saying->key = key;
    saying->next_draw = first_draw;
    saying->fill = fill;
    saying->user = user;
    saying->tone = 0;
    saying->tone_count = 0;
    saying->financial = false;
    saying->keyword_count = 0;
    saying->length = 0;
}

static void notice_keywords(const sb_grammar *grammar, const way *said, sb_saying *saying)
{
    for (uint32_t i = 0; i < said->keyword_count; i++) {
        uint16_t keyword = grammar->keywords[said->first_keyword + i];
        uint32_t k = 0;
        while (k < saying->keyword_count && saying->keywords[k] != keyword)
            k++;
        if (k == saying->keyword_count && k < SB_SAYING_KEYWORDS)
            saying->keywords[saying->keyword_count++] = keyword;
    }
}

static inline void add_said(sb_saying *saying, const piece *part)
{
    if (!part->is_padded || part->byte_count > SB_SAYING_BYTES - saying->length) {
        sb_saying_add(saying, part->bytes, part->byte_count);
        return;
    }
    sb_copy_padded(saying->bytes + saying->length, part->bytes, part->byte_count);
    saying->length += part->byte_count;
}

/* Calls itself for a rule within a rule, at most SB_GRAMMAR_DEPTH deep. */
static void say(const sb_grammar *grammar, uint32_t which, uint32_t depth, sb_saying *saying)
{
    const rule *of = &grammar->rules[which];
    if (of->way_count == 0 || depth > SB_GRAMMAR_DEPTH)
        return;
    uint64_t draw = sb_draw(saying->key, saying->next_draw++);
    const way *said = &grammar->ways[of->first_way + sb_below(draw, of->way_count)];
    saying->financial |= said->financial;
    saying->tone += said->tone;
    saying->tone_count += said->tone != 0;
    if (said->keyword_count > 0)
        notice_keywords(grammar, said, saying);
    const piece *part = &grammar->pieces[said->first_piece], *end = part + said->piece_count;
    for (; part < end; part++) {
        if (part->kind == PIECE_TEXT)
            add_said(saying, part);
        else if (part->kind == PIECE_VARIABLE)
            saying->fill(saying->user, (sb_variable)part->what, saying);
        else
            say(grammar, part->what, depth + 1, saying);
    }
}

void sb_say(const sb_grammar *grammar, sb_rule which, sb_saying *saying)
{
    say(grammar, (uint32_t)which, 1, saying);
}

sb_text sb_grammar_plain(const sb_grammar *grammar, sb_rule which, uint64_t draw)
{
    const rule *of = &grammar->rules[which];
    if (of->way_count == 0)
        return (sb_text){"-", 1, 0};
    const way *said = &grammar->ways[of->first_way + sb_below(draw, of->way_count)];
    const piece *only = &grammar->pieces[said->first_piece];
    if (said->piece_count != 1 || only->kind != PIECE_TEXT)
        return (sb_text){NULL, 0, 0};
    return (sb_text){only->bytes, only->byte_count, said->token};
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
        if (find_name(variable_names, SB_VARIABLE_COUNT, c + 1, hole) < 0 &&
            !is_rule(of, c + 1, hole))
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
            if (find_name(variable_names, SB_VARIABLE_COUNT, c + 1, hole) < 0) {
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
        uint32_t bytes = (uint32_t)strlen(rule_names[r]), line = 0;
        of.steps = 0;
        if (!is_rule(&of, rule_names[r], bytes))
            return sb_fail(err, SB_EUSAGE, "%s: rule %s is missing; see engine/tables/README.md",
                           path, rule_names[r]);
        if (depth_of(&of, rule_names[r], bytes, 1, &line) > SB_GRAMMAR_DEPTH)
            return sb_fail(err, SB_EUSAGE, "%s:%u: rules nest more than %d deep below %s", path,
                           line, SB_GRAMMAR_DEPTH, rule_names[r]);
    }
    return SB_OK;
}
