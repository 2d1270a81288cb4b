#include "engine/table_ready.h"

#include <stdlib.h>
#include <string.h>

uint32_t sb_ready_slots(sb_table_id id, uint8_t *slots)
{
    const char *at = sb_table_shape_of(id)->columns;
    uint32_t count = 0, columns = sb_table_column_count(id);
    for (uint32_t column = 0; column < columns; column++) {
        at += strspn(at, " *");
        size_t n = strcspn(at, " ");
        /* A grammar is taken apart; nobody asks its table for a tone. */
        bool integer = id != SB_TABLE_GRAMMAR && n > 4 && strncmp(at + n - 4, ":int", 4) == 0;
        bool compared =
            (id == SB_TABLE_TITLES && column == 0) ||
            (id == SB_TABLE_COMPANY_SECOND && n >= 8 && memcmp(at + n - 8, "industry", 8) == 0);
        bool has = (int)id < (int)SB_TABLE_FIRST_LOCAL || integer || compared;
        slots[column] = (uint8_t)(has ? count++ : SB_NO_SLOT);
        at += n;
    }
    return count;
}

/* The number a text begins with; of other texts FNV-1a, 64 bits. */
static int64_t number_or_mark(const char *text)
{
    char *end;
    int64_t number = strtoll(text, &end, 10);
    if (end != text)
        return number;
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001B3);
    return (int64_t)hash;
}

void sb_ready_ints(const sb_raw_table *raw, const uint8_t *slots, int64_t *ints)
{
    for (uint32_t column = 0; column < raw->column_count; column++)
        for (uint32_t row = 0; slots[column] != SB_NO_SLOT && row < raw->row_count; row++)
            ints[slots[column] * raw->row_count + row] =
                number_or_mark(raw->pool + raw->cells[row * raw->column_count + column]);
}
