#include "seedbank/status.h"

#include <stdarg.h>
#include <stdio.h>

const char *sb_status_text(sb_status status)
{
    switch (status) {
#define SB_STATUS_CASE(name, number, exit_status, text) \
    case SB_##name:                                     \
        return text;
        SB_STATUS_MAP(SB_STATUS_CASE)
#undef SB_STATUS_CASE
    }
    return "unknown status";
}

int sb_status_exit(sb_status status)
{
    switch (status) {
#define SB_STATUS_CASE(name, number, exit_status, text) \
    case SB_##name:                                     \
        return exit_status;
        SB_STATUS_MAP(SB_STATUS_CASE)
#undef SB_STATUS_CASE
    }
    return 3;
}

#undef sb_fail
sb_status sb_fail(sb_error *err, sb_status status, const char *format, ...)
{
    if (err != NULL) {
        va_list args;
        va_start(args, format);
        err->status = status;
        (void)vsnprintf(err->text, sizeof err->text, format, args);
        va_end(args);
        /* One line, always: a file name may hold anything. */
        for (char *c = err->text; *c != '\0'; c++)
            if (*c == '\n' || *c == '\r')
                *c = ' ';
    }
    return status;
}
