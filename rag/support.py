"""Does a source say what a claim says? A score between 0 and 1, and the reasons against.

In: a claim (a sentence of an answer) and the sentences it cites, each a `Statement`. Out: a
`Verdict`. Nearness of meaning comes from sentence vectors and, within a language, from shared
content words. What vectors are blind to is checked outright: numbers with their units, dates,
names in any language, negation, opposites, and the order of who did it to whom. Weights and
threshold were fitted by benchmarks/support.py.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from index.language import HAN, fold, primary, to_script
from index.names import Name, Names
from index.numbers import Missing, missing, quantities
from index.terms import is_character, terms
from rag.opposites import denial_added, denial_turned, turned
from rag.orders import gives_orders
from rag.prompts import JUDGE, SYSTEM, TASK
from rag.sounds import mentions

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
    swapped: float


SAME_LANGUAGE = _Weights(-3.01, 5.7, 0.80, 1.9, -4.9, -0.3, -4.4, -0.2, -0.4, -4.9, -5.0, -4.9)
CROSS_LANGUAGE = _Weights(-2.25, 7.0, 0.70, 0.0, -4.8, -1.9, -2.6, -1.9, -1.0, 0.0, -4.0, -3.8)
"""Fitted on half of the documents of benchmarks/support.py; the intercepts put a score of .5 where
one true sentence in twenty of them fails."""


class Checker:
    """Checks claims against sources; knows the names of the articles at hand."""

    def __init__(self, *tables: Names) -> None:
        self._tables = tables

    def check(self, claim: Statement, sources: Sequence[Statement], given: str = "") -> Verdict:
        """How well the sources, taken together, carry the claim; one that gives orders to a model
        carries none.

        Names and dates of `given`, the question, are what the claim is about: repeated, they need
        no source.
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
        weights = SAME_LANGUAGE if found.same_language else CROSS_LANGUAGE
        logit = (
            weights.intercept
            + weights.nearness * min(found.nearness, weights.enough)
            + weights.overlap * found.overlap
            + weights.number * bool(found.numbers)
            + weights.name * min(len(found.names), 2)
            + weights.substituted * found.substituted
            + weights.negation_added * found.negation_added
            + weights.negation_dropped * found.negation_dropped
            + weights.negation_turned * found.negation_turned
            + weights.opposite * bool(found.opposites)
            + weights.swapped * found.swapped
        )
        score = 1 / (1 + math.exp(-logit))
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
            numbers=tuple(
                gap
                for gap in missing(claim.text, [(s.text, s.told_on) for s in sources])
                if not (gap.date and given and not missing(gap.text, [(given, "")]))
            ),
            names=tuple(gone),
            substituted=bool(gone) and others,
            negation_added=denial_added(claim.text, text),
            negation_dropped=whole and denial_added(text, claim.text),
            negation_turned=any(denial_turned(claim.text, s.text) for s in same),
            opposites=turned(claim.text, text),
            swapped=self._swapped(claim, sources),
        )

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
        told = [*self._found(text), *self._found(given)]
        claimed = [name for name in self._found(claim.text) if self._is_name(name, claim.text)]
        gone = [name for name in claimed if not _has(text, told, name)]
        others = any(not _has(claim.text, claimed, name) for name in told)
        if gone and not others:
            context = " ".join(s.context for s in sources)
            named = self._found(context)
            gone = [name for name in gone if not _has(context, named, name)]
        words = [name.text for name in gone]
        if primary(claim.language) == "zh":
            around = f"{text} {given}"
            if not _NAMED.search(text):
                around += " ".join(s.context for s in sources)
            people = [
                (first, last)
                for start, first, last in _people(claim.text)
                if not _hears(around, first, last)
                and not any(start <= name.start <= start + len(first) + 1 for name in claimed)
            ]
            words += ["·".join(person) for person in people]
            others = others or bool(people)
        else:
            folded = fold(f"{text} {' '.join(s.context for s in sources)} {given}")
            unknown = [w for w in _other_names(claim.text, claimed) if not _stands_in(w, folded)]
            said = fold(claim.text)
            instead = any(not _stands_in(w, said) for w in _WORD.findall(text) if len(w) > 3)
            translated = any(primary(s.language) != primary(claim.language) for s in sources)
            if unknown and (instead or not translated):
                words += unknown
                others = others or instead
        said_anywhere = fold(" ".join([text, given, *(s.context for s in sources)]))
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
        if ord(name.text[0]) >= 0x2E80:
            if re.search("[·・‧•]", name.text) and name.text not in name.forms:
                return False
            following = fold(text[name.end : name.end + 1])
            return len(name.text) > 2 or (len(name.text) == 2 and following not in _CONTINUED)
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
            places = [t for t in told if _alike(t, name)]
            places = places or [t for t in told if _means(t, name)]
            twice = sum(_alike(n, name) for n in claimed) > 1
            moved = _moves(claim.text, name) or any(_moves(text, place) for place in places)
            if len(places) == 1 and not twice and not (translated and moved):
                listed = order and _LISTED.fullmatch(claim.text[last : name.start])
                order.append(order[-1] if listed else places[0].start)
            last = name.end
        if order != sorted(order):
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


FAR = 0.55
"""Less nearness is a reason by itself: nine in ten true sentences are nearer."""

_REASONS = {
    "nothing": ("no sentence of the articles was found for it", "没有找到可以引用的句子"),
    "prompt": ("it repeats what the model was told", "这是给模型的提示"),
    "order": ("the source tells a machine what to say", "原文是给机器的指令"),
    "far": ("the articles say something else", "文章说的是别的事"),
    "number": ("the source does not say “{}”", "原文没有“{}”"),
    "name": ("the source does not mention {}", "原文没有提到{}"),
    "negation_added": ("the source does not deny it", "原文没有否定"),
    "negation_dropped": ("the source denies it", "原文是否定的"),
    "opposites": ("the source says the opposite", "原文说的相反"),
    "swapped": ("the source has the names the other way round", "原文中的双方次序相反"),
}
"""In English, and in Chinese, which takes the script of the claim."""


def _say(reason: str, language: str, *details: str) -> str:
    english, chinese = _REASONS[reason]
    if primary(language) == "zh":
        return to_script(chinese, language).format(*details)
    return english.format(*details)


def _reasons(found: Features, language: str) -> Iterator[str]:
    for gap in found.numbers:
        yield _say("number", language, gap.text)
    for name in dict.fromkeys(found.names):
        yield _say("name", language, name)
    for reason in ("negation_added", "negation_dropped", "opposites", "swapped"):
        if getattr(found, reason):
            yield _say(reason, language)
    if found.nearness < FAR:
        yield _say("far", language)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORD = re.compile(r"[A-Z][\w'’-]+")


_CONTINUED = frozenset("兰亚斯尔特拉娜里利罗克姆德森顿堡幕")
"""Behind a name of two characters these make another word: 马里|兰."""

_TITLES = _words(
    """
    President Vice Prime Minister Ministry Foreign Secretary State General Deputy Ambassador
    Chairman Speaker Senator Governor Mayor Professor Doctor Director Republic University
    Institute Academy Council Committee Treaty Agreement Organization Organisation Party
    Parliament
    """
)
"""Capitalised in names, and translated: another language's source never has them."""

_METONYMS = (
    "Russia Moscow Kremlin", "China Beijing", "US Washington", "North~Korea Pyongyang",
    "South~Korea Seoul", "Japan Tokyo", "Ukraine Kyiv", "Iran Tehran", "Britain London",
    "France Paris", "Germany Berlin", "Turkey Ankara", "Kazakhstan Astana", "Uzbekistan Tashkent",
    "European~Union Brussels Europe", "Taiwan Taipei", "India Delhi", "Kyrgyzstan Bishkek",
    "Tajikistan Dushanbe", "Israel Jerusalem", "NATO Brussels", "Greece Athens", "Spain Madrid",
    "Italy Rome", "Poland Warsaw", "Egypt Cairo", "Canada Ottawa", "Australia Canberra",
    "Austria Vienna", "Hungary Budapest", "Serbia Belgrade", "Syria Damascus", "Pakistan Islamabad",
)  # fmt: skip
_STANDS_FOR = {
    name.replace("~", " "): number
    for number, group in enumerate(_METONYMS)
    for name in group.split()
}
"""News says Moscow and means Russia: names of one number can stand for each other."""


def _alike(name: Name, other: Name) -> bool:
    """Whether two names are one. 中俄 is a form of two countries, and makes them no one country."""
    own, others = (
        {form for form in each.forms if len(form) != 2 or form.isascii()} or set(each.forms)
        for each in (name, other)
    )
    return not own.isdisjoint(others)


def _means(name: Name, other: Name) -> bool:
    """Whether one name is the other, or stands for it: Moscow for Russia."""
    stands = {_STANDS_FOR.get(form) for form in name.forms} - {None}
    return _alike(name, other) or any(_STANDS_FOR.get(form) in stands for form in other.forms)


_LISTED = re.compile(r"\s*(?:[,、和与與及跟]|and|or|&)\s*(?:the\s)?\s*")
"""Between names whose order means nothing."""

_MOVES = re.compile(r"\b(?:in|at|from|into|near|off|of|for|over)\s+(?:the\s)?$", re.IGNORECASE)
"""What stands behind these in English stands in front in Chinese."""
_SAYS = re.compile(r"\s+(?:has |had )?(?:said|says|told|adds|added|noted|warned)\b")
"""So does who is quoted, where English names them last."""

_NEIGHBOURS = re.compile(f"[A-Za-z][\\w'’]*|[{HAN}]")


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
        if _alike(name, other):
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
    for prompt in (SYSTEM, JUDGE, *TASK.values()):
        text = " ".join(fold(prompt).split())
        width = 30 if text.isascii() else 14
        pieces += [text[at : at + width] for at in range(0, len(text) - width + 1, 4)]
    return tuple(pieces)


def _repeats_a_prompt(text: str) -> bool:
    folded = " ".join(fold(text).split())
    return any(piece in folded for piece in _prompt_pieces())


def _kept_words(claim: Statement) -> list[str]:
    """Words that a translation keeps as they are: in capitals."""
    return re.findall(r"(?<![A-Za-z])[A-Z]{4,}(?![A-Za-z])", claim.text)


_PERSON = re.compile(rf"([{HAN}]{{2,6}})[·・‧•]([{HAN}]{{2,6}})")
_NOT_BEFORE = re.compile(r"^.*[的在當当對对與与和由向被把說说是人員员長长者及給给讓让從从為为]")
_NOT_BEHIND = re.compile(r"[說说在的與与和對对由被將将把是表也就於于向告及為为從从因後后時时].*$")
_NAMED = re.compile(r"[A-Z][\w'’-]+ [A-Z][\w'’-]+|[·・‧•]")
"""A sentence that itself names somebody means nobody whom only the sentences around it name."""


def _people(text: str) -> Iterator[tuple[int, str, str]]:
    """Foreign people as Chinese writes them: where, given name, family name, at times with a
    character too many."""
    for found in _PERSON.finditer(text):
        first = _NOT_BEFORE.sub("", found[1]) or found[1][-2:]
        last = _NOT_BEHIND.sub("", found[2][2:])
        yield found.end(1) - len(first), first[-4:], (found[2][:2] + last)[:5]


def _hears(text: str, given: str, family: str) -> bool:
    """Whether a text, in whatever script, names a person."""
    folded = fold(text)
    if fold(given[-2:]) in folded or fold(family[:2]) in folded:
        return True
    return mentions(text, family)


def _stands_in(form: str, folded: str) -> bool:
    """Whether a text has a name: in Latin letters as whole words, in Chinese anywhere."""
    form = fold(form)
    if not form:
        return False
    if ord(form[0]) > 0x2E80:
        return form in folded if len(form) > 1 else False
    return re.search(rf"(?<![a-z]){re.escape(form)}", folded) is not None


_STOP = _words(
    """
    a an and are as at be been but by for from had has have he her his i in into is it its of
    on or she so that the their them they this to was we were which who will with would you
    not no do did does said says say also than then there these those what when where how why
    about after before more most other some such only over up out can could may might should
    must our us
    """
)
_STOP_HAN = frozenset("的了是在和与及或也都就而但并将被把对为於于之其这那此该等着过到从由向以")


@lru_cache(4096)
def content(text: str, language: str) -> frozenset[str]:
    """The terms of a text that carry its content: stems, numbers, pairs of Chinese characters."""
    return frozenset(
        term
        for term in terms(text, language)
        if term not in _STOP
        and not is_character(term)
        and not (term[0] in _STOP_HAN or term[-1] in _STOP_HAN)
    )
