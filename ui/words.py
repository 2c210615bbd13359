"""What the page, the terminal and the exported HTML say, in the languages of ui/data/words.toml.

`words(language)` gives the words for text made here (an answer, the evidence panel); the browser
picks among `BROWSER` for labels and buttons. A test keeps the table complete.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files

from rag.export.documents import labels

_LANGUAGES = ("en", "zh-Hant", "zh-Hans", "ru")
"""The columns of the table."""

_TABLE: Mapping[str, list[str]] = {
    word: row
    for part in tomllib.loads(
        (files("ui") / "data/words.toml").read_text(encoding="utf-8")
    ).values()
    for word, row in part.items()
}

WORDS: Mapping[str, Mapping[str, str]] = {
    language: {**labels(language), **{word: row[column] for word, row in _TABLE.items()}}
    for column, language in enumerate(_LANGUAGES)
}

BROWSER: Mapping[str, Mapping[str, str]] = {
    "en": WORDS["en"],
    "ru": WORDS["ru"],
    **dict.fromkeys(("zh-Hant", "zh-TW", "zh-HK", "zh-MO"), WORDS["zh-Hant"]),
    **dict.fromkeys(("zh", "zh-Hans", "zh-CN", "zh-SG"), WORDS["zh-Hans"]),
}
"""Words by what browsers call the user's language."""

LANGUAGE_NAMES: Mapping[str, tuple[str, str]] = {
    "zh-Hant": ("繁", "繁體中文"),
    "zh-Hans": ("简", "简体中文"),
    "en": ("EN", "English"),
    "ru": ("RU", "Русский"),
}
"""Badge and name of a language, in that language."""


def words(language: str) -> Mapping[str, str]:
    """The words for a language; English for any that the table has not."""
    if language == "zh":
        return WORDS["zh-Hans"]
    return WORDS.get(language, WORDS["en"])
