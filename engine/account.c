#include "engine/account.h"

#include "engine/company.h"
#include "engine/distributions.h"
#include "engine/person.h"
#include "engine/rates.h"
#include "engine/words.h"

#define KEY_DRAW(key, field, nth) sb_draw(key, SB_DRAW_NUMBER(SB_ACCOUNT_FIELD_##field, nth))

/* ---- numbers -------------------------------------------------------------------------------- */

uint64_t sb_account_number(const sb_world *world, uint64_t id)
{
    return sb_permute(&world->account_numbers, id);
}

uint64_t sb_account_by_number(const sb_world *world, uint64_t number)
{
    uint64_t count = world->values.counts[SB_ACCOUNTS];
    if (number >= world->account_numbers.size)
        return count;
    uint64_t id = sb_permute_inverse(&world->account_numbers, number);
    return id < count ? id : count;
}

uint32_t sb_account_bank(sb_maker *maker, uint32_t locale, uint64_t id)
{
    sb_key key = sb_row_key(maker->world->accounts, id);
    return sb_table_draw(sb_find(maker, locale, SB_TABLE_BANKS), KEY_DRAW(key, bank, 0));
}

/* ISO 13616: country, two check digits, then the country's own structure; for Germany eight digits
 * of the bank and ten of the account. Check digits are 98 minus the number (with country and 00
 * moved behind, a letter as two digits) modulo 97. */
void sb_line_iban(sb_line *line, sb_text country, sb_text bank_code, uint64_t number)
{
    sb_line national;
    uint32_t rest = 0;
    if (memcmp(country.bytes, "DE", 2) != 0)
        return;
    sb_line_begin(&national);
    sb_line_text(&national, bank_code);
    sb_line_digits(&national, number, 10);
    for (uint32_t i = 0; i < national.length; i++)
        rest = (rest * 10 + (uint32_t)(national.bytes[i] - '0')) % 97;
    for (uint32_t i = 0; i < 2; i++)
        rest = (rest * 100 + (uint32_t)(country.bytes[i] - 'A' + 10)) % 97;
    rest = rest * 100 % 97;
    sb_line_text(line, country);
    sb_line_digits(line, 98 - rest, 2);
    sb_line_add(line, national.bytes, national.length);
}

/* ---- the core ------------------------------------------------------------------------------- */

static uint8_t type_of_role(const sb_layout *layout, uint32_t role)
{
    if (role < layout->company_accounts)
        return SB_ACCOUNT_BUSINESS;
    role -= layout->company_accounts;
    if (role < layout->current_accounts)
        return SB_ACCOUNT_CHECKING;
    role -= layout->current_accounts;
    if (role < layout->card_accounts)
        return SB_ACCOUNT_CREDIT_CARD;
    role -= layout->card_accounts;
    if (role < layout->second_accounts)
        return SB_ACCOUNT_CHECKING;
    role -= layout->second_accounts;
    if (role < layout->savings_accounts)
        return SB_ACCOUNT_SAVINGS;
    return role - layout->savings_accounts < layout->investment_accounts ? SB_ACCOUNT_INVESTMENT
                                                                         : SB_ACCOUNT_LOAN;
}

sb_owner sb_account_owner(const sb_layout *layout, uint32_t role)
{
    bool company = role < layout->company_accounts;
    sb_pool pool = company ? layout->companies : layout->persons;
    const sb_permutation *order = company ? &layout->company_order : &layout->person_order;
    uint64_t nth = company ? role : role - layout->company_accounts;
    /* First an account each, then further ones here and there. */
    if (nth >= pool.count)
        nth = sb_below(sb_draw(layout->key, 1000 + role), pool.count);
    return (sb_owner){company, pool.first + sb_permute(order, nth)};
}

/* The currency of the cell's country, but for one account in 25. */
static uint16_t draw_currency(sb_maker *maker, const sb_locale *locale, sb_key key)
{
    const sb_table *currencies = sb_find(maker, 0, SB_TABLE_CURRENCIES);
    static const uint8_t weights[] = {40, 70, 82,
                                      88, 94, 100}; /* the first rows: USD EUR GBP JPY CHF CAD */
    if (!sb_chance(KEY_DRAW(key, currency, 0), 40000) || currencies->count < sizeof weights)
        return locale->currency_index;
    uint64_t share = sb_below(KEY_DRAW(key, currency, 1), 100);
    uint16_t row = 0;
    while (weights[row] <= share)
        row++;
    return row;
}

static void set_life(const sb_world *world, const sb_layout *layout, sb_key key, sb_core *core)
{
    uint32_t index = core->life_index;
    int64_t days = world->values.end_days - world->values.start_days;
    int64_t day;
    core->life = SB_ALWAYS_OPEN;
    core->open_ms = INT64_MIN;
    core->close_ms = INT64_MAX;
    if (index < layout->opened_inside) { /* a morning, and not the last day */
        day = world->values.start_days +
              (int64_t)sb_below(KEY_DRAW(key, opened, 0), (uint64_t)days - 1);
        core->life = SB_OPENED_INSIDE;
        core->open_ms =
            day * SB_MS_A_DAY + 25200000 + (int64_t)sb_below(KEY_DRAW(key, opened, 1), 7200000);
    } else if (index < layout->derived_count) { /* an evening, and not the first day */
        day = world->values.start_days + 1 +
              (int64_t)sb_below(KEY_DRAW(key, closed, 0), (uint64_t)days - 1);
        core->life = SB_CLOSED_INSIDE;
        core->close_ms =
            day * SB_MS_A_DAY + 68400000 + (int64_t)sb_below(KEY_DRAW(key, closed, 1), 7200000);
    } else if (index < layout->derived_count + layout->closed_before) {
        core->life = SB_CLOSED_BEFORE;
        core->close_ms = INT64_MIN;
    }
}

/* Limits in whole hundreds of the main unit, as banks give them. */
static int64_t draw_limit(sb_maker *maker, sb_key key, const sb_core *core)
{
    static const struct {
        int64_t median_cents;
        uint32_t have_per_million;
        int shape;
    } rules[SB_ACCOUNT_COUNT] = {
        [SB_ACCOUNT_CHECKING] = {120000, 450000, 2},
        [SB_ACCOUNT_SAVINGS] = {0, 0, 0},
        [SB_ACCOUNT_CREDIT_CARD] = {450000, 1000000, 2},
        [SB_ACCOUNT_INVESTMENT] = {0, 0, 0},
        [SB_ACCOUNT_LOAN] = {3000000, 1000000, 3},
        [SB_ACCOUNT_BUSINESS] = {2500000, 400000, 4},
    };
    uint8_t type = core->type;
    if (core->life == SB_CLOSED_INSIDE ||
        !sb_chance(KEY_DRAW(key, overdraft_limit, 0), rules[type].have_per_million))
        return 0;
    int64_t cents = sb_lognormal_draw(rules[type].median_cents * core->affluence / 100,
                                      rules[type].shape, KEY_DRAW(key, overdraft_limit, 1));
    int64_t unit = sb_from_cents(maker, core->currency, 10000);
    unit = unit >= 100000 ? 100000 : 10000; /* 100.00, or 10,000 where a unit is worth little */
    int64_t limit = sb_from_cents(maker, core->currency, cents) / unit * unit;
    return limit > 0 ? limit : unit;
}

enum { MCC_INDUSTRY = 6 };

/* A category of the owner's industry if one is drawn in eight tries. */
static uint16_t draw_mcc(sb_maker *maker, uint64_t owner)
{
    const sb_table *mccs = sb_find(maker, 0, SB_TABLE_MCC);
    const sb_company *company = &sb_firm_find(maker, owner)->company;
    uint32_t row = 0;
    for (uint32_t nth = 0; nth < 8; nth++) {
        row = sb_table_draw(mccs, sb_draw(company->key, SB_DRAW_NUMBER(200, nth)));
        if (sb_table_mark(mccs, MCC_INDUSTRY, row) == company->industry_mark)
            break;
    }
    return (uint16_t)row;
}

void sb_core_make(sb_maker *maker, const sb_layout *layout, const sb_home *home, uint32_t role,
                  sb_core *out)
{
    out->local = (uint32_t)sb_permute_inverse(&layout->role, role);
    out->life_index = (uint32_t)sb_permute(&layout->life, out->local);
    sb_key key = sb_row_key(maker->world->accounts, layout->first_account + out->local);
    out->type = type_of_role(layout, role);
    out->currency = draw_currency(maker, sb_locale_of(maker, home->locale), key);
    out->affluence = (uint32_t)sb_lognormal_draw(100, out->type == SB_ACCOUNT_BUSINESS ? 3 : 1,
                                                 KEY_DRAW(key, type, 1));
    set_life(maker->world, layout, key, out);
    out->limit = draw_limit(maker, key, out);
    bool business = out->type == SB_ACCOUNT_BUSINESS;
    out->company = business ? sb_account_owner(layout, role).id : 0;
    out->mcc = business ? draw_mcc(maker, out->company) : 0;
    out->made = true;
}

/* ---- dates ---------------------------------------------------------------------------------- */

static int32_t day_of(int64_t ms)
{
    return (int32_t)(ms / SB_MS_A_DAY - (ms % SB_MS_A_DAY < 0));
}

/* Accounts from before the period: since the owner's majority (or, as youth accounts, the 14th
 * birthday) or registration, newer ones more often than old ones. */
int32_t sb_account_opened(sb_maker *maker, const sb_layout *layout, uint32_t role,
                          const sb_core *core)
{
    enum { JANUARY_1990 = 7305, ADULT_DAYS = 6576, TEEN_DAYS = 5114 };
    const sb_world *world = maker->world;
    if (core->life == SB_OPENED_INSIDE)
        return day_of(core->open_ms);
    sb_owner owner = sb_account_owner(layout, role);
    int32_t last = world->values.start_days - (core->life == SB_CLOSED_BEFORE ? 60 : 1);
    int32_t begin = owner.company ? sb_company_registered(world, owner.id)
                                  : sb_person_birth(world, owner.id) + ADULT_DAYS;
    if (begin >= last && !owner.company)
        begin -= ADULT_DAYS - TEEN_DAYS;
    if (begin < JANUARY_1990 && JANUARY_1990 < last)
        begin = JANUARY_1990;
    if (begin >= last)
        return last;
    sb_key key = sb_row_key(world->accounts, layout->first_account + core->local);
    uint64_t span = (uint64_t)(last - begin);
    uint64_t a = sb_below(KEY_DRAW(key, opened, 2), span),
             b = sb_below(KEY_DRAW(key, opened, 3), span);
    return last - (int32_t)(a < b ? a : b);
}

int32_t sb_account_closed(const sb_world *world, uint64_t id, const sb_core *core, int32_t opened)
{
    if (core->life == SB_CLOSED_INSIDE)
        return day_of(core->close_ms);
    sb_key key = sb_row_key(world->accounts, id);
    uint64_t span = (uint64_t)(world->values.start_days - opened);
    return opened + 1 + (int32_t)sb_below(KEY_DRAW(key, closed, 2), span > 1 ? span - 1 : 1);
}

/* ---- the row -------------------------------------------------------------------------------- */

typedef struct row {
    sb_maker *maker;
    const sb_locale *locale;
    const sb_layout *layout;
    const sb_core *core;
    const sb_balances *balances;
    const sb_table *banks, *currencies;
    uint64_t id, number;
    uint32_t bank;
    sb_owner owner;
    int32_t opened;
    bool is_closed, is_dormant;
} row;

static void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->id);
}

static void put_account_number(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    sb_line_digits(&line, r->number, 10);
    sb_rows_line(rows, &line);
}

static void put_iban(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    sb_line_iban(&line, r->locale->country, sb_table_text(r->banks, 1, r->bank), r->number);
    if (line.length > 0)
        sb_rows_line(rows, &line);
    else
        sb_rows_nil(rows);
}

static void put_bic(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_table_text(r->banks, 2, r->bank));
}

static void put_routing_number(const row *r, sb_rows *rows)
{
    if (memcmp(r->locale->country.bytes, "US", 2) == 0)
        sb_rows_text(rows, sb_table_text(r->banks, 1, r->bank));
    else
        sb_rows_nil(rows);
}

static void put_bank(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_table_text(r->banks, 0, r->bank));
}

static void put_type(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_account_words[r->core->type]);
}

static void put_currency(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_table_text(r->currencies, 0, r->core->currency));
}

static void put_owner_person_id(const row *r, sb_rows *rows)
{
    if (r->owner.company)
        sb_rows_nil(rows);
    else
        sb_rows_uint(rows, r->owner.id);
}

static void put_owner_company_id(const row *r, sb_rows *rows)
{
    if (r->owner.company)
        sb_rows_uint(rows, r->owner.id);
    else
        sb_rows_nil(rows);
}

static void put_status(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_account_status_words[r->is_closed    ? SB_ACCOUNT_STATUS_CLOSED
                                               : r->is_dormant ? SB_ACCOUNT_STATUS_DORMANT
                                                               : SB_ACCOUNT_STATUS_ACTIVE]);
}

static void put_opened(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->opened);
}

static void put_closed(const row *r, sb_rows *rows)
{
    if (r->is_closed)
        sb_rows_int(rows, sb_account_closed(r->maker->world, r->id, r->core, r->opened));
    else
        sb_rows_nil(rows);
}

static void put_overdraft_limit(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->core->limit);
}

static void put_opening_balance(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->balances->opening);
}

static void put_closing_balance(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->balances->closing);
}

static void put_lowest_balance(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->balances->lowest);
}

static void put_credit_total(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->balances->credit_total);
}

static void put_debit_total(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->balances->debit_total);
}

static void put_transaction_count(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->balances->transaction_count);
}

static void put_is_dormant(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->is_dormant);
}

void sb_account_put(sb_maker *maker, sb_rows *rows, const sb_layout *layout, const sb_home *home,
                    uint32_t role, const sb_core *core, const sb_balances *balances)
{
    row r = {.maker = maker, .layout = layout, .core = core, .balances = balances};
    r.locale = sb_locale_of(maker, home->locale);
    r.banks = sb_find(maker, home->locale, SB_TABLE_BANKS);
    r.currencies = sb_find(maker, 0, SB_TABLE_CURRENCIES);
    r.id = layout->first_account + core->local;
    r.number = sb_account_number(maker->world, r.id);
    r.bank = sb_account_bank(maker, home->locale, r.id);
    r.owner = sb_account_owner(layout, role);
    r.opened = sb_account_opened(maker, layout, role, core);
    r.is_closed = core->life == SB_CLOSED_INSIDE || core->life == SB_CLOSED_BEFORE;
    r.is_dormant = !r.is_closed && balances->transaction_count == 0;
    sb_rows_array(rows, SB_FIELD_COUNT(SB_ACCOUNT_FIELDS));
#define PUT(number, name, ...) put_##name(&r, rows);
    SB_ACCOUNT_FIELDS(PUT)
#undef PUT
}
