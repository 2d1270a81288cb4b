/* The report's page as it grows, and charts as inline SVG.
 *
 * Charts have a viewBox and no size, so they fit whatever holds them; colours and type come from
 * the page's style sheet by class, so that light, dark and print are its business alone. Each has a
 * title and a description for those who hear it. Nothing depends on the process's locale. */
#ifndef WORKERS_REPORT_CHART_H
#define WORKERS_REPORT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/container.h"
#include "seedbank/status.h"

/* The first failure sticks, so that what writes a page has no error branches. */
typedef struct sb_page {
    sb_bytes bytes; /* owned */
    sb_status status;
    sb_error *err;
    int chart_count; /* for the ids of titles */
} sb_page;

SB_PRINTF(2, 3) void sb_page_put(sb_page *page, const char *format, ...);
/* A text from the data: escaped, and what is no UTF-8 replaced. */
void sb_page_text(sb_page *page, const char *text);
/* Likewise, with "standing_order" as "standing order", and "pos" as "POS". */
void sb_page_name(sb_page *page, const char *name);

/* ---- numbers as people read them ------------------------------------------------------------ */

/* By value, so that several can stand in one call of sb_page_put(). */
typedef struct sb_small {
    char text[48];
} sb_small;

sb_small sb_xy(double coordinate);                  /* "12.3": of a chart */
sb_small sb_fixed(double number, int decimals);     /* "12 345.67", with thin spaces */
sb_small sb_grouped(uint64_t number);               /* "12 345" */
sb_small sb_percent(double share, int decimals);    /* "12.3 %" */
sb_small sb_rounded(double number);                 /* "1.2 million": three digits that count */
sb_small sb_brief(double number);                   /* "1.2 m": for axes */
sb_small sb_bytes_text(uint64_t bytes);             /* "53.5 MB" */
sb_small sb_day_text(int32_t days);                 /* "3 December 2025" */
sb_small sb_day_brief(int32_t days, bool with_day); /* "3 Dec", "Dec 2025" */

/* ---- charts --------------------------------------------------------------------------------- */

enum { SB_CHART_WIDTH = 440, SB_CHART_WIDE = 960, SB_CHART_TEXT_BYTES = 96 };

/* Opens an <svg>. `title` and `description` are plain texts of ours. */
void sb_chart_begin(sb_page *page, int width, int height, const char *title,
                    const char *description);
void sb_chart_end(sb_page *page);

/* A bar or column. `series` chooses a colour: 0 to 3. */
typedef struct sb_bar {
    char label[SB_CHART_TEXT_BYTES]; /* as it is in the data: escaped here */
    char value_text[48];
    double value;
    double expected; /* a mark across the bar; negative: none */
    int series;
} sb_bar;

/* Horizontal bars with their values behind them. */
void sb_chart_bars(sb_page *page, const char *title, const char *description, const sb_bar *bars,
                   int count);

/* Upright columns over a value axis that begins at 0. Labels stand under every `label_step`th. */
typedef struct sb_columns {
    const char *title, *description, *axis;
    const sb_bar *bars;
    int count, label_step;
    bool percent;  /* of the axis: values are shares */
    bool touching; /* a histogram */
} sb_columns;
void sb_chart_columns(sb_page *page, const sb_columns *columns);

/* A line over days, or over weeks of seven of them. */
typedef struct sb_days_line {
    const char *title, *description, *axis;
    const double *values;
    int count;
    int step_days; /* 1 or 7 */
    int32_t first_day;
    bool from_zero; /* else the axis is cut to the values */
    bool area;
    int series;
} sb_days_line;
void sb_chart_days(sb_page *page, const sb_days_line *line);

/* Points over two logarithmic axes, and a straight line for a power law. */
typedef struct sb_loglog_series {
    const char *name;
    const double *x, *y; /* above 0 */
    int count;
    int series;
    double slope, line_x, line_y; /* a line from (line_x, line_y) on; slope 0: none */
} sb_loglog_series;
void sb_chart_loglog(sb_page *page, const char *title, const char *description, const char *x_axis,
                     const char *y_axis, int height, const sb_loglog_series *series, int count);

/* The largest of 1, 2, 2.5, 5 times a power of ten that divides `span` into at least `least`. */
double sb_nice_step(double span, int least);

#endif
