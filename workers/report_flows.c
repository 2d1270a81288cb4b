/* What a report says of accounts and of the money that moves between them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/row_text.h"
#include "workers/report.h"

/* ---- balances ------------------------------------------------------------------------------- */

/* Minor units as the currency's, with its decimals: exact, whatever the size. */
static void cell_money(sb_page *page, sb_i128 minor, const sb_report_currency *currency)
{
    double number = (double)minor;
    for (int i = 0; i < currency->decimals; i++)
        number /= 10;
    sb_cell_number(page, fabs(number) < 1e13 ? sb_fixed(number, currency->decimals)
                                             : sb_fixed(number, 0));
}

static sb_i128 flow_of(const sb_survey *survey, const sb_report_currency *currency)
{
    sb_i128 sum = 0;
    for (int32_t day = 0; currency->days != NULL && day < sb_report_days(survey); day++)
        sum += currency->days[day];
    return sum;
}

/* Whether opening balances and flows give the closing balances, in every currency, to the last
 * minor unit. */
static bool balances_agree(const sb_survey *survey)
{
    for (int i = 0; i < survey->currency_count; i++) {
        const sb_report_currency *currency = &survey->currencies[i];
        if (currency->opening + flow_of(survey, currency) != currency->closing)
            return false;
    }
    return true;
}

static void put_balance_table(const sb_survey *survey, sb_page *page)
{
    sb_table_begin(page, "Table by currency",
                   "Currency|Accounts#|At the start#|In and out#|At the end#|In USD#");
    for (int i = 0; i < survey->currency_count; i++) {
        const sb_report_currency *currency = &survey->currencies[i];
        if (currency->accounts == 0)
            continue;
        sb_line_begin(page);
        sb_cell_text(page, currency->code);
        sb_cell_count(page, currency->accounts);
        cell_money(page, currency->opening, currency);
        cell_money(page, flow_of(survey, currency), currency);
        cell_money(page, currency->closing, currency);
        sb_cell_number(page, sb_fixed((double)currency->closing * currency->usd, 0));
        sb_line_end(page);
    }
    sb_table_end(page);
}

static void put_balances(const sb_survey *survey, sb_page *page)
{
    int32_t days = sb_report_days(survey);
    double *values = malloc((size_t)days * sizeof *values), opening = 0, sum = 0;
    char sentence[400];
    if (values == NULL) {
        page->status = sb_fail(page->err, SB_ENOMEM, "no memory for the report's balances");
        return;
    }
    for (int i = 0; i < survey->currency_count; i++)
        opening += (double)survey->currencies[i].opening * survey->currencies[i].usd;
    sum = opening;
    for (int32_t day = 0; day < days; day++) {
        for (int i = 0; i < survey->currency_count; i++)
            if (survey->currencies[i].days != NULL)
                sum += (double)survey->currencies[i].days[day] * survey->currencies[i].usd;
        values[day] = sum;
    }
    (void)snprintf(sentence, sizeof sentence,
                   "All accounts together at the end of each day, in USD; loans and cards count "
                   "below zero. From %s to %s. %s",
                   sb_rounded(opening).text, sb_rounded(sum).text,
                   balances_agree(survey)
                       ? "Opening balances and transactions give the closing balances exactly, "
                         "in every currency."
                       : "Opening balances and transactions do not give the closing balances: "
                         "see seedbank verify.");
    sb_figure_begin(page, "balances", false, "Balances over time", "%s", sentence);
    sb_chart_days(page, &(sb_days_line){.title = "Balances over time",
                                        .description = sentence,
                                        .axis = "USD; the axis does not begin at zero",
                                        .values = values,
                                        .count = days,
                                        .step_days = 1,
                                        .first_day = survey->start_days,
                                        .series = 2});
    put_balance_table(survey, page);
    sb_figure_end(page);
    free(values);
}

static void put_currencies(const sb_survey *survey, sb_page *page)
{
    enum { SHOWN = 10 };
    static const char sentence[] = "Share of accounts.";
    sb_bar bars[SHOWN];
    int count = 0;
    uint64_t total = 0;
    for (int i = 0; i < survey->currency_count; i++)
        total += survey->currencies[i].accounts;
    for (int i = 0; i < survey->currency_count; i++) {
        const sb_report_currency *currency = &survey->currencies[i];
        sb_bar bar = {.value = (double)currency->accounts, .expected = -1, .series = 2};
        if (currency->accounts == 0 || (count == SHOWN && bar.value <= bars[SHOWN - 1].value))
            continue;
        (void)snprintf(bar.label, sizeof bar.label, "%s", currency->code);
        (void)snprintf(bar.value_text, sizeof bar.value_text, "%s",
                       sb_percent(bar.value / (double)total, 1).text);
        int at = count < SHOWN ? count++ : count - 1;
        for (; at > 0 && bars[at - 1].value < bar.value; at--)
            bars[at] = bars[at - 1];
        bars[at] = bar;
    }
    if (count == 0)
        return;
    sb_figure_begin(page, "currencies", false, "Currencies", "%s", sentence);
    sb_chart_bars(page, "Currencies of accounts", sentence, bars, count);
    sb_figure_end(page);
}

void sb_report_put_accounts(const sb_survey *survey, sb_page *page)
{
    const sb_report_accounts *accounts = &survey->accounts;
    char sentence[200];
    uint64_t owned = accounts->of_persons + accounts->of_companies;
    (void)snprintf(
        sentence, sizeof sentence, "%s of accounts belong to companies.",
        sb_percent(owned > 0 ? (double)accounts->of_companies / (double)owned : 0, 1).text);
    sb_section_begin(page, "accounts", "Accounts");
    if (sb_report_has(survey, SB_TRANSACTIONS))
        put_balances(survey, page);
    put_currencies(survey, page);
    sb_figure_tally(survey, page, "account-types", "Types of account", sentence, &accounts->types,
                    SB_AS_IT_IS, 10, 0);
    sb_figure_tally(survey, page, "account-statuses", "Status of accounts",
                    "At the end of the period; dormant accounts saw no transaction in it.",
                    &accounts->statuses, SB_AS_IT_IS, 6, 1);
    sb_section_end(page);
}

/* ---- transactions: amounts ------------------------------------------------------------------ */

static double bin_begin(int bin)
{
    return pow(10, SB_AMOUNT_FIRST_DECADE + (double)bin / SB_AMOUNT_BINS_A_DECADE);
}

/* The bins that are drawn: all but the outermost thousandth, from a power of ten on. */
static void find_drawn(const sb_report_transactions *t, int *first, int *last)
{
    uint64_t below = 0, above = 0, few = t->in_usd / 2000;
    *first = 0;
    *last = SB_AMOUNT_BINS - 1;
    while (below + t->amounts[*first] <= few && *first < *last)
        below += t->amounts[(*first)++];
    while (above + t->amounts[*last] <= few && *last > *first)
        above += t->amounts[(*last)--];
    *first -= *first % SB_AMOUNT_BINS_A_DECADE;
}

static double median_amount(const sb_report_transactions *t)
{
    double half = (double)t->in_usd / 2;
    int bin = 0;
    for (; bin < SB_AMOUNT_BINS - 1 && half > (double)t->amounts[bin]; bin++)
        half -= (double)t->amounts[bin];
    double within = t->amounts[bin] > 0 ? half / (double)t->amounts[bin] : 0;
    return bin_begin(bin) * pow(10, within / SB_AMOUNT_BINS_A_DECADE);
}

static void put_amount_table(sb_page *page, const sb_report_transactions *t)
{
    sb_table_begin(page, "Table", "From USD#|Below USD#|Rows#|Share#");
    for (int bin = 0; bin < SB_AMOUNT_BINS; bin++) {
        if (t->amounts[bin] == 0)
            continue;
        sb_line_begin(page);
        sb_cell_number(page, sb_fixed(bin_begin(bin), 2));
        sb_cell_number(page, sb_fixed(bin_begin(bin + 1), 2));
        sb_cell_count(page, t->amounts[bin]);
        sb_cell_number(page, sb_percent((double)t->amounts[bin] / (double)t->in_usd, 2));
        sb_line_end(page);
    }
    sb_table_end(page);
}

static void put_amounts(const sb_survey *survey, sb_page *page)
{
    const sb_report_transactions *t = &survey->transactions;
    int first, last;
    sb_bar bars[SB_AMOUNT_BINS];
    char sentence[300];
    if (t->in_usd == 0)
        return;
    find_drawn(t, &first, &last);
    for (int bin = first; bin <= last; bin++) {
        sb_bar *bar = &bars[bin - first];
        *bar = (sb_bar){.value = (double)t->amounts[bin] / (double)t->in_usd, .expected = -1};
        (void)snprintf(bar->label, sizeof bar->label, "%s",
                       bin % SB_AMOUNT_BINS_A_DECADE == 0 ? sb_brief(bin_begin(bin)).text
                                                          : sb_rounded(bin_begin(bin)).text);
        (void)snprintf(bar->value_text, sizeof bar->value_text, "%s",
                       sb_percent(bar->value, 2).text);
    }
    (void)snprintf(sentence, sizeof sentence,
                   "All transactions by amount in USD, on a logarithmic axis. The median is about "
                   "%s USD; completed transactions move %s USD.",
                   sb_rounded(median_amount(t)).text, sb_rounded(t->completed_usd).text);
    sb_figure_begin(page, "amounts", false, "Amounts", "%s", sentence);
    sb_chart_columns(page, &(sb_columns){.title = "Amounts",
                                         .description = sentence,
                                         .axis = "Share of transactions; amount in USD below",
                                         .bars = bars,
                                         .count = last - first + 1,
                                         .label_step = SB_AMOUNT_BINS_A_DECADE,
                                         .percent = true,
                                         .touching = true});
    put_amount_table(page, t);
    sb_figure_end(page);
}

/* Nigrini's bounds for the mean deviation of first digits. */
static const char *conformity(double deviation)
{
    return deviation < 0.006   ? "close conformity by Nigrini's bounds"
           : deviation < 0.012 ? "acceptable conformity by Nigrini's bounds"
           : deviation < 0.015 ? "marginal conformity by Nigrini's bounds"
                               : "no conformity by Nigrini's bounds";
}

static void put_digits(const sb_survey *survey, sb_page *page)
{
    const sb_report_transactions *t = &survey->transactions;
    sb_bar bars[9];
    char sentence[300];
    double deviation = 0;
    if (t->with_amount == 0)
        return;
    for (int digit = 1; digit <= 9; digit++) {
        sb_bar *bar = &bars[digit - 1];
        *bar = (sb_bar){.value = (double)t->digits[digit] / (double)t->with_amount,
                        .expected = log10(1 + 1.0 / digit)};
        deviation += fabs(bar->value - bar->expected) / 9;
        (void)snprintf(bar->label, sizeof bar->label, "%d", digit);
        (void)snprintf(bar->value_text, sizeof bar->value_text, "%s, expected %s",
                       sb_percent(bar->value, 2).text, sb_percent(bar->expected, 2).text);
    }
    (void)snprintf(sentence, sizeof sentence,
                   "First digits of all amounts, and Benford's law. The mean deviation is %s "
                   "points: %s.",
                   sb_fixed(100 * deviation, 2).text, conformity(deviation));
    sb_figure_begin(page, "benford", false, "First digits", "%s", sentence);
    sb_chart_columns(page, &(sb_columns){.title = "First digits",
                                         .description = sentence,
                                         .axis = "Share of amounts",
                                         .bars = bars,
                                         .count = 9,
                                         .label_step = 1,
                                         .percent = true});
    sb_page_put(page, "<p class=\"key\"><span><i class=\"s0b\"></i>counted</span>"
                      "<span><i class=\"line\"></i>Benford's law</span></p>\n");
    sb_table_begin(page, "Table", "First digit|Rows#|Observed#|Expected#");
    for (int digit = 1; digit <= 9; digit++) {
        sb_line_begin(page);
        sb_cell_text(page, bars[digit - 1].label);
        sb_cell_count(page, t->digits[digit]);
        sb_cell_number(page, sb_percent(bars[digit - 1].value, 2));
        sb_cell_number(page, sb_percent(bars[digit - 1].expected, 2));
        sb_line_end(page);
    }
    sb_table_end(page);
    sb_figure_end(page);
}

/* ---- transactions: kinds -------------------------------------------------------------------- */

enum { TYPES_MAX = 24, TYPES_SHOWN = 10, STATUSES_MAX = 8 };

static uint64_t count_of(const sb_tally *pairs, const char *one, const char *other)
{
    char both[96];
    (void)snprintf(both, sizeof both, "%.40s\t%.40s", one, other);
    int found = sb_tally_find(pairs, both);
    return found >= 0 ? pairs->entries[found].count : 0;
}

static void put_types(const sb_survey *survey, sb_page *page)
{
    static const char sentence[] = "The ten most frequent; share of all transactions, whatever "
                                   "became of them.";
    const sb_report_transactions *t = &survey->transactions;
    uint32_t types[TYPES_MAX], statuses[STATUSES_MAX];
    sb_bar bars[TYPES_MAX];
    char columns[400];
    size_t length = 0;
    size_t type_count = sb_tally_rank(&t->types, SB_BY_COUNT, NULL, types, TYPES_MAX);
    size_t status_count = sb_tally_rank(&t->statuses, SB_BY_COUNT, NULL, statuses, STATUSES_MAX);
    if (type_count == 0)
        return;
    for (size_t i = 0; i < type_count; i++) {
        double share = (double)t->types.entries[types[i]].count / (double)t->types.total;
        bars[i] = (sb_bar){.value = share, .expected = -1};
        (void)snprintf(bars[i].label, sizeof bars[i].label, "%s",
                       sb_tally_text(&t->types, types[i]));
        (void)snprintf(bars[i].value_text, sizeof bars[i].value_text, "%s",
                       sb_percent(share, 1).text);
    }
    length += (size_t)snprintf(columns, sizeof columns, "Type|Rows#|Share#|USD#");
    for (size_t i = 0; i < status_count && length < sizeof columns; i++) {
        const char *name = sb_tally_text(&t->statuses, statuses[i]);
        bool plain = strspn(name, "abcdefghijklmnopqrstuvwxyz") == strlen(name);
        length += (size_t)snprintf(columns + length, sizeof columns - length, "|%.30s#",
                                   plain ? name : "other");
    }
    sb_figure_begin(page, "types", false, "Types", "%s", sentence);
    sb_chart_bars(page, "Types of transaction", sentence, bars,
                  type_count < TYPES_SHOWN ? (int)type_count : TYPES_SHOWN);
    sb_table_begin(page, "Table by type and status", columns);
    for (size_t i = 0; i < type_count; i++) {
        const char *type = sb_tally_text(&t->types, types[i]);
        sb_line_begin(page);
        sb_cell_name(page, type);
        sb_cell_count(page, t->types.entries[types[i]].count);
        sb_cell_number(page, sb_percent(bars[i].value, 2));
        sb_cell_number(page, sb_fixed(t->types.entries[types[i]].sums[0], 0));
        for (size_t j = 0; j < status_count; j++)
            sb_cell_count(
                page, count_of(&t->type_statuses, type, sb_tally_text(&t->statuses, statuses[j])));
        sb_line_end(page);
    }
    sb_table_end(page);
    sb_figure_end(page);
}

/* ---- transactions: time --------------------------------------------------------------------- */

static const char *const weekdays[7] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                        "Friday", "Saturday", "Sunday"};

static void put_hours_chart(sb_page *page, const sb_report_transactions *t, uint64_t largest,
                            const char *sentence)
{
    enum { LEFT = 34, TOP = 4, ROW = 27 };
    double column = (SB_CHART_WIDTH - LEFT - 2) / 24.0;
    sb_chart_begin(page, SB_CHART_WIDTH, TOP + 7 * ROW + 24, "Week by hour", sentence);
    for (int day = 0; day < 7; day++) {
        sb_page_put(page,
                    "<text class=\"ink\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%.2s</text>"
                    "<g class=\"s0\">\n",
                    LEFT - 8, TOP + ROW * day + 18, weekdays[day]);
        for (int hour = 0; hour < 24; hour++) {
            double share = sqrt((double)t->hours[day][hour] / (double)largest);
            sb_page_put(page,
                        "<rect x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\" fill-opacity="
                        "\"%s\"><title>%s, %02d:00: %s</title></rect>\n",
                        sb_xy(LEFT + column * hour).text, TOP + ROW * day, sb_xy(column - 1).text,
                        ROW - 1, sb_fixed(0.04 + 0.96 * share, 3).text, weekdays[day], hour,
                        sb_grouped(t->hours[day][hour]).text);
        }
        sb_page_put(page, "</g>\n");
    }
    for (int hour = 0; hour < 24; hour += 3)
        sb_page_put(page, "<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%02d</text>\n",
                    sb_xy(LEFT + column * (hour + 0.5)).text, TOP + 7 * ROW + 17, hour);
    sb_chart_end(page);
}

static void put_hours(const sb_survey *survey, sb_page *page)
{
    const sb_report_transactions *t = &survey->transactions;
    uint64_t largest = 0;
    char sentence[300];
    if (t->timed == 0)
        return;
    for (int day = 0; day < 7; day++)
        for (int hour = 0; hour < 24; hour++)
            largest = t->hours[day][hour] > largest ? t->hours[day][hour] : largest;
    double local = (double)t->timed_locally / (double)t->timed;
    if (t->timed_locally == 0)
        (void)snprintf(sentence, sizeof sentence,
                       "Transactions by weekday and hour, in UTC. Stronger colour is more, by the "
                       "square root; "
                       "the strongest hour has %s.",
                       sb_grouped(largest).text);
    else
        (void)snprintf(
            sentence, sizeof sentence,
            "Transactions by weekday and hour, in the local time of the city where "
            "they were ordered (known for %s of them, the rest in UTC). Stronger colour is more, "
            "by the square root; the strongest hour has %s.",
            sb_percent(local, 1).text, sb_grouped(largest).text);
    sb_figure_begin(page, "week", false, "The week, hour by hour", "%s", sentence);
    put_hours_chart(page, t, largest, sentence);
    sb_table_begin(page, "Table", "Hour|Mo#|Tu#|We#|Th#|Fr#|Sa#|Su#");
    for (int hour = 0; hour < 24; hour++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%02d:00", hour);
        sb_line_begin(page);
        sb_cell_text(page, name);
        for (int day = 0; day < 7; day++)
            sb_cell_count(page, t->hours[day][hour]);
        sb_line_end(page);
    }
    sb_table_end(page);
    sb_figure_end(page);
}

/* Days when they are few; else months, of which a part month counts as what it has. */
static void put_time_table(const sb_survey *survey, sb_page *page)
{
    const sb_report_transactions *t = &survey->transactions;
    bool by_day = sb_report_days(survey) <= 62;
    uint64_t count = 0;
    double usd = 0;
    sb_table_begin(page, by_day ? "Table by day" : "Table by month",
                   by_day ? "Day|Transactions#|Completed, USD#"
                          : "Month|Transactions#|Completed, USD#");
    for (int32_t i = 0; i < sb_report_days(survey); i++) {
        int year, month, day;
        count += t->day_counts[i];
        usd += t->day_usd[i];
        sb_civil_from_days(survey->start_days + i + 1, &year, &month, &day);
        if (!by_day && day != 1 && i + 1 < sb_report_days(survey))
            continue;
        sb_line_begin(page);
        sb_cell_text(page, by_day ? sb_day_text(survey->start_days + i).text
                                  : sb_day_brief(survey->start_days + i, false).text);
        sb_cell_count(page, count);
        sb_cell_number(page, sb_fixed(usd, 0));
        sb_line_end(page);
        count = 0;
        usd = 0;
    }
    sb_table_end(page);
}

/* One of the two series as a figure; over years a value a week, of whole weeks. */
static void put_series(const sb_survey *survey, sb_page *page, const char *id, const char *heading,
                       const char *sentence, sb_days_line line, bool money)
{
    const sb_report_transactions *t = &survey->transactions;
    int32_t days = sb_report_days(survey);
    double *values = calloc((size_t)days, sizeof *values);
    if (values == NULL) {
        page->status = sb_fail(page->err, SB_ENOMEM, "no memory for the report's days");
        return;
    }
    line.count = days / line.step_days;
    for (int32_t day = 0; day < line.count * line.step_days; day++)
        values[day / line.step_days] += money ? t->day_usd[day] : (double)t->day_counts[day];
    line.title = heading;
    line.description = sentence;
    line.values = values;
    sb_figure_begin(page, id, false, heading, "%s", sentence);
    sb_chart_days(page, &line);
    put_time_table(survey, page);
    sb_figure_end(page);
    free(values);
}

static void put_days(const sb_survey *survey, sb_page *page)
{
    bool by_week = sb_report_days(survey) > 800;
    sb_days_line line = {.axis = "Transactions",
                         .step_days = by_week ? 7 : 1,
                         .first_day = survey->start_days,
                         .from_zero = true,
                         .area = true};
    put_series(survey, page, "days", by_week ? "Transactions a week" : "Transactions a day",
               by_week ? "In UTC, whatever became of them; the last days are left out where they "
                         "are no whole week."
                       : "In UTC, whatever became of them.",
               line, false);
    line.axis = "USD";
    line.series = 1;
    put_series(survey, page, "volume", by_week ? "Money moved a week" : "Money moved a day",
               "Completed transactions, in USD.", line, true);
}

static void put_alerts(const sb_survey *survey, sb_page *page)
{
    const sb_report_transactions *t = &survey->transactions;
    char sentence[300];
    (void)snprintf(
        sentence, sizeof sentence,
        "Published rules over single rows mark %s of transactions; a row may have "
        "several marks. Shares of all marks.",
        sb_percent((double)t->flagged_rows / (double)survey->rows[SB_TRANSACTIONS], 1).text);
    if (t->has_flags)
        sb_figure_tally(survey, page, "alerts", "Alerts", sentence, &t->flags, SB_AS_IT_IS, 8, 1);
}

/* Where money comes from and goes. */
static void put_ends(const sb_survey *survey, sb_page *page)
{
    static const char sentence[] =
        "Whether payer and payee have an account in the dataset; share of "
        "all transactions.";
    const sb_report_transactions *t = &survey->transactions;
    const struct {
        const char *name;
        uint64_t number;
    } ends[] = {{"account to account", t->inside},
                {"to outside", t->to_outside},
                {"from outside", t->from_outside}};
    enum { ENDS = sizeof ends / sizeof ends[0] };
    sb_bar bars[ENDS];
    double all = (double)survey->rows[SB_TRANSACTIONS];
    for (int i = 0; i < ENDS; i++) {
        bars[i] = (sb_bar){.value = (double)ends[i].number / all, .expected = -1, .series = 2};
        (void)snprintf(bars[i].label, sizeof bars[i].label, "%s", ends[i].name);
        (void)snprintf(bars[i].value_text, sizeof bars[i].value_text, "%s",
                       sb_percent(bars[i].value, 1).text);
    }
    sb_figure_begin(page, "ends", false, "Inside and outside", "%s", sentence);
    sb_chart_bars(page, "Inside and outside", sentence, bars, ENDS);
    sb_table_begin(page, "Table", "|Rows#|Share#");
    for (int i = 0; i < ENDS; i++) {
        sb_line_begin(page);
        sb_cell_text(page, ends[i].name);
        sb_cell_count(page, ends[i].number);
        sb_cell_number(page, sb_percent(bars[i].value, 2));
        sb_line_end(page);
    }
    sb_table_end(page);
    sb_figure_end(page);
}

void sb_report_put_transactions(const sb_survey *survey, sb_page *page)
{
    const sb_report_transactions *t = &survey->transactions;
    sb_section_begin(page, "transactions", "Transactions");
    put_days(survey, page);
    put_types(survey, page);
    put_hours(survey, page);
    put_amounts(survey, page);
    put_digits(survey, page);
    sb_figure_tally(survey, page, "statuses", "Status", "Only completed ones move money.",
                    &t->statuses, SB_AS_IT_IS, 6, 1);
    put_ends(survey, page);
    sb_figure_tally(survey, page, "channels", "Channels", "How they were ordered.", &t->channels,
                    SB_AS_IT_IS, 8, 2);
    put_alerts(survey, page);
    sb_section_end(page);
}
