/* What trips ask about people and places again and again: who may travel with which papers, and how
 * far countries are from the cities people set out from. */
#ifndef ENGINE_TRAVEL_H
#define ENGINE_TRAVEL_H

#include "engine/geography.h"

/* What a traveller shows at the border. */
typedef enum sb_papers {
    SB_PAPERS_PASSPORT,
    SB_PAPERS_CARD, /* no passport: at home, and a citizen, where an identity card is enough */
    SB_PAPERS_NONE, /* people without any stay in their region */
    SB_PAPERS_COUNT
} sb_papers;

typedef struct sb_traveller {
    uint64_t name; /* the person + 1; 0: none yet */
    int32_t birth;
    sb_clock clock;       /* where they live */
    uint32_t city;        /* row of the locale's cities */
    uint16_t from, roots; /* rows of the shared countries: where they live, and come from */
    uint8_t locale;       /* of the city */
    uint8_t papers;       /* sb_papers */
    bool is_eager;        /* likes to travel */
    sb_piece passport;    /* its number; an empty text of who has none */
} sb_traveller;

/* A turn of the circle of a cell's people; see engine/trip.c. */
typedef struct sb_trip_turn {
    uint64_t cell;         /* + 1; 0: none yet */
    uint32_t first, count; /* rows from the first on */
    sb_permutation circle;
    int64_t begin, end; /* of its slot */
    int32_t day;
    int level;
    bool is_last;
    /* The place asked for last; the first at or after it who can travel, and the last before it, as
     * places of an endless line. */
    int64_t place, after, before;
    uint64_t traveller; /* who stands at `after` */
    uint32_t block;     /* the places of `who`: from here on */
    uint64_t who[SB_LANES];
} sb_trip_turn;

/* What countries are to somebody who looks for one to go to. */
enum {
    SB_GOAL_WARM = 1,
    SB_GOAL_NEIGHBOUR = 2, /* of the same region */
    SB_GOAL_HIGH_RISK = 4,
    SB_GOAL_OPEN = 8, /* may be entered with these papers */
    SB_GOAL_KINDS = 16,
};

/* Bounds of distance that matter: 800, 2,000, 4,000 and 5,000 km. */
enum { SB_ZONES_OF_REACH = 5 };

/* The places people of a locale set out from. */
typedef struct sb_departures {
    sb_spot *spots; /* by city */
    uint8_t *zones; /* [city * country_count + country]; see sb_travel_zones() */
    uint8_t *goals; /* [papers * country_count + country]: SB_GOAL_* */
    bool is_ready;
} sb_departures;

/* Stays that differ in how far people go for them. */
enum { SB_STAY_DAY, SB_STAY_SHORT, SB_STAY_LONG, SB_STAY_COUNT };

enum { SB_TRAVELLERS_KEPT = 512 }; /* a cell's */

typedef struct sb_travel {
    sb_trip_turn turn;
    sb_traveller travellers[SB_TRAVELLERS_KEPT];
    /* In 1,000ths: [on holiday][stay][distance][kind of country]; see engine/trip.c. */
    uint16_t appeals[2][SB_STAY_COUNT][SB_ZONES_OF_REACH][SB_GOAL_KINDS];
    uint32_t country_count;
    sb_departures from[]; /* by locale */
} sb_travel;

/* Prepared at first use and kept; free(). NULL when memory ran out, which sb_maker_check() then
 * says. */
sb_travel *sb_travel_find(sb_maker *maker);

/* Fills in the appeals; defined by trips. */
void sb_travel_list_appeals(sb_travel *travel);

/* Borrowed, until another person with the same place among those kept is asked for. */
const sb_traveller *sb_traveller_find(sb_maker *maker, sb_travel *travel, uint64_t person);

/* The locale's, made ready. */
const sb_departures *sb_travel_from(sb_maker *maker, sb_travel *travel, uint32_t locale);

/* How far each country's capital is from a city: 0 .. SB_ZONES_OF_REACH - 1, by country. */
const uint8_t *sb_travel_zones(const sb_maker *maker, const sb_travel *travel,
                               const sb_departures *from, uint32_t city);

#endif
