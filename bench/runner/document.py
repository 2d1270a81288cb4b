"""A run as one JSON document, laid out as pytest-benchmark lays out its own, so that tools made for
that can read it: machine_info, commit_info, benchmarks, datetime, version."""
import datetime
import json
import math
import os
import platform
import re
import statistics
import subprocess

from . import options as opt


def percentile(ordered, percent):
    """The smallest value that so many percent of them do not exceed."""
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def stats_of(data, iterations):
    """The statistics of one benchmark; `data` are seconds a call, one value a round."""
    ordered = sorted(data)
    mean, median = statistics.fmean(data), statistics.median(data)
    stddev = statistics.stdev(data) if len(data) > 1 else 0.0
    q1, _, q3 = statistics.quantiles(ordered, n=4, method="inclusive") if len(data) > 1 else ordered * 3
    iqr = q3 - q1
    inside = [value for value in ordered if q1 - 1.5 * iqr <= value <= q3 + 1.5 * iqr]
    beyond = len(ordered) - len(inside)
    far = sum(1 for value in data if abs(value - mean) > stddev)
    total = math.fsum(data)
    return {
        "min": ordered[0], "max": ordered[-1], "mean": mean, "stddev": stddev, "rounds": len(data),
        "median": median, "iqr": iqr, "q1": q1, "q3": q3, "iqr_outliers": beyond, "stddev_outliers": far,
        "outliers": f"{far};{beyond}", "ld15iqr": inside[0] if inside else ordered[0],
        "hd15iqr": inside[-1] if inside else ordered[-1], "ops": 1 / mean if mean > 0 else 0.0,
        "total": total, "iterations": iterations, "data": list(data),
    }


# Of a line that a program printed: what has a place of its own in the document.
_PLACED = ("group", "name", "data", "iterations", "params")


def benchmark_of(line, options):
    """One entry of the document, out of a line that seedbank_bench or a peer printed."""
    params = line.get("params")
    extra = {key: value for key, value in line.items() if key not in _PLACED}
    if extra.get("questions"):
        ordered = sorted(line["data"])
        extra.update({f"p{p}": percentile(ordered, p) for p in (50, 95, 99)})
    param = "-".join(str(value) for value in params.values()) if params else None
    name = f"{line['name']}[{param}]" if param else line["name"]
    return {
        "group": line["group"], "name": name, "fullname": f"bench/{line['group']}::{name}",
        "params": params, "param": param, "extra_info": extra,
        "options": {"disable_gc": False, "timer": "process_time" if options.clock == "cpu" else "perf_counter",
                    "min_rounds": options.rounds or 5, "max_time": options.max_time, "min_time": 1e-4,
                    "warmup": options.warmup > 0},
        "stats": stats_of(line["data"], line["iterations"]),
    }


def _cpu():
    info = {}
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                key, _, value = line.partition(":")
                info.setdefault(key.strip(), value.strip())
    except OSError:
        pass
    return {"arch": platform.machine(), "bits": 64 if platform.architecture()[0] == "64bit" else 32,
            "count": os.cpu_count(), "brand_raw": info.get("model name", platform.processor()),
            "vendor_id_raw": info.get("vendor_id", "")}


def _machine():
    return {
        "node": platform.node(), "processor": platform.processor(), "machine": platform.machine(),
        "system": platform.system(), "release": platform.release(),
        "python_implementation": platform.python_implementation(),
        "python_implementation_version": platform.python_version(), "python_version": platform.python_version(),
        "python_compiler": platform.python_compiler(), "python_build": list(platform.python_build()),
        "cpu": _cpu(),
    }


def _git(root, *arguments):
    try:
        done = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _commit(root):
    return {
        "id": _git(root, "rev-parse", "HEAD"), "time": _git(root, "log", "-1", "--format=%cI"),
        "author_time": _git(root, "log", "-1", "--format=%aI"),
        "dirty": bool(_git(root, "status", "--porcelain", "--untracked-files=no")), "project": "seedbank",
        "branch": _git(root, "rev-parse", "--abbrev-ref", "HEAD"),
    }


def _version(root):
    with open(os.path.join(root, "include/seedbank/version.h"), encoding="utf-8") as file:
        return re.search(r'SB_VERSION "([^"]+)"', file.read())[1]


def make(lines, options, root):
    return {
        "machine_info": _machine(), "commit_info": _commit(root),
        "benchmarks": [benchmark_of(line, options) for line in lines],
        "datetime": datetime.datetime.now(datetime.timezone.utc).isoformat(), "version": _version(root),
    }


def without_data(document):
    """The same without the time of each round, which is what makes it large."""
    benchmarks = [dict(b, stats={k: v for k, v in b["stats"].items() if k != "data"})
                  for b in document["benchmarks"]]
    return dict(document, benchmarks=benchmarks)


# ---- saved runs ----------------------------------------------------------------------------------

_SAVED = re.compile(r"(\d{4,})_(.+)\.json")


def _saved(storage):
    """(number, name, path) of each, the latest last."""
    try:
        names = os.listdir(storage)
    except FileNotFoundError:
        return []
    found = [(match, name) for name in names if (match := _SAVED.fullmatch(name))]
    return sorted((int(match[1]), match[2], os.path.join(storage, name)) for match, name in found)


def save(document, storage, name):
    """Its path. Numbers go up; nothing is ever overwritten."""
    os.makedirs(storage, exist_ok=True)
    number = max((n for n, _, _ in _saved(storage)), default=0) + 1
    path = os.path.join(storage, f"{number:04}_{name}.json")
    with open(path, "x", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
        file.write("\n")
    return path


def find(option, storage, name):
    """The path of a saved run: a file, or the latest of that name or number."""
    if "/" in name or name.endswith(".json"):
        if not os.path.isfile(name):
            raise opt.Usage(f"{option}: {name}: no such file")
        return name
    matches = [path for number, saved, path in _saved(storage) if saved == name or f"{number:04}" == name]
    if not matches:
        raise opt.Usage(f"{option}: no run '{name}' is saved in {storage}")
    return matches[-1]


def load(option, path):
    try:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        for benchmark in document["benchmarks"]:
            float(benchmark["stats"]["mean"]), str(benchmark["name"]), str(benchmark["group"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise opt.Usage(f"{option}: {path}: no saved benchmarks: {type(error).__name__}: {error}") from error
    return document
