# A file system without room: one line, status 3, and no manifest.
. "$SEEDBANK_TESTS/lib.sh"
mkdir small
mount -t tmpfs -o size=2m seedbank small 2>/dev/null || skip "no right to mount a small file system"
trap 'umount small' EXIT
for backend in fork omp serial; do
    refuse generate --entities 400k --out small/data --backend $backend |
        sed 's,\.seedbank[^:]*:,.seedbank/FILE:,'
    [ ! -e small/data/manifest.json ] || fail "$backend: there is a manifest"
    rm -rf small/data
done
quietly "$SEEDBANK" generate --entities 10k --out small/data
quietly "$SEEDBANK" verify -q small/data
