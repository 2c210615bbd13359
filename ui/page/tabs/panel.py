"""The panel beside all tabs: evidence, articles with the quoted words marked; and what one can do
with a result: download it, copy it, link to it, judge it.

In: links of the page (see `ui.page.draw`). Out: HTML for the panel, the address that opens the same
again, files to save.
"""

from __future__ import annotations

import base64
import re
from typing import Any

from rag.export.markdown import to_markdown
from ui.page.calls import Reader
from ui.page.desk import Desk
from ui.page.draw import articles
from ui.page.files.originals import original_link
from ui.page.kept.turns import Turn
from ui.page.render import WRITERS, escape
from ui.words import words

TURN = re.compile(r"#?(?P<kind>[cehxv])-(?P<turn>[0-9a-f]+)(?:-(?P<what>[\w.]+))?")
SPAN = re.compile(r"#?p-(?P<article>[0-9a-f]+)-(?P<start>\d+)-(?P<end>\d+)")

Reply = dict[str, Any]


class Panel:
    """Answers the page's links."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def open(self, reader: Reader, reference: str) -> Reply:
        """The panel for a link, and the address that opens it again."""
        if span := SPAN.fullmatch(reference):
            return self._span(reader, span["article"], int(span["start"]), int(span["end"]))
        match = TURN.fullmatch(reference)
        turn = self.desk.turns.get(match["turn"], reader.name) if match else None
        if match is None or turn is None:
            return {"html": articles.hint(reader.language, "gone")}
        turn.opened = True
        number = int(match["what"]) if (match["what"] or "").isdigit() else 0
        html = self._of_turn(turn, match["kind"], number)
        where = {"c": turn.conversation, "t": turn.name, "n": number if match["kind"] == "c" else 0}
        return {"html": html, "address": where, "stays": match["kind"] == "e"}

    def _of_turn(self, turn: Turn, kind: str, number: int) -> str:
        result = turn.result
        if kind == "c" and result and number in {citation.n for citation in result.citations}:
            cited = next(citation for citation in result.citations if citation.n == number)
            now = self.desk.library.article(cited.article.id)
            span = cited.start, cited.end
            away = original_link(self.desk.library, now, turn.language, span) if now else ""
            return articles.cited_article(result, number, turn.name, now, away)
        if kind == "h" and turn.hits:
            for hit in turn.hits:
                if hit.rank == number and hit.article.text:
                    spans = [
                        (hit.best_sentence.start, hit.best_sentence.end, "nc-quote"),
                        (hit.passage.start, hit.passage.end, "nc-passage"),
                    ]
                    nav = articles.back(turn.name, words(turn.language))
                    away = original_link(
                        self.desk.library, hit.article, turn.language, spans[0][:2]
                    )
                    return articles.article(
                        hit.article, spans, hit.duplicates, nav, turn.language, away
                    )
        elif kind == "e" and turn.hits is not None:
            return articles.evidence(turn.hits, turn.name, turn.language)
        elif kind == "e":
            return articles.hint(turn.language)
        return articles.hint(turn.language, "article_gone")

    def _span(self, reader: Reader, article_id: str, start: int, end: int) -> Reply:
        """An article by its id, with a span marked; 0-0 for none."""
        article = self.desk.library.article(article_id)
        if article is None:
            return {"html": articles.hint(reader.language, "article_gone")}
        spans = [(start, end, "nc-quote")] if end > start else []
        away = original_link(self.desk.library, article, reader.language, (start, end))
        nav = f"<span>{escape(reader.say['article'])}</span>"
        html = articles.article(article, spans, (), nav, reader.language, away)
        return {"html": html, "address": {"p": f"{article_id}-{start}-{end}"}}

    def download(self, reader: Reader, reference: str) -> Reply:
        """A file for a download link: its name and content (base64); or text to copy."""
        match = TURN.fullmatch(reference)
        turn = self.desk.turns.get(match["turn"], reader.name) if match else None
        if match is None or turn is None or turn.result is None:
            return {"gone": reader.say["gone"]}
        if match["what"] == "copy":
            return {"copy": to_markdown(turn.result), "said": words(turn.language)["copied"]}
        if match["what"] == "link":
            address = f"?c={turn.conversation}&t={turn.name}"
            return {"link": address, "said": words(turn.language)["copied"]}
        ending = f".{match['what']}"
        if ending not in WRITERS:
            return {"gone": reader.say["gone"]}
        return saved(turn.question, ending, WRITERS[ending](turn.result))

    def vote(self, reader: Reader, reference: str, word: str) -> Reply:
        """Keeps what a reader thinks of an answer."""
        match = TURN.fullmatch(reference)
        turn = self.desk.turns.get(match["turn"], reader.name) if match else None
        if match is None or turn is None or turn.result is None:
            return {"error": reader.say["gone"]}
        turn.good = match["what"] == "up"
        self.desk.conversations.vote(turn.name, turn.good, word[:500])
        return {"said": reader.say["voted"]}


def saved(title: str, ending: str, content: bytes) -> Reply:
    """A file as the script saves it."""
    name = re.sub(r"[^\w-]+", "-", title).strip("-")[:60] or "newscite"
    return {"name": name + ending, "content": base64.b64encode(content).decode()}
