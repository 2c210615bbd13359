"""The reader's choices: country, then language, then source, then category, and dates.

In: what is chosen. Out: what each list offers, with counts, narrowed by the choices before it; and
the filters they come to. They hold for asking, searching, comparing and the timeline alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

from index.errors import InputError
from index.languages.countries import country_name
from ui.page.render import language_name
from ui.words import words

if TYPE_CHECKING:
    from newscite import Library

LISTS = {
    "countries": "country",
    "languages": "language",
    "outlets": "outlet",
    "categories": "category",
}
"""The fields of `Filter` in the order of choosing, and what the library counts them by."""

UNKNOWN = "?"
"""Stands for "not known" in the lists; Gradio takes an empty choice for none."""

OFFERED = 500
"""Choices a list shows, those with most articles first."""

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")

Chosen = Mapping[str, Any]


def summary(chosen: Chosen, language: str) -> str:
    """What is chosen, in a line: seen while the lists are folded away."""
    parts = [
        ", ".join(label(name, _value(one), language) for one in chosen.get(name) or ())
        for name in LISTS
    ]
    after, before = chosen.get("after") or "", chosen.get("before") or ""
    dates = f"{after} – {before}".strip() if after or before else ""
    return " · ".join(filter(None, (*parts, dates)))


def filters(
    countries: Sequence[str] | None,
    languages: Sequence[str] | None,
    outlets: Sequence[str] | None,
    categories: Sequence[str] | None,
    after: str | None,
    before: str | None,
) -> dict[str, Any]:
    """The filters as the library takes them."""
    lists = zip(LISTS, (countries, languages, outlets, categories), strict=True)
    return {
        **{name: [_value(one) for one in chosen or []] for name, chosen in lists},
        "published_after": _date(after),
        "published_before": _date(before),
    }


def is_date(written: str | None) -> bool:
    """Whether it is a date that can be searched by, or none at all."""
    return not (written or "").strip() or _DATE.fullmatch((written or "").strip()) is not None


def _date(written: str | None) -> str:
    date = (written or "").strip()
    if not is_date(date):
        raise InputError(
            "bad_date",
            "“{value}” is no date: write a day, a month or a year, such as 2023-03-01, 2023-03 or 2023.",
            value=date,
        )
    return date


def offered(library: Library, chosen: Chosen, language: str) -> dict[str, dict[str, int]]:
    """What each list offers by what is chosen before it, with how many articles."""
    offers: dict[str, dict[str, int]] = {}
    narrowed: dict[str, Any] = {}
    for name, field in LISTS.items():
        offers[name] = library.counts(field, **narrowed)
        left = [one for one in chosen.get(name) or () if one in offers[name]]
        if left:
            narrowed[name] = left
    return offers


def updates(library: Library, chosen: Chosen, language: str) -> list[Any]:
    """The four lists, their choices narrowed; what is not offered any more is not chosen."""
    offers = offered(
        library, {k: [_value(v) for v in vs] for k, vs in chosen.items() if k in LISTS}, language
    )
    shown = []
    for name, counts in offers.items():
        listed = [
            (f"{label(name, value, language)} ({count})", value or UNKNOWN)
            for value, count in list(counts.items())[:OFFERED]
        ]
        known = {value for _, value in listed}
        kept = [one for one in chosen.get(name) or () if one in known]
        shown.append(gr.update(choices=listed, value=kept))
    return shown


def label(name: str, value: str, language: str) -> str:
    """What a list calls a value."""
    if not value:
        return str(words(language)["not_known"])
    if name == "countries":
        return country_name(value, language)
    return language_name(value) if name == "languages" else value


def _value(shown: str) -> str:
    return "" if shown == UNKNOWN else shown


def as_given(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Filters as the page's script sends them, whatever it sends."""
    return filters(*(chosen.get(name) for name in (*LISTS, "after", "before")))
