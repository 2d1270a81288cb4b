"""Facts that rows are held against: the tables under engine/tables, read anew, and the rules of standards."""

import datetime
import functools
import math
import re
from pathlib import Path

TABLES = Path(__file__).resolve().parents[2] / "engine" / "tables"
REFERENCE = r"(?<![0-9A-Za-z/:@.])[0-9A-HJKMNP-TV-Z]{12}(?![0-9A-Za-z])"  # of a payment, in a text
EPOCH = datetime.date(1970, 1, 1)


def read_table(path):
    """Rows of a table as dicts; columns of integers as such."""
    with open(path, encoding="utf-8") as source:
        lines = [line.rstrip("\n") for line in source if line.strip() and not line.startswith("#")]
    head = lines[0].split("\t")
    out = []
    for line in lines[1:]:
        row = dict(zip(head, line.split("\t")))
        for name in head:
            if name.endswith(":int"):
                row[name[:-4]] = int(row.pop(name))
        out.append(row)
    return out


@functools.cache
def shared(name):
    return read_table(TABLES / "shared" / f"{name}.tsv")


@functools.cache
def keyed(name):
    """A shared table by its first column."""
    rows = shared(name)
    first = next(iter(rows[0]))
    return {row[first]: row for row in rows}


class Locale:
    def __init__(self, name):
        self.name = name
        self.facts = {row["key"]: row["value"] for row in read_table(TABLES / name / "locale.tsv")}
        self.country, self.language = self.facts["country"], self.facts["language"]
        self.currency = self.facts["currency"]

    @functools.cache
    def table(self, name):
        path = TABLES / self.name / f"{name}.tsv"
        if not path.exists():
            path = TABLES / self.language / f"{name}.tsv"
        return read_table(path) if path.exists() else []

    @functools.cache
    def words(self, name):
        """The first column of a table."""
        return {next(iter(row.values())) for row in self.table(name)}

    @functools.cached_property
    def language_facts(self):
        return {row["key"]: row["value"] for row in self.table("language")}

    @functools.cached_property
    def families(self):
        out = set()
        for row in self.table("family"):
            out.add(row["name"])
            if row["female"] != "-":
                out.add(row["female"])
        return out

    @functools.cached_property
    def cities(self):
        """Rows of cities by name."""
        out = {}
        for row in self.table("cities"):
            out.setdefault(row["city"], []).append(row)
        return out

    @functools.cached_property
    def titles(self):
        return {row[column] for row in self.table("occupations") for column in ("title", "female")}

    @functools.cached_property
    def form_shapes(self):
        """(before, behind, type) of the legal forms."""
        return [(*row["form"].split("{name}"), row["type"]) for row in self.table("company_forms")]

    @functools.cached_property
    def phone_shape(self):
        """What any phone number of the country looks like; the area codes are those of its cities."""
        areas = "|".join(sorted({row["area_code"] for row in self.table("cities")}, key=len, reverse=True))
        patterns = (self.facts["mobile"] + "," + self.facts["landline"]).split(",")
        parts = [re.escape(p).replace(r"\#", r"\d").replace(r"\{area\}", f"(?:{areas})") for p in patterns]
        return re.compile("|".join(parts))

    @functools.cached_property
    def merchant_shape(self):
        """What names of shops look like, whole."""
        patterns = {re.sub(r"\\\{\w+\\\}", ".+", re.escape(row["pattern"])) for row in self.table("merchants")}
        return re.compile("|".join(sorted(patterns)))

    def amount(self, minor, currency):
        """As people there write it."""
        decimals = keyed("currencies")[currency]["decimals"]
        whole, part = divmod(abs(minor), 10**decimals)
        digits, groups = str(whole), []
        size = 3
        while digits:
            groups.insert(0, digits[-size:])
            digits = digits[:-size]
            size = 2 if self.facts["grouping"] == "3-2" else 3
        points = {"space": " ", "nbsp": "\u00a0", "none": ""}
        thousands = points.get(self.facts["thousands_point"], self.facts["thousands_point"])
        text = thousands.join(groups)
        if decimals:
            text += self.facts["decimal_point"] + str(part).rjust(decimals, "0")
        if currency == self.currency:
            return self.facts["amount_pattern"].replace("{amount}", text)
        return f"{text} {currency}"

    def date(self, days):
        when = EPOCH + datetime.timedelta(days=days)
        names = self.language_facts["months_in_dates"].split("|")
        out = self.facts["date_pattern"]
        for hole, value in (("{d}", when.day), ("{dd}", f"{when.day:02}"), ("{m}", when.month),
                            ("{mm}", f"{when.month:02}"), ("{yyyy}", when.year), ("{yy}", f"{when.year % 100:02}"),
                            ("{month}", names[when.month - 1])):
            out = out.replace(hole, str(value))
        return out


@functools.cache
def locales():
    return [Locale(path.parent.name) for path in sorted(TABLES.glob("*_*/locale.tsv"))]


@functools.cache
def locales_of(country):
    return [one for one in locales() if one.country == country]


@functools.cache
def locales_speaking(language):
    return [one for one in locales() if one.language == language]


def decimals_of(currency):
    return keyed("currencies")[currency]["decimals"]


@functools.cache
def usd_of_minor(currency):
    """What the smallest unit is worth in an ordinary year, in dollars."""
    return keyed("currencies")[currency]["usd_e6"] / 1e6 / 10 ** decimals_of(currency)


@functools.cache
def threshold(currency):
    """From which amount, in the smallest unit, cash is reported."""
    row = keyed("thresholds").get(currency)
    if row:
        return row["amount"] * 10 ** decimals_of(currency)
    return int(10000 / usd_of_minor(currency))


@functools.cache
def round_factor(currency):
    """By how many tens a round amount is larger than in dollars."""
    factor, dollar = 1, int(1 / usd_of_minor(currency) + 1e-6)
    while dollar >= 1000:
        dollar //= 10
        factor *= 10
    return factor


@functools.cache
def is_haven(country):
    return bool(keyed("countries")[country]["haven"])


@functools.cache
def is_high_risk(country):
    return bool(keyed("countries")[country]["high_risk"])


@functools.cache
def postal_shape(patterns):
    """What tells whether a code is one of a city's."""
    makers = []
    for pattern in patterns.split("|"):
        regex, ranges = "", []
        for part in re.split(r"(\{\d+-\d+\})", pattern):
            found = re.fullmatch(r"\{(\d+)-(\d+)\}", part)
            if found:
                low, high = found.groups()
                regex += rf"(\d{{{len(low)},{len(high)}}})"
                ranges.append((int(low), int(high)))
            else:
                regex += re.escape(part).replace(r"\#", r"\d").replace("@", "[AEHNPRTWX]")
        makers.append((re.compile(regex), ranges))

    def matches(code):
        for regex, ranges in makers:
            found = regex.fullmatch(code)
            if found and all(low <= int(text) <= high for text, (low, high) in zip(found.groups(), ranges)):
                return True
        return False

    return matches


def kilometres(a, b):
    """Between two (latitude, longitude) in degrees, on a sphere."""
    phi, psi = math.radians(a[0]), math.radians(b[0])
    half = (math.sin((psi - phi) / 2) ** 2
            + math.cos(phi) * math.cos(psi) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2)
    return 12742 * math.asin(math.sqrt(half))


def wrong_address(address):
    """What in an address does not fit together; None: all does."""
    rows = [row for one in locales_of(address["country"]) for row in one.cities.get(address["city"], ())]
    if not rows:
        return f"no city {address['city']} in {address['country']}"
    point = (address["latitude"] / 1e7, address["longitude"] / 1e7)
    why = None
    for row in rows:
        region = None if row["region"] == "-" else row["region"]
        centre = (row["latitude_e7"] / 1e7, row["longitude_e7"] / 1e7)
        code = address["postal_code"]
        if region != address["region"]:
            why = f"{address['city']} is in {region}, not {address['region']}"
        elif (row["postal"] == "-") != (code is None) or (code and not postal_shape(row["postal"])(code)):
            why = f"{code} is no postcode of {address['city']} ({row['postal']})"
        elif kilometres(point, centre) > 15:
            why = f"{point} is {kilometres(point, centre):.0f} km from {address['city']}"
        else:
            return None
    return why


def words_of(text):
    """Words of letters and of the marks that belong to them, in lower case."""
    return re.findall(r"(?:[^\W\d_]|[\u0900-\u0903\u093a-\u094f\u0610-\u061a\u064b-\u065f])+", text.lower())


@functools.cache
def vocabulary(language):
    """The words of the grammar of a language, and its names of months and days."""
    out = set()
    for one in locales_speaking(language):
        for row in one.table("grammar"):
            out.update(words_of(re.sub(r"\{\w+\}", " ", row["text"])))
        for value in one.language_facts.values():
            out.update(words_of(value))
    return out


def mod97(text):
    return int("".join(str(int(c, 36)) for c in text)) % 97


def is_iban(text):
    return bool(re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", text)) and mod97(text[4:] + text[:4]) == 1


def is_lei(text):
    return bool(re.fullmatch(r"[A-Z0-9]{18}\d{2}", text)) and mod97(text) == 1


def is_aba(text):
    return bool(re.fullmatch(r"\d{9}", text)) and sum(int(d) * w for d, w in zip(text, (3, 7, 1) * 3)) % 10 == 0


def is_luhn(text):
    total = 0
    for nth, digit in enumerate(reversed(text)):
        value = int(digit) * (2 if nth % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def ranks(values):
    order = sorted(range(len(values)), key=values.__getitem__)
    out, at = [0.0] * len(values), 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
            end += 1
        for nth in range(at, end + 1):
            out[order[nth]] = (at + end) / 2
        at = end + 1
    return out


def rank_correlation(a, b):
    """Spearman's."""
    x, y = ranks(a), ranks(b)
    mean = (len(x) - 1) / 2
    top = sum((p - mean) * (q - mean) for p, q in zip(x, y))
    bottom = math.sqrt(sum((p - mean) ** 2 for p in x) * sum((q - mean) ** 2 for q in y))
    return top / bottom if bottom else 0.0


# Function words, by which a language is told from others of its script.
STOP_WORDS = {
    "en": "the to you for and is of on we have this in your will please thank it that are with i be my at "
          "so as by if or me our was not has can from do all a an under asked why take care see about "
          "when just how hi hello dear",
    "de": "die der und sie wir ich nicht das zu den ist für mit auf es haben vielen bitte ein noch am um "
          "ihr ihre im in von dem des eine einen dir du mir uns wie was so bei ab guten tag bis dann "
          "hallo liebe lieber wird gern nur an",
    "fr": "le la les de et vous pour nous est je en du une des que bien ce au merci pas un avec nos vers "
          "mon ma ton tu te on sur il elle bonjour par selon votre notre à dans ne se encore mes si cette "
          "salut bonne plus très tout",
    "es": "el la de que y en los por para con una se del las le su un hoy gracias no así te me mi vez al "
          "si es lo como qué cómo dale hola buenos buenas días bien nos tu muy ya todo todos cuánto más "
          "su hasta pero ha he a",
    "it": "il di che la per un è si ho del con le ci non grazie della una mi ha al in i alle ai sul sono "
          "ti da lo gli buongiorno ciao a e vi tutto bene come presso dalle sulla nel entro secondo fa "
          "anche cordiali saluti",
    "pt": "o a de que e para em do da um com os não por se obrigado uma foi está no na das dos ao às as "
          "bom dia já olá te me seu sua você eu mas isso tudo bem até ou pode desde antes nos nossa muito "
          "como hoje",
    "nl": "de het een en van voor is ik we u je niet dat op met te wij bedankt nog dit om aan in uw zijn "
          "er bij als maar ook wel naar over onze mij hoi groet groeten beste dag tot wat ons heb hebt "
          "hebben kan wordt uit",
    "pl": "w na z do i się nie jest to o za dziękuję czy jeszcze po już proszę dla od przez ci mi jak co "
          "tak ale że cześć dzień dobry nam pan pani te ten ze nas są był była będzie wszystko pozdrawiam "
          "pod u twoja mam",
    "sv": "och att det är för på en till jag vi du har som inte med tack av den kan om i så ett er hej "
          "hälsningar vid men min mitt dig mig oss de från har var när hälsa bra även efter eller ska "
          "blir också här mvh",
    "da": "og at det er for på en til jeg vi du har som ikke med tak af den kan hvis i så et hej hilsen "
          "ved jer men min mit dig mig os fra var når god også efter eller skal bliver her din dit de om "
          "hilsner venlig kærlig",
    "no": "og at det er for på en til jeg vi du har som ikke med takk av den kan hvis i så et hei hilsen "
          "ved dere men min mitt deg meg oss fra var når god også etter eller skal blir her din ditt de "
          "om hilsner vennlig",
    "fi": "ja on ei se että kiitos olen mutta tai vielä jos voi kun ole sen oli niin myös nyt asia hei "
          "moi terveisin ystävällisin te sinä minä me mitä klo jo kanssa sitten hyvää päivää olemme olisi "
          "teidän sinun minun ovat voit",
    "tr": "ve bir bu için de da ile çok olarak var mı mi teşekkürler lütfen daha ne gün ederim iyi size "
          "kadar o ben sen siz merhaba selam sayın günler saygılarımızla bize bana sana biz her gibi ama "
          "en sonra tarihli olan saat",
}
SCRIPTS = {
    "ru": r"[\u0400-\u04ff]", "ja": r"[\u3040-\u30ff\u4e00-\u9fff]", "ko": r"[\uac00-\ud7a3\u3130-\u318f]",
    "zh": r"[\u4e00-\u9fff]", "ar": r"[\u0600-\u06ff]", "hi": r"[\u0900-\u097f]",
}
