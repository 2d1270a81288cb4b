#include "engine/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_ALIGN = 16 };

struct sb_arena {
    size_t used_bytes;
    size_t peak_bytes;
    size_t cap_bytes;
    unsigned char *memory; /* owned */
};

sb_status sb_arena_open(size_t cap_bytes, sb_arena **out, sb_error *err)
{
    sb_arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for an arena");
    if (cap_bytes < SIZE_MAX - 128)
        arena->memory = aligned_alloc(64, (cap_bytes + 63) / 64 * 64 + 64);
    if (arena->memory == NULL) {
        free(arena);
        return sb_fail(err, SB_ENOMEM, "no memory for an arena of %zu bytes", cap_bytes);
    }
    arena->cap_bytes = cap_bytes;
    *out = arena;
    return SB_OK;
}

void sb_arena_close(sb_arena *arena)
{
    if (arena == NULL)
        return;
    free(arena->memory);
    free(arena);
}

void *sb_arena_take(sb_arena *arena, size_t size_bytes)
{
    if (size_bytes > arena->cap_bytes - arena->used_bytes)
        return NULL;
    void *piece = arena->memory + arena->used_bytes;
    size_t step = (size_bytes + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    size_t left = arena->cap_bytes - arena->used_bytes;
    arena->used_bytes += step < left ? step : left;
    if (arena->used_bytes > arena->peak_bytes)
        arena->peak_bytes = arena->used_bytes;
    return piece;
}

void sb_arena_reset(sb_arena *arena)
{
    arena->used_bytes = 0;
}

void sb_arena_rewind(sb_arena *arena, size_t used_bytes)
{
    assert(used_bytes <= arena->used_bytes);
    arena->used_bytes = used_bytes;
}

void sb_arena_touch(sb_arena *arena)
{
    memset(arena->memory + arena->used_bytes, 0, arena->cap_bytes - arena->used_bytes);
}

size_t sb_arena_used_bytes(const sb_arena *arena)
{
    return arena->used_bytes;
}

size_t sb_arena_peak_bytes(const sb_arena *arena)
{
    return arena->peak_bytes;
}
