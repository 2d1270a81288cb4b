# info without a path tells what this release writes.
. "$SEEDBANK_TESTS/lib.sh"
quietly "$SEEDBANK" info --schema
grep -c '^[a-z]*$' .out
show info --schema entries
show info --schema=entries
refuse info nowhere
refuse info nowhere --schema entries
