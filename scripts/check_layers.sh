#!/usr/bin/env bash
# Arrows point one way: format <- engine <- workers <- cli, and cli knows only the public headers.
# Greps includes; prints each that runs back and ends with 1.
set -u
[ "${1:-}" = "--help" ] && { sed -n '2,3p' "$0" | cut -c3-; exit 0; }
cd "$(dirname "$0")/.." || exit 3
status=0
forbid() { # layer, pattern of includes it may not have
    local hits
    hits=$(grep -nE "^#include \"($2)/" "$1"/*.c "$1"/*.h 2>/dev/null)
    if [ -n "$hits" ]; then
        printf '%s may not include that:\n%s\n' "$1" "$hits"
        status=1
    fi
}
forbid include/seedbank 'format|engine|workers|cli'
forbid format 'engine|workers|cli'
forbid engine 'workers|cli'
forbid workers 'cli'
forbid cli 'format|engine|workers'
[ $status -eq 0 ] && echo "layers: every include points the right way"
exit $status
