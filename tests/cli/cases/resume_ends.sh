# --resume on what is not there starts, on what is finished does nothing; both are fine.
. "$SEEDBANK_TESTS/lib.sh"
quietly "$SEEDBANK" generate --entities 5k --out plain
quietly "$SEEDBANK" generate --entities 5k --out none --resume
same_dataset plain none
mkdir empty
quietly "$SEEDBANK" generate --entities 5k --out empty --resume
same_dataset plain empty
ls -l --time-style=full-iso empty >before
quietly "$SEEDBANK" generate --entities 5k --out empty --resume
ls -l --time-style=full-iso empty | diff before - || fail "something was written"
quietly "$SEEDBANK" generate --entities 5k --out empty --resume -v
cat .out
