#include "bench/fixture.h"

#include <stdlib.h>
#include <string.h>

#include "format/row_text.h"

sb_status bench_spec_open(const char *options, sb_spec **out, sb_error *err)
{
    char text[512], *rest = text;
    sb_spec *spec;
    if (strlen(options) >= sizeof text)
        return sb_fail(err, SB_EUSAGE, "options of more than %zu letters", sizeof text - 1);
    memcpy(text, options, strlen(options) + 1);
    SB_TRY(sb_spec_open(&spec, err));
    sb_status status = SB_OK;
    while (status == SB_OK && *rest != '\0') {
        const char *name = strsep(&rest, " ");
        const char *value = rest != NULL ? strsep(&rest, " ") : "";
        status = sb_spec_set(spec, name, value, err);
        if (rest == NULL)
            break;
    }
    if (status == SB_OK)
        status = sb_spec_seal(spec, err);
    if (status == SB_OK)
        *out = spec;
    else
        sb_spec_close(spec);
    return status;
}

sb_status bench_world_open(const char *options, bench_world *out, sb_error *err)
{
    *out = (bench_world){0};
    SB_TRY(bench_spec_open(options, &out->spec, err));
    SB_TRY(sb_world_open(out->spec, &out->world, err));
    return sb_maker_open(out->world, &out->maker, err);
}

void bench_world_close(bench_world *world)
{
    sb_maker_close(world->maker);
    sb_world_close(world->world);
    sb_spec_close(world->spec);
    *world = (bench_world){0};
}

/* Takes a frame of rows; SB_ESTOPPED once there are enough. */
static sb_status keep_rows(void *user, sb_kind kind, const uint8_t *bytes, size_t byte_count,
                           uint32_t row_count, sb_error *err)
{
    bench_rows *rows = user;
    (void)kind;
    if (rows->length + byte_count > rows->capacity) {
        size_t capacity = (rows->length + byte_count) * 2;
        uint8_t *grown = realloc(rows->bytes, capacity);
        if (grown == NULL)
            return sb_fail(err, SB_ENOMEM, "no memory for rows");
        rows->bytes = grown;
        rows->capacity = capacity;
    }
    memcpy(rows->bytes + rows->length, bytes, byte_count);
    for (uint32_t i = 0; i < row_count && rows->count < rows->most; i++) {
        size_t row_bytes;
        SB_TRY(sb_row_length(rows->bytes + rows->length, byte_count, &row_bytes, err));
        byte_count -= row_bytes;
        rows->length += row_bytes;
        rows->begins[++rows->count] = (uint32_t)rows->length;
    }
    return rows->count < rows->most ? SB_OK : SB_ESTOPPED;
}

sb_status bench_rows_open(const char *options, sb_kind kind, uint32_t count, bench_rows *out,
                          sb_error *err)
{
    bench_world world;
    sb_press press = {0};
    *out = (bench_rows){.kind = kind, .most = count};
    out->begins = calloc((size_t)count + 1, sizeof *out->begins);
    if (out->begins == NULL)
        return sb_fail(err, SB_ENOMEM, "no memory for rows");
    sb_status status = bench_world_open(options, &world, err);
    if (status == SB_OK)
        status = sb_press_open(world.world, 1u << kind, keep_rows, out, &press, err);
    if (status == SB_OK) {
        for (uint64_t group = 0; status == SB_OK && group < world.world->group_count; group++)
            status = sb_group_make(&press, group, err);
        sb_press_close(&press);
        status = status == SB_ESTOPPED ? SB_OK : status;
    }
    bench_world_close(&world);
    if (status == SB_OK && out->count < count)
        return sb_fail(err, SB_EUSAGE, "%s: fewer than %u rows of %s", options, count,
                       sb_kind_name(kind));
    return status;
}

void bench_rows_close(bench_rows *rows)
{
    free(rows->bytes);
    free(rows->begins);
    *rows = (bench_rows){0};
}
