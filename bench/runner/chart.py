"""A chart of a run as SVG: a bar a benchmark on a logarithmic scale of time, and the scaling curve."""
import math
from xml.sax.saxutils import escape

from . import text

WIDTH, MARGIN, NAMES, VALUES = 960, 24, 290, 150
ROW, HEADING, TOP, AXIS = 20, 30, 74, 34
CURVE_HEIGHT = 300
COLOURS = ("#2f6f9f", "#c8702a", "#3c8d53", "#8a5aa8", "#b8444c", "#6b7280", "#a88620", "#2a9d9a")


class _Page:
    def __init__(self):
        self.parts = []

    def text(self, x, y, words, size=12, anchor="start", colour="#1f2933", weight="normal"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}" '
                          f'font-weight="{weight}">{escape(str(words))}</text>')

    def line(self, x1, y1, x2, y2, colour="#d5dbe1", width=1.0):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
                          f'stroke-width="{width}"/>')

    def bar(self, x, y, width, height, colour, title):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height}" rx="2" '
                          f'fill="{colour}"><title>{escape(title)}</title></rect>')

    def curve(self, points, colour):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        self.parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]

    def svg(self, height):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
                f'viewBox="0 0 {WIDTH} {height:.0f}" font-family="system-ui, Helvetica, Arial, sans-serif" role="img">'
                f'<title>seedbank benchmarks</title><rect width="100%" height="100%" fill="#ffffff"/>\n' +
                "\n".join(self.parts) + "\n</svg>\n")


class _Scale:
    """Seconds to pixels, by decades."""

    def __init__(self, benchmarks, left, right):
        times = [b["stats"][stat] for b in benchmarks for stat in ("min", "max") if b["stats"][stat] > 0]
        self.low = math.floor(math.log10(min(times)))
        self.high = max(math.ceil(math.log10(max(times))), self.low + 1)
        self.left, self.right = left, right

    def x(self, seconds):
        share = (math.log10(max(seconds, 10.0 ** self.low)) - self.low) / (self.high - self.low)
        return self.left + share * (self.right - self.left)

    def decades(self):
        return [10.0 ** power for power in range(self.low, self.high + 1)]


def _groups(benchmarks):
    groups = {}
    for benchmark in benchmarks:
        groups.setdefault(benchmark["group"], []).append(benchmark)
    return groups


def _heading(page, run):
    commit, cpu = run.get("commit_info", {}), run.get("machine_info", {}).get("cpu", {})
    page.text(MARGIN, 30, f"seedbank {run.get('version', '')}", 18, weight="600")
    page.text(MARGIN, 50, f"Time of a call: bar to the median, line from the fastest round to the slowest. "
              f"{(commit.get('id') or '')[:10]} {run.get('datetime', '')[:10]}, {cpu.get('brand_raw', '')}", 11,
              colour="#52606d")


def _bars(page, benchmarks, top):
    scale = _Scale(benchmarks, MARGIN + NAMES, WIDTH - MARGIN - VALUES)
    groups = _groups(benchmarks)
    bottom = top + len(benchmarks) * ROW + len(groups) * HEADING
    for seconds in scale.decades():
        page.line(scale.x(seconds), top, scale.x(seconds), bottom)
        page.text(scale.x(seconds), bottom + 16, text.seconds(seconds), 10, "middle", "#52606d")
    y = top
    for index, (group, members) in enumerate(groups.items()):
        page.text(MARGIN, y + HEADING - 10, group, 12, weight="600")
        y += HEADING
        for benchmark in members:
            _bar(page, scale, benchmark, y, COLOURS[index % len(COLOURS)])
            y += ROW
    return bottom + AXIS


def _bar(page, scale, benchmark, y, colour):
    stats, extra = benchmark["stats"], benchmark["extra_info"]
    median = stats["median"]
    rate = f"{text.short(extra['count'] / median)} {extra.get('unit', '')}/s" if extra.get("count") and median else ""
    page.text(MARGIN + NAMES - 8, y + 12, benchmark["name"], 11, "end")
    page.bar(scale.left, y + 3, scale.x(median) - scale.left, ROW - 8, colour,
             f"{benchmark['name']}: median {text.seconds(median)}, {stats['rounds']} rounds")
    page.line(scale.x(stats["min"]), y + ROW / 2 - 1, scale.x(stats["max"]), y + ROW / 2 - 1, "#1f2933", 1.2)
    page.text(WIDTH - MARGIN - VALUES + 8, y + 12, text.seconds(median), 11)
    page.text(WIDTH - MARGIN, y + 12, rate, 10, "end", "#52606d")


def _short(count):
    for letter, factor in (("b", 10**9), ("m", 10**6), ("k", 10**3)):
        if count >= factor:
            return f"{count / factor:g}{letter}"
    return str(count)


def _round_step(most):
    """A fifth of what the axis reaches: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(most / 5))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power * 5 >= most)


def _curve(page, benchmarks, top):
    """Rows a second by entities, a line for each number of workers."""
    left, right, bottom = MARGIN + 80, WIDTH - MARGIN - 120, top + CURVE_HEIGHT
    points = {}
    for b in benchmarks:
        rate = b["extra_info"]["count"] / b["stats"]["median"]
        points.setdefault(b["params"]["workers"], []).append((b["params"]["entities"], rate))
    sizes = sorted({size for line in points.values() for size, _ in line})
    low, high = math.log10(sizes[0]), max(math.log10(sizes[-1]), math.log10(sizes[0]) + 1)
    step = _round_step(max(rate for line in points.values() for _, rate in line))
    most = 5 * step
    page.text(MARGIN, top + 4, "scaling: rows a second, by entities and workers", 12, weight="600")
    for i in range(6):
        y = bottom - i / 5 * (CURVE_HEIGHT - 30)
        page.line(left, y, right, y)
        page.text(left - 8, y + 4, text.number(i * step) if i else "0", 10, "end", "#52606d")

    def place(size, rate):
        return (left + (math.log10(size) - low) / (high - low) * (right - left),
                bottom - rate / most * (CURVE_HEIGHT - 30))
    for size in sizes:
        page.text(place(size, 0)[0], bottom + 16, _short(size), 10, "middle", "#52606d")
    ends = []
    for index, (workers, line) in enumerate(sorted(points.items())):
        colour = COLOURS[index % len(COLOURS)]
        placed = [place(*point) for point in sorted(line)]
        page.curve(placed, colour)
        ends.append((placed[-1][1] + 4, f"{workers} worker{'s' if workers > 1 else ''}", colour))
    y = -math.inf
    for wanted, words, colour in sorted(ends):  # one below the other where lines end together
        y = max(wanted, y + 14)
        page.text(right + 12, y, words, 11, colour=colour)
    return bottom + AXIS


def draw(run):
    page = _Page()
    curve = [b for b in run["benchmarks"] if b["group"] == "scaling" and b.get("params")]
    bars = [b for b in run["benchmarks"] if b not in curve]
    _heading(page, run)
    y = TOP
    if bars:
        y = _bars(page, bars, y)
    if curve:
        y = _curve(page, curve, y + 20)
    return page.svg(y + MARGIN)
