"""Numerals -> their value: 二百五十, "two hundred and fifty", "двести пятьдесят", 7,644.

In: folded text that is a numeral. Out: a number, or None.
"""

from __future__ import annotations

from index.languages.pack import packs

DIGITS = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"


def numeral_value(text: str) -> float | None:
    """The value of digits, or of a numeral in words of any language; None for what is none."""
    if text[0].isdigit():
        return float(text.replace(",", ""))
    values = (pack.numbers.value(text) for pack in packs())
    return next((value for value in values if value is not None), None)
