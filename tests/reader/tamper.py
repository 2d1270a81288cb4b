#!/usr/bin/python3
"""Changes one amount in DIR/transactions.msgpack.zst and makes every checksum right again: what only the
ledger, or the seed, can notice. Usage: tamper.py DIR"""
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


def main(path):
    path += "/transactions.msgpack.zst"
    data = open(path, "rb").read()
    places, table, entry = frames(data)
    names = [f["name"] for f in msgpack.unpackb(zstandard.ZstdDecompressor().decompress(
        data[places[0][0]:places[0][1]]))["fields"]]
    amount, to_amount, status = (names.index(n) for n in ("amount", "to_amount", "status"))
    begin, end = places[1]
    raw = zstandard.ZstdDecompressor().decompress(data[begin:end])
    rows = list(msgpack.Unpacker(__import__("io").BytesIO(raw)))
    row = next(r for r in rows[5:] if r[status] == "completed" and 300 < r[amount] < 60000)
    row[amount] += 1
    row[to_amount] += 1
    raw = b"".join(msgpack.packb(r) for r in rows)
    packed = zstandard.ZstdCompressor(level=1, write_checksum=True, write_content_size=True).compress(raw)
    out = bytearray(data[:begin] + packed + data[end:])
    at = table + len(packed) - (end - begin) + entry
    struct.pack_into("<II", out, at, len(packed), len(raw))
    if entry == 12:
        struct.pack_into("<I", out, at + 8, xxhash.xxh64(raw).intdigest() & 0xFFFFFFFF)
    open(path, "wb").write(out)


main(sys.argv[1])
