# plan gives the rows, groups and shards that generate makes.
. "$SEEDBANK_TESTS/lib.sh"
need jq
for spec in "--entities 12345 --seed 8" "--profile aml --entities 50k" \
    "--persons 3 --accounts 2 --transactions 1" \
    "--companies 17" "--entities 12345 --all-kinds --trips 7" "--profile finbench --entities 33333 --locales de_DE"; do
    quietly "$SEEDBANK" plan $spec --json
    jq -c '[.dataset, .shards, (.kinds | map_values(.rows))]' .out >planned
    rm -rf out
    quietly "$SEEDBANK" generate $spec --json --out out
    jq -c '[.dataset, .shards, (.kinds | map_values(.rows))]' .out >made
    diff planned made || fail "$spec"
done
