"""A picture of a page -> its words, read by PP-OCR (the `ocr` extra).

In: an array of grey levels. Out: a `Sheet` of words, one for each line of a column, as the detector
boxes them. Lines the recogniser is unsure of are left out, and a page on which it is unsure of most
is refused: a quote of a garbled text is worse than none.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Any

from index.read.paged.words import Sheet, Word, turned

SURE = 0.7
"""Least confidence in a line; lines of scripts the models do not know lie below."""

VERTICAL = 1.8
"""A box so many times as high as wide is a line that runs downwards."""

DETECTION_PIXELS = 1600
"""Lines are looked for on a picture whose longer side has so many."""

EM = 0.78
"""The height of a Han character in its box."""


def available() -> bool:
    """Whether the `ocr` extra is installed."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    sizes = {"Det.limit_type": "max", "Det.limit_side_len": DETECTION_PIXELS}
    return RapidOCR(params={"Global.log_level": "critical", **sizes})


def read_picture(grey: Any, scale: float, number: int) -> Sheet:
    """The words of page `number`; `scale` is points to a pixel."""
    import numpy

    grey = grey.reshape(grey.shape[0], grey.shape[1], -1)[:, :, :1]
    height, width = grey.shape[:2]
    found = _engine()(numpy.repeat(grey, 3, 2), use_cls=False)
    if found.boxes is None or found.txts is None:
        return Sheet(number, width * scale, height * scale, [])
    words: list[Word] = []
    upright = sideways = 0
    for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        if not text.strip():
            continue
        (left, top), (right, bottom) = (box.min(axis=0) * scale), (box.max(axis=0) * scale)
        down = bottom - top > VERTICAL * (right - left) and len(text.strip()) > 1
        sideways += down * len(text)
        upright += (not down) * len(text)
        if score >= SURE:
            words.append(
                _word(text.strip(), float(left), float(top), float(right), float(bottom), down)
            )
    vertical = sideways > upright
    if vertical:
        words = [turned(w, width * scale) for w in words]
        width, height = height, width
    return Sheet(number, width * scale, height * scale, words, vertical)


def _word(text: str, left: float, top: float, right: float, bottom: float, down: bool) -> Word:
    size = EM * ((right - left) if down else (bottom - top))
    return Word(text, left, top, right, bottom, (top + bottom + size) / 2, size)
