"""A text in one language with its names and large numbers as another language writes them.

In: "俄羅斯已向朝鮮輸送超過100萬桶石油", for an answer in English. Out: "Russia已向North Korea輸送超過
1 million桶石油". A small LLM understands the other language well, but carries names and numbers over
badly: it turns 哈國 into the Netherlands, and 50萬 into 50,000.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from index.languages.names import Name, Names
from index.languages.pack import pack_of, packs, texts
from index.languages.text import fold, primary, to_script
from rag.llm.written_numbers import converted

_PUNCTUATION = re.compile(r"[「」『』“”\"()（）,，。]")
_FORMS = {pack.code: re.compile(f"[{pack.letters}]{{2,}}") for pack in packs() if pack.letters}


@cache
def glossary() -> Names:
    """Words of news that small LLMs translate badly, in English and as each pack has them."""
    groups: dict[str, list[str]] = {}
    for table in texts("glossary").values():
        for section in table.values():
            for english, forms in section.items():
                groups.setdefault(english, [english]).extend(forms)
    return Names(groups.values())


def localized(text: str, language: str, question: str, tables: Iterable[Names]) -> str:
    """The text with what the tables know, and its large numbers, in the forms of `language`.

    Of several forms the one that the question uses is taken.
    """
    asked = fold(question)
    spans: dict[tuple[int, int], list[str]] = {}
    for table in (*tables, glossary()):
        found: dict[tuple[int, int], list[str]] = {}
        for name in table.find(text):
            form = form_in(name, language, asked)
            if form and len(name.text) > 1 and not _PUNCTUATION.search(name.text):
                found.setdefault((name.start, name.end), []).append(form)
        spans = {**found, **spans}
    for start, end, number in converted(text, language):
        spans[start, end] = [number]
    parts: list[str] = []
    done = 0
    for (start, end), forms in sorted(spans.items()):
        if start >= done:
            parts += [text[done:start], f"\0{'-'.join(dict.fromkeys(forms))}\0"]
            done = end
    joined = "".join([*parts, text[done:]])
    pack = pack_of(language)
    if not pack or pack.spaced:
        joined = re.sub(r"(?<=\w)\0+(?=\w)", " ", joined)
    return joined.replace("\0", "")


def form_in(name: Name, language: str, asked: str = "") -> str:
    """The form to write; "" where the name has none in that language, or is written in it already:
    「裏海石油管線」(CPC) is not about a Communist Party."""
    pattern = _FORMS.get(primary(language))
    if pattern and pattern.fullmatch(name.text):
        return ""
    forms = [form for form in name.forms if pattern and pattern.fullmatch(form)]
    used = [form for form in forms if fold(form) in asked]
    return to_script(max(used, key=len) if used else forms[0], language) if forms else ""
