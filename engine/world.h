/* The world of a spec: how many cells, who lives where, by arithmetic alone.
 *
 *     rows of a kind  --floor(c * N / K)-->  cells  --eight-->  groups  --runs-->  shards
 *
 * A cell is a neighbourhood small enough for the cache. Everything here is O(1) or a short loop and
 * needs no rows to be made. Read-only once open, shared by all workers. */
#ifndef ENGINE_WORLD_H
#define ENGINE_WORLD_H

#include <stdint.h>

#include "engine/calendar.h"
#include "engine/draw.h"
#include "engine/spec.h"
#include "engine/tables.h"
#include "format/schema.h"
#include "seedbank/status.h"

enum {
    SB_GROUP_CELLS = 8,
    /* Quotas: the most rows of a kind that a cell holds. */
    SB_CELL_PERSONS = 512,
    SB_CELL_COMPANIES = 102,
    SB_CELL_ACCOUNTS = 1024,
    SB_CELL_TRANSACTIONS = 65536,
    SB_CELL_COMMUNICATIONS = 8192,
    /* Links: four chords at home, and one to a hub. */
    SB_CHORDS = 4,
    SB_LINK_SLOTS = SB_CHORDS + 1,
    SB_HUB_RUN = 48,
    SB_LINKS_MAX = 64,
    /* A link carries one row in 20 of its home cell. A hub of 48 then handles at most 3.6 times its
     * own rows, and a cell at most four times: tests hold it to that. */
    SB_LINK_SHARE = 20,
    /* A link between cells of two countries carries a third of what others do: most money stays in
     * its country. Links to hubs are world-wide trade and carry all. */
    SB_ABROAD_SHARE = 3,
    /* Cells take the locales in turn, in a pattern that repeats: so cells that many apart are of
     * one country, whatever the number of cells. */
    SB_LOCALE_PATTERN = 128,
    SB_COMPANY_BLOCKS = 8, /* job markets a cell: 64 persons, 12 or 13 companies each */
};

typedef struct sb_world {
    const sb_spec *spec; /* borrowed */
    sb_spec_values values;
    const sb_tables *tables; /* borrowed from spec */
    sb_calendar *calendar;   /* owned */
    uint64_t cell_count;
    /* Accounts and transactions live in cells of their own number where there are too few accounts
     * for every cell to have some (fewer than eight a cell); else the same number. */
    uint64_t ledger_cell_count;
    uint64_t group_count;
    int64_t start_ms, end_ms;
    uint8_t id_bits[SB_KIND_COUNT]; /* of an event's index in its cell; 0: dense ids */
    sb_key persons, households, companies, accounts, rates, merchants; /* stream keys of rows */
    sb_permutation account_numbers, leis, references;
    sb_alias locale_alias;
    uint32_t locale_threshold[SB_LOCALES_MAX], locale_other[SB_LOCALES_MAX];
    uint8_t locale_pattern[SB_LOCALE_PATTERN]; /* of cell c: [c modulo that] */
    uint8_t pattern_rank[SB_LOCALE_PATTERN];   /* how many slots before it have its locale */
    uint8_t pattern_slots[SB_LOCALES_MAX];     /* how many a locale has */
} sb_world;

/* The number of cells that these counts make. */
uint64_t sb_cells_of_counts(const uint64_t counts[SB_KIND_COUNT]);

SB_CHECK sb_status sb_world_open(const sb_spec *spec, sb_world **out, sb_error *err);
void sb_world_close(sb_world *world);

/* Whether rows of the kind have permuted ids and stand in the order of (time, id) in their cell. */
bool sb_kind_is_event(sb_kind kind);

/* Cells of a kind, and the first row of one of them; `cell` may be the count itself (or beyond). Of
 * entries no rows are known: 0. */
uint64_t sb_world_cells(const sb_world *world, sb_kind kind);
uint64_t sb_world_first_row(const sb_world *world, sb_kind kind, uint64_t cell);
/* The cell that owns a row of a kind; row < count. */
uint64_t sb_world_cell_of(const sb_world *world, sb_kind kind, uint64_t row);
/* The first row of a group (or, for group_count, the count). */
uint64_t sb_world_group_row(const sb_world *world, sb_kind kind, uint64_t group);
/* The cell of an event's id; the count of cells when there is no such cell. */
uint64_t sb_world_cell_of_id(const sb_world *world, sb_kind kind, uint64_t id);

/* Numbers the accounts of a locale without many gaps, whatever others there are: some arithmetic
 * instead of 10^10 numbers for all. And back: SB_ACCOUNTS_MAX when no account can have it. */
uint64_t sb_world_local_index(const sb_world *world, uint64_t account);
uint64_t sb_world_local_account(const sb_world *world, uint32_t locale, uint64_t index);

/* floor(cell * rows / cells), and the cell of a row under that rule. */
uint64_t sb_share_begin(uint64_t cell, uint64_t rows, uint64_t cells);
uint64_t sb_share_of(uint64_t row, uint64_t rows, uint64_t cells);

/* The ledger cell whose accounts the events of a cell are about; mostly its own. */
static inline uint64_t sb_ledger_cell_of(const sb_world *world, uint64_t cell)
{
    return world->ledger_cell_count == world->cell_count
               ? cell
               : sb_muldiv(cell, world->ledger_cell_count, world->cell_count);
}

/* Whom a cell draws on: its own share of N, or, where there are fewer than cells, the one nearest.
 */
typedef struct sb_pool {
    uint64_t first;
    uint64_t count; /* 0 only when N is 0 */
} sb_pool;
sb_pool sb_pool_of(uint64_t cell, uint64_t rows, uint64_t cells);

/* Where a cell is. */
typedef struct sb_home {
    uint32_t locale;
    uint32_t city; /* row of the locale's cities */
    sb_clock clock;
} sb_home;
sb_home sb_home_of(const sb_world *world, sb_table_cache *cache, uint64_t cell);
/* The clock of a city. */
sb_clock sb_city_clock(const sb_table *cities, uint32_t city);

/* ---- the ledger side of a cell -------------------------------------------------------------- */

/* Roles of a cell's accounts, in role order: the companies' accounts, accounts people spend from
 * (first one current account a person, then cards and second current accounts), accounts they keep
 * money in. */
typedef struct sb_layout {
    uint64_t cell;
    sb_key key;
    uint64_t first_account;
    uint32_t account_count;
    uint32_t company_accounts;                      /* roles 0 .. */
    uint32_t current_accounts;                      /* first current accounts, after them */
    uint32_t card_accounts;                         /* credit cards, after them */
    uint32_t second_accounts;                       /* second current accounts, after them */
    uint32_t savings_accounts, investment_accounts; /* then loans, to the end */
    sb_pool persons, companies;
    /* Lifetimes, in the order of a second permutation: opened inside the period, closed inside it,
     * closed before it, frozen all through it; all others are always open. */
    uint32_t opened_inside, closed_inside, closed_before, frozen;
    uint64_t first_transaction;
    uint32_t transaction_count, derived_count;
    uint32_t link_rows; /* of one home link */
    sb_permutation role, life, person_order, company_order, ids;
} sb_layout;

void sb_layout_make(const sb_world *world, uint64_t cell, sb_layout *out);

/* Where spending accounts end: the roles from company_accounts to here. */
static inline uint32_t sb_layout_spend_end(const sb_layout *layout)
{
    return layout->company_accounts + layout->current_accounts + layout->card_accounts +
           layout->second_accounts;
}

/* The index of a transaction within its home cell: links first, each in its slot, then derived
 * rows, then the rows inside the cell. So both ends of a link know an id, and nothing shifts when
 * links collapse. */
static inline uint32_t sb_link_index(const sb_layout *home, uint32_t slot, uint32_t k)
{
    return slot * home->link_rows + k;
}
static inline uint32_t sb_derived_index(const sb_layout *home, uint32_t k)
{
    return SB_LINK_SLOTS * home->link_rows + k;
}
static inline uint32_t sb_inside_index(const sb_layout *home, uint32_t k)
{
    return SB_LINK_SLOTS * home->link_rows + home->derived_count + k;
}
/* Of an index that is permuted already, and of an index. */
static inline uint64_t sb_transaction_id_of(const sb_world *world, const sb_layout *home,
                                            uint64_t permuted)
{
    return home->cell << world->id_bits[SB_TRANSACTIONS] | permuted;
}
static inline uint64_t sb_transaction_id(const sb_world *world, const sb_layout *home,
                                         uint32_t index)
{
    return sb_transaction_id_of(world, home, sb_permute(&home->ids, index));
}

/* A link as one of its ends sees it. */
typedef struct sb_link {
    uint64_t peer;
    uint32_t slot;
    bool home; /* whether this end is the link's home, whose rows it writes */
} sb_link;

/* The links of a ledger cell, in a fixed order, each unordered pair once. Returns how many. */
uint32_t sb_links_of(const sb_world *world, uint64_t cell, sb_link out[SB_LINKS_MAX]);

#endif
