/* Whole runs: datasets generated into files in this process, and the command as users start it,
 * from exec to exit. */
#include "bench/files.h"

#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/fixture.h"
#include "seedbank/seedbank.h"

extern char **environ;

enum { DIR_BYTES = 3072 };

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info;
    (void)type;
    (void)walk;
    return remove(path);
}

static sb_status remove_tree(const char *dir, sb_error *err)
{
    return nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0
               ? SB_OK
               : sb_fail(err, SB_EIO, "%s: cannot be removed", dir);
}

/* ---- generate ------------------------------------------------------------------------------- */

typedef struct files_bench {
    bench_generation of;
    char dir[DIR_BYTES];
    double file_bytes; /* of the last run */
} files_bench;

sb_status bench_files_open(const bench_case *one, const bench_places *places, void **state,
                           sb_error *err)
{
    files_bench *b = calloc(1, sizeof *b);
    if (b == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a benchmark");
    *state = b;
    b->of = *(const bench_generation *)one->of;
    int length =
        snprintf(b->dir, sizeof b->dir, "%s/seedbank-bench-%d", places->scratch, (int)getpid());
    return length < (int)sizeof b->dir
               ? SB_OK
               : sb_fail(err, SB_EUSAGE, "%s: too long a path", places->scratch);
}

sb_status bench_files_run(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    files_bench *b = state;
    sb_spec *spec;
    sb_run_options options = {
        .out = b->dir, .backend = SB_BACKEND_SERIAL, .progress = SB_SHOW_PROGRESS_NEVER};
    sb_run_result result;
    (void)turn;
    SB_TRY(bench_spec_open(b->of.spec, &spec, err));
    sb_status status = sb_generate(spec, &options, &result, err);
    sb_spec_close(spec);
    SB_TRY(status);
    b->file_bytes = 0;
    for (uint32_t i = 0; i < result.kind_count; i++) {
        const sb_kind_result *kind = &result.kinds[i];
        bool counted = b->of.kind == NULL || strcmp(b->of.kind, kind->name) == 0;
        bench_count(made, counted ? kind->rows : 0, kind->raw_bytes, kind->rows);
        b->file_bytes += (double)kind->bytes;
    }
    return SB_OK;
}

sb_status bench_files_clear(void *state, sb_error *err)
{
    return remove_tree(((files_bench *)state)->dir, err);
}

void bench_files_tell(const void *state, bench_notes *notes)
{
    bench_note(notes, "file_bytes", ((const files_bench *)state)->file_bytes);
}

/* ---- processes ------------------------------------------------------------------------------ */

typedef struct process_bench {
    char program[4096], dir[DIR_BYTES];
    const char *const *arguments; /* DIR stands for the directory */
} process_bench;

static sb_status find_program(const bench_places *places, process_bench *b, sb_error *err)
{
    if (places->seedbank != NULL) {
        (void)snprintf(b->program, sizeof b->program, "%s", places->seedbank);
    } else { /* beside this one */
        ssize_t length = readlink("/proc/self/exe", b->program, sizeof b->program - 16);
        b->program[length > 0 ? length : 0] = '\0';
        char *slash = strrchr(b->program, '/');
        memcpy(slash != NULL ? slash + 1 : b->program, "seedbank", sizeof "seedbank");
    }
    return access(b->program, X_OK) == 0
               ? SB_OK
               : sb_fail(err, SB_EUSAGE, "%s: no program; build it, or give --seedbank",
                         b->program);
}

static sb_status open_process(const bench_case *one, const bench_places *places, void **state,
                              sb_error *err)
{
    process_bench *b = calloc(1, sizeof *b);
    /* What is measured is the command, not the disk. */
    const char *memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : places->scratch;
    if (b == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a benchmark");
    *state = b;
    b->arguments = one->of;
    (void)snprintf(b->dir, sizeof b->dir, "%s/seedbank-bench-%d", memory, (int)getpid());
    return find_program(places, b, err);
}

static sb_status run_process(void *state, uint64_t turn, bench_made *made, sb_error *err)
{
    process_bench *b = state;
    char *arguments[32];
    int count = 0, ended;
    pid_t process;
    posix_spawn_file_actions_t files;
    (void)turn;
    arguments[count++] = b->program;
    for (int i = 0; b->arguments[i] != NULL && count < 31; i++)
        arguments[count++] =
            strcmp(b->arguments[i], "DIR") == 0 ? b->dir : (char *)(uintptr_t)b->arguments[i];
    arguments[count] = NULL;
    (void)posix_spawn_file_actions_init(&files);
    (void)posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", 1, 0);
    int failed = posix_spawn(&process, b->program, &files, NULL, arguments, environ);
    (void)posix_spawn_file_actions_destroy(&files);
    if (failed != 0 || waitpid(process, &ended, 0) != process || !WIFEXITED(ended) ||
        WEXITSTATUS(ended) != 0)
        return sb_fail(err, SB_EIO, "%s: did not end with 0", b->program);
    bench_count(made, 1, 0, (uint64_t)ended);
    return SB_OK;
}

static sb_status clear_process(void *state, sb_error *err)
{
    const process_bench *b = state;
    return access(b->dir, F_OK) == 0 ? remove_tree(b->dir, err) : SB_OK;
}

/* ---- the list ------------------------------------------------------------------------------- */

static const bench_generation persons = {"seed 42 persons 100k", "persons"},
                              companies = {"seed 42 companies 50k persons 10k", "companies"},
                              accounts = {"seed 42 persons 50k companies 10k accounts 100k",
                                          "accounts"},
                              transactions = {"seed 42 profile aml entities 500k", "transactions"},
                              communications = {"seed 42 persons 6k communications 100k",
                                                "communications"},
                              everything = {"seed 42 entities 200k", NULL};

static const char *const make_small[] = {"generate", "--seed",         "42",  "--persons",
                                         "50",       "--companies",    "10",  "--accounts",
                                         "100",      "--transactions", "500", "--communications",
                                         "50",       "--out",          "DIR", "-q",
                                         NULL};
static const char *const show_person[] = {"show", "person", "42", "--entities",
                                          "1m",   "--seed", "42", NULL};
static const char *const show_account[] = {"show", "account", "4711", "--entities",
                                           "1m",   "--seed",  "42",   NULL};

#define FILES(name_, of_, what_)                                                      \
    {                                                                                 \
        .group = "files", .name = name_, .unit = "rows", .what = what_, .of = &of_,   \
        .open = bench_files_open, .run = bench_files_run, .clear = bench_files_clear, \
        .tell = bench_files_tell, .close = free                                       \
    }
#define PROCESS(name_, of_, limit_, what_)                                                         \
    {                                                                                              \
        .group = "process", .name = name_, .unit = "runs", .what = what_, .of = of_,               \
        .limit_seconds = limit_, .open = open_process, .run = run_process, .clear = clear_process, \
        .close = free                                                                              \
    }

static const bench_case cases[] = {
    FILES("files_persons", persons, "100,000 persons to synced files, one worker"),
    FILES("files_companies", companies,
          "50,000 companies (and 10,000 persons) to synced files, one worker"),
    FILES("files_accounts", accounts,
          "100,000 accounts (and their 60,000 owners) to synced files, one worker"),
    FILES("files_transactions", transactions,
          "491,000 transactions of profile aml (and 9,000 others) to synced files, one worker"),
    FILES("files_communications", communications,
          "100,000 messages (and 6,000 persons) to synced files, one worker"),
    FILES("files_demo", everything, "200,000 entities to synced files, one worker"),
    PROCESS("process_generate_710", make_small, 0.015,
            "seedbank generate of 710 entities, exec to exit, on tmpfs"),
    PROCESS("process_show_person", show_person, 0.005, "seedbank show person, exec to exit"),
    PROCESS("process_show_account", show_account, 0.005, "seedbank show account, exec to exit"),
};

bench_list bench_files_list(void)
{
    return (bench_list){cases, sizeof cases / sizeof cases[0]};
}
