#!/usr/bin/env bash
# bench/figures measures, knows its limits and refuses what it does not know. Only its quick figures.
# Usage: figures.sh SEEDBANK BENCH_LOOKUPS
set -euo pipefail
seedbank=$(readlink -f "${1:?usage: figures.sh SEEDBANK BENCH_LOOKUPS}")
lookups=$(readlink -f "${2:?usage: figures.sh SEEDBANK BENCH_LOOKUPS}")
figures=$(dirname "$(readlink -f "$0")")/../../bench/figures
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }
run() { "$figures" --seedbank "$seedbank" --lookups "$lookups" --out "$work" --shm "$work" "$@"; }
status() { local code=0; "$@" >/dev/null 2>&1 || code=$?; echo "$code"; }

run --runs 1 --only small --only show --only library --json >"$work/figures.json"
jq -e '(.figures | length) == 14 and all(.figures[]; .value > 0 and (.name | length) > 0 and .limit != null and
    (.good | type) == "boolean")' "$work/figures.json" >/dev/null || fail "the figures have another form"
run --runs 1 --only library >"$work/table"
grep -q '^library: demo, a person .* us  *< 2' "$work/table" || fail "no line of a figure"
# A library that takes ten seconds for a person misses; one that takes no time at all does not.
library() {
    local row="{\"median\": $1, \"max\": $1}"
    printf '#!/bin/sh\necho '"'"'{"person": %s, "company": %s, "statement": %s}'"'\n" "$row" "$row" "$row" >"$work/fake"
    chmod +x "$work/fake"
    status run --runs 1 --only library --lookups "$work/fake" --require
}
[ "$(library 1999)" = 1 ] || fail "a slow library is not noticed"
[ "$(library 1.999)" = 0 ] || fail "a figure just inside its limit is refused"
[ "$(library 2)" = 1 ] || fail "a figure that is its limit, which it must be below, is accepted"
[ "$(status run --only nothing)" = 2 ] || fail "an unknown figure is accepted"
[ "$(status run --runs x)" = 2 ] || fail "no number of rounds is accepted"
[ "$(status "$figures" --seedbank "$work/none")" = 3 ] || fail "a program that is not there is not missed"
[ "$(status "$lookups" persons 20)" = 2 ] || fail "bench_lookups takes a spec without accounts"
[ -z "$(find "$work" -name 'seedbank-figures*')" ] || fail "something is left behind"
echo "figures: passed"
