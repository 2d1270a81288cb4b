#!/usr/bin/python3
"""Degrees of accounts in DIR. Usage: degrees.py DIR"""
import math
import sys

sys.path.insert(0, __file__.rsplit("/", 1)[0])
import msgpack
import zstandard


def rows(path):
    with open(path, "rb") as file:
        stream = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
        unpacker = msgpack.Unpacker(stream)
        header = next(unpacker)
        names = [field["name"] for field in header["fields"]]
        yield names, header
        yield from unpacker


def main(path):
    source = rows(path + "/transactions.msgpack.zst")
    names, header = next(source)
    payer, payee = names.index("from_account_id"), names.index("to_account_id")
    accounts = header["spec"]["counts"]["accounts"]
    parent = list(range(accounts))

    def find(a):
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        return a

    edges = set()
    inside = total = 0
    for row in source:
        total += 1
        a, b = row[payer], row[payee]
        if a is None or b is None:
            continue
        inside += 1
        edges.add((a, b))
        a, b = find(a), find(b)
        if a != b:
            parent[a] = b
    indegree = [0] * accounts
    for _, b in edges:
        indegree[b] += 1
    sizes = {}
    for account in range(accounts):
        root = find(account)
        sizes[root] = sizes.get(root, 0) + 1
    passed = failed = 0

    def claim(text, holds, figure):
        nonlocal passed, failed
        passed, failed = passed + holds, failed + (not holds)
        print(("ok    " if holds else "FAILED"), text, figure)

    claim("95 % of accounts in one component", max(sizes.values()) >= 0.95 * accounts, max(sizes.values()) / accounts)
    claim("70 % of rows have both ends inside", inside >= 0.70 * total, inside / total)
    ranked = sorted(indegree, reverse=True)
    top = sum(ranked[: accounts // 100]) / sum(ranked)
    claim("heavy tail: the top 1 % hold 10 % of the edges", top >= 0.10, top)
    claim("heavy tail: the largest is 30 times the median", ranked[0] >= 30 * max(1, ranked[accounts // 2]), ranked[0])
    # Ranks tame the tail; under no relation a class's mean rank is normal around the middle.
    order = sorted(range(accounts), key=lambda a: (indegree[a], hash((a * 2654435761) & 0xFFFFFFFF)))
    rank = [0] * accounts
    for place, account in enumerate(order):
        rank[account] = place / accounts
    cells = max(-(-accounts // 1024), -(-header["spec"]["counts"]["transactions"] // 65536))

    def worst(class_of):
        sums, counts = {}, {}
        for account in range(accounts):
            c = class_of(account)
            sums[c] = sums.get(c, 0) + rank[account]
            counts[c] = counts.get(c, 0) + 1
        return max(abs(sums[c] / n - 0.5) / math.sqrt(1 / 12 / n) for c, n in counts.items() if n >= 20)

    for modulus in (2, 3, 5, 7, 8, 10, 16, 64, 100):
        z = worst(lambda a, m=modulus: a % m)
        claim(f"id mod {modulus} tells nothing of degree", z < 4.5, z)

    def local_bucket(account):
        cell = ((account + 1) * cells - 1) // accounts
        begin, end = cell * accounts // cells, (cell + 1) * accounts // cells
        return (account - begin) * 32 // (end - begin)

    z = worst(local_bucket)
    claim("the place in the cell tells nothing of degree", z < 4.5, z)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main(sys.argv[1]))
