#include "workers/topology.h"

#include <assert.h>
#include <errno.h>
#include <hwloc.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Below this many CPUs placement is not worth the harm it can do beside other programs: a worker
 * that may not leave a core that something else uses is late, and the run waits for it. */
enum { PLACEABLE_CPUS_MIN = 8 };

struct sb_topology {
    hwloc_topology_t machine;
    uint32_t cpu_count;
    bool placeable; /* whether the rules allow to bind at all */
};

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value != NULL && *value != '\0';
}

/* Some memory is far from some CPUs. Counting NUMA nodes would not do: fast memory beside slow, or
 * memory without CPUs, are nodes as well, and all CPUs are equally far from them. */
static bool has_far_memory(hwloc_topology_t machine)
{
    hwloc_const_cpuset_t all = hwloc_topology_get_topology_cpuset(machine);
    hwloc_obj_t node = NULL;
    while ((node = hwloc_get_next_obj_by_type(machine, HWLOC_OBJ_NUMANODE, node)) != NULL)
        if (!hwloc_bitmap_iszero(node->cpuset) && !hwloc_bitmap_isincluded(all, node->cpuset))
            return true;
    return false;
}

/* The topology is loaded with what our cpuset forbids, so that a cpuset shows as a difference. */
static sb_status has_full_mask(hwloc_topology_t machine, bool *out, sb_error *err)
{
    hwloc_const_cpuset_t all = hwloc_topology_get_topology_cpuset(machine);
    hwloc_cpuset_t mask = hwloc_bitmap_alloc();
    if (mask == NULL)
        return sb_fail(err, SB_ENOMEM, "topology: no memory for a CPU mask");
    *out = hwloc_get_cpubind(machine, mask, HWLOC_CPUBIND_THREAD) == 0 &&
           hwloc_bitmap_isincluded(all, mask) &&
           hwloc_bitmap_isequal(all, hwloc_topology_get_allowed_cpuset(machine));
    hwloc_bitmap_free(mask);
    return SB_OK;
}

static sb_status look_around(sb_topology *topology, sb_error *err)
{
    bool full = false;
    if (hwloc_topology_init(&topology->machine) != 0) {
        topology->machine = NULL;
        return sb_fail(err, SB_ENOMEM, "topology: hwloc cannot start: %s", strerror(errno));
    }
    if (hwloc_topology_set_flags(topology->machine, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) != 0 ||
        hwloc_topology_load(topology->machine) != 0)
        return sb_fail(err, SB_EIO, "topology: hwloc cannot read this machine: %s; try --bind none",
                       strerror(errno));
    SB_TRY(has_full_mask(topology->machine, &full, err));
    int cpus = hwloc_bitmap_weight(hwloc_topology_get_topology_cpuset(topology->machine));
    topology->cpu_count = cpus > 0 ? (uint32_t)cpus : 0;
    topology->placeable = full && topology->cpu_count >= PLACEABLE_CPUS_MIN &&
                          has_far_memory(topology->machine) && !is_set("OMP_PROC_BIND") &&
                          !is_set("OMP_PLACES");
    return SB_OK;
}

/* False only when the kernel tells of one node and no other. */
static bool may_have_far_memory(void)
{
    char nodes[64] = "";
    FILE *file = fopen("/sys/devices/system/node/online", "re"); /* "0", "0-1", "0,8" */
    bool told = file != NULL && fgets(nodes, sizeof nodes, file) != NULL;
    if (file != NULL)
        (void)fclose(file);
    return !told || strpbrk(nodes, "-,") != NULL;
}

bool sb_topology_may_place(uint32_t worker_count)
{
    if (worker_count < 2 || is_set("OMP_PROC_BIND") || is_set("OMP_PLACES"))
        return false;
    if (is_set("HWLOC_SYNTHETIC") || is_set("HWLOC_XMLFILE"))
        return true; /* an invented machine, or one described in a file */
    long cpus = sysconf(_SC_NPROCESSORS_CONF);
    return (cpus <= 0 || cpus >= PLACEABLE_CPUS_MIN) && may_have_far_memory();
}

sb_status sb_topology_open(sb_topology **out, sb_error *err)
{
    assert(out != NULL);
    sb_topology *topology = calloc(1, sizeof *topology);
    if (topology == NULL)
        return sb_fail(err, SB_ENOMEM, "topology: no memory");
    sb_status status = look_around(topology, err);
    if (status != SB_OK) {
        sb_topology_close(topology);
        return status;
    }
    *out = topology;
    return SB_OK;
}

void sb_topology_close(sb_topology *topology)
{
    if (topology == NULL)
        return;
    if (topology->machine != NULL)
        hwloc_topology_destroy(topology->machine);
    free(topology);
}

static bool is_placed(const sb_topology *topology, uint32_t worker_count)
{
    return topology->placeable && worker_count > 1 && worker_count <= topology->cpu_count;
}

/* On SB_OK, *out is owned by the caller; hwloc_bitmap_free() releases it. */
static sb_status share_of(const sb_topology *topology, uint32_t worker_index, uint32_t worker_count,
                          hwloc_cpuset_t *out, sb_error *err)
{
    hwloc_cpuset_t *shares = calloc(worker_count, sizeof *shares);
    if (shares == NULL)
        return sb_fail(err, SB_ENOMEM, "topology: no memory for %u workers", worker_count);
    hwloc_obj_t root = hwloc_get_root_obj(topology->machine);
    int failed = hwloc_distrib(topology->machine, &root, 1, shares, worker_count, INT_MAX, 0);
    hwloc_cpuset_t mine = failed ? NULL : shares[worker_index];
    if (mine != NULL)
        shares[worker_index] = NULL;
    for (uint32_t i = 0; i < worker_count; i++)
        hwloc_bitmap_free(shares[i]); /* NULL is fine */
    free(shares);
    if (mine == NULL)
        return sb_fail(err, SB_ENOMEM, "topology: no memory to place worker %u of %u", worker_index,
                       worker_count);
    *out = mine;
    return SB_OK;
}

sb_status sb_topology_bind(const sb_topology *topology, uint32_t worker_index,
                           uint32_t worker_count, sb_error *err)
{
    assert(worker_index < worker_count);
    if (!is_placed(topology, worker_count))
        return SB_OK;
    hwloc_cpuset_t share = NULL;
    SB_TRY(share_of(topology, worker_index, worker_count, &share, err));
    sb_status status = SB_OK;
    if (hwloc_set_cpubind(topology->machine, share, HWLOC_CPUBIND_THREAD) != 0)
        status = sb_fail(err, SB_EIO, "topology: cannot bind worker %u: %s; try --bind none",
                         worker_index, strerror(errno));
    else
        /* Containers often forbid this one. It may fail: memory first touched from a bound CPU is
         * local anyway. Without the strict flag a node that is full is no reason to be killed. */
        (void)hwloc_set_membind(topology->machine, share, HWLOC_MEMBIND_BIND, HWLOC_MEMBIND_THREAD);
    hwloc_bitmap_free(share);
    return status;
}

void sb_topology_plan(const sb_topology *topology, uint32_t worker_index, uint32_t worker_count,
                      char *text, size_t text_bytes)
{
    assert(worker_index < worker_count);
    assert(text != NULL && text_bytes != 0);
    hwloc_cpuset_t share = NULL;
    text[0] = '\0';
    if (!is_placed(topology, worker_count) ||
        share_of(topology, worker_index, worker_count, &share, NULL) != SB_OK)
        return;
    hwloc_bitmap_list_snprintf(text, text_bytes, share);
    hwloc_bitmap_free(share);
}

/* A virtual machine may tell of no packages or cores at all; there is still one of each. */
static int count_of(hwloc_topology_t machine, hwloc_obj_type_t type, int otherwise)
{
    int count = hwloc_get_nbobjs_by_type(machine, type);
    return count > 0 ? count : otherwise;
}

void sb_topology_describe(const sb_topology *topology, char *text, size_t text_bytes)
{
    assert(text != NULL && text_bytes != 0);
    int packages = count_of(topology->machine, HWLOC_OBJ_PACKAGE, 1);
    int nodes = count_of(topology->machine, HWLOC_OBJ_NUMANODE, 1);
    int cores = count_of(topology->machine, HWLOC_OBJ_CORE, (int)topology->cpu_count);
    snprintf(text, text_bytes, "%d package%s, %d NUMA node%s, %d core%s", packages,
             packages == 1 ? "" : "s", nodes, nodes == 1 ? "" : "s", cores, cores == 1 ? "" : "s");
}
