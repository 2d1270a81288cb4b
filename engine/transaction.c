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
#include "format/row_text.h"

/* Draw numbers of a row; those of its flow are below 64. */
enum { DRAW_POSTED = 64, DRAW_TEXT, DRAW_NUMBER, DRAW_CHANNEL, DRAW_IP, DRAW_DEVICE };

/* What is fixed by the purpose of a payment: how its row is dressed. */
typedef struct manner {
    uint8_t type;      /* SB_TX_*, or one of the BY_* below: drawn */
    uint32_t first;    /* of the numbers of its outside parties */
    bool has_category; /* a matter of the payee's merchant category */
    bool is_card;      /* paid with a card, at a merchant of some category */
    bool is_cash;      /* between an account and its bank, which is the outside party */
    bool is_trade;     /* with a firm outside, which may be abroad */
    uint16_t rule; /* SB_RULE_*: the remittance text; of bills the category's, cards have none */
} manner;

enum { BY_CARD = SB_TX_COUNT, BY_WITHDRAWAL, BY_TRANSFER };

/* Outside parties: numbers 0.. of the locale's merchants, and in their own thousands the firms, the
 * private persons, the firms that are traded with, and the banks of the locale. */
enum {
    PARTY_FIRMS = 10000,
    PARTY_PERSONS = 20000,
    PARTY_TRADERS = 30000,
    PARTY_BANKS = 40000,
    PARTY_LOCALE = 100000
};

static const manner manners[SB_PURPOSE_COUNT] = {
    [SB_FOR_CARD] = {.type = BY_CARD, .has_category = true, .is_card = true},
    [SB_FOR_CARD_ABROAD] = {.type = BY_CARD, .has_category = true, .is_card = true},
    [SB_FOR_CASH_OUT] = {BY_WITHDRAWAL, PARTY_BANKS, .is_cash = true, .rule = SB_RULE_remit_cash},
    [SB_FOR_CASH_IN] = {SB_TX_DEPOSIT, PARTY_BANKS, .is_cash = true, .rule = SB_RULE_remit_deposit},
    [SB_FOR_BILL] = {SB_TX_PAYMENT, PARTY_FIRMS, .has_category = true, .rule = SB_RULE_remit_bill},
    [SB_FOR_FRIEND] = {BY_TRANSFER, PARTY_FIRMS, .rule = SB_RULE_remit_transfer},
    [SB_FOR_INVOICE] = {SB_TX_PAYMENT, PARTY_FIRMS, .rule = SB_RULE_remit_invoice},
    [SB_FOR_SUPPLIER] = {BY_TRANSFER, PARTY_FIRMS, .rule = SB_RULE_remit_invoice},
    [SB_FOR_IMPORT] = {BY_TRANSFER, PARTY_TRADERS, .is_trade = true, .rule = SB_RULE_remit_invoice},
    [SB_FOR_EXPORT] = {BY_TRANSFER, PARTY_TRADERS, .is_trade = true, .rule = SB_RULE_remit_invoice},
    [SB_FOR_REFUND] = {BY_TRANSFER, PARTY_FIRMS, .rule = SB_RULE_remit_refund},
    [SB_FOR_INCOMING] = {BY_TRANSFER, PARTY_PERSONS, .rule = SB_RULE_remit_transfer},
    [SB_FOR_SAVING] = {BY_TRANSFER, PARTY_FIRMS, .rule = SB_RULE_remit_saving},
    [SB_FOR_UNSAVING] = {BY_TRANSFER, PARTY_FIRMS, .rule = SB_RULE_remit_saving},
    [SB_FOR_SALARY] = {SB_TX_SALARY, PARTY_FIRMS, .rule = SB_RULE_remit_salary},
    [SB_FOR_RENT] = {SB_TX_RENT, PARTY_FIRMS, .rule = SB_RULE_remit_rent},
    [SB_FOR_STANDING] = {SB_TX_STANDING_ORDER, PARTY_FIRMS, .rule = SB_RULE_remit_standing},
    [SB_FOR_INTEREST] = {SB_TX_INTEREST, PARTY_BANKS, .is_cash = true,
                         .rule = SB_RULE_remit_interest},
    [SB_FOR_OPENING] = {SB_TX_INITIAL_DEPOSIT, PARTY_BANKS, .is_cash = true,
                        .rule = SB_RULE_remit_opening},
    [SB_FOR_PAYOUT] = {SB_TX_PAYOUT, PARTY_BANKS, .is_cash = true, .rule = SB_RULE_remit_payout},
};

/* What the put functions below share. */
typedef struct row {
    sb_maker *maker;
    const sb_transaction *what;
    const sb_flow *flow;
    const manner *manner;
    const sb_core *from, *to; /* NULL: outside */
    const sb_core *measure;   /* the one in whose currency the amount is */
    const sb_money *money;    /* that currency */
    sb_side *from_side, *to_side;
    uint32_t from_country, to_country; /* rows of the shared countries */
    const sb_side *side;               /* the cell's own */
    sb_home home;
    const sb_table *countries;
    const sb_category *category; /* of card payments and bills: the payee's */
    const sb_merchant
        *merchant;  /* outside, who is paid where no company of the dataset is; else NULL */
    int64_t booked; /* when, if it is */
    int32_t booked_day;
    uint32_t party; /* number of the outside party; within its locale: */
    uint32_t party_within;
    uint32_t party_locale; /* that its name is made of */
    uint32_t alerts;       /* bits: 1 << SB_ALERT_* */
    uint16_t mcc;          /* row of the categories */
    uint8_t type, channel;
    bool has_outside, completed, is_online;
} row;

static uint64_t draw(const row *r, uint32_t number)
{
    return sb_draw(r->what->key, number);
}

/* ---- type and channel ----------------------------------------------------------------------- */

/* Transfers by name: what the country's banks call them, and wires where large or across a border.
 */
static uint8_t transfer_type(const row *r, uint64_t draw)
{
    int64_t cents = sb_to_cents(r->maker, r->measure->currency, r->flow->amount);
    if (r->from_country != r->to_country || cents > 2500000)
        return SB_TX_WIRE;
    if (!r->from_side->in_us)
        return SB_TX_TRANSFER;
    uint64_t share = sb_below(draw, 100);
    return share < 68 ? SB_TX_ACH : share < 82 ? SB_TX_CHECK : SB_TX_TRANSFER;
}

static uint8_t type_of(const row *r, uint64_t draw)
{
    switch (r->manner->type) {
    case BY_CARD:
        return sb_below(draw, 1000) < r->category->online_permille ? SB_TX_ONLINE : SB_TX_POS;
    case BY_WITHDRAWAL:
        return sb_below(draw, 10) < 9 ? SB_TX_ATM : SB_TX_WITHDRAWAL;
    case BY_TRANSFER:
        return transfer_type(r, draw);
    default:
        return r->manner->type;
    }
}

/* Where people order themselves it is by telephone or at a desk. */
static uint8_t channel_of(uint8_t type, uint64_t draw)
{
    enum { ORDERED = SB_CHANNEL_COUNT };
    static const uint8_t channels[SB_TX_COUNT] = {
        [SB_TX_TRANSFER] = ORDERED,
        [SB_TX_PAYMENT] = ORDERED,
        [SB_TX_DEPOSIT] = SB_CHANNEL_BRANCH,
        [SB_TX_WITHDRAWAL] = SB_CHANNEL_BRANCH,
        [SB_TX_WIRE] = ORDERED,
        [SB_TX_ACH] = ORDERED,
        [SB_TX_POS] = SB_CHANNEL_POS,
        [SB_TX_ATM] = SB_CHANNEL_ATM,
        [SB_TX_ONLINE] = ORDERED,
        [SB_TX_CHECK] = SB_CHANNEL_MAIL,
        [SB_TX_SALARY] = SB_CHANNEL_BATCH,
        [SB_TX_RENT] = SB_CHANNEL_BATCH,
        [SB_TX_STANDING_ORDER] = SB_CHANNEL_BATCH,
        [SB_TX_INTEREST] = SB_CHANNEL_BATCH,
        [SB_TX_INITIAL_DEPOSIT] = SB_CHANNEL_BRANCH,
        [SB_TX_PAYOUT] = SB_CHANNEL_BRANCH,
    };
    static const uint8_t ordered[2] = {SB_CHANNEL_ONLINE, SB_CHANNEL_MOBILE};
    uint8_t by_hand = ordered[sb_below(draw << 20, 10) < 6];
    return channels[type] == ORDERED ? by_hand : channels[type];
}

/* Cards are booked one to two days later, what a person orders within the hour, batches at once. */
static int64_t booking_delay(uint8_t channel, uint64_t draw)
{
    static const struct {
        int32_t least, spread;
    } delays[SB_CHANNEL_COUNT] = {
        [SB_CHANNEL_ONLINE] = {0, 3600000},
        [SB_CHANNEL_MOBILE] = {0, 3600000},
        [SB_CHANNEL_BRANCH] = {0, 0},
        [SB_CHANNEL_ATM] = {0, 3600000},
        [SB_CHANNEL_POS] = {SB_MS_A_DAY / 2, SB_MS_A_DAY},
        [SB_CHANNEL_BATCH] = {0, 0},
        [SB_CHANNEL_MAIL] = {SB_MS_A_DAY, SB_MS_A_DAY},
    };
    return delays[channel].least + (int64_t)sb_below(draw, (uint64_t)delays[channel].spread);
}

/* ---- outside parties ------------------------------------------------------------------------ */

/* Within its locale. */
static uint32_t party_number(const row *r)
{
    uint32_t number = r->flow->outside;
    if (r->manner->is_cash)
        number %= sb_find(r->maker, r->home.locale, SB_TABLE_BANKS)->count;
    return r->manner->first + number;
}

/* The locale whose names fit a country: its own, one of its language, English, or else the cell's.
 */
static uint32_t locale_for(const row *r, uint32_t country)
{
    sb_text language = sb_table_text(r->countries, SB_COUNTRY_LANGUAGE, country);
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
    r->party_within = party_number(r);
    r->party = r->home.locale * PARTY_LOCALE + r->party_within;
    r->party_locale = r->home.locale;
    if (!r->manner->is_trade || (r->party & 1) == 0)
        return;
    sb_key key = sb_row_key(r->maker->world->merchants, (uint64_t)1 << 50 | r->party);
    uint32_t country = sb_table_draw(r->countries, sb_draw(key, 0));
    r->party_locale = locale_for(r, country);
    if (r->from == NULL)
        r->from_country = country;
    else
        r->to_country = country;
}

/* ---- fields --------------------------------------------------------------------------------- */

static void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->what->id);
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
    sb_rows_int(rows, r->booked_day);
}

static void put_type(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->maker->words.types[r->type]);
}

static void put_channel(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->maker->words.channels[r->channel]);
}

static void put_status(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->maker->words.statuses[r->flow->status]);
}

static void put_from_account_id(const row *r, sb_rows *rows)
{
    if (r->from != NULL)
        sb_rows_uint(rows, r->from_side->layout.first_account + r->from->local);
    else
        sb_rows_nil(rows);
}

static void put_to_account_id(const row *r, sb_rows *rows)
{
    if (r->to != NULL)
        sb_rows_uint(rows, r->to_side->layout.first_account + r->to->local);
    else
        sb_rows_nil(rows);
}

static void put_amount(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->flow->amount);
}

static void put_currency(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->maker->currency_codes[r->measure->currency]);
}

static void put_to_amount(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->flow->to_amount);
}

static void put_to_currency(const row *r, sb_rows *rows)
{
    const sb_core *core = r->to != NULL ? r->to : r->from;
    sb_rows_piece(rows, &r->maker->currency_codes[core->currency]);
}

static void put_rate(const row *r, sb_rows *rows)
{
    if (!r->has_outside && r->from->currency != r->to->currency)
        sb_rows_int(rows, sb_flow_rate(r->maker, r->from, r->to, r->flow->time));
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
    sb_line line;
    if (!r->has_outside || r->party_within < PARTY_FIRMS || r->party_within >= PARTY_BANKS) {
        sb_rows_nil(rows);
        return;
    }
    uint32_t country = r->from == NULL ? r->from_country : r->to_country;
    sb_line_begin(&line);
    (void)sb_line_iban(&line, sb_table_text(r->countries, SB_COUNTRY_CODE, country).bytes, "",
                       "SBXX", r->party % 89, r->party * UINT64_C(7919) % UINT64_C(10000000000));
    if (line.length > 0)
        sb_rows_line(rows, &line);
    else
        sb_rows_nil(rows);
}

static void put_counterparty_name(const row *r, sb_rows *rows)
{
    uint32_t locale = r->party_locale, within = r->party_within;
    sb_line line;
    sb_line_begin(&line);
    if (!r->has_outside) {
        sb_rows_nil(rows);
    } else if (within < PARTY_FIRMS) {
        sb_rows_label_bytes(rows, r->merchant->name, r->merchant->name_bytes);
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

/* The name of the company with that account, if it is kept. */
static const sb_label *firm_label(sb_maker *maker, sb_side *side, uint32_t role)
{
    if (side->names == NULL)
        return NULL;
    sb_label *kept = &side->names[role];
    if (kept->byte_count == 0) {
        const sb_line *name = &sb_firm_find(maker, side->cores[role].company)->name;
        *kept = sb_label_of(name->bytes, name->length);
    }
    return kept;
}

/* An internal payee's name is that of the company that owns the account. */
static void put_merchant_name(const row *r, sb_rows *rows)
{
    if (!r->manner->is_card) {
        sb_rows_nil(rows);
    } else if (r->to == NULL || r->to->type != SB_ACCOUNT_BUSINESS) {
        sb_rows_label_bytes(rows, r->merchant->name, r->merchant->name_bytes);
    } else {
        const sb_label *kept = firm_label(r->maker, r->to_side, r->flow->to);
        if (kept != NULL && kept->byte_count > 0)
            sb_rows_label(rows, kept);
        else
            sb_rows_line(rows, &sb_firm_find(r->maker, r->to->company)->name);
    }
}

static void put_mcc(const row *r, sb_rows *rows)
{
    if (r->manner->is_card)
        sb_rows_int(rows, r->category->code);
    else
        sb_rows_nil(rows);
}

static void put_originating_country(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->maker->country_codes[r->from_country]);
}

static void put_destination_country(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->maker->country_codes[r->to_country]);
}

static void put_location(const row *r, sb_rows *rows)
{
    if (r->side->location.byte_count > 0)
        sb_rows_label(rows, &r->side->location);
    else
        sb_rows_text(rows, sb_table_text(sb_find(r->maker, r->home.locale, SB_TABLE_CITIES), 0,
                                         r->home.city));
}

static sb_rule rule_of(const row *r)
{
    bool bill = r->flow->purpose == SB_FOR_BILL;
    return (sb_rule)(bill ? r->category->bill_rule : r->manner->rule);
}

/* What remittance texts are made of. */
typedef struct remittance {
    sb_maker *maker;
    uint32_t locale;
    int32_t day; /* on which the row is booked */
    sb_key key;
} remittance;

/* The name of the month. Rows come in order of time, so it is nearly always the one asked for last.
 */
static sb_text month_of(const remittance *of)
{
    sb_month *kept = &of->maker->month;
    if (kept->locale != of->locale || of->day < kept->begin || of->day >= kept->end) {
        int year, month, day;
        sb_civil_from_days(of->day, &year, &month, &day);
        sb_line_begin(&kept->name);
        sb_line_name(&kept->name, sb_locale_of(of->maker, of->locale)->months, (uint32_t)month - 1);
        kept->locale = of->locale;
        kept->begin = of->day - day + 1;
        kept->end = sb_days_from_civil(month == 12 ? year + 1 : year, month % 12 + 1, 1);
    }
    return (sb_text){kept->name.bytes, kept->name.length, 0};
}

/* The only variables of remittance texts: a number, and the month of the payment. */
static void fill_remittance(void *user, sb_variable variable, sb_saying *saying)
{
    const remittance *of = user;
    if (variable == SB_VAR_month) {
        sb_text month = month_of(of);
        sb_saying_add(saying, month.bytes, month.byte_count);
        return;
    }
    uint32_t number = 10000 + (uint32_t)sb_below(sb_draw(of->key, DRAW_NUMBER), 90000);
    char digits[5];
    for (int i = 4; i >= 0; i--, number /= 10)
        digits[i] = (char)('0' + number % 10);
    sb_saying_add(saying, digits, sizeof digits);
}

/* By value: see sb_transaction_put_known(). */
static sb_rows say_remittance(sb_rows rows, const sb_grammar *grammar, sb_rule rule, remittance of)
{
    sb_saying saying;
    sb_saying_begin(&saying, of.key, DRAW_TEXT, fill_remittance, &of);
    sb_say(grammar, rule, &saying);
    sb_rows_str(&rows, saying.bytes, saying.length);
    return rows;
}

static void put_description(const row *r, sb_rows *rows)
{
    if (r->manner->is_card) { /* what cards are for stands in merchant and category */
        if (r->category->text.byte_count > 0)
            sb_rows_label(rows, &r->category->text);
        else
            sb_rows_text(rows, sb_table_text(sb_find(r->maker, 0, SB_TABLE_MCC), 1, r->mcc));
        return;
    }
    const sb_grammar *grammar = sb_maker_grammar(r->maker, r->home.locale);
    sb_text plain = {"-", 1, 0};
    if (grammar != NULL)
        plain = sb_grammar_plain(grammar, rule_of(r), r->what->text);
    if (plain.byte_count > 0)
        sb_rows_text(rows, plain);
    else
        *rows = say_remittance(*rows, grammar, rule_of(r),
                               (remittance){r->maker, r->home.locale, r->booked_day, r->what->key});
}

static void put_reference(const row *r, sb_rows *rows)
{
    sb_rows_str(rows, r->what->reference, sizeof r->what->reference);
}

/* ---- published rules ------------------------------------------------------------------------ */

/* Whole thousands of the main unit, or of ten, a hundred ... of them where it is worth little. An
 * odd number of minor units never is, nor are most others: that spares the division. */
static bool is_round(const sb_money *money, int64_t amount)
{
    return (amount & 31) == 0 && amount % money->round_step == 0;
}

/* Sets r->alerts: the rules, as docs/model.md has them; never of the truth. */
static void raise_alerts(row *r)
{
    int64_t amount = r->flow->amount;
    const sb_money *money = r->money;
    bool cash = r->manner->is_cash, abroad = r->from_country != r->to_country;
    uint32_t traits = r->maker->country_traits[r->from_country] |
                      (uint32_t)r->maker->country_traits[r->to_country];
    uint32_t alerts = 0;
    alerts |= (uint32_t)(amount >= (cash ? money->threshold : money->large))
              << SB_ALERT_LARGE_AMOUNT;
    alerts |= (uint32_t)is_round(money, amount) << SB_ALERT_ROUND_AMOUNT;
    alerts |= (uint32_t)(amount < money->threshold && amount >= money->nearly)
              << SB_ALERT_BELOW_THRESHOLD;
    alerts |= (uint32_t)abroad << SB_ALERT_CROSS_BORDER;
    alerts |= (uint32_t)(abroad && (traits & SB_TRAIT_HIGH_RISK) != 0)
              << SB_ALERT_HIGH_RISK_COUNTRY;
    alerts |= (uint32_t)(abroad && (traits & SB_TRAIT_HAVEN) != 0) << SB_ALERT_TAX_HAVEN;
    alerts |= (uint32_t)(cash && amount >= money->threshold / 2) << SB_ALERT_CASH;
    r->alerts = alerts;
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
    for (uint32_t rest = r->alerts; rest != 0; rest &= rest - 1) /* few rows have any */
        score += flag_points[__builtin_ctz(rest)];
    sb_rows_uint(rows, score < 10000 ? score : 10000);
}

static void put_alert_flags(const row *r, sb_rows *rows)
{
    uint32_t count = 0;
    for (uint32_t rest = r->alerts; rest != 0; rest &= rest - 1)
        count++;
    sb_rows_array(rows, count);
    for (uint32_t rest = r->alerts; rest != 0; rest &= rest - 1)
        sb_rows_text(rows, sb_alert_words[__builtin_ctz(rest)]);
}

/* ---- where it was ordered from -------------------------------------------------------------- */

/* The address of an account's owner at home, which is asked for again and again. */
static const sb_piece *address_of(sb_maker *maker, sb_side *side, uint32_t role)
{
    sb_piece *kept = &side->addresses[role];
    if (kept->byte_count == 0) {
        sb_line line;
        sb_owner owner = sb_account_owner(&side->layout, role);
        sb_line_begin(&line);
        sb_line_ip(&line, sb_home_draw(maker->world, &owner));
        *kept = sb_piece_of(line.bytes, line.length);
    }
    return kept;
}

/* Four in five times the payer's address at home. */
static void put_ip(const row *r, sb_rows *rows)
{
    if (!r->is_online) {
        sb_rows_nil(rows);
        return;
    }
    uint64_t from = r->what->address;
    if (sb_below(from << 8, 5) > 0) {
        if (r->from_side->addresses != NULL) {
            sb_rows_piece(rows, address_of(r->maker, r->from_side, r->flow->from));
            return;
        }
        sb_owner owner = sb_account_owner(&r->from_side->layout, r->flow->from);
        from = sb_home_draw(r->maker->world, &owner);
    }
    sb_line line;
    sb_line_begin(&line);
    sb_line_ip(&line, from);
    sb_rows_line(rows, &line);
}

static void put_device_id(const row *r, sb_rows *rows)
{
    uint64_t device = 0;
    bool known = r->is_online && r->maker->world->values.counts[SB_DEVICES] > 0;
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

/* ---- the row -------------------------------------------------------------------------------- */

/* Who pays whom, where, and what kind of payment it is. */
static void set_ends(row *r, const sb_stream *stream)
{
    const sb_flow *flow = r->flow;
    r->from_side = flow->from_peer ? stream->peer : stream->home;
    r->to_side = flow->to_peer ? stream->peer : stream->home;
    r->from = flow->from != SB_OUTSIDE ? sb_side_core(r->maker, r->from_side, flow->from) : NULL;
    r->to = flow->to != SB_OUTSIDE ? sb_side_core(r->maker, r->to_side, flow->to) : NULL;
    r->from_country = r->from_side->country;
    r->to_country = r->to_side->country;
    r->measure = r->from != NULL ? r->from : r->to;
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): no flow has both its ends outside
    r->money = &r->maker->money[r->measure->currency];
    r->has_outside = r->from == NULL || r->to == NULL;
    r->merchant = NULL;
    if (r->manner->has_category && (r->to == NULL || r->to->type != SB_ACCOUNT_BUSINESS))
        r->merchant = sb_maker_merchant(r->maker, r->home.locale, flow->outside);
    r->mcc = r->to != NULL ? r->to->mcc : r->merchant != NULL ? r->merchant->mcc : 0;
    r->category = &r->maker->categories[r->mcc];
    if (r->has_outside)
        place_party(r);
}

static void set_course(row *r)
{
    uint64_t how = r->what->channel;
    r->type = type_of(r, how);
    r->channel = channel_of(r->type, how);
    r->booked = r->flow->time + booking_delay(r->channel, r->what->posted);
    r->booked_day = (int32_t)(r->booked / SB_MS_A_DAY);
    r->completed = r->flow->status == SB_TX_STATUS_COMPLETED;
    r->is_online =
        r->from != NULL && (r->channel == SB_CHANNEL_ONLINE || r->channel == SB_CHANNEL_MOBILE);
}

void sb_transaction_put_known(sb_maker *maker, sb_rows *rows, const sb_ledger *ledger,
                              const sb_transaction *what)
{
    /* Both stay in registers, since nothing outside this file is told where they are: a byte that
     * is written could otherwise be one of theirs, and all of both would be read anew. */
    sb_rows at = *rows;
    row r; /* not cleared: all that is read is set below */
    r.maker = maker;
    r.what = what;
    r.flow = what->flow;
    r.manner = &manners[what->flow->purpose];
    r.side = ledger->side;
    r.home = ledger->side->home;
    r.countries = sb_find(maker, 0, SB_TABLE_COUNTRIES);
    set_ends(&r, &ledger->streams[what->flow->stream]);
    set_course(&r);
    raise_alerts(&r);
    sb_rows_array(&at, SB_FIELD_COUNT(SB_TRANSACTION_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(&at, __VA_ARGS__) put_##name(&r, &at);
    SB_TRANSACTION_FIELDS(PUT)
#undef PUT
    *rows = at;
}

/* ---- several at once ------------------------------------------------------------------------ */

/* The id, permuted over 60 bits, in base 32 without letters that look like digits: two of them at a
 * time. */
static void write_reference(uint64_t permuted, char out[SB_REFERENCE_BYTES])
{
#define AFTER(a)                                                                                \
    a "0" a "1" a "2" a "3" a "4" a "5" a "6" a "7" a "8" a "9" a "A" a "B" a "C" a "D" a "E" a \
      "F" a "G" a "H" a "J" a "K" a "M" a "N" a "P" a "Q" a "R" a "S" a "T" a "V" a "W" a "X" a \
      "Y" a "Z"
    static const char pairs[] = AFTER("0") AFTER("1") AFTER("2") AFTER("3") AFTER("4") AFTER("5")
        AFTER("6") AFTER("7") AFTER("8") AFTER("9") AFTER("A") AFTER("B") AFTER("C") AFTER("D")
            AFTER("E") AFTER("F") AFTER("G") AFTER("H") AFTER("J") AFTER("K") AFTER("M") AFTER("N")
                AFTER("P") AFTER("Q") AFTER("R") AFTER("S") AFTER("T") AFTER("V") AFTER("W")
                    AFTER("X") AFTER("Y") AFTER("Z");
#undef AFTER
    for (int i = SB_REFERENCE_BYTES - 2; i >= 0; i -= 2, permuted >>= 10)
        memcpy(out + i, pairs + 2 * (permuted & 1023), 2);
}

void sb_transaction_reference(const sb_world *world, uint64_t id, char out[SB_REFERENCE_BYTES])
{
    write_reference(sb_permute(&world->references, id), out);
}

void sb_transaction_put(sb_maker *maker, sb_rows *rows, const sb_ledger *ledger,
                        const sb_flow *flow)
{
    sb_key key = sb_flow_key(&ledger->streams[flow->stream], flow->k);
    sb_transaction what = {.flow = flow,
                           .id = sb_flow_id(maker->world, ledger, flow),
                           .key = key,
                           .posted = sb_draw(key, DRAW_POSTED),
                           .channel = sb_draw(key, DRAW_CHANNEL),
                           .text = sb_draw(key, DRAW_TEXT),
                           .address = sb_draw(key, DRAW_IP)};
    sb_transaction_reference(maker->world, what.id, what.reference);
    sb_transaction_put_known(maker, rows, ledger, &what);
}

/* Keys, ids, references and draws of a block are made side by side: see engine/lanes.h. */
typedef struct lanes_block {
    sb_keys keys; /* first of the streams, then of the rows */
    uint64_t indices[SB_LANES], ids[SB_LANES], references[SB_LANES];
    uint64_t posted[SB_LANES], channel[SB_LANES], text[SB_LANES], address[SB_LANES];
} lanes_block;

static void fill_lanes(const sb_maker *maker, const sb_layout *layout, lanes_block *block)
{
    const sb_lanes *lanes = maker->lanes;
    lanes->row_keys(&block->keys, block->indices, &block->keys);
    lanes->draws(&block->keys, DRAW_POSTED, block->posted);
    lanes->draws(&block->keys, DRAW_CHANNEL, block->channel);
    lanes->draws(&block->keys, DRAW_TEXT, block->text);
    lanes->draws(&block->keys, DRAW_IP, block->address);
    lanes->permute(&layout->ids, block->ids);
    for (uint32_t i = 0; i < SB_LANES; i++)
        block->references[i] = block->ids[i] =
            sb_transaction_id_of(maker->world, layout, block->ids[i]);
    lanes->permute(&maker->world->references, block->references);
}

/* Asks for the flows of the next block while this one is put: they come in the order of time, so
 * they stand anywhere, and compressing a frame has driven them from the nearer caches. */
static void fetch_flows(const sb_ledger *ledger, uint32_t next)
{
    for (uint32_t i = next; i < next + SB_LANES && i < ledger->flow_count; i++)
        __builtin_prefetch(&ledger->flows[ledger->order[i]]);
}

uint32_t sb_transactions_take(const sb_maker *maker, const sb_ledger *ledger, uint32_t *next,
                              sb_transaction out[SB_LANES])
{
    lanes_block block;
    uint32_t count = 0;
    for (; *next < ledger->flow_count && count < SB_LANES; ++*next) {
        const sb_flow *flow = &ledger->flows[ledger->order[*next]];
        const sb_stream *stream = &ledger->streams[flow->stream];
        out[count].flow = flow;
        block.keys.low[count] = stream->key.low;
        block.keys.high[count] = stream->key.high;
        block.indices[count] = flow->k;
        block.ids[count] = stream->first_index + flow->k;
        count += sb_flow_is_own(ledger, flow); /* else overwritten by the next */
    }
    fetch_flows(ledger, *next);
    for (uint32_t i = count; i < SB_LANES; i++)
        block.keys.low[i] = block.keys.high[i] = block.indices[i] = block.ids[i] = 0;
    fill_lanes(maker, &ledger->side->layout, &block);
    for (uint32_t i = 0; i < count; i++) {
        out[i].id = block.ids[i];
        out[i].key = sb_keys_at(&block.keys, i);
        out[i].posted = block.posted[i];
        out[i].channel = block.channel[i];
        out[i].text = block.text[i];
        out[i].address = block.address[i];
        write_reference(block.references[i], out[i].reference);
    }
    return count;
}
