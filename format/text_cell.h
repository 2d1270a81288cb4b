/* What makes a text a cell of CSV or TSV. Works in place, from behind: most cells need nothing
 * done, and nothing is copied aside for those that do. The caller has made room: a cell grows to
 * at most twice its bytes and two. */
#ifndef FORMAT_TEXT_CELL_H
#define FORMAT_TEXT_CELL_H

#include <stddef.h>

/* Each takes the text from `begin` to `end` and returns its new end. */

/* Quotes where CSV wants it. An empty text is quoted too: nothing at all is nil. */
char *sb_quote_csv(char *begin, char *end);
/* Doubles every quote, as inside quotes. */
char *sb_double_quotes(char *begin, char *end);
/* A backslash and a letter for what would end a cell or a line of TSV, and for backslashes. */
char *sb_escape_tsv(char *begin, char *end);

#endif
