"""Several results as one document: a conversation, exported whole.

In: a title and its results in order. Out: something every writer of rag/export takes: each question
a heading, citations numbered through.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from rag.export.documents import Block, Document, Result, Run, heading
from rag.export.markdown import to_markdown
from rag.results.hits import Citation


@dataclass(frozen=True, slots=True)
class Conversation:
    """Results one after another."""

    title: str
    language: str
    results: tuple[Result, ...]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Those of all results, numbered through."""
        return tuple(
            replace(citation, n=citation.n + before)
            for before, result in self._numbered()
            for citation in result.citations
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "language": self.language,
            "results": [result.to_dict() for result in self.results],
        }

    def to_markdown(self) -> str:
        return to_markdown(self)

    def document(self) -> Document:
        """Each result below its question."""
        blocks: list[Block] = []
        for before, result in self._numbered():
            made = result.document()
            blocks.append(heading(made.title))
            blocks += [_renumbered(block, before) for block in made.blocks]
        return Document(self.title, self.language, tuple(blocks), self.citations)

    def _numbered(self) -> Iterator[tuple[int, Result]]:
        """The results, each with the highest number that those before it use."""
        before = 0
        for result in self.results:
            yield before, result
            before += max((citation.n for citation in result.citations), default=0)


def _renumbered(block: Block, before: int) -> Block:
    def moved(run: Run) -> Run:
        return replace(run, citations=tuple(n + before for n in run.citations))

    return replace(block, runs=tuple(map(moved, block.runs)))
