/* Packs frames of rows: the one place where raw bytes become zstd frames.
 *
 * Two encoders write frames that any zstd decodes to the same raw bytes:
 *   generic   libzstd's own compressor at a level;
 *   tokens-1  zstd is handed its matches (ZSTD_compressSequences) as format/sequences.h finds them
 *             at the marks that makers of rows leave.
 */
#ifndef FORMAT_PACKER_H
#define FORMAT_PACKER_H

#include "format/cutter.h"

typedef enum sb_encoder { SB_ENCODER_GENERIC, SB_ENCODER_TOKENS, SB_ENCODER_COUNT } sb_encoder;

/* "generic", "tokens-1": as in manifests. */
const char *sb_encoder_name(sb_encoder encoder);

/* The first libzstd whose ZSTD_compressSequences() is right with explicit block delimiters. */
enum { SB_ZSTD_SEQUENCES_VERSION = 10504 };

/* Whether the libzstd in this process can take sequences. */
bool sb_packer_has_tokens(void);

typedef struct sb_packer sb_packer;

/* `level` is 1 to 19 (SB_ENCODER_TOKENS knows but one way and takes 1). SB_ENOMEM; SB_EUSAGE for
 * an encoder that this libzstd does not have. Owned: sb_packer_close(). */
SB_CHECK sb_status sb_packer_open(sb_encoder encoder, int level, sb_packer **out, sb_error *err);
void sb_packer_close(sb_packer *packer);

/* From now on every sequence is checked by zstd too, at a price: for tests. */
void sb_packer_validate(sb_packer *packer);

/* Packs what a cutter hands over into `*out`, which is the packer's and lasts until the next call.
 * `raw_bytes` is at most SB_FRAME_RAW_BYTES + SB_ROW_BYTES_MAX. */
SB_CHECK sb_status sb_packer_pack(sb_packer *packer, const sb_cutter *cutter, const uint8_t *rows,
                                  size_t raw_bytes, const uint8_t **out, size_t *out_bytes,
                                  sb_error *err);

/* Bytes of memory that a packer takes, about. */
size_t sb_packer_memory_bytes(sb_encoder encoder, int level);

#endif
