/* The fixed texts of enumerations as tokens: numbers below SB_TOKEN_TABLES, 32 apart a list. */
#ifndef ENGINE_WORDS_H
#define ENGINE_WORDS_H

#include "format/msgpack_writer.h"
#include "format/schema.h"

#define SB_WORD(text, token)              \
    {                                     \
        (text), sizeof(text) - 1, (token) \
    }

#define SB_W_GENDER(name, text) [SB_GENDER_##name] = SB_WORD(text, 32 + SB_GENDER_##name),
#define SB_W_MARITAL(name, text) [SB_MARITAL_##name] = SB_WORD(text, 64 + SB_MARITAL_##name),
#define SB_W_EDUCATION(name, text) [SB_EDUCATION_##name] = SB_WORD(text, 96 + SB_EDUCATION_##name),
#define SB_W_RISK(name, text) [SB_RISK_##name] = SB_WORD(text, 128 + SB_RISK_##name),
#define SB_W_ADDRESS(name, text) [SB_ADDRESS_##name] = SB_WORD(text, 160 + SB_ADDRESS_##name),
#define SB_W_OFFICER(name, text) [SB_OFFICER_##name] = SB_WORD(text, 192 + SB_OFFICER_##name),
#define SB_W_ACCOUNT(name, text) [SB_ACCOUNT_##name] = SB_WORD(text, 224 + SB_ACCOUNT_##name),
#define SB_W_ACCOUNT_STATUS(name, text) \
    [SB_ACCOUNT_STATUS_##name] = SB_WORD(text, 256 + SB_ACCOUNT_STATUS_##name),
#define SB_W_TX(name, text) [SB_TX_##name] = SB_WORD(text, 288 + SB_TX_##name),
#define SB_W_TX_STATUS(name, text) [SB_TX_STATUS_##name] = SB_WORD(text, 320 + SB_TX_STATUS_##name),
#define SB_W_CHANNEL(name, text) [SB_CHANNEL_##name] = SB_WORD(text, 352 + SB_CHANNEL_##name),
#define SB_W_LINE(name, text) [SB_LINE_##name] = SB_WORD(text, 384 + SB_LINE_##name),
#define SB_W_COMM(name, text) [SB_COMM_##name] = SB_WORD(text, 416 + SB_COMM_##name),

static const sb_text sb_gender_words[] __attribute__((unused)) = {SB_GENDERS(SB_W_GENDER)};
static const sb_text sb_marital_words[]
    __attribute__((unused)) = {SB_MARITAL_STATUSES(SB_W_MARITAL)};
static const sb_text sb_education_words[]
    __attribute__((unused)) = {SB_EDUCATION_LEVELS(SB_W_EDUCATION)};
static const sb_text sb_risk_words[] __attribute__((unused)) = {SB_RISK_LEVELS(SB_W_RISK)};
static const sb_text sb_address_words[] __attribute__((unused)) = {SB_ADDRESS_TYPES(SB_W_ADDRESS)};
static const sb_text sb_officer_words[] __attribute__((unused)) = {SB_OFFICER_ROLES(SB_W_OFFICER)};
static const sb_text sb_account_words[] __attribute__((unused)) = {SB_ACCOUNT_TYPES(SB_W_ACCOUNT)};
static const sb_text sb_account_status_words[]
    __attribute__((unused)) = {SB_ACCOUNT_STATUSES(SB_W_ACCOUNT_STATUS)};
static const sb_text sb_tx_words[] __attribute__((unused)) = {SB_TRANSACTION_TYPES(SB_W_TX)};
static const sb_text sb_tx_status_words[]
    __attribute__((unused)) = {SB_TRANSACTION_STATUSES(SB_W_TX_STATUS)};
static const sb_text sb_channel_words[] __attribute__((unused)) = {SB_CHANNELS(SB_W_CHANNEL)};
static const sb_text sb_line_words[] __attribute__((unused)) = {SB_ENTRY_LINES(SB_W_LINE)};
static const sb_text sb_comm_words[] __attribute__((unused)) = {SB_COMMUNICATION_TYPES(SB_W_COMM)};

#endif
