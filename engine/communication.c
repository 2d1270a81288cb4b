#include "engine/communication.h"

#include "engine/communication_internal.h"
#include "engine/transaction.h"

/* ---- threads -------------------------------------------------------------------------------- */

/* Four messages in a row are threads of these lengths; which pattern, the block's key says. */
static const uint8_t thread_patterns[8][5] = {{1, 1, 1, 1, 0}, {1, 1, 1, 1, 0}, {2, 1, 1, 0},
                                              {1, 1, 2, 0},    {2, 2, 0},       {3, 1, 0},
                                              {4, 0},          {4, 0}};

static uint64_t thread_key_index(uint32_t first)
{
    return (uint64_t)1 << 40 | first;
}

static sb_key thread_key(const sb_cell_events *of, uint32_t first)
{
    return sb_row_key(of->key, thread_key_index(first));
}

/* The thread that begins with message `first`. */
static sb_thread thread_from(const sb_cell_events *of, uint32_t first)
{
    const uint8_t *lengths = thread_patterns[sb_draw(sb_row_key(of->key, first / 4), 0) >> 61];
    for (uint32_t at = 0; at < first % 4; lengths++)
        at += *lengths;
    uint32_t length = *lengths;
    if (first + length > of->count) /* the cell's last thread may be cut short */
        length = of->count - first;
    return (sb_thread){first, 0, length, thread_key(of, first)};
}

static int type_of(uint64_t draw)
{
    static const uint8_t bounds[SB_COMM_COUNT] = {35, 55, 69, 83, 88, 97, 100};
    uint64_t share = sb_below(draw, 100);
    int type = 0;
    for (int i = 0; i < SB_COMM_COUNT; i++) /* all: where to stop is guessed wrong */
        type += bounds[i] <= share;
    return type;
}

/* ---- payments talked about ------------------------------------------------------------------ */

/* Payments between two customers that people write about. */
static bool is_worth_a_word(uint8_t purpose)
{
    return purpose == SB_FOR_FRIEND || purpose == SB_FOR_INVOICE || purpose == SB_FOR_SUPPLIER ||
           purpose == SB_FOR_REFUND;
}

/* Whether a flow can be what a thread is about: done, between two customers here, on a day that has
 * one date for everybody, and early enough for the thread to follow it. */
static bool can_be_told(const sb_maker *maker, const sb_ledger *ledger, const sb_flow *flow)
{
    const sb_layout *layout = &ledger->side->layout;
    if (flow->status != SB_TX_STATUS_COMPLETED || flow->from == SB_OUTSIDE ||
        flow->to == SB_OUTSIDE || !is_worth_a_word(flow->purpose) ||
        flow->time + 2 * (int64_t)SB_MS_A_DAY >= maker->world->end_ms)
        return false;
    int32_t day = sb_message_day(flow->time);
    int64_t local = flow->time + sb_clock_offset(ledger->side->home.clock, day) * INT64_C(60000);
    if (sb_message_day(local) != day)
        return false;
    sb_owner payer = sb_account_owner(layout, flow->from);
    sb_owner payee = sb_account_owner(layout, flow->to);
    return payer.company != payee.company || payer.id != payee.id;
}

static bool knows_language(sb_maker *maker, const sb_owner *who, uint32_t locale)
{
    sb_contact spare;
    return sb_contact_knows(sb_contact_find(maker, who, NULL, &spare),
                            sb_language_of(maker, locale));
}

/* Two threads in five look for a payment of the cell, eight times; few find none. `out` gets the
 * flow. Posts are about nothing of the kind. */
static sb_tie find_tie(sb_maker *maker, const sb_ledger *ledger, const sb_thread *of, sb_flow *out)
{
    uint64_t share = sb_draw(of->key, THREAD_TIE);
    uint32_t s = 0;
    while (s < ledger->stream_count && ledger->streams[s].kind != SB_STREAM_TRANSFER)
        s++;
    if (s == ledger->stream_count || sb_below(share, 100) >= 37 ||
        type_of(sb_draw(of->key, THREAD_TYPE)) == SB_COMM_SOCIAL_MEDIA)
        return (sb_tie){.length = (uint8_t)of->length};
    const sb_stream *stream = &ledger->streams[s];
    for (uint32_t nth = 1; nth <= 8; nth++) {
        uint32_t k = (uint32_t)sb_below(sb_draw(of->key, THREAD_TIE + nth), stream->count);
        sb_flow_make(maker, stream, k, out);
        if (!can_be_told(maker, ledger, out))
            continue;
        sb_owner payer = sb_account_owner(&ledger->side->layout, out->from);
        sb_owner payee = sb_account_owner(&ledger->side->layout, out->to);
        uint32_t locale = ledger->side->home.locale;
        if (knows_language(maker, &payer, locale) && knows_language(maker, &payee, locale))
            return (sb_tie){k, (uint8_t)(s + 1), (share & 1) != 0, 0, (uint8_t)of->length};
    }
    return (sb_tie){.length = (uint8_t)of->length};
}

/* ---- times ---------------------------------------------------------------------------------- */

/* The first message follows the calendar or, within a day and a half, the payment it is about; each
 * answer comes five minutes to twenty hours later, and the last one still within the period. */
static int64_t time_of(sb_maker *maker, const sb_cell_events *of, const sb_thread *in,
                       const sb_flow *payment)
{
    const sb_world *world = maker->world;
    uint64_t jitter = sb_draw(in->key, THREAD_JITTER);
    int64_t time = payment != NULL
                       ? payment->time + 60000 + (int64_t)sb_below(jitter, SB_MS_A_DAY / 2 * 3)
                       : sb_event_moment(maker, of, in->first, SB_CALENDAR_RETAIL, jitter);
    for (uint32_t i = 1; i <= in->position; i++) {
        uint64_t draw = sb_draw(in->key, THREAD_DELAYS + i);
        uint64_t longest = (draw & 3) == 0 ? 72000000 : 5400000;
        time += 300000 + (int64_t)sb_below(draw, longest);
    }
    int64_t last = world->end_ms - 1 - (in->length - 1 - in->position);
    return time < last ? time : last;
}

/* What the moments of the messages depend on besides the cell. Asked for index by index, so a
 * thread and its payment are looked for once. */
typedef struct desk {
    const sb_ledger *ledger;
    sb_tie *ties;
    sb_thread thread; /* at hand */
    sb_flow payment;  /* of it */
    bool has_payment;
} desk;

static int64_t message_time(sb_maker *maker, const sb_cell_events *of, uint32_t index)
{
    desk *at = of->user;
    sb_thread *in = &at->thread;
    if (index == in->first + in->length) {
        *in = thread_from(of, index);
        at->ties[index] = find_tie(maker, at->ledger, in, &at->payment);
        at->has_payment = at->ties[index].stream > 0;
    } else {
        in->position++;
        at->ties[index] = at->ties[in->first];
        at->ties[index].position = (uint8_t)in->position;
    }
    return time_of(maker, of, in, at->has_payment ? &at->payment : NULL);
}

uint64_t sb_mailbox_ledger_cell(const sb_world *world, uint64_t cell)
{
    return sb_muldiv(cell, world->ledger_cell_count, world->cell_count);
}

sb_status sb_mailbox_make(sb_maker *maker, uint64_t cell, const sb_ledger *ledger, sb_mailbox *out,
                          sb_error *err)
{
    const sb_world *world = maker->world;
    uint32_t count = (uint32_t)(sb_world_first_row(world, SB_COMMUNICATIONS, cell + 1) -
                                sb_world_first_row(world, SB_COMMUNICATIONS, cell));
    desk at = {.ledger = ledger};
    *out = (sb_mailbox){.ledger = ledger};
    if (ledger == NULL) {
        sb_ledger *own = sb_arena_take(maker->arena, sizeof *own);
        if (own == NULL)
            return sb_fail(err, SB_ENOMEM, "the arena is too small for a cell's messages");
        SB_TRY(sb_ledger_open(maker, sb_mailbox_ledger_cell(world, cell), own, err));
        out->ledger = at.ledger = own;
    }
    out->ties = at.ties = sb_arena_take(maker->arena, count * sizeof *at.ties);
    if (out->ties == NULL)
        return sb_fail(err, SB_ENOMEM, "the arena is too small for a cell's messages");
    SB_TRY(
        sb_cell_events_make(maker, SB_COMMUNICATIONS, cell, message_time, &at, &out->events, err));
    out->events.user = NULL;
    return SB_OK;
}

/* ---- parties -------------------------------------------------------------------------------- */

/* Finds the contact of a person or company for a seat; those of the seats before it stay. */
static void seat(sb_message_row *r, uint32_t at, bool company, uint64_t id)
{
    sb_contact *const held[2] = {at > FIRST ? r->seats[FIRST].contact : NULL,
                                 at > SECOND ? r->seats[SECOND].contact : NULL};
    r->seats[at] = (sb_party){company ? PARTY_COMPANY : PARTY_PERSON, id, NULL};
    r->seats[at].contact =
        sb_contact_find(r->maker, &(sb_owner){company, id}, held, &r->spares[at]);
}

/* Three in four write as persons, one in five as a company; the rest are outside. All but the first
 * write to the first, who is never outside: nobody writes to himself, and both know the language of
 * the row. */
static void choose_party(sb_message_row *r, uint32_t at, uint32_t number, uint64_t kind_draw,
                         uint64_t who)
{
    const sb_cell_events *box = &r->box->events;
    sb_key key = r->thread.key;
    uint64_t share = sb_below(kind_draw, 100);
    sb_party_kind kind = share < 75 ? PARTY_PERSON : share < 94 ? PARTY_COMPANY : PARTY_OUTSIDE;
    if (kind == PARTY_OUTSIDE && at == FIRST)
        kind = PARTY_PERSON;
    if (kind == PARTY_PERSON && box->persons.count == 0)
        kind = PARTY_COMPANY;
    if (kind == PARTY_COMPANY && box->companies.count == 0)
        kind = box->persons.count > 0 ? PARTY_PERSON : PARTY_OUTSIDE;
    if (kind != PARTY_OUTSIDE) {
        sb_pool pool = kind == PARTY_PERSON ? box->persons : box->companies;
        uint64_t nth = sb_below(who, pool.count);
        for (uint32_t i = 0; i < 4; i++, nth = nth + 1 < pool.count ? nth + 1 : 0) {
            uint64_t id = pool.first + nth;
            if (at != FIRST && r->seats[FIRST].kind == kind && r->seats[FIRST].id == id)
                continue;
            seat(r, at, kind == PARTY_COMPANY, id);
            if (at == FIRST || sb_contact_knows(r->seats[at].contact, r->language))
                return;
        }
    }
    r->seats[at] = (sb_party){PARTY_OUTSIDE, sb_below(sb_draw(key, number + 2), 100000), NULL};
}

/* Of a thread about a payment its two ends write, in the language of their neighbourhood. */
static void seat_payers(sb_message_row *r, const sb_tie *tie)
{
    const sb_ledger *ledger = r->box->ledger;
    const sb_stream *stream = &ledger->streams[tie->stream - 1];
    const sb_layout *layout = &ledger->side->layout;
    sb_flow_make(r->maker, stream, tie->k, &r->payment);
    r->transaction = sb_transaction_id(r->maker->world, layout, stream->first_index + tie->k);
    sb_owner payer = sb_account_owner(layout, r->payment.from);
    sb_owner payee = sb_account_owner(layout, r->payment.to);
    const sb_owner *first = tie->payer_writes ? &payer : &payee;
    const sb_owner *second = tie->payer_writes ? &payee : &payer;
    seat(r, FIRST, first->company, first->id);
    seat(r, SECOND, second->company, second->id);
    r->locale = ledger->side->home.locale;
    r->language = sb_language_of(r->maker, r->locale);
}

/* The language of a thread is that of its first writer. */
static void seat_people(sb_message_row *r)
{
    choose_party(r, FIRST, THREAD_FIRST, DRAWN(THREAD_FIRST, 0), DRAWN(THREAD_FIRST, 1));
    r->locale = r->seats[FIRST].contact != NULL ? r->seats[FIRST].contact->locale : 0;
    r->language = sb_language_of(r->maker, r->locale);
    choose_party(r, SECOND, THREAD_SECOND, DRAWN(THREAD_SECOND, 0), DRAWN(THREAD_SECOND, 1));
}

/* One e-mail in eight goes to a third person, too. */
static void seat_copied(sb_message_row *r)
{
    const sb_party *second = &r->seats[SECOND], *copied = &r->seats[COPIED];
    r->has_copy = false;
    if (r->type != SB_COMM_EMAIL || !sb_chance(DRAWN(THREAD_COPY, 0), 120000))
        return;
    choose_party(r, COPIED, THREAD_COPIED, sb_draw(r->thread.key, THREAD_COPIED),
                 sb_draw(r->thread.key, THREAD_COPIED + 1));
    r->has_copy =
        copied->kind == PARTY_PERSON && !(second->kind == PARTY_PERSON && second->id == copied->id);
}

void sb_message_seat(sb_message_row *r, sb_maker *maker, const sb_mailbox *box, uint32_t index)
{
    const sb_tie *tie = &box->ties[index];
    r->maker = maker;
    r->box = box;
    r->index = index;
    r->thread.first = index - tie->position;
    r->thread.position = tie->position;
    r->thread.length = tie->length;
    r->type = type_of(DRAWN(THREAD_TYPE, 0));
    r->is_tied = tie->stream > 0;
    if (r->is_tied)
        seat_payers(r, tie);
    else
        seat_people(r);
    bool answer = r->thread.position % 2 != 0;
    r->sender = &r->seats[answer ? SECOND : FIRST];
    r->receiver = &r->seats[answer ? FIRST : SECOND];
    r->is_formal = r->seats[FIRST].kind != PARTY_PERSON || r->seats[SECOND].kind != PARTY_PERSON;
    seat_copied(r);
}

/* ---- all of it ------------------------------------------------------------------------------ */

void sb_message_draw(sb_message_row *r, const sb_mailbox *box, uint32_t index,
                     uint64_t draws[SB_MESSAGE_DRAWS][SB_LANES])
{
    r->thread.key = thread_key(&box->events, index - box->ties[index].position);
    r->key = sb_event_key(&box->events, index);
    r->drawn = draws[0];
#define THREAD_DRAW(number, nth) \
    draws[DRAWN_##number##_##nth][0] = sb_draw(r->thread.key, (number) + (nth));
#define OWN_DRAW(number, nth) draws[DRAWN_##number##_##nth][0] = sb_draw(r->key, (number) + (nth));
    ROW_DRAWS(THREAD_DRAW, OWN_DRAW)
#undef THREAD_DRAW
#undef OWN_DRAW
}

static bool is_party(const sb_party *one, bool company, uint64_t id)
{
    return one->kind == (company ? PARTY_COMPANY : PARTY_PERSON) && one->id == id;
}

void sb_communication_look(sb_maker *maker, const sb_mailbox *box, uint32_t index, bool company,
                           uint64_t id, bool *sent, bool *received)
{
    sb_message_row r; /* not cleared: most of it is room for the text */
    uint64_t draws[SB_MESSAGE_DRAWS][SB_LANES];
    sb_message_draw(&r, box, index, draws);
    sb_message_seat(&r, maker, box, index);
    *sent = is_party(r.sender, company, id);
    *received = is_party(r.receiver, company, id) ||
                (r.has_copy && is_party(&r.seats[COPIED], company, id));
}

uint32_t sb_messages_take(sb_maker *maker, const sb_mailbox *box, uint32_t first, sb_messages *out)
{
    const sb_cell_events *events = &box->events;
    uint32_t left = events->count - first, count = left < SB_LANES ? left : SB_LANES;
    sb_keys stream;
    uint64_t own[SB_LANES], threads[SB_LANES];
    if (count == 0)
        return 0;
    out->box = box;
    for (uint32_t i = 0; i < SB_LANES; i++) {
        uint32_t index = events->order[first + (i < count ? i : 0)];
        out->indices[i] = index;
        out->ids[i] = index;
        own[i] = SB_EVENT_INDEX | index;
        threads[i] = thread_key_index(index - box->ties[index].position);
    }
    sb_keys_repeat(events->key, &stream);
    maker->lanes->row_keys(&stream, own, &out->keys);
    maker->lanes->row_keys(&stream, threads, &out->threads);
    maker->lanes->permute(&events->ids, out->ids);
#define THREAD_DRAW(number, nth) \
    maker->lanes->draws(&out->threads, (number) + (nth), out->draws[DRAWN_##number##_##nth]);
#define OWN_DRAW(number, nth) \
    maker->lanes->draws(&out->keys, (number) + (nth), out->draws[DRAWN_##number##_##nth]);
    ROW_DRAWS(THREAD_DRAW, OWN_DRAW)
#undef THREAD_DRAW
#undef OWN_DRAW
    return count;
}
