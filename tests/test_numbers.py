"""Numbers and dates as texts write them."""

import pytest

from index.languages.numbers.number_variants import number_variants
from index.languages.numbers.stated import days, missing, quantities
from index.languages.pack import packs


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("9月13日開會", (2022, 9, 13)),
        ("去年3月宣布", (2021, 3, None)),
        ("明年9月13日生效", (2023, 9, 13)),
        ("It was signed in March last year.", (2021, 3, None)),
    ],
)
def test_a_date_without_a_year_gets_the_one_that_is_meant(
    text: str, date: tuple[int, int | None, int | None]
) -> None:
    assert date in [(day.year, day.month, day.day) for day in days(text, "2022-09-17")]


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


@pytest.mark.parametrize(
    "text",
    [
        "from 12 to 14 August 2023", "August 12-14, 2023", "on 12th and 14th August 2023",
        "с 12 по 14 августа 2023 года", "2023年8月12至14日", "2023年8月12、14日",
    ],
)  # fmt: skip
def test_both_days_of_a_month_are_dates(text: str) -> None:
    assert [day.iso() for day in days(text)] == ["2023-08-12", "2023-08-14"]
    assert not quantities(text)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("between 9 and 10 o'clock", "9时至10时"),
        ("from 3 to 5 p.m.", "下午3点至5点"),
        ("The index stands at 4,200 points.", "指数收于4200点"),
        ("It lost 300 points.", "下跌300点"),
    ],
)
def test_hours_and_points_are_said_in_another_language(claim: str, source: str) -> None:
    assert missing(claim, [(source, "")]) == []


def test_a_given_name_is_no_month() -> None:
    assert [day.iso() for day in days("Zhou Jun was abducted in 1997, Li Jun on 5 Jun 2001.")] == [
        "1997",
        "2001-06-05",
    ]


def test_a_numbered_thing_is_no_day() -> None:
    assert days("第6號颱風", "2022-09-17") == []


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("2,5 млн тонн", "2.5 million tons"),
        ("1 234,5 км", "1,234.5 km"),
        ("двадцать пять процентов", "25 percent"),
        ("двести пятьдесят тысяч долларов США", "$250,000"),
        ("полтора миллиарда рублей", "1.5 billion rubles"),
        ("две трети", "two thirds"),
        ("в XX веке", "in the 20th century"),
        ("в 1990-х годах", "in the 1990s"),
        ("12 лет", "twelve years"),
        ("три недели", "21 days"),
        ("в 10 раз", "10 times"),
        ("о 14-процентном росте", "14%"),
        ("четырехдневная рабочая неделя", "a four-day week"),
        ("у каждого пятого ребенка", "one in five children"),
        ("в начале 2000-х годов", "in the early 2000s"),
        ("35-летнему мужчине", "35 years"),
        ("30-дневное перемирие", "30-day truce"),
        ("百分之 30 至 43 的選民", "30 to 43 percent of voters"),
        ("百分之三十到四十三", "from 30 to 43 percent"),
        ("2000年代初", "in the early 2000s"),
        ("預算加倍", "doubling the budget"),
    ],
)
def test_numbers_are_those_of_english(text: str, english: str) -> None:
    assert quantities(text), "no number is found"
    assert not missing(text, [(english, "")])
    assert not missing(english, [(text, "")])


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("5 марта 2022 года", ["2022-03-05"]),
        ("В марте 2021 г. и в 2019 году", ["2021-03", "2019"]),
        ("с 2012 по 2014 год", ["2012", "2014"]),
        ("05.03.2022", ["2022-03-05"]),
    ],
)
def test_russian_dates(text: str, dates: list[str]) -> None:
    assert [day.iso() for day in days(text)] == dates


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Во вторник президент прибыл", "2022-09-13"),
        ("Вчера", "2022-09-15"),
        ("в прошлом году", "2021"),
        ("три года назад", "2019"),
        ("в марте этого года", "2022-03"),
        ("近日", "2022-09"),
        ("on Tuesday", "2022-09-13"),
    ],
)
def test_relative_dates_have_one_reading(text: str, date: str) -> None:
    assert days(text, "2022-09-16")[0].iso() == date


def test_what_happened_lately_happened_in_the_fortnight_before() -> None:
    assert [day.iso() for day in days("近日", "2022-09-06")] == ["2022-08", "2022-09"]


def test_a_large_percentage_has_other_forms_too() -> None:
    assert number_variants("500多万成员")  # 成 is ten percent: no numeral is written so large


def test_every_span_of_a_language_is_a_unit() -> None:
    for pack in packs():
        for span in filter(None, pack.numbers.spans.split("|")):
            assert any(quantity.kind for quantity in quantities(f"12 {span}")), span
            assert quantities(f"... {span}")


def test_every_sentence_of_parallel_news_is_read() -> None:
    """No pack's patterns read what another's readers cannot."""
    for text in ("в этом веке", "XXI век", "за век", "пол века", "1-й", "третья треть", "2000-е"):
        quantities(text)
        days(text, "2022-09-16")
