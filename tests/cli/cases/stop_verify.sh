# verify and merge stop early too, and say how to go on.
. "$SEEDBANK_TESTS/lib.sh"
spec="--entities 4m --seed 4 --shards 40"
quietly "$SEEDBANK" generate $spec --out data
"$SEEDBANK" verify data --workers 1 >.out 2>.err &
run=$!
sleep 0.3
kill -TERM $run
wait $run
echo "$?"
cat .out .err
