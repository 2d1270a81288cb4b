"""Accounts and transactions: kinds, balances, amounts, first digits, shares, days and hours, banks, the graph."""
import datetime
import math
from array import array
from collections import Counter, defaultdict
from itertools import chain

from dataset import DAY_MS, EPOCH, clocks, shared
from report import chi_square_z, deviation, median, share_error, slope, tail_exponent

REGULAR = {"salary", "rent", "standing_order", "interest"}
DERIVED = {"initial_deposit", "payout"}
CARD = {"pos", "online"}
TRANSFERS = {"transfer", "wire", "ach", "check"}


class World:
    """What both measures of money need: currencies, locales, and where accounts are."""

    def __init__(self, data, locales):
        self.data, self.locales = data, locales
        self.dollars = {row["code"]: row["usd_e6"] / 10 ** (6 + row["decimals"]) for row in shared("currencies")}
        self.cells, self.accounts = data.ledger_cells(), data.counts["accounts"]

    def cell(self, account):
        return ((account + 1) * self.cells - 1) // self.accounts

    def crosses(self, a, b):
        """Whether a row is of a link between two cells."""
        return a is not None and b is not None and self.cell(a) != self.cell(b)


# ---- accounts -------------------------------------------------------------------------------------------------

def measure_accounts(report, data):
    owners, types, of_person = Counter(), Counter(), Counter()
    for kind, person, company in data.rows("accounts", "type", "owner_person_id", "owner_company_id"):
        owners[("person", person) if company is None else ("company", company)] += 1
        types[kind] += 1
        of_person[kind] += company is None
    for kind, count in (("person", data.counts["persons"]), ("company", data.counts["companies"])):
        mean = sum(n for owner, n in owners.items() if owner[0] == kind) / count
        report.check(f"accounts of a {kind}", mean, 2.2, 0.02, "LDBC FinBench 0.2: 2.20 accounts per person and company")
    report.least("owners with an account", len(owners) / (data.counts["persons"] + data.counts["companies"]), 0.999,
                 "docs/model.md 5: one each first")
    # Every person has a current account first; what is left is divided.
    firsts = min(data.counts["persons"], of_person["checking"])
    extra = sum(of_person.values()) - firsts
    of_person["checking"] -= firsts
    of_person["loan and mortgage"] = of_person["loan"] + of_person["mortgage"]
    cells = data.ledger_cells()
    for kind, target in (("credit_card", 0.28), ("checking", 0.12), ("savings", 0.38), ("investment", 0.12),
                         ("loan and mortgage", 0.10)):
        rounded = 4 if kind == "loan and mortgage" else 1  # each cell rounds four kinds down, loans get the rest
        report.check(f"second accounts, {kind}", of_person[kind] / extra, target, rounded * cells / extra,
                     "docs/model.md 5: 28:12:38:12:10; cells round")
    report.check("accounts of companies", types["business"] / data.counts["accounts"],
                 data.counts["companies"] / (data.counts["companies"] + data.counts["persons"]), 0.003,
                 "as many an owner as persons have")


def measure_banks(report, data, locales):
    """Returns the bank of each account."""
    of, banks = defaultdict(Counter), []
    names = {}
    country_of = {row["bic"]: country for country, locale in locales.items() for row in locale.table("banks")}
    for bank, bic in data.rows("accounts", "bank", "bic"):
        of[country_of[bic]][bank] += 1
        banks.append(names.setdefault(bic, bic))
    cases = []
    for country, counts in of.items():
        shares = locales[country].weights("banks", "name")
        total = sum(counts.values())
        cases.append((country, chi_square_z([counts[b] for b in shares], [s * total for s in shares.values()]), 0, 4.5))
    report.worst("banks by country, chi-square", cases, "engine/tables/*/banks.tsv; in standard deviations")
    largest = max(of, key=lambda c: sum(of[c].values()))
    points = [(math.log(i), math.log(n)) for i, (_, n) in enumerate(of[largest].most_common(20), 1)]
    report.check(f"banks in {largest}, slope of ln(share) on ln(rank)", slope(*zip(*points)), -0.9, 0.1,
                 "Zipf's law, its exponent a choice")
    return banks


# ---- balances -------------------------------------------------------------------------------------------------

class Ledger:
    """All completed rows in the order of (time, id), as lines on accounts."""

    def __init__(self, data):
        self.data = data
        time, self.ids, ends, money = array("q"), array("q"), [], []
        for row in data.rows("transactions", "executed_at", "id", "status", "from_account_id", "to_account_id", "amount",
                             "fee", "to_amount"):
            if row[2] == "completed":
                time.append(row[0])
                self.ids.append(row[1])
                ends.append(row[3:5])
                money.append((row[5] + row[6], row[7]))
        self.time, self.ends, self.money = time, ends, money

    def replay(self, opening):
        """The highest, lowest and mean balance of each account."""
        now, highest, lowest, start = list(opening), list(opening), list(opening), self.data.start * DAY_MS
        end = self.data.end * DAY_MS
        area = [balance * (end - start) for balance in opening]
        for i in sorted(range(len(self.time)), key=lambda i: (self.time[i], self.ids[i])):
            left = end - self.time[i]
            (payer, payee), (out, into) = self.ends[i], self.money[i]
            if payer is not None:
                now[payer] -= out
                area[payer] -= out * left
                if now[payer] < lowest[payer]:
                    lowest[payer] = now[payer]
            if payee is not None:
                now[payee] += into
                area[payee] += into * left
                if now[payee] > highest[payee]:
                    highest[payee] = now[payee]
        return highest, lowest, [a / (end - start) for a in area]


def measure_balances(report, world):
    data = world.data
    rows = list(data.rows("accounts", "type", "currency", "opening_balance", "lowest_balance", "average_balance",
                          "overdraft_limit"))
    highest, lowest, mean = Ledger(data).replay([row[2] for row in rows])
    report.check("accounts below their limit", sum(row[3] < -row[5] or low < -row[5] for row, low in zip(rows, lowest)),
                 0, 0, "docs/model.md 8")
    report.check("lowest balances that a replay does not find", sum(row[3] != low for row, low in zip(rows, lowest)),
                 0, 0, "docs/model.md 8")
    report.check("average balances outside the lowest and the highest",
                 sum(not low - 1 <= row[4] <= high + 1 for row, low, high in zip(rows, lowest, highest)), 0, 0,
                 "by definition")
    report.check("average balances that are not the mean over time",
                 sum(abs(row[4] - m) > 2 + 1e-6 * (high - low) for row, m, low, high in zip(rows, mean, lowest, highest)),
                 0, 0, "a replay; whole seconds")


# Dollars at the prices of the US that an account of the type holds before it is known what it needs.
OPENINGS = {"checking": 2100, "savings": 9000, "investment": 22000, "business": 32000}
DEBTS = {"credit_card": 0.3, "loan": 0.5, "mortgage": 0.5}  # of the limit


def read_openings(world):
    """Opening balances in dollars at the prices of the US, or, of debts, in shares of the limit."""
    level = {row["bic"]: locale.price_level / 100 for locale in world.locales.values() for row in locale.table("banks")}
    openings = defaultdict(list)
    for kind, currency, opening, limit, bic, opened in world.data.rows(
            "accounts", "type", "currency", "opening_balance", "overdraft_limit", "bic", "opened"):
        if opened < world.data.start and (limit or kind in OPENINGS):
            openings[kind].append(-opening / limit if kind in DEBTS else opening * world.dollars[currency] / level[bic])
    return openings


def measure_openings(report, world, busy):
    """Where few rows ask for a lift balances are the table's; a year of 100 rows an account lifts some."""
    openings, lifted = read_openings(world), read_openings(busy)
    for kind, price in OPENINGS.items():
        report.check(f"opening balances, {kind}, median in dollars", median(openings[kind]), price, 0.08 * price,
                     f"engine/ledger.c, at US prices; {len(openings[kind])} accounts with few rows")
        error = 4 * 1.6 / math.sqrt(len(lifted[kind]))
        report.range(f"opening balances, {kind}, lifted by a year's rows, times that", median(lifted[kind]) / price,
                     1 - error, 4 + error, "docs/model.md 8: a lift carries the account over its lowest point")
    for kind, share in DEBTS.items():
        report.check(f"opening balances, {kind}, median debt to its limit", median(openings[kind]), share, 0.04,
                     "engine/ledger.c: 0 to 60 % of a card's limit, 10 to 90 % of a loan")


# ---- amounts --------------------------------------------------------------------------------------------------

# Of purposes that alone make a type: median in dollars, sigma, and the
# sigma of the affluence that stretches it: of persons 0.5, of firms 0.9, half of it in rents (docs/model.md 6).
PRICES = {"atm": (90, 0.9, 0.5), "withdrawal": (90, 0.9, 0.5), "deposit": (600, 1.1, 0.9), "rent": (860, 0.5, 0.25),
          "interest": (12, 1.1, 0.5)}


def measure_amounts(report, world, others):
    """Amounts in dollars at the prices of the US. Of the others, which have few cells and so few firms, only what payers
    alone decide: amounts by category, and interest, for which the world has no room."""
    by_type, by_mcc = defaultdict(list), defaultdict(list)
    level = {country: locale.price_level / 100 for country, locale in world.locales.items()}
    fields = "type", "amount", "currency", "mcc", "originating_country", "destination_country"
    more = (row for row in others.rows("transactions", *fields) if row[3] is not None or row[0] == "interest")
    for kind, amount, currency, mcc, here, there in chain(world.data.rows("transactions", *fields), more):
        if mcc is not None:
            by_mcc[mcc].append(math.log(amount * world.dollars[currency] / level[here]))
        elif kind in PRICES:
            by_type[kind].append(math.log(amount * world.dollars[currency] / level[here if here in level else there]))
    for kind, (price, sigma, affluence) in PRICES.items():
        logs = by_type[kind]
        spread = math.hypot(sigma, affluence)
        source = f"docs/model.md 6, payers' affluence included; {len(logs)} rows"
        report.check(f"amounts of type {kind}, median", math.exp(median(logs)), price, 0.15 * price, source)
        report.check(f"amounts of type {kind}, sigma of ln", deviation(logs), spread, 0.12, source)
    medians, sigmas = [], []
    table = {int(row["mcc"]): (row["median_cents"] / 100, row["sigma_e2"] / 100) for row in shared("mcc")}
    for mcc, logs in by_mcc.items():
        price, sigma = table[mcc]
        if 6 * 1.25 * sigma / math.sqrt(len(logs)) > 0.12:  # too few rows to tell: a firm's have the same payers
            continue
        medians.append((str(mcc), math.exp(median(logs)) / price, 1.0, 0.12))
        sigmas.append((str(mcc), deviation(logs), sigma, 0.12))
    source = "engine/tables/shared/mcc.tsv"
    by_rows = sorted(range(len(medians)), key=lambda i: -len(by_mcc[int(medians[i][0])]))
    for i in by_rows[:8]:
        rows = f"{source}; {len(by_mcc[int(medians[i][0])])} rows"
        report.check(f"amounts of category {medians[i][0]}, median to the table's", *medians[i][1:], rows)
        report.check(f"amounts of category {medians[i][0]}, sigma of ln", *sigmas[i][1:], rows)
    report.worst("amounts by category, median to the table's", medians, source)
    report.worst("amounts by category, sigma of ln", sigmas, source)


# ---- rows -----------------------------------------------------------------------------------------------------

class Tally:
    """One pass over the transactions of the profile."""

    def __init__(self, world):
        fields = ("type", "status", "amount", "from_account_id", "to_account_id", "originating_country",
                  "destination_country", "executed_at")
        self.digits, self.types, self.statuses, self.edges = Counter(), Counter(), Counter(), Counter()
        self.inside_types, self.link_types = Counter(), Counter()
        self.rows = self.inside = self.abroad = 0
        self.days, self.hours, self.pay_days = defaultdict(Counter), defaultdict(Counter), defaultdict(Counter)
        local = clocks(world.locales, world.data)
        for kind, status, amount, payer, payee, here, there, time in world.data.rows("transactions", *fields):
            self.rows += 1
            self.digits[str(amount)[0]] += 1
            self.types[kind] += 1
            drawn = kind not in REGULAR and kind not in DERIVED
            if drawn:
                self.statuses[status] += 1
            if payer is not None and payee is not None:
                self.edges[payer, payee] += 1
                self.inside += 1
            self.abroad += here != there
            if kind == "salary":  # batches run within the day of UTC that they are due on
                self.pay_days[here == "US"][(EPOCH + datetime.timedelta(time // DAY_MS)).day] += 1
            link = world.crosses(payer, payee)
            (self.link_types if link else self.inside_types)[kind] += 1
            if here == there and here in local:
                day, ms = divmod(local[here].local(time), DAY_MS)
                if drawn and not link:
                    stream = "offices" if kind in TRANSFERS else "shops" if kind != "payment" else "both"
                    self.days[stream][day] += 1
                    self.hours[stream][ms // 3600000] += 1


def measure_digits(report, tally):
    for digit in range(1, 10):
        report.check(f"first digit {digit}, in per cent", 100 * tally.digits[str(digit)] / tally.rows,
                     100 * math.log10(1 + 1 / digit), 0.5, "Benford's law over all amounts")


def measure_shares(report, tally):
    """Types of rows, from what the streams hold (docs/model.md 6): what is left of links, derived and regular
    rows is shared by retail and transfers."""
    rest = sum(tally.inside_types.values()) - sum(tally.inside_types[k] for k in REGULAR | DERIVED)
    groups = {"card": (CARD, 0.6 * 0.68, 0.38), "cash out": ({"atm", "withdrawal"}, 0.6 * 0.09, 0),
              "cash in": ({"deposit"}, 0.6 * 0.04, 0), "payment": ({"payment"}, 0.6 * 0.19 + 0.4 * 0.10, 0.10 + 0.06),
              "transfer": (TRANSFERS, 0.4 * 0.90, 0.24 + 0.18 + 0.04)}
    links = sum(tally.link_types.values())
    for name, (kinds, inside, link) in groups.items():
        report.check(f"rows of {name}, inside cells", sum(tally.inside_types[k] for k in kinds) / rest, inside,
                     share_error(inside, rest) + 0.001, "docs/model.md 6, the streams")
        report.check(f"rows of {name}, between cells", sum(tally.link_types[k] for k in kinds) / links, link,
                     share_error(link, links) + 0.001, "engine/flow.c, links")
    report.range("regular rows", sum(tally.types[k] for k in REGULAR) / tally.rows, 0.04, 0.35,
                 "as many as there are, at most 35 %")
    drawn = sum(tally.statuses.values())
    for status, target in (("completed", 0.92), ("pending", 0.05), ("failed", 0.02), ("reversed", 0.01)):
        report.check(f"status {status} of drawn rows", tally.statuses[status] / drawn, target, 0.005,
                     "docs/model.md 6: 92, 5, 2 and 1 %")


# Of a mean day: card use peaks on Friday by count (PrivatBank, 2015), transfers at the start of the week.
WEEKDAYS = {"shops": (92, 93, 97, 103, 124, 116, 75), "offices": (128, 126, 118, 114, 112, 36, 26)}
HOURS = {"shops": (6, 4, 3, 3, 4, 8, 18, 36, 48, 54, 60, 66, 76, 68, 60, 60, 66, 80, 88, 76, 50, 34, 20, 12),
         "offices": (6, 5, 5, 5, 8, 14, 30, 58, 92, 98, 96, 88, 66, 72, 82, 78, 66, 50, 34, 26, 20, 14, 9, 6)}
NAMES = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def is_bank_holiday(day):
    date = EPOCH + datetime.timedelta(day)
    return (date.month, date.day) in ((1, 1), (5, 1), (12, 25), (12, 26))


def measure_time(report, data, tally):
    for stream in ("shops", "offices"):
        by_day, by_hour = tally.days[stream], tally.hours[stream]
        rows = sum(by_day.values())
        weekdays, every = Counter(), Counter()
        closed = []
        for day in range(data.start, data.end):
            if is_bank_holiday(day):
                closed.append(day)
                continue
            weekdays[(day + 3) % 7] += by_day[day]
            every[(day + 3) % 7] += 1
        mean = sum(weekdays[i] / every[i] for i in range(7)) / 7
        for i, target in enumerate(WEEKDAYS[stream]):
            usual = target * 7 / sum(WEEKDAYS[stream])
            report.check(f"{stream}, {NAMES[i]} to a mean day", weekdays[i] / every[i] / mean, usual, 0.025 * usual + 0.01,
                         f"calendar of {stream}; turns of months fall where they do, {rows} rows")
        if closed:
            sundays = WEEKDAYS[stream][6] * 7 / sum(WEEKDAYS[stream])
            report.check(f"{stream}, bank holidays to a mean day", sum(by_day[day] for day in closed) / len(closed) / mean,
                         sundays, 0.25 * sundays, f"as Sundays, but some are at the turn of a month; {len(closed)} days")
        total = sum(HOURS[stream])
        report.worst(f"{stream}, share of an hour",
                     [(f"{h} o'clock", by_hour[h] / rows, HOURS[stream][h] / total,
                       share_error(HOURS[stream][h] / total, rows) + 0.002) for h in range(24)],
                     f"calendar of {stream}, local time")
        report.check(f"{stream}, busiest hour", max(by_hour, key=by_hour.get), max(range(24), key=HOURS[stream].__getitem__),
                     0, "lunch and evening peaks of shops, mornings of offices")
        turn, other = [], []
        for day in range(data.start + 1, data.end - 1):
            date = EPOCH + datetime.timedelta(day)
            usual = mean * WEEKDAYS[stream][(day + 3) % 7] * 7 / sum(WEEKDAYS[stream])
            if date.month == 12 and stream == "shops" or date.day == 15:
                continue
            is_turn = (date + datetime.timedelta(2)).day <= 2 or date.day <= (2 if stream == "offices" else 3)
            (turn if is_turn else other).append(by_day[day] / usual)
        report.check(f"{stream}, turn of the month to other days", sum(turn) / len(turn) / (sum(other) / len(other)),
                     1.35 if stream == "offices" else 1.18, 0.03, "last two and first days of a month, the model's choice")


def measure_paydays(report, tally):
    turn, source = [28, 29, 30, 31, 1], "or the last working day before (24 December for the 27th)"
    for in_us, name, days, at_work in ((False, "elsewhere", range(25, 28), 27), (True, "in the US", range(13, 16), 15)):
        paid = tally.pay_days[in_us]
        rows = sum(paid.values())
        if rows == 0:
            continue
        report.check(f"salaries and pensions {name} that come on no payday", sum(
            n for day, n in paid.items() if day not in [*days, *(() if in_us else (24,)), 26, 27, *turn]) / rows, 0, 0.01,
            f"the 1st and the {'15th and last' if in_us else '27th'}, {source}; one in 40 lives abroad; {rows} rows")
        report.range(f"salaries {name}, share on the {at_work}th itself", paid[at_work] / rows,
                     *((0.2, 0.45) if in_us else (0.4, 0.7)), "two months in three, or the Friday before")
        report.range(f"pensions {name}, share on the 1st", paid[1] / rows, *((0.03, 0.2) if in_us else (0.1, 0.3)),
                     "two months in three; a quarter of the rows, an eighth in the US")
        report.range(f"salaries {name}, share on the {days[0]}th to {days[-1]}th", sum(paid[d] for d in days) / rows,
                     *((0.25, 0.6) if in_us else (0.6, 0.95)), "three in four who are paid work; half of it in the US")


# ---- the graph ------------------------------------------------------------------------------------------------

def measure_graph(report, tally):
    into, out = Counter(), Counter()
    for payer, payee in tally.edges:
        out[payer] += 1
        into[payee] += 1
    for name, degrees, target in (("in", into, 2.24), ("out", out, 1.72)):
        exponent, count = tail_exponent(degrees.values(), 10)
        report.check(f"exponent of the {name}-degree from 10", exponent, target, 0.2,
                     f"LDBC FinBench 0.2, mean of its fits; {count} accounts, distinct edges")
    report.least("largest in-degree to the mean", max(into.values()) / (len(tally.edges) / len(into)), 30, "a heavy tail")
    report.check("rows of an edge", tally.inside / len(tally.edges), 1.87, 1.0,
                 "FinBench 1.76 to 1.97 in three years; here a year of 100 rows an account, with salaries and rents")
    report.range("both ends inside", tally.inside / tally.rows, 0.70, 1.0, "at least 70 %")
    report.range("cross-border rows", tally.abroad / tally.rows, 0.05, 0.15, "DataSynth 5 %; correspondent banks up to 15 %")


def measure_bank_mixing(report, data, locales, banks):
    same = inside = 0
    expected = 0.0
    alone = {country: sum(s * s for s in locale.weights("banks", "bic").values()) for country, locale in locales.items()}
    for payer, payee, here, there in data.rows("transactions", "from_account_id", "to_account_id", "originating_country",
                                               "destination_country"):
        if payer is not None and payee is not None:
            inside += 1
            same += banks[payer] == banks[payee]
            expected += alone[here] if here == there else 0
    report.check("rows between accounts at different banks", 1 - same / inside, 1 - expected / inside, 0.015,
                 "what the banks' shares in banks.tsv give if payers do not look at banks")


def measure(report, aml, people, locales):
    world = World(aml, locales)
    measure_accounts(report, aml)
    banks = measure_banks(report, people, locales)
    measure_balances(report, world)
    measure_openings(report, World(people, locales), world)
    measure_amounts(report, World(people, locales), aml)
    tally = Tally(world)
    measure_digits(report, tally)
    measure_shares(report, tally)
    measure_time(report, aml, tally)
    measure_paydays(report, tally)
    measure_graph(report, tally)
    measure_bank_mixing(report, people, locales, banks)
