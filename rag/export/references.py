"""The articles that a result cites, for reference managers: BibTeX, RIS, CSL-JSON.

Each article is one reference; its quotes are the note of the reference.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from index.languages.text import primary
from index.records import Article
from rag.export.authors import Author, authors
from rag.export.documents import Result
from rag.export.text import also_in, clean, one_line, web_address
from rag.results.hits import Citation

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")

_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: "\\" + character for character in "&%$#_"},
}


@dataclass(frozen=True)
class Reference:
    """A cited article with all quotes from it."""

    key: str
    article: Article
    quotes: tuple[str, ...]
    also_in: str

    @property
    def authors(self) -> list[Author]:
        return authors(clean(self.article.author))

    @property
    def date(self) -> tuple[str, ...]:
        """Year, month and day, as far as they are known."""
        match = _DATE.match(self.article.published)
        return tuple(part for part in match.groups() if part) if match else ()


def references(result: Result) -> list[Reference]:
    """The cited articles, each once, in the order of their first citations."""
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
    """One @article for each article; `note` holds the quotes."""
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
    """One NEWS record for each article, with an N1 for each quote. Lines end in CRLF, as RIS requires."""
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
        lines += [(tag, value) for tag, text in fields if (value := one_line(text))]
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
            "title": one_line(article.title),
            "author": [
                {"family": author.family, "given": author.given}
                if author.family
                else {"literal": author.name}
                for author in reference.authors
            ],
            "container-title": one_line(article.outlet),
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
    quotes = " ".join(f"“{one_line(quoted)}”" for quoted in reference.quotes)
    return f"{quotes} Also in: {reference.also_in}." if reference.also_in else quotes


def _langid(language: str) -> str:
    """The name LaTeX's babel and polyglossia have for a language: "chinese", "english"."""
    from babel import Locale, UnknownLocaleError

    try:
        return (Locale.parse(primary(language)).get_language_name("en") or "").casefold()
    except (UnknownLocaleError, ValueError):
        return ""


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in one_line(text))


def _tex_url(address: str) -> str:
    """Encodes braces and backslashes of a url, which biblatex and \\url read verbatim."""
    return address.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
