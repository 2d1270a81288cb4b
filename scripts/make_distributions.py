#!/usr/bin/env python3
"""Writes engine/distributions.c: the integer tables that draws are turned into figures with.

Run by hand when a distribution changes; its output is committed. A build never runs it, so no builder's
libm decides a byte. Usage: scripts/make_distributions.py > engine/distributions.c
"""
import math
import sys
from statistics import NormalDist

STEPS = 1024


def lognormal(sigma):
    """exp(sigma * z) in 16.16 fixed point at 1,025 quantiles; the ends stand for one in 8,192."""
    normal = NormalDist()
    out = []
    for i in range(STEPS + 1):
        p = min(max(i / STEPS, 1 / 8192), 1 - 1 / 8192)
        out.append(round(math.exp(sigma * normal.inv_cdf(p)) * 65536))
    return out


def power_law_ranks(exponent, shift):
    """Cumulative weights of ranks 0..1023 with weight (rank + shift)^-exponent, scaled to 2^31."""
    weights = [(rank + shift) ** -exponent for rank in range(STEPS)]
    total, cumulative, out = sum(weights), 0.0, [0]
    for weight in weights:
        cumulative += weight
        out.append(max(out[-1] + 1, round(cumulative / total * 2**31)))
    return out


def company_sizes():
    """Quantiles of the number of employees: Zipf's law above 1 (Axtell 2001: exponent near 1.06)."""
    out = []
    for i in range(STEPS + 1):
        survivor = max(1 - i / STEPS, 1 / 16384)
        out.append(min(100000, max(1, round(survivor ** (-1 / 1.06)))))
    return out


def ages():
    """Quantiles of the age in days of heads of households and of people who live alone, 18 to 95. Together with
    partners and grown children, who follow the head, they give the age pyramid of Western countries near 2025
    (US Census Bureau and Destatis): by five-year classes 31 74 80 86 85 81 76 80 88 86 73 58 46 33 17 6 per mille
    of the adults; tests/distributions holds the outcome to it."""
    bounds = [18] + list(range(20, 100, 5))
    weights = [29, 65, 71, 77, 76, 75, 72, 81, 94, 96, 82, 66, 54, 37, 18, 6]
    classes = list(zip(bounds, bounds[1:], weights))
    total, out = sum(c[2] for c in classes), []
    for i in range(STEPS + 1):
        target, below = total * i / STEPS, 0
        for low, high, weight in classes:
            if target <= below + weight:
                age = low + (high - low) * (target - below) / weight
                break
            below += weight
        out.append(min(34690, max(6576, round(age * 365.2425))))
    return out


def array(kind, name, values):
    lines = [f"const {kind} {name} = {{"]
    line = "   "
    for value in values:
        piece = f" {value},"
        if len(line) + len(piece) > 98:
            lines.append(line)
            line = "   "
        line += piece
    lines += [line, "};", ""]
    return "\n".join(lines)


def main():
    print('#include "engine/distributions.h"\n')
    print("/* Made by scripts/make_distributions.py; do not edit. */\n")
    sigmas = [0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5, 1.8]
    print("const uint32_t sb_lognormal[SB_LOGNORMAL_COUNT][SB_QUANTILES] = {")
    for sigma in sigmas:
        print(f"    /* sigma {sigma} */")
        print("    {" + array("", "", lognormal(sigma)).split("{", 1)[1].rsplit("}", 1)[0].strip() + "},")
    print("};\n")
    for name, exponent, shift in (("mild", 0.3, 20.0), ("spender", 1.39, 33.0), ("payee", 1.28, 1.2), ("payer", 1.25, 3.0)):
        print(array("uint32_t", f"sb_ranks_{name}[SB_QUANTILES]", power_law_ranks(exponent, shift)))
    print(array("uint32_t", "sb_ages[SB_QUANTILES]", ages()))
    print(array("uint32_t", "sb_company_sizes[SB_QUANTILES]", company_sizes()))
    return 0


if __name__ == "__main__":
    if "--help" in sys.argv[1:]:
        print(__doc__)
    else:
        sys.exit(main())
