"""The parts by which a timeline dates what happened, each by itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.embed.kept import Kept
from index.languages.dates.relative_days import day_of
from index.languages.numbers.quantity import Day
from index.languages.numbers.stated import days
from index.languages.text import fold, sentences
from index.records import Passage
from index.store.rows import StoredArticle
from rag.analysis.dated_clauses import When, clause_start, clauses, compares, intervals
from rag.analysis.missing_years import completed, counted_year, to_come
from rag.analysis.reading import read
from rag.analysis.reported import Reports
from rag.results.hits import Hit

PUBLISHED = date(2022, 9, 15)


def the_day(text: str) -> Day:
    (found,) = days(text)
    return found


@pytest.mark.parametrize(
    ("text", "year", "month"),
    [("9月16日", 2022, 9), ("12月3日", 2021, 12), ("on 3 March", 2022, 3)],
)
def test_a_date_without_a_year_is_the_latest_such_date(text: str, year: int, month: int) -> None:
    found = completed(the_day(text), None, None, PUBLISHED, text)
    assert found is not None and (found.year, found.month) == (year, month)


def test_the_year_of_the_sentence_wins_and_an_earlier_one_helps() -> None:
    text = "9月13日"
    named = completed(the_day(text), 2019, 2018, PUBLISHED, text)
    assert named is not None and named.year == 2019
    undated = completed(the_day(text), None, 2018, None, text)
    assert undated is not None and undated.year == 2018 and undated.resolved
    assert completed(the_day(text), None, None, None, text) is None


@pytest.mark.parametrize(
    ("day", "found"),
    [(15, "2022-09-15"), (14, "2022-09-14"), (20, "2022-09-20"), (23, "2022-08-23")],
)
def test_a_day_alone_is_the_latest_unless_one_is_near(day: int, found: str) -> None:
    one = completed(Day(None, None, day, 0, 2), None, None, PUBLISHED, "")
    assert one is not None and one.iso() == found


@pytest.mark.parametrize(
    ("text", "named", "year"),
    [
        ("去年3月", None, 2021),
        ("in March last year", None, 2021),
        ("次年3月", 2018, 2019),
        ("3月", 2018, None),
        ("次年3月", None, None),
    ],
)
def test_words_beside_a_month_say_its_year(text: str, named: int | None, year: int | None) -> None:
    (day,) = (one for one in days(text) if one.month == 3)
    assert counted_year(fold(text), day, named, PUBLISHED) == year
    if named is None:
        assert counted_year(fold(text), day, None, None) is None


def test_what_is_to_come_is_next_year_where_this_year_is_past() -> None:
    assert to_come(Day(2022, 3, None, 0, 1), PUBLISHED).year == 2023
    assert to_come(Day(2022, 9, None, 0, 1), PUBLISHED).year == 2022
    assert to_come(Day(2022, 9, 14, 0, 1), PUBLISHED).year == 2023
    assert to_come(Day(2022, 9, 15, 0, 1), PUBLISHED).year == 2022
    assert to_come(Day(None, 3, None, 0, 1), PUBLISHED).year is None


def when(text: str, part: str, first: str, last: str = "") -> When:
    start = text.index(part)
    ends = date.fromisoformat(first), date.fromisoformat(last or first)
    return When(*ends, "day", "stated", start, start + len(part))


def test_two_ends_are_one_interval() -> None:
    text = "from 3 May 2024 to 5 May 2024 and on 9 May 2024"
    found = [
        when(text, "3 May 2024", "2024-05-03"),
        when(text, "5 May 2024", "2024-05-05"),
        when(text, "9 May 2024", "2024-05-09"),
    ]
    first, second = intervals(found, text)
    assert (first.first, first.last) == (date(2024, 5, 3), date(2024, 5, 5))
    assert text[first.start : first.end] == "3 May 2024 to 5 May 2024"
    assert second is found[2]
    backwards = [found[1], when(text, "9 May 2024", "2024-05-01")]
    assert len(list(intervals(backwards, text))) == 2
    assert list(intervals([], text)) == []


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("Exports grew more than in 2019", True),
        ("较2019年增长", True),
        ("2019年同期", True),
        ("Exports grew in 2019", False),
        ("2019年开始", False),
    ],
)
def test_a_date_may_only_be_there_to_compare_with(text: str, only: bool) -> None:
    part = "2019年" if "年" in text else "2019"
    assert compares(fold(text), when(text, part, "2019-01-01", "2019-12-31")) is only


def test_clauses_lose_their_joining_words_and_half_quotes() -> None:
    text = "It opened, and “it closed in May” said Ann"
    start, end = clauses(text, text.index(","), text.index("”"))
    assert text[start:end] == "it closed in May"
    whole = "“It closed.”"
    assert clauses(whole, 0, len(whole)) == (0, len(whole))


def test_chinese_dates_stand_before_their_clauses_and_english_ones_behind() -> None:
    text = "3月开始,官员说,5月结束"
    one, two = when(text, "3月", "2022-03-01"), when(text, "5月", "2022-05-01")
    assert text[clause_start(text, one, two) :] == "5月结束"
    text = "it began in March, officials said, and ended in May"
    one, two = when(text, "March", "2022-03-01"), when(text, "May", "2022-05-01")
    assert text[clause_start(text, one, two) :] == " officials said, and ended in May"


def test_days_are_those_of_whole_dates() -> None:
    assert day_of("2022-09-15T10:00:00+08:00") == PUBLISHED
    assert day_of("2022-09") is day_of("") is day_of("soon") is None


TEXT = (
    "On 3 March 2022 the office closed. It employed 24 people. Will it open again? "
    "A new one opened on 5 May."
)


def hit() -> Hit:
    article = StoredArticle(TEXT, id="a", published="2022-09-15", language="en")
    spans = tuple(sentences(TEXT, "en"))
    return Hit(1, 0.0, Passage("a", 0, len(TEXT), TEXT, spans, "en"), article, spans[0])


def test_a_passage_is_read_sentence_by_sentence() -> None:
    (reported,) = read([hit()])
    said = [TEXT[one.span.start : one.span.end] for one in reported]
    assert said[0] == "On 3 March 2022 the office closed."
    assert said[-1] == "A new one opened on 5 May."
    assert not any(text.endswith("?") for text in said)
    assert [one.when.iso for part in reported for one in part.dates] == ["2022-03-03", "2022-05-05"]


def test_what_was_read_once_is_kept_as_it_was(tmp_path: Path) -> None:
    fresh = Reports([hit()], Kept(tmp_path)).of(hit())
    again = Reports([hit()], Kept(tmp_path)).of(hit())
    assert fresh == again and fresh == read([hit()])[0]
