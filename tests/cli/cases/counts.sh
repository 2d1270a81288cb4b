# Numbers of rows: none, too many, and none that are whole.
. "$SEEDBANK_TESTS/lib.sh"
refuse generate --out x --entities 0
refuse generate --out x --persons 0
refuse generate --out x --entities -5
refuse generate --out x --entities many
refuse generate --out x --entities 1.5
refuse generate --out x --entities 0.0001k
refuse generate --out x --entities 1kk
refuse generate --out x --entities 99999999999999999999
refuse generate --out x --entities 1000000000t
refuse generate --out x --entities 1t
refuse generate --out x --accounts 10
refuse generate --out x --entities 2
refuse generate --out x --persons 10 --transactions 5
refuse generate --out x --persons 10 --accounts 1 --transactions 5
refuse generate --out x --persons 10 --accounts 2 --transactions 1m
refuse generate --out x --communications 10
refuse generate --out x --persons 10 --entries
[ ! -e x ] || fail "a refused command left something"
