# Every shard again, byte for byte where the manifest says it is.
. "$SEEDBANK_TESTS/lib.sh"
need jq
quietly "$SEEDBANK" generate --entities 300k --seed 3 --shards 3 --out data
for shard in 0 1 2; do
    quietly "$SEEDBANK" regenerate data/manifest.json --shard $shard --out again-$shard
    for kind in persons companies accounts transactions communications; do
        set -- $(jq -r ".shards[$shard].kinds.$kind | \"\(.offset) \(.bytes)\"" data/manifest.json)
        tail -c +$(($1 + 1)) data/$kind.msgpack.zst | head -c "$2" | cmp - again-$shard/$kind.msgpack.zst ||
            fail "shard $shard, $kind"
    done
done
offset=$(jq .shards[1].kinds.accounts.offset data/manifest.json)
bytes=$(jq .shards[1].kinds.accounts.bytes data/manifest.json)
dd if=data/accounts.msgpack.zst of=cut bs=1 skip="$offset" count="$bytes" 2>/dev/null
quietly "$SEEDBANK" regenerate data/manifest.json --shard 1 --kind accounts --out accounts.zst
cmp cut accounts.zst || fail "--kind accounts"
cp data/manifest.json alone.json
quietly "$SEEDBANK" regenerate alone.json --shard 1 --kind accounts --out alone.zst
cmp cut alone.zst || fail "from the manifest alone"
refuse regenerate data/manifest.json --shard 1 --kind accounts --out accounts.zst
refuse regenerate data/manifest.json --shard 3 --out more
refuse regenerate data/manifest.json --shard 1 --kind entries --out more
refuse regenerate data/manifest.json --shard 1 --kind robots --out more
refuse regenerate data/persons.msgpack.zst --shard 1 --out more
refuse regenerate nowhere.json --shard 1 --out more
[ ! -e more ] || fail "a refused command left something"
