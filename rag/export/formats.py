"""A result and its citations as documents: Markdown, JSON, DOCX, BibTeX, RIS, CSL-JSON.

In: an `Answer`, a `Comparison` or a `Timeline`. Out: text or bytes; `WRITERS` names the format of
every file ending. Quotes stay in their original words; characters that a format would read as
markup are escaped, and only http and https addresses become links. HTML is made in ui/page/render.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from index.languages.text import primary
from index.records import Article
from rag.export.authors import Author, authors
from rag.export.documents import Block, Result, Run, labels
from rag.results.hits import Citation

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument
    from docx.text.paragraph import Paragraph

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~$]|&(?=#?\w+;)|^[+=-]|(?<=[+=-])[+=-]|[+=-](?=[+=-])")
_MARKDOWN_NUMBER = re.compile(r"^(\d{1,9})(?=[.)])")
"""Together, what begins markup where it stands: a hyphen or "1." at the start of a line only."""

_WORD_CHINESE = {
    "zh-Hant": ("Microsoft JhengHei", "zh-TW"),
    "zh-Hans": ("Microsoft YaHei", "zh-CN"),
}
"""The font and language of Chinese in Word, by the language of a result."""

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: "\\" + character for character in "&%$#_"},
}


def clean(text: str) -> str:
    """Text without control characters and lone surrogates, which no document format takes."""
    return _CONTROL.sub("", text)


def web_address(url: str) -> str:
    """The url if it is safe to link to (http or https, with a host), else ""."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return ""
    return quote(clean(url.strip()), safe="/:?#@!$&*+,;=%~.-_")


def show_date(published: str) -> str:
    """An ISO 8601 date or date and time for people: "2023-03-01 20:01"."""
    return published[:16].replace("T", " ")


def byline(article: Article) -> str:
    """Outlet, author and date, as far as they are known."""
    known = (article.outlet, article.author, show_date(article.published))
    return ", ".join(squeezed for part in known if (squeezed := _line(part)))


def also_in(citation: Citation) -> str:
    """The outlets (or files) of the reprints, each once."""
    return ", ".join(dict.fromkeys(_line(twin.outlet or twin.file) for twin in citation.also_in))


# Documents


def to_markdown(result: Result) -> str:
    """What it says with its markers, then each citation's quote with its source."""
    given = result.document()
    words = labels(given.language)
    parts = [f"# {_markdown(given.title)}"]
    parts += [_markdown_block(block, given.space) for block in given.blocks]
    if given.citations:
        parts.append(f"## {words['sources']}")
    for citation in given.citations:
        parts.append(f"**[{citation.n}]** {_markdown_source(citation.article, words)}")
        parts.append(_markdown_quote(citation.quote))
        if citation.also_in:
            parts.append(f"{words['also_in']}: {_markdown(also_in(citation))}")
    if given.related:
        parts.append(f"## {words['related']}")
        for hit in given.related:
            parts.append(_markdown_source(hit.article, words))
            parts.append(_markdown_quote(hit.passage.text))
    return "\n\n".join(parts) + "\n"


def _markdown_block(block: Block, space: str) -> str:
    text = (space or " " * (block.kind == "item")).join(map(_markdown_run, block.runs))
    if block.kind == "note":
        return f"*{text}*"
    return {"heading": "## ", "item": "- "}.get(block.kind, "") + text


def _markdown_run(run: Run) -> str:
    text = _markdown(run.text)
    if run.lacking:
        return f"*{text}* ({_markdown(run.lacking)})"
    return (f"**{text}**" if run.strong else text) + "".join(f"[{n}]" for n in run.citations)


def _markdown_source(article: Article, words: Mapping[str, str]) -> str:
    title = _markdown(article.title or article.file or words["untitled"])
    address = web_address(article.url)
    linked = f"[{title}](<{address}>)" if address else title
    return ", ".join(filter(None, (linked, _markdown(byline(article)))))


def _markdown_quote(text: str) -> str:
    return "\n".join(f"> {_markdown(line)}" for line in text.split("\n"))


def _markdown(text: str) -> str:
    """One line of text with nothing left that Markdown would read as markup."""
    return _MARKDOWN_NUMBER.sub(r"\1\\", _MARKDOWN.sub(r"\\\g<0>", _line(text)))


def to_json(result: Result) -> str:
    """Its `to_dict`, indented."""
    return json.dumps(result.to_dict(), ensure_ascii=False, indent=2) + "\n"


def to_docx(result: Result) -> bytes:
    """A Word document: unsupported sentences marked, then the quotes with linked sources."""
    import docx

    given = result.document()
    words = labels(given.language)
    made = docx.Document()
    made.core_properties.title = clean(given.title)[:255]
    made.core_properties.author = "newscite"
    _docx_styles(made, given.language)
    made.add_heading(clean(given.title), 1)
    for block in given.blocks:
        _docx_block(made, block, given.space)
    if given.citations:
        made.add_heading(words["sources"], 2)
    for citation in given.citations:
        _docx_source(made, citation.article, words, f"[{citation.n}] ")
        made.add_paragraph(clean(citation.quote), style="Intense Quote")
        if citation.also_in:
            made.add_paragraph(f"{words['also_in']}: {clean(also_in(citation))}")
    if given.related:
        made.add_heading(words["related"], 2)
        for hit in given.related:
            _docx_source(made, hit.article, words)
            made.add_paragraph(clean(hit.passage.text), style="Intense Quote")
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _docx_styles(made: DocxDocument, language: str) -> None:
    """Fonts for Chinese, which Word else sets in a Japanese one; quotes upright, as Chinese is."""
    from docx.oxml.ns import qn

    font, tag = _WORD_CHINESE.get(language, _WORD_CHINESE["zh-Hans"])
    made.styles["Normal"].font.name = "Calibri"
    for name in ("Normal", "Heading 1", "Heading 2"):
        fonts = made.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.pop(qn("w:eastAsiaTheme"), None)  # it would win over the font
        fonts.set(qn("w:eastAsia"), font)
    for default in made.styles.element.iter(qn("w:lang")):
        default.set(qn("w:eastAsia"), tag)
    quote = made.styles["Intense Quote"].font
    quote.bold = quote.italic = False


def _docx_block(made: DocxDocument, block: Block, space: str) -> None:
    from docx.enum.text import WD_COLOR_INDEX

    if block.kind == "heading":
        made.add_heading(clean(block.runs[0].text), 2)
        return
    paragraph = made.add_paragraph(style="List Bullet" if block.kind == "item" else None)
    for run in block.runs:
        text = paragraph.add_run(clean(run.text))
        text.bold = run.strong or None
        text.italic = bool(run.lacking) or block.kind == "note" or None
        if run.lacking:
            why = paragraph.add_run(f" ({clean(run.lacking)})")
            why.font.highlight_color = WD_COLOR_INDEX.YELLOW
        for n in run.citations:
            paragraph.add_run(f"[{n}]").font.superscript = True
        paragraph.add_run(space or " " * (block.kind == "item"))


def _docx_source(
    made: DocxDocument, article: Article, words: Mapping[str, str], before: str = ""
) -> None:
    paragraph = made.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    title = clean(_line(article.title) or article.file or words["untitled"])
    paragraph.add_run(before + title).bold = True
    if article.outlet or article.author or article.published:
        paragraph.add_run(f", {byline(article)}")
    address = web_address(article.url)
    if address:
        paragraph.add_run(" ")
        _docx_link(paragraph, address)


def _docx_link(paragraph: Paragraph, address: str) -> None:
    """python-docx has no call that adds a hyperlink: the element of ECMA-376 17.16.22."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, True))
    run = paragraph.add_run(address)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)


# References


@dataclass(frozen=True)
class Reference:
    """One cited article, with all that is quoted from it."""

    key: str
    article: Article
    quotes: tuple[str, ...]
    also_in: str

    @property
    def authors(self) -> list[Author]:
        return authors(clean(self.article.author))

    @property
    def date(self) -> tuple[str, ...]:
        """Year, month and day as far as known."""
        match = _DATE.match(self.article.published)
        return tuple(part for part in match.groups() if part) if match else ()


def references(result: Result) -> list[Reference]:
    """The cited articles, each once, in the order of their first citation."""
    cited: dict[str, list[Citation]] = {}
    for citation in result.citations:
        cited.setdefault(citation.article.id, []).append(citation)
    return [
        Reference(
            _key(citations[0].article),
            citations[0].article,
            tuple(clean(citation.quote) for citation in citations),
            clean(", ".join(dict.fromkeys(filter(None, map(also_in, citations))))),
        )
        for citations in cited.values()
    ]


def _key(article: Article) -> str:
    """The same article has the same key in every export."""
    return (
        f"news{article.published[:4]}-{article.id}" if article.published else f"news-{article.id}"
    )


def to_bibtex(result: Result) -> str:
    """One @article an article; `note` holds the quotes."""
    entries = []
    for reference in references(result):
        article = reference.article
        year, month, day = (*reference.date, "", "", "")[:3]
        fields = {
            "title": f"{{{_tex(article.title)}}}" if article.title else "",
            "author": " and ".join(
                _tex(author.inverted) if author.family else f"{{{_tex(author.name)}}}"
                for author in reference.authors
            ),
            "journal": _tex(article.outlet),
            "year": year,
            "month": month.lstrip("0"),
            "day": day.lstrip("0"),
            "url": _tex_url(web_address(article.url)),
            "langid": _langid(article.language),
            "note": _tex(_note(reference)),
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        entries.append(f"@article{{{reference.key},\n" + ",\n".join(lines) + "\n}\n")
    return "\n".join(entries)


def to_ris(result: Result) -> str:
    """One NEWS record an article, an N1 for each quote; lines end as the format asks, in CRLF."""
    lines: list[tuple[str, str]] = []
    for reference in references(result):
        article = reference.article
        date = reference.date
        fields = [
            ("TY", "NEWS"),
            ("ID", reference.key),
            ("TI", article.title),
            *(("AU", author.inverted) for author in reference.authors),
            ("T2", article.outlet),
            ("PY", date[0] if date else ""),
            ("DA", "/".join(date)),
            ("UR", web_address(article.url)),
            ("LA", article.language),
            *(("N1", f"“{quoted}”") for quoted in reference.quotes),
            ("N1", f"Also in: {reference.also_in}" if reference.also_in else ""),
        ]
        lines += [(tag, value) for tag, text in fields if (value := _line(text))]
        lines.append(("ER", ""))
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)


def to_csl_json(result: Result) -> str:
    """CSL-JSON items of type article-newspaper; `note` holds the quotes."""
    items: list[dict[str, Any]] = []
    for reference in references(result):
        article = reference.article
        fields: dict[str, Any] = {
            "id": reference.key,
            "type": "article-newspaper",
            "title": _line(article.title),
            "author": [
                {"family": author.family, "given": author.given}
                if author.family
                else {"literal": author.name}
                for author in reference.authors
            ],
            "container-title": _line(article.outlet),
            "issued": {"date-parts": [[int(part) for part in reference.date]]}
            if reference.date
            else None,
            "URL": web_address(article.url),
            "language": article.language,
            "note": _note(reference),
        }
        items.append({name: value for name, value in fields.items() if value})
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _note(reference: Reference) -> str:
    quotes = " ".join(f"“{_line(quoted)}”" for quoted in reference.quotes)
    return f"{quotes} Also in: {reference.also_in}." if reference.also_in else quotes


def _langid(language: str) -> str:
    """The name LaTeX's babel and polyglossia have for a language: "chinese", "english"."""
    from babel import Locale, UnknownLocaleError

    try:
        return (Locale.parse(primary(language)).get_language_name("en") or "").casefold()
    except (UnknownLocaleError, ValueError):
        return ""


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in _line(text))


def _tex_url(address: str) -> str:
    """A url is read verbatim by biblatex and \\url: only what would unbalance it is encoded."""
    return address.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _line(text: str) -> str:
    """On one line, so that no text can begin a new field, quote or heading."""
    return " ".join(clean(text).split())


Writer = Callable[[Result], bytes]


def _encoded(write: Callable[[Result], str]) -> Writer:
    return lambda result: write(result).encode("utf-8", "replace")


WRITERS: Mapping[str, Writer] = {
    ".md": _encoded(to_markdown),
    ".docx": to_docx,
    ".bib": _encoded(to_bibtex),
    ".ris": _encoded(to_ris),
    ".csl.json": _encoded(to_csl_json),
    ".json": _encoded(to_json),
}
"""What writes a file of each ending; a longer ending stands before a shorter one it ends in."""
