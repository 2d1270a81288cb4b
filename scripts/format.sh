#!/usr/bin/env bash
# Formats all C sources by .clang-format; with --check changes nothing and ends with 1 if it would.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in
    --help) sed -n '2p' "$0" | cut -c3- ;;
    --check) git ls-files '*.c' '*.h' | grep -v '^engine/distributions.c$' | xargs clang-format --dry-run -Werror ;;
    '') git ls-files '*.c' '*.h' | grep -v '^engine/distributions.c$' | xargs clang-format -i ;;
    *) echo "format: unknown option $1; see --help" >&2; exit 2 ;;
esac
