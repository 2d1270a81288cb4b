#include "engine/contact.h"

#include <stdlib.h>

#include "engine/company.h"

/* Cells have up to 512 persons and some hundred companies next to each other. */
enum { PERSONS_KEPT = 512, COMPANIES_KEPT = 128 };

struct sb_contacts {
    sb_contact persons[PERSONS_KEPT], companies[COMPANIES_KEPT];
};

static sb_contact *place_of(sb_maker *maker, const sb_owner *who, sb_contact *spare)
{
    if (maker->contacts == NULL)
        maker->contacts = calloc(1, sizeof *maker->contacts);
    if (maker->contacts == NULL) {
        maker->out_of_memory = true;
        return spare;
    }
    return who->company ? &maker->contacts->companies[who->id % COMPANIES_KEPT]
                        : &maker->contacts->persons[who->id % PERSONS_KEPT];
}

static void make(sb_maker *maker, const sb_owner *who, sb_contact *out)
{
    out->who = *who;
    out->is_made = true;
    out->knows_passport = false;
    out->email.byte_count = out->phone.byte_count = out->ip.byte_count = 0;
    uint32_t culture;
    if (who->company) {
        culture = out->locale = sb_firm_find(maker, who->id)->company.locale;
    } else {
        sb_person_make(maker, who->id, &out->person);
        out->locale = out->person.home_locale;
        culture = out->person.culture;
    }
    out->language[0] = sb_language_of(maker, out->locale);
    out->language[1] = sb_language_of(maker, culture);
}

sb_contact *sb_contact_find(sb_maker *maker, const sb_owner *who, sb_contact *const held[2],
                            sb_contact *spare)
{
    sb_contact *place = place_of(maker, who, spare);
    if (place->is_made && place->who.id == who->id && place->who.company == who->company &&
        place != spare)
        return place;
    if (held != NULL && (place == held[0] || place == held[1]))
        place = spare;
    make(maker, who, place);
    return place;
}

void sb_contact_name(sb_maker *maker, const sb_contact *contact, sb_line *out)
{
    if (contact->who.company) {
        const sb_firm *firm = sb_firm_find(maker, contact->who.id);
        sb_line_add(out, firm->name.bytes, firm->name.length);
    } else {
        sb_person_name(maker, &contact->person, out);
    }
}

/* ---- texts that are kept -------------------------------------------------------------------- */

static void write_email(sb_maker *maker, const sb_contact *contact, sb_line *out)
{
    if (contact->who.company)
        sb_company_email(maker, &sb_firm_find(maker, contact->who.id)->company, out);
    else
        sb_person_email(&contact->person, maker->world, out);
}

static void write_phone(sb_maker *maker, const sb_contact *contact, sb_line *out)
{
    if (contact->who.company)
        sb_company_phone(maker, &sb_firm_find(maker, contact->who.id)->company, out);
    else
        sb_person_phone(maker, &contact->person, out);
}

static void write_ip(sb_maker *maker, const sb_contact *contact, sb_line *out)
{
    sb_line_ip(out, sb_home_draw(maker->world, &contact->who));
}

/* A text that is kept in `kept` from the first time on. */
static inline sb_text
find_kept(sb_maker *maker, const sb_contact *contact, sb_short_text *kept,
          void (*write)(sb_maker *maker, const sb_contact *contact, sb_line *out), sb_line *room)
{
    if (kept->byte_count > 0)
        return (sb_text){kept->bytes, kept->byte_count, 0};
    sb_line_begin(room);
    write(maker, contact, room);
    if (room->length > SB_SHORT_TEXT_BYTES)
        return (sb_text){room->bytes, room->length, 0};
    memcpy(kept->bytes, room->bytes, room->length);
    kept->byte_count = room->length;
    return (sb_text){kept->bytes, kept->byte_count, 0};
}

sb_text sb_contact_email(sb_maker *maker, sb_contact *contact, sb_line *room)
{
    return find_kept(maker, contact, &contact->email, write_email, room);
}

sb_text sb_contact_phone(sb_maker *maker, sb_contact *contact, sb_line *room)
{
    return find_kept(maker, contact, &contact->phone, write_phone, room);
}

sb_text sb_contact_ip(sb_maker *maker, sb_contact *contact, sb_line *room)
{
    return find_kept(maker, contact, &contact->ip, write_ip, room);
}

/* Numbers of passports are short in all countries. */
sb_text sb_contact_passport(sb_maker *maker, sb_contact *contact)
{
    sb_short_text *kept = &contact->passport;
    sb_line line;
    if (!contact->knows_passport) {
        sb_line_begin(&line);
        contact->has_passport = sb_person_passport(maker, &contact->person, &line);
        contact->knows_passport = true;
        kept->byte_count = line.length < SB_SHORT_TEXT_BYTES ? line.length : SB_SHORT_TEXT_BYTES;
        memcpy(kept->bytes, line.bytes, kept->byte_count);
    }
    return (sb_text){kept->bytes, contact->has_passport ? kept->byte_count : 0, 0};
}
