"""Names of claims and what differs from a source: on the sentences alone, without vectors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from index.languages.names import known_names
from rag.analysis.checked import Difference
from rag.analysis.differences import differences
from rag.check.claimed_names import ClaimedNames, means
from rag.check.statements import Statement, content
from rag.check.weighing import Features

TABLES = (known_names(),)
NAMES = ClaimedNames(TABLES)


def said(text: str, language: str = "en", context: str = "", published: str = "") -> Statement:
    return Statement(text, language, np.zeros(2, np.float32), published, context)


@pytest.mark.parametrize(
    ("claim", "source", "gone"),
    [
        ("Turkey sold drones.", "Turkey sold drones.", []),
        ("Turkey sold drones.", "土耳其出售了無人機。", []),
        ("Turkey sold drones.", "Турция продала беспилотники.", []),
        ("Brazil sold drones.", "土耳其出售了無人機。", ["Brazil"]),
        ("Moscow refused.", "Russia refused.", []),
        ("Moscow refused.", "Poland refused.", ["Moscow"]),
        ("It cost 5 US dollars.", "售價5美元。", []),  # a currency is no country
        ("Cases of HIV and AIDS rose.", "14 процентов заболевших ВИЧ и СПИДом.", []),
        ("They said I've lost to Turkey.", "Они проиграли Турции.", []),
        ("Then Kusuma sold it.", "一位名叫Кусума的妈妈將其出售了。", []),
        ("The Disaster Agency of Turkey spoke.", "Агентство Турции про стихийные бедствия.", []),
    ],
)
def test_names_that_a_source_lacks(claim: str, source: str, gone: list[str]) -> None:
    language = "zh-Hant" if "售" in source else "ru" if "про" in source else "en"
    found, instead = NAMES.missing(said(claim), [said(source, language)], "")
    assert found == gone
    assert instead is bool(gone)


def test_a_name_from_around_the_source_counts_unless_the_source_names_another() -> None:
    claim, around = said("Turkey closed it."), "Turkey and Poland talked."
    assert NAMES.missing(claim, [said("He closed it.", context=around)], "") == ([], False)
    gone, instead = NAMES.missing(claim, [said("Poland closed it.", context=around)], "")
    assert gone == ["Turkey"] and instead
    asked = NAMES.missing(claim, [said("Poland closed it.", context=around)], "What of Turkey?")
    assert asked[0] == []


def test_what_carries_the_content_of_a_text() -> None:
    assert content("The 3 banks of China", "en") == {"3", "bank", "china"}
    assert content("銀行的利率", "zh-Hant") == {"银行", "利率"}  # no character, nor a pair with 的


def test_names_that_changed_places() -> None:
    source = said("Turkey attacked Greece at night.")
    assert NAMES.swapped(said("Greece attacked Turkey at night."), [source])
    assert not NAMES.swapped(said("Turkey attacked Greece at night."), [source])
    listed = said("Greece, Turkey and Spain signed."), [said("Turkey, Spain and Greece signed.")]
    assert not NAMES.swapped(*listed)


def test_a_capital_stands_for_its_country_and_for_no_other() -> None:
    def name(text: str) -> object:
        return NAMES.found(text)[0]

    assert means(name("Moscow"), name("Russia")) and means(name("Россия"), name("Russia"))  # type: ignore[arg-type]
    assert not means(name("Moscow"), name("Poland"))  # type: ignore[arg-type]


PLAIN = Features(
    nearness=0.9, overlap=0.9, same_language=True, whole=True, numbers=(), names=(),
    substituted=False, negation_added=False, negation_dropped=False, negation_turned=False,
    opposites=(), swapped=False,
)  # fmt: skip


def differing(claim: str, source: str, **found: object) -> tuple[Difference, ...]:
    features = replace(PLAIN, **found)  # type: ignore[arg-type]
    return differences(said(claim), said(source, published="2022-09-15"), features, TABLES)


def test_the_one_other_name_is_named_and_of_several_none() -> None:
    assert differing("Poland sold it.", "Spain sold it.", names=("Poland",), substituted=True) == (
        Difference("name", "Poland", "Spain"),
    )
    (open_,) = differing(
        "Poland sold it.", "Spain sold it to Italy.", names=("Poland",), substituted=True
    )
    assert open_ == Difference("name", "Poland", "")


def test_a_denial_is_named_on_the_side_that_has_it() -> None:
    (denial,) = differing("It did not close.", "It closed.", negation_added=True)
    assert denial.kind == "denial" and "not" in denial.claim and denial.article == ""
    (denial,) = differing("It closed.", "It was never closed.")
    assert denial.claim == "" and "never" in denial.article


def test_a_direction_is_named_in_the_words_of_both() -> None:
    (one,) = differing("Prices rose.", "Prices fell.", opposites=("amount",))
    assert one == Difference("direction", "rose", "fell")


def test_what_agrees_differs_in_nothing() -> None:
    assert differing("It closed.", "It closed.") == ()
