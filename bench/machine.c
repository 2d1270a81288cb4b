/* What the machine can do at most, measured in the same run: copying memory, and zstd at level 1 on
 * the very rows that seedbank makes. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

#include "bench/fixture.h"
#include "bench/harness.h"

enum {
    COPY_BYTES = 64 << 20, /* beyond any cache */
    FRAME_BYTES = SB_FRAME_RAW_BYTES,
};

typedef struct machine {
    uint8_t *from, *to; /* owned */
    size_t length, to_capacity, packed_bytes;
    uint64_t rows;
    bench_rows made; /* owned */
    ZSTD_CCtx *compressor;
    char path[4096];
} machine;

static void close_machine(void *state)
{
    machine *m = state;
    free(m->from);
    free(m->to);
    bench_rows_close(&m->made);
    ZSTD_freeCCtx(m->compressor);
    free(m);
}

static sb_status open_machine(const bench_places *places, size_t from_bytes, size_t to_bytes,
                              machine **out, void **state, sb_error *err)
{
    machine *m = calloc(1, sizeof *m);
    if (m == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a benchmark");
    *state = *out = m;
    (void)snprintf(m->path, sizeof m->path, "%s/seedbank-bench-%d.bin", places->scratch,
                   (int)getpid());
    m->from = malloc(from_bytes + 1);
    m->to = malloc(to_bytes + 1);
    m->to_capacity = to_bytes;
    if (m->from == NULL || m->to == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a benchmark");
    /* Each page touched, none of them the shared one of zeroes. */
    memset(m->from, 1, from_bytes);
    memset(m->to, 2, to_bytes);
    return SB_OK;
}

/* ---- memory and disk ------------------------------------------------------------------------ */

static sb_status open_copy(const bench_case *one, const bench_places *places, void **state,
                           sb_error *err)
{
    machine *m;
    (void)one;
    return open_machine(places, COPY_BYTES, COPY_BYTES, &m, state, err);
}

static sb_status run_copy(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    machine *m = state;
    (void)err;
    m->from[turn % COPY_BYTES] ^= 1;
    memcpy(m->to, m->from, COPY_BYTES);
    m->from[turn % COPY_BYTES] ^= 1;
    bench_count(made, 1, COPY_BYTES, m->to[turn % COPY_BYTES]);
    return SB_OK;
}

static sb_status run_write(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    machine *m = state;
    (void)turn;
    int file = open(m->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return sb_fail(err, SB_EIO, "%s: cannot be made", m->path);
    bool written = true;
    for (size_t at = 0; at < COPY_BYTES && written; at += FRAME_BYTES)
        written = write(file, m->from + at, FRAME_BYTES) == FRAME_BYTES;
    written = written && fsync(file) == 0;
    (void)close(file);
    bench_count(made, 1, COPY_BYTES, COPY_BYTES);
    return written ? SB_OK : sb_fail(err, SB_EIO, "%s: cannot be written", m->path);
}

static sb_status clear_write(void *state, sb_error *err)
{
    machine *m = state;
    return unlink(m->path) == 0 ? SB_OK : sb_fail(err, SB_EIO, "%s: cannot be removed", m->path);
}

/* ---- zstd ----------------------------------------------------------------------------------- */

typedef struct material {
    sb_kind kind;
    uint32_t rows;
    const char *spec;
} material;

static sb_status open_zstd(const bench_case *one, const bench_places *places, void **state,
                           sb_error *err)
{
    const material *of = one->of;
    machine *m = NULL;
    SB_TRY(open_machine(places, 0, ZSTD_compressBound(FRAME_BYTES), &m, state, err));
    m->compressor = ZSTD_createCCtx();
    if (m->compressor == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a compressor");
    return bench_rows_open(of->spec, of->kind, of->rows, &m->made, err);
}

/* Frames of 1 MiB at level 1, each in one call. */
static sb_status run_zstd(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    machine *m = state;
    (void)turn;
    m->packed_bytes = 0;
    for (size_t at = 0; at < m->made.length; at += FRAME_BYTES) {
        size_t left = m->made.length - at;
        size_t packed = ZSTD_compressCCtx(m->compressor, m->to, m->to_capacity, m->made.bytes + at,
                                          left < FRAME_BYTES ? left : FRAME_BYTES, 1);
        if (ZSTD_isError(packed))
            return sb_fail(err, SB_EIO, "zstd: %s", ZSTD_getErrorName(packed));
        m->packed_bytes += packed;
    }
    bench_count(made, m->made.count, m->made.length, m->packed_bytes);
    return SB_OK;
}

static void tell_zstd(const void *state, bench_notes *notes)
{
    bench_note(notes, "packed_bytes", (double)((const machine *)state)->packed_bytes);
}

/* ---- the list ------------------------------------------------------------------------------- */

/* Some 16 MB of each. */
static const material persons = {SB_PERSONS, 32000, "seed 42 persons 40k companies 8k"},
                      companies = {SB_COMPANIES, 38000, "seed 42 persons 40k companies 40k"},
                      accounts = {SB_ACCOUNTS, 100000,
                                  "seed 42 persons 50k companies 10k accounts 100k"},
                      transactions = {SB_TRANSACTIONS, 100000, "seed 42 profile aml entities 150k"},
                      communications = {SB_COMMUNICATIONS, 60000,
                                        "seed 42 persons 6k communications 60k"};

#define ZSTD(name_, of_, what_)                                                       \
    {                                                                                 \
        .group = "machine", .name = name_, .unit = "rows", .what = what_, .of = &of_, \
        .open = open_zstd, .run = run_zstd, .tell = tell_zstd, .close = close_machine \
    }

static const bench_case cases[] = {
    {.group = "machine",
     .name = "memcpy",
     .what = "64 MiB copied from memory to memory",
     .unit = "copies",
     .open = open_copy,
     .run = run_copy,
     .close = close_machine},
    {.group = "machine",
     .name = "write_fsync",
     .what = "64 MiB written to a new file and synced",
     .unit = "files",
     .open = open_copy,
     .run = run_write,
     .clear = clear_write,
     .close = close_machine},
    ZSTD("zstd_1_persons", persons, "zstd level 1 on rows of persons, frames of 1 MiB"),
    ZSTD("zstd_1_companies", companies, "zstd level 1 on rows of companies, frames of 1 MiB"),
    ZSTD("zstd_1_accounts", accounts, "zstd level 1 on rows of accounts, frames of 1 MiB"),
    ZSTD("zstd_1_transactions", transactions,
         "zstd level 1 on rows of transactions, frames of 1 MiB"),
    ZSTD("zstd_1_communications", communications,
         "zstd level 1 on rows of messages, frames of 1 MiB"),
};

bench_list bench_machine_list(void)
{
    return (bench_list){cases, sizeof cases / sizeof cases[0]};
}
