#include "engine/transaction.h"

#include "engine/company.h"
#include "engine/rates.h"
#include "engine/words.h"

/* Draw numbers of a row; those of its flow are below 64. */
enum { DRAW_POSTED = 64, DRAW_TEXT, DRAW_NUMBER, DRAW_CHANNEL, DRAW_ABROAD };

/* What the put functions below share. */
typedef struct row {
    sb_maker *maker;
    const sb_ledger *ledger;
    const sb_flow *flow;
    const sb_stream *stream;
    const sb_core *from, *to; /* NULL: outside */
    const sb_locale *from_locale, *to_locale;
    sb_home home;
    sb_key key;
    const sb_table *currencies;
    const sb_category *category; /* of card payments: the payee's */
    const sb_merchant
        *merchant; /* outside, who is paid where no company of the dataset is; else NULL */
    uint64_t id;
    int64_t booked; /* when, if it is */
    uint32_t party; /* number of the outside party */
    uint16_t mcc;   /* row of the categories */
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
    bool border = r->from_locale != r->to_locale;
    if (border || sb_to_cents(r->maker, r->from != NULL ? r->from->currency : r->to->currency,
                              r->flow->amount) > 2500000)
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
 * private persons and the banks of the locale. */
enum { PARTY_FIRMS = 10000, PARTY_PERSONS = 20000, PARTY_BANKS = 30000, PARTY_LOCALE = 100000 };

static bool is_cash(const row *r)
{
    return r->flow->purpose == SB_FOR_CASH_OUT || r->flow->purpose == SB_FOR_CASH_IN ||
           r->flow->purpose == SB_FOR_OPENING || r->flow->purpose == SB_FOR_PAYOUT ||
           r->flow->purpose == SB_FOR_INTEREST;
}

static uint32_t party_number(const row *r)
{
    uint32_t base = r->home.locale * PARTY_LOCALE, number = r->flow->outside;
    if (r->is_card)
        return base + number;
    if (is_cash(r))
        return base + PARTY_BANKS +
               number % sb_find(r->maker, r->home.locale, SB_TABLE_BANKS)->count;
    return base + (r->flow->purpose == SB_FOR_INCOMING ? PARTY_PERSONS : PARTY_FIRMS) + number;
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

/* Of firms and persons in a country with IBANs: in a bank code that is nobody's. */
static void put_counterparty_iban(const row *r, sb_rows *rows)
{
    static const sb_text nobody = {"99999999", 8, 0};
    uint32_t within = r->party % PARTY_LOCALE;
    sb_line line;
    sb_line_begin(&line);
    if (r->has_outside && within >= PARTY_FIRMS && within < PARTY_BANKS)
        sb_line_iban(&line, sb_locale_of(r->maker, r->home.locale)->country, nobody, r->party);
    if (line.length > 0)
        sb_rows_line(rows, &line);
    else
        sb_rows_nil(rows);
}

static void put_counterparty_name(const row *r, sb_rows *rows)
{
    uint32_t locale = r->home.locale, within = r->party % PARTY_LOCALE;
    sb_line line;
    sb_line_begin(&line);
    if (!r->has_outside) {
        sb_rows_nil(rows);
    } else if (within < PARTY_FIRMS) {
        sb_rows_text(rows, r->merchant->name);
    } else if (within >= PARTY_BANKS) {
        sb_rows_text(rows, sb_table_text(sb_find(r->maker, locale, SB_TABLE_BANKS), 0,
                                         within - PARTY_BANKS));
    } else if (within < PARTY_PERSONS) {
        sb_outside_firm(r->maker, locale, r->party * 0x9E3779B97F4A7C15u, &line);
        sb_rows_line(rows, &line);
    } else {
        sb_key key = {r->party * 0x9E3779B97F4A7C15u, 1};
        const sb_table *given =
            sb_find(r->maker, locale, within & 1 ? SB_TABLE_GIVEN_FEMALE : SB_TABLE_GIVEN_MALE);
        const sb_table *family = sb_find(r->maker, locale, SB_TABLE_FAMILY);
        sb_line_text(&line, sb_table_text(given, 0, sb_table_draw(given, sb_draw(key, 0))));
        sb_line_cstr(&line, " ");
        sb_line_text(&line, sb_table_text(family, 0, sb_table_draw(family, sb_draw(key, 1))));
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

static void put_originating_country(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, r->from_locale->country);
}

static void put_destination_country(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, r->to_locale->country);
}

static void put_location(const row *r, sb_rows *rows)
{
    sb_rows_text(
        rows, sb_table_text(sb_find(r->maker, r->home.locale, SB_TABLE_CITIES), 0, r->home.city));
}

static sb_phrase_kind phrase_of(const row *r)
{
    switch (r->flow->purpose) {
    case SB_FOR_FRIEND:
    case SB_FOR_INCOMING:
        return SB_PHRASE_TRANSFER;
    case SB_FOR_SALARY:
        return SB_PHRASE_SALARY;
    case SB_FOR_RENT:
        return SB_PHRASE_RENT;
    case SB_FOR_STANDING:
    case SB_FOR_SAVING:
    case SB_FOR_UNSAVING:
        return SB_PHRASE_STANDING;
    case SB_FOR_CASH_OUT:
    case SB_FOR_PAYOUT:
        return SB_PHRASE_CASH;
    case SB_FOR_CASH_IN:
    case SB_FOR_OPENING:
        return SB_PHRASE_DEPOSIT;
    case SB_FOR_INTEREST:
        return SB_PHRASE_INTEREST;
    default:
        return SB_PHRASE_INVOICE;
    }
}

/* The phrase with its {number} filled in. */
static void put_filled(const row *r, sb_rows *rows, sb_text phrase)
{
    sb_line line;
    sb_line_begin(&line);
    for (uint32_t i = 0; i < phrase.byte_count;) {
        if (phrase.bytes[i] == '{' && phrase.byte_count - i >= 8 &&
            memcmp(phrase.bytes + i, "{number}", 8) == 0) {
            sb_line_digits(&line, 10000 + sb_below(draw(r, DRAW_NUMBER), 990000), 5);
            i += 8;
        } else {
            sb_line_char(&line, phrase.bytes[i++]);
        }
    }
    sb_rows_line(rows, &line);
}

static void put_description(const row *r, sb_rows *rows)
{
    if (r->is_card) { /* what cards are for stands in merchant and category */
        sb_rows_text(rows, sb_table_text(sb_find(r->maker, 0, SB_TABLE_MCC), 1, r->mcc));
        return;
    }
    sb_text phrase = sb_maker_phrase(r->maker, r->home.locale, phrase_of(r), draw(r, DRAW_TEXT));
    if (memchr(phrase.bytes, '{', phrase.byte_count) != NULL)
        put_filled(r, rows, phrase);
    else
        sb_rows_text(rows, phrase);
}

/* Another for every transaction: the id, permuted over 60 bits, in base 32 without letters that
 * look like digits. */
static void put_reference(const row *r, sb_rows *rows)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    char text[12];
    uint64_t rest = sb_permute(&r->maker->world->references, r->id);
    for (int i = 11; i >= 0; i--, rest >>= 5)
        text[i] = digits[rest & 31];
    sb_rows_str(rows, text, sizeof text);
}

/* The published rule (docs/model.md): amount in dollars above 50,000 20 %, above 5,000 8 %; a whole
 * multiple of 100,000 minor units 12 %; across a border 15 %; cash 10 %; outside party 3 %. Never
 * of the truth. */
static void put_risk_score(const row *r, sb_rows *rows)
{
    const sb_core *core = r->from != NULL ? r->from : r->to;
    int64_t cents = sb_to_cents(r->maker, core->currency, r->flow->amount);
    uint64_t score = cents > 5000000 ? 2000 : cents > 500000 ? 800 : 0;
    score += r->flow->amount % 100000 == 0 ? 1200 : 0;
    score += r->from_locale != r->to_locale ? 1500 : 0;
    score += r->flow->purpose == SB_FOR_CASH_OUT || r->flow->purpose == SB_FOR_CASH_IN ? 1000 : 0;
    score += r->has_outside ? 300 : 0;
    sb_rows_uint(rows, score);
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
    r.to_locale = sb_locale_of(maker, to_side->home.locale);
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
    r.type = type_of(&r);
    r.channel = channel_of(&r);
    r.booked = flow->time + booking_delay(&r);
    r.party = r.has_outside ? party_number(&r) : 0;
    sb_rows_array(rows, SB_FIELD_COUNT(SB_TRANSACTION_FIELDS));
#define PUT(number, name, ...) put_##name(&r, rows);
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
#define PUT(number, name, ...) put_entry_##name(&r, rows);
    SB_ENTRY_FIELDS(PUT)
#undef PUT
}
