#include "engine/login.h"

#include "engine/company.h"
#include "engine/contact.h"
#include "engine/device.h"
#include "engine/distributions.h"
#include "engine/geography.h"
#include "engine/holder.h"
#include "engine/screening.h"
#include "engine/words.h"

#define KEY_DRAW(key, field, nth) sb_draw(key, SB_DRAW_NUMBER(SB_LOGIN_FIELD_##field, nth))

/* ---- runs ----------------------------------------------------------------------------------- */

enum { BLOCK_ROWS = 8 };

/* Of eight rows in turn at most one run of tries is longer than one: so often that six rows in a
 * hundred are failures. Per mille of the blocks, by length less two; the rest have none. */
static uint32_t long_run(sb_key block)
{
    static const uint16_t bounds[] = {200, 270, 305};
    uint64_t share = sb_below(sb_draw(block, 0), 1000);
    uint32_t i = 0;
    while (i < 3 && bounds[i] <= share)
        i++;
    return i < 3 ? i + 2 : 1;
}

/* That run of a block: where it begins, and its length. */
static uint32_t find_long_run(const sb_cell_events *of, uint32_t block, uint32_t *length)
{
    sb_key key = sb_row_key(of->key, block);
    *length = long_run(key);
    return block * BLOCK_ROWS + (uint32_t)sb_below(sb_draw(key, 1), BLOCK_ROWS + 1 - *length);
}

/* Keys of runs are those of the stream at these indices. */
#define RUN_INDEX ((uint64_t)1 << 40)

/* Without its key. */
static sb_login_run place_in(const sb_cell_events *of, uint32_t index, uint32_t first,
                             uint32_t length)
{
    if (index - first >= length) { /* before it, too: the difference wraps */
        first = index;
        length = 1;
    }
    uint32_t there = of->count - first; /* the cell's last run may be cut short */
    return (sb_login_run){first, index - first, length < there ? length : there, {0, 0}};
}

sb_login_run sb_login_run_of(const sb_cell_events *of, uint32_t index)
{
    uint32_t length, first = find_long_run(of, index / BLOCK_ROWS, &length);
    sb_login_run run = place_in(of, index, first, length);
    run.key = sb_row_key(of->key, RUN_INDEX | run.first);
    return run;
}

/* Draws of the clock, if the run begins with the row, as almost all do. */
enum { CLOCK_executed_at_0, CLOCK_COUNT };
static const sb_event_draws clock_draws = {
    CLOCK_COUNT, {SB_DRAW_NUMBER(SB_LOGIN_FIELD_executed_at, 0)}, RUN_INDEX};

/* The same as sb_login_run_of(), for who asks in the order of the indices: by what is known of the
 * block, and the keys of runs that begin in these lanes. */
static sb_login_run next_run(sb_maker *maker, const sb_cell_events *of, uint32_t index,
                             uint32_t lane)
{
    sb_event_desk *desk = maker->events;
    uint32_t block = index / BLOCK_ROWS;
    if (desk->long_run.cell != of->cell + 1 || desk->long_run.block != block) {
        desk->long_run.first = find_long_run(of, block, &desk->long_run.length);
        desk->long_run.cell = of->cell + 1;
        desk->long_run.block = block;
    }
    sb_login_run run = place_in(of, index, desk->long_run.first, desk->long_run.length);
    run.key = run.position == 0 ? sb_keys_at(&desk->clock.keys, lane)
                                : sb_row_key(of->key, RUN_INDEX | run.first);
    return run;
}

/* The first try follows the calendar, each later one comes 6 to 90 seconds after, and the last one
 * still within the period. */
int64_t sb_login_time(sb_maker *maker, const sb_cell_events *of, uint32_t index)
{
    sb_login_note *notes = of->notes;
    if (notes == NULL) /* a kind with notes has them */
        return 0;
    uint32_t lane = sb_event_clock_lane(maker, of, index, &clock_draws);
    sb_login_run run = notes[index] = next_run(maker, of, index, lane);
    int64_t last = maker->world->end_ms - 1 - (run.length - 1 - run.position);
    uint64_t draw = run.position == 0 ? maker->events->clock.draws[CLOCK_executed_at_0][lane]
                                      : KEY_DRAW(run.key, executed_at, 0);
    int64_t time = sb_event_moment(maker, of, run.first, SB_CALENDAR_RETAIL, draw);
    for (uint32_t i = 1; i <= run.position; i++)
        time += 6000 + (int64_t)sb_below(KEY_DRAW(run.key, executed_at, i), 84000);
    return time < last ? time : last;
}

/* ---- which account -------------------------------------------------------------------------- */

typedef struct row {
    sb_maker *maker;
    uint64_t id;
    int64_t executed_at;
    sb_login_run run;
    const uint64_t *drawn;  /* see DRAWN() */
    uint64_t session_drawn; /* by the key of the row */
    const sb_layout *layout;
    uint64_t account;
    bool has_person, has_device;
    uint64_t person;
    sb_contact *contact; /* the person, if the account is theirs */
    sb_device device;
    uint32_t home, country; /* rows of the shared countries */
    bool is_away;           /* not at the home address */
    int channel, method, outcome;
} row;

#define DRAW(field, nth) KEY_DRAW(r->run.key, field, nth)

/* Draws that nearly every row takes: of the row, and of its run. */
static const sb_event_draws row_draws = {
    1, {SB_DRAW_NUMBER(SB_LOGIN_FIELD_session_seconds, 0)}, SB_EVENT_INDEX};
/* clang-format off */
#define RUN_DRAWS(D)                                                                               \
    D(account_id, 0) D(account_id, 1) D(device_id, 0) D(device_id, 1) D(country, 0) D(channel, 0)  \
    D(method, 0)
/* clang-format on */

#define RUN_DRAW(field, nth) DRAWN_##field##_##nth,
enum { RUN_DRAWS(RUN_DRAW) DRAWN_COUNT };
#define DRAWN(field, nth) r->drawn[DRAWN_##field##_##nth * SB_LANES]

/* For the rows that are in the lanes now. */
static void draw_runs(const sb_maker *maker, const sb_cell_events *of)
{
#define RUN_NUMBER(field, nth) SB_DRAW_NUMBER(SB_LOGIN_FIELD_##field, nth),
    static const uint32_t numbers[DRAWN_COUNT] = {RUN_DRAWS(RUN_NUMBER)};
#undef RUN_NUMBER
    const sb_login_note *notes = of->notes;
    sb_event_desk *desk = maker->events;
    sb_keys keys;
    if (desk->rows.count == 1) {
        for (uint32_t i = 0; i < DRAWN_COUNT; i++)
            desk->own_draws[i][0] = sb_draw(notes[desk->rows.index[0]].key, numbers[i]);
        return;
    }
    for (uint32_t i = 0; i < SB_LANES; i++) {
        keys.low[i] = notes[desk->rows.index[i]].key.low;
        keys.high[i] = notes[desk->rows.index[i]].key.high;
    }
    for (uint32_t i = 0; i < DRAWN_COUNT; i++)
        maker->lanes->draws(&keys, numbers[i], desk->own_draws[i]);
}

/* Roles by what people look at: companies' accounts, the first current accounts, cards and second
 * current accounts, those that money is kept in. Some look more often than others. */
static uint32_t draw_role(const row *r, uint32_t nth)
{
    const sb_layout *layout = r->layout;
    uint32_t spend_end = sb_layout_spend_end(layout);
    uint32_t begins[5] = {0, layout->company_accounts,
                          layout->company_accounts + layout->current_accounts, spend_end,
                          layout->account_count};
    bool is_drawn = nth == 0;
    uint64_t share = sb_below(is_drawn ? DRAWN(account_id, 0) : DRAW(account_id, 2 * nth), 100);
    uint32_t i = (uint32_t)(share >= 9) + (uint32_t)(share >= 75) + (uint32_t)(share >= 88);
    for (uint32_t k = 0; k < 4 && begins[i] == begins[i + 1]; k++)
        i = (i + 1) % 4;
    const sb_alias *ranking = sb_maker_ranking(r->maker, SB_RANKS_MILD, begins[i + 1] - begins[i]);
    return begins[i] +
           sb_alias_draw(ranking, is_drawn ? DRAWN(account_id, 1) : DRAW(account_id, 2 * nth + 1));
}

/* Whether the account is open from `begin` to `end`; almost all always are. */
static bool is_open(const sb_holder *holder, int64_t begin, int64_t end)
{
    return holder->is_always_open || (holder->open_ms < begin && end < holder->close_ms);
}

/* Eight tries; then the next account that is open all through, of which there are seven in ten. */
static const sb_holder *choose_account(row *r, int64_t begin, sb_holder *spare)
{
    enum { TRIES_AND_SESSION_MS = 2 * 3600000 };
    const sb_holder *holder;
    for (uint32_t nth = 0; nth < 8; nth++) {
        holder = sb_holder_find(r->maker, r->layout, draw_role(r, nth), spare);
        if (is_open(holder, begin, begin + TRIES_AND_SESSION_MS))
            return holder;
    }
    uint32_t role = draw_role(r, 8);
    holder = sb_holder_find(r->maker, r->layout, role, spare);
    for (uint32_t i = 1; i < r->layout->account_count && !holder->is_always_open; i++) {
        role = role + 1 < r->layout->account_count ? role + 1 : 0;
        holder = sb_holder_find(r->maker, r->layout, role, spare);
    }
    return holder;
}

/* ---- who, with what, from where ------------------------------------------------------------- */

/* An officer who was one by then. */
static bool find_officer(row *r, const sb_company *company, int32_t day)
{
    sb_officer officers[SB_OFFICERS_MAX];
    uint32_t count = sb_company_officers(r->maker, company, officers);
    uint32_t nth = (uint32_t)sb_below(DRAW(person_id, 0), SB_OFFICERS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        const sb_officer *officer = &officers[(nth + i) % count];
        if (officer->since > day)
            continue;
        r->person = officer->person;
        return true;
    }
    return false;
}

static uint32_t country_of(sb_maker *maker, uint32_t locale)
{
    return sb_locale_of(maker, locale)->country_index;
}

/* Sets who it is, and the country they are at home in. */
static void find_person(row *r, const sb_owner *owner, int32_t day, sb_contact *spare)
{
    if (owner->company) {
        const sb_company *company = &sb_firm_find(r->maker, owner->id)->company;
        r->home = country_of(r->maker, company->locale);
        r->has_person = find_officer(r, company, day);
        return;
    }
    r->contact = sb_contact_find(r->maker, owner, NULL, spare);
    r->has_person = true;
    r->person = owner->id;
    r->home = country_of(r->maker, r->contact->person.place.locale);
}

/* One time in 25 the bank does not know the device; of those who end locked out, in four. */
static void find_device(row *r)
{
    uint32_t unknown = r->run.length == SB_LOGIN_RUN_MAX ? 250000 : 40000;
    r->has_device = r->has_person && !sb_chance(DRAWN(device_id, 0), unknown) &&
                    sb_device_find(r->maker, r->person, DRAWN(device_id, 1), &r->device);
}

/* At home six times in seven, abroad one time in 40, by the weight of trade; an unknown device that
 * ends locked out is abroad every other time. */
static void find_country(row *r)
{
    const sb_table *countries = sb_find(r->maker, 0, SB_TABLE_COUNTRIES);
    uint64_t share = sb_below(DRAWN(country, 0), 1000);
    bool foreign = r->run.length == SB_LOGIN_RUN_MAX && !r->has_device && share < 500;
    r->is_away = foreign || share < 145;
    r->country = r->home;
    if (!foreign && share >= 25)
        return;
    for (uint32_t nth = 1; nth < 4 && r->country == r->home; nth++)
        r->country = sb_table_draw(countries, DRAW(country, nth));
}

/* Phones and tablets have an app, computers the web. */
static int draw_channel(const row *r)
{
    bool mobile = r->has_device && sb_device_is_mobile(&r->device);
    uint32_t app = !r->has_device ? 550000 : mobile ? 880000 : 0;
    return sb_chance(DRAWN(channel, 0), app) ? SB_LOGIN_CHANNEL_APP : SB_LOGIN_CHANNEL_WEB;
}

/* A device that is not trusted always needs a code. Nobody mistypes a finger, so runs of tries are
 * of passwords and codes. */
static int draw_method(const row *r)
{
    uint64_t share = sb_below(DRAWN(method, 0), 100);
    if (!r->has_device || !r->device.is_trusted)
        return SB_LOGIN_METHOD_ONE_TIME_CODE;
    if (r->run.length == 1 && r->channel == SB_LOGIN_CHANNEL_APP && share < 66)
        return SB_LOGIN_METHOD_BIOMETRIC;
    return share >= 93 ? SB_LOGIN_METHOD_ONE_TIME_CODE : SB_LOGIN_METHOD_PASSWORD;
}

static int outcome_of(const row *r)
{
    if (r->run.position + 1 == SB_LOGIN_RUN_MAX)
        return SB_LOGIN_LOCKED;
    if (r->run.position + 1 == r->run.length)
        return SB_LOGIN_SUCCESS;
    return r->method == SB_LOGIN_METHOD_ONE_TIME_CODE ? SB_LOGIN_WRONG_CODE
                                                      : SB_LOGIN_WRONG_PASSWORD;
}

/* ---- the row -------------------------------------------------------------------------------- */

SB_FIELD void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->id);
}

SB_FIELD void put_executed_at(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->executed_at);
}

SB_FIELD void put_account_id(const row *r, sb_rows *rows)
{
    sb_rows_mark_ahead(rows, 1, SB_MARK_LONG); /* the person and the device go with it */
    sb_rows_uint(rows, r->account);
}

SB_FIELD void put_person_id(const row *r, sb_rows *rows)
{
    if (r->has_person)
        sb_rows_uint(rows, r->person);
    else
        sb_rows_nil(rows);
}

SB_FIELD void put_device_id(const row *r, sb_rows *rows)
{
    if (r->has_device)
        sb_rows_uint(rows, r->device.id);
    else
        sb_rows_nil(rows);
}

/* At home the same address as that of payments (transaction.c). */
SB_FIELD void put_ip(const row *r, sb_rows *rows)
{
    sb_line line;
    if (!r->is_away && r->contact != NULL) {
        sb_rows_short(rows, sb_contact_ip(r->maker, r->contact, &line));
        return;
    }
    sb_line_begin(&line);
    sb_owner who = {!r->has_person, r->has_person ? r->person : r->account};
    sb_line_ip(&line, r->is_away ? DRAW(ip, 0) : sb_home_draw(r->maker->world, &who));
    sb_rows_line(rows, &line);
}

SB_FIELD void put_country(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->maker->country_codes[r->country]);
}

SB_FIELD void put_channel(const row *r, sb_rows *rows)
{
    sb_rows_mark_ahead(rows, 1,
                       SB_MARK_LONG); /* both channels are as long: the method goes with it */
    sb_rows_known(rows, sb_login_channel_words[r->channel]);
}

SB_FIELD void put_method(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_login_method_words[r->method]);
}

SB_FIELD void put_outcome(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_login_words[r->outcome]);
}

/* A glance in the app, some work at a computer; an hour at most. */
SB_FIELD void put_session_seconds(const row *r, sb_rows *rows)
{
    int64_t median = r->channel == SB_LOGIN_CHANNEL_APP ? 75 : 260;
    if (r->outcome != SB_LOGIN_SUCCESS) {
        sb_rows_nil(rows);
        return;
    }
    int64_t seconds = 4 + sb_lognormal_draw(median, 3, r->session_drawn);
    sb_rows_int(rows, seconds < 3600 ? seconds : 3600);
}

/* The published rule (docs/model.md): points for what the row says. */
static uint32_t risk_of(const row *r)
{
    static const uint16_t of_outcomes[SB_LOGIN_COUNT] = {
        [SB_LOGIN_SUCCESS] = 0,
        [SB_LOGIN_WRONG_PASSWORD] = 2000,
        [SB_LOGIN_WRONG_CODE] = 2500,
        [SB_LOGIN_LOCKED] = 5000,
    };
    uint8_t zones = r->maker->geography->countries[r->country].zones;
    uint32_t score = of_outcomes[r->outcome];
    score += r->has_device ? 0 : 1500;
    score += (zones & SB_ZONE_HIGH_RISK) != 0 ? 2500 : 0;
    score += (zones & SB_ZONE_HAVEN) != 0 ? 1000 : 0;
    score += r->method == SB_LOGIN_METHOD_PASSWORD && r->channel == SB_LOGIN_CHANNEL_WEB ? 500 : 0;
    return score < 10000 ? score : 10000;
}

SB_FIELD void put_risk_score(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, risk_of(r));
}

/* All that the run decides is the same for each of its rows. */
void sb_login_put(sb_maker *maker, sb_rows *rows, const sb_cell_events *of, uint32_t index)
{
    row own = {.maker = maker};
    row *r = &own;
    r->layout = sb_maker_layout(maker, sb_ledger_cell_of(maker->world, of->cell));
    if (r->layout == NULL) /* said at the end of the cell */
        return;
    uint32_t lane = sb_event_row_lane(maker, of, index, &row_draws);
    if (lane == 0)
        draw_runs(maker, of);
    r->id = maker->events->rows.ids[lane];
    r->executed_at = of->times[index];
    r->run = ((const sb_login_note *)of->notes)[index];
    r->drawn = &maker->events->own_draws[0][lane];
    r->session_drawn = maker->events->rows.draws[0][lane];
    sb_holder spare_holder;
    sb_contact spare_contact;
    int64_t begin = of->times[r->run.first];
    const sb_holder *holder = choose_account(r, begin, &spare_holder);
    r->account = holder->account;
    find_person(r, &holder->owner, (int32_t)(begin / SB_MS_A_DAY), &spare_contact);
    find_device(r);
    find_country(r);
    r->channel = draw_channel(r);
    r->method = draw_method(r);
    r->outcome = outcome_of(r);
    sb_rows out = *rows; /* see SB_FIELD */
    sb_rows_array(&out, SB_FIELD_COUNT(SB_LOGIN_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(&out, __VA_ARGS__) put_##name(r, &out);
    SB_LOGIN_FIELDS(PUT)
#undef PUT
    *rows = out;
}
