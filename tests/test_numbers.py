"""Numbers and dates as a text tells them."""

import pytest

from index.numbers import days


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


def test_a_numbered_thing_is_no_day() -> None:
    assert days("第6號颱風", "2022-09-17") == []
