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

#include "format/marking.h"

typedef enum sb_kind {
    SB_PERSONS,
    SB_COMPANIES,
    SB_ACCOUNTS,
    SB_TRANSACTIONS,
    SB_ENTRIES,
    SB_COMMUNICATIONS,
    /* Off unless asked for. */
    SB_DEVICES,
    SB_LOGINS,
    SB_TRADES,
    SB_TRIPS,
    SB_DOCUMENTS,
    SB_RELATIONSHIPS,
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
    sb_marking mark; /* whether encoders may expect what begins here to have been written before */
    const char *how; /* how values are spread, in words; NULL where the doc says all */
    const char *source; /* of the figures behind it, or NULL */
} sb_field;

typedef struct sb_record {
    const char *name;
    const sb_field *fields;
    size_t field_count;
    const sb_field *derived; /* printed on request, never stored; numbers are 0 */
    size_t derived_count;
} sb_record;

/* Records within rows. */
extern const sb_record sb_address_record, sb_employment_record, sb_officer_record, sb_owner_record,
    sb_party_record, sb_id_document_record, sb_pep_record, sb_profile_record, sb_card_record,
    sb_attachment_record, sb_details_record, sb_line_item_record;

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

/* In the macro that a list of fields is handed to: marks the place of the field that comes, if the
 * list says so. The attributes are constants, so nothing of this is left when compiled. */
#define SB_MARK_FIELD(rows, ...)                                      \
    do {                                                              \
        const sb_marking field_mark = ((sb_field){__VA_ARGS__}).mark; \
        if (field_mark != SB_MARK_NONE)                               \
            sb_rows_mark(rows, field_mark);                           \
    } while (0);

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
    V(BRANCH, "branch") V(BUSINESS, "business")

#define SB_OFFICER_ROLES(V)                                                                        \
    V(DIRECTOR, "director") V(CHIEF_EXECUTIVE, "chief_executive")                                  \
    V(CHIEF_FINANCIAL, "chief_financial_officer") V(SECRETARY, "secretary")

#define SB_ACCOUNT_TYPES(V)                                                                        \
    V(CHECKING, "checking") V(SAVINGS, "savings") V(CREDIT_CARD, "credit_card")                    \
    V(INVESTMENT, "investment") V(LOAN, "loan") V(BUSINESS, "business") V(MORTGAGE, "mortgage")

#define SB_ACCOUNT_STATUSES(V)                                                                     \
    V(ACTIVE, "active") V(DORMANT, "dormant") V(CLOSED, "closed") V(FROZEN, "frozen")

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

#define SB_ID_DOCUMENTS(V)                                                                         \
    V(PASSPORT, "passport") V(DRIVING_LICENCE, "driving_licence") V(NATIONAL_ID, "national_id")

#define SB_MONITORING_REASONS(V)                                                                   \
    V(HIGH_VALUE_TRANSACTIONS, "high_value_transactions")                                          \
    V(UNUSUAL_ACTIVITY_PATTERN, "unusual_activity_pattern")                                        \
    V(MULTIPLE_CURRENCY_TRANSACTIONS, "multiple_currency_transactions")                            \
    V(HIGH_RISK_JURISDICTION, "high_risk_jurisdiction")                                            \
    V(STRUCTURING_SUSPICION, "structuring_suspicion") V(PEP_RELATED, "pep_related")                \
    V(SANCTIONS_SCREENING, "sanctions_screening") V(FRAUD_ALERT, "fraud_alert")

#define SB_ALERT_FLAGS(V)                                                                          \
    V(LARGE_AMOUNT, "large_amount") V(ROUND_AMOUNT, "round_amount")                                \
    V(BELOW_THRESHOLD, "below_threshold") V(CROSS_BORDER, "cross_border")                          \
    V(HIGH_RISK_COUNTRY, "high_risk_country") V(TAX_HAVEN, "tax_haven") V(CASH, "cash")

#define SB_FLAG_REASONS(V)                                                                         \
    V(SUSPICIOUS_KEYWORDS, "suspicious_keywords") V(HIGH_RISK_SCORE, "high_risk_score")

#define SB_DELIVERIES(V)                                                                           \
    V(DELIVERED, "delivered") V(READ, "read") V(FAILED, "failed")

#define SB_VISIBILITIES(V)                                                                         \
    V(PUBLIC, "public") V(FOLLOWERS, "followers") V(PRIVATE, "private")

#define SB_DEVICE_TYPES(V)                                                                         \
    V(SMARTPHONE, "smartphone") V(TABLET, "tablet") V(LAPTOP, "laptop") V(DESKTOP, "desktop")

#define SB_PLATFORMS(V)                                                                            \
    V(ANDROID, "android") V(IOS, "ios") V(WINDOWS, "windows") V(MACOS, "macos") V(LINUX, "linux")

#define SB_LOGIN_CHANNELS(V)                                                                       \
    V(APP, "app") V(WEB, "web")

#define SB_LOGIN_METHODS(V)                                                                        \
    V(PASSWORD, "password") V(BIOMETRIC, "biometric") V(ONE_TIME_CODE, "one_time_code")

#define SB_LOGIN_OUTCOMES(V)                                                                       \
    V(SUCCESS, "success") V(WRONG_PASSWORD, "wrong_password") V(WRONG_CODE, "wrong_code")          \
    V(LOCKED, "locked")

#define SB_ASSET_TYPES(V)                                                                          \
    V(STOCK, "stock") V(OPTION, "option") V(FUTURE, "future") V(BOND, "bond") V(ETF, "etf")

#define SB_SIDES(V)                                                                                \
    V(BUY, "buy") V(SELL, "sell")

#define SB_ORDER_TYPES(V)                                                                          \
    V(MARKET, "market") V(LIMIT, "limit") V(STOP, "stop") V(STOP_LIMIT, "stop_limit")

#define SB_VENUES(V)                                                                               \
    V(EXCHANGE, "exchange") V(DARK_POOL, "dark_pool") V(OTC, "otc")

#define SB_TRADE_INDICATORS(V)                                                                     \
    V(LARGE_POSITION, "large_position") V(UNUSUAL_HOURS, "unusual_hours")                          \
    V(DERIVATIVE_POSITION, "derivative_position") V(ISSUER_INSIDER, "issuer_insider")

#define SB_TRIP_PURPOSES(V)                                                                        \
    V(BUSINESS, "business") V(TOURISM, "tourism") V(FAMILY_VISIT, "family_visit")                  \
    V(CONFERENCE, "conference") V(MEDICAL, "medical") V(EDUCATION, "education")

#define SB_TRANSPORTS(V)                                                                           \
    V(AIR, "air") V(LAND, "land") V(SEA, "sea") V(RAIL, "rail")

#define SB_TRIP_INDICATORS(V)                                                                      \
    V(HIGH_RISK_DESTINATION, "high_risk_destination")                                              \
    V(TAX_HAVEN_DESTINATION, "tax_haven_destination") V(SHORT_STAY, "short_stay")                  \
    V(LATE_BOOKING, "late_booking")

#define SB_DOCUMENT_TYPES(V)                                                                       \
    V(INVOICE, "invoice") V(PURCHASE_ORDER, "purchase_order") V(BILL_OF_LADING, "bill_of_lading")  \
    V(CONTRACT, "contract") V(CUSTOMS_DECLARATION, "customs_declaration")                          \
    V(CERTIFICATE_OF_ORIGIN, "certificate_of_origin") V(PACKING_LIST, "packing_list")

#define SB_PAYMENT_TERMS(V)                                                                        \
    V(NET_30, "net_30") V(NET_60, "net_60") V(NET_90, "net_90") V(COD, "cash_on_delivery")         \
    V(ADVANCE, "advance_payment")

#define SB_INCOTERMS(V)                                                                            \
    V(FOB, "FOB") V(CIF, "CIF") V(EXW, "EXW") V(DDP, "DDP") V(DAP, "DAP")

#define SB_DOCUMENT_INDICATORS(V)                                                                  \
    V(PRICE_ABOVE_MARKET, "price_above_market") V(PRICE_BELOW_MARKET, "price_below_market")        \
    V(UNUSUAL_QUANTITY, "unusual_quantity") V(HIGH_RISK_ROUTE, "high_risk_route")                  \
    V(TAX_HAVEN_ROUTE, "tax_haven_route")

#define SB_RELATIONS(V)                                                                            \
    V(SPOUSE, "spouse") V(PARENT, "parent") V(SIBLING, "sibling") V(COLLEAGUE, "colleague")        \
    V(BUSINESS_PARTNER, "business_partner") V(FRIEND, "friend") V(ACQUAINTANCE, "acquaintance")    \
    V(EMPLOYER, "employer") V(SHAREHOLDER, "shareholder") V(DIRECTOR, "director")                  \
    V(BENEFICIAL_OWNER, "beneficial_owner") V(SUBSIDIARY, "subsidiary")

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
#define SB_V_ID_DOCUMENT(name, text) SB_ID_DOCUMENT_##name,
#define SB_V_MONITORING(name, text) SB_MONITORING_##name,
#define SB_V_ALERT(name, text) SB_ALERT_##name,
#define SB_V_FLAG_REASON(name, text) SB_FLAG_REASON_##name,
#define SB_V_DELIVERY(name, text) SB_DELIVERY_##name,
#define SB_V_VISIBILITY(name, text) SB_VISIBILITY_##name,
#define SB_V_DEVICE(name, text) SB_DEVICE_##name,
#define SB_V_PLATFORM(name, text) SB_PLATFORM_##name,
#define SB_V_LOGIN_CHANNEL(name, text) SB_LOGIN_CHANNEL_##name,
#define SB_V_LOGIN_METHOD(name, text) SB_LOGIN_METHOD_##name,
#define SB_V_LOGIN(name, text) SB_LOGIN_##name,
#define SB_V_ASSET(name, text) SB_ASSET_##name,
#define SB_V_SIDE(name, text) SB_SIDE_##name,
#define SB_V_ORDER(name, text) SB_ORDER_##name,
#define SB_V_VENUE(name, text) SB_VENUE_##name,
#define SB_V_TRADE_SIGN(name, text) SB_TRADE_SIGN_##name,
#define SB_V_TRIP_PURPOSE(name, text) SB_TRIP_PURPOSE_##name,
#define SB_V_TRANSPORT(name, text) SB_TRANSPORT_##name,
#define SB_V_TRIP_SIGN(name, text) SB_TRIP_SIGN_##name,
#define SB_V_DOCUMENT(name, text) SB_DOCUMENT_##name,
#define SB_V_TERMS(name, text) SB_TERMS_##name,
#define SB_V_INCOTERM(name, text) SB_INCOTERM_##name,
#define SB_V_DOCUMENT_SIGN(name, text) SB_DOCUMENT_SIGN_##name,
#define SB_V_RELATION(name, text) SB_RELATION_##name,
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
enum { SB_ID_DOCUMENTS(SB_V_ID_DOCUMENT) SB_ID_DOCUMENT_COUNT };
enum { SB_MONITORING_REASONS(SB_V_MONITORING) SB_MONITORING_COUNT };
enum { SB_ALERT_FLAGS(SB_V_ALERT) SB_ALERT_COUNT };
enum { SB_FLAG_REASONS(SB_V_FLAG_REASON) SB_FLAG_REASON_COUNT };
enum { SB_DELIVERIES(SB_V_DELIVERY) SB_DELIVERY_COUNT };
enum { SB_VISIBILITIES(SB_V_VISIBILITY) SB_VISIBILITY_COUNT };
enum { SB_DEVICE_TYPES(SB_V_DEVICE) SB_DEVICE_COUNT };
enum { SB_PLATFORMS(SB_V_PLATFORM) SB_PLATFORM_COUNT };
enum { SB_LOGIN_CHANNELS(SB_V_LOGIN_CHANNEL) SB_LOGIN_CHANNEL_COUNT };
enum { SB_LOGIN_METHODS(SB_V_LOGIN_METHOD) SB_LOGIN_METHOD_COUNT };
enum { SB_LOGIN_OUTCOMES(SB_V_LOGIN) SB_LOGIN_COUNT };
enum { SB_ASSET_TYPES(SB_V_ASSET) SB_ASSET_COUNT };
enum { SB_SIDES(SB_V_SIDE) SB_SIDE_COUNT };
enum { SB_ORDER_TYPES(SB_V_ORDER) SB_ORDER_COUNT };
enum { SB_VENUES(SB_V_VENUE) SB_VENUE_COUNT };
enum { SB_TRADE_INDICATORS(SB_V_TRADE_SIGN) SB_TRADE_SIGN_COUNT };
enum { SB_TRIP_PURPOSES(SB_V_TRIP_PURPOSE) SB_TRIP_PURPOSE_COUNT };
enum { SB_TRANSPORTS(SB_V_TRANSPORT) SB_TRANSPORT_COUNT };
enum { SB_TRIP_INDICATORS(SB_V_TRIP_SIGN) SB_TRIP_SIGN_COUNT };
enum { SB_DOCUMENT_TYPES(SB_V_DOCUMENT) SB_DOCUMENT_COUNT };
enum { SB_PAYMENT_TERMS(SB_V_TERMS) SB_TERMS_COUNT };
enum { SB_INCOTERMS(SB_V_INCOTERM) SB_INCOTERM_COUNT };
enum { SB_DOCUMENT_INDICATORS(SB_V_DOCUMENT_SIGN) SB_DOCUMENT_SIGN_COUNT };
enum { SB_RELATIONS(SB_V_RELATION) SB_RELATION_COUNT };

/* One text of all values, separated by blanks: what sb_field.values holds. */
#define SB_V_TEXT(name, text) text " "
#define SB_VALUES(LIST) .values = LIST(SB_V_TEXT)

/* ---- records inside rows -------------------------------------------------------------------- */

#define SB_ADDRESS_FIELDS(F)                                                                       \
    F(1, street, "Street and house number in the country's order", .type = SB_STR,                 \
      .how = "A street by its frequency in the country; house numbers up to 240, low ones "        \
             "more often",                                                                         \
      .source = "streets.tsv of the locale")                                                       \
    F(2, city, "City", .type = SB_STR,                                                             \
      .how = "Where somebody lives: 62 % in the city of the neighbourhood, 35.5 % "                \
             "elsewhere in the country by inhabitants, 2.5 % abroad",                              \
      .source = "cities.tsv of the locale: censuses, rounded")                                     \
    F(3, region, "State or province as post is addressed there", .type = SB_STR, .nullable = true) \
    F(4, postal_code, "Postal code of the city; null where there are none", .type = SB_STR,        \
      .nullable = true,                                                                            \
      .how = "Even over the blocks of the city",                                                   \
      .source = "cities.tsv of the locale")                                                        \
    F(5, country, "Country of the address", .type = SB_STR, .logical = SB_COUNTRY)                 \
    F(6, latitude, "Latitude, near the city's centre", .type = SB_INT, .scale = 7,                 \
      .unit = "degrees",                                                                           \
      .how = "Triangular, at most 0.06 degrees from the centre")                                   \
    F(7, longitude, "Longitude, near the city's centre", .type = SB_INT, .scale = 7,               \
      .unit = "degrees",                                                                           \
      .how = "Triangular, at most 0.06 degrees from the centre")                                   \
    F(8, type, "What the address is for", .type = SB_STR, SB_VALUES(SB_ADDRESS_TYPES))

#define SB_EMPLOYMENT_FIELDS(F)                                                                    \
    F(1, employer_id, "The employer, where it is a company of the dataset", .type = SB_INT,        \
      .logical = SB_ID, .references = "companies.id", .nullable = true,                            \
      .how = "A place in the neighbourhood's job market, permuted, falls on a slot of one "        \
             "of its companies or on none: docs/model.md, section 4")                              \
    F(2, employer_name, "The employer's legal name", .type = SB_STR)                               \
    F(3, job_title, "Occupation", .type = SB_STR,                                                  \
      .how = "By weight: 78 % among the occupations of the employer's industry, else "             \
             "among those that every firm has; none that asks for more training than the "         \
             "years of life left time for",                                                        \
      .source = "shared/occupations.tsv, after OECD, Destatis and US BLS earnings of 2022 "        \
                "to 2024")                                                                         \
    F(4, industry, "The employer's or, outside the dataset, the occupation's industry",            \
      .type = SB_STR)                                                                              \
    F(5, start, "First day", .type = SB_INT, .logical = SB_DATE_DAYS,                              \
      .how = "Each job lasts 200 days to ten years, even; after the 18th birthday and the "        \
             "employer's registration")                                                            \
    F(6, end, "Last day; null for the present job", .type = SB_INT, .logical = SB_DATE_DAYS,       \
      .nullable = true)                                                                            \
    F(7, annual_income, "Gross income a year", .type = SB_INT, .logical = SB_MONEY,                \
      .scale_by = "currency",                                                                      \
      .how = "Log-normal around the occupation's share of the country's median income, "           \
             "times 0.78 below 25 years of age, 0.94, 1.08, and 1.12 from 55",                     \
      .source = "shared/occupations.tsv, after OECD, Destatis and US BLS earnings of 2022 "        \
                "to 2024")                                                                         \
    F(8, currency, "Currency of the income", .type = SB_STR, .logical = SB_CURRENCY)

#define SB_OFFICER_FIELDS(F)                                                                       \
    F(1, person_id, "The officer", .type = SB_INT, .logical = SB_ID, .references = "persons.id")   \
    F(2, role, "Office held", .type = SB_STR, SB_VALUES(SB_OFFICER_ROLES),                         \
      .how = "One director in firms of fewer than 10 employees; two officers in those of "         \
             "fewer than 100, else four",                                                          \
      .source = "modelling choice")                                                                \
    F(3, since, "Appointed on", .type = SB_INT, .logical = SB_DATE_DAYS,                           \
      .how = "Even between majority or registration and the end of the period")

#define SB_OWNER_FIELDS(F)                                                                         \
    F(1, person_id, "A person who owns a share", .type = SB_INT, .logical = SB_ID,                 \
      .references = "persons.id", .nullable = true)                                                \
    F(2, company_id, "A company that owns a share; both null: held outside the dataset",           \
      .type = SB_INT, .logical = SB_ID, .references = "companies.id", .nullable = true)            \
    F(3, share_bp, "Share", .type = SB_INT, .unit = "basis points",                                \
      .how = "A parent has 51 to 100 %, even; each of one to three persons half of what "          \
             "is left, the last one the rest",                                                     \
      .source = "modelling choice")

#define SB_PARTY_FIELDS(F)                                                                         \
    F(1, person_id, "The person, where one of the dataset", .type = SB_INT, .logical = SB_ID,      \
      .references = "persons.id", .nullable = true)                                                \
    F(2, company_id, "The company, where one of the dataset", .type = SB_INT, .logical = SB_ID,    \
      .references = "companies.id", .nullable = true)                                              \
    F(3, address, "E-mail address or phone number used", .type = SB_STR)

#define SB_ID_DOCUMENT_FIELDS(F)                                                                   \
    F(1, type, "Kind of paper", .type = SB_STR, SB_VALUES(SB_ID_DOCUMENTS),                        \
      .how = "70 % of persons have a passport, 78 % a driving licence, 45 % an identity "          \
             "card",                                                                               \
      .source = "modelling choice")                                                                \
    F(2, number, "Its number, in the form of the country", .type = SB_STR)                         \
    F(3, issuing_country, "Issued by", .type = SB_STR, .logical = SB_COUNTRY)                      \
    F(4, issued, "First day of validity; after the holder turned 16",                              \
      .type = SB_INT, .logical = SB_DATE_DAYS,                                                     \
      .how = "Even over the years of validity (10, 15, 10) before the period")                     \
    F(5, expires, "Last day of validity", .type = SB_INT, .logical = SB_DATE_DAYS)

#define SB_PEP_FIELDS(F)                                                                           \
    F(1, category, "Category of the public function, after FATF guidance", .type = SB_STR,         \
      .how = "By the weights of shared/pep_categories.tsv",                                        \
      .source = "FATF guidance, weights our own")                                                  \
    F(2, position, "Title of the function", .type = SB_STR)                                        \
    F(3, country, "Country of the function", .type = SB_STR, .logical = SB_COUNTRY)                \
    F(4, since, "In office since; after the 25th birthday",                                        \
      .type = SB_INT, .logical = SB_DATE_DAYS,                                                     \
      .how = "Even over the last 25 years")                                                        \
    F(5, until, "Left office; null: in office",                                                    \
      .type = SB_INT, .logical = SB_DATE_DAYS, .nullable = true,                                   \
      .how = "400 to 5,399 days after the beginning, even, where that is over")

#define SB_PROFILE_FIELDS(F)                                                                       \
    F(1, platform, "Social network", .type = SB_STR,                                               \
      .how = "Each of four with half of online_activity_score as probability",                     \
      .source = "modelling choice")                                                                \
    F(2, url, "Address of the profile, under a reserved domain", .type = SB_STR)

#define SB_CARD_FIELDS(F)                                                                          \
    F(1, pan, "Card number, ISO/IEC 7812 with check digit, in a range no issuer has",              \
      .type = SB_STR)                                                                              \
    F(2, expiry, "Last day of validity, an end of month", .type = SB_INT, .logical = SB_DATE_DAYS, \
      .how = "Even over 48 months from the end of the period")

#define SB_ATTACHMENT_FIELDS(F)                                                                    \
    F(1, name, "File name", .type = SB_STR)                                                        \
    F(2, media_type, "Media type, IANA", .type = SB_STR,                                           \
      .how = "60, 20, 13 and 7 % of four types: papers by e-mail, pictures elsewhere",             \
      .source = "modelling choice")                                                                \
    F(3, size, "Size", .type = SB_INT, .unit = "bytes",                                            \
      .how = "Log-normal, median 180 KiB by e-mail and 1.4 MiB elsewhere, sigma 0.9",              \
      .source = "modelling choice")

#define SB_DETAILS_FIELDS(F)                                                                       \
    F(1, message_id, "Of e-mails: RFC 5322 identity", .type = SB_STR, .nullable = true)            \
    F(2, direction, "Of calls: who rang, seen from the bank customer",                             \
      .type = SB_STR, .values = "incoming outgoing ", .nullable = true)                            \
    F(3, recorded, "Of calls and video: whether it was recorded",                                  \
      .type = SB_BOOL, .nullable = true,                                                           \
      .how = "30 % of calls, 50 % of video",                                                       \
      .source = "modelling choice")                                                                \
    F(4, participants, "Of video and meetings: how many took part",                                \
      .type = SB_INT, .nullable = true,                                                            \
      .how = "2 to 8, half of them 2",                                                             \
      .source = "modelling choice")                                                                \
    F(5, delivery, "Of SMS: what became of it",                                                    \
      .type = SB_STR, SB_VALUES(SB_DELIVERIES), .nullable = true,                                  \
      .how = "Read 74 %, delivered 24 %, failed 2 %",                                              \
      .source = "modelling choice")                                                                \
    F(6, workspace, "Of chats: where", .type = SB_STR, .nullable = true)                           \
    F(7, channel, "Of chats: room", .type = SB_STR, .nullable = true)                              \
    F(8, visibility, "Of posts: for whom",                                                         \
      .type = SB_STR, SB_VALUES(SB_VISIBILITIES), .nullable = true,                                \
      .how = "Even")                                                                               \
    F(9, likes, "Of posts", .type = SB_INT, .nullable = true,                                      \
      .how = "Log-normal, median 14, sigma 1.5",                                                   \
      .source = "modelling choice")                                                                \
    F(10, shares, "Of posts", .type = SB_INT, .nullable = true,                                    \
      .how = "Log-normal, median 3, sigma 1.8",                                                    \
      .source = "modelling choice")                                                                \
    F(11, comments, "Of posts", .type = SB_INT, .nullable = true,                                  \
      .how = "Log-normal, median 4, sigma 1.1",                                                    \
      .source = "modelling choice")

#define SB_LINE_ITEM_FIELDS(F)                                                                     \
    F(1, line, "Number of the line, from 1", .mark = SB_MARK_SHORT, .type = SB_INT)                \
    F(2, item, "What is sold", .mark = SB_MARK_WORDS, .type = SB_STR,                              \
      .how = "Goods of one or two categories of the seller's industry that are not too "           \
             "dear for a firm of its size",                                                        \
      .source = "shared/goods.tsv")                                                                \
    F(3, hs_code, "Harmonized System heading, six digits", .type = SB_STR)                         \
    F(4, category, "Category of goods", .type = SB_STR)                                            \
    F(5, quantity, "How many units", .mark = SB_MARK_SHORT, .type = SB_INT,                        \
      .how = "What an order of a firm of the seller's size is worth (log-normal, sigma "           \
             "1.1) over the item's price; two figures, then noughts",                              \
      .source = "modelling choice")                                                                \
    F(6, unit, "Unit of the quantity", .mark = SB_MARK_SHORT, .type = SB_STR)                      \
    F(7, unit_price, "Price of one unit",                                                          \
      .type = SB_INT, .logical = SB_MONEY, .scale_by = "currency",                                 \
      .how = "Log-normal around the item's ordinary price, moved half-way to the "                 \
             "country's price level; one line in 300 is four times too high or too low",           \
      .source = "shared/goods.tsv: estimates of 2024")                                             \
    F(8, amount, "quantity times unit_price, exactly",                                             \
      .type = SB_INT, .logical = SB_MONEY, .scale_by = "currency")                                 \
    F(9, currency, "Currency of the two: the document's", .type = SB_STR, .logical = SB_CURRENCY)

/* ---- kinds ---------------------------------------------------------------------------------- */

#define SB_PERSON_FIELDS(F)                                                                        \
    F(1, id, "Identity, dense from 0", .type = SB_INT, .logical = SB_ID)                           \
    F(2, gender, "Gender", .mark = SB_MARK_LONG, .type = SB_STR, SB_VALUES(SB_GENDERS),            \
      .how = "49 % female, 49 % male, 1 % each of the others; the two who head a "                 \
             "household are mostly a woman and a man",                                             \
      .source = "modelling choice")                                                                \
    F(3, first_name, "Given name, by frequency in the culture of nationality",                     \
      .mark = SB_MARK_WORDS, .type = SB_STR,                                                       \
      .how = "By the weights of the culture's table, apart from the family name",                  \
      .source = "statistics that the head of the locale's table names")                            \
    F(4, middle_name, "Second given name, father's name or patronymic, as is the custom",          \
      .mark = SB_MARK_WORDS, .type = SB_STR, .nullable = true,                                     \
      .how = "As many as locale.tsv says of the culture have one: a second given name, "           \
             "the father's name or a patronymic, apart from the first name",                       \
      .source = "statistics that the head of the locale's table names")                            \
    F(5, last_name, "Family name; households often share it",                                      \
      .mark = SB_MARK_SHORT, .type = SB_STR,                                                       \
      .how = "By the weights of the culture's table; three in four members of a household "        \
             "bear its name",                                                                      \
      .source = "statistics that the head of the locale's table names")                            \
    F(6, date_of_birth, "Born on; 18 to 95 years before the end of the period", .type = SB_INT,    \
      .logical = SB_DATE_DAYS,                                                                     \
      .how = "Ages of heads of households follow a pyramid of adults; second members are "         \
             "within five years of them, most others 20 to 35 years younger",                      \
      .source = "US Census Bureau and Destatis, near 2025, five-year classes")                     \
    F(7, nationality, "First citizenship", .type = SB_STR, .logical = SB_COUNTRY,                  \
      .how = "90 % of households are of the country of their neighbourhood, the others of "        \
             "another locale by its weight",                                                       \
      .source = "modelling choice")                                                                \
    F(8, citizenship, "All citizenships, the first first", .type = SB_ARRAY, .items = SB_STR,      \
      .logical = SB_COUNTRY,                                                                       \
      .how = "One in three foreigners has the country of residence too",                           \
      .source = "modelling choice")                                                                \
    F(9, languages, "Languages spoken, the mother tongue first", .type = SB_ARRAY,                 \
      .items = SB_STR, .logical = SB_LANGUAGE,                                                     \
      .how = "The mother tongue, the country's language, and English for 56 % of those "           \
             "without",                                                                            \
      .source = "modelling choice")                                                                \
    F(10, marital_status, "Marital status",                                                        \
      .mark = SB_MARK_WORDS, .type = SB_STR, SB_VALUES(SB_MARITAL_STATUSES),                       \
      .how = "The two who head a household: married 83 %, single 14 %, each other 1 %; "           \
             "others by age: below 30 94 % single, from 60 on half widowed",                       \
      .source = "modelling choice")                                                                \
    F(11, dependents, "People who live on this income", .type = SB_INT,                            \
      .how = "Married people of 24 to 58: 0, 1, 2, 3, 4, 5 for 24, 24, 32, 13, 5, 2 %; "           \
             "others of that age 0, 1, 2 for 82, 13, 5 %",                                         \
      .source = "modelling choice")                                                                \
    F(12, education_level, "Highest degree",                                                       \
      .mark = SB_MARK_LONG, .type = SB_STR, SB_VALUES(SB_EDUCATION_LEVELS),                        \
      .how = "By the training that the occupation asks for, as far as age allows",                 \
      .source = "modelling choice")                                                                \
    F(13, addresses, "Home first; members of a household share it", .type = SB_ARRAY,              \
      .items = SB_RECORD, .record = &sb_address_record,                                            \
      .how = "1, 2 or 3 for 90, 8 and 2 %",                                                        \
      .source = "modelling choice")                                                                \
    F(14, phones, "Phone numbers out of ranges that are kept for fiction, or nobody's",            \
      .type = SB_ARRAY,                                                                            \
      .items = SB_STR, .logical = SB_PHONE,                                                        \
      .how = "1, 2 or 3 for 62, 30 and 8 %; 78 % are mobile; even over the ranges of "             \
             "docs/identifiers.md",                                                                \
      .source = "modelling choice")                                                                \
    F(15, emails, "E-mail addresses; the first is unique", .type = SB_ARRAY, .items = SB_STR,      \
      .logical = SB_EMAIL,                                                                         \
      .how = "1, 2 or 3 for 62, 30 and 8 %",                                                       \
      .source = "modelling choice")                                                                \
    F(16, employment, "Jobs, the latest first; at most one is current", .type = SB_ARRAY,          \
      .items = SB_RECORD, .record = &sb_employment_record,                                         \
      .how = "Up to two jobs before the present one, even; retired for sure from 66, two "         \
             "in five from 62",                                                                    \
      .source = "modelling choice")                                                                \
    F(17, annual_income, "Gross income a year of the present job or pension",                      \
      .mark = SB_MARK_LONG, .type = SB_INT,                                                        \
      .logical = SB_MONEY, .scale_by = "income_currency", .nullable = true,                        \
      .how = "Log-normal around the occupation's share of the country's median; pensions "         \
             "are 46 % of that; null without job and pension",                                     \
      .source = "shared/occupations.tsv, after OECD, Destatis and US BLS earnings of 2022 "        \
                "to 2024")                                                                         \
    F(18, income_currency, "Currency of the home country", .type = SB_STR,                         \
      .logical = SB_CURRENCY)                                                                      \
    F(19, is_pep, "Politically exposed", .type = SB_BOOL,                                          \
      .how = "0.8 % of those of 27 and more",                                                      \
      .source = "modelling choice")                                                                \
    F(20, risk_level, "The bank's risk class",                                                     \
      .mark = SB_MARK_SHORT, .type = SB_STR, SB_VALUES(SB_RISK_LEVELS),                            \
      .how = "A published rule (docs/model.md, section 13) over the row and up to 42 "             \
             "points drawn")                                                                       \
    F(21, latin_name, "Full name in Latin letters, as in the passport; null where it is Latin "    \
      "anyway",                                                                                    \
      .mark = SB_MARK_WORDS, .type = SB_STR, .nullable = true)                                     \
    F(22, tax_id, "Personal tax number of the home country, with its check digits",                \
      .type = SB_STR, .nullable = true)                                                            \
    F(23, documents, "Identity papers, valid at the end of the period",                            \
                                                                                                   \
      .mark = SB_MARK_SHORT, .type = SB_ARRAY, .items = SB_RECORD,                                 \
      .record = &sb_id_document_record)                                                            \
    F(24, net_worth, "Wealth less debts; null for those without income",                           \
      .type = SB_INT, .logical = SB_MONEY, .scale_by = "income_currency", .nullable = true,        \
      .how = "Log-normal around a twelfth of the income for each year after the 22nd, "            \
             "sigma 1.3",                                                                          \
      .source = "modelling choice")                                                                \
    F(25, pep_details, "The public function; null for most",                                       \
      .type = SB_RECORD, .record = &sb_pep_record, .nullable = true)                               \
    F(26, is_sanctioned, "Stands on a sanctions list", .type = SB_BOOL,                            \
      .how = "0.1 %; no entry of a real list",                                                     \
      .source = "modelling choice")                                                                \
    F(27, sanction_lists, "Which ones", .type = SB_ARRAY, .items = SB_STR,                         \
      .how = "1 to 3, by the weights of shared/sanction_lists.tsv",                                \
      .source = "modelling choice")                                                                \
    F(28, social_profiles, "Profiles in social networks",                                          \
      .mark = SB_MARK_SHORT, .type = SB_ARRAY, .items = SB_RECORD, .record = &sb_profile_record)   \
    F(29, online_activity_score, "How much of life happens online, 0 to 1; falls with age",        \
      .type = SB_INT, .scale = 4,                                                                  \
      .how = "0.83 at 18, less 0.0075 a year, and triangular around that by at most 0.19",         \
      .source = "modelling choice")

#define SB_PERSON_DERIVED(F)                                                                       \
    F(0, uid, "Unique over all kinds", .type = SB_STR)                                             \
    F(0, full_name, "first_name middle_name last_name", .type = SB_STR)                            \
    F(0, age, "Full years at the end of the period", .type = SB_INT, .unit = "years")

#define SB_COMPANY_FIELDS(F)                                                                       \
    F(1, id, "Identity, dense from 0", .type = SB_INT, .logical = SB_ID)                           \
    F(2, legal_name, "Registered name, unique", .type = SB_STR,                                    \
      .how = "Coined words, two or three, by a permutation of the number; the legal form "         \
             "by its weight in the country")                                                       \
    F(3, company_type, "Legal form", .mark = SB_MARK_LONG, .type = SB_STR,                         \
      .values = "corporation llc partnership sole_proprietorship non_profit government trust ",    \
      .how = "By weight among the country's forms that fit size and industry",                     \
      .source = "company_forms.tsv of the locale")                                                 \
    F(4, industry, "Industry", .mark = SB_MARK_WORDS, .type = SB_STR,                              \
      .how = "What the last word of the name says, or by the weights of "                          \
             "shared/industries.tsv",                                                              \
      .source = "modelling choice")                                                                \
    F(5, registration_country, "Registered in", .type = SB_STR, .logical = SB_COUNTRY)             \
    F(6, registration_date, "Registered on", .type = SB_INT, .logical = SB_DATE_DAYS,              \
      .how = "A year and a log-normal age (median 11 years, sigma 0.9) before the period; "        \
             "none before 1950",                                                                   \
      .source = "modelling choice")                                                                \
    F(7, registration_number, "Number in the register, unique",                                    \
      .mark = SB_MARK_SHORT, .type = SB_STR)                                                       \
    F(8, lei, "Legal entity identifier, with check digits",                                        \
      .mark = SB_MARK_SHORT, .type = SB_STR, .logical = SB_LEI,                                    \
      .nullable = true,                                                                            \
      .how = "35 % have one",                                                                      \
      .source = "modelling choice")                                                                \
    F(9, addresses, "Headquarters first", .type = SB_ARRAY, .items = SB_RECORD,                    \
      .record = &sb_address_record,                                                                \
      .how = "Three in four headquarters in the city of the neighbourhood; none to two "           \
             "branches from 50 employees, even",                                                   \
      .source = "modelling choice")                                                                \
    F(10, is_public, "Listed on an exchange", .type = SB_BOOL,                                     \
      .how = "35 % of those with more than 60 employees",                                          \
      .source = "modelling choice")                                                                \
    F(11, employee_count, "Employees in and outside the dataset; heavy-tailed", .type = SB_INT,    \
      .how = "Zipf's law with exponent 1.06, at most 100,000; shells 0 to 2",                      \
      .source = "Axtell 2001")                                                                     \
    F(12, annual_revenue, "Revenue a year", .type = SB_INT, .logical = SB_MONEY,                   \
      .scale_by = "revenue_currency",                                                              \
      .how = "Log-normal around three median incomes a head, sigma 0.7",                           \
      .source = "modelling choice")                                                                \
    F(13, revenue_currency, "Currency of the revenue",                                             \
      .mark = SB_MARK_LONG, .type = SB_STR, .logical = SB_CURRENCY)                                \
    F(14, parent_id, "Parent company; the relation has no cycle", .type = SB_INT,                  \
      .logical = SB_ID, .references = "companies.id", .nullable = true,                            \
      .how = "18 %: a company of the neighbourhood with a lower number",                           \
      .source = "modelling choice")                                                                \
    F(15, officers, "People who act for it",                                                       \
      .type = SB_ARRAY, .items = SB_RECORD,                                                        \
      .record = &sb_officer_record)                                                                \
    F(16, owners, "Who owns it; shares sum to 10,000",                                             \
      .mark = SB_MARK_SHORT, .type = SB_ARRAY, .items = SB_RECORD,                                 \
      .record = &sb_owner_record)                                                                  \
    F(17, is_shell, "A firm without staff or trade of its own", .type = SB_BOOL,                   \
      .how = "2 %",                                                                                \
      .source = "modelling choice")                                                                \
    F(18, risk_level, "The bank's risk class",                                                     \
      .mark = SB_MARK_LONG, .type = SB_STR, SB_VALUES(SB_RISK_LEVELS),                             \
      .how = "A published rule (docs/model.md, section 13) over the row and up to 45 "             \
             "points drawn")                                                                       \
    F(19, website, "Website under a reserved domain", .type = SB_STR)                              \
    F(20, email, "General e-mail address",                                                         \
      .type = SB_STR, .logical = SB_EMAIL)                                                         \
    F(21, phone, "Phone number out of a range that is kept for fiction, or nobody's",              \
      .mark = SB_MARK_LONG, .type = SB_STR,                                                        \
      .logical = SB_PHONE)                                                                         \
    F(22, latin_name, "Registered name in Latin letters; null where it is Latin anyway",           \
      .type = SB_STR, .nullable = true)                                                            \
    F(23, trading_name, "Name it trades under, where that is not the legal name",                  \
      .type = SB_STR, .nullable = true,                                                            \
      .how = "One in three: the coined words alone",                                               \
      .source = "modelling choice")                                                                \
    F(24, sub_industry, "Branch of the industry", .mark = SB_MARK_SHORT, .type = SB_STR,           \
      .how = "Those that stand first in shared/sub_industries.tsv more often: the lower "          \
             "of two even draws",                                                                  \
      .source = "modelling choice")                                                                \
    F(25, tax_id, "Tax number of the country, with its check digits",                              \
      .type = SB_STR, .nullable = true)                                                            \
    F(26, ticker, "Symbol, where listed", .type = SB_STR, .nullable = true)                        \
    F(27, exchange, "Stock exchange, where listed",                                                \
      .mark = SB_MARK_SHORT, .type = SB_STR, .nullable = true,                                     \
      .how = "Of its country, each as likely; where there is none, one of the first three "        \
             "of shared/exchanges.tsv")                                                            \
    F(28, market_cap, "Value of all shares, where listed",                                         \
      .type = SB_INT, .logical = SB_MONEY, .scale_by = "revenue_currency", .nullable = true,       \
      .how = "One to ten years' revenue, even",                                                    \
      .source = "modelling choice")                                                                \
    F(29, is_sanctioned, "Stands on a sanctions list", .type = SB_BOOL,                            \
      .how = "0.1 %; no entry of a real list",                                                     \
      .source = "modelling choice")                                                                \
    F(30, sanction_lists, "Which ones", .type = SB_ARRAY, .items = SB_STR,                         \
      .how = "1 or 2, by the weights of shared/sanction_lists.tsv",                                \
      .source = "modelling choice")                                                                \
    F(31, operating_countries, "Where it does business, its own country first",                    \
      .type = SB_ARRAY, .items = SB_STR, .logical = SB_COUNTRY,                                    \
      .how = "1 to 6: more for larger firms and for shells; by weight in trade, of shells "        \
             "even",                                                                               \
      .source = "shared/countries.tsv")                                                            \
    F(32, tax_havens, "Those of operating_countries that are tax havens",                          \
      .type = SB_ARRAY, .items = SB_STR, .logical = SB_COUNTRY)                                    \
    F(33, description, "What it does, in a sentence", .type = SB_STR,                              \
      .how = "A rule of the language's grammar")

#define SB_COMPANY_DERIVED(F) F(0, uid, "Unique over all kinds", .type = SB_STR)

#define SB_ACCOUNT_FIELDS(F)                                                                       \
    F(1, id, "Identity, dense from 0", .type = SB_INT, .logical = SB_ID)                           \
    F(2, account_number, "Number at the bank, unique", .type = SB_STR)                             \
    F(3, iban, "ISO 13616, unique; null where the country has none",                               \
      .mark = SB_MARK_SHORT, .type = SB_STR,                                                       \
      .logical = SB_IBAN, .nullable = true)                                                        \
    F(4, bic, "The bank's BIC", .mark = SB_MARK_SHORT, .type = SB_STR, .logical = SB_BIC)          \
    F(5, routing_number, "The bank's ABA number, in the US", .type = SB_STR, .nullable = true)     \
    F(6, bank, "The bank's name; shares follow Zipf's law",                                        \
      .mark = SB_MARK_WORDS, .type = SB_STR,                                                       \
      .how = "By market share in the country, Zipf's law",                                         \
      .source = "modelling choice")                                                                \
    F(7, type, "What the account is for",                                                          \
      .mark = SB_MARK_WORDS, .type = SB_STR, SB_VALUES(SB_ACCOUNT_TYPES),                          \
      .how = "One business account an owner as long as they last, one current account a "          \
             "person; of the rest 28 % cards, 12 % second current accounts, 38 % savings, "        \
             "12 % investments, the others three loans to two mortgages",                          \
      .source = "modelling choice")                                                                \
    F(8, currency, "Currency the account is kept in", .type = SB_STR, .logical = SB_CURRENCY,      \
      .how = "96 % the country's; of the others USD 40, EUR 30, GBP 12, JPY 6, CHF 6, CAD "        \
             "6 %",                                                                                \
      .source = "modelling choice")                                                                \
    F(9, owner_person_id, "Owner, where a person",                                                 \
      .type = SB_INT, .logical = SB_ID,                                                            \
      .references = "persons.id", .nullable = true)                                                \
    F(10, owner_company_id, "Owner, where a company; exactly one of the two is set",               \
                                                                                                   \
      .type = SB_INT, .logical = SB_ID, .references = "companies.id", .nullable = true)            \
    F(11, status, "At the end of the period; dormant: no row in the period",                       \
      .mark = SB_MARK_SHORT, .type = SB_STR,                                                       \
      SB_VALUES(SB_ACCOUNT_STATUSES),                                                              \
      .how = "1 % frozen; closed as closed says; dormant as the rows say",                         \
      .source = "modelling choice")                                                                \
    F(12, opened, "Opened on", .type = SB_INT, .logical = SB_DATE_DAYS,                            \
      .how = "5 % within the period; before it since majority or registration, the later "         \
             "of two even draws",                                                                  \
      .source = "modelling choice")                                                                \
    F(13, closed, "Closed on", .type = SB_INT, .logical = SB_DATE_DAYS, .nullable = true,          \
      .how = "2 % within the period, 2 % before it",                                               \
      .source = "modelling choice")                                                                \
    F(14, overdraft_limit, "How far below zero the balance may go; credit limits count as such",   \
      .type = SB_INT, .logical = SB_MONEY, .scale_by = "currency",                                 \
      .how = "Log-normal by affluence, in round hundreds; medians worth 1,200 dollars of "         \
             "current accounts (45 % have one), 4,500 of cards, 30,000 of loans, 220,000 "         \
             "of mortgages, 25,000 of businesses (40 %)",                                          \
      .source = "modelling choice")                                                                \
    F(15, opening_balance, "At the start of the period",                                           \
      .mark = SB_MARK_LONG, .type = SB_INT, .logical = SB_MONEY,                                   \
      .scale_by = "currency",                                                                      \
      .how = "Log-normal by type and affluence, of cards and loans a debt, even; lifted "          \
             "where the payments of the period need more (docs/model.md, section 8)",              \
      .source = "modelling choice")                                                                \
    F(16, closing_balance, "At the end: opening + credits - debits",                               \
      .mark = SB_MARK_LONG, .type = SB_INT,                                                        \
      .logical = SB_MONEY, .scale_by = "currency")                                                 \
    F(17, lowest_balance, "Lowest in the period, never below -overdraft_limit",                    \
      .mark = SB_MARK_LONG, .type = SB_INT,                                                        \
      .logical = SB_MONEY, .scale_by = "currency")                                                 \
    F(18, credit_total, "Sum of what came in",                                                     \
      .type = SB_INT, .logical = SB_MONEY,                                                         \
      .scale_by = "currency")                                                                      \
    F(19, debit_total, "Sum of what went out, fees included",                                      \
      .type = SB_INT,                                                                              \
      .logical = SB_MONEY, .scale_by = "currency")                                                 \
    F(20, transaction_count, "Completed rows the account takes part in",                           \
      .mark = SB_MARK_LONG, .type = SB_INT,                                                        \
      .how = "Heavy-tailed: ends of payments are chosen by rank with power laws "                  \
             "(docs/model.md, section 6)")                                                         \
    F(21, is_dormant, "Open, and no completed row in the period",                                  \
      .type = SB_BOOL)                                                                             \
    F(22, branch, "The bank's branch, a city of the country",                                      \
      .mark = SB_MARK_SHORT, .type = SB_STR,                                                       \
      .how = "75 % the neighbourhood's city, else by inhabitants",                                 \
      .source = "modelling choice")                                                                \
    F(23, joint_owner_ids, "Further owners, of the owner's household",                             \
                                                                                                   \
      .type = SB_ARRAY, .items = SB_INT, .logical = SB_ID,                                         \
      .references = "persons.id",                                                                  \
      .how = "28 % of current and savings accounts of members of larger households",               \
      .source = "modelling choice")                                                                \
    F(24, beneficial_owner_ids, "People behind a company's account: its owners with 25 % or more", \
                                                                                                   \
      .type = SB_ARRAY, .items = SB_INT, .logical = SB_ID,                                         \
      .references = "persons.id")                                                                  \
    F(25, average_balance, "Mean balance over the period, by time",                                \
      .type = SB_INT, .logical = SB_MONEY, .scale_by = "currency")                                 \
    F(26, is_monitored, "Under special observation", .type = SB_BOOL,                              \
      .how = "2 %",                                                                                \
      .source = "modelling choice")                                                                \
    F(27, monitoring_reason, "Why",                                                                \
      .mark = SB_MARK_WORDS, .type = SB_STR, SB_VALUES(SB_MONITORING_REASONS), .nullable = true,   \
      .how = "Even")                                                                               \
    F(28, kyc_verified, "Identity checked", .mark = SB_MARK_LONG, .type = SB_BOOL,                 \
      .how = "95.5 %; of frozen accounts none",                                                    \
      .source = "modelling choice")                                                                \
    F(29, aml_verified, "Origin of funds checked", .type = SB_BOOL,                                \
      .how = "90.5 %; of frozen accounts none",                                                    \
      .source = "modelling choice")                                                                \
    F(30, risk_level, "The bank's risk class of the account",                                      \
      .type = SB_STR, SB_VALUES(SB_RISK_LEVELS),                                                   \
      .how = "A published rule (docs/model.md, section 13) over the row and up to 40 "             \
             "points drawn")                                                                       \
    F(31, card, "The card of a card or current account",                                           \
      .type = SB_RECORD, .record = &sb_card_record, .nullable = true,                              \
      .how = "All credit cards, 78 % of current and business accounts; none once closed",          \
      .source = "modelling choice")

#define SB_ACCOUNT_DERIVED(F) F(0, uid, "Unique over all kinds", .type = SB_STR)

#define SB_TRANSACTION_FIELDS(F)                                                                   \
    F(1, id, "Identity: the cell in the high bits, a permuted index in the low ones",              \
      .type = SB_INT, .logical = SB_ID)                                                            \
    F(2, executed_at, "When; rows of a cell are in order of (executed_at, id)",                    \
      .mark = SB_MARK_SHORT, .type = SB_INT,                                                       \
      .logical = SB_TIMESTAMP_MS,                                                                  \
      .how = "By a calendar of weekdays, paydays, season and hours, of shops or of "               \
             "offices, in the city's clock (docs/model.md, section 10)",                           \
      .source = "modelling choice")                                                                \
    F(3, posted_at, "When booked; null unless it was", .mark = SB_MARK_SHORT, .type = SB_INT,      \
      .logical = SB_TIMESTAMP_MS, .nullable = true,                                                \
      .how = "By channel: cards 0.5 to 1.5 days later, cheques 1 to 2, online within the "         \
             "hour, else at once",                                                                 \
      .source = "modelling choice")                                                                \
    F(4, value_date, "Value date", .type = SB_INT, .logical = SB_DATE_DAYS)                        \
    F(5, type, "What it is",                                                                       \
      .mark = SB_MARK_LONG, .type = SB_STR, SB_VALUES(SB_TRANSACTION_TYPES),                       \
      .how = "By purpose: retail 60 %, transfers 40 % of what is not regular "                     \
             "(docs/model.md, section 6); wires abroad or above 25,000 dollars' worth",            \
      .source = "modelling choice")                                                                \
    F(6, channel, "How it was ordered",                                                            \
      .mark = SB_MARK_WORDS, .type = SB_STR, SB_VALUES(SB_CHANNELS),                               \
      .how = "By type; online orders are mobile in 60 %",                                          \
      .source = "modelling choice")                                                                \
    F(7, status, "Only completed rows move money", .mark = SB_MARK_LONG, .type = SB_STR,           \
      SB_VALUES(SB_TRANSACTION_STATUSES),                                                          \
      .how = "Completed 92 %, pending 5 %, failed 2 %, reversed 1 %; regular payments, "           \
             "initial deposits and payouts always completed",                                      \
      .source = "modelling choice")                                                                \
    F(8, from_account_id, "Payer; null: outside the dataset", .type = SB_INT, .logical = SB_ID,    \
      .references = "accounts.id", .nullable = true)                                               \
    F(9, to_account_id, "Payee; null: outside the dataset", .type = SB_INT, .logical = SB_ID,      \
      .references = "accounts.id", .nullable = true)                                               \
    F(10, amount, "Debited to the payer",                                                          \
      .type = SB_INT, .logical = SB_MONEY,                                                         \
      .scale_by = "currency",                                                                      \
      .how = "Log-normal by purpose, or for cards by merchant category, stretched by the "         \
             "payer's affluence; cash, gifts, savings, rents and standing orders are round",       \
      .source = "shared/mcc.tsv: estimates of card use; medians of purposes our own")              \
    F(11, currency, "The payer's currency; the payee's where the payer is outside",                \
      .type = SB_STR, .logical = SB_CURRENCY)                                                      \
    F(12, to_amount, "Credited to the payee: floor((amount * rate + 500000000) / 10^9)",           \
      .mark = SB_MARK_SHORT, .type = SB_INT, .logical = SB_MONEY, .scale_by = "to_currency")       \
    F(13, to_currency, "The payee's currency; the payer's where the payee is outside",             \
      .type = SB_STR, .logical = SB_CURRENCY)                                                      \
    F(14, rate, "Minor units of to_currency per minor unit of currency; null: same currency",      \
      .mark = SB_MARK_LONG, .type = SB_INT, .scale = 9, .nullable = true,                          \
      .how = "Around the currency's ordinary value by midpoint displacement, day by day "          \
             "(docs/model.md, section 11)",                                                        \
      .source = "shared/currencies.tsv: mid-2025, rounded")                                        \
    F(15, fee, "Debited to the payer on top of amount; leaves the dataset",                        \
      .mark = SB_MARK_SHORT, .type = SB_INT,                                                       \
      .logical = SB_MONEY, .scale_by = "currency",                                                 \
      .how = "Between countries, but for cards, 0.5 %, at least 0.25 and at most 60 "              \
             "dollars' worth; 3 for one cash withdrawal in four; else none",                       \
      .source = "modelling choice")                                                                \
    F(16, counterparty_id, "The outside party, stable for recurring ones", .type = SB_INT,         \
      .nullable = true,                                                                            \
      .how = "A few thousand parties a country, even within their kind")                           \
    F(17, counterparty_iban, "Its IBAN, where it has one", .type = SB_STR, .logical = SB_IBAN,     \
      .nullable = true)                                                                            \
    F(18, counterparty_name, "Its name", .mark = SB_MARK_WORDS, .type = SB_STR, .nullable = true)  \
    F(19, merchant_name, "Payee as it prints on the slip",                                         \
      .mark = SB_MARK_WORDS, .type = SB_STR, .nullable = true,                                     \
      .how = "Inside, the company that owns the payee's account; outside, a merchant of "          \
             "the country")                                                                        \
    F(20, mcc, "Merchant category, ISO 18245",                                                     \
      .mark = SB_MARK_LONG, .type = SB_INT, .nullable = true,                                      \
      .how = "By the weights of shared/mcc.tsv; of a company of the dataset one of its "           \
             "industry",                                                                           \
      .source = "shared/mcc.tsv: estimates of card use")                                           \
    F(21, originating_country, "Country of the payer's bank", .type = SB_STR,                      \
      .logical = SB_COUNTRY,                                                                       \
      .how = "Of one in two exports the country of a buyer abroad, by weight in trade",            \
      .source = "shared/countries.tsv")                                                            \
    F(22, destination_country, "Country of the payee's bank", .type = SB_STR,                      \
      .logical = SB_COUNTRY,                                                                       \
      .how = "Of one in two imports the country of a seller abroad, by weight in trade",           \
      .source = "shared/countries.tsv")                                                            \
    F(23, location, "City where it was ordered", .type = SB_STR)                                   \
    F(24, description, "Remittance text", .mark = SB_MARK_WORDS, .type = SB_STR,                   \
      .how = "Of cards the category; else a rule of the language's grammar")                       \
    F(25, reference, "End-to-end reference, unique", .type = SB_STR)                               \
    F(26, risk_score, "0 to 1, a published rule over the row",                                     \
      .mark = SB_MARK_LONG, .type = SB_INT, .scale = 4)                                            \
    F(27, ip, "Address it was ordered from, out of a private range; null: not online",             \
      .mark = SB_MARK_WORDS, .type = SB_STR, .nullable = true,                                     \
      .how = "Four in five times the payer's at home, else even over the ranges of "               \
             "docs/identifiers.md",                                                                \
      .source = "modelling choice")                                                                \
    F(28, device_id, "Device it was ordered with; null: none known, or a dataset without devices", \
      .type = SB_INT, .logical = SB_ID, .references = "devices.id", .nullable = true,              \
      .how = "Three in four times the payer's first device that can",                              \
      .source = "modelling choice")                                                                \
    F(29, alert_flags, "Outcome of published rules over the row (docs/model.md), never of the "    \
      "truth",                                                                                     \
      .mark = SB_MARK_SHORT, .type = SB_ARRAY, .items = SB_STR, SB_VALUES(SB_ALERT_FLAGS))

#define SB_TRANSACTION_DERIVED(F) F(0, uid, "Unique over all kinds", .type = SB_STR)

#define SB_ENTRY_FIELDS(F)                                                                         \
    F(1, account_id, "Whose statement", .type = SB_INT, .logical = SB_ID,                          \
      .references = "accounts.id")                                                                 \
    F(2, transaction_id, "The transaction that moved the money",                                   \
      .type = SB_INT, .logical = SB_ID, .references = "transactions.id")                           \
    F(3, executed_at, "When", .mark = SB_MARK_SHORT, .type = SB_INT, .logical = SB_TIMESTAMP_MS)   \
    F(4, line, "What of it", .mark = SB_MARK_SHORT, .type = SB_STR, SB_VALUES(SB_ENTRY_LINES))     \
    F(5, amount, "Signed: credits above zero", .type = SB_INT, .logical = SB_MONEY,                \
      .scale_by = "currency")                                                                      \
    F(6, currency, "The account's currency",                                                       \
      .mark = SB_MARK_SHORT, .type = SB_STR, .logical = SB_CURRENCY)                               \
    F(7, balance_after, "Balance once this line is booked", .type = SB_INT,                        \
      .logical = SB_MONEY, .scale_by = "currency")

#define SB_COMMUNICATION_FIELDS(F)                                                                 \
    F(1, id, "Identity: the cell in the high bits, a permuted index in the low ones",              \
      .type = SB_INT, .logical = SB_ID)                                                            \
    F(2, executed_at, "When; rows of a cell are in order of (executed_at, id)",                    \
      .mark = SB_MARK_SHORT, .type = SB_INT,                                                       \
      .logical = SB_TIMESTAMP_MS,                                                                  \
      .how = "The first of a thread by the calendar of shops, or within 36 hours of the "          \
             "payment it is about; answers after 5 to 95 minutes in three of four cases, "         \
             "else up to 20 hours",                                                                \
      .source = "modelling choice")                                                                \
    F(3, type, "Medium", .mark = SB_MARK_WORDS, .type = SB_STR, SB_VALUES(SB_COMMUNICATION_TYPES), \
      .how = "E-mail 35, SMS 20, phone 14, chat 14, video 5, social media 9, meetings 3 %",        \
      .source = "modelling choice")                                                                \
    F(4, sender, "Who wrote or called", .type = SB_RECORD, .record = &sb_party_record,             \
      .how = "Persons 75 %, companies 19 %, outside 6 % (the first of a thread is never "          \
             "outside)",                                                                           \
      .source = "modelling choice")                                                                \
    F(5, recipients, "Whom it reached",                                                            \
      .mark = SB_MARK_LONG, .type = SB_ARRAY, .items = SB_RECORD,                                  \
      .record = &sb_party_record,                                                                  \
      .how = "12 % of e-mail threads have a person in copy",                                       \
      .source = "modelling choice")                                                                \
    F(6, thread_id, "The id of the thread's first message; null: no thread", .type = SB_INT,       \
      .logical = SB_ID, .references = "communications.id", .nullable = true,                       \
      .how = "Threads of 1 to 4 messages",                                                         \
      .source = "modelling choice")                                                                \
    F(7, reply_to, "The message it answers", .type = SB_INT, .logical = SB_ID,                     \
      .references = "communications.id", .nullable = true)                                         \
    F(8, subject, "Of e-mails", .mark = SB_MARK_LONG, .type = SB_STR, .nullable = true)            \
    F(9, content, "The text, or a note of what was said", .type = SB_STR,                          \
      .how = "A rule of the language's grammar, by medium, tone and matter "                       \
             "(docs/model.md, section 12)")                                                        \
    F(10, language, "One both ends know",                                                          \
      .type = SB_STR, .logical = SB_LANGUAGE)                                                      \
    F(11, platform, "Service used", .mark = SB_MARK_WORDS, .type = SB_STR,                         \
      .how = "One of four a medium, even")                                                         \
    F(12, duration_seconds, "Of calls and meetings", .type = SB_INT, .unit = "seconds",            \
      .nullable = true,                                                                            \
      .how = "Even: calls from half a minute to 30 minutes, video and meetings 5 to 80",           \
      .source = "modelling choice")                                                                \
    F(13, transaction_id, "The payment it is about; of all messages of such a thread",             \
      .type = SB_INT, .logical = SB_ID, .references = "transactions.id", .nullable = true,         \
      .how = "39 % of threads other than posts look for a payment; about a third of all "          \
             "messages have one",                                                                  \
      .source = "modelling choice")                                                                \
    F(14, sentiment_score, "Tone of the text, -1 to 1", .type = SB_INT, .scale = 4,                \
      .how = "Mean of the tones of what was said, and noise of at most 0.12, even",                \
      .source = "modelling choice")                                                                \
    F(15, attachments, "Files sent along",                                                         \
      .type = SB_ARRAY, .items = SB_RECORD, .record = &sb_attachment_record,                       \
      .how = "A quarter of e-mails, SMS, chats and posts: 1, 2 or 3 for 17, 5 and 3 %",            \
      .source = "modelling choice")                                                                \
    F(16, suspicious_keywords, "Words of screening lists that the text holds",                     \
      .type = SB_ARRAY, .items = SB_STR,                                                           \
      .how = "Besides chance, 1.7 % of messages not about a payment get a sentence made "          \
             "to hold one",                                                                        \
      .source = "shared/keywords.tsv")                                                             \
    F(17, contains_financial_terms, "Whether it speaks of money matters",                          \
      .mark = SB_MARK_LONG, .type = SB_BOOL)                                                       \
    F(18, risk_score, "0 to 1, a published rule over the row (docs/model.md)",                     \
      .mark = SB_MARK_LONG, .type = SB_INT, .scale = 4)                                            \
    F(19, is_encrypted, "Sent end to end encrypted", .type = SB_BOOL,                              \
      .how = "By platform, and 20 % of the others",                                                \
      .source = "modelling choice")                                                                \
    F(20, is_flagged, "Caught by the screening rule", .type = SB_BOOL)                             \
    F(21, flag_reason, "Why", .type = SB_STR, SB_VALUES(SB_FLAG_REASONS), .nullable = true)        \
    F(22, device_id, "Device of the sender; null: none known, or a dataset without devices",       \
      .type = SB_INT, .logical = SB_ID, .references = "devices.id", .nullable = true)              \
    F(23, ip, "Address it was sent from, out of a private range",                                  \
      .mark = SB_MARK_WORDS, .type = SB_STR, .nullable = true,                                     \
      .how = "Four in five times the sender's at home, else even over the ranges of "              \
             "docs/identifiers.md",                                                                \
      .source = "modelling choice")                                                                \
    F(24, details, "What only some media have", .type = SB_RECORD, .record = &sb_details_record)

#define SB_COMMUNICATION_DERIVED(F) F(0, uid, "Unique over all kinds", .type = SB_STR)

#define SB_DEVICE_FIELDS(F)                                                                        \
    F(1, id, "Identity, dense from 0", .type = SB_INT, .logical = SB_ID)                           \
    F(2, owner_person_id, "Whose it is",                                                           \
      .type = SB_INT, .logical = SB_ID, .references = "persons.id",                                \
      .how = "Up to 93 % of a cell's persons have one, 46 % two, 17 % three, 6 % four; "           \
             "where there are more devices it begins again",                                       \
      .source = "modelling choice")                                                                \
    F(3, type, "What it is", .mark = SB_MARK_WORDS, .type = SB_STR, SB_VALUES(SB_DEVICE_TYPES),    \
      .how = "First devices: phones 82, tablets 4, laptops 10, desktops 4 %; further ones "        \
             "26, 25, 34, 15 %",                                                                   \
      .source = "modelling choice")                                                                \
    F(4, platform, "Operating system",                                                             \
      .mark = SB_MARK_WORDS, .type = SB_STR, SB_VALUES(SB_PLATFORMS),                              \
      .how = "Phones: Android 68 %, iOS 32 %; laptops: Windows 73, macOS 21, Linux 6 %; "          \
             "desktops 84, 11, 5 %; tablets: Android 40, iOS 53, Windows 7 %",                     \
      .source = "modelling choice")                                                                \
    F(5, model, "Invented model name", .mark = SB_MARK_WORDS, .type = SB_STR,                      \
      .how = "Few makers have most of the market: 34, 22, 14, 10 ... %; up to two years "          \
             "old when registered",                                                                \
      .source = "modelling choice")                                                                \
    F(6, fingerprint, "What the bank knows it by, unique", .type = SB_STR)                         \
    F(7, language, "Language it is set to",                                                        \
      .mark = SB_MARK_SHORT, .type = SB_STR, .logical = SB_LANGUAGE)                               \
    F(8, registered, "First used with the bank on", .type = SB_INT, .logical = SB_DATE_DAYS,       \
      .how = "Before the period, at most six years before its end; the later of two even "         \
             "draws",                                                                              \
      .source = "modelling choice")                                                                \
    F(9, ip, "Home address in the network, out of a private range",                                \
      .mark = SB_MARK_WORDS, .type = SB_STR)                                                       \
    F(10, is_trusted, "Accepted without a second factor", .type = SB_BOOL,                         \
      .how = "86 % of first devices, 64 % of others",                                              \
      .source = "modelling choice")

#define SB_LOGIN_FIELDS(F)                                                                         \
    F(1, id, "Identity: the cell in the high bits, a permuted index in the low ones",              \
      .type = SB_INT, .logical = SB_ID)                                                            \
    F(2, executed_at, "When; rows of a cell are in order of (executed_at, id)",                    \
      .mark = SB_MARK_SHORT, .type = SB_INT, .logical = SB_TIMESTAMP_MS,                           \
      .how = "By the calendar of shops; tries of one run are 6 to 90 seconds apart",               \
      .source = "modelling choice")                                                                \
    F(3, account_id, "Account opened",                                                             \
      .type = SB_INT, .logical = SB_ID, .references = "accounts.id",                               \
      .how = "Companies' 9 %, first current accounts 66 %, cards and second ones 13 %, "           \
             "savings and others 12 %; some more often than others",                               \
      .source = "modelling choice")                                                                \
    F(4, person_id, "Who logged in: the owner, or an officer of the owning company",               \
                                                                                                   \
      .mark = SB_MARK_LONG, .type = SB_INT, .logical = SB_ID, .references = "persons.id",          \
      .nullable = true)                                                                            \
    F(5, device_id, "With which device; null: not known, or a dataset without devices",            \
      .type = SB_INT, .logical = SB_ID, .references = "devices.id", .nullable = true,              \
      .how = "Unknown in 4 %, in a quarter of those that end locked out; else three in "           \
             "four times the first",                                                               \
      .source = "modelling choice")                                                                \
    F(6, ip, "From which address, out of a private range", .mark = SB_MARK_LONG, .type = SB_STR,   \
      .how = "At home in 85 %, else even over the ranges of docs/identifiers.md",                  \
      .source = "modelling choice")                                                                \
    F(7, country, "Country of the address",                                                        \
      .type = SB_STR, .logical = SB_COUNTRY,                                                       \
      .how = "Abroad in 2.5 %, by weight in trade; of unknown devices that are locked out "        \
             "half",                                                                               \
      .source = "modelling choice")                                                                \
    F(8, channel, "Through what", .type = SB_STR, SB_VALUES(SB_LOGIN_CHANNELS),                    \
      .how = "Phones and tablets: app 88 %; computers the web; unknown devices: app 55 %",         \
      .source = "modelling choice")                                                                \
    F(9, method, "How identity was shown",                                                         \
      .mark = SB_MARK_SHORT, .type = SB_STR, SB_VALUES(SB_LOGIN_METHODS),                          \
      .how = "A code for devices that are not trusted; else, in the app, biometric 66 %; "         \
             "else password, and 7 % a code",                                                      \
      .source = "modelling choice")                                                                \
    F(10, outcome, "How it went; three failures in a row lock",                                    \
      .mark = SB_MARK_LONG, .type = SB_STR, SB_VALUES(SB_LOGIN_OUTCOMES),                          \
      .how = "About 6 % failures, in runs of up to three",                                         \
      .source = "modelling choice")                                                                \
    F(11, session_seconds, "How long it lasted; null: it failed",                                  \
      .type = SB_INT, .unit = "seconds", .nullable = true,                                         \
      .how = "Log-normal, median 79 seconds in the app and 264 on the web, sigma 0.9; an "         \
             "hour at most",                                                                       \
      .source = "modelling choice")                                                                \
    F(12, risk_score, "0 to 1, a published rule over the row (docs/model.md)",                     \
      .mark = SB_MARK_SHORT, .type = SB_INT, .scale = 4)

#define SB_TRADE_FIELDS(F)                                                                         \
    F(1, id, "Identity: the cell in the high bits, a permuted index in the low ones",              \
      .type = SB_INT, .logical = SB_ID)                                                            \
    F(2, executed_at, "When, in the hours of the exchange; rows of a cell are in order of "        \
      "(executed_at, id)",                                                                         \
      .mark = SB_MARK_SHORT, .type = SB_INT, .logical = SB_TIMESTAMP_MS,                           \
      .how = "On working days, more after the opening and before the close",                       \
      .source = "modelling choice")                                                                \
    F(3, settlement_date, "Two days of trading later", .type = SB_INT, .logical = SB_DATE_DAYS)    \
    F(4, account_id, "Account it settles on",                                                      \
      .type = SB_INT, .logical = SB_ID, .references = "accounts.id",                               \
      .how = "One in ten a company's; people's investment accounts, else current ones; "           \
             "some trade more than others",                                                        \
      .source = "modelling choice")                                                                \
    F(5, person_id, "Trader, where a person owns the account",                                     \
                                                                                                   \
      .mark = SB_MARK_LONG, .type = SB_INT, .logical = SB_ID, .references = "persons.id",          \
      .nullable = true)                                                                            \
    F(6, company_id, "Trader, where a company does",                                               \
      .type = SB_INT, .logical = SB_ID, .references = "companies.id", .nullable = true)            \
    F(7, asset_type, "Class of the instrument",                                                    \
      .mark = SB_MARK_WORDS, .type = SB_STR, SB_VALUES(SB_ASSET_TYPES),                            \
      .how = "Stocks 60, options 20, futures 10, bonds 5, ETFs 5 %",                               \
      .source = "modelling choice")                                                                \
    F(8, symbol, "Symbol of the instrument", .type = SB_STR,                                       \
      .how = "400 invented stocks, 64 funds and 16 futures an exchange, popular ones more "        \
             "often",                                                                              \
      .source = "modelling choice")                                                                \
    F(9, issuer_id, "Issuer of a stock, where a listed company of the dataset",                    \
      .type = SB_INT, .logical = SB_ID, .references = "companies.id", .nullable = true,            \
      .how = "A third of the stocks, where the cell has a company listed there",                   \
      .source = "modelling choice")                                                                \
    F(10, exchange, "Exchange", .type = SB_STR,                                                    \
      .how = "80 % of the account's country, where it has one; else by its currency, or a "        \
             "large one",                                                                          \
      .source = "shared/exchanges.tsv")                                                            \
    F(11, mic, "Its market identifier, ISO 10383", .mark = SB_MARK_WORDS, .type = SB_STR)          \
    F(12, side, "Bought or sold", .mark = SB_MARK_WORDS, .type = SB_STR, SB_VALUES(SB_SIDES),      \
      .how = "Bought 54 %",                                                                        \
      .source = "modelling choice")                                                                \
    F(13, order_type, "Kind of order",                                                             \
      .mark = SB_MARK_SHORT, .type = SB_STR, SB_VALUES(SB_ORDER_TYPES),                            \
      .how = "Market 40, limit 45, stop 10, stop-limit 5 %",                                       \
      .source = "modelling choice")                                                                \
    F(14, quantity, "Units; of bonds: face value in main units", .type = SB_INT,                   \
      .how = "What the order is worth (log-normal; median 2,500 dollars' worth by price "          \
             "level, of companies 50,000) over the price, in lots",                                \
      .source = "modelling choice")                                                                \
    F(15, price, "Of a unit; of bonds: of 100 face value",                                         \
      .type = SB_INT, .logical = SB_MONEY, .scale_by = "currency",                                 \
      .how = "A log-normal start and a random walk by midpoint displacement; options by "          \
             "strike, time and a volatility of 30 %; within 0.4 % of the day's",                   \
      .source = "modelling choice")                                                                \
    F(16, currency, "Of the exchange",                                                             \
      .mark = SB_MARK_SHORT, .type = SB_STR, .logical = SB_CURRENCY)                               \
    F(17, amount, "quantity times price (of bonds / 100)",                                         \
      .type = SB_INT, .logical = SB_MONEY, .scale_by = "currency")                                 \
    F(18, commission, "Charged on top",                                                            \
      .type = SB_INT, .logical = SB_MONEY, .scale_by = "currency",                                 \
      .how = "A dollar's worth and 6 to 20 basis points, of companies 2 to 5, of futures "         \
             "none; at most 100 dollars' worth more",                                              \
      .source = "modelling choice")                                                                \
    F(19, venue, "Where it was matched",                                                           \
      .mark = SB_MARK_WORDS, .type = SB_STR, SB_VALUES(SB_VENUES),                                 \
      .how = "Of shares dark pools 6 % (30 % of large blocks), over the counter 3 %; "             \
             "bonds over the counter 70 %; derivatives on the exchange",                           \
      .source = "modelling choice")                                                                \
    F(20, indicators, "Outcome of published rules over the row (docs/model.md)",                   \
      .type = SB_ARRAY, .items = SB_STR, SB_VALUES(SB_TRADE_INDICATORS))                           \
    F(21, risk_score, "0 to 1, a published rule over the row (docs/model.md)",                     \
      .type = SB_INT, .scale = 4)                                                                  \
    F(22, is_flagged, "For review: risk_score above 0.6 or more than two indicators",              \
      .type = SB_BOOL)

#define SB_TRIP_FIELDS(F)                                                                          \
    F(1, id, "Identity: the cell in the high bits, a permuted index in the low ones",              \
      .type = SB_INT, .logical = SB_ID)                                                            \
    F(2, executed_at, "Departure; rows of a cell are in order of (executed_at, id)",               \
      .mark = SB_MARK_SHORT, .type = SB_INT, .logical = SB_TIMESTAMP_MS,                           \
      .how = "Everybody in turn; work begins in the week, holidays on any day",                    \
      .source = "modelling choice")                                                                \
    F(3, returned_at, "Return; may lie after the period",                                          \
      .mark = SB_MARK_SHORT, .type = SB_INT, .logical = SB_TIMESTAMP_MS,                           \
      .how = "Nights by purpose, from 1 to 21; the lower of two even draws",                       \
      .source = "modelling choice")                                                                \
    F(4, person_id, "Traveller",                                                                   \
      .mark = SB_MARK_SHORT, .type = SB_INT, .logical = SB_ID, .references = "persons.id",         \
      .how = "Of adults with the papers; where there is time 30 % stay at home",                   \
      .source = "modelling choice")                                                                \
    F(5, departure_country, "From: where the traveller lives",                                     \
      .type = SB_STR, .logical = SB_COUNTRY)                                                       \
    F(6, departure_city, "From: city", .mark = SB_MARK_WORDS, .type = SB_STR)                      \
    F(7, arrival_country, "To, another country",                                                   \
      .mark = SB_MARK_WORDS, .type = SB_STR, .logical = SB_COUNTRY,                                \
      .how = "By weight in trade, kept by distance, warmth on holidays and risk; families "        \
             "are visited where they come from",                                                   \
      .source = "modelling choice")                                                                \
    F(8, arrival_city, "To: city; null where the tables have none",                                \
      .mark = SB_MARK_WORDS, .type = SB_STR, .nullable = true,                                     \
      .how = "By inhabitants",                                                                     \
      .source = "cities.tsv of the locale")                                                        \
    F(9, purpose, "What for", .mark = SB_MARK_WORDS, .type = SB_STR, SB_VALUES(SB_TRIP_PURPOSES),  \
      .how = "Business 40, tourism 35, family 15, conference 5, medical 3, education 2 %, "        \
             "as age allows",                                                                      \
      .source = "modelling choice")                                                                \
    F(10, transport, "How, as geography allows", .type = SB_STR, SB_VALUES(SB_TRANSPORTS),         \
      .how = "By distance and by whether there is land between",                                   \
      .source = "modelling choice")                                                                \
    F(11, carrier, "Invented airline, of flights",                                                 \
      .mark = SB_MARK_WORDS, .type = SB_STR, .nullable = true,                                     \
      .how = "Of either end, each as likely",                                                      \
      .source = "shared/airlines.tsv: invented")                                                   \
    F(12, flight_number, "Of flights: the airline's code and a number",                            \
      .type = SB_STR, .nullable = true)                                                            \
    F(13, passport_number, "The traveller's passport; null: none needed",                          \
      .mark = SB_MARK_WORDS, .type = SB_STR, .nullable = true)                                     \
    F(14, visa_required, "By a modelling rule, not by law", .type = SB_BOOL,                       \
      .how = "By the regions of both countries: a modelling rule, not the law",                    \
      .source = "modelling choice")                                                                \
    F(15, visa_obtained, "Null where none is required",                                            \
      .mark = SB_MARK_SHORT, .type = SB_BOOL, .nullable = true,                                    \
      .how = "97 %",                                                                               \
      .source = "modelling choice")                                                                \
    F(16, booked, "Booked on, not after departure", .type = SB_INT, .logical = SB_DATE_DAYS,       \
      .how = "Log-normal days ahead by purpose (medians 10 to 60), at most 120; one in 30 "        \
             "in the last two days",                                                               \
      .source = "modelling choice")                                                                \
    F(17, cost, "Of the trip", .type = SB_INT, .logical = SB_MONEY, .scale_by = "currency",        \
      .how = "Log-normal around the way by distance and a room a night by price level and "        \
             "purpose, sigma 0.3",                                                                 \
      .source = "modelling choice")                                                                \
    F(18, currency, "Of the home country",                                                         \
      .mark = SB_MARK_WORDS, .type = SB_STR, .logical = SB_CURRENCY)                               \
    F(19, indicators, "Outcome of published rules over the row (docs/model.md)",                   \
      .type = SB_ARRAY, .items = SB_STR, SB_VALUES(SB_TRIP_INDICATORS))                            \
    F(20, risk_score, "0 to 1, a published rule over the row (docs/model.md)",                     \
      .type = SB_INT, .scale = 4)                                                                  \
    F(21, is_flagged, "For review: risk_score above 0.6 or more than two indicators",              \
      .type = SB_BOOL)

#define SB_DOCUMENT_FIELDS(F)                                                                      \
    F(1, id, "Identity: the cell in the high bits, a permuted index in the low ones",              \
      .type = SB_INT, .logical = SB_ID)                                                            \
    F(2, executed_at, "Issued; rows of a cell are in order of (executed_at, id)",                  \
      .mark = SB_MARK_SHORT, .type = SB_INT, .logical = SB_TIMESTAMP_MS,                           \
      .how = "Office hours of working days",                                                       \
      .source = "modelling choice")                                                                \
    F(3, type, "Kind of document",                                                                 \
      .mark = SB_MARK_SHORT, .type = SB_STR, SB_VALUES(SB_DOCUMENT_TYPES),                         \
      .how = "Invoices 40, orders 20, bills of lading 15, contracts 10, customs 8, "               \
             "certificates of origin 5, packing lists 2 %",                                        \
      .source = "modelling choice")                                                                \
    F(4, number, "Its number, unique", .type = SB_STR)                                             \
    F(5, issuer_id, "Company that wrote it",                                                       \
      .type = SB_INT, .logical = SB_ID, .references = "companies.id",                              \
      .how = "The larger of two companies of the cell; those that sell goods first",               \
      .source = "modelling choice")                                                                \
    F(6, recipient_id, "Company it was written for, another one",                                  \
      .mark = SB_MARK_SHORT, .type = SB_INT, .logical = SB_ID, .references = "companies.id",       \
      .how = "Another company of the cell, even")                                                  \
    F(7, due, "Payable until; null where nothing is payable",                                      \
      .mark = SB_MARK_SHORT, .type = SB_INT, .logical = SB_DATE_DAYS, .nullable = true)            \
    F(8, currency, "Of all its money: the issuer's",                                               \
      .type = SB_STR, .logical = SB_CURRENCY)                                                      \
    F(9, line_items, "What it lists",                                                              \
      .mark = SB_MARK_LONG, .type = SB_ARRAY, .items = SB_RECORD, .record = &sb_line_item_record,  \
      .how = "1 to 10, few more often: the lower of two even draws",                               \
      .source = "modelling choice")                                                                \
    F(10, total_amount, "Sum of the amounts of its lines",                                         \
      .mark = SB_MARK_SHORT, .type = SB_INT, .logical = SB_MONEY, .scale_by = "currency")          \
    F(11, origin_country, "Where the goods come from",                                             \
      .mark = SB_MARK_LONG, .type = SB_STR, .logical = SB_COUNTRY)                                 \
    F(12, destination_country, "Where they go", .type = SB_STR, .logical = SB_COUNTRY,             \
      .how = "One of the issuer's; papers for the border always abroad, of the others one "        \
             "in four where it can",                                                               \
      .source = "modelling choice")                                                                \
    F(13, payment_terms, "Terms",                                                                  \
      .mark = SB_MARK_WORDS, .type = SB_STR, SB_VALUES(SB_PAYMENT_TERMS),                          \
      .how = "net_30 45, net_60 25, net_90 10, cash_on_delivery 10, advance_payment 10 %",         \
      .source = "modelling choice")                                                                \
    F(14, incoterm, "Incoterms 2020 rule, of goods that travel",                                   \
      .mark = SB_MARK_WORDS, .type = SB_STR, SB_VALUES(SB_INCOTERMS), .nullable = true,            \
      .how = "By sea FOB and CIF three in eight each; else DAP and EXW three in eight each",       \
      .source = "modelling choice")                                                                \
    F(15, transport, "How the goods travel",                                                       \
      .mark = SB_MARK_WORDS, .type = SB_STR, SB_VALUES(SB_TRANSPORTS), .nullable = true,           \
      .how = "By road within a country in 92 %; over land by road, rail and sea; overseas "        \
             "by ship, light goods half by air",                                                   \
      .source = "modelling choice")                                                                \
    F(16, authenticity_score, "0 to 1, a published rule over the row (docs/model.md)",             \
      .type = SB_INT, .scale = 4)                                                                  \
    F(17, indicators, "Outcome of published rules over the row (docs/model.md)",                   \
      .type = SB_ARRAY, .items = SB_STR, SB_VALUES(SB_DOCUMENT_INDICATORS))                        \
    F(18, risk_score, "0 to 1, a published rule over the row (docs/model.md)",                     \
      .type = SB_INT, .scale = 4)                                                                  \
    F(19, is_flagged, "For review: risk_score above 0.6 or more than two indicators",              \
      .mark = SB_MARK_SHORT, .type = SB_BOOL)

#define SB_RELATIONSHIP_FIELDS(F)                                                                  \
    F(1, id, "Identity, dense from 0", .type = SB_INT, .logical = SB_ID)                           \
    F(2, type, "What from is to to: employer, parent, shareholder",                                \
      .mark = SB_MARK_SHORT, .type = SB_STR, SB_VALUES(SB_RELATIONS),                              \
      .how = "Of 16 rows 3 of households, 3 of employment, 2 of colleagues, 3 of "                 \
             "ownership and office, 1 of firms that deal with each other, 4 of "                   \
             "acquaintance; more acquaintances where the others run out",                          \
      .source = "modelling choice")                                                                \
    F(3, from_person_id, "The one, where a person",                                                \
      .type = SB_INT, .logical = SB_ID, .references = "persons.id", .nullable = true)              \
    F(4, from_company_id, "The one, where a company",                                              \
      .type = SB_INT, .logical = SB_ID, .references = "companies.id", .nullable = true)            \
    F(5, to_person_id, "The other, where a person",                                                \
      .type = SB_INT, .logical = SB_ID, .references = "persons.id", .nullable = true)              \
    F(6, to_company_id, "The other, where a company",                                              \
      .type = SB_INT, .logical = SB_ID, .references = "companies.id", .nullable = true)            \
    F(7, since, "Began on; null: not known",                                                       \
      .type = SB_INT, .logical = SB_DATE_DAYS, .nullable = true,                                   \
      .how = "What the other kinds say (birth, job, office); else even over the time that "        \
             "both could")                                                                         \
    F(8, share_bp, "Of shareholders and beneficial owners",                                        \
      .type = SB_INT, .unit = "basis points", .nullable = true)                                    \
    F(9, strength, "How close, 0 to 1", .type = SB_INT, .scale = 4,                                \
      .how = "Even over what is usual between such two; of owners the share",                      \
      .source = "modelling choice")                                                                \
    F(10, context, "Where it comes from",                                                          \
      .mark = SB_MARK_LONG, .type = SB_STR,                                                        \
      .values = "household employment ownership office neighbourhood ")

#define SB_DEVICE_DERIVED(F) F(0, uid, "Unique over all kinds", .type = SB_STR)
#define SB_LOGIN_DERIVED(F) F(0, uid, "Unique over all kinds", .type = SB_STR)
#define SB_TRADE_DERIVED(F) F(0, uid, "Unique over all kinds", .type = SB_STR)
#define SB_TRIP_DERIVED(F) F(0, uid, "Unique over all kinds", .type = SB_STR)
#define SB_DOCUMENT_DERIVED(F) F(0, uid, "Unique over all kinds", .type = SB_STR)
#define SB_RELATIONSHIP_DERIVED(F) F(0, uid, "Unique over all kinds", .type = SB_STR)

/* K(ENUM, prefix of its lists, plural name, uid letter) */
#define SB_KIND_MAP(K)                                                                             \
    K(PERSONS, PERSON, "persons", 'P')                                                             \
    K(COMPANIES, COMPANY, "companies", 'C')                                                        \
    K(ACCOUNTS, ACCOUNT, "accounts", 'A')                                                          \
    K(TRANSACTIONS, TRANSACTION, "transactions", 'T')                                              \
    K(ENTRIES, ENTRY, "entries", 'E')                                                              \
    K(COMMUNICATIONS, COMMUNICATION, "communications", 'M')                                        \
    K(DEVICES, DEVICE, "devices", 'V')                                                             \
    K(LOGINS, LOGIN, "logins", 'L')                                                                \
    K(TRADES, TRADE, "trades", 'X')                                                                \
    K(TRIPS, TRIP, "trips", 'R')                                                                   \
    K(DOCUMENTS, DOCUMENT, "documents", 'D')                                                       \
    K(RELATIONSHIPS, RELATIONSHIP, "relationships", 'K')

/* Field numbers: SB_PERSON_NUMBER_first_name, ... They key the draws. */
#define SB_PERSON_NUMBER(n, name, ...) SB_PERSON_##name = (n),
#define SB_COMPANY_NUMBER(n, name, ...) SB_COMPANY_##name = (n),
#define SB_ACCOUNT_NUMBER(n, name, ...) SB_ACCOUNT_FIELD_##name = (n),
#define SB_TRANSACTION_NUMBER(n, name, ...) SB_TRANSACTION_##name = (n),
#define SB_COMMUNICATION_NUMBER(n, name, ...) SB_COMMUNICATION_##name = (n),
#define SB_DEVICE_NUMBER(n, name, ...) SB_DEVICE_FIELD_##name = (n),
#define SB_LOGIN_NUMBER(n, name, ...) SB_LOGIN_FIELD_##name = (n),
#define SB_TRADE_NUMBER(n, name, ...) SB_TRADE_FIELD_##name = (n),
#define SB_TRIP_NUMBER(n, name, ...) SB_TRIP_FIELD_##name = (n),
#define SB_DOCUMENT_NUMBER(n, name, ...) SB_DOCUMENT_FIELD_##name = (n),
#define SB_RELATIONSHIP_NUMBER(n, name, ...) SB_RELATIONSHIP_FIELD_##name = (n),
enum { SB_PERSON_FIELDS(SB_PERSON_NUMBER) };
enum { SB_COMPANY_FIELDS(SB_COMPANY_NUMBER) };
enum { SB_ACCOUNT_FIELDS(SB_ACCOUNT_NUMBER) };
enum { SB_TRANSACTION_FIELDS(SB_TRANSACTION_NUMBER) };
enum { SB_COMMUNICATION_FIELDS(SB_COMMUNICATION_NUMBER) };
enum { SB_DEVICE_FIELDS(SB_DEVICE_NUMBER) };
enum { SB_LOGIN_FIELDS(SB_LOGIN_NUMBER) };
enum { SB_TRADE_FIELDS(SB_TRADE_NUMBER) };
enum { SB_TRIP_FIELDS(SB_TRIP_NUMBER) };
enum { SB_DOCUMENT_FIELDS(SB_DOCUMENT_NUMBER) };
enum { SB_RELATIONSHIP_FIELDS(SB_RELATIONSHIP_NUMBER) };

/* clang-format on */

/* How many fields a list has: the length of the row's array. */
#define SB_ONE(...) +1
#define SB_FIELD_COUNT(LIST) (0 LIST(SB_ONE))

#endif
