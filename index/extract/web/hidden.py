"""What a page's styles hide.

In: the tree of a page. Out: whether an element is hidden: not displayed, of no size, beyond the edge of
the screen, or white on white, by its own style or by the style sheets within the page. Sheets that the
page only names are not fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MOST_STYLE = 2_000_000
"""Characters of style sheets that are read of a page."""

MOST_STEPS = 5
"""How many elements, one within the other, a selector may name; longer selectors are ignored."""

LEAST_SEEN = 0.3
"""Share of a page's text that its style sheets must leave to see. A page that hides more of itself shows
it once its script has run."""

_HIDDEN = re.compile(
    r"display\s*+:\s*+none|visibility\s*+:\s*+(?:hidden|collapse)"
    r"|(?<![\w-])(?:opacity|font-size)\s*+:\s*+0*+(?:\.0++)?(?:px|p[tc]|r?em|%)?\s*+(?:;|!|$)"
    r"|(?<![\w-])font-size\s*+:\s*+(?:0?\.\d|1(?:\.\d)?)\s*+p[xt]"
    r"|(?:left|right|top|bottom|text-indent|margin-left|margin-top)\s*+:\s*+-\d{3,}"
    r"|clip\s*+:\s*+rect\(\s*+0(?:px)?[\s,]++0(?:px)?[\s,]++0|clip-path\s*+:\s*+inset\(\s*+(?:50|100)%"
    r"|transform\s*+:\s*+scale\(\s*+0\s*+\)",
    re.IGNORECASE,
)
"""Styles that leave nothing to see: not shown, of no size, or beyond the edge of the screen."""

_COLOR = re.compile(r"(?<![\w-])color\s*+:\s*+([^;!]{1,60})", re.IGNORECASE)
_GROUND = re.compile(r"(?<![\w-])background(?:-color)?\s*+:\s*+([^;!]{1,200})", re.IGNORECASE)
_PAINT = re.compile(r"(?:rgb|hsl)a?\([^)]{1,60}\)|#[0-9a-f]{3,8}\b|\b[a-z]{3,24}\b", re.IGNORECASE)
_UNREAD = re.compile(r"url\([^)]{0,300}\)", re.IGNORECASE)

PAPER = (1.0, 1.0, 1.0)
"""The ground of a page that names none."""

ALIKE = 0.06
"""Letters are not seen on a ground that differs in no part of its color by more than this."""

WHITE_SHARE = 0.8
"""Where at least this share of a page's text has the color of paper, on a ground that the page
does not name, the ground had another color and was not saved with the page: nobody would have
read a page that shows so little. Below this share, such text is hidden and is not read."""

_DECIDES = re.compile(
    r"display|visibility|opacity|font-size|left|right|top|bottom|text-indent|margin-left|margin-top"
    r"|clip|clip-path|transform|color|background[a-z-]*"
)
"""Properties that hide, or show again."""

_SOMETIMES = re.compile(r"[(]|print|speech")
"""Media that a reader's screen may not be: narrow ones, or paper."""

_BY_A_SCRIPT = frozenset({"display", "visibility", "opacity"})

Declared = dict[str, tuple[bool, str]]
"""For each property whether it is important, and its value."""


class Styles:
    """The styles of a page, for what they hide."""

    def __init__(self, tree: Any) -> None:
        self._declared = _from_sheets(tree)
        self._ground_lost = False
        self._ground_lost = self._is_ground_lost(tree)
        if self._declared and _hides_itself(tree, self._declared):
            for declared in self._declared.values():
                for name in _BY_A_SCRIPT & declared.keys():
                    del declared[name]

    def hide(self, element: Any) -> bool:
        """Whether an element is hidden by its attributes, its style or the style of its class."""
        attributes = element.attrib
        if "hidden" in attributes:
            return True
        style = self._style(element)
        return bool(style) and (
            _HIDDEN.search(style) is not None or self._is_unseen(element, style)
        )

    def _is_unseen(self, element: Any, style: str) -> bool:
        """Whether letters have the color of the ground they stand on."""
        color = _color_of(style)
        if color is None:
            return False
        ground = self._ground(element)
        if ground is None and self._ground_lost and _is_alike(color, PAPER):
            return False
        return color == TRANSPARENT or _is_alike(color, ground or PAPER)

    def _ground(self, element: Any) -> Color | None:
        """The color behind an element, as it or the nearest one that it stands in names it."""
        for each in (element, *element.iterancestors()):
            named = [match[1] for match in _GROUND.finditer(self._style(each))]
            named += [each.get("bgcolor") or ""]
            for value in reversed(named):
                ground = _paint(_UNREAD.sub(" ", value))
                if ground is not None and ground != TRANSPARENT:
                    return ground
        return None

    def _is_ground_lost(self, tree: Any) -> bool:
        """Whether most of a page's text would be white on white."""
        white = 0
        for element in tree.iter("font", "span", "p", "div", "td", "body", "a"):
            color = _color_of(self._style(element))
            if color is not None and _is_alike(color, PAPER) and self._ground(element) is None:
                white += sum(len(text) for text in _own_texts(element))
        return white >= WHITE_SHARE * max(1, len("".join(tree.itertext())))

    def _style(self, element: Any) -> str:
        own: str = element.attrib.get("style", "")
        if element.tag == "font" and "color" in element.attrib:
            own = f"color:{element.attrib['color']};{own}"
        declared = self._declared.get(element)
        if not declared:
            return own
        kept = [
            f"{name}:{value}"
            for name, (important, value) in declared.items()
            if important or not re.search(rf"(?<![\w-]){name}\s*+:", own)
        ]
        return ";".join([*kept, own])


Color = tuple[float, float, float]
TRANSPARENT = (-1.0, -1.0, -1.0)


def _own_texts(element: Any) -> Iterator[str]:
    """The text of an element, without what stands in elements that may have a color of their own."""
    yield element.text or ""
    for child in element:
        yield child.tail or ""


def _color_of(style: str) -> Color | None:
    """The color that a style gives letters; None where it gives none."""
    named = [match[1] for match in _COLOR.finditer(style)]
    return _paint(named[-1]) if named else None


def _paint(value: str) -> Color | None:
    """The first color in a value, as shares of red, green and blue."""
    from tinycss2.color3 import parse_color

    for match in _PAINT.finditer(value):
        color = parse_color(match[0])
        if color is not None and not isinstance(color, str):
            return TRANSPARENT if color.alpha <= ALIKE else (color.red, color.green, color.blue)
    return None


def _is_alike(one: Color, other: Color) -> bool:
    return all(abs(a - b) <= ALIKE for a, b in zip(one, other, strict=True))


def _from_sheets(tree: Any) -> dict[Any, Declared]:
    """What the sheets within the page declare of its elements; nothing where they hide nothing."""
    sheets = "\n".join(each.text or "" for each in tree.iter("style"))[:MOST_STYLE]
    declarations = sheets.replace("}", ";}")
    if not (_HIDDEN.search(declarations) or _may_be_unseen(tree, declarations)):
        return {}
    import cssselect2

    matcher = cssselect2.Matcher()
    for prelude, declared in _rules(sheets):
        for selector in _selectors(prelude):
            matcher.add_selector(selector, declared)
    found: dict[Any, Declared] = {}
    for wrapper in cssselect2.ElementWrapper.from_html_root(tree).iter_subtree():
        of_element: Declared = {}
        for _, _, pseudo, declared in matcher.match(wrapper):
            if pseudo is None:
                for name, (important, value) in declared.items():
                    if important or not of_element.get(name, (False, ""))[0]:
                        of_element[name] = important, value
        if of_element:
            found[wrapper.etree_element] = of_element
    return found


def _may_be_unseen(tree: Any, declarations: str) -> bool:
    """Whether sheets, with the styles of elements, give letters a color that a ground has."""
    own = (f"color:{e.get('color')};" for e in tree.iter("font") if e.get("color"))
    styles = (e.get("style") for e in tree.iter() if e.get("style"))
    text = f"{declarations};{';'.join({*own, *styles})}"[:MOST_STYLE]
    letters, grounds = (
        {_paint(value) for value in set(pattern.findall(text))} - {None}
        for pattern in (_COLOR, _GROUND)
    )
    return any(_is_alike(a, b) for a in letters if a for b in (*grounds, PAPER) if b)


def _rules(sheets: str) -> Iterator[tuple[list[Any], Declared]]:
    """The selectors of each rule that always holds on a screen, and what it declares."""
    import tinycss2

    waiting = list(tinycss2.parse_stylesheet(sheets, skip_comments=True, skip_whitespace=True))
    waiting.reverse()
    while waiting:
        rule = waiting.pop()
        if rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content:
            if not _SOMETIMES.search(tinycss2.serialize(rule.prelude).lower()):
                within = tinycss2.parse_rule_list(rule.content, True, True)
                waiting.extend(reversed(within))
        elif rule.type == "qualified-rule" and (declared := _declared(rule.content)):
            yield rule.prelude, declared


def _declared(content: list[Any]) -> Declared:
    import tinycss2

    return {
        each.lower_name: (each.important, tinycss2.serialize(each.value).strip())
        for each in tinycss2.parse_blocks_contents(content, True, True)
        if each.type == "declaration" and _DECIDES.fullmatch(each.lower_name)
    }


def _selectors(prelude: list[Any]) -> list[Any]:
    """The selectors of a rule, compiled; none where one is not understood, as in a browser."""
    import cssselect2

    steps = sum(part.type == "whitespace" or part == ">" for part in prelude)
    if steps > MOST_STEPS * (1 + sum(part == "," for part in prelude)):
        return []
    try:
        compiled: list[Any] = cssselect2.compile_selector_list(prelude)
    except cssselect2.SelectorError:
        return []
    return compiled


def _hides_itself(tree: Any, declared: dict[Any, Declared]) -> bool:
    """Whether the sheets hide so much of a page that its script must be what shows it."""
    whole = len("".join(tree.itertext()))
    hidden: set[Any] = set()
    unseen = 0
    for element, styles in declared.items():
        style = ";".join(f"{name}:{value}" for name, (_, value) in styles.items())
        if _HIDDEN.search(style) and not any(e in hidden for e in element.iterancestors()):
            hidden.add(element)
            unseen += len("".join(element.itertext()))
    return unseen > (1 - LEAST_SEEN) * whole
