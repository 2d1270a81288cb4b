/* Texts out of a grammar: a function of their key, complete in every language, never too long. */
#include "engine/grammar.h"

#include "tests/unit/engine_fixture.h"

enum { GRAMMAR_RULE, GRAMMAR_TEXT, GRAMMAR_TONE };

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

/* ---- all languages ----------------------------------------------------------------------------
 */

typedef struct shelf {
    sb_tables *tables;
    sb_table_cache *cache;
} shelf;

static shelf open_shelf(const char *locales)
{
    sb_error err = {0};
    shelf all = {0};
    fixture_ok(sb_tables_open(NULL, locales, &all.tables, &err), &err);
    fixture_ok(sb_table_cache_open(all.tables, &all.cache, &err), &err);
    return all;
}

static void close_shelf(shelf *all)
{
    sb_table_cache_close(all->cache);
    sb_tables_close(all->tables);
}

static sb_grammar *grammar_of(const shelf *all, uint32_t locale)
{
    sb_grammar *grammar = sb_grammar_prepare(all->cache, locale);
    assert_non_null(grammar);
    return grammar;
}

/* A variable becomes its name in other brackets. */
static void fill_name(void *user, sb_variable variable, sb_saying *saying)
{
    (void)user;
    sb_saying_add(saying, "[", 1);
    sb_saying_add(saying, variable_names[variable], strlen(variable_names[variable]));
    sb_saying_add(saying, "]", 1);
}

static void say(const sb_grammar *grammar, sb_rule rule, uint64_t key, sb_saying *out)
{
    sb_saying_begin(out, (sb_key){key * 0x9E3779B97F4A7C15u + 1, key ^ 0x53}, 0, fill_name, NULL);
    sb_say(grammar, rule, out);
}

static bool same(const sb_saying *a, const sb_saying *b)
{
    return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* ---- a function of the key --------------------------------------------------------------------
 */

static void a_text_is_a_function_of_its_key(void **state)
{
    static sb_saying first[64], again;
    (void)state;
    shelf all = open_shelf("en_US"), more = open_shelf("de_DE,en_US");
    sb_grammar *grammar = grammar_of(&all, 0), *other = grammar_of(&more, 1);
    for (uint64_t key = 0; key < 64; key++)
        say(grammar, SB_RULE_email_formal_paid, key, &first[key]);
    for (uint64_t key = 64; key-- > 0;) {
        say(grammar, SB_RULE_email_formal_paid, key, &again);
        assert_true(same(&first[key], &again));
        assert_int_equal(first[key].tone, again.tone);
        assert_int_equal(first[key].next_draw, again.next_draw);
        say(other, SB_RULE_email_formal_paid, key, &again);
        assert_true(same(&first[key], &again)); /* whatever other locales there are */
    }
    uint32_t alike = 0;
    for (uint32_t a = 0; a < 64; a++)
        for (uint32_t b = 0; b < a; b++)
            alike += same(&first[a], &first[b]);
    assert_int_equal(alike, 0); /* there are 100,000 and more */
    sb_grammar_close(grammar);
    sb_grammar_close(other);
    close_shelf(&all);
    close_shelf(&more);
}

/* A text that follows another in one row draws on from where that one stopped. */
static void the_first_draw_counts(void **state)
{
    static sb_saying a, b;
    uint32_t alike = 0;
    (void)state;
    shelf all = open_shelf("en_US");
    sb_grammar *grammar = grammar_of(&all, 0);
    for (uint64_t key = 0; key < 100; key++) {
        sb_saying_begin(&a, (sb_key){key, 1}, 7, fill_name, NULL);
        sb_say(grammar, SB_RULE_short_informal_plain, &a);
        assert_true(a.next_draw > 7);
        sb_saying_begin(&b, (sb_key){key, 1}, a.next_draw, fill_name, NULL);
        sb_say(grammar, SB_RULE_short_informal_plain, &b);
        alike += same(&a, &b);
    }
    assert_true(alike < 10);
    sb_grammar_close(grammar);
    close_shelf(&all);
}

static void two_texts_can_stand_in_one(void **state)
{
    static sb_saying both, one;
    (void)state;
    shelf all = open_shelf("fr_FR");
    sb_grammar *grammar = grammar_of(&all, 0);
    say(grammar, SB_RULE_social, 5, &one);
    say(grammar, SB_RULE_social, 5, &both);
    sb_say(grammar, SB_RULE_sensitive, &both);
    assert_true(both.length > one.length);
    assert_memory_equal(both.bytes, one.bytes, one.length);
    sb_grammar_close(grammar);
    close_shelf(&all);
}

/* What does not fit is left out, and nothing behind the buffer is touched. */
static void a_text_ends_where_the_room_ends(void **state)
{
    static struct {
        sb_saying saying;
        uint64_t behind;
    } both;
    (void)state;
    shelf all = open_shelf("en_US");
    sb_grammar *grammar = grammar_of(&all, 0);
    both.behind = UINT64_C(0xA5A5A5A5A5A5A5A5);
    say(grammar, SB_RULE_email_formal_plain, 0, &both.saying);
    for (int i = 0; i < 200; i++)
        sb_say(grammar, SB_RULE_email_formal_plain, &both.saying);
    assert_in_range(both.saying.length, SB_SAYING_BYTES - 400, SB_SAYING_BYTES);
    assert_true(both.behind == UINT64_C(0xA5A5A5A5A5A5A5A5));
    sb_grammar_close(grammar);
    close_shelf(&all);
}

/* ---- every rule of every language -------------------------------------------------------------
 */

static void check_said(const char *locale, int rule, const sb_saying *said)
{
    if (said->length == 0)
        fail_msg("%s: rule %s says nothing", locale, rule_names[rule]);
    for (uint32_t i = 0; i < said->length; i++) {
        char c = said->bytes[i];
        if (c == '{' || c == '}' || c == '\\' || c == '\t')
            fail_msg("%s: rule %s says '%.*s'", locale, rule_names[rule], (int)said->length,
                     said->bytes);
    }
}

static void every_rule_of_every_language_says_something(void **state)
{
    static sb_saying said;
    uint32_t grammars = 0;
    (void)state;
    shelf all = open_shelf(NULL);
    for (uint32_t locale = 0; locale < sb_tables_locale_count(all.tables); locale++) {
        if (sb_tables_twin(all.tables, locale, SB_TABLE_GRAMMAR) != locale)
            continue;
        grammars++;
        sb_grammar *grammar = grammar_of(&all, locale);
        for (int rule = 0; rule < SB_RULE_COUNT; rule++)
            for (uint64_t key = 0; key < 60; key++) {
                say(grammar, (sb_rule)rule, key, &said);
                check_said(sb_tables_locale(all.tables, locale)->name, rule, &said);
            }
        sb_grammar_close(grammar);
    }
    assert_true(grammars >= 19);
    close_shelf(&all);
}

/* Most bytes a variable can have: names up to a line, texts of tables up to 60. */
static uint32_t variable_bytes(const char *name, size_t name_bytes)
{
    for (int i = 0; i < SB_VARIABLE_COUNT; i++)
        if (strlen(variable_names[i]) == name_bytes &&
            memcmp(variable_names[i], name, name_bytes) == 0)
            return i == SB_VAR_sender || i == SB_VAR_company ? 252 : 60;
    return 0;
}

/* The longest text of a rule, found from the table alone. Rules nest at most eight deep. */
static uint32_t longest(const sb_table *table, const char *rule, size_t rule_bytes, int depth)
{
    uint32_t most = 0;
    assert_true(depth <= SB_GRAMMAR_DEPTH);
    for (uint32_t row = 0; row < table->count; row++) {
        sb_text name = sb_table_text(table, GRAMMAR_RULE, row);
        uint32_t bytes = 0;
        if (name.byte_count != rule_bytes || memcmp(name.bytes, rule, rule_bytes) != 0)
            continue;
        for (const char *c = sb_table_text(table, GRAMMAR_TEXT, row).bytes; *c != '\0';
             c++, bytes++)
            if (*c == '{') {
                size_t hole = strcspn(++c, "}");
                uint32_t variable = variable_bytes(c, hole);
                bytes += variable > 0 ? variable : longest(table, c, hole, depth + 1);
                c += hole;
            }
        most = bytes > most ? bytes : most;
    }
    return most;
}

static void the_longest_text_of_every_language_fits(void **state)
{
    (void)state;
    shelf all = open_shelf(NULL);
    for (uint32_t locale = 0; locale < sb_tables_locale_count(all.tables); locale++) {
        if (sb_tables_twin(all.tables, locale, SB_TABLE_GRAMMAR) != locale)
            continue;
        const sb_table *table = sb_table_cache_find(all.cache, locale, SB_TABLE_GRAMMAR);
        for (int rule = 0; rule < SB_RULE_COUNT; rule++) {
            uint32_t most = longest(table, rule_names[rule], strlen(rule_names[rule]), 1);
            if (most == 0 || most > SB_SAYING_BYTES)
                fail_msg("%s: rule %s has up to %u bytes",
                         sb_tables_locale(all.tables, locale)->name, rule_names[rule], most);
        }
    }
    close_shelf(&all);
}

/* Each way of a rule comes up, and about as often as the others. */
static void ways_are_drawn_evenly(void **state)
{
    enum { DRAWS = 20000, WAYS_MAX = 256 };
    uint32_t bins[WAYS_MAX] = {0}, ways = 0;
    const char *texts[WAYS_MAX];
    (void)state;
    shelf all = open_shelf("de_DE");
    sb_grammar *grammar = grammar_of(&all, 0);
    uint64_t random = 3;
    for (int i = 0; i < DRAWS; i++) {
        sb_text text = sb_grammar_plain(grammar, SB_RULE_remit_saving, fixture_random(&random));
        if (text.byte_count == 0) /* a text with holes */
            continue;
        uint32_t way = 0;
        while (way < ways && texts[way] != text.bytes)
            way++;
        assert_true(way < WAYS_MAX);
        texts[way] = text.bytes;
        ways += way == ways;
        bins[way]++;
        assert_true(text.token >= SB_TOKEN_TABLES);
    }
    assert_true(ways >= 4);
    assert_true(fixture_chi_square(bins, ways) < 3.0 * ways + 20);
    sb_grammar_close(grammar);
    close_shelf(&all);
}

/* ---- what is noticed --------------------------------------------------------------------------
 */

static unsigned char small(unsigned char before, unsigned char c)
{
    if (before == 0xC3 && c >= 0x80 && c < 0x9F)
        return c | 0x20;
    if (before == 0xD0 && c >= 0x90 && c <= 0x9F)
        return c + 0x20;
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static bool stands_in(const sb_saying *said, sb_text word)
{
    for (uint32_t at = 0; at + word.byte_count <= said->length; at++) {
        uint32_t n = 0;
        while (n < word.byte_count &&
               small(at + n > 0 ? (unsigned char)said->bytes[at + n - 1] : 0,
                     (unsigned char)said->bytes[at + n]) == (unsigned char)word.bytes[n])
            n++;
        if (n == word.byte_count)
            return true;
    }
    return false;
}

/* Those of the language that stand in the text, found by looking for each of them; without those of
 * money matters. */
static uint32_t find_keywords(const sb_table *keywords, sb_text language, const sb_saying *said,
                              bool found[])
{
    uint32_t count = 0;
    for (uint32_t row = 0; row < keywords->count; row++) {
        found[row] = memcmp(sb_table_text(keywords, 2, row).bytes, language.bytes, 2) == 0 &&
                     strcmp(sb_table_text(keywords, 1, row).bytes, "financial_terms") != 0 &&
                     stands_in(said, sb_table_text(keywords, 0, row));
        count += found[row];
    }
    return count;
}

/* Texts without holes, such as those that are made for it: exactly the keywords that stand there.
 */
static void keywords_of_a_text_are_noticed(void **state)
{
    enum { KEYWORDS_MAX = 4096 };
    static sb_saying said;
    static bool found[KEYWORDS_MAX];
    uint32_t with = 0, languages = 0;
    (void)state;
    shelf all = open_shelf(NULL);
    const sb_table *keywords = sb_table_cache_find(all.cache, 0, SB_TABLE_KEYWORDS);
    assert_true(keywords->count < KEYWORDS_MAX);
    for (uint32_t locale = 0; locale < sb_tables_locale_count(all.tables); locale++) {
        const sb_locale *of = sb_tables_locale(all.tables, locale);
        uint32_t before = with;
        if (sb_tables_twin(all.tables, locale, SB_TABLE_GRAMMAR) != locale)
            continue;
        sb_grammar *grammar = grammar_of(&all, locale);
        for (uint64_t key = 0; key < 200; key++) {
            say(grammar, SB_RULE_sensitive, key, &said);
            if (said.next_draw > 1)
                continue;
            uint32_t count = find_keywords(keywords, of->language, &said, found);
            for (uint32_t i = 0; i < said.keyword_count; i++)
                if (!found[said.keywords[i]])
                    fail_msg("%s: no '%s' in '%.*s'", of->name,
                             sb_table_text(keywords, 0, said.keywords[i]).bytes, (int)said.length,
                             said.bytes);
            if (said.keyword_count != count)
                fail_msg("%s: %u keywords noticed, %u stand in '%.*s'", of->name,
                         said.keyword_count, count, (int)said.length, said.bytes);
            with += count > 0;
        }
        languages += with > before;
        sb_grammar_close(grammar);
    }
    assert_true(with > 300 && languages >= 12);
    close_shelf(&all);
}

/* Texts about payments speak of money more often than those about anything else. */
static void money_matters_are_noticed(void **state)
{
    static sb_saying said;
    uint32_t all_paid = 0;
    (void)state;
    shelf all = open_shelf(NULL);
    for (uint32_t locale = 0; locale < sb_tables_locale_count(all.tables); locale++) {
        uint32_t paid = 0, plain = 0;
        if (sb_tables_twin(all.tables, locale, SB_TABLE_GRAMMAR) != locale)
            continue;
        sb_grammar *grammar = grammar_of(&all, locale);
        for (uint64_t key = 0; key < 200; key++) {
            say(grammar, SB_RULE_email_formal_paid, key, &said);
            paid += said.financial;
            say(grammar, SB_RULE_short_informal_plain, key, &said);
            plain += said.financial;
        }
        if (paid <= 2 * plain || plain > 20)
            fail_msg("%s: money in %u of 200 about payments, %u of 200 others",
                     sb_tables_locale(all.tables, locale)->name, paid, plain);
        all_paid += paid;
        sb_grammar_close(grammar);
    }
    assert_true(all_paid > 1500);
    close_shelf(&all);
}

/* A keyword that comes twice is listed once. */
static void a_keyword_is_listed_once(void **state)
{
    static sb_saying once, twice;
    uint32_t with = 0;
    (void)state;
    shelf all = open_shelf("en_US");
    sb_grammar *grammar = grammar_of(&all, 0);
    for (uint64_t key = 0; key < 100; key++) {
        say(grammar, SB_RULE_sensitive, key, &once);
        say(grammar, SB_RULE_sensitive, key, &twice);
        twice.next_draw = 0;
        sb_say(grammar, SB_RULE_sensitive, &twice);
        assert_int_equal(twice.length, 2 * once.length);
        assert_int_equal(twice.keyword_count, once.keyword_count);
        with += once.keyword_count > 0;
    }
    assert_true(with > 10);
    sb_grammar_close(grammar);
    close_shelf(&all);
}

static void tone_is_the_sum_of_what_was_said(void **state)
{
    static sb_saying said;
    uint32_t positive = 0, negative = 0;
    (void)state;
    shelf all = open_shelf("en_US");
    sb_grammar *grammar = grammar_of(&all, 0);
    for (uint64_t key = 0; key < 500; key++) {
        say(grammar, SB_RULE_email_informal_plain, key, &said);
        assert_true(said.tone_count > 0 || said.tone == 0);
        assert_in_range(said.tone + 100 * said.tone_count, 0, 200 * said.tone_count);
        positive += said.tone > 0;
        negative += said.tone < 0;
    }
    assert_true(positive > 0 && negative > 0);
    sb_grammar_close(grammar);
    close_shelf(&all);
}

/* ---- what is refused --------------------------------------------------------------------------
 */

enum { ROWS_MAX = SB_RULE_COUNT + 32 };

/* A grammar in which every rule the engine asks for says a word; rows may be added. */
typedef struct draft {
    const char *cells[ROWS_MAX * 3];
    uint32_t lines[ROWS_MAX];
    uint32_t row_count;
} draft;

static void add_row(draft *to, const char *rule, const char *text)
{
    assert_true(to->row_count < ROWS_MAX);
    to->cells[to->row_count * 3 + GRAMMAR_RULE] = rule;
    to->cells[to->row_count * 3 + GRAMMAR_TEXT] = text;
    to->cells[to->row_count * 3 + GRAMMAR_TONE] = "0";
    to->lines[to->row_count] = 1000 + to->row_count;
    to->row_count++;
}

static draft plain_draft(int without)
{
    draft made = {.row_count = 0};
    for (int rule = 0; rule < SB_RULE_COUNT; rule++)
        if (rule != without)
            add_row(&made, rule_names[rule], "word");
    return made;
}

static sb_status check(const draft *of, sb_error *err)
{
    *err = (sb_error){0};
    return sb_grammar_check("x/grammar.tsv", of->cells, of->lines, of->row_count, err);
}

static void check_refused(const draft *of, const char *what)
{
    sb_error err;
    assert_int_equal(check(of, &err), SB_EUSAGE);
    assert_non_null(strstr(err.text, "x/grammar.tsv"));
    if (strstr(err.text, what) == NULL)
        fail_msg("no \"%s\" in \"%s\"", what, err.text);
}

static void a_missing_rule_is_named(void **state)
{
    sb_error err;
    (void)state;
    draft all = plain_draft(-1);
    fixture_ok(check(&all, &err), &err);
    for (int rule = 0; rule < SB_RULE_COUNT; rule++) {
        char what[64];
        draft lacking = plain_draft(rule);
        (void)snprintf(what, sizeof what, "rule %s is missing", rule_names[rule]);
        check_refused(&lacking, what);
    }
}

static void a_hole_is_a_variable_or_a_rule(void **state)
{
    static const char *const wrong[][2] = {
        {"Dear {nobody}", "{nobody} is neither"}, {"{given} {f_hell}", "{f_hell} is neither"},
        {"{f_hello", "a brace stands alone"},     {"f_hello}", "a brace stands alone"},
        {"{}", "a brace stands alone"},
    };
    static const char *const right[] = {"{f_hello}", "{given}{sender}", "no hole", "a \\n b"};
    sb_error err;
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        char line[64];
        draft made = plain_draft(-1);
        add_row(&made, "f_hello", "Hello");
        add_row(&made, "social", wrong[i][0]);
        check_refused(&made, wrong[i][1]);
        (void)snprintf(line, sizeof line, "x/grammar.tsv:%u: ", made.lines[made.row_count - 1]);
        check_refused(&made, line);
    }
    for (size_t i = 0; i < COUNT(right); i++) {
        draft made = plain_draft(-1);
        add_row(&made, "f_hello", "Hello");
        add_row(&made, "social", right[i]);
        fixture_ok(check(&made, &err), &err);
    }
}

/* social itself is the first level; so seven more may hang below it. */
static void rules_nest_eight_deep(void **state)
{
    static const char *const names[] = {"n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8"};
    static const char *const holes[] = {"{n1}", "{n2}", "{n3}", "{n4}",
                                        "{n5}", "{n6}", "{n7}", "{n8}"};
    sb_error err;
    (void)state;
    for (int below = 1; below <= 8; below++) {
        draft made = plain_draft(-1);
        add_row(&made, "social", holes[0]);
        for (int i = 0; i < below; i++)
            add_row(&made, names[i], i + 1 < below ? holes[i + 1] : "end");
        if (below <= SB_GRAMMAR_DEPTH - 1)
            fixture_ok(check(&made, &err), &err);
        else
            check_refused(&made, "nest more than 8 deep below social");
    }
}

static void a_rule_does_not_come_back_to_itself(void **state)
{
    (void)state;
    draft one = plain_draft(-1), two = plain_draft(-1);
    add_row(&one, "social", "again {social}");
    check_refused(&one, "nest more than 8 deep below social");
    add_row(&two, "social", "{n1}");
    add_row(&two, "n1", "end");
    add_row(&two, "n1", "{n2} and");
    add_row(&two, "n2", "{n1}");
    check_refused(&two, "nest more than 8 deep below social");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_a_function_of_its_key),
        cmocka_unit_test(the_first_draw_counts),
        cmocka_unit_test(two_texts_can_stand_in_one),
        cmocka_unit_test(a_text_ends_where_the_room_ends),
        cmocka_unit_test(every_rule_of_every_language_says_something),
        cmocka_unit_test(the_longest_text_of_every_language_fits),
        cmocka_unit_test(ways_are_drawn_evenly),
        cmocka_unit_test(keywords_of_a_text_are_noticed),
        cmocka_unit_test(a_keyword_is_listed_once),
        cmocka_unit_test(money_matters_are_noticed),
        cmocka_unit_test(tone_is_the_sum_of_what_was_said),
        cmocka_unit_test(a_missing_rule_is_named),
        cmocka_unit_test(a_hole_is_a_variable_or_a_rule),
        cmocka_unit_test(rules_nest_eight_deep),
        cmocka_unit_test(a_rule_does_not_come_back_to_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
