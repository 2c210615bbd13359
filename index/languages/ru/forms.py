"""How names stand in Russian beside their originals."""

from __future__ import annotations

from index.languages.word_parts import NameForms

FORMS = NameForms(
    alike=r"(?:далее|ранее|или|также|сокращенно|сокращённо|англ\.|кит\.)\s*(?:[—–-]\s*)?",
    region="САР",
    stems="(\\w+стан)(?:а|у|ом|е)?",
)
"""Snowball stems Казахстан and Казахстане differently."""
