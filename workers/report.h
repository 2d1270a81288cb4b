/* Inside of the report: what the scan of a dataset finds, and the page made of it.
 *
 *     report.c         the call: checks the path, scans, writes
 *     report_rows.c    reads rows, whatever their schema
 *     report_scan.c    counts what they hold            report_count.c  with these
 *     report_clocks.c  what time it is where            report_hubs.c   who has most partners
 *     report_page.c    the page: style, head, tables    report_chart.c  charts as SVG
 *     report_people.c  people, companies                report_map.c    places
 *     report_flows.c   accounts, transactions
 *     report_net.c     countries, links, hubs, messages
 *
 * Fields are looked up by name in each file's header, so that datasets of older and newer releases
 * can be read: what a field would have told is left out where it is not there. */
#ifndef WORKERS_REPORT_H
#define WORKERS_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/calendar.h"
#include "engine/draw.h"
#include "format/schema.h"
#include "workers/open.h"
#include "workers/report_chart.h"
#include "workers/report_count.h"

enum {
    SB_AGE_BANDS = 21, /* of five years; the last is open */
    SB_AMOUNT_BINS = 60,
    SB_AMOUNT_BINS_A_DECADE = 5,
    SB_AMOUNT_FIRST_DECADE = -2, /* bins begin at 0.01 */
    SB_INCOME_BINS = 1120,
    SB_INCOME_BINS_A_DECADE = 160, /* 1.4 % apart */
    SB_INCOME_FIRST_DECADE = 1,
    SB_TEXT_LENGTHS = 2048, /* of messages; the last is open */
    SB_CURRENCIES_MAX = 160,
    SB_HUBS = 20,
    SB_HUB_TEXT_BYTES = 160,
};

typedef enum sb_report_gender {
    SB_REPORT_FEMALE,
    SB_REPORT_MALE,
    SB_REPORT_OTHER,
    SB_REPORT_GENDERS
} sb_report_gender;

/* A currency, what the compiled-in tables say of it, and its accounts' money in minor units. */
typedef struct sb_report_currency {
    const char *code; /* borrowed from the tables */
    int decimals;
    double usd; /* of a minor unit */
    uint64_t accounts;
    sb_i128 opening, closing, credits, debits;
    sb_i128 *days; /* owned; net flow of each day; NULL: none yet */
} sb_report_currency;

/* Incomes of a country's people, in USD. */
typedef struct sb_report_incomes {
    uint32_t bins[SB_INCOME_BINS];
    uint64_t count;
} sb_report_incomes;

typedef struct sb_report_hub {
    uint64_t account;
    sb_degree degree;
    char owner[SB_HUB_TEXT_BYTES], bank[SB_HUB_TEXT_BYTES];
    char type[32], currency[4], country[4];
    bool company;
} sb_report_hub;

typedef struct sb_report_persons {
    uint64_t ages[SB_REPORT_GENDERS][SB_AGE_BANDS];
    sb_tally nationalities, genders, marital, education;
    sb_tally families;   /* "US\tSmith" */
    sb_tally givens;     /* likewise */
    sb_tally places;     /* "US\tChicago"; sums of latitudes and longitudes */
    sb_tally countries;  /* of homes */
    sb_tally languages;  /* mother tongues */
    sb_key_set homes;    /* by address; people at each */
    uint64_t home_share; /* one address of every so many was followed */
    sb_tally income_countries;
    sb_report_incomes **incomes; /* owned; by entry of income_countries */
    size_t income_capacity;
} sb_report_persons;

typedef struct sb_report_companies {
    sb_tally industries, countries, forms;
    sb_heavy employees;
    uint64_t with_employees, listed, shells;
} sb_report_companies;

typedef struct sb_report_accounts {
    sb_tally types, statuses, banks;
    uint64_t of_persons, of_companies;
    double opening_usd, closing_usd;
} sb_report_accounts;

typedef struct sb_report_transactions {
    sb_tally types;    /* sums: USD */
    sb_tally statuses; /* likewise */
    sb_tally channels;
    sb_tally type_statuses; /* "pos\tcompleted" */
    sb_tally flows;         /* "DE\tFR", completed; sums: USD */
    sb_tally flags;         /* alert_flags */
    sb_tally locations;     /* "DE\tBerlin", each with its clock */
    uint64_t flagged_rows;
    bool has_flags;
    uint64_t digits[10], with_amount;
    uint64_t amounts[SB_AMOUNT_BINS], in_usd;
    uint64_t hours[7][24]; /* 0 Monday; in the time of the place where that is known */
    uint64_t timed, timed_locally;
    uint64_t *day_counts; /* owned */
    double *day_usd;      /* owned; completed */
    uint64_t inside, from_outside, to_outside;
    uint64_t cross_border, countries_known;
    double cross_border_usd, countries_usd, completed_usd, fees_usd;
} sb_report_transactions;

typedef struct sb_report_messages {
    sb_tally types, languages;
    uint64_t lengths[SB_TEXT_LENGTHS];
    uint64_t with_text, characters;
    uint64_t tied, threaded, flagged;
    bool has_ties, has_flags;
} sb_report_messages;

typedef struct sb_survey {
    const sb_dataset_dir *dir;      /* borrowed */
    const struct sb_tables *tables; /* borrowed: the compiled-in ones */
    int32_t start_days, end_days;   /* end exclusive; equal: the spec has none */
    uint64_t rows[SB_KIND_COUNT];   /* by the manifest; 0 where the kind is absent */
    int content_version, format_version;
    sb_report_currency currencies[SB_CURRENCIES_MAX];
    int currency_count;
    int16_t currency_index[26 * 26 * 26]; /* by code; -1: unknown */
    struct sb_report_clocks *clocks;      /* owned; of the cities that the tables have */
    sb_report_persons persons;
    sb_report_companies companies;
    sb_report_accounts accounts;
    sb_report_transactions transactions;
    sb_report_messages messages;
    sb_links links;
    sb_heavy out_degrees, in_degrees;
    sb_report_hub hubs[SB_HUBS];
    int hub_count;
} sb_survey;

/* Reads all rows. On failure too, pair with sb_report_close(). */
SB_CHECK sb_status sb_report_scan(const sb_dataset_dir *dir, const struct sb_tables *tables,
                                  sb_survey *out, sb_error *err);
void sb_report_close(sb_survey *survey);

static inline bool sb_report_has(const sb_survey *survey, sb_kind kind)
{
    return survey->rows[kind] > 0;
}

/* Days of the period. */
static inline int32_t sb_report_days(const sb_survey *survey)
{
    return survey->end_days - survey->start_days;
}

/* Fills in degrees and hubs, once all transactions were counted. */
SB_CHECK sb_status sb_report_count_degrees(sb_survey *survey, sb_error *err);

/* What clocks show in the cities of the tables. On failure too, pair with sb_clocks_close(). */
SB_CHECK sb_status sb_clocks_open(const struct sb_tables *tables, struct sb_report_clocks **out,
                                  sb_error *err);
void sb_clocks_close(struct sb_report_clocks *clocks);
/* The clock of an entry of `locations` ("DE\tBerlin"), looked up when it was just counted for the
 * first time; *out is left alone where it is not known. */
SB_CHECK sb_status sb_clocks_of(struct sb_report_clocks *clocks, const sb_tally *locations,
                                int location, bool *known, sb_clock *out, sb_error *err);

/* The currency of a code, or -1. */
int sb_report_currency_find(const sb_survey *survey, const uint8_t *code, size_t code_bytes);

/* The share-quantile of incomes, in USD. */
double sb_report_quantile(const sb_report_incomes *incomes, double share);

/* ---- the page ------------------------------------------------------------------------------- */

#define SB_THIN "\xe2\x80\xaf" /* a thin space that does not break */

/* The whole page, and its parts. */
void sb_report_page(const sb_survey *survey, sb_page *page);
void sb_report_put_people(const sb_survey *survey, sb_page *page);
void sb_report_put_places(const sb_survey *survey, sb_page *page);
void sb_report_put_companies(const sb_survey *survey, sb_page *page);
void sb_report_put_accounts(const sb_survey *survey, sb_page *page);
void sb_report_put_transactions(const sb_survey *survey, sb_page *page);
void sb_report_put_countries(const sb_survey *survey, sb_page *page);
void sb_report_put_network(const sb_survey *survey, sb_page *page);
void sb_report_put_messages(const sb_survey *survey, sb_page *page);

/* A section with its heading and the figures in it. */
void sb_section_begin(sb_page *page, const char *id, const char *heading);
void sb_section_end(sb_page *page);

/* A figure: heading, a sentence (format) that says what it shows, then a chart and a table. */
SB_PRINTF(5, 6)
void sb_figure_begin(sb_page *page, const char *id, bool wide, const char *heading,
                     const char *format, ...);
void sb_figure_end(sb_page *page);

/* A table that opens on demand. `columns` are separated by '|', those of numbers end with '#'. */
void sb_table_begin(sb_page *page, const char *caption, const char *columns);
void sb_table_end(sb_page *page);
void sb_line_begin(sb_page *page);
void sb_line_end(sb_page *page);
void sb_cell_name(sb_page *page, const char *name); /* of the data */
void sb_cell_text(sb_page *page, const char *text); /* likewise, as it stands */
void sb_cell_number(sb_page *page, sb_small number);
void sb_cell_count(sb_page *page, uint64_t number);

/* What codes stand for: "Germany", "German"; the code itself where the tables do not know it. */
const char *sb_country_name(const sb_survey *survey, const char *code);
const char *sb_language_name(const sb_survey *survey, const char *code);

typedef enum sb_naming { SB_AS_IT_IS, SB_COUNTRY_CODES, SB_LANGUAGE_CODES } sb_naming;

/* A figure of its own: the largest entries as bars, all of them (up to a bound) as a table. */
void sb_figure_tally(const sb_survey *survey, sb_page *page, const char *id, const char *heading,
                     const char *sentence, const sb_tally *tally, sb_naming naming, int bars,
                     int series);

#endif
