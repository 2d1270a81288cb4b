#include "engine/alias.h"

/* Each slot stands for 1/count of the whole. A slot whose entry weighs less than that is filled up
 * with one that weighs more; both lists are worked off from the end, in index order. */
void sb_alias_build(sb_alias *alias, const int64_t *weights, uint32_t count, uint64_t *scratch)
{
    uint64_t *mass = scratch;
    uint32_t *small = (uint32_t *)(scratch + count), *large = small + count;
    uint32_t small_count = 0, large_count = 0;
    uint64_t total = 0;
    for (uint32_t i = 0; i < count; i++)
        total += (uint64_t)weights[i];
    for (uint32_t i = 0; i < count; i++) {
        mass[i] = (uint64_t)weights[i] * count; /* in units of total / count */
        if (mass[i] < total)
            small[small_count++] = i;
        else
            large[large_count++] = i;
    }
    while (small_count > 0 && large_count > 0) {
        uint32_t s = small[--small_count], l = large[large_count - 1];
        alias->threshold[s] = (uint32_t)(((sb_u128)mass[s] << 32) / total);
        alias->other[s] = l;
        mass[l] -= total - mass[s];
        if (mass[l] < total) {
            large_count--;
            small[small_count++] = l;
        }
    }
    while (large_count > 0) {
        uint32_t l = large[--large_count];
        alias->threshold[l] = UINT32_MAX;
        alias->other[l] = l;
    }
    while (small_count > 0) { /* only where the sum was divided without remainder */
        uint32_t s = small[--small_count];
        alias->threshold[s] = UINT32_MAX;
        alias->other[s] = s;
    }
    alias->count = count;
}
