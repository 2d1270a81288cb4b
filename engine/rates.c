#include "engine/rates.h"

#include <string.h>

/* A symmetric step of at most `size` parts per million. */
static int64_t step(sb_key key, uint64_t point, int64_t size)
{
    sb_key row = {key.low ^ point, key.high};
    return (int64_t)sb_below(sb_draw(row, 1), (uint64_t)size * 2 + 1) - size;
}

/* Halves a span from level `first` to before level `end`, keeping the half with the day. */
static void halve(const sb_walk *walk, sb_key key, uint32_t day, int first, int end,
                  sb_walk_span *span)
{
    uint32_t width = 1u << (SB_WALK_BITS - first);
    for (int level = first; level < end && day != span->begin; level++) {
        width /= 2;
        uint32_t half = span->begin + width;
        int32_t middle =
            (span->left + span->right) / 2 + (int32_t)step(key, half, walk->steps[level]);
        if (day >= half) {
            span->begin = half;
            span->left = middle;
        } else {
            span->right = middle;
        }
    }
}

static sb_walk_span whole_span(const sb_walk *walk, sb_key key, uint32_t day)
{
    uint32_t begin = day >> SB_WALK_BITS << SB_WALK_BITS, end = begin + (1 << SB_WALK_BITS);
    return (sb_walk_span){begin, (int32_t)step(key, begin, walk->ends),
                          (int32_t)step(key, end, walk->ends)};
}

int64_t sb_walk_at(const sb_walk *walk, sb_key key, uint32_t day)
{
    sb_walk_span span = whole_span(walk, key, day);
    halve(walk, key, day, 0, SB_WALK_BITS, &span);
    return span.left;
}

sb_walk_span sb_walk_near(const sb_walk *walk, sb_key key, uint32_t day)
{
    /* Of the last day, since that of a day at a half would not be halved on. */
    uint32_t last = day | (SB_WALK_NEAR_DAYS - 1);
    sb_walk_span span = whole_span(walk, key, last);
    halve(walk, key, last, 0, SB_WALK_BITS - SB_WALK_NEAR_BITS, &span);
    return span;
}

int64_t sb_walk_in(const sb_walk *walk, sb_key key, const sb_walk_span *span, uint32_t day)
{
    sb_walk_span left = *span;
    halve(walk, key, day, SB_WALK_BITS - SB_WALK_NEAR_BITS, SB_WALK_BITS, &left);
    return left.left;
}

/* How far a currency's value is from the ordinary, in parts per million. */
static int64_t deviation_ppm(sb_key key, uint32_t day)
{
    static const sb_walk walk = {
        90000, {64000, 45000, 32000, 22600, 16000, 11300, 8000, 5650, 4000, 2800, 2000, 1400}};
    return sb_walk_at(&walk, key, day);
}

static int64_t make_value(const sb_maker *maker, uint32_t currency, int32_t day)
{
    sb_key key = sb_row_key(maker->world->rates, currency);
    return maker->money[currency].minor_value * (1000000 + deviation_ppm(key, (uint32_t)day)) /
           1000000;
}

/* The column of a currency; another one's, whose turn it is, if it has none. */
static uint32_t find_column(sb_maker *maker, uint32_t currency)
{
    uint32_t column = maker->value_columns[currency];
    if (maker->values[column].currency != currency) {
        column = maker->next_value_column++ % SB_VALUE_COLUMNS;
        memset(&maker->values[column], 0, sizeof maker->values[column]);
        maker->values[column].currency = currency;
        maker->value_columns[currency] = (uint8_t)column;
    }
    return column;
}

static int64_t value_on(sb_maker *maker, uint32_t currency, int32_t day)
{
    if (currency == 0) /* the US dollar: what the others are measured in */
        return maker->money[0].minor_value;
    uint32_t column = find_column(maker, currency), slot = (uint32_t)day % SB_VALUE_DAYS;
    uint32_t name = (uint32_t)day ^ 0x80000000u; /* 0 is no day: it means none */
    if (maker->values[column].days[slot].name != name) {
        maker->values[column].days[slot].value = make_value(maker, currency, day);
        maker->values[column].days[slot].name = name;
    }
    return maker->values[column].days[slot].value;
}

int64_t sb_rate(sb_maker *maker, uint32_t from, uint32_t to, int32_t day)
{
    return (int64_t)((sb_i128)value_on(maker, from, day) * SB_RATE_SCALE /
                     value_on(maker, to, day));
}
