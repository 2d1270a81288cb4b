#include "engine/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ARENA_ALIGN = 16 };

struct sb_arena {
    size_t used_bytes;
    size_t peak_bytes; /* what is beyond has never been handed out, and is zero */
    size_t cap_bytes;
    unsigned char *memory; /* owned; mapped */
};

static size_t mapped_bytes(size_t cap_bytes)
{
    return (cap_bytes + 63) / 64 * 64 + 64; /* who copies whole vectors reads on behind the last */
}

sb_status sb_arena_open(size_t cap_bytes, sb_arena **out, sb_error *err)
{
    sb_arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for an arena");
    /* Mapped, not allocated: so it is zero for sure, and a page is not there before it is used. */
    void *memory = MAP_FAILED;
    if (cap_bytes < SIZE_MAX - 128)
        memory = mmap(NULL, mapped_bytes(cap_bytes), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        free(arena);
        return sb_fail(err, SB_ENOMEM, "no memory for an arena of %zu bytes", cap_bytes);
    }
    arena->memory = memory;
    arena->cap_bytes = cap_bytes;
    *out = arena;
    return SB_OK;
}

void sb_arena_close(sb_arena *arena)
{
    if (arena == NULL)
        return;
    (void)munmap(arena->memory, mapped_bytes(arena->cap_bytes));
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

void *sb_arena_take_zeroed(sb_arena *arena, size_t size_bytes)
{
    size_t first = arena->used_bytes, peak = arena->peak_bytes;
    unsigned char *piece = sb_arena_take(arena, size_bytes);
    if (piece != NULL && first < peak)
        memset(piece, 0, size_bytes < peak - first ? size_bytes : peak - first);
    return piece;
}

bool sb_arena_is_fresh(const sb_arena *arena)
{
    return arena->used_bytes == arena->peak_bytes;
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
