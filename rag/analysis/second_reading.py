"""Does an LLM find that passages say what a claim says?

In: a claim, and a sentence found for it. Out: log-odds for the passage in which it stands, to be added to
those of the check. The check compares a claim with sentences and is blind to what a headline or the sentence
before adds, and to much that is said in other words; an LLM that reads the passage whole is not, but it is
easily content with another number. Each by itself tells less than both (docs/analysis.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.errors import ConfigError, ModelError
from rag.check.checker import Verdict
from rag.check.second_opinion import Judge, open_judge
from rag.check.statements import Statement
from rag.evidence.names_and_dates import held
from rag.llm.injections import gives_orders
from rag.llm.meanwhile import OpensLLM
from rag.results.odds import log_odds, probability

if TYPE_CHECKING:
    from rag.results.sources import Source

WEIGHT = 2.0
"""What the LLM's log-odds count beside those of the check."""

UNDECIDED = 0.3
"""The log-odds of a yes that count for neither side: an LLM says yes easily."""

SUREST = 2.2
"""An LLM that only says yes or no is taken to be this sure: .9."""


def may_change(verdict: Verdict, least: float) -> bool:
    """Whether what is heard can make that a claim is supported, or is not."""
    if verdict.score >= least:
        return True
    return not verdict.otherwise and log_odds(verdict.score) + WEIGHT * SUREST >= log_odds(least)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said of passages."""

    odds: Mapping[str, float] = field(default_factory=dict)
    """By the passage's id, what to add to the log-odds that the claim is said there."""

    def of(self, source: Source) -> float:
        return self.odds.get(source.hit.passage.id, 0.0)

    def and_of(self, other: Heard) -> Heard:
        return Heard({**self.odds, **other.odds})

    def weighed(self, verdict: Verdict, sources: Sequence[Source]) -> float:
        """How well the sources carry a claim by the check and by what was heard of their passages. That does
        not make up for a number, date or name that is missing."""
        passages = {source.hit.passage.id for source in sources}
        odds = max((self.odds[one] for one in passages & self.odds.keys()), default=0.0)
        if odds == 0 or (odds > 0 and verdict.otherwise):
            return verdict.score
        return probability(log_odds(verdict.score) + odds)


class SecondReading:
    """Asks an LLM, or the judge that answer.judge names, about claims and passages."""

    def __init__(self, opens: OpensLLM, judge: str) -> None:
        """`opens` is called when something is asked. An LLM that is not there, or fails, is done without; a
        judge that the user names is not."""
        self._opens = opens
        self._name = judge
        self._judge: Judge | None = None
        self._heard: dict[tuple[str, str], Heard] = {}

    def is_there(self) -> bool:
        """Whether there is somebody to ask. Raises ConfigError and ModelError as `open_judge` does."""
        if self._judge is None:
            with self._failing():
                self._judge = open_judge(self._name or "llm", self._opens())
        return self._judge is not None

    def of(self, claim: Statement, source: Source) -> Heard:
        """What is said of the passage of a source."""
        key = claim.text, source.hit.passage.id
        if key not in self._heard:
            self._heard[key] = self._asked(claim, source)
        return self._heard[key]

    def _asked(self, claim: Statement, source: Source) -> Heard:
        passage = source.hit.passage
        if self._judge is not None and not gives_orders(passage.text):
            with self._failing():
                return Heard({passage.id: _odds(self._judge, claim, source)})
        return Heard()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Lets an LLM fail: the check tells what it can without."""
        try:
            yield
        except (ConfigError, ModelError):
            if self._name not in ("", "llm"):
                raise


def _odds(judge: Judge, claim: Statement, source: Source) -> float:
    article = source.hit.article
    text = f"{held(claim.text, article)} {article.title}\n{source.hit.passage.text}"
    odds = log_odds(judge.support(claim.text, [text.strip()])) - UNDECIDED
    return WEIGHT * min(max(odds, -SUREST), SUREST)
