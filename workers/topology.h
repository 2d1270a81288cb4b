/* Where workers run: each on a share of the machine that no other worker has, spread over the NUMA
 * nodes, with its memory close by.
 *
 * The share of one of N workers is the largest piece of the machine that N disjoint pieces leave
 * (hwloc_distrib): with 2 workers on 2 packages a package each, with as many workers as cores a
 * core each. It is not narrowed to one core before it must be: the worker's own threads inherit it,
 * and a second run on the same machine is not driven onto the very same cores.
 *
 * Placement makes a run faster and never changes a byte, so whoever knows better comes first.
 * Nothing is bound when
 *
 *   - OMP_PROC_BIND or OMP_PLACES is set: the user places;
 *   - the affinity mask does not hold every CPU that is online: somebody (taskset, Slurm, mpirun, a
 *     cpuset) placed us already;
 *   - all memory is equally near (a single NUMA node) or fewer than 8 CPUs are there: the kernel
 *     leaves a busy process where it is, and there is no far memory to be kept from;
 *   - there is one worker, or more workers than CPUs. */
#ifndef WORKERS_TOPOLOGY_H
#define WORKERS_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seedbank/status.h"

typedef struct sb_topology sb_topology;

/* Looks at the machine, at the mask of the calling thread and at the environment: open it before
 * anything is bound. Costs milliseconds, so ask sb_topology_may_place() before. Forked workers and
 * threads may use it after that; nothing changes it. On SB_OK, *out is owned by the caller; pair
 * with sb_topology_close(). */
SB_CHECK sb_status sb_topology_open(sb_topology **out, sb_error *err);
void sb_topology_close(sb_topology *topology); /* NULL is fine */

/* Whether workers might be placed on this machine at all, by what is known without opening a
 * topology, so that nobody pays for one on a small machine. */
bool sb_topology_may_place(uint32_t worker_count);

/* Binds the calling thread, and what it will fork or start, to the share of worker `worker_index`
 * of `worker_count`, and the memory it will touch to the node of that share (a full node gives way
 * to the next). SB_OK with nothing done when the rules above say so. A failure (SB_EIO: the system
 * refuses) leaves the worker unbound but able to work: report it, don't stop. */
SB_CHECK sb_status sb_topology_bind(const sb_topology *topology, uint32_t worker_index,
                                    uint32_t worker_count, sb_error *err);

/* Writes the CPUs sb_topology_bind() would choose ("0-63", "4,68"), cut to `text_bytes`, and binds
 * nothing. Empty when the worker would be left unbound. */
void sb_topology_plan(const sb_topology *topology, uint32_t worker_index, uint32_t worker_count,
                      char *text, size_t text_bytes);

/* The machine in one line: "2 packages, 2 NUMA nodes, 16 cores". */
void sb_topology_describe(const sb_topology *topology, char *text, size_t text_bytes);

#endif
