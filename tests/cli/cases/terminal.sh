# On a terminal the result is told, and -q keeps it back.
. "$SEEDBANK_TESTS/lib.sh"
need script
script -qec true /dev/null </dev/null >/dev/null 2>&1 || skip "no terminal can be made here"
on_terminal() {
    TERM=xterm script -qec "$*" /dev/null </dev/null | tr -d '\r'
}
on_terminal "$SEEDBANK" generate --entities 2k --out data >said
grep -qE '^transactions +1409 ' said || { cat said; fail "no table"; }
on_terminal "$SEEDBANK" generate --entities 2k --out quiet -q >said
[ ! -s said ] || { cat said; fail "-q talked"; }
on_terminal "$SEEDBANK" verify quiet >said
grep -q 'all as the seed says' said || { cat said; fail "verify"; }
