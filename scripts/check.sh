#!/usr/bin/env bash
# Before pushing: format, layers, a build with warnings as errors, and the tests without sanitizers and matrix.
set -euo pipefail
[ "${1:-}" = "--help" ] && { sed -n '2p' "$0" | cut -c3-; exit 0; }
cd "$(dirname "$0")/.."
scripts/format.sh --check
scripts/check_layers.sh
exec scripts/test --quick
