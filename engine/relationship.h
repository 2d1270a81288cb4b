/* Relationships: the edges between people and companies that persons and companies imply, as rows:
 * households, employment, ownership, office, and acquaintance.
 *
 * Rows, persons and companies are divided among circles, one for each cell, but fewer where cells
 * are many and persons few: at least 64 persons a circle, or all of them. Of every sixteen rows of
 * a circle some are of each class; a class that has no more edges leaves its rows to acquaintance,
 * which has one for each two people who are not next-door neighbours. */
#ifndef ENGINE_RELATIONSHIP_H
#define ENGINE_RELATIONSHIP_H

#include "engine/maker.h"

/* The number of circles, and how many rows these persons can have without a pair of them occurring
 * twice. */
uint64_t sb_circle_count(const uint64_t counts[SB_KIND_COUNT]);
uint64_t sb_relationships_max(const uint64_t counts[SB_KIND_COUNT]);

/* Appends one row. */
void sb_relationship_put(sb_maker *maker, sb_rows *rows, uint64_t id);

#endif
