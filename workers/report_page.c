/* The page of a report: what stands around its figures, and the table of contents of the dataset.
 *
 * One file that needs nothing else: no script, no font, no picture that is not in it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/tables.h"
#include "workers/report.h"

/* Colours are named by use, so that dark and print only name them again. */
static const char style[] =
    ":root{color-scheme:light dark;--paper:#f8f7f4;--card:#fff;--ink:#1c2228;--soft:#57626c;"
    "--line:#dcdcd8;--grid:#ebebe7;--a:#2b5c8f;--b:#b5651d;--c:#2a7f73;--d:#84508a}\n"
    "@media (prefers-color-scheme:dark){:root{--paper:#13171b;--card:#1a1f25;--ink:#e7e9eb;"
    "--soft:#9fabb6;--line:#323b44;--grid:#272f37;--a:#79aee2;--b:#e2a05c;--c:#66c2b2;"
    "--d:#c996d0}}\n"
    "*{box-sizing:border-box}\n"
    "html{-webkit-text-size-adjust:100%;text-size-adjust:100%}\n"
    "body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,"
    "-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"Helvetica Neue\",Arial,sans-serif}\n"
    "header,main,footer{max-width:1160px;margin:0 auto;padding:0 20px}\n"
    "header{padding-top:44px}\n"
    "h1{font-size:1.9rem;line-height:1.2;font-weight:650;letter-spacing:-.01em;margin:0 0 .3em}\n"
    "h2{font-size:1.35rem;line-height:1.3;font-weight:650;margin:0 0 18px;padding-top:22px;"
    "border-top:1px solid var(--line)}\n"
    "h3{font-size:1.02rem;line-height:1.35;font-weight:650;margin:0 0 2px}\n"
    "p{margin:0 0 10px}\n"
    "a{color:var(--a)}\n"
    "section{margin:44px 0 0}\n"
    ".lead{font-size:1.06rem;color:var(--soft);max-width:46em}\n"
    ".facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(17.5rem,1fr));gap:0 28px;"
    "margin:18px 0 0}\n"
    ".facts div{padding:7px 0;border-top:1px solid var(--line);min-width:0}\n"
    ".facts .all{grid-column:1/-1}\n"
    "dt{color:var(--soft);font-size:.82rem}\n"
    "dd{margin:0;overflow-wrap:anywhere}\n"
    ".strip{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.2rem,1fr));gap:10px;"
    "list-style:none;margin:26px 0 0;padding:0}\n"
    ".strip li{background:var(--card);border:1px solid var(--line);border-radius:6px;"
    "padding:11px 14px 10px;min-width:0}\n"
    ".strip li.all{border-color:var(--a)}\n"
    ".strip b{display:block;font-size:1.3rem;line-height:1.3;font-weight:650;"
    "font-variant-numeric:tabular-nums}\n"
    ".strip span{display:block;color:var(--soft);font-size:.84rem;line-height:1.4}\n"
    "nav{margin:22px 0 0}\n"
    "nav ul{display:flex;flex-wrap:wrap;gap:2px 18px;list-style:none;margin:0;padding:0}\n"
    "nav a{display:inline-block;padding:3px 0;text-decoration:none}\n"
    "nav a:hover,nav a:focus{text-decoration:underline}\n"
    ".figures{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:18px;"
    "align-items:stretch}\n"
    "figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:6px;"
    "padding:18px 20px 14px;min-width:0;display:flex;flex-direction:column}\n"
    "figure.wide{grid-column:1/-1}\n"
    "figcaption p{color:var(--soft);font-size:.9rem;line-height:1.5;margin:0 0 12px}\n"
    "svg{display:block;width:100%;height:auto;overflow:visible}\n"
    ".wide .chart.wide{overflow-x:auto}\n"
    "svg text{font-size:12px;fill:var(--soft);font-variant-numeric:tabular-nums}\n"
    "svg text.ink{fill:var(--ink)}svg text.small{font-size:11px}\n"
    ".s0{fill:var(--a)}.s1{fill:var(--b)}.s2{fill:var(--c)}.s3{fill:var(--d)}\n"
    ".l0,.l1,.l2,.l3{fill:none;stroke-width:1.6;stroke-linejoin:round}\n"
    ".l0{stroke:var(--a)}.l1{stroke:var(--b)}.l2{stroke:var(--c)}.l3{stroke:var(--d)}\n"
    ".f0,.f1,.f2,.f3{fill-opacity:.14}\n"
    ".f0{fill:var(--a)}.f1{fill:var(--b)}.f2{fill:var(--c)}.f3{fill:var(--d)}\n"
    ".grid{stroke:var(--grid);stroke-width:1}.axis{stroke:var(--soft);stroke-width:1}\n"
    ".mark{stroke:var(--ink);stroke-width:2}\n"
    ".law{stroke-width:1.4;stroke-dasharray:5 4}.law.s0{stroke:var(--a)}.law.s1{stroke:var(--b)}"
    ".law.s2{stroke:var(--c)}.law.s3{stroke:var(--d)}\n"
    ".none{fill:var(--grid)}.dot{fill:var(--a);fill-opacity:.5;stroke:var(--a);stroke-width:.6}\n"
    ".halo{stroke:var(--paper);stroke-width:3;paint-order:stroke;stroke-linejoin:round}\n"
    ".sea{fill:var(--paper)}\n"
    ".key{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:.84rem;color:var(--soft);"
    "margin:0 0 12px}\n"
    ".key i{display:inline-block;width:.75em;height:.75em;border-radius:2px;margin-right:.4em}\n"
    ".key i.line{height:2px;vertical-align:.25em;background:var(--ink);width:1.1em}\n"
    ".s0b{background:var(--a)}.s1b{background:var(--b)}.s2b{background:var(--c)}"
    ".s3b{background:var(--d)}\n"
    "figure>.chart{margin-bottom:12px}figure>details{margin-top:auto}\n"
    "details{border-top:1px solid var(--grid);padding-top:8px;font-size:.9rem}\n"
    "summary{cursor:pointer;color:var(--a);width:fit-content;padding:3px 0}\n"
    ".scroll{overflow-x:auto;margin-top:6px}\n"
    "table{border-collapse:collapse;width:100%;font-size:.88rem;line-height:1.4}\n"
    "th,td{padding:5px 12px 5px 0;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--grid)}\n"
    "th{color:var(--soft);font-weight:500;white-space:nowrap}\n"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;"
    "padding:5px 0 5px 14px}\n"
    "tr.sum td{font-weight:650;border-bottom:0}\n"
    ".open table{font-size:.92rem}\n"
    "footer{color:var(--soft);font-size:.86rem;padding-top:26px;padding-bottom:46px}\n"
    "footer p{max-width:62em}\n"
    "@media (max-width:760px){body{font-size:15px}header{padding-top:28px}"
    "header,main,footer{padding-left:14px;padding-right:14px}h1{font-size:1.55rem}"
    ".figures{grid-template-columns:minmax(0,1fr);gap:12px}figure{padding:14px 14px 10px}"
    ".strip{grid-template-columns:repeat(2,minmax(0,1fr));gap:8px}"
    ".wide .chart.wide svg{min-width:720px}#map figcaption p::after"
    "{content:\" Scrolls sideways.\"}}\n"
    "@page{margin:14mm}\n"
    "@media print{:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#444;"
    "--line:#ccc;--grid:#e6e6e6;--a:#2b5c8f;--b:#b5651d;--c:#2a7f73;--d:#84508a}"
    "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}"
    "body{font-size:10.5pt}header,main,footer{max-width:none;padding-left:0;padding-right:0}"
    "header{padding-top:0}nav,details:not([open]){display:none}section{margin-top:22px}"
    ".figures{grid-template-columns:repeat(2,minmax(0,1fr));gap:10px}"
    "figure,.strip li,.facts div,tr{break-inside:avoid}h2,h3,figcaption{break-after:avoid}"
    "figure{padding:10px 12px}.chart.wide{overflow:visible}"
    ".wide .chart.wide svg{min-width:0}}\n";

/* ---- pieces --------------------------------------------------------------------------------- */

void sb_section_begin(sb_page *page, const char *id, const char *heading)
{
    sb_page_put(page, "<section id=\"%s\">\n<h2>%s</h2>\n<div class=\"figures\">\n", id, heading);
}

void sb_section_end(sb_page *page)
{
    sb_page_put(page, "</div>\n</section>\n");
}

void sb_figure_begin(sb_page *page, const char *id, bool wide, const char *heading,
                     const char *format, ...)
{
    char sentence[1000];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    sb_page_put(page, "<figure id=\"%s\"%s>\n<figcaption><h3>%s</h3><p>", id,
                wide ? " class=\"wide\"" : "", heading);
    sb_page_text(page, sentence);
    sb_page_put(page, "</p></figcaption>\n");
}

void sb_figure_end(sb_page *page)
{
    sb_page_put(page, "</figure>\n");
}

static void put_columns(sb_page *page, const char *columns)
{
    sb_page_put(page, "<table><thead><tr>");
    for (const char *at = columns; *at != '\0';) {
        size_t length = strcspn(at, "|");
        bool number = length > 0 && at[length - 1] == '#';
        sb_page_put(page, "<th scope=\"col\"%s>%.*s</th>", number ? " class=\"n\"" : "",
                    (int)(length - number), at);
        at += length + (at[length] == '|');
    }
    sb_page_put(page, "</tr></thead><tbody>\n");
}

void sb_table_begin(sb_page *page, const char *caption, const char *columns)
{
    sb_page_put(page, "<details><summary>%s</summary><div class=\"scroll\" tabindex=\"0\">",
                caption);
    put_columns(page, columns);
}

void sb_table_end(sb_page *page)
{
    sb_page_put(page, "</tbody></table></div></details>\n");
}

void sb_line_begin(sb_page *page)
{
    sb_page_put(page, "<tr>");
}

void sb_line_end(sb_page *page)
{
    sb_page_put(page, "</tr>\n");
}

void sb_cell_name(sb_page *page, const char *name)
{
    sb_page_put(page, "<td>");
    sb_page_name(page, name);
    sb_page_put(page, "</td>");
}

void sb_cell_text(sb_page *page, const char *text)
{
    sb_page_put(page, "<td><bdi>");
    sb_page_text(page, text);
    sb_page_put(page, "</bdi></td>");
}

void sb_cell_number(sb_page *page, sb_small number)
{
    sb_page_put(page, "<td class=\"n\">%s</td>", number.text);
}

void sb_cell_count(sb_page *page, uint64_t number)
{
    sb_cell_number(page, sb_grouped(number));
}

/* ---- names ---------------------------------------------------------------------------------- */

static const char *name_in(const sb_survey *survey, sb_table_id table, const char *code)
{
    uint32_t rows = sb_tables_row_count(survey->tables, 0, table);
    for (uint32_t row = 0; row < rows; row++)
        if (strcmp(sb_tables_cell(survey->tables, 0, table, row, "code"), code) == 0)
            return sb_tables_cell(survey->tables, 0, table, row, "name");
    return code;
}

const char *sb_country_name(const sb_survey *survey, const char *code)
{
    /* The names of ISO 3166-1 are for treaties; these few are too long for a chart. */
    static const struct {
        const char *code, *name;
    } everyday[] = {{"US", "United States"}, {"GB", "United Kingdom"}, {"NL", "Netherlands"},
                    {"KR", "South Korea"},   {"KP", "North Korea"},    {"IR", "Iran"},
                    {"VE", "Venezuela"},     {"RU", "Russia"}};
    for (size_t i = 0; i < sizeof everyday / sizeof everyday[0]; i++)
        if (strcmp(code, everyday[i].code) == 0)
            return everyday[i].name;
    return name_in(survey, SB_TABLE_COUNTRIES, code);
}

const char *sb_language_name(const sb_survey *survey, const char *code)
{
    return name_in(survey, SB_TABLE_LANGUAGES, code);
}

static const char *named(const sb_survey *survey, const char *text, sb_naming naming)
{
    return naming == SB_COUNTRY_CODES    ? sb_country_name(survey, text)
           : naming == SB_LANGUAGE_CODES ? sb_language_name(survey, text)
                                         : text;
}

/* ---- a tally as a figure -------------------------------------------------------------------- */

enum { BARS_MAX = 24, TABLE_ROWS_MAX = 100 };

void sb_figure_tally(const sb_survey *survey, sb_page *page, const char *id, const char *heading,
                     const char *sentence, const sb_tally *tally, sb_naming naming, int bars,
                     int series)
{
    sb_bar drawn[BARS_MAX];
    uint32_t order[TABLE_ROWS_MAX];
    size_t ranked = sb_tally_rank(tally, SB_BY_COUNT, NULL, order, TABLE_ROWS_MAX);
    int count = (int)ranked < bars ? (int)ranked : bars;
    if (ranked == 0)
        return;
    for (int i = 0; i < count; i++) {
        uint64_t number = tally->entries[order[i]].count;
        drawn[i] = (sb_bar){.value = (double)number, .expected = -1, .series = series};
        (void)snprintf(drawn[i].label, sizeof drawn[i].label, "%s",
                       named(survey, sb_tally_text(tally, order[i]), naming));
        (void)snprintf(drawn[i].value_text, sizeof drawn[i].value_text, "%s",
                       sb_percent((double)number / (double)tally->total, 1).text);
    }
    sb_figure_begin(page, id, false, heading, "%s", sentence);
    sb_chart_bars(page, heading, sentence, drawn, count);
    sb_table_begin(page, ranked < tally->count ? "Table of the 100 largest" : "Table",
                   "|Rows#|Share#");
    for (size_t i = 0; i < ranked; i++) {
        const sb_tally_entry *entry = &tally->entries[order[i]];
        sb_line_begin(page);
        sb_cell_name(page, named(survey, sb_tally_text(tally, order[i]), naming));
        sb_cell_count(page, entry->count);
        sb_cell_number(page, sb_percent((double)entry->count / (double)tally->total, 2));
        sb_line_end(page);
    }
    sb_table_end(page);
    sb_figure_end(page);
}

/* ---- head ----------------------------------------------------------------------------------- */

static uint64_t size_of_kind(const sb_survey *survey, const char *kind, const char *what)
{
    json_int_t value =
        json_integer_value(json_object_get(json_object_get(survey->dir->kinds, kind), what));
    return value > 0 ? (uint64_t)value : 0;
}

static void put_fact(sb_page *page, const char *name, const char *text, bool whole_line)
{
    if (text == NULL)
        return;
    sb_page_put(page, "<div%s><dt>%s</dt><dd>", whole_line ? " class=\"all\"" : "", name);
    sb_page_text(page, text);
    sb_page_put(page, "</dd></div>\n");
}

/* The locales, be they a list or a text with commas. */
static void locales_text(const json_t *locales, char *out, size_t out_bytes)
{
    size_t index, length = 0;
    json_t *one;
    const char *text = json_string_value(locales);
    out[0] = '\0';
    if (text != NULL) {
        for (; *text != '\0' && length + 3 < out_bytes; text++) {
            out[length++] = *text;
            if (*text == ',')
                out[length++] = ' ';
        }
        out[length] = '\0';
    }
    json_array_foreach((json_t *)(uintptr_t)locales, index, one)
    {
        const char *name = json_string_value(one);
        if (name != NULL && length < out_bytes)
            length += (size_t)snprintf(out + length, out_bytes - length, "%s%s",
                                       index > 0 ? ", " : "", name);
    }
}

static void put_facts(const sb_survey *survey, sb_page *page)
{
    const json_t *spec = survey->dir->spec;
    const json_t *encoding = json_object_get(survey->dir->json, "encoding");
    char text[1200];
    sb_page_put(page, "<dl class=\"facts\">\n");
    put_fact(page, "Dataset", survey->dir->dataset, false);
    put_fact(page, "Seed", json_string_value(json_object_get(spec, "seed")), false);
    put_fact(page, "Profile", json_string_value(json_object_get(spec, "profile")), false);
    (void)snprintf(text, sizeof text, "%s to %s", sb_day_text(survey->start_days).text,
                   sb_day_text(survey->end_days - 1).text);
    put_fact(page, "Period", text, false);
    (void)snprintf(text, sizeof text, "content version %d, file format %d", survey->content_version,
                   survey->format_version);
    put_fact(page, "Versions", text, false);
    const char *layout = json_string_value(json_object_get(encoding, "layout"));
    (void)snprintf(text, sizeof text, "%s, zstd level %d", layout != NULL ? layout : "files",
                   (int)json_integer_value(json_object_get(encoding, "level")));
    put_fact(page, "Files", text, false);
    locales_text(json_object_get(spec, "locales"), text, sizeof text);
    if (text[0] != '\0')
        put_fact(page, "Locales", text, true);
    sb_page_put(page, "</dl>\n");
}

typedef struct sizes {
    uint64_t rows, bytes, raw_bytes;
} sizes;

static sizes sizes_of(const sb_survey *survey, const char *kind)
{
    return (sizes){size_of_kind(survey, kind, "rows"), size_of_kind(survey, kind, "bytes"),
                   size_of_kind(survey, kind, "raw_bytes")};
}

static sizes sizes_of_all(const sb_survey *survey)
{
    const char *kind;
    json_t *value;
    sizes all = {0, 0, 0};
    json_object_foreach((json_t *)(uintptr_t)survey->dir->kinds, kind, value)
    {
        sizes one = sizes_of(survey, kind);
        all = (sizes){all.rows + one.rows, all.bytes + one.bytes, all.raw_bytes + one.raw_bytes};
    }
    return all;
}

static void put_strip_item(sb_page *page, const char *kind, sizes size, bool all)
{
    sb_page_put(page, "<li%s><span>", all ? " class=\"all\"" : "");
    sb_page_name(page, kind);
    sb_page_put(page, "</span><b>%s</b><span>%s on disk</span></li>\n", sb_grouped(size.rows).text,
                sb_bytes_text(size.bytes).text);
}

static void put_strip(const sb_survey *survey, sb_page *page)
{
    const char *kind;
    json_t *value;
    sb_page_put(page, "<ul class=\"strip\">\n");
    json_object_foreach((json_t *)(uintptr_t)survey->dir->kinds, kind, value)
        put_strip_item(page, kind, sizes_of(survey, kind), false);
    put_strip_item(page, "all rows", sizes_of_all(survey), true);
    sb_page_put(page, "</ul>\n");
}

static void put_nav(const sb_survey *survey, sb_page *page)
{
    const struct {
        bool there;
        const char *id, *name;
    } parts[] = {
        {true, "sizes", "Counts and sizes"},
        {sb_report_has(survey, SB_PERSONS), "people", "People"},
        {survey->persons.places.count > 0, "places", "Places"},
        {sb_report_has(survey, SB_COMPANIES), "companies", "Companies"},
        {sb_report_has(survey, SB_ACCOUNTS), "accounts", "Accounts"},
        {sb_report_has(survey, SB_TRANSACTIONS), "transactions", "Transactions"},
        {survey->transactions.flows.count > 0, "countries", "Countries"},
        {survey->links.edge_count > 0, "network", "Network"},
        {sb_report_has(survey, SB_COMMUNICATIONS), "messages", "Messages"},
    };
    sb_page_put(page, "<nav aria-label=\"Contents\"><ul>\n");
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].there)
            sb_page_put(page, "<li><a href=\"#%s\">%s</a></li>\n", parts[i].id, parts[i].name);
    sb_page_put(page, "</ul></nav>\n");
}

static void put_size_row(sb_page *page, const char *name, sizes size, bool sum)
{
    double ratio = size.bytes > 0 ? (double)size.raw_bytes / (double)size.bytes : 0;
    double each = size.rows > 0 ? (double)size.raw_bytes / (double)size.rows : 0;
    sb_page_put(page, sum ? "<tr class=\"sum\">" : "<tr>");
    sb_cell_name(page, name);
    sb_cell_count(page, size.rows);
    sb_cell_number(page, sb_bytes_text(size.bytes));
    sb_cell_number(page, sb_bytes_text(size.raw_bytes));
    sb_cell_number(page, sb_fixed(ratio, 2));
    sb_cell_number(page, sb_fixed(each, 0));
    sb_line_end(page);
}

static void put_sizes(const sb_survey *survey, sb_page *page)
{
    const char *kind;
    json_t *value;
    sb_section_begin(page, "sizes", "Counts and sizes");
    sb_figure_begin(page, "sizes-table", true, "Rows, and the room they take",
                    "Compressed as the files lie on disk, and uncompressed as MessagePack.");
    sb_page_put(page, "<div class=\"scroll open\" tabindex=\"0\">");
    put_columns(page, "Kind|Rows#|On disk#|Uncompressed#|Ratio#|Bytes a row#");
    json_object_foreach((json_t *)(uintptr_t)survey->dir->kinds, kind, value)
        put_size_row(page, kind, sizes_of(survey, kind), false);
    put_size_row(page, "all", sizes_of_all(survey), true);
    sb_page_put(page, "</tbody></table></div>\n");
    sb_figure_end(page);
    sb_section_end(page);
}

static void put_head(const sb_survey *survey, sb_page *page)
{
    const char *dataset = survey->dir->dataset;
    sb_page_put(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"color-scheme\" content=\"light dark\">\n"
                      "<link rel=\"icon\" href=\"data:,\">\n<title>Synthetic bank data, dataset ");
    sb_page_put(page, "%.8s</title>\n<style>\n%s</style>\n</head>\n<body>\n", dataset, style);
    sb_page_put(page,
                "<header>\n<h1>Synthetic bank data</h1>\n"
                "<p class=\"lead\">%s rows, made by seedbank from seed ",
                sb_grouped(sizes_of_all(survey).rows).text);
    const char *seed = json_string_value(json_object_get(survey->dir->spec, "seed"));
    sb_page_text(page, seed != NULL ? seed : "unknown");
    sb_page_put(page, ". Nobody in it exists. This page shows what the rows hold, counted from "
                      "the files.</p>\n");
    put_strip(survey, page);
    put_facts(survey, page);
    put_nav(survey, page);
    sb_page_put(page, "</header>\n<main>\n");
}

static void put_foot(const sb_survey *survey, sb_page *page)
{
    const char *privacy = json_string_value(json_object_get(survey->dir->json, "privacy"));
    sb_page_put(page, "</main>\n<footer>\n");
    if (privacy != NULL) {
        sb_page_put(page, "<p>");
        sb_page_text(page, privacy);
        sb_page_put(page, "</p>\n");
    }
    sb_page_put(page,
                "<p>Amounts in USD are converted at fixed ordinary rates of mid-2025, so that "
                "sums over currencies can be compared; they are no market values. Only completed "
                "transactions move money. Made by seedbank report; the same dataset gives the "
                "same page.</p>\n</footer>\n</body>\n</html>\n");
}

void sb_report_page(const sb_survey *survey, sb_page *page)
{
    put_head(survey, page);
    put_sizes(survey, page);
    if (sb_report_has(survey, SB_PERSONS))
        sb_report_put_people(survey, page);
    if (survey->persons.places.count > 0)
        sb_report_put_places(survey, page);
    if (sb_report_has(survey, SB_COMPANIES))
        sb_report_put_companies(survey, page);
    if (sb_report_has(survey, SB_ACCOUNTS))
        sb_report_put_accounts(survey, page);
    if (sb_report_has(survey, SB_TRANSACTIONS))
        sb_report_put_transactions(survey, page);
    if (survey->transactions.flows.count > 0)
        sb_report_put_countries(survey, page);
    if (survey->links.edge_count > 0)
        sb_report_put_network(survey, page);
    if (sb_report_has(survey, SB_COMMUNICATIONS))
        sb_report_put_messages(survey, page);
    put_foot(survey, page);
}
