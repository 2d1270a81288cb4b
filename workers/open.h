/* Looking into datasets: what every command that reads or shows something begins with.
 *
 * A directory is a dataset when manifest.json stands in it; the manifest says which kinds there are
 * and in which files. Nothing in it is believed before it is checked. */
#ifndef WORKERS_OPEN_H
#define WORKERS_OPEN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/container.h"
#include "format/reader.h"
#include "seedbank/seedbank.h"

/* ---- paths ---------------------------------------------------------------------------------- */

typedef enum sb_path_kind {
    SB_PATH_DIR,
    SB_PATH_JSON, /* a manifest */
    SB_PATH_FILE, /* anything else: a data file, or the reader will say why not */
} sb_path_kind;

/* SB_EUSAGE when there is nothing of that name, SB_EIO when it cannot be looked at. */
SB_CHECK sb_status sb_path_look(const char *path, sb_path_kind *out, sb_error *err);

/* "dir/name". Owned by the caller; NULL: no memory. */
SB_CHECK char *sb_path_join(const char *dir, const char *name);

/* A dataset's directory, opened for reading; `json` and what is borrowed from it were checked:
 * "spec" is an object, "kinds" one whose values are objects with "rows", their keys names that can
 * be files'. */
typedef struct sb_dataset_dir {
    char *dir;           /* owned */
    char *manifest_path; /* owned */
    json_t *json;        /* owned */
    const char *dataset;
    const json_t *spec;
    const json_t *kinds;
} sb_dataset_dir;

/* `path` is the directory or its manifest. SB_EDAMAGED when there is no manifest, or it is not
 * ours. On SB_OK pair with sb_dataset_dir_close(). */
SB_CHECK sb_status sb_dataset_dir_open(const char *path, sb_dataset_dir *out, sb_error *err);
void sb_dataset_dir_close(sb_dataset_dir *dir);

/* The data files of one kind, in the order of their rows. Owned: sb_file_list_close(). */
typedef struct sb_file_list {
    char **paths;
    size_t count;
} sb_file_list;

/* What the manifest lists, else DIR/<kind>.msgpack.zst, else DIR/<kind>/part-*.msgpack.zst.
 * SB_EUSAGE when the dataset has no such kind, SB_EDAMAGED when its files are not there. */
SB_CHECK sb_status sb_dataset_dir_files(const sb_dataset_dir *dir, const char *kind,
                                        sb_file_list *out, sb_error *err);
void sb_file_list_close(sb_file_list *files);

/* A spec out of a header or a manifest, sealed; `dataset` (may be NULL) is the hash it must have.
 */
SB_CHECK sb_status sb_spec_of_json(const json_t *json, const char *where, const char *tables_dir,
                                   const char *dataset, sb_spec **out, sb_error *err);

/* A date ("2025-12-01") of a spec's JSON as days since 1970; false when there is none under that
 * key. */
bool sb_spec_json_days(const json_t *spec, const char *key, int32_t *out);

/* ---- the raw digest of a kind --------------------------------------------------------------- */

/* What the manifest calls raw_xxh3: of one frame the hash of its raw bytes, of several the hash of
 * their hashes, so that it can be put together by whoever has only those. */
typedef struct sb_raw_digest {
    struct XXH3_state_s *state; /* owned */
    uint64_t frame_count;
    unsigned char only[SB_HASH_BYTES];
} sb_raw_digest;

/* Pair with sb_raw_digest_close(). */
SB_CHECK sb_status sb_raw_digest_open(sb_raw_digest *out, sb_error *err);
void sb_raw_digest_close(sb_raw_digest *digest);
void sb_raw_digest_add(sb_raw_digest *digest, const uint8_t *rows, size_t raw_bytes);
void sb_raw_digest_text(const sb_raw_digest *digest, char out[33]);

/* ---- text on its way out -------------------------------------------------------------------- */

enum { SB_SINK_BYTES = 256 * 1024 };

/* Gathers text, so that a taker is not called for every line. */
typedef struct sb_sink {
    sb_bytes bytes; /* owned; append here, then call sb_sink_step() */
    sb_text_taker take;
    void *user;
    bool refused; /* the taker did not want more: the text left is not offered again */
} sb_sink;

SB_CHECK sb_status sb_sink_flush(sb_sink *sink, sb_error *err);
void sb_sink_close(sb_sink *sink);
SB_CHECK sb_status sb_sink_text(sb_sink *sink, const char *text, sb_error *err);
SB_PRINTF(3, 4)
SB_CHECK sb_status sb_sink_format(sb_sink *sink, sb_error *err, const char *format, ...);
/* A JSON value in compact form, its members in the order they were added. */
SB_CHECK sb_status sb_sink_json(sb_sink *sink, const json_t *json, sb_error *err);

/* Hands over what was gathered once it is much. */
SB_CHECK static inline sb_status sb_sink_step(sb_sink *sink, sb_error *err)
{
    return sink->bytes.length >= SB_SINK_BYTES ? sb_sink_flush(sink, err) : SB_OK;
}

/* ---- ids as people write them --------------------------------------------------------------- */

/* "42" gives letter 0, "P42" the letter 'P'. False for anything else, and beyond 2^63. */
bool sb_id_read(const char *text, char *letter, uint64_t *id);

#endif
