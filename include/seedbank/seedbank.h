/* seedbank: synthetic banking data as a function of a spec and a seed.
 *
 * Everything the command does, for programs. Calls that can fail return an sb_status and, if the
 * caller gives one, fill an sb_error with one line. Nothing here prints, exits or keeps globals; a
 * process may hold several specs. The calls that fork (sb_generate, sb_verify with the fork
 * backend) must be made before the process runs an OpenMP region. */
#ifndef SEEDBANK_SEEDBANK_H
#define SEEDBANK_SEEDBANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seedbank/spec.h"
#include "seedbank/status.h"
#include "seedbank/version.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- running -------------------------------------------------------------------------------- */

typedef enum sb_backend { SB_BACKEND_FORK, SB_BACKEND_OMP, SB_BACKEND_SERIAL } sb_backend;
typedef enum sb_layout_choice {
    SB_LAYOUT_AUTO,
    SB_LAYOUT_MERGED,
    SB_LAYOUT_PARTS
} sb_layout_choice;
typedef enum sb_progress_choice {
    SB_SHOW_PROGRESS_AUTO,
    SB_SHOW_PROGRESS_ALWAYS,
    SB_SHOW_PROGRESS_NEVER
} sb_progress_choice;

/* How to run and encode; nothing in it changes a row. All zero is a good default. */
typedef struct sb_run_options {
    const char *out;        /* directory */
    const char *tables_dir; /* of sb_merge: where user tables are; elsewhere the spec has them */
    int level;              /* of zstd, 1..19; 0: the default, 1 */
    uint64_t shards;        /* 0: auto */
    sb_layout_choice layout;
    uint32_t part_index; /* with part_count > 0: make only that part, 0..part_count */
    uint32_t part_count;
    sb_backend backend;
    uint32_t workers;      /* 0: as many as the machine gives */
    bool bind_none;        /* do not bind workers to cores */
    uint64_t memory_bytes; /* 0: no limit of our own */
    bool resume, force, sha256;
    sb_progress_choice progress; /* on stderr */
    /* Told of things worth a line while it runs (a worker that died, what was chosen), level 0
     * warning, 1 information; may be NULL. */
    void (*log)(void *user, int level, const char *line);
    void *log_user;
    /* Polled between shards; a non-zero value stops the run early with SB_ESTOPPED. May be NULL.
     * Set it from a signal handler. */
    const volatile int *stop;
} sb_run_options;

enum { SB_KINDS_MAX = 16, SB_DIGEST_TEXT_BYTES = 33 };

typedef struct sb_kind_result {
    const char *name; /* borrowed, static */
    uint64_t rows, bytes, raw_bytes;
    char raw_digest[SB_DIGEST_TEXT_BYTES];
} sb_kind_result;

typedef struct sb_run_result {
    char dataset[SB_DIGEST_TEXT_BYTES];
    uint32_t kind_count;
    sb_kind_result kinds[SB_KINDS_MAX];
    uint64_t shards, shards_made; /* made: by this run; the rest were there already */
    uint32_t workers;
    uint32_t workers_lost;   /* died and were replaced */
    char workers_reason[64]; /* what limited their number */
    double seconds;
    uint64_t table_cache_hits, table_cache_misses;
    uint64_t worker_memory_bytes; /* the largest peak resident set of a worker */
    bool nothing_to_do;           /* --resume on a finished directory */
} sb_run_result;

/* The main job. SB_EUSAGE for options that contradict each other or a directory that is not free.
 */
SB_API SB_CHECK sb_status sb_generate(const sb_spec *spec, const sb_run_options *options,
                                      sb_run_result *out, sb_error *err);

typedef struct sb_plan_kind {
    const char *name;
    uint64_t rows; /* exact; of entries an upper bound */
    bool rows_are_a_bound;
    uint64_t bytes, raw_bytes; /* expected */
} sb_plan_kind;

enum { SB_PLAN_REPEATS_MAX = 256 };

/* An identifier that repeats once its reserved range is used up. */
typedef struct sb_plan_repeat {
    char what[48]; /* "phones (de_DE)" */
    uint64_t values, uses;
} sb_plan_repeat;

typedef struct sb_plan_result {
    char dataset[SB_DIGEST_TEXT_BYTES];
    uint32_t kind_count;
    sb_plan_kind kinds[SB_KINDS_MAX];
    uint64_t cells, groups, shards;
    bool parts_layout;
    uint32_t workers;
    char workers_reason[64];
    uint64_t bytes, raw_bytes;        /* expected, all kinds */
    uint64_t memory_bytes_per_worker; /* expected peak */
    double seconds;                   /* expected, by figures measured on one core of 2025 */
    uint32_t repeat_count;
    sb_plan_repeat repeats[SB_PLAN_REPEATS_MAX];
} sb_plan_result;

/* What sb_generate would do, without doing it. */
SB_API SB_CHECK sb_status sb_plan(const sb_spec *spec, const sb_run_options *options,
                                  sb_plan_result *out, sb_error *err);

/* One shard of a finished dataset again: with `kind` its bytes in the file `out`, without in files
 * <kind>.msgpack.zst of the directory `out`. `tables_dir` may be NULL. Existing files are refused.
 */
SB_API SB_CHECK sb_status sb_regenerate(const char *manifest_path, const char *tables_dir,
                                        uint64_t shard, const char *kind, const char *out,
                                        sb_error *err);

typedef struct sb_verify_options {
    sb_run_options run;     /* backend, workers, memory, bind, progress, log, stop count here */
    const char *tables_dir; /* or NULL */
    bool independent;       /* references, uniqueness and ledger from the files alone */
    uint64_t sample;        /* > 0: only so many shards, spread evenly */
    bool one_shard;
    uint64_t shard;
} sb_verify_options;

typedef struct sb_verify_result {
    char dataset[SB_DIGEST_TEXT_BYTES];
    uint64_t rows, raw_bytes, shards;
    uint32_t workers;
    double seconds;
} sb_verify_result;

/* SB_OK: all is as the seed says. SB_EWRONG: `err` names the first wrong row and field.
 * SB_EDAMAGED: not a dataset, or cut short. */
SB_API SB_CHECK sb_status sb_verify(const char *dir, const sb_verify_options *options,
                                    sb_verify_result *out, sb_error *err);

/* Finished part jobs, or a finished dataset of parts, to one dataset with one file a kind. */
SB_API SB_CHECK sb_status sb_merge(const char *dir, const sb_run_options *options,
                                   sb_run_result *out, sb_error *err);

/* ---- reading -------------------------------------------------------------------------------- */

/* Takes text as it is made; anything but SB_OK stops the call with that status. */
typedef sb_status (*sb_text_taker)(void *user, const char *text, size_t text_bytes, sb_error *err);

typedef enum sb_print_format { SB_PRINT_NDJSON, SB_PRINT_CSV, SB_PRINT_TSV } sb_print_format;

typedef struct sb_cat_options {
    const char *kind; /* NULL: of a file its own; of a directory or spec all, NDJSON only */
    bool range_given;
    uint64_t first_row, end_row; /* of the kind; end exclusive, UINT64_MAX: to the last */
    const char *id;              /* NULL: any */
    const char *const *where;    /* "field=value", all must hold */
    size_t where_count;
    bool head_given;
    uint64_t head;
    sb_print_format format;
    bool raw, derived;
} sb_cat_options;

/* Rows as text: of a dataset's directory or one of its files; or of a spec, with no data on disk.
 */
SB_API SB_CHECK sb_status sb_cat_path(const char *path, const sb_cat_options *options,
                                      sb_text_taker take, void *user, sb_error *err);
SB_API SB_CHECK sb_status sb_cat_spec(const sb_spec *spec, const sb_cat_options *options,
                                      sb_text_taker take, void *user, sb_error *err);

/* An entity with what belongs to it, from the spec alone. `what` is "person", "company", "account"
 * or "transaction"; `id` its number or uid, of an account also its number or IBAN. SB_EUSAGE when
 * there is no such entity. */
SB_API SB_CHECK sb_status sb_show(const sb_spec *spec, const char *what, const char *id, bool json,
                                  sb_text_taker take, void *user, sb_error *err);

typedef enum sb_info_what {
    SB_INFO_SUMMARY, /* spec, counts, sizes */
    SB_INFO_SCHEMA,  /* fields, of one kind or all; of the path, or of this program when it is NULL
                      */
    SB_INFO_DIGEST,  /* raw digests a kind, one a line */
    SB_INFO_RUN,     /* run.json */
    SB_INFO_LOCALES, /* the locales compiled in */
} sb_info_what;

SB_API SB_CHECK sb_status sb_info(const char *path, sb_info_what what, const char *kind, bool json,
                                  sb_text_taker take, void *user, sb_error *err);

/* The spec of a dataset's directory, manifest or data file, sealed. On SB_OK, owned by the caller.
 */
SB_API SB_CHECK sb_status sb_spec_of_path(const char *path, const char *tables_dir, sb_spec **out,
                                          sb_error *err);

/* Kinds that this program knows: their names, in the order of files. NULL beyond the last. */
SB_API const char *sb_kind_by_index(uint32_t index);

/* What a finished dataset holds, as one self-contained HTML page in the file `out_path`: charts and
 * tables, no script, nothing from the network. A page that is there is replaced once the new one is
 * complete; any other file is refused. The same dataset gives the same page. */
SB_API SB_CHECK sb_status sb_report(const char *dir, const char *out_path, sb_error *err);

#ifdef __cplusplus
}
#endif
#endif
