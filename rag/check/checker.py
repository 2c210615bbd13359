"""Does a source say what a claim says? A score between 0 and 1, and the reasons against.

In: a claim (a sentence of an answer) and the sentences it cites, each a `Statement`. Out: a
`Verdict`. Nearness of meaning comes from sentence vectors and, within a language, from shared
content words. What vectors are blind to is checked outright: numbers with their units, dates,
names in any language, negation, opposites, and the order of who did it to whom. The weights
were fitted once to changed sentences of parallel news; benchmarks/support.py only measures them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from index.languages.names import Name, Names, alike, metonyms
from index.languages.numbers import Missing, missing, quantities
from index.languages.pack import NameUse, either, names_of, packs, text_of
from index.languages.terms import is_character, terms, uninflected
from index.languages.text import CAPITALS, HAN, fold, is_spaced, primary
from rag.check.contraries import Reads, crossed, turned_round, without_denial
from rag.check.opposites import denial_added, denial_turned, turned
from rag.check.transcriptions import SOUNDS_ALIKE, likeness, mentions
from rag.evidence.opening import ClaimReader
from rag.evidence.reader import Text
from rag.llm.injections import gives_orders
from rag.llm.prompts import SYSTEM, tasks

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A sentence that claims something, or that a claim rests on."""

    text: str
    language: str
    vector: NDArray[np.float32]
    """Without its language's offset, L2-normalised."""
    told_on: str = ""
    """The date of the article it stands in, ISO 8601."""
    context: str = ""
    """What it can refer to without naming it: the title, and the passage around it."""
    title: str = ""
    """Of the article it stands in."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well the sources carry a claim."""

    score: float
    """Calibrated: at .5, one true sentence in twenty fails."""
    reasons: tuple[str, ...]
    """What speaks against it, in words."""
    missing: tuple[Missing, ...] = ()
    """The numbers and dates of the claim that the sources don't say."""


@dataclass(frozen=True, slots=True)
class Features:
    """What was found by comparing a claim with its sources."""

    nearness: float
    overlap: float
    same_language: bool
    whole: bool
    """The claim is about as long as what it rests on."""
    numbers: tuple[Missing, ...]
    names: tuple[str, ...]
    """Names of the claim that neither the sources nor their context have."""
    substituted: bool
    """The sources have other names in their place."""
    negation_added: bool
    negation_dropped: bool
    negation_turned: bool
    """A source in its language denies a word that the claim does not deny, or the other way round."""
    opposites: tuple[str, ...]
    swapped: bool
    undenied: float = 0.0
    """How much nearer the sources are to the claim, or it to them, with a denial less."""
    contrary: float = 0.0
    """How much nearer the sources are to the claim with a word turned into its contrary."""
    crossed: float = 0.0
    """How much more alike the words beside two names are if the names change places."""
    carried: float | None = None
    """Log-odds by the reader that the sources carry it; None where it was not asked."""


@dataclass(frozen=True, slots=True)
class _Weights:
    """A logistic model of "the sources say so", one for each of two situations."""

    intercept: float
    nearness: float
    enough: float
    """More nearness than this says no more."""
    overlap: float
    number: float
    name: float
    substituted: float
    negation_added: float
    negation_dropped: float
    negation_turned: float
    opposite: float
    order: float
    """Before for after, which across languages depends on which of two things is told first."""
    swapped: float
    undenied: float
    contrary: float
    crosses: float
    crossed: float
    carried: float
    """Of the reader's log-odds, which count MOST_CARRIED at most."""
    asked: float
    """Added where the reader was asked, so that as many true sentences fail as without it."""


SAME_LANGUAGE = _Weights(
    intercept=-2.50, nearness=5.5, enough=0.80, overlap=0.8, number=-5.0, name=-1.2,
    substituted=-1.7, negation_added=-1.7, negation_dropped=0.0, negation_turned=-0.8,
    opposite=-5.0, order=-2.7, swapped=-1.8, undenied=-1.3, contrary=-0.8, crosses=-0.2,
    crossed=-3.9, carried=0.5, asked=0.45,
)  # fmt: skip
CROSS_LANGUAGE = _Weights(
    intercept=-1.87, nearness=7.5, enough=0.65, overlap=0.0, number=-4.5, name=-2.3,
    substituted=-1.7, negation_added=-1.3, negation_dropped=-1.3, negation_turned=0.0,
    opposite=-4.5, order=-2.0, swapped=-2.5, undenied=-1.5, contrary=-0.3, crosses=-1.5,
    crossed=-2.1, carried=0.8, asked=0.43,
)  # fmt: skip
"""Logistic regression, not refitted since, on the half of the documents that benchmarks/support.py
does not measure on, without Russian: to the false claims it makes and to others with words of denial
and of direction that it does not use. The intercepts put a score of .5 where one true sentence in
twenty to twenty-five of them fails."""

STEP = 0.01
"""A gain of nearness that counts one; two are all that count. Of true sentences across languages 1
in 100 gains as much without a denial, of those with a denial put in or left out 6 in 10."""
STRIDE = 0.1
"""The same for the words beside two names: 1 true sentence in 50 gains anything by a change of places,
6 in 10 of those that had changed them."""
AFTER_ALL = 0.003
"""Gain that confirms that before and after are exchanged between two languages."""
MOST_CARRIED = 6.0
WORTH_ASKING = -1.0
"""A claim with a lower logit fails without a reading of its contraries, which only lowers it."""


class Checker:
    """Checks claims against sources; knows the names of the articles at hand."""

    def __init__(
        self, *tables: Names, reads: Reads | None = None, reader: ClaimReader | None = None
    ) -> None:
        """Without `reads`, the embedder's, sentences are not held against their contraries, and
        without `reader` nothing reads claim and source together."""
        self._tables = tables
        self._reads = reads
        self._reader = reader

    def check(self, claim: Statement, sources: Sequence[Statement], given: str = "") -> Verdict:
        """How well the sources, taken together, carry the claim; one that gives orders to a model
        carries none.

        Names and dates of `given`, the question, are what the claim is about: repeated, it is enough
        that the passage or headline around the source has them. What nothing around it has, it does
        not speak of, whoever asked for it.
        """
        if not sources:
            return Verdict(0.0, (_say("nothing", claim.language),))
        if _repeats_a_prompt(claim.text):
            return Verdict(0.0, (_say("prompt", claim.language),))
        telling = [source for source in sources if not gives_orders(source.text)]
        if not telling:
            return Verdict(0.0, (_say("order", claim.language),))
        sources = telling
        found = self.features(claim, sources, given)
        if _logit(found) >= WORTH_ASKING:
            found = self.contrasted(found, claim, sources)
            found = replace(found, carried=self._carried(claim, sources))
        score = 1 / (1 + math.exp(-_logit(found)))
        return Verdict(score, tuple(_reasons(found, claim.language)), found.numbers)

    def features(self, claim: Statement, sources: Sequence[Statement], given: str = "") -> Features:
        same = [s for s in sources if primary(s.language) == primary(claim.language)]
        together = sum(s.vector for s in sources)
        vectors = np.stack([s.vector for s in sources] + [together / np.linalg.norm(together)])
        words = content(claim.text, claim.language)
        told = frozenset[str]().union(*(content(s.text, s.language) for s in same))
        text = " ".join(s.text for s in sources)
        gone, others = self._missing_names(claim, sources, given)
        whole = len(content(text, sources[0].language)) <= 1.6 * len(words)
        return Features(
            nearness=float((vectors @ claim.vector).max()),
            overlap=len(words & told) / len(words) if words and same else 0.0,
            same_language=len(same) == len(sources),
            whole=whole,
            numbers=tuple(
                gap
                for gap in missing(claim.text, [(s.text, s.told_on) for s in sources])
                if not (gap.date and _asked_about(gap.text, given, sources))
            ),
            names=tuple(gone),
            substituted=bool(gone) and others,
            negation_added=denial_added(claim.text, text),
            negation_dropped=whole and denial_added(text, claim.text),
            negation_turned=any(denial_turned(claim.text, s.text) for s in same),
            opposites=turned(claim.text, text),
            swapped=self._swapped(claim, sources),
        )

    def contrasted(
        self, found: Features, claim: Statement, sources: Sequence[Statement]
    ) -> Features:
        """The features with what takes a reading of contraries by the embedder."""
        if self._reads is None:
            return found
        text = " ".join(s.text for s in sources)
        together = np.asarray(sum(s.vector for s in sources), np.float32)
        together /= np.linalg.norm(together)
        nearest = max((*(s.vector for s in sources), together), key=lambda v: v @ claim.vector)
        said = claim.text, claim.language, claim.vector
        told = text, sources[0].language, nearest
        return replace(
            found,
            undenied=without_denial(self._reads, said, told, found.whole and len(sources) == 1),
            contrary=turned_round(self._reads, said, told),
            crossed=crossed(
                self._reads,
                (claim.text, claim.language, self._found(claim.text)),
                [(s.text, s.language, self._found(s.text)) for s in sources],
                _means,
            ),
        )

    def _carried(self, claim: Statement, sources: Sequence[Statement]) -> float | None:
        """What the reader says of the claim and its sources together."""
        if self._reader is None:
            return None
        text = Text(" ".join(source.text for source in sources), title=sources[0].title)
        return self._reader.carries(claim.text, [text])[0].carries

    def _found(self, text: str) -> list[Name]:
        return [name for table in self._tables for name in table.find(text)]

    def _missing_names(
        self, claim: Statement, sources: Sequence[Statement], given: str
    ) -> tuple[list[str], bool]:
        """Names of the claim the sources don't have; whether they have others in their place.

        A name that only the context has is missing if the source has another where it would be:
        "he" can be Putin, Tokayev can not.
        """
        text = " ".join(s.text for s in sources)
        around = " ".join(s.context for s in sources)
        near = self._found(around)
        asked = [name for name in self._found(given) if _has(around, near, name)]
        told = [*self._found(text), *asked]
        claimed = [name for name in self._found(claim.text) if self._is_name(name, claim.text)]
        gone = [name for name in claimed if not _has(text, told, name)]
        others = any(not _has(claim.text, claimed, name) for name in told)
        if gone and not others:
            gone = [name for name in gone if not _has(around, near, name)]
        words = [name.text for name in gone]
        use = names_of(claim.language)
        if use.person:
            heard = text
            if not _NAMED.search(text):
                heard += around
            people = [
                (first, last)
                for start, first, last in _people(claim.text, use)
                if not _hears(heard, first, last)
                and not (_hears(given, first, last) and _hears(around, first, last))
                and not any(start <= name.start <= start + len(first) + 1 for name in claimed)
            ]
            words += ["·".join(person) for person in people]
            others = others or bool(people)
        else:
            folded = fold(f"{text} {around}")
            around = f"{text} {' '.join(s.context for s in sources)}"
            unknown = [
                word
                for word in _other_names(claim.text, claimed)
                if not _stands_in(word, folded) and not _sounds_in(word, around)
            ]
            said = fold(claim.text)
            instead = any(not _stands_in(w, said) for w in _WORD.findall(text) if len(w) > 3)
            translated = any(primary(s.language) != primary(claim.language) for s in sources)
            if unknown and (instead or not translated):
                words += unknown
                others = others or instead
        said_anywhere = fold(f"{text} {around}")
        words += [
            word
            for word in _kept_words(claim)
            if word not in words
            and not _stands_in(word, said_anywhere)
            and not any(word in name.text for name in claimed)
        ]
        return words, others

    def _is_name(self, name: Name, text: str) -> bool:
        """Not a currency behind its number, a part of a longer word, or of an unknown name."""
        if any(q.start <= name.start < q.end for q in quantities(text)):
            return False
        if not is_spaced(name.text):
            if re.search("[·・‧•]", name.text) and name.text not in name.forms:
                return False
            following = fold(text[name.end : name.end + 2])
            if following in _BEYOND:
                return False
            following = following[:1]
            return len(name.text) > 2 or (len(name.text) == 2 and following not in _LONGER)
        return True

    def _swapped(self, claim: Statement, sources: Sequence[Statement]) -> bool:
        """Two names the other way round: of names that each text has once the order is another, or,
        within a language, names stand beside the words that stand beside others in the source."""
        text = " ".join(s.text for s in sources)
        claimed, told = self._found(claim.text), self._found(text)
        translated = any(primary(s.language) != primary(claim.language) for s in sources)
        order: list[int] = []
        last = 0
        for name in claimed:
            places = [t for t in told if alike(t, name)]
            places = places or [t for t in told if _means(t, name)]
            twice = sum(alike(n, name) for n in claimed) > 1
            moved = _moves(claim.text, name) or any(_moves(text, place) for place in places)
            if len(places) == 1 and not twice and not (translated and moved):
                between = claim.text[last : name.start]
                listed = order and (name.start < last or _LISTED.fullmatch(between))
                order.append(order[-1] if listed else places[0].start)
            last = name.end
        upright = order == sorted(order)
        if translated and len(set(order)) == 2:
            spans = [(n.start, n.end) for n in claimed if any(_means(t, n) for t in told)]
            passive = _passive(claim.text, spans)
            if passive != _passive(text, [(t.start, t.end) for t in told if t.start in order]):
                upright = not upright
        if not upright:
            return True
        if translated:
            return False
        strangers = [
            name
            for name in claimed
            if (beside := _beside(claim.text, name))
            and any(_means(t, name) for t in told)
            and not any(_means(t, name) and beside & _beside(text, t) for t in told)
            and any(beside & _beside(text, t) for t in told)
        ]
        return bool(strangers)


def _asked_about(date: str, given: str, sources: Sequence[Statement]) -> bool:
    """Whether a date of the question is one that the passage around the sources tells of."""
    asked = bool(given) and not missing(date, [(given, "")])
    return asked and not missing(date, [(s.context, s.told_on) for s in sources])


def _logit(found: Features) -> float:
    weights = SAME_LANGUAGE if found.same_language else CROSS_LANGUAGE
    order = "time" in found.opposites and (found.same_language or found.contrary > AFTER_ALL)
    return (
        weights.intercept
        + weights.nearness * min(found.nearness, weights.enough)
        + weights.overlap * found.overlap
        + weights.number * bool(found.numbers)
        + weights.name * min(len(found.names), 2)
        + weights.substituted * found.substituted
        + weights.negation_added * found.negation_added
        + weights.negation_dropped * found.negation_dropped
        + weights.negation_turned * found.negation_turned
        + weights.opposite * any(axis != "time" for axis in found.opposites)
        + weights.order * order
        + weights.swapped * found.swapped
        + weights.undenied * _counted(found.undenied, STEP)
        + weights.contrary * _counted(found.contrary, STEP)
        + weights.crosses * (found.crossed > 0)
        + weights.crossed * _counted(found.crossed, STRIDE)
        + _read(weights, found.carried)
    )


def _read(weights: _Weights, carried: float | None) -> float:
    if carried is None:
        return 0.0
    return weights.asked + weights.carried * max(-MOST_CARRIED, min(MOST_CARRIED, carried))


def _counted(gain: float, step: float) -> float:
    return min(max(gain / step, 0.0), 2.0)


FAR = 0.55
"""Less nearness is a reason by itself: nine in ten true sentences are nearer."""


def _say(reason: str, language: str, *details: str) -> str:
    words: str = text_of("words", language)["reasons"][reason]
    return words.format(*details)


def _reasons(found: Features, language: str) -> Iterator[str]:
    for gap in found.numbers:
        yield _say("number", language, gap.text)
    for name in dict.fromkeys(found.names):
        yield _say("name", language, name)
    denies = found.undenied >= STEP
    for reason, holds in (
        ("negation_added", found.negation_added),
        ("negation_dropped", found.negation_dropped),
        ("denial", denies and not (found.negation_added or found.negation_dropped)),
        ("opposites", bool(found.opposites) or found.contrary >= STEP),
        ("swapped", found.swapped or found.crossed >= STRIDE),
    ):
        if holds:
            yield _say(reason, language)
    if found.nearness < FAR:
        yield _say("far", language)


_USES = [pack.names for pack in packs()]
_WORD = re.compile(rf"[{CAPITALS}][\w'’-]+")
_LONGER = frozenset[str]().union(*(use.longer for use in _USES))
"""Behind a name of two characters these make another word: 马里|兰."""

_BEYOND = frozenset[str]().union(*(use.beyond for use in _USES))
"""Behind a country these make another name: 朝鲜半岛 is all of Korea, and so is the 朝鲜战争's."""

_TITLES = frozenset[str]().union(*(use.titles for use in _USES))
"""Capitalised in names, and translated: another language's source never has them."""

_STANDS_FOR = {name: number for number, group in enumerate(metonyms()) for name in group}
"""News says Moscow and means Russia: names of one number can stand for each other."""


def _means(name: Name, other: Name) -> bool:
    """Whether one name is the other, or stands for it: Moscow for Russia."""
    stands = {_STANDS_FOR.get(form) for form in name.forms} - {None}
    return alike(name, other) or any(_STANDS_FOR.get(form) in stands for form in other.forms)


_LISTED = re.compile(
    rf"\s*,\s*(?:(?:{either(use.listed for use in _USES)}))?|\s*(?:{either(use.listed for use in _USES)})\s*"
)
"""Between names whose order means nothing: listed, or one the title of the other."""

_PASSIVE = re.compile(either(use.passive for use in _USES))
"""Who did it stands behind whom it was done to."""


def _passive(text: str, names: Sequence[tuple[int, int]]) -> bool:
    """Whether what stands between names says that the first had it done to it by the second."""
    return len(names) == 2 and bool(_PASSIVE.search(text[names[0][1] : names[1][0]]))


_MOVES = re.compile(either(use.moves for use in _USES), re.IGNORECASE)
"""What stands behind these in one language stands in front in another."""
_SAYS = re.compile(either(use.says for use in _USES))
"""So does who is quoted, where some name them last."""

_NEIGHBOURS = re.compile(f"[^\\W\\d_{HAN}][^\\W{HAN}]*(?:['’][^\\W{HAN}]*)?|[{HAN}]")


def _moves(text: str, name: Name) -> bool:
    """Whether a translation may have a name elsewhere in its sentence."""
    return bool(_MOVES.search(text[: name.start]) or _SAYS.match(text, name.end))


def _beside(text: str, name: Name) -> frozenset[tuple[int, str]]:
    """The words before (-1) and behind (1) a name; in Chinese pairs of characters."""
    before = _NEIGHBOURS.findall(fold(text[max(0, name.start - 24) : name.start]))[-2:]
    behind = _NEIGHBOURS.findall(fold(text[name.end : name.end + 24]))[:2]
    found = ((-1, before), (1, behind))
    return frozenset((side, " ".join(words)) for side, words in found if len(words) == 2)


def _has(text: str, names: Sequence[Name], name: Name) -> bool:
    """Whether a text, in which `names` were found, has a name or what stands for it."""
    forms = set(name.forms)
    means = {_STANDS_FOR[form] for form in forms & _STANDS_FOR.keys()}
    for other in names:
        if alike(name, other):
            return True
        if means & {_STANDS_FOR[form] for form in other.forms if form in _STANDS_FOR}:
            return True
    folded = fold(text)
    return any(_stands_in(form, folded) for form in forms)


def _other_names(text: str, known: Sequence[Name]) -> list[str]:
    """Capitalised words inside an English sentence that no table knows."""
    found = []
    for match in _WORD.finditer(text):
        start = match.start()
        before = text[:start].rstrip(" \"'“‘(")
        if not before or before[-1] in ".!?:;":
            continue
        word = re.sub(r"['’]s?$", "", match.group())
        if word not in _TITLES and not any(name.start <= start < name.end for name in known):
            found.append(word)
    return found


@lru_cache(1)
def _prompt_pieces() -> tuple[str, ...]:
    """Pieces of what the LLM is told that no article says by chance."""
    pieces = []
    for prompt in (SYSTEM, *tasks()):
        text = " ".join(fold(prompt).split())
        width = 30 if text.isascii() else 14
        pieces += [text[at : at + width] for at in range(0, len(text) - width + 1, 4)]
    return tuple(pieces)


def _repeats_a_prompt(text: str) -> bool:
    folded = " ".join(fold(text).split())
    return any(piece in folded for piece in _prompt_pieces())


def _kept_words(claim: Statement) -> list[str]:
    """Words that a translation keeps as they are: in Latin capitals."""
    return re.findall(r"(?<![A-Za-z])[A-Z]{4,}(?![A-Za-z])", claim.text)


_NAMED = re.compile(rf"[{CAPITALS}][\w'’-]+ [{CAPITALS}][\w'’-]+|[·・‧•]")
"""A sentence that itself names somebody means nobody whom only the sentences around it name."""


def _people(text: str, use: NameUse) -> Iterator[tuple[int, str, str]]:
    """Foreign people as a language without capitals writes them: where, given name, family name,
    at times with a character too many."""
    for found in re.finditer(use.person, text):
        first = re.sub(use.not_before, "", found[1]) or found[1][-2:]
        last = re.sub(use.not_behind, "", found[2][2:])
        yield found.end(1) - len(first), first[-4:], (found[2][:2] + last)[:5]


def _hears(text: str, given: str, family: str) -> bool:
    """Whether a text, in whatever script, names a person."""
    folded = fold(text)
    if fold(given[-2:]) in folded or fold(family[:2]) in folded:
        return True
    return mentions(text, family)


def _sounds_in(word: str, text: str) -> bool:
    """Whether a text in other letters has a word that sounds like a name: Пашинян for Pashinyan."""
    others = (other for other in _WORD.findall(text) if _script(other) != _script(word))
    return any(likeness(word, other) >= SOUNDS_ALIKE for other in dict.fromkeys(others))


def _script(word: str) -> bool:
    """Tells Cyrillic letters from Latin ones."""
    return "\u0400" <= word[0] <= "\u04ff"


def _stands_in(form: str, folded: str) -> bool:
    """Whether a text has a name: in Latin letters as whole words, in Chinese anywhere."""
    form = fold(form)
    if not form:
        return False
    if not is_spaced(form):
        return form in folded if len(form) > 1 else False
    return re.search(rf"(?<![^\W\d_{HAN}]){re.escape(uninflected(form))}", folded) is not None


_STOP = frozenset[str]().union(*(pack.contrasts.stop for pack in packs()))


@lru_cache(4096)
def content(text: str, language: str) -> frozenset[str]:
    """The terms of a text that carry its content: stems, numbers, pairs of Chinese characters."""
    return frozenset(
        term
        for term in terms(text, language)
        if term not in _STOP
        and not is_character(term)
        and (is_spaced(term) or not (term[0] in _STOP or term[-1] in _STOP))
    )
