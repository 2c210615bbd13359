"""Would an LLM that puts the sources into the claim's language sooner write the claim, or its contrary?

In: a claim and its sources; an LLM that can say how likely each word is. Out: the contrary that it would
soonest write, and how much sooner than the claim, or less soon. Vectors hardly tell who did what to whom,
and a reader of 22 million parameters learns it badly; an LLM translates it rightly. It writes nothing here:
where claim and contrary part, one pass gives the probability of either word (contrastive conditioning: Vamvas
and Sennrich, Contrastive Conditioning for Assessing Disambiguation in MT, 2021).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from index.errors import ConfigError, ModelError
from index.languages.names import Names
from index.languages.text import fold, primary
from rag.check.claimed_names import LISTED, ClaimedNames, means
from rag.check.contraries import alike, contraries, parting, undenied
from rag.check.opposites import axes as sides_of
from rag.check.opposites import turned as turned_axes
from rag.check.statements import Statement
from rag.llm.localizing import localized
from rag.llm.meanwhile import OpensLLM
from rag.llm.prompts import begun, translate_messages
from rag.results.odds import log_odds, probability
from rag.results.sources import Source

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage

    from index.languages.names import Name

LEAST = 1e-6
"""Words that are not among the likely ones are taken to be this likely."""

LONGEST = 1000
"""Characters of a claim, or of its sources, beyond which nothing is asked: to read them takes minutes."""

MOST_PAIRS = 3
"""Pairs of names of one claim that are asked about."""


@runtime_checkable
class Foretells(Protocol):
    """An LLM that says how its reply would go on."""

    def next_tokens(self, messages: Sequence[ChatMessage]) -> Mapping[str, float]:
        """The likely next tokens with their probabilities; the last message is what the reply begins
        with, if it is the assistant's."""
        ...


@dataclass(frozen=True, slots=True)
class Likelier:
    """The contrary of a claim that its sources say soonest, if perhaps not as soon as the claim."""

    reason: str
    """What is turned round: "opposites", "denial" or "swapped"."""
    odds: float
    """The log-odds of the claim against it: below 0 where they say the contrary sooner."""
    word: str = ""
    """The word of the claim that is turned round; "" for names."""
    asked: frozenset[str] = frozenset()
    """What could be turned round in the claim, and was asked about."""

    def upholds(self, turned: frozenset[str]) -> bool:
        """Whether the claim is likelier than its contraries, and all was asked that seems turned round."""
        return self.odds > 0 and turned <= self.asked

    def leaves(self, score: float) -> float:
        """The support for the claim with this weighed in."""
        return probability(log_odds(score) + self.odds)


class Contrasting:
    """Asks an LLM about the contraries of claims; knows the names of the articles at hand."""

    def __init__(self, opens: OpensLLM, tables: Sequence[Names]) -> None:
        """`opens` is called where a claim has a contrary to ask about. An LLM that does not say how likely
        words are, or that fails, is done without."""
        self._opens = opens
        self._tables = tables
        self._names = ClaimedNames(tables)

    def likelier(self, claim: Statement, sources: Sequence[Statement | Source]) -> Likelier | None:
        """The contrary that the sources say soonest; None where the claim has none, or nobody to ask."""
        said = text = " ".join(source.text for source in sources)
        if max(len(claim.text), len(text)) > LONGEST or fold(claim.text) in fold(text):
            return None
        turned = [("opposites", each) for each in contraries(claim.text, claim.language, text)]
        turned += [("denial", each) for each in undenied(claim.text, claim.language)]
        pairs = self._pairs(claim.text)
        if not (turned or pairs):
            return None
        if any(primary(source.language) != primary(claim.language) for source in sources):
            said = localized(said, claim.language, claim.text, self._tables)
        try:
            llm = self._opens()
            if not isinstance(llm, Foretells):
                return None
            reply = _Reply(llm, translate_messages(said, claim.language))
            found = [Likelier(reason, *reply.turned(claim.text, each)) for reason, each in turned]
            found += [Likelier("swapped", reply.swapped(claim.text, *pair)) for pair in pairs]
        except (ConfigError, ModelError):
            return None
        axes = set(turned_axes(claim.text, text))  # a word of which must have been asked about
        asked = frozenset(
            each.reason
            for each in found
            if each.reason != "opposites" or not axes or axes & sides_of(each.word).keys()
        )
        return replace(min(found, key=lambda each: each.odds), asked=asked)

    def _pairs(self, claim: str) -> list[tuple[Name, Name]]:
        """The names of a claim in pairs; those of a list have no order."""
        names: list[Name] = []
        for name in sorted(self._names.found(claim), key=lambda name: (name.start, -name.end)):
            if len(name.text) > 1 and (not names or name.start >= names[-1].end):
                names.append(name)
        listed = {(a, b) for a, b in pairwise(names) if LISTED.fullmatch(claim[a.end : b.start])}
        pairs = [pair for pair in combinations(names, 2) if pair not in listed and not means(*pair)]
        return pairs[:MOST_PAIRS]


class _Reply:
    """What an LLM would reply to a prompt."""

    def __init__(self, llm: Foretells, messages: Sequence[ChatMessage]) -> None:
        self._llm = llm
        self._messages = messages

    def turned(self, text: str, variant: str) -> tuple[float, str]:
        """The log-odds of a text against a variant of it, where they part, and its words that differ."""
        start, end = parting(text, variant)
        return self._odds(text[:start], text[start:], variant[start:]), text[start:end].strip()

    def swapped(self, text: str, one: Name, other: Name) -> float:
        """The log-odds of a text against the same with two names in each other's places: in the place of
        the first, and, after either of them, in the place of the second."""
        first = self._odds(text[: one.start], text[one.start :], other.text)
        exchanged = text[: one.start] + other.text + text[one.end : other.start]
        straight = self._chance(text[: other.start], other.text)
        return first + math.log(straight / self._chance(exchanged, one.text))

    def _odds(self, before: str, own: str, other: str) -> float:
        """The log-odds that a reply which begins with `before` goes on with one rather than the other."""
        likely, lead = self._after(before)
        own, other = lead + own, lead + other
        same = alike(own, other)
        chances = [
            sum(chance for token, chance in likely.items() if _begins(token, text, same))
            for text in (own, other)
        ]
        if not any(chances) and own[:same].strip():
            return self._odds(before + own[len(lead) : same], own[same:], other[same:])
        return math.log(max(chances[0], LEAST) / max(chances[1], LEAST))

    def _chance(self, before: str, word: str) -> float:
        likely, lead = self._after(before)
        return max(LEAST, sum(c for token, c in likely.items() if _begins(token, lead + word, 0)))

    def _after(self, before: str) -> tuple[Mapping[str, float], str]:
        """The likely next tokens, and what they begin with: a token has the space before its word."""
        kept = before.removesuffix(" ")
        return self._llm.next_tokens(begun(self._messages, kept)), before[len(kept) :]


def _begins(token: str, text: str, beyond: int) -> bool:
    """Whether a text goes on with a token, and by more than so many characters."""
    return bool(token.strip()) and text.startswith(token) and len(token) > beyond
