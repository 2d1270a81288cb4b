/* One entity with what belongs to it, made from the spec alone.
 *
 * Only what is printed is made as rows: of a statement's cell the ledger, of its flows those of the
 * account. So a statement of ten years costs one cell, not a dataset. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/communication.h"
#include "engine/company.h"
#include "engine/ledger.h"
#include "engine/person.h"
#include "engine/transaction.h"
#include "format/text_put.h"
#include "workers/show_internal.h"

enum {
    ACCOUNTS_SHOWN = 100, /* of one owner */
    MESSAGES_SHOWN = 10,
};

/* ---- rows ----------------------------------------------------------------------------------- */

static void make_person(sb_view *s, sb_made_row *row, uint64_t id)
{
    sb_rows rows = sb_view_row_begin(row, SB_PERSONS);
    sb_person_put(s->maker, &rows, id);
    sb_view_row_end(row, &rows);
}

static void make_company(sb_view *s, sb_made_row *row, uint64_t id)
{
    sb_rows rows = sb_view_row_begin(row, SB_COMPANIES);
    sb_company_put(s->maker, &rows, id);
    sb_view_row_end(row, &rows);
}

static void make_account(sb_view *s, sb_made_row *row, const sb_ledger *ledger, uint32_t role)
{
    sb_rows rows = sb_view_row_begin(row, SB_ACCOUNTS);
    sb_account_put(s->maker, &rows, &ledger->side->layout, &ledger->side->home, role,
                   sb_side_core(s->maker, ledger->side, role), &ledger->balances[role]);
    sb_view_row_end(row, &rows);
}

/* The row as the cell writes it that owns it: the home of its stream. */
static void make_transaction(sb_view *s, sb_made_row *row, const sb_ledger *ledger,
                             const sb_flow *flow)
{
    sb_ledger as_home = *ledger;
    sb_rows rows = sb_view_row_begin(row, SB_TRANSACTIONS);
    as_home.side = ledger->streams[flow->stream].home;
    sb_transaction_put(s->maker, &rows, &as_home, flow);
    sb_view_row_end(row, &rows);
}

/* ---- parts of what is shown ----------------------------------------------------------------- */

/* Who it is, in one line: a person or company with id and name. `role` may be NULL. */
static sb_status put_who(sb_view *s, sb_made_row *row, bool company, uint64_t id, const char *role)
{
    const char *name;
    if (company)
        make_company(s, row, id);
    else
        make_person(s, row, id);
    SB_TRY(sb_view_name(s, row, &name));
    if (!s->json)
        return sb_sink_format(&s->sink, s->err, "  %c%-14" PRIu64 " %s%s%s\n", company ? 'C' : 'P',
                              id, name, role != NULL ? ", " : "", role != NULL ? role : "");
    SB_TRY(sb_view_begin(s, "{"));
    SB_TRY(sb_view_member(s, "kind", company ? "companies" : "persons"));
    SB_TRY(sb_view_number(s, "id", id));
    SB_TRY(sb_view_member(s, "name", name));
    if (role != NULL)
        SB_TRY(sb_view_member(s, "role", role));
    return sb_view_end(s, "}");
}

static sb_status put_owner(sb_view *s, const char *member, sb_owner owner)
{
    if (s->json)
        SB_TRY(sb_view_key(s, member));
    else
        SB_TRY(sb_sink_format(&s->sink, s->err, "\n%s\n", member));
    return put_who(s, &s->rows[3], owner.company, owner.id, NULL);
}

static sb_status put_account_line(sb_view *s, const sb_made_row *row)
{
    static const struct {
        const char *name;
        int width;
    } columns[] = {{"account_number", 11}, {"type", 12},   {"status", 8},
                   {"currency", 4},        {"opened", 11}, {"closing_balance", 0}};
    int64_t id = 0;
    if (s->json) {
        SB_TRY(sb_view_item(s));
        return sb_view_row_json(s, row);
    }
    (void)sb_row_int(row->bytes, row->length, 0, &id);
    SB_TRY(sb_sink_format(&s->sink, s->err, "  A%-14" PRId64 " ", id));
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        const char *text;
        SB_TRY(sb_view_field(s, row, columns[i].name, &text));
        SB_TRY(sb_view_padded(s, text, columns[i].width));
        SB_TRY(sb_view_text(s, " "));
    }
    s->sink.bytes.length--;
    return sb_view_text(s, "\n");
}

/* The owner's accounts in a cell, at most as many as are still shown. */
static uint32_t roles_of(const sb_layout *layout, bool company, uint64_t id, uint32_t most,
                         uint16_t roles[ACCOUNTS_SHOWN])
{
    uint32_t begin = company ? 0 : layout->company_accounts, count = 0;
    uint32_t end = company ? layout->company_accounts : layout->account_count;
    for (uint32_t role = begin; role < end && count < most; role++)
        if (sb_account_owner(layout, role).id == id)
            roles[count++] = (uint16_t)role;
    return count;
}

static sb_status put_cell_accounts(sb_view *s, uint64_t cell, bool company, uint64_t id,
                                   uint32_t *count)
{
    uint16_t roles[ACCOUNTS_SHOWN];
    sb_layout layout;
    sb_layout_make(s->world, cell, &layout);
    uint32_t here = roles_of(&layout, company, id, ACCOUNTS_SHOWN - *count, roles);
    if (here == 0)
        return SB_OK;
    sb_view_reset(s);
    SB_TRY(sb_ledger_make_of(s->maker, cell, roles, here, &s->ledger, s->err));
    s->has_ledger = true;
    for (uint32_t i = 0; i < here; i++) {
        make_account(s, &s->rows[2], &s->ledger, roles[i]);
        SB_TRY(put_account_line(s, &s->rows[2]));
    }
    *count += here;
    return SB_OK;
}

static sb_status put_accounts(sb_view *s, bool company, uint64_t id)
{
    const sb_world *world = s->world;
    uint64_t cell, last;
    uint32_t count = 0;
    SB_TRY(sb_view_list_begin(s, "accounts", "accounts"));
    if (world->values.counts[SB_ACCOUNTS] > 0) {
        sb_view_cells(world->ledger_cell_count,
                      world->values.counts[company ? SB_COMPANIES : SB_PERSONS], id, &cell, &last);
        for (; cell <= last && count < ACCOUNTS_SHOWN; cell++)
            SB_TRY(put_cell_accounts(s, cell, company, id, &count));
    }
    SB_TRY(sb_view_list_end(s, count));
    if (count < ACCOUNTS_SHOWN)
        return SB_OK;
    if (!s->json)
        return sb_sink_format(&s->sink, s->err, "  only the first %d are listed\n", ACCOUNTS_SHOWN);
    SB_TRY(sb_view_key(s, "accounts_cut"));
    return sb_view_text(s, "true");
}

/* ---- account -------------------------------------------------------------------------------- */

/* One line of a statement. Amounts are of the account's currency. */
typedef struct statement {
    uint16_t role;
    int decimals;
    int64_t balance;
} statement;

static const char *money(const statement *of, int64_t amount,
                         char text[SB_PUT_NUMBER_BYTES_MAX + 1])
{
    *sb_put_decimal(text, amount, of->decimals) = '\0';
    return text;
}

static sb_status put_line_json(sb_view *s, const sb_made_row *row, const char *time, uint64_t id,
                               const char *account, const char *name, const char *line,
                               const char *amount, const char *balance)
{
    const char *text;
    SB_TRY(sb_view_item(s));
    SB_TRY(sb_view_begin(s, "{"));
    SB_TRY(sb_view_member(s, "executed_at", time));
    SB_TRY(sb_view_number(s, "transaction_id", id));
    SB_TRY(sb_view_field(s, row, "type", &text));
    SB_TRY(sb_view_member(s, "type", text));
    SB_TRY(sb_view_key(s, "counterparty_account_id"));
    SB_TRY(sb_view_text(s, account != NULL ? account + 1 : "null"));
    SB_TRY(sb_view_member(s, "counterparty_name", name));
    SB_TRY(sb_view_field(s, row, "description", &text));
    SB_TRY(sb_view_member(s, "description", text));
    SB_TRY(sb_view_member(s, "line", line));
    SB_TRY(sb_view_member(s, "amount", amount));
    SB_TRY(sb_view_member(s, "balance_after", balance));
    return sb_view_end(s, "}");
}

/* A number with blanks before it, one at least. */
static sb_status put_right(sb_view *s, const char *number, int width)
{
    static const char blanks[] = "                    ";
    int left = width - (int)strlen(number);
    SB_TRY(sb_view_text(s, blanks + sizeof blanks - 1 - (left > 1 ? left : 1)));
    return sb_view_text(s, number);
}

static sb_status put_line_text(sb_view *s, const sb_made_row *row, const char *time, uint64_t id,
                               const char *party, bool fee, const char *amount, const char *balance)
{
    const char *text;
    char number[SB_PUT_NUMBER_BYTES_MAX + 1];
    *sb_put_uint(number, id) = '\0';
    SB_TRY(sb_view_text(s, "  "));
    SB_TRY(sb_view_text(s, time));
    SB_TRY(sb_view_text(s, "  T"));
    SB_TRY(sb_view_padded(s, number, 12));
    SB_TRY(sb_view_text(s, " "));
    SB_TRY(sb_view_field(s, row, "type", &text));
    SB_TRY(sb_view_padded(s, fee ? "fee" : text, 15));
    SB_TRY(put_right(s, amount, 15));
    SB_TRY(put_right(s, balance, 17));
    if (fee) /* the line above it says the rest */
        return sb_view_text(s, "\n");
    SB_TRY(sb_view_text(s, "  "));
    SB_TRY(sb_view_padded(s, party, 28));
    SB_TRY(sb_view_text(s, " "));
    SB_TRY(sb_view_field(s, row, "description", &text));
    SB_TRY(sb_view_text(s, text));
    return sb_view_text(s, "\n");
}

/* The other end's account, and who it belongs to: "A17 Anna Schmidt". */
static sb_status name_partner(sb_view *s, const sb_ledger *ledger, const sb_flow *flow, bool payer,
                              const char **name)
{
    const sb_stream *stream = &ledger->streams[flow->stream];
    const sb_side *side = (payer ? flow->to_peer : flow->from_peer) ? stream->peer : stream->home;
    sb_owner owner = sb_account_owner(&side->layout, payer ? flow->to : flow->from);
    sb_line line;
    sb_line_begin(&line);
    sb_line_char(&line, 'A');
    sb_line_digits(&line, sb_flow_account(s->maker, ledger, flow, !payer), 1);
    sb_line_char(&line, ' ');
    if (owner.company) {
        const sb_firm *firm = sb_firm_find(s->maker, owner.id);
        sb_line_add(&line, firm->name.bytes, firm->name.length);
    } else {
        sb_person person;
        sb_person_make(s->maker, owner.id, &person);
        sb_person_name(s->maker, &person, &line);
    }
    sb_line_char(&line, '\0');
    s->name.length = 0;
    SB_TRY(sb_bytes_add(&s->name, line.bytes, line.length, s->err));
    *name = (const char *)s->name.data;
    return SB_OK;
}

static sb_status put_line(sb_view *s, const sb_ledger *ledger, const sb_flow *flow, statement *of,
                          bool payer, int64_t change, bool fee)
{
    const sb_made_row *row = &s->rows[1];
    char time[SB_PUT_NUMBER_BYTES_MAX + 1], amount[SB_PUT_NUMBER_BYTES_MAX + 1];
    char balance[SB_PUT_NUMBER_BYTES_MAX + 1], account[32];
    bool outside = (payer ? flow->to : flow->from) == SB_OUTSIDE;
    uint64_t id = sb_flow_id(s->world, ledger, flow);
    const char *name = NULL;
    of->balance += change;
    *sb_put_timestamp(time, flow->time) = '\0';
    if (outside)
        SB_TRY(sb_view_field(s, row, "counterparty_name", &name));
    else if (s->json)
        (void)snprintf(account, sizeof account, "A%" PRIu64,
                       sb_flow_account(s->maker, ledger, flow, !payer));
    if (outside) { /* out of the way of the next field */
        s->name.length = 0;
        SB_TRY(sb_bytes_add(&s->name, name, strlen(name) + 1, s->err));
        name = (const char *)s->name.data;
    }
    (void)money(of, change, amount);
    (void)money(of, of->balance, balance);
    if (s->json)
        return put_line_json(s, row, time, id, outside ? NULL : account, name,
                             fee ? "fee" : "principal", amount, balance);
    if (!outside)
        SB_TRY(name_partner(s, ledger, flow, payer, &name));
    return put_line_text(s, row, time, id, name, fee, amount, balance);
}

/* What one completed flow does to the account. */
static sb_status put_flow(sb_view *s, const sb_ledger *ledger, const sb_flow *flow, statement *of)
{
    bool pays = sb_flow_role(ledger, flow, true) == of->role;
    bool is_paid = sb_flow_role(ledger, flow, false) == of->role;
    if (!pays && !is_paid)
        return SB_OK;
    make_transaction(s, &s->rows[1], ledger, flow);
    if (pays)
        SB_TRY(put_line(s, ledger, flow, of, true, -flow->amount, false));
    if (pays && flow->fee > 0)
        SB_TRY(put_line(s, ledger, flow, of, true, -(int64_t)flow->fee, true));
    return is_paid ? put_line(s, ledger, flow, of, false, flow->to_amount, false) : SB_OK;
}

static sb_status put_edge(sb_view *s, const char *member, const char *title, int32_t days,
                          const char *balance)
{
    char date[SB_PUT_NUMBER_BYTES_MAX + 1];
    if (s->json)
        return sb_view_member(s, member, balance);
    *sb_put_date(date, days) = '\0';
    return sb_sink_format(&s->sink, s->err, "  %s                 %-29s %14s %16s\n", date, title,
                          "", balance);
}

static sb_status put_statement(sb_view *s, const sb_ledger *ledger, uint16_t role)
{
    const sb_table *currencies = sb_find(s->maker, 0, SB_TABLE_CURRENCIES);
    sb_text currency =
        sb_table_text(currencies, 0, sb_side_core(s->maker, ledger->side, role)->currency);
    char balance[SB_PUT_NUMBER_BYTES_MAX + 1];
    statement of = {role, sb_currency_decimals(currency.bytes, currency.byte_count),
                    ledger->balances[role].opening};
    if (s->json) {
        SB_TRY(sb_view_key(s, "statement"));
        SB_TRY(sb_view_begin(s, "{"));
        SB_TRY(sb_view_key(s, "currency"));
        SB_TRY(
            sb_sink_format(&s->sink, s->err, "\"%.*s\"", (int)currency.byte_count, currency.bytes));
    } else {
        SB_TRY(sb_sink_format(&s->sink, s->err, "\nstatement in %.*s\n", (int)currency.byte_count,
                              currency.bytes));
    }
    SB_TRY(put_edge(s, "opening_balance", "opening balance", s->world->values.start_days,
                    money(&of, of.balance, balance)));
    if (s->json) {
        SB_TRY(sb_view_key(s, "lines"));
        SB_TRY(sb_view_begin(s, "["));
    }
    for (uint32_t i = 0; i < ledger->flow_count; i++) {
        const sb_flow *flow = &ledger->flows[ledger->order[i]];
        if (flow->status == SB_TX_STATUS_COMPLETED)
            SB_TRY(put_flow(s, ledger, flow, &of));
    }
    if (s->json)
        SB_TRY(sb_view_end(s, "]"));
    if (of.balance != ledger->balances[role].closing)
        return sb_fail(s->err, SB_EWRONG,
                       "the statement ends at %" PRId64 " and the ledger at %" PRId64
                       " minor units: please report this",
                       of.balance, ledger->balances[role].closing);
    SB_TRY(put_edge(s, "closing_balance", "closing balance", s->world->values.end_days,
                    money(&of, of.balance, balance)));
    return s->json ? sb_view_end(s, "}") : SB_OK;
}

/* Makes what its cell's ledger holds of an account. */
static sb_status account_ledger(sb_view *s, uint64_t id, sb_ledger *ledger, uint32_t *role)
{
    uint64_t cell = sb_world_cell_of(s->world, SB_ACCOUNTS, id);
    sb_layout layout;
    sb_layout_make(s->world, cell, &layout);
    *role = (uint32_t)sb_permute(&layout.role, id - layout.first_account);
    sb_view_reset(s);
    uint16_t watched = (uint16_t)*role;
    return sb_ledger_make_of(s->maker, cell, &watched, 1, ledger, s->err);
}

/* The people that a list of ids in the account's row names; in text nothing where it is empty. */
static sb_status put_others(sb_view *s, const sb_made_row *account, const char *field,
                            const char *member, const char *heading)
{
    const sb_record *record = sb_schema(SB_ACCOUNTS);
    sb_cursor cursor = {account->bytes, account->bytes + account->length};
    sb_value value = {0};
    (void)sb_cursor_next(&cursor, &value);
    for (int i = sb_record_find(record, field); i > 0; i--)
        (void)sb_cursor_skip(&cursor);
    (void)sb_cursor_next(&cursor, &value);
    uint32_t count = value.count;
    if (count == 0 && !s->json)
        return SB_OK;
    SB_TRY(sb_view_list_begin(s, member, heading));
    for (uint32_t i = 0; i < count && sb_cursor_next(&cursor, &value); i++) {
        if (s->json)
            SB_TRY(sb_view_item(s));
        SB_TRY(put_who(s, &s->rows[3], false, (uint64_t)value.number, NULL));
    }
    return sb_view_list_end(s, count);
}

static sb_status show_account(sb_view *s, uint64_t id)
{
    sb_ledger ledger;
    uint32_t role;
    SB_TRY(account_ledger(s, id, &ledger, &role));
    make_account(s, &s->rows[0], &ledger, role);
    SB_TRY(sb_view_row(s, "account", &s->rows[0]));
    SB_TRY(put_owner(s, "owner", sb_account_owner(&ledger.side->layout, role)));
    SB_TRY(put_others(s, &s->rows[0], "joint_owner_ids", "joint_owners", "joint owners"));
    SB_TRY(put_others(s, &s->rows[0], "beneficial_owner_ids", "beneficial_owners",
                      "beneficial owners"));
    SB_TRY(put_statement(s, &ledger, (uint16_t)role));
    return sb_view_account_events(s, id);
}

/* ---- messages ------------------------------------------------------------------------------- */

/* Messages of one cell, and where the last of them stand in its order. */
typedef struct correspondence {
    uint64_t sent, received;
    uint32_t last[MESSAGES_SHOWN];
    uint32_t last_count;
} correspondence;

static void make_message(sb_view *s, sb_made_row *row, const sb_mailbox *box, uint32_t index)
{
    sb_rows rows = sb_view_row_begin(row, SB_COMMUNICATIONS);
    sb_communication_put(s->maker, &rows, box, index);
    sb_view_row_end(row, &rows);
}

static void read_mail(sb_view *s, const sb_mailbox *box, bool company, uint64_t id,
                      correspondence *out)
{
    *out = (correspondence){0};
    for (uint32_t i = 0; i < box->events.count; i++) {
        bool sent, received;
        sb_communication_look(s->maker, box, box->events.order[i], company, id, &sent, &received);
        out->sent += sent;
        out->received += received;
        if (sent || received)
            out->last[out->last_count++ % MESSAGES_SHOWN] = i;
    }
}

static sb_status put_messages(sb_view *s, sb_kind kind, uint64_t id)
{
    static const char *const columns[] = {"executed_at", "type", "subject"};
    static const int widths[] = {0, 12, 0};
    bool company = kind == SB_COMPANIES;
    correspondence mail;
    sb_mailbox box;
    char heading[160];
    if (s->world->values.counts[SB_COMMUNICATIONS] == 0)
        return SB_OK;
    /* The ledger of their accounts may be that of their messages. */
    uint64_t cell = sb_world_cell_of(s->world, kind, id);
    bool is_open =
        s->has_ledger && s->ledger.side->layout.cell == sb_mailbox_ledger_cell(s->world, cell);
    if (!is_open)
        sb_view_reset(s);
    SB_TRY(sb_mailbox_make(s->maker, cell, is_open ? &s->ledger : NULL, &box, s->err));
    read_mail(s, &box, company, id, &mail);
    if (s->json) {
        SB_TRY(sb_view_number(s, "messages_sent", mail.sent));
        SB_TRY(sb_view_number(s, "messages_received", mail.received));
    }
    (void)snprintf(heading, sizeof heading, "messages: %" PRIu64 " sent, %" PRIu64 " received%s",
                   mail.sent, mail.received,
                   mail.last_count > MESSAGES_SHOWN ? "; the last of them" : "");
    SB_TRY(sb_view_list_begin(s, "messages", heading));
    uint32_t first = mail.last_count > MESSAGES_SHOWN ? mail.last_count - MESSAGES_SHOWN : 0;
    for (uint32_t i = first; i < mail.last_count; i++) {
        make_message(s, &s->rows[1], &box, box.events.order[mail.last[i % MESSAGES_SHOWN]]);
        SB_TRY(sb_view_row_line(s, &s->rows[1], columns, widths, 3));
    }
    return sb_view_list_end(s, mail.last_count);
}

/* ---- person --------------------------------------------------------------------------------- */

static sb_status put_household(sb_view *s, const sb_person *person)
{
    uint64_t last = person->household + person->household_size;
    uint64_t count = 0;
    if (last > s->world->values.counts[SB_PERSONS])
        last = s->world->values.counts[SB_PERSONS];
    SB_TRY(sb_view_list_begin(s, "household", "others of the household"));
    for (uint64_t id = person->household; id < last; id++) {
        if (id == person->id)
            continue;
        if (s->json)
            SB_TRY(sb_view_item(s));
        SB_TRY(put_who(s, &s->rows[1], false, id, NULL));
        count++;
    }
    return sb_view_list_end(s, count);
}

static sb_status put_employer(sb_view *s, const sb_person *person)
{
    sb_job job;
    sb_person_job(s->maker, person, &job);
    if (s->json)
        SB_TRY(sb_view_key(s, "employer"));
    else
        SB_TRY(sb_view_text(s, "\nemployer\n"));
    if (job.inside)
        return put_who(s, &s->rows[1], true, job.employer, NULL);
    if (s->json)
        return sb_view_text(s, "null");
    return sb_view_text(s, job.retired    ? "  none: retired\n"
                           : job.employed ? "  outside the dataset: see employment\n"
                                          : "  none\n");
}

static sb_status show_person(sb_view *s, uint64_t id)
{
    sb_person person;
    sb_person_make(s->maker, id, &person);
    make_person(s, &s->rows[0], id);
    SB_TRY(sb_view_row(s, "person", &s->rows[0]));
    SB_TRY(put_household(s, &person));
    SB_TRY(put_employer(s, &person));
    SB_TRY(put_accounts(s, false, id));
    SB_TRY(sb_view_person_events(s, id));
    return put_messages(s, SB_PERSONS, id);
}

/* ---- company -------------------------------------------------------------------------------- */

static sb_status put_officers(sb_view *s, const json_t *officers)
{
    size_t index;
    json_t *officer;
    SB_TRY(sb_view_list_begin(s, "officers", "officers"));
    json_array_foreach((json_t *)(uintptr_t)officers, index, officer)
    {
        if (s->json)
            SB_TRY(sb_view_item(s));
        SB_TRY(put_who(s, &s->rows[1], false,
                       (uint64_t)json_integer_value(json_object_get(officer, "person_id")),
                       json_string_value(json_object_get(officer, "role"))));
    }
    return sb_view_list_end(s, json_array_size(officers));
}

static sb_status put_part_owner(sb_view *s, const json_t *owner)
{
    const json_t *person = json_object_get(owner, "person_id"),
                 *company = json_object_get(owner, "company_id");
    long long share = (long long)json_integer_value(json_object_get(owner, "share_bp"));
    char role[48];
    (void)snprintf(role, sizeof role, "%lld.%02lld %%", share / 100, share % 100);
    if (s->json)
        SB_TRY(sb_view_item(s));
    if (json_is_integer(company))
        return put_who(s, &s->rows[1], true, (uint64_t)json_integer_value(company), role);
    if (json_is_integer(person))
        return put_who(s, &s->rows[1], false, (uint64_t)json_integer_value(person), role);
    if (!s->json)
        return sb_sink_format(&s->sink, s->err, "  %-15s holders outside the dataset, %s\n", "-",
                              role);
    SB_TRY(sb_view_begin(s, "{"));
    SB_TRY(sb_view_member(s, "kind", NULL));
    SB_TRY(sb_view_member(s, "role", role));
    return sb_view_end(s, "}");
}

static sb_status put_owners(sb_view *s, const json_t *owners)
{
    size_t index;
    json_t *owner;
    SB_TRY(sb_view_list_begin(s, "owners", "owners"));
    json_array_foreach((json_t *)(uintptr_t)owners, index, owner) SB_TRY(put_part_owner(s, owner));
    return sb_view_list_end(s, json_array_size(owners));
}

/* Parents are of the same cell and of lower numbers. */
static sb_status put_subsidiaries(sb_view *s, uint64_t id)
{
    int parent_index = sb_record_find(sb_schema(SB_COMPANIES), "parent_id");
    uint64_t cell = sb_world_cell_of(s->world, SB_COMPANIES, id), count = 0;
    uint64_t last = sb_world_first_row(s->world, SB_COMPANIES, cell + 1);
    SB_TRY(sb_view_list_begin(s, "subsidiaries", "subsidiaries"));
    for (uint64_t other = id + 1; other < last; other++) {
        int64_t parent;
        make_company(s, &s->rows[1], other);
        if (!sb_row_int(s->rows[1].bytes, s->rows[1].length, parent_index, &parent) ||
            (uint64_t)parent != id)
            continue;
        if (s->json)
            SB_TRY(sb_view_item(s));
        SB_TRY(put_who(s, &s->rows[2], true, other, NULL));
        count++;
    }
    return sb_view_list_end(s, count);
}

static sb_status show_company(sb_view *s, uint64_t id)
{
    json_t *row = NULL;
    make_company(s, &s->rows[0], id);
    SB_TRY(sb_view_row(s, "company", &s->rows[0]));
    SB_TRY(sb_view_row_tree(s, &s->rows[0], &row));
    sb_status status = put_officers(s, json_object_get(row, "officers"));
    if (status == SB_OK)
        status = put_owners(s, json_object_get(row, "owners"));
    json_decref(row);
    SB_TRY(status);
    SB_TRY(put_subsidiaries(s, id));
    SB_TRY(put_accounts(s, true, id));
    SB_TRY(sb_view_company_events(s, id));
    return put_messages(s, SB_COMPANIES, id);
}

/* ---- transaction ---------------------------------------------------------------------------- */

/* An end of a transaction. */
typedef struct end {
    const char *member;
    bool inside;
    uint64_t cell;
    uint16_t role;
    sb_owner owner;
    sb_made_row *row; /* the account's, with its balances */
} end;

static end end_of(sb_view *s, const char *member, const sb_ledger *ledger, const sb_flow *flow,
                  bool payer)
{
    const sb_stream *stream = &ledger->streams[flow->stream];
    const sb_side *side = (payer ? flow->from_peer : flow->to_peer) ? stream->peer : stream->home;
    end one = {.member = member, .role = payer ? flow->from : flow->to};
    one.inside = one.role != SB_OUTSIDE;
    one.row = &s->rows[payer ? 1 : 2];
    if (one.inside) {
        one.cell = side->layout.cell;
        one.owner = sb_account_owner(&side->layout, one.role);
    }
    return one;
}

static sb_status put_end(sb_view *s, const end *one)
{
    char owner[32];
    if (!one->inside)
        return s->json
                   ? sb_view_member(s, one->member, NULL)
                   : sb_sink_format(&s->sink, s->err, "\n%s outside the dataset\n", one->member);
    if (!s->json)
        SB_TRY(sb_view_text(s, "\n"));
    SB_TRY(sb_view_row(s, one->member, one->row));
    (void)snprintf(owner, sizeof owner, "%s_owner", one->member);
    return put_owner(s, owner, one->owner);
}

/* The accounts' rows. Balances are those of the ledger of their own cell: the one that the
 * transaction was found in, which is looked through once for both ends if both are there, and then
 * the other. */
static sb_status make_ends(sb_view *s, sb_ledger *ledger, end ends[2])
{
    uint64_t home = ledger->side->layout.cell;
    uint16_t roles[2];
    uint32_t count = 0;
    for (int i = 0; i < 2; i++)
        if (ends[i].inside && ends[i].cell == home)
            roles[count++] = ends[i].role;
    if (count > 0)
        SB_TRY(sb_ledger_watch(s->maker, roles, count, ledger, s->err));
    for (int i = 0; i < 2; i++)
        if (ends[i].inside && ends[i].cell == home)
            make_account(s, ends[i].row, ledger, ends[i].role);
    for (int i = 0; i < 2; i++) {
        if (!ends[i].inside || ends[i].cell == home)
            continue;
        sb_view_reset(s);
        SB_TRY(sb_ledger_make_of(s->maker, ends[i].cell, &ends[i].role, 1, ledger, s->err));
        make_account(s, ends[i].row, ledger, ends[i].role);
    }
    return SB_OK;
}

static sb_status show_transaction(sb_view *s, uint64_t id)
{
    sb_ledger ledger;
    sb_flow flow;
    bool found;
    SB_TRY(sb_ledger_find(s->maker, id, &ledger, &flow, &found, s->err));
    if (!found)
        return sb_fail(s->err, SB_EUSAGE, "there is no transaction %" PRIu64, id);
    end ends[2] = {end_of(s, "from", &ledger, &flow, true), end_of(s, "to", &ledger, &flow, false)};
    make_transaction(s, &s->rows[0], &ledger, &flow);
    SB_TRY(make_ends(s, &ledger, ends));
    SB_TRY(sb_view_row(s, "transaction", &s->rows[0]));
    SB_TRY(put_end(s, &ends[0]));
    return put_end(s, &ends[1]);
}

/* ---- ids ------------------------------------------------------------------------------------ */

/* Upper case, without blanks. False when it is too long to be an id of any form. */
static bool squeeze(const char *text, char out[64])
{
    size_t length = 0;
    for (; *text != '\0'; text++) {
        if (isspace((unsigned char)*text))
            continue;
        if (length == 63)
            return false;
        out[length++] = (char)toupper((unsigned char)*text);
    }
    out[length] = '\0';
    return length > 0;
}

static sb_status no_such(sb_view *s, sb_kind kind, const char *what, const char *text)
{
    return sb_fail(s->err, SB_EUSAGE, "there is no %s %s; the dataset has %" PRIu64 " %s", what,
                   text, s->world->values.counts[kind], sb_kind_name(kind));
}

static sb_status find_by_iban(sb_view *s, const char *iban, uint64_t *id)
{
    *id = sb_account_by_iban(s->maker, iban);
    return *id < s->world->values.counts[SB_ACCOUNTS]
               ? SB_OK
               : sb_fail(s->err, SB_EUSAGE, "there is no account with the IBAN %s", iban);
}

/* A plain number is an id when it has fewer than ten digits, or begins with another than 0 and such
 * an id exists; else it is an account number. */
static sb_status find_account(sb_view *s, const char *text, uint64_t *id)
{
    uint64_t count = s->world->values.counts[SB_ACCOUNTS];
    char letter;
    if (isalpha((unsigned char)text[0]) && isalpha((unsigned char)text[1]))
        return find_by_iban(s, text, id);
    if (!sb_id_read(text, &letter, id) || (letter != 0 && letter != 'A'))
        return sb_fail(
            s->err, SB_EUSAGE,
            "account %s: write an id (7 or A7), an account number of ten digits, or an IBAN", text);
    bool is_number = letter == 0 && strlen(text) == 10 && (text[0] == '0' || *id >= count);
    if (is_number)
        *id = sb_account_by_number(s->world, *id);
    if (*id < count)
        return SB_OK;
    return is_number ? sb_fail(s->err, SB_EUSAGE, "there is no account with the number %s", text)
                     : no_such(s, SB_ACCOUNTS, "account", text);
}

static sb_status find_entity(sb_view *s, sb_kind kind, const char *what, const char *text,
                             uint64_t *id)
{
    char squeezed[64], letter;
    if (!squeeze(text, squeezed))
        return sb_fail(s->err, SB_EUSAGE, "'%s' is no id of a %s", text, what);
    if (kind == SB_ACCOUNTS)
        return find_account(s, squeezed, id);
    if (!sb_id_read(squeezed, &letter, id) || (letter != 0 && letter != sb_kind_letter(kind)))
        return sb_fail(s->err, SB_EUSAGE,
                       "'%s' is no id of a %s; write a number, or %c and a number", text, what,
                       sb_kind_letter(kind));
    if (kind != SB_TRANSACTIONS && *id >= s->world->values.counts[kind])
        return no_such(s, kind, what, text);
    return SB_OK;
}

/* ---- all of it ------------------------------------------------------------------------------ */

typedef sb_status shower(sb_view *s, uint64_t id);

static sb_status show_entity(sb_view *s, const char *what, const char *text)
{
    static const struct {
        const char *what;
        sb_kind kind;
        shower *show;
    } known[] = {{"person", SB_PERSONS, show_person},
                 {"company", SB_COMPANIES, show_company},
                 {"account", SB_ACCOUNTS, show_account},
                 {"transaction", SB_TRANSACTIONS, show_transaction}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint64_t id;
        if (strcmp(known[i].what, what) != 0)
            continue;
        SB_TRY(find_entity(s, known[i].kind, what, text, &id));
        if (!s->json)
            return known[i].show(s, id);
        SB_TRY(sb_view_begin(s, "{"));
        SB_TRY(known[i].show(s, id));
        return sb_view_text(s, "}\n");
    }
    return sb_fail(s->err, SB_EUSAGE,
                   "show: unknown '%s'; one of person, company, account, transaction", what);
}

static sb_status open_rows(sb_view *s)
{
    for (int i = 0; i < SB_VIEW_ROWS; i++) {
        s->rows[i].bytes = malloc(SB_ROW_BYTES_MAX);
        if (s->rows[i].bytes == NULL)
            return sb_fail(s->err, SB_ENOMEM, "no memory for a row");
    }
    return SB_OK;
}

static void close_show(sb_view *s)
{
    for (int i = 0; i < SB_VIEW_ROWS; i++)
        free(s->rows[i].bytes);
    sb_bytes_close(&s->value);
    sb_bytes_close(&s->name);
    sb_sink_close(&s->sink);
    sb_maker_close(s->maker);
}

sb_status sb_show(const sb_spec *spec, const char *what, const char *id, bool json,
                  sb_text_taker take, void *user, sb_error *err)
{
    sb_view s = {.json = json, .sink = {.take = take, .user = user}, .err = err};
    sb_world *world = NULL;
    sb_status status = sb_world_open(spec, &world, err);
    s.world = world;
    if (status == SB_OK)
        status = sb_maker_open(world, &s.maker, err);
    if (status == SB_OK)
        status = open_rows(&s);
    if (status == SB_OK)
        status = show_entity(&s, what, id);
    if (status == SB_OK)
        status = sb_maker_check(s.maker, err);
    if (status == SB_OK)
        status = sb_sink_flush(&s.sink, err);
    close_show(&s);
    sb_world_close(world);
    return status;
}
