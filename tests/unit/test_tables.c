/* The tables that are compiled in, those a user adds, and every way in which those can be wrong. */
#include "engine/tables.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/table_blob.h"
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

/* Adds a locale to the directory: our own en_US under another name. */
static void copy_locale(const char *name)
{
    char from[512], to[512];
    (void)snprintf(to, sizeof to, "%s/%s", root, name);
    assert_int_equal(mkdir(to, 0700), 0);
    for (int id = SB_TABLE_FIRST_LOCAL; id < SB_TABLE_COUNT; id++) {
        const char *file = sb_table_shape_of((sb_table_id)id)->file;
        (void)snprintf(from, sizeof from, "%s/engine/tables/en_US/%s.tsv", SB_SOURCE_DIR, file);
        (void)snprintf(to, sizeof to, "%s/%s/%s.tsv", root, name, file);
        copy_file(from, to);
    }
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
    assert_int_equal(sb_tables_locale_count(all), sb_blob_group_count - 1);
    assert_true(sb_tables_locale_count(all) >= 2);
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
    assert_true(german->has_iban);
    assert_false(english->has_iban);
    assert_true(english->month_first);
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
                const sb_table *table = sb_table_cache_find(cache, locale, (sb_table_id)id);
                assert_int_equal(table->count,
                                 sb_tables_row_count(tables, locale, (sb_table_id)id));
                assert_ptr_equal(table, sb_table_cache_find(cache, locale, (sb_table_id)id));
            }
    prepared = (uint32_t)SB_TABLE_FIRST_LOCAL + locales * (SB_TABLE_COUNT - SB_TABLE_FIRST_LOCAL);
    assert_int_equal(sb_table_cache_statistics(cache).miss_count, prepared);
    fixture_ok(sb_table_cache_check(cache, &err), &err);
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
    for (uint32_t row = 0; row < names->count; row++) {
        const char *name = sb_tables_cell(tables, 1, SB_TABLE_FAMILY, row, "name");
        assert_int_equal(sb_table_text(names, 0, row).byte_count, strlen(name));
        assert_memory_equal(sb_table_text(names, 0, row).bytes, name, strlen(name));
        assert_int_equal(sb_table_int(names, 1, row),
                         atoll(sb_tables_cell(tables, 1, SB_TABLE_FAMILY, row, "weight")));
    }
    assert_int_equal(names->alias.count, names->count);
    sb_table_cache_close(cache);
    sb_tables_close(tables);
}

/* A token is a cell's identity for the encoder: two cells with one token would be written as one.
 */
static void every_cell_has_a_token_of_its_own(void **state)
{
    sb_error err = {0};
    sb_table_cache *cache = NULL;
    static unsigned char seen[1 << 17];
    (void)state;
    memset(seen, 0, sizeof seen);
    sb_tables *tables = open_tables(NULL, NULL);
    fixture_ok(sb_table_cache_open(tables, &cache, &err), &err);
    for (uint32_t locale = 0; locale < sb_tables_locale_count(tables); locale++)
        for (int id = locale == 0 ? 0 : (int)SB_TABLE_FIRST_LOCAL; id < SB_TABLE_COUNT; id++) {
            const sb_table *table = sb_table_cache_find(cache, locale, (sb_table_id)id);
            for (uint32_t column = 0; column < sb_table_column_count((sb_table_id)id); column++)
                for (uint32_t row = 0; row < table->count; row++) {
                    uint32_t token = sb_table_text(table, column, row).token;
                    assert_in_range(token, SB_TOKEN_TABLES, sizeof seen - 1);
                    assert_int_equal(seen[token]++, 0);
                }
        }
    sb_table_cache_close(cache);
    sb_tables_close(tables);
}

/* ---- a user's tables --------------------------------------------------------------------------
 */

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

static void a_directory_replaces_a_locale(void **state)
{
    static const char names[] = "name\tweight:int\nQuillson\t3\n";
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
}

static void digest_speaks_of_every_cell(void **state)
{
    static const char one[] = "name\tweight:int\nQuillson\t3\nSmith\t4\n";
    static const char two[] = "name\tweight:int\nQuillson\t3\nSmith\t5\n";
    static const char commented[] = "# why\n\nname\tweight:int\r\nQuillson\t3\n# and\nSmith\t4";
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
    check_refused(root, NULL, root, "no locale", NULL);
    check_refused("/nonexistent/tables", NULL, "/nonexistent/tables", NULL);
    (void)snprintf(path, sizeof path, "%s/shared", root);
    assert_int_equal(mkdir(path, 0700), 0);
    check_refused(root, NULL, path, NULL);
}

static void a_locale_needs_all_its_tables(void **state)
{
    char path[256];
    (void)state;
    copy_locale("xx_YY");
    for (int id = SB_TABLE_FIRST_LOCAL; id < SB_TABLE_COUNT; id++) {
        const char *file = sb_table_shape_of((sb_table_id)id)->file;
        char away[300];
        (void)snprintf(path, sizeof path, "%s/xx_YY/%s.tsv", root, file);
        (void)snprintf(away, sizeof away, "%s.away", path);
        assert_int_equal(rename(path, away), 0);
        check_refused(root, "en_US", path, NULL);
        assert_int_equal(rename(away, path), 0);
    }
    sb_tables_close(open_tables(root, NULL));
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

#define NAMES "name\tweight:int\n"

static void columns_must_be_the_known_ones(void **state)
{
    (void)state;
    copy_locale("xx_YY");
    check_table_refused("family", "name\tweight\nA\t1\n", 1, "weight:int");
    check_table_refused("family", "# head\n\nweight:int\tname\n", 3, "weight:int");
    check_table_refused("family", "name\tweight:int\tmore\nA\t1\t1\n", 1, "weight:int");
    check_table_refused("family", "name\nA\n", 1, "weight:int");
    check_table_refused("family", NAMES "A\n", 2, "weight");
    check_table_refused("family", NAMES "A\t1\nB\t2\t3\n", 3, "more than 2");
    check_table_refused("family", NAMES "A\t1\t\n", 2, "more than 2");
    check_table_taken("family", NAMES "A\t1\n");
}

static void integers_must_be_integers(void **state)
{
    static const char *const wrong[] = {
        "x", "1x", "1.5", "+1", "-", "1 ", " 1", "0x10", "1234567890123456789"};
    (void)state;
    copy_locale("xx_YY");
    for (size_t i = 0; i < COUNT(wrong); i++) {
        char text[128];
        (void)snprintf(text, sizeof text, NAMES "A\t1\nB\t%s\n", wrong[i]);
        check_table_refused("family", text, 3, "not an integer");
    }
    check_table_taken("family", NAMES "A\t1\n");
    check_table_taken("occupations", "title\tindustry\tweight:int\tincome:int\tsigma_e2:int\n"
                                     "Baker\tretail\t1\t-12345678901234567\t30\n"
                                     "Cook\tretail\t1\t0\t30\n");
}

static void cells_must_hold_something(void **state)
{
    (void)state;
    copy_locale("xx_YY");
    check_table_refused("family", NAMES "\t1\n", 2, "empty");
    check_table_refused("family", NAMES "A\t\n", 2, "empty");
    check_table_refused("family", NAMES "\t\n", 2, "empty");
    check_table_taken("family", NAMES "-\t1\n");
}

static void cells_have_a_longest_length(void **state)
{
    char text[512], cell[SB_CELL_BYTES_MAX + 2];
    (void)state;
    copy_locale("xx_YY");
    memset(cell, 'a', sizeof cell);
    cell[SB_CELL_BYTES_MAX + 1] = '\0';
    (void)snprintf(text, sizeof text, NAMES "A\t1\n%s\t1\n", cell);
    check_table_refused("family", text, 3, "201 bytes");
    cell[SB_CELL_BYTES_MAX] = '\0';
    (void)snprintf(text, sizeof text, NAMES "A\t1\n%s\t1\n", cell);
    check_table_taken("family", text);
}

static void lines_have_a_longest_length(void **state)
{
    static char text[8192];
    (void)state;
    copy_locale("xx_YY");
    (void)snprintf(text, sizeof text, NAMES "A\t1\n# %05000d\nB\t1\n", 0);
    check_table_refused("family", text, 3, "too long");
    (void)snprintf(text, sizeof text, NAMES "A\t1\n# %04000d\nB\t1\n", 0);
    check_table_taken("family", text);
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
        (void)snprintf(text, sizeof text, NAMES "A\t1\n%s\t1\n", wrong[i]);
        check_table_refused("family", text, 3, "UTF-8");
    }
    check_table_taken("family", NAMES "M\xc3\xbcller\t1\n\xe2\x82\xac\t1\n\xf0\x9f\x98\x80\t1\n"
                                      "\xef\xbf\xbd\t1\n\xf4\x8f\xbf\xbf\t1\n");
}

static void keys_stand_once(void **state)
{
    (void)state;
    copy_locale("xx_YY");
    check_table_refused("family", NAMES "A\t1\nB\t2\nA\t3\n", 0, "'A' stands twice");
    check_table_taken("family", NAMES "A\t1\na\t2\n");
    /* Where the first column is no key, it may. */
    check_table_taken("merchants", "pattern\tmcc\nShop\t5411\nShop\t5411\n");
}

static void weights_are_not_negative_nor_all_zero(void **state)
{
    (void)state;
    copy_locale("xx_YY");
    check_table_refused("family", NAMES "A\t0\nB\t0\n", 0, "zero");
    check_table_refused("family", NAMES "A\t1\nB\t-1\n", 0, "-1");
    check_table_refused("family", NAMES "A\t1\nB\t12345678901\n", 0, "12345678901");
    check_table_refused("family", NAMES, 0, "no rows");
    check_table_refused("family", "", 0, "no rows");
    check_table_taken("family", NAMES "A\t0\nB\t1\n");
    check_table_taken("family", NAMES "A\t2147483647\nB\t2147483647\n");
}

/* The alias table says below 2^31. */
static void weights_stay_below_the_alias_limit(void **state)
{
    (void)state;
    copy_locale("xx_YY");
    check_table_refused("family", NAMES "A\t2147483648\nB\t1\n", 0, "2147483648");
}

static void check_locale_refused(const char *key, const char *value)
{
    static const char *const keys[][2] = {
        {"language", "en"},       {"country", "US"},           {"currency", "USD"},
        {"calling_code", "+1"},   {"name_order", "given"},     {"decimal_point", "."},
        {"thousands_point", ","}, {"date_order", "mdy"},       {"street_order", "number_street"},
        {"weight", "340"},        {"phone", "+1{area}55501##"}};
    char text[1024] = "key\tvalue\n";
    for (size_t i = 0; i < COUNT(keys); i++) {
        bool here = strcmp(keys[i][0], key) == 0;
        if (here && value == NULL)
            continue;
        size_t length = strlen(text);
        (void)snprintf(text + length, sizeof text - length, "%s\t%s\n", keys[i][0],
                       here ? value : keys[i][1]);
    }
    write_file("xx_YY", "locale", text, strlen(text));
    if (key[0] == '\0')
        sb_tables_close(open_tables(root, NULL));
    else
        check_refused(root, NULL, "xx_YY", "locale.tsv",
                      strcmp(key, "currency") == 0 ? "currency" : key, NULL);
}

static void a_locale_says_all_that_is_asked(void **state)
{
    (void)state;
    copy_locale("xx_YY");
    check_locale_refused("", NULL); /* as it stands it is good */
    check_locale_refused("language", NULL);
    check_locale_refused("language", "eng");
    check_locale_refused("country", "U");
    check_locale_refused("currency", "US");
    check_locale_refused("currency", "XXQ");
    check_locale_refused("calling_code", NULL);
    check_locale_refused("phone", NULL);
    check_locale_refused("decimal_point", "..");
    check_locale_refused("date_order", "m");
    check_locale_refused("street_order", "number");
    check_locale_refused("weight", NULL);
    check_locale_refused("weight", "0");
    check_locale_refused("weight", "many");
}

static void weight_of_a_locale_is_a_number_of_people(void **state)
{
    (void)state;
    copy_locale("xx_YY");
    check_locale_refused("weight", "-5");
    check_locale_refused("weight", "4294967297");
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
        cmocka_unit_test(prepared_cells_are_the_written_ones),
        cmocka_unit_test(every_cell_has_a_token_of_its_own),
        IN_ROOT(a_directory_adds_a_locale),
        IN_ROOT(a_directory_replaces_a_locale),
        IN_ROOT(digest_speaks_of_every_cell),
        IN_ROOT(a_directory_without_locales_is_refused),
        IN_ROOT(a_locale_needs_all_its_tables),
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
        IN_ROOT(a_locale_says_all_that_is_asked),
        IN_ROOT(weight_of_a_locale_is_a_number_of_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
