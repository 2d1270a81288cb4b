#include "engine/device.h"

#include <stdlib.h>

#include "engine/account.h"
#include "engine/person.h"
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

/* Kept for the cells asked for last: payers come from a cell and from those it is linked to. */
struct sb_patrons {
    crowd crowds[CROWDS_KEPT];
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

/* The first is mostly a phone, the second mostly something larger. Bounds of 100. */
static int draw_type(sb_key key, uint32_t layer)
{
    static const uint8_t bounds[2][SB_DEVICE_COUNT] = {{82, 86, 96, 100}, {26, 51, 85, 100}};
    uint64_t share = sb_below(KEY_DRAW(key, type, 0), 100);
    int type = 0;
    while (bounds[layer > 0][type] <= share)
        type++;
    return type;
}

/* Persons use the stream's low indices. */
static sb_key device_key(const sb_world *world, uint64_t id)
{
    return sb_row_key(world->persons, (uint64_t)1 << 62 | id);
}

/* What follows from key and layer. */
static void describe(sb_device *device)
{
    device->type = draw_type(device->key, device->layer);
    device->is_trusted =
        sb_chance(KEY_DRAW(device->key, is_trusted, 0), device->layer == 0 ? 860000 : 640000);
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
int32_t sb_device_registered(const sb_world *world, const sb_device *device)
{
    enum { SIX_YEARS = 2191, YEAR = 365, TEEN_DAYS = 5114 };
    int32_t last = world->values.start_days - 1, earliest = world->values.end_days - SIX_YEARS;
    int32_t teen = sb_person_birth(world, device->owner) + TEEN_DAYS;
    if (earliest > last - YEAR)
        earliest = last - YEAR;
    if (earliest < teen)
        earliest = teen;
    if (earliest >= last)
        return earliest;
    uint64_t span = (uint64_t)(last - earliest) + 1;
    uint64_t a = sb_below(KEY_DRAW(device->key, registered, 0), span),
             b = sb_below(KEY_DRAW(device->key, registered, 1), span);
    return last - (int32_t)(a < b ? a : b);
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

/* ---- the row -------------------------------------------------------------------------------- */

typedef struct row {
    sb_maker *maker;
    const sb_device *device;
    int platform; /* SB_PLATFORM_* */
    int32_t registered;
} row;

#define DRAW(field, nth) KEY_DRAW(r->device->key, field, nth)

static int draw_platform(const row *r)
{
    static const uint8_t bounds[SB_DEVICE_COUNT][SB_PLATFORM_COUNT] = {
        [SB_DEVICE_SMARTPHONE] = {68, 100, 100, 100, 100},
        [SB_DEVICE_TABLET] = {40, 93, 100, 100, 100},
        [SB_DEVICE_LAPTOP] = {0, 0, 73, 94, 100},
        [SB_DEVICE_DESKTOP] = {0, 0, 84, 95, 100},
    };
    uint64_t share = sb_below(DRAW(platform, 0), 100);
    int platform = 0;
    while (bounds[r->device->type][platform] <= share)
        platform++;
    return platform;
}

static void put_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->device->id);
}

static void put_owner_person_id(const row *r, sb_rows *rows)
{
    sb_rows_uint(rows, r->device->owner);
}

static void put_type(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_device_words[r->device->type]);
}

static void put_platform(const row *r, sb_rows *rows)
{
    sb_rows_text(rows, sb_platform_words[r->platform]);
}

/* Models come out every year and count up; a device is of a model up to two years old when it is
 * registered. */
static uint64_t model_year(const row *r)
{
    int year, month, day;
    sb_civil_from_days(r->registered, &year, &month, &day);
    int age = year - (int)sb_below(DRAW(model, 2), 3) - 2008;
    return age > 1 ? (uint64_t)age : 1;
}

static bool is_calyra(const row *r)
{
    return r->platform == SB_PLATFORM_IOS || r->platform == SB_PLATFORM_MACOS;
}

/* Of the maker whose systems no one else has. */
static void write_calyra(const row *r, sb_line *out)
{
    static const char *const series[SB_DEVICE_COUNT] = {
        [SB_DEVICE_SMARTPHONE] = "Calyra ",
        [SB_DEVICE_TABLET] = "Calyra Slate ",
        [SB_DEVICE_LAPTOP] = "Calyra Folio ",
        [SB_DEVICE_DESKTOP] = "Calyra Hearth ",
    };
    static const char *const grades[8] = {"", "", "", "", " Max", " Plus", " Pro", " Pro"};
    sb_line_cstr(out, series[r->device->type]);
    sb_line_digits(out, model_year(r), 1);
    sb_line_cstr(out, grades[DRAW(model, 1) >> 61]);
}

/* Eight names by weights that halve, more or less: a market has few large makers. */
static const char *draw_name(const char *const names[8], uint64_t draw)
{
    static const uint8_t bounds[8] = {34, 56, 70, 80, 87, 92, 96, 100};
    uint64_t share = sb_below(draw, 100);
    uint32_t i = 0;
    while (bounds[i] <= share)
        i++;
    return names[i];
}

static void write_mobile(const row *r, sb_line *out)
{
    static const char *const makers[8] = {"Brenvik",  "Quorvia", "Talvoro", "Ostrelle",
                                          "Mirquesa", "Dunvalo", "Fennark", "Ysmeret"};
    static const char *const series[8] = {" N", " N", " N", " K", " K", " V", " V", " V"};
    static const char *const grades[8] = {"", "", "", "", " Lite", " Lite", " Plus", " Ultra"};
    uint64_t draw = DRAW(model, 1);
    sb_line_cstr(out, draw_name(makers, DRAW(model, 0)));
    sb_line_cstr(out, r->device->type == SB_DEVICE_TABLET ? " Tab " : series[draw >> 61]);
    sb_line_digits(out, model_year(r) + (draw >> 57 & 1), 1);
    sb_line_cstr(out, grades[draw >> 58 & 7]);
}

static void write_computer(const row *r, sb_line *out)
{
    static const char *const makers[8] = {"Harkwell", "Norvane",  "Tessarin", "Pellmark",
                                          "Ostrelle", "Varnholt", "Quorvia",  "Ilmatra"};
    static const char *const laptops[4] = {" Lectern ", " Satchel ", " Lectern X ", " Curlew "};
    static const char *const desktops[4] = {" Column ", " Column ", " Pillar ", " Brick "};
    static const uint8_t sizes[4] = {13, 14, 15, 16};
    uint64_t draw = DRAW(model, 1);
    bool laptop = r->device->type == SB_DEVICE_LAPTOP;
    sb_line_cstr(out, draw_name(makers, DRAW(model, 0)));
    sb_line_cstr(out, (laptop ? laptops : desktops)[draw >> 62]);
    if (laptop) {
        sb_line_digits(out, sizes[draw >> 60 & 3], 1);
        sb_line_cstr(out, " G");
    }
    sb_line_digits(out, laptop ? (model_year(r) + 1) / 2 : model_year(r) * 10, 1);
}

static void put_model(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    if (is_calyra(r))
        write_calyra(r, &line);
    else if (r->platform == SB_PLATFORM_ANDROID || r->device->type == SB_DEVICE_TABLET)
        write_mobile(r, &line);
    else
        write_computer(r, &line);
    sb_rows_line(rows, &line);
}

/* The id, permuted on 62 bits, and 66 bits that are drawn: unique, and as good as random. */
static void put_fingerprint(const row *r, sb_rows *rows)
{
    static const char hex[] = "0123456789abcdef";
    sb_permutation order = {r->maker->world->households, (uint64_t)1 << 62, 31, 31};
    uint64_t high = sb_permute(&order, r->device->id) << 2 | DRAW(fingerprint, 1) >> 62;
    uint64_t low = DRAW(fingerprint, 0);
    char text[32];
    for (int i = 0; i < 16; i++) {
        text[i] = hex[high >> (60 - 4 * i) & 15];
        text[16 + i] = hex[low >> (60 - 4 * i) & 15];
    }
    sb_rows_str(rows, text, sizeof text);
}

/* The owner's mother tongue. */
static void put_language(const row *r, sb_rows *rows)
{
    sb_person owner;
    sb_person_make(r->maker, r->device->owner, &owner);
    sb_rows_text(rows, sb_locale_of(r->maker, owner.culture)->language);
}

static void put_registered(const row *r, sb_rows *rows)
{
    sb_rows_int(rows, r->registered);
}

static void put_ip(const row *r, sb_rows *rows)
{
    sb_line line;
    sb_line_begin(&line);
    sb_line_ip(&line, sb_home_draw(r->maker->world, &(sb_owner){false, r->device->owner}));
    sb_rows_line(rows, &line);
}

static void put_is_trusted(const row *r, sb_rows *rows)
{
    sb_rows_bool(rows, r->device->is_trusted);
}

void sb_device_put(sb_maker *maker, sb_rows *rows, uint64_t id)
{
    sb_device device;
    sb_device_make(maker, id, &device);
    row r = {.maker = maker, .device = &device};
    r.platform = draw_platform(&r);
    r.registered = sb_device_registered(maker->world, &device);
    sb_rows_array(rows, SB_FIELD_COUNT(SB_DEVICE_FIELDS));
#define PUT(number, name, doc, ...) SB_MARK_FIELD(rows, __VA_ARGS__) put_##name(&r, rows);
    SB_DEVICE_FIELDS(PUT)
#undef PUT
}
