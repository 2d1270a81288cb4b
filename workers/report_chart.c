#include "workers/report_chart.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "format/row_cursor.h"
#include "format/row_text.h"
#include "format/text_put.h"

#define THIN "\xe2\x80\xaf" /* U+202F, a thin space that does not break */
#define MINUS "\xe2\x88\x92"

/* ---- text ----------------------------------------------------------------------------------- */

static void page_bytes(sb_page *page, const void *data, size_t data_bytes)
{
    if (page->status == SB_OK)
        page->status = sb_bytes_add(&page->bytes, data, data_bytes, page->err);
}

void sb_page_put(sb_page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int needed = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (page->status != SB_OK || needed < 0)
        return;
    page->status = sb_bytes_reserve(&page->bytes, (size_t)needed + 1, page->err);
    if (page->status != SB_OK)
        return;
    va_start(args, format);
    (void)vsnprintf((char *)page->bytes.data + page->bytes.length, (size_t)needed + 1, format,
                    args);
    va_end(args);
    page->bytes.length += (size_t)needed;
}

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return (unsigned char)c < 0x20 || c == 0x7f ? " " : NULL;
    }
}

static void put_escaped(sb_page *page, const char *text, bool underscores)
{
    const uint8_t *at = (const uint8_t *)text, *end = at + strlen(text);
    while (at < end) {
        const char *entity = entity_of((char)*at);
        size_t length = sb_utf8_length(at, end);
        if (entity != NULL)
            page_bytes(page, entity, strlen(entity));
        else if (*at == '_' && !underscores)
            page_bytes(page, " ", 1);
        else if (length > 0)
            page_bytes(page, at, length);
        else
            page_bytes(page, "\xef\xbf\xbd", 3);
        at += length > 0 ? length : 1;
    }
}

void sb_page_text(sb_page *page, const char *text)
{
    put_escaped(page, text, true);
}

void sb_page_name(sb_page *page, const char *name)
{
    static const char *const acronyms[][2] = {
        {"pos", "POS"}, {"atm", "ATM"}, {"ach", "ACH"}, {"llc", "LLC"}, {"sms", "SMS"}};
    for (size_t i = 0; i < sizeof acronyms / sizeof acronyms[0]; i++)
        if (strcmp(name, acronyms[i][0]) == 0)
            name = acronyms[i][1];
    put_escaped(page, name, false);
}

/* ---- numbers -------------------------------------------------------------------------------- */

/* Through integers, since printf's point is the locale's. */
static sb_small decimal_text(double number, int decimals, bool grouped)
{
    sb_small out;
    char digits[40];
    double power = 1;
    for (int i = 0; i < decimals; i++)
        power *= 10;
    double scaled = fabs(number) * power;
    uint64_t value = scaled < 9e18 ? (uint64_t)llround(scaled) : UINT64_C(9000000000000000000);
    int count = (int)(sb_put_uint(digits, value) - digits);
    char *at = out.text;
    if (number < 0 && value > 0) {
        memcpy(at, grouped ? MINUS : "-", grouped ? 3 : 1);
        at += grouped ? 3 : 1;
    }
    for (int place = (count > decimals ? count : decimals + 1) - 1; place >= 0; place--) {
        if (place == decimals - 1)
            *at++ = '.';
        *at++ = place < count ? digits[count - 1 - place] : '0';
        if (grouped && place > decimals && (place - decimals) % 3 == 0) {
            memcpy(at, THIN, 3);
            at += 3;
        }
    }
    *at = '\0';
    return out;
}

sb_small sb_xy(double coordinate)
{
    return decimal_text(coordinate, 1, false);
}

sb_small sb_fixed(double number, int decimals)
{
    return decimal_text(number, decimals, true);
}

sb_small sb_grouped(uint64_t number)
{
    sb_small out;
    char digits[SB_PUT_NUMBER_BYTES_MAX], *at = out.text;
    int count = (int)(sb_put_uint(digits, number) - digits);
    for (int i = 0; i < count; i++) {
        *at++ = digits[i];
        if (i + 1 < count && (count - 1 - i) % 3 == 0) {
            memcpy(at, THIN, 3);
            at += 3;
        }
    }
    *at = '\0';
    return out;
}

static sb_small with_unit(sb_small number, const char *unit)
{
    size_t length = strlen(number.text);
    if (unit[0] != '\0')
        (void)snprintf(number.text + length, sizeof number.text - length, THIN "%s", unit);
    return number;
}

/* "< 0.1": what would be rounded to nothing, and is something. */
static sb_small below(int decimals)
{
    sb_small out, least = decimal_text(pow(10, -decimals), decimals, true);
    (void)snprintf(out.text, sizeof out.text, "<" THIN "%s", least.text);
    return out;
}

sb_small sb_percent(double share, int decimals)
{
    double least = 0.005 * pow(10, -decimals);
    if (share > 0 && share < least)
        return with_unit(below(decimals), "%");
    return with_unit(decimal_text(100 * share, decimals, true), "%");
}

/* Three digits that count: 1.23, 12.3, 123. */
static sb_small three_digits(double number)
{
    double size = fabs(number);
    return decimal_text(number, size < 9.995 ? 2 : size < 99.95 ? 1 : 0, true);
}

sb_small sb_rounded(double number)
{
    static const struct {
        double from, unit;
        const char *name;
    } units[] = {{999.5e9, 1e12, "trillion"}, {999.5e6, 1e9, "billion"}, {999.5e3, 1e6, "million"}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (fabs(number) >= units[i].from)
            return with_unit(three_digits(number / units[i].unit), units[i].name);
    return fabs(number) < 99.95 ? three_digits(number) : decimal_text(number, 0, true);
}

/* As few decimals as show it. */
static sb_small short_number(double number)
{
    for (int decimals = 0; decimals < 6; decimals++) {
        double power = pow(10, decimals);
        if (fabs(number * power - round(number * power)) < 1e-6 * fabs(number * power) + 1e-12)
            return decimal_text(number, decimals, true);
    }
    return decimal_text(number, 6, true);
}

sb_small sb_brief(double number)
{
    double size = fabs(number);
    if (size >= 999999.5e6)
        return with_unit(short_number(number / 1e12), "tn");
    if (size >= 999999.5e3)
        return with_unit(short_number(number / 1e9), "bn");
    if (size >= 999999.5)
        return with_unit(short_number(number / 1e6), "m");
    return short_number(number);
}

sb_small sb_bytes_text(uint64_t bytes)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
    double size = (double)bytes;
    int unit = 0;
    for (; unit < 4 && size >= 999.5; unit++)
        size /= 1000;
    return with_unit(unit == 0 ? decimal_text(size, 0, true) : three_digits(size), units[unit]);
}

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

sb_small sb_day_text(int32_t days)
{
    sb_small out;
    int year, month, day;
    sb_civil_from_days(days, &year, &month, &day);
    (void)snprintf(out.text, sizeof out.text, "%d %s %d", day, months[month - 1], year);
    return out;
}

sb_small sb_day_brief(int32_t days, bool with_day)
{
    sb_small out;
    int year, month, day;
    sb_civil_from_days(days, &year, &month, &day);
    if (with_day)
        (void)snprintf(out.text, sizeof out.text, "%d %.3s", day, months[month - 1]);
    else
        (void)snprintf(out.text, sizeof out.text, "%.3s %d", months[month - 1], year);
    return out;
}

double sb_nice_step(double span, int least)
{
    static const double steps[] = {5, 2.5, 2, 1};
    if (!(span > 0))
        return 1;
    for (double power = pow(10, ceil(log10(span)));; power /= 10)
        for (int i = 0; i < 4; i++)
            if (span / (steps[i] * power) >= least)
                return steps[i] * power;
}

/* ---- the frame of a chart ------------------------------------------------------------------- */

void sb_chart_begin(sb_page *page, int width, int height, const char *title,
                    const char *description)
{
    int id = ++page->chart_count;
    sb_page_put(page,
                "<div class=\"chart%s\"><svg viewBox=\"0 0 %d %d\" role=\"img\" "
                "aria-labelledby=\"t%d d%d\" xmlns=\"http://www.w3.org/2000/svg\">\n"
                "<title id=\"t%d\">",
                width > SB_CHART_WIDTH ? " wide" : "", width, height, id, id, id);
    sb_page_text(page, title);
    sb_page_put(page, "</title><desc id=\"d%d\">", id);
    sb_page_text(page, description);
    sb_page_put(page, "</desc>\n");
}

void sb_chart_end(sb_page *page)
{
    sb_page_put(page, "</svg></div>\n");
}

/* How wide a text is at the style sheet's 12 units, roughly: wide scripts take twice as much. */
static double text_width(const char *text)
{
    double width = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++)
        if ((*at & 0xc0) != 0x80)
            width += *at >= 0xe3 ? 12.4 : *at >= 'A' && *at <= 'Z' ? 8.6 : 7.1;
    return width;
}

/* A label cut to a width, at a character, with dots. */
static void put_label(sb_page *page, const char *label, double width_max)
{
    char cut[SB_CHART_TEXT_BYTES];
    (void)snprintf(cut, sizeof cut, "%s", label);
    size_t length = strlen(cut);
    bool shorter = false;
    while (length > 1 && text_width(cut) > width_max) {
        do
            length--;
        while (length > 0 && ((unsigned char)cut[length] & 0xc0) == 0x80);
        cut[length] = '\0';
        shorter = true;
    }
    sb_page_name(page, cut);
    if (shorter)
        sb_page_put(page, "\xe2\x80\xa6");
}

/* What a pointing device shows for a mark. */
static void put_tip(sb_page *page, const sb_bar *bar)
{
    sb_page_put(page, "<title>");
    sb_page_name(page, bar->label);
    sb_page_put(page, ": %s</title>", bar->value_text);
}

/* ---- bars ----------------------------------------------------------------------------------- */

void sb_chart_bars(sb_page *page, const char *title, const char *description, const sb_bar *bars,
                   int count)
{
    enum { ROW = 24, LABELS_MAX = 170 };
    double label_width = 40, value_width = 30, largest = 0;
    for (int i = 0; i < count; i++) {
        label_width = fmax(label_width, text_width(bars[i].label));
        value_width = fmax(value_width, text_width(bars[i].value_text));
        largest = fmax(largest, bars[i].value);
    }
    label_width = fmin(label_width, LABELS_MAX);
    double left = label_width + 10, room = SB_CHART_WIDTH - left - value_width - 10;
    sb_chart_begin(page, SB_CHART_WIDTH, ROW * count + 4, title, description);
    for (int i = 0; i < count; i++) {
        double top = 2 + ROW * i, width = largest > 0 ? room * bars[i].value / largest : 0;
        sb_page_put(page, "<text class=\"ink\" x=\"%s\" y=\"%s\" text-anchor=\"end\">",
                    sb_xy(left - 8).text, sb_xy(top + 16).text);
        put_label(page, bars[i].label, LABELS_MAX);
        sb_page_put(page,
                    "</text><rect class=\"s%d\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%d\" "
                    "rx=\"1.5\">",
                    bars[i].series, sb_xy(left).text, sb_xy(top + 4).text,
                    sb_xy(fmax(width, 0.8)).text, ROW - 8);
        put_tip(page, &bars[i]);
        sb_page_put(page, "</rect><text x=\"%s\" y=\"%s\">%s</text>\n",
                    sb_xy(left + width + 6).text, sb_xy(top + 16).text, bars[i].value_text);
    }
    sb_chart_end(page);
}

/* ---- columns -------------------------------------------------------------------------------- */

typedef struct plot {
    double left, top, right, bottom; /* of the area within the axes */
} plot;

static void put_axis_line(sb_page *page, const plot *area)
{
    sb_page_put(page, "<line class=\"axis\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n",
                sb_xy(area->left).text, sb_xy(area->bottom).text, sb_xy(area->right).text,
                sb_xy(area->bottom).text);
}

static void put_axis_name(sb_page *page, const plot *area, const char *name)
{
    sb_page_put(page, "<text x=\"0\" y=\"%s\">", sb_xy(area->top - 18).text);
    sb_page_text(page, name);
    sb_page_put(page, "</text>\n");
}

/* Steps of a quarter of ten need a decimal. */
static int percent_decimals(double step)
{
    return fabs(100 * step - round(100 * step)) > 1e-6 ? 1 : 0;
}

/* Grid lines with their values, from `low` to `high`. */
static void put_value_axis(sb_page *page, const plot *area, double low, double high, double step,
                           bool percent)
{
    int first = (int)ceil(low / step - 1e-9), last = (int)floor(high / step + 1e-6);
    for (int nth = first; nth <= last; nth++) {
        double tick = nth * step;
        double y = area->bottom - (tick - low) / (high - low) * (area->bottom - area->top);
        sb_small text = percent ? sb_percent(tick, percent_decimals(step)) : sb_brief(tick);
        sb_page_put(page,
                    "<line class=\"grid\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>"
                    "<text x=\"%s\" y=\"%s\" text-anchor=\"end\">%s</text>\n",
                    sb_xy(area->left).text, sb_xy(y).text, sb_xy(area->right).text, sb_xy(y).text,
                    sb_xy(area->left - 6).text, sb_xy(y + 4).text, text.text);
    }
}

/* How wide the texts of a value axis are. */
static double axis_width(double low, double high, double step, bool percent)
{
    double width = 0;
    int first = (int)ceil(low / step - 1e-9), last = (int)floor(high / step + 1e-6);
    for (int nth = first; nth <= last; nth++)
        width = fmax(width, text_width((percent ? sb_percent(nth * step, percent_decimals(step))
                                                : sb_brief(nth * step))
                                           .text));
    return width;
}

void sb_chart_columns(sb_page *page, const sb_columns *columns)
{
    double largest = 0;
    bool expected = false;
    for (int i = 0; i < columns->count; i++) {
        largest = fmax(largest, fmax(columns->bars[i].value, columns->bars[i].expected));
        expected = expected || columns->bars[i].expected >= 0;
    }
    double step = sb_nice_step(largest > 0 ? largest : 1, 3);
    double high = ceil(largest / step - 1e-9) * step;
    high = high > 0 ? high : step;
    plot area = {axis_width(0, high, step, columns->percent) + 10, 32, SB_CHART_WIDTH - 4, 236};
    double slot = (area.right - area.left) / (columns->count > 0 ? columns->count : 1);
    double gap = columns->touching ? fmin(1, slot / 8) : slot / 5;
    sb_chart_begin(page, SB_CHART_WIDTH, 262, columns->title, columns->description);
    put_axis_name(page, &area, columns->axis);
    put_value_axis(page, &area, 0, high, step, columns->percent);
    for (int i = 0; i < columns->count; i++) {
        const sb_bar *bar = &columns->bars[i];
        double x = area.left + slot * i;
        double height = bar->value / high * (area.bottom - area.top);
        sb_page_put(page, "<rect class=\"s%d\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\">",
                    bar->series, sb_xy(x + gap / 2).text, sb_xy(area.bottom - height).text,
                    sb_xy(slot - gap).text, sb_xy(height).text);
        put_tip(page, bar);
        sb_page_put(page, "</rect>\n");
        if (columns->label_step > 0 && i % columns->label_step == 0) {
            double at = columns->touching && columns->label_step > 1 ? x : x + slot / 2;
            bool near_end = at + text_width(bar->label) / 2 > SB_CHART_WIDTH;
            sb_page_put(page, "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">",
                        sb_xy(near_end ? SB_CHART_WIDTH : at).text, sb_xy(area.bottom + 18).text,
                        near_end ? "end" : "middle");
            sb_page_name(page, bar->label);
            sb_page_put(page, "</text>\n");
        }
    }
    for (int i = 0; expected && i < columns->count; i++) {
        double y = area.bottom - columns->bars[i].expected / high * (area.bottom - area.top);
        double x = area.left + slot * i;
        sb_page_put(page, "<line class=\"mark\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n",
                    sb_xy(x + 2).text, sb_xy(y).text, sb_xy(x + slot - 2).text, sb_xy(y).text);
    }
    put_axis_line(page, &area);
    sb_chart_end(page);
}

/* ---- lines over days ------------------------------------------------------------------------ */

/* Days of a month that get a label: enough, and not too many. */
static bool is_date_tick(int32_t day, int count, bool *with_day)
{
    int year, month, day_of_month;
    sb_civil_from_days(day, &year, &month, &day_of_month);
    *with_day = count <= 100;
    if (count <= 45)
        return (day_of_month - 1) % 7 == 0 && day_of_month < 29;
    if (count <= 100)
        return day_of_month == 1 || day_of_month == 15;
    if (day_of_month != 1)
        return false;
    return count <= 200    ? true
           : count <= 800  ? (month - 1) % 3 == 0
           : count <= 1600 ? (month - 1) % 6 == 0
                           : month == 1 && (count < 4000 || year % 5 == 0);
}

static void put_date_axis(sb_page *page, const plot *area, const sb_days_line *line)
{
    int days = line->count * line->step_days;
    double free_from = 0;
    for (int i = 0; i < days; i++) {
        bool with_day;
        double x = area->left + (i + 0.5) * (area->right - area->left) / days;
        if (!is_date_tick(line->first_day + i, days, &with_day))
            continue;
        sb_small text = sb_day_brief(line->first_day + i, with_day);
        double half = text_width(text.text) / 2;
        double begin = fmin(fmax(x - half, area->left - 4), area->right - 2 * half);
        sb_page_put(page, "<line class=\"axis\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>",
                    sb_xy(x).text, sb_xy(area->bottom).text, sb_xy(x).text,
                    sb_xy(area->bottom + 4).text);
        if (begin >= free_from) {
            sb_page_put(page, "<text x=\"%s\" y=\"%s\" text-anchor=\"middle\">%s</text>",
                        sb_xy(begin + half).text, sb_xy(area->bottom + 18).text, text.text);
            free_from = begin + 2 * half + 4;
        }
        sb_page_put(page, "\n");
    }
}

static void put_path(sb_page *page, const sb_days_line *line, const plot *area, double low,
                     double high, bool closed)
{
    double width = (area->right - area->left) / line->count;
    double scale = (area->bottom - area->top) / (high - low);
    sb_page_put(page, "<path class=\"%s%d\" d=\"", closed ? "f" : "l", line->series);
    if (closed)
        sb_page_put(page, "M%s %s", sb_xy(area->left + width / 2).text, sb_xy(area->bottom).text);
    for (int i = 0; i < line->count; i++)
        sb_page_put(page, "%s%s %s", i == 0 && !closed ? "M" : "L",
                    sb_xy(area->left + width * (i + 0.5)).text,
                    sb_xy(area->bottom - (line->values[i] - low) * scale).text);
    if (closed)
        sb_page_put(page, "L%s %sZ", sb_xy(area->right - width / 2).text, sb_xy(area->bottom).text);
    sb_page_put(page, "\"/>\n");
}

void sb_chart_days(sb_page *page, const sb_days_line *line)
{
    double low = line->count > 0 ? line->values[0] : 0, high = low;
    for (int i = 0; i < line->count; i++) {
        low = fmin(low, line->values[i]);
        high = fmax(high, line->values[i]);
    }
    if (line->from_zero || low >= high) {
        low = fmin(low, 0);
        high = high > low ? high : low + 1;
    }
    double step = sb_nice_step(high - low, 3);
    low = floor(low / step + 1e-9) * step;
    high = ceil(high / step - 1e-9) * step;
    plot area = {axis_width(low, high, step, false) + 10, 32, SB_CHART_WIDTH - 4, 226};
    sb_chart_begin(page, SB_CHART_WIDTH, 252, line->title, line->description);
    put_axis_name(page, &area, line->axis);
    put_value_axis(page, &area, low, high, step, false);
    if (line->count > 0 && line->area)
        put_path(page, line, &area, low, high, true);
    if (line->count > 0)
        put_path(page, line, &area, low, high, false);
    put_axis_line(page, &area);
    put_date_axis(page, &area, line);
    sb_chart_end(page);
}

/* ---- double logarithmic --------------------------------------------------------------------- */

typedef struct log_axes {
    plot area;
    double x_low, x_high, y_low, y_high; /* decades */
} log_axes;

static double log_x(const log_axes *axes, double x)
{
    return axes->area.left + (log10(x) - axes->x_low) / (axes->x_high - axes->x_low) *
                                 (axes->area.right - axes->area.left);
}

static double log_y(const log_axes *axes, double y)
{
    return axes->area.bottom - (log10(y) - axes->y_low) / (axes->y_high - axes->y_low) *
                                   (axes->area.bottom - axes->area.top);
}

static void put_log_grid(sb_page *page, const log_axes *axes, const char *x_axis,
                         const char *y_axis)
{
    const plot *area = &axes->area;
    put_axis_name(page, area, y_axis);
    for (int decade = (int)axes->y_low; decade <= (int)(axes->y_high + 0.01); decade++) {
        double y = log_y(axes, pow(10, decade));
        sb_page_put(page,
                    "<line class=\"grid\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>"
                    "<text x=\"%s\" y=\"%s\" text-anchor=\"end\">%s</text>\n",
                    sb_xy(area->left).text, sb_xy(y).text, sb_xy(area->right).text, sb_xy(y).text,
                    sb_xy(area->left - 6).text, sb_xy(y + 4).text, sb_brief(pow(10, decade)).text);
    }
    for (int decade = (int)axes->x_low; decade <= (int)(axes->x_high + 0.01); decade++) {
        double x = log_x(axes, pow(10, decade));
        sb_page_put(page,
                    "<line class=\"grid\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>"
                    "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n",
                    sb_xy(x).text, sb_xy(area->top).text, sb_xy(x).text, sb_xy(area->bottom).text,
                    sb_xy(x).text, sb_xy(area->bottom + 18).text,
                    x > area->right - 12 ? "end" : "middle", sb_brief(pow(10, decade)).text);
    }
    sb_page_put(page, "<text x=\"%s\" y=\"%s\" text-anchor=\"end\">", sb_xy(area->right).text,
                sb_xy(area->bottom + 36).text);
    sb_page_text(page, x_axis);
    sb_page_put(page, "</text>\n");
}

/* The part of a power law's line that lies within the axes. */
static void put_law(sb_page *page, const log_axes *axes, const sb_loglog_series *one)
{
    double x = one->line_x, y = one->line_y;
    double x_end = pow(10, axes->x_high), y_end = y * pow(x_end / x, one->slope);
    double y_least = pow(10, axes->y_low), y_most = pow(10, axes->y_high);
    if (y > y_most) {
        x *= pow(y_most / y, 1 / one->slope);
        y = y_most;
    }
    if (y_end < y_least) {
        x_end = x * pow(y_least / y, 1 / one->slope);
        y_end = y_least;
    }
    if (x_end > x)
        sb_page_put(page, "<line class=\"law s%d\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n",
                    one->series, sb_xy(log_x(axes, x)).text, sb_xy(log_y(axes, y)).text,
                    sb_xy(log_x(axes, x_end)).text, sb_xy(log_y(axes, y_end)).text);
}

static void put_points(sb_page *page, const log_axes *axes, const sb_loglog_series *one)
{
    sb_page_put(page, "<g class=\"s%d\">", one->series);
    for (int i = 0; i < one->count; i++) {
        sb_small x = sb_xy(log_x(axes, one->x[i])), y = sb_xy(log_y(axes, one->y[i]));
        if (one->series % 2 == 0)
            sb_page_put(page, "<circle cx=\"%s\" cy=\"%s\" r=\"2.6\"/>", x.text, y.text);
        else
            sb_page_put(page, "<path d=\"M%s %sm0-3.4l3.2 5.6h-6.4z\"/>", x.text, y.text);
    }
    sb_page_put(page, "</g>\n");
}

static void put_legend(sb_page *page, const log_axes *axes, const sb_loglog_series *series,
                       int count)
{
    for (int i = 0; i < count; i++) {
        double y = axes->area.top + 14 + 18 * i, x = axes->area.right - 6;
        double width = text_width(series[i].name);
        sb_page_put(page, "<text class=\"ink\" x=\"%s\" y=\"%s\" text-anchor=\"end\">",
                    sb_xy(x).text, sb_xy(y).text);
        sb_page_text(page, series[i].name);
        sb_page_put(page, "</text><g class=\"s%d\">", series[i].series);
        if (series[i].series % 2 == 0)
            sb_page_put(page, "<circle cx=\"%s\" cy=\"%s\" r=\"4\"/></g>\n",
                        sb_xy(x - width - 10).text, sb_xy(y - 4).text);
        else
            sb_page_put(page, "<path d=\"M%s %sm0-4l4.4 7.6h-8.8z\"/></g>\n",
                        sb_xy(x - width - 10).text, sb_xy(y - 4).text);
    }
}

void sb_chart_loglog(sb_page *page, const char *title, const char *description, const char *x_axis,
                     const char *y_axis, int height, const sb_loglog_series *series, int count)
{
    log_axes axes = {.x_low = 99, .x_high = -99, .y_low = 99, .y_high = -99};
    for (int s = 0; s < count; s++)
        for (int i = 0; i < series[s].count; i++) {
            axes.x_low = fmin(axes.x_low, floor(log10(series[s].x[i]) + 1e-9));
            axes.x_high = fmax(axes.x_high, ceil(log10(series[s].x[i]) - 1e-9));
            axes.y_low = fmin(axes.y_low, floor(log10(series[s].y[i]) + 1e-9));
            axes.y_high = fmax(axes.y_high, ceil(log10(series[s].y[i]) - 1e-9));
        }
    if (axes.x_low > axes.x_high)
        axes = (log_axes){.x_high = 1, .y_high = 1};
    axes.x_high = fmax(axes.x_high, axes.x_low + 1);
    axes.y_high = fmax(axes.y_high, axes.y_low + 1);
    double width = 0;
    for (int decade = (int)axes.y_low; decade <= (int)(axes.y_high + 0.01); decade++)
        width = fmax(width, text_width(sb_brief(pow(10, decade)).text));
    axes.area = (plot){width + 12, 32, SB_CHART_WIDTH - 4, height - 42};
    sb_chart_begin(page, SB_CHART_WIDTH, height, title, description);
    put_log_grid(page, &axes, x_axis, y_axis);
    for (int s = 0; s < count; s++) {
        if (series[s].slope < 0)
            put_law(page, &axes, &series[s]);
        put_points(page, &axes, &series[s]);
    }
    if (count > 1)
        put_legend(page, &axes, series, count);
    put_axis_line(page, &axes.area);
    sb_chart_end(page);
}
