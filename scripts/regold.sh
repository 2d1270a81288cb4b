#!/bin/sh
# Rewrites what command-line cases are expected to print; read the diff before you commit it.
#
#   scripts/regold.sh build/seedbank plan_small help    these cases
#   scripts/regold.sh build/seedbank --all              all that have expected output
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
if [ $# -lt 2 ] || [ "$1" = --help ]; then
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    [ "${1:-}" = --help ] && exit 0
    exit 2
fi
program=$1
shift
if [ "$1" = --all ]; then
    set -- "$root"/tests/cli/cases/*.sh.stdout
fi
[ -x "$program" ] || { echo "regold.sh: $program: no program; build it first" >&2; exit 2; }

# run.sh knows how a case is run, and takes what it prints for right when asked to.
for name in "$@"; do
    name=$(basename "$name" .stdout)
    case=$root/tests/cli/cases/$(basename "$name" .sh).sh
    [ -f "$case" ] || { echo "regold.sh: $case: no such case" >&2; exit 2; }
    SEEDBANK_REGOLD=$case.stdout sh "$root/tests/cli/run.sh" "$program" "$case"
done
