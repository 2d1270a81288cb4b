#include "engine/rates.h"

#include <string.h>

/* A symmetric step of at most `size` parts per million. */
static int64_t step(sb_key key, uint64_t point, int64_t size)
{
    sb_key row = {key.low ^ point, key.high};
    return (int64_t)sb_below(sb_draw(row, 1), (uint64_t)size * 2 + 1) - size;
}

int64_t sb_walk_at(const sb_walk *walk, sb_key key, uint32_t day)
{
    uint32_t low = day >> SB_WALK_BITS << SB_WALK_BITS, width = 1 << SB_WALK_BITS;
    int64_t left = step(key, low, walk->ends), right = step(key, low + width, walk->ends);
    for (int level = 0; level < SB_WALK_BITS && day != low; level++) {
        width /= 2;
        int64_t middle = (left + right) / 2 + step(key, low + width, walk->steps[level]);
        if (day >= low + width) {
            low += width;
            left = middle;
        } else {
            right = middle;
        }
    }
    return left;
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
