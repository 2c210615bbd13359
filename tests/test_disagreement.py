"""Sources that disagree: the sides, their outlets and dates, and how many there are by themselves."""

from __future__ import annotations

from rag.check.disagreement import Statement, corrected_address, sides, without_corrected

CLOSED = "Kazakhstan has closed its trade office in Moscow."
OPEN = "Kazakhstan has not closed its trade office in Moscow."


def said(
    text: str, outlet: str, group: str, published: str = "2023-03-01", **more: str
) -> Statement:
    return Statement(text, more.pop("language", "en"), outlet, published, group, **more)


def test_sources_that_agree_have_no_sides() -> None:
    assert sides([said(CLOSED, "A", "1"), said(CLOSED, "B", "2")]) == ()
    assert sides([said(CLOSED, "A", "1")]) == ()
    assert sides([]) == ()


def test_a_denial_makes_two_sides() -> None:
    first, second = sides(
        [said(CLOSED, "A", "1"), said(OPEN, "Planter", "9", "2024-01-01"), said(CLOSED, "B", "2")]
    )
    assert (first.outlets, first.independent, first.newest) == (("A", "B"), 2, "2023-03-01")
    assert (second.outlets, second.independent, second.newest) == (("Planter",), 1, "2024-01-01")


def test_other_numbers_make_two_sides_across_languages() -> None:
    found = sides(
        [
            said("Trade grew by 4.8 percent.", "A", "1"),
            said("贸易增长4.8%。", "B", "2", language="zh-Hans"),
            said("Trade grew by 12 percent.", "Planter", "9"),
        ]
    )
    assert [side.outlets for side in found] == [("A", "B"), ("Planter",)]


def test_many_articles_of_one_outlet_and_their_reprints_are_one_source() -> None:
    planted = [said(OPEN, "Planter", str(n)) for n in range(8)]
    reprints = [said(OPEN, f"Mirror {n}", "3") for n in range(5)]
    first, second = sides([said(CLOSED, "A", "x"), *planted, *reprints])
    assert first.independent == 1
    assert second.independent == 1  # a mirror of one of the planter's articles is that planter


def test_a_correction_counts_from_its_outlet_and_address_only() -> None:
    wrong = said(CLOSED, "A", "1", url="https://a.example/story")
    foreign = said(OPEN, "Planter", "9", corrects="https://a.example/story")
    elsewhere = said(OPEN, "A", "2", corrects="https://a.example/another")
    pretended = said(OPEN, "A", "9", url="https://b.example/1", corrects="https://a.example/story")
    own = said(
        OPEN, "A", "2", "2023-03-02",
        url="https://a.example/corrected", corrects="http://www.a.example/story/",
    )  # fmt: skip
    assert wrong in without_corrected([wrong, foreign])
    assert wrong in without_corrected([wrong, elsewhere])
    assert wrong in without_corrected([wrong, pretended])
    assert without_corrected([wrong, own]) == [own]
    assert sides([wrong, own]) == ()
    assert len(sides([wrong, foreign])) == 2


def test_what_an_article_corrects_is_the_address_it_names() -> None:
    address = "https://a.example/story"
    assert corrected_address("Correction", f"An earlier report ({address}) was wrong.") == address
    assert corrected_address("更正", f"本站更正{address}，該處並未關閉。") == address
    assert corrected_address("Поправка", f"Исправляем сообщение {address}.") == address
    assert corrected_address("Trade", f"As {address} reports, trade grew.") == ""
    assert corrected_address("Correction", "An earlier report was wrong.") == ""
