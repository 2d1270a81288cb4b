# A bill is for what its sender sells: nobody pays for electricity at an insurer.
. "$SEEDBANK_TESTS/lib.sh"
need jq
spec="--entities 200k --seed 5 --locales en_US"
"$SEEDBANK" cat --kind companies $spec >companies
"$SEEDBANK" cat --kind accounts $spec >accounts
"$SEEDBANK" cat --kind transactions $spec --where type=payment >payments
jq -n -r --slurpfile companies companies --slurpfile accounts accounts '
    ($companies | map({(.id | tostring): .industry}) | add) as $industry |
    ($accounts | map(select(.owner_company_id) | {(.id | tostring): $industry[.owner_company_id | tostring]}) | add) as $of |
    inputs | select(.to_account_id) | $of[.to_account_id | tostring] as $to | .description |
    if test("^(Electricity|Gas and water|Water bill)") then "energy"
    elif test("^(Phone and internet|Mobile contract|Internet )") then "telephone"
    elif test("^(Insurance policy|Car insurance)") then "insurance"
    elif test("^(Service charge|Property charges)") then "housing"
    else empty end | [., $to] | @tsv' payments | sort | uniq -c | awk '{ print $2, $3, ($1 > 50 ? "many" : "few") }'
