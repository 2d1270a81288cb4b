# Options repeated with the same value, abbreviations of numbers, --name=value and "--": all fine.
. "$SEEDBANK_TESTS/lib.sh"
quietly "$SEEDBANK" plan --seed 7 --seed=7 --entities 1k --entities 1k -v -v
quietly "$SEEDBANK" generate --out=one --entities=1000 --seed=0x7
quietly "$SEEDBANK" generate --out two --entities 1k --seed 7 --backend serial --workers 1 -q
quietly "$SEEDBANK" generate --seed 0X007 --entities 0.001m --out three --workers auto \
    --shards auto --memory 1GiB
same_dataset one two
same_dataset one three
quietly "$SEEDBANK" verify -q -- one
quietly "$SEEDBANK" plan --entities 1k --trades 2k --trades=2k --all-kinds --all-kinds
