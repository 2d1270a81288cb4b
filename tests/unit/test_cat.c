#include "tests/unit/dataset_files.h"

#define SPEC                                                                             \
    "entities=100k seed=7 entries=true devices=2500 logins=3000 trades=2500 trips=1500 " \
    "documents=1200 relationships=2500"

static dataset_files merged, parts;

static int set_up(void **state)
{
    (void)state;
    make_dataset(&merged, SPEC, false, (row_edit){0});
    make_dataset(&parts, SPEC, true, (row_edit){0});
    assert_true(parts.kinds[SB_ENTRIES].part_count > 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    remove_dataset(&merged);
    remove_dataset(&parts);
    return 0;
}

/* ---- helpers -------------------------------------------------------------------------------- */

/* Of a path, or of the spec where it is NULL. */
static sb_status cat(const char *path, const sb_cat_options *options, sb_bytes *out, sb_error *err)
{
    out->length = 0;
    return path != NULL ? sb_cat_path(path, options, take_text, out, err)
                        : sb_cat_spec(merged.spec, options, take_text, out, err);
}

/* The same from the directory, its parts and the spec; the text is left in `out`. */
static void cat_alike(const sb_cat_options *options, sb_bytes *out)
{
    sb_bytes other = {0};
    sb_error err;
    assert_int_equal(cat(NULL, options, out, &err), SB_OK);
    const char *const dirs[] = {merged.dir, parts.dir};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(cat(dirs[i], options, &other, &err), SB_OK);
        assert_int_equal(other.length, out->length);
        if (out->length > 0)
            assert_memory_equal(other.data, out->data, out->length);
    }
    sb_bytes_close(&other);
}

/* Refused by the directory and by the spec, with a word in the sentence. */
static void refused(const sb_cat_options *options, const char *word)
{
    sb_bytes out = {0};
    sb_error err;
    assert_int_equal(cat(merged.dir, options, &out, &err), SB_EUSAGE);
    assert_non_null(strstr(err.text, word));
    assert_int_equal(cat(NULL, options, &out, &err), SB_EUSAGE);
    assert_non_null(strstr(err.text, word));
    sb_bytes_close(&out);
}

static uint64_t rows_of(sb_kind kind)
{
    return merged.kinds[kind].rows;
}

/* An integer member of the first line of NDJSON. */
static int64_t member(const sb_bytes *text, const char *name)
{
    json_t *row = json_loadb((const char *)text->data, text->length, JSON_DISABLE_EOF_CHECK, NULL);
    assert_non_null(row);
    int64_t value = json_integer_value(json_object_get(row, name));
    json_decref(row);
    return value;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void files_and_spec_print_alike(void **state)
{
    (void)state;
    sb_bytes out = {0};
    uint64_t rows = 0;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        rows += rows_of((sb_kind)kind);
    cat_alike(&(sb_cat_options){0}, &out);
    assert_int_equal(count_lines(&out), rows);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        sb_cat_options options = {
            .kind = sb_kind_name((sb_kind)kind), .format = SB_PRINT_NDJSON, .raw = true};
        cat_alike(&options, &out);
        assert_int_equal(count_lines(&out), rows_of((sb_kind)kind));
    }
    sb_bytes_close(&out);
}

static void csv_has_one_header_line(void **state)
{
    (void)state;
    sb_bytes out = {0};
    sb_cat_options options = {.kind = "accounts", .format = SB_PRINT_CSV, .derived = true};
    cat_alike(&options, &out);
    assert_int_equal(count_lines(&out), rows_of(SB_ACCOUNTS) + 1);
    assert_memory_equal(out.data, "id,account_number,", 18);
    options.format = SB_PRINT_TSV;
    cat_alike(&options, &out);
    assert_memory_equal(out.data, "id\taccount_number\t", 18);
    sb_bytes_close(&out);
}

static void a_range_is_a_piece_of_the_whole(void **state)
{
    (void)state;
    sb_bytes all = {0}, out = {0};
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        uint64_t rows = rows_of((sb_kind)kind);
        sb_cat_options options = {.kind = sb_kind_name((sb_kind)kind)};
        cat_alike(&options, &all);
        const uint64_t ranges[][2] = {
            {0, 0}, {0, 1}, {rows / 2, rows / 2 + 40}, {rows - 1, rows}, {rows, rows}};
        for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
            options.range_given = true;
            options.first_row = ranges[i][0];
            options.end_row = ranges[i][1];
            cat_alike(&options, &out);
            assert_int_equal(count_lines(&out), ranges[i][1] - ranges[i][0]);
            if (out.length > 0)
                assert_non_null(memmem(all.data, all.length, out.data, out.length));
        }
        options.end_row = rows + 1;
        refused(&options, "rows 0:");
        options.first_row = rows + 2;
        refused(&options, "the end is before the beginning");
    }
    sb_bytes_close(&all);
    sb_bytes_close(&out);
}

static void head_stops(void **state)
{
    (void)state;
    sb_bytes out = {0};
    const uint64_t heads[] = {0, 1, 3, 100000000};
    for (size_t i = 0; i < 4; i++) {
        sb_cat_options options = {.kind = "persons", .head_given = true, .head = heads[i]};
        cat_alike(&options, &out);
        assert_int_equal(count_lines(&out),
                         heads[i] < rows_of(SB_PERSONS) ? heads[i] : rows_of(SB_PERSONS));
    }
    cat_alike(&(sb_cat_options){.head_given = true, .head = rows_of(SB_PERSONS) + 5}, &out);
    assert_int_equal(count_lines(&out), rows_of(SB_PERSONS) + 5); /* on into the next kind */
    sb_bytes_close(&out);
}

/* ---- ids ------------------------------------------------------------------------------------ */

static void an_id_finds_its_row(void **state)
{
    (void)state;
    sb_bytes out = {0};
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        char id[32], uid[48];
        uint64_t row = rows_of((sb_kind)kind) * 3 / 4;
        if (kind == SB_ENTRIES)
            continue;
        sb_cat_options options = {.kind = sb_kind_name((sb_kind)kind),
                                  .range_given = true,
                                  .first_row = row,
                                  .end_row = row + 1};
        cat_alike(&options, &out);
        (void)snprintf(id, sizeof id, "%lld", (long long)member(&out, "id"));
        (void)snprintf(uid, sizeof uid, "%c%s", sb_kind_letter((sb_kind)kind), id);
        size_t length = out.length;
        cat_alike(&(sb_cat_options){.kind = options.kind, .id = id}, &out);
        assert_int_equal(out.length, length);
        cat_alike(&(sb_cat_options){.id = uid}, &out); /* names the kind by itself */
        assert_int_equal(out.length, length);
    }
    sb_bytes_close(&out);
}

static void wrong_ids_are_refused(void **state)
{
    (void)state;
    refused(&(sb_cat_options){.kind = "persons", .id = "A7"}, "begin with P");
    refused(&(sb_cat_options){.kind = "persons", .id = "99999999"}, "no such row");
    refused(&(sb_cat_options){.kind = "transactions", .id = "99999999999"}, "no such row");
    refused(&(sb_cat_options){.kind = "transactions", .id = "x"}, "no id");
    refused(&(sb_cat_options){.kind = "entries", .id = "1"}, "--where");
    refused(&(sb_cat_options){.id = "1"}, "--kind");
    refused(&(sb_cat_options){.kind = "persons", .id = "1", .range_given = true, .end_row = 1},
            "--rows");
}

/* ---- conditions ----------------------------------------------------------------------------- */

static void conditions_match_either_form(void **state)
{
    (void)state;
    const char *printed[] = {"date_of_birth=", "gender=female"}, *raw[] = {"date_of_birth="};
    char text[64], number[64];
    sb_bytes out = {0};
    cat_alike(&(sb_cat_options){.kind = "persons", .raw = true, .head_given = true, .head = 1},
              &out);
    int64_t days = member(&out, "date_of_birth");
    int year, month, day;
    sb_civil_from_days((int32_t)days, &year, &month, &day);
    (void)snprintf(text, sizeof text, "date_of_birth=%04d-%02d-%02d", year, month, day);
    (void)snprintf(number, sizeof number, "date_of_birth=%lld", (long long)days);
    printed[0] = text;
    raw[0] = number;
    cat_alike(&(sb_cat_options){.kind = "persons", .where = printed, .where_count = 1}, &out);
    size_t length = out.length;
    assert_true(length > 0);
    cat_alike(&(sb_cat_options){.kind = "persons", .where = raw, .where_count = 1}, &out);
    assert_int_equal(out.length, length);
    cat_alike(&(sb_cat_options){.kind = "persons", .where = printed, .where_count = 2}, &out);
    assert_true(out.length <= length);
    sb_bytes_close(&out);
}

static void unknown_fields_are_refused(void **state)
{
    (void)state;
    const char *unknown[] = {"shoe_size=44"}, *bare[] = {"gender"}, *partly[] = {"gender=male"};
    refused(&(sb_cat_options){.kind = "persons", .where = unknown, .where_count = 1}, "shoe_size");
    refused(&(sb_cat_options){.kind = "persons", .where = bare, .where_count = 1}, "field=value");
    refused(&(sb_cat_options){.where = partly, .where_count = 1}, "companies");
}

/* ---- what is refused ------------------------------------------------------------------------ */

static void several_kinds_are_ndjson_only(void **state)
{
    (void)state;
    refused(&(sb_cat_options){.format = SB_PRINT_CSV}, "--kind");
    refused(&(sb_cat_options){.format = SB_PRINT_TSV}, "--kind");
    refused(&(sb_cat_options){.range_given = true, .end_row = 1}, "--kind");
    refused(&(sb_cat_options){.kind = "ducks"}, "ducks");
}

/* Kinds that a dataset has only when told to: a spec without them has none to print, and says which
 * option adds them. */
static void optional_kinds_must_be_asked_for(void **state)
{
    (void)state;
    static const sb_kind kinds[] = {SB_ENTRIES, SB_DEVICES,   SB_LOGINS,       SB_TRADES,
                                    SB_TRIPS,   SB_DOCUMENTS, SB_RELATIONSHIPS};
    sb_bytes out = {0};
    sb_spec *spec = make_test_spec("entities=1k");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        sb_error err;
        char option[64];
        sb_cat_options options = {.kind = sb_kind_name(kinds[i])};
        (void)snprintf(option, sizeof option, "--%s", options.kind);
        assert_false(sb_spec_has(spec, kinds[i]));
        assert_int_equal(sb_cat_spec(spec, &options, take_text, &out, &err), SB_EUSAGE);
        assert_non_null(strstr(err.text, option));
    }
    sb_spec_close(spec);
    sb_bytes_close(&out);
}

static void a_file_prints_its_own_rows(void **state)
{
    (void)state;
    char path[256];
    sb_bytes out = {0}, all = {0};
    sb_error err;
    (void)snprintf(path, sizeof path, "%s/accounts/part-00000.msgpack.zst", parts.dir);
    assert_int_equal(cat(path, &(sb_cat_options){0}, &out, &err), SB_OK);
    assert_true(count_lines(&out) > 0);
    cat_alike(&(sb_cat_options){.kind = "accounts"}, &all);
    assert_memory_equal(all.data, out.data, out.length);
    assert_int_equal(cat(path, &(sb_cat_options){.kind = "persons"}, &out, &err), SB_EUSAGE);
    assert_int_equal(cat("/nowhere/at/all", &(sb_cat_options){0}, &out, &err), SB_EUSAGE);
    assert_int_equal(cat("/usr", &(sb_cat_options){0}, &out, &err), SB_EDAMAGED);
    sb_bytes_close(&out);
    sb_bytes_close(&all);
}

static sb_status take_nothing(void *user, const char *text, size_t text_bytes, sb_error *err)
{
    (void)text;
    (void)text_bytes;
    ++*(int *)user;
    return sb_fail(err, SB_EIO, "the pipe is closed");
}

static void a_taker_that_fails_stops_it(void **state)
{
    (void)state;
    int calls = 0;
    sb_error err;
    assert_int_equal(sb_cat_path(merged.dir, &(sb_cat_options){0}, take_nothing, &calls, &err),
                     SB_EIO);
    assert_int_equal(calls, 1);
    assert_string_equal(err.text, "the pipe is closed");
    calls = 0;
    assert_int_equal(sb_cat_spec(merged.spec, &(sb_cat_options){0}, take_nothing, &calls, &err),
                     SB_EIO);
    assert_int_equal(calls, 1);
}

/* ---- info ----------------------------------------------------------------------------------- */

static json_t *info_json(const char *path, sb_info_what what, const char *kind)
{
    sb_bytes out = {0};
    sb_error err;
    assert_int_equal(sb_info(path, what, kind, true, take_text, &out, &err), SB_OK);
    json_t *json = json_loadb((const char *)out.data, out.length, 0, NULL);
    assert_non_null(json);
    sb_bytes_close(&out);
    return json;
}

static void schemas_of_files_are_the_programs(void **state)
{
    (void)state;
    json_t *own = info_json(NULL, SB_INFO_SCHEMA, NULL),
           *theirs = info_json(merged.dir, SB_INFO_SCHEMA, NULL);
    assert_int_equal(json_object_size(own), SB_KIND_COUNT);
    assert_true(json_equal(own, theirs));
    json_decref(own);
    json_decref(theirs);
}

static void digests_of_files_are_the_manifests(void **state)
{
    (void)state;
    json_t *all = info_json(merged.dir, SB_INFO_DIGEST, NULL),
           *of_parts = info_json(parts.dir, SB_INFO_DIGEST, NULL);
    assert_true(json_equal(all, of_parts));
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        char path[256];
        (void)snprintf(path, sizeof path, "%s/%s.msgpack.zst", merged.dir,
                       sb_kind_name((sb_kind)kind));
        json_t *one = info_json(path, SB_INFO_DIGEST, NULL);
        assert_true(json_equal(json_object_get(one, sb_kind_name((sb_kind)kind)),
                               json_object_get(all, sb_kind_name((sb_kind)kind))));
        json_decref(one);
    }
    json_decref(all);
    json_decref(of_parts);
}

static void info_answers_in_text_and_json(void **state)
{
    (void)state;
    static const sb_info_what whats[] = {SB_INFO_SUMMARY, SB_INFO_SCHEMA, SB_INFO_DIGEST,
                                         SB_INFO_LOCALES};
    char file[256];
    (void)snprintf(file, sizeof file, "%s/entries.msgpack.zst", merged.dir);
    const char *const paths[] = {merged.dir, parts.dir, file};
    for (size_t what = 0; what < 4; what++)
        for (size_t path = 0; path < 3; path++) {
            sb_bytes out = {0};
            assert_int_equal(sb_info(paths[path], whats[what], NULL, false, take_text, &out, NULL),
                             SB_OK);
            assert_true(out.length > 0 && out.data[out.length - 1] == '\n');
            sb_bytes_close(&out);
            json_decref(info_json(paths[path], whats[what], NULL));
        }
}

static void info_refuses_what_is_not_there(void **state)
{
    (void)state;
    sb_bytes out = {0};
    sb_error err;
    assert_int_equal(sb_info(merged.dir, SB_INFO_RUN, NULL, false, take_text, &out, &err),
                     SB_EUSAGE);
    assert_non_null(strstr(err.text, "run.json"));
    assert_int_equal(sb_info(NULL, SB_INFO_SUMMARY, NULL, false, take_text, &out, &err), SB_EUSAGE);
    assert_int_equal(sb_info(NULL, SB_INFO_SCHEMA, "ducks", false, take_text, &out, &err),
                     SB_EUSAGE);
    assert_int_equal(sb_info(merged.dir, SB_INFO_DIGEST, "ducks", false, take_text, &out, &err),
                     SB_EUSAGE);
    sb_bytes_close(&out);
}

/* ---- specs of paths ------------------------------------------------------------------------- */

static void a_path_gives_its_spec(void **state)
{
    (void)state;
    static const char *const names[] = {"", "/manifest.json", "/persons.msgpack.zst"};
    for (int i = 0; i < 3; i++) {
        char path[256];
        sb_spec *spec;
        (void)snprintf(path, sizeof path, "%s%s", merged.dir, names[i]);
        assert_int_equal(sb_spec_of_path(path, NULL, &spec, NULL), SB_OK);
        assert_string_equal(sb_spec_dataset(spec), sb_spec_dataset(merged.spec));
        sb_spec_close(spec);
    }
    assert_string_equal(sb_kind_by_index(0), "persons");
    assert_null(sb_kind_by_index(SB_KIND_COUNT));
}

/* ---- damage --------------------------------------------------------------------------------- */

static void read_file(const char *path, sb_bytes *out)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size_t byte_count = (size_t)ftell(file);
    rewind(file);
    assert_int_equal(sb_bytes_reserve(out, byte_count, NULL), SB_OK);
    out->length = fread(out->data, 1, byte_count, file);
    assert_int_equal(out->length, byte_count);
    assert_int_equal(fclose(file), 0);
}

/* A row index that lies is found by who prints whole frames as by who looks at single rows. */
static void a_row_index_that_lies_is_noticed(void **state)
{
    (void)state;
    char good[256], path[256];
    sb_bytes file = {0}, out = {0};
    sb_reader *reader;
    (void)snprintf(good, sizeof good, "%s/transactions.msgpack.zst", merged.dir);
    (void)snprintf(path, sizeof path, "%s/lying.msgpack.zst", parts.dir);
    assert_int_equal(sb_reader_open(good, &reader, NULL), SB_OK);
    uint64_t row = sb_reader_frame_place(reader, 1).first_row;
    size_t index = (size_t)sb_reader_data_end(reader);
    assert_in_range(row, 0x0101, 0xfffe); /* two bytes behind 0xcd */
    sb_reader_close(reader);
    read_file(good, &file);
    const uint8_t first_row[] = {0xcd, (uint8_t)(row >> 8), (uint8_t)row};
    uint8_t *at = memmem(file.data + index, file.length - index, first_row, sizeof first_row);
    assert_non_null(at);
    for (int off = -1; off <= 1; off++) {
        sb_error whole = {0}, each = {0};
        sb_status expected = off == 0 ? SB_OK : SB_EDAMAGED;
        uint64_t told = row + (uint64_t)off;
        at[1] = (uint8_t)(told >> 8);
        at[2] = (uint8_t)told;
        FILE *lying = fopen(path, "wb");
        assert_non_null(lying);
        write_bytes(lying, &file);
        assert_int_equal(fclose(lying), 0);
        sb_cat_options options = {.head_given = true, .head = UINT64_MAX};
        assert_int_equal(cat(path, &options, &out, &each), expected);
        assert_int_equal(cat(path, &(sb_cat_options){0}, &out, &whole), expected);
        assert_string_equal(whole.text, each.text);
    }
    (void)unlink(path);
    sb_bytes_close(&file);
    sb_bytes_close(&out);
}

static void foreign_manifests_are_damaged(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "{", "[]", "{\"format\":\"other\"}",
                                        "{\n\"format\":\"seedbank-manifest\",\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char dir[] = "/tmp/seedbank-test-foreign-XXXXXX", path[256];
        sb_spec *spec;
        sb_error err;
        assert_non_null(mkdtemp(dir));
        (void)snprintf(path, sizeof path, "%s/manifest.json", dir);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        (void)fputs(texts[i], file);
        (void)fclose(file);
        assert_int_equal(sb_spec_of_path(dir, NULL, &spec, &err), SB_EDAMAGED);
        assert_non_null(strstr(err.text, "manifest.json"));
        remove_tree(dir);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_and_spec_print_alike),
        cmocka_unit_test(csv_has_one_header_line),
        cmocka_unit_test(a_range_is_a_piece_of_the_whole),
        cmocka_unit_test(head_stops),
        cmocka_unit_test(an_id_finds_its_row),
        cmocka_unit_test(wrong_ids_are_refused),
        cmocka_unit_test(conditions_match_either_form),
        cmocka_unit_test(unknown_fields_are_refused),
        cmocka_unit_test(several_kinds_are_ndjson_only),
        cmocka_unit_test(optional_kinds_must_be_asked_for),
        cmocka_unit_test(a_file_prints_its_own_rows),
        cmocka_unit_test(a_taker_that_fails_stops_it),
        cmocka_unit_test(schemas_of_files_are_the_programs),
        cmocka_unit_test(digests_of_files_are_the_manifests),
        cmocka_unit_test(info_answers_in_text_and_json),
        cmocka_unit_test(info_refuses_what_is_not_there),
        cmocka_unit_test(a_path_gives_its_spec),
        cmocka_unit_test(a_row_index_that_lies_is_noticed),
        cmocka_unit_test(foreign_manifests_are_damaged),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
