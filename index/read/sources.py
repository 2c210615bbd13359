"""What the user names -> sources -> pages.

In: files, folders, globs, "-" for standard input, http(s) urls. Out: `Source`s (one for each file,
url or standard input), and from each source its `Page`s, streamed. What cannot be read becomes a
`Rejection` with the reason; one failing file never stops the others.
"""

from __future__ import annotations

import glob
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from index.config import LoadSettings
from index.errors import InputError
from index.languages.text import without_password
from index.read.archives import UNMEANT, is_unmeant
from index.read.encoding import decode_name, mend
from index.read.formats import read
from index.read.streams import MB, Blob, Budget, Meter
from index.records import LeftOut, Page, Rejection
from index.wording import Wording, of_system

STANDARD_INPUT = "-"

LONGEST_NAME = 300
"""Characters of something that is no path, in the report of it."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file, url or standard input, not yet read."""

    key: str
    """Absolute path or url: the identity of the source in a library."""
    name: str
    """What it is shown as: the file's name, or the url."""
    digest: str
    """sha256 of the raw bytes in hex: another one means that the source has changed."""
    size: int
    """In bytes."""
    path: Path | None = None
    content: bytes = field(default=b"", repr=False)
    """The bytes of a url or of standard input, which cannot be read twice; limited in size."""
    content_type: str = ""
    url: str = ""
    """Where a url led to in the end."""

    def open(self) -> IO[bytes]:
        """Its bytes; the caller closes the stream."""
        return self.path.open("rb") if self.path is not None else BytesIO(self.content)


def find_sources(
    targets: Iterable[str | Path], settings: LoadSettings
) -> Iterator[Source | Rejection]:
    """The sources that `targets` name, each once, in order; folders recursively and sorted.

    Hidden files, and the images, styles and scripts that lie about in folders, are passed over.
    """
    seen: set[str] = set()
    for target in targets:
        for found in _resolve(str(target), settings):
            if isinstance(found, Source):
                if found.key in seen:
                    continue
                seen.add(found.key)
            yield found


def load_pages(
    source: Source, settings: LoadSettings, meter: Meter | None = None
) -> Iterator[Page | Rejection]:
    """The pages of a source, one after the other, without holding them all.

    `meter` holds, at any time, how much of the source has been read.
    """
    budget = Budget(settings.max_archive_mb * MB)
    metadata = {"url": source.url} if source.url else {}
    kind, meter = source.content_type, meter or Meter()
    try:
        with source.open() as stream:
            blob = Blob(source.name, stream, settings, budget, kind, metadata, meter=meter)
            yield from map(_in_unicode, read(blob))
    except OSError as error:
        yield Rejection(source.name, _unreadable(error))


def _in_unicode(found: Page | Rejection) -> Page | Rejection:
    """The same without halves of characters, as JSON can hold them."""
    if isinstance(found, Rejection):
        return replace(found, source=mend(found.source), reason=mend(found.reason))
    metadata = {mend(str(name)): _mended(value) for name, value in found.metadata.items()}
    return replace(found, text=mend(found.text), part=mend(found.part), metadata=metadata)


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return mend(value)
    if isinstance(value, list | tuple):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {mend(str(name)): _mended(item) for name, item in value.items()}
    return value


def _resolve(target: str, settings: LoadSettings) -> Iterator[Source | Rejection]:
    if target == STANDARD_INPUT:
        yield _standard_input(settings)
    elif re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", target):
        yield _url_source(target, settings)
    else:
        yield from _paths(target, settings)


def _paths(target: str, settings: LoadSettings) -> Iterator[Source | Rejection]:
    path = Path(target).expanduser()
    try:
        names = (
            [path]
            if path.exists()
            else [Path(p) for p in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207  an absolute pattern
        )
    except (OSError, ValueError) as error:  # a name too long, or with a null byte
        yield Rejection(shown(target), Wording("no_path", "Not a path: {error}.", error=error))
        return
    if not names:
        yield Rejection(
            shown(target),
            Wording("no_file", "No such file or folder. Check the path; quote globs."),
        )
    for name in names:
        if not name.is_dir():
            yield _file_source(name, settings)
        elif len(names) == 1 or not glob.has_magic(target) or "**" not in target:
            yield from _folder(name, settings, set())


def _folder(folder: Path, settings: LoadSettings, seen: set[Path]) -> Iterator[Source | Rejection]:
    resolved = folder.resolve()
    if resolved in seen:  # a link back to a folder above
        return
    seen.add(resolved)
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield Rejection(
            shown(folder),
            Wording("not_listed", "Cannot be listed: {error}.", error=of_system(error)),
        )
        return
    unmeant = 0
    for entry in entries:
        is_folder = entry.is_dir()
        if is_unmeant(entry.name, is_folder=is_folder):
            unmeant += not (is_folder or entry.name.startswith("."))
            continue
        if is_folder:
            yield from _folder(entry, settings, seen)
        else:
            yield _file_source(entry, settings)
    if unmeant:
        yield LeftOut(shown(folder), UNMEANT, count=unmeant)


def shown(path: str | Path) -> str:
    """A path as text: names that are no UTF-8 in the encoding they were most likely written in."""
    return "/".join(map(decode_name, str(path).split("/")))


def _too_large(settings: LoadSettings) -> str:
    return Wording(
        "file_large",
        "Larger than load.max_file_mb = {mb}. Raise it, or divide the file.",
        mb=settings.max_file_mb,
    )


def _unreadable(error: OSError) -> str:
    return Wording("unreadable", "Cannot be read: {error}.", error=of_system(error))


def _file_source(path: Path, settings: LoadSettings) -> Source | Rejection:
    try:
        if not path.is_file():
            return Rejection(shown(path), Wording("no_regular", "Not a regular file."))
        size = path.stat().st_size
        if size > settings.max_file_mb * MB:
            return Rejection(shown(path), _too_large(settings))
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        return Rejection(shown(path), _unreadable(error))
    return Source(shown(path.absolute()), shown(path.name), digest, size, path.absolute())


def _standard_input(settings: LoadSettings) -> Source | Rejection:
    data = sys.stdin.buffer.read(settings.max_file_mb * MB + 1)
    if len(data) > settings.max_file_mb * MB:
        return Rejection("standard input", _too_large(settings))
    digest = hashlib.sha256(data).hexdigest()
    key = f"standard input {digest[:16]}"
    return Source(key, "standard input", digest, len(data), content=data)


def _url_source(url: str, settings: LoadSettings) -> Source | Rejection:
    from index.read.fetch import fetch

    try:
        download = fetch(url, settings)
    except InputError as error:
        return Rejection(without_password(url), error.message)
    content = download.content
    digest = hashlib.sha256(content).hexdigest()
    return Source(
        url, url, digest, len(content), None, content, download.content_type, download.url
    )
