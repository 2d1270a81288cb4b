#!/usr/bin/env bash
# A worker that makes the default kinds needs less than 24 MiB, in every profile, however many workers
# there are and however large the dataset.
# Usage: run.sh SEEDBANK
set -u
seedbank=$(readlink -f "${1:?usage: run.sh SEEDBANK}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
limit=$((24 << 20))
passed=0
failed=0
while read -r options; do
    peak=$("$seedbank" generate --out "$work/made" --force -q --json $options |
        jq .memory_per_worker_bytes)
    if [ "${peak:-0}" -gt 0 ] && [ "$peak" -lt $limit ]; then
        passed=$((passed + 1))
    else
        echo "FAILED: $options: a worker had ${peak:-?} bytes, not less than $limit"
        failed=$((failed + 1))
    fi
done <<'SPECS'
--entities 1m --workers 1
--entities 1m --workers 2
--entities 4m --workers 2
--profile aml --entities 1m --workers 1
--profile aml --entities 1m --workers 2
--profile aml --entities 4m --workers 2
SPECS
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
