"""Evidence -> the sentences of an answer, before they are bound and checked.

In: the reply of an LLM, or without one the sentences of the hits. Out: the sentences of the reply, with
the excerpt numbers that the LLM named; or the best sentences of the hits as quotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.languages.pack import either, pack_of, packs
from index.languages.text import CAPITALS, HAN, SMALL, detect, fold, primary, sentences, to_script
from rag.evidence.candidates import answering
from rag.llm.prompts import is_refusal
from rag.results.sources import Source

LEAST_LETTERS = 2

_MARKER = re.compile(r"\s*[\[【(（]\s*(\d{1,2}(?:\s*[,，、-]\s*\d{1,2})*)\s*[\]】)）]")
_LIST_ITEM = re.compile(r"^\s*(?:[-*•·]|\d{1,2}[.)、](?!\d)|\(\d{1,2}\))\s+")
_DECORATION = re.compile(r"\*\*|__|`|^#+\s*|^>\s*")
_LABEL = re.compile(
    rf"^\s*(?:{either(pack.asking.label for pack in packs())})\s*[:：]\s*", re.IGNORECASE
)
_SMALL_WORD = re.compile(rf"(?<![{CAPITALS}{SMALL}'’.-])[{SMALL}]{{3,}}(?![{CAPITALS}{SMALL}.-])")
_HAN_WORD = re.compile(f"[{HAN}]")
_IN_BRACKETS = re.compile(r"[(（\"“「][^()（）\"”」]*[)）\"”」]")
_TAGS = re.compile(r"</?\s*excerpts?\s*>|<\|[^|>]*\|?>?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence of a draft."""

    text: str
    hints: tuple[int, ...] = ()
    """The numbers of the excerpts that the LLM named for it."""


def cut(draft: str, language: str) -> list[Drafted]:
    """The sentences of a reply in the script of `language`, each once, without list signs and Markdown."""
    found: dict[str, Drafted] = {}
    for line in _TAGS.sub(" ", draft).splitlines():
        line = _LABEL.sub("", _DECORATION.sub("", _LIST_ITEM.sub("", line)))
        markers = list(_MARKER.finditer(line))
        plain, offsets = _without(line, markers)
        spans = sentences(plain, detect(plain) if primary(language) == "zh" else language)
        for at, span in enumerate(spans):
            text = to_script(plain[span.start : span.end], language)
            following = spans[at + 1].start if at + 1 < len(spans) else len(plain) + 1
            hints = tuple(
                int(n)
                for marker, place in zip(markers, offsets, strict=True)
                if span.start < place < following or place == span.end
                for n in re.findall(r"\d+", marker[1])
            )
            if sum(map(str.isalnum, text)) >= LEAST_LETTERS and not is_refusal(text):
                found.setdefault(fold(text), Drafted(text, hints))
    return list(found.values())


def is_mixed(text: str, language: str, question: str) -> bool:
    """Whether a sentence has words of another language other than names."""
    pack = pack_of(language)
    if pack is None:  # nothing is known of its letters
        return False
    own = re.compile(f"[{pack.letters}]+")
    if pack.spaced:
        text = _IN_BRACKETS.sub("", text)
        if _HAN_WORD.search(text):
            return True
    words = _SMALL_WORD.findall(text)
    return any(word not in question and not own.fullmatch(word) for word in words)


def _without(line: str, markers: Sequence[re.Match[str]]) -> tuple[str, list[int]]:
    """The line without its citation markers, and where each of them stood."""
    parts: list[str] = []
    offsets: list[int] = []
    end = 0
    for marker in markers:
        parts.append(line[end : marker.start()])
        offsets.append(sum(map(len, parts)))
        end = marker.end()
    return "".join([*parts, line[end:]]), offsets


def quotes(sources: Sequence[Source]) -> list[Source]:
    """The best one to three sentences, or the list that answers: best first, those of one passage in
    the order of the text."""
    chosen = [source for excerpt in answering(sources) for source in excerpt.sources]
    first = {source.hit.passage.id: at for at, source in reversed(list(enumerate(chosen)))}
    return sorted(chosen, key=lambda s: (first[s.hit.passage.id], s.span.start))
