# Part jobs in any order, counted from 0 or from 1, and their merge give the bytes of one run.
. "$SEEDBANK_TESTS/lib.sh"
need jq
spec="--entities 400k --seed 11 --shards 4"
quietly "$SEEDBANK" generate $spec --out one --sha256
for part in 2 0 1; do
    quietly "$SEEDBANK" generate $spec --out zero --part $part/3
done
quietly "$SEEDBANK" merge zero --sha256
same_dataset one zero
[ ! -e zero/.seedbank ] || fail "merge left its workspace"
for part in 1 2 3; do
    quietly "$SEEDBANK" generate $spec --out ones --part $part/3 --backend serial
done
quietly "$SEEDBANK" merge ones --json --sha256
jq -e '.rows == 400000 and .shards == 4' .out >/dev/null || { cat .out; fail "merge --json"; }
same_dataset one ones
(cd ones && sha256sum --quiet -c SHA256SUMS) || fail "SHA256SUMS"
echo "---- a missing part, a part twice, another spec"
quietly "$SEEDBANK" generate $spec --out some --part 0/2
refuse merge some
refuse generate $spec --out some --part 0/2
refuse generate --entities 400k --seed 12 --shards 4 --out some --part 1/2
refuse merge some
quietly "$SEEDBANK" generate $spec --out some --part 2/2 --resume # the same as 0/2
quietly "$SEEDBANK" generate $spec --out some --part 0/2 --resume
quietly "$SEEDBANK" generate $spec --out some --part 1/2 --resume
quietly "$SEEDBANK" merge some --sha256
same_dataset one some
refuse generate $spec --out more --part 0/5
refuse merge nowhere
quietly "$SEEDBANK" merge one # has one file a kind already
same_dataset one some
echo "---- a dataset of parts"
quietly "$SEEDBANK" generate $spec --out parts --layout parts
quietly "$SEEDBANK" verify -q parts
ls parts/persons
quietly "$SEEDBANK" merge parts --sha256
same_dataset one parts
