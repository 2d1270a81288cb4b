#!/usr/bin/env bash
# Whether a dataset looks like a bank's: makes two and measures ages, names, incomes, balances, amounts, days,
# degrees and messages against published figures and the tables (measure.py).
# Usage: run.sh SEEDBANK [ENTITIES [SEED]]     ENTITIES: of the profile aml, in millions: 1m (by default), 2m, ...
set -u
case "${1:-}" in
--help) sed -n '2,4s/^# //p' "$0"; exit 0 ;;
esac
seedbank=$(readlink -f "${1:?usage: run.sh SEEDBANK [ENTITIES [SEED]]}")
entities=${2:-1m}
seed=${3:-11}
[[ $entities =~ ^[1-9][0-9]*m$ ]] || { echo "run.sh: $entities is not 1m, 2m, ..." >&2; exit 2; }
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 3
"$seedbank" generate -q --profile aml --entities "$entities" --seed "$seed" --out aml || exit 1
# Few transactions a person buy many persons and messages: 388 persons, 77 companies and 1,024 accounts a cell.
cells=$((384 * ${entities%m}))
"$seedbank" generate -q --profile aml --seed "$seed" --out people --persons $((388 * cells)) --companies $((77 * cells)) \
    --accounts $((1023 * cells)) --transactions $((2300 * cells)) --communications $((390 * cells)) || exit 1
/usr/bin/python3 "$here/measure.py" aml people
