#include "tests/unit/dataset_files.h"
#include "workers/independent.h"

#define SPEC "entities=100k seed=7 entries=true"
#define SMALL "entities=5k seed=7 entries=true"
#define OPTIONAL "devices=500 logins=800 trades=700 trips=500 documents=400 relationships=900"
#define ALL_KINDS SMALL " " OPTIONAL
#define GERMAN ALL_KINDS " locales=de_DE" /* where accounts have IBANs */

/* ---- helpers -------------------------------------------------------------------------------- */

static sb_status verify(const char *dir, uint64_t memory_bytes, sb_verify_result *out,
                        sb_error *err)
{
    sb_verify_options options = {
        .run = {.memory_bytes = memory_bytes, .progress = SB_SHOW_PROGRESS_NEVER}};
    return sb_verify_independent(dir, &options, out, err);
}

/* A dataset with one value changed must be found wrong: kind, row and field. Row UINT64_MAX: any.
 */
static void finds_in(const char *spec, row_edit edit, sb_kind kind, uint64_t row, const char *field)
{
    dataset_files d;
    sb_error err = {0};
    sb_verify_result result;
    char begin[64], middle[64];
    make_dataset(&d, spec, false, edit);
    if (verify(d.dir, 0, &result, &err) != SB_EWRONG)
        fail_msg("%s of %s %llu: not found", field, sb_kind_name(kind), (unsigned long long)row);
    (void)snprintf(begin, sizeof begin, "%s: row ", sb_kind_name(kind));
    if (row != UINT64_MAX)
        (void)snprintf(begin, sizeof begin, "%s: row %llu: ", sb_kind_name(kind),
                       (unsigned long long)row);
    (void)snprintf(middle, sizeof middle, "%s: ", field);
    if (strncmp(err.text, begin, strlen(begin)) != 0 || strstr(err.text, middle) == NULL)
        fail_msg("expected %s... %s, but: %s", begin, middle, err.text);
    remove_dataset(&d);
}

static void finds(row_edit edit, sb_kind kind, uint64_t row, const char *field)
{
    finds_in(SMALL, edit, kind, row, field);
}

/* The same row is edited and named. */
static void notices(sb_kind kind, uint64_t row, const char *field, int how, int64_t number,
                    const char *text)
{
    row_edit edit = {kind, row, field, EDIT_NOTHING, number, text};
    edit.how = how;
    finds_in(ALL_KINDS, edit, kind, row, field);
}

/* Of the dataset as it is: the first row of a kind that meets the condition "field=value" and has
 * `member`. */
static json_t *find_row(const char *spec, const char *kind, const char *condition,
                        const char *member)
{
    dataset_files d;
    sb_bytes out = {0};
    json_t *row = NULL;
    sb_cat_options options = {.kind = kind, .raw = true, .where = &condition, .where_count = 1};
    make_dataset(&d, spec, false, (row_edit){0});
    assert_int_equal(sb_cat_path(d.dir, &options, take_text, &out, NULL), SB_OK);
    const char *line = (const char *)out.data, *end = line + out.length;
    for (; line < end && row == NULL; line = strchr(line, '\n') + 1) {
        row = json_loadb(line, (size_t)(end - line), JSON_DISABLE_EOF_CHECK, NULL);
        if (!json_is_null(json_object_get(row, member)))
            break;
        json_decref(row);
        row = NULL;
    }
    if (row == NULL)
        fail_msg("%s: no row has %s and %s", kind, condition, member);
    sb_bytes_close(&out);
    remove_dataset(&d);
    return row;
}

/* Its number: of kinds with dense ids the id. */
static uint64_t find_dense(const char *spec, const char *kind, const char *condition)
{
    json_t *row = find_row(spec, kind, condition, "id");
    uint64_t id = (uint64_t)json_integer_value(json_object_get(row, "id"));
    json_decref(row);
    return id;
}

static void kind_file_path(const dataset_files *d, const char *kind, char path[256])
{
    (void)snprintf(path, 256, "%s/%s.msgpack.zst", d->dir, kind);
}

/* ---- what holds ----------------------------------------------------------------------------- */

static void a_dataset_holds(void **state)
{
    (void)state;
    dataset_files d;
    sb_verify_result result;
    sb_error err = {0};
    uint64_t rows = 0;
    make_dataset(&d, SPEC, false, (row_edit){0});
    if (verify(d.dir, 0, &result, &err) != SB_OK)
        fail_msg("%s", err.text);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        rows += d.kinds[kind].rows;
    assert_int_equal(result.rows, rows);
    assert_string_equal(result.dataset, sb_spec_dataset(d.spec));
    /* Little memory: several passes, the same answer. */
    assert_int_equal(verify(d.dir, 1000000, &result, &err), SB_OK);
    remove_dataset(&d);
}

static void parts_hold(void **state)
{
    (void)state;
    dataset_files d;
    sb_verify_result result;
    make_dataset(&d, SPEC, true, (row_edit){0});
    assert_true(d.kinds[SB_ENTRIES].part_count > 1);
    assert_int_equal(verify(d.dir, 0, &result, NULL), SB_OK);
    remove_dataset(&d);
}

static void odd_datasets_hold(void **state)
{
    (void)state;
    static const char *const specs[] = {
        "persons=3 seed=1",
        "companies=300 accounts=40 transactions=3000 entries=true",
        "persons=1 accounts=3000 transactions=9000",
        "profile=finbench entities=30k",
        "persons=10 communications=100",
        ALL_KINDS,
        "persons=2 companies=2 accounts=1 devices=5 logins=9 trades=7 trips=6 documents=8 "
        "relationships=1",
        "persons=3000 companies=40 accounts=60 transactions=400 communications=2000 " OPTIONAL,
        "persons=40 companies=900 accounts=9000 transactions=9000 entries=true devices=500 "
        "logins=800 "
        "trades=700 trips=500 documents=400 relationships=300"};
    for (size_t i = 0; i < sizeof specs / sizeof specs[0]; i++) {
        dataset_files d;
        sb_verify_result result;
        sb_error err = {0};
        make_dataset(&d, specs[i], false, (row_edit){0});
        if (verify(d.dir, 0, &result, &err) != SB_OK)
            fail_msg("%s: %s", specs[i], err.text);
        remove_dataset(&d);
    }
}

/* ---- what does not -------------------------------------------------------------------------- */

static void wrong_rows_are_named(void **state)
{
    (void)state;
    finds((row_edit){SB_PERSONS, 5, "gender", EDIT_TEXT, 0, "purple"}, SB_PERSONS, 5, "gender");
    finds((row_edit){SB_PERSONS, 6, "gender", EDIT_NIL, 0, NULL}, SB_PERSONS, 6, "gender");
    finds((row_edit){SB_PERSONS, 7, "id", EDIT_ADD, 1, NULL}, SB_PERSONS, 7, "id");
    finds((row_edit){SB_COMPANIES, 9, "parent_id", EDIT_SET, 70, NULL}, SB_COMPANIES, 9,
          "parent_id");
    finds((row_edit){SB_COMPANIES, 9, "parent_id", EDIT_SET, 9, NULL}, SB_COMPANIES, 9,
          "parent_id");
    finds((row_edit){SB_COMPANIES, 0, "owners", EDIT_SET, 1, NULL}, SB_COMPANIES, 0, "owners");
    finds((row_edit){SB_TRANSACTIONS, 100, "to_account_id", EDIT_SET, 704, NULL}, SB_TRANSACTIONS,
          100, "to_account_id");
    finds((row_edit){SB_TRANSACTIONS, 100, "executed_at", EDIT_SET, 5, NULL}, SB_TRANSACTIONS, 100,
          "executed_at");
    finds((row_edit){SB_TRANSACTIONS, 101, "to_amount", EDIT_ADD, 1, NULL}, SB_TRANSACTIONS, 101,
          "to_amount");
    finds((row_edit){SB_TRANSACTIONS, 102, "fee", EDIT_SET, -1, NULL}, SB_TRANSACTIONS, 102, "fee");
    finds((row_edit){SB_TRANSACTIONS, 103, "currency", EDIT_TEXT, 0, "XXX"}, SB_TRANSACTIONS, 103,
          "currency");
    finds((row_edit){SB_ENTRIES, 10, "account_id", EDIT_SET, 704, NULL}, SB_ENTRIES, 10,
          "account_id");
}

/* Rules within a row, of the fields and kinds beyond the first. */
static void wrong_fields_are_named(void **state)
{
    (void)state;
    uint64_t frozen = find_dense(SMALL, "accounts", "status=frozen");
    uint64_t active = find_dense(SMALL, "accounts", "status=active");
    uint64_t exposed = find_dense("persons=5k", "persons", "is_pep=true");
    finds((row_edit){SB_ACCOUNTS, frozen, "status", EDIT_TEXT, 0, "active"}, SB_ACCOUNTS, frozen,
          "is_dormant");
    finds((row_edit){SB_ACCOUNTS, frozen, "is_dormant", EDIT_SET, 1, NULL}, SB_ACCOUNTS, frozen,
          "is_dormant");
    finds((row_edit){SB_ACCOUNTS, frozen, "transaction_count", EDIT_SET, 1, NULL}, SB_ACCOUNTS,
          frozen, "status");
    notices(SB_ACCOUNTS, active, "status", EDIT_TEXT, 0, "frozen");
    notices(SB_ACCOUNTS, active, "average_balance", EDIT_ADD, 1, NULL);
    notices(SB_ACCOUNTS, frozen, "average_balance", EDIT_ADD, -1, NULL);
    notices(SB_ACCOUNTS, active, "monitoring_reason", EDIT_TEXT, 0, "fraud_alert");
    notices(SB_COMPANIES, 3, "ticker", EDIT_TEXT, 0, "QQQ");
    finds_in("persons=5k", (row_edit){SB_PERSONS, exposed, "pep_details", EDIT_NIL, 0, NULL},
             SB_PERSONS, exposed, "pep_details");
    notices(SB_COMMUNICATIONS, 5, "flag_reason", EDIT_TEXT, 0, "high_risk_score");
    notices(SB_DEVICES, 5, "registered", EDIT_SET, 30000, NULL);
    notices(SB_LOGINS, 6, "executed_at", EDIT_SET, 5, NULL);
    notices(SB_TRADES, 7, "amount", EDIT_ADD, 1, NULL);
    notices(SB_TRADES, 8, "quantity", EDIT_SET, 0, NULL);
    notices(SB_TRADES, 9, "settlement_date", EDIT_SET, 0, NULL);
    notices(SB_TRIPS, 10, "returned_at", EDIT_SET, 5, NULL);
    notices(SB_TRIPS, 11, "booked", EDIT_SET, 30000, NULL);
    notices(SB_DOCUMENTS, 12, "total_amount", EDIT_ADD, 1, NULL);
    notices(SB_RELATIONSHIPS, 13, "strength", EDIT_SET, 10001, NULL);
    notices(SB_RELATIONSHIPS, 14, "since", EDIT_SET, 30000, NULL);
}

/* What a row says of rows of other kinds. */
static void links_are_followed(void **state)
{
    (void)state;
    notices(SB_DEVICES, 20, "owner_person_id", EDIT_SET, 100000, NULL);
    notices(SB_TRANSACTIONS, 21, "device_id", EDIT_SET, 500, NULL);
    finds((row_edit){SB_TRANSACTIONS, 22, "device_id", EDIT_SET, 0, NULL}, SB_TRANSACTIONS, 22,
          "device_id"); /* there are none */
    notices(SB_COMMUNICATIONS, 23, "transaction_id", EDIT_SET, 1000000, NULL);
    notices(SB_TRADES, 24, "account_id", EDIT_ADD, 1, NULL);
    notices(SB_TRADES, 25, "issuer_id", EDIT_SET, 100000, NULL);
    notices(SB_LOGINS, 26, "account_id", EDIT_SET, 100000, NULL);
    notices(SB_LOGINS, 27, "device_id", EDIT_SET, 500, NULL);
    notices(SB_TRIPS, 28, "passport_number", EDIT_TEXT, 0, "C01X00T47");
    notices(SB_DOCUMENTS, 29, "issuer_id", EDIT_SET, 100000, NULL);
    notices(SB_RELATIONSHIPS, 30, "id", EDIT_ADD, 1, NULL);
    /* A device of somebody else. */
    row_edit edit = {SB_DEVICES, 0, "owner_person_id", EDIT_ADD, 1, NULL};
    json_t *row = find_row(ALL_KINDS, "logins", "channel=app", "device_id");
    edit.row = (uint64_t)json_integer_value(json_object_get(row, "device_id"));
    json_decref(row);
    finds_in(ALL_KINDS, edit, SB_LOGINS, UINT64_MAX, "device_id");
}

/* Rows of a cell stand in the order of (executed_at, id), and cells in order. */
static void order_is_checked(void **state)
{
    (void)state;
    static const sb_kind kinds[] = {SB_COMMUNICATIONS, SB_LOGINS, SB_TRADES, SB_TRIPS,
                                    SB_DOCUMENTS};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        row_edit late = {kinds[i], 40, "executed_at", EDIT_ADD, 0, NULL};
        dataset_files d;
        make_dataset(&d, ALL_KINDS, false, (row_edit){0});
        sb_bytes out = {0};
        sb_cat_options options = {.kind = sb_kind_name(kinds[i]),
                                  .raw = true,
                                  .range_given = true,
                                  .first_row = 40,
                                  .end_row = 42};
        assert_int_equal(sb_cat_path(d.dir, &options, take_text, &out, NULL), SB_OK);
        json_t *first =
            json_loadb((const char *)out.data, out.length, JSON_DISABLE_EOF_CHECK, NULL);
        const char *rest = strchr((const char *)out.data, '\n') + 1;
        json_t *second = json_loadb(rest, out.length - (size_t)(rest - (const char *)out.data),
                                    JSON_DISABLE_EOF_CHECK, NULL);
        late.number = json_integer_value(json_object_get(second, "executed_at")) -
                      json_integer_value(json_object_get(first, "executed_at")) + 1;
        json_decref(first);
        json_decref(second);
        sb_bytes_close(&out);
        remove_dataset(&d);
        finds_in(ALL_KINDS, late, kinds[i], 41, "executed_at");
    }
    finds((row_edit){SB_TRANSACTIONS, 300, "id", EDIT_ADD, (int64_t)1 << 30, NULL}, SB_TRANSACTIONS,
          301, "id");
}

static void repeated_keys_are_found(void **state)
{
    (void)state;
    dataset_files d;
    sb_bytes out = {0};
    char number[32], id[32];
    make_dataset(&d, SMALL, false, (row_edit){0});
    const sb_cat_options accounts = {.kind = "accounts", .head_given = true, .head = 1};
    const sb_cat_options rows = {.kind = "transactions", .head_given = true, .head = 1};
    assert_int_equal(sb_cat_path(d.dir, &accounts, take_text, &out, NULL), SB_OK);
    assert_int_equal(
        sscanf(strstr((char *)out.data, "account_number"), "account_number\":\"%10[0-9]", number),
        1);
    out.length = 0;
    assert_int_equal(sb_cat_path(d.dir, &rows, take_text, &out, NULL), SB_OK);
    assert_int_equal(sscanf((char *)out.data, "{\"id\":%31[0-9]", id), 1);
    sb_bytes_close(&out);
    remove_dataset(&d);
    finds((row_edit){SB_ACCOUNTS, 44, "account_number", EDIT_TEXT, 0, number}, SB_ACCOUNTS, 44,
          "account_number");
    finds((row_edit){SB_TRANSACTIONS, 9, "id", EDIT_SET, atoll(id), NULL}, SB_TRANSACTIONS, 9,
          "id");
}

/* The text that row 0 has, once more in a later row. */
static void repeated_texts_are_found(void **state)
{
    (void)state;
    static const struct {
        sb_kind kind;
        const char *field;
    } unique[] = {{SB_COMPANIES, "legal_name"}, {SB_COMPANIES, "lei"},
                  {SB_ACCOUNTS, "iban"},        {SB_TRANSACTIONS, "reference"},
                  {SB_DEVICES, "fingerprint"},  {SB_DOCUMENTS, "number"}};
    dataset_files d;
    char texts[6][200];
    make_dataset(&d, GERMAN, false, (row_edit){0});
    for (size_t i = 0; i < 6; i++) { /* of the first row that has one */
        sb_bytes out = {0};
        const char *begin;
        char member[64];
        sb_cat_options options = {
            .kind = sb_kind_name(unique[i].kind), .head_given = true, .head = 300};
        assert_int_equal(sb_cat_path(d.dir, &options, take_text, &out, NULL), SB_OK);
        assert_int_equal(sb_bytes_add(&out, "", 1, NULL), SB_OK);
        (void)snprintf(member, sizeof member, "\"%s\":\"", unique[i].field);
        begin = strstr((const char *)out.data, member);
        assert_non_null(begin);
        begin += strlen(member);
        (void)snprintf(texts[i], sizeof texts[i], "%.*s", (int)strcspn(begin, "\""), begin);
        sb_bytes_close(&out);
    }
    remove_dataset(&d);
    for (size_t i = 0; i < 6; i++)
        finds_in(GERMAN, (row_edit){unique[i].kind, 60, unique[i].field, EDIT_TEXT, 0, texts[i]},
                 unique[i].kind, 60, unique[i].field);
}

static void dangling_references_to_events_are_found(void **state)
{
    (void)state;
    finds((row_edit){SB_COMMUNICATIONS, 30, "reply_to", EDIT_SET, 1000000, NULL}, SB_COMMUNICATIONS,
          30, "reply_to");
    finds((row_edit){SB_COMMUNICATIONS, 31, "thread_id", EDIT_SET, 1000000, NULL},
          SB_COMMUNICATIONS, 31, "thread_id");
    finds((row_edit){SB_ENTRIES, 33, "transaction_id", EDIT_SET, 1000000, NULL}, SB_ENTRIES,
          UINT64_MAX, "transaction_id");
}

static void the_ledger_is_replayed(void **state)
{
    (void)state;
    static const char *const sums[] = {"closing_balance", "lowest_balance", "credit_total",
                                       "debit_total", "average_balance"};
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        finds((row_edit){SB_ACCOUNTS, 11, sums[i], EDIT_ADD, 1, NULL}, SB_ACCOUNTS, 11, sums[i]);
    finds((row_edit){SB_ACCOUNTS, 12, "opening_balance", EDIT_ADD, -1, NULL}, SB_ACCOUNTS, 12,
          "closing_balance");
    finds((row_edit){SB_ACCOUNTS, 1, "transaction_count", EDIT_ADD, 3, NULL}, SB_ACCOUNTS, 1, "");
    finds((row_edit){SB_ENTRIES, 50, "balance_after", EDIT_ADD, 1, NULL}, SB_ENTRIES, 50,
          "balance_after");
    finds((row_edit){SB_ENTRIES, 51, "amount", EDIT_ADD, 1, NULL}, SB_ENTRIES, 51, "amount");
    finds((row_edit){SB_ENTRIES, 52, "executed_at", EDIT_ADD, 1, NULL}, SB_ENTRIES, 52,
          "executed_at");
    finds((row_edit){SB_ENTRIES, 53, "currency", EDIT_TEXT, 0, "XXX"}, SB_ENTRIES, 53, "currency");
    /* A transaction that is taken back in silence leaves its accounts wrong. */
    for (uint64_t row = 200; row < 203; row++)
        finds((row_edit){SB_TRANSACTIONS, row, "amount", EDIT_ADD, 1, NULL}, SB_TRANSACTIONS, row,
              "to_amount");
}

/* ---- files ---------------------------------------------------------------------------------- */

static void damaged_files_are_damaged(void **state)
{
    (void)state;
    dataset_files d;
    char path[256];
    sb_error err;
    sb_verify_result result;
    struct stat info;
    make_dataset(&d, SMALL, false, (row_edit){0});
    kind_file_path(&d, "persons", path);
    FILE *file = fopen(path, "r+b");
    assert_int_equal(fseek(file, 20000, SEEK_SET), 0);
    int byte = getc(file);
    assert_int_equal(fseek(file, 20000, SEEK_SET), 0);
    (void)putc(byte ^ 0x10, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(verify(d.dir, 0, &result, &err), SB_EDAMAGED);
    assert_non_null(strstr(err.text, "persons.msgpack.zst"));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(truncate(path, info.st_size - 10), 0);
    assert_int_equal(verify(d.dir, 0, &result, &err), SB_EDAMAGED);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(verify(d.dir, 0, &result, &err), SB_EDAMAGED);
    remove_dataset(&d);
}

/* A manifest of another run of the same rows, or one that was touched, does not fit. */
static void manifests_must_agree(void **state)
{
    (void)state;
    static const char *const members[] = {"rows", "bytes", "raw_bytes"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        dataset_files d;
        char path[256];
        sb_error err;
        sb_verify_result result;
        make_dataset(&d, SMALL, false, (row_edit){0});
        (void)snprintf(path, sizeof path, "%s/manifest.json", d.dir);
        json_t *json = json_load_file(path, 0, NULL);
        json_t *kind = json_object_get(json_object_get(json, "kinds"), "accounts");
        json_object_set_new(
            kind, members[i],
            json_integer(json_integer_value(json_object_get(kind, members[i])) + 1));
        assert_int_equal(json_dump_file(json, path, 0), 0);
        json_decref(json);
        sb_status status = verify(d.dir, 0, &result, &err);
        assert_true(status == SB_EWRONG);
        assert_non_null(strstr(err.text, members[i]));
        remove_dataset(&d);
    }
}

static void options_without_effect_are_refused(void **state)
{
    (void)state;
    sb_verify_result result;
    sb_verify_options one = {.one_shard = true}, some = {.sample = 3};
    assert_int_equal(sb_verify_independent("/tmp", &one, &result, NULL), SB_EUSAGE);
    assert_int_equal(sb_verify_independent("/tmp", &some, &result, NULL), SB_EUSAGE);
    assert_int_equal(verify("/nowhere/at/all", 0, &result, NULL), SB_EUSAGE);
}

static void it_stops_when_asked(void **state)
{
    (void)state;
    const volatile int stop = 1;
    dataset_files d;
    sb_verify_result result;
    make_dataset(&d, SMALL, false, (row_edit){0});
    sb_verify_options options = {.run = {.stop = &stop, .progress = SB_SHOW_PROGRESS_NEVER}};
    assert_int_equal(sb_verify_independent(d.dir, &options, &result, NULL), SB_ESTOPPED);
    remove_dataset(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dataset_holds),
        cmocka_unit_test(parts_hold),
        cmocka_unit_test(odd_datasets_hold),
        cmocka_unit_test(wrong_rows_are_named),
        cmocka_unit_test(wrong_fields_are_named),
        cmocka_unit_test(links_are_followed),
        cmocka_unit_test(order_is_checked),
        cmocka_unit_test(repeated_keys_are_found),
        cmocka_unit_test(repeated_texts_are_found),
        cmocka_unit_test(dangling_references_to_events_are_found),
        cmocka_unit_test(the_ledger_is_replayed),
        cmocka_unit_test(damaged_files_are_damaged),
        cmocka_unit_test(manifests_must_agree),
        cmocka_unit_test(options_without_effect_are_refused),
        cmocka_unit_test(it_stops_when_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
