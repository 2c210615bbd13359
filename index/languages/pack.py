"""What is known of one language: what a pack offers, and the packs there are.

A pack is a folder beside this module, named for its language, whose `PACK` says all that belongs
to that language alone. Code asks every pack, or that of a text's language, and knows none by name:
another language is another folder. Patterns are regular expressions over folded text (`text.fold`:
lower case, half width, Simplified) unless they say otherwise; none has named groups but those
described here, and "" or () means that a language has nothing of the kind.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any, Literal

FALLBACK = "en"
"""The language whose words are shown to a reader of one that has no pack."""


@dataclass(frozen=True, slots=True)
class Special:
    """A number that is more than a numeral and its unit: a century, a fraction, an ordinal."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], tuple[float, str, bool] | None]
    """Value, kind (see `quantities.Quantity`), and whether it surely means a number; None for what
    turns out to be none."""
    takes: bool = True
    """Whether its words can be part of no other number."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numerals, scales, units."""

    numeral: str = ""
    """A number in words."""
    value: Callable[[str], float | None] = lambda text: None
    """The value of a numeral or ordinal in words; None for what is none."""
    trusted: Callable[[str, float, str | None, bool], bool] = lambda *_: True
    """Whether a numeral surely means a number. Takes it, its value, the kind of its unit ("" for a
    counter, None for no unit), and whether it and the word behind it begin with capitals."""
    more: str = ""
    """Behind a number: and some more."""
    scale: str = ""
    """Behind digits: what multiplies them."""
    scales: Mapping[str, float] = field(default_factory=dict)
    """The words of `scale`, each with its factor."""
    ranges: str = ""
    """Between two numbers that are the ends of a range."""
    rough: str = ""
    """Before a number: about."""
    vague: str = ""
    """The character before a numeral that makes it no number; it may look at the numeral."""
    idioms: str = ""
    """Phrases that look like numbers."""
    currencies: Mapping[str, str] = field(default_factory=dict)
    """Currency code -> its names, separated by "|"."""
    signs: Mapping[str, str] = field(default_factory=dict)
    """What stands before an amount -> currency code."""
    measures: Mapping[tuple[str, float], str] = field(default_factory=dict)
    """(kind, base units in one of it) -> its names, separated by "|"."""
    counters: str = ""
    """Words that only count things, separated by "|"."""
    needs_behind: Mapping[str, str] = field(default_factory=dict)
    """Names of units that are units only before these characters."""
    specials: Sequence[Special] = ()
    spans: str = ""
    """Units that mean one of them without a number: "a year"."""
    punctuated: Callable[[str], str] = str
    """A text with digits grouped as 1,234.5; its length is kept."""
    # How numbers are written: forms an article may have for a number of a question.
    spelled: Callable[[int], Sequence[str]] = lambda number: ()
    """A whole number in words."""
    percent: Callable[[float], Sequence[str]] = lambda value: ()
    written_scales: Sequence[tuple[float, str]] = ()
    """Scales as they are written behind digits, the largest first."""
    large: Sequence[tuple[float, str]] = ()
    """The scales that large numbers are best written with, each with what stands before it."""
    grouping: str = ","
    """Between thousands."""
    point: str = "."
    """Before decimals."""


@dataclass(frozen=True, slots=True)
class Relative:
    """A date counted from the day a text is of."""

    unit: Literal["year", "month", "week", "day", "lately"]
    away: int
    """-1 is the last one; for "lately" the days it reaches back."""
    pattern: str


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of a week. Groups: `day`, and `which` for the word that says of which week."""

    pattern: str
    which: Mapping[str, Literal["last", "next"] | int]
    """What a word before the day means: the last such day, the next one, or weeks from this one."""


@dataclass(frozen=True, slots=True)
class Dates:
    """Dates in running text. Groups of patterns: y, yy, roc (years), m, d."""

    months: Mapping[str, int] = field(default_factory=dict)
    """Names of months, in every form."""
    month_names: Sequence[str] = ()
    """The twelve as they stand behind a day."""
    capital_months: bool = False
    """Whether a month's name starts with a capital letter, else it is another word."""
    doubtful_months: frozenset[str] = frozenset()
    """Names that are other words too, unless `before_month` stands before them."""
    before_month: str = ""
    full: Sequence[str] = ()
    """Dates with a year, or with month and day."""
    era: str = ""
    """The name of another count of years."""
    era_years: tuple[str, ...] = ()
    """Dates in that count, which are such only where the text names the era."""
    lone: Sequence[str] = ()
    """A month or a day alone."""
    month_range: str = ""
    """Two months of a year; groups `from`, `to`, and `y` where it has one."""
    year_word: str = ""
    """Behind a number that is a year."""
    no_year_behind: str = ""
    """Behind four digits that are no year."""
    year_to: str = ""
    """Between the first and the last of several years."""
    together: str = ""
    """Between two dates that share a month or a year."""
    years_away: Mapping[str, int] = field(default_factory=dict)
    """Words that name a year by the text's own."""
    year_before: str = ""
    """Such a word, in a group `year`, before a month; ends with $."""
    year_after: str = ""
    """The same behind a month."""
    month_before: str = ""
    """A word before a month that says which; group `which`; ends with $."""
    months_away: Mapping[str, int] = field(default_factory=dict)
    """What that word means."""
    relative: Sequence[Relative] = ()
    month_day: str = ""
    """A day of a month that `months_of_day` names; groups `which`, `d`."""
    months_of_day: Mapping[str, int] = field(default_factory=dict)
    weekdays: Mapping[str, int] = field(default_factory=dict)
    """Names of the days of a week, Monday 0."""
    weekday: Sequence[Weekday] = ()
    numbered: str = ""
    """A day named relatively and by its number, 昨(12)日; groups `d`."""
    ago: str = ""
    """Behind a span of time: so long before."""
    ahead: str = ""
    """Before a date that is still to come."""
    ahead_behind: str = ""
    """The same, behind it."""
    year_form: Callable[[int], Sequence[str]] = lambda year: ()
    """A year in words."""
    day_form: Callable[[int | None, int, int | None], str] = lambda year, month, day: ""
    """How the language writes a date of a year, a month, a day; what is unknown is None."""


@dataclass(frozen=True, slots=True)
class Events:
    """What stands around the date of an event."""

    same_year: str = ""
    """Before a date: in the year named last; ends with $."""
    year_on: str = ""
    """Before a month: in the year after the one named last; ends with $."""
    year_on_after: str = ""
    no_date_before: str = ""
    """Before a day's number that is no day; ends with $."""
    every: str = ""
    """Before a date that comes every year; ends with $."""
    since_before: str = ""
    since_after: str = ""
    from_then: str = ""
    """Behind a date on which something began: what happened on it."""
    compares_before: str = ""
    compares_after: str = ""
    separator: str = ""
    """Between two clauses, each with a date."""
    joined: str = ""
    """Between the two ends of an interval."""
    joining: str = ""
    """Words that join a clause to the one before it."""
    parts_after: str = ""
    """A part of the year before it; groups `first` (so many months), `half`, `quarter`, `season`."""
    parts_before: str = ""
    seasons: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """First and last month."""
    halves: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    quarters: Mapping[str, int] = field(default_factory=dict)
    today_is: str = ""
    """Where a text says what day it counts from; group `date`."""
    date_first: bool = False
    """Whether a date stands before what it dates."""


@dataclass(frozen=True, slots=True)
class PublicationDates:
    """Dates as news pages write them (unfolded, case ignored)."""

    dates: Mapping[str, str] = field(default_factory=dict)
    """Patterns with groups y, m, d, and roc, by a name of their own; `@time@` stands for a time."""
    digits: Callable[[str], int] | None = None
    """The value of a y, m or d that is not written in digits."""
    weekday: str = ""
    """What a date may have behind it."""
    before_time: str = ""
    """Between a date and its time."""
    half: Mapping[str, Literal["am", "pm", "night"]] = field(default_factory=dict)
    """Words before the hour."""
    hour: str = ""
    """Characters behind an hour, a minute and a second, beside ":"."""
    minute: str = ""
    second: str = ""
    zones: Mapping[str, int] = field(default_factory=dict)
    """Names of time zones -> hours from UTC."""
    as_of: str = ""
    """Straight before a date that is not the one of publication: "as of"."""
    summer_zones: Mapping[str, float] = field(default_factory=dict)
    """The same for names that mean another zone in summer, as it is counted in North America; hours
    of winter."""
    zone_before: str = ""
    """A name of a zone before the time."""
    year_behind: str = ""
    """Behind a year."""


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
    """Pairs whose words often mean something else, and so are no sign of a side."""


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
    """Words, or characters, that are no head of what is denied."""
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
    """What is no part of such a given name, from its beginning on."""
    not_behind: str = ""
    """What is no part of such a family name, to its end."""
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
    """Folded: what asks for a reason, a number, several, a time, the latest."""
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
    """Before a date, or left over of one."""
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


@dataclass(frozen=True, slots=True)
class Pack:
    """One language."""

    code: str
    """ISO 639-1, as in a BCP 47 tag."""
    numbers: Numbers = field(default_factory=Numbers)
    dates: Dates = field(default_factory=Dates)
    events: Events = field(default_factory=Events)
    published: PublicationDates = field(default_factory=PublicationDates)
    contrasts: Contrasts = field(default_factory=Contrasts)
    names: NameUse = field(default_factory=NameUse)
    forms: NameForms = field(default_factory=NameForms)
    asking: Asking = field(default_factory=Asking)
    pages: Pages = field(default_factory=Pages)
    called: frozenset[str] = frozenset()
    """What data call the language beside its code: "chinese", "zho"."""
    locales: tuple[str, ...] = ()
    """CLDR's locales whose names of countries, cities and currencies are always known."""
    letters: str = ""
    """What names in its script are made of, as the inside of a character class."""
    stemmer: str = ""
    """What Snowball calls it; "" where words stay as they are."""
    month_first: Callable[[str], bool] = lambda region: False
    """Whether dates in digits begin with the month where the language has this region ("" for none)."""
    reply: str = ""
    """A GBNF grammar of text in the language: a small LLM is held to it when it answers."""
    others_letters: str = ""
    """Letters of its script that only other languages write."""
    spaced: bool = True
    """Whether blanks set its words apart."""
    folds: Mapping[str, str] = field(default_factory=dict)
    """Letters that are written one for the other -> the one that matching takes for both."""


@cache
def packs() -> tuple[Pack, ...]:
    """All packs, in the order of their codes."""
    folders = sorted(
        folder.name
        for folder in files("index.languages").iterdir()
        if folder.is_dir() and folder.joinpath("__init__.py").is_file()
    )
    return tuple(import_module(f"index.languages.{name}").PACK for name in folders)


@cache
def pack_of(language: str) -> Pack | None:
    """The pack of a BCP 47 tag's language, if there is one."""
    code = language.split("-")[0]
    return next((pack for pack in packs() if pack.code == code), None)


def names_of(language: str) -> NameUse:
    """How names stand in the sentences of a language."""
    pack = pack_of(language)
    return pack.names if pack else NameUse()


def either(patterns: Iterable[str]) -> str:
    """One pattern for what any of them matches; one that matches nothing where there are none."""
    return "|".join(f"(?:{pattern})" for pattern in patterns if pattern) or r"(?!)"


def words_pattern(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)"


def word_beginnings(pack: Pack, words: str) -> re.Pattern[str]:
    """A pattern for words apart by blanks; in a spaced language they are whole words, or, where
    they end in "*", beginnings."""
    edge, ending = (r"\b", r"\w*") if pack.spaced else ("", "")
    parts = (f"{edge}{word.replace('*', ending)}{edge}" for word in words.split())
    return re.compile("|".join(parts) or r"(?!)")


def sides(pack: Pack, axis: Axis) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The words of an axis' two sides. A word of a pair that a pattern has as well is left to the
    pattern, which may exclude some of its uses."""
    pairs = [pair.split("/") for pair in axis.turns.split()]

    def side(words: str, of_pairs: Iterable[str]) -> re.Pattern[str]:
        known = word_beginnings(pack, words)
        return word_beginnings(
            pack, " ".join((words, *(w for w in of_pairs if not known.search(w))))
        )

    return side(axis.one, (one for one, _ in pairs)), side(
        axis.other, (other for _, other in pairs)
    )


@cache
def texts(name: str) -> Mapping[str, Mapping[str, Any]]:
    """The tables of that name, such as "words", by BCP 47 tag: the packs' files NAME.toml, or
    NAME-Hant.toml for each script of a language."""
    found = {}
    for pack in packs():
        for file in files(f"index.languages.{pack.code}").iterdir():
            stem, _, ending = file.name.partition(".")
            base, _, script = stem.partition("-")
            if base == name and ending == "toml":
                tag = f"{pack.code}-{script}" if script else pack.code
                found[tag] = tomllib.loads(file.read_text(encoding="utf-8"))
    return found


def text_of(name: str, language: str) -> Mapping[str, Any]:
    """The table for a language, or its most common script; for one that has none, the fallback's."""
    tables = texts(name)
    if language in tables:
        return tables[language]
    same = sorted(tag for tag in tables if tag.split("-")[0] == language.split("-")[0])
    return tables[same[0] if same else FALLBACK]
