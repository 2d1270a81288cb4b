#include "engine/spec.h"

#include <ctype.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/relationship.h"
#include "engine/world.h"
#include "format/row_text.h"
#include "seedbank/version.h"

static const char *const profile_names[SB_PROFILE_COUNT] = {"demo", "aml", "finbench"};

/* What a profile means: how --entities is shared, and which period it covers.
 * demo: the reference system's small benchmark dataset. aml: 2.2 accounts an owner and 100 rows an
 * account a year. finbench: the counts published for LDBC FinBench SF1 (v0.2.0-alpha): 80,000
 * persons, 40,000 companies, 264,075 accounts; transfers, withdrawals and deposits together; it has
 * no messages. */
static const struct {
    uint32_t shares[SB_KIND_COUNT];
    const char *start, *end;
} profiles[SB_PROFILE_COUNT] = {
    [SB_DEMO] = {{[SB_PERSONS] = 50,
                  [SB_COMPANIES] = 10,
                  [SB_ACCOUNTS] = 100,
                  [SB_TRANSACTIONS] = 500,
                  [SB_COMMUNICATIONS] = 50},
                 "2025-12-01",
                 "2026-01-01"},
    [SB_AML] = {{[SB_PERSONS] = 50,
                 [SB_COMPANIES] = 10,
                 [SB_ACCOUNTS] = 132,
                 [SB_TRANSACTIONS] = 13200,
                 [SB_COMMUNICATIONS] = 50},
                "2025-01-01",
                "2026-01-01"},
    [SB_FINBENCH] = {{[SB_PERSONS] = 80000,
                      [SB_COMPANIES] = 40000,
                      [SB_ACCOUNTS] = 264075,
                      [SB_TRANSACTIONS] = 3903566,
                      [SB_COMMUNICATIONS] = 0},
                     "2020-01-01",
                     "2023-01-01"},
};

/* What --all-kinds gives of the optional kinds, in per cent of the persons: trades, trips and
 * documents as the reference system's orchestrator has them by default (1,000, 500 and 2,000 for
 * 100 persons); devices, logins and relationships it does not have. */
static const uint32_t all_kinds_shares[SB_KIND_COUNT] = {
    [SB_DEVICES] = 150, [SB_LOGINS] = 1000,    [SB_TRADES] = 1000,
    [SB_TRIPS] = 500,   [SB_DOCUMENTS] = 2000, [SB_RELATIONSHIPS] = 300};

struct sb_spec {
    bool all_kinds;
    bool seed_given, profile_given, entities_given, entries, start_given, end_given, sealed;
    bool loaded; /* counts are of a file, and no option has replaced them all yet */
    sb_seed seed;
    sb_profile profile;
    uint64_t entities;
    bool count_given[SB_KIND_COUNT];
    uint64_t counts[SB_KIND_COUNT];
    int32_t start_days, end_days;
    char *locales;          /* owned; NULL: all */
    char *tables_dir;       /* owned; NULL: none */
    char tables_digest[33]; /* what a manifest asks for; empty: anything */
    sb_spec_values values;
    sb_tables *tables; /* owned */
    json_t *json;      /* owned */
    char dataset[33];
};

sb_status sb_spec_open(sb_spec **out, sb_error *err)
{
    if (sodium_init() < 0)
        return sb_fail(err, SB_EIO, "libsodium cannot start");
    sb_spec *spec = calloc(1, sizeof *spec);
    if (spec == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a spec");
    *out = spec;
    return SB_OK;
}

void sb_spec_close(sb_spec *spec)
{
    if (spec == NULL)
        return;
    sb_tables_close(spec->tables);
    json_decref(spec->json);
    free(spec->locales);
    free(spec->tables_dir);
    free(spec);
}

/* ---- reading single values ------------------------------------------------------------------ */

/* "1000000", "1m", "2.5k", "1b": an exact integer, or an error. */
static sb_status parse_count(const char *name, const char *text, uint64_t limit, uint64_t *out,
                             sb_error *err)
{
    uint64_t value = 0, scale = 1;
    const char *at = text;
    int decimals = 0;
    bool point = false, digits = false, fits = true;
    for (; isdigit((unsigned char)*at) || (*at == '.' && !point); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        digits = true;
        decimals += point;
        fits = fits && value <= (UINT64_MAX - 9) / 10 && decimals < 16;
        value = value * 10 + (uint64_t)(*at - '0');
    }
    switch (tolower((unsigned char)*at)) {
    case 'k':
        scale = 1000, at++;
        break;
    case 'm':
        scale = 1000000, at++;
        break;
    case 'b':
    case 'g':
        scale = 1000000000, at++;
        break;
    case 't':
        scale = UINT64_C(1000000000000), at++;
        break;
    default:
        break;
    }
    if (!digits || *at != '\0' || (point && decimals == 0))
        return sb_fail(err, SB_EUSAGE, "--%s: '%s' is no count; write 1000, 2.5k, 1m or 1b", name,
                       text);
    uint64_t divisor = 1;
    for (; fits && decimals > 0; decimals--)
        divisor *= 10;
    sb_u128 product = (sb_u128)value * scale;
    if (fits && product % divisor != 0)
        return sb_fail(err, SB_EUSAGE, "--%s: '%s' is not a whole number of rows", name, text);
    if (!fits || product / divisor > limit)
        return sb_fail(err, SB_EUSAGE, "--%s: '%s' is more than the limit of %llu", name, text,
                       (unsigned long long)limit);
    *out = (uint64_t)(product / divisor);
    return SB_OK;
}

static bool parse_hex(const char *text, sb_seed *out)
{
    size_t length = strlen(text);
    sb_seed seed = {0};
    if (length == 0 || length > 32)
        return false;
    for (size_t i = 0; i < length; i++) {
        int c = tolower((unsigned char)text[i]);
        if (!isxdigit(c))
            return false;
        seed.high = seed.high << 4 | seed.low >> 60;
        seed.low = seed.low << 4 | (uint64_t)(isdigit(c) ? c - '0' : c - 'a' + 10);
    }
    *out = seed;
    return true;
}

static sb_status parse_seed(const char *text, sb_seed *out, sb_error *err)
{
    char *end;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        if (parse_hex(text + 2, out))
            return SB_OK;
        return sb_fail(err, SB_EUSAGE, "--seed: '%s' is not 1 to 32 hex digits after 0x", text);
    }
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno == ERANGE)
        return sb_fail(err, SB_EUSAGE,
                       "--seed: '%s' is no seed; write a number below 2^64, 0x and up to "
                       "32 hex digits, or random",
                       text);
    *out = (sb_seed){value, 0};
    return SB_OK;
}

static sb_status parse_date(const char *name, const char *text, int32_t *out, sb_error *err)
{
    int year, month, day, consumed = 0, y, m, d;
    if (strlen(text) != 10 || sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &consumed) != 3 ||
        consumed != 10 || !isdigit((unsigned char)text[0]) || !isdigit((unsigned char)text[5]) ||
        !isdigit((unsigned char)text[8]))
        return sb_fail(err, SB_EUSAGE, "--%s: '%s' is no date; write YYYY-MM-DD", name, text);
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return sb_fail(err, SB_EUSAGE, "--%s: there is no %s in the calendar; write another date",
                       name, text);
    int32_t days = sb_days_from_civil(year, month, day);
    sb_civil_from_days(days, &y, &m, &d);
    if (y != year || m != month || d != day)
        return sb_fail(err, SB_EUSAGE, "--%s: there is no %s in the calendar; write another date",
                       name, text);
    if (year < 1990 || year > 2199)
        return sb_fail(err, SB_EUSAGE, "--%s: %s is not between 1990 and 2199", name, text);
    *out = days;
    return SB_OK;
}

static sb_status take_text(char **slot, const char *value, sb_error *err)
{
    char *copy = strdup(value);
    if (copy == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a spec");
    free(*slot);
    *slot = copy;
    return SB_OK;
}

/* An option that stands for many takes the place of what a file said of them. */
static void forget_loaded(sb_spec *spec, bool period_too)
{
    memset(spec->count_given, 0, sizeof spec->count_given);
    if (period_too)
        spec->entities_given = spec->start_given = spec->end_given = false;
    spec->loaded = false;
}

static sb_status set_profile(sb_spec *spec, const char *value, sb_error *err)
{
    for (int i = 0; i < SB_PROFILE_COUNT; i++)
        if (strcmp(value, profile_names[i]) == 0) {
            if (spec->loaded && spec->profile != (sb_profile)i)
                forget_loaded(spec, true);
            spec->profile = (sb_profile)i;
            spec->profile_given = true;
            return SB_OK;
        }
    return sb_fail(err, SB_EUSAGE, "--profile: unknown '%s'; one of demo, aml, finbench", value);
}

sb_status sb_spec_set(sb_spec *spec, const char *name, const char *value, sb_error *err)
{
    sb_kind kind = sb_kind_find(name);
    if (spec->sealed)
        return sb_fail(err, SB_EUSAGE, "--%s: the spec is sealed; open a new one", name);
    if (kind < SB_KIND_COUNT && kind != SB_ENTRIES) {
        spec->count_given[kind] = true;
        return parse_count(name, value, kind == SB_ACCOUNTS ? SB_ACCOUNTS_MAX : SB_ROWS_MAX,
                           &spec->counts[kind], err);
    }
    if (strcmp(name, "seed") == 0) {
        spec->seed_given = true;
        return parse_seed(value, &spec->seed, err);
    }
    if (strcmp(name, "profile") == 0)
        return set_profile(spec, value, err);
    if (strcmp(name, "entities") == 0) {
        if (spec->loaded)
            forget_loaded(spec, false);
        spec->entities_given = true;
        return parse_count(name, value, SB_ROWS_MAX, &spec->entities, err);
    }
    if (strcmp(name, "entries") == 0) {
        spec->entries = strcmp(value, "true") == 0;
        return spec->entries || strcmp(value, "false") == 0
                   ? SB_OK
                   : sb_fail(err, SB_EUSAGE, "--entries: '%s' is neither true nor false", value);
    }
    if (strcmp(name, "all-kinds") == 0) {
        spec->all_kinds = true;
        return strcmp(value, "true") == 0
                   ? SB_OK
                   : sb_fail(err, SB_EUSAGE, "--all-kinds: '%s' is not true", value);
    }
    if (strcmp(name, "start") == 0) {
        spec->start_given = true;
        return parse_date(name, value, &spec->start_days, err);
    }
    if (strcmp(name, "end") == 0) {
        spec->end_given = true;
        return parse_date(name, value, &spec->end_days, err);
    }
    if (strcmp(name, "locales") == 0)
        return take_text(&spec->locales, value, err);
    if (strcmp(name, "tables") == 0)
        return take_text(&spec->tables_dir, value, err);
    if (strcmp(name, "typologies") == 0)
        return strcmp(value, "off") == 0
                   ? SB_OK
                   : sb_fail(err, SB_EUSAGE, "--typologies %s: not in this release; only off",
                             value);
    if (strcmp(name, "labels") == 0) {
        if (strcmp(value, "separate") == 0 || strcmp(value, "inline") == 0 ||
            strcmp(value, "none") == 0)
            return sb_fail(err, SB_EUSAGE,
                           "--labels %s has no effect while --typologies is off: leave it out",
                           value);
        return sb_fail(err, SB_EUSAGE, "--labels: unknown '%s'; one of separate, inline, none",
                       value);
    }
    return sb_fail(err, SB_EUSAGE, "--%s: no such option of a spec", name);
}

/* ---- reading JSON --------------------------------------------------------------------------- */

static sb_status take_counts(sb_spec *spec, const json_t *counts, const char *where, sb_error *err)
{
    const char *key;
    json_t *value;
    if (!json_is_object(counts))
        return sb_fail(err, SB_EUSAGE, "%s: counts must be an object of kind: number", where);
    json_object_foreach((json_t *)(uintptr_t)counts, key, value)
    {
        sb_kind kind = sb_kind_find(key);
        if (kind == SB_KIND_COUNT || kind == SB_ENTRIES)
            return sb_fail(err, SB_EUSAGE, "%s: counts.%s: no such kind", where, key);
        if (!json_is_integer(value) || json_integer_value(value) < 0)
            return sb_fail(err, SB_EUSAGE, "%s: counts.%s must be a whole number", where, key);
        char text[32];
        (void)snprintf(text, sizeof text, "%lld", (long long)json_integer_value(value));
        SB_TRY(sb_spec_set(spec, key, text, err));
    }
    return SB_OK;
}

static sb_status take_locales(sb_spec *spec, const json_t *list, const char *where, sb_error *err)
{
    char text[SB_LOCALES_MAX * SB_LOCALE_NAME_BYTES] = "";
    size_t length = 0, index;
    json_t *value;
    if (!json_is_array(list) || json_array_size(list) == 0)
        return sb_fail(err, SB_EUSAGE, "%s: locales must be a list of names", where);
    json_array_foreach((json_t *)(uintptr_t)list, index, value)
    {
        if (!json_is_string(value) || json_string_length(value) + length + 2 > sizeof text)
            return sb_fail(err, SB_EUSAGE, "%s: locales must be a list of names", where);
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                   index > 0 ? "," : "", json_string_value(value));
    }
    return sb_spec_set(spec, "locales", text, err);
}

static sb_status take_tables(sb_spec *spec, const json_t *value, const char *where, sb_error *err)
{
    if (!json_is_string(value) || json_string_length(value) != 32)
        return sb_fail(err, SB_EUSAGE, "%s: tables must be the digest of the tables, 32 hex digits",
                       where);
    memcpy(spec->tables_digest, json_string_value(value), 33);
    return SB_OK;
}

static sb_status take_member(sb_spec *spec, const char *key, const json_t *value, const char *where,
                             sb_error *err)
{
    static const char *const plain[] = {"seed", "profile",    "entities", "start",
                                        "end",  "typologies", "labels",   "entries"};
    if (strcmp(key, "counts") == 0)
        return take_counts(spec, value, where, err);
    if (strcmp(key, "locales") == 0)
        return take_locales(spec, value, where, err);
    if (strcmp(key, "tables") == 0)
        return take_tables(spec, value, where, err);
    if (strcmp(key, "content_version") == 0) {
        if (json_is_integer(value) && json_integer_value(value) == SB_CONTENT_VERSION)
            return SB_OK;
        return sb_fail(err, SB_EUSAGE, "%s: made by another content_version; this release makes %d",
                       where, SB_CONTENT_VERSION);
    }
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        char number[32];
        if (strcmp(key, plain[i]) != 0)
            continue;
        if (json_is_boolean(value) && strcmp(key, "entries") == 0)
            return sb_spec_set(spec, key, json_is_true(value) ? "true" : "false", err);
        if (json_is_string(value))
            return sb_spec_set(spec, key, json_string_value(value), err);
        if (!json_is_integer(value) || json_integer_value(value) < 0)
            return sb_fail(err, SB_EUSAGE, "%s: %s has a value of the wrong type", where, key);
        (void)snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        return sb_spec_set(spec, key, number, err);
    }
    return sb_fail(err, SB_EUSAGE, "%s: unknown key '%s'", where, key);
}

sb_status sb_spec_take(sb_spec *spec, const json_t *json, const char *where, sb_error *err)
{
    const char *key;
    json_t *value;
    const json_t *inner = json_object_get(json, "spec");
    if (json_is_object(inner) && json_object_get(json, "format_version") != NULL)
        json = inner;
    if (!json_is_object(json))
        return sb_fail(err, SB_EUSAGE, "%s: a spec must be a JSON object", where);
    json_object_foreach((json_t *)(uintptr_t)json, key, value)
    {
        sb_error own = {0};
        sb_status status = take_member(spec, key, value, where, &own);
        if (status != SB_OK) /* options name themselves; here the file is where to look */
            return sb_fail(err, status, "%s%s%s", strncmp(own.text, "--", 2) == 0 ? where : "",
                           strncmp(own.text, "--", 2) == 0 ? ": " : "", own.text);
    }
    spec->loaded = true;
    return SB_OK;
}

sb_status sb_spec_load(sb_spec *spec, const char *path, sb_error *err)
{
    json_error_t problem;
    FILE *file = fopen(path, "re");
    json_t *json = file == NULL ? NULL : json_loadf(file, JSON_REJECT_DUPLICATES, &problem);
    if (file == NULL)
        return sb_fail(err, SB_EUSAGE, "--spec %s: cannot be read: %s", path, strerror(errno));
    (void)fclose(file);
    if (json == NULL)
        return sb_fail(err, SB_EUSAGE, "--spec %s: line %d: broken JSON: %s", path, problem.line,
                       problem.text);
    sb_status status = sb_spec_take(spec, json, path, err);
    json_decref(json);
    return status;
}

/* ---- sealing -------------------------------------------------------------------------------- */

static void resolve_counts(const sb_spec *spec, uint64_t counts[SB_KIND_COUNT])
{
    bool any_named = false; /* optional kinds come on top of a profile */
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        any_named = any_named || (spec->count_given[kind] && !sb_kind_is_optional((sb_kind)kind));
    uint64_t entities = spec->entities_given ? spec->entities : any_named ? 0 : 1000000;
    uint64_t sum = 0, before = 0, cumulative = 0;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        sum += profiles[spec->profile].shares[kind];
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        cumulative += profiles[spec->profile].shares[kind];
        uint64_t after = sb_muldiv(entities, cumulative, sum);
        counts[kind] = spec->count_given[kind] ? spec->counts[kind] : after - before;
        before = after;
    }
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (spec->all_kinds && !spec->count_given[kind] && all_kinds_shares[kind] > 0)
            counts[kind] = sb_muldiv(counts[SB_PERSONS], all_kinds_shares[kind], 100);
    uint64_t most = sb_relationships_max(counts);
    if (spec->all_kinds && !spec->count_given[SB_RELATIONSHIPS] && counts[SB_RELATIONSHIPS] > most)
        counts[SB_RELATIONSHIPS] = most;
}

bool sb_kind_is_optional(sb_kind kind)
{
    return all_kinds_shares[kind] > 0;
}

/* The optional kinds live in the cells that the others make. */
static sb_status check_optional(const uint64_t counts[SB_KIND_COUNT], sb_error *err)
{
    static const struct {
        sb_kind needs;
        uint64_t least;
        const char *why;
    } needs[SB_KIND_COUNT] = {
        [SB_DEVICES] = {SB_PERSONS, 1, "an owner: add --persons"},
        [SB_LOGINS] = {SB_ACCOUNTS, 1, "an account: add --accounts"},
        [SB_TRADES] = {SB_ACCOUNTS, 1, "an account: add --accounts"},
        [SB_TRIPS] = {SB_PERSONS, 1, "a traveller: add --persons"},
        [SB_DOCUMENTS] = {SB_COMPANIES, 2, "two companies: add --companies"},
        [SB_RELATIONSHIPS] = {SB_PERSONS, 2, "two persons: add --persons"},
    };
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        if (!sb_kind_is_optional((sb_kind)kind) || counts[kind] == 0)
            continue;
        if (counts[needs[kind].needs] < needs[kind].least)
            return sb_fail(err, SB_EUSAGE, "%s need %s", sb_kind_name((sb_kind)kind),
                           needs[kind].why);
        uint64_t cells = sb_cells_of_counts(counts);
        if (counts[kind] / SB_OPTIONAL_ROWS_A_CELL_MAX >= cells)
            return sb_fail(err, SB_EUSAGE,
                           "%llu %s are more than %d in each of the %llu cells: add --persons or "
                           "--accounts, of which there is a cell for every 512 or 1,024",
                           (unsigned long long)counts[kind], sb_kind_name((sb_kind)kind),
                           SB_OPTIONAL_ROWS_A_CELL_MAX, (unsigned long long)cells);
    }
    if (counts[SB_RELATIONSHIPS] > sb_relationships_max(counts))
        return sb_fail(err, SB_EUSAGE,
                       "%llu relationships are more than the %llu that these persons can have "
                       "without a pair standing twice: add --persons",
                       (unsigned long long)counts[SB_RELATIONSHIPS],
                       (unsigned long long)sb_relationships_max(counts));
    return SB_OK;
}

static sb_status check_counts(const sb_spec *spec, const uint64_t counts[SB_KIND_COUNT],
                              sb_error *err)
{
    uint64_t owners = counts[SB_PERSONS] + counts[SB_COMPANIES], total = 0;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        total += counts[kind];
    if (total == 0)
        return sb_fail(err, SB_EUSAGE,
                       "nothing to generate: every count is 0; give --entities or a kind");
    if (counts[SB_ACCOUNTS] > SB_ACCOUNTS_MAX)
        return sb_fail(
            err, SB_EUSAGE, "--entities gives %llu accounts, more than the limit of %llu",
            (unsigned long long)counts[SB_ACCOUNTS], (unsigned long long)SB_ACCOUNTS_MAX);
    if (counts[SB_ACCOUNTS] > 0 && owners == 0)
        return sb_fail(err, SB_EUSAGE, "%llu accounts have no owner: add --persons or --companies",
                       (unsigned long long)counts[SB_ACCOUNTS]);
    if (counts[SB_TRANSACTIONS] > 0 && counts[SB_ACCOUNTS] < 2)
        return sb_fail(err, SB_EUSAGE, "transactions need at least two accounts: add --accounts");
    if (counts[SB_TRANSACTIONS] / SB_ROWS_PER_ACCOUNT_MAX > counts[SB_ACCOUNTS] ||
        counts[SB_TRANSACTIONS] > counts[SB_ACCOUNTS] * SB_ROWS_PER_ACCOUNT_MAX)
        return sb_fail(
            err, SB_EUSAGE,
            "%llu transactions for %llu accounts is more than %d rows an account: add --accounts",
            (unsigned long long)counts[SB_TRANSACTIONS], (unsigned long long)counts[SB_ACCOUNTS],
            SB_ROWS_PER_ACCOUNT_MAX);
    if (counts[SB_COMMUNICATIONS] > 0 && owners == 0)
        return sb_fail(err, SB_EUSAGE,
                       "communications need someone to write: add --persons or "
                       "--companies");
    if (spec->entries && counts[SB_TRANSACTIONS] == 0)
        return sb_fail(err, SB_EUSAGE, "--entries has no effect without transactions");
    if (spec->all_kinds && counts[SB_PERSONS] == 0)
        return sb_fail(err, SB_EUSAGE, "--all-kinds counts by persons: add --persons");
    return check_optional(counts, err);
}

static sb_status resolve_period(const sb_spec *spec, sb_spec_values *values, sb_error *err)
{
    sb_error unused;
    values->start_days = spec->start_days;
    values->end_days = spec->end_days;
    if (!spec->start_given)
        SB_TRY(parse_date("start", profiles[spec->profile].start, &values->start_days, &unused));
    if (!spec->end_given)
        SB_TRY(parse_date("end", profiles[spec->profile].end, &values->end_days, &unused));
    if (values->end_days <= values->start_days)
        return sb_fail(err, SB_EUSAGE, "the period is empty: --end must be after --start%s",
                       spec->start_given && spec->end_given ? ""
                                                            : " (the profile gives the other)");
    if (values->end_days - values->start_days > SB_PERIOD_DAYS_MAX)
        return sb_fail(err, SB_EUSAGE,
                       "the period has %d days, more than the limit of %d (20 years)",
                       values->end_days - values->start_days, SB_PERIOD_DAYS_MAX);
    return SB_OK;
}

static void seed_text(sb_seed seed, char out[40])
{
    if (seed.high == 0)
        (void)snprintf(out, 40, "%llu", (unsigned long long)seed.low);
    else
        (void)snprintf(out, 40, "0x%llx%016llx", (unsigned long long)seed.high,
                       (unsigned long long)seed.low);
}

static void date_text(int32_t days, char out[16])
{
    int year, month, day;
    sb_civil_from_days(days, &year, &month, &day);
    (void)snprintf(out, 16, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100,
                   (unsigned)day % 100);
}

static sb_status build_json(sb_spec *spec, sb_error *err)
{
    char seed[40], start[16], end[16];
    const sb_spec_values *values = &spec->values;
    json_t *counts = json_object(), *locales = json_array();
    seed_text(values->seed, seed);
    date_text(values->start_days, start);
    date_text(values->end_days, end);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (kind != SB_ENTRIES && sb_spec_has(spec, (sb_kind)kind))
            json_object_set_new(counts, sb_kind_name((sb_kind)kind),
                                json_integer((json_int_t)values->counts[kind]));
    for (uint32_t i = 0; i < sb_tables_locale_count(spec->tables); i++)
        json_array_append_new(locales, json_string(sb_tables_locale(spec->tables, i)->name));
    spec->json = json_pack("{s:i, s:s, s:s, s:o, s:b, s:s, s:s, s:o, s:s, s:s}", "content_version",
                           SB_CONTENT_VERSION, "seed", seed, "profile",
                           profile_names[values->profile], "counts", counts, "entries",
                           values->entries ? 1 : 0, "start", start, "end", end, "locales", locales,
                           "tables", sb_tables_digest(spec->tables), "typologies", "off");
    char *text = spec->json == NULL ? NULL : json_dumps(spec->json, JSON_COMPACT | JSON_SORT_KEYS);
    if (text == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a spec");
    unsigned char digest[16];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)text, strlen(text), NULL, 0);
    free(text);
    sodium_bin2hex(spec->dataset, sizeof spec->dataset, digest, sizeof digest);
    return SB_OK;
}

sb_status sb_spec_seal(sb_spec *spec, sb_error *err)
{
    if (spec->sealed)
        return SB_OK;
    spec->values.seed = spec->seed;
    spec->values.profile = spec->profile;
    spec->values.entries = spec->entries;
    resolve_counts(spec, spec->values.counts);
    SB_TRY(check_counts(spec, spec->values.counts, err));
    SB_TRY(resolve_period(spec, &spec->values, err));
    sb_tables_close(spec->tables); /* of a seal that failed */
    spec->tables = NULL;
    SB_TRY(sb_tables_open(spec->tables_dir, spec->locales, &spec->tables, err));
    if (spec->tables_digest[0] != '\0' &&
        strcmp(spec->tables_digest, sb_tables_digest(spec->tables)) != 0)
        return sb_fail(err, SB_EUSAGE,
                       "the spec was made with other tables (%s, here %s): give them with "
                       "--tables",
                       spec->tables_digest, sb_tables_digest(spec->tables));
    SB_TRY(build_json(spec, err));
    spec->sealed = true;
    return SB_OK;
}

/* ---- asking --------------------------------------------------------------------------------- */

const char *sb_spec_dataset(const sb_spec *spec)
{
    return spec->dataset;
}

char *sb_spec_json(const sb_spec *spec)
{
    return json_dumps(spec->json, JSON_INDENT(2));
}

const sb_spec_values *sb_spec_values_of(const sb_spec *spec)
{
    return &spec->values;
}

const sb_tables *sb_spec_tables(const sb_spec *spec)
{
    return spec->tables;
}

const json_t *sb_spec_value(const sb_spec *spec)
{
    return spec->json;
}

bool sb_spec_has(const sb_spec *spec, sb_kind kind)
{
    if (kind == SB_ENTRIES)
        return spec->values.entries;
    return !sb_kind_is_optional(kind) || spec->values.counts[kind] > 0;
}
