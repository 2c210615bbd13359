"""Bytes -> text, although what states their encoding cannot be trusted.

In: the bytes of a file or download, and what its header or `<meta charset>` claims. Out: text. A
claim is believed only where the bytes agree with it; between the encodings of Chinese pages the one
wins whose text has most of the characters that Chinese is mostly written with.
"""

from __future__ import annotations

import codecs
import re

from index.languages.pack import packs
from index.languages.text import fold
from index.read.web_codecs import BIG5, GB18030, register

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark starts with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDER = {
    "gb2312": GB18030, "gbk": GB18030, "x-gbk": GB18030, "gb18030": GB18030, "big5": BIG5, "big5-hkscs": BIG5,
    "big5hkscs": BIG5, "x-x-big5": BIG5, "cp950": BIG5, "ms950": BIG5, "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252",
    "us-ascii": "cp1252", "ascii": "cp1252", "utf8": "utf-8", "unicode": "utf-16", "cp936": GB18030,
}  # fmt: skip
"""What pages mean by a name: browsers read these supersets."""

_CHINESE = (GB18030, BIG5)
_OTHER_EAST_ASIAN = frozenset(
    {
        "shift_jis",
        "shift-jis",
        "x-sjis",
        "cp932",
        "euc-jp",
        "iso-2022-jp",
        "euc-kr",
        "cp949",
        "ks_c_5601-1987",
    }
)

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
DECLARATION_BYTES = 4096
"""How far into a page a `<meta charset>` is looked for; browsers look at 1024."""

_COMMON = frozenset[str]().union(*(pack.pages.common for pack in packs()))

LEAST_COMMON = 0.12
"""Share of common characters below which a text is not Chinese, or decoded wrongly. About 200
characters make up some 40 % of any Chinese text; of text decoded wrongly, 2 to 6 %."""

SAMPLE_CHARS = 50_000
UTF8_DAMAGE = 0.05
"""Share of broken characters among those beyond ASCII that a damaged UTF-8 text may have."""


def declared_encoding(data: bytes) -> str:
    """What a page says of itself in `<meta charset>` or `<?xml encoding?>`; "" if nothing."""
    match = _DECLARED.search(data[:DECLARATION_BYTES])
    return match.group(1).decode("ascii", "replace") if match else ""


def decode(data: bytes, declared: str = "") -> str:
    """The text of `data`; never fails: what cannot be decoded becomes U+FFFD."""
    return data.decode(encoding_of(data, declared), "replace").lstrip("\ufeff")


def encoding_of(data: bytes, declared: str = "") -> str:
    """The codec that reads `data` best; a byte order mark is left to the caller to skip.

    `data` may be the beginning of more: a last character cut in two does not count.
    """
    register()
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    wide = _utf16_without_mark(data)
    if wide:
        return wide
    if _is_utf8(data):
        return "utf-8"
    declared = _known(declared)
    if declared in _OTHER_EAST_ASIAN and _decodes(data, declared):
        return declared
    chinese = {name: _likeness(data.decode(name, "replace")) for name in (*_CHINESE, "utf-8")}
    best = max(chinese, key=chinese.__getitem__)
    if chinese[best] >= LEAST_COMMON:
        return best
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") <= UTF8_DAMAGE * sum(c > "\x7f" for c in text):
        return "utf-8"
    if declared and declared != "utf-8" and _decodes(data, declared):
        return declared
    return _frequent(data) or _detected(data)


SURE_SHARE = 0.9
"""A short text is rightly decoded Chinese if this share of its characters is among the 3,755
frequent ones."""


def _frequent(data: bytes) -> str:
    """For a few bytes, such as a file's name: the Chinese encoding in which they are frequent
    characters; "" if in none."""
    shares = {name: _frequent_share(data, name) for name in _CHINESE}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= SURE_SHARE else ""


def _frequent_share(data: bytes, encoding: str) -> float:
    """The share of the characters beyond ASCII that stand in the first level of GB 2312."""
    text = [c for c in fold(data[:SAMPLE_CHARS].decode(encoding, "replace")) if c > "\x7f"]
    first = [c.encode("gb2312", "replace") for c in text]
    return sum(len(c) == 2 and 0xB0 <= c[0] <= 0xD7 for c in first) / max(1, len(text))


def decode_name(name: str) -> str:
    """A file's name, whatever its maker's system wrote it in: bytes that are no UTF-8 come as
    Python's stand-ins for them."""
    data = name.encode("utf-8", "surrogateescape")
    return name if _is_utf8(data) else data.decode(encoding_of(data), "replace")


def mend(text: str) -> str:
    """Text without halves of characters, which JSON can hold and no file: U+FFFD instead."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _known(name: str) -> str:
    """The codec a declared name stands for; "" where Python has none."""
    name = _WIDER.get(name.strip().lower(), name.strip().lower())
    try:
        codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return name


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and len(data) - error.start < 4
    return True


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        return isinstance(data.decode(encoding), str)  # codecs such as "hex" give bytes
    except (UnicodeDecodeError, LookupError):
        return False


def _likeness(text: str) -> float:
    """How much a text is like Chinese: 0 for none, about 0.4 for real Chinese."""
    sample = text[:SAMPLE_CHARS]
    han = sum("\u3400" <= c <= "\u9fff" for c in sample)
    bad = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" for c in sample)
    return sum(c in _COMMON for c in sample) / (han + 4 * bad) if han else 0.0


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 of mostly ASCII text has a zero in every second byte."""
    sample = data[:2000]
    if len(sample) < 4 or sample.count(0) < len(sample) * 0.3:
        return ""
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    if odd > 10 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 10 * odd else ""


def _detected(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE_CHARS]).best()
    return best.encoding if best is not None else "cp1252"
