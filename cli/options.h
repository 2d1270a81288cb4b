/* The command line as data: one table says which options there are, which commands take them and
 * what values they may have. Parsing checks all that can be known of an option by itself; what
 * options mean beside each other is the commands' business (sb_args_refuse_pair and its like).
 *
 * Errors are sentences without the program's name ("--level: 20 is out of range; write 1 to 19").
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seedbank/status.h"

/* C(ENUM, name) in the order of help texts. */
#define SB_COMMAND_MAP(C)     \
    C(GENERATE, generate)     \
    C(PLAN, plan)             \
    C(REGENERATE, regenerate) \
    C(VERIFY, verify)         \
    C(MERGE, merge)           \
    C(CAT, cat)               \
    C(SHOW, show)             \
    C(INFO, info)             \
    C(REPORT, report)         \
    C(VERSION, version)

typedef enum sb_command_id {
#define SB_COMMAND_ENUM(id, name) SB_COMMAND_##id,
    SB_COMMAND_MAP(SB_COMMAND_ENUM)
#undef SB_COMMAND_ENUM
        SB_COMMAND_COUNT
} sb_command_id;

/* Options of a spec come first: they are passed on to sb_spec_set() by name. --spec is not one. */
typedef enum sb_option_id {
    SB_OPT_SEED,
    SB_OPT_PROFILE,
    SB_OPT_ENTITIES,
    SB_OPT_PERSONS,
    SB_OPT_COMPANIES,
    SB_OPT_ACCOUNTS,
    SB_OPT_TRANSACTIONS,
    SB_OPT_COMMUNICATIONS,
    SB_OPT_DEVICES,
    SB_OPT_LOGINS,
    SB_OPT_TRADES,
    SB_OPT_TRIPS,
    SB_OPT_DOCUMENTS,
    SB_OPT_RELATIONSHIPS,
    SB_OPT_ALL_KINDS,
    SB_OPT_ENTRIES,
    SB_OPT_START,
    SB_OPT_END,
    SB_OPT_LOCALES,
    SB_OPT_TYPOLOGIES,
    SB_OPT_LABELS,
    SB_OPT_TABLES,
    SB_OPT_SPEC_END, /* how many they are */
    SB_OPT_SPEC = SB_OPT_SPEC_END,
    SB_OPT_OUT,
    SB_OPT_LEVEL,
    SB_OPT_LAYOUT,
    SB_OPT_SHARDS,
    SB_OPT_PART,
    SB_OPT_BACKEND,
    SB_OPT_WORKERS,
    SB_OPT_BIND,
    SB_OPT_MEMORY,
    SB_OPT_RESUME,
    SB_OPT_FORCE,
    SB_OPT_SHA256,
    SB_OPT_PROGRESS,
    SB_OPT_JSON,
    SB_OPT_LOG,
    SB_OPT_VERBOSE,
    SB_OPT_QUIET,
    SB_OPT_INDEPENDENT,
    SB_OPT_SAMPLE,
    SB_OPT_SHARD,
    SB_OPT_KIND,
    SB_OPT_TO,
    SB_OPT_ROWS,
    SB_OPT_ID,
    SB_OPT_WHERE,
    SB_OPT_HEAD,
    SB_OPT_RAW,
    SB_OPT_DERIVED,
    SB_OPT_SCHEMA,
    SB_OPT_DIGEST,
    SB_OPT_RUN,
    SB_OPT_LOCALE_LIST, /* info --locales */
    SB_OPT_COUNT
} sb_option_id;

enum { SB_OPERANDS_MAX = 3 };

/* What stood on a command line. Texts are borrowed from argv. */
typedef struct sb_args {
    sb_command_id command;
    const char *values[SB_OPT_COUNT]; /* NULL: not given; of a flag "true" */
    /* Numbers and sizes; of a choice its index; 0 for "auto"; of I/N and A:B the first and second.
     */
    uint64_t numbers[SB_OPT_COUNT], seconds[SB_OPT_COUNT];
    const char **wheres; /* owned: all values of --where */
    size_t where_count;
    const char *operands[SB_OPERANDS_MAX];
    int operand_count;
    bool help; /* --help stood somewhere: nothing else counts */
} sb_args;

/* Reads the arguments after the command's name. `operands` names the operands for messages, "ID
 * DIR". On SB_OK, pair with sb_args_close(). */
SB_CHECK sb_status sb_args_parse(sb_command_id command, const char *operands, int argc, char **argv,
                                 sb_args *out, sb_error *err);
void sb_args_close(sb_args *args);

static inline bool sb_args_has(const sb_args *args, sb_option_id option)
{
    return args->values[option] != NULL;
}

/* Whether messages are to be JSON: asked before parsing, so that its errors are in that form too.
 */
bool sb_args_want_json_log(int argc, char **argv);

/* SB_EUSAGE when both were given; `why` says what to do. */
SB_CHECK sb_status sb_args_refuse_pair(const sb_args *args, sb_option_id one, sb_option_id other,
                                       const char *why, sb_error *err);
/* SB_EUSAGE when the option was not given. */
SB_CHECK sb_status sb_args_require(const sb_args *args, sb_option_id option, sb_error *err);
/* SB_EUSAGE when any option that makes a spec was given; --tables too unless `tables_too` is false.
 */
SB_CHECK sb_status sb_args_refuse_spec(const sb_args *args, bool tables_too, const char *why,
                                       sb_error *err);

const char *sb_command_name(sb_command_id command);
/* SB_COMMAND_COUNT when there is none. */
sb_command_id sb_command_find(const char *name);
/* SB_EUSAGE, with a sentence about a name that is no command of this release. */
SB_CHECK sb_status sb_command_refuse(const char *name, sb_error *err);

/* The nearest of `count` names within two edits of `name`, or NULL. Borrowed from `names`. */
const char *sb_nearest(const char *name, const char *const *names, size_t count);

#endif
