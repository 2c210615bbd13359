"""What a pack says of numbers and dates in its language.

Patterns are regular expressions over folded text (`text.fold`: lower case, half width, Simplified) unless
they say otherwise; none has named groups but those described here. "" or () means that a language has
nothing of the kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Precision = Literal["day", "month", "year"]
"""How exact a date is."""


@dataclass(frozen=True, slots=True)
class Special:
    """A number that is more than a numeral and its unit: a century, a fraction, an ordinal."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], tuple[float, str, bool] | None]
    """Value, kind (see `quantity.Quantity`), and whether it surely means a number; None where it
    means none."""
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
    """Before a numeral: a character with which it is not a number; the pattern may look ahead at
    the numeral."""
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
    """Dates in running text. Groups of patterns: y, yy, roc (years), m, d, and `other`, a second day of
    the same month, in digits."""

    months: Mapping[str, int] = field(default_factory=dict)
    """Names of months, in every form."""
    month_names: Sequence[str] = ()
    """The twelve as they stand behind a day."""
    capital_months: bool = False
    """Whether a month's name starts with a capital letter, else it is another word."""
    doubtful_months: frozenset[str] = frozenset()
    """Names that are also other words: they are months only behind `before_month`."""
    before_month: str = ""
    full: Sequence[str] = ()
    """Dates with a year, or with month and day."""
    era: str = ""
    """The name of another count of years."""
    era_years: tuple[str, ...] = ()
    """Dates in that count; they are dates only where the text names the era."""
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
    day_form: Callable[[int | None, int, int | None], str] | None = None
    """How the language writes a date of a year, a month, a day; what is unknown is None. Without it, as
    "2022 20 September", by `month_names`."""

    def written(self, year: int | None, month: int, day: int | None) -> str:
        """A date as the language writes it, "" where that is not known."""
        if self.day_form is not None:
            return self.day_form(year, month, day)
        name = self.month_names[month - 1] if self.month_names else ""
        return " ".join(filter(None, (str(year or ""), str(day or ""), name))) if name else ""


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
