#!/usr/bin/env bash
# The shape of the graph: one large component, a heavy tail, and nothing in an account's number that tells its
# degree.
# Usage: degrees.sh SEEDBANK
set -u
seedbank=$(readlink -f "${1:?usage: degrees.sh SEEDBANK}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$seedbank" generate --profile aml --entities 900k --seed 21 --out "$work/data" -q || exit 1
/usr/bin/python3 "$(dirname "$(readlink -f "$0")")/degrees.py" "$work/data"
