"""Other ways to write the numbers and dates of a question: 250萬, "2.5 million", 2,500,000.

In: a text. Out: its numbers and dates as `Name`s, whose forms are what an article in Chinese,
English or Russian may say instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from index.languages.names import Name
from index.languages.numbers import days, quantities
from index.languages.quantity import Day, Quantity

HAN_DIGITS = "零一二三四五六七八九"
HAN_PLACES = ("", "十", "百", "千")
SCALES = (
    (1e12, "兆", "trillion", "трлн"),
    (1e8, "亿", "", ""),
    (1e9, "", "billion", "млрд"),
    (1e6, "", "million", "млн"),
    (1e4, "万", "", ""),
    (1e3, "", "thousand", "тысяч"),
)
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
RUSSIAN_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
    "октября", "ноября", "декабря",
)  # fmt: skip
SMALL_ENGLISH = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
)  # fmt: skip
SMALL_RUSSIAN = (
    "ноль", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять",
    "одиннадцать", "двенадцать",
)  # fmt: skip
MOST_SPELLED = 9999
"""Larger numbers are not written out in Chinese characters alone."""


def number_variants(text: str) -> list[Name]:
    """The numbers and dates of a text, in order, each with its forms."""
    found = [
        Name(text[q.start : q.end], q.start, q.end, tuple(dict.fromkeys(_forms(q))))
        for q in quantities(text)
        if q.sure
    ]
    for day in days(text):
        told = [day]
        if day.year is not None and day.month is not None:
            told.append(replace(day, year=None))  # articles of the time leave the year out
        found += [
            Name(text[day.start : day.end], day.start, day.end, tuple(_date_forms(one)))
            for one in told
        ]
    return sorted((name for name in found if name.forms), key=lambda name: name.start)


def _forms(quantity: Quantity) -> Iterator[str]:
    value = quantity.value if quantity.kind == "%" else quantity.number
    yield _plain(value)
    if quantity.kind == "%":
        if value % 10 == 0 and 0 < value < 100:
            yield HAN_DIGITS[int(value // 10)] + "成"
        if value == int(value):
            yield "百分之" + han_numeral(int(value))
        return
    for scale, *words in SCALES:
        if value >= scale and len(_plain(value / scale)) < min(5, len(_plain(value))):
            yield from (f"{_plain(value / scale)} {word}" for word in words if word)
    if value == int(value) and 0 < value <= MOST_SPELLED:
        yield han_numeral(int(value))
        if value == 2:
            yield "两"
        if value < len(SMALL_ENGLISH):
            yield SMALL_ENGLISH[int(value)]
            yield SMALL_RUSSIAN[int(value)]


def _date_forms(day: Day) -> Iterator[str]:
    if day.month is None:
        if day.year is not None:
            yield str(day.year)
            yield "".join(HAN_DIGITS[int(c)] for c in str(day.year)).replace("零", "〇")
        return
    year = "" if day.year is None else f"{day.year} "
    english, russian = ENGLISH_MONTHS[day.month - 1], RUSSIAN_MONTHS[day.month - 1]
    number = "" if day.day is None else f"{day.day} "
    yield f"{year}{number}{english}"
    yield f"{year}{number}{russian}"
    yield f"{year.replace(' ', '年')}{day.month}月{number.replace(' ', '日')}"


def han_numeral(number: int) -> str:
    """31 -> 三十一; below ten thousand."""
    digits = str(number)
    text = ""
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit != "0":
            text += HAN_DIGITS[int(digit)] + HAN_PLACES[place]
        elif text and not text.endswith("零"):
            text += "零"
    text = text.rstrip("零")
    return text.removeprefix("一") if text.startswith("一十") else text


def _plain(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
