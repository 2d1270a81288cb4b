# Results as JSON: valid, whole and on stdout alone.
. "$SEEDBANK_TESTS/lib.sh"
need jq
quietly "$SEEDBANK" generate --entities 20k --seed 1 --out 'a "quoted\\name' --json
jq -S 'walk(if type == "number" then "number" else . end)
       | .kinds |= map_values(.raw_digest |= length) | .dataset |= length | .workers_reason |= type' .out
jq -e '.rows == 20000 and .rows == ([.kinds[].rows] | add) and .shards_made == 1 and
       .bytes == ([.kinds[].bytes] | add)' .out >/dev/null || fail "sums"
[ "$(wc -l <.out)" -eq 1 ] || fail "not one line"
quietly "$SEEDBANK" generate --entities 20k --seed 1 --out 'a "quoted\\name' --json --resume
jq -c '[.nothing_to_do, .shards_made]' .out
quietly "$SEEDBANK" plan --entities 20k --json
jq -c keys_unsorted .out
quietly "$SEEDBANK" verify 'a "quoted\\name' --json
jq -c keys_unsorted .out
quietly "$SEEDBANK" info 'a "quoted\\name' --json
jq -e . .out >/dev/null || fail "info"
quietly "$SEEDBANK" info --schema --json
jq -e . .out >/dev/null || fail "info --schema"
quietly "$SEEDBANK" info --locales --json
jq -c . .out
cp 'a "quoted\\name/companies.msgpack.zst' 'a "quoted\\name/persons.msgpack.zst'
"$SEEDBANK" verify 'a "quoted\\name' --json >.out 2>.err
echo $?
jq -c keys_unsorted .out
