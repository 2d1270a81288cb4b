#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER_BYTES = 256 * 1024 };

/* A standard stream that was closed when we were started would be the number of the next file we
 * open, and a data file would get our messages. /dev/null the wrong way round keeps the numbers
 * taken and fails like a closed stream does. */
static void keep_numbers_taken(void)
{
    for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++)
        if (fcntl(file, F_GETFD) == -1 && errno == EBADF)
            (void)open("/dev/null", file == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void sb_output_begin(sb_output *output)
{
    static char buffer[BUFFER_BYTES];
    keep_numbers_taken();
    *output = (sb_output){0};
    (void)signal(SIGPIPE, SIG_IGN); /* so that a reader that went away is an error like others */
    if (!isatty(STDOUT_FILENO))
        (void)setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
}

static void note_failure(sb_output *output)
{
    if (output->error == 0)
        output->error = errno != 0 ? errno : EIO;
    output->reader_gone = output->error == EPIPE;
}

static sb_status failure(const sb_output *output, sb_error *err)
{
    int error = output->error;
    if (output->reader_gone)
        return sb_fail(err, SB_ESTOPPED, "standard output: nobody reads it");
    return sb_fail(err, error == ENOSPC || error == EDQUOT ? SB_ENOSPC : SB_EIO,
                   "standard output: %s; what was printed is not complete", strerror(error));
}

/* Much text at once goes past the buffer of stdout, where it would only be copied. */
static bool write_at_once(const char *text, size_t text_bytes)
{
    if (fflush(stdout) != 0)
        return false;
    while (text_bytes > 0) {
        ssize_t n = write(STDOUT_FILENO, text, text_bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        text += n;
        text_bytes -= (size_t)n;
    }
    return true;
}

static bool write_text(const char *text, size_t text_bytes)
{
    return text_bytes >= BUFFER_BYTES ? write_at_once(text, text_bytes)
                                      : fwrite(text, 1, text_bytes, stdout) == text_bytes;
}

sb_status sb_output_take(void *user, const char *text, size_t text_bytes, sb_error *err)
{
    sb_output *output = user;
    errno = 0;
    if (output->error == 0 && !write_text(text, text_bytes))
        note_failure(output);
    return output->error == 0 ? SB_OK : failure(output, err);
}

void sb_output_text(sb_output *output, const char *text)
{
    errno = 0;
    if (output->error == 0 && fputs(text, stdout) == EOF)
        note_failure(output);
}

void sb_output_format(sb_output *output, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    errno = 0;
    if (output->error == 0 && vfprintf(stdout, format, args) < 0)
        note_failure(output);
    va_end(args);
}

void sb_output_json(sb_output *output, const char *text)
{
    errno = 0;
    if (output->error != 0)
        return;
    sb_json_write(stdout, text);
    if (ferror(stdout))
        note_failure(output);
}

sb_status sb_output_end(sb_output *output, sb_error *err)
{
    errno = 0;
    if (output->error == 0 &&
        (fflush(stdout) != 0 || (close(STDOUT_FILENO) != 0 && errno != EBADF)))
        note_failure(output);
    return output->error == 0 || output->reader_gone ? SB_OK : failure(output, err);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

/* The length of the well-formed UTF-8 sequence at `at`, or 0. */
static size_t utf8_length(const unsigned char *at)
{
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = at[0] < 0x80   ? 1
                    : at[0] < 0xc0 ? 0
                    : at[0] < 0xe0 ? 2
                    : at[0] < 0xf0 ? 3
                    : at[0] < 0xf8 ? 4
                                   : 0;
    if (length < 2)
        return length;
    unsigned code = at[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (at[i] & 0x3f);
    }
    bool surrogate = code >= 0xd800 && code < 0xe000;
    return code < least[length] || code > 0x10ffff || surrogate ? 0 : length;
}

void sb_json_write(FILE *stream, const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    (void)putc('"', stream);
    while (*at != '\0') {
        size_t length = utf8_length(at);
        if (length == 0)
            (void)fputs("\xef\xbf\xbd", stream);
        else if (*at == '"' || *at == '\\')
            (void)fprintf(stream, "\\%c", *at);
        else if (*at < 0x20 || *at == 0x7f)
            (void)fprintf(stream, "\\u%04x", *at);
        else
            (void)fwrite(at, 1, length, stream);
        at += length == 0 ? 1 : length;
    }
    (void)putc('"', stream);
}

const char *sb_size_text(uint64_t bytes, char out[SB_SIZE_TEXT_BYTES])
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    size_t unit = 0;
    double amount = (double)bytes;
    for (; amount >= 999.95 && unit + 1 < sizeof units / sizeof units[0]; unit++)
        amount /= 1000;
    (void)snprintf(out, SB_SIZE_TEXT_BYTES, unit == 0 ? "%.0f %s" : "%.1f %s", amount, units[unit]);
    return out;
}
