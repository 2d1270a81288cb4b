#!/usr/bin/python3
"""Holds a report to the dataset it is of. Usage: page.py SEEDBANK DIR PAGE.html

The page must be well-formed, stand alone and have all its parts; and what stands in its tables must be what
`seedbank info` and `seedbank cat` give when their rows are counted here.
"""
import collections
import csv
import html.parser
import io
import json
import math
import re
import socket
import subprocess
import sys

VOID = {"meta", "link", "br", "img", "input", "hr"}
SECTIONS = ["sizes", "people", "places", "companies", "accounts", "transactions", "countries", "network", "messages"]
FIGURES = ["sizes-table", "ages", "nationalities", "family-names", "given-names", "incomes", "households", "map",
           "cities", "company-sizes", "industries", "balances", "account-types", "days", "volume", "types", "week",
           "amounts", "benford", "statuses", "flows", "corridors", "degrees", "hubs", "message-types",
           "message-languages", "lengths", "ties"]


class Page(html.parser.HTMLParser):
    """Elements must nest; keeps the ids, the tables of each figure, and what could be fetched."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.wrong, self.ids, self.fetches = [], [], [], []
        self.tables, self.figure, self.row, self.cell = collections.defaultdict(list), None, None, None
        self.charts = self.titled = self.described = 0
        self.words = collections.defaultdict(str)

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        values = dict(attributes)
        if len(set(names)) != len(names):
            self.wrong.append(f"<{tag}> has an attribute twice, line {self.getpos()[0]}")
        if tag not in VOID:
            self.open.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        for name, value in attributes:
            if name in ("src", "href", "action", "data", "srcset", "xlink:href") and not re.match(r"#|data:,$", value):
                self.fetches.append(value)
            if name.startswith("on"):
                self.wrong.append(f"<{tag} {name}>")
        if tag == "script":
            self.wrong.append("a script")
        self.charts += tag == "svg"
        self.titled += tag == "title" and self.open[-2:-1] == ["svg"]
        self.described += tag == "desc"
        if tag == "figure":
            self.figure = values["id"]
        if tag == "tr":
            self.row = []
        if tag in ("td", "th"):
            self.cell = ""

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> in {self.open[-3:]}, line {self.getpos()[0]}")
        else:
            self.open.pop()
        if tag in ("td", "th"):
            self.row.append(self.cell)
            self.cell = None
        if tag == "tr":
            self.tables[self.figure].append(self.row)

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data
        if self.open and self.open[-1] in ("p", "h1", "h2", "h3", "dd"):
            self.words[self.figure] += data + " "


def number(text):
    """Of a cell: without thin spaces and units."""
    return float(text.replace("\u202f", "").replace("\u2212", "-").rstrip("%MBkG ") or "nan")


def main():
    seedbank, directory, path = sys.argv[1:4]
    text = open(path, encoding="utf-8").read()
    page = Page()
    page.feed(text)
    page.close()
    passed = failed = 0

    def claim(what, holds, figure=""):
        nonlocal passed, failed
        passed, failed = passed + bool(holds), failed + (not holds)
        if not holds:
            print("FAILED", what, figure)

    def rows(kind):
        out = subprocess.run([seedbank, "cat", directory, "--kind", kind, "--to", "csv"], check=True,
                             capture_output=True).stdout.decode()
        return csv.DictReader(io.StringIO(out))

    def table(figure):
        return {row[0]: row[1:] for row in page.tables[figure][1:]}

    def same(what, counted, figure, column=0):
        shown = {name: number(cells[column]) for name, cells in table(figure).items()}
        wanted = {name.replace("_", " "): count for name, count in counted.items()}
        for short in ("pos", "atm", "ach", "llc", "sms"):
            if short in wanted:
                wanted[short.upper()] = wanted.pop(short)
        claim(what, shown == wanted, (shown, wanted))

    claim("doctype", text.startswith("<!DOCTYPE html>\n"))
    claim("well-formed", not page.wrong and not page.open, (page.wrong[:5], page.open))
    claim("nothing to fetch", not page.fetches, page.fetches[:5])
    addresses = [u for u in re.findall(r"https?://[^\"' <]+", text) if u != "http://www.w3.org/2000/svg"]
    claim("no address", not addresses, addresses[:5])
    claim("no import, no url()", "@import" not in text and "url(" not in text)
    claim("viewport", 'name="viewport"' in text)
    claim("print, dark", "@media print" in text and "prefers-color-scheme:dark" in text)
    claim("ids once", len(set(page.ids)) == len(page.ids))
    claim("charts with titles and descriptions", page.charts > 20 and page.titled == page.described == page.charts,
          (page.charts, page.titled, page.described))
    for name in SECTIONS + FIGURES:
        claim("has " + name, name in page.ids)
    claim("no clock, host or path", "/tmp" not in text and socket.gethostname() not in text)
    claim("no broken number", not re.search(r"\b(nan|inf)\b|-nan", re.sub(r"<style>.*?</style>", "", text, flags=re.S)
                                            .replace("<bdi>", " ").lower().split("family-names")[0]))

    manifest = json.loads(subprocess.run([seedbank, "info", directory, "--json"], check=True, capture_output=True)
                          .stdout)
    claim("dataset's id", manifest["dataset"] in text)
    claim("seed", manifest["spec"]["seed"] in page.words[None])
    same("rows a kind", dict({k: v["rows"] for k, v in manifest["kinds"].items()},
                             all=sum(v["rows"] for v in manifest["kinds"].values())), "sizes-table")

    types, statuses, digits, flows, days = (collections.Counter() for _ in range(5))
    edges = set()
    inside = 0
    for row in rows("transactions"):
        types[row["type"]] += 1
        statuses[row["status"]] += 1
        days[row["executed_at"][:10]] += 1
        digits[row["amount"].lstrip("0.")[0]] += 1
        if row["status"] == "completed":
            flows[row["originating_country"] != row["destination_country"]] += 1
        if row["from_account_id"] and row["to_account_id"]:
            inside += 1
            edges.add((row["from_account_id"], row["to_account_id"]))
    total = sum(types.values())
    same("types", types, "types")
    same("statuses", statuses, "statuses")
    claim("type shares", all(abs(number(cells[1]) - 100 * types_of / total) < 0.006 for types_of, cells in
                             ((number(c[0]), c) for c in table("types").values())))
    same("first digits", digits, "benford")
    for digit, cells in table("benford").items():
        claim("share of digit " + digit, abs(number(cells[1]) - 100 * digits[digit] / total) < 0.006, cells)
        claim("Benford's share of " + digit, abs(number(cells[2]) - 100 * math.log10(1 + 1 / int(digit))) < 0.006)
    claim("transactions by day", sorted(number(c[0]) for c in table("days").values()) == sorted(days.values()))
    claim("hours", sum(number(cell) for cells in table("week").values() for cell in cells) == total)
    share = 100 * flows[True] / sum(flows.values())
    claim("share across borders", f"{share:.1f}\u202f%" in page.words["flows"], (share, page.words["flows"]))
    claim("inside", number(table("ends")["account to account"][0]) == inside)

    payees, payers = collections.Counter(a for a, _ in edges), collections.Counter(b for _, b in edges)
    partners = collections.defaultdict(set)
    for a, b in edges:
        partners[a].add(b)
        partners[b].add(a)
    for least, cells in table("degrees").items():
        k = number(least)
        claim(f"degree {k}", [number(c) for c in cells] == [sum(n >= k for n in payees.values()),
                                                            sum(n >= k for n in payers.values())], cells)

    def exponent(counts):
        tail = [n for n in counts.values() if n >= 10]
        return 1 + len(tail) / sum(math.log(n / 9.5) for n in tail) if len(tail) >= 50 else None

    for counts in (payees, payers):
        fit = exponent(counts)
        claim("exponent", fit is None or f"{fit:.2f}" in page.words["degrees"], (fit, page.words["degrees"]))
    hubs = sorted(((-len(p), int(a)) for a, p in partners.items()))[:20]
    shown = [(-number(row[5]), int(row[0][1:])) for row in page.tables["hubs"][1:]]
    claim("hubs", shown == hubs, (shown[:3], hubs[:3]))

    nationalities, genders, homes, names = (collections.Counter() for _ in range(4))
    for row in rows("persons"):
        nationalities[row["nationality"]] += 1
        genders[row["gender"]] += 1
        homes[json.dumps(json.loads(row["addresses"])[0])] += 1
        names[row["last_name"], row["nationality"]] += 1
    claim("nationalities", sorted(number(c[0]) for c in table("nationalities").values()) ==
          sorted(nationalities.values()))
    ages = [[number(c) for c in cells] for cells in table("ages").values()]
    claim("genders", [sum(c[0] for c in ages), sum(c[1] for c in ages)] == [genders["female"], genders["male"]])
    claim("ages", sum(c[3] for c in ages) == sum(genders.values()))
    households = collections.Counter(str(n) if n < 8 else "8+" for n in homes.values())
    claim("households", {k: v for k, v in ((k, number(c[0])) for k, c in table("households").items()) if v} ==
          dict(households))

    opened, closed, accounts = (collections.Counter() for _ in range(3))
    for row in rows("accounts"):
        opened[row["currency"]] += float(row["opening_balance"])
        closed[row["currency"]] += float(row["closing_balance"])
        accounts[row["type"]] += 1
    same("types of account", accounts, "account-types")
    for currency, cells in table("balances").items():
        claim("balances in " + currency, abs(number(cells[1]) - opened[currency]) < 1 and
              abs(number(cells[3]) - closed[currency]) < 1, (cells, opened[currency], closed[currency]))
    claim("the ledger closes", "exactly, in every currency" in page.words["balances"])

    media, tied, lengths = collections.Counter(), 0, 0
    for row in rows("communications"):
        media[row["type"]] += 1
        tied += row["transaction_id"] != ""
        lengths += len(row["content"])
    same("media", media, "message-types")
    claim("tied to payments", number(table("ties")["tied to a payment"][0]) == tied)
    claim("mean length", f"; {lengths / sum(media.values()):.0f} on average" in page.words["lengths"])
    print(f"page.py: {passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
