/* International bank account numbers (ISO 13616). Which ranges: docs/identifiers.md. */
#ifndef ENGINE_IBAN_H
#define ENGINE_IBAN_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/maker.h"

/* Whether IBANs of that country can be made. */
bool sb_iban_known(const char *country);

/* How many accounts a bank there can have: account numbers are taken modulo that. 10^10, but less
 * where the country's account numbers are shorter (BE, NL, NO); 0 where there is no IBAN. */
uint64_t sb_iban_capacity(const char *country);

/* Appends the IBAN of an account, with the national check digits where the country has such and
 * those of ISO 13616. `code` is the bank's national code as in banks.tsv; in GB, IE and FI its last
 * digits, which name a branch, give way to the first of the account. With "" a code is made from
 * the number `bank`. `bic4` are the bank's four letters; they stand in the numbers of some
 * countries, and "" makes them from `bank`. Nothing where the country has no IBAN. Returns how many
 * characters stand behind the last digit of the account. */
size_t sb_line_iban(sb_line *line, const char *country, const char *code, const char *bic4,
                    uint64_t bank, uint64_t account);

/* The number of the account that an IBAN names (modulo the capacity), and the digits of the bank's
 * code that stand in it (at most 12 with the NUL). False for what has not the form of an IBAN that
 * sb_line_iban() makes; check digits are not looked at. */
enum { SB_IBAN_CODE_BYTES = 12 };
bool sb_iban_read(const char *iban, uint64_t *account, char code[SB_IBAN_CODE_BYTES]);

#endif
