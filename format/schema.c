#include "format/schema.h"

#include <string.h>

#define FIELD(field_number, field_name, field_doc, ...) \
    {.number = (field_number), .name = #field_name, .doc = (field_doc), __VA_ARGS__},

static const sb_field address_fields[] = {SB_ADDRESS_FIELDS(FIELD)};
static const sb_field employment_fields[] = {SB_EMPLOYMENT_FIELDS(FIELD)};
static const sb_field officer_fields[] = {SB_OFFICER_FIELDS(FIELD)};
static const sb_field owner_fields[] = {SB_OWNER_FIELDS(FIELD)};
static const sb_field party_fields[] = {SB_PARTY_FIELDS(FIELD)};
static const sb_field id_document_fields[] = {SB_ID_DOCUMENT_FIELDS(FIELD)};
static const sb_field pep_fields[] = {SB_PEP_FIELDS(FIELD)};
static const sb_field profile_fields[] = {SB_PROFILE_FIELDS(FIELD)};
static const sb_field card_fields[] = {SB_CARD_FIELDS(FIELD)};
static const sb_field attachment_fields[] = {SB_ATTACHMENT_FIELDS(FIELD)};
static const sb_field details_fields[] = {SB_DETAILS_FIELDS(FIELD)};
static const sb_field line_item_fields[] = {SB_LINE_ITEM_FIELDS(FIELD)};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
const sb_record sb_address_record = {"address", address_fields, COUNT(address_fields), 0, 0};
const sb_record sb_employment_record = {"employment", employment_fields, COUNT(employment_fields),
                                        0, 0};
const sb_record sb_officer_record = {"officer", officer_fields, COUNT(officer_fields), 0, 0};
const sb_record sb_owner_record = {"owner", owner_fields, COUNT(owner_fields), 0, 0};
const sb_record sb_party_record = {"party", party_fields, COUNT(party_fields), 0, 0};
const sb_record sb_id_document_record = {"id_document", id_document_fields,
                                         COUNT(id_document_fields), 0, 0};
const sb_record sb_pep_record = {"pep", pep_fields, COUNT(pep_fields), 0, 0};
const sb_record sb_profile_record = {"profile", profile_fields, COUNT(profile_fields), 0, 0};
const sb_record sb_card_record = {"card", card_fields, COUNT(card_fields), 0, 0};
const sb_record sb_attachment_record = {"attachment", attachment_fields, COUNT(attachment_fields),
                                        0, 0};
const sb_record sb_details_record = {"details", details_fields, COUNT(details_fields), 0, 0};
const sb_record sb_line_item_record = {"line_item", line_item_fields, COUNT(line_item_fields), 0,
                                       0};

static const sb_field PERSON_fields[] = {SB_PERSON_FIELDS(FIELD)};
static const sb_field COMPANY_fields[] = {SB_COMPANY_FIELDS(FIELD)};
static const sb_field ACCOUNT_fields[] = {SB_ACCOUNT_FIELDS(FIELD)};
static const sb_field TRANSACTION_fields[] = {SB_TRANSACTION_FIELDS(FIELD)};
static const sb_field ENTRY_fields[] = {SB_ENTRY_FIELDS(FIELD)};
static const sb_field COMMUNICATION_fields[] = {SB_COMMUNICATION_FIELDS(FIELD)};
static const sb_field DEVICE_fields[] = {SB_DEVICE_FIELDS(FIELD)};
static const sb_field LOGIN_fields[] = {SB_LOGIN_FIELDS(FIELD)};
static const sb_field TRADE_fields[] = {SB_TRADE_FIELDS(FIELD)};
static const sb_field TRIP_fields[] = {SB_TRIP_FIELDS(FIELD)};
static const sb_field DOCUMENT_fields[] = {SB_DOCUMENT_FIELDS(FIELD)};
static const sb_field RELATIONSHIP_fields[] = {SB_RELATIONSHIP_FIELDS(FIELD)};

static const sb_field PERSON_derived[] = {SB_PERSON_DERIVED(FIELD)};
static const sb_field COMPANY_derived[] = {SB_COMPANY_DERIVED(FIELD)};
static const sb_field ACCOUNT_derived[] = {SB_ACCOUNT_DERIVED(FIELD)};
static const sb_field TRANSACTION_derived[] = {SB_TRANSACTION_DERIVED(FIELD)};
static const sb_field COMMUNICATION_derived[] = {SB_COMMUNICATION_DERIVED(FIELD)};
static const sb_field DEVICE_derived[] = {SB_DEVICE_DERIVED(FIELD)};
static const sb_field LOGIN_derived[] = {SB_LOGIN_DERIVED(FIELD)};
static const sb_field TRADE_derived[] = {SB_TRADE_DERIVED(FIELD)};
static const sb_field TRIP_derived[] = {SB_TRIP_DERIVED(FIELD)};
static const sb_field DOCUMENT_derived[] = {SB_DOCUMENT_DERIVED(FIELD)};
static const sb_field RELATIONSHIP_derived[] = {SB_RELATIONSHIP_DERIVED(FIELD)};

#define KIND(prefix, text)                                                                         \
    {                                                                                              \
        (text), prefix##_fields, COUNT(prefix##_fields), prefix##_derived, COUNT(prefix##_derived) \
    }
static const sb_record kinds[SB_KIND_COUNT] = {
    [SB_PERSONS] = KIND(PERSON, "persons"),
    [SB_COMPANIES] = KIND(COMPANY, "companies"),
    [SB_ACCOUNTS] = KIND(ACCOUNT, "accounts"),
    [SB_TRANSACTIONS] = KIND(TRANSACTION, "transactions"),
    [SB_ENTRIES] = {"entries", ENTRY_fields, COUNT(ENTRY_fields), NULL, 0},
    [SB_COMMUNICATIONS] = KIND(COMMUNICATION, "communications"),
    [SB_DEVICES] = KIND(DEVICE, "devices"),
    [SB_LOGINS] = KIND(LOGIN, "logins"),
    [SB_TRADES] = KIND(TRADE, "trades"),
    [SB_TRIPS] = KIND(TRIP, "trips"),
    [SB_DOCUMENTS] = KIND(DOCUMENT, "documents"),
    [SB_RELATIONSHIPS] = KIND(RELATIONSHIP, "relationships"),
};

const sb_record *sb_schema(sb_kind kind)
{
    return &kinds[kind];
}

const char *sb_kind_name(sb_kind kind)
{
    return kinds[kind].name;
}

char sb_kind_letter(sb_kind kind)
{
    static const char letters[SB_KIND_COUNT] = {
#define LETTER(name, prefix, text, letter) [SB_##name] = (letter),
        SB_KIND_MAP(LETTER)
#undef LETTER
    };
    return letters[kind];
}

sb_kind sb_kind_find(const char *name)
{
    for (int kind = 0; kind < SB_KIND_COUNT; kind++)
        if (kinds[kind].name[0] == name[0] && strcmp(kinds[kind].name, name) == 0)
            return (sb_kind)kind;
    return SB_KIND_COUNT;
}

const char *sb_type_name(sb_type type)
{
    static const char *const names[] = {"int", "str", "bool", "bin", "array", "record"};
    return names[type];
}

const char *sb_logical_name(sb_logical logical)
{
    static const char *const names[SB_LOGICAL_COUNT] = {
        [SB_PLAIN] = NULL,
        [SB_ID] = "id",
        [SB_TIMESTAMP_MS] = "timestamp-ms",
        [SB_DATE_DAYS] = "date-days",
        [SB_MONEY] = "money",
        [SB_COUNTRY] = "country",
        [SB_CURRENCY] = "currency",
        [SB_LANGUAGE] = "language",
        [SB_IBAN] = "iban",
        [SB_BIC] = "bic",
        [SB_LEI] = "lei",
        [SB_EMAIL] = "email",
        [SB_PHONE] = "phone",
    };
    return names[logical];
}

int sb_record_find(const sb_record *record, const char *name)
{
    for (size_t i = 0; i < record->field_count; i++)
        /* Asked for rows, too: most names differ in their first letter, without a call. */
        if (record->fields[i].name[0] == name[0] && strcmp(record->fields[i].name, name) == 0)
            return (int)i;
    return -1;
}

int sb_currency_decimals(const char *code, size_t code_bytes)
{
    static const char none[][4] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW",
                                   "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"};
    static const char three[][4] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
    if (code_bytes != 3)
        return 2;
    for (size_t i = 0; i < COUNT(none); i++)
        if (memcmp(none[i], code, 3) == 0)
            return 0;
    for (size_t i = 0; i < COUNT(three); i++)
        if (memcmp(three[i], code, 3) == 0)
            return 3;
    return 2;
}
