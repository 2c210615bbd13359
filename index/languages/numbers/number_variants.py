"""Other ways to write the numbers and dates of a question: 250萬, "2.5 million", 2,500,000.

In: a text. Out: its numbers and dates as `Name`s, whose forms are what an article in another
language may say instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from index.languages.names import Name
from index.languages.numbers.quantity import Day, Quantity
from index.languages.numbers.stated import days, quantities
from index.languages.pack import packs

DIGITS_BEFORE_SCALE = 5
"""A number is written with a scale where that leaves fewer digits than this, and than it has."""


def number_variants(text: str) -> list[Name]:
    """The numbers and dates of a text, in order, each with its forms."""
    found = [
        Name(text[q.start : q.end], q.start, q.end, tuple(dict.fromkeys(_forms(q))))
        for q in quantities(text)
        if q.sure
    ]
    for day in days(text):
        forms = [day]
        if day.year is not None and day.month is not None:
            forms.append(replace(day, year=None))  # articles of the time leave the year out
        found += [
            Name(text[day.start : day.end], day.start, day.end, tuple(_date_forms(one)))
            for one in forms
        ]
    return sorted((name for name in found if name.forms), key=lambda name: name.start)


def _forms(quantity: Quantity) -> Iterator[str]:
    value = quantity.value if quantity.kind == "%" else quantity.number
    yield _plain(value)
    if quantity.kind == "%":
        for pack in packs():
            yield from pack.numbers.percent(value)
        return
    for pack in packs():
        for scale, word in pack.numbers.written_scales:
            scaled = _plain(value / scale)
            if value >= scale and len(scaled) < min(DIGITS_BEFORE_SCALE, len(_plain(value))):
                yield f"{scaled} {word}"
        if value == int(value) and value > 0:
            yield from pack.numbers.spelled(int(value))


def _date_forms(day: Day) -> Iterator[str]:
    if day.month is not None:
        yield from (pack.dates.written(day.year, day.month, day.day) for pack in packs())
    elif day.year is not None:
        yield str(day.year)
        for pack in packs():
            yield from pack.dates.year_form(day.year)


def _plain(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
