/* Accounts: what is static about them. Balances come from the ledger. */
#ifndef ENGINE_ACCOUNT_H
#define ENGINE_ACCOUNT_H

#include "engine/maker.h"

typedef enum sb_life {
    SB_ALWAYS_OPEN,
    SB_OPENED_INSIDE,
    SB_CLOSED_INSIDE,
    SB_CLOSED_BEFORE,
    SB_FROZEN /* has a balance, but nothing moves it */
} sb_life;

/* The account core: what the other end of a link needs to know. One cheap draw. */
typedef struct sb_core {
    int64_t open_ms;  /* rows are after; INT64_MIN: open since before the period */
    int64_t close_ms; /* rows are before; INT64_MAX: open beyond it, INT64_MIN: never open in it */
    int64_t limit;    /* overdraft, minor units */
    uint64_t company; /* the owner of companies' accounts */
    uint32_t
        affluence;  /* percent of the ordinary amounts in the US: the owner's and the country's */
    uint16_t local; /* index in the cell: id = first_account + local */
    uint16_t price_level; /* the country's part of it */
    uint16_t currency;    /* row of the shared currencies */
    uint16_t mcc;         /* row of the shared categories, of companies' accounts */
    uint8_t type;         /* SB_ACCOUNT_* */
    uint8_t life;
    bool made; /* for caches of cores */
} sb_core;
_Static_assert(sizeof(sb_core) <= 48, "a hub's cell has 60,000 of them");
_Static_assert(SB_CELL_ACCOUNTS <= UINT16_MAX, "sb_core.local is too narrow");

/* The core of the account with that role in the cell. `home` is the cell's. */
void sb_core_make(sb_maker *maker, const sb_layout *layout, const sb_home *home, uint32_t role,
                  sb_core *out);

/* Those of all accounts of the cell, by role. */
void sb_cores_make(sb_maker *maker, const sb_layout *layout, const sb_home *home, sb_core *out);

typedef struct sb_owner {
    bool company;
    uint64_t id;
} sb_owner;
sb_owner sb_account_owner(const sb_layout *layout, uint32_t role);

/* What the address in the network of a household's or a company's own connection is drawn from: see
 * sb_line_ip(). Payments, logins, messages and devices at home all come from there. */
uint64_t sb_home_draw(const sb_world *world, const sb_owner *who);
/* The same by the key of a household or a company. */
static inline uint64_t sb_household_draw(sb_key household_key)
{
    return sb_draw(household_key, 8000);
}

/* What a replay found. */
typedef struct sb_balances {
    int64_t opening, closing, lowest, credit_total, debit_total, average;
    uint64_t transaction_count;
} sb_balances;

/* An account with what of its row can be known beforehand. */
typedef struct sb_account {
    uint64_t id, number;
    uint32_t role;
    sb_key key;
} sb_account;
sb_account sb_account_of(const sb_world *world, const sb_layout *layout, const sb_core *core,
                         uint32_t role);
/* Those of the cell, a block at a time, from the one with index `first` on. Returns how many; 0 at
 * the end. */
uint32_t sb_accounts_take(const sb_maker *maker, const sb_layout *layout, uint32_t first,
                          sb_account out[SB_LANES]);

/* Appends one row. */
void sb_account_put_known(sb_maker *maker, sb_rows *rows, const sb_layout *layout,
                          const sb_home *home, const sb_account *what, const sb_core *core,
                          const sb_balances *balances);
void sb_account_put(sb_maker *maker, sb_rows *rows, const sb_layout *layout, const sb_home *home,
                    uint32_t role, const sb_core *core, const sb_balances *balances);

/* The account number: ten digits, another for every account. */
uint64_t sb_account_number(const sb_world *world, uint64_t id);
/* The account with that number; the count of accounts when there is none. */
uint64_t sb_account_by_number(const sb_world *world, uint64_t number);
/* Appends the account's IBAN, another for every account; nothing in a country without. */
void sb_account_iban(sb_maker *maker, uint32_t locale, uint64_t id, sb_line *out);
/* The account with that IBAN; the count of accounts when there is none. */
uint64_t sb_account_by_iban(sb_maker *maker, const char *iban);
/* The row of its bank among the banks of its cell's locale. */
uint32_t sb_account_bank(sb_maker *maker, uint32_t locale, uint64_t id);

/* The day an account was opened (for display; exact for those opened inside), and closed. */
int32_t sb_account_opened(sb_maker *maker, const sb_layout *layout, uint32_t role,
                          const sb_core *core);
int32_t sb_account_closed(const sb_world *world, uint64_t id, const sb_core *core, int32_t opened);

#endif
