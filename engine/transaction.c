#include "engine/transaction.h"

#include "engine/company.h"
#include "engine/device.h"
#include "engine/iban.h"
#include "engine/identifier.h"
#include "engine/local_text.h"
#include "engine/person.h"
#include "engine/rates.h"
#include "engine/screening.h"
#include "engine/words.h"

/* Draw numbers of a row; those of its flow are below 64. */
enum { DRAW_POSTED = 64, DRAW_TEXT, DRAW_NUMBER, DRAW_CHANNEL, DRAW_IP, DRAW_DEVICE };

/* What the put functions below share. */
typedef struct row {
    sb_maker *maker;
    const sb_ledger *ledger;
    const sb_flow *flow;
    const sb_stream *stream;
    const sb_core *from, *to;          /* NULL: outside */
    const sb_locale *from_locale;      /* of the payer's cell */
    uint32_t from_country, to_country; /* rows of the shared countries */
    const sb_side *from_side;
    sb_home home;
    sb_key key;
    const sb_table *currencies;
    const sb_category *category; /* of card payments and bills: the payee's */
    const sb_merchant
        *merchant; /* outside, who is paid where no company of the dataset is; else NULL */
    uint64_t id;
    int64_t booked;        /* when, if it is */
    uint32_t party;        /* number of the outside party */
    uint32_t party_locale; /* that its name is made of */
    int64_t cents;         /* the amount in US cents of an ordinary year */
    uint16_t mcc;          /* row of the categories */
    uint8_t type, channel;
    bool is_card, has_outside, completed;
} row;

static uint64_t draw(const row *r, uint32_t number)
{
    return sb_draw(r->key, number);
}

/* ---- type and channel ----------------------------------------------------------------------- */

static bool in_us(const row *r)
{
    return memcmp(r->from_locale->country.bytes, "US", 2) == 0;
}

/* Transfers by name: what the country's banks call them, and wires where large or across a border.
 */
static uint8_t transfer_type(const row *r)
{
    if (r->from_country != r->to_country || r->cents > 2500000)
        return SB_TX_WIRE;
    if (in_us(r)) {
        uint64_t share = sb_below(draw(r, DRAW_CHANNEL), 100);
        return share < 68 ? SB_TX_ACH : share < 82 ? SB_TX_CHECK : SB_TX_TRANSFER;
    }
    return SB_TX_TRANSFER;
}

static uint8_t type_of(const row *r)
{
    switch (r->flow->purpose) {
    case SB_FOR_CARD:
    case SB_FOR_CARD_ABROAD:
        return sb_below(draw(r, DRAW_CHANNEL), 1000) < r->category->online_permille ? SB_TX_ONLINE
                                                                                    : SB_TX_POS;
    case SB_FOR_CASH_OUT:
        return sb_below(draw(r, DRAW_CHANNEL), 10) < 9 ? SB_TX_ATM : SB_TX_WITHDRAWAL;
    case SB_FOR_CASH_IN:
        return SB_TX_DEPOSIT;
    case SB_FOR_BILL:
    case SB_FOR_INVOICE:
        return SB_TX_PAYMENT;
    case SB_FOR_SALARY:
        return SB_TX_SALARY;
    case SB_FOR_RENT:
        return SB_TX_RENT;
    case SB_FOR_STANDING:
        return SB_TX_STANDING_ORDER;
    case SB_FOR_INTEREST:
        return SB_TX_INTEREST;
    case SB_FOR_OPENING:
        return SB_TX_INITIAL_DEPOSIT;
    case SB_FOR_PAYOUT:
        return SB_TX_PAYOUT;
    default:
        return transfer_type(r);
    }
}

static uint8_t channel_of(const row *r)
{
    switch (r->type) {
    case SB_TX_POS:
        return SB_CHANNEL_POS;
    case SB_TX_ATM:
        return SB_CHANNEL_ATM;
    case SB_TX_WITHDRAWAL:
    case SB_TX_DEPOSIT:
    case SB_TX_INITIAL_DEPOSIT:
    case SB_TX_PAYOUT:
        return SB_CHANNEL_BRANCH;
    case SB_TX_CHECK:
        return SB_CHANNEL_MAIL;
    case SB_TX_SALARY:
    case SB_TX_RENT:
    case SB_TX_STANDING_ORDER:
    case SB_TX_INTEREST:
        return SB_CHANNEL_BATCH;
    default:
        return sb_below(draw(r, DRAW_CHANNEL) << 20, 10) < 6 ? SB_CHANNEL_MOBILE
                                                             : SB_CHANNEL_ONLINE;
    }
}

/* Cards are booked one to two days later, what a person orders within the hour, batches at once. */
static int64_t booking_delay(const row *r)
{
    uint64_t d = draw(r, DRAW_POSTED);
    switch (r->channel) {
    case SB_CHANNEL_POS:
        return SB_MS_A_DAY / 2 + (int64_t)sb_below(d, SB_MS_A_DAY);
    case SB_CHANNEL_MAIL:
        return SB_MS_A_DAY + (int64_t)sb_below(d, SB_MS_A_DAY);
    case SB_CHANNEL_BATCH:
    case SB_CHANNEL_BRANCH:
        return 0;
    default:
        return (int64_t)sb_below(d, 3600000);
    }
}

/* Outside parties: numbers 0.. of the locale's merchants, and in their own thousands the firms, the
 * private persons, the firms that are traded with, and the banks of the locale. */
enum {
    PARTY_FIRMS = 10000,
    PARTY_PERSONS = 20000,
    PARTY_TRADERS = 30000,
    PARTY_BANKS = 40000,
    PARTY_LOCALE = 100000
};

static bool is_cash(const row *r)
{
    return r->flow->purpose == SB_FOR_CASH_OUT || r->flow->purpose == SB_FOR_CASH_IN ||
           r->flow->purpose == SB_FOR_OPENING || r->flow->purpose == SB_FOR_PAYOUT ||
           r->flow->purpose == SB_FOR_INTEREST;
}

static bool is_trade(const row *r)
{
    return r->flow->purpose == SB_FOR_IMPORT || r->flow->purpose == SB_FOR_EXPORT;
}

static uint32_t party_number(const row *r)
{
    uint32_t base = r->home.locale * PARTY_LOCALE, number = r->flow->outside;
    if (r->is_card)
        return base + number;
    if (is_cash(r))
        return base + PARTY_BANKS +
               number % sb_find(r->maker, r->home.locale, SB_TABLE_BANKS)->count;
    return base + number +
           (r->flow->purpose == SB_FOR_INCOMING ? PARTY_PERSONS
            : is_trade(r)                       ? PARTY_TRADERS
                                                : PARTY_FIRMS);
}

/* The locale whose names fit a country: its own, one of its language, English, or else the cell's.
 */
static uint32_t locale_for(const row *r, uint32_t country)
{
    const sb_table *countries = sb_find(r->maker, 0, SB_TABLE_COUNTRIES);
    sb_text language = sb_table_text(countries, SB_COUNTRY_LANGUAGE, country);
    uint32_t count = sb_tables_locale_count(r->maker->world->tables);
    uint32_t best = r->home.locale, quality = 0;
    for (uint32_t i = 0; i < count; i++) {
        const sb_locale *locale = sb_locale_of(r->maker, i);
        uint32_t here = locale->country_index == country                         ? 3
                        : memcmp(locale->language.bytes, language.bytes, 2) == 0 ? 2
                        : memcmp(locale->language.bytes, "en", 2) == 0           ? 1
                                                                                 : 0;
        if (here > quality) {
            quality = here;
            best = i;
        }
    }
    return best;
}

/* Firms that the cell's companies import from and export to are abroad, one in two, by the weight
 * of countries in trade; all other outside parties are of the cell's country. */
static void place_party(row *r)
{
    const sb_table *countries = sb_find(r->maker, 0, SB_TABLE_COUNTRIES);
    r->party = party_number(r);
    r->party_locale = r->home.locale;
    if (!is_trade(r) || (r->party & 1) == 0)
        return;
    sb_key key = sb_row_key(r->maker->world->merchants, (uint64_t)1 << 50 | r->party);
    uint32_t country = sb_table_draw(countries, sb_draw(key, 0));
    r->party_locale = locale_for(r, country);
    if (r->from == NULL)
        r->from_country = country;
    else
        r->to_country = country;
}

/* ---- fields --------------------------------------------------------------------------------- */

static void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->id);
}

static void put_executed_at(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->flow->time);
}

static void put_posted_at(const row *r, sb_rows *rows)
{
    if (r->completed || r->flow->status == SB_TX_STATUS_REVERSED)
        sb_rows_int(rows, r->booked);
    else
        sb_rows_nil(rows);
}

static void put_value_date(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->booked / SB_MS_A_DAY);
}

static void put_type(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_tx_words[r->type]);
}

static void put_channel(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_channel_words[r->channel]);
}

static void put_status(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_tx_status_words[r->flow->status]);
}

static void put_from_account_id(const row *r, sb_rows *rows)
{
    if (r->from != NULL)
        sb_rows_uint(rows, sb_flow_account(r->maker, r->ledger, r->flow, true));
    else
        sb_rows_nil(rows);
}

static void put_to_account_id(const row *r, sb_rows *rows)
{
    if (r->to != NULL)
        sb_rows_uint(rows, sb_flow_account(r->maker, r->ledger, r->flow, false));
    else
        sb_rows_nil(rows);
}

static sb_text currency_text(const row *r, const sb_core *core)
{
    return sb_table_text(r->currencies, 0, core->currency);
}

static void put_amount(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->flow->amount);
}

static void put_currency(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, currency_text(r, r->from != NULL ? r->from : r->to));
}

static void put_to_amount(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->flow->to_amount);
}

static void put_to_currency(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, currency_text(r, r->to != NULL ? r->to : r->from));
}

static void put_rate(const row *r, sb_rows *rows)
{
    if (r->flow->rate != 0)
        sb_rows_int(rows, r->flow->rate);
    else
        sb_rows_nil(rows);
}

static void put_fee(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->flow->fee);
}

static void put_counterparty_id(const row *r, sb_rows *rows)
{
    if (r->has_outside)
        sb_rows_uint(rows, r->party);
    else
        sb_rows_nil(rows);
}

/* Of firms and persons in a country with IBANs, at banks that are not in the tables. */
static void put_counterparty_iban(const row *r, sb_rows *rows)
{
    const sb_table *countries = sb_find(r->maker, 0, SB_TABLE_COUNTRIES);
    uint32_t within = r->party % PARTY_LOCALE;
    uint32_t country = r->from == NULL ? r->from_country : r->to_country;
    sb_line line;
    sb_line_begin(&line);
    if (r->has_outside && within >= PARTY_FIRMS && within < PARTY_BANKS)
        sb_line_iban(&line, sb_table_text(countries, SB_COUNTRY_CODE, country).bytes, "", "SBXX",
                     r->party % 89, r->party * UINT64_C(7919) % UINT64_C(10000000000));
    if (line.length > 0)
        sb_rows_line(rows, &line);
    else
        sb_rows_nil(rows);
}

static void put_counterparty_name(const row *r, sb_rows *rows)
{
    uint32_t locale = r->party_locale, within = r->party % PARTY_LOCALE;
    sb_line line;
    sb_line_begin(&line);
    if (!r->has_outside) {
        sb_rows_nil(rows);
    } else if (within < PARTY_FIRMS) {
        sb_rows_text(rows, r->merchant->name);
    } else if (within >= PARTY_BANKS) {
        sb_rows_text(rows, sb_table_text(sb_find(r->maker, locale, SB_TABLE_BANKS), 0,
                                         within - PARTY_BANKS));
    } else if (within < PARTY_PERSONS || within >= PARTY_TRADERS) {
        sb_outside_firm(r->maker, locale, 0, r->party * 0x9E3779B97F4A7C15u, &line);
        sb_rows_line(rows, &line);
    } else {
        sb_outside_person(r->maker, locale, r->party * 0x9E3779B97F4A7C15u, &line);
        sb_rows_line(rows, &line);
    }
}

/* An internal payee's name is that of the company that owns the account. */
static void put_merchant_name(const row *r, sb_rows *rows)
{
    if (!r->is_card) {
        sb_rows_nil(rows);
    } else if (r->to == NULL || r->to->type != SB_ACCOUNT_BUSINESS) {
        sb_rows_text(rows, r->merchant->name);
    } else {
        sb_rows_line(rows, &sb_firm_find(r->maker, r->to->company)->name);
    }
}

static void put_mcc(const row *r, sb_rows *rows)
{
    if (r->is_card)
        sb_rows_int(rows, r->category->code);
    else
        sb_rows_nil(rows);
}

static sb_text country_text(const row *r, uint32_t country)
{
    return sb_table_text(sb_find(r->maker, 0, SB_TABLE_COUNTRIES), SB_COUNTRY_CODE, country);
}

static void put_originating_country(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, country_text(r, r->from_country));
}

static void put_destination_country(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, country_text(r, r->to_country));
}

static void put_location(const row *r, sb_rows *rows)
{
    sb_rows_text(
        rows, sb_table_text(sb_find(r->maker, r->home.locale, SB_TABLE_CITIES), 0, r->home.city));
}

static sb_rule rule_of(const row *r)
{
    switch (r->flow->purpose) {
    case SB_FOR_FRIEND:
    case SB_FOR_INCOMING:
        return SB_RULE_remit_transfer;
    case SB_FOR_BILL:
        return (sb_rule)r->category->bill_rule;
    case SB_FOR_SALARY:
        return SB_RULE_remit_salary;
    case SB_FOR_RENT:
        return SB_RULE_remit_rent;
    case SB_FOR_STANDING:
        return SB_RULE_remit_standing;
    case SB_FOR_SAVING:
    case SB_FOR_UNSAVING:
        return SB_RULE_remit_saving;
    case SB_FOR_CASH_OUT:
        return SB_RULE_remit_cash;
    case SB_FOR_CASH_IN:
        return SB_RULE_remit_deposit;
    case SB_FOR_REFUND:
        return SB_RULE_remit_refund;
    case SB_FOR_INTEREST:
        return SB_RULE_remit_interest;
    case SB_FOR_OPENING:
        return SB_RULE_remit_opening;
    case SB_FOR_PAYOUT:
        return SB_RULE_remit_payout;
    default:
        return SB_RULE_remit_invoice;
    }
}

/* The only variables of remittance texts: a number, and the month of the payment. */
static void fill_remittance(void *user, sb_variable variable, sb_saying *saying)
{
    const row *r = user;
    sb_line line;
    sb_line_begin(&line);
    if (variable == SB_VAR_month)
        sb_line_month(&line, sb_locale_of(r->maker, r->home.locale)->months,
                      (int32_t)(r->booked / SB_MS_A_DAY));
    else
        sb_line_digits(&line, 10000 + sb_below(draw(r, DRAW_NUMBER), 90000), 5);
    sb_saying_add(saying, line.bytes, line.length);
}

static void put_description(const row *r, sb_rows *rows)
{
    if (r->is_card) { /* what cards are for stands in merchant and category */
        sb_rows_text(rows, sb_table_text(sb_find(r->maker, 0, SB_TABLE_MCC), 1, r->mcc));
        return;
    }
    const sb_grammar *grammar = sb_maker_grammar(r->maker, r->home.locale);
    sb_text plain = {"-", 1, 0};
    if (grammar != NULL)
        plain = sb_grammar_plain(grammar, rule_of(r), draw(r, DRAW_TEXT));
    if (plain.byte_count > 0) {
        sb_rows_text(rows, plain);
        return;
    }
    sb_saying saying;
    sb_saying_begin(&saying, r->key, DRAW_TEXT, fill_remittance, (void *)(uintptr_t)r);
    sb_say(grammar, rule_of(r), &saying);
    sb_rows_str(rows, saying.bytes, saying.length);
}

/* The id, permuted over 60 bits, in base 32 without letters that look like digits. */
void sb_transaction_reference(const sb_world *world, uint64_t id, char out[SB_REFERENCE_BYTES])
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint64_t rest = sb_permute(&world->references, id);
    for (int i = SB_REFERENCE_BYTES - 1; i >= 0; i--, rest >>= 5)
        out[i] = digits[rest & 31];
}

static void put_reference(const row *r, sb_rows *rows)
{
    char text[SB_REFERENCE_BYTES];
    sb_transaction_reference(r->maker->world, r->id, text);
    sb_rows_str(rows, text, sizeof text);
}

/* ---- published rules ------------------------------------------------------------------------ */

static int64_t threshold_of(const row *r)
{
    return r->maker->money[(r->from != NULL ? r->from : r->to)->currency].threshold;
}

static bool is_round(const row *r)
{
    const sb_core *core = r->from != NULL ? r->from : r->to;
    return r->flow->amount % (100000 * r->maker->money[core->currency].round_factor) == 0;
}

/* The rules, as docs/model.md has them; never of the truth. `flag` is SB_ALERT_*. */
static bool raises(const row *r, int flag)
{
    int64_t threshold = threshold_of(r);
    switch (flag) {
    case SB_ALERT_LARGE_AMOUNT:
        return r->flow->amount >= threshold * (is_cash(r) ? 1 : 5);
    case SB_ALERT_ROUND_AMOUNT:
        return is_round(r);
    case SB_ALERT_BELOW_THRESHOLD:
        return r->flow->amount < threshold && r->flow->amount >= threshold / 10 * 9;
    case SB_ALERT_CROSS_BORDER:
        return r->from_country != r->to_country;
    case SB_ALERT_HIGH_RISK_COUNTRY:
        return r->from_country != r->to_country &&
               (sb_country_is(r->maker, r->from_country, SB_COUNTRY_HIGH_RISK) ||
                sb_country_is(r->maker, r->to_country, SB_COUNTRY_HIGH_RISK));
    case SB_ALERT_TAX_HAVEN:
        return r->from_country != r->to_country &&
               (sb_country_is(r->maker, r->from_country, SB_COUNTRY_HAVEN) ||
                sb_country_is(r->maker, r->to_country, SB_COUNTRY_HAVEN));
    default:
        return is_cash(r) && r->flow->amount >= threshold / 2;
    }
}

/* Points a flag adds, in 10,000ths. */
static const uint16_t flag_points[SB_ALERT_COUNT] = {[SB_ALERT_LARGE_AMOUNT] = 2000,
                                                     [SB_ALERT_ROUND_AMOUNT] = 1200,
                                                     [SB_ALERT_BELOW_THRESHOLD] = 2500,
                                                     [SB_ALERT_CROSS_BORDER] = 1000,
                                                     [SB_ALERT_HIGH_RISK_COUNTRY] = 2000,
                                                     [SB_ALERT_TAX_HAVEN] = 1500,
                                                     [SB_ALERT_CASH] = 1000};

static void put_risk_score(const row *r, sb_rows *rows)
{
    uint32_t score = r->has_outside ? 300 : 0;
    for (int flag = 0; flag < SB_ALERT_COUNT; flag++)
        score += raises(r, flag) ? flag_points[flag] : 0;
    sb_rows_uint(rows, score < 10000 ? score : 10000);
}

static void put_alert_flags(const row *r, sb_rows *rows)
{
    uint32_t count = 0;
    for (int flag = 0; flag < SB_ALERT_COUNT; flag++)
        count += raises(r, flag);
    sb_rows_array(rows, count);
    for (int flag = 0; flag < SB_ALERT_COUNT; flag++)
        if (raises(r, flag))
            sb_rows_text(rows, sb_alert_words[flag]);
}

/* ---- where it was ordered from -------------------------------------------------------------- */

static bool is_online(const row *r)
{
    return r->from != NULL && (r->channel == SB_CHANNEL_ONLINE || r->channel == SB_CHANNEL_MOBILE);
}

/* Four in five times the payer's address at home. */
static void put_ip(const row *r, sb_rows *rows)
{
    sb_line line;
    uint64_t own = draw(r, DRAW_IP);
    if (!is_online(r)) {
        sb_rows_nil(rows);
        return;
    }
    sb_owner payer = sb_account_owner(&r->from_side->layout, r->flow->from);
    uint64_t home = sb_home_draw(r->maker->world, &payer);
    sb_line_begin(&line);
    sb_line_ip(&line, sb_below(own << 8, 5) > 0 ? home : own);
    sb_rows_line(rows, &line);
}

static void put_device_id(const row *r, sb_rows *rows)
{
    uint64_t device = 0;
    bool known = is_online(r) && r->maker->world->values.counts[SB_DEVICES] > 0;
    if (known) {
        sb_owner owner = sb_account_owner(&r->from_side->layout, r->flow->from);
        uint64_t which = draw(r, DRAW_DEVICE);
        known = !owner.company && (r->channel == SB_CHANNEL_MOBILE
                                       ? sb_mobile_of(r->maker, owner.id, which, &device)
                                       : sb_device_of(r->maker, owner.id, which, &device));
    }
    if (known)
        sb_rows_uint(rows, device);
    else
        sb_rows_nil(rows);
}

static const sb_core *end_core(const row *r, bool payer, sb_side **side)
{
    uint16_t role = payer ? r->flow->from : r->flow->to;
    *side = (payer ? r->flow->from_peer : r->flow->to_peer) ? r->stream->peer : r->stream->home;
    return role == SB_OUTSIDE ? NULL : sb_side_core(r->maker, *side, role);
}

void sb_transaction_put(sb_maker *maker, sb_rows *rows, const sb_ledger *ledger,
                        const sb_flow *flow)
{
    sb_side *from_side, *to_side;
    row r = {
        .maker = maker, .ledger = ledger, .flow = flow, .stream = &ledger->streams[flow->stream]};
    r.from = end_core(&r, true, &from_side);
    r.to = end_core(&r, false, &to_side);
    r.from_locale = sb_locale_of(maker, from_side->home.locale);
    r.from_country = r.from_locale->country_index;
    r.to_country = sb_locale_of(maker, to_side->home.locale)->country_index;
    r.from_side = from_side;
    r.home = ledger->side->home;
    r.key = sb_flow_key(r.stream, flow->k);
    r.id = sb_flow_id(maker->world, ledger, flow);
    r.currencies = sb_find(maker, 0, SB_TABLE_CURRENCIES);
    r.completed = flow->status == SB_TX_STATUS_COMPLETED;
    r.is_card = flow->purpose == SB_FOR_CARD || flow->purpose == SB_FOR_CARD_ABROAD;
    r.has_outside = r.from == NULL || r.to == NULL;
    if (r.to == NULL || r.to->type != SB_ACCOUNT_BUSINESS)
        r.merchant = sb_maker_merchant(maker, r.home.locale, flow->outside);
    r.mcc = r.to != NULL ? r.to->mcc : r.merchant->mcc;
    r.category = &maker->categories[r.mcc];
    r.cents = sb_to_cents(maker, (r.from != NULL ? r.from : r.to)->currency, flow->amount);
    if (r.has_outside)
        place_party(&r);
    r.type = type_of(&r);
    r.channel = channel_of(&r);
    r.booked = flow->time + booking_delay(&r);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_TRANSACTION_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(rows, __VA_ARGS__) put_##name(&r, rows);
    SB_TRANSACTION_FIELDS(PUT)
#undef PUT
}

/* ---- entries -------------------------------------------------------------------------------- */

sb_status sb_entries_begin(sb_maker *maker, const sb_ledger *ledger, sb_entry_walk *out,
                           sb_error *err)
{
    uint32_t count = ledger->side->layout.account_count;
    *out = (sb_entry_walk){.maker = maker, .ledger = ledger};
    out->balances = sb_arena_take(maker->arena, count * sizeof *out->balances);
    if (out->balances == NULL)
        return sb_fail(err, SB_ENOMEM, "the arena is too small for a cell's entries");
    for (uint32_t role = 0; role < count; role++)
        out->balances[role] = ledger->balances[role].opening;
    return SB_OK;
}

static void book(sb_entry_walk *walk, const sb_flow *flow, uint16_t role, int64_t amount,
                 uint8_t line)
{
    const sb_core *core = sb_side_core(walk->maker, walk->ledger->side, role);
    walk->balances[role] += amount;
    walk->pending[walk->pending_count++] =
        (sb_entry){.account_id = walk->ledger->side->layout.first_account + core->local,
                   .transaction_id = sb_flow_id(walk->maker->world, walk->ledger, flow),
                   .executed_at = flow->time,
                   .amount = amount,
                   .balance_after = walk->balances[role],
                   .currency = core->currency,
                   .line = line};
}

bool sb_entries_next(sb_entry_walk *walk, sb_entry *out)
{
    while (walk->pending_at == walk->pending_count) {
        if (walk->next == walk->ledger->flow_count)
            return false;
        const sb_flow *flow = &walk->ledger->flows[walk->ledger->order[walk->next++]];
        walk->pending_at = walk->pending_count = 0;
        if (flow->status != SB_TX_STATUS_COMPLETED)
            continue;
        uint16_t from = sb_flow_role(walk->ledger, flow, true),
                 to = sb_flow_role(walk->ledger, flow, false);
        if (from != SB_OUTSIDE) {
            book(walk, flow, from, -flow->amount, SB_LINE_PRINCIPAL);
            if (flow->fee > 0)
                book(walk, flow, from, -(int64_t)flow->fee, SB_LINE_FEE);
        }
        if (to != SB_OUTSIDE)
            book(walk, flow, to, flow->to_amount, SB_LINE_PRINCIPAL);
    }
    *out = walk->pending[walk->pending_at++];
    return true;
}

/* The row, field by field. */
typedef struct entry_row {
    sb_maker *maker;
    const sb_entry *entry;
} entry_row;

static void put_entry_account_id(const entry_row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->entry->account_id);
}

static void put_entry_transaction_id(const entry_row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->entry->transaction_id);
}

static void put_entry_executed_at(const entry_row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->entry->executed_at);
}

static void put_entry_line(const entry_row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_line_words[r->entry->line]);
}

static void put_entry_amount(const entry_row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->entry->amount);
}

static void put_entry_currency(const entry_row *r, sb_rows *rows)
{
    sb_rows_text(rows,
                 sb_table_text(sb_find(r->maker, 0, SB_TABLE_CURRENCIES), 0, r->entry->currency));
}

static void put_entry_balance_after(const entry_row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->entry->balance_after);
}

void sb_entry_put(sb_maker *maker, sb_rows *rows, const sb_entry *entry)
{
    entry_row r = {maker, entry};
    sb_rows_array(rows, SB_FIELD_COUNT(SB_ENTRY_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(rows, __VA_ARGS__) put_entry_##name(&r, rows);
    SB_ENTRY_FIELDS(PUT)
#undef PUT
}
