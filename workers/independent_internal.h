/* What the parts of `verify --independent` share: keys that must be unique or exist, and a walk
 * over the rows of a kind's files.
 *
 *     independent.c          keys, reading, and the order of it all
 *     independent_rows.c     what holds within a row
 *     independent_pass.c     ids, uniqueness and references within a kind
 *     independent_links.c    what rows of one kind say of another
 *     independent_ledger.c   transactions replayed against accounts and statement lines */
#ifndef WORKERS_INDEPENDENT_INTERNAL_H
#define WORKERS_INDEPENDENT_INTERNAL_H

#include <string.h>

#include "format/row_cursor.h"
#include "format/row_text.h"
#include "workers/independent.h"
#include "workers/open.h"
#include "workers/progress.h"

enum {
    SB_SCAN_FIELDS_MAX = 64, /* of a row that are looked at */
    SB_DAY_MS = 86400000,
};

#define SB_NO_ROWS UINT64_MAX

/* ---- keys ----------------------------------------------------------------------------------- */

/* A key is 128 bits: the XXH3 of a text, or an id beside its mix. Two texts share one by chance
 * once in 2^64 pairs of billions, so equal keys are taken for equal texts. */
typedef struct sb_item {
    uint64_t key, check;
    uint64_t row; /* of a reference: the row above the place of its field */
} sb_item;

enum { SB_PLACE_BITS = 8 }; /* rows are below 2^40 */

/* Items of one pass. `field` is for the sentence. */
typedef struct sb_item_set {
    sb_item *items; /* owned */
    size_t count, capacity;
    const char *field;
} sb_item_set;

SB_CHECK sb_status sb_item_add(sb_item_set *set, sb_item one, sb_error *err);
/* By key, check and row; linear for keys that are spread evenly. */
SB_CHECK sb_status sb_items_sort(sb_item_set *set, sb_error *err);
/* Both sets sorted: the reference of the lowest row that is not among the others; NULL: none. */
const sb_item *sb_items_dangling(const sb_item_set *those, const sb_item_set *references);

/* Mixes an id so that keys are spread evenly whatever the ids are (SplitMix64's finisher: one to
 * one). */
static inline uint64_t sb_id_mix(uint64_t id)
{
    id = (id ^ id >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    id = (id ^ id >> 27) * UINT64_C(0x94D049BB133111EB);
    return id ^ id >> 31;
}

/* Whether a key is of the part at hand: what does not fit into memory is worked off in parts. */
static inline bool sb_in_part(uint64_t key, uint64_t part, uint64_t part_count)
{
    return part_count == 1 || ((key & 0xFFFFFFFF) * part_count >> 32) == part;
}

/* ---- rows ----------------------------------------------------------------------------------- */

typedef struct sb_check {
    const sb_verify_options *options;
    sb_dataset_dir dir;
    uint64_t memory_bytes;
    uint64_t rows[SB_KIND_COUNT]; /* by the manifest; SB_NO_ROWS where the kind is absent */
    int64_t start_ms, end_ms;     /* of the period; both 0 when the spec has none */
    uint64_t rows_read, raw_bytes;
    sb_progress *progress;
    /* How many legs the accounts have, by blocks of accounts: for the passes of the replay. */
    uint64_t *leg_counts; /* owned */
    uint64_t account_block;
    sb_error *err;
} sb_check;

/* A kind's files being read, row by row. */
typedef struct sb_scan {
    sb_check *all;
    const char *kind;
    sb_kind number;
    const char *path;
    const sb_record *record;
    uint64_t row;
    const uint8_t *bytes;
    size_t row_bytes;
    uint64_t base_row;                         /* of the file: what its first row counts from */
    sb_value values[SB_SCAN_FIELDS_MAX];       /* the row's top-level values */
    const uint8_t *begins[SB_SCAN_FIELDS_MAX]; /* and where each of them begins */
} sb_scan;

typedef sb_status sb_row_taker(sb_scan *s, void *user);

/* What the whole of a kind comes to, for the manifest's receipt. */
typedef struct sb_receipt {
    sb_raw_digest digest;
    uint64_t file_bytes, raw_bytes;
} sb_receipt;

/* Gives `take` every row of the kind in [begin, end) (and those that share a frame with them). `of`
 * may be NULL. */
SB_CHECK sb_status sb_scan_kind(sb_check *all, const char *kind, uint64_t begin, uint64_t end,
                                sb_receipt *of, sb_row_taker *take, void *user);

/* "persons: row 7: gender: what is wrong". */
SB_PRINTF(3, 4)
sb_status sb_scan_wrong(const sb_scan *s, const char *field, const char *format, ...);
#define WRONG(s, field, ...) sb_scan_wrong((s), (field), __VA_ARGS__)

/* The value of a top-level field; nil where there is none of that name. */
const sb_value *sb_scan_value(const sb_scan *s, const char *name);

/* Where a scan finds the fields it needs: looked up once. */
SB_CHECK sb_status sb_scan_field(const sb_scan *s, const char *name, int *out);

/* The items of an array, or the values of a record, one after the other: from behind its head to
 * the end of the row. */
static inline sb_cursor sb_scan_inside(const sb_scan *s, const sb_value *value)
{
    return (sb_cursor){value->bytes, s->bytes + s->row_bytes};
}

/* Reads the record that the cursor stands at, of values that hold no others; what is beyond `count`
 * or missing is nil. */
void sb_record_read(sb_cursor *cursor, sb_value *values, uint32_t count);

static inline bool sb_value_is_text(const sb_value *value, const char *text)
{
    return value->kind == SB_VALUE_STR && value->count == strlen(text) &&
           memcmp(value->bytes, text, value->count) == 0;
}

static inline bool sb_value_same_text(const sb_value *a, const sb_value *b)
{
    return a->kind == SB_VALUE_STR && b->kind == SB_VALUE_STR && a->count == b->count &&
           memcmp(a->bytes, b->bytes, a->count) == 0;
}

static inline bool sb_value_is_int(const sb_value *value)
{
    return value->kind == SB_VALUE_INT;
}

static inline int32_t sb_day_of(int64_t ms)
{
    return (int32_t)(ms / SB_DAY_MS - (ms % SB_DAY_MS < 0));
}

/* Kinds whose row r has id r. */
bool sb_kind_is_dense(sb_kind kind);

/* ---- the parts ------------------------------------------------------------------------------ */

/* Where the fields of a transaction stand; looked up once a file. */
typedef struct sb_transaction_fields {
    const sb_record *record;
    int id, executed_at, type, status, from, to, amount, currency, to_amount, to_currency, rate,
        fee, ip, device;
} sb_transaction_fields;

SB_CHECK sb_status sb_transaction_find(const sb_scan *s, sb_transaction_fields *out);

/* What the row says of itself. It was checked against its record before. */
SB_CHECK sb_status sb_row_rules(const sb_scan *s, sb_transaction_fields *transaction);

SB_CHECK sb_status sb_check_kind(sb_check *all, const char *name);
SB_CHECK sb_status sb_check_links(sb_check *all);
SB_CHECK sb_status sb_check_ledger(sb_check *all);
enum { SB_LEG_COUNTERS = 65536 };

#endif
