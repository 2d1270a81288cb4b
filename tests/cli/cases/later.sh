# What later releases will have is refused by name, never ignored.
. "$SEEDBANK_TESTS/lib.sh"
refuse generate --out x --backend mpi
refuse generate --out x --threads 4
refuse generate --out x --threads=4
refuse generate --out x --slice 2025-12-01..2025-12-02
refuse generate --out x --metrics m.txt
refuse plan --metrics m.txt
refuse generate --out x --typologies hi
refuse generate --out x --typologies mine.json
refuse plan --typologies li
[ ! -e x ] || fail "a refused command left something"
quietly "$SEEDBANK" plan --typologies off --entities 1k
