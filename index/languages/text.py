"""The language and script of a text, its sentences, and its folded form for matching.

Folding is for matching only: nothing folded is ever shown. `fold_script` and `fold` keep the
number of code points, so an offset into a folded text is an offset into the original.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import sentencex

from index.languages import late
from index.languages.pack import pack_of, packs
from index.languages.scripts import converter, script_tables
from index.records import Sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ChineseScript = Literal["zh-Hant", "zh-Hans"]

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"

CAPITALS = r"A-Z\u00c0-\u00d6\u00d8-\u00de\u0401-\u042f"
"""The capital letters of the scripts that have them."""

SMALL = r"a-z\u00df-\u00f6\u00f8-\u00ff\u0430-\u045f"
"""The small letters of the same scripts."""

SOFT_HYPHEN = "\u00ad"
"""At the end of a wrapped line: the word goes on in the next one."""

_FULL_STOP_INSIDE = late.pattern(r"[。！？][」』”’）)]*(?=[0-9A-Za-z])")
"""A Chinese full stop ends a sentence before a number or a Latin word too: 蘋果。2024年8月."""

_HAN = late.pattern(f"[{HAN}]")
_KANA = late.pattern(r"[\u3040-\u30ff]")
_HANGUL = late.pattern(r"[\uac00-\ud7af]")
_LATIN = late.pattern(r"[A-Za-z\u00c0-\u024f]")
_CYRILLIC = late.pattern(r"[\u0400-\u04ff]")
_BLANK = late.pattern(r"\s+")
_UNSPACED = frozenset(("ja", "th", "lo", "km", "my"))
"""Languages without a pack that set no blanks between words."""

CHARS_PER_LATIN_WORD = 5
"""A Han character carries about as much as a Latin word: this balances the two when counting."""

SHORT_CHARS = 200

DETECTION_CHARS = 4000
"""The language is detected by this much of a text; more changes no decision and costs time."""


def fold_script(text: str) -> str:
    """Traditional to Simplified Chinese, character by character; length is kept."""
    return text.translate(script_tables().to_simplified)


_FOLDS = {letter: taken for pack in packs() for letter, taken in pack.folds.items()}


class _Folded(dict[int, str]):
    """Characters' folded forms, by code point, as they are met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character).casefold()
        folded = folded if len(folded) == 1 else character
        folded = _FOLDS.get(folded, folded)
        self[code] = " " if folded.isspace() else fold_script(folded)
        return self[code]


_folded = _Folded()


def fold(text: str) -> str:
    """For matching: compatibility forms (full width), case and Chinese script folded; length kept."""
    return _remembered(text) if len(text) <= FOLDED_CHARACTERS else _fold(text)


FOLDED_CHARACTERS = 2000
"""Texts up to this length are folded once and remembered: a search folds its passages several times."""

FOLDED_AT_ONCE = 100
"""Texts from this length on are folded with NumPy, which takes a fifth of the time."""


def _fold(text: str) -> str:
    if len(text) < FOLDED_AT_ONCE or text.isascii():
        return text.translate(_folded)
    import numpy as np

    forms = _forms()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    folded = forms[codes]
    if not folded.all():
        met = np.unique(codes[folded == 0])
        forms[met] = [ord(_folded[code]) for code in met.tolist()]
        folded = forms[codes]
    return folded.tobytes().decode("utf-32-le", "surrogatepass")


_remembered = lru_cache(512)(_fold)


@cache
def _forms() -> NDArray[np.uint32]:
    """The folded form of each code point; 0 where it has not been met."""
    import numpy as np

    return np.zeros(sys.maxunicode + 1, np.uint32)


_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Soft hyphens, characters of no width, those that turn the direction of text, those that choose a
shape, and tags."""

_INVISIBLE = late.pattern(f"[{_UNSEEN}]")
_INVISIBLE_RUN = late.pattern(f"[{_UNSEEN}]+")

HIDDEN_RUN = 4
"""So many invisible characters in a row are a text that is hidden; writing has one between two
letters, and emoji and turns of direction two or three."""

_HIDDEN_TEXT = late.pattern(f"[\U000e0000-\U000e007f]++|[{_UNSEEN}]{{{HIDDEN_RUN},}}+")


def has_invisible(text: str) -> bool:
    """Whether a text holds characters that no reader sees."""
    return not text.isascii() and _INVISIBLE.search(text) is not None


def seen(text: str) -> str:
    """The text that a reader sees: what is matched, counted, and read by a model."""
    return text if text.isascii() else _INVISIBLE_RUN.sub("", text)


def visible(text: str) -> tuple[str, list[int]]:
    """The text a reader sees, and for each of its characters, and its end, the offset in `text`."""
    places: list[int] = []
    start = 0
    for hidden in _INVISIBLE_RUN.finditer(text):
        places += range(start, hidden.start())
        start = hidden.end()
    return seen(text), [*places, *range(start, len(text) + 1)]


def seen_spans(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """The text a reader sees, and where spans of `text` lie in it."""
    if not has_invisible(text):
        return text, list(spans)
    shown, places = visible(text)
    return shown, [(bisect_left(places, start), bisect_left(places, end)) for start, end in spans]


def without_hidden_text(text: str) -> str:
    """The text without what is hidden in it: tags, and many invisible characters in a row, each of
    which can spell whole sentences. One between two letters belongs to the original and stays."""
    return text if text.isascii() else _HIDDEN_TEXT.sub("", text)


def hidden_texts(text: str) -> int:
    """How many texts are hidden in a text."""
    return 0 if text.isascii() else sum(1 for _ in _HIDDEN_TEXT.finditer(text))


_AT_ENDS = "".join(
    map(
        chr,
        (
            0x20,
            0x61C,
            0x180E,
            0xFEFF,
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2070),
        ),
    )
)
"""Characters that are removed at the ends of a line. A soft hyphen stays: the word continues in
the next line."""


def as_written(text: str) -> str:
    """A line as its writer meant it: white space squeezed, no hidden text, nothing unseen at its ends."""
    squeezed = squeeze(text)
    if squeezed.isascii():
        return squeezed
    return without_hidden_text(squeezed).strip(_AT_ENDS)


def chinese_script(text: str) -> ChineseScript | None:
    """The script of most characters that only one script has; None where there are none."""
    _, traditional, simplified = script_tables()
    score = sum((c in traditional) - (c in simplified) for c in text[:DETECTION_CHARS])
    if score == 0:
        return None
    return "zh-Hant" if score > 0 else "zh-Hans"


@cache
def _others_letters(language: str) -> re.Pattern[str]:
    """Letters of a language's script that only others write."""
    pack = pack_of(language)
    return late.pattern(f"[{pack.others_letters}]" if pack else "(?!)", re.IGNORECASE)


def alphabets(text: str) -> dict[str, float]:
    """How much of a text each alphabet writes: Han characters, and letters of the others by words."""
    return {
        "han": len(_HAN.findall(text)),
        "latin": len(_LATIN.findall(text)) / CHARS_PER_LATIN_WORD,
        "cyrillic": len(_CYRILLIC.findall(text)) / CHARS_PER_LATIN_WORD,
    }


def detect(text: str, default_script: ChineseScript = "zh-Hans") -> str:
    """BCP 47 tag of the text's main language, Chinese with its script; "und" without letters.

    Scripts decide where they can (a quoted Latin name does not make a Chinese text English);
    among languages in Latin or Cyrillic letters py3langid decides.
    """
    text = text[:DETECTION_CHARS]
    han, latin, cyrillic = alphabets(text).values()
    kana = len(_KANA.findall(text))
    hangul = len(_HANGUL.findall(text))
    cjk = han + kana + hangul
    if cjk and cjk >= max(latin, cyrillic):
        if kana > 0.1 * cjk:
            return "ja"
        if hangul > 0.3 * cjk:
            return "ko"
        return chinese_script(text) or default_script
    if not any(c.isalpha() for c in text):
        return "und"
    if len(text) < SHORT_CHARS:  # too short for statistics: common unless a letter says otherwise
        letters = "".join(filter(str.isalpha, text))
        if latin > cyrillic and letters.isascii():
            return "en"
        if cyrillic > latin and not _others_letters("ru").search(text):
            return "ru"
    import py3langid

    language: str = py3langid.classify(text)[0]
    return (chinese_script(text) or default_script) if language == "zh" else language


def primary(language: str) -> str:
    """The language without its script: "zh-Hant" -> "zh"."""
    return language.split("-")[0]


def blank(language: str) -> str:
    """What stands between two sentences, or words, of a language: a blank, or nothing."""
    pack = pack_of(language)
    spaced = pack.spaced if pack else primary(language) not in _UNSPACED
    return " " if spaced else ""


def to_script(text: str, language: str) -> str:
    """Chinese text in the script of `language`; any other text, or language, unchanged."""
    if language == "zh-Hant":
        return str(converter("s2tw").convert(text))
    if language == "zh-Hans":
        return str(converter("t2s").convert(text))
    return text


def sentences(text: str, language: str) -> list[Sentence]:
    """The sentences of a text, in order; a line break always ends one."""
    if not has_invisible(text):
        return _sentences(text, language)
    shown, places = visible(text)
    return [
        Sentence(places[one.start], places[one.end - 1] + 1) for one in _sentences(shown, language)
    ]


def _sentences(text: str, language: str) -> list[Sentence]:
    spans = []
    start = 0
    for line in text.split("\n"):
        for boundary in sentencex.get_sentence_boundaries(primary(language), line):
            first, last = start + boundary["start_index"], start + boundary["end_index"]
            ends = [match.end() for match in _FULL_STOP_INSIDE.finditer(text, first, last)]
            for begin, end in pairwise([first, *ends, last]):
                span = trim(text, begin, end)
                if span.start < span.end:
                    spans.append(span)
        start += len(line) + 1
    return spans


SPACED = 0x2E80
"""Scripts below this code point set words apart by spaces; from here on most do not."""


def is_spaced(text: str) -> bool:
    """Whether a text begins in a script that sets words apart by spaces."""
    return ord(text[0]) < SPACED


def trim(text: str, start: int, end: int) -> Sentence:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Sentence(start, end)


_PASSWORD = late.pattern(r"(?<=://)[^/?#@\s]{1,300}@")


def without_password(url: str) -> str:
    """An address as it may be shown and stored: without a user's name and password in it."""
    return _PASSWORD.sub("", url)


QUESTION_MARKS = ("?", "？")


def is_question(text: str) -> bool:
    """Whether a sentence ends as a question does; one in quotation marks is somebody's words."""
    return text.rstrip().rstrip("!！").endswith(QUESTION_MARKS)


def squeeze(text: str) -> str:
    """Runs of white space as one space."""
    return _BLANK.sub(" ", text).strip()
