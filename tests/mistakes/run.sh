#!/usr/bin/env bash
# The 45 mistakes of the system that seedbank takes over from, each a named test on a million rows.
# Usage: run.sh SEEDBANK [ENTITIES] [--only 7,25,40] ...; run.sh --help
exec /usr/bin/python3 "$(dirname "$(readlink -f "$0")")/mistakes.py" "$@"
