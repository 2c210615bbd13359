"""What the operations of a library report. Plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from index.frames import to_frame
from index.shown import Shown, table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Entry:
    """One source, or one reason within it."""

    source: str
    """File or url, as the user knows it; with ":part" where one part of it is meant."""
    articles: int = 1
    reason: str = ""
    count: int = 1
    """How often, of what was left out."""
    article_ids: tuple[str, ...] = ()
    """Of the articles that are in the library; none of a file that is unchanged and was not read."""


SHOWN = 30
"""Sources that a report lists where it is shown; `to_rows` gives all."""


@dataclass(frozen=True, slots=True)
class AddReport(Shown):
    """What happened to everything that was to be added."""

    added: tuple[Entry, ...] = ()
    updated: tuple[Entry, ...] = ()
    """Sources that had changed since they were last added."""
    skipped: tuple[Entry, ...] = ()
    rejected: tuple[Entry, ...] = ()
    removed: tuple[Entry, ...] = ()
    """Sources that are no longer on disk (`sync` only)."""
    articles: int = 0
    """Articles that are new in the library."""
    passages: int = 0
    """Passages that are new in the library."""
    embedded: int = 0
    """Passages that had to be embedded; the rest were found in the cache."""
    seconds: float = 0.0
    left_out: tuple[Entry, ...] = ()
    """What was left out because it is not an article's text, by source and kind: deletions,
    hidden text, offers to subscribe."""

    def summed_left_out(self) -> dict[str, tuple[int, int]]:
        """For each kind of text that was left out: how often, and in how many sources."""
        found: dict[str, tuple[int, int]] = {}
        for entry in self.left_out:
            count, sources = found.get(entry.reason, (0, 0))
            found[entry.reason] = count + entry.count, sources + 1
        return dict(sorted(found.items(), key=lambda item: -item[1][0]))

    def to_rows(self) -> list[dict[str, Any]]:
        """Plain data, one row a source: what became of it, and why."""
        kinds = ("added", "updated", "skipped", "rejected", "removed", "left_out")
        return [
            {
                "what": kind,
                "source": entry.source,
                "articles": entry.articles,
                "reason": f"{entry.reason} ({entry.count})" if kind == "left_out" else entry.reason,
                "article_ids": list(entry.article_ids),
            }
            for kind in kinds
            for entry in getattr(self, kind)
        ]

    def to_pandas(self) -> pd.DataFrame:
        """One row a source."""
        return to_frame(self.to_rows())

    def to_markdown(self) -> str:
        """How much came in, then a table of what became of each source; rejected ones first."""
        said = (
            f"{self.articles} new articles, {self.passages} new passages in {self.seconds:.1f} s."
        )
        for kind, (count, sources) in self.summed_left_out().items():
            said += f"\n\nLeft out: {kind} ({count}, in {sources} sources)."
        rows = [row for row in self.to_rows() if row["what"] != "left_out"]
        for row in rows:
            del row["article_ids"]  # no table is wide enough for those of a file of thousands
        rows.sort(key=lambda row: row["what"] != "rejected")
        more = f"\n\n… and {len(rows) - SHOWN} more." if len(rows) > SHOWN else ""
        return f"{said}\n\n{table(rows[:SHOWN])}{more}\n" if rows else f"{said}\n"


@dataclass(frozen=True, slots=True)
class RemoveReport:
    """What was removed, and the selectors that matched nothing."""

    articles: tuple[str, ...] = ()
    """Ids of the removed articles."""
    passages: int = 0
    missing: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What is wrong with a library; empty when it is sound."""

    problems: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    """The problems that were repaired."""

    @property
    def sound(self) -> bool:
        return set(self.problems) <= set(self.repaired)


@dataclass(frozen=True, slots=True)
class Status:
    """A library at a glance."""

    path: str
    articles: int
    passages: int
    languages: Mapping[str, int]
    """Articles by language and script."""
    outlets: Mapping[str, int]
    """Articles by outlet, most first; "" is unknown."""
    sources: int
    groups: int
    """Articles when near duplicates count as one."""
    earliest: str
    """Published dates, "" where none is known."""
    latest: str
    added: str
    """When something was last added, ISO 8601 in UTC."""
    bytes: int
    embedder: str
    generation: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long operation is; everything counted here is stored for good."""

    done: int
    """Sources (or articles, for a rebuild) finished."""
    total: int | None
    """None while the total is unknown."""
    articles: int = 0
    """Articles stored, or found to be in the library already."""
    passages: int = 0
    source: str = ""
    """The source last worked on."""
    article_ids: tuple[str, ...] = field(default=(), repr=False)
    """The articles stored since the last call."""
    read: float | None = None
    """Share of all sources' bytes that were read, from 0 to 1, where that is known."""

    @property
    def share(self) -> float | None:
        """Share of the work that is done, from 0 to 1; None while that is unknown."""
        if self.read is not None or not self.total:
            return self.read
        return self.done / self.total


ProgressCallback = Callable[[Progress], None]
