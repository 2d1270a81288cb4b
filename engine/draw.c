#include "engine/draw.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "seedbank/version.h"

static void put_u64(unsigned char *at, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t get_u64(const unsigned char *at)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

sb_key sb_key_derive(sb_seed seed, const char *name, uint64_t a, uint64_t b)
{
    unsigned char message[56] = {0}, key[16], digest[16];
    size_t name_bytes = strlen(name);
    assert(name_bytes < 32);
    memcpy(message, name, name_bytes);
    put_u64(message + 32, SB_CONTENT_VERSION);
    put_u64(message + 40, a);
    put_u64(message + 48, b);
    put_u64(key, seed.low);
    put_u64(key + 8, seed.high);
    /* Fails only for lengths that are out of its range, and ours are fixed. */
    int failed =
        crypto_generichash(digest, sizeof digest, message, sizeof message, key, sizeof key);
    assert(failed == 0);
    (void)failed;
    return (sb_key){get_u64(digest), get_u64(digest + 8)};
}
