/* The fixed texts of enumerations as tokens: numbers below SB_TOKEN_TABLES, 32 apart a list. */
#ifndef ENGINE_WORDS_H
#define ENGINE_WORDS_H

#include "format/msgpack_writer.h"
#include "format/schema.h"

/* With the 32 bytes (SB_TEXT_ROOM) of noughts behind it that texts of tables have room for, too. */
#define SB_NOUGHTS "\0\0\0\0\0\0\0\0"
#define SB_WORD(text, token)                                                        \
    {                                                                               \
        text SB_NOUGHTS SB_NOUGHTS SB_NOUGHTS SB_NOUGHTS, sizeof(text) - 1, (token) \
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

/* Lists of later fields; single words elsewhere have tokens from 480 to 575. */
#define SB_W_ID_DOCUMENT(name, text) \
    [SB_ID_DOCUMENT_##name] = SB_WORD(text, 576 + SB_ID_DOCUMENT_##name),
#define SB_W_MONITORING(name, text) \
    [SB_MONITORING_##name] = SB_WORD(text, 608 + SB_MONITORING_##name),
#define SB_W_ALERT(name, text) [SB_ALERT_##name] = SB_WORD(text, 640 + SB_ALERT_##name),
#define SB_W_FLAG_REASON(name, text) \
    [SB_FLAG_REASON_##name] = SB_WORD(text, 672 + SB_FLAG_REASON_##name),
#define SB_W_DELIVERY(name, text) [SB_DELIVERY_##name] = SB_WORD(text, 704 + SB_DELIVERY_##name),
#define SB_W_VISIBILITY(name, text) \
    [SB_VISIBILITY_##name] = SB_WORD(text, 736 + SB_VISIBILITY_##name),
#define SB_W_DEVICE(name, text) [SB_DEVICE_##name] = SB_WORD(text, 768 + SB_DEVICE_##name),
#define SB_W_PLATFORM(name, text) [SB_PLATFORM_##name] = SB_WORD(text, 800 + SB_PLATFORM_##name),
#define SB_W_LOGIN_CHANNEL(name, text) \
    [SB_LOGIN_CHANNEL_##name] = SB_WORD(text, 832 + SB_LOGIN_CHANNEL_##name),
#define SB_W_LOGIN_METHOD(name, text) \
    [SB_LOGIN_METHOD_##name] = SB_WORD(text, 864 + SB_LOGIN_METHOD_##name),
#define SB_W_LOGIN(name, text) [SB_LOGIN_##name] = SB_WORD(text, 896 + SB_LOGIN_##name),
#define SB_W_ASSET(name, text) [SB_ASSET_##name] = SB_WORD(text, 928 + SB_ASSET_##name),
#define SB_W_SIDE(name, text) [SB_SIDE_##name] = SB_WORD(text, 960 + SB_SIDE_##name),
#define SB_W_ORDER(name, text) [SB_ORDER_##name] = SB_WORD(text, 992 + SB_ORDER_##name),
#define SB_W_VENUE(name, text) [SB_VENUE_##name] = SB_WORD(text, 1024 + SB_VENUE_##name),
#define SB_W_TRADE_SIGN(name, text) \
    [SB_TRADE_SIGN_##name] = SB_WORD(text, 1056 + SB_TRADE_SIGN_##name),
#define SB_W_TRIP_PURPOSE(name, text) \
    [SB_TRIP_PURPOSE_##name] = SB_WORD(text, 1088 + SB_TRIP_PURPOSE_##name),
#define SB_W_TRANSPORT(name, text) \
    [SB_TRANSPORT_##name] = SB_WORD(text, 1120 + SB_TRANSPORT_##name),
#define SB_W_TRIP_SIGN(name, text) \
    [SB_TRIP_SIGN_##name] = SB_WORD(text, 1152 + SB_TRIP_SIGN_##name),
#define SB_W_DOCUMENT(name, text) [SB_DOCUMENT_##name] = SB_WORD(text, 1184 + SB_DOCUMENT_##name),
#define SB_W_TERMS(name, text) [SB_TERMS_##name] = SB_WORD(text, 1216 + SB_TERMS_##name),
#define SB_W_INCOTERM(name, text) [SB_INCOTERM_##name] = SB_WORD(text, 1248 + SB_INCOTERM_##name),
#define SB_W_DOCUMENT_SIGN(name, text) \
    [SB_DOCUMENT_SIGN_##name] = SB_WORD(text, 1280 + SB_DOCUMENT_SIGN_##name),
#define SB_W_RELATION(name, text) [SB_RELATION_##name] = SB_WORD(text, 1312 + SB_RELATION_##name),

static const sb_text sb_id_document_words[]
    __attribute__((unused)) = {SB_ID_DOCUMENTS(SB_W_ID_DOCUMENT)};
static const sb_text sb_monitoring_words[]
    __attribute__((unused)) = {SB_MONITORING_REASONS(SB_W_MONITORING)};
static const sb_text sb_alert_words[] __attribute__((unused)) = {SB_ALERT_FLAGS(SB_W_ALERT)};
static const sb_text sb_flag_reason_words[]
    __attribute__((unused)) = {SB_FLAG_REASONS(SB_W_FLAG_REASON)};
static const sb_text sb_delivery_words[] __attribute__((unused)) = {SB_DELIVERIES(SB_W_DELIVERY)};
static const sb_text sb_visibility_words[]
    __attribute__((unused)) = {SB_VISIBILITIES(SB_W_VISIBILITY)};
static const sb_text sb_device_words[] __attribute__((unused)) = {SB_DEVICE_TYPES(SB_W_DEVICE)};
static const sb_text sb_platform_words[] __attribute__((unused)) = {SB_PLATFORMS(SB_W_PLATFORM)};
static const sb_text sb_login_channel_words[]
    __attribute__((unused)) = {SB_LOGIN_CHANNELS(SB_W_LOGIN_CHANNEL)};
static const sb_text sb_login_method_words[]
    __attribute__((unused)) = {SB_LOGIN_METHODS(SB_W_LOGIN_METHOD)};
static const sb_text sb_login_words[] __attribute__((unused)) = {SB_LOGIN_OUTCOMES(SB_W_LOGIN)};
static const sb_text sb_asset_words[] __attribute__((unused)) = {SB_ASSET_TYPES(SB_W_ASSET)};
static const sb_text sb_side_words[] __attribute__((unused)) = {SB_SIDES(SB_W_SIDE)};
static const sb_text sb_order_words[] __attribute__((unused)) = {SB_ORDER_TYPES(SB_W_ORDER)};
static const sb_text sb_venue_words[] __attribute__((unused)) = {SB_VENUES(SB_W_VENUE)};
static const sb_text sb_trade_sign_words[]
    __attribute__((unused)) = {SB_TRADE_INDICATORS(SB_W_TRADE_SIGN)};
static const sb_text sb_trip_purpose_words[]
    __attribute__((unused)) = {SB_TRIP_PURPOSES(SB_W_TRIP_PURPOSE)};
static const sb_text sb_transport_words[] __attribute__((unused)) = {SB_TRANSPORTS(SB_W_TRANSPORT)};
static const sb_text sb_trip_sign_words[]
    __attribute__((unused)) = {SB_TRIP_INDICATORS(SB_W_TRIP_SIGN)};
static const sb_text sb_document_words[]
    __attribute__((unused)) = {SB_DOCUMENT_TYPES(SB_W_DOCUMENT)};
static const sb_text sb_terms_words[] __attribute__((unused)) = {SB_PAYMENT_TERMS(SB_W_TERMS)};
static const sb_text sb_incoterm_words[] __attribute__((unused)) = {SB_INCOTERMS(SB_W_INCOTERM)};
static const sb_text sb_document_sign_words[]
    __attribute__((unused)) = {SB_DOCUMENT_INDICATORS(SB_W_DOCUMENT_SIGN)};
static const sb_text sb_relation_words[] __attribute__((unused)) = {SB_RELATIONS(SB_W_RELATION)};

#endif
