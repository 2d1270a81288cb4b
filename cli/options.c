#include "cli/options.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seedbank/seedbank.h"

#define BIT(id) (1u << SB_COMMAND_##id)
enum {
    MAKERS = BIT(GENERATE) | BIT(PLAN),
    SPEC_USERS = MAKERS | BIT(CAT) | BIT(SHOW),
    RUNNERS = BIT(GENERATE) | BIT(VERIFY) | BIT(MERGE), /* what starts workers on data */
};

typedef enum option_type {
    FLAG,
    TEXT,   /* checked by the library */
    NUMBER, /* low..high, or the word in `words` for 0 */
    CHOICE, /* one of `words` */
    SIZE,   /* bytes, with k, m, g, t */
    PART,   /* I/N */
    RANGE,  /* A:B */
    KIND,
    KIND_MAYBE, /* a flag that may be followed by a kind */
    MANY        /* field=value, may be repeated */
} option_type;

/* The value of an option that stands without one. */
static const char given[] = "true";

typedef struct option {
    const char *name;
    option_type type;
    unsigned commands; /* that take it: bits */
    char letter;       /* 0: none */
    const char *value; /* what messages call it; NULL: its words */
    const char *words; /* separated by blanks */
    const char *later; /* words of a later release */
    uint64_t low, high;
} option;

#define OPTION(name, type, ...)                 \
    {                                           \
        (name), (type), .commands = __VA_ARGS__ \
    }

/* Parts of a run are jobs of a batch system, and 100,000 is what such systems take at most. The
 * bounds of --shards and --workers are those of the library. */
static const option options[SB_OPT_COUNT] = {
    [SB_OPT_SEED] = OPTION("seed", TEXT, SPEC_USERS, .value = "N|0xHEX|random"),
    [SB_OPT_PROFILE] = OPTION("profile", TEXT, SPEC_USERS, .value = "demo|aml|finbench"),
    [SB_OPT_ENTITIES] = OPTION("entities", TEXT, SPEC_USERS, .value = "N"),
    [SB_OPT_PERSONS] = OPTION("persons", TEXT, SPEC_USERS, .value = "N"),
    [SB_OPT_COMPANIES] = OPTION("companies", TEXT, SPEC_USERS, .value = "N"),
    [SB_OPT_ACCOUNTS] = OPTION("accounts", TEXT, SPEC_USERS, .value = "N"),
    [SB_OPT_TRANSACTIONS] = OPTION("transactions", TEXT, SPEC_USERS, .value = "N"),
    [SB_OPT_COMMUNICATIONS] = OPTION("communications", TEXT, SPEC_USERS, .value = "N"),
    [SB_OPT_DEVICES] = OPTION("devices", TEXT, SPEC_USERS, .value = "N"),
    [SB_OPT_LOGINS] = OPTION("logins", TEXT, SPEC_USERS, .value = "N"),
    [SB_OPT_TRADES] = OPTION("trades", TEXT, SPEC_USERS, .value = "N"),
    [SB_OPT_TRIPS] = OPTION("trips", TEXT, SPEC_USERS, .value = "N"),
    [SB_OPT_DOCUMENTS] = OPTION("documents", TEXT, SPEC_USERS, .value = "N"),
    [SB_OPT_RELATIONSHIPS] = OPTION("relationships", TEXT, SPEC_USERS, .value = "N"),
    [SB_OPT_ALL_KINDS] = OPTION("all-kinds", FLAG, SPEC_USERS),
    [SB_OPT_ENTRIES] = OPTION("entries", FLAG, SPEC_USERS),
    [SB_OPT_START] = OPTION("start", TEXT, SPEC_USERS, .value = "DATE"),
    [SB_OPT_END] = OPTION("end", TEXT, SPEC_USERS, .value = "DATE"),
    [SB_OPT_LOCALES] = OPTION("locales", TEXT, SPEC_USERS, .value = "LIST"),
    [SB_OPT_TYPOLOGIES] = OPTION("typologies", TEXT, SPEC_USERS, .value = "off"),
    [SB_OPT_LABELS] = OPTION("labels", TEXT, SPEC_USERS, .value = "separate|inline|none"),
    [SB_OPT_TABLES] =
        OPTION("tables", TEXT, SPEC_USERS | BIT(REGENERATE) | BIT(VERIFY), .value = "DIR"),
    [SB_OPT_SPEC] = OPTION("spec", TEXT, SPEC_USERS, .value = "FILE"),

    [SB_OPT_OUT] = OPTION("out", TEXT, BIT(GENERATE) | BIT(REGENERATE) | BIT(REPORT), .letter = 'o',
                          .value = "PATH"),
    [SB_OPT_LEVEL] = OPTION("level", NUMBER, MAKERS, .value = "N", .low = 1, .high = 19),
    [SB_OPT_LAYOUT] = OPTION("layout", CHOICE, MAKERS, .words = "auto merged parts"),
    [SB_OPT_SHARDS] = OPTION("shards", NUMBER, MAKERS, .value = "auto|N", .words = "auto", .low = 1,
                             .high = 100000),
    [SB_OPT_PART] = OPTION("part", PART, BIT(GENERATE), .value = "I/N", .low = 1, .high = 100000),
    [SB_OPT_BACKEND] =
        OPTION("backend", CHOICE, RUNNERS | BIT(PLAN), .words = "fork omp serial", .later = "mpi"),
    [SB_OPT_WORKERS] = OPTION("workers", NUMBER, RUNNERS | BIT(PLAN), .value = "auto|N",
                              .words = "auto", .low = 1, .high = 4096),
    [SB_OPT_BIND] = OPTION("bind", CHOICE, RUNNERS, .words = "auto none"),
    [SB_OPT_MEMORY] = OPTION("memory", SIZE, RUNNERS | BIT(PLAN), .value = "SIZE", .low = 1 << 20,
                             .high = UINT64_C(1) << 60),
    [SB_OPT_RESUME] = OPTION("resume", FLAG, BIT(GENERATE)),
    [SB_OPT_FORCE] = OPTION("force", FLAG, BIT(GENERATE)),
    [SB_OPT_SHA256] = OPTION("sha256", FLAG, BIT(GENERATE) | BIT(MERGE)),
    [SB_OPT_PROGRESS] = OPTION("progress", CHOICE, RUNNERS, .words = "auto always never"),
    [SB_OPT_JSON] =
        OPTION("json", FLAG, RUNNERS | BIT(PLAN) | BIT(SHOW) | BIT(INFO) | BIT(VERSION)),
    [SB_OPT_LOG] = OPTION("log", CHOICE, RUNNERS, .words = "text json"),
    [SB_OPT_VERBOSE] = OPTION("verbose", FLAG, RUNNERS | BIT(PLAN), .letter = 'v'),
    [SB_OPT_QUIET] = OPTION("quiet", FLAG, RUNNERS | SPEC_USERS, .letter = 'q'),

    [SB_OPT_INDEPENDENT] = OPTION("independent", FLAG, BIT(VERIFY)),
    [SB_OPT_SAMPLE] = OPTION("sample", NUMBER, BIT(VERIFY), .value = "N", .low = 1, .high = 100000),
    [SB_OPT_SHARD] =
        OPTION("shard", NUMBER, BIT(VERIFY) | BIT(REGENERATE), .value = "K", .high = 99999),
    [SB_OPT_KIND] = OPTION("kind", KIND, BIT(CAT) | BIT(REGENERATE), .value = "KIND"),
    [SB_OPT_TO] = OPTION("to", CHOICE, BIT(CAT), .words = "ndjson csv tsv"),
    [SB_OPT_ROWS] = OPTION("rows", RANGE, BIT(CAT), .value = "A:B"),
    [SB_OPT_ID] = OPTION("id", TEXT, BIT(CAT), .value = "ID"),
    [SB_OPT_WHERE] = OPTION("where", MANY, BIT(CAT), .value = "FIELD=VALUE"),
    [SB_OPT_HEAD] = OPTION("head", NUMBER, BIT(CAT), .value = "N", .high = UINT64_MAX),
    [SB_OPT_RAW] = OPTION("raw", FLAG, BIT(CAT)),
    [SB_OPT_DERIVED] = OPTION("derived", FLAG, BIT(CAT)),
    [SB_OPT_SCHEMA] = OPTION("schema", KIND_MAYBE, BIT(INFO), .value = "KIND"),
    [SB_OPT_DIGEST] = OPTION("digest", FLAG, BIT(INFO)),
    [SB_OPT_RUN] = OPTION("run", FLAG, BIT(INFO)),
    [SB_OPT_LOCALE_LIST] = OPTION("locales", FLAG, BIT(INFO)),
};

/* Names that are taken, so that nobody waits for them to work. */
static const struct {
    const char *name, *instead;
} later_options[] = {
    {"threads", "use --workers"},
    {"slice", "generate the whole period and filter rows by executed_at"},
    {"metrics", "use --json"},
};
static const char *const later_commands[] = {"repair", "export", "stream", "score", "labels"};

static const char *const command_names[SB_COMMAND_COUNT] = {
#define COMMAND_NAME(id, name) #name,
    SB_COMMAND_MAP(COMMAND_NAME)
#undef COMMAND_NAME
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- names ---------------------------------------------------------------------------------- */

enum { NAME_BYTES_MAX = 32, EDITS_MAX = 2 };

/* Levenshtein's distance of two short names, row by row. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t row[NAME_BYTES_MAX + 1], b_bytes = strlen(b);
    for (size_t j = 0; j <= b_bytes; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_bytes; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[b_bytes];
}

const char *sb_nearest(const char *name, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t length = strlen(name), least = EDITS_MAX + 1;
    if (length > NAME_BYTES_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(name, names[i]);
        /* Of a very short name two edits leave nothing. */
        if (distance < least && 2 * distance <= length) {
            least = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

const char *sb_command_name(sb_command_id command)
{
    return command_names[command];
}

sb_command_id sb_command_find(const char *name)
{
    for (int i = 0; i < SB_COMMAND_COUNT; i++)
        if (strcmp(name, command_names[i]) == 0)
            return (sb_command_id)i;
    return SB_COMMAND_COUNT;
}

sb_status sb_command_refuse(const char *name, sb_error *err)
{
    for (size_t i = 0; i < COUNT(later_commands); i++)
        if (strcmp(name, later_commands[i]) == 0)
            return sb_fail(err, SB_EUSAGE,
                           "%s: not in this release; see 'seedbank help' for what is", name);
    const char *nearest = sb_nearest(name, command_names, SB_COMMAND_COUNT);
    if (nearest != NULL)
        return sb_fail(err, SB_EUSAGE, "%s: no such command; did you mean '%s'?", name, nearest);
    return sb_fail(err, SB_EUSAGE, "%s: no such command; see 'seedbank help'", name);
}

static bool takes(sb_command_id command, int id)
{
    return (options[id].commands >> command & 1) != 0;
}

/* "cat, show and info" */
static void list_commands(unsigned commands, char *out, size_t out_bytes)
{
    size_t length = 0;
    out[0] = '\0';
    for (int i = 0; i < SB_COMMAND_COUNT; i++) {
        if ((commands >> i & 1) == 0)
            continue;
        unsigned rest = commands >> i >> 1;
        const char *between = length == 0 ? "" : rest != 0 ? ", " : " and ";
        length +=
            (size_t)snprintf(out + length, out_bytes - length, "%s%s", between, command_names[i]);
    }
}

/* `dashed` is the option as it was written, without a value. */
static sb_status refuse_option(sb_command_id command, const char *dashed, sb_error *err)
{
    const char *name = dashed + strspn(dashed, "-"), *names[SB_OPT_COUNT];
    size_t name_count = 0;
    unsigned owners = 0;
    for (size_t i = 0; i < COUNT(later_options); i++)
        if (strcmp(name, later_options[i].name) == 0)
            return sb_fail(err, SB_EUSAGE, "%s: not in this release; %s", dashed,
                           later_options[i].instead);
    for (int i = 0; i < SB_OPT_COUNT; i++) {
        bool letter = dashed[1] != '-';
        if (takes(command, i) && !letter)
            names[name_count++] = options[i].name;
        if (letter ? name[0] == options[i].letter && name[1] == '\0'
                   : strcmp(name, options[i].name) == 0)
            owners |= options[i].commands;
    }
    if (owners != 0) {
        char list[200];
        list_commands(owners, list, sizeof list);
        return sb_fail(err, SB_EUSAGE, "%s: has no effect here, it belongs to %s; leave it out",
                       dashed, list);
    }
    const char *nearest = sb_nearest(name, names, name_count);
    if (nearest != NULL)
        return sb_fail(err, SB_EUSAGE, "%s: no such option; did you mean --%s?", dashed, nearest);
    return sb_fail(err, SB_EUSAGE, "%s: no such option; see 'seedbank %s --help'", dashed,
                   command_names[command]);
}

/* ---- values --------------------------------------------------------------------------------- */

/* Reads digits only. *too_large when the number does not fit; the rest of the text is *end. */
static uint64_t read_digits(const char *text, const char **end, bool *too_large)
{
    uint64_t number = 0;
    *too_large = false;
    for (; isdigit((unsigned char)*text); text++) {
        uint64_t digit = (uint64_t)(*text - '0');
        *too_large = *too_large || number > (UINT64_MAX - digit) / 10;
        number = number * 10 + digit;
    }
    *end = text;
    return number;
}

/* The index of `word` in a list separated by blanks, or -1. */
static int find_word(const char *word, const char *words)
{
    size_t length = strlen(word);
    int index = 0;
    for (const char *at = words; at != NULL && *at != '\0'; index++) {
        size_t span = strcspn(at, " ");
        if (span == length && memcmp(at, word, span) == 0)
            return index;
        at += span + (at[span] == ' ');
    }
    return -1;
}

static sb_status parse_number(const option *opt, const char *value, uint64_t *out, sb_error *err)
{
    const char *end;
    bool too_large;
    const char *or_word = opt->words == NULL ? "" : opt->words,
               *or_text = *or_word == '\0' ? "" : ", or ";
    *out = 0;
    if (opt->words != NULL && strcmp(value, opt->words) == 0)
        return SB_OK;
    uint64_t number = read_digits(value, &end, &too_large);
    if (end == value || *end != '\0')
        return sb_fail(err, SB_EUSAGE, "--%s: '%s' is no number; write %llu to %llu%s%s", opt->name,
                       value, (unsigned long long)opt->low, (unsigned long long)opt->high, or_text,
                       or_word);
    if (too_large || number < opt->low || number > opt->high)
        return sb_fail(err, SB_EUSAGE, "--%s: %s is out of range; write %llu to %llu%s%s",
                       opt->name, value, (unsigned long long)opt->low,
                       (unsigned long long)opt->high, or_text, or_word);
    *out = number;
    return SB_OK;
}

static sb_status parse_choice(const option *opt, const char *value, uint64_t *out, sb_error *err)
{
    int index = find_word(value, opt->words);
    if (index >= 0) {
        *out = (uint64_t)index;
        return SB_OK;
    }
    if (opt->later != NULL && find_word(value, opt->later) >= 0)
        return sb_fail(err, SB_EUSAGE, "--%s %s: not in this release; choose from: %s", opt->name,
                       value, opt->words);
    return sb_fail(err, SB_EUSAGE, "--%s: unknown '%s'; choose from: %s", opt->name, value,
                   opt->words);
}

/* "64m", "2g", "1GiB", "1048576": powers of 1,024, since that is what limits of memory are given
 * in. */
static sb_status parse_size(const option *opt, const char *value, uint64_t *out, sb_error *err)
{
    static const char units[] = "kmgt";
    const char *end;
    bool too_large;
    unsigned shift = 0;
    uint64_t number = read_digits(value, &end, &too_large);
    const char *unit =
        end == value || *end == '\0' ? NULL : strchr(units, tolower((unsigned char)*end));
    if (unit != NULL) {
        shift = 10 * (unsigned)(unit - units + 1);
        end++;
        if (*end == 'i' && (end[1] == 'B' || end[1] == 'b'))
            end++;
    }
    if (*end == 'b' || *end == 'B')
        end++;
    if (!isdigit((unsigned char)value[0]) || *end != '\0')
        return sb_fail(err, SB_EUSAGE, "--%s: '%s' is no size; write bytes or 64m, 2g, 1GiB",
                       opt->name, value);
    if (too_large || number > opt->high >> shift || number << shift < opt->low)
        return sb_fail(err, SB_EUSAGE, "--%s: %s is out of range; write 1m or more", opt->name,
                       value);
    *out = number << shift;
    return SB_OK;
}

/* N/N is accepted and means 0/N (the library's doing), so that job arrays may count from 0 or
 * from 1. */
static sb_status parse_part(const option *opt, const char *value, uint64_t *index, uint64_t *count,
                            sb_error *err)
{
    const char *slash, *end;
    bool index_too_large, count_too_large;
    *index = read_digits(value, &slash, &index_too_large);
    if (slash == value || *slash != '/' || !isdigit((unsigned char)slash[1]))
        return sb_fail(err, SB_EUSAGE, "--%s: '%s' is not I/N; write 0/8 for the first of eight",
                       opt->name, value);
    *count = read_digits(slash + 1, &end, &count_too_large);
    if (*end != '\0')
        return sb_fail(err, SB_EUSAGE, "--%s: '%s' is not I/N; write 0/8 for the first of eight",
                       opt->name, value);
    if (count_too_large || *count < opt->low || *count > opt->high)
        return sb_fail(err, SB_EUSAGE, "--%s: %s is out of range; N may be %llu to %llu", opt->name,
                       value, (unsigned long long)opt->low, (unsigned long long)opt->high);
    if (index_too_large || *index > *count)
        return sb_fail(err, SB_EUSAGE, "--%s: %s is out of range; I may be 0 to %llu", opt->name,
                       value, (unsigned long long)*count);
    return SB_OK;
}

static sb_status parse_range(const option *opt, const char *value, uint64_t *first,
                             uint64_t *end_row, sb_error *err)
{
    const char *colon, *end;
    bool first_too_large, end_too_large;
    *first = read_digits(value, &colon, &first_too_large);
    if (*colon != ':' || value[1] == '\0')
        return sb_fail(err, SB_EUSAGE, "--%s: '%s' is no range; write A:B, A: or :B, B exclusive",
                       opt->name, value);
    *end_row = read_digits(colon + 1, &end, &end_too_large);
    if (*end != '\0')
        return sb_fail(err, SB_EUSAGE, "--%s: '%s' is no range; write A:B, A: or :B, B exclusive",
                       opt->name, value);
    if (colon[1] == '\0')
        *end_row = UINT64_MAX;
    if (first_too_large || end_too_large)
        return sb_fail(err, SB_EUSAGE, "--%s: %s is out of range; no kind has that many rows",
                       opt->name, value);
    if (*first > *end_row)
        return sb_fail(err, SB_EUSAGE, "--%s: %s ends before it begins; write A:B with A below B",
                       opt->name, value);
    return SB_OK;
}

static bool is_kind(const char *name)
{
    for (uint32_t i = 0; sb_kind_by_index(i) != NULL; i++)
        if (strcmp(name, sb_kind_by_index(i)) == 0)
            return true;
    return false;
}

static sb_status parse_kind(const option *opt, const char *value, sb_error *err)
{
    const char *names[SB_KINDS_MAX];
    char list[200] = "";
    size_t count = 0, length = 0;
    if (is_kind(value))
        return SB_OK;
    for (; count < SB_KINDS_MAX && sb_kind_by_index((uint32_t)count) != NULL; count++) {
        names[count] = sb_kind_by_index((uint32_t)count);
        if (length < sizeof list)
            length += (size_t)snprintf(list + length, sizeof list - length, " %s", names[count]);
    }
    const char *nearest = sb_nearest(value, names, count);
    if (nearest != NULL)
        return sb_fail(err, SB_EUSAGE, "--%s: no kind '%s'; did you mean %s?", opt->name, value,
                       nearest);
    return sb_fail(err, SB_EUSAGE, "--%s: no kind '%s'; choose from:%s", opt->name, value, list);
}

static sb_status parse_value(sb_args *args, int id, const char *value, sb_error *err)
{
    const option *opt = &options[id];
    uint64_t *number = &args->numbers[id], *second = &args->seconds[id];
    switch (opt->type) {
    case NUMBER:
        return parse_number(opt, value, number, err);
    case CHOICE:
        return parse_choice(opt, value, number, err);
    case SIZE:
        return parse_size(opt, value, number, err);
    case PART:
        return parse_part(opt, value, number, second, err);
    case RANGE:
        return parse_range(opt, value, number, second, err);
    case KIND:
        return parse_kind(opt, value, err);
    case KIND_MAYBE:
        *number = value != given;
        return value == given ? SB_OK : parse_kind(opt, value, err);
    case MANY:
        if (value[0] == '=' || strchr(value, '=') == NULL)
            return sb_fail(err, SB_EUSAGE, "--%s: '%s' is no comparison; write FIELD=VALUE",
                           opt->name, value);
        args->wheres[args->where_count++] = value;
        return SB_OK;
    case FLAG:
    case TEXT:
        break;
    }
    return SB_OK;
}

/* ---- the line ------------------------------------------------------------------------------- */

static sb_status set_option(sb_args *args, int id, const char *value, sb_error *err)
{
    const option *opt = &options[id];
    const char *before = args->values[id];
    if (value[0] == '\0')
        return sb_fail(err, SB_EUSAGE, "--%s: the value is empty; write %s", opt->name,
                       opt->value != NULL ? opt->value : opt->words);
    if (before != NULL && opt->type != MANY && strcmp(before, value) != 0)
        return sb_fail(err, SB_EUSAGE, "--%s: given as '%s' and as '%s'; give it once", opt->name,
                       before, value);
    args->values[id] = value;
    return parse_value(args, id, value, err);
}

static int find_option(sb_command_id command, const char *name, size_t name_bytes)
{
    for (int i = 0; i < SB_OPT_COUNT; i++)
        if (takes(command, i) && strlen(options[i].name) == name_bytes &&
            memcmp(options[i].name, name, name_bytes) == 0)
            return i;
    return SB_OPT_COUNT;
}

/* One "--name", "--name=value" or "--name value"; *used is how many arguments it took. */
static sb_status take_long(sb_args *args, char **argv, int left, int *used, sb_error *err)
{
    const char *name = argv[0] + 2, *equals = strchr(name, '=');
    size_t name_bytes = equals != NULL ? (size_t)(equals - name) : strlen(name);
    int id = find_option(args->command, name, name_bytes);
    *used = 1;
    if (id == SB_OPT_COUNT) {
        char dashed[80];
        (void)snprintf(dashed, sizeof dashed, "--%.*s", (int)(name_bytes < 70 ? name_bytes : 70),
                       name);
        return refuse_option(args->command, dashed, err);
    }
    const option *opt = &options[id];
    if (opt->type == FLAG && equals != NULL)
        return sb_fail(err, SB_EUSAGE, "--%s: takes no value; write --%s alone", opt->name,
                       opt->name);
    if (opt->type == FLAG)
        return set_option(args, id, given, err);
    if (equals != NULL)
        return set_option(args, id, equals + 1, err);
    if (opt->type == KIND_MAYBE && (left < 2 || !is_kind(argv[1])))
        return set_option(args, id, given, err);
    if (left < 2 || strncmp(argv[1], "--", 2) == 0)
        return sb_fail(err, SB_EUSAGE, "--%s: the value is missing; write --%s %s", opt->name,
                       opt->name, opt->value != NULL ? opt->value : opt->words);
    *used = 2;
    return set_option(args, id, argv[1], err);
}

/* "-v", "-q" or both behind one dash; "-o FILE" or "-oFILE". *used as in take_long(). */
static sb_status take_letters(sb_args *args, char **argv, int left, int *used, sb_error *err)
{
    *used = 1;
    for (const char *letters = argv[0] + 1; *letters != '\0'; letters++) {
        int id = 0;
        while (id < SB_OPT_COUNT && !(takes(args->command, id) && options[id].letter == *letters))
            id++;
        if (id == SB_OPT_COUNT) {
            char dashed[] = {'-', *letters, '\0'};
            return refuse_option(args->command, dashed, err);
        }
        if (options[id].type == FLAG) {
            SB_TRY(set_option(args, id, given, err));
            continue;
        }
        if (letters[1] != '\0')
            return set_option(args, id, letters + 1, err);
        if (left < 2 || strncmp(argv[1], "--", 2) == 0)
            return sb_fail(err, SB_EUSAGE, "-%c: the value is missing; write -%c %s", *letters,
                           *letters, options[id].value);
        *used = 2;
        return set_option(args, id, argv[1], err);
    }
    return SB_OK;
}

static sb_status take_operand(sb_args *args, const char *operand, int operands_max,
                              const char *names, sb_error *err)
{
    if (operand[0] == '\0')
        return sb_fail(err, SB_EUSAGE, "an argument is empty; it takes %s",
                       *names == '\0' ? "none" : names);
    if (args->operand_count == operands_max)
        return sb_fail(err, SB_EUSAGE, "'%s' is one argument too many; it takes %s", operand,
                       *names == '\0' ? "options only" : names);
    args->operands[args->operand_count++] = operand;
    return SB_OK;
}

static int count_words(const char *words)
{
    int count = *words != '\0';
    for (; *words != '\0'; words++)
        count += *words == ' ';
    return count;
}

static sb_status take_all(sb_args *args, const char *operands, int argc, char **argv, sb_error *err)
{
    int used, operands_max = count_words(operands);
    bool only_operands = false;
    for (int i = 0; i < argc; i += used) {
        const char *arg = argv[i];
        used = 1;
        if (!only_operands && strcmp(arg, "--") == 0)
            only_operands = true;
        else if (!only_operands && strncmp(arg, "--", 2) == 0)
            SB_TRY(take_long(args, argv + i, argc - i, &used, err));
        else if (!only_operands && arg[0] == '-' && arg[1] != '\0')
            SB_TRY(take_letters(args, argv + i, argc - i, &used, err));
        else
            SB_TRY(take_operand(args, arg, operands_max, operands, err));
    }
    return SB_OK;
}

sb_status sb_args_parse(sb_command_id command, const char *operands, int argc, char **argv,
                        sb_args *out, sb_error *err)
{
    sb_args args = {.command = command};
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        args.help = args.help || strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
    args.wheres = calloc((size_t)argc + 1, sizeof *args.wheres);
    if (args.wheres == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for the command line");
    sb_status status = args.help ? SB_OK : take_all(&args, operands, argc, argv, err);
    if (status != SB_OK) {
        free(args.wheres);
        return status;
    }
    *out = args;
    return SB_OK;
}

void sb_args_close(sb_args *args)
{
    free(args->wheres);
}

bool sb_args_want_json_log(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--log=json") == 0 ||
            (i + 1 < argc && strcmp(argv[i], "--log") == 0 && strcmp(argv[i + 1], "json") == 0))
            return true;
    return false;
}

/* ---- what options mean beside each other ---------------------------------------------------- */

/* As it is written: letters where an option is better known by its letter. */
static void write_option(int id, char *out, size_t out_bytes)
{
    if (options[id].letter != 0 && options[id].type == FLAG)
        (void)snprintf(out, out_bytes, "-%c", options[id].letter);
    else
        (void)snprintf(out, out_bytes, "--%s", options[id].name);
}

sb_status sb_args_refuse_pair(const sb_args *args, sb_option_id one, sb_option_id other,
                              const char *why, sb_error *err)
{
    char one_text[NAME_BYTES_MAX], other_text[NAME_BYTES_MAX];
    if (!sb_args_has(args, one) || !sb_args_has(args, other))
        return SB_OK;
    write_option(one, one_text, sizeof one_text);
    write_option(other, other_text, sizeof other_text);
    return sb_fail(err, SB_EUSAGE, "%s: does not go with %s; %s", one_text, other_text, why);
}

sb_status sb_args_require(const sb_args *args, sb_option_id id, sb_error *err)
{
    if (sb_args_has(args, id))
        return SB_OK;
    return sb_fail(err, SB_EUSAGE, "--%s: missing; add --%s %s", options[id].name, options[id].name,
                   options[id].value);
}

sb_status sb_args_refuse_spec(const sb_args *args, bool tables_too, const char *why, sb_error *err)
{
    for (int id = 0; id <= SB_OPT_SPEC; id++)
        if (sb_args_has(args, (sb_option_id)id) && (tables_too || id != SB_OPT_TABLES))
            return sb_fail(err, SB_EUSAGE, "--%s: %s", options[id].name, why);
    return SB_OK;
}
