/* What benchmarks begin with: a world with its maker, and rows made beforehand. */
#ifndef BENCH_FIXTURE_H
#define BENCH_FIXTURE_H

#include "engine/group.h"
#include "engine/maker.h"
#include "engine/spec.h"
#include "engine/world.h"

/* A sealed spec of "name value name value ..."; options as on the command line. On SB_OK, *out is
 * owned by the caller: sb_spec_close(). */
SB_CHECK sb_status bench_spec_open(const char *options, sb_spec **out, sb_error *err);

typedef struct bench_world {
    sb_spec *spec; /* owned, as all of these */
    sb_world *world;
    sb_maker *maker; /* may be NULL: see bench_world_of() */
} bench_world;

/* Pair with bench_world_close(), also when it fails. */
SB_CHECK sb_status bench_world_open(const char *options, bench_world *out, sb_error *err);
void bench_world_close(bench_world *world);

/* Rows of one kind, in a row. */
typedef struct bench_rows {
    sb_kind kind;
    uint8_t *bytes; /* owned */
    size_t length, capacity;
    uint32_t *begins; /* owned; [count + 1]: where row i begins */
    uint32_t count, most;
} bench_rows;

/* Makes the first `count` rows of the kind in the dataset of those options. Pair with
 * bench_rows_close(), also when it fails. */
SB_CHECK sb_status bench_rows_open(const char *options, sb_kind kind, uint32_t count,
                                   bench_rows *out, sb_error *err);
void bench_rows_close(bench_rows *rows);
static inline const uint8_t *bench_row(const bench_rows *rows, uint32_t index, size_t *row_bytes)
{
    *row_bytes = rows->begins[index + 1] - rows->begins[index];
    return rows->bytes + rows->begins[index];
}

/* SplitMix64 of a number: for questions that jump about. */
static inline uint64_t bench_random(uint64_t number)
{
    uint64_t z = (number + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* Something of the content of bytes, cheap: their number and the last of them. */
static inline uint64_t bench_content(const uint8_t *bytes, size_t byte_count)
{
    uint64_t last = 0;
    if (byte_count >= sizeof last)
        memcpy(&last, bytes + byte_count - sizeof last, sizeof last);
    return last ^ byte_count << 48;
}

#endif
