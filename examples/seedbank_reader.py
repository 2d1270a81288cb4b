#!/usr/bin/env python3
"""Reads seedbank datasets and checks them, without any code of the generator.

Written against docs/format.md alone; needs Python 3.11, msgpack and zstandard, and xxhash for the digests of
the manifest (without it they are left out, and the report says so).

    seedbank_reader.py check DIR [--json]        everything an auditor would look at; exit 1 on a finding
    seedbank_reader.py head PATH [KIND] [-n 5]   rows as JSON, times and money readable (--raw: as stored)
    seedbank_reader.py stats DIR [--json]        degrees, hubs, components, types, currencies

As a library:

    with Dataset("out") as data:
        accounts = data["accounts"]              # also DataFile("out/accounts.msgpack.zst")
        accounts[17]                             # one row as a dict, found through the seek table
        for row in accounts.rows(nice=True):     # datetimes, dates, Decimals
            print(row["iban"], row["closing_balance"])
"""

from __future__ import annotations

import argparse
import bisect
import datetime
import decimal
import gc
import hashlib
import itertools
import json
import math
import operator
import re
import struct
import sys
import time
import unicodedata
from array import array
from collections import Counter
from pathlib import Path

import msgpack
import zstandard

try:
    import xxhash
except ImportError:  # only the digests of the manifest need it
    xxhash = None

FORMAT_VERSION = 1
FRAME_RAW_BYTES = 1 << 20
INDEX_MAGIC = 0x184D2A5D
TABLE_MAGIC = 0x184D2A5E
FOOTER_MAGIC = 0x8F92EAB1
EMPTY_CHECKSUM = 0x51D8E999  # low half of the XXH64 of nothing
DAY_MS = 86_400_000
RATE_ONE = 10**9

# ISO 4217: all others have two decimals.
DECIMALS = dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0)
DECIMALS.update(dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3))


class Damaged(Exception):
    """A file that is not ours, is cut short, or contradicts itself."""


# ---- reading -------------------------------------------------------------------------------------


class DataFile:
    """One data file. Frames are numbered from 0 without the header frame."""

    def __init__(self, path):
        self.path = Path(path)
        self._zstd = zstandard.ZstdDecompressor()
        self._cached = (-1, None)
        self._file = open(self.path, "rb")
        try:
            self._read_table()
            self._read_header()
            self._read_index()
        except BaseException:
            self._file.close()
            raise

    def close(self):
        self._file.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def _fail(self, offset, message):
        raise Damaged(f"{self.path}: byte {offset}: {message}")

    def _bytes(self, offset, count):
        self._file.seek(offset)
        data = self._file.read(count)
        if len(data) != count:
            self._fail(offset + len(data), "the file is cut short")
        return data

    def _read_table(self):
        """The seek table at the end: where every frame is."""
        size = self._file.seek(0, 2)
        self.size = size
        if size < 17:
            self._fail(size, "too short for a data file")
        count, descriptor, magic = struct.unpack("<IBI", self._bytes(size - 9, 9))
        if magic != FOOTER_MAGIC:
            self._fail(size - 4, f"no seek table ends here ({magic:#x})")
        if descriptor != 0x80:
            self._fail(size - 5, f"seek table descriptor {descriptor:#x} instead of 0x80")
        content = 12 * count + 9
        begin = size - content - 8
        if count < 2 or begin < 0:
            self._fail(size - 9, f"a seek table of {count} frames does not fit")
        if struct.unpack("<II", self._bytes(begin, 8)) != (TABLE_MAGIC, content):
            self._fail(begin, "the seek table does not begin where it should")
        entries = self._bytes(begin + 8, 12 * count)
        numbers = array("I")
        numbers.frombytes(entries)
        if sys.byteorder == "big":
            numbers.byteswap()
        packed, self.raw_bytes, self.checksums = numbers[0::3], numbers[1::3], numbers[2::3]
        self.packed_bytes = packed
        self.offsets = array("Q", itertools.accumulate(packed, initial=0))
        if self.offsets[-1] != begin:
            self._fail(begin, f"the frames of the seek table sum to {self.offsets[-1]} bytes")

    def _unpack_frame(self, nth):
        """Frame `nth` of the seek table, the header being 0."""
        offset, raw_bytes = self.offsets[nth], self.raw_bytes[nth]
        packed = self._bytes(offset, self.packed_bytes[nth])
        try:
            said = zstandard.get_frame_parameters(packed)
            if said.content_size != raw_bytes or not said.has_checksum:
                self._fail(offset, "a frame without checksum, or of another size than the seek table says")
            raw = self._zstd.decompress(packed, max_output_size=raw_bytes, allow_extra_data=False)
        except zstandard.ZstdError as error:
            self._fail(offset, f"frame {nth - 1}: {error}" if nth else f"header frame: {error}")
        if packed[-4:] != struct.pack("<I", self.checksums[nth]):
            self._fail(offset, "the frame's checksum is not that of the seek table")
        return packed, raw

    def _read_header(self):
        self.header_frame, raw = self._unpack_frame(0)
        try:
            header = msgpack.unpackb(raw)
            known = header["format"] == "seedbank"
        except (ValueError, TypeError, KeyError, msgpack.UnpackException):
            known = False
        if not known:
            self._fail(0, "the first frame is no seedbank header")
        missing = {"format_version", "content_version", "kind", "dataset", "spec", "rows", "fields"} - set(header)
        if missing:
            self._fail(0, f"the header has no {', '.join(sorted(missing))}")
        if header["format_version"] != FORMAT_VERSION:
            self._fail(0, f"format_version {header['format_version']}; this reader knows {FORMAT_VERSION}")
        self.header = header
        self.kind, self.fields = header["kind"], header["fields"]
        self.names = [field["name"] for field in self.fields]

    def _read_index(self):
        offset, size = self.offsets[-2], self.packed_bytes[-1]
        data = self._bytes(offset, size)
        if size < 8 or struct.unpack("<II", data[:8]) != (INDEX_MAGIC, size - 8):
            self._fail(offset, "no row index before the seek table")
        if self.raw_bytes[-1] != 0 or self.checksums[-1] != EMPTY_CHECKSUM:
            self._fail(offset, "the seek table's entry of the row index is not that of an empty frame")
        try:
            index = msgpack.unpackb(data[8:])
            if index["format"] != "seedbank-index":
                raise KeyError
            self.first_row, self.row_count = index["first_row"], index["rows"]
            self.frame_rows = array("Q", index["frames"])
        except (ValueError, TypeError, KeyError, OverflowError, msgpack.UnpackException):
            self._fail(offset, "the row index is none")
        firsts = [*self.frame_rows, self.first_row + self.row_count]
        if len(self.frame_rows) != len(self.packed_bytes) - 2 or firsts[0] != self.first_row:
            self._fail(offset, "row index and seek table disagree")
        if any(map(operator.ge, firsts, firsts[1:])):
            self._fail(offset, "the rows of the row index do not rise")

    @property
    def frame_count(self):
        return len(self.frame_rows)

    def frame(self, nth):
        """(packed bytes, raw bytes, rows as tuples) of one data frame."""
        packed, raw = self._unpack_frame(nth + 1)
        unpacker = msgpack.Unpacker(use_list=False, strict_map_key=False, max_buffer_size=len(raw) + 1)
        unpacker.feed(raw)
        try:
            rows = list(unpacker)
        except (ValueError, msgpack.UnpackException) as error:
            self._fail(self.offsets[nth + 1], f"frame {nth}: no MessagePack: {error or type(error).__name__}")
        end = self.frame_rows[nth + 1] if nth + 1 < self.frame_count else self.first_row + self.row_count
        if len(rows) != end - self.frame_rows[nth] or unpacker.tell() != len(raw):
            self._fail(
                self.offsets[nth + 1],
                f"frame {nth} has {len(rows)} whole rows, {end - self.frame_rows[nth]} by the row index",
            )
        return packed, raw, rows

    def __len__(self):
        return self.row_count

    def tuples(self, start=None, stop=None):
        """Rows start .. stop-1 (numbered within the dataset's kind) as they are stored."""
        end = self.first_row + self.row_count
        start = self.first_row if start is None else max(start, self.first_row)
        stop = end if stop is None else min(stop, end)
        if start >= stop:
            return
        nth = bisect.bisect_right(self.frame_rows, start) - 1
        while nth < self.frame_count and self.frame_rows[nth] < stop:
            first = self.frame_rows[nth]
            if self._cached[0] != nth:
                self._cached = (nth, self.frame(nth)[2])
            yield from self._cached[1][max(start - first, 0) : stop - first]
            nth += 1

    def rows(self, start=None, stop=None, nice=False):
        return map(dict_maker(self.fields, "nice" if nice else "raw"), self.tuples(start, stop))

    def __iter__(self):
        return self.rows()

    def __getitem__(self, row):
        return table_item(self, row)


class Table:
    """All rows of a kind: one file, or several parts."""

    def __init__(self, files):
        self.files = files
        self.kind, self.fields, self.names = files[0].kind, files[0].fields, files[0].names
        self.header = files[0].header

    def __len__(self):
        return sum(map(len, self.files))

    def tuples(self, start=None, stop=None):
        return itertools.chain.from_iterable(part.tuples(start, stop) for part in self.files)

    def rows(self, start=None, stop=None, nice=False):
        return map(dict_maker(self.fields, "nice" if nice else "raw"), self.tuples(start, stop))

    def __iter__(self):
        return self.rows()

    def __getitem__(self, row):
        return table_item(self, row)


def table_item(table, row):
    for found in table.rows(row, row + 1):
        return found
    raise IndexError(f"no row {row}")


class Dataset:
    """A directory. Files are opened when first asked for."""

    def __init__(self, path):
        self.path = Path(path)
        manifest = self.path / "manifest.json"
        try:
            self.manifest = json.loads(manifest.read_text("utf-8"))
        except FileNotFoundError:
            raise Damaged(f"{manifest}: missing, so this is no finished dataset") from None
        except ValueError as error:
            raise Damaged(f"{manifest}: {error}") from None
        if not isinstance(self.manifest, dict) or self.manifest.get("format") != "seedbank-manifest":
            raise Damaged(f"{manifest}: no seedbank manifest")
        self.spec = self.manifest["spec"]
        self.kinds = list(self.manifest["kinds"])
        self._tables = {}

    def __getitem__(self, kind):
        if kind not in self._tables:
            names = self.manifest["kinds"][kind]["files"]
            self._tables[kind] = Table([DataFile(self.path / name) for name in names])
        return self._tables[kind]

    def close(self):
        for table in self._tables.values():
            for part in table.files:
                part.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def shards(self):
        """The shards of the manifest, wherever they are listed."""
        if "shards_file" not in self.manifest:
            yield from self.manifest["shards"]
            return
        with open(self.path / self.manifest["shards_file"], "rb") as source:
            yield from msgpack.Unpacker(source)


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
EPOCH_DAY = datetime.date(1970, 1, 1)


def nice_time(ms):
    return EPOCH + datetime.timedelta(milliseconds=ms)


def nice_date(days):
    return EPOCH_DAY + datetime.timedelta(days=days)


def text_time(ms):
    return nice_time(ms).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def money(minor, currency):
    return decimal.Decimal(minor).scaleb(-DECIMALS.get(currency, 2))


def value_maker(field, kind, style):
    """What makes of a stored value what people want to see; None: nothing to do."""
    if kind == "array":
        item = value_maker(field, field["items"], style)
        return (lambda values: list(map(item, values))) if item else list
    if kind == "record":
        return dict_maker(field["fields"], style)
    if style == "raw":
        return None
    logical, scale = field.get("logical"), field.get("scale")
    if logical == "timestamp-ms":
        return nice_time if style == "nice" else text_time
    if logical == "date-days":
        return nice_date if style == "nice" else lambda days: nice_date(days).isoformat()
    if scale:
        return (lambda n: decimal.Decimal(n).scaleb(-scale)) if style == "nice" else lambda n: n / 10**scale
    return None


def dict_maker(fields, style):
    """A function from a row's tuple to a dict. Styles: raw, nice (Python's types), text (for JSON)."""
    names = [field["name"] for field in fields]
    steps = []
    for at, field in enumerate(fields):
        if field.get("logical") == "money" and style != "raw":
            steps.append((field["name"], field["scale_by"], None))
        else:
            step = value_maker(field, field["type"], style)
            if step:
                steps.append((field["name"], None, step))

    def make(values):
        row = dict(zip(names, values, strict=True))
        for name, currency, step in steps:
            value = row[name]
            if value is None:
                continue
            if currency is None:
                row[name] = step(value)
            elif isinstance(value, int):
                amount = money(value, row[currency])
                row[name] = amount if style == "nice" else format(amount, "f")
        return row

    return make


# ---- findings ------------------------------------------------------------------------------------


class Report:
    def __init__(self, shown=20):
        self.problems, self.count, self.shown = [], 0, shown
        self.notes, self.rows, self.facts = [], {}, {}
        self.broken = set()  # kinds whose rows cannot be interpreted
        self._seen = Counter()

    def add(self, kind, row, field, message):
        """At most a few of one sort are kept, so that one fault does not hide the others."""
        self.count += 1
        sort = (kind, field, re.sub(r"['\"].*['\"]|[-+0-9.]+", "", message))
        self._seen[sort] += 1
        if self._seen[sort] <= 3 and len(self.problems) < self.shown:
            self.problems.append({"kind": kind, "row": row, "field": field, "message": message})

    def note(self, text):
        self.notes.append(text)

    @property
    def ok(self):
        return self.count == 0


def problem_text(problem):
    where = problem["kind"] or "dataset"
    where += f" row {problem['row']}" if problem["row"] is not None else ""
    where += f" {problem['field']}" if problem["field"] else ""
    return f"{where}: {problem['message']}"


# ---- texts that check themselves -----------------------------------------------------------------

LETTERS = str.maketrans({chr(65 + i): str(10 + i) for i in range(26)})
IBAN_LENGTHS = dict(
    AD=24, AE=23, AL=28, AT=20, AZ=28, BA=20, BE=16, BG=22, BH=22, BR=29, CH=21, CR=22, CY=28, CZ=24, DE=22,
    DK=18, DO=28, EE=20, EG=29, ES=24, FI=18, FR=27, GB=22, GE=22, GI=23, GR=27, HR=21, HU=28, IE=22, IL=23,
    IS=26, IT=27, JO=30, KW=30, KZ=20, LB=28, LI=21, LT=20, LU=20, LV=21, MC=27, MD=24, ME=22, MK=19, MT=31,
    NL=18, NO=15, PK=24, PL=28, PT=25, QA=29, RO=24, RS=22, SA=24, SE=24, SI=19, SK=24, SM=27, TN=24, TR=26,
    UA=29, VA=22,
)  # fmt: skip


def is_iban(text):
    return (
        re.fullmatch("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", text) is not None
        and IBAN_LENGTHS.get(text[:2], len(text)) == len(text)
        and int((text[4:] + text[:4]).translate(LETTERS)) % 97 == 1
    )


def is_lei(text):
    return re.fullmatch("[A-Z0-9]{18}[0-9]{2}", text) is not None and int(text.translate(LETTERS)) % 97 == 1


def is_pan(text):
    """ISO/IEC 7812: twice each second digit from the right, and the digits of all that sum to tens."""
    if re.fullmatch("[0-9]{12,19}", text) is None:
        return False
    digits = [int(digit) for digit in reversed(text)]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


LATIN = dict.fromkeys("ªº", True)


def is_latin(text):
    """Whether all letters are Latin ones."""
    for letter in set(text) - LATIN.keys():
        LATIN[letter] = not letter.isalpha() or unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER"))
    return all(map(LATIN.__getitem__, text))


def matcher(pattern):
    return re.compile(pattern).fullmatch


TEXT_CHECKS = {
    "iban": is_iban,
    "lei": is_lei,
    "country": matcher("[A-Z]{2}"),
    "currency": matcher("[A-Z]{3}"),
    "language": matcher("[a-z]{2}"),
    "bic": matcher("[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?"),
    "email": matcher(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+"),
    "phone": matcher(r"\+[1-9][0-9]{6,14}"),
}

# ---- rows against the header's fields ------------------------------------------------------------

STORED = {"int": int, "str": str, "bool": bool, "bin": bytes, "array": tuple, "record": tuple}
FIRST_DAY, LAST_DAY = -719528, 2932896  # 0000-01-01 and 9999-12-31


class FieldCheck:
    """Checks a column of values, the rows of a frame at once: sets of types cost a fraction of a loop."""

    def __init__(self, checker, field, path, as_item=False):
        self.checker, self.field = checker, field
        self.path = path + field["name"] if not as_item else path
        self.type = field["items"] if as_item else field["type"]
        self.nullable = bool(field.get("nullable")) and not as_item
        self.allowed = {STORED[self.type]} | ({type(None)} if self.nullable else set())
        self.values = frozenset(field["values"]) if "values" in field and self.type == "str" else None
        self.is_text = TEXT_CHECKS.get(field.get("logical")) if self.type == "str" else None
        self.item = FieldCheck(checker, field, self.path + "[]", True) if self.type == "array" else None
        self.record = RecordCheck(checker, field["fields"], self.path + ".") if self.type == "record" else None
        self.range = None
        if self.type == "int" and field.get("logical") == "timestamp-ms":
            self.range = (FIRST_DAY * DAY_MS, LAST_DAY * DAY_MS + DAY_MS - 1)
        elif self.type == "int" and field.get("logical") == "date-days":
            self.range = (FIRST_DAY, LAST_DAY)
        target = field.get("references") if self.type == "int" else None
        self.target = target.split(".")[0] if target else None

    def bad(self, rows, column, is_bad, message):
        for row, value in zip(rows, column):
            if is_bad(value):
                self.checker.problem(row, self.path, message(value))

    def check(self, column, rows):
        """False when the values are not even of their type."""
        types = set(map(type, column))
        if not types <= self.allowed:
            names = {type(None): "nil", tuple: "array"}
            self.bad(
                rows,
                column,
                lambda value: type(value) not in self.allowed,
                lambda value: f"{names.get(type(value), type(value).__name__)} where {self.type} should stand",
            )
            return False
        if type(None) in types:
            rows = [row for row, value in zip(rows, column) if value is not None]
            column = [value for value in column if value is not None]
        if not column:
            return True
        if self.values is not None and not set(column) <= self.values:
            self.bad(rows, column, lambda v: v not in self.values, lambda v: f"{v!r} is none of its values")
        if self.is_text is not None:
            wrong = {text for text in set(column) if not self.is_text(text)}
            if wrong:
                logical = self.field["logical"]
                self.bad(rows, column, lambda v: v in wrong, lambda v: f"{v!r} is no {logical}")
        if self.type == "int" and (min(column) < -(1 << 63) or max(column) >= 1 << 63):
            self.bad(rows, column, lambda v: not -(1 << 63) <= v < 1 << 63, lambda v: f"{v} needs more than 64 bits")
            return False
        if self.range is not None and not (self.range[0] <= min(column) and max(column) <= self.range[1]):
            low, high = self.range
            self.bad(rows, column, lambda v: not low <= v <= high, lambda v: f"{v} is outside years 0000 to 9999")
        if self.target is not None:
            self.checker.reference(self, column, rows)
        if self.item is not None:
            inner = list(itertools.chain.from_iterable(column))
            owners = list(itertools.chain.from_iterable(map(itertools.repeat, rows, map(len, column))))
            return self.item.check(inner, owners)
        if self.record is not None:
            return self.record.check(column, rows) is not None
        return True


class RecordCheck:
    def __init__(self, checker, fields, path=""):
        self.checker, self.path, self.count = checker, path, len(fields)
        names = {field["name"] for field in fields}
        numbers = Counter(field["number"] for field in fields)
        if len(names) != len(fields) or len(numbers) != len(fields):
            checker.problem(None, path, "the header lists a field's name or number twice")
        for field in fields:
            if field.get("logical") == "money" and field.get("scale_by") not in names:
                checker.problem(None, path + field["name"], "a money field without its currency")
        self.fields = [FieldCheck(checker, field, path) for field in fields]

    def check(self, records, rows):
        """The records' columns, or None when they have not the fields they should have."""
        if not records:
            return [()] * self.count
        if set(map(len, records)) != {self.count}:
            for row, record in zip(rows, records):
                if len(record) != self.count:
                    self.checker.problem(row, self.path, f"{len(record)} values for {self.count} fields")
            return None
        columns = list(zip(*records))
        good = [field.check(column, rows) for field, column in zip(self.fields, columns)]
        return columns if all(good) else None


class KindChecker:
    """What holds for any kind, known or not: types, references, order and uniqueness of ids."""

    def __init__(self, audit, table):
        self.audit, self.table, self.kind = audit, table, table.kind
        self.report = audit.report
        self.record = RecordCheck(self, table.fields)
        self.at = {name: position for position, name in enumerate(table.names)}

    def problem(self, row, field, message):
        self.report.add(self.kind, row, field, message)

    def reference(self, check, column, rows):
        target = check.target
        if target in DENSE:
            count = self.audit.counts.get(target, 0)
            if min(column) < 0 or max(column) >= count:
                check.bad(
                    rows, column, lambda v: not 0 <= v < count, lambda v: f"{v} is no id of {target} (0..{count - 1})"
                )
                self.report.broken.add(self.kind)
            return
        if self.kind == "entries" and target == "transactions" and self.audit.ledger:
            return  # compared line by line with the replay
        seen = self.audit.event_references.setdefault((self.kind, check.path, target), (array("q"), array("Q")))
        seen[0].extend(column)
        seen[1].extend(rows)


# ---- what only some kinds promise ----------------------------------------------------------------

DENSE = ("persons", "companies", "accounts", "devices", "relationships")
EVENTS = {"transactions": 17, "communications": 14, "logins": 17, "trades": 17, "trips": 17, "documents": 17}
# ... most bits that an id leaves to the index in its cell
NEVER = 1 << 40  # a day that never comes


class Auditor:
    """One kind's own rules. `frame` gets the columns of a frame, `finish` is called when all were seen."""

    uses = ()

    def __init__(self, audit, checker):
        self.audit, self.report, self.kind = audit, audit.report, checker.kind
        self.checker, self.at = checker, checker.at
        self.unique = {}

    def problem(self, row, field, message):
        self.report.add(self.kind, row, field, message)

    def inner(self, name, *parts):
        """Positions of fields inside the records of field `name`."""
        names = [field["name"] for field in self.checker.table.fields[self.at[name]]["fields"]]
        return [names.index(part) for part in parts]

    def check_unique(self, name, values, first):
        seen = self.unique.setdefault(name, set())
        before = len(seen)
        values = [value for value in values if value is not None] if None in values else values
        seen.update(values)
        if len(seen) != before + len(values):
            # Which of them is found by a second look at what this frame repeats.
            counts = Counter(values)
            for offset, value in enumerate(values):
                if counts[value] > 1:
                    self.problem(first + offset, name, f"{value!r} is not unique")
                    return
            self.problem(None, name, f"a value in rows {first}..{first + len(values) - 1} was there before")

    def check_together(self, first, field, values, other, due):
        """`values` are null exactly where `due` is false; `other` is the field that says so."""
        for row, (value, wanted) in enumerate(zip(values, due), first):
            if (value is not None) != wanted:
                self.problem(row, field, f"{'null' if wanted else 'there'}, against {other}")

    def check_sanctions(self, first, columns):
        for row, (listed, lists) in enumerate(zip(*(columns[self.at[n]] for n in SANCTIONS)), first):
            if listed != bool(lists) or len(set(lists)) != len(lists):
                self.problem(row, "is_sanctioned", f"{listed} with the lists {lists}")

    def check_latin(self, first, names, latin_names):
        """A name in Latin letters stands beside one that has others."""
        for row, (name, latin) in enumerate(zip(names, latin_names), first):
            if (latin is None) != is_latin(name) or (latin is not None and not is_latin(latin)):
                self.problem(row, "latin_name", f"{latin!r} beside {name!r}")

    def check_period(self, first, times):
        begin, end = self.audit.start_day * DAY_MS, self.audit.end_day * DAY_MS
        if min(times) < begin or max(times) >= end:
            for row, moment in enumerate(times, first):
                if not begin <= moment < end:
                    self.problem(row, "executed_at", f"{text_time(moment)} is outside the period")

    def check_scores(self, first, columns, names, least=0):
        for name in names:
            scores = columns[self.at[name]]
            if min(scores) < least or max(scores) > 10000:
                self.problem(first, name, f"beyond {least}..10000 in this frame")

    def check_review(self, first, columns):
        """For review is what scores above 0.6 or has more than two indicators."""
        for row, (score, found, flagged) in enumerate(
            zip(*(columns[self.at[name]] for name in ("risk_score", "indicators", "is_flagged"))), first
        ):
            if flagged != (score > 6000 or len(found) > 2):
                self.problem(row, "is_flagged", f"{flagged} with a score of {score} and {len(found)} indicators")
            if len(set(found)) != len(found):
                self.problem(row, "indicators", f"{found}: one of them twice")

    def frame(self, first, columns):
        pass

    def finish(self):
        pass


SANCTIONS = ("is_sanctioned", "sanction_lists")


class CompanyAuditor(Auditor):
    uses = (
        "legal_name", "registration_number", "lei", "employee_count", "parent_id", "owners", "registration_date",
        "email", "phone", "registration_country", "latin_name", "is_public", "ticker", "exchange", "market_cap",
        "operating_countries", "tax_havens", "officers", *SANCTIONS,
    )  # fmt: skip

    def __init__(self, *args):
        super().__init__(*args)
        self.person, self.company, self.share = self.inner("owners", "person_id", "company_id", "share_bp")
        self.officer, self.role = self.inner("officers", "person_id", "role")
        self.parents = array("q")

    def frame(self, first, columns):
        column = lambda name: columns[self.at[name]]
        for name in ("legal_name", "lei"):
            self.check_unique(name, column(name), first)
        self.check_unique(
            "registration_number", list(zip(column("registration_country"), column("registration_number"))), first
        )
        self.check_sanctions(first, columns)
        self.check_latin(first, column("legal_name"), column("latin_name"))
        for name in ("ticker", "exchange", "market_cap"):
            self.check_together(first, name, column(name), "is_public", column("is_public"))
        self.audit.tickers.extend(column("ticker"))
        for row, (home, places, havens, officers, owners) in enumerate(
            zip(*map(column, ("registration_country", "operating_countries", "tax_havens", "officers", "owners"))),
            first,
        ):
            if not places or places[0] != home or len(set(places)) != len(places):
                self.problem(row, "operating_countries", f"{places}: each once, and {home} first")
            if not set(havens) <= set(places):
                self.problem(row, "tax_havens", f"{havens} are not all among operating_countries")
            self.audit.officers.append({(officer[self.officer], officer[self.role]) for officer in officers})
            self.audit.owners.append(
                [(owner[self.person], owner[self.company], owner[self.share]) for owner in owners]
            )
        self.audit.company_names.extend(column("legal_name"))
        self.audit.company_begin.extend(column("registration_date"))
        if self.audit.counts.get("communications"):
            self.audit.company_contacts.extend(zip(column("email"), column("phone")))
        self.audit.employee_counts.extend(column("employee_count"))
        self.parents.extend([-1 if parent is None else parent for parent in column("parent_id")])
        if min(column("employee_count")) < 0:
            self.problem(first, "employee_count", "below zero in this frame")
        if max(column("registration_date")) >= self.audit.end_day:
            self.problem(first, "registration_date", "after the period in this frame")
        for row, owners in enumerate(column("owners"), first):
            shares = [owner[self.share] for owner in owners]
            if sum(shares) != 10000:
                self.problem(row, "owners", f"shares {shares} do not sum to 10000")
            elif min(shares) <= 0:
                self.problem(row, "owners", f"an owner without a share: {shares}")
            for owner in owners:
                if owner[self.person] is not None and owner[self.company] is not None:
                    self.problem(row, "owners", "an owner that is a person and a company")
                if owner[self.company] == row:
                    self.problem(row, "owners", "owns itself")

    def finish(self):
        state = bytearray(len(self.parents))  # 1: on the way, 2: known to end
        for start in range(len(self.parents)):
            way, at = [], start
            while at >= 0 and state[at] == 0:
                state[at] = 1
                way.append(at)
                at = self.parents[at]
            if at >= 0 and state[at] == 1:
                self.problem(at, "parent_id", "is its own ancestor")
            for company in way:
                state[company] = 2


class PersonAuditor(Auditor):
    uses = (
        "emails", "employment", "date_of_birth", "addresses", "phones", "languages", "first_name", "last_name",
        "latin_name", "documents", "is_pep", "pep_details", "online_activity_score", "annual_income", "net_worth",
        "nationality", "citizenship", *SANCTIONS,
    )  # fmt: skip

    def __init__(self, *args):
        super().__init__(*args)
        self.paper = self.inner("documents", "type", "number", "issuing_country", "issued", "expires")
        self.office = self.inner("pep_details", "since", "until")
        self.home = self.inner("addresses", "street", "city", "postal_code", "country")
        self.job = self.inner("employment", "employer_id", "employer_name", "start", "end")
        self.present = Counter()
        end = nice_date(self.audit.end_day)
        self.last_birth = self.years_before(end, 18)
        self.first_birth = self.years_before(end, 96) + 1

    @staticmethod
    def years_before(day, years):
        try:
            return (day.replace(year=day.year - years) - EPOCH_DAY).days
        except ValueError:  # 29 February
            return (day.replace(year=day.year - years, day=28) - EPOCH_DAY).days

    def frame(self, first, columns):
        column = lambda name: columns[self.at[name]]
        for name in ("emails", "addresses", "phones"):
            for row, values in enumerate(column(name), first):
                if not values:
                    self.problem(row, name, "none at all")
        self.check_unique("emails", [emails[0] for emails in column("emails") if emails], first)
        if self.audit.counts.get("communications"):
            self.audit.person_languages.extend(map(sys.intern, map(" ".join, column("languages"))))
            self.audit.person_contacts.extend(map(operator.add, column("emails"), column("phones")))
        births = column("date_of_birth")
        self.audit.births.extend(births)
        self.check_sanctions(first, columns)
        self.check_scores(first, columns, ("online_activity_score",))
        self.check_latin(
            first, map(operator.add, column("first_name"), column("last_name")), column("latin_name")
        )
        self.check_together(first, "pep_details", column("pep_details"), "is_pep", column("is_pep"))
        self.check_together(
            first, "net_worth", column("net_worth"), "annual_income", [n is not None for n in column("annual_income")]
        )
        self.check_papers(first, column("documents"), births)
        street, city, code, country = self.home
        for row, (homes, office, birth, nation, nations) in enumerate(
            zip(column("addresses"), column("pep_details"), births, column("nationality"), column("citizenship")),
            first,
        ):
            home = homes[0] if homes else (None,) * 16
            self.audit.homes.append(hash((home[street], home[city], home[code], home[country])))
            self.audit.home_places.append((sys.intern(home[country] or ""), home[city]))
            if not nations or nations[0] != nation or len(set(nations)) != len(nations):
                self.problem(row, "citizenship", f"{nations}: each once, and {nation} first")
            if office is not None:
                since, until = (office[at] for at in self.office)
                if since < birth + 25 * 365 or since >= self.audit.end_day:
                    self.problem(row, "pep_details", f"in office since {nice_date(since)}")
                if until is not None and not since <= until < self.audit.end_day:
                    self.problem(row, "pep_details", f"in office until {nice_date(until)}")
        if min(births) < self.first_birth or max(births) > self.last_birth:
            for row, birth in enumerate(births, first):
                if not self.first_birth <= birth <= self.last_birth:
                    self.problem(row, "date_of_birth", f"{nice_date(birth)}: not 18 to 95 years old at the end")
        employer_at, name_at, start_at, end_at = self.job
        present_jobs = self.audit.present_jobs
        names = self.audit.company_names
        for row, (jobs, birth) in enumerate(zip(column("employment"), births), first):
            current = 0
            for job in jobs:
                employer, start, end = job[employer_at], job[start_at], job[end_at]
                if end is None:
                    current += 1
                    if employer is not None:
                        self.present[employer] += 1
                        present_jobs[row] = employer
                if start >= self.audit.end_day or (end is not None and end >= self.audit.end_day):
                    self.problem(row, "employment", f"a job from {nice_date(start)} that starts or ends after the period")
                if start <= birth or (end is not None and end < start):
                    self.problem(row, "employment", "a job before birth, or that ends before it starts")
                if employer is not None and employer < len(names) and job[name_at] != names[employer]:
                    self.problem(
                        row, "employment.employer_name", f"{job[name_at]!r}; company {employer} is {names[employer]!r}"
                    )
            if current > 1:
                self.problem(row, "employment", f"{current} current jobs")
            starts = [job[start_at] for job in jobs]
            if starts != sorted(starts, reverse=True):
                self.problem(row, "employment", "jobs are not the latest first")

    def check_papers(self, first, column, births):
        """Valid at the end of the period; a passport's number is its country's once."""
        kind, number, country, issued, expires = self.paper
        end = self.audit.end_day
        passports = []
        for row, (papers, birth) in enumerate(zip(column, births), first):
            for paper in papers:
                if not birth < paper[issued] < end <= paper[expires]:
                    self.problem(
                        row,
                        "documents",
                        f"{paper[kind]} from {nice_date(paper[issued])} to {nice_date(paper[expires])} is not valid",
                    )
                if paper[kind] == "passport":
                    passports.append((paper[country], paper[number]))
                    if self.audit.counts.get("trips"):
                        self.audit.passports.add((row, paper[number]))
            if len({paper[kind] for paper in papers}) != len(papers):
                self.problem(row, "documents", "two papers of one kind")
        self.check_unique("documents", passports, first)

    def finish(self):
        counts = self.audit.employee_counts
        for employer, present in self.present.items():
            if employer < len(counts) and present > counts[employer]:
                self.report.add(
                    "companies", employer, "employee_count", f"{counts[employer]}, but {present} persons work there"
                )
        self.report.facts["present_employees"] = sum(self.present.values())


class AccountAuditor(Auditor):
    uses = (
        "account_number", "iban", "currency", "owner_person_id", "owner_company_id", "status", "opened", "closed",
        "overdraft_limit", "opening_balance", "closing_balance", "lowest_balance", "credit_total", "debit_total",
        "transaction_count", "is_dormant", "joint_owner_ids", "beneficial_owner_ids", "average_balance",
        "is_monitored", "monitoring_reason", "card",
    )  # fmt: skip
    kept = (*uses[8:15], "average_balance")

    def __init__(self, *args):
        super().__init__(*args)
        self.book = self.audit.book = Book()
        self.card = self.inner("card", "pan", "expiry")
        self.beneficial = {}

    def frame(self, first, columns):
        column = lambda name: columns[self.at[name]]
        audit, book = self.audit, self.book
        self.check_people(first, columns)
        self.check_cards(first, column("card"), column("closed"))
        self.check_together(
            first, "monitoring_reason", column("monitoring_reason"), "is_monitored", column("is_monitored")
        )
        audit.owner_person.extend([-1 if owner is None else owner for owner in column("owner_person_id")])
        audit.owner_company.extend([-1 if owner is None else owner for owner in column("owner_company_id")])
        self.check_unique("account_number", column("account_number"), first)
        self.check_unique("iban", column("iban"), first)
        code = book.code
        book.currency.extend([code(currency) for currency in column("currency")])
        book.opened.extend(column("opened"))
        book.closed.extend([NEVER if day is None else day for day in column("closed")])
        for name in self.kept:
            getattr(book, name).extend(column(name))
        births, registered = audit.births, audit.company_begin
        for row, (person, company, opened, closed, count, dormant, status, opening, limit) in enumerate(
            zip(
                column("owner_person_id"), column("owner_company_id"), column("opened"), column("closed"),
                column("transaction_count"), column("is_dormant"), column("status"), column("opening_balance"),
                column("overdraft_limit"),
            ),
            first,
        ):  # fmt: skip
            if (person is None) == (company is None):
                self.problem(row, "owner_person_id", "not exactly one owner")
            elif person is not None:
                if person < len(births) and opened <= births[person]:
                    self.problem(row, "opened", "before the owner was born")
            elif company < len(registered) and opened < registered[company]:
                self.problem(row, "opened", "before the owner was registered")
            if closed is not None and closed < opened:
                self.problem(row, "closed", "before it was opened")
            if opened >= audit.end_day or (closed is not None and closed >= audit.end_day):
                self.problem(row, "opened", "opened or closed after the period")
            frozen = status == "frozen"  # open, with a balance that nothing moves, and not dormant
            if dormant != (count == 0 and closed is None and not frozen):
                self.problem(row, "is_dormant", f"{dormant} with {count} completed rows")
            if frozen and (closed is not None or count):
                self.problem(row, "status", f"frozen, with {count} completed rows or closed")
            elif not frozen and status != ("closed" if closed is not None else "dormant" if dormant else "active"):
                self.problem(row, "status", f"{status!r} contradicts closed or is_dormant")
            if opened >= audit.start_day and opening != 0:
                self.problem(row, "opening_balance", f"{opening}, though opened inside the period")
            if limit < 0:
                self.problem(row, "overdraft_limit", f"{limit} is below zero")


    def check_people(self, first, columns):
        """Joint owners live with the owner; behind a company's account stand the people who own a quarter."""
        homes = self.audit.homes
        for row, (person, company, joint, behind) in enumerate(
            zip(*(columns[self.at[name]] for name in PEOPLE_OF_ACCOUNTS)), first
        ):
            if joint and (person is None or person in joint or len(set(joint)) != len(joint)):
                self.problem(row, "joint_owner_ids", f"{joint} beside the owner {person}")
            for other in joint:
                if person is not None and max(person, other) < len(homes) and homes[person] != homes[other]:
                    self.problem(row, "joint_owner_ids", f"person {other} does not live with person {person}")
            due = set() if company is None else self.people_behind(company)
            if set(behind) != due or len(behind) != len(due):
                self.problem(row, "beneficial_owner_ids", f"{behind}, but a quarter is owned by {sorted(due)}")

    def people_behind(self, company):
        """By own shares, and by shares of companies that own; in whole basis points at each step."""
        if company not in self.beneficial:
            found, part, at, owners = set(), 10000, company, self.audit.owners
            while part >= 2500 and at is not None and at < len(owners):
                above, part_above = None, 0
                for person, firm, share in owners[at]:
                    mine = part * share // 10000
                    if firm is not None:
                        above, part_above = firm, mine
                    elif person is not None and mine >= 2500:
                        found.add(person)
                at, part = above, part_above
            self.beneficial[company] = found
        return self.beneficial[company]

    def check_cards(self, first, cards, closed):
        pan, expiry = self.card
        self.check_unique("card", [card[pan] for card in cards if card is not None], first)
        for row, (card, day) in enumerate(zip(cards, closed), first):
            if card is None:
                continue
            if not is_pan(card[pan]):
                self.problem(row, "card.pan", f"{card[pan]!r} has another check digit")
            if day is not None or card[expiry] < self.audit.end_day or nice_date(card[expiry] + 1).day != 1:
                self.problem(row, "card.expiry", f"{nice_date(card[expiry])}, or a card of a closed account")


PEOPLE_OF_ACCOUNTS = ("owner_person_id", "owner_company_id", "joint_owner_ids", "beneficial_owner_ids")


class Book:
    """What the ledger needs of accounts and transactions, in columns."""

    def __init__(self):
        self.codes = {}
        self.currency = array("h")
        self.opened, self.closed = array("q"), array("q")
        for name in AccountAuditor.kept:
            setattr(self, name, array("q"))
        self.ids, self.times = array("q"), array("q")
        self.payer, self.payee = array("q"), array("q")
        self.amount, self.to_amount, self.fee = array("q"), array("q"), array("q")
        self.completed = bytearray()
        self.deposits, self.payouts = [], []

    def code(self, currency):
        return self.codes.setdefault(currency, len(self.codes))


class TransactionAuditor(Auditor):
    uses = (
        "id", "executed_at", "posted_at", "type", "status", "from_account_id", "to_account_id", "amount",
        "currency", "to_amount", "to_currency", "rate", "fee", "counterparty_id", "reference", "ip", "device_id",
        "alert_flags", "risk_score",
    )  # fmt: skip

    def __init__(self, *args):
        super().__init__(*args)
        self.book = self.audit.book
        count = len(self.book.currency)
        self.first_seen = [NEVER * DAY_MS] * count
        self.last_seen = [-NEVER * DAY_MS] * count
        self.inflow, self.outflow, self.fees = Counter(), Counter(), Counter()
        self.sold, self.bought = Counter(), Counter()

    def frame(self, first, columns):
        column = lambda name: columns[self.at[name]]
        book, problem = self.book, self.problem
        self.check_unique("reference", column("reference"), first)
        times, status = column("executed_at"), column("status")
        self.check_period(first, times)
        self.check_scores(first, columns, ("risk_score",))
        self.check_devices(first, columns)
        book.ids.extend(column("id"))
        book.times.extend(times)
        book.payer.extend([-1 if account is None else account for account in column("from_account_id")])
        book.payee.extend([-1 if account is None else account for account in column("to_account_id")])
        book.amount.extend(column("amount"))
        book.to_amount.extend(column("to_amount"))
        book.fee.extend(column("fee"))
        book.completed.extend([text == "completed" for text in status])
        currency_of, codes = book.currency, book.codes
        opened, closed = book.opened, book.closed
        first_seen, last_seen = self.first_seen, self.last_seen
        row = first - 1
        for payer, payee, moment, state, kind, amount, currency, to_amount, to_currency, rate, fee, posted, party in zip(
            column("from_account_id"), column("to_account_id"), times, status, column("type"), column("amount"),
            column("currency"), column("to_amount"), column("to_currency"), column("rate"), column("fee"),
            column("posted_at"), column("counterparty_id"),
        ):  # fmt: skip
            row += 1
            day = moment // DAY_MS
            if amount <= 0 or to_amount <= 0:
                problem(row, "amount" if amount <= 0 else "to_amount", "not above zero")
            if payer is None:
                if payee is None:
                    problem(row, "from_account_id", "both ends are outside")
                    continue
                if fee:
                    problem(row, "fee", f"{fee}, though the payer is outside")
                if currency != to_currency:
                    problem(row, "currency", f"{currency}, not the payee's {to_currency}")
            else:
                if codes.get(currency) != currency_of[payer]:
                    problem(row, "currency", f"{currency} is not the currency of account {payer}")
                if not opened[payer] <= day <= closed[payer]:
                    problem(row, "from_account_id", f"account {payer} is not open on that day")
                if moment < first_seen[payer]:
                    first_seen[payer] = moment
                if moment > last_seen[payer]:
                    last_seen[payer] = moment
                if payer == payee:
                    problem(row, "to_account_id", f"account {payer} pays itself")
            if payee is None:
                if currency != to_currency:
                    problem(row, "to_currency", f"{to_currency}, not the payer's {currency}")
            else:
                if codes.get(to_currency) != currency_of[payee]:
                    problem(row, "to_currency", f"{to_currency} is not the currency of account {payee}")
                if not opened[payee] <= day <= closed[payee]:
                    problem(row, "to_account_id", f"account {payee} is not open on that day")
                if moment < first_seen[payee]:
                    first_seen[payee] = moment
                if moment > last_seen[payee]:
                    last_seen[payee] = moment
            if rate is None:
                if currency != to_currency or amount != to_amount:
                    problem(row, "rate", "null, though currencies or amounts differ")
            elif currency == to_currency:
                problem(row, "rate", f"{rate}, though both currencies are {currency}")
            elif rate <= 0 or to_amount != (amount * rate + RATE_ONE // 2) // RATE_ONE:
                problem(row, "to_amount", f"{to_amount} is not {amount} at rate {rate}")
            if fee < 0:
                problem(row, "fee", f"{fee} is below zero")
            if (party is None) == (payer is None or payee is None):
                problem(row, "counterparty_id", "set, or null, against the ends being inside")
            if posted is None:
                if state == "completed" or state == "reversed":
                    problem(row, "posted_at", f"null, though {state}")
            elif posted < moment or (state != "completed" and state != "reversed"):
                problem(row, "posted_at", f"before executed_at, or though {state}")
            if kind == "initial_deposit":
                book.deposits.append(row)
            elif kind == "payout":
                book.payouts.append(row)
            if state != "completed":
                if fee:
                    problem(row, "fee", f"{fee} on a row that is {state}")
                continue
            if payer is None:
                self.inflow[currency] += to_amount
            else:
                if payee is None:
                    self.outflow[currency] += amount
                elif rate is not None:
                    self.sold[currency] += amount
                    self.bought[to_currency] += to_amount
                if fee:
                    self.fees[currency] += fee

    def check_devices(self, first, columns):
        """A payment is ordered from a device of the person who pays."""
        audit = self.audit
        for row, (payer, address, device, flags) in enumerate(
            zip(*(columns[self.at[name]] for name in ("from_account_id", "ip", "device_id", "alert_flags"))), first
        ):
            if len(set(flags)) != len(flags):
                self.problem(row, "alert_flags", f"{flags}: one of them twice")
            if device is None:
                continue
            if payer is None or address is None:
                self.problem(row, "device_id", "there, though ordered by nobody inside, or not online")
            elif device < len(audit.device_owner) and audit.device_owner[device] != audit.owner_person[payer]:
                self.problem(row, "device_id", f"device {device} is not that of the owner of account {payer}")

    def finish(self):
        if "transactions" in self.report.broken or "accounts" in self.report.broken:
            self.report.note("rows of accounts or transactions cannot be read: the ledger was not replayed")
            return
        self.check_lives()
        self.replay()
        self.check_accounts()
        self.check_sums()

    def check_lives(self):
        """An account opened inside the period begins with its initial deposit, one closed inside it ends
        with its payout; nobody else has such rows."""
        book, audit = self.book, self.audit
        for rows, side, other, name in (
            (book.deposits, book.payee, book.payer, "initial_deposit"),
            (book.payouts, book.payer, book.payee, "payout"),
        ):
            deposit = name == "initial_deposit"
            days = book.opened if deposit else book.closed
            due = {a for a, day in enumerate(days) if audit.start_day <= day < audit.end_day}
            for row in rows:
                account = side[row]
                if account < 0 or other[row] >= 0 or not book.completed[row]:
                    self.problem(row, "type", f"{name} must be completed and lead across the border")
                    continue
                if account not in due or book.times[row] // DAY_MS != days[account]:
                    self.problem(row, "type", f"{name} of account {account}, which has none due on that day")
                due.discard(account)
                if deposit and self.first_seen[account] != book.times[row]:
                    self.problem(row, "executed_at", f"account {account} has rows before its initial deposit")
                if not deposit and self.last_seen[account] != book.times[row]:
                    self.problem(row, "executed_at", f"account {account} has rows after its payout")
                if not deposit and book.closing_balance[account] != 0:
                    self.report.add("accounts", account, "closing_balance", "not 0 though closed")
            for account in sorted(due):
                if deposit or audit.transactions_due:
                    self.report.add("accounts", account, "opened" if deposit else "closed", f"has no {name}")

    def replay(self):
        """All completed rows in canonical order. Within a file cells are in order and ids carry the cell,
        so among rows of one moment the order of the file is that of ids."""
        book = self.book
        if self.audit.in_order.get("transactions"):
            order = sorted(range(len(book.times)), key=book.times.__getitem__)
        else:
            times, ids = book.times, book.ids
            order = sorted(range(len(times)), key=lambda row: (times[row], ids[row]))
        count = len(book.currency)
        balance = book.opening_balance.tolist()
        lowest = list(balance)
        credit, debit, rows_of = [0] * count, [0] * count, [0] * count
        area = [0] * count  # what was booked, times the whole seconds that it counted for
        end, times = self.audit.end_day * DAY_MS, book.times
        lines = self.audit.lines = [[] for _ in range(count)] if self.audit.entries_due else None
        payers, payees, amounts, to_amounts, fees = book.payer, book.payee, book.amount, book.to_amount, book.fee
        completed = book.completed
        for row in order:
            if not completed[row]:
                continue
            seconds = (end - times[row]) // 1000
            payer = payers[row]
            if payer >= 0:
                fee = fees[row]
                paid = amounts[row] + fee
                left = balance[payer] = balance[payer] - paid
                if left < lowest[payer]:
                    lowest[payer] = left
                debit[payer] += paid
                area[payer] -= paid * seconds
                rows_of[payer] += 1
                if lines is not None:
                    lines[payer].append(row * 4)
                    if fee:
                        lines[payer].append(row * 4 + 1)
            payee = payees[row]
            if payee >= 0:
                got = to_amounts[row]
                balance[payee] += got
                credit[payee] += got
                area[payee] += got * seconds
                rows_of[payee] += 1
                if lines is not None:
                    lines[payee].append(row * 4 + 2)
        self.replayed = {
            "closing_balance": balance,
            "lowest_balance": lowest,
            "credit_total": credit,
            "debit_total": debit,
            "transaction_count": rows_of,
            "average_balance": list(map(self.average, book.opening_balance, area)),
        }

    def average(self, opening, area):
        """By time, over the whole period; rounded towards zero."""
        seconds = (self.audit.end_day - self.audit.start_day) * DAY_MS // 1000
        return opening + (area // seconds if area >= 0 else -(-area // seconds))

    def check_accounts(self):
        book, report = self.book, self.report
        for name, values in self.replayed.items():
            stored = getattr(book, name).tolist()
            if stored != values:
                for account, (said, found) in enumerate(zip(stored, values)):
                    if said != found:
                        report.add("accounts", account, name, f"{said}, but the replay gives {found}")
        for account, (opening, credit, debit, closing, low, limit) in enumerate(
            zip(
                book.opening_balance, book.credit_total, book.debit_total, book.closing_balance,
                book.lowest_balance, book.overdraft_limit,
            )
        ):  # fmt: skip
            if opening + credit - debit != closing:
                report.add("accounts", account, "closing_balance", f"{opening} + {credit} - {debit} is not {closing}")
            if low < -limit:
                report.add("accounts", account, "lowest_balance", f"{low} is below the limit of {-limit}")

    def check_sums(self):
        """What all accounts of a currency gained is what crossed the border or was exchanged."""
        book, report = self.book, self.report
        gained = Counter()
        names = list(book.codes)
        for code, opening, closing in zip(book.currency, book.opening_balance, book.closing_balance):
            gained[code] += closing - opening
        facts = report.facts["currencies"] = {}
        for code, name in enumerate(names):
            fact = {
                "gained": gained[code],
                "from_outside": self.inflow[name],
                "to_outside": self.outflow[name],
                "fees": self.fees[name],
                "sold": self.sold[name],
                "bought": self.bought[name],
            }
            flows = fact["from_outside"] - fact["to_outside"] - fact["fees"] - fact["sold"] + fact["bought"]
            facts[name] = fact
            if flows != fact["gained"]:
                report.add("accounts", None, "closing_balance", f"{name}: gained {fact['gained']}, flows say {flows}")
        report.facts["moved"] = sum(book.completed)


class EntryAuditor(Auditor):
    uses = ("account_id", "transaction_id", "executed_at", "line", "amount", "currency", "balance_after")

    def __init__(self, *args):
        super().__init__(*args)
        self.lines = self.audit.lines
        if self.lines is None:
            return
        book = self.audit.book
        self.next = [0] * len(self.lines)
        self.balance = book.opening_balance.tolist()
        self.names = {code: name for name, code in book.codes.items()}
        self.wrong = set()  # accounts whose statement went wrong once: what follows would only repeat it
        self.before = (-1, -1)
        self.run_low, self.run_high, self.done_high = NEVER, -1, -1

    def frame(self, first, columns):
        if self.lines is None:
            return
        book, lines, nexts, balances, wrong = self.audit.book, self.lines, self.next, self.balance, self.wrong
        ids, times, amounts, to_amounts, fees = book.ids, book.times, book.amount, book.to_amount, book.fee
        codes, names = book.currency, self.names
        before, run_low, run_high = self.before, self.run_low, self.run_high
        row = first - 1
        for account, transaction, moment, line, amount, currency, after in zip(
            *(columns[self.at[name]] for name in self.uses)
        ):
            row += 1
            here = (moment, transaction)
            if here < before:  # another cell begins
                if run_low <= self.done_high:
                    self.problem(row, "account_id", "cells of accounts are not in order before this row")
                self.done_high, run_low, run_high = max(self.done_high, run_high), account, account
            elif account < run_low:
                run_low = account
            if account > run_high:
                run_high = account
            before = here
            nth = nexts[account]
            nexts[account] = nth + 1
            if account in wrong:
                continue
            if nth >= len(lines[account]):
                self.problem(row, "account_id", f"account {account} has only {nth} lines by the replay")
                wrong.add(account)
                continue
            code = lines[account][nth]
            booked, what = code >> 2, code & 3
            due = -amounts[booked] if what == 0 else -fees[booked] if what == 1 else to_amounts[booked]
            balance = balances[account] = balances[account] + due
            if (
                transaction != ids[booked]
                or moment != times[booked]
                or amount != due
                or after != balance
                or line != ("fee" if what == 1 else "principal")
                or currency != names[codes[account]]
            ):
                wrong.add(account)
                expected = (account, ids[booked], times[booked], "fee" if what == 1 else "principal", due,
                            names[codes[account]], balance)  # fmt: skip
                stored = (account, transaction, moment, line, amount, currency, after)
                field = next(name for name, a, b in zip(self.uses, expected, stored) if a != b)
                self.problem(row, field, f"{stored} where the replay gives {expected}")
        self.before, self.run_low, self.run_high = before, run_low, run_high

    def finish(self):
        if self.lines is None:
            self.report.note("without a replay the entries were not compared")
            return
        if self.run_low <= self.done_high:
            self.problem(None, "account_id", "cells of accounts are not in order at the end")
        for account, lines in enumerate(self.lines):
            if self.next[account] < len(lines):
                self.problem(None, "account_id", f"account {account}: {len(lines) - self.next[account]} lines missing")


class CommunicationAuditor(Auditor):
    uses = (
        "id", "executed_at", "sender", "recipients", "thread_id", "reply_to", "language", "transaction_id",
        "device_id", "sentiment_score", "risk_score", "is_flagged", "flag_reason", "ip",
    )  # fmt: skip

    def __init__(self, *args):
        super().__init__(*args)
        self.party = self.inner("sender", "person_id", "company_id", "address")
        self.messages = {}
        self.replies = []
        self.subjects = {}

    def frame(self, first, columns):
        column = lambda name: columns[self.at[name]]
        times = column("executed_at")
        self.check_period(first, times)
        self.check_scores(first, columns, ("risk_score",))
        self.check_scores(first, columns, ("sentiment_score",), -10000)
        self.check_together(first, "flag_reason", column("flag_reason"), "is_flagged", column("is_flagged"))
        self.check_payments(first, columns)
        person, company, address = self.party
        languages, persons = self.audit.person_languages, self.audit.person_contacts
        companies = self.audit.company_contacts
        for row, (ident, moment, sender, recipients, thread, answered, language) in enumerate(
            zip(
                column("id"), times, column("sender"), column("recipients"), column("thread_id"), column("reply_to"),
                column("language"),
            ),
            first,
        ):  # fmt: skip
            if not recipients:
                self.problem(row, "recipients", "none at all")
            for party in (sender, *recipients):
                who, firm = party[person], party[company]
                if who is not None and firm is not None:
                    self.problem(row, "sender", "a party that is a person and a company")
                elif who is not None and who < len(persons):
                    if party[address] not in persons[who]:
                        self.problem(row, "address", f"{party[address]!r} is not an address of person {who}")
                    if language not in languages[who]:
                        self.problem(row, "language", f"person {who} does not know {language!r}")
                elif firm is not None and firm < len(companies) and party[address] not in companies[firm]:
                    self.problem(row, "address", f"{party[address]!r} is not an address of company {firm}")
            if thread is not None:
                self.messages[ident] = (moment, thread)
            if answered is not None:
                self.replies.append((row, moment, thread, answered))

    def check_payments(self, first, columns):
        """A thread is about one payment, or none. A device is one of the person who sends."""
        owners, subjects = self.audit.device_owner, self.subjects
        for row, (thread, payment, device, sender) in enumerate(
            zip(*(columns[self.at[name]] for name in ("thread_id", "transaction_id", "device_id", "sender"))), first
        ):
            if thread is not None and subjects.setdefault(thread, payment) != payment:
                self.problem(row, "transaction_id", f"{payment}, but thread {thread} is about {subjects[thread]}")
            if device is not None and device < len(owners) and owners[device] != sender[self.party[0]]:
                self.problem(row, "device_id", f"device {device} is not the sender's")

    def finish(self):
        for row, moment, thread, answered in self.replies:
            found = self.messages.get(answered)
            if found is None or found[1] != thread:
                self.problem(row, "reply_to", f"{answered} is not in thread {thread}")
            elif found[0] >= moment:
                self.problem(row, "reply_to", f"answers {answered} before it was sent")


class DeviceAuditor(Auditor):
    uses = ("owner_person_id", "fingerprint", "registered")

    def frame(self, first, columns):
        column = lambda name: columns[self.at[name]]
        self.check_unique("fingerprint", column("fingerprint"), first)
        self.audit.device_owner.extend(column("owner_person_id"))
        if max(column("registered")) >= self.audit.end_day:
            self.problem(first, "registered", "after the period in this frame")


class EventAuditor(Auditor):
    """What logins and trades share: an account that is open on that day."""

    def check_open(self, first, columns):
        book = self.audit.book
        if book is None:
            return
        for row, (account, moment) in enumerate(
            zip(columns[self.at["account_id"]], columns[self.at["executed_at"]]), first
        ):
            if not book.opened[account] <= moment // DAY_MS <= book.closed[account]:
                self.problem(row, "account_id", f"account {account} is not open on that day")


class LoginAuditor(EventAuditor):
    uses = ("executed_at", "account_id", "person_id", "device_id", "outcome", "session_seconds", "risk_score")

    def frame(self, first, columns):
        column = lambda name: columns[self.at[name]]
        audit = self.audit
        self.check_period(first, column("executed_at"))
        self.check_scores(first, columns, ("risk_score",))
        self.check_open(first, columns)
        self.check_together(
            first, "session_seconds", column("session_seconds"), "outcome", [o == "success" for o in column("outcome")]
        )
        for row, (account, person, device) in enumerate(
            zip(column("account_id"), column("person_id"), column("device_id")), first
        ):
            if audit.book is not None and person is not None:
                owner, company = audit.owner_person[account], audit.owner_company[account]
                if owner >= 0 and person != owner:
                    self.problem(row, "person_id", f"person {person} does not own account {account}")
                if company >= 0 and all(person != officer for officer, _ in audit.officers[company]):
                    self.problem(row, "person_id", f"person {person} is no officer of company {company}")
            if device is not None and device < len(audit.device_owner) and audit.device_owner[device] != person:
                self.problem(row, "device_id", f"device {device} is not that of person {person}")


class TradeAuditor(EventAuditor):
    uses = (
        "executed_at", "settlement_date", "account_id", "person_id", "company_id", "asset_type", "symbol", "issuer_id",
        "quantity", "price", "amount", "commission", "risk_score", "indicators", "is_flagged",
    )  # fmt: skip

    def frame(self, first, columns):
        audit = self.audit
        self.check_period(first, columns[self.at["executed_at"]])
        self.check_scores(first, columns, ("risk_score",))
        self.check_open(first, columns)
        self.check_review(first, columns)
        row = first - 1
        for moment, settled, account, person, company, asset, symbol, issuer, quantity, price, amount, commission in zip(
            *(columns[self.at[name]] for name in self.uses[:12])
        ):
            row += 1
            if (person is None) == (company is None):
                self.problem(row, "person_id", "not exactly one trader")
            elif audit.book is not None and (audit.owner_person[account], audit.owner_company[account]) != (
                -1 if person is None else person, -1 if company is None else company
            ):  # fmt: skip
                self.problem(row, "account_id", f"the trader does not own account {account}")
            if settled <= moment // DAY_MS:
                self.problem(row, "settlement_date", f"{nice_date(settled)}: not after the trade")
            if quantity <= 0 or price <= 0 or commission < 0:
                self.problem(row, "quantity", f"{quantity} at {price}, commission {commission}")
            if quantity * price != amount * (100 if asset == "bond" else 1):
                self.problem(row, "amount", f"{amount} is not {quantity} at {price}")
            if issuer is not None and issuer < len(audit.tickers):
                if asset != "stock" or audit.tickers[issuer] != symbol:
                    self.problem(row, "issuer_id", f"{asset} {symbol!r}; that company is {audit.tickers[issuer]!r}")


class TripAuditor(Auditor):
    """Nobody is on two trips at once; trips begin at home."""

    uses = (
        "executed_at", "returned_at", "person_id", "departure_country", "departure_city", "arrival_country",
        "transport", "carrier", "flight_number", "passport_number", "visa_required", "visa_obtained", "booked", "cost",
        "risk_score", "indicators", "is_flagged",
    )  # fmt: skip

    def __init__(self, *args):
        super().__init__(*args)
        self.absences = []

    def frame(self, first, columns):
        column = lambda name: columns[self.at[name]]
        audit = self.audit
        self.check_period(first, column("executed_at"))
        self.check_scores(first, columns, ("risk_score",))
        self.check_review(first, columns)
        flights = [transport == "air" for transport in column("transport")]
        self.check_together(first, "carrier", column("carrier"), "transport", flights)
        self.check_together(first, "flight_number", column("flight_number"), "transport", flights)
        self.check_together(first, "visa_obtained", column("visa_obtained"), "visa_required", column("visa_required"))
        row = first - 1
        for moment, back, person, home, city, there in zip(*map(column, self.uses[:6])):
            row += 1
            self.absences.append((person, moment, back, row))
            if back <= moment:
                self.problem(row, "returned_at", f"{text_time(back)}: not after departure")
            if home == there:
                self.problem(row, "arrival_country", f"{there}, where it began")
            if person < len(audit.home_places) and audit.home_places[person] != (home, city):
                self.problem(row, "departure_city", f"{city}, {home}; person {person} lives elsewhere")
        for row, (person, passport) in enumerate(zip(column("person_id"), column("passport_number")), first):
            if passport is not None and audit.births and (person, passport) not in audit.passports:
                self.problem(row, "passport_number", f"{passport!r} is no passport of person {person}")
        for row, (moment, booked, cost) in enumerate(zip(*map(column, ("executed_at", "booked", "cost"))), first):
            if booked > moment // DAY_MS or cost < 0:
                self.problem(row, "booked", f"{nice_date(booked)}: after departure, or a cost below zero")

    def finish(self):
        self.absences.sort()
        for (person, _, back, _), (other, moment, _, row) in itertools.pairwise(self.absences):
            if person == other and moment < back:
                self.problem(row, "executed_at", f"person {person} is not back from another trip")


class DocumentAuditor(Auditor):
    uses = (
        "executed_at", "number", "issuer_id", "recipient_id", "due", "currency", "line_items", "total_amount",
        "risk_score", "authenticity_score", "indicators", "is_flagged",
    )  # fmt: skip

    def __init__(self, *args):
        super().__init__(*args)
        self.line = self.inner("line_items", "line", "quantity", "unit_price", "amount", "currency")

    def frame(self, first, columns):
        column = lambda name: columns[self.at[name]]
        self.check_period(first, column("executed_at"))
        self.check_scores(first, columns, ("risk_score", "authenticity_score"))
        self.check_review(first, columns)
        self.check_unique("number", column("number"), first)
        number_at, quantity_at, price_at, amount_at, currency_at = self.line
        row = first - 1
        for moment, _, issuer, recipient, due, currency, lines, total in zip(*map(column, self.uses[:8])):
            row += 1
            if issuer == recipient:
                self.problem(row, "recipient_id", f"company {issuer} writes to itself")
            if due is not None and due + 1 < moment // DAY_MS:  # a day by the issuer's clock
                self.problem(row, "due", f"{nice_date(due)}: before it was issued")
            if [line[number_at] for line in lines] != list(range(1, len(lines) + 1)) or not lines:
                self.problem(row, "line_items", "lines are not numbered from 1, or there are none")
            for line in lines:
                quantity, price, amount = line[quantity_at], line[price_at], line[amount_at]
                if quantity <= 0 or price <= 0 or quantity * price != amount:
                    self.problem(row, "line_items.amount", f"{amount} is not {quantity} at {price}")
                if line[currency_at] != currency:
                    self.problem(row, "line_items.currency", f"{line[currency_at]}, in a document in {currency}")
            if sum(line[amount_at] for line in lines) != total:
                self.problem(row, "total_amount", f"{total} is not the sum of its lines")


class RelationshipAuditor(Auditor):
    uses = (
        "type", "from_person_id", "from_company_id", "to_person_id", "to_company_id", "since", "share_bp", "strength",
        "context",
    )  # fmt: skip
    PEOPLE = {"spouse", "parent", "sibling", "colleague", "friend", "acquaintance"}

    def frame(self, first, columns):
        column = lambda name: columns[self.at[name]]
        audit = self.audit
        self.check_scores(first, columns, ("strength",))
        self.check_unique("type", list(zip(*map(column, self.uses[:5]))), first)
        owned = [kind in ("shareholder", "beneficial_owner") for kind in column("type")]
        self.check_together(first, "share_bp", column("share_bp"), "type", owned)
        row = first - 1
        for kind, person, company, to_person, to_company, since, share, _, context in zip(*map(column, self.uses)):
            row += 1
            if (person is None) == (company is None) or (to_person is None) == (to_company is None):
                self.problem(row, "from_person_id", "an end that is not exactly one of person and company")
                continue
            if (person, company) == (to_person, to_company):
                self.problem(row, "to_person_id", "a relation to itself")
            if since is not None and since >= audit.end_day:
                self.problem(row, "since", f"{nice_date(since)}: after the period")
            if kind in self.PEOPLE and (person is None or to_person is None):
                self.problem(row, "type", f"{kind} of a company")
                continue
            if context == "household" and person is not None and to_person is not None:
                if max(person, to_person) < len(audit.homes) and audit.homes[person] != audit.homes[to_person]:
                    self.problem(row, "context", f"persons {person} and {to_person} do not live together")
            if not self.agrees(kind, person, company, to_person, to_company, share):
                self.problem(row, "type", f"{kind}, but companies and persons say otherwise")

    def agrees(self, kind, person, company, to_person, to_company, share):
        """What a relation says of employment, ownership and office stands in persons and companies, too."""
        audit = self.audit
        if kind == "employer":
            return company is not None and to_person is not None and audit.present_jobs.get(to_person) == company
        if kind == "subsidiary":
            owners = audit.owners[company] if company is not None else ()
            return to_company is not None and any(firm == to_company for _, firm, _ in owners)
        if kind == "shareholder":
            return to_company is not None and (person, company, share) in audit.owners[to_company]
        if kind == "director":
            return to_company is not None and any(who == person for who, _ in audit.officers[to_company])
        if kind == "beneficial_owner":
            return person is not None and to_company is not None and share >= 2500
        return True


AUDITORS = {  # in this order: what others are held against comes first
    "companies": CompanyAuditor,
    "persons": PersonAuditor,
    "accounts": AccountAuditor,
    "devices": DeviceAuditor,
    "transactions": TransactionAuditor,
    "entries": EntryAuditor,
    "communications": CommunicationAuditor,
    "logins": LoginAuditor,
    "trades": TradeAuditor,
    "trips": TripAuditor,
    "documents": DocumentAuditor,
    "relationships": RelationshipAuditor,
}


# Without these a kind's own rules cannot be looked at.
NEEDS = {
    "transactions": ("accounts",),
    "entries": ("accounts", "transactions"),
    "logins": ("companies", "accounts"),
    "trades": ("companies", "accounts"),
    "relationships": ("companies", "persons"),
}


# ---- the manifest's digests ----------------------------------------------------------------------


class Digest:
    """A digest of a stream; None where there is no xxhash."""

    def __init__(self):
        self.state = xxhash.xxh3_128() if xxhash else None

    def update(self, data):
        if self.state:
            self.state.update(data)

    def text(self):
        return self.state.hexdigest() if self.state else None


class ShardWalk:
    """Follows the shards of one kind while its frames go by."""

    def __init__(self, report, kind, shards):
        self.report, self.kind = report, kind
        self.shards = iter(shards)
        self.number, self.said = -1, None
        self.row = 0

    def wrong(self, field, said, found):
        if said != found:
            self.report.add(
                self.kind, None, field, f"the manifest says {said!r} of shard {self.number}, found {found!r}"
            )

    def begin(self, offset):
        while True:
            self.said = next(self.shards, None)
            self.number += 1
            if self.said is None or self.said["rows"] > 0:
                break
            self.wrong("bytes", self.said["bytes"], 0)
            self.wrong("first_row", self.said["first_row"], self.row)
        if self.said is not None:
            self.wrong("offset", self.said["offset"], offset)
            self.wrong("first_row", self.said["first_row"], self.row)
            self.bytes = self.raw_bytes = self.rows = 0
            self.raw, self.packed = Digest(), Digest()
            self.first_id = None

    def frame(self, offset, packed, raw, rows, first_id, last_id):
        if self.said is None:
            self.begin(offset)
        if self.said is None:
            return
        if self.first_id is None:
            self.first_id = first_id
        self.bytes += len(packed)
        self.raw_bytes += len(raw)
        self.rows += rows
        self.row += rows
        self.raw.update(raw)
        self.packed.update(packed)
        if self.rows < self.said["rows"]:
            return
        said = self.said
        self.wrong("rows", said["rows"], self.rows)
        self.wrong("bytes", said["bytes"], self.bytes)
        self.wrong("raw_bytes", said["raw_bytes"], self.raw_bytes)
        if xxhash:
            self.wrong("raw_xxh3", said["raw_xxh3"], self.raw.text())
            self.wrong("packed_xxh3", said["packed_xxh3"], self.packed.text())
        if first_id is not None:
            self.wrong("first_id", said.get("first_id"), self.first_id)
            self.wrong("last_id", said.get("last_id"), last_id)
        self.said = None

    def end(self):
        if self.said is not None:
            self.wrong("rows", self.said["rows"], self.rows)
        left = sum(shard["rows"] for shard in self.shards)
        if left:
            self.report.add(self.kind, None, "rows", f"the manifest's shards have {left} rows more than the files")


# ---- the check -----------------------------------------------------------------------------------


class Audit:
    def __init__(self, path, shown=20):
        self.path = Path(path)
        self.report = Report(shown)
        self.counts = {}
        self.event_references = {}
        self.event_ids = {}
        self.in_order = {}
        self.births, self.company_begin = array("q"), array("q")
        self.employee_counts, self.company_names = array("q"), []
        self.person_languages, self.person_contacts, self.company_contacts = [], [], []
        self.officers, self.owners, self.tickers = [], [], []  # of companies
        self.homes, self.home_places, self.passports, self.present_jobs = array("q"), [], set(), {}  # of persons
        self.owner_person, self.owner_company, self.device_owner = array("q"), array("q"), array("q")
        self.book = self.lines = None
        self.tables = {}

    def run(self):
        try:
            self.open()
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise Damaged(f"{self.path}/manifest.json: {type(error).__name__}: {error}") from None
        known = [kind for kind in AUDITORS if kind in self.tables]
        for kind in [*known, *(kind for kind in self.tables if kind not in AUDITORS)]:
            try:
                self.check_kind(kind)
            except Damaged as error:
                self.report.add(kind, None, None, str(error))
                self.report.broken.add(kind)
        self.check_event_references()
        if not xxhash:
            self.report.note("xxhash is not installed: the manifest's digests were not checked")
        return self.report

    # -- what files say of themselves and of each other --

    def open(self):
        report = self.report
        self.data = Dataset(self.path)
        manifest, spec = self.data.manifest, self.data.spec
        for key, kind in (
            ("format_version", int), ("content_version", int), ("dataset", str), ("encoding", dict),
            ("privacy", str), ("kinds", dict),
        ):  # fmt: skip
            if not isinstance(manifest.get(key), kind):
                report.add(None, None, f"manifest.{key}", "missing, or of another type")
        if manifest.get("format_version") != FORMAT_VERSION:
            raise Damaged(f"{self.path}: format_version {manifest.get('format_version')}; {FORMAT_VERSION} is known")
        text = json.dumps(spec, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if manifest.get("dataset") != hashlib.blake2b(text.encode(), digest_size=16).hexdigest():
            report.add(None, None, "manifest.dataset", "is not the hash of the spec")
        day = lambda text: (datetime.date.fromisoformat(text) - EPOCH_DAY).days
        self.start_day, self.end_day = day(spec["start"]), day(spec["end"])
        self.entries_due = "entries" in manifest["kinds"]
        if bool(spec.get("entries")) != self.entries_due:
            report.add(None, None, "manifest.kinds", "entries are there, or not, against the spec")
        self.transactions_due = "transactions" in manifest["kinds"] and spec["counts"].get("transactions", 0) > 0
        self.ledger = self.transactions_due and "accounts" in manifest["kinds"]
        for kind in self.data.kinds:
            try:
                table = self.data[kind]
            except (Damaged, OSError) as error:
                report.add(kind, None, None, str(error))
                report.broken.add(kind)
                continue
            self.tables[kind] = table
            self.check_headers(kind, table)
            self.counts[kind] = table.header["rows"]
        for kind in spec["counts"]:
            if spec["counts"][kind] and kind not in manifest["kinds"]:
                report.add(kind, None, None, "in the spec, but not in the manifest's kinds")
        self.check_files()
        try:
            self.shards = list(self.data.shards())
        except (OSError, ValueError, KeyError, msgpack.UnpackException) as error:
            report.add(None, None, "manifest.shards", f"cannot be read: {error}")
            self.shards = []
        self.check_shard_list()

    def check_files(self):
        known = {"manifest.json", "run.json", "SHA256SUMS", self.data.manifest.get("shards_file", "manifest.json")}
        for said in self.data.manifest["kinds"].values():
            known.update(said["files"])
        for found in sorted(self.path.rglob("*")):
            name = found.relative_to(self.path).as_posix()
            if not found.is_dir() and name not in known:
                self.report.note(f"{name} is no part of the dataset")

    def check_headers(self, kind, table):
        report, manifest, spec = self.report, self.data.manifest, self.data.spec
        said = manifest["kinds"][kind]
        for part in table.files:
            if part.header_frame != table.files[0].header_frame:
                report.add(kind, None, "header", f"{part.path.name} has another header frame than the first part")
        header = table.header
        for key, expected in (
            ("kind", kind), ("dataset", manifest["dataset"]), ("content_version", manifest["content_version"]),
            ("spec", spec), ("rows", None if kind == "entries" else said["rows"]),
        ):  # fmt: skip
            if header[key] != expected:
                report.add(kind, None, f"header.{key}", "is not what the manifest says")
        ordinary = spec["counts"].get(kind)
        if ordinary is not None and spec.get("typologies") == "off" and said["rows"] != ordinary:
            report.add(kind, None, "manifest.rows", f"{said['rows']}, but the spec asks for {ordinary}")
        row = 0
        for part in table.files:
            if part.first_row != row:
                report.add(kind, None, "index.first_row", f"{part.path.name} begins at {part.first_row}, not {row}")
            row = part.first_row + part.row_count
        if row != said["rows"]:
            report.add(kind, None, "index.rows", f"the files have {row} rows, the manifest says {said['rows']}")
        size = sum(part.size for part in table.files)
        if said["bytes"] != size:
            report.add(kind, None, "manifest.bytes", f"{said['bytes']}, but the files have {size}")

    def check_shard_list(self):
        group = 0
        for number, shard in enumerate(self.shards):
            if shard["shard"] != number or shard["first_group"] != group or shard["group_count"] <= 0:
                self.report.add(None, None, "manifest.shards", f"entry {number} is not the next run of groups")
            group = shard["first_group"] + shard["group_count"]
            if set(shard["kinds"]) != set(self.data.kinds):
                self.report.add(None, None, "manifest.shards", f"entry {number} has not every kind")
        self.groups = group
        said = self.data.manifest["encoding"].get("shards")
        if said != len(self.shards):
            self.report.add(None, None, "manifest.encoding.shards", f"{said}, but {len(self.shards)} are listed")

    # -- the rows of a kind --

    def check_kind(self, kind):
        report, table = self.report, self.tables[kind]
        said = self.data.manifest["kinds"][kind]
        checker = KindChecker(self, table)
        auditor = self.auditor_of(kind, checker)
        walk = ShardWalk(report, kind, [s["kinds"][kind] for s in self.shards if kind in s["kinds"]])
        id_at = checker.at.get("id")
        ids, times = array("q"), array("q")
        time_at = checker.at.get("executed_at") if kind in EVENTS else None
        pack = msgpack.Packer().pack
        digests, raw_bytes, short, rows_seen = [], 0, 0, 0
        for part in table.files:
            for nth in range(part.frame_count):
                first = part.frame_rows[nth]
                packed, raw, rows = part.frame(nth)
                single = list(map(pack, rows))
                if b"".join(single) != raw:
                    report.add(kind, first, None, f"{part.path.name} frame {nth}: a value is not in its shortest form")
                if len(raw) - len(single[-1]) >= FRAME_RAW_BYTES:
                    report.add(kind, first, None, f"{part.path.name} frame {nth} goes on beyond 1 MiB")
                short += len(raw) < FRAME_RAW_BYTES
                raw_bytes += len(raw)
                rows_seen += len(rows)
                if xxhash:
                    digests.append(xxhash.xxh3_128(raw).digest())
                good = set(map(type, rows)) == {tuple}
                columns = checker.record.check(rows, range(first, first + len(rows))) if good else None
                first_id = last_id = None
                if columns is not None and id_at is not None:
                    ids.extend(columns[id_at])
                    first_id, last_id = columns[id_at][0], columns[id_at][-1]
                    if kind in DENSE and columns[id_at] != tuple(range(first, first + len(rows))):
                        wrong = next(i for i, ident in enumerate(columns[id_at], first) if ident != i)
                        report.add(kind, wrong, "id", "ids are not dense from 0")
                    if time_at is not None:
                        times.extend(columns[time_at])
                walk.frame(part.offsets[nth + 1], packed, raw, len(rows), first_id, last_id)
                if columns is None:
                    report.broken.add(kind)
                    if not good:
                        report.add(kind, first, None, f"{part.path.name} frame {nth}: a row that is no array")
                if auditor is not None and kind not in report.broken:
                    auditor.frame(first, columns)
        walk.end()
        report.rows[kind] = rows_seen
        if said["raw_bytes"] != raw_bytes:
            report.add(kind, None, "manifest.raw_bytes", f"{said['raw_bytes']}, but there are {raw_bytes}")
        if xxhash:
            whole = digests[0] if len(digests) == 1 else xxhash.xxh3_128(b"".join(digests)).digest()
            if said["raw_xxh3"] != whole.hex():
                report.add(kind, None, "manifest.raw_xxh3", f"{said['raw_xxh3']}, but the rows give {whole.hex()}")
        if self.groups and short > self.groups:
            report.add(kind, None, None, f"{short} frames below 1 MiB, but only {self.groups} groups")
        if kind not in report.broken and id_at is not None and kind not in DENSE:
            self.check_event_ids(kind, ids, times)
        if auditor is not None and kind not in report.broken:
            auditor.finish()

    def auditor_of(self, kind, checker):
        make = AUDITORS.get(kind)
        if make is None:
            return None
        missing = set(make.uses) - set(checker.at)
        if missing:
            self.report.add(kind, None, "header.fields", f"no field {', '.join(sorted(missing))}")
            return None
        needs = NEEDS.get(kind, ())
        if any(need in self.report.broken or need not in self.tables for need in needs):
            self.report.note(f"{kind}: only its form was checked, because {' or '.join(needs)} cannot be used")
            return None
        return make(self, checker)

    def check_event_ids(self, kind, ids, times):
        """Unique; cells in order; (executed_at, id) in order within a cell."""
        distinct = set(ids)
        if len(distinct) != len(ids):
            twice = [ident for ident, count in Counter(ids).items() if count > 1]
            self.report.add(kind, ids.index(twice[0], ids.index(twice[0]) + 1), "id", f"{twice[0]} is not unique")
        self.event_ids[kind] = distinct
        if not times or kind not in EVENTS:
            return
        rises = lambda bits: all(map(operator.le, c := [ident >> bits for ident in ids], c[1:]))
        bits = bisect.bisect_left(range(EVENTS[kind]), True, key=rises)
        self.report.facts[f"{kind}_cells_seen"] = len({ident >> bits for ident in ids})
        keys = list(zip((ident >> bits for ident in ids), times, ids))
        ordered = all(map(operator.lt, keys, keys[1:]))
        self.in_order[kind] = ordered
        if not ordered:
            wrong = next(row for row in range(1, len(keys)) if keys[row - 1] >= keys[row])
            field = "id" if keys[wrong][0] < keys[wrong - 1][0] else "executed_at"
            self.report.add(kind, wrong, field, "rows are not in order of cell, executed_at and id")

    def check_event_references(self):
        for (kind, field, target), (values, rows) in self.event_references.items():
            if target in self.report.broken:
                continue
            valid = self.event_ids.get(target, set())
            if not valid.issuperset(values):
                for value, row in zip(values, rows):
                    if value not in valid:
                        self.report.add(kind, row, field, f"{value} is no id of {target}")


def command_check(options):
    begin = time.monotonic()
    gc.disable()  # rows make many tuples and no cycles
    report = Audit(options.path, options.problems).run()
    total = sum(report.rows.values())
    if options.json:
        result = {
            "ok": report.ok, "rows": report.rows, "problem_count": report.count, "problems": report.problems,
            "notes": report.notes, "facts": report.facts,
        }  # fmt: skip
        print(json.dumps(result, indent=2))
        return 0 if report.ok else 1
    for problem in report.problems:
        print(problem_text(problem))
    if report.count > len(report.problems):
        print(f"... and {report.count - len(report.problems)} more")
    for note in report.notes:
        print(f"note: {note}", file=sys.stderr)
    kinds = ", ".join(f"{count} {kind}" for kind, count in report.rows.items())
    verdict = "ok" if report.ok else f"{report.count} problems"
    print(f"checked {total} rows ({kinds}) in {time.monotonic() - begin:.1f} s: {verdict}")
    return 0 if report.ok else 1


# ---- looking -------------------------------------------------------------------------------------


def command_head(options):
    if Path(options.path).is_dir():
        if options.kind is None:
            print("head: say which KIND of the dataset", file=sys.stderr)
            return 2
        with Dataset(options.path) as data:
            if options.kind not in data.kinds:
                print(f"head: no {options.kind} here; there are {', '.join(data.kinds)}", file=sys.stderr)
                return 2
            show(data[options.kind], options)
    else:
        with DataFile(options.path) as part:
            show(part, options)
    return 0


def show(table, options):
    make = dict_maker(table.fields, "raw" if options.raw else "text")
    for values in itertools.islice(table.tuples(), options.n):
        print(json.dumps(make(values), ensure_ascii=False))


def tail_exponent(degrees, least=10):
    """Maximum likelihood of a power law's exponent, discrete degrees from `least` on."""
    tail = [degree for degree in degrees if degree >= least]
    if len(tail) < 10:
        return None
    return round(-1 - len(tail) / sum(math.log(degree / (least - 0.5)) for degree in tail), 3)


def degree_facts(rows, distinct):
    buckets = Counter(0 if degree == 0 else 1 << (degree.bit_length() - 1) for degree in distinct)
    return {
        "histogram": {str(low): buckets[low] for low in sorted(buckets)},  # from this degree up to twice of it
        "largest": max(distinct, default=0),
        "tail_exponent": tail_exponent(distinct),
        "hubs": [
            {"account": account, "partners": distinct[account], "rows": rows[account]}
            for account in sorted(range(len(distinct)), key=lambda a: (-distinct[a], a))[:10]
        ],
    }


def command_stats(options):
    with Dataset(options.path) as data:
        count = len(data["accounts"])
        table = data["transactions"]
        at = {name: position for position, name in enumerate(table.names)}
        pick = operator.itemgetter(
            *(at[name] for name in ("from_account_id", "to_account_id", "type", "currency", "status"))
        )
        types, currencies, states = Counter(), Counter(), Counter()
        edges, row_in, row_out = set(), [0] * count, [0] * count
        inside = total = 0
        for part in table.files:
            for nth in range(part.frame_count):
                picked = list(map(pick, part.frame(nth)[2]))
                total += len(picked)
                payers, payees, kinds, codes, status = zip(*picked)
                types.update(kinds)
                currencies.update(codes)
                states.update(status)
                for payer, payee in zip(payers, payees):
                    if payer is not None and payee is not None:
                        inside += 1
                        row_out[payer] += 1
                        row_in[payee] += 1
                        edges.add(payer * count + payee)
    root = list(range(count))
    degree_in, degree_out = [0] * count, [0] * count
    for edge in edges:
        a, b = divmod(edge, count)
        degree_out[a] += 1
        degree_in[b] += 1
        while root[a] != a:
            root[a] = a = root[root[a]]
        while root[b] != b:
            root[b] = b = root[root[b]]
        root[a] = b
    sizes = Counter()
    for account in range(count):
        at_root = account
        while root[at_root] != at_root:
            root[at_root] = at_root = root[root[at_root]]
        sizes[at_root] += 1
    share = lambda part, whole: round(part / whole, 5) if whole else None
    result = {
        "accounts": count,
        "transactions": total,
        "both_ends_inside": share(inside, total),
        "largest_component": share(max(sizes.values(), default=0), count),
        "components": len(sizes),
        "distinct_edges": len(edges),
        "in": degree_facts(row_in, degree_in),
        "out": degree_facts(row_out, degree_out),
        "types": {name: share(n, total) for name, n in types.most_common()},
        "currencies": {name: share(n, total) for name, n in currencies.most_common()},
        "status": {name: share(n, total) for name, n in states.most_common()},
    }
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        print_stats(result)
    return 0


def print_stats(result, indent=""):
    for name, value in result.items():
        if isinstance(value, dict):
            print(f"{indent}{name}:")
            print_stats(value, indent + "  ")
        elif isinstance(value, list):
            print(f"{indent}{name}:")
            for item in value:
                print(f"{indent}  {', '.join(f'{key} {number}' for key, number in item.items())}")
        else:
            print(f"{indent}{name}: {value}")


def main():
    parser = argparse.ArgumentParser(description="Reads and checks seedbank datasets.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="check everything; exit 1 when something is wrong")
    check.add_argument("path", metavar="DIR")
    check.add_argument("--json", action="store_true")
    check.add_argument("--problems", type=int, default=20, metavar="N", help="show the first N (20)")
    head = commands.add_parser("head", help="print the first rows as JSON")
    head.add_argument("path", metavar="PATH")
    head.add_argument("kind", metavar="KIND", nargs="?")
    head.add_argument("-n", type=int, default=5)
    head.add_argument("--raw", action="store_true", help="the stored integers")
    stats = commands.add_parser("stats", help="degrees, hubs, components, types, currencies")
    stats.add_argument("path", metavar="DIR")
    stats.add_argument("--json", action="store_true")
    options = parser.parse_args()
    run = {"check": command_check, "head": command_head, "stats": command_stats}[options.command]
    try:
        return run(options)
    except Damaged as error:
        print(error, file=sys.stderr)
        return 4
    except BrokenPipeError:
        return 0
    except OSError as error:
        print(error, file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
