"""Reading a quote: its translation, and the whole paragraph it stands in, when asked for.

In: a span of an article. Out: HTML. A translation is made once and remembered; it waits its turn for
the LLM. The original stays where it is.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from index.errors import InputError
from index.languages.names import known_names
from index.store.rows import StoredArticle
from rag.check.translation import translate
from ui.page.calls import Reader
from ui.page.desk import MOVES_SECONDS, Desk
from ui.page.draw import articles
from ui.words import WORDS

LONGEST = 2000
"""Characters that are translated at once."""


class Translate:
    """Answers the calls of who reads a quote."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def translate(self, reader: Reader, span: str, into: str) -> dict[str, Any]:
        """The span in a language, as kept or made now."""
        article, start, end = self._span(reader, span)
        language = into if into in WORDS else reader.language
        quote = article.text[start : min(end, start + LONGEST)]
        made = self._kept(quote, language)
        if made is None:
            made = self._made(reader, article, quote, language)
        differs = [(str(one), str(other)) for one, other in made["differs"]]
        return {"html": articles.translated(made["text"], differs, made["llm"], language)}

    def paragraph(self, reader: Reader, span: str) -> dict[str, Any]:
        """The paragraph a span stands in, the span marked."""
        article, start, end = self._span(reader, span)
        first = article.text.rfind("\n", 0, start) + 1
        last = article.text.find("\n", end)
        text = article.text[first : last if last >= 0 else None]
        return {"html": articles.paragraph(text, start - first, end - first, article.language)}

    def _span(self, reader: Reader, span: str) -> tuple[StoredArticle, int, int]:
        name, _, numbers = span.partition("-")
        start, _, end = numbers.partition("-")
        article = self.desk.library.article(name)
        if article is None or not (start.isdigit() and end.isdigit()):
            raise InputError(reader.say["article_gone"])
        return article, int(start), int(end)

    def _kept(self, quote: str, language: str) -> dict[str, Any] | None:
        record = self.desk.conversations.translation(self._key(quote, language))
        return dict(json.loads(record)) if record else None

    def _made(
        self, reader: Reader, article: StoredArticle, quote: str, language: str
    ) -> dict[str, Any]:
        llm = self.desk.library.llm
        if llm is None:
            raise InputError(reader.say["no_translator"])
        library = self.desk.library
        names = (
            known_names(frozenset(library.languages()), library.settings.retrieve.aliases),
            library.retriever.learned_names(),
        )
        with self.desk.line.enter() as ticket:
            while ticket.wait(MOVES_SECONDS):
                pass
            made = asdict(translate(quote, article.published, language, names, llm))
        record = json.dumps(made, ensure_ascii=False)
        self.desk.conversations.keep_translation(self._key(quote, language), record)
        return made

    def _key(self, quote: str, language: str) -> str:
        return hashlib.sha256(f"{language}\0{quote}".encode("utf-8", "replace")).hexdigest()
