/* Decimal digits eight at a time.
 *
 * Printing is mostly digits, and a loop that takes them off one by one waits for a division and
 * mispredicts where the number ends. Here eight digits are parted in one register by three
 * multiplications, and how many of them count is seen from their bits, without a branch. Every
 * function writes whole words: the caller makes room for SB_DIGITS_ROOM bytes. */
#ifndef FORMAT_DIGITS_H
#define FORMAT_DIGITS_H

#include <assert.h>
#include <stdint.h>
#include <string.h>

enum {
    SB_DIGITS_ROOM = 48, /* 20 digits, a sign, a point, and what a whole word writes too much */
    SB_TEN_TO_THE_8 = 100000000,
};

/* Eight bytes of memory as a number whose lowest byte stands first. */
static inline uint64_t sb_load_eight(const char *at)
{
    uint64_t bytes;
    memcpy(&bytes, at, 8);
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(bytes) : bytes;
}

static inline void sb_store_eight(char *at, uint64_t bytes)
{
    if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
        bytes = __builtin_bswap64(bytes);
    memcpy(at, &bytes, 8);
}

/* The digits of a number below 10^8 as bytes 0 to 9, the first in the lowest bits. Each line parts
 * every number of the line before, 4, 2 and 1 digits wide; 10486 / 2^20 is 1/100 and 103 / 2^10 is
 * 1/10 closely enough for numbers that short. */
static inline uint64_t sb_eight_digits(uint32_t number)
{
    uint64_t fours = (uint64_t)(number % 10000) << 32 | number / 10000;
    uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x7f0000007f);
    uint64_t pairs = (fours - 100 * hundreds) << 16 | hundreds;
    uint64_t tens = (pairs * 103 >> 10) & UINT64_C(0x000f000f000f000f);
    return (pairs - 10 * tens) << 8 | tens;
}

static const uint64_t sb_eight_noughts = UINT64_C(0x3030303030303030);

/* How many of eight digits are leading zeros; of the number 0 all but the last. */
static inline unsigned sb_leading_zeros(uint64_t digits)
{
    return (unsigned)__builtin_ctzll(digits | UINT64_C(1) << 56) / 8;
}

/* The number's own digits, of a number below 10^8, and all eight of them. */
static inline char *sb_put_first_digits(char *at, uint32_t number)
{
    uint64_t digits = sb_eight_digits(number);
    unsigned zeros = sb_leading_zeros(digits);
    sb_store_eight(at, (digits + sb_eight_noughts) >> 8 * zeros);
    return at + 8 - zeros;
}

static inline char *sb_put_all_digits(char *at, uint32_t number)
{
    sb_store_eight(at, sb_eight_digits(number) + sb_eight_noughts);
    return at + 8;
}

static inline char *sb_put_number(char *at, uint64_t number)
{
    if (number < SB_TEN_TO_THE_8)
        return sb_put_first_digits(at, (uint32_t)number);
    uint64_t high = number / SB_TEN_TO_THE_8;
    if (high < SB_TEN_TO_THE_8) {
        at = sb_put_first_digits(at, (uint32_t)high);
    } else {
        at = sb_put_first_digits(at, (uint32_t)(high / SB_TEN_TO_THE_8));
        at = sb_put_all_digits(at, (uint32_t)(high % SB_TEN_TO_THE_8));
    }
    return sb_put_all_digits(at, (uint32_t)(number % SB_TEN_TO_THE_8));
}

/* The magnitude, its sign written; that of INT64_MIN has no int64. */
static inline uint64_t sb_put_minus(char **at, int64_t number)
{
    **at = '-';
    *at += number < 0;
    return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

/* number times 10^-decimals with all its decimals, at least one and at most 19. */
static inline char *sb_put_scaled(char *at, int64_t number, int decimals)
{
    uint64_t magnitude = sb_put_minus(&at, number);
    assert(decimals > 0 && decimals <= 19);
    if (magnitude < SB_TEN_TO_THE_8 && decimals < 8) {
        uint64_t digits = sb_eight_digits((uint32_t)magnitude);
        unsigned zeros = sb_leading_zeros(digits);
        unsigned needed = 8 - (unsigned)decimals - 1; /* a zero before the point at least */
        if (zeros > needed)
            zeros = needed;
        unsigned whole = 8 - zeros - (unsigned)decimals;
        digits = (digits + sb_eight_noughts) >> 8 * zeros;
        sb_store_eight(at, digits);
        at[whole] = '.';
        sb_store_eight(at + whole + 1, digits >> 8 * whole);
        return at + whole + 1 + decimals;
    }
    /* Behind as many zeros as the longest decimals have. */
    char zeros_and_digits[24 + SB_DIGITS_ROOM];
    memset(zeros_and_digits, '0', sizeof zeros_and_digits);
    char *end = sb_put_number(zeros_and_digits + 24, magnitude);
    char *point = end - decimals;
    char *first = zeros_and_digits + 24 < point ? zeros_and_digits + 24 : point - 1;
    size_t whole = (size_t)(point - first);
    memcpy(at, first, 24);
    at[whole] = '.';
    memcpy(at + whole + 1, point, 24);
    return at + whole + 1 + decimals;
}

#endif
