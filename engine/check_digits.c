#include "engine/check_digits.h"

#include <string.h>

uint64_t sb_digits_value(const char *digits, size_t count)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + sb_digit_value(digits[i]);
    return value;
}

/* What brings the weighted sum to a multiple of eleven; 10 is no digit. */
uint32_t sb_check_11(const char *digits, const char *weights)
{
    return (11 - sb_weighted_sum(digits, weights) % 11) % 11;
}

/* Chooses the last of the weighted digits so that a check digit exists, and puts that behind it.
 * The digit counts at most ten different sums of eleven, so at least nine of ten do: `nth` (0 .. 8)
 * says which. */
void sb_put_check_11(char *digits, const char *weights, uint32_t nth)
{
    size_t count = strlen(weights);
    uint32_t sum = 0, last = sb_digit_value(weights[count - 1]);
    for (size_t i = 0; i + 1 < count; i++)
        sum += sb_digit_value(digits[i]) * sb_digit_value(weights[i]);
    for (uint32_t digit = 0;; digit++, sum += last) {
        uint32_t check = (11 - sum % 11) % 11;
        if (check < 10 && nth-- == 0) {
            digits[count - 1] = sb_digit_char(digit);
            digits[count] = sb_digit_char(check);
            return;
        }
    }
}

/* The check digit of digits (base 10) or of digits and letters (base 36), doubling from the right.
 */
uint32_t sb_check_luhn(const char *text, size_t count, uint32_t base)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        char c = text[count - 1 - i];
        uint32_t value = c <= '9' ? sb_digit_value(c) : (uint32_t)(c - 'A' + 10);
        uint32_t doubled = value * 2;
        doubled -= doubled >= base ? base - 1 : 0; /* the sum of its two digits */
        sum += i % 2 == 0 ? doubled : value;
    }
    return (base - sum % base) % base;
}

/* ISO 7064 MOD 11,10. */
char sb_check_11_10(const char *digits, size_t count)
{
    uint32_t product = 10;
    for (size_t i = 0; i < count; i++) {
        uint32_t sum = (sb_digit_value(digits[i]) + product) % 10;
        sum += (uint32_t)(sum == 0) * 10;
        product = sum * 2 % 11;
    }
    return sb_digit_char((11 - product) % 10);
}

/* ISO 7064 MOD 97-10 of digits and letters, a letter as two digits. */
uint32_t sb_rest_97(uint32_t rest, const char *text, size_t count)
{
    const uint64_t most = UINT64_C(10000000000000000); /* so far it can grow by a letter more */
    uint64_t value = rest;
    for (size_t i = 0; i < count; i++) {
        bool is_digit = text[i] <= '9';
        value = value * (is_digit ? 10 : 100) +
                (is_digit ? sb_digit_value(text[i]) : (uint32_t)(text[i] - 'A' + 10));
        if (value >= most)
            value %= 97;
    }
    return (uint32_t)(value % 97);
}

void sb_put_two(char *at, uint32_t value)
{
    at[0] = sb_digit_char(value / 10);
    at[1] = sb_digit_char(value);
}

/* Of Italian tax numbers and account numbers; a table counts for the odd places. */
char sb_italian_letter(const char *text, size_t count)
{
    static const uint8_t odd[26] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                    20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t value = text[i] <= '9' ? sb_digit_value(text[i]) : (uint32_t)(text[i] - 'A');
        sum += i % 2 == 0 ? odd[value % 26] : value;
    }
    return (char)('A' + sum % 26);
}

uint32_t sb_place_in(const char *alphabet, char c)
{
    return (uint32_t)(strchr(alphabet, c) - alphabet);
}
