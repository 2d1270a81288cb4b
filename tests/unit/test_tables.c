/* The tables that are compiled in, those a user adds, and every way in which those can be wrong. */
#include "engine/tables.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/grammar.h"
#include "engine/group.h"
#include "engine/table_check.h"
#include "tests/unit/engine_fixture.h"

/* ---- a directory of tables --------------------------------------------------------------------
 */

static char root[64];

static int make_root(void **state)
{
    (void)state;
    (void)snprintf(root, sizeof root, "/tmp/seedbank_tables_XXXXXX");
    return mkdtemp(root) == NULL;
}

/* Removes what lies in `path`, two levels deep, and itself. */
static void remove_tree(const char *path)
{
    char inside[512];
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        (void)snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
        if (unlink(inside) != 0)
            remove_tree(inside);
    }
    if (dir != NULL)
        (void)closedir(dir);
    (void)rmdir(path);
}

static int remove_root(void **state)
{
    (void)state;
    remove_tree(root);
    return 0;
}

static void write_file(const char *locale, const char *file, const char *text, size_t bytes)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s/%s.tsv", root, locale, file);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, bytes, out), bytes);
    assert_int_equal(fclose(out), 0);
}

static void copy_file(const char *from, const char *to)
{
    static char text[1 << 17];
    FILE *in = fopen(from, "r"), *out = fopen(to, "w");
    assert_non_null(in);
    assert_non_null(out);
    size_t bytes = fread(text, 1, sizeof text, in);
    assert_true(bytes > 0 && bytes < sizeof text);
    assert_int_equal(fwrite(text, 1, bytes, out), bytes);
    assert_int_equal(fclose(out), 0);
    (void)fclose(in);
}

static void path_of(const char *name, const char *file, char out[256])
{
    (void)snprintf(out, 256, "%s/%s/%s.tsv", root, name, file);
}

/* Puts one of our own tables back, or there for the first time. */
static void copy_table(const char *from_name, const char *name, const char *file)
{
    char from[512], to[256];
    (void)snprintf(from, sizeof from, "%s/engine/tables/%s/%s.tsv", SB_SOURCE_DIR, from_name, file);
    path_of(name, file, to);
    copy_file(from, to);
}

static void make_directory(const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", root, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static bool is_of_language(int id)
{
    return id < SB_TABLE_FIRST_OF_LOCALE;
}

/* Adds a locale to the directory: our own en_US under another name. */
static void copy_locale(const char *name)
{
    make_directory(name);
    for (int id = SB_TABLE_FIRST_OF_LOCALE; id < SB_TABLE_COUNT; id++)
        if (id != SB_TABLE_PATRONYMICS)
            copy_table("en_US", name, sb_table_shape_of((sb_table_id)id)->file);
}

/* ... with the tables of its language, so that it needs nobody else's. */
static void copy_whole_locale(const char *name)
{
    copy_locale(name);
    for (int id = SB_TABLE_FIRST_LOCAL; id < SB_TABLE_FIRST_OF_LOCALE; id++)
        copy_table("en", name, sb_table_shape_of((sb_table_id)id)->file);
}

/* The number of the first line of a table that begins with `begins`; of its first row for NULL. */
static int find_line(const char *path, const char *begins)
{
    char line[4096];
    int number = 0, found = 0;
    bool header_seen = false;
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    while (found == 0 && fgets(line, sizeof line, in) != NULL) {
        number++;
        if (line[0] == '#')
            continue;
        if (header_seen && (begins == NULL || strncmp(line, begins, strlen(begins)) == 0))
            found = number;
        header_seen = true;
    }
    (void)fclose(in);
    assert_true(found > 0);
    return found;
}

/* Puts a text in the place of a line; NULL: takes the line away. */
static void change_line(const char *path, int line, const char *text)
{
    static char before[1 << 18], after[1 << 18];
    char *to = after;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t bytes = fread(before, 1, sizeof before - 1, file);
    before[bytes] = '\0';
    (void)fclose(file);
    int number = 1;
    for (char *at = before; *at != '\0'; number++) {
        size_t length = strcspn(at, "\n") + 1;
        if (number != line)
            to += sprintf(to, "%.*s", (int)length, at);
        else if (text != NULL)
            to += sprintf(to, "%s\n", text);
        at += length;
    }
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(after, 1, (size_t)(to - after), file), to - after);
    assert_int_equal(fclose(file), 0);
}

static sb_tables *open_tables(const char *dir, const char *locales)
{
    sb_error err = {0};
    sb_tables *tables = NULL;
    fixture_ok(sb_tables_open(dir, locales, &tables, &err), &err);
    return tables;
}

/* Opening must fail, and the sentence hold each of the texts given (ended by NULL). */
static void check_refused(const char *dir, const char *locales, ...)
{
    sb_error err = {0};
    sb_tables *tables = NULL;
    va_list parts;
    assert_int_equal(sb_tables_open(dir, locales, &tables, &err), SB_EUSAGE);
    assert_null(tables);
    va_start(parts, locales);
    for (const char *part; (part = va_arg(parts, const char *)) != NULL;)
        if (strstr(err.text, part) == NULL)
            fail_msg("no \"%s\" in \"%s\"", part, err.text);
    va_end(parts);
}

/* ---- compiled in ------------------------------------------------------------------------------
 */

static void compiled_locales_open(void **state)
{
    (void)state;
    sb_tables *all = open_tables(NULL, NULL);
    assert_int_equal(sb_tables_locale_count(all), 32);
    for (uint32_t i = 0; i < sb_tables_locale_count(all); i++) {
        const sb_locale *locale = sb_tables_locale(all, i);
        sb_tables *alone = open_tables(NULL, locale->name);
        assert_int_equal(sb_tables_locale_count(alone), 1);
        assert_string_equal(sb_tables_locale(alone, 0)->name, locale->name);
        assert_int_equal(locale->language.byte_count, 2);
        assert_int_equal(locale->country.byte_count, 2);
        assert_int_equal(locale->currency.byte_count, 3);
        assert_true(locale->weight > 0);
        sb_tables_close(alone);
    }
    sb_tables_close(all);
}

static void locales_say_what_their_table_says(void **state)
{
    (void)state;
    sb_tables *tables = open_tables(NULL, "de_DE,en_US");
    const sb_locale *german = sb_tables_locale(tables, 0), *english = sb_tables_locale(tables, 1);
    assert_string_equal(german->name, "de_DE");
    assert_memory_equal(german->currency.bytes, "EUR", 3);
    assert_string_equal(
        sb_tables_cell(tables, 0, SB_TABLE_CURRENCIES, german->currency_index, "code"), "EUR");
    assert_non_null(strstr(english->date_pattern, "{m"));
    assert_non_null(strstr(german->amount_pattern, "{amount}"));
    assert_int_equal(german->middle, SB_MIDDLE_GIVEN);
    assert_true(german->spaced_names);
    assert_memory_equal(german->months, "Januar|", 7);
    assert_string_equal(english->decimal_point, ".");
    assert_string_equal(german->decimal_point, ",");
    sb_tables_close(tables);
}

static void unknown_locales_are_refused(void **state)
{
    (void)state;
    check_refused(NULL, "en_GX", "--locales", "'en_GX'", NULL);
    check_refused(NULL, "en_US,en_GX", "'en_GX'", NULL);
    check_refused(NULL, "en_U", "'en_U'", NULL);
    check_refused(NULL, "en_USA", "'en_USA'", NULL);
    check_refused(NULL, "", "''", NULL);
    check_refused(NULL, "en_US,", "''", NULL);
    check_refused(NULL, ",en_US", "''", NULL);
    check_refused(NULL, "shared", "'shared'", NULL);
    check_refused(NULL, "en_US,de_DE,en_US", "'en_US'", "twice", NULL);
}

static void digest_speaks_of_locales_and_their_order(void **state)
{
    (void)state;
    sb_tables *a = open_tables(NULL, "en_US,de_DE"), *b = open_tables(NULL, "de_DE,en_US");
    sb_tables *c = open_tables(NULL, "en_US"), *d = open_tables(NULL, "en_US,de_DE");
    assert_int_equal(strlen(sb_tables_digest(a)), 32);
    assert_int_equal(strspn(sb_tables_digest(a), "0123456789abcdef"), 32);
    assert_string_not_equal(sb_tables_digest(a), sb_tables_digest(b));
    assert_string_not_equal(sb_tables_digest(a), sb_tables_digest(c));
    assert_string_equal(sb_tables_digest(a), sb_tables_digest(d));
    sb_tables_close(a);
    sb_tables_close(b);
    sb_tables_close(c);
    sb_tables_close(d);
}

/* ---- the cache --------------------------------------------------------------------------------
 */

static void cache_prepares_each_table_once(void **state)
{
    sb_error err = {0};
    sb_table_cache *cache = NULL;
    (void)state;
    sb_tables *tables = open_tables(NULL, NULL);
    fixture_ok(sb_table_cache_open(tables, &cache, &err), &err);
    uint32_t locales = sb_tables_locale_count(tables), prepared = 0;
    for (int round = 0; round < 2; round++)
        for (uint32_t locale = 0; locale < locales; locale++)
            for (int id = 0; id < SB_TABLE_COUNT; id++) {
                uint32_t rows = sb_tables_row_count(tables, locale, (sb_table_id)id);
                if (rows == 0) /* few have patronymics, and nobody asks for those of others */
                    continue;
                const sb_table *table = sb_table_cache_find(cache, locale, (sb_table_id)id);
                assert_int_equal(table->count, rows);
                assert_ptr_equal(table, sb_table_cache_find(cache, locale, (sb_table_id)id));
                prepared += round == 0 && (locale == 0 || id >= SB_TABLE_FIRST_LOCAL);
            }
    assert_int_equal(sb_table_cache_statistics(cache).miss_count, prepared);
    fixture_ok(sb_table_cache_check(cache, &err), &err);
    sb_table_cache_close(cache);
    sb_tables_close(tables);
}

/* What is compiled in costs a worker neither time nor memory. */
static void compiled_tables_are_ready(void **state)
{
    sb_error err = {0};
    sb_table_cache *cache = NULL;
    (void)state;
    sb_tables *tables = open_tables(NULL, NULL);
    fixture_ok(sb_table_cache_open(tables, &cache, &err), &err);
    for (uint32_t locale = 0; locale < sb_tables_locale_count(tables); locale++)
        for (int id = 0; id < SB_TABLE_COUNT; id++)
            if (sb_tables_row_count(tables, locale, (sb_table_id)id) > 0)
                (void)sb_table_cache_find(cache, locale, (sb_table_id)id);
    assert_int_equal(sb_table_cache_statistics(cache).bytes, 0);
    sb_table_cache_close(cache);
    sb_tables_close(tables);
}

static void same_table(const sb_table *ours, const sb_table *theirs)
{
    assert_int_equal(ours->count, theirs->count);
    assert_int_equal(ours->columns, theirs->columns);
    for (uint32_t column = 0; column < ours->columns; column++) {
        assert_int_equal(ours->int_slots[column], theirs->int_slots[column]);
        for (uint32_t row = 0; ours->int_slots[column] != 0xFF && row < ours->count; row++)
            assert_true(sb_table_int(ours, column, row) == sb_table_int(theirs, column, row));
    }
    assert_int_equal(ours->alias.count, theirs->alias.count);
    if (ours->alias.count == 0)
        return;
    size_t bytes = ours->count * sizeof(uint32_t);
    assert_memory_equal(ours->alias.threshold, theirs->alias.threshold, bytes);
    assert_memory_equal(ours->alias.other, theirs->alias.other, bytes);
}

static void fill_nothing(void *user, sb_variable variable, sb_saying *saying)
{
    (void)user;
    (void)variable;
    (void)saying;
}

static void same_grammar(sb_table_cache *cache)
{
    static sb_saying a, b;
    sb_grammar *ours = sb_grammar_prepare(cache, 0), *theirs = sb_grammar_prepare(cache, 1);
    assert_non_null(ours);
    assert_non_null(theirs);
    for (int rule = 0; rule < SB_RULE_COUNT; rule++)
        for (uint64_t key = 0; key < 50; key++) {
            sb_saying_begin(&a, (sb_key){key, 1}, 0, fill_nothing, NULL);
            sb_saying_begin(&b, (sb_key){key, 1}, 0, fill_nothing, NULL);
            sb_say(ours, (sb_rule)rule, &a);
            sb_say(theirs, (sb_rule)rule, &b);
            assert_int_equal(a.length, b.length);
            assert_memory_equal(a.bytes, b.bytes, a.length);
            assert_int_equal(a.tone, b.tone);
            assert_int_equal(a.financial, b.financial);
            assert_int_equal(a.keyword_count, b.keyword_count);
            assert_memory_equal(a.keywords, b.keywords, a.keyword_count * sizeof *a.keywords);
            assert_int_equal(sb_grammar_plain(ours, (sb_rule)rule, key << 56).byte_count,
                             sb_grammar_plain(theirs, (sb_rule)rule, key << 56).byte_count);
        }
    sb_grammar_close(ours);
    sb_grammar_close(theirs);
}

/* What the table compiler worked out is what a worker works out of the same tables. */
static void a_users_copy_becomes_the_same(void **state)
{
    sb_error err = {0};
    sb_table_cache *cache = NULL;
    (void)state;
    copy_whole_locale("xx_YY");
    sb_tables *tables = open_tables(root, "en_US,xx_YY");
    fixture_ok(sb_table_cache_open(tables, &cache, &err), &err);
    for (int id = SB_TABLE_FIRST_LOCAL; id < SB_TABLE_COUNT; id++)
        if (sb_tables_row_count(tables, 0, (sb_table_id)id) > 0)
            same_table(sb_table_cache_find(cache, 0, (sb_table_id)id),
                       sb_table_cache_find(cache, 1, (sb_table_id)id));
    assert_true(sb_table_cache_statistics(cache).bytes > 0);
    same_grammar(cache);
    sb_table_cache_close(cache);
    sb_tables_close(tables);
}

static void prepared_cells_are_the_written_ones(void **state)
{
    sb_error err = {0};
    sb_table_cache *cache = NULL;
    (void)state;
    sb_tables *tables = open_tables(NULL, NULL);
    fixture_ok(sb_table_cache_open(tables, &cache, &err), &err);
    const sb_table *names = sb_table_cache_find(cache, 1, SB_TABLE_FAMILY);
    uint32_t weight = sb_table_column(SB_TABLE_FAMILY, "weight");
    for (uint32_t row = 0; row < names->count; row++) {
        const char *name = sb_tables_cell(tables, 1, SB_TABLE_FAMILY, row, "name");
        assert_int_equal(sb_table_text(names, 0, row).byte_count, strlen(name));
        assert_memory_equal(sb_table_text(names, 0, row).bytes, name, strlen(name));
        assert_int_equal(sb_table_int(names, weight, row),
                         atoll(sb_tables_cell(tables, 1, SB_TABLE_FAMILY, row, "weight")));
    }
    assert_int_equal(names->alias.count, names->count);
    sb_table_cache_close(cache);
    sb_tables_close(tables);
}

/* A token is a cell's identity for the encoder: two texts with one token would be written as one. A
 * table that several locales borrow from their language is one table. */
static void every_text_has_a_token_of_its_own(void **state)
{
    enum { TOKENS_MAX = 1 << 20 };
    static const char *seen[TOKENS_MAX];
    sb_error err = {0};
    sb_table_cache *cache = NULL;
    uint32_t cells = 0, tokens = 0;
    (void)state;
    memset(seen, 0, sizeof seen);
    sb_tables *tables = open_tables(NULL, NULL);
    fixture_ok(sb_table_cache_open(tables, &cache, &err), &err);
    for (uint32_t locale = 0; locale < sb_tables_locale_count(tables); locale++)
        for (int id = locale == 0 ? 0 : (int)SB_TABLE_FIRST_LOCAL; id < SB_TABLE_COUNT; id++) {
            if (sb_tables_row_count(tables, locale, (sb_table_id)id) == 0)
                continue;
            const sb_table *table = sb_table_cache_find(cache, locale, (sb_table_id)id);
            for (uint32_t column = 0; column < sb_table_column_count((sb_table_id)id); column++)
                for (uint32_t row = 0; row < table->count; row++, cells++) {
                    sb_text text = sb_table_text(table, column, row);
                    assert_in_range(text.token, SB_TOKEN_TABLES, TOKENS_MAX - 1);
                    tokens += seen[text.token] == NULL;
                    if (seen[text.token] == NULL)
                        seen[text.token] = text.bytes;
                    assert_string_equal(seen[text.token], text.bytes);
                }
        }
    assert_true(tokens > 100000);
    assert_true(cells > tokens);
    sb_table_cache_close(cache);
    sb_tables_close(tables);
}

/* ---- a user's tables --------------------------------------------------------------------------
 */

/* Every table that is compiled in keeps the rules that --tables asks of others. */
static void built_in_tables_keep_the_rules(void **state)
{
    char command[1024];
    (void)state;
    (void)snprintf(command, sizeof command,
                   "for d in '%s'/engine/tables/*/; do n=$(basename $d); "
                   "test $n = shared || ln -s $d %s/$n; done",
                   SB_SOURCE_DIR, root);
    assert_int_equal(system(command), 0); // NOLINT: our own words
    sb_tables *plain = open_tables(NULL, NULL), *same = open_tables(root, NULL);
    assert_int_equal(sb_tables_locale_count(plain), sb_tables_locale_count(same));
    assert_string_equal(sb_tables_digest(plain), sb_tables_digest(same));
    sb_tables_close(plain);
    sb_tables_close(same);
}

static void a_directory_adds_a_locale(void **state)
{
    (void)state;
    copy_locale("xx_YY");
    sb_tables *without = open_tables(NULL, NULL), *with = open_tables(root, NULL);
    uint32_t count = sb_tables_locale_count(without);
    assert_int_equal(sb_tables_locale_count(with), count + 1);
    assert_string_equal(sb_tables_locale(with, count)->name, "xx_YY");
    assert_string_not_equal(sb_tables_digest(without), sb_tables_digest(with));
    sb_tables_close(without);
    sb_tables_close(with);

    sb_tables *alone = open_tables(root, "xx_YY"), *english = open_tables(root, "en_US");
    sb_tables *plain = open_tables(NULL, "en_US");
    assert_int_equal(sb_tables_locale_count(alone), 1);
    assert_string_not_equal(sb_tables_digest(alone), sb_tables_digest(english));
    assert_string_equal(sb_tables_digest(plain),
                        sb_tables_digest(english)); /* not chosen, no part */
    sb_tables_close(alone);
    sb_tables_close(english);
    sb_tables_close(plain);
    check_refused(NULL, "xx_YY", "'xx_YY'", NULL);
}

#define NAMES "name\tlatin\tfemale\tfemale_latin\tweight:int\n"

static sb_status keep_frame(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                            uint32_t row_count, sb_error *err)
{
    (void)kind;
    (void)row_count;
    return sb_bytes_add(user, rows, raw_bytes, err);
}

/* How often a text stands in the rows of 200 persons. */
static uint32_t count_in_persons(const char *locales, const char *text)
{
    sb_error err = {0};
    sb_bytes bytes = {0};
    sb_press press;
    uint32_t found = 0;
    engine all = engine_open("persons", "200", "tables", root, "locales", locales);
    fixture_ok(sb_press_open(all.world, 1u << SB_PERSONS, keep_frame, &bytes, &press, &err), &err);
    fixture_ok(sb_group_make(&press, 0, &err), &err);
    sb_press_close(&press);
    for (const uint8_t *at = bytes.data, *end = at + bytes.length;
         (at = memmem(at, (size_t)(end - at), text, strlen(text))) != NULL; at++)
        found++;
    sb_bytes_close(&bytes);
    engine_close(&all);
    return found;
}

static void persons_bear_the_names_of_a_new_locale(void **state)
{
    static const char names[] = NAMES "Quillson\t-\t-\t-\t3\n";
    static const char given[] = "name\tlatin\tweight:int\nOrlanthe\t-\t1\n";
    (void)state;
    copy_whole_locale("xx_YY");
    write_file("xx_YY", "family", names, sizeof names - 1);
    write_file("xx_YY", "given_female", given, sizeof given - 1);
    assert_true(count_in_persons("xx_YY", "Quillson") >= 190); /* a few come from abroad */
    assert_true(count_in_persons("xx_YY", "Orlanthe") >= 80);
    assert_int_equal(count_in_persons("en_US", "Quillson"), 0);
}

static void a_directory_replaces_a_locale(void **state)
{
    static const char names[] = NAMES "Quillson\t-\t-\t-\t3\n";
    (void)state;
    copy_locale("en_US");
    sb_tables *plain = open_tables(NULL, NULL), *same = open_tables(root, NULL);
    assert_string_equal(sb_tables_digest(plain),
                        sb_tables_digest(same)); /* equal texts, equal digest */
    sb_tables_close(same);

    write_file("en_US", "family", names, sizeof names - 1);
    sb_tables *other = open_tables(root, NULL);
    assert_int_equal(sb_tables_locale_count(other), sb_tables_locale_count(plain));
    assert_string_not_equal(sb_tables_digest(plain), sb_tables_digest(other));
    for (uint32_t i = 0; i < sb_tables_locale_count(other); i++) {
        assert_string_equal(sb_tables_locale(other, i)->name, sb_tables_locale(plain, i)->name);
        if (strcmp(sb_tables_locale(other, i)->name, "en_US") == 0) {
            assert_int_equal(sb_tables_row_count(other, i, SB_TABLE_FAMILY), 1);
            assert_string_equal(sb_tables_cell(other, i, SB_TABLE_FAMILY, 0, "name"), "Quillson");
        }
    }
    sb_tables_close(plain);
    sb_tables_close(other);
    assert_true(count_in_persons("en_US", "Quillson") >= 190);
}

/* One table of a language is replaced: in the locales of that language, and in no other. */
static void a_directory_replaces_a_table_of_a_language(void **state)
{
    char path[256];
    (void)state;
    make_directory("de");
    copy_table("de", "de", "language");
    path_of("de", "language", path);
    change_line(path, find_line(path, "weekdays"), "weekdays\ta|b|c|d|e|f|g");
    sb_tables *plain = open_tables(NULL, "de_DE"), *other = open_tables(root, "de_DE");
    sb_tables *english = open_tables(root, "en_US"), *before = open_tables(NULL, "en_US");
    assert_string_equal(sb_tables_locale(other, 0)->weekdays, "a|b|c|d|e|f|g");
    assert_string_equal(sb_tables_locale(other, 0)->months, sb_tables_locale(plain, 0)->months);
    assert_int_equal(sb_tables_row_count(other, 0, SB_TABLE_GRAMMAR),
                     sb_tables_row_count(plain, 0, SB_TABLE_GRAMMAR));
    assert_string_equal(sb_tables_digest(english), sb_tables_digest(before));
    sb_tables_close(plain);
    sb_tables_close(other);
    sb_tables_close(english);
    sb_tables_close(before);
    plain = open_tables(NULL, "de_DE");
    other = open_tables(root, "de_DE");
    assert_string_not_equal(sb_tables_digest(plain), sb_tables_digest(other));
    sb_tables_close(plain);
    sb_tables_close(other);
}

static void digest_speaks_of_every_cell(void **state)
{
    static const char one[] = NAMES "Quillson\t-\t-\t-\t3\nSmith\t-\t-\t-\t4\n";
    static const char two[] = NAMES "Quillson\t-\t-\t-\t3\nSmith\t-\t-\t-\t5\n";
    static const char commented[] = "# why\n\nname\tlatin\tfemale\tfemale_latin\tweight:int\r\n"
                                    "Quillson\t-\t-\t-\t3\n# and\nSmith\t-\t-\t-\t4";
    (void)state;
    copy_locale("xx_YY");
    write_file("xx_YY", "family", one, sizeof one - 1);
    sb_tables *a = open_tables(root, "xx_YY");
    write_file("xx_YY", "family", two, sizeof two - 1);
    sb_tables *b = open_tables(root, "xx_YY");
    write_file("xx_YY", "family", commented, sizeof commented - 1);
    sb_tables *c = open_tables(root, "xx_YY");
    assert_string_not_equal(sb_tables_digest(a), sb_tables_digest(b));
    assert_string_equal(sb_tables_digest(a), sb_tables_digest(c)); /* of cells, not of comments */
    sb_tables_close(a);
    sb_tables_close(b);
    sb_tables_close(c);
}

static void a_directory_without_locales_is_refused(void **state)
{
    char path[128];
    (void)state;
    check_refused(root, NULL, root, "no directory", NULL);
    check_refused("/nonexistent/tables", NULL, "/nonexistent/tables", NULL);
    (void)snprintf(path, sizeof path, "%s/shared", root);
    assert_int_equal(mkdir(path, 0700), 0);
    check_refused(root, NULL, path, NULL);
}

static void a_locale_needs_all_its_tables(void **state)
{
    char path[256], away[300];
    (void)state;
    copy_whole_locale("xx_YY");
    for (int id = SB_TABLE_FIRST_LOCAL; id < SB_TABLE_COUNT; id++) {
        if (id == SB_TABLE_PATRONYMICS)
            continue;
        path_of("xx_YY", sb_table_shape_of((sb_table_id)id)->file, path);
        (void)snprintf(away, sizeof away, "%s.away", path);
        assert_int_equal(rename(path, away), 0);
        if (is_of_language(id)) /* it has one of English */
            sb_tables_close(open_tables(root, "xx_YY"));
        else
            check_refused(root, "en_US", path, NULL);
        assert_int_equal(rename(away, path), 0);
    }
    sb_tables_close(open_tables(root, NULL));
}

/* A language that nobody has: the locale must bring its tables, or they stand beside it. */
static void a_new_language_needs_all_its_tables(void **state)
{
    char path[256], away[300];
    (void)state;
    copy_locale("xx_YY");
    path_of("xx_YY", "locale", path);
    change_line(path, find_line(path, "language"), "language\txx");
    check_refused(root, "xx_YY", "xx_YY", "language.tsv", "language xx", NULL);
    make_directory("xx");
    for (int id = SB_TABLE_FIRST_LOCAL; id < SB_TABLE_FIRST_OF_LOCALE; id++)
        copy_table("en", "xx", sb_table_shape_of((sb_table_id)id)->file);
    sb_tables_close(open_tables(root, "xx_YY"));
    for (int id = SB_TABLE_FIRST_LOCAL; id < SB_TABLE_FIRST_OF_LOCALE; id++) {
        const char *file = sb_table_shape_of((sb_table_id)id)->file;
        path_of("xx", file, path);
        (void)snprintf(away, sizeof away, "%s.away", path);
        assert_int_equal(rename(path, away), 0);
        check_refused(root, "xx_YY", "xx_YY", file, "language xx", NULL);
        assert_int_equal(rename(away, path), 0);
    }
}

static void a_name_fits_or_is_refused(void **state)
{
    (void)state;
    copy_locale("fifteen_letters");
    sb_tables_close(open_tables(root, "fifteen_letters"));
    copy_locale("sixteen__letters");
    check_refused(root, NULL, "sixteen__letters", NULL);
}

/* ---- what a table may not say -----------------------------------------------------------------
 */

/* Puts a table in the place of xx_YY's, and checks that file and line are named, and what is wrong.
 */
static void check_table_refused(const char *file, const char *text, int line, const char *what)
{
    char where[256];
    write_file("xx_YY", file, text, strlen(text));
    if (line > 0)
        (void)snprintf(where, sizeof where, "%s/xx_YY/%s.tsv:%d:", root, file, line);
    else
        (void)snprintf(where, sizeof where, "%s/xx_YY/%s.tsv:", root, file);
    check_refused(root, NULL, where, what, NULL);
}

static void check_table_taken(const char *file, const char *text)
{
    write_file("xx_YY", file, text, strlen(text));
    sb_tables_close(open_tables(root, "xx_YY"));
}

#define STREETS "name\tweight:int\n"

static void columns_must_be_the_known_ones(void **state)
{
    (void)state;
    copy_locale("xx_YY");
    check_table_refused("streets", "name\tweight\nA\t1\n", 1, "weight:int");
    check_table_refused("streets", "# head\n\nweight:int\tname\n", 3, "weight:int");
    check_table_refused("streets", "name\tweight:int\tmore\nA\t1\t1\n", 1, "weight:int");
    check_table_refused("streets", "name\nA\n", 1, "weight:int");
    check_table_refused("streets", STREETS "A\n", 2, "weight");
    check_table_refused("streets", STREETS "A\t1\nB\t2\t3\n", 3, "more than 2");
    check_table_refused("streets", STREETS "A\t1\t\n", 2, "more than 2");
    check_table_taken("streets", STREETS "A\t1\n");
}

static void integers_must_be_integers(void **state)
{
    static const char *const wrong[] = {
        "x", "1x", "1.5", "+1", "-", "1 ", " 1", "0x10", "1234567890123456789"};
    (void)state;
    copy_locale("xx_YY");
    for (size_t i = 0; i < COUNT(wrong); i++) {
        char text[128];
        (void)snprintf(text, sizeof text, STREETS "A\t1\nB\t%s\n", wrong[i]);
        check_table_refused("streets", text, 3, "not an integer");
    }
    check_table_taken("streets", STREETS "A\t1\n");
}

static void cells_must_hold_something(void **state)
{
    (void)state;
    copy_locale("xx_YY");
    check_table_refused("streets", STREETS "\t1\n", 2, "empty");
    check_table_refused("streets", STREETS "A\t\n", 2, "empty");
    check_table_refused("streets", STREETS "\t\n", 2, "empty");
    check_table_taken("streets", STREETS "-\t1\n");
}

static void cells_have_a_longest_length(void **state)
{
    char text[512], cell[SB_CELL_BYTES_MAX + 2];
    (void)state;
    copy_locale("xx_YY");
    memset(cell, 'a', sizeof cell);
    cell[SB_CELL_BYTES_MAX + 1] = '\0';
    (void)snprintf(text, sizeof text, STREETS "A\t1\n%s\t1\n", cell);
    check_table_refused("streets", text, 3, "201 bytes");
    cell[SB_NAME_BYTES_MAX + 1] = '\0';
    (void)snprintf(text, sizeof text, STREETS "A\t1\n%s\t1\n", cell);
    check_table_refused("streets", text, 3, "61 bytes");
    cell[SB_NAME_BYTES_MAX] = '\0';
    (void)snprintf(text, sizeof text, STREETS "A\t1\n%s\t1\n", cell);
    check_table_taken("streets", text);
}

static void lines_have_a_longest_length(void **state)
{
    static char text[8192];
    (void)state;
    copy_locale("xx_YY");
    (void)snprintf(text, sizeof text, STREETS "A\t1\n# %05000d\nB\t1\n", 0);
    check_table_refused("streets", text, 3, "too long");
    (void)snprintf(text, sizeof text, STREETS "A\t1\n# %04000d\nB\t1\n", 0);
    check_table_taken("streets", text);
}

static void cells_must_be_utf8(void **state)
{
    static const char *const wrong[] = {
        "\xff",
        "M\xfcller",
        "\xc3",
        "\xc3"
        "a",
        "\xe2\x82",
        "\xf0\x9f\x98",
        "\x80",
        "\xf8\x88\x80\x80\x80",
        "a\x01"
        "b",
        "a\x7f",
        "\xc0\xaf",         /* a slash in two bytes */
        "\xe0\x80\xaf",     /* ... in three */
        "\xed\xa0\x80",     /* half of a surrogate pair */
        "\xf4\x90\x80\x80", /* beyond U+10FFFF */
    };
    (void)state;
    copy_locale("xx_YY");
    for (size_t i = 0; i < COUNT(wrong); i++) {
        char text[64];
        (void)snprintf(text, sizeof text, STREETS "A\t1\n%s\t1\n", wrong[i]);
        check_table_refused("streets", text, 3, "UTF-8");
    }
    check_table_taken("streets", STREETS "M\xc3\xbcller\t1\n\xe2\x82\xac\t1\n\xf0\x9f\x98\x80\t1\n"
                                         "\xef\xbf\xbd\t1\n\xf4\x8f\xbf\xbf\t1\n");
}

static void keys_stand_once(void **state)
{
    (void)state;
    copy_locale("xx_YY");
    check_table_refused("streets", STREETS "A\t1\nB\t2\nA\t3\n", 4, "'A' stands in line 2");
    check_table_taken("streets", STREETS "A\t1\na\t2\n");
    /* Where the first column is no key, it may. */
    check_table_taken("merchants", "pattern\tmcc\nShop\t5411\nShop\t5411\n");
}

static void weights_are_not_negative_nor_all_zero(void **state)
{
    (void)state;
    copy_locale("xx_YY");
    check_table_refused("streets", STREETS "A\t0\nB\t0\n", 0, "zero");
    check_table_refused("streets", STREETS "A\t1\nB\t-1\n", 3, "-1");
    check_table_refused("streets", STREETS "A\t1\nB\t12345678901\n", 3, "12345678901");
    check_table_refused("streets", STREETS, 0, "no rows");
    check_table_refused("streets", "", 0, "no rows");
    check_table_taken("streets", STREETS "A\t0\nB\t1\n");
    check_table_taken("streets", STREETS "A\t2147483647\nB\t2147483647\n");
}

/* The alias table says below 2^31. */
static void weights_stay_below_the_alias_limit(void **state)
{
    (void)state;
    copy_locale("xx_YY");
    check_table_refused("streets", STREETS "A\t2147483648\nB\t1\n", 2, "2147483648");
}

/* ---- what a row may not say -------------------------------------------------------------------
 */

/* A row of one of xx_YY's tables that stands for another, and what must be said about it; `what`
 * NULL: it is taken. */
typedef struct bad_row {
    const char *file;
    const char *begins; /* of the row it stands for; NULL: the first */
    const char *text;   /* NULL: the row is taken away, and no line is named */
    const char *what;
} bad_row;

static void check_row(const bad_row *bad)
{
    char path[256], where[300];
    path_of("xx_YY", bad->file, path);
    int line = find_line(path, bad->begins);
    change_line(path, line, bad->text);
    (void)snprintf(where, sizeof where, bad->text != NULL ? "%s:%d: " : "%s: ", path, line);
    if (bad->what == NULL)
        sb_tables_close(open_tables(root, "xx_YY"));
    else
        check_refused(root, "xx_YY", where, bad->what, NULL);
    for (int id = SB_TABLE_FIRST_LOCAL; id < SB_TABLE_COUNT; id++)
        if (strcmp(sb_table_shape_of((sb_table_id)id)->file, bad->file) == 0)
            copy_table(is_of_language(id) ? "en" : "en_US", "xx_YY", bad->file);
}

static void check_rows(const bad_row *rows, size_t count)
{
    copy_whole_locale("xx_YY");
    for (size_t i = 0; i < count; i++)
        check_row(&rows[i]);
    sb_tables_close(open_tables(root, "xx_YY")); /* without them it is good */
}

static void a_locale_says_what_is_asked(void **state)
{
    static const bad_row rows[] = {
        {"locale", "language", NULL, "key language is missing"},
        {"locale", "mobile", NULL, "key mobile is missing"},
        {"locale", "weight", NULL, "key weight is missing"},
        {"locale", "price_level", NULL, "key price_level is missing"},
        {"locale", "weight", "wait\t5", "key wait is unknown"},
        {"locale", "language", "language\teng", "language 'eng'"},
        {"locale", "language", "language\tEN", "language 'EN'"},
        {"locale", "country", "country\tU", "country 'U'"},
        {"locale", "country", "country\tQQ", "country QQ is not among"},
        {"locale", "currency", "currency\tUS", "currency 'US'"},
        {"locale", "currency", "currency\tXXQ", "currency XXQ is not among"},
        {"locale", "currency", "currency\tEUR", NULL},
        {"locale", "weight", "weight\t0", "weight '0'"},
        {"locale", "weight", "weight\tmany", "weight 'many'"},
        {"locale", "weight", "weight\t-5", "weight '-5'"},
        {"locale", "weight", "weight\t10001", "weight '10001'"},
        {"locale", "weight", "weight\t4294967297", "weight '4294967297'"},
        {"locale", "weight", "weight\t10000", NULL},
        {"locale", "middle_permille", "middle_permille\t1001", "from 0 to 1000"},
        {"locale", "middle_permille", "middle_permille\t0", NULL},
        {"locale", "income", "income\t99", "income '99'"},
        {"locale", "income", "income\t100", NULL},
        {"locale", "price_level", "price_level\t301", "from 1 to 300"},
        {"locale", "name_order", "name_order\tgiven", "one of: given_family family_given"},
        {"locale", "surnames", "surnames\t3", "surnames '3'"},
        {"locale", "middle", "middle\tpatron", "middle 'patron'"},
        {"locale", "grouping", "grouping\t4", "grouping '4'"},
        {"locale", "grouping", "grouping\t3-2", NULL},
        {"locale", "decimal_point", "decimal_point\t..", "decimal_point '..'"},
        {"locale", "thousands_point", "thousands_point\t_", "thousands_point '_'"},
        {"locale", "amount_pattern", "amount_pattern\t{sum} $", "lacks {amount}"},
        {"locale", "amount_pattern", "amount_pattern\t{amount} {code}", "at '{code}'"},
        {"locale", "date_pattern", "date_pattern\t{d}.{m}.", "lacks {yy} or {yyyy}"},
        {"locale", "date_pattern", "date_pattern\t{d}.{mon}.{yyyy}", "at '{mon}.{yyyy}'"},
        {"locale", "date_pattern", "date_pattern\t{d}. {month} {yyyy}", NULL},
        {"locale", "street_pattern", "street_pattern\t{number}", "lacks {street}"},
        {"locale", "street_pattern", "street_pattern\t{street} {house}", "at '{house}'"},
        {"locale", "calling_code", "calling_code\t1", "calling_code '1'"},
        {"locale", "mobile", "mobile\t1{area}55501##", "'1{area}55501##' is no pattern"},
        {"locale", "mobile", "mobile\t+1{area}55501##,+1x", "'+1x' is no pattern"},
        {"locale", "mobile", "mobile\t+4930123456", "begin with +1"},
        {"locale", "landline", "landline\t+1###", "'+1###' is no pattern"},
        {"locale", "landline", "landline\t+1###############", "is no pattern"},
        {"locale", "landline", "landline\t+1##############", NULL},
    };
    (void)state;
    check_rows(rows, COUNT(rows));
}

#define CITY(postal, latitude, longitude, population, utc, dst, area)                        \
    "Springs\t-\tNY\t" postal "\t" latitude "\t" longitude "\t" population "\t" utc "\t" dst \
    "\t" area

static void cities_are_on_the_globe(void **state)
{
    static const bad_row rows[] = {
        {"cities", NULL, CITY("-", "900000000", "-1800000000", "1", "-720", "none", "212"), NULL},
        {"cities", NULL, CITY("-", "900000001", "0", "1", "0", "us", "212"), "off the globe"},
        {"cities", NULL, CITY("-", "0", "-1800000001", "1", "0", "us", "212"), "off the globe"},
        {"cities", NULL, CITY("-", "0", "0", "0", "0", "us", "212"), "population 0"},
        {"cities", NULL, CITY("-", "0", "0", "1", "50", "us", "212"), "utc_minutes 50"},
        {"cities", NULL, CITY("-", "0", "0", "1", "855", "us", "212"), "utc_minutes 855"},
        {"cities", NULL, CITY("-", "0", "0", "1", "345", "us", "212"), NULL},
        {"cities", NULL, CITY("-", "0", "0", "1", "0", "summer", "212"), "dst 'summer'"},
        {"cities", NULL, CITY("-", "0", "0", "1", "0", "au", "21x"), "area code '21x'"},
        {"cities", NULL, CITY("-", "0", "0", "1", "0", "au", "-"), "an area code is needed"},
        {"cities", NULL, CITY("-", "0", "0", "1", "0", "au", "2123456789"), "7 to 15 digits"},
        {"cities", NULL, CITY("{10001-10282}", "0", "0", "1", "0", "eu", "212"), NULL},
        {"cities", NULL, CITY("{05-05}#|@@ {1-9}", "0", "0", "1", "0", "eu", "212"), NULL},
        {"cities", NULL, CITY("{10282-10001}", "0", "0", "1", "0", "eu", "212"), "a not above b"},
        {"cities", NULL, CITY("{1-10}", "0", "0", "1", "0", "eu", "212"), "as many digits"},
        {"cities", NULL, CITY("{10001}", "0", "0", "1", "0", "eu", "212"), "a range is"},
        {"cities", NULL, CITY("{10001-10002", "0", "0", "1", "0", "eu", "212"), "a range is"},
        {"cities", NULL, CITY("10001}", "0", "0", "1", "0", "eu", "212"), "a brace stands alone"},
        {"cities", NULL, CITY("1000#|", "0", "0", "1", "0", "eu", "212"), "beside a |"},
        {"cities", NULL, CITY("1#||2#", "0", "0", "1", "0", "eu", "212"), "beside a |"},
    };
    (void)state;
    check_rows(rows, COUNT(rows));
}

static void forms_and_banks_have_their_shape(void **state)
{
    static const bad_row rows[] = {
        {"company_forms", NULL, "LLC\t-\t1\tllc\t1", "must hold {name}"},
        {"company_forms", NULL, "{name} {form}\t-\t1\tllc\t1", "no other brace"},
        {"company_forms", NULL, "{name} Ltd\tLtd\t1\tllc\t1", "latin 'Ltd' must hold {name}"},
        {"company_forms", NULL, "{name} Ltd\t-\t1\tlimited\t1", "type 'limited'"},
        {"company_forms", NULL, "{name} Ltd\t-\t1\tllc\t2", "sole is 2"},
        {"company_forms", NULL, "{name} Ltd\t-\t1\tgovernment\t0", NULL},
        {"banks", NULL, "Bank of Nowhere\t-\t171010039x\tQIBUUSA0XXX\t5", "code '171010039x'"},
        {"banks", NULL, "Bank of Nowhere\t-\t171010039\tQIBUUSA1XXX\t5", "no test BIC"},
        {"banks", NULL, "Bank of Nowhere\t-\t171010039\tQIBUDEA0XXX\t5", "no test BIC"},
        {"banks", NULL, "Bank of Nowhere\t-\t171010039\tQIBUUSA0X\t5", "no test BIC"},
        {"banks", NULL, "Bank of Nowhere\t-\t171010039\tQ1BUUSA0XXX\t5", "no test BIC"},
        {"banks", "Tarn", "Bank of Nowhere\t-\t171010039\tQIBUUSA0XXX\t5", "in line 4 already"},
        {"banks", NULL, "Bank of Nowhere\t-\t171010039\tQIBUUSA0\t5", NULL},
    };
    (void)state;
    check_rows(rows, COUNT(rows));
}

static void names_can_be_written_in_latin_letters(void **state)
{
    static const bad_row rows[] = {
        {"family", NULL, "Иванов\t-\t-\t-\t5", "'Иванов' is not in Latin letters"},
        {"family", NULL, "Иванов\tИванов\t-\t-\t5", "must be plain ASCII"},
        {"family", NULL, "Иванов\t123\t-\t-\t5", "must be plain ASCII letters"},
        {"family", NULL, "Иванов\tIvanov\tИванова\t-\t5", "column female_latin"},
        {"family", NULL, "Иванов\tIvanov\tИванова\tIvanova\t5", NULL},
        {"family", NULL, "Škvorecký\t-\t-\t-\t5", NULL},
        {"family", NULL, "Nguyễn\t-\t-\t-\t5", NULL},
        {"family", NULL, "O’Hara\t-\t-\t-\t5", NULL},
        {"given_female", NULL, "陽子\t-\t5", "is not in Latin letters"},
        {"given_male", NULL, "Ωρίων\t-\t5", "is not in Latin letters"},
        {"company_first", NULL, "北\t-", "is not in Latin letters"},
        {"company_forms", NULL, "ООО {name}\t-\t1\tllc\t0", "is not in Latin letters"},
    };
    (void)state;
    check_rows(rows, COUNT(rows));
}

static void tables_of_a_language_say_what_is_asked(void **state)
{
    static const bad_row rows[] = {
        {"language", "months\t", "months\ta|b", "months holds 2 names, not 12"},
        {"language", "months_in", NULL, "key months_in_dates is missing"},
        {"language", "weekdays", "weekdays\ta|b|c|d|e|f|g|h", "weekdays holds 8 names, not 7"},
        {"language", "weekdays", "weekdays\ta|b||d|e|f|g", "an empty name"},
        {"language", "weekdays", "weekdays\ta|b|c|d|e|f|", "an empty name"},
        {"language", "name_join", "name_join\tdash", "name_join 'dash'"},
        {"language", "name_join", "join\tspace", "key join is unknown"},
        {"language", "name_join", "name_join\tnone", NULL},
        {"occupations", NULL, "wizard\tWizard\t-", "wizard is not among"},
        {"occupations", "software_developer", NULL, "no title for software_developer"},
        {"company_second", NULL, "Software\t-\tmagic\t-", "industry 'magic'"},
        {"company_second", NULL, "Software\t-\tenergy\tmagic", "'magic' is no line of business"},
        {"company_second", NULL, "Software\t-\tenergy\tit_services", "of business of energy"},
        {"company_second", NULL, "Software\t-\tany\tit_services", "of business of any"},
        {"company_second", NULL, "Software\t-\tany\t-", NULL},
        {"company_second", NULL, "Software\t-\tenergy\t-", "of business of energy"},
        {"company_second", NULL, "Software\t-\ttechnology\tit_services", NULL},
        {"merchants", NULL, "{family} Shop\t99999", "category 99999"},
        {"merchants", NULL, "{given} Shop\t5411", "no other brace"},
        {"merchants", NULL, "{family Shop\t5411", "no other brace"},
        {"merchants", NULL, "{first} {family} {city}\t5411", NULL},
    };
    (void)state;
    check_rows(rows, COUNT(rows));
}

/* The first row of the English grammar is a way to say f_hello; the rest of the table stays. */
static void a_grammar_can_be_said(void **state)
{
    static const bad_row rows[] = {
        {"grammar", NULL, "f_hello\tDear {who}\t0", "{who} is neither a variable nor a rule"},
        {"grammar", NULL, "f_hello\tDear {given\t0", "a brace stands alone"},
        {"grammar", NULL, "f_hello\tDear} {given}\t0", "a brace stands alone"},
        {"grammar", NULL, "f_hello\tDear {given}\t101", "tone 101"},
        {"grammar", NULL, "f_hello\tDear {given}\t-100", NULL},
        {"grammar", NULL, "city\tDear {given}\t0", "name of the variable {city}"},
        {"grammar", NULL, "remit_transfer\tFor {amount}\t0", "remit_transfer may not use {amount}"},
        {"grammar", NULL, "describe\tLike {given}\t0", "describe may not use {given}"},
        {"grammar", NULL, "social\tI paid {amount}\t0", "social may not use {amount}"},
        {"grammar", NULL, "email_formal_plain\tOf {date}\t0", "may not use {date}"},
        {"grammar", NULL, "call_paid\tWe talked.\t0", "must name {amount}, {date} or {reference}"},
        {"grammar", NULL, "call_paid\tWe talked about {amount}.\t0", NULL},
        {"grammar", NULL, "call_paid\tIn the {trade} of {date}\t0", "may not use {trade}"},
    };
    (void)state;
    check_rows(rows, COUNT(rows));
}

/* Rules within rules count too: whatever the engine asks for, and however deep it stands. */
static void a_grammar_is_looked_through(void **state)
{
    char path[256];
    (void)state;
    copy_whole_locale("xx_YY");
    path_of("xx_YY", "grammar", path);
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fprintf(file, "f_one\tWell, {f_two}\t0\nf_two\tyou owe me {amount}\t0\n");
    assert_int_equal(fclose(file), 0);
    sb_tables_close(open_tables(root, "xx_YY")); /* a rule that nobody asks for does no harm */
    change_line(path, find_line(path, "social"), "social\t{f_one}\t0");
    check_refused(root, "xx_YY", "xx_YY/grammar.tsv:", "rule social may not use {amount}", NULL);
    change_line(path, find_line(path, "f_one"), "f_one\tWell, {f_two}\t0");
    change_line(path, find_line(path, "f_two"), "f_two\tand {f_one}\t0");
    check_refused(root, "xx_YY", "xx_YY/grammar.tsv:", "nest more than 8 deep below social", NULL);
    change_line(path, find_line(path, "f_two"), "f_two\tand so on\t0");
    sb_tables_close(open_tables(root, "xx_YY"));
}

static void patronymics_belong_to_those_who_bear_them(void **state)
{
    char path[256];
    (void)state;
    copy_locale("xx_YY");
    copy_table("ru_RU", "xx_YY", "patronymics");
    check_refused(root, "xx_YY", "xx_YY/patronymics.tsv", "has no effect", NULL);
    path_of("xx_YY", "locale", path);
    change_line(path, find_line(path, "middle\t"), "middle\tpatronymic");
    sb_tables_close(open_tables(root, "xx_YY"));
    path_of("xx_YY", "patronymics", path);
    assert_int_equal(unlink(path), 0);
    check_refused(root, "xx_YY", "xx_YY/patronymics.tsv", NULL);
}

#define IN_ROOT(test) cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compiled_locales_open),
        cmocka_unit_test(locales_say_what_their_table_says),
        cmocka_unit_test(unknown_locales_are_refused),
        cmocka_unit_test(digest_speaks_of_locales_and_their_order),
        cmocka_unit_test(cache_prepares_each_table_once),
        cmocka_unit_test(compiled_tables_are_ready),
        IN_ROOT(a_users_copy_becomes_the_same),
        cmocka_unit_test(prepared_cells_are_the_written_ones),
        cmocka_unit_test(every_text_has_a_token_of_its_own),
        IN_ROOT(built_in_tables_keep_the_rules),
        IN_ROOT(a_directory_adds_a_locale),
        IN_ROOT(persons_bear_the_names_of_a_new_locale),
        IN_ROOT(a_directory_replaces_a_locale),
        IN_ROOT(a_directory_replaces_a_table_of_a_language),
        IN_ROOT(digest_speaks_of_every_cell),
        IN_ROOT(a_directory_without_locales_is_refused),
        IN_ROOT(a_locale_needs_all_its_tables),
        IN_ROOT(a_new_language_needs_all_its_tables),
        IN_ROOT(a_name_fits_or_is_refused),
        IN_ROOT(columns_must_be_the_known_ones),
        IN_ROOT(integers_must_be_integers),
        IN_ROOT(cells_must_hold_something),
        IN_ROOT(cells_have_a_longest_length),
        IN_ROOT(lines_have_a_longest_length),
        IN_ROOT(cells_must_be_utf8),
        IN_ROOT(keys_stand_once),
        IN_ROOT(weights_are_not_negative_nor_all_zero),
        IN_ROOT(weights_stay_below_the_alias_limit),
        IN_ROOT(a_locale_says_what_is_asked),
        IN_ROOT(cities_are_on_the_globe),
        IN_ROOT(forms_and_banks_have_their_shape),
        IN_ROOT(names_can_be_written_in_latin_letters),
        IN_ROOT(tables_of_a_language_say_what_is_asked),
        IN_ROOT(a_grammar_can_be_said),
        IN_ROOT(a_grammar_is_looked_through),
        IN_ROOT(patronymics_belong_to_those_who_bear_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
