. "$SEEDBANK_TESTS/lib.sh"
show version
show --version
show version --json
refuse version please
