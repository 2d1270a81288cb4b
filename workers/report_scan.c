/* Reads a dataset row by row and counts what the report shows. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/tables.h"
#include "format/row_text.h"
#include "workers/report_rows.h"

enum {
    HOMES_MAX = 4000000,
    PLACE_BYTES_MAX = 256,
    DAY_MS = 86400000,
    HOUR_MS = 3600000,
    MINUTE_MS = 60000,
};

/* ---- counting ------------------------------------------------------------------------------- */

/* Tallies hold texts that end with NUL, so none may be within. */
static bool is_countable(const sb_value *value)
{
    return value->kind == SB_VALUE_STR &&
           (value->count == 0 || memchr(value->bytes, '\0', value->count) == NULL);
}

static sb_status count_value(const sb_reading *r, sb_tally *tally, const sb_value *value,
                             int *index)
{
    int none;
    *(index != NULL ? index : &none) = SB_TALLY_NONE;
    if (!is_countable(value))
        return SB_OK;
    return sb_tally_add(tally, value->bytes, value->count, index, r->err);
}

static sb_status count_field(const sb_reading *r, sb_tally *tally, int wanted)
{
    return count_value(r, tally, sb_row_value(r, wanted), NULL);
}

/* Two texts as one: "US\tChicago". */
static sb_status count_pair(const sb_reading *r, sb_tally *tally, const sb_value *one,
                            const sb_value *other, int *index)
{
    uint8_t both[PLACE_BYTES_MAX];
    int none;
    *(index != NULL ? index : &none) = SB_TALLY_NONE;
    if (!is_countable(one) || !is_countable(other) ||
        (size_t)one->count + other->count + 1 > sizeof both)
        return SB_OK;
    memcpy(both, one->bytes, one->count);
    both[one->count] = '\t';
    memcpy(both + one->count + 1, other->bytes, other->count);
    return sb_tally_add(tally, both, (size_t)one->count + other->count + 1, index, r->err);
}

/* ---- money ---------------------------------------------------------------------------------- */

static int code_number(const uint8_t *code, size_t code_bytes)
{
    int number = 0;
    if (code_bytes != 3)
        return -1;
    for (int i = 0; i < 3; i++) {
        if (code[i] < 'A' || code[i] > 'Z')
            return -1;
        number = number * 26 + (code[i] - 'A');
    }
    return number;
}

int sb_report_currency_find(const sb_survey *survey, const uint8_t *code, size_t code_bytes)
{
    int number = code_number(code, code_bytes);
    return number < 0 ? -1 : survey->currency_index[number];
}

static void learn_currencies(sb_survey *survey)
{
    uint32_t rows = sb_tables_row_count(survey->tables, 0, SB_TABLE_CURRENCIES);
    memset(survey->currency_index, -1, sizeof survey->currency_index);
    for (uint32_t row = 0; row < rows && survey->currency_count < SB_CURRENCIES_MAX; row++) {
        const char *code = sb_tables_cell(survey->tables, 0, SB_TABLE_CURRENCIES, row, "code");
        const char *usd = sb_tables_cell(survey->tables, 0, SB_TABLE_CURRENCIES, row, "usd_e6");
        int number = code_number((const uint8_t *)code, strlen(code));
        int decimals = sb_currency_decimals(code, strlen(code));
        if (number < 0)
            continue;
        survey->currency_index[number] = (int16_t)survey->currency_count;
        survey->currencies[survey->currency_count++] =
            (sb_report_currency){.code = code,
                                 .decimals = decimals,
                                 .usd = (double)atoll(usd) / 1e6 * pow(10, -decimals)};
    }
}

static sb_report_currency *currency_of(const sb_reading *r, int wanted)
{
    const sb_value *code = sb_row_value(r, wanted);
    int index = code->kind == SB_VALUE_STR
                    ? sb_report_currency_find(r->survey, code->bytes, code->count)
                    : -1;
    return index >= 0 ? &r->survey->currencies[index] : NULL;
}

/* ---- persons -------------------------------------------------------------------------------- */

enum {
    P_GENDER,
    P_BIRTH,
    P_NATIONALITY,
    P_FIRST,
    P_LAST,
    P_MARITAL,
    P_EDUCATION,
    P_ADDRESSES,
    P_LANGUAGES,
    P_INCOME,
    P_INCOME_CURRENCY
};
static const char *const person_fields[SB_WANTED_MAX] = {
    "gender",    "date_of_birth",  "nationality",     "first_name",
    "last_name", "marital_status", "education_level", "addresses",
    "languages", "annual_income",  "income_currency"};

static void count_age(const sb_reading *r)
{
    sb_report_persons *persons = &r->survey->persons;
    int64_t born;
    if (!sb_row_has_int(r, P_BIRTH, &born) || born < -200000 || born > r->survey->end_days)
        return;
    int band = sb_full_years((int32_t)born, r->survey->end_days) / 5;
    sb_report_gender gender = sb_row_is_text(r, P_GENDER, "female") ? SB_REPORT_FEMALE
                              : sb_row_is_text(r, P_GENDER, "male") ? SB_REPORT_MALE
                                                                    : SB_REPORT_OTHER;
    persons->ages[gender][band < SB_AGE_BANDS ? band : SB_AGE_BANDS - 1]++;
}

static sb_status count_income(const sb_reading *r, const sb_value *country)
{
    sb_report_persons *persons = &r->survey->persons;
    const sb_report_currency *currency = currency_of(r, P_INCOME_CURRENCY);
    int64_t income;
    int index;
    if (currency == NULL || !sb_row_has_int(r, P_INCOME, &income) || income <= 0)
        return SB_OK;
    SB_TRY(count_value(r, &persons->income_countries, country, &index));
    if (index < 0)
        return SB_OK;
    if ((size_t)index >= persons->income_capacity) {
        size_t capacity = (size_t)index + 64;
        sb_report_incomes **grown = realloc(persons->incomes, capacity * sizeof *grown);
        if (grown == NULL)
            return sb_fail(r->err, SB_ENOMEM, "no memory for the incomes of the report");
        memset(grown + persons->income_capacity, 0,
               (capacity - persons->income_capacity) * sizeof *grown);
        persons->incomes = grown;
        persons->income_capacity = capacity;
    }
    if (persons->incomes[index] == NULL)
        persons->incomes[index] = calloc(1, sizeof **persons->incomes);
    if (persons->incomes[index] == NULL)
        return sb_fail(r->err, SB_ENOMEM, "no memory for the incomes of the report");
    double bin =
        (log10((double)income * currency->usd) - SB_INCOME_FIRST_DECADE) * SB_INCOME_BINS_A_DECADE;
    bin = bin < 0 ? 0 : bin >= SB_INCOME_BINS ? SB_INCOME_BINS - 1 : floor(bin);
    persons->incomes[index]->bins[(int)bin]++;
    persons->incomes[index]->count++;
    return SB_OK;
}

double sb_report_quantile(const sb_report_incomes *incomes, double share)
{
    double wanted = share * (double)incomes->count, before = 0;
    int bin = 0;
    for (; bin < SB_INCOME_BINS - 1 && before + incomes->bins[bin] < wanted; bin++)
        before += incomes->bins[bin];
    double within = incomes->bins[bin] > 0 ? (wanted - before) / incomes->bins[bin] : 0;
    return pow(10, SB_INCOME_FIRST_DECADE + (bin + within) / SB_INCOME_BINS_A_DECADE);
}

/* People of one household share the first address, to the last digit. */
static sb_status count_home(const sb_reading *r, const uint8_t *begin, const uint8_t *end)
{
    sb_report_persons *persons = &r->survey->persons;
    uint64_t key = sb_key_of(begin, (size_t)(end - begin));
    bool is_new;
    if (persons->home_share > 1 && (key >> 32) % persons->home_share != 0)
        return SB_OK;
    return sb_key_set_add(&persons->homes, key, &is_new, r->err);
}

static sb_status count_address(const sb_reading *r, sb_value *country)
{
    static const char *const names[] = {"city", "country", "latitude", "longitude"};
    sb_report_persons *persons = &r->survey->persons;
    const sb_value *list = sb_row_value(r, P_ADDRESSES);
    sb_value members[4];
    int place;
    *country = (sb_value){.kind = SB_VALUE_NIL};
    if (list->kind != SB_VALUE_ARRAY || list->count == 0)
        return SB_OK;
    const sb_field *field = &r->record->fields[r->at[P_ADDRESSES]];
    sb_cursor cursor = {r->begins[r->at[P_ADDRESSES]], r->row_end};
    const uint8_t *begin = cursor.at;
    if (!sb_row_members(field->record, &cursor, names, members, 4))
        return sb_reading_damaged(r, "addresses: not a list of addresses");
    *country = members[1];
    SB_TRY(count_home(r, begin, cursor.at));
    SB_TRY(count_value(r, &persons->countries, country, NULL));
    SB_TRY(count_pair(r, &persons->places, country, &members[0], &place));
    if (place >= 0 && members[2].kind == SB_VALUE_INT && members[3].kind == SB_VALUE_INT) {
        persons->places.entries[place].sums[0] += (double)members[2].number * 1e-7;
        persons->places.entries[place].sums[1] += (double)members[3].number * 1e-7;
    }
    return SB_OK;
}

static sb_status count_mother_tongue(const sb_reading *r)
{
    const sb_value *list = sb_row_value(r, P_LANGUAGES);
    sb_value first;
    if (list->kind != SB_VALUE_ARRAY || list->count == 0)
        return SB_OK;
    sb_cursor cursor = {r->begins[r->at[P_LANGUAGES]], r->row_end};
    if (!sb_cursor_next(&cursor, &first))
        return SB_OK;
    return count_value(r, &r->survey->persons.languages, &first, NULL);
}

static sb_status take_person(sb_reading *r)
{
    sb_report_persons *persons = &r->survey->persons;
    const sb_value *nationality = sb_row_value(r, P_NATIONALITY);
    sb_value home;
    count_age(r);
    SB_TRY(count_field(r, &persons->nationalities, P_NATIONALITY));
    SB_TRY(count_field(r, &persons->genders, P_GENDER));
    SB_TRY(count_field(r, &persons->marital, P_MARITAL));
    SB_TRY(count_field(r, &persons->education, P_EDUCATION));
    SB_TRY(count_pair(r, &persons->families, nationality, sb_row_value(r, P_LAST), NULL));
    SB_TRY(count_pair(r, &persons->givens, nationality, sb_row_value(r, P_FIRST), NULL));
    SB_TRY(count_mother_tongue(r));
    SB_TRY(count_address(r, &home));
    return count_income(r, &home);
}

/* ---- companies ------------------------------------------------------------------------------ */

enum { C_INDUSTRY, C_COUNTRY, C_FORM, C_EMPLOYEES, C_PUBLIC, C_SHELL };
static const char *const company_fields[SB_WANTED_MAX] = {
    "industry", "registration_country", "company_type", "employee_count", "is_public", "is_shell"};

static sb_status take_company(sb_reading *r)
{
    sb_report_companies *companies = &r->survey->companies;
    int64_t employees;
    SB_TRY(count_field(r, &companies->industries, C_INDUSTRY));
    SB_TRY(count_field(r, &companies->countries, C_COUNTRY));
    SB_TRY(count_field(r, &companies->forms, C_FORM));
    companies->listed += sb_row_is_true(r, C_PUBLIC);
    companies->shells += sb_row_is_true(r, C_SHELL);
    if (!sb_row_has_int(r, C_EMPLOYEES, &employees) || employees < 0)
        return SB_OK;
    companies->with_employees++;
    sb_heavy_add(&companies->employees, (uint64_t)employees);
    return SB_OK;
}

/* ---- accounts ------------------------------------------------------------------------------- */

enum {
    A_TYPE,
    A_STATUS,
    A_BANK,
    A_CURRENCY,
    A_PERSON,
    A_COMPANY,
    A_OPENING,
    A_CLOSING,
    A_CREDITS,
    A_DEBITS
};
static const char *const account_fields[SB_WANTED_MAX] = {"type",
                                                          "status",
                                                          "bank",
                                                          "currency",
                                                          "owner_person_id",
                                                          "owner_company_id",
                                                          "opening_balance",
                                                          "closing_balance",
                                                          "credit_total",
                                                          "debit_total"};

static sb_status take_account(sb_reading *r)
{
    sb_report_accounts *accounts = &r->survey->accounts;
    sb_report_currency *currency = currency_of(r, A_CURRENCY);
    int64_t number;
    SB_TRY(count_field(r, &accounts->types, A_TYPE));
    SB_TRY(count_field(r, &accounts->statuses, A_STATUS));
    SB_TRY(count_field(r, &accounts->banks, A_BANK));
    accounts->of_persons += sb_row_has_int(r, A_PERSON, &number);
    accounts->of_companies += sb_row_has_int(r, A_COMPANY, &number);
    if (currency == NULL)
        return SB_OK;
    currency->accounts++;
    if (sb_row_has_int(r, A_OPENING, &number))
        currency->opening += number;
    if (sb_row_has_int(r, A_CLOSING, &number))
        currency->closing += number;
    if (sb_row_has_int(r, A_CREDITS, &number))
        currency->credits += number;
    if (sb_row_has_int(r, A_DEBITS, &number))
        currency->debits += number;
    return SB_OK;
}

/* ---- transactions --------------------------------------------------------------------------- */

enum {
    T_TIME,
    T_TYPE,
    T_CHANNEL,
    T_STATUS,
    T_FROM,
    T_TO,
    T_AMOUNT,
    T_CURRENCY,
    T_TO_AMOUNT,
    T_TO_CURRENCY,
    T_FEE,
    T_ORIGIN,
    T_DESTINATION,
    T_LOCATION,
    T_FLAGS
};
static const char *const transaction_fields[SB_WANTED_MAX] = {
    "executed_at",         "type",          "channel",    "status",
    "from_account_id",     "to_account_id", "amount",     "currency",
    "to_amount",           "to_currency",   "fee",        "originating_country",
    "destination_country", "location",      "alert_flags"};

/* One row, as far as several counts need it. */
typedef struct payment {
    bool completed, from_inside, to_inside, in_usd;
    int64_t from, to, amount, time;
    double usd;
    int32_t day; /* of the period, or -1 */
} payment;

static void count_amount(sb_report_transactions *t, const payment *p)
{
    int64_t digit = p->amount;
    if (p->amount <= 0)
        return;
    while (digit >= 10)
        digit /= 10;
    t->digits[digit]++;
    t->with_amount++;
    if (!p->in_usd)
        return;
    double bin = floor((log10(p->usd) - SB_AMOUNT_FIRST_DECADE) * SB_AMOUNT_BINS_A_DECADE + 1e-9);
    bin = bin < 0 ? 0 : bin >= SB_AMOUNT_BINS ? SB_AMOUNT_BINS - 1 : bin;
    t->amounts[(int)bin]++;
    t->in_usd++;
}

static void add_sum(sb_tally *tally, int index, const payment *p)
{
    if (index >= 0 && p->in_usd)
        tally->entries[index].sums[0] += p->usd;
}

static sb_status count_kinds(const sb_reading *r, const payment *p)
{
    sb_report_transactions *t = &r->survey->transactions;
    const sb_value *type = sb_row_value(r, T_TYPE), *status = sb_row_value(r, T_STATUS);
    int index;
    SB_TRY(count_value(r, &t->types, type, &index));
    add_sum(&t->types, index, p);
    SB_TRY(count_value(r, &t->statuses, status, &index));
    add_sum(&t->statuses, index, p);
    SB_TRY(count_pair(r, &t->type_statuses, type, status, NULL));
    return count_field(r, &t->channels, T_CHANNEL);
}

static sb_status count_hour(const sb_reading *r, const payment *p)
{
    sb_report_transactions *t = &r->survey->transactions;
    const sb_value *country = sb_row_value(r, p->from_inside ? T_ORIGIN : T_DESTINATION);
    sb_clock clock = {0, SB_DST_NONE};
    int location;
    bool known;
    SB_TRY(count_pair(r, &t->locations, country, sb_row_value(r, T_LOCATION), &location));
    SB_TRY(sb_clocks_of(r->survey->clocks, &t->locations, location, &known, &clock, r->err));
    int64_t local = p->time;
    if (known)
        local += (int64_t)sb_clock_offset(clock, (int32_t)(p->time / DAY_MS)) * MINUTE_MS;
    int32_t day = (int32_t)(local / DAY_MS);
    t->hours[sb_weekday(day)][local % DAY_MS / HOUR_MS]++;
    t->timed++;
    t->timed_locally += known;
    return SB_OK;
}

static void count_day(sb_report_transactions *t, const payment *p)
{
    if (p->day < 0)
        return;
    t->day_counts[p->day]++;
    if (p->completed && p->in_usd)
        t->day_usd[p->day] += p->usd;
}

static sb_status count_flow(const sb_reading *r, const payment *p)
{
    sb_report_transactions *t = &r->survey->transactions;
    const sb_value *origin = sb_row_value(r, T_ORIGIN),
                   *destination = sb_row_value(r, T_DESTINATION);
    int index;
    if (!p->completed || origin->kind != SB_VALUE_STR || destination->kind != SB_VALUE_STR)
        return SB_OK;
    bool abroad = origin->count != destination->count ||
                  memcmp(origin->bytes, destination->bytes, origin->count) != 0;
    SB_TRY(count_pair(r, &t->flows, origin, destination, &index));
    add_sum(&t->flows, index, p);
    t->countries_known++;
    t->cross_border += abroad;
    if (p->in_usd) {
        t->countries_usd += p->usd;
        t->cross_border_usd += abroad ? p->usd : 0;
    }
    return SB_OK;
}

/* Adds to a day's net flow of a currency. */
static sb_status add_flow(const sb_reading *r, sb_report_currency *currency, int32_t day,
                          int64_t amount)
{
    if (currency == NULL || day < 0)
        return SB_OK;
    if (currency->days == NULL) {
        currency->days = calloc((size_t)sb_report_days(r->survey), sizeof *currency->days);
        if (currency->days == NULL)
            return sb_fail(r->err, SB_ENOMEM, "no memory for the balances of the report");
    }
    currency->days[day] += amount;
    return SB_OK;
}

static sb_status count_balances(const sb_reading *r, const payment *p)
{
    sb_report_currency *currency = currency_of(r, T_CURRENCY);
    sb_report_currency *to_currency = currency_of(r, T_TO_CURRENCY);
    int64_t fee, to_amount;
    if (!p->completed)
        return SB_OK;
    if (p->from_inside) {
        SB_TRY(add_flow(r, currency, p->day, -p->amount));
        if (sb_row_has_int(r, T_FEE, &fee)) {
            SB_TRY(add_flow(r, currency, p->day, -fee));
            if (currency != NULL)
                r->survey->transactions.fees_usd += (double)fee * currency->usd;
        }
    }
    if (p->to_inside && sb_row_has_int(r, T_TO_AMOUNT, &to_amount))
        SB_TRY(add_flow(r, to_currency, p->day, to_amount));
    return SB_OK;
}

static sb_status count_link(const sb_reading *r, const payment *p)
{
    sb_report_transactions *t = &r->survey->transactions;
    sb_links *links = &r->survey->links;
    t->inside += p->from_inside && p->to_inside;
    t->from_outside += !p->from_inside;
    t->to_outside += !p->to_inside;
    if (!p->from_inside || !p->to_inside || links->account_count == 0)
        return SB_OK;
    if ((uint64_t)p->from >= links->account_count || (uint64_t)p->to >= links->account_count)
        return sb_reading_damaged(r, "an account that does not exist");
    return sb_links_add(links, (uint64_t)p->from, (uint64_t)p->to, r->err);
}

static sb_status count_flags(const sb_reading *r)
{
    sb_report_transactions *t = &r->survey->transactions;
    const sb_value *list = sb_row_value(r, T_FLAGS);
    sb_value flag;
    if (!sb_row_has(r, T_FLAGS))
        return SB_OK;
    t->has_flags = true;
    if (list->kind != SB_VALUE_ARRAY || list->count == 0)
        return SB_OK;
    t->flagged_rows++;
    sb_cursor cursor = {r->begins[r->at[T_FLAGS]], r->row_end};
    for (uint32_t i = 0; i < list->count && sb_cursor_next(&cursor, &flag); i++)
        SB_TRY(count_value(r, &t->flags, &flag, NULL));
    return SB_OK;
}

static sb_status take_payment(const sb_reading *r, payment *p)
{
    const sb_survey *survey = r->survey;
    const sb_report_currency *currency = currency_of(r, T_CURRENCY);
    p->completed = sb_row_is_text(r, T_STATUS, "completed");
    p->from_inside = sb_row_has_int(r, T_FROM, &p->from);
    p->to_inside = sb_row_has_int(r, T_TO, &p->to);
    if (!sb_row_has_int(r, T_AMOUNT, &p->amount) || !sb_row_has_int(r, T_TIME, &p->time) ||
        p->time < 0)
        return sb_reading_damaged(r, "no amount, or no time");
    p->in_usd = currency != NULL && p->amount > 0;
    p->usd = p->in_usd ? (double)p->amount * currency->usd : 0;
    int64_t day = p->time / DAY_MS - survey->start_days;
    p->day = day >= 0 && day < sb_report_days(survey) ? (int32_t)day : -1;
    return SB_OK;
}

static sb_status take_transaction(sb_reading *r)
{
    sb_report_transactions *t = &r->survey->transactions;
    payment p = {0};
    SB_TRY(take_payment(r, &p));
    if (p.completed)
        t->completed_usd += p.usd;
    count_amount(t, &p);
    count_day(t, &p);
    SB_TRY(count_kinds(r, &p));
    SB_TRY(count_hour(r, &p));
    SB_TRY(count_flow(r, &p));
    SB_TRY(count_balances(r, &p));
    SB_TRY(count_flags(r));
    return count_link(r, &p);
}

/* ---- messages ------------------------------------------------------------------------------- */

enum { M_TYPE, M_LANGUAGE, M_CONTENT, M_TRANSACTION, M_THREAD, M_FLAGGED };
static const char *const message_fields[SB_WANTED_MAX] = {
    "type", "language", "content", "transaction_id", "thread_id", "is_flagged"};

/* Bytes that do not go on a character. */
static uint64_t characters_of(const sb_value *text)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < text->count; i++)
        count += (text->bytes[i] & 0xc0) != 0x80;
    return count;
}

static sb_status take_message(sb_reading *r)
{
    sb_report_messages *m = &r->survey->messages;
    const sb_value *content = sb_row_value(r, M_CONTENT);
    int64_t number;
    SB_TRY(count_field(r, &m->types, M_TYPE));
    SB_TRY(count_field(r, &m->languages, M_LANGUAGE));
    m->has_ties = m->has_ties || sb_row_has(r, M_TRANSACTION);
    m->has_flags = m->has_flags || sb_row_has(r, M_FLAGGED);
    m->tied += sb_row_has_int(r, M_TRANSACTION, &number);
    m->threaded += sb_row_has_int(r, M_THREAD, &number);
    m->flagged += sb_row_is_true(r, M_FLAGGED);
    if (content->kind != SB_VALUE_STR)
        return SB_OK;
    uint64_t length = characters_of(content);
    m->lengths[length < SB_TEXT_LENGTHS ? length : SB_TEXT_LENGTHS - 1]++;
    m->characters += length;
    m->with_text++;
    return SB_OK;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static sb_status learn_spec(sb_survey *survey, sb_error *err)
{
    const sb_dataset_dir *dir = survey->dir;
    const char *name;
    json_t *kind;
    enum { DAYS_MAX = 100 * 366 }; /* of a spec 20 years at most */
    json_object_foreach((json_t *)(uintptr_t)dir->kinds, name, kind)
    {
        sb_kind known = sb_kind_find(name);
        json_int_t rows = json_integer_value(json_object_get(kind, "rows"));
        if (known != SB_KIND_COUNT && rows > 0)
            survey->rows[known] = (uint64_t)rows;
    }
    survey->format_version = (int)json_integer_value(json_object_get(dir->json, "format_version"));
    survey->content_version =
        (int)json_integer_value(json_object_get(dir->json, "content_version"));
    if (!sb_spec_json_days(dir->spec, "start", &survey->start_days) ||
        !sb_spec_json_days(dir->spec, "end", &survey->end_days) ||
        survey->end_days <= survey->start_days || sb_report_days(survey) > DAYS_MAX)
        return sb_fail(err, SB_EDAMAGED, "%s: \"spec\" has no period, or an impossible one",
                       dir->manifest_path);
    return SB_OK;
}

static sb_status prepare(sb_survey *survey, sb_error *err)
{
    size_t days = (size_t)sb_report_days(survey);
    learn_currencies(survey);
    SB_TRY(sb_clocks_open(survey->tables, &survey->clocks, err));
    survey->persons.homes.counted = true;
    survey->persons.home_share = survey->rows[SB_PERSONS] / HOMES_MAX + 1;
    survey->transactions.day_counts = calloc(days, sizeof *survey->transactions.day_counts);
    survey->transactions.day_usd = calloc(days, sizeof *survey->transactions.day_usd);
    if (survey->transactions.day_counts == NULL || survey->transactions.day_usd == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for the days of the report");
    if (sb_report_has(survey, SB_ACCOUNTS) && sb_report_has(survey, SB_TRANSACTIONS))
        SB_TRY(sb_links_open(survey->rows[SB_ACCOUNTS], survey->rows[SB_TRANSACTIONS],
                             &survey->links, err));
    return SB_OK;
}

sb_status sb_report_scan(const sb_dataset_dir *dir, const sb_tables *tables, sb_survey *out,
                         sb_error *err)
{
    *out = (sb_survey){.dir = dir, .tables = tables};
    SB_TRY(learn_spec(out, err));
    SB_TRY(prepare(out, err));
    SB_TRY(sb_rows_read(out, SB_PERSONS, person_fields, take_person, err));
    SB_TRY(sb_rows_read(out, SB_COMPANIES, company_fields, take_company, err));
    SB_TRY(sb_rows_read(out, SB_ACCOUNTS, account_fields, take_account, err));
    SB_TRY(sb_rows_read(out, SB_TRANSACTIONS, transaction_fields, take_transaction, err));
    SB_TRY(sb_report_count_degrees(out, err));
    return sb_rows_read(out, SB_COMMUNICATIONS, message_fields, take_message, err);
}

void sb_report_close(sb_survey *survey)
{
    sb_report_persons *p = &survey->persons;
    sb_report_transactions *t = &survey->transactions;
    sb_tally *const tallies[] = {&p->nationalities,
                                 &p->genders,
                                 &p->marital,
                                 &p->education,
                                 &p->families,
                                 &p->givens,
                                 &p->places,
                                 &p->countries,
                                 &p->languages,
                                 &p->income_countries,
                                 &survey->companies.industries,
                                 &survey->companies.countries,
                                 &survey->companies.forms,
                                 &survey->accounts.types,
                                 &survey->accounts.statuses,
                                 &survey->accounts.banks,
                                 &t->types,
                                 &t->statuses,
                                 &t->channels,
                                 &t->type_statuses,
                                 &t->flows,
                                 &t->flags,
                                 &t->locations,
                                 &survey->messages.types,
                                 &survey->messages.languages};
    for (size_t i = 0; i < sizeof tallies / sizeof tallies[0]; i++)
        sb_tally_close(tallies[i]);
    for (size_t i = 0; i < p->income_capacity; i++)
        free(p->incomes[i]);
    free(p->incomes);
    sb_key_set_close(&p->homes);
    for (int i = 0; i < survey->currency_count; i++)
        free(survey->currencies[i].days);
    free(t->day_counts);
    free(t->day_usd);
    sb_links_close(&survey->links);
    sb_clocks_close(survey->clocks);
}
