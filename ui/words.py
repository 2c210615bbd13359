"""What the page, the terminal and the exported HTML say, in the language of who reads.

In: a language. Out: the words for text made here (an answer, the evidence panel); the browser picks
among `BROWSER` for labels and buttons. The words stand in the packs of index/languages.
"""

from __future__ import annotations

from collections.abc import Mapping

from index.languages.pack import FALLBACK, texts
from index.wording import Wording
from rag.export.documents import labels

WORDS: Mapping[str, Mapping[str, str]] = {
    language: {**labels(language), **table["page"]} for language, table in texts("words").items()
}

BROWSER: Mapping[str, Mapping[str, str]] = {
    tag: WORDS[language]
    for language, table in texts("words").items()
    for tag in (language, *table["itself"]["browsers"])
}
"""Words by what browsers call the user's language."""

LANGUAGE_NAMES: Mapping[str, tuple[str, str]] = {
    language: (table["itself"]["badge"], table["itself"]["name"])
    for language, table in texts("words").items()
}
"""Badge and name of a language, in that language."""


def words(language: str) -> Mapping[str, str]:
    """The words for a language; English for any that has none."""
    return WORDS.get(language) or BROWSER.get(language, WORDS[FALLBACK])


def said(text: str, language: str) -> str:
    """A text in a language, where it is a `Wording` and the language has the words; else as it is."""
    if not isinstance(text, Wording):
        return text
    sentence = texts("messages").get(language, {}).get(text.key)
    if sentence is None:
        return str(text)
    return str(sentence).format(**{name: said(one, language) for name, one in text.values.items()})
