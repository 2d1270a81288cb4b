#include "engine/maker.h"

#include <stdlib.h>
#include <string.h>

#include "engine/charter.h"
#include "engine/company.h"
#include "engine/distributions.h"
#include "engine/events.h"
#include "engine/flow.h"
#include "engine/geography.h"
#include "engine/ledger.h"
#include "engine/person.h"
#include "engine/screening.h"
#include "engine/words.h"
#include "format/row_text.h"

/* Prepared merchants of one locale, each at first use. Their names stand one after the other in
 * blocks, since most are short; behind the last there is room to read on. */
enum { MERCHANT_BYTES = 64, NAME_BLOCK_BYTES = 4096 };
_Static_assert((int)MERCHANT_BYTES <= (int)SB_LABEL_BYTES, "merchants' names are copied as labels");
typedef struct name_block {
    struct name_block *before;
    uint8_t bytes[NAME_BLOCK_BYTES + sizeof(sb_label)];
} name_block;
struct sb_merchants {
    sb_merchant list[SB_OUTSIDE_MERCHANTS];
    uint16_t categories[SB_OUTSIDE_MERCHANTS]; /* their mcc + 1; 0: not made yet */
    name_block *names;                         /* owned, with those before it */
    uint32_t names_used;
    uint16_t mccs[]; /* of each pattern of the locale: a row of the categories */
};

static void close_merchants(struct sb_merchants *all)
{
    while (all != NULL && all->names != NULL) {
        name_block *before = all->names->before;
        free(all->names);
        all->names = before;
    }
    free(all);
}

size_t sb_maker_arena_bytes(const sb_world *world)
{
    return sb_ledger_bytes(world) + sb_cell_events_bytes(world) + 256 * 1024;
}

static sb_status no_memory(sb_error *err)
{
    return sb_fail(err, SB_ENOMEM, "no memory for a worker's state");
}

/* ---- money and categories ------------------------------------------------------------------- */

enum { CURRENCY_DECIMALS = 3, CURRENCY_USD = 4 };
enum { MCC_CODE = 0, MCC_TEXT, MCC_WEIGHT, MCC_MEDIAN, MCC_SIGMA = 4, MCC_ONLINE = 5 };

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

/* Minor units: what shared/thresholds.tsv says of the currency, else what 10,000 dollars are worth.
 */
static int64_t threshold_of(sb_maker *maker, const sb_table *currencies, uint32_t row)
{
    const sb_table *thresholds = sb_find(maker, 0, SB_TABLE_THRESHOLDS);
    for (uint32_t i = 0; i < thresholds->count; i++) {
        if (sb_table_mark(thresholds, 0, i) != sb_table_mark(currencies, 0, row))
            continue;
        int64_t amount = sb_table_int(thresholds, 1, i);
        for (int64_t d = sb_table_int(currencies, CURRENCY_DECIMALS, row); d > 0; d--)
            amount *= 10;
        return amount;
    }
    return (int64_t)((sb_u128)1000000 * (uint64_t)maker->money[row].from_cents >> SB_MONEY_BITS);
}

/* Sums that published rules name, so that no row computes them. */
static void set_thresholds(sb_money *money, int64_t threshold)
{
    money->threshold = threshold;
    money->large = threshold * 5;
    money->nearly = threshold / 10 * 9;
    money->round_step = 100000 * money->round_factor;
}

/* By how often cards are used in the category: every baker, few tax advisers. */
static uint8_t appeal_of(int64_t weight)
{
    int64_t appeal = weight * 2;
    return (uint8_t)(appeal < 4 ? 4 : appeal > 255 ? 255 : appeal);
}

/* Utilities, telephone and television, insurance, housing, dues and authorities send bills every
 * month, and each says on them what it is for. */
static void prepare_bills(sb_category *category, int64_t code)
{
    static const struct {
        int16_t code;
        uint8_t rule;
    } senders[] = {{4814, SB_RULE_remit_phone},     {4816, SB_RULE_remit_phone},
                   {4899, SB_RULE_remit_phone},     {4900, SB_RULE_remit_energy},
                   {6300, SB_RULE_remit_insurance}, {6513, SB_RULE_remit_housing},
                   {7997, SB_RULE_remit_bill},      {8398, SB_RULE_remit_bill},
                   {9399, SB_RULE_remit_bill}};
    category->bills = 4;
    category->bill_rule = SB_RULE_remit_bill;
    for (size_t i = 0; i < sizeof senders / sizeof senders[0]; i++)
        if (senders[i].code == code) {
            category->bills = UINT8_MAX;
            category->bill_rule = senders[i].rule;
        }
}

/* Industries in the order of the occupations table, which lists them one after the other. */
static void prepare_trades(sb_maker *maker)
{
    enum { INDUSTRY = 2, WEIGHT };
    const sb_table *occupations = sb_find(maker, 0, SB_TABLE_OCCUPATIONS);
    uint32_t count = 0;
    for (uint32_t row = 0; row < occupations->count; row++) {
        int64_t mark = sb_table_mark(occupations, INDUSTRY, row);
        if (count == 0 || maker->trades[count - 1].mark != mark) {
            if (count == SB_TRADES_MAX)
                return;
            maker->trades[count].mark = mark;
            maker->trades[count++].first = row;
        }
        if (strcmp(sb_table_text(occupations, INDUSTRY, row).bytes, "consulting") == 0)
            maker->common_trade = mark; /* office work, mostly */
        maker->trades[count - 1].count++;
        maker->trades[count - 1].weight += (uint32_t)sb_table_int(occupations, WEIGHT, row);
    }
}

/* The categories of each line of business: codes with '|' between them. */
static void prepare_lines(sb_maker *maker)
{
    enum { LINE_MCC = 3 };
    const sb_table *lines = sb_find(maker, 0, SB_TABLE_SUB_INDUSTRIES);
    const sb_table *mccs = sb_find(maker, 0, SB_TABLE_MCC);
    for (uint32_t line = 0; line < lines->count && line < SB_LINES_MAX; line++) {
        const char *at = sb_table_text(lines, LINE_MCC, line).bytes;
        while (at != NULL && maker->lines[line].count < SB_LINE_MCCS_MAX) {
            long code = strtol(at, NULL, 10);
            for (uint32_t row = 0; row < mccs->count && maker->lines[line].count < SB_LINE_MCCS_MAX;
                 row++)
                if (sb_table_int(mccs, MCC_CODE, row) == code)
                    maker->lines[line].mccs[maker->lines[line].count++] = (uint16_t)row;
            at = strchr(at, '|');
            at = at != NULL ? at + 1 : NULL;
        }
    }
}

static sb_piece piece_of(sb_text text)
{
    return sb_piece_of(text.bytes, text.byte_count);
}

/* What rows write as it is. */
static sb_status prepare_pieces(sb_maker *maker, sb_error *err)
{
    const sb_table *currencies = sb_find(maker, 0, SB_TABLE_CURRENCIES);
    const sb_table *countries = sb_find(maker, 0, SB_TABLE_COUNTRIES);
    maker->currency_codes = calloc(currencies->count, sizeof *maker->currency_codes);
    maker->country_codes = calloc(countries->count, sizeof *maker->country_codes);
    if (maker->currency_codes == NULL || maker->country_codes == NULL)
        return no_memory(err);
    for (uint32_t row = 0; row < currencies->count; row++)
        maker->currency_codes[row] = piece_of(sb_table_text(currencies, 0, row));
    for (uint32_t row = 0; row < countries->count; row++)
        maker->country_codes[row] = piece_of(sb_table_text(countries, SB_COUNTRY_CODE, row));
    for (int i = 0; i < SB_TX_COUNT; i++)
        maker->words.types[i] = piece_of(sb_tx_words[i]);
    for (int i = 0; i < SB_CHANNEL_COUNT; i++)
        maker->words.channels[i] = piece_of(sb_channel_words[i]);
    for (int i = 0; i < SB_TX_STATUS_COUNT; i++)
        maker->words.statuses[i] = piece_of(sb_tx_status_words[i]);
    for (int i = 0; i < SB_LINE_COUNT; i++)
        maker->words.lines[i] = piece_of(sb_line_words[i]);
    return SB_OK;
}

static sb_status prepare_shared(sb_maker *maker, sb_error *err)
{
    const sb_table *currencies = sb_find(maker, 0, SB_TABLE_CURRENCIES);
    const sb_table *mccs = sb_find(maker, 0, SB_TABLE_MCC);
    const sb_table *countries = sb_find(maker, 0, SB_TABLE_COUNTRIES);
    maker->money = calloc(currencies->count, sizeof *maker->money);
    maker->categories = calloc(mccs->count, sizeof *maker->categories);
    maker->values = calloc(SB_VALUE_COLUMNS, sizeof *maker->values);
    maker->value_columns = calloc(currencies->count, sizeof *maker->value_columns);
    maker->country_traits = calloc(countries->count, sizeof *maker->country_traits);
    maker->firms = sb_firms_open();
    maker->companies = sb_companies_open();
    maker->geography = sb_geography_prepare(maker);
    maker->events = calloc(1, sizeof *maker->events);
    maker->charters = sb_charters_open(sb_tables_locale_count(maker->world->tables));
    maker->people = sb_people_open(maker->world);
    maker->addresses = sb_addresses_open();
    maker->localities = sb_localities_open(sb_tables_locale_count(maker->world->tables));
    if (maker->money == NULL || maker->categories == NULL || maker->country_traits == NULL ||
        maker->values == NULL || maker->value_columns == NULL || maker->firms == NULL ||
        maker->companies == NULL || maker->geography == NULL || maker->events == NULL ||
        maker->charters == NULL || maker->people == NULL || maker->addresses == NULL ||
        maker->localities == NULL)
        return no_memory(err);
    SB_TRY(prepare_pieces(maker, err));
    for (uint32_t i = 0; i < sb_tables_locale_count(maker->world->tables); i++)
        maker->grammar_of[i] = (uint8_t)sb_tables_twin(maker->world->tables, i, SB_TABLE_GRAMMAR);
    for (uint32_t row = 0; row < currencies->count; row++)
        maker->money[row] = money_of(currencies, row);
    for (uint32_t row = 0; row < currencies->count; row++)
        set_thresholds(&maker->money[row], threshold_of(maker, currencies, row));
    for (uint32_t row = 0; row < countries->count; row++)
        maker->country_traits[row] =
            (uint8_t)((sb_country_is(maker, row, SB_COUNTRY_HAVEN) ? SB_TRAIT_HAVEN : 0) |
                      (sb_country_is(maker, row, SB_COUNTRY_HIGH_RISK) ? SB_TRAIT_HIGH_RISK : 0));
    for (uint32_t row = 0; row < mccs->count; row++) {
        maker->categories[row] = (sb_category){
            .code = sb_table_int(mccs, MCC_CODE, row),
            .median_cents = sb_table_int(mccs, MCC_MEDIAN, row),
            .online_permille = (uint16_t)sb_table_int(mccs, MCC_ONLINE, row),
            .appeal = appeal_of(sb_table_int(mccs, MCC_WEIGHT, row)),
            .shape = (uint8_t)sb_lognormal_shape((int)sb_table_int(mccs, MCC_SIGMA, row)),
            .text = sb_label_of(sb_table_text(mccs, MCC_TEXT, row).bytes,
                                sb_table_text(mccs, MCC_TEXT, row).byte_count)};
        prepare_bills(&maker->categories[row], maker->categories[row].code);
    }
    prepare_trades(maker);
    prepare_lines(maker);
    return sb_table_cache_check(maker->cache, err);
}

/* ---- opening -------------------------------------------------------------------------------- */

sb_status sb_maker_open(const sb_world *world, sb_maker **out, sb_error *err)
{
    sb_maker *maker = calloc(1, sizeof *maker);
    if (maker == NULL)
        return no_memory(err);
    maker->world = world;
    maker->lanes = sb_lanes_best();
    int year, month, day;
    sb_civil_from_days(world->values.end_days, &year, &month, &day);
    maker->end_months = year * 12 + month;
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
        close_merchants(maker->merchants[i]);
        sb_grammar_close(maker->grammars[i]);
        free(maker->titles[i]);
        free(maker->line_of_word[i]);
    }
    for (int ranks = 0; ranks < SB_RANKS_COUNT; ranks++)
        for (int count = 0; count <= SB_CELL_ACCOUNTS; count++)
            free(maker->rankings[ranks][count]);
    free(maker->money);
    free(maker->categories);
    free(maker->country_traits);
    free(maker->values);
    free(maker->value_columns);
    free(maker->currency_codes);
    free(maker->country_codes);
    free(maker->firms);
    free(maker->companies);
    free(maker->people);
    free(maker->addresses);
    free(maker->localities);
    free(maker->bourses);
    free(maker->catalogue);
    free(maker->charters);
    free(maker->contacts);
    free(maker->daybook);
    free(maker->events);
    free(maker->holders);
    free(maker->geography);
    free(maker->patrons);
    free(maker->circle);
    free(maker->travel);
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

/* NULL when memory ran out. */
static const uint8_t *keep_name(struct sb_merchants *all, const sb_label *name)
{
    if (all->names == NULL || all->names_used + name->byte_count > NAME_BLOCK_BYTES) {
        name_block *block = malloc(sizeof *block);
        if (block == NULL)
            return NULL;
        block->before = all->names;
        all->names = block;
        all->names_used = 0;
    }
    uint8_t *at = all->names->bytes + all->names_used;
    memcpy(at, name->bytes, name->byte_count);
    all->names_used += name->byte_count;
    return at;
}

/* A category that people go to, and a name that fits, if such are drawn. */
static void make_merchant(sb_maker *maker, uint32_t locale, uint32_t number,
                          struct sb_merchants *all)
{
    enum { TRIES = 64 };
    const sb_table *patterns = sb_find(maker, locale, SB_TABLE_MERCHANTS);
    sb_key key = sb_row_key(maker->world->merchants, (uint64_t)locale << 32 | number);
    uint16_t mcc = 0;
    sb_line line;
    for (uint32_t nth = 0; nth < TRIES; nth++) {
        uint64_t draw = sb_draw(key, 32 + nth);
        uint32_t row = (uint32_t)sb_below(draw, patterns->count);
        mcc = all->mccs[row];
        bool wanted = (draw & 255) <= maker->categories[mcc].appeal || nth >= 40;
        if (!wanted)
            continue;
        sb_line_begin(&line);
        write_merchant(maker, locale, sb_table_text(patterns, 0, row), sb_row_key(key, nth), &line);
        if (line.length <= MERCHANT_BYTES)
            break;
    }
    uint32_t length = line.length < MERCHANT_BYTES ? line.length : MERCHANT_BYTES;
    while (length < line.length && length > 0 && (line.bytes[length] & 0xC0) == 0x80)
        length--; /* never half a letter */
    sb_label name = sb_label_of(line.bytes, length);
    all->list[number] = (sb_merchant){keep_name(all, &name), mcc, name.byte_count};
    all->categories[number] = (uint16_t)(mcc + 1);
}

static struct sb_merchants *prepare_merchants(sb_maker *maker, uint32_t locale)
{
    const sb_table *patterns = sb_find(maker, locale, SB_TABLE_MERCHANTS);
    struct sb_merchants *all = calloc(1, sizeof *all + patterns->count * sizeof all->mccs[0]);
    for (uint32_t row = 0; all != NULL && row < patterns->count; row++)
        all->mccs[row] = find_mcc(maker, sb_table_text(patterns, 1, row));
    return all;
}

const sb_merchant *sb_maker_merchant(sb_maker *maker, uint32_t locale, uint32_t number)
{
    static const sb_label no_name;
    static const sb_merchant nobody = {no_name.bytes, 0, 0};
    struct sb_merchants **all = &maker->merchants[locale];
    if (*all == NULL)
        *all = prepare_merchants(maker, locale);
    if (*all != NULL && (*all)->list[number].name == NULL)
        make_merchant(maker, locale, number, *all);
    if (*all != NULL && (*all)->list[number].name != NULL)
        return &(*all)->list[number];
    maker->out_of_memory = true;
    return &nobody;
}

uint16_t sb_maker_merchant_mcc(sb_maker *maker, uint32_t locale, uint32_t number)
{
    const struct sb_merchants *all = maker->merchants[locale];
    return all != NULL && all->categories[number] > 0
               ? (uint16_t)(all->categories[number] - 1)
               : sb_maker_merchant(maker, locale, number)->mcc;
}

/* ---- language ------------------------------------------------------------------------------- */

const sb_grammar *sb_maker_grammar(sb_maker *maker, uint32_t locale)
{
    locale = maker->grammar_of[locale];
    if (maker->grammars[locale] == NULL)
        maker->grammars[locale] = sb_grammar_prepare(maker->cache, locale);
    if (maker->grammars[locale] == NULL)
        maker->out_of_memory = true;
    return maker->grammars[locale];
}

/* The cell of a title: of men, or of women, where they are called something else. */
static uint32_t title_cell(const sb_table *titles, uint32_t row, bool female)
{
    sb_text own = sb_table_text(titles, 2, row);
    bool has_own = !(own.byte_count == 1 && own.bytes[0] == '-');
    return row * titles->columns + (female && has_own ? 2 : 1);
}

/* Titles are found by key, so that a language may list them in an order of its own. */
static sb_titles *prepare_titles(sb_maker *maker, uint32_t locale)
{
    const sb_table *occupations = sb_find(maker, 0, SB_TABLE_OCCUPATIONS);
    const sb_table *titles = sb_find(maker, locale, SB_TABLE_TITLES);
    sb_titles *cells = calloc(occupations->count, sizeof *cells);
    for (uint32_t o = 0, t = 0; cells != NULL && o < occupations->count; o++) {
        uint32_t tried = 0; /* begins behind the last one found, where it mostly is */
        while (tried < titles->count &&
               sb_table_mark(titles, 0, t) != sb_table_mark(occupations, 0, o)) {
            t = t + 1 < titles->count ? t + 1 : 0;
            tried++;
        }
        uint32_t row = tried < titles->count ? t : 0;
        cells[o].of_men = title_cell(titles, row, false);
        cells[o].of_women = title_cell(titles, row, true);
        if (tried < titles->count) {
            t = t + 1 < titles->count ? t + 1 : 0;
        }
    }
    return cells;
}

sb_text sb_maker_title(sb_maker *maker, uint32_t locale, uint32_t occupation, bool female)
{
    const sb_table *titles = sb_find(maker, locale, SB_TABLE_TITLES);
    if (maker->titles[locale] == NULL)
        maker->titles[locale] = prepare_titles(maker, locale);
    if (maker->titles[locale] == NULL) {
        maker->out_of_memory = true;
        return sb_table_text(titles, 1, 0);
    }
    const sb_titles *cells = &maker->titles[locale][occupation];
    return sb_table_cell_text(titles, female ? cells->of_women : cells->of_men);
}

/* ---- lines of business ---------------------------------------------------------------------- */

/* Words have one of some 150 lines, so they are looked up: places of lines by their marks, the next
 * free one where two meet. */
static uint8_t *prepare_lines_of_words(sb_maker *maker, uint32_t locale)
{
    enum { SUB_INDUSTRY = 3, PLACES = 1024 };
    const sb_table *words = sb_find(maker, locale, SB_TABLE_COMPANY_SECOND);
    const sb_table *lines = sb_find(maker, 0, SB_TABLE_SUB_INDUSTRIES);
    uint8_t places[PLACES], *of = malloc(words->count);
    memset(places, SB_LINES_MAX, sizeof places);
    for (uint32_t line = 0; line < lines->count && line < SB_LINES_MAX; line++) {
        uint32_t at = (uint32_t)sb_table_mark(lines, 0, line) % PLACES;
        while (places[at] != SB_LINES_MAX)
            at = (at + 1) % PLACES;
        places[at] = (uint8_t)line;
    }
    for (uint32_t word = 0; of != NULL && word < words->count; word++) {
        int64_t mark = sb_table_mark(words, SUB_INDUSTRY, word);
        uint32_t at = (uint32_t)mark % PLACES;
        while (places[at] != SB_LINES_MAX && sb_table_mark(lines, 0, places[at]) != mark)
            at = (at + 1) % PLACES;
        of[word] = places[at];
    }
    return of;
}

uint32_t sb_maker_line(sb_maker *maker, uint32_t locale, uint32_t second)
{
    if (maker->line_of_word[locale] == NULL)
        maker->line_of_word[locale] = prepare_lines_of_words(maker, locale);
    if (maker->line_of_word[locale] == NULL) {
        maker->out_of_memory = true;
        return SB_LINES_MAX;
    }
    return maker->line_of_word[locale][second];
}

/* ---- ranks ---------------------------------------------------------------------------------- */

struct sb_ranking {
    sb_alias alias;
    uint32_t threshold[SB_CELL_ACCOUNTS], other[SB_CELL_ACCOUNTS];
};

static struct sb_ranking *prepare_ranking(sb_ranks ranks, uint32_t count)
{
    static const uint32_t *const tables[SB_RANKS_COUNT] = {[SB_RANKS_MILD] = sb_ranks_mild,
                                                           [SB_RANKS_SPENDER] = sb_ranks_spender,
                                                           [SB_RANKS_PAYEE] = sb_ranks_payee,
                                                           [SB_RANKS_PAYER] = sb_ranks_payer};
    const uint32_t *cumulative = tables[ranks];
    struct sb_ranking *made = malloc(sizeof *made);
    int64_t weights[SB_CELL_ACCOUNTS];
    uint64_t scratch[2 * SB_CELL_ACCOUNTS];
    if (made == NULL)
        return NULL;
    for (uint32_t rank = 0; rank < count; rank++)
        weights[rank] = (31 * (int64_t)(cumulative[rank + 1] - cumulative[rank]) +
                         (int64_t)(cumulative[count] / count)) /
                        32;
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
