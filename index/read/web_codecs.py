"""Big5 and GB 18030 as browsers read them, as codecs of Python.

Python's `big5hkscs` knows no € and shows the dot of foreign names as a bullet; `cp950` knows no
Hong Kong characters; `gb18030` knows no €, which Windows writes as the byte 80. The Encoding
Standard (https://encoding.spec.whatwg.org) reads all of them.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import Any

BIG5 = "newscite_big5"
GB18030 = "newscite_gb18030"

_SYMBOLS = range(0xA1, 0xA4)
"""First bytes of the symbols: read as Windows reads them."""

_PIECE = re.compile(rb"[\x00-\x7f]+|[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]")


@cache
def register() -> None:
    """Makes the codecs known to Python."""
    codecs.register_error(_EURO_OR_ERROR, _euro_or_error)
    codecs.register_error(_EURO_OR_MARK, _euro_or_mark)
    codecs.register(_find)


def _find(name: str) -> codecs.CodecInfo | None:
    decoders = {BIG5: _Big5Decoder, GB18030: _Gb18030Decoder}
    decoder = decoders.get(name)
    if decoder is None:
        return None
    return codecs.CodecInfo(
        codecs.lookup("big5hkscs" if name == BIG5 else "gb18030").encode,
        lambda data, errors="strict": (decoder(errors).decode(bytes(data), True), len(data)),
        incrementaldecoder=decoder,
        name=name,
    )


@cache
def _pair(pair: bytes) -> str:
    """The character, or two, that two bytes stand for; "" for none."""
    order = ("cp950", "big5hkscs") if pair[0] in _SYMBOLS else ("big5hkscs", "cp950")
    for encoding in order:
        try:
            return pair.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


class _Big5Decoder(codecs.BufferedIncrementalDecoder):
    def _buffer_decode(self, data: bytes, errors: str, final: bool) -> tuple[str, int]:  # type: ignore[override]
        parts: list[str] = []
        at = 0
        while (match := _PIECE.match(data, at)) is not None:
            piece = match[0]
            if piece[0] < 0x80:
                parts.append(piece.decode("ascii"))
                at = match.end()
                continue
            if len(piece) == 1 and match.end() == len(data) and not final:
                break
            character = _pair(piece) if len(piece) == 2 else ""
            if character:
                parts.append(character)
                at = match.end()
                continue
            if errors == "strict":
                raise UnicodeDecodeError(BIG5, data, at, at + len(piece), "illegal sequence")
            parts.append("\ufffd")
            at += 1 if len(piece) == 1 or piece[1] < 0x80 else 2  # ASCII behind it is kept
        return "".join(parts), at


class _Gb18030Decoder(codecs.IncrementalDecoder):
    """Python's decoder, with the euro as Windows writes it."""

    def __init__(self, errors: str = "strict") -> None:
        super().__init__(errors)
        handler = _EURO_OR_ERROR if errors == "strict" else _EURO_OR_MARK
        self._inner = codecs.getincrementaldecoder("gb18030")(handler)

    def decode(self, input: Any, final: bool = False) -> str:
        return self._inner.decode(input, final)

    def reset(self) -> None:
        self._inner.reset()

    def getstate(self) -> tuple[bytes, int]:
        return self._inner.getstate()

    def setstate(self, state: tuple[bytes, int]) -> None:
        self._inner.setstate(state)


_EURO = 0x80
_EURO_OR_ERROR, _EURO_OR_MARK = "newscite_euro_or_error", "newscite_euro_or_mark"


def _euro_or_error(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == _EURO:
        return "€", error.start + 1
    raise error


def _euro_or_mark(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        euro = error.object[error.start] == _EURO
        return ("€", error.start + 1) if euro else ("\ufffd", error.end)
    raise error
