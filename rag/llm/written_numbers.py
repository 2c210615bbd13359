"""Writes numbers the way each language does (250萬, "2.5 million"), and corrects an LLM's slips.

Small LLMs translate numbers badly (50萬 becomes "50,000"). So numbers are converted before the LLM
reads them, and a number of the answer that differs from its source only in scale is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.languages.numbers.number_parts import Numbers
from index.languages.numbers.quantity import Quantity
from index.languages.numbers.stated import Missing, quantities
from index.languages.pack import pack_of, packs, words_pattern
from index.languages.text import fold, to_script

LEAST_SCALE = 1e3
"""Words for less multiply no number that is written in digits."""

_SCALE = re.compile(
    words_pattern(
        word
        for pack in packs()
        for word, factor in pack.numbers.scales.items()
        if factor >= (LEAST_SCALE if pack.spaced else 10 * LEAST_SCALE)
    )
)
LEAST_CONVERTED = 1e4
"""Smaller numbers are written the same way in all languages."""


def written(value: float, language: str) -> str:
    """500000 -> "500,000" or "50萬"; 4.56e11 -> "456 billion", "4560億" or "456 млрд"."""
    pack = pack_of(language)
    numbers = pack.numbers if pack else Numbers()
    scale, name = next((each for each in numbers.large if value >= each[0]), (1.0, ""))
    digits = f"{value / scale:.10g}" if name else f"{value:,.10g}"
    marks: dict[str, str | int | None] = {",": numbers.grouping, ".": numbers.point}
    punctuated = digits.translate(str.maketrans(marks))
    return to_script(punctuated + name, language)


def converted(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Where the large numbers of a text stand that have a scale word, and how `language` writes
    them."""
    for quantity in quantities(text):
        words = text[quantity.start : quantity.end]
        if quantity.number >= LEAST_CONVERTED and _SCALE.search(fold(words)):
            number = written(quantity.number, language)
            yield quantity.start, quantity.end, number + _unit_behind(words)


def mend(claim: str, language: str, wrong: Iterable[Missing], sources: Iterable[str]) -> str:
    """Corrects numbers of a claim that differ from those of its sources only by a power of ten.

    A number is corrected only if exactly one number of the sources fits and the claim does not have
    that number already.
    """
    stated = [q for text in sources for q in quantities(text) if q.sure]
    said = quantities(claim)
    mended = claim
    for gap in sorted(wrong, key=lambda gap: gap.start, reverse=True):
        slip = next((q for q in said if (q.start, q.end) == (gap.start, gap.end)), None)
        if slip is None or gap.date:
            continue
        meant = {q.number for q in stated if _same_digits(slip, q)}
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
    at = max(
        (match.end() for match in re.finditer(rf"\d|{_SCALE.pattern}", fold(words))), default=0
    )
    rest = words[at:]
    return re.sub(r"^\s+", " ", rest.rstrip()) if rest.strip() else ""
