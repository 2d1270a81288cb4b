"""What the tests of mistakes.py stand on: commands that are run, rows that stream by, findings."""

import datetime
import json
import os
import shutil
import struct
import subprocess
import tempfile
import time
from pathlib import Path

import msgpack
import zstandard

DAY_MS = 86_400_000
FINDINGS_KEPT = 1000

# Persons, companies and accounts first: what is known of them is what later rows are held against. Messages
# before payments, so that of payments only those need to be remembered that are written about.
ORDER = ("persons companies accounts devices communications transactions logins trades trips documents "
         "relationships").split()
KNOWN = ("persons", "companies", "accounts")
DENSE = {"persons", "companies", "accounts", "devices", "relationships"}


class Result:
    def __init__(self, status, out, err, seconds, usage, peak_bytes):
        self.status, self.out, self.err, self.seconds = status, out, err, seconds
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak_bytes = peak_bytes

    @property
    def text(self):
        return self.out.decode("utf-8", "replace")

    @property
    def message(self):
        return self.err.decode("utf-8", "replace").strip()


class Test:
    """One mistake: what it looks at, and what it found."""

    def __init__(self, number, name, function):
        self.number, self.name, self.function = number, name, function
        self.findings, self.count, self.notes = [], 0, []
        self.row_checks, self.line_checks, self.end_checks = [], [], []

    def rows(self, kind, check):
        """check(row) for each row of the kind, as a dict of stored values; says what is wrong, if anything."""
        self.row_checks.append((kind, check))

    def lines(self, kind, check):
        """check(line) for each row as `seedbank cat --derived` prints it."""
        self.line_checks.append((kind, check))

    def end(self, check):
        """check() when all rows have been seen."""
        self.end_checks.append(check)

    def fail(self, text):
        self.count += 1
        if len(self.findings) < FINDINGS_KEPT:
            self.findings.append(text)

    def judge(self, text):
        if text:
            self.fail(text)

    def note(self, text):
        self.notes.append(text)


class Slots:
    """A few facts about a row."""

    def __init__(self, **facts):
        for name, value in facts.items():
            setattr(self, name, value)


class Person(Slots):
    __slots__ = ("birth", "nationality", "country", "languages", "home", "employer", "passport", "is_pep",
                 "emails", "phones", "name", "job_start", "city")


class Company(Slots):
    __slots__ = ("country", "registered", "name", "employees", "officers", "owners", "is_shell", "industry",
                 "ticker", "exchange", "parent", "risk", "email", "phone")


class Account(Slots):
    __slots__ = ("currency", "person", "company", "opened", "closed", "status", "type", "limit", "opening",
                 "closing", "lowest", "credit", "debit", "count", "average", "country", "iban")


def find_records(fields):
    """Positions of fields that hold records: (index, is a list, what makes a dict of one)."""
    out = []
    for index, field in enumerate(fields):
        if "fields" in field:
            out.append((index, field["type"] == "array", row_maker(field["fields"])))
    return out


def row_maker(fields):
    """What makes a dict, records in it too, of a row as it is stored."""
    names, records = [field["name"] for field in fields], find_records(fields)
    if not records:
        return lambda values: dict(zip(names, values))

    def make(values):
        row = dict(zip(names, values))
        for index, is_list, inner in records:
            value = values[index]
            if value is not None:
                row[names[index]] = [inner(one) for one in value] if is_list else inner(value)
        return row

    return make


class Bank:
    """A dataset, what tests know of it, and the program that made it."""

    def __init__(self, seedbank, options, work):
        self.seedbank, self.options, self.work = seedbank, options, Path(work)
        self.data = self.work / "data"
        self.facts = {}
        self.ids = {}
        self.persons, self.companies, self.accounts, self.devices = [], [], [], []
        self.moves = None  # of each account, when a test asks for the replay
        self.told = {}  # transaction id -> messages about it
        self._headers = {}

    # ---- commands ----

    def run(self, *arguments, environment=None, cwd=None, timeout=300, prefix=(), stdin=None):
        """Runs seedbank; never raises for what the program does, but for a hang."""
        return self.command([*prefix, self.seedbank, *map(str, arguments)], environment, cwd, timeout, stdin)

    def command(self, arguments, environment=None, cwd=None, timeout=300, stdin=None):
        full = {**os.environ, **environment} if environment else None
        begin, peak = time.monotonic(), 0
        with tempfile.TemporaryFile(dir=self.work) as out, tempfile.TemporaryFile(dir=self.work) as err:
            child = subprocess.Popen(list(map(str, arguments)), stdout=out, stderr=err, env=full,
                                     cwd=cwd or self.work, stdin=stdin or subprocess.DEVNULL)
            while True:
                pid, status, usage = os.wait4(child.pid, os.WNOHANG)
                if pid:
                    break
                peak = max(peak, peak_of(child.pid))
                if time.monotonic() - begin > timeout:
                    child.kill()
                    child.wait()
                    raise TimeoutError(f"{' '.join(map(str, arguments))}: not done after {timeout} s")
                time.sleep(0.002)
            child.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            return Result(child.returncode, out.read(), err.read(), time.monotonic() - begin, usage, peak)

    def make(self, name, *options, **keywords):
        """A dataset of its own, anew. Returns its directory; the result is in `last`."""
        out = self.work / name
        shutil.rmtree(out, ignore_errors=True)
        self.last = self.run("generate", "--out", out, "-q", *options, **keywords)
        if self.last.status != 0:
            raise RuntimeError(f"generate {' '.join(map(str, options))}: {self.last.message}")
        return out

    # ---- rows ----

    @property
    def manifest(self):
        return json.loads((self.data / "manifest.json").read_text("utf-8"))

    @property
    def kinds(self):
        there = self.manifest["kinds"]
        return [kind for kind in ORDER if there.get(kind, {}).get("rows", 0) > 0]

    def files(self, kind):
        return [self.data / name for name in self.manifest["kinds"][kind]["files"]]

    def unpack(self, kind):
        """Header, then rows, of all files of a kind; a few hundred kilobytes in memory at a time."""
        for path in self.files(kind):
            with open(path, "rb") as packed:
                reader = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
                yield from msgpack.Unpacker(reader, use_list=True, strict_map_key=False, read_size=1 << 18)

    def header(self, kind):
        if kind not in self._headers:
            self._headers[kind] = next(self.unpack(kind))
        return self._headers[kind]

    def field_names(self, kind, **wanted):
        """Names of the kind's own fields with such properties."""
        return [field["name"] for field in self.header(kind)["fields"]
                if all(field.get(key) == value for key, value in wanted.items())]

    def walk(self, kind):
        rows = self.unpack(kind)
        make = row_maker(next(rows)["fields"])
        for values in rows:
            if isinstance(values, dict):  # the header of the next part
                continue
            yield make(values)

    def lines(self, kind):
        """Rows as text, with derived fields."""
        arguments = [self.seedbank, "cat", str(self.data), "--kind", kind, "--derived"]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, encoding="utf-8", bufsize=1 << 20) as child:
            yield from child.stdout
        if child.returncode != 0:
            raise RuntimeError(f"cat --kind {kind}: exit status {child.returncode}")

    # ---- facts ----

    def learn(self, kind):
        """What takes in a row's facts; None where nothing need be known."""
        ids = self.ids.setdefault(kind, set())
        if kind == "persons":
            return self.learn_person
        if kind == "companies":
            return self.learn_company
        if kind == "accounts":
            return self.learn_account
        if kind == "devices":
            return lambda d: self.devices.append((d["owner_person_id"], d["registered"]))
        if kind == "communications":
            return self.learn_message
        if kind == "transactions" and self.moves is not None:
            return self.learn_moves
        return lambda row: ids.add(row["id"])

    def learn_person(self, p):
        home = p["addresses"][0]
        current = [job for job in p["employment"] if job["end"] is None]
        passports = [paper["number"] for paper in p["documents"] if paper["type"] == "passport"]
        self.persons.append(Person(
            birth=p["date_of_birth"], nationality=p["nationality"], country=home["country"],
            languages=frozenset(p["languages"]), home=(home["street"], home["city"], home["postal_code"]),
            city=home["city"], employer=current[0]["employer_id"] if current else None,
            job_start=current[0]["start"] if current else None, passport=passports[0] if passports else None,
            is_pep=p["is_pep"], emails=p["emails"], phones=p["phones"],
            name=(p["first_name"], p["last_name"])))

    def learn_company(self, c):
        self.companies.append(Company(
            country=c["registration_country"], registered=c["registration_date"], name=c["legal_name"],
            employees=c["employee_count"], officers=[(o["person_id"], o["since"]) for o in c["officers"]],
            owners=[(o["person_id"], o["company_id"], o["share_bp"]) for o in c["owners"]],
            is_shell=c["is_shell"], industry=c["industry"], ticker=c["ticker"], exchange=c["exchange"],
            parent=c["parent_id"], risk=c["risk_level"], email=c["email"], phone=c["phone"]))

    def learn_account(self, a):
        self.accounts.append(Account(
            currency=a["currency"], person=a["owner_person_id"], company=a["owner_company_id"],
            opened=a["opened"], closed=a["closed"], status=a["status"], type=a["type"],
            limit=a["overdraft_limit"], opening=a["opening_balance"], closing=a["closing_balance"],
            lowest=a["lowest_balance"], credit=a["credit_total"], debit=a["debit_total"],
            count=a["transaction_count"], average=a["average_balance"], country=a["bic"][4:6], iban=a["iban"]))

    def learn_message(self, m):
        self.ids["communications"].add(m["id"])
        if m["transaction_id"] is not None:
            self.told.setdefault(m["transaction_id"], []).append(m)

    def learn_moves(self, t):
        self.ids["transactions"].add(t["id"])
        if t["status"] != "completed":
            return
        time_id = (t["executed_at"], t["id"])
        if t["from_account_id"] is not None:
            self.moves[t["from_account_id"]].append((time_id, -t["amount"] - t["fee"]))
        if t["to_account_id"] is not None:
            self.moves[t["to_account_id"]].append((time_id, t["to_amount"]))

    def replay(self):
        """The balances of all accounts by their rows alone: (credit, debit, closing, lowest, count, average)."""
        if "replay" not in self.facts:
            start, end = self.period_ms
            out = []
            for account, moves in zip(self.accounts, self.moves):
                moves.sort()
                credit = debit = area = 0
                now = lowest = account.opening
                for (moment, _), amount in moves:
                    now += amount
                    area += amount * ((end - moment) // 1000)
                    if amount > 0:
                        credit += amount
                    else:
                        debit -= amount
                        lowest = min(lowest, now)
                average = account.opening + area // ((end - start) // 1000)
                out.append((credit, debit, now, lowest, len(moves), average))
            self.facts["replay"] = out
        return self.facts["replay"]

    @property
    def period(self):
        """First day and the day after the last, since 1970."""
        if "period" not in self.facts:
            ends = (datetime.date.fromisoformat(self.manifest["spec"][end]) for end in ("start", "end"))
            self.facts["period"] = tuple((end - datetime.date(1970, 1, 1)).days for end in ends)
        return self.facts["period"]

    @property
    def period_ms(self):
        return tuple(day * DAY_MS for day in self.period)

    def is_open(self, account_id, moment):
        """Why an account takes part in nothing at that moment; None: it is open."""
        account, day = self.accounts[account_id], moment // DAY_MS
        if day < account.opened:
            return f"account {account_id} was opened only on day {account.opened}"
        if account.closed is not None and day > account.closed:
            return f"account {account_id} was closed on day {account.closed}"
        if account.status == "frozen":
            return f"account {account_id} is frozen"
        return None


def peak_of(pid):
    """The largest resident set of a process so far. (What wait4 says counts the parent's before exec.)"""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            lines = [line for line in status if line.startswith("VmHWM")]
        return int(lines[0].split()[1]) * 1024 if lines else 0
    except OSError:
        return 0


def same_files(one, other, but=("run.json",)):
    """What differs between two directories; None: nothing."""
    names = [sorted(path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file())
             for top in (one, other)]
    names = [[name for name in some if name not in but] for some in names]
    if names[0] != names[1]:
        return f"files {names[0]} and {names[1]}"
    for name in names[0]:
        if (one / name).read_bytes() != (other / name).read_bytes():
            return f"{name} differs"
    return None


def frame_places(path):
    """(begin, end) of all frames of a data file, by the seek table at its end."""
    data = Path(path).read_bytes()
    count, descriptor = struct.unpack("<IB", data[-9:-4])
    entry = 12 if descriptor & 0x80 else 8
    at, places = len(data) - 9 - count * entry, []
    offset = 0
    for nth in range(count):
        size = struct.unpack_from("<I", data, at + nth * entry)[0]
        places.append((offset, offset + size))
        offset += size
    return places


def run_tests(bank, tests):
    """All rows, kind by kind, past all tests."""
    wanted = {kind for test in tests for kind, _ in test.row_checks}
    if wanted or any(test.end_checks for test in tests):
        wanted |= set(KNOWN)
    for kind in bank.kinds:
        checks = [(test, check) for test in tests for of, check in test.row_checks if of == kind]
        lines = [(test, check) for test in tests for of, check in test.line_checks if of == kind]
        try:
            if kind in wanted:
                see_rows(bank, kind, checks)
            if lines:
                see_lines(bank, kind, lines)
        except (RuntimeError, ValueError, StopIteration, zstandard.ZstdError) as error:
            for test, _ in checks + lines:
                test.fail(f"{kind} cannot be read: {error or type(error).__name__}")
    for test in tests:
        for check in test.end_checks:
            try:
                test.judge(check())
            except (LookupError, TypeError, ValueError, ArithmeticError) as error:
                test.fail(f"at the end: {type(error).__name__}: {error}")


def see_rows(bank, kind, checks):
    learn = bank.learn(kind)
    if kind == "transactions" and bank.moves is not None:
        bank.moves = [[] for _ in bank.accounts]
    for row in bank.walk(kind):
        learn(row)
        for test, check in checks:
            try:
                wrong = check(row)
            except (LookupError, TypeError, ValueError, AttributeError) as error:  # refers to what is not there
                wrong = f"{type(error).__name__}: {error}"
            if wrong:
                test.fail(f"{kind} {row['id']}: {wrong}")


def see_lines(bank, kind, checks):
    for line in bank.lines(kind):
        for test, check in checks:
            wrong = check(line)
            if wrong:
                test.fail(f"{kind}: {wrong}: {line[:300].rstrip()}")
