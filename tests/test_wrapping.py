"""Text that was wrapped at a fixed width is one paragraph again; what only looks so is left."""

import textwrap

import pytest

from index.config import LoadSettings
from index.extract.articles import extract_articles
from index.records import Article, Page

ENGLISH = (
    "The freight line between Almaty and Khorgos will reopen on June 3 after repairs costing $48 "
    "million, officials said on Tuesday. The line was closed in November.",
    "Trade along the corridor grew 12 percent last year, the transport ministry said. Traders had "
    "sent goods by road, which costs about a third more than the well-known route by rail.",
    "Residents complained about dust and noise during the repairs.",
)
CHINESE = (
    "高雄港第七貨櫃中心擴建案周二通過環評，總經費為三百八十億元，工程預計2027年12月完工，屆時年吞吐量可增加四百五十萬標準箱。",
    "當地漁會憂心填海影響漁場，要求政府先完成生態調查再動工，環保團體也預告提起訴願。",
    "港務公司表示，將於6月3日舉行說明會，邀請當地居民及漁民代表參加，並公布生態調查結果與補償方案。",
)
RUSSIAN = (
    "Грузовая линия между Алматы и Хоргосом откроется 3 июня после ремонта стоимостью 48 млн "
    "долларов, сообщили во вторник чиновники министерства транспорта.",
    "Торговля по коридору выросла в прошлом году на 12 процентов, сообщило министерство.",
)


def body(text: str, kind: str = "text") -> str:
    found = extract_articles(Page("page", text, kind), LoadSettings())  # type: ignore[arg-type]
    articles = [article for article in found if isinstance(article, Article)]
    return "\n".join(filter(None, (part for a in articles for part in (a.title, a.text))))


def by_character(text: str, count: int) -> list[str]:
    return [text[at : at + count] for at in range(0, len(text), count)]


def columns(text: str, count: int) -> list[str]:
    """As a typesetter breaks Chinese: no line starts with a closing mark."""
    lines = [""]
    for character in text:
        if len(lines[-1]) >= count and character not in "，。、；：！？」』）":
            lines.append("")
        lines[-1] += character
    return lines


@pytest.mark.parametrize("width", [60, 66, 72, 76, 80])
@pytest.mark.parametrize("paragraphs", [ENGLISH, RUSSIAN])
def test_words_wrapped_at_a_width(paragraphs: tuple[str, ...], width: int) -> None:
    text = "\n\n".join("\n".join(textwrap.wrap(p, width)) for p in paragraphs)
    assert body(text) == "\n".join(paragraphs)


@pytest.mark.parametrize("count", [15, 20, 30, 36])
@pytest.mark.parametrize("break_up", [by_character, columns])
def test_chinese_at_so_many_characters_a_line(count: int, break_up: object) -> None:
    text = "\n\n".join("\n".join(break_up(p, count)) for p in CHINESE)  # type: ignore[operator]
    assert body(text) == "\n".join(CHINESE)


def test_paragraphs_by_their_indent() -> None:
    english = "\n".join(textwrap.fill(p, 70, initial_indent="    ") for p in ENGLISH)
    assert body(english) == "\n".join(ENGLISH)
    chinese = "\n".join("\n".join(by_character("　　" + p, 25)) for p in CHINESE)
    assert body(chinese) == "\n".join(CHINESE)


def test_paragraphs_by_their_last_line() -> None:
    assert body("\n".join(textwrap.fill(p, 70) for p in ENGLISH)) == "\n".join(ENGLISH)


def test_two_lines_are_joined_by_their_words() -> None:
    text = "\n\n".join(
        (textwrap.fill(ENGLISH[2] + " They asked for a new school.", 70), ENGLISH[2])
    )
    assert "the repairs. They asked for a new school.\n" in body(text)


def test_headline_and_byline_stay_apart() -> None:
    head = "Rail line to reopen after repairs that cost the state $48 million\nBy Ann Lee\nMay 14, 2024"
    article = next(
        extract_articles(
            Page("p", head + "\n\n" + "\n\n".join(textwrap.fill(p, 66) for p in ENGLISH)),
            LoadSettings(),
        )
    )
    assert isinstance(article, Article)
    assert article.title.endswith("$48 million")
    assert (article.author, article.published) == ("Ann Lee", "2024-05-14")
    assert article.text == "\n".join(ENGLISH)


def test_a_hyphen_of_the_word_stays() -> None:
    text = (
        "The freight line between Almaty and Khorgos is part of a well-\n"
        "known route by rail, officials said on Tuesday after a long and\n"
        "difficult meeting with the director of the company, who says it\n"
        "has ordered thirty locomotives for its trains from a new plant.\n"
    )
    assert "a well-known route" in body(text)


VERSE = """Shall I compare thee to a summer's day?
Thou art more lovely and more temperate:
Rough winds do shake the darling buds of May,
And summer's lease hath all too short a date;
Sometime too hot the eye of heaven shines,
And often is his gold complexion dimm'd;"""

CHINESE_VERSE = """空山新雨後，天氣晚來秋。
明月松間照，清泉石上流。
竹喧歸浣女，蓮動下漁舟。
隨意春芳歇，王孫自可留。"""

SHORT_PARAGRAPHS = """The line between Almaty and Khorgos will reopen on June 3.
Repairs of the two bridges have cost about $48 million.
Trade along the corridor grew 12 percent in the last year.
Traders had sent goods by road, which costs a third more.
The company will run eight trains a day from the summer."""

CHINESE_LINES = """高雄港擴建案周二通過環評，總經費三百八十億元。
漁會憂心填海影響漁場，要求政府先完成調查。
港務公司表示，將於六月三日舉行說明會說明。
環保團體預告，若政府執意動工將提起訴願。"""

LIST = """The commission named the companies that may take part:
- Steppe Rail, which has run trains on the line for twenty years
- Harbour Freight of Aktau, which owns the terminal on the coast
- Khorgos Gateway, the operator of the dry port near the border
- Silk Road Logistics, a company that was founded only last year"""

QUOTED = """I agree with what you write about the railway and its costs.
> The freight line between Almaty and Khorgos will reopen on
> June 3 after repairs costing $48 million, officials said on
> Tuesday. The line was closed in November.
But the ministry has said nothing about the passenger trains."""

TABLE = """Station          Opened     Trains a day     Passengers a year
Almaty           1929       41               3,200,000
Khorgos          2012       12               410,000
Altynkol         2014       10               220,000
Zharkent         2013       8                190,000"""


@pytest.mark.parametrize(
    "text", [VERSE, CHINESE_VERSE, SHORT_PARAGRAPHS, CHINESE_LINES, LIST, QUOTED, TABLE]
)
def test_what_was_not_wrapped_is_not_joined(text: str) -> None:
    found = body(text).split("\n")
    for line in text.split("\n"):
        assert " ".join(line.split()) in found


def test_items_of_a_list_that_were_wrapped() -> None:
    items = [f"{n}. {p}" for n, p in enumerate(ENGLISH, 1)]
    text = "\n".join(textwrap.fill(item, 60, subsequent_indent="   ") for item in items)
    assert body(text) == "\n".join(items)
