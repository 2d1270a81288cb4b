/* What a worker makes rows with: the world, its own table cache and its own arena. */
#ifndef ENGINE_MAKER_H
#define ENGINE_MAKER_H

#include "engine/arena.h"
#include "engine/grammar.h"
#include "engine/lanes.h"
#include "engine/line.h"
#include "engine/piece.h"
#include "engine/tables.h"
#include "engine/world.h"

enum {
    SB_HOMES_KEPT = 4096, /* to hash a key for one takes 300 ns */
    SB_MARKETS_KEPT = 8,
    SB_FIRMS_KEPT = 512, /* the companies of some cells; a power of two */
    /* Of many more only the merchant category is kept: those of some eighty cells, which is as far
     * as most links go. */
    SB_FIRM_MCCS_KEPT = 8192,
    /* Exchange values kept: 1,024 days of as many currencies as a cell and its peers use. */
    SB_VALUE_DAYS = 1024,
    SB_VALUE_COLUMNS = 16,
    SB_TRADES_MAX = 24, /* industries that have occupations */
    SB_LINES_MAX = 250, /* lines of business: rows of the shared sub-industries */
    SB_LINE_MCCS_MAX = 5,
};

/* What amounts of a currency are made with. Factors have SB_MONEY_BITS bits behind the point. */
enum { SB_MONEY_BITS = 40 };
typedef struct sb_money {
    int64_t minor_value; /* of a minor unit, in 10^-12 US dollars */
    int64_t from_cents, to_cents;
    int64_t round_factor;  /* 10^n: round amounts have as many more noughts than in dollars */
    int64_t threshold;     /* of cash that is reported, minor units */
    int64_t large, nearly; /* five thresholds, and nine tenths of one */
    int64_t round_step;    /* whole multiples of this are round */
} sb_money;

/* Traits of countries, by the modelling lists of shared/countries.tsv. */
enum { SB_TRAIT_HAVEN = 1, SB_TRAIT_HIGH_RISK = 2 };

/* A merchant category as card payments need it. */
typedef struct sb_category {
    int64_t code, median_cents;
    uint16_t online_permille;
    uint8_t shape;     /* of amounts: see sb_lognormal_draw() */
    uint8_t appeal;    /* how readily somebody who wants to buy goes in: 255 always */
    uint8_t bills;     /* the same for those who send bills every month */
    uint8_t bill_rule; /* what their bills are for: an sb_rule */
    sb_label text;
} sb_category;

/* Enumerations, as rows write them. */
typedef struct sb_words {
    sb_piece types[SB_TX_COUNT], channels[SB_CHANNEL_COUNT], statuses[SB_TX_STATUS_COUNT];
    sb_piece lines[SB_LINE_COUNT];
} sb_words;

/* A job market; see engine/person.c. */
typedef struct sb_market {
    uint64_t name;     /* 0: none yet */
    uint64_t first;    /* company of the market */
    uint32_t existing; /* companies of it that the dataset has: the first ones */
    uint8_t firms[SB_CELL_PERSONS / SB_COMPANY_BLOCKS]; /* by permuted place of a person */
    sb_permutation order;
} sb_market;

/* Weights of ranks; see engine/distributions.h. */
typedef enum sb_ranks {
    SB_RANKS_MILD,
    SB_RANKS_SPENDER,
    SB_RANKS_PAYEE,
    SB_RANKS_PAYER,
    SB_RANKS_COUNT
} sb_ranks;

/* The rows of a kind that a cell owns. */
typedef struct sb_span {
    uint64_t cell, begin, end;
} sb_span;

/* The days of a month on which what is due then is paid; INT32_MIN: not asked for yet. There is
 * room for all months of the longest period (20 years), since each account asks for all of them. */
enum { SB_DUE_MONTHS = 256 };
typedef struct sb_due {
    int32_t name; /* year * 12 + month; 0: none yet */
    int32_t days[31];
} sb_due;

/* A month by name: days begin .. end-1. */
typedef struct sb_month {
    uint32_t locale;
    int32_t begin, end;
    sb_line name;
} sb_month;

/* What an occupation is called: cells of the locale's titles. */
typedef struct sb_titles {
    uint32_t of_men, of_women;
} sb_titles;

typedef struct sb_maker {
    const sb_world *world; /* borrowed, shared */
    const sb_lanes *lanes; /* the best this processor has */
    sb_table_cache *cache; /* owned */
    sb_arena *arena;       /* owned; reset before each cell */
    /* Homes of the cells asked for last, by cell modulo SB_HOMES_KEPT; the cell + 1, 0: empty. */
    uint64_t home_cells[SB_HOMES_KEPT];
    sb_home homes[SB_HOMES_KEPT];
    /* Merchant categories of firms, by id modulo SB_FIRM_MCCS_KEPT: (id + 1) << 16 | mcc. */
    uint64_t firm_mccs[SB_FIRM_MCCS_KEPT];
    /* Prepared when opened, by row of the shared tables; owned. */
    sb_money *money;
    sb_category *categories;
    uint8_t *country_traits; /* bits: SB_TRAIT_* */
    sb_piece *currency_codes, *country_codes;
    sb_words words;
    int end_months; /* the period's end: year * 12 + month */
    /* What was asked for last. */
    sb_month month;             /* begin = end: none */
    sb_due dues[SB_DUE_MONTHS]; /* by name modulo that */
    sb_span spans[SB_KIND_COUNT];
    sb_market markets[SB_MARKETS_KEPT];
    struct sb_firm *firms;          /* owned; [SB_FIRMS_KEPT], by id modulo that */
    struct sb_companies *companies; /* owned; see engine/company_row.c */
    struct sb_people *people;       /* owned; see engine/person.c */
    struct sb_address *addresses;   /* owned; see engine/place.c */
    struct sb_locality *localities; /* owned; by locale */
    struct sb_geography *geography; /* owned */
    struct sb_charters *charters;   /* owned */
    struct sb_event_desk *events;   /* owned; see engine/events.h */
    /* Prepared at first use; owned. See the files of these names, engine/device.c,
     * engine/document.c and engine/relationship.c. */
    struct sb_bourses *bourses;
    struct sb_catalogue *catalogue;
    struct sb_contacts *contacts;
    struct sb_daybook *daybook;
    struct sb_holders *holders;
    struct sb_patrons *patrons;
    struct sb_circle *circle;
    struct sb_travel *travel;
    struct {
        uint32_t currency; /* 0: none; the first currency has no rate */
        struct {
            uint32_t name; /* of the day; 0: none */
            int64_t value;
        } days[SB_VALUE_DAYS];
    } * values;             /* owned; [SB_VALUE_COLUMNS] */
    uint8_t *value_columns; /* owned; which a currency had last, by row of the currencies */
    uint32_t next_value_column;
    /* Prepared at first use, by locale; owned. */
    struct sb_merchants *merchants[SB_LOCALES_MAX];
    sb_grammar *grammars[SB_LOCALES_MAX];
    uint8_t grammar_of[SB_LOCALES_MAX]; /* the first locale with the same grammar */
    /* Rows of the shared occupations that an industry has, which stand together. */
    struct {
        int64_t mark;
        uint32_t first, count, weight;
    } trades[SB_TRADES_MAX];
    /* The merchant categories (rows) of a line of business. */
    struct {
        uint16_t mccs[SB_LINE_MCCS_MAX];
        uint8_t count;
    } lines[SB_LINES_MAX];
    uint8_t *line_of_word[SB_LOCALES_MAX]; /* by row of company_second; SB_LINES_MAX: none */
    int64_t common_trade;              /* the mark of the one whose occupations every firm has */
    sb_titles *titles[SB_LOCALES_MAX]; /* by shared occupation */
    struct sb_ranking *rankings[SB_RANKS_COUNT][SB_CELL_ACCOUNTS + 1]; /* by count */
    bool out_of_memory; /* said by sb_maker_check() at the end of a cell */
} sb_maker;

/* On SB_OK, *out is owned by the caller. What it will use at most is known beforehand:
 * sb_maker_bytes(). */
SB_CHECK sb_status sb_maker_open(const sb_world *world, sb_maker **out, sb_error *err);
void sb_maker_close(sb_maker *maker);
/* Bytes of the arena a maker of this world reserves. */
size_t sb_maker_arena_bytes(const sb_world *world);

/* SB_ENOMEM when something could not be prepared since it was opened. */
SB_CHECK sb_status sb_maker_check(const sb_maker *maker, sb_error *err);

/* The grammar of a locale; borrowed. Prepared at first use and kept. NULL when memory ran out,
 * which sb_maker_check() then says. */
const sb_grammar *sb_maker_grammar(sb_maker *maker, uint32_t locale);

/* What an occupation (a row of the shared table) is called. */
sb_text sb_maker_title(sb_maker *maker, uint32_t locale, uint32_t occupation, bool female);

/* The line of business (row of the shared sub-industries) that a word in a company's name stands
 * for; SB_LINES_MAX: for none. */
uint32_t sb_maker_line(sb_maker *maker, uint32_t locale, uint32_t second);

/* A choice among `count` (1 .. SB_CELL_ACCOUNTS) by rank, but one in thirty-two by chance alone, so
 * that nobody is left out. A world has few different counts, so they are prepared at first use and
 * kept.
 */
const sb_alias *sb_maker_ranking(sb_maker *maker, sb_ranks ranks, uint32_t count);

static inline const sb_table *sb_find(sb_maker *maker, uint32_t locale, sb_table_id id)
{
    return sb_table_cache_find(maker->cache, locale, id);
}

static inline const sb_locale *sb_locale_of(const sb_maker *maker, uint32_t locale)
{
    return sb_tables_locale(maker->world->tables, locale);
}

/* Where a cell is; kept for the cells asked for last. */
sb_home sb_maker_home(sb_maker *maker, uint64_t cell);

/* The cell that owns a row, with its other rows. Neighbours cost no division. */
static inline sb_span sb_maker_span(sb_maker *maker, sb_kind kind, uint64_t row)
{
    sb_span *span = &maker->spans[kind];
    if (row - span->begin >= span->end - span->begin) {
        span->cell = sb_world_cell_of(maker->world, kind, row);
        span->begin = sb_world_first_row(maker->world, kind, span->cell);
        span->end = sb_world_first_row(maker->world, kind, span->cell + 1);
    }
    return *span;
}

#endif
