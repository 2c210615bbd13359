"""What a line of a page is: prose, a short line, data about the article, or boilerplate.

In: a `Line`. Out: its `Kind`. Rules are for kinds of lines that pages of many sites have; they are
matched on the folded line (Simplified, lower case, half width), so one rule serves both scripts.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from importlib import resources
from itertools import chain
from typing import Any

from index.extract.lines import SENTENCE_END, SENTENCE_MARK, STATEMENT_END, Line, text_width
from index.languages.pack import either, packs, texts
from index.languages.text import HAN, fold, seen


class Kind(Enum):
    """What a line is, judged by itself."""

    PROSE = "prose"
    SHORT = "short"
    """Neither prose nor known boilerplate: a heading, a caption, an item, a menu entry."""
    CHROME = "chrome"
    """Boilerplate that can stand anywhere: menus, share bars, adverts, "Loading..."."""
    ASIDE = "aside"
    """Opens a list of other stories; the article may go on after it."""
    END = "end"
    """Comes after an article: editor, copyright, "read the original"; another may follow."""
    OVER = "over"
    """Nothing of the article comes after it: what readers have said, the foot of the page."""


PATTERN_CHARS = 200
PATTERN_WIDTH = 60
"""Longer lines are not matched against the patterns: boilerplate of that length is recognised by its
link list look, and prose must not be lost to a phrase in it."""


_BY_PATTERN = (Kind.OVER, Kind.END, Kind.ASIDE, Kind.CHROME)
"""In the order in which they are tried."""


@cache
def _tables() -> list[Mapping[str, Any]]:
    shared = resources.files("index.extract").joinpath("data/line_kinds.toml")
    return [tomllib.loads(shared.read_text(encoding="utf-8")), *texts("line_kinds").values()]


def _compiled(kind: str, group: str = "") -> re.Pattern[str]:
    """The patterns of a kind, or of one group of them, in all tables."""
    groups = (table.get(kind, {}) for table in _tables())
    named = ([one[group]] if group in one else () if group else one.values() for one in groups)
    patterns = chain.from_iterable(chain.from_iterable(named))
    return re.compile(_with_lists(either(patterns), _tables()))


@cache
def _patterns() -> dict[Kind | None, re.Pattern[str]]:
    """The patterns of data/line_kinds.toml and of the packs' line_kinds.toml by kind; None for the
    beginnings of notices."""
    names = (*((kind, kind.value) for kind in _BY_PATTERN), (None, "notices"))
    return {kind: _compiled(name) for kind, name in names}


def _with_lists(pattern: str, tables: Sequence[Mapping[str, Any]]) -> str:
    """The pattern with a list of all tables in the place of each @name@; lists may name lists."""

    def listed(match: re.Match[str]) -> str:
        parts = chain.from_iterable(table.get("words", {}).get(match[1], ()) for table in tables)
        return _with_lists("|".join(parts), tables) or r"(?!)"

    return re.sub(r"@(\w+)@", listed, pattern)


_SEPARATOR = re.compile(
    r"\s*[|｜\u4e28¦]\s*|\s+[>›»/•·]\s*|\s*[›»→]\s*|\s{0,1}>{1,2}\s*|\s+-\s+|\s*[▪‣◆]\s*"
)
_QUOTED = re.compile(r"«([^«»]*)»")
"""Quotation marks of many languages: a separator between them separates nothing."""

_TOOL_WORD = re.compile(rf"[{HAN}]{{1,8}}")
_NAME = re.compile(rf"[{HAN}·]{{1,16}}")
_FUNCTION_WORDS = frozenset[str]().union(*(pack.pages.function_words for pack in packs()))
_WORDS = re.compile(rf"[^\W\d_{HAN}]+(?:['’][^\W\d_]+)?")


def classify(line: Line) -> Kind:
    """What kind of line this is, judged by its words and its look alone."""
    width = line.width
    patterns = _patterns()
    text = seen(line.text)
    folded = fold(text[:PATTERN_CHARS]).strip()
    if width <= PATTERN_WIDTH and len(line.text) <= PATTERN_CHARS:
        for kind in _BY_PATTERN:
            if patterns[kind].fullmatch(folded):
                return kind
        if is_offer(text):
            return Kind.CHROME
    if patterns[None].match(folded):
        return Kind.CHROME
    if is_link_list(text) or (line.links >= LINKED and not line.heading):
        return Kind.CHROME
    return Kind.PROSE if is_prose(text, width) else Kind.SHORT


@cache
def _offers() -> re.Pattern[str]:
    return _compiled("chrome", "paywall")


def is_offer(text: str) -> bool:
    """Whether a line is a paywall notice or an offer to subscribe: as a whole, or each sentence."""
    folded = fold(seen(text)).strip()
    if text_width(folded) > PATTERN_WIDTH or len(folded) > PATTERN_CHARS:
        return False
    if _offers().fullmatch(folded) is not None:
        return True
    parts = [part.strip() for part in _SENTENCE.findall(folded)]
    return len(parts) > 1 and all(
        _offers().fullmatch(part.rstrip(" .!。")) for part in parts if part
    )


_SENTENCE = re.compile(r"[^.!?。]+[.!?。]*")


LINKED = 0.6
"""A line of which this share is links leads to other pages."""

LINK_LIST_PARTS = 4
LINK_LIST_PART_WIDTH = 16
"""A line of at least four parts of on average at most 16 characters, set apart by | or > or the
like, is a menu, a breadcrumb trail or a link farm."""


NAME_LIST = 8
NAME_LIST_SHARE = 0.9
"""This many Han names side by side, without a full stop, are links to other sites."""


def is_link_list(text: str) -> bool:
    """Whether a line is many short things side by side rather than a sentence."""
    text = _QUOTED.sub(r"\1", text)
    parts = [p for p in _SEPARATOR.split(text) if p.strip()]
    if len(parts) >= LINK_LIST_PARTS or (len(parts) == 3 and re.search(r"[>›»]", text)):
        width = sum(map(text_width, parts)) / len(parts)
        ended = sum(bool(SENTENCE_END.search(p)) for p in parts)
        return width <= LINK_LIST_PART_WIDTH and ended <= len(parts) / 4
    words = text.split()
    if len(words) >= NAME_LIST and not SENTENCE_MARK.search(text):
        return sum(bool(_NAME.fullmatch(w)) for w in words) >= NAME_LIST_SHARE * len(words)
    return len(words) >= 3 and all(_TOOL_WORD.fullmatch(w) for w in words) and not _closed(words)


def _closed(words: list[str]) -> bool:
    """Short Han words side by side that may well be a headline: few, and long."""
    return len(words) <= 3 and min(map(len, words)) >= 5


PROSE_WIDTH = 12
"""A sentence as narrow as this (5 words, 12 Han characters) needs its full stop to count."""

LONG_PROSE_WIDTH = 45
"""A line of this width counts as prose without a full stop at its end if it reads like it; narrower
ones are headlines, even where they end with a question mark."""


def is_prose(text: str, width: float) -> bool:
    """Whether a line reads like one or more sentences rather than a label, list or menu."""
    if width < PROSE_WIDTH:
        return False
    if STATEMENT_END.search(text) is not None or "。" in text:
        return True
    if width < LONG_PROSE_WIDTH or function_share(text) < FUNCTION_SHARE:
        return False
    return SENTENCE_MARK.search(text) is not None or width >= 2 * LONG_PROSE_WIDTH


FUNCTION_SHARE = 0.04
"""Prose of either language has at least this share of grammatical words; lists of names have not."""


def function_share(text: str) -> float:
    """Share of a text's Han characters and other words that are grammar rather than content."""
    han = [c for c in fold(text) if "\u3400" <= c <= "\u9fff"]
    words = _WORDS.findall(text.lower())
    count = len(han) + len(words)
    if not count:
        return 0.0
    return sum(one in _FUNCTION_WORDS for one in (*han, *words)) / count
