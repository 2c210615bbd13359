"""The bytes of a PDF or of a picture of pages -> its stories.

In: the bytes. Out: `StoryText`s, and what a PDF's properties state. Pages without text, or with
text whose characters their fonts do not name, are read by OCR. Raises InputError, with the cure, for
what is encrypted, damaged, empty or made to fill the memory.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from index.errors import InputError
from index.read.paged import ocr
from index.read.paged.document import StoryText, story_texts
from index.read.paged.glyphs import TooMuchTextError, read_sheet
from index.read.paged.words import Sheet
from index.wording import Wording

MAX_PAGES = 3000
MAX_SCANS = 500
"""Pages of a document that are read by OCR, which takes some seconds for each."""

MAX_PIXELS = 60_000_000
"""Pictures of more are refused: a newspaper page at 300 dots an inch has as many."""

SCAN_DPI = 200
SCAN_PIXELS = 16_000_000

FEW_CHARACTERS = 16
"""A page with a picture and less text than this is a scan with a stamp or a page number on it."""

OCR_CURE = Wording(
    "ocr_cure", "To have it read by OCR, type: pip install -e '.[ocr]' (in newscite's folder)"
)
NO_TEXT = Wording("pdf_text", "A PDF without text, and without a picture that OCR could read.")
NO_FONT = Wording(
    "pdf_font",
    "A PDF whose text is in a font that neither the file nor this computer has. Install one for its language "
    "(for Chinese, fonts-wqy-zenhei on Debian) and add it again.",
)

Progress = Callable[[int, int], None]
"""Called when a page is done, with its number and how many there are."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a PDF says."""

    stories: list[StoryText]
    stated: dict[str, str]
    """Its properties."""
    unread: list[str]
    """Why pages of it were not read."""


def read_document(
    data: bytes, max_chars: int, progress: Progress, scanning: Callable[[], None]
) -> Document:
    """A PDF's stories; `scanning` is called before each page that is read by OCR."""
    import pypdfium2 as pdfium

    if not data.strip():
        raise InputError("file_empty", "Empty.")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise InputError(
                "pdf_encrypted",
                "Encrypted: open it with its password, save it without one and add it again.",
            ) from error
        raise InputError(
            "pdf_damaged",
            "Damaged: not readable as pdf ({error}). Open it in a PDF viewer, print it "
            "to a new PDF and add that.",
            error=str(error).rstrip("."),
        ) from error
    count = len(document)
    if count > MAX_PAGES:
        raise InputError(
            "pages_many",
            "{n} pages: more than the {most} that are read; split it.",
            n=count,
            most=MAX_PAGES,
        )
    if not count:
        raise InputError("pdf_pages", "A PDF without pages.")
    stated: dict[str, str] = document.get_metadata_dict(skip_empty=True)
    unread: list[str] = []
    sheets = list(_sheets(document, max_chars, progress, scanning, unread))
    if not any(sheet.words for sheet in sheets):
        raise InputError(unread[0] if unread else NO_FONT if _draws_text(document) else NO_TEXT)
    return Document(story_texts(sheets), stated, unread)


def read_pictures(data: bytes, scanning: Callable[[], None]) -> list[StoryText]:
    """The stories on a picture, or on the pages of a TIFF."""
    sheets = []
    for number, picture in enumerate(_pictures(data), 1):
        scanning()
        sheets.append(ocr.read_picture(picture, 72 / SCAN_DPI, number))
    return story_texts(sheets)


def _sheets(
    document: Any,
    max_chars: int,
    progress: Progress,
    scanning: Callable[[], None],
    unread: list[str],
) -> Iterator[Sheet]:
    chars = scans = 0
    count = len(document)
    for number in range(1, count + 1):
        page = document[number - 1]
        try:
            sheet, readable = read_sheet(page, number)
        except TooMuchTextError as error:
            raise InputError(
                "page_text", "Page {number} holds more text than a page can.", number=number
            ) from error
        letters = sum(len(w.text) for w in sheet.words)
        chars += letters
        if chars > max_chars:
            raise InputError("pdf_long", "More than {most} characters.", most=max_chars)
        if not readable or (letters <= FEW_CHARACTERS and _has_picture(page)):
            scans += 1
            if scans > MAX_SCANS:
                raise InputError(
                    "scans_many", "More than {most} scanned pages: split it.", most=MAX_SCANS
                )
            sheet = _read_scan(page, number, readable, scanning, unread)
        page.close()
        yield sheet
        progress(number, count)


def _draws_text(document: Any) -> bool:
    """Whether a page draws text, of which pdfium finds no character, in a font that is not in the file."""
    import pypdfium2.raw as pdfium

    kinds = (pdfium.FPDF_PAGEOBJ_TEXT,)
    return any(
        not pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(thing))
        for page in document
        if not page.get_textpage().count_chars()
        for thing in page.get_objects(filter=kinds, max_depth=3)
    )


def _has_picture(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    kinds = (pdfium.FPDF_PAGEOBJ_IMAGE,)
    width, height = page.get_size()
    for thing in page.get_objects(filter=kinds, max_depth=3):
        left, bottom, right, top = thing.get_bounds()
        if (right - left) * (top - bottom) > 0.3 * width * height:
            return True
    return False


def _read_scan(
    page: Any, number: int, readable: bool, scanning: Callable[[], None], unread: list[str]
) -> Sheet:
    width, height = page.get_size()
    if not ocr.available():
        unread.append(
            Wording(
                "page_scan",
                "Page {number} is a scan, without text. {cure}",
                number=number,
                cure=OCR_CURE,
            )
            if readable
            else Wording(
                "page_fonts",
                "Page {number} has text that its fonts do not name. {cure}",
                number=number,
                cure=OCR_CURE,
            )
        )
        return Sheet(number, width, height, [])
    scanning()
    scale = min(SCAN_DPI / 72, (SCAN_PIXELS / max(width * height, 1)) ** 0.5)
    picture = page.render(scale=scale, grayscale=True).to_numpy()
    sheet = ocr.read_picture(picture, 1 / scale, number)
    if not sheet.words:
        unread.append(
            Wording("ocr_nothing", "No text was found on page {number} by OCR.", number=number)
        )
    return sheet


def _pictures(data: bytes) -> Iterator[Any]:
    """The frames of an image file as arrays."""
    if not ocr.available():
        raise InputError("image", "An image. {cure}", cure=OCR_CURE)
    import numpy
    from PIL import Image, ImageOps, ImageSequence

    Image.MAX_IMAGE_PIXELS = None  # the check below refuses before anything is decoded
    try:
        with ExitStack() as opened, warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of a damaged part: what is left is read
            image = opened.enter_context(Image.open(io.BytesIO(data)))
            for number, frame in enumerate(ImageSequence.Iterator(image)):
                if number >= MAX_PAGES or frame.width * frame.height > MAX_PIXELS:
                    raise InputError(
                        "image_large",
                        "An image of {width} x {height} pixels: more than {most} are not read; save "
                        "it smaller.",
                        width=frame.width,
                        height=frame.height,
                        most=MAX_PIXELS,
                    )
                shown = ImageOps.exif_transpose(frame).convert("L")
                shown.thumbnail((SCAN_PIXELS**0.5 * 1.5,) * 2)
                yield numpy.asarray(shown)
                if image.format not in ("TIFF", "MPO"):
                    return  # of an animation, the first picture
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(
            "image_damaged",
            "Damaged: not readable as an image ({error}).",
            error=str(error).partition(" <")[0],  # Pillow names the file object
        ) from error
