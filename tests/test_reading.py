"""Reading a quote: its translation held against it, its paragraph, its original file."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.base.llms.types import CompletionResponse, LLMMetadata
from llama_index.core.llms import CustomLLM
from pypdfium2 import PdfDocument
from starlette.applications import Starlette
from starlette.testclient import TestClient

import newscite
from index.config import load_settings
from index.errors import InputError
from index.languages.names import known_names
from index.store.rows import StoredArticle
from rag.check.translation import differences
from tests.documents import make_pdf
from tests.toy import ToyEmbedder
from ui.page.calls import Calls, Reader
from ui.page.desk import Desk
from ui.page.files import originals, pdf
from ui.page.tabs.translate import Translate

QUOTE = "哈薩克在2023年3月1日關閉了31年的貿易代表處。"


@pytest.mark.parametrize(
    ("translation", "differs"),
    [
        ("Kazakhstan closed its trade office of 31 years on 1 March 2023.", []),
        ("Kazakhstan closed its trade office of 13 years on 1 March 2023.", ["31", "13"]),
        (
            "Kyrgyzstan closed its trade office of 31 years on 1 March 2023.",
            ["哈薩克", "Kyrgyzstan"],
        ),
        ("Kazakhstan closed its trade office of 31 years.", ["2023年3月1日"]),
    ],
)
def test_what_a_translation_drops_or_changes_is_shown(translation: str, differs: list[str]) -> None:
    found = differences(QUOTE, translation, "2023-03-01", [known_names(frozenset(("zh", "en")))])
    shown = " ".join(text for pair in found for text in pair)
    assert bool(found) is bool(differs)
    assert all(text in shown for text in differs)


class Translator(CustomLLM):
    asked: int = 0

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="translator", context_window=4096)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text="")

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> Iterator[CompletionResponse]:
        self.asked += 1
        yield CompletionResponse(text="", delta="Kazakhstan closed <b>13</b> offices.")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    settings = load_settings(None, llm={"model": "none"})
    with newscite.Library.open(tmp_path / "library", settings, ToyEmbedder()) as library:
        article = newscite.Article(
            f"First line.\n{QUOTE}專家不意外。\nLast line.", language="zh-Hant"
        )
        library.add_articles([article])
        served = Desk(library, Calls(lambda _: True))
        yield served
        served.close()


def test_a_translation_is_made_once_checked_and_marked(desk: Desk) -> None:
    (article,) = desk.library.articles()
    start = article.text.index(QUOTE)
    span = f"{article.id}-{start}-{start + len(QUOTE)}"
    reading = Translate(desk)
    with pytest.raises(InputError, match="no LLM to translate with"):
        reading.translate(Reader(), span, "en")
    llm = Translator()
    desk.library.__dict__["llm"] = llm
    first = reading.translate(Reader(), span, "en")["html"]
    assert "Translated by machine (translator)" in first
    assert "2023年3月1日 in the original" in first
    assert "13 in the translation" in first
    assert "<b>" not in first
    assert reading.translate(Reader(), span, "en")["html"] == first
    assert llm.asked == 1
    assert "agree with the original" not in first


def test_the_whole_paragraph(desk: Desk) -> None:
    (article,) = desk.library.articles()
    start = article.text.index(QUOTE)
    html = Translate(desk).paragraph(Reader(), f"{article.id}-{start}-{start + len(QUOTE)}")["html"]
    assert f'<mark class="nc-best">{QUOTE}</mark>專家不意外。' in html
    assert "First line" not in html
    with pytest.raises(InputError, match="no longer in the library"):
        Translate(desk).paragraph(Reader(), "0123-0-5")


def test_originals_are_served_to_who_was_sent_the_page_and_never_run(
    desk: Desk, tmp_path: Path
) -> None:
    library = desk.library
    page = tmp_path / "page.html"
    page.write_text(f"<html><body><p>{'The trade office was closed. ' * 20}</p></body></html>")
    library.add(page)
    article = next(one for one in library.articles() if one.file == "page.html")
    link = originals.original_link(library, article, "en").split('href="')[1].split('"')[0]
    client = TestClient(Starlette(routes=[originals.route(library)]))
    reply = client.get(f"/{link}")
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/plain")
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert client.get(f"/original/{article.id}").status_code == 403
    page.unlink()
    assert client.get(f"/{link}").status_code == 404
    assert originals.original_link(library, article, "en") == ""


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[tuple[newscite.Library, StoredArticle]]:
    """A library of one PDF of two pages."""
    (tmp_path / "paper.pdf").write_bytes(
        make_pdf([["The first page."], ["Rain fell.", "The trade office was closed on Monday."]])
    )
    settings = load_settings(None, llm={"model": "none"})
    with newscite.Library.open(tmp_path / "library", settings, ToyEmbedder()) as library:
        library.add([str(tmp_path / "paper.pdf")])
        (article,) = library.articles()
        yield library, article


def test_a_pdf_opens_at_the_page_of_the_quote_with_its_words_marked(
    paper: tuple[newscite.Library, StoredArticle],
) -> None:
    library, article = paper
    quote = "trade office was closed"
    start = article.text.index(quote)
    assert originals.page_of(article, start) == 2
    link = originals.original_link(library, article, "en", (start, start + len(quote)))
    address = html.unescape(link.split('href="')[1].split('"')[0])
    client = TestClient(Starlette(routes=[originals.route(library)]))
    shown = client.get(f"/{address}", headers={"accept-language": "zh-TW"}).text
    assert shown.count("<mark") == 1
    assert "第 2 頁，共 2 頁" in shown
    assert "<script" not in shown
    following = re.search(r'href="([^"]+page=1[^"]+)"', shown)
    assert following
    before = client.get(f"/original/{html.unescape(following[1])}").text
    assert "<mark" not in before
    assert "The words were not found on this page" in before
    file = html.unescape(re.search(r'href="([^"]+)#page=2"', shown)[1])  # type: ignore[index]
    assert client.get(f"/original/{file}").content.startswith(b"%PDF")


def test_the_marks_lie_on_the_quoted_words(tmp_path: Path) -> None:
    lines = ["The trade office was", "closed on Monday, officials said in Astana."]
    (tmp_path / "paper.pdf").write_bytes(make_pdf([lines]))
    drawn = pdf.page_of(tmp_path / "paper.pdf", 1, "office was closed on Monday")
    document = PdfDocument(tmp_path / "paper.pdf")
    page = document[0]
    width, height = page.get_size()
    under = [
        page.get_textpage().get_text_bounded(
            left * width, height * (1 - top - tall), (left + wide) * width, height * (1 - top)
        )
        for left, top, wide, tall in drawn["places"]
    ]
    document.close()
    assert [text.strip() for text in under] == ["office was", "closed on Monday"]


def test_a_pdf_that_cannot_be_drawn_is_opened_itself(
    paper: tuple[newscite.Library, StoredArticle],
) -> None:
    library, article = paper
    link = originals.original_link(library, article, "en", (0, 9))
    address = html.unescape(link.split('href="')[1].split('"')[0])
    path = originals.original_file(library, article)
    assert path
    path.write_bytes(b"%PDF-1.4 broken")
    client = TestClient(Starlette(routes=[originals.route(library)]))
    assert client.get(f"/{address}").content == b"%PDF-1.4 broken"
