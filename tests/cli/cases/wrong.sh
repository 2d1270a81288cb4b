# Rows that are not what the seed says: status 1, and the first wrong row and field.
. "$SEEDBANK_TESTS/lib.sh"
quietly "$SEEDBANK" generate --persons 200 --seed 1 --out one
quietly "$SEEDBANK" generate --persons 200 --seed 2 --out two
cp two/persons.msgpack.zst one/persons.msgpack.zst
refuse verify one | sed 's/[0-9a-f]\{32\}/DATASET/g'
sed "s/\"seed\": \"2\"/\"seed\": \"1\"/" two/manifest.json >manifest
cp manifest two/manifest.json
refuse verify two | sed 's/[0-9a-f]\{32\}/DATASET/g'
