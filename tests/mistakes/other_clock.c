/* Preloaded into a program: it is 13 February 2009, and a second passes whenever somebody looks. */
#define _GNU_SOURCE
#include <stddef.h>
#include <sys/time.h>
#include <time.h>

static time_t now = 1234567890;

int clock_gettime(clockid_t which, struct timespec *out)
{
    (void)which;
    *out = (struct timespec){.tv_sec = __atomic_add_fetch(&now, 1, __ATOMIC_RELAXED)};
    return 0;
}

time_t time(time_t *out)
{
    time_t seconds = __atomic_add_fetch(&now, 1, __ATOMIC_RELAXED);
    if (out != NULL)
        *out = seconds;
    return seconds;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    (void)zone;
    *out = (struct timeval){.tv_sec = __atomic_add_fetch(&now, 1, __ATOMIC_RELAXED)};
    return 0;
}
