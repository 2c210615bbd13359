"""HTML: everything is escaped, offsets are exact, nothing links or loads but what should."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from index.report import AddReport, Entry
from rag.analysis.comparison import Comparison, Finding, Group, Side
from rag.analysis.event_dates import EventDate
from rag.analysis.events import Event, Mention, Timeline
from rag.answer.answer import AnswerSentence
from rag.export.documents import Result
from rag.results.hits import Hits
from tests.samples import (
    ABSTAINED,
    ANSWER,
    CHINESE,
    HITS,
    HOSTILE,
    QUOTES,
    article,
    citation,
    hit,
)
from ui.page import render
from ui.words import BROWSER, WORDS

OUR_TAGS = {
    *("a", "article", "b", "blockquote", "br", "details", "div", "footer", "h1", "h2", "h3"),
    *(
        "header",
        "li",
        "mark",
        "nav",
        "ol",
        "p",
        "section",
        "small",
        "span",
        "strong",
        "summary",
        "sup",
        "ul",
    ),
    *("body", "head", "html", "meta", "style", "title"),
}
VOID_TAGS = {"br", "meta"}


class Parsed(HTMLParser):
    """The tags, attributes and text of a piece of HTML, as a browser would see them."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.marked: dict[str, list[str]] = {}
        self._mark = ""
        self.feed(markup)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in OUR_TAGS, tag
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID_TAGS:
            self.open.append(tag)
        if tag == "mark":
            self._mark = dict(attrs)["class"] or ""
            self.marked.setdefault(self._mark, []).append("")
        if tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "mark":
            self._mark = ""

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data
        if self._mark:
            self.marked[self._mark][-1] += data

    def links(self) -> list[str]:
        return [value for _, name, value in self.attributes if name == "href"]


def check_inert(markup: str) -> Parsed:
    """No script, handler or foreign address in it; nothing for Markdown or a template to act on."""
    parsed = Parsed(markup)
    for _, name, value in parsed.attributes:
        assert not name.startswith("on")
        assert name not in {"src", "style", "srcset", "action"}
        if name == "href":
            assert value.startswith(("#", "https://", "http://")), value
    return parsed


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_everywhere(text: str) -> None:
    evil = article(
        f"{text}\nNext line {text}",
        "x9",
        title=text,
        author=text,
        outlet=text,
        file=text,
        language=text,
        url="javascript:alert(1)",
    )
    quote = text.split("\n")[0]
    found = Hits(text, (hit(evil, quote, duplicates=(evil,), reasons={"terms": [text]}),), (text,))
    given = replace(
        ANSWER,
        question=text,
        sentences=(
            AnswerSentence(text, (1,), supported=True),
            AnswerSentence(text, reasons=(text,)),
        ),
        citations=(citation(1, evil, quote, also_in=(evil,)),),
        hits=found,
        llm=text,
        notes=(text,),
    )
    report = AddReport(rejected=(Entry(text, reason=text),))
    shown = text.replace("\n", "")
    for markup in (
        render.question(text),
        render.draft(text, "en"),
        render.failure(text, "en"),
        render.answer(given, "t1"),
        render.answer(replace(given, abstained=True, citations=()), "t1"),
        render.evidence(found, "t1", "en"),
        render.cited_article(given, 1, "t1"),
        render.found_article(found[0], "t1", "en"),
        render.added(report, "en"),
        render.header([text], text),
        render.to_html(given),
    ):
        parsed = check_inert(markup)
        assert shown in parsed.text.replace("\n", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_message_leaves_markdown_and_templates_nothing(text: str) -> None:
    given = replace(ANSWER, sentences=(AnswerSentence(text, reasons=(text,)),))
    markup = render.answer(given, "t1")
    assert "\n" not in markup
    for active in ("**", "`", "](", "{{", "${", "$$"):
        assert active not in markup


def test_markers_lead_to_their_citations() -> None:
    links = check_inert(render.answer(ANSWER, "abc")).links()
    markers = [link for link in links if link.startswith("#c-")]
    assert markers[:3] == ["#c-abc-1", "#c-abc-2", "#c-abc-3"]
    assert {f"#x-abc-{ending[1:]}" for ending in render.WRITERS} <= set(links)


def test_unsupported_sentence_is_marked_with_its_reason() -> None:
    markup = render.answer(ANSWER, "t1")
    parsed = Parsed(markup)
    assert markup.count('class="nc-unsupported"') == 1
    titles = [value for tag, name, value in parsed.attributes if (tag, name) == ("span", "title")]
    assert any("60,000" in title for title in titles)
    assert "the number 60,000 is not in the source" in parsed.text


def test_marker_without_citation_is_not_shown() -> None:
    invented = replace(ANSWER, sentences=(AnswerSentence("x", (1, 9), supported=True),))
    assert "[9]" not in Parsed(render.answer(invented, "t1")).text


def test_abstention_is_no_unsupported_sentence_and_lists_related_passages() -> None:
    markup = render.answer(ABSTAINED, "t1")
    assert "nc-unsupported" not in markup
    assert "nc-abstained" in markup
    assert "#h-t1-1" in Parsed(markup).links()


@pytest.mark.parametrize("n", [1, 2, 3])
def test_cited_article_highlights_exactly_the_quote(n: int) -> None:
    parsed = check_inert(render.cited_article(ANSWER, n, "t1"))
    cited = ANSWER.citations[n - 1]
    assert parsed.marked["nc-quote"] == [cited.quote]
    for known in (cited.article.outlet, cited.article.title, "2023-03-0"):
        assert known in parsed.text


def test_quote_over_several_lines_is_highlighted_whole() -> None:
    quote = CHINESE.text[5:-3]
    given = replace(ANSWER, citations=(citation(1, CHINESE, quote),))
    parsed = Parsed(render.cited_article(given, 1, "t1"))
    assert "\n".join(parsed.marked["nc-quote"]) == quote


def test_other_quotes_of_the_same_article_are_marked_too() -> None:
    parsed = Parsed(render.cited_article(ANSWER, 1, "t1"))
    assert parsed.marked["nc-other"] == [QUOTES[2]]


def test_quote_is_exact_beyond_the_basic_plane_and_with_white_space() -> None:
    source = article("  𠀀𠀁 first.  \n\n\t🇰🇿 second 𠀂. \r\nthird", "x")
    given = replace(ANSWER, citations=(citation(1, source, "🇰🇿 second 𠀂."),))
    assert Parsed(render.cited_article(given, 1, "t1")).marked["nc-quote"] == ["🇰🇿 second 𠀂."]


def test_very_long_article_is_shown_around_the_quote() -> None:
    source = article("前文。\n" * 100_000 + "要引用的話。\n" + "後文。\n" * 100_000, "x")
    given = replace(ANSWER, citations=(citation(1, source, "要引用的話。"),))
    markup = render.cited_article(given, 1, "t1")
    assert Parsed(markup).marked["nc-quote"] == ["要引用的話。"]
    assert len(markup) < 10 * render.ARTICLE_CHARS


def test_evidence_marks_the_best_sentence_and_names_the_reprints() -> None:
    parsed = check_inert(render.evidence(HITS, "t1", "zh-Hant"))
    assert parsed.marked["nc-best"] == list(QUOTES[:2])
    assert "Outlet c3" in parsed.text


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://news.example/a?b=1&c=2", True),
        ("http://news.example/", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        (" javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("//evil.example/x", False),
        ("https:", False),
        ("http://[bad", False),
        ('https://news.example/"onclick="alert(1)', True),
    ],
)
def test_only_web_addresses_become_links(url: str, linked: bool) -> None:
    markup = render.link(url, "there")
    assert bool(markup) is linked
    if linked:
        parsed = check_inert(markup)
        assert ("a", "rel", "noopener noreferrer") in parsed.attributes
        assert len(parsed.attributes) == 4


def test_document_loads_and_runs_nothing() -> None:
    markup = render.to_html(ANSWER)
    parsed = check_inert(markup)
    assert "default-src 'none'" in markup
    assert all(cited.quote in parsed.text for cited in ANSWER.citations)


def test_every_language_has_every_word() -> None:
    assert len({frozenset(table) for table in WORDS.values()}) == 1
    assert all(all(table.values()) for table in WORDS.values())
    assert BROWSER["zh-HK"] is WORDS["zh-Hant"]


# Comparisons and timelines


def comparison(text: str) -> Comparison:
    evil = article(f"{text} end", "x9", title=text, outlet=text, url=f"javascript:{text}")
    answer = replace(
        ANSWER,
        sentences=(AnswerSentence(text, (1,), True), AnswerSentence(text, reasons=(text,))),
        citations=(citation(1, evil, text),),
        notes=(text,),
    )
    sides = (Side(text, 1, text), Side("", 1, text))
    return Comparison(
        text,
        "en",
        "outlet",
        (Group(text, answer, 2), Group("", ABSTAINED, 1)),
        (Finding("differ", sides, ((text, text),)),),
        answer.citations,
        (text,),
        "llm",
        "embedder",
    )


def timeline(text: str) -> Timeline:
    evil = article(f"{text} end", "x9", title=text, outlet=text, url=f"javascript:{text}")
    when = EventDate(date(2022, 9, 13), date(2022, 9, 13), "day", "relative", said=text)
    event = Event(when, (Mention(1, when, text, "en"),), planned=True)
    return Timeline(text, "en", (event,), (citation(1, evil, text),), "embedder")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_comparison_and_timeline_are_inert(text: str) -> None:
    results: tuple[Result, ...] = (comparison(text), timeline(text))
    shown = (render.comparison(comparison(text), "t"), render.timeline(timeline(text), "t"))
    for result, markup in zip(results, shown, strict=True):
        check_inert(markup)
        check_inert(render.to_html(result))
        check_inert(render.cited_article(result, 1, "t"))


def test_comparison_shows_each_group_and_what_differs() -> None:
    parsed = check_inert(render.comparison(comparison("Exports rose."), "t"))
    assert "Exports rose. (2 articles)" in parsed.text
    assert "The articles do not say." in parsed.text
    assert "They give different numbers" in parsed.text
    assert "#c-t-1" in parsed.links()


def test_timeline_tells_how_its_dates_are_known() -> None:
    parsed = check_inert(render.timeline(timeline("on Tuesday"), "t"))
    assert "2022-09-13 (on Tuesday) [planned]" in parsed.text
    reported = replace(timeline("x").events[0].when, basis="published")
    event = Event(reported, (Mention(1, reported, "x", "en"),))
    shown = render.timeline(replace(timeline("x"), events=(event,)), "t")
    assert "2022-09-13 (reported)" in check_inert(shown).text


def test_nothing_found_is_said() -> None:
    empty = replace(timeline("x"), events=(), citations=())
    assert "tell of no such event" in check_inert(render.timeline(empty, "t")).text
    nobody = replace(comparison("x"), groups=(), findings=(), citations=(), left_out=())
    assert "do not speak of it" in check_inert(render.comparison(nobody, "t")).text


def test_a_completed_follow_up_is_shown() -> None:
    followed = replace(ANSWER, question="那俄方呢?", asked="俄方如何回應關閉貿易代表處?")
    for markup in (render.answer(followed, "t"), render.to_html(followed)):
        assert "理解為: 俄方如何回應關閉貿易代表處?" in check_inert(markup).text
    assert "理解為" not in check_inert(render.answer(ANSWER, "t")).text
