/* Identifiers: published examples, check digits, and ids that never share a value. */
#include "engine/iban.h"
#include "engine/identifier.h"

#include "tests/unit/engine_fixture.h"

static const sb_key key = {0x0123456789ABCDEFu, 0xFEDCBA9876543210u};

typedef struct text {
    char bytes[48];
} text;

static text text_of(const sb_line *line)
{
    text out = {{0}};
    assert_true(line->length < sizeof out.bytes);
    memcpy(out.bytes, line->bytes, line->length);
    return out;
}

static text iban_of(const char *country, const char *code, const char *bic4, uint64_t bank,
                    uint64_t account)
{
    sb_line line;
    sb_line_begin(&line);
    (void)sb_line_iban(&line, country, code, bic4, bank, account);
    return text_of(&line);
}

static text number_of(sb_identifier_kind kind, const char *country, uint64_t id)
{
    sb_line line;
    bool known = true;
    sb_line_begin(&line);
    switch (kind) {
    case SB_PERSON_TAX_ID:
        known = sb_line_person_tax_id(&line, country, key, id, 4000, id % 2 == 0);
        break;
    case SB_COMPANY_TAX_ID:
        known = sb_line_company_tax_id(&line, country, key, id);
        break;
    case SB_REGISTRATION_NUMBER:
        sb_line_registration_number(&line, country, key, id);
        break;
    case SB_PASSPORT_NUMBER:
        known = sb_line_passport_number(&line, country, key, id);
        break;
    case SB_LICENCE_NUMBER:
        known = sb_line_licence_number(&line, country, key, id);
        break;
    case SB_IDENTIFIER_KIND_COUNT:
        break;
    }
    assert_int_equal(known, line.length > 0);
    return text_of(&line);
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const text *)a)->bytes, ((const text *)b)->bytes);
}

static void assert_all_different(text *texts, size_t count)
{
    qsort(texts, count, sizeof *texts, compare);
    for (size_t i = 1; i < count; i++)
        if (compare(&texts[i - 1], &texts[i]) == 0)
            fail_msg("%s stands twice", texts[i].bytes);
}

/* ---- IBAN -------------------------------------------------------------------------------------
 */

/* Examples of the SWIFT registry whose account has no more than ten digits. */
static void iban_gives_the_published_examples(void **state)
{
    static const struct {
        const char *country, *code, *bic4;
        uint64_t account;
        const char *iban;
    } examples[] = {
        {"AT", "19043", "", 234573201, "AT611904300234573201"},
        {"BE", "539", "", 75470, "BE68539007547034"},
        {"DE", "37040044", "", 532013000, "DE89370400440532013000"},
        {"DK", "0040", "", 440116243, "DK5000400440116243"},
        {"ES", "21000418", "", 200051332, "ES9121000418450200051332"},
        {"FI", "123456", "", 4560000078, "FI2112345600000785"},
        {"GB", "601613", "NWBK", 1331926819, "GB29NWBK60161331926819"},
        {"HR", "10010", "", 186300016, "HR1210010051863000160"},
        {"IE", "931152", "AIBK", 5212345678, "IE29AIBK93115212345678"},
        {"IL", "010800", "", 99999999, "IL620108000000099999999"},
        {"IT", "0542811101", "", 123456, "IT60X0542811101000000123456"},
        {"MC", "1122200001", "", 1234567890, "MC5811222000010123456789030"},
        {"SI", "263", "", 3000120390, "SI56263300012039086"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(examples); i++) {
        text iban = iban_of(examples[i].country, examples[i].code, examples[i].bic4, 0,
                            examples[i].account);
        assert_string_equal(iban.bytes, examples[i].iban);
    }
}

static uint32_t rest_of(const char *iban)
{
    uint32_t rest = 0;
    size_t length = strlen(iban);
    for (size_t i = 0; i < length; i++) {
        char c = iban[(i + 4) % length];
        rest = c <= '9' ? rest * 10 + (uint32_t)(c - '0') : rest * 100 + (uint32_t)(c - 'A' + 10);
        rest %= 97;
    }
    return rest;
}

enum { ACCOUNTS = 5000 };

static void check_ibans(const char *country)
{
    uint64_t capacity = sb_iban_capacity(country);
    text *all = calloc(ACCOUNTS, sizeof *all);
    assert_non_null(all);
    assert_true(sb_iban_known(country));
    for (uint64_t i = 0; i < ACCOUNTS; i++) {
        /* From both ends, and every size of number between. */
        uint64_t account = i < 2000   ? i
                           : i < 4000 ? capacity - 1 - (i - 2000)
                                      : 2000 + sb_muldiv(capacity - 4000, i - 4000, 1000);
        all[i] = iban_of(country, "", "", 7, account);
        assert_int_equal(rest_of(all[i].bytes), 1);
        assert_int_equal(strlen(all[i].bytes), strlen(all[0].bytes));
        assert_memory_equal(all[i].bytes, country, 2);
    }
    assert_all_different(all, ACCOUNTS);
    free(all);
}

static void accounts_of_a_bank_have_different_ibans(void **state)
{
    char country[3] = {0};
    int known = 0;
    (void)state;
    for (country[0] = 'A'; country[0] <= 'Z'; country[0]++)
        for (country[1] = 'A'; country[1] <= 'Z'; country[1]++)
            if (sb_iban_capacity(country) > 0) {
                check_ibans(country);
                known++;
            }
    assert_int_equal(known, 49);
}

static void countries_without_iban_have_none(void **state)
{
    (void)state;
    assert_false(sb_iban_known("US"));
    assert_int_equal(sb_iban_capacity("US"), 0);
    assert_string_equal(iban_of("US", "171010039", "", 0, 1).bytes, "");
}

/* ---- cards and legal entities -----------------------------------------------------------------
 */

static void cards_and_entities_have_their_check_digits(void **state)
{
    sb_line line;
    (void)state;
    sb_line_begin(&line);
    sb_line_pan(&line, 12345678901);
    assert_string_equal(text_of(&line).bytes, "9999123456789019");
    sb_line_begin(&line);
    sb_line_lei(&line, 0);
    assert_string_equal(text_of(&line).bytes, "99990000000000000087");
    sb_line_begin(&line);
    sb_line_lei(&line, 123456789012);
    assert_int_equal(line.length, 20);
    uint32_t rest = 0;
    for (uint32_t i = 0; i < 20; i++)
        rest = (rest * 10 + (uint32_t)(line.bytes[i] - '0')) % 97;
    assert_int_equal(rest, 1);
}

/* ---- numbers of persons and companies ---------------------------------------------------------
 */

static void check_kind(sb_identifier_kind kind, const char *country)
{
    uint64_t capacity = sb_identifier_capacity(kind, country);
    size_t count = capacity < 20000 ? (size_t)capacity : 20000;
    text *all = calloc(count, sizeof *all);
    assert_non_null(all);
    for (size_t i = 0; i < count; i++)
        all[i] = number_of(kind, country, i);
    assert_all_different(all, count);
    free(all);
}

/* Numbers with a date of birth say the sex, and Norway has gaps: there a capacity is of one sex. */
static void ids_below_the_capacity_have_different_numbers(void **state)
{
    static const char with_date[][3] = {"BE", "DK", "FI", "KR", "NO", "PL", "SE"};
    char country[3] = {0};
    int kinds = 0;
    (void)state;
    for (country[0] = 'A'; country[0] <= 'Z'; country[0]++)
        for (country[1] = 'A'; country[1] <= 'Z'; country[1]++)
            for (int kind = 0; kind < SB_IDENTIFIER_KIND_COUNT; kind++) {
                bool dated = false;
                for (size_t i = 0; i < COUNT(with_date); i++)
                    dated = dated || memcmp(with_date[i], country, 2) == 0;
                if (sb_identifier_capacity((sb_identifier_kind)kind, country) == 0)
                    continue;
                kinds++;
                if (kind != SB_PERSON_TAX_ID || !dated)
                    check_kind((sb_identifier_kind)kind, country);
            }
    assert_int_equal(kinds, 32 + 32 + 31 + 32 + 32);
}

static void unknown_countries_have_no_tax_numbers_but_papers(void **state)
{
    (void)state;
    assert_string_equal(number_of(SB_PERSON_TAX_ID, "ZZ", 1).bytes, "");
    assert_string_equal(number_of(SB_COMPANY_TAX_ID, "ZZ", 1).bytes, "");
    assert_int_equal(strlen(number_of(SB_PASSPORT_NUMBER, "ZZ", 1).bytes), 9);
    assert_int_equal(strlen(number_of(SB_LICENCE_NUMBER, "ZZ", 1).bytes), 10);
    assert_memory_equal(number_of(SB_REGISTRATION_NUMBER, "ZZ", 1).bytes, "ZZ-", 3);
}

static void registration_numbers_go_on_beyond_their_form(void **state)
{
    uint64_t capacity = sb_identifier_capacity(SB_REGISTRATION_NUMBER, "NL");
    (void)state;
    text first = number_of(SB_REGISTRATION_NUMBER, "NL", 5);
    text later = number_of(SB_REGISTRATION_NUMBER, "NL", 5 + 3 * capacity);
    assert_int_equal(strlen(first.bytes), 8);
    assert_memory_equal(first.bytes, later.bytes, 8);
    assert_string_equal(later.bytes + 8, "-3");
}

/* VAT numbers that are made of the number in the register. */
static void tax_and_registration_numbers_agree(void **state)
{
    static const struct {
        const char *country;
        size_t skip;
    } derived[] = {{"FR", 4}, {"PT", 0}, {"NO", 0}, {"DK", 2}, {"FI", 0}, {"CN", 0}, {"JP", 0}};
    (void)state;
    for (uint64_t id = 0; id < 100; id++)
        for (size_t i = 0; i < COUNT(derived); i++) {
            text number = number_of(SB_REGISTRATION_NUMBER, derived[i].country, id);
            text tax = number_of(SB_COMPANY_TAX_ID, derived[i].country, id);
            assert_memory_equal(tax.bytes + derived[i].skip, number.bytes, strlen(number.bytes));
        }
}

static text born(const char *country, uint64_t id, int32_t days, bool female)
{
    sb_line line;
    sb_line_begin(&line);
    assert_true(sb_line_person_tax_id(&line, country, key, id, days, female));
    return text_of(&line);
}

/* 29 February 2000, 31 December 1969 and 1 March 1933. */
static void numbers_say_the_day_of_birth(void **state)
{
    (void)state;
    assert_memory_equal(born("SE", 1, 11016, false).bytes, "20000229-9", 10);
    assert_memory_equal(born("SE", 1, -1, false).bytes, "19691231-9", 10);
    assert_memory_equal(born("CN", 1, -13455, true).bytes + 6, "19330301", 8);
    assert_memory_equal(born("FI", 1, 11016, true).bytes, "290200A9", 8);
    assert_memory_equal(born("DK", 1, -1, true).bytes, "911269-", 7);
    assert_memory_equal(born("NO", 1, -13455, true).bytes, "018333", 6);
    assert_memory_equal(born("PL", 1, -1, true).bytes, "699231", 6);
    assert_memory_equal(born("AE", 1, -1, true).bytes, "784-1969-", 9);
}

static void numbers_say_the_sex(void **state)
{
    /* Where the last digit of the serial is odd for men. */
    static const struct {
        const char *country;
        size_t at;
    } places[] = {{"BE", 8}, {"PL", 9}, {"SE", 11}, {"NO", 8}, {"DK", 10}, {"FI", 9}, {"CN", 16}};
    (void)state;
    for (uint64_t id = 0; id < 500; id++)
        for (size_t i = 0; i < COUNT(places); i++)
            for (int female = 0; female < 2; female++) {
                char c = born(places[i].country, id, 9000, female == 1).bytes[places[i].at];
                assert_int_equal((c - '0') % 2, !female);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iban_gives_the_published_examples),
        cmocka_unit_test(accounts_of_a_bank_have_different_ibans),
        cmocka_unit_test(countries_without_iban_have_none),
        cmocka_unit_test(cards_and_entities_have_their_check_digits),
        cmocka_unit_test(ids_below_the_capacity_have_different_numbers),
        cmocka_unit_test(unknown_countries_have_no_tax_numbers_but_papers),
        cmocka_unit_test(registration_numbers_go_on_beyond_their_form),
        cmocka_unit_test(tax_and_registration_numbers_agree),
        cmocka_unit_test(numbers_say_the_day_of_birth),
        cmocka_unit_test(numbers_say_the_sex),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
