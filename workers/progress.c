#include "workers/progress.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum {
    REDRAW_MS = 200,      /* faster cannot be read */
    PLAIN_LINE_MS = 2000, /* slow enough for a log file */
    LINE_BYTES = 256,
    COLUMNS_USUAL = 80,
};

typedef enum style { STYLE_NONE, STYLE_REDRAW, STYLE_LINES } style;

typedef struct state {
    int64_t time_ms;
    uint64_t rows;
    uint64_t bytes;
} state;

struct sb_progress {
    FILE *stream;
    uint64_t total_rows;
    style style;
    bool begun;       /* `first` is filled */
    bool line_stands; /* a redrawn line is on the screen */
    bool shown_last;  /* `last` has been written */
    int64_t shown_ms; /* when a line was last written, or the opening */
    state first;
    state last;
};

static int64_t now_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_dumb(void)
{
    const char *term = getenv("TERM");
    return term != NULL && strcmp(term, "dumb") == 0;
}

static bool is_ci(void)
{
    const char *ci = getenv("CI");
    return ci != NULL && *ci != '\0';
}

static style choose_style(sb_progress_mode mode, FILE *stream)
{
    if (mode == SB_PROGRESS_NEVER)
        return STYLE_NONE;
    int fd = fileno(stream); /* -1 for a stream in memory */
    bool redrawable = fd >= 0 && isatty(fd) && !is_dumb();
    if (mode == SB_PROGRESS_AUTO)
        return redrawable && !is_ci() ? STYLE_REDRAW : STYLE_NONE;
    return redrawable ? STYLE_REDRAW : STYLE_LINES;
}

/* Columns that can be used without the terminal wrapping the line, after which \r would lead back
 * to the start of the second half only. Asked each time: windows change. */
static int columns_usable(FILE *stream)
{
    struct winsize window = {0};
    if (ioctl(fileno(stream), TIOCGWINSZ, &window) != 0 || window.ws_col < 2)
        return COLUMNS_USUAL - 1;
    return window.ws_col - 1;
}

sb_status sb_progress_open(sb_progress_mode mode, uint64_t total_rows, FILE *stream,
                           sb_progress **out, sb_error *err)
{
    assert(stream != NULL && out != NULL);
    sb_progress *progress = calloc(1, sizeof *progress);
    if (progress == NULL)
        return sb_fail(err, SB_ENOMEM, "progress: no memory");
    progress->stream = stream;
    progress->total_rows = total_rows;
    progress->style = choose_style(mode, stream);
    progress->shown_ms = now_ms();
    *out = progress;
    return SB_OK;
}

/* "9999", "12.3K", "100M": whole numbers only, since printf's decimal point follows the locale. */
static void write_count(char *text, size_t text_bytes, uint64_t count)
{
    static const char units[] = "KMGTPE";
    if (count < 10000) {
        snprintf(text, text_bytes, "%u", (unsigned)count);
        return;
    }
    size_t unit = 0;
    uint64_t tenths = count / 100; /* of a thousand; cut, so that "100M" is never said too early */
    for (; tenths >= 10000; tenths /= 1000)
        unit++;
    if (tenths >= 1000 || tenths % 10 == 0)
        snprintf(text, text_bytes, "%u%c", (unsigned)(tenths / 10), units[unit]);
    else
        snprintf(text, text_bytes, "%u.%u%c", (unsigned)(tenths / 10), (unsigned)(tenths % 10),
                 units[unit]);
}

/* Cut, not rounded: 100 is said when all is done. */
static unsigned percent_of(uint64_t done, uint64_t total)
{
    if (done >= total)
        return 100;
    if (total <= UINT64_MAX / 100)
        return (unsigned)(done * 100 / total);
    uint64_t percent = done / (total / 100);
    return percent < 100 ? (unsigned)percent : 99;
}

/* Per second, since the first update; 0 when there is nothing to tell yet. */
static double speed(uint64_t first, uint64_t last, int64_t elapsed_ms)
{
    if (elapsed_ms <= 0 || last <= first)
        return 0;
    return (double)(last - first) * 1000.0 / (double)elapsed_ms;
}

static size_t append_speed(char *text, size_t text_bytes, double bytes_per_second)
{
    if (bytes_per_second <= 0)
        return 0;
    double megabytes = bytes_per_second / 1e6;
    /* Tenths are worth a column for the slow only. */
    uint64_t tenths = (uint64_t)(megabytes * 10);
    int length = tenths < 100 ? snprintf(text, text_bytes, ", %u.%u MB/s", (unsigned)(tenths / 10),
                                         (unsigned)(tenths % 10))
                              : snprintf(text, text_bytes, ", %u MB/s", (unsigned)(tenths / 10));
    return length > 0 ? (size_t)length : 0;
}

static size_t append_time_left(char *text, size_t text_bytes, uint64_t rows_left,
                               double rows_per_second)
{
    enum { SECONDS_MAX = 1000 * 3600 }; /* six weeks: who sees more knows that much */
    if (rows_left == 0 || rows_per_second <= 0)
        return 0;
    double exact = (double)rows_left / rows_per_second;
    if (exact >= SECONDS_MAX)
        return 0;
    unsigned seconds = (unsigned)exact + 1; /* "0:00 left" would be a promise */
    int length = seconds < 3600
                     ? snprintf(text, text_bytes, ", %u:%02u left", seconds / 60, seconds % 60)
                     : snprintf(text, text_bytes, ", %u:%02u:%02u left", seconds / 3600,
                                seconds / 60 % 60, seconds % 60);
    return length > 0 ? (size_t)length : 0;
}

/* "12% 12.3M/100M rows, 812 MB/s, 0:42 left". Its parts are short, so LINE_BYTES holds any line. */
static void write_line(const sb_progress *progress, char line[LINE_BYTES])
{
    char done[16];
    char total[16];
    const state *last = &progress->last;
    int64_t elapsed_ms = last->time_ms - progress->first.time_ms;
    size_t used;
    write_count(done, sizeof done, last->rows);
    if (progress->total_rows != 0) {
        write_count(total, sizeof total, progress->total_rows);
        used = (size_t)snprintf(line, LINE_BYTES, "%3u%% %s/%s rows",
                                percent_of(last->rows, progress->total_rows), done, total);
    } else {
        used = (size_t)snprintf(line, LINE_BYTES, "%s rows", done);
    }
    used += append_speed(line + used, LINE_BYTES - used,
                         speed(progress->first.bytes, last->bytes, elapsed_ms));
    if (last->rows < progress->total_rows)
        append_time_left(line + used, LINE_BYTES - used, progress->total_rows - last->rows,
                         speed(progress->first.rows, last->rows, elapsed_ms));
}

static void show(sb_progress *progress)
{
    char line[LINE_BYTES];
    write_line(progress, line);
    if (progress->style == STYLE_REDRAW) {
        fprintf(progress->stream, "\r%.*s\033[K", columns_usable(progress->stream), line);
        progress->line_stands = true;
    } else {
        fprintf(progress->stream, "%s\n", line);
    }
    fflush(progress->stream);
    progress->shown_ms = progress->last.time_ms;
    progress->shown_last = true;
}

void sb_progress_update(sb_progress *progress, uint64_t rows_done, uint64_t bytes_done)
{
    if (progress->style == STYLE_NONE)
        return;
    progress->last = (state){now_ms(), rows_done, bytes_done};
    progress->shown_last = false;
    if (!progress->begun) {
        progress->first = progress->last;
        progress->begun = true;
    }
    int64_t pause_ms = progress->style == STYLE_REDRAW ? REDRAW_MS : PLAIN_LINE_MS;
    if (progress->last.time_ms - progress->shown_ms >= pause_ms)
        show(progress);
}

void sb_progress_hide(sb_progress *progress)
{
    if (!progress->line_stands)
        return;
    fputs("\r\033[K", progress->stream);
    fflush(progress->stream);
    progress->line_stands = false;
}

void sb_progress_close(sb_progress *progress)
{
    if (progress == NULL)
        return;
    sb_progress_hide(progress);
    if (progress->style == STYLE_LINES && progress->begun && !progress->shown_last)
        show(progress);
    free(progress);
}
