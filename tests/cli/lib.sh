# Sourced by cases: . "$SEEDBANK_TESTS/lib.sh"

# Shows a command line and how it went, for NAME.sh.stdout: what it printed, its messages behind
# "! ", its exit status unless 0.
show() {
    echo "\$ seedbank $*"
    "$SEEDBANK" "$@" >.out 2>.err
    show_status=$?
    cat .out
    sed 's/^/! /' .err
    [ "$show_status" -eq 0 ] || echo "=> $show_status"
}

# A command line that must be refused: as show, and says so when there is anything but one line on
# stderr and nothing on stdout.
refuse() {
    show "$@"
    [ "$show_status" -ne 0 ] || echo "NOT REFUSED"
    [ ! -s .out ] || echo "PRINTED SOMETHING"
    [ "$(wc -l <.err)" -eq 1 ] || echo "NOT ONE LINE"
}

# Says on stdout that a claim does not hold, and ends the case.
fail() {
    echo "FAILED: $*"
    exit 1
}

skip() {
    echo "$*"
    exit 77
}

# Runs a command that must do well and say nothing on stderr.
quietly() {
    "$@" >.out 2>.err
    quietly_status=$?
    [ "$quietly_status" -eq 0 ] || { cat .err; fail "exit status $quietly_status: $*"; }
    [ ! -s .err ] || { cat .err; fail "talked: $*"; }
}

# Runs a command that must end with a status: expect 75 seedbank ...
expect() {
    expect_wanted=$1
    shift
    "$@" >.out 2>.err
    expect_status=$?
    [ "$expect_status" -eq "$expect_wanted" ] ||
        { cat .err; fail "exit status $expect_status, wanted $expect_wanted: $*"; }
}

# Two directories hold the same dataset: all files but run.json are equal, none is left over.
same_dataset() {
    diff -r -x run.json "$1" "$2" >.diff || { cat .diff; fail "$1 and $2 differ"; }
}

need() {
    command -v "$1" >/dev/null || skip "no $1 here"
}
