"""The names of a claim: which of them its sources do not have, and whether two changed places.

In: a claim and its sources, and tables of names. Out: the missing names; whether others stand in their
place; whether who did it and to whom it was done are exchanged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from index.languages.names import Name, Names, alike
from index.languages.numbers.stated import quantities
from index.languages.pack import either, names_of, packs
from index.languages.shipped import metonyms
from index.languages.terms import uninflected
from index.languages.text import CAPITALS, HAN, fold, is_spaced, primary
from index.languages.word_parts import NameUse
from rag.check.statements import Statement
from rag.check.transcriptions import SOUNDS_ALIKE, likeness, mentions, sounds_in_han


class ClaimedNames:
    """Compares the names of claims and sources; knows those of the articles at hand."""

    def __init__(self, tables: Sequence[Names]) -> None:
        self._tables = tables

    def found(self, text: str) -> list[Name]:
        return [name for table in self._tables for name in table.find(text)]

    def missing(
        self, claim: Statement, sources: Sequence[Statement], given: str
    ) -> tuple[list[str], bool]:
        """Names of the claim the sources don't have; whether they have others in their place.

        A name that only the context has is missing if the source has another where it would be:
        "he" can be Putin, Tokayev can not.
        """
        text = " ".join(s.text for s in sources)
        around = " ".join(s.context for s in sources)
        near = self.found(around)
        asked = [name for name in self.found(given) if _has(around, near, name)]
        sourced = [*self.found(text), *asked]
        claimed = [name for name in self.found(claim.text) if self._is_name(name, claim.text)]
        gone = [name for name in claimed if not _has(text, sourced, name)]
        others = any(not _has(claim.text, claimed, name) for name in sourced)
        if gone and not others:
            gone = [name for name in gone if not _has(around, near, name)]
        words = [name.text for name in gone]
        if names_of(claim.language).person:
            people = _unheard_people(claim, claimed, text, around, given)
            words += people
            others = others or bool(people)
        else:
            unknown, instead = _unknown_words(claim, claimed, sources)
            words += unknown
            others = others or (bool(unknown) and instead)
        said_anywhere = fold(f"{text} {around}")
        words += [
            word
            for word in _kept_words(claim)
            if word not in words
            and not _stands_in(word, said_anywhere)
            and not any(word in name.text for name in claimed)
        ]
        return words, others

    def are_around(self, words: Sequence[str], sources: Sequence[Statement]) -> bool:
        """Whether the passages and headlines of sources have all of these names."""
        around = " ".join(s.context for s in sources)
        near, folded = self.found(around), fold(around)
        return all(
            any(_has(around, near, name) for name in self.found(word)) or _stands_in(word, folded)
            for word in words
        )

    def is_about(self, claim: Statement, source: Statement, given: str) -> bool:
        """Whether a source, or its passage or headline, has each name that the claim and the question share."""
        around = f"{source.text} {source.context}"
        near, asked = self.found(around), self.found(given)
        return all(
            _has(around, near, name)
            for name in self.found(claim.text)
            if any(means(name, other) for other in asked)
        )

    def _is_name(self, name: Name, text: str) -> bool:
        """False for a currency behind its number, and for a part of a longer word or of an
        unknown name."""
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

    def swapped(self, claim: Statement, sources: Sequence[Statement]) -> bool:
        """Whether two names changed places.

        They did where the names that each text has once stand in another order. Within a language they
        did, too, where a name has the neighbours that another name has in the source."""
        text = " ".join(s.text for s in sources)
        claimed, sourced = self.found(claim.text), self.found(text)
        translated = any(primary(s.language) != primary(claim.language) for s in sources)
        order: list[int] = []
        last = 0
        for name in claimed:
            places = [t for t in sourced if alike(t, name)]
            places = places or [t for t in sourced if means(t, name)]
            twice = sum(alike(n, name) for n in claimed) > 1
            moved = _moves(claim.text, name) or any(_moves(text, place) for place in places)
            if len(places) == 1 and not twice and not (translated and moved):
                between = claim.text[last : name.start]
                listed = order and (name.start < last or LISTED.fullmatch(between))
                order.append(order[-1] if listed else places[0].start)
            last = name.end
        upright = order == sorted(order)
        if translated and len(set(order)) == 2:
            spans = [(n.start, n.end) for n in claimed if any(means(t, n) for t in sourced)]
            passive = _passive(claim.text, spans)
            if passive != _passive(text, [(t.start, t.end) for t in sourced if t.start in order]):
                upright = not upright
        if not upright:
            return True
        if translated:
            return False
        strangers = [
            name
            for name in claimed
            if (beside := _beside(claim.text, name))
            and any(means(t, name) for t in sourced)
            and not any(means(t, name) and beside & _beside(text, t) for t in sourced)
            and any(beside & _beside(text, t) for t in sourced)
        ]
        return bool(strangers)


_USES = [pack.names for pack in packs()]
_LETTER = rf"(?:[^\W{HAN}]|['’-])"
_WORD = re.compile(rf"[{CAPITALS}]{_LETTER}+")
_ANY_WORD = re.compile(rf"[{CAPITALS}]{_LETTER}+|(?<![^\W{HAN}])[^\W\d_{HAN}]{{5,}}")
"""For words of another language: English capitalises Olympic, Russian does not capitalise
олимпийская."""
_LONGER = frozenset[str]().union(*(use.longer for use in _USES))
"""Behind a name of two characters these make another word: 马里|兰."""

_BEYOND = frozenset[str]().union(*(use.beyond for use in _USES))
"""Behind a country these words make another name: 朝鲜半岛 is all of Korea, and 朝鲜战争 was
fought in all of it."""

_TITLES = frozenset(
    uninflected(fold(word))
    for word in chain(
        *(use.titles for use in _USES),
        *(pack.dates.month_names for pack in packs()),
        *(pack.dates.weekdays for pack in packs()),
    )
)
"""Capitalised in names, and translated: another language's source never has them."""

_STANDS_FOR = {name: number for number, group in enumerate(metonyms()) for name in group}
"""News says Moscow and means Russia: names of one number can stand for each other."""


def means(name: Name, other: Name) -> bool:
    """Whether one name is the other, or stands for it: Moscow for Russia."""
    stands = {_STANDS_FOR.get(form) for form in name.forms} - {None}
    return alike(name, other) or any(_STANDS_FOR.get(form) in stands for form in other.forms)


LISTED = re.compile(
    rf"\s*,\s*(?:(?:{either(use.listed for use in _USES)}))?|\s*(?:{either(use.listed for use in _USES)})\s*"
)
"""What stands between names whose order means nothing: names in a list, or a title and a name."""

_PASSIVE = re.compile(either(use.passive for use in _USES))
"""The passive: who did it stands behind whom it was done to."""


def _passive(text: str, names: Sequence[tuple[int, int]]) -> bool:
    """Whether the words between two names are a passive: the second did something to the first."""
    return len(names) == 2 and bool(_PASSIVE.search(text[names[0][1] : names[1][0]]))


_MOVES = re.compile(either(use.moves for use in _USES), re.IGNORECASE)
"""A name that stands behind these words in one language stands before them in another."""
_SAYS = re.compile(either(use.says for use in _USES))
"""The same for words of quoting: some languages name the speaker last."""

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


def _unheard_people(
    claim: Statement, claimed: Sequence[Name], text: str, around: str, given: str
) -> list[str]:
    """The foreign people of a claim in a language without capitals whom the sources do not name."""
    heard = text if NAMED.search(text) else text + around
    return [
        f"{first}·{last}"
        for start, first, last in people_in(claim.text, names_of(claim.language))
        if not _hears(heard, first, last)
        and not (_hears(given, first, last) and _hears(around, first, last))
        and not any(start <= name.start <= start + len(first) + 1 for name in claimed)
    ]


def _unknown_words(
    claim: Statement, claimed: Sequence[Name], sources: Sequence[Statement]
) -> tuple[list[str], bool]:
    """The capitalised words of a claim that neither the sources nor their context have; whether the
    sources have others. A translation without others may have put them in other words."""
    text = " ".join(s.text for s in sources)
    around = f"{text} {' '.join(s.context for s in sources)}"
    folded, said = fold(around), fold(claim.text)
    unknown = [
        word
        for word in _other_names(claim.text, claimed)
        if not _stands_in(word, folded) and not _sounds_in(word, around)
    ]
    instead = any(not _stands_in(w, said) for w in _WORD.findall(text) if len(w) > 3)
    translated = any(primary(s.language) != primary(claim.language) for s in sources)
    return (unknown if instead or not translated else []), instead


def _other_names(text: str, known: Sequence[Name]) -> list[str]:
    """Capitalised words inside an English sentence that no table knows."""
    found = []
    for match in _WORD.finditer(text):
        start = match.start()
        before = text[:start].rstrip(" \"'“‘(«„")
        if not before or before[-1] in ".!?:;":
            continue
        word = re.sub(r"['’]s?$", "", match.group())
        if uninflected(fold(word)) not in _TITLES and not any(
            name.start <= start < name.end for name in known
        ):
            found.append(word)
    return found


def _kept_words(claim: Statement) -> list[str]:
    """Words that a translation keeps as they are: in Latin capitals."""
    return re.findall(r"(?<![A-Za-z])[A-Z]{4,}(?![A-Za-z])", claim.text)


NAMED = re.compile(rf"[{CAPITALS}][\w'’-]+ [{CAPITALS}][\w'’-]+|[·・‧•]")
"""Finds that a sentence names somebody. Such a sentence is not about a person whom only the
sentences around it name."""


def people_in(text: str, use: NameUse) -> Iterator[tuple[int, str, str]]:
    """Foreign people as a language without capitals writes them, each as (place, given name,
    family name). A name may have a character too many."""
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
    """Whether a text in other letters has what sounds like a name: Пашинян or 帕希尼扬 for Pashinyan."""
    others = (other for other in _ANY_WORD.findall(text) if _script(other) != _script(word))
    return sounds_in_han(word, text) or any(
        likeness(word, other) >= SOUNDS_ALIKE for other in dict.fromkeys(others)
    )


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
