. "$SEEDBANK_TESTS/lib.sh"
refuse show person 5 --persons 5
refuse show person x --persons 5
refuse show person A1 --persons 5
refuse show account 0 --persons 5
refuse show account DE00000000000000000000 --entities 1k
refuse show transaction 99999999999 --entities 1k
refuse show person --persons 5 -- -1
refuse show person 99999999999999999999 --persons 5
refuse show person 1 nowhere
