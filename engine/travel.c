#include "engine/travel.h"

#include <assert.h>
#include <stdlib.h>

#include "engine/contact.h"

/* ---- what is kept --------------------------------------------------------------------------- */

enum { UNKNOWN = 0xFF };

/* One piece of memory: the places of all locales stand behind the list of these. */
sb_travel *sb_travel_find(sb_maker *maker)
{
    uint32_t locales = sb_tables_locale_count(maker->world->tables);
    uint32_t countries = sb_find(maker, 0, SB_TABLE_COUNTRIES)->count;
    size_t cities = 0;
    if (maker->travel != NULL)
        return maker->travel;
    for (uint32_t i = 0; i < locales; i++)
        cities += sb_find(maker, i, SB_TABLE_CITIES)->count;
    sb_travel *made = calloc(1, sizeof *made + locales * sizeof made->from[0] +
                                    cities * (sizeof(sb_spot) + countries) +
                                    (size_t)locales * SB_PAPERS_COUNT * countries);
    if (made == NULL) {
        maker->out_of_memory = true;
        return NULL;
    }
    sb_spot *spots = (sb_spot *)(made->from + locales);
    uint8_t *zones = (uint8_t *)(spots + cities), *goals = zones + cities * countries;
    made->country_count = countries;
    for (uint32_t i = 0; i < locales; i++) {
        made->from[i] = (sb_departures){.spots = spots, .zones = zones, .goals = goals};
        spots += sb_find(maker, i, SB_TABLE_CITIES)->count;
        zones += (size_t)sb_find(maker, i, SB_TABLE_CITIES)->count * countries;
        goals += (size_t)SB_PAPERS_COUNT * countries;
    }
    sb_travel_list_appeals(made);
    maker->travel = made;
    return made;
}

/* ---- people --------------------------------------------------------------------------------- */

/* At home and a citizen where an identity card is enough. */
static bool needs_no_passport(const sb_maker *maker, uint32_t residence, uint32_t citizenship)
{
    const sb_country *countries = maker->geography->countries;
    return (countries[residence].zones & countries[citizenship].zones & SB_ZONE_FREE) != 0;
}

static void make_traveller(sb_maker *maker, uint64_t id, sb_traveller *out)
{
    sb_contact spare;
    sb_contact *contact = sb_contact_find(maker, &(sb_owner){false, id}, NULL, &spare);
    const sb_person *person = &contact->person;
    sb_text passport = sb_contact_passport(maker, contact);
    out->name = id + 1;
    out->birth = person->birth;
    out->locale = (uint8_t)person->place.locale;
    out->city = person->place.city;
    out->clock = sb_city_clock(sb_find(maker, out->locale, SB_TABLE_CITIES), out->city);
    out->from = sb_locale_of(maker, out->locale)->country_index;
    out->roots = sb_locale_of(maker, person->culture)->country_index;
    out->papers = passport.byte_count > 0                           ? SB_PAPERS_PASSPORT
                  : needs_no_passport(maker, out->from, out->roots) ? SB_PAPERS_CARD
                                                                    : SB_PAPERS_NONE;
    out->is_eager = !sb_chance(sb_draw(person->key, SB_DRAW_NUMBER(201, 0)), 300000);
    out->passport = sb_piece_of(passport.bytes, passport.byte_count);
    assert(out->passport.byte_count > 0); /* numbers of passports are short in all countries */
}

const sb_traveller *sb_traveller_find(sb_maker *maker, sb_travel *travel, uint64_t person)
{
    sb_traveller *found = &travel->travellers[person % SB_TRAVELLERS_KEPT];
    if (found->name != person + 1)
        make_traveller(maker, person, found);
    return found;
}

/* ---- places --------------------------------------------------------------------------------- */

static uint8_t goal_of(const sb_country *home, const sb_country *away, sb_papers papers)
{
    bool is_neighbour = home->region_mark == away->region_mark;
    bool is_open = papers == SB_PAPERS_PASSPORT ||
                   (papers == SB_PAPERS_CARD ? (away->zones & SB_ZONE_FREE) != 0 : is_neighbour);
    return (uint8_t)((away->is_warm ? SB_GOAL_WARM : 0) | (is_neighbour ? SB_GOAL_NEIGHBOUR : 0) |
                     ((away->zones & SB_ZONE_HIGH_RISK) != 0 ? SB_GOAL_HIGH_RISK : 0) |
                     (is_open && home != away ? SB_GOAL_OPEN : 0));
}

static void make_ready(sb_maker *maker, const sb_travel *travel, uint32_t locale,
                       sb_departures *out)
{
    const sb_table *cities = sb_find(maker, locale, SB_TABLE_CITIES);
    const sb_country *countries = maker->geography->countries;
    const sb_country *home = &countries[sb_locale_of(maker, locale)->country_index];
    for (uint32_t city = 0; city < cities->count; city++) {
        out->spots[city] = sb_spot_of((sb_point){sb_table_int(cities, SB_CITY_LATITUDE, city),
                                                 sb_table_int(cities, SB_CITY_LONGITUDE, city)});
        out->zones[(size_t)city * travel->country_count] = UNKNOWN;
    }
    for (uint32_t papers = 0; papers < SB_PAPERS_COUNT; papers++)
        for (uint32_t country = 0; country < travel->country_count; country++)
            out->goals[papers * travel->country_count + country] =
                goal_of(home, &countries[country], (sb_papers)papers);
    out->is_ready = true;
}

const sb_departures *sb_travel_from(sb_maker *maker, sb_travel *travel, uint32_t locale)
{
    sb_departures *from = &travel->from[locale];
    if (!from->is_ready)
        make_ready(maker, travel, locale, from);
    return from;
}

static uint8_t zone_of(const int64_t reach[SB_REACH_COUNT], const sb_spot *a, const sb_spot *b)
{
    int64_t square = sb_spot_square(a, b);
    return (uint8_t)((square >= reach[SB_REACH_800]) + (square >= reach[SB_REACH_2000]) +
                     (square >= reach[SB_REACH_4000]) + (square >= reach[SB_REACH_5000]));
}

const uint8_t *sb_travel_zones(const sb_maker *maker, const sb_travel *travel,
                               const sb_departures *from, uint32_t city)
{
    uint8_t *zones = from->zones + (size_t)city * travel->country_count;
    const sb_geography *geography = maker->geography;
    if (zones[0] == UNKNOWN)
        for (uint32_t i = 0; i < travel->country_count; i++)
            zones[i] =
                zone_of(geography->reach, &from->spots[city], &geography->countries[i].capital);
    return zones;
}
