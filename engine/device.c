#include "engine/device.h"

#include <stdlib.h>

#include "engine/account.h"
#include "engine/line.h"
#include "engine/person.h"
#include "engine/piece.h"
#include "engine/words.h"
#include "format/row_text.h"

#define KEY_DRAW(key, field, nth) sb_draw(key, SB_DRAW_NUMBER(SB_DEVICE_FIELD_##field, nth))

/* ---- whose it is ---------------------------------------------------------------------------- */

enum { CROWDS_KEPT = 64 };

/* The people and devices of a cell. */
typedef struct crowd {
    uint64_t name; /* the cell + 1; 0: none yet */
    sb_pool persons;
    uint64_t first_device, device_count;
    uint64_t begins[SB_DEVICE_LAYERS + 1]; /* of the layers; at last where it begins again */
    sb_permutation order;                  /* place in the order -> person */
} crowd;

/* An owner, as rows ask for him: once for each of his devices. */
enum { PATRONS_KEPT = 512, TEEN_DAYS = 5114 };
typedef struct patron {
    uint64_t name;         /* the person + 1; 0: none yet */
    int32_t teen;          /* the day of the 14th birthday, before which nobody has an account */
    sb_piece language, ip; /* as rows have them */
} patron;

/* Draws of a row. */
/* clang-format off */
#define ROW_DRAWS(D)                                                                               \
    D(type, 0) D(is_trusted, 0) D(platform, 0) D(model, 0) D(model, 1) D(model, 2)                 \
    D(fingerprint, 0) D(fingerprint, 1) D(registered, 0) D(registered, 1)
/* clang-format on */

#define ROW_DRAW(field, nth) DRAWN_##field##_##nth,
enum { ROW_DRAWS(ROW_DRAW) DRAWN_COUNT };
#undef ROW_DRAW

/* Rows that are made one after the other, side by side (see engine/lanes.h); one that is made alone
 * uses one lane. */
typedef struct lanes_block {
    uint64_t first; /* the device */
    uint32_t count; /* lanes used */
    uint8_t layers[SB_LANES];
    uint64_t owners[SB_LANES], permuted_ids[SB_LANES];
    sb_keys keys;
    uint64_t draws[DRAWN_COUNT][SB_LANES];
} lanes_block;

/* Crowds are kept for the cells asked for last: payers come from a cell and from those it is linked
 * to. */
struct sb_patrons {
    crowd crowds[CROWDS_KEPT];
    patron owners[PATRONS_KEPT];
    lanes_block lanes;
    uint64_t layout_name; /* the ledger cell + 1 */
    sb_layout layout;
};

static struct sb_patrons *find_patrons(sb_maker *maker)
{
    if (maker->patrons == NULL)
        maker->patrons = calloc(1, sizeof *maker->patrons);
    if (maker->patrons == NULL)
        maker->out_of_memory = true;
    return maker->patrons;
}

static void gather(const sb_world *world, uint64_t cell, crowd *out)
{
    static const uint64_t percents[SB_DEVICE_LAYERS] = {93, 46, 17, 6};
    out->name = cell + 1;
    out->persons = sb_pool_of(cell, world->values.counts[SB_PERSONS], world->cell_count);
    out->first_device = sb_world_first_row(world, SB_DEVICES, cell);
    out->device_count = sb_world_first_row(world, SB_DEVICES, cell + 1) - out->first_device;
    out->begins[0] = 0;
    for (uint32_t i = 0; i < SB_DEVICE_LAYERS; i++) {
        uint64_t width = out->persons.count * percents[i] / 100;
        out->begins[i + 1] = out->begins[i] + (width > 0 ? width : 1);
    }
    /* Persons use the stream's low indices, other things of them the highest ones. */
    out->order = sb_permutation_make(sb_row_key(world->persons, (uint64_t)1 << 61 | cell),
                                     out->persons.count);
}

static const crowd *find_crowd(sb_maker *maker, uint64_t cell)
{
    struct sb_patrons *patrons = find_patrons(maker);
    if (patrons == NULL)
        return NULL;
    crowd *found = &patrons->crowds[cell % CROWDS_KEPT];
    if (found->name != cell + 1)
        gather(maker->world, cell, found);
    return found;
}

/* How many devices the person has; his nth is out->begins[nth] + *place of the cell's. Layers get
 * narrower, so nobody has one of a layer without one of those before it. Those beyond the first
 * turn of the layers are found from their numbers alone. */
static uint32_t count_devices(sb_maker *maker, uint64_t person, const crowd **out, uint64_t *place)
{
    uint32_t count = 0;
    if (maker->world->values.counts[SB_DEVICES] == 0)
        return 0;
    const crowd *of = find_crowd(maker, sb_maker_span(maker, SB_PERSONS, person).cell);
    if (of == NULL)
        return 0;
    *out = of;
    *place = sb_permute_inverse(&of->order, person - of->persons.first);
    for (uint32_t i = 0; i < SB_DEVICE_LAYERS; i++) /* without a branch to guess wrong */
        count += (uint32_t)(*place < of->begins[i + 1] - of->begins[i]) &
                 (uint32_t)(of->begins[i] + *place < of->device_count);
    return count;
}

/* Three times in four the first of a list that is not empty. */
static uint32_t choose_one(uint32_t count, uint64_t draw)
{
    uint32_t other = 1 + (uint32_t)sb_below(draw << 2, count - 1);
    return count == 1 || draw >> 62 != 0 ? 0 : other;
}

bool sb_device_of(sb_maker *maker, uint64_t person, uint64_t draw, uint64_t *device)
{
    const crowd *of = NULL;
    uint64_t place = 0;
    uint32_t count = count_devices(maker, person, &of, &place);
    if (count == 0)
        return false;
    *device = of->first_device + of->begins[choose_one(count, draw)] + place;
    return true;
}

/* ---- what it is ----------------------------------------------------------------------------- */

/* How many of the bounds a share of 100 has reached: counted, for a search is guessed wrong. */
static inline uint32_t count_reached(const uint8_t *bounds, uint32_t count, uint64_t share)
{
    uint32_t reached = 0;
    for (uint32_t i = 0; i < count; i++)
        reached += bounds[i] <= share;
    return reached;
}

/* The first is mostly a phone, the second mostly something larger. */
static int type_of(uint64_t draw, uint32_t layer)
{
    static const uint8_t bounds[2][SB_DEVICE_COUNT] = {{82, 86, 96, 100}, {26, 51, 85, 100}};
    return (int)count_reached(bounds[layer > 0], SB_DEVICE_COUNT - 1, sb_below(draw, 100));
}

static bool is_trusted(uint64_t draw, uint32_t layer)
{
    return sb_chance(draw, layer == 0 ? 860000 : 640000);
}

static int draw_type(sb_key key, uint32_t layer)
{
    return type_of(KEY_DRAW(key, type, 0), layer);
}

/* Persons use the stream's low indices. */
static const uint64_t DEVICE_INDEX = (uint64_t)1 << 62;

static sb_key device_key(const sb_world *world, uint64_t id)
{
    return sb_row_key(world->persons, DEVICE_INDEX | id);
}

/* What follows from key and layer. */
static void describe(sb_device *device)
{
    device->type = draw_type(device->key, device->layer);
    device->is_trusted = is_trusted(KEY_DRAW(device->key, is_trusted, 0), device->layer);
}

void sb_device_make(sb_maker *maker, uint64_t id, sb_device *out)
{
    const crowd *of = find_crowd(maker, sb_maker_span(maker, SB_DEVICES, id).cell);
    out->id = id;
    out->key = device_key(maker->world, id);
    out->owner = 0;
    out->layer = 0;
    if (of != NULL) {
        uint64_t nth = id - of->first_device, turn = of->begins[SB_DEVICE_LAYERS];
        bool again = nth >= turn;
        nth = again && turn > 0 ? nth % turn : nth;
        while (nth >= of->begins[out->layer + 1])
            out->layer++;
        out->owner = of->persons.first + sb_permute(&of->order, nth - of->begins[out->layer]);
        out->layer += again ? SB_DEVICE_LAYERS : 0;
    }
    describe(out);
}

bool sb_device_find(sb_maker *maker, uint64_t person, uint64_t draw, sb_device *out)
{
    const crowd *of = NULL;
    uint64_t place = 0;
    uint32_t count = count_devices(maker, person, &of, &place);
    if (count == 0)
        return false;
    out->layer = choose_one(count, draw);
    out->id = of->first_device + of->begins[out->layer] + place;
    out->owner = person;
    out->key = device_key(maker->world, out->id);
    describe(out);
    return true;
}

bool sb_mobile_of(sb_maker *maker, uint64_t person, uint64_t draw, uint64_t *device)
{
    const crowd *of = NULL;
    uint64_t place = 0, own[SB_DEVICE_LAYERS];
    uint32_t count = count_devices(maker, person, &of, &place), mobile_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t id = of->first_device + of->begins[i] + place;
        int type = draw_type(device_key(maker->world, id), i);
        if (type == SB_DEVICE_SMARTPHONE || type == SB_DEVICE_TABLET)
            own[mobile_count++] = id;
    }
    if (mobile_count == 0)
        return false;
    *device = own[choose_one(mobile_count, draw)];
    return true;
}

/* Before the period, in the six years before its end if those leave a year for it, newer ones more
 * often than old ones; not before the owner's 14th birthday, before which nobody has an account.
 * That may be the period's first day, but none later. */
static int32_t registered_of(const sb_world *world, int32_t teen, uint64_t one, uint64_t other)
{
    enum { SIX_YEARS = 2191, YEAR = 365 };
    int32_t last = world->values.start_days - 1, earliest = world->values.end_days - SIX_YEARS;
    if (earliest > last - YEAR)
        earliest = last - YEAR;
    if (earliest < teen)
        earliest = teen;
    if (earliest >= last)
        return earliest;
    uint64_t span = (uint64_t)(last - earliest) + 1;
    uint64_t a = sb_below(one, span), b = sb_below(other, span);
    return last - (int32_t)(a < b ? a : b);
}

int32_t sb_device_registered(const sb_world *world, const sb_device *device)
{
    return registered_of(world, sb_person_birth(world, device->owner) + TEEN_DAYS,
                         KEY_DRAW(device->key, registered, 0),
                         KEY_DRAW(device->key, registered, 1));
}

const sb_layout *sb_maker_layout(sb_maker *maker, uint64_t ledger_cell)
{
    struct sb_patrons *patrons = find_patrons(maker);
    if (patrons == NULL)
        return NULL;
    if (patrons->layout_name != ledger_cell + 1) {
        sb_layout_make(maker->world, ledger_cell, &patrons->layout);
        patrons->layout_name = ledger_cell + 1;
    }
    return &patrons->layout;
}

/* ---- rows side by side ---------------------------------------------------------------------- */

/* The id is permuted on 62 bits for the fingerprint. */
static sb_permutation print_order(const sb_world *world)
{
    return (sb_permutation){world->households, (uint64_t)1 << 62, 31, 31};
}

static void draw_lanes(const sb_maker *maker, lanes_block *out)
{
#define ROW_NUMBER(field, nth) SB_DRAW_NUMBER(SB_DEVICE_FIELD_##field, nth),
    static const uint32_t numbers[DRAWN_COUNT] = {ROW_DRAWS(ROW_NUMBER)};
#undef ROW_NUMBER
    sb_permutation order = print_order(maker->world);
    if (out->count == 1) {
        sb_key key = device_key(maker->world, out->first);
        out->permuted_ids[0] = sb_permute(&order, out->first);
        for (uint32_t i = 0; i < DRAWN_COUNT; i++)
            out->draws[i][0] = sb_draw(key, numbers[i]);
        return;
    }
    uint64_t indices[SB_LANES];
    for (uint32_t i = 0; i < SB_LANES; i++) {
        out->permuted_ids[i] = out->first + i;
        indices[i] = DEVICE_INDEX | (out->first + i);
    }
    maker->lanes->permute(&order, out->permuted_ids);
    sb_keys_repeat(maker->world->persons, &out->keys);
    maker->lanes->row_keys(&out->keys, indices, &out->keys);
    for (uint32_t i = 0; i < DRAWN_COUNT; i++)
        maker->lanes->draws(&out->keys, numbers[i], out->draws[i]);
}

/* Whose they are; see sb_device_make(). */
static void find_owners(const sb_maker *maker, const crowd *of, lanes_block *out)
{
    uint64_t nth = out->first - of->first_device, turn = of->begins[SB_DEVICE_LAYERS];
    uint32_t layer = 0, again = nth >= turn ? SB_DEVICE_LAYERS : 0;
    nth = again && turn > 0 ? nth % turn : nth;
    for (uint32_t i = 0; i < out->count; i++, nth++) {
        if (nth == turn) {
            nth = 0;
            layer = 0;
            again = SB_DEVICE_LAYERS;
        }
        while (nth >= of->begins[layer + 1])
            layer++;
        out->owners[i] = nth - of->begins[layer];
        out->layers[i] = (uint8_t)(layer + again);
    }
    if (out->count == 1) {
        out->owners[0] = of->persons.first + sb_permute(&of->order, out->owners[0]);
        return;
    }
    for (uint32_t i = out->count; i < SB_LANES; i++)
        out->owners[i] = 0;
    maker->lanes->permute(&of->order, out->owners);
    for (uint32_t i = 0; i < SB_LANES; i++)
        out->owners[i] += of->persons.first;
}

/* The lane of a row. One that follows the one before, or is its cell's first, is made with those
 * after it. */
static uint32_t find_lane(const sb_maker *maker, const crowd *of, uint64_t id, lanes_block *lanes)
{
    enum { FEW_ROWS = 16 };
    if (id - lanes->first < lanes->count)
        return (uint32_t)(id - lanes->first);
    uint64_t left = of->first_device + of->device_count - id;
    bool is_next = id == lanes->first + lanes->count || id == of->first_device;
    lanes->first = id;
    lanes->count = !is_next || (left < FEW_ROWS && !maker->lanes->is_wide) ? 1
                   : left < SB_LANES                                       ? (uint32_t)left
                                                                           : SB_LANES;
    draw_lanes(maker, lanes);
    find_owners(maker, of, lanes);
    return 0;
}

/* ---- owners --------------------------------------------------------------------------------- */

static void make_patron(sb_maker *maker, uint64_t person, patron *out)
{
    sb_origin origin;
    sb_line line;
    sb_person_origin(maker, person, &origin);
    sb_text language = sb_locale_of(maker, origin.culture)->language;
    sb_line_begin(&line);
    sb_line_ip(&line, sb_household_draw(origin.household_key));
    out->name = person + 1;
    out->teen = origin.birth + TEEN_DAYS;
    out->language = sb_piece_of(language.bytes, language.byte_count);
    out->ip = sb_piece_of(line.bytes, line.length);
}

/* Where most people of the cell will be asked for, all are made: in the order of their numbers, the
 * members of a household one after the other. */
static const patron *find_patron(sb_maker *maker, struct sb_patrons *patrons, const crowd *of,
                                 uint64_t person)
{
    patron *found = &patrons->owners[person % PATRONS_KEPT];
    if (found->name == person + 1)
        return found;
    if (of->device_count < of->persons.count / 2) {
        make_patron(maker, person, found);
        return found;
    }
    for (uint64_t i = 0; i < of->persons.count; i++)
        make_patron(maker, of->persons.first + i,
                    &patrons->owners[(of->persons.first + i) % PATRONS_KEPT]);
    return found;
}

/* ---- the row -------------------------------------------------------------------------------- */

typedef struct row {
    const sb_maker *maker;
    const uint64_t *drawn; /* see DRAWN() */
    uint64_t id, owner_id, permuted_id;
    const patron *owner;
    uint32_t layer;
    int type, platform; /* SB_DEVICE_*, SB_PLATFORM_* */
    int32_t registered;
} row;

#define DRAWN(field, nth) r->drawn[DRAWN_##field##_##nth * SB_LANES]

static int draw_platform(const row *r)
{
    static const uint8_t bounds[SB_DEVICE_COUNT][SB_PLATFORM_COUNT] = {
        [SB_DEVICE_SMARTPHONE] = {68, 100, 100, 100, 100},
        [SB_DEVICE_TABLET] = {40, 93, 100, 100, 100},
        [SB_DEVICE_LAPTOP] = {0, 0, 73, 94, 100},
        [SB_DEVICE_DESKTOP] = {0, 0, 84, 95, 100},
    };
    return (int)count_reached(bounds[r->type], SB_PLATFORM_COUNT - 1,
                              sb_below(DRAWN(platform, 0), 100));
}

SB_FIELD void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->id);
}

SB_FIELD void put_owner_person_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->owner_id);
}

SB_FIELD void put_type(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_device_words[r->type]);
}

SB_FIELD void put_platform(const row *r, sb_rows *rows)
{
    sb_rows_known(rows, sb_platform_words[r->platform]);
}

/* Years from 1969 to 2099 have 365 days, and every fourth one more at its end. */
static int year_of(int32_t days)
{
    int year, month, day;
    if (days >= -365 && days < 47482)
        return 1969 + (4 * (days + 365) + 3) / 1461;
    sb_civil_from_days(days, &year, &month, &day);
    return year;
}

/* Models come out every year and count up; a device is of a model up to two years old when it is
 * registered. */
static uint64_t model_year(const row *r)
{
    int age = year_of(r->registered) - (int)sb_below(DRAWN(model, 2), 3) - 2008;
    return age > 1 ? (uint64_t)age : 1;
}

static bool is_calyra(const row *r)
{
    return r->platform == SB_PLATFORM_IOS || r->platform == SB_PLATFORM_MACOS;
}

#define NAME(text) SB_WORD(text, 0)

/* Of the maker whose systems no one else has. */
static void write_calyra(const row *r, sb_line *out)
{
    static const sb_text series[SB_DEVICE_COUNT] = {
        [SB_DEVICE_SMARTPHONE] = NAME("Calyra "),
        [SB_DEVICE_TABLET] = NAME("Calyra Slate "),
        [SB_DEVICE_LAPTOP] = NAME("Calyra Folio "),
        [SB_DEVICE_DESKTOP] = NAME("Calyra Hearth "),
    };
    static const sb_text grades[8] = {NAME(""),     NAME(""),      NAME(""),     NAME(""),
                                      NAME(" Max"), NAME(" Plus"), NAME(" Pro"), NAME(" Pro")};
    sb_line_text(out, series[r->type]);
    sb_line_digits(out, model_year(r), 1);
    sb_line_text(out, grades[DRAWN(model, 1) >> 61]);
}

/* Eight names by weights that halve, more or less: a market has few large makers. */
static sb_text draw_name(const sb_text names[8], uint64_t draw)
{
    static const uint8_t bounds[8] = {34, 56, 70, 80, 87, 92, 96, 100};
    return names[count_reached(bounds, 7, sb_below(draw, 100))];
}

static void write_mobile(const row *r, sb_line *out)
{
    static const sb_text makers[8] = {NAME("Brenvik"),  NAME("Quorvia"),  NAME("Talvoro"),
                                      NAME("Ostrelle"), NAME("Mirquesa"), NAME("Dunvalo"),
                                      NAME("Fennark"),  NAME("Ysmeret")};
    static const sb_text series[8] = {NAME(" N"), NAME(" N"), NAME(" N"), NAME(" K"),
                                      NAME(" K"), NAME(" V"), NAME(" V"), NAME(" V")};
    static const sb_text grades[8] = {NAME(""),      NAME(""),      NAME(""),      NAME(""),
                                      NAME(" Lite"), NAME(" Lite"), NAME(" Plus"), NAME(" Ultra")};
    static const sb_text tablet = NAME(" Tab ");
    uint64_t draw = DRAWN(model, 1);
    sb_line_text(out, draw_name(makers, DRAWN(model, 0)));
    sb_line_text(out, r->type == SB_DEVICE_TABLET ? tablet : series[draw >> 61]);
    sb_line_digits(out, model_year(r) + (draw >> 57 & 1), 1);
    sb_line_text(out, grades[draw >> 58 & 7]);
}

static void write_computer(const row *r, sb_line *out)
{
    static const sb_text makers[8] = {NAME("Harkwell"), NAME("Norvane"),  NAME("Tessarin"),
                                      NAME("Pellmark"), NAME("Ostrelle"), NAME("Varnholt"),
                                      NAME("Quorvia"),  NAME("Ilmatra")};
    static const sb_text laptops[4] = {NAME(" Lectern "), NAME(" Satchel "), NAME(" Lectern X "),
                                       NAME(" Curlew ")};
    static const sb_text desktops[4] = {NAME(" Column "), NAME(" Column "), NAME(" Pillar "),
                                        NAME(" Brick ")};
    static const uint8_t sizes[4] = {13, 14, 15, 16};
    uint64_t draw = DRAWN(model, 1);
    bool laptop = r->type == SB_DEVICE_LAPTOP;
    sb_line_text(out, draw_name(makers, DRAWN(model, 0)));
    sb_line_text(out, (laptop ? laptops : desktops)[draw >> 62]);
    if (laptop) {
        sb_line_digits(out, sizes[draw >> 60 & 3], 1);
        sb_line_text(out, (sb_text)NAME(" G"));
    }
    sb_line_digits(out, laptop ? (model_year(r) + 1) / 2 : model_year(r) * 10, 1);
}

SB_FIELD void put_model(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    if (is_calyra(r))
        write_calyra(r, &line);
    else if (r->platform == SB_PLATFORM_ANDROID || r->type == SB_DEVICE_TABLET)
        write_mobile(r, &line);
    else
        write_computer(r, &line);
    sb_rows_line(rows, &line);
}

/* Eight digits of base 16, the first in the lowest byte. */
static uint64_t eight_hex(uint32_t value)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t x = __builtin_bswap32(value);
    x = (x | x << 16) & UINT64_C(0x0000FFFF0000FFFF);
    x = (x | x << 8) & UINT64_C(0x00FF00FF00FF00FF);
    x = (x >> 4 & UINT64_C(0x000F000F000F000F)) | (x & UINT64_C(0x000F000F000F000F)) << 8;
    uint64_t letters = (x + 6 * ones) >> 4 & ones;
    return x + '0' * ones + letters * ('a' - '0' - 10);
}

/* The id, permuted on 62 bits, and 66 bits that are drawn: unique, and as good as random. */
SB_FIELD void put_fingerprint(const row *r, sb_rows *rows)
{
    enum { DIGITS = 32 };
    uint64_t high = r->permuted_id << 2 | DRAWN(fingerprint, 1) >> 62;
    uint64_t low = DRAWN(fingerprint, 0);
    char text[DIGITS];
    sb_store_eight(text, eight_hex((uint32_t)(high >> 32)));
    sb_store_eight(text + 8, eight_hex((uint32_t)high));
    sb_store_eight(text + 16, eight_hex((uint32_t)(low >> 32)));
    sb_store_eight(text + 24, eight_hex((uint32_t)low));
    sb_rows_str(rows, text, sizeof text);
}

/* The owner's mother tongue. */
SB_FIELD void put_language(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->owner->language);
}

SB_FIELD void put_registered(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->registered);
}

SB_FIELD void put_ip(const row *r, sb_rows *rows)
{
    sb_rows_piece(rows, &r->owner->ip);
}

SB_FIELD void put_is_trusted(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, is_trusted(DRAWN(is_trusted, 0), r->layer));
}

void sb_device_put(sb_maker *maker, sb_rows *rows, uint64_t id)
{
    row own, *r = &own;
    struct sb_patrons *patrons = find_patrons(maker);
    const crowd *of = find_crowd(maker, sb_maker_span(maker, SB_DEVICES, id).cell);
    if (patrons == NULL || of == NULL) /* said at the end of the cell */
        return;
    uint32_t lane = find_lane(maker, of, id, &patrons->lanes);
    r->maker = maker;
    r->drawn = &patrons->lanes.draws[0][lane];
    r->id = id;
    r->owner_id = patrons->lanes.owners[lane];
    r->permuted_id = patrons->lanes.permuted_ids[lane];
    r->owner = find_patron(maker, patrons, of, r->owner_id);
    r->layer = patrons->lanes.layers[lane];
    r->type = type_of(DRAWN(type, 0), r->layer);
    r->platform = draw_platform(r);
    r->registered =
        registered_of(maker->world, r->owner->teen, DRAWN(registered, 0), DRAWN(registered, 1));
    sb_rows out = *rows; /* see SB_FIELD */
    sb_rows_array(&out, SB_FIELD_COUNT(SB_DEVICE_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(&out, __VA_ARGS__) put_##name(r, &out);
    SB_DEVICE_FIELDS(PUT)
#undef PUT
    *rows = out;
}
