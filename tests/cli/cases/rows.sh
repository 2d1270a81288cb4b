# --rows, --id, --where, --head, --raw, of a directory, a file and a spec: the same rows.
. "$SEEDBANK_TESTS/lib.sh"
need jq
spec="--entities 100k --seed 6"
quietly "$SEEDBANK" generate $spec --out data
quietly "$SEEDBANK" generate $spec --out parts --layout parts --shards 2
"$SEEDBANK" cat data --kind transactions >all
same() {
    "$SEEDBANK" cat data --kind transactions "$@" >one || fail "directory: $*"
    "$SEEDBANK" cat data/transactions.msgpack.zst "$@" | cmp one - || fail "file: $*"
    "$SEEDBANK" cat parts --kind transactions "$@" | cmp one - || fail "parts: $*"
    "$SEEDBANK" cat $spec --kind transactions "$@" | cmp one - || fail "spec: $*"
}
rows=$(wc -l <all)
same --rows 1000:1005
sed -n 1001,1005p all | cmp - one || fail "--rows 1000:1005"
same --rows :3
head -n 3 all | cmp - one || fail "--rows :3"
same --rows $((rows - 2)):
tail -n 2 all | cmp - one || fail "--rows A:"
same --rows 50000:50001
sed -n 50001p all | cmp - one || fail "one row"
same --rows 20000:60000 --where channel=atm --head 7
sed -n 20001,60000p all | jq -c 'select(.channel == "atm")' | head -n 7 >wanted
jq -c . one | cmp wanted - || fail "--rows --where --head"
same --where type=salary --where channel=batch
jq -c 'select(.type == "salary" and .channel == "batch")' all >wanted
jq -c . one | cmp wanted - || fail "two --where"
[ -s one ] || fail "no salaries"
same --where type=nonsense
[ ! -s one ] || fail "nonsense was found"
same --head 0
[ ! -s one ] || fail "--head 0"
id=$(sed -n 40000p all | jq .id)
same --id "$id"
sed -n 40000p all | cmp - one || fail "--id"
same --id "T$id"
sed -n 40000p all | cmp - one || fail "--id with a letter"
same --raw --head 3
[ "$(jq -r '.amount | type' one | sort -u)" = number ] || fail "--raw amounts are not numbers"
same --derived --head 1
jq -e '.uid' one >/dev/null || fail "--derived"
# An id of any kind leads to its row.
for kind in persons companies accounts transactions communications devices logins trades trips documents relationships; do
    "$SEEDBANK" cat $spec --all-kinds --kind $kind --rows 700:701 >one || fail "cat $kind"
    "$SEEDBANK" cat $spec --all-kinds --kind $kind --id "$(jq .id one)" | cmp one - || fail "--id of $kind"
done
echo "---- refused"
refuse cat data --kind transactions --rows 0:99999999
refuse cat data --kind transactions --id 18446744073709551615
refuse cat data --kind transactions --id A5
refuse cat data --kind transactions --id x
refuse cat data --kind transactions --where frob=1
refuse cat data --rows 0:5
refuse cat data --kind entries
refuse cat --kind entries $spec
refuse cat data/persons.msgpack.zst --kind accounts
