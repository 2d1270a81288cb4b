# A batch job that goes well says nothing: no terminal, no word, on either stream.
. "$SEEDBANK_TESTS/lib.sh"
quiet_run() {
    quietly "$@"
    [ ! -s .out ] || { cat .out; fail "printed: $*"; }
}
quiet_run "$SEEDBANK" generate --entities 200k --out data
quiet_run "$SEEDBANK" generate --entities 200k --out data --force
quiet_run "$SEEDBANK" generate --entities 200k --out data --resume
quiet_run "$SEEDBANK" generate --entities 200k --out omp --backend omp
quiet_run "$SEEDBANK" generate --entities 200k --out parts --part 0/1
quiet_run "$SEEDBANK" merge parts
quiet_run "$SEEDBANK" regenerate data/manifest.json --shard 0 --out again
quiet_run "$SEEDBANK" verify data -q
echo "---- -v tells the result"
"$SEEDBANK" generate --entities 1k --out small -v 2>/dev/null |
    sed 's/ in [0-9.]* s, .*/ in S s/; s/ [0-9a-f]\{32\} / DATASET /'
echo "---- --progress always draws on stderr only"
"$SEEDBANK" generate --entities 200k --out shown --progress always >.out 2>.err || fail "--progress always"
[ ! -s .out ] || fail "printed something"
[ -s .err ] || fail "drew nothing"
