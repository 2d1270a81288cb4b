/* Degrees of accounts, and who has the highest. */
#include <stdio.h>

#include "workers/report_rows.h"

/* The hub that is being described; takers find it here. */
typedef struct description {
    sb_reading reading; /* first: a taker's argument is also this */
    sb_report_hub *hub;
} description;

static void add_text(char *out, size_t out_bytes, const sb_value *text)
{
    size_t length = strlen(out);
    if (text->kind == SB_VALUE_STR && length + text->count + 2 <= out_bytes)
        (void)snprintf(out + length, out_bytes - length, "%s%.*s", length > 0 ? " " : "",
                       (int)text->count, (const char *)text->bytes);
}

enum { A_TYPE, A_BANK, A_CURRENCY, A_PERSON, A_COMPANY };
static const char *const account_fields[SB_WANTED_MAX] = {"type", "bank", "currency",
                                                          "owner_person_id", "owner_company_id"};
enum { O_LEGAL, O_FIRST, O_LAST, O_HOME, O_NATIONALITY };
static const char *const owner_fields[SB_WANTED_MAX] = {"legal_name", "first_name", "last_name",
                                                        "registration_country", "nationality"};

static sb_status describe_owner(sb_reading *r)
{
    sb_report_hub *hub = ((description *)r)->hub;
    add_text(hub->owner, sizeof hub->owner, sb_row_value(r, O_LEGAL));
    add_text(hub->owner, sizeof hub->owner, sb_row_value(r, O_FIRST));
    add_text(hub->owner, sizeof hub->owner, sb_row_value(r, O_LAST));
    add_text(hub->country, sizeof hub->country, sb_row_value(r, O_HOME));
    add_text(hub->country, sizeof hub->country, sb_row_value(r, O_NATIONALITY));
    return SB_OK;
}

static sb_status describe_account(sb_reading *r)
{
    sb_report_hub *hub = ((description *)r)->hub;
    int64_t owner;
    description d = {{.survey = r->survey, .wanted = owner_fields, .err = r->err}, hub};
    add_text(hub->bank, sizeof hub->bank, sb_row_value(r, A_BANK));
    add_text(hub->type, sizeof hub->type, sb_row_value(r, A_TYPE));
    add_text(hub->currency, sizeof hub->currency, sb_row_value(r, A_CURRENCY));
    hub->company = sb_row_has_int(r, A_COMPANY, &owner);
    if (!hub->company && !sb_row_has_int(r, A_PERSON, &owner))
        return SB_OK;
    d.reading.kind = sb_kind_name(hub->company ? SB_COMPANIES : SB_PERSONS);
    return sb_rows_fetch(&d.reading, (uint64_t)owner, describe_owner);
}

static bool is_larger(const sb_report_hub *a, const sb_report_hub *b)
{
    return a->degree.partners != b->degree.partners ? a->degree.partners > b->degree.partners
                                                    : a->account < b->account;
}

static void offer_hub(sb_survey *survey, const sb_report_hub *hub)
{
    int at;
    if (hub->degree.partners == 0)
        return;
    if (survey->hub_count < SB_HUBS)
        survey->hub_count++;
    else if (!is_larger(hub, &survey->hubs[SB_HUBS - 1]))
        return;
    for (at = survey->hub_count - 1; at > 0 && is_larger(hub, &survey->hubs[at - 1]); at--)
        survey->hubs[at] = survey->hubs[at - 1];
    survey->hubs[at] = *hub;
}

sb_status sb_report_count_degrees(sb_survey *survey, sb_error *err)
{
    const sb_links *links = &survey->links;
    for (uint64_t i = 0; i < links->followed; i++) {
        sb_report_hub hub = {.account = sb_links_account(links, i), .degree = links->degrees[i]};
        if (hub.account == UINT64_MAX)
            continue;
        sb_heavy_add(&survey->out_degrees, hub.degree.out);
        sb_heavy_add(&survey->in_degrees, hub.degree.in);
        offer_hub(survey, &hub);
    }
    for (int i = 0; i < survey->hub_count; i++) {
        description d = {{.survey = survey, .wanted = account_fields, .err = err},
                         &survey->hubs[i]};
        d.reading.kind = sb_kind_name(SB_ACCOUNTS);
        SB_TRY(sb_rows_fetch(&d.reading, survey->hubs[i].account, describe_account));
    }
    return SB_OK;
}
