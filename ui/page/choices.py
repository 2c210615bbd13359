"""The reader's choices: country, then language, then source, then category, and dates.

In: what is chosen. Out: what each list offers, with counts, narrowed by the choices before it; and
the filters they come to. They hold for asking, searching, comparing and the timeline alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr

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

Chosen = Mapping[str, Any]


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
        "published_after": (after or "").strip(),
        "published_before": (before or "").strip(),
    }


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
