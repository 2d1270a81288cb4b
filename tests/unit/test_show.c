#include "tests/unit/dataset_files.h"

#define SPEC "entities=100k seed=7 entries=true"

static sb_spec *spec;

static int set_up(void **state)
{
    (void)state;
    spec = make_test_spec(SPEC);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sb_spec_close(spec);
    return 0;
}

/* ---- helpers -------------------------------------------------------------------------------- */

static json_t *show_json(const sb_spec *of, const char *what, const char *id)
{
    sb_bytes out = {0};
    sb_error err = {0};
    assert_int_equal(sb_show(of, what, id, true, take_text, &out, &err), SB_OK);
    json_t *json = json_loadb((const char *)out.data, out.length, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    sb_bytes_close(&out);
    return json;
}

static void show_fails(const char *what, const char *id, const char *word)
{
    sb_bytes out = {0};
    sb_error err;
    assert_int_equal(sb_show(spec, what, id, false, take_text, &out, &err), SB_EUSAGE);
    assert_non_null(strstr(err.text, word));
    assert_int_equal(out.length, 0);
}

/* Rows of a kind as a JSON array. */
static json_t *rows_of(const sb_spec *of, const sb_cat_options *options)
{
    sb_bytes out = {0};
    json_t *rows = json_array();
    assert_int_equal(sb_cat_spec(of, options, take_text, &out, NULL), SB_OK);
    const char *at = (const char *)out.data, *end = at + out.length;
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        json_t *row = json_loadb(at, (size_t)(line_end - at), 0, NULL);
        assert_non_null(row);
        json_array_append_new(rows, row);
        at = line_end + 1;
    }
    sb_bytes_close(&out);
    return rows;
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static json_int_t int_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static json_int_t shown_id(const char *what, const char *id)
{
    json_t *json = show_json(spec, what, id);
    json_int_t value = int_of(json_object_get(json, what), "id");
    json_decref(json);
    return value;
}

/* ---- accounts ------------------------------------------------------------------------------- */

/* The statement lines of an account against the entries that cat prints. */
static void compare_statement(const json_t *entries, json_int_t account)
{
    static const char *const keys[] = {"transaction_id", "executed_at", "line", "amount",
                                       "balance_after"};
    char id[32];
    size_t index, line = 0;
    json_t *entry;
    (void)snprintf(id, sizeof id, "A%lld", (long long)account);
    json_t *json = show_json(spec, "account", id);
    const json_t *statement = json_object_get(json, "statement"),
                 *lines = json_object_get(statement, "lines");
    const char *last = text_of(statement, "opening_balance");
    json_array_foreach((json_t *)(uintptr_t)entries, index, entry)
    {
        if (int_of(entry, "account_id") != account)
            continue;
        const json_t *shown = json_array_get(lines, line++);
        assert_non_null(shown);
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
            assert_true(
                json_equal(json_object_get(shown, keys[k]), json_object_get(entry, keys[k])));
        last = text_of(entry, "balance_after");
    }
    assert_int_equal(line, json_array_size(lines));
    assert_string_equal(last, text_of(statement, "closing_balance"));
    assert_string_equal(last, text_of(json_object_get(json, "account"), "closing_balance"));
    json_decref(json);
}

static void a_statement_is_the_entries_of_the_account(void **state)
{
    (void)state;
    json_t *entries = rows_of(spec, &(sb_cat_options){.kind = "entries"});
    for (json_int_t account = 0; account < 14084; account += 997)
        compare_statement(entries, account);
    /* And of one that takes part in many. */
    compare_statement(entries, int_of(json_array_get(entries, 100), "account_id"));
    json_decref(entries);
}

/* What the lines say of their transactions is what the rows say, on either side of a link. */
static void statement_lines_tell_of_their_transactions(void **state)
{
    (void)state;
    json_t *json = show_json(spec, "account", "1");
    const json_t *lines = json_object_get(json_object_get(json, "statement"), "lines");
    size_t index;
    json_t *line;
    json_array_foreach((json_t *)(uintptr_t)lines, index, line)
    {
        char id[32];
        (void)snprintf(id, sizeof id, "%lld", (long long)int_of(line, "transaction_id"));
        json_t *rows = rows_of(spec, &(sb_cat_options){.kind = "transactions", .id = id});
        const json_t *row = json_array_get(rows, 0);
        assert_string_equal(text_of(line, "type"), text_of(row, "type"));
        assert_string_equal(text_of(line, "description"), text_of(row, "description"));
        assert_string_equal(text_of(line, "executed_at"), text_of(row, "executed_at"));
        bool pays = int_of(row, "from_account_id") == 1 &&
                    json_is_integer(json_object_get(row, "from_account_id"));
        assert_true(json_equal(json_object_get(line, "counterparty_account_id"),
                               json_object_get(row, pays ? "to_account_id" : "from_account_id")));
        assert_true(json_equal(json_object_get(line, "counterparty_name"),
                               json_object_get(row, "counterparty_name")));
        json_decref(rows);
    }
    json_decref(json);
}

static void an_account_goes_by_every_number(void **state)
{
    (void)state;
    bool with_iban = false, with_zero = false;
    json_t *rows = rows_of(spec, &(sb_cat_options){.kind = "accounts"});
    for (size_t index = 0; index < json_array_size(rows) && !(with_iban && with_zero);
         index += 13) {
        const json_t *row = json_array_get(rows, index);
        const char *number = text_of(row, "account_number"), *iban = text_of(row, "iban");
        bool is_needed = (iban != NULL && !with_iban) || (number[0] == '0' && !with_zero);
        if (!is_needed)
            continue;
        assert_int_equal(shown_id("account", number), index);
        with_zero = with_zero || number[0] == '0';
        if (iban == NULL)
            continue;
        char spaced[64], *at = spaced; /* as people write it, and in small letters */
        for (size_t i = 0; iban[i] != '\0'; i++) {
            if (i > 0 && i % 4 == 0)
                *at++ = ' ';
            *at++ = (char)(iban[i] >= 'A' ? iban[i] + 32 : iban[i]);
        }
        *at = '\0';
        assert_int_equal(shown_id("account", iban), index);
        assert_int_equal(shown_id("account", spaced), index);
        with_iban = true;
        char wrong[64];
        (void)snprintf(wrong, sizeof wrong, "%s", iban);
        wrong[5] = wrong[5] == '0' ? '1' : '0'; /* another bank code */
        show_fails("account", wrong, "IBAN");
    }
    assert_true(with_iban && with_zero);
    json_decref(rows);
    assert_int_equal(shown_id("account", "7"), 7);
    assert_int_equal(shown_id("account", "A7"), 7);
}

/* ---- persons and companies ------------------------------------------------------------------ */

static void a_person_has_the_accounts_that_name_him(void **state)
{
    (void)state;
    json_t *accounts = rows_of(spec, &(sb_cat_options){.kind = "accounts"});
    for (json_int_t person = 3; person < 7000; person += 1313) {
        char id[32];
        size_t index, count = 0;
        json_t *account;
        (void)snprintf(id, sizeof id, "P%lld", (long long)person);
        json_t *json = show_json(spec, "person", id);
        json_array_foreach(accounts, index, account)
        {
            const json_t *owner = json_object_get(account, "owner_person_id");
            count += json_is_integer(owner) && json_integer_value(owner) == person;
        }
        assert_int_equal(json_array_size(json_object_get(json, "accounts")), count);
        json_array_foreach(json_object_get(json, "accounts"), index, account)
            assert_int_equal(int_of(account, "owner_person_id"), person);
        json_decref(json);
    }
    json_decref(accounts);
}

static void messages_are_counted(void **state)
{
    (void)state;
    json_t *messages =
        rows_of(spec, &(sb_cat_options){.kind = "communications", .head_given = true, .head = 40});
    size_t index, found = 0;
    json_t *message;
    json_array_foreach(messages, index, message)
    {
        const json_t *sender = json_object_get(json_object_get(message, "sender"), "person_id");
        char id[32];
        if (!json_is_integer(sender))
            continue;
        (void)snprintf(id, sizeof id, "%lld", (long long)json_integer_value(sender));
        json_t *json = show_json(spec, "person", id);
        assert_true(int_of(json, "messages_sent") >= 1);
        assert_true(json_array_size(json_object_get(json, "messages")) >= 1);
        found++;
        json_decref(json);
    }
    assert_true(found > 0);
    json_decref(messages);
}

static void subsidiaries_name_their_parent(void **state)
{
    (void)state;
    json_t *companies = rows_of(spec, &(sb_cat_options){.kind = "companies"});
    size_t index, found = 0;
    json_t *company;
    json_array_foreach(companies, index, company)
    {
        char id[32];
        const json_t *parent = json_object_get(company, "parent_id");
        if (!json_is_integer(parent) || found == 5)
            continue;
        (void)snprintf(id, sizeof id, "C%lld", (long long)json_integer_value(parent));
        json_t *json = show_json(spec, "company", id);
        size_t other;
        json_t *one;
        bool listed = false;
        json_array_foreach(json_object_get(json, "subsidiaries"), other, one) listed =
            listed || int_of(one, "id") == (json_int_t)index;
        assert_true(listed);
        found++;
        json_decref(json);
    }
    assert_true(found > 0);
    json_decref(companies);
}

static void long_lists_of_accounts_are_cut(void **state)
{
    (void)state;
    sb_spec *small = make_test_spec("persons=1 accounts=5000 transactions=20000");
    json_t *json = show_json(small, "person", "0");
    assert_int_equal(json_array_size(json_object_get(json, "accounts")), 100);
    assert_true(json_is_true(json_object_get(json, "accounts_cut")));
    json_decref(json);
    sb_spec_close(small);
}

/* ---- optional kinds ------------------------------------------------------------------------- */

static bool field_is(const json_t *row, const char *field, json_int_t id)
{
    const json_t *value = json_object_get(row, field);
    return json_is_integer(value) && json_integer_value(value) == id;
}

/* What `show` counts and lists of entities against all rows that cat prints: of some, and of the
 * one in the first row. `fields` name it, `counts` are the members of their numbers; NULL: the list
 * is whole. */
static void compare_events(const sb_spec *of, const char *what, const char *kind,
                           const char *const fields[2], const char *const counts[2])
{
    json_t *rows = rows_of(of, &(sb_cat_options){.kind = kind, .derived = true});
    const json_int_t ids[] = {0, 3, 17, 39, int_of(json_array_get(rows, 0), fields[0])};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        char id[32];
        size_t index, named[2] = {0};
        json_t *row, *mine = json_array();
        (void)snprintf(id, sizeof id, "%lld", (long long)ids[i]);
        json_t *json = show_json(of, what, id);
        const json_t *list = json_object_get(json, kind);
        json_array_foreach(rows, index, row)
        {
            bool first = field_is(row, fields[0], ids[i]);
            bool second = fields[1] != NULL && field_is(row, fields[1], ids[i]);
            named[0] += first;
            named[1] += second;
            if (first || second)
                json_array_append(mine, row);
        }
        size_t total = json_array_size(mine), shown = counts != NULL && total > 5 ? 5 : total;
        for (int c = 0; c < 2 && counts != NULL && counts[c] != NULL; c++)
            assert_int_equal(int_of(json, counts[c]), named[c]);
        assert_int_equal(json_array_size(list), shown);
        for (size_t k = 0; k < shown; k++)
            assert_true(
                json_equal(json_array_get(list, k), json_array_get(mine, total - shown + k)));
        json_decref(mine);
        json_decref(json);
    }
    json_decref(rows);
}

static void events_are_counted_and_the_last_listed(void **state)
{
    (void)state;
    static const char *const account[] = {"account_id", NULL}, *const person[] = {"person_id",
                                                                                  NULL};
    static const char *const owner[] = {"owner_person_id", NULL};
    static const char *const companies[] = {"issuer_id", "recipient_id"};
    static const char *const logins[] = {"logins_count", NULL}, *const trades[] = {"trades_count",
                                                                                   NULL};
    static const char *const trips[] = {"trips_count", NULL};
    static const char *const documents[] = {"documents_written", "documents_received"};
    static const char *const specs[] = {
        "entities=20k seed=7 all-kinds=true",
        /* fewer cells of accounts than of persons, and the other way round */
        "persons=9000 companies=600 accounts=40 transactions=90 logins=900 trades=900 trips=900 "
        "devices=9000 documents=900",
        "persons=300 companies=282 accounts=9000 transactions=90 logins=9000 trades=9000 trips=900 "
        "devices=900 documents=900"};
    for (size_t i = 0; i < sizeof specs / sizeof specs[0]; i++) {
        sb_spec *of = make_test_spec(specs[i]);
        compare_events(of, "account", "logins", account, logins);
        compare_events(of, "account", "trades", account, trades);
        compare_events(of, "person", "trips", person, trips);
        compare_events(of, "person", "devices", owner, NULL);
        compare_events(of, "company", "documents", companies, documents);
        sb_spec_close(of);
    }
}

static void kinds_that_are_not_there_are_not_shown(void **state)
{
    (void)state;
    json_t *json = show_json(spec, "person", "5");
    assert_null(json_object_get(json, "trips"));
    assert_null(json_object_get(json, "devices"));
    json_decref(json);
}

/* Joint owners are listed by name where the row has any. */
static void joint_owners_are_named(void **state)
{
    (void)state;
    json_t *accounts = rows_of(spec, &(sb_cat_options){.kind = "accounts"}), *account;
    static const char *const lists[][2] = {{"joint_owner_ids", "joint_owners"},
                                           {"beneficial_owner_ids", "beneficial_owners"}};
    for (int list = 0; list < 2; list++) {
        size_t index, found = 0, k;
        json_array_foreach(accounts, index, account)
        {
            const json_t *ids = json_object_get(account, lists[list][0]);
            char id[32];
            if (json_array_size(ids) == 0 || found++ >= 3)
                continue;
            (void)snprintf(id, sizeof id, "A%zu", index);
            json_t *json = show_json(spec, "account", id), *one;
            const json_t *people = json_object_get(json, lists[list][1]);
            assert_int_equal(json_array_size(people), json_array_size(ids));
            json_array_foreach((json_t *)(uintptr_t)people, k, one)
            {
                assert_true(json_equal(json_object_get(one, "id"), json_array_get(ids, k)));
                assert_non_null(text_of(one, "name"));
            }
            json_decref(json);
        }
        assert_true(found > 0);
    }
    json_decref(accounts);
}

/* Names stand in the order of their country, with Latin letters beside others. */
static void names_are_written_both_ways(void **state)
{
    (void)state;
    sb_spec *japan = make_test_spec("persons=600 accounts=600 locales=ja_JP");
    json_t *persons = rows_of(japan, &(sb_cat_options){.kind = "persons", .derived = true});
    json_t *account = show_json(japan, "account", "3"), *owner = json_object_get(account, "owner");
    const json_t *person = json_array_get(persons, (size_t)int_of(owner, "id"));
    char expected[256];
    assert_non_null(text_of(person, "latin_name"));
    (void)snprintf(expected, sizeof expected, "%s (%s)", text_of(person, "full_name"),
                   text_of(person, "latin_name"));
    assert_string_equal(text_of(owner, "name"), expected);
    json_decref(account);
    json_decref(persons);
    sb_spec_close(japan);
}

/* ---- transactions --------------------------------------------------------------------------- */

static void a_transaction_shows_both_ends(void **state)
{
    (void)state;
    json_t *rows = rows_of(spec, &(sb_cat_options){.kind = "transactions",
                                                   .range_given = true,
                                                   .first_row = 40000,
                                                   .end_row = 40030});
    size_t index;
    json_t *row;
    json_array_foreach(rows, index, row)
    {
        static const char *const ends[][2] = {{"from", "from_account_id"}, {"to", "to_account_id"}};
        char id[32];
        (void)snprintf(id, sizeof id, "T%lld", (long long)int_of(row, "id"));
        json_t *json = show_json(spec, "transaction", id);
        json_t *shown = json_object_get(json, "transaction");
        json_object_del(shown, "uid");
        assert_true(json_equal(shown, row));
        for (int end = 0; end < 2; end++) {
            const json_t *account = json_object_get(row, ends[end][1]);
            const json_t *of = json_object_get(json, ends[end][0]);
            assert_true(json_is_null(account) ? json_is_null(of)
                                              : json_equal(json_object_get(of, "id"), account));
        }
        json_decref(json);
    }
    json_decref(rows);
}

/* ---- what is refused ------------------------------------------------------------------------ */

static void what_is_not_there_is_refused(void **state)
{
    (void)state;
    show_fails("person", "7042000", "there is no person");
    show_fails("person", "C1", "no id of a person");
    show_fails("person", "", "no id");
    show_fails("company", "x1y", "no id of a company");
    show_fails("account", "14085", "there is no account");
    show_fails("account", "A14085", "there is no account");
    show_fails("account", "12345678901", "account");
    show_fails("account", "DE00", "IBAN");
    show_fails("account", "C3", "account");
    show_fails("transaction", "99999999999", "there is no transaction");
    show_fails("duck", "1", "unknown 'duck'");
}

static void text_is_for_people(void **state)
{
    (void)state;
    static const char *const whats[][2] = {
        {"person", "P5"}, {"company", "C5"}, {"account", "A5"}, {"transaction", NULL}};
    char id[32];
    json_t *rows =
        rows_of(spec, &(sb_cat_options){.kind = "transactions", .head_given = true, .head = 1});
    (void)snprintf(id, sizeof id, "%lld", (long long)int_of(json_array_get(rows, 0), "id"));
    json_decref(rows);
    for (int i = 0; i < 4; i++) {
        sb_bytes out = {0};
        const char *of = whats[i][1] != NULL ? whats[i][1] : id;
        assert_int_equal(sb_show(spec, whats[i][0], of, false, take_text, &out, NULL), SB_OK);
        assert_true(text_has(&out, whats[i][0]));
        assert_true(out.data[out.length - 1] == '\n');
        assert_false(text_has(&out, "\033")); /* no colours */
        sb_bytes_close(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_is_the_entries_of_the_account),
        cmocka_unit_test(statement_lines_tell_of_their_transactions),
        cmocka_unit_test(an_account_goes_by_every_number),
        cmocka_unit_test(a_person_has_the_accounts_that_name_him),
        cmocka_unit_test(messages_are_counted),
        cmocka_unit_test(subsidiaries_name_their_parent),
        cmocka_unit_test(long_lists_of_accounts_are_cut),
        cmocka_unit_test(events_are_counted_and_the_last_listed),
        cmocka_unit_test(kinds_that_are_not_there_are_not_shown),
        cmocka_unit_test(joint_owners_are_named),
        cmocka_unit_test(names_are_written_both_ways),
        cmocka_unit_test(a_transaction_shows_both_ends),
        cmocka_unit_test(what_is_not_there_is_refused),
        cmocka_unit_test(text_is_for_people),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
