"""English numerals, scales and units."""

from __future__ import annotations

import re
from functools import partial

from index.languages import late
from index.languages.numbers.number_parts import Numbers, Special
from index.languages.numbers.special_numbers import of_kind, read_number, share
from index.languages.pack import words_pattern


def _counted(words: str, first: int = 0, step: int = 1) -> dict[str, float]:
    return {word: float(first + step * n) for n, word in enumerate(words.split())}


SMALL = _counted(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
TENS = _counted("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
ORDINALS = _counted(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first",
    1,
)
SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "mln": 1e6, "bln": 1e9, "mn": 1e6, "bn": 1e9, "tn": 1e12, "k": 1e3,
}  # fmt: skip
FRACTIONS = {
    "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4, "fifth": 5,
    "fifths": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "tenths": 10,
}  # fmt: skip
COUNTS = {
    "both": 2, "twice": 2, "doubled": 2, "double": 2, "doubling": 2, "doubles": 2, "pair": 2,
    "couple": 2, "biennial": 2,
    "trio": 3, "tripled": 3, "triple": 3, "trilateral": 3, "bilateral": 2, "quartet": 4,
    "quadrupled": 4, "single": 1, "once": 1,
}  # fmt: skip
"""Words that carry a number without being one."""

MOST_SPELLED = 12
"""Larger numbers are mostly written in digits."""

_LARGE = "hundred|thousand|million|billion|trillion"
_WORD = "|".join([*SMALL, *TENS])
_SCALE = words_pattern(SCALES)


def value(text: str) -> float | None:
    """ "two hundred and fifty" -> 250 (lower case); None for what is no number."""
    if text in ORDINALS:
        return ORDINALS[text]
    if text.startswith("half a "):
        unit = value("a " + text.removeprefix("half a "))
        return None if unit is None else unit / 2
    total = current = 0.0
    for word in re.split(r"[-\s]+", text):
        if word in SMALL:
            current += SMALL[word]
        elif word in TENS:
            current += TENS[word]
        elif word == "dozen":
            current = (current or 1) * 12
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in SCALES:
            total += (current or 1) * SCALES[word]
            current = 0.0
        elif word not in {"and", "a"}:
            return None
    return total + current


def _trusted(written: str, number: float, unit: str | None, titled: bool) -> bool:
    return number != 1 and not titled


_number = partial(read_number, value)
_of_kind = partial(of_kind, value)


def _clock(match: re.Match[str]) -> tuple[float, str, bool] | None:
    hour = _number(match["h"])
    return (60 * hour % 720, "clock", False) if hour is not None and hour <= 24 else None


def _century(match: re.Match[str]) -> tuple[float, str, bool] | None:
    return float(match["n"]) if match["n"] else ORDINALS[match["word"]], "century", True


def _ordinal(match: re.Match[str]) -> tuple[float, str, bool] | None:
    if match["n"]:
        return float(match["n"]), "ordinal", True
    return ORDINALS[match["word"]], "ordinal", False


def _fraction(match: re.Match[str]) -> tuple[float, str, bool] | None:
    over = 1.0 if match["over"] == "a" else _number(match["over"])
    sure = match["under"] != "fourth"
    return None if over is None else (100 * over / FRACTIONS[match["under"]], "%", sure)


NUMBERS = Numbers(
    numeral=(
        rf"\b(?:{_WORD})(?:[- ](?:{_WORD}))*(?:[- ](?:and )?(?:{_LARGE}|{_WORD}))*\b"
        rf"|\b(?:a|half a) (?:{_LARGE}|dozen)\b"
    ),
    value=value,
    trusted=_trusted,
    more=r"plus\b",
    scale=rf"[\s-]?(?:{_SCALE})\b\.?(?:[\s-](?:{_SCALE})\b)?",
    scales=SCALES,
    ranges="to|and|or",
    rough=(
        "(?:more than|over|about|around|nearly|almost|some|roughly|approximately|at least|up to|"
        r"under|less than|fewer than|close to|estimated)(?:\s+(?:an?|the)(?=\s))?"
    ),
    currencies={
        "USD": "us dollars|us dollar|u.s. dollars|u.s. dollar|dollars|dollar|usd",
        "EUR": "euros|euro|eur",
        "CNY": "yuan|renminbi|rmb",
        "RUB": "rubles|ruble|roubles|rouble|rub",
        "KZT": "tenge",
        "JPY": "yen|jpy",
        "GBP": "pounds sterling",
        "pound": "pounds|pound",
        "KRW": "won",
        "HKD": "hong kong dollars",
        "INR": "rupees",
        "TRY": "lira|liras",
    },
    signs={
        "us$": "USD",
        "hk$": "HKD",
        "nt$": "TWD",
        "rmb": "CNY",
        "usd": "USD",
        "eur": "EUR",
    },
    measures={
        ("%", 1): "percent|per cent|pct",
        ("point", 1): "percentage points|percentage point|points|point",
        ("times", 1): "-fold|fold",
        ("time", 1): "times|x",
        ("month", 12): "years old|year-olds|year-old|years|year|yrs",
        ("month", 1): "months|month",
        ("month", 3): "quarters|quarter",
        ("month", 120): "decades|decade",
        ("month", 1200): "centuries|century",
        ("hour", 168): "weeks|week",
        ("hour", 24): "days|day",
        ("hour", 1): "hours|hour|hrs",
        ("minute", 1): "minutes|minute|mins",
        ("minute", 1 / 60): "seconds|second",
        ("length", 1000): "kilometres|kilometers|kilometre|kilometer|km",
        ("length", 1): "metres|meters|metre|meter|m",
        ("length", 0.01): "centimetres|centimeters|cm",
        ("length", 0.001): "millimetres|millimeters|mm",
        ("length", 1609.344): "miles|mile",
        ("length", 1852): "nautical miles",
        ("length", 0.3048): "feet|foot|ft",
        ("length", 0.9144): "yards|yard",
        ("length", 0.0254): "inches|inch",
        ("area", 1e6): "square kilometres|square kilometers|sq km",
        ("area", 1): "square metres|square meters",
        ("area", 2.59e6): "square miles",
        ("area", 1e4): "hectares|hectare",
        ("area", 4046.86): "acres|acre",
        ("mass", 1000): "metric tons|metric tonnes|tonnes|tonne|tons|ton",
        ("mass", 1): "kilograms|kilogram|kilos|kg",
        ("mass", 0.45359): "lbs|lb",
        ("mass", 0.001): "grams",
        ("barrel", 1): "barrels|barrel",
        ("volume", 1): "cubic metres|cubic meters",
        ("volume", 0.001): "litres|liters",
        ("power", 1e6): "megawatts|mw",
        ("power", 1e9): "gigawatts|gw",
        ("power", 1e3): "kilowatts|kw",
        ("energy", 1): "kilowatt-hours|kwh",
        ("degree", 1): "degrees",
    },
    specials=(
        Special(
            late.pattern(rf"\b(?P<h>\d{{1,2}}|{'|'.join(SMALL)})\s?o['’]clock\b"),
            _clock,
        ),
        Special(
            late.pattern(
                rf"\b(?:(?P<n>\d{{1,2}})(?:st|nd|rd|th)|(?P<word>{'|'.join(ORDINALS)}))[- ]century"
            ),
            _century,
        ),
        Special(
            late.pattern(r"\b(?P<n>1[5-9]|20)\d0s\b"),
            lambda match: (float(match["n"]) + 1, "century", False),
            takes=False,
        ),
        Special(late.pattern(r"\b(?:1[5-9]|20)(?P<n>\d0)s\b"), partial(_of_kind, kind="decade")),
        Special(
            late.pattern(
                rf"\b(?P<over>one|two|three|\d+)[ -](?:in|out of)[ -]"
                rf"(?P<under>{'|'.join(SMALL)}|\d+)\b"
            ),
            partial(share, value),
        ),
        Special(
            late.pattern(
                rf"\b(?P<over>{'|'.join(SMALL)}|a|\d+)[- ](?P<under>{'|'.join(FRACTIONS)})\b"
                r"(?! (?:place|time|year|day|round|person|man|woman|party|country|world|term))"
            ),
            _fraction,
        ),
        Special(
            late.pattern(rf"\b(?P<n>{'|'.join(SMALL)}|\d+)-?fold\b"),
            partial(_of_kind, kind="times"),
        ),
        Special(
            late.pattern(r"\bhalf\b(?! a (?:hundred|thousand|million|billion|trillion|dozen))"),
            lambda match: (50.0, "%", False),
        ),
        Special(
            late.pattern(rf"\b(?:(?P<n>\d+)(?:st|nd|rd|th)|(?P<word>{words_pattern(ORDINALS)}))\b"),
            _ordinal,
        ),
        Special(
            late.pattern(rf"\b(?:{words_pattern(COUNTS)})\b"),
            lambda match: (float(COUNTS[match.group()]), "time", False),
        ),
    ),
    spans="decade|century|year|month|week|day|hour|minute|mile|quarter",
    spelled=lambda number: (list(SMALL)[number],) if 0 <= number <= MOST_SPELLED else (),
    large=((1e12, " trillion"), (1e9, " billion"), (1e6, " million")),
    written_scales=((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand")),
)
