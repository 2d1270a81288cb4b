/* The arena hands out what it was paid for, and not a byte more. */
#include "engine/arena.h"
#include "tests/unit/engine_fixture.h"

static sb_arena *open_arena(size_t cap_bytes)
{
    sb_error err = {0};
    sb_arena *arena = NULL;
    fixture_ok(sb_arena_open(cap_bytes, &arena, &err), &err);
    return arena;
}

static void take_stops_at_cap(void **state)
{
    (void)state;
    sb_arena *arena = open_arena(1024);
    assert_non_null(sb_arena_take(arena, 512));
    assert_null(sb_arena_take(arena, 513));
    assert_non_null(sb_arena_take(arena, 512));
    assert_int_equal(sb_arena_used_bytes(arena), 1024);
    assert_null(sb_arena_take(arena, 1));
    assert_null(sb_arena_take(arena, SIZE_MAX));
    sb_arena_close(arena);
}

/* The last piece need not be a multiple of the alignment. */
static void take_gives_all_of_an_odd_cap(void **state)
{
    (void)state;
    sb_arena *arena = open_arena(100);
    unsigned char *first = sb_arena_take(arena, 90);
    assert_non_null(first);
    memset(first, 1, 90);
    unsigned char *last = sb_arena_take(arena, 4);
    assert_non_null(last);
    memset(last, 2, 4);
    assert_int_equal(first[89], 1);
    assert_null(sb_arena_take(arena, 1));
    sb_arena_reset(arena);
    assert_null(sb_arena_take(arena, 101));
    first = sb_arena_take(arena, 100);
    assert_non_null(first);
    memset(first, 3, 100);
    sb_arena_close(arena);
}

static void pieces_are_aligned_and_apart(void **state)
{
    enum { PIECES = 50 };
    unsigned char *pieces[PIECES];
    (void)state;
    sb_arena *arena = open_arena(64 * 1024);
    for (size_t i = 0; i < PIECES; i++) {
        pieces[i] = sb_arena_take(arena, i + 1);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % 16, 0);
        memset(pieces[i], (int)i, i + 1);
    }
    for (size_t i = 0; i < PIECES; i++)
        for (size_t k = 0; k <= i; k++)
            assert_int_equal(pieces[i][k], i);
    sb_arena_close(arena);
}

static void a_size_of_zero_takes_nothing(void **state)
{
    (void)state;
    sb_arena *arena = open_arena(64);
    assert_non_null(sb_arena_take(arena, 0));
    assert_int_equal(sb_arena_used_bytes(arena), 0);
    assert_non_null(sb_arena_take(arena, 64));
    assert_non_null(sb_arena_take(arena, 0)); /* full is not "no memory" for who needs none */
    assert_int_equal(sb_arena_used_bytes(arena), 64);
    sb_arena_close(arena);
}

static void an_arena_of_nothing_gives_nothing(void **state)
{
    (void)state;
    sb_arena *arena = open_arena(0);
    assert_non_null(sb_arena_take(arena, 0));
    assert_null(sb_arena_take(arena, 1));
    sb_arena_close(arena);
}

static void reset_takes_everything_back(void **state)
{
    (void)state;
    sb_arena *arena = open_arena(4096);
    void *before = sb_arena_take(arena, 4096);
    sb_arena_reset(arena);
    assert_int_equal(sb_arena_used_bytes(arena), 0);
    assert_ptr_equal(sb_arena_take(arena, 4096), before);
    assert_null(sb_arena_take(arena, 1));
    sb_arena_close(arena);
}

static void peak_outlives_reset(void **state)
{
    (void)state;
    sb_arena *arena = open_arena(4096);
    assert_int_equal(sb_arena_peak_bytes(arena), 0);
    assert_non_null(sb_arena_take(arena, 1000));
    assert_in_range(sb_arena_peak_bytes(arena), 1000, 1008);
    sb_arena_reset(arena);
    assert_non_null(sb_arena_take(arena, 10));
    assert_in_range(sb_arena_peak_bytes(arena), 1000, 1008);
    assert_non_null(sb_arena_take(arena, 2000));
    assert_in_range(sb_arena_peak_bytes(arena), 2010, 2032);
    assert_null(sb_arena_take(arena, 4000)); /* what was refused does not count */
    assert_in_range(sb_arena_peak_bytes(arena), 2010, 2032);
    sb_arena_close(arena);
}

/* Rounding it up must not make it small. */
static void a_cap_beyond_all_memory_is_refused(void **state)
{
    sb_error err = {0};
    sb_arena *arena = NULL;
    (void)state;
    assert_int_equal(sb_arena_open(SIZE_MAX, &arena, &err), SB_ENOMEM);
    assert_null(arena);
    assert_true(err.text[0] != '\0');
}

static void close_takes_null(void **state)
{
    (void)state;
    sb_arena_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(take_stops_at_cap),
        cmocka_unit_test(take_gives_all_of_an_odd_cap),
        cmocka_unit_test(pieces_are_aligned_and_apart),
        cmocka_unit_test(a_size_of_zero_takes_nothing),
        cmocka_unit_test(an_arena_of_nothing_gives_nothing),
        cmocka_unit_test(reset_takes_everything_back),
        cmocka_unit_test(peak_outlives_reset),
        cmocka_unit_test(a_cap_beyond_all_memory_is_refused),
        cmocka_unit_test(close_takes_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
