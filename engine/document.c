#include "engine/document.h"

#include <string.h>

#include "engine/company.h"
#include "engine/distributions.h"
#include "engine/rates.h"
#include "engine/screening.h"
#include "engine/trade.h"
#include "engine/trip.h"
#include "engine/words.h"
#include "format/row_text.h"

#define KEY_DRAW(key, field, nth) sb_draw(key, SB_DRAW_NUMBER(SB_DOCUMENT_FIELD_##field, nth))

/* Columns of shared/goods.tsv. */
enum { GOODS_ITEM, GOODS_HS, GOODS_CATEGORY, GOODS_UNIT, GOODS_MEDIAN, GOODS_SIGMA };

enum { LINES_MAX = 10, CHOICE_MAX = 256, OFFICE_OPEN = 480, OFFICE_CLOSE = 1080 };

static int32_t day_of(int64_t ms)
{
    return (int32_t)(ms / SB_MS_A_DAY - (ms % SB_MS_A_DAY < 0));
}

/* ---- moments -------------------------------------------------------------------------------- */

/* Office hours of working days, by the clock of the cell. */
int64_t sb_document_time(sb_maker *maker, const sb_cell_events *of, uint32_t index)
{
    const sb_world *world = maker->world;
    sb_key key = sb_event_key(of, index);
    uint64_t position = sb_position(index, (uint32_t)KEY_DRAW(key, executed_at, 0), of->step);
    return sb_working_moment(world, of->home.clock, sb_working_day(world, position), OFFICE_OPEN,
                             OFFICE_CLOSE, KEY_DRAW(key, executed_at, 1));
}

/* ---- who writes to whom --------------------------------------------------------------------- */

/* A line of the document. */
typedef struct line_item {
    uint32_t goods; /* row of the shared goods */
    int64_t quantity, unit_price, amount;
} line_item;

/* What the published rules say of a row. */
typedef struct verdict {
    uint32_t count, score, authenticity;
    bool raised[SB_DOCUMENT_SIGN_COUNT];
} verdict;

/* What the put functions below share. */
typedef struct row {
    sb_maker *maker;
    const sb_cell_events *of;
    const sb_table *goods;
    uint32_t index;
    sb_key key;
    int32_t day; /* by the clock of the cell */
    int type;
    sb_company issuer;
    uint64_t recipient;
    const sb_locale *locale;      /* the issuer's */
    uint32_t origin, destination; /* rows of the shared countries */
    bool travels;
    int transport;
    uint32_t line_count;
    line_item lines[LINES_MAX];
    int64_t total;
    verdict found;
} row;

#define DRAW(field, nth) KEY_DRAW(r->key, field, nth)

static int draw_type(sb_key key)
{
    static const uint8_t bounds[SB_DOCUMENT_COUNT] = {40, 60, 75, 85, 93, 98, 100};
    uint64_t share = sb_below(KEY_DRAW(key, type, 0), 100);
    int type = 0;
    while (bounds[type] <= share)
        type++;
    return type;
}

/* Papers of goods that cross a border. */
static bool crosses_border(int type)
{
    return type == SB_DOCUMENT_BILL_OF_LADING || type == SB_DOCUMENT_CUSTOMS_DECLARATION ||
           type == SB_DOCUMENT_CERTIFICATE_OF_ORIGIN;
}

/* Between these no customs are declared. */
static bool is_customs_union(sb_maker *maker, uint32_t a, uint32_t b)
{
    static const char *const unions[] = {
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK",
        "CH LI"};
    const sb_table *countries = sb_find(maker, 0, SB_TABLE_COUNTRIES);
    const char *one = sb_table_text(countries, SB_COUNTRY_CODE, a).bytes;
    const char *other = sb_table_text(countries, SB_COUNTRY_CODE, b).bytes;
    for (size_t i = 0; i < sizeof unions / sizeof unions[0]; i++)
        if (sb_code_listed(unions[i], one) && sb_code_listed(unions[i], other))
            return true;
    return a == b;
}

/* Categories of goods by the seller's industry. Industries not named sell services: their papers
 * are about what offices buy. */
static const struct {
    const char *industry;
    const char *categories[5];
    uint8_t count;
} trades[] = {
    {"technology", {"Electronics"}, 1},
    {"telecommunications", {"Electronics"}, 1},
    {"healthcare", {"Pharmaceuticals"}, 1},
    {"retail", {"Consumer_Goods", "Textiles", "Food", "Electronics"}, 4},
    {"manufacturing",
     {"Machinery", "Industrial_Equipment", "Automotive", "Chemicals", "Textiles"},
     5},
    {"construction", {"Raw_Materials", "Machinery", "Industrial_Equipment"}, 3},
    {"transportation", {"Automotive", "Consumer_Goods", "Food", "Raw_Materials"}, 4},
    {"energy", {"Raw_Materials", "Industrial_Equipment", "Chemicals"}, 3},
    {"agriculture", {"Food", "Raw_Materials"}, 2},
    {"hospitality", {"Food", "Consumer_Goods"}, 2},
    {"", {"Consumer_Goods", "Electronics"}, 2},
};
enum { TRADES = sizeof trades / sizeof trades[0] };

static uint32_t trade_of(const sb_company *company)
{
    uint32_t i = 0;
    while (i + 1 < TRADES &&
           (strlen(trades[i].industry) != company->industry.byte_count ||
            memcmp(trades[i].industry, company->industry.bytes, company->industry.byte_count) != 0))
        i++;
    return i;
}

/* The country of delivery: one of the issuer's, and abroad where the paper is for the border. False
 * where the issuer has none such. */
static bool choose_destination(row *r)
{
    uint32_t places[SB_COMPANY_COUNTRIES_MAX];
    uint32_t count = sb_company_countries(r->maker, &r->issuer, places);
    uint64_t first = sb_below(DRAW(destination_country, 0), count);
    r->origin = r->destination = places[0];
    if (!crosses_border(r->type)) { /* one in four goes abroad where the firm is there too */
        if (count > 1 && sb_chance(DRAW(destination_country, 1), 250000))
            r->destination = places[1 + sb_below(DRAW(destination_country, 2), count - 1)];
        return true;
    }
    for (uint64_t i = 0; i < count && r->destination == r->origin; i++)
        if (!is_customs_union(r->maker, r->origin, places[(first + i) % count]))
            r->destination = places[(first + i) % count];
    return r->destination != r->origin;
}

/* A company of the cell, the larger of two; of the dataset where the cell has but one. */
static uint64_t draw_company(const row *r, uint64_t draw)
{
    const sb_world *world = r->maker->world;
    sb_pool pool = r->of->companies;
    uint64_t a = pool.first + sb_below(draw, pool.count);
    uint64_t b = pool.first + sb_below(draw << 32 | draw >> 32, pool.count);
    return sb_company_employees(world, a) >= sb_company_employees(world, b) ? a : b;
}

/* Those who sell goods write most of the papers about them. Of twelve drawn the first that does,
 * and that can send goods where the type of paper needs it; else the paper is an invoice. */
static void choose_issuer(row *r)
{
    for (uint32_t nth = 0; nth < 12; nth++) {
        r->issuer = sb_firm_find(r->maker, draw_company(r, DRAW(issuer_id, nth)))->company;
        bool trades_goods = trade_of(&r->issuer) + 1 < TRADES;
        if ((trades_goods || sb_chance(DRAW(issuer_id, 16 + nth), 100000)) && choose_destination(r))
            return;
    }
    if (crosses_border(r->type))
        r->type = SB_DOCUMENT_INVOICE;
    (void)choose_destination(r);
}

/* Another company of the cell, for orders if possible one that sells goods; where the cell has one
 * only, the next of the dataset. */
static uint64_t choose_recipient(const row *r)
{
    sb_pool pool = r->of->companies;
    uint64_t companies = r->maker->world->values.counts[SB_COMPANIES], other = 0;
    if (pool.count < 2)
        return r->issuer.id + 1 < companies ? r->issuer.id + 1 : 0;
    for (uint32_t nth = 0; nth < 6; nth++) {
        other = pool.first + sb_below(DRAW(recipient_id, nth), pool.count - 1);
        other += other >= r->issuer.id;
        if (r->type != SB_DOCUMENT_PURCHASE_ORDER ||
            trade_of(&sb_firm_find(r->maker, other)->company) + 1 < TRADES)
            break;
    }
    return other;
}

/* ---- goods ---------------------------------------------------------------------------------- */

/* In cents: what a firm of that size sells or buys as one item without a second thought. */
static int64_t dearest_item(const sb_company *company)
{
    uint32_t heads = company->employee_count;
    return heads < 20 ? 1000000 : heads < 100 ? 10000000 : heads < 500 ? 100000000 : INT64_MAX;
}

static bool is_category(const row *r, uint32_t goods, const char *category)
{
    sb_text text = sb_table_text(r->goods, GOODS_CATEGORY, goods);
    return strlen(category) == text.byte_count &&
           memcmp(text.bytes, category, text.byte_count) == 0;
}

/* Rows of one or two categories of the seller's trade that are not too dear for it; any goods where
 * that leaves none. */
static uint32_t list_goods(const row *r, const sb_company *seller, uint16_t out[CHOICE_MAX])
{
    uint32_t trade = trade_of(seller), count = 0;
    const char *first =
        trades[trade].categories[sb_below(DRAW(line_items, 0), trades[trade].count)];
    const char *second =
        sb_chance(DRAW(line_items, 1), 300000)
            ? trades[trade].categories[sb_below(DRAW(line_items, 2), trades[trade].count)]
            : first;
    int64_t most = dearest_item(seller);
    uint32_t limit = r->goods->count < 65536 ? r->goods->count : 65536;
    for (uint32_t row_index = 0; row_index < limit && count < CHOICE_MAX; row_index++)
        if (sb_table_int(r->goods, GOODS_MEDIAN, row_index) <= most &&
            (is_category(r, row_index, first) || is_category(r, row_index, second)))
            out[count++] = (uint16_t)row_index;
    for (uint32_t row_index = 0; count == 0 && row_index < limit; row_index++)
        if (sb_table_int(r->goods, GOODS_MEDIAN, row_index) <= most || row_index + 1 == limit)
            out[count++] = (uint16_t)row_index;
    return count;
}

/* Prices have four figures, then noughts. */
static int64_t round_price(int64_t price)
{
    int64_t unit = 1;
    while (price / unit >= 10000)
        unit *= 10;
    price = (price + unit / 2) / unit * unit;
    return price > 0 ? price : 1;
}

/* The item's ordinary price in the document's currency, minor units. */
static int64_t market_price(const row *r, uint32_t goods)
{
    int64_t price = sb_from_cents(r->maker, r->locale->currency_index,
                                  sb_table_int(r->goods, GOODS_MEDIAN, goods));
    return price > 0 ? price : 1;
}

/* Around the ordinary price, and half of what the country's prices differ from those in the US. The
 * table's spread is that of all makes of an item; offers of one make differ by half of it. One line
 * in 300 is priced four times too high or too low. */
static int64_t draw_price(const row *r, uint32_t goods, uint32_t line)
{
    int shape = sb_lognormal_shape((int)sb_table_int(r->goods, GOODS_SIGMA, goods) / 2);
    int64_t median = market_price(r, goods) * (50 + r->locale->price_level / 2) / 100;
    int64_t price = sb_lognormal_draw(median, shape, DRAW(line_items, 64 + line));
    uint64_t odd = sb_below(DRAW(line_items, 80 + line), 600);
    return round_price(odd == 0 ? price * 4 : odd == 1 ? price / 4 : price);
}

/* As many as an order of such a firm is worth; the larger, the rounder. */
static int64_t draw_quantity(const row *r, const sb_company *seller, uint32_t goods, uint32_t line)
{
    uint32_t heads = seller->employee_count;
    int64_t worth = heads < 20 ? 120000 : heads < 100 ? 500000 : heads < 500 ? 1500000 : 4000000;
    worth *= crosses_border(r->type) ? 4 : 1; /* little is shipped overseas for itself */
    int64_t cents = sb_lognormal_draw(worth, 4, DRAW(line_items, 96 + line));
    int64_t median = sb_table_int(r->goods, GOODS_MEDIAN, goods);
    int64_t quantity = cents / (median > 0 ? median : 1), unit = 1;
    while (quantity / unit >= 100)
        unit *= 10;
    quantity = quantity / unit * unit;
    return quantity > 0 ? quantity : 1;
}

/* One to ten lines, few more often, each of another item while there are any. */
static void draw_lines(row *r, const sb_company *seller)
{
    uint16_t choice[CHOICE_MAX];
    uint32_t count = list_goods(r, seller, choice);
    uint64_t a = sb_below(DRAW(line_items, 3), LINES_MAX),
             b = sb_below(DRAW(line_items, 4), LINES_MAX);
    r->line_count = 1 + (uint32_t)(a < b ? a : b);
    r->line_count = r->line_count < count ? r->line_count : count;
    r->total = 0;
    for (uint32_t i = 0; i < r->line_count; i++) {
        uint32_t at = i + (uint32_t)sb_below(DRAW(line_items, 48 + i), count - i);
        uint16_t goods = choice[at];
        choice[at] = choice[i];
        line_item *line = &r->lines[i];
        line->goods = goods;
        line->unit_price = draw_price(r, goods, i);
        line->quantity = draw_quantity(r, seller, goods, i);
        line->amount = line->quantity * line->unit_price;
        r->total += line->amount;
    }
}

/* ---- the way -------------------------------------------------------------------------------- */

/* Within a country goods go by road, over land by road or rail, overseas by ship; what is light and
 * dear flies. */
static int draw_transport(const row *r)
{
    uint64_t share = sb_below(DRAW(transport, 0), 100);
    bool light = is_category(r, r->lines[0].goods, "Electronics") ||
                 is_category(r, r->lines[0].goods, "Pharmaceuticals");
    if (r->origin == r->destination)
        return share < 92 ? SB_TRANSPORT_LAND : SB_TRANSPORT_RAIL;
    bool land = sb_same_land(r->maker, r->origin, r->destination) &&
                sb_distance_km(sb_capital(r->maker, r->origin),
                               sb_capital(r->maker, r->destination)) < 3000;
    if (land && r->type != SB_DOCUMENT_BILL_OF_LADING)
        return share < 62   ? SB_TRANSPORT_LAND
               : share < 78 ? SB_TRANSPORT_RAIL
               : share < 94 ? SB_TRANSPORT_SEA
                            : SB_TRANSPORT_AIR;
    if (r->type == SB_DOCUMENT_BILL_OF_LADING)
        return SB_TRANSPORT_SEA;
    return share < (light ? 55u : 12u) ? SB_TRANSPORT_AIR : SB_TRANSPORT_SEA;
}

/* ---- published rules ------------------------------------------------------------------------ */

/* A price is off the market above three times the item's ordinary one, and below a fifth: half of
 * that is ordinary where life is cheap. */
static int price_sign(const row *r, const line_item *line)
{
    int64_t market = market_price(r, line->goods);
    if (line->unit_price > 3 * market)
        return SB_DOCUMENT_SIGN_PRICE_ABOVE_MARKET;
    return line->unit_price * 5 < market ? SB_DOCUMENT_SIGN_PRICE_BELOW_MARKET
                                         : SB_DOCUMENT_SIGN_COUNT;
}

/* More than ten units, and worth more than 150,000 dollars at the ordinary price. */
static bool is_unusual_quantity(const row *r, const line_item *line)
{
    return line->quantity > 10 &&
           line->quantity * sb_table_int(r->goods, GOODS_MEDIAN, line->goods) > 15000000;
}

static bool is_route(const row *r, uint32_t column)
{
    return r->origin != r->destination && (sb_country_is(r->maker, r->origin, column) ||
                                           sb_country_is(r->maker, r->destination, column));
}

/* Points a sign adds, in 10,000ths. */
static const uint16_t sign_points[SB_DOCUMENT_SIGN_COUNT] = {
    [SB_DOCUMENT_SIGN_PRICE_ABOVE_MARKET] = 2500,
    [SB_DOCUMENT_SIGN_PRICE_BELOW_MARKET] = 2500,
    [SB_DOCUMENT_SIGN_UNUSUAL_QUANTITY] = 2000,
    [SB_DOCUMENT_SIGN_HIGH_RISK_ROUTE] = 2000,
    [SB_DOCUMENT_SIGN_TAX_HAVEN_ROUTE] = 2000};

/* The rules, as docs/model.md has them. */
static verdict judge(const row *r)
{
    verdict all = {0};
    uint32_t odd_lines = 0;
    for (uint32_t i = 0; i < r->line_count; i++) {
        int sign = price_sign(r, &r->lines[i]);
        if (sign < SB_DOCUMENT_SIGN_COUNT) {
            all.raised[sign] = true;
            odd_lines++;
        }
        if (is_unusual_quantity(r, &r->lines[i]))
            all.raised[SB_DOCUMENT_SIGN_UNUSUAL_QUANTITY] = true;
    }
    all.raised[SB_DOCUMENT_SIGN_HIGH_RISK_ROUTE] = is_route(r, SB_COUNTRY_HIGH_RISK);
    all.raised[SB_DOCUMENT_SIGN_TAX_HAVEN_ROUTE] = is_route(r, SB_COUNTRY_HAVEN);
    for (int sign = 0; sign < SB_DOCUMENT_SIGN_COUNT; sign++) {
        all.count += all.raised[sign];
        all.score += all.raised[sign] ? sign_points[sign] : 0;
    }
    uint32_t doubt = all.count * 1500 + odd_lines * 500;
    all.authenticity = doubt < 10000 ? 10000 - doubt : 0;
    all.score = all.score < 10000 ? all.score : 10000;
    return all;
}

/* ---- the row -------------------------------------------------------------------------------- */

static void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, sb_event_id(r->maker->world, r->of, r->index));
}

static void put_executed_at(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->of->times[r->index]);
}

static void put_type(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_document_words[r->type]);
}

/* The place among all documents, permuted: ids have gaps and outgrow what sb_line_unique takes. */
static void put_number(const row *r, sb_rows *rows)
{
    static const char *const prefixes[SB_DOCUMENT_COUNT] = {"INV", "PO",  "BOL", "CTR",
                                                            "CUS", "COO", "PKL"};
    const sb_world *world = r->maker->world;
    sb_key key = sb_row_key(world->companies, UINT64_MAX - 16);
    int year, month, day;
    sb_line line;
    sb_civil_from_days(r->day, &year, &month, &day);
    sb_line_begin(&line);
    sb_line_cstr(&line, prefixes[r->type]);
    sb_line_char(&line, '-');
    sb_line_digits(&line, (uint64_t)year, 4);
    sb_line_char(&line, '-');
    sb_line_unique(&line, key, sb_world_first_row(world, SB_DOCUMENTS, r->of->cell) + r->index);
    sb_rows_line(rows, &line);
}

static void put_issuer_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->issuer.id);
}

static void put_recipient_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->recipient);
}

static int terms_of(const row *r)
{
    uint64_t share = sb_below(DRAW(payment_terms, 0), 100);
    return share < 45   ? SB_TERMS_NET_30
           : share < 70 ? SB_TERMS_NET_60
           : share < 80 ? SB_TERMS_NET_90
           : share < 90 ? SB_TERMS_COD
                        : SB_TERMS_ADVANCE;
}

/* Only invoices ask for money: cash when the goods come, ten days later; in advance at once. */
static void put_due(const row *r, sb_rows *rows)
{
    static const int32_t days[SB_TERMS_COUNT] = {30, 60, 90, 10, 0};
    int32_t utc_day = day_of(r->of->times[r->index]); /* the office's day may be the one before */
    if (r->type == SB_DOCUMENT_INVOICE)
        sb_rows_int(rows, (r->day > utc_day ? r->day : utc_day) + days[terms_of(r)]);
    else
        sb_rows_nil(rows);
}

static void put_currency(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, r->locale->currency);
}

/* A line as its record is written. */
typedef struct line_row {
    const row *of;
    uint32_t index;
} line_row;

static void put_goods(const line_row *l, sb_rows *rows, uint32_t column)
{
    sb_rows_text(rows, sb_table_text(l->of->goods, column, l->of->lines[l->index].goods));
}

static void put_line_line(const line_row *l, sb_rows *rows)
{
    sb_rows_uint(rows, l->index + 1);
}

static void put_line_item(const line_row *l, sb_rows *rows)
{
    put_goods(l, rows, GOODS_ITEM);
}

static void put_line_hs_code(const line_row *l, sb_rows *rows)
{
    put_goods(l, rows, GOODS_HS);
}

static void put_line_category(const line_row *l, sb_rows *rows)
{
    put_goods(l, rows, GOODS_CATEGORY);
}

static void put_line_quantity(const line_row *l, sb_rows *rows)
{
    sb_rows_int(rows, l->of->lines[l->index].quantity);
}

static void put_line_unit(const line_row *l, sb_rows *rows)
{
    put_goods(l, rows, GOODS_UNIT);
}

static void put_line_unit_price(const line_row *l, sb_rows *rows)
{
    sb_rows_int(rows, l->of->lines[l->index].unit_price);
}

static void put_line_amount(const line_row *l, sb_rows *rows)
{
    sb_rows_int(rows, l->of->lines[l->index].amount);
}

static void put_line_currency(const line_row *l, sb_rows *rows)
{
    put_currency(l->of, rows);
}

static void put_line_items(const row *r, sb_rows *rows)
{
    sb_rows_array(rows, r->line_count);
    for (uint32_t i = 0; i < r->line_count; i++) {
        line_row line = {r, i};
        sb_rows_array(rows, SB_FIELD_COUNT(SB_LINE_ITEM_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(rows, __VA_ARGS__) put_line_##name(&line, rows);
        SB_LINE_ITEM_FIELDS(PUT)
#undef PUT
    }
}

static void put_total_amount(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->total);
}

static void put_country(const row *r, sb_rows *rows, uint32_t country)
{
    sb_rows_text(rows,
                 sb_table_text(sb_find(r->maker, 0, SB_TABLE_COUNTRIES), SB_COUNTRY_CODE, country));
}

static void put_origin_country(const row *r, sb_rows *rows)
{
    put_country(r, rows, r->origin);
}

static void put_destination_country(const row *r, sb_rows *rows)
{
    put_country(r, rows, r->destination);
}

static void put_payment_terms(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_terms_words[terms_of(r)]);
}

/* FOB and CIF are rules for the sea. */
static void put_incoterm(const row *r, sb_rows *rows)
{
    static const uint8_t sea[] = {SB_INCOTERM_FOB, SB_INCOTERM_FOB, SB_INCOTERM_FOB,
                                  SB_INCOTERM_CIF, SB_INCOTERM_CIF, SB_INCOTERM_CIF,
                                  SB_INCOTERM_DAP, SB_INCOTERM_EXW};
    static const uint8_t other[] = {SB_INCOTERM_DAP, SB_INCOTERM_DAP, SB_INCOTERM_DAP,
                                    SB_INCOTERM_EXW, SB_INCOTERM_EXW, SB_INCOTERM_EXW,
                                    SB_INCOTERM_DDP, SB_INCOTERM_DDP};
    uint64_t which = DRAW(incoterm, 0) >> 61;
    if (r->travels)
        sb_rows_text(rows,
                     sb_incoterm_words[(r->transport == SB_TRANSPORT_SEA ? sea : other)[which]]);
    else
        sb_rows_nil(rows);
}

static void put_transport(const row *r, sb_rows *rows)
{
    if (r->travels)
        sb_rows_text(rows, sb_transport_words[r->transport]);
    else
        sb_rows_nil(rows);
}

static void put_authenticity_score(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->found.authenticity);
}

static void put_indicators(const row *r, sb_rows *rows)
{
    sb_rows_array(rows, r->found.count);
    for (int sign = 0; sign < SB_DOCUMENT_SIGN_COUNT; sign++)
        if (r->found.raised[sign])
            sb_rows_text(rows, sb_document_sign_words[sign]);
}

static void put_risk_score(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->found.score);
}

static void put_is_flagged(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->found.score > 6000 || r->found.count > 2);
}

/* Purchase orders are written by the buyer: the goods are the recipient's. */
static void make_goods(row *r)
{
    sb_company seller = r->issuer;
    if (r->type == SB_DOCUMENT_PURCHASE_ORDER)
        seller = sb_firm_find(r->maker, r->recipient)->company;
    draw_lines(r, &seller);
}

void sb_document_put(sb_maker *maker, sb_rows *rows, const sb_cell_events *of, uint32_t index)
{
    row own = {.maker = maker}, *r = &own;
    r->of = of;
    r->goods = sb_find(maker, 0, SB_TABLE_GOODS);
    r->index = index;
    r->key = sb_event_key(of, index);
    int32_t near = day_of(of->times[index]);
    r->day = day_of(of->times[index] + (int64_t)sb_clock_offset(of->home.clock, near) * 60000);
    r->type = draw_type(r->key);
    choose_issuer(r);
    r->recipient = choose_recipient(r);
    r->locale = sb_locale_of(maker, r->issuer.locale);
    make_goods(r);
    r->travels = r->origin != r->destination || r->type == SB_DOCUMENT_PACKING_LIST;
    r->transport = draw_transport(r);
    r->found = judge(r);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_DOCUMENT_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(rows, __VA_ARGS__) put_##name(r, rows);
    SB_DOCUMENT_FIELDS(PUT)
#undef PUT
}
