"""The names that are known of every library: countries, cities, currencies, peoples, organisations.

In: the languages of a library. Out: groups of forms that mean the same, from CLDR (territories, cities,
currencies), GeoNames (further cities) and the packs' names.toml. Those of the packs' own languages ship as a file, because reading
CLDR takes longer than most commands should. `python -m index.languages.shipped` writes it and the tables
of scripts.py again, after an upgrade of Babel or OpenCC or a change in a names.toml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain, product
from pathlib import Path
from typing import Any

from index.languages import late, scripts
from index.languages.pack import either, packs, texts

FILE = "names.txt"
CITIES = "cities.txt"
"""Cities of GeoNames that CLDR lacks (tuning/cities.py)."""
CITY_WORDS = "city_words.txt"
"""Names of two characters among them, with words in which these stand for something else."""

_FORMS = [pack.forms for pack in packs()]
_REGION = late.pattern(either(forms.region for forms in _FORMS))


def shipped_names(languages: Iterable[str] = ()) -> list[list[str]]:
    """Groups of forms in the languages of the packs, and in these."""
    codes = {pack.code for pack in packs()}
    if any(language.split("-")[0] not in codes for language in languages):
        return [*named(languages), *_read(CITIES)]
    return [*_read(FILE), *_read(CITIES)]


@cache
def words_with_cities() -> dict[str, tuple[tuple[str, int], ...]]:
    """Words in which the characters of a city's name are no city, such as 大理石, by that name; and how far
    before the name each begins: -1 for 集中, which begins at the second character of 辛集."""
    found = {}
    for name, *words in _read(CITY_WORDS):
        places = ((word, word.find(name)) for word in words)
        found[name] = tuple(
            (word, at if at >= 0 else (1 if word[-1] == name[0] else -1)) for word, at in places
        )
    return found


def _read(name: str) -> list[list[str]]:
    text = files("index.languages").joinpath("data", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


def written_names() -> str:
    """The groups of the packs' languages, as the file has them: one a line, with tabs between forms."""
    return "".join("\t".join(group) + "\n" for group in named())


def named(languages: Iterable[str] = ()) -> list[list[str]]:
    """The groups, from CLDR and the packs."""
    ours = chain.from_iterable(pack.locales for pack in packs())
    locales = [_locale(name) for name in dict.fromkeys((*ours, *sorted(languages)))]
    known = [locale for locale in locales if locale is not None]
    territories: dict[str, list[str]] = {}
    for locale in known:
        for code, name in locale.territories.items():
            if code not in {"001", "ZZ", "EU", "UN"}:
                territories.setdefault(code, []).extend(_without_brackets(name))
    others: dict[str, list[str]] = {}
    for table in texts("names").values():
        for code, forms in table["territories"].items():
            territories.setdefault(code, []).extend(forms)
        for name, forms in table["other"].items():
            others.setdefault(name, [name]).extend(forms)
    for code, character in _characters().items():
        territories[code].extend(_short_forms(character))
    for pair, codes in country_pairs().items():
        for code in codes:
            territories[code].append("".join(pair))
    groups = [*others.values(), *territories.values(), *_cities(known), *_currencies(known)]
    stripped = (list(dict.fromkeys(filter(None, map(str.strip, group)))) for group in groups)
    return [group for group in stripped if group]


def metonyms() -> list[list[str]]:
    """Groups of names of which news uses one for the other: Moscow for Russia."""
    tables = texts("names").values()
    return [group for table in tables for group in table.get("metonyms", {}).get("names", ())]


@cache
def _characters() -> dict[str, str]:
    """Countries, and the character that stands for each."""
    tables = texts("names").values()
    return {code: one for table in tables for code, one in table.get("characters", {}).items()}


def _locale(name: str) -> Any:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


def _cities(locales: Sequence[Any]) -> Iterator[list[str]]:
    """Exemplar cities of the time zones: some 400, from Almaty to Zurich."""
    for zone in dict.fromkeys(chain.from_iterable(locale.time_zones for locale in locales)):
        if "/" not in zone or zone.startswith("Etc/"):
            continue
        names = [locale.time_zones.get(zone, {}).get("city") for locale in locales]
        english = zone.rsplit("/", 1)[1].replace("_", " ")
        yield [english, *filter(None, names)]


_OF_SEVERAL = frozenset(("XAF", "XCD", "XOF", "XPF"))
"""Currencies of several countries; what else has a code with X is no money."""


def _currencies(locales: Sequence[Any]) -> Iterator[list[str]]:
    for code in dict.fromkeys(chain.from_iterable(locale.currencies for locale in locales)):
        if code[0] == "X" and code not in _OF_SEVERAL:
            continue  # XAU is gold
        names = (locale.currencies.get(code, "") for locale in locales)
        yield [name for name in names if name and "(" not in name]


def _without_brackets(name: str) -> list[str]:
    """ "Myanmar (Burma)" -> both; "中國香港特別行政區" stays."""
    return [part.strip(" )") for part in name.split("(") if not _REGION.search(part)]


def _short_forms(character: str) -> Iterator[str]:
    for forms in _FORMS:
        yield from (character + c for c in forms.behind)
        if character not in forms.unsafe_before:
            yield from (c + character for c in forms.before)


@cache
def country_pairs() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Pairs of countries' characters, and the codes of those that are territories: 中俄, 俄乌."""
    codes = {character: code for code, character in _characters().items()}
    pairs: dict[tuple[str, ...], tuple[str, ...]] = {}
    partners = "".join(forms.partners for forms in _FORMS)
    first = frozenset[str]().union(*(forms.partners_first for forms in _FORMS))
    for partner, character in product(partners, codes):
        if partner != character:
            both = tuple(codes[c] for c in (partner, character) if c in codes)
            pairs[partner, character] = both
            if character in first:
                pairs[character, partner] = both
    return pairs


def main() -> None:
    """Writes the files that ship."""
    folder = Path(__file__).parent / "data"
    folder.mkdir(exist_ok=True)
    folder.joinpath(FILE).write_text(written_names(), encoding="utf-8", newline="\n")
    folder.joinpath(scripts.FILE).write_text(
        scripts.written_tables(), encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    main()
