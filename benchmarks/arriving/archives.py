"""Samples as press archives export them beside Factiva's and Wisers's text: Nexis, ProQuest, Dow Jones's XML,
and the same as RTF, HTML and DOCX."""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from typing import Any

from benchmarks.arriving.samples import Sample
from benchmarks.arriving.texts import wrap

LANGUAGES = {"en": "ENGLISH", "ru": "RUSSIAN", "zh-Hant": "CHINESE", "zh-Hans": "CHINESE"}
SUBJECTS = "; ".join(f"{name} ({n}%)" for n, name in enumerate(("RAIL", "WHEAT", "BRIDGES"), 70))


def nexis_uni(samples: Sequence[Sample]) -> list[str]:
    """The paragraphs of a Nexis Uni document: a cover, then the articles."""
    lines = ["Date and Time: Wednesday, May 15, 2024 9:12:00 AM CST", "Job Number: 123456789"]
    lines.append(f"Documents ({len(samples)})")
    for number, s in enumerate(samples, 1):
        lines += [f"{number}. {s.title}", "Client/Matter: -None-", "Search Terms: rail or wheat"]
    for s in samples:
        lines += [
            s.title,
            s.outlet,
            f"{s.published:%B} {s.published.day}, {s.published.year} Tuesday",
        ]
        lines += [
            f"Copyright {s.published.year} {s.outlet} All Rights Reserved",
            "Section: NEWS; Pg. 4",
        ]
        lines += [f"Length: {sum(map(len, s.paragraphs))} words", f"Byline: {s.author}", "Body"]
        lines += [*s.paragraphs, "Classification", f"Language: {LANGUAGES[s.language]}"]
        lines += [f"Subject: {SUBJECTS}", "Load-Date: May 20, 2024", "End of Document"]
    return lines


def nexis_old(samples: Sequence[Sample]) -> str:
    """As LexisNexis wrote text: wrapped, outlet and date centred, an index below each article."""
    parts = []
    for number, s in enumerate(samples, 1):
        head = [
            f"{number} of {len(samples)} DOCUMENTS",
            "",
            f"Copyright {s.published.year} {s.outlet} Ltd",
        ]
        head += [
            "All Rights Reserved",
            s.outlet,
            "",
            f"{s.published:%B} {s.published.day}, {s.published.year}",
        ]
        lines = [
            *(f"{line:^72}" for line in head),
            "",
            "SECTION: NEWS; Pg. 4A",
            "",
            "LENGTH: 212 words",
            "",
        ]
        title = wrap(f"HEADLINE: {s.title}", 76)
        lines += [*title, "", f"BYLINE: {s.author}", "", "BODY:", ""]
        for paragraph in s.paragraphs:
            lines += [*wrap(paragraph, 76), ""]
        lines += [
            f"LANGUAGE: {LANGUAGES[s.language]}",
            "",
            *wrap(f"SUBJECT: {SUBJECTS}; {SUBJECTS}", 76),
        ]
        parts.append("\n".join([*lines, "", "LOAD-DATE: May 20, 2024", "", ""]))
    return "\n".join(parts)


def proquest(samples: Sequence[Sample]) -> str:
    """A ProQuest text: rules between documents, fields with labels."""
    rule = "_" * 60
    parts = [f"{rule}\n\nReport Information from ProQuest"]
    for number, s in enumerate(samples, 1):
        day = f"{s.published:%b} {s.published.day}, {s.published.year}"
        fields = [f"Document {number} of {len(samples)}", s.title, f"Author: {s.author}"]
        fields += [
            f"Publication info: {s.outlet} ; Almaty [Almaty]. {s.published.day} {s.published:%b} {s.published.year}: A.4."
        ]
        fields += [
            "ProQuest document link",
            "Full text: " + "\n\n".join(s.paragraphs),
            "Subject: Railroads",
        ]
        fields += [f"Publication title: {s.outlet}", f"Publication year: {s.published.year}"]
        fields += [
            f"Publication date: {day}",
            "Document type: News",
            "Last updated: 2024-06-15",
            "Database: ProQuest Central",
        ]
        parts.append("\n\n".join(fields))
    parts.append("Bibliography\n\nCitation style: APA 6th\n\nLee, A. (2024). Rail line.\n")
    return f"\n\n{rule}\n\n".join(parts)


def dow_jones(samples: Sequence[Sample]) -> str:
    """Factiva's XML."""
    each = "".join(
        f"<ppsarticle><article><byline><paragraph>{s.byline}</paragraph></byline><headline><paragraph>{html.escape(s.title)}"
        f"</paragraph></headline><leadParagraph><paragraph>{html.escape(s.paragraphs[0])}</paragraph></leadParagraph>"
        "<tailParagraphs>"
        + "".join(f"<paragraph>{html.escape(p)}</paragraph>" for p in s.paragraphs[1:])
        + f"</tailParagraphs><publicationDate><dateTime>{s.published}T01:35:58Z</dateTime></publicationDate>"
        f"<publisherName>{s.outlet} Ltd</publisherName><sourceName>{s.outlet}</sourceName></article></ppsarticle>"
        for s in samples
    )
    return f'<?xml version="1.0" encoding="utf-8"?><PPSResponse xmlns="urn:x"><set>{each}</set></PPSResponse>'


def as_rtf(lines: Sequence[str]) -> bytes:
    """Paragraphs in an RTF, other letters than ASCII by number."""

    def escaped(text: str) -> str:
        data = text.encode("utf-16-le")
        codes = [
            int.from_bytes(data[i : i + 2], "little", signed=True) for i in range(0, len(data), 2)
        ]
        plain = {"\\": "\\\\", "{": "\\{", "}": "\\}"}
        return "".join(plain.get(chr(c), chr(c)) if 0 <= c < 128 else f"\\u{c}?" for c in codes)

    body = "\\par\n".join(map(escaped, lines))
    return (
        "{\\rtf1\\ansi\\ansicpg1252\\uc1{\\fonttbl{\\f0 Times;}}\\f0\\fs24 " + body + "\\par}"
    ).encode("ascii")


def as_html(lines: Sequence[str]) -> str:
    paragraphs = "".join(f"<p><span>{html.escape(line)}</span></p>\n" for line in lines)
    return (
        f"<!doctype html><html><head><title>Export</title></head><body>{paragraphs}</body></html>"
    )


def as_docx(lines: Sequence[str], title: str) -> bytes:
    """A document whose properties bear the headline of one of its articles, as Nexis's do."""
    from docx import Document

    document: Any = Document()
    document.core_properties.title = title
    for line in lines:
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
