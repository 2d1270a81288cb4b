# CSV and TSV: a header, quotes where they are needed, nested values as JSON.
. "$SEEDBANK_TESTS/lib.sh"
for kind in persons companies accounts transactions entries communications devices logins trades trips \
    documents relationships; do
    "$SEEDBANK" cat --kind $kind --entities 1k --entries --all-kinds --to csv --head 0 || fail "$kind"
done
"$SEEDBANK" cat --kind accounts --entities 1k --to tsv --head 0 --derived || fail "derived"
"$SEEDBANK" cat --kind accounts --entities 1k --to csv >accounts.csv || fail "csv"
wc -l <accounts.csv
even='NR == 1 {n = NF} NF != n {print "line " NR " has " NF " fields, the header " n; exit}'
sed 's/"[^"]*"//g' accounts.csv | awk -F , "$even"
for kind in persons companies accounts transactions communications documents; do
    "$SEEDBANK" cat --kind $kind --entities 1k --all-kinds --to tsv >rows.tsv || fail "tsv"
    awk -F '\t' "$even" rows.tsv
done
quietly "$SEEDBANK" generate --entities 1k --out data
refuse cat data --to csv
