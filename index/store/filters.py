"""Which passages a search may look at: dates, outlets, languages, authors, files, tags, groups.

In: a `Filter` and the store. Out: the row numbers it allows, for the index to search among, so that
a filtered search ranks the allowed passages as if there were no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from index.errors import InputError
from index.languages.countries import country_code
from index.languages.terms import CYRILLIC_LANGUAGES
from index.languages.text import fold, primary
from index.store.database import LISTED, listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.store.store import Store

_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2})?")
SCRIPTS = ("Hant", "Hans", "Latn", "Cyrl")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a passage must fulfil: every field that is given, and of a list any one value.

    Dates are ISO 8601: a day, a month ("2023-03") or a year, both ends included. `as_of` is
    another name for `published_before`. A bound on the published date leaves out articles whose
    date is unknown. Names match in any case and in either Chinese script; `languages` ["zh"]
    matches both scripts. Raises InputError on a value that cannot be right.
    """

    published_after: str = ""
    published_before: str = ""
    added_after: str = ""
    """A date, or a date and time; without an offset it is UTC."""
    added_before: str = ""
    as_of: str = ""
    outlets: Sequence[str] = ()
    languages: Sequence[str] = ()
    scripts: Sequence[str] = ()
    """ISO 15924: "Hant", "Hans", "Latn", "Cyrl"."""
    authors: Sequence[str] = ()
    files: Sequence[str] = ()
    """Names of files as shown, or the full paths or urls they were added by."""
    tags: Sequence[str] = ()
    """Articles with any of them."""
    countries: Sequence[str] = ()
    """Of the outlet, by ISO 3166 code or by name in any language; "" where it is not known."""
    categories: Sequence[str] = ()
    """Articles with any of them as a category their data name, or as a tag."""
    groups: Sequence[str] = ()
    """Ids of groups of near duplicates."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in _LISTS:
                listed = (value,) if isinstance(value, str) else tuple(value or ())
                object.__setattr__(self, field.name, listed)
            else:
                checked = checked_date(field.name, value, with_time=field.name.startswith("added"))
                object.__setattr__(self, field.name, checked)
        unknown = [script for script in self.scripts if script not in SCRIPTS]
        if unknown:
            raise InputError(f"Unknown script {unknown[0]!r}: use one of {', '.join(SCRIPTS)}.")

    @classmethod
    def of(cls, named: Mapping[str, Any]) -> Self | None:
        """Fields by name as a filter; None where all of them are empty. Raises InputError on a name
        that is no field, too."""
        unknown = named.keys() - cls.__dataclass_fields__.keys()
        if unknown:
            raise InputError(
                f"There is no filter {min(unknown)!r}: use any of "
                f"{', '.join(cls.__dataclass_fields__)}."
            )
        return cls(**named) if any(named.values()) else None

    @property
    def empty(self) -> bool:
        """True if it allows every passage."""
        return not any(getattr(self, field.name) for field in fields(self))


_LISTS = frozenset(
    (
        *("outlets", "languages", "scripts", "authors", "files", "tags", "groups"),
        *("countries", "categories"),
    )
)


class Selector:
    """Resolves filters to rows. Keeps the article and language of each passage in memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._resolved: dict[Filter, NDArray[np.int64]] = {}
        self._forget()

    def _forget(self) -> None:
        self._build = ""
        self._generation = 0
        self._rows = np.empty(0, np.int64)
        self._articles = np.empty(0, np.int32)
        self._language = np.empty(0, np.uint8)
        self._languages: list[str] = []

    def select(self, filter_: Filter) -> NDArray[np.int64] | None:
        """Allowed row numbers, ascending; None where the filter allows all."""
        if filter_.empty:
            return None
        self._refresh()
        if filter_ not in self._resolved:
            if len(self._resolved) > MAX_RESOLVED:
                self._resolved.clear()
            self._resolved[filter_] = self._resolve(filter_)
        return self._resolved[filter_]

    def _resolve(self, filter_: Filter) -> NDArray[np.int64]:
        keep = np.ones(len(self._rows), np.bool_)
        if filter_.languages or filter_.scripts:
            keep &= self._language_mask(filter_)[self._language]
        condition, values = article_condition(filter_, self._store)
        if condition:
            numbers = self._store.query(f"SELECT number FROM articles WHERE {condition}", values)
            wanted = np.zeros(int(self._articles.max(initial=0)) + 1, np.bool_)
            found = np.array([number for (number,) in numbers], np.int64)
            wanted[found[found < len(wanted)]] = True
            keep &= wanted[self._articles]
        return self._rows[keep]

    def _language_mask(self, filter_: Filter) -> NDArray[np.bool_]:
        """Which language codes pass."""
        return np.array(
            [
                (not filter_.languages or bool({tag, primary(tag)} & set(filter_.languages)))
                and (not filter_.scripts or script(tag) in filter_.scripts)
                for tag in self._languages
            ],
            np.bool_,
        )

    def _refresh(self) -> None:
        build, generation = self._store.build, self._store.generation
        if (build, generation) == (self._build, self._generation):
            return
        if build != self._build:
            self._forget()
        self._resolved.clear()
        last = int(self._rows[-1]) if len(self._rows) else 0
        while records := self._store.query(
            "SELECT row, article, language FROM passages WHERE row > ? ORDER BY row LIMIT 50000",
            (last,),
        ):
            for _, _, tag in records:
                if tag not in self._languages:
                    self._languages.append(tag)
            codes = {tag: code for code, tag in enumerate(self._languages)}
            self._rows = np.append(self._rows, np.array([r[0] for r in records], np.int64))
            self._articles = np.append(self._articles, np.array([r[1] for r in records], np.int32))
            self._language = np.append(
                self._language, np.array([codes[r[2]] for r in records], np.uint8)
            )
            last = records[-1][0]
        removed = self._store.removed_since(self._generation)
        gone = np.array([row for rows in removed.values() for row in rows], np.int64)
        if len(gone):
            keep = ~np.isin(self._rows, gone)
            self._rows, self._articles = self._rows[keep], self._articles[keep]
            self._language = self._language[keep]
        self._build, self._generation = build, generation


MAX_RESOLVED = 32
"""How many filters' rows are kept until the library changes."""


def script(language: str) -> str:
    """The script of a language, as one of SCRIPTS."""
    if "-" in language:
        return language.split("-")[1]
    return "Cyrl" if language in CYRILLIC_LANGUAGES else "Latn"


def article_condition(filter_: Filter, store: Store) -> tuple[str, list[Any]]:
    """The SQL condition on `articles`, and its values; "" where there is none."""
    required = [*_dates(filter_), *_names(filter_, store), *_kinds(filter_)]
    conditions = [condition for condition, _ in required]
    return " AND ".join(conditions), [value for _, given in required for value in given]


_Required = Iterator[tuple[str, tuple[Any, ...]]]
"""Conditions, each with its values."""


def _dates(filter_: Filter) -> _Required:
    for column, after, befores in (
        ("published", filter_.published_after, (filter_.published_before, filter_.as_of)),
        ("added", filter_.added_after, (filter_.added_before,)),
    ):
        if after:
            yield f"{column} >= ?", (after,)
        for before in filter(None, befores):  # a prefix compares as the whole day, month or year
            yield f"{column} <> '' AND substr({column}, 1, ?) <= ?", (len(before), before)


def _names(filter_: Filter, store: Store) -> _Required:
    """Outlets and authors in any case and script."""
    for column, names in (("outlet", filter_.outlets), ("author", filter_.authors)):
        if names:
            wanted = {fold(name) for name in names}
            known = store.query(f"SELECT DISTINCT {column} FROM articles")
            yield (
                f"{column} IN {LISTED}",
                (listed(name for (name,) in known if fold(name) in wanted),),
            )


def _kinds(filter_: Filter) -> _Required:
    """Sources, tags, countries, categories and stories."""
    if filter_.files:
        files = listed(filter_.files)
        yield (
            f"(file IN {LISTED} OR number IN (SELECT l.article FROM source_articles l "
            f"JOIN sources s ON s.number = l.source WHERE s.name IN {LISTED} OR s.key IN {LISTED}))",
            (files, files, files),
        )
    if filter_.tags:
        yield (
            f"EXISTS (SELECT 1 FROM json_each(tags) t WHERE t.value IN {LISTED})",
            (listed(filter_.tags),),
        )
    if filter_.countries:
        codes = listed(map(country_code, filter_.countries))
        yield f"country_of(metadata, url) IN {LISTED}", (codes,)
    if filter_.categories:
        yield (
            "EXISTS (SELECT 1 FROM json_each(categories_of(tags, metadata)) c WHERE "
            f"folded(c.value) IN {LISTED})",
            (listed(map(fold, filter_.categories)),),
        )
    if filter_.groups:
        yield f"story IN {LISTED}", (listed(filter_.groups),)


def checked_date(name: str, value: str | None, *, with_time: bool = False) -> str:
    """The value in the form dates are stored in; "" where none is given."""
    text = (value or "").strip()
    if not text:
        return ""
    try:
        if _PARTIAL_DATE.fullmatch(text):
            date.fromisoformat(f"{text}-01-01"[:10] if len(text) == 4 else f"{text}-01")
            return text
        if len(text) <= 10:
            return date.fromisoformat(text).isoformat()
        if with_time:
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
            return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError as error:
        raise InputError(
            "bad_date",
            "{name} is {value!r}: give a date such as 2023-03-01, 2023-03 or 2023.",
            name=name,
            value=value or "",
        ) from error


def at_least_one(limit: int | None, usual: int) -> int:
    """How many are asked for; `usual` where it is not said. Raises InputError on none or fewer."""
    if limit is None:
        return usual
    if limit < 1:
        raise InputError("limit_low", "limit is {limit}: ask for 1 or more.", limit=limit)
    return limit
