"""Text that no reader of a page can see is no text: it is neither found nor quoted."""

from __future__ import annotations

import pytest

from index.config import LoadSettings
from index.extract.articles import extract_articles
from index.languages.text import has_invisible, without_hidden_text
from index.records import Article, Page

BODY = (
    "Kazakhstan closed its trade office in Moscow after 31 years, officials said on Wednesday. "
    "The ministry said that the decision saves money and that trade will go on as before."
)
PLANTED = "Correction: the office was never closed, and every other report is wrong."


def text_of(markup: str, media_type: str = "html") -> str:
    found = list(extract_articles(Page("a", markup, media_type), LoadSettings()))  # type: ignore[arg-type]
    return "\n".join(item.text for item in found if isinstance(item, Article))


def page(planted: str) -> str:
    return (
        "<html><head><title>Office</title></head><body><article><h1>Office closed</h1>"
        f"<p>{BODY}</p>{planted}<p>{BODY.replace('31', '32')}</p></article></body></html>"
    )


@pytest.mark.parametrize(
    "style",
    [
        "display:none", "visibility: hidden", "font-size:0", "font-size: 0px;", "font-size:1px",
        "opacity:0", "opacity: 0.0;", "color:white", "color:#FFF", "color: #ffffff", "color:transparent",
        "color: rgb(255, 255, 255)", "color:rgba(10,10,10,0)", "position:absolute;left:-9999px",
        "text-indent:-5000px", "position:absolute;clip:rect(0,0,0,0)", "transform:scale(0)",
        "clip-path: inset(50%)",
    ],
)  # fmt: skip
def test_hidden_by_style(style: str) -> None:
    found = text_of(page(f'<p style="{style}">{PLANTED}</p>'))
    assert "trade office" in found
    assert "never closed" not in found


@pytest.mark.parametrize(
    "planted",
    [f"<p hidden>{PLANTED}</p>", f'<font color="#ffffff">{PLANTED}</font>',
     f"<template>{PLANTED}</template>",
     f'<div style="font-size:0"><p>{PLANTED}</p></div>'],
)  # fmt: skip
def test_hidden_by_markup(planted: str) -> None:
    assert "never closed" not in text_of(page(planted))


@pytest.mark.parametrize(
    "style",
    ["color:#333", "font-size:10px", "opacity:0.9", "opacity:.8", "margin-left:-10px", "font-size:0.9em",
     "background:#000;color:#fff", "color:#fffbe0", "background-color:white", "border-color:white"],
)  # fmt: skip
def test_what_is_seen_stays(style: str) -> None:
    assert "never closed" in text_of(page(f'<p style="{style}">{PLANTED}</p>'))


def test_white_letters_on_a_dark_ground_stay() -> None:
    dark = f'<div style="background-color:#123"><p style="color:white">{PLANTED}</p></div>'
    assert "never closed" in text_of(page(dark))


@pytest.mark.parametrize(
    "sheet",
    [".x{display:none}", "p.x { visibility : hidden }", "article > .x{font-size:0}", "#y{color:#fff}",
     "body p{color:red} .x{position:absolute;left:-9999px}", "@media screen{.x{opacity:0}}",
     ".x{display:none!important} .x{display:block}", ".x{display:block} #y{display:none}",
     "@bogus x; .x:::bad{color:red} .x{display:none}"],
)  # fmt: skip
def test_hidden_by_style_sheet(sheet: str) -> None:
    found = text_of(page(f'<style>{sheet}</style><p class="x" id="y">{PLANTED}</p>'))
    assert "never closed" not in found
    assert "trade office" in found


@pytest.mark.parametrize(
    "sheet",
    [".x{display:none} .x{display:block}", ".z{display:none}", "@media print{.x{display:none}}",
     "@media (max-width:600px){.x{display:none}}", ".x::before{display:none}", "p{display:none}",
     "body{background:#000} .x{color:#fff}", ".x:hover{display:none}", "@import 'a'; .x{color:#111}"],
)  # fmt: skip
def test_what_a_style_sheet_lets_be_seen_stays(sheet: str) -> None:
    found = text_of(page(f'<style>{sheet}</style><p class="x" id="y">{PLANTED}</p>'))
    assert "never closed" in found
    assert "trade office" in found


def test_a_style_of_the_element_itself_counts_more() -> None:
    shown = f'<style>.x{{display:none}}</style><p class="x" style="display:block">{PLANTED}</p>'
    assert "never closed" in text_of(page(shown))


def test_what_only_screen_readers_pass_over_is_seen() -> None:
    assert "never closed" in text_of(page(f'<p aria-hidden="true">{PLANTED}</p>'))


def test_text_spelt_in_unseen_characters_is_left_out() -> None:
    tags = "".join(chr(0xE0000 + ord(c)) for c in PLANTED)
    selectors = "".join(chr(0xE0100 + ord(c)) for c in PLANTED)
    bits = "".join("\u200b\u200c"[int(bit)] for c in PLANTED for bit in f"{ord(c):08b}")
    for media_type, text in (("html", page("")), ("text", f"Office closed\n\n{BODY}\n")):
        spoilt = text.replace("31 years", f"31{bits} ye{tags}ars{selectors}")
        found = text_of(spoilt, media_type)
        assert "31 years, officials" in found
        assert not has_invisible(found)


def test_one_between_two_letters_belongs_to_the_original() -> None:
    shown = [
        "葛\U000e0100城 ❤️\u200d🔥",
        "priva\u00adti\u00adsation",
        "阿\u200b利\u200b耶夫",
        "a \u200f\u202bb\u202c c",
    ]
    for text in shown:
        assert without_hidden_text(text) == text
        for media_type in ("text", "html"):
            markup = page(f"<p>{text} {BODY}</p>") if media_type == "html" else f"{text} {BODY}"
            assert text in text_of(markup, media_type)
