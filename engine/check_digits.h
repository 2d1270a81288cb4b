/* The arithmetic of check digits, as national and international rules for identifiers share it.
 * Texts are ASCII digits, and letters where said; nothing is terminated or allocated. */
#ifndef ENGINE_CHECK_DIGITS_H
#define ENGINE_CHECK_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint32_t sb_digit_value(char c)
{
    return (uint32_t)(c - '0');
}

/* The last digit of a value. */
static inline char sb_digit_char(uint64_t value)
{
    return (char)('0' + value % 10);
}

/* Whether two ISO 3166-1 codes of two letters are the same. */
static inline bool sb_same_country(const char *a, const char *b)
{
    return a[0] == b[0] && a[1] == b[1];
}

/* As many digits as there are weights, each times its weight; a weight is a digit, or one of the
 * characters behind 9 for ten and more. */
static inline uint32_t sb_weighted_sum(const char *digits, const char *weights)
{
    uint32_t sum = 0;
    size_t count = strlen(weights); /* nearly always of a literal, which then needs no loop */
    for (size_t i = 0; i < count; i++)
        sum += sb_digit_value(digits[i]) * sb_digit_value(weights[i]);
    return sum;
}

/* The number that the digits say. */
uint64_t sb_digits_value(const char *digits, size_t count);

/* What brings the weighted sum to a multiple of eleven; 10 is no digit. */
uint32_t sb_check_11(const char *digits, const char *weights);

/* Chooses the last of the weighted digits so that a check digit exists, and puts that behind it.
 * The digit counts at most ten different sums of eleven, so at least nine of ten do: `nth` (0 .. 8)
 * says which. */
void sb_put_check_11(char *digits, const char *weights, uint32_t nth);

/* Luhn: the check digit of digits (base 10) or of digits and letters (base 36), doubling from the
 * right. */
uint32_t sb_check_luhn(const char *text, size_t count, uint32_t base);

/* ISO 7064 MOD 11,10. */
char sb_check_11_10(const char *digits, size_t count);

/* ISO 7064 MOD 97-10 of digits and letters, a letter as two digits; `rest` of what stands before.
 */
uint32_t sb_rest_97(uint32_t rest, const char *text, size_t count);

/* Writes the last two digits of a value. */
void sb_put_two(char *at, uint32_t value);

/* The letter of Italian tax numbers and account numbers. */
char sb_italian_letter(const char *text, size_t count);

/* Where a character stands in an alphabet that has it. */
uint32_t sb_place_in(const char *alphabet, char c);

#endif
