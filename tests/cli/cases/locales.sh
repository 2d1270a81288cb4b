. "$SEEDBANK_TESTS/lib.sh"
show info --locales
refuse plan --locales xx_XX
refuse plan --locales en_US,
refuse plan --locales en_US,en_US
refuse plan --locales 'en_US de_DE'
refuse plan --locales english
refuse plan --tables nowhere
quietly "$SEEDBANK" plan --locales de_DE --entities 1k
