#include "format/sequences.h"

#include <stdbool.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Inlined into each loop: a tenth of the time of finding sequences (bench/micro). */
#define SB_HOT inline __attribute__((always_inline))

/* Eight bytes, the first in the lowest place. */
static uint64_t word_at(const uint8_t *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

enum { GLANCE_BYTES = 32 };

/* How many of the 32 bytes at `a` stand at `b` too, from the first on. Looking at all at once costs
 * less than guessing wrong where a loop ends. */
static uint32_t glance(const uint8_t *a, const uint8_t *b)
{
#ifdef __SSE2__
    __m128i low =
        _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)a), _mm_loadu_si128((const __m128i *)b));
    __m128i high = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(a + 16)),
                                  _mm_loadu_si128((const __m128i *)(b + 16)));
    uint64_t same = (uint32_t)_mm_movemask_epi8(low) | (uint64_t)_mm_movemask_epi8(high) << 16;
    return (uint32_t)__builtin_ctzll(~same);
#else
    for (uint32_t i = 0; i < GLANCE_BYTES; i += 8) {
        uint64_t differs = word_at(a + i) ^ word_at(b + i);
        if (differs != 0)
            return i + ((uint32_t)__builtin_ctzll(differs) >> 3);
    }
    return GLANCE_BYTES;
#endif
}

/* The frame's sequences so far. Places are counted from its first byte. */
typedef struct writer {
    const uint8_t *rows;
    uint32_t end, block_end;
    uint32_t limit;    /* places of the block are below, with 32 bytes to look at */
    uint32_t literals; /* what stands from here on is in no sequence yet */
    uint32_t *places;  /* the matcher's */
    sb_sequence *next, *last;
} writer;

/* The token of a place is what stands there, its first seven bytes or five: multiplied, those above
 * fall out. */
#define SPREAD UINT64_C(0x9E3779B97F4A7C15)
static const uint64_t FIRST_SEVEN = SPREAD << 8, FIRST_FIVE = SPREAD << 24;

/* Takes the match of `place` with `from`, whose first `length` bytes are the same; makes it as long
 * as it goes, backwards too. Takes none, and says so, where the block ends too soon. */
SB_HOT static bool take_match(writer *w, uint32_t place, uint32_t from, uint32_t length)
{
    while (length % GLANCE_BYTES == 0 && w->end - (place + length) >= GLANCE_BYTES) {
        uint32_t more = glance(w->rows + place + length, w->rows + from + length);
        length += more;
        if (more == 0)
            break;
    }
    if (length > w->block_end - place) {
        length = w->block_end - place;
        if (length < SB_MATCH_BYTES_MIN)
            return false;
    }
    /* The bit is below all that can differ: a byte further back than eight. */
    uint64_t differs = word_at(w->rows + place - 8) ^ word_at(w->rows + from - 8);
    uint32_t back = (uint32_t)__builtin_clzll(differs | 1) >> 3;
    if (back > place - w->literals)
        back = place - w->literals;
    *w->next++ = (sb_sequence){place - from, place - back - w->literals, length + back, 0};
    w->literals = place + length;
    return true;
}

/* Looks up what stands at a place that is in no match, and keeps the place for the next who asks.
 * Whether there may be a match is seen in the table: the frame need not be waited for. */
SB_HOT static bool look_up(writer *w, uint32_t place, uint64_t first_bytes)
{
    const uint32_t place_max = (UINT32_C(1) << SB_MATCH_PLACE_BITS) - 1;
    uint64_t hash = word_at(w->rows + place) * first_bytes;
    uint32_t *slot = &w->places[hash >> (64 - SB_MATCH_SLOT_BITS)];
    uint32_t token = (uint32_t)(hash >> (32 - SB_MATCH_SLOT_BITS)) & ~place_max;
    uint32_t from = *slot ^ token;
    *slot = token | place;
    if (from > place_max)
        return false;
    uint32_t length = glance(w->rows + place, w->rows + from);
    /* Slots that nobody used yet have place 0; of a string, words may be known that stand behind.
     */
    if ((length < SB_MATCH_BYTES_MIN) | (from - 1 >= place - 1) | (w->next == w->last))
        return false;
    return take_match(w, place, from, length);
}

/* Where a string that begins at `at` with its head ends; `end` at the most. */
static const uint8_t *string_end(const uint8_t *at, const uint8_t *end)
{
    size_t length = 0;
    if ((*at & 0xE0) == 0xA0)
        length = 1 + (*at & 0x1Fu);
    else if (*at == 0xD9)
        length = 2 + (size_t)at[1];
    else if (*at == 0xDA)
        length = 3 + ((size_t)at[1] << 8 | at[2]);
    return length < (size_t)(end - at) ? at + length : end;
}

/* The next place behind `at` that parts words: '@', or a byte below '0' (blank, full stop, hyphen,
 * slash). Looks at 16 bytes at once, which may be read behind `end` too. */
static const uint8_t *next_parting(const uint8_t *at, const uint8_t *end)
{
    for (at++; at < end; at += 16) {
#ifdef __SSE2__
        __m128i bytes = _mm_loadu_si128((const __m128i *)at);
        __m128i below = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8('/')), bytes);
        uint32_t found = (uint32_t)_mm_movemask_epi8(
            _mm_or_si128(below, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('@'))));
#else
        uint32_t found = 0;
        for (uint32_t i = 0; i < 16; i++)
            found |= (uint32_t)(at[i] < '0' || at[i] == '@') << i;
#endif
        if (found != 0)
            return at + __builtin_ctz(found);
    }
    return end;
}

/* Looks up a string's begin, what follows a match, and each word that is in none. */
SB_HOT static void look_up_words(writer *w, uint32_t place)
{
    const uint8_t *end = string_end(w->rows + place, w->rows + w->limit);
    const uint8_t *at = w->rows + (place < w->literals ? w->literals : place);
    while (at < end)
        at = look_up(w, (uint32_t)(at - w->rows), FIRST_SEVEN) ? w->rows + w->literals
                                                               : next_parting(at, end);
}

static uint32_t place_of(const writer *w, sb_mark mark)
{
    return (mark - ((uint32_t)(uintptr_t)w->rows << SB_MARKING_BITS)) >> SB_MARKING_BITS;
}

/* The places of a block; returns the first mark behind it. */
static const sb_mark *look_up_block(writer *w, const sb_mark *mark, const sb_mark *marks_end)
{
    static const uint64_t first_bytes[] = {
        [SB_MARK_NONE] = FIRST_SEVEN, [SB_MARK_LONG] = FIRST_SEVEN, [SB_MARK_SHORT] = FIRST_FIVE};
    writer own = *w; /* in registers */
    for (; mark < marks_end; mark++) {
        uint32_t place = place_of(&own, *mark);
        sb_marking marking = (sb_marking)(*mark & ((1u << SB_MARKING_BITS) - 1));
        if (place >= own.limit)
            break;
        if (marking == SB_MARK_WORDS)
            look_up_words(&own, place);
        else if (place >= own.literals)
            (void)look_up(&own, place, first_bytes[marking]);
    }
    *w = own;
    return mark;
}

size_t sb_matcher_find(sb_matcher *matcher, const uint8_t *rows, size_t raw_bytes,
                       const sb_mark *marks, size_t mark_count, sb_sequence *sequences,
                       size_t capacity)
{
    const sb_mark *mark = marks, *marks_end = marks + mark_count;
    /* No place is before the eighth byte, so eight can be looked at before any. */
    const uint32_t begin = raw_bytes < 8 ? (uint32_t)raw_bytes : 8;
    writer w = {.rows = rows,
                .end = (uint32_t)raw_bytes,
                .literals = begin,
                .places = matcher->last,
                .next = sequences,
                .last = sequences + capacity - (raw_bytes / SB_BLOCK_BYTES + 1)};
    memset(matcher->last, 0, sizeof matcher->last);
    do {
        uint32_t looked_at = w.end > GLANCE_BYTES ? w.end - GLANCE_BYTES : 0;
        w.block_end = w.end - w.block_end > SB_BLOCK_BYTES ? w.block_end + SB_BLOCK_BYTES : w.end;
        w.limit = w.block_end < looked_at ? w.block_end : looked_at;
        mark = look_up_block(&w, mark, marks_end);
        *w.next++ = (sb_sequence){.literal_bytes = w.block_end - w.literals};
        w.literals = w.block_end;
        w.last++; /* its place was kept */
    } while (w.literals != w.end);
    sequences[0].literal_bytes += begin;
    return (size_t)(w.next - sequences);
}
