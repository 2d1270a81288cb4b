/* Countries as neighbours: distances, borders, unions, who is at home where. All of it is prepared
 * once when a maker is opened, since trips and documents ask for it many times a row. */
#ifndef ENGINE_GEOGRAPHY_H
#define ENGINE_GEOGRAPHY_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/maker.h"

/* A point in degrees times 10^7. */
typedef struct sb_point {
    int64_t latitude, longitude;
} sb_point;

/* The same point on a sphere: x and y in 2^-40, z in 2^-20 of its radius. */
typedef struct sb_spot {
    int64_t x, y, z;
} sb_spot;

sb_spot sb_spot_of(sb_point point);

/* The square of the chord through the sphere, in 2^-40. */
static inline int64_t sb_spot_square(const sb_spot *a, const sb_spot *b)
{
    int64_t x = (a->x - b->x) >> 20, y = (a->y - b->y) >> 20, z = a->z - b->z;
    return x * x + y * y + z * z;
}

/* The root of a number of at most 46 bits, rounded down. */
int64_t sb_integer_root(int64_t value);

/* Kilometres for such a square; never fewer for a larger one. */
int64_t sb_square_km(int64_t square);

/* Kilometres between two points, within two in a hundred up to 12,000 km. */
int64_t sb_distance_km(sb_point a, sb_point b);

/* Distances that decide something: from here on the square is as many kilometres. */
typedef enum sb_reach {
    SB_REACH_800,
    SB_REACH_2000,
    SB_REACH_3000,
    SB_REACH_4000,
    SB_REACH_5000,
    SB_REACH_COUNT
} sb_reach;

/* Sets of countries. */
enum {
    SB_ZONE_FREE = 1,   /* of Europe, between which an identity card is enough */
    SB_ZONE_BALTIC = 2, /* about the Baltic Sea, which ferries cross */
    SB_ZONE_NO_RAILS = 4,
    SB_ZONE_CHINESE = 8,
    SB_ZONE_STRONG = 16,  /* whose passports open doors */
    SB_ZONE_GUARDED = 32, /* that ask everybody for a visa */
    SB_ZONE_HIGH_RISK = 64,
    SB_ZONE_HAVEN = 128,
};

typedef struct sb_country {
    sb_spot capital;
    int64_t region_mark; /* see sb_table_mark() */
    uint16_t lands;      /* a bit for every land mass (or bridge) it lies on */
    uint8_t zones;       /* SB_ZONE_* */
    uint8_t unions;      /* a bit for every customs union it is in */
    char region;         /* the first letter */
    bool is_warm;        /* the capital is nearer to the equator than 43.5 degrees */
    uint8_t locale_count;
    uint16_t first_locale, first_airline, airline_count; /* in the lists below */
} sb_country;

/* By row of the shared countries. */
typedef struct sb_geography {
    int64_t reach[SB_REACH_COUNT];
    uint8_t *locales;   /* of the dataset, country by country */
    uint16_t *airlines; /* rows of the shared airlines, country by country */
    sb_country countries[];
} sb_geography;

/* Owned by the caller: free(). NULL when memory ran out. */
sb_geography *sb_geography_prepare(sb_maker *maker);

/* Whether one can go from country to country by road or rail. */
static inline bool sb_same_land(const sb_maker *maker, uint32_t a, uint32_t b)
{
    const sb_country *countries = maker->geography->countries;
    return (countries[a].lands & countries[b].lands) != 0;
}

/* Between these no customs are declared. */
static inline bool sb_customs_union(const sb_maker *maker, uint32_t a, uint32_t b)
{
    const sb_country *countries = maker->geography->countries;
    return a == b || (countries[a].unions & countries[b].unions) != 0;
}

/* Whether a text of codes with a blank between them has this one. */
bool sb_code_listed(const char *codes, const char code[2]);

/* A locale of the dataset that is in the country; false where there is none. */
bool sb_locale_in(const sb_maker *maker, uint32_t country, uint64_t draw, uint32_t *locale);

#endif
