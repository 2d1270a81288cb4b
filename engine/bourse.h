/* Exchanges as trades use them: by country and by currency, with clock, hours and money. */
#ifndef ENGINE_BOURSE_H
#define ENGINE_BOURSE_H

#include "engine/calendar.h"
#include "engine/maker.h"

/* Columns of shared/exchanges.tsv. */
enum {
    SB_EXCHANGE_CODE,
    SB_EXCHANGE_MIC,
    SB_EXCHANGE_COUNTRY = 4,
    SB_EXCHANGE_CURRENCY,
    SB_EXCHANGE_UTC,
    SB_EXCHANGE_DST,
    SB_EXCHANGE_OPEN,
    SB_EXCHANGE_CLOSE
};

typedef struct sb_exchange {
    sb_clock clock;
    int64_t open_minute, close_minute; /* after midnight there */
    int64_t scale;                     /* minor units in a unit of the currency */
    int64_t share_cents;               /* what an ordinary share costs */
    uint16_t currency;                 /* row of the shared currencies */
    bool has_board_lots;               /* shares go by the hundred */
} sb_exchange;

/* A company whose shares are traded. */
typedef struct sb_listing {
    uint64_t company;
    uint32_t exchange;
} sb_listing;

/* What is traded, as trades make it at first sight. */
typedef struct sb_instrument {
    sb_key key;
    int64_t base;         /* its ordinary price, minor units */
    uint8_t symbol_bytes; /* 0: not made yet */
    char symbol[7];
} sb_instrument;

enum { SB_EXCHANGES_MAX = 64, SB_LISTINGS_MAX = 128, SB_INSTRUMENTS = 512 };

/* Sets of exchanges are bits by row. */
typedef struct sb_bourses {
    uint32_t count;
    sb_exchange list[SB_EXCHANGES_MAX];
    uint64_t *by_country, *by_currency; /* rows of the shared countries and currencies */
    sb_instrument *instruments;         /* [exchange * SB_INSTRUMENTS + number] */
    /* The listed companies of the pool that was asked for last, in the order of their numbers. */
    sb_pool pool;
    uint32_t listing_count;
    sb_listing listings[SB_LISTINGS_MAX];
} sb_bourses;

/* Prepared at first use and kept. NULL when memory ran out, which sb_maker_check() then says. */
sb_bourses *sb_bourses_find(sb_maker *maker);

/* The first listed company of an exchange from the nth of the pool on, and round: its number + 1; 0
 * where there is none. Pools are those of cells. */
uint64_t sb_listing_find(sb_maker *maker, sb_bourses *bourses, const sb_pool *pool,
                         uint32_t exchange, uint64_t nth);

#endif
