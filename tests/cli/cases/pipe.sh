# cat | head: quiet, and no failure.
. "$SEEDBANK_TESTS/lib.sh"
try() {
    { "$SEEDBANK" "$@" 2>.err; echo $? >.status; } | head -n 1 >.out
    echo "$(cat .status) $(wc -l <.out) $(wc -c <.err) seedbank $*"
}
quietly "$SEEDBANK" generate --entities 100k --out data
try cat data
try cat data --kind transactions --to csv
try cat data/persons.msgpack.zst
try cat --kind persons --persons 1m
try info --schema
try help
