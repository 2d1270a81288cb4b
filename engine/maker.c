#include "engine/maker.h"

#include <stdlib.h>

#include "engine/company.h"
#include "engine/distributions.h"
#include "engine/flow.h"
#include "engine/ledger.h"

/* Prepared merchants of one locale. */
struct sb_merchants {
    sb_merchant list[SB_OUTSIDE_MERCHANTS];
    char texts[SB_OUTSIDE_MERCHANTS][64];
};

size_t sb_maker_arena_bytes(const sb_world *world)
{
    return sb_ledger_bytes(world) + 256 * 1024;
}

/* ---- money and categories ------------------------------------------------------------------- */

enum { CURRENCY_DECIMALS = 3, CURRENCY_USD = 4 };
enum { MCC_CODE = 0, MCC_MEDIAN = 3, MCC_SIGMA = 4, MCC_ONLINE = 5 };

static sb_money money_of(const sb_table *currencies, uint32_t row)
{
    const int64_t cent_value = INT64_C(10000000000); /* 10^-12 dollars in a cent */
    sb_money money = {.round_factor = 1};
    int64_t value = sb_table_int(currencies, CURRENCY_USD, row) * 1000000;
    for (int64_t i = sb_table_int(currencies, CURRENCY_DECIMALS, row); i > 0; i--)
        value /= 10;
    money.minor_value = value > 0 ? value : 1;
    /* Rounded up, so that what is exact stays exact. */
    money.from_cents =
        (int64_t)((((sb_u128)cent_value << SB_MONEY_BITS) + (sb_u128)money.minor_value - 1) /
                  (sb_u128)money.minor_value);
    money.to_cents =
        (int64_t)((((sb_u128)money.minor_value << SB_MONEY_BITS) + (sb_u128)cent_value - 1) /
                  (sb_u128)cent_value);
    for (int64_t dollar = 100 * cent_value / money.minor_value; dollar >= 1000; dollar /= 10)
        money.round_factor *= 10; /* a unit worth a tenth of a cent or less */
    return money;
}

static sb_status prepare_shared(sb_maker *maker, sb_error *err)
{
    const sb_table *currencies = sb_find(maker, 0, SB_TABLE_CURRENCIES);
    const sb_table *mccs = sb_find(maker, 0, SB_TABLE_MCC);
    maker->money = calloc(currencies->count, sizeof *maker->money);
    maker->categories = calloc(mccs->count, sizeof *maker->categories);
    maker->firms = sb_firms_open();
    if (maker->money == NULL || maker->categories == NULL || maker->firms == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a worker's state");
    for (uint32_t row = 0; row < currencies->count; row++)
        maker->money[row] = money_of(currencies, row);
    for (uint32_t row = 0; row < mccs->count; row++)
        maker->categories[row] = (sb_category){
            .code = sb_table_int(mccs, MCC_CODE, row),
            .median_cents = sb_table_int(mccs, MCC_MEDIAN, row),
            .online_permille = (uint16_t)sb_table_int(mccs, MCC_ONLINE, row),
            .shape = (uint8_t)sb_lognormal_shape((int)sb_table_int(mccs, MCC_SIGMA, row))};
    return sb_table_cache_check(maker->cache, err);
}

/* ---- opening -------------------------------------------------------------------------------- */

sb_status sb_maker_open(const sb_world *world, sb_maker **out, sb_error *err)
{
    sb_maker *maker = calloc(1, sizeof *maker);
    if (maker == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for a worker's state");
    maker->world = world;
    sb_status status = sb_table_cache_open(world->tables, &maker->cache, err);
    if (status == SB_OK)
        status = sb_arena_open(sb_maker_arena_bytes(world), &maker->arena, err);
    if (status == SB_OK)
        status = prepare_shared(maker, err);
    if (status != SB_OK) {
        sb_maker_close(maker);
        return status;
    }
    *out = maker;
    return SB_OK;
}

void sb_maker_close(sb_maker *maker)
{
    if (maker == NULL)
        return;
    for (int i = 0; i < SB_LOCALES_MAX; i++) {
        free(maker->merchants[i]);
        free(maker->phrases[i]);
    }
    for (int ranks = 0; ranks < SB_RANKS_COUNT; ranks++)
        for (int count = 0; count <= SB_CELL_ACCOUNTS; count++)
            free(maker->rankings[ranks][count]);
    free(maker->money);
    free(maker->categories);
    free(maker->firms);
    sb_table_cache_close(maker->cache);
    sb_arena_close(maker->arena);
    free(maker);
}

sb_home sb_maker_home(sb_maker *maker, uint64_t cell)
{
    uint64_t slot = cell % SB_HOMES_KEPT;
    if (maker->home_cells[slot] != cell + 1) {
        maker->homes[slot] = sb_home_of(maker->world, maker->cache, cell);
        maker->home_cells[slot] = cell + 1;
    }
    return maker->homes[slot];
}

/* Fills the placeholders of a merchant's pattern. */
static void write_merchant(sb_maker *maker, uint32_t locale, sb_text pattern, sb_key key,
                           sb_line *out)
{
    static const struct {
        const char *name;
        sb_table_id table;
    } holes[] = {{"{family}", SB_TABLE_FAMILY},
                 {"{city}", SB_TABLE_CITIES},
                 {"{first}", SB_TABLE_COMPANY_FIRST}};
    for (uint32_t i = 0; i < pattern.byte_count;) {
        bool filled = false;
        for (uint32_t h = 0; h < 3 && !filled; h++) {
            size_t length = strlen(holes[h].name);
            if (pattern.byte_count - i >= length &&
                memcmp(pattern.bytes + i, holes[h].name, length) == 0) {
                const sb_table *table = sb_find(maker, locale, holes[h].table);
                sb_line_text(out,
                             sb_table_text(table, 0, sb_table_draw(table, sb_draw(key, 8 + h))));
                i += (uint32_t)length;
                filled = true;
            }
        }
        if (!filled)
            sb_line_char(out, pattern.bytes[i++]);
    }
}

static uint16_t find_mcc(sb_maker *maker, sb_text code)
{
    const sb_table *mccs = sb_find(maker, 0, SB_TABLE_MCC);
    for (uint32_t row = 0; row < mccs->count; row++)
        if (sb_table_text(mccs, 0, row).byte_count == code.byte_count &&
            memcmp(sb_table_text(mccs, 0, row).bytes, code.bytes, code.byte_count) == 0)
            return (uint16_t)row;
    return 0;
}

static struct sb_merchants *prepare_merchants(sb_maker *maker, uint32_t locale)
{
    enum { TOKENS = 0x40000000 };
    struct sb_merchants *all = malloc(sizeof *all);
    const sb_table *patterns = sb_find(maker, locale, SB_TABLE_MERCHANTS);
    if (all == NULL)
        return NULL;
    for (uint32_t number = 0; number < SB_OUTSIDE_MERCHANTS; number++) {
        sb_key key = sb_row_key(maker->world->merchants, (uint64_t)locale << 32 | number);
        uint32_t row = (uint32_t)sb_below(sb_draw(key, 0), patterns->count);
        sb_line line;
        sb_line_begin(&line);
        write_merchant(maker, locale, sb_table_text(patterns, 0, row), key, &line);
        uint32_t length = line.length < 63 ? line.length : 63;
        while (length < line.length && length > 0 && (line.bytes[length] & 0xC0) == 0x80)
            length--; /* never half a letter */
        memcpy(all->texts[number], line.bytes, length);
        all->list[number].name =
            (sb_text){all->texts[number], length, TOKENS + locale * SB_OUTSIDE_MERCHANTS + number};
        all->list[number].mcc = find_mcc(maker, sb_table_text(patterns, 1, row));
    }
    return all;
}

const sb_merchant *sb_maker_merchant(sb_maker *maker, uint32_t locale, uint32_t number)
{
    static const sb_merchant nobody;
    if (maker->merchants[locale] == NULL)
        maker->merchants[locale] = prepare_merchants(maker, locale);
    if (maker->merchants[locale] == NULL) {
        maker->out_of_memory = true;
        return &nobody;
    }
    return &maker->merchants[locale]->list[number];
}

/* ---- phrases -------------------------------------------------------------------------------- */

static const char *const phrase_names[SB_PHRASE_COUNT] = {
#define PHRASE(name, text) [SB_PHRASE_##name] = (text),
    SB_PHRASES(PHRASE)
#undef PHRASE
};

struct sb_phrases {
    uint32_t first[SB_PHRASE_COUNT], count[SB_PHRASE_COUNT];
    uint16_t rows[]; /* of the table, grouped by kind */
};

static struct sb_phrases *prepare_phrases(sb_maker *maker, uint32_t locale)
{
    const sb_table *table = sb_find(maker, locale, SB_TABLE_PHRASES);
    struct sb_phrases *all = calloc(1, sizeof *all + table->count * sizeof all->rows[0]);
    uint32_t filled = 0;
    if (all == NULL)
        return NULL;
    for (int kind = 0; kind < SB_PHRASE_COUNT; kind++) {
        all->first[kind] = filled;
        for (uint32_t row = 0; row < table->count; row++) {
            sb_text name = sb_table_text(table, 0, row);
            if (name.byte_count == strlen(phrase_names[kind]) &&
                memcmp(name.bytes, phrase_names[kind], name.byte_count) == 0)
                all->rows[filled++] = (uint16_t)row;
        }
        all->count[kind] = filled - all->first[kind];
    }
    return all;
}

sb_text sb_maker_phrase(sb_maker *maker, uint32_t locale, sb_phrase_kind kind, uint64_t draw)
{
    static const sb_text none = {"-", 1, 0};
    if (maker->phrases[locale] == NULL)
        maker->phrases[locale] = prepare_phrases(maker, locale);
    const struct sb_phrases *all = maker->phrases[locale];
    if (all == NULL)
        maker->out_of_memory = true;
    if (all == NULL || all->count[kind] == 0)
        return none;
    uint32_t row = all->rows[all->first[kind] + sb_below(draw, all->count[kind])];
    return sb_table_text(sb_find(maker, locale, SB_TABLE_PHRASES), 1, row);
}

/* ---- ranks ---------------------------------------------------------------------------------- */

struct sb_ranking {
    sb_alias alias;
    uint32_t threshold[SB_CELL_ACCOUNTS], other[SB_CELL_ACCOUNTS];
};

static struct sb_ranking *prepare_ranking(sb_ranks ranks, uint32_t count)
{
    static const uint32_t *const tables[SB_RANKS_COUNT] = {sb_ranks_mild, sb_ranks_payee,
                                                           sb_ranks_payer};
    const uint32_t *cumulative = tables[ranks];
    struct sb_ranking *made = malloc(sizeof *made);
    int64_t weights[SB_CELL_ACCOUNTS];
    uint64_t scratch[2 * SB_CELL_ACCOUNTS];
    if (made == NULL)
        return NULL;
    for (uint32_t rank = 0; rank < count; rank++)
        weights[rank] = (7 * (int64_t)(cumulative[rank + 1] - cumulative[rank]) +
                         (int64_t)(cumulative[count] / count)) /
                        8;
    made->alias.threshold = made->threshold;
    made->alias.other = made->other;
    sb_alias_build(&made->alias, weights, count, scratch);
    return made;
}

const sb_alias *sb_maker_ranking(sb_maker *maker, sb_ranks ranks, uint32_t count)
{
    static uint32_t always = UINT32_MAX, first = 0;
    static const sb_alias nobody = {1, &always, &first};
    if (count == 0) /* of a cell without accounts, whose flows nobody asks for */
        return &nobody;
    struct sb_ranking **slot = &maker->rankings[ranks][count];
    if (*slot == NULL)
        *slot = prepare_ranking(ranks, count);
    if (*slot == NULL) {
        maker->out_of_memory = true;
        return &nobody;
    }
    return &(*slot)->alias;
}

sb_status sb_maker_check(const sb_maker *maker, sb_error *err)
{
    if (maker->out_of_memory)
        return sb_fail(err, SB_ENOMEM, "no memory to prepare a locale");
    return sb_table_cache_check(maker->cache, err);
}
