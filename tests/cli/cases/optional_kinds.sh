# Kinds that a dataset has only when asked for: their options, what these refuse, and what the commands make
# of such kinds.
. "$SEEDBANK_TESTS/lib.sh"
need jq
echo "---- how many"
counts() {
    echo "$*"
    quietly "$SEEDBANK" plan "$@" --json
    jq -c '.kinds | map_values(.rows)' .out
}
counts --entities 710 --all-kinds
counts --entities 710 --devices 3 --logins 4 --trades 5 --trips 6 --documents 7 --relationships 8
counts --persons 100 --companies 2 --accounts 1 --all-kinds --documents 9 --trips 0
counts --persons 100 --trips 0
counts --trips 1k
echo "---- refused"
refuse plan --persons 10 --devices
refuse plan --persons 10 --devices many
refuse plan --persons 10 --trips -1
refuse plan --persons 10 --all-kinds=yes
refuse plan --persons 10 --trips 1 --trips 2
refuse plan --companies 10 --all-kinds
refuse plan --companies 10 --devices 1
refuse plan --companies 10 --trips 1
refuse plan --companies 10 --relationships 1
refuse plan --persons 1 --relationships 1
refuse plan --persons 10 --logins 1
refuse plan --persons 10 --trades 1
refuse plan --persons 10 --documents 1
refuse plan --persons 10 --companies 1 --documents 1
refuse plan --persons 10 --trips 70k
refuse plan --persons 10 --relationships 70k
refuse plan --persons 10 --all-kinds
refuse verify data --trips 1
refuse cat data --trips 1
echo "---- kinds that are not there"
quietly "$SEEDBANK" generate --entities 1k --trips 50 --out data
refuse cat data --kind trades
refuse cat --kind devices
refuse cat --kind trades --entities 1k
refuse info data --schema trades
refuse regenerate data/manifest.json --shard 0 --kind trades --out piece
[ ! -e data/trades.msgpack.zst ] || fail "a kind nobody asked for"
echo "---- and kinds that are"
[ "$("$SEEDBANK" cat data --kind trips | wc -l)" -eq 50 ] || fail "cat of a directory"
[ "$("$SEEDBANK" cat --kind trips --entities 1k --trips 50 | wc -l)" -eq 50 ] || fail "cat of a spec"
"$SEEDBANK" cat data --kind trips | jq -e '.person_id >= 0 and .arrival_country != .departure_country' >/dev/null ||
    fail "trips are no trips"
quietly "$SEEDBANK" info --schema
grep '^[a-z]*$' .out
for kind in devices logins trades trips documents relationships; do
    quietly "$SEEDBANK" info --schema $kind
    [ "$(head -n 1 .out)" = $kind ] || fail "info --schema $kind"
done
quietly "$SEEDBANK" verify data
quietly "$SEEDBANK" verify data --independent
echo "---- the other kinds' rows do not depend on them"
for kind in persons companies accounts; do
    "$SEEDBANK" cat data --kind $kind >with
    "$SEEDBANK" cat --kind $kind --entities 1k | cmp with - || fail "$kind are others without trips"
done
echo "---- what belongs to somebody"
quietly "$SEEDBANK" show person "$("$SEEDBANK" cat data --kind trips --head 1 | jq .person_id)" data
grep -E '^(trips|devices|documents)' .out
quietly "$SEEDBANK" show company 3 --entities 2k --all-kinds --json
jq -c '[has("documents"), .documents_written + .documents_received >= (.documents | length), has("trips")]' .out
quietly "$SEEDBANK" show account 3 --entities 2k --all-kinds --json
jq -c '[has("logins_count"), has("trades_count"), (.joint_owners | type), (.beneficial_owners | type),
        (.account | has("card") and has("risk_level") and has("average_balance"))]' .out
quietly "$SEEDBANK" show person 3 --entities 2k --all-kinds --json
jq -c '[.person | (has("tax_id") and has("documents") and has("latin_name"))]' .out
