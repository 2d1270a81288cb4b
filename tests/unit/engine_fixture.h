/* What most tests of the engine begin with: a sealed spec, its world, and a maker.
 *
 * Options are pairs of names and values as on the command line, ended by NULL. What cannot be
 * opened fails the test and prints the sentence. */
#ifndef TESTS_UNIT_ENGINE_FIXTURE_H
#define TESTS_UNIT_ENGINE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/maker.h"
#include "engine/spec.h"
#include "engine/world.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef struct engine {
    sb_spec *spec;
    sb_world *world;
    sb_maker *maker;
} engine;

static inline void fixture_ok(sb_status status, const sb_error *err)
{
    if (status != SB_OK)
        fail_msg("%s: %s", sb_status_text(status), err->text);
}

/* Not sealed yet, so that a test can go on. */
static inline sb_spec *fixture_spec(const char *first, ...)
{
    sb_error err = {0};
    sb_spec *spec = NULL;
    va_list options;
    fixture_ok(sb_spec_open(&spec, &err), &err);
    va_start(options, first);
    for (const char *name = first; name != NULL; name = va_arg(options, const char *))
        fixture_ok(sb_spec_set(spec, name, va_arg(options, const char *), &err), &err);
    va_end(options);
    return spec;
}

/* Owned by the caller: engine_close(). Takes the spec over. */
static inline engine engine_of(sb_spec *spec)
{
    sb_error err = {0};
    engine all = {.spec = spec};
    fixture_ok(sb_spec_seal(all.spec, &err), &err);
    fixture_ok(sb_world_open(all.spec, &all.world, &err), &err);
    fixture_ok(sb_maker_open(all.world, &all.maker, &err), &err);
    return all;
}

#define engine_open(...) engine_of(fixture_spec(__VA_ARGS__, NULL))

static inline void engine_close(engine *all)
{
    sb_maker_close(all->maker);
    sb_world_close(all->world);
    sb_spec_close(all->spec);
    *all = (engine){0};
}

/* A count or a seed as an option. */
static inline void fixture_number(sb_spec *spec, const char *name, uint64_t value)
{
    char text[32];
    sb_error err = {0};
    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    fixture_ok(sb_spec_set(spec, name, text, &err), &err);
}

/* SplitMix64: numbers that have nothing to do with those under test. The state may be anything. */
static inline uint64_t fixture_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static inline uint64_t fixture_below(uint64_t *state, uint64_t bound)
{
    return fixture_random(state) % bound;
}

/* Even over orders of magnitude: as many below 10 as between 10 and 100. Up to `most`. */
static inline uint64_t fixture_magnitude(uint64_t *state, uint64_t most)
{
    uint64_t limit = 1;
    for (uint64_t steps = fixture_below(state, 41); steps > 0 && limit < most; steps--)
        limit *= 2;
    return fixture_below(state, (limit < most ? limit : most) + 1);
}

/* The chi-square statistic of `count` bins that should be equally full. */
static inline double fixture_chi_square(const uint32_t *bins, uint32_t count)
{
    double total = 0, sum = 0;
    for (uint32_t i = 0; i < count; i++)
        total += bins[i];
    for (uint32_t i = 0; i < count; i++) {
        double off = bins[i] - total / count;
        sum += off * off / (total / count);
    }
    return sum;
}

#endif
