"""Which format some bytes are in, and how each is read.

In: a `Blob`. Out: its `Page`s. The bytes decide where they can (a PDF called .txt is a PDF), then
the type a server stated, then the name. Whatever a parser makes of a broken or hostile file, the
outcome is a `Rejection` with the reason.
"""

from __future__ import annotations

import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator

from index.errors import InputError
from index.read import archives, documents, docx, mail, pdf, rtf
from index.read.encoding import declared_encoding, decode, encoding_of
from index.read.records import feeds, json_records, news_xml, tables
from index.read.records.csv_rows import shape_of
from index.read.records.trafilatura_xml import BEGINNING, read_trafilatura
from index.read.streams import Blob
from index.records import MediaType, Page, Rejection
from index.wording import Wording

Pages = Iterator[Page | Rejection]

HEAD_BYTES = 8192
CONTROL_SHARE = 0.05
"""More control codes than this, and a file is not text."""

PARSER_FAILURES = (
    OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError,
    AssertionError, RuntimeError, MemoryError, SyntaxError, struct.error, zlib.error, lzma.LZMAError,
    zipfile.BadZipFile, tarfile.TarError, InputError,
)  # fmt: skip
"""What parsers raise on files that are broken, or made to break them; their own errors, which differ
by library, are added in `_failures`."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\x1f\x8b", "compressed"),
    (b"BZh", "compressed"), (b"\xfd7zXZ", "compressed"), (b"PAR1", "parquet"), (b"WARC/", "warc"),
    (b"\xd0\xcf\x11\xe0", "office"), (b"{\\rtf", "rtf"), (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"), (b"II*\x00", "image"), (b"MM\x00*", "image"), (b"RIFF", "media"), (b"ID3", "media"), (b"OggS", "media"), (b"\x7fELF", "program"),
    (b"MZ", "program"), (b"7z\xbc\xaf", "7z"), (b"Rar!", "rar"), (b"SQLite format", "database"),
)  # fmt: skip

_UNREAD = {
    "office": Wording("old_office", "An old Office file: save it as .docx or .pdf and add that."),
    "letter": Wording("outlook", "A message as Outlook keeps it: save it as .eml or .txt and add that."),
    "sheet": Wording("sheet", "A spreadsheet or presentation is not read: save it as .csv or .pdf and add " "that."),
    "media": Wording("media", "Sound and film are not read."),
    "program": Wording("program", "A program is not read."), "database": Wording("database_file", "A database is not read."),
    "7z": Wording("archive_7z", "7z archives are not read: unpack it and add the files."),
    "rar": Wording("archive_rar", "RAR archives are not read: unpack it and add the files."),
}  # fmt: skip

_SUFFIXES = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".geojson": "json", ".csv": "csv", ".tsv": "csv",
    ".tab": "csv", ".html": "html", ".htm": "html", ".xhtml": "html", ".shtml": "html", ".asp": "html",
    ".php": "html", ".jsp": "html", ".md": "markdown", ".markdown": "markdown", ".eml": "mail", ".mht": "mail",
    ".mhtml": "mail", ".mbox": "mbox", ".mbx": "mbox", ".rss": "feed", ".atom": "feed", ".parquet": "parquet",
    ".warc": "warc",
}  # fmt: skip

_TYPES = (
    ("html", "html"), ("rss", "feed"), ("atom", "feed"), ("ndjson", "jsonl"), ("jsonl", "jsonl"), ("json", "json"),
    ("csv", "csv"), ("tab-separated", "csv"), ("markdown", "markdown"), ("rfc822", "mail"), ("mbox", "mbox"),
)  # fmt: skip
"""Parts of a stated content type, the most specific first."""

TABLE_COLUMNS = 2
"""A text whose first lines name so many columns, one for the text among them, is a table."""

_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF)[\s>]")
_MAIL_HEADER = re.compile(
    r"^(?:from|to|subject|date|received|message-id|mime-version|return-path|snapshot-content-location):",
    re.IGNORECASE | re.MULTILINE,
)


def read(blob: Blob) -> Pages:
    """The pages of some bytes; never raises for what the bytes are."""
    blob.begin()
    yield from _read(blob)
    blob.finish()


def _read(blob: Blob) -> Pages:
    kind = blob.suffix.removeprefix(".") or "a document"  # where even the format is unknown
    try:
        kind = sniff(blob)
        if kind in _UNREAD:
            yield Rejection(blob.label, _UNREAD[kind])
            return
        yield from _READERS[kind](blob)
    except InputError as error:
        yield Rejection(blob.label, error.message)
    except _failures() as error:
        detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        yield Rejection(
            blob.label,
            Wording(
                "damaged",
                "Damaged: not readable as {kind} ({detail}).",
                kind=kind,
                detail=detail[:300],
            ),
        )


def _failures() -> tuple[type[BaseException], ...]:
    from lxml.etree import LxmlError

    return (*PARSER_FAILURES, LxmlError)


def sniff(blob: Blob) -> str:
    """The format of some bytes: a key of the readers, or of those that are not read."""
    head = blob.stream.read(HEAD_BYTES)
    blob.stream.seek(0)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            if kind == "office" and blob.suffix == ".msg":
                return "letter"
            special = {"zip": _sniff_zip, "compressed": _sniff_compressed}.get(kind)
            return special(blob) if special is not None else kind
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head[257:262] == b"ustar":
        return "tar"
    text = (
        head.decode(encoding_of(head, declared_encoding(head)), "replace").lstrip("\ufeff").lstrip()
    )
    controls = sum(c < " " and c not in "\t\n\r\f\v\x1a\x1b\x00" for c in text)
    nulls = text.count("\x00")
    if controls > CONTROL_SHARE * len(text) or nulls > 0.3 * len(text):
        return "unknown"
    stated = next((kind for word, kind in _TYPES if word in blob.content_type.lower()), "")
    return _sniff_text(text, stated or _SUFFIXES.get(blob.suffix, ""))


def _sniff_compressed(blob: Blob) -> str:
    """A compressed tar or WARC is read as a stream, not unpacked first."""
    try:
        with archives.decompressed(blob.stream) as stream:
            head = stream.read(512)
    finally:
        blob.stream.seek(0)
    if head.startswith(b"WARC/"):
        return "warc"
    return "tar" if head[257:262] == b"ustar" else "compressed"


def _sniff_zip(blob: Blob) -> str:
    try:
        with zipfile.ZipFile(blob.stream) as archive:
            names = set(archive.namelist())
    finally:
        blob.stream.seek(0)
    if any(name.startswith("word/document") for name in names):
        return "docx"
    if "META-INF/container.xml" in names and "mimetype" in names:
        return "epub"
    return "sheet" if "[Content_Types].xml" in names else "zip"


def _sniff_text(text: str, named: str) -> str:
    if BEGINNING.match(text):
        return "trafilatura"
    if named and named != "html":
        return named
    if _FEED.search(text[:2000]) and not _HTML.search(text[:200]):
        return "feed"
    if named != "html" and news_xml.is_news_xml(text):
        return "xml"
    if named == "html" or _HTML.search(text[:2000]):
        return "html"
    if re.match(r"From \S+.*\d{4}\s*$", text.split("\n", 1)[0]):
        return "mbox"
    headers = {m.group().lower() for m in _MAIL_HEADER.finditer(text.split("\n\n", 1)[0][:4000])}
    if len(headers) >= 3 and re.match(r"[A-Za-z-]+:", text):
        return "mail"
    if shape_of(text, {}).known >= TABLE_COLUMNS:
        return "csv"
    if re.match(r'(?:\[\s*)?\{\s*"', text):
        return "json"
    return "text"


def _read_text(blob: Blob, media_type: MediaType = "text") -> Pages:
    data = blob.read()
    charset = re.search(r"charset=\"?([\w.:-]+)", blob.content_type)
    declared = declared_encoding(data) if media_type == "html" else ""
    text = decode(data, declared or (charset.group(1) if charset else ""))
    if not text.strip():
        yield Rejection(blob.label, Wording("file_empty", "Empty."))
        return
    yield Page(blob.name, text, media_type, blob.metadata, blob.part)


def _members(opened: Iterator[Blob | Rejection]) -> Pages:
    for member in opened:
        if isinstance(member, Rejection):
            yield member
        else:
            yield from read(member)


def _reject_unknown(blob: Blob) -> Pages:
    yield Rejection(blob.label, Wording("no_format", "Neither text nor a format that is read."))


_READERS: dict[str, Callable[[Blob], Pages]] = {
    "text": _read_text,
    "html": lambda blob: _read_text(blob, "html"),
    "markdown": lambda blob: _read_text(blob, "markdown"),
    "jsonl": json_records.read_json_lines,
    "json": json_records.read_json,
    "csv": tables.read_csv,
    "parquet": tables.read_parquet,
    "pdf": pdf.read_pdf,
    "image": pdf.read_image,
    "docx": docx.read_docx,
    "rtf": rtf.read_rtf,
    "trafilatura": read_trafilatura,
    "xml": news_xml.read_news_xml,
    "epub": documents.read_epub,
    "mail": mail.read_mail,
    "mbox": mail.read_mbox,
    "feed": feeds.read_feed,
    "zip": lambda blob: _members(archives.open_zip(blob)),
    "tar": lambda blob: _members(archives.open_tar(blob)),
    "compressed": lambda blob: _members(archives.open_compressed(blob)),
    "warc": lambda blob: _members(archives.open_warc(blob)),
    "unknown": _reject_unknown,
}
