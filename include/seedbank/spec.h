/* A spec: everything a dataset is a function of. */
#ifndef SEEDBANK_SPEC_H
#define SEEDBANK_SPEC_H

#include <stddef.h>
#include <stdint.h>

#include "seedbank/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sb_spec sb_spec;

/* An empty spec: the demo profile, a million entities, seed 0, until options say otherwise.
 * On SB_OK, *out is owned by the caller; pair with sb_spec_close(). */
SB_API SB_CHECK sb_status sb_spec_open(sb_spec **out, sb_error *err);
SB_API void sb_spec_close(sb_spec *spec);

/* Sets one option by the name it has on the command line, without the dashes: "seed", "profile",
 * "entities", "persons", "companies", "accounts", "transactions", "communications", "entries"
 * (value "true"), "start", "end", "locales", "tables", "typologies", "labels". SB_EUSAGE says what
 * is wrong. */
SB_API SB_CHECK sb_status sb_spec_set(sb_spec *spec, const char *name, const char *value,
                                      sb_error *err);

/* Takes everything from a JSON file: a manifest, or the value of its "spec". Options set afterwards
 * replace what it says. Unknown keys are SB_EUSAGE, broken JSON too. */
SB_API SB_CHECK sb_status sb_spec_load(sb_spec *spec, const char *path, sb_error *err);

/* Checks that the parts hold together and makes the spec ready to use. After it nothing can be set.
 */
SB_API SB_CHECK sb_status sb_spec_seal(sb_spec *spec, sb_error *err);

/* Of a sealed spec. The hash of its canonical JSON: 32 hex digits. Borrowed. */
SB_API const char *sb_spec_dataset(const sb_spec *spec);
/* Of a sealed spec: the JSON that stands in the manifest. Owned by the caller; free(). NULL: no
 * memory. */
SB_API char *sb_spec_json(const sb_spec *spec);

#ifdef __cplusplus
}
#endif
#endif
