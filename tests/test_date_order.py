"""Day and month in numbers, numerals in words, quantities that can be the same."""

from __future__ import annotations

import pytest

from index.languages.dates.date_order import certain_order, is_numeric
from index.languages.numbers.numerals import numeral_value
from index.languages.numbers.quantity import Day, Quantity


def test_dates_with_one_reading_tell_the_order_of_the_others() -> None:
    assert certain_order(["03/05/2024", "23/04/2024"]) == "day-first"
    assert certain_order(["03/05/2024", "04/23/2024"]) == "month-first"
    assert certain_order(["03/05/2024", "2024-04-23"]) is None


def test_a_version_or_an_address_is_no_date() -> None:
    assert is_numeric("3.5.2024") and not is_numeric("10.3.5.2024.1") and not is_numeric("1/2")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7,644", 7644),
        ("二百五十", 250),
        ("two hundred and fifty", 250),
        ("двести пятьдесят", 250),
        ("kazakhstan", None),
    ],
)
def test_a_numeral_has_the_same_value_in_every_language(text: str, value: float | None) -> None:
    assert numeral_value(text) == value


def amount(value: float, kind: str = "", *, rough: bool = False) -> Quantity:
    return Quantity(value, kind, value, 0, 1, rough)


@pytest.mark.parametrize(
    ("claim", "source", "same"),
    [
        (amount(7640), amount(7644), True),  # rounded
        (amount(7600), amount(7596), True),  # to three digits, the last of them 0
        (amount(9870), amount(9876), True),  # cut off
        (amount(7.64e6 * (1 + 1e-9)), amount(7_644_123), True),  # as units convert
        (amount(9890), amount(9876), False),  # a step too far
        (amount(-7640), amount(7644), False),
        (amount(76), amount(76.4), False),  # too short to be a rounding
        (amount(600_000, rough=True), amount(567_000), True),
        (amount(600_000), amount(567_000), False),
        (amount(5, "%"), amount(5, "USD"), False),
        (amount(5, "%"), amount(5, "point"), True),
        (amount(5, "CNY"), amount(5, "currency"), True),
        (amount(3, "ordinal"), amount(3), True),
    ],
)
def test_numbers_that_can_be_the_same(claim: Quantity, source: Quantity, same: bool) -> None:
    assert claim.equals(source) is same


def test_a_date_lies_within_what_another_says() -> None:
    month, day = Day(2022, 9, None, 0, 1), Day(2022, 9, 20, 0, 1)
    assert month.within(day) and not day.within(month)
    assert not Day(2022, 8, None, 0, 1).within(day)
    assert (month.iso(), day.iso(), Day(None, 9, 20, 0, 1).iso()) == ("2022-09", "2022-09-20", "")
