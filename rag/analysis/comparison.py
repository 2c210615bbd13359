"""A comparison: what each outlet (or country, language, period, author) answers, and where they agree,
differ and contradict each other. Plain data, with its Markdown and its `Document`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from index.frames import to_frame
from index.languages.text import blank
from index.shown import Shown
from rag.answer.answer import Answer, runs
from rag.export.documents import Block, Document, Run, heading, labels, note
from rag.export.markdown import to_markdown
from rag.export.text import quoted
from rag.results.hits import Citation

if TYPE_CHECKING:
    import pandas as pd

By = Literal["outlet", "country", "language", "period", "author"]

BY: tuple[By, ...] = ("outlet", "country", "language", "period", "author")

Kind = Literal["agree", "differ", "contradict"]


@dataclass(frozen=True, slots=True)
class Group:
    """What one outlet, country, language, period or author says."""

    name: str
    """Empty where the articles do not say."""
    answer: Answer
    """Its citations have the numbers of the whole comparison."""
    articles: int
    """How many articles on the question it has, without reprints."""

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "articles": self.articles, "answer": self.answer.to_dict()}


@dataclass(frozen=True, slots=True)
class Side:
    """A sentence of one group."""

    group: str
    citation: int
    quote: str

    def to_dict(self) -> dict[str, Any]:
        return {"group": self.group, "citation": self.citation, "quote": self.quote}


@dataclass(frozen=True, slots=True)
class Finding:
    """Two sentences that make the same claim, and their relation."""

    kind: Kind
    """They say the same; they give different numbers; they take opposite sides."""
    sides: tuple[Side, Side]
    details: tuple[tuple[str, str], ...] = ()
    """The numbers that differ, as each side writes them."""

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "sides": [side.to_dict() for side in self.sides],
            "details": [list(pair) for pair in self.details],
        }


@dataclass(frozen=True, slots=True)
class Comparison(Shown):
    """The answers of the groups, and where they agree, differ and contradict each other."""

    question: str
    language: str
    by: By
    groups: tuple[Group, ...]
    findings: tuple[Finding, ...]
    citations: tuple[Citation, ...]
    left_out: tuple[str, ...]
    """Further groups with articles on the question that were not asked."""
    llm: str
    embedder: str
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def abstained(self) -> bool:
        """Whether no group answers."""
        return all(group.answer.abstained for group in self.groups)

    def to_dict(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "language": self.language,
            "by": self.by,
            "abstained": self.abstained,
            "groups": [group.to_dict() for group in self.groups],
            "findings": [finding.to_dict() for finding in self.findings],
            "citations": [citation.to_dict() for citation in self.citations],
            "left_out": list(self.left_out),
            "llm": self.llm,
            "embedder": self.embedder,
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
        }

    def to_rows(self) -> list[dict[str, Any]]:
        """Plain data, one row a citation of a sentence of a group."""
        return [
            {"group": group.name, **row} for group in self.groups for row in group.answer.to_rows()
        ]

    def to_pandas(self) -> pd.DataFrame:
        """One row a citation of a sentence of a group."""
        return to_frame(self.to_rows())

    def to_markdown(self) -> str:
        """The answers one below the other, the findings, and the quotes with their sources."""
        return to_markdown(self)

    def document(self) -> Document:
        """The answers one below the other, then the findings, as blocks of text."""
        say = labels(self.language)
        blocks: list[Block] = []
        for group in self.groups:
            title = group_title(group.name, group.articles, self.language)
            blocks += [heading(title), Block("text", runs(group.answer))]
            blocks += [note(said) for said in group.answer.notes]
        for kind in ("agree", "differ", "contradict"):
            found = [finding for finding in self.findings if finding.kind == kind]
            if found:
                blocks.append(heading(say[kind]))
            blocks += [Block("item", finding_runs(one, self.language)) for one in found]
        if self.left_out:
            names = ", ".join(group_name(name, self.language) for name in self.left_out)
            blocks.append(note(f"{say['left_out']}: {names}"))
        if not self.groups:
            blocks.append(Block("text", (Run(say["no_groups"]),)))
        return Document(self.question, self.language, tuple(blocks), self.citations)


def group_name(name: str, language: str) -> str:
    """The name of a group for display: "Unknown" where the articles do not say."""
    return name or labels(language)["unknown"]


def group_title(name: str, articles: int, language: str) -> str:
    """The name of a group with its number of articles on the question."""
    what = labels(language)["article_read" if articles == 1 else "articles_read"]
    return f"{group_name(name, language)} ({articles}{blank(language)}{what})"


def finding_runs(finding: Finding, language: str) -> tuple[Run, ...]:
    """Both sides of a finding, each quoted and cited."""
    parts: list[Run] = []
    for at, side in enumerate(finding.sides):
        said = ", ".join(pair[at] for pair in finding.details)
        name = group_name(side.group, language) + (f" ({said})" if said else "")
        parts += [Run(f"{name}:", strong=True), Run(quoted(side.quote), (side.citation,))]
    return tuple(parts)
