#include "engine/account.h"

#include <stdlib.h>
#include <string.h>

#include "engine/company.h"
#include "engine/distributions.h"
#include "engine/iban.h"
#include "engine/identifier.h"
#include "engine/person.h"
#include "engine/rates.h"
#include "engine/words.h"
#include "format/row_text.h"

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

static uint32_t draw_bank(sb_maker *maker, uint32_t locale, sb_key key)
{
    return sb_table_draw(sb_find(maker, locale, SB_TABLE_BANKS), KEY_DRAW(key, bank, 0));
}

uint32_t sb_account_bank(sb_maker *maker, uint32_t locale, uint64_t id)
{
    return draw_bank(maker, locale, sb_row_key(maker->world->accounts, id));
}

/* Columns of banks.tsv. */
enum { BANK_NAME, BANK_LATIN, BANK_CODE, BANK_BIC };

/* Numbers that stand in the IBANs of a country whose account numbers are shorter than ten digits:
 * the account's place among those of its locale, permuted. What goes beyond the country's capacity
 * counts up the bank's code; the tables leave room for that. */
static sb_permutation short_numbers(const sb_world *world, uint32_t locale, uint64_t capacity)
{
    return sb_permutation_make(sb_row_key(world->accounts, UINT64_MAX - locale), capacity);
}

/* `bank` and `number` are the account's. Returns how many characters stand behind the number. */
static size_t write_iban(sb_maker *maker, uint32_t locale, uint64_t id, uint32_t bank,
                         uint64_t number, sb_line *out)
{
    const sb_world *world = maker->world;
    const sb_table *banks = sb_find(maker, locale, SB_TABLE_BANKS);
    const char *country = sb_locale_of(maker, locale)->country.bytes;
    sb_text code = sb_table_text(banks, BANK_CODE, bank);
    uint64_t capacity = sb_iban_capacity(country);
    sb_line counted;
    sb_line_begin(&counted);
    if (capacity > 0 && capacity < SB_ACCOUNTS_MAX) {
        sb_permutation order = short_numbers(world, locale, capacity);
        uint64_t index = sb_world_local_index(world, id);
        number = sb_permute(&order, index % capacity);
        if (index >= capacity)
            sb_line_digits(&counted, strtoull(code.bytes, NULL, 10) + index / capacity,
                           (int)code.byte_count);
    }
    sb_line_char(&counted, '\0');
    return sb_line_iban(out, country, counted.length > 1 ? counted.bytes : code.bytes,
                        sb_table_text(banks, BANK_BIC, bank).bytes, bank, number);
}

void sb_account_iban(sb_maker *maker, uint32_t locale, uint64_t id, sb_line *out)
{
    (void)write_iban(maker, locale, id, sb_account_bank(maker, locale, id),
                     sb_account_number(maker->world, id), out);
}

static bool has_iban(sb_maker *maker, uint32_t locale, uint64_t id, const char *iban)
{
    sb_line line;
    uint64_t cell = sb_world_cell_of(maker->world, SB_ACCOUNTS, id);
    if (sb_maker_home(maker, cell).locale != locale)
        return false;
    sb_line_begin(&line);
    sb_account_iban(maker, locale, id, &line);
    return line.length == strlen(iban) && memcmp(line.bytes, iban, line.length) == 0;
}

uint64_t sb_account_by_iban(sb_maker *maker, const char *iban)
{
    enum { ROUNDS = 20 }; /* of short numbers */
    const sb_world *world = maker->world;
    uint64_t count = world->values.counts[SB_ACCOUNTS], number = 0;
    char code[SB_IBAN_CODE_BYTES];
    if (!sb_iban_read(iban, &number, code))
        return count;
    for (uint32_t locale = 0; locale < sb_tables_locale_count(world->tables); locale++) {
        const char *country = sb_locale_of(maker, locale)->country.bytes;
        uint64_t capacity = sb_iban_capacity(country);
        if (memcmp(country, iban, 2) != 0)
            continue;
        if (capacity >= SB_ACCOUNTS_MAX) {
            uint64_t id = sb_account_by_number(world, number);
            if (id < count && has_iban(maker, locale, id, iban))
                return id;
            continue;
        }
        sb_permutation order = short_numbers(world, locale, capacity);
        uint64_t index = sb_permute_inverse(&order, number % capacity);
        for (int round = 0; round < ROUNDS; round++, index += capacity) {
            uint64_t id = sb_world_local_account(world, locale, index);
            if (id < count && has_iban(maker, locale, id, iban))
                return id;
        }
    }
    return count;
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
    role -= layout->savings_accounts;
    if (role < layout->investment_accounts)
        return SB_ACCOUNT_INVESTMENT;
    return (role - layout->investment_accounts) % 5 < 3 ? SB_ACCOUNT_LOAN : SB_ACCOUNT_MORTGAGE;
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

uint64_t sb_home_draw(const sb_world *world, const sb_owner *who)
{
    sb_person person;
    if (who->company)
        return sb_household_draw(sb_row_key(world->companies, who->id));
    sb_person_household(world, who->id, &person);
    return sb_household_draw(sb_row_key(world->households, (uint64_t)1 << 63 | person.household));
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

/* `index`: where the account stands in the order of lives. */
static void set_life(const sb_world *world, const sb_layout *layout, sb_key key, uint32_t index,
                     sb_core *core)
{
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
    } else if (index < layout->derived_count + layout->closed_before + layout->frozen) {
        core->life = SB_FROZEN;
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
        [SB_ACCOUNT_MORTGAGE] = {22000000, 1000000, 2},
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

/* One of the categories of the owner's line of business, the first more often. */
static uint16_t draw_mcc(sb_maker *maker, uint64_t owner)
{
    const sb_company *company = &sb_firm_find(maker, owner)->company;
    uint32_t count = company->line < SB_LINES_MAX ? maker->lines[company->line].count : 0;
    uint64_t a = sb_below(sb_draw(company->key, SB_DRAW_NUMBER(200, 0)), count),
             b = sb_below(sb_draw(company->key, SB_DRAW_NUMBER(200, 1)), count);
    return count > 0 ? maker->lines[company->line].mccs[a < b ? a : b] : 0;
}

/* The same, kept: cells far and near are linked to the same companies. */
static uint16_t mcc_of(sb_maker *maker, uint64_t owner)
{
    uint64_t *kept = &maker->firm_mccs[owner % SB_FIRM_MCCS_KEPT];
    if (*kept >> 16 != owner + 1)
        *kept = (owner + 1) << 16 | draw_mcc(maker, owner);
    return (uint16_t)*kept;
}

/* The rest of a core whose place in the cell is known; `key` is the account's. */
static void finish_core(sb_maker *maker, const sb_layout *layout, const sb_home *home,
                        uint32_t role, sb_key key, uint32_t life_index, sb_core *out)
{
    const sb_locale *locale = sb_locale_of(maker, home->locale);
    out->type = type_of_role(layout, role);
    out->currency = draw_currency(maker, locale, key);
    out->price_level = (uint16_t)locale->price_level;
    out->affluence =
        1 + (uint32_t)sb_lognormal_draw(out->price_level, out->type == SB_ACCOUNT_BUSINESS ? 3 : 1,
                                        KEY_DRAW(key, type, 1));
    set_life(maker->world, layout, key, life_index, out);
    out->limit = draw_limit(maker, key, out);
    bool business = out->type == SB_ACCOUNT_BUSINESS;
    out->company = business ? sb_account_owner(layout, role).id : 0;
    out->mcc = business ? mcc_of(maker, out->company) : 0;
    out->made = true;
}

void sb_core_make(sb_maker *maker, const sb_layout *layout, const sb_home *home, uint32_t role,
                  sb_core *out)
{
    out->local = (uint16_t)sb_permute_inverse(&layout->role, role);
    uint32_t life_index = (uint32_t)sb_permute(&layout->life, out->local);
    sb_key key = sb_row_key(maker->world->accounts, layout->first_account + out->local);
    finish_core(maker, layout, home, role, key, life_index, out);
}

/* Indices first .. of the cell; those beyond its last account count as the last. */
static uint32_t fill_locals(const sb_layout *layout, uint32_t first, uint64_t out[SB_LANES])
{
    uint32_t left = layout->account_count - first, last = layout->account_count - 1;
    for (uint32_t i = 0; i < SB_LANES; i++)
        out[i] = first + i < last ? first + i : last;
    return left < SB_LANES ? left : SB_LANES;
}

static void fill_keys(const sb_maker *maker, const uint64_t ids[SB_LANES], sb_keys *out)
{
    sb_keys_repeat(maker->world->accounts, out);
    maker->lanes->row_keys(out, ids, out);
}

void sb_cores_make(sb_maker *maker, const sb_layout *layout, const sb_home *home, sb_core *out)
{
    uint64_t roles[SB_LANES], lives[SB_LANES], ids[SB_LANES];
    sb_keys keys;
    for (uint32_t first = 0; first < layout->account_count; first += SB_LANES) {
        uint32_t count = fill_locals(layout, first, roles);
        for (uint32_t i = 0; i < SB_LANES; i++) {
            lives[i] = roles[i];
            ids[i] = layout->first_account + roles[i];
        }
        fill_keys(maker, ids, &keys);
        maker->lanes->permute(&layout->role, roles);
        maker->lanes->permute(&layout->life, lives);
        for (uint32_t i = 0; i < count; i++) {
            sb_core *core = &out[roles[i]];
            core->local = (uint16_t)(first + i);
            finish_core(maker, layout, home, (uint32_t)roles[i], sb_keys_at(&keys, i),
                        (uint32_t)lives[i], core);
        }
    }
}

/* ---- dates ---------------------------------------------------------------------------------- */

static int32_t day_of(int64_t ms)
{
    return (int32_t)(ms / SB_MS_A_DAY - (ms % SB_MS_A_DAY < 0));
}

/* Accounts from before the period: since the owner's majority (or, as youth accounts, the 14th
 * birthday) or registration, newer ones more often than old ones. */
static int32_t opened_of(const sb_maker *maker, const sb_owner *owner, sb_key key,
                         const sb_core *core)
{
    enum { JANUARY_1990 = 7305, ADULT_DAYS = 6576, TEEN_DAYS = 5114 };
    const sb_world *world = maker->world;
    if (core->life == SB_OPENED_INSIDE)
        return day_of(core->open_ms);
    int32_t last = world->values.start_days - (core->life == SB_CLOSED_BEFORE ? 60 : 1);
    int32_t begin = owner->company ? sb_company_registered(world, owner->id)
                                   : sb_person_birth(world, owner->id) + ADULT_DAYS;
    if (begin >= last && !owner->company)
        begin -= ADULT_DAYS - TEEN_DAYS;
    if (begin < JANUARY_1990 && JANUARY_1990 < last)
        begin = JANUARY_1990;
    if (begin >= last)
        return last;
    uint64_t span = (uint64_t)(last - begin);
    uint64_t a = sb_below(KEY_DRAW(key, opened, 2), span),
             b = sb_below(KEY_DRAW(key, opened, 3), span);
    return last - (int32_t)(a < b ? a : b);
}

int32_t sb_account_opened(sb_maker *maker, const sb_layout *layout, uint32_t role,
                          const sb_core *core)
{
    sb_owner owner = sb_account_owner(layout, role);
    sb_key key = sb_row_key(maker->world->accounts, layout->first_account + core->local);
    return opened_of(maker, &owner, key, core);
}

static int32_t closed_of(const sb_world *world, sb_key key, const sb_core *core, int32_t opened)
{
    if (core->life == SB_CLOSED_INSIDE)
        return day_of(core->close_ms);
    uint64_t span = (uint64_t)(world->values.start_days - opened);
    return opened + 1 + (int32_t)sb_below(KEY_DRAW(key, closed, 2), span > 1 ? span - 1 : 1);
}

int32_t sb_account_closed(const sb_world *world, uint64_t id, const sb_core *core, int32_t opened)
{
    return closed_of(world, sb_row_key(world->accounts, id), core, opened);
}

/* ---- the row -------------------------------------------------------------------------------- */

typedef struct row {
    sb_maker *maker;
    const sb_locale *locale;
    const sb_layout *layout;
    const sb_core *core;
    const sb_balances *balances;
    const sb_table *banks;
    uint64_t id, number;
    sb_key key;
    uint32_t bank, home_locale, home_city;
    sb_owner owner;
    int32_t opened;
    bool is_closed, is_dormant, is_frozen, is_monitored;
} row;

#define DRAW(field, nth) KEY_DRAW(r->key, field, nth)

static void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->id);
}

/* IBAN_BANK: amid the bank's code, and behind the letters that some begin with. */
enum { NUMBER_DIGITS = 10, IBAN_BANK = 7 };

static void put_account_number(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    sb_line_digits(&line, r->number, NUMBER_DIGITS);
    sb_rows_mark_ahead(rows, 1, SB_MARK_LONG); /* the digits stand in IBAN and card again */
    sb_rows_line(rows, &line);
}

static void put_iban(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    size_t behind = write_iban(r->maker, r->home_locale, r->id, r->bank, r->number, &line);
    if (line.length > 0) {
        sb_rows_mark_ahead(rows, 1 + IBAN_BANK, SB_MARK_SHORT);
        sb_rows_mark_ahead(rows, 1 + line.length - behind - NUMBER_DIGITS, SB_MARK_LONG);
        sb_rows_line(rows, &line);
    } else {
        sb_rows_nil(rows);
    }
}

static void put_bic(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_table_text(r->banks, BANK_BIC, r->bank));
}

static void put_routing_number(const row *r, sb_rows *rows)
{
    if (memcmp(r->locale->country.bytes, "US", 2) == 0)
        sb_rows_known(rows, sb_table_text(r->banks, BANK_CODE, r->bank));
    else
        sb_rows_nil(rows);
}

static void put_bank(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_table_text(r->banks, BANK_NAME, r->bank));
}

static void put_type(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_account_words[r->core->type]);
}

static void put_currency(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->maker->currency_codes[r->core->currency]);
}

static void put_owner_person_id(const row *r, sb_rows *rows)
{
    if (r->owner.company) {
        sb_rows_nil(rows);
        return;
    }
    sb_rows_mark_ahead(rows, 2, SB_MARK_LONG); /* ids end alike; no company and a status follow */
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
    sb_rows_known(rows, sb_account_status_words[r->is_closed    ? SB_ACCOUNT_STATUS_CLOSED
                                                : r->is_frozen  ? SB_ACCOUNT_STATUS_FROZEN
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
        sb_rows_int(rows, closed_of(r->maker->world, r->key, r->core, r->opened));
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

/* Most have the branch of their neighbourhood. */
static void put_branch(const row *r, sb_rows *rows)
{
    const sb_table *cities = sb_find(r->maker, r->home_locale, SB_TABLE_CITIES);
    uint32_t city =
        sb_chance(DRAW(branch, 0), 750000) ? r->home_city : sb_table_draw(cities, DRAW(branch, 1));
    sb_rows_known(rows, sb_table_text(cities, SB_CITY_NAME, city));
}

/* One current or savings account in seven is held together with somebody of the household: the
 * partner, or else the head. */
static void put_joint_owner_ids(const row *r, sb_rows *rows)
{
    sb_person owner;
    bool may = r->core->type == SB_ACCOUNT_CHECKING || r->core->type == SB_ACCOUNT_SAVINGS;
    if (r->owner.company || !may || !sb_chance(DRAW(joint_owner_ids, 0), 280000)) {
        sb_rows_array(rows, 0);
        return;
    }
    sb_person_household(r->maker->world, r->owner.id, &owner);
    uint64_t other = owner.household + (owner.household_index == 0 ? 1 : 0);
    if (owner.household_size < 2 || other >= r->maker->world->values.counts[SB_PERSONS]) {
        sb_rows_array(rows, 0);
        return;
    }
    sb_rows_array(rows, 1);
    sb_rows_mark(rows, SB_MARK_SHORT);
    sb_rows_uint(rows, other);
}

/* The people who, by their own shares and through parents, own a quarter or more. */
static void put_beneficial_owner_ids(const row *r, sb_rows *rows)
{
    enum { PEOPLE_MAX = 4, LEVELS_MAX = 8, QUARTER_BP = 2500 };
    uint64_t people[PEOPLE_MAX];
    uint32_t count = 0;
    uint64_t company = r->owner.id, part = 10000; /* basis points of the account's owner */
    for (int level = 0; r->owner.company && level < LEVELS_MAX && part >= QUARTER_BP; level++) {
        sb_share owners[SB_OWNERS_MAX];
        sb_company of;
        sb_company_make(r->maker, company, &of);
        uint32_t owner_count = sb_company_owners(r->maker, &of, owners);
        uint64_t above = 0;
        for (uint32_t i = 0; i < owner_count; i++) {
            uint64_t share = part * owners[i].share_bp / 10000;
            if (owners[i].has_company) {
                company = owners[i].company;
                above = share;
            } else if (owners[i].has_person && share >= QUARTER_BP && count < PEOPLE_MAX) {
                bool known = false;
                for (uint32_t p = 0; p < count; p++)
                    known = known || people[p] == owners[i].person;
                if (!known)
                    people[count++] = owners[i].person;
            }
        }
        part = above;
    }
    sb_rows_array(rows, count);
    for (uint32_t i = 0; i < count; i++) {
        sb_rows_mark(rows, SB_MARK_SHORT);
        sb_rows_uint(rows, people[i]);
    }
}

static void put_average_balance(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->balances->average);
}

static void put_is_monitored(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->is_monitored);
}

static void put_monitoring_reason(const row *r, sb_rows *rows)
{
    if (r->is_monitored)
        sb_rows_known(
            rows, sb_monitoring_words[sb_below(DRAW(monitoring_reason, 0), SB_MONITORING_COUNT)]);
    else
        sb_rows_nil(rows);
}

static void put_kyc_verified(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, !r->is_frozen && sb_chance(DRAW(kyc_verified, 0), 955000));
}

static void put_aml_verified(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, !r->is_frozen && sb_chance(DRAW(aml_verified, 0), 905000));
}

/* The published rule (docs/model.md): points for what the bank sees of the account, and up to 40
 * for all that it knows besides. */
static void put_risk_level(const row *r, sb_rows *rows)
{
    uint64_t other = sb_below(DRAW(risk_level, 0), 1000);
    uint64_t points = other * other * 40 / 1000000;
    int64_t cents = r->balances->closing > 0
                        ? sb_to_cents(r->maker, r->core->currency, r->balances->closing)
                        : 0;
    points += r->is_monitored ? 30 : 0;
    points += r->is_frozen ? 40 : 0;
    points += r->is_dormant ? 10 : 0;
    points += cents > 50000000 ? 20 : cents > 10000000 ? 10 : 0;
    points += r->balances->transaction_count > 1000 ? 5 : 0;
    sb_rows_known(rows, sb_risk_words[points >= 70   ? SB_RISK_CRITICAL
                                      : points >= 45 ? SB_RISK_HIGH
                                      : points >= 30 ? SB_RISK_MEDIUM
                                                     : SB_RISK_LOW]);
}

/* Cards are good until the end of a month within four years of the period's end. */
static void put_card(const row *r, sb_rows *rows)
{
    bool always = r->core->type == SB_ACCOUNT_CREDIT_CARD;
    bool often = r->core->type == SB_ACCOUNT_CHECKING || r->core->type == SB_ACCOUNT_BUSINESS;
    sb_line line;
    if (r->is_closed || !(always || (often && sb_chance(DRAW(card, 0), 780000)))) {
        sb_rows_mark(rows, SB_MARK_SHORT); /* with the next row's head */
        sb_rows_nil(rows);
        return;
    }
    int months = r->maker->end_months + (int)sb_below(DRAW(card, 1), 48);
    int32_t expiry = sb_days_from_civil(months / 12, months % 12 + 1, 1) - 1;
    sb_line_begin(&line);
    sb_line_pan(&line, r->number);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_CARD_FIELDS));
    sb_rows_mark(rows, SB_MARK_SHORT);
    sb_rows_mark_ahead(rows, 1 + 5, SB_MARK_LONG); /* behind the issuer's digits */
    sb_rows_line(rows, &line);
    sb_rows_mark(rows, SB_MARK_SHORT); /* with the next row's head */
    sb_rows_int(rows, expiry);
}

sb_account sb_account_of(const sb_world *world, const sb_layout *layout, const sb_core *core,
                         uint32_t role)
{
    uint64_t id = layout->first_account + core->local;
    return (sb_account){.id = id,
                        .number = sb_account_number(world, id),
                        .role = role,
                        .key = sb_row_key(world->accounts, id)};
}

uint32_t sb_accounts_take(const sb_maker *maker, const sb_layout *layout, uint32_t first,
                          sb_account out[SB_LANES])
{
    uint64_t roles[SB_LANES], numbers[SB_LANES];
    sb_keys keys;
    if (first >= layout->account_count)
        return 0;
    uint32_t count = fill_locals(layout, first, roles);
    for (uint32_t i = 0; i < SB_LANES; i++)
        numbers[i] = layout->first_account + roles[i];
    fill_keys(maker, numbers, &keys);
    maker->lanes->permute(&layout->role, roles);
    maker->lanes->permute(&maker->world->account_numbers, numbers);
    for (uint32_t i = 0; i < count; i++)
        out[i] = (sb_account){.id = layout->first_account + first + i,
                              .number = numbers[i],
                              .role = (uint32_t)roles[i],
                              .key = sb_keys_at(&keys, i)};
    return count;
}

void sb_account_put(sb_maker *maker, sb_rows *rows, const sb_layout *layout, const sb_home *home,
                    uint32_t role, const sb_core *core, const sb_balances *balances)
{
    sb_account what = sb_account_of(maker->world, layout, core, role);
    sb_account_put_known(maker, rows, layout, home, &what, core, balances);
}

void sb_account_put_known(sb_maker *maker, sb_rows *rows, const sb_layout *layout,
                          const sb_home *home, const sb_account *what, const sb_core *core,
                          const sb_balances *balances)
{
    row r = {.maker = maker, .layout = layout, .core = core, .balances = balances};
    r.home_locale = home->locale;
    r.home_city = home->city;
    r.locale = sb_locale_of(maker, home->locale);
    r.banks = sb_find(maker, home->locale, SB_TABLE_BANKS);
    r.id = what->id;
    r.key = what->key;
    r.number = what->number;
    r.bank = draw_bank(maker, home->locale, r.key);
    r.owner = sb_account_owner(layout, what->role);
    r.opened = opened_of(maker, &r.owner, r.key, core);
    r.is_closed = core->life == SB_CLOSED_INSIDE || core->life == SB_CLOSED_BEFORE;
    r.is_frozen = core->life == SB_FROZEN;
    r.is_dormant = !r.is_closed && !r.is_frozen && balances->transaction_count == 0;
    r.is_monitored = sb_chance(KEY_DRAW(r.key, is_monitored, 0), 20000);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_ACCOUNT_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(rows, __VA_ARGS__) put_##name(&r, rows);
    SB_ACCOUNT_FIELDS(PUT)
#undef PUT
}
