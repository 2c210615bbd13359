"""Numerals -> their value: 二百五十, "two hundred and fifty", 7,644.

In: folded text that is a numeral. Out: a number, or None.
"""

from __future__ import annotations

import re

from index.languages.units import (
    HAN_DIGITS,
    HAN_SCALES,
    ORDINAL_WORDS,
    SMALL_WORDS,
    TENS_WORDS,
    WORD_SCALES,
)

DIGITS = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"

HAN_NUMERAL = "[零〇一二两三四五六七八九十百千万亿]"

SCALE = "|".join(sorted(WORD_SCALES, key=len, reverse=True))


def han_number(text: str) -> float | None:
    """二百五十 -> 250, 三点五 -> 3.5, 二〇二二 -> 2022 (folded text); None for what is no numeral."""
    whole, _, fraction = text.partition("点")
    if not whole:
        return None
    if all(c in HAN_DIGITS for c in whole):
        value = 0.0
        for c in whole:
            value = 10 * value + HAN_DIGITS[c]
    else:
        total = section = 0.0
        digit: float | None = None
        for c in whole:
            if c in HAN_DIGITS:
                digit = float(HAN_DIGITS[c])
                continue
            scale = HAN_SCALES.get(c)
            if scale is None:
                return None
            if scale >= 10**4:
                total = (
                    (total + section + (digit or 0)) * scale
                    if total + section + (digit or 0)
                    else scale
                )
                section, digit = 0.0, None
            else:
                section += (1 if digit is None else digit) * scale
                digit = None
        value = total + section + (digit or 0)
    if fraction:
        value += sum(
            HAN_DIGITS[c] / 10 ** (i + 1) for i, c in enumerate(fraction) if c in HAN_DIGITS
        )
    return value


def word_number(text: str) -> float | None:
    """ "two hundred and fifty" -> 250 (lower case); None for what is no number."""
    if text.startswith("half a "):
        unit = word_number("a " + text.removeprefix("half a "))
        return None if unit is None else unit / 2
    total = current = 0.0
    for word in re.split(r"[-\s]+", text):
        if word in SMALL_WORDS:
            current += SMALL_WORDS[word]
        elif word in TENS_WORDS:
            current += TENS_WORDS[word]
        elif word == "dozen":
            current = (current or 1) * 12
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in WORD_SCALES:
            total += (current or 1) * WORD_SCALES[word]
            current = 0.0
        elif word not in {"and", "a"}:
            return None
    return total + current


def numeral_value(text: str) -> float | None:
    """The value of digits, of a numeral in words or in Chinese; None for what is none."""
    if text[0].isdigit():
        return float(text.replace(",", ""))
    if text in ORDINAL_WORDS:
        return float(ORDINAL_WORDS[text])
    return word_number(text) if text.isascii() else han_number(text)
