/* Progress on a terminal that is a pseudo-terminal, in a time that passes when we say so. */
#include "workers/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static int64_t fake_ms;

/* Stands before the C library's: no test waits, and none depends on how busy the machine is. */
int clock_gettime(clockid_t clock_id, struct timespec *out)
{
    (void)clock_id;
    out->tv_sec = (time_t)(fake_ms / 1000);
    out->tv_nsec = (long)(fake_ms % 1000) * 1000000;
    return 0;
}

/* Where progress is written, and how to read it back. */
typedef struct watched {
    FILE *stream;
    int other_end;
} watched;

static int begin_time(void **state)
{
    (void)state;
    fake_ms = 5000000;
    unsetenv("CI");
    setenv("TERM", "xterm", 1);
    return 0;
}

static watched open_terminal(unsigned short columns)
{
    watched screen = {NULL, posix_openpt(O_RDWR | O_NOCTTY)};
    if (screen.other_end < 0)
        skip(); /* a sandbox without pseudo-terminals */
    assert_int_equal(grantpt(screen.other_end), 0);
    assert_int_equal(unlockpt(screen.other_end), 0);
    int fd = open(ptsname(screen.other_end), O_RDWR | O_NOCTTY);
    assert_true(fd >= 0);
    struct winsize window = {.ws_row = 24, .ws_col = columns};
    struct termios raw;
    assert_int_equal(ioctl(fd, TIOCSWINSZ, &window), 0);
    assert_int_equal(tcgetattr(fd, &raw), 0);
    raw.c_oflag &= ~(tcflag_t)OPOST; /* what is written is what is read */
    assert_int_equal(tcsetattr(fd, TCSANOW, &raw), 0);
    screen.stream = fdopen(fd, "w");
    assert_non_null(screen.stream);
    assert_int_equal(fcntl(screen.other_end, F_SETFL, O_NONBLOCK), 0);
    return screen;
}

static watched open_pipe(void)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    watched screen = {fdopen(ends[1], "w"), ends[0]};
    assert_non_null(screen.stream);
    return screen;
}

static void close_screen(watched *screen)
{
    fclose(screen->stream);
    close(screen->other_end);
}

/* What was written since the last look. Not flushed here: progress flushes. */
static void assert_written(const watched *screen, const char *expected)
{
    char text[1024];
    ssize_t length = read(screen->other_end, text, sizeof text - 1);
    if (length < 0) {
        assert_int_equal(errno, EAGAIN);
        length = 0;
    }
    text[length] = '\0';
    assert_string_equal(text, expected);
}

static sb_progress *open_progress(sb_progress_mode mode, uint64_t total_rows, const watched *screen)
{
    sb_progress *progress = NULL;
    assert_int_equal(sb_progress_open(mode, total_rows, screen->stream, &progress, NULL), SB_OK);
    assert_non_null(progress);
    return progress;
}

static void a_terminal_line_is_redrawn_and_wiped(void **state)
{
    (void)state;
    watched screen = open_terminal(100);
    sb_progress *progress = open_progress(SB_PROGRESS_AUTO, 1000000, &screen);
    sb_progress_update(progress, 0, 0);
    assert_written(&screen, "");
    fake_ms += 1000;
    sb_progress_update(progress, 100000, 50000000);
    assert_written(&screen, "\r 10% 100K/1M rows, 50 MB/s, 0:10 left\033[K");
    fake_ms += 1000;
    sb_progress_update(progress, 1000000, 500000000);
    assert_written(&screen, "\r100% 1M/1M rows, 250 MB/s\033[K");
    sb_progress_close(progress);
    assert_written(&screen, "\r\033[K");
    close_screen(&screen);
}

static void a_terminal_is_drawn_at_most_five_times_a_second(void **state)
{
    (void)state;
    watched screen = open_terminal(100);
    sb_progress *progress = open_progress(SB_PROGRESS_ALWAYS, 0, &screen);
    sb_progress_update(progress, 1, 0);
    fake_ms += 199;
    sb_progress_update(progress, 2, 0);
    assert_written(&screen, "");
    fake_ms += 1;
    sb_progress_update(progress, 3, 0);
    assert_written(&screen, "\r3 rows\033[K");
    fake_ms += 199;
    sb_progress_update(progress, 4, 0);
    assert_written(&screen, "");
    fake_ms += 2;
    sb_progress_update(progress, 5, 0);
    assert_written(&screen, "\r5 rows\033[K");
    sb_progress_close(progress);
    close_screen(&screen);
}

static void a_run_too_short_to_watch_leaves_a_terminal_clean(void **state)
{
    (void)state;
    watched screen = open_terminal(100);
    sb_progress *progress = open_progress(SB_PROGRESS_AUTO, 10, &screen);
    sb_progress_update(progress, 10, 10);
    sb_progress_close(progress);
    assert_written(&screen, "");
    close_screen(&screen);
}

static void hiding_wipes_once_and_the_next_draw_brings_it_back(void **state)
{
    (void)state;
    watched screen = open_terminal(100);
    sb_progress *progress = open_progress(SB_PROGRESS_AUTO, 0, &screen);
    sb_progress_hide(progress);
    assert_written(&screen, "");
    fake_ms += 200;
    sb_progress_update(progress, 1, 0);
    assert_written(&screen, "\r1 rows\033[K");
    sb_progress_hide(progress);
    sb_progress_hide(progress);
    assert_written(&screen, "\r\033[K");
    fake_ms += 200;
    sb_progress_update(progress, 2, 0);
    assert_written(&screen, "\r2 rows\033[K");
    sb_progress_close(progress);
    close_screen(&screen);
}

static void a_line_is_cut_before_a_narrow_terminal_wraps_it(void **state)
{
    (void)state;
    watched screen = open_terminal(12);
    sb_progress *progress = open_progress(SB_PROGRESS_AUTO, 1000, &screen);
    fake_ms += 200;
    sb_progress_update(progress, 500, 0);
    assert_written(&screen, "\r 50% 500/10\033[K");
    sb_progress_close(progress);
    close_screen(&screen);
}

static void a_terminal_of_unknown_width_gets_the_line(void **state)
{
    (void)state;
    watched screen = open_terminal(0);
    sb_progress *progress = open_progress(SB_PROGRESS_AUTO, 1000, &screen);
    fake_ms += 200;
    sb_progress_update(progress, 500, 0);
    assert_written(&screen, "\r 50% 500/1000 rows\033[K");
    sb_progress_close(progress);
    close_screen(&screen);
}

static void auto_is_silent_in_ci_and_on_a_dumb_terminal(void **state)
{
    (void)state;
    static const char *const variables[][2] = {{"TERM", "dumb"}, {"CI", "true"}};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        begin_time(state);
        setenv(variables[i][0], variables[i][1], 1);
        watched screen = open_terminal(100);
        sb_progress *progress = open_progress(SB_PROGRESS_AUTO, 10, &screen);
        fake_ms += 10000;
        sb_progress_update(progress, 5, 5);
        sb_progress_close(progress);
        assert_written(&screen, "");
        close_screen(&screen);
    }
}

static void always_writes_plain_lines_on_a_dumb_terminal(void **state)
{
    (void)state;
    setenv("TERM", "dumb", 1);
    watched screen = open_terminal(100);
    sb_progress *progress = open_progress(SB_PROGRESS_ALWAYS, 10, &screen);
    fake_ms += 2000;
    sb_progress_update(progress, 5, 0);
    assert_written(&screen, " 50% 5/10 rows\n");
    sb_progress_close(progress);
    assert_written(&screen, "");
    close_screen(&screen);
}

static void auto_is_silent_in_a_pipe(void **state)
{
    (void)state;
    watched screen = open_pipe();
    sb_progress *progress = open_progress(SB_PROGRESS_AUTO, 10, &screen);
    fake_ms += 10000;
    sb_progress_update(progress, 5, 5);
    sb_progress_hide(progress);
    sb_progress_close(progress);
    fflush(screen.stream);
    assert_written(&screen, "");
    close_screen(&screen);
}

static void never_is_silent_on_a_terminal(void **state)
{
    (void)state;
    watched screen = open_terminal(100);
    sb_progress *progress = open_progress(SB_PROGRESS_NEVER, 10, &screen);
    fake_ms += 10000;
    sb_progress_update(progress, 5, 5);
    sb_progress_close(progress);
    assert_written(&screen, "");
    close_screen(&screen);
}

static void always_writes_a_plain_line_every_two_seconds(void **state)
{
    (void)state;
    watched screen = open_pipe();
    sb_progress *progress = open_progress(SB_PROGRESS_ALWAYS, 1000, &screen);
    sb_progress_update(progress, 0, 0);
    fake_ms += 1999;
    sb_progress_update(progress, 100, 0);
    assert_written(&screen, "");
    fake_ms += 1;
    sb_progress_update(progress, 200, 4000000);
    assert_written(&screen, " 20% 200/1000 rows, 2.0 MB/s, 0:09 left\n");
    fake_ms += 1999;
    sb_progress_update(progress, 300, 4000000);
    sb_progress_hide(progress);
    assert_written(&screen, "");
    fake_ms += 1;
    sb_progress_update(progress, 400, 4000000);
    assert_written(&screen, " 40% 400/1000 rows, 1.0 MB/s, 0:07 left\n");
    sb_progress_close(progress);
    assert_written(&screen, "");
    close_screen(&screen);
}

static void plain_lines_end_with_the_last_state(void **state)
{
    (void)state;
    watched screen = open_pipe();
    sb_progress *progress = open_progress(SB_PROGRESS_ALWAYS, 1000, &screen);
    sb_progress_update(progress, 0, 0);
    fake_ms += 10;
    sb_progress_update(progress, 1000, 0);
    assert_written(&screen, "");
    sb_progress_close(progress);
    assert_written(&screen, "100% 1000/1000 rows\n");
    close_screen(&screen);
}

static void without_an_update_nothing_is_written(void **state)
{
    (void)state;
    watched screen = open_pipe();
    sb_progress_close(open_progress(SB_PROGRESS_ALWAYS, 1000, &screen));
    assert_written(&screen, "");
    close_screen(&screen);
}

static void rows_a_resumed_run_found_do_not_flatter_it(void **state)
{
    (void)state;
    watched screen = open_pipe();
    sb_progress *progress = open_progress(SB_PROGRESS_ALWAYS, 1000, &screen);
    sb_progress_update(progress, 800, 80000000);
    fake_ms += 10000;
    sb_progress_update(progress, 900, 90000000);
    assert_written(&screen, " 90% 900/1000 rows, 1.0 MB/s, 0:11 left\n");
    sb_progress_close(progress);
    close_screen(&screen);
}

static void counts_that_go_back_or_too_far_are_borne(void **state)
{
    (void)state;
    watched screen = open_pipe();
    sb_progress *progress = open_progress(SB_PROGRESS_ALWAYS, 1000, &screen);
    sb_progress_update(progress, 500, 500);
    fake_ms += 2000;
    sb_progress_update(progress, 400, 400); /* a worker died and its rows with it */
    assert_written(&screen, " 40% 400/1000 rows\n");
    fake_ms += 2000;
    sb_progress_update(progress, 1001, 400);
    assert_written(&screen, "100% 1001/1000 rows\n");
    fake_ms -= 60000;
    sb_progress_update(progress, 1001, 4000);
    sb_progress_close(progress);
    assert_written(&screen, "100% 1001/1000 rows\n");
    close_screen(&screen);
}

static void counts_are_short_and_cut(void **state)
{
    (void)state;
    static const struct {
        uint64_t rows;
        const char *text;
    } cases[] = {
        {0, "0 rows\n"},
        {9999, "9999 rows\n"},
        {10000, "10K rows\n"},
        {10099, "10K rows\n"},
        {10100, "10.1K rows\n"},
        {99999, "99.9K rows\n"},
        {100000, "100K rows\n"},
        {999999, "999K rows\n"},
        {1000000, "1M rows\n"},
        {12345678, "12.3M rows\n"},
        {99999999, "99.9M rows\n"},
        {2500000000, "2.5G rows\n"},
        {UINT64_MAX, "18.4E rows\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        watched screen = open_pipe();
        sb_progress *progress = open_progress(SB_PROGRESS_ALWAYS, 0, &screen);
        sb_progress_update(progress, cases[i].rows, 0);
        sb_progress_close(progress);
        assert_written(&screen, cases[i].text);
        close_screen(&screen);
    }
}

static void a_hundred_percent_is_said_when_all_is_done(void **state)
{
    (void)state;
    static const struct {
        uint64_t rows;
        uint64_t total;
        const char *text;
    } cases[] = {
        {999, 1000, " 99% 999/1000 rows\n"},
        {1000, 1000, "100% 1000/1000 rows\n"},
        {UINT64_MAX - 1, UINT64_MAX, " 99% 18.4E/18.4E rows\n"},
        {UINT64_MAX, UINT64_MAX, "100% 18.4E/18.4E rows\n"},
        {1, UINT64_MAX, "  0% 1/18.4E rows\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        watched screen = open_pipe();
        sb_progress *progress = open_progress(SB_PROGRESS_ALWAYS, cases[i].total, &screen);
        sb_progress_update(progress, cases[i].rows, 0);
        sb_progress_close(progress);
        assert_written(&screen, cases[i].text);
        close_screen(&screen);
    }
}

static void the_time_left_has_hours_or_is_left_out(void **state)
{
    (void)state;
    static const struct {
        uint64_t total;
        const char *text;
    } cases[] = {
        {2 + 3598, "  0% 2/3600 rows, 59:59 left\n"},
        {2 + 3599, "  0% 2/3601 rows, 1:00:00 left\n"},
        {2 + 3725, "  0% 2/3727 rows, 1:02:06 left\n"},
        {2 + 3599999, "  0% 2/3.6M rows, 1000:00:00 left\n"},
        {2 + 3600000, "  0% 2/3.6M rows\n"},
        {UINT64_MAX, "  0% 2/18.4E rows\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        watched screen = open_pipe();
        sb_progress *progress = open_progress(SB_PROGRESS_ALWAYS, cases[i].total, &screen);
        sb_progress_update(progress, 0, 0);
        fake_ms += 2000;
        sb_progress_update(progress, 2, 0);
        sb_progress_close(progress);
        assert_written(&screen, cases[i].text);
        close_screen(&screen);
    }
}

static void speed_has_tenths_while_it_is_small(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        const char *text;
    } cases[] = {
        {1, "1 rows, 0.0 MB/s\n"},
        {19800000, "1 rows, 9.9 MB/s\n"},
        {20000000, "1 rows, 10 MB/s\n"},
        {2500000000, "1 rows, 1250 MB/s\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        watched screen = open_pipe();
        sb_progress *progress = open_progress(SB_PROGRESS_ALWAYS, 0, &screen);
        sb_progress_update(progress, 0, 0);
        fake_ms += 2000;
        sb_progress_update(progress, 1, cases[i].bytes);
        sb_progress_close(progress);
        assert_written(&screen, cases[i].text);
        close_screen(&screen);
    }
}

static void a_stream_in_memory_is_no_terminal(void **state)
{
    (void)state;
    char *text = NULL;
    size_t text_bytes = 0;
    sb_progress *progress = NULL;
    FILE *stream = open_memstream(&text, &text_bytes);
    assert_non_null(stream);
    assert_int_equal(sb_progress_open(SB_PROGRESS_ALWAYS, 2, stream, &progress, NULL), SB_OK);
    sb_progress_update(progress, 1, 0);
    sb_progress_close(progress);
    fclose(stream);
    assert_string_equal(text, " 50% 1/2 rows\n");
    free(text);
}

static void closing_nothing_is_fine(void **state)
{
    (void)state;
    sb_progress_close(NULL);
}

#define CLAIM(test) cmocka_unit_test_setup(test, begin_time)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        CLAIM(a_terminal_line_is_redrawn_and_wiped),
        CLAIM(a_terminal_is_drawn_at_most_five_times_a_second),
        CLAIM(a_run_too_short_to_watch_leaves_a_terminal_clean),
        CLAIM(hiding_wipes_once_and_the_next_draw_brings_it_back),
        CLAIM(a_line_is_cut_before_a_narrow_terminal_wraps_it),
        CLAIM(a_terminal_of_unknown_width_gets_the_line),
        CLAIM(auto_is_silent_in_ci_and_on_a_dumb_terminal),
        CLAIM(always_writes_plain_lines_on_a_dumb_terminal),
        CLAIM(auto_is_silent_in_a_pipe),
        CLAIM(never_is_silent_on_a_terminal),
        CLAIM(always_writes_a_plain_line_every_two_seconds),
        CLAIM(plain_lines_end_with_the_last_state),
        CLAIM(without_an_update_nothing_is_written),
        CLAIM(rows_a_resumed_run_found_do_not_flatter_it),
        CLAIM(counts_that_go_back_or_too_far_are_borne),
        CLAIM(counts_are_short_and_cut),
        CLAIM(a_hundred_percent_is_said_when_all_is_done),
        CLAIM(the_time_left_has_hours_or_is_left_out),
        CLAIM(speed_has_tenths_while_it_is_small),
        CLAIM(a_stream_in_memory_is_no_terminal),
        CLAIM(closing_nothing_is_fine),
    };
    return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
