/* Rows of several specs made in one process: alone, once more, and one in the middle of the other.
 * Prints "NAME KIND HASH" a line; tests/mistakes/mistakes.py compares them.
 *
 * Usage: one_process */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seedbank/seedbank.h"

/* What a run of rows is remembered by; FNV-1a of its text. */
typedef struct listener {
    uint64_t hash, takes;
    const sb_spec *between; /* rows of this spec are made at every eighth piece of text; or NULL */
    const char *kind;
} listener;

static sb_status hear(void *user, const char *text, size_t text_bytes, sb_error *err);

static sb_status tell(const sb_spec *spec, const char *kind, listener *to, sb_error *err)
{
    sb_cat_options options = {.kind = kind};
    to->hash = UINT64_C(0xCBF29CE484222325);
    return sb_cat_spec(spec, &options, hear, to, err);
}

static sb_status hear(void *user, const char *text, size_t text_bytes, sb_error *err)
{
    listener *one = user;
    for (size_t i = 0; i < text_bytes; i++)
        one->hash = (one->hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001B3);
    if (one->between == NULL || one->takes++ % 8 != 0)
        return SB_OK;
    listener other = {0};
    return tell(one->between, one->kind, &other, err);
}

static const char *const kinds[] = {"persons", "companies", "accounts", "transactions",
                                    "communications"};

static void say(const char *name, const sb_spec *spec, const sb_spec *between)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        sb_error err = {0};
        listener one = {.between = between, .kind = kinds[i]};
        if (tell(spec, kinds[i], &one, &err) != SB_OK) {
            fprintf(stderr, "%s: %s\n", kinds[i], err.text);
            exit(1);
        }
        printf("%s %s %016" PRIx64 "\n", name, kinds[i], one.hash);
    }
}

static sb_spec *open_spec(const char *seed, const char *entities)
{
    sb_error err = {0};
    sb_spec *spec = NULL;
    if (sb_spec_open(&spec, &err) != SB_OK || sb_spec_set(spec, "seed", seed, &err) != SB_OK ||
        sb_spec_set(spec, "entities", entities, &err) != SB_OK ||
        sb_spec_seal(spec, &err) != SB_OK) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    return spec;
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        printf("usage: %s\nPrints hashes of the rows of specs made in one process.\n", argv[0]);
        return strcmp(argv[1], "--help") == 0 ? 0 : 2;
    }
    sb_spec *one = open_spec("5", "20k"), *other = open_spec("6", "3k");
    say("alone", one, NULL);
    say("again", one, NULL);
    say("interleaved", one, other);
    say("with_itself", one, one);
    sb_spec_close(other);
    sb_spec_close(one);
    return 0;
}
