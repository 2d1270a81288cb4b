/* The header's map, turned back into a record description and a spec. */
#ifndef FORMAT_HEADER_READER_H
#define FORMAT_HEADER_READER_H

#include <stddef.h>
#include <stdint.h>

#include "format/reader.h"

typedef struct sb_header sb_header;

/* Reads the unpacked bytes of a header frame; `path` is for the sentences. The bytes may be
 * anything: what is no header gives SB_EDAMAGED. On SB_OK, *out is owned by the caller and borrows
 * nothing. */
SB_CHECK sb_status sb_header_open(const char *path, const uint8_t *raw, size_t raw_bytes,
                                  sb_header **out, sb_error *err);
void sb_header_close(sb_header *header);

/* Borrowed from the header. */
const sb_file_header *sb_header_file(const sb_header *header);

#endif
