/* Rows of any record, drawn from a seed: valid, and as awkward as the schema allows. */
#ifndef TESTS_UNIT_SAMPLE_ROWS_H
#define TESTS_UNIT_SAMPLE_ROWS_H

#include <string.h>

#include "format/msgpack_writer.h"
#include "format/schema.h"

/* xorshift64*: nothing but a stream that is the same on every machine. The state is never 0. */
static inline uint64_t sample_draw(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545F4914F6CDD1D);
}

static inline uint64_t sample_below(uint64_t *state, uint64_t bound)
{
    return sample_draw(state) % bound;
}

static inline void sample_word(sb_rows *rows, const char *words, uint64_t *state)
{
    const char *word = words;
    for (uint64_t skip = sample_below(state, 4); skip > 0; skip--) {
        const char *next = word + strcspn(word, " ") + 1;
        if (next[-1] == '\0' || next[0] == '\0')
            break;
        word = next;
    }
    sb_rows_str(rows, word, strcspn(word, " "));
}

static inline void sample_text(sb_rows *rows, const sb_field *field, uint64_t *state)
{
    static const char *const currencies[] = {"USD", "JPY", "KWD"};
    static const char *const texts[] = {"",
                                        "plain text that is longer than eight",
                                        "a,b\"c\"",
                                        "tab\tline\nback\\slash\x01",
                                        "S\xc3\xa3o Jos\xc3\xa9",
                                        "\xe6\x97\xa5\xe6\x9c\xac\xf0\x9f\x8c\xb1"};
    if (field->values != NULL)
        sample_word(rows, field->values, state);
    else if (field->logical == SB_CURRENCY)
        sb_rows_cstr(rows, currencies[sample_below(state, 3)]);
    else
        sb_rows_cstr(rows, texts[sample_below(state, 6)]);
}

static inline void sample_int(sb_rows *rows, const sb_field *field, uint64_t *state)
{
    if (field->logical == SB_DATE_DAYS)
        sb_rows_int(rows, (int64_t)sample_below(state, 40000) - 20000);
    else if (field->logical == SB_TIMESTAMP_MS)
        sb_rows_int(rows, (int64_t)sample_below(state, UINT64_C(4000000000000)) - 2000000000000);
    else { /* of any length */
        uint64_t shift = sample_below(state, 64);
        sb_rows_int(rows, (int64_t)sample_draw(state) >> shift);
    }
}

static inline void sample_record(sb_rows *rows, const sb_record *record, uint64_t *state);

static inline void sample_value(sb_rows *rows, const sb_field *field, sb_type type, uint64_t *state)
{
    switch (type) {
    case SB_INT:
        sample_int(rows, field, state);
        break;
    case SB_STR:
        sample_text(rows, field, state);
        break;
    case SB_BOOL:
        sb_rows_bool(rows, sample_below(state, 2) == 1);
        break;
    case SB_BIN:
        sb_rows_bin(rows, "\x00\xff\x10", sample_below(state, 4));
        break;
    case SB_RECORD:
        sample_record(rows, field->record, state);
        break;
    case SB_ARRAY: {
        uint64_t count = sample_below(state, 4);
        sb_rows_array(rows, count);
        for (uint64_t i = 0; i < count; i++)
            sample_value(rows, field, field->items, state);
        break;
    }
    }
}

static inline void sample_record(sb_rows *rows, const sb_record *record, uint64_t *state)
{
    sb_rows_array(rows, record->field_count);
    for (size_t i = 0; i < record->field_count; i++) {
        const sb_field *field = &record->fields[i];
        if (field->nullable && sample_below(state, 4) == 0)
            sb_rows_nil(rows);
        else
            sample_value(rows, field, field->type, state);
    }
}

/* Writes one row at `at` and returns its length. */
static inline size_t sample_row(uint8_t *at, const sb_record *record, uint64_t *state)
{
    sb_rows rows = {.at = at};
    sample_record(&rows, record, state);
    return (size_t)(rows.at - at);
}

#endif
