/* National numbers of persons that are made of a date of birth, and those that share their form.
 * Which ranges: docs/identifiers.md. */
#ifndef ENGINE_BIRTH_NUMBER_H
#define ENGINE_BIRTH_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/maker.h"

/* What such a number is made of. `yy`: the last two digits of the year; `rank`: among those of a
 * day and sex, below the capacity. */
typedef struct sb_birth {
    uint32_t year, month, day, yy;
    bool female;
    uint64_t rank;
} sb_birth;

typedef struct sb_birth_number {
    char country[3];
    uint64_t capacity; /* of a day and sex, where it has them */
    void (*put)(sb_line *line, const sb_birth *b);
} sb_birth_number;

/* The rule of a country, static; NULL where persons have no such number. */
const sb_birth_number *sb_birth_number_find(const char *country);

/* Whether personal tax numbers there hold the date of birth, so that the capacity is one day's. */
bool sb_tax_id_has_birth(const char *country);

/* How many Mexican companies have a number of their own, and the number (RFC) of one: it has the
 * form of a person's, with a date of foundation. `rank` below that count. */
uint64_t sb_mexican_companies(void);
void sb_line_mexican_company(sb_line *line, uint64_t rank);

#endif
