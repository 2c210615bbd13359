"""What a pack says of words in its language: opposites, names, questions, pages.

Patterns are regular expressions over folded text (`text.fold`: lower case, half width, Simplified) unless
they say otherwise; none has named groups but those described here. "" or () means that a language has
nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Axis:
    """Opposites of one kind, such as more and less. Words that can replace each other are pairs,
    "rose/fell", in the very forms that do."""

    one: str
    """Further words of the first side, as patterns without blanks; "*" is any ending."""
    other: str
    """Those of the second side."""
    turns: str = ""
    """Pairs; their words are of the two sides too."""
    loose: str = ""
    """Pairs whose words often mean something else: they are no sign of a side."""


@dataclass(frozen=True, slots=True)
class Contrasts:
    """Words by which two sentences that are near in meaning say something else."""

    denials: str = ""
    """Words that deny."""
    hidden_denials: str = ""
    """Words that another language, or writer, may put as a denial."""
    no_denials: str = ""
    """Phrases that look like one."""
    axes: Mapping[str, Axis] = field(default_factory=dict)
    """Opposites by the name of their axis."""
    undenied: Sequence[tuple[str, str]] = ()
    """A denial (unfolded, as a pattern), and what is said without it."""
    empty: frozenset[str] = frozenset()
    """Words, or characters, that cannot be the word that is denied."""
    stop: frozenset[str] = frozenset()
    """Words, or characters, without content."""


@dataclass(frozen=True, slots=True)
class NameUse:
    """How names stand in sentences. Patterns read the text as it is."""

    titles: frozenset[str] = frozenset()
    """Words that are capitalised in names, and translated."""
    longer: frozenset[str] = frozenset()
    """Characters behind a name of two that make another word of it."""
    beyond: frozenset[str] = frozenset()
    """Words behind a country's name that make another name of it."""
    listed: str = ""
    """Between names whose order means nothing."""
    passive: str = ""
    """Between whom it was done to and who did it."""
    moves: str = ""
    """Before a name that a translation may put elsewhere; ends with $."""
    says: str = ""
    """The same, behind it."""
    person: str = ""
    """A foreign person as the language writes one, in two groups: given and family name."""
    not_before: str = ""
    """What is not part of such a given name at its beginning."""
    not_behind: str = ""
    """What is not part of such a family name at its end."""
    reported_from: str = ""
    """A place in a dateline, from where a text was reported, which need not be about it; ^ is a line's beginning."""
    sounds: Sequence[tuple[str, str]] = ()
    """Letters (folded, as patterns, in order) -> the consonants that transcription keeps."""
    sound: Callable[[str], str] | None = None
    """The same for a character, where a script is not written in letters."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What stands in questions, and in what models reply (unfolded where not said otherwise)."""

    part_end: str = ""
    """Between two questions in one, behind a comma."""
    part_start: str = ""
    """What the second begins with."""
    asks: str = ""
    """Words that ask."""
    refers: str = ""
    """Words that stand for what was named before."""
    continues: str = ""
    """Beginnings of a question that goes on from another."""
    refusals: str = ""
    """Folded: what a model says where the excerpts hold no answer."""
    label: str = ""
    """What a model may write before its answer."""
    orders: Sequence[str] = ()
    """Folded: orders to a model, such as "ignore your instructions"."""
    forms: Mapping[str, str] = field(default_factory=dict)
    """Folded: what asks for a reason, a number, several, a time, a place, a person, the latest."""
    openly: str = ""
    """Folded: what asks for more than a name, a number or a date."""
    gives_reason: str = ""
    announces_reasons: str = ""
    """Folded, in an article: that a reason is given, or that reasons follow."""
    item: str = ""
    """Folded: how an item of a list in running text begins."""
    refers_back: str = ""
    """Folded: how a sentence begins that refers to the one before it."""


@dataclass(frozen=True, slots=True)
class Pages:
    """What stands on news pages beside the articles. Patterns are of folded lines."""

    no_outlet: str = ""
    """Where an outlet would stand: none."""
    outlet_label: str = ""
    """Before an outlet and its colon."""
    author_label: str = ""
    """Before an author, with what sets it apart."""
    updated_label: str = ""
    """Before the date of a change; ends with $."""
    label: str = ""
    """Before a date, or what is left of one."""
    noise: str = ""
    """Counts of readers, editors, days of the week, buttons."""
    report: str = ""
    """A reporter, a place and a word for a report; group `names`."""
    outlet_word: str = ""
    """What names of outlets have in them, or end with."""
    not_name: str = ""
    """Unfolded, case ignored: what a page writes beside the names of its authors."""
    enumerated: str = ""
    """Unfolded: the beginning of a numbered heading."""
    more_stories: str = ""
    """Unfolded: links to other stories, at the end of a paragraph in brackets."""
    function_words: frozenset[str] = frozenset()
    """Words, or characters, that are grammar rather than content."""
    corrects: str = ""
    """Folded: words by which an article says that it corrects another."""
    going_on: str = ""
    """Unfolded: words by which a sentence describes a state, not an event."""
    common: frozenset[str] = frozenset()
    """Characters that make up much of any text, where no letters do."""


@dataclass(frozen=True, slots=True)
class NameForms:
    """How names stand beside their originals, and countries are shortened."""

    alike: str = ""
    """In brackets, before the other form."""
    boundaries: str = ""
    """What ends before a name that no blank sets apart."""
    no_name: str = ""
    """In brackets that hold no name."""
    acronyms_too: frozenset[str] = frozenset()
    """Words that are acronyms too, once case is folded."""
    behind: str = ""
    """Characters behind the one that stands for a country."""
    before: str = ""
    """Characters before it."""
    partners: str = ""
    """Countries' characters before and behind which another's stands."""
    partners_first: frozenset[str] = frozenset()
    """Those that may stand before a partner, too."""
    unsafe_before: frozenset[str] = frozenset()
    """Those that are mostly another word behind one of `before`."""
    cut_out: str = ""
    """Halves of two words that look like a country."""
    region: str = ""
    """In brackets behind a territory's name: a word that is no other name of it."""
    stems: str = ""
    """Folded words whose first group is their stem, where a stemmer errs."""
    endings: str = ""
    """Folded: endings of cases, as a pattern. Without them, over and over, all cases of a name are alike."""
    fleeting: str = ""
    """Folded: a vowel at the end of a name without its ending that some cases lack."""
    cases: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """How a name ends (folded), and what it ends in in other cases; {} where names have none."""
