# Signals of batch systems stop a run early: status 75, one line, and --resume completes it.
. "$SEEDBANK_TESTS/lib.sh"
spec="--entities 3m --seed 4 --shards 24 --workers 1"
quietly "$SEEDBANK" generate $spec --out whole
for signal in TERM INT HUP USR1; do
    rm -rf data
    # A shell ignores INT in what it starts in the background; env undoes that.
    env --default-signal=INT "$SEEDBANK" generate $spec --out data >.out 2>.err &
    run=$!
    tries=0
    while [ -z "$(find data -name 'journal*' -size +0 2>/dev/null)" ] && [ $tries -lt 200 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    kill -$signal $run
    wait $run
    status=$?
    echo "$signal $status"
    cat .err
    [ ! -s .out ] || fail "printed something"
    [ ! -e data/manifest.json ] || fail "there is a manifest"
done
quietly "$SEEDBANK" generate $spec --out data --resume
same_dataset whole data
echo "---- nohup: what is ignored at the start stays so"
rm -rf data
(trap '' HUP && exec "$SEEDBANK" generate $spec --out data >.out 2>.err) &
run=$!
sleep 0.3
kill -HUP $run
wait $run
echo "HUP $?"
cat .err
same_dataset whole data
