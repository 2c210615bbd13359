"""Article -> passages: runs of whole sentences, each about `passage_width` wide.

In: an article's text and language. Out: `Passage`s in order, with exact offsets; every character
that is not white space is in at least one. The breaks of an article are chosen together, the way TeX
breaks lines (Knuth and Plass, 1981): full passages and ends of paragraphs cost little, breaks inside
a paragraph or after a heading cost much.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from index.config import SplitSettings
from index.languages.text import (
    CHARS_PER_LATIN_WORD,
    HAN,
    alphabets,
    chinese_script,
    detect,
    primary,
    sentences,
    trim,
)
from index.records import Article, Passage, Sentence

NARROW_WIDTH = 0.4
"""Width of a character that is not Han: 220 Han characters say about as much as 550 letters (these
five: tuning/passages.py)."""

MID_PARAGRAPH_COST = 0.1
"""A break inside a paragraph costs as much as leaving a third of a passage empty (0.33 ** 2)."""

HEADING_COST = 2.0
"""A break behind a heading costs more than any waste of room."""

LANGUAGE_COST = -1.0
"""A break where the language changes is so cheap that it is made even if both passages are short."""

HEADING_WIDTH = 30
"""A line of its own, no wider and without a full stop at its end, is a heading."""

SCRIPT_LETTERS = 8
"""A sentence with fewer letters (a name, a number with its unit) may be in any script."""

_WIDE = re.compile(f"[{HAN}\u3000-\u30ff\uac00-\ud7af\uff00-\uff60]")
_CLAUSE_END = re.compile(r"[,;:，、；：…—]+[”’」』）)]*\s*")
_BLANK = re.compile(r"\s+")
_FULL_STOP = re.compile(r"[.!?。！？…][\"'”’」』）)]*$")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a piece of one too wide for a passage."""

    start: int
    end: int
    width: float
    break_cost: float
    """What a passage break behind this unit costs."""


def split_article(article: Article, article_id: str, settings: SplitSettings) -> list[Passage]:
    """The passages of an article; none where the text is only white space."""
    units = _units(article.text, article.language, settings.passage_width)
    starts = _best_starts(units, settings.passage_width)
    passages = []
    for first, last in pairwise([*starts, len(units)]):
        first = max(0, first - settings.overlap_sentences)
        inside = tuple(Sentence(unit.start, unit.end) for unit in units[first:last])
        text = article.text[inside[0].start : inside[-1].end]
        language = passage_language(text, article.language)
        start, end = inside[0].start, inside[-1].end
        passages.append(Passage(article_id, start, end, text, inside, language, article.title))
    return passages


def printed_width(text: str) -> float:
    """The room that a text takes, in Han characters; digits, signs and spaces count too."""
    wide = len(_WIDE.findall(text))
    return wide + NARROW_WIDTH * (len(text) - wide)


def passage_language(text: str, article_language: str) -> str:
    """The article's language, unless the passage is clearly in another alphabet or script."""
    if _alphabet(text) not in ("", _alphabet_of(article_language)):
        return detect(text, "zh-Hant" if article_language == "zh-Hant" else "zh-Hans")
    if primary(article_language) == "zh" and len(text) >= HEADING_WIDTH:
        return chinese_script(text) or article_language
    return article_language


def _units(text: str, language: str, limit: int) -> list[_Unit]:
    spans = [
        piece for sentence in sentences(text, language) for piece in _cut(text, sentence, limit)
    ]
    alphabets = [_alphabet(text[span.start : span.end]) for span in spans]
    units = []
    line_start = True
    alphabet = ""
    last = len(spans) - 1
    for n, span in enumerate(spans):
        line_end = n == last or "\n" in text[span.end : spans[n + 1].start]
        words = text[span.start : span.end]
        width = printed_width(words)
        alphabet = alphabets[n] or alphabet
        if n == last:
            cost = 0.0
        elif alphabets[n + 1] not in ("", alphabet):
            cost = LANGUAGE_COST
        elif line_start and line_end and width <= HEADING_WIDTH and not _FULL_STOP.search(words):
            cost = HEADING_COST
        else:
            cost = 0.0 if line_end else MID_PARAGRAPH_COST
        units.append(_Unit(span.start, span.end, width, cost))
        line_start = line_end
    return units


def _best_starts(units: list[_Unit], limit: int) -> list[int]:
    """The indices of the units that begin a passage, at the least total cost."""
    costs = [0.0]
    previous = [0]
    for end, last in enumerate(units, 1):
        best, best_start = float("inf"), end - 1
        width = 0.0
        for start in range(end - 1, -1, -1):
            width += units[start].width
            if width > limit and start < end - 1:
                break
            cost = costs[start] + max(0.0, 1 - width / limit) ** 2 + last.break_cost
            if cost < best:
                best, best_start = cost, start
        costs.append(best)
        previous.append(best_start)
    starts: list[int] = []
    at = len(units)
    while at:
        at = previous[at]
        starts.append(at)
    return starts[::-1]


def _cut(text: str, sentence: Sentence, limit: int) -> list[Sentence]:
    """The sentence, or pieces of it no wider than `limit`, cut after a clause, else at a blank, else
    anywhere."""
    if printed_width(text[sentence.start : sentence.end]) <= limit:
        return [sentence]
    pieces = []
    start = sentence.start
    while start < sentence.end:
        reach = _reach(text, start, sentence.end, limit)
        end = reach
        if reach < sentence.end:
            for boundary in (_CLAUSE_END, _BLANK):
                ends = [match.end() for match in boundary.finditer(text, start, reach)]
                if ends and ends[-1] - start > (reach - start) // 3:
                    end = ends[-1]
                    break
        piece = trim(text, start, end)
        if piece.start < piece.end:
            pieces.append(piece)
        start = end
    return pieces


def _reach(text: str, start: int, end: int, limit: int) -> int:
    """How far from `start` a piece may go before it is wider than `limit`."""
    width = 0.0
    for at in range(start, end):
        width += 1.0 if _WIDE.match(text[at]) else NARROW_WIDTH
        if width > limit:
            return at
    return end


def _alphabet(text: str) -> str:
    """ "han", "latin" or "cyrillic" by most letters (a Latin word counts as much as a Han
    character); "" where there are too few."""
    weights = alphabets(text)
    words = weights["latin"] + weights["cyrillic"]
    count = weights["han"] + round(CHARS_PER_LATIN_WORD * words)
    if count < SCRIPT_LETTERS:
        return ""
    return max(weights, key=weights.__getitem__)


def _alphabet_of(language: str) -> str:
    return {"zh": "han", "ja": "han", "ru": "cyrillic"}.get(primary(language), "latin")
