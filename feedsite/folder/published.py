"""What is published of the files of pictures and recordings.

A small file is read whole. Of a large one the scan takes a digest, and its bytes are read while they are sent. Of a
picture's file those bytes are published that draw it, whatever its name says (pictures.reading).
"""

import errno
import json
import os
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from ..digest import digest_of_pieces
from ..document import Document, File, Representation
from ..errors import is_passing
from ..index.mediarows import MediumRow
from ..index.readresult import Signature
from ..index.unusable import strange
from ..media import is_text
from ..pictures import reading, spans
from ..pictures.spans import Spans
from .opening import Opened, Unreadable, opened, signature

LARGEST_IN_MEMORY = 256 * 1024  # bytes of a file that is read whole, and answered again without being opened
_LARGEST_TEXT_IN_MEMORY = 1024 * 1024  # the same of text, which codings make smaller
_QUICK = 8 * 1024 * 1024  # bytes that are hashed within a request, in some 10 ms
_SETTLED = 100_000_000  # ns: a file changed later than this before it was read may change again within the same ctime
_DIGEST = 12  # bytes, as Document.digest has
_MOST_CACHED = 1000  # files that have changed since the scan, of which is known what is published
_cached: dict[Signature, "_Published"] = {}
_lock = Lock()
_NOTHING = "-"  # in the index: of the spans of a file of which nothing is published


class _Published(NamedTuple):
    """Which bytes of a file are published (None: none of them, see reading.spans), and the digest of these bytes."""

    digest: str
    spans: Spans | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a scan finds in a file that is published. `digest` is None for a file that needs none or cannot be read, and
    "" where the file may still be changing. `shape` and `spans` as MediumRow has them.
    """

    digest: str | None = None
    shape: str = ""
    spans: str = ""


def facts(folder: Path, files: Mapping[str, tuple[str, Signature]]) -> dict[str, Facts]:
    """The facts of each of these files, by path. They are given with their media types and signatures."""
    read = {path: file for path, file in files.items() if _is_picture(file[0]) or _is_large(*file)}
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # hashing releases Python's global lock
        found = pool.map(partial(_facts, folder), read, read.values()) if read else ()
        return dict.fromkeys(files, Facts()) | dict(zip(read, found, strict=True))


def resource(folder: Path, path: str, found: MediumRow) -> Representation:
    """The file as it is now. What the scan found of it is used where its signature is still the same.

    Raises KeyError where the file was deleted, or nothing of it may be published, and OSError where it cannot be read.
    """
    try:
        with _opened(folder, path) as file:
            size = file.found.st_size
            if size <= _largest_in_memory(found.kind):
                if (kept := _spans(file, found.kind)) is None:
                    raise KeyError(path)
                return Document(b"".join(kept.all_of(file.read)), found.kind)
            now = signature(file.found)
            is_known = found.digest and now == found.signature
            published = _known(found, size) if is_known else _published_now(file, found.kind)
            if published.spans is None:
                raise KeyError(path)
            opening = partial(_trimmed, folder, path, now, published.spans)
            return File(published.spans.size, found.kind, published.digest, opening)
    except (FileNotFoundError, NotADirectoryError, Unreadable):
        raise KeyError(path) from None


class _Trimmed:
    """An open file as it is published."""

    def __init__(self, file: Opened, kept: Spans) -> None:
        self._file = file
        self._kept = kept

    def read(self, start: int, most: int) -> bytes:
        return self._kept.read(self._file.read, start, most)

    def close(self) -> None:
        self._file.close()


def _trimmed(folder: Path, path: str, known: Signature, kept: Spans) -> _Trimmed:
    return _Trimmed(_unchanged(folder, path, known), kept)


def _opened(folder: Path, path: str) -> Opened:
    """The file; a link is followed within images/, or within audio/."""
    return opened(folder, path, path.partition("/")[0])


def _unchanged(folder: Path, path: str, known: Signature) -> Opened:
    """The file, opened. Raises OSError where its signature is another one by now."""
    try:
        file = _opened(folder, path)
    except Unreadable as error:
        raise OSError(errno.ESTALE, str(error)) from None
    if signature(file.found) != known:
        file.close()
        raise OSError(errno.ESTALE, "the file was changed just now")
    return file


def _facts(folder: Path, path: str, found: tuple[str, Signature]) -> Facts:
    kind, known = found
    if not _is_settled(known):
        return Facts(digest="")
    try:
        with _unchanged(folder, path, known) as file:
            shape = reading.shape(file.read, known[0], kind) if _is_picture(kind) else None
            written = json.dumps(asdict(shape)) if shape else ""
            if not _is_large(kind, known):
                return Facts(shape=written)
            published = _published(file, kind)
    except OSError as error:
        return Facts(digest="" if is_passing(error) else None)
    return Facts(published.digest, written, published.spans.to_text() if published.spans else _NOTHING)


def _published(file: Opened, kind: str) -> _Published:
    kept = _spans(file, kind)
    return _Published(digest_of_pieces(kept.all_of(file.read), _DIGEST) if kept else _NOTHING, kept)


def _published_now(file: Opened, kind: str) -> _Published:
    """The published bytes of a file that has changed since the scan. Raises OSError while it is being written."""
    now = signature(file.found)
    if (published := _cached.get(now)) is None:
        is_settled = _is_settled(now)
        if not is_settled and now[0] > _QUICK:  # else each request would read all of a file that is being written
            raise OSError(errno.ESTALE, "the file is being changed")
        published = _published(file, kind)
        if is_settled:
            with _lock:
                if len(_cached) >= _MOST_CACHED:
                    _cached.clear()
                _cached[now] = published
    return published


def _known(found: MediumRow, size: int) -> _Published:
    """The published bytes as the index has them. Raises Unusable where the index holds what was never written there."""
    if found.spans == _NOTHING:
        return _Published(found.digest, None)
    try:
        return _Published(found.digest, spans.from_text(found.spans) if found.spans else Spans(((0, size),)))
    except (TypeError, ValueError):
        raise strange() from None


def _spans(file: Opened, kind: str) -> Spans | None:
    return reading.spans(file.read, file.found.st_size, kind)


def _is_picture(kind: str) -> bool:
    return kind.startswith("image/")


def _is_large(kind: str, known: Signature) -> bool:
    return known[0] > _largest_in_memory(kind)


def _is_settled(known: Signature) -> bool:
    return not 0 <= time.time_ns() - known[2] < _SETTLED


def _largest_in_memory(kind: str) -> int:
    return _LARGEST_TEXT_IN_MEMORY if is_text(kind) else LARGEST_IN_MEMORY
