/* Messages: threads between people who share a language. About a third of them talk of a payment of
 * the cell's ledger, and name its amount, date or reference as it is. */
#ifndef ENGINE_COMMUNICATION_H
#define ENGINE_COMMUNICATION_H

#include "engine/events.h"
#include "engine/ledger.h"

/* A message's place in its thread, and the payment that the thread is about: flow k of one of the
 * ledger's streams. */
typedef struct sb_tie {
    uint32_t k;
    uint8_t stream; /* index in the ledger's list + 1; 0: about no payment */
    bool payer_writes;
    uint8_t position, length; /* in the thread, and of it */
} sb_tie;

/* The messages of a cell, in order. All memory is the maker's arena's. */
typedef struct sb_mailbox {
    sb_cell_events events;
    const sb_ledger *ledger; /* borrowed: whose payments are talked about */
    sb_tie *ties;            /* by index */
} sb_mailbox;

/* The ledger cell whose payments the people of a cell of messages talk about. */
uint64_t sb_mailbox_ledger_cell(const sb_world *world, uint64_t cell);
/* `ledger` may be one just made of that cell, else NULL: it is opened here. */
SB_CHECK sb_status sb_mailbox_make(sb_maker *maker, uint64_t cell, const sb_ledger *ledger,
                                   sb_mailbox *out, sb_error *err);

/* Appends the row of message `index` (see sb_cell_events.order). */
void sb_communication_put(sb_maker *maker, sb_rows *rows, const sb_mailbox *box, uint32_t index);

/* Keys, numbers and draws of messages that follow each other in order, made side by side (see
 * engine/lanes.h): for who makes all of a mailbox. Draws are those of ROW_DRAWS in
 * communication_internal.h. */
enum { SB_MESSAGE_DRAWS = 13 };
typedef struct sb_messages {
    const sb_mailbox *box; /* borrowed */
    uint32_t indices[SB_LANES];
    sb_keys keys, threads;
    uint64_t ids[SB_LANES]; /* permuted */
    uint64_t draws[SB_MESSAGE_DRAWS][SB_LANES];
} sb_messages;

/* Takes those from place `first` of the order on; returns how many, 0 behind the last one. */
uint32_t sb_messages_take(sb_maker *maker, const sb_mailbox *box, uint32_t first, sb_messages *out);
/* Appends the row of one of them: the same as sb_communication_put(). */
void sb_message_put(sb_maker *maker, sb_rows *rows, const sb_messages *taken, uint32_t lane);

/* Whether a person or company wrote or got the message: its row alone would cost ten times that. */
void sb_communication_look(sb_maker *maker, const sb_mailbox *box, uint32_t index, bool company,
                           uint64_t id, bool *sent, bool *received);

#endif
