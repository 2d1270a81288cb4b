# Three small specs.
. "$SEEDBANK_TESTS/lib.sh"
need jq
for spec in "--entities 1000" "--profile aml --entities 200k --seed 5 --locales de_DE --entries" \
    "--persons 60k --accounts 50k --seed 0x1f --start 2024-01-01 --end 2025-01-01 --shards 2 --level 3"; do
    echo "plan $spec"
    quietly "$SEEDBANK" plan $spec --json
    jq '{kinds: (.kinds | map_values(.rows)), rows, cells, groups, shards, layout, repeats}' .out
done
