#!/usr/bin/python3
"""Changes one value in a file of DIR and makes the file's checksums right again: what only the ledger, other rows,
or the seed can notice.

Usage: tamper.py DIR [KIND FIELD CHANGE [CONDITION]]

CHANGE is a Python expression of the old value v. CONDITION is one, too: the first row that meets it is changed, from
the sixth of a frame on. Fields are names in both; `before` are the rows before it, `first` the first of them with
something in the field. Without them an amount is raised.
"""
import struct
import sys

import msgpack
import xxhash
import zstandard


def frames(data):
    """(start, end) of each frame, by its own headers."""
    table = data[-9:]
    count = struct.unpack("<I", table[:4])[0]
    entry = 12 if table[4] & 0x80 else 8
    begin = len(data) - 9 - count * entry
    offset, out = 0, []
    for i in range(count):
        packed = struct.unpack_from("<I", data, begin + i * entry)[0]
        out.append((offset, offset + packed))
        offset += packed
    return out, begin, entry


def unpacked(data, place):
    return zstandard.ZstdDecompressor().decompress(data[place[0]:place[1]])


def put_frame(data, nth, raw):
    """The file with another data frame `nth`, and a seek table that knows it."""
    places, table, entry = frames(data)
    begin, end = places[nth]
    packed = zstandard.ZstdCompressor(level=1, write_checksum=True, write_content_size=True).compress(raw)
    out = bytearray(data[:begin] + packed + data[end:])
    at = table + len(packed) - (end - begin) + nth * entry
    struct.pack_into("<II", out, at, len(packed), len(raw))
    if entry == 12:
        struct.pack_into("<I", out, at + 8, xxhash.xxh64(raw).intdigest() & 0xFFFFFFFF)
    return out


def tamper(path, change):
    """`change` gets a row as a dict and all rows before it, and says whether it changed it."""
    data = open(path, "rb").read()
    places = frames(data)[0]
    names = [f["name"] for f in msgpack.unpackb(unpacked(data, places[0]))["fields"]]
    for nth in range(1, len(places) - 1):
        rows = [dict(zip(names, row)) for row in msgpack.Unpacker(__import__("io").BytesIO(unpacked(data, places[nth])))]
        if any(change(row, rows[:at]) for at, row in enumerate(rows) if at >= 5):
            raw = b"".join(msgpack.packb([row[name] for name in names]) for row in rows)
            open(path, "wb").write(put_frame(data, nth, raw))
            return
    sys.exit(f"{path}: no row to change")


def raise_amount(row, before):
    if row["status"] != "completed" or not 300 < row["amount"] < 60000 or row["rate"] is not None:
        return False
    row["amount"] += 1
    row["to_amount"] += 1
    return True


def main(path, kind="transactions", field=None, change=None, condition="True"):
    def apply(row, before):
        first = next((other for other in before if other[field]), {})
        known = {**row, "first": first, "before": before}
        if not eval(condition, known):
            return False
        row[field] = eval(change, {**known, "v": row[field]})
        return True

    tamper(f"{path}/{kind}.msgpack.zst", apply if field else raise_amount)


if "--help" in sys.argv or len(sys.argv) not in (2, 5, 6):
    print(__doc__)
    sys.exit("--help" not in sys.argv)
main(*sys.argv[1:])
