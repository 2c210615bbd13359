"""Bytes -> text, whatever the page says its encoding is."""

from pathlib import Path

import pytest

from index.read.encoding import declared_encoding, decode, encoding_of

SEEDS = Path(__file__).parent.parent / "seeds"
TRADITIONAL = (SEEDS / "000_6e36652bbd74fa1a.txt").read_text(encoding="utf-8")
SIMPLIFIED = (SEEDS / "002_8a989d99c45e9d0a.txt").read_text(encoding="utf-8")
RUSSIAN = "Президент Казахстана заявил, что страна не намерена помогать обходить санкции. " * 3
FRENCH = "Le président français a déclaré que la réforme était nécessaire. Où êtes-vous ? " * 3

CLAIMS = (
    "",
    "utf-8",
    "gb2312",
    "big5",
    "iso-8859-1",
    "shift_jis",
    "no-such-thing",
    "hex",
    "utf-16",
)


@pytest.mark.parametrize("claimed", CLAIMS)
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TRADITIONAL, "utf-8"),
        (TRADITIONAL, "utf-8-sig"),
        (TRADITIONAL, "big5hkscs"),
        (TRADITIONAL, "gb18030"),
        (TRADITIONAL, "utf-16"),
        (TRADITIONAL, "utf-32"),
        (SIMPLIFIED, "utf-8"),
        (SIMPLIFIED, "gbk"),
        (SIMPLIFIED, "utf-16-le"),
        (SIMPLIFIED, "utf-16-be"),
    ],
)
def test_a_wrong_claim_is_survived(text: str, encoding: str, claimed: str) -> None:
    data = text.encode(encoding, "ignore")
    wanted = data.decode(encoding).lstrip("\ufeff")
    if encoding == "big5hkscs":  # browsers read another dot from its bytes
        wanted = wanted.replace("•", "‧")
    assert decode(data, claimed) == wanted


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (FRENCH, "cp1252"),
        ("日本の首相は述べた。" * 5, "shift_jis"),
    ],
)
def test_a_right_claim_is_believed(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), encoding) == text


def test_a_few_broken_bytes_do_not_change_the_encoding() -> None:
    for encoding in ("utf-8", "gb18030"):
        data = bytearray(SIMPLIFIED.encode(encoding, "ignore"))
        for place in range(3000, len(data), 1500):
            data[place] = 0xFF
        lines = decode(bytes(data), "big5").split("\n")
        assert sum(line in lines for line in SIMPLIFIED.split("\n")) > 0.9 * len(lines)


def test_a_beginning_cut_within_a_character_is_still_utf8() -> None:
    data = SIMPLIFIED.encode()
    assert {encoding_of(data[:cut]) for cut in range(6000, 6006)} == {"utf-8"}


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\x00", b"\xff\xfe", b"\x80" * 50, bytes(range(256))]
)
def test_anything_is_decoded(data: bytes) -> None:
    assert isinstance(decode(data, "gbk"), str)


def test_declared_encoding() -> None:
    assert declared_encoding(b'<meta charset="GBK">') == "GBK"
    assert declared_encoding(b'<meta content="text/html; charset=big5">') == "big5"
    assert declared_encoding(b'<?xml version="1.0" encoding="utf-8"?>') == "utf-8"
    assert declared_encoding(b"nothing") == ""
