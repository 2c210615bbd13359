"""E-mail (.eml, .mbox) and web pages saved as one file (.mhtml).

In: a `Blob`. Out: a `Page` for each message, with subject, sender and date; for a saved web page
its markup and address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses

from index.languages.publication_dates import parse_date
from index.languages.text import squeeze
from index.read.encoding import declared_encoding, decode
from index.read.streams import MB, Blob
from index.records import MediaType, Page, Rejection

MAX_LINE = MB
"""Longer lines of a mailbox are read in pieces."""

PLAIN_SHARE = 0.2
"""The plain text of a message is preferred unless it is this much shorter than its markup, as in
"open this newsletter in your browser"."""


def read_mail(blob: Blob) -> Iterator[Page | Rejection]:
    """One message, or one web page saved as a message."""
    yield _page(blob, blob.read(), blob.part)


def read_mbox(blob: Blob) -> Iterator[Page | Rejection]:
    """The messages of a mailbox, one after the other."""
    limit = blob.settings.max_file_mb * MB
    message: list[bytes] = []
    size = number = 0
    blank = True
    while line := blob.stream.readline(MAX_LINE):
        if blank and line.startswith(b"From ") and message:
            number += 1
            yield _page(blob, b"".join(message), str(number))
            message, size = [], 0
        elif not (blank and line.startswith(b"From ")):
            size += len(line)
            if size <= limit:
                message.append(re.sub(rb"^>(>*From )", rb"\1", line))
        blank = line in (b"\n", b"\r\n")
    if message:
        yield _page(blob, b"".join(message), str(number + 1))


def _page(blob: Blob, data: bytes, part: str) -> Page | Rejection:
    name = f"{blob.name}:{part}" if part else blob.name
    try:
        message = message_from_bytes(data, policy=default)
        body, kind = _body(message)
        subject = squeeze(str(message["subject"] or ""))
        sender = getaddresses([str(message["from"] or "")])
        location = str(message["snapshot-content-location"] or message["content-location"] or "")
        date = parse_date(str(message["date"] or ""))
    except (MessageError, LookupError, ValueError, TypeError, AttributeError) as error:
        return Rejection(name, f"Broken e-mail: {error}.")  # what the email package lets through
    if not body.strip():
        return Rejection(name, "A message without text.")
    if location or message.get_content_type() == "multipart/related":  # a saved web page
        page_url = {"url": location} if re.match(r"https?://", location) else {}
        return Page(blob.name, body, kind, {**page_url, **blob.metadata}, part)
    found = {
        "title": re.sub(
            r"^(?:(?:re|fwd?|aw|回复|回覆|转发|轉寄)\s*[:：]\s*)+", "", subject, flags=re.IGNORECASE
        ),
        "author": next((shown or address for shown, address in sender if shown or address), ""),
        "published": date,
    }
    metadata = {**{k: v for k, v in found.items() if v}, **blob.metadata}
    return Page(blob.name, body, kind, metadata, part or "1")


def _body(message: EmailMessage) -> tuple[str, MediaType]:
    plain, markup = "", ""
    for part in message.walk():
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html"):
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes):
            continue
        text = decode(data, str(part.get_param("charset") or "") or declared_encoding(data))
        if kind == "text/plain":
            plain = plain or text
        else:
            markup = markup or text
    visible = re.sub(r"(?is)<(script|style)\b.*?</\1>|<[^>]*>", "", markup)
    if markup and len(squeeze(plain)) < PLAIN_SHARE * len(squeeze(visible)):
        return markup, "html"
    return (plain, "text") if plain else (markup, "html")
