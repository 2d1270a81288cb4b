#!/usr/bin/env bash
# The report in a browser: phone and desk, light and dark, printed. Ends with 77 where there is no Chromium.
# Usage: browser.sh SEEDBANK [OUTDIR]     OUTDIR keeps the pictures
set -u
seedbank=$(readlink -f "${1:?usage: browser.sh SEEDBANK [OUTDIR]}")
here=$(dirname "$(readlink -f "$0")")
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
[ -n "$chromium" ] || { echo "no Chromium here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pictures=${2:-$work/pictures}
mkdir -p "$pictures"
"$seedbank" generate --entities 100k --seed 7 --out "$work/data" -q || exit 1
"$seedbank" report "$work/data" -o "$work/page.html" || exit 1
python3 "$here/browser.py" "$chromium" "$work/page.html" "$pictures"
