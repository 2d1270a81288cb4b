#include "workers/independent.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "workers/independent_internal.h"

#define MEMORY_DEFAULT (UINT64_C(1) << 30)

/* ---- keys: what must be unique, and what must exist ----------------------------------------- */

sb_status sb_item_add(sb_item_set *set, sb_item one, sb_error *err)
{
    if (set->count == set->capacity) {
        size_t capacity = set->capacity == 0 ? 4096 : set->capacity + set->capacity / 2;
        sb_item *items = realloc(set->items, capacity * sizeof *items);
        if (items == NULL)
            return sb_fail(err, SB_ENOMEM,
                           "no memory to check %s: give --memory less, for more passes",
                           set->field);
        set->items = items;
        set->capacity = capacity;
    }
    set->items[set->count++] = one;
    return SB_OK;
}

static bool is_before(const sb_item *a, const sb_item *b)
{
    return a->key != b->key       ? a->key < b->key
           : a->check != b->check ? a->check < b->check
                                  : a->row < b->row;
}

static void insertion_sort(sb_item *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        sb_item one = items[i];
        size_t at = i;
        for (; at > 0 && is_before(&one, &items[at - 1]); at--)
            items[at] = items[at - 1];
        items[at] = one;
    }
}

/* Keys are even, so a bucket for every eight items and an insertion sort in each are linear. */
sb_status sb_items_sort(sb_item_set *set, sb_error *err)
{
    int bits = 0;
    while (bits < 28 && ((size_t)8 << bits) < set->count)
        bits++;
    size_t buckets = (size_t)1 << bits;
    size_t *ends = calloc(buckets + 1, sizeof *ends);
    sb_item *sorted = malloc((set->count + 1) * sizeof *sorted);
    if (ends == NULL || sorted == NULL) {
        free(ends);
        free(sorted);
        return sb_fail(err, SB_ENOMEM, "no memory to check %s: give --memory less, for more passes",
                       set->field);
    }
    for (size_t i = 0; i < set->count; i++)
        ends[(bits > 0 ? set->items[i].key >> (64 - bits) : 0) + 1]++;
    for (size_t b = 0; b < buckets; b++)
        ends[b + 1] += ends[b];
    for (size_t i = 0; i < set->count;
         i++) /* ends[b] is where bucket b goes on, and in the end its end */
        sorted[ends[bits > 0 ? set->items[i].key >> (64 - bits) : 0]++] = set->items[i];
    for (size_t b = 0; b < buckets; b++) {
        size_t begin = b > 0 ? ends[b - 1] : 0;
        insertion_sort(sorted + begin, ends[b] - begin);
    }
    free(ends);
    free(set->items);
    set->items = sorted;
    set->capacity = set->count + 1;
    return SB_OK;
}

/* Both sorted: walks them side by side. */
const sb_item *sb_items_dangling(const sb_item_set *those, const sb_item_set *references)
{
    size_t at = 0;
    const sb_item *worst = NULL;
    for (size_t i = 0; i < references->count; i++) {
        const sb_item *one = &references->items[i];
        while (at < those->count &&
               (those->items[at].key < one->key ||
                (those->items[at].key == one->key && those->items[at].check < one->check)))
            at++;
        bool found = at < those->count && those->items[at].key == one->key &&
                     those->items[at].check == one->check;
        if (!found && (worst == NULL || one->row < worst->row))
            worst = one;
    }
    return worst;
}

/* ---- a row taken apart ---------------------------------------------------------------------- */

sb_status sb_scan_wrong(const sb_scan *s, const char *field, const char *format, ...)
{
    char what[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return sb_fail(s->all->err, SB_EWRONG, "%s: row %" PRIu64 ": %s: %s", s->kind, s->row, field,
                   what);
}

/* Finds the end of the row that begins at s->bytes and, on the way, its values; of an array what
 * follows its head. SB_EWRONG when it is no row of the record. */
static sb_status take_apart(sb_scan *s, const uint8_t *end)
{
    sb_cursor cursor = {s->bytes, end};
    sb_value head;
    size_t count = s->record->field_count;
    bool whole =
        sb_cursor_next(&cursor, &head) && head.kind == SB_VALUE_ARRAY && head.count == count;
    for (size_t i = 0; i < count && whole; i++) {
        sb_value *value = &s->values[i];
        s->begins[i] = cursor.at;
        whole = sb_cursor_next(&cursor, value);
        if (whole && (value->kind == SB_VALUE_ARRAY || value->kind == SB_VALUE_MAP)) {
            value->bytes = cursor.at;
            cursor.at = s->begins[i];
            whole = sb_cursor_skip(&cursor);
        }
    }
    s->row_bytes = (size_t)(cursor.at - s->bytes);
    if (whole)
        return SB_OK;
    return sb_fail(s->all->err, SB_EWRONG, "%s: row %" PRIu64 ": no row of %zu values", s->kind,
                   s->row, count);
}

const sb_value *sb_scan_value(const sb_scan *s, const char *name)
{
    static const sb_value nothing = {.kind = SB_VALUE_NIL};
    int index = sb_record_find(s->record, name);
    return index >= 0 && index < SB_SCAN_FIELDS_MAX ? &s->values[index] : &nothing;
}

sb_status sb_scan_field(const sb_scan *s, const char *name, int *out)
{
    *out = sb_record_find(s->record, name);
    if (*out >= 0 && *out < SB_SCAN_FIELDS_MAX)
        return SB_OK;
    return sb_fail(s->all->err, SB_EDAMAGED, "%s: no field %s, which the check needs", s->path,
                   name);
}

void sb_record_read(sb_cursor *cursor, sb_value *values, uint32_t count)
{
    sb_value head = {.kind = SB_VALUE_NIL}, beyond;
    bool whole = sb_cursor_next(cursor, &head) && head.kind == SB_VALUE_ARRAY;
    uint32_t there = whole ? head.count : 0;
    for (uint32_t i = 0; i < count; i++)
        values[i] = (sb_value){.kind = SB_VALUE_NIL};
    for (uint32_t i = 0; i < there && whole; i++)
        whole = sb_cursor_next(cursor, i < count ? &values[i] : &beyond);
}

bool sb_kind_is_dense(sb_kind kind)
{
    return kind == SB_PERSONS || kind == SB_COMPANIES || kind == SB_ACCOUNTS ||
           kind == SB_DEVICES || kind == SB_RELATIONSHIPS;
}

/* ---- reading all rows of a kind ------------------------------------------------------------- */

static sb_status scan_rows(sb_scan *s, const uint8_t *rows, size_t raw_bytes, uint32_t row_count,
                           sb_row_taker *take, void *user)
{
    const uint8_t *end = rows + raw_bytes;
    uint32_t taken = 0;
    for (; rows < end; taken++, s->row++) {
        s->bytes = rows;
        SB_TRY(take_apart(s, end));
        SB_TRY(take(s, user));
        rows += s->row_bytes;
    }
    if (taken != row_count)
        return sb_fail(s->all->err, SB_EWRONG,
                       "%s: %s: a frame before row %" PRIu64 " holds %" PRIu32
                       " rows, its index says %" PRIu32,
                       s->kind, s->path, s->row, taken, row_count);
    return SB_OK;
}

/* The frame unpacked last. Its rows are held against the file's index only where something is
 * wrong: what the index would have said first is what is told. */
static sb_status scan_frame(sb_scan *s, const sb_reader *reader, uint64_t frame,
                            const uint8_t *rows, size_t raw_bytes, sb_row_taker *take, void *user)
{
    uint32_t row_count = sb_reader_frame_place(reader, frame).row_count;
    sb_status status = scan_rows(s, rows, raw_bytes, row_count, take, user);
    sb_error damage = {0};
    if (status == SB_OK || sb_reader_check_rows(reader, frame, &damage) == SB_OK)
        return status;
    return sb_fail(s->all->err, SB_EDAMAGED, "%s", damage.text);
}

static sb_status stop_asked(const sb_check *all)
{
    if (all->options->run.stop != NULL && *all->options->run.stop != 0)
        return sb_fail(all->err, SB_ESTOPPED, "stopped before everything was checked");
    return SB_OK;
}

/* The frames that hold rows [begin, end). `digest` (may be NULL) takes the raw bytes. */
static sb_status scan_reader(sb_scan *s, sb_reader *reader, uint64_t begin, uint64_t end,
                             sb_raw_digest *digest, sb_row_taker *take, void *user)
{
    uint64_t count = sb_reader_frame_count(reader), base = s->base_row;
    uint64_t first = base + sb_reader_first_row(reader), frame = 0;
    if (begin > first)
        frame = sb_reader_frame_find(reader, begin - base);
    for (; frame < count; frame++) {
        const uint8_t *rows;
        size_t raw_bytes;
        sb_frame_place place = sb_reader_frame_place(reader, frame);
        if (base + place.first_row >= end)
            break;
        SB_TRY(stop_asked(s->all));
        SB_TRY(sb_reader_unpack(reader, frame, &rows, &raw_bytes, s->all->err));
        if (digest != NULL)
            sb_raw_digest_add(digest, rows, raw_bytes);
        s->row = base + place.first_row;
        SB_TRY(scan_frame(s, reader, frame, rows, raw_bytes, take, user));
        s->all->rows_read += place.row_count;
        s->all->raw_bytes += raw_bytes;
        if (s->all->progress != NULL)
            sb_progress_update(s->all->progress, s->all->rows_read, s->all->raw_bytes);
    }
    return SB_OK;
}

static uint64_t manifest_rows(const sb_check *all, const char *kind)
{
    return (uint64_t)json_integer_value(
        json_object_get(json_object_get(all->dir.kinds, kind), "rows"));
}

/* Parts of a kind whose rows were not known beforehand count their own from 0. */
static sb_status check_header(sb_scan *s, const sb_reader *reader, uint64_t first_row)
{
    const sb_file_header *header = sb_reader_header(reader);
    const sb_dataset_dir *dir = &s->all->dir;
    bool unknown = header->row_count == SB_ROWS_UNKNOWN;
    uint64_t first = sb_reader_first_row(reader);
    const char *what = strcmp(header->kind, s->kind) != 0                                ? "kind"
                       : strcmp(header->dataset, dir->dataset) != 0                      ? "dataset"
                       : !json_equal(header->spec, dir->spec)                            ? "spec"
                       : !unknown && header->row_count != manifest_rows(s->all, s->kind) ? "rows"
                                                                                         : NULL;
    if (what != NULL)
        return sb_fail(s->all->err, SB_EWRONG, "%s: header and manifest do not agree on \"%s\"",
                       s->path, what);
    if (first != first_row && !(unknown && first == 0))
        return sb_fail(s->all->err, SB_EWRONG,
                       "%s: begins with row %" PRIu64 ", but %" PRIu64 " is next", s->path, first,
                       first_row);
    s->base_row = first_row - first;
    return SB_OK;
}

/* The fields stand where this release's schema says, so they can be found by place. */
static sb_status check_schema(const sb_scan *s)
{
    const sb_record *own = sb_schema(s->number), *theirs = s->record;
    bool same = theirs->field_count == own->field_count && own->field_count <= SB_SCAN_FIELDS_MAX;
    for (size_t i = 0; same && i < own->field_count; i++)
        same = strcmp(theirs->fields[i].name, own->fields[i].name) == 0 &&
               theirs->fields[i].type == own->fields[i].type;
    return same ? SB_OK
                : sb_fail(s->all->err, SB_EWRONG,
                          "%s: its fields are not those of this release's %s", s->path, s->kind);
}

static sb_status scan_file(sb_scan *s, const char *path, uint64_t *next_row, uint64_t begin,
                           uint64_t end, sb_receipt *of, sb_row_taker *take, void *user)
{
    sb_reader *reader;
    struct stat info;
    uint64_t raw_before = s->all->raw_bytes;
    s->path = path;
    SB_TRY(sb_reader_open(path, &reader, s->all->err));
    s->record = sb_reader_header(reader)->record;
    sb_status status = check_header(s, reader, *next_row);
    if (status == SB_OK)
        status = check_schema(s);
    if (status == SB_OK && *next_row<end && * next_row + sb_reader_row_count(reader)> begin)
        status = scan_reader(s, reader, begin, end, of != NULL ? &of->digest : NULL, take, user);
    *next_row += sb_reader_row_count(reader);
    sb_reader_close(reader);
    if (of != NULL && stat(path, &info) == 0) {
        of->file_bytes += (uint64_t)info.st_size;
        of->raw_bytes += s->all->raw_bytes - raw_before;
    }
    return status;
}

sb_status sb_scan_kind(sb_check *all, const char *kind, uint64_t begin, uint64_t end,
                       sb_receipt *of, sb_row_taker *take, void *user)
{
    sb_scan s = {.all = all, .kind = kind, .number = sb_kind_find(kind)};
    sb_file_list files;
    uint64_t next_row = 0;
    SB_TRY(sb_dataset_dir_files(&all->dir, kind, &files, all->err));
    sb_status status = SB_OK;
    for (size_t i = 0; i < files.count && status == SB_OK; i++)
        status = scan_file(&s, files.paths[i], &next_row, begin, end, of, take, user);
    sb_file_list_close(&files);
    SB_TRY(status);
    if (next_row != manifest_rows(all, kind))
        return sb_fail(all->err, SB_EWRONG, "%s: its files hold %" PRIu64 " of %" PRIu64 " rows",
                       kind, next_row, manifest_rows(all, kind));
    return SB_OK;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void read_manifest(sb_check *all)
{
    int32_t start = 0, end = 0;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        const json_t *entry = json_object_get(all->dir.kinds, sb_kind_name((sb_kind)kind));
        all->rows[kind] = entry == NULL
                              ? SB_NO_ROWS
                              : (uint64_t)json_integer_value(json_object_get(entry, "rows"));
    }
    if (sb_spec_json_days(all->dir.spec, "start", &start) &&
        sb_spec_json_days(all->dir.spec, "end", &end)) {
        all->start_ms = (int64_t)start * SB_DAY_MS;
        all->end_ms = (int64_t)end * SB_DAY_MS;
    }
}

static sb_status open_counts(sb_check *all)
{
    uint64_t accounts = all->rows[SB_ACCOUNTS] == SB_NO_ROWS ? 0 : all->rows[SB_ACCOUNTS];
    all->account_block = accounts / SB_LEG_COUNTERS + 1;
    all->leg_counts = calloc(SB_LEG_COUNTERS, sizeof *all->leg_counts);
    return all->leg_counts != NULL
               ? SB_OK
               : sb_fail(all->err, SB_ENOMEM, "no memory to count transactions");
}

static sb_status check_dataset(sb_check *all)
{
    const char *name;
    json_t *value;
    read_manifest(all);
    SB_TRY(open_counts(all));
    json_object_foreach((json_t *)(uintptr_t)all->dir.kinds, name, value)
        SB_TRY(sb_check_kind(all, name));
    SB_TRY(sb_check_links(all));
    return sb_check_ledger(all);
}

static sb_status check_options(const sb_verify_options *options, sb_error *err)
{
    if (options->one_shard || options->sample > 0)
        return sb_fail(err, SB_EUSAGE,
                       "--independent checks rows against each other, so it needs them all: leave "
                       "--shard and --sample out");
    return SB_OK;
}

static sb_progress_mode mode_of(sb_progress_choice choice)
{
    return choice == SB_SHOW_PROGRESS_ALWAYS  ? SB_PROGRESS_ALWAYS
           : choice == SB_SHOW_PROGRESS_NEVER ? SB_PROGRESS_NEVER
                                              : SB_PROGRESS_AUTO;
}

static double seconds_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void fill_result(const sb_check *all, double began, sb_verify_result *out)
{
    *out = (sb_verify_result){.workers = 1, .seconds = seconds_now() - began};
    const char *name;
    json_t *kind;
    memcpy(out->dataset, all->dir.dataset, SB_DIGEST_TEXT_BYTES);
    json_object_foreach((json_t *)(uintptr_t)all->dir.kinds, name, kind)
    {
        out->rows += (uint64_t)json_integer_value(json_object_get(kind, "rows"));
        out->raw_bytes += (uint64_t)json_integer_value(json_object_get(kind, "raw_bytes"));
    }
    json_int_t shards =
        json_integer_value(json_object_get(json_object_get(all->dir.json, "encoding"), "shards"));
    out->shards = shards > 0 ? (uint64_t)shards : 0;
}

sb_status sb_verify_independent(const char *dir, const sb_verify_options *options,
                                sb_verify_result *out, sb_error *err)
{
    sb_check all = {.options = options, .err = err};
    double began = seconds_now();
    all.memory_bytes = options->run.memory_bytes > 0 ? options->run.memory_bytes : MEMORY_DEFAULT;
    SB_TRY(check_options(options, err));
    SB_TRY(sb_dataset_dir_open(dir, &all.dir, err));
    sb_status status =
        sb_progress_open(mode_of(options->run.progress), 0, stderr, &all.progress, err);
    if (status == SB_OK)
        status = check_dataset(&all);
    sb_progress_close(all.progress);
    if (status == SB_OK)
        fill_result(&all, began, out);
    free(all.leg_counts);
    sb_dataset_dir_close(&all.dir);
    return status;
}
