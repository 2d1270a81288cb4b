# Seeds: what is none, and a random one, which is told so that the rows can be had again.
. "$SEEDBANK_TESTS/lib.sh"
refuse plan --seed x
refuse plan --seed -1
refuse plan --seed 1.5
refuse plan --seed 18446744073709551616
refuse plan --seed 0x
refuse plan --seed 0xg
refuse plan --seed 0x123456789012345678901234567890123
quietly "$SEEDBANK" plan --seed 18446744073709551615 --entities 1k
quietly "$SEEDBANK" plan --seed 0xffffffffffffffffffffffffffffffff --entities 1k
"$SEEDBANK" cat --kind persons --persons 10 --seed random >one 2>said || fail "--seed random"
grep -qE '^seedbank: cat: --seed 0x[0-9a-f]{32}$' said || { cat said; fail "the seed was not told"; }
[ "$(wc -l <said)" -eq 1 ] || fail "more was told"
"$SEEDBANK" cat --kind persons --persons 10 --seed "$(sed 's/.* //' said)" | cmp one - ||
    fail "another dataset"
"$SEEDBANK" cat --kind persons --persons 10 --seed random -q >two || fail "--seed random -q"
cmp -s one two && fail "two random seeds are equal"
exit 0
