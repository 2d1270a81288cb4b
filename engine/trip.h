/* Trips: people who travel abroad. */
#ifndef ENGINE_TRIP_H
#define ENGINE_TRIP_H

#include "engine/events.h"

/* The moment of a row; see sb_event_clock. */
int64_t sb_trip_time(sb_maker *maker, const sb_cell_events *of, uint32_t index);

/* Appends one row. */
void sb_trip_put(sb_maker *maker, sb_rows *rows, const sb_cell_events *of, uint32_t index);

/* ---- geography that goods need too ---------------------------------------------------------- */

/* A point in degrees times 10^7. */
typedef struct sb_point {
    int64_t latitude, longitude;
} sb_point;

/* Kilometres between two points, within two in a hundred up to 12,000 km. */
int64_t sb_distance_km(sb_point a, sb_point b);
/* The capital of a row of the shared countries. */
sb_point sb_capital(sb_maker *maker, uint32_t country);
/* Whether one can go from country to country by road or rail. Rows of the shared countries. */
bool sb_same_land(sb_maker *maker, uint32_t a, uint32_t b);
/* Whether a text of codes with a blank between them has this one. */
bool sb_code_listed(const char *codes, const char code[2]);
/* A locale of the dataset that is in the country; false where there is none. */
bool sb_locale_in(const sb_maker *maker, uint32_t country, uint64_t draw, uint32_t *locale);

#endif
