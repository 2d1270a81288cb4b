/* Placement on invented machines: hwloc describes them and binds nothing on them. */
#include "workers/topology.h"

#include <errno.h>
#include <hwloc.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

/* While `fake_mask` is set it is the mask of this thread, and binding writes to it: hwloc believes
 * that an invented machine is the real one. Empty, it refuses. Both stand before libc's. */
static cpu_set_t *fake_mask;

int sched_getaffinity(pid_t pid, size_t set_bytes, cpu_set_t *set)
{
    memset(set, 0, set_bytes); /* the kernel fills only as much as it has */
    if (fake_mask == NULL)
        return syscall(SYS_sched_getaffinity, pid, set_bytes, set) < 0 ? -1 : 0;
    memcpy(set, fake_mask, set_bytes < sizeof *fake_mask ? set_bytes : sizeof *fake_mask);
    return 0;
}

int sched_setaffinity(pid_t pid, size_t set_bytes, const cpu_set_t *set)
{
    if (fake_mask == NULL)
        return syscall(SYS_sched_setaffinity, pid, set_bytes, set) < 0 ? -1 : 0;
    if (CPU_COUNT(fake_mask) == 0) {
        errno = EPERM;
        return -1;
    }
    memset(fake_mask, 0, sizeof *fake_mask);
    memcpy(fake_mask, set, set_bytes < sizeof *fake_mask ? set_bytes : sizeof *fake_mask);
    return 0;
}

static const char big_machine[] = "pack:2 [numa] l3:8 core:8 pu:1"; /* 128 cores, 64 a node */

static int forget_environment(void **state)
{
    (void)state;
    fake_mask = NULL;
    static const char *const variables[] = {"OMP_PROC_BIND", "OMP_PLACES", "HWLOC_SYNTHETIC",
                                            "HWLOC_XMLFILE", "HWLOC_THISSYSTEM"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++)
        unsetenv(variables[i]);
    return 0;
}

static sb_topology *open_machine(const char *description)
{
    sb_topology *topology = NULL;
    sb_error err = {0};
    setenv("HWLOC_SYNTHETIC", description, 1);
    assert_int_equal(sb_topology_open(&topology, &err), SB_OK);
    assert_non_null(topology);
    return topology;
}

/* The CPUs planned for a worker; the caller frees them. */
static hwloc_bitmap_t planned(const sb_topology *topology, uint32_t worker_index,
                              uint32_t worker_count)
{
    char text[512];
    hwloc_bitmap_t cpus = hwloc_bitmap_alloc();
    assert_non_null(cpus);
    sb_topology_plan(topology, worker_index, worker_count, text, sizeof text);
    assert_int_equal(hwloc_bitmap_list_sscanf(cpus, text), 0);
    return cpus;
}

static void assert_unbound(const sb_topology *topology, uint32_t worker_count)
{
    char text[64] = "untouched";
    sb_topology_plan(topology, worker_count - 1, worker_count, text, sizeof text);
    assert_string_equal(text, "");
    assert_int_equal(sb_topology_bind(topology, worker_count - 1, worker_count, NULL), SB_OK);
}

/* Every worker has CPUs of its own, all within one node of `cpus_per_node`. */
static void assert_disjoint(const sb_topology *topology, uint32_t worker_count, int cpus_per_node)
{
    hwloc_bitmap_t taken = hwloc_bitmap_alloc();
    assert_non_null(taken);
    for (uint32_t worker = 0; worker < worker_count; worker++) {
        hwloc_bitmap_t mine = planned(topology, worker, worker_count);
        assert_false(hwloc_bitmap_iszero(mine));
        assert_false(hwloc_bitmap_intersects(taken, mine));
        assert_int_equal(hwloc_bitmap_first(mine) / cpus_per_node,
                         hwloc_bitmap_last(mine) / cpus_per_node);
        hwloc_bitmap_or(taken, taken, mine);
        hwloc_bitmap_free(mine);
    }
    hwloc_bitmap_free(taken);
}

static void two_workers_land_on_different_nodes(void **state)
{
    (void)state;
    char first[64];
    char second[64];
    sb_topology *topology = open_machine(big_machine);
    sb_topology_plan(topology, 0, 2, first, sizeof first);
    sb_topology_plan(topology, 1, 2, second, sizeof second);
    assert_string_equal(first, "0-63");
    assert_string_equal(second, "64-127");
    sb_topology_close(topology);
}

static void as_many_workers_as_cores_have_a_core_each(void **state)
{
    (void)state;
    sb_topology *topology = open_machine(big_machine);
    for (uint32_t worker = 0; worker < 128; worker++) {
        hwloc_bitmap_t mine = planned(topology, worker, 128);
        assert_int_equal(hwloc_bitmap_weight(mine), 1);
        hwloc_bitmap_free(mine);
    }
    assert_disjoint(topology, 128, 64);
    sb_topology_close(topology);
}

static void sixteen_workers_have_a_cache_each(void **state)
{
    (void)state;
    sb_topology *topology = open_machine(big_machine);
    for (uint32_t worker = 0; worker < 16; worker++) {
        hwloc_bitmap_t mine = planned(topology, worker, 16);
        assert_int_equal(hwloc_bitmap_weight(mine), 8);
        assert_int_equal(hwloc_bitmap_first(mine) % 8, 0);
        hwloc_bitmap_free(mine);
    }
    assert_disjoint(topology, 16, 64);
    sb_topology_close(topology);
}

static void no_two_workers_share_a_cpu_whatever_their_number(void **state)
{
    (void)state;
    static const uint32_t counts[] = {2, 3, 5, 7, 31, 64, 100, 127, 128};
    sb_topology *topology = open_machine(big_machine);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        assert_disjoint(topology, counts[i], 64);
    sb_topology_close(topology);
}

static void workers_spread_evenly_over_the_nodes(void **state)
{
    (void)state;
    static const uint32_t counts[] = {2, 6, 32, 100};
    sb_topology *topology = open_machine(big_machine);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        uint32_t on_first = 0;
        for (uint32_t worker = 0; worker < counts[i]; worker++) {
            hwloc_bitmap_t mine = planned(topology, worker, counts[i]);
            on_first += hwloc_bitmap_first(mine) < 64;
            hwloc_bitmap_free(mine);
        }
        assert_int_equal(on_first, counts[i] / 2);
    }
    sb_topology_close(topology);
}

static void siblings_stay_together_until_every_core_is_taken(void **state)
{
    (void)state;
    char text[64];
    sb_topology *topology = open_machine("pack:2 [numa] core:4 pu:2");
    for (uint32_t worker = 0; worker < 8; worker++) {
        char expected[64];
        snprintf(expected, sizeof expected, "%u-%u", 2 * worker, 2 * worker + 1);
        sb_topology_plan(topology, worker, 8, text, sizeof text);
        assert_string_equal(text, expected);
    }
    assert_disjoint(topology, 16, 8);
    sb_topology_close(topology);
}

static void nodes_inside_one_package_count(void **state)
{
    (void)state;
    sb_topology *topology = open_machine("pack:1 group:4 [numa] core:4 pu:1");
    assert_disjoint(topology, 4, 4);
    sb_topology_close(topology);
}

static void more_workers_than_cpus_are_left_unbound(void **state)
{
    (void)state;
    sb_topology *topology = open_machine(big_machine);
    assert_unbound(topology, 129);
    assert_unbound(topology, UINT32_MAX);
    sb_topology_close(topology);
}

static void a_single_worker_is_left_unbound(void **state)
{
    (void)state;
    sb_topology *topology = open_machine(big_machine);
    assert_unbound(topology, 1);
    sb_topology_close(topology);
}

static void machines_below_eight_cpus_are_left_alone(void **state)
{
    (void)state;
    char text[64];
    sb_topology *topology = open_machine("pack:7 [numa] core:1 pu:1");
    assert_unbound(topology, 2);
    sb_topology_close(topology);
    topology = open_machine("pack:8 [numa] core:1 pu:1");
    sb_topology_plan(topology, 7, 8, text, sizeof text);
    assert_string_equal(text, "7");
    sb_topology_close(topology);
}

static void a_single_node_is_left_alone(void **state)
{
    (void)state;
    sb_topology *topology = open_machine("[numa] pack:2 l3:4 core:8 pu:1");
    assert_unbound(topology, 2);
    assert_unbound(topology, 64);
    sb_topology_close(topology);
}

static void memory_equally_far_from_all_is_no_reason_to_bind(void **state)
{
    (void)state;
    sb_topology *topology = open_machine("[numa] [numa] pack:2 core:8 pu:1");
    assert_unbound(topology, 2);
    sb_topology_close(topology);
}

static void the_users_openmp_placement_comes_first(void **state)
{
    (void)state;
    static const char *const variables[] = {"OMP_PROC_BIND", "OMP_PLACES"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        setenv(variables[i], "close", 1);
        sb_topology *topology = open_machine(big_machine);
        assert_unbound(topology, 2);
        sb_topology_close(topology);
        setenv(variables[i], "", 1); /* empty is as good as unset */
        topology = open_machine(big_machine);
        assert_disjoint(topology, 2, 64);
        sb_topology_close(topology);
    }
}

static void a_plan_is_cut_to_its_buffer(void **state)
{
    (void)state;
    char text[5];
    sb_topology *topology = open_machine(big_machine);
    sb_topology_plan(topology, 1, 2, text, sizeof text);
    assert_string_equal(text, "64-1");
    sb_topology_close(topology);
}

static void binding_on_an_invented_machine_moves_nothing(void **state)
{
    (void)state;
    cpu_set_t before;
    cpu_set_t after;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    sb_topology *topology = open_machine(big_machine);
    for (uint32_t worker = 0; worker < 4; worker++)
        assert_int_equal(sb_topology_bind(topology, worker, 4, NULL), SB_OK);
    sb_topology_close(topology);
    assert_int_equal(sched_getaffinity(0, sizeof after, &after), 0);
    assert_true(CPU_EQUAL(&before, &after));
}

/* A machine of 2 nodes with 4 CPUs each, of which the mask holds the first `cpu_count`. */
static sb_topology *open_own_machine(cpu_set_t *mask, size_t cpu_count)
{
    CPU_ZERO(mask);
    for (size_t cpu = 0; cpu < cpu_count; cpu++)
        CPU_SET(cpu, mask);
    fake_mask = mask;
    setenv("HWLOC_THISSYSTEM", "1", 1);
    return open_machine("pack:2 [numa] core:4 pu:1");
}

static void a_worker_is_bound_to_what_was_planned(void **state)
{
    (void)state;
    cpu_set_t mask;
    char text[64];
    for (uint32_t worker = 0; worker < 2; worker++) {
        sb_topology *topology = open_own_machine(&mask, 8);
        sb_topology_plan(topology, worker, 2, text, sizeof text);
        assert_string_equal(text, worker == 0 ? "0-3" : "4-7");
        assert_int_equal(sb_topology_bind(topology, worker, 2, NULL), SB_OK);
        assert_int_equal(CPU_COUNT(&mask), 4);
        for (size_t cpu = 0; cpu < 4; cpu++)
            assert_true(CPU_ISSET(4 * worker + cpu, &mask));
        sb_topology_close(topology);
    }
}

static void a_mask_short_of_one_cpu_is_left_as_it_is(void **state)
{
    (void)state;
    cpu_set_t mask;
    sb_topology *topology = open_own_machine(&mask, 7);
    assert_unbound(topology, 2);
    assert_int_equal(CPU_COUNT(&mask), 7);
    sb_topology_close(topology);
}

static void a_refused_binding_is_reported(void **state)
{
    (void)state;
    cpu_set_t mask;
    sb_error err = {0};
    sb_topology *topology = open_own_machine(&mask, 8);
    CPU_ZERO(&mask);
    assert_int_equal(sb_topology_bind(topology, 1, 2, &err), SB_EIO);
    assert_non_null(strstr(err.text, "worker 1"));
    assert_non_null(strstr(err.text, "--bind none"));
    sb_topology_close(topology);
}

static void the_real_machine_can_be_opened_and_bound_to(void **state)
{
    (void)state;
    cpu_set_t before;
    char text[128];
    sb_topology *topology = NULL;
    sb_error err = {0};
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    assert_int_equal(sb_topology_open(&topology, &err), SB_OK);
    sb_topology_describe(topology, text, sizeof text);
    assert_non_null(strstr(text, "NUMA node"));
    sb_topology_plan(topology, 0, 2, text, sizeof text);
    assert_int_equal(sb_topology_bind(topology, 0, 2, &err), SB_OK);
    sb_topology_close(topology);
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
}

/* On the real machine the mask is ours to narrow: with one CPU fewer nothing may be bound. */
static void a_mask_given_from_outside_is_respected(void **state)
{
    (void)state;
    cpu_set_t before;
    cpu_set_t narrow;
    cpu_set_t after;
    sb_topology *topology = NULL;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    if (CPU_COUNT(&before) < 2)
        skip();
    narrow = before;
    for (size_t cpu = 0; CPU_EQUAL(&narrow, &before); cpu++)
        CPU_CLR(cpu, &narrow);
    assert_int_equal(sched_setaffinity(0, sizeof narrow, &narrow), 0);
    assert_int_equal(sb_topology_open(&topology, NULL), SB_OK);
    assert_unbound(topology, 2);
    sb_topology_close(topology);
    assert_int_equal(sched_getaffinity(0, sizeof after, &after), 0);
    assert_true(CPU_EQUAL(&narrow, &after));
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
}

static void machines_are_described_in_one_line(void **state)
{
    (void)state;
    static const struct {
        const char *machine;
        const char *text;
    } cases[] = {
        {"pack:2 [numa] l3:8 core:8 pu:1", "2 packages, 2 NUMA nodes, 128 cores"},
        {"pack:2 [numa] core:8 pu:2", "2 packages, 2 NUMA nodes, 16 cores"},
        {"[numa] pack:1 core:1 pu:2", "1 package, 1 NUMA node, 1 core"},
        {"[numa] pu:4", "1 package, 1 NUMA node, 4 cores"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[96];
        sb_topology *topology = open_machine(cases[i].machine);
        sb_topology_describe(topology, text, sizeof text);
        assert_string_equal(text, cases[i].text);
        sb_topology_describe(topology, text, 5);
        assert_int_equal(strlen(text), 4);
        sb_topology_close(topology);
    }
}

static void closing_nothing_is_fine(void **state)
{
    (void)state;
    sb_topology_close(NULL);
}

/* No topology is loaded where nothing would come of it. */
static void small_machines_are_not_looked_at(void **state)
{
    (void)state;
    assert_false(sb_topology_may_place(1));
    if (sysconf(_SC_NPROCESSORS_CONF) < 8)
        assert_false(sb_topology_may_place(2));
    setenv("HWLOC_SYNTHETIC", big_machine, 1);
    assert_true(sb_topology_may_place(2));
    assert_false(sb_topology_may_place(1));
    setenv("OMP_PLACES", "cores", 1);
    assert_false(sb_topology_may_place(2));
}

#define CLAIM(test) cmocka_unit_test_setup(test, forget_environment)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        CLAIM(small_machines_are_not_looked_at),
        CLAIM(two_workers_land_on_different_nodes),
        CLAIM(as_many_workers_as_cores_have_a_core_each),
        CLAIM(sixteen_workers_have_a_cache_each),
        CLAIM(no_two_workers_share_a_cpu_whatever_their_number),
        CLAIM(workers_spread_evenly_over_the_nodes),
        CLAIM(siblings_stay_together_until_every_core_is_taken),
        CLAIM(nodes_inside_one_package_count),
        CLAIM(more_workers_than_cpus_are_left_unbound),
        CLAIM(a_single_worker_is_left_unbound),
        CLAIM(machines_below_eight_cpus_are_left_alone),
        CLAIM(a_single_node_is_left_alone),
        CLAIM(memory_equally_far_from_all_is_no_reason_to_bind),
        CLAIM(the_users_openmp_placement_comes_first),
        CLAIM(a_plan_is_cut_to_its_buffer),
        CLAIM(binding_on_an_invented_machine_moves_nothing),
        CLAIM(a_worker_is_bound_to_what_was_planned),
        CLAIM(a_mask_short_of_one_cpu_is_left_as_it_is),
        CLAIM(a_refused_binding_is_reported),
        CLAIM(the_real_machine_can_be_opened_and_bound_to),
        CLAIM(a_mask_given_from_outside_is_respected),
        CLAIM(machines_are_described_in_one_line),
        CLAIM(closing_nothing_is_fine),
    };
    return cmocka_run_group_tests_name("topology", tests, NULL, NULL);
}
