/* What the two files about messages share: who writes to whom, when, and about which payment
 * (communication.c), and the row that tells it (communication_row.c). */
#ifndef ENGINE_COMMUNICATION_INTERNAL_H
#define ENGINE_COMMUNICATION_INTERNAL_H

#include "engine/communication.h"
#include "engine/contact.h"
#include "engine/grammar.h"

/* Draw numbers of a thread, and of a message. */
enum {
    THREAD_JITTER = 1,
    THREAD_TYPE = 3,
    THREAD_COPY,
    THREAD_PLATFORM = 6,
    THREAD_ENCRYPTED,
    THREAD_PLACE,
    THREAD_DELAYS = 16,
    THREAD_SUBJECT = 32,
    THREAD_FIRST = 64,
    THREAD_SECOND = 72,
    THREAD_COPIED = 80,
    THREAD_TIE = 96
};
enum {
    MESSAGE_SENSITIVE = 16,
    MESSAGE_TONE,
    MESSAGE_DEVICE,
    MESSAGE_IP,
    MESSAGE_DURATION,
    MESSAGE_ID = 32,
    MESSAGE_DETAILS,
    MESSAGE_SHARES,
    MESSAGE_FILES = 64,
    MESSAGE_TEXT = 128
};

/* Draws that nearly every row takes: those of its thread, and its own. */
/* clang-format off */
#define ROW_DRAWS(T, M)                                                                            \
    T(THREAD_TYPE, 0) T(THREAD_COPY, 0) T(THREAD_PLATFORM, 0) T(THREAD_ENCRYPTED, 0)               \
    T(THREAD_FIRST, 0) T(THREAD_FIRST, 1) T(THREAD_SECOND, 0) T(THREAD_SECOND, 1)                  \
    M(MESSAGE_SENSITIVE, 0) M(MESSAGE_TONE, 0) M(MESSAGE_IP, 0) M(MESSAGE_DETAILS, 0)              \
    M(MESSAGE_FILES, 0)
/* clang-format on */
#define ROW_DRAW(number, nth) DRAWN_##number##_##nth,
enum { ROW_DRAWS(ROW_DRAW, ROW_DRAW) DRAWN_COUNT };
#undef ROW_DRAW
_Static_assert((int)DRAWN_COUNT == (int)SB_MESSAGE_DRAWS, "room for all");

typedef struct sb_thread {
    uint32_t first, position, length;
    sb_key key;
} sb_thread;

typedef enum sb_party_kind { PARTY_PERSON, PARTY_COMPANY, PARTY_OUTSIDE } sb_party_kind;

typedef struct sb_party {
    sb_party_kind kind;
    uint64_t id;         /* of outside parties: a number that names them */
    sb_contact *contact; /* of the others */
} sb_party;

enum { FIRST, SECOND, COPIED, SEATS };

/* What the fields of a row are written from. */
typedef struct sb_message_row {
    sb_maker *maker;
    const sb_mailbox *box;
    uint32_t index;
    uint64_t id;
    sb_thread thread;
    sb_key key;
    const uint64_t *drawn; /* see DRAWN(); of one row alone only those of the thread are there */
    int type;
    uint32_t locale;   /* whose language it is written in */
    uint16_t language; /* see sb_language_of() */
    sb_party seats[SEATS];
    const sb_party *sender, *receiver;
    bool has_copy;
    sb_flow payment; /* what the thread is about */
    bool is_tied, is_formal;
    uint64_t transaction; /* its id */
    sb_saying saying;     /* the text, made before the row is written */
    uint32_t platform, file_count;
    bool is_encrypted;
    int32_t sentiment;
    uint32_t share_count, risk;
    sb_contact spares[SEATS]; /* for contacts that cannot be kept side by side */
} sb_message_row;

/* A draw of ROW_DRAWS, without the work. */
#define DRAWN(number, nth) r->drawn[(DRAWN_##number##_##nth) * SB_LANES]

/* Who writes to whom, of what kind: of a row whose keys and draws are there. */
void sb_message_seat(sb_message_row *r, sb_maker *maker, const sb_mailbox *box, uint32_t index);
/* Keys and draws of a row that is made alone. `draws` is as those of sb_messages, of which the
 * first lane is used. */
void sb_message_draw(sb_message_row *r, const sb_mailbox *box, uint32_t index,
                     uint64_t draws[SB_MESSAGE_DRAWS][SB_LANES]);

/* The day of a moment, before 1970 too. */
static inline int32_t sb_message_day(int64_t ms)
{
    return (int32_t)(ms / SB_MS_A_DAY - (ms % SB_MS_A_DAY < 0));
}

#endif
