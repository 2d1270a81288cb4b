# 10^10 rows plan at once and without overflow: nothing is made.
. "$SEEDBANK_TESTS/lib.sh"
need jq
for spec in "--entities 10b" "--entities 70b" "--persons 10000000000" "--profile aml --entities 10b" \
    "--profile finbench --entities 10b" "--persons 1b --accounts 1b --transactions 10b" \
    "--companies 10b --communications 10b"; do
    echo "$spec"
    quietly timeout 10 "$SEEDBANK" plan $spec --json
    jq -c '[.rows, (.kinds | map_values(.rows)), .layout, (.raw_bytes > .rows), (.bytes > .rows),
            .shards > 0 and .shards <= 100000 and .seconds > 0]' .out
    [ "$(jq '.rows - ([.kinds[].rows] | add)' .out)" -eq 0 ] || fail "rows are not the sum of the kinds"
done
