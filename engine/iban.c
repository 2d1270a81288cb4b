#include "engine/iban.h"

#include <string.h>

#include "engine/check_digits.h"

/* How a country's part is built. b: a letter of the bank; k: a character of its code; a: a digit of
 * the account, the highest first; n: one that is not 0; j: the account modulo nine, as one of the
 * digits that leave a check digit; ~: the first digit that leaves one; x: check digits; anything
 * else itself. */
typedef struct iban_form {
    char country[3];
    const char *form;
} iban_form;

static const iban_form iban_forms[] = {
    {"AD", "kkkk000100aaaaaaaaaa"},
    {"AE", "kkk000000aaaaaaaaaa"},
    {"AT", "kkkkk0aaaaaaaaaa"},
    {"BE", "kkkaaaaaaaxx"},
    {"BG", "bbbb99aa10aaaaaaaa"},
    {"BH", "bbbb0000aaaaaaaaaa"},
    {"BR", "kkkkkkkk00001aaaaaaaaaaC1"},
    {"CH", "kkkkk00aaaaaaaaaa"},
    {"CY", "kkk00001000000aaaaaaaaaa"},
    {"CZ", "kkkk00aa~xaaaaaaaa~x"},
    {"DE", "kkkkkkkkaaaaaaaaaa"},
    {"DK", "kkkkaaaaaaaaaa"},
    {"EE", "kk000aaaaaaaaaax"},
    {"EG", "kkkk00010000000aaaaaaaaaa"},
    {"ES", "kkkkkkkkxxaaaaaaaaaa"},
    {"FI", "kkkaaaaaaaaaax"},
    {"FR", "kkkkkkkkkk0aaaaaaaaaaxx"},
    {"GB", "bbbbkkkkaaaaaaaaaa"},
    {"GR", "kkkkkkk000000aaaaaaaaaa"},
    {"HR", "kkkkkaxaaaaaaaaax"},
    {"HU", "kkkkkkkx00000aaaaaaaaaax"},
    {"IE", "bbbbkkkkaaaaaaaaaa"},
    {"IL", "kkkkkk000aaaaaaaaaa"},
    {"IS", "kkaa26aaaaaa7102aa8~x0"},
    {"IT", "xkkkkkkkkkk00aaaaaaaaaa"},
    {"KW", "bbbb000000000000aaaaaaaaaa"},
    {"LI", "kkkkk00aaaaaaaaaa"},
    {"LT", "kkkkk0aaaaaaaaaa"},
    {"LU", "kkk000aaaaaaaaaa"},
    {"LV", "bbbb000aaaaaaaaaa"},
    {"LY", "kkkkkk00000aaaaaaaaaa"},
    {"MC", "kkkkkkkkkk0aaaaaaaaaaxx"},
    {"MT", "bbbbkkkkk00000000aaaaaaaaaa"},
    {"MU", "bbbbkk0100aaaaaaaaaa000MUR"},
    {"NL", "bbbbaaaaaaaajx"},
    {"NO", "kkkknaaaajx"},
    {"PL", "kkkkkkkx000000aaaaaaaaaa"},
    {"PT", "kkkkkkkk0aaaaaaaaaaxx"},
    {"QA", "bbbb00000000000aaaaaaaaaa"},
    {"RO", "bbbb000000aaaaaaaaaa"},
    {"SA", "kk00000000aaaaaaaaaa"},
    {"SC", "bbbbkk01000000aaaaaaaaaaSCR"},
    {"SD", "kk00aaaaaaaaaa"},
    {"SE", "kkk000000aaaaaaaaaax"},
    {"SI", "kkkaaaaaaaaaaxx"},
    {"SK", "kkkk00aa~xaaaaaaaa~x"},
    {"TR", "kkkkk0000000aaaaaaaaaa"},
    {"UA", "kkkkkk000000000aaaaaaaaaa"},
    {"VG", "bbbb000000aaaaaaaaaa"},
};

static const iban_form *find_iban(const char *country)
{
    for (size_t i = 0; i < sizeof iban_forms / sizeof *iban_forms; i++)
        if (sb_same_country(iban_forms[i].country, country))
            return &iban_forms[i];
    return NULL;
}

static uint64_t iban_capacity(const char *form)
{
    uint64_t capacity = 1;
    for (; *form != '\0'; form++)
        capacity *= *form == 'a' ? 10 : *form == 'j' || *form == 'n' ? 9 : 1;
    return capacity;
}

bool sb_iban_known(const char *country)
{
    return find_iban(country) != NULL;
}

uint64_t sb_iban_capacity(const char *country)
{
    const iban_form *found = find_iban(country);
    return found == NULL ? 0 : iban_capacity(found->form);
}

/* A code that begins with 9; in Belgium, where many such are given out, one of 151 to 170. */
static void make_code(char *out, size_t count, const char *country, uint64_t bank)
{
    if (sb_same_country(country, "BE")) {
        bank = 151 + bank % 20;
        out[0] = sb_digit_char(bank / 100);
        sb_put_two(out + 1, (uint32_t)(bank % 100));
        return;
    }
    for (size_t i = count; i > 1; bank /= 10)
        out[--i] = sb_digit_char(bank);
    out[0] = '9';
}

static char code_9731(const char *digits, size_t count)
{
    static const uint8_t weights[4] = {9, 7, 3, 1};
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += sb_digit_value(digits[i]) * weights[i % 4];
    return sb_digit_char(10 - sum % 10);
}

/* The Estonian 7-3-1 method, from the right. */
static char code_731(const char *digits, size_t count)
{
    static const uint8_t weights[3] = {7, 3, 1};
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += sb_digit_value(digits[count - 1 - i]) * weights[i % 3];
    return sb_digit_char(10 - sum % 10);
}

/* Of ten digits; a rest of one has no digit and is written as 1, of none as 0. */
static char spanish_digit(const char *digits)
{
    uint32_t check = 11 - sb_weighted_sum(digits, "12485:9736") % 11;
    return sb_digit_char(check == 11 ? 0 : check == 10 ? 1 : check);
}

/* Puts the check digits of the country's own part where its form has an x. */
static void check_national(const char *country, char *n, uint32_t nth)
{
    char padded[10] = {'0', '0'};
    switch (country[0] << 8 | country[1]) {
    case 'B' << 8 | 'E': {
        uint32_t rest = sb_rest_97(0, n, 10);
        sb_put_two(n + 10, rest == 0 ? 97 : rest);
        break;
    }
    case 'C' << 8 | 'Z':
    case 'S' << 8 | 'K':
        sb_put_check_11(n + 4, ":5842", 0);
        sb_put_check_11(n + 10, "6379:5842", 0);
        break;
    case 'E' << 8 | 'E':
        n[15] = code_731(n + 2, 13);
        break;
    case 'E' << 8 | 'S':
        memcpy(padded + 2, n, 8);
        n[8] = spanish_digit(padded);
        n[9] = spanish_digit(n + 10);
        break;
    case 'F' << 8 | 'I':
        n[13] = sb_digit_char(sb_check_luhn(n, 13, 10));
        break;
    case 'F' << 8 | 'R':
    case 'M' << 8 | 'C':
        sb_put_two(n + 21,
                   97 - (uint32_t)((sb_digits_value(n, 5) * 89 + sb_digits_value(n + 5, 5) * 15 +
                                    sb_digits_value(n + 10, 11) * 3) %
                                   97));
        break;
    case 'H' << 8 | 'R':
        n[6] = sb_check_11_10(n, 6);
        n[16] = sb_check_11_10(n + 7, 9);
        break;
    case 'H' << 8 | 'U':
        n[7] = code_9731(n, 7);
        n[23] = code_9731(n + 8, 15);
        break;
    case 'I' << 8 | 'S': /* in the holder's number, which is of 31 February */
        sb_put_check_11(n + 12, "32765432", 0);
        break;
    case 'I' << 8 | 'T':
        n[0] = sb_italian_letter(n + 1, 22);
        break;
    case 'N' << 8 | 'L':
        sb_put_check_11(n + 4, ":98765432", nth);
        break;
    case 'N' << 8 | 'O': /* 00 behind the bank would ask for another rule */
        sb_put_check_11(n, "5432765432", nth);
        break;
    case 'P' << 8 | 'L':
        n[7] = sb_digit_char(10 - sb_weighted_sum(n, "3971397") % 10);
        break;
    case 'P' << 8 | 'T':
        sb_put_two(n + 19, 98 - sb_rest_97(sb_rest_97(0, n, 19), "00", 2));
        break;
    case 'S' << 8 | 'E':
        n[19] = sb_digit_char(sb_check_luhn(n + 9, 10, 10));
        break;
    case 'S' << 8 | 'I':
        sb_put_two(n + 13, 98 - sb_rest_97(sb_rest_97(0, n, 13), "00", 2));
        break;
    default:
        break;
    }
}

size_t sb_line_iban(sb_line *line, const char *country, const char *code, const char *bic4,
                    uint64_t bank, uint64_t account)
{
    const iban_form *found = find_iban(country);
    if (found == NULL)
        return 0;
    const char *form = found->form;
    size_t count = strlen(form), code_length = 0, codes = 0, letters = 0;
    char national[36] = {0}, made[12], made_letters[4];
    for (size_t i = 0; i < count; i++)
        code_length += form[i] == 'k';
    if (sb_same_country(country, "NL") && code[0] != '\0')
        bic4 = code; /* the national code is the four letters */
    if (memchr(code, '\0', code_length) != NULL) {
        make_code(made, code_length, country, bank);
        code = made;
    }
    if (memchr(bic4, '\0', 4) != NULL) {
        made_letters[0] = 'X';
        for (size_t i = 3; i > 0; i--, bank /= 26)
            made_letters[i] = (char)('A' + bank % 26);
        bic4 = made_letters;
    }
    account %= iban_capacity(form);
    bool nines = strchr(form, 'j') != NULL;
    uint32_t nth = nines ? (uint32_t)(account % 9) : 0;
    account = nines ? account / 9 : account;
    for (size_t i = count; i > 0; i--) {
        char c = form[i - 1];
        national[i - 1] = c == 'a'   ? sb_digit_char(account)
                          : c == 'n' ? sb_digit_char(1 + account % 9)
                          : c >= 'a' ? '0'
                                     : c;
        account /= c == 'a' ? 10 : c == 'n' ? 9 : 1;
    }
    for (size_t i = 0; i < count; i++)
        if (form[i] == 'k')
            national[i] = code[codes++];
        else if (form[i] == 'b')
            national[i] = bic4[letters++];
    check_national(country, national, nth);
    uint32_t rest = sb_rest_97(sb_rest_97(0, national, count), country, 2);
    sb_line_add(line, country, 2);
    sb_line_digits(line, 98 - rest * 100 % 97, 2);
    sb_line_add(line, national, count);
    return count - (size_t)(strrchr(form, 'a') + 1 - form);
}

bool sb_iban_read(const char *iban, uint64_t *account, char code[SB_IBAN_CODE_BYTES])
{
    const iban_form *found = strlen(iban) > 4 ? find_iban(iban) : NULL;
    if (found == NULL || strlen(iban) != strlen(found->form) + 4)
        return false;
    uint64_t number = 0, nines = 0, ninth = 0;
    size_t codes = 0;
    for (const char *form = found->form, *c = iban + 4; *form != '\0'; form++, c++) {
        if (strchr("anj", *form) != NULL && (*c < '0' || *c > '9'))
            return false;
        if (*form == 'a')
            number = number * 10 + sb_digit_value(*c);
        else if (*form == 'n')
            number = number * 9 + sb_digit_value(*c) - 1;
        else if (*form == 'j')
            nines = 1;
        else if (*form == 'k' && codes + 1 < SB_IBAN_CODE_BYTES)
            code[codes++] = *c;
    }
    code[codes] = '\0';
    /* Which of nine the check digit stands for is found by making them. */
    for (; nines != 0 && ninth < 9; ninth++) {
        sb_line made;
        char letters[5] = {iban[4], iban[5], iban[6], iban[7], 0};
        sb_line_begin(&made);
        (void)sb_line_iban(&made, found->country, codes > 0 ? code : letters, letters, 0,
                           number * 9 + ninth);
        if (made.length == strlen(iban) && memcmp(made.bytes, iban, made.length) == 0)
            break;
    }
    *account = nines != 0 ? number * 9 + ninth : number;
    return ninth < 9;
}
