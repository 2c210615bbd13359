"""A PDF page -> its words, as its text layer draws them.

In: a page of pypdfium2. Out: a `Sheet`. What a reader of the page cannot see (text beside the page,
stamps set askew) is left out; characters that fonts map to radicals, ligatures or vertical forms
are written as the characters they stand for.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.read.paged.words import SPACE, Sheet, Word, is_wide, turned

MAX_GLYPHS = 200_000
"""The most densely printed newspaper page has a fifth of this."""

WIDE_SPACE = 0.4
"""Han characters are set apart by up to this share of an em to fill a line."""

VERTICAL_SPACE = 0.9
"""In vertical columns letters stand in squares, apart from one another."""

SAME_LINE = 0.35
"""Characters whose base lines differ by less than this share of an em share a line."""

BOLD_WEIGHT = 600

RIGHTWARDS, SIDEWAYS = 0, (18, 54)
"""Which way characters run, in steps of 5 degrees. Others stand askew or upside down, as stamps do."""

UNREADABLE_SHARE = 0.15
"""If more than this share of a page's characters is unknown, the page is read as a picture, or not
at all."""


class TooMuchTextError(Exception):
    """The page has more characters than any printed one."""


@dataclass(frozen=True, slots=True)
class _Glyph:
    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    bold: bool
    sideways: bool
    spaced: bool
    """A space is drawn before it."""
    apart: bool
    """A gap is seen before it, in a line."""


def read_sheet(page: Any, number: int) -> tuple[Sheet, bool]:
    """A page's words, and whether its characters are known."""
    turns = page.get_rotation() // 90
    width, height = page.get_size()
    drawn, unknown = _draw(page, turns)
    drawn = list(_on_page(drawn, width, height))
    readable = unknown <= UNREADABLE_SHARE * (len(drawn) + unknown)
    vertical = _is_vertical(drawn)
    words = list(_words(drawn, vertical))
    if vertical:
        words = [turned(w, width) for w in words]
        width, height = height, width
    return Sheet(number, width, height, words, vertical), readable


def _on_page(glyphs: Sequence[_Glyph], width: float, height: float) -> Iterator[_Glyph]:
    """The characters on the page; if a line runs off it, all of that line."""
    last: _Glyph | None = None
    for g in glyphs:
        inside = -1 <= g.left <= width and -1 <= g.top <= height
        if inside or (
            last is not None and _level(last, g) and 0 <= g.left - last.left < 3 * g.size
        ):
            last = g
            yield g


class _Print:
    """The characters of a page as pdfium numbers them."""

    def __init__(self, page: Any, turns: int) -> None:
        """`turns` are the quarters by which the page is shown turned clockwise."""
        import pypdfium2.raw as pdfium

        self._pdfium = pdfium
        self._text_page = page.get_textpage()
        self._raw = self._text_page.raw
        self._turns = turns
        self._frame = page.get_cropbox() or page.get_mediabox()
        self._box, self._matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self.count: int = self._text_page.count_chars()

    def is_gap(self, i: int) -> bool:
        """Whether this is no character, but a gap that pdfium sees between two."""
        return bool(self._pdfium.FPDFText_IsGenerated(self._raw, i) == 1)

    def text(self, i: int) -> str | None:
        """What a reader sees; None for what stands for no character."""
        code = self._pdfium.FPDFText_GetUnicode(self._raw, i)
        hyphen = self._pdfium.FPDFText_IsHyphen(self._raw, i) == 1
        return "-" if hyphen and code != 0xAD else _meaning(code)

    def look_at(self, i: int) -> tuple[float, float, float]:
        """Where a character stands on the unturned page, and its size. What follows is about this one."""
        self._pdfium.FPDFText_GetLooseCharBox(self._raw, i, self._box)
        self._pdfium.FPDFText_GetMatrix(self._raw, i, self._matrix)
        self._pdfium.FPDFText_GetCharOrigin(self._raw, i, self._x, self._y)
        height = math.hypot(self._matrix.c, self._matrix.d)
        size = self._pdfium.FPDFText_GetFontSize(self._raw, i) * height
        return self._x.value, self._y.value, size

    def direction(self) -> int:
        """Which way the character runs on the page as it is shown: 0 to the right, in steps of 5 degrees."""
        angle = math.degrees(math.atan2(self._matrix.b, self._matrix.a))
        return (round(angle / 5) - 18 * self._turns) % 72

    def edges(self) -> tuple[float, float, float, float, float]:
        """Left, top, right, bottom and base line on the page as it is shown."""
        x0, y0, x1, y1 = self._frame
        box = self._box
        (ax, ay), (bx, by), (_, base) = (
            _placed(a, b, self._turns, x1 - x0, y1 - y0)
            for a, b in (
                (box.left - x0, y1 - box.top),
                (box.right - x0, y1 - box.bottom),
                (self._x.value - x0, y1 - self._y.value),
            )
        )
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), base

    def is_bold(self, i: int) -> bool:
        return bool(self._pdfium.FPDFText_GetFontWeight(self._raw, i) >= BOLD_WEIGHT)


def _draw(page: Any, turns: int) -> tuple[list[_Glyph], int]:
    """The characters in the order in which they are drawn; how many have no meaning."""
    drawn = _Print(page, turns)
    if drawn.count > MAX_GLYPHS:
        raise TooMuchTextError
    glyphs: list[_Glyph] = []
    unknown, spaced, apart = 0, False, False
    seen: set[tuple[str, int, int]] = set()
    for i in range(drawn.count):
        if drawn.is_gap(i):
            apart = True
            continue
        text = drawn.text(i)
        if text is None:
            unknown += 1
            continue
        if not text.strip():
            spaced = True
            continue
        x, y, size = drawn.look_at(i)
        key = text, round(x), round(y)
        if size <= 0 or key in seen:
            continue
        seen.add(key)
        direction = drawn.direction()
        if direction not in (RIGHTWARDS, *SIDEWAYS):
            continue
        gap = apart and not _touches_wide(glyphs, text)
        bold, sideways = drawn.is_bold(i), direction in SIDEWAYS
        glyphs.append(_Glyph(text, *drawn.edges(), size, bold, sideways, spaced, gap))
        spaced = apart = False
    return glyphs, unknown


def _touches_wide(glyphs: Sequence[_Glyph], text: str) -> bool:
    return is_wide(text[0]) or bool(glyphs and is_wide(glyphs[-1].text[-1]))


def _placed(x: float, y: float, turns: int, width: float, height: float) -> tuple[float, float]:
    """A point of the unturned page on the page as it is shown, turned clockwise by quarters."""
    return [(x, y), (height - y, x), (width - x, height - y), (y, width - x)][turns % 4]


def _meaning(code: int) -> str | None:
    """What a reader sees; None for a code that stands for no character."""
    if code in (0, 0xFFFD, 0xFFFE, 0xFFFF) or 0xE000 <= code <= 0xF8FF or 0xD800 <= code < 0xE000:
        return None
    character = chr(code)
    if code < 32 and not character.isspace():
        return None
    if 0x2E80 <= code <= 0x2FDF or 0xFB00 <= code <= 0xFB06 or 0xFE10 <= code <= 0xFE4F:
        return unicodedata.normalize("NFKC", character)
    return character


def _is_vertical(glyphs: Sequence[_Glyph]) -> bool:
    """Whether wide characters mostly stand below one another, by the nearest neighbour of each
    and not by the order in which they were drawn.
    """
    wide = [g for g in glyphs if is_wide(g.text[0])]
    if 2 * len(wide) < len(glyphs) or len(wide) < 10:
        return False
    cells: dict[tuple[int, int], list[_Glyph]] = {}
    step = max(1.0, sorted(g.size for g in wide)[len(wide) // 2])
    for g in wide:
        cells.setdefault((int(g.left / step), int(g.top / step)), []).append(g)
    down = across = 0
    for g in wide[:: max(1, len(wide) // 2000)]:
        column, row = int(g.left / step), int(g.top / step)
        near = [
            n
            for i in range(-1, 3)
            for j in range(-1, 3)
            for n in cells.get((column + i, row + j), ())
        ]
        right = min(
            (n.left - g.left for n in near if n.left > g.left + g.size / 2 and _level(n, g)),
            default=math.inf,
        )
        below = min(
            (n.top - g.top for n in near if n.top > g.top + g.size / 2 and _plumb(n, g)),
            default=math.inf,
        )
        down += below < right
        across += right < below
    return down > across


def _level(one: _Glyph, other: _Glyph) -> bool:
    return abs(one.base - other.base) < SAME_LINE * other.size


def _plumb(one: _Glyph, other: _Glyph) -> bool:
    return abs(one.left + one.right - other.left - other.right) < 2 * SAME_LINE * other.size


def _words(glyphs: Sequence[_Glyph], vertical: bool) -> Iterator[Word]:
    """Characters drawn one after the other that stand side by side, or below one another."""
    run: list[_Glyph] = []
    for glyph in glyphs:
        if glyph.sideways and not vertical:
            continue
        if run and not _follows(run[-1], glyph, vertical):
            yield _word(run, vertical)
            run = []
        run.append(glyph)
    if run:
        yield _word(run, vertical)


def _follows(last: _Glyph, glyph: _Glyph, vertical: bool) -> bool:
    size = min(last.size, glyph.size)
    if vertical:
        aside = abs(last.left + last.right - glyph.left - glyph.right) / 3
        gap = glyph.top - last.bottom
        limit = VERTICAL_SPACE * size
    else:
        aside = abs(last.base - glyph.base)
        gap = glyph.left - last.right
        wide = is_wide(last.text[-1]) and is_wide(glyph.text[0])
        limit = (WIDE_SPACE if wide else SPACE) * size
    return (
        not (glyph.spaced or (glyph.apart and not vertical))
        and aside < SAME_LINE * size
        and -0.6 * size < gap < limit
        and last.bold == glyph.bold
        and max(last.size, glyph.size) < 1.1 * size
    )


def _word(run: Sequence[_Glyph], vertical: bool) -> Word:
    return Word(
        "".join(g.text for g in run),
        min(g.left for g in run),
        min(g.top for g in run),
        max(g.right for g in run),
        max(g.bottom for g in run),
        sorted(g.base for g in run)[len(run) // 2],
        max(g.size for g in run),
        run[0].bold,
        run[0].spaced or (run[0].apart and not vertical),
    )
