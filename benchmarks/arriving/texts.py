"""Samples as text, HTML and DOCX: wrapped, exported from archives, two to a page, with changes."""

from __future__ import annotations

import html
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.arriving.samples import Sample


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most so many columns; Han text breaks anywhere but before punctuation."""
    lines = [""]
    for piece in re.findall(r"[^\s\u2e80-\u9fff\uff00-\uffef]+|\s+|.", text):
        if columns(lines[-1]) + columns(piece) > width and not re.match(
            r"[，。、；：！？）」』”]", piece
        ):
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        if lines[-1] or not piece.isspace():
            lines[-1] += piece
    return [line.rstrip() for line in lines if line.strip()]


def wrapped(sample: Sample, width: int, style: int) -> str:
    """As mail and terminals wrap: paragraphs apart, indented, or both headed differently."""
    if style == 0:
        head = [sample.title, sample.byline, f"{sample.outlet}, {sample.day}", ""]
    elif sample.chinese:
        source = "來源" if sample.language == "zh-Hant" else "来源"
        head = [
            *wrap(sample.title, width),
            f"{sample.published}  {source}：{sample.outlet}  {sample.byline}",
            "",
        ]
    else:
        head = [*wrap(sample.title, width), f"{sample.byline}, {sample.outlet}", sample.day, ""]
    lines = []
    for paragraph in sample.paragraphs:
        if style == 2:
            indent = "　　" if sample.chinese else "    "
            lines += _indented(paragraph, indent, width)
        else:
            lines += [*wrap(paragraph, width), ""]
    return "\n".join([*head, *lines]) + "\n"


def _indented(paragraph: str, indent: str, width: int) -> list[str]:
    lines = wrap("x" * columns(indent) + paragraph, width)
    return [indent + lines[0][columns(indent) :], *lines[1:]]


def factiva(samples: Sequence[Sample], coded: bool) -> str:
    """A Factiva download: with its two-letter codes, or without."""
    parts = []
    for number, s in enumerate(samples):
        words = sum(len(p.split()) for p in s.paragraphs)
        day = f"{s.published.day} {s.published:%B %Y}"
        code = f"SRC{number:05}{s.published:%Y%m%d}ek5e0000{number % 10}"
        lead, rest = s.paragraphs[0], s.paragraphs[1:]
        language = {"en": "English", "ru": "Russian", "zh-Hant": "Chinese - Traditional"}.get(
            s.language, "Chinese - Simplified"
        )
        if coded:
            parts.append(
                f"HD \n{s.title}\n\nBY \n{s.byline}\n\nWC \n{words} words\n\nPD \n{day}\n\nSN \n{s.outlet}\n\nSC \nSRC\n\nLA \n{language}\n\n"
                f"CY \nCopyright {s.published.year} {s.outlet}\n\nLP \n{lead}\n\nTD \n"
                + "\n\n".join(rest)
                + f"\n\nAN \nDocument {code}\n\n"
            )
        else:
            parts.append(
                f"{s.title}\n{s.byline}\n{words} words\n{day}\n{s.outlet}\nSRC\n{language}\nCopyright {s.published.year} {s.outlet}\n\n"
                + "\n\n".join(s.paragraphs)
                + f"\n\nDocument {code}\n\n"
            )
    tail = "Search Summary\nText\trail or wheat\nDate\tAll Dates\nSource\tAll Sources\nResults Found\t12\nTimestamp\t26 November 2026 4:07 PM GMT\n"
    return "\n".join(parts) + tail


def wisers(samples: Sequence[Sample], style: int) -> str:
    """A Wisers (WiseNews) download in one of two layouts."""
    parts = []
    for number, s in enumerate(samples, 1):
        code = f"{s.published:%Y%m%d}0040{number:03}"
        body = "\n\n".join(s.paragraphs)
        if style == 0:
            parts.append(
                f"{number}.\n{s.outlet} | {s.published} \nA{number:02} | 要聞 | {s.byline}\n\n{s.title}\n\n{body}\n\n文章編號: {code}\n"
            )
        else:
            parts.append(
                f"標題：{s.title}\n報刊：{s.outlet}\n日期：{s.published}\n版面：A{number:02}  要聞\n作者：{s.author}\n字數：{len(body)}\n\n{body}\n\n"
                f"文章編號：{code}\n慧科訊業有限公司 版權所有\n"
            )
    rule = "\n" + "-" * 60 + "\n\n"
    return rule.join(parts)


def two_on_a_page(samples: Sequence[Sample]) -> str:
    """A saved page on which scrolling went on into the next story."""
    first = samples[0]
    articles = "".join(
        f'<article><h1>{html.escape(s.title)}</h1><p class="byline">{html.escape(s.byline)}</p>'
        f'<span class="source">{html.escape(s.outlet)}</span> <time datetime="{s.published}">{s.day}</time>'
        + "".join(f"<p>{html.escape(p)}</p>" for p in s.paragraphs)
        + "</article>"
        for s in samples
    )
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{html.escape(first.title)}</title>'
        f'<meta property="og:type" content="article"><meta property="og:title" content="{html.escape(first.title)}">'
        f'<meta property="article:published_time" content="{first.published}"></head><body>'
        '<nav><a href="/">Home</a> <a href="/world">World</a> <a href="/trade">Trade</a></nav>'
        f"<main>{articles}</main><footer>© 2024</footer></body></html>"
    )


def docx(sample: Sample) -> bytes:
    """A Word document in which words were deleted and others inserted, with changes tracked."""
    from docx import Document
    from docx.oxml import OxmlElement

    document: Any = Document()
    document.add_heading(sample.title, 0)
    document.add_paragraph(sample.byline)
    document.add_paragraph(f"{sample.outlet}, {sample.day}")
    wrong = "這句話已被刪去" if sample.chinese else "which was struck out "
    for number, text in enumerate(sample.paragraphs):
        paragraph = document.add_paragraph()
        half = len(text) // 2 if sample.chinese else text.find(" ", len(text) // 2) + 1
        parts = [(text[:half], ""), (wrong, "del"), (text[half:], "ins" if number % 2 else "")]
        for content, change in parts:
            run = paragraph.add_run(content)
            if change:
                mark = OxmlElement(f"w:{change}")
                mark.set(f"{{{W}}}id", str(100 + number))
                mark.set(f"{{{W}}}author", "Editor")
                run._r.addprevious(mark)
                mark.append(run._r)
                if change == "del":
                    for t in run._r.findall(f"{{{W}}}t"):
                        t.tag = f"{{{W}}}delText"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pairs(samples: Sequence[Sample], size: int) -> Iterator[list[Sample]]:
    """Samples of one language in groups."""
    for language in dict.fromkeys(s.language for s in samples):
        group = [s for s in samples if s.language == language]
        for i in range(0, len(group) - size + 1, size):
            yield group[i : i + size]
