#include "workers/independent.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <xxhash.h>

#include "format/row_cursor.h"
#include "format/row_text.h"
#include "workers/open.h"
#include "workers/progress.h"

enum {
    FIELDS_MAX = 64, /* of a row that are looked at */
    LEG_COUNTERS = 65536,
    DAY_MS = 86400000,
};

#define MEMORY_DEFAULT (UINT64_C(1) << 30)
#define NOTHING UINT64_MAX

/* ---- keys: what must be unique, and what must exist ----------------------------------------- */

/* A key is 128 bits: the XXH3 of a text, or an id beside its mix. Two texts share one by chance
 * once in 2^64 pairs of billions, so equal keys are taken for equal texts. */
typedef struct item {
    uint64_t key, check;
    uint64_t row; /* of a reference: the row above the place of its field */
} item;

enum { PLACE_BITS = 8 }; /* rows are below 2^40 */

/* Items of one pass. `field` is for the sentence. */
typedef struct item_set {
    item *items; /* owned */
    size_t count, capacity;
    const char *field;
} item_set;

enum { SETS_MAX = 4, SET_IDS = 0 };

/* Mixes an id so that keys are spread evenly whatever the ids are (SplitMix64's finisher: one to
 * one). */
static uint64_t mix(uint64_t id)
{
    id = (id ^ id >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    id = (id ^ id >> 27) * UINT64_C(0x94D049BB133111EB);
    return id ^ id >> 31;
}

static sb_status add_item(item_set *set, item one, sb_error *err)
{
    if (set->count == set->capacity) {
        size_t capacity = set->capacity == 0 ? 4096 : set->capacity + set->capacity / 2;
        item *items = realloc(set->items, capacity * sizeof *items);
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

static bool is_before(const item *a, const item *b)
{
    return a->key != b->key       ? a->key < b->key
           : a->check != b->check ? a->check < b->check
                                  : a->row < b->row;
}

static void insertion_sort(item *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        item one = items[i];
        size_t at = i;
        for (; at > 0 && is_before(&one, &items[at - 1]); at--)
            items[at] = items[at - 1];
        items[at] = one;
    }
}

/* Keys are even, so a bucket for every eight items and an insertion sort in each are linear. */
static sb_status sort_items(item_set *set, sb_error *err)
{
    int bits = 0;
    while (bits < 28 && ((size_t)8 << bits) < set->count)
        bits++;
    size_t buckets = (size_t)1 << bits;
    size_t *ends = calloc(buckets + 1, sizeof *ends);
    item *sorted = malloc((set->count + 1) * sizeof *sorted);
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

/* ---- what is shared ------------------------------------------------------------------------- */

typedef struct check {
    const sb_verify_options *options;
    sb_dataset_dir dir;
    uint64_t memory_bytes;
    uint64_t rows[SB_KIND_COUNT]; /* by the manifest; NOTHING where the kind is absent */
    int64_t start_ms, end_ms;     /* of the period; both 0 when the spec has none */
    uint64_t rows_read, raw_bytes;
    sb_progress *progress;
    /* How many legs the accounts have, by blocks of accounts: for the passes of the replay. */
    uint64_t *leg_counts; /* owned; LEG_COUNTERS */
    uint64_t account_block;
    sb_error *err;
} check;

/* A kind's files being read, row by row. */
typedef struct scan {
    check *all;
    const char *kind;
    sb_kind number;
    const char *path;
    const sb_record *record;
    uint64_t row;
    const uint8_t *bytes;
    size_t row_bytes;
    uint64_t base_row;                 /* of the file: what its first row counts from */
    sb_value values[FIELDS_MAX];       /* the row's top-level values */
    const uint8_t *begins[FIELDS_MAX]; /* and where each of them begins */
} scan;

typedef sb_status row_taker(scan *s, void *user);

/* "persons: row 7: gender: what is wrong". */
#define WRONG(s, field, ...) wrong_row((s), (field), __VA_ARGS__)
SB_PRINTF(3, 4)
static sb_status wrong_row(const scan *s, const char *field, const char *format, ...)
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
static sb_status take_apart(scan *s, const uint8_t *end)
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

static const sb_value *value_of(const scan *s, const char *name)
{
    static const sb_value nothing = {.kind = SB_VALUE_NIL};
    int index = sb_record_find(s->record, name);
    return index >= 0 && index < FIELDS_MAX ? &s->values[index] : &nothing;
}

/* Where a scan finds the fields it needs: looked up once. */
static sb_status find_field(const scan *s, const char *name, int *out)
{
    *out = sb_record_find(s->record, name);
    if (*out >= 0 && *out < FIELDS_MAX)
        return SB_OK;
    return sb_fail(s->all->err, SB_EDAMAGED, "%s: no field %s, which the check needs", s->path,
                   name);
}

/* ---- reading all rows of a kind ------------------------------------------------------------- */

static sb_status scan_frame(scan *s, const uint8_t *rows, size_t raw_bytes, uint32_t row_count,
                            row_taker *take, void *user)
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

static sb_status stop_asked(const check *all)
{
    if (all->options->run.stop != NULL && *all->options->run.stop != 0)
        return sb_fail(all->err, SB_ESTOPPED, "stopped before everything was checked");
    return SB_OK;
}

/* The frames that hold rows [begin, end). `digest` (may be NULL) takes the raw bytes. */
static sb_status scan_reader(scan *s, sb_reader *reader, uint64_t begin, uint64_t end,
                             sb_raw_digest *digest, row_taker *take, void *user)
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
        SB_TRY(sb_reader_frame(reader, frame, &rows, &raw_bytes, s->all->err));
        if (digest != NULL)
            sb_raw_digest_add(digest, rows, raw_bytes);
        s->row = base + place.first_row;
        SB_TRY(scan_frame(s, rows, raw_bytes, place.row_count, take, user));
        s->all->rows_read += place.row_count;
        s->all->raw_bytes += raw_bytes;
        if (s->all->progress != NULL)
            sb_progress_update(s->all->progress, s->all->rows_read, s->all->raw_bytes);
    }
    return SB_OK;
}

static uint64_t manifest_rows(const check *all, const char *kind)
{
    return (uint64_t)json_integer_value(
        json_object_get(json_object_get(all->dir.kinds, kind), "rows"));
}

/* Parts of a kind whose rows were not known beforehand count their own from 0. */
static sb_status check_header(scan *s, const sb_reader *reader, uint64_t first_row)
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
static sb_status check_schema(const scan *s)
{
    const sb_record *own = sb_schema(s->number), *theirs = s->record;
    bool same = theirs->field_count == own->field_count && own->field_count <= FIELDS_MAX;
    for (size_t i = 0; same && i < own->field_count; i++)
        same = strcmp(theirs->fields[i].name, own->fields[i].name) == 0 &&
               theirs->fields[i].type == own->fields[i].type;
    return same ? SB_OK
                : sb_fail(s->all->err, SB_EWRONG,
                          "%s: its fields are not those of this release's %s", s->path, s->kind);
}

/* What the whole of a kind comes to, for the manifest's receipt. */
typedef struct receipt {
    sb_raw_digest digest;
    uint64_t file_bytes, raw_bytes;
} receipt;

static sb_status scan_file(scan *s, const char *path, uint64_t *next_row, uint64_t begin,
                           uint64_t end, receipt *of, row_taker *take, void *user)
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

/* Gives `take` every row of the kind in [begin, end) (and those that share a frame with them). */
static sb_status scan_kind(check *all, const char *kind, uint64_t begin, uint64_t end, receipt *of,
                           row_taker *take, void *user)
{
    scan s = {.all = all, .kind = kind, .number = sb_kind_find(kind)};
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

/* ---- the rules of single rows --------------------------------------------------------------- */

static bool is_text(const sb_value *value, const char *text)
{
    return value->kind == SB_VALUE_STR && value->count == strlen(text) &&
           memcmp(value->bytes, text, value->count) == 0;
}

static bool same_text(const sb_value *a, const sb_value *b)
{
    return a->kind == SB_VALUE_STR && b->kind == SB_VALUE_STR && a->count == b->count &&
           memcmp(a->bytes, b->bytes, a->count) == 0;
}

static bool is_int(const sb_value *value)
{
    return value->kind == SB_VALUE_INT;
}

static sb_status check_company(const scan *s)
{
    sb_value owners = *value_of(s, "owners");
    const sb_value *parent = value_of(s, "parent_id");
    int64_t sum = 0;
    if (is_int(parent) && parent->number == (int64_t)s->row)
        return WRONG(s, "parent_id", "a company that is its own parent");
    sb_cursor cursor = {owners.bytes, s->bytes + s->row_bytes};
    for (uint32_t i = 0; owners.kind == SB_VALUE_ARRAY && i < owners.count; i++) {
        sb_value head = {0}, share = {0};
        (void)sb_cursor_next(&cursor, &head);
        for (uint32_t member = 0; member < head.count; member++) /* the share is the last of them */
            (void)sb_cursor_next(&cursor, &share);
        if (share.number < 0 || share.number > 10000)
            return WRONG(s, "owners", "a share of %" PRId64 " basis points", share.number);
        sum += share.number;
    }
    if (owners.kind == SB_VALUE_ARRAY && sum != 10000)
        return WRONG(s, "owners", "shares sum to %" PRId64 ", not 10,000 basis points", sum);
    return SB_OK;
}

static sb_status check_account(const scan *s)
{
    const sb_value *person = value_of(s, "owner_person_id"),
                   *company = value_of(s, "owner_company_id");
    const sb_value *opened = value_of(s, "opened"), *closed = value_of(s, "closed");
    const sb_value *status = value_of(s, "status"), *dormant = value_of(s, "is_dormant");
    bool none = value_of(s, "transaction_count")->number == 0;
    if (is_int(person) == is_int(company))
        return WRONG(s, "owner_person_id", "%s", is_int(person) ? "two owners" : "no owner");
    if (is_int(closed) && closed->number < opened->number)
        return WRONG(s, "closed", "closed before it was opened");
    if (is_text(status, "closed") != is_int(closed))
        return WRONG(s, "status", "does not agree with closed");
    if (dormant->number != (none && !is_int(closed)))
        return WRONG(s, "is_dormant", "does not agree with transaction_count");
    if (is_text(status, "dormant") != (dormant->number != 0))
        return WRONG(s, "status", "does not agree with is_dormant");
    if (value_of(s, "overdraft_limit")->number < 0)
        return WRONG(s, "overdraft_limit", "below zero");
    return SB_OK;
}

/* Where the fields of a transaction stand; looked up once a file. */
typedef struct transaction_fields {
    const sb_record *record;
    int id, executed_at, type, status, from, to, amount, currency, to_amount, to_currency, rate,
        fee;
} transaction_fields;

static sb_status find_transaction_fields(const scan *s, transaction_fields *out)
{
    if (out->record == s->record)
        return SB_OK;
    SB_TRY(find_field(s, "id", &out->id));
    SB_TRY(find_field(s, "executed_at", &out->executed_at));
    SB_TRY(find_field(s, "type", &out->type));
    SB_TRY(find_field(s, "status", &out->status));
    SB_TRY(find_field(s, "from_account_id", &out->from));
    SB_TRY(find_field(s, "to_account_id", &out->to));
    SB_TRY(find_field(s, "amount", &out->amount));
    SB_TRY(find_field(s, "currency", &out->currency));
    SB_TRY(find_field(s, "to_amount", &out->to_amount));
    SB_TRY(find_field(s, "to_currency", &out->to_currency));
    SB_TRY(find_field(s, "rate", &out->rate));
    SB_TRY(find_field(s, "fee", &out->fee));
    out->record = s->record;
    return SB_OK;
}

/* floor((amount * rate + 500,000,000) / 10^9) of numbers that are not negative. */
static bool converts(int64_t amount, int64_t rate, int64_t to_amount)
{
    if (amount < 0 || rate <= 0 || to_amount < 0)
        return false;
    return ((unsigned __int128)(uint64_t)amount * (uint64_t)rate + 500000000) / 1000000000 ==
           (unsigned __int128)(uint64_t)to_amount;
}

static sb_status check_transaction(const scan *s, const transaction_fields *at)
{
    const sb_value *v = s->values;
    bool has_from = is_int(&v[at->from]), has_to = is_int(&v[at->to]),
         has_rate = is_int(&v[at->rate]);
    int64_t time = v[at->executed_at].number;
    if (s->all->start_ms != s->all->end_ms && (time < s->all->start_ms || time >= s->all->end_ms))
        return WRONG(s, "executed_at", "outside the period");
    if (!has_from && !has_to)
        return WRONG(s, "from_account_id", "both ends are outside the dataset");
    if (has_from && has_to && v[at->from].number == v[at->to].number)
        return WRONG(s, "to_account_id", "an account that pays itself");
    if (v[at->amount].number < 0)
        return WRONG(s, "amount", "below zero");
    if (v[at->fee].number < 0 || (!has_from && v[at->fee].number != 0))
        return WRONG(s, "fee", "%s", has_from ? "below zero" : "nobody in the dataset pays it");
    if (!has_rate && !same_text(&v[at->currency], &v[at->to_currency]))
        return WRONG(s, "to_currency", "another currency without a rate");
    if (!has_rate && v[at->amount].number != v[at->to_amount].number)
        return WRONG(s, "to_amount", "%" PRId64 ", but amount is %" PRId64 " of the same currency",
                     v[at->to_amount].number, v[at->amount].number);
    if (has_rate && (!has_from || !has_to || same_text(&v[at->currency], &v[at->to_currency])))
        return WRONG(s, "rate", "a rate where nothing is changed");
    if (has_rate && !converts(v[at->amount].number, v[at->rate].number, v[at->to_amount].number))
        return WRONG(s, "to_amount",
                     "%" PRId64 ", but %" PRId64 " at rate %" PRId64 " / 10^9 is another amount",
                     v[at->to_amount].number, v[at->amount].number, v[at->rate].number);
    return SB_OK;
}

/* ---- references ----------------------------------------------------------------------------- */

/* Finds the integers of a row that name rows, at any depth. */
typedef struct reference_walk {
    scan *s;
    item_set *own; /* takes references to events of the same kind */
    uint64_t part, part_count;
    uint64_t place; /* of the top-level field */
} reference_walk;

static bool in_part(uint64_t key, uint64_t part, uint64_t part_count)
{
    return part_count == 1 || ((key & 0xFFFFFFFF) * part_count >> 32) == part;
}

static bool is_dense(sb_kind kind)
{
    return kind == SB_PERSONS || kind == SB_COMPANIES || kind == SB_ACCOUNTS;
}

/* "accounts.id" names a kind. */
static sb_kind target_of(const char *references)
{
    char name[32];
    size_t length = strcspn(references, ".");
    if (length >= sizeof name)
        return SB_KIND_COUNT;
    memcpy(name, references, length);
    name[length] = '\0';
    return sb_kind_find(name);
}

static sb_status take_reference(const reference_walk *w, const sb_field *field,
                                const sb_value *value)
{
    const scan *s = w->s;
    sb_kind target = target_of(field->references);
    if (target == SB_KIND_COUNT)
        return SB_OK;
    uint64_t id = (uint64_t)value->number, rows = s->all->rows[target];
    if (is_dense(target)) {
        if (rows == NOTHING || id < rows)
            return SB_OK;
        return WRONG(s, field->name, "%" PRId64 " names no row of %s, which has %" PRIu64,
                     value->number, sb_kind_name(target), rows);
    }
    /* References of entries to transactions are held against the replay. */
    if (target != s->number || !in_part(mix(id), w->part, w->part_count))
        return SB_OK;
    return add_item(w->own, (item){mix(id), id, s->row << PLACE_BITS | w->place}, s->all->err);
}

static sb_status walk_record(const reference_walk *w, const sb_record *record, sb_cursor *cursor);

static sb_status walk_value(const reference_walk *w, const sb_field *field, sb_type type,
                            sb_cursor *cursor)
{
    sb_value value = {0};
    if (field->references == NULL && field->record == NULL)
        return sb_cursor_skip(cursor) ? SB_OK : WRONG(w->s, field->name, "cut short");
    if (type == SB_RECORD) {
        if (cursor->at < cursor->end && *cursor->at == 0xc0) /* nil */
            return sb_cursor_skip(cursor) ? SB_OK : WRONG(w->s, field->name, "cut short");
        return walk_record(w, field->record, cursor);
    }
    (void)sb_cursor_next(cursor, &value);
    if (type == SB_ARRAY && value.kind == SB_VALUE_ARRAY) {
        for (uint32_t i = 0; i < value.count; i++)
            SB_TRY(walk_value(w, field, field->items, cursor));
        return SB_OK;
    }
    return field->references != NULL && value.kind == SB_VALUE_INT
               ? take_reference(w, field, &value)
               : SB_OK;
}

static sb_status walk_record(const reference_walk *w, const sb_record *record, sb_cursor *cursor)
{
    sb_value head;
    (void)sb_cursor_next(cursor, &head);
    for (size_t i = 0; i < record->field_count; i++)
        SB_TRY(walk_value(w, &record->fields[i], record->fields[i].type, cursor));
    return SB_OK;
}

/* ---- the pass over a kind ------------------------------------------------------------------- */

/* What must be unique; of an array, its first item. */
static const struct {
    sb_kind kind;
    const char *field;
} unique_fields[] = {
    {SB_PERSONS, "emails"},
    {SB_COMPANIES, "legal_name"},
    {SB_COMPANIES, "registration_number"},
    {SB_COMPANIES, "lei"},
    {SB_ACCOUNTS, "account_number"},
    {SB_ACCOUNTS, "iban"},
    {SB_TRANSACTIONS, "reference"},
};

enum { UNIQUE_FIELDS = sizeof unique_fields / sizeof unique_fields[0] };

/* One pass: the first one checks everything, each collects the keys of its part. */
typedef struct pass {
    item_set sets[SETS_MAX + 1]; /* ids of events first, references to them last */
    int set_fields[SETS_MAX];
    int set_count;
    uint64_t part, part_count;
    transaction_fields transaction;
    int id_index;
} pass;

static item_set *references_of(pass *p)
{
    return &p->sets[SETS_MAX];
}

static sb_status collect_text(scan *s, pass *p, item_set *set, const sb_value *value)
{
    XXH128_hash_t hash;
    sb_value text = *value;
    if (text.kind == SB_VALUE_ARRAY) {
        sb_cursor cursor = {text.bytes, s->bytes + s->row_bytes};
        if (text.count == 0 || !sb_cursor_next(&cursor, &text))
            return SB_OK;
    }
    if (text.kind != SB_VALUE_STR)
        return SB_OK;
    hash = XXH3_128bits(text.bytes, text.count);
    return in_part(hash.low64, p->part, p->part_count)
               ? add_item(set, (item){hash.low64, hash.high64, s->row}, s->all->err)
               : SB_OK;
}

static sb_status collect(scan *s, pass *p)
{
    const sb_value *id = p->id_index >= 0 ? &s->values[p->id_index] : NULL;
    for (int i = 1; i < p->set_count; i++)
        SB_TRY(collect_text(s, p, &p->sets[i], &s->values[p->set_fields[i]]));
    if (id == NULL || is_dense(s->number) ||
        !in_part(mix((uint64_t)id->number), p->part, p->part_count))
        return SB_OK;
    return add_item(&p->sets[SET_IDS],
                    (item){mix((uint64_t)id->number), (uint64_t)id->number, s->row}, s->all->err);
}

static void count_leg(check *all, const sb_value *account)
{
    bool known = all->rows[SB_ACCOUNTS] != NOTHING; /* then the reference was checked before */
    if (is_int(account) && known)
        all->leg_counts[(uint64_t)account->number / all->account_block]++;
}

static sb_status check_by_kind(scan *s, pass *p)
{
    switch (s->number) {
    case SB_COMPANIES:
        return check_company(s);
    case SB_ACCOUNTS:
        return check_account(s);
    case SB_TRANSACTIONS:
        SB_TRY(find_transaction_fields(s, &p->transaction));
        SB_TRY(check_transaction(s, &p->transaction));
        count_leg(s->all, &s->values[p->transaction.from]);
        count_leg(s->all, &s->values[p->transaction.to]);
        return SB_OK;
    case SB_PERSONS:
    case SB_ENTRIES:
    case SB_COMMUNICATIONS:
    case SB_KIND_COUNT:
        break;
    }
    return SB_OK;
}

static sb_status check_whole_row(scan *s)
{
    sb_error why = {0};
    if (sb_row_check(s->record, s->bytes, s->row_bytes, &why) != SB_OK)
        return sb_fail(s->all->err, SB_EWRONG, "%s: row %" PRIu64 ": %s", s->kind, s->row,
                       why.text);
    return SB_OK;
}

/* The row was checked against its record before. */
static sb_status walk_row(scan *s, pass *p)
{
    reference_walk walk = {s, references_of(p), p->part, p->part_count, 0};
    for (size_t i = 0; i < s->record->field_count; i++) {
        const sb_field *field = &s->record->fields[i];
        if (field->references == NULL && field->record == NULL)
            continue;
        sb_cursor cursor = {s->begins[i], s->bytes + s->row_bytes};
        walk.place = i;
        SB_TRY(walk_value(&walk, field, field->type, &cursor));
    }
    return SB_OK;
}

static sb_status take_pass_row(scan *s, void *user)
{
    pass *p = user;
    if (p->part == 0)
        SB_TRY(check_whole_row(s));
    if (p->part == 0 && is_dense(s->number) && s->values[p->id_index].number != (int64_t)s->row)
        return WRONG(s, "id", "%" PRId64 ", but ids are dense from 0",
                     s->values[p->id_index].number);
    SB_TRY(walk_row(s, p));
    if (p->part == 0)
        SB_TRY(check_by_kind(s, p));
    return collect(s, p);
}

/* Reports the lowest row that repeats what an earlier one has. */
static sb_status find_repeats(const check *all, const char *kind, item_set *set)
{
    const item *worst = NULL, *earlier = NULL;
    SB_TRY(sort_items(set, all->err));
    for (size_t i = 1; i < set->count; i++) {
        const item *a = &set->items[i - 1], *b = &set->items[i];
        if (a->key == b->key && a->check == b->check && (worst == NULL || b->row < worst->row)) {
            worst = b;
            earlier = a;
        }
    }
    if (worst == NULL)
        return SB_OK;
    return sb_fail(all->err, SB_EWRONG, "%s: row %" PRIu64 ": %s: the same as in row %" PRIu64,
                   kind, worst->row, set->field, earlier->row);
}

/* Both sets sorted: every reference must be among the ids. */
static sb_status find_dangling(const check *all, const char *kind, const item_set *ids,
                               item_set *references)
{
    size_t at = 0;
    const item *worst = NULL;
    SB_TRY(sort_items(references, all->err));
    for (size_t i = 0; i < references->count; i++) {
        const item *one = &references->items[i];
        while (at < ids->count &&
               (ids->items[at].key < one->key ||
                (ids->items[at].key == one->key && ids->items[at].check < one->check)))
            at++;
        bool found =
            at < ids->count && ids->items[at].key == one->key && ids->items[at].check == one->check;
        if (!found && (worst == NULL || one->row < worst->row))
            worst = one;
    }
    if (worst == NULL)
        return SB_OK;
    const sb_field *field =
        &sb_schema(sb_kind_find(kind))->fields[worst->row & ((1 << PLACE_BITS) - 1)];
    return sb_fail(all->err, SB_EWRONG, "%s: row %" PRIu64 ": %s: %" PRIu64 " is the id of no row",
                   kind, worst->row >> PLACE_BITS, field->name, worst->check);
}

static sb_status check_receipt(const check *all, const char *kind, const receipt *of)
{
    const json_t *entry = json_object_get(all->dir.kinds, kind);
    const json_t *bytes = json_object_get(entry, "bytes"),
                 *raw_bytes = json_object_get(entry, "raw_bytes");
    const char *digest = json_string_value(json_object_get(entry, "raw_xxh3"));
    char text[33];
    sb_raw_digest_text(&of->digest, text);
    const char *what =
        json_is_integer(bytes) && (uint64_t)json_integer_value(bytes) != of->file_bytes ? "bytes"
        : json_is_integer(raw_bytes) && (uint64_t)json_integer_value(raw_bytes) != of->raw_bytes
            ? "raw_bytes"
        : digest != NULL && strcmp(digest, text) != 0 ? "raw_xxh3"
                                                      : NULL;
    if (what == NULL)
        return SB_OK;
    return sb_fail(all->err, SB_EWRONG, "%s: files and manifest do not agree on \"%s\" of %s",
                   all->dir.dir, what, kind);
}

static void open_pass(sb_kind kind, uint64_t part, uint64_t part_count, pass *p)
{
    const sb_record *record = sb_schema(kind);
    *p = (pass){.part = part, .part_count = part_count, .set_count = 1};
    p->id_index = sb_record_find(record, "id");
    p->sets[SET_IDS].field = "id";
    references_of(p)->field = "references";
    for (int i = 0; i < UNIQUE_FIELDS; i++)
        if (unique_fields[i].kind == kind) {
            p->set_fields[p->set_count] = sb_record_find(record, unique_fields[i].field);
            p->sets[p->set_count++].field = unique_fields[i].field;
        }
}

static void close_pass(pass *p)
{
    for (int i = 0; i <= SETS_MAX; i++)
        free(p->sets[i].items);
}

static sb_status run_pass(check *all, const char *kind, pass *p)
{
    receipt of = {.file_bytes = 0};
    sb_status status = sb_raw_digest_open(&of.digest, all->err);
    if (status == SB_OK)
        status = scan_kind(all, kind, 0, NOTHING, p->part == 0 ? &of : NULL, take_pass_row, p);
    if (status == SB_OK && p->part == 0)
        status = check_receipt(all, kind, &of);
    sb_raw_digest_close(&of.digest);
    for (int i = 0; i < p->set_count && status == SB_OK; i++)
        status = find_repeats(all, kind, &p->sets[i]);
    return status == SB_OK ? find_dangling(all, kind, &p->sets[SET_IDS], references_of(p)) : status;
}

/* Of items per row: how many passes a kind needs, at 48 bytes an item while it is sorted. */
static uint64_t passes_of(const check *all, sb_kind kind, uint64_t rows)
{
    static const uint64_t items[SB_KIND_COUNT] = {[SB_PERSONS] = 1,
                                                  [SB_COMPANIES] = 3,
                                                  [SB_ACCOUNTS] = 2,
                                                  [SB_TRANSACTIONS] = 2,
                                                  [SB_COMMUNICATIONS] = 2};
    unsigned __int128 bytes = (unsigned __int128)rows * items[kind] * 2 * sizeof(item);
    return (uint64_t)(bytes / all->memory_bytes) + 1;
}

static sb_status check_kind(check *all, const char *name)
{
    sb_kind kind = sb_kind_find(name);
    if (kind == SB_KIND_COUNT)
        return sb_fail(all->err, SB_EDAMAGED, "%s: '%s' is no kind that this release knows",
                       all->dir.manifest_path, name);
    uint64_t passes = passes_of(all, kind, all->rows[kind]);
    for (uint64_t part = 0; part < passes; part++) {
        pass p;
        open_pass(kind, part, passes, &p);
        sb_status status = run_pass(all, name, &p);
        close_pass(&p);
        SB_TRY(status);
    }
    return SB_OK;
}

/* ---- the ledger ----------------------------------------------------------------------------- */

/* What a transaction does to one account. */
typedef struct leg {
    int64_t time;
    uint64_t id;
    int64_t amount; /* to the payee; of the payer without the fee, below zero */
    int64_t fee;
    uint32_t account; /* less the first of the pass */
    uint32_t info;    /* currency in the low 24 bits, then the flags */
} leg;

_Static_assert(sizeof(leg) == 40, "the memory of a replay is counted in legs of 40 bytes");

enum {
    LEG_CURRENCY = 0xFFFFFF,
    LEG_COMPLETED = 1 << 24,
    LEG_DEPOSIT = 1 << 25, /* an initial deposit */
    LEG_PAYOUT = 1 << 26,
};

typedef struct ledger_account {
    int64_t opening, closing, lowest, limit, credit_total, debit_total, count;
    int32_t opened, closed; /* closed: INT32_MAX when it is not */
    uint32_t currency;
    size_t legs_begin, legs_end; /* in the order */
    size_t next;                 /* of the statement lines read so far */
    int64_t balance;
    bool fee_next;
} ledger_account;

/* Where the fields of a statement line stand. */
typedef struct entry_fields {
    const sb_record *record;
    int account, transaction, executed_at, line, amount, currency, balance_after;
} entry_fields;

static sb_status find_entry_fields(const scan *s, entry_fields *out)
{
    if (out->record == s->record)
        return SB_OK;
    SB_TRY(find_field(s, "account_id", &out->account));
    SB_TRY(find_field(s, "transaction_id", &out->transaction));
    SB_TRY(find_field(s, "executed_at", &out->executed_at));
    SB_TRY(find_field(s, "line", &out->line));
    SB_TRY(find_field(s, "amount", &out->amount));
    SB_TRY(find_field(s, "currency", &out->currency));
    SB_TRY(find_field(s, "balance_after", &out->balance_after));
    out->record = s->record;
    return SB_OK;
}

/* Accounts [first, first + count). */
typedef struct replay {
    check *all;
    uint64_t first;
    size_t count;
    ledger_account *accounts; /* owned */
    leg *legs;                /* owned */
    size_t leg_count, leg_capacity;
    uint32_t *order, *scratch; /* owned: leg_count */
    transaction_fields transaction;
    entry_fields entry;
    int32_t start_days;
} replay;

static uint32_t currency_code(const sb_value *value)
{
    if (value->kind != SB_VALUE_STR || value->count != 3)
        return 0;
    return (uint32_t)value->bytes[0] | (uint32_t)value->bytes[1] << 8 |
           (uint32_t)value->bytes[2] << 16;
}

static bool in_range(const replay *r, const sb_value *account)
{
    return is_int(account) && (uint64_t)account->number >= r->first &&
           (uint64_t)account->number - r->first < r->count;
}

static sb_status take_account(scan *s, void *user)
{
    replay *r = user;
    if (s->row < r->first || s->row - r->first >= r->count)
        return SB_OK;
    const sb_value *closed = value_of(s, "closed");
    r->accounts[s->row - r->first] = (ledger_account){
        .opening = value_of(s, "opening_balance")->number,
        .closing = value_of(s, "closing_balance")->number,
        .lowest = value_of(s, "lowest_balance")->number,
        .limit = value_of(s, "overdraft_limit")->number,
        .credit_total = value_of(s, "credit_total")->number,
        .debit_total = value_of(s, "debit_total")->number,
        .count = value_of(s, "transaction_count")->number,
        .opened = (int32_t)value_of(s, "opened")->number,
        .closed = is_int(closed) ? (int32_t)closed->number : INT32_MAX,
        .currency = currency_code(value_of(s, "currency")),
    };
    return SB_OK;
}

static sb_status add_leg(replay *r, leg one)
{
    if (r->leg_count == r->leg_capacity || r->leg_count == UINT32_MAX)
        return sb_fail(r->all->err, SB_EDAMAGED,
                       "the transactions changed while they were checked");
    r->legs[r->leg_count++] = one;
    return SB_OK;
}

static sb_status take_transaction(scan *s, void *user)
{
    replay *r = user;
    transaction_fields *at = &r->transaction;
    SB_TRY(find_transaction_fields(s, at));
    const sb_value *v = s->values;
    leg one = {.time = v[at->executed_at].number, .id = (uint64_t)v[at->id].number};
    one.info = is_text(&v[at->status], "completed") ? (uint32_t)LEG_COMPLETED : 0;
    if (is_text(&v[at->type], "initial_deposit"))
        one.info |= LEG_DEPOSIT;
    if (is_text(&v[at->type], "payout"))
        one.info |= LEG_PAYOUT;
    if (in_range(r, &v[at->from])) {
        leg debit = one;
        debit.account = (uint32_t)((uint64_t)v[at->from].number - r->first);
        debit.amount = -v[at->amount].number;
        debit.fee = v[at->fee].number;
        debit.info |= currency_code(&v[at->currency]);
        SB_TRY(add_leg(r, debit));
    }
    if (in_range(r, &v[at->to])) {
        one.account = (uint32_t)((uint64_t)v[at->to].number - r->first);
        one.amount = v[at->to_amount].number;
        one.info |= currency_code(&v[at->to_currency]);
        SB_TRY(add_leg(r, one));
    }
    return SB_OK;
}

static bool leg_before(const replay *r, uint32_t a, uint32_t b)
{
    const leg *x = &r->legs[a], *y = &r->legs[b];
    return x->time != y->time ? x->time < y->time : x->id < y->id;
}

/* Merges two sorted runs. */
static void merge_runs(replay *r, size_t begin, size_t middle, size_t end)
{
    size_t a = begin, b = middle, at = begin;
    memcpy(r->scratch + begin, r->order + begin, (end - begin) * sizeof *r->order);
    while (a < middle && b < end)
        r->order[at++] =
            leg_before(r, r->scratch[b], r->scratch[a]) ? r->scratch[b++] : r->scratch[a++];
    while (a < middle)
        r->order[at++] = r->scratch[a++];
    while (b < end)
        r->order[at++] = r->scratch[b++];
}

/* Legs come in the order of the cells that wrote them, so mostly they are in order already. */
static void sort_run(replay *r, size_t begin, size_t end)
{
    bool sorted = true;
    for (size_t i = begin + 1; i < end && sorted; i++)
        sorted = !leg_before(r, r->order[i], r->order[i - 1]);
    if (sorted)
        return;
    size_t middle = begin + (end - begin) / 2;
    sort_run(r, begin, middle);
    sort_run(r, middle, end);
    merge_runs(r, begin, middle, end);
}

/* Account by account, each one's legs in the order of (time, id). */
static void order_legs(replay *r)
{
    size_t at = 0;
    for (size_t i = 0; i < r->leg_count; i++)
        r->accounts[r->legs[i].account].legs_end++;
    for (size_t a = 0; a < r->count; a++) {
        ledger_account *account = &r->accounts[a];
        size_t legs = account->legs_end;
        account->legs_begin = account->legs_end = at;
        at += legs;
    }
    for (size_t i = 0; i < r->leg_count; i++)
        r->order[r->accounts[r->legs[i].account].legs_end++] = (uint32_t)i;
    for (size_t a = 0; a < r->count; a++)
        sort_run(r, r->accounts[a].legs_begin, r->accounts[a].legs_end);
}

/* ---- failures of the ledger ----------------------------------------------------------------- */

SB_PRINTF(4, 5)
static sb_status wrong_account(const replay *r, size_t account, const char *field,
                               const char *format, ...)
{
    char what[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return sb_fail(r->all->err, SB_EWRONG, "accounts: row %" PRIu64 ": %s: %s", r->first + account,
                   field, what);
}

/* Which row a transaction stands in: searched only to say so. */
typedef struct search {
    uint64_t id, row;
    int id_index;
} search;

static sb_status take_searched(scan *s, void *user)
{
    search *of = user;
    int64_t id;
    if (sb_row_int(s->bytes, s->row_bytes, of->id_index, &id) && (uint64_t)id == of->id)
        of->row = s->row;
    return of->row != NOTHING ? SB_ESTOPPED : SB_OK;
}

static sb_status wrong_leg(const replay *r, const leg *one, const char *field, const char *what)
{
    search of = {one->id, NOTHING, r->transaction.id};
    sb_error *err = r->all->err;
    check quiet = *r->all;
    quiet.err = NULL;
    quiet.progress = NULL;
    (void)!scan_kind(&quiet, "transactions", 0, NOTHING, NULL, take_searched, &of);
    return sb_fail(err, SB_EWRONG,
                   "transactions: row %" PRIu64 ": %s: %s A%" PRIu64 " (id %" PRIu64 ")", of.row,
                   field, what, r->first + one->account, one->id);
}

/* ---- replaying one account ------------------------------------------------------------------ */

static int32_t day_of(int64_t ms)
{
    return (int32_t)(ms / DAY_MS - (ms % DAY_MS < 0));
}

static sb_status check_life(const replay *r, const ledger_account *account, size_t index,
                            const leg *one)
{
    if ((one->info & LEG_CURRENCY) != account->currency)
        return wrong_leg(r, one, one->amount <= 0 ? "currency" : "to_currency",
                         "is not that of account");
    if (day_of(one->time) < account->opened)
        return wrong_leg(r, one, "executed_at", "before the opening of account");
    if (day_of(one->time) > account->closed)
        return wrong_leg(r, one, "executed_at", "after the closing of account");
    bool first = index == account->legs_begin, last = index + 1 == account->legs_end;
    bool opened_inside = account->opened >= r->start_days;
    bool closed_inside = account->closed != INT32_MAX && account->closed >= r->start_days;
    if (((one->info & LEG_DEPOSIT) != 0) != (first && opened_inside))
        return wrong_leg(r, one, "type",
                         first ? "an initial deposit is what must open account"
                               : "an initial deposit that does not open account");
    if (((one->info & LEG_PAYOUT) != 0) != (last && closed_inside))
        return wrong_leg(r, one, "type",
                         last ? "a payout is what must close account"
                              : "a payout that does not close account");
    return SB_OK;
}

typedef struct sums {
    int64_t balance, lowest, credit_total, debit_total, count;
    bool overflow;
} sums;

static void add_to(sums *of, int64_t *total, int64_t amount)
{
    of->overflow = __builtin_add_overflow(*total, amount, total) || of->overflow;
}

static sb_status replay_legs(const replay *r, const ledger_account *account, sums *of)
{
    for (size_t i = account->legs_begin; i < account->legs_end; i++) {
        const leg *one = &r->legs[r->order[i]];
        SB_TRY(check_life(r, account, i, one));
        if (!(one->info & LEG_COMPLETED))
            continue;
        add_to(of, &of->balance, one->amount);
        add_to(of, &of->balance, -one->fee);
        if (one->amount < 0 || one->fee > 0) {
            add_to(of, &of->debit_total, -one->amount);
            add_to(of, &of->debit_total, one->fee);
        } else {
            add_to(of, &of->credit_total, one->amount);
        }
        of->count++;
        if (of->balance < of->lowest)
            of->lowest = of->balance;
    }
    return SB_OK;
}

static sb_status check_sum(const replay *r, size_t account, const char *field, int64_t there,
                           int64_t found)
{
    if (there == found)
        return SB_OK;
    return wrong_account(r, account, field, "%" PRId64 ", but the transactions give %" PRId64,
                         there, found);
}

static sb_status replay_account(const replay *r, size_t index)
{
    const ledger_account *account = &r->accounts[index];
    sums of = {.balance = account->opening, .lowest = account->opening};
    if (account->opened >= r->start_days && account->opening != 0)
        return wrong_account(r, index, "opening_balance", "not 0, but opened inside the period");
    SB_TRY(replay_legs(r, account, &of));
    if (of.overflow)
        return wrong_account(r, index, "closing_balance", "the sums do not fit into 64 bits");
    SB_TRY(check_sum(r, index, "transaction_count", account->count, of.count));
    SB_TRY(check_sum(r, index, "credit_total", account->credit_total, of.credit_total));
    SB_TRY(check_sum(r, index, "debit_total", account->debit_total, of.debit_total));
    SB_TRY(check_sum(r, index, "closing_balance", account->closing, of.balance));
    SB_TRY(check_sum(r, index, "lowest_balance", account->lowest, of.lowest));
    if (account->lowest < -account->limit)
        return wrong_account(r, index, "lowest_balance", "%" PRId64 ", below the limit of %" PRId64,
                             account->lowest, -account->limit);
    if (account->closed != INT32_MAX && account->closing != 0 && account->closed >= r->start_days)
        return wrong_account(r, index, "closing_balance", "not 0, but the account is closed");
    return SB_OK;
}

/* ---- statement lines ------------------------------------------------------------------------ */

/* The next completed leg of the account, or NULL. */
static const leg *next_leg(const replay *r, ledger_account *account)
{
    while (account->next < account->legs_end) {
        const leg *one = &r->legs[r->order[account->next]];
        if (one->info & LEG_COMPLETED)
            return one;
        account->next++;
    }
    return NULL;
}

/* Lines of an account stand in the order of its legs: a principal each, and a fee where there is
 * one. */
static sb_status take_entry(scan *s, void *user)
{
    replay *r = user;
    entry_fields *at = &r->entry;
    SB_TRY(find_entry_fields(s, at));
    const sb_value *v = s->values;
    if (!in_range(r, &v[at->account]))
        return SB_OK;
    int64_t id = v[at->account].number;
    ledger_account *account = &r->accounts[(uint64_t)id - r->first];
    const leg *one = next_leg(r, account);
    if (one == NULL)
        return WRONG(s, "transaction_id", "more lines than account A%" PRId64 " has transactions",
                     id);
    int64_t amount = account->fee_next ? -one->fee : one->amount;
    if ((uint64_t)v[at->transaction].number != one->id)
        return WRONG(s, "transaction_id",
                     "%" PRId64 ", but %" PRIu64 " is next for account A%" PRId64,
                     v[at->transaction].number, one->id, id);
    if (v[at->executed_at].number != one->time)
        return WRONG(s, "executed_at", "not that of its transaction");
    if (!is_text(&v[at->line], account->fee_next ? "fee" : "principal"))
        return WRONG(s, "line", "%s is next", account->fee_next ? "the fee" : "the principal");
    if (v[at->amount].number != amount)
        return WRONG(s, "amount", "%" PRId64 ", but its transaction gives %" PRId64,
                     v[at->amount].number, amount);
    if (currency_code(&v[at->currency]) != account->currency)
        return WRONG(s, "currency", "not the account's");
    account->balance += amount;
    if (v[at->balance_after].number != account->balance)
        return WRONG(s, "balance_after", "%" PRId64 ", but the lines before give %" PRId64,
                     v[at->balance_after].number, account->balance);
    account->fee_next = !account->fee_next && one->fee > 0;
    account->next += !account->fee_next;
    return SB_OK;
}

static sb_status check_entries(replay *r)
{
    for (size_t a = 0; a < r->count; a++) {
        r->accounts[a].next = r->accounts[a].legs_begin;
        r->accounts[a].balance = r->accounts[a].opening;
    }
    SB_TRY(scan_kind(r->all, "entries", 0, NOTHING, NULL, take_entry, r));
    for (size_t a = 0; a < r->count; a++) {
        const leg *missing = next_leg(r, &r->accounts[a]);
        if (missing != NULL)
            return sb_fail(r->all->err, SB_EWRONG,
                           "entries: a line is missing: transaction %" PRIu64
                           " of account A%" PRIu64,
                           missing->id, r->first + a);
    }
    return SB_OK;
}

/* ---- passes of the replay ------------------------------------------------------------------- */

/* How many accounts, in whole blocks, fit into memory with their legs; a block at least. */
static size_t accounts_that_fit(const check *all, uint64_t first, uint64_t *legs)
{
    uint64_t rows = all->rows[SB_ACCOUNTS], end = first;
    uint64_t used = 0;
    *legs = 0;
    while (end < rows) {
        uint64_t block = all->leg_counts[end / all->account_block];
        uint64_t more = block * (sizeof(leg) + 2 * sizeof(uint32_t)) +
                        all->account_block * sizeof(ledger_account);
        if (end > first && (used + more > all->memory_bytes || *legs + block > UINT32_MAX - 1))
            break;
        used += more;
        *legs += block;
        end += all->account_block;
    }
    return (size_t)((end < rows ? end : rows) - first);
}

static sb_status open_replay(replay *r, uint64_t legs)
{
    r->leg_capacity = (size_t)legs;
    r->accounts = calloc(r->count + 1, sizeof *r->accounts);
    r->legs = malloc((r->leg_capacity + 1) * sizeof *r->legs);
    r->order = malloc((r->leg_capacity + 1) * sizeof *r->order);
    r->scratch = malloc((r->leg_capacity + 1) * sizeof *r->scratch);
    return r->accounts != NULL && r->legs != NULL && r->order != NULL && r->scratch != NULL
               ? SB_OK
               : sb_fail(r->all->err, SB_ENOMEM,
                         "no memory to replay %zu accounts: give --memory less, for more passes",
                         r->count);
}

static void close_replay(replay *r)
{
    free(r->accounts);
    free(r->legs);
    free(r->order);
    free(r->scratch);
}

static sb_status run_replay(replay *r)
{
    check *all = r->all;
    SB_TRY(scan_kind(all, "accounts", r->first, r->first + r->count, NULL, take_account, r));
    if (all->rows[SB_TRANSACTIONS] != NOTHING)
        SB_TRY(scan_kind(all, "transactions", 0, NOTHING, NULL, take_transaction, r));
    order_legs(r);
    for (size_t a = 0; a < r->count; a++)
        SB_TRY(replay_account(r, a));
    return all->rows[SB_ENTRIES] != NOTHING ? check_entries(r) : SB_OK;
}

static sb_status check_ledger(check *all)
{
    uint64_t first = 0;
    if (all->rows[SB_ACCOUNTS] == NOTHING)
        return SB_OK;
    while (first < all->rows[SB_ACCOUNTS]) {
        uint64_t legs = 0;
        replay r = {.all = all, .first = first, .start_days = (int32_t)(all->start_ms / DAY_MS)};
        r.count = accounts_that_fit(all, first, &legs);
        sb_status status = open_replay(&r, legs);
        if (status == SB_OK)
            status = run_replay(&r);
        close_replay(&r);
        SB_TRY(status);
        first += r.count;
    }
    return SB_OK;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void read_manifest(check *all)
{
    int32_t start = 0, end = 0;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        const json_t *entry = json_object_get(all->dir.kinds, sb_kind_name((sb_kind)kind));
        all->rows[kind] =
            entry == NULL ? NOTHING : (uint64_t)json_integer_value(json_object_get(entry, "rows"));
    }
    if (sb_spec_json_days(all->dir.spec, "start", &start) &&
        sb_spec_json_days(all->dir.spec, "end", &end)) {
        all->start_ms = (int64_t)start * DAY_MS;
        all->end_ms = (int64_t)end * DAY_MS;
    }
}

static sb_status open_counts(check *all)
{
    uint64_t accounts = all->rows[SB_ACCOUNTS] == NOTHING ? 0 : all->rows[SB_ACCOUNTS];
    all->account_block = accounts / LEG_COUNTERS + 1;
    all->leg_counts = calloc(LEG_COUNTERS, sizeof *all->leg_counts);
    return all->leg_counts != NULL
               ? SB_OK
               : sb_fail(all->err, SB_ENOMEM, "no memory to count transactions");
}

static sb_status check_dataset(check *all)
{
    const char *name;
    json_t *value;
    read_manifest(all);
    SB_TRY(open_counts(all));
    json_object_foreach((json_t *)(uintptr_t)all->dir.kinds, name, value)
        SB_TRY(check_kind(all, name));
    return check_ledger(all);
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

static void fill_result(const check *all, double began, sb_verify_result *out)
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
    check all = {.options = options, .err = err};
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
