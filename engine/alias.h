/* Alias tables (Walker 1977, in Vose's form): a weighted choice in one draw and one comparison.
 * Integer weights, integer thresholds, and a fixed order of construction, so the same table
 * everywhere. */
#ifndef ENGINE_ALIAS_H
#define ENGINE_ALIAS_H

#include <stdint.h>

#include "engine/draw.h"

typedef struct sb_alias {
    uint32_t count;
    uint32_t *threshold; /* keep the slot when the draw's low half is below */
    uint32_t *other;
} sb_alias;

/* Fills `alias` from `count` weights (below 2^31 each, not all zero). `alias->threshold` and
 * `alias->other` are `count` long and the caller's, so is `scratch` of 2 * count. */
void sb_alias_build(sb_alias *alias, const int64_t *weights, uint32_t count, uint64_t *scratch);

static inline uint32_t sb_alias_draw(const sb_alias *alias, uint64_t draw)
{
    sb_u128 product = (sb_u128)draw * alias->count;
    uint32_t slot = (uint32_t)(product >> 64);
    /* Without a branch, which would be guessed wrong one time in three. */
    uint32_t other = -(uint32_t)((uint32_t)((uint64_t)product >> 32) >= alias->threshold[slot]);
    return slot ^ ((slot ^ alias->other[slot]) & other);
}

#endif
