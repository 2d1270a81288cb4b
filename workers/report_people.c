/* What a report says of people and of companies. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workers/report.h"

/* ---- ages ----------------------------------------------------------------------------------- */

static void band_name(int band, char out[16])
{
    if (band == SB_AGE_BANDS - 1)
        (void)snprintf(out, 16, "%d+", 5 * band);
    else
        (void)snprintf(out, 16, "%d\xe2\x80\x93%d", 5 * band, 5 * band + 4);
}

static uint64_t band_total(const sb_report_persons *persons, int band)
{
    uint64_t total = 0;
    for (int gender = 0; gender < SB_REPORT_GENDERS; gender++)
        total += persons->ages[gender][band];
    return total;
}

/* One half of the pyramid: `sign` is -1 for the left. */
static void put_half(sb_page *page, const sb_report_persons *persons, sb_report_gender gender,
                     int first, int last, double largest, int sign)
{
    enum { ROW = 22, HALF = 30, ROOM = SB_CHART_WIDTH / 2 - HALF - 4 };
    uint64_t total = 0;
    for (int band = first; band <= last; band++)
        total += band_total(persons, band);
    sb_page_put(page, "<g class=\"s%d\">\n", gender == SB_REPORT_FEMALE ? 1 : 0);
    for (int band = first; band <= last; band++) {
        uint64_t number = persons->ages[gender][band];
        double width = largest > 0 ? ROOM * (double)number / largest : 0;
        double x = SB_CHART_WIDTH / 2.0 + sign * HALF - (sign < 0 ? width : 0);
        char name[16];
        band_name(band, name);
        sb_page_put(page,
                    "<rect x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\"><title>%s: %s, %s"
                    "</title></rect>\n",
                    sb_xy(x).text, 26 + ROW * (last - band), sb_xy(width).text, ROW - 3, name,
                    sb_grouped(number).text,
                    sb_percent(total > 0 ? (double)number / (double)total : 0, 2).text);
    }
    sb_page_put(page, "</g>\n");
}

static void put_pyramid(sb_page *page, const sb_report_persons *persons, int first, int last,
                        const char *sentence)
{
    enum { ROW = 22 };
    double largest = 0;
    for (int band = first; band <= last; band++)
        for (int gender = 0; gender < SB_REPORT_OTHER; gender++)
            largest = fmax(largest, (double)persons->ages[gender][band]);
    sb_chart_begin(page, SB_CHART_WIDTH, 34 + ROW * (last - first + 1), "Age pyramid", sentence);
    sb_page_put(page,
                "<text class=\"ink\" x=\"%d\" y=\"14\" text-anchor=\"end\">Women</text>"
                "<text class=\"ink\" x=\"%d\" y=\"14\">Men</text>\n",
                SB_CHART_WIDTH / 2 - 34, SB_CHART_WIDTH / 2 + 34);
    put_half(page, persons, SB_REPORT_FEMALE, first, last, largest, -1);
    put_half(page, persons, SB_REPORT_MALE, first, last, largest, 1);
    for (int band = first; band <= last; band++) {
        char name[16];
        band_name(band, name);
        sb_page_put(page, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                    SB_CHART_WIDTH / 2, 40 + ROW * (last - band), name);
    }
    sb_chart_end(page);
}

static void put_ages(const sb_survey *survey, sb_page *page)
{
    const sb_report_persons *persons = &survey->persons;
    int first = 0, last = SB_AGE_BANDS - 1;
    uint64_t others = 0, total = 0;
    while (first < SB_AGE_BANDS && band_total(persons, first) == 0)
        first++;
    if (first == SB_AGE_BANDS)
        return;
    while (band_total(persons, last) == 0)
        last--;
    for (int band = first; band <= last; band++) {
        total += band_total(persons, band);
        others += persons->ages[SB_REPORT_OTHER][band];
    }
    char sentence[300];
    (void)snprintf(sentence, sizeof sentence,
                   "Full years on %s. %s of people give another gender or none; they are in the "
                   "table only.",
                   sb_day_text(survey->end_days).text,
                   sb_percent((double)others / (double)total, 1).text);
    sb_figure_begin(page, "ages", false, "Age and gender", "%s", sentence);
    put_pyramid(page, persons, first, last, sentence);
    sb_table_begin(page, "Table", "Years|Women#|Men#|Others#|All#");
    for (int band = last; band >= first; band--) {
        char name[16];
        band_name(band, name);
        sb_line_begin(page);
        sb_cell_text(page, name);
        for (int gender = 0; gender < SB_REPORT_GENDERS; gender++)
            sb_cell_count(page, persons->ages[gender][band]);
        sb_cell_count(page, band_total(persons, band));
        sb_line_end(page);
    }
    sb_table_end(page);
    sb_figure_end(page);
}

/* ---- households ----------------------------------------------------------------------------- */

enum { HOME_SIZES = 8 };

static void put_homes(const sb_survey *survey, sb_page *page)
{
    const sb_key_set *homes = &survey->persons.homes;
    uint64_t sizes[HOME_SIZES + 1] = {0}, people = 0;
    sb_bar bars[HOME_SIZES];
    if (homes->count == 0)
        return;
    for (size_t i = 0; i < homes->slot_count; i++) {
        uint32_t size = homes->counts[i];
        if (homes->keys[i] == 0)
            continue;
        sizes[size < HOME_SIZES ? size : HOME_SIZES]++;
        people += size;
    }
    for (int i = 0; i < HOME_SIZES; i++) {
        double share = (double)sizes[i + 1] / (double)homes->count;
        bars[i] = (sb_bar){.value = share, .expected = -1};
        (void)snprintf(bars[i].label, sizeof bars[i].label, i + 1 < HOME_SIZES ? "%d" : "%d+",
                       i + 1);
        (void)snprintf(bars[i].value_text, sizeof bars[i].value_text, "%s",
                       sb_percent(share, 1).text);
    }
    char sentence[300];
    (void)snprintf(sentence, sizeof sentence,
                   "Adults who share a home address: %s of them at each on average.%s",
                   sb_fixed((double)people / (double)homes->count, 2).text,
                   survey->persons.home_share > 1 ? " Of a sample of addresses." : "");
    sb_figure_begin(page, "households", false, "Households", "%s", sentence);
    sb_chart_columns(page, &(sb_columns){.title = "Households by size",
                                         .description = sentence,
                                         .axis = "Share of households, by adults",
                                         .bars = bars,
                                         .count = HOME_SIZES,
                                         .label_step = 1,
                                         .percent = true});
    sb_table_begin(page, "Table", "Adults|Households#|Share#");
    for (int i = 0; i < HOME_SIZES; i++) {
        sb_line_begin(page);
        sb_cell_text(page, bars[i].label);
        sb_cell_count(page, sizes[i + 1]);
        sb_cell_number(page, sb_percent(bars[i].value, 2));
        sb_line_end(page);
    }
    sb_table_end(page);
    sb_figure_end(page);
}

/* ---- names ---------------------------------------------------------------------------------- */

enum { NAMES_SHOWN = 20, NATIONALITIES_SHOWN = 40 };

/* The most frequent names of one nationality in a row of the table. */
static void put_name_row(const sb_survey *survey, sb_page *page, const sb_tally *names,
                         const char *nationality, uint64_t people)
{
    uint32_t order[NAMES_SHOWN];
    char prefix[32];
    (void)snprintf(prefix, sizeof prefix, "%.20s\t", nationality);
    size_t count = sb_tally_rank(names, SB_BY_COUNT, prefix, order, NAMES_SHOWN);
    sb_line_begin(page);
    sb_cell_text(page, sb_country_name(survey, nationality));
    sb_page_put(page, "<td>");
    for (size_t i = 0; i < count; i++) {
        sb_page_put(page, "%s<bdi>", i > 0 ? ", " : "");
        sb_page_text(page, sb_tally_text(names, order[i]) + strlen(prefix));
        sb_page_put(
            page, "</bdi>" SB_THIN "%s",
            sb_percent(people > 0 ? (double)names->entries[order[i]].count / (double)people : 0, 1)
                .text);
    }
    sb_page_put(page, "</td>");
    sb_line_end(page);
}

static void put_names(const sb_survey *survey, sb_page *page, const char *id, const char *heading,
                      const char *sentence, const sb_tally *names, int series)
{
    const sb_tally *nations = &survey->persons.nationalities;
    uint32_t order[NATIONALITIES_SHOWN];
    sb_bar bars[NAMES_SHOWN];
    size_t count = sb_tally_rank(names, SB_BY_COUNT, NULL, order, NAMES_SHOWN);
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        const char *text = sb_tally_text(names, order[i]), *tab = strchr(text, '\t');
        uint64_t number = names->entries[order[i]].count;
        bars[i] = (sb_bar){.value = (double)number, .expected = -1, .series = series};
        (void)snprintf(bars[i].label, sizeof bars[i].label, "%s (%.*s)", tab + 1, (int)(tab - text),
                       text);
        (void)snprintf(bars[i].value_text, sizeof bars[i].value_text, "%s",
                       sb_grouped(number).text);
    }
    sb_figure_begin(page, id, false, heading, "%s", sentence);
    sb_chart_bars(page, heading, sentence, bars, (int)count);
    sb_table_begin(page, "The 20 of each nationality", "Nationality|Names, and their share");
    count = sb_tally_rank(nations, SB_BY_COUNT, NULL, order, NATIONALITIES_SHOWN);
    for (size_t i = 0; i < count; i++)
        put_name_row(survey, page, names, sb_tally_text(nations, order[i]),
                     nations->entries[order[i]].count);
    sb_table_end(page);
    sb_figure_end(page);
}

/* ---- incomes -------------------------------------------------------------------------------- */

enum { INCOMES_SHOWN = 20 };
static const double quantiles[5] = {0.1, 0.25, 0.5, 0.75, 0.9};

typedef struct income_row {
    const char *name;
    uint64_t people;
    double at[5];
} income_row;

static int by_median(const void *a, const void *b)
{
    const income_row *one = a, *other = b;
    if (one->at[2] < other->at[2] || one->at[2] > other->at[2])
        return one->at[2] < other->at[2] ? 1 : -1;
    return strcmp(one->name, other->name);
}

static int gather_incomes(const sb_survey *survey, income_row rows[INCOMES_SHOWN])
{
    const sb_report_persons *persons = &survey->persons;
    uint32_t order[INCOMES_SHOWN];
    int count =
        (int)sb_tally_rank(&persons->income_countries, SB_BY_COUNT, NULL, order, INCOMES_SHOWN);
    for (int i = 0; i < count; i++) {
        const sb_report_incomes *incomes = persons->incomes[order[i]];
        rows[i].name = sb_country_name(survey, sb_tally_text(&persons->income_countries, order[i]));
        rows[i].people = incomes->count;
        for (int q = 0; q < 5; q++)
            rows[i].at[q] = sb_report_quantile(incomes, quantiles[q]);
    }
    if (count > 0)
        qsort(rows, (size_t)count, sizeof *rows, by_median);
    return count;
}

static void put_income_chart(sb_page *page, const income_row *rows, int count, const char *sentence)
{
    enum { ROW = 24, LEFT = 128, RIGHT = SB_CHART_WIDTH - 14 };
    double low = 1e99, high = 0;
    for (int i = 0; i < count; i++) {
        low = fmin(low, rows[i].at[0]);
        high = fmax(high, rows[i].at[4]);
    }
    low = log10(low) - 0.05;
    high = log10(high) + 0.05;
    double scale = (RIGHT - LEFT) / (high - low);
    int bottom = 8 + ROW * count;
    sb_chart_begin(page, SB_CHART_WIDTH, bottom + 40, "Incomes by country", sentence);
    double free_from = 0;
    for (int decade = (int)floor(low); decade <= (int)ceil(high); decade++)
        for (int part = 0; part < 3; part++) {
            static const int parts[3] = {1, 2, 5};
            double value = parts[part] * pow(10, decade), x = LEFT + (log10(value) - low) * scale;
            if (x < LEFT || x > RIGHT)
                continue;
            sb_page_put(page, "<line class=\"grid\" x1=\"%s\" y1=\"4\" x2=\"%s\" y2=\"%d\"/>",
                        sb_xy(x).text, sb_xy(x).text, bottom);
            if (x - 24 < free_from || x + 24 > SB_CHART_WIDTH)
                continue;
            sb_page_put(page, "<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                        sb_xy(x).text, bottom + 16, sb_brief(value).text);
            free_from = x + 24;
        }
    for (int i = 0; i < count; i++) {
        double x[5], y = 6 + ROW * (i + 0.5);
        for (int q = 0; q < 5; q++)
            x[q] = LEFT + (log10(rows[i].at[q]) - low) * scale;
        sb_page_put(page, "<text class=\"ink\" x=\"%d\" y=\"%s\" text-anchor=\"end\">", LEFT - 10,
                    sb_xy(y + 4).text);
        sb_page_text(page, rows[i].name);
        sb_page_put(page,
                    "</text><line class=\"axis\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>"
                    "<rect class=\"s2\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"12\"><title>%s "
                    "half earn %s to %s USD</title></rect>"
                    "<line class=\"mark\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n",
                    sb_xy(x[0]).text, sb_xy(y).text, sb_xy(x[4]).text, sb_xy(y).text,
                    sb_xy(x[1]).text, sb_xy(y - 6).text, sb_xy(x[3] - x[1]).text, "The middle",
                    sb_rounded(rows[i].at[1]).text, sb_rounded(rows[i].at[3]).text,
                    sb_xy(x[2]).text, sb_xy(y - 8).text, sb_xy(x[2]).text, sb_xy(y + 8).text);
    }
    sb_page_put(page,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">USD a year, logarithmic</text>\n",
                RIGHT, bottom + 34);
    sb_chart_end(page);
}

static void put_incomes(const sb_survey *survey, sb_page *page)
{
    static const char sentence[] =
        "Gross income a year by country of residence, in USD. Line: from the lowest tenth to the "
        "highest; box: the middle half; mark: the median. Exact to 2 %.";
    income_row rows[INCOMES_SHOWN];
    int count = gather_incomes(survey, rows);
    if (count == 0)
        return;
    sb_figure_begin(page, "incomes", false, "Incomes by country", "%s", sentence);
    put_income_chart(page, rows, count, sentence);
    sb_table_begin(page, "Table", "Country|People#|10 %#|25 %#|Median#|75 %#|90 %#");
    for (int i = 0; i < count; i++) {
        sb_line_begin(page);
        sb_cell_text(page, rows[i].name);
        sb_cell_count(page, rows[i].people);
        for (int q = 0; q < 5; q++)
            sb_cell_number(page, sb_fixed(rows[i].at[q], 0));
        sb_line_end(page);
    }
    sb_table_end(page);
    sb_figure_end(page);
}

void sb_report_put_people(const sb_survey *survey, sb_page *page)
{
    const sb_report_persons *persons = &survey->persons;
    sb_section_begin(page, "people", "People");
    put_ages(survey, page);
    sb_figure_tally(survey, page, "nationalities", "Nationality", "First citizenship.",
                    &persons->nationalities, SB_COUNTRY_CODES, 16, 0);
    put_names(survey, page, "family-names", "Family names",
              "The 20 most frequent, with the nationality of those who bear them.",
              &persons->families, 0);
    put_names(survey, page, "given-names", "Given names",
              "The 20 most frequent, with the nationality of those who bear them.",
              &persons->givens, 3);
    put_incomes(survey, page);
    sb_figure_tally(survey, page, "mother-tongues", "Mother tongues",
                    "The first of the languages that each person speaks.", &persons->languages,
                    SB_LANGUAGE_CODES, 20, 2);
    put_homes(survey, page);
    sb_figure_tally(survey, page, "education", "Education", "Highest degree.", &persons->education,
                    SB_AS_IT_IS, 8, 2);
    sb_section_end(page);
}

/* ---- companies ------------------------------------------------------------------------------ */

static void put_sizes(const sb_survey *survey, sb_page *page)
{
    const sb_heavy *tail = &survey->companies.employees;
    double ranks[SB_HEAVY_BINS], sizes[SB_HEAVY_BINS];
    double exponent = sb_heavy_exponent(tail);
    uint64_t rank = 0, fitted = tail->fitted;
    int count = 0;
    char sentence[400], law[200] = "";
    if (tail->count == 0)
        return;
    for (int bin = SB_HEAVY_BINS - 1; bin > 0; bin--) {
        if (tail->bins[bin] == 0)
            continue;
        rank += tail->bins[bin];
        ranks[count] = (double)rank;
        sizes[count++] = (double)sb_heavy_least(bin);
    }
    if (exponent > 0)
        (void)snprintf(law, sizeof law,
                       " From 10 employees on, size falls as rank to the power %s%s (Zipf's law: "
                       "\xe2\x88\x92"
                       "1).",
                       "\xe2\x88\x92", sb_fixed(1 / (exponent - 1), 2).text);
    (void)snprintf(sentence, sizeof sentence,
                   "Employees by rank, both logarithmic; the largest firm has %s.%s",
                   sb_grouped(tail->largest).text, law);
    sb_figure_begin(page, "company-sizes", false, "Companies by size", "%s", sentence);
    sb_chart_loglog(
        page, "Companies by size", sentence, "rank", "Employees", 300,
        &(sb_loglog_series){.x = ranks,
                            .y = sizes,
                            .count = count,
                            .slope = exponent > 1 ? -1 / (exponent - 1) : 0,
                            .line_x = 1,
                            .line_y = SB_HEAVY_LEAST * pow((double)fitted, 1 / (exponent - 1))},
        1);
    sb_table_begin(page, "Table", "Employees at least|Companies#|Share#");
    static const uint64_t steps[] = {0,   1,   2,   5,    10,   20,    50,   64,
                                     128, 256, 512, 1024, 4096, 16384, 65536};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        uint64_t number = 0;
        for (int bin = 0; bin < SB_HEAVY_BINS; bin++)
            if (sb_heavy_least(bin) >= steps[i])
                number += tail->bins[bin];
        if (number == 0)
            break;
        sb_line_begin(page);
        sb_cell_text(page, sb_grouped(steps[i]).text);
        sb_cell_count(page, number);
        sb_cell_number(page, sb_percent((double)number / (double)tail->count, 2));
        sb_line_end(page);
    }
    sb_table_end(page);
    sb_figure_end(page);
}

void sb_report_put_companies(const sb_survey *survey, sb_page *page)
{
    const sb_report_companies *companies = &survey->companies;
    sb_section_begin(page, "companies", "Companies");
    put_sizes(survey, page);
    sb_figure_tally(survey, page, "industries", "Industries", "Share of companies.",
                    &companies->industries, SB_AS_IT_IS, 12, 2);
    sb_figure_tally(survey, page, "company-countries", "Registered in", "Share of companies.",
                    &companies->countries, SB_COUNTRY_CODES, 8, 0);
    sb_figure_tally(survey, page, "legal-forms", "Legal forms", "Share of companies.",
                    &companies->forms, SB_AS_IT_IS, 8, 3);
    sb_section_end(page);
}
