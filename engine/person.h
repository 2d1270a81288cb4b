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
    int32_t birth; /* days since 1970 */
    sb_text first_name, last_name;
} sb_person;

typedef struct sb_job {
    bool employed, retired;
    bool inside;         /* the employer is a company of the dataset */
    uint64_t employer;   /* its id */
    uint32_t occupation; /* row of the occupations of the person's country of residence */
    int64_t income;      /* a year, minor units of that country's currency; 0: none */
} sb_job;

void sb_person_make(sb_maker *maker, uint64_t id, sb_person *out);
/* Date of birth alone: some tens of nanoseconds. */
int32_t sb_person_birth(const sb_world *world, uint64_t id);
void sb_person_job(sb_maker *maker, const sb_person *person, sb_job *out);

/* The person's first e-mail address, unique in the dataset, and first phone number. */
void sb_person_email(const sb_person *person, const sb_world *world, sb_line *out);
void sb_person_phone(sb_maker *maker, const sb_person *person, sb_line *out);

/* Appends one row. */
void sb_person_put(sb_maker *maker, sb_rows *rows, uint64_t id);

#endif
