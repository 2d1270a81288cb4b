#include "engine/bourse.h"

#include <assert.h>
#include <stdlib.h>

#include "engine/company.h"

static sb_clock clock_of(const sb_table *exchanges, uint32_t row)
{
    char dst = sb_table_text(exchanges, SB_EXCHANGE_DST, row).bytes[0];
    return (sb_clock){(int32_t)sb_table_int(exchanges, SB_EXCHANGE_UTC, row),
                      dst == 'u'   ? SB_DST_US
                      : dst == 'e' ? SB_DST_EU
                      : dst == 'a' ? SB_DST_AU
                                   : SB_DST_NONE};
}

static uint16_t find_currency(const sb_table *currencies, int64_t mark)
{
    for (uint16_t currency = 0; currency < currencies->count; currency++)
        if (sb_table_mark(currencies, 0, currency) == mark)
            return currency;
    return 0;
}

/* What shares cost differs by custom: dozens of dollars in the US, less elsewhere. */
static int64_t share_cents(sb_text currency)
{
    bool dear = memcmp(currency.bytes, "EUR", 3) == 0 || memcmp(currency.bytes, "CHF", 3) == 0;
    return memcmp(currency.bytes, "USD", 3) == 0 ? 5500 : dear ? 3500 : 1500;
}

static bool has_board_lots(sb_text country)
{
    return memcmp(country.bytes, "JP", 2) == 0 || memcmp(country.bytes, "CN", 2) == 0 ||
           memcmp(country.bytes, "HK", 2) == 0;
}

static sb_piece piece_of(sb_text text)
{
    return sb_piece_of(text.bytes, text.byte_count);
}

static sb_exchange exchange_of(sb_maker *maker, const sb_table *exchanges, uint32_t row)
{
    sb_text currency = sb_table_text(exchanges, SB_EXCHANGE_CURRENCY, row);
    sb_exchange made = {
        .clock = clock_of(exchanges, row),
        .open_minute = sb_table_int(exchanges, SB_EXCHANGE_OPEN, row),
        .close_minute = sb_table_int(exchanges, SB_EXCHANGE_CLOSE, row),
        .scale = 1,
        .share_cents = share_cents(currency),
        .currency = find_currency(sb_find(maker, 0, SB_TABLE_CURRENCIES),
                                  sb_table_mark(exchanges, SB_EXCHANGE_CURRENCY, row)),
        .has_board_lots = has_board_lots(sb_table_text(exchanges, SB_EXCHANGE_COUNTRY, row)),
        .code = piece_of(sb_table_text(exchanges, SB_EXCHANGE_CODE, row)),
        .mic = piece_of(sb_table_text(exchanges, SB_EXCHANGE_MIC, row)),
        .currency_code = piece_of(currency)};
    sb_text code = sb_table_text(sb_find(maker, 0, SB_TABLE_CURRENCIES), 0, made.currency);
    for (int i = sb_currency_decimals(code.bytes, code.byte_count); i > 0; i--)
        made.scale *= 10;
    return made;
}

/* For every row of a table the set of exchanges with its mark in a column. */
static void index_by(const sb_table *exchanges, uint32_t column, const sb_table *table,
                     uint64_t *out)
{
    for (uint32_t row = 0; row < table->count; row++)
        for (uint32_t i = 0; i < exchanges->count && i < SB_EXCHANGES_MAX; i++)
            if (sb_table_mark(exchanges, column, i) == sb_table_mark(table, 0, row))
                out[row] |= (uint64_t)1 << i;
}

sb_bourses *sb_bourses_find(sb_maker *maker)
{
    if (maker->bourses != NULL)
        return maker->bourses;
    const sb_table *exchanges = sb_find(maker, 0, SB_TABLE_EXCHANGES);
    const sb_table *countries = sb_find(maker, 0, SB_TABLE_COUNTRIES);
    const sb_table *currencies = sb_find(maker, 0, SB_TABLE_CURRENCIES);
    sb_bourses *made =
        calloc(1, sizeof *made + (countries->count + (size_t)currencies->count) * sizeof(uint64_t) +
                      (size_t)exchanges->count * SB_INSTRUMENTS * sizeof(sb_instrument));
    if (made == NULL) {
        maker->out_of_memory = true;
        return NULL;
    }
    assert(exchanges->count <= SB_EXCHANGES_MAX);
    made->count = exchanges->count;
    made->by_country = (uint64_t *)(made + 1);
    made->by_currency = made->by_country + countries->count;
    made->instruments = (sb_instrument *)(made->by_currency + currencies->count);
    for (uint32_t row = 0; row < made->count && row < SB_EXCHANGES_MAX; row++)
        made->list[row] = exchange_of(maker, exchanges, row);
    index_by(exchanges, SB_EXCHANGE_COUNTRY, countries, made->by_country);
    index_by(exchanges, SB_EXCHANGE_CURRENCY, currencies, made->by_currency);
    maker->bourses = made;
    return made;
}

/* ---- listed companies ----------------------------------------------------------------------- */

static void list_pool(sb_maker *maker, sb_bourses *bourses, const sb_pool *pool)
{
    bourses->pool = *pool;
    bourses->listing_count = 0;
    for (uint64_t i = 0; i < pool->count; i++) {
        const sb_company *company = &sb_firm_find(maker, pool->first + i)->company;
        assert(!company->is_public || bourses->listing_count < SB_LISTINGS_MAX);
        if (company->is_public && bourses->listing_count < SB_LISTINGS_MAX)
            bourses->listings[bourses->listing_count++] = (sb_listing){
                .company = company->id, .exchange = sb_company_exchange(maker, company)};
    }
}

sb_listing *sb_listing_find(sb_maker *maker, sb_bourses *bourses, const sb_pool *pool,
                            uint32_t exchange, uint64_t nth)
{
    sb_listing *found = NULL;
    if (bourses->pool.first != pool->first || bourses->pool.count != pool->count)
        list_pool(maker, bourses, pool);
    for (uint32_t i = bourses->listing_count; i-- > 0;) {
        sb_listing *one = &bourses->listings[i];
        /* Backwards: the first from there on is the last one seen, those before it do not count. */
        if (one->exchange != exchange)
            continue;
        if (one->company >= pool->first + nth || found == NULL ||
            found->company < pool->first + nth)
            found = one;
    }
    return found;
}
