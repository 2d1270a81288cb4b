"""What is printed for people."""


def seconds(value):
    for unit, factor in (("s", 1), ("ms", 1e3), ("us", 1e6)):
        if value * factor >= 1:
            return f"{value * factor:.3g} {unit}" if value * factor < 1000 else f"{value * factor:.0f} {unit}"
    return f"{value * 1e9:.3g} ns"


def number(value):
    """With thousands separated; three digits of what is small."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def short(value):
    """Three digits and a letter for thousands."""
    for letter, factor in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if value >= factor:
            return f"{value / factor:.3g} {letter}"
    return f"{value:.3g}"


def columns(rows, out, first_width=0):
    """Lines of aligned columns: the first to the left, the others to the right."""
    widths = [max(len(str(row[i])) for row in rows if i < len(row)) for i in range(max(map(len, rows)))]
    widths[0] = max(widths[0], first_width)
    for row in rows:
        cells = [str(row[0]).ljust(widths[0])] + [str(c).rjust(w) for c, w in zip(row[1:], widths[1:])]
        print("  ".join(cells).rstrip(), file=out)


def _rate(benchmark, stat):
    """What a second does: units, and megabytes where bytes are counted."""
    extra, value = benchmark["extra_info"], benchmark["stats"][stat]
    if value <= 0 or not extra.get("count"):
        return "", ""
    megabytes = extra.get("bytes", 0) / value / 1e6
    return (f"{number(extra['count'] / value)} {extra.get('unit', '')}/s",
            f"{number(megabytes)} MB/s" if megabytes >= 1 else "")


def _verdict(benchmark):
    """Held against its limits: of time (of questions the 99th percentile) and memory. And how far it was packed."""
    extra, parts = benchmark["extra_info"], []
    packed = extra.get("packed_bytes") or extra.get("file_bytes")
    if packed and extra.get("bytes"):
        parts.append(f"packed to {packed / extra['bytes'] * 100:.1f} %")
    if extra.get("limit_seconds"):
        held = extra.get("p99", benchmark["stats"]["mean"])
        parts.append(f"{'within' if held <= extra['limit_seconds'] else 'OVER'} {seconds(extra['limit_seconds'])}")
    if extra.get("limit_bytes") and extra.get("peak_bytes"):
        word = "within" if extra["peak_bytes"] <= extra["limit_bytes"] else "OVER"
        parts.append(f"{extra['peak_bytes'] / 2**20:.1f} MiB, {word} {extra['limit_bytes'] / 2**20:.0f}")
    return ", ".join(parts)


def _percentile_rows(benchmarks):
    yield ["", "P50", "P95", "P99", "max", "rounds", "a second", "limit"]
    for b in benchmarks:
        extra = b["extra_info"]
        yield [b["name"]] + [seconds(extra[p]) for p in ("p50", "p95", "p99")] + [
            seconds(b["stats"]["max"]), b["stats"]["rounds"], _rate(b, "mean")[0], _verdict(b)]


def _plain_rows(benchmarks):
    yield ["", "min", "median", "mean", "stddev", "rounds", "each", "a second", "", "limit, size"]
    for b in benchmarks:
        s, count = b["stats"], b["extra_info"].get("count") or 1
        yield [b["name"]] + [seconds(s[stat]) for stat in ("min", "median", "mean")] + [
            seconds(s["stddev"]) if s["rounds"] > 1 else "-", s["rounds"], seconds(s["median"] / count),
            *_rate(b, "median"), _verdict(b)]


def print_groups(document, out):
    groups = {}
    for benchmark in document["benchmarks"]:
        groups.setdefault(benchmark["group"], []).append(benchmark)
    for group, benchmarks in groups.items():
        rows = list((_percentile_rows if "p99" in benchmarks[0]["extra_info"] else _plain_rows)(benchmarks))
        rows[0][0] = group
        columns(rows, out)
        print(file=out)
