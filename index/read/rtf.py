"""RTF: the text of a rich-text document, as press archives and word processors save it.

In: a `Blob`. Out: one `Page`. Deleted and hidden text, pictures and the addresses behind links are
left out. Read by ourselves: libraries for it see neither changes nor hidden text, and decode fonts
by patterns that a hostile table of fonts slows down without end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from index.read.streams import Blob
from index.records import Page, Rejection
from index.wording import Wording

_TOKEN = re.compile(
    rb"\\(?:([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|'([0-9a-fA-F]{2})|([^a-zA-Z']))|([{}])|([^\\{}\r\n]+)|[\r\n]+"
)

_LEFT_OUT = frozenset(
    b"fldinst pict object objdata shppict nonshppict stylesheet colortbl info header headerl headerr headerf "
    b"footer footerl footerr footerf themedata datastore listtable listoverridetable rsidtbl generator "
    b"xmlnstbl latentstyles annotation atnid atnauthor atndate atnicn bkmkstart bkmkend filetbl revtbl "
    b"upr ftnsep ftnsepc aftnsep aftnsepc fontemb panose falt pntext pnseclvl template mmath".split()
)
"""Groups whose text no reader sees as part of the document."""

_SHOWN = frozenset(b"shptxt shpinst footnote fldrslt ud".split())
"""Groups that are shown although they are marked as unknown to old programs."""

_CHARACTERS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"column": "\n", b"cell": " | ",
    b"nestcell": " | ", b"nestrow": "\n", b"tab": "\t", b"emdash": "—", b"endash": "–", b"emspace": " ", b"enspace": " ",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"~": "\u00a0",
    b"_": "\u2011", b"-": "\u00ad", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n", b"softline": "\n",
}  # fmt: skip

_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437",
}  # fmt: skip
"""Code pages of fonts by Windows' number; 0 and 1 mean the document's own."""

MAX_DEPTH = 1000


@dataclass(slots=True)
class _State:
    """What holds within a group."""

    skipped: bool = False
    hidden: bool = False
    deleted: bool = False
    fonts: bool = False
    font: int = -1
    replaced: int = 1
    """Characters for old programs that follow one written as a number."""


@dataclass(slots=True)
class _Reader:
    parts: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    """Bytes of a code page, not decoded yet: a character may have two."""
    state: _State = field(default_factory=_State)
    stack: list[_State] = field(default_factory=list)
    codings: dict[int, str] = field(default_factory=dict)
    coding: str = "cp1252"
    default: int = -1
    unknown: bool = False
    """The group began with the mark that lets programs pass over what they do not know."""
    skip: int = 0

    def text(self, data: bytes) -> str:
        at = 0
        while at < len(data):
            token = _TOKEN.match(data, at)
            if token is None:
                at += 1
                continue
            at = token.end()
            word, number, code, sign, brace, plain = token.groups()
            if word == b"bin":  # bytes of a picture
                at += max(0, int(number or 0))
            elif brace is not None:
                self._group(brace)
            elif word is not None or sign is not None:
                self._control(word or sign, number)
            elif code is not None or plain is not None:
                self._bytes(bytes([int(code, 16)]) if code is not None else plain)
        self._decode()
        return "".join(self.parts)

    def _group(self, brace: bytes) -> None:
        self._decode()
        self.skip, self.unknown = 0, False
        if brace == b"{" and len(self.stack) < MAX_DEPTH:
            self.stack.append(replace(self.state))
        elif brace == b"}" and self.stack:
            self.state = self.stack.pop()

    def _bytes(self, data: bytes) -> None:
        if self.skip:
            self.skip, data = max(0, self.skip - len(data)), data[self.skip :]
        if not (self.state.skipped or self.state.hidden or self.state.deleted or self.state.fonts):
            self.pending += data

    def _decode(self) -> None:
        if self.pending:
            coding = self.codings.get(self.state.font, self.coding)
            self.parts.append(self.pending.decode(coding, "replace"))
            self.pending.clear()

    def _control(self, word: bytes, number: bytes | None) -> None:
        self._decode()
        value = int(number) if number is not None else None
        state = self.state
        if word == b"*":
            self.unknown = True
        elif word in _LEFT_OUT or (self.unknown and word not in _SHOWN):
            state.skipped, self.unknown = True, False
        elif word == b"fonttbl":
            state.fonts = True
        elif word == b"ansicpg" and value is not None:
            self.coding = _known(f"cp{value}")
        elif word == b"deff":
            self.default = state.font = -1 if value is None else value
        elif word == b"f" and value is not None:
            state.font = value
        elif word == b"fcharset" and state.fonts:
            if value in _CHARSETS:
                self.codings[state.font] = _CHARSETS[value]
        elif word in (b"plain", b"pard"):
            state.hidden = state.hidden and word == b"pard"
            state.font = self.default if word == b"plain" else state.font
        elif word in (b"v", b"deleted"):
            setattr(state, "hidden" if word == b"v" else "deleted", value != 0)
        elif word == b"uc":
            state.replaced = max(0, value or 0)
        elif word == b"u" and value is not None:
            self._write(chr(value % 0x10000))
            self.skip = state.replaced
        elif word in _CHARACTERS:
            self._write(_CHARACTERS[word])

    def _write(self, text: str) -> None:
        state = self.state
        if not (state.skipped or state.hidden or state.deleted or state.fonts):
            self.parts.append(text)


def _known(coding: str) -> str:
    """The code page, where Python has it."""
    try:
        b"".decode(coding)
    except LookupError:
        return "utf-8" if coding == "cp65001" else "cp1252"
    return coding


def read_rtf(blob: Blob) -> Iterator[Page | Rejection]:
    """The text of an RTF document."""
    text = _Reader().text(blob.read())
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    lines = (line.removesuffix(" | ").rstrip() for line in text.split("\n"))
    text = "\n".join(lines)
    if not text.strip():
        yield Rejection(blob.label, Wording("document_empty", "A document without text."))
        return
    yield Page(blob.name, text, "text", dict(blob.metadata), blob.part)
