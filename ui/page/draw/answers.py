"""Answers as messages of the conversation: while they are made, and as they end.

In: questions, drafts, `Answer`s. Out: HTML on one line (the chat passes it through Markdown).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from index.languages.text import blank
from rag.answer.answer import Answer, AnswerSentence, understood, unsupported
from rag.export.documents import RELATED_SHOWN, Run
from rag.results.hits import Citation
from ui.page.render import FORMAT_NAMES, attribute, escape, heading_of, origin, where
from ui.words import said, words

if TYPE_CHECKING:
    from rag.export.documents import Result

PREVIEW = 280
"""Characters of a quote that are seen by pointing at its number."""


def welcome(language: str) -> str:
    """The conversation before anything was asked."""
    say = words(language)
    return (
        f'<div class="nc-welcome" lang="{language}"><strong>{escape(say["welcome"])}</strong>'
        f"{escape(say['promise'])}</div>"
    )


def question(text: str) -> str:
    """What the user asked."""
    return f'<div class="nc-question">{escape(text)}</div>'


def waiting(language: str, key: str, state: str = "", found: str = "") -> str:
    """A word on what is going on, with how far it is, above what was found so far.

    What goes on stands in the first line until the end, when that line says how the answer is
    supported: so nothing below it moves.
    """
    said = " ".join(filter(None, (words(language)[key], state)))
    return f'<div class="nc-wait" lang="{language}">{escape(said)}</div>{found}'


def reading(language: str, before: int, found: str) -> str:
    """That the passages are read, or when they will be."""
    if not before:
        return waiting(language, "reading", found=found)
    said = escape(words(language)["reading_after"].format(n=before))
    return f'<div class="nc-wait" lang="{language}">{said}</div>{found}'


def draft(text: str, language: str, *, stopped: bool = False) -> str:
    """What the LLM has written so far: not yet checked, and shown as such."""
    halted = " nc-halted" if stopped else ""
    state = escape(words(language)["stopped" if stopped else "writing"])
    return (
        f'<div class="nc-wait{halted}">{state}</div>'
        f'<div class="nc-draft" lang="{attribute(language)}">{escape(text)}</div>'
    )


def failure(message: str, language: str) -> str:
    """What went wrong."""
    why = escape(said(message, language))
    told = f"<strong>{escape(words(language)['failed'])}</strong> {why}"
    return f'<div class="nc-failure" role="alert">{told}</div>'


def in_line(given: Answer, turn: str, place: int) -> str:
    """The quoted answer, for readers who wait until others have had the LLM."""
    say = words(given.language)
    line = escape(say["in_line"].format(n=place))
    return (
        f'<div class="nc-message nc-meanwhile"><div class="nc-wait">{line}</div>'
        f'<div class="nc-note">{escape(say["meanwhile"])}</div>{_body(given, turn)}</div>'
    )


def answer(given: Answer, turn: str, good: bool | None = None) -> str:
    """A finished answer: cited sentences, sources, what made it, what to do with it."""
    say = words(given.language)
    parts = [_verdict(given), _body(given, turn)]
    parts += [f'<div class="nc-note nc-asked">{escape(line)}</div>' for line in understood(given)]
    parts += [f'<div class="nc-note">{escape(note)}</div>' for note in given.notes]
    if given.citations:
        parts.append(f'<div class="nc-sources">{sources(given.citations, turn)}</div>')
    elif given.abstained and given.hits:
        items = "".join(
            f'<div class="nc-source"><a class="cite" href="#h-{turn}-{hit.rank}">'
            f"{escape(heading_of(hit.article))}</a>{origin(hit.article)}</div>"
            for hit in given.hits[:RELATED_SHOWN]
        )
        parts.append(f'<div class="nc-sources"><span>{escape(say["related"])}</span>{items}</div>')
    parts += [_meta(given, say), foot(turn, say, good)]
    return f'<div class="nc-message">{"".join(parts)}</div>'


def _body(given: Answer, turn: str) -> str:
    body = blank(given.language).join(
        _sentence(given, sentence, turn) for sentence in given.sentences
    )
    kind = "nc-answer nc-abstained" if given.abstained else "nc-answer"
    return f'<div class="{kind}" lang="{attribute(given.language)}">{body}</div>'


def _verdict(given: Answer) -> str:
    """How the articles support an answer, at a glance."""
    say = words(given.language)
    lacking = sum(unsupported(given, sentence) for sentence in given.sentences)
    if given.abstained:
        kind, sign, said = "unanswered", "∅", say["unanswered"]
    elif lacking:
        kind, sign = "lacking", "⚠"
        said = say["lacking"].format(n=lacking, of=len(given.sentences))
    else:
        kind, sign, said = "carried", "✓", say["own_words" if _is_quoted(given) else "carried"]
    return f'<div class="nc-verdict nc-{kind}">{sign} {escape(said)}</div>'


def _is_quoted(given: Answer) -> bool:
    """Whether every sentence is one of its own citations."""
    quotes = {citation.quote for citation in given.citations}
    return all(sentence.text in quotes for sentence in given.sentences)


def foot(turn: str, say: Mapping[str, str], good: bool | None = None) -> str:
    """What can be done with a result: copy, download, link to it, judge it."""
    downloads = "".join(
        f'<a class="export" href="#x-{turn}-{ending[1:]}">{name}</a>'
        for ending, name in FORMAT_NAMES.items()
    )
    votes = "".join(
        f'<a class="vote{" nc-voted" if good is (key == "up") else ""}" href="#v-{turn}-{key}" '
        f'title="{attribute(say[key])}">{sign}</a>'
        for key, sign in (("up", "👍"), ("down", "👎"))
    )
    return (
        f'<div class="nc-export"><a class="export" href="#x-{turn}-copy">{escape(say["copy"])}</a>'
        f'<a class="export" href="#x-{turn}-link">{escape(say["link"])}</a>'
        f"<details><summary>{escape(say['download'])}</summary>{downloads}</details>"
        f'<span class="nc-votes">{votes}</span></div>'
    )


def _sentence(given: Answer, sentence: AnswerSentence, turn: str) -> str:
    text = escape(sentence.text)
    if unsupported(given, sentence):
        say = words(given.language)["unsupported"]
        return lacking(text, "; ".join(sentence.reasons) or say)
    cited = {citation.n: citation for citation in given.citations}
    markers = "".join(
        f'<a class="cite" href="#c-{turn}-{n}" title="{_preview(cited[n])}">[{n}]</a>'
        for n in sentence.citations
        if n in cited
    )
    return f'<span class="nc-sentence">{text}{markers}</span>'


def _preview(citation: Citation) -> str:
    """A citation's words and where they stand, to be seen without leaving the answer."""
    quote = citation.quote
    short = quote if len(quote) <= PREVIEW else f"{quote[:PREVIEW]}…"
    return f"{attribute(short)}&#10;{attribute(where(citation.article))}"


def lacking(text: str, why: str) -> str:
    """HTML of a sentence that nothing carries, with the reason beside it."""
    return (
        f'<span class="nc-unsupported">{text}</span><small class="nc-why">⚠ {escape(why)}</small>'
    )


def cited_runs(given: Iterable[Run], turn: str, space: str) -> str:
    """Runs of text with links to what they cite; those that nothing carries are marked."""
    parts = []
    for run in given:
        text = escape(run.text)
        if run.lacking:
            parts.append(lacking(text, run.lacking))
            continue
        text = f"<strong>{text}</strong>" if run.strong else text
        markers = "".join(f'<a class="cite" href="#c-{turn}-{n}">[{n}]</a>' for n in run.citations)
        parts.append(f'<span class="nc-sentence">{text}{markers}</span>')
    return space.join(parts)


def sources(citations: Iterable[Citation], turn: str) -> str:
    """One line for each cited article, with the numbers of its citations."""
    cited: dict[str, list[Citation]] = {}
    for citation in citations:
        cited.setdefault(citation.article.id, []).append(citation)
    lines = []
    for group in cited.values():
        numbers = "".join(f'<a class="cite" href="#c-{turn}-{c.n}">[{c.n}]</a>' for c in group)
        article = group[0].article
        lines.append(
            f'<div class="nc-source">{numbers} {escape(heading_of(article))}{origin(article)}</div>'
        )
    return "".join(lines)


def message(parts: Sequence[str], result: Result, turn: str) -> str:
    """A comparison or a timeline with its sources and what can be done with it."""
    if not result.citations:
        return f'<div class="nc-message">{"".join(parts)}</div>'
    below = f'<div class="nc-sources">{sources(result.citations, turn)}</div>'
    return (
        f'<div class="nc-message">{"".join(parts)}{below}{foot(turn, words(result.language))}</div>'
    )


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
