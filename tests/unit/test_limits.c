/* Reading limits from invented control groups, and deciding from invented limits. */
#include "workers/limits.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

/* The machine below answers for the kernel's mask: 0 asks the real one. */
static size_t fake_cpus;
static int fake_errno;

/* Stands before the C library's, so that a machine of 3000 CPUs can be had here. */
int sched_getaffinity(pid_t pid, size_t set_bytes, cpu_set_t *set)
{
    if (fake_errno != 0) {
        errno = fake_errno;
        return -1;
    }
    if (fake_cpus == 0)
        return syscall(SYS_sched_getaffinity, pid, set_bytes, set) < 0 ? -1 : 0;
    if (set_bytes * 8 < fake_cpus) {
        errno = EINVAL;
        return -1;
    }
    for (size_t i = 0; i < fake_cpus; i++)
        CPU_SET_S(i, set_bytes, set);
    return 0;
}

static char tree[64];
static char mount_point[96];
static char self_cgroup[96];

static int remove_entry(const char *path, const struct stat *about, int type, struct FTW *where)
{
    (void)about, (void)type, (void)where;
    return remove(path);
}

static int open_tree(void **state)
{
    (void)state;
    static const char *const variables[] = {"OMP_NUM_THREADS", "SLURM_CPUS_PER_TASK",
                                            "SEEDBANK_OVERSUBSCRIBE"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
        unsetenv(variables[i]);
    fake_cpus = 0;
    fake_errno = 0;
    snprintf(tree, sizeof tree, "/tmp/seedbank-limits-XXXXXX");
    if (mkdtemp(tree) == NULL)
        return -1;
    snprintf(mount_point, sizeof mount_point, "%s/cgroup", tree);
    snprintf(self_cgroup, sizeof self_cgroup, "%s/self", tree);
    return 0;
}

static int close_tree(void **state)
{
    (void)state;
    return nftw(tree, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Writes a file below the tree and makes the directories it needs. */
static void put(const char *name, const char *text)
{
    char path[512];
    assert_true((size_t)snprintf(path, sizeof path, "%s/%s", tree, name) < sizeof path);
    for (char *at = path + strlen(tree) + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = '\0';
        if (mkdir(path, 0700) != 0)
            assert_int_equal(errno, EEXIST);
        *at = '/';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static sb_limits limits_read(void)
{
    sb_limits limits;
    sb_error err = {0};
    assert_int_equal(sb_limits_read(mount_point, self_cgroup, &limits, &err), SB_OK);
    return limits;
}

static uint64_t physical(void)
{
    return (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* ---- reading ---- */

static void no_cgroup_files_are_no_limit(void **state)
{
    (void)state;
    sb_limits limits = limits_read();
    assert_int_equal(limits.quota_cpus, 0);
    assert_int_equal(limits.memory_bytes, physical());
    assert_true(limits.affinity_cpus >= 1);
    assert_int_equal(limits.asked_cpus, 0);
    assert_null(limits.asked_by);
}

static void a_named_cgroup_without_files_is_no_limit(void **state)
{
    (void)state;
    put("self", "5:memory:/a\n4:cpu,cpuacct:/a\n0::/a/b\n");
    sb_limits limits = limits_read();
    assert_int_equal(limits.quota_cpus, 0);
    assert_int_equal(limits.memory_bytes, physical());
}

static void the_defaults_can_be_read(void **state)
{
    (void)state;
    sb_limits limits;
    assert_int_equal(sb_limits_read(NULL, NULL, &limits, NULL), SB_OK);
    assert_true(limits.affinity_cpus >= 1);
    assert_true(limits.memory_bytes > 0 && limits.memory_bytes <= physical());
}

static void v2_takes_the_tightest_level_in_the_middle(void **state)
{
    (void)state;
    put("self", "0::/slice/job/step\n");
    put("cgroup/cgroup.controllers", "cpu memory\n");
    put("cgroup/slice/cpu.max", "800000 100000\n");
    put("cgroup/slice/memory.max", "64000000\n");
    put("cgroup/slice/job/cpu.max", "300000 100000\n");
    put("cgroup/slice/job/memory.max", "32000000\n");
    put("cgroup/slice/job/step/cpu.max", "max 100000\n");
    put("cgroup/slice/job/step/memory.max", "max\n");
    sb_limits limits = limits_read();
    assert_int_equal(limits.quota_cpus, 3);
    assert_int_equal(limits.memory_bytes, 32000000);
}

static void v2_takes_the_leaf_and_the_root(void **state)
{
    (void)state;
    put("self", "0::/slice/job\n");
    put("cgroup/slice/job/cpu.max", "500000 100000\n");
    put("cgroup/slice/job/memory.max", "5000000\n");
    assert_int_equal(limits_read().quota_cpus, 5);
    assert_int_equal(limits_read().memory_bytes, 5000000);
    put("cgroup/cpu.max", "200000 100000\n");
    put("cgroup/memory.max", "2000000\n");
    assert_int_equal(limits_read().quota_cpus, 2);
    assert_int_equal(limits_read().memory_bytes, 2000000);
}

static void a_neighbours_limit_is_not_ours(void **state)
{
    (void)state;
    put("self", "0::/slice/job\n");
    put("cgroup/slice/job/cpu.max", "500000 100000\n");
    put("cgroup/slice/other/cpu.max", "100000 100000\n");
    put("cgroup/slice/job/below/cpu.max", "100000 100000\n");
    assert_int_equal(limits_read().quota_cpus, 5);
}

static void a_quota_is_rounded_down_to_at_least_one(void **state)
{
    (void)state;
    put("self", "0::/\n");
    put("cgroup/cpu.max", "399999 100000\n");
    assert_int_equal(limits_read().quota_cpus, 3);
    put("cgroup/cpu.max", "400000 100000\n");
    assert_int_equal(limits_read().quota_cpus, 4);
    put("cgroup/cpu.max", "50000 100000\n");
    assert_int_equal(limits_read().quota_cpus, 1);
    put("cgroup/cpu.max", "25000 10000\n");
    assert_int_equal(limits_read().quota_cpus, 2);
}

static void a_path_outside_of_the_namespace_leaves_the_root(void **state)
{
    (void)state;
    put("self", "0::/../other\n");
    put("other/cpu.max", "100000 100000\n");
    put("cgroup/cpu.max", "700000 100000\n");
    assert_int_equal(limits_read().quota_cpus, 7);
    put("self", "0::/..\n");
    assert_int_equal(limits_read().quota_cpus, 7);
    put("self", "0::/..name\n");
    put("cgroup/..name/cpu.max", "200000 100000\n");
    assert_int_equal(limits_read().quota_cpus, 2);
}

static void a_path_with_colons_is_followed(void **state)
{
    (void)state;
    put("self", "0::/a:b:c\n");
    put("cgroup/a:b:c/cpu.max", "200000 100000\n");
    assert_int_equal(limits_read().quota_cpus, 2);
}

static void a_path_too_long_to_name_leaves_its_parents(void **state)
{
    (void)state;
    static char line[2 * PATH_MAX];
    int used = snprintf(line, sizeof line, "0::/slice/");
    memset(line + used, 'x', PATH_MAX + 100);
    put("self", line);
    put("cgroup/slice/cpu.max", "200000 100000\n");
    assert_int_equal(limits_read().quota_cpus, 2);
}

static void v1_reads_the_joint_hierarchy(void **state)
{
    (void)state;
    put("self", "7:memory:/job\n4:cpu,cpuacct:/job/step\n1:name=systemd:/elsewhere\n");
    put("cgroup/cpu,cpuacct/job/cpu.cfs_quota_us", "250000\n");
    put("cgroup/cpu,cpuacct/job/cpu.cfs_period_us", "100000\n");
    put("cgroup/cpu,cpuacct/job/step/cpu.cfs_quota_us", "-1\n");
    put("cgroup/cpu,cpuacct/job/step/cpu.cfs_period_us", "100000\n");
    put("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    put("cgroup/memory/job/memory.limit_in_bytes", "16000000\n");
    sb_limits limits = limits_read();
    assert_int_equal(limits.quota_cpus, 2);
    assert_int_equal(limits.memory_bytes, 16000000);
}

static void v1_reads_a_hierarchy_under_its_own_name(void **state)
{
    (void)state;
    put("self", "4:cpuacct,cpu:/job\n");
    put("cgroup/cpu/job/cpu.cfs_quota_us", "600000\n");
    put("cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
    assert_int_equal(limits_read().quota_cpus, 6);
}

static void v1_finds_the_container_limit_at_the_root(void **state)
{
    (void)state;
    put("self", "5:memory:/docker/0123\n4:cpu:/docker/0123\n");
    put("cgroup/cpu/cpu.cfs_quota_us", "200000\n");
    put("cgroup/cpu/cpu.cfs_period_us", "100000\n");
    put("cgroup/memory/memory.limit_in_bytes", "8000000\n");
    assert_int_equal(limits_read().quota_cpus, 2);
    assert_int_equal(limits_read().memory_bytes, 8000000);
}

static void v1_no_limit_values_are_no_limit(void **state)
{
    (void)state;
    put("self", "5:memory:/\n4:cpu:/\n3:cpuacct:/\n2:cpuset:/\n");
    put("cgroup/cpu/cpu.cfs_quota_us", "-1\n");
    put("cgroup/cpu/cpu.cfs_period_us", "100000\n");
    put("cgroup/cpuset/cpu.cfs_quota_us", "100000\n"); /* "cpuset" is not "cpu" */
    put("cgroup/cpuset/cpu.cfs_period_us", "100000\n");
    put("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assert_int_equal(limits_read().quota_cpus, 0);
    assert_int_equal(limits_read().memory_bytes, physical());
    put("cgroup/memory/memory.limit_in_bytes", "9223372036854710272\n"); /* pages of 64 KiB */
    assert_int_equal(limits_read().memory_bytes, physical());
}

static void hybrid_machines_take_the_least_of_both(void **state)
{
    (void)state;
    put("self", "5:memory:/job\n4:cpu:/job\n0::/job\n");
    put("cgroup/cpu/job/cpu.cfs_quota_us", "400000\n");
    put("cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
    put("cgroup/memory/job/memory.limit_in_bytes", "8000000\n");
    put("cgroup/unified/job/cpu.max", "300000 100000\n");
    put("cgroup/unified/job/memory.max", "9000000\n");
    assert_int_equal(limits_read().quota_cpus, 3);
    assert_int_equal(limits_read().memory_bytes, 8000000);
}

static void a_v2_group_named_unified_is_only_a_group(void **state)
{
    (void)state;
    put("self", "0::/job\n");
    put("cgroup/cgroup.controllers", "cpu memory\n");
    put("cgroup/job/cpu.max", "400000 100000\n");
    put("cgroup/unified/job/cpu.max", "300000 100000\n");
    assert_int_equal(limits_read().quota_cpus, 4);
}

static void garbage_is_no_limit(void **state)
{
    (void)state;
    static const char *const cpu[] = {
        "",
        "\n",
        "max\n",
        "200000\n",
        "200000 0\n",
        "0 100000\n",
        "-1 100000",
        "2e5 100000\n",
        "200000 1000x",
        "200000 100000 3\n",
        "0x10 10\n",
        "\xff\xfe",
        "99999999999999999999999 100000\n",
        "200000 -100000\n",
    };
    static const char *const memory[] = {
        "",
        "\n",
        "max\n",
        "none\n",
        "-1\n",
        "1000000x\n",
        "1M\n",
        "0\n",
        "1 2\n",
        "\xff",
        "18446744073709551616\n",
    };
    put("self", "0::/\n");
    for (size_t i = 0; i < sizeof cpu / sizeof cpu[0]; i++) {
        put("cgroup/cpu.max", cpu[i]);
        assert_int_equal(limits_read().quota_cpus, 0);
    }
    for (size_t i = 0; i < sizeof memory / sizeof memory[0]; i++) {
        put("cgroup/memory.max", memory[i]);
        assert_int_equal(limits_read().memory_bytes, physical());
    }
}

static void garbage_at_one_level_hides_no_other(void **state)
{
    (void)state;
    put("self", "0::/slice/job\n");
    put("cgroup/slice/cpu.max", "300000 100000\n");
    put("cgroup/slice/job/cpu.max", "what?\n");
    assert_int_equal(limits_read().quota_cpus, 3);
}

static void garbage_in_the_list_of_groups_is_passed_over(void **state)
{
    (void)state;
    put("self", "\n:\n::\n0\n0:\n0::relative\nnothing here\n4:,cpu,:\n0::/\n");
    put("cgroup/cpu.max", "300000 100000\n");
    assert_int_equal(limits_read().quota_cpus, 3);
    put("self", "0::/"); /* the last line may lack its end */
    assert_int_equal(limits_read().quota_cpus, 3);
}

static void memory_is_never_more_than_the_machine_has(void **state)
{
    (void)state;
    char text[32];
    put("self", "0::/\n");
    for (int more = -1; more <= 1; more++) {
        snprintf(text, sizeof text, "%llu\n",
                 (unsigned long long)(physical() + (uint64_t)(int64_t)more));
        put("cgroup/memory.max", text);
        assert_int_equal(limits_read().memory_bytes, more < 0 ? physical() - 1 : physical());
    }
}

static void masks_of_many_cpus_are_counted(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 1023, 1024, 1025, 3000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        fake_cpus = counts[i];
        assert_int_equal(limits_read().affinity_cpus, counts[i]);
    }
}

static void a_mask_that_cannot_be_had_falls_back_to_what_is_online(void **state)
{
    (void)state;
    static const int why[] = {EPERM, ENOSYS, EINVAL};
    for (size_t i = 0; i < sizeof why / sizeof why[0]; i++) {
        fake_errno = why[i];
        assert_int_equal(limits_read().affinity_cpus, sysconf(_SC_NPROCESSORS_ONLN));
    }
}

static void omp_num_threads_comes_before_slurm(void **state)
{
    (void)state;
    setenv("SLURM_CPUS_PER_TASK", "6", 1);
    assert_int_equal(limits_read().asked_cpus, 6);
    assert_string_equal(limits_read().asked_by, "SLURM_CPUS_PER_TASK");
    setenv("OMP_NUM_THREADS", "12", 1);
    assert_int_equal(limits_read().asked_cpus, 12);
    assert_string_equal(limits_read().asked_by, "OMP_NUM_THREADS");
    setenv("OMP_NUM_THREADS", " 4 , 2", 1); /* one number a level */
    assert_int_equal(limits_read().asked_cpus, 4);
}

static void senseless_requests_are_passed_over(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "0", "-3", "many", "4x", "4 2", ",4", "4294967296"};
    setenv("SLURM_CPUS_PER_TASK", "6", 1);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        setenv("OMP_NUM_THREADS", texts[i], 1);
        assert_int_equal(limits_read().asked_cpus, 6);
        assert_string_equal(limits_read().asked_by, "SLURM_CPUS_PER_TASK");
    }
    setenv("SLURM_CPUS_PER_TASK", "?", 1);
    assert_int_equal(limits_read().asked_cpus, 0);
    assert_null(limits_read().asked_by);
}

/* ---- deciding ---- */

static void assert_workers(const sb_limits *limits, uint32_t wanted, uint64_t memory_per_worker,
                           uint64_t memory_option, uint32_t workers, const char *why)
{
    char reason[64];
    assert_int_equal(
        sb_limits_workers(limits, wanted, memory_per_worker, memory_option, reason, sizeof reason),
        workers);
    assert_string_equal(reason, why);
}

static void wanted_counts_up_to_the_affinity_mask(void **state)
{
    (void)state;
    sb_limits limits = {.affinity_cpus = 8};
    assert_workers(&limits, 1, 0, 0, 1, "--workers");
    assert_workers(&limits, 7, 0, 0, 7, "--workers");
    assert_workers(&limits, 8, 0, 0, 8, "--workers");
    assert_workers(&limits, 9, 0, 0, 8, "affinity mask");
    assert_workers(&limits, UINT32_MAX, 0, 0, 8, "affinity mask");
}

static void auto_takes_the_affinity_mask(void **state)
{
    (void)state;
    sb_limits limits = {.affinity_cpus = 8};
    assert_workers(&limits, 0, 0, 0, 8, "affinity mask");
}

static void the_environment_counts_when_nothing_is_wanted(void **state)
{
    (void)state;
    sb_limits limits = {.affinity_cpus = 8, .asked_cpus = 3, .asked_by = "OMP_NUM_THREADS"};
    assert_workers(&limits, 0, 0, 0, 3, "OMP_NUM_THREADS");
    assert_workers(&limits, 5, 0, 0, 5, "--workers");
    limits.asked_cpus = 9;
    limits.asked_by = "SLURM_CPUS_PER_TASK";
    assert_workers(&limits, 0, 0, 0, 8, "affinity mask");
    limits.asked_cpus = 8;
    assert_workers(&limits, 0, 0, 0, 8, "SLURM_CPUS_PER_TASK");
}

static void the_quota_binds_below_the_mask(void **state)
{
    (void)state;
    sb_limits limits = {.affinity_cpus = 8, .quota_cpus = 7};
    assert_workers(&limits, 0, 0, 0, 7, "cgroup CPU quota");
    assert_workers(&limits, 6, 0, 0, 6, "--workers");
    assert_workers(&limits, 7, 0, 0, 7, "--workers");
    assert_workers(&limits, 8, 0, 0, 7, "cgroup CPU quota");
    limits.quota_cpus = 8;
    assert_workers(&limits, 0, 0, 0, 8, "affinity mask");
    limits.quota_cpus = 9;
    assert_workers(&limits, 0, 0, 0, 8, "affinity mask");
}

static void memory_binds_below_the_cpus(void **state)
{
    (void)state;
    sb_limits limits = {.affinity_cpus = 8, .memory_bytes = 800};
    assert_workers(&limits, 0, 99, 0, 8, "affinity mask");
    assert_workers(&limits, 0, 100, 0, 8, "affinity mask");
    assert_workers(&limits, 0, 101, 0, 7, "memory limit");
    assert_workers(&limits, 7, 101, 0, 7, "--workers");
    assert_workers(&limits, 0, 0, 0, 8, "affinity mask");
    limits.memory_bytes = 0;
    assert_workers(&limits, 0, 101, 0, 8, "affinity mask");
}

static void memory_too_small_for_one_still_gives_one(void **state)
{
    (void)state;
    sb_limits limits = {.affinity_cpus = 8, .memory_bytes = 800};
    assert_workers(&limits, 0, 800, 0, 1, "memory limit");
    assert_workers(&limits, 0, 801, 0, 1, "memory limit");
    assert_workers(&limits, 0, 100, 1, 1, "--memory");
}

static void the_memory_option_only_tightens(void **state)
{
    (void)state;
    sb_limits limits = {.affinity_cpus = 8, .memory_bytes = 500};
    assert_workers(&limits, 0, 100, 400, 4, "--memory");
    assert_workers(&limits, 0, 100, 500, 5, "memory limit");
    assert_workers(&limits, 0, 100, 600, 5, "memory limit");
    assert_workers(&limits, 0, 0, 1, 8, "affinity mask");
    limits.memory_bytes = 0;
    assert_workers(&limits, 0, 100, 600, 6, "--memory");
}

static void oversubscribing_ignores_mask_and_quota_only(void **state)
{
    (void)state;
    sb_limits limits = {.affinity_cpus = 2, .quota_cpus = 1, .memory_bytes = 1600};
    setenv("SEEDBANK_OVERSUBSCRIBE", "1", 1);
    assert_workers(&limits, 8, 100, 0, 8, "--workers");
    assert_workers(&limits, 16, 100, 0, 16, "--workers");
    assert_workers(&limits, 17, 100, 0, 16, "memory limit");
    assert_workers(&limits, 0, 100, 0, 1, "cgroup CPU quota");
    limits.asked_cpus = 4;
    limits.asked_by = "OMP_NUM_THREADS";
    assert_workers(&limits, 0, 100, 0, 4, "OMP_NUM_THREADS");
    setenv("SEEDBANK_OVERSUBSCRIBE", "0", 1);
    assert_workers(&limits, 8, 100, 0, 1, "cgroup CPU quota");
    setenv("SEEDBANK_OVERSUBSCRIBE", "", 1);
    assert_workers(&limits, 8, 100, 0, 1, "cgroup CPU quota");
}

static void knowing_nothing_gives_one_worker(void **state)
{
    (void)state;
    sb_limits limits = {0};
    assert_workers(&limits, 0, 0, 0, 1, "no limit known");
    assert_workers(&limits, 3, 0, 0, 3, "--workers");
}

static void the_reason_may_be_cut_or_left_out(void **state)
{
    (void)state;
    sb_limits limits = {.affinity_cpus = 8};
    char reason[9];
    assert_int_equal(sb_limits_workers(&limits, 0, 0, 0, reason, sizeof reason), 8);
    assert_string_equal(reason, "affinity");
    assert_int_equal(sb_limits_workers(&limits, 0, 0, 0, NULL, 0), 8);
}

#define CLAIM(test) cmocka_unit_test_setup_teardown(test, open_tree, close_tree)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        CLAIM(no_cgroup_files_are_no_limit),
        CLAIM(a_named_cgroup_without_files_is_no_limit),
        CLAIM(the_defaults_can_be_read),
        CLAIM(v2_takes_the_tightest_level_in_the_middle),
        CLAIM(v2_takes_the_leaf_and_the_root),
        CLAIM(a_neighbours_limit_is_not_ours),
        CLAIM(a_quota_is_rounded_down_to_at_least_one),
        CLAIM(a_path_outside_of_the_namespace_leaves_the_root),
        CLAIM(a_path_with_colons_is_followed),
        CLAIM(a_path_too_long_to_name_leaves_its_parents),
        CLAIM(v1_reads_the_joint_hierarchy),
        CLAIM(v1_reads_a_hierarchy_under_its_own_name),
        CLAIM(v1_finds_the_container_limit_at_the_root),
        CLAIM(v1_no_limit_values_are_no_limit),
        CLAIM(hybrid_machines_take_the_least_of_both),
        CLAIM(a_v2_group_named_unified_is_only_a_group),
        CLAIM(garbage_is_no_limit),
        CLAIM(garbage_at_one_level_hides_no_other),
        CLAIM(garbage_in_the_list_of_groups_is_passed_over),
        CLAIM(memory_is_never_more_than_the_machine_has),
        CLAIM(masks_of_many_cpus_are_counted),
        CLAIM(a_mask_that_cannot_be_had_falls_back_to_what_is_online),
        CLAIM(omp_num_threads_comes_before_slurm),
        CLAIM(senseless_requests_are_passed_over),
        CLAIM(wanted_counts_up_to_the_affinity_mask),
        CLAIM(auto_takes_the_affinity_mask),
        CLAIM(the_environment_counts_when_nothing_is_wanted),
        CLAIM(the_quota_binds_below_the_mask),
        CLAIM(memory_binds_below_the_cpus),
        CLAIM(memory_too_small_for_one_still_gives_one),
        CLAIM(the_memory_option_only_tightens),
        CLAIM(oversubscribing_ignores_mask_and_quota_only),
        CLAIM(knowing_nothing_gives_one_worker),
        CLAIM(the_reason_may_be_cut_or_left_out),
    };
    return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
