"""E-mail (.eml, .mbox) and web pages saved as one file (.mhtml).

In: a `Blob`. Out: a `Page` for each letter, forwarded ones too, with subject, sender and date; for a
saved web page its markup and address; a `Rejection` for each attachment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from typing import Any

from index.languages.dates.publication_dates import parse_date
from index.languages.text import squeeze
from index.read.encoding import declared_encoding, decode
from index.read.letters import Letter, split_letters, subject_of
from index.read.streams import MB, Blob
from index.records import MediaType, Page, Rejection
from index.wording import Wording

MAX_LINE = MB
"""Longer lines of a mailbox are read in pieces."""

MAX_NESTING = 8
"""Letters attached to letters are read down to this depth."""

PLAIN_SHARE = 0.5
"""The plain text of a message is read, unless without links it is shorter than this share of the
markup's text, as "open this newsletter in your browser" is."""

PLAIN_FORM = Wording("left_plain", "The plain text of a message, as its markup says more")
MARKUP_FORM = Wording("left_markup", "The markup of a message, as its plain text says as much")

BROKEN = (MessageError, LookupError, ValueError, TypeError, AttributeError)
"""What the email package lets through on broken messages."""

Found = Page | Rejection


def read_mail(blob: Blob) -> Iterator[Found]:
    """One message, or one web page saved as a message."""
    yield from _pages(blob, blob.read(), blob.part)


def read_mbox(blob: Blob) -> Iterator[Found]:
    """The messages of a mailbox, one after the other."""
    limit = blob.settings.max_file_mb * MB
    message: list[bytes] = []
    size = number = 0
    blank = True
    while line := blob.stream.readline(MAX_LINE):
        if blank and line.startswith(b"From ") and message:
            number += 1
            yield from _pages(blob, b"".join(message), str(number))
            message, size = [], 0
        elif not (blank and line.startswith(b"From ")):
            size += len(line)
            if size <= limit:
                message.append(re.sub(rb"^>(>{0,100}From )", rb"\1", line))
        blank = line in (b"\n", b"\r\n")
    if message:
        yield from _pages(blob, b"".join(message), str(number + 1))


def _pages(blob: Blob, data: bytes, part: str) -> Iterator[Found]:
    name = f"{blob.name}:{part}" if part else blob.name
    try:
        message = message_from_bytes(data, policy=default)
        found = list(_message(blob, message, part, name, 0))
    except BROKEN as error:
        yield Rejection(name, Wording("mail_broken", "Broken e-mail: {error}.", error=error))
        return
    if not any(isinstance(page, Page) for page in found):
        yield Rejection(name, Wording("mail_empty", "A message without text."))
    yield from found


def _message(
    blob: Blob, message: EmailMessage, part: str, name: str, depth: int
) -> Iterator[Found]:
    """The letters in a message, then those attached to it, then what else is."""
    texts = _Texts(message)
    body, kind = texts.body()
    location = str(message["snapshot-content-location"] or message["content-location"] or "")
    if location or message.get_content_type() == "multipart/related":  # a saved web page
        page_url = {"url": location} if re.match(r"https?://", location) else {}
        if body.strip():
            yield Page(blob.name, body, kind, {**page_url, **blob.metadata}, part)
        return
    head = _fields(message, texts.charset)
    if texts.attachments:
        head["attachments"] = list(texts.attachments)
    letters = split_letters(body if kind == "text" else _shown_lines(body))
    if kind == "html" and not any(letter.fields for letter in letters):
        letters = [Letter(body)]
    elif kind == "html":
        kind = "text"
    for number, letter in enumerate(letters, 1):
        fields = letter.fields or head
        own = part or "1"
        place = own if len(letters) == 1 else f"{own}.{number}"
        if letter.text.strip():
            metadata = {**fields, **blob.metadata}
            left_out = texts.left_out if number == 1 else {}
            yield Page(
                blob.name, letter.text, kind, metadata, place, several=True, left_out=left_out
            )
    for number, attached in enumerate(texts.messages if depth < MAX_NESTING else (), 1):
        place = f"{part or '1'}/{number}"
        yield from _message(blob, attached, place, f"{blob.name}:{place}", depth + 1)
    for attachment in texts.attachments:
        reason = Wording("mail_attachment", "An attachment is not read: save it and add it.")
        yield Rejection(f"{name}/{attachment}", reason, meant=True)


class _Texts:
    """The readable parts of a message: its first text and markup, letters attached, and names of
    other attachments."""

    def __init__(self, message: EmailMessage) -> None:
        self.plain = self.markup = self.charset = ""
        self.messages: list[EmailMessage] = []
        self.attachments: list[str] = []
        self._walk(message)

    def _walk(self, message: EmailMessage, depth: int = 0) -> None:
        for part in message.iter_parts() if message.is_multipart() else (message,):
            kind = part.get_content_type()
            data = None if part.is_multipart() else part.get_payload(decode=True)
            if kind == "message/rfc822":
                self.messages += [m for m in part.get_payload() if isinstance(m, EmailMessage)]
            elif part.is_multipart() and part is not message:
                if depth < MAX_NESTING and isinstance(part, EmailMessage):
                    self._walk(part, depth + 1)
            elif part.get_content_disposition() == "attachment" or _is_file(part):
                self.attachments.append(_file_name(part) or kind)
            elif isinstance(data, bytes) and kind in ("text/plain", "text/html"):
                self._text(part, data, kind)

    def _text(self, part: Any, data: bytes, kind: str) -> None:
        charset = str(part.get_param("charset") or "")
        text = decode(data, charset or declared_encoding(data))
        self.charset = self.charset or charset
        if kind == "text/html":
            self.markup = self.markup or text
        elif str(part.get_param("format") or "").lower() == "flowed":
            self.plain = self.plain or _flowed(text, part.get_param("delsp") == "yes")
        else:
            self.plain = self.plain or text

    @property
    def left_out(self) -> dict[str, int]:
        """The other form of the text, where there are two."""
        if not (self.plain.strip() and self.markup.strip()):
            return {}
        return {PLAIN_FORM if self.body()[1] == "html" else MARKUP_FORM: 1}

    def body(self) -> tuple[str, MediaType]:
        """The part that says more: the plain text, unless it is only a stub."""
        if not self.plain:
            return self.markup, "html"
        said = len(squeeze(_LINK.sub("", self.plain)))
        if self.markup and said < PLAIN_SHARE * len(squeeze(_visible(self.markup))):
            return self.markup, "html"
        return self.plain, "text"


_LINK = re.compile(r"[<(\[]?https?://\S+")
_SHOWN_PARTS = ("text/plain", "text/html")


def _is_file(part: Any) -> bool:
    """Whether a part without disposition is a file; images within the letter are not."""
    kind = part.get_content_type()
    return bool(part.get_filename()) and not kind.startswith("image/") and kind not in _SHOWN_PARTS


def _file_name(part: Any) -> str:
    name = str(part.get_filename() or "")
    return _words(name) if name else ""


def _visible(markup: str) -> str:
    """What a reader sees of markup."""
    tree = _tree(markup)
    return "" if tree is None else str(tree.text_content())


def _shown_lines(markup: str) -> str:
    """The same with a line for each block, so that forwarded letters can be found."""
    tree = _tree(markup)
    if tree is None:
        return ""
    for element in list(tree.iter("br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote")):
        if element.tag == "br":
            element.tail = "\n" + (element.tail or "")
        else:
            element.text = "\n" + (element.text or "")
            element.tail = ("\n\n" if element.tag == "p" else "\n") + (element.tail or "")
    return str(tree.text_content())


def _tree(markup: str) -> Any:
    from lxml import etree, html

    try:
        tree = html.document_fromstring(
            markup.encode("utf-8", "replace"), html.HTMLParser(encoding="utf-8")
        )
    except etree.ParserError:
        return None
    for element in list(tree.iter("script", "style", "head", etree.Comment)):
        element.drop_tree()
    return tree


def _flowed(text: str, delete_space: bool) -> str:
    """Lines that end with a space go on in the next one (RFC 3676)."""
    lines: list[str] = []
    flows = False
    for line in text.splitlines():
        line = line[1:] if line.startswith(" ") else line
        if flows and lines:
            lines[-1] += line
        else:
            lines.append(line)
        flows = line.endswith(" ") and line != "-- " and not line.startswith(">")
        if flows and delete_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _fields(message: EmailMessage, charset: str) -> dict[str, Any]:
    """Subject, sender and date; headers that are no ASCII are read as the text is."""
    raw: Mapping[str, str] = {name.lower(): str(value) for name, value in message.raw_items()}
    subject, sender = (_words(raw.get(name, ""), charset) for name in ("subject", "from"))
    people = getaddresses([sender])
    found = {
        "title": subject_of(subject),
        "author": next((shown or address for shown, address in people if shown or address), ""),
        "published": parse_date(raw.get("date", "")),
    }
    return {name: value for name, value in found.items() if value}


def _words(text: str, charset: str = "") -> str:
    """A header's text, whether its words are encoded or stand there as bytes."""
    data = text.encode("utf-8", "surrogateescape")
    if not data.isascii():
        text = decode(data, charset)
    parts = decode_header(text)
    return squeeze(
        "".join(
            word
            if isinstance(word, str)
            else decode(word, coding or "")
            if coding
            else word.decode("latin-1")
            for word, coding in parts
        )
    )
