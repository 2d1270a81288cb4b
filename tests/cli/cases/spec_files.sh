# --spec: broken files, and options that replace what they say.
. "$SEEDBANK_TESTS/lib.sh"
refuse plan --spec nowhere.json
echo '{"seed": 1,' >broken.json
refuse plan --spec broken.json
: >empty.json
refuse plan --spec empty.json
echo '[1, 2]' >list.json
refuse plan --spec list.json
echo '{"sede": 1}' >unknown.json
refuse plan --spec unknown.json
echo '{"counts": {"persons": 5, "robots": 5}}' >kind.json
refuse plan --spec kind.json
echo '{"counts": {"persons": -5}}' >negative.json
refuse plan --spec negative.json
echo '{"counts": {"persons": 1.5}}' >real.json
refuse plan --spec real.json
echo '{"seed": 1, "seed": 2}' >twice.json
refuse plan --spec twice.json
echo '{"seed": true}' >type.json
refuse plan --spec type.json
echo '{"start": "2025-02-30"}' >date.json
refuse plan --spec date.json
echo '{"locales": "en_US"}' >locales.json
refuse plan --spec locales.json
echo '{"content_version": 999}' >version.json
refuse plan --spec version.json
echo '{"typologies": "hi"}' >typologies.json
refuse plan --spec typologies.json
refuse plan --spec .
echo "---- options replace what a spec says, wherever they stand"
echo '{"seed": 9, "counts": {"persons": 30, "accounts": 20}, "start": "2025-01-01"}' >good.json
"$SEEDBANK" cat --kind persons --seed 5 --spec good.json --persons 3 >one || fail "cat --spec"
"$SEEDBANK" cat --kind persons --seed 5 --persons 3 --accounts 20 --start 2025-01-01 | cmp one - ||
    fail "other rows"
wc -l <one
quietly "$SEEDBANK" generate --spec good.json --out first
quietly "$SEEDBANK" generate --spec first/manifest.json --out second
same_dataset first second
quietly "$SEEDBANK" plan --spec first/manifest.json --entities 5k
grep -qE '^all +5000 ' .out || fail "--entities beside --spec of a manifest has no effect"
