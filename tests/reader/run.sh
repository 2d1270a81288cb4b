#!/usr/bin/env bash
# An independent reader, written against docs/format.md alone, checks whole datasets: references, uniqueness,
# and the ledger replayed transaction by transaction.
# Usage: run.sh SEEDBANK
set -u
seedbank=$(readlink -f "${1:?usage: run.sh SEEDBANK}")
reader=$(dirname "$(readlink -f "$0")")/seedbank_reader.py
python=/usr/bin/python3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 3
passed=0
failed=0
while read -r options; do
    [ -z "$options" ] && continue
    rm -rf data
    if "$seedbank" generate --out data -q $options && $python "$reader" check data >report 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $options"
        head -n 10 report
    fi
done <<'SPECS'
--entities 30k --entries
--entities 710
--entities 200k --seed 99
--profile aml --entities 60k --entries --seed 3
--profile finbench --entities 40k --entries --seed 4
--persons 1 --accounts 2 --transactions 40 --entries
--persons 3 --accounts 5000 --transactions 20k --entries
--companies 700 --accounts 900 --transactions 9000 --communications 500 --entries
--persons 20000 --accounts 30 --transactions 900 --entries --communications 20
--entities 20k --start 2024-02-29 --end 2024-03-01 --entries
--entities 300k --locales de_DE --layout parts --shards 2 --entries
--entities 60k --entries --all-kinds
--profile aml --entities 60k --all-kinds --seed 3
--profile finbench --entities 20k --entries --all-kinds --seed 4
--entities 20k --start 2024-02-29 --end 2024-03-01 --all-kinds
--companies 700 --accounts 900 --transactions 9000 --communications 500 --documents 900 --trades 900 --logins 500
--persons 9000 --accounts 30 --transactions 900 --devices 20k --trips 9000 --relationships 9000 --logins 900
--persons 2 --companies 2 --accounts 1 --devices 5 --logins 90 --trades 70 --trips 60 --documents 80 --relationships 1
SPECS

# What it must not miss: a row that was changed, behind checksums that are right again.
"$seedbank" generate --out data2 -q --entities 5k --entries
$python "$reader" check data2 >/dev/null || { echo "FAILED: data2"; failed=$((failed + 1)); }
if $python "$(dirname "$reader")/tamper.py" data2 && ! $python "$reader" check data2 >report 2>&1; then
    passed=$((passed + 1))
else
    echo "FAILED: a changed amount was not noticed"
    failed=$((failed + 1))
fi
"$seedbank" verify data2 >report 2>&1
if [ $? -eq 1 ] && grep -q 'transactions.*row .*field amount' report; then
    passed=$((passed + 1))
else
    echo "FAILED: verify did not name the row and field:"
    cat report
    failed=$((failed + 1))
fi

# And what it must say of it. A line: kind | field | new value | of which row | field of the finding: see tamper.py.
"$seedbank" generate --out whole -q --entities 12k --entries --locales de_DE,en_US --devices 900 --logins 900 \
    --trades 900 --trips 900 --documents 600 --relationships 1500
$python "$reader" check whole >/dev/null || { echo "FAILED: whole"; failed=$((failed + 1)); }
while IFS='|' read -r kind field change condition expected; do
    [ -z "$kind" ] && continue
    rm -rf data3
    cp -r whole data3
    if $python "$(dirname "$reader")/tamper.py" data3 $kind $field "$change" "$condition" &&
        ! $python "$reader" check data3 --json --problems 999 >report &&
        jq -e --arg kind "$kind" --arg field "$expected" \
            'any(.problems[]; .kind == $kind and .field == $field)' report >/dev/null; then
        passed=$((passed + 1))
    else
        echo "FAILED: $kind: $field = $change of a row with $condition: no finding on $expected"
        failed=$((failed + 1))
    fi
done <<'CHANGES'
persons|is_pep|not v|True|pep_details
persons|is_sanctioned|not v|True|is_sanctioned
persons|latin_name|"Anna"|latin_name is None|latin_name
persons|first_name|"Анна"|latin_name is None|latin_name
persons|documents|[[*v[0][:4], v[0][3]]]|documents|documents
persons|net_worth|None|net_worth|net_worth
persons|citizenship|[*v, *v]|True|citizenship
companies|ticker|"QQQ"|ticker is None|ticker
companies|tax_havens|["ZZ"]|True|tax_havens
companies|operating_countries|v[::-1]|len(operating_countries) > 1|operating_countries
companies|sanction_lists|["x"]|not is_sanctioned|is_sanctioned
accounts|status|"active"|status == "frozen"|is_dormant
accounts|status|"frozen"|status == "active"|status
accounts|average_balance|v + 1|transaction_count|average_balance
accounts|average_balance|v - 1|status == "frozen"|average_balance
accounts|joint_owner_ids|[owner_person_id]|owner_person_id|joint_owner_ids
accounts|joint_owner_ids|[(owner_person_id + 300) % 800]|owner_person_id|joint_owner_ids
accounts|beneficial_owner_ids|[7, 8]|owner_company_id|beneficial_owner_ids
accounts|beneficial_owner_ids|[]|beneficial_owner_ids|beneficial_owner_ids
accounts|monitoring_reason|"fraud_alert"|not is_monitored|monitoring_reason
accounts|card|[v[0][:-1] + str((int(v[0][-1]) + 1) % 10), v[1]]|card|card.pan
accounts|card|[v[0], v[1] - 1]|card|card.expiry
transactions|device_id|7|ip is None|device_id
transactions|device_id|(v + 1) % 900|device_id is not None|device_id
transactions|device_id|900|ip|device_id
transactions|alert_flags|["cash", "cash"]|True|alert_flags
communications|transaction_id|1 << 40|transaction_id|transaction_id
communications|device_id|(v + 1) % 900|device_id is not None|device_id
communications|flag_reason|"high_risk_score"|not is_flagged|flag_reason
devices|owner_person_id|9999|True|owner_person_id
devices|registered|30000|True|registered
logins|person_id|(v + 1) % 800|person_id|person_id
logins|device_id|(v + 1) % 900|device_id|device_id
logins|session_seconds|5|session_seconds is None|session_seconds
trades|amount|v + 1|True|amount
trades|account_id|(v + 1) % 1600|True|account_id
trades|settlement_date|0|True|settlement_date
trades|is_flagged|not v|True|is_flagged
trades|issuer_id|0|issuer_id is None|issuer_id
trips|passport_number|"X00000001"|passport_number|passport_number
trips|returned_at|executed_at|True|returned_at
trips|returned_at|v + 30 * 86400000|any(row["person_id"] == person_id for row in before)|executed_at
trips|arrival_country|departure_country|True|arrival_country
trips|carrier|None|carrier|carrier
trips|visa_obtained|True|visa_obtained is None|visa_obtained
trips|departure_city|"Nowhere"|True|departure_city
trips|executed_at|v + 40 * 86400000|True|executed_at
documents|total_amount|v + 1|True|total_amount
documents|recipient_id|issuer_id|True|recipient_id
documents|line_items|[[*v[0][:4], v[0][4] + 1, *v[0][5:]], *v[1:]]|True|line_items.amount
documents|line_items|v[:-1]|len(line_items) > 1|total_amount
persons|documents|[next(p for row in before for p in row["documents"] if p[0] == "passport")]|documents|documents
companies|legal_name|first["legal_name"]|True|legal_name
companies|registration_number|first["registration_number"]|registration_country == first["registration_country"]|registration_number
accounts|card|first["card"]|card|card
accounts|account_number|first["account_number"]|True|account_number
devices|fingerprint|first["fingerprint"]|True|fingerprint
documents|number|first["number"]|True|number
relationships|type|"employer"|type == "friend"|type
relationships|share_bp|5|share_bp is None|share_bp
relationships|to_person_id|from_person_id|type == "friend"|to_person_id
relationships|to_person_id|(v + 300) % 800|type == "spouse"|context
CHANGES
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
