"""The language a question is asked in, and so answered in.

In: a question, what was asked and answered before it, and the library. Out: its language. Where its
characters belong to both Chinese scripts, as those of 「哈萨克」 do not but those of 「中日」 do, the
conversation shows the script, or else the one most articles of the library are in.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.languages.text import chinese_script, detect, primary
from index.library import Library


def asked_in(question: str, library: Library, history: Sequence[tuple[str, str]] = ()) -> str:
    """The language of a question; `history` holds earlier questions with their answers."""
    language = detect(question)
    if primary(language) != "zh" or chinese_script(question) is not None:
        return language
    for earlier in reversed(history):
        for text in earlier:
            if primary(detect(text)) == "zh" and (script := chinese_script(text)) is not None:
                return script
    scripts = library.scripts("zh")
    return max(scripts, key=scripts.__getitem__) if scripts else language
