#!/usr/bin/env bash
# The report of a dataset: what stands on the page is what the rows say; it is the same page for every layout; parts
# that are missing are left out; nothing half-written stays behind.
# Usage: run.sh SEEDBANK
set -u
seedbank=$(readlink -f "${1:?usage: run.sh SEEDBANK}")
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
claim() { # text, command ...
    local text=$1
    shift
    if "$@" >out 2>&1; then echo "ok     $text"; else echo "FAILED $text"; cat out; failed=1; fi
}
refused() { # exit status, pattern of the one line, command ...
    local status=$1 pattern=$2
    shift 2
    "$@" >stdout 2>stderr
    local got=$?
    [ $got -eq "$status" ] && [ ! -s stdout ] && [ "$(wc -l <stderr)" -eq 1 ] && grep -qE -e "$pattern" stderr && return 0
    echo "exit status $got, wanted $status and '$pattern':"; cat stderr; return 1
}
"$seedbank" generate --entities 100k --seed 7 --out data -q || exit 1
claim "a page is written" "$seedbank" report data -o page.html
claim "and is silent" test ! -s out
claim "the page is what the rows say" python3 "$here/page.py" "$seedbank" data page.html
"$seedbank" generate --entities 100k --seed 7 --out parts --layout parts --shards 2 -q || exit 1
claim "of parts" "$seedbank" report parts --out parts.html
claim "it differs in what the files take only" test "$(diff page.html parts.html | grep -c '^<')" -le 20
claim "a page is replaced" "$seedbank" report data -o parts.html
claim "by the same page" cmp page.html parts.html
TZ=Asia/Tokyo LC_ALL=de_DE.UTF-8 "$seedbank" report data -opage2.html
claim "the locale and the time zone make no difference" cmp page.html page2.html

"$seedbank" generate --persons 300 --out some -q || exit 1
claim "of persons alone" "$seedbank" report some -o some.html
claim "has no transactions" sh -c '! grep -q "id=\"transactions\"" some.html && grep -q "id=\"people\"" some.html'
"$seedbank" generate --companies 40 --accounts 200 --transactions 900 --out few -q || exit 1
claim "without persons" "$seedbank" report few -o few.html
claim "has its network" grep -q 'id="network"' few.html
"$seedbank" generate --persons 1 --out one -q || exit 1
claim "of one person" "$seedbank" report one -o one.html
"$seedbank" generate --profile finbench --entities 20k --all-kinds --entries --out all -q || exit 1
claim "of all kinds over years" "$seedbank" report all -o all.html

echo "not a page" >notes.txt
mkdir directory
ln -s page2.html link.html
claim "no file named" refused 2 'out: missing' "$seedbank" report data
claim "standard output" refused 2 'goes to a file' "$seedbank" report data -o -
claim "a file that is no page" refused 2 'no HTML page' "$seedbank" report data -o notes.txt
claim "the dataset itself" refused 2 'no HTML page' "$seedbank" report data -o data/manifest.json
claim "a directory" refused 2 'a directory' "$seedbank" report data -o directory
claim "a directory that is not there" refused 3 'No such file' "$seedbank" report data -o nowhere/page.html
claim "no dataset" refused 4 'manifest' "$seedbank" report directory -o x.html
claim "nothing there" refused 2 'nowhere' "$seedbank" report nowhere -o x.html
claim "through a link" "$seedbank" report data -o link.html
claim "which stays one" test -L link.html
cp -r data cut
size=$(stat -c %s cut/transactions.msgpack.zst)
dd if=/dev/urandom of=cut/transactions.msgpack.zst bs=1 count=40 seek=$((size / 2)) conv=notrunc 2>dd.err
claim "damaged rows" refused 4 'transactions' "$seedbank" report cut -o x.html
truncate -s $((size / 2)) cut/transactions.msgpack.zst
claim "a file cut short" refused 4 'transactions' "$seedbank" report cut -o x.html
rm cut/accounts.msgpack.zst
claim "a file missing" refused 4 'accounts' "$seedbank" report cut -o x.html
claim "nothing half-written" test -z "$(find . -name 'x.html*' -o -name '*.tmp')"
[ $failed -eq 0 ] && echo "all passed"
exit $failed
