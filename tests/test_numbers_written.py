"""Numbers and dates as Chinese writes them: 億 with 萬, 成 before a number, years of the Republic."""

import pytest

from index.languages.dates.publication_dates import parse_date
from index.languages.numbers.stated import days, quantities


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("洪水造成12人死亡", 12), ("双方达成30项协议", 30), ("已經完成3座橋", 3), ("由5人組成7個小組", 7), ("車上12人受傷", 12),
        ("晚上8人被捕", 8), ("人數12人", 12), ("收成200萬噸", 2e9), ("形成3個中心", 3), ("促成4個項目", 4),
    ],
)  # fmt: skip
def test_a_word_before_a_number_does_not_make_it_vague(text: str, value: float) -> None:
    found = [q for q in quantities(text) if q.sure]
    assert found[-1].value == value


@pytest.mark.parametrize(
    "text", ["成百上千人參加", "上萬人參加", "數十人參加", "几百人参加", "好幾千人參加"]
)
def test_what_is_vague_stays_so(text: str) -> None:
    assert not any(q.sure for q in quantities(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1億2千萬元", 1.2e8), ("1億2,000萬元", 1.2e8), ("3兆5000億元", 3.5e12), ("1.2兆元", 1.2e12), ("兩億五千萬元", 2.5e8),
        ("一億二千萬元", 1.2e8), ("三萬億元", 3e12), ("一万五千亿元", 1.5e12), ("3億五千萬元", 3.5e8), ("五億3000萬元", 5.3e8),
        ("一兆二千億元", 1.2e12), ("三百八十億元", 3.8e10), ("12億3千萬元", 1.23e9), ("2万3千元", 23_000), ("兩兆三千五百億元", 2.35e12),
        ("一亿二千三百四十五万六千七百八十九元", 123_456_789), ("三點五億元", 3.5e8), ("卅億元", 3e9), ("廿五億元", 2.5e9), ("兩點三兆元", 2.3e12),
    ],
)  # fmt: skip
def test_scales_together(text: str, value: float) -> None:
    (found,) = quantities(text)
    assert (found.value, found.kind, found.sure) == (value, "currency", True)


def test_a_delegation_of_a_year_is_no_decade() -> None:
    assert not any(one.kind == "decade" for one in quantities("2000年代表团访问"))


@pytest.mark.parametrize("text", ["占三成五", "占3成5", "百分之三十五", "35%"])
def test_tenths_and_hundredths(text: str) -> None:
    assert [(q.value, q.kind) for q in quantities(text)] == [(35.0, "%")]


def test_megawatts_are_no_trillions() -> None:
    assert all(q.value < 1e9 for q in quantities("裝置容量30兆瓦") if not q.kind)


@pytest.mark.parametrize(
    ("text", "isos"),
    [
        ("於民國112年8月3日送件，113年2月19日完成", ["2023-08-03", "2024-02-19"]),
        ("最早在民國九十八年三月提出", ["2009-03"]),
        ("說明書112/11/06公告", ["2023-11-06"]),
        ("中華民國一百一十二年五月十四日", ["2023-05-14"]),
        ("民國98年提出，99年3月動工，100年完成", ["2009", "2010-03", "2011"]),
        ("113.02.19核定", ["2024-02-19"]),
        ("公司成立113年來", []),
        ("位址112.11.06.1", []),
        ("（113）年，上（12）月28日宣布", ["2023-12-28"]),
    ],
)
def test_years_of_the_republic_in_text(text: str, isos: list[str]) -> None:
    assert [day.iso() for day in days(text, "2024-01-14")] == isos


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("民國113年5月14日", "2024-05-14"), ("113年5月14日", "2024-05-14"), ("113/05/14 10:00", "2024-05-14T10:00:00"),
        ("113-05-14", "2024-05-14"), ("民國113/5/14", "2024-05-14"), ("中華民國一百一十三年五月十四日", "2024-05-14"), ("民國九十八年三月二日", "2009-03-02"),
        ("April 2, 2024 Tuesday 10:15 AM GMT", "2024-04-02T10:15:00+00:00"), ("2024年5月14日(二) 10:05", "2024-05-14T10:05:00"),
        ("2024-05-14 10:00 台北時間", "2024-05-14T10:00:00+08:00"), ("May 14, 2024 9:30 a.m. Beijing time", "2024-05-14T09:30:00+08:00"),
        ("May 14, 2024, 9:30 a.m. ET", "2024-05-14T09:30:00-04:00"), ("Jan. 14, 2024 9:30 a.m. ET", "2024-01-14T09:30:00-05:00"),
        ("Mar 9, 2024 9:30 am PT", "2024-03-09T09:30:00-08:00"), ("Mar 10, 2024 9:30 am PT", "2024-03-10T09:30:00-07:00"),
    ],
)  # fmt: skip
def test_dates_of_publication(text: str, iso: str) -> None:
    assert parse_date(text) == iso
