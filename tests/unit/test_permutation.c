/* Keyed permutations: each is one, and can be undone, at any size. */
#include "engine/draw.h"
#include "tests/unit/engine_fixture.h"

static const sb_key some_key = {0x0123456789abcdefu, 0xfedcba9876543210u};

/* Every point is hit once, and finds its way back. `seen` has room for `size` bits. */
static void check_bijection(sb_key key, uint64_t size, unsigned char *seen)
{
    sb_permutation p = sb_permutation_make(key, size);
    memset(seen, 0, (size_t)(size / 8 + 1));
    for (uint64_t x = 0; x < size; x++) {
        uint64_t y = sb_permute(&p, x);
        if (y >= size || seen[y / 8] >> (y % 8) & 1)
            fail_msg("size %llu: %llu goes to %llu, outside or taken", (unsigned long long)size,
                     (unsigned long long)x, (unsigned long long)y);
        seen[y / 8] |= (unsigned char)(1 << (y % 8));
        if (sb_permute_inverse(&p, y) != x)
            fail_msg("size %llu: %llu does not come back", (unsigned long long)size,
                     (unsigned long long)x);
    }
}

static void all_small_sizes_are_bijections(void **state)
{
    unsigned char seen[64];
    (void)state;
    for (uint64_t size = 1; size <= 300; size++)
        for (uint64_t n = 0; n < 8; n++)
            check_bijection(sb_row_key(some_key, n), size, seen);
}

static void sizes_around_powers_of_two_are_bijections(void **state)
{
    static const uint64_t sizes[] = {1000,  1023,  1024,          1025,         65535,
                                     65536, 65537, (1 << 20) - 1, (1 << 20) + 1};
    unsigned char *seen = malloc((1 << 20) / 8 + 2);
    (void)state;
    assert_non_null(seen);
    for (size_t i = 0; i < COUNT(sizes); i++)
        check_bijection(some_key, sizes[i], seen);
    free(seen);
}

static void size_one_stays_where_it_is(void **state)
{
    (void)state;
    sb_permutation p = sb_permutation_make(some_key, 1);
    assert_int_equal(sb_permute(&p, 0), 0);
    assert_int_equal(sb_permute_inverse(&p, 0), 0);
}

static void check_points(uint64_t size, uint64_t *random)
{
    sb_key key = {fixture_random(random), fixture_random(random)};
    sb_permutation p = sb_permutation_make(key, size);
    for (int n = 0; n < 2000; n++) {
        uint64_t x = n == 0 ? 0 : n == 1 ? size - 1 : fixture_below(random, size);
        uint64_t y = sb_permute(&p, x);
        assert_true(y < size);
        assert_true(sb_permute_inverse(&p, y) == x);
        assert_true(sb_permute(&p, sb_permute_inverse(&p, x)) == x);
    }
}

static void points_of_huge_sizes_come_back(void **state)
{
    static const uint64_t edges[] = {10000000000u,
                                     999999999999u,
                                     1000000000000u,
                                     (UINT64_C(1) << 40) + 1,
                                     (UINT64_C(1) << 60) - 1,
                                     UINT64_C(1) << 60};
    uint64_t random = 2;
    (void)state;
    for (size_t i = 0; i < COUNT(edges); i++)
        check_points(edges[i], &random);
    for (int n = 0; n < 100; n++)
        check_points(1 + fixture_below(&random, 1000000000000u), &random);
}

/* Walking on until the result is inside takes fewer than two steps on average, even just above a
 * power of two: else a permutation were slow at some sizes. */
static void walks_are_short(void **state)
{
    static const uint64_t sizes[] = {3, 5, 9, 17, 1025, 65537, (UINT64_C(1) << 40) + 1};
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        sb_permutation p = sb_permutation_make(some_key, sizes[i]);
        assert_true((UINT64_C(1) << (p.low_bits + p.high_bits)) < 2 * sizes[i]);
    }
}

/* Keys are always hashed: neighbours here are neighbouring rows of a stream. */
static void different_keys_differ(void **state)
{
    sb_permutation p = sb_permutation_make(sb_row_key(some_key, 0), 1000);
    (void)state;
    for (uint64_t n = 1; n <= 1000; n++) {
        sb_permutation q = sb_permutation_make(sb_row_key(some_key, n), 1000);
        int equal = 0;
        for (uint64_t x = 0; x < 1000; x++)
            equal += sb_permute(&p, x) == sb_permute(&q, x);
        assert_true(equal <= 12); /* one on average */
    }
}

/* Cells have few of everything sometimes; then too, anyone may be first. */
static void each_place_of_a_small_size_is_as_likely(void **state)
{
    (void)state;
    for (uint32_t size = 2; size <= 24; size++)
        for (uint64_t x = 0; x < size; x += size - 1) {
            uint32_t bins[24] = {0};
            for (uint64_t n = 0; n < 4000; n++) {
                sb_permutation p = sb_permutation_make(sb_row_key(some_key, n), size);
                bins[sb_permute(&p, x)]++;
            }
            assert_true(fixture_chi_square(bins, size) < 30 + 2 * size);
        }
}

static void neighbours_do_not_stay_neighbours(void **state)
{
    sb_permutation p = sb_permutation_make(some_key, 1000000);
    int near = 0;
    (void)state;
    for (uint64_t x = 0; x < 100000; x++) {
        uint64_t a = sb_permute(&p, x), b = sb_permute(&p, x + 1);
        near += (a > b ? a - b : b - a) < 1000;
    }
    assert_in_range(near, 100, 300); /* 200 on average */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_small_sizes_are_bijections),
        cmocka_unit_test(sizes_around_powers_of_two_are_bijections),
        cmocka_unit_test(size_one_stays_where_it_is),
        cmocka_unit_test(points_of_huge_sizes_come_back),
        cmocka_unit_test(walks_are_short),
        cmocka_unit_test(different_keys_differ),
        cmocka_unit_test(each_place_of_a_small_size_is_as_likely),
        cmocka_unit_test(neighbours_do_not_stay_neighbours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
