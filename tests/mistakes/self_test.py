#!/usr/bin/python3
"""Shows that the tests of mistakes.py can fail: spoils one thing at a time, rows as they are read or the program
itself, and expects the test of that mistake to notice.

Usage: self_test.py SEEDBANK [--only 7,25] [--one-process FILE]
Prints "noticed NN what" or "MISSED NN what", and last "N noticed, N missed"; exit status 1 when any was missed.
"""

import argparse
import copy
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path

import mistakes
from harness import DAY_MS, Bank, run_tests

ENTITIES = "60k"


class Spoiled(Bank):
    """Reads rows with one of them changed."""

    spoil_kind, spoil, text = None, None, None

    def walk(self, kind):
        rows = super().walk(kind)
        return self.changed(rows) if kind == self.spoil_kind and not self.text else rows

    def lines(self, kind):
        lines = super().lines(kind)
        if kind != self.spoil_kind or not self.text:
            return lines
        return self.changed(lines)

    def changed(self, rows):
        done = self.spoil is None
        before = []
        for row in rows:
            if not done:
                new = self.spoil(copy.deepcopy(row), before)
                before.append(row)
                if new is not None:
                    row, done = new, True
            yield row
        self.was_spoiled = done


def put(when=lambda r: True, **values):
    """The first row that it holds for gets these values; a function makes one of the row."""
    def spoil(row, before):
        if not before or not when(row):
            return None
        return {**row, **{name: value(row) if callable(value) else value for name, value in values.items()}}
    return spoil


def edit(change, when=lambda r: True):
    """The first row that it holds for is changed in place."""
    def spoil(row, before):
        if not before or not when(row):
            return None
        change(row)
        return row
    return spoil


def like_first(*names):
    return lambda row, before: {**row, **{name: before[0][name] for name in names}} if len(before) > 3 else None


def has(name):
    return lambda r: r[name] is not None and r[name] != []


def inside(t):
    return t["from_account_id"] is not None and t["to_account_id"] is not None


def is_done(t):
    return inside(t) and t["status"] == "completed"


def works(p):
    return bool(p["employment"]) and p["employment"][0]["end"] is None


def employed(p):
    return works(p) and p["employment"][0]["employer_id"] is not None


def text_of(row, old, new):
    return row.replace(old, new, 1) if old in row else None


def all_rows(change):
    """Every row is changed; for what only shares show."""
    return ("all", change)


# (number, what, kind, how)
ROWS = [
    (4, "a row differs from the one made alone", "accounts",
     all_rows(lambda r: r.update(opening_balance=r["opening_balance"] + 1))),
    (8, "an event out of the period", "logins", put(executed_at=1)),
    (9, "an uid twice", "companies", "C5"),
    (10, "an id twice", "transactions", like_first("id")),
    (10, "a gap in dense ids", "persons", put(id=lambda r: r["id"] + 7)),
    (11, "an LEI that is a reference", "transactions", like_first("reference")),
    (13, "an id that is text", "trades", put(id="T1")),
    (14, "an account that is not there", "transactions", put(inside, to_account_id=10**9)),
    (14, "another country than the bank's", "transactions", put(inside, originating_country="AQ")),
    (15, "a dangling joint holder", "accounts", put(has("joint_owner_ids"), joint_owner_ids=[10**9])),
    (15, "another employer's name", "persons",
     edit(lambda r: r["employment"][0].update(employer_name="Nobody & Co."), employed)),
    (15, "an officer who is not there", "companies", edit(lambda r: r["officers"][0].update(person_id=10**9))),
    (16, "a trader who is not the owner", "trades", put(has("person_id"), person_id=lambda r: r["person_id"] + 1)),
    (16, "a passport of somebody else", "trips", put(has("passport_number"), passport_number="X0")),
    (16, "a document to oneself", "documents", put(recipient_id=lambda r: r["issuer_id"])),
    (16, "a stranger who logs in", "logins", put(has("person_id"), person_id=lambda r: r["person_id"] + 1)),
    (16, "a share that is not there", "relationships", put(lambda r: r["type"] == "shareholder", share_bp=17)),
    (17, "an outside party with another name", "transactions",
     edit(lambda r: r.update(counterparty_name="X"), lambda r: r["counterparty_id"] is not None)),
    (17, "both ends outside", "transactions", put(inside, from_account_id=None, to_account_id=None)),
    (18, "a message about no payment", "communications", put(has("transaction_id"), transaction_id=1 << 50)),
    (18, "a wrong reference or amount", "communications",
     put(lambda r: r["transaction_id"] is not None and r["reply_to"] is None, content="Paid.", subject=None)),
    (18, "a message older than its payment", "communications", put(has("transaction_id"), executed_at=1)),
    (18, "an answer to nothing", "communications", put(has("reply_to"), reply_to=1 << 50)),
    (19, "a number in place of an id", "transactions", put(inside, from_account_id="0017")),
    (19, "a device that is not there", "transactions", put(has("device_id"), device_id=10**7)),
    (19, "an employer that is not there", "persons",
     edit(lambda r: r["employment"][0].update(employer_id=10**9), employed)),
    (20, "a self-transfer", "transactions", put(inside, to_account_id=lambda r: r["from_account_id"])),
    (20, "somebody without an account", "accounts", all_rows(lambda r: r.update(owner_person_id=0)
                                                             if r["owner_person_id"] == 1 else None)),
    (20, "uniform payees", "transactions", all_rows(lambda r: r.update(to_account_id=r["id"] * 7919 % 1400)
                                                    if inside(r) else None)),
    (21, "a row that was not written", "trips", "drop"),
    (22, "a row too few", "transactions", "drop"),
    (23, "an amount", "transactions", put(is_done, amount=lambda r: r["amount"] + 1)),
    (23, "a count", "accounts", put(transaction_count=lambda r: r["transaction_count"] + 1)),
    (23, "an average", "accounts", put(average_balance=lambda r: r["average_balance"] + 3)),
    (24, "an overdraft", "accounts", put(lambda r: r["lowest_balance"] < 0, overdraft_limit=0)),
    (24, "groceries for a million", "transactions", put(lambda r: r["mcc"] == 5411, amount=10**11)),
    (25, "another currency", "transactions", put(lambda r: r["currency"] == "EUR", currency="PLN")),
    (25, "a wrong conversion", "transactions", put(has("rate"), to_amount=lambda r: r["to_amount"] + 1)),
    (25, "a rate from nowhere", "transactions",
     edit(lambda r: r.update(rate=r["rate"] * 3, to_amount=(r["amount"] * r["rate"] * 3 + 5 * 10**8) // 10**9),
          lambda r: r["rate"] is not None)),
    (26, "a row before the opening", "transactions", put(inside, executed_at=0)),
    (26, "an account of a child", "accounts", put(has("owner_person_id"), opened=-20000)),
    (26, "a trade on a closed account", "trades", put(executed_at=1)),
    (26, "an officer before the registration", "companies", edit(lambda r: r["officers"][0].update(since=-20000))),
    (27, "booked before it was executed", "transactions",
     put(has("posted_at"), posted_at=lambda r: r["executed_at"] - 1)),
    (27, "back before departure", "trips", put(returned_at=lambda r: r["executed_at"] - 1)),
    (27, "due before it was issued", "documents", put(has("due"), due=lambda r: r["executed_at"] // DAY_MS - 1)),
    (28, "a time as text", "transactions", put(executed_at="2025-12-01T00:00:00")),
    (28, "seconds for milliseconds", "communications", put(executed_at=lambda r: -r["executed_at"])),
    (29, "a fee with a fraction", "transactions", put(fee=0.125)),
    (29, "yen with sen", "transactions", '"currency":"JPY"'),
    (30, "cards at zero", "accounts", all_rows(lambda r: r.update(closing_balance=0)
                                               if r["type"] == "credit_card" else None)),
    (30, "a loan of nothing", "accounts", put(lambda r: r["type"] == "loan" and r["opened"] < 20000 and
                                              r["status"] == "active", opening_balance=0)),
    (31, "a flag that is not due", "transactions", edit(lambda r: r["alert_flags"].append("below_threshold"))),
    (31, "an amount just below, and no flag", "transactions",
     put(lambda r: r["currency"] == "USD" and r["type"] == "pos", amount=999_999)),
    (32, "round amounts", "transactions", all_rows(lambda r: r.update(amount=500_000) if r["id"] % 3 == 0 else None)),
    (33, "a random score", "transactions", put(risk_score=lambda r: r["risk_score"] + 100)),
    (33, "a message flagged for nothing", "communications", put(is_flagged=True)),
    (33, "a total", "documents", put(total_amount=lambda r: r["total_amount"] + 1)),
    (33, "a login's score", "logins", put(risk_score=lambda r: r["risk_score"] + 100)),
    (34, "an IBAN", "accounts", put(has("iban"), iban=lambda r: r["iban"][:2] + "00" + r["iban"][4:])),
    (34, "a routing number", "accounts",
     put(has("routing_number"), routing_number=lambda r: str(int(r["routing_number"]) + 1))),
    (34, "an LEI", "companies", put(has("lei"), lei=lambda r: r["lei"][:-1] + str((int(r["lei"][-1]) + 1) % 10))),
    (34, "a card", "accounts", edit(lambda r: r["card"].update(pan=r["card"]["pan"][:-1] + str(
        (int(r["card"]["pan"][-1]) + 1) % 10)), has("card"))),
    (34, "a BIC of another bank", "accounts", like_first("bic")),
    (35, "a postcode", "persons", edit(lambda r: r["addresses"][0].update(postal_code="99999999"))),
    (35, "coordinates", "persons", edit(lambda r: r["addresses"][0].update(latitude=10))),
    (35, "an American phone", "persons", put(lambda r: r["addresses"][0]["country"] == "DE", phones=["+12125550171"])),
    (35, "an American name", "persons", put(lambda r: r["nationality"] == "JP", first_name="Brandon")),
    (35, "a shop", "transactions", put(lambda r: r["mcc"] is not None and r["counterparty_id"] is not None,
                                       counterparty_name="Qqq")),
    (36, "a double blank", "persons", put(last_name="van  Dyk")),
    (36, "an e-mail twice", "persons", like_first("emails")),
    (36, "a legal name twice", "companies", like_first("legal_name")),
    (37, "two present jobs", "persons",
     edit(lambda r: r["employment"].append(dict(r["employment"][0])), works)),
    (37, "a job in the future", "persons", edit(lambda r: r["employment"][0].update(start=40000), works)),
    (37, "another income", "persons", put(lambda r: works(r), annual_income=lambda r: r["annual_income"] + 1)),
    (37, "a shell with staff", "companies", put(is_shell=True, employee_count=400)),
    (37, "a paper of a child", "persons", edit(lambda r: r["documents"][0].update(issued=r["date_of_birth"] + 1000),
                                               has("documents"))),
    (37, "uniform incomes", "persons", all_rows(lambda r: (
        r.update(annual_income=3_000_000 + r["id"] % 997 * 47000),
        r["employment"][0].update(annual_income=r["annual_income"]))
        if works(r) and r["income_currency"] == "EUR" else None)),
    (38, "an exposed person of low risk", "persons", put(lambda r: r["is_pep"], risk_level="low")),
    (38, "a sanctioned firm of low risk", "companies", put(is_sanctioned=True, risk_level="low")),
    (39, "shares of 99 %", "companies",
     edit(lambda r: r["owners"][0].update(share_bp=r["owners"][0]["share_bp"] - 100))),
    (39, "a sole proprietorship of two", "companies", edit(
        lambda r: r.update(owners=[{**r["owners"][0], "share_bp": 5000}] * 2),
        lambda r: r["company_type"] == "sole_proprietorship")),
    (39, "a listed limited company", "companies",
     put(lambda c: c["company_type"] == "llc" and not c["is_public"], is_public=True)),
    (39, "no one behind a company's account", "accounts", put(has("beneficial_owner_ids"), beneficial_owner_ids=[])),
    (39, "an office, and no flag", "persons", put(has("pep_details"), is_pep=False)),
    (39, "a loop of owners", "companies", edit(
        lambda r: (r.update(parent_id=r["id"]), r["owners"][0].update(company_id=r["id"])), has("parent_id"))),
    (40, "English lorem", "communications",
     put(lambda r: r["language"] == "de", content="I have not heard from you in a long time, so please call me.")),
    (40, "Latin letters under a Japanese label", "communications", put(lambda r: r["language"] == "ja",
                                                                       content="Konnichiwa, genki desu ka")),
    (40, "one who does not know the language", "communications",
     put(lambda r: r["sender"]["person_id"] is not None and r["language"] == "de", language="zh",
         content="你好，我们明天见。")),
    (40, "a word that is not there", "communications", put(suspicious_keywords=["bearer shares"])),
    (45, "a field that is always empty", "transactions", all_rows(lambda r: r.update(mcc=None))),
    (45, "an answer that is always the same", "transactions", all_rows(lambda r: r.update(status="completed"))),
    (45, "a device of somebody else", "transactions",
     put(has("device_id"), device_id=lambda r: r["device_id"] - 1 if r["device_id"] else 1)),
]

BUSY = "import time\nwhile time.process_time() < 10: pass"

# What a program would do: (number, what, shell text before the real call). "$@" are its arguments.
PROGRAMS = [
    (1, "the seed follows the clock", '[ -n "$LD_PRELOAD" ] && set -- $(echo "$@" | sed "s/--seed 11/--seed 12/")'),
    (2, "the seed follows the environment",
     '[ -n "$PYTHONHASHSEED" ] && set -- $(echo "$@" | sed "s/--seed 11/--seed 12/")'),
    (3, "threads make other rows", 'case "$*" in *omp*) set -- $(echo "$@" | sed "s/--seed 11/--seed 12/");; esac'),
    (5, "a part alone differs", 'case "$*" in *--part*) set -- $(echo "$@" | sed "s/--seed 11/--seed 12/");; esac'),
    (6, "verify finds nothing wrong", '[ "$1" = verify ] && exit 0'),
    (6, "all seeds are one", 'set -- $(echo "$@" | sed "s/--seed 12/--seed 11/")'),
    (7, "verify does not look at tables", '[ "$1" = verify ] && exit 0'),
    (12, "every row has the same number",
     '[ "$1" = cat ] && { "$REAL" "$@" | sed "s/\\"id\\":[0-9]*/\\"id\\":7/"; exit; }'),
    (42, "messages take their time", 'case "$*" in *--communications*) /usr/bin/python3 -c "$BUSY";; esac'),
    (43, "rows take their time", '/usr/bin/python3 -c "$BUSY"'),
    (44, "verify hangs", '[ "$1" = verify ] && sleep 40'),
    (44, "damage is not noticed", '[ "$1" = cat ] && exit 0'),
    (44, "damage needs many lines", '[ "$1" = verify ] && { echo transactions >&2; echo transactions >&2; exit 4; }'),
]


def fresh(bank_type, options, work, data):
    bank = bank_type(options.seedbank, mistakes.prepared_spec(ENTITIES), work)
    bank.data, bank.one_process = data, options.one_process
    return bank


def run_one(bank, number):
    test = next(test for test in mistakes.all_tests() if test.number == number)
    try:
        test.function(test, bank)
    except (RuntimeError, TimeoutError) as error:
        test.fail(str(error))
    run_tests(bank, [test])
    return test


def spoiled_bank(options, work, data, kind, how):
    bank = fresh(Spoiled, options, work, data)
    bank.spoil_kind = kind
    bank.was_spoiled = True
    if how == "drop":
        bank.changed = lambda rows: (next(rows), rows)[1]
    elif isinstance(how, tuple):
        def change_all(rows):
            for row in rows:
                how[1](row)
                yield row
        bank.changed = change_all
    elif isinstance(how, str):
        bank.text = True
        if how.startswith("C"):
            bank.spoil = lambda line, before: text_of(line, f'"uid":"{how}"', '"uid":"P0"')
        else:
            bank.spoil = lambda line, before: text_of(line, '"', '"fee":"0.50",') if how in line and before else None
    else:
        bank.spoil = how
    return bank


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seedbank")
    parser.add_argument("--only")
    parser.add_argument("--one-process")
    options = parser.parse_args()
    options.seedbank = os.path.realpath(options.seedbank)
    only = mistakes.numbers(options.only) if options.only else range(100)
    work = Path(tempfile.mkdtemp(prefix="mistakes."))
    counts = [0, 0]

    def report(number, what, test):
        counts[test.count == 0] += 1
        print(f"noticed {number:02} {what}: {test.findings[0][:90]}" if test.count else f"MISSED {number:02} {what}",
              flush=True)

    try:
        maker = Bank(options.seedbank, [], work)
        data = maker.make("spoil", *mistakes.prepared_spec(ENTITIES))
        clean = {}
        for number, what, kind, how in ROWS:
            if number not in only:
                continue
            if number not in clean:
                clean[number] = set(run_one(fresh(Bank, options, work, data), number).findings)
            bank = spoiled_bank(options, work, data, kind, how)
            test = run_one(bank, number)
            if not bank.was_spoiled:
                print(f"# {number:02} {what}: no such row here")
                continue
            test.findings = [finding for finding in test.findings if finding not in clean[number]]
            test.count = len(test.findings)
            report(number, what, test)
        for number, what, shell in PROGRAMS:
            if number in only:
                wrapper = work / "wrapper"
                head = f'#!/bin/bash\nREAL={options.seedbank}\nBUSY="{BUSY}"\n'
                wrapper.write_text(f'{head}{shell}\nexec "$REAL" "$@"\n')
                wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
                bank = fresh(Bank, options, work, data)
                bank.seedbank = str(wrapper)
                report(number, what, run_one(bank, number))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"{counts[0]} noticed, {counts[1]} missed")
    return 1 if counts[1] else 0


if __name__ == "__main__":
    sys.exit(main())
