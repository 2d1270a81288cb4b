/* What becomes of a frame of rows, part by part: the matches that its marks give, packing it with
 * them and with zstd's own search, and the way back: unpacking, hashing, checking, text. Each
 * benchmark has the first frame of its kind in a demo dataset, just as a worker has it. */
#include <stdlib.h>
#include <zstd.h>

#include "bench/fixture.h"
#include "bench/harness.h"
#include "format/hashing.h"
#include "format/packer.h"
#include "format/row_plan.h"
#include "format/row_text.h"
#include "format/sequences.h"

typedef struct frame_case {
    sb_kind kind;
    sb_encoder encoder;
} frame_case;

typedef struct frame_bench {
    bench_world world;
    sb_press press;      /* holds the frame, and its marks */
    const uint8_t *rows; /* borrowed from the press */
    size_t raw_bytes;
    uint32_t row_count;
    const sb_cutter *cutter; /* borrowed likewise */
    sb_packer *packer;
    const uint8_t *packed; /* borrowed from the packer */
    size_t packed_bytes;
    sb_matcher *matcher;    /* owned */
    sb_sequence *sequences; /* owned; [sequence_room] */
    size_t sequence_room, sequence_count;
    uint8_t *raw; /* owned: unpacked */
    ZSTD_DCtx *unpacker;
    sb_row_plan *plan; /* owned */
    sb_bytes text;
} frame_bench;

static void close_frame(void *state)
{
    frame_bench *f = state;
    sb_press_close(&f->press);
    bench_world_close(&f->world);
    sb_packer_close(f->packer);
    free(f->matcher);
    free(f->sequences);
    free(f->raw);
    ZSTD_freeDCtx(f->unpacker);
    sb_row_plan_close(f->plan);
    sb_bytes_close(&f->text);
    free(f);
}

/* The first frame is enough; the cutter keeps it until it is given another row. */
static sb_status keep_frame(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                            uint32_t row_count, sb_error *err)
{
    frame_bench *f = user;
    (void)kind;
    (void)err;
    f->rows = rows;
    f->raw_bytes = raw_bytes;
    f->row_count = row_count;
    return SB_ESTOPPED;
}

static sb_status make_frame(frame_bench *f, const frame_case *of, sb_error *err)
{
    SB_TRY(bench_world_open("seed 42 entities 1m", &f->world, err));
    SB_TRY(sb_press_open(f->world.world, 1u << of->kind, keep_frame, f, &f->press, err));
    if (of->encoder == SB_ENCODER_TOKENS)
        SB_TRY(sb_press_want_marks(&f->press, err));
    f->cutter = &f->press.cutters[of->kind];
    static const sb_row_text_options options = {.format = SB_NDJSON};
    SB_TRY(sb_row_plan_open(sb_schema(of->kind), &options, &f->plan, err));
    sb_status status = sb_group_make(&f->press, 0, err);
    if (status == SB_OK)
        return sb_fail(err, SB_EWRONG, "a group without rows of %s", sb_kind_name(of->kind));
    return status == SB_ESTOPPED ? SB_OK : status;
}

static sb_status open_frame(const bench_case *one, const bench_places *places, void **state,
                            sb_error *err)
{
    const frame_case *of = one->of;
    frame_bench *f = calloc(1, sizeof *f);
    (void)places;
    if (f == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a benchmark");
    *state = f;
    SB_TRY(make_frame(f, of, err));
    f->sequence_room = f->raw_bytes / SB_MATCH_BYTES_MIN + 16;
    f->matcher = calloc(1, sizeof *f->matcher);
    f->sequences = malloc(f->sequence_room * sizeof *f->sequences);
    f->raw = malloc(f->raw_bytes);
    f->unpacker = ZSTD_createDCtx();
    if (f->matcher == NULL || f->sequences == NULL || f->raw == NULL || f->unpacker == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a frame");
    SB_TRY(sb_packer_open(of->encoder, 1, &f->packer, err));
    return sb_packer_pack(f->packer, f->cutter, f->rows, f->raw_bytes, &f->packed, &f->packed_bytes,
                          err);
}

/* ---- there ---------------------------------------------------------------------------------- */

static sb_status run_sequences(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    frame_bench *f = state;
    (void)turn;
    (void)err;
    f->sequence_count = sb_matcher_find(f->matcher, f->rows, f->raw_bytes, f->cutter->marks,
                                        f->cutter->mark_count, f->sequences, f->sequence_room);
    bench_count(made, f->row_count, f->raw_bytes,
                f->sequence_count ^ (uint64_t)f->sequences[f->sequence_count / 2].offset << 32);
    return SB_OK;
}

/* As a worker does it: packed, described, hashed. */
static sb_status run_pack(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    frame_bench *f = state;
    sb_frame_info frame;
    (void)turn;
    SB_TRY(sb_packer_pack(f->packer, f->cutter, f->rows, f->raw_bytes, &f->packed, &f->packed_bytes,
                          err));
    SB_TRY(sb_frame_describe(f->packed, f->packed_bytes, &frame, err));
    sb_hash(f->rows, f->raw_bytes, frame.hash);
    bench_count(made, f->row_count, f->raw_bytes, f->packed_bytes ^ frame.hash[0]);
    return SB_OK;
}

static void tell_sequences(const void *state, bench_notes *notes)
{
    const frame_bench *f = state;
    bench_note(notes, "marks", (double)f->cutter->mark_count);
    bench_note(notes, "sequences", (double)f->sequence_count);
}

static void tell_pack(const void *state, bench_notes *notes)
{
    const frame_bench *f = state;
    bench_note(notes, "packed_bytes", (double)f->packed_bytes);
}

/* ---- and back ------------------------------------------------------------------------------- */

static sb_status run_unpack(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    frame_bench *f = state;
    (void)turn;
    size_t raw = ZSTD_decompressDCtx(f->unpacker, f->raw, f->raw_bytes, f->packed, f->packed_bytes);
    if (raw != f->raw_bytes || memcmp(f->raw, f->rows, 64) != 0)
        return sb_fail(err, SB_EWRONG, "zstd: another frame came back");
    bench_count(made, f->row_count, raw, bench_content(f->raw, raw));
    return SB_OK;
}

static sb_status run_hash(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    frame_bench *f = state;
    (void)turn;
    (void)err;
    bench_count(made, f->row_count, f->raw_bytes, XXH3_128bits(f->rows, f->raw_bytes).low64);
    return SB_OK;
}

typedef sb_status row_work(frame_bench *f, const uint8_t *row, size_t row_bytes, sb_error *err);

/* Each row in turn, found as a reader finds it. */
static sb_status each_row(frame_bench *f, row_work *work, sb_error *err)
{
    const uint8_t *row = f->rows, *end = f->rows + f->raw_bytes;
    while (row < end) {
        size_t row_bytes;
        SB_TRY(sb_row_length(row, (size_t)(end - row), &row_bytes, err));
        SB_TRY(work(f, row, row_bytes, err));
        row += row_bytes;
    }
    return SB_OK;
}

static sb_status check_row(frame_bench *f, const uint8_t *row, size_t row_bytes, sb_error *err)
{
    return sb_row_check(sb_schema(f->cutter->kind), row, row_bytes, err);
}

static sb_status print_row(frame_bench *f, const uint8_t *row, size_t row_bytes, sb_error *err)
{
    return sb_row_plan_print(f->plan, &row, row + row_bytes, &f->text, err);
}

static sb_status run_check(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    frame_bench *f = state;
    (void)turn;
    SB_TRY(each_row(f, check_row, err));
    bench_count(made, f->row_count, f->raw_bytes, f->row_count);
    return SB_OK;
}

static sb_status run_text(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    frame_bench *f = state;
    (void)turn;
    f->text.length = 0;
    SB_TRY(each_row(f, print_row, err));
    bench_count(made, f->row_count, f->text.length, bench_content(f->text.data, f->text.length));
    return SB_OK;
}

/* ---- the list ------------------------------------------------------------------------------- */

/* K(name, kind) */
#define FRAME_KINDS(K)               \
    K(persons, SB_PERSONS)           \
    K(companies, SB_COMPANIES)       \
    K(accounts, SB_ACCOUNTS)         \
    K(transactions, SB_TRANSACTIONS) \
    K(communications, SB_COMMUNICATIONS)

#define FRAME_CASES(name_, kind_)                                        \
    static const frame_case tokens_##name_ = {kind_, SB_ENCODER_TOKENS}, \
                            generic_##name_ = {kind_, SB_ENCODER_GENERIC};
FRAME_KINDS(FRAME_CASES)

#define FRAME(name_, of_, run_, tell_, possible_, what_)                            \
    {                                                                               \
        .group = "micro", .name = name_, .unit = "rows", .what = what_, .of = &of_, \
        .possible = possible_, .open = open_frame, .run = run_, .tell = tell_,      \
        .close = close_frame                                                        \
    }
#define SEQUENCES(name_, kind_)                                               \
    FRAME("sequences_" #name_, tokens_##name_, run_sequences, tell_sequences, \
          sb_packer_has_tokens, "the matches of a frame of " #name_ ", by its marks"),
#define TOKENS(name_, kind_)                                                                 \
    FRAME("frame_tokens_" #name_, tokens_##name_, run_pack, tell_pack, sb_packer_has_tokens, \
          "a frame of " #name_ " packed with its matches, checksum, hash"),
#define GENERIC(name_, kind_)                                                  \
    FRAME("frame_generic_" #name_, generic_##name_, run_pack, tell_pack, NULL, \
          "a frame of " #name_ " packed by zstd at level 1, checksum, hash"),
#define BACK(name_, run_, what_) FRAME(name_, generic_transactions, run_, NULL, NULL, what_)

/* clang-format off */
static const bench_case cases[] = {
    FRAME_KINDS(SEQUENCES)
    FRAME_KINDS(TOKENS)
    FRAME_KINDS(GENERIC)
    BACK("unpack_transactions", run_unpack, "a frame of transactions unpacked"),
    BACK("hash_transactions", run_hash, "rows hashed: XXH3-128"),
    BACK("check_transactions", run_check, "transactions checked against the schema"),
    BACK("text_transactions", run_text, "transactions as JSON text"),
};
/* clang-format on */

bench_list bench_frames_list(void)
{
    return (bench_list){cases, sizeof cases / sizeof cases[0]};
}
