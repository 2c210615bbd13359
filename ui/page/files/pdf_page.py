"""A page of a PDF as a picture, with the places of quoted words on it; made in a process of its own.

In, on standard input: JSON, a path, a page's number and the quoted words. Out, on standard output:
JSON, the picture (PNG, base64), its size, how many pages there are, and the places of the words as
shares of the picture. A file can be made to fill the memory or to crash what draws it: the process
limits itself, and `ui.page.files.pdf` tells what became of it.
"""

from __future__ import annotations

import base64
import ctypes
import io
import json
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any

PIXELS_WIDE = 1400
MOST_PIXELS = 8_000_000
MOST_LETTERS = 200_000
"""The most densely printed newspaper page has a fifth of this."""

MEMORY, SECONDS = 1 << 30, 20

LEAST_ALIKE = 6
"""So many letters in a row are found apart from the rest of a quote: where a column or page ends in it."""

Place = tuple[float, float, float, float]
"""Left, top, width, height, as shares of the page's width and height."""


def drawn(path: str, number: int, quote: str) -> dict[str, Any]:
    """The page nearest to `number`, counted from 1."""
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(path)
    number = max(1, min(number, len(document)))
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(PIXELS_WIDE / width, (MOST_PIXELS / (width * height)) ** 0.5)
    picture = io.BytesIO()
    page.render(scale=scale).to_pil().save(picture, "PNG")
    return {
        "page": number,
        "pages": len(document),
        "picture": base64.b64encode(picture.getvalue()).decode(),
        "ratio": width / height,
        "places": _places(page, quote),
    }


def _places(page: Any, quote: str) -> list[Place]:
    """Where the words of a quote are on a page; a line of them is one place."""
    import pypdfium2.raw as pdfium

    text = page.get_textpage()  # held: it is closed when nobody does
    raw = text.raw
    count = min(pdfium.FPDFText_CountChars(raw), MOST_LETTERS)
    letters = [
        (letter, n)
        for n in range(count)
        for letter in _letters(chr(pdfium.FPDFText_GetUnicode(raw, n)))
    ]
    found = _found("".join(letter for letter, _ in letters), _letters(quote))
    boxes = [_box(page, raw, n) for n in dict.fromkeys(letters[at][1] for at in found)]
    return _lines([box for box in boxes if box[2] > 0 and box[3] > 0])


def _letters(text: str) -> str:
    """What of a text is compared: no spaces, hyphens or stops, ligatures as their letters."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _found(within: str, quote: str) -> list[int]:
    """Where the letters of a quote are, in its longest pieces."""
    found: list[int] = []
    at = after = 0
    least = min(LEAST_ALIKE, len(quote))
    while least and at <= len(quote) - least:
        low, high = 0, len(quote) - at
        while low < high:  # a piece that is there has every shorter one
            middle = (low + high + 1) // 2
            low, high = (middle, high) if quote[at : at + middle] in within else (low, middle - 1)
        if low < least:
            at += 1
            continue
        piece = quote[at : at + low]
        place = within.find(piece, after)
        place = place if place >= 0 else within.find(piece)
        found += range(place, place + low)
        after, at = place + low, at + low
    return found


def _box(page: Any, raw: Any, n: int) -> Place:
    """The place of a character, on the page as it is seen, turned or cut."""
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(raw, n, box):
        return 0, 0, 0, 0
    across = down = 10_000
    x, y = ctypes.c_int(), ctypes.c_int()
    corners = []
    for left, top in ((box.left, box.top), (box.right, box.bottom)):
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, across, down, 0, left, top, x, y)
        corners.append((x.value / across, y.value / down))
    (x0, y0), (x1, y1) = corners
    return min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)


def _lines(boxes: Sequence[Place]) -> list[Place]:
    """Characters side by side, or one above the other, as one place."""
    lines: list[list[float]] = []  # left, top, right, bottom
    for left, top, width, height in boxes:
        right, bottom = left + width, top + height
        if lines:
            last = lines[-1]
            beside = (
                min(bottom, last[3]) - max(top, last[1]) > height / 2 and left - last[2] < 2 * width
            )
            below = (
                min(right, last[2]) - max(left, last[0]) > width / 2
                and abs(right - left - (last[2] - last[0])) < width / 2
                and 0 <= top - last[3] < height
            )
            if (beside and left >= last[0]) or below:
                lines[-1] = [
                    min(left, last[0]), min(top, last[1]), max(right, last[2]), max(bottom, last[3])
                ]  # fmt: skip
                continue
        lines.append([left, top, right, bottom])
    return [(x, y, right - x, bottom - y) for x, y, right, bottom in lines]


def main() -> None:
    """Answers one job, within limits."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except ImportError:  # Windows: the parent watches the clock
        pass
    job = json.load(sys.stdin)
    json.dump(drawn(job["path"], job["page"], job["quote"]), sys.stdout)
