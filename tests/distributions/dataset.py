"""A dataset's rows as its files have them, and the tables that it was made from."""
import datetime
import importlib.util
import json
import os
from operator import itemgetter

import msgpack
import zstandard

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TABLES = os.path.join(TOP, "engine", "tables")
DAY_MS = 86400000
EPOCH = datetime.date(1970, 1, 1)


def load_script(name):
    """One of scripts/*.py as a module."""
    spec = importlib.util.spec_from_file_location(name, os.path.join(TOP, "scripts", name + ".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Dataset:
    def __init__(self, path):
        self.path = path
        with open(os.path.join(path, "manifest.json"), encoding="utf-8") as file:
            spec = json.load(file)["spec"]
        self.counts = spec["counts"]
        self.start, self.end = ((datetime.date.fromisoformat(spec[key]) - EPOCH).days for key in ("start", "end"))

    def rows(self, kind, *fields):
        """Tuples of the fields, row by row; of one field, its values."""
        with open(os.path.join(self.path, kind + ".msgpack.zst"), "rb") as file:
            stream = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
            unpacker = msgpack.Unpacker(stream, max_buffer_size=1 << 30)
            names = [field["name"] for field in next(unpacker)["fields"]]
            yield from map(itemgetter(*map(names.index, fields)), unpacker)

    def ledger_cells(self):
        """The number of cells of accounts and transactions (docs/model.md, 3 and 15)."""
        quotas = {"persons": 512, "companies": 102, "accounts": 1024, "transactions": 65536, "communications": 8192}
        cells = max(-(-self.counts[kind] // quota) for kind, quota in quotas.items())
        own = max(-(-self.counts[kind] // quotas[kind]) for kind in ("accounts", "transactions"))
        return cells if self.counts["accounts"] // 8 >= cells else own


# ---- tables ---------------------------------------------------------------------------------------------------

def read_table(path):
    """Rows as {column: text}; integers where the column says so."""
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    names = [name.split(":")[0] for name in lines[0]]
    whole = [name.endswith(":int") for name in lines[0]]
    return [{n: int(c) if w else c for n, w, c in zip(names, whole, cells)} for cells in lines[1:]]


class Locale:
    """Facts and tables of a locale; what it lacks is its language's."""

    def __init__(self, name):
        self.name, self.kept = name, {}
        self.facts = {row["key"]: row["value"] for row in self.table("locale")}
        self.words = {row["key"]: row["value"] for row in self.table("language")}
        self.country, self.language = self.facts["country"], self.facts["language"]
        self.income, self.price_level = int(self.facts["income"]), int(self.facts["price_level"])
        clocks = {(row["utc_minutes"], row["dst"]) for row in self.table("cities")}
        self.clock = clocks.pop() if len(clocks) == 1 else None  # of countries in one zone

    def table(self, which):
        if which not in self.kept:
            own = os.path.join(TABLES, self.name, which + ".tsv")
            of_language = os.path.join(TABLES, self.name[:2], which + ".tsv")
            self.kept[which] = read_table(own if os.path.exists(own) else of_language)
        return self.kept[which]

    def weights(self, which, key):
        """{key: share} of a table with weights."""
        total = sum(row["weight"] for row in self.table(which))
        return {row[key]: row["weight"] / total for row in self.table(which)}


def shared(which):
    return read_table(os.path.join(TABLES, "shared", which + ".tsv"))


def read_locales():
    """{country: Locale}: no country has two."""
    return {locale.country: locale for locale in
            (Locale(name) for name in sorted(os.listdir(TABLES)) if len(name) == 5 and name[2] == "_")}


# ---- clocks ---------------------------------------------------------------------------------------------------

def nth_sunday(year, month, nth):
    """Counted from 1; 5: the last."""
    if nth == 5:
        last = datetime.date(year + month // 12, month % 12 + 1, 1) - datetime.timedelta(1)
        return (last - EPOCH).days - (last.weekday() + 1) % 7
    first = datetime.date(year, month, 1)
    return (first - EPOCH).days + 6 - first.weekday() + (nth - 1) * 7


def is_summer(rule, days):
    year = (EPOCH + datetime.timedelta(days)).year
    if rule == "us":
        return nth_sunday(year, 3, 2) <= days < nth_sunday(year, 11, 1)
    if rule == "eu":
        return nth_sunday(year, 3, 5) <= days < nth_sunday(year, 10, 5)
    if rule == "au":
        return not nth_sunday(year, 4, 1) <= days < nth_sunday(year, 10, 1)
    return False


class Clock:
    """Milliseconds of UTC as milliseconds of local time."""

    def __init__(self, standard_minutes, rule, start, end):
        self.start = start - 2
        self.offsets = [(standard_minutes + 60 * is_summer(rule, day)) * 60000 for day in range(start - 2, end + 2)]

    def local(self, ms):
        return ms + self.offsets[ms // DAY_MS - self.start]


def clocks(locales, dataset):
    return {country: Clock(*locale.clock, dataset.start, dataset.end)
            for country, locale in locales.items() if locale.clock is not None}
