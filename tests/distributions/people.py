"""Persons and companies: ages, genders, names, households, incomes, sizes."""
import math
import random
from bisect import bisect_right
from collections import Counter, defaultdict

from dataset import shared
from report import chi_square_z, deviation, median, rank_correlation, share_error, slope

YEAR = 365.2425
# Adults by classes of age, from 18 to 95: Western age pyramids near 2025, in per mille of 1,000 adults.
PYRAMID = ((18, 31), (20, 74), (25, 80), (30, 86), (35, 85), (40, 81), (45, 76), (50, 80), (55, 88), (60, 86), (65, 73),
           (70, 58), (75, 46), (80, 33), (85, 17), (90, 6))


class Person:
    __slots__ = ("gender", "first_name", "last_name", "birth", "nationality", "home", "jobs", "is_head")


def read_persons(data):
    persons, before = [], None
    for row in data.rows("persons", "gender", "first_name", "last_name", "date_of_birth", "nationality", "addresses",
                         "employment"):
        one = Person()
        (one.gender, one.first_name, one.last_name, one.birth, one.nationality, addresses, one.jobs) = row
        one.home = addresses[0][:5]
        one.is_head = one.home != before  # neighbours in number who share an address are a household
        before = one.home
        persons.append(one)
    return persons


# ---- ages -----------------------------------------------------------------------------------------------------

def measure_ages(report, data, persons):
    counts, classes = Counter(), [low for low, _ in PYRAMID]
    for one in persons:
        counts[classes[bisect_right(classes, max(18, (data.end - one.birth) / YEAR)) - 1]] += 1
    for low, weight in PYRAMID:
        share = weight / sum(w for _, w in PYRAMID)
        # Couples are of an age: a household is less than two independent draws, so errors are half as large again.
        report.check(f"age from {low}", counts[low] / len(persons), share, 1.5 * share_error(share, len(persons)) + 0.003,
                     "US Census Bureau and Destatis near 2025, in classes of five years; households shift some")


def measure_genders(report, persons):
    counts = Counter(one.gender for one in persons)
    for gender, target in (("female", 0.49), ("male", 0.49), ("non_binary", 0.01), ("prefer_not_to_say", 0.01)):
        report.check(f"gender {gender}", counts[gender] / len(persons), target,
                     share_error(target, len(persons), 3), "as many women as men, 1 % say neither, 1 % nothing: a choice")


# ---- names ----------------------------------------------------------------------------------------------------

def order_to_expect(shares, draws):
    """The rank correlation of weights and counts that so many draws leave: its mean and deviation in a hundred trials."""
    chance = random.Random(17)
    trials = [rank_correlation([chance.gauss(s * draws, math.sqrt(s * draws)) for s in shares], shares)
              for _ in range(100)]
    return sum(trials) / len(trials), deviation(trials)


def measure_table(report, name, seen, shares, source):
    """Frequencies of names against the weights of a table: all of them, and the order of the first hundred."""
    total = sum(seen.values())
    report.check(f"{name}, unknown names", sum(n for key, n in seen.items() if key not in shares), 0, 0, source)
    keys = sorted(shares, key=shares.get, reverse=True)
    report.check(f"{name}, chi-square over {len(keys)} names", chi_square_z([seen[k] for k in keys],
                 [shares[k] * total for k in keys]), 0, 4, f"{source}; in standard deviations, {total} draws")
    first = keys[:100]
    usual, spread = order_to_expect([shares[k] for k in first], total)
    report.check(f"{name}, rank correlation of the first hundred",
                 rank_correlation([seen[k] for k in first], [shares[k] for k in first]), usual, 4.5 * spread,
                 f"{source}; what {total} draws leave of 1")
    report.check(f"{name}, share of {keys[0]}", seen[keys[0]] / total, shares[keys[0]],
                 share_error(shares[keys[0]], total), source)


def first_surname(last_name, names):
    """The father's of two surnames: the longest beginning that is a name of the table."""
    parts = last_name.split(" ")
    for count in range(len(parts), 0, -1):
        if " ".join(parts[:count]) in names:
            return " ".join(parts[:count])
    return last_name


def measure_names(report, locales, persons):
    of = defaultdict(list)
    for one in persons:
        of[one.nationality].append(one)
    for country in sorted(of, key=lambda c: -len(of[c]))[:5]:
        locale = locales[country]
        for gender in ("female", "male"):
            table = "given_" + gender
            measure_table(report, f"given names, {gender}, {country}",
                          Counter(one.first_name for one in of[country] if one.gender == gender),
                          locale.weights(table, "name"), f"engine/tables/{locale.name}/{table}.tsv")
        # Members of a household share a draw, and women may bear another form: so men who are heads.
        weights = locale.weights("family", "name")
        heads = Counter(first_surname(one.last_name, weights) for one in of[country]
                        if one.is_head and one.gender == "male")
        measure_table(report, f"family names, {country}", heads, weights, f"engine/tables/{locale.name}/family.tsv")


# ---- households -----------------------------------------------------------------------------------------------

def measure_households(report, persons):
    sizes, size = Counter(), 0
    for one in persons[:len(persons) // 16 * 16]:
        if one.is_head and size:
            sizes[min(size, 4)] += 1
            size = 0
        size += 1
    sizes[min(size, 4)] += 1
    total = sum(sizes.values())
    for size, target in ((1, 0.38), (2, 0.36), (3, 0.14), (4, 0.12)):
        report.check(f"households of {size}{' and more' if size == 4 else ''}", sizes[size] / total, target, 0.01,
                     "census tables of households, EU and US: 38, 36, 14 and 12 %")
    members = [(a, b) for a, b in zip(persons, persons[1:]) if not b.is_head and a.nationality == b.nationality]
    report.check("members of a household with the name of the one before", sum(
        a.last_name.split(" ")[0][:4] == b.last_name.split(" ")[0][:4] for a, b in members) / len(members), 0.72, 0.06,
        "docs/model.md 4: three in four bear the head's name; of a third member's neighbour nine in sixteen and more")


# ---- incomes --------------------------------------------------------------------------------------------------

def titles(locale, occupations):
    """{title: (percent of the country's median, sigma)} of the titles that name one occupation."""
    facts = {row["key"]: (row["income_e2"], row["sigma_e2"]) for row in occupations}
    found = defaultdict(set)
    for row in locale.table("occupations"):
        for title in (row["title"], row["female"]):
            if title != "-":
                found[title].add(facts[row["key"]])
    return {title: one.pop() for title, one in found.items() if len(one) == 1}


def nearest_sigma(sigma_e2):
    return min((30, 50, 70, 90, 110, 130, 150, 180), key=lambda s: (abs(s - sigma_e2), s)) / 100


def seniority(age):
    return 0.78 if age < 25 else 0.94 if age < 35 else 1.08 if age < 55 else 1.12


def measure_incomes(report, data, locales, decimals, persons):
    occupations = shared("occupations")
    known = {country: titles(locale, occupations) for country, locale in locales.items()}
    ratios, sigmas, rest, expected, incomes = defaultdict(list), [], [], defaultdict(list), defaultdict(list)
    for one in persons:
        country = one.home[4]
        for job in one.jobs[:1]:
            facts = known[country].get(job[2])
            if job[5] is not None or facts is None:
                continue
            scale = locales[country].income * 10 ** decimals[job[7]]
            worth = seniority((data.end - one.birth) / 366)
            ratios[country].append(job[6] / (scale * facts[0] / 100))
            incomes[country].append(job[6] / scale)
            expected[country].append(facts[0] / 100 * worth)
            sigmas.append(nearest_sigma(facts[1]))
            rest.append(math.log(job[6] / (scale * facts[0] / 100 * worth)))
    cases = []
    for country in sorted(incomes, key=lambda c: -len(incomes[c])):
        # The mixture's median lies near the median of what occupations and ages have for median.
        target = median(expected[country]) * locales[country].income
        cases.append((country, median(incomes[country]) * locales[country].income / target, 1.0,
                      0.04 + 3.2 / math.sqrt(len(incomes[country]))))
    source = "locale.tsv income x income_e2 of occupations.tsv x years of work"
    for case in cases[:6]:
        report.check(f"median income in {case[0]} to its occupations'", *case[1:], source)
    report.worst("median income to its occupations'", cases, source)
    report.check("sigma of ln income around the occupation's", deviation(rest),
                 math.sqrt(sum(s * s for s in sigmas) / len(sigmas)), 0.02, "occupations.tsv sigma_e2, nearest table")
    rest.sort()
    report.check("skew of ln income: median less mean", median(rest) - sum(rest) / len(rest), 0, 0.01, "log-normal")


# ---- companies ------------------------------------------------------------------------------------------------

def measure_companies(report, data):
    sizes = sorted((n for n, shell in data.rows("companies", "employee_count", "is_shell") if not shell), reverse=True)
    tail = [(math.log(size), math.log(rank + 0.5)) for rank, size in enumerate(sizes) if size >= 10]
    # Gabaix and Ibragimov 2011: the slope's error is the root of 2 / n of itself.
    report.check("company sizes, slope of ln(rank - 1/2) on ln(size) from 10", slope(*zip(*tail)), -1.06,
                 0.03 + 3 * 1.06 * math.sqrt(2 / len(tail)), f"Axtell 2001: Zipf, 1.06; {len(tail)} firms")
    large = [size for size in sizes if size >= 691]  # beyond what the table of quantiles divides
    law = (2000 / 691) ** -1.06
    report.check("companies of 2,000 heads and more, of those with 691", sum(size >= 2000 for size in large) / len(large),
                 law, share_error(law, len(large)), f"the same law; {len(large)} firms")
    report.check("companies with fewer than 10 heads", sum(s < 10 for s in sizes) / len(sizes), 1 - 9.5 ** -1.06,
                 0.01, "the same law: 1 - 9.5^-1.06, sizes are rounded")


def measure(report, data, locales):
    decimals = {row["code"]: row["decimals"] for row in shared("currencies")}
    persons = read_persons(data)
    measure_ages(report, data, persons)
    measure_genders(report, persons)
    measure_names(report, locales, persons)
    measure_households(report, persons)
    measure_incomes(report, data, locales, decimals, persons)
    measure_companies(report, data)
