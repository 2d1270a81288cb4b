#!/usr/bin/python3
"""The mistakes of the banking generators that seedbank takes over from, 45 of them, each as a test that
seedbank passes: on a million rows, one by one where the mistake is about rows.

Usage: mistakes.py SEEDBANK [ENTITIES] [options]

  ENTITIES           rows of persons, companies, accounts, transactions and messages together (1m)
  --only LIST        numbers of tests: 7,25,30-33
  --list             names of the tests, and nothing else
  --options TEXT     spec options in place of the optional kinds that are made by default
  --one-process FILE the program built of one_process.c (beside SEEDBANK in tests/ when not given)
  --keep DIR         work there and leave the data; with data there, use them
  --findings N       of a test that fails the first N findings, not only one
  --times            how long each test took

Prints "ok NN name" or "FAIL NN name: first finding", notes with a leading "#", and last
"N passed, N failed". Exit status 1 when a test failed. Needs msgpack and zstandard; uses stdnum and a C
compiler where there are such.
"""

import argparse
import json
import os
import re
import resource
import shlex
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

import facts
from harness import DAY_MS, DENSE, KNOWN, Bank, Test, frame_places, run_tests, same_files

HERE = Path(__file__).resolve().parent
CASH = {"atm", "withdrawal", "deposit", "interest", "initial_deposit", "payout"}
KINDS = "--devices 900 --logins 900 --relationships 900 --trades 300".split()
SMALL = "--entities 20k --seed 11".split() + KINDS
GROUPS = "--entities 300k --seed 11 --shards 4".split() + KINDS  # of several groups, so of several shards
YEAR = 365.25


def optional_kinds(entities):
    """Rows of the kinds that are off by default, a fiftieth of the others or so."""
    counts = {"trades": 20, "trips": 20, "documents": 20, "devices": 60, "logins": 60, "relationships": 60}
    return [word for kind, share in counts.items()
            for word in (f"--{kind}", str(max(entities * share // 1000, 100)))]


# ---- 9.1 determinism -----------------------------------------------------------------------------


def m01_depends_on_the_day(test, bank):
    """Same spec, another day: the bytes are the same. The clock is a preloaded one (or faketime's); run.json,
    which is no part of the data, must show that the program saw it."""
    plain = bank.make("today", *SMALL)
    library = bank.work / "other_clock.so"
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler:
        built = bank.command([compiler, "-shared", "-fPIC", "-O1", "-o", library, HERE / "other_clock.c"])
        if built.status != 0:
            raise RuntimeError(built.message)
        other = bank.make("another_day", *SMALL, environment={"LD_PRELOAD": str(library)})
    elif shutil.which("faketime"):
        other = bank.make("another_day", *SMALL, prefix=["faketime", "2009-02-13 12:00:00"])
    else:
        test.note("no compiler and no faketime: only a second passed between two runs")
        time.sleep(1.1)
        test.judge(same_files(plain, bank.make("another_day", *SMALL)))
        return
    seen = json.loads((other / "run.json").read_text())["finished"]
    if not seen.startswith("2009-02-1"):
        test.fail(f"the program did not see the other clock: run.json says {seen}")
    test.judge(same_files(plain, other))


def m02_depends_on_hash_seeds(test, bank):
    """Nothing of the process leaks in: environment, address space layout, contents of fresh memory, time
    zone, language, directory."""
    plain = bank.make("plain", *SMALL)
    worlds = {
        "hash seeds, time zone, language": {
            "environment": {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LANG": "tr_TR.UTF-8", "LC_ALL": "C",
                            "MALLOC_PERTURB_": "165", "MALLOC_ARENA_MAX": "1", "FILLER": "x" * 30000}},
        "another directory": {"environment": {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns"}, "cwd": "/"},
    }
    if shutil.which("setarch"):
        worlds["no address space randomisation"] = {"prefix": ["setarch", "-R"]}
    else:
        test.note("no setarch: address space randomisation was left on")
    for name, keywords in worlds.items():
        wrong = same_files(plain, bank.make("elsewhere", *SMALL, **keywords))
        test.judge(wrong and f"{name}: {wrong}")


def one_process(test, bank):
    """Hashes of rows made in one process: {(how, kind): hash}; None where the program was not built."""
    if "one_process" not in bank.facts:
        bank.facts["one_process"] = None
        if bank.one_process and Path(bank.one_process).exists():
            done = bank.command([os.path.realpath(bank.one_process)])
            if done.status != 0:
                raise RuntimeError(f"{bank.one_process}: {done.message}")
            lines = map(str.split, done.text.splitlines())
            bank.facts["one_process"] = {(how, kind): digest for how, kind, digest in lines}
    if bank.facts["one_process"] is None:
        test.note("one_process was not built: several specs in one process were left out")
    return bank.facts["one_process"]


def m03_global_state(test, bank):
    """Generators do not disturb each other: threads of one process, processes at the same time, and two
    specs whose rows are made in turn in one process."""
    serial = bank.make("serial", *GROUPS, "--backend", "serial")
    for backend in ("omp", "fork"):
        other = bank.make(backend, *GROUPS, "--backend", backend, "--workers", "2",
                          environment={"SEEDBANK_OVERSUBSCRIBE": "1"})
        wrong = same_files(serial, other)
        test.judge(wrong and f"{backend} and serial: {wrong}")
    hashes = one_process(test, bank)
    for how, kind in hashes or ():
        if hashes[how, kind] != hashes["alone", kind]:
            test.fail(f"{kind} {how} differ from those made alone")


def m04_no_entity_alone(test, bank):
    """Any row can be made alone from the spec, and is the row of the whole; so can any shard, byte by byte."""
    chosen = defaultdict(list)
    totals = {kind: bank.manifest["kinds"][kind]["rows"] for kind in bank.kinds}
    seen = Counter()

    def pick(kind):
        step = max(totals[kind] // 3, 1)

        def row(values):
            if seen[kind] % step == step // 2:
                chosen[kind].append(values)
            seen[kind] += 1
        return row

    for kind in bank.kinds:
        test.rows(kind, pick(kind))

    def end():
        for kind, rows in chosen.items():
            for row in rows:
                alone = bank.run("cat", "--kind", kind, "--id", row["id"], "--raw", *bank.options)
                if alone.status != 0:
                    return f"{kind} {row['id']} alone: {alone.message}"
                if json.loads(alone.text) != row:
                    return f"{kind} {row['id']} alone is another row: {alone.text[:200]}"
        return shards_alone(bank)
    test.end(end)


def shards_alone(bank):
    shards = bank.manifest.get("shards", [])
    if not shards or bank.manifest["encoding"]["layout"] != "merged":
        return None
    nth = len(shards) // 2
    out = bank.work / "shard"
    shutil.rmtree(out, ignore_errors=True)
    made = bank.run("regenerate", bank.data / "manifest.json", "--shard", nth, "--out", out)
    if made.status != 0:
        return made.message
    for kind, place in shards[nth]["kinds"].items():
        with open(bank.files(kind)[0], "rb") as whole:
            whole.seek(place["offset"])
            if whole.read(place["bytes"]) != (out / f"{kind}.msgpack.zst").read_bytes():
                return f"shard {nth} of {kind} alone has other bytes"
    return None


def m05_second_time_differs(test, bank):
    """The second time in the same process gives what the first one gave; the shards that one process makes
    after others are those that a process of their own makes."""
    whole = bank.make("whole", *GROUPS, "--backend", "serial")
    parts = bank.work / "parts"
    shutil.rmtree(parts, ignore_errors=True)
    for part in range(1, 5):
        made = bank.run("generate", "--out", parts, "-q", *GROUPS, "--part", f"{part}/4")
        if made.status != 0:
            raise RuntimeError(made.message)
    merged = bank.run("merge", parts, "-q")
    if merged.status != 0:
        raise RuntimeError(merged.message)
    test.judge(same_files(whole, parts))
    hashes = one_process(test, bank)
    for how, kind in hashes or ():
        if how == "again" and hashes[how, kind] != hashes["alone", kind]:
            test.fail(f"{kind} differ the second time")


def m06_compares_only_counts(test, bank):
    """Equal means equal bytes of content: one unit of one amount, behind checksums that are right again, is
    noticed and named; and another seed gives other content in each kind."""
    small = "--entities 5k --seed 1".split()
    data = bank.make("tampered", *small)
    changed = bank.command([sys.executable, HERE.parent / "reader" / "tamper.py", data])
    if changed.status != 0:
        raise RuntimeError(f"tamper.py: {changed.message}")
    checked = bank.run("verify", data)
    if checked.status != 1 or not re.search(r"transactions.*row .*field amount", checked.message + checked.text):
        test.fail(f"a changed amount: exit status {checked.status}, {checked.message}")
    one = json.loads((bank.make("one", *SMALL) / "manifest.json").read_text())
    other_seed = ["12" if word == "11" else word for word in SMALL]
    two = json.loads((bank.make("two", *other_seed) / "manifest.json").read_text())
    for kind, of in one["kinds"].items():
        if of["rows"] != two["kinds"][kind]["rows"]:
            test.fail(f"{kind}: the count of rows depends on the seed")
        if of["rows"] > 0 and of["raw_xxh3"] == two["kinds"][kind]["raw_xxh3"]:
            test.fail(f"{kind}: seeds 11 and 12 give the same rows")


def m07_depends_on_a_word_list_release(test, bank):
    """Words are part of what names a dataset: other tables are another dataset, and verify without them is
    refused. Rows do not depend on how they are compressed."""
    spec = "--persons 800 --companies 200 --locales en_US,de_DE --seed 3".split()
    tables = bank.work / "tables"
    shutil.rmtree(tables, ignore_errors=True)
    shutil.copytree(facts.TABLES, tables, ignore=shutil.ignore_patterns("shared", "*.md"))
    manifests = {}
    for name, options in {"built_in": [], "same": ["--tables", tables], "level9": ["--level", "9"]}.items():
        manifests[name] = json.loads((bank.make(name, *spec, *options) / "manifest.json").read_text())
    digests = {name: [of["raw_xxh3"] for of in m["kinds"].values()] for name, m in manifests.items()}
    if digests["same"] != digests["built_in"]:
        test.fail("the tables of the sources are not those of the program")
    if digests["level9"] != digests["built_in"]:
        test.fail("rows depend on the level of compression")
    path = tables / "en_US" / "family.tsv"
    path.write_text(path.read_text("utf-8").replace("\nSmith\t", "\nSmithe\t"), "utf-8")
    changed = bank.make("changed", *spec, "--tables", tables)
    manifest = json.loads((changed / "manifest.json").read_text())
    if manifest["dataset"] == manifests["same"]["dataset"]:
        test.fail("one word changed, and the dataset has the same name")
    checked = bank.run("verify", changed)
    if checked.status not in (2, 4) or not checked.message:
        test.fail(f"verify without the changed tables: exit status {checked.status}, {checked.message}")
    checked = bank.run("verify", changed, "--tables", tables)
    if checked.status != 0:
        test.fail(f"verify with the changed tables: {checked.message}")


def m08_random_event_ids(test, bank):
    """Events carry neither random ids nor the clock's time. There are no streams of events yet (they come
    later); what is promised today: rows as text are the same each time, and all times of all events lie in the
    period that the spec says."""
    for kind in ("transactions", "communications"):
        two = [bank.run("cat", "--kind", kind, *SMALL).out for _ in range(2)]
        if two[0] != two[1] or not two[0]:
            test.fail(f"cat --kind {kind} twice gives different text")
    start, end = bank.period_ms

    def row(r):
        if not start <= r["executed_at"] < end:
            return f"executed_at {r['executed_at']} is not in the period"
    for kind in bank.kinds:
        if "executed_at" in bank.field_names(kind):
            test.rows(kind, row)


# ---- 9.2 identifiers -----------------------------------------------------------------------------


def m09_equal_ids_across_kinds(test, bank):
    """uid, which `--derived` prints, is unique over all rows of all kinds."""
    seen = {}

    def make(kind):
        def line(text):
            at = text.rfind('"uid":"')
            uid = text[at + 7:text.find('"', at + 7)]
            if at < 0 or not uid:
                return "no uid"
            if uid in seen:
                return f"uid {uid} is one of {seen[uid]}, too"
            seen[uid] = kind
        return line
    for kind in bank.kinds:
        test.lines(kind, make(kind))


def m10_duplicate_ids(test, bank):
    """No id twice within a kind, over all rows; those that are said to be dense are 0, 1, 2 ..."""
    def make(kind):
        seen, next_id = set(), [0]

        def dense(r):
            wrong = f"the row after {next_id[0] - 1} has id {r['id']}" if r["id"] != next_id[0] else None
            next_id[0] = r["id"] + 1
            return wrong

        def sparse(r):
            if r["id"] in seen:
                return "the id was there before"
            seen.add(r["id"])
        return dense if kind in DENSE else sparse
    for kind in bank.kinds:
        test.rows(kind, make(kind))


def m11_same_names_for_different_things(test, bank):
    """No value names two things: identifiers of twelve characters and more, of all kinds, in one pot."""
    pot = {}

    def put(value, what):
        if value is None:
            return None
        if value in pot:
            return f"{what} {value} is a {pot[value]}, too"
        pot[value] = what

    def first(*wrong):
        return next((w for w in wrong if w), None)

    parties = {}

    def transaction(t):
        iban, party = t["counterparty_iban"], t["counterparty_id"]
        if iban is not None and parties.setdefault(iban, party) != party:
            return f"counterparties {party} and {parties[iban]} share the IBAN {iban}"
        if iban is not None and pot.get(iban, "") == "IBAN":
            return f"the IBAN {iban} of counterparty {party} is that of an account here"
        return put(t["reference"], "reference")
    test.rows("companies", lambda c: first(put(c["lei"], "LEI"), put(c["legal_name"], "legal name")))
    test.rows("accounts", lambda a: first(put(a["iban"], "IBAN"), put(a["card"] and a["card"]["pan"], "card")))
    test.rows("devices", lambda d: put(d["fingerprint"], "fingerprint"))
    test.rows("communications", lambda m: put(m["details"]["message_id"], "message id"))
    test.rows("transactions", transaction)


def m12_ids_too_short(test, bank):
    """Ids do not run into each other in a large dataset: rows from all over one of 6 * 10^10 rows, made alone, have
    ids and references of their own, and the ids lead back to their rows."""
    spec = "--entities 60b --seed 5".split()
    rows = json.loads(bank.run("plan", *spec, "--json").text)["kinds"]
    rows = {one["name"]: one["rows"] for one in rows} if isinstance(rows, list) else \
        {kind: of["rows"] for kind, of in rows.items()}
    for kind in ("accounts", "transactions", "communications"):
        seen = set()
        for nth in range(4):
            begin = rows[kind] // 4 * nth + nth * 1234567
            found = bank.run("cat", "--kind", kind, "--rows", f"{begin}:{begin + 500}", *spec)
            lines = [json.loads(line) for line in found.text.splitlines()]
            if len(lines) != 500:
                return test.fail(f"{kind} {begin}: {len(lines)} rows; {found.message}")
            for row in lines:
                names = [("id", row["id"])] + [(n, row[n]) for n in ("reference", "account_number") if n in row]
                for name in names:
                    if name in seen:
                        return test.fail(f"{kind}: {name} twice")
                    seen.add(name)
        back = bank.run("cat", "--kind", kind, "--id", lines[-1]["id"], *spec)
        if back.status != 0 or json.loads(back.text) != lines[-1]:
            test.fail(f"{kind} {lines[-1]['id']}: the id does not lead to its row; {back.message}")
    return None


def m13_two_ids_a_row(test, bank):
    """A row has one id, its first field; every reference is to the `id` of a kind, and says of which."""
    for kind in bank.kinds:
        own = [f["name"] for f in bank.header(kind)["fields"] if f.get("logical") == "id" and "references" not in f]
        if own != ["id"]:
            test.fail(f"{kind}: ids without a reference: {own}")
    for kind, path, field in all_fields(bank):
        target = field.get("references")
        if field.get("logical") == "id" and target and not re.fullmatch(r"[a-z]+\.id", target):
            test.fail(f"{kind}.{path} refers to {target}")
        elsewhere = field["name"] in ("tax_id", "message_id", "counterparty_id")
        if re.search(r"_ids?$", field["name"]) and not elsewhere and not target:
            test.fail(f"{kind}.{path} does not say what it refers to")

    def row(r):
        if type(r["id"]) is not int or r["id"] < 0:
            return f"id {r['id']!r}"
    for kind in bank.kinds:
        test.rows(kind, row)


def all_fields(bank):
    """(kind, path, field) of fields and fields of records."""
    for kind in bank.kinds:
        for field in bank.header(kind)["fields"]:
            yield kind, field["name"], field
            for inner in field.get("fields", ()):
                yield kind, f"{field['name']}.{inner['name']}", inner


# ---- 9.3 references ------------------------------------------------------------------------------


def m14_ends_refer_to_nothing(test, bank):
    """Both ends of a payment are known: an account whose owner is known, or an outside party with a number and
    a name. Countries of the row are those of the banks."""
    def row(t):
        for end, country in (("from_account_id", "originating_country"), ("to_account_id", "destination_country")):
            account = t[end]
            if account is None:
                continue
            if not 0 <= account < len(bank.accounts):
                return f"no account {account}"
            of = bank.accounts[account]
            if (of.person is None) == (of.company is None):
                return f"account {account} has not one owner"
            if of.person is not None and of.person >= len(bank.persons):
                return f"account {account} belongs to no person {of.person}"
            if of.company is not None and of.company >= len(bank.companies):
                return f"account {account} belongs to no company {of.company}"
            if t[country] != of.country:
                return f"{country} is {t[country]}, but account {account} is at a bank in {of.country}"
    test.rows("transactions", row)


def m15_dangling_people_behind(test, bank):
    """Joint holders, people behind companies, officers, owners, parents and employers exist and agree with what
    their own rows say."""
    waiting = defaultdict(list)  # employer -> (person, name, industry, begin)

    def person(p):
        for job in p["employment"]:
            if job["employer_id"] is not None:
                waiting[job["employer_id"]].append((p["id"], job))

    def company(c):
        for who, job in waiting.pop(c["id"], ()):
            if job["employer_name"] != c["legal_name"]:
                return f"person {who} knows it as {job['employer_name']}, its name is {c['legal_name']}"
            if job["industry"] != c["industry"]:
                return f"person {who} works there in {job['industry']}, it is in {c['industry']}"
        officers = [o["person_id"] for o in c["officers"]]
        if not officers or len(set(officers)) != len(officers):
            return f"officers {officers}"
        if max(officers) >= len(bank.persons):
            return f"no person {max(officers)}, an officer"
        for owner in c["owners"]:
            if owner["person_id"] is not None and owner["person_id"] >= len(bank.persons):
                return f"no person {owner['person_id']}, an owner"
            if owner["person_id"] is not None and owner["company_id"] is not None:
                return "an owner who is person and company"
        parents = [o["company_id"] for o in c["owners"] if o["company_id"] is not None]
        if ([c["parent_id"]] if c["parent_id"] is not None else []) != parents:
            return f"parent {c['parent_id']}, but companies that own a share: {parents}"

    def account(a):
        owner = a["owner_person_id"]
        for other in a["joint_owner_ids"]:
            if other == owner:
                return "held jointly with the owner"
            if owner is None or other >= len(bank.persons):
                return f"joint holder {other}"
            if bank.persons[other].home != bank.persons[owner].home:
                return f"joint holder {other} does not live with the owner {owner}"
        for other in a["beneficial_owner_ids"]:
            if a["owner_company_id"] is None or other >= len(bank.persons):
                return f"beneficial owner {other}"
    test.rows("persons", person)
    test.rows("companies", company)
    test.rows("accounts", account)
    test.end(lambda: f"no company {min(waiting)}, an employer" if waiting else None)


def m16_unknown_traders_and_issuers(test, bank):
    """Who trades owns the account; who issues is a company, and not the one who receives; who travels shows a
    passport of his own; who logs in may."""
    def trade(t):
        account = bank.accounts[t["account_id"]]
        if (account.person, account.company) != (t["person_id"], t["company_id"]):
            return f"the owner of account {t['account_id']} is another: {account.person}, {account.company}"
        if t["issuer_id"] is not None:
            issuer = bank.companies[t["issuer_id"]]
            if issuer.ticker != t["symbol"] or issuer.exchange != t["exchange"] or t["asset_type"] != "stock":
                return f"{t['symbol']} at {t['exchange']} is not what company {t['issuer_id']} is listed as"

    def document(d):
        if d["issuer_id"] == d["recipient_id"]:
            return "issued to the issuer"
        if max(d["issuer_id"], d["recipient_id"]) >= len(bank.companies):
            return "no such company"

    def trip(t):
        who = bank.persons[t["person_id"]]
        if t["passport_number"] is not None and t["passport_number"] != who.passport:
            return f"passport {t['passport_number']}; the traveller's is {who.passport}"
        if (t["departure_country"], t["departure_city"]) != (who.country, who.city):
            return f"from {t['departure_city']}, the traveller lives in {who.city}"
        if t["arrival_country"] == t["departure_country"]:
            return f"from {t['departure_country']} to {t['arrival_country']}"

    def login(i):
        account, day = bank.accounts[i["account_id"]], i["executed_at"] // DAY_MS
        if account.person is not None and i["person_id"] != account.person:
            return f"person {i['person_id']} opens an account of {account.person}"
        if account.company is not None and i["person_id"] is not None:
            if not any(who == i["person_id"] and since <= day for who, since in
                       bank.companies[account.company].officers):
                return f"person {i['person_id']} is no officer of company {account.company}"

    def relationship(r):
        ends = [(r["from_person_id"], r["from_company_id"]), (r["to_person_id"], r["to_company_id"])]
        if any((person is None) == (company is None) for person, company in ends) or ends[0] == ends[1]:
            return f"between {ends[0]} and {ends[1]}"
        person, company = r["to_person_id"], r["to_company_id"]
        if r["type"] == "employer" and bank.persons[person].employer != r["from_company_id"]:
            return f"company {r['from_company_id']} does not employ person {person}"
        if r["type"] == "director" and r["from_person_id"] not in [o for o, _ in bank.companies[company].officers]:
            return f"person {r['from_person_id']} is no officer of company {company}"
        if r["type"] == "shareholder" and (r["from_person_id"], r["from_company_id"], r["share_bp"]) not in \
                bank.companies[company].owners:
            return f"no such share of company {company}"
        if r["type"] == "subsidiary" and bank.companies[r["from_company_id"]].parent != company:
            return f"company {r['from_company_id']} belongs to another"
        if r["type"] in ("spouse", "sibling", "parent") and \
                bank.persons[r["from_person_id"]].home != bank.persons[person].home:
            return "a family of two homes"
        if r["type"] == "parent" and \
                bank.persons[person].birth - bank.persons[r["from_person_id"]].birth < 14 * YEAR:
            return f"person {r['from_person_id']} is too young to be a parent of {person}"
    for kind, check in (("trades", trade), ("documents", document), ("trips", trip), ("logins", login),
                        ("relationships", relationship)):
        test.rows(kind, check)


def m17_unknown_ends_of_injected_rows(test, bank):
    """Where an end is outside, the row says who it is, always the same by the same number; where both ends are
    here it says nothing; and seven rows in ten have both ends here. (Rows of patterns, which were the worst, are
    not made yet.)"""
    parties, inside, total = {}, [0], [0]

    def row(t):
        outside = (t["from_account_id"] is None) + (t["to_account_id"] is None)
        total[0] += 1
        inside[0] += outside == 0
        if outside == 2:
            return "both ends are outside"
        number, name, iban = t["counterparty_id"], t["counterparty_name"], t["counterparty_iban"]
        if outside == 0:
            return "a counterparty, though both ends are here" if (number, name, iban) != (None,) * 3 else None
        if number is None or not name:
            return "an outside party without number or name"
        if parties.setdefault(number, (name, iban)) != (name, iban):
            return f"counterparty {number} is {parties[number]} and {(name, iban)}"
    test.rows("transactions", row)

    def end():
        if inside[0] < 0.7 * total[0]:
            return f"{inside[0]} of {total[0]} rows have both ends here"
    test.end(end)


def m18_labels_point_at_missing_rows(test, bank):
    """What a message says of a payment is so: the payment is there, is done, is older, the two who write are its
    ends, and the amount, date or reference in the text are its own. Threads hold together. (Labels of money
    laundering come with a later release.)"""
    threads = {}

    def message(m):
        if (m["thread_id"] is None) != (m["reply_to"] is None and m["thread_id"] != m["id"]):
            return "thread_id and reply_to do not fit"
        if m["reply_to"] is not None:
            first = threads.get(m["reply_to"])
            if first is None:
                return f"answers {m['reply_to']}, which was not there before"
            if first[0] != m["thread_id"]:
                return "answers a message of another thread"
            if first[1] > m["executed_at"]:
                return "answers before it was asked"
            if m["sender"] not in first[2] or first[3] not in m["recipients"]:
                return "answers what somebody else got"
        threads[m["id"]] = (m["thread_id"], m["executed_at"], m["recipients"], m["sender"])

    def transaction(t):
        for m in bank.told.pop(t["id"], ()):
            wrong = wrong_story(bank, m, t)
            if wrong:
                return f"message {m['id']}: {wrong}"
    test.rows("communications", message)
    test.rows("transactions", transaction)

    def end():
        if bank.told:
            return f"communications {next(iter(bank.told.values()))[0]['id']} is about a payment that is not there"
    test.end(end)


def wrong_story(bank, message, t):
    if t["status"] != "completed":
        return f"the payment is {t['status']}"
    if message["executed_at"] < t["executed_at"]:
        return "older than the payment"
    ends = (bank.accounts[t["from_account_id"]], bank.accounts[t["to_account_id"]])
    owners = {(account.person, account.company) for account in ends}
    writers = {(one["person_id"], one["company_id"]) for one in (message["sender"], message["recipients"][0])}
    if writers != owners:
        return f"written between {writers}, the ends are {owners}"
    text = message["content"] + "\n" + (message["subject"] or "")
    for word in re.findall(facts.REFERENCE, text):
        if word != t["reference"] and not word.isdigit():
            return f"names the reference {word} instead of {t['reference']}"
    if message["reply_to"] is not None:
        return None
    day = t["executed_at"] // DAY_MS
    for one in facts.locales_speaking(message["language"]):
        if t["reference"] in text or one.date(day) in text or one.amount(t["amount"], t["currency"]) in text:
            return None
    return f"names neither amount nor date nor reference: {message['content']!r}"


def m19_numbers_in_place_of_ids(test, bank):
    """Every reference of every kind, declared in the headers, holds the id of a row that is there."""
    counts = {kind: bank.manifest["kinds"][kind]["rows"] for kind in bank.kinds}
    pending = defaultdict(set)

    def make(kind):
        flat, nested = [], []
        for field in bank.header(kind)["fields"]:
            if "references" in field:
                flat.append((field["name"], field["references"].split(".")[0]))
            for inner in field.get("fields", ()):
                if "references" in inner:
                    nested.append((field["name"], inner["name"], inner["references"].split(".")[0]))

        def check(name, value, target):
            if type(value) is not int:
                return f"{name} is {value!r}"
            if target in DENSE:
                return None if 0 <= value < counts.get(target, 0) else f"{name}: no {target} {value}"
            pending[target].add(value)
            return None

        def row(r):
            for name, target in flat:
                value = r[name]
                if value is None:
                    continue
                for one in value if type(value) is list else (value,):
                    wrong = check(name, one, target)
                    if wrong:
                        return wrong
            for name, inner, target in nested:
                value = r[name]
                for one in value if type(value) is list else (value,):
                    if one is not None and one[inner] is not None:
                        wrong = check(f"{name}.{inner}", one[inner], target)
                        if wrong:
                            return wrong
        return row
    for kind in bank.kinds:
        test.rows(kind, make(kind))

    def end():
        for target, values in pending.items():
            missing = values - bank.ids.get(target, set())
            if missing:
                return f"no {target} {min(missing)}"
    test.end(end)
    if any(kind not in counts for kind in ("transactions", "communications")):
        test.note("no messages or payments here")
    test.rows("transactions", lambda t: None)  # their ids are asked for


def m20_poisson_degrees(test, bank):
    """Nobody pays himself, everybody has an account, and degrees are heavy-tailed: some payees have very many
    payers. Salaries come from employers, rent goes to few."""
    payers, pays = {}, Counter()
    owners, salaries = set(), Counter()

    def account(a):
        owners.add((a["owner_person_id"], a["owner_company_id"]))

    def row(t):
        source, target = t["from_account_id"], t["to_account_id"]
        if source is not None and source == target:
            return f"account {source} pays itself"
        if source is None or target is None:
            return None
        payers.setdefault(target, set()).add(source)
        pays[source] += 1
        if t["type"] == "salary":
            employer, worker = bank.accounts[source].company, bank.accounts[target].person
            salaries[bank.persons[worker].employer == employer if worker is not None else False] += 1
    test.rows("accounts", account)
    test.rows("transactions", row)

    def end():
        lonely = [i for i in range(len(bank.persons)) if (i, None) not in owners]
        lonely += [f"company {i}" for i in range(len(bank.companies)) if (None, i) not in owners]
        if lonely:
            return f"{len(lonely)} without an account, the first {lonely[0]}"
        if salaries[False] or not salaries[True]:
            return f"{salaries[False]} of {sum(salaries.values())} salaries are not the employer's"
        for name, degrees in (("in", [len(some) for some in payers.values()]), ("out", list(pays.values()))):
            degrees += [0] * (len(bank.accounts) - len(degrees))
            mean = sum(degrees) / len(degrees)
            spread = sum((d - mean) ** 2 for d in degrees) / len(degrees) / mean  # 1 if Poisson
            top = sum(sorted(degrees)[-len(degrees) // 100:]) / sum(degrees)
            if spread < 5 or max(degrees) < 10 * mean or top < 0.08:
                return (f"{name}-degrees: variance/mean {spread:.1f}, largest {max(degrees)}, mean {mean:.1f}, "
                        f"the first hundredth has {top:.1%}")
    test.end(end)


def m21_made_and_never_written(test, bank):
    """Every kind of the spec with rows has a file with as many rows, and nothing else lies about."""
    manifest = bank.manifest
    counts = manifest["spec"]["counts"]
    if {kind: n for kind, n in counts.items() if n} != \
            {kind: of["rows"] for kind, of in manifest["kinds"].items() if kind != "entries" and of["rows"]}:
        test.fail(f"the spec asks for {counts}")
    listed = {name for of in manifest["kinds"].values() for name in of["files"]} | {"manifest.json", "run.json"}
    there = {path.name for path in bank.data.iterdir()}
    if listed != there:
        test.fail(f"files listed {sorted(listed - there)}, files there {sorted(there - listed)}")
    if not {"trades", "trips", "documents"} <= set(bank.kinds):
        test.note("not all kinds are in these data")
    seen = Counter()

    def make(kind):
        def row(_):
            seen[kind] += 1
        return row
    for kind in bank.kinds:
        test.rows(kind, make(kind))

    def end():
        for kind in bank.kinds:
            if seen[kind] != counts[kind]:
                return f"{kind}: {seen[kind]} rows of {counts[kind]}"
    test.end(end)


def m22_statistics_disagree(test, bank):
    """Counts in plan, in the manifest, in the headers, in info and of rows agree."""
    plan = json.loads(bank.run("plan", *bank.options, "--json").text)["kinds"]
    plan = {one["name"]: one["rows"] for one in plan} if isinstance(plan, list) else \
        {kind: of["rows"] for kind, of in plan.items()}
    info = bank.run("info", bank.data)
    told = {kind: rows for kind in bank.kinds
            for rows in re.findall(rf"^\s*{kind}\s+(\d+)\s", info.text, re.M)[:1]}
    size = {}
    for kind in bank.kinds:
        said = bank.manifest["kinds"][kind]
        counts = {"plan": plan.get(kind), "manifest": said["rows"], "header": bank.header(kind)["rows"],
                  "info": int(told.get(kind, -1))}
        if len(set(counts.values())) != 1:
            test.fail(f"{kind}: {counts}")
        size[kind] = sum(path.stat().st_size for path in bank.files(kind))
        if size[kind] != said["bytes"]:
            test.fail(f"{kind}: {size[kind]} bytes, the manifest says {said['bytes']}")
    seen = Counter()

    def make(kind):
        def row(_):
            seen[kind] += 1
        return row
    for kind in bank.kinds:
        test.rows(kind, make(kind))
    test.end(lambda: next((f"{kind}: {seen[kind]} rows, {bank.manifest['kinds'][kind]['rows']} by the manifest"
                           for kind in bank.kinds if seen[kind] != bank.manifest["kinds"][kind]["rows"]), None))


# ---- 9.4 value and time --------------------------------------------------------------------------


def needs_replay(test, bank):
    bank.moves = bank.moves if bank.moves is not None else []
    test.rows("transactions", lambda t: None)


def m23_balances_apart_from_rows(test, bank):
    """Counts, totals, closing, lowest and average balance of each account are what replaying its rows gives."""
    needs_replay(test, bank)

    def end():
        for number, (account, own) in enumerate(zip(bank.accounts, bank.replay())):
            said = (account.credit, account.debit, account.closing, account.lowest, account.count)
            if said != own[:5]:
                test.fail(f"account {number} says credit, debit, closing, lowest, count {said}, its rows {own[:5]}")
            if abs(account.average - own[5]) > 1:
                test.fail(f"account {number} has average {account.average}, its rows {own[5]}")
            if account.opening + account.credit - account.debit != account.closing:
                test.fail(f"account {number}: opening + credits - debits is not closing")
    test.end(end)


# Amounts in dollars of an ordinary year: what hardly anybody exceeds, by type; and the median's bounds.
PLAUSIBLE = {
    "atm": (2, 5000, 20, 200), "withdrawal": (2, 6000, 20, 250), "pos": (0.05, 200000, 5, 120),
    "online": (0.05, 200000, 5, 200), "deposit": (2, 300000, 50, 1500), "salary": (5, 500000, 200, 8000),
    "rent": (20, 20000, 150, 3000), "interest": (0.001, 20000, 1, 60), "standing_order": (1, 10000, 10, 500),
}


def m24_amounts_beyond_the_balance(test, bank):
    """No balance goes below what the account may owe, at any time; and amounts are plausible by type: an ATM
    gives no million, groceries cost no house."""
    needs_replay(test, bank)
    amounts = defaultdict(list)
    medians = {int(row["mcc"]): row["median_cents"] for row in facts.shared("mcc")}

    def row(t):
        if t["amount"] <= 0:
            return f"amount {t['amount']}"
        worth = t["amount"] * facts.usd_of_minor(t["currency"])
        amounts[t["type"]].append(worth)
        if t["mcc"] is not None and worth > 2 * medians[t["mcc"]]:  # 200 times what is usual there
            return f"category {t['mcc']} for {t['amount']} {t['currency']}, some {worth:.2f} dollars"
        if t["mcc"] == 5411 and worth > 4000:
            return f"groceries for {t['amount']} {t['currency']}"
        low, high = PLAUSIBLE.get(t["type"], (0, 1e8))[:2]
        if not low * 0.01 <= worth <= high:
            return f"{t['type']} of {t['amount']} {t['currency']}, some {worth:.2f} dollars"
    test.rows("transactions", row)

    def end():
        for number, (account, own) in enumerate(zip(bank.accounts, bank.replay())):
            if min(own[3], account.lowest) < -account.limit or account.limit < 0:
                test.fail(f"account {number} falls to {own[3]} with a limit of {account.limit}")
        for kind, (_, _, low, high) in PLAUSIBLE.items():
            some = sorted(amounts[kind])
            if some and not low <= some[len(some) // 2] <= high:
                test.fail(f"half of {kind} are below {some[len(some) // 2]:.2f} dollars")
    test.end(end)


def m25_currency_of_nobody(test, bank):
    """The currency is that of the payer's account, what arrives in that of the payee's. Rates are given where the
    two differ, one a day and pair, near what currencies are worth; and the payee gets amount * rate, rounded."""
    rates = {}

    def row(t):
        source, target = t["from_account_id"], t["to_account_id"]
        payer = bank.accounts[source].currency if source is not None else None
        payee = bank.accounts[target].currency if target is not None else None
        if (t["currency"], t["to_currency"]) != (payer or payee, payee or payer):
            return f"{t['currency']} to {t['to_currency']} between accounts in {payer} and {payee}"
        if (t["rate"] is None) != (t["currency"] == t["to_currency"]):
            return f"rate {t['rate']} from {t['currency']} to {t['to_currency']}"
        if t["rate"] is None:
            return f"{t['amount']} becomes {t['to_amount']}" if t["amount"] != t["to_amount"] else None
        if t["to_amount"] != (t["amount"] * t["rate"] + 500_000_000) // 10**9:
            return f"{t['amount']} at {t['rate']} is not {t['to_amount']}"
        day = t["executed_at"] // DAY_MS
        pair = (t["currency"], t["to_currency"])
        if rates.setdefault((pair, day), t["rate"]) != t["rate"]:
            return f"two rates from {pair[0]} to {pair[1]} on day {day}"
        usual = facts.usd_of_minor(pair[0]) / facts.usd_of_minor(pair[1]) * 1e9
        if not 0.6 < t["rate"] / usual < 1.67:
            return f"{t['rate'] / usual:.2f} times the usual rate from {pair[0]} to {pair[1]}"
    test.rows("transactions", row)

    def end():
        if not rates:
            return "no payment between two currencies"
        for ((one, other), day), rate in rates.items():
            back, next_day = rates.get(((other, one), day)), rates.get(((one, other), day + 1))
            # As many digits as the smaller rate has are all there are.
            if back and abs(rate * back / 1e18 - 1) > 2e-3 + 2 / min(rate, back):
                test.fail(f"{one} to {other} and back on day {day}: {rate * back / 1e18:.6f}")
            if next_day and abs(next_day / rate - 1) > 0.05 + 2 / rate:
                test.fail(f"{one} to {other} jumps from {rate} to {next_day} on day {day + 1}")
    test.end(end)


def m26_rows_outside_an_accounts_life(test, bank):
    """Nothing before an account is opened, after it is closed, or while it is frozen, whatever became of the row;
    nothing opens after the end, or before its owner could; the same for logins, trades and devices."""
    end_day = bank.period[1]

    def account(a):
        if a["opened"] >= end_day or (a["closed"] is not None and not a["opened"] <= a["closed"] < end_day):
            return f"opened on day {a['opened']}, closed on {a['closed']}"
        if (a["status"] == "closed") != (a["closed"] is not None):
            return f"{a['status']}, closed on {a['closed']}"
        if a["owner_person_id"] is not None:
            age = (a["opened"] - bank.persons[a["owner_person_id"]].birth) / YEAR
            if age < 13.99:
                return f"opened by somebody of {age:.1f} years"
        elif a["opened"] < bank.companies[a["owner_company_id"]].registered:
            return "opened before the company was registered"
        if a["card"] is not None and a["card"]["expiry"] < end_day - 1:
            return "the card has expired"

    def payment(t):
        for end in ("from_account_id", "to_account_id"):
            if t[end] is not None:
                wrong = bank.is_open(t[end], t["executed_at"])
                if wrong:
                    return f"{t['status']} on day {t['executed_at'] // DAY_MS}: {wrong}"

    def company(c):
        for who, since in ((o["person_id"], o["since"]) for o in c["officers"]):
            if since < c["registration_date"] or since >= end_day:
                return f"officer since day {since}, registered on {c['registration_date']}"
            age = (since - bank.persons[who].birth) / YEAR
            if age < 17.99:
                return f"an officer of {age:.1f} years"
        if c["registration_date"] >= end_day:
            return "registered after the end"

    def device(d):
        age = (d["registered"] - bank.persons[d["owner_person_id"]].birth) / YEAR
        if d["registered"] >= end_day or age < 13.99:
            return f"registered on day {d['registered']} by somebody of {age:.1f} years"
    test.rows("accounts", account)
    test.rows("companies", company)
    test.rows("devices", device)
    test.rows("transactions", payment)
    test.rows("logins", lambda i: bank.is_open(i["account_id"], i["executed_at"]))
    test.rows("trades", lambda t: bank.is_open(t["account_id"], t["executed_at"]))


def m27_posted_before_executed(test, bank):
    """What follows comes later: booking, value, answers, settlement, return, due dates."""
    def payment(t):
        posted = t["posted_at"]
        if (posted is None) == (t["status"] in ("completed", "reversed")):
            return f"{t['status']}, posted_at {posted}"
        if posted is not None and not t["executed_at"] <= posted <= t["executed_at"] + 10 * DAY_MS:
            return f"executed at {t['executed_at']}, posted at {posted}"
        if t["value_date"] < t["executed_at"] // DAY_MS:
            return f"executed on day {t['executed_at'] // DAY_MS}, valued on {t['value_date']}"

    def trade(t):
        if not 0 <= t["settlement_date"] - t["executed_at"] // DAY_MS <= 10:
            return f"executed on day {t['executed_at'] // DAY_MS}, settled on {t['settlement_date']}"

    def trip(t):
        if t["returned_at"] <= t["executed_at"] or t["booked"] > t["executed_at"] // DAY_MS:
            return f"booked {t['booked']}, left {t['executed_at']}, returned {t['returned_at']}"

    def document(d):
        if d["due"] is not None and d["due"] < d["executed_at"] // DAY_MS:
            return f"issued on day {d['executed_at'] // DAY_MS}, due on {d['due']}"
    for kind, check in (("transactions", payment), ("trades", trade), ("trips", trip), ("documents", document)):
        test.rows(kind, check)


def m28_two_kinds_of_time(test, bank):
    """All times are integers of milliseconds since 1970 in UTC, all dates integers of days; so they sort."""
    def make(kind):
        fields = bank.header(kind)["fields"]
        times = [f["name"] for f in fields if f.get("logical") == "timestamp-ms"]
        dates = [f["name"] for f in fields if f.get("logical") == "date-days"]
        nullable = {f["name"] for f in fields if f.get("nullable")}
        inner = [(f["name"], g["name"], g.get("nullable")) for f in fields for g in f.get("fields", ())
                 if g.get("logical") == "date-days"]

        def row(r):
            for name in times:
                if type(r[name]) is not int and not (r[name] is None and name in nullable):
                    return f"{name} is {r[name]!r}"
                if r[name] is not None and not 0 < r[name] < 4_200_000_000_000:
                    return f"{name} {r[name]} is no milliseconds"
            for name in dates:
                if type(r[name]) is not int and not (r[name] is None and name in nullable):
                    return f"{name} is {r[name]!r}"
                if r[name] is not None and not -30000 < r[name] < 40000:
                    return f"{name} {r[name]} is no days"
            for name, part, may_lack in inner:
                value = r[name]
                for one in value if type(value) is list else (value,):
                    if one is not None and type(one[part]) is not int and not (may_lack and one[part] is None):
                        return f"{name}.{part} is {one[part]!r}"
        return row
    for kind in bank.kinds:
        test.rows(kind, make(kind))


MONEY = re.compile(r'"(amount|to_amount|fee|overdraft_limit|opening_balance|closing_balance|lowest_balance|'
                   r'credit_total|debit_total|average_balance)":"(-?\d+)(?:\.(\d+))?"')


def m29_too_many_decimals(test, bank):
    """No amount, fee or balance has more decimals than its currency (none: yen and won; three: dinars), as it is
    stored, a whole number, and as it is printed."""
    seen = Counter()

    def make(kind):
        names = [f["name"] for f in bank.header(kind)["fields"] if f.get("logical") == "money"]

        def row(r):
            for name in names:
                if type(r[name]) is not int and r[name] is not None:
                    return f"{name} is {r[name]!r}"
        return row

    def line(text):
        own = re.search(r'"currency":"([A-Z]{3})"', text)[1]
        to = re.search(r'"to_currency":"([A-Z]{3})"', text)
        for name, _, part in MONEY.findall(text):
            currency = to[1] if name == "to_amount" else own
            seen[currency] += 1
            if len(part) != facts.decimals_of(currency):
                return f"{name} has {len(part)} decimals in {currency}"
    for kind in bank.kinds:
        if any(f.get("logical") == "money" for f in bank.header(kind)["fields"]):
            test.rows(kind, make(kind))
    test.lines("accounts", line)
    test.lines("transactions", line)
    expected = {"JPY", "KRW"} if bank.manifest["kinds"]["transactions"]["rows"] >= 500_000 else {"JPY"}
    test.end(lambda: None if expected <= set(seen) else f"no {expected} among {sorted(seen)}")


def m30_cards_and_loans_at_zero(test, bank):
    """Credit cards, loans and mortgages are owed on: nearly all have a balance, and loans below zero."""
    counts = Counter()
    start = bank.period[0]

    def row(a):
        if a["type"] not in ("credit_card", "loan", "mortgage") or a["status"] == "closed":
            return None
        counts[a["type"]] += 1
        if a["closing_balance"] == 0:
            counts[a["type"], 0] += 1
        if a["closing_balance"] < 0:
            counts[a["type"], -1] += 1
        if a["overdraft_limit"] <= 0:
            return f"a {a['type']} without a limit"
        if a["opened"] < start and a["type"] != "credit_card" and a["opening_balance"] == 0:
            return f"a {a['type']} from before with nothing owed"
    test.rows("accounts", row)

    def end():
        for kind in ("credit_card", "loan", "mortgage"):
            if not counts[kind]:
                return f"no {kind}"
            if counts[kind, 0] > 0.01 * counts[kind]:
                return f"{counts[kind, 0]} of {counts[kind]} accounts of type {kind} are at 0"
            if counts[kind, -1] < (0.5 if kind == "credit_card" else 0.8) * counts[kind]:
                return f"only {counts[kind, -1]} of {counts[kind]} accounts of type {kind} are below 0"
    test.end(end)


def m31_threshold_of_the_wrong_country(test, bank):
    """Just below the threshold means the threshold of the row's currency, for all rows that are and only those."""
    counts = Counter()

    def row(t):
        limit = facts.threshold(t["currency"])
        below = limit * 9 // 10 <= t["amount"] < limit
        counts[below] += 1
        if below != ("below_threshold" in t["alert_flags"]):
            return f"{t['amount']} {t['currency']} with a threshold of {limit}: {t['alert_flags']}"
    test.rows("transactions", row)

    def end():
        if not 0 < counts[True] < 0.02 * sum(counts.values()):
            return f"{counts[True]} of {sum(counts.values())} rows are just below a threshold"
    test.end(end)


ROUND = {n * 1000 for n in (1, 2, 5, 10, 15, 20, 25, 50, 75, 100, 150, 200, 250, 500, 1000)}


def m32_round_amounts_everywhere(test, bank):
    """Exactly round amounts, those 15 that made up nearly a third of all once, are rare, so that a signal can be
    seen; but cash, rent and standing orders are round as in life, and shopping is not."""
    counts = Counter()

    def row(t):
        unit = 10 ** facts.decimals_of(t["currency"])
        counts["all"] += 1
        whole, rest = divmod(t["amount"], unit)
        if rest == 0 and whole in ROUND and facts.round_factor(t["currency"]) == 1:
            counts["round"] += 1
        if t["amount"] % (100_000 * facts.round_factor(t["currency"])) == 0:
            counts["thousands"] += 1
        kind = t["type"]
        if kind in ("atm", "rent", "standing_order", "pos"):
            counts[kind] += 1
            counts[kind, "even"] += t["amount"] % (100 * facts.round_factor(t["currency"])) == 0
    test.rows("transactions", row)

    def end():
        share = counts["round"] / counts["all"]
        if not 0.0002 < share < 0.03 or counts["thousands"] > 0.03 * counts["all"]:
            return f"{share:.3%} of amounts are round, {counts['thousands']} are whole thousands"
        for kind, least, most in (("atm", 0.9, 1), ("rent", 0.9, 1), ("standing_order", 0.9, 1), ("pos", 0, 0.2)):
            if counts[kind] and not least <= counts[kind, "even"] / counts[kind] <= most:
                return f"{counts[kind, 'even']} of {counts[kind]} amounts of {kind} are whole"
    test.end(end)


def payment_rule(t):
    """Flags and score of a payment, by the published rules."""
    limit, amount, cash = facts.threshold(t["currency"]), t["amount"], t["type"] in CASH
    ends = (t["originating_country"], t["destination_country"])
    abroad = ends[0] != ends[1]
    rules = (
        ("large_amount", amount >= limit * (1 if cash else 5), 2000),
        ("round_amount", amount % (100_000 * facts.round_factor(t["currency"])) == 0, 1200),
        ("below_threshold", limit * 9 // 10 <= amount < limit, 2500),
        ("cross_border", abroad, 1000),
        ("high_risk_country", abroad and any(map(facts.is_high_risk, ends)), 2000),
        ("tax_haven", abroad and any(map(facts.is_haven, ends)), 1500),
        ("cash", cash and amount >= limit // 2, 1000),
    )
    score = 300 if t["from_account_id"] is None or t["to_account_id"] is None else 0
    return [name for name, raised, _ in rules if raised], min(score + sum(p for _, r, p in rules if r), 10000)


def m33_labels_apart_from_the_data(test, bank):
    """Flags and scores follow the published rules (docs/model.md) from what the row says, and from nothing else."""
    def payment(t):
        flags, score = payment_rule(t)
        if (flags, score) != (t["alert_flags"], t["risk_score"]):
            return f"the rules say {flags} {score}, the row {t['alert_flags']} {t['risk_score']}"

    def message(m):
        words, score = len(m["suspicious_keywords"]), m["risk_score"]
        own = (3000 * (words > 0) + 2000 * (words > 2) + 1000 * (m["sentiment_score"] < -4000)
               + 1000 * (len(m["attachments"]) > 2) + 1000 * ((m["details"]["shares"] or 0) > 50)
               + 1500 * (words > 0 and m["is_encrypted"]))
        night = m["executed_at"] % 86400000 < 4 * 3600000
        if score != min(own + 1000 * night, 10000):
            return f"the rules say {own} and {night=}, the row {score}"
        flagged = score > 4000 or words > 2
        reason = ("suspicious_keywords" if words > 2 else "high_risk_score") if flagged else None
        if (m["is_flagged"], m["flag_reason"]) != (flagged, reason):
            return f"{words} words, score {score}, {m['is_flagged']} {m['flag_reason']}"

    def login(i):
        points = {"success": 0, "wrong_password": 2000, "wrong_code": 2500, "locked": 5000}
        own = (points[i["outcome"]] + 1500 * (i["device_id"] is None) + 2500 * facts.is_high_risk(i["country"])
               + 1000 * facts.is_haven(i["country"]) + 500 * (i["method"] == "password" and i["channel"] == "web"))
        if i["risk_score"] != min(own, 10000):
            return f"the rules say {own}, the row {i['risk_score']}"

    def flagged(r):
        if r["is_flagged"] != (r["risk_score"] > 6000 or len(r["indicators"]) > 2):
            return f"score {r['risk_score']}, {r['indicators']}, flagged: {r['is_flagged']}"

    def trade(t):
        worth = facts.threshold(t["currency"])
        derivative = t["asset_type"] in ("option", "future")
        said = {"large_position": t["amount"] >= 20 * worth,
                "derivative_position": derivative and t["amount"] >= 5 * worth}
        for name, raised in said.items():
            if raised != (name in t["indicators"]):
                return f"{t['amount']} {t['currency']} of {t['asset_type']}: {t['indicators']}"
        return flagged(t)

    def document(d):
        for item in d["line_items"]:
            if item["amount"] != item["quantity"] * item["unit_price"]:
                return f"line {item['line']}: {item['quantity']} * {item['unit_price']} is not {item['amount']}"
        if d["total_amount"] != sum(item["amount"] for item in d["line_items"]):
            return "the total is not the sum of its lines"
        return flagged(d)
    for kind, check in (("transactions", payment), ("communications", message), ("logins", login),
                        ("trades", trade), ("trips", flagged), ("documents", document)):
        test.rows(kind, check)


# ---- 9.5 realism ---------------------------------------------------------------------------------


def validators():
    """Checkers of tax numbers by country, of stdnum; {} without it. Numbers out of ranges that stdnum knows to
    be reserved are not among them: docs/identifiers.md lists them."""
    try:
        import stdnum.au.tfn, stdnum.be.nn, stdnum.br.cpf, stdnum.ca.sin, stdnum.ch.ssn, stdnum.es.dni
        import stdnum.ie.pps, stdnum.it.codicefiscale, stdnum.nl.bsn, stdnum.pl.pesel, stdnum.pt.nif
        import stdnum.ru.inn, stdnum.se.personnummer, stdnum.tr.tckimlik, stdnum.au.abn, stdnum.br.cnpj
        import stdnum.es.nif, stdnum.fi.alv, stdnum.fr.tva, stdnum.nl.btw, stdnum.no.mva, stdnum.pl.nip
    except ImportError:
        return {}
    s = stdnum
    return {
        "persons": {"AU": s.au.tfn, "BE": s.be.nn, "BR": s.br.cpf, "CA": s.ca.sin, "CH": s.ch.ssn, "ES": s.es.dni,
                    "IE": s.ie.pps, "IT": s.it.codicefiscale, "NL": s.nl.bsn, "PL": s.pl.pesel, "PT": s.pt.nif,
                    "RU": s.ru.inn, "SE": s.se.personnummer, "TR": s.tr.tckimlik},
        "companies": {"AU": s.au.abn, "BR": s.br.cnpj, "ES": s.es.nif, "FI": s.fi.alv, "FR": s.fr.tva,
                      "NL": s.nl.btw, "NO": s.no.mva, "PL": s.pl.nip, "PT": s.pt.nif, "RU": s.ru.inn},
    }


def m34_numbers_that_do_not_check(test, bank):
    """IBANs, routing numbers, LEIs, cards and tax numbers have right check digits; a BIC names the bank's country;
    a bank has one BIC, one routing number and many accounts."""
    checkers = validators()
    if not checkers:
        test.note("no stdnum: tax numbers were not checked")
    banks, counts = {}, Counter()

    def account(a):
        if a["iban"] is not None and (not facts.is_iban(a["iban"]) or a["iban"][:2] != a["bic"][4:6]):
            return f"IBAN {a['iban']} at {a['bic']}"
        if not re.fullmatch(r"[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", a["bic"]) or a["bic"][7] != "0":
            return f"BIC {a['bic']}"
        if (a["routing_number"] is None) != (a["bic"][4:6] != "US"):
            return f"routing number {a['routing_number']} at {a['bic']}"
        if a["routing_number"] is not None and not facts.is_aba(a["routing_number"]):
            return f"routing number {a['routing_number']}"
        if not re.fullmatch(r"\d{10}", a["account_number"]):
            return f"account number {a['account_number']}"
        pan = a["card"]["pan"] if a["card"] is not None else None
        if pan is not None and not (re.fullmatch(r"\d{16}", pan) and facts.is_luhn(pan)):
            return f"card {pan}"
        known = banks.setdefault(a["bic"], (a["bank"], a["routing_number"]))
        if known != (a["bank"], a["routing_number"]):
            return f"{a['bic']} is {known} and {(a['bank'], a['routing_number'])}"
        counts[a["bic"]] += 1

    def tax(kind, country, number):
        module = checkers.get(kind, {}).get(country)
        if module and number is not None and not module.is_valid(number):
            return f"tax number {number} of {country}"

    def company(c):
        if c["lei"] is not None and not facts.is_lei(c["lei"]):
            return f"LEI {c['lei']}"
        return tax("companies", c["registration_country"], c["tax_id"])
    test.rows("accounts", account)
    test.rows("companies", company)
    test.rows("persons", lambda p: tax("persons", p["addresses"][0]["country"], p["tax_id"]))
    test.rows("transactions", lambda t: f"IBAN {t['counterparty_iban']}" if t["counterparty_iban"] is not None
              and not facts.is_iban(t["counterparty_iban"]) else None)

    def end():
        names = Counter(name for name, _ in banks.values())
        if len(counts) > 2000 or sum(counts.values()) < 10 * len(counts):
            return f"{len(counts)} banks for {sum(counts.values())} accounts"
        if max(names.values()) > 3:
            return f"{names.most_common(1)[0][0]} has {max(names.values())} BICs"
        if max(counts.values()) < 5 * sum(counts.values()) / len(counts):
            return "all banks are of a size"
    test.end(end)


def m35_american_everywhere(test, bank):
    """City, postcode, region and coordinates agree; the phone is of the country of the address; a person bears
    names of the nationality and of the gender, and has a title in the language of the residence; banks and shops
    are the country's."""
    def person(p):
        for address in p["addresses"]:
            wrong = facts.wrong_address(address)
            if wrong:
                return wrong
        home = facts.locales_of(p["addresses"][0]["country"])
        for phone in p["phones"]:
            if not any(one.phone_shape.fullmatch(phone) for one in home):
                return f"phone {phone} in {home[0].country}"
        cultures = facts.locales_of(p["nationality"])
        if not cultures:
            return f"nobody is from {p['nationality']}"
        if not any(bears_names(p, one) for one in cultures):
            return f"{p['first_name']}, {p['middle_name']}, {p['last_name']} ({p['gender']}) of {p['nationality']}"
        if p["nationality"] != p["citizenship"][0] or cultures[0].language not in p["languages"]:
            return f"{p['nationality']}, citizen of {p['citizenship']}, speaks {p['languages']}"
        if p["income_currency"] != home[0].currency:
            return f"earns {p['income_currency']} in {home[0].country}"
        for job in p["employment"]:
            if not any(job["job_title"] in one.titles for one in home):
                return f"a {job['job_title']} in {home[0].country}"
        is_latin = all(c < "\u0250" or "\u1e00" <= c < "\u1f00" for c in p["first_name"])
        if (p["latin_name"] is None) != is_latin:
            return f"{p['first_name']} is {p['latin_name']} in Latin letters"

    def company(c):
        for address in c["addresses"]:
            wrong = facts.wrong_address(address)
            if wrong:
                return wrong
            if address["country"] != c["registration_country"]:
                return f"registered in {c['registration_country']}, at home in {address['country']}"
        home = facts.locales_of(c["registration_country"])
        if not any(one.phone_shape.fullmatch(c["phone"]) for one in home):
            return f"phone {c['phone']} in {home[0].country}"
        name = c["legal_name"]
        if not any(name.startswith(before) and name.endswith(behind) and kind == c["company_type"]
                   for one in home for before, behind, kind in one.form_shapes):
            return f"{name} is no {c['company_type']} of {c['registration_country']}"
        if c["revenue_currency"] != home[0].currency or c["operating_countries"][0] != c["registration_country"]:
            return f"{c['revenue_currency']} in {c['operating_countries']}"
        if c["tax_havens"] != [one for one in c["operating_countries"] if facts.is_haven(one)]:
            return f"tax havens {c['tax_havens']} of {c['operating_countries']}"

    shops = {}  # of outside, by number

    def payment(t):
        number, name = t["counterparty_id"], t["counterparty_name"]
        if t["mcc"] is None or number is None or number in shops:
            return None
        shops[number] = name
        if not any(one.merchant_shape.fullmatch(name) for one in facts.locales_of(t["destination_country"])):
            return f"{name!r} is no shop of {t['destination_country']}"

    def account(a):
        if not any(a["bank"] in one.words("banks") and a["branch"] in one.cities for one in
                   facts.locales_of(a["bic"][4:6])):
            return f"{a['bank']}, {a['branch']}, in {a['bic'][4:6]}"
    test.rows("persons", person)
    test.rows("companies", company)
    test.rows("accounts", account)
    test.rows("transactions", payment)


def bears_names(p, culture):
    """Whether given, middle and family name are of a culture, and fit the gender."""
    tables = {"female": ["given_female"], "male": ["given_male"]}.get(p["gender"], ["given_female", "given_male"])
    if not any(p["first_name"] in culture.words(name) for name in tables):
        return False
    middle = p["middle_name"]
    if middle is not None:
        manner = culture.facts["middle"]
        if manner == "patronymic":
            forms = {row[sex] for row in culture.table("patronymics") for sex in ("male", "female")}
        elif manner == "none":
            return False
        else:
            forms = culture.words("given_male") | culture.words("given_female")
        if middle not in forms:
            return False
    last = p["last_name"]
    if last in culture.families:
        return True
    return culture.facts["surnames"] == "2" and any(
        last[:at] in culture.families and last[at + 1:] in culture.families
        for at, c in enumerate(last) if c == " ")


def m36_double_spaces_and_duplicates(test, bank):
    """No text has two blanks in a row or blanks at its ends; first e-mail addresses, legal names, account numbers,
    registration numbers, references, and numbers of papers and documents are unique."""
    seen = defaultdict(set)

    def unique(what, value):
        if value is None:
            return None
        if value in seen[what]:
            return f"{what} {value} twice"
        seen[what].add(value)

    def texts(value):
        if type(value) is str:
            yield value
        elif type(value) is dict:
            for one in value.values():
                yield from texts(one)
        elif type(value) is list:
            for one in value:
                yield from texts(one)

    own = {
        "persons": lambda r: unique("e-mail", r["emails"][0]) or next(filter(None, (
            unique(paper["type"], (paper["issuing_country"], paper["number"])) for paper in r["documents"])), None),
        "companies": lambda r: unique("legal name", r["legal_name"])
        or unique("registration number", (r["registration_country"], r["registration_number"]))
        or unique("website", r["website"]),
        "accounts": lambda r: unique("account number", r["account_number"]) or unique("IBAN", r["iban"]),
        "transactions": lambda r: unique("reference", r["reference"]),
        "devices": lambda r: unique("fingerprint", r["fingerprint"]),
        "documents": lambda r: unique("document number", r["number"]),
    }

    def make(kind):
        uniqueness = own.get(kind, lambda r: None)
        strings = [f["name"] for f in bank.header(kind)["fields"] if f["type"] == "str" and "values" not in f]
        others = [f["name"] for f in bank.header(kind)["fields"] if f["type"] in ("record", "array")]

        def row(r):
            for name in strings:
                text = r[name]
                if text is not None and ("  " in text or not text or text[0] == " " or text[-1] == " "):
                    return f"{name} is {text!r}"
            for name in others:
                for text in texts(r[name]):
                    if "  " in text or not text or text[0] == " " or text[-1] == " ":
                        return f"{name} has {text!r}"
            return uniqueness(r)
        return row
    for kind in bank.kinds:
        test.rows(kind, make(kind))


SCHOOL = {"high_school": 0, "associate": 18, "bachelor": 19, "master": 21, "professional": 22, "doctorate": 24}


def m37_jobs_that_cannot_be(test, bank):
    """At most one job is present, none begins in the future or before 16, none overlaps another; income is that of
    the present job, or a pension; incomes are spread like log-normal ones, not like uniform ones. Shell companies
    have no staff to speak of, and no firm has more people here than it states. Papers, offices and degrees come at
    an age."""
    end_day = bank.period[1]
    incomes, staff, begins = defaultdict(list), Counter(), {}

    def person(p):
        birth = p["date_of_birth"]
        age = (end_day - birth) / YEAR
        if not 17.99 <= age <= 96:
            return f"{age:.1f} years old"
        jobs = p["employment"]
        present = [job for job in jobs if job["end"] is None]
        if len(present) > 1 or (present and present[0] is not jobs[0]):
            return f"{len(present)} present jobs"
        following = end_day
        for job in jobs:
            if job["start"] >= end_day or (job["start"] - birth) / YEAR < 16:
                return f"a job from day {job['start']} on, born on {birth}"
            if job["end"] is not None and not job["start"] < job["end"] <= following:
                return f"a job from {job['start']} to {job['end']}, the next from {following}"
            following = job["start"]
        if present:
            job = present[0]
            incomes[job["currency"]].append(job["annual_income"])
            if (job["annual_income"], job["currency"]) != (p["annual_income"], p["income_currency"]):
                return f"earns {p['annual_income']}, in the present job {job['annual_income']}"
            if job["employer_id"] is not None:
                staff[job["employer_id"]] += 1
                begins[job["employer_id"]] = min(job["start"], begins.get(job["employer_id"], job["start"]))
        elif p["annual_income"] is not None and age < 61.9:
            return f"an income without a job at {age:.1f}"
        if (p["net_worth"] is None) != (p["annual_income"] is None):
            return f"net worth {p['net_worth']}, income {p['annual_income']}"
        if age < SCHOOL[p["education_level"]]:
            return f"a {p['education_level']} at {age:.1f}"
        for paper in p["documents"]:
            if (paper["issued"] - birth) / YEAR < 15.99 or not paper["issued"] < end_day <= paper["expires"]:
                return f"{paper['type']} of days {paper['issued']} to {paper['expires']}, born on {birth}"
        if p["pep_details"] is not None:
            since, until = p["pep_details"]["since"], p["pep_details"]["until"]
            if (since - birth) / YEAR < 24.99 or since >= end_day or not since < (until or end_day) <= end_day:
                return f"in office from {since} to {until}, born on {birth}"

    def company(c):
        if c["is_shell"] and c["employee_count"] >= 3:
            return f"a shell with {c['employee_count']} employees"
        if staff[c["id"]] > c["employee_count"]:
            return f"{staff[c['id']]} of its {c['employee_count']} employees are here"
        if begins.get(c["id"], c["registration_date"]) < c["registration_date"]:
            return f"people work there since day {begins[c['id']]}, it is registered since {c['registration_date']}"
    test.rows("persons", person)
    test.rows("companies", company)

    def end():
        for currency, some in incomes.items():
            if len(some) < 500:
                continue
            some.sort()
            low, middle, high = (some[int(len(some) * share)] for share in (0.05, 0.5, 0.99))
            if high / middle < 2.3 or middle / low < 1.5 or sum(some) / len(some) < 1.05 * middle:
                return f"incomes in {currency}: {low}, {middle}, {high} at 5, 50, 99 %"
        found = facts.rank_correlation([staff[i] for i in range(len(bank.companies))],
                                       [c.employees for c in bank.companies])
        if len(bank.companies) > 500 and found < 0.8:
            return f"present and stated employees have a rank correlation of {found:.3f}"
    test.end(end)


def m38_everybody_is_low_risk(test, bank):
    """Each level of risk has its share, and what the bank knows counts: who is exposed or sanctioned is never low,
    nor is a shell or a firm on a list."""
    counts = defaultdict(Counter)

    def person(p):
        counts["persons"][p["risk_level"]] += 1
        if p["is_pep"] and p["risk_level"] == "low":
            return "exposed, and of low risk"
        if p["is_sanctioned"] and p["risk_level"] != "critical":
            return f"sanctioned, and of {p['risk_level']} risk"

    def company(c):
        counts["companies"][c["risk_level"]] += 1
        if c["is_shell"] and c["risk_level"] == "low":
            return "a shell, and of low risk"
        if c["is_sanctioned"] and c["risk_level"] != "critical":
            return f"sanctioned, and of {c['risk_level']} risk"
        counts["haven" if c["tax_havens"] else "no haven"][c["risk_level"] != "low"] += 1

    def account(a):
        counts["accounts"][a["risk_level"]] += 1
        if (a["status"] == "frozen" or a["is_monitored"]) and a["risk_level"] == "low":
            return f"{a['status']}, monitored: {a['is_monitored']}, and of low risk"
    test.rows("persons", person)
    test.rows("companies", company)
    test.rows("accounts", account)

    def end():
        for kind in KNOWN:
            total = sum(counts[kind].values())
            for level in ("low", "medium", "high", "critical"):
                if total >= 5000 and not 0.001 <= counts[kind][level] / total <= 0.97:
                    return f"{kind}: {dict(counts[kind])}"
        if counts["haven"] and counts["haven"][True] / sum(counts["haven"].values()) < \
                1.3 * counts["no haven"][True] / sum(counts["no haven"].values()):
            return "tax havens make no difference"
    test.end(end)


def m39_shares_that_do_not_add_up(test, bank):
    """Shares of owners sum to 10,000; nobody owns himself, at any distance; the people behind an account are those
    who own a quarter or more of the firm; persons in public functions are flagged and have one. (The scenarios of
    ownership, with loops where flagged, come with a later release.)"""
    exposed = Counter()

    def person(p):
        exposed["all"] += 1
        exposed["flagged"] += p["is_pep"]
        if p["is_pep"] != (p["pep_details"] is not None):
            return f"is_pep {p['is_pep']}, {p['pep_details']}"
        if p["is_sanctioned"] != bool(p["sanction_lists"]):
            return f"is_sanctioned {p['is_sanctioned']}, {p['sanction_lists']}"

    def company(c):
        shares = [owner["share_bp"] for owner in c["owners"]]
        if sum(shares) != 10000 or min(shares) <= 0:
            return f"shares {shares}"
        if c["parent_id"] is not None:
            if max(o["share_bp"] for o in c["owners"] if o["company_id"] == c["parent_id"]) <= 5000:
                return f"a subsidiary by {shares}"
        first = c["owners"][0]["person_id"]
        if c["company_type"] == "sole_proprietorship" and (len(shares) != 1 or first != c["officers"][0]["person_id"]):
            return f"a sole proprietorship of {c['owners']}, led by {c['officers']}"
        if c["company_type"] == "partnership" and len(shares) < 2:
            return f"a partnership of {c['owners']}"
        if c["is_public"] and c["company_type"] != "corporation":
            return f"shares of a {c['company_type']} are listed"
        if c["is_sanctioned"] != bool(c["sanction_lists"]):
            return f"is_sanctioned {c['is_sanctioned']}, {c['sanction_lists']}"

    def account(a):
        exposed["behind"] += any(bank.persons[i].is_pep for i in a["beneficial_owner_ids"])
        if a["owner_company_id"] is None:
            return None
        wanted = people_behind(bank, a["owner_company_id"])
        if set(a["beneficial_owner_ids"]) != wanted or len(wanted) != len(a["beneficial_owner_ids"]):
            return f"behind company {a['owner_company_id']} are {a['beneficial_owner_ids']}, by its owners {wanted}"

    def relationship(r):
        if r["type"] != "beneficial_owner":
            return None
        if r["from_person_id"] not in people_behind(bank, r["to_company_id"]) or r["share_bp"] < 2500:
            return f"person {r['from_person_id']} with {r['share_bp']} of company {r['to_company_id']}"
    test.rows("persons", person)
    test.rows("companies", company)
    test.rows("accounts", account)
    test.rows("relationships", relationship)

    def end():
        for i in range(len(bank.companies)):
            seen, at = set(), i
            while at is not None and at not in seen:
                seen.add(at)
                at = bank.companies[at].parent
            if at is not None:
                return f"company {i} owns itself through {seen}"
        if exposed["all"] > 5000 and not 0.001 <= exposed["flagged"] / exposed["all"] <= 0.03:
            return f"{exposed['flagged']} of {exposed['all']} persons are exposed"
        if exposed["all"] > 5000 and not exposed["behind"]:
            return "no exposed person stands behind any account"
    test.end(end)


def people_behind(bank, company):
    """Persons who own a quarter or more in one way, by themselves or through parents."""
    found, part, level = set(), 10000, 0
    while company is not None and part >= 2500 and level < 8:
        above, parent = 0, None
        for person, owner, share in bank.companies[company].owners:
            if owner is not None:
                parent, above = owner, part * share // 10000
            elif person is not None and part * share // 10000 >= 2500:
                found.add(person)
        company, part, level = parent, above, level + 1
    return found


def m40_language_of_the_label_only(test, bank):
    """The text is in the language that the label says, by its letters, by its words, and by the commonest words of
    the language; what screening found in it is there, in that language; and both ends know the language."""
    scripts = {language: re.compile(shape) for language, shape in facts.SCRIPTS.items()}
    stops = {language: set(words.split()) for language, words in facts.STOP_WORDS.items()}
    known = {language: facts.vocabulary(language) for language in stops}
    hits, longs, keyword_languages = defaultdict(Counter), Counter(), Counter()
    listed = {(row["keyword"], row["language"]) for row in facts.shared("keywords")}

    def names_of(one):
        if one["person_id"] is not None:
            first, last = bank.persons[one["person_id"]].name
            return f"{first} {last} {last}{first}"  # in Chinese and Japanese without a space
        return bank.companies[one["company_id"]].name if one["company_id"] is not None else ""

    def knows(one, language):
        if one["person_id"] is not None:
            return language in bank.persons[one["person_id"]].languages
        if one["company_id"] is not None:
            country = bank.companies[one["company_id"]].country
            return any(locale.language == language for locale in facts.locales_of(country))
        return True

    def wrong_letters(language, words, text):
        letters = sum(map(len, words))
        if language not in scripts:
            latin = sum(len(re.findall(r"[a-z\u00df-\u024f\u1e00-\u1eff]", word)) for word in words)
            if latin < 0.8 * letters:
                return f"{latin} of {letters} letters are Latin in {language}: {text!r}"
            return None
        own = sum(len(scripts[language].findall(word)) for word in words)
        if own < 0.5 * letters:
            return f"{own} of {letters} letters are {language}: {text!r}"
        kana = sum(len(re.findall(r"[\u3040-\u30ff]", word)) for word in words)
        if language == "zh" and kana or language == "ja" and not kana and letters > 8:
            return f"{kana} kana in {language}: {text!r}"

    def wrong_words(language, words, text):
        share = {name: sum(word in some for word in words) / len(words) for name, some in known.items()}
        best = max(share, key=share.get)
        if share[language] < 0.3 or share[language] < share[best] - 0.2:
            return f"{share[language]:.0%} of the words are {language}, {share[best]:.0%} {best}: {text!r}"
        if len(words) >= 12:
            longs[language] += 1
            scores = {name: len(words & some) for name, some in stops.items()}
            hits[language].update(name for name, score in scores.items() if score == max(scores.values()))
            if scores[language] == 0 and max(scores.values()) > 2:
                return f"common words of {max(scores, key=scores.get)} and none of {language}: {text!r}"

    def row(m):
        text, language = m["content"], m["language"]
        names = set(facts.words_of(" ".join(names_of(one) for one in (m["sender"], *m["recipients"]))))
        bare = re.sub(facts.REFERENCE, " ", text)  # references
        words = set(facts.words_of(bare)) - names
        wrong = None
        if not re.search(r"\w", text) and len(text) > 8:  # more than an emoticon
            wrong = f"says nothing: {text!r}"
        elif words:
            wrong = wrong_letters(language, words, text)
            if not wrong and language in known:
                wrong = wrong_words(language, words, text)
        if wrong:
            return wrong
        for one in (m["sender"], *m["recipients"]):
            if not knows(one, language):
                return f"{one} does not know {language}"
        whole = (text + "\n" + (m["subject"] or "")).lower()
        for word in m["suspicious_keywords"]:
            if word.lower() not in whole:
                return f"{word!r} is not in {text!r}"
            keyword_languages[language, (word, language) in listed] += 1
    test.rows("communications", row)

    def end():
        for language, total in longs.items():
            own = hits[language][language]
            if total >= 100 and own < 0.93 * total:
                test.fail(f"{own} of {total} texts labelled {language} look so; {hits[language].most_common(3)}")
        total = sum(keyword_languages.values())
        own = sum(n for (_, same), n in keyword_languages.items() if same)
        others = {language for language, same in keyword_languages if same and language != "en"}
        if total > 50 and (own < 0.7 * total or len(others) < 3):
            return f"{own} of {total} words that screening found are of the text's language, {sorted(others)} and en"
    test.end(end)


# ---- 9.6 robustness and cost ---------------------------------------------------------------------


def m41_everything_in_memory(test, bank):
    """A worker's memory stays below 64 MiB, as it says and as the system measures, and does not grow with rows."""
    peaks = []
    for entities in ("1m", "2m"):
        bank.make("memory", "--entities", entities, "--backend", "serial")
        peaks.append(bank.last.peak_bytes)
        if peaks[-1] > 64 << 20:
            test.fail(f"{entities}: {peaks[-1] / 2**20:.1f} MiB")
        shutil.rmtree(bank.work / "memory")
    if peaks[1] > peaks[0] + (4 << 20):
        test.fail(f"{peaks[0] / 2**20:.1f} MiB for 1m, {peaks[1] / 2**20:.1f} for 2m")
    test.note("peaks of " + " and ".join(f"{peak / 2**20:.1f} MiB" for peak in peaks))
    for profile in ("demo", "aml"):
        bank.make("memory", "--profile", profile, "--entities", "400k", *optional_kinds(400_000), "--json",
                  "--backend", "fork", "--workers", "2", environment={"SEEDBANK_OVERSUBSCRIBE": "1"})
        said = json.loads(bank.last.text)["memory_per_worker_bytes"]
        shutil.rmtree(bank.work / "memory")
        test.note(f"all kinds, {profile}: {said / 2**20:.1f} MiB")
        if said > 64 << 20:
            test.fail(f"all kinds, {profile}: {said / 2**20:.1f} MiB by its own word")


def rows_a_second(bank, kind, count, *others):
    """Rows of a kind a second of one core, what else a dataset needs included: processor time, since the machine
    may be busy."""
    bank.make("speed", f"--{kind}", count, *others, "--backend", "serial")
    shutil.rmtree(bank.work / "speed")
    return count / bank.last.cpu


def m42_messages_take_milliseconds(test, bank):
    """More than 100,000 messages a second of one core."""
    speed = rows_a_second(bank, "communications", 300_000, "--persons", "20000", "--companies", "4000",
                          "--accounts", "20000", "--transactions", "20000")
    test.note(f"{speed:.0f} messages a second")
    if speed < 100_000:
        test.fail(f"{speed:.0f} messages a second")


def m43_rows_take_longer_than_their_draws(test, bank):
    """No kind spends its time on machinery: more than 100,000 rows a second of one core, of each large kind."""
    for kind, count, others in (("persons", 300_000, ()), ("companies", 200_000, ("--persons", "1000")),
                                ("accounts", 300_000, ("--persons", "150000")),
                                ("transactions", 1_000_000, ("--persons", "40000", "--accounts", "80000"))):
        speed = rows_a_second(bank, kind, count, *others)
        test.note(f"{speed:.0f} {kind} a second")
        if speed < 100_000:
            test.fail(f"{speed:.0f} {kind} a second")


def m44_damage_blocks_for_ever(test, bank):
    """A damaged, cut or foreign file ends verify and cat at once, with one line that names the file and a status
    that says so. (The loader and the streams, where one bad message blocked a batch for ever, come later.)"""
    data = bank.make("damaged", "--entities", "5k", "--seed", "2")
    path = data / "transactions.msgpack.zst"
    whole = path.read_bytes()
    places = frame_places(path)
    begin, end = places[1]
    flip = bytearray(whole)
    flip[(begin + end) // 2] ^= 0x40
    header = bytearray(whole)
    header[places[0][1] // 2] ^= 1
    table = bytearray(whole)
    table[-20] ^= 0x10
    for name, content in {"a flipped bit": flip, "a damaged header": header, "a damaged seek table": table,
                          "half a file": whole[:len(whole) // 2], "an empty file": b"",
                          "a foreign file": bytes(range(256)) * 20,
                          "a frame left out": whole[:begin] + whole[end:]}.items():
        path.write_bytes(content)
        for command in (["verify", data], ["verify", data, "--independent"], ["cat", path]):
            try:
                done = bank.run(*command, timeout=30)
            except TimeoutError as error:
                return test.fail(f"{name}: {error}")
            if done.status not in (1, 4):
                test.fail(f"{name}: {command[0]} ends with status {done.status}: {done.message[:200]}")
            elif len(done.message.splitlines()) != 1 or "transactions" not in done.message:
                test.fail(f"{name}: {command[0]} says {done.message[:300]!r}")
    path.write_bytes(whole)
    done = bank.run("verify", data)
    if done.status != 0:
        test.fail(f"put right again: {done.message}")
    return None


def m45_fields_nobody_fills(test, bank):
    """No field is dead: each enumerated value, both answers of each yes or no, and with and without of each field
    that may lack occur; and nothing is the same in all rows. What a message says of its device and of suspicion
    agrees with the sender and the text. (The loader, whose edges read fields that were never there, comes later.)"""
    pending = {}

    def make(kind):
        open_checks = pending[kind] = {}
        absent = {"devices"} - set(bank.kinds)
        for field in bank.header(kind)["fields"]:
            name = field["name"]
            if field.get("references", "").split(".")[0] in absent:
                continue
            if field.get("nullable"):
                open_checks[name, "null"] = lambda r, n=name: r[n] is None
                open_checks[name, "a value"] = lambda r, n=name: r[n] is not None
            if field["type"] == "bool":
                open_checks[name, "true"] = lambda r, n=name: r[n] is True
                open_checks[name, "false"] = lambda r, n=name: r[n] is False
            if field["type"] == "array":
                open_checks[name, "an element"] = lambda r, n=name: len(r[n]) > 0
            for value in field.get("values", ()):
                if field["type"] == "array":
                    open_checks[name, value] = lambda r, n=name, v=value: v in r[n]
                else:
                    open_checks[name, value] = lambda r, n=name, v=value: r[n] == v
            for inner in field.get("fields", ()):
                part = inner["name"]
                is_list = field["type"] == "array"
                for value in inner.get("values", ()):
                    open_checks[f"{name}.{part}", value] = lambda r, n=name, p=part, v=value, many=is_list: any(
                        one[p] == v for one in ((r[n] if many else [r[n]]) if r[n] is not None else ()))
                if inner.get("nullable"):
                    open_checks[f"{name}.{part}", "a value"] = lambda r, n=name, p=part, many=is_list: any(
                        one[p] is not None for one in ((r[n] if many else [r[n]]) if r[n] is not None else ()))
        constants = {}
        count = [0]

        def row(r):
            count[0] += 1
            if open_checks and (count[0] < 20000 or count[0] % 16 == 0 or len(open_checks) < 4):
                for key in [key for key, check in open_checks.items() if check(r)]:
                    del open_checks[key]
            if not constants:
                constants.update((name, value) for name, value in r.items() if name != "id")
                constants[None] = None
            elif len(constants) > 1:
                for name in [n for n, v in constants.items() if n is not None and r[n] != v]:
                    del constants[name]
        pending[kind, "constants"] = constants
        return row

    # Kinds of address that only the other kind of party has; and countries without a tax number of their own,
    # of which the tables of the program have none.
    foreign = {("persons", "tax_id"): {"null"}, ("companies", "tax_id"): {"null"},
               ("persons", "addresses.type"): {"headquarters", "branch"},
               ("companies", "addresses.type"): {"residential", "mailing", "business"}}
    for kind in bank.kinds:
        test.rows(kind, make(kind))

    def end():
        for kind in bank.kinds:
            if bank.manifest["kinds"][kind]["rows"] < 20_000:  # what is rare may lack among few
                continue
            for name, what in pending[kind]:
                if what not in foreign.get((kind, name), ()):
                    test.fail(f"{kind}.{name}: never {what}")
            for name in pending[kind, "constants"]:
                if name is not None:
                    test.fail(f"{kind}.{name} is the same in all rows")

    def owner(device, person, day):
        whose, registered = bank.devices[device]
        if whose != person:
            return f"device {device} is person {whose}'s, not {person}'s"
        if registered > day:
            return f"device {device} was registered on day {registered}, after day {day}"

    def message(m):
        online = m["type"] in ("email", "chat", "video", "social_media")
        if (m["ip"] is not None) != online:
            return f"ip {m['ip']} of a {m['type']}"
        if m["device_id"] is not None:
            if not online and m["type"] != "sms":
                return f"a device of a {m['type']}"
            return owner(m["device_id"], m["sender"]["person_id"], m["executed_at"] // DAY_MS)
        if m["transaction_id"] is not None and not m["contains_financial_terms"]:
            return "is about a payment, and said to be about no money"

    def payment(t):
        online = t["from_account_id"] is not None and t["channel"] in ("online", "mobile")
        if (t["ip"] is not None) != online:
            return f"ip {t['ip']} of channel {t['channel']}"
        if t["device_id"] is not None:
            if not online:
                return f"a device of channel {t['channel']}"
            return owner(t["device_id"], bank.accounts[t["from_account_id"]].person, t["executed_at"] // DAY_MS)

    def login(i):
        if i["device_id"] is not None:
            return owner(i["device_id"], i["person_id"], i["executed_at"] // DAY_MS)
    test.rows("communications", message)
    test.rows("transactions", payment)
    test.rows("logins", login)
    test.end(end)


# ---- running -------------------------------------------------------------------------------------


def numbers(text):
    out = set()
    for part in text.split(","):
        low, _, high = part.partition("-")
        out.update(range(int(low), int(high or low) + 1))
    return out


def count_of(text):
    units = {"k": 10**3, "m": 10**6, "b": 10**9}
    scale = units.get(text[-1:].lower(), 1)
    return int(float(text[:-1] if scale > 1 else text) * scale)


def all_tests():
    found = [(name, one) for name, one in globals().items() if re.fullmatch(r"m\d\d_\w+", name)]
    return [Test(int(name[1:3]), name[4:], one) for name, one in sorted(found)]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, usage=argparse.SUPPRESS,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seedbank", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("entities", nargs="?", default="1m", help=argparse.SUPPRESS)
    for name in ("only", "options", "one-process", "keep"):
        parser.add_argument(f"--{name}", help=argparse.SUPPRESS)
    parser.add_argument("--findings", type=int, default=1, help=argparse.SUPPRESS)
    for name in ("list", "times"):
        parser.add_argument(f"--{name}", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def prepared_spec(entities, others=None):
    return ["--entities", entities] + (shlex.split(others) if others else optional_kinds(count_of(entities)))


def prepare(options, work):
    """The dataset that rows are looked at in."""
    spec = prepared_spec(options.entities, options.options)
    bank = Bank(options.seedbank, spec, work)
    bank.one_process = options.one_process or Path(options.seedbank).parent / "tests" / "mistakes_one_process"
    if not (bank.data / "manifest.json").exists():
        bank.make("data", *spec)
    return bank


def main():
    options = arguments()
    tests = all_tests()
    if options.only:
        wanted = numbers(options.only)
        tests = [test for test in tests if test.number in wanted]
    if options.list:
        for test in tests:
            print(f"{test.number:02} {test.name}: {' '.join(test.function.__doc__.split())}")
        return 0
    if not options.seedbank:
        print("usage: mistakes.py SEEDBANK [ENTITIES] [options]; see --help", file=sys.stderr)
        return 2
    options.seedbank = os.path.realpath(options.seedbank)
    work = options.keep or tempfile.mkdtemp(prefix="mistakes.")
    os.makedirs(work, exist_ok=True)
    try:
        return judge_all(prepare(options, os.path.realpath(work)), tests, options)
    finally:
        if not options.keep:
            shutil.rmtree(work, ignore_errors=True)


def judge_all(bank, tests, options):
    for test in tests:
        begin = time.monotonic()
        try:
            test.function(test, bank)
        except (RuntimeError, TimeoutError) as error:
            test.fail(str(error))
        test.seconds = time.monotonic() - begin
    begin = time.monotonic()
    run_tests(bank, tests)
    rows_seconds = time.monotonic() - begin
    failed = 0
    for test in tests:
        failed += test.count > 0
        times = f" ({test.seconds:.1f} s)" if options.times else ""
        if test.count:
            more = f" (and {test.count - 1} more)" if test.count > 1 else ""
            print(f"FAIL {test.number:02} {test.name}: {test.findings[0]}{more}{times}")
            for finding in test.findings[1:options.findings]:
                print(f"    {finding}")
        else:
            print(f"ok {test.number:02} {test.name}{times}")
        for note in test.notes:
            print(f"# {note}")
    if options.times:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"# rows: {rows_seconds:.1f} s, {peak:.0f} MiB")
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
