# Options that are right by themselves and wrong beside each other.
. "$SEEDBANK_TESTS/lib.sh"
refuse generate --out x --resume --force
refuse generate --out x --backend serial --workers 2
refuse generate --out x --backend serial --bind none
refuse generate --out x -q -v
refuse generate --out x -q --progress always
refuse generate --out x --part 0/2 --sha256
refuse generate --out x --labels inline
refuse plan -qv
refuse verify x --sample 2 --shard 1
refuse verify x --independent --sample 2
refuse verify x --independent --shard 1
refuse cat x --seed 1
refuse cat x --entities 1k
refuse cat x --spec spec.json
refuse cat x --tables tables
refuse cat --seed 1
refuse cat x --id 5 --head 1
refuse show account 1 x --seed 1
refuse show account 1 x --spec spec.json
refuse info x --digest --run
refuse info x --schema --digest
refuse info x --locales
refuse info --digest
refuse info --run
[ ! -e x ] || fail "a refused command left something"
