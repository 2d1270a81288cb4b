#!/usr/bin/env bash
# bench/versus_zstd measures what it says, on specs too small to say anything about speed.
# Usage: versus.sh SEEDBANK BENCH_ZSTD_FRAMES
set -euo pipefail
seedbank=$(readlink -f "${1:?usage: versus.sh SEEDBANK BENCH_ZSTD_FRAMES}")
frames=$(readlink -f "${2:?usage: versus.sh SEEDBANK BENCH_ZSTD_FRAMES}")
versus=$(dirname "$(readlink -f "$0")")/../../bench/versus_zstd
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }
run() { "$versus" --seedbank "$seedbank" --frames "$frames" --out "$work" "$@"; }
# The exit status of a command that is expected to fail; its output is of no interest.
status() { local code=0; "$@" >/dev/null 2>&1 || code=$?; echo "$code"; }

run --scale 0.002 --runs 2 --json >"$work/all.json"
jq -e '(.results | length) == 12 and all(.results[];
    .rows > 0 and .raw_bytes > 0 and .seconds.ours > 0 and .seconds.zstd > 0 and .seconds.frames > 0 and
    (.runs.ours | length) == 2 and .bytes.ours > 0 and .bytes.zstd > 0 and
    ([.ratio_seconds, .ratio_cpu_seconds, .ratio_bytes] | all(. > 0)))' "$work/all.json" >/dev/null ||
    fail "the results have another form"
# What frames writes is what it was given.
head -c 3000000 /dev/urandom | base64 >"$work/bytes"
mkdir "$work/packed"
"$frames" "$work/packed" "$work/bytes"
zstd -dc "$work/packed/bytes.zst" | cmp - "$work/bytes" || fail "frames wrote other bytes"
[ "$(zstd -lv "$work/packed/bytes.zst" 2>&1 | sed -n 's/^# Zstandard Frames: //p')" = 4 ] || fail "not a frame a MiB"
run --scale 0.002 --runs 1 --kind persons >"$work/table"
grep -q '^persons  *2000  *9[0-9]%' "$work/table" || fail "no line of the kind"
# A rival that does nothing, in no time, cannot be met; without --require that is no failure.
printf '#!/bin/sh\necho >"$1/bytes.zst"\n' >"$work/rival"
chmod +x "$work/rival"
rival() { run --scale 0.02 --runs 1 --kind persons --frames "$work/rival" "$@"; }
[ "$(status rival --require)" = 1 ] || fail "--require forgives everything"
[ "$(status rival)" = 0 ] || fail "a kind that misses is a failure without --require"
[ "$(status run --kind nothing)" = 2 ] || fail "an unknown kind is accepted"
[ "$(status run --runs 0)" = 2 ] || fail "no rounds at all are accepted"
[ "$(status run --scale 0)" = 2 ] || fail "a scale of nothing is accepted"
[ "$(status run --unknown)" = 2 ] || fail "an unknown option is accepted"
[ "$(status "$versus" --seedbank "$work/none")" = 3 ] || fail "a program that is not there is not missed"
[ -z "$(find "$work" -name 'seedbank-versus*')" ] || fail "something is left behind"
echo "versus: passed"
