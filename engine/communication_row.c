/* The row of a message, field by field, and the text in it. */
#include "engine/communication_internal.h"
#include "engine/company.h"
#include "engine/device.h"
#include "engine/distributions.h"
#include "engine/local_text.h"
#include "engine/transaction.h"
#include "engine/words.h"
#include "format/row_text.h"

typedef sb_message_row row;

/* ---- parties -------------------------------------------------------------------------------- */

static bool by_phone(int type)
{
    return type == SB_COMM_SMS || type == SB_COMM_PHONE || type == SB_COMM_CHAT;
}

/* Whom we do not know has no contact. */
SB_FIELD void put_outside_address(const row *r, sb_rows *rows, uint64_t who)
{
    sb_place home = {r->box->events.home.locale, r->box->events.home.city, {0, 0}};
    sb_line line;
    sb_line_begin(&line);
    if (by_phone(r->type)) {
        sb_make_phone(r->maker, &home, true, who * 0x9E3779B97F4A7C15u, &line);
    } else {
        sb_line_cstr(&line, "sender");
        sb_line_digits(&line, who, 5);
        sb_line_cstr(&line, "@outside.example");
    }
    sb_rows_line(rows, &line);
}

SB_FIELD void put_address(const row *r, sb_rows *rows, sb_contact *contact)
{
    sb_line room;
    sb_text address = by_phone(r->type) ? sb_contact_phone(r->maker, contact, &room)
                                        : sb_contact_email(r->maker, contact, &room);
    sb_rows_short(rows, address);
}

SB_FIELD void put_party(const row *r, sb_rows *rows, const sb_party *who)
{
    sb_rows_array(rows, SB_FIELD_COUNT(SB_PARTY_FIELDS));
    if (who->kind == PARTY_PERSON) {
        sb_rows_mark_ahead(rows, 2, SB_MARK_LONG); /* an id's end, with the address behind */
        sb_rows_uint(rows, who->id);
    } else {
        sb_rows_nil(rows);
    }
    if (who->kind == PARTY_COMPANY)
        sb_rows_uint(rows, who->id);
    else
        sb_rows_nil(rows);
    sb_rows_mark(rows, SB_MARK_WORDS);
    if (who->kind == PARTY_OUTSIDE)
        put_outside_address(r, rows, who->id);
    else
        put_address(r, rows, who->contact);
}

/* ---- text ----------------------------------------------------------------------------------- */

/* By the given name among friends; else by the full name in the order of its culture. */
static void add_name(const row *r, sb_saying *to, const sb_party *who)
{
    sb_line line;
    if (who->kind == PARTY_PERSON && !r->is_formal) {
        sb_text given = who->contact->person.first_name;
        sb_saying_add(to, given.bytes, given.byte_count);
        return;
    }
    sb_line_begin(&line);
    if (who->kind == PARTY_OUTSIDE)
        sb_outside_person(r->maker, r->locale, who->id * 0x9E3779B97F4A7C15u, &line);
    else
        sb_contact_name(r->maker, who->contact, &line);
    sb_saying_line(to, &line);
}

/* A payment's amount, date or reference, as it stands in the row. */
static void add_payment(const row *r, sb_variable variable, sb_line *line)
{
    const sb_locale *locale = sb_locale_of(r->maker, r->locale);
    char reference[SB_REFERENCE_BYTES];
    if (!r->is_tied) /* no rule for other matters names one */
        return;
    if (variable == SB_VAR_amount) {
        const sb_core *payer = sb_side_core(r->maker, r->box->ledger->side, r->payment.from);
        sb_line_amount(r->maker, line, locale, payer->currency, r->payment.amount);
    } else if (variable == SB_VAR_date) {
        sb_line_date(line, locale, sb_message_day(r->payment.time));
    } else {
        sb_transaction_reference(r->maker->world, r->transaction, reference);
        sb_line_add(line, reference, sizeof reference);
    }
}

static void fill(void *user, sb_variable variable, sb_saying *saying)
{
    const row *r = user;
    const sb_locale *locale = sb_locale_of(r->maker, r->locale);
    const sb_table *cities;
    uint64_t draw = sb_draw(saying->key, saying->next_draw++);
    sb_line line;
    sb_line_begin(&line);
    switch (variable) {
    case SB_VAR_given:
        add_name(r, saying, r->receiver);
        return;
    case SB_VAR_sender:
        add_name(r, saying, r->sender);
        return;
    case SB_VAR_amount:
    case SB_VAR_date:
    case SB_VAR_reference:
        add_payment(r, variable, &line);
        break;
    case SB_VAR_number:
        sb_line_digits(&line, 10000 + sb_below(draw, 90000), 5);
        break;
    case SB_VAR_time: /* quarters of an hour from eight to eight */
        sb_line_digits(&line, 8 + sb_below(draw, 12), 2);
        sb_line_char(&line, ':');
        sb_line_digits(&line, (draw & 3) * 15, 2);
        break;
    case SB_VAR_weekday:
        sb_line_name(&line, locale->weekdays, (uint32_t)sb_below(draw, 5));
        break;
    case SB_VAR_month:
        sb_line_month(&line, locale->months, sb_message_day(r->box->events.times[r->index]));
        break;
    case SB_VAR_city:
        cities = sb_find(r->maker, r->locale, SB_TABLE_CITIES);
        sb_line_text(&line, sb_table_text(cities, SB_CITY_NAME, sb_table_draw(cities, draw)));
        break;
    case SB_VAR_company:
        sb_outside_firm(r->maker, r->locale, 0, draw, &line);
        break;
    default:
        break;
    }
    sb_saying_line(saying, &line);
}

/* What is said: by the medium, the tone between the two, and the matter. Rules of one medium stand
 * in the order of SB_RULES: formal, informal; paid, got, plain (, more). */
enum { MATTER_PAID, MATTER_GOT, MATTER_PLAIN, MATTER_MORE };

static int matter_of(const row *r)
{
    if (!r->is_tied)
        return MATTER_PLAIN;
    return r->box->ties[r->index].payer_writes ? MATTER_PAID : MATTER_GOT;
}

static sb_rule content_rule(const row *r)
{
    int matter = matter_of(r), informal = r->is_formal ? 0 : 1;
    bool reply = r->thread.position > 0;
    int said = r->thread.position > 1 ? MATTER_MORE : matter;
    switch (r->type) {
    case SB_COMM_EMAIL:
        return (sb_rule)(reply ? SB_RULE_reply_formal_paid + informal * 4 + said
                               : SB_RULE_email_formal_paid + informal * 3 + matter);
    case SB_COMM_PHONE:
    case SB_COMM_VIDEO:
    case SB_COMM_MEETING:
        return (sb_rule)(SB_RULE_call_paid + matter);
    case SB_COMM_SOCIAL_MEDIA:
        if (!reply)
            return SB_RULE_social;
        break;
    default:
        break;
    }
    return (sb_rule)(reply ? SB_RULE_shortreply_formal_paid + informal * 4 + said
                           : SB_RULE_short_formal_paid + informal * 3 + matter);
}

_Static_assert((int)SB_RULE_email_informal_plain == (int)SB_RULE_email_formal_paid + 5 &&
                   (int)SB_RULE_short_informal_plain == (int)SB_RULE_short_formal_paid + 5 &&
                   (int)SB_RULE_subject_informal_plain == (int)SB_RULE_subject_formal_paid + 5 &&
                   (int)SB_RULE_reply_informal_more == (int)SB_RULE_reply_formal_paid + 7 &&
                   (int)SB_RULE_shortreply_informal_more ==
                       (int)SB_RULE_shortreply_formal_paid + 7 &&
                   (int)SB_RULE_call_plain == (int)SB_RULE_call_paid + 2,
               "rules in the order that content_rule() counts in");

/* One message in 60 about something else says, innocently, what screening listens for. */
static void write_content(row *r)
{
    const sb_grammar *grammar = sb_maker_grammar(r->maker, r->locale);
    bool letter = r->type == SB_COMM_EMAIL;
    sb_saying_begin(&r->saying, r->key, MESSAGE_TEXT, fill, r);
    if (grammar == NULL)
        return;
    sb_say(grammar, content_rule(r), &r->saying);
    if (!r->is_tied && sb_chance(DRAWN(MESSAGE_SENSITIVE, 0), 17000)) {
        sb_saying_add(&r->saying, letter ? "\n\n" : " ", letter ? 2 : 1);
        sb_say(grammar, SB_RULE_sensitive, &r->saying);
    }
    r->saying.financial = r->saying.financial || r->is_tied;
}

/* ---- the row -------------------------------------------------------------------------------- */

SB_FIELD void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->id);
}

SB_FIELD void put_executed_at(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->box->events.times[r->index]);
}

SB_FIELD void put_type(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_comm_words[r->type]);
}

SB_FIELD void put_sender(const row *r, sb_rows *rows)
{
    put_party(r, rows, r->sender);
}

SB_FIELD void put_recipients(const row *r, sb_rows *rows)
{
    sb_rows_array(rows, r->has_copy ? 2 : 1);
    put_party(r, rows, r->receiver);
    if (r->has_copy)
        put_party(r, rows, &r->seats[COPIED]);
}

SB_FIELD void put_thread_id(const row *r, sb_rows *rows)
{
    if (r->thread.length > 1)
        sb_rows_uint(rows, sb_event_id(r->maker->world, &r->box->events, r->thread.first));
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_reply_to(const row *r, sb_rows *rows)
{
    if (r->thread.position > 0)
        sb_rows_uint(rows, sb_event_id(r->maker->world, &r->box->events, r->index - 1));
    else
        sb_rows_nil(rows);
}

/* All of a thread have the first one's subject. */
SB_FIELD void put_subject(const row *r, sb_rows *rows)
{
    const sb_grammar *grammar = sb_maker_grammar(r->maker, r->locale);
    sb_saying subject;
    if (r->type != SB_COMM_EMAIL || grammar == NULL) {
        sb_rows_nil(rows);
        return;
    }
    sb_saying_begin(&subject, r->thread.key, THREAD_SUBJECT, fill, (void *)(uintptr_t)r);
    if (r->thread.position > 0)
        sb_saying_add(&subject, "Re: ", 4);
    sb_say(grammar, (sb_rule)(SB_RULE_subject_formal_paid + (r->is_formal ? 0 : 3) + matter_of(r)),
           &subject);
    sb_rows_saying(rows, &subject);
}

SB_FIELD void put_content(const row *r, sb_rows *rows)
{
    sb_rows_saying(rows, &r->saying);
}

SB_FIELD void put_language(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_locale_of(r->maker, r->locale)->language);
}

SB_FIELD void put_platform(const row *r, sb_rows *rows)
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
    sb_rows_known(rows, platforms[r->type][r->platform]);
}

SB_FIELD void put_duration_seconds(const row *r, sb_rows *rows)
{
    bool phone = r->type == SB_COMM_PHONE;
    if (!phone && r->type != SB_COMM_VIDEO && r->type != SB_COMM_MEETING) {
        sb_rows_nil(rows);
        return;
    }
    uint64_t draw = sb_draw(r->key, MESSAGE_DURATION);
    sb_rows_uint(rows, phone ? 30 + sb_below(draw, 1770) : 300 + sb_below(draw, 4500));
}

SB_FIELD void put_transaction_id(const row *r, sb_rows *rows)
{
    if (r->is_tied)
        sb_rows_uint(rows, r->transaction);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_sentiment_score(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->sentiment);
}

/* ---- files sent along ----------------------------------------------------------------------- */

typedef struct file_type {
    const char *extension, *media_type;
} file_type;

/* Papers by e-mail, pictures elsewhere; sizes log-normal around 180 KiB and 1.4 MiB. */
SB_FIELD void put_attachment(const row *r, sb_rows *rows, uint32_t nth)
{
    static const file_type papers[] = {
        {".pdf", "application/pdf"},
        {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
        {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        {".zip", "application/zip"}};
    static const file_type pictures[] = {{".jpg", "image/jpeg"},
                                         {".png", "image/png"},
                                         {".mp4", "video/mp4"},
                                         {".pdf", "application/pdf"}};
    static const char *const paper_names[] = {"invoice", "statement", "contract", "offer",
                                              "scan",    "report",    "form",     "receipt"};
    uint64_t draw = sb_draw(r->key, MESSAGE_FILES + 1 + nth);
    bool paper = r->type == SB_COMM_EMAIL;
    uint64_t share = sb_below(draw, 100);
    const file_type *type = (paper ? papers : pictures) + (share < 60   ? 0
                                                           : share < 80 ? 1
                                                           : share < 93 ? 2
                                                                        : 3);
    sb_line name;
    sb_line_begin(&name);
    sb_line_cstr(&name, paper ? paper_names[draw & 7] : "IMG");
    sb_line_char(&name, '_');
    sb_line_digits(&name, sb_below(draw << 20, 100000), 5);
    sb_line_cstr(&name, type->extension);
    sb_rows_mark(rows, SB_MARK_LONG);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_ATTACHMENT_FIELDS));
    sb_rows_mark(rows, SB_MARK_WORDS);
    sb_rows_line(rows, &name);
    sb_rows_mark(rows, SB_MARK_WORDS);
    sb_rows_str(rows, type->media_type, (uint32_t)strlen(type->media_type));
    sb_rows_int(rows, sb_lognormal_draw(paper ? 184320 : 1468006, 3, draw << 8) + 1024);
}

SB_FIELD void put_attachments(const row *r, sb_rows *rows)
{
    sb_rows_array(rows, r->file_count);
    for (uint32_t i = 0; i < r->file_count; i++)
        put_attachment(r, rows, i);
}

/* ---- screening ------------------------------------------------------------------------------ */

SB_FIELD void put_suspicious_keywords(const row *r, sb_rows *rows)
{
    const sb_table *keywords = sb_find(r->maker, 0, SB_TABLE_KEYWORDS);
    sb_rows_array(rows, r->saying.keyword_count);
    for (uint32_t i = 0; i < r->saying.keyword_count; i++) {
        sb_rows_mark(rows, SB_MARK_LONG);
        sb_rows_known(rows, sb_table_text(keywords, 0, r->saying.keywords[i]));
    }
}

SB_FIELD void put_contains_financial_terms(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->saying.financial);
}

static bool is_post(const row *r)
{
    return r->type == SB_COMM_SOCIAL_MEDIA && r->thread.position == 0;
}

static bool has_many_keywords(const row *r)
{
    return r->saying.keyword_count > 2;
}

static bool is_flagged(const row *r)
{
    return r->risk > 4000 || has_many_keywords(r);
}

SB_FIELD void put_risk_score(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->risk);
}

SB_FIELD void put_is_encrypted(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->is_encrypted);
}

SB_FIELD void put_is_flagged(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, is_flagged(r));
}

SB_FIELD void put_flag_reason(const row *r, sb_rows *rows)
{
    if (is_flagged(r))
        sb_rows_known(rows,
                      sb_flag_reason_words[has_many_keywords(r) ? SB_FLAG_REASON_SUSPICIOUS_KEYWORDS
                                                                : SB_FLAG_REASON_HIGH_RISK_SCORE]);
    else
        sb_rows_nil(rows);
}

/* ---- how it was sent ------------------------------------------------------------------------ */

static bool by_internet(const row *r)
{
    return r->type == SB_COMM_EMAIL || r->type == SB_COMM_CHAT || r->type == SB_COMM_VIDEO ||
           r->type == SB_COMM_SOCIAL_MEDIA;
}

SB_FIELD void put_device_id(const row *r, sb_rows *rows)
{
    bool by_sms = r->type == SB_COMM_SMS, known = false;
    uint64_t device = 0;
    if (r->sender->kind == PARTY_PERSON && (by_sms || by_internet(r)) &&
        r->maker->world->values.counts[SB_DEVICES] > 0) {
        uint64_t which = sb_draw(r->key, MESSAGE_DEVICE);
        known = by_sms ? sb_mobile_of(r->maker, r->sender->id, which, &device)
                       : sb_device_of(r->maker, r->sender->id, which, &device);
    }
    if (known)
        sb_rows_uint(rows, device);
    else
        sb_rows_nil(rows);
}

/* Four in five times the sender's address at home. */
SB_FIELD void put_ip(const row *r, sb_rows *rows)
{
    sb_line line;
    if (!by_internet(r)) {
        sb_rows_nil(rows);
        return;
    }
    uint64_t draw = DRAWN(MESSAGE_IP, 0);
    if (r->sender->kind != PARTY_OUTSIDE && sb_below(draw << 8, 5) > 0) {
        sb_rows_short(rows, sb_contact_ip(r->maker, r->sender->contact, &line));
    } else {
        sb_line_begin(&line);
        sb_line_ip(&line, draw);
        sb_rows_line(rows, &line);
    }
}

SB_FIELD void put_text_or_nil(sb_rows *rows, bool has, const char *text)
{
    if (has)
        sb_rows_str(rows, text, (uint32_t)strlen(text));
    else
        sb_rows_nil(rows);
}

/* RFC 5322: unique by the message's own id. */
SB_FIELD void put_message_id(const row *r, sb_rows *rows)
{
    static const char hex[] = "0123456789abcdef";
    sb_line line;
    if (r->type != SB_COMM_EMAIL) {
        sb_rows_nil(rows);
        return;
    }
    uint64_t mixed = sb_draw(r->key, MESSAGE_ID);
    line.bytes[0] = '<';
    for (int i = 0; i < 16; i++)
        line.bytes[1 + i] = hex[mixed >> (60 - 4 * i) & 15];
    line.bytes[17] = '.';
    line.length = 18;
    sb_line_digits(&line, r->id, 1);
    sb_line_cstr(&line, "@mail.example>");
    sb_rows_line(rows, &line);
}

SB_FIELD void put_delivery(const row *r, sb_rows *rows, uint64_t draw)
{
    uint64_t share = sb_below(draw, 100);
    if (r->type == SB_COMM_SMS)
        sb_rows_known(rows, sb_delivery_words[share < 24   ? SB_DELIVERY_DELIVERED
                                              : share < 98 ? SB_DELIVERY_READ
                                                           : SB_DELIVERY_FAILED]);
    else
        sb_rows_nil(rows);
}

/* Who may see a post, and how it was liked, shared and commented on. */
SB_FIELD void put_reception(const row *r, sb_rows *rows, uint64_t draw, bool post)
{
    if (!post) {
        for (int i = 0; i < 4; i++)
            sb_rows_nil(rows);
        return;
    }
    sb_rows_known(rows, sb_visibility_words[sb_below(draw, SB_VISIBILITY_COUNT)]);
    sb_rows_uint(rows, (uint64_t)sb_lognormal_draw(14, 6, draw << 8));
    sb_rows_uint(rows, r->share_count);
    sb_rows_uint(rows, (uint64_t)sb_lognormal_draw(4, 4, draw << 16));
}

SB_FIELD void put_details(const row *r, sb_rows *rows)
{
    static const char *const workspaces[] = {"Office", "Sales",    "Support",    "Family",
                                             "Club",   "Projects", "Accounting", "Neighbours"};
    static const char *const channels[] = {"general", "payments", "orders",   "weekend",
                                           "random",  "invoices", "planning", "help"};
    uint64_t draw = DRAWN(MESSAGE_DETAILS, 0), place = 0;
    bool call = r->type == SB_COMM_PHONE, video = r->type == SB_COMM_VIDEO;
    bool chat = r->type == SB_COMM_CHAT, post = is_post(r);
    if (chat)
        place = sb_draw(r->thread.key, THREAD_PLACE);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_DETAILS_FIELDS));
    sb_rows_mark(rows, SB_MARK_WORDS);
    put_message_id(r, rows);
    sb_rows_mark(rows, SB_MARK_LONG);
    put_text_or_nil(rows, call, (draw & 1) != 0 ? "incoming" : "outgoing");
    if (call || video)
        sb_rows_bool(rows, sb_below(draw, 10) < (call ? 3 : 5));
    else
        sb_rows_nil(rows);
    if (video || r->type == SB_COMM_MEETING)
        sb_rows_uint(rows, 2 + sb_below(draw, 3) * sb_below(draw << 16, 4));
    else
        sb_rows_nil(rows);
    sb_rows_mark(rows, SB_MARK_SHORT);
    put_delivery(r, rows, draw);
    put_text_or_nil(rows, chat, workspaces[place >> 61]);
    if (chat)
        sb_rows_mark_ahead(rows, 1, SB_MARK_LONG);
    put_text_or_nil(rows, chat, channels[place >> 58 & 7]);
    sb_rows_mark(rows, SB_MARK_LONG);
    put_reception(r, rows, draw, post);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static uint32_t draw_file_count(const row *r)
{
    bool may = r->type == SB_COMM_EMAIL || r->type == SB_COMM_SMS || r->type == SB_COMM_CHAT ||
               r->type == SB_COMM_SOCIAL_MEDIA;
    if (!may)
        return 0;
    uint64_t share = sb_below(DRAWN(MESSAGE_FILES, 0), 100);
    if (share >= 25)
        return 0;
    return share < 17 ? 1 : share < 22 ? 2 : 3;
}

/* The mean of the tones of what was said, and a little noise: -10,000 to 10,000. */
static int32_t draw_sentiment(const row *r)
{
    int32_t noise = (int32_t)sb_below(DRAWN(MESSAGE_TONE, 0), 2401) - 1200;
    int32_t mean = r->saying.tone_count > 0 ? r->saying.tone * 100 / r->saying.tone_count : 0;
    int32_t score = mean + noise;
    return score < -10000 ? -10000 : score > 10000 ? 10000 : score;
}

/* ProtonMail, and the messengers but for iMessage, always are; one other in five is. */
static bool draw_encrypted(const row *r)
{
    return (r->type == SB_COMM_SMS && r->platform > 0) ||
           (r->type == SB_COMM_EMAIL && r->platform == 3) ||
           sb_chance(DRAWN(THREAD_ENCRYPTED, 0), 200000);
}

/* The published rule (docs/model.md). Its hours are those of UTC, which the row names. */
static uint32_t risk_of(const row *r)
{
    int hour = (int)(r->box->events.times[r->index] % SB_MS_A_DAY / 3600000);
    uint32_t score = r->saying.keyword_count > 0 ? 3000 : 0;
    score += has_many_keywords(r) ? 2000 : 0;
    score += r->sentiment < -4000 ? 1000 : 0;
    score += r->file_count > 2 ? 1000 : 0;
    score += r->share_count > 50 ? 1000 : 0;
    score += r->saying.keyword_count > 0 && r->is_encrypted ? 1500 : 0;
    score += hour < 4 ? 1000 : 0;
    return score < 10000 ? score : 10000;
}

/* What more than one field depends on. */
static void draw_shared(row *r)
{
    /* One of four services of the medium. */
    r->platform = (uint32_t)(DRAWN(THREAD_PLATFORM, 0) >> 62);
    r->is_encrypted = draw_encrypted(r);
    r->file_count = draw_file_count(r);
    r->share_count =
        is_post(r) ? (uint32_t)sb_lognormal_draw(3, 7, sb_draw(r->key, MESSAGE_SHARES)) : 0;
    r->sentiment = draw_sentiment(r);
    r->risk = risk_of(r);
}

/* Keys, draws and id of the row are there. Not inlined: it is large. */
static __attribute__((noinline)) void put_row(row *r, sb_maker *maker, sb_rows *rows,
                                              const sb_mailbox *box, uint32_t index)
{
    sb_message_seat(r, maker, box, index);
    write_content(r);
    draw_shared(r);
    sb_rows out = *rows; /* see SB_FIELD */
    sb_rows_array(&out, SB_FIELD_COUNT(SB_COMMUNICATION_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(&out, __VA_ARGS__) put_##name(r, &out);
    SB_COMMUNICATION_FIELDS(PUT)
#undef PUT
    *rows = out;
}

void sb_communication_put(sb_maker *maker, sb_rows *rows, const sb_mailbox *box, uint32_t index)
{
    row r; /* not cleared: most of it is room for the text */
    uint64_t draws[SB_MESSAGE_DRAWS][SB_LANES];
    sb_message_draw(&r, box, index, draws);
    r.id = sb_event_id(maker->world, &box->events, index);
    put_row(&r, maker, rows, box, index);
}

void sb_message_put(sb_maker *maker, sb_rows *rows, const sb_messages *taken, uint32_t lane)
{
    const sb_mailbox *box = taken->box;
    row r; /* as above */
    r.key = sb_keys_at(&taken->keys, lane);
    r.thread.key = sb_keys_at(&taken->threads, lane);
    r.drawn = &taken->draws[0][lane];
    r.id = box->events.cell << maker->world->id_bits[SB_COMMUNICATIONS] | taken->ids[lane];
    put_row(&r, maker, rows, box, taken->indices[lane]);
}
