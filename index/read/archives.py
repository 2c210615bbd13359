"""Zip, tar, gzip (bzip2, xz) and WARC: what is in them, without writing any of it to their paths.

In: a `Blob` that is an archive. Out: a `Blob` for each member, with a display name that cannot lead
out of the archive; a `Rejection` for a member that cannot be had. Limits are kept while unpacking.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, cast

from index.errors import InputError
from index.read.encoding import decode, decode_name, mend
from index.read.streams import MB, Blob, spool
from index.records import LeftOut, Rejection
from index.wording import Wording

MAX_MEMBERS = 100_000
"""More files than this in one archive are not read."""


def safe_name(name: str) -> str:
    """A member's name for display: no drive, no leading slash, no way up, no control codes."""
    name = re.sub(r"[\x00-\x1f\x7f]", "", name.replace("\\", "/"))
    parts = [
        p for p in PurePosixPath(re.sub(r"^[A-Za-z]:", "", name)).parts if p not in ("/", "..", ".")
    ]
    return "/".join(parts)[:500]


_SAVED_WITH_PAGE = re.compile(r"(?:_files|\.files|_resources)$", re.IGNORECASE)
"""Folders in which browsers keep the images and scripts of a saved page."""

_ASSETS = frozenset({
    ".css", ".js", ".mjs", ".map", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".ico", ".bmp",
    ".tif", ".tiff", ".avif", ".heic", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".mp3", ".mp4",
    ".m4a", ".webm", ".mov", ".avi", ".mkv", ".wav", ".ogg", ".pyc", ".lock", ".swp",
})  # fmt: skip
"""Files in folders and archives that nobody means to add; if the user names one, it is tried."""


UNMEANT = Wording(
    "left_unmeant",
    "A file of a kind that holds no article, such as an image or a style; add it by its name",
)


def is_unmeant(name: str, *, is_folder: bool = False) -> bool:
    """Whether this part of a path says that nobody means to add what it names."""
    if name.startswith((".", "__MACOSX")):
        return True
    if is_folder:
        return _SAVED_WITH_PAGE.search(name) is not None
    return PurePosixPath(name).suffix.lower() in _ASSETS


def _is_meant(name: str) -> bool:
    """Whether a member is the user's business rather than the system's or the browser's."""
    *folders, last = PurePosixPath(name).parts
    return not (is_unmeant(last) or any(is_unmeant(name, is_folder=True) for name in folders))


def _is_asset(name: str) -> bool:
    """Whether a member is an image or style, rather than hidden or part of a saved page."""
    *folders, last = PurePosixPath(name).parts or ("",)
    hidden = any(part.startswith((".", "__MACOSX")) for part in (*folders, last))
    saved = any(is_unmeant(folder, is_folder=True) for folder in folders)
    return is_unmeant(last) and not (hidden or saved)


def open_zip(blob: Blob) -> Iterator[Blob | Rejection]:
    """The files in a zip archive, in its order."""
    blob.check_depth()
    with zipfile.ZipFile(blob.stream) as archive:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise InputError(
                "archive_many",
                "{n} files: more than the {most} that are read.",
                n=len(members),
                most=MAX_MEMBERS,
            )
        unmeant = 0
        for member in members:
            name = safe_name(_zip_name(member))
            if member.is_dir() or not (name and _is_meant(name)):
                unmeant += _is_asset(name) and not member.is_dir()
                continue
            copy = _unpacked(archive, member, blob)
            if isinstance(copy, Wording):
                yield Rejection(f"{blob.name}/{name}", copy)
                continue
            with copy:
                yield blob.member(copy, name=f"{blob.name}/{name}")
        if unmeant:
            yield LeftOut(blob.name, UNMEANT, count=unmeant)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, blob: Blob) -> IO[bytes] | Wording:
    """A copy of a member, or why it cannot be had."""
    if member.flag_bits & 1:
        return Wording("archive_encrypted", "Encrypted: unpack it and add the files.")
    most = blob.settings.max_file_mb
    if member.file_size > most * MB:
        return Wording("unpacks_file", "Unpacks to more than max_file_mb = {mb}.", mb=most)
    try:
        with archive.open(member) as stream:
            return spool(stream, blob.settings, blob.budget)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        return Wording("archive_broken", "Broken in the archive: {error}.", error=error)


def _zip_name(member: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 flag are in whatever encoding their maker's system had."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return decode(member.filename.encode("cp437"))
    except UnicodeEncodeError:
        return mend(member.filename)


def open_tar(blob: Blob) -> Iterator[Blob | Rejection]:
    """The regular files in a tar archive; links and devices are passed over."""
    blob.check_depth()
    unmeant = 0
    with tarfile.open(fileobj=blob.stream, mode="r|*") as archive:
        for number, member in enumerate(archive):
            if number >= MAX_MEMBERS:
                raise InputError(
                    "archive_more", "More than the {most} files that are read.", most=MAX_MEMBERS
                )
            name = safe_name(decode_name(member.name))
            stream = archive.extractfile(member) if member.isfile() else None
            if stream is None or not (name and _is_meant(name)):
                blob.budget.spend(member.size)  # passing over it unpacks it too
                unmeant += _is_asset(name) and member.isfile()
                continue
            with spool(stream, blob.settings, blob.budget) as copy:
                yield blob.member(copy, name=f"{blob.name}/{name}")
    if unmeant:
        yield LeftOut(blob.name, UNMEANT, count=unmeant)


def decompressed(stream: IO[bytes]) -> IO[bytes]:
    """What is behind .gz, .bz2 or .xz, as a stream."""
    start = stream.read(6)
    stream.seek(0)
    if start.startswith(b"BZh"):
        return bz2.BZ2File(stream)
    if start.startswith(b"\xfd7zXZ"):
        return cast(IO[bytes], lzma.LZMAFile(stream))
    return cast(IO[bytes], gzip.GzipFile(fileobj=stream, mode="rb"))


def open_compressed(blob: Blob) -> Iterator[Blob | Rejection]:
    """The one file behind .gz, .bz2 or .xz."""
    blob.check_depth()
    with decompressed(blob.stream) as stream, spool(stream, blob.settings, blob.budget) as copy:
        yield blob.member(
            copy, name=re.sub(r"\.(?:gz|bz2|xz)$", "", blob.name, flags=re.IGNORECASE)
        )


_WARC_TYPES = re.compile(r"text/|html|xml|json|pdf|msword|officedocument|epub|markdown")


def open_warc(blob: Blob) -> Iterator[Blob | Rejection]:
    """The documents a crawl brought home; scripts, styles, images and failed requests are not."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    blob.check_depth()
    try:
        iterator = ArchiveIterator(blob.stream)
        iterator.INC_RECORD = ""  # what it would print to standard error
        for record in iterator:
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            if record.rec_type not in ("response", "resource", "conversion") or not url.startswith(
                "http"
            ):
                continue
            http = record.http_headers
            kind = (http or record.rec_headers).get_header("Content-Type") or ""
            failed = http is not None and http.get_statuscode() != "200"
            if failed or not _WARC_TYPES.search(kind) or re.search(r"javascript|/css", kind):
                continue
            fetched = record.rec_headers.get_header("WARC-Date") or ""
            metadata = {"url": url, "fetched": fetched, **blob.metadata}
            try:
                copy = spool(record.content_stream(), blob.settings, blob.budget)
            except (zlib.error, EOFError) as error:
                yield Rejection(
                    f"{blob.name}:{url}",
                    Wording("archive_broken", "Broken in the archive: {error}.", error=error),
                )
                continue
            with copy:
                yield blob.member(copy, content_type=kind, metadata=metadata, part=url)
    except ArchiveLoadFailed as error:
        yield Rejection(
            blob.name, Wording("web_archive", "Broken web archive: {error}.", error=error)
        )
