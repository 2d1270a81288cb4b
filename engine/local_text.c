#include "engine/local_text.h"

#include <string.h>

#include "format/row_text.h"

void sb_line_name(sb_line *line, const char *names, uint32_t which)
{
    for (; which > 0 && strchr(names, '|') != NULL; which--)
        names = strchr(names, '|') + 1;
    sb_line_add(line, names, strcspn(names, "|"));
}

void sb_line_month(sb_line *line, const char *months, int32_t days)
{
    int year, month, day;
    sb_civil_from_days(days, &year, &month, &day);
    sb_line_name(line, months, (uint32_t)month - 1);
}

/* Appends what a placeholder of a date stands for; false for any other text. */
static bool add_part(sb_line *line, const sb_locale *locale, const char *hole, size_t hole_bytes,
                     const int civil[3])
{
    static const struct {
        const char *name;
        int part, digits;
    } numbers[] = {{"{d}", 2, 1},  {"{dd}", 2, 2},   {"{m}", 1, 1},
                   {"{mm}", 1, 2}, {"{yyyy}", 0, 4}, {"{yy}", 0, 2}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strlen(numbers[i].name) == hole_bytes &&
            memcmp(numbers[i].name, hole, hole_bytes) == 0) {
            int value = civil[numbers[i].part];
            sb_line_digits(line,
                           (uint64_t)(hole_bytes == 4 && hole[1] == 'y' ? value % 100 : value),
                           numbers[i].digits);
            return true;
        }
    if (hole_bytes != 7 || memcmp(hole, "{month}", 7) != 0)
        return false;
    sb_line_name(line, locale->months_in_dates, (uint32_t)civil[1] - 1);
    return true;
}

void sb_line_date(sb_line *line, const sb_locale *locale, int32_t days)
{
    int civil[3];
    sb_civil_from_days(days, &civil[0], &civil[1], &civil[2]);
    for (const char *at = locale->date_pattern; *at != '\0';) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        if (end != NULL && add_part(line, locale, at, (size_t)(end - at) + 1, civil))
            at = end + 1;
        else
            sb_line_char(line, *at++);
    }
}

/* The whole units with the locale's grouping: by threes, or, for lakh and crore, by twos above the
 * thousand. */
static void add_grouped(sb_line *line, const sb_locale *locale, uint64_t whole)
{
    char digits[24];
    int count = 0;
    do {
        digits[count++] = (char)('0' + whole % 10);
        whole /= 10;
    } while (whole > 0);
    for (int i = count - 1; i >= 0; i--) {
        sb_line_char(line, digits[i]);
        bool gap = locale->lakh_grouping ? i == 3 || (i > 3 && (i - 3) % 2 == 0) : i % 3 == 0;
        if (gap && i > 0)
            sb_line_cstr(line, locale->thousands_point);
    }
}

void sb_line_amount(sb_maker *maker, sb_line *line, const sb_locale *locale, uint16_t currency,
                    int64_t minor)
{
    const sb_table *currencies = sb_find(maker, 0, SB_TABLE_CURRENCIES);
    sb_text code = sb_table_text(currencies, 0, currency);
    int decimals = sb_currency_decimals(code.bytes, code.byte_count);
    uint64_t scale = 1, value = (uint64_t)(minor < 0 ? -minor : minor);
    bool own = currency == locale->currency_index;
    const char *hole = strstr(locale->amount_pattern, "{amount}");
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    if (own && hole != NULL)
        sb_line_add(line, locale->amount_pattern, (size_t)(hole - locale->amount_pattern));
    add_grouped(line, locale, value / scale);
    if (decimals > 0) {
        sb_line_cstr(line, locale->decimal_point);
        sb_line_digits(line, value % scale, decimals);
    }
    if (own && hole != NULL) {
        sb_line_cstr(line, hole + 8);
    } else {
        sb_line_char(line, ' ');
        sb_line_text(line, code);
    }
}
