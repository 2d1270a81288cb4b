/* Alias tables: what they give is what the weights say, exactly. */
#include "engine/alias.h"
#include "tests/unit/engine_fixture.h"

enum { ROWS_MAX = 2000 };

static uint32_t thresholds[ROWS_MAX], others[ROWS_MAX];
static uint64_t scratch[2 * ROWS_MAX];

static sb_alias build(const int64_t *weights, uint32_t count)
{
    sb_alias alias = {0, thresholds, others};
    memset(thresholds, 0xAA, sizeof thresholds);
    memset(others, 0xAA, sizeof others);
    sb_alias_build(&alias, weights, count, scratch);
    assert_int_equal(alias.count, count);
    return alias;
}

/* Adds up what each row gets of all slots, in units of a 2^32nd of a slot, and holds it to the
 * weights. A slot's threshold is rounded down by less than one unit, so a row is off by less than
 * `count`: a 2^32nd of the whole. */
static void check_masses(const int64_t *weights, uint32_t count)
{
    static sb_u128 masses[ROWS_MAX];
    sb_alias alias = build(weights, count);
    sb_u128 total = 0;
    memset(masses, 0, sizeof masses);
    for (uint32_t slot = 0; slot < count; slot++) {
        assert_true(alias.other[slot] < count);
        masses[slot] += alias.threshold[slot];
        masses[alias.other[slot]] += (UINT64_C(1) << 32) - alias.threshold[slot];
        total += (sb_u128)weights[slot];
    }
    for (uint32_t row = 0; row < count; row++) {
        sb_u128 exact = ((sb_u128)weights[row] * count << 32) / total;
        sb_u128 off = exact > masses[row] ? exact - masses[row] : masses[row] - exact;
        if (off > count)
            fail_msg("row %u of %u is off by %llu units", row, count, (unsigned long long)off);
        if (weights[row] == 0)
            assert_true(masses[row] == 0);
        else if (weights[row] > 0 && exact > count)
            assert_true(masses[row] > 0);
    }
}

static void masses_are_the_weights(void **state)
{
    static const int64_t even[] = {5, 5, 5, 5}, rising[] = {1, 2, 3, 4, 5, 6, 7};
    static const int64_t falling[] = {1000, 500, 333, 250, 200}, pair[] = {1, 2};
    (void)state;
    check_masses(even, COUNT(even));
    check_masses(rising, COUNT(rising));
    check_masses(falling, COUNT(falling));
    check_masses(pair, COUNT(pair));
}

static void masses_of_random_weights_are_the_weights(void **state)
{
    static int64_t weights[ROWS_MAX];
    uint64_t random = 3;
    (void)state;
    for (int n = 0; n < 300; n++) {
        uint32_t count = 1 + (uint32_t)fixture_below(&random, n < 250 ? 60 : ROWS_MAX);
        for (uint32_t i = 0; i < count; i++)
            weights[i] = (int64_t)fixture_magnitude(&random, INT32_MAX);
        weights[fixture_below(&random, count)] += 1; /* not all zero */
        check_masses(weights, count);
    }
}

static void largest_weights_do_not_overflow(void **state)
{
    static int64_t weights[ROWS_MAX];
    (void)state;
    for (uint32_t i = 0; i < ROWS_MAX; i++)
        weights[i] = INT32_MAX;
    check_masses(weights, ROWS_MAX);
    weights[0] = 1;
    check_masses(weights, ROWS_MAX);
}

static void rows_without_weight_are_never_drawn(void **state)
{
    static const int64_t weights[] = {0, 3, 0, 0, 1, 0};
    (void)state;
    sb_alias alias = build(weights, COUNT(weights));
    uint64_t random = 4;
    for (int n = 0; n < 100000; n++)
        assert_true(weights[sb_alias_draw(&alias, fixture_random(&random))] > 0);
    /* The corners of each slot, where a comparison that is off by one shows. */
    for (uint64_t slot = 0; slot < COUNT(weights); slot++) {
        uint64_t begin = (uint64_t)(((sb_u128)slot << 64) / COUNT(weights)) + 1;
        assert_true(weights[sb_alias_draw(&alias, begin)] > 0);
    }
    assert_true(weights[sb_alias_draw(&alias, 0)] > 0);
    assert_true(weights[sb_alias_draw(&alias, UINT64_MAX)] > 0);
}

static void one_row_is_always_drawn(void **state)
{
    static const int64_t weight[] = {7};
    (void)state;
    check_masses(weight, 1);
    sb_alias alias = build(weight, 1);
    assert_int_equal(sb_alias_draw(&alias, 0), 0);
    assert_int_equal(sb_alias_draw(&alias, UINT64_MAX), 0);
}

static void one_huge_weight_leaves_the_others_theirs(void **state)
{
    static int64_t weights[1000];
    (void)state;
    for (size_t i = 0; i < COUNT(weights); i++)
        weights[i] = i == 500 ? INT32_MAX : 1;
    check_masses(weights, COUNT(weights));
    for (size_t i = 0; i < COUNT(weights); i++)
        weights[i] = i == 999;
    check_masses(weights, COUNT(weights));
    sb_alias alias = build(weights, COUNT(weights));
    uint64_t random = 5;
    for (int n = 0; n < 10000; n++)
        assert_int_equal(sb_alias_draw(&alias, fixture_random(&random)), 999);
}

static void draws_follow_the_weights(void **state)
{
    static const int64_t weights[] = {10, 20, 30, 40};
    uint32_t drawn[4] = {0};
    (void)state;
    sb_alias alias = build(weights, 4);
    for (uint32_t n = 0; n < 100000; n++)
        drawn[sb_alias_draw(&alias, sb_draw((sb_key){6, 6}, n))]++;
    for (uint32_t i = 0; i < 4; i++)
        assert_in_range(drawn[i], weights[i] * 1000 - 1000, weights[i] * 1000 + 1000);
}

static void the_same_weights_give_the_same_table(void **state)
{
    static const int64_t weights[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};
    uint32_t kept[2][COUNT(weights)];
    (void)state;
    build(weights, COUNT(weights));
    memcpy(kept[0], thresholds, sizeof kept[0]);
    memcpy(kept[1], others, sizeof kept[1]);
    memset(scratch, 0x55, sizeof scratch);
    build(weights, COUNT(weights));
    assert_memory_equal(kept[0], thresholds, sizeof kept[0]);
    assert_memory_equal(kept[1], others, sizeof kept[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masses_are_the_weights),
        cmocka_unit_test(masses_of_random_weights_are_the_weights),
        cmocka_unit_test(largest_weights_do_not_overflow),
        cmocka_unit_test(rows_without_weight_are_never_drawn),
        cmocka_unit_test(one_row_is_always_drawn),
        cmocka_unit_test(one_huge_weight_leaves_the_others_theirs),
        cmocka_unit_test(draws_follow_the_weights),
        cmocka_unit_test(the_same_weights_give_the_same_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
