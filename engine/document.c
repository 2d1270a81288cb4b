#include "engine/document.h"

#include <stdlib.h>
#include <string.h>

#include "engine/company.h"
#include "engine/daybook.h"
#include "engine/distributions.h"
#include "engine/geography.h"
#include "engine/rates.h"
#include "engine/line.h"
#include "engine/screening.h"
#include "engine/trade.h"
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

enum { CLOCK_POSITION, CLOCK_SHARE, CLOCK_COUNT };
static const sb_event_draws clock_draws = {CLOCK_COUNT,
                                           {SB_DRAW_NUMBER(SB_DOCUMENT_FIELD_executed_at, 0),
                                            SB_DRAW_NUMBER(SB_DOCUMENT_FIELD_executed_at, 1)},
                                           SB_EVENT_INDEX};

/* Office hours of working days, by the clock of the cell. */
int64_t sb_document_time(sb_maker *maker, const sb_cell_events *of, uint32_t index)
{
    uint32_t lane = sb_event_clock_lane(maker, of, index, &clock_draws);
    const sb_event_lanes *lanes = &maker->events->clock;
    uint64_t position = sb_position(index, (uint32_t)lanes->draws[CLOCK_POSITION][lane], of->step);
    return sb_working_moment(maker, of->home.clock, sb_working_day(maker, position), OFFICE_OPEN,
                             OFFICE_CLOSE, lanes->draws[CLOCK_SHARE][lane]);
}

/* ---- who sells what ------------------------------------------------------------------------- */

/* Categories of goods as the table names them. */
typedef enum category {
    AUTOMOTIVE,
    CHEMICALS,
    CONSUMER_GOODS,
    ELECTRONICS,
    FOOD,
    INDUSTRIAL_EQUIPMENT,
    MACHINERY,
    PHARMACEUTICALS,
    RAW_MATERIALS,
    TEXTILES,
    CATEGORIES
} category;

static const char *const category_names[CATEGORIES] = {
    [AUTOMOTIVE] = "Automotive",
    [CHEMICALS] = "Chemicals",
    [CONSUMER_GOODS] = "Consumer_Goods",
    [ELECTRONICS] = "Electronics",
    [FOOD] = "Food",
    [INDUSTRIAL_EQUIPMENT] = "Industrial_Equipment",
    [MACHINERY] = "Machinery",
    [PHARMACEUTICALS] = "Pharmaceuticals",
    [RAW_MATERIALS] = "Raw_Materials",
    [TEXTILES] = "Textiles",
};

/* What the sellers of an industry sell. Industries not named sell services: their papers are about
 * what offices buy. */
static const struct {
    const char *industry;
    uint8_t categories[5], count;
} trades[] = {
    {"technology", {ELECTRONICS}, 1},
    {"telecommunications", {ELECTRONICS}, 1},
    {"healthcare", {PHARMACEUTICALS}, 1},
    {"retail", {CONSUMER_GOODS, TEXTILES, FOOD, ELECTRONICS}, 4},
    {"manufacturing", {MACHINERY, INDUSTRIAL_EQUIPMENT, AUTOMOTIVE, CHEMICALS, TEXTILES}, 5},
    {"construction", {RAW_MATERIALS, MACHINERY, INDUSTRIAL_EQUIPMENT}, 3},
    {"transportation", {AUTOMOTIVE, CONSUMER_GOODS, FOOD, RAW_MATERIALS}, 4},
    {"energy", {RAW_MATERIALS, INDUSTRIAL_EQUIPMENT, CHEMICALS}, 3},
    {"agriculture", {FOOD, RAW_MATERIALS}, 2},
    {"hospitality", {FOOD, CONSUMER_GOODS}, 2},
    {"", {CONSUMER_GOODS, ELECTRONICS}, 2},
};
enum { TRADES = sizeof trades / sizeof trades[0] };

/* In cents: what a firm of that size sells or buys as one item without a second thought. */
enum { SIZES = 4 };
static const int64_t dearest_items[SIZES] = {1000000, 10000000, 100000000, INT64_MAX};

static uint32_t size_of(const sb_company *company)
{
    uint32_t heads = company->employee_count;
    return (heads >= 20) + (heads >= 100) + (heads >= 500);
}

typedef struct item {
    int64_t median_cents;
    sb_divisor by_median;
    uint8_t shape; /* of its prices: see sb_lognormal_draw() */
    uint8_t category;
} item;

/* Rows of goods that a seller chooses among. */
typedef struct choice {
    uint32_t count;
    uint16_t rows[CHOICE_MAX];
} choice;

/* What documents look up in the tables again and again; one block of memory. */
struct sb_catalogue {
    sb_key numbers;                                /* of the documents */
    int64_t marks[TRADES - 1];                     /* of the industries: see sb_table_mark() */
    choice choices[CATEGORIES][CATEGORIES][SIZES]; /* of two categories, the first not greater */
    item items[];                                  /* by row of the shared goods */
};

static uint8_t category_of(sb_text name)
{
    uint8_t i = 0;
    while (i < CATEGORIES && (strlen(category_names[i]) != name.byte_count ||
                              memcmp(category_names[i], name.bytes, name.byte_count) != 0))
        i++;
    return i;
}

/* Those of the two categories that are not too dear; any goods where that leaves none. */
static void list_choice(const struct sb_catalogue *catalogue, uint32_t goods_count, uint32_t a,
                        uint32_t b, int64_t most, choice *out)
{
    uint32_t limit = goods_count < 65536 ? goods_count : 65536;
    for (uint32_t row = 0; row < limit && out->count < CHOICE_MAX; row++) {
        const item *of = &catalogue->items[row];
        if (of->median_cents <= most && (of->category == a || of->category == b))
            out->rows[out->count++] = (uint16_t)row;
    }
    for (uint32_t row = 0; out->count == 0 && row < limit; row++)
        if (catalogue->items[row].median_cents <= most || row + 1 == limit)
            out->rows[out->count++] = (uint16_t)row;
}

static void list_marks(sb_maker *maker, struct sb_catalogue *out)
{
    const sb_table *industries = sb_find(maker, 0, SB_TABLE_INDUSTRIES);
    for (uint32_t row = 0; row < industries->count; row++)
        for (uint32_t i = 0; i + 1 < TRADES; i++)
            if (strcmp(sb_table_text(industries, 0, row).bytes, trades[i].industry) == 0)
                out->marks[i] = sb_table_mark(industries, 0, row);
}

/* Prepared at first use and kept. NULL when memory ran out, which sb_maker_check() then says. */
static const struct sb_catalogue *find_catalogue(sb_maker *maker)
{
    const sb_table *goods = sb_find(maker, 0, SB_TABLE_GOODS);
    if (maker->catalogue != NULL)
        return maker->catalogue;
    struct sb_catalogue *made = calloc(1, sizeof *made + goods->count * sizeof(item));
    if (made == NULL) {
        maker->out_of_memory = true;
        return NULL;
    }
    made->numbers = sb_row_key(maker->world->companies, UINT64_MAX - 16);
    list_marks(maker, made);
    /* The table's spread is that of all makes of an item; offers of one make differ by half of it.
     */
    for (uint32_t row = 0; row < goods->count; row++) {
        int64_t median = sb_table_int(goods, GOODS_MEDIAN, row);
        made->items[row] =
            (item){median, sb_divisor_make(median > 0 ? (uint64_t)median : 1),
                   (uint8_t)sb_lognormal_shape((int)sb_table_int(goods, GOODS_SIGMA, row) / 2),
                   category_of(sb_table_text(goods, GOODS_CATEGORY, row))};
    }
    for (uint32_t a = 0; a < CATEGORIES; a++)
        for (uint32_t b = a; b < CATEGORIES; b++)
            for (uint32_t size = 0; size < SIZES; size++)
                list_choice(made, goods->count, a, b, dearest_items[size],
                            &made->choices[a][b][size]);
    maker->catalogue = made;
    return made;
}

static uint32_t trade_of(const struct sb_catalogue *catalogue, const sb_company *company)
{
    uint32_t i = 0;
    while (i + 1 < TRADES && catalogue->marks[i] != company->industry_mark)
        i++;
    return i;
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
    const struct sb_catalogue *catalogue;
    const sb_table *goods;
    uint32_t index;
    uint64_t id, place, number_rank; /* see rank_numbers() */
    sb_key key;
    const uint64_t *drawn; /* see DRAWN() */
    int32_t day;           /* by the clock of the cell */
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

/* Draws that nearly every row takes; of lines those of the first three. */
/* clang-format off */
#define ROW_DRAWS(D)                                                                               \
    D(type, 0) D(issuer_id, 0) D(destination_country, 0) D(destination_country, 1)                 \
    D(recipient_id, 0) D(payment_terms, 0) D(transport, 0) D(incoterm, 0)                          \
    D(line_items, 0) D(line_items, 1) D(line_items, 3) D(line_items, 4)                            \
    D(line_items, 48) D(line_items, 49) D(line_items, 50)                                          \
    D(line_items, 64) D(line_items, 65) D(line_items, 66)                                          \
    D(line_items, 80) D(line_items, 81) D(line_items, 82)                                          \
    D(line_items, 96) D(line_items, 97) D(line_items, 98)
/* clang-format on */

#define ROW_DRAW(field, nth) DRAWN_##field##_##nth,
#define DRAW_NUMBER(field, nth) SB_DRAW_NUMBER(SB_DOCUMENT_FIELD_##field, nth),
enum { ROW_DRAWS(ROW_DRAW) DRAWN_COUNT };
static const sb_event_draws row_draws = {DRAWN_COUNT, {ROW_DRAWS(DRAW_NUMBER)}, SB_EVENT_INDEX};
#define DRAWN(field, nth) r->drawn[DRAWN_##field##_##nth * SB_LANES]

/* A draw of a line: `nth` is that of line 0. */
#define LINE_DRAW(nth, line)                                             \
    ((line) < 3 ? r->drawn[(DRAWN_line_items_##nth + (line)) * SB_LANES] \
                : DRAW(line_items, (nth) + (line)))

/* Found for all rows in the lanes when the first of them is made: the place of a document among
 * all, and that permuted for its number. */
enum { OWN_PLACE, OWN_RANK };

static void rank_numbers(const sb_maker *maker, const sb_cell_events *of, sb_key numbers)
{
    sb_event_desk *desk = maker->events;
    uint64_t *places = desk->own_draws[OWN_PLACE], *ranks = desk->own_draws[OWN_RANK];
    uint64_t first = sb_world_first_row(maker->world, SB_DOCUMENTS, of->cell);
    uint32_t count = desk->rows.count;
    sb_unique one = sb_unique_of(numbers, first + desk->rows.index[0]);
    bool is_same = count > 1; /* order for all */
    for (uint32_t i = 0; i < (count > 1 ? SB_LANES : 1); i++) {
        places[i] = first + desk->rows.index[i];
        sb_unique unique = sb_unique_of(numbers, places[i]);
        ranks[i] = unique.place;
        is_same = is_same && unique.begin == one.begin;
    }
    if (is_same)
        maker->lanes->permute(&one.order, ranks);
    for (uint32_t i = 0; i < count && !is_same; i++) {
        sb_unique unique = sb_unique_of(numbers, places[i]);
        ranks[i] = sb_permute(&unique.order, unique.place);
    }
}

static int draw_type(const row *r)
{
    static const uint8_t bounds[] = {40, 60, 75, 85, 93, 98};
    uint64_t share = sb_below(DRAWN(type, 0), 100);
    int type = 0;
    for (size_t i = 0; i < sizeof bounds; i++) /* counted: a search would be guessed wrong */
        type += bounds[i] <= share;
    return type;
}

/* Papers of goods that cross a border. */
static bool crosses_border(int type)
{
    return type == SB_DOCUMENT_BILL_OF_LADING || type == SB_DOCUMENT_CUSTOMS_DECLARATION ||
           type == SB_DOCUMENT_CERTIFICATE_OF_ORIGIN;
}

/* The country of delivery: one of the issuer's, and abroad where the paper is for the border. False
 * where the issuer has none such. */
static bool choose_destination(row *r, const sb_company *issuer)
{
    uint32_t places[SB_COMPANY_COUNTRIES_MAX];
    uint32_t count = sb_company_countries(r->maker, issuer, places);
    uint64_t first = sb_below(DRAWN(destination_country, 0), count);
    r->origin = r->destination = places[0];
    if (!crosses_border(r->type)) { /* one in four goes abroad where the firm is there too */
        if (count > 1 && sb_chance(DRAWN(destination_country, 1), 250000))
            r->destination = places[1 + sb_below(DRAW(destination_country, 2), count - 1)];
        return true;
    }
    for (uint64_t i = 0; i < count && r->destination == r->origin; i++)
        if (!sb_customs_union(r->maker, r->origin, places[(first + i) % count]))
            r->destination = places[(first + i) % count];
    return r->destination != r->origin;
}

/* A company of the cell, the larger of two; of the dataset where the cell has but one. */
static uint64_t draw_company(const row *r, uint64_t draw)
{
    sb_pool pool = r->of->companies;
    uint64_t a = pool.first + sb_below(draw, pool.count);
    uint64_t b = pool.first + sb_below(draw << 32 | draw >> 32, pool.count);
    uint32_t heads = sb_firm_find(r->maker, a)->company.employee_count;
    return heads >= sb_firm_find(r->maker, b)->company.employee_count ? a : b;
}

/* Those who sell goods write most of the papers about them. Of twelve drawn the first that does,
 * and that can send goods where the type of paper needs it; else the paper is an invoice. */
static const sb_company *choose_issuer(row *r)
{
    const sb_company *issuer = NULL;
    for (uint32_t nth = 0; nth < 12; nth++) {
        issuer = &sb_firm_find(r->maker, draw_company(r, nth == 0 ? DRAWN(issuer_id, 0)
                                                                  : DRAW(issuer_id, nth)))
                      ->company;
        bool trades_goods = trade_of(r->catalogue, issuer) + 1 < TRADES;
        if ((trades_goods || sb_chance(DRAW(issuer_id, 16 + nth), 100000)) &&
            choose_destination(r, issuer))
            return issuer;
    }
    if (crosses_border(r->type))
        r->type = SB_DOCUMENT_INVOICE;
    (void)choose_destination(r, issuer);
    return issuer;
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
        other = pool.first + sb_below(nth == 0 ? DRAWN(recipient_id, 0) : DRAW(recipient_id, nth),
                                      pool.count - 1);
        other += other >= r->issuer.id;
        if (r->type != SB_DOCUMENT_PURCHASE_ORDER ||
            trade_of(r->catalogue, &sb_firm_find(r->maker, other)->company) + 1 < TRADES)
            break;
    }
    return other;
}

/* ---- goods ---------------------------------------------------------------------------------- */

/* Of one or two categories of the seller's trade. */
static const choice *find_choice(const row *r, const sb_company *seller)
{
    uint32_t trade = trade_of(r->catalogue, seller), count = trades[trade].count;
    uint8_t a = trades[trade].categories[sb_below(DRAWN(line_items, 0), count)], b = a;
    if (sb_chance(DRAWN(line_items, 1), 300000))
        b = trades[trade].categories[sb_below(DRAW(line_items, 2), count)];
    return &r->catalogue->choices[a < b ? a : b][a < b ? b : a][size_of(seller)];
}

/* What a number is counted in that has so many figures and then noughts: the power of ten below
 * which only the others stand. Without a loop, whose end would be guessed wrong. */
static int64_t unit_of(int64_t number, uint32_t figures)
{
    /* clang-format off */
#define SIX_POWERS(a) a, a ## 0, a ## 00, a ## 000, a ## 0000, a ## 00000
    static const int64_t tens[] = {SIX_POWERS(1), SIX_POWERS(1000000),
                                   SIX_POWERS(1000000000000), 1000000000000000000};
#undef SIX_POWERS
    /* clang-format on */
    uint64_t value = number > 0 ? (uint64_t)number : 0;
    uint32_t bits = 64 - (uint32_t)__builtin_clzll(value | 1);
    uint32_t count = bits * 1233 >> 12; /* of figures, or one less */
    count += value >= (uint64_t)tens[count];
    return tens[count > figures ? count - figures : 0];
}

/* Prices have four figures, then noughts. */
static int64_t round_price(int64_t price)
{
    int64_t unit = unit_of(price, 4);
    price = (price + unit / 2) / unit * unit;
    return price > 0 ? price : 1;
}

/* The item's ordinary price in the document's currency, minor units. */
static int64_t market_price(const row *r, uint32_t goods)
{
    int64_t price =
        sb_from_cents(r->maker, r->locale->currency_index, r->catalogue->items[goods].median_cents);
    return price > 0 ? price : 1;
}

/* Around the ordinary price, and half of what the country's prices differ from those in the US. One
 * line in 300 is priced four times too high or too low. */
static int64_t draw_price(const row *r, uint32_t goods, uint32_t line)
{
    int shape = r->catalogue->items[goods].shape;
    int64_t median = market_price(r, goods) * (50 + r->locale->price_level / 2) / 100;
    int64_t price = sb_lognormal_draw(median, shape, LINE_DRAW(64, line));
    uint64_t odd = sb_below(LINE_DRAW(80, line), 600);
    return round_price(odd == 0 ? price * 4 : odd == 1 ? price / 4 : price);
}

/* As many as an order of such a firm is worth; the larger, the rounder. */
static int64_t draw_quantity(const row *r, const sb_company *seller, uint32_t goods, uint32_t line)
{
    static const int64_t worths[SIZES] = {120000, 500000, 1500000, 4000000};
    int64_t worth = worths[size_of(seller)];
    worth *= crosses_border(r->type) ? 4 : 1; /* little is shipped overseas for itself */
    int64_t cents = sb_lognormal_draw(worth, 4, LINE_DRAW(96, line));
    int64_t quantity = (int64_t)sb_divide((uint64_t)cents, &r->catalogue->items[goods].by_median);
    int64_t unit = unit_of(quantity, 2);
    quantity = quantity / unit * unit;
    return quantity > 0 ? quantity : 1;
}

/* One to ten lines, few more often, each of another item while there are any. */
static void draw_lines(row *r, const sb_company *seller)
{
    const choice *among = find_choice(r, seller);
    uint16_t left[CHOICE_MAX];
    uint32_t count = among->count;
    memcpy(left, among->rows, count * sizeof *left);
    uint64_t a = sb_below(DRAWN(line_items, 3), LINES_MAX),
             b = sb_below(DRAWN(line_items, 4), LINES_MAX);
    r->line_count = 1 + (uint32_t)(a < b ? a : b);
    r->line_count = r->line_count < count ? r->line_count : count;
    r->total = 0;
    r->lines[0].goods = 0;
    for (uint32_t i = 0; i < r->line_count; i++) {
        uint32_t at = i + (uint32_t)sb_below(LINE_DRAW(48, i), count - i);
        uint16_t goods = left[at];
        left[at] = left[i];
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
    uint64_t share = sb_below(DRAWN(transport, 0), 100);
    uint8_t first = r->catalogue->items[r->lines[0].goods].category;
    bool light = first == ELECTRONICS || first == PHARMACEUTICALS;
    if (r->origin == r->destination)
        return share < 92 ? SB_TRANSPORT_LAND : SB_TRANSPORT_RAIL;
    const sb_geography *geography = r->maker->geography;
    int64_t square = sb_spot_square(&geography->countries[r->origin].capital,
                                    &geography->countries[r->destination].capital);
    bool land = sb_same_land(r->maker, r->origin, r->destination) &&
                square < geography->reach[SB_REACH_3000];
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
           line->quantity * r->catalogue->items[line->goods].median_cents > 15000000;
}

static bool is_route(const row *r, uint8_t zone)
{
    const sb_country *countries = r->maker->geography->countries;
    return r->origin != r->destination &&
           ((countries[r->origin].zones | countries[r->destination].zones) & zone) != 0;
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
    all.raised[SB_DOCUMENT_SIGN_HIGH_RISK_ROUTE] = is_route(r, SB_ZONE_HIGH_RISK);
    all.raised[SB_DOCUMENT_SIGN_TAX_HAVEN_ROUTE] = is_route(r, SB_ZONE_HAVEN);
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

SB_FIELD void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->id);
}

SB_FIELD void put_executed_at(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->of->times[r->index]);
}

SB_FIELD void put_type(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_document_words[r->type]);
}

/* The place among all documents, permuted: ids have gaps and outgrow what sb_line_unique takes. */
SB_FIELD void put_number(const row *r, sb_rows *rows)
{
    static const char *const prefixes[SB_DOCUMENT_COUNT] = {"INV", "PO",  "BOL", "CTR",
                                                            "CUS", "COO", "PKL"};
    int year, month, day;
    sb_line line;
    sb_civil_from_days(r->day, &year, &month, &day);
    sb_line_begin(&line);
    sb_line_cstr(&line, prefixes[r->type]);
    sb_line_char(&line, '-');
    sb_line_digits(&line, (uint64_t)year, 4);
    sb_line_char(&line, '-');
    sb_unique unique = sb_unique_of(r->catalogue->numbers, r->place);
    sb_line_unique_rank(&line, &unique, r->number_rank);
    sb_rows_line(rows, &line);
}

SB_FIELD void put_issuer_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->issuer.id);
}

SB_FIELD void put_recipient_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->recipient);
}

static int terms_of(const row *r)
{
    uint64_t share = sb_below(DRAWN(payment_terms, 0), 100);
    return share < 45   ? SB_TERMS_NET_30
           : share < 70 ? SB_TERMS_NET_60
           : share < 80 ? SB_TERMS_NET_90
           : share < 90 ? SB_TERMS_COD
                        : SB_TERMS_ADVANCE;
}

/* Only invoices ask for money: cash when the goods come, ten days later; in advance at once. */
SB_FIELD void put_due(const row *r, sb_rows *rows)
{
    static const int32_t days[SB_TERMS_COUNT] = {30, 60, 90, 10, 0};
    int32_t utc_day = day_of(r->of->times[r->index]); /* the office's day may be the one before */
    if (r->type == SB_DOCUMENT_INVOICE)
        sb_rows_int(rows, (r->day > utc_day ? r->day : utc_day) + days[terms_of(r)]);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_currency(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->maker->currency_codes[r->locale->currency_index]);
}

/* A line as its record is written. */
typedef struct line_row {
    const row *of;
    uint32_t index;
} line_row;

SB_FIELD void put_goods(const line_row *l, sb_rows *rows, uint32_t column)
{
    sb_rows_known(rows, sb_table_text(l->of->goods, column, l->of->lines[l->index].goods));
}

SB_FIELD void put_line_line(const line_row *l, sb_rows *rows)
{
    sb_rows_uint(rows, l->index + 1);
}

SB_FIELD void put_line_item(const line_row *l, sb_rows *rows)
{
    put_goods(l, rows, GOODS_ITEM);
}

SB_FIELD void put_line_hs_code(const line_row *l, sb_rows *rows)
{
    put_goods(l, rows, GOODS_HS);
}

SB_FIELD void put_line_category(const line_row *l, sb_rows *rows)
{
    put_goods(l, rows, GOODS_CATEGORY);
}

SB_FIELD void put_line_quantity(const line_row *l, sb_rows *rows)
{
    sb_rows_mark_ahead(rows, 1, SB_MARK_SHORT);
    sb_rows_int(rows, l->of->lines[l->index].quantity);
}

SB_FIELD void put_line_unit(const line_row *l, sb_rows *rows)
{
    put_goods(l, rows, GOODS_UNIT);
}

SB_FIELD void put_line_unit_price(const line_row *l, sb_rows *rows)
{
    sb_rows_int(rows, l->of->lines[l->index].unit_price);
}

SB_FIELD void put_line_amount(const line_row *l, sb_rows *rows)
{
    sb_rows_int(rows, l->of->lines[l->index].amount);
}

SB_FIELD void put_line_currency(const line_row *l, sb_rows *rows)
{
    put_currency(l->of, rows);
}

SB_FIELD void put_line_items(const row *r, sb_rows *rows)
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

SB_FIELD void put_total_amount(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->total);
}

SB_FIELD void put_country(const row *r, sb_rows *rows, uint32_t country)
{
    sb_rows_piece(rows, &r->maker->country_codes[country]);
}

SB_FIELD void put_origin_country(const row *r, sb_rows *rows)
{
    put_country(r, rows, r->origin);
}

SB_FIELD void put_destination_country(const row *r, sb_rows *rows)
{
    put_country(r, rows, r->destination);
}

SB_FIELD void put_payment_terms(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_terms_words[terms_of(r)]);
}

/* FOB and CIF are rules for the sea. */
SB_FIELD void put_incoterm(const row *r, sb_rows *rows)
{
    static const uint8_t sea[] = {SB_INCOTERM_FOB, SB_INCOTERM_FOB, SB_INCOTERM_FOB,
                                  SB_INCOTERM_CIF, SB_INCOTERM_CIF, SB_INCOTERM_CIF,
                                  SB_INCOTERM_DAP, SB_INCOTERM_EXW};
    static const uint8_t other[] = {SB_INCOTERM_DAP, SB_INCOTERM_DAP, SB_INCOTERM_DAP,
                                    SB_INCOTERM_EXW, SB_INCOTERM_EXW, SB_INCOTERM_EXW,
                                    SB_INCOTERM_DDP, SB_INCOTERM_DDP};
    uint64_t which = DRAWN(incoterm, 0) >> 61;
    if (r->travels)
        sb_rows_known(rows,
                      sb_incoterm_words[(r->transport == SB_TRANSPORT_SEA ? sea : other)[which]]);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_transport(const row *r, sb_rows *rows)
{
    if (r->travels)
        sb_rows_known(rows, sb_transport_words[r->transport]);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_authenticity_score(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->found.authenticity);
}

SB_FIELD void put_indicators(const row *r, sb_rows *rows)
{
    sb_rows_array(rows, r->found.count);
    for (int sign = 0; sign < SB_DOCUMENT_SIGN_COUNT; sign++)
        if (r->found.raised[sign]) {
            sb_rows_mark(rows, SB_MARK_WORDS);
            sb_rows_known(rows, sb_document_sign_words[sign]);
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

/* Purchase orders are written by the buyer: the goods are the recipient's. */
static void make_goods(row *r)
{
    if (r->type == SB_DOCUMENT_PURCHASE_ORDER)
        draw_lines(r, &sb_firm_find(r->maker, r->recipient)->company);
    else
        draw_lines(r, &r->issuer);
}

void sb_document_put(sb_maker *maker, sb_rows *rows, const sb_cell_events *of, uint32_t index)
{
    row own, *r = &own;
    r->maker = maker;
    r->of = of;
    r->catalogue = find_catalogue(maker);
    if (r->catalogue == NULL) /* said at the end of the cell */
        return;
    r->goods = sb_find(maker, 0, SB_TABLE_GOODS);
    r->index = index;
    uint32_t lane = sb_event_row_lane(maker, of, index, &row_draws);
    if (lane == 0)
        rank_numbers(maker, of, r->catalogue->numbers);
    r->place = maker->events->own_draws[OWN_PLACE][lane];
    r->number_rank = maker->events->own_draws[OWN_RANK][lane];
    r->id = maker->events->rows.ids[lane];
    r->key = sb_keys_at(&maker->events->rows.keys, lane);
    r->drawn = &maker->events->rows.draws[0][lane];
    int32_t near = day_of(of->times[index]);
    int64_t offset = sb_day_offset(sb_daybook_find(maker), of->home.clock, near);
    r->day = day_of(of->times[index] + offset * 60000);
    r->type = draw_type(r);
    r->issuer = *choose_issuer(r);
    r->recipient = choose_recipient(r);
    r->locale = sb_locale_of(maker, r->issuer.locale);
    make_goods(r);
    r->travels = r->origin != r->destination || r->type == SB_DOCUMENT_PACKING_LIST;
    r->transport = draw_transport(r);
    r->found = judge(r);
    sb_rows out = *rows; /* see SB_FIELD */
    sb_rows_array(&out, SB_FIELD_COUNT(SB_DOCUMENT_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(&out, __VA_ARGS__) put_##name(r, &out);
    SB_DOCUMENT_FIELDS(PUT)
#undef PUT
    *rows = out;
}
