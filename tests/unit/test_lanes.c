/* Draws of many rows at once are those of one row after the other, whatever the processor can. */
#include "engine/lanes.h"
#include "tests/unit/engine_fixture.h"

static uint64_t next_number(uint64_t *state)
{
    *state += 0x9E3779B97F4A7C15u;
    return sb_draw((sb_key){*state, ~*state}, 7);
}

static void each_set_makes_the_keys_of_rows(void **state)
{
    (void)state;
    uint64_t seed = 1, indices[SB_LANES];
    for (uint32_t nth = 0; sb_lanes_find(nth) != NULL; nth++)
        for (int turn = 0; turn < 200; turn++) {
            sb_keys streams, rows;
            for (uint32_t i = 0; i < SB_LANES; i++) {
                streams.low[i] = next_number(&seed);
                streams.high[i] = next_number(&seed);
                indices[i] = turn == 0 ? UINT64_MAX : next_number(&seed) >> (turn % 64);
            }
            sb_lanes_find(nth)->row_keys(&streams, indices, &rows);
            for (uint32_t i = 0; i < SB_LANES; i++) {
                sb_key key = sb_row_key(sb_keys_at(&streams, i), indices[i]);
                assert_true(rows.low[i] == key.low && rows.high[i] == key.high);
            }
            sb_lanes_find(nth)->row_keys(&streams, indices, &streams); /* in place */
            assert_memory_equal(&streams, &rows, sizeof rows);
        }
}

static void each_set_makes_the_draws_of_rows(void **state)
{
    (void)state;
    uint64_t seed = 2, out[SB_LANES];
    for (uint32_t nth = 0; sb_lanes_find(nth) != NULL; nth++)
        for (uint32_t number = 0; number < 500; number++) {
            sb_keys rows;
            for (uint32_t i = 0; i < SB_LANES; i++) {
                rows.low[i] = next_number(&seed);
                rows.high[i] = next_number(&seed);
            }
            sb_lanes_find(nth)->draws(&rows, number * number, out);
            for (uint32_t i = 0; i < SB_LANES; i++)
                assert_true(out[i] == sb_draw(sb_keys_at(&rows, i), number * number));
        }
}

static void each_set_makes_the_draws_of_a_row(void **state)
{
    (void)state;
    uint64_t seed = 4, out[SB_SERIES];
    for (uint32_t nth = 0; sb_lanes_find(nth) != NULL; nth++)
        for (uint32_t number = 0; number < 500; number++) {
            sb_key row = {next_number(&seed), next_number(&seed)};
            sb_lanes_find(nth)->series(row, number * number, out);
            for (uint32_t i = 0; i < SB_SERIES; i++)
                assert_true(out[i] == sb_draw(row, number * number + i));
        }
}

/* Of sizes that are powers of two, one more and one less: those walk on, seldom and often. */
static void each_set_permutes(void **state)
{
    (void)state;
    uint64_t seed = 3, x[SB_LANES], y[SB_LANES];
    for (uint32_t nth = 0; sb_lanes_find(nth) != NULL; nth++)
        for (int bits = 1; bits < 63; bits++)
            for (int more = -1; more <= 1; more++) {
                uint64_t size = ((uint64_t)1 << bits) + (uint64_t)more;
                sb_key key = {next_number(&seed), next_number(&seed)};
                sb_permutation p = sb_permutation_make(key, size);
                for (uint32_t i = 0; i < SB_LANES; i++)
                    y[i] = x[i] = i == 0 ? size - 1 : sb_below(next_number(&seed), size);
                sb_lanes_find(nth)->permute(&p, y);
                for (uint32_t i = 0; i < SB_LANES; i++)
                    assert_true(y[i] == sb_permute(&p, x[i]));
            }
}

static void the_best_set_is_the_last(void **state)
{
    (void)state;
    uint32_t count = 0;
    while (sb_lanes_find(count) != NULL)
        print_message("set %u: %s\n", count, sb_lanes_find(count)->name), count++;
    assert_true(count > 0);
    assert_ptr_equal(sb_lanes_best(), sb_lanes_find(count - 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_set_makes_the_keys_of_rows),
        cmocka_unit_test(each_set_makes_the_draws_of_rows),
        cmocka_unit_test(each_set_makes_the_draws_of_a_row),
        cmocka_unit_test(each_set_permutes),
        cmocka_unit_test(the_best_set_is_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
