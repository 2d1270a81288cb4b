/* The sixteen benchmarks of the system that seedbank replaces, under their names and groups; each
 * does at least the work that was timed there.
 *
 * "Generating" is making the rows complete and encoding them into memory, as the files have them.
 * Rounds take batch after batch of a large dataset in all locales, never the same rows again, so
 * what a maker keeps of one batch is of little use to the next, as in a long run. */
#include <msgpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/files.h"
#include "bench/fixture.h"
#include "bench/harness.h"
#include "engine/person.h"
#include "format/row_plan.h"
#include "format/row_text.h"

/* ---- generating persons --------------------------------------------------------------------- */

typedef struct persons {
    bench_world world;
    sb_cutter cutter;
    uint64_t batch; /* rows a call */
    bench_made *made;
} persons;

static sb_status count_frame(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                             uint32_t row_count, sb_error *err)
{
    bench_made **made = user;
    (void)kind;
    (void)err;
    bench_count(*made, row_count, raw_bytes, bench_content(rows, raw_bytes));
    return SB_OK;
}

static void close_persons(void *state)
{
    persons *p = state;
    sb_cutter_close(&p->cutter);
    bench_world_close(&p->world);
    free(p);
}

static sb_status open_persons(const bench_case *one, const bench_places *places, void **state,
                              sb_error *err)
{
    persons *p = calloc(1, sizeof *p);
    (void)places;
    if (p == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a benchmark");
    *state = p;
    p->batch = *(const uint64_t *)one->of;
    SB_TRY(bench_world_open("persons 1m companies 200k seed 42", &p->world, err));
    return sb_cutter_open(SB_PERSONS, count_frame, &p->made, &p->cutter, err);
}

static sb_status run_persons(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    persons *p = state;
    uint64_t id = turn * p->batch % p->world.world->values.counts[SB_PERSONS];
    p->made = made;
    for (uint64_t end = id + p->batch; id < end; id++) {
        sb_person_put(p->world.maker, &p->cutter.rows, id);
        SB_TRY(sb_cutter_row_done(&p->cutter, err));
    }
    return sb_cutter_flush(&p->cutter, err);
}

/* The same persons as lines of JSON, for the company of bench/peers: all their fields, which are
 * more than the fourteen that others make. */
typedef struct text_persons {
    persons *persons; /* owned */
    sb_row_plan *plan;
    sb_bytes text; /* owned */
} text_persons;

static sb_status text_frame(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                            uint32_t row_count, sb_error *err)
{
    text_persons *t = user;
    const uint8_t *end = rows + raw_bytes;
    (void)kind;
    t->text.length = 0;
    while (rows < end)
        SB_TRY(sb_row_plan_print(t->plan, &rows, end, &t->text, err));
    bench_count(t->persons->made, row_count, t->text.length,
                bench_content(t->text.data, t->text.length));
    return SB_OK;
}

static void close_text_persons(void *state)
{
    text_persons *t = state;
    if (t->persons != NULL)
        close_persons(t->persons);
    sb_row_plan_close(t->plan);
    sb_bytes_close(&t->text);
    free(t);
}

static sb_status open_text_persons(const bench_case *one, const bench_places *places, void **state,
                                   sb_error *err)
{
    text_persons *t = calloc(1, sizeof *t);
    void *opened = NULL;
    if (t == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a benchmark");
    *state = t;
    sb_status status = open_persons(one, places, &opened, err);
    t->persons = opened;
    SB_TRY(status);
    static const sb_row_text_options options = {.format = SB_NDJSON};
    SB_TRY(sb_row_plan_open(sb_schema(SB_PERSONS), &options, &t->plan, err));
    t->persons->cutter.take = text_frame;
    t->persons->cutter.user = t;
    return SB_OK;
}

static sb_status run_text_persons(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    return run_persons(((text_persons *)state)->persons, turn, made, err);
}

/* ---- generating what lives in cells --------------------------------------------------------- */

/* A dataset of 128 cells, each of which has as many rows of the kind as a batch: a call makes one
 * cell. For accounts and transactions that includes the cell's whole ledger, so balances and
 * statements agree; the old system drew them apart. */
enum { CELLS = 128 };

typedef struct cell_batch {
    sb_kind kind;
    const char *spec;
} cell_batch;

/* 512 persons and 50 companies in each cell, so that these fix the number of cells. */
#define CELL_PEOPLE "seed 42 persons 65536 companies 6400 "

static const cell_batch accounts_100 = {SB_ACCOUNTS,
                                        CELL_PEOPLE "accounts 12800 transactions 64000"};
static const cell_batch accounts_1000 = {SB_ACCOUNTS,
                                         CELL_PEOPLE "accounts 128000 transactions 640000"};
static const cell_batch transactions_100 = {SB_TRANSACTIONS,
                                            CELL_PEOPLE "accounts 2560 transactions 12800"};
static const cell_batch transactions_10000 = {SB_TRANSACTIONS,
                                              CELL_PEOPLE "accounts 128000 transactions 1280000"};
static const cell_batch communications_100 = {
    SB_COMMUNICATIONS, CELL_PEOPLE "accounts 12800 transactions 64000 communications 12800"};

typedef struct cells {
    bench_world world;
    sb_press press;
    bench_made *made;
} cells;

static void close_cells(void *state)
{
    cells *c = state;
    sb_press_close(&c->press);
    bench_world_close(&c->world);
    free(c);
}

static sb_status open_cells(const bench_case *one, const bench_places *places, void **state,
                            sb_error *err)
{
    const cell_batch *batch = one->of;
    cells *c = calloc(1, sizeof *c);
    (void)places;
    if (c == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a benchmark");
    *state = c;
    SB_TRY(bench_world_open(batch->spec, &c->world, err));
    if (sb_world_cells(c->world.world, batch->kind) != CELLS)
        return sb_fail(err, SB_EUSAGE, "%s: %llu cells instead of %d", one->name,
                       (unsigned long long)sb_world_cells(c->world.world, batch->kind), CELLS);
    return sb_press_open(c->world.world, 1u << batch->kind, count_frame, &c->made, &c->press, err);
}

static sb_status run_cells(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    cells *c = state;
    c->made = made;
    SB_TRY(sb_cell_make(&c->press, turn % CELLS, err));
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (c->press.kinds >> kind & 1)
            SB_TRY(sb_cutter_flush(&c->press.cutters[kind], err));
    return SB_OK;
}

/* ---- rows made beforehand ------------------------------------------------------------------- */

enum { ROWS = 100 };

#define ROWS_SPEC "seed 42 entities 10k"

typedef struct prepared {
    bench_rows rows;
    sb_row_plan *plan; /* owned */
    sb_bytes text;
    msgpack_zone zone;
    bool has_zone;
} prepared;

static void close_prepared(void *state)
{
    prepared *p = state;
    if (p->has_zone)
        msgpack_zone_destroy(&p->zone);
    sb_row_plan_close(p->plan);
    sb_bytes_close(&p->text);
    bench_rows_close(&p->rows);
    free(p);
}

static sb_status open_prepared(const bench_case *one, const bench_places *places, void **state,
                               sb_error *err)
{
    prepared *p = calloc(1, sizeof *p);
    sb_kind kind = *(const sb_kind *)one->of;
    (void)places;
    if (p == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a benchmark");
    *state = p;
    SB_TRY(bench_rows_open(ROWS_SPEC, kind, ROWS, &p->rows, err));
    static const sb_row_text_options options = {.format = SB_NDJSON};
    SB_TRY(sb_row_plan_open(sb_schema(kind), &options, &p->plan, err));
    p->has_zone = msgpack_zone_init(&p->zone, 64 * 1024);
    return p->has_zone ? SB_OK : sb_fail(err, SB_ENOMEM, "no memory for rows");
}

/* ---- streaming ------------------------------------------------------------------------------ */

static sb_status row_to_text(prepared *p, uint32_t index, bench_made *made, sb_error *err)
{
    size_t row_bytes;
    const uint8_t *row = bench_row(&p->rows, index, &row_bytes);
    p->text.length = 0;
    SB_TRY(sb_row_plan_print(p->plan, &row, p->rows.bytes + p->rows.length, &p->text, err));
    bench_count(made, 1, p->text.length, bench_content(p->text.data, p->text.length));
    return SB_OK;
}

static sb_status run_event_text(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    return row_to_text(state, (uint32_t)(turn % ROWS), made, err);
}

static sb_status run_batch_text(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    (void)turn;
    for (uint32_t i = 0; i < ROWS; i++)
        SB_TRY(row_to_text(state, i, made, err));
    return SB_OK;
}

/* ---- validation ----------------------------------------------------------------------------- */

/* What the old system timed under this name is a dump of records into trees of values. Here each
 * row is checked against its schema and then decoded by msgpack-c into such a tree. */
static sb_status run_validation(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    prepared *p = state;
    const sb_record *record = sb_schema(p->rows.kind);
    (void)turn;
    for (uint32_t i = 0; i < ROWS; i++) {
        size_t row_bytes, at = 0;
        const uint8_t *row = bench_row(&p->rows, i, &row_bytes);
        msgpack_object tree;
        SB_TRY(sb_row_check(record, row, row_bytes, err));
        if (msgpack_unpack((const char *)row, row_bytes, &at, &p->zone, &tree) !=
                MSGPACK_UNPACK_SUCCESS ||
            tree.type != MSGPACK_OBJECT_ARRAY)
            return sb_fail(err, SB_EWRONG, "a row cannot be decoded");
        bench_count(made, 1, row_bytes, tree.via.array.ptr[0].via.u64 + tree.via.array.size);
        msgpack_zone_clear(&p->zone);
    }
    return SB_OK;
}

/* ---- memory --------------------------------------------------------------------------------- */

/* Generating in a process of its own, which reports the most memory it ever held, program and
 * tables included, and how long it took from nothing to the last row. */

static long peak_kib(void)
{
    char line[256];
    long kib = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "VmHWM: %ld", &kib) == 1)
            break;
    if (file != NULL)
        (void)fclose(file);
    return kib;
}

static sb_status probe(bool of_persons, bench_made *made, sb_error *err)
{
    static const uint64_t batch = 1000;
    bench_case one = {.name = "probe",
                      .of = of_persons ? (const void *)&batch : (const void *)&transactions_10000};
    bench_places places = {0};
    void *state = NULL;
    sb_status status = of_persons ? open_persons(&one, &places, &state, err)
                                  : open_cells(&one, &places, &state, err);
    if (status == SB_OK)
        status = of_persons ? run_persons(state, 0, made, err) : run_cells(state, 0, made, err);
    if (state != NULL && of_persons)
        close_persons(state);
    else if (state != NULL)
        close_cells(state);
    return status;
}

int bench_probe(const char *what)
{
    sb_error err = {0};
    bench_made made = {0};
    double begin = bench_now();
    sb_status status = probe(strcmp(what, "persons") == 0, &made, &err);
    if (status != SB_OK)
        fprintf(stderr, "seedbank_bench: %s\n", err.text);
    else
        printf("%.9f %llu %llu %llu %ld\n", bench_now() - begin, (unsigned long long)made.count,
               (unsigned long long)made.bytes, (unsigned long long)made.sum, peak_kib());
    return sb_status_exit(status);
}

typedef struct memory {
    const char *what;
    double seconds;
    long peak_kib; /* the most of all rounds */
} memory;

static sb_status open_memory(const bench_case *one, const bench_places *places, void **state,
                             sb_error *err)
{
    memory *m = calloc(1, sizeof *m);
    (void)places;
    if (m == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a benchmark");
    m->what = one->of;
    *state = m;
    return SB_OK;
}

static sb_status run_memory(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    memory *m = state;
    char command[4200], self[4096];
    unsigned long long count, bytes, sum;
    long kib;
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    (void)turn;
    if (length < 0)
        return sb_fail(err, SB_EIO, "/proc/self/exe: cannot be read");
    self[length] = '\0';
    (void)snprintf(command, sizeof command, "exec '%s' --probe %s", self, m->what);
    FILE *pipe = popen(command, "r");
    if (pipe == NULL)
        return sb_fail(err, SB_EIO, "no process can be started");
    int found = fscanf(pipe, "%lf %llu %llu %llu %ld", &m->seconds, &count, &bytes, &sum, &kib);
    if (pclose(pipe) != 0 || found != 5)
        return sb_fail(err, SB_EIO, "the process that measures its memory failed");
    m->peak_kib = kib > m->peak_kib ? kib : m->peak_kib;
    bench_count(made, count, bytes, sum);
    return SB_OK;
}

static double memory_seconds(const void *state)
{
    return ((const memory *)state)->seconds;
}

static void tell_memory(const void *state, bench_notes *notes)
{
    bench_note(notes, "peak_bytes", (double)((const memory *)state)->peak_kib * 1024);
}

/* ---- the list ------------------------------------------------------------------------------- */

static const uint64_t batch_100 = 100, batch_1000 = 1000;
static const sb_kind kind_persons = SB_PERSONS, kind_accounts = SB_ACCOUNTS;
/* What the old system was asked for. It made 3,500 further records, which it threw away. */
static const bench_generation small_dataset = {
    "seed 42 persons 50 companies 10 accounts 100 transactions 500 communications 50", NULL};

#define PERSONS(group_, name_, batch_, limit_)                                                  \
    {                                                                                           \
        .group = group_, .name = name_, .unit = "rows", .of = &batch_, .limit_seconds = limit_, \
        .what = "persons made and encoded", .open = open_persons, .run = run_persons,           \
        .close = close_persons                                                                  \
    }
#define CELL(group_, name_, batch_, limit_, what_)                                              \
    {                                                                                           \
        .group = group_, .name = name_, .unit = "rows", .of = &batch_, .limit_seconds = limit_, \
        .what = what_, .open = open_cells, .run = run_cells, .close = close_cells               \
    }
#define PREPARED(group_, name_, kind_, run_, limit_, what_)                                    \
    {                                                                                          \
        .group = group_, .name = name_, .unit = "rows", .of = &kind_, .limit_seconds = limit_, \
        .what = what_, .open = open_prepared, .run = run_, .close = close_prepared             \
    }
#define MEMORY(name_, of_, limit_, what_)                                                   \
    {                                                                                       \
        .group = "memory", .name = name_, .unit = "rows", .of = of_, .limit_bytes = limit_, \
        .what = what_, .open = open_memory, .run = run_memory, .seconds = memory_seconds,   \
        .tell = tell_memory, .close = free                                                  \
    }

static const bench_case cases[] = {
    PERSONS("generation-small", "test_person_generation_100", batch_100, 0.5),
    PERSONS("generation-medium", "test_person_generation_1000", batch_1000, 2.0),
    CELL("generation-small", "test_account_generation_100", accounts_100, 0.3,
         "accounts made and encoded, the ledger of their 500 transactions included"),
    CELL("generation-medium", "test_account_generation_1000", accounts_1000, 1.5,
         "accounts made and encoded, the ledger of their 5000 transactions included"),
    CELL("generation-small", "test_transaction_generation_100", transactions_100, 0.2,
         "transactions made and encoded, their ledger included"),
    CELL("generation-large", "test_transaction_generation_10000", transactions_10000, 10,
         "transactions made and encoded, their ledger included"),
    CELL("generation-small", "test_communication_generation_100", communications_100, 2.0,
         "messages made and encoded, with the payments that they are about"),
    {.group = "orchestration",
     .name = "test_orchestrator_small_dataset",
     .what = "710 entities from the spec to synced files, in one process",
     .unit = "rows",
     .limit_seconds = 2.0,
     .of = &small_dataset,
     .open = bench_files_open,
     .run = bench_files_run,
     .clear = bench_files_clear,
     .tell = bench_files_tell,
     .close = free},
    PREPARED("streaming-serialization", "test_person_event_serialization", kind_persons,
             run_event_text, 1e-3, "one person as JSON text"),
    PREPARED("streaming-serialization", "test_account_event_serialization", kind_accounts,
             run_event_text, 1e-3, "one account as JSON text"),
    PERSONS("streaming-batch", "test_batch_event_creation_100", batch_100, 0.1),
    PREPARED("streaming-batch", "test_batch_serialization_100", kind_persons, run_batch_text, 0.1,
             "100 persons as JSON text"),
    MEMORY("test_person_generation_memory", "persons", 50.0 * 1024 * 1024,
           "1000 persons in a new process; peak of the whole process"),
    MEMORY("test_transaction_generation_memory", "transactions", 100.0 * 1024 * 1024,
           "10000 transactions in a new process; peak of the whole process"),
    PREPARED("validation", "test_person_validation_100", kind_persons, run_validation, 0.05,
             "100 persons checked against their schema and decoded into trees"),
    PREPARED("validation", "test_account_validation_100", kind_accounts, run_validation, 0.05,
             "100 accounts checked against their schema and decoded into trees"),
    {.group = "peers",
     .name = "peer_seedbank",
     .what = "1000 persons of all fields as lines of JSON",
     .unit = "rows",
     .of = &batch_1000,
     .open = open_text_persons,
     .run = run_text_persons,
     .close = close_text_persons},
};

bench_list bench_reference_list(void)
{
    return (bench_list){cases, sizeof cases / sizeof cases[0]};
}
