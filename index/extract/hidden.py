"""What a page's styles leave nothing to see of.

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
"""Elements that a selector may name one within the other; longer ones are left out."""

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

_WHITE = re.compile(
    r"(?<![\w-])color\s*+:\s*+(?:white\b|#fff(?:fff)?(?:ff?)?\b|transparent\b|rgba?\(\s*+255\s*+,\s*+255\s*+,\s*+255\b"
    r"|rgba\([^)]{0,40},\s*+0?(?:\.0++)?\s*+\))",
    re.IGNORECASE,
)
WHITE_PLACES = 8
WHITE_SHARE = 0.1
"""Where elements `font` turn so many places, and this share of the text, white, the page had a ground of
another colour, which was not saved with it."""

_BACKGROUND = re.compile(r"background", re.IGNORECASE)
"""White letters are seen on a ground of another colour: where one is named, that is taken for it."""

_DECIDES = re.compile(
    r"display|visibility|opacity|font-size|left|right|top|bottom|text-indent|margin-left|margin-top"
    r"|clip|clip-path|transform|color|background[a-z-]*"
)
"""Properties that hide, or show again."""

_SOMETIMES = re.compile(r"[(]|print|speech")
"""Media of which a reader's screen may be none: a narrow one, or paper."""

_BY_A_SCRIPT = frozenset({"display", "visibility", "opacity"})

Declared = dict[str, tuple[bool, str]]
"""For each property whether it is important, and its value."""


class Styles:
    """The styles of a page, for what they hide."""

    def __init__(self, tree: Any) -> None:
        self._declared = _from_sheets(tree)
        self._ground_lost = _is_ground_lost(tree)
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
        if element.tag == "font" and "color" in attributes and not self._ground_lost:
            style = f"color:{attributes['color']};{style}"
        if not style:
            return False
        if _HIDDEN.search(style) is not None:
            return True
        return _WHITE.search(style) is not None and not self._has_ground(element)

    def _style(self, element: Any) -> str:
        own: str = element.attrib.get("style", "")
        declared = self._declared.get(element)
        if not declared:
            return own
        kept = [
            f"{name}:{value}"
            for name, (important, value) in declared.items()
            if important or not re.search(rf"(?<![\w-]){name}\s*+:", own)
        ]
        return ";".join([*kept, own])

    def _has_ground(self, element: Any) -> bool:
        """Whether the element, or one that it stands in, has a background of its own."""
        return any(
            _BACKGROUND.search(self._style(each)) or each.get("bgcolor") or each.get("background")
            for each in (element, *element.iterancestors())
        )


def _is_ground_lost(tree: Any) -> bool:
    white = [e for e in tree.iter("font") if _WHITE.match(f"color:{e.get('color', '')}")]
    if len(white) < WHITE_PLACES:
        return False
    return sum(len(e.text_content()) for e in white) >= WHITE_SHARE * len(tree.text_content())


def _from_sheets(tree: Any) -> dict[Any, Declared]:
    """What the sheets within the page declare of its elements; nothing where they hide nothing."""
    sheets = "\n".join(each.text or "" for each in tree.iter("style"))[:MOST_STYLE]
    declarations = sheets.replace("}", ";}")
    if not (_HIDDEN.search(declarations) or _WHITE.search(declarations)):
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
