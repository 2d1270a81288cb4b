#define ZSTD_STATIC_LINKING_ONLY
#include "format/packer.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "format/sequences.h"

_Static_assert(sizeof(sb_sequence) == sizeof(ZSTD_Sequence) &&
                   offsetof(sb_sequence, offset) == offsetof(ZSTD_Sequence, offset) &&
                   offsetof(sb_sequence, literal_bytes) == offsetof(ZSTD_Sequence, litLength) &&
                   offsetof(sb_sequence, match_bytes) == offsetof(ZSTD_Sequence, matchLength),
               "a sequence of ours is one of zstd's");

/* Sequences of a frame: of the shortest matches that pay, a frame could hold some 200,000; rows
 * have one in twenty bytes. */
enum {
    FRAME_BYTES_MAX = SB_FRAME_RAW_BYTES + SB_ROW_BYTES_MAX,
    SEQUENCES_MAX = FRAME_BYTES_MAX / 14,
    /* A frame's matches may reach back to its begin: 2^21 is the first power above a frame. */
    WINDOW_LOG = 21,
};
_Static_assert(FRAME_BYTES_MAX <= 1 << SB_MATCH_PLACE_BITS, "places of a frame fit");

struct sb_packer {
    sb_encoder encoder;
    ZSTD_CCtx *context;
    uint8_t *packed; /* owned: room for the largest frame */
    size_t packed_capacity;
    sb_matcher *matcher;    /* owned; NULL in the generic encoder */
    sb_sequence *sequences; /* owned: SEQUENCES_MAX */
};

/* A libzstd without it leaves a weak symbol NULL instead of failing to load. */
#ifdef SB_HAVE_SEQUENCES
#pragma weak ZSTD_compressSequences
#endif

bool sb_packer_has_tokens(void)
{
#ifdef SB_HAVE_SEQUENCES
    return ZSTD_versionNumber() >= SB_ZSTD_SEQUENCES_VERSION && ZSTD_compressSequences != NULL;
#else
    return false;
#endif
}

const char *sb_encoder_name(sb_encoder encoder)
{
    return encoder == SB_ENCODER_TOKENS ? "tokens-1" : "generic";
}

/* zstd is asked to search for nothing, so the tables it searches by are as small as it allows. */
static size_t prepare_tokens(ZSTD_CCtx *context)
{
    static const struct {
        ZSTD_cParameter parameter;
        int value;
    } settings[] = {
        {ZSTD_c_blockDelimiters, ZSTD_sf_explicitBlockDelimiters},
        {ZSTD_c_windowLog, WINDOW_LOG},
        {ZSTD_c_hashLog, ZSTD_HASHLOG_MIN},
        {ZSTD_c_chainLog, ZSTD_CHAINLOG_MIN},
        {ZSTD_c_minMatch, 4},
        /* Frames are handed over whole: no room of zstd's own for them, 1.3 MB. */
        {ZSTD_c_stableInBuffer, 1},
        {ZSTD_c_stableOutBuffer, 1},
    };
    size_t result = 0;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0] && !ZSTD_isError(result); i++)
        result = ZSTD_CCtx_setParameter(context, settings[i].parameter, settings[i].value);
    return result;
}

sb_status sb_packer_open(sb_encoder encoder, int level, sb_packer **out, sb_error *err)
{
    bool tokens = encoder == SB_ENCODER_TOKENS;
    if (tokens && !sb_packer_has_tokens())
        return sb_fail(err, SB_EUSAGE,
                       "encoder %s: needs libzstd 1.5.4 or later with ZSTD_compressSequences, here "
                       "is %s",
                       sb_encoder_name(encoder), ZSTD_versionString());
    sb_packer *packer = calloc(1, sizeof *packer);
    if (packer == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a compressor");
    packer->encoder = encoder;
    packer->packed_capacity = ZSTD_compressBound(FRAME_BYTES_MAX);
    packer->packed = malloc(packer->packed_capacity);
    packer->context = ZSTD_createCCtx();
    if (tokens) {
        packer->matcher = calloc(1, sizeof *packer->matcher);
        packer->sequences = malloc(SEQUENCES_MAX * sizeof *packer->sequences);
    }
    if (packer->packed == NULL || packer->context == NULL ||
        (tokens && (packer->matcher == NULL || packer->sequences == NULL))) {
        sb_packer_close(packer);
        return sb_fail(err, SB_ENOMEM, "no memory for a compressor");
    }
    (void)ZSTD_CCtx_setParameter(packer->context, ZSTD_c_compressionLevel, level);
    (void)ZSTD_CCtx_setParameter(packer->context, ZSTD_c_checksumFlag, 1);
    size_t result = tokens ? prepare_tokens(packer->context) : 0;
    if (ZSTD_isError(result)) {
        sb_packer_close(packer);
        return sb_fail(err, SB_EIO, "zstd: %s", ZSTD_getErrorName(result));
    }
    *out = packer;
    return SB_OK;
}

void sb_packer_close(sb_packer *packer)
{
    if (packer == NULL)
        return;
    ZSTD_freeCCtx(packer->context);
    free(packer->packed);
    free(packer->matcher);
    free(packer->sequences);
    free(packer);
}

void sb_packer_validate(sb_packer *packer)
{
    (void)ZSTD_CCtx_setParameter(packer->context, ZSTD_c_validateSequences, 1);
}

static size_t pack_tokens(sb_packer *packer, const sb_cutter *cutter, const uint8_t *rows,
                          size_t raw_bytes)
{
#ifdef SB_HAVE_SEQUENCES
    size_t count = sb_matcher_find(packer->matcher, rows, raw_bytes, cutter->marks,
                                   cutter->mark_count, packer->sequences, SEQUENCES_MAX);
    return ZSTD_compressSequences(packer->context, packer->packed, packer->packed_capacity,
                                  (const ZSTD_Sequence *)packer->sequences, count, rows, raw_bytes);
#else
    (void)cutter;
    return ZSTD_compress2(packer->context, packer->packed, packer->packed_capacity, rows,
                          raw_bytes);
#endif
}

sb_status sb_packer_pack(sb_packer *packer, const sb_cutter *cutter, const uint8_t *rows,
                         size_t raw_bytes, const uint8_t **out, size_t *out_bytes, sb_error *err)
{
    size_t packed = packer->encoder == SB_ENCODER_TOKENS
                        ? pack_tokens(packer, cutter, rows, raw_bytes)
                        : ZSTD_compress2(packer->context, packer->packed, packer->packed_capacity,
                                         rows, raw_bytes);
    if (ZSTD_isError(packed))
        return sb_fail(err, SB_EIO, "zstd: %s", ZSTD_getErrorName(packed));
    *out = packer->packed;
    *out_bytes = packed;
    return SB_OK;
}

size_t sb_packer_memory_bytes(sb_encoder encoder, int level)
{
    size_t bytes = ZSTD_compressBound(FRAME_BYTES_MAX) + ZSTD_estimateCCtxSize(level);
    if (encoder == SB_ENCODER_TOKENS)
        bytes += sizeof(sb_matcher) + SEQUENCES_MAX * sizeof(sb_sequence);
    return bytes;
}
