"""The process that reads PDFs and pictures, apart from the one that asks for it.

In, on standard input: requests, each a frame of JSON and the bytes of a file. Out, on standard
output: a frame of JSON for each page that is done, then one with the result. A file made to fill the
memory, to run for ever or to break a library written in C ends this process and no other.
"""

from __future__ import annotations

import io
import json
import os
import struct
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import IO, Any

from index.read.paged import ocr
from index.read.paged.document import Told, tell
from index.read.paged.glyphs import TooMuchTextError, read_sheet
from index.read.paged.words import Sheet

MEMORY = 4 * 1024**3
"""Bytes of address space; a newspaper page read by OCR takes a third of it."""

MAX_PAGES = 3000
TEXT_SECONDS = 120
"""A PDF whose text takes longer was made to."""

MAX_PIXELS = 60_000_000
"""Pictures of more are refused: a newspaper page at 300 dots an inch has as many."""

SCAN_DPI = 200
SCAN_PIXELS = 16_000_000

FEW_CHARACTERS = 16
"""A page with a picture and less text than this is a scan with a stamp or a page number on it."""

FRAME = struct.Struct("<Q")


class RefusedError(Exception):
    """Why a file is not read."""


Progress = Callable[[int, int], None]


def read_file(kind: str, data: bytes, max_chars: int, progress: Progress) -> dict[str, Any]:
    """The stories of a PDF or picture, and what a PDF's properties state."""
    if kind == "pdf":
        return _read_pdf(data, max_chars, progress)
    sheets = []
    for number, picture in enumerate(_pictures(data), 1):
        sheets.append(ocr.read_picture(picture, 72 / SCAN_DPI, number))
        progress(number, number)
    return {"stories": _plain(tell(sheets)), "title": "", "author": ""}


def _read_pdf(data: bytes, max_chars: int, progress: Progress) -> dict[str, Any]:
    import pypdfium2 as pdfium

    if not data.strip():
        raise RefusedError("Empty.")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise RefusedError(
                "Encrypted: open it with its password, save it without one and add it again."
            ) from error
        raise RefusedError(
            f"Damaged: not readable as pdf ({error}). Open it in a PDF viewer, print it to a new "
            "PDF and add that."
        ) from error
    count = len(document)
    if count > MAX_PAGES:
        raise RefusedError(f"{count} pages: more than the {MAX_PAGES} that are read; split it.")
    if not count:
        raise RefusedError("A PDF without pages.")
    stated = document.get_metadata_dict(skip_empty=True)
    return {
        "stories": _plain(tell(_sheets(document, count, max_chars, progress))),
        "title": stated.get("Title", ""),
        "author": stated.get("Author", ""),
    }


def _sheets(document: Any, count: int, max_chars: int, progress: Progress) -> list[Sheet]:
    sheets: list[Sheet] = []
    chars, seconds = 0, 0.0
    scanned = False
    for index in range(count):
        began = time.monotonic()
        page = document[index]
        try:
            sheet, readable = read_sheet(page, index + 1)
        except TooMuchTextError as error:
            raise RefusedError(f"Page {index + 1} holds more text than a page can.") from error
        chars += sum(len(w.text) for w in sheet.words)
        seconds += time.monotonic() - began
        if chars > max_chars:
            raise RefusedError(f"More than {max_chars} characters.")
        if seconds > TEXT_SECONDS:
            raise RefusedError(f"Took longer than {TEXT_SECONDS} seconds to read.")
        few = sum(len(w.text) for w in sheet.words) <= FEW_CHARACTERS
        if not readable or (few and _has_picture(page)):
            scanned = True
            sheet = _read_scan(page, index + 1, readable)
        sheets.append(sheet)
        page.close()
        progress(index + 1, count)
    if not any(sheet.words for sheet in sheets):
        raise RefusedError(
            "No text was found on its pictures by OCR."
            if scanned
            else "A PDF without text, and without a picture that OCR could read."
        )
    return sheets


def _has_picture(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    kinds = (pdfium.FPDF_PAGEOBJ_IMAGE,)
    width, height = page.get_size()
    for thing in page.get_objects(filter=kinds, max_depth=3):
        left, bottom, right, top = thing.get_bounds()
        if (right - left) * (top - bottom) > 0.3 * width * height:
            return True
    return False


def _read_scan(page: Any, number: int, readable: bool) -> Sheet:
    if not ocr.available():
        what = (
            f"Page {number} is a scan, without text"
            if readable
            else f"The text of page {number} cannot be told from its fonts"
        )
        raise RefusedError(f'{what}: to have it read by OCR, type pip install "newscite[ocr]".')
    width, height = page.get_size()
    scale = min(SCAN_DPI / 72, (SCAN_PIXELS / max(width * height, 1)) ** 0.5)
    picture = page.render(scale=scale, grayscale=True).to_numpy()
    return ocr.read_picture(picture, 1 / scale, number)


def _pictures(data: bytes) -> Iterator[Any]:
    """The frames of an image file as arrays."""
    if not ocr.available():
        raise RefusedError(
            'An image is read by OCR: type pip install "newscite[ocr]" and add it again.'
        )
    import numpy
    from PIL import Image, ImageOps, ImageSequence

    Image.MAX_IMAGE_PIXELS = None  # the check below refuses before anything is decoded
    try:
        with Image.open(io.BytesIO(data)) as image:
            for number, frame in enumerate(ImageSequence.Iterator(image)):
                if number >= MAX_PAGES or frame.width * frame.height > MAX_PIXELS:
                    raise RefusedError(
                        f"An image of {frame.width} x {frame.height} pixels: more than "
                        f"{MAX_PIXELS} are not read; save it smaller."
                    )
                shown = ImageOps.exif_transpose(frame).convert("L")
                shown.thumbnail((SCAN_PIXELS**0.5 * 1.5,) * 2)
                yield numpy.asarray(shown)
                if image.format not in ("TIFF", "MPO"):
                    return  # of an animation, the first picture
    except (OSError, SyntaxError, ValueError) as error:
        raise RefusedError(f"Damaged: not readable as an image ({error}).") from error


def _plain(stories: Sequence[Told]) -> list[dict[str, Any]]:
    return [asdict(story) for story in stories]


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame, or None at the end of the stream."""
    head = stream.read(FRAME.size)
    if len(head) < FRAME.size:
        return None
    (size,) = FRAME.unpack(head)
    data = stream.read(size)
    return data if len(data) == size else None


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """Sends a frame at once."""
    stream.write(FRAME.pack(len(data)))
    stream.write(data)
    stream.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def main() -> None:
    """Answers requests until there are no more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    _limit_memory()
    while (request := read_frame(sys.stdin.buffer)) is not None:
        data = read_frame(sys.stdin.buffer)
        if data is None:
            return
        asked = json.loads(request)

        def progress(done: int, of: int) -> None:
            write_frame(answers, json.dumps({"done": done, "of": of}).encode())

        try:
            result = read_file(asked["kind"], data, asked["max_chars"], progress)
        except RefusedError as error:
            result = {"refused": str(error)}
        except MemoryError:
            result = {"refused": "Takes more memory to read than a document should."}
        write_frame(answers, json.dumps(result).encode("utf-8", "surrogatepass"))


if __name__ == "__main__":
    main()
