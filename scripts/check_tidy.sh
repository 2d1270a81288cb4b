#!/usr/bin/env bash
# clang-tidy over all sources, with .clang-tidy; any finding is a failure.
set -euo pipefail
[ "${1:-}" = "--help" ] && { sed -n '2p' "$0" | cut -c3-; exit 0; }
cd "$(dirname "$0")/.."
[ -f build/release/compile_commands.json ] || cmake --preset release >/dev/null
git ls-files 'format/*.c' 'engine/*.c' 'workers/*.c' 'cli/*.c' |
    xargs -P "$(nproc)" -n 4 clang-tidy -p build/release --quiet --extra-arg=-Wno-unknown-warning-option --warnings-as-errors='*' 2>/dev/null
