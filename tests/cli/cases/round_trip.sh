# generate, verify, cat, show, info.
. "$SEEDBANK_TESTS/lib.sh"
need jq
spec="--entities 20k --seed 3 --entries --all-kinds"
quietly "$SEEDBANK" generate $spec --out data
quietly "$SEEDBANK" verify data
grep -qE '^verified [0-9]+ rows in [0-9.]+ s: all as the seed says$' .out || { cat .out; fail "verify"; }
quietly "$SEEDBANK" verify data --json
jq -e '.ok and .rows > 20000 and .shards == 1' .out >/dev/null || { cat .out; fail "verify --json"; }
quietly "$SEEDBANK" verify data -q
[ ! -s .out ] || fail "verify -q talked"
quietly "$SEEDBANK" verify data --independent
for kind in persons companies accounts transactions entries communications devices logins trades trips \
    documents relationships; do
    "$SEEDBANK" cat data --kind $kind >rows || fail "cat $kind"
    jq -c . rows >/dev/null || fail "$kind: no JSON"
    "$SEEDBANK" cat data/$kind.msgpack.zst | cmp rows - || fail "$kind: other rows in the file"
    "$SEEDBANK" cat --kind $kind $spec | cmp rows - ||
        fail "$kind: other rows from the spec"
    echo "$kind $(wc -l <rows | tr -d ' ')" >>counted
    echo "$kind $(jq ".kinds.$kind.rows" data/manifest.json)" >>listed
done
diff counted listed || fail "rows are not as many as the manifest says"
"$SEEDBANK" cat data >all || fail "cat of all"
[ "$(wc -l <all)" -eq "$(awk '{n += $2} END {print n}' counted)" ] || fail "cat of all kinds"
quietly "$SEEDBANK" info data --json
jq -e .dataset .out >/dev/null || fail "info --json"
quietly "$SEEDBANK" info data/persons.msgpack.zst
quietly "$SEEDBANK" info data --schema accounts
grep -q opening_balance .out || fail "info --schema"
quietly "$SEEDBANK" info data --digest
[ "$(wc -l <.out)" -eq 12 ] || fail "info --digest"
quietly "$SEEDBANK" info data --run
for what in person company account transaction; do
    case $what in
    company) kind=companies ;;
    *) kind=${what}s ;;
    esac
    id=$("$SEEDBANK" cat data --kind $kind --head 1 | jq .id)
    quietly "$SEEDBANK" show $what "$id" data
    cp .out shown
    quietly "$SEEDBANK" show $what "$id" $spec
    cmp shown .out || fail "show $what: from spec and from directory differ"
    quietly "$SEEDBANK" show $what "$id" data --json
    jq -e . .out >/dev/null || fail "show $what --json"
    [ "$(wc -l <.out)" -eq 1 ] || fail "show $what --json is not one line"
done
rm data/*.zst
quietly "$SEEDBANK" show account 5 data
quietly "$SEEDBANK" show account A5 data
