"""How names stand in Russian beside their originals, and how they end in each case."""

from __future__ import annotations

from index.languages.word_parts import NameForms

_ADJECTIVE = "ого его ому ему ым им ом ем ая яя ой ей ую юю ое ее ые ие ых их ыми ими"
_CONSONANTS = "бвгджзклмнпрстфхцчшщ"
_HARD = "а у ом ем ым е ы и ов ам ами ах"
_CASES = {
    **{last: " ".join(last + end for end in _HARD.split()) for last in _CONSONANTS},
    "й": "я ю ем е и",
    "ь": "я ю ем е и ью ей ям ями ях",
    "а": "ы и е у ой ей ою ам ами ах",
    "я": "и е ю ей ею ям ями ях",
    "ы": " ов ам ами ах",
    "цы": "ец ца цу цем це цев цам цами цах",
    "не": "н нам нами нах",
    "ье": "ья ью ьем",
    "ие": "ия ию ием ии",
    "во": "ва ву вом ве",
    "ино": "ина ину ином ине",
    "ец": "ца цу цем цом це цы цев цам цами цах",
    "ет": "та ту том те",
    "ки": "к ка ку ком ке ков кам ками ках",
    "йи": "йев йям йями йях",
    "хи": "х ха ху хом хе хов хам хами хах",
    "ий": _ADJECTIVE,
    "ый": _ADJECTIVE,
    "ой": _ADJECTIVE,
    "ая": _ADJECTIVE,
    "ое": _ADJECTIVE,
    "ее": _ADJECTIVE,
    "ые": _ADJECTIVE,
}
"""A foreign name in -о, -у, -и or -э is the same in every case: Коро is not Кореи, nor Кито Китая."""

FORMS = NameForms(
    alike=r"(?:далее|ранее|или|также|сокращенно|сокращённо|англ\.|кит\.)\s*(?:[—–-]\s*)?",
    region="САР",
    stems="(\\w+стан)(?:а|у|ом|е)?",
    endings=(
        r"(?<=\w\w)(?:ами|ями|ого|его|ому|ему|ыми|ими|ой|ей|ою|ею|ом|ем|ым|им|ов|ев|ах|ях|ам|ям|ую|юю|ая|яя|ое|ее|ые"
        "|ие|их|ых|ью|[аеийоуыьюя])$"
    ),
    fleeting=f"(?<=[{_CONSONANTS}])[ео](?=[{_CONSONANTS}]$)",
    cases={end: frozenset(others.split(" ")) for end, others in _CASES.items()},
)
"""Snowball stems Казахстан and Казахстане differently, and Китай and Китая."""
