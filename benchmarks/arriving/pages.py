"""Samples as PDF and as scans: one or two columns, drawn column by column or row by row, vertical,
two stories to a page, with running heads and page numbers."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.arriving.samples import Sample

WIDTH, HEIGHT = 595, 842
MARGIN = 56
SIZE, LEADING = 10.0, 14.0
FONTS = {"zh-Hans": "STSong-Light", "zh-Hant": "MSung-Light"}
CYRILLIC = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
)


@cache
def font(language: str, vertical: bool = False) -> str:
    """A registered font: CID fonts for Chinese need no file; Russian needs one of the system's."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    if language in FONTS:
        made: Any = UnicodeCIDFont(FONTS[language], isVertical=vertical)
        name = FONTS[language] + ("-V" if vertical else "")
        made.fontName = made.name = name
        pdfmetrics.registerFont(made)
        return name
    if language == "ru":
        found = next((f for f in CYRILLIC if Path(f).exists()), None)
        if found is None:
            return ""
        pdfmetrics.registerFont(TTFont("Cyrillic", found))
        return "Cyrillic"
    return "Times-Roman"


def width_of(text: str, name: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(text, name, size))


_HANG = "，。、；：！？）」』”》"


def set_lines(
    text: str, name: str, size: float, width: float, hyphenate: bool = False
) -> list[str]:
    """Lines of a justified column; long words are divided where `hyphenate`."""
    lines, line = [], ""
    for piece in re.findall(r"[^\s\u2e80-\u9fff\uff00-\uffef]+|\s+|.", text):
        over = width_of(line + piece, name, size) - width
        if over > (size if piece in _HANG else 0):
            done = line.rstrip()
            cut = re.match(r"([^\W\d_]{4,})([^\W\d_]{3,}[.,]?)$", piece) if hyphenate else None
            if cut and width_of(f"{line}{cut[1]}-", name, size) <= width:
                done, piece = f"{line}{cut[1]}-", cut[2]
            elif hyphenate and "-" in piece[1:-1]:
                first, _, rest = piece.partition("-")
                if width_of(f"{line}{first}-", name, size) <= width:
                    done, piece = f"{line}{first}-", rest
            lines.append(done)
            line = ""
        line += piece if line or not piece.isspace() else ""
    return [*lines, line.rstrip()]


Placed = tuple[float, float, str, float]
"""x, y from the top, text, size."""


def layout(
    samples: Sequence[Sample], columns: int, indent: bool, hyphenate: bool
) -> Iterator[list[Placed]]:
    """The pages of some stories, one below the other."""
    gutter = 18
    width = (WIDTH - 2 * MARGIN - gutter * (columns - 1)) / columns
    bottom = HEIGHT - 70
    page: list[Placed] = []
    y = 70.0
    for sample in samples:
        name = font(sample.language)
        if y > bottom - 160:
            yield page
            page, y = [], 70.0
        for line in set_lines(sample.title, name, 18, WIDTH - 2 * MARGIN):
            page.append((MARGIN, y, line, 18))
            y += 22
        for line in (sample.byline, f"{sample.outlet}, {sample.day}"):
            page.append((MARGIN, y, line, SIZE))
            y += LEADING
        y += 10
        lines: list[tuple[float, str]] = []
        for paragraph in sample.paragraphs:
            first = 2 * SIZE if indent else 0
            pad = "田田" if sample.chinese else "xxxx"
            body = set_lines((pad if indent else "") + paragraph, name, SIZE, width, hyphenate)
            if indent:
                body[0] = body[0][len(pad) :]
            lines += [(first if i == 0 else 0.0, t) for i, t in enumerate(body)]
            if not indent:
                lines.append((0.0, ""))
        while lines:
            rows = max(1, min(int((bottom - y) / LEADING), -(-len(lines) // columns)))
            for column in range(columns):
                x = MARGIN + column * (width + gutter)
                part, lines = lines[:rows], lines[rows:]
                for row, (pad_x, text) in enumerate(part):
                    if text:
                        page.append((x + pad_x, y + row * LEADING, text, SIZE))
            y += rows * LEADING + 24
            if lines:
                yield page
                page, y = [], 70.0
    yield page


def pdf(
    samples: Sequence[Sample],
    columns: int = 1,
    by_row: bool = False,
    indent: bool = True,
    hyphenate: bool = False,
    head: str = "",
) -> bytes:
    """A PDF of stories."""
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
    name = font(samples[0].language)
    for number, page in enumerate(layout(samples, columns, indent, hyphenate), 1):
        if head:
            canvas.setFont(name, 8)
            canvas.drawString(MARGIN, HEIGHT - 40, head)
            canvas.drawRightString(WIDTH - MARGIN, 36, str(number))
        for x, y, text, size in sorted(page, key=lambda p: (p[1], p[0])) if by_row else page:
            han = re.search(r"[\u3400-\u9fff]", text)
            canvas.setFont(font("zh-Hant") if han and name == "Times-Roman" else name, size)
            canvas.drawString(x, HEIGHT - y, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def vertical_pdf(sample: Sample, bands: int = 2, single: bool = False) -> bytes:
    """Vertical Chinese: columns from right to left, in bands from top to bottom."""
    from reportlab.pdfgen.canvas import Canvas

    name, flat = font(sample.language, not single), font(sample.language)
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT))
    height = (HEIGHT - 2 * MARGIN - 24 * (bands - 1)) / bands
    count = int(height / (SIZE + 1))
    columns: list[tuple[str, float]] = []
    high = count * 10 // 18
    columns += [(sample.title[i : i + high], 18) for i in range(0, len(sample.title), high)]
    columns += [(f"{sample.outlet} {sample.day} {sample.byline}", SIZE)]
    for paragraph in sample.paragraphs:
        text = "　　" + paragraph
        columns += [(t, SIZE) for t in _columns(text, count)]
    band = 0
    x: float = WIDTH - MARGIN - 18
    for text, size in columns:
        if x < MARGIN:
            band, x = band + 1, WIDTH - MARGIN - 18
            if band == bands:
                canvas.showPage()
                band = 0
        y = HEIGHT - MARGIN - band * (height + 24)
        canvas.setFont(name, size)
        if single:
            canvas.setFont(flat, size)
            for i, c in enumerate(text):
                if not c.isspace():
                    canvas.drawString(x, y - (i + 1) * (size + 1), c)
        else:
            pad = len(text) - len(text.lstrip("　"))
            canvas.drawString(x + size / 2, y - pad * size, text[pad:])
        x -= size * 1.6
    canvas.save()
    return file.getvalue()


def _columns(text: str, count: int) -> list[str]:
    """Text in columns of so many characters, with words of letters whole."""
    columns = [""]
    for piece in re.findall(r"[A-Za-z0-9'’-]+|.", text):
        if len(columns[-1]) + len(piece) > count:
            columns.append("")
        columns[-1] += piece
    return columns


def scan(data: bytes, dots: int = 200, askew: float = 0.4, turned: float = 0) -> bytes:
    """A PDF printed and scanned again: pictures, speckled, turned by about so many degrees."""
    import pypdfium2
    from PIL import Image, ImageFilter

    chance = random.Random(7)  # noqa: S311 - no secret
    pictures = []
    for page in pypdfium2.PdfDocument(data):
        picture = page.render(scale=dots / 72, grayscale=True).to_pil().convert("L")
        picture = picture.rotate(
            turned + chance.uniform(-askew, askew), Image.Resampling.BICUBIC, fillcolor=255
        )
        picture = picture.filter(ImageFilter.GaussianBlur(0.5))
        for _ in range(300):
            picture.putpixel(
                (chance.randrange(picture.width), chance.randrange(picture.height)), 90
            )
        pictures.append(picture)
    file = io.BytesIO()
    pictures[0].save(file, "PDF", save_all=True, append_images=pictures[1:], resolution=dots)
    return file.getvalue()
