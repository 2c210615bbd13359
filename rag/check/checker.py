"""Does a source say what a claim says? A score between 0 and 1, and the reasons against.

In: a claim (a sentence of an answer) and the sentences it cites, each a `Statement`. Out: a
`Verdict`. Nearness of meaning comes from sentence vectors and, within a language, from shared
content words; the reader reads both together. What vectors are blind to is checked outright: numbers with
their units, dates, names in any language, negation, opposites, and the order of who did it to whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from index.languages.names import Names
from index.languages.numbers.stated import Missing, missing
from index.languages.text import fold, primary
from rag.check.claimed_names import ClaimedNames, means
from rag.check.contraries import Reads, crossed, turned_round, without_denial
from rag.check.opposites import denial_added, denial_turned, turned
from rag.check.reasons import TURNED, against, reasons, say
from rag.check.statements import Statement, content
from rag.check.weighing import Features, weigh
from rag.evidence.names_and_dates import held_dates
from rag.evidence.opening import ClaimReader
from rag.evidence.reader import Text
from rag.llm.injections import gives_orders
from rag.llm.prompts import SYSTEM, tasks
from rag.results.odds import probability

WORTH_ASKING = -1.0
"""A claim with lower log-odds fails without being read: none of those would pass (tuning/support.py)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well the sources carry a claim."""

    score: float
    """Calibrated: at .5, one true sentence in twenty fails."""
    reasons: tuple[str, ...]
    """What speaks against it, in words."""
    missing: tuple[Missing, ...] = ()
    """The numbers and dates of the claim that the sources don't say."""
    doubt: bool = False
    """No particular reason speaks against it; the sources just do not seem to say quite this."""
    otherwise: bool = False
    """A number or date is missing, or a name that the sources' passages do not have either."""
    turned: frozenset[str] = frozenset()
    """What seems to be turned round, "opposites", "swapped" or "denial", where nothing else speaks against it."""


class Checker:
    """Checks claims against sources; knows the names of the articles at hand."""

    def __init__(
        self, *tables: Names, reads: Reads | None = None, reader: ClaimReader | None = None
    ) -> None:
        """Without `reads`, the embedder's, sentences are not held against their contraries, and
        without `reader` nothing reads claim and source together."""
        self._names = ClaimedNames(tables)
        self._reads = reads
        self._reader = reader

    def check(self, claim: Statement, sources: Sequence[Statement], given: str = "") -> Verdict:
        """How well the sources, taken together, carry the claim; one that gives orders to a model
        carries none.

        `given` is the question. Its names and dates say what the claim is about: where the claim
        repeats them, it is enough that the passage or headline around a source has them. If
        nothing around a source has them, the source is about something else, whatever was asked.
        """
        if not sources:
            return Verdict(0.0, (say("nothing", claim.language),))
        if _repeats_a_prompt(claim.text):
            return Verdict(0.0, (say("prompt", claim.language),))
        telling = [source for source in sources if not gives_orders(source.text)]
        if not telling:
            return Verdict(0.0, (say("order", claim.language),))
        found = self.compare(claim, telling, given)
        kinds = frozenset(kind for kind, *_ in against(found))
        return Verdict(
            probability(weigh(found)),
            tuple(reasons(found, claim.language)),
            found.numbers,
            doubt=kinds <= {"far"},
            otherwise=bool(found.numbers) or not self._names.are_around(found.names, telling),
            turned=frozenset(map(TURNED.__getitem__, kinds))
            if kinds <= TURNED.keys()
            else frozenset(),
        )

    def may_join(
        self, claim: Statement, source: Statement, other: Statement, given: str = ""
    ) -> bool:
        """Whether two sources of different articles may carry a claim together: each must be about whom and
        what the question asks, where the claim says it of them."""
        return all(self._names.is_about(claim, one, given) for one in (source, other))

    def compare(
        self,
        claim: Statement,
        sources: Sequence[Statement],
        given: str = "",
        *,
        always: bool = False,
    ) -> Features:
        """All features. Those for which a model must read are found if `always`, or if the others
        leave a doubt."""
        found = self.features(claim, sources, given)
        if always or weigh(found) >= WORTH_ASKING:
            found = self.contrasted(found, claim, sources)
            found = replace(found, carried=self._carried(claim, sources))
        return found

    def features(self, claim: Statement, sources: Sequence[Statement], given: str = "") -> Features:
        same = [s for s in sources if primary(s.language) == primary(claim.language)]
        together = sum(s.vector for s in sources)
        vectors = np.stack([s.vector for s in sources] + [together / np.linalg.norm(together)])
        words = content(claim.text, claim.language)
        stated = frozenset[str]().union(*(content(s.text, s.language) for s in same))
        text = " ".join(s.text for s in sources)
        gone, others = self._names.missing(claim, sources, given)
        whole = len(content(text, sources[0].language)) <= 1.6 * len(words)
        return Features(
            nearness=float((vectors @ claim.vector).max()),
            overlap=len(words & stated) / len(words) if words and same else 0.0,
            same_language=len(same) == len(sources),
            whole=whole,
            numbers=tuple(
                gap
                for gap in missing(claim.text, [(s.text, s.published) for s in sources])
                if not (gap.date and _asked_about(gap.text, given, sources))
            ),
            names=tuple(gone),
            substituted=bool(gone) and others,
            negation_added=denial_added(claim.text, text),
            negation_dropped=whole and denial_added(text, claim.text),
            negation_turned=any(denial_turned(claim.text, s.text) for s in same),
            opposites=turned(claim.text, text),
            swapped=self._names.swapped(claim, sources),
        )

    def contrasted(
        self, found: Features, claim: Statement, sources: Sequence[Statement]
    ) -> Features:
        """The features, completed with those for which the embedder reads contraries of the claim."""
        if self._reads is None:
            return found
        text = " ".join(s.text for s in sources)
        together = np.asarray(sum(s.vector for s in sources), np.float32)
        together /= np.linalg.norm(together)
        nearest = max((*(s.vector for s in sources), together), key=lambda v: v @ claim.vector)
        said = claim.text, claim.language, claim.vector
        stated = text, sources[0].language, nearest
        return replace(
            found,
            undenied=without_denial(self._reads, said, stated, found.whole and len(sources) == 1),
            contrary=turned_round(self._reads, said, stated),
            crossed=crossed(
                self._reads,
                (claim.text, claim.language, self._names.found(claim.text)),
                [(s.text, s.language, self._names.found(s.text)) for s in sources],
                means,
            ),
        )

    def _carried(self, claim: Statement, sources: Sequence[Statement]) -> float | None:
        """What the reader says of the claim and its sources together."""
        if self._reader is None:
            return None
        dates = held_dates(claim.text, sources[0].published)
        title = " ".join([*dates, sources[0].title])
        text = Text(" ".join(source.text for source in sources), title=title.strip())
        return self._reader.carries(claim.text, [text])[0].carries


def _asked_about(date: str, given: str, sources: Sequence[Statement]) -> bool:
    """Whether the question has this date, and the passage around the sources has it too."""
    asked = bool(given) and not missing(date, [(given, "")])
    return asked and not missing(date, [(s.context, s.published) for s in sources])


@lru_cache(1)
def _prompt_pieces() -> tuple[str, ...]:
    """Pieces of the prompts, long enough that no article has them by chance."""
    pieces = []
    for prompt in (SYSTEM, *tasks()):
        text = " ".join(fold(prompt).split())
        width = 30 if text.isascii() else 14
        pieces += [text[at : at + width] for at in range(0, len(text) - width + 1, 4)]
    return tuple(pieces)


def _repeats_a_prompt(text: str) -> bool:
    folded = " ".join(fold(text).split())
    return any(piece in folded for piece in _prompt_pieces())
