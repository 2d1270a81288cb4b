#include "engine/trip.h"

#include <string.h>

#include "engine/daybook.h"
#include "engine/distributions.h"
#include "engine/place.h"
#include "engine/rates.h"
#include "engine/travel.h"
#include "engine/words.h"

#define KEY_DRAW(key, field, nth) sb_draw(key, SB_DRAW_NUMBER(SB_TRIP_FIELD_##field, nth))

enum { ADULT_DAYS = 6576, MS_A_MINUTE = 60000 };

static int32_t day_of(int64_t ms)
{
    return (int32_t)(ms / SB_MS_A_DAY - (ms % SB_MS_A_DAY < 0));
}

/* ---- papers --------------------------------------------------------------------------------- */

static const sb_country *country_at(const sb_maker *maker, uint32_t country)
{
    return &maker->geography->countries[country];
}

static bool same_region(const sb_maker *maker, uint32_t a, uint32_t b)
{
    return country_at(maker, a)->region_mark == country_at(maker, b)->region_mark;
}

/* Whether a visa is needed, by the regions of both ends: a modelling rule. Asia's rich cities and
 * islands are treated as Europe is, and from or to a country of high risk one is always needed. */
static bool visa_rule(const sb_maker *maker, uint32_t from, uint32_t to)
{
    const sb_country *home = country_at(maker, from), *away = country_at(maker, to);
    char region = home->region, other = away->region;
    if ((home->zones & away->zones & SB_ZONE_CHINESE) != 0)
        return false;
    if (((home->zones | away->zones) & SB_ZONE_HIGH_RISK) != 0)
        return true;
    if (region == 'e' || region == 'n' || region == 'o' || (home->zones & SB_ZONE_STRONG) != 0)
        return (away->zones & SB_ZONE_GUARDED) != 0; /* the others let them in */
    if (home->region_mark == away->region_mark)
        return false;
    return !(region == 'l' && other == 'e'); /* Latin Americans may visit Europe */
}

/* ---- who travels when ----------------------------------------------------------------------- */

/* What a traveller must be, from the choosiest to anybody. */
enum { EAGER, ABLE, ADULT, ANYBODY };

static bool may_travel(const sb_traveller *who, int32_t day, int level)
{
    return level == ANYBODY ||
           (who->birth + ADULT_DAYS <= day && (level == ADULT || who->papers != SB_PAPERS_NONE) &&
            (level != EAGER || who->is_eager));
}

/* The period is divided into slots, one for each trip a person may have in turn; the people of the
 * cell stand in a circle, in another order for each slot. Who cannot travel gives the trip to the
 * next in the circle who can, and that one's slot is divided by the number of trips it then holds:
 *
 *     place      0    1    2    3    4
 *     can        yes  no   no   yes  no ...
 *     travels    0    3    3    3
 *     part of    1    1/3  2/3  3/3           of the slot
 *
 * So nobody is on two trips at once, and it takes only arithmetic to know. */
typedef struct slot {
    uint64_t person;
    int64_t begin, end;
    bool last; /* nothing comes after it in the period */
} slot;

/* floor(length * part / parts); mostly without a division of 128 bits. */
static int64_t share_of(uint64_t length, uint64_t part, uint64_t parts)
{
    if (length >> 42 == 0 && part >> 22 == 0)    /* 139 years */
        return (int64_t)(length * part / parts); /* NOLINT: there is one at least */
    return (int64_t)sb_muldiv(length, part, parts);
}

/* Who stands at a place of the circle: found for as many places as there are lanes. */
static uint64_t person_at(const sb_maker *maker, const sb_cell_events *of, sb_trip_turn *turn,
                          uint32_t place)
{
    uint32_t count = (uint32_t)of->persons.count;
    if (place - turn->block >= SB_LANES) {
        turn->block = place / SB_LANES * SB_LANES;
        for (uint32_t i = 0; i < SB_LANES; i++)
            turn->who[i] = turn->block + i < count ? turn->block + i : 0;
        maker->lanes->permute(&turn->circle, turn->who);
    }
    return of->persons.first + turn->who[place - turn->block];
}

/* Places from `from` in the circle to the first who may travel; the count where nobody may. */
static uint32_t steps_to(sb_maker *maker, const sb_cell_events *of, sb_travel *travel,
                         uint32_t from, bool forward, uint64_t *traveller)
{
    sb_trip_turn *turn = &travel->turn;
    uint32_t count = (uint32_t)of->persons.count, at = from, steps = 0;
    for (; steps < count; steps++) {
        *traveller = person_at(maker, of, turn, at);
        if (may_travel(sb_traveller_find(maker, travel, *traveller), turn->day, turn->level))
            break;
        at = forward ? (at + 1 < count ? at + 1 : 0) : (at > 0 ? at - 1 : count - 1);
    }
    return steps;
}

static void begin_turn(const sb_maker *maker, const sb_cell_events *of, uint32_t index,
                       sb_trip_turn *out)
{
    const sb_world *world = maker->world;
    uint64_t count = of->persons.count, nth = index / count,
             turns = (of->count + count - 1) / count;
    uint64_t period = (uint64_t)(world->end_ms - world->start_ms);
    out->cell = of->cell + 1;
    out->first = (uint32_t)(nth * count);
    out->count = (uint32_t)count;
    out->circle = sb_permutation_make(sb_row_key(of->key, (uint64_t)1 << 43 | nth), count);
    out->begin = world->start_ms + share_of(period, nth, turns);
    out->end = world->start_ms + share_of(period, nth + 1, turns);
    out->day = day_of(out->begin);
    /* Where everybody travels all the time there is no room for those who like to. */
    out->level = out->end - out->begin >= INT64_C(20) * SB_MS_A_DAY ? EAGER : ABLE;
    out->is_last = nth + 1 == turns;
    out->block = 1u << 31; /* far from any place: none are known yet */
    out->place = INT64_MIN;
}

/* Looks in both directions from a place; where nobody may travel, anybody less choosy may. */
static void look_around(sb_maker *maker, const sb_cell_events *of, sb_travel *travel,
                        uint32_t place)
{
    sb_trip_turn *turn = &travel->turn;
    uint32_t count = turn->count, ahead;
    uint64_t other;
    while ((ahead = steps_to(maker, of, travel, place, true, &turn->traveller)) == count)
        turn->level++;
    uint32_t behind = steps_to(maker, of, travel, place > 0 ? place - 1 : count - 1, false, &other);
    turn->after = (int64_t)place + ahead;
    turn->before = (int64_t)place - 1 - behind;
}

/* From one place to the next, most of what was seen stays. */
static void step_on(sb_maker *maker, const sb_cell_events *of, sb_travel *travel, uint32_t place)
{
    sb_trip_turn *turn = &travel->turn;
    if (turn->after >= place)
        return;
    turn->before = turn->after;
    turn->after = place + steps_to(maker, of, travel, place, true, &turn->traveller);
}

static slot find_slot(sb_maker *maker, const sb_cell_events *of, sb_travel *travel, uint32_t index)
{
    sb_trip_turn *turn = &travel->turn;
    if (turn->cell != of->cell + 1 || index - turn->first >= turn->count)
        begin_turn(maker, of, index, turn);
    uint32_t place = index - turn->first;
    if (turn->place + 1 == place)
        step_on(maker, of, travel, place);
    else
        look_around(maker, of, travel, place);
    turn->place = place;
    uint64_t count = turn->count, ahead = (uint64_t)(turn->after - turn->place);
    uint64_t behind = (uint64_t)(turn->place - 1 - turn->before);
    if (behind + ahead >= count) /* one for all */
        behind = count - 1 - ahead;
    uint64_t parts = behind + ahead + 1, length = (uint64_t)(turn->end - turn->begin);
    return (slot){.person = turn->traveller,
                  .begin = turn->begin + share_of(length, behind, parts),
                  .end = turn->begin + share_of(length, behind + 1, parts),
                  .last = turn->is_last && ahead == 0};
}

/* ---- itineraries ---------------------------------------------------------------------------- */

typedef struct itinerary {
    int purpose;
    int64_t departs, returns;
} itinerary;

/* Draws that nearly every clock takes. */
/* clang-format off */
#define CLOCK_DRAWS(D)                                                                             \
    D(purpose, 0) D(returned_at, 0) D(returned_at, 1) D(returned_at, 2) D(returned_at, 3)          \
    D(executed_at, 0) D(executed_at, 8) D(executed_at, 9)
/* clang-format on */

#define CLOCK_DRAW(field, nth) CLOCK_##field##_##nth,
#define DRAW_NUMBER(field, nth) SB_DRAW_NUMBER(SB_TRIP_FIELD_##field, nth),
enum { CLOCK_DRAWS(CLOCK_DRAW) CLOCK_COUNT };
static const sb_event_draws clock_draws = {CLOCK_COUNT, {CLOCK_DRAWS(DRAW_NUMBER)}, SB_EVENT_INDEX};

/* The draws of one trip: those above side by side with others', and its key for the rest. */
typedef struct drawer {
    sb_key key;
    const uint64_t *drawn;
} drawer;
#define CLOCK_DRAWN(field, nth) from->drawn[CLOCK_##field##_##nth * SB_LANES]

static int draw_purpose(const drawer *from, int age_years)
{
    static const uint8_t bounds[] = {40, 75, 90, 95, 98};
    uint64_t share = sb_below(CLOCK_DRAWN(purpose, 0), 100);
    int purpose = 0;
    for (size_t i = 0; i < sizeof bounds; i++) /* counted: a search would be guessed wrong */
        purpose += bounds[i] <= share;
    bool works = purpose == SB_TRIP_PURPOSE_BUSINESS || purpose == SB_TRIP_PURPOSE_CONFERENCE;
    if (works && age_years >= 67)
        return SB_TRIP_PURPOSE_TOURISM;
    if (purpose == SB_TRIP_PURPOSE_EDUCATION && age_years >= 40)
        return SB_TRIP_PURPOSE_BUSINESS;
    return purpose;
}

/* Nights away: the shorter of two draws on business, holidays of any length. */
static int32_t draw_stay(const drawer *from, int purpose)
{
    static const uint8_t least[] = {1, 2, 3, 1, 3, 7}, most[] = {8, 21, 21, 5, 14, 21};
    uint64_t span = (uint64_t)(most[purpose] - least[purpose]) + 1;
    uint64_t a = sb_below(CLOCK_DRAWN(returned_at, 0), span),
             b = sb_below(CLOCK_DRAWN(returned_at, 1), span);
    return least[purpose] + (int32_t)(a < b ? a : b);
}

/* Minutes after midnight, more often in the middle. */
static int64_t draw_minute(uint64_t draw, int64_t least, uint64_t span)
{
    return least + (int64_t)(sb_below(draw, span) + sb_below(draw << 32, span)) / 2;
}

/* Work begins in the week, holidays on any day: of four days drawn the first that suits. */
static int32_t draw_day(const drawer *from, int purpose, int32_t first, uint32_t count)
{
    bool works = purpose == SB_TRIP_PURPOSE_BUSINESS || purpose == SB_TRIP_PURPOSE_CONFERENCE;
    int32_t day = first + (int32_t)sb_below(CLOCK_DRAWN(executed_at, 0), count);
    for (uint32_t nth = 1; nth < 4; nth++) {
        int weekday = sb_weekday(day);
        if (!works | (weekday < 4) | (weekday == 6))
            break;
        day = first + (int32_t)sb_below(KEY_DRAW(from->key, executed_at, nth), count);
    }
    return day;
}

/* Where a slot has no room for whole days: somewhere in its first half, and back before it ends. */
static void squeeze(const slot *in, const drawer *from, itinerary *out)
{
    int64_t length = in->end - in->begin, minute = MS_A_MINUTE;
    uint64_t half = (uint64_t)(length / 2) + 1;
    out->departs = in->begin + (int64_t)sb_below(CLOCK_DRAWN(executed_at, 0), half);
    out->departs = out->departs < in->end ? out->departs : in->end - 1;
    out->returns = out->departs + (in->end - out->departs) / 2;
    if (out->returns < out->departs + minute && in->last)
        out->returns = out->departs + minute;
}

/* A trip takes whole days of the traveller's clock, from the one of departure to the one of return;
 * the last trip may end after the period. */
static void plan_days(const slot *in, const sb_daybook *book, sb_clock clock, const drawer *from,
                      itinerary *out)
{
    int64_t shift = (int64_t)sb_day_offset(book, clock, day_of(in->begin)) * MS_A_MINUTE;
    int32_t first = day_of(in->begin + shift + SB_MS_A_DAY - 1), end = day_of(in->end + shift);
    int32_t room = end - first + (in->last ? 21 : 0), stay = draw_stay(from, out->purpose);
    if (end <= first) {
        squeeze(in, from, out);
        return;
    }
    stay = stay < room ? stay : room - 1;
    int32_t starts = room - stay < end - first ? room - stay : end - first;
    int32_t day = draw_day(from, out->purpose, first, (uint32_t)starts);
    bool by_day = stay == 0; /* back in the evening */
    int64_t leaves = draw_minute(CLOCK_DRAWN(executed_at, 8), 330, by_day ? 240 : 1020);
    int64_t back = draw_minute(CLOCK_DRAWN(returned_at, 2), by_day ? 960 : 480, by_day ? 450 : 930);
    int64_t midnight = (int64_t)day * SB_MS_A_DAY - shift;
    out->departs = midnight + leaves * MS_A_MINUTE +
                   (int64_t)sb_below(CLOCK_DRAWN(executed_at, 9), MS_A_MINUTE);
    out->returns = midnight + (int64_t)stay * SB_MS_A_DAY + back * MS_A_MINUTE +
                   (int64_t)sb_below(CLOCK_DRAWN(returned_at, 3), MS_A_MINUTE);
}

int64_t sb_trip_time(sb_maker *maker, const sb_cell_events *of, uint32_t index)
{
    sb_travel *travel = sb_travel_find(maker);
    if (travel == NULL) /* said at the end of the cell */
        return maker->world->start_ms;
    uint32_t lane = sb_event_clock_lane(maker, of, index, &clock_draws);
    const sb_event_lanes *lanes = &maker->events->clock;
    drawer from = {sb_keys_at(&lanes->keys, lane), &lanes->draws[0][lane]};
    slot in = find_slot(maker, of, travel, index);
    const sb_traveller *who = sb_traveller_find(maker, travel, in.person);
    itinerary trip = {.purpose = draw_purpose(&from, (day_of(in.begin) - who->birth) / 365)};
    plan_days(&in, sb_daybook_find(maker), who->clock, &from, &trip);
    sb_trip_note *note = (sb_trip_note *)of->notes + index;
    *note = (sb_trip_note){in.person, trip.returns, trip.purpose};
    return trip.departs;
}

/* ---- where to ------------------------------------------------------------------------------- */

/* What the published rules say of a row. */
typedef struct verdict {
    uint32_t count, score;
    bool raised[SB_TRIP_SIGN_COUNT];
} verdict;

/* Draws that nearly every row takes. */
/* clang-format off */
#define ROW_DRAWS(D)                                                                               \
    D(arrival_country, 0) D(arrival_country, 1) D(arrival_country, 2) D(arrival_country, 3)        \
    D(arrival_country, 32) D(arrival_country, 33) D(arrival_country, 34) D(arrival_country, 35)    \
    D(arrival_city, 0) D(arrival_city, 1) D(transport, 0) D(visa_obtained, 0) D(booked, 0)         \
    D(booked, 1) D(cost, 0) D(carrier, 2) D(flight_number, 0)
/* clang-format on */

#define ROW_DRAW(field, nth) DRAWN_##field##_##nth,
enum { ROW_DRAWS(ROW_DRAW) DRAWN_COUNT };
static const sb_event_draws row_draws = {DRAWN_COUNT, {ROW_DRAWS(DRAW_NUMBER)}, SB_EVENT_INDEX};

/* What the put functions below share. */
typedef struct row {
    sb_maker *maker;
    uint64_t id;
    sb_key key;
    const uint64_t *drawn; /* see DRAWN() */
    itinerary trip;
    uint64_t person;
    const sb_traveller *who;
    const sb_locale *home;
    const sb_country *countries;
    const sb_table *codes, *airlines; /* shared tables */
    sb_travel *travel;
    sb_spot home_spot;
    uint32_t from, to; /* rows of the shared countries */
    bool has_city;
    uint32_t to_locale, to_city; /* of the city there */
    int32_t nights;
    int64_t distance_km;
    int transport;
    uint32_t airline;
    bool visa_required, visa_obtained;
    int32_t booked;
    verdict found;
} row;

#define DRAW(field, nth) KEY_DRAW(r->key, field, nth)
#define DRAWN(field, nth) r->drawn[DRAWN_##field##_##nth * SB_LANES]

/* How readily somebody goes to a country of that kind (SB_GOAL_*) and distance, in 1,000ths:
 * neighbours are visited more often, countries of high risk seldom but on business, and on holidays
 * people go where it is warm. `too_far` and `out_of_reach` are distances by the length of the stay.
 */
static uint16_t appeal(uint32_t goal, uint32_t distance, uint32_t warm_factor, uint32_t too_far,
                       uint32_t out_of_reach)
{
    static const uint16_t by_distance[SB_ZONES_OF_REACH] = {330, 220, 110, 110, 50};
    uint32_t points = by_distance[distance] * ((goal & SB_GOAL_WARM) != 0 ? warm_factor : 1);
    points = points * ((goal & SB_GOAL_NEIGHBOUR) != 0 ? 3 : 2) / 2;
    points >>= (goal & SB_GOAL_HIGH_RISK) != 0 ? 2 : 0;
    points = distance >= too_far ? points / 6 : points;
    points = distance >= out_of_reach ? 1 : points;
    return (uint16_t)((goal & SB_GOAL_OPEN) == 0 ? 0 : points < 1000 ? points : 1000);
}

/* All of them for one kind of trip. */
typedef uint16_t appeals[SB_ZONES_OF_REACH][SB_GOAL_KINDS];

static void list_appeals(bool holiday, uint32_t too_far, uint32_t out_of_reach, appeals out)
{
    for (uint32_t distance = 0; distance < SB_ZONES_OF_REACH; distance++)
        for (uint32_t goal = 0; goal < SB_GOAL_KINDS; goal++)
            out[distance][goal] = appeal(goal, distance, holiday ? 3 : 1, too_far, out_of_reach);
}

void sb_travel_list_appeals(sb_travel *travel)
{
    enum { NONE = UINT8_MAX, KM_2000 = 2, KM_4000 = 3 };
    for (int holiday = 0; holiday < 2; holiday++) {
        list_appeals(holiday != 0, KM_4000, KM_2000, travel->appeals[holiday][SB_STAY_DAY]);
        list_appeals(holiday != 0, KM_4000, NONE, travel->appeals[holiday][SB_STAY_SHORT]);
        list_appeals(holiday != 0, NONE, NONE, travel->appeals[holiday][SB_STAY_LONG]);
    }
}

/* Families are visited where they come from. Else countries are drawn by their weight in trade and
 * kept by their appeal, which is nought where one may not enter; in the end any that can be
 * entered: where a cell has nobody with a passport, people stay in their region. */
static uint32_t choose_country(const row *r)
{
    enum { TRIES = 24, TRIES_DRAWN = 4, KEPT = 32 };
    const sb_departures *home = sb_travel_from(r->maker, r->travel, r->who->locale);
    const uint8_t *zones = sb_travel_zones(r->maker, r->travel, home, r->who->city);
    const uint8_t *goals = home->goals + r->who->papers * r->travel->country_count;
    int stay = r->nights < 1 ? SB_STAY_DAY : r->nights < 4 ? SB_STAY_SHORT : SB_STAY_LONG;
    const uint16_t(*appeal_of)[SB_GOAL_KINDS] =
        r->travel->appeals[r->trip.purpose == SB_TRIP_PURPOSE_TOURISM][stay];
    const uint64_t *drawn = &DRAWN(arrival_country, 0), *kept = &DRAWN(arrival_country, 32);
    uint32_t roots = r->who->roots, best = r->from;
    if (r->trip.purpose == SB_TRIP_PURPOSE_FAMILY_VISIT && (goals[roots] & SB_GOAL_OPEN) != 0)
        return roots;
    for (uint32_t nth = 0; nth < TRIES; nth++) {
        bool is_drawn = nth < TRIES_DRAWN;
        uint32_t country =
            sb_table_draw(r->codes, is_drawn ? drawn[nth * SB_LANES] : DRAW(arrival_country, nth));
        uint64_t keep = is_drawn ? kept[nth * SB_LANES] : DRAW(arrival_country, KEPT + nth);
        if (sb_below(keep, 1000) < appeal_of[zones[country]][goals[country]])
            return country;
        best = (goals[country] & SB_GOAL_OPEN) != 0 ? country : best;
    }
    if (best != r->from)
        return best;
    uint32_t first = (uint32_t)sb_below(DRAW(arrival_country, 80), r->codes->count);
    for (uint32_t i = 0; i < r->codes->count; i++)
        if ((goals[(first + i) % r->codes->count] & SB_GOAL_OPEN) != 0)
            return (first + i) % r->codes->count;
    return (r->from + 1) % r->codes->count;
}

/* A city of the country where the dataset has a locale there; the distance is to it, or else to the
 * capital. */
static void choose_city(row *r)
{
    sb_spot there = r->countries[r->to].capital;
    r->has_city = sb_locale_in(r->maker, r->to, DRAWN(arrival_city, 0), &r->to_locale);
    if (r->has_city) {
        const sb_table *cities = sb_find(r->maker, r->to_locale, SB_TABLE_CITIES);
        r->to_city = sb_table_draw(cities, DRAWN(arrival_city, 1));
        there = sb_travel_from(r->maker, r->travel, r->to_locale)->spots[r->to_city];
    }
    r->distance_km = sb_square_km(sb_spot_square(&r->home_spot, &there));
}

/* Far journeys are flown, and those over the sea that no ferry makes. No rails cross
 * the borders of North America. */
static int draw_transport(const row *r)
{
    uint64_t share = sb_below(DRAWN(transport, 0), 100);
    const sb_country *home = &r->countries[r->from], *away = &r->countries[r->to];
    bool land = sb_same_land(r->maker, r->from, r->to);
    bool baltic = (home->zones & away->zones & SB_ZONE_BALTIC) != 0;
    bool rails = (home->zones & SB_ZONE_NO_RAILS) == 0;
    if (r->distance_km >= 1500)
        return SB_TRANSPORT_AIR;
    if (!land || baltic)
        return r->distance_km < 700 && share < 25 ? SB_TRANSPORT_SEA
               : land && share < 50               ? SB_TRANSPORT_LAND
                                                  : SB_TRANSPORT_AIR;
    uint64_t flown = r->distance_km < 300 ? 4 : r->distance_km < 800 ? 25 : 85;
    if (share < flown)
        return SB_TRANSPORT_AIR;
    return rails && share < flown + (100 - flown) * 45 / 100 ? SB_TRANSPORT_RAIL
                                                             : SB_TRANSPORT_LAND;
}

/* An airline of either end, each as likely; any where neither has one. Both lists are in the order
 * of the table, and so is what is drawn for them: of one airline nothing need be. */
static uint32_t choose_airline(const row *r)
{
    const sb_country *home = &r->countries[r->from], *away = &r->countries[r->to];
    const uint16_t *ours = r->maker->geography->airlines + home->first_airline;
    const uint16_t *theirs = r->maker->geography->airlines + away->first_airline;
    uint32_t count = home->airline_count + away->airline_count, place = 1;
    if (count == 0)
        return (uint32_t)sb_below(DRAW(carrier, 0), r->airlines->count);
    if (count > 1 && sb_below(DRAWN(carrier, 2), 2) == 0)
        place = 2;
    for (uint32_t found = 3; found <= count; found++)
        place = sb_below(DRAW(carrier, found), found) == 0 ? found : place;
    uint32_t i = 0, k = 0, chosen = 0;
    while (i + k < place) {
        bool own = k == away->airline_count || (i < home->airline_count && ours[i] < theirs[k]);
        chosen = own ? ours[i++] : theirs[k++];
    }
    return chosen;
}

/* Business is booked late, holidays early; at most 120 days ahead, and one trip in 30 in the last
 * two days. */
static int32_t draw_booked(const row *r)
{
    static const uint8_t medians[SB_TRIP_PURPOSE_COUNT] = {10, 45, 25, 40, 12, 60};
    int64_t ahead = 1 + sb_lognormal_draw(medians[r->trip.purpose], 2, DRAWN(booked, 0));
    if (sb_below(DRAWN(booked, 1), 30) == 0)
        ahead = 1 + (int64_t)(DRAW(booked, 2) & 1);
    return day_of(r->trip.departs) - (int32_t)(ahead < 120 ? ahead : 120);
}

/* The way, and a room for each night, dearer where life is dear and on business. */
static int64_t draw_cost(const row *r)
{
    static const uint16_t way_cents[SB_TRANSPORT_COUNT] = {7000, 3000, 6000, 5000};
    static const uint16_t km_cents[SB_TRANSPORT_COUNT] = {9, 12, 10, 14};
    bool works = r->trip.purpose == SB_TRIP_PURPOSE_BUSINESS ||
                 r->trip.purpose == SB_TRIP_PURPOSE_CONFERENCE;
    bool family = r->trip.purpose == SB_TRIP_PURPOSE_FAMILY_VISIT;
    int64_t level = r->has_city ? sb_locale_of(r->maker, r->to_locale)->price_level : 70;
    int64_t night = (works ? 19000 : family ? 3500 : 11000) * level / 100;
    int64_t way = way_cents[r->transport] + r->distance_km * km_cents[r->transport];
    int64_t cents = way * (50 + r->home->price_level / 2) / 100 + r->nights * night;
    return sb_from_cents(r->maker, r->home->currency_index,
                         sb_lognormal_draw(cents, 0, DRAWN(cost, 0)));
}

/* ---- published rules ------------------------------------------------------------------------ */

static bool is_destination(const row *r, uint8_t zones)
{
    return (r->countries[r->to].zones & zones) != 0;
}

/* The rules, as docs/model.md has them. `sign` is SB_TRIP_SIGN_*. */
static bool raises(const row *r, int sign)
{
    int64_t away = r->trip.returns - r->trip.departs;
    switch (sign) {
    case SB_TRIP_SIGN_HIGH_RISK_DESTINATION:
        return is_destination(r, SB_ZONE_HIGH_RISK);
    case SB_TRIP_SIGN_TAX_HAVEN_DESTINATION:
        return is_destination(r, SB_ZONE_HAVEN);
    case SB_TRIP_SIGN_SHORT_STAY:
        return away < 2 * (int64_t)SB_MS_A_DAY &&
               (is_destination(r, SB_ZONE_HIGH_RISK | SB_ZONE_HAVEN) ||
                !same_region(r->maker, r->from, r->to));
    default:
        return r->booked >= day_of(r->trip.departs) - 2;
    }
}

/* Points a sign adds, in 10,000ths. */
static const uint16_t sign_points[SB_TRIP_SIGN_COUNT] = {
    [SB_TRIP_SIGN_HIGH_RISK_DESTINATION] = 2500,
    [SB_TRIP_SIGN_TAX_HAVEN_DESTINATION] = 2000,
    [SB_TRIP_SIGN_SHORT_STAY] = 2000,
    [SB_TRIP_SIGN_LATE_BOOKING] = 1000};

static verdict judge(const row *r)
{
    verdict all = {.score = r->visa_required && !r->visa_obtained ? 2000 : 0};
    for (int sign = 0; sign < SB_TRIP_SIGN_COUNT; sign++) {
        all.raised[sign] = raises(r, sign);
        all.count += all.raised[sign];
        all.score += all.raised[sign] ? sign_points[sign] : 0;
    }
    all.score = all.score < 10000 ? all.score : 10000;
    return all;
}

/* ---- the row -------------------------------------------------------------------------------- */

SB_FIELD void put_country(const row *r, sb_rows *rows, uint32_t country)
{
    sb_rows_piece(rows, &r->maker->country_codes[country]);
}

SB_FIELD void put_city(const row *r, sb_rows *rows, uint32_t locale, uint32_t city)
{
    sb_rows_known(rows,
                  sb_table_text(sb_find(r->maker, locale, SB_TABLE_CITIES), SB_CITY_NAME, city));
}

SB_FIELD void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->id);
}

SB_FIELD void put_executed_at(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->trip.departs);
}

SB_FIELD void put_returned_at(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->trip.returns);
}

SB_FIELD void put_person_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->person);
}

SB_FIELD void put_departure_country(const row *r, sb_rows *rows)
{
    put_country(r, rows, r->from);
}

SB_FIELD void put_departure_city(const row *r, sb_rows *rows)
{
    put_city(r, rows, r->who->locale, r->who->city);
}

SB_FIELD void put_arrival_country(const row *r, sb_rows *rows)
{
    put_country(r, rows, r->to);
}

SB_FIELD void put_arrival_city(const row *r, sb_rows *rows)
{
    if (r->has_city)
        put_city(r, rows, r->to_locale, r->to_city);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_purpose(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_trip_purpose_words[r->trip.purpose]);
}

SB_FIELD void put_transport(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_transport_words[r->transport]);
}

SB_FIELD void put_carrier(const row *r, sb_rows *rows)
{
    if (r->transport == SB_TRANSPORT_AIR)
        sb_rows_known(rows, sb_table_text(r->airlines, 1, r->airline));
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_flight_number(const row *r, sb_rows *rows)
{
    sb_line line;
    if (r->transport != SB_TRANSPORT_AIR) {
        sb_rows_nil(rows);
        return;
    }
    sb_line_begin(&line);
    sb_line_text(&line, sb_table_text(r->airlines, 0, r->airline));
    sb_line_digits(&line, 100 + sb_below(DRAWN(flight_number, 0), 9900), 3);
    sb_rows_line(rows, &line);
}

SB_FIELD void put_passport_number(const row *r, sb_rows *rows)
{
    if (r->who->papers == SB_PAPERS_PASSPORT)
        sb_rows_piece(rows, &r->who->passport);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_visa_required(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->visa_required);
}

SB_FIELD void put_visa_obtained(const row *r, sb_rows *rows)
{
    if (r->visa_required)
        sb_rows_bool(rows, r->visa_obtained);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_booked(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->booked);
}

SB_FIELD void put_cost(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, draw_cost(r));
}

SB_FIELD void put_currency(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->maker->currency_codes[r->home->currency_index]);
}

SB_FIELD void put_indicators(const row *r, sb_rows *rows)
{
    sb_rows_array(rows, r->found.count);
    for (int sign = 0; sign < SB_TRIP_SIGN_COUNT; sign++)
        if (r->found.raised[sign]) {
            sb_rows_mark(rows, SB_MARK_WORDS);
            sb_rows_known(rows, sb_trip_sign_words[sign]);
        }
}

SB_FIELD void put_risk_score(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->found.score);
}

SB_FIELD void put_is_flagged(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->found.score > 6000 || r->found.count > 2);
}

void sb_trip_put(sb_maker *maker, sb_rows *rows, const sb_cell_events *of, uint32_t index)
{
    const sb_trip_note *note = (const sb_trip_note *)of->notes + index;
    row own, *r = &own;
    r->travel = sb_travel_find(maker);
    if (r->travel == NULL) /* said at the end of the cell */
        return;
    uint32_t lane = sb_event_row_lane(maker, of, index, &row_draws);
    const sb_event_lanes *lanes = &maker->events->rows;
    r->maker = maker;
    r->id = lanes->ids[lane];
    r->key = sb_keys_at(&lanes->keys, lane);
    r->drawn = &lanes->draws[0][lane];
    r->trip = (itinerary){note->purpose, of->times[index], note->returns};
    r->nights = (int32_t)((r->trip.returns - r->trip.departs + SB_MS_A_DAY / 2) / SB_MS_A_DAY);
    r->person = note->person;
    r->who = sb_traveller_find(maker, r->travel, note->person);
    r->home = sb_locale_of(maker, r->who->locale);
    r->countries = maker->geography->countries;
    r->codes = sb_find(maker, 0, SB_TABLE_COUNTRIES);
    r->airlines = sb_find(maker, 0, SB_TABLE_AIRLINES);
    r->home_spot = sb_travel_from(maker, r->travel, r->who->locale)->spots[r->who->city];
    r->from = r->who->from;
    r->to = choose_country(r);
    choose_city(r);
    r->transport = draw_transport(r);
    if (r->transport == SB_TRANSPORT_AIR)
        r->airline = choose_airline(r);
    r->visa_required = visa_rule(maker, r->from, r->to);
    r->visa_obtained = sb_chance(DRAWN(visa_obtained, 0), 970000);
    r->booked = draw_booked(r);
    r->found = judge(r);
    sb_rows out = *rows; /* see SB_FIELD */
    sb_rows_array(&out, SB_FIELD_COUNT(SB_TRIP_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(&out, __VA_ARGS__) put_##name(r, &out);
    SB_TRIP_FIELDS(PUT)
#undef PUT
    *rows = out;
}
