#!/bin/sh
# Writes docs/fields.md out of what `seedbank info --schema --json` says of every field.
# Usage: scripts/make_fields.sh [--check] [SEEDBANK]
#   --check    writes nothing; exit status 1 when docs/fields.md is not what would be written
#   SEEDBANK   the program to ask; build/seedbank or build/release/seedbank
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
check=
case "${1-}" in
--help)
    sed -n '2,5s/^# //p' "$0"
    exit 0
    ;;
--check)
    check=1
    shift
    ;;
esac
seedbank=${1-}
for path in "$top/build/seedbank" "$top/build/release/seedbank"; do
    [ -n "$seedbank" ] || [ ! -x "$path" ] || seedbank=$path
done
[ -n "$seedbank" ] || { echo "make_fields.sh: no seedbank is built; name one" >&2; exit 2; }

schema=$(mktemp)
made=$(mktemp)
trap 'rm -f "$schema" "$made"' EXIT
"$seedbank" info --schema --json >"$schema"
python3 -c '
import json
import sys

KINDS = {
    "persons": "Somebody with a household, jobs and addresses.", "companies": "A firm.",
    "accounts": "An account of a person or a company.",
    "transactions": "A payment between accounts, or with somebody outside the dataset.",
    "entries": "A line of a statement (`--entries`). What its fields hold follows from transactions and accounts.",
    "communications": "An e-mail, message, call, meeting or post.",
    "devices": "What somebody opens accounts with. Off unless asked for.",
    "logins": "A try to open an account. Off unless asked for.",
    "trades": "An order that was carried out at an exchange. Off unless asked for.",
    "trips": "A journey abroad. Off unless asked for.",
    "documents": "A paper of trade between two companies. Off unless asked for.",
    "relationships": "An edge between two persons, two companies, or one of each. Off unless asked for."}


def type_of(field):
    text = field["type"]
    if text == "array":
        text = "array of " + field["items"]
    if "record" in field:
        text = text.replace("record", "[%s](#%s)" % (field["record"], field["record"]))
    if "scale" in field:
        text += " / 10^%d" % field["scale"]
    if "logical" in field:
        text += ", " + field["logical"]
    if "scale_by" in field:
        text += " by " + field["scale_by"]
    return text


def sentence(text):
    return text if text.endswith(".") else text + "."


def meaning(field):
    parts = [sentence(field["doc"])]
    if "unit" in field:
        parts.append("In %s." % field["unit"])
    if "references" in field:
        parts.append("Refers to `%s`." % field["references"])
    if "values" in field:
        parts.append("One of " + ", ".join("`%s`" % v for v in field["values"]) + ".")
    if "how" in field:
        parts.append("*%s*" % sentence(field["how"]))
    if field.get("source", "modelling choice") != "modelling choice":
        parts.append("After: %s." % field["source"])
    return " ".join(parts).replace("|", "\\|")


def table(fields):
    print("| # | field | type | null | |")
    print("|---|---|---|---|---|")
    for field in fields:
        print("| %s | `%s` | %s | %s | %s |" % (field.get("number", ""), field["name"], type_of(field),
                                          "yes" if field["nullable"] else "", meaning(field)))


def records_of(fields):
    for field in fields:
        if "record" in field:
            yield field["record"], field["fields"]


schema = json.load(sys.stdin)
print("""# Fields

Made by `scripts/make_fields.sh` out of `seedbank info --schema --json`; a test says when it is old. The schema itself is
[format/schema.h](../format/schema.h), how rows come about is in [model.md](model.md), how values are stored in [format.md](format.md).

A number is the identity of a field within its kind: it is never used again, and it keys the field\x27s draws. The order of the rows here
is the order in the data. *In italics*: how values are distributed, in rounded figures; where nothing stands, the meaning says it all.
After that, what the figures follow; figures without a source are a modelling choice. Tables are those under
[engine/tables](../engine/tables/README.md).
Money is in minor units of the currency in the field that is named, dates count days and times milliseconds since 1970 (UTC), and
`/ 10^4` means that the integer is divided by that.
""")
for kind in schema:
    print("* [%s](#%s), %d fields" % (kind, kind, len(schema[kind]["fields"])))
print("* [Records inside rows](#records-inside-rows)\n")
records = {}
for kind, record in schema.items():
    print("## %s\n\n%s\n" % (kind, KINDS[kind]))
    table(record["fields"])
    if record["derived"]:
        print("\nDerived, printed on request (`cat --derived`) and never stored:\n")
        table(record["derived"])
    print()
    records.update(records_of(record["fields"]))
print("## Records inside rows\n\nAn array of its fields in this order stands in the place of a record.")
for name in sorted(records):
    print("\n### %s\n" % name)
    table(records[name])
' <"$schema" >"$made"

if [ -z "$check" ]; then
    cat "$made" >"$top/docs/fields.md"
elif ! diff -u "$top/docs/fields.md" "$made"; then
    echo "docs/fields.md is not what the schema says: run scripts/make_fields.sh" >&2
    exit 1
fi
