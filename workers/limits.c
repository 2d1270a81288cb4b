#include "workers/limits.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    /* Limit files hold one or two numbers; what is longer is not one of them. */
    LINE_BYTES = 128,
    /* The longest file name below a cgroup's directory, with room to spare. */
    NAME_BYTES = 64,
    /* The kernel refuses a mask shorter than the CPUs it was built for (EINVAL), without saying how
     * many those are. Doubling from glibc's usual size ends here, far past any kernel. */
    CPUS_FIRST = 1024,
    CPUS_LAST = 1024 * 1024,
};

/* Version 1 says "no limit" with the largest page-aligned number, so the page size counts. */
static const uint64_t MEMORY_UNLIMITED = UINT64_C(1) << 62;

/* What the control groups allow; 0 is no limit. */
typedef struct cgroup_limits {
    uint64_t cpus;
    uint64_t memory_bytes;
} cgroup_limits;

typedef void level_reader(const char *dir, cgroup_limits *limits);

static void keep_least(uint64_t *limit, uint64_t value)
{
    if (value != 0 && (*limit == 0 || value < *limit))
        *limit = value;
}

static void skip_blanks(const char **at)
{
    *at += strspn(*at, " \t\r\n");
}

/* Plain digits only: strtoull would turn "-1", which means "no limit" here, into a huge number. */
static bool take_number(const char **at, uint64_t *out)
{
    uint64_t value = 0;
    size_t digits = 0;
    skip_blanks(at);
    for (; **at >= '0' && **at <= '9'; (*at)++, digits++) {
        uint64_t digit = (uint64_t)(**at - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (digits == 0)
        return false;
    skip_blanks(at);
    *out = value;
    return true;
}

/* Reads `count` numbers and nothing else from the first line of dir/name. */
static bool read_numbers(const char *dir, const char *name, uint64_t *numbers, size_t count)
{
    char path[PATH_MAX + NAME_BYTES];
    char line[LINE_BYTES];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    const char *at = fgets(line, (int)sizeof line, file);
    fclose(file);
    if (at == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!take_number(&at, &numbers[i]))
            return false;
    return *at == '\0';
}

/* Rounded down: one worker too many is throttled together with all the others. The least of the
 * rounded quotas is the rounded least, so levels can be compared after rounding. */
static void keep_quota(cgroup_limits *limits, uint64_t quota, uint64_t period)
{
    if (quota == 0 || period == 0)
        return;
    keep_least(&limits->cpus, quota < period ? 1 : quota / period);
}

static void keep_memory(cgroup_limits *limits, uint64_t bytes)
{
    if (bytes < MEMORY_UNLIMITED)
        keep_least(&limits->memory_bytes, bytes);
}

static void read_v2_level(const char *dir, cgroup_limits *limits)
{
    uint64_t cpu[2];
    uint64_t memory;
    if (read_numbers(dir, "cpu.max", cpu, 2))
        keep_quota(limits, cpu[0], cpu[1]);
    if (read_numbers(dir, "memory.max", &memory, 1))
        keep_memory(limits, memory);
}

static void read_v1_cpu_level(const char *dir, cgroup_limits *limits)
{
    uint64_t quota;
    uint64_t period;
    if (read_numbers(dir, "cpu.cfs_quota_us", &quota, 1) &&
        read_numbers(dir, "cpu.cfs_period_us", &period, 1))
        keep_quota(limits, quota, period);
}

static void read_v1_memory_level(const char *dir, cgroup_limits *limits)
{
    uint64_t memory;
    if (read_numbers(dir, "memory.limit_in_bytes", &memory, 1))
        keep_memory(limits, memory);
}

/* A group outside of our namespace is shown as "/../other": nothing below our mount is its path. */
static bool climbs_out(const char *path)
{
    for (const char *at = strstr(path, "/.."); at != NULL; at = strstr(at + 3, "/.."))
        if (at[3] == '/' || at[3] == '\0')
            return true;
    return false;
}

/* Visits the group at `path` below `root` and each of its parents, `root` included. Inside a
 * container the path is often that of the host and only the root is there: then the root has the
 * container's limits. */
static void walk_up(const char *root, const char *path, level_reader *read_level,
                    cgroup_limits *limits)
{
    char dir[PATH_MAX];
    size_t root_bytes = strlen(root);
    if (root_bytes >= sizeof dir)
        return;
    int length = snprintf(dir, sizeof dir, "%s%s", root, climbs_out(path) ? "" : path);
    bool whole = length >= 0 && (size_t)length < sizeof dir; /* else begin at what has a name */
    for (;;) {
        if (whole)
            read_level(dir, limits);
        whole = true;
        char *slash = strrchr(dir + root_bytes, '/');
        if (slash == NULL)
            return;
        *slash = '\0';
    }
}

static bool list_has(const char *list, const char *name)
{
    size_t name_bytes = strlen(name);
    while (*list != '\0') {
        size_t item_bytes = strcspn(list, ",");
        if (item_bytes == name_bytes && memcmp(list, name, name_bytes) == 0)
            return true;
        list += item_bytes + (list[item_bytes] == ',');
    }
    return false;
}

/* A hybrid machine mounts version 2 one level down, next to the version 1 hierarchies. */
static void walk_v2(const char *mount, const char *path, cgroup_limits *limits)
{
    char root[PATH_MAX + NAME_BYTES];
    snprintf(root, sizeof root, "%s/cgroup.controllers", mount);
    bool pure = access(root, F_OK) == 0;
    snprintf(root, sizeof root, "%s/unified", mount);
    if (pure || access(root, F_OK) != 0)
        snprintf(root, sizeof root, "%s", mount);
    walk_up(root, path, read_v2_level, limits);
}

/* Controllers that share a hierarchy are mounted as "cpu,cpuacct", with or without links that give
 * each its own name. */
static void walk_v1(const char *mount, const char *controllers, const char *controller,
                    const char *path, level_reader *read_level, cgroup_limits *limits)
{
    char root[PATH_MAX + NAME_BYTES];
    if (!list_has(controllers, controller))
        return;
    snprintf(root, sizeof root, "%s/%s", mount, controllers);
    if (access(root, F_OK) != 0)
        snprintf(root, sizeof root, "%s/%s", mount, controller);
    walk_up(root, path, read_level, limits);
}

/* A line is "hierarchy:controllers:path"; version 2 has no controllers there. The path may hold
 * colons of its own. */
static void follow_line(const char *mount, char *line, cgroup_limits *limits)
{
    line[strcspn(line, "\n")] = '\0';
    char *controllers = strchr(line, ':');
    if (controllers == NULL)
        return;
    controllers++;
    char *path = strchr(controllers, ':');
    if (path == NULL || path[1] != '/')
        return;
    *path++ = '\0';
    if (*controllers == '\0') {
        walk_v2(mount, path, limits);
        return;
    }
    walk_v1(mount, controllers, "cpu", path, read_v1_cpu_level, limits);
    walk_v1(mount, controllers, "memory", path, read_v1_memory_level, limits);
}

static void read_cgroups(const char *mount, const char *self_cgroup, cgroup_limits *limits)
{
    FILE *file = fopen(self_cgroup, "re");
    if (file == NULL)
        return;
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, file) >= 0)
        follow_line(mount, line, limits);
    free(line);
    fclose(file);
}

static sb_status read_affinity(uint32_t *out, sb_error *err)
{
    for (size_t cpus = CPUS_FIRST; cpus <= CPUS_LAST; cpus *= 2) {
        cpu_set_t *set = CPU_ALLOC(cpus);
        if (set == NULL)
            return sb_fail(err, SB_ENOMEM, "affinity mask: no memory for %zu CPUs", cpus);
        size_t set_bytes = CPU_ALLOC_SIZE(cpus);
        CPU_ZERO_S(set_bytes, set); /* the kernel fills only as much as it has */
        int failed = sched_getaffinity(0, set_bytes, set);
        int why = errno;
        int count = failed ? 0 : CPU_COUNT_S(set_bytes, set);
        CPU_FREE(set);
        if (count > 0) {
            *out = (uint32_t)count;
            return SB_OK;
        }
        if (!failed || why != EINVAL)
            break;
    }
    /* A sandbox may forbid the question. The CPUs there are is the best answer left. */
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    *out = online > 0 ? (uint32_t)online : 1;
    return SB_OK;
}

static uint64_t physical_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long page_bytes = sysconf(_SC_PAGESIZE);
    return pages > 0 && page_bytes > 0 ? (uint64_t)pages * (uint64_t)page_bytes : 0;
}

/* OMP_NUM_THREADS may be a list, one number for each level of nesting: the first is ours. */
static uint32_t number_asked(const char *variable)
{
    const char *at = getenv(variable);
    uint64_t number;
    if (at == NULL || !take_number(&at, &number) || (*at != '\0' && *at != ','))
        return 0;
    return number <= UINT32_MAX ? (uint32_t)number : 0;
}

static void read_asked(sb_limits *limits)
{
    static const char *const variables[] = {"OMP_NUM_THREADS", "SLURM_CPUS_PER_TASK"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        limits->asked_cpus = number_asked(variables[i]);
        limits->asked_by = limits->asked_cpus != 0 ? variables[i] : NULL;
        if (limits->asked_cpus != 0)
            return;
    }
}

sb_status sb_limits_read(const char *cgroup_mount, const char *self_cgroup, sb_limits *out,
                         sb_error *err)
{
    assert(out != NULL);
    sb_limits limits = {0};
    cgroup_limits groups = {0};
    SB_TRY(read_affinity(&limits.affinity_cpus, err));
    read_cgroups(cgroup_mount != NULL ? cgroup_mount : "/sys/fs/cgroup",
                 self_cgroup != NULL ? self_cgroup : "/proc/self/cgroup", &groups);
    limits.quota_cpus = groups.cpus <= UINT32_MAX ? (uint32_t)groups.cpus : UINT32_MAX;
    limits.memory_bytes = groups.memory_bytes;
    keep_least(&limits.memory_bytes, physical_memory());
    read_asked(&limits);
    *out = limits;
    return SB_OK;
}

static bool may_oversubscribe(void)
{
    const char *value = getenv("SEEDBANK_OVERSUBSCRIBE");
    return value != NULL && strcmp(value, "1") == 0;
}

typedef struct choice {
    uint64_t workers;
    const char *reason;
} choice;

static void bound_by(choice *so_far, uint64_t workers, const char *reason)
{
    if (workers < so_far->workers)
        *so_far = (choice){workers, reason};
}

uint32_t sb_limits_workers(const sb_limits *limits, uint32_t wanted, uint64_t memory_per_worker,
                           uint64_t memory_option, char *reason, size_t reason_bytes)
{
    assert(limits != NULL);
    choice best = {UINT64_MAX, "no limit known"};
    if (wanted != 0)
        bound_by(&best, wanted, "--workers");
    else if (limits->asked_cpus != 0)
        bound_by(&best, limits->asked_cpus, limits->asked_by);

    if (best.workers == UINT64_MAX || !may_oversubscribe()) {
        if (limits->affinity_cpus != 0)
            bound_by(&best, limits->affinity_cpus, "affinity mask");
        if (limits->quota_cpus != 0)
            bound_by(&best, limits->quota_cpus, "cgroup CPU quota");
    }
    if (best.workers == UINT64_MAX)
        best.workers = 1;

    if (memory_per_worker != 0 && limits->memory_bytes != 0)
        bound_by(&best, limits->memory_bytes / memory_per_worker, "memory limit");
    if (memory_per_worker != 0 && memory_option != 0)
        bound_by(&best, memory_option / memory_per_worker, "--memory");

    if (reason != NULL && reason_bytes != 0)
        snprintf(reason, reason_bytes, "%s", best.reason);
    return best.workers != 0 ? (uint32_t)best.workers : 1;
}
