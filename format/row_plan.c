#include "format/row_plan.h"

#include <stdlib.h>
#include <string.h>

#include "format/digits.h"
#include "format/row_internal.h"
#include "format/text_cell.h"
#include "format/text_put.h"

/* What a step does with the next value. */
typedef enum deed {
    GIVE_UP, /* nothing our kinds have: left to sb_row_text() */
    PUT_INT,
    PUT_SCALED,
    PUT_MONEY_AHEAD, /* of its currency, which is still to come */
    PUT_MONEY,       /* its currency was printed already */
    PUT_DATE,
    PUT_TIME,
    PUT_TEXT,
    PUT_CURRENCY, /* a text whose decimals money behind it wants to know */
    PUT_BOOL,
    PUT_BIN,
    PUT_ARRAY,
    PUT_RECORD,
    PUT_CELL, /* an array or a record in a cell of CSV */
} deed;

typedef struct step {
    uint32_t lead; /* in plan->leads: what stands before the value, `,"amount":"` */
    uint32_t lead_bytes;
    uint32_t other; /* step of the currency; of an array's items; the first of a record's */
    uint32_t count; /* of a record's fields; of values between money and its currency */
    deed deed;
    uint8_t quote_bytes; /* at the lead's end and behind the value, unless that is nil */
    uint8_t nil_bytes;   /* of "null": 0 where nil is nothing at all */
    uint8_t scale;
    bool is_json; /* the value stands in JSON, else bare in a cell */
} step;

enum {
    LEAD_BYTES = 32,  /* copied at once; most leads are no longer */
    DEPTH_MAX = 8,    /* of records in records */
    AHEAD_BYTES = 16, /* read at once, whatever a value's length */
    NO_CURRENCY = 0xff,
    DAY_SLOTS = 256,
    DAY_BYTES = 10,
    CURRENCY_SLOTS = 64,
    /* Any value but texts, bytes and arrays: a number or a time, its quotes, brackets around it. */
    VALUE_ROOM = SB_DIGITS_ROOM + 16,
    /* What one byte of a text can become: \u0001 of JSON, with its backslash doubled for TSV. */
    TEXT_GROWTH = SB_PUT_JSON_GROWTH + 1,
    /* Ready before each row. A row that wants more is given up; only made-up ones do. */
    ROW_ROOM = 128 * 1024,
};

struct sb_row_plan {
    const sb_record *record; /* borrowed */
    sb_row_text_options options;
    bool is_odd;    /* every row is given up */
    sb_bytes steps; /* those of the record's own fields first */
    sb_bytes leads;
    uint8_t *decimals; /* owned; of the currency that each step printed last */
    size_t fixed_room; /* for one value of every step */
    uint64_t given_up;
    /* The two characters of a text, eight times each, that it cannot keep as they are: in a cell,
     * and in JSON. */
    uint64_t avoided[2][2];
    /* Of the row at hand. */
    const uint8_t *end; /* of what may be read */
    char *limit;        /* there is room for fixed_room bytes behind it */
    /* Neighbouring rows share days and currencies: each slot holds what fell into it last. */
    int64_t days[DAY_SLOTS];
    char day_texts[DAY_SLOTS][16];
    uint32_t currencies[CURRENCY_SLOTS]; /* the code's three bytes, then the decimals */
};

/* ---- making a plan -------------------------------------------------------------------------- */

typedef struct planner {
    sb_row_plan *plan;
    sb_error *err;
} planner;

static step *step_at(const sb_row_plan *plan, size_t index)
{
    return (step *)(void *)plan->steps.data + index;
}

static size_t step_count(const sb_row_plan *plan)
{
    return plan->steps.length / sizeof(step);
}

static sb_status add_steps(planner *p, size_t count, uint32_t *first)
{
    sb_bytes *steps = &p->plan->steps;
    *first = (uint32_t)step_count(p->plan);
    SB_TRY(sb_bytes_reserve(steps, count * sizeof(step), p->err));
    memset(steps->data + steps->length, 0, count * sizeof(step));
    steps->length += count * sizeof(step);
    return SB_OK;
}

static sb_status add_to_lead(planner *p, step *s, const char *text, size_t text_bytes)
{
    s->lead_bytes += (uint32_t)text_bytes;
    return sb_bytes_add(&p->plan->leads, text, text_bytes, p->err);
}

/* Money knows its decimals by a text of the same record. */
static deed deed_of_money(const sb_row_plan *plan, const sb_record *record, const sb_field *field,
                          uint32_t first, step *s)
{
    int own = (int)(field - record->fields);
    int currency = field->scale_by == NULL ? -1 : sb_record_find(record, field->scale_by);
    if (currency < 0 || record->fields[currency].type != SB_STR || field->type != SB_INT)
        return GIVE_UP;
    s->other = first + (uint32_t)currency;
    if (currency > own) {
        s->count = (uint32_t)(currency - own - 1);
        return PUT_MONEY_AHEAD;
    }
    step_at(plan, s->other)->deed = PUT_CURRENCY;
    return PUT_MONEY;
}

static bool is_time(const sb_field *field)
{
    return field->logical == SB_DATE_DAYS || field->logical == SB_TIMESTAMP_MS;
}

static deed deed_of_int(const sb_row_plan *plan, const sb_record *record, const sb_field *field,
                        uint32_t first, step *s)
{
    if (plan->options.raw)
        return PUT_INT;
    if (is_time(field))
        return field->logical == SB_DATE_DAYS ? PUT_DATE : PUT_TIME;
    if (field->logical == SB_MONEY)
        return deed_of_money(plan, record, field, first, s);
    s->scale = field->scale;
    return field->scale == 0 ? PUT_INT : PUT_SCALED;
}

static bool is_quoted(const sb_row_plan *plan, const sb_field *field, sb_type type)
{
    bool prints_as_text = is_time(field) || field->logical == SB_MONEY;
    return type == SB_STR || type == SB_BIN ||
           (type == SB_INT && prints_as_text && !plan->options.raw);
}

static sb_status plan_fields(planner *p, const sb_record *record, bool is_inside, int depth,
                             uint32_t *first);

/* Fills the step of a field, or of its items; `first` is that of its record's first field. Inside
 * an array or a record everything is JSON, and inside a cell of CSV all its quotes are two. */
static sb_status plan_value(planner *p, const sb_record *record, const sb_field *field,
                            sb_type type, uint32_t first, bool is_inside, int depth, uint32_t index)
{
    step made = *step_at(p->plan, index);
    bool is_csv = p->plan->options.format == SB_CSV;
    made.is_json = is_inside || p->plan->options.format == SB_NDJSON;
    made.nil_bytes = made.is_json ? 4 : 0;
    if (made.is_json && is_quoted(p->plan, field, type))
        made.quote_bytes = is_csv ? 2 : 1;
    SB_TRY(add_to_lead(p, &made, "\"\"", made.quote_bytes));
    if (is_csv && !is_inside && (type == SB_ARRAY || type == SB_RECORD)) {
        made.deed = PUT_CELL;
        SB_TRY(add_steps(p, 1, &made.other));
        SB_TRY(plan_value(p, record, field, type, first, true, depth, made.other));
        *step_at(p->plan, index) = made;
        return SB_OK;
    }
    switch (type) {
    case SB_INT:
        made.deed = deed_of_int(p->plan, record, field, first, &made);
        break;
    case SB_STR:
        made.deed = PUT_TEXT;
        break;
    case SB_BOOL:
        made.deed = PUT_BOOL;
        break;
    case SB_BIN:
        made.deed = PUT_BIN;
        break;
    case SB_ARRAY: {
        made.deed = PUT_ARRAY;
        step items = {.lead = (uint32_t)p->plan->leads.length};
        SB_TRY(add_to_lead(p, &items, ",", 1));
        SB_TRY(add_steps(p, 1, &made.other));
        *step_at(p->plan, made.other) = items;
        SB_TRY(plan_value(p, record, field, field->items, first, true, depth, made.other));
        break;
    }
    case SB_RECORD:
        made.deed = PUT_RECORD;
        made.count = (uint32_t)field->record->field_count;
        if (made.count == 0 || depth == DEPTH_MAX)
            made.deed = GIVE_UP;
        else
            SB_TRY(plan_fields(p, field->record, true, depth + 1, &made.other));
        break;
    }
    *step_at(p->plan, index) = made;
    return SB_OK;
}

static sb_status add_key(planner *p, step *s, const char *name, bool is_first, bool is_inside)
{
    size_t quote_bytes = is_inside && p->plan->options.format == SB_CSV ? 2 : 1;
    SB_TRY(add_to_lead(p, s, is_first ? "{" : ",", 1));
    SB_TRY(add_to_lead(p, s, "\"\"", quote_bytes));
    SB_TRY(add_to_lead(p, s, name, strlen(name)));
    SB_TRY(add_to_lead(p, s, "\"\"", quote_bytes));
    return add_to_lead(p, s, ":", 1);
}

static sb_status plan_fields(planner *p, const sb_record *record, bool is_inside, int depth,
                             uint32_t *first)
{
    sb_text_format format = p->plan->options.format;
    SB_TRY(add_steps(p, record->field_count, first));
    for (uint32_t i = 0; i < record->field_count; i++) {
        const sb_field *field = &record->fields[i];
        step s = {.lead = (uint32_t)p->plan->leads.length};
        if (is_inside || format == SB_NDJSON)
            SB_TRY(add_key(p, &s, field->name, i == 0, is_inside));
        else if (i > 0)
            SB_TRY(add_to_lead(p, &s, format == SB_CSV ? "," : "\t", 1));
        *step_at(p->plan, *first + i) = s;
        SB_TRY(plan_value(p, record, field, field->type, *first, is_inside, depth, *first + i));
    }
    return SB_OK;
}

static sb_status finish_plan(planner *p)
{
    sb_row_plan *plan = p->plan;
    size_t count = step_count(plan);
    plan->decimals = malloc(count + 1);
    if (plan->decimals == NULL)
        return sb_fail(p->err, SB_ENOMEM, "no memory to print %s", plan->record->name);
    memset(plan->decimals, NO_CURRENCY, count);
    plan->fixed_room = LEAD_BYTES + VALUE_ROOM;
    for (size_t i = 0; i < count; i++)
        plan->fixed_room += step_at(plan, i)->lead_bytes + VALUE_ROOM;
    if (plan->fixed_room > ROW_ROOM / 2) /* names of many KiB, in a header that is not ours */
        plan->is_odd = true;
    /* Leads are copied by LEAD_BYTES, the last one too. */
    static const char behind[LEAD_BYTES];
    SB_TRY(sb_bytes_add(&plan->leads, behind, sizeof behind, p->err));
    bool is_csv = plan->options.format == SB_CSV;
    plan->avoided[true][0] = SB_EACH('"');
    plan->avoided[true][1] = SB_EACH('\\');
    plan->avoided[false][0] = SB_EACH(is_csv ? '"' : '\\');
    plan->avoided[false][1] = SB_EACH(is_csv ? ',' : '\\');
    for (int i = 0; i < DAY_SLOTS; i++)
        plan->days[i] = INT64_MIN; /* no printable day */
    return SB_OK;
}

sb_status sb_row_plan_open(const sb_record *record, const sb_row_text_options *options,
                           sb_row_plan **out, sb_error *err)
{
    uint32_t first;
    sb_row_plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory to print %s", record->name);
    plan->record = record;
    plan->options = *options;
    plan->is_odd = record->field_count == 0 || (options->derived && record->derived_count > 0);
    planner p = {plan, err};
    sb_status st = record->field_count > 0 ? plan_fields(&p, record, false, 0, &first) : SB_OK;
    if (st == SB_OK)
        st = finish_plan(&p);
    if (st == SB_OK)
        *out = plan;
    else
        sb_row_plan_close(plan);
    return st;
}

void sb_row_plan_close(sb_row_plan *plan)
{
    if (plan == NULL)
        return;
    sb_bytes_close(&plan->steps);
    sb_bytes_close(&plan->leads);
    free(plan->decimals);
    free(plan);
}

/* ---- values --------------------------------------------------------------------------------- */

/* Where the row is read and where its text goes. Passed on in two registers; in memory every byte
 * of text written could have changed it, and it would be read again. `to` is NULL once the row is
 * given up. */
typedef struct spot {
    const uint8_t *from;
    char *to;
} spot;

static const spot given_up = {NULL, NULL};

/* An integer of any length. Reads AHEAD_BYTES at most. */
static inline bool read_int(const uint8_t **from, int64_t *out)
{
    enum { INT_FIRST = 0xcc, SIGNED_FIRST = 0xd0, INT_LAST = 0xd3 };
    uint8_t head = **from;
    if (head < 0x80 || head >= 0xe0) {
        *out = (int8_t)head;
        *from += 1;
        return true;
    }
    if (head < INT_FIRST || head > INT_LAST)
        return false;
    const uint8_t *at = *from + 1;
    uint64_t number = (uint64_t)at[0] << 56 | (uint64_t)at[1] << 48 | (uint64_t)at[2] << 40 |
                      (uint64_t)at[3] << 32 | (uint64_t)at[4] << 24 | (uint64_t)at[5] << 16 |
                      (uint64_t)at[6] << 8 | at[7];
    unsigned byte_count = 1u << (head & 3);
    unsigned unused_bits = 64 - 8 * byte_count;
    *from = at + byte_count;
    *out = head < SIGNED_FIRST ? (int64_t)(number >> unused_bits) : (int64_t)number >> unused_bits;
    return head < SIGNED_FIRST ? *out >= 0 : true; /* above INT64_MAX: nothing we write */
}

/* The head of a text of up to 64 KiB. */
static inline bool read_text_head(const uint8_t **from, size_t *text_bytes)
{
    const uint8_t *at = *from;
    if ((at[0] & 0xe0) == 0xa0) {
        *text_bytes = at[0] & 0x1f;
        *from = at + 1;
    } else if (at[0] == 0xd9) {
        *text_bytes = at[1];
        *from = at + 2;
    } else if (at[0] == 0xda) {
        *text_bytes = (size_t)at[1] << 8 | at[2];
        *from = at + 3;
    } else {
        return false;
    }
    return true;
}

static inline bool has_left(const sb_row_plan *plan, const uint8_t *from, size_t byte_count)
{
    return (size_t)(plan->end - from) >= byte_count;
}

static inline char *put_quotes(char *to, const step *s)
{
    memcpy(to, "\"\"", 2);
    return to + s->quote_bytes;
}

/* Copies a text by AHEAD_BYTES; true when nothing in it had to be changed. */
static inline bool copy_clean(char *to, const uint8_t *text, size_t text_bytes,
                              const uint64_t avoided[2])
{
    /* High bits for all bytes behind the text's end. */
    static const uint8_t behind[2 * AHEAD_BYTES] = {0,    0,    0,    0,    0,    0,    0,    0,
                                                    0,    0,    0,    0,    0,    0,    0,    0,
                                                    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                                    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
    for (;; text += AHEAD_BYTES, to += AHEAD_BYTES, text_bytes -= AHEAD_BYTES) {
        uint64_t eights[2];
        memcpy(eights, text, sizeof eights);
        memcpy(to, eights, sizeof eights);
        uint64_t low = sb_clean_bits(eights[0], avoided[0], avoided[1]);
        uint64_t high = sb_clean_bits(eights[1], avoided[0], avoided[1]);
        if (text_bytes <= AHEAD_BYTES) {
            uint64_t ends[2];
            memcpy(ends, behind + AHEAD_BYTES - text_bytes, sizeof ends);
            return ((low | ends[0]) & (high | ends[1])) == SB_EACH(0x80);
        }
        if ((low & high) != SB_EACH(0x80))
            return false;
    }
}

/* A text that wants a second look. */
static char *put_unclean(const sb_row_plan *plan, const step *s, char *to, const uint8_t *text,
                         size_t text_bytes)
{
    sb_text_format format = plan->options.format;
    char *end = s->is_json ? sb_put_json_text(to, text, text_bytes)
                           : sb_put_plain_text(to, text, text_bytes);
    if (format == SB_NDJSON)
        return end;
    if (format == SB_TSV)
        return sb_escape_tsv(to, end);
    return s->is_json ? sb_double_quotes(to, end) : sb_quote_csv(to, end);
}

static inline spot put_text(const sb_row_plan *plan, const step *s, spot here, size_t text_bytes)
{
    if (!has_left(plan, here.from, text_bytes + AHEAD_BYTES) || here.to > plan->limit ||
        (size_t)(plan->limit - here.to) < TEXT_GROWTH * text_bytes)
        return given_up;
    const uint8_t *text = here.from;
    here.from += text_bytes;
    bool is_quoted_nothing = !s->is_json && text_bytes == 0; /* of CSV, where nothing is nil */
    if (!is_quoted_nothing && copy_clean(here.to, text, text_bytes, plan->avoided[s->is_json]))
        here.to += text_bytes;
    else
        here.to = put_unclean(plan, s, here.to, text, text_bytes);
    here.to = put_quotes(here.to, s);
    return here;
}

static int look_up_decimals(sb_row_plan *plan, const uint8_t *code, size_t code_bytes)
{
    if (code_bytes != 3)
        return sb_currency_decimals((const char *)code, code_bytes);
    uint32_t key = (uint32_t)code[0] << 24 | (uint32_t)code[1] << 16 | (uint32_t)code[2] << 8;
    uint32_t *slot = &plan->currencies[key * UINT32_C(0x9e3779b1) >> 26];
    _Static_assert(CURRENCY_SLOTS == 1 << (32 - 26), "a slot for every hash");
    if (*slot >> 8 != key >> 8 || key == 0)
        *slot = key | (uint32_t)sb_currency_decimals((const char *)code, code_bytes);
    return (int)(*slot & 0xff);
}

static inline char *put_scaled(char *to, int64_t number, int decimals)
{
    if (decimals > 0)
        return sb_put_scaled(to, number, decimals);
    uint64_t magnitude = sb_put_minus(&to, number);
    return sb_put_number(to, magnitude);
}

/* The decimals of money whose currency stands some values behind `from`; NO_CURRENCY when it does
 * not. */
static int decimals_ahead(sb_row_plan *plan, const step *s, const uint8_t *from)
{
    sb_cursor cursor = {from, plan->end};
    sb_value code;
    for (uint32_t i = 0; i < s->count; i++)
        if (!sb_cursor_skip(&cursor))
            return NO_CURRENCY;
    if (!sb_cursor_next(&cursor, &code) || code.kind != SB_VALUE_STR)
        return NO_CURRENCY;
    return look_up_decimals(plan, code.bytes, code.count);
}

static inline char *put_day(sb_row_plan *plan, char *to, int64_t days)
{
    if (!sb_days_printable(days))
        return NULL;
    size_t slot = (uint64_t)days % DAY_SLOTS;
    if (plan->days[slot] != days) {
        plan->days[slot] = days;
        (void)sb_put_date(plan->day_texts[slot], (int32_t)days);
    }
    memcpy(to, plan->day_texts[slot], sizeof plan->day_texts[slot]);
    return to + DAY_BYTES;
}

static inline char *put_time(sb_row_plan *plan, char *to, int64_t ms)
{
    enum { MS_PER_DAY = 86400000 };
    int64_t days = sb_days_of_ms(ms);
    to = put_day(plan, to, days);
    return to == NULL ? NULL : sb_put_clock(to, (uint32_t)(ms - days * MS_PER_DAY));
}

static spot put_steps(sb_row_plan *plan, const step *s, const step *end, spot here);

/* Each item brings a comma; the first one's becomes the bracket. */
static spot put_array(sb_row_plan *plan, const step *s, spot here)
{
    sb_cursor cursor = {here.from, plan->end};
    sb_value head;
    if (!sb_cursor_next(&cursor, &head) || head.kind != SB_VALUE_ARRAY)
        return given_up;
    here.from = cursor.at;
    char *begin = here.to;
    const step *items = step_at(plan, s->other);
    for (uint32_t i = 0; i < head.count; i++) {
        if (here.to > plan->limit)
            return given_up;
        here = put_steps(plan, items, items + 1, here);
        if (here.to == NULL)
            return given_up;
    }
    here.to += head.count == 0;
    *begin = '[';
    *here.to++ = ']';
    return here;
}

static spot put_record(sb_row_plan *plan, const step *s, spot here)
{
    sb_cursor cursor = {here.from, plan->end};
    sb_value head;
    if (!sb_cursor_next(&cursor, &head) || head.kind != SB_VALUE_ARRAY || head.count != s->count)
        return given_up;
    here.from = cursor.at;
    const step *first = step_at(plan, s->other);
    here = put_steps(plan, first, first + s->count, here);
    if (here.to != NULL)
        *here.to++ = '}';
    return here;
}

/* JSON in a cell of CSV, its quotes doubled already. Without quotes and commas it needs none around
 * it: an empty array, or one of a single number. */
static spot put_cell(sb_row_plan *plan, const step *s, spot here)
{
    const step *inner = step_at(plan, s->other);
    char *begin = here.to;
    *here.to++ = '"';
    here = put_steps(plan, inner, inner + 1, here);
    if (here.to == NULL)
        return given_up;
    size_t inner_bytes = (size_t)(here.to - begin) - 1;
    if (sb_text_has((const uint8_t *)begin + 1, inner_bytes, "\",\",")) {
        *here.to++ = '"';
        return here;
    }
    memmove(begin, begin + 1, inner_bytes);
    here.to--;
    return here;
}

static spot put_bin(const sb_row_plan *plan, const step *s, spot here)
{
    sb_cursor cursor = {here.from, plan->end};
    sb_value bin;
    if (!sb_cursor_next(&cursor, &bin) || bin.kind != SB_VALUE_BIN || here.to > plan->limit ||
        (size_t)(plan->limit - here.to) / 2 < bin.count)
        return given_up;
    here.from = cursor.at;
    here.to = put_quotes(sb_put_hex(here.to, bin.bytes, bin.count), s);
    return here;
}

static inline char *put_lead(const sb_row_plan *plan, const step *s, char *to)
{
    const char *lead = (const char *)plan->leads.data + s->lead;
    memcpy(to, lead, LEAD_BYTES);
    if (s->lead_bytes > LEAD_BYTES)
        memcpy(to + LEAD_BYTES, lead + LEAD_BYTES, s->lead_bytes - LEAD_BYTES);
    return to + s->lead_bytes;
}

static inline spot put_nil(sb_row_plan *plan, const step *s, spot here)
{
    if (s->deed == PUT_CURRENCY)
        plan->decimals[s - step_at(plan, 0)] = NO_CURRENCY;
    here.from++;
    here.to -= s->quote_bytes;
    memcpy(here.to, "null", 4);
    here.to += s->nil_bytes;
    return here;
}

/* An integer in one of its forms. */
static inline spot put_number(sb_row_plan *plan, const step *s, spot here)
{
    int64_t number;
    int decimals = s->scale;
    if (!read_int(&here.from, &number))
        return given_up;
    switch (s->deed) {
    case PUT_DATE:
        here.to = put_day(plan, here.to, number);
        break;
    case PUT_TIME:
        here.to = put_time(plan, here.to, number);
        break;
    case PUT_MONEY:
    case PUT_MONEY_AHEAD:
        decimals =
            s->deed == PUT_MONEY ? plan->decimals[s->other] : decimals_ahead(plan, s, here.from);
        if (decimals == NO_CURRENCY)
            return given_up;
        here.to = put_scaled(here.to, number, decimals);
        break;
    default:
        here.to = put_scaled(here.to, number, decimals);
    }
    if (here.to != NULL)
        here.to = put_quotes(here.to, s);
    return here;
}

/* The hot loop: a value a turn. Recurses as deep as the record description nests. */
static spot put_steps(sb_row_plan *plan, const step *s, const step *end, spot here)
{
    enum { NIL = 0xc0, FALSE = 0xc2, TRUE = 0xc3 };
    static const char bools[2][8] = {"false", "true"};
    size_t text_bytes;
    for (; s < end; s++) {
        if (!has_left(plan, here.from, AHEAD_BYTES))
            return given_up;
        here.to = put_lead(plan, s, here.to);
        uint8_t head = *here.from;
        if (head == NIL) {
            here = put_nil(plan, s, here);
            continue;
        }
        switch (s->deed) {
        case PUT_INT:
        case PUT_SCALED:
        case PUT_MONEY_AHEAD:
        case PUT_MONEY:
        case PUT_DATE:
        case PUT_TIME:
            here = put_number(plan, s, here);
            break;
        case PUT_TEXT:
            if (!read_text_head(&here.from, &text_bytes))
                return given_up;
            here = put_text(plan, s, here, text_bytes);
            break;
        case PUT_CURRENCY: {
            if (!read_text_head(&here.from, &text_bytes))
                return given_up;
            const uint8_t *code = here.from;
            here = put_text(plan, s, here, text_bytes);
            if (here.to != NULL)
                plan->decimals[s - step_at(plan, 0)] =
                    (uint8_t)look_up_decimals(plan, code, text_bytes);
            break;
        }
        case PUT_BOOL:
            if (head != FALSE && head != TRUE)
                return given_up;
            memcpy(here.to, bools[head - FALSE], 8);
            here.to += 5 - (head - FALSE);
            here.from++;
            break;
        case PUT_BIN:
            here = put_bin(plan, s, here);
            break;
        case PUT_ARRAY:
            here = put_array(plan, s, here);
            break;
        case PUT_RECORD:
            here = put_record(plan, s, here);
            break;
        case PUT_CELL:
            here = put_cell(plan, s, here);
            break;
        case GIVE_UP:
            return given_up;
        }
        if (here.to == NULL)
            return given_up;
    }
    return here;
}

/* ---- rows ----------------------------------------------------------------------------------- */

static spot put_row(sb_row_plan *plan, const uint8_t *row, const uint8_t *end, sb_bytes *out)
{
    sb_cursor cursor = {row, end};
    sb_value head;
    if (plan->is_odd || !sb_cursor_next(&cursor, &head) || head.kind != SB_VALUE_ARRAY ||
        head.count != plan->record->field_count)
        return given_up;
    plan->end = end;
    plan->limit = (char *)out->data + out->capacity - plan->fixed_room;
    spot here = {cursor.at, (char *)out->data + out->length};
    here = put_steps(plan, step_at(plan, 0), step_at(plan, head.count), here);
    if (here.to == NULL)
        return given_up;
    if (plan->options.format == SB_NDJSON)
        *here.to++ = '}';
    *here.to++ = '\n';
    return here;
}

sb_status sb_row_plan_print(sb_row_plan *plan, const uint8_t **row, const uint8_t *end,
                            sb_bytes *out, sb_error *err)
{
    size_t row_bytes;
    if (out->capacity - out->length < ROW_ROOM)
        SB_TRY(sb_bytes_reserve(out, ROW_ROOM, err));
    spot here = put_row(plan, *row, end, out);
    if (here.to != NULL) {
        out->length = (size_t)(here.to - (char *)out->data);
        *row = here.from;
        return SB_OK;
    }
    plan->given_up++;
    SB_TRY(sb_row_length(*row, (size_t)(end - *row), &row_bytes, err));
    SB_TRY(sb_row_text(plan->record, &plan->options, *row, row_bytes, out, err));
    *row += row_bytes;
    return SB_OK;
}

uint64_t sb_row_plan_given_up(const sb_row_plan *plan)
{
    return plan->given_up;
}
