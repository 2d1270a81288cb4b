#include "cli/talk.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/output.h"

enum { LINE_BYTES = 2 * SB_ERROR_TEXT_BYTES };

static void say_json(const sb_talk *talk, const char *level, const char *line)
{
    char when[32];
    time_t now = time(NULL);
    struct tm utc;
    (void)strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    (void)fprintf(stderr, "{\"time\":\"%s\",\"level\":\"%s\",\"command\":", when, level);
    sb_json_write(stderr, talk->command == NULL ? "" : talk->command);
    (void)fputs(",\"message\":", stderr);
    sb_json_write(stderr, line);
    (void)fputs("}\n", stderr);
}

/* Paths may hold anything; a message is one line whatever stands in it. */
static void say_text(const sb_talk *talk, const char *line)
{
    char text[LINE_BYTES];
    (void)snprintf(text, sizeof text, "seedbank: %s%s%s",
                   talk->command == NULL ? "" : talk->command, talk->command == NULL ? "" : ": ",
                   line);
    for (char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = '?';
    (void)fprintf(stderr, "%s\n", text);
}

static void say(const sb_talk *talk, const char *level, const char *line)
{
    if (talk->json)
        say_json(talk, level, line);
    else
        say_text(talk, line);
    (void)fflush(stderr);
}

void sb_talk_log(void *user, int level, const char *line)
{
    const sb_talk *talk = user;
    if (talk->quiet || (level > 0 && !talk->verbose))
        return;
    say(talk, level > 0 ? "info" : "warning", line);
}

void sb_talk_note(const sb_talk *talk, const char *line)
{
    if (!talk->quiet)
        say(talk, "info", line);
}

void sb_talk_error(const sb_talk *talk, const sb_error *error)
{
    say(talk, "error", error->text[0] != '\0' ? error->text : sb_status_text(error->status));
}
