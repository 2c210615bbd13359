"""What an answer, a comparison or a timeline says, apart from how it looks.

In: any of the three. Out: a `Document`, which the Markdown, Word and HTML writers draw: blocks of
runs with citation numbers, then the citations, then related passages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.compare import Comparison, Finding
from rag.dating import EventDate
from rag.records import Answer, AnswerSentence, Citation, Hit
from rag.timeline import Event, Timeline

Result = Answer | Comparison | Timeline
"""What can be shown and exported; all have `language`, `citations` and `to_dict`."""

LABELS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "sources": "Sources",
        "understood": "Understood as",
        "also_in": "Also in",
        "unsupported": "Not supported by the articles",
        "related": "Related passages",
        "untitled": "Untitled",
        "unknown": "Unknown",
        "articles_read": "articles",
        "article_read": "article",
        "agree": "They agree",
        "differ": "They give different numbers",
        "contradict": "They take opposite sides",
        "left_out": "Not compared",
        "since": "since",
        "reported": "reported",
        "planned": "planned",
        "no_events": "The articles tell of no such event.",
        "no_groups": "The articles do not speak of it.",
    },
    "zh-Hant": {
        "sources": "來源",
        "understood": "理解為",
        "also_in": "另見",
        "unsupported": "文章未能佐證",
        "related": "相關段落",
        "untitled": "無標題",
        "unknown": "未知",
        "articles_read": "篇文章",
        "article_read": "篇文章",
        "agree": "說法一致",
        "differ": "數字不同",
        "contradict": "說法相反",
        "left_out": "未比較",
        "since": "自",
        "reported": "報導日",
        "planned": "預定",
        "no_events": "文章中沒有這方面的事件。",
        "no_groups": "文章沒有談到這個問題。",
    },
    "zh-Hans": {
        "sources": "来源",
        "understood": "理解为",
        "also_in": "另见",
        "unsupported": "文章未能佐证",
        "related": "相关段落",
        "untitled": "无标题",
        "unknown": "未知",
        "articles_read": "篇文章",
        "article_read": "篇文章",
        "agree": "说法一致",
        "differ": "数字不同",
        "contradict": "说法相反",
        "left_out": "未比较",
        "since": "自",
        "reported": "报道日",
        "planned": "预定",
        "no_events": "文章中没有这方面的事件。",
        "no_groups": "文章没有谈到这个问题。",
    },
}
"""The words an exported result needs beside its own, by language; English for any other."""

RELATED_SHOWN = 3
"""Nearest passages listed under an abstention."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text."""

    text: str
    citations: tuple[int, ...] = ()
    lacking: str = ""
    """Why it is marked as carried by no source, in words; "" where it is not."""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, an item of a list, or a note beside the text."""

    kind: Literal["heading", "text", "item", "note"]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A result as blocks."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...]
    related: Sequence[Hit] = ()

    @property
    def space(self) -> str:
        """What stands between two runs."""
        return "" if self.language.startswith("zh") else " "


def labels(language: str) -> Mapping[str, str]:
    """The words for a result in `language`."""
    return LABELS.get(language, LABELS["en"])


def document(result: Result) -> Document:
    """A result as a document."""
    if isinstance(result, Comparison):
        return _comparison(result)
    if isinstance(result, Timeline):
        return _timeline(result)
    related = result.hits[:RELATED_SHOWN] if result.abstained else ()
    notes = (*understood(result), *result.notes)
    blocks = (Block("text", runs(result)), *(_note(note) for note in notes))
    return Document(result.question, result.language, blocks, result.citations, related)


def understood(answer: Answer) -> tuple[str, ...]:
    """How a follow-up was completed, in a line; nothing where it was asked as it stands."""
    if answer.asked in {"", answer.question}:
        return ()
    return (f"{labels(answer.language)['understood']}: {answer.asked}",)


def runs(answer: Answer) -> tuple[Run, ...]:
    """The sentences of an answer, those that nothing carries with the reason."""
    say = labels(answer.language)["unsupported"]
    return tuple(
        Run(sentence.text, lacking=": ".join(filter(None, (say, "; ".join(sentence.reasons)))))
        if unsupported(answer, sentence)
        else Run(sentence.text, sentence.citations)
        for sentence in answer.sentences
    )


def unsupported(answer: Answer, sentence: AnswerSentence) -> bool:
    """Whether a sentence must be marked: nothing carries it, and it is not the abstention."""
    return not sentence.supported and not answer.abstained


def group_name(name: str, language: str) -> str:
    """The name of a group of a comparison, in words where the articles tell none."""
    return name or labels(language)["unknown"]


def group_title(name: str, articles: int, language: str) -> str:
    """The same with how many articles it has on the question."""
    space = "" if language.startswith("zh") else " "
    what = labels(language)["article_read" if articles == 1 else "articles_read"]
    return f"{group_name(name, language)} ({articles}{space}{what})"


def finding_runs(finding: Finding, language: str) -> tuple[Run, ...]:
    """Both sides of a finding, each quoted and cited."""
    parts: list[Run] = []
    for at, side in enumerate(finding.sides):
        said = ", ".join(pair[at] for pair in finding.details)
        name = group_name(side.group, language) + (f" ({said})" if said else "")
        parts += [Run(f"{name}:", strong=True), Run(f"“{side.quote}”", (side.citation,))]
    return tuple(parts)


def date_words(when: EventDate, language: str) -> str:
    """An event's date for people: "since 2022-02-24", "2022-09-06 – 2022-09-20 (近日)"."""
    say = labels(language)
    text = when.iso.replace("/", " – ")
    if when.basis == "published":
        return f"{text} ({say['reported']})"
    if when.since:
        text = f"{say['since']} {text}"
    return f"{text} ({when.said})" if when.basis == "relative" else text


def event_runs(event: Event, language: str) -> tuple[Run, ...]:
    """An event with its date."""
    date = date_words(event.when, language)
    if event.planned:
        date += f" [{labels(language)['planned']}]"
    return Run(date, strong=True), Run(event.text, event.citations)


def _comparison(result: Comparison) -> Document:
    say = labels(result.language)
    blocks: list[Block] = []
    for group in result.groups:
        title = group_title(group.name, group.articles, result.language)
        blocks += [_heading(title), Block("text", runs(group.answer))]
        blocks += [_note(note) for note in group.answer.notes]
    for kind in ("agree", "differ", "contradict"):
        found = [finding for finding in result.findings if finding.kind == kind]
        if found:
            blocks.append(_heading(say[kind]))
        blocks += [Block("item", finding_runs(one, result.language)) for one in found]
    if result.left_out:
        names = ", ".join(group_name(name, result.language) for name in result.left_out)
        blocks.append(_note(f"{say['left_out']}: {names}"))
    if not result.groups:
        blocks.append(Block("text", (Run(say["no_groups"]),)))
    return Document(result.question, result.language, tuple(blocks), result.citations)


def _timeline(result: Timeline) -> Document:
    blocks = [Block("item", event_runs(event, result.language)) for event in result.events]
    if not blocks:
        blocks.append(Block("text", (Run(labels(result.language)["no_events"]),)))
    return Document(result.topic, result.language, tuple(blocks), result.citations)


def _heading(text: str) -> Block:
    return Block("heading", (Run(text),))


def _note(text: str) -> Block:
    return Block("note", (Run(text),))
