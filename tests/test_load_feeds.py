"""Feeds: the full text of each entry, its whole address, all of its authors."""

import shutil
from pathlib import Path

import pytest

from index.config import LoadSettings
from index.read.records.feeds import TEASER
from index.read.sources import Source, find_sources, load_pages
from index.records import Page
from tests.test_load_formats import articles

FULL = "The freight line will reopen on June 3 after repairs costing $48 million."
IMAGE = f'<table><tr><td><img src="https://a.example/{"a" * 300}.jpg" alt="x"/></td><td>Short summary only.</td></tr></table>'
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
    "<title>Steppe Daily</title><link>https://steppe.example/</link>{}</channel></rss>"
)
ATOM = (
    '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Steppe Daily</title>'
    '<link href="https://steppe.example/"/>{}</feed>'
)


def escaped(markup: str) -> str:
    return markup.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


ITEMS = {
    "teaser with a large image": HEAD.format(
        f"<item><title>Rail</title><link>/a</link><description>{escaped(IMAGE)}</description>"
        f"<content:encoded><![CDATA[<p>{FULL}</p>]]></content:encoded></item>"
    ),
    "teaser behind the text": HEAD.format(
        f"<item><title>Rail</title><link>a</link><content:encoded><![CDATA[<p>{FULL}</p>]]></content:encoded>"
        f"<description>{escaped(IMAGE)}</description></item>"
    ),
    "text in the description": HEAD.format(
        f"<item><title>Rail</title><link>https://steppe.example/a</link><description>{escaped(f'<p>{FULL}</p>')}</description></item>"
    ),
    "atom": ATOM.format(
        f'<entry><title>Rail</title><link href="a"/><summary>Short.</summary><content type="html">{escaped(f"<p>{FULL}</p>")}</content></entry>'
    ),
    "atom with two contents": ATOM.format(
        f'<entry><title>Rail</title><link href="/a"/><content type="text">Short summary only.</content>'
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{FULL}</p></div></content></entry>'
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ITEMS)
def test_the_fullest_text_and_the_whole_address(tmp_path: Path, name: str) -> None:
    (tmp_path / "feed.xml").write_text(ITEMS[name])
    (found,) = articles(tmp_path / "feed.xml")
    assert (found.text, found.title) == (FULL, "Rail")
    assert (found.url, found.outlet) == ("https://steppe.example/a", "Steppe Daily")


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ("<dc:creator>Ann Lee</dc:creator>", "Ann Lee"),
        ("<dc:creator>Ann Lee</dc:creator><dc:creator>Bo Xu</dc:creator>", "Ann Lee, Bo Xu"),
        ("<author>ann@steppe.example (Ann Lee)</author>", "Ann Lee"),
        ("<dc:creator>林小青</dc:creator>", "林小青"),
        ("<dc:creator><![CDATA[Ann &amp; Bo]]></dc:creator>", "Ann & Bo"),
    ],
)
def test_all_authors(tmp_path: Path, names: str, wanted: str) -> None:
    item = f"<item><title>Rail</title>{names}<description>{FULL}</description></item>"
    (tmp_path / "feed.xml").write_text(HEAD.format(item))
    assert articles(tmp_path / "feed.xml")[0].author == wanted


def test_one_feed_has_one_order_of_day_and_month(tmp_path: Path) -> None:
    items = "".join(
        f"<item><title>{n}</title><pubDate>{date}</pubDate><description>{FULL} {n}</description></item>"
        for n, date in enumerate(("03/05/2024", "23/04/2024", "11/06/2024 10:00"))
    )
    (tmp_path / "feed.xml").write_text(HEAD.format(items))
    found = [a.published[:10] for a in articles(tmp_path / "feed.xml")]
    assert found == ["2024-05-03", "2024-04-23", "2024-06-11"]


def test_a_teaser_beside_the_full_text_is_said(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    shutil.copy(Path(__file__).parent / "data/arrivals/07-f1-media-desc.xml", file)
    (source,) = find_sources([file], LoadSettings())
    assert isinstance(source, Source)
    (page,) = load_pages(source, LoadSettings())
    assert isinstance(page, Page)
    assert page.left_out == {TEASER: 1}
