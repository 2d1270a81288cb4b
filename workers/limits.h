/* How many workers this machine lets us have, and why not more.
 *
 * Four things can stand in the way, and no single call knows them all: the affinity mask (a cpuset,
 * taskset, Slurm), the CPU quota of a control group (which shows in no mask), the memory limit, and
 * what the user or the batch system asked for. Reading them is kept apart from deciding, so that
 * the decision can be tested without the machine. */
#ifndef WORKERS_LIMITS_H
#define WORKERS_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#include "seedbank/status.h"

typedef struct sb_limits {
    uint32_t affinity_cpus; /* CPUs in the mask we were given */
    uint32_t quota_cpus;    /* 0: none; a quota is rounded down, to at least 1 */
    uint64_t memory_bytes;  /* 0: none; the smaller of the cgroup limit and physical memory */
    uint32_t asked_cpus;    /* OMP_NUM_THREADS first, else SLURM_CPUS_PER_TASK; 0: neither */
    const char *asked_by;   /* borrowed, static: the variable asked_cpus came from, or NULL */
} sb_limits;

/* Reads the limits of the calling thread. Control groups are followed from our own up to the root
 * and the tightest limit on the way counts; version 1, version 2 and both at once are understood.
 * A file that is missing or makes no sense is no limit.
 *
 * `cgroup_mount` NULL means /sys/fs/cgroup, `self_cgroup` NULL means /proc/self/cgroup. */
SB_CHECK sb_status sb_limits_read(const char *cgroup_mount, const char *self_cgroup, sb_limits *out,
                                  sb_error *err);

/* The number of workers to start, at least 1: the least of
 *
 *   - `wanted`; when that is 0 (auto) what the environment asked for; else no bound,
 *   - the affinity mask,
 *   - the CPU quota,
 *   - memory / `memory_per_worker`, memory being the smaller of the machine's limit and
 *     `memory_option` (--memory; 0: not given). A `memory_per_worker` of 0 needs none.
 *
 * `reason` (may be NULL) gets a short text naming the limit that binds: "--workers",
 * "OMP_NUM_THREADS", "SLURM_CPUS_PER_TASK", "affinity mask", "cgroup CPU quota", "memory limit" or
 * "--memory". Of equal limits the first in the order above is named: who asked for 4 and may have 4
 * got what was asked for.
 *
 * For tests: with SEEDBANK_OVERSUBSCRIBE=1 in the environment a number that was wanted or asked for
 * is not cut down to the affinity mask and the quota, so that several workers can be had on a small
 * machine. Memory still counts, and so does everything when no number was named. */
uint32_t sb_limits_workers(const sb_limits *limits, uint32_t wanted, uint64_t memory_per_worker,
                           uint64_t memory_option, char *reason, size_t reason_bytes);

#endif
