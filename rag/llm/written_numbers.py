"""Writes numbers the way each language does (250萬, "2.5 million"), and corrects an LLM's slips.

Small LLMs translate numbers badly (50萬 becomes "50,000"). So numbers are converted before the LLM
reads them, and a number of the answer that differs from its source only in scale is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.languages.numbers import Missing, quantities
from index.languages.quantity import Quantity
from index.languages.text import primary, to_script

_ENGLISH_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_SCALES = ("thousand", "million", "billion", "trillion")
_HAN_SCALE_CHARS = "万萬亿億兆"
_HAN_SCALES = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))
LEAST_CONVERTED = 1e4
"""Smaller numbers are written the same way in all languages."""


def written(value: float, language: str) -> str:
    """500000 -> "500,000" or "50萬"; 4.56e11 -> "456 billion" or "4560億"."""
    if primary(language) == "zh":
        for scale, name in _HAN_SCALES:
            if value >= scale:
                return to_script(f"{value / scale:.10g}{name}", language)
        return f"{value:.10g}"
    for scale, name in _ENGLISH_SCALES:
        if value >= scale and primary(language) == "en":
            return f"{value / scale:.10g} {name}"
    return f"{value:,.10g}"


def converted(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Where the large numbers of a text stand that have a scale word, and how `language` writes
    them."""
    for quantity in quantities(text):
        words = text[quantity.start : quantity.end]
        spelled = any(c in words for c in _HAN_SCALE_CHARS) or any(s in words for s in _SCALES)
        if quantity.number >= LEAST_CONVERTED and spelled:
            number = written(quantity.number, language)
            yield quantity.start, quantity.end, number + _unit_behind(words)


def mend(claim: str, language: str, wrong: Iterable[Missing], sources: Iterable[str]) -> str:
    """Corrects numbers of a claim that differ from those of its sources only by a power of ten.

    A number is corrected only if exactly one number of the sources fits and the claim does not have
    that number already.
    """
    told = [q for text in sources for q in quantities(text) if q.sure]
    said = quantities(claim)
    mended = claim
    for gap in sorted(wrong, key=lambda gap: gap.start, reverse=True):
        slip = next((q for q in said if (q.start, q.end) == (gap.start, gap.end)), None)
        if slip is None or gap.date:
            continue
        meant = {q.number for q in told if _same_digits(slip, q)}
        meant -= {q.number for q in said}
        if len(meant) == 1:
            words = claim[slip.start : slip.end]
            unit = _unit_behind(words)
            mended = mended[: gap.start] + written(meant.pop(), language) + unit + mended[gap.end :]
    return mended


def _same_digits(a: Quantity, b: Quantity) -> bool:
    if a.number == b.number or not a.number or not b.number or "%" in (a.kind, b.kind):
        return False
    return f"{a.number:e}".split("e")[0] == f"{b.number:e}".split("e")[0]


def _unit_behind(words: str) -> str:
    """What follows a number and its scale: its unit belongs to it ("人", " km"), " people" does not."""
    at = len(words)
    while at and not (words[at - 1].isdigit() or words[at - 1] in _HAN_SCALE_CHARS):
        at -= 1
    rest = words[at:]
    for scale in _SCALES:
        rest = rest.replace(scale, "", 1)
    return re.sub(r"^\s+", " ", rest.rstrip()) if rest.strip() else ""
