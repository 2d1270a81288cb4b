"""Messages: media, lengths, threads, languages, and whether what they say of a payment is so."""
import datetime
import math
import re
from collections import Counter, defaultdict

from dataset import EPOCH, TABLES, load_script, shared
from report import median, share_error

LETTERS = ("email", "sms", "chat")
# Outside these nobody would take a text for what it is: characters of the median text. Chinese, Japanese and
# Korean say as much in about a third.
LENGTHS = {"email": (100, 900), "sms": (25, 160), "chat": (25, 160), "phone": (40, 300), "video": (40, 300),
           "meeting": (40, 300), "social_media": (25, 280)}
DENSE = {"zh": 0.3, "ja": 0.4, "ko": 0.5}
POINTS = {"space": " ", "nbsp": "\u00a0", "none": ""}
PARTS = {"d": r"\d{1,2}", "dd": r"\d\d", "m": r"\d{1,2}", "mm": r"\d\d", "yy": r"\d\d", "yyyy": r"\d{4}"}


class Message:
    __slots__ = ("id", "kind", "is_reply", "thread", "subject", "content", "language", "transaction", "parties")


def read_messages(data):
    out = []
    for row in data.rows("communications", "id", "type", "reply_to", "thread_id", "subject", "content", "language",
                         "transaction_id", "sender", "recipients"):
        one = Message()
        (one.id, one.kind, reply, one.thread, one.subject, one.content, one.language, one.transaction, sender, to) = row
        one.is_reply, one.parties = reply is not None, (sender, to[0])
        out.append(one)
    return out


# ---- what is sent -----------------------------------------------------------------------------------------------

def measure_media(report, messages):
    firsts = [one for one in messages if not one.is_reply]
    media = Counter(one.kind for one in firsts)
    for kind, target in (("email", 0.35), ("sms", 0.20), ("phone", 0.14), ("chat", 0.14), ("video", 0.05),
                         ("social_media", 0.09), ("meeting", 0.03)):
        report.check(f"threads by {kind}", media[kind] / len(firsts), target, share_error(target, len(firsts)),
                     "engine/communication.c")
    lengths = Counter(Counter(one.id if one.thread is None else one.thread for one in messages).values())
    for length, target in ((1, 0.65), (2, 0.20), (3, 0.05), (4, 0.10)):
        report.check(f"threads of {length}", lengths[length] / len(firsts), target,
                     share_error(target, len(firsts) / 4) + 0.002, "eight patterns of four messages, engine/communication.c")


def measure_lengths(report, messages):
    sizes = defaultdict(list)
    for one in messages:
        sizes[one.kind, one.language].append(len(one.content))
    for kind, (low, high) in LENGTHS.items():
        of = {language: median(s) / DENSE.get(language, 1) for (k, language), s in sizes.items()
              if k == kind and len(s) >= 20}
        report.range(f"length of {kind}, median, shortest language {min(of, key=of.get)}", min(of.values()), low, high,
                     "characters; Chinese, Japanese and Korean stretched")
        report.range(f"length of {kind}, median, longest language {max(of, key=of.get)}", max(of.values()), low, high,
                     "characters; Chinese, Japanese and Korean stretched")
    report.check("texts that are empty or hold a brace", sum(not one.content or "{" in one.content or "}" in one.content
                                                             for one in messages), 0, 0, "a filled grammar")


def locale_slots(locales):
    """How many of 128 cells a locale gets: one, and by weight of what is left, largest rests first."""
    weights = {locale.name: int(locale.facts["weight"]) for locale in locales.values()}
    total, left = sum(weights.values()), 128 - len(weights)
    slots = {name: 1 + weight * left // total for name, weight in weights.items()}
    by_rest = sorted(weights, key=lambda name: (-(weights[name] * left % total), name))
    for name in by_rest[:128 - sum(slots.values())]:
        slots[name] += 1
    return slots


def measure_languages(report, data, messages, locales):
    slots, weights = locale_slots(locales), Counter()
    for locale in locales.values():
        weights[locale.language] += slots[locale.name] / 128
    seen = Counter(one.language for one in messages)
    report.check("languages", len(seen), 19, 0, "all that the tables have")
    # Whole patterns of cells; but one in 40 households is of another country.
    report.worst("share of a language", [(l, seen[l] / len(messages), w, 0.05 * w + 0.001) for l, w in weights.items()],
                 "weights of locale.tsv in a pattern of 128 cells")
    persons = list(data.rows("persons", "languages"))
    companies = [locales[c].language for c in data.rows("companies", "registration_country")]

    def knows(party, language):
        person, company, _ = party
        return (person is None or language in persons[person]) and (company is None or language == companies[company])

    strangers = sum(not all(knows(party, one.language) for party in one.parties) for one in messages)
    report.check("messages in a language that an end does not know", strangers, 0, 0, "docs/model.md 12")


# ---- payments talked about --------------------------------------------------------------------------------------

class Notation:
    """How a locale writes amounts and dates, and how to find them in a text."""

    def __init__(self, locale, decimals):
        facts = locale.facts
        self.decimals, self.currency = decimals, facts["currency"]
        self.point, comma = facts["decimal_point"], facts["thousands_point"]
        self.comma = POINTS.get(comma, comma)
        self.by_two = facts["grouping"] == "3-2"
        self.before, self.after = facts["amount_pattern"].split("{amount}")
        self.date_pattern, self.months = facts["date_pattern"], locale.words["months_in_dates"].split("|")
        number = r"\d(?:[\d" + re.escape(self.comma) + r"]*\d)?(?:" + re.escape(self.point) + r"\d+)?"
        own = re.escape(self.before) + number + re.escape(self.after)
        foreign = number + " (?:" + "|".join(decimals) + ")"
        self.amounts = re.compile(rf"(?<![0-9A-Za-z])(?:{own}|{foreign})(?![0-9A-Za-z])")
        holes = {**PARTS, "month": "(?:" + "|".join(map(re.escape, self.months)) + ")"}
        self.dates = re.compile(r"(?<!\d)" + "".join(
            holes[piece] if i % 2 else re.escape(piece)
            for i, piece in enumerate(re.split(r"\{(\w+)\}", self.date_pattern))) + r"(?!\d)")

    def amount(self, minor, currency):
        places = self.decimals[currency]
        whole, rest = divmod(minor, 10 ** places)
        digits, groups, size = str(whole), [], 3
        while len(digits) > size:
            groups.insert(0, digits[-size:])
            digits, size = digits[:-size], 2 if self.by_two else 3
        text = self.comma.join([digits, *groups]) + (f"{self.point}{rest:0{places}}" if places else "")
        return f"{self.before}{text}{self.after}" if currency == self.currency else f"{text} {currency}"

    def date(self, ms):
        day = EPOCH + datetime.timedelta(ms // 86400000)
        values = {"d": str(day.day), "dd": f"{day.day:02}", "m": str(day.month), "mm": f"{day.month:02}",
                  "yy": f"{day.year % 100:02}", "yyyy": str(day.year), "month": self.months[day.month - 1]}
        return re.sub(r"\{(\w+)\}", lambda hole: values[hole[1]], self.date_pattern)


REFERENCE = re.compile(r"(?<![0-9A-Za-z])(?=[A-Z]*\d)[0-9A-HJKMNP-TV-Z]{12}(?![0-9A-Za-z])")


def measure_ties(report, data, messages, locales):
    tied = [one for one in messages if one.transaction is not None]
    report.check("messages tied to a payment", len(tied) / len(messages), 1 / 3, 0.035, "one in three")
    wanted = {one.transaction for one in tied}
    payments = {row[0]: row[1:] for row in data.rows(
        "transactions", "id", "amount", "currency", "executed_at", "reference", "originating_country", "status")
        if row[0] in wanted}
    report.check("ties to no payment", len(wanted) - len(payments), 0, 0, "references are valid")
    report.check("ties to a payment that moved nothing", sum(p[5] != "completed" for p in payments.values()), 0, 0,
                 "docs/model.md 12")
    decimals = {row["code"]: row["decimals"] for row in shared("currencies")}
    notations = {country: Notation(locale, decimals) for country, locale in locales.items()}
    silent, wrong, named, firsts, elsewhere = [], [], Counter(), 0, 0
    for one in tied:
        amount, currency, time, reference, country, _ = payments[one.transaction]
        notation = notations[country]
        elsewhere += locales[country].language != one.language
        said = {"amount": (notation.amounts, notation.amount(amount, currency)),
                "date": (notation.dates, notation.date(time)), "reference": (REFERENCE, reference)}
        found = 0
        for what, (pattern, right) in said.items():
            for text in (one.content, one.subject or ""):
                for token in pattern.findall(text):
                    if token != right:
                        wrong.append((one, what, token, right))
            if right in one.content:
                found += 1
                named[what] += not one.is_reply
        if not one.is_reply:
            firsts += 1
            if not found:
                silent.append(one)
    source = "the transaction's row, written as locale.tsv says"
    report.check("tied messages in another language than the payment's country", elsewhere, 0, 0, source)
    report.check("tied first messages by e-mail, SMS or chat that name nothing of the payment",
                 sum(one.kind in LETTERS for one in silent), 0, 0, source)
    report.check("tied first messages by other media that name nothing of the payment",
                 sum(one.kind not in LETTERS for one in silent), 0, 0, source)
    report.check("amounts, dates and references in tied messages that are another's", len(wrong), 0, 0, source)
    for what in ("amount", "date", "reference"):
        report.least(f"tied first messages that name the {what}", named[what] / firsts, 0.1, "all three are in use")
    for one, what, token, right in wrong[:5]:
        print(f"     {one.language} message {one.id}: {what} {token!r}, not {right!r}")
    for one in silent[:5]:
        print(f"     {one.language} message {one.id}: {one.content!r}")
    loose = sum(bool(REFERENCE.search(one.content)) for one in messages if one.transaction is None)
    report.check("references in messages about nothing", loose, 0, 0, "no rule for other matters names one")


# ---- variety ----------------------------------------------------------------------------------------------------

# Values of variables, counted low: names of the two writing, and what the texts make up.
VALUES = {"given": 100, "sender": 100, "number": 90000, "time": 48, "weekday": 5, "city": 10, "company": 10000, "month": 12}


def count_ways(grammar, language, values):
    """Texts a language's rules can give, where variables have so many values (others one)."""
    rules, known = defaultdict(list), dict(values)
    for _, row in grammar.read(f"{TABLES}/{language}/grammar.tsv", grammar.LANGUAGE["grammar"]):
        rules[row["rule"]].append(grammar.holes(row["text"]))

    def ways(rule):
        if rule not in known:
            known[rule] = sum(math.prod(map(ways, holes)) for holes in rules[rule]) if rule in rules else 1
        return known[rule]

    return sum(ways(rule) for rule in grammar.TOP_RULES if not rule.startswith(("remit_", "subject_", "describe")))


def measure_variety(report, messages, locales):
    grammar = load_script("check_tables")
    for name, values, enough in (("before variables", {}, 500000), ("with variables", VALUES, 1000000)):
        ways = {locale.language: count_ways(grammar, locale.language, values) for locale in locales.values()}
        least = min(ways, key=ways.get)
        report.least(f"texts the grammar can give {name}, fewest of {len(ways)} languages: {least}", ways[least], enough,
                     "at least 10^6 distinct in each language")
    letters = defaultdict(list)
    for one in messages:
        if one.kind == "email" and not one.is_reply:
            letters[one.language].append(one.content)
    shares = {language: len(set(texts)) / len(texts) for language, texts in letters.items()}
    least = min(shares, key=shares.get)
    report.least(f"distinct first e-mails, least language {least}", shares[least], 0.97,
                 f"of {len(letters[least])}; a sample of {min(map(len, letters.values()))} or more in each language")


def measure(report, data, locales):
    messages = read_messages(data)
    measure_media(report, messages)
    measure_lengths(report, messages)
    measure_languages(report, data, messages, locales)
    measure_ties(report, data, messages, locales)
    measure_variety(report, messages, locales)
