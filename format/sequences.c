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

/* The frame's sequences so far. */
typedef struct writer {
    const uint8_t *rows, *end;
    const uint8_t *literals; /* what stands from here on is in no sequence yet */
    const uint8_t *block_end;
    sb_sequence *next, *last;
    uint32_t *last_places; /* the matcher's */
} writer;

/* The token of a place is what stands there: its first seven bytes, or five. */
enum { LONG_SHIFT = 8, SHORT_SHIFT = 24 };

/* Takes the match of `at` with `from`, whose first `length` bytes were seen to be the same; makes
 * it as long as it goes, backwards too. */
SB_HOT static void take_match(writer *w, const uint8_t *at, const uint8_t *from, uint32_t length)
{
    while (length % GLANCE_BYTES == 0 && w->end - (at + length) >= GLANCE_BYTES) {
        uint32_t more = glance(at + length, from + length);
        length += more;
        if (more == 0)
            break;
    }
    if (length > (size_t)(w->block_end - at))
        length = (uint32_t)(w->block_end - at);
    if (from - w->rows >= 8) {
        /* The bit is below all that can differ: a byte further back than eight. */
        uint64_t differs = word_at(at - 8) ^ word_at(from - 8);
        uint32_t back = (uint32_t)__builtin_clzll(differs | 1) >> 3;
        if (back > (size_t)(at - w->literals))
            back = (uint32_t)(at - w->literals);
        at -= back;
        from -= back;
        length += back;
    }
    *w->next++ = (sb_sequence){(uint32_t)(at - from), (uint32_t)(at - w->literals), length, 0};
    w->literals = at + length;
}

/* Looks up what stands at a place, and keeps the place for the next who asks. `at` is neither the
 * frame's first byte nor among its last 32, nor in a match. */
SB_HOT static bool look_up(writer *w, const uint8_t *at, uint32_t shift)
{
    const uint32_t places = (UINT32_C(1) << SB_MATCH_PLACE_BITS) - 1;
    uint64_t hash = (word_at(at) << shift) * UINT64_C(0x9E3779B97F4A7C15);
    uint32_t *last = &w->last_places[hash >> (64 - SB_MATCH_SLOT_BITS)];
    uint32_t token = (uint32_t)(hash >> (32 - SB_MATCH_SLOT_BITS)) & ~places;
    uint32_t place = (uint32_t)(at - w->rows), before = *last;
    *last = token | place;
    /* What this hangs on is in the table: the frame need not be waited for. */
    if ((before & ~places) != token)
        return false;
    before &= places;
    const uint8_t *from = w->rows + before;
    uint32_t length = glance(at, from);
    if (length > (size_t)(w->block_end - at))
        length = (uint32_t)(w->block_end - at);
    /* Slots that nobody used yet have place 0; words of a string may be known that stand behind. */
    if (length < SB_MATCH_BYTES_MIN || before - 1 >= place - 1 || w->next == w->last)
        return false;
    take_match(w, at, from, length);
    return true;
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
SB_HOT static void look_up_words(writer *w, const uint8_t *at)
{
    const uint8_t *end = string_end(at, w->end - GLANCE_BYTES);
    if (end > w->block_end)
        end = w->block_end;
    if (at < w->literals)
        at = w->literals;
    while (at < end)
        at = look_up(w, at, LONG_SHIFT) ? w->literals : next_parting(at, end);
}

/* The places of a block; returns the first mark behind it. */
static const sb_mark *look_up_block(writer *w, const sb_mark *mark, const sb_mark *marks_end)
{
    static const uint8_t shifts[] = {LONG_SHIFT, LONG_SHIFT, SHORT_SHIFT, LONG_SHIFT};
    writer own = *w; /* in registers */
    const uint32_t rows = (uint32_t)(uintptr_t)own.rows;
    const uint32_t places = (uint32_t)(own.end - own.rows - GLANCE_BYTES);
    const uint32_t block_end = (uint32_t)(own.block_end - own.rows);
    for (; mark < marks_end; mark++) {
        uint32_t place = ((*mark >> SB_MARKING_BITS) - rows) & (UINT32_MAX >> SB_MARKING_BITS);
        sb_marking marking = (sb_marking)(*mark & ((1u << SB_MARKING_BITS) - 1));
        const uint8_t *at = own.rows + place;
        if (place - 1 >= places) /* the first byte, or one of the last */
            continue;
        if (place >= block_end)
            break;
        if (marking == SB_MARK_WORDS)
            look_up_words(&own, at);
        else if (at >= own.literals)
            (void)look_up(&own, at, shifts[marking]);
    }
    *w = own;
    return mark;
}

size_t sb_matcher_find(sb_matcher *matcher, const uint8_t *rows, size_t raw_bytes,
                       const sb_mark *marks, size_t mark_count, sb_sequence *sequences,
                       size_t capacity)
{
    const sb_mark *mark = marks, *marks_end = raw_bytes > GLANCE_BYTES ? marks + mark_count : marks;
    memset(matcher->last, 0, sizeof matcher->last);
    writer w = {.rows = rows,
                .end = rows + raw_bytes,
                .literals = rows,
                .next = sequences,
                .last = sequences + capacity - (raw_bytes / SB_BLOCK_BYTES + 1),
                .last_places = matcher->last};
    do {
        w.block_end = w.end - w.literals > SB_BLOCK_BYTES ? w.literals + SB_BLOCK_BYTES : w.end;
        mark = look_up_block(&w, mark, marks_end);
        *w.next++ = (sb_sequence){.literal_bytes = (uint32_t)(w.block_end - w.literals)};
        w.literals = w.block_end;
        w.last++; /* its place was kept */
    } while (w.literals != w.end);
    return (size_t)(w.next - sequences);
}
