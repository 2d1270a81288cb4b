/* Makes groups of cells: the unit in which rows are counted, frames are cut and shards are built.
 */
#ifndef ENGINE_GROUP_H
#define ENGINE_GROUP_H

#include "engine/maker.h"
#include "format/cutter.h"

/* A set of kinds: bit 1 << kind. */
typedef uint32_t sb_kind_set;
sb_kind_set sb_spec_kinds(const sb_spec *spec);

/* Everything a worker needs to make rows: a maker, and a cutter for each kind it makes. */
typedef struct sb_press {
    sb_maker *maker; /* owned */
    sb_kind_set kinds;
    sb_cutter cutters[SB_KIND_COUNT];
} sb_press;

SB_CHECK sb_status sb_press_open(const sb_world *world, sb_kind_set kinds, sb_frame_taker take,
                                 void *user, sb_press *out, sb_error *err);
/* From now on frames have marks for the token-aware encoder; see sb_cutter_want_marks(). */
SB_CHECK sb_status sb_press_want_marks(sb_press *press, sb_error *err);
void sb_press_close(sb_press *press);

/* Makes all rows of the press's kinds in a group and hands over their frames, the last of each kind
 * too. What a taker returns other than SB_OK ends it. */
SB_CHECK sb_status sb_group_make(sb_press *press, uint64_t group, sb_error *err);

/* The same for a single cell, without flushing: for readers who want few rows. */
SB_CHECK sb_status sb_cell_make(sb_press *press, uint64_t cell, sb_error *err);

#endif
