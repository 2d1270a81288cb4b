/* What a benchmark with spec options on its command line does around its measuring. */
#ifndef BENCH_SPEC_MAIN_H
#define BENCH_SPEC_MAIN_H

#include <stdio.h>

#include "engine/spec.h"

/* Pairs of option and value make the spec that `measure` gets. Returns the exit status; errors go
 * to stderr, behind the name of the program. */
static inline int bench_spec_main(const char *program, int argc, char **argv,
                                  sb_status (*measure)(const sb_spec *spec, sb_error *err))
{
    sb_error err = {0};
    sb_spec *spec = NULL;
    sb_status status = sb_spec_open(&spec, &err);
    for (int i = 1; i + 1 < argc && status == SB_OK; i += 2)
        status = sb_spec_set(spec, argv[i], argv[i + 1], &err);
    if (status == SB_OK)
        status = sb_spec_seal(spec, &err);
    if (status == SB_OK)
        status = measure(spec, &err);
    if (status != SB_OK)
        fprintf(stderr, "%s: %s\n", program, err.text);
    sb_spec_close(spec);
    return sb_status_exit(status);
}

#endif
