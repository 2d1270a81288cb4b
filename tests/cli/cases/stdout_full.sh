# What cannot be printed is a failure, however small.
. "$SEEDBANK_TESTS/lib.sh"
[ -c /dev/full ] || skip "no /dev/full here"
try() {
    "$SEEDBANK" "$@" 2>.err >/dev/full
    echo "$? seedbank $*"
    cat .err
}
try version
try help
try plan --entities 1k
try cat --kind persons --persons 5
try cat --kind persons --persons 50k
try show person 0
try info --schema
try generate --entities 1k --out data --json
[ -f data/manifest.json ] || fail "the dataset should be there: only the message was lost"
echo "---- closed"
"$SEEDBANK" version 2>.err >&-
echo "$?"
cat .err
"$SEEDBANK" generate --entities 1k --out closed -v 2>.err >&-
echo "$?"
cat .err
same_dataset data closed
