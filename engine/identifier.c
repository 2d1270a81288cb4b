#include "engine/identifier.h"

#include <assert.h>
#include <string.h>

#include "engine/birth_number.h"
#include "engine/check_digits.h"
#include "engine/place.h"
#include "format/row_text.h"

/* ---- cards and legal entities --------------------------------------------------------------- */

void sb_line_pan(sb_line *line, uint64_t number)
{
    sb_line text;
    sb_line_begin(&text);
    sb_line_cstr(&text, "9999");
    sb_line_digits(&text, number % UINT64_C(100000000000), 11);
    sb_line_char(&text, sb_digit_char(sb_check_luhn(text.bytes, 15, 10)));
    sb_line_add(line, text.bytes, text.length);
}

void sb_line_lei(sb_line *line, uint64_t number)
{
    sb_line text;
    sb_line_begin(&text);
    sb_line_cstr(&text, "999900");
    sb_line_digits(&text, number % UINT64_C(1000000000000), 12);
    sb_line_digits(&text, 98 - sb_rest_97(0, text.bytes, 18) * 100 % 97, 2);
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
typedef struct sb_national {
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
        if (sb_same_country(table[i].country, country))
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
    return sb_digit_char(sum % 11 % 10);
}

/* Eleven less the rest, with 10 and 11 as 0. */
static char from_11(uint32_t sum)
{
    uint32_t value = 11 - sum % 11;
    return sb_digit_char(value > 9 ? 0 : value);
}

static char irish_letter(const char *digits, uint32_t second)
{
    return "WABCDEFGHIJKLMNOPQRSTUV"[(sb_weighted_sum(digits, "8765432") + 9 * second) % 23];
}

/* Digits count 0 to 9, letters as in `alphabet`. */
static void check_cn(char *body, size_t *count)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    static const uint8_t weights[17] = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                        29, 25, 13, 8,  24, 10, 30, 28};
    uint32_t own = 11 - sb_weighted_sum(body + 8, "379:5842") % 11, sum = 0;
    append(body, count, own == 10 ? 'X' : sb_digit_char(own % 11));
    for (size_t i = 0; i < 17; i++)
        sum += sb_place_in(alphabet, body[i]) * weights[i];
    append(body, count, alphabet[(31 - sum % 31) % 31]);
}

static char turkish_company_digit(const char *digits)
{
    uint32_t sum = 0;
    for (uint32_t i = 1; i <= 9; i++) {
        uint32_t a = (sb_digit_value(digits[9 - i]) + i) % 10;
        uint32_t b = (a << i) % 9;
        sum += a == 0 ? 0 : b == 0 ? 9 : b;
    }
    return sb_digit_char(10 - sum % 10);
}

static char hong_kong_digit(const char *text)
{
    /* A blank before the letter counts 36, nine times. */
    uint32_t sum =
        36 * 9 + (uint32_t)(text[0] - 'A' + 10) * 8 + sb_weighted_sum(text + 1, "765432");
    uint32_t value = (11 - sum % 11) % 11;
    return value == 10 ? 'A' : sb_digit_char(value);
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
        append(body, count, sb_digit_char(sb_check_luhn(body + letters, *count - letters, 10)));
        break;
    }
    case LUHN_36:
        append(body, count,
               "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[sb_check_luhn(body, *count, 36)]);
        break;
    case ISO_11_10:
        append(body, count, sb_check_11_10(body, *count));
        break;
    case EAN:
        append(body, count, sb_digit_char(10 - sb_weighted_sum(body, "131313131313") % 10));
        break;
    case DNI:
        append(body, count, "TRWAGMYFPDXBNJZSQVHLCKE"[sb_digits_value(body, 8) % 23]);
        break;
    case FR_NIF:
        sum = (uint32_t)(sb_digits_value(body, 10) % 511);
        append(body, count, sb_digit_char(sum / 100));
        append(body, count, sb_digit_char(sum / 10));
        append(body, count, sb_digit_char(sum));
        break;
    case FR_TVA:
        append(body, count, sb_digit_char(sb_check_luhn(body, *count, 10)));
        sb_put_two(two, (uint32_t)((sb_digits_value(body, 9) * 100 + 12) % 97));
        put_in_front(body, count, two, 2);
        break;
    case BE_97:
        sb_put_two(body + *count, 97 - (uint32_t)(sb_digits_value(body, 8) % 97));
        *count += 2;
        break;
    case AT_UID:
        for (size_t i = 0; i < 7; i++) {
            uint32_t value = sb_digit_value(body[i]) << i % 2;
            sum += value / 10 + value % 10;
        }
        append(body, count, sb_digit_char(96 - sum));
        break;
    case IE_VAT:
        append(body, count, irish_letter(body, 8)); /* H */
        break;
    case IE_PPS:
        append(body, count, irish_letter(body, 1)); /* A */
        break;
    case PT_NIF:
        append(body, count, from_11(sb_weighted_sum(body, "98765432")));
        break;
    case RU_INN10:
        append(body, count, of_11_10(sb_weighted_sum(body, "24:359468")));
        break;
    case RU_INN12:
        append(body, count, of_11_10(sb_weighted_sum(body, "724:359468")));
        append(body, count, of_11_10(sb_weighted_sum(body, "3724:359468")));
        break;
    case RU_OGRN:
        append(body, count, sb_digit_char(sb_digits_value(body, 12) % 11));
        break;
    case TR_PERSON:
        append(body, count,
               sb_digit_char(sb_weighted_sum(body, "707070707") +
                             9 * sb_weighted_sum(body, "01010101")));
        append(body, count, sb_digit_char(sb_weighted_sum(body, "1111111111")));
        break;
    case TR_COMPANY:
        append(body, count, turkish_company_digit(body));
        break;
    case BR_CPF:
        append(body, count, from_11(sb_weighted_sum(body, ":98765432")));
        append(body, count, from_11(sb_weighted_sum(body, ";:98765432")));
        break;
    case BR_CNPJ:
        append(body, count, from_11(sb_weighted_sum(body, "543298765432")));
        append(body, count, from_11(sb_weighted_sum(body, "6543298765432")));
        break;
    case JP_PERSON:
        append(body, count, from_11(sb_weighted_sum(body, "65432765432")));
        break;
    case JP_COMPANY:
        two[0] = sb_digit_char(9 - sb_weighted_sum(body, "212121212121") % 9);
        put_in_front(body, count, two, 1);
        break;
    case AU_ACN:
    case AU_ABN:
        append(body, count, sb_digit_char(10 - sb_weighted_sum(body, "87654321") % 10));
        if (n->check == AU_ACN)
            break;
        for (uint32_t i = 0; i < 9; i++)
            sum += sb_digit_value(body[i]) * (2 * i + 3);
        sb_put_two(two, 11 + 88 - sum % 89);
        put_in_front(body, count, two, 2);
        break;
    case SG_NRIC:
        append(body, count, "JZIHGFEDCBA"[(sb_weighted_sum(body + 1, "2765432") + 4) % 11]);
        break;
    case SG_UEN:
        append(body, count, "ZKCMDNERGWH"[sb_weighted_sum(body, ":86497531") % 11]);
        break;
    case HK_ID:
        append(body, count, hong_kong_digit(body));
        break;
    case GB_UTR:
        two[0] = "21987654321"[sb_weighted_sum(body, "6789:5432") % 11];
        put_in_front(body, count, two, 1);
        break;
    case CN_USCC:
        check_cn(body, count);
        break;
    case KR_BRN:
        sum = sb_weighted_sum(body, "137137135") + sb_digit_value(body[8]) * 5 / 10;
        append(body, count, sb_digit_char(10 - sum % 10));
        break;
    case KR_CORPORATION:
        append(body, count, sb_digit_char(10 - sb_weighted_sum(body, "121212121212") % 10));
        break;
    case WEIGHTS_11:
        sb_put_check_11(body, n->weights, nth);
        ++*count;
        break;
    }
}

/* ---- forms ---------------------------------------------------------------------------------- */

/* Takes a pattern apart, once: places of one kind that stand together are a run, up to eight. */
static void read_pattern(sb_number_form *form, const char *pattern)
{
    sb_number_run *run = NULL;
    form->count = (uint8_t)strlen(pattern);
    assert(form->count <= sizeof form->body);
    memcpy(form->body, pattern, form->count);
    for (uint8_t at = 0; at < form->count; at++) {
        const char *set = set_of(pattern[at]);
        if (set == NULL) {
            run = NULL;
            continue;
        }
        if (run == NULL || pattern[run->at] != pattern[at] || run->count == 8) {
            assert(form->run_count < SB_NUMBER_RUNS_MAX);
            run = &form->runs[form->run_count++];
            *run = (sb_number_run){.at = at, .is_free = pattern[at] == '~'};
            run->letters = pattern[at] == '#' ? NULL : set;
            run->size.by = run->letters != NULL ? strlen(set) : 1;
        }
        run->count++;
        run->size = sb_divisor_make(run->size.by * (run->letters != NULL ? 1 : 10));
    }
}

static void make_form(sb_number_form *form, sb_identifier_kind kind, const char *country,
                      sb_key key, uint64_t capacity)
{
    sb_key own = sb_row_key(key, (uint64_t)kind << 16 | (uint64_t)(unsigned char)country[0] << 8 |
                                     (unsigned char)country[1]);
    form->order = sb_permutation_make(own, capacity);
    form->capacity = sb_divisor_make(capacity);
}

static bool make_national(sb_number_form *form, const national *n, sb_identifier_kind kind,
                          sb_key key)
{
    if (n == NULL)
        return false;
    form->national = n;
    read_pattern(form, n->pattern);
    make_form(form, kind, n->country, key, pattern_capacity(n->pattern));
    return true;
}

/* Writes a run of a number; returns what is left of the rank. */
static uint64_t put_run(const sb_number_run *run, char *body, uint64_t rank, uint32_t *nth)
{
    if (run->letters == NULL) {
        uint64_t rest = sb_divide(rank, &run->size);
        sb_put_digits(body + run->at + run->count, (uint32_t)(rank - rest * run->size.by),
                      run->count);
        return rest;
    }
    for (uint32_t i = run->count; i > 0; i--) {
        uint64_t rest = sb_divide(rank, &run->size), place = rank - rest * run->size.by;
        body[run->at + i - 1] = run->letters[place];
        if (run->is_free)
            *nth = (uint32_t)place;
        rank = rest;
    }
    return rank;
}

/* The number of that rank among those of a pattern. */
static void put_national(sb_line *line, const sb_number_form *form, uint64_t rank)
{
    const national *n = form->national;
    char room[8 + 40] = {0}, *body = room + 8; /* as sb_put_digits() wants it */
    size_t count = form->count;
    uint32_t nth = 0;
    memcpy(body, form->body, sizeof form->body);
    for (uint32_t i = form->run_count; i > 0; i--)
        rank = put_run(&form->runs[i - 1], body, rank, &nth);
    add_check(n, body, &count, nth);
    if (n->form == NULL) {
        sb_line_padded(line, body, count);
        return;
    }
    const char *next = body;
    for (const char *f = n->form; *f != '\0'; f++)
        sb_line_char(line, *f == '#' ? *next++ : *f);
}

/* Numbers of Mexican companies are made by a rule of their own. */
static bool is_mexican_company(sb_identifier_kind kind, const char *country)
{
    return kind == SB_COMPANY_TAX_ID && sb_same_country(country, "MX");
}

bool sb_number_form_make(sb_number_form *out, sb_identifier_kind kind, const char *country,
                         sb_key key)
{
    static const national other_passport = {"--", "X########", NO_CHECK, NULL, NULL};
    static const national other_licence = {"--", "X#########", NO_CHECK, NULL, NULL};
    const national *n = NULL;
    *out = (sb_number_form){0};
    switch (kind) {
    case SB_PERSON_TAX_ID:
        out->born = sb_birth_number_find(country);
        if (out->born == NULL)
            return make_national(out, FIND(person_numbers, country), kind, key);
        make_form(out, kind, country, key, out->born->capacity);
        return true;
    case SB_COMPANY_TAX_ID:
        if (!is_mexican_company(kind, country))
            return make_national(out, FIND(company_numbers, country), kind, key);
        make_form(out, kind, country, key, sb_mexican_companies());
        return true;
    case SB_REGISTRATION_NUMBER:
        n = FIND(shared_registers, country);
        return n != NULL ? make_national(out, n, SB_COMPANY_TAX_ID, key)
                         : make_national(out, FIND(registers, country), kind, key);
    case SB_PASSPORT_NUMBER:
        n = FIND(passports, country);
        return make_national(out, n != NULL ? n : &other_passport, kind, key);
    case SB_LICENCE_NUMBER:
        n = FIND(licences, country);
        return make_national(out, n != NULL ? n : &other_licence, kind, key);
    case SB_IDENTIFIER_KIND_COUNT:
        break;
    }
    return false;
}

void sb_line_number(sb_line *line, const sb_number_form *form, uint64_t rank)
{
    if (form->national != NULL)
        put_national(line, form, rank);
    else
        sb_line_mexican_company(line, rank);
}

void sb_line_born_number(sb_line *line, const sb_number_form *form, uint64_t rank,
                         const sb_civil *birth, bool female)
{
    if (form->born == NULL) {
        put_national(line, form, rank);
        return;
    }
    sb_birth b = {.year = (uint32_t)birth->year,
                  .month = (uint32_t)birth->month,
                  .day = (uint32_t)birth->day,
                  .yy = (uint32_t)birth->year % 100,
                  .female = female,
                  .rank = rank};
    form->born->put(line, &b);
}

/* ---- the doors ------------------------------------------------------------------------------ */

/* Of an id that is not known to be below the capacity. */
static bool put_once(sb_line *line, sb_identifier_kind kind, const char *country, sb_key key,
                     uint64_t id)
{
    sb_number_form form;
    if (!sb_number_form_make(&form, kind, country, key))
        return false;
    sb_line_number(line, &form, sb_number_rank(&form, id));
    return true;
}

bool sb_line_person_tax_id(sb_line *line, const char *country, sb_key key, uint64_t id,
                           int32_t birth_days, bool female)
{
    sb_number_form form;
    sb_civil birth = sb_civil_of(birth_days);
    if (!sb_number_form_make(&form, SB_PERSON_TAX_ID, country, key))
        return false;
    sb_line_born_number(line, &form, sb_number_rank(&form, id), &birth, female);
    return true;
}

bool sb_line_company_tax_id(sb_line *line, const char *country, sb_key key, uint64_t id)
{
    return put_once(line, SB_COMPANY_TAX_ID, country, key, id);
}

void sb_line_registration_number(sb_line *line, const char *country, sb_key key, uint64_t id)
{
    sb_number_form form;
    if (!sb_number_form_make(&form, SB_REGISTRATION_NUMBER, country, key)) {
        sb_line_add(line, country, 2);
        sb_line_char(line, '-');
        sb_line_unique(line, key, id);
        return;
    }
    sb_line_number(line, &form, sb_number_rank(&form, id));
    if (id >= form.order.size) {
        sb_line_char(line, '-');
        sb_line_digits(line, id / form.order.size, 1);
    }
}

bool sb_line_passport_number(sb_line *line, const char *country, sb_key key, uint64_t id)
{
    return put_once(line, SB_PASSPORT_NUMBER, country, key, id);
}

bool sb_line_licence_number(sb_line *line, const char *country, sb_key key, uint64_t id)
{
    return put_once(line, SB_LICENCE_NUMBER, country, key, id);
}

uint64_t sb_identifier_capacity(sb_identifier_kind kind, const char *country)
{
    sb_number_form form;
    sb_key any = {0, 0};
    if (!sb_number_form_make(&form, kind, country, any))
        return 0;
    bool other = form.national != NULL && form.national->country[0] == '-';
    return other ? 0 : form.order.size;
}
