#!/usr/bin/env python3
"""scripts/instructions holds what it promises: counts are read right, and a stage at its limit, inside and past it
is told apart. No program is run and nothing counted. Usage: self_test.py"""
import copy
import importlib.machinery
import importlib.util
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRIPT = os.path.join(ROOT, "scripts/instructions")
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "scripts"))
import stages  # noqa: E402  (needs the path above)

BASE = {
    "environment": {"compiler": "gcc 1.0", "machine": "abacus", "cpu": ""},
    "libraries": {"compression (libzstd)": ["libzstd.so.9 0123456789abcdef"]},
    "counts": {
        "start": {"start and end": 5000000},
        "persons": {"rows: persons": 1000000, "ledger": 100000, "compression (libzstd)": 2000000, "C library": 50000},
    },
}
failed = 0


def check(name, got, expected):
    global failed
    if got != expected:
        failed += 1
        print(f"FAILED: {name}: {got!r}, not {expected!r}")


def run(work, *options):
    return subprocess.run([sys.executable, SCRIPT, "--baseline", os.path.join(work, "baseline.json"), *options],
                          capture_output=True, text=True)


def write(work, name, reason, what):
    path = os.path.join(work, name)
    with open(path, "w") as file:
        json.dump({"reason": reason, **what}, file)
    return path


def gate(work, change):
    """The exit status and output with counts that `change` has doctored."""
    new = copy.deepcopy(BASE)
    change(new)
    result = run(work, "--counts", write(work, "new.json", "saved", new))
    return result.returncode, result.stdout + result.stderr


def of_persons(**counts):
    names = {"persons": "rows: persons", "ledger": "ledger", "zstd": "compression (libzstd)", "libc": "C library",
             "other": "other"}
    return lambda new: new["counts"]["persons"].update({names[key]: count for key, count in counts.items()})


def limits(work):
    write(work, "baseline.json", "the first", BASE)
    check("the same", gate(work, lambda new: None)[0], 0)
    check("2.9 %", gate(work, of_persons(persons=1029000))[0], 0)
    check("3 %", gate(work, of_persons(persons=1030000))[0], 0)
    status, text = gate(work, of_persons(persons=1031000))
    check("3.1 %", status, 1)
    check("3.1 % says what", "persons, rows: persons: 1000.0 -> 1031.0 (+3.1 %)" in text, True)
    check("a lesser stage, 2.9 %", gate(work, of_persons(ledger=102900))[0], 0)
    check("a lesser stage, 3 %", gate(work, of_persons(ledger=103000))[0], 0)
    check("a lesser stage, 3.1 %", gate(work, of_persons(ledger=103100))[0], 1)
    status, text = gate(work, of_persons(persons=900000))
    check("less passes, and is told", (status, "less than the baseline: persons, rows: persons" in text), (0, True))
    start = [gate(work, lambda new, n=n: new["counts"]["start"].update({"start and end": n}))[0]
             for n in (5145000, 5150000, 5155000)]
    check("start at 2.9, 3 and 3.1 %", start, [0, 0, 1])
    check("a stage that is new and large", gate(work, of_persons(other=40000))[0], 1)
    check("a stage that is new and small", gate(work, of_persons(other=30000))[0], 0)
    # The sum is 3,100,000 (the C library is not held): no stage is past its limit, the sum is.
    status, text = gate(work, of_persons(persons=1029900, ledger=102900, zstd=2059900, other=4000))
    check("the sum, past", (status, "persons, the sum" in text, text.count("FAILED")), (1, True, 1))
    check("the sum, at", gate(work, of_persons(persons=1030000, ledger=103000, zstd=2060000))[0], 0)


def libraries(work):
    check("the same library", gate(work, of_persons(zstd=2100000))[0], 1)

    def other_library(new):
        new["libraries"]["compression (libzstd)"] = ["libzstd.so.10 0123456789abcdef"]
        new["counts"]["persons"]["compression (libzstd)"] = 9000000
    status, text = gate(work, other_library)
    check("another library", (status, "not held" in text), (0, True))
    check("a library that the baseline does not know", gate(work, of_persons(libc=900000))[0], 0)


def environments(work):
    check("another compiler", gate(work, lambda new: new["environment"].update(compiler="gcc 2.0"))[0], 77)
    check("another machine", gate(work, lambda new: new["environment"].update(machine="slate"))[0], 77)
    check("a kind the baseline lacks", gate(work, lambda new: new["counts"].update(cats={"other": 1}))[0], 1)
    check("a kind that is gone", gate(work, lambda new: new["counts"].pop("persons"))[0], 1)
    check("no baseline", run(os.path.join(work, "none"), "--counts", os.path.join(work, "new.json")).returncode, 3)
    check("an unknown option", run(work, "--unknown").returncode, 2)
    check("an empty reason", run(work, "--renew", " ").returncode, 2)
    check("options without effect", run(work, "--counts", "x", "--functions").returncode, 2)


def reasons(work):
    """A baseline that differs from the last committed one has another reason."""
    def git(*arguments):
        subprocess.run(["git", "-C", work, "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments],
                       check=True, capture_output=True)
    write(work, "baseline.json", "the first", BASE)
    git("init", "-q")
    git("add", "baseline.json")
    git("commit", "-q", "-m", "first")
    counts = os.path.join(work, "new.json")
    dearer = copy.deepcopy(BASE)
    dearer["counts"]["persons"]["rows: persons"] = 1500000
    write(work, "new.json", "saved", dearer)
    check("dearer", run(work, "--counts", counts).returncode, 1)
    write(work, "baseline.json", "the first", dearer)
    check("edited, for the same reason", run(work, "--counts", counts).returncode, 1)
    write(work, "baseline.json", "", dearer)
    check("edited, for no reason", run(work, "--counts", counts).returncode, 1)
    write(work, "baseline.json", "the first", BASE)
    check("renewed for the same reason", run(work, "--counts", counts, "--renew", "the first").returncode, 2)
    check("renewed", run(work, "--counts", counts, "--renew", "persons have wings").returncode, 0)
    check("after it", run(work, "--counts", counts).returncode, 0)
    git("commit", "-q", "-a", "-m", "wings")
    check("committed", run(work, "--counts", counts).returncode, 0)
    write(work, "baseline.json", "the first", BASE)
    git("commit", "-q", "-a", "-m", "back")
    write(work, "baseline.json", "the first", dearer)
    git("commit", "-q", "-a", "-m", "for the same reason")
    check("committed for the same reason", run(work, "--counts", counts).returncode, 1)


CALLGRIND = """positions: line
events: Ir

ob=(1) /somewhere/seedbank
fl=(1) {root}/engine/person.c
fn=(1) sb_person_put.isra.0
10 100
+3 20
fi=(2) {root}/format/msgpack_writer.h
-2 7
fi=(3) /usr/include/string.h
* 5
fe=(1)
cob=(2) /lib/libzstd.so.1.5.4
cfi=(4) ???
cfn=(2) 0x01
calls=3 0
12 9999
12 1
ob=(2)
fl=(4)
fn=(2)
0 1000
totals: 1133
"""


def reading(work):
    loader = importlib.machinery.SourceFileLoader("instructions", SCRIPT)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("instructions", loader))
    loader.exec_module(module)
    path = os.path.join(work, "log")
    with open(path, "w") as file:
        file.write(CALLGRIND.format(root=ROOT))
    by_stage = {}
    for (binary, source, function), count in module.read_counts(path).items():
        stage = stages.stage_of(binary, source, function)
        by_stage[stage] = by_stage.get(stage, 0) + count
    check("counts by stage", by_stage,
          {"rows: persons": 126, "rows: encoding": 7, "compression (libzstd)": 1000})


with tempfile.TemporaryDirectory() as directory:
    for test in (reading, limits, libraries, environments, reasons):
        test(directory)
print("instructions: passed" if failed == 0 else f"instructions: {failed} failed")
sys.exit(failed > 0)
