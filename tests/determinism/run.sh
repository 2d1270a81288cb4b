#!/usr/bin/env bash
# Same bytes, however many workers: serial, fork x {1,2,3,8}, omp x {1,2,4}, parts merged; raw digests the
# same for any --shards and --level; a shard made again is the bytes at its offset.
# Usage: run.sh SEEDBANK
set -u
seedbank=$(readlink -f "${1:?usage: run.sh SEEDBANK}")
export SEEDBANK_OVERSUBSCRIBE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 3
passed=0
failed=0
claim() { # text, command...
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
make() { # directory, options...
    local dir=$1
    shift
    "$seedbank" generate --out "$dir" -q "$@"
}

for spec in "--entities 60k --entries --seed 11" \
            "--profile aml --entities 700k --seed 12" \
            "--persons 9000 --companies 40 --accounts 2000 --transactions 30k --communications 10 --seed 13" \
            "--persons 5000 --companies 400 --accounts 3000 --transactions 9000 --communications 3000 --entries \
--all-kinds --logins 6000 --trades 5000 --trips 4000 --documents 3000 --seed 14"; do
    rm -rf ./*/
    shards="--shards 2"
    make reference $spec $shards --backend serial || { echo "FAILED: $spec"; failed=$((failed + 1)); continue; }
    for workers in 1 2 3 8; do
        make fork$workers $spec $shards --backend fork --workers $workers
        claim "$spec: fork x $workers" same reference fork$workers
    done
    for workers in 1 2 4; do
        make omp$workers $spec $shards --backend omp --workers $workers
        claim "$spec: omp x $workers" same reference omp$workers
    done
    for lanes in plain avx512; do
        if ! SEEDBANK_LANES=$lanes make lanes-$lanes $spec $shards --backend serial 2>refused; then
            claim "a processor without $lanes says so" grep -q "SEEDBANK_LANES: this processor knows no '$lanes'" refused
            continue
        fi
        claim "$spec: instructions: $lanes" same reference lanes-$lanes
    done
    for part in 1/2 2/2; do make parts $spec $shards --part $part; done
    claim "$spec: merge" "$seedbank" merge parts -q
    claim "$spec: parts merged" same reference parts
    make files $spec $shards --layout parts
    for part in 2/2 1/2; do make filesparts $spec $shards --layout parts --part $part; done
    claim "$spec: merge to a layout of parts" "$seedbank" merge filesparts -q
    claim "$spec: parts merged to a layout of parts" same files filesparts
    claim "$spec: a layout of parts is as the seed says" "$seedbank" verify files -q
    "$seedbank" info reference --digest >digests
    for other in "--shards 1" "--level 3" "--level 9 --layout parts --shards 2"; do
        rm -rf other
        make other $spec $other
        claim "$spec: raw digests with $other" bash -c "'$seedbank' info other --digest | diff digests -"
    done
    claim "$spec: merging parts of a finished dataset" "$seedbank" merge other -q
    make level9 $spec $shards --level 9 --layout merged
    claim "$spec: merged parts are the merged dataset" same level9 other
    for shard in 0 1; do
        "$seedbank" regenerate reference/manifest.json --shard $shard --out again$shard
        for kind in $(jq -r ".shards[$shard].kinds | keys[]" reference/manifest.json); do
            read -r offset bytes < <(jq -r ".shards[$shard].kinds.$kind | \"\(.offset) \(.bytes)\"" reference/manifest.json)
            tail -c +$((offset + 1)) reference/$kind.msgpack.zst | head -c "$bytes" >piece
            claim "$spec: shard $shard of $kind again" cmp piece again$shard/$kind.msgpack.zst
        done
    done
done

# Content against the spec: two seeds share nobody, a larger world begins the same.
first() { "$seedbank" cat --kind persons --head 1 "$@"; }
claim "twice the persons, the same first person" \
    bash -c "diff <('$seedbank' cat --kind persons --head 1 --persons 1000 --companies 300) <('$seedbank' cat --kind persons --head 1 --persons 2000 --companies 300)"
claim "twice the entities, the same first person" \
    bash -c "diff <('$seedbank' cat --kind persons --head 1 --entities 1m) <('$seedbank' cat --kind persons --head 1 --entities 2m)"
for kind in persons companies accounts; do
    claim "optional kinds change no $kind" \
        bash -c "diff <('$seedbank' cat --kind $kind --entities 20k) <('$seedbank' cat --kind $kind --entities 20k --all-kinds)"
done
"$seedbank" cat --kind persons --persons 2000 --seed 42 | sed 's/"id":[0-9]*,//' | sort >seed42
"$seedbank" cat --kind persons --persons 2000 --seed 43 | sed 's/"id":[0-9]*,//' | sort >seed43
claim "seeds 42 and 43 share no person" bash -c '[ -s seed42 ] && [ -z "$(comm -12 seed42 seed43)" ]'
claim "the clock, the time zone and the locale change nothing" \
    bash -c "diff <('$seedbank' cat --kind transactions --entities 5k) <(TZ=Asia/Tokyo LC_ALL=tr_TR.UTF-8 '$seedbank' cat --kind transactions --entities 5k)"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
