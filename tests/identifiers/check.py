#!/usr/bin/python3
"""Checks identifiers with validators that know nothing of this engine.

Usage: seedbank cat ... | tests/identifiers/check.py
       identifiers | tests/identifiers/check.py --from-program

Reads NDJSON rows of persons, companies and accounts (or lines {kind,country,value} of the program
tests/identifiers/identifiers.c) and prints, by identifier and country: values, accepted, rejected,
values that repeat, and what was expected. A range that a country keeps for tests, or that cannot
be, is to be rejected by a validator that knows it; then the rest of the number must be right.
Exit status 1 when a verdict is another than in the table below; the last line counts.

Needs python3-stdnum, python3-phonenumbers and python3-pycountry (Debian); without them it ends with 77.
"""
import importlib
import json
import re
import sys
from collections import Counter, defaultdict

try:
    import phonenumbers
    import pycountry
    from stdnum import bic, iban, lei, luhn
    from stdnum.exceptions import ValidationError
except ImportError as missing:
    print(f"skipped: {missing}; apt-get install python3-stdnum python3-phonenumbers python3-pycountry")
    sys.exit(77)


def module(name):
    return importlib.import_module("stdnum." + name)


def of(name, **options):
    """A validator of stdnum as a function: does it accept?"""
    validate = module(name).validate

    def accepts(value):
        try:
            return bool(validate(value, **options))
        except ValidationError:
            return False
    return accepts


def digits(value):
    return [int(c) for c in value if c.isdigit()]


def luhn_right(value):
    return luhn.is_valid("".join(map(str, digits(value))))


def form(pattern):
    return lambda value: re.fullmatch(pattern, value) is not None


# ---- rules that stdnum has not, written from their descriptions ---------------------------------

def my_number(value):
    """Japan: eleven digits and one to check (ministerial ordinance 85 of 2014)."""
    d = digits(value)
    rest = sum(d[11 - n] * (n + 1 if n <= 6 else n - 5) for n in range(1, 12)) % 11
    return len(d) == 12 and d[11] == (0 if rest <= 1 else 11 - rest)


def nric(value):
    match = re.fullmatch(r"([ST])(\d{7})([A-Z])", value)
    if not match:
        return False
    total = sum(a * b for a, b in zip(digits(match[2]), (2, 7, 6, 5, 4, 3, 2))) + (4 if match[1] == "T" else 0)
    return match[3] == "JZIHGFEDCBA"[total % 11]


def hkid(value):
    match = re.fullmatch(r"([A-Z])(\d{6})\(([0-9A])\)", value)
    if not match:
        return False
    values = [36, ord(match[1]) - 55] + digits(match[2]) + [10 if match[3] == "A" else int(match[3])]
    return sum(a * b for a, b in zip(values, range(9, 0, -1))) % 11 == 0


def nir_spi(value):
    return len(value) == 13 and int(value[:10]) % 511 == int(value[10:])


def ogrn(value):
    return len(value) == 13 and int(value[:12]) % 11 % 10 == int(value[12])


def korean_corporation(value):
    d = digits(value)
    return len(d) == 13 and (sum(d[i] * (1 + i % 2) for i in range(12)) + d[12]) % 10 == 0


def brn_check(value):
    d = digits(value)
    total = sum(a * b for a, b in zip(d, (1, 3, 7, 1, 3, 7, 1, 3, 5))) + d[8] * 5 // 10
    return (total + d[9]) % 10 == 0


def uscc_organisation(value):
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    check = 11 - sum(alphabet.index(c) * w for c, w in zip(value[8:16], (3, 7, 9, 10, 5, 8, 4, 2))) % 11
    return value[16] == {10: "X", 11: "0"}.get(check, str(check))


def hetu_temporary(value):
    return of("fi.hetu", allow_temporary=True)(value)


def cpr_day(value):
    return of("dk.cpr")(f"{int(value[:2]) - 60:02}" + value[2:])


def fodselsnummer_check(value):
    check = module("no.fodselsnummer")
    return value[9] == check.calc_check_digit1(value) and value[10] == check.calc_check_digit2(value)


def ein_prefix(value):
    return form(r"\d\d-\d{7}")(value)


def gstin_luhn(value):
    return luhn.is_valid(value, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


# ---- expected verdicts --------------------------------------------------------------------------
# (kind, country): validator, whether it is to accept, why not, what must be right all the same.

def accept(validator):
    return (validator, True, "", None)


def reject(validator, reason, rest):
    return (validator, False, reason, rest)


def idnr_check(value):
    counts = Counter(Counter(value[:10]).values())
    return value[0] == "0" and counts == {1: 8, 2: 1} and module("iso7064.mod_11_10").is_valid(value)


PERSONS = {
    "AE": accept(lambda v: form(r"784-\d{4}-\d{7}-\d")(v) and luhn_right(v)),
    "AT": reject(of("at.tin"), "no tax office has that number", lambda v: luhn_right(v)),
    "AU": accept(of("au.tfn")),
    "BE": accept(of("be.nn")),
    "BR": accept(of("br.cpf")),
    "CA": accept(of("ca.sin")),
    "CH": accept(of("ch.ssn")),
    "CN": reject(of("cn.ric"), "there is no province 99", lambda v: module("cn.ric").calc_check_digit(v) == v[-1]),
    "DE": reject(of("de.idnr"), "a first digit 0 is for tests", idnr_check),
    "DK": reject(of("dk.cpr"), "the day is 60 too high", cpr_day),
    "ES": accept(of("es.dni")),
    "FI": reject(of("fi.hetu"), "serials from 900 are temporary", hetu_temporary),
    "FR": reject(of("fr.nif"), "first digits are 0 to 3", nir_spi),
    "GB": reject(form(r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PRSTW-Z][A-CEGHJ-NPRSTW-Z]\d{6}[A-D]"), "QQ is no prefix",
                 form(r"QQ\d{6}[A-D]")),
    "HK": accept(hkid),
    "IE": accept(of("ie.pps")),
    "IN": reject(of("in_.pan"), "serials begin with 0001", form(r"[A-Z]{3}P[A-Z]0000[A-Z]")),
    "IT": accept(of("it.codicefiscale")),
    "JP": accept(my_number),
    "KR": reject(of("kr.rrn"), "regions end with 96",
                 lambda v: module("kr.rrn").calc_check_digit(v.replace("-", "")[:-1]) == v[-1]),
    "MX": accept(of("mx.rfc", validate_check_digits=True)),
    "NL": accept(of("nl.bsn")),
    "NO": reject(of("no.fodselsnummer"), "the month is 80 too high", fodselsnummer_check),
    "PL": accept(of("pl.pesel")),
    "PT": accept(of("pt.nif")),
    "RU": accept(of("ru.inn")),
    "SA": accept(lambda v: form(r"\d{10}")(v) and luhn_right(v)),
    "SE": accept(of("se.personnummer")),
    "SG": accept(nric),
    "TR": accept(of("tr.tckimlik")),
    "US": reject(of("us.ssn"), "no area begins with 9", lambda v: form(r"\d{3}-\d\d-\d{4}")(v) and not of("us.itin")(v)),
    "ZA": reject(of("za.tin"), "first digits are 0 to 3 and 9", luhn_right),
}
COMPANIES = {
    "AE": accept(form(r"\d{15}")),
    "AT": accept(of("at.uid")),
    "AU": accept(lambda v: of("au.abn")(v) and of("au.acn")(v[2:])),
    "BE": accept(of("be.vat")),
    "BR": accept(of("br.cnpj")),
    "CA": accept(of("ca.bn")),
    "CH": accept(of("ch.vat")),
    "CN": accept(lambda v: of("cn.uscc")(v) and uscc_organisation(v)),
    "DE": reject(of("de.vat"), "a first digit 0 cannot be", lambda v: module("iso7064.mod_11_10").is_valid(v[2:])),
    "DK": reject(of("dk.cvr"), "a first digit 0 cannot be", lambda v: module("dk.cvr").checksum(v[2:]) == 0),
    "ES": accept(of("es.cif")),
    "FI": accept(of("fi.ytunnus")),
    "FR": accept(of("fr.tva")),
    "GB": accept(of("gb.utr")),
    "HK": accept(form(r"\d{8}")),
    "IE": accept(of("ie.vat")),
    "IN": reject(of("in_.gstin"), "serials begin with 0001", gstin_luhn),
    "IT": reject(of("it.iva"), "no province office has that number", luhn_right),
    "JP": accept(of("jp.cn")),
    "KR": reject(of("kr.brn"), "offices begin with 101", brn_check),
    "MX": accept(of("mx.rfc", validate_check_digits=True)),
    "NL": accept(of("nl.btw")),
    "NO": accept(of("no.mva")),
    "PL": accept(of("pl.nip")),
    "PT": accept(of("pt.nif")),
    "RU": accept(of("ru.inn")),
    "SA": accept(lambda v: form(r"3\d{12}03")(v) and luhn.is_valid(v[:10])),
    "SE": accept(of("se.vat")),
    "SG": accept(of("sg.uen")),
    "TR": accept(of("tr.vkn")),
    "US": reject(of("us.ein"), "no campus has that prefix", ein_prefix),
    "ZA": reject(of("za.tin"), "first digits are 0 to 3 and 9", luhn_right),
}
REGISTERS = {
    "AU": accept(of("au.acn")), "BE": accept(of("be.vat")), "CH": accept(of("ch.uid")), "CN": accept(of("cn.uscc")),
    "DK": reject(of("dk.cvr"), "a first digit 0 cannot be", lambda v: module("dk.cvr").checksum(v) == 0),
    "FI": accept(of("fi.ytunnus")), "FR": accept(of("fr.siren")), "JP": accept(of("jp.cn")), "NO": accept(of("no.orgnr")),
    "PT": accept(of("pt.nif")), "RU": accept(ogrn), "SE": accept(of("se.orgnr")), "SG": accept(of("sg.uen")),
    "KR": accept(korean_corporation), "GB": accept(form(r"\d{8}")), "DE": accept(form(r"HRB \d{7}(-\d+)?")),
    "US": accept(form(r"US-(\d{5}|\d{7}|\d{12})")),
}


def weighted(text, weights):
    return sum(int(c) * w for c, w in zip(text, weights))


def rib(b):
    return (89 * int(b[:5]) + 15 * int(b[5:10]) + 3 * int(b[10:21]) + int(b[21:])) % 97 == 0


def cin(b):
    odd = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16,
                                                  10, 22, 25, 24, 23)))
    odd.update({str(i): odd["ABCDEFGHIJ"[i]] for i in range(10)})
    return chr(65 + sum(odd[c] if i % 2 == 0 else int(c) for i, c in enumerate(b[1:])) % 26) == b[0]


def czech(b):
    return weighted(b[4:10], (10, 5, 8, 4, 2, 1)) % 11 == 0 and weighted(b[10:], (6, 3, 7, 9, 10, 5, 8, 4, 2, 1)) % 11 == 0


def to_ten(text, weights):
    """The last digit brings the weighted sum to a multiple of ten."""
    return (sum(int(c) * weights[i % len(weights)] for i, c in enumerate(text[:-1])) + int(text[-1])) % 10 == 0


# The countries' own check digits in an IBAN, of what follows the first four characters; stdnum has those of BE, ES and NO.
NATIONAL = {
    "CZ": czech, "SK": czech, "FR": rib, "MC": rib, "IT": cin,
    "EE": lambda b: to_ten(b[:1:-1][1:] + b[-1], (7, 3, 1)),
    "FI": luhn.is_valid,
    "HR": lambda b: module("iso7064.mod_11_10").is_valid(b[:7]) and module("iso7064.mod_11_10").is_valid(b[7:]),
    "HU": lambda b: to_ten(b[:8], (9, 7, 3, 1)) and to_ten(b[8:], (9, 7, 3, 1)),
    "IS": lambda b: weighted(b[12:], (3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0,
    "NL": lambda b: weighted(b[4:], range(10, 0, -1)) % 11 == 0,
    "NO": lambda b: weighted(b, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0 and b[4:6] != "00",
    "PL": lambda b: to_ten(b[:8], (3, 9, 7, 1)),
    "PT": lambda b: int(b) % 97 == 1,
    "SE": lambda b: luhn.is_valid(b[9:]),
    "SI": lambda b: int(b) % 97 == 1,
}
IBANS = {country: (iban.is_valid, True, "", lambda v: NATIONAL[v[:2]](v[4:])) for country in NATIONAL}
IBANS["BE"] = reject(iban.is_valid, "no bank has that code", lambda v: iban.is_valid(v, check_country=False)
                     and (int(v[4:14]) % 97 or 97) == int(v[14:]))
ANY = {
    "iban": accept(iban.is_valid), "pan": accept(lambda v: len(v) == 16 and luhn.is_valid(v)), "lei": accept(lei.is_valid),
    "bic": accept(lambda v: bic.is_valid(v) and v[7] == "0" and pycountry.countries.get(alpha_2=v[4:6]) is not None),
    "routing_number": accept(of("us.rtn")),
    "registration_number": accept(form(r"[A-Z]{0,3}[- /A-Za-z0-9.]{5,24}")),
    "passport_number": accept(form(r"[A-Z0-9]{8,9}")),
    "licence_number": accept(form(r"[A-Z0-9][A-Z0-9 /-]{6,17}")),
    "phone": accept(lambda v: v.startswith("+") and phonenumbers.is_possible_number(phonenumbers.parse(v))),
}
TABLES = {"person_tax_id": PERSONS, "company_tax_id": COMPANIES, "registration_number": REGISTERS, "iban": IBANS}


def expected(kind, country):
    return TABLES.get(kind, {}).get(country) or ANY.get(kind)


def of_person(row):
    country = row.get("nationality")
    if row.get("tax_id"):
        yield "person_tax_id", country, row["tax_id"]
    for phone in row.get("phones") or []:
        number = phone["number"] if isinstance(phone, dict) else phone
        yield "phone", phonenumbers.region_code_for_number(phonenumbers.parse(number)) or "--", number
    for paper in row.get("documents") or []:
        kind = {"passport": "passport_number", "drivers_license": "licence_number",
                "driving_licence": "licence_number"}.get(paper.get("type"))
        if kind and paper.get("number"):
            yield kind, paper.get("country") or country, paper["number"]


def of_company(row):
    country = row.get("registration_country") or row.get("country")
    for field, kind in (("tax_id", "company_tax_id"), ("registration_number", "registration_number"), ("lei", "lei")):
        if row.get(field):
            yield kind, country if kind != "lei" else "--", row[field]
    if row.get("phone"):
        yield "phone", phonenumbers.region_code_for_number(phonenumbers.parse(row["phone"])) or "--", row["phone"]


def of_account(row):
    if row.get("iban"):
        yield "iban", row["iban"][:2], row["iban"]
    if row.get("bic"):
        yield "bic", row["bic"][4:6], row["bic"]
    if row.get("routing_number"):
        yield "routing_number", "US", row["routing_number"]
    pan = (row.get("card") or {}).get("pan") or row.get("card.pan")
    if pan:
        yield "pan", "--", pan


def values_of(row):
    if "emails" in row or "nationality" in row:
        return of_person(row)
    if "legal_name" in row or "registration_country" in row:
        return of_company(row)
    return of_account(row)


def main():
    if "--help" in sys.argv[1:]:
        print(__doc__)
        return 0
    program = "--from-program" in sys.argv[1:]
    found = defaultdict(list)
    for line in sys.stdin:
        row = json.loads(line)
        for kind, country, value in ([(row["kind"], row["country"], row["value"])] if program else values_of(row)):
            found[kind, country].append(value)
    passed = failed = 0
    for (kind, country), values in sorted(found.items(), key=lambda item: (item[0][0], str(item[0][1]))):
        rule = expected(kind, country)
        repeated = len(values) - len(set(values))
        if rule is None:
            failed += 1
            print(f"FAIL {kind} {country}: {len(values)} values and no rule, e.g. {values[0]}")
            continue
        validator, wanted, reason, rest = rule
        verdicts = [bool(validator(value)) for value in values]
        accepted = sum(verdicts)
        wrong = [v for v, verdict in zip(values, verdicts) if verdict != wanted or (rest is not None and not rest(v))]
        text = "accepted" + (" with national check digits" if rest else "") if wanted else f"rejected: {reason}; the rest right"
        note = f", {repeated} repeated" if repeated else ""
        if kind == "phone":
            valid = sum(phonenumbers.is_valid_number(phonenumbers.parse(v)) for v in values)
            note += f", {valid} in use by the national plan"
        print(f"{'FAIL' if wrong else 'ok  '} {kind} {country}: {len(values)} values, {accepted} accepted, "
              f"{len(values) - accepted} rejected{note}; expected: {text}" + (f"; e.g. {wrong[0]}" if wrong else ""))
        failed += bool(wrong)
        passed += not wrong
    if not found:
        print("FAIL no identifiers to check")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
