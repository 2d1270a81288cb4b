#include "engine/communication.h"

#include "engine/company.h"
#include "engine/distributions.h"
#include "engine/order.h"
#include "engine/person.h"
#include "engine/words.h"
#include "format/row_text.h"

/* ---- threads -------------------------------------------------------------------------------- */

/* Four messages in a row are threads of these lengths; which pattern, the block's key says. */
static const uint8_t thread_patterns[8][5] = {{1, 1, 1, 1, 0}, {1, 1, 1, 1, 0}, {2, 1, 1, 0},
                                              {1, 1, 2, 0},    {2, 2, 0},       {3, 1, 0},
                                              {4, 0},          {4, 0}};

typedef struct thread {
    uint32_t first, position, length;
    sb_key key;
} thread;

static thread thread_of(const sb_mailbox *box, uint32_t index)
{
    const uint8_t *lengths = thread_patterns[sb_draw(sb_row_key(box->key, index / 4), 0) >> 61];
    uint32_t at = 0, position = index % 4;
    while (at + *lengths <= position)
        at += *lengths++;
    uint32_t first = index - position + at, length = *lengths;
    if (first + length > box->count) /* the cell's last thread may be cut short */
        length = box->count - first;
    return (thread){first, position - at, length, sb_row_key(box->key, (uint64_t)1 << 40 | first)};
}

/* The first message follows the calendar; each answer comes five minutes to twenty hours later, and
 * the last one still within the period. */
static int64_t time_of(const sb_world *world, const sb_mailbox *box, uint32_t index)
{
    thread of = thread_of(box, index);
    int64_t time =
        sb_calendar_moment(world->calendar, SB_CALENDAR_RETAIL, box->home.clock,
                           sb_position(of.first, (uint32_t)sb_draw(of.key, 1), box->step));
    for (uint32_t i = 1; i <= of.position; i++) {
        uint64_t draw = sb_draw(of.key, 16 + i);
        uint64_t longest = (draw & 3) == 0 ? 72000000 : 5400000;
        time += 300000 + (int64_t)sb_below(draw, longest);
    }
    int64_t last = world->end_ms - 1 - (of.length - 1 - of.position);
    return time < last ? time : last;
}

uint64_t sb_mailbox_id(const sb_world *world, const sb_mailbox *box, uint32_t index)
{
    return box->cell << world->communication_bits | sb_permute(&box->ids, index);
}

typedef struct ordering {
    const sb_world *world;
    const sb_mailbox *box;
} ordering;

static uint64_t id_of(const void *user, uint32_t index)
{
    const ordering *of = user;
    return sb_mailbox_id(of->world, of->box, index);
}

sb_status sb_mailbox_make(sb_maker *maker, uint64_t cell, sb_mailbox *out, sb_error *err)
{
    const sb_world *world = maker->world;
    const uint64_t *counts = world->values.counts;
    *out =
        (sb_mailbox){.cell = cell, .key = sb_key_derive(world->values.seed, "messages", cell, 0)};
    out->home = sb_maker_home(maker, cell);
    out->persons = sb_pool_of(cell, counts[SB_PERSONS], world->cell_count);
    out->companies = sb_pool_of(cell, counts[SB_COMPANIES], world->cell_count);
    out->ids = sb_permutation_make(sb_row_key(out->key, UINT64_MAX),
                                   (uint64_t)1 << world->communication_bits);
    out->count = (uint32_t)(sb_world_first_row(world, SB_COMMUNICATIONS, cell + 1) -
                            sb_world_first_row(world, SB_COMMUNICATIONS, cell));
    out->step = out->count > 0 ? UINT64_MAX / out->count : 0;
    out->times = sb_arena_take(maker->arena, out->count * sizeof *out->times);
    if (out->times == NULL)
        return sb_fail(err, SB_ENOMEM, "the arena is too small for a cell's messages");
    for (uint32_t i = 0; i < out->count; i++)
        out->times[i] = time_of(world, out, i);
    ordering of = {world, out};
    sb_events events = {.times = out->times,
                        .stride_bytes = sizeof *out->times,
                        .count = out->count,
                        .start_ms = world->start_ms,
                        .end_ms = world->end_ms,
                        .id = id_of,
                        .user = &of};
    return sb_order_make(maker->arena, &events, &out->order, err);
}

/* ---- parties -------------------------------------------------------------------------------- */

typedef enum party_kind { PARTY_PERSON, PARTY_COMPANY, PARTY_OUTSIDE } party_kind;

typedef struct party {
    party_kind kind;
    uint64_t id; /* of outside parties: a number that names them */
    sb_person person;
    sb_company company;
} party;

/* What the put functions below share. */
typedef struct row {
    sb_maker *maker;
    const sb_mailbox *box;
    uint32_t index;
    thread thread;
    sb_key key;
    int type;
    uint32_t locale; /* whose language it is written in */
    party sender, receiver, copied;
    bool has_copy;
} row;

static bool by_phone(int type)
{
    return type == SB_COMM_SMS || type == SB_COMM_PHONE || type == SB_COMM_CHAT;
}

static bool same_language(sb_maker *maker, uint32_t a, uint32_t b)
{
    return memcmp(sb_locale_of(maker, a)->language.bytes, sb_locale_of(maker, b)->language.bytes,
                  2) == 0;
}

/* Fills in who it is. False for one who does not know the language, or who is `avoid`. */
static bool meet(sb_maker *maker, party *one, uint32_t locale, const party *avoid)
{
    if (avoid != NULL && avoid->kind == one->kind && avoid->id == one->id)
        return false;
    if (one->kind == PARTY_COMPANY) {
        one->company = sb_firm_find(maker, one->id)->company;
        return avoid == NULL || same_language(maker, one->company.locale, locale);
    }
    sb_person_make(maker, one->id, &one->person);
    return avoid == NULL || same_language(maker, one->person.culture, locale) ||
           same_language(maker, one->person.home_locale, locale);
}

/* Three in four write as persons, one in five as a company; the rest are outside. `avoid` is whom
 * they write to (NULL for the first, who is never outside): nobody writes to himself, and both know
 * the language of `locale`. */
static party choose_party(sb_maker *maker, const sb_mailbox *box, sb_key key, uint32_t number,
                          uint32_t locale, const party *avoid)
{
    uint64_t share = sb_below(sb_draw(key, number), 100);
    party one = {.kind = share < 75 ? PARTY_PERSON : share < 94 ? PARTY_COMPANY : PARTY_OUTSIDE};
    if (one.kind == PARTY_OUTSIDE && avoid == NULL)
        one.kind = PARTY_PERSON;
    if (one.kind == PARTY_PERSON && box->persons.count == 0)
        one.kind = PARTY_COMPANY;
    if (one.kind == PARTY_COMPANY && box->companies.count == 0)
        one.kind = box->persons.count > 0 ? PARTY_PERSON : PARTY_OUTSIDE;
    if (one.kind != PARTY_OUTSIDE) {
        sb_pool pool = one.kind == PARTY_PERSON ? box->persons : box->companies;
        uint64_t nth = sb_below(sb_draw(key, number + 1), pool.count);
        for (uint64_t i = 0; i < 4; i++) {
            one.id = pool.first + (nth + i) % pool.count;
            if (meet(maker, &one, locale, avoid))
                return one;
        }
    }
    one.kind = PARTY_OUTSIDE;
    one.id = sb_below(sb_draw(key, number + 2), 100000);
    return one;
}

/* The language of a thread is that of its first writer. */
static uint32_t locale_of_party(const party *one)
{
    return one->kind == PARTY_PERSON ? one->person.home_locale : one->company.locale;
}

static void write_address(const row *r, const party *who, sb_line *out)
{
    sb_place home = {r->box->home.locale, r->box->home.city, {0, 0}};
    switch (who->kind) {
    case PARTY_PERSON:
        if (by_phone(r->type))
            sb_person_phone(r->maker, &who->person, out);
        else
            sb_person_email(&who->person, r->maker->world, out);
        break;
    case PARTY_COMPANY:
        if (by_phone(r->type))
            sb_company_phone(r->maker, &who->company, out);
        else
            sb_company_email(r->maker, &who->company, out);
        break;
    case PARTY_OUTSIDE:
        if (by_phone(r->type)) {
            sb_make_phone(r->maker, &home, who->id * 0x9E3779B97F4A7C15u, out);
        } else {
            sb_line_cstr(out, "sender");
            sb_line_digits(out, who->id, 5);
            sb_line_cstr(out, "@outside.example");
        }
        break;
    }
}

static void put_party(const row *r, sb_rows *rows, const party *who)
{
    sb_line line;
    sb_line_begin(&line);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_PARTY_FIELDS));
    if (who->kind == PARTY_PERSON)
        sb_rows_uint(rows, who->id);
    else
        sb_rows_nil(rows);
    if (who->kind == PARTY_COMPANY)
        sb_rows_uint(rows, who->id);
    else
        sb_rows_nil(rows);
    write_address(r, who, &line);
    sb_rows_line(rows, &line);
}

/* ---- text ----------------------------------------------------------------------------------- */

typedef struct text {
    uint32_t length;
    char bytes[4096];
} text;

static void add_bytes(text *to, const char *bytes, size_t byte_count)
{
    if (byte_count <= sizeof to->bytes - to->length) {
        memcpy(to->bytes + to->length, bytes, byte_count);
        to->length += (uint32_t)byte_count;
    }
}

static void add_name(const row *r, text *to, const party *who)
{
    sb_line line;
    sb_line_begin(&line);
    if (who->kind == PARTY_PERSON) {
        sb_line_text(&line, who->person.first_name);
    } else if (who->kind == PARTY_COMPANY) {
        sb_company_name(r->maker, &who->company, false, &line);
    } else {
        const sb_table *names = sb_find(r->maker, r->locale, SB_TABLE_FAMILY);
        sb_line_text(&line, sb_table_text(names, 0, (uint32_t)(who->id % names->count)));
    }
    add_bytes(to, line.bytes, line.length);
}

static void add_number(const row *r, text *to, uint32_t draw, uint64_t range)
{
    sb_line line;
    sb_line_begin(&line);
    sb_line_digits(&line, range / 9 + sb_below(sb_draw(r->key, draw), range), 1);
    add_bytes(to, line.bytes, line.length);
}

/* A day of the two weeks after the message, as the locale writes it. */
static void add_date(const row *r, text *to)
{
    const sb_locale *locale = sb_locale_of(r->maker, r->locale);
    int32_t days = (int32_t)(r->box->times[r->index] / SB_MS_A_DAY) + 1 +
                   (int32_t)sb_below(sb_draw(r->key, 45), 14);
    int year, month, day;
    sb_line line;
    sb_civil_from_days(days, &year, &month, &day);
    sb_line_begin(&line);
    sb_line_digits(&line, (uint64_t)(locale->month_first ? month : day),
                   locale->month_first ? 1 : 2);
    sb_line_cstr(&line, locale->month_first ? "/" : ".");
    sb_line_digits(&line, (uint64_t)(locale->month_first ? day : month),
                   locale->month_first ? 1 : 2);
    sb_line_cstr(&line, locale->month_first ? "/" : ".");
    sb_line_digits(&line, (uint64_t)year, 4);
    add_bytes(to, line.bytes, line.length);
}

/* Some hundreds or thousands, with the locale's points and currency. */
static void add_amount(const row *r, text *to)
{
    const sb_locale *locale = sb_locale_of(r->maker, r->locale);
    uint64_t amount = 1000 + (uint64_t)sb_lognormal_draw(18000, 4, sb_draw(r->key, 46));
    sb_line line;
    sb_line_begin(&line);
    if (amount >= 100000) {
        sb_line_digits(&line, amount / 100000, 1);
        sb_line_cstr(&line, locale->thousands_point);
    }
    sb_line_digits(&line, amount / 100 % 1000, amount >= 100000 ? 3 : 1);
    sb_line_cstr(&line, locale->decimal_point);
    sb_line_digits(&line, amount % 100, 2);
    sb_line_cstr(&line, " ");
    sb_line_text(&line, locale->currency);
    add_bytes(to, line.bytes, line.length);
}

/* A phrase with {given} (who reads), {sender} and {number} filled in. */
static void add_phrase(const row *r, text *to, sb_phrase_kind kind, uint64_t draw)
{
    sb_text phrase = sb_maker_phrase(r->maker, r->locale, kind, draw);
    for (uint32_t i = 0; i < phrase.byte_count;) {
        uint32_t left = phrase.byte_count - i;
        const char *hole = memchr(phrase.bytes + i, '{', left);
        uint32_t plain = hole != NULL ? (uint32_t)(hole - phrase.bytes) - i : left;
        if (plain > 0) {
            add_bytes(to, phrase.bytes + i, plain);
            i += plain;
        } else if (left >= 7 && memcmp(phrase.bytes + i, "{given}", 7) == 0) {
            add_name(r, to, &r->receiver);
            i += 7;
        } else if (left >= 8 && memcmp(phrase.bytes + i, "{sender}", 8) == 0) {
            add_name(r, to, &r->sender);
            i += 8;
        } else if (left >= 8 && memcmp(phrase.bytes + i, "{number}", 8) == 0) {
            add_number(r, to, 40, 90000);
            i += 8;
        } else if (left >= 6 && memcmp(phrase.bytes + i, "{date}", 6) == 0) {
            add_date(r, to);
            i += 6;
        } else if (left >= 8 && memcmp(phrase.bytes + i, "{amount}", 8) == 0) {
            add_amount(r, to);
            i += 8;
        } else if (left >= 11 && memcmp(phrase.bytes + i, "{reference}", 11) == 0) {
            add_number(r, to, 41, 100000000);
            i += 11;
        } else {
            add_bytes(to, phrase.bytes + i++, 1);
        }
    }
}

static void add_sentences(const row *r, text *to, sb_phrase_kind first, sb_phrase_kind others,
                          uint64_t count)
{
    uint64_t draws[4];
    for (uint32_t i = 0; i < count; i++) {
        draws[i] = sb_draw(r->key, 48 + i);
        if (i > 0)
            add_bytes(to, " ", 1);
        add_phrase(r, to, i == 0 ? first : others, draws[i]);
    }
}

/* A letter: greeting, matter, and an end that holds the name. */
static void write_letter(const row *r, text *to)
{
    bool reply = r->thread.position > 0;
    add_phrase(r, to, SB_PHRASE_GREETING, sb_draw(r->key, 41));
    add_bytes(to, "\n\n", 2);
    add_sentences(r, to, reply ? SB_PHRASE_REPLY : SB_PHRASE_BODY, SB_PHRASE_BODY,
                  1 + sb_below(sb_draw(r->key, 42), 3));
    add_bytes(to, "\n\n", 2);
    add_phrase(r, to, SB_PHRASE_CLOSING, sb_draw(r->key, 43));
}

static void write_content(const row *r, text *to)
{
    switch (r->type) {
    case SB_COMM_EMAIL:
        write_letter(r, to);
        break;
    case SB_COMM_PHONE:
    case SB_COMM_VIDEO:
    case SB_COMM_MEETING:
        add_sentences(r, to, SB_PHRASE_CALL, SB_PHRASE_CALL, 1 + sb_below(sb_draw(r->key, 42), 2));
        break;
    default:
        add_sentences(r, to, r->thread.position > 0 ? SB_PHRASE_REPLY : SB_PHRASE_SMS,
                      SB_PHRASE_SMS, 1);
        break;
    }
}

/* ---- the row -------------------------------------------------------------------------------- */

static void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, sb_mailbox_id(r->maker->world, r->box, r->index));
}

static void put_executed_at(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->box->times[r->index]);
}

static void put_type(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_comm_words[r->type]);
}

static void put_sender(const row *r, sb_rows *rows)
{
    put_party(r, rows, &r->sender);
}

static void put_recipients(const row *r, sb_rows *rows)
{
    sb_rows_array(rows, r->has_copy ? 2 : 1);
    put_party(r, rows, &r->receiver);
    if (r->has_copy)
        put_party(r, rows, &r->copied);
}

static void put_thread_id(const row *r, sb_rows *rows)
{
    if (r->thread.length > 1)
        sb_rows_uint(rows, sb_mailbox_id(r->maker->world, r->box, r->thread.first));
    else
        sb_rows_nil(rows);
}

static void put_reply_to(const row *r, sb_rows *rows)
{
    if (r->thread.position > 0)
        sb_rows_uint(rows, sb_mailbox_id(r->maker->world, r->box, r->index - 1));
    else
        sb_rows_nil(rows);
}

static void put_subject(const row *r, sb_rows *rows)
{
    text subject;
    subject.length = 0;
    if (r->type != SB_COMM_EMAIL) {
        sb_rows_nil(rows);
        return;
    }
    if (r->thread.position > 0)
        add_bytes(&subject, "Re: ", 4);
    row first = *r; /* all of a thread have the first one's subject */
    first.key = r->thread.key;
    add_phrase(&first, &subject, SB_PHRASE_SUBJECT, sb_draw(r->thread.key, 5));
    sb_rows_str(rows, subject.bytes, subject.length);
}

static void put_content(const row *r, sb_rows *rows)
{
    text content;
    content.length = 0;
    write_content(r, &content);
    sb_rows_str(rows, content.bytes, content.length);
}

static void put_language(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_locale_of(r->maker, r->locale)->language);
}

static void put_platform(const row *r, sb_rows *rows)
{
    static const sb_text platforms[SB_COMM_COUNT][4] = {
        [SB_COMM_EMAIL] = {SB_WORD("Outlook", 500), SB_WORD("Gmail", 501), SB_WORD("Exchange", 502),
                           SB_WORD("ProtonMail", 503)},
        [SB_COMM_SMS] = {SB_WORD("iMessage", 504), SB_WORD("WhatsApp", 505), SB_WORD("Signal", 506),
                         SB_WORD("Telegram", 507)},
        [SB_COMM_PHONE] = {SB_WORD("Mobile", 508), SB_WORD("Landline", 509), SB_WORD("VoIP", 510),
                           SB_WORD("Skype", 511)},
        [SB_COMM_CHAT] = {SB_WORD("Slack", 512), SB_WORD("Teams", 513), SB_WORD("Discord", 514),
                          SB_WORD("Jabber", 515)},
        [SB_COMM_VIDEO] = {SB_WORD("Zoom", 516), SB_WORD("Teams", 513), SB_WORD("WebEx", 517),
                           SB_WORD("Google Meet", 518)},
        [SB_COMM_SOCIAL_MEDIA] = {SB_WORD("LinkedIn", 519), SB_WORD("Twitter", 520),
                                  SB_WORD("Facebook", 521), SB_WORD("WeChat", 522)},
        [SB_COMM_MEETING] = {SB_WORD("Office", 523), SB_WORD("Branch", 524),
                             SB_WORD("Restaurant", 525), SB_WORD("Home", 526)},
    };
    sb_rows_text(rows, platforms[r->type][sb_draw(r->thread.key, 6) >> 62]);
}

static void put_duration_seconds(const row *r, sb_rows *rows)
{
    uint64_t draw = sb_draw(r->key, 44);
    if (r->type == SB_COMM_PHONE)
        sb_rows_uint(rows, 30 + sb_below(draw, 1770));
    else if (r->type == SB_COMM_VIDEO || r->type == SB_COMM_MEETING)
        sb_rows_uint(rows, 300 + sb_below(draw, 4500));
    else
        sb_rows_nil(rows);
}

static int draw_type(sb_key key)
{
    static const uint8_t bounds[SB_COMM_COUNT] = {35, 55, 69, 83, 88, 97, 100};
    uint64_t share = sb_below(sb_draw(key, 3), 100);
    int type = 0;
    while (bounds[type] <= share)
        type++;
    return type;
}

void sb_communication_put(sb_maker *maker, sb_rows *rows, const sb_mailbox *box, uint32_t index)
{
    row r = {.maker = maker, .box = box, .index = index, .thread = thread_of(box, index)};
    r.key = sb_row_key(box->key, (uint64_t)1 << 41 | index);
    r.type = draw_type(r.thread.key);
    party first = choose_party(maker, box, r.thread.key, 64, 0, NULL);
    r.locale = locale_of_party(&first);
    party second = choose_party(maker, box, r.thread.key, 72, r.locale, &first);
    r.sender = r.thread.position % 2 == 0 ? first : second;
    r.receiver = r.thread.position % 2 == 0 ? second : first;
    if (r.type == SB_COMM_EMAIL && sb_chance(sb_draw(r.thread.key, 4), 120000)) {
        r.copied = choose_party(maker, box, r.thread.key, 80, r.locale, &first);
        r.has_copy = r.copied.kind == PARTY_PERSON &&
                     !(second.kind == PARTY_PERSON && second.id == r.copied.id);
    }
    sb_rows_array(rows, SB_FIELD_COUNT(SB_COMMUNICATION_FIELDS));
#define PUT(number, name, ...) put_##name(&r, rows);
    SB_COMMUNICATION_FIELDS(PUT)
#undef PUT
}
