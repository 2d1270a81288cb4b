#include "engine/line.h"

void sb_line_long_digits(sb_line *line, uint64_t value, int digits)
{
    char text[20];
    int at = 20;
    do {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (at > 20 - digits)
        text[--at] = '0';
    sb_line_add(line, text + at, (size_t)(20 - at));
}
