/* What the files about persons share: who they are (person.c), and the row that tells it
 * (person_block.c, person_row.c). */
#ifndef ENGINE_PERSON_INTERNAL_H
#define ENGINE_PERSON_INTERNAL_H

#include "engine/company.h"
#include "engine/identifier.h"
#include "engine/person.h"
#include "engine/words.h"

enum { PAPER_COUNT = SB_ID_DOCUMENT_COUNT };

/* What the people of a locale have in common, by birth or because they live there: ready to use. */
typedef struct sb_customs {
    const sb_locale *locale; /* NULL: not ready yet */
    const sb_table *given[2], *families;
    bool has_female_names;              /* family names have a form for women */
    int64_t minor_units;                /* in a whole one of the currency */
    sb_divisor income_step, worth_step; /* what sums are rounded to */
    bool has_tax_id, is_high_risk, is_haven;
    sb_number_form tax_id;
    sb_number_form papers[PAPER_COUNT];
} sb_customs;

enum { MEN, WOMEN };

/* The household that was asked for last: its members stand in a row. */
typedef struct sb_kept_home {
    uint64_t name; /* its first member + 1; 0: none yet */
    uint32_t size;
    sb_key key, head_key;
    uint64_t turn, family; /* draws: who of a couple is the woman; the name most members bear */
    int32_t head_age;      /* in days */
    uint32_t home_locale, culture;
    sb_place place;
} sb_kept_home;

/* Numbers that are permuted. */
typedef enum sb_person_lane {
    LANE_EMAIL,
    LANE_PROFILE,
    LANE_TAX_ID,
    LANE_PAPER,
    LANE_COUNT = LANE_PAPER + PAPER_COUNT
} sb_person_lane;
_Static_assert((int)LANE_COUNT <= (int)SB_LANES_MAX, "all at once");

/* Draws that nearly every row takes. */
/* clang-format off */
#define ROW_DRAWS(D)                                                                               \
    D(gender, 0) D(date_of_birth, 1) D(first_name, 0) D(last_name, 0) D(last_name, 1)              \
    D(middle_name, 0) D(middle_name, 1) D(languages, 0) D(marital_status, 0) D(dependents, 0)      \
    D(education_level, 0) D(addresses, 0) D(phones, 0) D(phones, 1) D(phones, 16) D(emails, 0)     \
    D(emails, 1) D(employment, 1) D(employment, 2) D(employment, 3) D(employment, 4)               \
    D(employment, 6) D(employment, 7) D(employment, 8) D(employment, 10) D(employment, 11)         \
    D(employment, 12) D(employment, 15) D(employment, 16) D(employment, 32) D(employment, 33)      \
    D(employment, 34) D(employment, 48) D(employment, 49) D(employment, 50) D(employment, 64)      \
    D(employment, 65) D(employment, 66) D(annual_income, 0)                                        \
    D(risk_level, 0) D(documents, 0) D(documents, 1) D(documents, 2) D(documents, 8)               \
    D(documents, 9) D(documents, 10) D(net_worth, 0) D(online_activity_score, 0)                   \
    D(online_activity_score, 1) D(social_profiles, 0) D(social_profiles, 1) D(social_profiles, 2)  \
    D(social_profiles, 3) D(is_pep, 0) D(is_sanctioned, 0)
/* clang-format on */

#define ROW_DRAW(field, nth) DRAWN_##field##_##nth,
enum { ROW_DRAWS(ROW_DRAW) DRAWN_COUNT };
#undef ROW_DRAW

enum { SB_POSTS_MAX = 3, SB_PROFILES_MAX = 4 };

/* A job, present or past, as its row tells it. */
typedef struct sb_post {
    bool is_current, is_inside; /* inside: with the company that the person's sb_job says */
    int32_t begin, end;
    int64_t income;
    sb_text title, industry;
    sb_outside_name employer; /* of those that are not inside */
} sb_post;

/* A name as it is written in addresses, copied in one step. */
typedef struct sb_slug {
    char bytes[SB_TEXT_ROOM];
    uint32_t byte_count; /* SB_SLUG_LONG: it has no room here */
} sb_slug;
enum { SB_SLUG_LONG = 1000 };

/* What the fields of a row are written from. */
typedef struct sb_person_row {
    sb_person person;
    sb_job job;
    const sb_customs *residence, *culture;
    sb_civil birth;
    int32_t age; /* full years at the end of the period */
    int marital_status;
    bool is_pep, is_sanctioned, is_female;
    uint32_t online_score;
    uint32_t post_count, paper_count, profile_count;
    uint32_t papers[PAPER_COUNT], profiles[SB_PROFILES_MAX]; /* types of those that there are */
    uint64_t ranks[LANE_COUNT];
    sb_slug first_slug, last_slug;
    sb_post posts[SB_POSTS_MAX];
} sb_person_row;

/* What the rows of as many neighbours as there are lanes are made with, side by side (see
 * engine/lanes.h). A row that is made alone uses one of the lanes. */
typedef struct sb_person_block {
    bool is_whole;
    uint64_t first;           /* a multiple of SB_LANES */
    const sb_customs *common; /* of the cell; numbers are permuted for those who have these */
    sb_keys keys, home_keys, place_keys; /* a person's own, and those if he heads a household */
    sb_unique email, profile;
    uint64_t draws[DRAWN_COUNT][SB_LANES];
    uint64_t ranks[LANE_COUNT][SB_LANES];
    sb_person_row rows[SB_LANES];
    sb_address addresses[SB_LANES]; /* by the place of a household's first member */
} sb_person_block;

struct sb_people {
    uint64_t block; /* of sixteen persons, + 1; 0: none yet */
    struct {
        uint8_t index, size;
    } places[16]; /* of the block's persons in their households */
    sb_kept_home home;
    sb_key profile_key; /* of names in social networks */
    sb_civil end;
    uint64_t next; /* the row that comes next when rows are made one after the other */
    sb_person_block lanes;
    sb_customs customs[];
};

/* The first `count` persons of the block and their jobs, into its rows: what keys, draws and
 * households they are made of is there. */
void sb_persons_make(sb_maker *maker, sb_person_block *block, uint32_t count);
void sb_persons_job(sb_maker *maker, sb_person_block *block, uint32_t count);

/* What a locale's people have in common: borrowed from the maker, prepared at first use. */
const sb_customs *sb_customs_of(sb_maker *maker, uint32_t locale);

/* The block if it has that person. */
static inline const sb_person_block *sb_person_lanes(const sb_maker *maker, uint64_t id)
{
    const sb_person_block *lanes = &maker->people->lanes;
    return lanes->is_whole && id - lanes->first < SB_LANES ? lanes : NULL;
}

/* Blocks of 16 use the even half of the stream's indices, households the odd one. */
static const uint64_t HOME_INDEX = (uint64_t)1 << 63;

enum { ADULT_DAYS = 6576, AGED_DAYS = 34690, TEEN_DAYS = 5114 };

/* Columns of shared/occupations.tsv. */
enum {
    OCCUPATION_INDUSTRY = 2,
    OCCUPATION_WEIGHT,
    OCCUPATION_INCOME,
    OCCUPATION_SIGMA,
    OCCUPATION_LEVEL
};

static inline bool sb_is_female(const sb_person *person)
{
    bool is_said = person->gender == SB_GENDER_FEMALE || person->gender == SB_GENDER_MALE;
    return is_said ? person->gender == SB_GENDER_FEMALE
                   : (sb_draw(person->key, SB_DRAW_NUMBER(SB_PERSON_gender, 1)) & 1) != 0;
}

/* A family name as a woman or a man bears it; `row` of the culture's families. */
sb_text sb_family_form(const sb_customs *culture, uint32_t row, bool female, bool latin);

/* Where the first e-mail address is; by draw 0 of the addresses. */
const sb_text *sb_email_domain(uint64_t draw);

/* What an occupation earns a year at that age: before the step to minor units. */
int64_t sb_draw_income(const sb_table *occupations, uint32_t row, const sb_customs *residence,
                       int32_t age_years, uint64_t draw);

#endif
