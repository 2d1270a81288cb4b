#include "engine/identifier.h"

#include <string.h>

#include "engine/place.h"

static bool same_country(const char *a, const char *b)
{
    return a[0] == b[0] && a[1] == b[1];
}

/* ---- check digits --------------------------------------------------------------------------- */

static uint32_t digit(char c)
{
    return (uint32_t)(c - '0');
}

static char digit_char(uint64_t value)
{
    return (char)('0' + value % 10);
}

static uint32_t weighted(const char *digits, const char *weights)
{
    uint32_t sum = 0;
    /* A weight is a digit, or a colon for ten. */
    for (; *weights != '\0'; weights++)
        sum += digit(*digits++) * digit(*weights);
    return sum;
}

static uint64_t number_of(const char *digits, size_t count)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + digit(digits[i]);
    return value;
}

/* What brings the weighted sum to a multiple of eleven; 10 is no digit. */
static uint32_t check_11(const char *digits, const char *weights)
{
    return (11 - weighted(digits, weights) % 11) % 11;
}

/* Chooses the last of the weighted digits so that a check digit exists, and puts that behind it.
 * The digit counts at most ten different sums of eleven, so at least nine of ten do: `nth` (0 .. 8)
 * says which. */
static void put_check_11(char *digits, const char *weights, uint32_t nth)
{
    size_t count = strlen(weights);
    char *free = &digits[count - 1];
    for (*free = '0';; ++*free) {
        uint32_t check = check_11(digits, weights);
        if (check < 10 && nth-- == 0) {
            digits[count] = digit_char(check);
            return;
        }
    }
}

/* The check digit of digits (base 10) or of digits and letters (base 36), doubling from the right.
 */
static uint32_t luhn(const char *text, size_t count, uint32_t base)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        char c = text[count - 1 - i];
        uint32_t value = c <= '9' ? digit(c) : (uint32_t)(c - 'A' + 10);
        if (i % 2 == 0)
            value = value * 2 / base + value * 2 % base;
        sum += value;
    }
    return (base - sum % base) % base;
}

/* ISO 7064 MOD 11,10. */
static char check_11_10(const char *digits, size_t count)
{
    uint32_t product = 10;
    for (size_t i = 0; i < count; i++) {
        uint32_t sum = (digit(digits[i]) + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return digit_char((11 - product) % 10);
}

/* ISO 7064 MOD 97-10 of digits and letters, a letter as two digits. */
static uint32_t rest_97(uint32_t rest, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        rest = text[i] <= '9' ? (rest * 10 + digit(text[i])) % 97
                              : (rest * 100 + (uint32_t)(text[i] - 'A' + 10)) % 97;
    return rest;
}

static void put_two(char *at, uint32_t value)
{
    at[0] = digit_char(value / 10);
    at[1] = digit_char(value);
}

/* Of Italian tax numbers and account numbers; a table counts for the odd places. */
static char italian_letter(const char *text, size_t count)
{
    static const uint8_t odd[26] = {1,  0,  5, 7, 9, 13, 15, 17, 19, 21, 2,  4,  18,
                                    20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t value = text[i] <= '9' ? digit(text[i]) : (uint32_t)(text[i] - 'A');
        sum += i % 2 == 0 ? odd[value % 26] : value;
    }
    return (char)('A' + sum % 26);
}

/* ---- IBAN ----------------------------------------------------------------------------------- */

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
        if (same_country(iban_forms[i].country, country))
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
    if (same_country(country, "BE")) {
        bank = 151 + bank % 20;
        out[0] = digit_char(bank / 100);
        put_two(out + 1, (uint32_t)(bank % 100));
        return;
    }
    for (size_t i = count; i > 1; bank /= 10)
        out[--i] = digit_char(bank);
    out[0] = '9';
}

static char code_9731(const char *digits, size_t count)
{
    static const uint8_t weights[4] = {9, 7, 3, 1};
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += digit(digits[i]) * weights[i % 4];
    return digit_char(10 - sum % 10);
}

/* The Estonian 7-3-1 method, from the right. */
static char code_731(const char *digits, size_t count)
{
    static const uint8_t weights[3] = {7, 3, 1};
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += digit(digits[count - 1 - i]) * weights[i % 3];
    return digit_char(10 - sum % 10);
}

/* Of ten digits; a rest of one has no digit and is written as 1, of none as 0. */
static char spanish_digit(const char *digits)
{
    uint32_t check = 11 - weighted(digits, "12485:9736") % 11;
    return digit_char(check == 11 ? 0 : check == 10 ? 1 : check);
}

/* Puts the check digits of the country's own part where its form has an x. */
static void check_national(const char *country, char *n, uint32_t nth)
{
    char padded[10] = {'0', '0'};
    switch (country[0] << 8 | country[1]) {
    case 'B' << 8 | 'E': {
        uint32_t rest = rest_97(0, n, 10);
        put_two(n + 10, rest == 0 ? 97 : rest);
        break;
    }
    case 'C' << 8 | 'Z':
    case 'S' << 8 | 'K':
        put_check_11(n + 4, ":5842", 0);
        put_check_11(n + 10, "6379:5842", 0);
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
        n[13] = digit_char(luhn(n, 13, 10));
        break;
    case 'F' << 8 | 'R':
    case 'M' << 8 | 'C':
        put_two(n + 21, 97 - (uint32_t)((number_of(n, 5) * 89 + number_of(n + 5, 5) * 15 +
                                         number_of(n + 10, 11) * 3) %
                                        97));
        break;
    case 'H' << 8 | 'R':
        n[6] = check_11_10(n, 6);
        n[16] = check_11_10(n + 7, 9);
        break;
    case 'H' << 8 | 'U':
        n[7] = code_9731(n, 7);
        n[23] = code_9731(n + 8, 15);
        break;
    case 'I' << 8 | 'S': /* in the holder's number, which is of 31 February */
        put_check_11(n + 12, "32765432", 0);
        break;
    case 'I' << 8 | 'T':
        n[0] = italian_letter(n + 1, 22);
        break;
    case 'N' << 8 | 'L':
        put_check_11(n + 4, ":98765432", nth);
        break;
    case 'N' << 8 | 'O': /* 00 behind the bank would ask for another rule */
        put_check_11(n, "5432765432", nth);
        break;
    case 'P' << 8 | 'L':
        n[7] = digit_char(10 - weighted(n, "3971397") % 10);
        break;
    case 'P' << 8 | 'T':
        put_two(n + 19, 98 - rest_97(rest_97(0, n, 19), "00", 2));
        break;
    case 'S' << 8 | 'E':
        n[19] = digit_char(luhn(n + 9, 10, 10));
        break;
    case 'S' << 8 | 'I':
        put_two(n + 13, 98 - rest_97(rest_97(0, n, 13), "00", 2));
        break;
    default:
        break;
    }
}

void sb_line_iban(sb_line *line, const char *country, const char *code, const char *bic4,
                  uint64_t bank, uint64_t account)
{
    const iban_form *found = find_iban(country);
    if (found == NULL)
        return;
    const char *form = found->form;
    size_t count = strlen(form), code_length = 0, codes = 0, letters = 0;
    char national[36] = {0}, made[12], made_letters[4];
    for (size_t i = 0; i < count; i++)
        code_length += form[i] == 'k';
    if (same_country(country, "NL") && code[0] != '\0')
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
        national[i - 1] = c == 'a'   ? digit_char(account)
                          : c == 'n' ? digit_char(1 + account % 9)
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
    uint32_t rest = rest_97(rest_97(0, national, count), country, 2);
    sb_line_add(line, country, 2);
    sb_line_digits(line, 98 - rest * 100 % 97, 2);
    sb_line_add(line, national, count);
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
            number = number * 10 + digit(*c);
        else if (*form == 'n')
            number = number * 9 + digit(*c) - 1;
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
        sb_line_iban(&made, found->country, codes > 0 ? code : letters, letters, 0,
                     number * 9 + ninth);
        if (made.length == strlen(iban) && memcmp(made.bytes, iban, made.length) == 0)
            break;
    }
    *account = nines != 0 ? number * 9 + ninth : number;
    return ninth < 9;
}

/* ---- cards and legal entities --------------------------------------------------------------- */

void sb_line_pan(sb_line *line, uint64_t number)
{
    sb_line text;
    sb_line_begin(&text);
    sb_line_cstr(&text, "9999");
    sb_line_digits(&text, number % UINT64_C(100000000000), 11);
    sb_line_char(&text, digit_char(luhn(text.bytes, 15, 10)));
    sb_line_add(line, text.bytes, text.length);
}

void sb_line_lei(sb_line *line, uint64_t number)
{
    sb_line text;
    sb_line_begin(&text);
    sb_line_cstr(&text, "999900");
    sb_line_digits(&text, number % UINT64_C(1000000000000), 12);
    sb_line_digits(&text, 98 - rest_97(0, text.bytes, 18) * 100 % 97, 2);
    sb_line_add(line, text.bytes, text.length);
}

/* ---- numbers by pattern --------------------------------------------------------------------- */

typedef enum check_rule {
    NO_CHECK,
    LUHN,
    LUHN_36, /* with letters: India */
    ISO_11_10,
    EAN,
    DNI, /* Spain: a letter */
    FR_NIF,
    FR_TVA, /* two digits before the SIREN */
    BE_97,
    AT_UID,
    IE_VAT, /* a letter, with the letter that follows */
    IE_PPS,
    PT_NIF,
    RU_INN10,
    RU_INN12,
    RU_OGRN,
    TR_PERSON,
    TR_COMPANY,
    BR_CPF,
    BR_CNPJ,
    JP_PERSON,
    JP_COMPANY, /* in front */
    AU_ACN,
    AU_ABN, /* an ACN, and two digits in front */
    SG_NRIC,
    SG_UEN,
    HK_ID,
    GB_UTR,  /* in front */
    CN_USCC, /* of the organisation, then of all */
    KR_BRN,
    KR_CORPORATION,
    /* Weights modulo eleven, the last digit before the check digit chosen with it. */
    WEIGHTS_11,
} check_rule;

/* `pattern`: # a digit, @ a letter, & a consonant, * a digit or consonant, a small letter one of
 * the set of that name, ~ (last) one of nine digits that leave a check digit, anything else itself.
 * `form`: # the next character, anything else itself; NULL: all characters. */
typedef struct national {
    char country[3];
    const char *pattern;
    check_rule check;
    const char *weights; /* of WEIGHTS_11 */
    const char *form;
} national;

static const char *set_of(char c)
{
    switch (c) {
    case '#':
        return "0123456789";
    case '@':
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    case '&':
        return "BCDFGHJKLMNPQRSTVWYZ";
    case '*':
        return "0123456789CFGHJKLMNPRTVWXYZ";
    case '~':
        return "012345678";
    case 'a':
        return "ABCD";
    case 'b':
        return "AB";
    case 'e':
        return "0789";
    case 'g':
        return "36";
    case 'h':
        return "56789";
    case 'k':
        return "01";
    case 'l':
        return "abdfghikmpstvwxyz";
    case 'o':
        return "24569";
    case 'p':
        return "012346789";
    case 'q':
        return "QUIO";
    case 'r':
        return "23456789";
    case 'u':
        return "12345678";
    case 'v':
        return "68";
    case 'w':
        return "234567";
    case 'y':
        return "0123456";
    case 'z':
        return "123456789";
    default:
        return NULL;
    }
}

static const national person_numbers[] = {
    {"GB", "QQ######a", NO_CHECK, NULL, NULL},
    {"FR", "9#########", FR_NIF, NULL, NULL},
    {"ES", "9#######", DNI, NULL, NULL},
    {"PT", "4p######", PT_NIF, NULL, NULL},
    {"NL", "9######~", WEIGHTS_11, "23456789", NULL},
    {"AT", "9o######", LUHN, NULL, "##-###/####"},
    {"CH", "756#########", EAN, NULL, "###.####.####.##"},
    {"RU", "00########", RU_INN12, NULL, NULL},
    {"TR", "8########", TR_PERSON, NULL, NULL},
    {"BR", "#########", BR_CPF, NULL, "###.###.###-##"},
    {"JP", "###########", JP_PERSON, NULL, NULL},
    {"IN", "@@@P@0000@", NO_CHECK, NULL, NULL},
    {"ZA", "5########", LUHN, NULL, NULL},
    {"CA", "0#######", LUHN, NULL, "###-###-###"},
    {"AU", "00#####~", WEIGHTS_11, ":7846352", NULL},
    {"IE", "9######", IE_PPS, NULL, "########A"},
    {"SG", "Th######", SG_NRIC, NULL, NULL},
    {"HK", "q######", HK_ID, NULL, "#######(#)"},
    {"SA", "9########", LUHN, NULL, NULL},
};

static const national company_numbers[] = {
    {"US", "0e#######", NO_CHECK, NULL, "##-#######"},
    {"GB", "#########", GB_UTR, NULL, NULL},
    {"DE", "0#######", ISO_11_10, NULL, "DE#########"},
    {"FR", "0z######", FR_TVA, NULL, "FR###########"},
    {"ES", "bv9#####", LUHN, NULL, NULL},
    {"IT", "#######w##", LUHN, NULL, NULL},
    {"PT", "7g######", PT_NIF, NULL, NULL},
    {"NL", "9######~", WEIGHTS_11, "23456789", "NL#########B01"},
    {"BE", "09######", BE_97, NULL, "BE##########"},
    {"AT", "0######", AT_UID, NULL, "ATU########"},
    {"CH", "9######~", WEIGHTS_11, "54327654", "CHE-###.###.### MWST"},
    {"PL", "00######~", WEIGHTS_11, "564987654", NULL},
    {"SE", "4#r######", LUHN, NULL, "SE##########01"},
    {"NO", "3######~", WEIGHTS_11, "32765432", "#########MVA"},
    {"DK", "0#####~", WEIGHTS_11, "2765432", "DK########"},
    {"FI", "9#####~", WEIGHTS_11, "79:5842", "#######-#"},
    {"RU", "00#######", RU_INN10, NULL, NULL},
    {"TR", "#########", TR_COMPANY, NULL, NULL},
    {"BR", "########0000", BR_CNPJ, NULL, "##.###.###/####-##"},
    {"CN", "9199############", CN_USCC, NULL, NULL},
    {"KR", "0##8u####", KR_BRN, NULL, "###-##-#####"},
    {"JP", "9###########", JP_COMPANY, NULL, NULL},
    {"IN", "2#@@@C@0000@1Z", LUHN_36, NULL, NULL},
    {"ZA", "6########", LUHN, NULL, NULL},
    {"CA", "0#######", LUHN, NULL, "#########RC0001"},
    {"AU", "9#######", AU_ABN, NULL, NULL},
    {"IE", "0######", IE_VAT, NULL, "IE########H"},
    {"SG", "18y######", SG_UEN, NULL, NULL},
    {"HK", "9#######", NO_CHECK, NULL, NULL},
    {"AE", "199############", NO_CHECK, NULL, NULL},
    {"SA", "39#######", LUHN, NULL, "##########00003"},
};

/* Here the register gives the digits of the tax number: same pattern, other form. */
static const national shared_registers[] = {
    {"FR", "0z######", LUHN, NULL, NULL},
    {"PT", "7g######", PT_NIF, NULL, NULL},
    {"BE", "09######", BE_97, NULL, "####.###.###"},
    {"CH", "9######~", WEIGHTS_11, "54327654", "CHE-###.###.###"},
    {"SE", "4#r######", LUHN, NULL, "######-####"},
    {"NO", "3######~", WEIGHTS_11, "32765432", NULL},
    {"DK", "0#####~", WEIGHTS_11, "2765432", NULL},
    {"FI", "9#####~", WEIGHTS_11, "79:5842", "#######-#"},
    {"CN", "9199############", CN_USCC, NULL, NULL},
    {"JP", "9###########", JP_COMPANY, NULL, NULL},
    {"AU", "9#######", AU_ACN, NULL, "### ### ###"},
    {"SG", "18y######", SG_UEN, NULL, NULL},
};

static const national registers[] = {
    {"GB", "9#######", NO_CHECK, NULL, NULL},
    {"DE", "HRB z######", NO_CHECK, NULL, NULL},
    {"ES", "M-9######", NO_CHECK, NULL, NULL},
    {"IT", "MI-9######", NO_CHECK, NULL, NULL},
    {"NL", "00######", NO_CHECK, NULL, NULL},
    {"AT", "FN 9#####l", NO_CHECK, NULL, NULL},
    {"PL", "0009######", NO_CHECK, NULL, NULL},
    {"RU", "1k#00#######", RU_OGRN, NULL, NULL},
    {"TR", "9######-0", NO_CHECK, NULL, NULL},
    {"BR", "99#########", NO_CHECK, NULL, NULL},
    {"MX", "N-9#########", NO_CHECK, NULL, NULL},
    {"KR", "9999########", KR_CORPORATION, NULL, "######-#######"},
    {"IN", "U#####&&18##PTC######", NO_CHECK, NULL, NULL},
    {"CA", "0######-#", NO_CHECK, NULL, NULL},
    {"IE", "9######", NO_CHECK, NULL, NULL},
    {"HK", "9######", NO_CHECK, NULL, NULL},
    {"AE", "CN-9######", NO_CHECK, NULL, NULL},
    {"SA", "9#########", NO_CHECK, NULL, NULL},
    {"ZA", "18##/######/07", NO_CHECK, NULL, NULL},
};

static const national passports[] = {
    {"US", "X########", NO_CHECK, NULL, NULL}, {"GB", "0########", NO_CHECK, NULL, NULL},
    {"DE", "Z********", NO_CHECK, NULL, NULL}, {"FR", "##XX#####", NO_CHECK, NULL, NULL},
    {"ES", "XX@######", NO_CHECK, NULL, NULL}, {"IT", "XX#######", NO_CHECK, NULL, NULL},
    {"PT", "X@######", NO_CHECK, NULL, NULL},  {"NL", "XX*****##", NO_CHECK, NULL, NULL},
    {"BE", "X@######", NO_CHECK, NULL, NULL},  {"AT", "X#######", NO_CHECK, NULL, NULL},
    {"CH", "Y*******", NO_CHECK, NULL, NULL},  {"PL", "XX#######", NO_CHECK, NULL, NULL},
    {"SE", "0#######", NO_CHECK, NULL, NULL},  {"NO", "XX@######", NO_CHECK, NULL, NULL},
    {"DK", "0########", NO_CHECK, NULL, NULL}, {"FI", "XX#######", NO_CHECK, NULL, NULL},
    {"RU", "00#######", NO_CHECK, NULL, NULL}, {"TR", "X########", NO_CHECK, NULL, NULL},
    {"BR", "X@######", NO_CHECK, NULL, NULL},  {"MX", "X########", NO_CHECK, NULL, NULL},
    {"CN", "EX#######", NO_CHECK, NULL, NULL}, {"KR", "X########", NO_CHECK, NULL, NULL},
    {"JP", "XX#######", NO_CHECK, NULL, NULL}, {"IN", "X#######", NO_CHECK, NULL, NULL},
    {"ZA", "X########", NO_CHECK, NULL, NULL}, {"CA", "X@######", NO_CHECK, NULL, NULL},
    {"AU", "XX#######", NO_CHECK, NULL, NULL}, {"IE", "XX#######", NO_CHECK, NULL, NULL},
    {"SG", "X#######@", NO_CHECK, NULL, NULL}, {"HK", "X########", NO_CHECK, NULL, NULL},
    {"AE", "X########", NO_CHECK, NULL, NULL}, {"SA", "X########", NO_CHECK, NULL, NULL},
};

static const national licences[] = {
    {"US", "X########", NO_CHECK, NULL, NULL},    {"GB", "&&&&&######&&#&&", NO_CHECK, NULL, NULL},
    {"DE", "X##*****#**", NO_CHECK, NULL, NULL},  {"FR", "00##########", NO_CHECK, NULL, NULL},
    {"ES", "9#######", DNI, NULL, "########-#"},  {"IT", "X0#######&", NO_CHECK, NULL, NULL},
    {"PT", "XX-#######", NO_CHECK, NULL, NULL},   {"NL", "0#########", NO_CHECK, NULL, NULL},
    {"BE", "0#########", NO_CHECK, NULL, NULL},   {"AT", "00######", NO_CHECK, NULL, NULL},
    {"CH", "000#########", NO_CHECK, NULL, NULL}, {"PL", "0####/##/####", NO_CHECK, NULL, NULL},
    {"SE", "00########", NO_CHECK, NULL, NULL},   {"NO", "00 ## ###### #", NO_CHECK, NULL, NULL},
    {"DK", "0#######", NO_CHECK, NULL, NULL},     {"FI", "00########", NO_CHECK, NULL, NULL},
    {"RU", "00 ## ######", NO_CHECK, NULL, NULL}, {"TR", "0#######", NO_CHECK, NULL, NULL},
    {"BR", "00#########", NO_CHECK, NULL, NULL},  {"MX", "X########", NO_CHECK, NULL, NULL},
    {"CN", "99##########", NO_CHECK, NULL, NULL}, {"KR", "00-##-######-##", NO_CHECK, NULL, NULL},
    {"JP", "00##########", NO_CHECK, NULL, NULL}, {"IN", "XX0###########", NO_CHECK, NULL, NULL},
    {"ZA", "0#########XX", NO_CHECK, NULL, NULL}, {"CA", "X####-#####-#####", NO_CHECK, NULL, NULL},
    {"AU", "0########", NO_CHECK, NULL, NULL},    {"IE", "0########", NO_CHECK, NULL, NULL},
    {"SG", "Th######", SG_NRIC, NULL, NULL},      {"HK", "X#######", NO_CHECK, NULL, NULL},
    {"AE", "0########", NO_CHECK, NULL, NULL},    {"SA", "9#########", NO_CHECK, NULL, NULL},
};

static const national *find_national(const national *table, size_t count, const char *country)
{
    for (size_t i = 0; i < count; i++)
        if (same_country(table[i].country, country))
            return &table[i];
    return NULL;
}
#define FIND(table, country) find_national(table, sizeof(table) / sizeof *(table), country)

static uint64_t pattern_capacity(const char *pattern)
{
    uint64_t capacity = 1;
    for (; *pattern != '\0'; pattern++) {
        const char *set = set_of(*pattern);
        capacity *= set == NULL ? 1 : strlen(set);
    }
    return capacity;
}

static void put_in_front(char *body, size_t *count, const char *digits, size_t added)
{
    memmove(body + added, body, *count);
    memcpy(body, digits, added);
    *count += added;
}

static void append(char *body, size_t *count, char c)
{
    body[(*count)++] = c;
}

static char of_11_10(uint32_t sum)
{
    return digit_char(sum % 11 % 10);
}

/* Eleven less the rest, with 10 and 11 as 0. */
static char from_11(uint32_t sum)
{
    uint32_t value = 11 - sum % 11;
    return digit_char(value > 9 ? 0 : value);
}

static char irish_letter(const char *digits, uint32_t second)
{
    return "WABCDEFGHIJKLMNOPQRSTUV"[(weighted(digits, "8765432") + 9 * second) % 23];
}

/* Digits count 0 to 9, letters as in `alphabet`. */
static uint32_t place_in(const char *alphabet, char c)
{
    return (uint32_t)(strchr(alphabet, c) - alphabet);
}

static void check_cn(char *body, size_t *count)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    static const uint8_t weights[17] = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                        29, 25, 13, 8,  24, 10, 30, 28};
    uint32_t own = 11 - weighted(body + 8, "379:5842") % 11, sum = 0;
    append(body, count, own == 10 ? 'X' : digit_char(own % 11));
    for (size_t i = 0; i < 17; i++)
        sum += place_in(alphabet, body[i]) * weights[i];
    append(body, count, alphabet[(31 - sum % 31) % 31]);
}

static char turkish_company_digit(const char *digits)
{
    uint32_t sum = 0;
    for (uint32_t i = 1; i <= 9; i++) {
        uint32_t a = (digit(digits[9 - i]) + i) % 10;
        uint32_t b = (a << i) % 9;
        sum += a == 0 ? 0 : b == 0 ? 9 : b;
    }
    return digit_char(10 - sum % 10);
}

static char hong_kong_digit(const char *text)
{
    /* A blank before the letter counts 36, nine times. */
    uint32_t sum = 36 * 9 + (uint32_t)(text[0] - 'A' + 10) * 8 + weighted(text + 1, "765432");
    uint32_t value = (11 - sum % 11) % 11;
    return value == 10 ? 'A' : digit_char(value);
}

static void add_check(const national *n, char *body, size_t *count, uint32_t nth)
{
    uint32_t sum = 0;
    char two[2];
    switch (n->check) {
    case NO_CHECK:
        break;
    case LUHN: { /* of the digits: a letter in front does not count */
        size_t letters = body[0] > '9';
        append(body, count, digit_char(luhn(body + letters, *count - letters, 10)));
        break;
    }
    case LUHN_36:
        append(body, count, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[luhn(body, *count, 36)]);
        break;
    case ISO_11_10:
        append(body, count, check_11_10(body, *count));
        break;
    case EAN:
        append(body, count, digit_char(10 - weighted(body, "131313131313") % 10));
        break;
    case DNI:
        append(body, count, "TRWAGMYFPDXBNJZSQVHLCKE"[number_of(body, 8) % 23]);
        break;
    case FR_NIF:
        sum = (uint32_t)(number_of(body, 10) % 511);
        append(body, count, digit_char(sum / 100));
        append(body, count, digit_char(sum / 10));
        append(body, count, digit_char(sum));
        break;
    case FR_TVA:
        append(body, count, digit_char(luhn(body, *count, 10)));
        put_two(two, (uint32_t)((number_of(body, 9) * 100 + 12) % 97));
        put_in_front(body, count, two, 2);
        break;
    case BE_97:
        put_two(body + *count, 97 - (uint32_t)(number_of(body, 8) % 97));
        *count += 2;
        break;
    case AT_UID:
        for (size_t i = 0; i < 7; i++) {
            uint32_t value = digit(body[i]) << i % 2;
            sum += value / 10 + value % 10;
        }
        append(body, count, digit_char(96 - sum));
        break;
    case IE_VAT:
        append(body, count, irish_letter(body, 8)); /* H */
        break;
    case IE_PPS:
        append(body, count, irish_letter(body, 1)); /* A */
        break;
    case PT_NIF:
        append(body, count, from_11(weighted(body, "98765432")));
        break;
    case RU_INN10:
        append(body, count, of_11_10(weighted(body, "24:359468")));
        break;
    case RU_INN12:
        append(body, count, of_11_10(weighted(body, "724:359468")));
        append(body, count, of_11_10(weighted(body, "3724:359468")));
        break;
    case RU_OGRN:
        append(body, count, digit_char(number_of(body, 12) % 11));
        break;
    case TR_PERSON:
        append(body, count,
               digit_char(weighted(body, "707070707") + 9 * weighted(body, "01010101")));
        append(body, count, digit_char(weighted(body, "1111111111")));
        break;
    case TR_COMPANY:
        append(body, count, turkish_company_digit(body));
        break;
    case BR_CPF:
        append(body, count, from_11(weighted(body, ":98765432")));
        append(body, count, from_11(weighted(body, ";:98765432")));
        break;
    case BR_CNPJ:
        append(body, count, from_11(weighted(body, "543298765432")));
        append(body, count, from_11(weighted(body, "6543298765432")));
        break;
    case JP_PERSON:
        append(body, count, from_11(weighted(body, "65432765432")));
        break;
    case JP_COMPANY:
        two[0] = digit_char(9 - weighted(body, "212121212121") % 9);
        put_in_front(body, count, two, 1);
        break;
    case AU_ACN:
    case AU_ABN:
        append(body, count, digit_char(10 - weighted(body, "87654321") % 10));
        if (n->check == AU_ACN)
            break;
        for (uint32_t i = 0; i < 9; i++)
            sum += digit(body[i]) * (2 * i + 3);
        put_two(two, 11 + 88 - sum % 89);
        put_in_front(body, count, two, 2);
        break;
    case SG_NRIC:
        append(body, count, "JZIHGFEDCBA"[(weighted(body + 1, "2765432") + 4) % 11]);
        break;
    case SG_UEN:
        append(body, count, "ZKCMDNERGWH"[weighted(body, ":86497531") % 11]);
        break;
    case HK_ID:
        append(body, count, hong_kong_digit(body));
        break;
    case GB_UTR:
        two[0] = "21987654321"[weighted(body, "6789:5432") % 11];
        put_in_front(body, count, two, 1);
        break;
    case CN_USCC:
        check_cn(body, count);
        break;
    case KR_BRN:
        sum = weighted(body, "137137135") + digit(body[8]) * 5 / 10;
        append(body, count, digit_char(10 - sum % 10));
        break;
    case KR_CORPORATION:
        append(body, count, digit_char(10 - weighted(body, "121212121212") % 10));
        break;
    case WEIGHTS_11:
        put_check_11(body, n->weights, nth);
        ++*count;
        break;
    }
}

/* The number of that rank among those of a pattern. */
static void put_national(sb_line *line, const national *n, uint64_t rank)
{
    char body[40] = {0};
    size_t count = strlen(n->pattern);
    uint32_t nth = 0;
    for (size_t i = count; i > 0; i--) {
        const char *set = set_of(n->pattern[i - 1]);
        body[i - 1] = n->pattern[i - 1];
        if (set == NULL)
            continue;
        size_t size = strlen(set);
        body[i - 1] = set[rank % size];
        if (n->pattern[i - 1] == '~')
            nth = (uint32_t)(rank % size);
        rank /= size;
    }
    add_check(n, body, &count, nth);
    if (n->form == NULL) {
        sb_line_add(line, body, count);
        return;
    }
    const char *next = body;
    for (const char *f = n->form; *f != '\0'; f++)
        sb_line_char(line, *f == '#' ? *next++ : *f);
}

static uint64_t scatter(sb_key key, sb_identifier_kind kind, const char *country, uint64_t id,
                        uint64_t size)
{
    sb_key own = sb_row_key(key, (uint64_t)kind << 16 | (uint64_t)(unsigned char)country[0] << 8 |
                                     (unsigned char)country[1]);
    sb_permutation order = sb_permutation_make(own, size);
    return sb_permute(&order, id % size);
}

static bool put_scattered(sb_line *line, const national *n, sb_key key, sb_identifier_kind kind,
                          uint64_t id)
{
    if (n == NULL)
        return false;
    put_national(line, n, scatter(key, kind, n->country, id, pattern_capacity(n->pattern)));
    return true;
}

/* ---- numbers with a date of birth ----------------------------------------------------------- */

typedef struct date {
    uint32_t year, month, day;
} date;

/* Days since 1970 to the Gregorian calendar, by eras of 400 years that begin on 1 March. */
static date date_of(int32_t days)
{
    int64_t shifted = (int64_t)days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    uint32_t of_era = (uint32_t)(shifted - era * 146097);
    uint32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    uint32_t of_year = of_era - (365 * year + year / 4 - year / 100);
    uint32_t month = (5 * of_year + 2) / 153;
    date out = {(uint32_t)((int64_t)year + era * 400), month < 10 ? month + 3 : month - 9,
                of_year - (153 * month + 2) / 5 + 1};
    out.year += out.month <= 2;
    return out;
}

/* What a number with a date is made of. `rank`: among those of a day and sex. */
typedef struct birth {
    date date;
    uint32_t yy;
    bool female;
    uint64_t rank;
} birth;

static uint32_t odd_for_men(uint64_t serial, bool female)
{
    return (uint32_t)(serial * 2 + !female);
}

static void put_ymd(sb_line *line, uint32_t yy, uint32_t month, uint32_t day)
{
    sb_line_digits(line, yy, 2);
    sb_line_digits(line, month, 2);
    sb_line_digits(line, day, 2);
}

/* Serials 700 to 997: no day has so many births. */
static void put_be(sb_line *line, const birth *b)
{
    sb_line t;
    sb_line_begin(&t);
    put_ymd(&t, b->yy, b->date.month, b->date.day);
    sb_line_digits(&t, 700 + odd_for_men(b->rank, b->female), 3);
    uint64_t number = number_of(t.bytes, 9) + (b->date.year >= 2000 ? UINT64_C(2000000000) : 0);
    sb_line_digits(&t, 97 - number % 97, 2);
    sb_line_add(line, t.bytes, t.length);
}

/* The month as in numbers of people born before 1900: 80 more. */
static void put_pl(sb_line *line, const birth *b)
{
    sb_line t;
    sb_line_begin(&t);
    put_ymd(&t, b->yy, b->date.month + 80, b->date.day);
    sb_line_digits(&t, odd_for_men(b->rank, b->female), 4);
    sb_line_char(&t, digit_char(10 - weighted(t.bytes, "1379137913") % 10));
    sb_line_add(line, t.bytes, t.length);
}

/* Serials 980 to 999, which Skatteverket keeps for tests. */
static void put_se(sb_line *line, const birth *b)
{
    sb_line t;
    sb_line_begin(&t);
    put_ymd(&t, b->yy, b->date.month, b->date.day);
    sb_line_digits(&t, 980 + odd_for_men(b->rank, b->female), 3);
    sb_line_char(&t, digit_char(luhn(t.bytes, 9, 10)));
    sb_line_digits(line, b->date.year / 100, 2);
    sb_line_add(line, t.bytes, 6);
    sb_line_char(line, '-');
    sb_line_add(line, t.bytes + 6, 4);
}

/* The month with 80 added, as in Skatteetaten's synthetic population. The serials of the century,
 * from the one of that rank on, until both check digits exist. */
static void put_no(sb_line *line, const birth *b)
{
    uint32_t first = b->date.year >= 2000 ? 500 : 0;
    for (uint64_t rank = b->rank;; rank = (rank + 1) % 250) {
        sb_line t;
        sb_line_begin(&t);
        sb_line_digits(&t, b->date.day, 2);
        sb_line_digits(&t, b->date.month + 80, 2);
        sb_line_digits(&t, b->yy, 2);
        sb_line_digits(&t, first + odd_for_men(rank, b->female), 3);
        uint32_t one = check_11(t.bytes, "376189452");
        if (one > 9)
            continue;
        sb_line_char(&t, digit_char(one));
        uint32_t two = check_11(t.bytes, "5432765432");
        if (two > 9)
            continue;
        sb_line_char(&t, digit_char(two));
        sb_line_add(line, t.bytes, t.length);
        return;
    }
}

/* The day with 60 added: a replacement number. Since 2007 there is no check digit. */
static void put_dk(sb_line *line, const birth *b)
{
    sb_line_digits(line, b->date.day + 60, 2);
    sb_line_digits(line, b->date.month, 2);
    sb_line_digits(line, b->yy, 2);
    sb_line_char(line, '-');
    sb_line_digits(line, (b->date.year >= 2000 ? 4000 : 0) + odd_for_men(b->rank, b->female), 4);
}

/* Serials 900 to 999, which are for tests. */
static void put_fi(sb_line *line, const birth *b)
{
    sb_line t;
    sb_line_begin(&t);
    sb_line_digits(&t, b->date.day, 2);
    sb_line_digits(&t, b->date.month, 2);
    sb_line_digits(&t, b->yy, 2);
    sb_line_digits(&t, 900 + odd_for_men(b->rank, b->female), 3);
    uint64_t rest = number_of(t.bytes, 9) % 31;
    sb_line_add(line, t.bytes, 6);
    sb_line_char(line, b->date.year >= 2000 ? 'A' : '-');
    sb_line_add(line, t.bytes + 6, 3);
    sb_line_char(line, "0123456789ABCDEFHJKLMNPRSTUVWXY"[rest]);
}

/* A place of the province 99, which does not exist. */
static void put_cn(sb_line *line, const birth *b)
{
    static const uint8_t weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    sb_line t;
    uint32_t sum = 0;
    sb_line_begin(&t);
    sb_line_digits(&t, 990000 + b->rank / 500, 6);
    sb_line_digits(&t, b->date.year, 4);
    sb_line_digits(&t, b->date.month, 2);
    sb_line_digits(&t, b->date.day, 2);
    sb_line_digits(&t, odd_for_men(b->rank % 500, b->female), 3);
    for (uint32_t i = 0; i < 17; i++)
        sum += digit(t.bytes[i]) * weights[i];
    sb_line_char(&t, "10X98765432"[sum % 11]);
    sb_line_add(line, t.bytes, t.length);
}

/* Registered in the regions 97 to 99, which do not exist. */
static void put_kr(sb_line *line, const birth *b)
{
    sb_line t;
    sb_line_begin(&t);
    put_ymd(&t, b->yy, b->date.month, b->date.day);
    sb_line_digits(&t, (b->date.year >= 2000 ? 3u : 1u) + b->female, 1);
    sb_line_digits(&t, 97000 + b->rank, 5);
    sb_line_char(&t, digit_char(11 - weighted(t.bytes, "234567892345") % 11));
    sb_line_add(line, t.bytes, 6);
    sb_line_char(line, '-');
    sb_line_add(line, t.bytes + 6, 7);
}

/* Letters as of names, then a place Z9: no continent has that. */
static void put_it(sb_line *line, const birth *b)
{
    static const char months[] = "ABCDEHLMPRST", letters[] = "BCDFGHJKLMNPQRSTVWYZ";
    sb_line t;
    uint64_t rank = b->rank;
    sb_line_begin(&t);
    for (int i = 0; i < 6; i++, rank /= 20)
        sb_line_char(&t, letters[rank % 20]);
    sb_line_digits(&t, b->yy, 2);
    sb_line_char(&t, months[b->date.month - 1]);
    sb_line_digits(&t, b->date.day + (b->female ? 40 : 0), 2);
    sb_line_cstr(&t, "Z9");
    sb_line_digits(&t, rank % 100, 2);
    sb_line_char(&t, italian_letter(t.bytes, 15));
    sb_line_add(line, t.bytes, t.length);
}

/* Letters, date and two characters against namesakes of a Mexican number, then its check digit. */
static void put_rfc(sb_line *line, const char *letters, size_t letter_count, uint32_t yy,
                    uint32_t month, uint32_t day, uint64_t rank)
{
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ ";
    static const char second[] = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    sb_line t;
    uint32_t sum = 0;
    sb_line_begin(&t);
    if (letter_count == 3)
        sb_line_char(&t, ' ');
    sb_line_add(&t, letters, letter_count);
    put_ymd(&t, yy, month, day);
    sb_line_char(&t, second[rank % 31]);
    sb_line_char(&t, second[rank / 31 % 35]);
    for (uint32_t i = 0; i < 12; i++)
        sum += place_in(alphabet, t.bytes[i]) * (13 - i);
    sb_line_char(&t, alphabet[(11 - sum % 11) % 11]);
    sb_line_add(line, t.bytes + (letter_count == 3), 9 + letter_count);
}

enum { RFC_ENDS = 31 * 35, RFC_LETTERS = 8000 };

static uint64_t put_consonants(char *out, size_t count, uint64_t rank)
{
    for (size_t i = 0; i < count; i++, rank /= 20)
        out[i] = "BCDFGHJKLMNPQRSTVWYZ"[rank % 20];
    return rank;
}

/* X as second letter: of a surname without vowels, so it spells no word. */
static void put_mx(sb_line *line, const birth *b)
{
    char letters[4];
    uint64_t rest = put_consonants(letters, 3, b->rank);
    letters[3] = letters[1];
    letters[1] = 'X';
    put_rfc(line, letters, 4, b->yy, b->date.month, b->date.day, rest);
}

/* 784, year, seven digits, Luhn. */
static void put_ae(sb_line *line, const birth *b)
{
    sb_line t;
    sb_line_begin(&t);
    sb_line_cstr(&t, "784");
    sb_line_digits(&t, b->date.year, 4);
    sb_line_digits(&t, b->rank, 7);
    sb_line_char(&t, digit_char(luhn(t.bytes, 14, 10)));
    sb_line_add(line, t.bytes, 3);
    sb_line_char(line, '-');
    sb_line_add(line, t.bytes + 3, 4);
    sb_line_char(line, '-');
    sb_line_add(line, t.bytes + 7, 7);
    sb_line_char(line, '-');
    sb_line_char(line, t.bytes[14]);
}

/* 900 to 999 is no area, and 01 to 49 no group of the numbers for foreigners that begin so. */
static void put_us(sb_line *line, const birth *b)
{
    sb_line_digits(line, 900 + b->rank % 100, 3);
    sb_line_char(line, '-');
    sb_line_digits(line, 1 + b->rank / 100 % 49, 2);
    sb_line_char(line, '-');
    sb_line_digits(line, 1 + b->rank / 4900, 4);
}

/* Ten digits of which one stands twice and one nowhere; 0, in front, marks a test number. */
static void put_de(sb_line *line, const birth *b)
{
    char digits[11];
    uint64_t rank = b->rank;
    uint32_t missing = 1 + (uint32_t)(rank % 9), first, second;
    rank /= 9;
    uint32_t twice = 1 + (uint32_t)(rank % 8);
    twice += twice >= missing;
    rank /= 8;
    /* The two places of the one that stands twice: 36 pairs of nine. */
    uint32_t pair = (uint32_t)(rank % 36);
    rank /= 36;
    for (second = 1; pair >= second; second++)
        pair -= second;
    first = pair;
    memset(digits, 0, sizeof digits);
    digits[0] = '0';
    digits[1 + first] = digits[1 + second] = (char)('0' + twice);
    /* The others into the places that are left, the rank choosing each. */
    uint32_t left = 7;
    for (uint32_t value = 1; value < 10; value++) {
        if (value == missing || value == twice)
            continue;
        uint32_t skip = (uint32_t)(rank % left), place = 1;
        rank /= left--;
        while (digits[place] != '\0' || skip-- > 0)
            place++;
        digits[place] = (char)('0' + value);
    }
    digits[10] = check_11_10(digits, 10);
    sb_line_add(line, digits, sizeof digits);
}

static const struct born_number {
    char country[3];
    uint64_t capacity; /* of a day and sex, where it has them */
    void (*put)(sb_line *line, const birth *b);
} born_numbers[] = {
    {"AE", 10000000, put_ae},
    {"BE", 149, put_be},
    {"CN", 5000000, put_cn},
    {"DE", 13063680, put_de},
    {"DK", 2000, put_dk},
    {"FI", 50, put_fi},
    {"IT", UINT64_C(6400000000), put_it},
    {"KR", 3000, put_kr},
    {"MX", (uint64_t)RFC_LETTERS *RFC_ENDS, put_mx},
    {"NO", 250, put_no},
    {"PL", 5000, put_pl},
    {"SE", 10, put_se},
    {"US", UINT64_C(4900) * 9999, put_us},
};

static const struct born_number *find_born(const char *country)
{
    for (size_t i = 0; i < sizeof born_numbers / sizeof *born_numbers; i++)
        if (same_country(born_numbers[i].country, country))
            return &born_numbers[i];
    return NULL;
}

bool sb_tax_id_has_birth(const char *country)
{
    const struct born_number *born = find_born(country);
    return born != NULL && born->put != put_de && born->put != put_us;
}

/* ---- the doors ------------------------------------------------------------------------------ */

bool sb_line_person_tax_id(sb_line *line, const char *country, sb_key key, uint64_t id,
                           int32_t birth_days, bool female)
{
    const struct born_number *born = find_born(country);
    if (born == NULL)
        return put_scattered(line, FIND(person_numbers, country), key, SB_PERSON_TAX_ID, id);
    birth b = {.date = date_of(birth_days), .female = female};
    b.yy = b.date.year % 100;
    b.rank = scatter(key, SB_PERSON_TAX_ID, country, id, born->capacity);
    born->put(line, &b);
    return true;
}

/* Of companies: letters, and a day of the years 2000 to 2019. */
enum { RFC_DAYS = 20 * 12 * 28 };
static const uint64_t mexican_companies = (uint64_t)RFC_LETTERS * RFC_ENDS * RFC_DAYS;

static void put_mexican_company(sb_line *line, sb_key key, uint64_t id)
{
    char letters[3];
    uint64_t rank = scatter(key, SB_COMPANY_TAX_ID, "MX", id, mexican_companies);
    rank = put_consonants(letters, 3, rank);
    uint32_t day = (uint32_t)(rank % RFC_DAYS);
    put_rfc(line, letters, 3, day / 336, 1 + day / 28 % 12, 1 + day % 28, rank / RFC_DAYS);
}

bool sb_line_company_tax_id(sb_line *line, const char *country, sb_key key, uint64_t id)
{
    if (!same_country(country, "MX"))
        return put_scattered(line, FIND(company_numbers, country), key, SB_COMPANY_TAX_ID, id);
    put_mexican_company(line, key, id);
    return true;
}

void sb_line_registration_number(sb_line *line, const char *country, sb_key key, uint64_t id)
{
    const national *shared = FIND(shared_registers, country);
    const national *n = shared != NULL ? shared : FIND(registers, country);
    if (n == NULL) {
        sb_line_add(line, country, 2);
        sb_line_char(line, '-');
        sb_line_unique(line, key, id);
        return;
    }
    (void)put_scattered(line, n, key, shared != NULL ? SB_COMPANY_TAX_ID : SB_REGISTRATION_NUMBER,
                        id);
    uint64_t capacity = pattern_capacity(n->pattern);
    if (id >= capacity) {
        sb_line_char(line, '-');
        sb_line_digits(line, id / capacity, 1);
    }
}

bool sb_line_passport_number(sb_line *line, const char *country, sb_key key, uint64_t id)
{
    static const national other = {"--", "X########", NO_CHECK, NULL, NULL};
    const national *n = FIND(passports, country);
    return put_scattered(line, n == NULL ? &other : n, key, SB_PASSPORT_NUMBER, id);
}

bool sb_line_licence_number(sb_line *line, const char *country, sb_key key, uint64_t id)
{
    static const national other = {"--", "X#########", NO_CHECK, NULL, NULL};
    const national *n = FIND(licences, country);
    return put_scattered(line, n == NULL ? &other : n, key, SB_LICENCE_NUMBER, id);
}

uint64_t sb_identifier_capacity(sb_identifier_kind kind, const char *country)
{
    const struct born_number *born = find_born(country);
    const national *n = NULL;
    switch (kind) {
    case SB_PERSON_TAX_ID:
        if (born != NULL)
            return born->capacity;
        n = FIND(person_numbers, country);
        break;
    case SB_COMPANY_TAX_ID:
        if (same_country(country, "MX"))
            return mexican_companies;
        n = FIND(company_numbers, country);
        break;
    case SB_REGISTRATION_NUMBER:
        n = FIND(shared_registers, country);
        n = n != NULL ? n : FIND(registers, country);
        break;
    case SB_PASSPORT_NUMBER:
        n = FIND(passports, country);
        break;
    case SB_LICENCE_NUMBER:
        n = FIND(licences, country);
        break;
    case SB_IDENTIFIER_KIND_COUNT:
        break;
    }
    return n == NULL ? 0 : pattern_capacity(n->pattern);
}
