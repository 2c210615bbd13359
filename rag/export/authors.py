"""The authors that a byline names, in the form that references need.

In: 「徐博、鄒松洋」 or "Jane Roe and John van Dam". Out: one `Author` each, with family and given name
where both are known; an agency, a newsroom and a Chinese name stay one whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.extract.bylines import is_person
from index.languages.pinyin import surname
from index.languages.text import HAN

_BETWEEN = re.compile(
    rf"\s*[、;；/／|&＆]\s*|\s*[,，]\s*(?:and\s+)?|\s+and\s+|(?<=[{HAN}])\s+(?=[{HAN}])"
)
_FAMILY_FIRST = re.compile(r"(?P<family>[^\W\d_][\w'’-]*),\s?(?P<given>[^\W\d_][\w'’-]*)")
"""Two words with a comma between them: Roe, Jane."""

_SUFFIX = re.compile(r",?\s+(?P<suffix>(?:Jr|Sr)\b\.?|I{2,3}\b)(?=\s*(?:[,;&]|and\b|$))")
_NO_PERSON = re.compile(
    r"\b(?:staff|desk|team|board|editors?|editorial|reporters?|correspondents?|newsroom|bureau"
    r"|writers?|contributors?|service|department|ministry|office|group)\b",
    re.IGNORECASE,
)
_PARTICLE = re.compile(r"(?:de|van|von|der|den|al|bin|el|da|di|la|le|du|dos|ter)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Author:
    """An author of an article."""

    name: str
    """The name as the byline writes it."""
    family: str = ""
    given: str = ""
    """Either both names are given or neither."""

    @property
    def inverted(self) -> str:
        """ "Roe, Jane"; the name itself where it has no parts."""
        return f"{self.family}, {self.given}" if self.family else self.name


def authors(byline: str) -> list[Author]:
    """The authors of a byline, in order."""
    line = " ".join(byline.split())
    if (one := _FAMILY_FIRST.fullmatch(line)) and not line.isupper():
        return [Author(line, one["family"], one["given"])]
    names = _BETWEEN.split(_SUFFIX.sub(r" \g<suffix>", line))
    return [_author(name) for name in dict.fromkeys(names) if name]


def _author(name: str) -> Author:
    words = name.split()
    if len(words) < 2 or not is_person(name) or _NO_PERSON.search(name) or _SUFFIX.search(name):
        return Author(name)
    if surname(name):  # Xi Jinping
        return Author(name, words[0], " ".join(words[1:]))
    at = len(words) - 1
    while at > 1 and _PARTICLE.fullmatch(words[at - 1]):
        at -= 1
    return Author(name, " ".join(words[at:]), " ".join(words[:at]))
