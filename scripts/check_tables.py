#!/usr/bin/env python3
"""Checks the tables under engine/tables (or the directories given) against engine/tables/README.md.

Usage: scripts/check_tables.py [--counts] [DIR...]
DIR is a directory of one locale, language or shared tables. --counts prints rows a table.
One line a mistake: FILE:LINE: what; exit status 1 when there was any.
"""
import os
import re
import sys

TOP = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "engine", "tables")
LOCALE = {
    "locale": "key value", "given_female": "name latin weight:int", "given_male": "name latin weight:int",
    "family": "name latin female female_latin weight:int",
    "patronymics": "male male_latin female female_latin weight:int",
    "cities": "city latin region postal latitude_e7:int longitude_e7:int population:int utc_minutes:int dst area_code",
    "streets": "name weight:int", "company_forms": "form latin weight:int type sole:int",
    "banks": "name latin code bic weight:int"}
LANGUAGE = {
    "language": "key value", "occupations": "key title female", "company_first": "word latin",
    "company_second": "word latin industry sub_industry", "merchants": "pattern mcc", "grammar": "rule text tone:int"}
SHARED = {
    "industries": "key weight:int", "sub_industries": "key industry weight:int mcc",
    "mcc": "mcc category weight:int median_cents:int sigma_e2:int online_permille:int industry",
    "cash_industries": "key industry sub_industry"}
KEYS = ("language country currency weight calling_code name_order surnames middle middle_permille decimal_point "
        "thousands_point grouping amount_pattern date_pattern street_pattern mobile landline income price_level").split()
TYPES = "corporation llc partnership sole_proprietorship non_profit government trust".split()
BIG = "US GB DE FR ES MX IT BR PT RU CN JP KR IN SA".split()
# Rows at least: (big, other)
LEAST = {"given_female": (300, 150), "given_male": (300, 150), "family": (400, 200), "cities": (60, 15),
         "streets": (150, 80), "banks": (30, 15), "company_forms": (6, 4)}
SMALL_CITIES = "SG HK".split()
FEW_FAMILIES = {"KR": 280}  # the Korean census counts fewer than 300 surnames with more than a few bearers
LANGUAGE_LEAST = {"occupations": 150, "company_first": 300, "company_second": 110, "merchants": 250, "grammar": 420}
CODES = {"AT": r"\d{5}", "BE": r"\d{3}", "CH": r"\d{5}", "DE": r"\d{8}", "DK": r"\d{4}", "ES": r"\d{8}", "FI": r"\d{6}",
         "FR": r"\d{10}", "GB": r"\d{6}", "IE": r"\d{6}", "IT": r"\d{10}", "NL": r"[A-Z]{4}", "NO": r"\d{4}",
         "PL": r"\d{8}", "PT": r"\d{8}", "SE": r"\d{3}", "TR": r"\d{5}", "RU": r"\d{9}", "AE": r"\d{3}", "SA": r"\d{2}",
         "BR": r"\d{8}", "US": r"\d{9}", "CA": r"\d{3}", "AU": r"\d{6}", "CN": r"\d{12}", "HK": r"\d{3}",
         "IN": r"[A-Z]{4}0\d{6}", "JP": r"\d{4}", "KR": r"\d{3}", "MX": r"\d{3}", "SG": r"\d{4}", "ZA": r"\d{6}"}
REGISTERS, MATTERS = ("formal", "informal"), ("paid", "got", "plain")
TOP_RULES = ([f"{m}_{r}_{x}" for m in ("subject", "email", "short") for r in REGISTERS for x in MATTERS]
             + [f"{m}_{r}_{x}" for m in ("reply", "shortreply") for r in REGISTERS for x in MATTERS + ("more",)]
             + [f"call_{x}" for x in MATTERS] + ["social", "sensitive", "describe"]
             + ["remit_" + x for x in ("transfer invoice energy phone insurance housing bill salary rent standing saving cash deposit interest refund "
                                       "payout opening").split()])
PAYMENT = {"amount", "date", "reference"}
VARIABLES = PAYMENT | {"given", "sender", "number", "time", "weekday", "month", "city", "company", "trade"}

# Columns of a table's key, where it is more than the first.
KEY_COLUMNS = {"cities.tsv": (0, 2), "grammar.tsv": (0, 1), "keywords.tsv": (0, 2)}

mistakes = 0


def wrong(path, line, what):
    global mistakes
    mistakes += 1
    print(f"{path}:{line}: {what}" if line else f"{path}: {what}")


def read(path, columns):
    """Rows as (line number, {column: cell}); says what is wrong."""
    names, rows, head, seen = columns.split(), [], None, {}
    cell_most = 200 if os.path.basename(path) in ("grammar.tsv", "language.tsv", "locale.tsv") else 60
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.startswith("#") or not line:
                continue
            cells = line.split("\t")
            if head is None:
                head = cells
                if cells != names:
                    wrong(path, number, f"the columns must be: {columns}")
                    return []
                continue
            if len(cells) != len(names):
                wrong(path, number, f"{len(cells)} cells, not {len(names)}")
                continue
            for name, cell in zip(names, cells):
                if not cell or cell != cell.strip():
                    wrong(path, number, f"{name}: empty or blanks at an end: {cell!r}")
                elif name.endswith(":int") and not re.fullmatch(r"-?\d{1,18}", cell):
                    wrong(path, number, f"{name}: not an integer: {cell}")
                if len(cell.encode()) > cell_most:
                    wrong(path, number, f"{name}: more than {cell_most} bytes")
            table = os.path.basename(path)
            key = tuple(cells[i] for i in KEY_COLUMNS.get(table, (0,)))
            if key in seen and table != "merchants.tsv":
                wrong(path, number, f"{key[0]!r} stands in line {seen[key]} already")
            seen[key] = number
            rows.append((number, {name.split(":")[0]: cell for name, cell in zip(names, cells)}))
    if head is None or not rows:
        wrong(path, 0, "no rows")
    return rows


def weights(path, rows):
    if rows and all(int(r["weight"]) <= 0 for _, r in rows):
        wrong(path, 0, "no weight above 0")
    for number, row in rows:
        if not 0 <= int(row["weight"]) < 2**31:
            wrong(path, number, f"weight {row['weight']} is out of range")


def is_latin(text):
    return all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 or c in "’‘–" for c in text)


def latin(path, rows, key="name", other="latin"):
    for number, row in rows:
        if row[other] == "-" and row[key] != "-" and not is_latin(row[key]):
            wrong(path, number, f"{row[key]} is not Latin and has no {other}")
        elif row[other] != "-" and not all(32 <= ord(c) < 127 for c in row[other]):
            wrong(path, number, f"{other} '{row[other]}' is not plain ASCII")


def postal(path, number, pattern):
    for one in pattern.split("|"):
        for low, high in re.findall(r"\{(\d+)-(\d+)\}", one):
            if int(low) > int(high) or len(high) > len(low):
                wrong(path, number, f"postal range {low}-{high}")
        if re.search(r"[{}]", re.sub(r"\{\d+-\d+\}", "", one)):
            wrong(path, number, f"postal pattern {one}")


def check_locale(path, tables, counts):
    facts = {r["key"]: r["value"] for _, r in tables["locale"]}
    file = os.path.join(path, "locale.tsv")
    for key in KEYS:
        if key not in facts:
            wrong(file, 0, f"key {key} is missing")
            return
    for key in facts:
        if key not in KEYS:
            wrong(file, 0, f"key {key} is unknown")
    name = os.path.basename(os.path.abspath(path))
    country = facts["country"]
    if name != f"{facts['language']}_{country}":
        wrong(file, 0, f"the directory must be named {facts['language']}_{country}")
    for key, values in (("name_order", ("given_family", "family_given")), ("surnames", ("1", "2")),
                        ("middle", ("given", "father", "patronymic", "none")), ("grouping", ("3", "3-2")),
                        ("decimal_point", (".", ",")), ("thousands_point", (".", ",", "'", "space", "nbsp", "none"))):
        if facts[key] not in values:
            wrong(file, 0, f"{key} must be one of {' '.join(values)}")
    for key, most in (("weight", 10000), ("middle_permille", 1000), ("income", 10**9), ("price_level", 300)):
        if not facts[key].isdigit() or int(facts[key]) > most or (key != "middle_permille" and int(facts[key]) == 0):
            wrong(file, 0, f"{key} is out of range")
    for key, holes in (("amount_pattern", ["{amount}"]), ("street_pattern", ["{street}"])):
        for hole in holes:
            if hole not in facts[key]:
                wrong(file, 0, f"{key} lacks {hole}")
    if set(re.findall(r"\{(\w+)\}", facts["date_pattern"])) - {"d", "dd", "m", "mm", "yy", "yyyy", "month"}:
        wrong(file, 0, "date_pattern has an unknown placeholder")
    for key in ("mobile", "landline"):
        for pattern in facts[key].split(","):
            if not re.fullmatch(r"\+(\d|#|\{area\})+", pattern) or not pattern.startswith(facts["calling_code"]):
                wrong(file, 0, f"{key}: {pattern} is no E.164 pattern of {facts['calling_code']}")
            longest = max((len(r["area_code"]) for _, r in tables["cities"] if r["area_code"] != "-"), default=0)
            digits = len(pattern.replace("{area}", "0" * longest)) - 1
            if not 7 <= digits <= 15:
                wrong(file, 0, f"{key}: {pattern} has {digits} digits")
            if "{area}" in pattern and any(r["area_code"] == "-" for _, r in tables["cities"]):
                wrong(file, 0, f"{key}: {pattern} needs an area code of every city")
    if (facts["middle"] == "patronymic") != bool(tables.get("patronymics")):
        wrong(path, 0, "patronymics.tsv belongs to middle patronymic, and the other way round")
    big = country in BIG
    for table, (for_big, for_other) in LEAST.items():
        least = for_big if big else for_other
        if table == "cities" and country in SMALL_CITIES:
            least = 10
        if table == "family":
            least = FEW_FAMILIES.get(country, least)
        if len(tables[table]) < least:
            wrong(os.path.join(path, table + ".tsv"), 0, f"{len(tables[table])} rows; at least {least}")
    for table in ("given_female", "given_male", "family", "streets", "company_forms", "banks"):
        weights(os.path.join(path, table + ".tsv"), tables[table])
    for table, key in (("given_female", "name"), ("given_male", "name"), ("family", "name"), ("cities", "city"),
                       ("company_forms", "form"), ("banks", "name")):
        latin(os.path.join(path, table + ".tsv"), tables[table], key)
    latin(os.path.join(path, "family.tsv"), tables["family"], "female", "female_latin")
    file = os.path.join(path, "cities.tsv")
    for number, row in tables["cities"]:
        if not -900000000 <= int(row["latitude_e7"]) <= 900000000 or not -1800000000 <= int(row["longitude_e7"]) <= 1800000000:
            wrong(file, number, "coordinates are off the globe")
        if row["dst"] not in ("none", "us", "eu", "au"):
            wrong(file, number, f"dst {row['dst']} is unknown")
        if not -720 <= int(row["utc_minutes"]) <= 840 or int(row["utc_minutes"]) % 15:
            wrong(file, number, "utc_minutes is no standard time")
        if row["area_code"] != "-" and not row["area_code"].isdigit():
            wrong(file, number, f"area code {row['area_code']}")
        if int(row["population"]) <= 0:
            wrong(file, number, "population must be above 0")
        if row["postal"] != "-":
            postal(file, number, row["postal"])
    file = os.path.join(path, "company_forms.tsv")
    for number, row in tables["company_forms"]:
        if row["type"] not in TYPES or row["sole"] not in "01":
            wrong(file, number, "type or sole is unknown")
        if "{name}" not in row["form"] or (row["latin"] != "-" and "{name}" not in row["latin"]):
            wrong(file, number, "a form needs {name}")
    file = os.path.join(path, "banks.tsv")
    codes = [r["code"] for _, r in tables["banks"]]
    for number, row in tables["banks"]:
        if country in CODES and not re.fullmatch(CODES[country], row["code"]):
            wrong(file, number, f"code {row['code']} is not {CODES[country]}")
        if codes.count(row["code"]) > 1:
            wrong(file, number, f"code {row['code']} stands twice")
        if not re.fullmatch(rf"[A-Z]{{4}}{country}[A-Z0-9]0([A-Z0-9]{{3}})?", row["bic"]):
            wrong(file, number, f"BIC {row['bic']} is not XXXX{country}?0 or XXXX{country}?0YYY")


def holes(text):
    return re.findall(r"\{(\w+)\}", text)


def ways(rules, rule, depth=0):
    """How many texts a rule can give, variables not counted; stops counting at 10^9."""
    if depth > 8:
        return 0
    total = 0
    for text in rules.get(rule, ()):
        product = 1
        for hole in holes(text):
            if hole in rules:
                product = min(10**9, product * ways(rules, hole, depth + 1))
        total += product
    return min(total, 10**9)


def reach(rules, rule, found, stack=()):
    for text in rules.get(rule, ()):
        for hole in holes(text):
            if hole in stack:
                found.add("a loop: " + hole)
            elif hole in rules:
                reach(rules, hole, found, stack + (hole,))
            else:
                found.add(hole)
    return found


def always_names(rules, rule):
    """Whether every way of the rule names the payment."""
    return all(any(h in PAYMENT or (h in rules and always_names(rules, h)) for h in holes(text)) for text in rules[rule])


def check_grammar(path, rows):
    rules = {}
    for number, row in rows:
        rules.setdefault(row["rule"], []).append(row["text"])
        if not re.fullmatch(r"[a-z][a-z0-9_]*", row["rule"]) or row["rule"] in VARIABLES:
            wrong(path, number, f"rule name {row['rule']}")
        if not -100 <= int(row["tone"]) <= 100:
            wrong(path, number, "tone is out of range")
        if re.search(r"[{}]", re.sub(r"\{\w+\}", "", row["text"])):
            wrong(path, number, "a brace stands alone")
        for hole in holes(row["text"]):
            if hole not in VARIABLES and hole not in {r["rule"] for _, r in rows}:
                wrong(path, number, f"{{{hole}}} is neither variable nor rule")
    used = set(TOP_RULES) | {h for texts in rules.values() for t in texts for h in holes(t)}
    for rule in rules:
        if rule not in used:
            wrong(path, 0, f"rule {rule} is used nowhere")
    for rule in TOP_RULES:
        if rule not in rules:
            wrong(path, 0, f"rule {rule} is missing")
            continue
        found = reach(rules, rule, set(), (rule,))
        for loop in (f for f in found if f.startswith("a loop")):
            wrong(path, 0, f"rule {rule} runs in {loop}")
        if any(f.startswith("a loop") for f in found):
            continue
        if rule.startswith("remit_") and found - {"number", "month"}:
            wrong(path, 0, f"rule {rule} may only use {{number}} and {{month}}")
        elif rule == "describe" and found - {"trade", "city"}:
            wrong(path, 0, "rule describe may only use {trade} and {city}")
        elif rule != "describe" and "trade" in found:
            wrong(path, 0, f"rule {rule} may not use {{trade}}")
        if rule.endswith(("_plain", "_more")) or rule in ("social", "sensitive"):
            if found & PAYMENT:
                wrong(path, 0, f"rule {rule} may not name a payment")
        if rule.endswith(("_paid", "_got")) and not rule.startswith(("reply", "shortreply", "subject")) and not always_names(rules, rule):
            wrong(path, 0, f"rule {rule} must name {{amount}}, {{date}} or {{reference}} in every text")
        if rule.startswith("email_") and ways(rules, rule) < 100000:
            wrong(path, 0, f"rule {rule} gives only {ways(rules, rule)} texts; at least 100000")
        if rule.startswith("short_") and ways(rules, rule) < 150:
            wrong(path, 0, f"rule {rule} gives only {ways(rules, rule)} texts; at least 150")


def check_language(path, tables):
    for table, least in LANGUAGE_LEAST.items():
        if table in tables and len(tables[table]) < least:
            wrong(os.path.join(path, table + ".tsv"), 0, f"{len(tables[table])} rows; at least {least}")
    if "language" in tables:
        facts = {r["key"]: r["value"] for _, r in tables["language"]}
        file = os.path.join(path, "language.tsv")
        for key, count in (("months", 12), ("months_in_dates", 12), ("weekdays", 7)):
            if len(facts.get(key, "").split("|")) != count:
                wrong(file, 0, f"{key} must hold {count} names")
        if facts.get("name_join") not in ("space", "none"):
            wrong(file, 0, "name_join must be space or none")
    for table in ("company_first", "company_second"):
        if table in tables:
            latin(os.path.join(path, table + ".tsv"), tables[table], "word")
    industries = {r["key"] for _, r in shared("industries")} | {"any"}
    industry_of = {r["key"]: r["industry"] for _, r in shared("sub_industries")} | {"-": "any"}
    for number, row in tables.get("company_second", ()):
        file = os.path.join(path, "company_second.tsv")
        if row["industry"] not in industries:
            wrong(file, number, f"industry {row['industry']} is unknown")
        of_industry(file, number, row, industry_of)
    mccs = {r["mcc"] for _, r in shared("mcc")}
    for number, row in tables.get("merchants", ()):
        file = os.path.join(path, "merchants.tsv")
        if row["mcc"] not in mccs:
            wrong(file, number, f"category {row['mcc']} is not in shared/mcc.tsv")
        if set(holes(row["pattern"])) - {"family", "city", "first"}:
            wrong(file, number, "a pattern may hold {family}, {city} and {first}")
    if "merchants" in tables and len({r["mcc"] for _, r in tables["merchants"]}) < 60:
        wrong(os.path.join(path, "merchants.tsv"), 0, "fewer than 60 merchant categories")
    if "occupations" in tables:
        keys = {r["key"] for _, r in shared("occupations")}
        have = {r["key"] for _, r in tables["occupations"]}
        for key in sorted(keys - have):
            wrong(os.path.join(path, "occupations.tsv"), 0, f"no title for {key}")
        for key in sorted(have - keys):
            wrong(os.path.join(path, "occupations.tsv"), 0, f"{key} is not in shared/occupations.tsv")
    if "grammar" in tables:
        check_grammar(os.path.join(path, "grammar.tsv"), tables["grammar"])


def shared(name):
    path = os.path.join(TOP, "shared", name + ".tsv")
    with open(path, encoding="utf-8") as file:
        lines = [(i, l.rstrip("\n").split("\t")) for i, l in enumerate(file, 1) if not l.startswith("#")]
    head = [h.split(":")[0] for h in lines[0][1]]
    return [(i, dict(zip(head, cells))) for i, cells in lines[1:]]


def of_industry(path, number, row, industry_of):
    """Whether the sub-industry of a row is known and one of the row's industry."""
    line = row["sub_industry"]
    if line not in industry_of:
        wrong(path, number, f"sub_industry {line} is unknown")
    elif industry_of[line] != row["industry"]:
        wrong(path, number, f"sub_industry {line} is one of {industry_of[line]}, not {row['industry']}")


def check_lines_of_business(path, tables):
    """Each sub-industry has its industry and categories of card payments; each category its industry."""
    industries = {r["key"] for _, r in tables["industries"]}
    mccs = {r["mcc"] for _, r in tables["mcc"]}
    for table in ("sub_industries", "mcc"):
        for number, row in tables[table]:
            if row["industry"] not in industries:
                wrong(os.path.join(path, table + ".tsv"), number, f"industry {row['industry']} is unknown")
    file = os.path.join(path, "sub_industries.tsv")
    weights(file, tables["sub_industries"])
    for industry in sorted(industries - {r["industry"] for _, r in tables["sub_industries"]}):
        wrong(file, 0, f"{industry} has no sub-industry")
    for number, row in tables["sub_industries"]:
        codes = row["mcc"].split("|")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", row["key"]):
            wrong(file, number, f"key {row['key']} is not of small letters, digits and underscores")
        if len(codes) > 5 or len(set(codes)) < len(codes):
            wrong(file, number, f"mcc {row['mcc']}: more than 5 categories, or one twice")
        for code in codes:
            if code not in mccs:
                wrong(file, number, f"category {code} is not in mcc.tsv")
    industry_of = {r["key"]: r["industry"] for _, r in tables["sub_industries"]}
    for number, row in tables["cash_industries"]:
        of_industry(os.path.join(path, "cash_industries.tsv"), number, row, industry_of)


def check_shared(path, counts):
    tables = {}
    for file in sorted(os.listdir(path)):
        if file.endswith(".tsv"):
            with open(os.path.join(path, file), encoding="utf-8") as lines:
                head = next((l.rstrip("\n") for l in lines if not l.startswith("#")), "")
            rows = tables[file[:-4]] = read(os.path.join(path, file), SHARED.get(file[:-4], head.replace("\t", " ")))
            if counts:
                print(f"{os.path.join(path, file)}: {len(rows)} rows")
    for table in sorted(set(SHARED) - set(tables)):
        wrong(os.path.join(path, table + ".tsv"), 0, "the table is missing")
        return
    if all(tables[table] for table in SHARED):
        check_lines_of_business(path, tables)


def check_override(path, tables):
    """Words of company names are numbered alike in all locales of a language: that keeps names unique."""
    for table in ("company_first", "company_second"):
        of_language = os.path.join(os.path.dirname(os.path.abspath(path)), os.path.basename(os.path.abspath(path))[:2],
                                   table + ".tsv")
        if table in tables and os.path.exists(of_language):
            rows = read(of_language, LANGUAGE[table])
            if len(rows) != len(tables[table]):
                wrong(os.path.join(path, table + ".tsv"), 0, f"{len(tables[table])} rows, but its language has {len(rows)}")


def check(path, counts):
    name = os.path.basename(os.path.abspath(path))
    if name == "shared":
        check_shared(path, counts)
        return
    is_language = re.fullmatch(r"[a-z]{2}", name) is not None
    if not is_language and not re.fullmatch(r"[a-z]{2}_[A-Z]{2}", name):
        wrong(path, 0, "a directory is named shared, like a language (de) or like a locale (de_AT)")
        return
    wanted = dict(LANGUAGE) if is_language else dict(LOCALE)
    files = {f[:-4] for f in os.listdir(path) if f.endswith(".tsv")}
    tables = {}
    for table in sorted(files):
        columns = wanted.get(table) or LANGUAGE.get(table)
        if columns is None:
            wrong(os.path.join(path, table + ".tsv"), 0, "no table has that name")
            continue
        tables[table] = read(os.path.join(path, table + ".tsv"), columns)
        if counts:
            print(f"{os.path.join(path, table)}.tsv: {len(tables[table])} rows")
    for table in sorted(set(wanted) - files - {"patronymics"}):
        wrong(os.path.join(path, table + ".tsv"), 0, "the table is missing")
        return
    if not is_language:
        check_locale(path, tables, counts)
    check_language(path, {t: r for t, r in tables.items() if t in LANGUAGE})
    if not is_language:
        check_override(path, tables)


def main():
    arguments = [a for a in sys.argv[1:] if a != "--counts"]
    if "--help" in arguments:
        print(__doc__)
        return 0
    paths = arguments or sorted(os.path.join(TOP, d) for d in os.listdir(TOP) if os.path.isdir(os.path.join(TOP, d)))
    for path in paths:
        check(path, "--counts" in sys.argv)
    if not arguments:
        print(f"{len(paths)} directories, {mistakes} mistakes")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
