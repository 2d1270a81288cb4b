# A worker killed with SIGKILL costs its shard a second try, not the run, and the bytes are the same.
. "$SEEDBANK_TESTS/lib.sh"
SEEDBANK_OVERSUBSCRIBE=1
export SEEDBANK_OVERSUBSCRIBE
spec="--entities 2m --seed 4 --shards 24"
quietly "$SEEDBANK" generate $spec --out whole
"$SEEDBANK" generate $spec --out data --workers 2 --bind none --json >.out 2>.err &
run=$!
children=/proc/$run/task/$run/children
[ -r "$children" ] || { wait $run; skip "this kernel does not list children"; }
tries=0
while [ "$(wc -w <"$children")" -lt 2 ] && [ $tries -lt 100 ]; do
    sleep 0.02
    tries=$((tries + 1))
done
sleep 0.1
kill -9 "$(cut -d ' ' -f 1 <"$children")"
wait $run
echo "$?"
sed 's/[0-9][0-9]*/N/g' .err
grep -o '"workers_lost":[0-9]*' .out
same_dataset whole data
