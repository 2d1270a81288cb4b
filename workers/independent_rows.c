#include <inttypes.h>

#include "workers/independent_internal.h"

/* ---- helpers -------------------------------------------------------------------------------- */

static bool is_set(const sb_scan *s, const char *name)
{
    return sb_scan_value(s, name)->kind != SB_VALUE_NIL;
}

static bool is_true(const sb_scan *s, const char *name)
{
    return sb_scan_value(s, name)->number != 0;
}

static bool has_text(const sb_scan *s, const char *name, const char *text)
{
    return sb_value_is_text(sb_scan_value(s, name), text);
}

/* Days and moments are compared with the period where the spec has one. */
static bool has_period(const sb_scan *s)
{
    return s->all->start_ms != s->all->end_ms;
}

static int32_t end_day(const sb_scan *s)
{
    return sb_day_of(s->all->end_ms);
}

/* Two fields that must be set, or null, together. */
static sb_status check_together(const sb_scan *s, const char *field, const char *other, bool due)
{
    if (is_set(s, field) == due)
        return SB_OK;
    return WRONG(s, field, "%s, which does not agree with %s", due ? "null" : "there", other);
}

/* Lists of texts or ids. */
static uint32_t count_of(const sb_scan *s, const char *name)
{
    const sb_value *value = sb_scan_value(s, name);
    return value->kind == SB_VALUE_ARRAY ? value->count : 0;
}

static bool has_item(const sb_scan *s, const char *name, const sb_value *wanted)
{
    const sb_value *list = sb_scan_value(s, name);
    sb_cursor cursor = sb_scan_inside(s, list);
    sb_value item = {.kind = SB_VALUE_NIL};
    for (uint32_t i = 0; i < count_of(s, name) && sb_cursor_next(&cursor, &item); i++)
        if (sb_value_is_int(&item) && sb_value_is_int(wanted) ? item.number == wanted->number
                                                              : sb_value_same_text(&item, wanted))
            return true;
    return false;
}

static sb_status check_distinct(const sb_scan *s, const char *name)
{
    const sb_value *list = sb_scan_value(s, name);
    sb_cursor cursor = sb_scan_inside(s, list);
    for (uint32_t i = 0; i < count_of(s, name); i++) {
        sb_value one = {.kind = SB_VALUE_NIL}, other = {.kind = SB_VALUE_NIL};
        (void)sb_cursor_next(&cursor, &one);
        sb_cursor rest = cursor;
        for (uint32_t next = i + 1; next < list->count && sb_cursor_next(&rest, &other); next++)
            if (sb_value_is_int(&one) ? one.number == other.number
                                      : sb_value_same_text(&one, &other))
                return WRONG(s, name, "the same twice");
    }
    return SB_OK;
}

/* Who stands on a sanctions list stands on one that is named. */
static sb_status check_sanctions(const sb_scan *s)
{
    if (is_true(s, "is_sanctioned") != (count_of(s, "sanction_lists") > 0))
        return WRONG(s, "is_sanctioned", "does not agree with sanction_lists");
    return check_distinct(s, "sanction_lists");
}

static sb_status check_score(const sb_scan *s, const char *name, int64_t least)
{
    int64_t score = sb_scan_value(s, name)->number;
    if (score >= least && score <= 10000)
        return SB_OK;
    return WRONG(s, name, "%" PRId64 " / 10^4", score);
}

/* Of two fields exactly one is set. */
static sb_status check_either(const sb_scan *s, const char *a, const char *b)
{
    if (is_set(s, a) != is_set(s, b))
        return SB_OK;
    return WRONG(s, a, "%s and %s are both %s", a, b, is_set(s, a) ? "set" : "null");
}

/* ---- persons -------------------------------------------------------------------------------- */

enum { PAPER_TYPE, PAPER_NUMBER, PAPER_COUNTRY, PAPER_ISSUED, PAPER_EXPIRES, PAPER_FIELDS };

/* Papers are valid when the period ends. */
static sb_status check_papers(const sb_scan *s)
{
    sb_value paper[PAPER_FIELDS];
    int64_t birth = sb_scan_value(s, "date_of_birth")->number;
    sb_cursor cursor = sb_scan_inside(s, sb_scan_value(s, "documents"));
    for (uint32_t i = 0; i < count_of(s, "documents"); i++) {
        sb_record_read(&cursor, paper, PAPER_FIELDS);
        if (paper[PAPER_ISSUED].number <= birth)
            return WRONG(s, "documents", "issued before the holder was born");
        if (has_period(s) &&
            (paper[PAPER_ISSUED].number >= end_day(s) || paper[PAPER_EXPIRES].number < end_day(s)))
            return WRONG(s, "documents", "not valid at the end of the period");
    }
    return SB_OK;
}

static sb_status check_person(const sb_scan *s)
{
    SB_TRY(check_papers(s));
    SB_TRY(check_sanctions(s));
    SB_TRY(check_together(s, "pep_details", "is_pep", is_true(s, "is_pep")));
    if (!has_item(s, "citizenship", sb_scan_value(s, "nationality")))
        return WRONG(s, "citizenship", "without the nationality");
    return check_score(s, "online_activity_score", 0);
}

/* ---- companies ------------------------------------------------------------------------------ */

enum { SHARE_PERSON, SHARE_COMPANY, SHARE_BP, SHARE_FIELDS };

static sb_status check_owners(const sb_scan *s)
{
    sb_value share[SHARE_FIELDS];
    int64_t sum = 0;
    uint32_t count = count_of(s, "owners");
    sb_cursor cursor = sb_scan_inside(s, sb_scan_value(s, "owners"));
    for (uint32_t i = 0; i < count; i++) {
        sb_record_read(&cursor, share, SHARE_FIELDS);
        if (share[SHARE_BP].number < 0 || share[SHARE_BP].number > 10000)
            return WRONG(s, "owners", "a share of %" PRId64 " basis points",
                         share[SHARE_BP].number);
        if (sb_value_is_int(&share[SHARE_PERSON]) && sb_value_is_int(&share[SHARE_COMPANY]))
            return WRONG(s, "owners", "a person and a company at once");
        if (sb_value_is_int(&share[SHARE_COMPANY]) &&
            share[SHARE_COMPANY].number == (int64_t)s->row)
            return WRONG(s, "owners", "a company that owns itself");
        sum += share[SHARE_BP].number;
    }
    if (count > 0 && sum != 10000)
        return WRONG(s, "owners", "shares sum to %" PRId64 ", not 10,000 basis points", sum);
    return SB_OK;
}

/* Its own country first; tax havens are some of where it does business. */
static sb_status check_places(const sb_scan *s)
{
    sb_value country = {.kind = SB_VALUE_NIL};
    sb_cursor cursor = sb_scan_inside(s, sb_scan_value(s, "operating_countries"));
    if (count_of(s, "operating_countries") == 0 || !sb_cursor_next(&cursor, &country) ||
        !sb_value_same_text(&country, sb_scan_value(s, "registration_country")))
        return WRONG(s, "operating_countries", "does not begin with registration_country");
    cursor = sb_scan_inside(s, sb_scan_value(s, "tax_havens"));
    for (uint32_t i = 0; i < count_of(s, "tax_havens"); i++)
        if (sb_cursor_next(&cursor, &country) && !has_item(s, "operating_countries", &country))
            return WRONG(s, "tax_havens", "%.*s is not among operating_countries",
                         (int)country.count, (const char *)country.bytes);
    return check_distinct(s, "operating_countries");
}

static sb_status check_company(const sb_scan *s)
{
    const sb_value *parent = sb_scan_value(s, "parent_id");
    bool listed = is_true(s, "is_public");
    if (sb_value_is_int(parent) && parent->number == (int64_t)s->row)
        return WRONG(s, "parent_id", "a company that is its own parent");
    SB_TRY(check_owners(s));
    SB_TRY(check_together(s, "ticker", "is_public", listed));
    SB_TRY(check_together(s, "exchange", "is_public", listed));
    SB_TRY(check_together(s, "market_cap", "is_public", listed));
    SB_TRY(check_sanctions(s));
    return check_places(s);
}

/* ---- accounts ------------------------------------------------------------------------------- */

/* Further people of an account: others than its owner, and only of such as may have them. */
static sb_status check_people(const sb_scan *s)
{
    const sb_value *person = sb_scan_value(s, "owner_person_id");
    bool of_person = sb_value_is_int(person);
    SB_TRY(check_distinct(s, "joint_owner_ids"));
    SB_TRY(check_distinct(s, "beneficial_owner_ids"));
    if (has_item(s, "joint_owner_ids", person))
        return WRONG(s, "joint_owner_ids", "the owner himself");
    if (!of_person && count_of(s, "joint_owner_ids") > 0)
        return WRONG(s, "joint_owner_ids", "further owners of a company's account");
    if (of_person && count_of(s, "beneficial_owner_ids") > 0)
        return WRONG(s, "beneficial_owner_ids", "people behind a person's account");
    return SB_OK;
}

/* A frozen account is open and has what it has, but moves nothing; nor is it dormant. */
static sb_status check_status(const sb_scan *s)
{
    bool closed = is_set(s, "closed"), frozen = has_text(s, "status", "frozen");
    bool dormant = is_true(s, "is_dormant");
    int64_t count = sb_scan_value(s, "transaction_count")->number;
    if (has_text(s, "status", "closed") != closed)
        return WRONG(s, "status", "does not agree with closed");
    if (frozen && count != 0)
        return WRONG(s, "status", "frozen, with %" PRId64 " completed transactions", count);
    if (dormant != (count == 0 && !closed && !frozen))
        return WRONG(s, "is_dormant", "does not agree with transaction_count");
    if (has_text(s, "status", "dormant") != dormant)
        return WRONG(s, "status", "does not agree with is_dormant");
    return SB_OK;
}

static sb_status check_account(const sb_scan *s)
{
    enum { PAN, EXPIRY, CARD_FIELDS };
    sb_value card[CARD_FIELDS];
    const sb_value *opened = sb_scan_value(s, "opened"), *closed = sb_scan_value(s, "closed");
    const sb_value *held = sb_scan_value(s, "card");
    bool of_person = is_set(s, "owner_person_id");
    if (of_person == is_set(s, "owner_company_id"))
        return WRONG(s, "owner_person_id", "%s", of_person ? "two owners" : "no owner");
    if (sb_value_is_int(closed) && closed->number < opened->number)
        return WRONG(s, "closed", "closed before it was opened");
    SB_TRY(check_status(s));
    if (sb_scan_value(s, "overdraft_limit")->number < 0)
        return WRONG(s, "overdraft_limit", "below zero");
    SB_TRY(check_people(s));
    SB_TRY(check_together(s, "monitoring_reason", "is_monitored", is_true(s, "is_monitored")));
    if (held->kind != SB_VALUE_ARRAY)
        return SB_OK;
    sb_cursor cursor = {s->begins[sb_record_find(s->record, "card")], s->bytes + s->row_bytes};
    sb_record_read(&cursor, card, CARD_FIELDS);
    if (sb_value_is_int(closed) || (has_period(s) && card[EXPIRY].number < end_day(s)))
        return WRONG(s, "card", "%s",
                     sb_value_is_int(closed) ? "of a closed account" : "expired within the period");
    return SB_OK;
}

/* ---- transactions --------------------------------------------------------------------------- */

sb_status sb_transaction_find(const sb_scan *s, sb_transaction_fields *out)
{
    if (out->record == s->record)
        return SB_OK;
    SB_TRY(sb_scan_field(s, "id", &out->id));
    SB_TRY(sb_scan_field(s, "executed_at", &out->executed_at));
    SB_TRY(sb_scan_field(s, "type", &out->type));
    SB_TRY(sb_scan_field(s, "status", &out->status));
    SB_TRY(sb_scan_field(s, "from_account_id", &out->from));
    SB_TRY(sb_scan_field(s, "to_account_id", &out->to));
    SB_TRY(sb_scan_field(s, "amount", &out->amount));
    SB_TRY(sb_scan_field(s, "currency", &out->currency));
    SB_TRY(sb_scan_field(s, "to_amount", &out->to_amount));
    SB_TRY(sb_scan_field(s, "to_currency", &out->to_currency));
    SB_TRY(sb_scan_field(s, "rate", &out->rate));
    SB_TRY(sb_scan_field(s, "fee", &out->fee));
    SB_TRY(sb_scan_field(s, "ip", &out->ip));
    SB_TRY(sb_scan_field(s, "device_id", &out->device));
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

static sb_status check_transaction(const sb_scan *s, const sb_transaction_fields *at)
{
    const sb_value *v = s->values;
    bool has_from = sb_value_is_int(&v[at->from]), has_to = sb_value_is_int(&v[at->to]),
         has_rate = sb_value_is_int(&v[at->rate]);
    if (!has_from && !has_to)
        return WRONG(s, "from_account_id", "both ends are outside the dataset");
    if (has_from && has_to && v[at->from].number == v[at->to].number)
        return WRONG(s, "to_account_id", "an account that pays itself");
    if (v[at->amount].number < 0)
        return WRONG(s, "amount", "below zero");
    if (v[at->fee].number < 0 || (!has_from && v[at->fee].number != 0))
        return WRONG(s, "fee", "%s", has_from ? "below zero" : "nobody in the dataset pays it");
    if (!has_rate && !sb_value_same_text(&v[at->currency], &v[at->to_currency]))
        return WRONG(s, "to_currency", "another currency without a rate");
    if (!has_rate && v[at->amount].number != v[at->to_amount].number)
        return WRONG(s, "to_amount", "%" PRId64 ", but amount is %" PRId64 " of the same currency",
                     v[at->to_amount].number, v[at->amount].number);
    if (has_rate &&
        (!has_from || !has_to || sb_value_same_text(&v[at->currency], &v[at->to_currency])))
        return WRONG(s, "rate", "a rate where nothing is changed");
    if (sb_value_is_int(&v[at->device]) && (!has_from || v[at->ip].kind != SB_VALUE_STR))
        return WRONG(s, "device_id", "a device, but nobody in the dataset ordered it online");
    if (has_rate && !converts(v[at->amount].number, v[at->rate].number, v[at->to_amount].number))
        return WRONG(s, "to_amount",
                     "%" PRId64 ", but %" PRId64 " at rate %" PRId64 " / 10^9 is another amount",
                     v[at->to_amount].number, v[at->amount].number, v[at->rate].number);
    return SB_OK;
}

/* ---- other events --------------------------------------------------------------------------- */

static sb_status check_communication(const sb_scan *s)
{
    sb_value sender[3];
    sb_cursor cursor = {s->begins[sb_record_find(s->record, "sender")], s->bytes + s->row_bytes};
    sb_record_read(&cursor, sender, 3);
    if (sb_value_is_int(&sender[0]) && sb_value_is_int(&sender[1]))
        return WRONG(s, "sender", "a person and a company at once");
    if (count_of(s, "recipients") == 0)
        return WRONG(s, "recipients", "none");
    if (is_set(s, "reply_to") && !is_set(s, "thread_id"))
        return WRONG(s, "reply_to", "an answer without a thread");
    if (is_set(s, "device_id") && !sb_value_is_int(&sender[0]))
        return WRONG(s, "device_id", "a device, but no person of the dataset sent it");
    SB_TRY(check_together(s, "flag_reason", "is_flagged", is_true(s, "is_flagged")));
    SB_TRY(check_score(s, "sentiment_score", -10000));
    return check_score(s, "risk_score", 0);
}

static sb_status check_device(const sb_scan *s)
{
    if (has_period(s) && sb_scan_value(s, "registered")->number >= end_day(s))
        return WRONG(s, "registered", "after the period");
    return SB_OK;
}

static sb_status check_login(const sb_scan *s)
{
    SB_TRY(check_together(s, "session_seconds", "outcome", has_text(s, "outcome", "success")));
    if (is_set(s, "device_id") && !is_set(s, "person_id"))
        return WRONG(s, "device_id", "a device, but nobody who holds it");
    return check_score(s, "risk_score", 0);
}

/* `quantity` units; of bonds face value, whose price is that of 100. */
static sb_status check_trade(const sb_scan *s)
{
    int64_t quantity = sb_scan_value(s, "quantity")->number;
    int64_t price = sb_scan_value(s, "price")->number, amount = sb_scan_value(s, "amount")->number;
    bool bond = has_text(s, "asset_type", "bond");
    SB_TRY(check_either(s, "person_id", "company_id"));
    if (quantity <= 0 || price <= 0)
        return WRONG(s, quantity <= 0 ? "quantity" : "price", "not above zero");
    if ((__int128)quantity * price != (__int128)amount * (bond ? 100 : 1))
        return WRONG(s, "amount", "%" PRId64 ", but %" PRId64 " at %" PRId64 "%s is another amount",
                     amount, quantity, price, bond ? " / 100" : "");
    if (sb_scan_value(s, "commission")->number < 0)
        return WRONG(s, "commission", "below zero");
    if (sb_scan_value(s, "settlement_date")->number <=
        sb_day_of(sb_scan_value(s, "executed_at")->number))
        return WRONG(s, "settlement_date", "not after the trade");
    if (is_set(s, "issuer_id") && !has_text(s, "asset_type", "stock"))
        return WRONG(s, "issuer_id", "an issuer of what is no stock");
    SB_TRY(check_distinct(s, "indicators"));
    return check_score(s, "risk_score", 0);
}

static sb_status check_trip(const sb_scan *s)
{
    int64_t departure = sb_scan_value(s, "executed_at")->number;
    bool flight = has_text(s, "transport", "air");
    if (sb_scan_value(s, "returned_at")->number <= departure)
        return WRONG(s, "returned_at", "not after departure");
    if (sb_scan_value(s, "booked")->number > sb_day_of(departure))
        return WRONG(s, "booked", "after departure");
    if (sb_value_same_text(sb_scan_value(s, "departure_country"),
                           sb_scan_value(s, "arrival_country")))
        return WRONG(s, "arrival_country", "the country it began in");
    SB_TRY(check_together(s, "carrier", "transport", flight));
    SB_TRY(check_together(s, "flight_number", "transport", flight));
    SB_TRY(check_together(s, "visa_obtained", "visa_required", is_true(s, "visa_required")));
    if (sb_scan_value(s, "cost")->number < 0)
        return WRONG(s, "cost", "below zero");
    SB_TRY(check_distinct(s, "indicators"));
    return check_score(s, "risk_score", 0);
}

/* ---- documents ------------------------------------------------------------------------------ */

/* Where the fields of a line stand in its record, which may get more of them. */
static sb_status check_lines(const sb_scan *s)
{
    enum { LINE_FIELDS_MAX = 16 };
    sb_value line[LINE_FIELDS_MAX];
    int list = sb_record_find(s->record, "line_items");
    const sb_record *record = s->record->fields[list].record;
    int number = sb_record_find(record, "line"), quantity = sb_record_find(record, "quantity");
    int price = sb_record_find(record, "unit_price"), amount = sb_record_find(record, "amount");
    sb_cursor cursor = sb_scan_inside(s, &s->values[list]);
    __int128 sum = 0;
    if (number < 0 || quantity < 0 || price < 0 || amount < 0 ||
        record->field_count > LINE_FIELDS_MAX)
        return WRONG(s, "line_items", "its lines are not those of this release");
    for (uint32_t i = 0; i < s->values[list].count; i++) {
        sb_record_read(&cursor, line, LINE_FIELDS_MAX);
        if (line[number].number != (int64_t)i + 1)
            return WRONG(s, "line_items", "line %" PRId64 " where %u is next", line[number].number,
                         i + 1);
        if (line[quantity].number <= 0 || line[price].number <= 0)
            return WRONG(s, "line_items", "line %u: quantity or price is not above zero", i + 1);
        if ((__int128)line[quantity].number * line[price].number != line[amount].number)
            return WRONG(s, "line_items",
                         "line %u: %" PRId64 ", but %" PRId64 " at %" PRId64 " is another amount",
                         i + 1, line[amount].number, line[quantity].number, line[price].number);
        sum += line[amount].number;
    }
    if (s->values[list].count == 0)
        return WRONG(s, "line_items", "none");
    if (sum != sb_scan_value(s, "total_amount")->number)
        return WRONG(s, "total_amount", "%" PRId64 ", but the lines sum to another amount",
                     sb_scan_value(s, "total_amount")->number);
    return SB_OK;
}

/* `due` is a day by the issuer's clock, which may be the one before by UTC. */
static sb_status check_document(const sb_scan *s)
{
    const sb_value *due = sb_scan_value(s, "due");
    if (sb_scan_value(s, "issuer_id")->number == sb_scan_value(s, "recipient_id")->number)
        return WRONG(s, "recipient_id", "the issuer itself");
    if (sb_value_is_int(due) &&
        due->number + 1 < sb_day_of(sb_scan_value(s, "executed_at")->number))
        return WRONG(s, "due", "before it was issued");
    SB_TRY(check_lines(s));
    SB_TRY(check_score(s, "authenticity_score", 0));
    SB_TRY(check_distinct(s, "indicators"));
    return check_score(s, "risk_score", 0);
}

/* ---- relationships -------------------------------------------------------------------------- */

/* What the ends of a relation must be: 'p' a person, 'c' a company, '*' either. */
static const struct {
    const char *type;
    char from, to;
    bool has_share;
} relations[] = {
    {"spouse", 'p', 'p', false},           {"parent", 'p', 'p', false},
    {"sibling", 'p', 'p', false},          {"colleague", 'p', 'p', false},
    {"friend", 'p', 'p', false},           {"acquaintance", 'p', 'p', false},
    {"business_partner", '*', '*', false}, {"employer", 'c', 'p', false},
    {"director", 'p', 'c', false},         {"shareholder", '*', 'c', true},
    {"beneficial_owner", 'p', 'c', true},  {"subsidiary", 'c', 'c', false},
};

static bool is_end(const sb_value *person, char wanted)
{
    return wanted == '*' || (wanted == 'p') == sb_value_is_int(person);
}

static sb_status check_relationship(const sb_scan *s)
{
    const sb_value *from = sb_scan_value(s, "from_person_id"),
                   *to = sb_scan_value(s, "to_person_id");
    const sb_value *share = sb_scan_value(s, "share_bp");
    SB_TRY(check_either(s, "from_person_id", "from_company_id"));
    SB_TRY(check_either(s, "to_person_id", "to_company_id"));
    bool same = sb_value_is_int(from)
                    ? sb_value_is_int(to) && from->number == to->number
                    : !sb_value_is_int(to) && sb_scan_value(s, "from_company_id")->number ==
                                                  sb_scan_value(s, "to_company_id")->number;
    if (same)
        return WRONG(s, sb_value_is_int(from) ? "to_person_id" : "to_company_id",
                     "a relation to itself");
    for (size_t i = 0; i < sizeof relations / sizeof relations[0]; i++) {
        if (!has_text(s, "type", relations[i].type))
            continue;
        if (!is_end(from, relations[i].from) || !is_end(to, relations[i].to))
            return WRONG(s, "type", "%s between such two", relations[i].type);
        SB_TRY(check_together(s, "share_bp", "type", relations[i].has_share));
    }
    if (sb_value_is_int(share) && (share->number <= 0 || share->number > 10000))
        return WRONG(s, "share_bp", "%" PRId64 " basis points", share->number);
    if (has_period(s) && is_set(s, "since") && sb_scan_value(s, "since")->number >= end_day(s))
        return WRONG(s, "since", "after the period");
    return check_score(s, "strength", 0);
}

/* ---- all of them ---------------------------------------------------------------------------- */

static sb_status check_moment(const sb_scan *s)
{
    const sb_value *time = sb_scan_value(s, "executed_at");
    if (!has_period(s) || !sb_value_is_int(time) ||
        (time->number >= s->all->start_ms && time->number < s->all->end_ms))
        return SB_OK;
    return WRONG(s, "executed_at", "outside the period");
}

sb_status sb_row_rules(const sb_scan *s, sb_transaction_fields *transaction)
{
    static sb_status (*const rules[SB_KIND_COUNT])(const sb_scan *) = {
        [SB_PERSONS] = check_person,     [SB_COMPANIES] = check_company,
        [SB_ACCOUNTS] = check_account,   [SB_COMMUNICATIONS] = check_communication,
        [SB_DEVICES] = check_device,     [SB_LOGINS] = check_login,
        [SB_TRADES] = check_trade,       [SB_TRIPS] = check_trip,
        [SB_DOCUMENTS] = check_document, [SB_RELATIONSHIPS] = check_relationship,
    };
    SB_TRY(check_moment(s));
    if (s->number == SB_TRANSACTIONS) {
        SB_TRY(sb_transaction_find(s, transaction));
        return check_transaction(s, transaction);
    }
    return rules[s->number] != NULL ? rules[s->number](s) : SB_OK;
}
