"""A picture of a page -> its words, read by PP-OCR (the `ocr` extra).

In: an array of grey levels. Out: a `Sheet` of words, one for each line of a column, as the detector
boxes them. Lines of which it is unsure are left out, and of a page in a script that its models do
not know there is nothing: a quote of a garbled text is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy

from index.read.paged.upright import upright
from index.read.paged.words import Sheet, Word, turned

SURE = 0.7
"""Least confidence in a line."""

VERTICAL = 1.8
"""A box this many times as high as wide is a vertical line."""

EM = 0.78
"""The height of a Han character in its box."""

LETTERS = 0.4
"""A line has at least this many letters or digits for each em. In a script that the models do not
know, they read only the punctuation, with high confidence."""

SAME_LENGTH = 0.9
"""If the second reading is shorter than this share of the first, it has lost characters."""

UNKNOWN_SHARE = 0.4
"""A page of which more than this share cannot be read is not read at all."""

DETECTION_PIXELS = 1600
"""Lines are detected on a picture whose longer side has this many pixels."""


def available() -> bool:
    """Whether the `ocr` extra is installed."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    sizes = {"Det.limit_type": "max", "Det.limit_side_len": DETECTION_PIXELS}
    return RapidOCR(params={"Global.log_level": "critical", **sizes})


@dataclass(frozen=True, slots=True)
class _Read:
    """A line in its box, in pixels."""

    text: str
    sure: bool
    left: float
    top: float
    right: float
    bottom: float

    @property
    def down(self) -> bool:
        return self.bottom - self.top > VERTICAL * (self.right - self.left) and len(self.text) > 1

    @property
    def em(self) -> float:
        return EM * min(self.right - self.left, self.bottom - self.top)

    @property
    def ems(self) -> float:
        return max(self.right - self.left, self.bottom - self.top) / max(self.em, 1)

    @property
    def known(self) -> bool:
        return self.sure and sum(map(str.isalnum, self.text)) >= LETTERS * self.ems


def read_picture(grey: Any, scale: float, number: int) -> Sheet:
    """The words of page `number`; `scale` is points to a pixel."""
    grey = grey.reshape(grey.shape[0], grey.shape[1], -1)[:, :, 0]
    lines = list(_lines(grey))
    height, width = grey.shape[0] * scale, grey.shape[1] * scale
    down = [x for x in lines if x.down]
    vertical = 2 * sum(x.ems for x in down) > sum(x.ems for x in lines)
    if vertical:
        lines = [x for x in lines if not x.down] + _again(grey, down)
    known = [x for x in lines if x.known]
    if sum(x.ems for x in known) < (1 - UNKNOWN_SHARE) * sum(x.ems for x in lines):
        known = []
    words = [_word(x, scale) for x in known]
    if not vertical:
        return Sheet(number, width, height, words)
    return Sheet(number, height, width, [turned(w, width) for w in words], vertical=True)


def _lines(grey: Any) -> Iterator[_Read]:
    found = _engine()(numpy.repeat(grey[:, :, None], 3, 2), use_det=True, use_cls=False)
    if found.boxes is None or found.txts is None:
        return
    boxes = _level(numpy.asarray(found.boxes, dtype=float), grey.shape)
    for box, text, score in zip(boxes, found.txts, found.scores, strict=True):
        (left, top), (right, bottom) = box.min(axis=0), box.max(axis=0)
        if text.strip():
            yield _Read(
                text.strip(), score >= SURE, float(left), float(top), float(right), float(bottom)
            )


def _level(boxes: Any, shape: Sequence[int]) -> Any:
    """The corners of lines as they would stand on a page that was laid straight: the box around a line
    at an angle is as high as several lines."""
    along, down = boxes[:, 1] - boxes[:, 0], boxes[:, 3] - boxes[:, 0]
    wide = numpy.hypot(*along.T) > WIDE * numpy.hypot(*down.T)
    if 2 * wide.sum() < len(boxes):
        return boxes
    slant = float(numpy.median(numpy.arctan2(along[wide, 1], along[wide, 0])))
    turn = numpy.array(
        [[numpy.cos(slant), -numpy.sin(slant)], [numpy.sin(slant), numpy.cos(slant)]]
    )
    middle = numpy.array([shape[1], shape[0]]) / 2
    return (boxes - middle) @ turn + middle


WIDE = 3
"""A box this many times as wide as high shows at which angle a page lies."""


def _again(grey: Any, down: Sequence[_Read]) -> list[_Read]:
    """Vertical lines read once more with their characters side by side.

    Laid on its side, as the models read it otherwise, a line loses its punctuation.
    """
    lines = []
    for line in down:
        box = line.left, line.top, line.right, line.bottom
        picture = numpy.repeat(upright(grey, box, len(line.text))[:, :, None], 3, 2)
        result = _engine()(picture, use_det=False, use_cls=False)
        text = "".join("".join(result.txts or ()).split())
        sure = bool(text) and min(result.scores) >= SURE
        if sure and (not line.sure or len(text) >= SAME_LENGTH * len(line.text)):
            line = replace(line, text=text, sure=True)
        lines.append(line)
    return lines


def _word(line: _Read, scale: float) -> Word:
    left, top, right, bottom = (scale * v for v in (line.left, line.top, line.right, line.bottom))
    size = scale * line.em
    return Word(line.text, left, top, right, bottom, (top + bottom + size) / 2, size)
