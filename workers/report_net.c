/* What a report says of who pays whom: countries, accounts, hubs; and of messages. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "workers/report.h"

/* ---- countries ------------------------------------------------------------------------------ */

enum { SIDES_MAX = 14, FLOWS_SHOWN = 18, FLOWS_LISTED = 60, COUNTRIES_MAX = 200 };

/* A country of the matrix, by what goes through it. */
typedef struct side {
    char code[8];
    double usd;
} side;

static void add_side(side *sides, int *count, const char *code, size_t code_bytes, double usd)
{
    int at = 0;
    if (code_bytes >= sizeof sides[0].code)
        return;
    while (at < *count &&
           (strlen(sides[at].code) != code_bytes || memcmp(sides[at].code, code, code_bytes) != 0))
        at++;
    if (at == COUNTRIES_MAX)
        return;
    if (at == *count) {
        sides[(*count)++] = (side){.usd = 0};
        memcpy(sides[at].code, code, code_bytes);
    }
    sides[at].usd += usd;
}

/* The countries with the largest flows, the largest first. */
static int find_sides(const sb_tally *flows, side *sides)
{
    int count = 0;
    for (size_t i = 0; i < flows->count; i++) {
        const char *text = sb_tally_text(flows, i), *tab = strchr(text, '\t');
        add_side(sides, &count, text, (size_t)(tab - text), flows->entries[i].sums[0]);
        add_side(sides, &count, tab + 1, strlen(tab + 1), flows->entries[i].sums[0]);
    }
    for (int i = 1; i < count; i++) {
        side one = sides[i];
        int at = i;
        for (; at > 0 && (sides[at - 1].usd < one.usd); at--)
            sides[at] = sides[at - 1];
        sides[at] = one;
    }
    return count < SIDES_MAX ? count : SIDES_MAX;
}

static double flow_between(const sb_tally *flows, const side *from, const side *to)
{
    char both[24];
    (void)snprintf(both, sizeof both, "%s\t%s", from->code, to->code);
    int found = sb_tally_find(flows, both);
    return found >= 0 ? flows->entries[found].sums[0] : 0;
}

static void put_matrix_cell(sb_page *page, const sb_survey *survey, const side *from,
                            const side *to, double usd, double x, double y, double size,
                            double strength)
{
    bool home = strcmp(from->code, to->code) == 0;
    sb_page_put(page, "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"",
                home || usd <= 0 ? "none" : "s0", sb_xy(x).text, sb_xy(y).text,
                sb_xy(size - 1).text, sb_xy(size - 1).text);
    if (!home && usd > 0)
        sb_page_put(page, " fill-opacity=\"%s\"", sb_fixed(strength, 3).text);
    sb_page_put(page, "><title>");
    sb_page_text(page, sb_country_name(survey, from->code));
    sb_page_put(page, " to ");
    sb_page_text(page, sb_country_name(survey, to->code));
    sb_page_put(page, ": %s USD</title></rect>", sb_rounded(usd).text);
    if (home)
        sb_page_put(page, "<circle class=\"s1\" cx=\"%s\" cy=\"%s\" r=\"2\"/>",
                    sb_xy(x + size / 2 - 0.5).text, sb_xy(y + size / 2 - 0.5).text);
    sb_page_put(page, "\n");
}

static void put_matrix_chart(const sb_survey *survey, sb_page *page, const side *sides, int count,
                             const char *sentence)
{
    enum { LEFT = 34, TOP = 42 };
    const sb_tally *flows = &survey->transactions.flows;
    double size = (SB_CHART_WIDTH - LEFT - 2.0) / count, largest = 0;
    size = fmin(size, 46);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++) {
            double usd = flow_between(flows, &sides[i], &sides[j]);
            if (i == j || usd <= 0)
                continue;
            largest = fmax(largest, usd);
        }
    sb_chart_begin(page, SB_CHART_WIDTH, TOP + (int)(size * count) + 4, "Flows between countries",
                   sentence);
    sb_page_put(page, "<text x=\"0\" y=\"12\">From (row) to (column)</text>\n");
    for (int i = 0; i < count; i++) {
        sb_page_put(page, "<text class=\"ink\" x=\"%s\" y=\"%d\" text-anchor=\"middle\">",
                    sb_xy(LEFT + size * (i + 0.5)).text, TOP - 7);
        sb_page_text(page, sides[i].code);
        sb_page_put(page, "</text><text class=\"ink\" x=\"%d\" y=\"%s\" text-anchor=\"end\">",
                    LEFT - 8, sb_xy(TOP + size * (i + 0.5) + 4).text);
        sb_page_text(page, sides[i].code);
        sb_page_put(page, "</text>\n");
    }
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++) {
            double usd = flow_between(flows, &sides[i], &sides[j]);
            double strength = usd > 0 && i != j ? 0.04 + 0.96 * sqrt(usd / largest) : 0;
            put_matrix_cell(page, survey, &sides[i], &sides[j], usd, LEFT + size * j,
                            TOP + size * i, size, fmin(strength, 1));
        }
    sb_chart_end(page);
}

static void put_matrix(const sb_survey *survey, sb_page *page)
{
    const sb_report_transactions *t = &survey->transactions;
    side sides[COUNTRIES_MAX];
    char sentence[400], columns[200] = "USD million from";
    int count = find_sides(&t->flows, sides);
    size_t length = strlen(columns);
    (void)snprintf(
        sentence, sizeof sentence,
        "Completed transactions by the countries of the payer's and the payee's bank; a stronger "
        "colour is more money, by the square root. Across borders go %s of transactions and %s of "
        "the money. Dots: within the country, not coloured.",
        sb_percent(
            t->countries_known > 0 ? (double)t->cross_border / (double)t->countries_known : 0, 1)
            .text,
        sb_percent(t->countries_usd > 0 ? t->cross_border_usd / t->countries_usd : 0, 1).text);
    sb_figure_begin(page, "flows", false, "Flows between countries", "%s", sentence);
    put_matrix_chart(survey, page, sides, count, sentence);
    for (int i = 0; i < count; i++) {
        bool plain = strspn(sides[i].code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(sides[i].code);
        length += (size_t)snprintf(columns + length, sizeof columns - length, "|%s#",
                                   plain ? sides[i].code : "?");
    }
    sb_table_begin(page, "Table", columns);
    for (int i = 0; i < count; i++) {
        sb_line_begin(page);
        sb_cell_text(page, sides[i].code);
        for (int j = 0; j < count; j++)
            sb_cell_number(page, sb_fixed(flow_between(&t->flows, &sides[i], &sides[j]) / 1e6, 2));
        sb_line_end(page);
    }
    sb_table_end(page);
    sb_figure_end(page);
}

static bool crosses(const char *pair)
{
    const char *tab = strchr(pair, '\t');
    return strncmp(pair, tab + 1, (size_t)(tab - pair)) != 0 ||
           strlen(tab + 1) != (size_t)(tab - pair);
}

static void put_flow_row(const sb_survey *survey, sb_page *page, uint32_t entry)
{
    const sb_tally *flows = &survey->transactions.flows;
    char from[16];
    const char *text = sb_tally_text(flows, entry), *tab = strchr(text, '\t');
    (void)snprintf(from, sizeof from, "%.*s", (int)(tab - text), text);
    sb_line_begin(page);
    sb_cell_text(page, sb_country_name(survey, from));
    sb_cell_text(page, sb_country_name(survey, tab + 1));
    sb_cell_count(page, flows->entries[entry].count);
    sb_cell_number(page, sb_fixed(flows->entries[entry].sums[0], 0));
    sb_line_end(page);
}

static void put_corridors(const sb_survey *survey, sb_page *page)
{
    static const char sentence[] = "The strongest flows across borders, by money, in USD.";
    enum { LOOKED_AT = FLOWS_LISTED + COUNTRIES_MAX };
    const sb_tally *flows = &survey->transactions.flows;
    uint32_t order[LOOKED_AT];
    size_t ranked = sb_tally_rank(flows, SB_BY_SUM, NULL, order, LOOKED_AT), kept = 0;
    sb_bar bars[FLOWS_SHOWN];
    for (size_t i = 0; i < ranked && kept < FLOWS_LISTED; i++)
        if (crosses(sb_tally_text(flows, order[i])))
            order[kept++] = order[i];
    if (kept == 0)
        return;
    int shown = kept < FLOWS_SHOWN ? (int)kept : FLOWS_SHOWN;
    for (int i = 0; i < shown; i++) {
        const sb_tally_entry *entry = &flows->entries[order[i]];
        const char *text = sb_tally_text(flows, order[i]), *tab = strchr(text, '\t');
        bars[i] = (sb_bar){.value = entry->sums[0], .expected = -1};
        (void)snprintf(bars[i].label, sizeof bars[i].label, "%.*s \xe2\x86\x92 %s",
                       (int)(tab - text), text, tab + 1);
        (void)snprintf(bars[i].value_text, sizeof bars[i].value_text, "%s",
                       sb_rounded(entry->sums[0]).text);
    }
    sb_figure_begin(page, "corridors", false, "Largest corridors", "%s", sentence);
    sb_chart_bars(page, "Largest corridors", sentence, bars, shown);
    sb_table_begin(page, "Table of the 60 largest", "From|To|Transactions#|USD#");
    for (size_t i = 0; i < kept; i++)
        put_flow_row(survey, page, order[i]);
    sb_table_end(page);
    sb_figure_end(page);
}

void sb_report_put_countries(const sb_survey *survey, sb_page *page)
{
    sb_section_begin(page, "countries", "Countries");
    put_matrix(survey, page);
    put_corridors(survey, page);
    sb_section_end(page);
}

/* ---- degrees -------------------------------------------------------------------------------- */

typedef struct curve {
    double degrees[SB_HEAVY_BINS], shares[SB_HEAVY_BINS];
    int count;
    double share_at_least; /* of SB_HEAVY_LEAST */
} curve;

static void make_curve(const sb_heavy *tail, curve *out)
{
    uint64_t above = 0;
    *out = (curve){.count = 0};
    for (int bin = SB_HEAVY_BINS - 1; bin > 0; bin--) {
        above += tail->bins[bin];
        if (sb_heavy_least(bin) == SB_HEAVY_LEAST)
            out->share_at_least = (double)above / (double)tail->count;
        if (tail->bins[bin] == 0)
            continue;
        out->degrees[out->count] = (double)sb_heavy_least(bin);
        out->shares[out->count++] = (double)above / (double)tail->count;
    }
}

static void exponent_text(const sb_heavy *tail, char out[48])
{
    double exponent = sb_heavy_exponent(tail);
    if (exponent > 0)
        (void)snprintf(out, 48, "%s", sb_fixed(exponent, 2).text);
    else
        (void)snprintf(out, 48, "too few to fit");
}

static void put_degree_table(const sb_survey *survey, sb_page *page)
{
    static const uint64_t steps[] = {1,  2,   3,   5,   10,   20,   30,    50,
                                     64, 128, 256, 512, 1024, 4096, 16384, 65536};
    sb_table_begin(page, "Table", "Partners at least|Paying so many#|Paid by so many#");
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        uint64_t out = 0, in = 0;
        for (int bin = 0; bin < SB_HEAVY_BINS; bin++)
            if (sb_heavy_least(bin) >= steps[i]) {
                out += survey->out_degrees.bins[bin];
                in += survey->in_degrees.bins[bin];
            }
        if (out + in == 0)
            break;
        sb_line_begin(page);
        sb_cell_text(page, sb_grouped(steps[i]).text);
        sb_cell_count(page, out);
        sb_cell_count(page, in);
        sb_line_end(page);
    }
    sb_table_end(page);
}

static void sample_text(const sb_survey *survey, char *out, size_t out_bytes)
{
    out[0] = '\0';
    if (survey->links.stride > 1)
        (void)snprintf(out, out_bytes,
                       " Of a sample: one account of every %s, drawn by hash, with all its links.",
                       sb_grouped(survey->links.stride).text);
}

static void put_degrees(const sb_survey *survey, sb_page *page)
{
    curve out, in;
    char out_exponent[48], in_exponent[48], sample[200], sentence[700];
    make_curve(&survey->out_degrees, &out);
    make_curve(&survey->in_degrees, &in);
    exponent_text(&survey->out_degrees, out_exponent);
    exponent_text(&survey->in_degrees, in_exponent);
    sample_text(survey, sample, sizeof sample);
    (void)snprintf(sentence, sizeof sentence,
                   "Share of accounts with at least so many different payees or payers within the "
                   "dataset. Exponents of a power law for 10 and more, by maximum likelihood: "
                   "payees %s, payers %s (dashed).%s",
                   out_exponent, in_exponent, sample);
    double out_slope = 1 - sb_heavy_exponent(&survey->out_degrees);
    double in_slope = 1 - sb_heavy_exponent(&survey->in_degrees);
    const sb_loglog_series series[2] = {{.name = "payees",
                                         .x = out.degrees,
                                         .y = out.shares,
                                         .count = out.count,
                                         .series = 0,
                                         .slope = out_slope < 0 ? out_slope : 0,
                                         .line_x = SB_HEAVY_LEAST,
                                         .line_y = out.share_at_least},
                                        {.name = "payers",
                                         .x = in.degrees,
                                         .y = in.shares,
                                         .count = in.count,
                                         .series = 1,
                                         .slope = in_slope < 0 ? in_slope : 0,
                                         .line_x = SB_HEAVY_LEAST,
                                         .line_y = in.share_at_least}};
    sb_figure_begin(page, "degrees", false, "How many partners accounts have", "%s", sentence);
    sb_chart_loglog(page, "Degrees of accounts", sentence, "different partners",
                    "Share of accounts with at least as many", 470, series, 2);
    put_degree_table(survey, page);
    sb_figure_end(page);
}

/* ---- hubs ----------------------------------------------------------------------------------- */

static void put_hub_row(sb_page *page, const sb_report_hub *hub)
{
    sb_line_begin(page);
    sb_page_put(page, "<td>A%llu</td>", (unsigned long long)hub->account);
    sb_cell_text(page, hub->owner[0] != '\0' ? hub->owner : "\xe2\x80\x93");
    sb_cell_name(page, hub->type);
    sb_cell_text(page, hub->country);
    sb_cell_text(page, hub->bank);
    sb_cell_count(page, hub->degree.partners);
    sb_cell_count(page, hub->degree.out);
    sb_cell_count(page, hub->degree.in);
    sb_line_end(page);
}

static void put_hubs(const sb_survey *survey, sb_page *page)
{
    char sample[200], sentence[400];
    sb_bar bars[SB_HUBS];
    sample_text(survey, sample, sizeof sample);
    (void)snprintf(sentence, sizeof sentence,
                   "The accounts with the most different partners, payees and payers together.%s",
                   sample);
    for (int i = 0; i < survey->hub_count; i++) {
        const sb_report_hub *hub = &survey->hubs[i];
        bars[i] =
            (sb_bar){.value = hub->degree.partners, .expected = -1, .series = hub->company ? 0 : 3};
        if (hub->owner[0] != '\0')
            (void)snprintf(bars[i].label, sizeof bars[i].label, "%s", hub->owner);
        else
            (void)snprintf(bars[i].label, sizeof bars[i].label, "A%llu",
                           (unsigned long long)hub->account);
        (void)snprintf(bars[i].value_text, sizeof bars[i].value_text, "%s",
                       sb_grouped(hub->degree.partners).text);
    }
    sb_figure_begin(page, "hubs", false, "Largest hubs", "%s", sentence);
    sb_chart_bars(page, "Largest hubs", sentence, bars, survey->hub_count);
    sb_page_put(page, "<p class=\"key\"><span><i class=\"s0b\"></i>company</span>"
                      "<span><i class=\"s3b\"></i>person</span></p>\n");
    sb_table_begin(page, "Table with accounts",
                   "Account|Owner|Type|Country|Bank|Partners#|Payees#|Payers#");
    for (int i = 0; i < survey->hub_count; i++)
        put_hub_row(page, &survey->hubs[i]);
    sb_table_end(page);
    sb_figure_end(page);
}

void sb_report_put_network(const sb_survey *survey, sb_page *page)
{
    sb_section_begin(page, "network", "Network");
    put_degrees(survey, page);
    put_hubs(survey, page);
    sb_section_end(page);
}

/* ---- messages ------------------------------------------------------------------------------- */

enum { LENGTH_BARS = 40 };

/* A width of which 40 hold all but the longest hundredth. */
static int length_step(const sb_report_messages *m)
{
    static const int steps[] = {2, 5, 10, 20, 50};
    uint64_t seen = 0, wanted = m->with_text - m->with_text / 100;
    int length = 0;
    for (; length < SB_TEXT_LENGTHS - 1 && seen + m->lengths[length] < wanted; length++)
        seen += m->lengths[length];
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i] * (LENGTH_BARS - 1) > length)
            return steps[i];
    return 100;
}

static void put_lengths(const sb_survey *survey, sb_page *page)
{
    const sb_report_messages *m = &survey->messages;
    uint64_t counts[LENGTH_BARS] = {0};
    sb_bar bars[LENGTH_BARS];
    int step = length_step(m), last = 0;
    char sentence[200];
    if (m->with_text == 0)
        return;
    for (int length = 0; length < SB_TEXT_LENGTHS; length++) {
        int bar = length / step < LENGTH_BARS ? length / step : LENGTH_BARS - 1;
        counts[bar] += m->lengths[length];
        last = m->lengths[length] > 0 ? bar : last;
    }
    for (int i = 0; i <= last; i++) {
        bool open = i == LENGTH_BARS - 1;
        bars[i] = (sb_bar){
            .value = (double)counts[i] / (double)m->with_text, .expected = -1, .series = 3};
        (void)snprintf(bars[i].label, sizeof bars[i].label, "%d%s", i * step, open ? "+" : "");
        (void)snprintf(bars[i].value_text, sizeof bars[i].value_text, "%s",
                       sb_percent(bars[i].value, 2).text);
    }
    (void)snprintf(sentence, sizeof sentence, "Characters of the text; %s on average.",
                   sb_fixed((double)m->characters / (double)m->with_text, 0).text);
    sb_figure_begin(page, "lengths", false, "Length of messages", "%s", sentence);
    sb_chart_columns(page, &(sb_columns){.title = "Length of messages",
                                         .description = sentence,
                                         .axis = "Share of messages; characters below",
                                         .bars = bars,
                                         .count = last + 1,
                                         .label_step = 5,
                                         .percent = true,
                                         .touching = true});
    sb_table_begin(page, "Table", "Characters from|Messages#|Share#");
    for (int i = 0; i <= last; i++) {
        sb_line_begin(page);
        sb_cell_text(page, bars[i].label);
        sb_cell_count(page, counts[i]);
        sb_cell_number(page, sb_percent(bars[i].value, 2));
        sb_line_end(page);
    }
    sb_table_end(page);
    sb_figure_end(page);
}

static void put_share_row(sb_page *page, const char *name, uint64_t number, double all)
{
    sb_line_begin(page);
    sb_cell_text(page, name);
    sb_cell_count(page, number);
    sb_cell_number(page, sb_percent((double)number / all, 2));
    sb_line_end(page);
}

static void put_ties(const sb_survey *survey, sb_page *page)
{
    static const char sentence[] =
        "Messages about a payment of the dataset, in a thread, and caught by the screening rule.";
    const sb_report_messages *m = &survey->messages;
    double all = (double)survey->rows[SB_COMMUNICATIONS];
    const struct {
        const char *name;
        uint64_t number;
        bool there;
    } shares[] = {{"tied to a payment", m->tied, m->has_ties},
                  {"in a thread", m->threaded, true},
                  {"caught by screening", m->flagged, m->has_flags}};
    enum { SHARES = sizeof shares / sizeof shares[0] };
    sb_bar bars[SHARES];
    int count = 0;
    for (int i = 0; i < SHARES; i++) {
        if (!shares[i].there)
            continue;
        bars[count] =
            (sb_bar){.value = (double)shares[i].number / all, .expected = -1, .series = 2};
        (void)snprintf(bars[count].label, sizeof bars[count].label, "%s", shares[i].name);
        (void)snprintf(bars[count].value_text, sizeof bars[count].value_text, "%s",
                       sb_percent(bars[count].value, 1).text);
        count++;
    }
    sb_figure_begin(page, "ties", false, "What messages hang on", "%s", sentence);
    sb_chart_bars(page, "What messages hang on", sentence, bars, count);
    sb_table_begin(page, "Table", "|Messages#|Share#");
    for (int i = 0; i < SHARES; i++)
        if (shares[i].there)
            put_share_row(page, shares[i].name, shares[i].number, all);
    sb_table_end(page);
    sb_figure_end(page);
}

void sb_report_put_messages(const sb_survey *survey, sb_page *page)
{
    const sb_report_messages *m = &survey->messages;
    sb_section_begin(page, "messages", "Messages");
    sb_figure_tally(survey, page, "message-types", "Media", "Share of messages.", &m->types,
                    SB_AS_IT_IS, 10, 3);
    sb_figure_tally(survey, page, "message-languages", "Languages",
                    "Each message is in a language that both ends know.", &m->languages,
                    SB_LANGUAGE_CODES, 10, 2);
    put_lengths(survey, page);
    put_ties(survey, page);
    sb_section_end(page);
}
