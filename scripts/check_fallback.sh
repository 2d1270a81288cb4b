#!/usr/bin/env bash
# Without ZSTD_compressSequences, and with plain hashing: builds the command so, makes a dataset, and checks that one warning is given,
# that any zstd unpacks the files, and that the rows are those of the usual build.
# Usage: check_fallback.sh [SEEDBANK (build/release/seedbank)]
set -euo pipefail
[ "${1:-}" = "--help" ] && { sed -n '2,4p' "$0" | cut -c3-; exit 0; }
cd "$(dirname "$0")/.."
usual=$(readlink -f "${1:-build/release/seedbank}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "check_fallback: $*"; exit 1; }
cmake -S . -B build/fallback -DCMAKE_BUILD_TYPE=Release -DSB_SEQUENCES=OFF -DSB_HASH_DISPATCH=OFF -DSB_BUILD_TESTS=OFF -DSB_BUILD_BENCH=OFF >/dev/null
cmake --build build/fallback --target seedbank --parallel "$(nproc)" >/dev/null
seedbank=build/fallback/seedbank
"$seedbank" generate --entities 20k --out "$work/without" 2>"$work/said"
[ "$(grep -c 'takes no sequences' "$work/said")" = 1 ] || fail "the warning is not given once: $(cat "$work/said")"
grep -q '"encoder": *"generic"' "$work/without/manifest.json" || fail "the manifest does not say generic"
"$seedbank" generate --entities 20k --level 1 --out "$work/level" 2>"$work/said"
! grep -q 'takes no sequences' "$work/said" || fail "a level was asked for, and a warning given"
diff -r -x run.json "$work/without" "$work/level" || fail "level 1 gives other bytes"
"$usual" generate --entities 20k --out "$work/with" -q
grep -q '"encoder": *"tokens-1"' "$work/with/manifest.json" || fail "the usual build does not use tokens"
diff <("$usual" info "$work/with" --digest) <("$usual" info "$work/without" --digest) || fail "other rows"
"$usual" verify "$work/without" -q
"$seedbank" verify "$work/with" -q
# A part made there and one made here have other encodings, and are not merged.
! "$seedbank" regenerate "$work/with" --shard 0 --out "$work/again" 2>"$work/said" || fail "tokens were packed without tokens"
grep -q 'encoder tokens-1: needs libzstd 1.5.4' "$work/said" || fail "regenerate says: $(cat "$work/said")"
echo "without ZSTD_compressSequences: same rows"
