"""Kinds of files that people have, each in further shapes: every story its own, with what is said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from index.config import LoadSettings
from index.extract.articles import extract_articles
from index.library import Library
from index.read.sources import find_sources, load_pages
from index.records import Article, Page, Rejection

RAIL = (
    "The freight line between Almaty and Khorgos will reopen on June 3 after repairs costing $48 million, officials "
    "said on Tuesday.",
    "Two bridges had been washed away by a flood in March, and trade along the corridor fell by a tenth.",
)
WHEAT = (
    "Wheat exports rose 19 percent in March from a year earlier, the agriculture minister told reporters on Monday.",
    "Buyers in Uzbekistan and Afghanistan took most of the grain, and prices at the border rose to $240 a tonne.",
)
PORT = (
    "高雄港第七貨櫃中心擴建案周二通過環評，總經費為380億元，港務公司表示工程預計明年完工。",
    "環保團體批評，審查過程過於倉促，要求港務公司補充空氣品質資料。",
)
GRAIN = (
    "農業部長周一表示，三月小麥出口較去年同期增加百分之十九，主要買家為烏茲別克。",
    "邊境價格升至每噸240美元，出口商預期第二季仍將成長。",
)
TITLES = ("Rail line to reopen", "Wheat exports rise")
SAID = ("高雄港擴建案通過環評", "三月小麥出口增加")
LEFT: Counter[str] = Counter()


def read(folder: Path, name: str, content: str | bytes) -> list[Article]:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    found: list[Article] = []
    settings = LoadSettings()
    LEFT.clear()
    for source in find_sources([file], settings):
        assert not isinstance(source, Rejection)
        for page in load_pages(source, settings):
            if isinstance(page, Page):
                LEFT.update(page.left_out)
                articles = extract_articles(page, settings, LEFT)
                found += [a for a in articles if isinstance(a, Article)]
    return found


def stated(articles: list[Article]) -> list[tuple[str, str, str, str]]:
    return [(a.title, a.outlet, a.published[:10], a.author) for a in articles]


def check_text(articles: list[Article], *stories: tuple[str, ...]) -> None:
    assert [a.text.split("\n") for a in articles] == [list(story) for story in stories]


RAIL_TEXT, WHEAT_TEXT = "\n\n".join(RAIL), "\n\n".join(WHEAT)
BOTH = [
    (TITLES[0], "Steppe Daily", "2024-05-14", "Ann Lee"),
    (TITLES[1], "The Oasis Times", "2024-04-02", "Bo Li"),
]
EXPORTS = {
    "nexis-roles": f"""
                               1 of 2 DOCUMENTS

                                 Steppe Daily

                              May 14, 2024 Tuesday
                                 Final Edition

{TITLES[0]}

BYLINE: By Ann Lee, Staff Writer

LENGTH: 358 words

   {RAIL_TEXT}

LOAD-DATE: May 15, 2024

                               2 of 2 DOCUMENTS

                                The Oasis Times

                              April 2, 2024 Tuesday

{TITLES[1]}

BYLINE: Bo Li

LENGTH: 120 words

   {WHEAT_TEXT}

LOAD-DATE: April 3, 2024
""",
    "nexis-cover": f"""User Name: = x
Date and Time: = Tuesday, May 21, 2024 9:00:00 AM EDT
Documents (2)
1. {TITLES[0]}
Client/Matter: -None-
2. {TITLES[1]}
Client/Matter: -None-

{TITLES[0]}
Steppe Daily
May 14, 2024 Tuesday

Copyright 2024 Steppe Media All Rights Reserved

Length: 358 words
Byline: Ann Lee
Body

{RAIL_TEXT}

Load-Date: May 15, 2024

End of Document

{TITLES[1]}
The Oasis Times
April 2, 2024 Tuesday

Copyright 2024 Oasis All Rights Reserved

Length: 120 words
Byline: Bo Li
Body

{WHEAT_TEXT}

Load-Date: April 3, 2024

End of Document
""",
    "proquest-full-text": f"""Document 1 of 2

{TITLES[0]}

Author: Lee, Ann

Publication info: Steppe Daily ; Almaty [Almaty]. 14 May 2024: A.4.

Full text: {RAIL_TEXT}

Subject: Railroads

Publication title: Steppe Daily; Almaty

Publication date: May 14, 2024

ProQuest document ID: 3012345678

Document 2 of 2

{TITLES[1]}

Author: Li, Bo

Publication info: The Oasis Times ; Tashkent [Tashkent]. 02 Apr 2024: 12.

Full text: {WHEAT_TEXT}

Publication date: Apr 2, 2024

ProQuest document ID: 3012345679
""",
    "dow-jones": f"""HD        {TITLES[0]}
BY        By Ann Lee
PD        14 May 2024
SN        Steppe Daily
LA        English
CY        Copyright 2024

LP

{RAIL[0]}

TD

{RAIL[1]}

(END) Dow Jones Newswires

May 14, 2024 05:30 ET (09:30 GMT)

CO        kztem : Kazakhstan Temir Zholy
AN        Document DJ00000020240514ek5e000a1

HD        {TITLES[1]}
BY        Bo Li
PD        2 April 2024
SN        The Oasis Times
LA        English

LP

{WHEAT[0]}

TD

{WHEAT[1]}

AN        Document DJ00000020240402ek42000b2

Search Summary
Text: rail
""",
    "factiva-holder": f"""{TITLES[0]}

By Ann Lee

358 words

14 May 2024

Steppe Daily

STEPD

English

Copyright 2024. Steppe Media. All Rights Reserved.

{RAIL_TEXT}

Steppe Media

Document STEPD00020240514ek5e00001

{TITLES[1]}

By Bo Li

120 words

2 April 2024

The Oasis Times

OASIS

English

(c) 2024 Oasis. All rights reserved.

{WHEAT_TEXT}

Document OASIS00020240402ek4200002
""",
}


@pytest.mark.parametrize("name", EXPORTS)
def test_exports(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, "export.txt", EXPORTS[name])
    assert stated(found) == BOTH
    check_text(found, RAIL, WHEAT)


PORT_TEXT, GRAIN_TEXT = "\n".join(PORT), "\n".join(GRAIN)
WISERS = {
    "bars.txt": f"""聯合報 A04 | 要聞 | 2024-05-14
{SAID[0]}
記者林小青／高雄報導
{PORT_TEXT}
文章編號：202405140040001

經濟日報 B02 | 財經 | 2024-04-02
{SAID[1]}
記者王大明／台北報導
{GRAIN_TEXT}
文章編號：202404020050002
""",
    "labels.txt": f"""標題: {SAID[0]}
報章: 聯合報
日期: 2024-05-14
版面: A04
作者: 林小青
內文:
{PORT_TEXT}

新聞編號: 202405140040001

標題: {SAID[1]}
報章: 經濟日報
日期: 2024-04-02
版面: B02
作者: 王大明
內文:
{GRAIN_TEXT}

新聞編號: 202404020050002
""",
    "page.html": "<html><head><meta charset=utf-8><title>WiseNews</title></head><body><table><tr><td>慧科搜索 WiseSearch"
    f"</td></tr></table><div><b>{SAID[0]}</b><br>聯合報 | A04 | 要聞 | 記者林小青 | 2024-05-14</div><div>字數：512</div>"
    f"<p>{PORT[0]}</p><p>{PORT[1]}</p><p>文章編號: 202405140040001</p><hr><div><b>{SAID[1]}</b><br>經濟日報 | B02 | "
    f"財經 | 記者王大明 | 2024-04-02</div><div>字數：230</div><p>{GRAIN[0]}</p><p>{GRAIN[1]}</p>"
    "<p>文章編號: 202404020050002</p></body></html>",
}  # fmt: skip


@pytest.mark.parametrize("name", WISERS)
def test_wisers(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, name, WISERS[name])
    assert stated(found) == [
        (SAID[0], "聯合報", "2024-05-14", "林小青"),
        (SAID[1], "經濟日報", "2024-04-02", "王大明"),
    ]
    check_text(found, PORT, GRAIN)


def story(open_: str, title: str, meta: str, text: tuple[str, ...], close: str) -> str:
    return f"{open_}{title}{meta}" + "".join(f"<p>{part}</p>" for part in text) + close


PAGES = {
    "article": ("<article><h2>{}</h2>", "</article>"),
    "post": ('<div class="post"><h3>{}</h3>', "</div>"),
    "entry": ('<section class="hentry entry"><h2><a href="https://s.example/x">{}</a></h2>', "</section>"),
    "itemtype": ('<div itemscope itemtype="https://schema.org/NewsArticle"><h1>{}</h1>', "</div>"),
    "story": ('<div class="story"><h4>{}</h4>', "</div>"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("short", [False, True], ids=["long", "short"])
def test_stories_on_a_page(tmp_path: Path, name: str, short: bool) -> None:
    opened, closed = PAGES[name]
    texts = (PORT, GRAIN) if short else (RAIL * 2, WHEAT * 2)
    titles = SAID if short else TITLES
    meta = ("2024-05-14 記者林小青", "2024-04-02 記者王大明") if short else ("By Ann Lee, May 14, 2024", "By Bo Li, April 2, 2024")  # fmt: skip
    body = "".join(
        story(opened.format(title), "", f'<div class="meta">{said}</div>', text, closed)
        for title, said, text in zip(titles, meta, texts, strict=True)
    )
    markup = (
        f"<html><head><meta charset=utf-8><title>Morning</title></head><body>{body}</body></html>"
    )
    found = read(tmp_path, "page.html", markup)
    assert [(a.title, a.published[:10]) for a in found] == [
        (titles[0], "2024-05-14"),
        (titles[1], "2024-04-02"),
    ]
    assert all(text[0] in a.text for a, text in zip(found, texts, strict=True))
    assert texts[1][0] not in found[0].text


def letter(plain: str, markup: str = "", subject: str = "Morning") -> bytes:
    message = EmailMessage()
    message["From"] = "Steppe Daily <news@steppe.example>"
    message["Subject"] = subject
    message["Date"] = "Tue, 14 May 2024 09:30:00 +0500"
    message.set_content(plain)
    if markup:
        message.add_alternative(f"<html><body>{markup}</body></html>", subtype="html")
    return message.as_bytes()


def item(title: str, text: tuple[str, ...], tag: str = "h2") -> str:
    return f"<{tag}>{title}</{tag}>" + "".join(f"<p>{part}</p>" for part in text)


LETTERS = {
    "side by side": letter("View in browser", item(TITLES[0], RAIL) + item(TITLES[1], WHEAT) + "<p>Unsubscribe</p>"),
    "cells": letter("x", f"<table><tr><td>{item(TITLES[0], RAIL)}</td></tr><tr><td>{item(TITLES[1], WHEAT)}</td></tr></table>"),
    "smaller headings": letter("x", item(TITLES[0], RAIL, "h3") + item(TITLES[1], WHEAT, "h3")),
    "dashes": letter(f"{TITLES[0]}\n\n{RAIL_TEXT}\n\nhttps://s.example/r\n----------\n{TITLES[1]}\n\n{WHEAT_TEXT}\n\nhttps://s.example/w\n\n----------\nUnsubscribe\n"),
    "stars": letter(f"* * * * *\n{TITLES[0]}\n{RAIL_TEXT}\n* * * * *\n{TITLES[1]}\n{WHEAT_TEXT}\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", LETTERS)
def test_stories_in_a_newsletter(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, "news.eml", LETTERS[name])
    assert [a.title for a in found] == list(TITLES)
    check_text(found, RAIL, WHEAT)
    assert {a.published[:10] for a in found} == {"2024-05-14"}


@pytest.mark.parametrize(
    "sent",
    [
        letter("x", item("Morning", RAIL) + item("What it means", WHEAT)),
        letter(
            "x", f"<p>{RAIL[0]}</p>" + item("What it means", WHEAT) + item("What is next", RAIL)
        ),
        letter(f"Dear readers,\n\n{RAIL_TEXT}\n\n----------\n\n{WHEAT_TEXT}\n"),
        letter(f"{RAIL_TEXT}\n\n-- \nAnn Lee\nSteppe Daily\n"),
        letter(RAIL_TEXT),
    ],
    ids=["headline is the subject", "prose above", "no headlines", "signature", "plain"],
)
def test_a_letter_that_is_one_text_stays_one(tmp_path: Path, sent: bytes) -> None:
    assert len(read(tmp_path, "one.eml", sent)) == 1


@pytest.mark.parametrize(
    ("title", "heading", "right"),
    [
        ("Rail | Steppe Daily", "Rail", "Rail"),
        ("Rail - Steppe Daily", "Rail", "Rail"),
        ("Rail line to reopen | Steppe Daily", "Steppe Daily", "Rail line to reopen"),
        ("小麥 | 經濟日報", "小麥", "小麥"),
        ("小麥_財經_經濟日報", "小麥", "小麥"),
    ],
)
def test_a_short_headline_beside_the_name_of_its_site(
    tmp_path: Path, title: str, heading: str, right: str
) -> None:
    paragraphs = "".join(f"<p>{part}</p>" for part in (*RAIL, *WHEAT))
    markup = f"<html><head><meta charset=utf-8><title>{title}</title></head><body><h1>{heading}</h1>{paragraphs}</body></html>"
    (article,) = read(tmp_path, "page.html", markup)
    assert article.title == right


@pytest.mark.parametrize(
    "title",
    ["Watch: freight trains return to the steppe", "Photos: wheat harvest in the north", "Video: bridge washed away by flood",
     "Related: two towns, one railway and a flood", "More: what the minister said of wheat"],
)  # fmt: skip
def test_a_headline_like_a_link_is_the_headline(tmp_path: Path, title: str) -> None:
    (article,) = read(
        tmp_path, "a.txt", f"{title}\nBy Ann Lee\nMay 14, 2024\n\n{RAIL_TEXT}\n\n{WHEAT_TEXT}\n"
    )
    assert (article.title, article.author, article.published) == (title, "Ann Lee", "2024-05-14")
    check_text([article], (*RAIL, *WHEAT))


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    hidden = '<p style="display:none">A correction that nobody can read, as it is hidden from them all.</p>'
    offer = "<p>Subscribe to continue reading</p>"
    markup = (
        f"<html><body><article>{item(TITLES[0], RAIL, 'h1')}{hidden}{offer}</article></body></html>"
    )
    (article,) = read(tmp_path, "page.html", markup)
    assert "correction" not in article.text
    assert {what.split(" ")[0] for what in LEFT} == {"Text", "A"}
    assert sum(LEFT.values()) == 2


def test_the_report_says_what_was_left_out(
    open_library: Callable[..., Library], tmp_path: Path
) -> None:
    hidden = '<p style="display:none">A correction that nobody can read, as it is hidden from them all.</p>'
    files = tmp_path / "files"
    files.mkdir()
    for name in ("a", "b"):
        body = item(TITLES[0], (*RAIL, f"Line {name} follows in June, he said."), "h1")
        (files / f"{name}.html").write_text(
            f"<html><body><article>{body}{hidden}</article></body></html>"
        )
    (files / "map.png").write_bytes(b"\x89PNG")
    report = open_library().add([files])
    assert {entry.source for entry in report.added} == {"a.html", "b.html"}
    assert not report.rejected
    assert report.summed_left_out() == {
        "Text that no reader of the page sees": (2, 2),
        "A file of a kind that holds no article, such as an image or a style; add it by its name": (
            1,
            1,
        ),
    }
    assert [row["what"] for row in report.to_rows()].count("left_out") == 3
    assert "Text that no reader of the page sees (2, in 2 sources)" in report.to_markdown()
