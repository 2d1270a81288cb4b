# Backends and numbers of workers give the same files.
. "$SEEDBANK_TESTS/lib.sh"
SEEDBANK_OVERSUBSCRIBE=1
export SEEDBANK_OVERSUBSCRIBE
spec="--entities 400k --seed 21 --entries --shards 5"
quietly "$SEEDBANK" generate $spec --out one --backend serial
for backend in "fork 1" "fork 2" "fork 3" "omp 1" "omp 2" "omp 4"; do
    set -- $backend
    quietly "$SEEDBANK" generate $spec --out other --backend "$1" --workers "$2" --bind none
    same_dataset one other
    rm -rf other
done
