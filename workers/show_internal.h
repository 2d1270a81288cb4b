/* What the parts of `show` share: the view being written, and rows made on their own.
 *
 *     show.c          what is shown of which entity
 *     show_put.c      text and JSON, rows and their fields
 *     show_events.c   devices, logins, trades, trips and documents of an entity */
#ifndef WORKERS_SHOW_INTERNAL_H
#define WORKERS_SHOW_INTERNAL_H

#include <stdlib.h>
#include <string.h>

#include "engine/maker.h"
#include "format/row_cursor.h"
#include "engine/ledger.h"
#include "format/row_text.h"
#include "workers/open.h"

enum { SB_VIEW_ROWS = 4 };

/* A row made on its own. */
typedef struct sb_made_row {
    sb_kind kind;
    size_t length;
    uint8_t *bytes; /* owned: SB_ROW_BYTES_MAX */
} sb_made_row;

typedef struct sb_view {
    sb_maker *maker; /* owned */
    const sb_world *world;
    bool json;
    bool first; /* of a JSON object or array, nothing stands there yet */
    sb_sink sink;
    sb_bytes value; /* owned; a field's text, ended by 0 */
    sb_bytes name;  /* owned; likewise */
    sb_made_row rows[SB_VIEW_ROWS];
    sb_ledger ledger; /* that was opened last, until its memory is taken back */
    bool has_ledger;
    sb_error *err;
} sb_view;

/* Takes back the memory of what was made before. */
static inline void sb_view_reset(sb_view *s)
{
    sb_arena_reset(s->maker->arena);
    s->has_ledger = false;
}

/* ---- writing -------------------------------------------------------------------------------- */

SB_CHECK sb_status sb_view_text(sb_view *s, const char *text);
/* A text padded to `width` letters; a longer one is not cut. */
SB_CHECK sb_status sb_view_padded(sb_view *s, const char *text, int width);
/* Separates from what stood before in the object or array. */
SB_CHECK sb_status sb_view_item(sb_view *s);
SB_CHECK sb_status sb_view_key(sb_view *s, const char *name);
SB_CHECK sb_status sb_view_begin(sb_view *s, const char *bracket);
SB_CHECK sb_status sb_view_end(sb_view *s, const char *bracket);
/* A member of an object; a text may be NULL. */
SB_CHECK sb_status sb_view_member(sb_view *s, const char *name, const char *text);
SB_CHECK sb_status sb_view_number(sb_view *s, const char *name, uint64_t number);
/* A heading, or the beginning of an array. */
SB_CHECK sb_status sb_view_list_begin(sb_view *s, const char *member, const char *heading);
SB_CHECK sb_status sb_view_list_end(sb_view *s, uint64_t count);

/* ---- rows ----------------------------------------------------------------------------------- */

sb_rows sb_view_row_begin(sb_made_row *row, sb_kind kind);
void sb_view_row_end(sb_made_row *row, const sb_rows *rows);
/* The text of a field, borrowed from s->value until the next call. A nil gives "". */
SB_CHECK sb_status sb_view_field(sb_view *s, const sb_made_row *row, const char *name,
                                 const char **out);
/* What a person or company is called, borrowed from s->name until the next call. */
SB_CHECK sb_status sb_view_name(sb_view *s, const sb_made_row *row, const char **out);
/* The row as a JSON object, just as cat prints it with --derived; and as a tree, owned. */
SB_CHECK sb_status sb_view_row_json(sb_view *s, const sb_made_row *row);
SB_CHECK sb_status sb_view_row_tree(sb_view *s, const sb_made_row *row, json_t **out);
/* The row under its title: the member of that name, or a block of aligned lines. */
SB_CHECK sb_status sb_view_row(sb_view *s, const char *title, const sb_made_row *row);
/* An item of a list: the row, or a line of its number and these fields, padded to the widths. */
SB_CHECK sb_status sb_view_row_line(sb_view *s, const sb_made_row *row, const char *const *columns,
                                    const int *widths, int count);

/* ---- the parts ------------------------------------------------------------------------------ */

/* The cells, of `cells`, that draw on row `id` of `rows`: one, or, where there are fewer rows than
 * cells, a run of them. */
void sb_view_cells(uint64_t cells, uint64_t rows, uint64_t id, uint64_t *first, uint64_t *last);

/* What optional kinds have of the entity; nothing of those that the dataset is without. */
SB_CHECK sb_status sb_view_person_events(sb_view *s, uint64_t id);
SB_CHECK sb_status sb_view_company_events(sb_view *s, uint64_t id);
SB_CHECK sb_status sb_view_account_events(sb_view *s, uint64_t id);

#endif
