/* Contacts: what rows of events ask about the same few people and firms again and again, made when
 * it is first asked for and kept. */
#ifndef ENGINE_CONTACT_H
#define ENGINE_CONTACT_H

#include "engine/account.h"
#include "engine/person.h"
#include "engine/line.h"

/* A text that is kept; longer ones are made anew each time. */
enum { SB_SHORT_TEXT_BYTES = 64 };
typedef struct sb_short_text {
    uint32_t byte_count; /* 0: none yet */
    char bytes[SB_SHORT_TEXT_BYTES];
} sb_short_text;

typedef struct sb_contact {
    sb_owner who;
    bool is_made;
    uint32_t locale;                /* whose language they write */
    uint16_t language[2];           /* two letters each: that one, and the mother tongue */
    sb_person person;               /* of persons */
    sb_short_text email, phone, ip; /* see sb_contact_email() */
    sb_short_text passport;         /* of persons; see sb_contact_passport() */
    bool has_passport, knows_passport;
} sb_contact;

/* Borrowed. Kept by number, so those of a cell do not push each other out; where the place is that
 * of one of the two `held` (NULL: none), the contact is made in `spare`, and so it is when memory
 * ran out. Valid until others are asked for without holding it. */
sb_contact *sb_contact_find(sb_maker *maker, const sb_owner *who, sb_contact *const held[2],
                            sb_contact *spare);

/* The two letters of a locale's language as one number. */
static inline uint16_t sb_language_of(const sb_maker *maker, uint32_t locale)
{
    uint16_t letters;
    memcpy(&letters, sb_locale_of(maker, locale)->language.bytes, sizeof letters);
    return letters;
}

static inline bool sb_contact_knows(const sb_contact *contact, uint16_t language)
{
    return contact->language[0] == language || contact->language[1] == language;
}

/* What they are called among strangers: a person by the full name, a company without its form. */
void sb_contact_name(sb_maker *maker, const sb_contact *contact, sb_line *out);

/* The first e-mail address, the phone number, or the address in the network at home: borrowed from
 * the contact or, where it is too long to be kept, from `room`. */
sb_text sb_contact_email(sb_maker *maker, sb_contact *contact, sb_line *room);
sb_text sb_contact_phone(sb_maker *maker, sb_contact *contact, sb_line *room);
sb_text sb_contact_ip(sb_maker *maker, sb_contact *contact, sb_line *room);

/* The number of a person's passport; no bytes for who has none. */
sb_text sb_contact_passport(sb_maker *maker, sb_contact *contact);

/* Appends such a text. */
static inline void sb_rows_short(sb_rows *rows, sb_text text)
{
    if (text.byte_count <= SB_SHORT_TEXT_BYTES)
        sb_rows_padded(rows, text.bytes, text.byte_count);
    else
        sb_rows_text(rows, text);
}

#endif
