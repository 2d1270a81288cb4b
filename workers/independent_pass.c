#include <inttypes.h>
#include <stdlib.h>

#include "format/hashing.h"
#include "workers/independent_internal.h"

enum { SETS_MAX = 5, SET_IDS = 0 };

/* ---- references ----------------------------------------------------------------------------- */

/* Finds the integers of a row that name rows, at any depth. */
typedef struct reference_walk {
    sb_scan *s;
    sb_item_set *own; /* takes references to events of the same kind */
    uint64_t part, part_count;
    uint64_t place; /* of the top-level field */
} reference_walk;

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
    const sb_scan *s = w->s;
    sb_kind target = target_of(field->references);
    if (target == SB_KIND_COUNT)
        return SB_OK;
    uint64_t id = (uint64_t)value->number, rows = s->all->rows[target];
    if (sb_kind_is_dense(target)) {
        if (rows == SB_NO_ROWS)
            return WRONG(s, field->name, "%" PRId64 ", but the dataset has no %s", value->number,
                         sb_kind_name(target));
        if (id < rows)
            return SB_OK;
        return WRONG(s, field->name, "%" PRId64 " names no row of %s, which has %" PRIu64,
                     value->number, sb_kind_name(target), rows);
    }
    /* References to events of another kind: see independent_links.c and the replay. */
    if (target != s->number || !sb_in_part(sb_id_mix(id), w->part, w->part_count))
        return SB_OK;
    return sb_item_add(w->own, (sb_item){sb_id_mix(id), id, s->row << SB_PLACE_BITS | w->place},
                       s->all->err);
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

/* ---- order ---------------------------------------------------------------------------------- */

/* Events stand in the order of cells, in a cell in the order of (executed_at, id). The cell of an
 * id is what is above its low b bits, and b is the least with which cells never fall. So both are
 * noted for each possible b while rows go by: of two neighbours, the highest bit in which their
 * ids differ says for which b they are of one cell. */
typedef struct order {
    bool begun;
    uint64_t last_id;
    int64_t last_time;
    int bits;           /* the least b so far */
    uint64_t fall_row;  /* which row raised it last */
    uint64_t early[64]; /* by that highest bit: the first row that is too early for one cell */
} order;

static void order_open(order *of)
{
    *of = (order){.begun = false};
    for (int bit = 0; bit < 64; bit++)
        of->early[bit] = UINT64_MAX;
}

static void order_take(order *of, uint64_t row, uint64_t id, int64_t time)
{
    if (of->begun && id != of->last_id) {
        int bit = 63 - __builtin_clzll(id ^ of->last_id);
        bool late = time > of->last_time || (time == of->last_time && id > of->last_id);
        if (!late && of->early[bit] == UINT64_MAX)
            of->early[bit] = row;
        if (id < of->last_id && bit >= of->bits) {
            of->bits = bit + 1;
            of->fall_row = row;
        }
    }
    of->begun = true;
    of->last_id = id;
    of->last_time = time;
}

/* The most bits that an id leaves to the index in its cell: the format says so. */
static int bits_max(sb_kind kind)
{
    return kind == SB_COMMUNICATIONS ? 14 : 17;
}

static sb_status order_check(const sb_check *all, const char *kind, const order *of)
{
    uint64_t worst = UINT64_MAX;
    if (of->bits > bits_max(sb_kind_find(kind)))
        return sb_fail(all->err, SB_EWRONG,
                       "%s: row %" PRIu64 ": id: below the one before, and not of the same cell",
                       kind, of->fall_row);
    for (int bit = 0; bit < of->bits; bit++)
        if (of->early[bit] < worst)
            worst = of->early[bit];
    if (worst == UINT64_MAX)
        return SB_OK;
    return sb_fail(all->err, SB_EWRONG,
                   "%s: row %" PRIu64 ": executed_at: before that of the row before, in one cell",
                   kind, worst);
}

/* ---- what must be unique -------------------------------------------------------------------- */

/* How a row's key comes about: its text (of an array, the first one); the number of its card; a
 * number with its country; the passports among its papers; or several fields in a row. */
typedef enum unique_form { OF_TEXT, OF_CARD, OF_COUNTRY, OF_PASSPORTS, OF_FIELDS } unique_form;

static const struct unique {
    sb_kind kind;
    const char *field;
    unique_form form;
    const char *other; /* the country; or the last of the fields */
} unique_fields[] = {
    {SB_PERSONS, "emails", OF_TEXT, NULL},
    {SB_PERSONS, "documents", OF_PASSPORTS, NULL},
    {SB_COMPANIES, "legal_name", OF_TEXT, NULL},
    {SB_COMPANIES, "registration_number", OF_COUNTRY, "registration_country"},
    {SB_COMPANIES, "lei", OF_TEXT, NULL},
    {SB_ACCOUNTS, "account_number", OF_TEXT, NULL},
    {SB_ACCOUNTS, "iban", OF_TEXT, NULL},
    {SB_ACCOUNTS, "card", OF_CARD, NULL},
    {SB_TRANSACTIONS, "reference", OF_TEXT, NULL},
    {SB_DEVICES, "fingerprint", OF_TEXT, NULL},
    {SB_DOCUMENTS, "number", OF_TEXT, NULL},
    {SB_RELATIONSHIPS, "type", OF_FIELDS, "to_company_id"},
};

enum { UNIQUE_FIELDS = sizeof unique_fields / sizeof unique_fields[0] };

/* One pass: the first one checks everything, each collects the keys of its part. */
typedef struct pass {
    sb_item_set sets[SETS_MAX + 1]; /* ids of events first, references to them last */
    const struct unique *uniques[SETS_MAX];
    int places[SETS_MAX], other_places[SETS_MAX];
    int set_count;
    uint64_t part, part_count;
    sb_transaction_fields transaction;
    int id_index, time_index;
    order order;
} pass;

static sb_item_set *references_of(pass *p)
{
    return &p->sets[SETS_MAX];
}

static sb_status add_hash(const sb_scan *s, pass *p, int set, XXH128_hash_t hash)
{
    return sb_in_part(hash.low64, p->part, p->part_count)
               ? sb_item_add(&p->sets[set], (sb_item){hash.low64, hash.high64, s->row}, s->all->err)
               : SB_OK;
}

static sb_status add_text(const sb_scan *s, pass *p, int set, const sb_value *text)
{
    return text->kind == SB_VALUE_STR ? add_hash(s, p, set, XXH3_128bits(text->bytes, text->count))
                                      : SB_OK;
}

/* A text beside its country: the country's letters are the seed. */
static sb_status add_of_country(const sb_scan *s, pass *p, int set, const sb_value *text,
                                const sb_value *country)
{
    XXH64_hash_t seed = 0;
    if (text->kind != SB_VALUE_STR)
        return SB_OK;
    for (uint32_t i = 0; country->kind == SB_VALUE_STR && i < country->count; i++)
        seed = seed << 8 | country->bytes[i];
    return add_hash(s, p, set, XXH3_128bits_withSeed(text->bytes, text->count, seed));
}

static sb_status add_passports(const sb_scan *s, pass *p, int set, const sb_value *papers)
{
    enum { TYPE, NUMBER, COUNTRY, FIELDS };
    sb_value paper[FIELDS];
    sb_cursor cursor = sb_scan_inside(s, papers);
    for (uint32_t i = 0; papers->kind == SB_VALUE_ARRAY && i < papers->count; i++) {
        sb_record_read(&cursor, paper, FIELDS);
        if (sb_value_is_text(&paper[TYPE], "passport"))
            SB_TRY(add_of_country(s, p, set, &paper[NUMBER], &paper[COUNTRY]));
    }
    return SB_OK;
}

static sb_status collect_unique(const sb_scan *s, pass *p, int set)
{
    int place = p->places[set], other = p->other_places[set];
    sb_value value = s->values[place];
    sb_cursor cursor = sb_scan_inside(s, &value);
    switch (p->uniques[set]->form) {
    case OF_TEXT:
        if (value.kind == SB_VALUE_ARRAY && (value.count == 0 || !sb_cursor_next(&cursor, &value)))
            return SB_OK;
        return add_text(s, p, set, &value);
    case OF_CARD: /* its number is the first of the record */
        if (value.kind != SB_VALUE_ARRAY || !sb_cursor_next(&cursor, &value))
            return SB_OK;
        return add_text(s, p, set, &value);
    case OF_COUNTRY:
        return add_of_country(s, p, set, &value, &s->values[other]);
    case OF_PASSPORTS:
        return add_passports(s, p, set, &value);
    case OF_FIELDS:
        return add_hash(
            s, p, set,
            XXH3_128bits(s->begins[place], (size_t)(s->begins[other + 1] - s->begins[place])));
    }
    return SB_OK;
}

static sb_status collect(const sb_scan *s, pass *p)
{
    for (int i = 1; i < p->set_count; i++)
        SB_TRY(collect_unique(s, p, i));
    if (p->id_index < 0 || sb_kind_is_dense(s->number))
        return SB_OK;
    uint64_t id = (uint64_t)s->values[p->id_index].number, key = sb_id_mix(id);
    return sb_in_part(key, p->part, p->part_count)
               ? sb_item_add(&p->sets[SET_IDS], (sb_item){key, id, s->row}, s->all->err)
               : SB_OK;
}

/* ---- the pass over a kind ------------------------------------------------------------------- */

static void count_leg(sb_check *all, const sb_value *account)
{
    bool known = all->rows[SB_ACCOUNTS] != SB_NO_ROWS; /* then the reference was checked before */
    if (sb_value_is_int(account) && known)
        all->leg_counts[(uint64_t)account->number / all->account_block]++;
}

static sb_status check_whole_row(sb_scan *s)
{
    sb_error why = {0};
    if (sb_row_check(s->record, s->bytes, s->row_bytes, &why) != SB_OK)
        return sb_fail(s->all->err, SB_EWRONG, "%s: row %" PRIu64 ": %s", s->kind, s->row,
                       why.text);
    return SB_OK;
}

/* The row was checked against its record before. */
static sb_status walk_row(sb_scan *s, pass *p)
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

/* What only the first pass looks at; the row is whole, and its references exist. */
static sb_status check_row(sb_scan *s, pass *p)
{
    SB_TRY(sb_row_rules(s, &p->transaction));
    if (s->number == SB_TRANSACTIONS) {
        count_leg(s->all, &s->values[p->transaction.from]);
        count_leg(s->all, &s->values[p->transaction.to]);
    }
    if (p->time_index >= 0 && p->id_index >= 0)
        order_take(&p->order, s->row, (uint64_t)s->values[p->id_index].number,
                   s->values[p->time_index].number);
    return SB_OK;
}

static sb_status take_pass_row(sb_scan *s, void *user)
{
    pass *p = user;
    if (p->part == 0)
        SB_TRY(check_whole_row(s));
    if (p->part == 0 && sb_kind_is_dense(s->number) &&
        s->values[p->id_index].number != (int64_t)s->row)
        return WRONG(s, "id", "%" PRId64 ", but ids are dense from 0",
                     s->values[p->id_index].number);
    SB_TRY(walk_row(s, p));
    if (p->part == 0)
        SB_TRY(check_row(s, p));
    return collect(s, p);
}

/* Reports the lowest row that repeats what an earlier one has. */
static sb_status find_repeats(const sb_check *all, const char *kind, sb_item_set *set)
{
    const sb_item *worst = NULL, *earlier = NULL;
    SB_TRY(sb_items_sort(set, all->err));
    for (size_t i = 1; i < set->count; i++) {
        const sb_item *a = &set->items[i - 1], *b = &set->items[i];
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

static sb_status find_dangling(const sb_check *all, const char *kind, const sb_item_set *ids,
                               sb_item_set *references)
{
    SB_TRY(sb_items_sort(references, all->err));
    const sb_item *worst = sb_items_dangling(ids, references);
    if (worst == NULL)
        return SB_OK;
    const sb_field *field =
        &sb_schema(sb_kind_find(kind))->fields[worst->row & ((1 << SB_PLACE_BITS) - 1)];
    return sb_fail(all->err, SB_EWRONG, "%s: row %" PRIu64 ": %s: %" PRIu64 " is the id of no row",
                   kind, worst->row >> SB_PLACE_BITS, field->name, worst->check);
}

static sb_status check_receipt(const sb_check *all, const char *kind, const sb_receipt *of)
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
    p->time_index = sb_record_find(record, "executed_at");
    order_open(&p->order);
    p->sets[SET_IDS].field = "id";
    references_of(p)->field = "references";
    for (int i = 0; i < UNIQUE_FIELDS; i++) {
        const struct unique *one = &unique_fields[i];
        if (one->kind != kind)
            continue;
        p->uniques[p->set_count] = one;
        p->places[p->set_count] = sb_record_find(record, one->field);
        p->other_places[p->set_count] =
            one->other != NULL ? sb_record_find(record, one->other) : -1;
        p->sets[p->set_count++].field = one->field;
    }
}

static void close_pass(pass *p)
{
    for (int i = 0; i <= SETS_MAX; i++)
        free(p->sets[i].items);
}

static sb_status run_pass(sb_check *all, const char *kind, pass *p)
{
    sb_receipt of = {.file_bytes = 0};
    sb_status status = sb_raw_digest_open(&of.digest, all->err);
    if (status == SB_OK)
        status =
            sb_scan_kind(all, kind, 0, SB_NO_ROWS, p->part == 0 ? &of : NULL, take_pass_row, p);
    if (status == SB_OK && p->part == 0)
        status = check_receipt(all, kind, &of);
    sb_raw_digest_close(&of.digest);
    for (int i = 0; i < p->set_count && status == SB_OK; i++)
        status = find_repeats(all, kind, &p->sets[i]);
    if (status == SB_OK)
        status = find_dangling(all, kind, &p->sets[SET_IDS], references_of(p));
    return status == SB_OK ? order_check(all, kind, &p->order) : status;
}

/* Of items per row: how many passes a kind needs, at 48 bytes an item while it is sorted. */
static uint64_t passes_of(const sb_check *all, sb_kind kind, uint64_t rows)
{
    static const uint64_t items[SB_KIND_COUNT] = {
        [SB_PERSONS] = 2,        [SB_COMPANIES] = 3, [SB_ACCOUNTS] = 3,     [SB_TRANSACTIONS] = 2,
        [SB_COMMUNICATIONS] = 2, [SB_DEVICES] = 1,   [SB_LOGINS] = 1,       [SB_TRADES] = 1,
        [SB_TRIPS] = 1,          [SB_DOCUMENTS] = 2, [SB_RELATIONSHIPS] = 1};
    unsigned __int128 bytes = (unsigned __int128)rows * items[kind] * 2 * sizeof(sb_item);
    return (uint64_t)(bytes / all->memory_bytes) + 1;
}

sb_status sb_check_kind(sb_check *all, const char *name)
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
