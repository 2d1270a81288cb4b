#include <stdio.h>
#include <string.h>

#include "engine/birth_number.h"
#include "engine/identifier.h"
#include "workers/encoding.h"
#include "workers/job.h"

/* Seconds a row on one core with level 1, measured on the demo profile at 10^6 entities (README).
 */
static const double row_seconds[SB_KIND_COUNT] = {
    [SB_PERSONS] = 3.0e-6,      [SB_COMPANIES] = 2.9e-6, [SB_ACCOUNTS] = 1.2e-6,
    [SB_TRANSACTIONS] = 0.8e-6, [SB_ENTRIES] = 0.3e-6,   [SB_COMMUNICATIONS] = 2.0e-6,
    [SB_DEVICES] = 0.7e-6,      [SB_LOGINS] = 0.7e-6,    [SB_TRADES] = 1.6e-6,
    [SB_TRIPS] = 3.3e-6,        [SB_DOCUMENTS] = 2.1e-6, [SB_RELATIONSHIPS] = 0.7e-6,
};

static uint64_t count_area_codes(const sb_world *world, uint32_t locale)
{
    uint32_t cities = sb_tables_row_count(world->tables, locale, SB_TABLE_CITIES);
    uint64_t count = 0;
    for (uint32_t i = 0; i < cities; i++) {
        const char *code = sb_tables_cell(world->tables, locale, SB_TABLE_CITIES, i, "area_code");
        uint32_t before = 0;
        while (strcmp(sb_tables_cell(world->tables, locale, SB_TABLE_CITIES, before, "area_code"),
                      code) != 0)
            before++;
        count += before == i;
    }
    return count;
}

/* Values that a list of phone patterns can take: a digit a '#', and an area a city. */
static uint64_t pattern_values(const sb_world *world, uint32_t locale, const char *patterns)
{
    uint64_t total = 0, values = 1;
    for (const char *c = patterns;; c++) {
        if (*c == '#')
            values *= 10;
        else if (*c == '{')
            values *= count_area_codes(world, locale);
        if (*c == ',' || *c == '\0') {
            total += values;
            values = 1;
        }
        if (*c == '\0')
            return total;
    }
}

static uint64_t phone_values(const sb_world *world, uint32_t locale)
{
    const sb_locale *of = sb_tables_locale(world->tables, locale);
    return pattern_values(world, locale, of->mobile) + pattern_values(world, locale, of->landline);
}

static void add_repeat(sb_plan_result *out, const char *what, const char *locale, uint64_t values,
                       uint64_t uses)
{
    if (values == 0 || uses <= values || out->repeat_count == SB_PLAN_REPEATS_MAX)
        return;
    sb_plan_repeat *repeat = &out->repeats[out->repeat_count++];
    *repeat = (sb_plan_repeat){.values = values, .uses = uses};
    (void)snprintf(repeat->what, sizeof repeat->what, "%s (%s)", what, locale);
}

/* What repeats: phones, of which there are 1.46 a person and one a company, and personal tax
 * numbers; by the locales' shares of the cells. Numbers with a date of birth have so many values a
 * day, over the days of 77 years. */
static void list_repeats(const sb_world *world, sb_plan_result *out)
{
    enum { BIRTH_DAYS = 77 * 365 };
    const uint64_t *counts = world->values.counts;
    uint64_t phones = counts[SB_PERSONS] / 100 * 146 + counts[SB_PERSONS] % 100 * 146 / 100 +
                      counts[SB_COMPANIES];
    for (uint32_t i = 0; i < sb_tables_locale_count(world->tables); i++) {
        const sb_locale *locale = sb_tables_locale(world->tables, i);
        uint64_t slots = world->pattern_slots[i];
        add_repeat(out, "phones", locale->name, phone_values(world, i),
                   sb_muldiv(phones, slots, SB_LOCALE_PATTERN));
        uint64_t numbers = sb_identifier_capacity(SB_PERSON_TAX_ID, locale->country.bytes);
        uint64_t days = sb_tax_id_has_birth(locale->country.bytes) ? 2 * BIRTH_DAYS : 1;
        add_repeat(out, "personal tax numbers", locale->name, numbers * days,
                   sb_muldiv(counts[SB_PERSONS], slots, SB_LOCALE_PATTERN));
    }
}

static void fill_kinds(const sb_world *world, sb_kind_set kinds, sb_plan_result *out)
{
    double seconds = 0;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        if (!(kinds >> kind & 1))
            continue;
        sb_plan_kind *of = &out->kinds[out->kind_count++];
        *of = (sb_plan_kind){.name = sb_kind_name((sb_kind)kind),
                             .rows = sb_expected_rows(world, (sb_kind)kind),
                             .bytes = sb_expected_bytes(world, (sb_kind)kind),
                             .raw_bytes = sb_expected_raw_bytes(world, (sb_kind)kind)};
        if (kind == SB_ENTRIES) { /* two sides and a fee a transaction at most */
            of->rows = world->values.counts[SB_TRANSACTIONS] * 3;
            of->rows_are_a_bound = true;
        }
        out->bytes += of->bytes;
        out->raw_bytes += of->raw_bytes;
        seconds += (double)sb_expected_rows(world, (sb_kind)kind) * row_seconds[kind];
    }
    out->seconds = seconds / out->workers;
}

sb_status sb_plan(const sb_spec *spec, const sb_run_options *options, sb_plan_result *out,
                  sb_error *err)
{
    sb_world *world = NULL;
    sb_encoding encoding;
    SB_TRY(sb_world_open(spec, &world, err));
    *out = (sb_plan_result){0};
    sb_status status = sb_encoding_resolve(world, options, &encoding, err);
    if (status == SB_OK) {
        out->memory_bytes_per_worker = sb_expected_worker_bytes(world, &encoding);
        status = sb_crew_size(options, encoding.shards, out->memory_bytes_per_worker, &out->workers,
                              out->workers_reason, sizeof out->workers_reason, err);
    }
    if (status == SB_OK) {
        (void)snprintf(out->dataset, sizeof out->dataset, "%s", sb_spec_dataset(spec));
        out->cells = world->cell_count;
        out->groups = world->group_count;
        out->shards = encoding.shards;
        out->parts_layout = encoding.parts;
        fill_kinds(world, sb_spec_kinds(spec), out);
        list_repeats(world, out);
    }
    sb_world_close(world);
    return status;
}
