"""Datelines: from where a text was reported is not what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import newscite
from index.embed.models import bundled
from index.languages.names import unplaced
from index.records import Article

ARTICLES = (
    Article(
        "新华社北京8月2日电（记者李明）受强降雨影响，河北省涿州市8月1日紧急转移群众13万人，设立安置点84处。\n"
        "当地电力正在恢复。",
        "洪水致13万人转移",
        published="2023-08-02",
        language="zh-Hans",
        file="flood",
    ),
    Article(
        "АСТАНА, 10 апреля. /ТАСС/. Из-за паводка в Усть-Каменогорске эвакуированы 1 200 человек, затоплены "
        "340 домов.\nСпасатели продолжают откачку воды.",
        "Паводок на востоке",
        published="2024-04-10",
        language="ru",
        file="паводок",
    ),
    Article(
        "BRUSSELS, March 8 (Reuters) - Some 80,000 people marched in Paris on Tuesday against the pension "
        "reform, unions said.\nTrains will not run on Wednesday, either.",
        "Marches against pension reform",
        published="2023-03-08",
        language="en",
        file="march",
    ),
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("中新社成都8月18日电 (王爵)四川省内江市发生地震", "成都"),
        ("据新华社北京18日电 外交部发言人说", "北京"),
        ("（中央社記者曾婷瑄布魯塞爾8日專電）法國工會", "記者曾婷瑄布魯塞爾"),
        ("〔記者李大明／高雄報導〕高市府", "高雄"),
        ("BEIJING, Aug 6 (Reuters) - A quake shook Shandong", "BEIJING"),
        ("KYIV, Ukraine (AP) — Drones", "KYIV, Ukraine"),
        ("NEW YORK — Stocks fell", "NEW YORK"),
        ("АСТАНА, 10 апреля. /ТАСС/. Паводок", "АСТАНА"),
        ("МОСКВА, 18 авг — РИА Новости. Курс", "МОСКВА"),
    ],
)
def test_the_place_of_a_dateline_is_left_out(text: str, place: str) -> None:
    assert unplaced(text) == text.replace(place, " " * len(place), 1)


@pytest.mark.parametrize(
    "text",
    [
        "据报告，成都8月18日电价上涨",
        "本报8月18日电价表",
        "NATO — the alliance of 32 — met in Vilnius",
        "Xi Jinping (left) - the president - spoke in Astana",
        "Токаев, 3 мая посетивший Астану",
    ],
)
def test_other_beginnings_stay(text: str) -> None:
    assert unplaced(text) == text


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[newscite.Library]:
    folder: Path = tmp_path_factory.mktemp("wire")
    with newscite.open(folder, llm={"model": "none"}) as library:
        library.add_articles(ARTICLES)
        yield library


@pytest.mark.slow
@pytest.mark.skipif(not bundled.has_embedder(), reason="pip install -e '.[offline]'")
@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("北京紧急转移了多少群众?", "涿州紧急转移了多少群众?"),
        (
            "Сколько человек эвакуировано в Астане?",
            "Сколько человек эвакуировано в Усть-Каменогорске?",
        ),
        ("How many people marched in Brussels?", "How many people marched in Paris?"),
        (
            "How many people were evacuated in Astana?",
            "How many people were evacuated in Ust-Kamenogorsk?",
        ),
    ],
)
def test_what_is_told_of_another_place_is_no_answer(
    library: newscite.Library, asked: str, told: str
) -> None:
    assert library.ask(asked).abstained
    assert not library.ask(told).abstained
