/* What rows of one kind say of another: that the payment exists that a message is about, that a
 * device is whose it is used by, that a trade settles on an account of who trades.
 *
 * Each of these is a set of keys and a set of claims, and a claim must be among the keys. A key
 * that says more than that a row exists is a pair: of a device and its owner, say. */
#include <inttypes.h>
#include <stdlib.h>

#include "format/hashing.h"
#include "workers/independent_internal.h"

/* A pair as one key; `first` is what the sentence names. */
static sb_item pair(const sb_scan *s, uint64_t first, uint64_t second)
{
    return (sb_item){sb_id_mix(first ^ sb_id_mix(second + 1)), first, s->row};
}

typedef struct link_pass {
    sb_item_set set; /* keys, or claims */
    uint64_t part, part_count;
    bool is_claim; /* else a key */
    const struct link *link;
} link_pass;

/* Persons and companies as one sort of number. */
static bool owner_of(const sb_scan *s, const char *person, const char *company, uint64_t *out)
{
    const sb_value *one = sb_scan_value(s, person), *other = sb_scan_value(s, company);
    if (!sb_value_is_int(one) && !sb_value_is_int(other))
        return false;
    *out = sb_value_is_int(one) ? (uint64_t)one->number << 1 : (uint64_t)other->number << 1 | 1;
    return true;
}

static uint64_t number_of(const sb_scan *s, const char *name)
{
    return (uint64_t)sb_scan_value(s, name)->number;
}

/* Each says which key or claim a row has, or that it has none. */
typedef bool link_reader(const sb_scan *s, sb_item *out);

static bool read_id(const sb_scan *s, sb_item *out)
{
    uint64_t id = number_of(s, "id");
    *out = (sb_item){sb_id_mix(id), id, s->row};
    return true;
}

static bool read_message(const sb_scan *s, sb_item *out)
{
    uint64_t id = number_of(s, "transaction_id");
    *out = (sb_item){sb_id_mix(id), id, s->row};
    return sb_value_is_int(sb_scan_value(s, "transaction_id"));
}

static bool read_device(const sb_scan *s, sb_item *out)
{
    *out = pair(s, number_of(s, "id"), number_of(s, "owner_person_id"));
    return true;
}

static bool read_login(const sb_scan *s, sb_item *out)
{
    *out = pair(s, number_of(s, "device_id"), number_of(s, "person_id"));
    return sb_value_is_int(sb_scan_value(s, "device_id"));
}

static bool read_sender(const sb_scan *s, sb_item *out)
{
    sb_value sender[3];
    sb_cursor cursor = {s->begins[sb_record_find(s->record, "sender")], s->bytes + s->row_bytes};
    sb_record_read(&cursor, sender, 3);
    *out = pair(s, number_of(s, "device_id"), (uint64_t)sender[0].number);
    return sb_value_is_int(sb_scan_value(s, "device_id"));
}

static bool read_account(const sb_scan *s, sb_item *out)
{
    uint64_t owner = 0;
    bool known = owner_of(s, "owner_person_id", "owner_company_id", &owner);
    *out = pair(s, number_of(s, "id"), owner);
    return known;
}

static bool read_trade(const sb_scan *s, sb_item *out)
{
    uint64_t owner = 0;
    bool known = owner_of(s, "person_id", "company_id", &owner);
    *out = pair(s, number_of(s, "account_id"), owner);
    return known;
}

static bool read_passport(const sb_scan *s, sb_item *out)
{
    enum { TYPE, NUMBER, FIELDS };
    sb_value paper[FIELDS];
    const sb_value *papers = sb_scan_value(s, "documents");
    sb_cursor cursor = sb_scan_inside(s, papers);
    for (uint32_t i = 0; papers->kind == SB_VALUE_ARRAY && i < papers->count; i++) {
        sb_record_read(&cursor, paper, FIELDS);
        if (!sb_value_is_text(&paper[TYPE], "passport"))
            continue;
        *out = pair(s, number_of(s, "id"), XXH3_64bits(paper[NUMBER].bytes, paper[NUMBER].count));
        return true;
    }
    return false;
}

static bool read_traveller(const sb_scan *s, sb_item *out)
{
    const sb_value *number = sb_scan_value(s, "passport_number");
    if (number->kind != SB_VALUE_STR)
        return false;
    *out = pair(s, number_of(s, "person_id"), XXH3_64bits(number->bytes, number->count));
    return true;
}

static const struct link {
    sb_kind of, claimed_by;
    link_reader *key, *claim;
    const char *field, *what; /* "trips: row 7: passport_number: <what> 12" */
} links[] = {
    {SB_TRANSACTIONS, SB_COMMUNICATIONS, read_id, read_message, "transaction_id",
     "there is no transaction"},
    {SB_DEVICES, SB_COMMUNICATIONS, read_device, read_sender, "device_id",
     "the sender has no device"},
    {SB_DEVICES, SB_LOGINS, read_device, read_login, "device_id", "person_id has no device"},
    {SB_ACCOUNTS, SB_TRADES, read_account, read_trade, "account_id",
     "who trades does not own account"},
    {SB_PERSONS, SB_TRIPS, read_passport, read_traveller, "passport_number",
     "that is no passport of person"},
};

static sb_status take_link_row(sb_scan *s, void *user)
{
    link_pass *p = user;
    sb_item one;
    link_reader *reader = p->is_claim ? p->link->claim : p->link->key;
    if (!reader(s, &one) || !sb_in_part(one.key, p->part, p->part_count))
        return SB_OK;
    return sb_item_add(&p->set, one, s->all->err);
}

static sb_status gather(sb_check *all, const struct link *link, bool is_claim, uint64_t part,
                        uint64_t part_count, sb_item_set *out)
{
    link_pass p = {{.field = link->field}, part, part_count, is_claim, link};
    sb_kind kind = is_claim ? link->claimed_by : link->of;
    sb_status status =
        sb_scan_kind(all, sb_kind_name(kind), 0, SB_NO_ROWS, NULL, take_link_row, &p);
    if (status == SB_OK)
        status = sb_items_sort(&p.set, all->err);
    *out = p.set;
    return status;
}

static sb_status check_part(sb_check *all, const struct link *link, uint64_t part,
                            uint64_t part_count)
{
    sb_item_set keys = {.field = link->field}, claims = {.field = link->field};
    sb_status status = gather(all, link, true, part, part_count, &claims);
    if (status == SB_OK && claims.count > 0)
        status = gather(all, link, false, part, part_count, &keys);
    const sb_item *worst = status == SB_OK ? sb_items_dangling(&keys, &claims) : NULL;
    if (worst != NULL)
        status = sb_fail(all->err, SB_EWRONG, "%s: row %" PRIu64 ": %s: %s %" PRIu64,
                         sb_kind_name(link->claimed_by), worst->row, link->field, link->what,
                         worst->check);
    free(keys.items);
    free(claims.items);
    return status;
}

static sb_status check_link(sb_check *all, const struct link *link)
{
    uint64_t keys = all->rows[link->of], claims = all->rows[link->claimed_by];
    if (keys == SB_NO_ROWS ||
        claims == SB_NO_ROWS) /* then there are no claims: see take_reference */
        return SB_OK;
    uint64_t parts = (keys + claims) / (all->memory_bytes / (2 * sizeof(sb_item)) + 1) + 1;
    for (uint64_t part = 0; part < parts; part++)
        SB_TRY(check_part(all, link, part, parts));
    return SB_OK;
}

sb_status sb_check_links(sb_check *all)
{
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++)
        SB_TRY(check_link(all, &links[i]));
    return SB_OK;
}
