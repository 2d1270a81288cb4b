#!/usr/bin/env bash
# Rewrites the golden digests with a built command. Usage: scripts/regold_digests.sh [SEEDBANK]
set -euo pipefail
[ "${1:-}" = "--help" ] && { sed -n '2p' "$0" | cut -c3-; exit 0; }
cd "$(dirname "$0")/.."
tests/golden/run.sh "${1:-build/release/seedbank}" --rewrite
git diff --stat -- tests/golden
