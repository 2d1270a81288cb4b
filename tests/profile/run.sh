#!/usr/bin/env bash
# scripts/profile draws what it should: a valid picture with a title in each box, and tables that add up.
# Usage: run.sh SEEDBANK    (77: perf cannot record here)
set -euo pipefail
seedbank=$(readlink -f "${1:?usage: run.sh SEEDBANK}")
profile=$(dirname "$(readlink -f "$0")")/../../scripts/profile
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }
status() { local code=0; "$@" >"$work/out" 2>"$work/err" || code=$?; echo "$code"; }

# What needs no perf comes first.
[ "$(status "$profile" --unknown)" = 2 ] || fail "an unknown option is accepted"
[ "$(status "$profile" --rate 0)" = 2 ] || fail "a rate of nothing is accepted"
[ "$(status "$profile" -- --out /tmp/x)" = 2 ] || fail "generate's --out is accepted"
"$profile" --help | grep -q '^usage: profile' || fail "no help"
python=$(python3 -c 'import sys; print(sys.executable)')
mkdir "$work/bin" # a machine without perf
[ "$(PATH="$work/bin" status "$python" "$profile" --seedbank "$seedbank")" = 3 ] || fail "does not miss perf"
[ "$(wc -l <"$work/err")" = 1 ] && grep -q '^profile: no perf here' "$work/err" || fail "does not say that perf is missing"

if ! perf record -q -e cpu-clock -o "$work/perf.data" true 2>/dev/null; then
    echo "profile: skipped, perf cannot record here"
    exit 77
fi
[ "$(status "$profile" --seedbank "$work/none")" = 3 ] || fail "a program that is not there is not missed"
[ "$(status "$profile" --seedbank "$seedbank" --out "$work/none/x.svg")" = 3 ] || fail "an impossible --out is accepted"
[ "$(status "$profile" --seedbank "$seedbank" --out "$work/x.svg" -- --persons nobody)" = 2 ] ||
    fail "generate's refusal is not passed on"
grep -q '^seedbank: ' "$work/err" || fail "generate's words are not passed on"
"$profile" --seedbank "$seedbank" --out "$work/profile.svg" --rate 4000 --top 7 -- --persons 50k --locales 'en_US' >"$work/out"
python3 - "$work/profile.svg" "$work/out" <<'PYTHON'
import re
import sys
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"
root = ElementTree.parse(sys.argv[1]).getroot()
assert root.tag == SVG + "svg" and root.get("width") == "100%" and root.get("viewBox") is None
boxes = root.findall(f"./{SVG}svg")
assert len(boxes) > 20, len(boxes)
for box in boxes:
    title = box.find(f"./{SVG}title")
    assert title is not None and re.search(r"\d+\.\d+% of all", title.text), title
    x, width = float(box.get("x").rstrip("%")), float(box.get("width").rstrip("%"))
    assert 0 <= x and width > 0 and x + width <= 100.01, (x, width)
text = ElementTree.tostring(root, encoding="unicode")
assert "sb_person_put" in text and "rows: persons" in text and "--persons 50k" in text
for outside in ("http://", "https://"):
    assert text.count(outside) == text.count(f"{outside}www.w3.org/2000/svg"), "not self-contained"
shares, functions = open(sys.argv[2]).read().split("itself")
stages = re.findall(r"^(.+?) +(\d+\.\d)% +(\d+\.\d) +\d+\.\d{3}$", shares, re.M)
*parts, whole = stages
assert whole[:2] == ("all", "100.0"), whole
assert 99 <= sum(float(share) for _, share, _ in parts) <= 101, parts
assert abs(sum(float(ns) for _, _, ns in parts) - float(whole[2])) < 2, (parts, whole)
assert "50,000 rows" in shares, shares
assert re.search(r"^compression \(libzstd\) +\d", shares, re.M) and re.search(r"^rows: persons +\d", shares, re.M)
assert len(re.findall(r"^ +\d+\.\d%", functions, re.M)) == 7, functions
PYTHON
echo "profile: passed"
