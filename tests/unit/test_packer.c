/* Frames packed by tokens: any zstd gives the rows back, whatever the marks say. */
#include "engine/group.h"
#include "format/packer.h"
#include "format/sequences.h"
#include "tests/unit/engine_fixture.h"

#include <stdlib.h>
#include <zstd.h>

/* The finder again, as it is compiled where there is no SSE2. */
#undef __SSE2__
#undef SB_HOT
#define sb_matcher_find plain_find
#include "format/sequences.c"
#undef sb_matcher_find
size_t sb_matcher_find(sb_matcher *matcher, const uint8_t *rows, size_t raw_bytes,
                       const sb_mark *marks, size_t mark_count, sb_sequence *sequences,
                       size_t capacity);

enum { FRAME_BYTES_MAX = SB_FRAME_RAW_BYTES + SB_ROW_BYTES_MAX };

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* Packers that check their sequences, and room to unpack. */
typedef struct bench {
    sb_packer *tokens, *generic;
    uint8_t *rows, *unpacked;
    sb_mark *marks;
} bench;

static bench open_bench(void)
{
    sb_error err = {0};
    bench b = {.rows = malloc(FRAME_BYTES_MAX),
               .unpacked = malloc(FRAME_BYTES_MAX),
               .marks = malloc(SB_FRAME_MARKS_MAX * sizeof(sb_mark))};
    fixture_ok(sb_packer_open(SB_ENCODER_TOKENS, 1, &b.tokens, &err), &err);
    fixture_ok(sb_packer_open(SB_ENCODER_GENERIC, 1, &b.generic, &err), &err);
    sb_packer_validate(b.tokens);
    return b;
}

static void close_bench(bench *b)
{
    sb_packer_close(b->tokens);
    sb_packer_close(b->generic);
    free(b->rows);
    free(b->unpacked);
    free(b->marks);
}

/* Packs both ways; both must unpack to the rows. Returns the bytes that tokens took. */
static size_t check_frame(bench *b, const sb_cutter *cutter, const uint8_t *rows, size_t raw_bytes)
{
    sb_error err = {0};
    size_t taken = 0;
    for (int encoder = 0; encoder < SB_ENCODER_COUNT; encoder++) {
        const uint8_t *out;
        size_t out_bytes;
        fixture_ok(sb_packer_pack(encoder == SB_ENCODER_TOKENS ? b->tokens : b->generic, cutter,
                                  rows, raw_bytes, &out, &out_bytes, &err),
                   &err);
        assert_int_equal(ZSTD_getFrameContentSize(out, out_bytes), raw_bytes);
        assert_int_equal(ZSTD_decompress(b->unpacked, FRAME_BYTES_MAX, out, out_bytes), raw_bytes);
        assert_memory_equal(b->unpacked, rows, raw_bytes);
        taken = encoder == SB_ENCODER_TOKENS ? out_bytes : taken;
    }
    return taken;
}

static sb_mark mark_at(const uint8_t *at, sb_marking marking)
{
    return (sb_mark)(uintptr_t)at << SB_MARKING_BITS | (sb_mark)marking;
}

/* `alphabet` letters repeat soon when few; marks every `step` bytes or so, of any sort. */
static void check_noise(bench *b, uint64_t seed, size_t raw_bytes, unsigned alphabet, unsigned step)
{
    uint64_t state = seed * 2 + 1;
    sb_cutter cutter = {.marks = b->marks};
    for (size_t i = 0; i < raw_bytes; i++)
        b->rows[i] = (uint8_t)(0x9C + next_random(&state) % alphabet);
    for (size_t at = next_random(&state) % step;
         at < raw_bytes && cutter.mark_count < SB_FRAME_MARKS_MAX; at += next_random(&state) % step)
        b->marks[cutter.mark_count++] =
            mark_at(b->rows + at, (sb_marking)(1 + next_random(&state) % 3));
    (void)check_frame(b, &cutter, b->rows, raw_bytes);
}

static void any_marks_give_the_rows_back(void **state)
{
    static const size_t sizes[] = {1,
                                   2,
                                   31,
                                   32,
                                   33,
                                   34,
                                   100,
                                   131071,
                                   131072,
                                   131073,
                                   131080,
                                   131103,
                                   131104,
                                   131105,
                                   262144,
                                   262145,
                                   999999,
                                   SB_FRAME_RAW_BYTES,
                                   FRAME_BYTES_MAX};
    bench b = open_bench();
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        for (uint64_t seed = 0; seed < 6; seed++)
            check_noise(&b, seed + 7 * i, sizes[i],
                        seed % 3 == 0   ? 2
                        : seed % 3 == 1 ? 6
                                        : 64,
                        seed < 3 ? 3 : 40);
    close_bench(&b);
}

/* The vectors of SSE2 and plain words find the same. */
static void plain_words_find_the_same(void **state)
{
    uint64_t random = 9;
    uint8_t *rows = malloc(300000);
    sb_mark *marks = malloc(40000 * sizeof *marks);
    sb_sequence *with = malloc(60000 * sizeof *with), *without = malloc(60000 * sizeof *with);
    sb_matcher *a = calloc(1, sizeof *a), *b = calloc(1, sizeof *b);
    (void)state;
    for (int turn = 0; turn < 20; turn++) {
        size_t count = 0;
        for (size_t i = 0; i < 300000; i++)
            rows[i] = (uint8_t)(next_random(&random) % 3 == 0 ? 0x20 + next_random(&random) % 40
                                                              : 0xA5 + i % 7);
        for (size_t at = 0; at < 300000 && count < 40000; at += 1 + next_random(&random) % 40)
            marks[count++] = mark_at(rows + at, (sb_marking)(1 + next_random(&random) % 3));
        size_t found = sb_matcher_find(a, rows, 300000, marks, count, with, 60000);
        assert_int_equal(plain_find(b, rows, 300000, marks, count, without, 60000), found);
        assert_memory_equal(with, without, found * sizeof *with);
    }
    free(rows);
    free(marks);
    free(with);
    free(without);
    free(a);
    free(b);
}

/* One byte over and over: one match from block to block, and the longest there is. */
static void runs_of_one_byte(void **state)
{
    bench b = open_bench();
    (void)state;
    memset(b.rows, 'x', FRAME_BYTES_MAX);
    b.marks[0] = mark_at(b.rows, SB_MARK_LONG); /* nothing stands before the first byte */
    for (size_t count = 0; count <= 2; count++) {
        b.marks[1] = mark_at(b.rows + 1, SB_MARK_LONG);
        sb_cutter cutter = {.marks = b.marks, .mark_count = count};
        (void)check_frame(&b, &cutter, b.rows, FRAME_BYTES_MAX);
    }
    close_bench(&b);
}

/* A text that stood before is found at its mark, and nowhere else. */
static void a_marked_text_is_found(void **state)
{
    static const char text[] = "\xB4Wolkenbruch & Partner";
    uint64_t random = 5;
    bench b = open_bench();
    sb_cutter cutter = {.marks = b.marks};
    (void)state;
    size_t at = 0;
    for (int i = 0; i < 1000; i++) {
        for (int k = 0; k < 9; k++)
            b.rows[at++] = (uint8_t)next_random(&random);
        b.marks[cutter.mark_count++] = mark_at(b.rows + at, SB_MARK_LONG);
        memcpy(b.rows + at, text, sizeof text - 1);
        at += sizeof text - 1;
    }
    size_t with = check_frame(&b, &cutter, b.rows, at);
    cutter.mark_count = 0;
    size_t without = check_frame(&b, &cutter, b.rows, at);
    assert_true(with < 12 * 1000);    /* nine bytes of noise, and a match */
    assert_true(without > 18 * 1000); /* the text each time, as Huffman has it */
    close_bench(&b);
}

/* What stood in an earlier frame is forgotten: each frame must unpack alone. */
static void a_frame_forgets_the_last(void **state)
{
    sb_matcher *matcher = malloc(sizeof *matcher);
    uint8_t rows[4096];
    sb_mark marks[64];
    sb_sequence first[80], again[80];
    (void)state;
    for (size_t i = 0; i < sizeof rows; i++)
        rows[i] = (uint8_t)(i % 64 + i / 64 % 2);
    for (size_t i = 0; i < 64; i++)
        marks[i] = mark_at(rows + 64 * i, SB_MARK_LONG);
    memset(matcher, 0xFF, sizeof *matcher);
    size_t count = sb_matcher_find(matcher, rows, sizeof rows, marks, 64, first, 80);
    assert_true(count > 1);
    assert_int_equal(sb_matcher_find(matcher, rows, sizeof rows, marks, 64, again, 80), count);
    assert_memory_equal(first, again, count * sizeof *first);
    free(matcher);
}

/* A word that was seen before begins up to ten bytes before a block's end: it is taken as far as
 * the block goes, or left, and in any case done with. */
static void words_at_the_end_of_a_block(void **state)
{
    static const char *const texts[] = {"\xD9\x2F"
                                        "merlin kestrel osprey harrier buzzard goshawks.",
                                        "\xD9\x2F"
                                        "hobbys goshawk buzzard harrier osprey kestrels."};
    const size_t text_bytes = 2 + 0x2F;
    const size_t most = 2 * SB_BLOCK_BYTES;
    bench b = open_bench();
    (void)state;
    for (size_t shift = 0; shift < 64; shift++) {
        uint64_t random = shift;
        sb_cutter cutter = {.marks = b.marks};
        for (size_t i = 0; i < most; i++)
            b.rows[i] = (uint8_t)next_random(&random);
        const size_t begins[] = {100, SB_BLOCK_BYTES - shift};
        for (size_t i = 0; i < 2; i++) {
            memcpy(b.rows + begins[i], texts[i], text_bytes);
            b.marks[cutter.mark_count++] = mark_at(b.rows + begins[i], SB_MARK_WORDS);
        }
        (void)check_frame(&b, &cutter, b.rows, most);
    }
    close_bench(&b);
}

/* Sequences that do not fit are left out; the rest stays right. */
static void room_for_few_sequences(void **state)
{
    uint8_t rows[8192];
    sb_mark marks[256];
    sb_sequence sequences[5];
    sb_matcher *matcher = calloc(1, sizeof *matcher);
    (void)state;
    for (size_t i = 0; i < sizeof rows; i++)
        rows[i] = (uint8_t)(i * i >> 7);
    memset(rows, 7, 4096);
    for (size_t i = 0; i < 256; i++)
        marks[i] = mark_at(rows + 32 * i, SB_MARK_SHORT);
    for (size_t capacity = 1; capacity <= 5; capacity++) {
        size_t bytes = 0;
        memset(matcher, 0, sizeof *matcher);
        size_t count = sb_matcher_find(matcher, rows, sizeof rows, marks, 256, sequences, capacity);
        assert_in_range(count, 1, capacity);
        for (size_t i = 0; i < count; i++)
            bytes += sequences[i].literal_bytes + sequences[i].match_bytes;
        assert_int_equal(bytes, sizeof rows);
        assert_int_equal(sequences[count - 1].match_bytes, 0);
    }
    free(matcher);
}

/* ---- rows of every kind -----------------------------------------------------------------------
 */

typedef struct both {
    bench bench;
    sb_press press;
    size_t marks[SB_KIND_COUNT], tokens[SB_KIND_COUNT], raw[SB_KIND_COUNT];
} both;

static sb_status take_frame(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                            uint32_t row_count, sb_error *err)
{
    both *all = user;
    (void)row_count;
    (void)err;
    all->marks[kind] += all->press.cutters[kind].mark_count;
    all->raw[kind] += raw_bytes;
    all->tokens[kind] += check_frame(&all->bench, &all->press.cutters[kind], rows, raw_bytes);
    assert_true(all->press.cutters[kind].mark_count < SB_FRAME_MARKS_MAX);
    return SB_OK;
}

/* Takes the spec over. */
static void check_spec(sb_spec *spec)
{
    sb_error err = {0};
    engine world = engine_of(spec);
    both all = {.bench = open_bench()};
    sb_kind_set kinds = sb_spec_kinds(spec);
    fixture_ok(sb_press_open(world.world, kinds, take_frame, &all, &all.press, &err), &err);
    fixture_ok(sb_press_want_marks(&all.press, &err), &err);
    for (uint64_t group = 0; group < world.world->group_count && group < 4; group++)
        fixture_ok(sb_group_make(&all.press, group, &err), &err);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (all.raw[kind] > SB_FRAME_RAW_BYTES / 4 && all.tokens[kind] * 2 > all.raw[kind])
            fail_msg("%s: %zu of %zu bytes with %zu marks", sb_kind_name((sb_kind)kind),
                     all.tokens[kind], all.raw[kind], all.marks[kind]);
    sb_press_close(&all.press);
    close_bench(&all.bench);
    engine_close(&world);
}

static void random_specs(void **state)
{
    static const char *const profiles[] = {"demo", "aml", "finbench"};
    uint64_t random = 20261121;
    (void)state;
    for (int i = 0; i < 6; i++) {
        sb_spec *spec = fixture_spec("profile", profiles[i % 3], "all-kinds", "true", NULL);
        fixture_number(spec, "entities", 1000 + next_random(&random) % 30000);
        fixture_number(spec, "seed", next_random(&random));
        check_spec(spec);
    }
}

static void encoders_have_names(void **state)
{
    sb_packer *packer = NULL;
    sb_error err = {0};
    (void)state;
    assert_string_equal(sb_encoder_name(SB_ENCODER_GENERIC), "generic");
    assert_string_equal(sb_encoder_name(SB_ENCODER_TOKENS), "tokens-1");
    fixture_ok(sb_packer_open(SB_ENCODER_GENERIC, 19, &packer, &err), &err);
    sb_packer_close(packer);
    assert_true(sb_packer_memory_bytes(SB_ENCODER_TOKENS, 1) < 4u << 20);
}

int main(void)
{
    if (!sb_packer_has_tokens()) {
        puts("this libzstd takes no sequences: nothing to test");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_marks_give_the_rows_back),
        cmocka_unit_test(plain_words_find_the_same),
        cmocka_unit_test(runs_of_one_byte),
        cmocka_unit_test(a_marked_text_is_found),
        cmocka_unit_test(a_frame_forgets_the_last),
        cmocka_unit_test(words_at_the_end_of_a_block),
        cmocka_unit_test(room_for_few_sequences),
        cmocka_unit_test(random_specs),
        cmocka_unit_test(encoders_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
