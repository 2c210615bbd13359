"""English dates."""

from __future__ import annotations

from index.languages.en.numbers import SCALES
from index.languages.numbers.number_parts import Dates, Events, PublicationDates, Relative, Weekday
from index.languages.pack import words_pattern

_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = words_pattern(MONTHS)
_YEAR = r"(?:1[0-9]|20)\d\d"
_DAY = r"3[01]|[12]\d|0?[1-9]"
_TH = "(?:st|nd|rd|th)"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YEARS = {"last year": -1, "this year": 0, "next year": 1}


DATES = Dates(
    months=MONTHS,
    month_names=_MONTH_NAMES,
    capital_months=True,
    doubtful_months=frozenset({"may", "march", "mar", "jan", "jun", "sep", "dec"}),
    before_month=(
        r"(?:\b(?:in|of|on|since|until|till|by|from|to|through|between|and|early|late|mid|last|this|"
        r"next|during|before|after|around|end|beginning)[\s-]|\d\s)$"
    ),
    full=(
        rf"\b(?P<m>{_MONTH})\b\.?\s(?P<d>{_DAY}){_TH}?\b(?:\s?(?:[-–—]|to|through|until)\s?(?P<other>{_DAY}){_TH}?\b)?"
        rf"(?:,?\s(?P<y>{_YEAR})\b)?",
        rf"(?<!\d)(?:(?<![.,])(?P<other>{_DAY}){_TH}?\s?(?:[-–—]|to|through|until|and|or)\s?)?"
        rf"(?P<d>{_DAY}){_TH}?(?:\sof)?\s(?P<m>{_MONTH})\b\.?(?:,?\s(?P<y>{_YEAR})\b)?",
        rf"\b(?P<m>{_MONTH})\b\.?,?\s(?:of\s)?(?P<y>{_YEAR})\b",
    ),
    lone=(rf"\b(?P<m>{_MONTH})\b",),
    no_year_behind=rf"[-\s]?(?:{words_pattern(SCALES)})\b|s\b",
    year_to="to|and",
    together="and|or|to",
    years_away=_YEARS,
    year_after=rf"\s(?:of )?(?P<year>{'|'.join(_YEARS)})\b",
    month_before=r"\b(?P<which>last|next)\s$",
    months_away={"last": -1, "next": 1},
    relative=(
        Relative("year", -2, r"\btwo years ago\b"),
        Relative("year", -1, r"\blast year\b(?!s)|\ba year (?:ago|earlier)\b"),
        Relative("year", 0, r"\bthis year\b"),
        Relative("year", 1, r"\bnext year\b"),
        Relative("month", -1, r"\blast month\b|\ba month ago\b"),
        Relative("month", 0, r"\bthis month\b"),
        Relative("month", 1, r"\bnext month\b"),
        Relative("day", -2, r"\bthe day before yesterday\b"),
        Relative("day", -1, r"\byesterday\b|\blast night\b"),
        Relative("day", 0, r"(?<!\busa )(?<!\brussia )\btoday\b|\btonight\b"),
        Relative("day", 1, r"\btomorrow\b"),
        Relative("week", -1, r"\blast week\b"),
        Relative("week", 0, r"\bthis week\b"),
        Relative("lately", 14, r"\brecently\b|\b(?:in )?recent days\b|\bthe other day\b"),
    ),
    weekdays={name: number for number, name in enumerate(_WEEKDAYS)},
    weekday=(
        Weekday(
            r"\b(?:(?P<which>last|this|next|on|late on|early on|late|early)\s)?"
            rf"(?P<day>{'|'.join(_WEEKDAYS)})\b(?!['’]s|s\b)",
            {"last": "last", "next": "next", "this": 0},
        ),
    ),
    ago=r"ago\b",
    ahead=r"\b(?:will|shall|is to|are to|plans? to|expected to|scheduled|due)\b",
    ahead_behind=r"\s(?:will|shall)\b",
)

EVENTS = Events(
    same_year=r"(?:that year|the same year)\s*[,，]?\s*$",
    year_on_after=r"\s(?:of )?the following year\b",
    every=r"(?:every|each|annual(?:ly)?(?: on)?|usually(?: in)?)\s*(?:on )?\s*$",
    since_before=r"\bsince\b[^,;.]{0,48}$",
    compares_before=r"\bthan(?: in)?|\bcompared (?:with|to)|\bfrom|\bversus|\bover",
    separator=r"\s(?:and|but|while|then)\s",
    joined="to|until|through",
    joining=r"\b(?:and|but|while|then)\b",
    parts_before=(
        r"\b(?:(?P<half>first|second) half|(?P<quarter>first|second|third|fourth) quarter"
        r"|(?P<season>spring|summer|autumn|fall))(?: of)?\s$"
    ),
    seasons={"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)},
    halves={"first": (1, 6), "second": (7, 12)},
    quarters={"first": 1, "second": 2, "third": 3, "fourth": 4},
    today_is=r"\btoday",
)

PUBLISHED = PublicationDates(
    as_of=r"\b(?:as of|as at|correct (?:as of|at)|data (?:as of|to)|valid (?:until|through)|expires?(?: on)?|prices? (?:as of|at))(?:\s{0,3}+[:,])?",
    before_time=r"at\s",
    weekday=r"\s*,?\s*\(?(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?\)?",
    zones={
        "z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6,
        "pst": -8, "pdt": -7, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3,
        "hkt": 8, "sgt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "beijing time": 8, "hong kong time": 8,
        "taipei time": 8, "moscow time": 3,
    },
    summer_zones={"et": -5, "ct": -6, "mt": -7, "pt": -8},
)  # fmt: skip
"""Of the zones those with one meaning in news; CST (China or Chicago) and IST are left out."""
