/* Messages: who wrote what to whom. Threads are arithmetic over the index, so a reply knows its
 * message. */
#ifndef ENGINE_COMMUNICATION_H
#define ENGINE_COMMUNICATION_H

#include "engine/maker.h"

/* The messages of a cell, in order. Arena memory. */
typedef struct sb_mailbox {
    uint64_t cell;
    sb_key key;
    sb_home home;
    sb_pool persons, companies;
    sb_permutation ids;
    uint64_t step;
    int64_t *times;
    const uint32_t *order;
    uint32_t count;
} sb_mailbox;

SB_CHECK sb_status sb_mailbox_make(sb_maker *maker, uint64_t cell, sb_mailbox *out, sb_error *err);
uint64_t sb_mailbox_id(const sb_world *world, const sb_mailbox *box, uint32_t index);
/* Appends the row of the message with that index (not place in the order). */
void sb_communication_put(sb_maker *maker, sb_rows *rows, const sb_mailbox *box, uint32_t index);

#endif
