/* Draws: known answers, full avalanche, and streams that share nothing. */
#include "engine/draw.h"

#include <sodium.h>

#include "tests/unit/engine_fixture.h"

static int start_sodium(void **state)
{
    (void)state;
    return sodium_init() < 0 ? -1 : 0;
}

/* ---- Philox -----------------------------------------------------------------------------------
 */

/* The vectors of philox4x32 10 in Random123's kat_vectors. */
static void philox_gives_the_published_answers(void **state)
{
    static const struct {
        uint32_t counter[4], key[2], answer[4];
    } vectors[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX},
         {UINT32_MAX, UINT32_MAX},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        uint32_t words[4];
        memcpy(words, vectors[i].counter, sizeof words);
        sb_philox4x32(words, vectors[i].key[0], vectors[i].key[1]);
        assert_memory_equal(words, vectors[i].answer, sizeof words);
    }
}

/* The same vectors through the door that everybody uses: which word goes where. */
static void row_key_is_philox_of_stream_and_index(void **state)
{
    (void)state;
    sb_key key =
        sb_row_key((sb_key){0x299f31d0a4093822u, 0x0370734413198a2eu}, 0x85a308d3243f6a88u);
    assert_int_equal(key.low, 0x94fdccebd16cfe09u);
    assert_int_equal(key.high, 0x24126ea15001e420u);
}

/* Far beyond 2^32, where a 32-bit index would begin again. */
static void row_keys_do_not_repeat_beyond_32_bits(void **state)
{
    sb_key stream = {1, 2};
    (void)state;
    for (uint64_t shift = 32; shift < 64; shift++) {
        sb_key near = sb_row_key(stream, 5), far = sb_row_key(stream, 5 + ((uint64_t)1 << shift));
        assert_true(near.low != far.low);
        assert_true(near.high != far.high);
    }
}

/* ---- the mix ----------------------------------------------------------------------------------
 */

enum { SAMPLES = 32768, INPUT_BITS = 64 + 64 + 16 };

static void flip(sb_key *key, uint32_t *number, int bit)
{
    if (bit < 64)
        key->low ^= (uint64_t)1 << bit;
    else if (bit < 128)
        key->high ^= (uint64_t)1 << (bit - 64);
    else
        *number ^= 1u << (bit - 128);
}

/* How often each output bit flips with one input bit. */
static void count_flips(int bit, uint64_t *random, uint32_t flips[64])
{
    memset(flips, 0, 64 * sizeof *flips);
    for (int n = 0; n < SAMPLES; n++) {
        sb_key key = {fixture_random(random), fixture_random(random)};
        uint32_t number = (uint32_t)fixture_below(random, 65536);
        uint64_t before = sb_draw(key, number);
        flip(&key, &number, bit);
        uint64_t changed = before ^ sb_draw(key, number);
        for (int out = 0; out < 64; out++)
            flips[out] += (uint32_t)(changed >> out & 1);
    }
}

/* 0.02 is seven standard deviations of what is counted. */
static void each_input_bit_flips_each_output_bit_half_the_time(void **state)
{
    uint64_t random = 1;
    uint32_t flips[64];
    (void)state;
    for (int bit = 0; bit < INPUT_BITS; bit++) {
        count_flips(bit, &random, flips);
        for (int out = 0; out < 64; out++)
            if (flips[out] < 0.48 * SAMPLES || flips[out] > 0.52 * SAMPLES)
                fail_msg("input bit %d flips output bit %d in %.3f", bit, out,
                         (double)flips[out] / SAMPLES);
    }
}

/* The numbers and keys that rows really use: small, one after the other. */
static void low_numbers_give_even_bytes(void **state)
{
    static uint32_t bins[2][8][256];
    (void)state;
    memset(bins, 0, sizeof bins);
    for (uint32_t n = 0; n < 65536; n++) {
        uint64_t one_row = sb_draw((sb_key){0, 0}, n), one_field = sb_draw((sb_key){n, 0}, 1);
        for (int byte = 0; byte < 8; byte++) {
            bins[0][byte][one_row >> (8 * byte) & 255]++;
            bins[1][byte][one_field >> (8 * byte) & 255]++;
        }
    }
    /* 255 degrees of freedom: 255 on average, with a deviation of 22.6. */
    for (int of = 0; of < 2; of++)
        for (int byte = 0; byte < 8; byte++)
            assert_in_range((uint64_t)fixture_chi_square(bins[of][byte], 256), 120, 390);
}

static void row_keys_give_even_bytes(void **state)
{
    static uint32_t bins[16][256];
    sb_key stream = sb_key_derive((sb_seed){0, 0}, "persons", 0, 0);
    (void)state;
    memset(bins, 0, sizeof bins);
    for (uint64_t row = 0; row < 65536; row++) {
        sb_key key = sb_row_key(stream, row);
        for (int byte = 0; byte < 8; byte++) {
            bins[byte][key.low >> (8 * byte) & 255]++;
            bins[8 + byte][key.high >> (8 * byte) & 255]++;
        }
    }
    for (int byte = 0; byte < 16; byte++)
        assert_in_range((uint64_t)fixture_chi_square(bins[byte], 256), 120, 390);
}

static void fields_own_their_draw_numbers(void **state)
{
    (void)state;
    assert_int_equal(SB_DRAW_NUMBER(1, 0), 256);
    assert_int_equal(SB_DRAW_NUMBER(1, 255) + 1, SB_DRAW_NUMBER(2, 0));
}

/* ---- bounds -----------------------------------------------------------------------------------
 */

static void below_never_reaches_its_bound(void **state)
{
    static const uint64_t bounds[] = {
        1, 2, 3, 10, 1000000, UINT64_C(1) << 32, UINT64_C(1) << 63, UINT64_MAX};
    (void)state;
    for (size_t i = 0; i < COUNT(bounds); i++) {
        assert_int_equal(sb_below(0, bounds[i]), 0);
        assert_int_equal(sb_below(UINT64_MAX, bounds[i]), bounds[i] - 1);
    }
    assert_int_equal(sb_below((UINT64_C(1) << 63) - 1, 2), 0);
    assert_int_equal(sb_below(UINT64_C(1) << 63, 2), 1);
}

static void below_is_even(void **state)
{
    uint32_t bins[100] = {0};
    (void)state;
    for (uint32_t n = 0; n < 100000; n++)
        bins[sb_below(sb_draw((sb_key){9, 9}, n), 100)]++;
    assert_in_range((uint64_t)fixture_chi_square(bins, 100), 40, 185);
}

static void chance_holds_at_both_ends(void **state)
{
    (void)state;
    assert_false(sb_chance(0, 0));
    assert_false(sb_chance(UINT64_MAX, 0));
    assert_true(sb_chance(0, 1));
    assert_false(sb_chance(UINT64_MAX, 999999));
    assert_true(sb_chance(UINT64_MAX, 1000000));
}

static void muldiv_does_not_overflow(void **state)
{
    (void)state;
    assert_int_equal(sb_muldiv(UINT64_MAX, UINT64_MAX, UINT64_MAX), UINT64_MAX);
    assert_int_equal(sb_muldiv(7, 3, 2), 10);
    assert_int_equal(sb_muldiv(0, UINT64_MAX, 1), 0);
}

/* ---- keys of streams --------------------------------------------------------------------------
 */

static bool same_key(sb_key a, sb_key b)
{
    return a.low == b.low && a.high == b.high;
}

static void derive_is_a_function(void **state)
{
    sb_seed seed = {42, 7};
    (void)state;
    assert_true(same_key(sb_key_derive(seed, "cell", 3, 4), sb_key_derive(seed, "cell", 3, 4)));
}

static void derive_differs_by_each_argument(void **state)
{
    static const char longest[] = "a_name_of_thirty_one_bytes_long";
    (void)state;
    sb_key base = sb_key_derive((sb_seed){42, 0}, "cell", 1, 2);
    const sb_key others[] = {
        sb_key_derive((sb_seed){43, 0}, "cell", 1, 2),
        sb_key_derive((sb_seed){42, 1}, "cell", 1, 2),
        sb_key_derive((sb_seed){0, 42}, "cell", 1, 2),
        sb_key_derive((sb_seed){42, 0}, "cells", 1, 2),
        sb_key_derive((sb_seed){42, 0}, "", 1, 2),
        sb_key_derive((sb_seed){42, 0}, "cell", 2, 1),
        sb_key_derive((sb_seed){42, 0}, "cell", 1, 3),
        sb_key_derive((sb_seed){42, 0}, "cell", 0, 2),
        sb_key_derive((sb_seed){42, 0}, longest, 1, 2),
        sb_key_derive((sb_seed){42, 0}, "cell", UINT64_C(1) << 32 | 1, 2),
    };
    assert_int_equal(sizeof longest - 1, 31);
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_true(base.low != others[i].low && base.high != others[i].high);
        for (size_t k = 0; k < i; k++)
            assert_false(same_key(others[i], others[k]));
    }
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Keys of streams and of rows, and what rows draw first: whatever of one seed could turn up in the
 * other. Seeds are hashed in, never added: with seed + i, the second row of 42 were the first
 * of 43. */
static void neighbouring_seeds_share_nothing(void **state)
{
    static const char *const names[] = {"persons", "companies", "accounts", "cell", "link"};
    enum { ROWS = 2000, EACH = COUNT(names) * ROWS * 4 };
    uint64_t *all = malloc(2 * EACH * sizeof *all);
    size_t filled = 0;
    (void)state;
    assert_non_null(all);
    for (uint64_t seed = 42; seed <= 43; seed++)
        for (size_t name = 0; name < COUNT(names); name++)
            for (uint64_t row = 0; row < ROWS; row++) {
                sb_key stream = sb_key_derive((sb_seed){seed, 0}, names[name], row / 1000, 0);
                sb_key key = sb_row_key(stream, row);
                all[filled++] = key.low;
                all[filled++] = key.high;
                all[filled++] = sb_draw(key, 0);
                all[filled++] = sb_draw(key, 1);
            }
    qsort(all, filled, sizeof *all, compare_u64);
    for (size_t i = 1; i < filled; i++)
        assert_true(all[i - 1] != all[i]);
    free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_answers),
        cmocka_unit_test(row_key_is_philox_of_stream_and_index),
        cmocka_unit_test(row_keys_do_not_repeat_beyond_32_bits),
        cmocka_unit_test(each_input_bit_flips_each_output_bit_half_the_time),
        cmocka_unit_test(low_numbers_give_even_bytes),
        cmocka_unit_test(row_keys_give_even_bytes),
        cmocka_unit_test(fields_own_their_draw_numbers),
        cmocka_unit_test(below_never_reaches_its_bound),
        cmocka_unit_test(below_is_even),
        cmocka_unit_test(chance_holds_at_both_ends),
        cmocka_unit_test(muldiv_does_not_overflow),
        cmocka_unit_test(derive_is_a_function),
        cmocka_unit_test(derive_differs_by_each_argument),
        cmocka_unit_test(neighbouring_seeds_share_nothing),
    };
    return cmocka_run_group_tests(tests, start_sodium, NULL);
}
