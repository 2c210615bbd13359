"""How names stand in English beside their originals."""

from __future__ import annotations

from index.languages.word_parts import NameForms

FORMS = NameForms(
    alike=r"(?:also|formerly|or)\b",
    acronyms_too=frozenset(("us", "who", "it", "is", "can", "in")),
)
