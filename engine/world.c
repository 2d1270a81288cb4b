#include "engine/world.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- cells and rows ------------------------------------------------------------------------- */

uint64_t sb_share_begin(uint64_t cell, uint64_t rows, uint64_t cells)
{
    return cell >= cells ? rows : sb_muldiv(cell, rows, cells);
}

/* The cell c with floor(c * rows / cells) <= row < floor((c + 1) * rows / cells). */
uint64_t sb_share_of(uint64_t row, uint64_t rows, uint64_t cells)
{
    return (uint64_t)((((sb_u128)row + 1) * cells - 1) / rows);
}

sb_pool sb_pool_of(uint64_t cell, uint64_t rows, uint64_t cells)
{
    if (rows == 0)
        return (sb_pool){0, 0};
    uint64_t begin = sb_share_begin(cell, rows, cells), end = sb_share_begin(cell + 1, rows, cells);
    return (sb_pool){begin, end > begin ? end - begin : 1};
}

static uint64_t divide_up(uint64_t value, uint64_t divisor)
{
    return value / divisor + (value % divisor > 0);
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t ledger_cells(const uint64_t counts[SB_KIND_COUNT])
{
    return larger(divide_up(counts[SB_ACCOUNTS], SB_CELL_ACCOUNTS),
                  divide_up(counts[SB_TRANSACTIONS], SB_CELL_TRANSACTIONS));
}

uint64_t sb_cells_of_counts(const uint64_t counts[SB_KIND_COUNT])
{
    uint64_t cells = larger(
        larger(divide_up(counts[SB_PERSONS], SB_CELL_PERSONS),
               divide_up(counts[SB_COMPANIES], SB_CELL_COMPANIES)),
        larger(ledger_cells(counts), divide_up(counts[SB_COMMUNICATIONS], SB_CELL_COMMUNICATIONS)));
    return larger(cells, 1);
}

static void count_cells(sb_world *world)
{
    const uint64_t *counts = world->values.counts;
    world->cell_count = sb_cells_of_counts(counts);
    world->ledger_cell_count = counts[SB_ACCOUNTS] / 8 >= world->cell_count
                                   ? world->cell_count
                                   : larger(ledger_cells(counts), 1);
    world->group_count = divide_up(world->cell_count, SB_GROUP_CELLS);
}

/* Bits of an index: twice the largest ordinary cell, rounded up to a power of two. The upper half
 * is room for rows that come on top, so ids do not tell which did. */
static uint8_t index_bits(uint64_t rows, uint64_t cells)
{
    uint64_t room = 2 * larger(divide_up(rows, cells), 1);
    uint8_t bits = 1;
    while (((uint64_t)1 << bits) < room)
        bits++;
    return bits;
}

bool sb_kind_is_event(sb_kind kind)
{
    return sb_record_find(sb_schema(kind), "executed_at") >= 0 && kind != SB_ENTRIES;
}

uint64_t sb_world_cells(const sb_world *world, sb_kind kind)
{
    return kind == SB_ACCOUNTS || kind == SB_TRANSACTIONS || kind == SB_ENTRIES
               ? world->ledger_cell_count
               : world->cell_count;
}

uint64_t sb_world_first_row(const sb_world *world, sb_kind kind, uint64_t cell)
{
    return sb_share_begin(cell, world->values.counts[kind], sb_world_cells(world, kind));
}

uint64_t sb_world_cell_of(const sb_world *world, sb_kind kind, uint64_t row)
{
    return sb_share_of(row, world->values.counts[kind], sb_world_cells(world, kind));
}

uint64_t sb_world_group_row(const sb_world *world, sb_kind kind, uint64_t group)
{
    return sb_world_first_row(world, kind, group * SB_GROUP_CELLS);
}

uint64_t sb_world_cell_of_id(const sb_world *world, sb_kind kind, uint64_t id)
{
    uint64_t cell = id >> world->id_bits[kind], cells = sb_world_cells(world, kind);
    return cell < cells ? cell : cells;
}

/* Cells of a locale count by patterns; a cell has room for SB_CELL_ACCOUNTS. */
uint64_t sb_world_local_index(const sb_world *world, uint64_t account)
{
    uint64_t cell = sb_world_cell_of(world, SB_ACCOUNTS, account);
    uint64_t slot = cell % SB_LOCALE_PATTERN;
    uint64_t nth = cell / SB_LOCALE_PATTERN * world->pattern_slots[world->locale_pattern[slot]] +
                   world->pattern_rank[slot];
    return nth * SB_CELL_ACCOUNTS + account - sb_world_first_row(world, SB_ACCOUNTS, cell);
}

uint64_t sb_world_local_account(const sb_world *world, uint32_t locale, uint64_t index)
{
    uint64_t nth = index / SB_CELL_ACCOUNTS, slots = world->pattern_slots[locale], slot = 0;
    while (slot < SB_LOCALE_PATTERN &&
           (world->locale_pattern[slot] != locale || world->pattern_rank[slot] != nth % slots))
        slot++;
    uint64_t cell = nth / slots * SB_LOCALE_PATTERN + slot;
    uint64_t account = sb_world_first_row(world, SB_ACCOUNTS, cell) + index % SB_CELL_ACCOUNTS;
    return account < sb_world_first_row(world, SB_ACCOUNTS, cell + 1) ? account : SB_ACCOUNTS_MAX;
}

/* ---- opening -------------------------------------------------------------------------------- */

/* Slots of the pattern by weight, at least one each: those with the largest rest behind the point
 * get what rounding down leaves. */
static void share_slots(const int64_t *weights, uint32_t count, uint32_t *out)
{
    uint64_t total = 0, rests[SB_LOCALES_MAX] = {0};
    uint32_t given = 0;
    for (uint32_t i = 0; i < count; i++)
        total += (uint64_t)weights[i];
    for (uint32_t i = 0; i < count; i++) {
        uint64_t share = (uint64_t)weights[i] * (SB_LOCALE_PATTERN - count);
        out[i] = 1 + (uint32_t)(share / total);
        rests[i] = share % total;
        given += out[i];
    }
    for (; given < SB_LOCALE_PATTERN && count > 0; given++) {
        uint32_t best = 0;
        for (uint32_t i = 1; i < count; i++)
            if (rests[i] > rests[best])
                best = i;
        out[best] += 1;
        rests[best] = 0;
    }
}

/* First each locale once, the weightiest first, so that a small dataset spans many; then spread
 * evenly: always the locale that is furthest behind its share. */
static void lay_pattern(sb_world *world, const int64_t *weights, uint32_t count)
{
    uint32_t slots[SB_LOCALES_MAX], used[SB_LOCALES_MAX] = {0};
    share_slots(weights, count, slots);
    for (uint32_t at = 0; at < SB_LOCALE_PATTERN; at++) {
        uint32_t best = count;
        for (uint32_t i = 0; i < count; i++) {
            if (used[i] == slots[i] || (at < count && used[i] > 0))
                continue;
            if (best == count ||
                (at < count ? weights[i] > weights[best]
                            : (uint64_t)used[i] * slots[best] < (uint64_t)used[best] * slots[i]))
                best = i;
        }
        world->pattern_rank[at] = (uint8_t)used[best]++;
        world->pattern_slots[best] = (uint8_t)used[best];
        world->locale_pattern[at] = (uint8_t)best;
    }
}

static void weigh_locales(sb_world *world)
{
    int64_t weights[SB_LOCALES_MAX];
    uint64_t scratch[2 * SB_LOCALES_MAX];
    uint32_t count = sb_tables_locale_count(world->tables);
    for (uint32_t i = 0; i < count; i++)
        weights[i] = sb_tables_locale(world->tables, i)->weight;
    world->locale_alias.threshold = world->locale_threshold;
    world->locale_alias.other = world->locale_other;
    sb_alias_build(&world->locale_alias, weights, count, scratch);
    lay_pattern(world, weights, count);
}

sb_status sb_world_open(const sb_spec *spec, sb_world **out, sb_error *err)
{
    sb_world *world = calloc(1, sizeof *world);
    if (world == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a world");
    world->spec = spec;
    world->values = *sb_spec_values_of(spec);
    world->tables = sb_spec_tables(spec);
    sb_status status =
        sb_calendar_open(world->values.start_days, world->values.end_days, &world->calendar, err);
    if (status != SB_OK) {
        free(world);
        return status;
    }
    sb_seed seed = world->values.seed;
    world->start_ms = (int64_t)world->values.start_days * SB_MS_A_DAY;
    world->end_ms = (int64_t)world->values.end_days * SB_MS_A_DAY;
    count_cells(world);
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (sb_kind_is_event((sb_kind)kind))
            world->id_bits[kind] =
                index_bits(world->values.counts[kind], sb_world_cells(world, (sb_kind)kind));
    world->persons = sb_key_derive(seed, "persons", 0, 0);
    world->households = sb_key_derive(seed, "households", 0, 0);
    world->companies = sb_key_derive(seed, "companies", 0, 0);
    world->accounts = sb_key_derive(seed, "accounts", 0, 0);
    world->rates = sb_key_derive(seed, "rates", 0, 0);
    world->merchants = sb_key_derive(seed, "merchants", 0, 0);
    world->account_numbers =
        sb_permutation_make(sb_key_derive(seed, "account_numbers", 0, 0), SB_ACCOUNTS_MAX);
    world->leis = sb_permutation_make(sb_key_derive(seed, "leis", 0, 0), SB_ROWS_MAX);
    world->references =
        sb_permutation_make(sb_key_derive(seed, "references", 0, 0), (uint64_t)1 << 60);
    weigh_locales(world);
    *out = world;
    return SB_OK;
}

void sb_world_close(sb_world *world)
{
    if (world == NULL)
        return;
    sb_calendar_close(world->calendar);
    free(world);
}

/* ---- places --------------------------------------------------------------------------------- */

sb_clock sb_city_clock(const sb_table *cities, uint32_t city)
{
    sb_text dst = sb_table_text(cities, 8, city);
    return (sb_clock){(int32_t)sb_table_int(cities, 7, city), dst.bytes[0] == 'u'   ? SB_DST_US
                                                              : dst.bytes[0] == 'e' ? SB_DST_EU
                                                              : dst.bytes[0] == 'a' ? SB_DST_AU
                                                                                    : SB_DST_NONE};
}

sb_home sb_home_of(const sb_world *world, sb_table_cache *cache, uint64_t cell)
{
    sb_key key = sb_key_derive(world->values.seed, "home", cell, 0);
    uint32_t locale = world->locale_pattern[cell % SB_LOCALE_PATTERN];
    const sb_table *cities = sb_table_cache_find(cache, locale, SB_TABLE_CITIES);
    uint32_t city = sb_table_draw(cities, sb_draw(key, 2));
    return (sb_home){locale, city, sb_city_clock(cities, city)};
}

/* ---- the ledger side of a cell -------------------------------------------------------------- */

static uint32_t smaller(uint64_t a, uint64_t b)
{
    return (uint32_t)(a < b ? a : b);
}

/* Companies have as many accounts an owner as persons, and at least one where both kinds exist. */
static uint32_t company_share(const sb_layout *layout)
{
    uint64_t owners = layout->persons.count + layout->companies.count;
    if (layout->companies.count == 0 || layout->account_count == 0)
        return 0;
    if (layout->persons.count == 0)
        return layout->account_count;
    uint32_t share = (uint32_t)sb_muldiv(layout->account_count, layout->companies.count, owners);
    if (share == 0 && layout->account_count > 1)
        share = 1;
    return share == layout->account_count && share > 1 ? share - 1 : share;
}

static void divide_roles(sb_layout *layout)
{
    layout->company_accounts = company_share(layout);
    uint32_t persons = layout->account_count - layout->company_accounts;
    layout->current_accounts = smaller(persons, layout->persons.count);
    uint32_t extra = persons - layout->current_accounts;
    layout->card_accounts = extra * 28 / 100;
    layout->second_accounts = extra * 12 / 100;
    layout->savings_accounts = extra * 38 / 100;
    layout->investment_accounts = extra * 12 / 100;
}

static void divide_lives(const sb_world *world, sb_layout *layout)
{
    uint32_t accounts = layout->account_count, rows = layout->transaction_count;
    bool long_enough = world->values.end_days - world->values.start_days >= 3;
    layout->opened_inside = long_enough ? smaller(accounts * 5 / 100, rows / 20) : 0;
    layout->closed_inside = long_enough ? smaller(accounts * 2 / 100, rows / 20) : 0;
    layout->closed_before = accounts * 2 / 100;
    layout->frozen = accounts / 100;
    layout->derived_count = layout->opened_inside + layout->closed_inside;
}

void sb_layout_make(const sb_world *world, uint64_t cell, sb_layout *out)
{
    const uint64_t *counts = world->values.counts;
    uint64_t cells = world->ledger_cell_count;
    *out = (sb_layout){.cell = cell};
    out->key = sb_key_derive(world->values.seed, "cell", cell, 0);
    out->first_account = sb_world_first_row(world, SB_ACCOUNTS, cell);
    out->account_count =
        (uint32_t)(sb_world_first_row(world, SB_ACCOUNTS, cell + 1) - out->first_account);
    out->first_transaction = sb_world_first_row(world, SB_TRANSACTIONS, cell);
    out->transaction_count =
        (uint32_t)(sb_world_first_row(world, SB_TRANSACTIONS, cell + 1) - out->first_transaction);
    out->persons = sb_pool_of(cell, counts[SB_PERSONS], cells);
    out->companies = sb_pool_of(cell, counts[SB_COMPANIES], cells);
    divide_roles(out);
    divide_lives(world, out);
    out->link_rows = (out->transaction_count - out->derived_count) / SB_LINK_SHARE;
    out->role = sb_permutation_make(sb_row_key(out->key, 1), out->account_count);
    out->life = sb_permutation_make(sb_row_key(out->key, 2), out->account_count);
    out->person_order = sb_permutation_make(sb_row_key(out->key, 3), out->persons.count);
    out->company_order = sb_permutation_make(sb_row_key(out->key, 4), out->companies.count);
    out->ids = sb_permutation_make(sb_row_key(out->key, 5),
                                   (uint64_t)1 << world->id_bits[SB_TRANSACTIONS]);
}

/* ---- links ---------------------------------------------------------------------------------- */

static uint64_t integer_root(uint64_t value)
{
    uint64_t root = 0;
    for (uint64_t bit = (uint64_t)1 << 31; bit > 0; bit >>= 1)
        if ((root | bit) * (root | bit) <= value)
            root |= bit;
    return root;
}

/* Small-world chords: distances that grow geometrically with the number of cells. Where there are
 * many cells all but the first are whole patterns of locales, so those chords stay in a country. */
static void chord_distances(uint64_t cells, uint64_t out[SB_CHORDS])
{
    uint64_t second = integer_root(cells), fourth = integer_root(second);
    out[0] = 1;
    out[1] = fourth + 1;
    out[2] = second + 1;
    out[3] = second * fourth + 1;
    for (uint64_t i = 1; i < SB_CHORDS && cells >= 6 * SB_LOCALE_PATTERN; i++)
        out[i] = larger(out[i] / SB_LOCALE_PATTERN, i) * SB_LOCALE_PATTERN;
}

/* The hub of a run of cells, in the first six of the run; of 48 runs, in the next six of one of
 * them. */
static uint64_t hub_of_run(const sb_world *world, uint64_t run)
{
    uint64_t begin = run * SB_HUB_RUN, size = world->ledger_cell_count - begin;
    uint64_t room = size < 6 ? size : 6;
    return begin + sb_below(sb_draw(sb_key_derive(world->values.seed, "hub", 1, run), 0), room);
}

static uint64_t hub_of_runs(const sb_world *world, uint64_t super_run)
{
    uint64_t runs = divide_up(world->ledger_cell_count, SB_HUB_RUN), begin = super_run * SB_HUB_RUN;
    uint64_t count = runs - begin < SB_HUB_RUN ? runs - begin : SB_HUB_RUN;
    sb_key key = sb_key_derive(world->values.seed, "hub", 2, super_run);
    uint64_t first = (begin + sb_below(sb_draw(key, 0), count)) * SB_HUB_RUN;
    uint64_t size = world->ledger_cell_count - first;
    uint64_t offset = 6 + sb_below(sb_draw(key, 1), 6);
    return first + (offset < size ? offset : size - 1);
}

/* Candidates for links of one cell; of each pair the one with the lowest (slot, home) stays. */
typedef struct candidates {
    uint64_t cell, cells;
    struct {
        uint64_t peer, home;
        uint32_t slot;
    } list[2 * SB_CHORDS + 1 + 2 * SB_HUB_RUN];
    uint32_t count;
} candidates;

static void propose(candidates *all, uint64_t home, uint64_t peer, uint32_t slot)
{
    uint64_t other = home == all->cell ? peer : home;
    if (other == all->cell)
        return;
    for (uint32_t i = 0; i < all->count; i++)
        if (all->list[i].peer == other) {
            if (slot < all->list[i].slot ||
                (slot == all->list[i].slot && home < all->list[i].home)) {
                all->list[i].slot = slot;
                all->list[i].home = home;
            }
            return;
        }
    all->list[all->count].peer = other;
    all->list[all->count].home = home;
    all->list[all->count++].slot = slot;
}

static void propose_chords(candidates *all)
{
    uint64_t distances[SB_CHORDS];
    chord_distances(all->cells, distances);
    for (uint32_t slot = 0; slot < SB_CHORDS; slot++) {
        uint64_t step = distances[slot] % all->cells;
        uint64_t after =
            all->cell + step < all->cells ? all->cell + step : all->cell + step - all->cells;
        uint64_t before = all->cell >= step ? all->cell - step : all->cell + all->cells - step;
        propose(all, all->cell, after, slot);
        propose(all, before, all->cell, slot);
    }
}

static void propose_hubs(const sb_world *world, candidates *all)
{
    uint64_t cell = all->cell, run = cell / SB_HUB_RUN, super_run = run / SB_HUB_RUN;
    uint64_t hub = hub_of_run(world, run), hub_of_hubs = hub_of_runs(world, super_run);
    propose(all, cell, cell == hub ? hub_of_hubs : hub, SB_CHORDS);
    if (cell == hub)
        for (uint64_t c = run * SB_HUB_RUN; c < (run + 1) * SB_HUB_RUN && c < all->cells; c++)
            if (c != hub)
                propose(all, c, cell, SB_CHORDS);
    if (cell == hub_of_hubs)
        for (uint64_t r = super_run * SB_HUB_RUN;
             r < (super_run + 1) * SB_HUB_RUN && r * SB_HUB_RUN < all->cells; r++)
            propose(all, hub_of_run(world, r), cell, SB_CHORDS);
}

uint32_t sb_links_of(const sb_world *world, uint64_t cell, sb_link out[SB_LINKS_MAX])
{
    candidates all = {.cell = cell, .cells = world->ledger_cell_count};
    if (all.cells < 2)
        return 0;
    propose_chords(&all);
    propose_hubs(world, &all);
    assert(all.count <= SB_LINKS_MAX);
    for (uint32_t i = 0; i < all.count; i++)
        out[i] = (sb_link){all.list[i].peer, all.list[i].slot, all.list[i].home == cell};
    return all.count;
}
