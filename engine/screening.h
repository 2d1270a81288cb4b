/* What screening of customers looks at, shared by persons and companies. */
#ifndef ENGINE_SCREENING_H
#define ENGINE_SCREENING_H

#include "engine/maker.h"

/* Appends an array of one to `most` different sanctions lists by their weights; of none for 0. */
void sb_put_sanction_lists(sb_maker *maker, sb_rows *rows, uint32_t most, uint64_t draw);

/* Columns of countries.tsv that others read. */
enum {
    SB_COUNTRY_CODE,
    SB_COUNTRY_NAME = 2,
    SB_COUNTRY_CURRENCY,
    SB_COUNTRY_LANGUAGE,
    SB_COUNTRY_HAVEN = 6,
    SB_COUNTRY_HIGH_RISK,
    SB_COUNTRY_REGION,
    SB_COUNTRY_LATITUDE,
    SB_COUNTRY_LONGITUDE,
    SB_COUNTRY_TRADE
};

/* Whether a row of the shared countries is a tax haven, or a country of high risk, by the modelling
 * lists of shared/countries.tsv. */
static inline bool sb_country_is(sb_maker *maker, uint32_t country, uint32_t column)
{
    return sb_table_int(sb_find(maker, 0, SB_TABLE_COUNTRIES), column, country) != 0;
}

/* The row of a country by its code; 0 where there is none. */
uint32_t sb_country_find(sb_maker *maker, const char code[2]);

#endif
