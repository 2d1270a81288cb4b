/* Verifying: every row is made again and compared with what the files hold, shard by shard, in
 * parallel, in constant memory. Frames are cut by the same rule, so a frame is compared with a
 * frame; only where two differ are rows taken apart to name the first wrong row and field. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "engine/group.h"
#include "format/hashing.h"
#include "format/manifest.h"
#include "format/reader.h"
#include "format/row_text.h"
#include "workers/independent.h"
#include "workers/job.h"
#include "workers/spool.h"
#include "workers/verify_rows.h"

/* What all workers of a verification share. */
typedef struct checking {
    const sb_verify_options *options;
    const char *dir;
    const sb_spec *spec;
    json_t *manifest;
    sb_world *world;
    sb_encoding encoding;
    sb_kind_set kinds;
    sb_board *board;
    uint64_t step_count; /* shards that are looked at: all, a sample or one */
} checking;

/* One worker's place in the files. */
typedef struct checker {
    checking *all;
    uint32_t index;
    sb_press press;
    sb_reader *readers[SB_KIND_COUNT];
    uint64_t frames[SB_KIND_COUNT]; /* the next one to compare */
    uint64_t shard;
    XXH3_state_t *raw_state[SB_KIND_COUNT]; /* over the rows the seed gives */
    /* Over the file's bytes, as they are read to be unpacked: a second reading of them is spared.
     */
    XXH3_state_t *packed_state[SB_KIND_COUNT];
    uint64_t packed_end[SB_KIND_COUNT]; /* where those bytes end so far */
    sb_status worst[SB_KIND_COUNT];     /* first finding a kind in the shard at hand */
    sb_error found[SB_KIND_COUNT];
} checker;

/* ---- frames --------------------------------------------------------------------------------- */

/* Frames follow one another; where they do not, check_packed() reads the file again. */
static void hash_packed(checker *c, sb_kind kind, uint64_t offset)
{
    size_t packed_bytes;
    const uint8_t *packed = sb_reader_packed(c->readers[kind], &packed_bytes);
    if (c->packed_end[kind] != offset)
        return;
    XXH3_128bits_update(c->packed_state[kind], packed, packed_bytes);
    c->packed_end[kind] += packed_bytes;
}

static sb_status compare_frame(checker *c, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                               uint32_t row_count, sb_error *err)
{
    sb_reader *reader = c->readers[kind];
    uint64_t frame = c->frames[kind]++;
    const uint8_t *there;
    size_t there_bytes;
    if (frame >= sb_reader_frame_count(reader))
        return sb_fail(
            err, SB_EWRONG, "%s: row %llu is missing; the file ends before it",
            sb_reader_path(reader),
            (unsigned long long)(sb_reader_first_row(reader) + sb_reader_row_count(reader)));
    sb_frame_place place = sb_reader_frame_place(reader, frame);
    sb_error damage = {0};
    sb_status status = sb_reader_unpack(reader, frame, &there, &there_bytes, &damage);
    bool same = status == SB_OK && there_bytes == raw_bytes && memcmp(there, rows, raw_bytes) == 0;
    /* The seed's rows are whole, and as many as the file's index must say: where they are the
     * file's, there is nothing more to look at. */
    if (status == SB_OK && !(same && place.row_count == row_count))
        status = sb_reader_check_rows(reader, frame, &damage);
    if (status == SB_EDAMAGED) /* the file as a whole can be read: it is wrong in this place */
        return sb_fail(err, SB_EWRONG, "%s (rows %llu to %llu)", damage.text,
                       (unsigned long long)place.first_row,
                       (unsigned long long)(place.first_row + place.row_count - 1));
    if (status != SB_OK)
        return sb_fail(err, status, "%s", damage.text);
    hash_packed(c, kind, place.offset);
    if (same)
        return SB_OK;
    return sb_name_difference(sb_reader_path(reader), sb_schema(kind), place.first_row, rows,
                              raw_bytes, there, there_bytes, err);
}

/* A frame fresh from the seed. The first finding of each kind is kept; the shard goes on, so that
 * the report does not depend on which kind is made first. */
static sb_status take_frame(void *user, sb_kind kind, const uint8_t *rows, size_t raw_bytes,
                            uint32_t row_count, sb_error *err)
{
    checker *c = user;
    atomic_fetch_add(&c->all->board->rows_done, row_count);
    atomic_fetch_add(&c->all->board->raw_bytes_done, raw_bytes);
    XXH3_128bits_update(c->raw_state[kind], rows, raw_bytes);
    if (c->worst[kind] != SB_OK)
        return SB_OK;
    sb_status status = compare_frame(c, kind, rows, raw_bytes, row_count, &c->found[kind]);
    if (status == SB_EWRONG) {
        c->worst[kind] = status;
        c->found[kind].status = status;
        return SB_OK;
    }
    if (status != SB_OK)
        return sb_fail(err, status, "%s", c->found[kind].text);
    return SB_OK;
}

/* ---- a shard -------------------------------------------------------------------------------- */

static void kind_file(const checking *all, sb_kind kind, uint64_t part, char path[SB_PATH_BYTES])
{
    if (all->encoding.parts)
        sb_part_path(all->dir, kind, part, path);
    else
        sb_kind_path(all->dir, kind, path);
}

static sb_status open_reader(checker *c, sb_kind kind, uint64_t part, sb_error *err)
{
    char path[SB_PATH_BYTES];
    kind_file(c->all, kind, part, path);
    sb_reader_close(c->readers[kind]);
    c->readers[kind] = NULL;
    return sb_reader_open(path, &c->readers[kind], err);
}

static uint64_t frame_at_offset(const sb_reader *reader, uint64_t offset)
{
    uint64_t low = 0, high = sb_reader_frame_count(reader);
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (sb_reader_frame_place(reader, middle).offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Where the shard's frames begin in the files, by the manifest; and that they are as many bytes as
 * it says, with the hash it says. */
static sb_status check_piece(const checker *c, sb_kind kind, uint64_t shard,
                             sb_manifest_piece *piece, sb_error *err)
{
    const sb_reader *reader = c->readers[kind];
    SB_TRY(sb_manifest_find_shard(c->all->manifest, c->all->dir, shard, sb_kind_name(kind), piece,
                                  err));
    if (piece->offset < sb_reader_data_begin(reader) ||
        piece->bytes > sb_reader_data_end(reader) - sb_reader_data_begin(reader) ||
        piece->offset > sb_reader_data_end(reader) - piece->bytes)
        return sb_fail(err, SB_EWRONG, "%s: the manifest places shard %llu outside the data",
                       sb_reader_path(reader), (unsigned long long)shard);
    return SB_OK;
}

static void digest_of(const XXH3_state_t *state, unsigned char hash[SB_HASH_BYTES])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    memcpy(hash, canonical.digest, SB_HASH_BYTES);
}

static bool hash_piece(const checker *c, sb_kind kind, const sb_manifest_piece *piece,
                       unsigned char hash[SB_HASH_BYTES])
{
    if (c->packed_end[kind] == piece->offset + piece->bytes) {
        digest_of(c->packed_state[kind], hash);
        return true;
    }
    int file = open(sb_reader_path(c->readers[kind]), O_RDONLY | O_CLOEXEC);
    bool readable = file >= 0 && sb_hash_range(file, piece->offset, piece->bytes, hash);
    if (file >= 0)
        (void)close(file);
    return readable;
}

static sb_status check_packed(const checker *c, sb_kind kind, const sb_manifest_piece *piece,
                              sb_error *err)
{
    const char *path = sb_reader_path(c->readers[kind]);
    unsigned char hash[SB_HASH_BYTES];
    if (hash_piece(c, kind, piece, hash) && memcmp(hash, piece->packed_hash, SB_HASH_BYTES) == 0)
        return SB_OK;
    return sb_fail(err, SB_EWRONG,
                   "%s: bytes %llu to %llu are not those the manifest lists (packed_xxh3)", path,
                   (unsigned long long)piece->offset,
                   (unsigned long long)(piece->offset + piece->bytes));
}

static sb_status begin_hash(XXH3_state_t **state, sb_error *err)
{
    if (*state == NULL)
        *state = XXH3_createState();
    if (*state == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a hash");
    XXH3_128bits_reset(*state);
    return SB_OK;
}

static sb_status begin_kind(checker *c, sb_kind kind, uint64_t shard, sb_error *err)
{
    sb_manifest_piece piece;
    c->worst[kind] = SB_OK;
    SB_TRY(begin_hash(&c->raw_state[kind], err));
    SB_TRY(begin_hash(&c->packed_state[kind], err));
    if (c->all->encoding.parts || c->readers[kind] == NULL)
        SB_TRY(open_reader(c, kind, shard, err));
    sb_status status = check_piece(c, kind, shard, &piece, err);
    if (status != SB_OK)
        return status == SB_EDAMAGED ? SB_EWRONG : status;
    if (c->all->encoding.parts && sb_reader_first_row(c->readers[kind]) != piece.first_row)
        return sb_fail(err, SB_EWRONG, "%s: its index begins with row %llu, the manifest says %llu",
                       sb_reader_path(c->readers[kind]),
                       (unsigned long long)sb_reader_first_row(c->readers[kind]),
                       (unsigned long long)piece.first_row);
    c->frames[kind] = frame_at_offset(c->readers[kind], piece.offset);
    c->packed_end[kind] = piece.offset;
    return SB_OK;
}

/* Behind the last frame: the next shard must begin where the manifest says, and the bytes must hash
 * right. */
static sb_status end_kind(checker *c, sb_kind kind, uint64_t shard, sb_error *err)
{
    sb_manifest_piece piece;
    const sb_reader *reader = c->readers[kind];
    if (c->worst[kind] != SB_OK)
        return sb_fail(err, c->worst[kind], "%s", c->found[kind].text);
    SB_TRY(check_piece(c, kind, shard, &piece, err));
    uint64_t frame = c->frames[kind];
    uint64_t end = frame < sb_reader_frame_count(reader)
                       ? sb_reader_frame_place(reader, frame).offset
                       : sb_reader_data_end(reader);
    bool last = c->all->encoding.parts || shard + 1 == c->all->encoding.shards;
    if (end != piece.offset + piece.bytes || (last && frame != sb_reader_frame_count(reader)))
        return sb_fail(err, SB_EWRONG,
                       "%s: shard %llu does not end where the manifest says; rows are %s",
                       sb_reader_path(reader), (unsigned long long)shard,
                       frame < sb_reader_frame_count(reader) ? "too many" : "missing");
    unsigned char raw_hash[SB_HASH_BYTES];
    digest_of(c->raw_state[kind], raw_hash);
    if (memcmp(raw_hash, piece.raw_hash, SB_HASH_BYTES) != 0)
        return sb_fail(err, SB_EWRONG,
                       "%s/manifest.json: raw_xxh3 of shard %llu of %s is not that of its rows",
                       c->all->dir, (unsigned long long)shard, sb_kind_name(kind));
    return check_packed(c, kind, &piece, err);
}

static sb_status check_shard(checker *c, uint64_t shard, sb_error *err)
{
    checking *all = c->all;
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (all->kinds >> kind & 1)
            SB_TRY(begin_kind(c, (sb_kind)kind, shard, err));
    uint64_t end = sb_shard_group(all->world, &all->encoding, shard + 1);
    for (uint64_t group = sb_shard_group(all->world, &all->encoding, shard); group < end; group++) {
        if (atomic_load(&all->board->stop) != 0)
            return SB_ESTOPPED;
        SB_TRY(sb_group_make(&c->press, group, err));
    }
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (all->kinds >> kind & 1)
            SB_TRY(end_kind(c, (sb_kind)kind, shard, err));
    return SB_OK;
}

/* The shard of a step: all, evenly spread, or one. */
static uint64_t shard_of_step(const checking *all, uint64_t step)
{
    return all->options->one_shard ? all->options->shard
                                   : sb_share_begin(step, all->encoding.shards, all->step_count);
}

static sb_status check_steps(checker *c, uint64_t *step, sb_error *err)
{
    checking *all = c->all;
    SB_TRY(sb_press_open(all->world, all->kinds, take_frame, c, &c->press, err));
    for (;;) {
        const volatile int *stop = all->options->run.stop;
        if (stop != NULL && *stop != 0)
            atomic_store(&all->board->stop, 1);
        *step = sb_board_take(all->board, c->index);
        if (*step >= all->board->end || atomic_load(&all->board->stop) != 0 ||
            atomic_load(&all->board->lowest_failed) < *step)
            return SB_OK;
        SB_TRY(check_shard(c, shard_of_step(all, *step), err));
        atomic_store(&sb_board_slot(all->board, *step)->state, SB_SHARD_WRITTEN);
    }
}

static void check_body(void *user, uint32_t index)
{
    checker c = {.all = user, .index = index};
    sb_error err = {0};
    uint64_t step = 0;
    sb_status status = check_steps(&c, &step, &err);
    if (status != SB_OK && status != SB_ESTOPPED) {
        err.status = status;
        sb_board_fail(c.all->board, index, step, &err);
    }
    for (int kind = 0; kind < SB_KIND_COUNT; kind++) {
        sb_reader_close(c.readers[kind]);
        (void)XXH3_freeState(c.raw_state[kind]);
        (void)XXH3_freeState(c.packed_state[kind]);
    }
    sb_press_close(&c.press);
}

/* ---- the dataset as a whole ----------------------------------------------------------------- */

static sb_status check_header(const checking *all, const sb_reader *reader, sb_kind kind,
                              sb_error *err)
{
    const sb_file_header *header = sb_reader_header(reader);
    uint64_t rows = kind == SB_ENTRIES ? SB_ROWS_UNKNOWN : all->world->values.counts[kind];
    const char *wrong = strcmp(header->kind, sb_kind_name(kind)) != 0                 ? "kind"
                        : strcmp(header->dataset, sb_spec_dataset(all->spec)) != 0    ? "dataset"
                        : !json_equal(header->spec, sb_spec_value(all->spec))         ? "spec"
                        : header->row_count != rows                                   ? "rows"
                        : header->record->field_count != sb_schema(kind)->field_count ? "fields"
                                                                                      : NULL;
    if (wrong != NULL)
        return sb_fail(err, SB_EWRONG, "%s: the header's %s is not that of the manifest",
                       sb_reader_path(reader), wrong);
    for (size_t i = 0; i < header->record->field_count; i++) {
        const sb_field *a = &header->record->fields[i], *b = &sb_schema(kind)->fields[i];
        if (strcmp(a->name, b->name) != 0 || a->number != b->number || a->type != b->type)
            return sb_fail(err, SB_EWRONG, "%s: the header's field %zu is '%s', not '%s'",
                           sb_reader_path(reader), i, a->name, b->name);
    }
    return SB_OK;
}

/* Whether the file's first frame is a header of ours, as far as its first keys tell. */
static bool begins_like_ours(const char *path)
{
    static const char first_pair[] = "\xa6"
                                     "format"
                                     "\xa8"
                                     "seedbank";
    enum { LOOK_BYTES = 65536 };
    unsigned char *packed = malloc(LOOK_BYTES), raw[1 + sizeof first_pair - 1];
    ZSTD_DCtx *decoder = ZSTD_createDCtx();
    FILE *file = fopen(path, "re");
    bool ours = false;
    if (packed != NULL && decoder != NULL && file != NULL) {
        ZSTD_inBuffer in = {packed, fread(packed, 1, LOOK_BYTES, file), 0};
        ZSTD_outBuffer out = {raw, sizeof raw, 0};
        while (out.pos < out.size && in.pos < in.size &&
               !ZSTD_isError(ZSTD_decompressStream(decoder, &out, &in))) {
        }
        ours = out.pos == out.size && memcmp(raw + 1, first_pair, sizeof raw - 1) == 0;
    }
    if (file != NULL)
        (void)fclose(file);
    ZSTD_freeDCtx(decoder);
    free(packed);
    return ours;
}

/* A file that cannot be read by its index: its frames are read in turn to name the first wrong row.
 * Not of a file without our header: that is foreign. */
static sb_status check_unindexed(const checking *all, sb_kind kind, uint64_t part, const char *path,
                                 sb_error *err)
{
    char reason[SB_ERROR_TEXT_BYTES];
    (void)snprintf(reason, sizeof reason, "%s", err->text);
    if (!begins_like_ours(path))
        return SB_EDAMAGED;
    uint64_t shard = all->encoding.parts ? part : 0;
    uint64_t end = all->encoding.parts ? part + 1 : all->encoding.shards;
    return sb_verify_by_reading(path, all->world, kind,
                                sb_shard_group(all->world, &all->encoding, shard),
                                sb_shard_group(all->world, &all->encoding, end), reason, err);
}

/* Every file is there, can be read, and has the right header. */
static sb_status check_kind_files(const checking *all, sb_kind kind, sb_error *err)
{
    uint64_t files = all->encoding.parts ? all->encoding.shards : 1;
    for (uint64_t part = 0; part < files; part++) {
        char path[SB_PATH_BYTES];
        sb_reader *reader = NULL;
        sb_error own = {0};
        kind_file(all, kind, part, path);
        if (access(path, F_OK) != 0)
            return sb_fail(err, SB_EDAMAGED, "%s: the file is missing", path);
        sb_status status = sb_reader_open(path, &reader, &own);
        if (status == SB_EDAMAGED)
            status = check_unindexed(all, kind, part, path, &own);
        else if (status == SB_OK)
            status = check_header(all, reader, kind, &own);
        sb_reader_close(reader);
        if (status != SB_OK)
            return sb_fail(err, status, "%s", own.text);
    }
    return SB_OK;
}

/* Once all rows are right: that there are as many rows and bytes as the manifest lists. */
static sb_status check_sums(const checking *all, sb_kind kind, sb_error *err)
{
    uint64_t files = all->encoding.parts ? all->encoding.shards : 1, sums[2] = {0};
    static const char *const names[2] = {"rows", "bytes"};
    const json_t *listed =
        json_object_get(json_object_get(all->manifest, "kinds"), sb_kind_name(kind));
    for (uint64_t part = 0; part < files; part++) {
        char path[SB_PATH_BYTES];
        sb_reader *reader = NULL;
        struct stat info;
        kind_file(all, kind, part, path);
        SB_TRY(sb_reader_open(path, &reader, err));
        sums[0] += sb_reader_row_count(reader);
        sums[1] += stat(path, &info) == 0 ? (uint64_t)info.st_size : 0;
        sb_reader_close(reader);
    }
    for (int i = 0; i < 2; i++)
        if ((uint64_t)json_integer_value(json_object_get(listed, names[i])) != sums[i])
            return sb_fail(err, SB_EWRONG, "%s: %s have %llu %s, the manifest lists %lld", all->dir,
                           sb_kind_name(kind), (unsigned long long)sums[i], names[i],
                           (long long)json_integer_value(json_object_get(listed, names[i])));
    return SB_OK;
}

static sb_status check_manifest(const checking *all, sb_error *err)
{
    const char *dataset = json_string_value(json_object_get(all->manifest, "dataset"));
    if (dataset == NULL || strcmp(dataset, sb_spec_dataset(all->spec)) != 0)
        return sb_fail(err, SB_EWRONG, "%s/manifest.json: dataset is not the hash of its spec (%s)",
                       all->dir, sb_spec_dataset(all->spec));
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (all->kinds >> kind & 1)
            SB_TRY(check_kind_files(all, (sb_kind)kind, err));
    return SB_OK;
}

static sb_status choose_steps(checking *all, sb_error *err)
{
    const sb_verify_options *options = all->options;
    all->step_count = all->encoding.shards;
    if (options->one_shard) {
        if (options->shard >= all->encoding.shards)
            return sb_fail(err, SB_EUSAGE, "--shard: %llu; the dataset has shards 0 to %llu",
                           (unsigned long long)options->shard,
                           (unsigned long long)all->encoding.shards - 1);
        all->step_count = 1;
    } else if (options->sample > 0 && options->sample < all->step_count) {
        all->step_count = options->sample;
    }
    return SB_OK;
}

static sb_status run_checks(checking *all, sb_verify_result *out, sb_error *err)
{
    char reason[64];
    uint64_t rows = 0;
    SB_TRY(sb_encoding_read(json_object_get(all->manifest, "encoding"), &all->encoding, err));
    SB_TRY(sb_world_open(all->spec, &all->world, err));
    if (all->encoding.shards > all->world->group_count)
        return sb_fail(err, SB_EDAMAGED,
                       "%s/manifest.json: %llu shards are more than the dataset has groups",
                       all->dir, (unsigned long long)all->encoding.shards);
    all->kinds = sb_spec_kinds(all->spec);
    SB_TRY(choose_steps(all, err));
    SB_TRY(check_manifest(all, err));
    SB_TRY(sb_crew_size(&all->options->run, all->step_count,
                        sb_expected_worker_bytes(all->world, &all->encoding), &out->workers, reason,
                        sizeof reason, err));
    SB_TRY(sb_board_open(0, all->step_count, out->workers, &all->board, err));
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        rows += sb_expected_rows(all->world, (sb_kind)kind);
    sb_crew crew = {.board = all->board,
                    .options = &all->options->run,
                    .workers = out->workers,
                    .total_rows = sb_muldiv(rows, all->step_count, all->encoding.shards),
                    .body = check_body,
                    .user = all};
    sb_status status = sb_crew_run(&crew, err);
    for (int kind = 0; kind < SB_KIND_COUNT && status == SB_OK; kind++)
        if (all->kinds >> kind & 1)
            status = check_sums(all, (sb_kind)kind, err);
    out->rows = atomic_load(&all->board->rows_done);
    out->raw_bytes = atomic_load(&all->board->raw_bytes_done);
    out->shards = all->step_count;
    return status;
}

sb_status sb_verify(const char *dir, const sb_verify_options *options, sb_verify_result *out,
                    sb_error *err)
{
    double begin = sb_now_seconds();
    checking all = {.options = options, .dir = dir};
    sb_spec *spec = NULL;
    *out = (sb_verify_result){0};
    if (options->independent)
        return sb_verify_independent(dir, options, out, err);
    SB_TRY(sb_manifest_read(dir, &all.manifest, err));
    sb_status status = sb_spec_of_path(dir, options->tables_dir, &spec, err);
    if (status == SB_OK) {
        all.spec = spec;
        (void)snprintf(out->dataset, sizeof out->dataset, "%s", sb_spec_dataset(spec));
        status = run_checks(&all, out, err);
    }
    out->seconds = sb_now_seconds() - begin;
    sb_board_close(all.board);
    sb_world_close(all.world);
    sb_spec_close(spec);
    json_decref(all.manifest);
    return status;
}
