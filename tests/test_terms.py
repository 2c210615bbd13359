"""Terms: what meets what, whatever the script, case, ending or alphabet around it."""

from __future__ import annotations

from itertools import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.languages.present import present_terms
from index.languages.terms import located_terms, terms


@pytest.mark.parametrize(
    ("one", "its_language", "other", "other_language"),
    [
        ("哈薩克斯坦", "zh-Hant", "哈萨克斯坦", "zh-Hans"),
        ("offices", "en", "Office", "en"),
        ("2,500,000", "en", "2500000", "zh-Hans"),
        ("Umarov", "en", "專家UMAROV說", "zh-Hant"),
        ("Казахстане", "ru", "Казахстан", "ru"),
        ("Путина", "zh-Hans", "Путин", "ru"),
        ("O‘zbekiston", "uz", "O'zbekiston", "uz"),
    ],
)
def test_same_things_share_terms(
    one: str, its_language: str, other: str, other_language: str
) -> None:
    assert set(terms(one, its_language)) <= set(terms(other, other_language))


def test_pairs_do_not_cross_punctuation() -> None:
    assert "国俄" not in terms("中国，俄罗斯", "zh-Hans")


def test_decimal_comma_is_no_thousands_separator() -> None:
    assert terms("3,5 млн", "ru")[0] == "3,5"


def test_offsets_point_at_the_term() -> None:
    text = "在2022年,Kazakhstan關閉了代表處"
    starts = dict(located_terms(text, "zh-Hant"))
    assert text[starts["关闭"] :].startswith("關閉")
    assert text[starts["2022"] :].startswith("2022")
    assert text[starts["kazakhstan"] :].startswith("Kazakhstan")


TEXT = st.text(alphabet="哈薩克萨 AbcéёПу0123,.-'’カ한\n", max_size=40)


@given(TEXT, TEXT, st.sampled_from(["zh-Hant", "en", "ru", "ja"]))
def test_present_terms_are_the_terms_wanted(text: str, question: str, language: str) -> None:
    wanted = frozenset(terms(question, language))
    spans = [[(0, len(text))], [(0, len(text) // 2), (len(text) // 2, len(text))]]
    parts = [text[start:end] for of_text in spans for start, end in of_text]
    found = present_terms([text, text], spans, [language, language], sorted(wanted))
    for part, row in zip(parts, found, strict=True):
        assert [*compress(sorted(wanted), row)] == sorted(wanted & set(terms(part, language)))
