#include "cli/setup.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

/* ---- signals -------------------------------------------------------------------------------- */

/* sig_atomic_t is int wherever we build; sb_run_options.stop points to it as such. */
static volatile sig_atomic_t stop_requested;
_Static_assert(sizeof(sig_atomic_t) == sizeof(int), "sb_run_options.stop is a pointer to int");

static void request_stop(int number)
{
    (void)number;
    stop_requested = 1;
}

/* Batch systems announce the end of a job with TERM or USR1, terminals with INT and HUP. What was
 * ignored when we were started (nohup) stays so. Without SA_RESTART, so that waiting calls return.
 */
static void catch_signals(void)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sigaction action = {.sa_handler = request_stop}, before;
        (void)sigemptyset(&action.sa_mask);
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            (void)sigaction(numbers[i], &action, NULL);
    }
}

/* ---- spec ----------------------------------------------------------------------------------- */

/* Names as sb_spec_set() takes them, by option. */
static const char *const spec_names[SB_OPT_SPEC_END] = {
    [SB_OPT_SEED] = "seed",
    [SB_OPT_PROFILE] = "profile",
    [SB_OPT_ENTITIES] = "entities",
    [SB_OPT_PERSONS] = "persons",
    [SB_OPT_COMPANIES] = "companies",
    [SB_OPT_ACCOUNTS] = "accounts",
    [SB_OPT_TRANSACTIONS] = "transactions",
    [SB_OPT_COMMUNICATIONS] = "communications",
    [SB_OPT_DEVICES] = "devices",
    [SB_OPT_LOGINS] = "logins",
    [SB_OPT_TRADES] = "trades",
    [SB_OPT_TRIPS] = "trips",
    [SB_OPT_DOCUMENTS] = "documents",
    [SB_OPT_RELATIONSHIPS] = "relationships",
    [SB_OPT_ALL_KINDS] = "all-kinds",
    [SB_OPT_ENTRIES] = "entries",
    [SB_OPT_START] = "start",
    [SB_OPT_END] = "end",
    [SB_OPT_LOCALES] = "locales",
    [SB_OPT_TYPOLOGIES] = "typologies",
    [SB_OPT_LABELS] = "labels",
    [SB_OPT_TABLES] = "tables",
};

enum { SEED_TEXT_BYTES = 2 + 32 + 1 };

/* 0x and 128 bits in hex. */
static sb_status draw_seed(char out[SEED_TEXT_BYTES], sb_error *err)
{
    unsigned char bytes[16];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return sb_fail(err, SB_EIO,
                       "--seed random: the system gives no random numbers: %s; give a seed",
                       strerror(errno));
    memcpy(out, "0x", 3);
    for (size_t i = 0; i < sizeof bytes; i++)
        (void)snprintf(out + 2 + 2 * i, 3, "%02x", bytes[i]);
    return SB_OK;
}

static sb_status set_options(const sb_call *call, sb_spec *spec, sb_error *err)
{
    const sb_args *args = call->args;
    char seed[SEED_TEXT_BYTES], line[SEED_TEXT_BYTES + 8];
    if (sb_args_has(args, SB_OPT_SPEC))
        SB_TRY(sb_spec_load(spec, args->values[SB_OPT_SPEC], err));
    for (int id = 0; id < SB_OPT_SPEC_END; id++) {
        const char *value = args->values[id];
        if (value == NULL)
            continue;
        if (id == SB_OPT_SEED && strcmp(value, "random") == 0) {
            SB_TRY(draw_seed(seed, err));
            (void)snprintf(line, sizeof line, "--seed %s", seed);
            sb_talk_note(call->talk, line);
            value = seed;
        }
        SB_TRY(sb_spec_set(spec, spec_names[id], value, err));
    }
    return sb_spec_seal(spec, err);
}

sb_status sb_setup_spec(const sb_call *call, sb_spec **out, sb_error *err)
{
    sb_spec *spec;
    SB_TRY(sb_spec_open(&spec, err));
    sb_status status = set_options(call, spec, err);
    if (status != SB_OK) {
        sb_spec_close(spec);
        return status;
    }
    *out = spec;
    return SB_OK;
}

/* ---- running -------------------------------------------------------------------------------- */

/* Choices are stored by their index in the table of options.c. */
_Static_assert(SB_BACKEND_FORK == 0 && SB_BACKEND_OMP == 1 && SB_BACKEND_SERIAL == 2, "order");
_Static_assert(SB_LAYOUT_AUTO == 0 && SB_LAYOUT_MERGED == 1 && SB_LAYOUT_PARTS == 2, "order");
_Static_assert(SB_SHOW_PROGRESS_AUTO == 0 && SB_SHOW_PROGRESS_ALWAYS == 1 &&
                   SB_SHOW_PROGRESS_NEVER == 2,
               "order");

static sb_status check_run(const sb_args *args, sb_error *err)
{
    const uint64_t *numbers = args->numbers;
    if (numbers[SB_OPT_BACKEND] == SB_BACKEND_SERIAL && numbers[SB_OPT_WORKERS] > 1)
        return sb_fail(err, SB_EUSAGE,
                       "--workers: %llu do not go with --backend serial, which has one; "
                       "leave one of them out",
                       (unsigned long long)numbers[SB_OPT_WORKERS]);
    if (numbers[SB_OPT_BACKEND] == SB_BACKEND_SERIAL)
        SB_TRY(sb_args_refuse_pair(args, SB_OPT_BIND, SB_OPT_BACKEND,
                                   "the serial backend has no workers to bind; leave it out", err));
    SB_TRY(sb_args_refuse_pair(args, SB_OPT_QUIET, SB_OPT_VERBOSE, "choose one", err));
    if (numbers[SB_OPT_PROGRESS] == SB_SHOW_PROGRESS_ALWAYS)
        SB_TRY(sb_args_refuse_pair(args, SB_OPT_PROGRESS, SB_OPT_QUIET, "choose one", err));
    return SB_OK;
}

sb_status sb_setup_run(const sb_call *call, sb_run_options *out, sb_error *err)
{
    const sb_args *args = call->args;
    const uint64_t *numbers = args->numbers;
    SB_TRY(check_run(args, err));
    *out = (sb_run_options){
        .out = args->values[SB_OPT_OUT],
        .level = (int)numbers[SB_OPT_LEVEL],
        .shards = numbers[SB_OPT_SHARDS],
        .layout = (sb_layout_choice)numbers[SB_OPT_LAYOUT],
        .part_index = (uint32_t)numbers[SB_OPT_PART],
        .part_count = (uint32_t)args->seconds[SB_OPT_PART],
        .backend = (sb_backend)numbers[SB_OPT_BACKEND],
        .workers = (uint32_t)numbers[SB_OPT_WORKERS],
        .bind_none = numbers[SB_OPT_BIND] == 1,
        .memory_bytes = numbers[SB_OPT_MEMORY],
        .resume = sb_args_has(args, SB_OPT_RESUME),
        .force = sb_args_has(args, SB_OPT_FORCE),
        .sha256 = sb_args_has(args, SB_OPT_SHA256),
        .progress = call->talk->quiet ? SB_SHOW_PROGRESS_NEVER
                                      : (sb_progress_choice)numbers[SB_OPT_PROGRESS],
        .log = sb_talk_log,
        .log_user = call->talk,
        .stop = &stop_requested,
    };
    catch_signals();
    return SB_OK;
}
