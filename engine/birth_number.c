#include "engine/birth_number.h"

#include <string.h>

#include "engine/check_digits.h"

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
static void put_be(sb_line *line, const sb_birth *b)
{
    sb_line t;
    sb_line_begin(&t);
    put_ymd(&t, b->yy, b->month, b->day);
    sb_line_digits(&t, 700 + odd_for_men(b->rank, b->female), 3);
    uint64_t number = sb_digits_value(t.bytes, 9) + (b->year >= 2000 ? UINT64_C(2000000000) : 0);
    sb_line_digits(&t, 97 - number % 97, 2);
    sb_line_join(line, &t);
}

/* The month as in numbers of people born before 1900: 80 more. */
static void put_pl(sb_line *line, const sb_birth *b)
{
    sb_line t;
    sb_line_begin(&t);
    put_ymd(&t, b->yy, b->month + 80, b->day);
    sb_line_digits(&t, odd_for_men(b->rank, b->female), 4);
    sb_line_char(&t, sb_digit_char(10 - sb_weighted_sum(t.bytes, "1379137913") % 10));
    sb_line_join(line, &t);
}

/* Serials 980 to 999, which Skatteverket keeps for tests. */
static void put_se(sb_line *line, const sb_birth *b)
{
    sb_line t;
    sb_line_begin(&t);
    put_ymd(&t, b->yy, b->month, b->day);
    sb_line_digits(&t, 980 + odd_for_men(b->rank, b->female), 3);
    sb_line_char(&t, sb_digit_char(sb_check_luhn(t.bytes, 9, 10)));
    sb_line_digits(line, b->year / 100, 2);
    sb_line_add(line, t.bytes, 6);
    sb_line_char(line, '-');
    sb_line_add(line, t.bytes + 6, 4);
}

/* The month with 80 added, as in Skatteetaten's synthetic population. The serials of the century,
 * from the one of that rank on, until both check digits exist. */
static void put_no(sb_line *line, const sb_birth *b)
{
    uint32_t first = b->year >= 2000 ? 500 : 0;
    for (uint64_t rank = b->rank;; rank = (rank + 1) % 250) {
        sb_line t;
        sb_line_begin(&t);
        sb_line_digits(&t, b->day, 2);
        sb_line_digits(&t, b->month + 80, 2);
        sb_line_digits(&t, b->yy, 2);
        sb_line_digits(&t, first + odd_for_men(rank, b->female), 3);
        uint32_t one = sb_check_11(t.bytes, "376189452");
        if (one > 9)
            continue;
        sb_line_char(&t, sb_digit_char(one));
        uint32_t two = sb_check_11(t.bytes, "5432765432");
        if (two > 9)
            continue;
        sb_line_char(&t, sb_digit_char(two));
        sb_line_join(line, &t);
        return;
    }
}

/* The day with 60 added: a replacement number. Since 2007 there is no check digit. */
static void put_dk(sb_line *line, const sb_birth *b)
{
    sb_line_digits(line, b->day + 60, 2);
    sb_line_digits(line, b->month, 2);
    sb_line_digits(line, b->yy, 2);
    sb_line_char(line, '-');
    sb_line_digits(line, (b->year >= 2000 ? 4000 : 0) + odd_for_men(b->rank, b->female), 4);
}

/* Serials 900 to 999, which are for tests. */
static void put_fi(sb_line *line, const sb_birth *b)
{
    sb_line t;
    sb_line_begin(&t);
    sb_line_digits(&t, b->day, 2);
    sb_line_digits(&t, b->month, 2);
    sb_line_digits(&t, b->yy, 2);
    sb_line_digits(&t, 900 + odd_for_men(b->rank, b->female), 3);
    uint64_t rest = sb_digits_value(t.bytes, 9) % 31;
    sb_line_add(line, t.bytes, 6);
    sb_line_char(line, b->year >= 2000 ? 'A' : '-');
    sb_line_add(line, t.bytes + 6, 3);
    sb_line_char(line, "0123456789ABCDEFHJKLMNPRSTUVWXY"[rest]);
}

/* A place of the province 99, which does not exist. */
static void put_cn(sb_line *line, const sb_birth *b)
{
    static const uint8_t weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    sb_line t;
    uint32_t sum = 0;
    sb_line_begin(&t);
    sb_line_digits(&t, 990000 + b->rank / 500, 6);
    sb_line_digits(&t, b->year, 4);
    sb_line_digits(&t, b->month, 2);
    sb_line_digits(&t, b->day, 2);
    sb_line_digits(&t, odd_for_men(b->rank % 500, b->female), 3);
    for (uint32_t i = 0; i < 17; i++)
        sum += sb_digit_value(t.bytes[i]) * weights[i];
    sb_line_char(&t, "10X98765432"[sum % 11]);
    sb_line_join(line, &t);
}

/* Registered in the regions 97 to 99, which do not exist. */
static void put_kr(sb_line *line, const sb_birth *b)
{
    sb_line t;
    sb_line_begin(&t);
    put_ymd(&t, b->yy, b->month, b->day);
    sb_line_digits(&t, (b->year >= 2000 ? 3u : 1u) + b->female, 1);
    sb_line_digits(&t, 97000 + b->rank, 5);
    sb_line_char(&t, sb_digit_char(11 - sb_weighted_sum(t.bytes, "234567892345") % 11));
    sb_line_add(line, t.bytes, 6);
    sb_line_char(line, '-');
    sb_line_add(line, t.bytes + 6, 7);
}

/* Letters as of names, then a place Z9: no continent has that. */
static void put_it(sb_line *line, const sb_birth *b)
{
    static const char months[] = "ABCDEHLMPRST", letters[] = "BCDFGHJKLMNPQRSTVWYZ";
    sb_line t;
    uint64_t rank = b->rank;
    sb_line_begin(&t);
    for (int i = 0; i < 6; i++, rank /= 20)
        sb_line_char(&t, letters[rank % 20]);
    sb_line_digits(&t, b->yy, 2);
    sb_line_char(&t, months[b->month - 1]);
    sb_line_digits(&t, b->day + (b->female ? 40 : 0), 2);
    sb_line_cstr(&t, "Z9");
    sb_line_digits(&t, rank % 100, 2);
    sb_line_char(&t, sb_italian_letter(t.bytes, 15));
    sb_line_join(line, &t);
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
        sum += sb_place_in(alphabet, t.bytes[i]) * (13 - i);
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
static void put_mx(sb_line *line, const sb_birth *b)
{
    char letters[4];
    uint64_t rest = put_consonants(letters, 3, b->rank);
    letters[3] = letters[1];
    letters[1] = 'X';
    put_rfc(line, letters, 4, b->yy, b->month, b->day, rest);
}

/* 784, year, seven digits, Luhn. */
static void put_ae(sb_line *line, const sb_birth *b)
{
    sb_line t;
    sb_line_begin(&t);
    sb_line_cstr(&t, "784");
    sb_line_digits(&t, b->year, 4);
    sb_line_digits(&t, b->rank, 7);
    sb_line_char(&t, sb_digit_char(sb_check_luhn(t.bytes, 14, 10)));
    sb_line_add(line, t.bytes, 3);
    sb_line_char(line, '-');
    sb_line_add(line, t.bytes + 3, 4);
    sb_line_char(line, '-');
    sb_line_add(line, t.bytes + 7, 7);
    sb_line_char(line, '-');
    sb_line_char(line, t.bytes[14]);
}

/* 900 to 999 is no area, and 01 to 49 no group of the numbers for foreigners that begin so. */
static void put_us(sb_line *line, const sb_birth *b)
{
    sb_line_digits(line, 900 + b->rank % 100, 3);
    sb_line_char(line, '-');
    sb_line_digits(line, 1 + b->rank / 100 % 49, 2);
    sb_line_char(line, '-');
    sb_line_digits(line, 1 + b->rank / 4900, 4);
}

/* Takes one out of a list of sixteen at most, four bits each, the first one lowest. */
static uint32_t take_out(uint64_t *list, uint32_t place)
{
    uint64_t below = *list & (((uint64_t)1 << 4 * place) - 1), from = *list >> 4 * place;
    *list = below | from >> 4 << 4 * place;
    return (uint32_t)(from & 15);
}

/* Ten digits of which one stands twice and one nowhere; 0, in front, marks a test number. */
static void put_de(sb_line *line, const sb_birth *b)
{
    char digits[11];
    uint64_t rank = b->rank, values = 0x987654321, places = 0x987654321;
    (void)take_out(&values, (uint32_t)(rank % 9)); /* the one that is missing */
    rank /= 9;
    char twice = sb_digit_char(take_out(&values, (uint32_t)(rank % 8)));
    rank /= 8;
    /* The two places of the one that stands twice: 36 pairs of nine, by the second, which has as
     * many pairs as places before it. */
    uint32_t pair = (uint32_t)(rank % 36), second = 1;
    rank /= 36;
    for (uint32_t pairs = 1, next = 2; next < 9; pairs += next++)
        second += pair >= pairs;
    uint32_t first = pair - second * (second - 1) / 2;
    digits[0] = '0';
    digits[1 + second] = digits[1 + first] = twice;
    (void)take_out(&places, second);
    (void)take_out(&places, first);
    /* The others into the places that are left, the rank choosing each. */
    for (uint32_t left = 7; left > 0; left--) {
        uint32_t place = take_out(&places, (uint32_t)(rank % left));
        digits[place] = sb_digit_char(take_out(&values, 0));
        rank /= left;
    }
    digits[10] = sb_check_11_10(digits, 10);
    sb_line_add(line, digits, sizeof digits);
}

static const sb_birth_number birth_numbers[] = {
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

const sb_birth_number *sb_birth_number_find(const char *country)
{
    for (size_t i = 0; i < sizeof birth_numbers / sizeof *birth_numbers; i++)
        if (sb_same_country(birth_numbers[i].country, country))
            return &birth_numbers[i];
    return NULL;
}

bool sb_tax_id_has_birth(const char *country)
{
    const sb_birth_number *born = sb_birth_number_find(country);
    return born != NULL && born->put != put_de && born->put != put_us;
}

/* Of companies: letters, and a day of the years 2000 to 2019. */
enum { RFC_DAYS = 20 * 12 * 28 };

uint64_t sb_mexican_companies(void)
{
    return (uint64_t)RFC_LETTERS * RFC_ENDS * RFC_DAYS;
}

void sb_line_mexican_company(sb_line *line, uint64_t rank)
{
    char letters[3];
    rank = put_consonants(letters, 3, rank);
    uint32_t day = (uint32_t)(rank % RFC_DAYS);
    put_rfc(line, letters, 3, day / 336, 1 + day / 28 % 12, 1 + day % 28, rank / RFC_DAYS);
}
