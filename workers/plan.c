#include <stdio.h>
#include <string.h>

#include "workers/encoding.h"
#include "workers/job.h"

/* Seconds a row on one core with level 1, measured on the demo profile at 10^6 entities (README).
 */
static const double row_seconds[SB_KIND_COUNT] = {
    [SB_PERSONS] = 1.6e-6,      [SB_COMPANIES] = 1.6e-6, [SB_ACCOUNTS] = 0.6e-6,
    [SB_TRANSACTIONS] = 0.9e-6, [SB_ENTRIES] = 0.3e-6,   [SB_COMMUNICATIONS] = 1.6e-6,
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

/* Values that a locale's phone patterns can take: a digit a '#', and an area a city. */
static uint64_t phone_values(const sb_world *world, uint32_t locale)
{
    uint64_t total = 0, values = 1;
    for (const char *c = sb_tables_locale(world->tables, locale)->phone_patterns;; c++) {
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

/* Phones are what repeats: 1.46 a person and one a company, by the locales' numbers of inhabitants.
 */
static void list_repeats(const sb_world *world, sb_plan_result *out)
{
    uint64_t weights = 0, locales = sb_tables_locale_count(world->tables);
    uint64_t phones = world->values.counts[SB_PERSONS] / 100 * 146 +
                      world->values.counts[SB_PERSONS] % 100 * 146 / 100 +
                      world->values.counts[SB_COMPANIES];
    for (uint32_t i = 0; i < locales; i++)
        weights += sb_tables_locale(world->tables, i)->weight;
    for (uint32_t i = 0; i < locales && out->repeat_count < 64; i++) {
        const sb_locale *locale = sb_tables_locale(world->tables, i);
        uint64_t values = phone_values(world, i), uses = sb_muldiv(phones, locale->weight, weights);
        if (uses <= values)
            continue;
        sb_plan_repeat *repeat = &out->repeats[out->repeat_count++];
        *repeat = (sb_plan_repeat){.values = values, .uses = uses};
        (void)snprintf(repeat->what, sizeof repeat->what, "phones (%s)", locale->name);
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
        out->memory_bytes_per_worker = sb_expected_worker_bytes(world, encoding.level);
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
