# The man page is in order and names every command and every option that the help texts name.
. "$SEEDBANK_TESTS/lib.sh"
page=$SEEDBANK_TESTS/../../docs/seedbank.1
for command in generate plan regenerate verify merge cat show info report version; do
    "$SEEDBANK" help $command >>helps
    sed 's/\\-/-/g' "$page" | grep -q "seedbank $command" || fail "the man page lacks $command"
done
sed 's/\\-/-/g' "$page" >text
for option in $(grep -oE -e '--[a-z0-9]+' helps | sort -u); do
    grep -q -e "$option" text || fail "the man page lacks $option"
done
for number in 0 1 2 3 4 75; do
    grep -q "^\.B $number\$" text || fail "the man page lacks exit status $number"
done
if command -v man >/dev/null; then
    man --warnings -l "$page" 2>warnings >/dev/null
    [ ! -s warnings ] || { cat warnings; fail "warnings"; }
fi
