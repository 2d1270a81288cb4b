#include "engine/trade.h"

#include <string.h>

#include "engine/bourse.h"
#include "engine/company.h"
#include "engine/daybook.h"
#include "engine/device.h"
#include "engine/distributions.h"
#include "engine/geography.h"
#include "engine/holder.h"
#include "engine/rates.h"
#include "engine/line.h"
#include "engine/words.h"
#include "format/row_text.h"

#define KEY_DRAW(key, field, nth) sb_draw(key, SB_DRAW_NUMBER(SB_TRADE_FIELD_##field, nth))

enum { ADULT_DAYS = 6576, MS_A_MINUTE = 60000 };

static int32_t day_of(int64_t ms)
{
    return (int32_t)(ms / SB_MS_A_DAY - (ms % SB_MS_A_DAY < 0));
}

/* ---- working days --------------------------------------------------------------------------- */

int32_t sb_working_day(sb_maker *maker, uint64_t position)
{
    const sb_daybook *book = sb_daybook_find(maker);
    int32_t start = maker->world->values.start_days, end = maker->world->values.end_days;
    if (book == NULL || book->weekday_count == 0) /* the first is said at the end of the cell */
        return start + (int32_t)sb_below(position, (uint64_t)(end - start));
    return book->workdays[sb_below(position, book->weekday_count)];
}

int64_t sb_working_moment(sb_maker *maker, sb_clock clock, int32_t day, int64_t open_minute,
                          int64_t close_minute, uint64_t share)
{
    const sb_world *world = maker->world;
    int64_t offset = sb_day_offset(sb_daybook_find(maker), clock, day);
    int64_t midnight = (int64_t)day * SB_MS_A_DAY - offset * MS_A_MINUTE;
    int64_t open = midnight + open_minute * MS_A_MINUTE;
    int64_t close = midnight + close_minute * MS_A_MINUTE;
    open = open > world->start_ms ? open : world->start_ms;
    close = close < world->end_ms ? close : world->end_ms;
    return close > open ? open + (int64_t)sb_below(share, (uint64_t)(close - open))
                        : world->start_ms;
}

static int32_t next_working_day(const sb_daybook *book, int32_t day)
{
    do
        day++;
    while (!sb_day_is_working(book, day));
    return day;
}

/* ---- exchanges ------------------------------------------------------------------------------ */

/* One of a set of exchanges that is not empty, each as likely. */
static uint32_t pick_exchange(uint64_t set, sb_key key)
{
    if ((set & (set - 1)) == 0)
        return (uint32_t)__builtin_ctzll((unsigned long long)set);
    uint32_t found = 0, chosen = SB_EXCHANGES_MAX;
    for (; set != 0; set &= set - 1) {
        found++;
        if (found == 1 || sb_below(KEY_DRAW(key, exchange, 8 + found), found) == 0)
            chosen = (uint32_t)__builtin_ctzll((unsigned long long)set);
    }
    return chosen;
}

/* A large one that foreigners use: rows of the table with their weights. */
static uint32_t pick_large(uint32_t exchange_count, uint64_t draw)
{
    static const uint8_t bounds[] = {36, 64, 78, 86, 92, 92, 92, 100};
    uint32_t share = (uint32_t)sb_below(draw, 100), row = 0;
    while (bounds[row] <= share)
        row++;
    return row < exchange_count ? row : 0;
}

/* Draws that nearly every clock takes. */
/* clang-format off */
#define CLOCK_DRAWS(D) D(exchange, 0) D(exchange, 1) D(executed_at, 0) D(executed_at, 1)
/* clang-format on */

#define CLOCK_DRAW(field, nth) CLOCK_##field##_##nth,
#define DRAW_NUMBER(field, nth) SB_DRAW_NUMBER(SB_TRADE_FIELD_##field, nth),
enum { CLOCK_DRAWS(CLOCK_DRAW) CLOCK_COUNT };
static const sb_event_draws clock_draws = {CLOCK_COUNT, {CLOCK_DRAWS(DRAW_NUMBER)}, SB_EVENT_INDEX};
#define CLOCK_DRAWN(field, nth) drawn[CLOCK_##field##_##nth * SB_LANES]

/* Four in five trades are on an exchange of the account's country or, where it has none, three in
 * five on one of its currency; the others on a large one. */
static uint32_t choose_exchange(const sb_maker *maker, const sb_bourses *bourses, sb_key key,
                                const uint64_t *drawn)
{
    const sb_locale *home = sb_locale_of(maker, bourses->home.locale);
    uint64_t share = sb_below(CLOCK_DRAWN(exchange, 0), 100);
    uint64_t set = share < 80 ? bourses->by_country[home->country_index] : 0;
    if (set == 0 && share < 60)
        set = bourses->by_currency[home->currency_index];
    return set != 0 ? pick_exchange(set, key)
                    : pick_large(bourses->count, CLOCK_DRAWN(exchange, 1));
}

/* ---- moments -------------------------------------------------------------------------------- */

/* Most is traded after the opening and before the close: shares of eight parts of the day. */
static uint64_t share_of_session(uint64_t draw)
{
    static const uint8_t bounds[] = {19, 32, 42, 50, 58, 68, 81};
    uint64_t share = sb_below(draw, 100), part = 0;
    for (size_t i = 0; i < sizeof bounds; i++) /* counted: a search would be guessed wrong */
        part += bounds[i] <= share;
    return part << 61 | (draw * 0x9E3779B97F4A7C15u) >> 3;
}

/* NULL when memory ran out, which is said at the end of the cell. */
static sb_bourses *find_bourses(sb_maker *maker, uint64_t cell)
{
    sb_bourses *bourses = sb_bourses_find(maker);
    if (bourses != NULL && bourses->cell_name != cell + 1) {
        bourses->home = sb_maker_home(maker, sb_ledger_cell_of(maker->world, cell));
        bourses->price_level = sb_locale_of(maker, bourses->home.locale)->price_level;
        bourses->cell_name = cell + 1;
    }
    return bourses;
}

int64_t sb_trade_time(sb_maker *maker, const sb_cell_events *of, uint32_t index)
{
    const sb_bourses *bourses = find_bourses(maker, of->cell);
    if (bourses == NULL)
        return maker->world->start_ms;
    uint32_t lane = sb_event_clock_lane(maker, of, index, &clock_draws);
    const uint64_t *drawn = &maker->events->clock.draws[0][lane];
    uint32_t row =
        choose_exchange(maker, bourses, sb_keys_at(&maker->events->clock.keys, lane), drawn);
    const sb_exchange *exchange = &bourses->list[row];
    uint64_t position = sb_position(index, (uint32_t)CLOCK_DRAWN(executed_at, 0), of->step);
    ((sb_trade_note *)of->notes)[index] = (sb_trade_note){row};
    return sb_working_moment(maker, exchange->clock, sb_working_day(maker, position),
                             exchange->open_minute, exchange->close_minute,
                             share_of_session(CLOCK_DRAWN(executed_at, 1)));
}

/* ---- prices --------------------------------------------------------------------------------- */

/* Of the logarithm of the price, in parts per million. */
static const sb_walk price_walk = {
    400000,
    {776000, 549000, 388000, 274000, 194000, 137000, 97000, 68600, 48500, 34300, 24200, 17100}};

/* 2^f between whole powers is taken as 1 + f * (0.6565 + 0.3435 f): exact at both ends, so prices
 * do not jump, and never off by more than 0.3 %. */
static int64_t factor_of(int64_t deviation, int64_t percent)
{
    int64_t binary = deviation * percent / 100 * 94548 / 1000000;
    int64_t whole = (binary >= 0 ? binary : binary - 65535) / 65536;
    int64_t part = binary - whole * 65536;
    int64_t power = 65536 + (part * (43024 + (22512 * part >> 16)) >> 16);
    return whole >= 0 ? power << whole : power >> -whole;
}

int64_t sb_price_factor(sb_key instrument, int32_t day, int64_t percent)
{
    return factor_of(sb_walk_at(&price_walk, instrument, (uint32_t)day), percent);
}

/* The trades of a cell come day by day, so an instrument is asked for the same day again and again,
 * and then for one of those after it. */
static int64_t deviation_on(sb_instrument *of, uint32_t day)
{
    uint32_t name = day ^ 0x80000000u;
    if (of->day_name != name) {
        if (day - of->near.begin >= SB_WALK_NEAR_DAYS || of->near.begin % 2 != 0)
            of->near = sb_walk_near(&price_walk, of->key, day);
        of->deviation = (int32_t)sb_walk_in(&price_walk, of->key, &of->near, day);
        of->day_name = name;
    }
    return of->deviation;
}

/* ---- instruments ---------------------------------------------------------------------------- */

/* Invented instruments of an exchange by number: stocks first, then funds, then futures. */
enum { STOCKS = 400, FUNDS = 64, FUTURES = 16, SHORT_SYMBOLS = 120 };

/* What the published rules say of a row. */
typedef struct verdict {
    uint32_t count, score;
    bool raised[SB_TRADE_SIGN_COUNT];
} verdict;

/* What the put functions below share. */
typedef struct row {
    sb_maker *maker;
    const sb_cell_events *of;
    const sb_layout *layout;
    const uint64_t *drawn; /* see DRAWN() */
    const sb_daybook *book;
    sb_bourses *bourses;
    const sb_exchange *at; /* the exchange */
    uint64_t id;
    sb_key key;
    int64_t executed_at;
    uint32_t exchange;
    uint16_t currency; /* of the exchange: row of the shared currencies */
    int32_t day;       /* by the clock of the exchange */
    int64_t minute;    /* after midnight there */
    uint64_t account;
    sb_owner owner;
    int asset, venue;
    sb_listing *issuer; /* or NULL */
    sb_line symbol;
    int64_t price, quantity, amount;
    verdict found;
} row;

#define DRAW(field, nth) KEY_DRAW(r->key, field, nth)

/* Draws that nearly every row takes. */
/* clang-format off */
#define ROW_DRAWS(D)                                                                               \
    D(account_id, 0) D(account_id, 1) D(asset_type, 0) D(symbol, 0) D(symbol, 1) D(issuer_id, 0)   \
    D(price, 0) D(quantity, 0) D(quantity, 1) D(side, 0) D(order_type, 0) D(commission, 0)         \
    D(venue, 0)
/* clang-format on */

#define ROW_DRAW(field, nth) DRAWN_##field##_##nth,
enum { ROW_DRAWS(ROW_DRAW) DRAWN_COUNT };
static const sb_event_draws row_draws = {DRAWN_COUNT, {ROW_DRAWS(DRAW_NUMBER)}, SB_EVENT_INDEX};
#define DRAWN(field, nth) r->drawn[DRAWN_##field##_##nth * SB_LANES]

/* Tickers of companies are unique by the company's number. An invented symbol is the ticker of a
 * number that no company of the dataset has: of four letters, a third of three, in datasets of
 * more companies more. */
static void write_symbol(const row *r, uint32_t number, sb_line *out)
{
    uint64_t companies = r->maker->world->values.counts[SB_COMPANIES];
    uint64_t place = (uint64_t)r->exchange * SB_INSTRUMENTS + number;
    uint64_t begin = companies <= 100000     ? 100000
                     : companies <= 10000000 ? 10000000
                                             : UINT64_C(300000000);
    if (companies <= 10000 && number < SHORT_SYMBOLS && r->exchange < 50) {
        begin = 10000;
        place = (uint64_t)r->exchange * SHORT_SYMBOLS + number;
    }
    sb_company unborn = {.id = begin + place};
    sb_company_ticker(r->maker, &unborn, out);
}

/* The ordinary price of what has that key. */
static int64_t base_price(const row *r, sb_key instrument, int64_t median_cents, int shape)
{
    int64_t cents = sb_lognormal_draw(median_cents, shape, sb_draw(instrument, 0));
    cents = cents < 300 ? 300 + cents % 100 : cents;
    return sb_from_cents(r->maker, r->currency, cents);
}

/* Two letters of its own for each future of each exchange. */
static void write_future(const row *r, uint32_t number, sb_line *out)
{
    enum { ROOTS = 26 * 26 };
    sb_permutation letters = sb_permutation_make(r->maker->world->rates, ROOTS);
    uint64_t root = sb_permute(&letters, (r->exchange * FUTURES + number) % ROOTS);
    sb_line_char(out, (char)('A' + root / 26));
    sb_line_char(out, (char)('A' + root % 26));
}

static sb_instrument make_instrument_of(sb_key key, int64_t base, const sb_line *symbol)
{
    sb_instrument made = {.key = key, .base = base, .near = {.begin = 1}};
    made.symbol_bytes = (uint8_t)symbol->length;
    memcpy(made.symbol, symbol->bytes, symbol->length); /* six letters at most */
    return made;
}

/* Made at first sight and kept: some are traded much more than others. */
static sb_instrument *find_instrument(const row *r, uint32_t number)
{
    sb_instrument *of = &r->bourses->instruments[r->exchange * SB_INSTRUMENTS + number];
    if (of->symbol_bytes > 0)
        return of;
    sb_line symbol;
    sb_line_begin(&symbol);
    if (number < STOCKS + FUNDS)
        write_symbol(r, number, &symbol);
    else
        write_future(r, number - STOCKS - FUNDS, &symbol);
    sb_key key = sb_row_key(r->maker->world->rates,
                            (uint64_t)1 << 62 | (uint64_t)r->exchange << 32 | number);
    int64_t base = number < STOCKS           ? base_price(r, key, r->at->share_cents, 3)
                   : number < STOCKS + FUNDS ? base_price(r, key, 9000, 2)
                                             : base_price(r, key, 20000, 5);
    *of = make_instrument_of(key, base, &symbol);
    return of;
}

/* The price of a day, in minor units. */
static int64_t day_price(const row *r, sb_instrument *of, int64_t wander_percent)
{
    return of->base * factor_of(deviation_on(of, (uint32_t)r->day), wander_percent) >> 16;
}

/* Within a day prices stay within four in a thousand of the day's; never below one minor unit. */
static int64_t trade_price(const row *r, int64_t of_day)
{
    int64_t off = (int64_t)sb_below(DRAWN(price, 0), 8001) - 4000;
    int64_t price = of_day * (1000000 + off) / 1000000;
    return price > 0 ? price : 1;
}

/* Some are traded much more than others. */
static uint32_t popular(uint64_t draw, uint32_t count)
{
    uint64_t a = sb_below(draw, count), b = sb_below(draw << 21 | draw >> 43, count);
    return (uint32_t)(a * b / count);
}

/* Of six letters at most, as all are; lines have room for eight. */
static void add_symbol(row *r, const sb_instrument *of)
{
    memcpy(r->symbol.bytes + r->symbol.length, of->symbol, sizeof of->symbol);
    r->symbol.length += of->symbol_bytes;
}

static void make_listed(const row *r, sb_listing *of)
{
    const sb_company *company = &sb_firm_find(r->maker, of->company)->company;
    sb_key key = sb_row_key(company->key, 64);
    sb_line symbol;
    sb_line_begin(&symbol);
    sb_company_ticker(r->maker, company, &symbol);
    of->stock = make_instrument_of(key, base_price(r, key, r->at->share_cents, 3), &symbol);
}

/* A listed company of the cell, on the exchange at hand; for a third of the stocks. */
static sb_listing *find_issuer(const row *r)
{
    sb_pool pool = r->of->companies;
    if (pool.count == 0 || !sb_chance(DRAWN(issuer_id, 0), 333000))
        return NULL;
    sb_listing *found = sb_listing_find(r->maker, r->bourses, &pool, r->exchange,
                                        sb_below(DRAW(issuer_id, 1), pool.count));
    if (found != NULL && found->stock.symbol_bytes == 0)
        make_listed(r, found);
    return found;
}

static void make_stock(row *r)
{
    r->issuer = find_issuer(r);
    sb_instrument *of = r->issuer != NULL ? &r->issuer->stock
                                          : find_instrument(r, popular(DRAWN(symbol, 0), STOCKS));
    add_symbol(r, of);
    r->price = trade_price(r, day_price(r, of, 100));
}

static void make_fund(row *r)
{
    sb_instrument *of = find_instrument(r, STOCKS + popular(DRAWN(symbol, 0), FUNDS));
    add_symbol(r, of);
    r->price = trade_price(r, day_price(r, of, 60));
}

/* Strikes stand apart by a 1, 2 or 5 with noughts: the largest below a twentieth of the price. */
static int64_t strike_step(int64_t whole_price)
{
    int64_t size = 1;
    for (;;) {
        if (size * 2 * 20 > whole_price)
            return size;
        if (size * 5 * 20 > whole_price)
            return size * 2;
        if (size * 10 * 20 > whole_price)
            return size * 5;
        size *= 10;
    }
}

/* The third Friday of a month, on which options and futures expire. */
static int32_t third_friday(int year, int month)
{
    int32_t first = sb_days_from_civil(year, month, 1);
    return first + (4 - sb_weekday(first) + 7) % 7 + 14;
}

/* What it is worth at once, and what time adds: a volatility of 30 %, and less the farther the
 * strike is from the price. */
static int64_t option_price(int64_t stock, int64_t strike, bool call, int32_t days)
{
    int64_t gain = call ? stock - strike : strike - stock;
    int64_t apart = gain < 0 ? -gain : gain;
    int64_t at_money = stock * 12 / 100 * sb_integer_root(((int64_t)days << 20) / 365) / 1024 + 1;
    return (gain > 0 ? gain : 0) + at_money * at_money / (at_money + apart / 2);
}

static void put_two(char *at, int number)
{
    at[0] = (char)('0' + number / 10);
    at[1] = (char)('0' + number % 10);
}

static sb_expiry expiry_on(int32_t month_name, int32_t expires)
{
    sb_expiry made = {.name = month_name, .day = expires};
    int year, month, day;
    sb_civil_from_days(expires, &year, &month, &day);
    put_two(made.digits, year % 100);
    put_two(made.digits + 2, month);
    put_two(made.digits + 4, day);
    return made;
}

/* Of a month by its name, year * 12 + month. */
static const sb_expiry *find_expiry(const row *r, int32_t month_name)
{
    sb_expiry *found = &r->bourses->expiries[(uint32_t)month_name % SB_EXPIRIES_KEPT];
    if (found->name != month_name)
        *found =
            expiry_on(month_name, third_friday((month_name - 1) / 12, (month_name - 1) % 12 + 1));
    return found;
}

/* The name of the month that a day lies in. */
static int32_t find_month(const row *r, int32_t of_day)
{
    uint32_t slot = (uint32_t)of_day % SB_MONTHS_KEPT, name = (uint32_t)of_day ^ 0x80000000u;
    int year, month, day;
    if (r->bourses->months[slot].day_name != name) {
        sb_civil_from_days(of_day, &year, &month, &day);
        r->bourses->months[slot].day_name = name;
        r->bourses->months[slot].month = year * 12 + month;
    }
    return r->bourses->months[slot].month;
}

/* The stock's symbol, expiry, call or put, and the strike in whole units. */
static void make_option(row *r)
{
    sb_instrument *of = find_instrument(r, popular(DRAWN(symbol, 0), STOCKS));
    bool call = sb_chance(DRAWN(symbol, 1), 580000);
    int64_t stock = day_price(r, of, 100), scale = r->at->scale;
    int64_t whole = stock * (80 + (int64_t)sb_below(DRAW(symbol, 2), 41)) / 100 / scale;
    int64_t apart = strike_step(stock / scale);
    int64_t strike = whole / apart > 0 ? whole / apart * apart : apart;
    int32_t month = find_month(r, r->day + 20);
    month += (int32_t)(sb_below(DRAW(symbol, 3), 4) * sb_below(DRAW(symbol, 4), 4));
    sb_expiry expiry = *find_expiry(r, month);
    if (expiry.day <= r->day + 3)
        expiry = expiry_on(month, expiry.day + 28);
    add_symbol(r, of);
    sb_line_add(&r->symbol, expiry.digits, 6);
    sb_line_char(&r->symbol, call ? 'C' : 'P');
    sb_line_digits(&r->symbol, (uint64_t)strike, 5);
    r->price = trade_price(r, option_price(stock, strike * scale, call, expiry.day - r->day));
}

static sb_instrument *find_future(const row *r, uint32_t number)
{
    return find_instrument(r, STOCKS + FUNDS + number);
}

/* Its two letters, and the code of the quarter. */
static void make_future(row *r)
{
    static const char months[] = "HMUZ";
    sb_instrument *of = find_future(r, popular(DRAWN(symbol, 0), FUTURES));
    int32_t name = find_month(r, r->day), year = (name - 1) / 12, month = (name - 1) % 12 + 1;
    int quarter = month / 3 + (int)popular(DRAWN(symbol, 1), 4); /* from 0; over after its month */
    year += quarter / 4;
    add_symbol(r, of);
    sb_line_char(&r->symbol, months[quarter % 4]);
    sb_line_digits(&r->symbol, (uint64_t)(year % 100), 2);
    r->price = trade_price(r, day_price(r, of, 80));
}

/* The issuer's symbol, coupon, and month and year of maturity; issued anew every five years. The
 * price is in per cent of face value, and follows the coupon. */
static void make_bond(row *r)
{
    const sb_instrument *issuer = find_instrument(r, popular(DRAWN(symbol, 0), STOCKS));
    int year, month, day;
    sb_civil_from_days(r->day, &year, &month, &day);
    sb_key key = sb_row_key(issuer->key, (uint64_t)(year / 5));
    int matures = year / 5 * 5 + 6 + (int)sb_below(sb_draw(key, 2), 25);
    int64_t eighths = 6 + (int64_t)sb_below(sb_draw(key, 3), 46);
    add_symbol(r, issuer);
    sb_line_char(&r->symbol, ' ');
    sb_line_digits(&r->symbol, (uint64_t)eighths / 8, 1);
    sb_line_char(&r->symbol, '.');
    sb_line_digits(&r->symbol, (uint64_t)eighths % 8 * 125, 3);
    sb_line_char(&r->symbol, ' ');
    sb_line_digits(&r->symbol, 1 + sb_below(sb_draw(key, 4), 12), 2);
    sb_line_char(&r->symbol, '/');
    sb_line_digits(&r->symbol, (uint64_t)(matures % 100), 2);
    int64_t face = 100 * r->at->scale * (92000 + eighths * 320) / 100000;
    r->price = face * sb_price_factor(key, r->day, 6) >> 16;
    r->price = r->price > 0 ? r->price : 1;
}

/* ---- quantities ----------------------------------------------------------------------------- */

/* What the order is meant to be worth, in cents: of companies more. */
static int64_t wanted_cents(const row *r)
{
    int64_t median = r->owner.company ? 5000000 : 2500 * (int64_t)r->bourses->price_level;
    return sb_lognormal_draw(median, r->owner.company ? 5 : 4, DRAWN(quantity, 0));
}

/* Exchanges of East Asia trade by the hundred; elsewhere large orders are round. */
static int64_t round_lots(const row *r, int64_t units)
{
    int64_t lot = r->at->has_board_lots || units >= 100 ? 100 : units >= 20 ? 10 : 1;
    return units >= lot ? units / lot * lot : lot;
}

/* Contracts are over a hundred shares, or over as much as brings a future near 50,000 dollars. */
static int64_t contract_units(const row *r, int64_t day_price_minor)
{
    static const int64_t sizes[] = {1000, 500, 250, 100, 50, 25, 10, 5};
    int64_t most = sb_from_cents(r->maker, r->currency, 6000000);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if (sizes[i] * day_price_minor <= most)
            return sizes[i];
    return 1;
}

/* A thousand, or a thousand with more noughts where that is worth less than 300 dollars. */
static int64_t bond_lot(const row *r, int64_t scale)
{
    int64_t lot = 1000;
    while (sb_to_cents(r->maker, r->currency, lot * scale) < 30000)
        lot *= 10;
    return lot;
}

static void draw_quantity(row *r)
{
    int64_t wanted = sb_from_cents(r->maker, r->currency, wanted_cents(r));
    int64_t few = sb_lognormal_draw(r->owner.company ? 6 : 2, 3, DRAWN(quantity, 1));
    int64_t scale = r->at->scale, lot;
    few = few > 0 ? few : 1;
    switch (r->asset) {
    case SB_ASSET_OPTION:
        r->quantity = few * 100;
        break;
    case SB_ASSET_FUTURE: /* the size of a contract is of its ordinary price: it never changes */
        r->quantity = (few + 1) / 2 *
                      contract_units(r, find_future(r, popular(DRAWN(symbol, 0), FUTURES))->base);
        break;
    case SB_ASSET_BOND:
        lot = bond_lot(r, scale);
        r->quantity = wanted / scale / lot > 0 ? wanted / scale / lot * lot : lot;
        r->amount = r->quantity / 100 * r->price;
        return;
    default:
        r->quantity = round_lots(r, wanted / r->price);
        break;
    }
    r->amount = r->quantity * r->price;
}

/* ---- accounts ------------------------------------------------------------------------------- */

static bool can_trade(const row *r, const sb_holder *holder)
{
    if (holder->open_ms >= r->executed_at || holder->close_ms <= r->executed_at)
        return false;
    return holder->owner.company || holder->birth + ADULT_DAYS <= day_of(r->executed_at);
}

/* One of the roles from `begin` that is open at that moment, its owner an adult: some trade more
 * than others. NULL where there is none. */
static const sb_holder *find_account(row *r, uint32_t begin, uint32_t count, sb_holder *spare)
{
    if (count == 0)
        return NULL;
    uint32_t start =
        sb_alias_draw(sb_maker_ranking(r->maker, SB_RANKS_MILD, count), DRAWN(account_id, 1));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t role = begin + (start + i < count ? start + i : start + i - count);
        const sb_holder *holder = sb_holder_find(r->maker, r->layout, role, spare);
        if (can_trade(r, holder))
            return holder;
    }
    return NULL;
}

/* Any account that is open, of which every cell has some. */
static const sb_holder *find_open(row *r, sb_holder *spare)
{
    const sb_holder *holder = sb_holder_find(r->maker, r->layout, 0, spare);
    for (uint32_t role = 0; role < r->layout->account_count; role++) {
        holder = sb_holder_find(r->maker, r->layout, role, spare);
        if (holder->open_ms < r->executed_at && holder->close_ms > r->executed_at)
            break;
    }
    return holder;
}

/* One trade in ten is a company's. People pay from investment accounts; where the cell has none
 * open, from current accounts, or companies trade alone. The last resort is any account. */
static void choose_account(row *r)
{
    const sb_layout *l = r->layout;
    uint32_t kept = sb_layout_spend_end(l) + l->savings_accounts;
    sb_holder spare;
    const sb_holder *holder = NULL;
    if (sb_chance(DRAWN(account_id, 0), 100000))
        holder = find_account(r, 0, l->company_accounts, &spare);
    if (holder == NULL)
        holder = find_account(r, kept, l->investment_accounts, &spare);
    if (holder == NULL)
        holder = find_account(r, l->company_accounts, l->current_accounts, &spare);
    if (holder == NULL)
        holder = find_account(r, 0, l->company_accounts, &spare);
    if (holder == NULL)
        holder = find_open(r, &spare);
    r->account = holder->account;
    r->owner = holder->owner;
}

/* ---- published rules ------------------------------------------------------------------------ */

/* An officer in office, or an owner, of the issuer; and the issuer itself. */
static bool is_insider(const row *r)
{
    sb_listing *issuer = r->issuer;
    if (issuer == NULL)
        return false;
    if (!issuer->knows_insiders) {
        const sb_company company = sb_firm_find(r->maker, issuer->company)->company;
        issuer->officer_count = (uint8_t)sb_company_officers(r->maker, &company, issuer->officers);
        issuer->owner_count = (uint8_t)sb_company_owners(r->maker, &company, issuer->owners);
        issuer->knows_insiders = true;
    }
    for (uint32_t i = 0; i < issuer->officer_count; i++)
        if (!r->owner.company && issuer->officers[i].person == r->owner.id &&
            issuer->officers[i].since <= r->day)
            return true;
    for (uint32_t i = 0; i < issuer->owner_count; i++) {
        const sb_share *owner = &issuer->owners[i];
        if (r->owner.company ? owner->has_company && owner->company == r->owner.id
                             : owner->has_person && owner->person == r->owner.id)
            return true;
    }
    return r->owner.company && r->owner.id == issuer->company;
}

/* The first and the last five minutes, in which prices are made, and any time the exchange is
 * closed. */
static bool is_unusual_hour(const row *r)
{
    return !sb_day_is_working(r->book, r->day) || r->minute < r->at->open_minute + 5 ||
           r->minute >= r->at->close_minute - 5;
}

/* The rules, as docs/model.md has them. `sign` is SB_TRADE_SIGN_*. */
static bool raises(const row *r, int sign)
{
    int64_t threshold = r->maker->money[r->currency].threshold;
    bool derivative = r->asset == SB_ASSET_OPTION || r->asset == SB_ASSET_FUTURE;
    switch (sign) {
    case SB_TRADE_SIGN_LARGE_POSITION:
        return r->amount >= 20 * threshold;
    case SB_TRADE_SIGN_UNUSUAL_HOURS:
        return is_unusual_hour(r);
    case SB_TRADE_SIGN_DERIVATIVE_POSITION:
        return derivative && r->amount >= 5 * threshold;
    default:
        return is_insider(r);
    }
}

/* Points a sign adds, in 10,000ths. */
static const uint16_t sign_points[SB_TRADE_SIGN_COUNT] = {[SB_TRADE_SIGN_LARGE_POSITION] = 2000,
                                                          [SB_TRADE_SIGN_UNUSUAL_HOURS] = 1500,
                                                          [SB_TRADE_SIGN_DERIVATIVE_POSITION] =
                                                              1500,
                                                          [SB_TRADE_SIGN_ISSUER_INSIDER] = 4500};

static verdict judge(const row *r)
{
    verdict all = {.score = r->venue == SB_VENUE_EXCHANGE ? 0 : 500};
    for (int sign = 0; sign < SB_TRADE_SIGN_COUNT; sign++) {
        all.raised[sign] = raises(r, sign);
        all.count += all.raised[sign];
        all.score += all.raised[sign] ? sign_points[sign] : 0;
    }
    all.score = all.score < 10000 ? all.score : 10000;
    return all;
}

/* ---- the row -------------------------------------------------------------------------------- */

SB_FIELD void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->id);
}

SB_FIELD void put_executed_at(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->executed_at);
}

SB_FIELD void put_settlement_date(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, next_working_day(r->book, next_working_day(r->book, r->day)));
}

SB_FIELD void put_account_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->account);
}

SB_FIELD void put_person_id(const row *r, sb_rows *rows)
{
    if (r->owner.company)
        sb_rows_nil(rows);
    else
        sb_rows_uint(rows, r->owner.id);
}

SB_FIELD void put_company_id(const row *r, sb_rows *rows)
{
    if (r->owner.company)
        sb_rows_uint(rows, r->owner.id);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_asset_type(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_asset_words[r->asset]);
}

SB_FIELD void put_symbol(const row *r, sb_rows *rows)
{
    /* The letters, and what follows them in options and bonds: most have four. */
    sb_rows_mark_ahead(rows, 1, SB_MARK_SHORT);
    sb_rows_mark_ahead(rows, 5, SB_MARK_LONG);
    sb_rows_line(rows, &r->symbol);
}

SB_FIELD void put_issuer_id(const row *r, sb_rows *rows)
{
    if (r->issuer != NULL)
        sb_rows_uint(rows, r->issuer->company);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_exchange(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->at->code);
}

SB_FIELD void put_mic(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->at->mic);
}

SB_FIELD void put_side(const row *r, sb_rows *rows)
{
    sb_rows_known(rows,
                  sb_side_words[sb_chance(DRAWN(side, 0), 540000) ? SB_SIDE_BUY : SB_SIDE_SELL]);
}

SB_FIELD void put_order_type(const row *r, sb_rows *rows)
{
    uint64_t share = sb_below(DRAWN(order_type, 0), 100);
    sb_rows_known(rows, sb_order_words[share < 40   ? SB_ORDER_MARKET
                                       : share < 85 ? SB_ORDER_LIMIT
                                       : share < 95 ? SB_ORDER_STOP
                                                    : SB_ORDER_STOP_LIMIT]);
}

SB_FIELD void put_quantity(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->quantity);
}

SB_FIELD void put_price(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->price);
}

SB_FIELD void put_currency(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->at->currency_code);
}

SB_FIELD void put_amount(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->amount);
}

/* A dollar's worth and, up to a hundred dollars' worth, some basis points: companies pay fewer, and
 * of futures, whose amount nobody pays in full, nobody pays any. */
SB_FIELD void put_commission(const row *r, sb_rows *rows)
{
    int64_t points = r->asset == SB_ASSET_FUTURE ? 0
                     : r->owner.company          ? 2 + (int64_t)sb_below(DRAWN(commission, 0), 4)
                                                 : 6 + (int64_t)sb_below(DRAWN(commission, 0), 15);
    int64_t part = r->amount / 10000 * points;
    int64_t most = sb_from_cents(r->maker, r->currency, 10000);
    sb_rows_int(rows, sb_from_cents(r->maker, r->currency, 100) + (part < most ? part : most));
}

SB_FIELD void put_venue(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_venue_words[r->venue]);
}

SB_FIELD void put_indicators(const row *r, sb_rows *rows)
{
    sb_rows_array(rows, r->found.count);
    for (int sign = 0; sign < SB_TRADE_SIGN_COUNT; sign++)
        if (r->found.raised[sign]) {
            sb_rows_mark(rows, SB_MARK_WORDS);
            sb_rows_known(rows, sb_trade_sign_words[sign]);
        }
}

SB_FIELD void put_risk_score(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->found.score);
}

SB_FIELD void put_is_flagged(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->found.score > 6000 || r->found.count > 2);
}

static int draw_asset(const row *r)
{
    uint64_t share = sb_below(DRAWN(asset_type, 0), 100);
    return share < 60   ? SB_ASSET_STOCK
           : share < 80 ? SB_ASSET_OPTION
           : share < 90 ? SB_ASSET_FUTURE
           : share < 95 ? SB_ASSET_BOND
                        : SB_ASSET_ETF;
}

/* Bonds change hands over the counter; options and futures only on the exchange; of shares the
 * large blocks go to dark pools. */
static int draw_venue(const row *r)
{
    uint64_t share = sb_below(DRAWN(venue, 0), 100);
    bool block = r->amount >= 5 * r->maker->money[r->currency].threshold;
    if (r->asset == SB_ASSET_OPTION || r->asset == SB_ASSET_FUTURE)
        return SB_VENUE_EXCHANGE;
    if (r->asset == SB_ASSET_BOND)
        return share < 70 ? SB_VENUE_OTC : SB_VENUE_EXCHANGE;
    return share < (block ? 30u : 6u) ? SB_VENUE_DARK_POOL
           : share >= 97              ? SB_VENUE_OTC
                                      : SB_VENUE_EXCHANGE;
}

static void make_instrument(row *r)
{
    sb_line_begin(&r->symbol);
    r->asset = draw_asset(r);
    switch (r->asset) {
    case SB_ASSET_STOCK:
        make_stock(r);
        break;
    case SB_ASSET_OPTION:
        make_option(r);
        break;
    case SB_ASSET_FUTURE:
        make_future(r);
        break;
    case SB_ASSET_BOND:
        make_bond(r);
        break;
    default:
        make_fund(r);
        break;
    }
}

/* Day and minute by the clock of the exchange. Offsets of a day are told at its noon, and exchanges
 * are closed in the hours in which clocks are changed. */
static void read_clock(row *r)
{
    sb_clock clock = r->at->clock;
    int32_t near =
        (int32_t)((r->executed_at + (int64_t)clock.standard_minutes * MS_A_MINUTE) / SB_MS_A_DAY);
    int64_t local = r->executed_at + (int64_t)sb_day_offset(r->book, clock, near) * MS_A_MINUTE;
    r->day = day_of(local);
    r->minute = (local - (int64_t)r->day * SB_MS_A_DAY) / MS_A_MINUTE;
}

void sb_trade_put(sb_maker *maker, sb_rows *rows, const sb_cell_events *of, uint32_t index)
{
    row own, *r = &own;
    r->maker = maker;
    r->of = of;
    r->layout = sb_maker_layout(maker, sb_ledger_cell_of(maker->world, of->cell));
    r->bourses = find_bourses(maker, of->cell);
    r->book = sb_daybook_find(maker);
    if (r->layout == NULL || r->bourses == NULL) /* said at the end of the cell */
        return;
    uint32_t lane = sb_event_row_lane(maker, of, index, &row_draws);
    r->id = maker->events->rows.ids[lane];
    r->key = sb_keys_at(&maker->events->rows.keys, lane);
    r->drawn = &maker->events->rows.draws[0][lane];
    r->executed_at = of->times[index];
    r->exchange = ((const sb_trade_note *)of->notes)[index].exchange;
    r->at = &r->bourses->list[r->exchange];
    r->currency = r->at->currency;
    r->issuer = NULL;
    read_clock(r);
    choose_account(r);
    make_instrument(r);
    draw_quantity(r);
    r->venue = draw_venue(r);
    r->found = judge(r);
    sb_rows out = *rows; /* see SB_FIELD */
    sb_rows_array(&out, SB_FIELD_COUNT(SB_TRADE_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(&out, __VA_ARGS__) put_##name(r, &out);
    SB_TRADE_FIELDS(PUT)
#undef PUT
    *rows = out;
}
