#include "workers/report_rows.h"

#include <inttypes.h>
#include <string.h>

sb_status sb_reading_damaged(const sb_reading *r, const char *what)
{
    return sb_fail(r->err, SB_EDAMAGED, "%s: row %" PRIu64 ": %s; see seedbank verify", r->path,
                   r->row, what);
}

/* Splits the row that begins at `row` into its values. */
static sb_status take_apart(sb_reading *r, const uint8_t *row, const uint8_t *end)
{
    sb_cursor cursor = {row, end};
    sb_value head;
    size_t count = r->record->field_count;
    bool whole =
        sb_cursor_next(&cursor, &head) && head.kind == SB_VALUE_ARRAY && head.count == count;
    for (size_t i = 0; i < count && whole; i++) {
        const uint8_t *begin = cursor.at;
        sb_value value = {0};
        whole = sb_cursor_next(&cursor, &value);
        if (i < SB_ROW_FIELDS_MAX) {
            r->values[i] = value;
            r->begins[i] = cursor.at;
        }
        if (whole && (value.kind == SB_VALUE_ARRAY || value.kind == SB_VALUE_MAP)) {
            cursor.at = begin;
            whole = sb_cursor_skip(&cursor);
        }
    }
    r->row_end = cursor.at;
    return whole ? SB_OK : sb_reading_damaged(r, "not a row of this kind");
}

static void find_wanted(sb_reading *r)
{
    for (int i = 0; i < SB_WANTED_MAX && r->wanted[i] != NULL; i++) {
        r->at[i] = sb_record_find(r->record, r->wanted[i]);
        if (r->at[i] >= SB_ROW_FIELDS_MAX)
            r->at[i] = -1;
    }
}

static sb_status check_header(const sb_reading *r, const sb_reader *reader, uint64_t next_row)
{
    const sb_file_header *header = sb_reader_header(reader);
    bool unknown = header->row_count == SB_ROWS_UNKNOWN;
    uint64_t first = sb_reader_first_row(reader);
    if (strcmp(header->kind, r->kind) != 0 || strcmp(header->dataset, r->survey->dir->dataset) != 0)
        return sb_fail(r->err, SB_EDAMAGED, "%s: %s of dataset %s, but the manifest wants %s of %s",
                       r->path, header->kind, header->dataset, r->kind, r->survey->dir->dataset);
    if (first != next_row && !(unknown && first == 0))
        return sb_fail(r->err, SB_EDAMAGED,
                       "%s: begins with row %" PRIu64 ", but %" PRIu64 " is next", r->path, first,
                       next_row);
    return SB_OK;
}

static sb_status take_rows(sb_reading *r, const uint8_t *rows, const uint8_t *end,
                           sb_row_taker *take)
{
    for (; rows < end; rows = r->row_end, r->row++) {
        SB_TRY(take_apart(r, rows, end));
        SB_TRY(take(r));
    }
    return SB_OK;
}

/* Rows are held against the file's index only where they are not what it says. */
static sb_status read_frame(sb_reading *r, sb_reader *reader, uint64_t frame, sb_row_taker *take)
{
    const uint8_t *rows;
    size_t raw_bytes;
    sb_error damage = {0};
    uint64_t next_row = r->row + sb_reader_frame_place(reader, frame).row_count;
    SB_TRY(sb_reader_unpack(reader, frame, &rows, &raw_bytes, r->err));
    sb_status status = take_rows(r, rows, rows + raw_bytes, take);
    if ((status == SB_OK && r->row == next_row) ||
        sb_reader_check_rows(reader, frame, &damage) == SB_OK)
        return status;
    return sb_fail(r->err, SB_EDAMAGED, "%s", damage.text);
}

static sb_status read_file(sb_reading *r, sb_reader *reader, uint64_t *next_row, sb_row_taker *take)
{
    r->record = sb_reader_header(reader)->record;
    r->row = *next_row;
    find_wanted(r);
    SB_TRY(check_header(r, reader, *next_row));
    for (uint64_t frame = 0; frame < sb_reader_frame_count(reader); frame++)
        SB_TRY(read_frame(r, reader, frame, take));
    *next_row += sb_reader_row_count(reader);
    if (r->row != *next_row)
        return sb_fail(r->err, SB_EDAMAGED,
                       "%s: its index ends with row %" PRIu64 ", its rows with %" PRIu64, r->path,
                       *next_row, r->row);
    return SB_OK;
}

sb_status sb_rows_read(sb_survey *survey, sb_kind kind, const char *const *wanted,
                       sb_row_taker *take, sb_error *err)
{
    sb_reading r = {.survey = survey, .kind = sb_kind_name(kind), .wanted = wanted, .err = err};
    sb_file_list files;
    uint64_t next_row = 0;
    if (!sb_report_has(survey, kind))
        return SB_OK;
    SB_TRY(sb_dataset_dir_files(survey->dir, r.kind, &files, err));
    sb_status status = SB_OK;
    for (size_t i = 0; i < files.count && status == SB_OK; i++) {
        sb_reader *reader;
        r.path = files.paths[i];
        status = sb_reader_open(r.path, &reader, err);
        if (status != SB_OK)
            break;
        status = read_file(&r, reader, &next_row, take);
        sb_reader_close(reader);
    }
    sb_file_list_close(&files);
    if (status == SB_OK && next_row != survey->rows[kind])
        return sb_fail(err, SB_EDAMAGED, "%s: the files of %s end with row %" PRIu64 " of %" PRIu64,
                       survey->dir->dir, r.kind, next_row, survey->rows[kind]);
    return status;
}

bool sb_row_members(const sb_record *record, sb_cursor *cursor, const char *const *names,
                    sb_value *out, int count)
{
    sb_value head, value;
    for (int i = 0; i < count; i++)
        out[i] = (sb_value){.kind = SB_VALUE_NIL};
    if (record == NULL || !sb_cursor_next(cursor, &head) || head.kind != SB_VALUE_ARRAY ||
        head.count != record->field_count)
        return false;
    for (uint32_t member = 0; member < head.count; member++) {
        const uint8_t *begin = cursor->at;
        if (!sb_cursor_next(cursor, &value))
            return false;
        cursor->at = begin;
        if (!sb_cursor_skip(cursor))
            return false;
        for (int i = 0; i < count; i++)
            if (strcmp(record->fields[member].name, names[i]) == 0)
                out[i] = value;
    }
    return true;
}

/* Splits one row by its number, for a name here and there. */
static sb_status fetch_row(sb_reading *r, sb_reader *reader, uint64_t row, sb_row_taker *take)
{
    uint64_t frame = sb_reader_frame_find(reader, row);
    const uint8_t *rows, *end;
    size_t raw_bytes;
    r->record = sb_reader_header(reader)->record;
    find_wanted(r);
    SB_TRY(sb_reader_frame(reader, frame, &rows, &raw_bytes, r->err));
    end = rows + raw_bytes;
    r->row = sb_reader_frame_place(reader, frame).first_row;
    for (; rows < end; rows = r->row_end, r->row++) {
        SB_TRY(take_apart(r, rows, end));
        if (r->row == row)
            return take(r);
    }
    return SB_OK;
}

sb_status sb_rows_fetch(sb_reading *r, uint64_t row, sb_row_taker *take)
{
    sb_file_list files;
    bool found = false;
    sb_kind kind = sb_kind_find(r->kind);
    if (row >= r->survey->rows[kind])
        return SB_OK;
    SB_TRY(sb_dataset_dir_files(r->survey->dir, r->kind, &files, r->err));
    sb_status status = SB_OK;
    for (size_t i = 0; i < files.count && status == SB_OK && !found; i++) {
        sb_reader *reader;
        r->path = files.paths[i];
        status = sb_reader_open(r->path, &reader, r->err);
        if (status != SB_OK)
            break;
        found = sb_reader_frame_find(reader, row) < sb_reader_frame_count(reader);
        if (found)
            status = fetch_row(r, reader, row, take);
        sb_reader_close(reader);
    }
    sb_file_list_close(&files);
    return status;
}
