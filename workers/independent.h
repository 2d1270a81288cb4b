/* Checking a dataset from its files alone, without its seed: a second witness that shares no code
 * with what made the rows.
 *
 * Held against each other are: frames and their checksums, header, manifest and raw digests; every
 * row, its record, and what it says of itself; ids, identifiers, order and references, also between
 * kinds; and the ledger: all transactions replayed, account by account, against balances, totals
 * and statement lines. */
#ifndef WORKERS_INDEPENDENT_H
#define WORKERS_INDEPENDENT_H

#include "seedbank/seedbank.h"

/* SB_OK: all holds. SB_EWRONG: `err` names kind, row and field of what does not. SB_EDAMAGED: not a
 * dataset, cut short, or a frame that cannot be unpacked.
 *
 * One process; of `options` count run.memory_bytes (0: 1 GiB), run.stop and run.progress. What does
 * not fit into that memory is worked off in several passes over the files. */
SB_CHECK sb_status sb_verify_independent(const char *dir, const sb_verify_options *options,
                                         sb_verify_result *out, sb_error *err);

#endif
