#include "engine/trip.h"

#include <string.h>

#include "engine/contact.h"
#include "engine/daybook.h"
#include "engine/distributions.h"
#include "engine/rates.h"
#include "engine/screening.h"
#include "engine/words.h"

#define KEY_DRAW(key, field, nth) sb_draw(key, SB_DRAW_NUMBER(SB_TRIP_FIELD_##field, nth))

enum { ADULT_DAYS = 6576, MS_A_MINUTE = 60000 };

static int32_t day_of(int64_t ms)
{
    return (int32_t)(ms / SB_MS_A_DAY - (ms % SB_MS_A_DAY < 0));
}

/* ---- papers --------------------------------------------------------------------------------- */

static uint32_t residence(const sb_maker *maker, const sb_person *person)
{
    return sb_locale_of(maker, person->place.locale)->country_index;
}

static const sb_country *country_at(const sb_maker *maker, uint32_t country)
{
    return &maker->geography->countries[country];
}

static bool same_region(const sb_maker *maker, uint32_t a, uint32_t b)
{
    return country_at(maker, a)->region_mark == country_at(maker, b)->region_mark;
}

/* At home and a citizen where an identity card is enough. */
static bool needs_no_passport(const sb_maker *maker, const sb_person *person)
{
    uint32_t citizenship = sb_locale_of(maker, person->culture)->country_index;
    return (country_at(maker, residence(maker, person))->zones &
            country_at(maker, citizenship)->zones & SB_ZONE_FREE) != 0;
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

static bool may_travel(sb_maker *maker, uint64_t id, int32_t day, int level)
{
    sb_contact spare;
    if (level == ANYBODY)
        return true;
    sb_contact *who = sb_contact_find(maker, &(sb_owner){false, id}, NULL, &spare);
    if (level == EAGER && sb_chance(sb_draw(who->person.key, SB_DRAW_NUMBER(201, 0)), 300000))
        return false; /* stays at home */
    if (who->person.birth + ADULT_DAYS > day)
        return false;
    return level == ADULT || sb_contact_passport(maker, who).byte_count > 0 ||
           needs_no_passport(maker, &who->person);
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
    if (length >> 42 == 0 && part >> 22 == 0) /* 139 years */
        return (int64_t)(length * part / parts);
    return (int64_t)sb_muldiv(length, part, parts);
}

/* Places from `from` in the circle to the first who may travel; the count where nobody may. */
static uint64_t steps_to(sb_maker *maker, const sb_cell_events *of, const sb_permutation *circle,
                         uint64_t from, bool forward, int32_t day, int level)
{
    uint64_t count = of->persons.count, at = from, steps = 0;
    while (steps < count &&
           !may_travel(maker, of->persons.first + sb_permute(circle, at), day, level)) {
        at = forward ? (at + 1 < count ? at + 1 : 0) : (at > 0 ? at - 1 : count - 1);
        steps++;
    }
    return steps;
}

static slot find_slot(sb_maker *maker, const sb_cell_events *of, uint32_t index)
{
    const sb_world *world = maker->world;
    uint64_t count = of->persons.count, turn = index / count, place = index % count;
    uint64_t turns = (of->count + count - 1) / count;
    sb_permutation circle =
        sb_permutation_make(sb_row_key(of->key, (uint64_t)1 << 43 | turn), count);
    uint64_t period = (uint64_t)(world->end_ms - world->start_ms);
    int64_t begin = world->start_ms + share_of(period, turn, turns);
    int64_t end = world->start_ms + share_of(period, turn + 1, turns);
    int32_t day = day_of(begin);
    /* Where everybody travels all the time there is no room for those who like to. */
    int level = end - begin >= INT64_C(20) * SB_MS_A_DAY ? EAGER : ABLE;
    uint64_t ahead = steps_to(maker, of, &circle, place, true, day, level);
    while (ahead == count)
        ahead = steps_to(maker, of, &circle, place, true, day, ++level);
    uint64_t before = place > 0 ? place - 1 : count - 1;
    uint64_t behind = steps_to(maker, of, &circle, before, false, day, level);
    if (behind + ahead >= count) /* one for all */
        behind = count - 1 - ahead;
    uint64_t parts = behind + ahead + 1, length = (uint64_t)(end - begin);
    uint64_t traveller = place + ahead < count ? place + ahead : place + ahead - count;
    return (slot){.person = of->persons.first + sb_permute(&circle, traveller),
                  .begin = begin + share_of(length, behind, parts),
                  .end = begin + share_of(length, behind + 1, parts),
                  .last = turn + 1 == turns && ahead == 0};
}

/* ---- itineraries ---------------------------------------------------------------------------- */

typedef struct itinerary {
    int purpose;
    int64_t departs, returns;
} itinerary;

static int draw_purpose(sb_key key, int age_years)
{
    static const uint8_t bounds[] = {40, 75, 90, 95, 98, 100};
    uint64_t share = sb_below(KEY_DRAW(key, purpose, 0), 100);
    int purpose = 0;
    while (bounds[purpose] <= share)
        purpose++;
    bool works = purpose == SB_TRIP_PURPOSE_BUSINESS || purpose == SB_TRIP_PURPOSE_CONFERENCE;
    if (works && age_years >= 67)
        return SB_TRIP_PURPOSE_TOURISM;
    if (purpose == SB_TRIP_PURPOSE_EDUCATION && age_years >= 40)
        return SB_TRIP_PURPOSE_BUSINESS;
    return purpose;
}

/* Nights away: the shorter of two draws on business, holidays of any length. */
static int32_t draw_stay(sb_key key, int purpose)
{
    static const uint8_t least[] = {1, 2, 3, 1, 3, 7}, most[] = {8, 21, 21, 5, 14, 21};
    uint64_t span = (uint64_t)(most[purpose] - least[purpose]) + 1;
    uint64_t a = sb_below(KEY_DRAW(key, returned_at, 0), span),
             b = sb_below(KEY_DRAW(key, returned_at, 1), span);
    return least[purpose] + (int32_t)(a < b ? a : b);
}

/* Minutes after midnight, more often in the middle. */
static int64_t draw_minute(uint64_t draw, int64_t least, uint64_t span)
{
    return least + (int64_t)(sb_below(draw, span) + sb_below(draw << 32, span)) / 2;
}

/* Work begins in the week, holidays on any day: of four days drawn the first that suits. */
static int32_t draw_day(sb_key key, int purpose, int32_t first, uint32_t count)
{
    bool works = purpose == SB_TRIP_PURPOSE_BUSINESS || purpose == SB_TRIP_PURPOSE_CONFERENCE;
    int32_t day = first;
    for (uint32_t nth = 0; nth < 4; nth++) {
        day = first + (int32_t)sb_below(KEY_DRAW(key, executed_at, nth), count);
        int weekday = sb_weekday(day);
        if (!works || weekday < 4 || weekday == 6)
            break;
    }
    return day;
}

/* Where a slot has no room for whole days: somewhere in its first half, and back before it ends. */
static void squeeze(const slot *in, sb_key key, itinerary *out)
{
    int64_t length = in->end - in->begin, minute = MS_A_MINUTE;
    uint64_t half = (uint64_t)(length / 2) + 1;
    out->departs = in->begin + (int64_t)sb_below(KEY_DRAW(key, executed_at, 0), half);
    out->departs = out->departs < in->end ? out->departs : in->end - 1;
    out->returns = out->departs + (in->end - out->departs) / 2;
    if (out->returns < out->departs + minute && in->last)
        out->returns = out->departs + minute;
}

/* A trip takes whole days of the traveller's clock, from the one of departure to the one of return;
 * the last trip may end after the period. */
static void plan_days(const slot *in, const sb_daybook *book, sb_clock clock, sb_key key,
                      itinerary *out)
{
    int64_t shift = (int64_t)sb_day_offset(book, clock, day_of(in->begin)) * MS_A_MINUTE;
    int32_t first = day_of(in->begin + shift + SB_MS_A_DAY - 1), end = day_of(in->end + shift);
    int32_t room = end - first + (in->last ? 21 : 0), stay = draw_stay(key, out->purpose);
    if (end <= first) {
        squeeze(in, key, out);
        return;
    }
    stay = stay < room ? stay : room - 1;
    int32_t starts = room - stay < end - first ? room - stay : end - first;
    int32_t day = draw_day(key, out->purpose, first, (uint32_t)starts);
    int64_t leaves = stay > 0 ? draw_minute(KEY_DRAW(key, executed_at, 8), 330, 1020)
                              : draw_minute(KEY_DRAW(key, executed_at, 8), 330, 240);
    int64_t back =
        draw_minute(KEY_DRAW(key, returned_at, 2), stay > 0 ? 480 : 960, stay > 0 ? 930 : 450);
    int64_t midnight = (int64_t)day * SB_MS_A_DAY - shift;
    out->departs = midnight + leaves * MS_A_MINUTE +
                   (int64_t)sb_below(KEY_DRAW(key, executed_at, 9), MS_A_MINUTE);
    out->returns = midnight + (int64_t)stay * SB_MS_A_DAY + back * MS_A_MINUTE +
                   (int64_t)sb_below(KEY_DRAW(key, returned_at, 3), MS_A_MINUTE);
}

int64_t sb_trip_time(sb_maker *maker, const sb_cell_events *of, uint32_t index)
{
    sb_key key = sb_event_key(of, index);
    slot in = find_slot(maker, of, index);
    sb_contact spare;
    const sb_person *person =
        &sb_contact_find(maker, &(sb_owner){false, in.person}, NULL, &spare)->person;
    itinerary trip = {.purpose = draw_purpose(key, (day_of(in.begin) - person->birth) / 365)};
    const sb_table *cities = sb_find(maker, person->place.locale, SB_TABLE_CITIES);
    plan_days(&in, sb_daybook_find(maker), sb_city_clock(cities, person->place.city), key, &trip);
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

/* What the put functions below share. */
typedef struct row {
    sb_maker *maker;
    uint64_t id;
    sb_key key;
    itinerary trip;
    const sb_person *person;
    const sb_locale *home;
    const sb_country *countries;
    const sb_table *codes; /* the shared countries */
    sb_spot home_spot;
    uint32_t from, to; /* rows of the shared countries */
    bool needs_no_passport, has_city;
    uint32_t to_locale, to_city; /* of the city there */
    sb_text passport;            /* no bytes: none */
    int32_t nights;
    /* See appeal(). */
    uint32_t warm_factor, too_far, out_of_reach;
    int64_t distance_km;
    int transport;
    uint32_t airline;
    bool visa_required, visa_obtained;
    int32_t booked;
    verdict found;
} row;

#define DRAW(field, nth) KEY_DRAW(r->key, field, nth)

static sb_spot city_spot(sb_maker *maker, uint32_t locale, uint32_t city)
{
    const sb_table *cities = sb_find(maker, locale, SB_TABLE_CITIES);
    return sb_spot_of((sb_point){sb_table_int(cities, SB_CITY_LATITUDE, city),
                                 sb_table_int(cities, SB_CITY_LONGITUDE, city)});
}

/* Whether the traveller may go there at all. Where a cell has nobody with a passport, people stay
 * in their region. */
static bool may_enter(const row *r, uint32_t country)
{
    if (country == r->from)
        return false;
    if (r->passport.byte_count > 0)
        return true;
    return r->needs_no_passport ? (r->countries[country].zones & SB_ZONE_FREE) != 0
                                : same_region(r->maker, r->from, country);
}

/* In 1,000ths: neighbours are visited more often, countries of high risk seldom but on business,
 * and on holidays people go where it is warm. */
static uint32_t appeal(const row *r, uint32_t country)
{
    static const uint16_t by_distance[] = {330, 220, 110, 110, 50};
    const int64_t *reach = r->maker->geography->reach;
    const sb_country *there = &r->countries[country];
    int64_t square = sb_spot_square(&r->home_spot, &there->capital);
    /* Some ten countries are looked at for a trip: no branch that is guessed wrong. */
    uint32_t distance = (square >= reach[SB_REACH_800]) + (square >= reach[SB_REACH_2000]) +
                        (square >= reach[SB_REACH_4000]) + (square >= reach[SB_REACH_5000]);
    uint32_t same_region = there->region_mark == r->countries[r->from].region_mark;
    uint32_t points = by_distance[distance] * (there->is_warm ? r->warm_factor : 1);
    points = points * (2 + same_region) / 2;
    points >>= (there->zones & SB_ZONE_HIGH_RISK) != 0 ? 2 : 0;
    points = distance >= r->too_far ? points / 6 : points;
    points = distance >= r->out_of_reach ? 1 : points;
    return points < 1000 ? points : 1000;
}

/* Families are visited where they come from. Else countries are drawn by their weight in trade and
 * kept by their appeal; in the end any that can be entered. */
static uint32_t choose_country(const row *r)
{
    const sb_table *countries = r->codes;
    uint32_t roots = sb_locale_of(r->maker, r->person->culture)->country_index;
    uint32_t best = r->from;
    if (r->trip.purpose == SB_TRIP_PURPOSE_FAMILY_VISIT && may_enter(r, roots))
        return roots;
    for (uint32_t nth = 0; nth < 24; nth++) {
        uint32_t country = sb_table_draw(countries, DRAW(arrival_country, nth));
        if (!may_enter(r, country))
            continue;
        best = country;
        if (sb_below(DRAW(arrival_country, 32 + nth), 1000) < appeal(r, country))
            return country;
    }
    uint32_t first = (uint32_t)sb_below(DRAW(arrival_country, 80), countries->count);
    for (uint32_t i = 0; i < countries->count && best == r->from; i++)
        if (may_enter(r, (first + i) % countries->count))
            best = (first + i) % countries->count;
    return best != r->from ? best : (r->from + 1) % countries->count;
}

/* A city of the country where the dataset has a locale there; the distance is to it, or else to the
 * capital. */
static void choose_city(row *r)
{
    sb_spot there = r->countries[r->to].capital;
    r->has_city = sb_locale_in(r->maker, r->to, DRAW(arrival_city, 0), &r->to_locale);
    if (r->has_city) {
        const sb_table *cities = sb_find(r->maker, r->to_locale, SB_TABLE_CITIES);
        r->to_city = sb_table_draw(cities, DRAW(arrival_city, 1));
        there = city_spot(r->maker, r->to_locale, r->to_city);
    }
    r->distance_km = sb_square_km(sb_spot_square(&r->home_spot, &there));
}

/* Far journeys are flown, and those over the sea that no ferry makes. No rails cross
 * the borders of North America. */
static int draw_transport(const row *r)
{
    uint64_t share = sb_below(DRAW(transport, 0), 100);
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
 * of the table, and so is what is drawn for them. */
static uint32_t choose_airline(const row *r)
{
    const sb_table *airlines = sb_find(r->maker, 0, SB_TABLE_AIRLINES);
    const sb_country *home = &r->countries[r->from], *away = &r->countries[r->to];
    const uint16_t *ours = r->maker->geography->airlines + home->first_airline;
    const uint16_t *theirs = r->maker->geography->airlines + away->first_airline;
    uint32_t i = 0, k = 0, chosen = (uint32_t)sb_below(DRAW(carrier, 0), airlines->count);
    while (i < home->airline_count || k < away->airline_count) {
        bool own = k == away->airline_count || (i < home->airline_count && ours[i] < theirs[k]);
        uint32_t airline = own ? ours[i++] : theirs[k++], found = i + k;
        if (sb_below(DRAW(carrier, found), found) == 0)
            chosen = airline;
    }
    return chosen;
}

/* Business is booked late, holidays early; at most 120 days ahead, and one trip in 30 in the last
 * two days. */
static int32_t draw_booked(const row *r)
{
    static const uint8_t medians[SB_TRIP_PURPOSE_COUNT] = {10, 45, 25, 40, 12, 60};
    int64_t ahead = 1 + sb_lognormal_draw(medians[r->trip.purpose], 2, DRAW(booked, 0));
    if (sb_below(DRAW(booked, 1), 30) == 0)
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
                         sb_lognormal_draw(cents, 0, DRAW(cost, 0)));
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
    sb_rows_text(rows, sb_table_text(r->codes, SB_COUNTRY_CODE, country));
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
    sb_rows_uint(rows, r->person->id);
}

SB_FIELD void put_departure_country(const row *r, sb_rows *rows)
{
    put_country(r, rows, r->from);
}

SB_FIELD void put_departure_city(const row *r, sb_rows *rows)
{
    const sb_place *place = &r->person->place;
    sb_rows_text(rows, sb_table_text(sb_find(r->maker, place->locale, SB_TABLE_CITIES),
                                     SB_CITY_NAME, place->city));
}

SB_FIELD void put_arrival_country(const row *r, sb_rows *rows)
{
    put_country(r, rows, r->to);
}

SB_FIELD void put_arrival_city(const row *r, sb_rows *rows)
{
    if (r->has_city)
        sb_rows_text(rows, sb_table_text(sb_find(r->maker, r->to_locale, SB_TABLE_CITIES),
                                         SB_CITY_NAME, r->to_city));
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_purpose(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_trip_purpose_words[r->trip.purpose]);
}

SB_FIELD void put_transport(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_transport_words[r->transport]);
}

SB_FIELD void put_carrier(const row *r, sb_rows *rows)
{
    if (r->transport == SB_TRANSPORT_AIR)
        sb_rows_text(rows, sb_table_text(sb_find(r->maker, 0, SB_TABLE_AIRLINES), 1, r->airline));
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
    sb_line_text(&line, sb_table_text(sb_find(r->maker, 0, SB_TABLE_AIRLINES), 0, r->airline));
    sb_line_digits(&line, 100 + sb_below(DRAW(flight_number, 0), 9900), 3);
    sb_rows_line(rows, &line);
}

SB_FIELD void put_passport_number(const row *r, sb_rows *rows)
{
    if (r->passport.byte_count > 0)
        sb_rows_short(rows, r->passport);
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
    sb_rows_text(rows, r->home->currency);
}

SB_FIELD void put_indicators(const row *r, sb_rows *rows)
{
    sb_rows_array(rows, r->found.count);
    for (int sign = 0; sign < SB_TRIP_SIGN_COUNT; sign++)
        if (r->found.raised[sign]) {
            sb_rows_mark(rows, SB_MARK_WORDS);
            sb_rows_text(rows, sb_trip_sign_words[sign]);
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
    sb_contact spare;
    sb_contact *contact = sb_contact_find(maker, &(sb_owner){false, note->person}, NULL, &spare);
    row own, *r = &own;
    r->maker = maker;
    r->id = sb_event_id(maker->world, of, index);
    r->key = sb_event_key(of, index);
    r->trip = (itinerary){note->purpose, of->times[index], note->returns};
    r->nights = (int32_t)((r->trip.returns - r->trip.departs + SB_MS_A_DAY / 2) / SB_MS_A_DAY);
    r->warm_factor = r->trip.purpose == SB_TRIP_PURPOSE_TOURISM ? 3 : 1;
    r->too_far = r->nights < 4 ? 3 : UINT32_MAX;      /* 4,000 km */
    r->out_of_reach = r->nights < 1 ? 2 : UINT32_MAX; /* 2,000 km */
    r->person = &contact->person;
    r->home = sb_locale_of(maker, r->person->place.locale);
    r->countries = maker->geography->countries;
    r->codes = sb_find(maker, 0, SB_TABLE_COUNTRIES);
    r->home_spot = city_spot(maker, r->person->place.locale, r->person->place.city);
    r->from = r->home->country_index;
    r->passport = sb_contact_passport(maker, contact);
    r->needs_no_passport = needs_no_passport(maker, r->person);
    r->to = choose_country(r);
    choose_city(r);
    r->transport = draw_transport(r);
    if (r->transport == SB_TRANSPORT_AIR)
        r->airline = choose_airline(r);
    r->visa_required = visa_rule(maker, r->from, r->to);
    r->visa_obtained = sb_chance(DRAW(visa_obtained, 0), 970000);
    r->booked = draw_booked(r);
    r->found = judge(r);
    sb_rows out = *rows; /* see SB_FIELD */
    sb_rows_array(&out, SB_FIELD_COUNT(SB_TRIP_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(&out, __VA_ARGS__) put_##name(r, &out);
    SB_TRIP_FIELDS(PUT)
#undef PUT
    *rows = out;
}
