# --log json: messages are objects too, even those about options.
. "$SEEDBANK_TESTS/lib.sh"
need jq
try() {
    "$SEEDBANK" "$@" >.out 2>.err
    echo "$? $*"
    jq -c '[keys_unsorted, .level, .command, .message]' .err || { cat .err; fail "no JSON"; }
}
try generate --log json
try generate --log=json --level 99
try generate --out x --log json --entities 0
try verify nowhere --log json
try merge "no$(printf '\001\377')\"where" --log json
try generate --seed random --out x --entities 1k --log json | sed 's/0x[0-9a-f]*/0xHEX/'
