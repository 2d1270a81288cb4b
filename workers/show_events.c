/* What the optional kinds have of an entity: how many rows, and the last of them. */
#include <inttypes.h>
#include <stdio.h>

#include "engine/device.h"
#include "engine/document.h"
#include "engine/login.h"
#include "engine/trade.h"
#include "engine/trip.h"
#include "workers/show_internal.h"

enum { EVENTS_SHOWN = 5, COLUMNS_MAX = 5, FIELDS_MAX = 2 };

/* A kind of events as it is listed: which fields name the entity, and what stands in a line. */
typedef struct listing {
    sb_kind kind;
    sb_event_clock clock;
    void (*put)(sb_maker *maker, sb_rows *rows, const sb_cell_events *of, uint32_t index);
    const char *fields[FIELDS_MAX], *counts[FIELDS_MAX]; /* and what being named there is called */
    const char *columns[COLUMNS_MAX];
    int widths[COLUMNS_MAX];
} listing;

static const listing logins = {
    SB_LOGINS,         sb_login_time, sb_login_put,
    {"account_id"},    {"in all"},    {"executed_at", "channel", "method", "outcome", "country"},
    {24, 5, 14, 15, 0}};
static const listing trades = {
    SB_TRADES,         sb_trade_time, sb_trade_put,
    {"account_id"},    {"in all"},    {"executed_at", "side", "symbol", "quantity", "amount"},
    {24, 5, 12, 10, 0}};
static const listing trips = {
    SB_TRIPS,          sb_trip_time,
    sb_trip_put,       {"person_id"},
    {"in all"},        {"executed_at", "arrival_country", "arrival_city", "purpose", "transport"},
    {24, 3, 20, 14, 0}};
static const listing documents = {SB_DOCUMENTS,
                                  sb_document_time,
                                  sb_document_put,
                                  {"issuer_id", "recipient_id"},
                                  {"written", "received"},
                                  {"executed_at", "type", "number", "total_amount", "currency"},
                                  {24, 21, 16, 14, 0}};

/* The last rows found, copied: the next cell takes their memory. */
typedef struct found {
    uint64_t counts[FIELDS_MAX], total;
    sb_made_row last[EVENTS_SHOWN]; /* owned; a ring */
} found;

static bool names(const sb_made_row *row, const char *field, uint64_t id)
{
    int64_t value;
    int index = field != NULL ? sb_record_find(sb_schema(row->kind), field) : -1;
    return sb_row_int(row->bytes, row->length, index, &value) && (uint64_t)value == id;
}

static sb_status keep(sb_view *s, const sb_made_row *row, found *out)
{
    sb_made_row *kept = &out->last[out->total++ % EVENTS_SHOWN];
    uint8_t *bytes = realloc(kept->bytes, row->length);
    if (bytes == NULL)
        return sb_fail(s->err, SB_ENOMEM, "no memory for a row");
    memcpy(bytes, row->bytes, row->length);
    *kept = (sb_made_row){row->kind, row->length, bytes};
    return SB_OK;
}

static sb_status read_cell(sb_view *s, const listing *of, uint64_t cell, uint64_t id, found *out)
{
    sb_cell_events events;
    sb_made_row *row = &s->rows[1];
    sb_view_reset(s);
    SB_TRY(sb_cell_events_make(s->maker, of->kind, cell, of->clock, NULL, &events, s->err));
    for (uint32_t i = 0; i < events.count; i++) {
        bool named = false;
        sb_rows rows = sb_view_row_begin(row, of->kind);
        of->put(s->maker, &rows, &events, events.order[i]);
        sb_view_row_end(row, &rows);
        for (int field = 0; field < FIELDS_MAX; field++) {
            bool here = names(row, of->fields[field], id);
            out->counts[field] += here;
            named = named || here;
        }
        if (named)
            SB_TRY(keep(s, row, out));
    }
    return SB_OK;
}

/* "trips: 7 in all; the last of them", or "trips_count": 7 and the list. */
static sb_status put_found(sb_view *s, const listing *of, const found *rows)
{
    const char *name = sb_kind_name(of->kind);
    char text[160];
    int length = snprintf(text, sizeof text, "%s:", name);
    for (int i = 0; i < FIELDS_MAX && of->counts[i] != NULL; i++) {
        char member[64];
        (void)snprintf(member, sizeof member, "%s_%s", name,
                       of->counts[1] == NULL ? "count" : of->counts[i]);
        if (s->json)
            SB_TRY(sb_view_number(s, member, rows->counts[i]));
        length += snprintf(text + length, sizeof text - (size_t)length, "%s %" PRIu64 " %s",
                           i > 0 ? "," : "", rows->counts[i], of->counts[i]);
    }
    if (rows->total > EVENTS_SHOWN)
        (void)snprintf(text + length, sizeof text - (size_t)length, "; the last of them");
    SB_TRY(sb_view_list_begin(s, name, text));
    uint64_t first = rows->total > EVENTS_SHOWN ? rows->total - EVENTS_SHOWN : 0;
    for (uint64_t i = first; i < rows->total; i++)
        SB_TRY(sb_view_row_line(s, &rows->last[i % EVENTS_SHOWN], of->columns, of->widths,
                                COLUMNS_MAX));
    return sb_view_list_end(s, rows->total);
}

/* Of cells [first, last]. */
static sb_status put_events(sb_view *s, const listing *of, uint64_t first, uint64_t last,
                            uint64_t id)
{
    found rows = {.total = 0};
    sb_status status = SB_OK;
    if (!sb_spec_has(s->world->spec, of->kind))
        return SB_OK;
    for (uint64_t cell = first; cell <= last && status == SB_OK; cell++)
        status = read_cell(s, of, cell, id, &rows);
    if (status == SB_OK)
        status = put_found(s, of, &rows);
    for (int i = 0; i < EVENTS_SHOWN; i++)
        free(rows.last[i].bytes);
    return status;
}

/* ---- devices -------------------------------------------------------------------------------- */

static sb_status put_device(sb_view *s, uint64_t id)
{
    static const char *const columns[] = {"type", "platform", "model", "registered"};
    const char *text;
    sb_made_row *row = &s->rows[1];
    sb_rows rows = sb_view_row_begin(row, SB_DEVICES);
    sb_device_put(s->maker, &rows, id);
    sb_view_row_end(row, &rows);
    if (s->json) {
        SB_TRY(sb_view_item(s));
        return sb_view_row_json(s, row);
    }
    SB_TRY(sb_sink_format(&s->sink, s->err, "  V%-14" PRIu64, id));
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        SB_TRY(sb_view_field(s, row, columns[i], &text));
        SB_TRY(sb_view_text(s, " "));
        SB_TRY(sb_view_padded(s, text, i == 2 ? 20 : i < 2 ? 10 : 0));
    }
    return sb_view_text(s, "\n");
}

/* All of them: few have more than four. */
static sb_status put_devices(sb_view *s, uint64_t first_cell, uint64_t last_cell, uint64_t person)
{
    uint64_t id = sb_world_first_row(s->world, SB_DEVICES, first_cell), count = 0;
    uint64_t end = sb_world_first_row(s->world, SB_DEVICES, last_cell + 1);
    if (!sb_spec_has(s->world->spec, SB_DEVICES))
        return SB_OK;
    SB_TRY(sb_view_list_begin(s, "devices", "devices"));
    for (; id < end; id++) {
        sb_device device;
        sb_device_make(s->maker, id, &device);
        if (device.owner != person)
            continue;
        SB_TRY(put_device(s, id));
        count++;
    }
    return sb_view_list_end(s, count);
}

/* ---- entities ------------------------------------------------------------------------------- */

void sb_view_cells(uint64_t cells, uint64_t rows, uint64_t id, uint64_t *first, uint64_t *last)
{
    *last = *first = sb_share_of(id, rows, cells);
    if (rows < cells)
        *first = (uint64_t)(((sb_u128)id * cells + rows - 1) / rows);
}

sb_status sb_view_person_events(sb_view *s, uint64_t id)
{
    uint64_t first, last;
    sb_view_cells(s->world->cell_count, s->world->values.counts[SB_PERSONS], id, &first, &last);
    SB_TRY(put_devices(s, first, last, id));
    return put_events(s, &trips, first, last, id);
}

/* A cell with a single company writes to others, so there its documents are not all in one place
 * and nothing is said of them. */
sb_status sb_view_company_events(sb_view *s, uint64_t id)
{
    uint64_t first, last, companies = s->world->values.counts[SB_COMPANIES];
    if (companies / 2 < s->world->cell_count && s->world->cell_count > 1)
        return SB_OK;
    sb_view_cells(s->world->cell_count, companies, id, &first, &last);
    return put_events(s, &documents, first, last, id);
}

/* Cells of logins and trades are mapped on those of accounts, several to one where these are fewer.
 */
sb_status sb_view_account_events(sb_view *s, uint64_t id)
{
    uint64_t cells = s->world->cell_count, ledger_cells = s->world->ledger_cell_count;
    uint64_t cell = sb_world_cell_of(s->world, SB_ACCOUNTS, id);
    uint64_t first = (uint64_t)(((sb_u128)cell * cells + ledger_cells - 1) / ledger_cells);
    uint64_t end = (uint64_t)(((sb_u128)(cell + 1) * cells + ledger_cells - 1) / ledger_cells);
    if (first >= end)
        return SB_OK;
    SB_TRY(put_events(s, &logins, first, end - 1, id));
    return put_events(s, &trades, first, end - 1, id);
}
