#include "engine/screening.h"

#include <string.h>

void sb_put_sanction_lists(sb_maker *maker, sb_rows *rows, uint32_t most, uint64_t draw)
{
    const sb_table *lists = sb_find(maker, 0, SB_TABLE_SANCTION_LISTS);
    sb_key key = {draw, 0x6C69737473};
    uint32_t wanted = most > 0 ? 1 + (uint32_t)sb_below(sb_draw(key, 0), most) : 0, count = 0;
    uint32_t chosen[8];
    for (uint32_t nth = 1; nth < 24 && count < wanted && count < 8; nth++) {
        uint32_t row = sb_table_draw(lists, sb_draw(key, nth)), i = 0;
        while (i < count && chosen[i] != row)
            i++;
        if (i == count)
            chosen[count++] = row;
    }
    sb_rows_array(rows, count);
    for (uint32_t i = 0; i < count; i++)
        sb_rows_text(rows, sb_table_text(lists, 0, chosen[i]));
}

uint32_t sb_country_find(sb_maker *maker, const char code[2])
{
    const sb_table *countries = sb_find(maker, 0, SB_TABLE_COUNTRIES);
    for (uint32_t row = 0; row < countries->count; row++)
        if (memcmp(sb_table_text(countries, SB_COUNTRY_CODE, row).bytes, code, 2) == 0)
            return row;
    return 0;
}
