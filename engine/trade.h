/* Trades: orders on exchanges that investment accounts pay for. */
#ifndef ENGINE_TRADE_H
#define ENGINE_TRADE_H

#include "engine/events.h"

/* What sb_trade_time() found out: the row of the exchange. */
typedef struct sb_trade_note {
    uint32_t exchange;
} sb_trade_note;

/* The moment of a row; see sb_event_clock. */
int64_t sb_trade_time(sb_maker *maker, const sb_cell_events *of, uint32_t index);

/* Appends one row. */
void sb_trade_put(sb_maker *maker, sb_rows *rows, const sb_cell_events *of, uint32_t index);

/* The working day of the period at that share of 2^64 of its weekdays; any day of a period without
 * one. */
int32_t sb_working_day(sb_maker *maker, uint64_t position);
/* The moment at that share of 2^64 of the time between two minutes after midnight by a local clock,
 * as far as that lies inside the period. */
int64_t sb_working_moment(sb_maker *maker, sb_clock clock, int32_t day, int64_t open_minute,
                          int64_t close_minute, uint64_t share);

/* The price of an instrument on a day, in 16.16 fixed point of its ordinary one: a function of the
 * two, so that all trades of a day agree. `percent` scales how far it wanders; at 100 some 1.4 % a
 * day. */
int64_t sb_price_factor(sb_key instrument, int32_t day, int64_t percent);

#endif
