# A finished dataset is never overwritten, unless asked for.
. "$SEEDBANK_TESTS/lib.sh"
quietly "$SEEDBANK" generate --entities 2k --seed 1 --out data
cp -r data before
refuse generate --entities 2k --seed 1 --out data
refuse generate --entities 2k --seed 2 --out data
echo "---- --resume"
refuse generate --entities 2k --seed 2 --out data --resume
refuse generate --entities 2k --seed 1 --level 5 --out data --resume
diff -r before data || fail "a refused run changed something"
quietly "$SEEDBANK" generate --entities 2k --seed 1 --out data --resume
diff -r before data || fail "--resume on a finished dataset changed something"
echo "---- --force"
quietly "$SEEDBANK" generate --entities 2k --seed 2 --out data --force
quietly "$SEEDBANK" generate --entities 2k --seed 2 --out other
same_dataset data other
quietly "$SEEDBANK" generate --entities 2k --seed 2 --out data --force --layout parts
quietly "$SEEDBANK" verify -q data
echo "---- files of others stay"
echo mine >data/notes.txt
quietly "$SEEDBANK" generate --entities 2k --seed 1 --out data --force
cat data/notes.txt
