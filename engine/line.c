#include "engine/line.h"

void sb_line_long_digits(sb_line *line, uint64_t value, int digits)
{
    char text[24];
    uint64_t high = value / SB_TEN_TO_THE_8, top = high / SB_TEN_TO_THE_8;
    const uint32_t eights[3] = {(uint32_t)top, (uint32_t)(high % SB_TEN_TO_THE_8),
                                (uint32_t)(value % SB_TEN_TO_THE_8)};
    for (int i = 0; i < 3; i++)
        sb_put_all_digits(text + 8 * i, eights[i]);
    int first = top > 0 ? 0 : high > 0 ? 1 : 2;
    int noughts = 8 * first + (int)sb_leading_zeros(sb_eight_digits(eights[first]));
    int skipped = noughts > 24 - digits ? 24 - digits : noughts;
    sb_line_add(line, text + skipped, (size_t)(24 - skipped));
}
