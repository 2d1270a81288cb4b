"""Two runs side by side, and whether one is worse than a limit allows."""
from fractions import Fraction

from . import text


def _key(benchmark):
    return benchmark["group"], benchmark["name"]


def pairs(now, before):
    """(benchmark now, benchmark before) of those that both have, in the order of now."""
    old = {_key(b): b for b in before["benchmarks"]}
    return [(b, old[_key(b)]) for b in now["benchmarks"] if _key(b) in old]


def is_worse(now, before, percent):
    """Whether `now` is more than `percent` above `before`. Exact: at the limit it is not."""
    return Fraction(str(now)) * 100 > Fraction(str(before)) * (100 + Fraction(percent))


def failures(both, fails):
    """(name, stat, now, before, percent) of each that is worse than allowed."""
    found = []
    for now, before in both:
        for stat, percent in fails.items():
            a, b = now["stats"][stat], before["stats"][stat]
            if is_worse(a, b, percent):
                found.append((now["name"], stat, a, b, percent))
    return found


def _change(now, before):
    return f"{(now / before - 1) * 100:+.1f} %" if before > 0 else "-"


def print_comparison(both, out):
    rows = [["compared", "min", "median", "mean", "mean before", "mean now"]]
    for now, before in both:
        a, b = now["stats"], before["stats"]
        rows.append([now["name"]] + [_change(a[s], b[s]) for s in ("min", "median", "mean")] +
                    [text.seconds(b["mean"]), text.seconds(a["mean"])])
    text.columns(rows, out)


def machine_differs(now, before):
    def cpu(document):
        info = document.get("machine_info", {}).get("cpu", {})
        return info.get("brand_raw"), info.get("count")
    return cpu(now) != cpu(before)
