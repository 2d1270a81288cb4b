/* What the parts cost, one by one: draws, tables, arena, encoding a row, dressing rows of each
 * kind, the ledger, a whole cell, a frame, and the way back. */
#include <stdlib.h>

#include "bench/fixture.h"
#include "bench/harness.h"
#include "engine/communication.h"
#include "engine/company.h"
#include "engine/ledger.h"
#include "engine/person.h"
#include "engine/transaction.h"
#include "format/packer.h"

/* ---- draws ---------------------------------------------------------------------------------- */

enum { DRAWS = 4096, DRAWS_OF_A_ROW = 16 };

static sb_status open_nothing(const bench_case *one, const bench_places *places, void **state,
                              sb_error *err)
{
    (void)one;
    (void)places;
    (void)err;
    *state = NULL;
    return SB_OK;
}

static sb_status run_row_keys(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    sb_key stream = {turn, 42};
    uint64_t sum = 0;
    (void)state;
    (void)err;
    for (uint64_t i = 0; i < DRAWS; i++) {
        sb_key key = sb_row_key(stream, i);
        sum += key.low ^ key.high;
    }
    bench_count(made, DRAWS, 0, sum);
    return SB_OK;
}

static sb_status run_draws(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    uint64_t sum = 0;
    (void)state;
    (void)err;
    for (uint64_t row = 0; row < DRAWS / DRAWS_OF_A_ROW; row++) {
        sb_key key = {turn + row, row};
        for (uint32_t field = 0; field < DRAWS_OF_A_ROW; field++)
            sum += sb_below(sb_draw(key, SB_DRAW_NUMBER(field, 0)), 1000);
    }
    bench_count(made, DRAWS, 0, sum);
    return SB_OK;
}

static sb_status run_permutation(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    static const uint64_t size = 1000003;
    sb_permutation permutation = sb_permutation_make((sb_key){turn, 7}, size);
    uint64_t sum = 0;
    (void)state;
    (void)err;
    for (uint64_t i = 0; i < DRAWS; i++)
        sum += sb_permute(&permutation, i * 211 % size) * (i | 1);
    bench_count(made, DRAWS, 0, sum);
    return SB_OK;
}

/* ---- tables and arena ----------------------------------------------------------------------- */

typedef struct maker_bench {
    bench_world world;
    uint8_t *row;            /* owned */
    struct given_row *given; /* owned; of encode_row */
    sb_ledger ledger;        /* in the maker's arena */
    sb_mailbox mailbox;      /* likewise */
    sb_press press;
    bench_made *made;
} maker_bench;

static void close_maker(void *state)
{
    maker_bench *b = state;
    sb_press_close(&b->press);
    bench_world_close(&b->world);
    free(b->row);
    free(b->given);
    free(b);
}

static sb_status open_maker(const bench_case *one, const bench_places *places, void **state,
                            sb_error *err)
{
    maker_bench *b = calloc(1, sizeof *b);
    (void)places;
    if (b == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a benchmark");
    *state = b;
    b->row = malloc(SB_ROW_BYTES_MAX);
    if (b->row == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a row");
    return bench_world_open(one->of, &b->world, err);
}

/* A family name by weight: the table is found in the cache, a row drawn, the text read. */
static sb_status run_table(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    maker_bench *b = state;
    sb_key key = {turn, 11};
    uint64_t bytes = 0, sum = 0;
    (void)err;
    for (uint32_t i = 0; i < DRAWS; i++) {
        const sb_table *table = sb_find(b->world.maker, i % 8, SB_TABLE_FAMILY);
        sb_text text = sb_table_text(table, 0, sb_table_draw(table, sb_draw(key, i)));
        bytes += text.byte_count;
        sum += (unsigned char)text.bytes[0] + text.token;
    }
    bench_count(made, DRAWS, bytes, sum);
    return SB_OK;
}

static sb_status run_arena(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    enum { TAKEN = 1024 };
    maker_bench *b = state;
    sb_arena *arena = b->world.maker->arena;
    uintptr_t sum = 0;
    (void)turn;
    sb_arena_reset(arena);
    for (size_t i = 0; i < TAKEN; i++) {
        uint8_t *taken = sb_arena_take(arena, 16 + i % 64);
        if (taken == NULL)
            return sb_fail(err, SB_ENOMEM, "the arena is too small");
        *taken = (uint8_t)i;
        sum += *taken;
    }
    bench_count(made, TAKEN, 0, sum + sb_arena_used_bytes(arena));
    return SB_OK;
}

/* ---- rows ----------------------------------------------------------------------------------- */

enum { GIVEN_ROWS = 256, GIVEN_FIELDS = 8 };

/* Values that rows are to be encoded of, made beforehand, so that nothing of them is known when
 * this file is compiled. */
typedef struct given_row {
    uint64_t numbers[GIVEN_FIELDS];
    sb_text texts[GIVEN_FIELDS];
} given_row;

/* Twenty fields as they occur: ids, times, money, codes, names, nils. */
static void encode_row(sb_rows *rows, const given_row *given)
{
    sb_rows_array(rows, 20);
    for (int i = 0; i < GIVEN_FIELDS; i++) {
        sb_rows_uint(rows, given->numbers[i]);
        sb_rows_text(rows, given->texts[i]);
    }
    sb_rows_bool(rows, given->numbers[0] & 1);
    sb_rows_nil(rows);
    sb_rows_nil(rows);
    sb_rows_array(rows, 0);
}

static sb_status open_encoding(const bench_case *one, const bench_places *places, void **state,
                               sb_error *err)
{
    static const uint8_t bits[GIVEN_FIELDS] = {20, 41, 15, 6, 17, 17, 13, 12};
    SB_TRY(open_maker(one, places, state, err));
    maker_bench *b = *state;
    b->given = malloc(GIVEN_ROWS * sizeof *b->given);
    if (b->given == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for values");
    for (uint32_t row = 0; row < GIVEN_ROWS; row++)
        for (uint32_t i = 0; i < GIVEN_FIELDS; i++) {
            uint64_t draw = sb_draw((sb_key){row, 5}, i);
            const sb_table *table = sb_find(b->world.maker, row % 8, SB_TABLE_FAMILY);
            b->given[row].numbers[i] = draw >> (64 - bits[i]);
            b->given[row].texts[i] = sb_table_text(table, 0, sb_table_draw(table, draw));
        }
    return SB_OK;
}

static sb_status run_encoding(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    maker_bench *b = state;
    sb_rows rows = {.at = b->row};
    (void)turn;
    (void)err;
    for (uint32_t i = 0; i < GIVEN_ROWS; i++)
        encode_row(&rows, &b->given[i]);
    size_t length = (size_t)(rows.at - b->row);
    bench_count(made, GIVEN_ROWS, length, bench_content(b->row, length));
    return SB_OK;
}

enum { ROWS_A_CALL = 64 };

static void count_row(maker_bench *b, const sb_rows *rows, bench_made *made)
{
    size_t row_bytes = (size_t)(rows->at - b->row);
    bench_count(made, 1, row_bytes, bench_content(b->row, row_bytes));
}

static sb_status run_persons(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    maker_bench *b = state;
    uint64_t count = b->world.world->values.counts[SB_PERSONS];
    (void)err;
    for (uint64_t i = 0; i < ROWS_A_CALL; i++) {
        sb_rows rows = {.at = b->row};
        sb_person_put(b->world.maker, &rows, (turn * ROWS_A_CALL + i) % count);
        count_row(b, &rows, made);
    }
    return SB_OK;
}

static sb_status run_companies(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    maker_bench *b = state;
    uint64_t count = b->world.world->values.counts[SB_COMPANIES];
    (void)err;
    for (uint64_t i = 0; i < ROWS_A_CALL; i++) {
        sb_rows rows = {.at = b->row};
        sb_company_put(b->world.maker, &rows, (turn * ROWS_A_CALL + i) % count);
        count_row(b, &rows, made);
    }
    return SB_OK;
}

static sb_status open_ledger(const bench_case *one, const bench_places *places, void **state,
                             sb_error *err)
{
    SB_TRY(open_maker(one, places, state, err));
    maker_bench *b = *state;
    return sb_ledger_make(b->world.maker, b->world.world->ledger_cell_count / 2, &b->ledger, err);
}

static sb_status run_accounts(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    maker_bench *b = state;
    const sb_layout *layout = &b->ledger.side->layout;
    (void)err;
    for (uint64_t i = 0; i < ROWS_A_CALL; i++) {
        sb_rows rows = {.at = b->row};
        uint32_t role = (uint32_t)((turn * ROWS_A_CALL + i) % layout->account_count);
        sb_account_put(b->world.maker, &rows, layout, &b->ledger.side->home, role,
                       sb_side_core(b->world.maker, b->ledger.side, role),
                       &b->ledger.balances[role]);
        count_row(b, &rows, made);
    }
    return SB_OK;
}

static sb_status run_transactions(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    maker_bench *b = state;
    (void)err;
    for (uint64_t i = 0; i < ROWS_A_CALL; i++) {
        uint64_t place = (turn * ROWS_A_CALL + i) % b->ledger.flow_count;
        const sb_flow *flow = &b->ledger.flows[b->ledger.order[place]];
        sb_rows rows = {.at = b->row};
        if (!sb_flow_is_own(&b->ledger, flow))
            continue;
        sb_transaction_put(b->world.maker, &rows, &b->ledger, flow);
        count_row(b, &rows, made);
    }
    return SB_OK;
}

static sb_status open_mailbox(const bench_case *one, const bench_places *places, void **state,
                              sb_error *err)
{
    SB_TRY(open_ledger(one, places, state, err));
    maker_bench *b = *state;
    return sb_mailbox_make(b->world.maker, b->world.world->ledger_cell_count / 2, &b->ledger,
                           &b->mailbox, err);
}

static sb_status run_messages(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    maker_bench *b = state;
    (void)err;
    for (uint64_t i = 0; i < ROWS_A_CALL; i++) {
        sb_rows rows = {.at = b->row};
        sb_communication_put(b->world.maker, &rows, &b->mailbox,
                             (uint32_t)((turn * ROWS_A_CALL + i) % b->mailbox.events.count));
        count_row(b, &rows, made);
    }
    return SB_OK;
}

/* ---- ledgers and cells ---------------------------------------------------------------------- */

/* Streams, ends, order and both replays of one cell after the other; no rows. */
static sb_status run_ledger(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    maker_bench *b = state;
    sb_ledger ledger;
    sb_arena_reset(b->world.maker->arena);
    SB_TRY(sb_ledger_make(b->world.maker, turn % b->world.world->ledger_cell_count, &ledger, err));
    bench_count(made, ledger.flow_count, 0, (uint64_t)ledger.balances[0].closing);
    return SB_OK;
}

static sb_status count_frame(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                             uint32_t row_count, sb_error *err)
{
    maker_bench *b = user;
    (void)kind;
    (void)err;
    bench_count(b->made, row_count, raw_bytes, bench_content(rows, raw_bytes));
    return SB_OK;
}

static sb_status open_cell(const bench_case *one, const bench_places *places, void **state,
                           sb_error *err)
{
    SB_TRY(open_maker(one, places, state, err));
    maker_bench *b = *state;
    SB_TRY(sb_press_open(b->world.world, sb_spec_kinds(b->world.spec), count_frame, b, &b->press,
                         err));
    return sb_packer_has_tokens() ? sb_press_want_marks(&b->press, err) : SB_OK;
}

/* All rows of all kinds of one cell after the other, with the marks that a worker wants. */
static sb_status run_cell(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    maker_bench *b = state;
    b->made = made;
    SB_TRY(sb_cell_make(&b->press, turn % b->world.world->cell_count, err));
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (b->press.kinds >> kind & 1)
            SB_TRY(sb_cutter_flush(&b->press.cutters[kind], err));
    return SB_OK;
}

/* ---- the list ------------------------------------------------------------------------------- */

#define PLAIN(name_, unit_, run_, what_)                                                     \
    {                                                                                        \
        .group = "micro", .name = name_, .unit = unit_, .what = what_, .open = open_nothing, \
        .run = run_                                                                          \
    }
#define MAKER(name_, unit_, spec_, open_, run_, what_)                                             \
    {                                                                                              \
        .group = "micro", .name = name_, .unit = unit_, .what = what_, .of = spec_, .open = open_, \
        .run = run_, .close = close_maker                                                          \
    }
#define DEMO "seed 42 entities 1m"
#define AML "seed 42 profile aml entities 1m"

static const bench_case cases[] = {
    PLAIN("draw_row_key", "keys", run_row_keys, "the key of a row: Philox4x32-10"),
    PLAIN("draw_field", "draws", run_draws, "a draw of a field, brought into a range"),
    PLAIN("draw_permutation", "numbers", run_permutation, "a keyed permutation of a million"),
    MAKER("table_text", "texts", DEMO, open_maker, run_table,
          "a table found, a row drawn by weight, its text"),
    MAKER("arena_take", "pieces", DEMO, open_maker, run_arena, "memory taken from the arena"),
    MAKER("encode_row", "rows", DEMO, open_encoding, run_encoding,
          "a row of 20 given values, to MessagePack"),
    MAKER("row_person", "rows", DEMO, open_maker, run_persons, "a person made and encoded"),
    MAKER("row_company", "rows", DEMO, open_maker, run_companies, "a company made and encoded"),
    MAKER("row_account", "rows", DEMO, open_ledger, run_accounts,
          "an account dressed and encoded, its ledger given"),
    MAKER("row_transaction", "rows", DEMO, open_ledger, run_transactions,
          "a payment dressed and encoded, the ledger given"),
    MAKER("row_communication", "rows", DEMO, open_mailbox, run_messages,
          "a message written and encoded, the mailbox given"),
    MAKER("ledger_demo", "flows", DEMO, open_maker, run_ledger,
          "the ledger of a cell alone, profile demo"),
    MAKER("ledger_aml", "flows", AML, open_maker, run_ledger,
          "the ledger of a cell alone, profile aml"),
    MAKER("cell_demo", "rows", DEMO, open_cell, run_cell, "a whole cell, all kinds, profile demo"),
    MAKER("cell_aml", "rows", AML, open_cell, run_cell, "a whole cell, all kinds, profile aml"),
};

bench_list bench_micro_list(void)
{
    return (bench_list){cases, sizeof cases / sizeof cases[0]};
}
