"""When the events of an article happened, and how the events of a topic line up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import newscite
from index.config import load_settings
from index.embed.embedder import open_embedder
from index.languages.text import sentences
from index.records import Article, Passage
from rag.analysis.event_dates import event_dates, written_on
from rag.analysis.events import Timeline
from rag.analysis.reading import read
from tests.samples import article, hit
from tests.toy import ToyEmbedder

TOLD_ON = "2022-09-15"
"""A Thursday."""


def dates(text: str, published: str = TOLD_ON, year: int | None = None) -> list[str]:
    return [dated.when.iso for dated in event_dates(text, published, year)]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Officials met on September 13, 2022.", "2022-09-13"),
        ("2023年9月13日,金正恩訪俄。", "2023-09-13"),
        ("2022年9月,杜马询问了解除禁令的可能性。", "2022-09"),
        ("2018年,俄羅斯遣返了朝鮮勞務人員。", "2018"),
        ("這是2012—2014年的穩定期。", "2012/2014"),
        ("2024年1—8月貿易額減少。", "2024-01/2024-08"),
        ("2024年前5個月又增長了54%。", "2024-01/2024-05"),
        ("2022年上半年出口增加。", "2022-01/2022-06"),
        ("In the second half of 2021 exports rose.", "2021-07/2021-12"),
    ],
)
def test_dates_are_as_exact_as_they_are_stated(text: str, iso: str) -> None:
    (dated,) = event_dates(text)
    assert (dated.when.iso, dated.when.basis) == (iso, "stated")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("聯合國大會3月表決。", "2022-03"),
        ("亞塞拜然13日爆發衝突。", "2022-09-13"),
        ("The war began in February.", "2022-02"),
        ("他12月31日抵達。", "2021-12-31"),
    ],
)
def test_dates_without_a_year_are_the_latest_before_the_article(text: str, iso: str) -> None:
    (dated,) = event_dates(text, TOLD_ON)
    assert (dated.when.iso, dated.when.basis) == (iso, "completed")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("The ministers met on Tuesday.", "2022-09-13"),
        ("The ministers met last Friday.", "2022-09-09"),
        ("雙方上周二會談。", "2022-09-06"),
        ("他昨日抵達北京。", "2022-09-14"),
        ("總統昨(14)日抵達。", "2022-09-14"),
        ("Two days ago he resigned.", "2022-09-13"),
        ("三天前双方签署协议。", "2022-09-12"),
        ("兩個月前談判破裂。", "2022-07"),
        ("Last month both leaders voiced concern.", "2022-08"),
        ("去年發生暴亂。", "2021"),
        ("今年秋天將舉行大選。", "2022-09/2022-11"),
        ("托卡耶夫近日出訪。", "2022-09-01/2022-09-15"),
        ("Both take part in games this week.", "2022-09-12/2022-09-15"),
    ],
)
def test_relative_dates_count_from_the_article(text: str, iso: str) -> None:
    (dated,) = event_dates(text, TOLD_ON)
    assert (dated.when.iso, dated.when.basis) == (iso, "relative")
    assert dates(text, "") == []  # nothing to count from


def test_what_is_to_come_is_looked_for_ahead() -> None:
    assert dates("Lawmakers will vote on Friday.") == ["2022-09-16"]
    assert dates("Kazakhstan will vote in March.") == ["2023-03"]
    assert dates("峰會將於3月5日舉行。") == ["2023-03-05"]
    assert dates("Kazakhstan voted in March.") == ["2022-03"]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("去年3月雙方簽約。", "2021-03"),
        ("今年3月双方签约。", "2022-03"),
        ("明年1月份价格可能翻倍。", "2023-01"),
        ("They signed in March last year.", "2021-03"),
        ("They signed in March of last year.", "2021-03"),
        ("They signed last September.", "2021-09"),
        ("雙方上月15日簽約。", "2022-08-15"),
        ("1—8月贸易额减少。", "2022-01/2022-08"),
        ("明天(16日)全国降温。", "2022-09-16"),
        ("10日夜间降雨。", "2022-09-10"),
        ("30日會談結束。", "2022-08-30"),
    ],
)
def test_the_year_or_month_is_that_of_the_words_around(text: str, iso: str) -> None:
    assert dates(text) == [iso]
    assert dates("2021年1月他調任副局長,並於次年4月退休。", "") == ["2021-01", "2022-04"]


def test_words_that_only_look_like_dates() -> None:
    assert dates("第6号台风改道。") == []
    assert dates("近5日资金流向见下表。") == []
    assert dates("他被行政拘留10日。") == []
    assert dates("山火通常在5月至10月发生。") == []
    assert dates("他13日前往北京。") == ["2022-09-13"]
    assert dates("他每周一發表講話。") == []


def test_no_date_is_no_event() -> None:
    assert dates("每年5月9日慶祝勝利紀念日。") == []
    assert dates("目前80%的石油出口經過該管線。") == []
    assert dates("這已經存續了31年。") == []


def test_a_year_that_is_only_compared_with_is_no_event() -> None:
    assert dates("2024年1—8月貿易額較2023年同期減少2.33%。") == ["2024-01/2024-08"]
    assert dates("In 2022 exports rose 5 % from 2021.") == ["2022"]


def test_a_question_is_no_event() -> None:
    text = "Did the office close on September 13, 2022? It closed on September 14, 2022."
    asked, told = sentences(text, "en")
    found = replace(
        hit(article(text, published=TOLD_ON, language="en"), text),
        passage=Passage("p1", 0, len(text), text, (asked, told), "en"),
    )
    ((only,),) = read([found])
    assert only.span == told


def test_since_is_recognised() -> None:
    (dated,) = event_dates("自1991年脫離蘇聯以來,哈薩克積極發展關係。")
    assert (dated.when.iso, dated.when.since) == ("1991", True)
    (dated,) = event_dates("Kazakhs have been in his cross hairs since June.", TOLD_ON)
    assert (dated.when.iso, dated.when.since) == ("2022-06", True)
    (dated,) = event_dates("Since the fall of the Soviet Union in 1991, Russia has insisted on it.")
    assert dated.when.since
    text = "16日,馬鐵木指出,自1991年脫離蘇聯以來,哈薩克便削弱與莫斯科的連結。"
    assert dates(text, "2022-09-20") == ["2022-09-16"]  # the other is only its background
    (dated,) = event_dates("莫斯科交易所自2024年6月13日起停止美元交易。")
    assert not dated.when.since


def test_each_date_has_its_part_of_the_sentence() -> None:
    text = "2024年6月俄朝開通了不定期客運,12月16日俄羅斯恢復了客運列車。"
    first, second = event_dates(text)
    assert (first.when.iso, second.when.iso) == ("2024-06", "2024-12-16")
    assert text[second.part_start : second.part_end] == "12月16日俄羅斯恢復了客運列車。"
    assert dates("同年12月初,俄羅斯再次運送了100只山羊。", "", year=2024) == ["2024-12"]


def test_parts_of_a_sentence_stand_by_themselves() -> None:
    text = "He lost a battle on September 10, 2022, but his ally struck on September 13, and won."
    first, second = event_dates(text)
    assert text[first.part_start : first.part_end] == "He lost a battle on September 10, 2022"
    assert text[second.part_start : second.part_end].startswith("his ally struck")
    text = "普京稱:“2023年貿易額增長了9倍,2024年前5個月又增長了54%。”"
    _, second = event_dates(text)
    assert text[second.part_start : second.part_end] == "2024年前5個月又增長了54%。"


def test_a_date_beside_today_says_which_day_today_is() -> None:
    text = "The two leaders meet today (September 15). After their meeting today they will talk."
    assert dates("The two leaders meet today (September 15).", "2022-09-17") == ["2022-09-15"]
    assert written_on(text, "2022-09-17") == "2022-09-15"
    assert written_on("No such thing.", "2022-09-17") == "2022-09-17"


# -- a library of reports on one event ------------------------------------------------------------

DATED = Article(
    "Kazakhstan closed its trade office in Russia on March 1, 2023. Moscow will keep its own.",
    title="Trade office closed",
    outlet="Reuters",
    published="2023-03-02",
    language="en",
    file="a.txt",
)
RELATIVE = Article(
    "Kazakhstan closed its trade office in Russia yesterday. The office was opened in 1992.",
    title="Kazakh trade office closed",
    outlet="AP",
    published="2023-03-02",
    language="en",
    file="b.txt",
)
UNDATED = Article(
    "Kazakhstan's trade office in Russia has been shut for good, officials announced to the press.",
    title="Office shut",
    outlet="TASS",
    published="2023-05-05",
    language="en",
    file="c.txt",
)
PLAN = Article(
    "Kazakhstan will open a new trade office in Russia in June 2024, the ministry said.",
    title="A new trade office",
    outlet="Interfax",
    published="2023-06-01",
    language="en",
    file="d.txt",
)


def library_of(folder: Path, articles: Sequence[Article]) -> newscite.Library:
    settings = load_settings(None, llm={"model": "none"}, answer={"abstain_below": 0})
    library = newscite.Library.open(folder, settings, ToyEmbedder())
    library.add_articles(articles)
    return library


@pytest.fixture
def timeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Timeline:
    monkeypatch.setattr(
        "rag.analysis.timeline.NEAR_TOPIC", -10.0
    )  # a toy has no background to be near
    with library_of(tmp_path / "library", [DATED, RELATIVE, UNDATED, PLAN]) as library:
        return library.timeline("Kazakhstan trade office Russia")


def test_two_reports_of_one_event_are_one_with_both_cited(timeline: Timeline) -> None:
    (event,) = [event for event in timeline.events if event.when.iso == "2023-03-01"]
    cited = {citation.n: citation for citation in timeline.citations}
    assert {cited[n].article.outlet for n in event.citations} == {"Reuters", "AP"}
    assert event.when.basis == "stated"
    assert {mention.when.basis for mention in event.mentions} == {"stated", "relative"}


def test_events_are_in_the_order_of_their_own_dates(timeline: Timeline) -> None:
    found = [event.when.iso for event in timeline.events]
    assert found == sorted(found) == ["1992", "2023-03-01", "2023-05-05", "2024-06"]


def test_the_published_day_is_never_taken_for_the_event(timeline: Timeline) -> None:
    reported = {e.text: e.when for e in timeline.events if e.when.basis == "published"}
    assert [when.iso for when in reported.values()] == ["2023-05-05"]
    assert "2023-05-05 (reported)" in timeline.to_markdown()


def test_what_was_to_come_is_planned(timeline: Timeline) -> None:
    assert [event.when.iso for event in timeline.events if event.planned] == ["2024-06"]


def test_a_plan_for_the_season_of_its_report_is_planned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.analysis.timeline.NEAR_TOPIC", -10.0)
    planned_by_text = {
        "托卡耶夫企圖於今年秋天提早舉行大選。": True,
        "托卡耶夫今年秋天將提早舉行大選。": True,
        "托卡耶夫今年秋天提早舉行了大選。": False,
    }
    for at, (text, planned) in enumerate(planned_by_text.items()):
        article = Article(text, language="zh-Hant", published="2022-09-20", file="a.txt")
        with library_of(tmp_path / str(at), [article]) as library:
            (event,) = library.timeline("托卡耶夫大選").events
        assert event.when.iso == "2022-09/2022-11"
        assert event.planned is planned


def test_what_goes_on_is_not_the_news_of_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.analysis.timeline.NEAR_TOPIC", -10.0)
    text = (
        "China has vied with Russia for Central Asia since the collapse of the Soviet Union. "
        "Its leader pledged to protect the borders of Kazakhstan."
    )
    article = Article(text, language="en", published="2022-09-17", file="a.txt")
    with library_of(tmp_path / "library", [article]) as library:
        (event,) = library.timeline("China vied with Russia for Central Asia").events
    assert event.text == "Its leader pledged to protect the borders of Kazakhstan."


def test_quotes_are_exact(timeline: Timeline) -> None:
    for citation in timeline.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote
    for event in timeline.events:
        quotes = {c.n: c.quote for c in timeline.citations}
        assert all(mention.text in quotes[mention.citation] for mention in event.mentions)


def test_to_dict_is_json_and_to_pandas_has_a_row_a_mention(timeline: Timeline) -> None:
    data = json.loads(json.dumps(timeline.to_dict()))
    assert data["events"][0]["date"] == "1992"
    frame = timeline.to_pandas()
    assert len(frame) == sum(len(event.mentions) for event in timeline.events)
    assert set(frame["date"]) == {event.when.iso for event in timeline.events}


def test_an_empty_library_has_no_events(tmp_path: Path) -> None:
    with library_of(tmp_path / "library", []) as library:
        assert library.timeline("anything").events == ()


# -- what was read once is kept --------------------------------------------------------------------

TOPIC = "Kazakhstan trade office Russia"


def events_of(library: newscite.Library) -> list[tuple[str, str]]:
    return [(event.when.iso, event.text) for event in library.timeline(TOPIC).events]


def opened(folder: Path) -> newscite.Library:
    settings = load_settings(None, llm={"model": "none"}, answer={"abstain_below": 0})
    return newscite.Library.open(folder, settings, ToyEmbedder())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("rag.analysis.timeline.NEAR_TOPIC", -10.0)
    library_of(tmp_path / "library", [DATED, RELATIVE, UNDATED, PLAN]).close()
    return tmp_path / "library"


def test_a_second_process_neither_reads_nor_embeds_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(folder) as library:
        first = events_of(library)
        assert library.embedder.embedded  # type: ignore[attr-defined]
    monkeypatch.setattr("rag.analysis.reading.event_dates", None)
    with opened(folder) as library:
        assert events_of(library) == first
        assert not library.embedder.embedded  # type: ignore[attr-defined]


def test_what_is_kept_follows_corrections_and_goes_with_its_article(folder: Path) -> None:
    with opened(folder) as library:
        assert ("2023-03-01", "Kazakhstan closed its trade office in Russia yesterday.") not in (
            events_of(library)
        )
        relative = next(one for one in library.articles() if one.outlet == "AP")
        library.correct(relative.id, published="2022-11-09")
        yesterday = "Kazakhstan closed its trade office in Russia yesterday."
        assert ("2022-11-08", yesterday) in events_of(library)
        library.remove(relative.id)
        assert not (folder / "kept.db").exists()
        assert yesterday not in dict(events_of(library)).values()


@pytest.mark.parametrize("harm", ["no database", "other bytes", "not ours to write"])
def test_a_harmed_file_of_what_is_kept_changes_nothing(folder: Path, harm: str) -> None:
    with opened(folder) as library:
        first = events_of(library)
    kept = folder / "kept.db"
    if harm == "no database":
        kept.write_bytes(b"no database" * 500)
    elif harm == "other bytes":
        whole = kept.read_bytes()
        kept.write_bytes(whole.replace(b"2023", b"1923").replace(b"stated", b"stolen"))
    else:
        kept.unlink()
        kept.mkdir()
    with opened(folder) as library:
        assert events_of(library) == first


NARROW = [
    "Kazakhstan closed its trade office in Moscow on 1 March 2023 after thirty-one years.",
    "On 12 January 2022 the president of Kazakhstan said that the protests were over.",
    "In June 2022 Kazakhstan held a referendum on its constitution.",
    "On 14 September 2022 Xi Jinping flew to Kazakhstan.",
    "A volcano erupted near Reykjavik on 10 July 2023 and the airport was closed.",
]


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[newscite.Library]:
    """What the offline embedder reads: five events, four of them of one country."""
    settings = load_settings(None, llm={"model": "none"})
    folder = tmp_path_factory.mktemp("narrow")
    with newscite.Library.open(
        folder / "library", settings, open_embedder(settings.embedder)
    ) as library:
        library.add_articles(
            Article(text, title=text[:20], published="2023-08-01", language="en", file=f"{at}.txt")
            for at, text in enumerate(NARROW)
        )
        yield library


@pytest.mark.parametrize(
    ("topic", "days"),
    [
        ("trade office", {"2023-03-01"}),
        ("Kazakhstan trade office", {"2023-03-01"}),
        ("哈薩克貿易代表處", {"2023-03-01"}),
        ("торговое представительство Казахстана", {"2023-03-01"}),
        ("volcano", {"2023-07-10"}),
        ("football championship", set()),
    ],
)
def test_a_topic_of_a_few_words_finds_its_events_and_not_all_of_a_country(
    narrow: newscite.Library, topic: str, days: set[str]
) -> None:
    found = {event.when.iso for event in narrow.timeline(topic).events}
    assert days <= found
    assert len(found) < len(NARROW) - 1 and ("2023-07-10" in found) == ("2023-07-10" in days)
    assert found if days else not found


def test_a_country_alone_finds_all_its_events(narrow: newscite.Library) -> None:
    found = {event.when.iso for event in narrow.timeline("Kazakhstan").events}
    assert found >= {"2023-03-01", "2022-01-12", "2022-06", "2022-09-14"}
    assert "2023-07-10" not in found
