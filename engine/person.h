/* Persons: each a function of its number, with a household and a job that are arithmetic. */
#ifndef ENGINE_PERSON_H
#define ENGINE_PERSON_H

#include "engine/place.h"

typedef struct sb_person {
    uint64_t id;
    sb_key key;
    uint64_t household; /* the id of its first member */
    uint32_t household_index, household_size;
    sb_key household_key;
    uint32_t home_locale; /* of the cell: where they bank, and whose language they speak */
    uint32_t culture;     /* locale of names, nationality and mother tongue */
    sb_place place;
    int gender;
    int32_t birth;                   /* days since 1970 */
    sb_text first_name, last_name;   /* of two surnames the first */
    sb_text first_latin, last_latin; /* in Latin letters */
    bool is_latin;                   /* the names are so anyway */
} sb_person;

typedef struct sb_job {
    bool employed, retired;
    bool inside;         /* the employer is a company of the dataset */
    uint64_t employer;   /* its id */
    uint32_t occupation; /* row of the shared occupations */
    int64_t income;      /* a year, minor units of that country's currency; 0: none */
} sb_job;

/* Owned by the caller, who frees it; NULL when memory ran out. */
struct sb_people *sb_people_open(const sb_world *world);

void sb_person_make(sb_maker *maker, uint64_t id, sb_person *out);

/* What a person has from the household, and the date of birth: a third of the work. */
typedef struct sb_origin {
    int32_t birth;
    uint32_t culture;
    sb_key household_key;
} sb_origin;
void sb_person_origin(sb_maker *maker, uint64_t id, sb_origin *out);
/* Date of birth alone: some tens of nanoseconds. */
int32_t sb_person_birth(const sb_world *world, uint64_t id);
/* Fills in the household alone: its first member, size, and the person's place in it. */
void sb_person_household(const sb_world *world, uint64_t id, sb_person *out);
void sb_person_job(sb_maker *maker, const sb_person *person, sb_job *out);
/* The day on which the present job began; only of who is employed. */
int32_t sb_person_job_begin(sb_maker *maker, const sb_person *person, const sb_job *job);
/* Whether the two who head the person's household are married to each other. */
bool sb_person_has_spouse(const sb_person *person);

/* The person's first e-mail address, unique in the dataset, and first phone number. */
void sb_person_email(const sb_person *person, const sb_world *world, sb_line *out);
void sb_person_phone(sb_maker *maker, const sb_person *person, sb_line *out);

/* The number of the person's passport, which most have: false for the others. */
bool sb_person_passport(sb_maker *maker, const sb_person *person, sb_line *out);

/* Given and family name (of two the first) in the order of the culture. */
void sb_person_name(const sb_maker *maker, const sb_person *person, sb_line *out);

/* Somebody who is not in the dataset: given and family name in the order of the locale. */
void sb_outside_person(sb_maker *maker, uint32_t locale, uint64_t draw, sb_line *out);

/* Appends one row. */
void sb_person_put(sb_maker *maker, sb_rows *rows, uint64_t id);

#endif
