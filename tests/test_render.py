"""HTML: everything is escaped, offsets are exact, nothing links or loads but what should."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from index.report import AddReport, Entry
from index.store.catalog import Listing, Row
from rag.analysis.comparison import Comparison, Finding, Group, Side
from rag.analysis.dates import EventDate
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
    REPRINT,
    article,
    citation,
    hit,
)
from ui.page import render
from ui.page.calls import Reader
from ui.page.draw import answers, articles, conversations, search
from ui.page.draw import library as table
from ui.page.draw.compare import comparison as compared
from ui.page.draw.timeline import timeline as dated
from ui.page.kept.conversations import Conversation
from ui.words import BROWSER, WORDS

OUR_TAGS = {
    *("a", "article", "b", "blockquote", "br", "details", "div", "footer", "h1", "h2", "h3"),
    *("button", "fieldset", "i", "input", "label", "legend", "progress", "q"),
    *("table", "tbody", "td", "th", "thead", "tr"),
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
PLACED = re.compile(r"(left|height|width):[\d.]+%;?(width:[\d.]+%;)?")
"""Where in a picture something is."""

VOID_TAGS = {"br", "meta", "input"}


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
        assert name not in {"src", "srcset", "action"}
        assert name != "style" or PLACED.fullmatch(value), value
        if name == "href":
            assert value.startswith(("#", "?c=", "https://", "http://")), value
    return parsed


def opened(result: Result, n: int, turn: str) -> str:
    """The article of a citation that is still as it was."""
    cited = next(citation for citation in result.citations if citation.n == n)
    return articles.cited_article(result, n, turn, cited.article)


def row(text: str) -> Row:
    named = (text, text, text, text, "en", text, (text,), f"javascript:{text}", text, text)
    return Row("x1", *named, 2, text, frozenset(("outlet",)), frozenset(("title",)))


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
    report = AddReport(rejected=(Entry(text, reason=text),), left_out=(Entry("a", reason=text),))
    shown = text.replace("\n", "")
    for markup in (
        answers.question(text),
        answers.draft(text, "en"),
        answers.failure(text, "en"),
        answers.answer(given, "t1"),
        answers.answer(replace(given, abstained=True, citations=()), "t1"),
        articles.evidence(found, "t1", "en"),
        opened(given, 1, "t1"),
        articles.article(found[0].article, [(0, 2, "nc-quote")], (), "", "en"),
        articles.translated(text, [(text, text)], text, "en"),
        articles.paragraph(text, 0, 2, text),
        answers.in_line(given, "t1", 3),
        answers.waiting("en", "searching", text, articles.first_quote(found, "t1", "en")),
        search.results(found, "zh", "en", 0.1),
        search.facets({"outlets": {text: 2}}, {"outlets": [text]}, "en"),
        conversations.listed([Conversation("a", "", "ask", text, text)], "", "", WORDS["en"]),
        table.added(report, "en"),
        table.table(Listing((row(text),), 1), "title", True, 0, 50, Reader(), {row(text).id: text}),
        render.to_html(given),
    ):
        parsed = check_inert(markup)
        assert shown in parsed.text.replace("\n", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_message_leaves_markdown_and_templates_nothing(text: str) -> None:
    given = replace(ANSWER, sentences=(AnswerSentence(text, reasons=(text,)),))
    markup = answers.answer(given, "t1")
    assert "\n" not in markup
    for active in ("**", "`", "](", "{{", "${", "$$"):
        assert active not in markup


def test_markers_lead_to_their_citations() -> None:
    links = check_inert(answers.answer(ANSWER, "abc")).links()
    markers = [link for link in links if link.startswith("#c-")]
    assert markers[:3] == ["#c-abc-1", "#c-abc-2", "#c-abc-3"]
    assert {f"#x-abc-{ending[1:]}" for ending in render.WRITERS} <= set(links)


def test_unsupported_sentence_is_marked_with_its_reason() -> None:
    markup = answers.answer(ANSWER, "t1")
    parsed = Parsed(markup)
    assert markup.count('class="nc-unsupported"') == 1
    assert "1 句未獲文章佐證" in parsed.text or "1 of" in parsed.text
    assert "the number 60,000 is not in the source" in parsed.text


def test_marker_without_citation_is_not_shown() -> None:
    invented = replace(ANSWER, sentences=(AnswerSentence("x", (1, 9), supported=True),))
    assert "[9]" not in Parsed(answers.answer(invented, "t1")).text


def test_abstention_is_no_unsupported_sentence_and_lists_related_passages() -> None:
    markup = answers.answer(ABSTAINED, "t1")
    assert "nc-unsupported" not in markup
    assert "nc-abstained" in markup
    assert "#h-t1-1" in Parsed(markup).links()


@pytest.mark.parametrize("n", [1, 2, 3])
def test_cited_article_highlights_exactly_the_quote(n: int) -> None:
    parsed = check_inert(opened(ANSWER, n, "t1"))
    cited = ANSWER.citations[n - 1]
    assert parsed.marked["nc-quote"] == [cited.quote]
    for known in (cited.article.outlet, cited.article.title, "2023-03-0"):
        assert known in parsed.text


def test_quote_over_several_lines_is_highlighted_whole() -> None:
    quote = CHINESE.text[5:-3]
    given = replace(ANSWER, citations=(citation(1, CHINESE, quote),))
    parsed = Parsed(opened(given, 1, "t1"))
    assert "\n".join(parsed.marked["nc-quote"]) == quote


def test_other_quotes_of_the_same_article_are_marked_too() -> None:
    parsed = Parsed(opened(ANSWER, 1, "t1"))
    assert parsed.marked["nc-other"] == [QUOTES[2]]


def test_quote_is_exact_beyond_the_basic_plane_and_with_white_space() -> None:
    source = article("  𠀀𠀁 first.  \n\n\t🇰🇿 second 𠀂. \r\nthird", "x")
    given = replace(ANSWER, citations=(citation(1, source, "🇰🇿 second 𠀂."),))
    assert Parsed(opened(given, 1, "t1")).marked["nc-quote"] == ["🇰🇿 second 𠀂."]


def test_very_long_article_is_shown_around_the_quote() -> None:
    source = article("前文。\n" * 100_000 + "要引用的話。\n" + "後文。\n" * 100_000, "x")
    given = replace(ANSWER, citations=(citation(1, source, "要引用的話。"),))
    markup = opened(given, 1, "t1")
    assert Parsed(markup).marked["nc-quote"] == ["要引用的話。"]
    assert len(markup) < 10 * articles.ARTICLE_CHARS


def test_the_report_tells_what_was_left_out_of_what_was_read() -> None:
    report = AddReport(articles=1, left_out=(Entry("a.html", reason="advertisement", count=3),))
    markup = table.added(report, "en")
    assert "advertisement (3)" in check_inert(markup).text
    assert "Left out" not in table.added(AddReport(articles=1), "en")


def test_search_folds_reprints_under_the_first() -> None:
    found = (hit(CHINESE, QUOTES[0], duplicates=(REPRINT,)),)
    markup = search.results(found, "zh-Hant", "en", 0.1)
    parsed = check_inert(markup)
    assert markup.count('class="nc-card nc-result"') == 1
    folded = markup.split("<details")[1]
    assert "Outlet c3" in folded and f"#p-{REPRINT.id}-0-0" in folded
    assert parsed.marked["nc-best"] == [QUOTES[0]]


def test_evidence_marks_the_best_sentence_and_names_the_reprints() -> None:
    parsed = check_inert(articles.evidence(HITS, "t1", "zh-Hant"))
    assert parsed.marked["nc-best"] == list(QUOTES[:2])
    assert "Outlet c3" in parsed.text


def test_words_found_are_marked_as_whole_words() -> None:
    text = "Казахстан закрывает в России торг. CGTN采访了Казахстан."
    written = article(text, language="ru")
    reasons = {"terms": ["в", "торг", "крыва", "采访"], "names": ["Казахстан"]}
    found = articles.found_words(hit(written, text, reasons=reasons))
    marked = [text[start:end] for start, end, _ in sorted(found)]
    assert marked == ["Казахстан", "торг", "采访", "Казахстан"]


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


def test_histogram_counts_dates_and_leaves_out_what_is_none() -> None:
    markup = search.histogram([*HOSTILE, "", "2023-01", "2023-03-01", "2023-03-05"], [], "en")
    bars = [v for _, name, v in check_inert(markup).attributes if name == "data-month"]
    assert bars == ["2023-01", "2023-02", "2023-03"]
    assert 'title="2023-03: 2"' in markup


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
    shown = (compared(comparison(text), "t"), dated(timeline(text), "t"))
    for result, markup in zip(results, shown, strict=True):
        check_inert(markup)
        check_inert(render.to_html(result))
        check_inert(opened(result, 1, "t"))


def test_comparison_shows_each_group_and_what_differs() -> None:
    parsed = check_inert(compared(comparison("Exports rose."), "t"))
    assert "Exports rose. (2 articles)" in parsed.text
    assert "The articles do not say." in parsed.text
    assert "They give different numbers" in parsed.text
    assert "#c-t-1" in parsed.links()


def test_timeline_says_how_its_dates_are_known() -> None:
    parsed = check_inert(dated(timeline("on Tuesday"), "t"))
    assert "2022-09-13 (on Tuesday) [planned]" in parsed.text
    reported = replace(timeline("x").events[0].when, basis="published")
    event = Event(reported, (Mention(1, reported, "x", "en"),))
    shown = dated(replace(timeline("x"), events=(event,)), "t")
    assert "2022-09-13 (reported)" in check_inert(shown).text


def test_nothing_found_is_said() -> None:
    empty = replace(timeline("x"), events=(), citations=())
    assert "tell of no such event" in check_inert(dated(empty, "t")).text
    nobody = replace(comparison("x"), groups=(), findings=(), citations=(), left_out=())
    assert "do not speak of it" in check_inert(compared(nobody, "t")).text


def test_a_completed_follow_up_is_shown() -> None:
    followed = replace(ANSWER, question="那俄方呢?", asked="俄方如何回應關閉貿易代表處?")
    for markup in (answers.answer(followed, "t"), render.to_html(followed)):
        assert "理解為: 俄方如何回應關閉貿易代表處?" in check_inert(markup).text
    assert "理解為" not in check_inert(answers.answer(ANSWER, "t")).text
