"""Lines of a report, and the statistics they are made of."""
import math


class Report:
    """Prints one line a measure and counts."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, measured, target, tolerance, source):
        """Passes when the measure is within the tolerance of the target."""
        aim = f"target {show(target)} +- {show(tolerance)}"
        self._line(abs(measured - target) <= tolerance, name, measured, aim, source)

    def range(self, name, measured, low, high, source):
        self._line(low <= measured <= high, name, measured, f"target {show(low)} to {show(high)}", source)

    def least(self, name, measured, low, source):
        self._line(measured >= low, name, measured, f"target at least {show(low)}", source)

    def worst(self, name, cases, source):
        """Of (what, measured, target, tolerance) the one that uses up most of its tolerance."""
        what, measured, target, tolerance = max(cases, key=lambda c: abs(c[1] - c[2]) / c[3])
        self.check(f"{name}, worst of {len(cases)}: {what}", measured, target, tolerance, source)

    def _line(self, holds, name, measured, target, source):
        self.passed, self.failed = self.passed + holds, self.failed + (not holds)
        print(f"{'ok' if holds else 'FAIL'} {name}: measured {show(measured)}, {target} ({source})", flush=True)

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


def show(value):
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}" if abs(value) >= 100 else f"{value:.4f}"


def share_error(share, count, sigmas=4.0):
    """The sampling error of a share, as many standard deviations."""
    return sigmas * math.sqrt(share * (1 - share) / max(1, count))


def median(values):
    ranked, half = sorted(values), len(values) // 2
    return ranked[half] if len(ranked) % 2 else (ranked[half - 1] + ranked[half]) / 2


def deviation(values):
    mean = sum(values) / len(values)
    return math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))


def chi_square_z(observed, expected):
    """How many standard deviations the chi-square of these counts is from its mean (Wilson and Hilferty).
    Bins that expect fewer than five are put together."""
    bins, rest_observed, rest_expected = [], 0, 0.0
    for o, e in zip(observed, expected):
        if e >= 5:
            bins.append((o, e))
        else:
            rest_observed, rest_expected = rest_observed + o, rest_expected + e
    if rest_expected >= 5:
        bins.append((rest_observed, rest_expected))
    freedom = len(bins) - 1
    square = sum((o - e) ** 2 / e for o, e in bins)
    spread = 2 / (9 * freedom)
    return ((square / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(spread)


def ranks(values):
    """Ranks with ties in the middle."""
    order = sorted(range(len(values)), key=values.__getitem__)
    out, at = [0.0] * len(values), 0
    while at < len(order):
        end = at
        while end < len(order) and values[order[end]] == values[order[at]]:
            end += 1
        for i in order[at:end]:
            out[i] = (at + end - 1) / 2
        at = end
    return out


def correlation(a, b):
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    both = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b))
    return both / math.sqrt(sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b))


def rank_correlation(a, b):
    return correlation(ranks(a), ranks(b))


def slope(xs, ys):
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys)) / sum((x - mean_x) ** 2 for x in xs)


def tail_exponent(values, least):
    """Maximum likelihood of a power law's exponent in a tail of whole numbers (Clauset, Shalizi and Newman
    2009, equation 3.7), and how many are in it."""
    tail = [v for v in values if v >= least]
    return 1 + len(tail) / sum(math.log(v / (least - 0.5)) for v in tail), len(tail)
