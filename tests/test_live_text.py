"""Live reports as plain text: each entry keeps its time."""

from __future__ import annotations

import pytest

from index.config import LoadSettings
from index.extract.articles import extract_articles
from index.records import Article, Page

ENTRIES = [
    ("18:45", "The water has reached the bridge over the Ili, and the police have closed the road to the north."),
    ("17:30", "The emergency ministry says that twelve people have died in the district since the morning."),
    ("16:05", "Two villages are being evacuated, the governor told reporters, and schools stay closed tomorrow."),
    ("09:10", "Rain fell all night over the northern district, and rivers rose by more than two metres."),
]  # fmt: skip
CHINESE = [
    ("18:45", "洪水已經漫過伊犁河大橋，警方封閉了通往北部的公路，交通全部中斷。"),
    ("17:30", "緊急情況部表示，該地區從早上到現在已經有十二人死亡，仍有數人失蹤。"),
    ("16:05", "州長告訴記者，兩個村莊正在疏散居民，學校明天停課一天。"),
    ("09:10", "北部地區整夜下雨，河水上漲超過兩公尺，多處農田被淹沒。"),
]


def read(text: str) -> list[Article]:
    found = list(extract_articles(Page("a.txt", text), LoadSettings()))
    return [item for item in found if isinstance(item, Article)]


def times(articles: list[Article]) -> list[str]:
    return [article.published[:16] for article in articles]


FORMS = [
    "{0}\n{1}",
    "{0} {1}",
    "[{0}] {1}",
    "{0} - {1}",
    "({0}) {1}",
    "{0} GMT: {1}",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("turn", [1, -1])
def test_each_entry_keeps_its_time(form: str, turn: int) -> None:
    entries = ENTRIES[::turn]
    text = "Flood in the north: live updates\n14 May 2024\n\n" + "\n\n".join(
        form.format(*entry) for entry in entries
    )
    found = read(text)
    assert times(found) == [f"2024-05-14T{clock}" for clock, _ in entries]
    for article, (clock, said) in zip(found, entries, strict=True):
        assert said in article.text
        assert clock in article.text
        assert article.title == "Flood in the north: live updates"


@pytest.mark.parametrize("form", ["{0}\n{1}", "【{0}】{1}", "{0}　{1}", "{0}｜{1}", "[{0}]{1}"])
def test_in_chinese(form: str) -> None:
    text = "北部洪水最新消息直播\n2024年5月14日　中央社\n\n" + "\n\n".join(
        form.format(*entry) for entry in CHINESE
    )
    found = read(text)
    assert times(found) == [f"2024-05-14T{clock}" for clock, _ in CHINESE]
    assert {article.outlet for article in found} == {"中央社"}


def test_past_midnight() -> None:
    clocks = ["00:20", "23:40", "21:15", "20:05"]
    entries = [(clock, said) for clock, (_, said) in zip(clocks, ENTRIES, strict=True)]
    text = "Live: flood in the north\n14 May 2024\n\n" + "\n\n".join(
        f"{c}\n{s}" for c, s in entries
    )
    assert times(read(text)) == [
        "2024-05-15T00:20", "2024-05-14T23:40", "2024-05-14T21:15", "2024-05-14T20:05",
    ]  # fmt: skip


def test_days_between_the_entries() -> None:
    first, second, third, fourth = ENTRIES
    text = (
        f"Flood in the north: live updates\n\n15 May 2024\n\n{first[0]}\n{first[1]}\n\n{second[0]}\n{second[1]}\n\n"
        f"14 May 2024\n\n{third[0]}\n{third[1]}\n\n{fourth[0]}\n{fourth[1]}\n"
    )
    days = [one[:10] for one in times(read(text))]
    assert days == ["2024-05-15", "2024-05-15", "2024-05-14", "2024-05-14"]


def test_what_stands_above_is_an_article_of_its_own() -> None:
    intro = "A flood has killed at least twelve people in the northern district, officials said on Tuesday."
    text = f"Flood: live updates\nBy Ann Lee\n14 May 2024\n\n{intro}\n\n" + "\n\n".join(
        f"{clock}\n{said}" for clock, said in ENTRIES
    )
    found = read(text)
    assert intro in found[0].text
    assert times(found)[1:] == [f"2024-05-14T{clock}" for clock, _ in ENTRIES]
    assert {article.author for article in found} == {"Ann Lee"}


@pytest.mark.parametrize(
    "text",
    [
        "Trains from Almaty\n14 May 2024\n\nThe railway publishes its new timetable for the summer months.\n\n"
        "08:15 express to Astana\n09:40 local to Taldykorgan\n12:05 express to Shymkent\n",
        "Rail line to reopen\n14 May 2024\n\n18:45 was the time at which the first train left the station, the "
        "railway said on Tuesday, and officials cheered.\n\nTwo bridges had been washed away by a flood last year.\n",
        "Match report\n\n2:1 was the score after an hour, and the crowd had little to cheer about in the rain.\n\n"
        "3:2 it ended, and the visitors went home with the points they had hoped for all along, fans said.\n",
    ],
)
def test_other_texts_stay_whole(text: str) -> None:
    assert len(read(text)) == 1
