#!/usr/bin/env bash
# Faults: workers killed, coordinators killed at many points, disks that fill. The right bytes in the end, or a
# clean message and no manifest.
# Usage: run.sh SEEDBANK
set -u
seedbank=$(readlink -f "${1:?usage: run.sh SEEDBANK}")
export SEEDBANK_OVERSUBSCRIBE=1
work=$(mktemp -d)
mounted=
trap '[ -n "$mounted" ] && umount "$mounted"; rm -rf "$work"' EXIT
cd "$work" || exit 3
passed=0
failed=0
claim() {
    local text=$1
    shift
    if "$@" >claim.log 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $text"
        head -n 5 claim.log
    fi
}
same() { diff -r -x run.json "$1" "$2"; }
spec="--entities 3m --seed 5"
"$seedbank" generate --out reference -q $spec --backend fork --workers 2 || exit 1

# A worker killed in the middle: another takes its shard.
"$seedbank" generate --out killed $spec --backend fork --workers 3 2>messages &
coordinator=$!
for _ in $(seq 200); do
    victim=$(pgrep -P $coordinator | head -n 1)
    [ -n "$victim" ] && break
    sleep 0.01
done
sleep 0.15
kill -KILL "$victim" 2>/dev/null
wait $coordinator
claim "a run survives a killed worker" test $? -eq 0
claim "and says so" grep -q 'worker .* was lost' messages
claim "and gives the same bytes" same reference killed

# The coordinator killed at several points: --resume completes it.
for delay in 0.05 0.2 0.5 0.9; do
    rm -rf cut
    "$seedbank" generate --out cut -q $spec --backend fork --workers 2 &
    coordinator=$!
    sleep $delay
    kill -KILL $coordinator 2>/dev/null
    wait $coordinator 2>/dev/null
    sleep 0.2
    [ -e cut/manifest.json ] || claim "without --resume an unfinished run is refused ($delay)" \
        bash -c "! '$seedbank' generate --out cut -q $spec || [ ! -d cut/.seedbank ]"
    claim "--resume after SIGKILL at $delay s" "$seedbank" generate --out cut -q $spec --resume
    claim "gives the same bytes ($delay)" same reference cut
    claim "and leaves nothing behind ($delay)" test ! -e cut/.seedbank
done

# SIGTERM: 75, then --resume.
rm -rf term
"$seedbank" generate --out term $spec --backend fork --workers 2 2>messages &
coordinator=$!
sleep 0.3
kill -TERM $coordinator
wait $coordinator
claim "SIGTERM ends with 75" test $? -eq 75
claim "in one line" test "$(wc -l <messages)" -eq 1
claim "no manifest yet" test ! -e term/manifest.json
claim "--resume completes" "$seedbank" generate --out term -q $spec --resume
claim "with the same bytes" same reference term
claim "--resume on a finished directory does nothing" "$seedbank" generate --out term -q $spec --resume
"$seedbank" generate --out term -q --entities 2m --seed 5 --resume 2>messages
claim "--resume of another spec is refused" test $? -eq 2

# Journal bytes that never reached the disk: what does not hash right is made again.
rm -rf torn
"$seedbank" generate --out torn -q $spec --backend fork --workers 2 &
coordinator=$!
sleep 0.6
kill -KILL $coordinator 2>/dev/null
wait $coordinator 2>/dev/null
sleep 0.2
if [ -e torn/.seedbank/transactions.msgpack.zst ]; then
    size=$(stat -c %s torn/.seedbank/transactions.msgpack.zst)
    [ "$size" -gt 100000 ] && printf 'XXXXXXXX' |
        dd of=torn/.seedbank/transactions.msgpack.zst bs=1 seek=50000 conv=notrunc 2>/dev/null
fi
claim "--resume distrusts bytes" "$seedbank" generate --out torn -q $spec --resume
claim "and gives the right ones" same reference torn

# A full disk.
mkdir small
if mount -t tmpfs -o size=4m tmpfs small 2>/dev/null; then
    mounted=$work/small
    "$seedbank" generate --out small/data $spec 2>messages
    claim "a full disk ends with 3" test $? -eq 3
    claim "in one line that says so" bash -c 'grep -qi "no space" messages && [ $(wc -l <messages) -eq 1 ]'
    claim "and leaves no manifest" test ! -e small/data/manifest.json
    umount small && mounted=
else
    echo "skipped: a full disk (no right to mount)"
fi

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
