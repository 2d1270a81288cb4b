# A run killed with SIGKILL is completed by --resume, with the bytes of a run that was not.
. "$SEEDBANK_TESTS/lib.sh"
spec="--entities 3m --seed 4 --shards 24 --workers 1"
quietly "$SEEDBANK" generate $spec --out whole
"$SEEDBANK" generate $spec --out data >.out 2>.err &
run=$!
tries=0
while [ -z "$(find data -name 'journal*' -size +0 2>/dev/null)" ] && [ $tries -lt 200 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -9 $run
wait $run 2>/dev/null
[ ! -e data/manifest.json ] || fail "the run was done before it was killed"
echo "---- without --resume it is refused"
refuse generate $spec --out data
refuse generate --entities 3m --seed 5 --shards 24 --workers 1 --out data --resume |
    sed 's/[0-9a-f]\{32\}/DATASET/g'
"$SEEDBANK" generate $spec --out data --resume --json >.out 2>.err || { cat .err; fail "--resume"; }
[ ! -s .err ] || { cat .err; fail "--resume talked"; }
same_dataset whole data
if command -v jq >/dev/null; then
    jq -e '.shards_made < .shards' .out >/dev/null || { cat .out; fail "--resume made everything again"; }
fi
