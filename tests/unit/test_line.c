#include "engine/line.h"

#include "engine/words.h"
#include "tests/unit/engine_fixture.h"

static const uint64_t edges[] = {0,
                                 1,
                                 9,
                                 10,
                                 11,
                                 99,
                                 100,
                                 101,
                                 999,
                                 1000,
                                 9999,
                                 10000,
                                 99999,
                                 100000,
                                 65535,
                                 999999,
                                 10000000,
                                 123456789,
                                 UINT64_C(99999999999),
                                 UINT64_C(10000000000000000000),
                                 UINT64_MAX};

/* Whether digits come out as printf() writes them, from every place of a line. */
static void digits_are_those_of_printf(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(edges); i++)
        for (int digits = 1; digits <= 20; digits++)
            for (uint32_t before = 0; before <= 252; before++) {
                char expected[32];
                sb_line line;
                memset(line.bytes, 'x', sizeof line.bytes);
                line.length = before;
                int count = snprintf(expected, sizeof expected, "%0*llu", digits,
                                     (unsigned long long)edges[i]);
                uint32_t room = 252 - before;
                uint32_t written = (uint32_t)count < room ? (uint32_t)count : room;
                sb_line_digits(&line, edges[i], digits);
                assert_int_equal(line.length, before + written);
                assert_memory_equal(line.bytes + before, expected, written);
            }
}

/* Every number of four digits in either half, and some of both. */
static void eight_digits_are_right(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 100000; i++) {
        uint32_t value = i < 10000 ? i : i < 20000 ? (i - 10000) * 10000 : i * 1237 % 100000000;
        char expected[16], digits[8];
        (void)snprintf(expected, sizeof expected, "%08u", value);
        sb_store_eight(digits, sb_eight_digits(value) + sb_eight_noughts);
        assert_memory_equal(digits, expected, 8);
    }
}

static void digits_leave_what_stands_before_them(void **state)
{
    (void)state;
    for (uint32_t count = 1; count <= 8; count++) {
        char text[] = "abcdefghij", expected[16];
        sb_put_digits(text + 9, 12345678, count);
        (void)snprintf(expected, sizeof expected, "%.*s%s%s", (int)(9 - count), "abcdefghi",
                       "12345678" + (8 - count), "j");
        assert_string_equal(text, expected);
    }
}

/* What does not fit is cut, whichever way it comes. */
static void lines_are_cut_at_their_end(void **state)
{
    static const sb_text word = SB_WORD("abcdefgh", 1);
    (void)state;
    for (uint32_t before = 200; before <= 252; before++) {
        sb_line line;
        uint32_t whole = before + 8 <= 252 ? before + 8 : 252;
        line.length = before;
        sb_line_text(&line, word);
        assert_int_equal(line.length, whole);
        assert_memory_equal(line.bytes + before, word.bytes, whole - before);
        line.length = before;
        sb_line_cstr(&line, "abcdefgh");
        assert_int_equal(line.length, whole);
        line.length = before;
        for (int i = 0; i < 8; i++)
            sb_line_char(&line, 'y');
        assert_int_equal(line.length, whole);
    }
}

/* A line becomes a string of MessagePack, of each length. */
static void rows_take_lines_of_each_length(void **state)
{
    (void)state;
    for (uint32_t length = 0; length <= 252; length++) {
        uint8_t bytes[600];
        uint8_t *text = bytes + (length < 32 ? 1 : 2);
        sb_rows rows = {.at = bytes};
        sb_line line;
        memset(line.bytes, 'z', sizeof line.bytes);
        line.length = length;
        sb_rows_line(&rows, &line);
        assert_ptr_equal(rows.at, text + length);
        assert_int_equal(bytes[0], length < 32 ? 0xA0 + length : 0xD9);
        if (length >= 32)
            assert_int_equal(bytes[1], length);
        assert_memory_equal(text, line.bytes, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_are_those_of_printf),
        cmocka_unit_test(eight_digits_are_right),
        cmocka_unit_test(digits_leave_what_stands_before_them),
        cmocka_unit_test(lines_are_cut_at_their_end),
        cmocka_unit_test(rows_take_lines_of_each_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
