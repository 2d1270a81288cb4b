/* Exchanges as trades use them: by country and by currency, with clock, hours and money. */
#ifndef ENGINE_BOURSE_H
#define ENGINE_BOURSE_H

#include "engine/calendar.h"
#include "engine/company.h"
#include "engine/maker.h"
#include "engine/rates.h"

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
    sb_piece code, mic, currency_code; /* as rows have them */
} sb_exchange;

/* What is traded, as trades make it at first sight. */
typedef struct sb_instrument {
    sb_key key;
    int64_t base;         /* its ordinary price, minor units */
    uint8_t symbol_bytes; /* 0: not made yet */
    char symbol[7];
    /* Where the walk of its price was on the day asked for last, and about that day. */
    uint32_t day_name; /* the day ^ 0x80000000; 0: none yet */
    int32_t deviation;
    sb_walk_span near; /* an odd begin: none yet */
} sb_instrument;

/* A company whose shares are traded. */
typedef struct sb_listing {
    uint64_t company;
    uint32_t exchange;
    bool knows_insiders;
    uint8_t officer_count, owner_count;
    sb_instrument stock;
    sb_officer officers[SB_OFFICERS_MAX];
    sb_share owners[SB_OWNERS_MAX];
} sb_listing;

/* The day of a month on which options expire, and its digits: year, month and day. */
typedef struct sb_expiry {
    int32_t name; /* year * 12 + month; 0: none yet */
    int32_t day;
    char digits[8];
} sb_expiry;

enum { SB_EXCHANGES_MAX = 64, SB_LISTINGS_MAX = 128, SB_INSTRUMENTS = 512 };
enum { SB_EXPIRIES_KEPT = 64, SB_MONTHS_KEPT = 4 };

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
    sb_expiry expiries[SB_EXPIRIES_KEPT]; /* by name modulo that */
    struct {
        uint32_t day_name;    /* as in sb_instrument */
        int32_t month;        /* year * 12 + month */
    } months[SB_MONTHS_KEPT]; /* of days, by day modulo that */
    /* What the accounts of a cell have in common: of the cell asked for last. */
    uint64_t cell_name; /* + 1; 0: none yet */
    sb_home home;       /* of the ledger cell */
    uint32_t price_level;
} sb_bourses;

/* Prepared at first use and kept. NULL when memory ran out, which sb_maker_check() then says. */
sb_bourses *sb_bourses_find(sb_maker *maker);

/* The first listed company of an exchange from the nth of the pool on, and round; NULL where there
 * is none. Pools are those of cells. Borrowed, until another pool is asked for. */
sb_listing *sb_listing_find(sb_maker *maker, sb_bourses *bourses, const sb_pool *pool,
                            uint32_t exchange, uint64_t nth);

#endif
