#!/usr/bin/env bash
# Golden digests of small specs: the promise that today's rows are tomorrow's. When content changes on
# purpose, raise SB_CONTENT_VERSION, run scripts/regold_digests.sh, read the diff and say why in CHANGELOG.
# Usage: run.sh SEEDBANK [--rewrite]
set -u
seedbank=$(readlink -f "${1:?usage: run.sh SEEDBANK}")
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
while read -r name options; do
    "$seedbank" generate --out "$work/$name" -q $options || { failed=$((failed + 1)); continue; }
    { "$seedbank" info "$work/$name" --digest; jq -r '.dataset + "  dataset"' "$work/$name/manifest.json"; } \
        >"$work/$name.digests"
    if [ "${2:-}" = "--rewrite" ]; then
        cp "$work/$name.digests" "$here/$name.digests"
    elif diff "$here/$name.digests" "$work/$name.digests"; then
        passed=$((passed + 1))
    else
        echo "FAILED: $name has other rows than before"
        failed=$((failed + 1))
    fi
done <"$here/specs"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
