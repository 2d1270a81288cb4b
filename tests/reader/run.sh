#!/usr/bin/env bash
# An independent reader, written against docs/format.md alone, checks whole datasets: references, uniqueness,
# and the ledger replayed transaction by transaction.
# Usage: run.sh SEEDBANK
set -u
seedbank=$(readlink -f "${1:?usage: run.sh SEEDBANK}")
reader=$(dirname "$(readlink -f "$0")")/seedbank_reader.py
python=/usr/bin/python3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 3
passed=0
failed=0
while read -r options; do
    [ -z "$options" ] && continue
    rm -rf data
    if "$seedbank" generate --out data -q $options && $python "$reader" check data >report 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $options"
        head -n 10 report
    fi
done <<'SPECS'
--entities 30k --entries
--entities 710
--entities 200k --seed 99
--profile aml --entities 60k --entries --seed 3
--profile finbench --entities 40k --entries --seed 4
--persons 1 --accounts 2 --transactions 40 --entries
--persons 3 --accounts 5000 --transactions 20k --entries
--companies 700 --accounts 900 --transactions 9000 --communications 500 --entries
--persons 20000 --accounts 30 --transactions 900 --entries --communications 20
--entities 20k --start 2024-02-29 --end 2024-03-01 --entries
--entities 300k --locales de_DE --layout parts --shards 2 --entries
SPECS

# What it must not miss: a row that was changed, behind checksums that are right again.
"$seedbank" generate --out data2 -q --entities 5k --entries
$python "$reader" check data2 >/dev/null || { echo "FAILED: data2"; failed=$((failed + 1)); }
if $python "$(dirname "$reader")/tamper.py" data2 && ! $python "$reader" check data2 >report 2>&1; then
    passed=$((passed + 1))
else
    echo "FAILED: a changed amount was not noticed"
    failed=$((failed + 1))
fi
"$seedbank" verify data2 >report 2>&1
if [ $? -eq 1 ] && grep -q 'transactions.*row .*field amount' report; then
    passed=$((passed + 1))
else
    echo "FAILED: verify did not name the row and field:"
    cat report
    failed=$((failed + 1))
fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
