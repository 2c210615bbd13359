"""Pages with several stories: each its own, with its own headline, date and author."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.test_extract import article, extract
from tests.test_load_formats import articles

RAIL = (
    "The freight line between Almaty and Khorgos will reopen on June 3 after repairs costing $48 "
    "million, officials said on Tuesday. The line was closed in November when a flood washed away "
    "two bridges near the border.",
    "Trade along the corridor grew 12 percent last year, the transport ministry said. Traders had "
    "sent goods by road, which costs about a third more.",
)
WHEAT = (
    "Wheat exports rose 19 percent in March from a year earlier, the agriculture ministry said on "
    "Monday. Most of the grain went to Uzbekistan and Iran, and no new limits are planned.",
    "Farmers said that the harvest beat the forecast by two million tonnes, although prices had "
    "fallen to their lowest level in three years.",
)
STORIES = (
    ("Rail line to reopen", "Ann Lee", "2024-05-14T09:00:00Z", RAIL),
    ("Wheat exports rise", "Bo Xu", "2024-04-02T09:00:00Z", WHEAT),
)
HEAD = (
    "<!doctype html><html lang=en><head><meta charset=utf-8><title>Rail line to reopen | Steppe Daily</title>"
    '<meta property="og:type" content="article"><meta property="og:title" content="Rail line to reopen">'
    '<meta property="article:published_time" content="2024-05-14T09:00:00Z"></head><body><main>'
)


def paragraphs(body: tuple[str, ...]) -> str:
    return "".join(f"<p>{p}</p>" for p in body)


def shape(kind: str) -> str:
    parts = []
    for title, author, on, body in STORIES:
        time = f'<time datetime="{on}">{on[:10]}</time>'
        byline = f'<p class="byline">By {author}</p>'
        inner = {
            "article": f"<article><h1>{title}</h1>{byline}{time}{paragraphs(body)}</article>",
            "header": f"<article><header><h2>{title}</h2>{byline}{time}</header><div>{paragraphs(body)}</div></article>",
            "schema": f'<div itemscope itemtype="https://schema.org/NewsArticle"><h2>{title}</h2>{time}'
            f'<span itemprop="author">{author}</span>{paragraphs(body)}</div>',
            "class": f'<div class="post"><h2><a href="https://a.example/{author[:3]}">{title}</a></h2>'
            f'<span class="author">{author}</span> {time}{paragraphs(body)}</div>',
            "section": f'<section class="story-block"><h2>{title}</h2><p>By {author}</p><p>{on[:10]}</p>{paragraphs(body)}</section>',
        }[kind]
        parts.append(inner)
    return HEAD + "<div>Next article</div>".join(parts) + "</main></body></html>"


@pytest.mark.parametrize("kind", ["article", "header", "schema", "class", "section"])
def test_a_page_scrolled_on_into_the_next_story(kind: str) -> None:
    first, second = extract(shape(kind), "html")
    for found, (title, author, on, body) in zip((first, second), STORIES, strict=True):
        assert (found.title, found.author) == (title, author)  # type: ignore[union-attr]
        assert found.published.startswith(on[:10])  # type: ignore[union-attr]
        assert found.text == "\n".join(body)  # type: ignore[union-attr]


def test_teasers_below_an_article_are_none() -> None:
    teasers = "".join(
        f'<article><h3><a href="/{n}">Another story {n}</a></h3><time datetime="2024-05-0{n}">May {n}</time>'
        "<p>Officials said on Monday that it would.</p></article>"
        for n in range(1, 5)
    )
    title, author, on, body = STORIES[0]
    main = f'<article><h1>{title}</h1><p class="byline">By {author}</p><time datetime="{on}">x</time>{paragraphs(body)}</article>'
    found = article(HEAD + main + teasers + "</main></body></html>", "html")
    assert found.text == "\n".join(body)


def test_sections_of_one_article_are_one() -> None:
    sections = "".join(
        f"<section><h2>Part {n}</h2>{paragraphs(body)}</section>"
        for n, body in enumerate((RAIL, WHEAT), 1)
    )
    found = article(
        HEAD + f"<article><h1>Rail line to reopen</h1>{sections}</article></main></body></html>",
        "html",
    )
    assert RAIL[0] in found.text
    assert WHEAT[1] in found.text


def test_comments_are_no_stories() -> None:
    comments = "".join(
        f'<article class="comment"><h4>Reader {n}</h4><time datetime="2024-05-15T10:0{n}:00Z">10:0{n}</time>{paragraphs(WHEAT)}</article>'
        for n in range(4)
    )
    title, _author, _on, body = STORIES[0]
    main = f"<article><h1>{title}</h1>{paragraphs(body)}</article>"
    found = article(
        HEAD + main + f'<section id="comments">{comments}</section></main></body></html>', "html"
    )
    assert found.published.startswith("2024-05-14")


def newsletter(markup: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Steppe Daily <news@steppe.example>", "Morning brief"
    message["Date"] = "Tue, 14 May 2024 09:30:00 -0400"
    message.set_content("View this email in your browser: https://click.example/" + "a" * 90)
    message.add_alternative(f"<html><body>{markup}</body></html>", subtype="html")
    return message.as_bytes()


BLOCKS = {
    "table": "<table>{}</table>", "cells": "<tr><td><h2>{}</h2><p>{}</p></td></tr>",
    "divs": "<div>{}</div>", "blocks": "<div><h3>{}</h3><div>{}</div></div>",
    "sections": "<main>{}</main>", "linked": '<section><h2><a href="https://a.example/1">{}</a></h2><p>{}</p></section>',
    "lists": "<ul>{}</ul>", "items": "<li><h4>{}</h4>{}</li>",
    "nested": "<table><tr><td>{}</td></tr></table>", "inner": "<table><tr><td><h1>{}</h1></td></tr><tr><td><p>{}</p></td></tr></table>",
}  # fmt: skip


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("table", "cells"),
        ("divs", "blocks"),
        ("sections", "linked"),
        ("lists", "items"),
        ("nested", "inner"),
    ],
)
def test_each_story_of_a_newsletter(tmp_path: Path, outer: str, inner: str) -> None:
    blocks = "".join(BLOCKS[inner].format(title, body[0]) for title, _, _, body in STORIES)
    foot = "<div><p>You are receiving this because you signed up. <a href='x'>Unsubscribe</a></p></div>"
    (tmp_path / "a.eml").write_bytes(newsletter(BLOCKS[outer].format(blocks) + foot))
    first, second = articles(tmp_path / "a.eml")
    assert (first.title, first.text) == ("Rail line to reopen", RAIL[0])
    assert (second.title, second.text) == ("Wheat exports rise", WHEAT[0])
    assert first.published == second.published == "2024-05-14T09:30:00-04:00"


def test_a_letter_with_subheads_is_one(tmp_path: Path) -> None:
    markup = f"<div><h2>Why</h2>{paragraphs(RAIL)}<h2>What next</h2>{paragraphs(WHEAT)}</div>"
    (tmp_path / "a.eml").write_bytes(newsletter(markup))
    (found,) = articles(tmp_path / "a.eml")
    assert found.title == "Morning brief"
    assert RAIL[0] in found.text
    assert WHEAT[1] in found.text


ENTRIES = (
    ("14:32", "Officials said that the line would reopen on June 3 after long repairs."),
    ("13:05", "The minister arrived in Khorgos and met the director of the railway company."),
    ("09:40", "Traders at the border said that they had heard nothing of a date for the line."),
)
LIVE = {
    "time": '<article class="live-blog-entry"><time datetime="2024-05-14T{clock}:00+05:00">{clock}</time><p>{text}</p></article>',
    "heading": '<div class="liveblog-post"><h3>Entry at noon</h3><time datetime="2024-05-14T{clock}:00+05:00">{clock}</time><p>{text}</p></div>',
    "span": '<li class="live-update"><span>{clock}</span><p>{text}</p></li>',
    "strong": '<div class="liveticker"><strong>{clock}</strong><p>{text}</p></div>',
    "plain": '<div><time datetime="2024-05-14T{clock}:00+05:00">{clock}</time><p>{text}</p></div>',
}


@pytest.mark.parametrize("kind", LIVE)
def test_entries_of_a_live_report_keep_their_time(kind: str) -> None:
    title = "Live: rail line to reopen"
    entries = "".join(LIVE[kind].format(clock=clock, text=text) for clock, text in ENTRIES)
    page = (
        f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1>"
        f'<time datetime="2024-05-14T08:00:00+05:00">May 14, 2024</time><div>{entries}</div></main></body></html>'
    )
    found = {a.published[11:16]: a for a in extract(page, "html") if a.text}  # type: ignore[union-attr]
    for clock, text in ENTRIES:
        assert text in found[clock].text  # type: ignore[union-attr]
        assert found[clock].published.startswith(f"2024-05-14T{clock}")  # type: ignore[union-attr]


SAVED = {
    "chrome": "<!-- saved from url=(0031){} --><html>{}",
    "singlefile": "<html><!--\n Page saved with SingleFile \n url: {} \n saved date: Tue May 14 2024 18:20:00 GMT+0800\n-->{}",
    "savepage": '<html><head><meta name="savepage-url" content="{}"></head>{}',
    "scrapbook": '<html data-scrapbook-source="{}">{}',
    "httrack": "<!-- Mirrored from sea.example/news/1.html by HTTrack Website Copier/3.x --><html>{1}",
    "canonical": '<html><head><link rel="canonical" href="{}"></head>{}',
}


@pytest.mark.parametrize("kind", SAVED)
def test_where_a_saved_page_comes_from(kind: str) -> None:
    body = f"<body><h1>Rail line to reopen</h1>{paragraphs(RAIL)}</body></html>"
    found = article(SAVED[kind].format("https://sea.example/news/1.html", body), "html")
    assert found.url.split("://")[1] == "sea.example/news/1.html"


@pytest.mark.parametrize(
    ("lang", "dates", "wanted"),
    [
        ("en-GB", "03/05/2024", "2024-05-03"), ("en-US", "03/05/2024", "2024-03-05"), ("fr", "03/05/2024", "2024-05-03"),
        ("en", "03/05/2024 (updated 23/05/2024)", "2024-05-03"), ("en-GB", "05/23/2024 and 03/05/2024", "2024-05-23"),
    ],
)  # fmt: skip
def test_a_page_orders_day_and_month_as_its_language(lang: str, dates: str, wanted: str) -> None:
    page = f"<html lang={lang}><body><h1>Rail line to reopen</h1><p>{dates}</p>{paragraphs(RAIL)}</body></html>"
    assert article(page, "html").published == wanted
