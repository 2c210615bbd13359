"""What the head of an article in a press archive's export says.

In: the lines above an article's text that have no label, and the fields that labels name. Out: its
title, author, outlet, date, page, section and language. Archives put them in different orders; what
a line is follows from its look and from the words in the tables `exports.toml` of the languages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from index.extract.bylines import clean_names, is_outlet, is_person
from index.extract.lines import STATEMENT_END, Line, text_width
from index.languages.dates.publication_dates import find_dates
from index.languages.pack import texts
from index.languages.text import fold, squeeze

HEAD_WIDTH = 60
"""A wider line is text, in Han characters."""

SECTION_WIDTH = 8
"""A line above the headline no wider than this names the section."""

CENTRED = 12
"""Older exports centre outlet, date and edition, and start the headline at the margin."""

LABEL_CHARS = 40


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of all languages together."""

    marks: dict[str, tuple[re.Pattern[str], ...]]
    labels: dict[str, str]
    """Folded label -> the field it stands before."""
    codes: dict[str, str]
    languages: dict[str, str]


@cache
def tables() -> Tables:
    """What archives call things, in the languages of their surfaces."""
    found = Tables({}, {}, {}, {})
    for table in texts("exports").values():
        for name, patterns in table["marks"].items():
            found.marks[name] = (*found.marks.get(name, ()), *map(re.compile, patterns))
        for name, words in table["labels"].items():
            found.labels.update(dict.fromkeys(words, name))
        for code, words in table["languages"].items():
            found.languages.update(dict.fromkeys(words, code))
        found.codes.update(table["codes"])
    return found


def mark_matches(name: str, folded: str) -> re.Match[str] | None:
    """The match of a folded line with one of the patterns of this name."""
    matches = (pattern.fullmatch(folded) for pattern in tables().marks.get(name, ()))
    return next((match for match in matches if match is not None), None)


_LABEL = re.compile(r"\s*+([^:：\d]{2,40}?)\s{0,8}[:：]\s*+(.*)$")


_BRACKETED = re.compile(r"\s*+[【\[]([^】\]\d]{1,12})[】\]]\s*+(.*)$")


def label_of(text: str) -> tuple[str, str]:
    """The field a line's label stands for, and its value: "BYLINE: By Ann Lee" -> author."""
    labels = tables().labels
    match = _LABEL.match(text) or _BRACKETED.match(text)
    if match is not None:
        name = labels.get(fold(match[1]).strip(" []【】^*#"), "")
        return name, match[2].strip("*") if name else ""
    if len(text) <= LABEL_CHARS and _LONE.get(fold(text).strip(" []【】")):
        return _LONE[fold(text).strip(" []【】")], ""
    return "", ""


_LONE = {
    "body": "body",
    "full text": "body",
    "abstract": "ignored",
    "classification": "ignored",
    "graphic": "ignored",
    "highlight": "ignored",
}
"""Labels without a colon, on a line of their own."""


def is_head_line(line: Line) -> bool:
    """Whether a line can be one of an article's head rather than of its text."""
    return text_width(line.text) <= HEAD_WIDTH and not (
        STATEMENT_END.search(line.text) and text_width(line.text) > HEAD_WIDTH / 3
    )


@dataclass(slots=True)
class _Token:
    """A line of the head, or a part of one that is set apart by bars."""

    text: str
    kind: str
    line: Line
    bar: bool = False
    value: str = ""


_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?(?:\s?[a-z]{2,4})?")
_DAY_AND_EDITION = re.compile(r"\s*[^\W\d_]{0,9}, [^\d.,:;]{2,60}")
_SOURCE_CODE = re.compile(r"[A-Z0-9]{3,8}")
_OUTLET_AND_PAGE = re.compile(r"(\S{2,20}) ([A-Z]{1,2}\d{1,3})")
_OUTLET_AND_EDITION = re.compile(r"(.{2,60}?)\s[-–—]\s(.{2,40})")
_BAR = re.compile(r"\s*[|｜]\s*")
_KINDS = ("words", "byline", "page", "edition", "medium")


def _token(text: str, line: Line, bar: bool, dated: bool) -> _Token:
    folded = fold(text)
    found = find_dates(text)
    rest = text[: found[0].start] + text[found[0].end :] if found else ""
    if found and (text_width(rest) <= CENTRED / 2 or _DAY_AND_EDITION.fullmatch(rest)):
        return _Token(text, "date", line, bar, found[0].iso)
    if _TIME.fullmatch(folded):
        return _Token(text, "time", line, bar)
    if folded in tables().languages:
        return _Token(text, "language", line, bar)
    for kind in _KINDS:
        match = mark_matches(kind, folded)
        if match is not None:
            group = {"byline": "name", "page": "page"}.get(kind)
            value = text[slice(*match.span(group))] if group else ""
            return _Token(text, kind, line, bar, value)
    if dated and _SOURCE_CODE.fullmatch(text) and not bar:
        return _Token(text, "code", line, bar)
    return _Token(text, "name", line, bar)


def _tokens(head: Sequence[Line]) -> list[_Token]:
    tokens: list[_Token] = []
    for line in head:
        parts = [part for part in _BAR.split(line.text) if part]
        barred = len(parts) > 1
        if barred and (paged := _OUTLET_AND_PAGE.fullmatch(parts[0])):
            parts[:1] = paged.groups()
        if (edited := _OUTLET_AND_EDITION.fullmatch(line.text)) is not None:
            parts = list(edited.groups()) if mark_matches("edition", fold(edited[2])) else parts
        for part in parts:
            dated = any(token.kind in ("date", "words") for token in tokens)
            tokens.append(_token(part, line, barred, dated))
    return tokens


def read_head(head: Sequence[Line], fields: dict[str, str]) -> list[Line]:
    """Enters into `fields` what the lines say; the lines below the head belong to the text."""
    tokens = _tokens(head)
    kinds = [token.kind for token in tokens]
    for token in tokens:
        name = {"date": "published", "byline": "author"}.get(token.kind, token.kind)
        if name not in ("name", "medium", "edition", "code", "words"):
            fields.setdefault(name, token.value or token.text)
    at = kinds.index("date") if "date" in kinds else len(tokens)
    if "words" in kinds[:at]:
        count = kinds.index("words")
        names = [[t for t in part if t.kind == "name"] for part in (tokens[:count], tokens[count:])]
        _read_around_count(names[0], names[1], fields)
    else:
        _read_around_date(tokens, at, fields)
    known = [n for n, t in enumerate(tokens) if t.kind != "name" or t.text in fields.values()]
    last = max(known, default=-1)
    return [token.line for token in tokens[last + 1 :] if not token.bar]


def _read_around_count(above: list[_Token], below: list[_Token], fields: dict[str, str]) -> None:
    """Title (and section, author) above the number of words, the outlet below it."""
    if len(above) > 1 and text_width(above[0].text) <= SECTION_WIDTH < text_width(above[1].text):
        fields.setdefault("section", above.pop(0).text)
    if len(above) > 1 and is_person(above[-1].text):
        fields.setdefault("author", above.pop().text)
    if above:
        fields.setdefault("title", " ".join(_wrapped(above)))
    if below:
        fields.setdefault("outlet", below[0].text)


def _wrapped(tokens: list[_Token]) -> list[str]:
    """The lines of a headline: the first, and those that follow it without an empty line."""
    texts = [tokens[0].text]
    for token in tokens[1:]:
        if token.line.gap and not texts[-1].endswith(";"):
            break
        texts.append(token.text)
    return texts


def _read_around_date(tokens: Sequence[_Token], at: int, fields: dict[str, str]) -> None:
    """Outlet and title around the date: their number and place decide which is which."""
    line = tokens[at].line if at < len(tokens) else None
    paged = any(t.kind == "page" and t.line is line for t in tokens)
    bars = [t for t in tokens if t.kind == "name" and t.bar]
    free = [(n < at, t) for n, t in enumerate(tokens) if t.kind == "name" and not t.bar]
    above = [t for before, t in free if before]
    below = [t for before, t in free if not before and t.line.indent < CENTRED]
    outlet = None if paged else next((t for t in bars if t.line is line), None)
    title: _Token | None = None
    if "title" in fields:
        outlet = outlet or next(reversed(above), None) or next(iter(below), None)
    elif outlet is None and len(above) > 1:
        title, outlet = above[0], above[-1]
    elif outlet is None and above and below:
        outlet, title = above[0], below[0]
    else:
        title = next(iter(above or below), None)
    outlet = outlet or next((t for t in bars if is_outlet(t.text)), None)
    if title is not None:
        fields["title"] = " ".join(_wrapped(below if title in below else above[:-1] or above))
    if outlet is not None:
        fields.setdefault("outlet", outlet.text)
    section = next((t for t in bars if t is not outlet and t.text not in fields.values()), None)
    if section is not None:
        fields.setdefault("section", section.text)


_IMPRINT = re.compile(r"([^;\[]{2,80}?)\s{0,8}[;,\[]")
_IMPRINT_PAGE = re.compile(r":\s*([A-Za-z]{0,3}[-. ]?\d{1,4}[A-Za-z]?)\b")
_BY = re.compile(r"^(?:by|byline)\s*[:：]?\s+", re.IGNORECASE)
_PAGE_OF_SECTION = re.compile(
    r"\b(?:pg|page|p)\b\.?\s*([A-Za-z]{0,3}[-. ]?\d{1,4})\b", re.IGNORECASE
)
_SURNAME_FIRST = re.compile(r"([^\W\d_][\w'’-]*(?: [\w'’-]+)?), ([^\W\d_][\w'’. -]*)")


def tidy_fields(fields: dict[str, str]) -> dict[str, str]:
    """The fields as an article has them: dates in ISO 8601, names without "By"."""
    imprint = fields.pop("imprint", "")
    if imprint:
        match, page = _IMPRINT.match(imprint), _IMPRINT_PAGE.search(imprint)
        fields.setdefault("outlet", match[1] if match is not None else "")
        fields.setdefault("page", page[1] if page is not None else "")
    fields["outlet"] = re.split(r"\s*;", fields.get("outlet", ""))[0]
    stated = " ".join(filter(None, (fields.get("published"), fields.pop("time", ""))))
    for text in (stated, imprint, fields.pop("loaded", "")):
        found = find_dates(text)
        if found:
            fields["published"] = found[0].iso
            break
    section = _PAGE_OF_SECTION.search(fields.get("section", ""))
    if section is not None:
        fields.setdefault("page", section[1])
    if author := _BY.sub("", fields.get("author", "")):
        named = mark_matches("byline", fold(author))
        author = author[slice(*named.span("name"))] if named else author
        fields["author"] = _name(author, fields["outlet"])
    language = fold(fields.get("language", ""))
    fields["language"] = tables().languages.get(language, "")
    return {name: squeeze(value) for name, value in fields.items() if value}


_REACHED_AT = re.compile(r"\S{1,64}@\S{1,64}|\+?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}")
"""Addresses and telephone numbers of authors."""


def _name(author: str, outlet: str) -> str:
    """ "ANN LEE" and "Lee, Ann" -> "Ann Lee"; without roles, outlets and how to reach them."""
    author = squeeze(_REACHED_AT.sub(" ", author))
    paper = re.sub(r"\s*\(.*", "", outlet)
    author = re.sub(rf"(?<=\w) +{re.escape(paper)}\b", "", author) if paper else author
    if (role := mark_matches("behind_name", fold(author))) is not None:
        author = author[slice(*role.span("name"))]
    if author.isascii() and author.isupper() and " " in author.strip():
        author = re.sub(r"\bAnd\b", "and", author.title())
    parts = [part for part in author.split(",") if not _is_no_person(part, paper)]
    author = ",".join(parts or [author])
    names = [part for part in author.split(";") if part.strip(" -")]
    people = [name for name in names if is_person(name.strip())]
    turned = [_SURNAME_FIRST.fullmatch(name.strip()) for name in names]
    if all(turned):
        return ", ".join(f"{match[2].strip()} {match[1]}" for match in turned if match is not None)
    return clean_names(", ".join(squeeze(name) for name in people or names))


def _is_no_person(part: str, outlet: str) -> bool:
    """Whether a part of a byline is a role or the outlet."""
    folded = fold(part).strip()
    return (
        mark_matches("role", folded) is not None
        or (bool(outlet) and folded == fold(outlet))
        or is_outlet(part.strip())
    )
