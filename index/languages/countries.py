"""The country of an outlet, and its name in a reader's language.

In: what an article's own data say (`metadata["country"]`), else the country domain of its url. Out:
an ISO 3166 code; or the words that were stated, where they name no country ("World"); "" where
neither is known.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from itertools import chain

from index.languages import late
from index.languages.pack import packs
from index.languages.text import fold, squeeze

GENERIC_DOMAINS = frozenset(("ai", "cc", "co", "eu", "fm", "io", "me", "su", "tv", "ws"))
"""Country domains that outlets anywhere use."""

_HOST = late.pattern(r"https?://(?:[^/?#@]*@)?([^/?#:@]+)", re.IGNORECASE)
_LOCALES = (*chain.from_iterable(pack.locales for pack in packs()), "de", "fr", "es")
_ALSO = {"uk": "GB", "usa": "US", "uae": "AE", "prc": "CN"}


def country(stated: object, url: str) -> str:
    """The country by what an article's data state, else by its url."""
    if isinstance(stated, str) and (said := squeeze(stated)):
        return country_code(said)
    host = _HOST.match(url)
    return _of_host(host[1]) if host else ""


def country_of(metadata: str, url: str) -> str:
    """The same for an article as the database holds it."""
    if '"country"' not in metadata:
        return country(None, url)
    return country(json.loads(metadata).get("country"), url)


@lru_cache(4096)
def country_code(name: str) -> str:
    """The code of a country by its name, or code, in any of a few languages; else the name."""
    return _codes().get(fold(name), name)


def country_name(code: str, language: str) -> str:
    """A country's name for a reader; what is no code is a name already."""
    return _names(language).get(code, code)


@lru_cache(4096)
def _of_host(host: str) -> str:
    domain = host.rpartition(".")[2].casefold()
    if len(domain) != 2 or domain in GENERIC_DOMAINS:
        return ""
    code = _ALSO.get(domain, domain.upper())
    return code if code in _names("en") else ""


@cache
def _names(language: str) -> dict[str, str]:
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return {code: str(name) for code, name in locale.territories.items() if len(code) == 2}


@cache
def _codes() -> dict[str, str]:
    codes = {fold(code): code for code in _names("en")}
    for language in _LOCALES:
        codes |= {fold(name): code for code, name in _names(language).items()}
    return codes | {fold(name): code for name, code in _ALSO.items()}
