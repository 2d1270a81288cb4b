#!/bin/sh
# Runs command-line cases. A case is NAME.sh; beside it may stand
#   NAME.sh.stdout  what it must print, exactly            (without: anything)
#   NAME.sh.stderr  one extended regular expression a line; stderr has as many lines, and each
#                   matches its own                         (without: stderr must be empty)
#   NAME.sh.exit    its exit status                         (without: 0)
# Each runs in a fresh directory with $SEEDBANK, the program, and $SEEDBANK_TESTS, where lib.sh is.
# A case that ends with status 77 could not be run here; the last line it printed says why.
set -u

usage="usage: tests/cli/run.sh SEEDBANK CASE.sh|DIRECTORY ..."
if [ "${1:-}" = --help ]; then
    echo "$usage"
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 0
fi
[ $# -ge 2 ] || { echo "$usage" >&2; exit 2; }
[ -x "$1" ] || { echo "run.sh: $1: no program; build it first" >&2; exit 2; }

SEEDBANK=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
SEEDBANK_TESTS=$(cd "$(dirname "$0")" && pwd)
export SEEDBANK SEEDBANK_TESTS
shift
LC_ALL=C TZ=UTC
export LC_ALL TZ
unset OMP_NUM_THREADS SLURM_CPUS_PER_TASK SEEDBANK_OVERSUBSCRIBE CI
umask 022

scratch=$(mktemp -d "${TMPDIR:-/tmp}/seedbank-cli.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP
passed=0 failed=0 skipped=0 number=0

# Prints what is wrong with the run of case $1, nothing if all is right.
complain() {
    wanted=0
    [ ! -f "$1.exit" ] || wanted=$(cat "$1.exit")
    if [ "$status" -ne "$wanted" ]; then
        echo "exit status $status, wanted $wanted"
        tail -n 10 "$scratch/stdout"
    fi
    if [ -f "$1.stdout" ]; then
        diff -u "$1.stdout" "$scratch/stdout" | sed 1,2d
    fi
    if [ ! -f "$1.stderr" ]; then
        sed 's/^/stderr: /' "$scratch/stderr"
        return
    fi
    lines=$(wc -l <"$scratch/stderr")
    [ "$lines" -eq "$(wc -l <"$1.stderr")" ] || echo "$lines lines on stderr, other than wanted"
    line=0
    while IFS= read -r pattern; do
        line=$((line + 1))
        sed -n "${line}p" "$scratch/stderr" >"$scratch/line"
        grep -qE -e "$pattern" "$scratch/line" ||
            echo "stderr: $(cat "$scratch/line") does not match $pattern"
    done <"$1.stderr"
}

run_case() {
    number=$((number + 1))
    name=$(basename "$1" .sh)
    mkdir "$scratch/work"
    case_file=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
    (cd "$scratch/work" && exec timeout 300 sh "$case_file") \
        >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
    status=$?
    if [ -n "${SEEDBANK_REGOLD:-}" ] && [ "$status" -ne 77 ]; then
        cp "$scratch/stdout" "$SEEDBANK_REGOLD" # scripts/regold.sh
    fi
    if [ "$status" -eq 77 ]; then
        echo "ok $number - $name # SKIP $(tail -n 1 "$scratch/stdout")"
        skipped=$((skipped + 1))
    else
        complain "$1" >"$scratch/complaint"
        if [ -s "$scratch/complaint" ]; then
            echo "not ok $number - $name"
            sed 's/^/#   /' "$scratch/complaint"
            failed=$((failed + 1))
        else
            echo "ok $number - $name"
            passed=$((passed + 1))
        fi
    fi
    rm -rf "$scratch/work"
}

for cases in "$@"; do
    if [ -d "$cases" ]; then
        for case in "$cases"/*.sh; do
            run_case "$case"
        done
    else
        run_case "$cases"
    fi
done
[ "$skipped" -eq 0 ] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
