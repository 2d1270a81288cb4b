/* What the two files about rows of persons share: what they are written from (person_block.c), and
 * the writing, field by field (person_row.c). */
#ifndef ENGINE_PERSON_ROW_INTERNAL_H
#define ENGINE_PERSON_ROW_INTERNAL_H

#include "engine/person_internal.h"

/* What the functions of both share. */
typedef struct row {
    sb_maker *maker;
    sb_person_row *of;
    const sb_person *person; /* of it */
    const sb_person_block *lanes;
    const uint64_t *drawn; /* the column of this row in lanes->draws; see DRAWN() */
} row;

#define DRAW(field, nth) sb_draw(r->person->key, SB_DRAW_NUMBER(SB_PERSON_##field, nth))
/* The same of ROW_DRAWS, without the work. */
#define DRAWN(field, nth) r->drawn[(DRAWN_##field##_##nth) * SB_LANES]
/* And of one of several that follow each other there. */
#define DRAWN_AFTER(field, nth, distance) r->drawn[(DRAWN_##field##_##nth + (distance)) * SB_LANES]

/* Makes what the row of that person is written from, and of the neighbours if rows are asked for
 * one after the other. */
void sb_person_row_begin(sb_maker *maker, uint64_t id);

/* What was made for a lane of the block. */
static inline row sb_person_row_of(sb_maker *maker, uint32_t lane)
{
    sb_person_block *lanes = &maker->people->lanes;
    sb_person_row *of = &lanes->rows[lane];
    return (row){.maker = maker,
                 .of = of,
                 .person = &of->person,
                 .lanes = lanes,
                 .drawn = &lanes->draws[0][lane]};
}

/* Which of six classes, given by their cumulative bounds of 100, a share falls into. All bounds are
 * looked at: that is guessed right, where a search would not be. */
typedef uint8_t class_bounds[6];
static inline uint32_t sb_class_of(const class_bounds bounds, uint64_t share)
{
    uint32_t class = 0;
    for (uint32_t i = 0; i < 5; i++)
        class += bounds[i] <= share;
    return class;
}

/* A licence is of the country where somebody lives, other papers are of the one of birth. */
static inline const sb_customs *sb_paper_issuer(const sb_customs *residence,
                                                const sb_customs *culture, int type)
{
    return type == SB_ID_DOCUMENT_DRIVING_LICENCE ? residence : culture;
}

#endif
