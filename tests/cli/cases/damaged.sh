# Truncated, changed and foreign files to cat, verify and info: status 4 and one line.
. "$SEEDBANK_TESTS/lib.sh"
quietly "$SEEDBANK" generate --entities 20k --seed 1 --out good
try() {
    for command in "cat" "info" "info --schema"; do
        "$SEEDBANK" $command "$1" >.out 2>.err
        status=$?
        echo "$status $command $1"
        [ "$(wc -l <.err)" -eq 1 ] || { cat .err; fail "not one line"; }
    done
}
echo "---- foreign"
: >empty
echo 'hello, world' >text
head -c 100000 /dev/urandom >noise
echo hello | gzip >other.gz
printf '\050\265\057\375' >magic
mkdir nothing
try empty
try text
try noise
try other.gz
try magic
try nothing
try nowhere
echo "---- cut short"
for bytes in 0 1 4 100 1000 50000; do
    head -c $bytes good/persons.msgpack.zst >cut-$bytes
    try cut-$bytes
done
size=$(wc -c <good/persons.msgpack.zst)
for less in 1 9 17 1000; do
    head -c $((size - less)) good/persons.msgpack.zst >end-$less
    try end-$less
done
cat good/persons.msgpack.zst text >longer
try longer
echo "---- verify"
check() {
    "$SEEDBANK" verify "$1" >.out 2>.err
    echo "$? verify $1"
    [ "$(wc -l <.err)" -eq 1 ] || { cat .err; fail "not one line"; }
    [ ! -s .out ] || fail "printed something"
}
copy() {
    cp -r good "$1"
}
check nowhere
check nothing
check text
copy no-manifest && rm no-manifest/manifest.json && check no-manifest
copy cut-manifest && head -c 500 good/manifest.json >cut-manifest/manifest.json && check cut-manifest
copy no-manifest-json && echo '{}' >no-manifest-json/manifest.json && check no-manifest-json
copy missing && rm missing/accounts.msgpack.zst && check missing
copy short && head -c 5000 good/accounts.msgpack.zst >short/accounts.msgpack.zst && check short
copy foreign && cp noise foreign/persons.msgpack.zst && check foreign
copy swapped && cp good/accounts.msgpack.zst swapped/persons.msgpack.zst && check swapped
copy flipped
printf '\377' | dd of=flipped/transactions.msgpack.zst bs=1 seek=40000 conv=notrunc 2>/dev/null
check flipped
grep -q "transactions.msgpack.zst.*(rows [0-9]* to [0-9]*)" .err || { cat .err; fail "the damage has no place"; }
quietly "$SEEDBANK" verify -q good
