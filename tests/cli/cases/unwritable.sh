# Places where nothing can be written.
. "$SEEDBANK_TESTS/lib.sh"
: >file
refuse generate --entities 1k --out file
refuse generate --entities 1k --out file/below
refuse generate --entities 1k --out /proc/seedbank
refuse generate --entities 1k --out /dev/null
refuse regenerate file --shard 0 --out x
quietly "$SEEDBANK" generate --entities 1k --out data
refuse regenerate data/manifest.json --shard 0 --kind persons --out file
refuse regenerate data/manifest.json --shard 0 --kind persons --out file/below
refuse regenerate data/manifest.json --shard 0 --out file
[ ! -s file ] || fail "something was written into the file"
