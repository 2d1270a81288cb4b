#include "format/text_put.h"

#include <assert.h>
#include <string.h>

#include "format/digits.h"
#include "format/row_cursor.h"
#include "format/row_internal.h"

/* ---- numbers -------------------------------------------------------------------------------- */

static const char digit_pairs[] = "00010203040506070809101112131415161718192021222324"
                                  "25262728293031323334353637383940414243444546474849"
                                  "50515253545556575859606162636465666768697071727374"
                                  "75767778798081828384858687888990919293949596979899";

static char *put_pair(char *at, unsigned number)
{
    memcpy(at, digit_pairs + 2 * (size_t)number, 2);
    return at + 2;
}

char *sb_put_uint(char *at, uint64_t number)
{
    char digits[SB_DIGITS_ROOM];
    size_t digit_count = (size_t)(sb_put_number(digits, number) - digits);
    memcpy(at, digits, digit_count);
    return at + digit_count;
}

char *sb_put_int(char *at, int64_t number)
{
    char digits[SB_DIGITS_ROOM];
    char *to = digits;
    uint64_t magnitude = sb_put_minus(&to, number);
    size_t byte_count = (size_t)(sb_put_number(to, magnitude) - digits);
    memcpy(at, digits, byte_count);
    return at + byte_count;
}

char *sb_put_decimal(char *at, int64_t number, int decimals)
{
    char digits[SB_DIGITS_ROOM];
    if (decimals == 0)
        return sb_put_int(at, number);
    size_t byte_count = (size_t)(sb_put_scaled(digits, number, decimals) - digits);
    memcpy(at, digits, byte_count);
    return at + byte_count;
}

char *sb_put_hex(char *at, const uint8_t *bytes, size_t byte_count)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < byte_count; i++) {
        *at++ = digits[bytes[i] >> 4];
        *at++ = digits[bytes[i] & 15];
    }
    return at;
}

/* ---- dates ---------------------------------------------------------------------------------- */

/* Years are counted from March, so that the leap day is a year's last, and in eras of 400 years,
 * which all have the same 146,097 days. */
enum {
    DAYS_PER_ERA = 146097,
    DAYS_BEFORE_1970 = 719468, /* from 0000-03-01 */
};

int32_t sb_days_from_civil(int year, int month, int day)
{
    int64_t march_year = (int64_t)year - (month <= 2);
    int64_t era = (march_year >= 0 ? march_year : march_year - 399) / 400;
    int64_t year_of_era = march_year - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int32_t)(era * DAYS_PER_ERA + day_of_era - DAYS_BEFORE_1970);
}

/* In quarters of a day: a century of four begins every 146,097 quarters, and a year in it every
 * 1,461. The quarter in which a day is looked at is its last. */
void sb_civil_from_days(int32_t days, int *year, int *month, int *day)
{
    enum { ERAS_BEFORE = 14700, QUARTERS_PER_YEAR = 1461 }; /* so that no day is below nought */
    int64_t from_march = (int64_t)days + DAYS_BEFORE_1970 + (int64_t)ERAS_BEFORE * DAYS_PER_ERA;
    uint64_t quarters = (uint64_t)from_march * 4 + 3, century = quarters / DAYS_PER_ERA;
    uint32_t of_century = (uint32_t)(quarters - century * DAYS_PER_ERA) | 3;
    uint32_t year_of_century = of_century / QUARTERS_PER_YEAR;
    int day_of_year = (int)(of_century % QUARTERS_PER_YEAR / 4);
    int march_month = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * march_month + 2) / 5 + 1;
    *month = march_month < 10 ? march_month + 3 : march_month - 9;
    *year = (int)century * 100 - ERAS_BEFORE * 400 + (int)year_of_century + (*month <= 2);
}

char *sb_put_date(char *at, int32_t days)
{
    assert(sb_days_printable(days));
    int year;
    int month;
    int day;
    sb_civil_from_days(days, &year, &month, &day);
    at = put_pair(at, (unsigned)year / 100);
    at = put_pair(at, (unsigned)year % 100);
    *at++ = '-';
    at = put_pair(at, (unsigned)month);
    *at++ = '-';
    return put_pair(at, (unsigned)day);
}

char *sb_put_clock(char *at, uint32_t ms)
{
    uint32_t seconds = ms / 1000;
    uint32_t minutes = seconds / 60;
    *at = 'T';
    put_pair(at + 1, minutes / 60);
    at[3] = ':';
    put_pair(at + 4, minutes % 60);
    at[6] = ':';
    put_pair(at + 7, seconds % 60);
    at[9] = '.';
    at[10] = (char)('0' + ms % 1000 / 100);
    put_pair(at + 11, ms % 100);
    at[13] = 'Z';
    return at + 14;
}

char *sb_put_timestamp(char *at, int64_t ms)
{
    int64_t days = sb_days_of_ms(ms);
    at = sb_put_date(at, (int32_t)days);
    return sb_put_clock(at, (uint32_t)(ms - days * 86400000));
}

/* ---- texts ---------------------------------------------------------------------------------- */

/* Whether any of eight bytes is zero; exact. */
static bool has_zero(uint64_t eight)
{
    return ((eight - SB_EACH(0x01)) & ~eight & SB_EACH(0x80)) != 0;
}

/* Copies those of eight bytes that stand before the first one that needs a look; `good` has the
 * high bits of those that need none. Whether that was all eight. */
static inline bool copy_good(char **at, const uint8_t **text, uint64_t eight, uint64_t good)
{
    unsigned good_count =
        good == SB_EACH(0x80) ? 8 : (unsigned)__builtin_ctzll(~good & SB_EACH(0x80)) / 8;
    sb_store_eight(*at, eight);
    *at += good_count;
    *text += good_count;
    return good_count == 8;
}

/* The bytes of a character of two or three, or 0 where that wants a closer look. */
static size_t usual_length(const uint8_t *from, const uint8_t *end)
{
    if (end - from < 3 || (from[1] & 0xc0) != 0x80)
        return 0;
    if (from[0] >= 0xc2 && from[0] <= 0xdf)
        return 2;
    bool is_three = from[0] > 0xe0 && from[0] <= 0xef && from[0] != 0xed;
    return is_three && (from[2] & 0xc0) == 0x80 ? 3 : 0;
}

/* One character from `*from`, or the replacement of one byte that begins none. */
static inline char *put_character(char *at, const uint8_t **from, const uint8_t *end)
{
    size_t usual = usual_length(*from, end);
    if (usual != 0) { /* three bytes fit: they are what one invalid byte can become */
        memcpy(at, *from, 3);
        *from += usual;
        return at + usual;
    }
    size_t length = sb_utf8_length(*from, end);
    if (length == 0) {
        memcpy(at, "\xef\xbf\xbd", 3); /* U+FFFD */
        (*from)++;
        return at + 3;
    }
    memcpy(at, *from, length);
    *from += length;
    return at + length;
}

/* All characters up to the next one of ASCII: in many scripts a whole text. */
static char *put_characters(char *at, const uint8_t **from, const uint8_t *end)
{
    do
        at = put_character(at, from, end);
    while (*from < end && **from >= 0x80);
    return at;
}

static char *put_escape(char *at, uint8_t byte)
{
    static const char short_names[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f',
                                       ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\'};
    *at++ = '\\';
    if (short_names[byte] != '\0') {
        *at++ = short_names[byte];
        return at;
    }
    memcpy(at, "u00", 3);
    return sb_put_hex(at + 3, &byte, 1);
}

char *sb_put_json_text(char *at, const uint8_t *text, size_t text_bytes)
{
    const uint8_t *end = text + text_bytes;
    while (text < end) {
        if (end - text >= 8) {
            uint64_t eight = sb_load_eight((const char *)text);
            if (copy_good(&at, &text, eight, sb_clean_bits(eight, SB_EACH('"'), SB_EACH('\\'))))
                continue;
        }
        if (*text < 0x20 || *text == '"' || *text == '\\')
            at = put_escape(at, *text++);
        else if (*text < 0x80)
            *at++ = (char)*text++;
        else
            at = put_characters(at, &text, end);
    }
    return at;
}

char *sb_put_plain_text(char *at, const uint8_t *text, size_t text_bytes)
{
    const uint8_t *end = text + text_bytes;
    while (text < end) {
        if (end - text >= 8) {
            uint64_t eight = sb_load_eight((const char *)text);
            if (copy_good(&at, &text, eight, ~eight & SB_EACH(0x80)))
                continue;
        }
        if (*text < 0x80)
            *at++ = (char)*text++;
        else
            at = put_characters(at, &text, end);
    }
    return at;
}

static bool is_one_of(uint8_t byte, const char characters[4])
{
    return byte == (uint8_t)characters[0] || byte == (uint8_t)characters[1] ||
           byte == (uint8_t)characters[2] || byte == (uint8_t)characters[3];
}

bool sb_text_has(const uint8_t *text, size_t text_bytes, const char characters[4])
{
    uint64_t patterns[4];
    for (int i = 0; i < 4; i++)
        patterns[i] = SB_EACH(characters[i]);
    for (; text_bytes >= 8; text += 8, text_bytes -= 8) {
        uint64_t eight;
        memcpy(&eight, text, 8);
        if (has_zero(eight ^ patterns[0]) || has_zero(eight ^ patterns[1]) ||
            has_zero(eight ^ patterns[2]) || has_zero(eight ^ patterns[3]))
            return true;
    }
    for (; text_bytes > 0; text++, text_bytes--)
        if (is_one_of(*text, characters))
            return true;
    return false;
}
