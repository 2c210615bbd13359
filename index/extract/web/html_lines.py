"""HTML -> lines as a reader sees them.

In: the text of a page with markup. Out: its tree, without scripts and what is hidden, and its
`Line`s: one for each block of text, with the share of it that is links and whether it is a heading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from index.extract.lines import Line, clean, split_lines, text_width
from index.extract.web.hidden import Styles
from index.extract.wrapping import unwrap

_UNSEEN = frozenset({
    "style", "noscript", "template", "iframe", "object", "embed", "applet", "svg", "math", "canvas",
    "audio", "video", "map", "select", "option", "datalist", "button", "input", "textarea", "label",
    "meter", "progress", "dialog", "frame", "frameset", "rt", "rp", "rtc",
})  # fmt: skip
_SKIPPED = frozenset({"script", "head", "title", "meta", "link", "base"})
_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "mark", "nobr", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "nowiki",
    "center-inline",
})  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SEEN_WHATEVER_IS_READ_ALOUD = _INLINE | _HEADINGS | {"p", "li", "blockquote"}
"""Marked as not to be read aloud, these are seen all the same; other elements so marked are menus and
windows that a script opens, which trafilatura leaves out."""

_FURNITURE = frozenset({"nav", "footer", "menu"})
_NEVER_HIDDEN = frozenset({"html", "body", "main", "article"})
"""Some pages hide themselves until a script has run."""

_BREAKS = {0x0B: " ", 0x0C: " "}
_NOT_XML = re.compile(r"[\x00-\x08\x0e-\x1f\ufffe\uffff]")
"""lxml reads these characters but refuses to write them, which removing an element takes."""

MAX_DEPTH = 250
"""Deeper nesting than this is no page a person wrote; what is below is left out."""


def parse(markup: str) -> Any:
    """The lxml tree of a page (None if nothing is left of it); entities cannot load or grow."""
    from lxml import etree, html

    markup = _NOT_XML.sub("", re.sub(r"^\s*<\?xml[^>]*\?>", "", markup).translate(_BREAKS))
    if not markup.strip():
        return None
    parser = html.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8"
    )
    try:
        return html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:
        return None


@dataclass(slots=True)
class _Block:
    text: list[str] = field(default_factory=list)
    linked: int = 0
    heading: bool = False
    furniture: bool = False


class _Walk:
    """Gathers the blocks of a tree, from the first element to the last."""

    def __init__(self) -> None:
        self.blocks = [_Block()]

    def into(
        self, element: Any, linked: bool, furniture: bool, heading: bool, depth: int = 0
    ) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or depth > MAX_DEPTH:
            return
        if tag == "br":
            self._break(heading)
            return
        block = tag not in _INLINE
        heading = heading or tag in _HEADINGS
        linked = linked or (tag == "a" and "href" in element.attrib)
        furniture = furniture or tag in _FURNITURE
        if block:
            self._break(heading)
        self._add(element.text, linked, furniture)
        for child in element:
            self.into(child, linked, furniture, heading, depth + 1)
            self._add(child.tail, linked, furniture)
        if block:
            self._break()

    def _add(self, text: str | None, linked: bool, furniture: bool) -> None:
        if text:
            last = self.blocks[-1]
            last.text.append(text)
            last.furniture |= furniture and bool(text.strip())
            if linked:
                last.linked += _size(text)

    def _break(self, heading: bool = False) -> None:
        if self.blocks[-1].text:
            self.blocks.append(_Block())
        self.blocks[-1].heading = heading


def page_lines(tree: Any) -> list[Line]:
    """The visible lines of a page; their offsets count the lines' own text, joined by line breaks."""
    walk = _Walk()
    walk.into(tree, linked=False, furniture=False, heading=False)
    lines = []
    position = 0
    for block in walk.blocks:
        text = clean("".join(block.text))
        if not text:
            continue
        links = 1.0 if block.furniture else min(1.0, block.linked / max(1, _size(text)))
        lines.append(Line(text, position, position + len(text), 0, links, block.heading))
        position += len(text) + 1
    return lines


def _size(text: str) -> int:
    """Characters that are no space."""
    return len(re.sub(r"\s+", "", text))


def split_preformatted(tree: Any) -> None:
    """Makes paragraphs of preformatted text, whose line breaks a browser shows."""
    from lxml import etree

    for element in list(tree.iter("pre", "xmp", "plaintext", "listing")):
        paragraphs = [line.text for line in unwrap(split_lines(element.text_content()))]
        tail = element.tail
        element.clear()
        element.tag, element.tail = "div", tail
        for paragraph in paragraphs:
            etree.SubElement(element, "p").text = paragraph


def drop_unseen(tree: Any) -> int:
    """Takes out of a tree what a browser does not show as text: forms, embedded things, hidden text.

    Head and scripts stay, for the metadata in them. Returns how many hidden texts were taken out.
    """
    styles = Styles(tree)
    hidden = 0
    for element in list(tree.iter()):
        if element.tag in _SEEN_WHATEVER_IS_READ_ALOUD:
            element.attrib.pop("aria-hidden", None)
        if element.tag in ("ruby", "rb"):
            element.drop_tag()
            continue
        is_hidden = element.tag not in _NEVER_HIDDEN and styles.hide(element)
        if is_hidden or element.tag in _UNSEEN:
            parent = element.getparent()
            if parent is not None:
                hidden += is_hidden and text_width(element.text_content()) >= HIDDEN_WIDTH
                element.drop_tree()
    return hidden


HIDDEN_WIDTH = 12
"""Hidden text narrower than this is a label for machines, and not worth telling of."""
