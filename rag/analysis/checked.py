"""A text that was checked: for each of its sentences, what the articles say. Plain data, with its
Markdown and its `Document`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from index.frames import to_frame
from index.shown import Shown
from rag.export.documents import Block, Document, Run, labels
from rag.export.markdown import to_markdown
from rag.export.text import quoted
from rag.results.hits import Citation

if TYPE_CHECKING:
    import pandas as pd

MOST_CHARS = 20_000
MOST_CLAIMS = 50
"""How much is checked at once: each claim takes about a second."""

FoundOut = Literal["supported", "contradicted", "partly", "not found", "no claim"]

Differing = Literal["number", "date", "name", "denial", "direction"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a claim says otherwise than an article."""

    kind: Differing
    claim: str
    """What the claim says; empty where only the article has a denial."""
    article: str
    """What the article says instead; empty where it says nothing instead."""

    def to_dict(self) -> dict[str, str]:
        return {"kind": self.kind, "claim": self.claim, "article": self.article}


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A sentence, and what the articles say of it."""

    text: str
    start: int
    """Offsets into the text that was checked."""
    end: int
    verdict: FoundOut
    """The articles say so; they say otherwise; they say only a part of it; they do not speak of
    it; or the sentence claims nothing that could be checked."""
    score: float = 0.0
    """Support, from 0 to 1, by the check that answers go through."""
    supporting: tuple[Citation, ...] = ()
    against: tuple[Citation, ...] = ()
    """The sentences that contradict it. A supported claim can have some too, from other
    articles."""
    differs: tuple[Difference, ...] = ()
    reasons: tuple[str, ...] = ()
    """Why it is not supported, in words."""

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "verdict": self.verdict,
            "score": round(self.score, 3),
            "for": [citation.to_dict() for citation in self.supporting],
            "against": [citation.to_dict() for citation in self.against],
            "differs": [difference.to_dict() for difference in self.differs],
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class FactCheck(Shown):
    """The sentences of a text, each with what the articles say of it."""

    text: str
    language: str
    claims: tuple[CheckedClaim, ...]
    citations: tuple[Citation, ...]
    embedder: str
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def found(self) -> bool:
        """Whether the articles speak of any of it."""
        return any(claim.verdict not in ("not found", "no claim") for claim in self.claims)

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "language": self.language,
            "claims": [claim.to_dict() for claim in self.claims],
            "embedder": self.embedder,
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
        }

    def to_rows(self) -> list[dict[str, Any]]:
        """Plain data, one row a quote for or against a claim; one for a claim that has none."""
        rows = []
        for number, claim in enumerate(self.claims, 1):
            row = {"claim": number, "text": claim.text, "verdict": claim.verdict}
            row |= {"score": round(claim.score, 3)}
            sides = [("for", one) for one in claim.supporting]
            sides += [("against", one) for one in claim.against]
            for side, citation in sides:
                where = citation.to_dict()
                del where["also_in"]
                rows.append({**row, "side": side, **where})
            if not sides:
                rows.append({**row, "side": ""})
        return rows

    def to_pandas(self) -> pd.DataFrame:
        """One row a quote for or against a claim."""
        return to_frame(self.to_rows())

    def to_markdown(self) -> str:
        """The claims with what was found of each, then the quotes with their sources."""
        return to_markdown(self)

    def document(self) -> Document:
        """The claims as blocks of text."""
        blocks = tuple(Block("item", claim_runs(claim, self.language)) for claim in self.claims)
        return Document(title_of(self.text), self.language, blocks, self.citations)


TITLE_CHARS = 80


def title_of(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_CHARS else f"{line[: TITLE_CHARS - 1]}…"


def claim_runs(claim: CheckedClaim, language: str) -> tuple[Run, ...]:
    """A claim: what was found, its words, the reasons, what differs."""
    parts = [Run(f"{labels(language)[claim.verdict.replace(' ', '_')]}:", strong=True)]
    parts.append(Run(claim.text, tuple(one.n for one in claim.supporting)))
    said = [
        f"{each.claim} ≠ {each.article}" for each in claim.differs if each.claim and each.article
    ]
    against = "; ".join((*said, *claim.reasons))
    if against or claim.against:
        parts.append(Run(f"({against or quoted('…')})", tuple(one.n for one in claim.against)))
    return tuple(parts)
