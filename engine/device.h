/* Devices: what people reach their bank with. Each is a function of its number; whose it is follows
 * from arithmetic in its cell, so a person's devices are found without making any.
 *
 * The people of a cell stand in a permuted order. Most have a first device, the front of the order
 * a second one, fewer a third and a fourth:
 *
 *     order      0 ........................................ people
 *     layer 0    first devices ...................... |
 *     layer 1    second .............. |
 *     layer 2    third .... |
 *     layer 3    fourth |
 *
 * Devices of a cell are numbered layer by layer; where there are more, it begins again. */
#ifndef ENGINE_DEVICE_H
#define ENGINE_DEVICE_H

#include "engine/maker.h"

enum { SB_DEVICE_LAYERS = 4 };

typedef struct sb_device {
    uint64_t id, owner;
    sb_key key;
    uint32_t layer; /* 0: the owner's first */
    int type;       /* SB_DEVICE_* */
    bool is_trusted;
} sb_device;

/* All but what the row alone needs: some 60 ns. */
void sb_device_make(sb_maker *maker, uint64_t id, sb_device *out);

/* One of the person's devices, mostly the first; false where there is none, as in a dataset without
 * devices. */
bool sb_device_of(sb_maker *maker, uint64_t person, uint64_t draw, uint64_t *device);

/* The same, and what sb_device_make() says of it: for less than the two together. */
bool sb_device_find(sb_maker *maker, uint64_t person, uint64_t draw, sb_device *out);

/* The same of the person's phones and tablets alone: for what only those can do. */
bool sb_mobile_of(sb_maker *maker, uint64_t person, uint64_t draw, uint64_t *device);

static inline bool sb_device_is_mobile(const sb_device *device)
{
    return device->type == SB_DEVICE_SMARTPHONE || device->type == SB_DEVICE_TABLET;
}

/* The day it was registered: never after the period's first. */
int32_t sb_device_registered(const sb_world *world, const sb_device *device);

/* The layout of a ledger cell; borrowed, until another one is asked for. NULL when memory ran out,
 * which sb_maker_check() then says. */
const sb_layout *sb_maker_layout(sb_maker *maker, uint64_t ledger_cell);

/* Appends one row. */
void sb_device_put(sb_maker *maker, sb_rows *rows, uint64_t id);

#endif
