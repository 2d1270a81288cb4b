/* One arena per worker: memory that is paid for at the start, handed out by moving a pointer, and
 * taken back all at once when a cell is done. No locks, no frees, and a flat memory graph. */
#ifndef ENGINE_ARENA_H
#define ENGINE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "seedbank/status.h"

typedef struct sb_arena sb_arena;

/* Reserves `cap_bytes`, the most this arena will ever hand out.
 * On SB_OK, *out is owned by the caller; pair with sb_arena_close(). */
SB_CHECK sb_status sb_arena_open(size_t cap_bytes, sb_arena **out, sb_error *err);
void sb_arena_close(sb_arena *arena);

/* Returns memory of undefined content, 16-byte aligned, owned by the arena, or NULL when the cap is
 * reached. Never calls malloc: the cap was paid at open. */
SB_CHECK void *sb_arena_take(sb_arena *arena, size_t size_bytes);

/* The same, filled with zeros. Memory that is handed out for the first time is so anyway, and costs
 * nothing before it is used. */
SB_CHECK void *sb_arena_take_zeroed(sb_arena *arena, size_t size_bytes);
/* Whether what is taken next is handed out for the first time. */
bool sb_arena_is_fresh(const sb_arena *arena);

/* Takes everything back. What was taken before is gone. */
void sb_arena_reset(sb_arena *arena);
/* Takes back all that was handed out since sb_arena_used_bytes() was that. */
void sb_arena_rewind(sb_arena *arena, size_t used_bytes);

/* Makes the system give all of its memory now, so that a long-lived owner's memory is constant. */
void sb_arena_touch(sb_arena *arena);

size_t sb_arena_used_bytes(const sb_arena *arena);
size_t sb_arena_peak_bytes(const sb_arena *arena);

#endif
