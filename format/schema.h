/* The schema: the one place where a field is defined.
 *
 * Each kind is a list of lines F(number, name, doc, attributes...). A field's number is its
 * identity: it keys the field's draws, so it is never reused, and a new field takes the next free
 * number wherever in the list it stands. The order of the list is the order in a row. From these
 * lists come the header of every file, the row encoders (engine/, which call put_<name> for each
 * line), the decoders and printers, the checks, and docs/fields.md. */
#ifndef FORMAT_SCHEMA_H
#define FORMAT_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum sb_kind {
    SB_PERSONS,
    SB_COMPANIES,
    SB_ACCOUNTS,
    SB_TRANSACTIONS,
    SB_ENTRIES,
    SB_COMMUNICATIONS,
    SB_KIND_COUNT
} sb_kind;

typedef enum sb_type { SB_INT, SB_STR, SB_BOOL, SB_BIN, SB_ARRAY, SB_RECORD } sb_type;

/* What an integer or a text stands for; decides how it is printed and checked. */
typedef enum sb_logical {
    SB_PLAIN,
    SB_ID,           /* a number that names a row */
    SB_TIMESTAMP_MS, /* milliseconds since 1970-01-01T00:00:00Z */
    SB_DATE_DAYS,    /* days since 1970-01-01 */
    SB_MONEY,        /* minor units of the currency that scale_by names */
    SB_COUNTRY,      /* ISO 3166-1 alpha-2 */
    SB_CURRENCY,     /* ISO 4217 */
    SB_LANGUAGE,     /* ISO 639-1 */
    SB_IBAN,         /* ISO 13616 */
    SB_BIC,          /* ISO 9362 */
    SB_LEI,          /* ISO 17442 */
    SB_EMAIL,
    SB_PHONE, /* E.164 */
    SB_LOGICAL_COUNT
} sb_logical;

struct sb_record;

typedef struct sb_field {
    uint16_t number;
    const char *name;
    const char *doc;
    sb_type type;
    sb_type items; /* of an array */
    sb_logical logical;
    uint8_t scale;                  /* a real is an int times 10^-scale */
    const char *scale_by;           /* the currency field that fixes a money field's decimals */
    const char *unit;               /* or NULL */
    const char *values;             /* of an enum: separated by single blanks, or NULL */
    const char *references;         /* "accounts.id", or NULL */
    const struct sb_record *record; /* the fields of a record, or of an array's records */
    bool nullable;
} sb_field;

typedef struct sb_record {
    const char *name;
    const sb_field *fields;
    size_t field_count;
    const sb_field *derived; /* printed on request, never stored; numbers are 0 */
    size_t derived_count;
} sb_record;

/* Borrowed, static. The plural name of a kind is its file's name. */
const sb_record *sb_schema(sb_kind kind);
const char *sb_kind_name(sb_kind kind);
/* The letter of the kind's uid ("P42"). */
char sb_kind_letter(sb_kind kind);
/* SB_KIND_COUNT when no kind has that name. */
sb_kind sb_kind_find(const char *name);
const char *sb_type_name(sb_type type);
/* NULL for SB_PLAIN. */
const char *sb_logical_name(sb_logical logical);
/* The position of a field in its row, or -1. */
int sb_record_find(const sb_record *record, const char *name);
/* Decimals of an ISO 4217 currency: 2 unless it is one of the few that have 0, 3 or 4. */
int sb_currency_decimals(const char *code, size_t code_bytes);

/* The lists below read as tables. */
/* clang-format off */

/* ---- enumerations: V(NAME, text) ------------------------------------------------------------ */

#define SB_GENDERS(V)                                                                              \
    V(FEMALE, "female") V(MALE, "male") V(NON_BINARY, "non_binary")                                \
    V(UNSAID, "prefer_not_to_say")

#define SB_MARITAL_STATUSES(V)                                                                     \
    V(SINGLE, "single") V(MARRIED, "married") V(DIVORCED, "divorced") V(WIDOWED, "widowed")        \
    V(SEPARATED, "separated")

#define SB_EDUCATION_LEVELS(V)                                                                     \
    V(HIGH_SCHOOL, "high_school") V(ASSOCIATE, "associate") V(BACHELOR, "bachelor")                \
    V(MASTER, "master") V(DOCTORATE, "doctorate") V(PROFESSIONAL, "professional")

#define SB_RISK_LEVELS(V)                                                                          \
    V(LOW, "low") V(MEDIUM, "medium") V(HIGH, "high") V(CRITICAL, "critical")

#define SB_ADDRESS_TYPES(V)                                                                        \
    V(RESIDENTIAL, "residential") V(MAILING, "mailing") V(HEADQUARTERS, "headquarters")            \
    V(BRANCH, "branch")

#define SB_OFFICER_ROLES(V)                                                                        \
    V(DIRECTOR, "director") V(CHIEF_EXECUTIVE, "chief_executive")                                  \
    V(CHIEF_FINANCIAL, "chief_financial_officer") V(SECRETARY, "secretary")

#define SB_ACCOUNT_TYPES(V)                                                                        \
    V(CHECKING, "checking") V(SAVINGS, "savings") V(CREDIT_CARD, "credit_card")                    \
    V(INVESTMENT, "investment") V(LOAN, "loan") V(BUSINESS, "business")

#define SB_ACCOUNT_STATUSES(V)                                                                     \
    V(ACTIVE, "active") V(DORMANT, "dormant") V(CLOSED, "closed")

#define SB_TRANSACTION_TYPES(V)                                                                    \
    V(TRANSFER, "transfer") V(PAYMENT, "payment") V(DEPOSIT, "deposit")                            \
    V(WITHDRAWAL, "withdrawal") V(WIRE, "wire") V(ACH, "ach") V(POS, "pos") V(ATM, "atm")          \
    V(ONLINE, "online") V(CHECK, "check") V(SALARY, "salary") V(RENT, "rent")                      \
    V(STANDING_ORDER, "standing_order") V(INTEREST, "interest")                                    \
    V(INITIAL_DEPOSIT, "initial_deposit") V(PAYOUT, "payout")

#define SB_TRANSACTION_STATUSES(V)                                                                 \
    V(COMPLETED, "completed") V(PENDING, "pending") V(FAILED, "failed") V(REVERSED, "reversed")

#define SB_CHANNELS(V)                                                                             \
    V(ONLINE, "online") V(MOBILE, "mobile") V(BRANCH, "branch") V(ATM, "atm") V(POS, "pos")        \
    V(BATCH, "batch") V(MAIL, "mail")

#define SB_ENTRY_LINES(V) V(PRINCIPAL, "principal") V(FEE, "fee")

#define SB_COMMUNICATION_TYPES(V)                                                                  \
    V(EMAIL, "email") V(SMS, "sms") V(PHONE, "phone") V(CHAT, "chat") V(VIDEO, "video")            \
    V(SOCIAL_MEDIA, "social_media") V(MEETING, "meeting")

/* The enums themselves: SB_GENDER_FEMALE, ... and how many there are. */
#define SB_V_GENDER(name, text) SB_GENDER_##name,
#define SB_V_MARITAL(name, text) SB_MARITAL_##name,
#define SB_V_EDUCATION(name, text) SB_EDUCATION_##name,
#define SB_V_RISK(name, text) SB_RISK_##name,
#define SB_V_ADDRESS(name, text) SB_ADDRESS_##name,
#define SB_V_OFFICER(name, text) SB_OFFICER_##name,
#define SB_V_ACCOUNT(name, text) SB_ACCOUNT_##name,
#define SB_V_ACCOUNT_STATUS(name, text) SB_ACCOUNT_STATUS_##name,
#define SB_V_TX(name, text) SB_TX_##name,
#define SB_V_TX_STATUS(name, text) SB_TX_STATUS_##name,
#define SB_V_CHANNEL(name, text) SB_CHANNEL_##name,
#define SB_V_LINE(name, text) SB_LINE_##name,
#define SB_V_COMM(name, text) SB_COMM_##name,
enum { SB_GENDERS(SB_V_GENDER) SB_GENDER_COUNT };
enum { SB_MARITAL_STATUSES(SB_V_MARITAL) SB_MARITAL_COUNT };
enum { SB_EDUCATION_LEVELS(SB_V_EDUCATION) SB_EDUCATION_COUNT };
enum { SB_RISK_LEVELS(SB_V_RISK) SB_RISK_COUNT };
enum { SB_ADDRESS_TYPES(SB_V_ADDRESS) SB_ADDRESS_COUNT };
enum { SB_OFFICER_ROLES(SB_V_OFFICER) SB_OFFICER_COUNT };
enum { SB_ACCOUNT_TYPES(SB_V_ACCOUNT) SB_ACCOUNT_COUNT };
enum { SB_ACCOUNT_STATUSES(SB_V_ACCOUNT_STATUS) SB_ACCOUNT_STATUS_COUNT };
enum { SB_TRANSACTION_TYPES(SB_V_TX) SB_TX_COUNT };
enum { SB_TRANSACTION_STATUSES(SB_V_TX_STATUS) SB_TX_STATUS_COUNT };
enum { SB_CHANNELS(SB_V_CHANNEL) SB_CHANNEL_COUNT };
enum { SB_ENTRY_LINES(SB_V_LINE) SB_LINE_COUNT };
enum { SB_COMMUNICATION_TYPES(SB_V_COMM) SB_COMM_COUNT };

/* One text of all values, separated by blanks: what sb_field.values holds. */
#define SB_V_TEXT(name, text) text " "
#define SB_VALUES(LIST) .values = LIST(SB_V_TEXT)

/* ---- records inside rows -------------------------------------------------------------------- */

#define SB_ADDRESS_FIELDS(F)                                                                       \
    F(1, street, "Street and house number in the country's order", .type = SB_STR)                 \
    F(2, city, "City", .type = SB_STR)                                                             \
    F(3, region, "State or province as post is addressed there", .type = SB_STR, .nullable = true) \
    F(4, postal_code, "Postal code out of the city's range", .type = SB_STR)                       \
    F(5, country, "Country of the address", .type = SB_STR, .logical = SB_COUNTRY)                 \
    F(6, latitude, "Latitude, near the city's centre", .type = SB_INT, .scale = 7,                 \
      .unit = "degrees")                                                                           \
    F(7, longitude, "Longitude, near the city's centre", .type = SB_INT, .scale = 7,               \
      .unit = "degrees")                                                                           \
    F(8, type, "What the address is for", .type = SB_STR, SB_VALUES(SB_ADDRESS_TYPES))

#define SB_EMPLOYMENT_FIELDS(F)                                                                    \
    F(1, employer_id, "The employer, where it is a company of the dataset", .type = SB_INT,        \
      .logical = SB_ID, .references = "companies.id", .nullable = true)                            \
    F(2, employer_name, "The employer's legal name", .type = SB_STR)                               \
    F(3, job_title, "Occupation", .type = SB_STR)                                                  \
    F(4, industry, "The employer's or, outside the dataset, the occupation's industry",            \
      .type = SB_STR)                                                                              \
    F(5, start, "First day", .type = SB_INT, .logical = SB_DATE_DAYS)                              \
    F(6, end, "Last day; null for the present job", .type = SB_INT, .logical = SB_DATE_DAYS,       \
      .nullable = true)                                                                            \
    F(7, annual_income, "Gross income a year", .type = SB_INT, .logical = SB_MONEY,                \
      .scale_by = "currency")                                                                      \
    F(8, currency, "Currency of the income", .type = SB_STR, .logical = SB_CURRENCY)

#define SB_OFFICER_FIELDS(F)                                                                       \
    F(1, person_id, "The officer", .type = SB_INT, .logical = SB_ID, .references = "persons.id")   \
    F(2, role, "Office held", .type = SB_STR, SB_VALUES(SB_OFFICER_ROLES))                         \
    F(3, since, "Appointed on", .type = SB_INT, .logical = SB_DATE_DAYS)

#define SB_OWNER_FIELDS(F)                                                                         \
    F(1, person_id, "A person who owns a share", .type = SB_INT, .logical = SB_ID,                 \
      .references = "persons.id", .nullable = true)                                                \
    F(2, company_id, "A company that owns a share; both null: held outside the dataset",           \
      .type = SB_INT, .logical = SB_ID, .references = "companies.id", .nullable = true)            \
    F(3, share_bp, "Share", .type = SB_INT, .unit = "basis points")

#define SB_PARTY_FIELDS(F)                                                                         \
    F(1, person_id, "The person, where one of the dataset", .type = SB_INT, .logical = SB_ID,      \
      .references = "persons.id", .nullable = true)                                                \
    F(2, company_id, "The company, where one of the dataset", .type = SB_INT, .logical = SB_ID,    \
      .references = "companies.id", .nullable = true)                                              \
    F(3, address, "E-mail address or phone number used", .type = SB_STR)

/* ---- kinds ---------------------------------------------------------------------------------- */

#define SB_PERSON_FIELDS(F)                                                                        \
    F(1, id, "Identity, dense from 0", .type = SB_INT, .logical = SB_ID)                           \
    F(2, gender, "Gender", .type = SB_STR, SB_VALUES(SB_GENDERS))                                  \
    F(3, first_name, "Given name, by frequency in the culture of nationality", .type = SB_STR)     \
    F(4, middle_name, "Second given name", .type = SB_STR, .nullable = true)                       \
    F(5, last_name, "Family name; households often share it", .type = SB_STR)                      \
    F(6, date_of_birth, "Born on; 18 to 95 years before the end of the period", .type = SB_INT,    \
      .logical = SB_DATE_DAYS)                                                                     \
    F(7, nationality, "First citizenship", .type = SB_STR, .logical = SB_COUNTRY)                  \
    F(8, citizenship, "All citizenships, the first first", .type = SB_ARRAY, .items = SB_STR,      \
      .logical = SB_COUNTRY)                                                                       \
    F(9, languages, "Languages spoken, the mother tongue first", .type = SB_ARRAY,                 \
      .items = SB_STR, .logical = SB_LANGUAGE)                                                     \
    F(10, marital_status, "Marital status", .type = SB_STR, SB_VALUES(SB_MARITAL_STATUSES))        \
    F(11, dependents, "People who live on this income", .type = SB_INT)                            \
    F(12, education_level, "Highest degree", .type = SB_STR, SB_VALUES(SB_EDUCATION_LEVELS))       \
    F(13, addresses, "Home first; members of a household share it", .type = SB_ARRAY,              \
      .items = SB_RECORD, .record = &sb_address_record)                                            \
    F(14, phones, "Phone numbers out of ranges kept for fiction", .type = SB_ARRAY,                \
      .items = SB_STR, .logical = SB_PHONE)                                                        \
    F(15, emails, "E-mail addresses; the first is unique", .type = SB_ARRAY, .items = SB_STR,      \
      .logical = SB_EMAIL)                                                                         \
    F(16, employment, "Jobs, the latest first; at most one is current", .type = SB_ARRAY,          \
      .items = SB_RECORD, .record = &sb_employment_record)                                         \
    F(17, annual_income, "Gross income a year of the present job or pension", .type = SB_INT,      \
      .logical = SB_MONEY, .scale_by = "income_currency", .nullable = true)                        \
    F(18, income_currency, "Currency of the home country", .type = SB_STR,                         \
      .logical = SB_CURRENCY)                                                                      \
    F(19, is_pep, "Politically exposed", .type = SB_BOOL)                                          \
    F(20, risk_level, "The bank's risk class", .type = SB_STR, SB_VALUES(SB_RISK_LEVELS))

#define SB_PERSON_DERIVED(F)                                                                       \
    F(0, uid, "Unique over all kinds", .type = SB_STR)                                             \
    F(0, full_name, "first_name middle_name last_name", .type = SB_STR)                            \
    F(0, age, "Full years at the end of the period", .type = SB_INT, .unit = "years")

#define SB_COMPANY_FIELDS(F)                                                                       \
    F(1, id, "Identity, dense from 0", .type = SB_INT, .logical = SB_ID)                           \
    F(2, legal_name, "Registered name, unique", .type = SB_STR)                                    \
    F(3, company_type, "Legal form", .type = SB_STR,                                               \
      .values = "corporation llc partnership sole_proprietorship non_profit government trust ")    \
    F(4, industry, "Industry", .type = SB_STR)                                                     \
    F(5, registration_country, "Registered in", .type = SB_STR, .logical = SB_COUNTRY)             \
    F(6, registration_date, "Registered on", .type = SB_INT, .logical = SB_DATE_DAYS)              \
    F(7, registration_number, "Number in the register, unique", .type = SB_STR)                    \
    F(8, lei, "Legal entity identifier, with check digits", .type = SB_STR, .logical = SB_LEI,     \
      .nullable = true)                                                                            \
    F(9, addresses, "Headquarters first", .type = SB_ARRAY, .items = SB_RECORD,                    \
      .record = &sb_address_record)                                                                \
    F(10, is_public, "Listed on an exchange", .type = SB_BOOL)                                     \
    F(11, employee_count, "Employees in and outside the dataset; heavy-tailed", .type = SB_INT)    \
    F(12, annual_revenue, "Revenue a year", .type = SB_INT, .logical = SB_MONEY,                   \
      .scale_by = "revenue_currency")                                                              \
    F(13, revenue_currency, "Currency of the revenue", .type = SB_STR, .logical = SB_CURRENCY)     \
    F(14, parent_id, "Parent company; the relation has no cycle", .type = SB_INT,                  \
      .logical = SB_ID, .references = "companies.id", .nullable = true)                            \
    F(15, officers, "People who act for it", .type = SB_ARRAY, .items = SB_RECORD,                 \
      .record = &sb_officer_record)                                                                \
    F(16, owners, "Who owns it; shares sum to 10,000", .type = SB_ARRAY, .items = SB_RECORD,       \
      .record = &sb_owner_record)                                                                  \
    F(17, is_shell, "A firm without staff or trade of its own", .type = SB_BOOL)                   \
    F(18, risk_level, "The bank's risk class", .type = SB_STR, SB_VALUES(SB_RISK_LEVELS))          \
    F(19, website, "Website under a reserved domain", .type = SB_STR)                              \
    F(20, email, "General e-mail address", .type = SB_STR, .logical = SB_EMAIL)                    \
    F(21, phone, "Phone number out of a range kept for fiction", .type = SB_STR,                   \
      .logical = SB_PHONE)

#define SB_COMPANY_DERIVED(F) F(0, uid, "Unique over all kinds", .type = SB_STR)

#define SB_ACCOUNT_FIELDS(F)                                                                       \
    F(1, id, "Identity, dense from 0", .type = SB_INT, .logical = SB_ID)                           \
    F(2, account_number, "Number at the bank, unique", .type = SB_STR)                             \
    F(3, iban, "ISO 13616, unique; null where the country has none", .type = SB_STR,               \
      .logical = SB_IBAN, .nullable = true)                                                        \
    F(4, bic, "The bank's BIC", .type = SB_STR, .logical = SB_BIC)                                 \
    F(5, routing_number, "The bank's ABA number, in the US", .type = SB_STR, .nullable = true)     \
    F(6, bank, "The bank's name; shares follow Zipf's law", .type = SB_STR)                        \
    F(7, type, "What the account is for", .type = SB_STR, SB_VALUES(SB_ACCOUNT_TYPES))             \
    F(8, currency, "Currency the account is kept in", .type = SB_STR, .logical = SB_CURRENCY)      \
    F(9, owner_person_id, "Owner, where a person", .type = SB_INT, .logical = SB_ID,               \
      .references = "persons.id", .nullable = true)                                                \
    F(10, owner_company_id, "Owner, where a company; exactly one of the two is set",               \
      .type = SB_INT, .logical = SB_ID, .references = "companies.id", .nullable = true)            \
    F(11, status, "At the end of the period; dormant: no row in the period", .type = SB_STR,       \
      SB_VALUES(SB_ACCOUNT_STATUSES))                                                              \
    F(12, opened, "Opened on", .type = SB_INT, .logical = SB_DATE_DAYS)                            \
    F(13, closed, "Closed on", .type = SB_INT, .logical = SB_DATE_DAYS, .nullable = true)          \
    F(14, overdraft_limit, "How far below zero the balance may go; credit limits count as such",   \
      .type = SB_INT, .logical = SB_MONEY, .scale_by = "currency")                                 \
    F(15, opening_balance, "At the start of the period", .type = SB_INT, .logical = SB_MONEY,      \
      .scale_by = "currency")                                                                      \
    F(16, closing_balance, "At the end: opening + credits - debits", .type = SB_INT,               \
      .logical = SB_MONEY, .scale_by = "currency")                                                 \
    F(17, lowest_balance, "Lowest in the period, never below -overdraft_limit", .type = SB_INT,    \
      .logical = SB_MONEY, .scale_by = "currency")                                                 \
    F(18, credit_total, "Sum of what came in", .type = SB_INT, .logical = SB_MONEY,                \
      .scale_by = "currency")                                                                      \
    F(19, debit_total, "Sum of what went out, fees included", .type = SB_INT,                      \
      .logical = SB_MONEY, .scale_by = "currency")                                                 \
    F(20, transaction_count, "Completed rows the account takes part in", .type = SB_INT)           \
    F(21, is_dormant, "Open, and no completed row in the period", .type = SB_BOOL)

#define SB_ACCOUNT_DERIVED(F) F(0, uid, "Unique over all kinds", .type = SB_STR)

#define SB_TRANSACTION_FIELDS(F)                                                                   \
    F(1, id, "Identity: the cell in the high bits, a permuted index in the low ones",              \
      .type = SB_INT, .logical = SB_ID)                                                            \
    F(2, executed_at, "When; rows of a cell are in order of (executed_at, id)", .type = SB_INT,    \
      .logical = SB_TIMESTAMP_MS)                                                                  \
    F(3, posted_at, "When booked; null unless it was", .type = SB_INT,                             \
      .logical = SB_TIMESTAMP_MS, .nullable = true)                                                \
    F(4, value_date, "Value date", .type = SB_INT, .logical = SB_DATE_DAYS)                        \
    F(5, type, "What it is", .type = SB_STR, SB_VALUES(SB_TRANSACTION_TYPES))                      \
    F(6, channel, "How it was ordered", .type = SB_STR, SB_VALUES(SB_CHANNELS))                    \
    F(7, status, "Only completed rows move money", .type = SB_STR,                                 \
      SB_VALUES(SB_TRANSACTION_STATUSES))                                                          \
    F(8, from_account_id, "Payer; null: outside the dataset", .type = SB_INT, .logical = SB_ID,    \
      .references = "accounts.id", .nullable = true)                                               \
    F(9, to_account_id, "Payee; null: outside the dataset", .type = SB_INT, .logical = SB_ID,      \
      .references = "accounts.id", .nullable = true)                                               \
    F(10, amount, "Debited to the payer", .type = SB_INT, .logical = SB_MONEY,                     \
      .scale_by = "currency")                                                                      \
    F(11, currency, "The payer's currency; the payee's where the payer is outside",                \
      .type = SB_STR, .logical = SB_CURRENCY)                                                      \
    F(12, to_amount, "Credited to the payee: floor((amount * rate + 500000000) / 10^9)",           \
      .type = SB_INT, .logical = SB_MONEY, .scale_by = "to_currency")                              \
    F(13, to_currency, "The payee's currency; the payer's where the payee is outside",             \
      .type = SB_STR, .logical = SB_CURRENCY)                                                      \
    F(14, rate, "Minor units of to_currency per minor unit of currency; null: same currency",      \
      .type = SB_INT, .scale = 9, .nullable = true)                                                \
    F(15, fee, "Debited to the payer on top of amount; leaves the dataset", .type = SB_INT,        \
      .logical = SB_MONEY, .scale_by = "currency")                                                 \
    F(16, counterparty_id, "The outside party, stable for recurring ones", .type = SB_INT,         \
      .nullable = true)                                                                            \
    F(17, counterparty_iban, "Its IBAN, where it has one", .type = SB_STR, .logical = SB_IBAN,     \
      .nullable = true)                                                                            \
    F(18, counterparty_name, "Its name", .type = SB_STR, .nullable = true)                         \
    F(19, merchant_name, "Payee as it prints on the slip", .type = SB_STR, .nullable = true)       \
    F(20, mcc, "Merchant category, ISO 18245", .type = SB_INT, .nullable = true)                   \
    F(21, originating_country, "Country of the payer's bank", .type = SB_STR,                      \
      .logical = SB_COUNTRY)                                                                       \
    F(22, destination_country, "Country of the payee's bank", .type = SB_STR,                      \
      .logical = SB_COUNTRY)                                                                       \
    F(23, location, "City where it was ordered", .type = SB_STR)                                   \
    F(24, description, "Remittance text", .type = SB_STR)                                          \
    F(25, reference, "End-to-end reference, unique", .type = SB_STR)                               \
    F(26, risk_score, "0 to 1, a published rule over the row", .type = SB_INT, .scale = 4)

#define SB_TRANSACTION_DERIVED(F) F(0, uid, "Unique over all kinds", .type = SB_STR)

#define SB_ENTRY_FIELDS(F)                                                                         \
    F(1, account_id, "Whose statement", .type = SB_INT, .logical = SB_ID,                          \
      .references = "accounts.id")                                                                 \
    F(2, transaction_id, "The transaction that moved the money", .type = SB_INT,                   \
      .logical = SB_ID, .references = "transactions.id")                                           \
    F(3, executed_at, "When", .type = SB_INT, .logical = SB_TIMESTAMP_MS)                          \
    F(4, line, "What of it", .type = SB_STR, SB_VALUES(SB_ENTRY_LINES))                            \
    F(5, amount, "Signed: credits above zero", .type = SB_INT, .logical = SB_MONEY,                \
      .scale_by = "currency")                                                                      \
    F(6, currency, "The account's currency", .type = SB_STR, .logical = SB_CURRENCY)               \
    F(7, balance_after, "Balance once this line is booked", .type = SB_INT,                        \
      .logical = SB_MONEY, .scale_by = "currency")

#define SB_COMMUNICATION_FIELDS(F)                                                                 \
    F(1, id, "Identity: the cell in the high bits, a permuted index in the low ones",              \
      .type = SB_INT, .logical = SB_ID)                                                            \
    F(2, executed_at, "When; rows of a cell are in order of (executed_at, id)", .type = SB_INT,    \
      .logical = SB_TIMESTAMP_MS)                                                                  \
    F(3, type, "Medium", .type = SB_STR, SB_VALUES(SB_COMMUNICATION_TYPES))                        \
    F(4, sender, "Who wrote or called", .type = SB_RECORD, .record = &sb_party_record)             \
    F(5, recipients, "Whom it reached", .type = SB_ARRAY, .items = SB_RECORD,                      \
      .record = &sb_party_record)                                                                  \
    F(6, thread_id, "The id of the thread's first message; null: no thread", .type = SB_INT,       \
      .logical = SB_ID, .references = "communications.id", .nullable = true)                       \
    F(7, reply_to, "The message it answers", .type = SB_INT, .logical = SB_ID,                     \
      .references = "communications.id", .nullable = true)                                         \
    F(8, subject, "Of e-mails", .type = SB_STR, .nullable = true)                                  \
    F(9, content, "The text, or a note of what was said", .type = SB_STR)                          \
    F(10, language, "One both ends know", .type = SB_STR, .logical = SB_LANGUAGE)                  \
    F(11, platform, "Service used", .type = SB_STR)                                                \
    F(12, duration_seconds, "Of calls and meetings", .type = SB_INT, .unit = "seconds",            \
      .nullable = true)

#define SB_COMMUNICATION_DERIVED(F) F(0, uid, "Unique over all kinds", .type = SB_STR)

/* K(ENUM, prefix of its lists, plural name, uid letter) */
#define SB_KIND_MAP(K)                                                                             \
    K(PERSONS, PERSON, "persons", 'P')                                                             \
    K(COMPANIES, COMPANY, "companies", 'C')                                                        \
    K(ACCOUNTS, ACCOUNT, "accounts", 'A')                                                          \
    K(TRANSACTIONS, TRANSACTION, "transactions", 'T')                                              \
    K(ENTRIES, ENTRY, "entries", 'E')                                                              \
    K(COMMUNICATIONS, COMMUNICATION, "communications", 'M')

/* Field numbers: SB_PERSON_NUMBER_first_name, ... They key the draws. */
#define SB_PERSON_NUMBER(n, name, ...) SB_PERSON_##name = (n),
#define SB_COMPANY_NUMBER(n, name, ...) SB_COMPANY_##name = (n),
#define SB_ACCOUNT_NUMBER(n, name, ...) SB_ACCOUNT_FIELD_##name = (n),
#define SB_TRANSACTION_NUMBER(n, name, ...) SB_TRANSACTION_##name = (n),
#define SB_COMMUNICATION_NUMBER(n, name, ...) SB_COMMUNICATION_##name = (n),
enum { SB_PERSON_FIELDS(SB_PERSON_NUMBER) };
enum { SB_COMPANY_FIELDS(SB_COMPANY_NUMBER) };
enum { SB_ACCOUNT_FIELDS(SB_ACCOUNT_NUMBER) };
enum { SB_TRANSACTION_FIELDS(SB_TRANSACTION_NUMBER) };
enum { SB_COMMUNICATION_FIELDS(SB_COMMUNICATION_NUMBER) };

/* clang-format on */

/* How many fields a list has: the length of the row's array. */
#define SB_ONE(...) +1
#define SB_FIELD_COUNT(LIST) (0 LIST(SB_ONE))

#endif
