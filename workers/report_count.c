#include "workers/report_count.h"
#include "format/hashing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- tallies -------------------------------------------------------------------------------- */

static void put_in_slot(sb_tally *tally, size_t index)
{
    size_t at = tally->entries[index].hash & (tally->slot_count - 1);
    while (tally->slots[at] != 0)
        at = (at + 1) & (tally->slot_count - 1);
    tally->slots[at] = (uint32_t)index + 1;
}

static sb_status grow_tally(sb_tally *tally, sb_error *err)
{
    size_t capacity = tally->capacity == 0 ? 64 : 2 * tally->capacity;
    sb_tally_entry *entries = realloc(tally->entries, capacity * sizeof *entries);
    uint32_t *slots = calloc(2 * capacity, sizeof *slots);
    if (entries != NULL)
        tally->entries = entries;
    if (entries == NULL || slots == NULL) {
        free(slots);
        return sb_fail(err, SB_ENOMEM, "no memory to count texts for the report");
    }
    free(tally->slots);
    tally->slots = slots;
    tally->capacity = capacity;
    tally->slot_count = 2 * capacity;
    for (size_t i = 0; i < tally->count; i++)
        put_in_slot(tally, i);
    return SB_OK;
}

static int find_entry(const sb_tally *tally, uint64_t hash, const void *text, size_t text_bytes)
{
    if (tally->slot_count == 0)
        return SB_TALLY_NONE;
    for (size_t at = hash & (tally->slot_count - 1); tally->slots[at] != 0;
         at = (at + 1) & (tally->slot_count - 1)) {
        const sb_tally_entry *entry = &tally->entries[tally->slots[at] - 1];
        if (entry->hash == hash && entry->text_bytes == text_bytes &&
            memcmp(tally->texts.data + entry->text_at, text, text_bytes) == 0)
            return (int)tally->slots[at] - 1;
    }
    return SB_TALLY_NONE;
}

static sb_status new_entry(sb_tally *tally, uint64_t hash, const void *text, size_t text_bytes,
                           sb_error *err)
{
    if (tally->count == tally->capacity)
        SB_TRY(grow_tally(tally, err));
    sb_tally_entry *entry = &tally->entries[tally->count];
    *entry = (sb_tally_entry){
        .hash = hash, .text_at = tally->texts.length, .text_bytes = (uint32_t)text_bytes};
    SB_TRY(sb_bytes_add(&tally->texts, text, text_bytes, err));
    SB_TRY(sb_bytes_add(&tally->texts, "", 1, err));
    put_in_slot(tally, tally->count++);
    return SB_OK;
}

sb_status sb_tally_add(sb_tally *tally, const void *text, size_t text_bytes, int *index,
                       sb_error *err)
{
    uint64_t hash = XXH3_64bits(text, text_bytes);
    int found = find_entry(tally, hash, text, text_bytes);
    if (found == SB_TALLY_NONE && tally->count < SB_TALLY_TEXTS_MAX) {
        SB_TRY(new_entry(tally, hash, text, text_bytes, err));
        found = (int)tally->count - 1;
    }
    tally->total++;
    if (found == SB_TALLY_NONE)
        tally->others++;
    else
        tally->entries[found].count++;
    if (index != NULL)
        *index = found;
    return SB_OK;
}

void sb_tally_close(sb_tally *tally)
{
    free(tally->entries);
    free(tally->slots);
    sb_bytes_close(&tally->texts);
    *tally = (sb_tally){0};
}

const char *sb_tally_text(const sb_tally *tally, size_t index)
{
    return (const char *)tally->texts.data + tally->entries[index].text_at;
}

int sb_tally_find(const sb_tally *tally, const char *text)
{
    size_t text_bytes = strlen(text);
    return find_entry(tally, XXH3_64bits(text, text_bytes), text, text_bytes);
}

static bool ranks_before(const sb_tally *tally, sb_tally_by by, uint32_t a, uint32_t b)
{
    const sb_tally_entry *one = &tally->entries[a], *other = &tally->entries[b];
    double x = by == SB_BY_COUNT ? (double)one->count : one->sums[0];
    double y = by == SB_BY_COUNT ? (double)other->count : other->sums[0];
    if (x < y || x > y)
        return x > y;
    return strcmp(sb_tally_text(tally, a), sb_tally_text(tally, b)) < 0;
}

/* An insertion into the few that are wanted: most entries end at the first comparison. */
size_t sb_tally_rank(const sb_tally *tally, sb_tally_by by, const char *begins_with,
                     uint32_t *order, size_t order_max)
{
    size_t kept = 0, prefix = begins_with != NULL ? strlen(begins_with) : 0;
    for (uint32_t i = 0; i < tally->count; i++) {
        if (prefix > 0 && strncmp(sb_tally_text(tally, i), begins_with, prefix) != 0)
            continue;
        if (kept == order_max && !ranks_before(tally, by, i, order[kept - 1]))
            continue;
        size_t at = kept < order_max ? kept++ : kept - 1;
        for (; at > 0 && ranks_before(tally, by, i, order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    return kept;
}

/* ---- heavy tails ---------------------------------------------------------------------------- */

/* Above SB_HEAVY_EXACT a bin is named by the position of the highest bit and the four behind it. */
static int tail_bin(uint64_t size)
{
    if (size < SB_HEAVY_EXACT)
        return (int)size;
    int top = 63 - __builtin_clzll(size);
    int within = (int)(size >> (top - 4) & (SB_HEAVY_OCTAVE - 1));
    return SB_HEAVY_EXACT + (top - 6) * SB_HEAVY_OCTAVE + within;
}

uint64_t sb_heavy_least(int bin)
{
    if (bin < SB_HEAVY_EXACT)
        return (uint64_t)bin;
    int top = (bin - SB_HEAVY_EXACT) / SB_HEAVY_OCTAVE + 6;
    uint64_t within = (uint64_t)((bin - SB_HEAVY_EXACT) % SB_HEAVY_OCTAVE);
    return (SB_HEAVY_OCTAVE + within) << (top - 4);
}

void sb_heavy_add(sb_heavy *tail, uint64_t size)
{
    tail->bins[tail_bin(size)]++;
    tail->count++;
    tail->zeros += size == 0;
    if (size > tail->largest)
        tail->largest = size;
    if (size < SB_HEAVY_LEAST)
        return;
    tail->fitted++;
    tail->log_sum += log((double)size / (SB_HEAVY_LEAST - 0.5));
}

double sb_heavy_exponent(const sb_heavy *tail)
{
    if (tail->fitted < 50 || tail->log_sum <= 0)
        return 0;
    return 1 + (double)tail->fitted / tail->log_sum;
}

/* ---- sets of keys --------------------------------------------------------------------------- */

/* The keys are hashes already: their low bits choose the slot. */
static size_t slot_of(const sb_key_set *set, uint64_t key)
{
    size_t at = key & (set->slot_count - 1);
    while (set->keys[at] != 0 && set->keys[at] != key)
        at = (at + 1) & (set->slot_count - 1);
    return at;
}

static sb_status grow_set(sb_key_set *set, sb_error *err)
{
    sb_key_set grown = {.slot_count = set->slot_count == 0 ? 4096 : 2 * set->slot_count,
                        .count = set->count,
                        .counted = set->counted};
    grown.keys = calloc(grown.slot_count, sizeof *grown.keys);
    if (grown.counted)
        grown.counts = calloc(grown.slot_count, sizeof *grown.counts);
    if (grown.keys == NULL || (grown.counted && grown.counts == NULL)) {
        sb_key_set_close(&grown);
        return sb_fail(err, SB_ENOMEM, "no memory to count links for the report");
    }
    for (size_t i = 0; i < set->slot_count; i++) {
        if (set->keys[i] == 0)
            continue;
        size_t at = slot_of(&grown, set->keys[i]);
        grown.keys[at] = set->keys[i];
        if (grown.counted)
            grown.counts[at] = set->counts[i];
    }
    sb_key_set_close(set);
    *set = grown;
    return SB_OK;
}

sb_status sb_key_set_add(sb_key_set *set, uint64_t key, bool *is_new, sb_error *err)
{
    if (set->slot_count == 0 || set->count >= set->slot_count / 10 * 7)
        SB_TRY(grow_set(set, err));
    size_t at = slot_of(set, key);
    *is_new = set->keys[at] == 0;
    set->keys[at] = key;
    set->count += *is_new;
    if (set->counted)
        set->counts[at]++;
    return SB_OK;
}

bool sb_key_set_has(const sb_key_set *set, uint64_t key)
{
    return set->slot_count > 0 && set->keys[slot_of(set, key)] == key;
}

void sb_key_set_close(sb_key_set *set)
{
    free(set->keys);
    free(set->counts);
    *set = (sb_key_set){.counted = set->counted};
}

uint64_t sb_key_of(const void *data, size_t data_bytes)
{
    uint64_t hash = XXH3_64bits(data, data_bytes);
    return hash != 0 ? hash : 1;
}

/* ---- the graph of accounts ------------------------------------------------------------------ */

sb_status sb_links_open(uint64_t accounts, uint64_t transactions, sb_links *out, sb_error *err)
{
    *out = (sb_links){.account_count = accounts, .stride = 1};
    /* A link is kept for either of its ends, hence half the bound for each. */
    if (transactions > SB_LINK_ROWS_MAX)
        out->stride = 2 * transactions / SB_LINK_ROWS_MAX + 1;
    out->followed = accounts / out->stride + (accounts % out->stride != 0);
    if (out->followed < SIZE_MAX / sizeof *out->degrees)
        out->degrees = calloc((size_t)out->followed + 1, sizeof *out->degrees);
    if (out->degrees == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for the degrees of %llu accounts",
                       (unsigned long long)out->followed);
    return SB_OK;
}

void sb_links_close(sb_links *links)
{
    free(links->degrees);
    sb_key_set_close(&links->edges);
    *links = (sb_links){0};
}

/* Which of the `stride` accounts of a run is the one that is followed. */
static uint64_t place_in_run(const sb_links *links, uint64_t run)
{
    return links->stride == 1 ? 0 : sb_key_of(&run, sizeof run) % links->stride;
}

uint64_t sb_links_account(const sb_links *links, uint64_t index)
{
    uint64_t id = index * links->stride + place_in_run(links, index);
    return id < links->account_count ? id : UINT64_MAX;
}

static sb_degree *degree_of(const sb_links *links, uint64_t account)
{
    uint64_t run = account / links->stride;
    return account % links->stride == place_in_run(links, run) ? &links->degrees[run] : NULL;
}

static uint64_t edge_key(uint64_t from, uint64_t to)
{
    const uint64_t ends[2] = {from, to};
    return sb_key_of(ends, sizeof ends);
}

sb_status sb_links_add(sb_links *links, uint64_t from, uint64_t to, sb_error *err)
{
    sb_degree *payer = degree_of(links, from), *payee = degree_of(links, to);
    bool is_new;
    if (payer == NULL && payee == NULL)
        return SB_OK;
    SB_TRY(sb_key_set_add(&links->edges, edge_key(from, to), &is_new, err));
    if (!is_new)
        return SB_OK;
    bool new_partner = !sb_key_set_has(&links->edges, edge_key(to, from));
    links->edge_count++;
    if (payer != NULL) {
        payer->out++;
        payer->partners += new_partner;
    }
    if (payee != NULL) {
        payee->in++;
        payee->partners += new_partner;
    }
    return SB_OK;
}
