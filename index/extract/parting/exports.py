"""Exports of press archives (Factiva, Nexis, ProQuest, Wisers) -> their articles, one by one.

In: the text of a file. Out: for each article a `Record`: its body, and title, author, outlet, date,
page and section as the archive states them; none where the text is no such export. How archives
mark articles is in the tables `exports.toml` of the languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from index.extract.lines import SENTENCE_END, Line, split_lines
from index.extract.parting.export_heads import (
    is_head_line,
    label_of,
    mark_matches,
    read_head,
    tables,
    tidy_fields,
)
from index.languages.dates.publication_dates import find_dates
from index.languages.text import fold, squeeze

MARK_CHARS = 300
"""A longer line is no mark."""

CODES = 5
"""This many different field codes, each at the start of a line, make a text an export."""

HEAD_LINES = 16
"""An article's head has no more lines without a label."""

TAIL_GAP = 4
"""Below an article, lines with labels follow each other within this many lines."""


@dataclass(slots=True)
class Record:
    """One article of an export."""

    text: str
    """Paragraphs as the export has them, wrapped or not."""
    fields: dict[str, str]
    start: int
    end: int
    """Where the article stands in the export."""


def split_export(text: str) -> list[Record]:
    """The articles of an export, those without text too; an empty list where the text is none."""
    if not may_be_export(text):
        return []
    lines = split_lines(text)
    if _coded(lines):
        return [_read_coded(article) for article in _by_code(lines)]
    if starts := _labelled_starts(lines):
        ends = [*starts[1:], len(lines)]
        parts = (lines[start:end] for start, end in zip(starts, ends, strict=True))
        return [_without_title(_read_labelled(0, part)) for part in parts]
    return [_read_labelled(*numbered) for numbered in enumerate(_chunks(lines), 1)]


def may_be_export(text: str) -> bool:
    """Whether a text, or markup, may be an export; a quick look before it is taken apart."""
    return any(pattern.search(text) for pattern in tables().marks["hint"]) or _is_labelled(text)


_CODE = re.compile(r"\s{0,8}([A-Z]{2,3})(?:\s+(\S.*))?\s*$")


def _mark(text: str) -> str:
    """What a line marks: "start", "end", "over", "noise"; "" for nothing."""
    if len(text) > MARK_CHARS:
        return ""
    folded = fold(text)
    return next((n for n in ("start", "end", "over", "noise") if mark_matches(n, folded)), "")


# -- by labels alone ---------------------------------------------------------------------------

LABELS = 3
"""So many different labels, a headline's among them, start an article."""

TOP_CHARS = 6_000
TOP_LINES = 60
"""Above the first labels there may be a list of what follows."""


def _is_labelled(text: str) -> bool:
    return bool(_labelled_starts(split_lines(text[:TOP_CHARS])[:TOP_LINES]))


def _labelled_starts(lines: Sequence[Line]) -> list[int]:
    """The numbers of the lines with which articles start, each a run of lines with labels; none where
    archives mark articles otherwise, or where prose stands above the first."""
    if any(_mark(line.text) in ("start", "end") for line in lines):
        return []
    starts: list[int] = []
    begun, fields = 0, set[str]()
    for number, line in enumerate(lines):
        name = label_of(line.text)[0]
        if not name and not starts and SENTENCE_END.search(line.text) and not is_head_line(line):
            return []
        if not name or (name != "ignored" and name in fields):
            begun, fields = number, set()
        if name and name not in ("ignored", "body"):
            begun = begun if fields else number
            fields.add(name)
            if (len(fields) == LABELS and "title" in fields) or (
                name == "title" and len(fields) > LABELS
            ):
                starts.append(begun)
    return starts


def _without_title(record: Record) -> Record:
    """The article without its headline where that is repeated above the text."""
    first, _, rest = record.text.partition("\n")
    if fold(squeeze(first)) == fold(record.fields.get("title", "")):
        record.text = rest.lstrip("\n")
    return record


# -- by marks and labels -----------------------------------------------------------------------


def _chunks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of each article, from the mark that starts it to the one that ends it."""
    chunk: list[Line] = []
    started = over = False
    for line in lines:
        mark = _mark(line.text)
        if mark == "start":
            if started and chunk:
                yield chunk
            chunk, started, over = [], True, False
        elif mark == "end" and chunk:
            yield chunk
            chunk, started = [], False
        elif mark == "over":
            over = True
        elif mark != "noise" and not over:
            chunk.append(line)
    if started and chunk:
        yield chunk


def _read_labelled(number: int, lines: Sequence[Line]) -> Record:
    """The article of this number, whose fields are lines with labels, or recognised by their look."""
    lines = _without_number(number, _without_cover(lines))
    if not lines:
        return Record("", {}, 0, 0)
    tail = _tail(lines)
    fields: dict[str, str] = {}
    head, body, ended = _read_top(lines[:tail], fields)
    for line in lines[tail:]:
        _take(fields, *label_of(line.text))
    left = read_head(head, fields)
    text = _text(_without_holder(body if ended else [*left, *body], lines))
    return Record(text, tidy_fields(fields), lines[0].start, lines[-1].end)


def _read_top(
    lines: Sequence[Line], fields: dict[str, str]
) -> tuple[list[Line], Sequence[Line], bool]:
    """The head's lines without labels, the text's lines, and whether a label or copyright line
    ends the head; what labels say goes into `fields`."""
    bodies = [n for n, line in enumerate(lines) if label_of(line.text)[0] == "body"]
    body = next((n for n in bodies[1:] if n <= bodies[0] + TAIL_GAP), min(bodies, default=None))
    head: list[Line] = []
    waiting, ended, last = "", False, ""
    counted = _count_of_words(lines)
    for number, line in enumerate(lines[:body]):
        label, value = label_of(line.text)
        if last and not label and not waiting and _continues(lines, number, last, fields):
            if last in fields:
                fields[last] += f" {line.text}"
            continue
        byline = label == "author" and mark_matches("byline", fold(line.text)) is not None
        if byline and head and not ended and body is None:
            label = ""  # among lines without labels
        if label or waiting:
            _take(fields, label or waiting, value if label else line.text)
            last = label or waiting
            waiting, ended = (label if label and not value else ""), True
        elif mark_matches("copyright", fold(line.text)):
            ended = ended or any(find_dates(above.text) for above in head)
        elif body is None and number > counted and _starts_text(line, head, ended):
            return head, lines[number:], ended
        elif not ended:
            head.append(line)
    if body is None:
        return head, [], ended
    value = label_of(lines[body].text)[1]
    first = [_valued(lines[body], value)] if value else []
    return head, [*first, *lines[body + 1 :]], True


def _starts_text(line: Line, head: Sequence[Line], ended: bool) -> bool:
    return ended or len(head) >= HEAD_LINES or not is_head_line(line)


def _count_of_words(lines: Sequence[Line]) -> int:
    """The number of the line that counts the words: all above it is head, however wide; -1 where
    there is none."""
    counts = (mark_matches("words", fold(line.text)) for line in lines[:HEAD_LINES])
    return next((n for n, match in enumerate(counts) if match is not None), -1)


def _continues(lines: Sequence[Line], number: int, name: str, fields: dict[str, str]) -> bool:
    """Whether a line continues the value of the label above it, which was wrapped; or continues a
    headline: archives end each part of one with a semicolon."""
    if name == "title" and fields.get("title", "").endswith(";"):
        return True
    return not lines[number].gap and number > 1 and bool(_label_above(lines, number))


def _label_above(lines: Sequence[Line], number: int) -> int:
    """A line with no empty line between it and a label above belongs to that label; the number of
    empty lines above the label, 0 where there is no such label."""
    above = (line for line in reversed(lines[:number]) if line.gap or label_of(line.text)[0])
    first = next(above, None)
    return first.gap if first is not None and label_of(first.text)[0] else 0


def _without_number(number: int, lines: Sequence[Line]) -> Sequence[Line]:
    """The lines without the article's number in the export: "1.", or "1. Headline"."""
    match = _NUMBER.match(lines[0].text) if lines else None
    if match is None or int(match[1]) != number:
        return lines
    return [_valued(lines[0], match[2]), *lines[1:]] if match[2] else lines[1:]


_NUMBER = re.compile(r"(\d{1,6})[.、)]\s*(.*)$")


def _take(fields: dict[str, str], name: str, value: str) -> None:
    if name and name != "ignored" and value and not fields.get(name):
        fields[name] = value


def _valued(line: Line, value: str) -> Line:
    return Line(value, line.end - len(value), line.end, line.gap)


def _without_cover(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines below the list of what was found, which stands before the first article."""
    top = list(takewhile(lambda line: not mark_matches("copyright", fold(line.text)), lines))
    covers = [n for n, line in enumerate(top) if mark_matches("cover", fold(line.text))]
    return lines[covers[-1] + 1 :] if len(covers) > 1 else lines


def _without_holder(body: Sequence[Line], lines: Sequence[Line]) -> Sequence[Line]:
    """The text without the holder of its rights, whom some exports name again below the text."""
    if len(body) < 2 or SENTENCE_END.search(body[-1].text):
        return body
    last = fold(body[-1].text)
    rights = (fold(x.text) for x in lines if mark_matches("copyright", fold(x.text)))
    named = mark_matches("holder", last) or any(last in one for one in rights)
    return body[:-1] if named else body


def _tail(lines: Sequence[Line]) -> int:
    """The number of the first line with a label below the body; the number of lines if there is
    none."""
    tail = len(lines)
    for index in range(len(lines) - 1, 0, -1):
        label, value = label_of(lines[index].text)
        if label == "body":
            break
        if label or _LABELLED.match(lines[index].text):
            if len(value) > MARK_CHARS and not _is_index(value):
                break
            tail = index
        elif not lines[index].gap and _is_index(lines[index].text, 1):
            continue  # an index that was wrapped
        elif tail - index > TAIL_GAP or not is_head_line(lines[index]):
            break
    return tail


_LABELLED = re.compile(r"[A-Z][A-Z-]{3,24}: ")
"""Older exports write labels in capitals, of which there are more than any table has."""


def _is_index(value: str, least: int = 2) -> bool:
    """Whether a value lists subjects: "RAIL TRANSPORT (90%); BRIDGES (71%); ..."."""
    return len(_PERCENTAGE.findall(value)) >= least or value.count(";") * 60 > len(value)


_PERCENTAGE = re.compile(r"\(\d{1,3}%\)")


def _text(lines: Sequence[Line]) -> str:
    """The lines as they stood, with their indents and the empty lines between them, from which
    paragraphs can be told apart."""
    return "\n".join("\n" * line.gap + " " * line.indent + line.text for line in lines).lstrip("\n")


# -- by codes ----------------------------------------------------------------------------------


def _coded(lines: Sequence[Line]) -> bool:
    found = {match[1] for line in lines if (match := _CODE.match(line.text)) is not None}
    codes = tables().codes
    return len({code for code in found if code.lower() in codes}) >= CODES


def _by_code(lines: Sequence[Line]) -> Iterator[list[tuple[str, Line]]]:
    """For each article its lines, each with the name of its field."""
    codes = tables().codes
    article: list[tuple[str, Line]] = []
    name = ""
    for line in lines:
        match = _CODE.match(line.text)
        code = codes.get(match[1].lower(), "") if match is not None else ""
        if code and match is not None:
            if code == "title" and any(n == "body" for n, _ in article):
                yield article
                article = []
            name = code
            value = squeeze(match[2] or "")
            article += [(name, _valued(line, value))] if value else []
        elif name and name != "end" and not _mark(line.text):
            article.append((name, line))
        elif _mark(line.text) == "over":
            name = "end"
        if name == "end" and article:
            yield article
            article = []
    if article:
        yield article


def _read_coded(lines: Sequence[tuple[str, Line]]) -> Record:
    fields: dict[str, str] = {}
    for name, line in lines:
        if name in ("ignored", "end", "body"):
            continue
        fields[name] = f"{fields[name]} {line.text}" if name in fields else line.text
    body = [line for name, line in lines if name == "body"]
    return Record(_text(body), tidy_fields(fields), lines[0][1].start, lines[-1][1].end)
