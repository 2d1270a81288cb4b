/* The inside of a spec, for the engine and the workers. */
#ifndef ENGINE_SPEC_H
#define ENGINE_SPEC_H

#include <jansson.h>
#include <stdbool.h>

#include "engine/draw.h"
#include "engine/tables.h"
#include "format/schema.h"
#include "seedbank/spec.h"

typedef enum sb_profile { SB_DEMO, SB_AML, SB_FINBENCH, SB_PROFILE_COUNT } sb_profile;

/* Limits, each refused by name beyond it. */
#define SB_ROWS_MAX \
    UINT64_C(1000000000000) /* of a kind: 10^12 keeps every product within 128 bits */
#define SB_ACCOUNTS_MAX UINT64_C(10000000000) /* account numbers have ten digits */
enum {
    SB_OPTIONAL_ROWS_A_CELL_MAX = 65536, /* of the kinds that are off unless asked for */
    SB_ROWS_PER_ACCOUNT_MAX = 20000,
    SB_PERIOD_DAYS_MAX = 7305, /* twenty years: longer, and an adult at the end was no child's age
                                * at the start */
};

/* A sealed spec's values. */
typedef struct sb_spec_values {
    sb_seed seed;
    sb_profile profile;
    uint64_t counts[SB_KIND_COUNT]; /* of entries: 0, known after replay only */
    bool entries;
    int32_t start_days, end_days; /* end exclusive */
} sb_spec_values;

const sb_spec_values *sb_spec_values_of(const sb_spec *spec);
const sb_tables *sb_spec_tables(const sb_spec *spec);
/* Borrowed; the canonical JSON of a sealed spec. */
const json_t *sb_spec_value(const sb_spec *spec);
/* Kinds that are part of a dataset only when rows of them are asked for. */
bool sb_kind_is_optional(sb_kind kind);
/* Whether the kind is part of the dataset. */
bool sb_spec_has(const sb_spec *spec, sb_kind kind);
/* Fills a spec from JSON already read: `where` is named in errors. */
SB_CHECK sb_status sb_spec_take(sb_spec *spec, const json_t *json, const char *where,
                                sb_error *err);

#endif
