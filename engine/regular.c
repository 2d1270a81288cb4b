/* Regular payments: salaries and pensions, rent, standing orders, interest. Few enough to be listed
 * when a cell is made, the same amount every month, on the country's days. */
#include "engine/flow.h"

#include "engine/company.h"
#include "engine/distributions.h"
#include "engine/person.h"
#include "engine/rates.h"
#include "format/row_text.h"

typedef struct list {
    sb_maker *maker;
    sb_side *side;
    sb_regular *out;
    uint32_t count, limit;
    uint32_t outside_count, outside_limit; /* of those with one end beyond the border */
    bool full;
} list;

/* The day of a month on which something is due, or, if banks are closed then, the last before. */
static int32_t due_day(int year, int month, int day)
{
    int next_year = month == 12 ? year + 1 : year, next_month = month % 12 + 1;
    int32_t first = sb_days_from_civil(year, month, 1);
    int32_t length = sb_days_from_civil(next_year, next_month, 1) - first;
    int32_t due = first + (day <= length ? day : length) - 1;
    while (!sb_is_working_day(due))
        due--;
    return due;
}

/* The same, kept: everybody asks for the same days. Years are above 0. */
static int32_t kept_due_day(sb_maker *maker, int year, int month, int day)
{
    int32_t name = year * 12 + month;
    sb_due *kept = &maker->dues[name % SB_DUE_MONTHS];
    if (kept->name != name) {
        for (int i = 0; i < 31; i++)
            kept->days[i] = INT32_MIN;
        kept->name = name;
    }
    int32_t *due = &kept->days[day - 1];
    if (*due == INT32_MIN)
        *due = due_day(year, month, day);
    return *due;
}

/* Batches run at night, by the clock of the cell, and within the day of UTC they are due on. */
static int64_t at_night(const list *all, int64_t local_ms)
{
    int64_t shift = (int64_t)all->side->home.clock.standard_minutes * 60000;
    return ((local_ms - shift) % SB_MS_A_DAY + SB_MS_A_DAY) % SB_MS_A_DAY;
}

/* Adds the payment for one day if it lies in the period and both ends are open then. */
static void add(list *all, int32_t day, int64_t time_of_day, const sb_regular *what)
{
    const sb_world *world = all->maker->world;
    if (day < world->values.start_days || day >= world->values.end_days)
        return;
    sb_regular payment = *what;
    payment.time = (int64_t)day * SB_MS_A_DAY + time_of_day;
    for (int end = 0; end < 2; end++) {
        uint16_t role = end == 0 ? payment.from : payment.to;
        if (role == SB_OUTSIDE)
            continue;
        const sb_core *core = sb_side_core(all->maker, all->side, role);
        if (payment.time <= core->open_ms || payment.time >= core->close_ms)
            return;
    }
    if (all->count == all->limit) {
        all->full = true;
        return;
    }
    bool outside = payment.from == SB_OUTSIDE || payment.to == SB_OUTSIDE;
    if (outside && all->outside_count == all->outside_limit)
        return;
    all->outside_count += outside;
    all->out[all->count++] = payment;
}

/* Adds a payment for every month of the period. */
static void add_monthly(list *all, int day, uint64_t draw, const sb_regular *what)
{
    const sb_spec_values *values = &all->maker->world->values;
    int year, month, unused, end_year, end_month;
    int64_t time_of_day = at_night(all, 7200000 + (int64_t)sb_below(draw, 14400000));
    sb_civil_from_days(values->start_days, &year, &month, &unused);
    sb_civil_from_days(values->end_days, &end_year, &end_month, &unused);
    while (year < end_year || (year == end_year && month <= end_month)) {
        add(all, kept_due_day(all->maker, year, month, day), time_of_day, what);
        year += month == 12;
        month = month % 12 + 1;
    }
}

static int64_t in_currency(list *all, const sb_locale *of, uint32_t role, int64_t amount)
{
    const sb_core *core = sb_side_core(all->maker, all->side, role);
    if (core->currency == of->currency_index)
        return amount;
    return sb_from_cents(all->maker, core->currency,
                         sb_to_cents(all->maker, of->currency_index, amount));
}

/* Where the employer's first account is, if it is in this cell. */
static uint16_t employer_role(list *all, uint64_t employer)
{
    const sb_layout *layout = &all->side->layout;
    if (employer < layout->companies.first ||
        employer - layout->companies.first >= layout->companies.count)
        return SB_OUTSIDE;
    uint64_t role = sb_permute_inverse(&layout->company_order, employer - layout->companies.first);
    return role < layout->company_accounts ? (uint16_t)role : (uint16_t)SB_OUTSIDE;
}

/* Net pay: twice a month in the US (the 15th and the last day), else once, on the 27th. What a
 * pension fund pays comes from outside on the first. */
static void add_pay(list *all, uint16_t role, const sb_person *person, sb_key key)
{
    sb_job job;
    sb_person_job(all->maker, person, &job);
    if (job.income <= 0)
        return;
    const sb_locale *locale = sb_locale_of(all->maker, person->place.locale);
    bool twice = memcmp(locale->country.bytes, "US", 2) == 0 && !job.retired;
    sb_regular pay = {.purpose = SB_FOR_SALARY, .from = SB_OUTSIDE, .to = role};
    if (job.inside)
        pay.from = employer_role(all, job.employer);
    pay.outside = (uint16_t)sb_below(sb_draw(key, 3), SB_OUTSIDE_MERCHANTS);
    int64_t net = job.income * (job.retired ? 85 : 68) / 100 / (twice ? 24 : 12);
    pay.amount = in_currency(all, locale, pay.from == SB_OUTSIDE ? role : pay.from, net);
    if (pay.amount <= 0)
        return;
    if (twice)
        add_monthly(all, 15, sb_draw(key, 4), &pay);
    add_monthly(all, job.retired ? 1 : twice ? 31 : 27, sb_draw(key, 5), &pay);
}

/* Four in ten pay rent, on the first or third, to one of the cell's companies or (one in three)
 * persons. */
static void add_rent(list *all, uint16_t role, const sb_person *person, sb_key key)
{
    const sb_layout *layout = &all->side->layout;
    const sb_core *core = sb_side_core(all->maker, all->side, role);
    if (person->household_index > 0 || !sb_chance(sb_draw(key, 16), 480000) ||
        layout->account_count < 2)
        return;
    bool to_person = layout->company_accounts == 0 || sb_below(sb_draw(key, 17), 3) == 0;
    uint32_t begin = to_person ? layout->company_accounts : 0;
    uint32_t count = to_person ? layout->current_accounts : layout->company_accounts;
    uint32_t rank = sb_rank_draw(sb_ranks_payee, count, sb_draw(key, 18));
    sb_regular rent = {.purpose = SB_FOR_RENT, .from = role, .to = (uint16_t)(begin + rank)};
    if (rent.to == role)
        return;
    int64_t cents = sb_lognormal_draw(86000 * (int64_t)(core->affluence + core->price_level) / 200,
                                      1, sb_draw(key, 19));
    int64_t step = 1000 * all->maker->money[core->currency].round_factor;
    int64_t amount = sb_from_cents(all->maker, core->currency, cents);
    rent.amount = step > 0 ? amount / step * step : amount;
    if (rent.amount > 0)
        add_monthly(all, sb_draw(key, 20) & 1 ? 1 : 3, sb_draw(key, 21), &rent);
}

/* A third have a standing order: into savings, or to a company. */
static void add_standing(list *all, uint16_t role, sb_key key)
{
    const sb_layout *layout = &all->side->layout;
    const sb_core *core = sb_side_core(all->maker, all->side, role);
    if (!sb_chance(sb_draw(key, 32), 330000))
        return;
    uint32_t keepers = layout->account_count - sb_layout_spend_end(layout);
    bool saving = keepers > 0 && (sb_draw(key, 33) & 1) != 0;
    uint32_t count = saving ? keepers : layout->company_accounts;
    if (count == 0)
        return;
    uint32_t begin = saving ? sb_layout_spend_end(layout) : 0;
    sb_regular order = {.purpose = SB_FOR_STANDING,
                        .from = role,
                        .to = (uint16_t)(begin + sb_below(sb_draw(key, 34), count))};
    int64_t steps = 1 + (int64_t)(sb_lognormal_draw(2000 * (int64_t)core->price_level / 100 + 400,
                                                    2, sb_draw(key, 35)) /
                                  400);
    order.amount = steps * 1000 * all->maker->money[core->currency].round_factor;
    if (order.amount > 0)
        add_monthly(all, 1 + (int)sb_below(sb_draw(key, 36), 28), sb_draw(key, 37), &order);
}

/* Savings bear interest at the end of each quarter. */
static void add_interest(list *all, uint16_t role, sb_key key)
{
    const sb_core *core = sb_side_core(all->maker, all->side, role);
    const sb_spec_values *values = &all->maker->world->values;
    int year, month, unused;
    if (core->type != SB_ACCOUNT_SAVINGS)
        return;
    sb_regular interest = {.purpose = SB_FOR_INTEREST, .from = SB_OUTSIDE, .to = role};
    sb_civil_from_days(values->start_days, &year, &month, &unused);
    for (month = (month + 2) / 3 * 3;; month += 3) {
        if (month > 12) {
            month -= 12;
            year++;
        }
        int32_t day = kept_due_day(all->maker, year, month, 31);
        if (day >= values->end_days)
            return;
        int64_t cents = sb_lognormal_draw(1200 * (int64_t)core->affluence / 100 + 1, 4,
                                          sb_draw(key, 48 + (uint32_t)year * 12 + (uint32_t)month));
        interest.amount = sb_from_cents(all->maker, core->currency, cents);
        if (interest.amount > 0)
            add(all, day, at_night(all, 79200000 + (int64_t)sb_below(sb_draw(key, 47), 3600000)),
                &interest);
    }
}

uint32_t sb_regulars_list(sb_maker *maker, sb_side *side, sb_regular *out, uint32_t limit)
{
    const sb_layout *layout = &side->layout;
    /* Where rows are few for the length of the period, payments from outside leave most of what
     * there is to those between customers. */
    list all = {
        .maker = maker, .side = side, .out = out, .limit = limit, .outside_limit = limit * 3 / 10};
    uint32_t current_end = layout->company_accounts + layout->current_accounts;
    for (uint32_t role = layout->company_accounts; role < layout->account_count && !all.full;
         role++) {
        sb_key key = sb_row_key(layout->key, 4096 + role);
        sb_person person;
        if (role >= current_end) {
            add_interest(&all, (uint16_t)role, key);
            continue;
        }
        sb_person_make(maker, sb_account_owner(layout, role).id, &person);
        add_pay(&all, (uint16_t)role, &person, key);
        add_rent(&all, (uint16_t)role, &person, key);
        add_standing(&all, (uint16_t)role, key);
    }
    return all.count;
}
