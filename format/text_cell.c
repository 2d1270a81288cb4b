#include "format/text_cell.h"

#include <stdbool.h>
#include <stdint.h>

#include "format/text_put.h"

static size_t count_quotes(const char *begin, const char *end)
{
    size_t count = 0;
    for (; begin < end; begin++)
        count += *begin == '"';
    return count;
}

/* Moves a text up, to end at `to`, with all its quotes doubled. */
static void spread_quotes(const char *begin, const char *end, char *to)
{
    while (end > begin) {
        *--to = *--end;
        if (*to == '"')
            *--to = '"';
    }
}

char *sb_double_quotes(char *begin, char *end)
{
    char *to = end + count_quotes(begin, end);
    spread_quotes(begin, end, to);
    return to;
}

char *sb_quote_csv(char *begin, char *end)
{
    size_t cell_bytes = (size_t)(end - begin);
    if (cell_bytes > 0 && !sb_text_has((const uint8_t *)begin, cell_bytes, "\",\n\r"))
        return end;
    char *to = end + count_quotes(begin, end) + 2;
    to[-1] = '"';
    spread_quotes(begin, end, to - 1);
    *begin = '"';
    return to;
}

/* The letter behind the backslash, or 0 for what stands as it is. */
static char tsv_escape(char c)
{
    switch (c) {
    case '\t':
        return 't';
    case '\n':
        return 'n';
    case '\r': /* or a reader with universal newlines would see a line end */
        return 'r';
    case '\\':
        return '\\';
    default:
        return 0;
    }
}

char *sb_escape_tsv(char *begin, char *end)
{
    if (!sb_text_has((const uint8_t *)begin, (size_t)(end - begin), "\t\n\r\\"))
        return end;
    size_t escape_count = 0;
    for (const char *at = begin; at < end; at++)
        escape_count += tsv_escape(*at) != 0;
    char *new_end = end + escape_count;
    for (char *to = new_end; end > begin;) {
        char c = *--end;
        char letter = tsv_escape(c);
        *--to = letter != 0 ? letter : c;
        if (letter != 0)
            *--to = '\\';
    }
    return new_end;
}
