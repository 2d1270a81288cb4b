/* Prints identifiers as lines {"kind":...,"country":...,"value":...} for
 * tests/identifiers/check.py.
 *
 * Usage: identifiers [COUNT] (of each kind and country; 200) */
#include <stdio.h>
#include <stdlib.h>

#include "engine/iban.h"
#include "engine/identifier.h"

/* The countries of the world that anything could be known of. */
static void each_country(void (*visit)(const char *country, uint64_t count), uint64_t count)
{
    char country[3] = {0};
    for (country[0] = 'A'; country[0] <= 'Z'; country[0]++)
        for (country[1] = 'A'; country[1] <= 'Z'; country[1]++)
            visit(country, count);
}

static const sb_key key = {0x243F6A8885A308D3u, 0x13198A2E03707344u};

static void print(const char *kind, const char *country, const sb_line *line)
{
    printf("{\"kind\":\"%s\",\"country\":\"%.2s\",\"value\":\"%.*s\"}\n", kind, country,
           (int)line->length, line->bytes);
}

static void print_ibans(const char *country, uint64_t count)
{
    uint64_t capacity = sb_iban_capacity(country);
    if (!sb_iban_known(country))
        return;
    sb_permutation order = sb_permutation_make(key, capacity);
    for (uint64_t i = 0; i < count; i++) {
        sb_line line;
        sb_line_begin(&line);
        (void)sb_line_iban(&line, country, "", "", i % 50, sb_permute(&order, i));
        print("iban", country, &line);
    }
}

static void print_numbers(const char *country, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        sb_line line;
        sb_line_begin(&line);
        /* Born 1935 to 2006, each day another. */
        int32_t born = -12783 + (int32_t)sb_below(sb_draw(key, (uint32_t)i), 26200);
        if (sb_line_person_tax_id(&line, country, key, i, born, i % 2 == 1))
            print("person_tax_id", country, &line);
        sb_line_begin(&line);
        if (sb_line_company_tax_id(&line, country, key, i))
            print("company_tax_id", country, &line);
        if (sb_identifier_capacity(SB_PASSPORT_NUMBER, country) == 0)
            continue;
        sb_line_begin(&line);
        sb_line_registration_number(&line, country, key, i);
        print("registration_number", country, &line);
        sb_line_begin(&line);
        if (sb_line_passport_number(&line, country, key, i))
            print("passport_number", country, &line);
        sb_line_begin(&line);
        if (sb_line_licence_number(&line, country, key, i))
            print("licence_number", country, &line);
    }
}

int main(int argc, char **argv)
{
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 200;
    each_country(print_ibans, count);
    each_country(print_numbers, count);
    for (uint64_t i = 0; i < count; i++) {
        sb_line line;
        sb_line_begin(&line);
        sb_line_pan(&line, i * 98765431);
        print("pan", "--", &line);
        sb_line_begin(&line);
        sb_line_lei(&line, i * 987654321);
        print("lei", "--", &line);
    }
    return 0;
}
