/* Datasets generated into files, in this process, by one worker. */
#ifndef BENCH_FILES_H
#define BENCH_FILES_H

#include "bench/harness.h"

/* What a benchmark's `of` points to. */
typedef struct bench_generation {
    const char *spec; /* "name value name value ..." */
    const char *kind; /* whose rows are counted; NULL: all */
} bench_generation;

/* From nothing: the spec, the world, all rows, files, fsync and manifest. Close with free(). */
SB_CHECK sb_status bench_files_open(const bench_case *one, const bench_places *places, void **state,
                                    sb_error *err);
SB_CHECK sb_status bench_files_run(void *state, uint64_t turn, bench_made *made, sb_error *err);
SB_CHECK sb_status bench_files_clear(void *state, sb_error *err);
void bench_files_tell(const void *state, bench_notes *notes);

#endif
