/* Writes draws to stdout for ever: row after row of one stream, sixteen fields a row, as the engine
 * uses them. For test batteries of random numbers; scripts/dieharder runs one. */
#include <stdio.h>

#include "engine/draw.h"

int main(void)
{
    enum { ROWS = 512, FIELDS = 16 };
    static uint64_t draws[ROWS * FIELDS];
    sb_key stream = sb_key_derive((sb_seed){1, 0}, "persons", 0, 0);
    for (uint64_t row = 0;; row += ROWS) {
        for (uint32_t r = 0; r < ROWS; r++) {
            sb_key key = sb_row_key(stream, row + r);
            for (uint32_t field = 0; field < FIELDS; field++)
                draws[r * FIELDS + field] = sb_draw(key, field << 8);
        }
        if (fwrite(draws, sizeof draws, 1, stdout) != 1)
            return 0;
    }
}
