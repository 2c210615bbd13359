"""Answers, evidence and articles as HTML: the only place that makes any.

In: `Answer`, `Hits`, articles. Out: strings of HTML in which every character that came from an
article, a question or an LLM is escaped, for markup, Markdown and templates alike (the page passes
some of it through Gradio's Markdown). Fragments hold no line breaks, which Markdown would act on.

Links within the page: `#c-TURN-N` opens citation N of a turn, `#h-TURN-RANK` a hit, `#e-TURN` the
evidence, `#x-TURN-FORMAT` downloads; static/page.js sends them to ui/page/chat.py.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

from index.report import AddReport
from index.store.rows import StoredArticle
from rag.analysis.comparison import Comparison, finding_runs, group_name, group_title
from rag.analysis.events import Timeline, event_runs
from rag.answer.answer import Answer, AnswerSentence, runs, understood, unsupported
from rag.export.documents import RELATED_SHOWN, Block, Result, Run
from rag.export.formats import WRITERS as TEXT_WRITERS
from rag.export.formats import Writer
from rag.export.text import also_in, clean, show_date, web_address
from rag.results.hits import Citation, Hit, Hits
from ui.words import LANGUAGE_NAMES, words

ARTICLE_CHARS = 60_000
"""How much of an article the panel shows around a quote; a book must not stall the browser."""

FORMAT_NAMES = {
    ".md": "Markdown",
    ".html": "HTML",
    ".docx": "Word",
    ".json": "JSON",
    ".bib": "BibTeX",
    ".ris": "RIS",
    ".csl.json": "CSL-JSON",
}

Span = tuple[int, int, str]
"""From, to (code points), and the class to mark it with."""

_ENTITIES = {ord(c): f"&#{ord(c)};" for c in "&<>\"'" + "\\`*_{}[]#~|$"} | {ord("\n"): "<br>"}
"""What HTML, Markdown, LaTeX or a template could act on, as inert character references."""


def escape(text: str) -> str:
    """Text as inert HTML on one line, fit for element content and quoted attributes."""
    return clean(text).translate(_ENTITIES)


def attribute(text: str) -> str:
    """Text as the value of a quoted attribute."""
    return escape(" ".join(text.split()))


def link(url: str, inner: str) -> str:
    """A link to another site around inner HTML; "" unless the url is http or https."""
    address = web_address(url)
    if not address:
        return ""
    where = html.escape(address)
    return f'<a class="nc-out" href="{where}" target="_blank" rel="noopener noreferrer">{inner}</a>'


def mark(text: str, spans: Sequence[Span]) -> str:
    """Text as HTML with spans marked; where spans overlap, the first of them wins."""
    cuts = sorted({0, len(text), *(min(max(x, 0), len(text)) for s in spans for x in s[:2])})
    parts = []
    for start, end in pairwise(cuts):
        classes = [name for s, e, name in spans if s <= start and end <= e]
        piece = escape(text[start:end])
        parts.append(f'<mark class="{classes[0]}">{piece}</mark>' if classes else piece)
    return "".join(parts)


# Answers


def welcome(language: str) -> str:
    """The conversation before anything was asked."""
    say = words(language)
    return (
        f'<div class="nc-welcome" lang="{language}"><strong>{escape(say["welcome"])}</strong>'
        f"{escape(say['promise'])}</div>"
    )


def question(text: str) -> str:
    """What the user asked, as a chat message."""
    return f'<div class="nc-question">{escape(text)}</div>'


def waiting(language: str, key: str, state: str = "") -> str:
    """A word on what is going on, as a chat message, with how far it is."""
    said = " ".join(filter(None, (words(language)[key], state)))
    return f'<div class="nc-wait" lang="{language}">{escape(said)}</div>'


def draft(text: str, language: str, *, stopped: bool = False) -> str:
    """What the LLM has written so far: not yet checked, and shown as such."""
    say = words(language)
    halted = " nc-halted" if stopped else ""
    state = escape(say["stopped" if stopped else "writing"])
    state = f'<div class="nc-wait{halted}">{state}</div>'
    return f'<div class="nc-draft" lang="{attribute(language)}">{escape(text)}</div>{state}'


def failure(message: str, language: str) -> str:
    """What went wrong, as a chat message."""
    said = f"<strong>{escape(words(language)['failed'])}</strong> {escape(message)}"
    return f'<div class="nc-failure" role="alert">{said}</div>'


def answer(given: Answer, turn: str) -> str:
    """A finished answer as a chat message: cited sentences, sources, what made it, downloads."""
    say = words(given.language)
    space = "" if given.language.startswith("zh") else " "
    body = space.join(_sentence(given, sentence, turn) for sentence in given.sentences)
    kind = "nc-answer nc-abstained" if given.abstained else "nc-answer"
    parts = [f'<div class="nc-note nc-asked">{escape(line)}</div>' for line in understood(given)]
    parts.append(f'<div class="{kind}" lang="{attribute(given.language)}">{body}</div>')
    parts += [f'<div class="nc-reasons">⚠ {why}</div>' for why in _reasons(given)]
    parts += [f'<div class="nc-note">{escape(note)}</div>' for note in given.notes]
    if given.citations:
        parts.append(f'<div class="nc-sources">{_sources(given.citations, turn)}</div>')
    elif given.abstained and given.hits:
        items = "".join(
            f'<div class="nc-source"><a class="cite" href="#h-{turn}-{hit.rank}">'
            f"{escape(_title(hit.article))}</a>{_origin(hit.article)}</div>"
            for hit in given.hits[:RELATED_SHOWN]
        )
        parts.append(f'<div class="nc-sources"><span>{escape(say["related"])}</span>{items}</div>')
    parts += [_meta(given, say), _downloads(turn, say)]
    return f'<div class="nc-message">{"".join(parts)}</div>'


def _downloads(turn: str, say: Mapping[str, str]) -> str:
    downloads = "".join(
        f'<a class="export" href="#x-{turn}-{ending[1:]}">{name}</a>'
        for ending, name in FORMAT_NAMES.items()
    )
    return (
        f'<div class="nc-export"><a class="export" href="#x-{turn}-copy">{escape(say["copy"])}</a>'
        f"<details><summary>{escape(say['download'])}</summary>{downloads}</details></div>"
    )


def comparison(result: Comparison, turn: str) -> str:
    """A comparison as a chat message: an answer beside the other, then the findings."""
    say = words(result.language)
    columns = "".join(
        f"<section><h3>{escape(group_title(group.name, group.articles, result.language))}</h3>"
        f"<div>{_cited_runs(runs(group.answer), turn, ' ')}</div></section>"
        for group in result.groups
    )
    parts = [f'<div class="nc-columns" lang="{attribute(result.language)}">{columns}</div>']
    for kind in ("agree", "differ", "contradict"):
        found = [finding for finding in result.findings if finding.kind == kind]
        items = "".join(
            f"<li>{_cited_runs(finding_runs(finding, result.language), turn, ' ')}</li>"
            for finding in found
        )
        if items:
            heading = escape(say[kind])
            parts.append(f'<div class="nc-findings"><h3>{heading}</h3><ul>{items}</ul></div>')
    if result.left_out:
        names = ", ".join(group_name(name, result.language) for name in result.left_out)
        parts.append(f'<div class="nc-note">{escape(say["left_out"])}: {escape(names)}</div>')
    if not result.groups:
        parts = [f'<div class="nc-answer nc-abstained">{escape(say["no_groups"])}</div>']
    return _message(parts, result, turn)


def timeline(result: Timeline, turn: str) -> str:
    """A timeline as a chat message: a row for each event."""
    say = words(result.language)
    rows = []
    for event in result.events:
        date, told = event_runs(event, result.language)
        rows.append(
            f'<div class="nc-event"><span class="nc-date">{escape(date.text)}</span>'
            f'<div lang="{attribute(event.language)}">{_cited_runs([told], turn, "")}</div></div>'
        )
    none = f'<div class="nc-answer nc-abstained">{escape(say["no_events"])}</div>'
    return _message(
        [f'<div class="nc-timeline">{"".join(rows)}</div>' if rows else none], result, turn
    )


def _message(parts: Sequence[str], result: Comparison | Timeline, turn: str) -> str:
    say = words(result.language)
    sources = f'<div class="nc-sources">{_sources(result.citations, turn)}</div>'
    foot = (sources if result.citations else "") + _downloads(turn, say)
    return f'<div class="nc-message">{"".join(parts)}{foot}</div>'


def _cited_runs(given: Iterable[Run], turn: str, space: str) -> str:
    """Runs of text with links to what they cite; those that nothing carries are marked."""
    parts = []
    for run in given:
        text = escape(run.text)
        if run.lacking:
            why = attribute(run.lacking)
            text = (
                f'<span class="nc-unsupported" tabindex="0" title="{why}">{text}<sup>⚠</sup></span>'
            )
        elif run.strong:
            text = f"<strong>{text}</strong>"
        markers = "".join(f'<a class="cite" href="#c-{turn}-{n}">[{n}]</a>' for n in run.citations)
        parts.append(f'<span class="nc-sentence">{text}{markers}</span>')
    return space.join(parts)


def _sentence(given: Answer, sentence: AnswerSentence, turn: str) -> str:
    text = escape(sentence.text)
    if unsupported(given, sentence):
        say = words(given.language)["unsupported"]
        why = attribute("; ".join((say, *sentence.reasons)))
        return f'<span class="nc-unsupported" tabindex="0" title="{why}">{text}<sup>⚠</sup></span>'
    cited = {citation.n: citation for citation in given.citations}
    markers = "".join(
        f'<a class="cite" href="#c-{turn}-{n}" title="{attribute(_where(cited[n]))}">[{n}]</a>'
        for n in sentence.citations
        if n in cited
    )
    return f'<span class="nc-sentence">{text}{markers}</span>'


def _reasons(given: Answer) -> list[str]:
    """One line for each way in which sentences lack support."""
    say = words(given.language)["unsupported"]
    lacking = [s for s in given.sentences if unsupported(given, s)]
    reasons = dict.fromkeys("; ".join(sentence.reasons) for sentence in lacking)
    return [escape(f"{say}: {why}" if why else say) for why in reasons]


def _where(citation: Citation) -> str:
    article = citation.article
    return " · ".join(filter(None, (article.outlet, show_date(article.published), article.title)))


def _title(article: StoredArticle) -> str:
    return " ".join((article.title or article.file or article.url).split())


def _origin(article: StoredArticle) -> str:
    known = (article.outlet, show_date(article.published))
    return f"<small>{escape(' · '.join(filter(None, known)))}</small>"


def _sources(citations: Iterable[Citation], turn: str) -> str:
    """One line for each cited article, with the numbers of its citations."""
    cited: dict[str, list[Citation]] = {}
    for citation in citations:
        cited.setdefault(citation.article.id, []).append(citation)
    lines = []
    for group in cited.values():
        numbers = "".join(f'<a class="cite" href="#c-{turn}-{c.n}">[{c.n}]</a>' for c in group)
        article = group[0].article
        lines.append(
            f'<div class="nc-source">{numbers} {escape(_title(article))}{_origin(article)}</div>'
        )
    return "".join(lines)


def _meta(given: Answer, say: Mapping[str, str]) -> str:
    llm = say["extractive"] if given.llm == "extractive" else given.llm
    facts = [llm, given.embedder]
    if "total" in given.seconds:
        facts.append(f"{given.seconds['total']:.1f} {say['seconds']}")
    line = escape(" · ".join(filter(None, facts)))
    searched = dict.fromkeys((given.asked, *given.hits.searched))
    queries = [query for query in searched if query not in {"", given.question}]
    if queries:
        line += f"<br>{escape(say['searched'])}: {escape(' · '.join(queries))}"
    return f'<div class="nc-meta">{line}</div>'


# The panel


def hint(language: str) -> str:
    """The panel before anything was asked."""
    return (
        f'<div class="nc-hint" lang="{language}">{escape(words(language)["evidence_hint"])}</div>'
    )


def evidence(hits: Hits, turn: str, language: str) -> str:
    """The passages found, best first, each with its best sentence marked."""
    say = words(language)
    if not hits:
        return _hint(language, "nothing")
    cards = "".join(_card(hit, turn, say) for hit in hits)
    return (
        f'<div class="nc-panel" lang="{language}"><h2>{escape(say["evidence"])} '
        f"<small>{len(hits)}</small></h2>{cards}</div>"
    )


def _card(hit: Hit, turn: str, say: Mapping[str, str]) -> str:
    passage, best = hit.passage, hit.best_sentence
    span = (best.start - passage.start, best.end - passage.start, "nc-best")
    terms = [*_listed(hit, "names"), *_listed(hit, "terms")]
    found = f"<p>{escape(say['found'])}: {escape(' · '.join(terms))}</p>" if terms else ""
    return (
        f'<article class="nc-card" title="{attribute(hit.article.file)}"><h3><a class="cite" '
        f'href="#h-{turn}-{hit.rank}">{escape(_title(hit.article))}</a></h3>'
        f"{_byline(hit.article, say)}"
        f'<blockquote lang="{attribute(passage.language)}">'
        f"{mark(passage.text, [span])}</blockquote>"
        f"{_reprints(hit.duplicates, say)}<footer>{found}</footer></article>"
    )


def _listed(hit: Hit, reason: str) -> Sequence[str]:
    found = hit.reasons.get(reason, [])
    return found if isinstance(found, Sequence) else []


def cited_article(given: Result, n: int, turn: str) -> str:
    """The article of citation `n`: its words highlighted, the answer's other quotes marked."""
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
    spans = [(citation.start, citation.end, "nc-quote"), *others]
    return _article(citation.article, spans, citation.also_in, turn, step, say)


def found_article(hit: Hit, turn: str, language: str) -> str:
    """The article of a hit, with the passage's best sentence highlighted."""
    passage, best = hit.passage, hit.best_sentence
    spans = [(best.start, best.end, "nc-quote"), (passage.start, passage.end, "nc-passage")]
    return _article(hit.article, spans, hit.duplicates, turn, "", words(language))


def gone(language: str) -> str:
    """The panel where the turn behind a link is not in memory any more."""
    return _hint(language, "gone")


def _hint(language: str, key: str) -> str:
    return f'<div class="nc-hint" lang="{language}">{escape(words(language)[key])}</div>'


def _article(
    article: StoredArticle,
    spans: Sequence[Span],
    reprints: Sequence[StoredArticle],
    turn: str,
    step: str,
    say: Mapping[str, str],
) -> str:
    away = link(article.url, f"{escape(say['original'])} ↗")
    return (
        f'<div class="nc-panel nc-article"><header><nav><a class="cite" href="#e-{turn}">'
        f"‹ {escape(say['back'])}</a>{step}</nav>"
        f"<h2>{escape(_title(article))}</h2>{_byline(article, say, away)}</header>"
        f'{_reprints(reprints, say)}<p class="nc-file">{escape(article.file)}</p>'
        f'<div class="nc-body" lang="{attribute(article.language)}">'
        f"{_body(article.text, spans, say)}</div></div>"
    )


def _body(text: str, spans: Sequence[Span], say: Mapping[str, str]) -> str:
    """The article's lines as paragraphs; only the part around the first span if it is very long."""
    middle = spans[0][0]
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


def _byline(article: StoredArticle, say: Mapping[str, str], away: str = "") -> str:
    def known(field: str, text: str) -> str:
        if field in article.guessed:
            return (
                f'<span class="nc-guess" title="{attribute(say["guessed"])}">{escape(text)}</span>'
            )
        return f"<span>{escape(text)}</span>"

    parts = [
        badge(article.language),
        known("outlet", article.outlet or say["unknown_outlet"]),
        known("published", show_date(article.published) or say["undated"]),
    ]
    if article.author:
        parts.append(known("author", article.author))
    return f'<p class="nc-by">{"".join(parts)}{away}</p>'


def _reprints(twins: Iterable[StoredArticle], say: Mapping[str, str]) -> str:
    outlets = dict.fromkeys(twin.outlet or twin.file for twin in twins)
    if not outlets:
        return ""
    return f'<p class="nc-also">{escape(say["also_in"])}: {escape(", ".join(outlets))}</p>'


def badge(language: str) -> str:
    """A language as a small label."""
    short, name = LANGUAGE_NAMES.get(language, (language.upper()[:3], language))
    return f'<span class="nc-badge" title="{attribute(name)}">{escape(short)}</span>'


def language_name(language: str) -> str:
    """A language's name in that language."""
    return LANGUAGE_NAMES.get(language, ("", language))[1]


def added(report: AddReport, language: str) -> str:
    """What became of uploaded files."""
    say = words(language)
    lines = [say["added"].format(n=report.articles)]
    if report.skipped:
        lines.append(say["unchanged"].format(n=len(report.skipped)))
    rejected = "".join(
        f"<li>{escape(f'{entry.source}: {entry.reason}')}</li>" for entry in report.rejected
    )
    if rejected:
        lines.append(say["not_added"])
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<div class="nc-report" role="status">{body}<ul>{rejected}</ul></div>'


def header(facts: Sequence[str], notice: str = "") -> str:
    """The page's head: the name, what is in the library and which models are used."""
    line = "".join(f"<span>{escape(fact)}</span>" for fact in facts if fact)
    warning = f'<p class="nc-notice">{escape(notice)}</p>' if notice else ""
    return f'<header class="nc-head"><h1>newscite</h1><p>{line}</p></header>{warning}'


# Documents


def to_html(result: Result) -> str:
    """A result as a page of its own: no script, nothing loaded, quotes and sources below."""
    given = result.document()
    say = words(given.language)
    items = "".join(
        f'<li id="c-{c.n}" value="{c.n}">{_document_source(c.article)}'
        f"{_document_quote(c.article.language, c.quote)}{_document_reprints(c, say)}</li>"
        for c in given.citations
    )
    sources = f"<h2>{escape(say['sources'])}</h2><ol>{items}</ol>" if items else ""
    related = "".join(
        f"<li>{_document_source(hit.article)}"
        f"{_document_quote(hit.passage.language, hit.passage.text)}</li>"
        for hit in given.related
    )
    if related:
        sources += f"<h2>{escape(say['related'])}</h2><ul>{related}</ul>"
    return (
        f'<!doctype html>\n<html lang="{attribute(given.language)}"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{attribute(given.title)}</title><style>{static('document.css')}</style></head>"
        f"<body><h1>{escape(given.title)}</h1>{_document_blocks(given.blocks, given.space)}"
        f"{sources}</body></html>\n"
    )


_BLOCK_TAGS = {"heading": ("<h2>", "</h2>"), "note": ('<p class="note">', "</p>")}


def _document_blocks(blocks: Sequence[Block], space: str) -> str:
    parts = []
    for block in blocks:
        between = space or " " * (block.kind == "item")
        body = between.join(map(_document_run, block.runs))
        opening, closing = _BLOCK_TAGS.get(block.kind, ("<p>", "</p>"))
        reasons = dict.fromkeys(run.lacking for run in block.runs if run.lacking)
        parts.append(opening + body + closing)
        parts += [f'<p class="reason">⚠ {escape(why)}</p>' for why in reasons]
    return "".join(parts)


def _document_run(run: Run) -> str:
    text = escape(run.text)
    if run.lacking:
        return f'<span class="unsupported">{text}</span>'
    markers = "".join(f'<a href="#c-{n}">[{n}]</a>' for n in run.citations)
    return (f"<strong>{text}</strong>" if run.strong else text) + markers


def _document_source(article: StoredArticle) -> str:
    title = escape(_title(article))
    known = (article.outlet, article.author, show_date(article.published))
    return (link(article.url, title) or f"<b>{title}</b>") + (
        f" <small>{escape(' · '.join(filter(None, known)))}</small>"
    )


def _document_quote(language: str, text: str) -> str:
    return f'<blockquote lang="{attribute(language)}">{escape(text)}</blockquote>'


def _document_reprints(citation: Citation, say: Mapping[str, str]) -> str:
    if not citation.also_in:
        return ""
    return f"<small>{escape(say['also_in'])}: {escape(also_in(citation))}</small>"


WRITERS: Mapping[str, Writer] = {
    **TEXT_WRITERS,
    ".html": lambda result: to_html(result).encode("utf-8", "replace"),
}
"""What writes a file of each ending."""


@cache
def static(name: str) -> str:
    """A file of ui/static as text."""
    return files("ui.page").joinpath("static", name).read_text(encoding="utf-8")
