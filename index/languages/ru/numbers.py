"""Russian numerals, scales and units, in all their cases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

from index.languages import late
from index.languages.numbers.number_parts import Numbers, Special
from index.languages.numbers.special_numbers import of_kind, read_number, share
from index.languages.pack import words_pattern


def _cases(stems: str, endings: str) -> list[str]:
    """Every stem with every ending; "-" is no ending."""
    return [stem + ending.strip("-") for stem in stems.split() for ending in endings.split()]


_HARD = "- а у ом е ы ов ам ами ах"
"""доллар, доллара, долларов"""
_FEMININE = "а ы е у ой - ам ами ах"
_ADJECTIVE = "ый ий ой ая яя ое ее ого его ому ему ым им ом ем ую юю ые ие ых их ыми ими"

_FORMS: dict[float, str] = {
    0: "ноль ноля нуля нулю",
    1: "один одна одно одного одной одному одном одну одним",
    1.5: "полтора полторы полутора",
    2: "два две двух двум двумя двое двоих",
    3: "три трех трем тремя трое троих",
    4: "четыре четырех четырем четырьмя четверо четверых",
    5: "пять пяти пятью пятеро",
    6: "шесть шести шестью шестеро",
    7: "семь семи семью семеро",
    8: "восемь восьми восемью",
    9: "девять девяти девятью",
    10: "десять десяти десятью",
    11: "одиннадцать одиннадцати",
    12: "двенадцать двенадцати",
    13: "тринадцать тринадцати",
    14: "четырнадцать четырнадцати",
    15: "пятнадцать пятнадцати",
    16: "шестнадцать шестнадцати",
    17: "семнадцать семнадцати",
    18: "восемнадцать восемнадцати",
    19: "девятнадцать девятнадцати",
    20: "двадцать двадцати",
    30: "тридцать тридцати",
    40: "сорок сорока",
    50: "пятьдесят пятидесяти",
    60: "шестьдесят шестидесяти",
    70: "семьдесят семидесяти",
    80: "восемьдесят восьмидесяти",
    90: "девяносто девяноста",
    100: "сто ста",
    200: "двести двухсот",
    300: "триста трехсот",
    400: "четыреста четырехсот",
    500: "пятьсот пятисот",
    600: "шестьсот шестисот",
    700: "семьсот семисот",
    800: "восемьсот восьмисот",
    900: "девятьсот девятисот",
}
"""In folded text ё is е."""
NUMERALS = {word: number for number, words in _FORMS.items() for word in words.split()}
_ORDINAL_STEMS = (
    "перв втор трет четверт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат "
    "четырнадцат пятнадцат шестнадцат семнадцат восемнадцат девятнадцат двадцат"
)
ORDINALS = {
    word: float(number)
    for number, stem in enumerate(_ORDINAL_STEMS.split(), 1)
    for word in _cases(stem, _ADJECTIVE)
} | dict.fromkeys(_cases("треть", "я е его ей ему ем ю и их ими"), 3.0)
SCALES = {
    **dict.fromkeys(("тыс", *_cases("тысяч", "а и е у ей - ам ами ах")), 1e3),
    **dict.fromkeys(("млн", *_cases("миллион", _HARD)), 1e6),
    **dict.fromkeys(("млрд", *_cases("миллиард", _HARD)), 1e9),
    **dict.fromkeys(("трлн", *_cases("триллион", _HARD)), 1e12),
}
FRACTIONS = {
    **dict.fromkeys(("треть", "трети", "третью", "третей"), 3),
    **dict.fromkeys(("четверть", "четверти", "четвертью", "четвертей"), 4),
    **dict.fromkeys(("пятая", "пятой", "пятую", "пятых"), 5),
    **dict.fromkeys(("десятая", "десятой", "десятую", "десятых"), 10),
}
_HALF = "половина половины половине половину половиной"
COUNTS = {
    **dict.fromkeys(
        [
            "оба",
            "обе",
            "обоих",
            "обеих",
            "обоим",
            "обеим",
            "дважды",
            "вдвое",
            "двойной",
            "двойного",
        ],
        2,
    ),
    **dict.fromkeys(
        ["удвоил", "удвоила", "удвоили", "удвоился", "удвоилась", "удвоилось", "удвоились"], 2
    ),
    **dict.fromkeys(["пара", "пары", "пару", "двусторонний", "двусторонние", "двусторонних"], 2),
    **dict.fromkeys(
        ["трижды", "втрое", "утроил", "утроился", "утроилась", "утроилось", "утроились"], 3
    ),
    **dict.fromkeys(["вчетверо"], 4),
    **dict.fromkeys(["однажды", "единственный", "единственная", "единственное"], 1),
}
"""Words that carry a number without being one."""

WRITTEN = (
    "ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять",
    "одиннадцать", "двенадцать",
)  # fmt: skip
"""Larger numbers are mostly written in digits."""

_WORD = words_pattern(NUMERALS)
_SCALE = words_pattern(SCALES)
_GROUPED = late.pattern(r"(?<![\d,.])(?<!\d[ \u00a0\u202f])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")
_DECIMAL = late.pattern(r"(?<=\d),(?=\d)(?!\d+,\d)")
_CYRILLIC = late.pattern("[а-яё]", re.IGNORECASE)
_LATIN = late.pattern("[a-z]", re.IGNORECASE)


def value(text: str) -> float | None:
    """ "двести пятьдесят" -> 250 (folded); None for what is no number."""
    if text in ORDINALS:
        return ORDINALS[text]
    total = current = 0.0
    for word in text.split():
        if word in NUMERALS:
            current += NUMERALS[word]
        elif word in SCALES:
            total += (current or 1) * SCALES[word]
            current = 0.0
        else:
            return None
    return total + current


def _trusted(written: str, number: float, unit: str | None, titled: bool) -> bool:
    return number != 1


def _punctuated(text: str) -> str:
    """1 234,5 -> 1,234.5, in a text that is mostly in Cyrillic letters."""
    if len(_CYRILLIC.findall(text)) <= len(_LATIN.findall(text)):
        return text
    text = _DECIMAL.sub(".", text)
    return _GROUPED.sub(lambda match: re.sub(r"\s", ",", match.group()), text)


_number = partial(read_number, value)
_of_kind = partial(of_kind, value)


_ROMAN = {"i": 1, "v": 5, "x": 10, "х": 10}
"""The letter х is written for X, too."""


def _century(match: re.Match[str]) -> tuple[float, str, bool] | None:
    text = match["n"]
    if not all(c in _ROMAN for c in text):
        return _of_kind(match, "century")
    values = [_ROMAN[c] for c in text]
    number = sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
    return float(number), "century", True


def _fraction(match: re.Match[str]) -> tuple[float, str, bool] | None:
    over = _number(match["over"]) if match["over"] else 1.0
    if over is None:
        return None
    return 100 * over / FRACTIONS[match["under"]], "%", bool(match["over"])


def _clock(match: re.Match[str]) -> tuple[float, str, bool] | None:
    hour, minute = int(match["h"]), int(match["min"] or "0")
    return ((60 * hour + minute) % 720, "clock", bool(match["min"])) if hour <= 24 else None


_COMPOUND = {
    "летн": (12, "month"),
    "месячн": (1, "month"),
    "недельн": (168, "hour"),
    "дневн": (24, "hour"),
    "суточн": (24, "hour"),
    "часов": (1, "hour"),
    "минутн": (1, "minute"),
    "процентн": (1, "%"),
    "километров": (1000, "length"),
    "метров": (1, "length"),
}
"""Measures that are written in one word with their number: четырехдневная."""
_ADJECTIVE_END = "|".join(_ADJECTIVE.split())


def _compound(match: re.Match[str]) -> tuple[float, str, bool]:
    size, kind = _COMPOUND[match["unit"]]
    number = NUMERALS[match["n"]]
    return size * number, kind, number > 1


def _one_in(match: re.Match[str]) -> tuple[float, str, bool] | None:
    """каждый пятый: one in five."""
    number = ORDINALS[match["n"]]
    return (100 / number, "%", True) if number > 1 else None


def _names(*groups: Iterable[str]) -> str:
    return "|".join(word for group in groups for word in group)


NUMBERS = Numbers(
    numeral=(
        rf"\b(?:{_WORD})(?: (?:{_WORD}))*(?: (?:{_SCALE})(?: (?:{_WORD}))*)*\b"
        r"|\b(?:тысяча|тысячи|тысячу|миллион|миллиард|сотня|сотню)\b"
    ),
    value=lambda text: 100.0 if text in {"сотня", "сотню"} else value(text),
    trusted=_trusted,
    more=r"с лишним\b|с небольшим\b",
    scale=rf"\s?(?:{_SCALE})\b\.?",
    scales=SCALES,
    ranges="до|и|или",
    rough=(
        "около|более|более чем|свыше|больше|менее|менее чем|меньше|почти|примерно|приблизительно|"
        "порядка|не менее|до|по меньшей мере|как минимум|чуть более"
    ),
    currencies={
        "USD": _names(
            _cases("доллар", _HARD),
            (f"{word} сша" for word in _cases("доллар", _HARD)),
            ("долл.", "долл"),
        ),
        "EUR": "евро",
        "CNY": _names(_cases("юан", "ь я ю ем е и ей ям ями ях")),
        "RUB": _names(_cases("рубл", "ь я ю ем е и ей ям ями ях"), ("руб.", "руб")),
        "KZT": "тенге",
        "JPY": _names(_cases("иен йен", _FEMININE)),
        "GBP": _names(_cases("фунт", _HARD), ("фунтов стерлингов", "ф. ст.", "ф.ст.")),
        "KRW": _names(_cases("вон", "а ы")),
        "INR": _names(_cases("рупи", "я и й ю ям")),
        "TRY": _names(_cases("лир", _FEMININE)),
    },
    measures={
        ("%", 1): _names(_cases("процент", _HARD), _cases("процентн", _ADJECTIVE)),
        ("point", 1): "процентных пункта|процентных пунктов|процентный пункт|п.п.|пункта|пунктов",
        ("time", 1): "раза|раз",
        ("month", 12): _names(
            ("лет|года|год|году|годами|годам|годах|годов",), _cases("летн", _ADJECTIVE)
        ),
        ("month", 1): _names(
            _cases("месяц", "- а у ем е ы ев ам ами ах"), _cases("месячн", _ADJECTIVE)
        ),
        ("month", 3): _names(_cases("квартал", _HARD)),
        ("month", 120): _names(_cases("десятилети", "е я ю ем й ям ями ях")),
        ("month", 1200): _names(
            _cases("столети", "е я ю ем й ям ями ях"), _cases("век", "- а у е ом ов ам")
        ),
        ("hour", 168): _names(
            _cases("недел", "я и е ю ей ь ям ями ях"), _cases("недельн", _ADJECTIVE)
        ),
        ("hour", 24): _names(
            ("сутки|суток|дней|дня|день|дням|дни|днями|днях",), _cases("дневн суточн", _ADJECTIVE)
        ),
        ("hour", 1): _names(_cases("час", _HARD), ("ч.",), _cases("часов", _ADJECTIVE)),
        ("minute", 1): _names(_cases("минут", _FEMININE), ("мин.",), _cases("минутн", _ADJECTIVE)),
        ("minute", 1 / 60): _names(_cases("секунд", _FEMININE)),
        ("length", 1000): _names(
            _cases("километр", _HARD), ("км",), _cases("километров", _ADJECTIVE)
        ),
        ("length", 1): _names(_cases("метр", _HARD), ("м",), _cases("метров", _ADJECTIVE)),
        ("length", 0.01): _names(_cases("сантиметр", _HARD), ("см",)),
        ("length", 0.001): _names(_cases("миллиметр", _HARD), ("мм",)),
        ("length", 1609.344): _names(_cases("мил", "я и ю ь е ей ям ями ях")),
        ("length", 1852): "морских миль|морские мили",
        ("length", 0.3048): _names(_cases("фут", _HARD)),
        ("length", 0.9144): _names(_cases("ярд", _HARD)),
        ("length", 0.0254): _names(_cases("дюйм", _HARD)),
        ("area", 1e6): "квадратных километров|квадратных километра|кв. км|кв.км",
        ("area", 1): "квадратных метров|квадратных метра|кв. м|кв.м",
        ("area", 2.59e6): "квадратных миль",
        ("area", 1e4): _names(_cases("гектар", _HARD), ("га",)),
        ("area", 4046.86): _names(_cases("акр", _HARD)),
        ("mass", 1000): _names(_cases("тонн", _FEMININE), ("т",), _cases("тонн", _ADJECTIVE)),
        ("mass", 1): _names(_cases("килограмм", _HARD), ("кг",)),
        ("mass", 0.001): _names(_cases("грамм", _HARD)),
        ("barrel", 1): _names(_cases("баррел", "ь я ю ем е и ей ям ями ях")),
        ("volume", 1): "кубометров|кубометра|кубических метров|куб. м|куб.м",
        ("volume", 0.001): _names(_cases("литр", _HARD)),
        ("power", 1e6): _names(_cases("мегаватт", _HARD), ("мвт",)),
        ("power", 1e9): _names(_cases("гигаватт", _HARD), ("гвт",)),
        ("power", 1e3): _names(_cases("киловатт", _HARD), ("квт",)),
        ("energy", 1): "киловатт-часов|киловатт-часа|квт-ч|квт·ч",
        ("degree", 1): _names(_cases("градус", _HARD)),
    },
    specials=(
        Special(
            late.pattern(
                r"(?<![\d:.,])(?P<h>\d{1,2})(?:[:.](?P<min>[0-5]\d))?"
                r"(?: ?(?:час(?:ов|а)?|ч\.?) (?:утра|вечера|ночи|дня|пополудни)| (?:утра|вечера|ночи))\b"
            ),
            _clock,
        ),
        Special(
            late.pattern(
                r"\b(?P<n>[ivxх]{1,5}|\d{1,2}|"
                + words_pattern(ORDINALS)
                + r")(?:-?(?:й|го|м|ый))? (?:век(?:а|е|у|ом)?|столети(?:е|я|и|ю|ем))\b"
            ),
            _century,
        ),
        Special(
            late.pattern(r"\b(?P<n>1[5-9]|20)\d0-(?:е|х|ые|ых|м|ми)\b"),
            lambda match: (float(match["n"]) + 1, "century", False),
            takes=False,
        ),
        Special(
            late.pattern(
                r"\b(?:1[5-9]|20)?(?P<n>(?<=\d)00|[1-9]0)-(?:е|х|ые|ых|м|ми)\b(?: год(?:ы|ов|ах|ам))?"
            ),
            partial(_of_kind, kind="decade"),
        ),
        Special(
            late.pattern(
                rf"\b(?:(?P<over>одна|одну|одной|две|двух|трех|три|четыре|\d+) )?"
                rf"(?P<under>{words_pattern(FRACTIONS)})\b"
                r"(?! (?:раз|год|час|мест|мир|сторон|стран|ступен|ча[сш])\w*)"
            ),
            _fraction,
        ),
        Special(
            late.pattern(
                rf"\b(?P<over>один|одна|одно|два|две|три|\d+) из (?P<under>{_WORD}|\d+)\b"
            ),
            partial(share, value),
        ),
        Special(
            late.pattern(
                rf"\bкажд(?:{_ADJECTIVE_END}) (?P<n>{words_pattern(ORDINALS)})\b"
                r"(?! (?:раз|день|дня|недел|месяц|квартал|год|час|минут|секунд|понедельник|вторник|сред[ау]|четверг|пятниц|суббот|воскресень)\w*)"
            ),
            _one_in,
        ),
        Special(
            late.pattern(rf"\b(?P<n>{_WORD})(?P<unit>{'|'.join(_COMPOUND)})(?:{_ADJECTIVE_END})\b"),
            _compound,
        ),
        Special(
            late.pattern(rf"\b(?:{'|'.join(_HALF.split())})\b"),
            lambda match: (50.0, "%", False),
        ),
        Special(
            late.pattern(r"\b(?P<n>\d+)-(?:й|я|е|го|му|м|ый|ой|ая|ую|ом|ым|х)\b"),
            partial(_of_kind, kind="ordinal"),
        ),
        Special(
            late.pattern(rf"\b(?P<n>{words_pattern(ORDINALS)})\b"),
            partial(_of_kind, kind="ordinal", sure=False),
        ),
        Special(
            late.pattern(rf"\b(?:{words_pattern(COUNTS)})\b"),
            lambda match: (float(COUNTS[match.group()]), "time", False),
        ),
    ),
    spans="десятилетие|век|год|году|месяц|месяце|неделя|неделю|неделе|день|час|минута|минуту|квартал",
    punctuated=_punctuated,
    spelled=lambda number: (WRITTEN[number],) if 0 <= number < len(WRITTEN) else (),
    large=((1e12, " трлн"), (1e9, " млрд"), (1e6, " млн")),
    grouping="\u00a0",
    point=",",
    written_scales=((1e12, "трлн"), (1e9, "млрд"), (1e6, "млн"), (1e3, "тысяч")),
)
