#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "workers/independent_internal.h"

/* ---- the ledger ----------------------------------------------------------------------------- */

/* What a transaction does to one account. */
typedef struct leg {
    int64_t time;
    uint64_t id;
    int64_t amount; /* to the payee; of the payer without the fee, below zero */
    int64_t fee;
    uint32_t account; /* less the first of the pass */
    uint32_t info;    /* currency in the low 24 bits, then the flags */
} leg;

_Static_assert(sizeof(leg) == 40, "the memory of a replay is counted in legs of 40 bytes");

enum {
    LEG_CURRENCY = 0xFFFFFF,
    LEG_COMPLETED = 1 << 24,
    LEG_DEPOSIT = 1 << 25, /* an initial deposit */
    LEG_PAYOUT = 1 << 26,
};

typedef struct ledger_account {
    int64_t opening, closing, lowest, average, limit, credit_total, debit_total, count;
    int32_t opened, closed; /* closed: INT32_MAX when it is not */
    uint32_t currency;
    bool frozen;
    size_t legs_begin, legs_end; /* in the order */
    size_t next;                 /* of the statement lines read so far */
    int64_t balance;
    bool fee_next;
} ledger_account;

/* Where the fields of a statement line stand. */
typedef struct entry_fields {
    const sb_record *record;
    int account, transaction, executed_at, line, amount, currency, balance_after;
} entry_fields;

static sb_status find_entry_fields(const sb_scan *s, entry_fields *out)
{
    if (out->record == s->record)
        return SB_OK;
    SB_TRY(sb_scan_field(s, "account_id", &out->account));
    SB_TRY(sb_scan_field(s, "transaction_id", &out->transaction));
    SB_TRY(sb_scan_field(s, "executed_at", &out->executed_at));
    SB_TRY(sb_scan_field(s, "line", &out->line));
    SB_TRY(sb_scan_field(s, "amount", &out->amount));
    SB_TRY(sb_scan_field(s, "currency", &out->currency));
    SB_TRY(sb_scan_field(s, "balance_after", &out->balance_after));
    out->record = s->record;
    return SB_OK;
}

/* Accounts [first, first + count). */
typedef struct replay {
    sb_check *all;
    uint64_t first;
    size_t count;
    ledger_account *accounts; /* owned */
    leg *legs;                /* owned */
    size_t leg_count, leg_capacity;
    uint32_t *order, *scratch; /* owned: leg_count */
    sb_transaction_fields transaction;
    entry_fields entry;
    int32_t start_days;
} replay;

static uint32_t currency_code(const sb_value *value)
{
    if (value->kind != SB_VALUE_STR || value->count != 3)
        return 0;
    return (uint32_t)value->bytes[0] | (uint32_t)value->bytes[1] << 8 |
           (uint32_t)value->bytes[2] << 16;
}

static bool in_range(const replay *r, const sb_value *account)
{
    return sb_value_is_int(account) && (uint64_t)account->number >= r->first &&
           (uint64_t)account->number - r->first < r->count;
}

static sb_status take_account(sb_scan *s, void *user)
{
    replay *r = user;
    if (s->row < r->first || s->row - r->first >= r->count)
        return SB_OK;
    const sb_value *closed = sb_scan_value(s, "closed");
    r->accounts[s->row - r->first] = (ledger_account){
        .opening = sb_scan_value(s, "opening_balance")->number,
        .closing = sb_scan_value(s, "closing_balance")->number,
        .lowest = sb_scan_value(s, "lowest_balance")->number,
        .average = sb_scan_value(s, "average_balance")->number,
        .limit = sb_scan_value(s, "overdraft_limit")->number,
        .credit_total = sb_scan_value(s, "credit_total")->number,
        .debit_total = sb_scan_value(s, "debit_total")->number,
        .count = sb_scan_value(s, "transaction_count")->number,
        .opened = (int32_t)sb_scan_value(s, "opened")->number,
        .closed = sb_value_is_int(closed) ? (int32_t)closed->number : INT32_MAX,
        .currency = currency_code(sb_scan_value(s, "currency")),
        .frozen = sb_value_is_text(sb_scan_value(s, "status"), "frozen"),
    };
    return SB_OK;
}

static sb_status add_leg(replay *r, leg one)
{
    if (r->leg_count == r->leg_capacity || r->leg_count == UINT32_MAX)
        return sb_fail(r->all->err, SB_EDAMAGED,
                       "the transactions changed while they were checked");
    r->legs[r->leg_count++] = one;
    return SB_OK;
}

static sb_status take_transaction(sb_scan *s, void *user)
{
    replay *r = user;
    sb_transaction_fields *at = &r->transaction;
    SB_TRY(sb_transaction_find(s, at));
    const sb_value *v = s->values;
    leg one = {.time = v[at->executed_at].number, .id = (uint64_t)v[at->id].number};
    one.info = sb_value_is_text(&v[at->status], "completed") ? (uint32_t)LEG_COMPLETED : 0;
    if (sb_value_is_text(&v[at->type], "initial_deposit"))
        one.info |= LEG_DEPOSIT;
    if (sb_value_is_text(&v[at->type], "payout"))
        one.info |= LEG_PAYOUT;
    if (in_range(r, &v[at->from])) {
        leg debit = one;
        debit.account = (uint32_t)((uint64_t)v[at->from].number - r->first);
        debit.amount = -v[at->amount].number;
        debit.fee = v[at->fee].number;
        debit.info |= currency_code(&v[at->currency]);
        SB_TRY(add_leg(r, debit));
    }
    if (in_range(r, &v[at->to])) {
        one.account = (uint32_t)((uint64_t)v[at->to].number - r->first);
        one.amount = v[at->to_amount].number;
        one.info |= currency_code(&v[at->to_currency]);
        SB_TRY(add_leg(r, one));
    }
    return SB_OK;
}

static bool leg_before(const replay *r, uint32_t a, uint32_t b)
{
    const leg *x = &r->legs[a], *y = &r->legs[b];
    return x->time != y->time ? x->time < y->time : x->id < y->id;
}

/* Merges two sorted runs. */
static void merge_runs(replay *r, size_t begin, size_t middle, size_t end)
{
    size_t a = begin, b = middle, at = begin;
    memcpy(r->scratch + begin, r->order + begin, (end - begin) * sizeof *r->order);
    while (a < middle && b < end)
        r->order[at++] =
            leg_before(r, r->scratch[b], r->scratch[a]) ? r->scratch[b++] : r->scratch[a++];
    while (a < middle)
        r->order[at++] = r->scratch[a++];
    while (b < end)
        r->order[at++] = r->scratch[b++];
}

/* Legs come in the order of the cells that wrote them, so mostly they are in order already. */
static void sort_run(replay *r, size_t begin, size_t end)
{
    bool sorted = true;
    for (size_t i = begin + 1; i < end && sorted; i++)
        sorted = !leg_before(r, r->order[i], r->order[i - 1]);
    if (sorted)
        return;
    size_t middle = begin + (end - begin) / 2;
    sort_run(r, begin, middle);
    sort_run(r, middle, end);
    merge_runs(r, begin, middle, end);
}

/* Account by account, each one's legs in the order of (time, id). */
static void order_legs(replay *r)
{
    size_t at = 0;
    for (size_t i = 0; i < r->leg_count; i++)
        r->accounts[r->legs[i].account].legs_end++;
    for (size_t a = 0; a < r->count; a++) {
        ledger_account *account = &r->accounts[a];
        size_t legs = account->legs_end;
        account->legs_begin = account->legs_end = at;
        at += legs;
    }
    for (size_t i = 0; i < r->leg_count; i++)
        r->order[r->accounts[r->legs[i].account].legs_end++] = (uint32_t)i;
    for (size_t a = 0; a < r->count; a++)
        sort_run(r, r->accounts[a].legs_begin, r->accounts[a].legs_end);
}

/* ---- failures of the ledger ----------------------------------------------------------------- */

SB_PRINTF(4, 5)
static sb_status wrong_account(const replay *r, size_t account, const char *field,
                               const char *format, ...)
{
    char what[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return sb_fail(r->all->err, SB_EWRONG, "accounts: row %" PRIu64 ": %s: %s", r->first + account,
                   field, what);
}

/* Which row a transaction stands in: searched only to say so. */
typedef struct search {
    uint64_t id, row;
    int id_index;
} search;

static sb_status take_searched(sb_scan *s, void *user)
{
    search *of = user;
    int64_t id;
    if (sb_row_int(s->bytes, s->row_bytes, of->id_index, &id) && (uint64_t)id == of->id)
        of->row = s->row;
    return of->row != SB_NO_ROWS ? SB_ESTOPPED : SB_OK;
}

static sb_status wrong_leg(const replay *r, const leg *one, const char *field, const char *what)
{
    search of = {one->id, SB_NO_ROWS, r->transaction.id};
    sb_error *err = r->all->err;
    sb_check quiet = *r->all;
    quiet.err = NULL;
    quiet.progress = NULL;
    (void)!sb_scan_kind(&quiet, "transactions", 0, SB_NO_ROWS, NULL, take_searched, &of);
    return sb_fail(err, SB_EWRONG,
                   "transactions: row %" PRIu64 ": %s: %s A%" PRIu64 " (id %" PRIu64 ")", of.row,
                   field, what, r->first + one->account, one->id);
}

/* ---- replaying one account ------------------------------------------------------------------ */

static sb_status check_life(const replay *r, const ledger_account *account, size_t index,
                            const leg *one)
{
    if ((one->info & LEG_CURRENCY) != account->currency)
        return wrong_leg(r, one, one->amount <= 0 ? "currency" : "to_currency",
                         "is not that of account");
    if (sb_day_of(one->time) < account->opened)
        return wrong_leg(r, one, "executed_at", "before the opening of account");
    if (sb_day_of(one->time) > account->closed)
        return wrong_leg(r, one, "executed_at", "after the closing of account");
    if (account->frozen && (one->info & LEG_COMPLETED))
        return wrong_leg(r, one, "status", "completed, on frozen account");
    bool first = index == account->legs_begin, last = index + 1 == account->legs_end;
    bool opened_inside = account->opened >= r->start_days;
    bool closed_inside = account->closed != INT32_MAX && account->closed >= r->start_days;
    if (((one->info & LEG_DEPOSIT) != 0) != (first && opened_inside))
        return wrong_leg(r, one, "type",
                         first ? "an initial deposit is what must open account"
                               : "an initial deposit that does not open account");
    if (((one->info & LEG_PAYOUT) != 0) != (last && closed_inside))
        return wrong_leg(r, one, "type",
                         last ? "a payout is what must close account"
                              : "a payout that does not close account");
    return SB_OK;
}

typedef struct sums {
    int64_t balance, lowest, credit_total, debit_total, count;
    __int128 area; /* what was booked, times the seconds that it counted for */
    bool overflow;
} sums;

static void add_to(sums *of, int64_t *total, int64_t amount)
{
    of->overflow = __builtin_add_overflow(*total, amount, total) || of->overflow;
}

static sb_status replay_legs(const replay *r, const ledger_account *account, sums *of)
{
    for (size_t i = account->legs_begin; i < account->legs_end; i++) {
        const leg *one = &r->legs[r->order[i]];
        SB_TRY(check_life(r, account, i, one));
        if (!(one->info & LEG_COMPLETED))
            continue;
        add_to(of, &of->balance, one->amount);
        add_to(of, &of->balance, -one->fee);
        if (one->amount < 0 || one->fee > 0) {
            add_to(of, &of->debit_total, -one->amount);
            add_to(of, &of->debit_total, one->fee);
        } else {
            add_to(of, &of->credit_total, one->amount);
        }
        of->area += ((__int128)one->amount - one->fee) * ((r->all->end_ms - one->time) / 1000);
        of->count++;
        if (of->balance < of->lowest)
            of->lowest = of->balance;
    }
    return SB_OK;
}

static sb_status check_sum(const replay *r, size_t account, const char *field, int64_t there,
                           int64_t found)
{
    if (there == found)
        return SB_OK;
    return wrong_account(r, account, field, "%" PRId64 ", but the transactions give %" PRId64,
                         there, found);
}

/* The opening balance all through the period, and each row's share for the whole seconds from it to
 * the end; divided by the seconds of the period, rounded towards zero. */
static int64_t average_of(const replay *r, const ledger_account *account, const sums *of)
{
    int64_t seconds = (r->all->end_ms - r->all->start_ms) / 1000;
    return seconds > 0 ? account->opening + (int64_t)(of->area / seconds) : account->average;
}

static sb_status replay_account(const replay *r, size_t index)
{
    const ledger_account *account = &r->accounts[index];
    sums of = {.balance = account->opening, .lowest = account->opening};
    if (account->opened >= r->start_days && account->opening != 0)
        return wrong_account(r, index, "opening_balance", "not 0, but opened inside the period");
    SB_TRY(replay_legs(r, account, &of));
    if (of.overflow)
        return wrong_account(r, index, "closing_balance", "the sums do not fit into 64 bits");
    SB_TRY(check_sum(r, index, "transaction_count", account->count, of.count));
    SB_TRY(check_sum(r, index, "credit_total", account->credit_total, of.credit_total));
    SB_TRY(check_sum(r, index, "debit_total", account->debit_total, of.debit_total));
    SB_TRY(check_sum(r, index, "closing_balance", account->closing, of.balance));
    SB_TRY(check_sum(r, index, "lowest_balance", account->lowest, of.lowest));
    SB_TRY(check_sum(r, index, "average_balance", account->average, average_of(r, account, &of)));
    if (account->lowest < -account->limit)
        return wrong_account(r, index, "lowest_balance", "%" PRId64 ", below the limit of %" PRId64,
                             account->lowest, -account->limit);
    if (account->closed != INT32_MAX && account->closing != 0 && account->closed >= r->start_days)
        return wrong_account(r, index, "closing_balance", "not 0, but the account is closed");
    return SB_OK;
}

/* ---- statement lines ------------------------------------------------------------------------ */

/* The next completed leg of the account, or NULL. */
static const leg *next_leg(const replay *r, ledger_account *account)
{
    while (account->next < account->legs_end) {
        const leg *one = &r->legs[r->order[account->next]];
        if (one->info & LEG_COMPLETED)
            return one;
        account->next++;
    }
    return NULL;
}

/* Lines of an account stand in the order of its legs: a principal each, and a fee where there is
 * one. */
static sb_status take_entry(sb_scan *s, void *user)
{
    replay *r = user;
    entry_fields *at = &r->entry;
    SB_TRY(find_entry_fields(s, at));
    const sb_value *v = s->values;
    if (!in_range(r, &v[at->account]))
        return SB_OK;
    int64_t id = v[at->account].number;
    ledger_account *account = &r->accounts[(uint64_t)id - r->first];
    const leg *one = next_leg(r, account);
    if (one == NULL)
        return WRONG(s, "transaction_id", "more lines than account A%" PRId64 " has transactions",
                     id);
    int64_t amount = account->fee_next ? -one->fee : one->amount;
    if ((uint64_t)v[at->transaction].number != one->id)
        return WRONG(s, "transaction_id",
                     "%" PRId64 ", but %" PRIu64 " is next for account A%" PRId64,
                     v[at->transaction].number, one->id, id);
    if (v[at->executed_at].number != one->time)
        return WRONG(s, "executed_at", "not that of its transaction");
    if (!sb_value_is_text(&v[at->line], account->fee_next ? "fee" : "principal"))
        return WRONG(s, "line", "%s is next", account->fee_next ? "the fee" : "the principal");
    if (v[at->amount].number != amount)
        return WRONG(s, "amount", "%" PRId64 ", but its transaction gives %" PRId64,
                     v[at->amount].number, amount);
    if (currency_code(&v[at->currency]) != account->currency)
        return WRONG(s, "currency", "not the account's");
    account->balance += amount;
    if (v[at->balance_after].number != account->balance)
        return WRONG(s, "balance_after", "%" PRId64 ", but the lines before give %" PRId64,
                     v[at->balance_after].number, account->balance);
    account->fee_next = !account->fee_next && one->fee > 0;
    account->next += !account->fee_next;
    return SB_OK;
}

static sb_status check_entries(replay *r)
{
    for (size_t a = 0; a < r->count; a++) {
        r->accounts[a].next = r->accounts[a].legs_begin;
        r->accounts[a].balance = r->accounts[a].opening;
    }
    SB_TRY(sb_scan_kind(r->all, "entries", 0, SB_NO_ROWS, NULL, take_entry, r));
    for (size_t a = 0; a < r->count; a++) {
        const leg *missing = next_leg(r, &r->accounts[a]);
        if (missing != NULL)
            return sb_fail(r->all->err, SB_EWRONG,
                           "entries: a line is missing: transaction %" PRIu64
                           " of account A%" PRIu64,
                           missing->id, r->first + a);
    }
    return SB_OK;
}

/* ---- passes of the replay ------------------------------------------------------------------- */

/* How many accounts, in whole blocks, fit into memory with their legs; a block at least. */
static size_t accounts_that_fit(const sb_check *all, uint64_t first, uint64_t *legs)
{
    uint64_t rows = all->rows[SB_ACCOUNTS], end = first;
    uint64_t used = 0;
    *legs = 0;
    while (end < rows) {
        uint64_t block = all->leg_counts[end / all->account_block];
        uint64_t more = block * (sizeof(leg) + 2 * sizeof(uint32_t)) +
                        all->account_block * sizeof(ledger_account);
        if (end > first && (used + more > all->memory_bytes || *legs + block > UINT32_MAX - 1))
            break;
        used += more;
        *legs += block;
        end += all->account_block;
    }
    return (size_t)((end < rows ? end : rows) - first);
}

static sb_status open_replay(replay *r, uint64_t legs)
{
    r->leg_capacity = (size_t)legs;
    r->accounts = calloc(r->count + 1, sizeof *r->accounts);
    r->legs = malloc((r->leg_capacity + 1) * sizeof *r->legs);
    r->order = malloc((r->leg_capacity + 1) * sizeof *r->order);
    r->scratch = malloc((r->leg_capacity + 1) * sizeof *r->scratch);
    return r->accounts != NULL && r->legs != NULL && r->order != NULL && r->scratch != NULL
               ? SB_OK
               : sb_fail(r->all->err, SB_ENOMEM,
                         "no memory to replay %zu accounts: give --memory less, for more passes",
                         r->count);
}

static void close_replay(replay *r)
{
    free(r->accounts);
    free(r->legs);
    free(r->order);
    free(r->scratch);
}

static sb_status run_replay(replay *r)
{
    sb_check *all = r->all;
    SB_TRY(sb_scan_kind(all, "accounts", r->first, r->first + r->count, NULL, take_account, r));
    if (all->rows[SB_TRANSACTIONS] != SB_NO_ROWS)
        SB_TRY(sb_scan_kind(all, "transactions", 0, SB_NO_ROWS, NULL, take_transaction, r));
    order_legs(r);
    for (size_t a = 0; a < r->count; a++)
        SB_TRY(replay_account(r, a));
    return all->rows[SB_ENTRIES] != SB_NO_ROWS ? check_entries(r) : SB_OK;
}

sb_status sb_check_ledger(sb_check *all)
{
    uint64_t first = 0;
    if (all->rows[SB_ACCOUNTS] == SB_NO_ROWS)
        return SB_OK;
    while (first < all->rows[SB_ACCOUNTS]) {
        uint64_t legs = 0;
        replay r = {.all = all, .first = first, .start_days = (int32_t)(all->start_ms / SB_DAY_MS)};
        r.count = accounts_that_fit(all, first, &legs);
        sb_status status = open_replay(&r, legs);
        if (status == SB_OK)
            status = run_replay(&r);
        close_replay(&r);
        SB_TRY(status);
        first += r.count;
    }
    return SB_OK;
}
