# Names that are no command: nearest ones, and those of later releases.
. "$SEEDBANK_TESTS/lib.sh"
refuse
refuse genrate
refuse verfy out
refuse gnerate --help
refuse frobnicate
refuse -v
refuse ''
for command in repair export stream score labels; do
    refuse $command --help
done
