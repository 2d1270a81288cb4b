# Every command's help fits a screen of 24 lines by 80 columns and has one example; help and
# --help agree.
. "$SEEDBANK_TESTS/lib.sh"
show help
for command in generate plan regenerate verify merge cat show info report version; do
    echo "---- $command"
    show help $command
    cp .out help
    "$SEEDBANK" $command --nonsense --help | cmp - help || fail "$command --help differs from help $command"
    [ "$(wc -l <help)" -le 24 ] || fail "$command: more than a screen"
    [ "$(wc -L <help)" -le 80 ] || fail "$command: wider than a screen"
    [ "$(grep -c '^example: ' help)" -eq 1 ] || fail "$command: not one example"
done
"$SEEDBANK" --help | cmp - .out >/dev/null && fail "--help is that of a command"
refuse help frobnicate
refuse help repair
refuse help plan cat
