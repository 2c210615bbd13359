"""Small PDFs and pictures of pages, with every line at its place."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Any

WIDTH, HEIGHT = 595, 842
LATIN = "Times-Roman"
SIMPLIFIED, TRADITIONAL = "STSong-Light", "MSung-Light"

Drawn = tuple[float, float, str, float]
"""x, y of the base line from the top, text, size of the font."""


@cache
def font(name: str, vertical: bool = False) -> str:
    """A font by name, registered; the Chinese ones need no file."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    if name == LATIN:
        return name
    made: Any = UnicodeCIDFont(name, isVertical=vertical)
    made.fontName = made.name = name + ("-V" if vertical else "")
    pdfmetrics.registerFont(made)
    return str(made.name)


def draw(
    pages: Sequence[Sequence[Drawn]],
    name: str = LATIN,
    vertical: bool = False,
    title: str = "",
    author: str = "",
    turn: int = 0,
    password: str = "",
) -> bytes:
    """A PDF with these lines, drawn in the order given."""
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT), encrypt=password or None)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for page in pages:
        if turn:
            canvas.setPageRotation(turn)
        for x, y, text, size in page:
            canvas.setFont(font(name, vertical), size)
            canvas.drawString(x, HEIGHT - y, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def column(
    lines: Sequence[str], x: float, y: float, size: float = 10, leading: float = 14
) -> list[Drawn]:
    """Lines below one another; one that starts with two spaces is indented."""
    return [
        (x + (2 * size if line.startswith("  ") else 0), y + i * leading, line.strip(), size)
        for i, line in enumerate(lines)
        if line.strip()
    ]


def apart(lines: Sequence[Drawn], name: str = LATIN) -> list[Drawn]:
    """The same, with every word drawn by itself."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return [
        (x + stringWidth(" ".join([*words[:i], ""]), name, size), y, word, size)
        for x, y, text, size in lines
        for words in [text.split()]
        for i, word in enumerate(words)
    ]


def by_row(*columns: Sequence[Drawn]) -> list[Drawn]:
    """Columns as OCR programs draw them: row after row, across all columns."""
    return sorted((d for c in columns for d in c), key=lambda d: (d[1], d[0]))


def picture(data: bytes, box: tuple[int, int, int, int], dots: int = 150) -> Any:
    """A part of a PDF's first page, in points, as a picture."""
    import pypdfium2

    scale = dots / 72
    shown = pypdfium2.PdfDocument(data)[0].render(scale=scale, grayscale=True).to_pil()
    return shown.convert("L").crop(tuple(int(scale * edge) for edge in box))


def saved(pictures: Sequence[Any], kind: str, dots: int = 150) -> bytes:
    """Pictures as a file: PNG, JPEG, TIFF or PDF."""
    file = io.BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if kind in ("PDF", "TIFF") else {}
    pictures[0].save(file, kind, **more, **({"resolution": dots} if kind == "PDF" else {}))
    return file.getvalue()
