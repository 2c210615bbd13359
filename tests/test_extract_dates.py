"""Dates as pages write them."""

import pytest

from index.extract.bylines import read_data_line
from index.languages.dates.date_order import certain_order
from index.languages.dates.publication_dates import find_dates, parse_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("更新於 2022年09月20日", "2022-09-20"),
        ("2022年9月20日00:00", "2022-09-20"),
        ("2023-03-01 20:01:42來源:日報", "2023-03-01T20:01:42"),
        ("2023/3/1 20:01", "2023-03-01T20:01:00"),
        ("2023年3月1日 下午3:05", "2023-03-01T15:05:00"),
        ("2022年09月20日 星期二 08时30分", "2022-09-20T08:30:00"),
        ("2023年3月1日 08:00 (GMT+8)", "2023-03-01T08:00:00+08:00"),
        ("民國112年3月1日", "2023-03-01"),
        ("112年03月01日", "2023-03-01"),
        ("二〇二二年十月二十三日", "2022-10-23"),
        ("Monday, January 17, 2022 11:21:53 AM UTC", "2022-01-17T11:21:53+00:00"),
        ("Sept. 5, 2023", "2023-09-05"),
        ("5th September 2023, 14:05 BST", "2023-09-05T14:05:00+01:00"),
        ("Oct 9, 2022 at 5:04 p.m. EDT", "2022-10-09T17:04:00-04:00"),
        ("12:30 AM on March 3, 2023", "2023-03-03T00:30:00"),
        ("Updated 10:04 AM EDT, Tue August 29, 2023", "2023-08-29T10:04:00-04:00"),
        ("Mon, 17 Jan 2022 11:21:53 +0800", "2022-01-17T11:21:53+08:00"),
        ("Wed Mar 01 20:01:42 +0800 2023", "2023-03-01T20:01:42+08:00"),
        ("2022-01-17T11:21:53.123Z", "2022-01-17T11:21:53+00:00"),
        ("20220117", "2022-01-17"),
        ("1 марта 2023 г., 12:30", "2023-03-01T12:30:00"),
        ("09/17/22", "2022-09-17"),
        ("25/12/2022", "2022-12-25"),
        ("17.09.2022", "2022-09-17"),
        ("2023-02-30", ""),
        ("9月17日", ""),
        ("3 hours ago", ""),
        ("version 1.2.3", ""),
        ("2999-01-01", ""),
    ],
)
def test_forms(text: str, iso: str) -> None:
    assert parse_date(text) == iso


def test_day_and_month_that_could_be_swapped_are_marked() -> None:
    (american,) = find_dates("10/09/22", "month-first")
    (european,) = find_dates("10/09/22", "day-first")
    assert (american.iso, european.iso) == ("2022-10-09", "2022-09-10")
    assert american.ambiguous and european.ambiguous
    assert not find_dates("09/17/22")[0].ambiguous


def test_a_page_shows_how_it_orders_day_and_month() -> None:
    assert certain_order(["posted 17/09/22, read 10/09/22"]) == "day-first"
    assert certain_order(["posted 09/17/22, read 10/09/22"]) == "month-first"


def test_published_is_not_updated() -> None:
    line = read_data_line("更新於 2022年09月21日08:00 • 發布於 2022年09月20日10:30 • 陳艾伶")
    assert line is not None
    assert (line.published, line.updated) == ("2022-09-20T10:30:00", "2022-09-21T08:00:00")
    assert line.author == "陳艾伶"


@pytest.mark.parametrize(
    ("text", "author", "outlet"),
    [
        ("By Jane Doe and John Smith", "Jane Doe and John Smith", ""),
        ("記者李大同/台北報導", "李大同", ""),
        ("本报记者 王建宏 张文攀 北京报道", "王建宏、张文攀", ""),
        ("【文/ 徐博 鄒松洋】", "徐博、鄒松洋", ""),
        ("2022-01-07 08:30 来源: 新华日报 作者: 王小明 责任编辑:李四", "王小明", "新华日报"),
        ("作者:李四 来源:《光明日报》", "李四", "光明日报"),
        ("Diane Francis. The Kyiv Post, 09/17/22", "Diane Francis", "The Kyiv Post"),
    ],
)
def test_bylines(text: str, author: str, outlet: str) -> None:
    line = read_data_line(text)
    assert line is not None
    assert (line.author, line.outlet) == (author, outlet)


@pytest.mark.parametrize(
    "text",
    [
        "俄总统普京2022年2月24日宣布特别军事行动",
        "By the end of the year, we will go home.",
        "哈薩克總統托卡耶夫(美聯社)",
        "On February 4, 2022, the two signed a partnership agreement.",
        "据新华社报道",
    ],
)
def test_sentences_and_captions_are_no_data_lines(text: str) -> None:
    assert read_data_line(text) is None
