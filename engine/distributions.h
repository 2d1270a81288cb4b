/* Distributions as integer tables. The tables are committed beside the script that made them
 * (scripts/make_distributions.py), because a builder's libm must not decide a byte. */
#ifndef ENGINE_DISTRIBUTIONS_H
#define ENGINE_DISTRIBUTIONS_H

#include <stdint.h>

#include "engine/draw.h"

enum { SB_QUANTILES = 1025, SB_LOGNORMAL_COUNT = 8 };

/* exp(sigma * z) in 16.16 fixed point, for sigma 0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5 and 1.8. */
extern const uint32_t sb_lognormal[SB_LOGNORMAL_COUNT][SB_QUANTILES];
/* Cumulative weights of ranks; see sb_rank_draw(). */
extern const uint32_t sb_ranks_mild[SB_QUANTILES];    /* whom people pay: some more, some less */
extern const uint32_t sb_ranks_spender[SB_QUANTILES]; /* who spends: 1 / (gamma_out - 1),
                                                         gamma_out 1.72, cut at 60:1 */
extern const uint32_t
    sb_ranks_payee[SB_QUANTILES]; /* who is paid: 1 / (gamma_in - 1), gamma_in 2.24 */
extern const uint32_t sb_ranks_payer[SB_QUANTILES]; /* firms that pay many */
/* Quantiles of an adult's age at the end of the period, in days: full 18 years to below 95. */
extern const uint32_t sb_ages[SB_QUANTILES];
/* Quantiles of a company's number of employees. */
extern const uint32_t sb_company_sizes[SB_QUANTILES];

/* A value between two quantiles, linearly; `draw` is uniform. */
static inline uint32_t sb_quantile(const uint32_t table[SB_QUANTILES], uint64_t draw)
{
    uint32_t step = (uint32_t)(draw >> 54);
    uint64_t fraction = draw >> 22 & 0xFFFFFFFFu;
    int64_t low = table[step], high = table[step + 1];
    return (uint32_t)(low + (int64_t)((uint64_t)(high - low) * fraction >> 32));
}

/* median * exp(sigma * z), in the unit of median. `shape` is an index into sb_lognormal. */
static inline int64_t sb_lognormal_draw(int64_t median, int shape, uint64_t draw)
{
    return (int64_t)((sb_i128)median * sb_quantile(sb_lognormal[shape], draw) >> 16);
}

/* The table whose sigma (times 100) is nearest. */
static inline int sb_lognormal_shape(int sigma_e2)
{
    /* They are 20 apart, but for the last; between two the lower one counts. */
    int shape = sigma_e2 < 21 ? 0 : (sigma_e2 - 21) / 20;
    return shape < 6 ? shape : 6 + (sigma_e2 > 165);
}

/* A rank in 0 .. count-1 (count at most 1,024), by the weights of a cumulative table cut at count.
 */
static inline uint32_t sb_rank_draw(const uint32_t table[SB_QUANTILES], uint32_t count,
                                    uint64_t draw)
{
    uint32_t target = (uint32_t)sb_below(draw, table[count]);
    uint32_t low = 0; /* table[low] <= target < table[count] */
    /* Four ways at a time and without a branch: a search that branches is guessed wrong half the
     * time, which costs more than the look-ups. */
    for (uint32_t step = 256; step > 0; step /= 4)
        low += step * ((uint32_t)(table[low + step] <= target) +
                       (uint32_t)(table[low + 2 * step] <= target) +
                       (uint32_t)(table[low + 3 * step] <= target));
    return low;
}

#endif
