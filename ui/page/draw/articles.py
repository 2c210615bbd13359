"""Evidence and articles in the panel: passages found, an article with the quoted words marked.

In: hits, citations, articles. Out: HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from index.store.rows import StoredArticle
from rag.check.translation import is_foreign
from rag.export.documents import Result
from rag.results.hits import Citation, Hit, Hits
from ui.page.render import Span, attribute, byline, escape, heading_of, link, mark, origin
from ui.words import words

MOST_LIKELY = 3
"""Passages that are named as answering."""

ARTICLE_CHARS = 60_000
"""How much of an article the panel shows around a quote; a book must not stall the browser."""

_LETTER = r"[A-Za-z\u00c0-\u024f\u0400-\u052f]"
_WORD_STARTS = rf"(?:(?<!{_LETTER})|(?!{_LETTER}))"
_WORD_ENDS = rf"(?:(?!{_LETTER})|(?<!{_LETTER}))"
"""Where a word may start and end: not inside one of letters; anywhere among Chinese characters."""


def hint(language: str, key: str = "evidence_hint") -> str:
    """The panel where there is nothing to show: why."""
    return f'<div class="nc-hint" lang="{language}">{escape(words(language)[key])}</div>'


def first_quote(hits: Hits, turn: str, language: str) -> str:
    """The sentence that fits best, or once the passages have been read answers most likely, for a
    message that is still being written."""
    hit = max(hits, key=lambda hit: hit.answers or 0.0)
    best = hit.best_sentence
    text = hit.article.text[best.start : best.end]
    said = (
        [(hit.words.start - best.start, hit.words.end - best.start, "nc-said")] if hit.words else []
    )
    return (
        f'<div class="nc-first"><span class="nc-first-head">{escape(words(language)["found_first"])}'
        f'</span><q lang="{attribute(hit.passage.language)}">{mark(text, said)}</q> '
        f'<a class="cite" href="#h-{turn}-{hit.rank}">{escape(heading_of(hit.article))}</a>'
        f"{origin(hit.article)}</div>"
    )


def evidence(hits: Hits, turn: str, language: str, *, unread: bool = False) -> str:
    """The passages found, best first, each with its best sentence marked; `unread` while they are
    still being read."""
    say = words(language)
    if not hits:
        return hint(language, "nothing")
    likely = answering(hits)
    # without a reader nothing can be said of them
    head = ""
    if unread or any(hit.answers for hit in hits):
        head = f'<p class="nc-likely">{_read(likely, say, unread=unread)}</p>'
    cards = "".join(_card(hit, turn, say, language, likely=hit in likely) for hit in hits)
    return (
        f'<div class="nc-panel" lang="{language}"><h2>{escape(say["evidence"])} '
        f"<small>{len(hits)}</small></h2>{head}"
        f"{cards}</div>"
    )


def answering(hits: Hits) -> list[Hit]:
    """Those of the hits that answer most likely, best first; none before they have been read."""
    likely = [hit for hit in hits if hit.answers is not None and hit.answers > 0]
    return sorted(likely, key=lambda hit: -(hit.answers or 0))[:MOST_LIKELY]


def _read(likely: Sequence[Hit], say: Mapping[str, str], *, unread: bool) -> str:
    """The way to the passages that answer. The passages stay in the order of the search: they are seen
    before they have been read, and must not move while they are looked at."""
    if unread:
        return escape(say["reading"])
    links = " · ".join(f'<a data-card="{hit.rank}" href="#">{hit.rank}</a>' for hit in likely)
    return f"{escape(say['answered_in'])} {links}" if links else escape(say["answered_in_none"])


def _card(hit: Hit, turn: str, say: Mapping[str, str], language: str, *, likely: bool) -> str:
    best = hit.best_sentence
    here = f' <small class="nc-here">{escape(say["answers_here"])}</small>' if likely else ""
    return (
        f'<article class="nc-card{" nc-answering" if likely else ""}" id="nc-card-{hit.rank}" '
        f'title="{attribute(hit.article.file)}"><h3><span>{hit.rank}</span> <a class="cite" '
        f'href="#h-{turn}-{hit.rank}">{escape(heading_of(hit.article))}</a>{here}</h3>'
        f"{byline(hit.article, say)}{passage_quote(hit)}"
        f"{foreign(hit.article, best.start, best.end, language)}"
        f"{reprints(hit.duplicates, say)}</article>"
    )


def passage_quote(hit: Hit) -> str:
    """A passage with the sentence that answers and the words found marked."""
    passage, best = hit.passage, hit.best_sentence
    spans = found_words(hit)
    spans.append((best.start - passage.start, best.end - passage.start, "nc-best"))
    if hit.words:
        spans.append((hit.words.start - passage.start, hit.words.end - passage.start, "nc-said"))
    return (
        f'<blockquote lang="{attribute(passage.language)}">{mark(passage.text, spans)}</blockquote>'
    )


def found_words(hit: Hit) -> list[Span]:
    """Where the words of the question, or what stands for them, are in a passage: whole words, where
    blanks set words apart, and none of a single letter."""
    spans: list[Span] = []
    for reason in ("names", "terms"):
        found = hit.reasons.get(reason, [])
        for word in found if isinstance(found, Sequence) else ():
            if len(word) > 1:
                whole = re.compile(_WORD_STARTS + re.escape(word) + _WORD_ENDS)
                spans += [(*match.span(), "nc-word") for match in whole.finditer(hit.passage.text)]
    return spans


def foreign(
    article: StoredArticle, start: int, end: int, language: str, *, whole: bool = True
) -> str:
    """An offer to translate words of an article, where they are in another language; and to show
    the paragraph they stand in."""
    say = words(language)
    span = f'data-span="{article.id}-{start}-{end}"'
    buttons = ""
    if is_foreign(article.language, language):
        buttons += (
            f'<button type="button" class="nc-translate" {span} '
            f'data-into="{attribute(language)}">{escape(say["translate"])}</button>'
        )
    if whole:
        text = escape(say["whole_paragraph"])
        buttons += f'<button type="button" class="nc-paragraph" {span}>{text}</button>'
    return f'<div class="nc-reading">{buttons}</div>' if buttons else ""


def paragraph(text: str, start: int, end: int, language: str) -> str:
    """A paragraph with a span marked."""
    marked = mark(text, [(start, end, "nc-best")])
    return f'<blockquote class="nc-whole" lang="{attribute(language)}">{marked}</blockquote>'


def translated(text: str, differs: Sequence[tuple[str, str]], by: str, language: str) -> str:
    """A translation, marked as made by machine, with what it says differently from the original."""
    say = words(language)
    faults = "".join(
        f"<li>{escape(say['differs'].format(original=original or '–', translation=given or '–'))}</li>"
        for original, given in differs
    )
    warning = f'<ul class="nc-differs">{faults}</ul>' if faults else ""
    checked = "" if faults else f" · {escape(say['checked'])}"
    return (
        f'<p lang="{attribute(language)}">{escape(text)}</p>{warning}'
        f"<small>{escape(say['by_machine'])} ({escape(by)}){checked}</small>"
    )


def cited_article(
    given: Result, n: int, turn: str, now: StoredArticle | None, original: str = ""
) -> str:
    """The article of citation `n`, as it is `now`: its words highlighted, the result's other quotes
    marked; of one that has gone, the quote that was kept."""
    say = words(given.language)
    by_number = {citation.n: citation for citation in given.citations}
    citation = by_number[n]
    others = [
        (other.start, other.end, "nc-other")
        for other in given.citations
        if other.article.id == citation.article.id and other.n != n
    ]
    numbers = list(by_number)
    at = numbers.index(n)
    steps = [
        f'<a class="cite" href="#c-{turn}-{numbers[to]}" title="{attribute(say[key])}">{sign}</a>'
        if 0 <= to < len(numbers)
        else f'<span class="nc-off">{sign}</span>'
        for to, key, sign in ((at - 1, "previous", "‹"), (at + 1, "next", "›"))
    ]
    step = f"<span>{steps[0]} [{n}] {steps[1]}</span>"
    if now is None or now.text[citation.start : citation.end] != citation.quote:
        return _gone_article(citation, turn, step, say)
    spans = [(citation.start, citation.end, "nc-quote"), *others]
    return article(now, spans, citation.also_in, back(turn, say) + step, given.language, original)


def _close(say: Mapping[str, str]) -> str:
    title = attribute(say["close"])
    return f'<button type="button" data-close-panel title="{title}" aria-label="{title}">✕</button>'


def back(turn: str, say: Mapping[str, str]) -> str:
    """A link to a turn's evidence."""
    return f'<a class="cite" href="#e-{turn}">‹ {escape(say["back"])}</a>'


def article(
    shown: StoredArticle,
    spans: Sequence[Span],
    twins: Sequence[StoredArticle],
    nav: str,
    language: str,
    original: str = "",
) -> str:
    """An article with spans marked; the first of them is what it was opened for."""
    say = words(language)
    away = link(shown.url, f"{escape(say['original'])} ↗") + original
    start, end = spans[0][:2] if spans else (0, 0)
    offer = foreign(shown, start, end, language, whole=False) if end > start else ""
    return (
        f'<div class="nc-panel nc-article" data-article="{shown.id}">'
        f"<header><nav>{nav}{_close(say)}</nav>"
        f"<h2>{escape(heading_of(shown))}</h2>{byline(shown, say, away)}{offer}</header>"
        f'{reprints(twins, say)}<p class="nc-file">{escape(shown.file)}</p>'
        f'<div class="nc-body" lang="{attribute(shown.language)}">'
        f"{_body(shown.text, spans, say)}</div></div>"
    )


def _gone_article(citation: Citation, turn: str, step: str, say: Mapping[str, str]) -> str:
    """What was kept of an article that is not in the library any more."""
    shown = citation.article
    return (
        f'<div class="nc-panel nc-article"><header><nav>{back(turn, say)}{step}{_close(say)}</nav>'
        f"<h2>{escape(heading_of(shown))}</h2>"
        f"{byline(shown, say, link(shown.url, escape(say['original']) + ' ↗'))}</header>"
        f'<p class="nc-notice">{escape(say["article_gone"])}</p>'
        f'<blockquote lang="{attribute(shown.language)}"><mark class="nc-quote">'
        f"{escape(citation.quote)}</mark></blockquote></div>"
    )


def _body(text: str, spans: Sequence[Span], say: Mapping[str, str]) -> str:
    """The article's lines as paragraphs; only the part around the first span if it is very long."""
    middle = spans[0][0] if spans else 0
    first = max(0, min(middle - ARTICLE_CHARS // 2, len(text) - ARTICLE_CHARS))
    last = min(len(text), first + ARTICLE_CHARS)
    parts = []
    start = first
    for line in text[first:last].split("\n"):
        inside = [(s - start, e - start, name) for s, e, name in spans]
        if line.strip():
            parts.append(
                f"<p>{mark(line, [s for s in inside if s[1] > 0 and s[0] < len(line)])}</p>"
            )
        start += len(line) + 1
    more = f'<p class="nc-hint">{escape(say["shortened"])}</p>'
    return (more if first > 0 else "") + "".join(parts) + (more if last < len(text) else "")


def reprints(twins: Iterable[StoredArticle], say: Mapping[str, str]) -> str:
    """The outlets that carry the same, in a line."""
    outlets = dict.fromkeys(twin.outlet or twin.file for twin in twins)
    if not outlets:
        return ""
    return f'<p class="nc-also">{escape(say["also_in"])}: {escape(", ".join(outlets))}</p>'
