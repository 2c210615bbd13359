"""Numbers and dates as a text tells them."""

import pytest

from index.languages.numbers import days


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("9月13日開會", (2022, 9, 13)),
        ("去年3月宣布", (2021, 3, None)),
        ("明年9月13日生效", (2023, 9, 13)),
        ("It was signed in March last year.", (2021, 3, None)),
    ],
)
def test_a_date_without_a_year_gets_the_one_that_is_meant(
    text: str, told: tuple[int, int | None, int | None]
) -> None:
    assert told in [(day.year, day.month, day.day) for day in days(text, "2022-09-17")]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("去年3月", ["2022-03"]),
        ("去年三月", ["2022-03"]),
        ("今年1月", ["2023-01"]),
        ("明年3月", ["2024-03"]),
        ("前年的3月", ["2021-03"]),
        ("大前年3月", ["2020-03"]),
        ("後年3月", ["2025-03"]),
        ("上個月", ["2023-02"]),
        ("上月底", ["2023-02"]),
        ("上上个月", ["2023-01"]),
        ("上月15日", ["2023-02-15"]),
        ("上個月十五日", ["2023-02-15"]),
        ("本月15日", ["2023-03-15"]),
        ("下个月5日", ["2023-04-05"]),
        ("去年3月和4月", ["2022-03", "2022-04"]),
        ("去年3、4月間", ["2022-03", "2022-04"]),
        ("去年12月至1月", ["2022-12", "2023-01"]),
        ("last March", ["2022-03"]),
        ("last June", ["2022-06"]),
        ("next March", ["2024-03"]),
        ("next June", ["2023-06"]),
        ("in June last year", ["2022-06"]),
        ("in March and April last year", ["2022-03", "2022-04"]),
    ],
)
def test_months_are_counted_from_the_day_of_the_article(text: str, iso: list[str]) -> None:
    found = [day.iso() for day in days(text, "2023-03-01")]
    assert [each for each in found if "-" in each] == iso


@pytest.mark.parametrize(
    "text", ["以前年度", "如今年輕人", "18歲以上年齡", "今日俄羅斯電視台", "Russia Today reported"]
)
def test_words_that_only_hold_a_relative_date(text: str) -> None:
    assert days(text, "2023-03-01") == []


def test_a_numbered_thing_is_no_day() -> None:
    assert days("第6號颱風", "2022-09-17") == []
