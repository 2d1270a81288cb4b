/* Spools: what goes in comes out in its place, whether that was known early, late or never, and
 * memory is shared and given back. */
#include "workers/spool.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/engine_fixture.h"

enum { MEMORY_BYTES = SB_SPOOL_CHUNKS * SB_SPOOL_CHUNK_BYTES, TOTAL_BYTES = 3 * MEMORY_BYTES };

typedef struct desk {
    sb_spool_memory memory;
    unsigned char *data; /* TOTAL_BYTES of it */
    int file;
} desk;

static int open_desk(void **state)
{
    sb_error err = {0};
    char path[] = "/tmp/seedbank_spool_XXXXXX";
    desk *of = calloc(1, sizeof *of);
    of->data = malloc(TOTAL_BYTES);
    for (size_t i = 0; i < TOTAL_BYTES; i++)
        of->data[i] = (unsigned char)(i * 2654435761u >> 24);
    of->file = mkstemp(path);
    (void)unlink(path);
    *state = of;
    return of->file < 0 || sb_spool_memory_open(true, &of->memory, &err) != SB_OK;
}

static int close_desk(void **state)
{
    desk *of = *state;
    sb_spool_memory_close(&of->memory);
    (void)close(of->file);
    free(of->data);
    free(of);
    return 0;
}

static void add(sb_spool *spool, const desk *of, size_t begin, size_t end, size_t step)
{
    sb_error err = {0};
    for (size_t at = begin; at < end; at += step)
        fixture_ok(sb_spool_add(spool, of->data + at, end - at < step ? end - at : step, &err),
                   &err);
}

/* The first `bytes` stand in the file from `offset` on. */
static void stands_at(const desk *of, uint64_t offset, size_t bytes)
{
    unsigned char *there = malloc(bytes + 1);
    assert_int_equal(pread(of->file, there, bytes + 1, (off_t)offset), bytes);
    assert_memory_equal(there, of->data, bytes);
    free(there);
}

static void a_small_shard_stays_in_memory(void **state)
{
    desk *of = *state;
    sb_error err = {0};
    sb_spool spool;
    sb_spool_begin(&spool, &of->memory, "/nonexistent");
    add(&spool, of, 0, MEMORY_BYTES, 7777); /* to the last byte */
    assert_true(sb_spool_wants_place(&spool));
    assert_int_equal(of->memory.free_count, 0);
    fixture_ok(sb_spool_write(&spool, of->file, 100, "file", &err), &err);
    stands_at(of, 100, MEMORY_BYTES);
    sb_spool_clear(&spool);
    assert_int_equal(of->memory.free_count, SB_SPOOL_CHUNKS);
}

static void what_memory_does_not_hold_goes_to_a_file(void **state)
{
    desk *of = *state;
    sb_error err = {0};
    sb_spool spool;
    sb_spool_begin(&spool, &of->memory, "/tmp");
    add(&spool, of, 0, TOTAL_BYTES, 300000);
    assert_false(sb_spool_wants_place(&spool));
    assert_int_equal(of->memory.free_count, SB_SPOOL_CHUNKS); /* for the other spools */
    fixture_ok(sb_spool_write(&spool, of->file, 5, "file", &err), &err);
    stands_at(of, 5, TOTAL_BYTES);
    sb_spool_clear(&spool);
}

static void no_directory_for_that_file_is_a_failure(void **state)
{
    desk *of = *state;
    sb_error err = {0};
    sb_spool spool;
    sb_spool_begin(&spool, &of->memory, "/nonexistent");
    add(&spool, of, 0, MEMORY_BYTES, 4096);
    assert_int_equal(sb_spool_add(&spool, of->data, 1, &err), SB_EIO);
    sb_spool_clear(&spool);
}

/* Known from the start, memory is not used at all; known later, what waited goes there too. */
static void a_known_place_is_written_at_once(void **state)
{
    desk *of = *state;
    sb_error err = {0};
    for (size_t late = 0; late <= 1000000; late += 500000) {
        sb_spool spool;
        sb_spool_begin(&spool, &of->memory, "/nonexistent");
        add(&spool, of, 0, late, 9999);
        sb_spool_place(&spool, of->file, 40, false);
        add(&spool, of, late, late + 400000, 100000);
        assert_int_equal(of->memory.free_count, SB_SPOOL_CHUNKS);
        stands_at(of, 40, late + 400000);
        fixture_ok(sb_spool_write(&spool, of->file, 40, "file", &err), &err);
        stands_at(of, 40, late + 400000);
        sb_spool_clear(&spool);
        assert_true(fcntl(of->file, F_GETFD) >= 0); /* a file that is not its own stays open */
    }
}

static void spools_share_their_memory(void **state)
{
    desk *of = *state;
    sb_error err = {0};
    sb_spool a, b;
    sb_spool_begin(&a, &of->memory, "/tmp");
    sb_spool_begin(&b, &of->memory, "/tmp");
    for (size_t at = 0; at < TOTAL_BYTES; at += 10000) { /* in turn; one of them overflows first */
        size_t end = at + 10000 < TOTAL_BYTES ? at + 10000 : TOTAL_BYTES;
        add(&a, of, at, end, 10000);
        add(&b, of, at, end, 10000);
    }
    fixture_ok(sb_spool_write(&b, of->file, 0, "file", &err), &err);
    stands_at(of, 0, TOTAL_BYTES);
    fixture_ok(sb_spool_write(&a, of->file, 0, "file", &err), &err);
    stands_at(of, 0, TOTAL_BYTES);
    sb_spool_clear(&a);
    sb_spool_clear(&b);
    assert_int_equal(of->memory.free_count, SB_SPOOL_CHUNKS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_small_shard_stays_in_memory, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(what_memory_does_not_hold_goes_to_a_file, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(no_directory_for_that_file_is_a_failure, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(a_known_place_is_written_at_once, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(spools_share_their_memory, open_desk, close_desk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
