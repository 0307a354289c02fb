"""The site's own pictures and recordings, as the Site publishes them.

A small file is read whole. Of a large one the scan takes a digest, and its bytes are read while they are sent.
"""

import errno
import os
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock

from ..digest import digest_of_pieces
from ..document import Document, File, Representation
from ..errors import is_passing
from ..index.index import Index
from ..index.readresult import Signature
from ..media import is_text
from .opening import Opened, Unreadable, opened, signature

LARGEST_IN_MEMORY = 256 * 1024  # bytes of a file that is read whole, and answered again without being opened
_LARGEST_TEXT_IN_MEMORY = 1024 * 1024  # the same of text, which codings make smaller
_QUICK = 8 * 1024 * 1024  # bytes that are hashed within a request, in some 10 ms
_SETTLED = 100_000_000  # ns: a file changed later than this before it was read may change again within the same ctime
_DIGEST = 12  # bytes, as Document.digest has
_MOST_CACHED = 1000  # digests of files that have changed since the scan
_cached: dict[Signature, str] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture or recording of the site. `mark` changes whenever the file does.

    `draw` raises KeyError where the file was deleted since the scan, and OSError where it cannot be read now.
    """

    mark: str
    draw: Callable[[], Representation]


class Media(Mapping[str, Medium]):
    """The site's own pictures and recordings, by path."""

    def __init__(self, folder: Path, index: Index) -> None:
        self._folder = folder
        self._index = index

    def __getitem__(self, path: str) -> Medium:
        found = self._index.medium(path.removeprefix("/")) if path.startswith("/") else None
        if found is None:
            raise KeyError(path)
        kind, known, digest = found
        draw = partial(resource, self._folder, path.removeprefix("/"), kind, known, digest)
        return Medium("-".join(map(str, known)), draw)

    def __iter__(self) -> Iterator[str]:
        return (f"/{path}" for path in self._index.media())

    def __len__(self) -> int:
        return len(self._index.media())


def digests(folder: Path, files: Mapping[str, tuple[str, Signature]]) -> dict[str, str | None]:
    """The digest of each of these files, which are given with their media types and signatures.

    It is None for a file that needs none or cannot be read, and "" where the file may still be changing.
    """
    large = {path: known for path, (kind, known) in files.items() if known[0] > _largest_in_memory(kind)}
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:  # hashing releases Python's global lock
        hashed = pool.map(partial(_digest_at_scan, folder), large, large.values()) if large else ()
        return dict.fromkeys(files) | dict(zip(large, hashed, strict=True))


def resource(folder: Path, path: str, kind: str, known: Signature, digest: str) -> Representation:
    """The file as it is now. `digest` is used where its signature is still the `known` one.

    Raises KeyError where the file was deleted, OSError where it cannot be read.
    """
    try:
        with _opened(folder, path) as file:
            size = file.found.st_size
            if size <= _largest_in_memory(kind):
                return Document(file.read(0, size), kind)
            now = signature(file.found)
            return File(
                size,
                kind,
                digest if digest and now == known else _digest_now(file),
                partial(_unchanged, folder, path, now),
            )
    except (FileNotFoundError, NotADirectoryError, Unreadable):
        raise KeyError(path) from None


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


def _digest_at_scan(folder: Path, path: str, known: Signature) -> str | None:
    if not _is_settled(known):
        return ""
    try:
        with _unchanged(folder, path, known) as file:
            return digest_of_pieces(file.pieces(), _DIGEST)
    except OSError as error:
        return "" if is_passing(error) else None


def _digest_now(file: Opened) -> str:
    """The digest of a file that has changed since the scan."""
    now = signature(file.found)
    if (digest := _cached.get(now)) is None:
        is_settled = _is_settled(now)
        if not is_settled and now[0] > _QUICK:  # else each request would read all of a file that is being written
            raise OSError(errno.ESTALE, "the file is being changed")
        digest = digest_of_pieces(file.pieces(), _DIGEST)
        if is_settled:
            with _lock:
                if len(_cached) >= _MOST_CACHED:
                    _cached.clear()
                _cached[now] = digest
    return digest


def _is_settled(known: Signature) -> bool:
    return not 0 <= time.time_ns() - known[2] < _SETTLED


def _largest_in_memory(kind: str) -> int:
    return _LARGEST_TEXT_IN_MEMORY if is_text(kind) else LARGEST_IN_MEMORY
