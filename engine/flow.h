/* Flows: who pays whom, when and how much, without any balance.
 *
 * A cell's flows come from streams: what happens inside the cell (regular payments, retail,
 * transfers), its links to other cells (which both ends recompute), and what derives from accounts
 * that open and close. Flow k of a stream is a function of the stream's key and k. */
#ifndef ENGINE_FLOW_H
#define ENGINE_FLOW_H

#include "engine/account.h"
#include "engine/maker.h"

enum { SB_OUTSIDE = 0xFFFF }; /* a role: beyond the border of the dataset */

/* Whom a flow's ends are drawn from, and by which weights: companies as payees and as payers,
 * accounts people spend from as payers and as payees, accounts they keep money in. */
typedef enum sb_crowd {
    SB_CROWD_SELLERS,
    SB_CROWD_BUYERS,
    SB_CROWD_SPENDERS,
    SB_CROWD_FRIENDS, /* the same accounts, as people who are paid */
    SB_CROWD_KEEPERS,
    SB_CROWD_COUNT
} sb_crowd;

/* What somebody who looks for a shop, or whose bill it could be, sees of a seller. Made when first
 * asked for: such a choice is tried a few times over, so it reads four bytes instead of a core. */
typedef struct sb_stall {
    uint8_t appeal[2]; /* of its category: to those with a card, as a sender of bills */
    bool known, is_always_open;
} sb_stall;

/* One end of a stream: a ledger cell with the cores of its accounts, by role, made when first asked
 * for. */
typedef struct sb_side {
    sb_layout layout;
    sb_home home;
    uint32_t country; /* row of the shared countries */
    bool in_us;
    sb_label location; /* the city's name, if it is short enough */
    sb_core *cores;    /* arena; [account_count] */
    sb_stall *stalls;  /* arena; of SB_CROWD_SELLERS, by role */
    /* Arena, made when first asked for; NULL where few are asked for. The owners' addresses in the
     * network when they are at home [account_count], and the names of companies [company_accounts].
     */
    sb_piece *addresses;
    sb_label *names;
    /* Where flows of some accounts are asked for; see flow_sift.c. Arena: bits, by role. */
    uint8_t *known;
    uint16_t first_slots[SB_CROWD_COUNT];
    struct {
        uint32_t begin;          /* role */
        const sb_alias *ranking; /* of the roles from there; borrowed from the maker */
    } crowds[SB_CROWD_COUNT];
} sb_side;

typedef enum sb_stream_kind {
    SB_STREAM_REGULAR,
    SB_STREAM_RETAIL,
    SB_STREAM_TRANSFER,
    SB_STREAM_LINK,
    SB_STREAM_OPENED, /* initial deposits */
    SB_STREAM_CLOSED, /* payouts */
} sb_stream_kind;

typedef struct sb_stream {
    sb_stream_kind kind;
    sb_key key;
    uint32_t count;
    uint32_t first_index; /* of its rows, within the home cell's */
    uint64_t step;        /* 2^64 / count: see sb_position() */
    sb_side *home;        /* whose rows these are */
    sb_side *peer;        /* of links: the other end; else the home itself */
} sb_stream;

/* What kind of payment a flow is: how ends and amount are drawn, and how the row is dressed. */
typedef enum sb_purpose {
    SB_FOR_CARD,        /* a person pays a merchant of the dataset */
    SB_FOR_CARD_ABROAD, /* ... one outside it */
    SB_FOR_CASH_OUT,
    SB_FOR_CASH_IN,
    SB_FOR_BILL,
    SB_FOR_FRIEND,
    SB_FOR_INVOICE,  /* a person pays a company by transfer */
    SB_FOR_SUPPLIER, /* a company pays a company */
    SB_FOR_IMPORT,   /* ... one outside */
    SB_FOR_EXPORT,   /* one outside pays a company */
    SB_FOR_REFUND,   /* a company pays a person */
    SB_FOR_INCOMING, /* someone outside pays a person */
    SB_FOR_SAVING,   /* into accounts money is kept in */
    SB_FOR_UNSAVING, /* and back */
    SB_FOR_SALARY,
    SB_FOR_RENT,
    SB_FOR_STANDING,
    SB_FOR_INTEREST,
    SB_FOR_OPENING,
    SB_FOR_PAYOUT,
    SB_PURPOSE_COUNT
} sb_purpose;

/* Forty bytes: a hub's cell has a quarter of a million of them. */
typedef struct sb_flow {
    int64_t time; /* ms */
    int64_t
        amount; /* minor units of the payer's currency (the payee's where the payer is outside) */
    int64_t to_amount; /* of the payee's; see sb_flow_rate() */
    uint32_t fee;
    uint16_t from, to;     /* roles: on the side that from_peer and to_peer say, or SB_OUTSIDE */
    uint32_t k : 17;       /* of the stream */
    uint32_t outside : 10; /* number of the outside party, stable for recurring ones */
    uint32_t purpose : 5;
    uint8_t stream; /* index in the cell's list */
    uint8_t status : 2;
    bool from_peer : 1, to_peer : 1;
    bool from_here : 1, to_here : 1; /* the end is an account of the ledger's cell */
    bool is_own : 1;                 /* the ledger's cell writes the row */
} sb_flow;
_Static_assert(SB_PURPOSE_COUNT <= 1 << 5, "sb_flow.purpose is too narrow");
_Static_assert(SB_CELL_TRANSACTIONS <= 1 << 17, "sb_flow.k is too narrow");

/* A regular payment, enumerated when the cell is made: few, and the same every month. */
typedef struct sb_regular {
    int64_t time, amount;
    uint16_t from, to;
    uint16_t outside;
    uint8_t purpose;
} sb_regular;

/* A side of the given cell; cores are taken from the maker's arena. */
SB_CHECK sb_status sb_side_make(sb_maker *maker, uint64_t cell, sb_side *out, sb_error *err);
static inline const sb_core *sb_side_core(sb_maker *maker, sb_side *side, uint32_t role)
{
    sb_core *core = &side->cores[role];
    if (!core->made)
        sb_core_make(maker, &side->layout, &side->home, role, core);
    return core;
}

/* Flow k of a stream (not of SB_STREAM_REGULAR, whose list the caller has). The ledger adds stream,
 * from_here, to_here and is_own. */
void sb_flow_make(sb_maker *maker, const sb_stream *stream, uint32_t k, sb_flow *out);
/* Flows begin .. end-1 of the stream. */
void sb_flows_make(sb_maker *maker, const sb_stream *stream, uint32_t begin, uint32_t end,
                   sb_flow *out);
/* The accounts of a side that flows are asked for. */
typedef struct sb_watch {
    const sb_side *side;
    bool in_crowd[SB_CROWD_COUNT]; /* whether one of them is */
    uint64_t *slots;               /* arena; what the sieve reads: see flow_sift.c */
    uint32_t slot_count;
    uint64_t *shops; /* arena; by role, where a seller is watched */
} sb_watch;
SB_CHECK sb_status sb_watch_make(sb_maker *maker, sb_side *side, const uint16_t *roles,
                                 uint32_t count, sb_watch *out, sb_error *err);
bool sb_is_watched(const sb_watch *watch, const sb_side *side, uint16_t role);
/* For both ends of streams that sb_flows_make_of() is asked of. */
SB_CHECK sb_status sb_side_know(sb_maker *maker, sb_side *side, sb_error *err);
/* The stream's flows in which a watched account takes part, in any order; returns how many. What
 * nobody asks for is not made. `out` has room for all. */
uint32_t sb_flows_make_of(sb_maker *maker, const sb_stream *stream, sb_watch *watch, sb_flow *out);
/* Flow k of a regular stream. */
void sb_flow_regular(sb_maker *maker, const sb_stream *stream, const sb_regular *regular,
                     uint32_t k, sb_flow *out);

/* The rate of a flow between two accounts: see sb_rate(); 0 where they have one currency. */
int64_t sb_flow_rate(sb_maker *maker, const sb_core *from, const sb_core *to, int64_t time);

/* Fills `out` with the cell's regular payments, at most `limit`. Returns how many. */
uint32_t sb_regulars_list(sb_maker *maker, sb_side *side, sb_regular *out, uint32_t limit);

/* The row key that both the flow and its row draw from; numbers below 64 are the flow's. */
static inline sb_key sb_flow_key(const sb_stream *stream, uint32_t k)
{
    return sb_row_key(stream->key, k);
}

/* ---- merchants outside the dataset ---------------------------------------------------------- */

enum { SB_OUTSIDE_MERCHANTS = 1024 };
_Static_assert(SB_OUTSIDE_MERCHANTS <= 1 << 10, "sb_flow.outside is too narrow");

typedef struct sb_merchant {
    const uint8_t *name; /* as a row writes it: see sb_rows_label_bytes() */
    uint16_t mcc;        /* row of the categories */
    uint8_t name_bytes;  /* always kept: none is longer than a label */
} sb_merchant;

/* Merchant 0 .. SB_OUTSIDE_MERCHANTS-1 of a locale; made at first use and kept. */
const sb_merchant *sb_maker_merchant(sb_maker *maker, uint32_t locale, uint32_t number);
/* Its category alone: a list of those stays in the cache, names do not. */
uint16_t sb_maker_merchant_mcc(sb_maker *maker, uint32_t locale, uint32_t number);

#endif
